"""What goes out comes back: whatever people and programs do to a form, its fields are found again."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment

from tests.conftest import LibreOffice
from tests.support.packages import pack, parts
from tests.support.returns import (
    FILLED,
    PLAN,
    UNIT_NAME,
    Edit,
    Person,
    codes,
    content,
    issued,
    photo,
    read,
    returned,
)
from xltool.forms import FORMS
from xltool.forms.schema import Card
from xltool.intake.one import read_file
from xltool.model import Record
from xltool.plan import read_plan

KEYS = list(FORMS)
CARDS = {
    section.key
    for form in FORMS.values()
    for _, section in form.sections()
    if isinstance(section, Card)
}


def prefilled(key: str) -> list[Record]:
    """The records as issued: only what is given."""
    form = FORMS[key]
    kept = []
    for record in FILLED[key]:
        given = {f.key for f in form.section(record.section).fields if f.given}
        values = {k: v for k, v in record.values.items() if k in given}
        if values and record.section in CARDS | {"attendance"}:
            kept.append(Record(record.section, values, record.of))
    return kept


@pytest.mark.parametrize("key", KEYS)
def test_what_is_written_into_a_form_is_read_back(key: str, tmp_path: Path) -> None:
    reading = read(issued(tmp_path, key))
    assert codes(reading) == []
    assert reading.status == "accepted"
    submission = reading.submission
    assert submission is not None
    assert content(submission.records) == content(FILLED[key])
    assert (submission.form, submission.year) == (key, 114)


@pytest.mark.parametrize("key", KEYS)
def test_what_a_person_types_into_the_issued_form_is_read_back(key: str, tmp_path: Path) -> None:
    path = issued(tmp_path, key, prefilled(key))
    person = Person(path)
    person.type_records(FORMS[key], FILLED[key])
    person.save()
    reading = read(path)
    assert codes(reading) == []
    assert reading.submission is not None
    assert content(reading.submission.records) == content(FILLED[key])


@pytest.mark.parametrize("to", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls"])
@pytest.mark.parametrize("key", ["enrolment", "report", "meeting"])
def test_a_form_saved_again_by_libreoffice_is_read_alike(
    key: str, to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    path = soffice.convert(issued(tmp_path, key), to, tmp_path / "saved")
    reading = read(path)
    assert codes(reading) == []
    submission = reading.submission
    assert submission is not None
    assert content(submission.records) == content(FILLED[key])
    assert submission.saved > "2024"


def test_what_came_back_makes_the_plan_that_went_out(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "settings"))
    assert reading.submission is not None
    plan, findings = read_plan(reading.submission.records)
    assert findings == []
    assert plan is not None
    assert plan.units == PLAN.units
    assert plan.entitlements == PLAN.entitlements


def test_every_value_has_the_address_where_it_stands(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "enrolment"))
    assert reading.submission is not None
    record = reading.submission.card("member")
    person = Person(tmp_path / "enrolment.xlsx")
    for key, label in (("name", "姓名"), ("email", "電子郵件")):
        at = record.at[key]
        assert (at.file, at.sheet) == ("enrolment.xlsx", "填報資料")
        label_cell = person.find("填報資料", label)
        assert at.cell == f"B{label_cell.row}"
        assert person.sheet("填報資料")[at.cell].value == record.text(key)


# --- what people do to a form -----------------------------------------------------------------


def insert_rows(person: Person) -> None:
    """Insert rows above a section, between heading and header, and in a table."""
    sheet = person.sheet("參與業務")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(merged.coord)
    header = person.find("參與業務", "業務名稱").row
    sheet.insert_rows(header + 2, 2)
    sheet.insert_rows(header, 1)
    sheet.insert_rows(1, 3)


def insert_column(person: Person) -> None:
    sheet = person.sheet("參與業務")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(merged.coord)
    sheet.insert_cols(3, 2)


def swap_columns(person: Person) -> None:
    sheet = person.sheet("參與業務")
    top = person.find("參與業務", "業務名稱").row
    for row in range(top, top + 11):
        left, right = sheet.cell(row, 2), sheet.cell(row, 5)
        left.value, right.value = right.value, left.value


def rename_sheets(person: Person) -> None:
    for number, sheet in enumerate(person.book.worksheets):
        if not sheet.title.startswith("_"):
            sheet.title = f"工作表{number}"


def respell_labels(person: Person) -> None:
    """Spaces, line breaks and full-width marks creep into headings and headers."""
    for old, new in (
        ("參與業務", "參 與 業 務"),
        ("服務類別", "服務\n類別＊"),
        ("業務名稱", "　業務名稱 "),
    ):
        person.find("參與業務", old, below=2).value = new


def hide(person: Person) -> None:
    sheet = person.sheet("參與業務")
    sheet.sheet_state = "hidden"
    for row in range(6, 12):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True


def move_sheet_first(person: Person) -> None:
    person.book.move_sheet("參與業務", -2)


def move_section(person: Person) -> None:
    """The member's card is cut and pasted lower down and to the right."""
    sheet = person.sheet("填報資料")
    top = person.find("填報資料", "督導小組成員").row
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(merged.coord)
    sheet.move_range(f"A{top}:F{top + 6}", rows=9, cols=3)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (insert_rows, "標題與欄位名稱之間插入或刪除了列"),
        (insert_column, "插入或刪除了欄"),
        (swap_columns, "欄位順序已變動"),
        (rename_sheets, "工作表原名「填報資料」"),
        (respell_labels, "欄位名稱「服務 類別＊」讀為「服務類別＊」"),
        (hide, "工作表已隱藏；隱藏的列也已讀取"),
        (move_sheet_first, ""),
        (move_section, "右移"),
    ],
)
def test_a_form_survives_what_people_do_to_it_and_each_repair_is_told(
    edit: object, told: str, tmp_path: Path
) -> None:
    assert callable(edit)
    reading = read(returned(tmp_path, "enrolment", edit))
    assert set(codes(reading)) <= {"S213"}
    assert told in "".join(found.value for found in reading.findings)
    assert bool(told) == bool(reading.findings)
    assert reading.status == "accepted"
    assert reading.submission is not None
    assert content(reading.submission.records) == content(FILLED["enrolment"])


