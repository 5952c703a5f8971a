"""Issue again: the same bytes, nobody's work lost, and a wrong call told."""

from __future__ import annotations

import openpyxl
import pytest

from xltool.steps.issue import issue
from xltool.store.workspace import Workspace, WorkspaceError


def test_issuing_again_gives_the_same_bytes(workspace: Workspace) -> None:
    [path] = issue(workspace, "enrolment", ["03"]).outputs
    first = path.read_bytes()
    issue(workspace, "enrolment", ["03"])
    assert path.read_bytes() == first


def test_an_unknown_unit_or_form_is_told(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="99"):
        issue(workspace, "enrolment", ["99"])
    with pytest.raises(WorkspaceError, match="沒有「surveys」這種表單"):
        issue(workspace, "surveys")


def test_what_somebody_filled_in_the_outbox_is_set_aside_before_issuing_again(
    workspace: Workspace,
) -> None:
    [path] = issue(workspace, "meeting").outputs
    assert issue(workspace, "meeting").findings == ()
    book = openpyxl.load_workbook(path)
    book["會議資料"]["B6"] = "第1次"
    book.save(path)
    issued = issue(workspace, "meeting")
    assert [one.code for one in issued.findings] == ["F116"]
    [backup] = path.parent.glob("*_備份_*")
    assert openpyxl.load_workbook(backup)["會議資料"]["B6"].value == "第1次"
