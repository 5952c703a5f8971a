"""What a unit means to improve this year stands in next year's form (柒、一), typed by nobody again."""

from __future__ import annotations

import email
from datetime import date
from email.policy import default
from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import Person
from tests.support.sample import RETURNS, year_of_114
from tests.support.trackers import head
from xltool.faces.cli import main
from xltool.intake.one import read_file
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.settings import SettingsError, load_plan
from xltool.steps.write import merge, rewards
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


def sent_back(person: Person, workspace: Workspace) -> None:
    """The unit says who filled the form, and returns it."""
    filing = {"填報情形": "有參與業務", "填報人": "王小明", "聯絡電話": "02-27721370",
              "填報日期": "115.3.20", "核章情形": "尚未核章"}  # fmt: skip
    for label, answer in filing.items():
        person.card("填報資料", label, answer)
    person.save(workspace.inbox / person.path.name)


@pytest.fixture
def after_the_contest(tmp_path: Path) -> Workspace:
    """115, rolled on from a 114 whose entries have come out."""
    of_114 = year_of_114(tmp_path, "enrolment", "report", "contest")
    new(tmp_path / "115", 115, of_114.root)
    return Workspace.open(tmp_path / "115")


def rewarded_again(workspace: Workspace, term: str, staff_id: str) -> list[str]:
    """蔡宜庭 is named for A1 in this year's contest form: what is found."""
    [path] = issue(workspace, "contest").outputs
    person = Person(path)
    entry = {"參選編號": "A1", "參選案名稱": "用電申辦看得見：進度線上查詢", "屆別": term,
             "主辦單位": "電力發展及管理組", "參選結果": "獲獎"}  # fmt: skip
    who = {"參選編號": "A1", "單位": "電力發展及管理組", "姓名": "蔡宜庭", "職員編號": staff_id,
           "職稱": "專員", "人員類別": "公務人員", "官職等": "薦任第七職等", "角色": "主要承辦人員",
           "具體事蹟": "主辦"}  # fmt: skip
    for sheet, row in (("參選案", entry), ("人員", who)):
        for label, answer in row.items():
            person.table(sheet, sheet, 1, label, answer)
    person.save(workspace.inbox / path.name)
    found = gather(workspace).findings
    assert [one.message for one in found if one.blocks] == []
    return [one.message for one in found if one.code == "R528"]


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
    member = {"姓名": "陳大文", "職稱": "副組長", "職稱層級": "單位業務主管", "電子郵件": "a@b.tw"}
    for label, answer in member.items():
        person.card("填報資料", label, answer, "督導小組成員")
    sent_back(person, of_115)
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


def test_what_won_is_in_the_new_settings_and_shown_with_its_contest_where_the_item_is_ranked(
    after_the_contest: Workspace, tmp_path: Path
) -> None:
    [winner] = load_plan(after_the_contest).winners
    assert (winner.term, winner.entry, winner.unit, winner.item) == ("第8屆", "A1", "03", "03-01")
    [path] = issue(after_the_contest, "enrolment", ["03"]).outputs
    sent_back(Person(path), after_the_contest)
    merge(after_the_contest)
    page = openpyxl.load_workbook(after_the_contest.tracker(115))["參獎推薦"]
    column = head(page), [str(cell.value) for cell in page[head(page)]].index("歷屆獲獎")
    won = {
        row[1]: row[column[1]] for row in page.iter_rows(min_row=column[0] + 1, values_only=True)
    }
    assert won["03-01"] == f"第8屆獲獎（A1 {winner.name}）"
    assert [key for key, words in won.items() if words] == ["03-01"]
    new(tmp_path / "116", 116, after_the_contest.root)
    assert load_plan(Workspace.open(tmp_path / "116")).winners == (winner,), "it is not forgotten"


