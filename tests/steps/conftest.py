"""A year's folder for the steps."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.support.sample import begin
from tests.support.unit_03 import enrolment, returned
from xltool.forms import ENROLMENT
from xltool.plan import shipped_plan
from xltool.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    begin(tmp_path / "114")
    return Workspace.open(tmp_path / "114")


@pytest.fixture
def bad_inbox(workspace: Workspace) -> Workspace:
    """Every usual kind of bad file, and one good one."""
    good = returned(workspace, "good.xlsx", ENROLMENT, enrolment())
    shutil.copy(good, workspace.inbox / "good (1).xlsx")
    (workspace.inbox / "empty.xlsx").write_bytes(b"")
    (workspace.inbox / "cut.xlsx").write_bytes(good.read_bytes()[:3000])
    (workspace.inbox / "letter.xlsx").write_bytes(b"%PDF-1.7 not a workbook")
    other = openpyxl.Workbook()
    other.worksheets[0]["A1"] = "採購清單"
    other.save(workspace.inbox / "other.xlsx")
    returned(workspace, "last_year.xlsx", ENROLMENT, enrolment(), plan=shipped_plan(113))
    returned(workspace, "stranger.xlsx", ENROLMENT, enrolment(), unit="99")
    return workspace
