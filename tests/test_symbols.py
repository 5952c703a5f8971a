"""Bullets and ticks of symbol fonts are the characters that they show."""

from __future__ import annotations

import pytest

from xltool.symbols import as_shown, bullets_shown, is_symbolic, private_characters


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [
        ("Wingdings", "lnquvØü§þ", "●■❑◆❖➢✓▪☑"),
        ("wingdings", "\uf06c\uf0fc", "●✓"),
        ("Wingdings", "Ÿ", "•"),  # the byte 9F, as Windows spells it
        ("Wingdings 2", "PRO£", "✓☑✗□"),
        ("Webdings", "ar", "✓✗"),
        ("Symbol", "·abW", "•αβΩ"),
        ("新細明體", "lü", "lü"),
        ("Wingdings", "電力", "電力"),
    ],
)
def test_what_stands_in_a_font_of_symbols_is_what_it_shows(
    font: str, text: str, shown: str
) -> None:
    assert as_shown(text, font) == shown


def test_only_known_fonts_are_of_symbols() -> None:
    assert is_symbolic(" WINGDINGS 2")
    assert not is_symbolic("標楷體")


def test_bullets_from_word_are_known_without_their_font() -> None:
    assert bullets_shown("\uf06c甲 \uf0d8乙 \uf0b7丙 \uf0a7丁 \uf0fc戊") == "●甲 ➢乙 •丙 ▪丁 ✓戊"


def test_other_private_characters_stay_and_are_named_once() -> None:
    assert bullets_shown("王\ue1a3") == "王\ue1a3"
    assert private_characters("\ue1a3王\ue1a3\U000f0001") == ["\ue1a3", "\U000f0001"]
    assert private_characters("王小明") == []
