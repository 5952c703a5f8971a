"""Words struck out, unseen or in a font of symbols, as each file format says it."""

from __future__ import annotations

import struct

import pytest

from tests.support.hostile import MAIN, ODS_NS, book, ods, sheet
from tests.support.packages import pack
from xltool.intake.formats.biff_looks import show
from xltool.intake.formats.ods import read_ods
from xltool.intake.formats.xlsx import read_xlsx
from xltool.intake.grid import Cell, CellKind, Grid, a1
from xltool.intake.guard import admit

Read = tuple[dict[str, str], dict[str, str], set[str]]
"""Texts by cell, what was struck out by cell, and which cells are unseen."""


def seen(grid: Grid) -> Read:
    return (
        {a1(*place): cell.text for place, cell in grid.cells.items()},
        {a1(cell.row, cell.col): cell.text for cell in grid.struck},
        {a1(*place) for place, cell in grid.cells.items() if cell.look and cell.look.unseen},
    )


# --- .xlsx --------------------------------------------------------------------------------------


def styles(font: str, fill: str = "", code: str = "General") -> dict[str, str]:
    """A styles part whose cell format 1 has that font, fill and number format."""
    return {
        "xl__styles_xml": f'<styleSheet xmlns="{MAIN}">'
        f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        f"<fonts><font/><font>{font}</font></fonts>"
        f"<fills><fill><patternFill/></fill><fill>{fill}</fill></fills><cellXfs><xf/>"
        f'<xf numFmtId="200" fontId="1" fillId="{1 if fill else 0}"/></cellXfs></styleSheet>'
    }


def xlsx(cell: str, **more: str) -> Read:
    package = admit(book(sheet(f"<row>{cell}</row>"), **more)).package
    assert package is not None
    return seen(read_xlsx(package).sheets[0])


def words(*runs: str) -> str:
    return f'<c r="A1" s="1" t="inlineStr"><is>{"".join(runs)}</is></c>'


PLAIN_RUN = "<r><rPr><b/></rPr><t>留</t></r>"
STRUCK_RUN = "<r><rPr><strike/></rPr><t>刪</t></r>"
SOLID = '<patternFill patternType="solid"><fgColor {}/></patternFill>'


@pytest.mark.parametrize(
    ("cell", "font", "read"),
    [
        (words("<t>刪</t>"), "<strike/>", ({}, {"A1": "刪"}, set())),
        (words("<t>留</t>"), '<strike val="0"/>', ({"A1": "留"}, {}, set())),
        ('<c r="A1" s="1"><v>90</v></c>', "<strike/>", ({}, {"A1": "90"}, set())),
        ('<c r="A1" s="1" t="b"><v>1</v></c>', "<strike/>", ({}, {"A1": "TRUE"}, set())),
        (words(PLAIN_RUN, STRUCK_RUN), "", ({"A1": "留"}, {"A1": "刪"}, set())),
        (words(STRUCK_RUN, PLAIN_RUN), "", ({"A1": "留"}, {"A1": "刪"}, set())),
        # A run without a font of its own has the cell's.
        (words("<r><t>刪</t></r>", PLAIN_RUN), "<strike/>", ({"A1": "留"}, {"A1": "刪"}, set())),
        (words(STRUCK_RUN, STRUCK_RUN), "", ({}, {"A1": "刪刪"}, set())),
        (
            words(PLAIN_RUN, "<r><rPr><strike/></rPr><t> </t></r>"),
            "",
            ({"A1": "留"}, {}, set()),  # a blank struck out is nothing
        ),
        (words("<t>l甲</t>"), '<name val="Wingdings"/>', ({"A1": "●甲"}, {}, set())),
        (
            words('<r><rPr><rFont val="Wingdings"/></rPr><t>ü</t></r>', PLAIN_RUN),
            "",
            ({"A1": "✓留"}, {}, set()),
        ),
    ],
)
def test_a_workbook_is_read_without_what_is_struck_out(cell: str, font: str, read: Read) -> None:
    assert xlsx(cell, **styles(font)) == read


