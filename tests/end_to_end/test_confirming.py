"""In March the 督導小組 confirms items and targets (附件2、三、(一)): agenda, papers, minutes, and what
changes afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.support.answers import result_in
from tests.support.edits import card
from tests.support.returns import PLAN, Person, issued, read, returned
from tests.support.sample import begin
from xltool.faces.cli import main
from xltool.steps.issue import issue
from xltool.steps.write import annex3, merge, packet
from xltool.store.workspace import Workspace


@pytest.fixture
def march(tmp_path: Path) -> Workspace:
    """A year whose unit 03 has enrolled two items; no unit has reported yet."""
    workspace = begin(tmp_path / "114")
    shutil.copy(issued(tmp_path, "enrolment"), workspace.inbox)
    return workspace


def words(path: Path) -> str:
    nodes = docx.Document(str(path)).element.body.iter()
    return "\n".join(node.text or "" for node in nodes if node.tag.endswith("}t"))


def minutes(workspace: Workspace, *, present: int = 12) -> Path:
    """The form as it was issued, filled in by the coordinator after the meeting."""
    [form] = issue(workspace, "meeting").outputs
    person = Person(form)
    person.card("會議資料", "會議日期", "114.03.20")
    person.card("會議資料", "主席（召集人）", "主任秘書")
    for row in range(1, 13):
        person.table(
            "會議資料", "出席情形", row, "出席", "親自出席" if row <= present else "未出席"
        )
    person.table("議案", "議案", 1, "決議", "照案通過")
    person.table("議案", "議案", 1, "達成共識", "是")
    for row in (1, 2):
        person.table("確認清單", "確認清單", row, "小組決定", "確認")
    person.save()
    return form


def listed(form: Path, row: int, label: str) -> object:
    """What stands in a row of the list to confirm."""
    page = Person(form)
    return page.sheet("確認清單").cell(*page.table_place("確認清單", "確認清單", row, label)).value


def told(workspace: Workspace, *command: str, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    main([*command, "--json", "--folder", str(workspace.root)])
    return result_in(capsys.readouterr().out)


def standing(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    listed = told(workspace, "meeting", capsys=capsys)["confirmations"]
    return {one["item"]: one["state"] for one in listed}


def test_before_any_report_the_papers_list_every_item_with_its_whole_target(
    march: Workspace,
) -> None:
    [path] = packet(march).outputs
    assert path.name == "114年督導小組會議資料_確認項目.docx"
    said = words(path)
    assert "確認114年度參與提升服務效能作業之業務項目及執行成果目標，計 2 項" in said
    assert "附件2、三、(一)" in said
    for target in targets(march):
        assert target in said
    assert "參與業務調查表未繳" in said, "units that have not answered are named"
    assert "推薦參加" not in said
    assert not list(OpenXmlValidator().validate(str(path)).errors)


def targets(workspace: Workspace) -> list[str]:
    from xltool.steps.gather import gather

    return [item.target for item in gather(workspace).dataset.items]


def test_the_minutes_come_filled_with_the_items_to_confirm(march: Workspace) -> None:
    [form] = issue(march, "meeting").outputs
    rows = [
        [listed(form, row, label) for label in ("業務編號", "年度目標", "小組決定")]
        for row in (1, 2)
    ]
    assert [row[0] for row in rows] == ["03-01", "03-02"]
    assert [row[1] for row in rows] == targets(march)
    assert {row[2] for row in rows} == {None}, "what is decided is for the meeting to say"


def test_what_the_meeting_agreed_to_is_confirmed_and_the_next_one_is_for_the_award(
    march: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(minutes(march), march.inbox)
    assert standing(march, capsys) == {"03-01": "已確認", "03-02": "已確認"}
    shutil.copy(issued(tmp_path, "report"), march.inbox)
    [path] = packet(march).outputs
    assert path.name == "114年督導小組會議資料.docx"
    assert "尚無確認業務項目" not in words(path)
    [paper] = annex3(march).outputs
    assert "召開第1次會議，成員12人，出席12人，確認業務項目及執行成果目標2項" in words(paper)


def test_without_a_quorum_nothing_is_confirmed_and_the_papers_ask_again(
    march: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(minutes(march, present=6), march.inbox)
    assert set(standing(march, capsys).values()) == {"未決（未過半數出席）"}
    [path] = packet(march).outputs
    said = words(path)
    assert path.name == "114年督導小組會議資料_確認項目.docx"
    assert said.count("確認114年度參與提升服務效能作業") == 2, "agenda and draft, each once"


def test_a_target_that_a_unit_changes_afterwards_is_told_with_both_and_stays_in_the_tracker(
    march: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was = targets(march)[0]
    shutil.copy(minutes(march), march.inbox)
    changed = returned(tmp_path, "report", card("業務 03-01", "年度目標", "改為達成率60%"))
    shutil.copy(changed, march.inbox)
    assert standing(march, capsys) == {"03-01": "確認後有變更", "03-02": "已確認"}
    done = merge(march)
    [found] = [one for one in done.findings if one.code == "R539"]
    assert (found.value, was in found.message) == ("改為達成率60%", True)
    sheet = openpyxl.load_workbook(march.tracker(PLAN.year))["確認清單"]
    shown = " ".join(str(cell.value) for row in sheet for cell in row if cell.value)
    assert was in shown
    assert "改為達成率60%" in shown


def test_an_item_that_the_meeting_left_out_is_told(
    march: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    form = minutes(march)
    person = Person(form)
    person.table("確認清單", "確認清單", 2, "小組決定", "不列入")
    person.table("確認清單", "確認清單", 2, "修正內容或不列入之理由", "與03-01合併")
    person.save()
    shutil.copy(form, march.inbox)
    assert standing(march, capsys) == {"03-01": "已確認", "03-02": "不列入"}
    assert [one.code for one in merge(march).findings if one.code == "R540"] == ["R540"]
    order = told(march, "recommend", capsys=capsys)["items"]
    assert [one["item"] for one in order] == ["03-01", "03-02"]
    assert "第1次會議決定不列入參與業務（附件2、三、(一)）" in order[1]["excluded"]


def test_what_is_new_or_otherwise_is_on_the_next_meeting_s_papers_and_list(
    march: Workspace, tmp_path: Path
) -> None:
    was = targets(march)[0]
    shutil.copy(minutes(march), march.inbox)
    changed = returned(tmp_path, "report", card("業務 03-01", "年度目標", "改為達成率60%"))
    shutil.copy(changed, march.inbox)
    [path] = packet(march).outputs
    said = words(path)
    assert path.name == "114年督導小組會議資料.docx"
    assert "補行確認114年度參與提升服務效能作業之業務項目及執行成果目標，計 1 項" in said
    assert was in said and "改為達成率60%" in said
    [form] = issue(march, "meeting").outputs
    assert listed(form, 1, "業務編號") == "03-01"
    assert listed(form, 1, "年度目標") == "改為達成率60%"
    assert listed(form, 2, "業務編號") is None
    page = Person(form)
    number = page.sheet("會議資料").cell(*page.card_place("會議資料", "會議次別"))
    assert number.value == "第2次"


def test_two_meetings_of_one_number_far_apart_are_two_and_that_is_told(
    march: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    form = minutes(march)
    shutil.copy(form, march.inbox / "三月.xlsx")
    person = Person(form)
    person.card("會議資料", "會議日期", "114.12.22")
    person.table("議案", "議案", 1, "決議", "照案通過（十二月）")
    person.save()
    shutil.copy(form, march.inbox / "十二月.xlsx")
    held = told(march, "meeting", capsys=capsys)["meetings"]
    assert [one["day"] for one in held] == ["2025-03-20", "2025-12-22"]
    [found] = [one for one in merge(march).findings if one.code == "F147"]
    assert (found.at.file, "114.03.20、114.12.22" in found.message) == ("十二月.xlsx", True)


def test_a_corrected_day_is_the_same_meeting(
    march: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    form = minutes(march)
    shutil.copy(form, march.inbox / "三月.xlsx")
    person = Person(form)
    person.card("會議資料", "會議日期", "114.03.21")
    person.save()
    shutil.copy(form, march.inbox / "三月更正.xlsx")
    held = told(march, "meeting", capsys=capsys)["meetings"]
    assert [one["day"] for one in held] == ["2025-03-21"]


def test_minutes_checked_alone_say_nothing_of_a_year_that_they_do_not_know(
    march: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shutil.copy(minutes(march), tmp_path / "min.xlsx")
    capsys.readouterr()
    assert main(["check", str(path), "--folder", str(march.root)]) == 0
    assert "R542" not in capsys.readouterr().out


def test_the_minutes_of_march_are_not_due_in_december(march: Workspace) -> None:
    [form] = issue(march, "meeting").outputs
    cover = openpyxl.load_workbook(form).worksheets[0]
    texts = [str(cell.value) for row in cover.iter_rows() for cell in row if cell.value]
    assert not any("114.12" in text for text in texts)


def test_whoever_met_without_minutes_may_ask_for_them_afterwards(
    march: Workspace, tmp_path: Path
) -> None:
    shutil.copy(issued(tmp_path, "report"), march.inbox)
    [late] = packet(march).outputs
    assert "本年度尚無確認業務項目及目標的會議紀錄（附件2、三、(一)）" in words(late)
    root = str(march.root)
    assert main(["issue", "meeting", "--purpose", "確認項目", "--folder", root]) == 0
    [form] = (march.outbox / "會議紀錄表").glob("*.xlsx")
    assert listed(form, 1, "業務編號") == "03-01"
    assert main(["packet", "--purpose", "確認項目", "--folder", root]) == 0
    assert march.packet(114, "確認項目").exists()


def test_a_number_written_shorter_is_still_the_row_that_was_issued(march: Workspace) -> None:
    form = minutes(march)
    person = Person(form)
    person.table("確認清單", "確認清單", 2, "業務編號", "03-2")
    person.save()
    assert {one.code for one in read(form).findings} & {"C432", "C431"} == set()
