"""A workbook's cells are read as a person sees them, whichever program wrote them."""

from __future__ import annotations

import io
import struct
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.conftest import LibreOffice
from tests.support.hostile import MAIN, PKG_REL, REL, book, ods, ods_cell, parts, sheet
from tests.support.packages import pack
from tests.support.returns import photo
from xltool.intake.formats.biff import read_errors
from xltool.intake.formats.legacy import read_legacy
from xltool.intake.formats.ods import read_ods
from xltool.intake.formats.xlsx import read_xlsx
from xltool.intake.grid import Book, Cell, CellKind, a1, percent, plain, saved_stamp, serial_cell
from xltool.intake.guard import Refusal, admit

DAY = datetime(2025, 11, 30, tzinfo=UTC).replace(tzinfo=None)  # workbooks know no time zones


def xlsx(data: bytes) -> Book:
    package = admit(data).package
    assert package is not None
    return read_xlsx(package)


def cells(sheet1: str, **more: str | bytes) -> dict[str, Cell]:
    """The cells of a workbook with that sheet, by reference."""
    read = xlsx(book(sheet1, **more)).sheets[0].cells
    return {a1(row, col): cell for (row, col), cell in read.items()}


def first(cell: str, **more: str | bytes) -> Cell:
    """The only cell of a workbook."""
    return cells(sheet(f"<row>{cell}</row>"), **more)["A1"]


def strings(*items: str) -> dict[str, str]:
    """The part with shared strings."""
    body = "".join(f"<si>{item}</si>" for item in items)
    return {"xl__sharedStrings_xml": f'<sst xmlns="{MAIN}">{body}</sst>'}


def styles(code: str | int) -> dict[str, str]:
    """A styles part whose cell format 1 has that number format: a builtin's number, or a code."""
    custom = "" if isinstance(code, int) else f'<numFmt numFmtId="200" formatCode="{code}"/>'
    number = code if isinstance(code, int) else 200
    return {
        "xl__styles_xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{custom}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    }


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<t>電力</t>", "電力"),
        ("<r><t>電</t></r><r><rPr><b/></rPr><t>力</t></r>", "電力"),
        ('<t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/>', "課"),
        ("<t>a_x000D_b</t>", "a\rb"),
        ("<t>_x005F_x000D_</t>", "_x000D_"),
        ('<t xml:space="preserve"> a </t>', " a "),
    ],
)
def test_shared_strings_rich_phonetic_and_escaped(item: str, text: str) -> None:
    assert first('<c r="A1" t="s"><v>0</v></c>', **strings(item)).text == text


def test_inline_strings_formula_strings_booleans_and_errors() -> None:
    read = cells(
        sheet(
            '<row><c t="inlineStr"><is><r><t>行</t></r><r><t>內</t></r></is></c>'
            '<c t="str"><f>A1</f><v>結果</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c>'
            '<c><f>1/0</f></c><c t="str"><f>""</f><v></v></c></row>'
        )
    )
    assert read["A1"].text == "行內"
    assert read["B1"].text == "結果"
    assert (read["C1"].text, read["C1"].kind) == ("TRUE", CellKind.BOOL)
    assert (read["D1"].text, read["D1"].kind) == ("#N/A", CellKind.ERROR)
    assert (read["E1"].text, read["E1"].kind) == ("公式未計算：=1/0", CellKind.ERROR)
    assert "F1" not in read


def test_cells_without_references_follow_each_other() -> None:
    read = cells(sheet("<row><c/><c><v>1</v></c></row><row/><row><c><v>2</v></c></row>"))
    assert {place: cell.text for place, cell in read.items()} == {"B1": "1", "A3": "2"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("85", "85"),
        ("85.299999999999997", "85.3"),
        ("1E5", "100000"),
        ("1.5E-3", "0.0015"),
        ("-0", "0"),
    ],
)
def test_numbers_are_plain(value: str, text: str) -> None:
    assert first(f'<c r="A1"><v>{value}</v></c>') == Cell(0, 0, text, CellKind.NUMBER)


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [14, 15, 22, 27, 31, 36, 50, 57, 58])
def test_builtin_date_formats_chinese_ones_too(code: int) -> None:
    cell = first('<c r="A1" s="1"><v>45991</v></c>', **styles(code))
    assert (cell.kind, cell.day, cell.text) == (CellKind.DATE, date(2025, 11, 30), "114.11.30")


