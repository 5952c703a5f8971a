"""What is held back, as every paper says it: no paper says 「無」 of what waits to be corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xltool.columns import Column, Row
from xltool.forms import FORMS
from xltool.model import FilingState, HeldBack, Noun

TO_CORRECT = str(FilingState.TO_CORRECT)


def held_place(one: HeldBack) -> str:
    """What is held back and where the error stands, without what was filled."""
    more = f"等 {one.errors} 項" if one.errors > 1 else ""
    what = "尚未採用" if one.whole else "該處尚未採用"
    return f"{FORMS[one.form].title}有錯誤，{what}（{one.at}{more}）"


def held_text(one: HeldBack) -> str:
    """The same with what the error is: for papers that stay inside."""
    return f"{held_place(one)}：{one.message}"


def by_file(held: Iterable[HeldBack]) -> Iterator[HeldBack]:
    """What is held back of each return as one, where the first error stands."""
    files: dict[tuple[str, str, str], list[HeldBack]] = {}
    for one in held:
        files.setdefault((one.form, one.unit, one.at.file), []).append(one)
    for first, *more in files.values():
        yield replace(first, errors=first.errors + sum(one.errors for one in more))


def nothing_but(held: Iterable[HeldBack], nothing: str) -> str:
    """What an empty list says: that there is nothing, or what is not listed yet."""
    told = "；".join(map(held_text, by_file(held)))
    return f"（{TO_CORRECT}後列出。{told}）" if told else nothing


def said(noun: Noun, key: str) -> str:
    """An answer as text; that it is to be corrected, where it is held back."""
    answer = noun.answer(key)
    return TO_CORRECT if answer.fault else str(answer.value or "")


def any_held(row: Row) -> bool:
    """Whether anything is held back of what a row tells of."""
    nouns = (part for noun in row if isinstance(noun, Noun) for part in noun.nouns())
    return any(answer.fault for noun in nouns for answer in noun.answers.values())


def is_held(column: Column, row: Row) -> bool:
    """Whether a column has nothing to say of a row because what was filled must be corrected."""
    return any(answer.fault for answer in column.answers(row)) and column.value(row) in (None, "")
