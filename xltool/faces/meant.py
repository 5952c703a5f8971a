"""What was probably meant: near names for what is typed by hand and is not quite a name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping

FORM_TITLES: Mapping[str, str] = {
    "settings": "年度設定",
    "enrolment": "參與業務調查表",
    "report": "執行成果填報表",
    "review": "督導意見表",
    "meeting": "會議紀錄表",
    "contest": "參選結果表",
}
"""What people call the forms, by key; named here because the help must not load them."""


def form_named(keys: Iterable[str]) -> Callable[[str], str]:
    """The type of an option that takes one of these forms, by key or by its Chinese title."""
    titles = {key: FORM_TITLES[key] for key in keys}

    def form(text: str) -> str:
        word = text.strip()
        if not word:
            return word
        for key, title in titles.items():
            if word.casefold() == key or word == title:
                return key
        from xltool.zh import nearest, or_rather

        near = nearest(word, (*titles, *titles.values()))
        key = near if near in titles else next((k for k, t in titles.items() if t == near), "")
        called = {key: f"{key}（{title}）" for key, title in titles.items()}
        meant = or_rather(called.get(key, ""), called.values())
        raise argparse.ArgumentTypeError(f"沒有「{text}」這種表單{meant}")

    return form