def test_the_1904_date_system() -> None:
    data = parts(sheet('<row><c r="A1" s="1"><v>44529</v></c></row>'))
    data["xl/workbook.xml"] = str(data["xl/workbook.xml"]).replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    data["xl/styles.xml"] = styles(14)["xl__styles_xml"]
    assert xlsx(pack(data)).sheets[0].cells[0, 0].day == date(2025, 11, 30)


def test_times_durations_and_iso_dates() -> None:
    assert first('<c r="A1" s="1"><v>0.5</v></c>', **styles(20)).text == "12:00"
    with_time = first('<c r="A1" s="1"><v>45991.75</v></c>', **styles(22))
    assert (with_time.text, with_time.day) == ("114.11.30 18:00", date(2025, 11, 30))
    assert first('<c r="A1" t="d"><v>2025-11-30T00:00:00</v></c>').day == date(2025, 11, 30)
    assert serial_cell(0, 0, 1e12).kind is CellKind.NUMBER


def test_percentages_are_read_as_shown() -> None:
    assert first('<c r="A1" s="1"><v>0.25</v></c>', **styles(9)).text == "25%"
    assert percent(0.285) == "28.5%"
    assert plain(1e20) == "100000000000000000000"


# --- an independent reader --------------------------------------------------------------------------


def test_openpyxl_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written = xlsxwriter.Workbook(path)
    page = written.add_worksheet("甲")
    day = written.add_format({"num_format": "yyyy/mm/dd"})
    page.write_string("B2", "第一行\n第二行 ＆ <b>")
    page.write_rich_string("B3", "一", written.add_format({"bold": True}), "二")
    page.write_number("C4", 1234.5)
    page.write_datetime("D5", DAY, day)
    page.write_boolean("E6", False)
    page.write_formula("F7", "=1+1", None, 2)
    page.merge_range("G8:H9", "合併")
    written.add_worksheet("乙").hide()
    written.close()
    ours = xlsx(path.read_bytes())
    theirs = openpyxl.load_workbook(path, data_only=True)
    assert [grid.name for grid in ours.sheets] == theirs.sheetnames
    seen = {
        cell.coordinate: cell.value
        for row in theirs.worksheets[0].iter_rows()
        for cell in row
        if cell.value is not None
    }
    mine = {a1(*place): cell for place, cell in ours.sheets[0].cells.items()}
    assert mine.keys() == seen.keys()
    assert mine["B2"].text == seen["B2"]
    assert mine["B3"].text == seen["B3"]
    assert mine["C4"].text == "1234.5"
    assert mine["D5"].day == date(2025, 11, 30)
    assert mine["E6"].text == "FALSE"
    assert mine["F7"].text == "2"
    assert ours.sheets[0].merges[0] == (7, 6, 8, 7)


# --- pictures in cells ------------------------------------------------------------------------------

PICTURE = photo()
RELS = (
    f'<Relationships xmlns="{PKG_REL}">'
    '<Relationship Id="r9" Type="image" Target="{target}"/></Relationships>'
)


def test_a_picture_that_wps_put_into_a_cell() -> None:
    more: dict[str, str | bytes] = {
        "xl__cellimages_xml": f'<cellImages xmlns:r="{REL}"><cellImage><pic><nvPicPr>'
        '<cNvPr name="ID_7"/></nvPicPr><blipFill><blip r:embed="r9"/></blipFill></pic>'
        "</cellImage></cellImages>",
        "xl___rels__cellimages_xml.rels": RELS.format(target="media/image1.jpeg"),
        "xl__media__image1.jpeg": PICTURE,
    }
    formula = '<f>_xlfn.DISPIMG("ID_7",1)</f><v>=DISPIMG("ID_7",1)</v>'
    grid = xlsx(book(sheet(f'<row><c r="D4" t="str">{formula}</c></row>'), **more)).sheets[0]
    assert grid.cells == {}
    assert [(p.row, p.col, p.part) for p in grid.pictures] == [(3, 3, "xl/media/image1.jpeg")]


