"""What a check found, as a workbook: a row a place, and only ever text."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openxml_audit import OpenXmlValidator

from tests.support.checked import HOSTILE, HOSTILE_FILES, OTHERS
from xltool.outputs.lists.check_book import write_check_book
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)


def test_the_workbook_lists_one_row_a_place_and_explains_its_codes(tmp_path: Path) -> None:
    path = tmp_path / "檢核報告.xlsx"
    write_check_book(path, HOSTILE_FILES, OTHERS, PLAN)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["各檔案", "檢核結果", "代碼說明"]
    found = list(book["檢核結果"].iter_rows(min_row=2, values_only=True))
    assert [(row[4], row[6]) for row in found].count(("V301", "B13")) == 2
    assert [row[4] for row in found][-1] in {"S207", "P606"}, "errors come first"
    assert [row[0] for row in book["代碼說明"].iter_rows(min_row=2, values_only=True)] == [
        *("F101", "P606", "S207", "V301")
    ]
    cells = [cell for row in book["檢核結果"].iter_rows() for cell in row]
    assert HOSTILE in [cell.value for cell in cells]
    assert all(cell.data_type == "s" or cell.value is None for cell in cells)
    assert OpenXmlValidator().validate(str(path)).is_valid


def test_the_workbook_carries_no_time_of_its_own(tmp_path: Path) -> None:
    write_check_book(tmp_path / "a.xlsx", HOSTILE_FILES, OTHERS, PLAN)
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert properties.created is not None and properties.created.year == 2025
