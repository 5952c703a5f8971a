"""Killed at any moment of a merge, ledger and tracker are whole, and the next merge completes.

`XLTOOL_KILLS=200 pytest tests/end_to_end/test_killed.py` kills as often as one likes; the suite a few
times, at moments spread over the whole run.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from tests.support.effort import HANG
from tests.support.sample import year_of_114
from xltool.steps.gather import gather
from xltool.steps.write import merge
from xltool.store.workspace import Workspace

KILLS = int(os.environ.get("XLTOOL_KILLS", "8"))
MERGE = [sys.executable, "-m", "xltool", "merge", "--folder"]


def started(workspace: Workspace) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*MERGE, str(workspace.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def left_running(session: int) -> list[str]:
    """Processes of a killed run that are still there (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and /proc are not of Windows")
def test_killed_at_any_moment_nothing_is_torn_and_the_next_merge_completes(tmp_path: Path) -> None:
    year = year_of_114(tmp_path, "enrolment", "report")
    whole = Workspace(tmp_path / "whole")
    shutil.copytree(year.root, whole.root)
    begin = time.perf_counter()
    assert started(whole).wait() in (0, 1)
    seconds = time.perf_counter() - begin
    inbox, dice = hashes(year.inbox), random.Random(114)
    tracker = openpyxl.load_workbook(whole.tracker(114)).sheetnames
    for number in range(KILLS):
        if number % 4 == 0:  # from the very beginning; else over what the last one left
            shutil.rmtree(year.records)
            year.tracker(114).unlink(missing_ok=True)
        run = started(year)
        time.sleep(seconds * dice.random())
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        if year.ledger.exists():
            with sqlite3.connect(year.ledger) as connection:
                [(verdict,)] = connection.execute("PRAGMA integrity_check").fetchall()
            connection.close()
            assert verdict == "ok"
        if year.tracker(114).exists():
            assert openpyxl.load_workbook(year.tracker(114)).sheetnames == tracker
        assert hashes(year.inbox) == inbox
        deadline = time.perf_counter() + HANG
        while left_running(run.pid) and time.perf_counter() < deadline:
            time.sleep(0.1)
        assert left_running(run.pid) == [], "the workers end with the run"
    unfinished = list(year.root.rglob(".xltool-*"))
    for path in unfinished:
        os.utime(path, (0, 0))  # a killed run's, by now
    done = merge(year)
    assert len(done.readings) == len(gather(whole).readings)
    told = {one.file: one.status for one in done.readings}
    assert told == {one.file: one.status for one in gather(whole).readings}
    assert openpyxl.load_workbook(year.tracker(114)).sheetnames == tracker
    assert not list(year.root.rglob(".xltool-*")), "half-written files are swept"