@pytest.mark.parametrize(
    ("font", "fill", "hidden"),
    [
        ('<color rgb="FFFFFFFF"/>', "", True),
        ('<color theme="0"/>', "", True),
        ('<color rgb="FFFEFEFE"/>', "", True),
        ('<color rgb="FFBFBFBF"/>', "", False),
        ('<color theme="0" tint="-0.5"/>', "", False),
        ('<color rgb="FFFFFFFF"/>', SOLID.format('rgb="FF1F4E78"'), False),
        ('<color rgb="FF1F4E78"/>', SOLID.format('rgb="FF1F4E78"'), True),
        ('<color theme="4"/>', SOLID.format('theme="4"'), True),
        ('<color theme="4"/>', SOLID.format('theme="5"'), False),
        ('<color theme="4"/>', SOLID.format('theme="4" tint="0.8"'), False),
        ('<color indexed="9"/>', "", True),
        ('<color indexed="10"/>', SOLID.format('indexed="10"'), True),
        ("", SOLID.format('rgb="FF000000"'), False),  # the program chooses a colour that is seen
        ('<color rgb="FFFFFFFF"/>', '<patternFill patternType="gray125"/>', False),
    ],
)
def test_words_of_the_colour_of_their_ground_are_unseen(font: str, fill: str, hidden: bool) -> None:
    assert xlsx(words("<t>字</t>"), **styles(font, fill)) == (
        {"A1": "字"},
        {},
        {"A1"} if hidden else set(),
    )


def test_a_format_that_hides_all_hides_words_too() -> None:
    assert xlsx(words("<t>字</t>"), **styles("", code=";;;"))[2] == {"A1"}
    assert xlsx(words("<t>字</t>"), **styles("", code="0;-0;"))[2] == set()


# --- .ods ---------------------------------------------------------------------------------------


def of_document(rows: str, automatic: str, common: str = "", columns: str = "") -> Read:
    data = ods(columns + rows)
    package = admit(data).package
    assert package is not None
    names = f'{ODS_NS} xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ' + " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("fo", "xsl-fo-compatible"), ("number", "datastyle"))
    )
    content = package.read("content.xml").decode()
    content = content.replace(ODS_NS, names).replace(
        "<office:body>",
        f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body>",
    )
    more = f"<office:document-styles {names}><office:styles>{common}</office:styles></office:document-styles>"
    parts: dict[str, str | bytes] = {"mimetype": package.read("mimetype"), "content.xml": content}
    changed = admit(pack({**parts, "styles.xml": more})).package
    assert changed is not None
    return seen(read_ods(changed).sheets[0])


