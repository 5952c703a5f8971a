"""Each file in a process of its own: one that dies, hangs or swells is one file's finding."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake.checks.edits import caption, picture
from tests.support.returns import PLAN, codes, issued, photo, returned
from xltool.intake import Job, Reading, read_file, read_files
from xltool.plan import Limits

WHOLE = replace(PLAN, limits=replace(Limits(), seconds=5, memory_mb=512))


def dies(_: bytes) -> str:
    """A store that takes its process along, as a Rust panic over an abort does."""
    os.abort()


def hangs(_: bytes) -> str:
    """A store that never comes back."""
    time.sleep(600)
    return ""


def swells(_: bytes) -> str:
    """A store that takes all the memory it can get."""
    return str(len(bytearray(2**31)))


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    """Three returns; only the second has a photo, so that only it meets the store."""
    middle = returned(tmp_path, "report", caption(1, "說明會"), picture(1, photo()))
    return [issued(tmp_path, "enrolment"), middle, issued(tmp_path, "review")]


def read(files: list[Path], store: Callable[[bytes], str]) -> list[Reading]:
    return list(read_files(files, WHOLE, store=store, workers=2))


@pytest.mark.parametrize(("store", "code"), [(dies, "F107"), (hangs, "F119"), (swells, "F105")])
def test_a_file_that_breaks_its_reader_is_named_and_the_others_go_on(
    store: Callable[[bytes], str], code: str, three: list[Path]
) -> None:
    before, broken, after = read(three, store)
    assert codes(broken) == [code]
    assert broken.status == "unreadable"
    assert broken.file == three[1].name
    assert broken.sha256
    assert (before.status, after.status) == ("accepted", "accepted")


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
    tight = replace(PLAN, limits=replace(Limits(), **{limit: 0}))
    [found] = read_file(three[0], tight).findings
    assert found.code == "F105"
    assert reason in found.message
