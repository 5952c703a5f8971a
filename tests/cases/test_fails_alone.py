"""Whatever fails at one file fails alone, once, and without a word of what was filled in."""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.answers import result_in
from tests.support.edits import picture
from tests.support.returns import PLAN, UNIT, Person, issued, returned
from tests.support.sample import begin
from xltool import intake
from xltool.changes import changes
from xltool.faces.cli import main
from xltool.intake import Job, Reading, one
from xltool.intake.apart import read_apart
from xltool.intake.locate import locate
from xltool.intake.workers import each_apart
from xltool.merge import people
from xltool.merge.fold import Folds
from xltool.plan import Limits
from xltool.steps import aside
from xltool.steps import give_back as giving
from xltool.steps.gather import gather
from xltool.steps.give_back import give_back
from xltool.steps.write import merge
from xltool.store import ledger as ledgers
from xltool.store.faults import reason
from xltool.store.ledger import Kept, Ledger, Received
from xltool.store.workspace import Workspace, WorkspaceError

SECRET = "王小明 02-27721370#6123 E10234"
"""What a message of Python's would quote of a return."""


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    """Three units have enrolled."""
    begin(tmp_path / "114")
    year = Workspace.open(tmp_path / "114")
    for unit in (UNIT, "05", "07"):
        issued(year.inbox, "enrolment", unit=unit)
    return year


BAD = "enrolment-05.xlsx"


