"""The coordinator accepts a finding; tries other settings on what is already in; keeps a report."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from tests.support.answers import result_in
from tests.support.returns import Person
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.model import Precedence
from xltool.steps.gather import gather
from xltool.steps.give_back import give_back
from xltool.steps.status import status
from xltool.steps.write import run
from xltool.store.workspace import Workspace

UNIT = "04"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The sample year; unit 04 left 未來精進方向 blank."""
    year = year_of_114(tmp_path, "enrolment", "report")
    [path] = year.inbox.glob("114_04_*執行成果填報表.xlsx")
    book = openpyxl.load_workbook(path)
    book["業務 04-01"]["B13"] = None
    book.save(path)
    return year


def waive(workspace: Workspace, *more: str) -> int:
    said = ["--reason", "另以公文補送", "--by", "王小明"]
    return main(["waive", "V301", "--unit", UNIT, "--folder", str(workspace.root), *said, *more])


def state(workspace: Workspace) -> str:
    filings = status(workspace).standings
    return next(s.state for s in filings if (s.unit, s.form) == (UNIT, "report"))


def test_an_accepted_finding_blocks_no_more_and_is_shown_with_who_and_why(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state(workspace) == "待修正"
    assert waive(workspace) == 0
    assert "V301 節能發展及管理組：另以公文補送（王小明" in capsys.readouterr().out
    assert state(workspace) == "已繳"
    main(["check", "--json", "--folder", str(workspace.root)])
    findings = [f for file in result_in(capsys.readouterr().out) for f in file["findings"]]
    [accepted] = [f for f in findings if f["severity"] == "已同意"]
    assert accepted["cell"] == "B13"
    assert "王小明" in accepted["fix"]
    run(workspace)
    book = openpyxl.load_workbook(workspace.tracker(114))
    told = [[cell.value for cell in row] for row in book["檢核結果"].iter_rows()]
    assert any("已同意" in row and "V301" in row for row in told)


def test_what_was_accepted_can_be_taken_back(workspace: Workspace) -> None:
    waive(workspace)
    assert waive(workspace, "--remove") == 0
    assert state(workspace) == "待修正"
    assert waive(workspace, "--remove") == 2


def test_an_accepted_finding_of_another_cell_changes_nothing(workspace: Workspace) -> None:
    waive(workspace, "--cell", "業務 04-02!B13")
    assert state(workspace) == "待修正"
    waive(workspace, "--cell", "業務 04-01!B13")
    assert state(workspace) == "已繳"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["X999", "--unit", UNIT], "沒有「X999」這個檢核代碼"),
        (["F104", "--unit", UNIT], "F104 不能同意"),
        (["R501", "--unit", UNIT], "R501 不能同意"),
        (["V301", "--unit", "44"], "沒有單位「44」"),
        (["V301", "--unit", UNIT, "--reason", ""], "--reason"),
    ],
)
def test_what_cannot_be_accepted_is_said(
    words: list[str], complaint: str, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["--reason", "理由", "--by", "王小明"]
    told = [part for part in said if "--reason" not in words or part not in ("--reason", "理由")]
    assert main(["waive", *words, "--folder", str(workspace.root), *told]) == 2
    assert complaint in capsys.readouterr().err


def test_each_waiver_tells_how_much_it_covers_itself(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    waive(workspace, "--cell", "業務 04-01!B13")
    waive(workspace, "--cell", "業務 04-02!B13")
    there, nowhere, instead = capsys.readouterr().out.splitlines()[-3:]
    assert "適用 1 處" in there
    assert "目前沒有符合的檢核結果" in nowhere
    assert "業務 04-01!B13" in instead, "where it does stand"


def test_a_form_given_back_asks_nothing_of_what_was_accepted(workspace: Workspace) -> None:
    def given_back() -> set[str]:
        names = {path.name for path in give_back(workspace).outputs}
        return {name for name in names if name.startswith(f"114_{UNIT}")}

    assert len(given_back()) == 1
    waive(workspace)
    assert given_back() == set()


def test_a_rehearsal_tells_what_other_settings_would_block_and_let_pass(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "新設定.xlsx"
    book = openpyxl.load_workbook(workspace.settings)
    page = book["評核構面"]
    [name] = [c for row in page.iter_rows() for c in row if c.value == "擴散應用" and c.column == 1]
    name.value = "推廣價值"
    book.save(other)
    before = {path: path.read_bytes() for path in workspace.results.iterdir()}
    assert main(["check", "--rehearse", str(other), "--folder", str(workspace.root)]) == 1
    said = capsys.readouterr().out
    assert "推廣價值的評分" in said
    assert "不寫入任何檔案" in said
    assert before == {path: path.read_bytes() for path in workspace.results.iterdir()}


def test_a_rehearsal_of_the_same_settings_changes_nothing(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = str(workspace.settings)
    assert main(["check", "--rehearse", settings, "--folder", str(workspace.root)]) == 0
    assert "新增 0 項錯誤、消除 0 項錯誤" in capsys.readouterr().out


def test_a_rehearsal_knows_an_accepted_conflict_between_returns(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    [path] = workspace.inbox.glob("114_03_*執行成果填報表*")
    person = Person(path)
    person.table("有功人員", "有功人員", 1, "業務編號", "03-99")
    person.save()
    folder, said = ["--folder", str(workspace.root)], ["--reason", "已確認", "--by", "王小明"]
    assert main(["waive", "C406", "--unit", "03", *said, *folder]) == 0
    capsys.readouterr()
    main(["check", "--rehearse", str(workspace.settings), *folder])
    assert "新增 0 項錯誤、消除 0 項錯誤" in capsys.readouterr().out


def test_a_rehearsal_takes_returns_in_the_order_in_which_they_came(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(workspace.settings)
    cells = (cell for row in book["基本資料"].iter_rows() for cell in row)
    [choice] = [cell for cell in cells if cell.value == Precedence.SAVED_LAST]
    choice.value = str(Precedence.RECEIVED_LAST)
    book.save(workspace.settings)
    [counts] = workspace.inbox.glob("114_03_*執行成果填報表*")
    came_first = counts.with_name("z.xlsx")
    shutil.copy(counts, came_first)
    person = Person(came_first)
    person.table("有功人員", "有功人員", 1, "業務編號", "03-99")
    person.save()
    gather(workspace)
    with sqlite3.connect(workspace.ledger) as ledger:
        ledger.execute("UPDATE received SET at = '2025-11-01T09:00:00+08:00' WHERE name = 'z.xlsx'")
    ledger.close()
    main(["check", "--rehearse", str(workspace.settings), "--folder", str(workspace.root)])
    assert "新增 0 項錯誤、消除 0 項錯誤" in capsys.readouterr().out


def test_what_a_check_found_is_kept_among_the_results(workspace: Workspace) -> None:
    assert main(["check", "--report", "--folder", str(workspace.root)]) == 1
    assert "未來精進方向" in workspace.check_page.read_text("utf-8")
    assert openpyxl.load_workbook(workspace.check_book).sheetnames[0] == "各檔案"


def test_a_code_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "v301"]) == 0
    assert "為什麼：" in capsys.readouterr().out
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 80
    assert main(["explain", "V999"]) == 2
