"""Whatever somebody sends, it becomes a finding: never an exception, never a long wait."""

from __future__ import annotations

import contextlib
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.make import FILES, make
from xltool.intake import read_file, read_files
from xltool.intake.biff import read_pictures
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)
SECONDS = 2.0


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All hostile files by name."""
    return {path.name: path for path in make(tmp_path_factory.mktemp("hostile"))}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_a_finding_and_quickly(name: str, hostile: dict[str, Path]) -> None:
    start = time.perf_counter()
    reading = read_file(hostile[name], PLAN)
    assert time.perf_counter() - start < SECONDS
    assert FILES[name][0] in {finding.code for finding in reading.findings}
    assert reading.status == "unreadable"
    assert "F107" not in {finding.code for finding in reading.findings}
    assert all(finding.at.file == name and finding.fix for finding in reading.findings)


def test_the_kind_of_a_file_that_is_no_spreadsheet_is_named(hostile: dict[str, Path]) -> None:
    said = {
        name: read_file(path, PLAN).findings[0].message
        for name, path in hostile.items()
        if FILES[name][0] == "F104"
    }
    assert said["scan.pdf"] == "不是試算表檔案（PDF 文件）"
    assert said["letter-renamed.xlsx"] == "不是試算表檔案（Word 文件 .docx）"
    assert said["photo.xlsx"] == "不是試算表檔案（JPG 圖片）"
    assert said["export.xls"] == "不是試算表檔案（網頁 .html，即使副檔名為 .xls）"


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
def test_noise_in_an_old_workbooks_drawings_ends_quickly(noise: bytes) -> None:
    group = struct.pack("<HH", 0xEB, len(noise)) + noise
    sheet = struct.pack("<HHL4B", 0x85, 10, 0, 0, 0, 1, 0) + b"AA"
    with contextlib.suppress(struct.error, IndexError):
        read_pictures(group + sheet + struct.pack("<HH", 0xEC, len(noise)) + noise)


def test_an_old_workbook_of_a_million_empty_records_ends_quickly() -> None:
    sheets = b"".join(
        struct.pack("<HHL4B", 0x85, 10, 0, 0, 0, 2, 0) + f"{n:02}".encode() for n in range(60)
    )
    start = time.perf_counter()
    read_pictures(sheets + b"\1\0\0\0" * 1_000_000)
    assert time.perf_counter() - start < SECONDS
