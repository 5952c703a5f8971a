"""The ledger keeps every file ever received, and what was read from it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from xltool.findings import finding
from xltool.model import Address, Picture, Record, Submission
from xltool.rules.filing import brief
from xltool.store.ledger import Kept, open_ledger, packed
from xltool.store.workspace import Workspace, WorkspaceError

AT = "2025-12-01T09:00:00+08:00"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "114")


def returned(workspace: Workspace, name: str = "03.xlsx", data: bytes = b"one") -> Path:
    path = workspace.inbox / name
    path.write_bytes(data)
    return path


def test_a_file_deleted_or_overwritten_in_the_inbox_is_still_kept(workspace: Workspace) -> None:
    path = returned(workspace)
    with open_ledger(workspace) as ledger:
        first = ledger.receive(path, AT)
    path.write_bytes(b"two")
    with open_ledger(workspace) as ledger:
        ledger.receive(path, "2025-12-02T09:00:00+08:00")
    path.unlink()
    with open_ledger(workspace) as ledger:
        received = ledger.received()
    assert [file.name for file in received] == ["03.xlsx", "03.xlsx"]
    assert [workspace.blob(file.sha256).read_bytes() for file in received] == [b"one", b"two"]
    assert received[0] == first


def test_receiving_a_file_again_keeps_the_time_it_was_first_seen(workspace: Workspace) -> None:
    path = returned(workspace)
    with open_ledger(workspace) as ledger:
        ledger.receive(path, AT)
        again = ledger.receive(path, "2026-01-01T00:00:00+08:00")
    assert again.at == AT


def test_what_was_read_comes_back_equal_type_for_type(workspace: Workspace) -> None:
    at = Address("03.xlsx", "業務 03-01", "B7")
    submission = Submission(
        form="report",
        year=114,
        unit="03",
        file="03.xlsx",
        sha256="ab",
        records=(
            Record(
                "report",
                {
                    "result": "=1+1\n第二行",
                    "score": Decimal("85.50"),
                    "day": date(2025, 11, 30),
                    "flag": True,
                },
                of="03-01",
                at={"result": at},
                raw={"score": "８５．５０"},
                issued={"name": "用電申辦", "target": ""},
            ),
        ),
        pictures=(Picture("cd", "jpeg", 800, 600, at, "03-01", "圖說"),),
        version=1,
        saved="2025-11-30T08:00:00Z",
        nil=False,
        baseline=True,
    )
    with open_ledger(workspace) as ledger:
        file = ledger.receive(returned(workspace), AT)
        submission = replace(submission, sha256=file.sha256)
        kept = Kept(brief(submission), (finding("V301", at, "", field="辦理情形"),))
        ledger.remember(file, "s1", kept, packed(submission))
    with open_ledger(workspace) as ledger:
        assert ledger.kept(file, "s1") == kept
        back = ledger.said(brief(submission), "s1")
        assert back == submission
        assert str(back.records[0].number("score")) == "85.50"
        assert ledger.kept(file, "s2") is None, "other settings: read again"
        with pytest.raises(WorkspaceError, match="請再執行一次"):
            ledger.said(brief(submission), "s2")


def test_an_unreadable_file_is_remembered_as_such(workspace: Workspace) -> None:
    kept = Kept(None, (finding("F101", Address("03.xlsx")),))
    with open_ledger(workspace) as ledger:
        file = ledger.receive(returned(workspace, data=b""), AT)
        ledger.remember(file, "s", kept, None)
        assert ledger.kept(file, "s") == kept


def test_a_run_that_fails_midway_leaves_the_ledger_as_it_was(workspace: Workspace) -> None:
    def fail() -> None:
        with open_ledger(workspace) as ledger:
            ledger.receive(returned(workspace), AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with open_ledger(workspace) as ledger:
        assert ledger.received() == []


def test_a_ledger_of_a_newer_program_is_left_alone(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.ledger) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(WorkspaceError, match="請更新 xltool"), open_ledger(workspace):
        pass


def test_a_damaged_ledger_is_told_with_a_way_on(workspace: Workspace) -> None:
    workspace.ledger.write_bytes(b"not a database, surely not one at all" * 100)
    with pytest.raises(WorkspaceError, match="已損壞"), open_ledger(workspace):
        pass


def test_a_ledger_of_the_first_version_is_brought_up_to_date_and_keeps_all(
    workspace: Workspace,
) -> None:
    with open_ledger(workspace) as ledger:
        file = ledger.receive(returned(workspace), AT)
    with sqlite3.connect(workspace.ledger) as connection:
        for table in ("issued", "waived", "reading", "settings"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("CREATE TABLE reading (name, sha256, settings, submission, findings)")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    with open_ledger(workspace) as ledger:
        assert ledger.received() == [file]
        assert ledger.issued() == []
        assert ledger.waivers() == []
        assert ledger.amended() == ()
        assert ledger.kept(file, "s") is None, "read once more"