def test_a_picture_that_excel_365_put_into_a_cell() -> None:
    more: dict[str, str | bytes] = {
        "xl__metadata_xml": '<metadata><futureMetadata name="XLRICHVALUE"><bk><rvb i="0"/></bk>'
        '</futureMetadata><valueMetadata><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>',
        "xl__richData__rdrichvalue_xml": '<rvData><rv s="0"><v>0</v><v>5</v></rv></rvData>',
        "xl__richData__rdrichvaluestructure_xml": '<rvStructures><s t="_localImage">'
        '<k n="_rvRel:LocalImageIdentifier" t="i"/><k n="CalcOrigin" t="i"/></s></rvStructures>',
        "xl__richData__richValueRel_xml": f'<richValueRels xmlns:r="{REL}">'
        '<rel r:id="r9"/></richValueRels>',
        "xl__richData___rels__richValueRel_xml.rels": RELS.format(target="../media/image1.jpeg"),
        "xl__media__image1.jpeg": PICTURE,
    }
    cell = '<c r="B2" t="e" vm="1"><v>#VALUE!</v></c>'
    grid = xlsx(book(sheet(f"<row>{cell}</row>"), **more)).sheets[0]
    assert [(p.row, p.col, p.part) for p in grid.pictures] == [(1, 1, "xl/media/image1.jpeg")]


# --- comments ---------------------------------------------------------------------------------------


def commented(*parts: str | bytes) -> list[tuple[str, str]]:
    """The comments, by cell, of a workbook whose only sheet has those parts of comments."""
    more: dict[str, str | bytes] = {
        f"xl__comments{number}_xml": data for number, data in enumerate(parts)
    }
    relations = "".join(
        f'<Relationship Id="c{number}" Type="comments" Target="../comments{number}.xml"/>'
        for number in range(len(parts))
    )
    relations = f'<Relationships xmlns="{PKG_REL}">{relations}</Relationships>'
    more["xl__worksheets___rels__sheet1_xml.rels"] = relations
    grid = xlsx(book(sheet("<row><c><v>1</v></c></row>"), **more)).sheets[0]
    assert grid.cells[0, 0].text == "1"
    return [(a1(note.row, note.col), note.text) for note in grid.notes]


def a_comment(place: str, text: str) -> str:
    inside = f'<commentList><comment ref="{place}" authorId="0">{text}</comment></commentList>'
    return f'<comments xmlns="{MAIN}"><authors><author>王</author></authors>{inside}</comments>'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<text><t>電力</t></text>", [("B2", "電力")]),
        ("<text><r><rPr><b/></rPr><t>王：</t></r><r><t>電</t></r></text>", [("B2", "王：電")]),
        ("<text><t>課</t><rPh><t>カ</t></rPh></text>", [("B2", "課")]),
        ("<text><t>a_x000D_b</t></text>", [("B2", "a\rb")]),
        ("<text><t> </t></text>", []),
        ("", []),
    ],
)
def test_comments_plain_rich_and_escaped(text: str, told: list[tuple[str, str]]) -> None:
    assert commented(a_comment("B2", text)) == told


@pytest.mark.parametrize("broken", ["", "<comments>", b"\xff", "x"])
def test_a_broken_part_of_comments_is_told_and_the_rest_is_read(broken: str | bytes) -> None:
    told = commented(broken, a_comment("B2", "<text><t>電力</t></text>"))
    assert told == [("A1", "本頁註解的內容毀損，無法讀取"), ("B2", "電力")]


@pytest.mark.parametrize("place", ["", "ZZZ1", "B0", "字"])
def test_a_comment_on_no_cell_is_told_at_the_first(place: str) -> None:
    assert commented(a_comment(place, "<text><t>電力</t></text>")) == [("A1", "電力")]


def test_hostile_comments_are_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        commented("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><comments/>")
    assert refusal.value.code == "F106"


# --- OpenDocument -----------------------------------------------------------------------------------


def ods_book(rows: str, **more: str | bytes) -> Book:
    package = admit(ods(rows, **more)).package
    assert package is not None
    return read_ods(package)


