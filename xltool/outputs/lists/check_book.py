"""What a check found, to sort and filter: one workbook, with a row for each place.

It quotes what units typed: text is only ever text, and it is not for publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from xltool.findings import Finding, Severity
from xltool.outputs.celltext import cell_text, lines
from xltool.outputs.checked import (
    PRIVATE,
    CheckedFile,
    Head,
    Row,
    code_rows,
    file_row,
    place_rows,
)
from xltool.outputs.lists.listing import frame, looks_of_list
from xltool.outputs.style import new_book, row_height
from xltool.plan import Plan

_FILES: Mapping[str, float] = {
    Head.UNIT: 24.0,
    Head.FORM: 18.0,
    Head.FILE: 48.0,
    Head.RESULT: 12.0,
    **dict.fromkeys(Severity, 9.0),
}
_PLACES: Mapping[str, float] = {
    Head.UNIT: 16.0,
    Head.FORM: 14.0,
    Head.FILE: 24.0,
    Head.SEVERITY: 9.0,
    Head.CODE: 8.0,
    Head.SHEET: 13.0,
    Head.CELL: 9.0,
    Head.TYPED: 22.0,
    Head.PROBLEM: 32.0,
    Head.FIX: 32.0,
}
_CODES: Mapping[str, float] = {
    Head.CODE: 9.0,
    Head.PROBLEM: 36.0,
    Head.WHY: 50.0,
    Head.FIX: 40.0,
}


def write_check_book(
    path: Path, files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan
) -> None:
    """Write the workbook: 各檔案, 檢核結果 (one row a place), 代碼說明. Raises OSError."""
    with new_book(path, "檢核報告", plan.year) as book:
        head, text = looks_of_list(book, "top")

        def sheet_of(title: str, widths: Mapping[str, float], rows: Iterable[Row]) -> None:
            sheet = book.add_worksheet(title)
            last = 0
            for last, row in enumerate(rows, 1):
                for col, heading in enumerate(widths):
                    cell = row[heading]
                    if isinstance(cell, int):
                        sheet.write_number(last, col, cell, text)
                    else:
                        sheet.write_string(last, col, cell_text(cell), text)
                high = max(lines(str(row[heading]), width - 1) for heading, width in widths.items())
                sheet.set_row(last, row_height(high))
            frame(sheet, list(widths.items()), last, head)
            sheet.set_header(f"&C{PRIVATE}")

        sheet_of("各檔案", _FILES, (file_row(checked, plan) for checked in files))
        sheet_of("檢核結果", _PLACES, place_rows(files, others, plan))
        sheet_of("代碼說明", _CODES, code_rows(files, others))
