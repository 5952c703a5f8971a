"""The coordinator's own questions (加問欄位): asked, typed, read, checked, merged, shown and published by
what one row of 年度設定 says of each."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pandas as pd
import pytest

from tests.support.returns import FILLED, Person, issued
from tests.support.settings import filled
from xltool import Year
from xltool.faces.cli import main
from xltool.forms import FORMS, SETTINGS
from xltool.forms.of_year import forms_of
from xltool.intake.one import read_file
from xltool.model import Record, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import Plan, read_plan
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.settings import SettingsError, read_settings
from xltool.steps.write import annex3, export, merge
from xltool.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

RATE, STAGE, BOARD, VISIT, GUESTS = (
    "預算執行率（%）",
    "辦理階段",
    "主管會報日期",
    "是否實地查訪",
    "列席人員",
)
QUESTIONS: tuple[dict[str, Value], ...] = (
    {
        "form": "執行成果填報表",
        "section": "業務成果",
        "label": RATE,
        "kind": "數字",
        "required": True,
        "hint": "截至11月底",
        "personal": False,
        "published": True,
    },
    {
        "form": "執行成果填報表",
        "section": "業務成果",
        "label": STAGE,
        "kind": "選單",
        "choices": "已完成、辦理中、未開始",
        "personal": False,
    },
    {"form": "執行成果填報表", "section": "填報資料", "label": BOARD, "kind": "日期"},
    {"form": "督導意見表", "section": "書面意見", "label": VISIT, "kind": "是否"},
    {
        "form": "會議紀錄表",
        "section": "會議資料",
        "label": GUESTS,
        "kind": "長文字",
        "length": Decimal(200),
    },
)
"""One of each kind but the plain text; on five cards of three forms."""


def settings(*questions: dict[str, Value]) -> tuple[Record, ...]:
    """Those of 114 with these questions."""
    rows = ({"number": f"Q{n}", **one} for n, one in enumerate(questions, 1))
    return (*filled(), *(Record("questions", row) for row in rows))


def set_to(path: Path, *questions: dict[str, Value]) -> Plan:
    """年度設定 with these questions, as the coordinator fills it in."""
    records = settings(*questions)
    plan, _ = read_plan(records)
    assert plan is not None
    write_form(path, FormCopy(SETTINGS, plan, records=records))
    return plan


@dataclass(frozen=True)
class Asking:
    """A year that asks `QUESTIONS`, and what it sent out to unit 03."""

    workspace: Workspace
    plan: Plan
    forms: dict[str, Path]


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    new(tmp_path / "114", 114)
    workspace = Workspace.open(tmp_path / "114")
    plan = set_to(workspace.settings, *QUESTIONS)
    shutil.copy(issued(tmp_path, "enrolment"), workspace.inbox)
    sent = {}
    for key, unit in (("report", "03"), ("review", "03"), ("meeting", "")):
        done = issue(workspace, key, [unit] if unit else [])
        sent[key] = next(path for path in done.outputs if path.suffix == ".xlsx")
        typed = Person(sent[key])
        typed.type_records(FORMS[key], FILLED[key])
        if key == "meeting":  # comes with both items
            typed.table("確認清單", "確認清單", 2, "小組決定", "確認")
        typed.save()
    return Asking(workspace, plan, sent)


ANSWERS: dict[str, Sequence[tuple[str, str, str, object]]] = {
    "report": (
        ("業務 03-01", "業務成果", RATE, 87.6),
        ("業務 03-01", "業務成果", STAGE, "辦理中"),
        ("業務 03-02", "業務成果", RATE, 100),
        ("填報資料", "填報資料", BOARD, "114.11.20"),
    ),
    "review": (("業務 03-01", "書面意見", VISIT, "是"),),
    "meeting": (("會議資料", "會議資料", GUESTS, "國發會 王科長"),),
}


def answered(asking: Asking) -> None:
    """The forms as they come back, by openpyxl."""
    for key, path in asking.forms.items():
        person = Person(path)
        for sheet, heading, label, value in ANSWERS[key]:
            person.card(sheet, label, value, heading)
        person.save()
        shutil.copy(path, asking.workspace.inbox)


def words(path: Path) -> str:
    nodes = docx.Document(str(path)).element.body.iter()
    return "\n".join(node.text or "" for node in nodes if node.tag.endswith("}t"))


def test_a_question_stands_on_its_card_with_its_hint_and_its_list(asking: Asking) -> None:
    book = openpyxl.load_workbook(asking.forms["report"])
    person = Person(asking.forms["report"])
    row, column = person.card_place("業務 03-01", RATE, "業務成果")
    sheet = book["業務 03-01"]
    assert str(sheet.cell(row, column - 1).value).startswith(RATE)
    rules = [
        one
        for one in sheet.data_validations.dataValidation
        if sheet.cell(row, column).coordinate in one.sqref
    ]
    assert [("截至11月底" in str(one.prompt), one.type) for one in rules] == [(True, "decimal")]
    row, column = person.card_place("業務 03-01", STAGE, "業務成果")
    [listed] = [
        one
        for one in sheet.data_validations.dataValidation
        if sheet.cell(row, column).coordinate in one.sqref
    ]
    assert listed.type == "list"


def test_what_was_answered_is_typed_and_named_in_frames_and_the_export(asking: Asking) -> None:
    answered(asking)
    year = Year.open(asking.workspace.root)
    items = year.frame("items").set_index("item")
    assert items["q1"].tolist() == [Decimal("87.6"), Decimal(100)]
    assert items.attrs["labels"]["q1"] == RATE
    assert items["q2"].tolist()[0] == "辦理中"
    assert "q3" not in year.frame("filings"), "personal unless said otherwise"
    filings = year.frame("filings", personal=True)
    assert pd.Timestamp("2025-11-20") in filings["q3"].tolist()
    assert year.frame("reviews", personal=True)["q4"].tolist()[0] in (True, "是")
    assert year.frame("meetings", personal=True)["q5"].tolist() == ["國發會 王科長"]
    export(asking.workspace)
    folder = asking.workspace.results / "匯出"
    with (folder / "資料字典.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {(row["資料表"], row["欄位"]): row for row in csv.DictReader(file)}
    assert (told["items", "q1"]["說明"], told["items", "q1"]["個人資料"]) == (RATE, "")
    assert told["filings", "q3"]["個人資料"] == "是"


def test_the_tracker_shows_every_answer_and_where_it_is_from(
    asking: Asking, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(asking)
    merge(asking.workspace)
    path = asking.workspace.tracker(114)
    book = openpyxl.load_workbook(path)
    shown = {
        str(cell.value): f"{sheet.title}!{cell.coordinate}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert {"87.6", "辦理中", "114.11.20", "國發會 王科長"} <= shown.keys()
    capsys.readouterr()
    root = str(asking.workspace.root)
    assert main(["where", str(path), shown["辦理中"], "--folder", root]) == 0
    at = Person(asking.forms["report"]).card_place("業務 03-01", STAGE, "業務成果")
    assert f"業務 03-01!B{at[0]}" in capsys.readouterr().out
    [paper] = annex3(asking.workspace).outputs
    assert main(["where", str(paper), "87.6", "--folder", root]) == 0
    assert RATE in capsys.readouterr().out


def test_only_what_is_to_be_published_stands_in_annex_3(asking: Asking) -> None:
    answered(asking)
    [path] = annex3(asking.workspace).outputs
    said = words(path)
    assert RATE in said
    assert "87.6" in said
    for other in (STAGE, "辦理中", BOARD, "114.11.20", "11月20日", GUESTS, "王科長", VISIT):
        assert other not in said


@pytest.mark.parametrize(
    ("label", "typed", "code"),
    [(RATE, None, "V301"), (RATE, "很高", "V302"), (STAGE, "快好了", "V305")],
)
def test_a_wrong_answer_is_told_at_its_cell(
    label: str, typed: object, code: str, asking: Asking
) -> None:
    answered(asking)
    person = Person(asking.forms["report"])
    cell = person.card("業務 03-01", label, typed, "業務成果")
    person.save()
    reading = read_file(asking.forms["report"], asking.plan, items={"03": ("03-01", "03-02")})
    [found] = [one for one in reading.findings if one.blocks]
    assert (found.code, found.at.cell, label in found.message) == (code, cell.coordinate, True)


def test_a_form_that_went_out_before_lacks_nothing_and_that_is_said(
    tmp_path: Path, asking: Asking
) -> None:
    early = issued(tmp_path, "report")
    reading = read_file(early, asking.plan, items={"03": ("03-01", "03-02")})
    assert reading.status == "accepted"
    assert [(one.code, one.value) for one in reading.findings if one.code == "S227"] == [
        ("S227", BOARD),
        ("S227", RATE),
        ("S227", STAGE),
    ]
    shutil.copy(early, asking.workspace.inbox)
    assert all(
        item.answer("report.q1").value is None for item in gather(asking.workspace).dataset.items
    )


def test_a_corrected_answer_is_told_as_a_change(
    asking: Asking, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(asking)
    gather(asking.workspace)
    person = Person(asking.forms["report"])
    person.card("業務 03-01", RATE, 91, "業務成果")
    person.save()
    shutil.copy(asking.forms["report"], asking.workspace.inbox / "03_更正.xlsx")
    capsys.readouterr()
    main(["diff", "--unit", "03", "--form", "report", "--folder", str(asking.workspace.root)])
    told = capsys.readouterr().out
    assert RATE in told
    assert "87.6" in told and "91" in told


WRONG: Sequence[tuple[str, dict[str, Value], str, str]] = (
    ("label", {"label": "辦理情形"}, "P623", "題目"),
    ("label in brackets", {"label": "辦理情形（補充）"}, "P623", "題目"),
    ("title", {"label": "四構面自評"}, "P623", "題目"),
    ("section", {"section": "書面意見"}, "P624", "加在哪一區"),
    ("choices", {"kind": "選單", "choices": "只有一個"}, "P625", "可選的答案"),
    ("personal", {"published": True, "personal": None}, "P626", "刊登附件3"),
    ("elsewhere", {"published": True, "section": "填報資料"}, "P626", "刊登附件3"),
)


@pytest.mark.parametrize(
    ("values", "code", "label"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_a_question_that_cannot_be_asked_is_told_at_its_cell_before_anything_goes_out(
    values: dict[str, Value], code: str, label: str, tmp_path: Path
) -> None:
    new(tmp_path / "114", 114)
    workspace = Workspace.open(tmp_path / "114")
    good = {**QUESTIONS[1], "kind": "文字", "choices": None, "personal": False}
    set_to(workspace.settings, QUESTIONS[0], {**good, **values})
    with pytest.raises(SettingsError) as refused:
        issue(workspace, "enrolment")
    [found] = [one for one in refused.value.findings if one.blocks]
    at = Person(workspace.settings).table_place("加問欄位", "加問欄位", 2, label)
    cell = Person(workspace.settings).sheet("加問欄位").cell(*at).coordinate
    assert (found.code, found.at.sheet, found.at.cell) == (code, "加問欄位", cell)
    assert "Q2" in found.message


def test_two_questions_of_one_card_may_not_be_called_alike(tmp_path: Path) -> None:
    new(tmp_path / "114", 114)
    set_to(tmp_path / "114" / "年度設定.xlsx", QUESTIONS[0], replace_label(QUESTIONS[1], RATE))
    with pytest.raises(SettingsError, match="Q2"):
        read_settings(tmp_path / "114" / "年度設定.xlsx")


def replace_label(question: dict[str, Value], label: str) -> dict[str, Value]:
    return {**question, "label": label}


def test_next_year_asks_them_again_until_somebody_takes_them_out(
    asking: Asking, tmp_path: Path
) -> None:
    new(tmp_path / "115", 115, asking.workspace.root)
    _, plan = read_settings(tmp_path / "115" / "年度設定.xlsx")
    assert [one.label for one in plan.questions] == [RATE, STAGE, BOARD, VISIT, GUESTS]


def test_a_year_without_questions_has_the_forms_as_declared() -> None:
    plan, _ = read_plan(filled())
    assert dict(forms_of(plan)) == FORMS


@pytest.mark.libreoffice
def test_five_questions_are_played_from_issue_to_annex_3_in_libreoffice(
    asking: Asking, soffice: LibreOffice, tmp_path: Path
) -> None:
    """The report comes back as .ods, the opinion as .xls, the minutes as .xlsx."""
    kinds = {"report": ".ods", "review": ".xls", "meeting": ".xlsx"}
    jobs = []
    for key, path in asking.forms.items():
        person = Person(path)
        cells = []
        for sheet, heading, label, value in ANSWERS[key]:
            row, column = person.card_place(sheet, label, heading)
            cells.append((sheet, row - 1, column - 1, value))
        target = asking.workspace.inbox / f"{path.stem}{kinds[key]}"
        jobs.append({"source": str(path), "target": str(target), "cells": cells})
    soffice.type_in(tmp_path, jobs)
    year = gather(asking.workspace)
    assert [one for one in year.findings if one.blocks] == []
    [item, other] = year.dataset.items
    assert item.answer("report.q1").value == Decimal("87.6")
    assert item.answer("report.q2").value == "辦理中"
    assert other.answer("report.q1").value == Decimal(100)
    assert item.reviews[0].answer("review.q4").value is True
    [meeting] = year.dataset.meetings
    assert meeting.answer("meeting.q5").value == "國發會 王科長"
    filing = next(f for f in year.dataset.filings if (f.unit, f.form) == ("03", "report"))
    assert filing.answer("filing.q3").value == date(2025, 11, 20)
    [paper] = annex3(asking.workspace).outputs
    printed = "\n".join(soffice.printed(paper))
    assert RATE.replace("（", "(").replace("）", ")") in printed.replace("（", "(").replace(
        "）", ")"
    )
    assert "王科長" not in printed


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ("線上、實體（含講座、工作坊）、其他", ("線上", "實體（含講座、工作坊）", "其他")),
        ("已完成,辦理中；未開始／暫緩", ("已完成", "辦理中", "未開始", "暫緩")),
        ("甲\n乙，丙", ("甲", "乙", "丙")),
        ("甲、甲、乙、", ("甲", "乙")),
    ],
)
def test_the_answers_to_choose_from_are_told_apart_however_they_are_separated(
    typed: str, choices: tuple[str, ...]
) -> None:
    plan, _ = read_plan(settings({**QUESTIONS[1], "choices": typed}))
    assert plan is not None
    assert plan.questions[0].choices == choices


def test_a_setting_that_the_kind_of_answer_does_not_use_is_told(tmp_path: Path) -> None:
    new(tmp_path / "114", 114)
    path = tmp_path / "114" / "年度設定.xlsx"
    set_to(path, {**QUESTIONS[0], "choices": "甲、乙", "length": Decimal(20)})
    reading, _ = read_settings(path)
    told = [(one.code, one.value) for one in reading.findings if one.code == "P627"]
    assert told == [("P627", "甲、乙"), ("P627", "20")]


def test_a_day_asked_for_may_be_any_of_the_year(asking: Asking) -> None:
    answered(asking)
    for typed, code in (("114.1.5", []), ("113.1.5", ["V324"])):
        person = Person(asking.forms["report"])
        person.card("填報資料", BOARD, typed, "填報資料")
        person.save()
        reading = read_file(asking.forms["report"], asking.plan, items={"03": ("03-01", "03-02")})
        assert [one.code for one in reading.findings if one.code == "V324"] == code


def test_a_question_taken_out_after_returns_came_in_is_told_with_what_becomes_of_its_answers(
    asking: Asking, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(asking)
    merge(asking.workspace)
    set_to(asking.workspace.settings, *QUESTIONS[1:])
    capsys.readouterr()
    main(["run", "--folder", str(asking.workspace.root)])
    told = capsys.readouterr().out
    assert "不再問的答案仍在檢核結果（S207），不列入總表" in told
    left = [one for one in gather(asking.workspace).findings if one.code == "S207"]
    assert "87.6" in {one.value for one in left}


@pytest.mark.parametrize(
    ("number", "changed", "late"),
    [
        (1, {"choices": "現場、電話"}, []),  # it was 辦理中 when the form went out
        (1, {"required": True}, []),
        (1, {"section": "填報資料"}, [STAGE]),
        (1, {"label": "目前階段"}, ["目前階段"]),
        (0, {"kind": "文字", "required": False}, [RATE]),
    ],
)
def test_a_unit_is_held_to_what_its_form_asked_when_it_went_out(
    number: int, changed: dict[str, Value], late: list[str], asking: Asking
) -> None:
    answered(asking)
    person = Person(asking.forms["report"])
    person.card("業務 03-02", STAGE, None, "業務成果")  # may be left blank
    person.save()
    questions = [dict(one) for one in QUESTIONS]
    questions[number] |= changed
    plan, _ = read_plan(settings(*questions))
    reading = read_file(asking.forms["report"], plan, items={"03": ("03-01", "03-02")})
    assert reading.status == "accepted", reading.findings
    assert [one.value for one in reading.findings if one.code == "S227"] == late
    told = {one.value for one in reading.findings}
    assert reading.submission is not None
    [card, _] = reading.submission.section("report")
    answer = "辦理中" if number else "87.6"
    key = "q2" if number else "q1"
    assert bool(late) is (answer in told)
    assert bool(late) is not (card.text(key) == answer or card.number(key) == Decimal("87.6"))


def test_nothing_said_to_a_question_of_yes_or_no_is_a_no(asking: Asking) -> None:
    answered(asking)
    person = Person(asking.forms["review"])
    person.card("業務 03-01", VISIT, "無", "書面意見")
    person.save()
    reading = read_file(asking.forms["review"], asking.plan, items={"03": ("03-01", "03-02")})
    assert reading.submission is not None
    assert reading.submission.section("review")[0].values["q4"] is False
    assert "V308" in {one.code for one in reading.findings}
