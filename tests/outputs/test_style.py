"""How workbooks look and are opened stands in one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from xltool.outputs import style
from xltool.outputs.celltext import ROW_LIMIT
from xltool.outputs.style import (
    FONT,
    LINE,
    Colour,
    Looks,
    Shade,
    TrackerColour,
    new_book,
    row_height,
)


@pytest.mark.parametrize("text", ["=1+1", "https://example.gov.tw", "0012", "{=A1}"])
def test_text_in_a_new_workbook_stays_text(text: str, tmp_path: Path) -> None:
    with new_book(tmp_path / "a.xlsx", "表", 114) as book:
        book.add_worksheet("表").write(0, 0, text)
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["表"]["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_new_workbook_dates_from_its_year_and_ends_lines_alike_on_every_system(
    tmp_path: Path,
) -> None:
    with new_book(tmp_path / "a.xlsx", "表", 114, "經濟部能源署", in_memory=False) as book:
        assert book.in_memory
        book.add_worksheet("表")
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert properties.created == datetime(2025, 1, 1)  # noqa: DTZ001 the format has no zone
    assert (properties.title, properties.creator) == ("表", "經濟部能源署")


def test_a_row_is_as_high_as_its_lines_but_no_higher_than_a_row_can_be() -> None:
    assert row_height(3, 6) == 3 * LINE + 6
    assert row_height(1000) == ROW_LIMIT


def test_a_colour_goes_with_and_without_its_mark() -> None:
    assert (f"{Colour.WHITE}", Colour.WHITE.bare) == ("#FFFFFF", "FFFFFF")


def test_a_look_is_made_once_and_stands_on_its_base(tmp_path: Path) -> None:
    with new_book(tmp_path / "a.xlsx", "表", 114) as book:
        look = Looks(book, valign="top")
        assert look(bold=True, border=1) is look(border=1, bold=True)
        book.add_worksheet("表").write(0, 0, "甲", look(bold=True))
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["表"]["A1"]
    assert (cell.font.name, cell.font.bold, cell.alignment.vertical) == (FONT, True, "top")


OUTPUTS = Path(style.__file__).parent
FIXED = re.compile(
    r"#[0-9A-Fa-f]{6}\b"  # a colour
    r"|^[0-9A-Fa-f]{6}$"  # the same as openpyxl has it
    r"|JhengHei|PingFang|Noto |MingLiU|Calibri|Arial|Times New|正黑|明體|標楷"
    r"|^font_name$|^strings_to_\w+$|^in_memory$|^16\.5$|^409(\.0)?$"
)
REASONS: Mapping[tuple[str, str], str] = {
    ("celltext.py", "409.0"): "the highest that any row can be, on which the height of ours stands",
}
"""What another module may say itself, because it is no look of ours."""


def fixed_in(source: str) -> list[str]:
    """Colours, fonts, the line and options of XlsxWriter among a module's constants."""
    values = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [str(value) for value in values if FIXED.search(str(value))]


FIXED_IN = {
    path.relative_to(OUTPUTS).as_posix(): fixed_in(path.read_text("utf-8"))
    for path in sorted(OUTPUTS.rglob("*.py"))
}


@pytest.mark.parametrize("module", sorted(FIXED_IN.keys() - {"style.py"}))
def test_no_colour_font_or_line_stands_anywhere_else(module: str) -> None:
    assert [value for value in FIXED_IN[module] if (module, value) not in REASONS] == []


@pytest.mark.parametrize(("module", "value"), REASONS)
def test_a_value_with_a_reason_still_stands_there(module: str, value: str) -> None:
    assert value in FIXED_IN[module]


@pytest.mark.parametrize("value", ['"#1F4E79"', '"FFE699"', 'f"{n}px Calibri"', "16.5 * n"])
def test_a_colour_a_font_and_a_line_are_found_however_they_are_typed(value: str) -> None:
    assert fixed_in(f"look = {value}  # and no other")


def contrast(one: Shade, other: Shade) -> float:
    """The contrast of two colours as WCAG 2.1 has it, from 1 to 21."""

    def light(colour: Shade) -> float:
        parts = (value / 255 for value in bytes.fromhex(colour.bare))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, Colour.WHITE) for ink in (Colour.INK, Colour.QUIET, Colour.LINK, Colour.HEAD)),
        *((ink, Colour.WHITE) for ink in (Colour.DONE_INK, Colour.OPEN_INK, Colour.FAULT_INK)),
        *((Colour.INK, ground) for ground in (Colour.LABEL, Colour.GIVEN, Colour.TO_FILL)),
        *((Colour.INK, ground) for ground in (Colour.DONE, Colour.OPEN, Colour.FAULT)),
        (Colour.WHITE, Colour.HEAD),
        (Colour.DONE_INK, Colour.DONE),
        (Colour.OPEN_INK, Colour.OPEN),
        (Colour.WHITE, TrackerColour.HEAD),
        (Colour.WHITE, TrackerColour.NOTE_HEAD),
        *((ink, Colour.WHITE) for ink in (TrackerColour.LEAD, TrackerColour.LINK)),
    ],
)
def test_every_text_stands_out_from_its_ground(ink: Shade, ground: Shade) -> None:
    assert contrast(ink, ground) >= 4.5  # WCAG 2.1, 1.4.3
