"""Issuing many workbooks, as a ratio to the same cells written through openpyxl.

    .venv/bin/python benchmarks/issuing.py [RUNS]

The form is 執行成果填報表 with three items. The baseline writes the same cells, merges, fills, fonts,
borders, validations and conditional formats with openpyxl, planned by the same layout: what differs is
the library. Each is a process of its own; medians of RUNS (3), but 1,000
workbooks once. Machines differ: quote the ratios.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from xltool.forms import REPORT
from xltool.forms.layout import lay_out, shown
from xltool.forms.lists import Lists
from xltool.model import Record
from xltool.outputs.forms import FormCopy, write_form
from xltool.outputs.forms.live_checks import cells_of
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)
COUNTS = (12, 1_000)
ITEMS = ("03-01", "03-02", "03-03")
TEXT = "建置線上查詢平臺，串接各區營業處案件資料，每日更新進度。" * 5


def records() -> list[Record]:
    """What a unit's report is issued with."""
    given = {"name": "用電申辦進度線上查詢服務", "category": "數位創新加值", "method": TEXT}
    return [Record("report", {"item": item, **given}, item) for item in ITEMS]


def ours(folder: Path, count: int) -> None:
    """As issued by xltool."""
    for n in range(count):
        path = folder / f"{n}.xlsx"
        write_form(
            path, FormCopy(REPORT, PLAN, unit="03", records=records(), items=ITEMS, issue=str(n))
        )


def baseline(folder: Path, count: int) -> None:
    """The same cells through openpyxl."""
    import openpyxl
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    side = Side("thin", "8A94A0")
    look = {
        "font": Font(name="Microsoft JhengHei", size=11),
        "fill": PatternFill("solid", "FFF9DB"),
        "border": Border(side, side, side, side),
        "alignment": Alignment(wrap_text=True, vertical="center"),
    }
    for n in range(count):
        book = openpyxl.Workbook()
        for sheet in lay_out(REPORT, PLAN, Lists.of(PLAN, ITEMS), records(), "03"):
            page = book.create_sheet(sheet.title)
            for col, wide in enumerate(sheet.columns, 1):
                page.column_dimensions[get_column_letter(col)].width = wide
            for row, lines in sheet.lines.items():
                page.row_dimensions[row + 1].height = lines * 16.5
            for place in sheet.places:
                for row in range(place.row, place.row + place.rows):
                    for col in range(place.col, place.col + place.cols):
                        cell = page.cell(row + 1, col + 1)
                        for name, value in look.items():
                            setattr(cell, name, value)
                page.cell(place.row + 1, place.col + 1, shown(place.value))
                if place.rows * place.cols > 1:
                    page.merge_cells(
                        start_row=place.row + 1,
                        start_column=place.col + 1,
                        end_row=place.row + place.rows,
                        end_column=place.col + place.cols,
                    )
            for columns in cells_of(sheet, REPORT):
                for column in columns:
                    letter = get_column_letter(column.col + 1)
                    cells = f"{letter}{column.first + 1}:{letter}{column.last + 1}"
                    rule = DataValidation(promptTitle=column.field.label, prompt="請填寫")
                    rule.add(cells)
                    page.add_data_validation(rule)
                    formula = f"LEN({letter}{column.first + 1})>1000"
                    fill = PatternFill(bgColor="FBD9D5")
                    rule_made = FormulaRule([formula], fill=fill)  # type: ignore[no-untyped-call]
                    page.conditional_formatting.add(cells, rule_made)
            page.protection.sheet = True
        book.save(folder / f"{n}.xlsx")


def main() -> None:
    """Measure and print; with a name, do that one's work (a process of its own)."""
    if len(sys.argv) == 4:
        with tempfile.TemporaryDirectory() as folder:
            {"ours": ours, "openpyxl": baseline}[sys.argv[1]](Path(folder), int(sys.argv[2]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for count in COUNTS:
        seconds: dict[str, float] = {}
        for who in ("ours", "openpyxl"):
            times, peak = [], 0
            for _ in range(runs if count < 100 else 1):
                start = time.perf_counter()
                done = subprocess.run(
                    [sys.executable, __file__, who, str(count), "work"],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                times.append(time.perf_counter() - start)
                peak = int(done.stdout)
            seconds[who] = statistics.median(times)
            print(f"{count:>5} workbooks  {who:<9} {seconds[who]:7.2f} s   {peak} MiB")
        print(f"{count:>5} workbooks  ratio     {seconds['ours'] / seconds['openpyxl']:7.2f}")


if __name__ == "__main__":
    main()
