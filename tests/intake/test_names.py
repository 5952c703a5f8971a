"""What a file's name tells."""

from __future__ import annotations

import pytest

from xltool.intake.guard import Format
from xltool.intake.names import name_findings


def codes(file: str, kind: Format = Format.XLSX) -> list[str]:
    return [found.code for found in name_findings(file, kind)]


@pytest.mark.parametrize(
    "file",
    [
        "03_填報表 (王小明 的衝突複本 2025-12-01).xlsx",
        "03_填報表 (conflicted copy 2025-12-01 101500).xlsx",
        "03_填報表.sync-conflict-20251201-101500-ABCDEFG.xlsx",
        "03_填報表-DESKTOP-7K2P9QX.xlsx",
        "03_填報表-LAPTOP-ABC123.xlsx",
    ],
)
def test_a_copy_of_two_peoples_changes_is_told_apart(file: str) -> None:
    assert codes(file) == ["F121"]


@pytest.mark.parametrize(
    "file", ["03_填報表 (1).xlsx", "03_填報表 - 複製.xlsx", "PC-03.xlsx", "03.XLSM"]
)
def test_a_plain_copy_is_no_conflict(file: str) -> None:
    assert codes(file) == []


@pytest.mark.parametrize(
    ("file", "kind"),
    [("03.xls", Format.XLSX), ("03.xlsx", Format.ODS), ("03", Format.XLSX), ("03.zip", Format.XLS)],
)
def test_an_ending_that_lies_is_told(file: str, kind: Format) -> None:
    assert codes(file, kind) == ["F122"]