def style(name: str, family: str, inside: str, more: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {more}>{inside}</style:style>'


def text_cell(inside: str, attributes: str = "") -> str:
    cell = f'office:value-type="string" {attributes}'
    return (
        f"<table:table-row><table:table-cell {cell}>{inside}</table:table-cell></table:table-row>"
    )


LINE = '<style:text-properties style:text-line-through-style="solid"/>'
NO_LINE = '<style:text-properties style:text-line-through-style="none"/>'
STRUCK = style("s", "table-cell", LINE)
SPANS = style("t", "text", LINE) + style("u", "text", NO_LINE)


@pytest.mark.parametrize(
    ("cell", "automatic", "common", "columns", "read"),
    [
        (
            text_cell("<text:p>刪</text:p>", 'table:style-name="s"'),
            *(STRUCK, "", "", ({}, {"A1": "刪"}, set())),
        ),
        (
            text_cell('<text:p>留<text:span text:style-name="t">刪</text:span></text:p>'),
            *(SPANS, "", "", ({"A1": "留"}, {"A1": "刪"}, set())),
        ),
        (
            text_cell(
                '<text:p>刪<text:span text:style-name="u">留</text:span></text:p>',
                'table:style-name="s"',
            ),
            *(STRUCK + SPANS, "", "", ({"A1": "留"}, {"A1": "刪"}, set())),
        ),
        (
            text_cell('<text:p>一<text:s text:c="2"/></text:p><text:p>二</text:p>'),
            *(SPANS, "", "", ({"A1": "一  \n二"}, {}, set())),
        ),
        (  # said by the style's parent, which stands among the common ones
            text_cell("<text:p>刪</text:p>", 'table:style-name="c"'),
            style("c", "table-cell", "", 'style:parent-style-name="s"'),
            *(STRUCK, "", ({}, {"A1": "刪"}, set())),
        ),
        (  # said by the column, where the cell says nothing
            text_cell("<text:p>刪</text:p>"),
            *(STRUCK, ""),
            '<table:table-column table:default-cell-style-name="s"/>',
            ({}, {"A1": "刪"}, set()),
        ),
        (
            text_cell("<text:p>字</text:p>", 'table:style-name="w"'),
            style("w", "table-cell", '<style:text-properties fo:color="#ffffff"/>'),
            *("", "", ({"A1": "字"}, {}, {"A1"})),
        ),
        (
            text_cell("<text:p/>", 'office:string-value="字"'),
            *("", "", "", ({"A1": "字"}, {}, {"A1"})),
        ),
        (
            text_cell("<text:p>l</text:p>", 'table:style-name="b"'),
            style("b", "table-cell", '<style:text-properties style:font-name="Wingdings"/>'),
            *("", "", ({"A1": "●"}, {}, set())),
        ),
    ],
)
def test_a_document_is_read_without_what_is_struck_out(
    cell: str, automatic: str, common: str, columns: str, read: Read
) -> None:
    assert of_document(cell, automatic, common, columns) == read


SIX_DIGITS = '<number:number-style style:name="N"><number:number number:min-integer-digits="6"/></number:number-style>'
AS_IT_IS = '<number:number-style style:name="N"><number:number number:min-integer-digits="1"/></number:number-style>'
MONTH_DAY = '<number:date-style style:name="N"><number:month/><number:text>月</number:text><number:day/></number:date-style>'
SHOWS = style("f", "table-cell", "", 'style:data-style-name="N"')


@pytest.mark.parametrize(
    ("form", "cell", "text"),
    [
        (SIX_DIGITS, 'office:value-type="float" office:value="1234">|001234', "001234"),
        (AS_IT_IS, 'office:value-type="float" office:value="85.6375">|85.64', "85.6375"),
        (MONTH_DAY, 'office:value-type="date" office:date-value="2025-03-04">|3月4日', "3月4日"),
        (SIX_DIGITS, 'office:value-type="time" office:time-value="PT36H30M00S">|36:30', "36:30"),
    ],
)
def test_a_document_says_itself_how_a_number_shows(form: str, cell: str, text: str) -> None:
    inside, _, words = cell.partition("|")
    made = (
        f'<table:table-row><table:table-cell table:style-name="f" {inside}<text:p>{words}</text:p>'
    )
    made += "</table:table-cell></table:table-row>"
    assert of_document(made, form + SHOWS) == ({"A1": text}, {}, set())


# --- .xls ---------------------------------------------------------------------------------------


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def a_font(*, struck: bool = False, colour: int = 0x7FFF, name: str = "A") -> bytes:
    head = struct.pack("<HHH8xBB", 200, 8 if struck else 0, colour, len(name), 0)
    return record(0x31, head + name.encode("latin-1"))


def an_xf(font: int, code: int = 0, pattern: int = 0, fore: int = 0) -> bytes:
    return record(0xE0, struct.pack("<HH10xLH", font, code, pattern << 26, fore))


def a_code(number: int, code: str) -> bytes:
    return record(0x41E, struct.pack("<HHB", number, len(code), 0) + code.encode("latin-1"))


BEGIN, END = record(0x809, struct.pack("<HH", 0x600, 0x10)), record(0x0A)


def old(globals_: bytes, cells: bytes, *held: Cell) -> tuple[Grid, Read]:
    """A grid as calamine gave it, after the stream of an old workbook was looked at."""
    at = len(BEGIN) + 13 + len(globals_) + len(END)
    listed = record(0x85, struct.pack("<LBBBBB", at, 0, 0, 1, 0, ord("S")))
    grid = Grid("S", cells={(cell.row, cell.col): cell for cell in held})
    show([grid], BEGIN + listed + globals_ + END + BEGIN + cells + END)
    return grid, seen(grid)


def number(style_: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", 0, 0, style_, value))


NUMBER = Cell(0, 0, "1234", CellKind.NUMBER)
FONTS = a_font() + a_font(struck=True) + a_font(name="Wingdings") + a_font(colour=9)


@pytest.mark.parametrize(
    "cells",
    [
        number(1, 1234),
        record(0x27E, struct.pack("<HHHL", 0, 0, 1, 1234 << 2 | 2)),  # a whole number, packed
        record(0x27E, struct.pack("<HHHL", 0, 0, 1, 123400 << 2 | 3)),  # in hundredths
        record(0xBD, struct.pack("<HHHLHLH", 0, 0, 1, 1234 << 2 | 2, 1, 2, 1)),
        record(0x06, struct.pack("<HHHdHLH", 0, 0, 1, 1234.0, 0, 0, 0)),
    ],
)
def test_an_old_workbook_shows_its_numbers_however_it_keeps_them(cells: bytes) -> None:
    globals_ = FONTS + a_code(164, "000000") + an_xf(0) + an_xf(0, 164)
    assert old(globals_, cells, NUMBER)[1][0] == {"A1": "001234"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, -1e300])
def test_an_old_workbook_with_impossible_numbers_breaks_nothing(value: float) -> None:
    globals_ = FONTS + an_xf(0, 14) + an_xf(0, 12) + an_xf(0, 46)
    for style_ in (0, 1, 2):
        assert old(globals_, number(style_, value), NUMBER)[0].cells


def test_an_old_workbook_without_formats_stays_as_it_was_read() -> None:
    assert old(FONTS + an_xf(0), number(0, 1234), NUMBER)[0].cells == {(0, 0): NUMBER}


def test_an_old_workbook_counts_from_1904_where_it_says_so() -> None:
    globals_ = record(0x22, b"\1\0") + FONTS + an_xf(0, 14)
    assert old(globals_, number(0, 44529), NUMBER)[1][0] == {"A1": "114.11.30"}


def test_what_is_struck_out_or_unseen_in_an_old_workbook() -> None:
    text = Cell(0, 0, "x")
    label = record(0xFD, struct.pack("<HHHL", 0, 0, 1, 0))
    assert old(FONTS + an_xf(0) + an_xf(1), label, text)[1] == ({}, {"A1": "x"}, set())
    assert old(FONTS + an_xf(0) + an_xf(3), label, text)[1] == ({"A1": "x"}, {}, {"A1"})
    assert old(FONTS + an_xf(0) + an_xf(3, 0, 1, 8), label, text)[1] == ({"A1": "x"}, {}, set())
    bullet = Cell(0, 0, "l")
    assert old(FONTS + an_xf(0) + an_xf(2), label, bullet)[1] == ({"A1": "●"}, {}, set())


def shared(*pieces: bytes) -> bytes:
    first, *rest = pieces
    return record(0xFC, struct.pack("<LL", 1, 1) + first) + b"".join(record(0x3C, p) for p in rest)


@pytest.mark.parametrize(
    "strings",
    [
        shared(struct.pack("<HBH", 4, 8, 1) + b"keep" + struct.pack("<HH", 2, 1)),
        # The text goes on in the next record, there in wide letters.
        shared(
            struct.pack("<HBH", 4, 8, 1) + b"ke", b"\1" + "ep".encode("utf-16-le") + b"\2\0\1\0"
        ),
    ],
)
def test_a_rich_text_of_an_old_workbook(strings: bytes) -> None:
    label = record(0xFD, struct.pack("<HHHL", 0, 0, 0, 0))
    read = old(FONTS + an_xf(0) + strings, label, Cell(0, 0, "keep"))[1]
    assert read == ({"A1": "ke"}, {"A1": "ep"}, set())


def test_hidden_rows_of_an_old_workbook_are_known() -> None:
    row = record(0x208, struct.pack("<HHHHHHL", 4, 0, 1, 300, 0, 0, 0x20))
    assert old(FONTS + an_xf(0), row)[0].hidden_rows == {4}


@pytest.mark.parametrize("cut", [1, 2, 5, 20])
def test_an_old_workbook_that_breaks_off_breaks_nothing(cut: int) -> None:
    strings = shared((struct.pack("<HBH", 4, 8, 1) + b"keep\2\0\1\0")[:cut])
    short = record(0x31, b"\0" * cut) + record(0xE0, b"\0" * cut) + record(0x92, b"\xff\0" * cut)
    cells = b"".join(record(kind, b"\0" * cut) for kind in (0x203, 0x27E, 0xBD, 0x06, 0xFD, 0x208))
    assert old(FONTS + short + an_xf(0) + strings, cells, NUMBER)[0].cells