def test_the_name_of_a_file_tells_nothing(tmp_path: Path) -> None:
    path = issued(tmp_path, "report")
    other = tmp_path / "376431843C_1150087037_ATTACH4_參與業務調查表_修正版v2(1).dat"
    shutil.copy(path, other)
    reading = read(other)
    assert reading.status == "accepted"
    assert reading.submission is not None
    assert reading.submission.form == "report"


def test_the_senders_name_of_a_stored_file_is_the_one_in_findings(tmp_path: Path) -> None:
    path = returned(tmp_path, "enrolment", lambda p: p.card("填報資料", "填報人", None))
    reading = read_file(path, PLAN, name="電力組.xlsx")
    assert reading.file == "電力組.xlsx"
    assert reading.findings[0].at.file == "電力組.xlsx"


def test_more_rows_than_prepared_are_read_and_numbered_on(tmp_path: Path) -> None:
    def add(person: Person) -> None:
        for row in range(3, 13):
            for label in ("業務名稱", "服務類別", "服務對象", "執行方法", "年度目標"):
                value = "數位創新加值" if label == "服務類別" else f"{label}{row}"
                person.table("參與業務", "參與業務", row, label, value)
            for label, value in (
                ("跨機關或公私協力", "否"),
                ("承辦人", "李承辦"),
                ("承辦人電話", "02-27721370"),
            ):
                person.table("參與業務", "參與業務", row, label, value)

    # the sheet's name is a heading's too: look below the title
    reading = read(returned(tmp_path, "enrolment", add))
    assert codes(reading) == ["S208"]
    assert reading.submission is not None
    items = [record.text("item") for record in reading.submission.section("items")]
    assert items == [f"03-{n:02}" for n in range(1, 13)]


