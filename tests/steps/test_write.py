"""From the inbox to tracker, roster and Annex 3: the same bytes again, and no hand's work lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Twips

from tests.support.answers import result_in
from tests.support.unit_03 import PLAN, contest, enrolment, report, returned
from xltool.faces.cli import main
from xltool.forms import CONTEST, ENROLMENT, REPORT
from xltool.model import Record
from xltool.steps.write import annex3, merge, packet, run
from xltool.store.workspace import Workspace, WorkspaceError, resource


def test_one_run_leads_from_the_inbox_to_tracker_roster_and_annex_3(workspace: Workspace) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report())
    returned(workspace, "c.xlsx", CONTEST, contest(), unit="")
    ran = run(workspace)
    assert not ran.blocked, [f for f in ran.findings if f.blocks]
    assert [path.suffix for path in ran.outputs] == [".xlsx", ".xlsx", ".docx"]
    assert all(path.stat().st_size > 1000 for path in ran.outputs)
    roster = openpyxl.load_workbook(workspace.roster(114))
    words = [str(c.value) for sheet in roster for row in sheet.iter_rows() for c in row if c.value]
    assert "王主辦" in words
    assert any("記功1次" in word for word in words)
    assert any("柒、二、(二)" in word for word in words)


def test_a_second_run_changes_nothing(workspace: Workspace) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report())
    first = [path.read_bytes() for path in run(workspace).outputs]
    assert [path.read_bytes() for path in run(workspace).outputs] == first


def test_what_rewards_prints_for_programs_keeps_its_schema(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    returned(workspace, "c.xlsx", CONTEST, contest(), unit="")
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    assert main(["rewards", "--json", "--folder", str(workspace.root)]) == 0
    plain = result_in(capsys.readouterr().out)
    assert [
        (line["name"], line["id"], line["reward"], line["clause"]) for line in plain["lines"]
    ] == [("王主辦", "E1001", "記功1次", "柒、二、(二)")]


def test_text_of_a_unit_is_never_a_formula_in_what_we_write(workspace: Workspace) -> None:
    nasty = '=HYPERLINK("http://evil.example","x")'
    returned(workspace, "a.xlsx", ENROLMENT, enrolment(name=nasty))
    returned(workspace, "b.xlsx", REPORT, report(result="+1+1 <w:t>@SUM(A1)"))
    ran = run(workspace)
    for path in ran.outputs[:2]:
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert not (cell.data_type == "f" and "evil" in str(cell.value))
                    assert cell.hyperlink is None or "evil" not in str(cell.hyperlink.target)


def test_what_people_wrote_into_annex_3_is_set_aside_before_it_is_written_anew(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    annex3(workspace)
    assert "F116" not in {one.code for one in annex3(workspace).findings}
    path = workspace.annex3(114)
    edited = docx.Document(str(path))
    edited.add_paragraph("承辦人補寫的一段")
    edited.save(str(path))
    told = [one for one in annex3(workspace).findings if one.code == "F116"]
    [backup] = workspace.results.glob("*_備份_*.docx")
    assert backup.name in told[0].message
    assert docx.Document(str(backup)).paragraphs[-1].text == "承辦人補寫的一段"
    assert docx.Document(str(path)).paragraphs[-1].text != "承辦人補寫的一段"


def test_the_tracker_as_the_coordinator_left_it_is_kept_before_each_update(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    merge(workspace)
    assert not workspace.tracker_backups.exists(), "nobody changed it"
    path = workspace.tracker(114)
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book["業務總表"].iter_rows() for c in row if c.value == "03-01")
    book["業務總表"].cell(cell.row, 6, "打在程式欄位上的字")
    book.save(path)
    merge(workspace)
    [backup] = workspace.tracker_backups.iterdir()
    assert "打在程式欄位上的字" in [
        c.value for row in openpyxl.load_workbook(backup)["業務總表"].iter_rows() for c in row
    ]


def test_an_unchanged_merge_leaves_the_tracker_alone(workspace: Workspace) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    tracker = workspace.tracker(114)
    before = tracker.stat().st_mtime_ns, tracker.read_bytes()
    merge(workspace)
    assert (tracker.stat().st_mtime_ns, tracker.read_bytes()) == before
    tracker.unlink()
    merge(workspace)
    assert tracker.read_bytes() == before[1]


def test_a_tracker_that_somebody_wrote_into_is_updated_all_the_same(workspace: Workspace) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    tracker = workspace.tracker(114)
    book = openpyxl.load_workbook(tracker)
    page = book["業務總表"]
    [cell] = [c for row in page.iter_rows() for c in row if c.value == "建置線上查詢平臺"]
    cell.value = "承辦人改寫"
    book.save(tracker)
    for _ in range(2):
        assert "F123" in {one.code for one in merge(workspace).findings}


def test_one_changed_return_changes_only_its_unit_s_rows(workspace: Workspace) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    other = tuple(
        Record(r.section, {**r.values, **({"item": "04-01"} if "item" in r.values else {}),
                           **({"unit": PLAN.unit_name("04")} if "unit" in r.values else {})})
        for r in enrolment()
    )  # fmt: skip
    returned(workspace, "04.xlsx", ENROLMENT, other, unit="04")
    merge(workspace)

    def rows() -> dict[str, list[Any]]:
        page = openpyxl.load_workbook(workspace.tracker(114))["業務總表"]
        cells = [[cell.value for cell in row] for row in page.iter_rows()]
        return {str(row[0]): row for row in cells if str(row[0])[2:3] == "-"}

    before = rows()
    changed = tuple(
        replace(r, values={**r.values, "target": "使用率達 90%"}) if "target" in r.values else r
        for r in other
    )
    returned(workspace, "04_更正.xlsx", ENROLMENT, changed, unit="04")
    merge(workspace)
    after = rows()
    assert {key for key in after if after[key] != before[key]} == {"04-01"}


def test_what_happened_to_the_tracker_itself_is_told_on_the_screen(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    tracker = workspace.tracker(114)
    book = openpyxl.load_workbook(tracker)
    [heading] = [c for row in book["業務總表"].iter_rows() for c in row if c.value == "業務編號"]
    heading.value = "編號"
    book.save(tracker)
    monkeypatch.chdir(workspace.root)
    main(["merge"])
    shown = capsys.readouterr().out
    assert "請留意 1 項：" in shown
    assert f"提醒 F128　{tracker.name}｜業務總表_舊1" in shown
    assert "找不到欄名「業務編號」" in shown


def test_a_year_s_own_template_is_used_when_it_is_there_and_named_when_it_is_broken(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    own = workspace.root / "範本" / "附件3.docx"
    own.parent.mkdir()
    changed = docx.Document(str(resource("templates/annex3.docx")))
    changed.sections[0].left_margin = Twips(1871)
    changed.save(str(own))
    for write in (annex3, packet):
        [path] = write(workspace).outputs
        assert docx.Document(str(path)).sections[0].left_margin == Twips(1871)
    own.write_bytes(b"no document")
    with pytest.raises(WorkspaceError, match=r"範本/附件3\.docx」無法開啟"):
        annex3(workspace)
    own.unlink()
    [path] = annex3(workspace).outputs
    assert docx.Document(str(path)).sections[0].left_margin != Twips(1871)
