"""Blank cells and rows of a large sheet are dropped; whatever says something stays where it stands."""

from __future__ import annotations

import pytest

from xltool.intake.blank import without_blanks

HEAD, TAIL = b"<worksheet><sheetData>", b"</sheetData></worksheet>"


def left(rows: str, most: int = 10_000, size: int = 40) -> str | None:
    """The rows that are left, read in pieces of that size."""
    data = HEAD + rows.encode() + TAIL
    kept = without_blanks((data[n : n + size] for n in range(0, len(data), size)), most)
    return None if kept is None else kept.removeprefix(HEAD).removesuffix(TAIL).decode()


BLANK = {
    "a row that only has a format": '<row r="20000" s="5" customFormat="1"/>',
    "a row of formatted cells": '<row r="20000" ht="20"><c r="A20000" s="7"/><c r="B20000" s="7"/></row>',
    "attributes in another order": '<row ht="20" r="20000"><c s="7" r="A20000"/></row>',
    "cells with an end of their own": '<row r="20000"><c r="A20000"></c><c r="B20000"><v/></c></row>',
    "names with a prefix": '<x:row r="20000"><x:c r="A20000" s="7"/></x:row>',
}


@pytest.mark.parametrize("rows", BLANK.values(), ids=BLANK)
def test_nothing_of_it_is_left(rows: str) -> None:
    assert left(rows * 50) == ""


FILLED = {
    "a number": '<row r="20000"><c r="A20000"><v>1</v></c></row>',
    "a text in the cell": '<row r="20000"><c r="A20000" t="inlineStr"><is><t>字</t></is></c></row>',
    "a formula": '<row r="20000"><c r="A20000"><f>1+1</f></c></row>',
}


@pytest.mark.parametrize("row", FILLED.values(), ids=FILLED)
def test_what_says_something_stays_among_the_blanks(row: str) -> None:
    blank = BLANK["a row of formatted cells"]
    assert left(blank * 20 + row + blank * 20) == row


def test_heights_of_the_first_rows_stay_for_pictures_lie_on_them() -> None:
    assert left('<row r="12" ht="90"><c r="A12" s="7"/></row>') == '<row r="12" ht="90"></row>'


UNSURE = {
    "rows without a number": "<row><c><v>1</v></c></row>",
    "cells without a place": '<row r="20000"><c><v>1</v></c></row>',
    "text that may look like a cell": '<row r="1"><c r="A1"><v><![CDATA[<c r="B1"/>]]></v></c></row>',
    "more than is allowed": FILLED["a number"] * 500,
    "a row without end": '<row r="1">' + "<c/>" * 5000,
}


@pytest.mark.parametrize("rows", UNSURE.values(), ids=UNSURE)
def test_where_it_cannot_be_sure_it_leaves_the_sheet_alone(rows: str) -> None:
    assert left(rows) is None
