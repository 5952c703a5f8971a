"""Faults between the fields of a row, the rows of a table, the sheets of items."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.edits import ITEM, card, filing, item, one_fault_is_one_finding, table
from tests.support.returns import FILLED, Edit, Person, codes, issued, nothing, read, returned
from xltool.model import Record

SINGLE: dict[str, tuple[str, Edit, str]] = {
    "stamped without a day": ("enrolment", filing("核章日期", None), "C401"),
    "stamped on no day": ("enrolment", filing("核章日期", "無"), "C401"),
    "partners unnamed": ("enrolment", item(1, "合作對象", None), "C401"),
    "nothing, yet something": ("enrolment", filing("填報情形", "本年度無參與業務"), "C402"),
    "a name twice": ("enrolment", item(2, "業務名稱", "用電申辦進度 線上查詢服務"), "C404"),
    "a number twice": ("enrolment", item(2, "業務編號", "03-01"), "C404"),
    "a score without evidence": ("report", table(ITEM, "四構面自評", 3, "佐證說明", None), "C405"),
    "an item's sheet twice": ("report", card("業務 03-02", "業務編號", "03-01"), "C404"),
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
        [card(ITEM, "上年度未來精進方向", "改寫")],
    ],
    ids=["explained", "only emptied", "of what may not change"],
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
    """附件2.二.(一): every unit has a member."""
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
    edits = [table(ITEM, "四構面自評", row, "佐證說明", "詳如附件說明資料") for row in range(1, 5)]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == ["C418"]
    assert "4 處" in reading.findings[0].message


def test_the_same_result_for_every_item_is_told(tmp_path: Path) -> None:
    edits = [card(f"業務 {n}", "辦理情形", "依計畫期程辦理完成。") for n in ("03-01", "03-02")]
    assert codes(read(returned(tmp_path, "report", *edits))) == ["C418"]