def test_a_cell_merged_over_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    def merge(person: Person) -> None:
        first = person.table("參與業務", "參與業務", 1, "承辦人", "李承辦")
        person.table("參與業務", "參與業務", 2, "承辦人", None)
        letter = first.column_letter
        person.sheet("參與業務").merge_cells(f"{letter}{first.row}:{letter}{first.row + 1}")

    reading = read(returned(tmp_path, "enrolment", merge))
    assert [found.value for found in reading.findings] == ["合併的儲存格視為各列內容相同"]
    assert reading.submission is not None
    assert [r.text("handler") for r in reading.submission.section("items")] == ["李承辦"] * 2


# --- which form it is -------------------------------------------------------------------------


def without_stamp(person: Person) -> None:
    if "_meta" in person.book.sheetnames:
        del person.book["_meta"]
    properties = person.book.custom_doc_props  # type: ignore[attr-defined]  # not in the stubs
    for name in list(properties.names):
        del properties[name]


@pytest.mark.parametrize("key", KEYS)
def test_a_form_that_lost_its_stamp_is_known_by_its_words(key: str, tmp_path: Path) -> None:
    path = returned(tmp_path, key, without_stamp)
    reading = read_file(path, PLAN)
    assert codes(reading) == ["S204"]
    assert FORMS[key].title in reading.findings[0].message
    assert "個區塊標題相符、表單名稱相符" in reading.findings[0].message, "how sure"
    submission = reading.submission
    assert submission is not None
    assert (submission.form, submission.year) == (key, 114)
    assert submission.unit == ("03" if key in {"enrolment", "report", "review"} else "")


def test_document_properties_stand_in_for_the_hidden_sheet(tmp_path: Path) -> None:
    def drop(person: Person) -> None:
        del person.book["_meta"]

    reading = read(returned(tmp_path, "enrolment", drop))
    assert codes(reading) == []
    assert reading.submission is not None
    assert reading.submission.unit == "03"


def meta(person: Person, key: str, value: object) -> None:
    """Change a row of the hidden sheet."""
    cell = person.find("_meta", key)
    person.put("_meta", cell.row, 2, value)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("year", 113, "S202"), ("year", "115", "S202"), ("unit", "77", "S203"), ("unit", "", "S203")],
)
def test_a_form_of_another_year_or_unit_is_stopped(
    key: str, value: object, code: str, tmp_path: Path
) -> None:
    reading = read(returned(tmp_path, "enrolment", lambda person: meta(person, key, value)))
    assert codes(reading) == [code]
    assert reading.status == "blocked"


def test_a_form_of_an_older_version_is_read_and_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = issued(tmp_path, "enrolment")
    monkeypatch.setitem(FORMS, "enrolment", replace(FORMS["enrolment"], version=2))
    reading = read(path)
    assert codes(reading) == ["S209"]
    assert reading.status == "accepted"


def test_a_form_issued_to_one_unit_and_filed_by_another_is_stopped(tmp_path: Path) -> None:
    reading = read(
        returned(tmp_path, "enrolment", lambda p: p.card("填報資料", "單位", "油氣發展及管理組"))
    )
    assert codes(reading) == ["S210"]
    assert UNIT_NAME in reading.findings[0].message


def test_a_workbook_that_is_no_form_is_told_so(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].append(["差勤紀錄", "2025-01-01"])
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert codes(reading) == ["S201"]
    assert reading.status == "unreadable"


# --- sections and columns that are gone, and what is left over ----------------------------------


def test_a_section_without_its_heading_is_missed(tmp_path: Path) -> None:
    def rub_out(person: Person) -> None:
        person.find("有功人員", "有功人員").value = None

    reading = read(returned(tmp_path, "report", rub_out))
    assert "S205" in codes(reading)
    # what stood there is named, not lost
    assert any(f.code == "S207" and "E10234" in f.value for f in reading.findings)


