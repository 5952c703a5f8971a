"""What a unit means to improve this year stands in next year's form (柒.一), typed by nobody again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import Person
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.intake.one import read_file
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.settings import SettingsError, load_plan
from xltool.store.workspace import Workspace, WorkspaceError


@pytest.fixture
def of_114(tmp_path: Path) -> Workspace:
    """A year whose units have returned enrolment and report, with a title changed by hand."""
    workspace = year_of_114(tmp_path, "enrolment", "report")
    person = Person(workspace.settings)
    person.card("基本資料", "承辦人", "王承辦")
    person.save()
    return workspace


@pytest.fixture
def of_115(of_114: Workspace) -> Workspace:
    new(of_114.root.parent / "115", 115, of_114.root)
    return Workspace.open(of_114.root.parent / "115")


def test_the_settings_are_rolled_on_with_dates_and_titles_of_the_new_year(
    of_115: Workspace,
) -> None:
    plan = load_plan(of_115)
    assert plan.year == 115
    assert plan.title == "經濟部能源署115年提升服務效能執行計畫"
    assert plan.contact_name == "王承辦", "what the coordinator changed goes on"
    stage = plan.stage("確認計畫內容")
    assert stage is not None
    assert (stage.due, stage.deadline) == (date(2026, 1, 31), date(2026, 2, 2)), "a Saturday"
    assert date(2026, 2, 20) in stage.rest_days.off, "the new year's own rest days"


def test_items_that_go_on_are_offered_and_come_back_with_last_years_intentions(
    of_114: Workspace, of_115: Workspace
) -> None:
    before = gather(of_114).dataset.item("03-02")
    assert before is not None and before.next_steps
    [path] = issue(of_115, "enrolment", ["03"]).outputs
    offered = read_file(path, load_plan(of_115)).submission
    assert offered is not None
    rows = offered.section("items")
    assert [row.text("last_item") for row in rows] == ["03-01", "03-02", "03-03"]
    assert rows[1].text("name") == before.name

    # The unit drops its first item and returns the form.
    person = Person(path)
    for label in ("業務名稱", "上年度編號", "服務類別", "服務對象", "執行方法", "年度目標",
                  "跨機關或公私協力", "合作對象", "承辦人", "承辦人電話"):  # fmt: skip
        person.table("參與業務", "參與業務", 1, label, None)
    filing = {"填報情形": "有參與業務", "填報人": "王小明", "聯絡電話": "02-27721370",
              "填報日期": "115.3.20", "核章情形": "尚未核章"}  # fmt: skip
    member = {"姓名": "陳大文", "職稱": "副組長", "職稱層級": "單位業務主管", "電子郵件": "a@b.tw"}
    for heading, answers in (("填報資料", filing), ("督導小組成員", member)):
        for label, answer in answers.items():
            person.card("填報資料", label, answer, heading if heading != "填報資料" else "")
    person.save(of_115.inbox / "03.xlsx")
    year = gather(of_115)
    assert [one.message for one in year.findings if one.blocks] == []
    mine = [item for item in year.dataset.items if item.unit == "03"]
    assert [item.last_item for item in mine] == ["03-02", "03-03"]

    [path] = issue(of_115, "report", ["03"]).outputs
    shown = {
        str(c.value)
        for page in openpyxl.load_workbook(path)
        for row in page.iter_rows()
        for c in row
    }
    assert before.next_steps in shown
    dropped = gather(of_114).dataset.item("03-01")
    assert dropped is not None and dropped.next_steps not in shown


def test_the_coordinator_may_end_an_item_in_the_settings(of_115: Workspace) -> None:
    person = Person(of_115.settings)
    page = person.sheet("上年度業務")
    row = next(c.row for line in page.iter_rows() for c in line if c.value == "03-01")
    label = person.find("上年度業務", "延續辦理")
    person.put("上年度業務", row, label.column, "否")
    person.save()
    offered = load_plan(of_115).carried
    assert [one.goes_on for one in offered if one.item == "03-01"] == [False]
    [path] = issue(of_115, "enrolment", ["03"]).outputs
    names = [r.text("last_item") for r in read_file(path, None).submission.section("items")]  # type: ignore[union-attr]
    assert "03-01" not in names


def test_settings_already_there_are_left_alone(of_115: Workspace, of_114: Workspace) -> None:
    before = of_115.settings.read_bytes()
    new(of_115.root, 115, of_114.root)
    assert of_115.settings.read_bytes() == before


def test_the_year_before_must_be_one(of_114: Workspace, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="不是年度資料夾"):
        new(tmp_path / "x", 115, tmp_path / "nowhere")
    with pytest.raises(WorkspaceError, match="不在 114 年度以前"):
        new(tmp_path / "x", 114, of_114.root)
    person = Person(of_114.settings)
    person.card("基本資料", "承辦單位代碼", "77")
    person.save()
    with pytest.raises(WorkspaceError, match="承辦單位代碼「77」不在"):
        new(tmp_path / "x", 115, of_114.root)
    assert not (tmp_path / "x").exists()


def test_the_command_finds_the_year_before_by_its_number(
    of_114: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = of_114.root.parent
    (folder / "workbooks").mkdir()
    of_114.root.rename(folder / "workbooks" / "114")
    monkeypatch.chdir(folder)
    assert main(["new", "115", "--from", "114"]) == 0
    assert load_plan(Workspace.open(folder / "workbooks" / "115")).carried


def test_nothing_is_issued_while_the_settings_have_an_error(of_115: Workspace) -> None:
    person = Person(of_115.settings)
    stage = person.find("年度行程", "督導小組書面意見")
    person.put("年度行程", stage.row, stage.column, "書面意見")
    person.save()
    with pytest.raises(SettingsError) as told:
        issue(of_115, "enrolment")
    assert [one.code for one in told.value.findings if one.blocks] == ["P609"]
    assert not list(of_115.outbox.rglob("*.xlsx"))


def test_what_is_doubtful_in_the_settings_is_told_when_forms_are_issued(of_115: Workspace) -> None:
    person = Person(of_115.settings)
    stage = person.find("年度行程", "督導小組書面意見")
    person.put("年度行程", stage.row, stage.column + 1, "115.12.01")
    person.save()
    done = issue(of_115, "meeting")
    assert "P610" in {one.code for one in done.findings}
    assert any("就開始" in line for line in done.summary_lines)