def told(year: Workspace, command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = main([command, "--folder", str(year.root)])
    return code, "".join(capsys.readouterr())


def assert_one_is_aside_and_the_others_count(year: Workspace, shown: str) -> None:
    assert SECRET not in shown
    assert "F132" in {one.code for one in gather(year).findings if one.at.file == BAD}
    filed = {f.unit for f in gather(year).dataset.filings if f.filed and f.form == "enrolment"}
    assert filed == {UNIT, "07"}
    assert year.tracker(114).exists()


# --- alone ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["merge", "run"])
def test_what_cannot_be_merged_is_set_aside_with_a_finding(
    command: str,
    year: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    members = people.members

    def failing(folds: Folds) -> object:
        for fold in folds["enrolment"]:
            if fold.submission.file == BAD:
                raise KeyError(SECRET)
        return members(folds)

    monkeypatch.setattr(people, "members", failing)
    code, shown = told(year, command, capsys)
    assert code == 1
    assert "KeyError test_fails_alone.py" not in shown, "the place is one of ours"
    assert "已單獨擱置" in shown
    assert_one_is_aside_and_the_others_count(year, shown)


def test_what_the_ledger_cannot_hold_is_set_aside_with_a_finding(
    year: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remember = Ledger.remember

    def failing(self: Ledger, file: Received, settings: str, kept: Kept, said: str | None) -> None:
        if file.name == BAD and said is not None:
            SECRET.encode("ascii")
        remember(self, file, settings, kept, said)

    monkeypatch.setattr(Ledger, "remember", failing)
    code, shown = told(year, "merge", capsys)
    assert code == 1
    assert "UnicodeEncodeError" in shown
    assert_one_is_aside_and_the_others_count(year, shown)


def test_what_cannot_be_taken_in_is_set_aside_with_a_finding(
    year: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    receive = Ledger.receive

    def failing(self: Ledger, path: Path, *more: Any) -> Received:
        if path.name == BAD:
            raise ValueError(SECRET)
        return receive(self, path, *more)

    monkeypatch.setattr(Ledger, "receive", failing)
    code, shown = told(year, "merge", capsys)
    assert code == 1
    assert_one_is_aside_and_the_others_count(year, shown)


def test_what_cannot_be_packed_where_it_is_read_is_a_finding(tmp_path: Path) -> None:
    def packing(reading: Reading) -> Reading:
        if reading.submission is not None:
            raise ValueError(SECRET)
        return reading

    path = issued(tmp_path, "enrolment")
    reading = read_apart(PLAN, packing, None, Job(path))
    [found] = reading.findings
    assert (found.code, found.at.file, reading.sha256 != "") == ("F132", path.name, True)
    assert SECRET not in repr(reading)


def unpicklable(_: int) -> object:
    return lambda: 1


def test_what_cannot_be_handed_over_costs_only_its_file() -> None:
    lost: list[object] = list(
        each_apart(unpicklable, [1, 2], limits=Limits(), lost=lambda job, code: code)
    )
    assert lost == ["F107", "F107"]


def test_one_that_the_program_fails_on_is_not_sent_back_to_its_unit(
    year: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    test_what_cannot_be_merged_is_set_aside_with_a_finding("merge", year, monkeypatch, capsys)
    done = give_back(year)
    assert f"　{BAD}：不是單位填寫的問題，未產生退回檔" in done.summary_lines
    assert done.outputs == ()


def test_one_that_cannot_be_given_back_is_told_and_the_others_are_given_back(
    year: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for unit in (UNIT, "05"):
        person = Person(year.inbox / ("enrolment.xlsx" if unit == UNIT else BAD))
        person.card("填報資料", "聯絡電話", None)
        person.save()
    give_one = giving._give_one_back

    def failing(of: Any, anew: Reading, faulty: Any, target: Path) -> Any:
        if anew.file == BAD:
            raise ValueError(SECRET)
        return give_one(of, anew, faulty, target)

    monkeypatch.setattr(giving, "_give_one_back", failing)
    done = give_back(year)
    assert [one.code for one in done.findings] == ["F132"]
    assert len(done.outputs) == 1
    assert SECRET not in repr(done)


class Sum:
    """Merging, as far as it matters here: it fails on these returns, or on two together."""

    def __init__(self, *bad: int, pair: tuple[int, int] = (-1, -1)) -> None:
        self.bad, self.pair = set(bad), set(pair)

    def __call__(self, readings: Any) -> list[int]:
        counted = [int(one.file) for one in readings if one.status == "accepted"]
        if self.bad & set(counted) or self.pair <= set(counted):
            raise LookupError(SECRET)
        return counted


def readings(count: int) -> list[Reading]:
    [returned] = [Reading("", "", returned=object(), findings=())]  # type: ignore[arg-type]
    return [
        Reading(str(n), "", returned.returned, ()) if n % 3 else Reading(str(n), "", None, ())
        for n in range(count)
    ]


@pytest.mark.parametrize("bad", [(), (1,), (19,), (1, 2, 10), (4, 19)])
def test_each_return_that_fails_alone_is_found_and_no_other(bad: tuple[int, ...]) -> None:
    remembered: list[str] = []
    left, made = aside.apart(readings(20), Sum(*bad), lambda one, _: remembered.append(one.file))
    assert made == [n for n in range(20) if n % 3 and n not in bad]
    assert [int(one.file) for one in left if one.findings] == list(bad)
    assert [int(name) for name in remembered] == list(bad)


def test_of_two_that_fail_together_one_is_set_aside_and_not_for_good() -> None:
    remembered: list[str] = []
    left, made = aside.apart(
        readings(20), Sum(pair=(4, 11)), lambda one, _: remembered.append(one.file)
    )
    assert [one.file for one in left if one.findings] == ["11"]
    assert made == [n for n in range(20) if n % 3 and n != 11]
    assert remembered == []


def test_what_no_return_is_to_blame_for_is_told_as_it_is() -> None:
    def failing(_: object) -> None:
        raise LookupError(SECRET)

    with pytest.raises(LookupError):
        aside.apart(readings(5), failing)


# --- once -------------------------------------------------------------------------------------


def test_a_file_that_breaks_the_reader_is_read_at_one_run_only(
    year: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def failing(jobs: Any, _: object, made: Any, **__: object) -> Any:
        for job in jobs:
            read.append(job.file)
            yield made(one.read_file(job.path, PLAN, name=job.file))

    def dying(book: Any, stamp: Any, *more: Any) -> Any:
        if stamp.unit == "05":
            raise RuntimeError(SECRET)
        return locate(book, stamp, *more)

    monkeypatch.setattr(intake, "read_each", failing)
    monkeypatch.setattr(one, "locate", dying)
    for _ in range(2):
        found = [one for one in gather(year).findings if one.at.file == BAD]
        assert [one.code for one in found] == ["F107"]
        assert SECRET not in repr(found)
    assert sorted(read) == sorted(["enrolment.xlsx", BAD, "enrolment-07.xlsx"])


def test_what_cannot_be_merged_is_not_tried_again_while_its_bytes_are_the_same(
    year: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    members = people.members

    def failing(folds: Folds) -> object:
        tried.extend(fold.submission.file for fold in folds["enrolment"])
        if any(fold.submission.file == BAD for fold in folds["enrolment"]):
            raise KeyError(SECRET)
        return members(folds)

    monkeypatch.setattr(people, "members", failing)
    gather(year)
    assert BAD in tried
    tried.clear()
    assert [one.code for one in gather(year).findings if one.at.file == BAD] == ["F132"]
    assert BAD not in tried


def dies_once(marks: Path) -> str:
    if not marks.exists():
        marks.touch()
        os._exit(1)
    return "done"


def test_a_reader_that_dies_gets_a_second_try_and_no_third(tmp_path: Path) -> None:
    ended = each_apart(
        dies_once, [tmp_path / "mark"], limits=Limits(), lost=lambda _, code: code, workers=1
    )
    assert list(ended) == ["done"]


# --- kept before a kill -----------------------------------------------------------------------


def test_what_was_read_before_a_kill_is_not_read_again(year: Workspace, tmp_path: Path) -> None:
    """A run is killed while it waits for its third file; the next one has the first two."""
    script = (
        "import sys, time, dataclasses\n"
        "from pathlib import Path\n"
        "from xltool import intake\n"
        "from xltool.intake.one import read_file\n"
        "from xltool.steps.write import merge\n"
        "from xltool.store import ledger\n"
        "from xltool.store.workspace import Workspace\n"
        "ledger._SAVE_EVERY = 0.0\n"
        "def slowly(jobs, plan, made, **_):\n"
        "    for number, job in enumerate(jobs):\n"
        "        if number == 2:\n"
        "            Path(sys.argv[2]).touch()\n"
        "            time.sleep(600)\n"
        "        yield made(read_file(job.path, plan, name=job.file))\n"
        "intake.read_each = slowly\n"
        "merge(Workspace.open(Path(sys.argv[1])))\n"
    )
    waiting = tmp_path / "waiting"
    run = subprocess.Popen([sys.executable, "-c", script, str(year.root), str(waiting)])
    while not waiting.exists():
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    run.wait()
    with sqlite3.connect(year.ledger) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM reading").fetchall()
        [(came,)] = connection.execute("SELECT count(*) FROM received").fetchall()
    connection.close()
    assert (count, came) == (2, 3)
    assert len(merge(year).readings) == 3


def test_while_one_run_reads_no_other_comes_in_between(year: Workspace) -> None:
    with ledgers.open_ledger(year) as ledger:
        ledger.save()
        other = sqlite3.connect(year.ledger, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_reading_that_was_damaged_in_the_ledger_is_read_once_more(year: Workspace) -> None:
    before = gather(year)
    with sqlite3.connect(year.ledger) as connection:
        connection.execute("UPDATE reading SET findings = 'x' WHERE name = ?", (BAD,))
    connection.close()
    assert gather(year).dataset == before.dataset


# --- the machine ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "merge", "run"])
def test_a_full_disk_is_said_in_chinese_and_blames_no_file(
    command: str,
    year: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    code, shown = told(year, command, capsys)
    assert code == 2
    assert "磁碟空間不足" in shown
    assert "No space" not in shown
    monkeypatch.undo()
    assert not [one for one in gather(year).findings if one.blocks], "nothing was remembered"


def test_a_disk_that_fills_while_the_tracker_is_written_is_said_in_chinese(
    year: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    gather(year)
    monkeypatch.setattr(os, "fsync", full)
    code, shown = told(year, "merge", capsys)
    assert (code, "磁碟空間不足" in shown) == (2, True)


def test_a_photo_that_finds_no_room_is_no_fault_of_its_file(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", picture(1))
    with pytest.raises(WorkspaceError, match="磁碟空間不足"):
        list(intake.read_files([path], PLAN, store=full))


def full(_: bytes) -> str:
    raise WorkspaceError(reason(OSError(errno.ENOSPC, "")))


@pytest.mark.parametrize(
    "code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.ESTALE, errno.EXDEV]
)
def test_every_refusal_of_the_system_is_said_in_chinese(code: int) -> None:
    said = reason(OSError(code, os.strerror(code)))
    assert os.strerror(code) not in said
    assert not said.isascii()


def test_for_programs_a_file_set_aside_is_a_finding_like_others(
    year: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    test_what_the_ledger_cannot_hold_is_set_aside_with_a_finding(year, monkeypatch, capsys)
    main(["check", "--json", "--folder", str(year.root)])
    files = {one["file"]: one for one in result_in(capsys.readouterr().out)}
    assert [one["code"] for one in files[BAD]["findings"]] == ["F132"]


# --- what is written --------------------------------------------------------------------------

WRITERS = {
    "merge": "xltool.outputs.tracker.tracker.write_tracker",
    "rewards": "xltool.outputs.lists.roster.write_roster",
    "annex3": "xltool.outputs.word.annex3.write_annex3",
    "packet": "xltool.outputs.word.packet.write_packet",
    "export": "xltool.outputs.data.frames.write_csv",
    "run": "xltool.outputs.word.annex3.write_annex3",
}
"""What each command writes."""


@pytest.mark.parametrize("command", WRITERS)
def test_a_return_whose_words_cannot_be_written_is_set_aside_and_the_others_are_written(
    command: str,
    year: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module, _, name = WRITERS[command].rpartition(".")
    write = getattr(importlib.import_module(module), name)

    def failing(*given: Any, **more: Any) -> Any:
        if "05-01" in repr((given, more)):
            raise KeyError(SECRET)
        return write(*given, **more)

    monkeypatch.setattr(WRITERS[command], failing)
    code, shown = told(year, command, capsys)
    assert (code, BAD in shown, "已單獨擱置" in shown) == (1, True, True)
    code, again = told(year, command, capsys)
    assert (code == 1 or command == "export", SECRET in again) == (True, False)
    told(year, "merge", capsys)
    assert_one_is_aside_and_the_others_count(year, shown)
    written = {one.name for one in year.results.rglob("*") if one.is_file()}
    assert len(written) > 1 or command == "merge"
    assert not [one for one in written if "備份" in one]


@pytest.mark.parametrize(("where", "command"), [("write", "merge"), ("ask", "diff")])
def test_a_return_that_cannot_be_compared_is_set_aside(
    where: str,
    command: str,
    year: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing(returns: Any, *more: Any) -> Any:
        if any(one.file == BAD for one in returns):
            raise KeyError(SECRET)
        return changes(returns, *more)

    monkeypatch.setattr(f"xltool.steps.{where}.changes", failing)
    code, shown = told(year, command, capsys)
    assert code == 1
    monkeypatch.undo()
    told(year, "merge", capsys)
    assert_one_is_aside_and_the_others_count(year, shown)


def test_an_output_that_fails_whatever_came_is_no_return_s_fault(
    year: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("xltool.outputs.lists.roster.write_roster", failing)
    code, shown = told(year, "rewards", capsys)
    assert (code, SECRET in shown) == (2, False)
    assert not [one for one in gather(year).findings if one.blocks]