def test_a_column_without_its_header_is_missed(tmp_path: Path) -> None:
    def rename(person: Person) -> None:
        person.find("參與業務", "服務對象").value = "給誰用"

    reading = read(returned(tmp_path, "enrolment", rename))
    assert codes(reading) == ["S206", "S207", "S207", "S207"]


def test_what_stands_in_no_field_is_named_with_its_place(tmp_path: Path) -> None:
    def scribble(person: Person) -> None:
        person.put("填報資料", 40, 9, "請來電確認")

    reading = read(returned(tmp_path, "enrolment", scribble))
    assert codes(reading) == ["S207"]
    assert reading.findings[0].at.cell == "I40"
    assert reading.findings[0].value == "請來電確認"
    assert reading.status == "accepted"


def test_many_left_over_cells_on_a_sheet_share_a_finding_that_keeps_them_all(
    tmp_path: Path,
) -> None:
    def scribble(person: Person) -> None:
        for row in range(40, 60):
            person.put("填報資料", row, 3, f"補充說明{row}")

    reading = read(returned(tmp_path, "enrolment", scribble))
    assert codes(reading) == ["S207"]
    assert all(f"C{row} 補充說明{row}" in reading.findings[0].value for row in range(40, 60))


def test_nothing_typed_is_lost(tmp_path: Path) -> None:
    """Type a word of its own into every blank cell of a sheet: each is in a record or a finding."""
    path = issued(tmp_path, "report")
    person = Person(path)
    sheet = person.sheet("業務 03-01")
    words = []
    for row in sheet.iter_rows(max_row=70, max_col=9):
        for cell in row:
            if cell.value is None and type(cell).__name__ == "Cell":
                words.append(f"字{cell.coordinate}")
                cell.value = words[-1]
    person.save()
    reading = read(path)
    assert reading.submission is not None
    kept = [str(value) for record in reading.submission.records for value in record.values.values()]
    kept += [text for record in reading.submission.records for text in record.raw.values()]
    kept += [finding.value for finding in reading.findings]
    everything = "\n".join(kept)
    assert len(words) > 300
    assert [word for word in words if word not in everything] == []


def test_a_table_of_thousands_of_rows_is_no_form(tmp_path: Path) -> None:
    def fill(person: Person) -> None:
        for row in range(9, 9 + 2_001):
            person.put("參與業務", row, 2, f"業務{row}")

    reading = read(returned(tmp_path, "enrolment", fill))
    assert codes(reading) == ["F105"]
    assert "參與業務" in reading.findings[0].message


