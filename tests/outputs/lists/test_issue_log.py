"""發出紀錄: what went out to whom, as a list that prints, and that no text can bend."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from xltool.model import Issued
from xltool.outputs.lists.issue_log import write_issue_log
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)


def issued(number: int, at: str, *, file: str = "a.xlsx", recipient: str = "") -> Issued:
    name = f"114-report-03-{number}"
    return Issued(name, "report", "03", number, "", at, file, "", "114.12.10", recipient)


def page(path: Path, *issues: Issued) -> Worksheet:
    write_issue_log(path, issues, PLAN)
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_the_list_says_when_what_to_whom_and_until_when_newest_first(tmp_path: Path) -> None:
    first = issued(1, "2025-11-03T09:00:00+08:00", recipient="unit03@agency.gov.tw")
    again = issued(2, "2025-11-04T09:00:00+08:00")
    head, *rows = page(tmp_path / "a.xlsx", first, again).iter_rows(values_only=True)
    assert head == ("發出時間", "表單", "單位", "發出編號", "檔名", "截止日", "草稿收件者")
    assert [row[3] for row in rows] == ["114-report-03-2", "114-report-03-1"]
    assert rows[1][:3] == ("2025-11-03 09:00", "執行成果填報表", "電力發展及管理組")
    assert rows[1][4:] == ("a.xlsx", "114.12.10", "unit03@agency.gov.tw")


def test_no_text_in_the_list_is_a_formula_or_a_link(tmp_path: Path) -> None:
    one = issued(1, "2025-11-03", file="=1+1", recipient="https://example.org")
    sheet = page(tmp_path / "a.xlsx", one)
    assert [sheet["E2"].data_type, sheet["E2"].value] == ["s", "=1+1"]
    assert sheet["G2"].hyperlink is None


def test_the_list_prints_on_a4_with_its_head_on_every_page(tmp_path: Path) -> None:
    sheet = page(tmp_path / "a.xlsx", issued(1, "2025-11-03"))
    assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "A2"


def test_the_list_carries_no_time_of_its_own(tmp_path: Path) -> None:
    page(tmp_path / "a.xlsx", issued(1, "2025-11-03"))
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert properties.created is not None and properties.created.year == 2025
    assert properties.modified == properties.created