def test_a_winner_s_item_is_known_by_its_number_of_the_year_before(
    after_the_contest: Workspace, tmp_path: Path
) -> None:
    [path] = issue(after_the_contest, "enrolment", ["03"]).outputs
    person = Person(path)
    first, second = (person.table_place("參與業務", "參與業務", n, "上年度編號") for n in (1, 2))
    person.put("參與業務", *first, "03-02")
    person.put("參與業務", *second, "03-01")
    sent_back(person, after_the_contest)
    new(tmp_path / "116", 116, after_the_contest.root)
    [winner] = load_plan(Workspace.open(tmp_path / "116")).winners
    assert winner.item == "03-02", "what was 03-01 in 114 is 03-02 in 115"


def test_what_comes_out_after_the_new_year_has_begun_is_added_in_a_copy_of_its_settings(
    of_114: Workspace, of_115: Workspace
) -> None:
    before = of_115.settings.read_bytes()
    assert not load_plan(of_115).winners
    for path in (RETURNS / "contest").iterdir():
        (of_114.inbox / path.name).write_bytes(path.read_bytes())
    done = new(of_115.root, 115, of_114.root)
    assert of_115.settings.read_bytes() == before
    assert "後來的「歷屆獲獎」1 列、「上年度敘獎」" in done.summary_lines[1]
    [copy] = done.outputs
    copy.replace(of_115.settings)
    plan = load_plan(of_115)
    assert [one.entry for one in plan.winners] == ["A1"]
    assert plan.contact_name == "王承辦" and plan.carried, "all else is as it was"
    assert new(of_115.root, 115, of_114.root).outputs == (), "nothing is added twice"


def test_one_matter_is_not_rewarded_twice_over_two_years_without_a_word(
    after_the_contest: Workspace,
) -> None:
    before = load_plan(after_the_contest).rewarded
    [mine] = [one for one in before if one.name == "蔡宜庭" and one.entry == "A1"]
    [told] = rewarded_again(after_the_contest, "第8屆", "E10311")
    assert told == (
        f"「蔡宜庭」就參選案 A1（第8屆）已在 114 年度名冊項次 {mine.line} 敘{mine.reward}"
    )
    rewards(after_the_contest)
    roster = openpyxl.load_workbook(after_the_contest.roster(115))
    assert told in [cell.value for row in roster["待釐清"].iter_rows() for cell in row]


@pytest.mark.parametrize(("term", "staff_id"), [("第9屆", "E10311"), ("第8屆", "E99999")])
def test_another_contest_or_another_person_of_that_name_is_another_matter(
    term: str, staff_id: str, after_the_contest: Workspace
) -> None:
    assert rewarded_again(after_the_contest, term, staff_id) == []


def test_everybody_whom_last_years_roster_rewards_is_listed_with_his_line(
    after_the_contest: Workspace, tmp_path: Path
) -> None:
    lines = gather(Workspace.open(tmp_path / "114")).outcomes.rewards.lines
    listed = [(one.line, one.name, one.entry) for one in load_plan(after_the_contest).rewarded]
    assert listed == [
        (number, line.person.name, claim.entry)
        for number, line in enumerate(lines, 1)
        if line.reward
        for claim in (line.claim, *line.absorbed)
    ]


def test_last_years_member_stands_in_the_form_for_the_unit_to_confirm(
    of_114: Workspace, of_115: Workspace
) -> None:
    [member] = [one for one in gather(of_114).dataset.members if one.unit == "03"]
    [path] = issue(of_115, "enrolment", ["03"]).outputs
    shown = read_file(path, load_plan(of_115)).submission
    assert shown is not None
    [card] = shown.section("member")
    assert card.values == {
        "name": member.name, "title": member.title, "level": member.level, "email": member.email,
    }  # fmt: skip
    letter = email.message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=default)
    body = letter.get_body()
    assert body is not None
    assert "附檔已帶入上年度的業務與督導小組成員，請逐項確認" in body.get_content()
    person = Person(path)
    person.card("填報資料", "姓名", "林新任", "督導小組成員")
    sent_back(person, of_115)
    [now] = [one for one in gather(of_115).dataset.members if one.unit == "03"]
    assert (now.name, now.title) == ("林新任", member.title)
