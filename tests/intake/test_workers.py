"""Each file in a process of its own: one that dies, hangs or swells is one file's finding."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.edits import caption, picture
from tests.support.effort import HANG
from tests.support.returns import PLAN, codes, issued, photo, returned
from xltool.intake import Job, read_files
from xltool.intake.one import read_file
from xltool.intake.workers import each_apart
from xltool.plan import Limits, Plan


def dies(_: bytes) -> str:
    """A store that takes its process along, as a Rust panic over an abort does."""
    os.abort()


def swells(_: bytes) -> str:
    """A store that takes all the memory it can get."""
    return str(len(bytearray(2**31)))


def hangs(_: bytes) -> str:
    """A store that never comes back."""
    return sleeps(HANG)


def sleeps(seconds: float) -> str:
    time.sleep(seconds)
    return "done"


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    """Three returns; only the second has a photo, so that only it meets the store."""
    middle = returned(tmp_path, "report", caption(1, "說明會"), picture(1, photo()))
    return [issued(tmp_path, "enrolment"), middle, issued(tmp_path, "review")]


def within(**limits: int) -> Plan:
    """The plan with other limits for a file."""
    return replace(PLAN, limits=replace(Limits(), **limits))


@pytest.mark.parametrize(("store", "code"), [(dies, "F107"), (swells, "F105")])
def test_a_file_that_breaks_its_reader_is_named_and_the_others_go_on(
    store: Callable[[bytes], str], code: str, three: list[Path]
) -> None:
    small = within(memory_mb=512)
    before, broken, after = read_files(three, small, store=store, workers=2)
    assert codes(broken) == [code]
    assert broken.status == "unreadable"
    assert broken.file == three[1].name
    assert broken.sha256
    assert (before.status, after.status) == ("accepted", "accepted")


# Whether a file hangs is told by the clock, which a busy machine runs ahead of: a real file that must
# come through has the usual minute, and what is given a second or two either sleeps or does nothing.


def test_a_file_that_never_ends_is_named(three: list[Path]) -> None:
    [broken] = read_files([three[1]], within(seconds=1), store=hangs)
    assert codes(broken) == ["F119"]
    assert "1 秒" in broken.findings[0].message
    assert (broken.status, broken.file) == ("unreadable", three[1].name)
    assert broken.sha256


def test_when_one_never_ends_the_others_go_on() -> None:
    ended = each_apart(
        *(sleeps, [0, HANG, 0, 0]), limits=Limits(seconds=2), lost=lambda _, code: code, workers=2
    )
    assert list(ended) == ["done", "F119", "done", "done"]


def test_what_is_read_apart_is_what_is_read_here(three: list[Path]) -> None:
    apart = list(read_files(three, PLAN))
    assert apart == [replace(read_file(path, PLAN), spots={}) for path in three]


def test_a_file_is_called_as_its_sender_called_it(three: list[Path]) -> None:
    [reading] = read_files([Job(three[0], "組長改.xlsx")], PLAN)
    assert reading.file == "組長改.xlsx"


def test_nothing_to_read_starts_nothing() -> None:
    assert list(read_files([], PLAN)) == []


@pytest.mark.parametrize(
    ("limit", "reason"),
    [("file_mb", "檔案大於 0 MB"), ("unpacked_mb", "展開後過大"), ("cells", "有內容的儲存格過多")],
)
def test_the_limits_are_those_of_the_settings(limit: str, reason: str, three: list[Path]) -> None:
    [found] = read_file(three[0], within(**{limit: 0})).findings
    assert found.code == "F105"
    assert reason in found.message
