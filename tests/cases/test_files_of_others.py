"""Files as other programs write them: read, or called by name with what to do."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.edits import ITEM, caption, picture
from tests.support.oldbook import old_book
from tests.support.packages import pack, parts, relocated
from tests.support.returns import Person, codes, issued, read, returned
from tests.support.rewritten import rewritten
from tests.support.xlsb import xlsb
from xltool.intake import Reading
from xltool.intake.bundle import opened
from xltool.intake.formats.legacy import read_legacy
from xltool.intake.guard import Refusal, admit
from xltool.plan import Limits

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

# --- Parts are found by what names them ---------------------------------------------------------


def photographed(folder: Path) -> Path:
    """A report with a photo, a comment and everything else filled."""

    def remark(person: Person) -> None:
        from openpyxl.comments import Comment

        person.find(ITEM, "照片").comment = Comment("請見附件", "承辦人")

    return returned(folder, "report", picture(1), remark)


def same_as(reading: Reading, other: Reading) -> bool:
    """Whether two readings say the same, photos, comments and time of saving included."""
    one, two = reading.submission, other.submission
    assert one is not None and two is not None
    return (
        codes(reading) == codes(other)
        and [r.values for r in one.records] == [r.values for r in two.records]
        and [p.blob for p in one.pictures] == [p.blob for p in two.pictures]
        and one.saved == two.saved
    )


ELSEWHERE = {
    "styles": {"xl/styles.xml": "xl/looks/styles12.xml"},
    "the workbook": {"xl/workbook.xml": "office/book.xml"},
    "a sheet": {"xl/worksheets/sheet3.xml": "xl/sheets/業務.xml"},
    "a sheet in a folder for charts": {"xl/worksheets/sheet3.xml": "xl/chartsheets/sheet3.xml"},
    "a drawing": {"xl/drawings/drawing1.xml": "xl/pages/d.part"},
    "a photo": {"xl/media/image1.jpeg": "pictures/1.jpeg"},
    "comments": {"xl/comments/comment1.xml": "xl/remarks1.part"},
    "properties": {"docProps/core.xml": "meta/core.xml", "docProps/custom.xml": "meta/c.xml"},
    "everything in capitals": {"xl/workbook.xml": "XL/WORKBOOK.XML"},
}


@pytest.mark.parametrize("names", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_part_of_another_name_is_found(names: dict[str, str], tmp_path: Path) -> None:
    path = photographed(tmp_path)
    assert names.keys() <= parts(path).keys()
    usual = read(path)
    path.write_bytes(relocated(path, names))
    assert same_as(read(path), usual)


def test_shared_strings_of_another_name_are_found(tmp_path: Path) -> None:
    path = issued(tmp_path, "report")
    usual = read(path)
    path.write_bytes(relocated(path, {"xl/sharedStrings.xml": "xl/sharedStrings22.xml"}))
    assert same_as(read(path), usual)


SPELLED: dict[str, Callable[[str], str]] = {
    "from the package's root": lambda path: path,
    "with backslashes": lambda path: path.replace("/", "\\"),
    "from the root, without the stroke": lambda path: path[1:],
    "in capitals": str.upper,
    "with a step up": lambda path: f"/xl/..{path}",
    "in percents": lambda path: path.replace("s", "%73").replace("業", "%E6%A5%AD"),
}


@pytest.mark.parametrize("spelled", SPELLED.values(), ids=SPELLED)
def test_a_target_spelled_otherwise_is_found(spelled: Callable[[str], str], tmp_path: Path) -> None:
    path = photographed(tmp_path)
    usual = read(path)
    path.write_bytes(relocated(path, {"xl/worksheets/sheet3.xml": "xl/sheets/業務 3.xml"}, spelled))
    assert same_as(read(path), usual)


def test_a_part_whose_own_name_is_spelled_in_percents_is_found(tmp_path: Path) -> None:
    path = photographed(tmp_path)
    usual = read(path)
    in_percents = {"xl/worksheets/sheet3.xml": "xl/worksheets/%E6%A5%AD%E5%8B%99.xml"}
    path.write_bytes(
        relocated(path, in_percents, lambda to: to.replace("%E6%A5%AD%E5%8B%99", "業務"))
    )
    assert same_as(read(path), usual)


def test_properties_that_alone_are_broken_leave_the_answers_as_they_are(tmp_path: Path) -> None:
    path = photographed(tmp_path)
    content: dict[str, str | bytes] = {**parts(path)}
    broken = {"docProps/core.xml": "<cp:", "docProps/custom.xml": "", "docProps/app.xml": "<a>"}
    path.write_bytes(pack(content | broken))
    reading = read(path)
    assert reading.status == "accepted"
    assert reading.submission is not None and reading.submission.saved == ""


# --- Formats down to the last row ---------------------------------------------------------------

LAST_ROW = 1_048_576


def with_rows(path: Path, rows: str) -> Path:
    """The report with these rows more at the end of its third sheet, 業務 03-01."""
    content = parts(path)
    name = "xl/worksheets/sheet3.xml"
    end = b"</sheetData>"
    more = content[name].replace(end, rows.encode() + end)
    path.write_bytes(pack({**content, name: more}))
    return path


def blank_row(row: int, columns: str) -> str:
    """A row without content: formatted cells in those columns, or a format of its own without any."""
    cells = "".join(f'<c r="{column}{row}" s="1"/>' for column in columns)
    return f'<row r="{row}" s="1" customFormat="1">{cells}</row>'


BLANK = {
    "formatted rows to the last": (LAST_ROW, ""),
    "150,000 rows of formatted cells": (150_000, "ABCDEFGH"),
}


@pytest.mark.parametrize(("last", "columns"), BLANK.values(), ids=BLANK)
def test_blank_rows_below_a_form_are_skipped(last: int, columns: str, tmp_path: Path) -> None:
    path = issued(tmp_path, "report")
    usual = read(path)
    reading = read(with_rows(path, "".join(blank_row(r, columns) for r in range(401, last + 1))))
    assert reading.status == "accepted"
    assert same_as(reading, usual)


def test_what_stands_below_them_is_still_told(tmp_path: Path) -> None:
    blank = "".join(blank_row(r, "ABCDEFGH") for r in range(401, 60_000))
    word = f'<row r="{LAST_ROW}"><c r="B{LAST_ROW}" t="inlineStr"><is><t>附註</t></is></c></row>'
    reading = read(with_rows(issued(tmp_path, "report"), blank + word))
    assert [one.at.cell for one in reading.findings] == [f"B{LAST_ROW}"]


# --- A password that opens unasked --------------------------------------------------------------


def test_a_height_left_above_the_first_row_is_no_row(tmp_path: Path) -> None:
    """So openpyxl leaves a sheet whose first row was deleted."""
    path = issued(tmp_path, "enrolment")
    whole = read(path)
    odd = rewritten(path, "<sheetData>", '<sheetData><row r="0" ht="33" customHeight="1"/>')
    assert same_as(read(odd), whole)


def locked(path: Path, password: str) -> None:
    """Encrypt a workbook in place."""
    from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, out)
    path.write_bytes(out.getvalue())


def test_a_workbook_with_excels_own_password_is_read(tmp_path: Path) -> None:
    path = photographed(tmp_path)
    usual = read(path)
    locked(path, "VelvetSweatshop")
    assert same_as(read(path), usual)


def test_a_workbook_with_a_persons_password_is_refused(tmp_path: Path) -> None:
    path = issued(tmp_path, "enrolment")
    locked(path, "114")
    assert codes(read(path)) == ["F103"]


def test_an_xls_with_excels_own_password_is_read() -> None:
    """Excel writes it so when the structure is protected; nobody set a password to open it."""
    for password in ("", "VelvetSweatshop"):
        book = read_legacy(admit(old_book("填報資料", "電力發展及管理組", password)))
        assert [(grid.name, [c.text for c in grid.cells.values()]) for grid in book.sheets] == [
            ("填報資料", ["電力發展及管理組"])
        ]


def test_an_xls_with_a_persons_password_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        admit(old_book("填報資料", "電力發展及管理組", "114"))
    assert refusal.value.code == "F103"


# --- Other formats -----------------------------------------------------------------------------


def told(folder: Path, name: str, data: bytes) -> tuple[str, str]:
    """The one finding on a file: its code, and what a person reads."""
    path = folder / name
    path.write_bytes(data)
    (found,) = read(path).findings
    return found.code, f"{found.message}；{found.fix}"


MHT = (
    b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
    b'Content-Type: multipart/related; boundary="----=_Next"\r\n\r\n------=_Next\r\n'
)
BLINK = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.tw\r\nSubject: a\r\n"
NUMBERS = {"Index/Document.iwa": b"0", "Index/Tables/DataList.iwa": b"0", "Metadata/a.plist": b"0"}
WEBLOC = (
    b'<?xml version="1.0"?><plist><dict><key>URL</key><string>https://a.tw</string></dict></plist>'
)
XML_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'

TO_BE_SAVED_ANEW: dict[str, tuple[bytes, str, str]] = {
    "填報表.xls": (MHT, "網頁封存檔 .mht", "請以 Excel 開啟"),
    "填報表.mht": (
        BLINK + b"Content-Type: multipart/related; boundary=a\r\n\r\n",
        "網頁封存檔 .mht",
        "請以 Excel 開啟",
    ),
    "填報表(1).xls": (b"<html><table></table></html>", "網頁 .html", "請以 Excel 開啟"),
    "填報表(2).xls": (XML_2003, "XML 試算表 2003", "請以 Excel 開啟"),
    "填報表.numbers": (pack(NUMBERS), "Numbers", "請以 Numbers 開啟"),
    "填報表.numbers.zip": (
        pack({f"填報表.numbers/{name}": data for name, data in NUMBERS.items()}),
        "Numbers",
        "請以 Numbers 開啟",
    ),
    "舊.numbers.zip": (pack({"舊.numbers/Index.zip": b"0"}), "Numbers", "請以 Numbers 開啟"),
    "二.xls": (b"\x09\x00\x04\x00\x02\x00\x10\x00", "Excel 4.0 以前", "請以 LibreOffice 開啟"),
    "三.xls": (b"\x09\x02\x06\x00" + b"\0" * 6, "Excel 4.0 以前", "請以 LibreOffice 開啟"),
    "四.xls": (b"\x09\x04\x06\x00" + b"\0" * 6, "Excel 4.0 以前", "請以 LibreOffice 開啟"),
}


@pytest.mark.parametrize("name", TO_BE_SAVED_ANEW)
def test_a_spreadsheet_of_another_kind_is_called_by_name_with_what_to_do(
    name: str, tmp_path: Path
) -> None:
    data, kind, what_to_do = TO_BE_SAVED_ANEW[name]
    code, words = told(tmp_path, name, data)
    assert code == "F137"
    assert kind in words and what_to_do in words and ".xlsx" in words


SHORTCUTS = {
    "填報表.gsheet": b'{"":"WARNING!","doc_id":"1aB","resource_key":"","email":"a@b.tw"}',
    "填報表.url": b"[InternetShortcut]\r\nURL=https://docs.google.com/spreadsheets/d/1\r\n",
    "填報表.webloc": WEBLOC,
    "填報表.xlsx.lnk": b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60,
}


@pytest.mark.parametrize("name", SHORTCUTS)
def test_a_shortcut_is_called_one(name: str, tmp_path: Path) -> None:
    code, words = told(tmp_path, name, SHORTCUTS[name])
    assert code == "F138"
    assert "捷徑" in words and "下載" in words


def test_a_folder_of_numbers_zipped_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "填報表.numbers.zip"
    path.write_bytes(TO_BE_SAVED_ANEW[path.name][0])
    assert list(opened(path, Limits())) == [path]


def test_a_sheet_of_a_chart_alone_is_passed_over_in_a_binary_workbook() -> None:
    book = read_legacy(admit(xlsb({"甲": {(0, 0): "單位", (2, 3): "字"}, "圖": None})))
    assert [grid.name for grid in book.sheets] == ["甲"]
    assert {place: cell.text for place, cell in book.sheets[0].cells.items()} == {
        (0, 0): "單位",
        (2, 3): "字",
    }


IN_BINARY: Mapping[str, tuple[object, str | int, str]] = {
    "leading noughts": (1234, "000000", "001234"),
    "a telephone": (912345678.0, "0000-000000", "0912-345678"),
    "one place": (85.6375, "0.0", "85.6"),
    "a percentage": (0.856, 10, "85.60%"),
    "a date": (45991.0, 14, "114.11.30"),
    "a date in words": (45991.0, 'm"月"d"日"', "11月30日"),
    "more than a day": (1.520833333, "[h]:mm", "36:30"),
    "as it is": (-12, 0, "-12"),
    "words beside a text": ("120", '@"萬元"', "120萬元"),
    "an error": (b"\x07", 0, "#DIV/0!"),
}
"""What a cell holds, its format, what it shows."""


@pytest.mark.parametrize(("value", "form", "seen"), IN_BINARY.values(), ids=IN_BINARY)
def test_a_binary_workbook_is_read_as_it_shows(value: object, form: str | int, seen: str) -> None:
    [grid] = read_legacy(admit(xlsb({"甲": {(0, 0): "字", (2, 3): (value, 1)}}, 0, form))).sheets
    assert (grid.cells[0, 0].text, grid.cells[2, 3].text) == ("字", seen)


def test_what_is_struck_out_or_unseen_in_a_binary_workbook_is_told() -> None:
    cells = {(0, 0): ("留", 0), (1, 0): ("刪", 1), (2, 0): ("白", 2)}
    [grid] = read_legacy(admit(xlsb({"甲": cells}, 0))).sheets
    assert [cell.text for cell in grid.struck] == ["刪"]
    assert (1, 0) not in grid.cells
    look = grid.cells[2, 0].look
    assert look is not None and look.unseen


@pytest.mark.parametrize("part", ["xl/styles.bin", "xl/worksheets/sheet1.bin"])
def test_a_binary_workbook_that_breaks_off_breaks_nothing(part: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsb"
    path.write_bytes(xlsb({"甲": {(0, 0): ("字", 0), (1, 0): (1234, 1)}}, 0, "000000"))
    whole = parts(path)[part]
    assert isinstance(whole, bytes)
    for cut in range(1, len(whole), 17):
        with contextlib.suppress(Refusal):
            read_legacy(admit(pack({**parts(path), part: whole[:cut]})))


def test_a_binary_workbook_whose_parts_lie_elsewhere_is_called_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsb"
    path.write_bytes(xlsb({"甲": {(0, 0): "單位"}}))
    types = (
        '<Types><Override PartName="/book/main.bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    path.write_bytes(relocated(path, {"xl/workbook.bin": "book/main.bin"}))
    path.write_bytes(pack({**parts(path), "[Content_Types].xml": types}))
    assert codes(read(path)) == ["F137"]


# --- OpenDocument ------------------------------------------------------------------------------


def saved_as(to: str, path: Path, soffice: LibreOffice) -> Path:
    return soffice.convert(path, to, path.parent / "saved")


def test_a_flat_spreadsheet_is_read_with_its_photos(soffice: LibreOffice, tmp_path: Path) -> None:
    path = returned(tmp_path, "report", picture(1), caption(1, "說明會"))
    reading, other = (read(saved_as(to, path, soffice)) for to in ("fods", "ods"))
    assert reading.status == "accepted"
    assert same_as(reading, other)
    assert reading.submission is not None and len(reading.submission.pictures) == 1


def test_an_ods_without_what_is_not_needed_is_read(soffice: LibreOffice, tmp_path: Path) -> None:
    path = saved_as("ods", issued(tmp_path, "report"), soffice)
    usual, content = read(path), parts(path)
    changes: dict[str, dict[str, str | bytes]] = {
        "properties broken": {**content, "meta.xml": "<office:document-meta"},
        "properties cut off": {**content, "meta.xml": b""},
        "no properties": {name: data for name, data in content.items() if name != "meta.xml"},
        "no mimetype": {name: data for name, data in content.items() if name != "mimetype"},
    }
    for change, made in changes.items():
        path.write_bytes(pack(made))
        reading = read(path)
        assert reading.status == "accepted", change
        assert reading.returned is not None and usual.returned is not None
        assert reading.returned.unit == usual.returned.unit