def row(*inside: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(inside)}</table:table-row>"


def typed(kind: str, value: str, text: str = "") -> str:
    name = {"float": "value", "percentage": "value"}.get(kind, f"{kind}-value")
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_opendocument_values() -> None:
    read = (
        ods_book(
            row(
                *(typed("float", "85.5"), typed("percentage", "0.25"), typed("boolean", "true")),
                *(typed("date", "2025-11-30"), typed("date", "2025-11-30T18:00:00")),
                "<table:table-cell/>",
                ods_cell("一<text:s text:c='2'/>二<text:line-break/>三<text:span>四</text:span>"),
            )
        )
        .sheets[0]
        .cells
    )
    assert [cell.text for cell in read.values()] == [
        *("85.5", "25%", "TRUE", "114.11.30", "114.11.30 18:00", "一  二\n三四")
    ]
    assert read[0, 3].day == date(2025, 11, 30)


def test_opendocument_paragraphs_notes_and_repeats() -> None:
    read = ods_book(
        row(
            '<table:table-cell office:value-type="string"><office:annotation><text:p>註</text:p>'
            "</office:annotation><text:p>一</text:p><text:p>二</text:p></table:table-cell>"
        )
        + row("<table:table-cell/>", attributes='table:number-rows-repeated="3"')
        + row(ods_cell("重", 'table:number-columns-repeated="3"'))
        + "<table:table-header-rows>"
        + row(
            ods_cell("併", 'table:number-columns-spanned="2" table:number-rows-spanned="2"'),
            "<table:covered-table-cell/>",
            ods_cell("後"),
        )
        + "</table:table-header-rows>"
    ).sheets[0]
    assert {a1(*place): cell.text for place, cell in read.cells.items()} == {
        "A1": "一\n二",
        "A5": "重",
        "B5": "重",
        "C5": "重",
        "A6": "併",
        "C6": "後",
    }
    assert read.merges == [(5, 0, 6, 1)]
    assert read.notes == [Cell(0, 0, "註")]


def test_opendocument_errors_are_kept(soffice: LibreOffice, tmp_path: Path) -> None:
    written = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = written.add_worksheet()
    page.write_formula("A1", "=1/0", None, "#DIV/0!")
    page.write_string("B1", "好")
    written.close()
    package = admit(soffice.convert(tmp_path / "a.xlsx", "ods").read_bytes()).package
    assert package is not None
    read = read_ods(package).sheets[0].cells
    assert (read[0, 0].text, read[0, 0].kind) == ("#DIV/0!", CellKind.ERROR)


# --- old workbooks ------------------------------------------------------------------------------------


def test_old_workbooks_are_read_by_a_worker(soffice: LibreOffice, tmp_path: Path) -> None:
    written = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = written.add_worksheet("甲")
    page.write_string("C3", "電力")
    page.write_number("D3", 87.5)
    page.write_datetime("E3", DAY, written.add_format({"num_format": "yyyy/m/d"}))
    page.write_number("F3", 45658)
    page.write_boolean("G3", True)
    page.merge_range("C5:D6", "合併")
    page.insert_image("H3", "a.jpg", {"image_data": io.BytesIO(photo())})
    written.close()
    read = read_legacy(admit(soffice.convert(tmp_path / "a.xlsx", "xls").read_bytes()))
    grid = read.sheets[0]
    assert grid.name == "甲"
    assert {a1(*place): cell.text for place, cell in grid.cells.items()} == {
        "C3": "電力",
        "D3": "87.5",
        "E3": "114.11.30",
        "F3": "45658",
        "G3": "TRUE",
        "C5": "合併",
    }
    assert grid.merges == [(4, 2, 5, 3)]
    assert [(p.row, p.col) for p in grid.pictures] == [(2, 7)]
    assert read.blobs[grid.pictures[0].part] == photo()
    assert read.saved.endswith("Z")


