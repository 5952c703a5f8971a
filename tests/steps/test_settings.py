"""Settings that contradict themselves stop a run, and every fault is told where it stands."""

from __future__ import annotations

import openpyxl
import pytest

from xltool.faces.cli import main
from xltool.steps.settings import SettingsError
from xltool.steps.write import run
from xltool.store.workspace import Workspace


def test_settings_that_contradict_themselves_stop_the_run_and_say_where(
    workspace: Workspace,
) -> None:
    book = openpyxl.load_workbook(workspace.settings)
    sheet = book["評核構面"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == 25)
    cell.value = 30
    book.save(workspace.settings)
    with pytest.raises(SettingsError, match="105%") as stop:
        run(workspace)
    assert "年度設定.xlsx" in str(stop.value)


def test_every_fault_of_the_settings_is_told_at_once_and_blocks(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(workspace.settings)
    for title, old, now in (("評核構面", 25, 30), ("年度行程", "114.03.31", "114.2.30")):
        next(c for row in book[title].iter_rows() for c in row if c.value == old).value = now
    book.save(workspace.settings)
    assert main(["run", "--folder", str(workspace.root)]) == 1
    told = capsys.readouterr().err
    assert "105%" in told
    assert "114.2.30" in told
    assert main(["check", "--folder", str(workspace.root), str(workspace.settings)]) == 1
    told = capsys.readouterr().out
    assert "105%" in told
    assert "年度行程!C9" in told
