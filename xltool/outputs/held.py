"""What is held back, as every paper says it: no paper says 「無」 of what waits to be corrected."""

from __future__ import annotations

from collections.abc import Iterable

from xltool.forms import FORMS
from xltool.model import FilingState, HeldBack

TO_CORRECT = str(FilingState.TO_CORRECT)


def held_place(one: HeldBack) -> str:
    """A return that is held back and where its first error stands, without what was filled."""
    more = f"等 {one.errors} 項" if one.errors > 1 else ""
    return f"{FORMS[one.form].title}有錯誤，尚未採用（{one.at}{more}）"


def held_text(one: HeldBack) -> str:
    """The same with what the first error is: for papers that stay inside."""
    return f"{held_place(one)}：{one.message}"


def nothing_but(held: Iterable[HeldBack], nothing: str) -> str:
    """What an empty list says: that there is nothing, or what is not listed yet."""
    told = "；".join(held_text(one) for one in held)
    return f"（{TO_CORRECT}後列出。{told}）" if told else nothing
