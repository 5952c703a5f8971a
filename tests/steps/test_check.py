"""Check: the inbox or named files, folders and bundles; for people and for programs."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.support.answers import result_in
from tests.support.unit_03 import enrolment, returned
from xltool.faces.cli import main
from xltool.forms import ENROLMENT
from xltool.steps.check import check
from xltool.store.workspace import Workspace

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


def test_what_check_prints_for_programs_keeps_its_schema(
    bad_inbox: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", "--folder", str(bad_inbox.root)]) == 1
    plain = result_in(capsys.readouterr().out)
    by_file = {entry["file"]: entry for entry in plain}
    assert by_file["good.xlsx"]["status"] == "accepted"
    assert by_file["last_year.xlsx"]["status"] == "blocked"
    assert by_file["empty.xlsx"]["status"] == "unreadable"
    assert len(by_file) == 8


def test_a_zip_of_returns_and_a_folder_are_read_file_by_file(workspace: Workspace) -> None:
    path = returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    folder = workspace.inbox / "電力組"
    folder.mkdir()
    path.rename(folder / "03.xlsx")
    with zipfile.ZipFile(workspace.inbox / "回傳.zip", "w") as archive:
        other = returned(workspace, "04.xlsx", ENROLMENT, enrolment(), unit="04")
        archive.write(other, "04.xlsx")
    other.unlink()
    done = check(workspace)
    assert [reading.file for reading in done.readings] == ["03.xlsx", "回傳.zip／04.xlsx"]
    again = check(workspace, [workspace.inbox])
    assert {reading.file for reading in again.readings} == {"03.xlsx", "回傳.zip／04.xlsx"}
    assert all(reading.returned for reading in (*done.readings, *again.readings))
