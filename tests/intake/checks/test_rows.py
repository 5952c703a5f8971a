"""Faults between the fields of a row, the rows of a table, the sheets of items."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.edits import ITEM, card, filing, item, one_fault_is_one_finding, table
from tests.support.returns import (
    FILLED,
    Edit,
    Person,
    altered,
    codes,
    issued,
    nothing,
    read,
    returned,
)
from xltool.forms import REPORT
from xltool.forms.layout import shown
from xltool.model import Record

SINGLE: dict[str, tuple[str, Edit, str]] = {
    "stamped without a day": ("enrolment", filing("核章日期", None), "C401"),
    "stamped on no day": ("enrolment", filing("核章日期", "無"), "C401"),
    "partners unnamed": ("enrolment", item(1, "合作對象", None), "C401"),
    "nothing, yet something": ("enrolment", filing("填報情形", "本年度無參與業務"), "C402"),
    "a name twice": ("enrolment", item(2, "業務名稱", "用電申辦進度 線上查詢服務"), "C404"),
    "a number twice": ("enrolment", item(2, "業務編號", "03-01"), "C404"),
    "a score without evidence": ("report", table(ITEM, "四構面自評", 3, "佐證說明", None), "C405"),
    "numbers exchanged": ("enrolment", item(2, "業務編號", "03-09"), "S214"),
    "an item's number typed over": ("report", card(ITEM, "業務編號", "03-09"), "C423"),
    "one item's number on another's sheet": ("report", card(ITEM, "業務編號", "03-02"), "C423"),
    "last year's words typed over": ("report", card(ITEM, "上年度未來精進方向", "改寫"), "C423"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_one_fault_is_one_finding(name: str, tmp_path: Path) -> None:
    one_fault_is_one_finding(*SINGLE[name], tmp_path)


# --- given cells that a unit typed over ---------------------------------------------------------


def test_all_that_changed_of_an_item_is_asked_about_once_where_the_reason_belongs(
    tmp_path: Path,
) -> None:
    edits = [card(ITEM, "年度目標", "達 80%"), card(ITEM, "業務名稱", "一站通")]
    [told] = read(returned(tmp_path, "report", *edits)).findings
    assert told.message == "業務名稱、年度目標與發出時不同，但「與調查表不同之處」未填"
    person = Person(tmp_path / "report.xlsx")
    beside = person.find(ITEM, "與調查表不同之處").row
    assert (told.at.sheet, told.at.cell) == (ITEM, f"B{beside}")


@pytest.mark.parametrize(
    "edits",
    [
        [card(ITEM, "年度目標", "達 80%"), card(ITEM, "與調查表不同之處", "報名踴躍")],
        [card(ITEM, "年度目標", None)],
    ],
    ids=["explained", "only emptied"],
)
def test_no_reason_is_asked_for(edits: list[Edit], tmp_path: Path) -> None:
    assert codes(read(returned(tmp_path, "report", *edits))) == []


# --- nothing to report (R8) --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "status"), [("enrolment", "本年度無參與業務"), ("report", "本年度無執行成果")]
)
def test_a_unit_with_nothing_to_report_says_so_and_that_is_all(
    key: str, status: str, tmp_path: Path
) -> None:
    reading = read(issued(tmp_path, key, nothing(key, status)))
    assert codes(reading) == []
    assert reading.submission is not None
    assert reading.submission.nil is True


def test_a_unit_that_takes_no_part_still_names_its_member(tmp_path: Path) -> None:
    """附件2、二、(一): every unit has a member."""
    records = [r for r in nothing("enrolment", "本年度無參與業務") if r.section == "filing"]
    reading = read(issued(tmp_path, "enrolment", records))
    assert codes(reading) == ["V301"] * 4


def test_a_unit_that_takes_part_names_at_least_one_item(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "enrolment", nothing("enrolment", "有參與業務")))
    assert codes(reading) == ["C403"]
    assert reading.submission is not None
    assert reading.submission.nil is False


def test_a_report_as_issued_with_nothing_done_yet_may_be_nil(tmp_path: Path) -> None:
    given = [
        Record(r.section, {k: r.values[k] for k in ("item", "name", "category")}, r.of)
        for r in FILLED["report"]
        if r.section == "report"
    ]
    reading = read(issued(tmp_path, "report", [*nothing("report", "本年度無執行成果"), *given]))
    assert codes(reading) == []


def test_the_same_evidence_for_every_criterion_is_told_once(tmp_path: Path) -> None:
    edits = [
        table(ITEM, "四構面自評", row, "佐證說明", "依規定期程辦理並留有紀錄")
        for row in range(1, 5)
    ]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == ["C418"]
    assert "4 處" in reading.findings[0].message


def test_the_same_result_for_every_item_is_told(tmp_path: Path) -> None:
    edits = [card(f"業務 {n}", "辦理情形", "依計畫期程辦理完成。") for n in ("03-01", "03-02")]
    assert codes(read(returned(tmp_path, "report", *edits))) == ["C418"]


# --- what a row and a sheet were issued as ------------------------------------------------------


def test_a_sheet_pasted_over_another_is_the_item_s_it_now_tells_of(tmp_path: Path) -> None:
    filled = altered(FILLED["report"], "report", 1, name="另一項業務", target="另一個目標")
    person = Person(issued(tmp_path, "report", filled))
    source, target = person.sheet("業務 03-01"), person.sheet("業務 03-02")
    for cell in (cell for row in source.iter_rows() for cell in row if cell.value is not None):
        target[cell.coordinate].value = cell.value
    assert "C404" in codes(read(person.save()))


def test_numbers_exchanged_between_two_sheets_are_told_on_both_and_each_keeps_its_item(
    tmp_path: Path,
) -> None:
    edits = [card("業務 03-01", "業務編號", "03-02"), card("業務 03-02", "業務編號", "03-01")]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == ["C423", "C423"]
    assert reading.submission is not None
    said = {r.of: r.text("name") for r in reading.submission.section("report")}
    assert said == {r.of: r.text("name") for r in FILLED["report"] if r.section == "report"}


@pytest.mark.parametrize(("nth", "typed"), [(1, "03-02"), (1, "03-15"), (2, "03-01"), (3, "03-19")])
def test_a_row_s_number_that_is_no_longer_as_issued_is_asked_about(
    nth: int, typed: str, tmp_path: Path
) -> None:
    reading = read(returned(tmp_path, "enrolment", item(nth, "業務編號", typed)))
    assert set(codes(reading)) & {"S214", "C404", "S207"}


def test_rows_moved_as_a_whole_are_asked_about_once(tmp_path: Path) -> None:
    edits = [item(1, "業務編號", "03-02"), item(2, "業務編號", "03-01")]
    reading = read(returned(tmp_path, "enrolment", *edits))
    assert codes(reading) == ["S214"] and reading.status == "accepted"
    assert "「03-02」排在「03-01」之前" in reading.findings[0].message


def test_an_example_whose_first_cell_was_typed_over_is_asked_about(tmp_path: Path) -> None:
    first, name = REPORT.field("people", "item"), REPORT.field("people", "name")

    def retype(person: Person) -> None:
        person.table("有功人員", "有功人員", 0, first.label, "03-01")

    reading = read(returned(tmp_path, "report", retype))
    assert "S215" in codes(reading)
    assert reading.submission is not None
    assert shown(name.example) in [r.text("name") for r in reading.submission.section("people")]
