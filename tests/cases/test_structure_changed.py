"""A unit changes what its form is made of: sheets copied and renamed, sections moved, tables that go on
elsewhere. What can be read is, what is unclear is asked, and the copy that goes back holds all of it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from tests.support.edits import ITEM, card, copied, filing, moved, people, renamed, table
from tests.support.returns import ITEMS, Edit, Person, codes, issued, photo, read, returned
from tests.support.sample import begin
from xltool.intake import Reading
from xltool.model import Record
from xltool.steps.give_back import give_back
from xltool.store.workspace import Workspace

SECOND = "業務 03-02"
COPY = "業務 03-02 (2)"
WRONG = filing("聯絡電話", "尚未裝機")
"""A fault, so that the return goes back."""
PERSON = {
    "業務編號": "03-02",
    "姓名": "趙一二",
    "職稱": "專員",
    "人員類別": "公務人員",
    "角色": "其他有功人員",
}


def records(reading: Reading, section: str, of: str | None = None) -> tuple[Record, ...]:
    assert reading.submission is not None
    return reading.submission.section(section, of)


def told(reading: Reading, code: str) -> list[tuple[str, str]]:
    return [(one.at.sheet, one.value) for one in reading.findings if one.code == code]


def written(sheet: str, row: int, *words: str) -> Edit:
    def edit(person: Person) -> None:
        if sheet not in person.book.sheetnames:
            person.book.create_sheet(sheet)
        for col, word in enumerate(words, 1):
            person.put(sheet, row, col, word or None)

    return edit


def header_of_people() -> Edit:
    """The header of 有功人員 once more, on a sheet of its own."""
    return written(
        "有功人員（續）", 1, "業務編號", "姓名", "職員編號", "職稱", "人員類別", "官職等", "角色"
    )


# --- what is read ---------------------------------------------------------------------------------


def test_a_table_goes_on_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    more = written(
        "有功人員（續）", 2, "03-02", "趙一二", "E9", "專員", "公務人員", "", "其他有功人員"
    )
    reading = read(returned(tmp_path, "report", header_of_people(), more))
    assert codes(reading) == ["S213"]
    assert [one.text("name") for one in records(reading, "people")] == [
        "王小明",
        "李大華",
        "趙一二",
    ]


def test_a_copied_sheet_goes_on_with_the_table_and_what_stands_twice_is_read_once(
    tmp_path: Path,
) -> None:
    more = [table("有功人員 (2)", "有功人員", 2, label, word) for label, word in PERSON.items()]
    reading = read(returned(tmp_path, "report", copied("有功人員"), *more))
    assert told(reading, "S213") == [
        ("有功人員 (2)", "接續的 1 列已一併讀取；另有 1 列與前面完全相同，只讀一次")
    ]
    assert [one.text("name") for one in records(reading, "people")] == [
        "王小明",
        "李大華",
        "趙一二",
    ]


def test_a_table_is_split_over_two_blocks_of_a_sheet(tmp_path: Path) -> None:
    def split(person: Person) -> None:
        top = person.find("有功人員", "姓名").row
        for row, words in enumerate([["有功人員（續）"], [], list(PERSON), list(PERSON.values())]):
            for col, word in enumerate(words, 3):
                person.put("有功人員", top + 25 + row, col, word)

    reading = read(returned(tmp_path, "report", split))
    assert [one.text("name") for one in records(reading, "people")] == [
        "王小明",
        "李大華",
        "趙一二",
    ]
    assert [code for code in codes(reading) if code not in ("S207", "S213")] == []


def test_and_beside_each_other(tmp_path: Path) -> None:
    def beside(person: Person) -> None:
        top = person.find("有功人員", "姓名").row
        for row, words in enumerate([list(PERSON), list(PERSON.values())]):
            for col, word in enumerate(words, 13):
                person.put("有功人員", top + row, col, word)

    reading = read(returned(tmp_path, "report", beside))
    assert [one.text("name") for one in records(reading, "people")] == [
        "王小明",
        "李大華",
        "趙一二",
    ]
    assert codes(reading) == ["S213"]


def test_rows_that_go_on_take_the_next_numbers_past_those_prepared(tmp_path: Path) -> None:
    header = ["業務編號", "業務名稱", "服務類別", "服務對象", "執行方法", "年度目標"]
    row = ["", "用電安全說明會", "社會創新共融", "民眾", "到校說明", "6 場"]
    header, row = [*header, "跨機關或公私協力", "承辦人"], [*row, "否", "李承辦"]
    header, row = [*header, "承辦人電話"], [*row, "02-27721370"]
    reading = read(
        returned(tmp_path, "enrolment", written("續", 1, *header), written("續", 2, *row))
    )
    assert codes(reading) == ["S213"]
    assert [one.text("item") for one in records(reading, "items")] == ["03-01", "03-02", "03-11"]


def test_a_second_enrolment_with_the_same_numbers_is_asked_about(tmp_path: Path) -> None:
    other = table("參與業務 (2)", "參與業務", 1, "業務名稱", "另一項業務")
    reading = read(returned(tmp_path, "enrolment", copied("參與業務"), other))
    assert told(reading, "C404") == [("參與業務 (2)", "03-01")]


def test_a_section_that_stands_alone_is_the_item_s_that_lacks_it(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", moved(ITEM, "量化成效", 9, "量化成效")))
    assert codes(reading) == ["S213"]
    assert [one.text("name") for one in records(reading, "metrics", ITEMS[0])] == ["線上查詢人次"]


def test_or_the_one_s_that_its_sheet_names(tmp_path: Path) -> None:
    edits = [moved(f"業務 {one}", "量化成效", 9, f"{one} 量化") for one in ITEMS]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == ["S213", "S213"]
    assert all(len(records(reading, "metrics", one)) == 1 for one in ITEMS)


def test_where_two_items_lack_it_nobody_knows_and_it_is_asked(tmp_path: Path) -> None:
    edits = [moved(f"業務 {one}", "量化成效", 9, f"成效{n}") for n, one in enumerate(ITEMS)]
    reading = read(returned(tmp_path, "report", *edits))
    assert [one.code for one in reading.findings if one.blocks] == ["S223", "S223"]


def test_a_section_that_only_one_item_lacks_is_missed(tmp_path: Path) -> None:
    def wiped(person: Person) -> None:
        top = person.find(ITEM, "四構面自評").row
        person.sheet(ITEM).delete_rows(top, 8)

    reading = read(returned(tmp_path, "report", wiped))
    assert [(one.code, one.at.sheet) for one in reading.findings if one.blocks] == [("S205", ITEM)]


def test_a_sheet_copied_for_a_new_item_is_that_item_s(tmp_path: Path) -> None:
    edits = [
        copied(SECOND),
        card(COPY, "業務編號", "03-03"),
        card(COPY, "辦理情形", "新業務的成果"),
    ]
    reading = read(returned(tmp_path, "report", *edits))
    assert "S213" in codes(reading) and reading.status == "accepted"
    assert records(reading, "report", "03-03")[0].text("result") == "新業務的成果"


def test_its_name_tells_where_its_number_could_not_be_typed_over(tmp_path: Path) -> None:
    edits = [copied(SECOND, "業務 03-03"), card("業務 03-03", "辦理情形", "新業務的成果")]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == ["S222"]
    assert records(reading, "report", "03-03")[0].text("result") == "新業務的成果"
    assert records(reading, "report", "03-02")[0].text("result") != "新業務的成果"


def test_a_copy_that_still_says_the_first_one_s_number_is_asked_about(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", copied(SECOND)))
    assert told(reading, "C404") == [(COPY, "03-02")]


# --- what goes back -------------------------------------------------------------------------------


def gone_back(folder: Path, key: str, *edits: Edit) -> Path:
    """The copy that goes back after those edits."""
    begin(folder / "114")
    workspace = Workspace.open(folder / "114")
    if key != "enrolment":
        shutil.copy(issued(folder, "enrolment"), workspace.inbox)
    person = Person(issued(folder, key))
    for edit in edits:
        edit(person)
    person.save(workspace.inbox / f"{key}.xlsx")
    [path] = give_back(workspace).outputs
    return path


def rows(book: Workbook, sheet: str) -> list[tuple[str, str]]:
    there = book[sheet].iter_rows(min_row=2, max_col=2, values_only=True)
    return [(str(place), str(words)) for place, words in there]


def pictured(sheet: str, at: str, data: bytes) -> Edit:
    def edit(person: Person) -> None:
        if sheet not in person.book.sheetnames:
            person.book.create_sheet(sheet)
        person.picture(sheet, at, data)

    return edit


def test_a_copied_sheet_goes_back_as_a_sheet_where_what_is_told_can_be_followed(
    tmp_path: Path,
) -> None:
    edits = [copied(SECOND), card(COPY, "辦理情形", "另一項業務的成果")]
    edits += [table(COPY, "量化成效", 1, "指標", "另一項指標")]
    edits += [table(COPY, "四構面自評", 1, "佐證說明", "另一項佐證")]
    path = gone_back(tmp_path, "report", *edits)
    book = openpyxl.load_workbook(path)
    said = {str(cell.value) for row in book[COPY].iter_rows() for cell in row}
    assert {"另一項業務的成果", "另一項指標", "另一項佐證"} <= said
    assert "表外內容" not in book.sheetnames, "all has its place"
    person = Person(path)
    number = person.card(COPY, "業務編號", "03-03")
    assert number.comment is not None and not number.protection.locked
    again = read(person.save())
    assert again.status == "accepted"
    assert records(again, "report", "03-03")[0].text("result") == "另一項業務的成果"


def test_a_point_on_a_renamed_sheet_leads_to_the_sheet_that_goes_back(tmp_path: Path) -> None:
    edits = [renamed(ITEM, "線上查詢"), card("線上查詢", "辦理情形", None)]
    book = openpyxl.load_workbook(gone_back(tmp_path, "report", *edits))
    links = [cell.hyperlink.location for (cell,) in book["待修正"]["C4:C9"] if cell.hyperlink]
    assert links == [f"'{ITEM}'!B12"]


STRAYS: dict[str, tuple[str, Sequence[Edit], Sequence[tuple[str, str]]]] = {
    "a total": (
        "report",
        [people(3, "業務編號", "合計"), people(3, "姓名", "2 人")],
        [("有功人員 A11", "合計"), ("有功人員 B11", "2 人")],
    ),
    "a note": ("report", [people(16, "業務編號", "備註：如附")], [("有功人員 A24", "備註：如附")]),
    "a row that says nothing follows": (
        "report",
        [people(3, "姓名", "以下空白")],
        [("有功人員 B11", "以下空白")],
    ),
    "beside the form": (
        "enrolment",
        [written("填報資料", 40, "請來電")],
        [("填報資料 A40", "請來電")],
    ),
    "an added sheet": (
        "report",
        [written("補充", row, f"第 {row} 點") for row in range(1, 6)],
        [(f"補充 A{row}", f"第 {row} 點") for row in range(1, 6)],
    ),
    "a comment": (
        "report",
        [lambda person: setattr(person.find(ITEM, "辦理情形"), "comment", Comment("待補", "李"))],
        [(f"{ITEM} A12（註解）", "待補")],
    ),
    "an item's name behind its number": (
        "report",
        [people(1, "業務編號", "03-01 線上查詢")],
        [("有功人員 A9", "03-01 線上查詢")],
    ),
    "sections of which nobody knows whose they are": (
        "review",
        [
            moved(f"業務 {one}", "四構面評分（選填）", 8, f"評分{n}")
            for n, one in enumerate(ITEMS, 1)
        ],
        [("評分1 A7", "創新性"), ("評分1 B7", "88"), ("評分2 A7", "創新性"), ("評分2 B7", "88")],
    ),
}


@pytest.mark.parametrize("case", STRAYS)
def test_what_has_no_place_in_the_form_goes_back_cell_by_cell(case: str, tmp_path: Path) -> None:
    key, edits, expected = STRAYS[case]
    fault = card("填報資料", "填寫日期", "某日") if key == "review" else WRONG
    book = openpyxl.load_workbook(gone_back(tmp_path, key, fault, *edits))
    assert [one for one in rows(book, "表外內容") if one in expected] == [*expected]


def test_what_already_went_back_once_goes_back_again(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first = gone_back(tmp_path, "report", WRONG, written("補充", 1, "請參考"))

    def the_same_file(person: Person) -> None:
        person.book = openpyxl.load_workbook(first)

    book = openpyxl.load_workbook(gone_back(tmp_path / "again", "report", the_same_file))
    assert rows(book, "表外內容") == [("補充 A1", "請參考")]


def test_pictures_without_a_place_go_back_too(tmp_path: Path) -> None:
    edits = [pictured("補充", "B2", photo(700)), pictured("填報資料", "B30", photo(701))]
    book = openpyxl.load_workbook(gone_back(tmp_path, "report", WRONG, *edits))
    assert rows(book, "表外內容")[-2:] == [("填報資料 B30", ""), ("補充 B2", "")]
    assert len(list(getattr(book["表外內容"], "_images"))) == 2  # noqa: B009


def test_a_business_not_enrolled_goes_back_with_its_sheet(tmp_path: Path) -> None:
    edits = [WRONG, copied(SECOND), card(COPY, "業務編號", "03-03")]
    edits += [card(COPY, "辦理情形", "新業務的成果")]
    book = openpyxl.load_workbook(gone_back(tmp_path, "report", *edits))
    said = [str(cell.value) for row in book["業務 03-03"].iter_rows() for cell in row]
    assert "新業務的成果" in said


def test_rows_that_went_on_elsewhere_go_back_in_their_table(tmp_path: Path) -> None:
    more = written("有功人員（續）", 2, "03-02", "趙一二", "E9", "專員", "公務人員", "", "某角色")
    path = gone_back(tmp_path, "report", header_of_people(), more)
    book = openpyxl.load_workbook(path)
    [link] = [cell.hyperlink.location for (cell,) in book["待修正"]["C4:C9"] if cell.hyperlink]
    assert book["有功人員"][link.rpartition("!")[2]].value == "某角色"


def test_a_point_in_the_second_block_of_a_table_leads_to_its_row(tmp_path: Path) -> None:
    def split(person: Person) -> None:
        top = person.find("有功人員", "姓名").row
        for row, words in enumerate([list(PERSON), [*list(PERSON.values())[:-1], "某角色"]]):
            for col, word in enumerate(words, 3):
                person.put("有功人員", top + 25 + row, col, word)

    book = openpyxl.load_workbook(gone_back(tmp_path, "report", split))
    [link] = [cell.hyperlink.location for (cell,) in book["待修正"]["C4:C9"] if cell.hyperlink]
    assert book["有功人員"][link.rpartition("!")[2]].value == "某角色"
    assert "表外內容" not in book.sheetnames
