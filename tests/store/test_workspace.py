"""The year's folder: whole writes, refusals in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltool.store.inbox import lying_in
from xltool.store.workspace import Workspace, WorkspaceError, atomic_write, resource


def test_a_write_that_fails_midway_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "總表.xlsx"
    target.write_text("old", "utf-8")

    def fail() -> None:
        with atomic_write(target) as path:
            path.write_text("half", "utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_text("utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["總表.xlsx"], "nothing is left behind"


def test_a_write_that_ends_well_replaces_the_file(tmp_path: Path) -> None:
    target = tmp_path / "new" / "總表.xlsx"
    for text in ("first", "second"):
        with atomic_write(target) as path:
            path.write_text(text, "utf-8")
        assert target.read_text("utf-8") == text


def test_a_file_open_in_excel_is_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "locked")

    monkeypatch.setattr(Path, "replace", locked)
    with (
        pytest.raises(WorkspaceError, match="請先關閉正在使用該檔的 Excel"),
        atomic_write(tmp_path / "總表.xlsx") as path,
    ):
        path.write_text("new", "utf-8")


def test_a_folder_without_settings_is_no_year(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="xltool new 114"):
        Workspace.open(tmp_path)


def test_laying_out_a_year_twice_keeps_what_is_there(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "114")
    (workspace.inbox / "a.xlsx").write_bytes(b"x")
    again = Workspace.create(tmp_path / "114")
    assert [one.name for one in lying_in(again.inbox)] == ["a.xlsx"]


def test_lock_files_of_office_programs_are_no_returns(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "114")
    for name in ("~$03.xlsx", ".~lock.03.xlsx#", ".DS_Store", "03.xlsx"):
        (workspace.inbox / name).write_bytes(b"x")
    assert [one.name for one in lying_in(workspace.inbox)] == ["03.xlsx"]


def test_a_missing_shipped_file_asks_to_install_again() -> None:
    with pytest.raises(WorkspaceError, match="重新安裝"):
        resource("templates/nothing.docx")
