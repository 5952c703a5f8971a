"""A given cell that no longer holds what was issued is told from one that does, and so is what was
issued: also in .ods and .xls, and on every later round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import LibreOffice
from tests.support.returns import FILLED, ITEMS, PLAN, UNIT, Person, altered, codes, issued, read
from tests.support.sample import year_of_114
from xltool.forms import FORMS
from xltool.forms.schema import Card, Table
from xltool.intake.one import read_file
from xltool.model import Record, Submission, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import Plan
from xltool.steps.give_back import give_back
from xltool.steps.issue import issue
from xltool.steps.settings import load_plan
from xltool.store.workspace import Workspace

ITEM = "業務 03-01"
OLD_NAME = "用電申辦進度線上查詢服務"
OLD_TARGET = "線上查詢使用率達 60%"
NEW_NAME, NEW_TARGET = "用電申辦一站通", "線上查詢使用率達 80%"
ECHOES = [key for key, form in FORMS.items() if any(a.field.echo for a in form.asked.values())]


def submission(path: Path) -> Submission:
    reading = read(path)
    assert reading.submission is not None, codes(reading)
    return reading.submission


def typed_over(records: Iterable[Record]) -> dict[tuple[str, str], Mapping[str, str]]:
    return {(one.section, one.of): one.issued for one in records if one.issued}


def report(folder: Path, *cells: tuple[str, object]) -> Path:
    """The report of the tests, in which a unit has edited cells of its first item."""
    person = Person(issued(folder, "report"))
    for label, value in cells:
        person.card(ITEM, label, value, "業務成果")
    return person.save()


def test_every_given_field_is_told_by_itself_or_by_what_was_issued() -> None:
    """A row of a table that no list gives has nothing given but its number: no row is mistaken."""
    for form in FORMS.values():
        for _, section in form.sections():
            if isinstance(section, Table) and section.rows_from is None:
                assert all(one.numbered for one in section.fields if one.given), section.key
            if isinstance(section, Card):
                assert not any(one.numbered for one in section.fields), section.key


# --- a form as it was issued ------------------------------------------------------------------


@pytest.mark.parametrize("key", FORMS)
def test_a_form_as_issued_has_nothing_typed_over(key: str, tmp_path: Path) -> None:
    made = submission(issued(tmp_path, key))
    assert typed_over(made.records) == {}
    assert made.baseline is (key in ECHOES)


@pytest.mark.parametrize("to", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls"])
@pytest.mark.parametrize("key", FORMS)
def test_a_form_that_another_program_has_saved_has_nothing_typed_over(
    key: str, to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    folder = tmp_path / "saved"
    made = submission(soffice.convert(issued(tmp_path, key), to, folder))
    assert typed_over(made.records) == {}
    assert made.baseline is (key in ECHOES)


@pytest.mark.parametrize("key", FORMS)
def test_a_form_issued_without_any_value_has_nothing_typed_over(key: str, tmp_path: Path) -> None:
    cards = [s.sections[0].key for s in FORMS[key].sheets if s.per_item]
    blank = [Record(card, {"item": ITEMS[0]}, ITEMS[0]) for card in cards]
    made = submission(issued(tmp_path, key, blank))
    assert typed_over(made.records) == {}
    assert made.baseline is (key in ECHOES)


def test_what_says_that_nothing_was_known_is_no_answer(tmp_path: Path) -> None:
    result, score = (FORMS["review"].field("review", key) for key in ("result", "self_score"))
    unknown = {"result": result.placeholder, "self_score": score.placeholder}
    records = altered(FILLED["review"], "review", **unknown)
    path = issued(tmp_path, "review", records)
    made = submission(path)
    assert not {"result", "self_score"} & made.section("review")[0].values.keys()
    assert typed_over(made.records) == {}
    person = Person(path)
    person.card(ITEM, result.label, "已完成建置", "書面意見")
    person.card(ITEM, score.label, None, "書面意見")
    made = submission(person.save())
    assert typed_over(made.records) == {("review", "03-01"): {"result": ""}}
    assert made.card("review", "03-01").text("result") == "已完成建置"


@pytest.mark.parametrize("typed", [83.75, "83.750", "８３．７５", "83.75分"])
def test_the_same_number_written_otherwise_is_no_change(typed: object, tmp_path: Path) -> None:
    person = Person(issued(tmp_path, "review"))
    person.card(ITEM, "單位自評總分", typed, "書面意見")
    assert typed_over(submission(person.save()).records) == {}


def test_a_number_in_prose_is_a_word_like_any_other(tmp_path: Path) -> None:
    records = altered(FILLED["report"], "report", target="60%")
    person = Person(issued(tmp_path, "report", records))
    person.card(ITEM, "年度目標", "60", "業務成果")
    assert typed_over(submission(person.save()).records) == {("report", "03-01"): {"target": "60%"}}


# --- what people do -----------------------------------------------------------------------------


def test_what_a_unit_typed_over_is_told_with_what_was_issued_and_where(tmp_path: Path) -> None:
    made = submission(report(tmp_path, ("業務名稱", NEW_NAME), ("年度目標", NEW_TARGET)))
    assert typed_over(made.records) == {
        ("report", "03-01"): {"name": OLD_NAME, "target": OLD_TARGET}
    }
    record = made.card("report", "03-01")
    assert (record.text("name"), record.text("target")) == (NEW_NAME, NEW_TARGET)
    assert record.at["name"].sheet == ITEM


@pytest.mark.parametrize("typed", ["03-09", "改過", "３－０９"])
def test_a_sheet_stays_the_item_s_whose_name_it_bears_when_its_number_is_typed_over(
    typed: str, tmp_path: Path
) -> None:
    made = submission(report(tmp_path, ("業務編號", typed)))
    assert {record.of for record in made.records if record.of} == set(ITEMS)
    assert typed_over(made.records) == {("report", "03-01"): {"item": "03-01"}}


def test_what_was_filled_in_where_nothing_was_issued_is_told(tmp_path: Path) -> None:
    records = [
        replace(one, values={k: v for k, v in one.values.items() if k != "last_year"})
        for one in FILLED["report"]
    ]
    person = Person(issued(tmp_path, "report", records))
    person.card(ITEM, "上年度未來精進方向", "擴大推廣", "業務成果")
    assert typed_over(submission(person.save()).records) == {("report", "03-01"): {"last_year": ""}}


def test_a_cell_that_was_emptied_has_no_value_but_a_place(tmp_path: Path) -> None:
    record = submission(report(tmp_path, ("業務名稱", None))).card("report", "03-01")
    assert record.issued == {"name": OLD_NAME}
    assert "name" not in record.values
    assert record.at["name"].sheet == ITEM


def test_a_card_with_nothing_left_is_still_a_record(tmp_path: Path) -> None:
    card = FORMS["review"].section("review")
    person = Person(issued(tmp_path, "review"))
    for one in card.fields:
        person.card(ITEM, one.label, None, card.title)
    record = submission(person.save()).card("review", "03-01")
    assert record.values == {}
    assert record.issued["name"] == OLD_NAME


@pytest.mark.parametrize("now", ["王代理", None])
def test_a_name_typed_over_in_a_row_that_nobody_filled_is_told(
    now: str | None, tmp_path: Path
) -> None:
    unfilled = [
        replace(one, values={k: v for k, v in one.values.items() if k != "present"})
        for one in FILLED["meeting"]
    ]
    person = Person(issued(tmp_path, "meeting", unfilled))
    person.table("會議資料", "出席情形", 2, "成員姓名", now)
    made = submission(person.save())
    told = [one for one in made.section("attendance") if one.issued]
    assert [(one.text("unit"), one.issued) for one in told] == [
        (PLAN.units[1].name, {"name": "陳大文"})
    ]
    assert told[0].text("name") == (now or "")


def test_rows_put_in_by_a_person_move_nothing(tmp_path: Path) -> None:
    person = Person(report(tmp_path, ("業務名稱", NEW_NAME)))
    sheet = person.sheet(ITEM)
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(merged.coord)
    sheet.insert_rows(2, 3)
    sheet.title = "成果"
    made = submission(person.save())
    assert typed_over(made.records) == {("report", "03-01"): {"name": OLD_NAME}}


def test_a_sheet_that_a_unit_copied_for_another_item_is_not_one_that_was_issued(
    tmp_path: Path,
) -> None:
    person = Person(issued(tmp_path, "report"))
    copy = person.book.copy_worksheet(person.sheet(ITEM))
    copy.title = "業務 03-09"
    person.card(copy.title, "業務編號", "03-09", "業務成果")
    person.card(copy.title, "業務名稱", "新增業務", "業務成果")
    made = submission(person.save())
    assert typed_over(made.records) == {}
    assert made.card("report", "03-09").text("name") == "新增業務"


def test_a_retyped_form_does_not_tell_what_was_issued(tmp_path: Path) -> None:
    person = Person(report(tmp_path, ("業務名稱", NEW_NAME)))
    del person.book["_meta"]
    made = submission(person.save())
    assert not made.baseline
    assert typed_over(made.records) == {}


# --- the way back -------------------------------------------------------------------------------


def test_a_form_written_anew_keeps_what_was_issued_under_what_was_typed(tmp_path: Path) -> None:
    first = submission(report(tmp_path, ("業務名稱", NEW_NAME), ("年度目標", None)))
    path = tmp_path / "report-2.xlsx"
    write_form(path, FormCopy(FORMS["report"], PLAN, unit=UNIT, records=first.records, items=ITEMS))
    second = submission(path)
    assert typed_over(second.records) == typed_over(first.records)
    assert second.card("report", "03-01").values == first.card("report", "03-01").values


def test_a_meeting_written_anew_keeps_it_too(tmp_path: Path) -> None:
    person = Person(issued(tmp_path, "meeting"))
    person.table("會議資料", "出席情形", 3, "成員姓名", "王代理")
    first = submission(person.save())
    path = tmp_path / "meeting-2.xlsx"
    write_form(path, FormCopy(FORMS["meeting"], PLAN, records=first.records, items=ITEMS))
    told = [one.issued for one in submission(path).section("attendance") if one.issued]
    assert told == [{"name": "陳大文"}]


def test_where_nobody_knows_what_was_issued_a_form_written_anew_does_not_say_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "report.xlsx"
    form, records = FORMS["report"], FILLED["report"]
    write_form(path, FormCopy(form, PLAN, unit=UNIT, records=records, items=ITEMS, baseline=False))
    assert not submission(path).baseline


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return year_of_114(tmp_path, "enrolment")


def first_item(path: Path, plan: Plan) -> Record:
    made = read_file(path, plan).submission
    assert made is not None
    return made.card("report", "03-01")


def filled_by_the_unit(workspace: Workspace, score: int) -> tuple[Path, str]:
    """The report as issued to 03, filled so far that it counts, with another name and no target; and
    the name that was issued."""
    [path] = issue(workspace, "report", ["03"]).outputs
    plan = load_plan(workspace)
    name = first_item(path, plan).text("name")
    submitted = read_file(path, plan).submission
    assert submitted is not None
    person = Person(path)
    records = [one for one in FILLED["report"] if one.section == "filing"]
    for item in dict.fromkeys(one.of for one in submitted.section("report")):
        told = dict.fromkeys(("result", "next_steps", "follow_up"), f"{item} 已上線並介接")
        records.append(Record("report", told, item))
        records += [replace(one, of=item) for one in FILLED["report"] if one.section == "metrics"][
            :1
        ]
        for one in plan.criteria:
            own: dict[str, Value] = {
                "criterion": one.name,
                "score": Decimal(score),
                "evidence": f"{item} 有",
            }
            records.append(Record("scores", own, item))
    person.type_records(FORMS["report"], records)
    person.card(ITEM, "業務名稱", NEW_NAME, "業務成果")
    person.card(ITEM, "年度目標", None, "業務成果")
    return person.save(workspace.inbox / path.name), name


def test_a_faulty_return_goes_back_with_the_unit_s_words_and_what_was_issued(
    workspace: Workspace,
) -> None:
    filed, name = filled_by_the_unit(workspace, 120)
    [back] = [p for p in give_back(workspace).outputs if "_03_" in p.name]
    plan = load_plan(workspace)
    before, after = first_item(filed, plan), first_item(back, plan)
    assert after.issued == before.issued
    assert after.issued["name"] == name and set(after.issued) == {"name", "target"}
    assert after.text("name") == NEW_NAME
    assert "target" not in after.values


def test_the_supplement_keeps_the_unit_s_words_and_what_was_issued(workspace: Workspace) -> None:
    filed, name = filled_by_the_unit(workspace, 80)
    [later] = issue(workspace, "report", ["03"], supplement=True).outputs
    plan = load_plan(workspace)
    before, after = first_item(filed, plan), first_item(later, plan)
    assert after.issued == before.issued
    assert after.issued["name"] == name and set(after.issued) == {"name", "target"}
    assert after.text("name") == NEW_NAME and "target" not in after.values
