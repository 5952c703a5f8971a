"""Whatever somebody sends, it becomes a finding: never an exception, never a long wait."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path
from typing import Any, SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.effort import at_most
from tests.support.hostile import FILES, make
from xltool.intake import read_files
from xltool.intake.formats import legacy
from xltool.intake.formats.biff import read_drawings, read_errors
from xltool.intake.grid import Grid
from xltool.intake.guard import Refusal
from xltool.intake.one import read_file
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)
SECONDS = 10.0  # of the processor; the slowest takes less than one
BEGIN = struct.pack("<HHHH", 0x809, 4, 0x600, 0x10)
"""The first record of an old workbook; its sheets, said to begin there too, are the whole stream."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All hostile files by name."""
    return {path.name: path for path in make(tmp_path_factory.mktemp("hostile"))}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_a_finding_and_quickly(name: str, hostile: dict[str, Path]) -> None:
    with at_most(SECONDS):
        reading = read_file(hostile[name], PLAN)
    assert FILES[name][0] in {finding.code for finding in reading.findings}
    assert reading.status == "unreadable"
    assert "F107" not in {finding.code for finding in reading.findings}
    assert all(finding.at.file == name and finding.fix for finding in reading.findings)


def test_the_kind_of_a_file_that_is_no_spreadsheet_is_named(hostile: dict[str, Path]) -> None:
    said = {
        name: read_file(path, PLAN).findings[0].message
        for name, path in hostile.items()
        if FILES[name][0] in {"F104", "F137"}
    }
    assert said["scan.pdf"] == "不是試算表檔案（PDF 文件）"
    assert said["letter-renamed.xlsx"] == "不是試算表檔案（Word 文件 .docx）"
    assert said["photo.xlsx"] == "不是試算表檔案（JPG 圖片）"
    assert (
        said["export.xls"] == "檔案是試算表，但程式讀不了這種格式（網頁 .html，即使副檔名為 .xls）"
    )


def test_no_outside_entity_is_ever_read(hostile: dict[str, Path]) -> None:
    reading = read_file(hostile["outside-entity.xlsx"], PLAN)
    assert "root:" not in repr(reading)


def test_one_bad_file_does_not_keep_the_others_out(hostile: dict[str, Path]) -> None:
    names = ["empty.xlsx", "noise.xls", "macros.xlsm"]
    readings = list(read_files([hostile[name] for name in names], PLAN))
    assert [reading.file for reading in readings] == names


def test_a_file_that_is_not_there_or_is_a_folder_is_a_finding(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "沒有.xlsx", "F113"), (tmp_path, "F117")):
        reading = read_file(path, PLAN)
        assert [finding.code for finding in reading.findings] == [code]
        assert reading.sha256 == ""


@given(st.binary(max_size=400))
def test_noise_in_an_old_workbook_ends_quickly(noise: bytes) -> None:
    sheet = struct.pack("<HHL4B", 0x85, 10, 0, 0, 0, 1, 0) + b"AA"
    kinds = (0xEB, 0xEC, 0x205, 0x06)  # drawings, errors, formulas
    records = [struct.pack("<HH", kind, len(noise)) + noise for kind in kinds]
    stream = BEGIN + sheet + b"".join(records) + noise
    assert all(name == "A" for name, _ in read_errors(stream))
    with contextlib.suppress(struct.error, IndexError):
        read_drawings(stream)


class Counted(bytes):
    """An old workbook's stream that counts how often a piece of it is taken: once a record."""

    taken = 0

    def __getitem__(self, key: SupportsIndex | slice) -> Any:
        self.taken += 1
        return super().__getitem__(key)


def test_an_old_workbook_of_a_million_empty_records_ends_quickly() -> None:
    sheets = b"".join(
        struct.pack("<HHL4B", 0x85, 10, 0, 0, 0, 2, 0) + f"{n:02}".encode() for n in range(60)
    )
    stream = Counted(BEGIN + sheets + b"\1\0\0\0" * 1_000_000)
    read_drawings(stream)
    assert list(read_errors(stream)) == []
    assert 1_000_000 < stream.taken < 5_000_000, "of 2 × 61 × 1,000,000"


def test_an_old_workbook_of_very_many_errors_is_too_large() -> None:
    errors = (struct.pack("<HHHHHBB", 0x205, 8, n, 0, 0, 7, 1) for n in range(1_000))
    sheet = struct.pack("<HHL4B", 0x85, 10, 0, 0, 0, 1, 0) + b"AA"
    stream = BEGIN + sheet + b"".join(errors)
    grids = (Grid("A"),)
    with pytest.raises(Refusal) as refusal:
        legacy.add_errors(grids, stream, 999)
    assert refusal.value.code == "F105"
    legacy.add_errors(grids, stream, 1_000)
    assert len(grids[0].cells) == 1_000
