"""Files as other programs write them: read, or called by name with what to do."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.edits import ITEM, picture
from tests.support.packages import pack, parts, relocated
from tests.support.returns import Person, codes, issued, read, returned
from xltool.intake import Reading

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