def test_errors_in_old_workbooks_are_kept(soffice: LibreOffice, tmp_path: Path) -> None:
    written = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = written.add_worksheet("甲")
    for place, formula, shown in (
        *(("C3", "=1/0", "#DIV/0!"), ("D3", "=NA()", "#N/A"), ("E3", '=VALUE("一")', "#VALUE!")),
        *(("F3", "=1+1", "2"), ("G3", '="一"', "一")),
    ):
        page.write_formula(place, formula, None, shown)
    written.add_worksheet("乙").write_formula("B2", "=1/0", None, "#DIV/0!")
    written.close()
    read = read_legacy(admit(soffice.convert(tmp_path / "a.xlsx", "xls").read_bytes()))
    errors = {
        f"{grid.name}!{a1(*place)}": cell.text
        for grid in read.sheets
        for place, cell in grid.cells.items()
        if cell.kind is CellKind.ERROR
    }
    assert errors == {"甲!C3": "#DIV/0!", "甲!D3": "#N/A", "甲!E3": "#VALUE!", "乙!B2": "#DIV/0!"}


def record(kind: int, layout: str = "", *values: int) -> bytes:
    """A record of an old workbook."""
    data = struct.pack(f"<{layout}", *values)
    return struct.pack("<HH", kind, len(data)) + data


BEGIN, END = record(0x809, "HH", 0x600, 0x10), record(0x0A)


def old_stream(*records: bytes) -> bytes:
    """The stream of an old workbook whose only sheet, S, holds those records."""
    at = len(BEGIN) + 13 + len(END)
    listed = record(0x85, "LBBBBB", at, 0, 0, 1, 0, ord("S"))
    return BEGIN + listed + END + BEGIN + b"".join(records) + END


@pytest.mark.parametrize(
    ("records", "shown"),
    [
        ([record(0x205, "HHHBB", 2, 1, 0, 0x2A, 1)], "B3 #N/A"),
        ([record(0x205, "HHHBB", 2, 1, 0, 0x99, 1)], "B3 #VALUE!"),
        ([record(0x205, "HHHBB", 2, 1, 0, 1, 0)], ""),  # TRUE
        ([record(0x06, "HHHQHLH", 0, 0, 0, 0xFFFF_0000_0017_0002, 0, 0, 0)], "A1 #REF!"),
        ([record(0x06, "HHHQHLH", 0, 0, 0, 0xFFFF_0000_0001_0001, 0, 0, 0)], ""),  # TRUE
        ([record(0x06, "HHHQHLH", 0, 0, 0, 0x4014_0000_0007_0002, 0, 0, 0)], ""),  # a number
        ([record(0x205, "HHH", 2, 1, 0), record(0x06, "HHH", 0, 0, 0)], ""),  # cut off
        ([record(0x205, "HHHBB", 2, 256, 0, 0x2A, 1)], ""),  # no such column
        ([BEGIN, record(0x205, "HHHBB", 2, 1, 0, 0x2A, 1), END], ""),  # a chart's
    ],
)
def test_an_error_is_told_from_what_looks_like_one(records: list[bytes], shown: str) -> None:
    found = list(read_errors(old_stream(*records)))
    assert " ".join(f"{a1(cell.row, cell.col)} {cell.text}" for _, cell in found) == shown
    assert all(name == "S" and cell.kind is CellKind.ERROR for name, cell in found)


# --- stamps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2025-12-01T02:03:04Z", "2025-12-01T02:03:04Z"),
        ("2025-12-01T10:03:04+08:00", "2025-12-01T02:03:04Z"),
        ("2025-12-01T10:03:04.123456789", "2025-12-01T02:03:04Z"),
        ("", ""),
        ("昨天", ""),
    ],
)
def test_saved_stamps_compare_whatever_wrote_them(text: str, stamp: str) -> None:
    assert saved_stamp(text) == stamp


@pytest.mark.parametrize(
    ("program", "stamp"),
    [("Microsoft Excel", "2025-12-01T10:03:04Z"), ("LibreOffice/7.4", "2025-12-01T02:03:04Z")],
)
def test_libreoffice_writes_local_time_and_calls_it_utc(program: str, stamp: str) -> None:
    read = xlsx(
        book(
            sheet(""),
            docProps__core_xml="<p><modified>2025-12-01T10:03:04Z</modified></p>",
            docProps__app_xml=f"<p><Application>{program}</Application></p>",
        )
    )
    assert read.saved == stamp