@pytest.mark.parametrize("seed", range(18))
def test_nothing_typed_is_lost_whatever_else_happens_to_the_form(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    key = KEYS[seed % len(KEYS)]
    person = Person(issued(tmp_path, key))
    words = []
    for sheet in person.book.worksheets:
        if sheet.title.startswith("_"):
            continue
        if dice.random() < 0.5:
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(merged.coord)
            change = dice.choice([sheet.insert_rows, sheet.insert_cols, sheet.delete_rows])
            change(dice.randint(1, 20), dice.randint(1, 2))
        for _ in range(30):
            cell = sheet.cell(dice.randint(1, 50), dice.randint(1, 12))
            if not isinstance(cell, MergedCell):
                cell.value = f"字{dice.randint(10**8, 10**9)}"
                words.append(cell)
    typed = {str(cell.value) for cell in words}
    reading = read(person.save())
    assert reading.submission is not None
    kept = [str(value) for record in reading.submission.records for value in record.values.values()]
    kept += [text for record in reading.submission.records for text in record.raw.values()]
    kept += [finding.value for finding in reading.findings]
    everything = "\n".join(kept)
    # what was prefilled beside a known name is not to be told from what was typed over it
    known = {str(c.value) for c in words if key == "meeting" and c.column_letter == "B"}
    assert [word for word in typed - known if word not in everything] == []


def test_a_shape_with_words_in_it_is_not_lost(tmp_path: Path) -> None:
    path = returned(
        tmp_path, "enrolment", lambda person: person.picture("填報資料", "B30", photo())
    )
    whole = parts(path)
    shape = (
        "<oneCellAnchor><from><col>2</col><row>9</row></from><sp><txBody><p><r><t>"
        "請看附件</t></r></p></txBody></sp></oneCellAnchor>"
    )
    head, end, name = whole["xl/drawings/drawing1.xml"].rpartition(b"</")
    whole["xl/drawings/drawing1.xml"] = head + shape.encode() + end + name
    path.write_bytes(pack(whole))
    reading = read(path)
    assert sorted(codes(reading)) == ["S207", "S211"]
    assert "請看附件" in {finding.value for finding in reading.findings}


def test_dates_come_out_the_same_however_they_are_spelled(tmp_path: Path) -> None:
    spelled: list[object] = [
        *("114.11.30", "114/11/30", "114-11-30", "114年11月30日", "中華民國114年11月30日"),
        *("1141130", "２０２５／１１／３０", "2025/11/30", "20251130", 45991, date(2025, 11, 30)),
        *("民國 114 年 11 月 30 日", "114. 11. 30"),
    ]
    for number, value in enumerate(spelled):
        folder = tmp_path / str(number)
        folder.mkdir()
        reading = read(
            returned(folder, "enrolment", lambda p, v=value: p.card("填報資料", "填報日期", v))  # type: ignore[misc]
        )
        assert reading.status == "accepted", value
        assert reading.submission is not None
        assert reading.submission.card("filing").day("day") == date(2025, 11, 30), value


@pytest.mark.parametrize(
    "text", ["合計：12 位同仁參與", "加權總分：請見附件", "尚缺 3 項佐證，容後補"]
)
def test_words_that_begin_like_a_live_check_are_left_over_like_others(
    text: str, tmp_path: Path
) -> None:
    reading = read(
        returned(tmp_path, "report", lambda person: person.put("有功人員", 80, 12, text))
    )
    assert [(f.code, f.value) for f in reading.findings] == [("S207", text)]


# --- comments -----------------------------------------------------------------------------------


def comment(text: str) -> Edit:
    """A comment on a cell, as people write one."""

    def write(person: Person) -> None:
        person.sheet("填報資料")["B6"].comment = Comment(text, "王小明")

    return write


def test_a_comment_is_told_with_its_cell(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", comment("分機已改為 6125")))
    assert [(f.code, f.at.sheet, f.at.cell, f.value) for f in reading.findings] == [
        ("S212", "填報資料", "B6", "分機已改為 6125")
    ]


def test_a_thread_of_comments_is_told_once_with_its_answers(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", comment("[Threaded comment] Your version of Excel allows"))
    ns = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = (
        f'<ThreadedComments xmlns="{ns}"><threadedComment ref="B6" id="{{1}}"><text>分機對嗎？</text>'
        '</threadedComment><threadedComment ref="B6" id="{2}" parentId="{1}"><text>已改</text>'
        "</threadedComment></ThreadedComments>"
    )
    whole = parts(path)
    [rels] = [n for n in whole if n.startswith("xl/worksheets/_rels/") and b"comment" in whole[n]]
    whole[rels] = whole[rels].replace(
        b"</Relationships>",
        b'<Relationship Id="t1" Type="threadedComment" '
        b'Target="../threadedComments/threadedComment1.xml"/></Relationships>',
    )
    whole["xl/threadedComments/threadedComment1.xml"] = thread.encode()
    path.write_bytes(pack(whole))
    assert [(f.code, f.value) for f in read(path).findings] == [("S212", "分機對嗎？\n已改")]


@pytest.mark.parametrize("to", ["xlsx", "ods"])
def test_a_comment_survives_libreoffice(to: str, soffice: LibreOffice, tmp_path: Path) -> None:
    path = returned(tmp_path, "report", comment("分機已改為 6125"))
    saved = soffice.convert(path, to, tmp_path / "saved")
    assert [(f.code, f.value) for f in read(saved).findings] == [("S212", "分機已改為 6125")]
