"""In March the 督導小組 confirms items and targets (附件2、三、(一)): agenda, papers, minutes, and what
changes afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.support.answers import result_in
from tests.support.edits import card
from tests.support.returns import PLAN, Person, issued, returned
from tests.support.sample import begin
from xltool.faces.cli import main
from xltool.model import Confirmed
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
    person.card("會議資料", "會議次別", "第1次")
    person.card("會議資料", "會議日期", "114.03.20")
    person.card("會議資料", "主席（召集人）", "主任秘書")
    for row in range(1, 13):
        person.table(
            "會議資料", "出席情形", row, "出席", "親自出席" if row <= present else "未出席"
        )
    person.table("議案", "議案", 1, "決議", "照案通過")
    person.table("議案", "議案", 1, "達成共識", "是")
    person.save()
    return form


def listed(form: Path, row: int, label: str) -> object:
    """What stands in a row of the list to confirm."""
    page = Person(form)
    return page.sheet("確認清單").cell(*page.table_place("確認清單", "確認清單", row, label)).value


def told(
    workspace: Workspace, *command: str, capsys: pytest.CaptureFixture[str]
) -> dict[str, object]:
    capsys.readouterr()
    main([*command, "--json", "--folder", str(workspace.root)])
    answer: dict[str, object] = result_in(capsys.readouterr().out)
    return answer


def standing(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    listed = told(workspace, "meeting", capsys=capsys)["confirmations"]
    assert isinstance(listed, list)
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
    assert {row[2] for row in rows} == {Confirmed.AS_IT_IS}


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
