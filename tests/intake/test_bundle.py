"""A .zip of returns: every file in it is read like one that came alone."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.support.packages import pack
from tests.support.returns import issued
from xltool.findings import Finding
from xltool.intake.bundle import is_bundle, members
from xltool.plan import Limits

LIMITS = Limits()


def packed(folder: Path, content: Mapping[str, bytes], name: str = "回傳.zip") -> Path:
    """A .zip with those files in it."""
    path = folder / name
    path.write_bytes(pack(content))
    return path


def names(path: Path, limits: Limits = LIMITS) -> list[str]:
    """The names handed on; of what is not, the finding's code."""
    return [one.code if isinstance(one, Finding) else one[0] for one in members(path, limits)]


def test_a_workbook_is_no_bundle_and_a_zip_of_workbooks_is(tmp_path: Path) -> None:
    workbook = issued(tmp_path, "enrolment")
    assert not is_bundle(workbook)
    assert is_bundle(packed(tmp_path, {"03.xlsx": workbook.read_bytes()}))


def test_noise_is_no_bundle(tmp_path: Path) -> None:
    noise = tmp_path / "noise.zip"
    noise.write_bytes(b"PK\x03\x04" + b"x" * 500)
    assert not is_bundle(noise)


def test_each_file_is_named_by_the_bundle_and_its_place_in_it(tmp_path: Path) -> None:
    path = packed(tmp_path, {"電力組/03.xlsx": b"a", "04.ods": b"b"})
    assert names(path) == ["回傳.zip／電力組/03.xlsx", "回傳.zip／04.ods"]


def test_what_programs_leave_in_folders_is_left_out(tmp_path: Path) -> None:
    litter = ("__MACOSX/._03.xlsx", ".DS_Store", "Thumbs.db", "電力組/~$03.xlsx")
    assert names(packed(tmp_path, dict.fromkeys((*litter, "03.xlsx"), b"a"))) == [
        "回傳.zip／03.xlsx"
    ]


def test_a_name_written_by_windows_in_taiwan_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path, {"AAAA.xlsx": b"a"})
    name = "填報".encode("cp950")
    path.write_bytes(path.read_bytes().replace(b"AAAA", name))
    assert names(path) == ["回傳.zip／填報.xlsx"]


def test_a_file_beyond_the_limit_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path, {"big.xlsx": b"0" * (2**20 + 1), "03.xlsx": b"a"})
    assert names(path, replace(LIMITS, file_mb=1)) == ["F105", "回傳.zip／03.xlsx"]


def test_a_bundle_that_unpacks_without_end_is_given_up(tmp_path: Path) -> None:
    many = {f"{n}.xlsx": b"0" * 2**20 for n in range(40)}
    found = names(packed(tmp_path, many), replace(LIMITS, file_mb=1))
    assert len(found) < 25
    assert found[-1] == "F105"


def test_a_broken_file_in_a_bundle_is_named_and_the_next_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a.xlsx": b"A" * 50 + b"bcd", "03.xlsx": b"a"})
    with zipfile.ZipFile(path) as archive:
        start = archive.infolist()[0].header_offset + 30 + len("a.xlsx")
    data = bytearray(path.read_bytes())
    data[start : start + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert names(path) == ["F102", "回傳.zip／03.xlsx"]


def test_an_encrypted_file_in_a_bundle_is_named(tmp_path: Path) -> None:
    path = packed(tmp_path, {"03.xlsx": b"a"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert names(path) == ["F103"]
