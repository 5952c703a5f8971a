"""What a check found, to sort and filter: one workbook, with a row for each place.

It quotes what units typed: text is only ever text, and it is not for publication.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from xltool.findings import CATALOGUE, Finding, Severity, explanation
from xltool.outputs.celltext import cell_text, lines
from xltool.outputs.checked import STATUS, CheckedFile, form_title, unit_name
from xltool.outputs.lists.listing import HEAD, LOOK, frame
from xltool.outputs.style import new_book, row_height
from xltool.plan import Plan
from xltool.zh import shortened

_ORDER = list(Severity)
_OTHERS = "彙整與規則"
_INTERNAL = "內部文件：含各單位填報內容，請勿公布。"
_QUOTED = 300  # characters of what was typed


def _quoted(text: str) -> str:
    return shortened(cell_text(text), _QUOTED)


def write_check_book(
    path: Path, files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan
) -> None:
    """Write the workbook: 各檔案, 檢核結果 (one row a place, to sort and filter), 代碼說明. Raises OSError."""
    with new_book(path, "檢核報告", plan.year) as book:
        base = {**LOOK, "valign": "top"}
        text = book.add_format({**base, "text_wrap": True})
        head = book.add_format({**base, **HEAD})

        def page(
            title: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str | int]]
        ) -> None:
            sheet = book.add_worksheet(title)
            row = 0
            for row, cells in enumerate(rows, 1):
                for col, cell in enumerate(cells):
                    if isinstance(cell, int):
                        sheet.write_number(row, col, cell, text)
                    else:
                        sheet.write_string(row, col, cell_text(cell), text)
                high = max(lines(str(c), columns[n][1]) for n, c in enumerate(cells))
                sheet.set_row(row, row_height(high))
            frame(sheet, columns, row, head)
            sheet.set_header(f"&C{_INTERNAL}")

        page("各檔案", _FILE_COLUMNS, (_file_row(checked, plan) for checked in files))
        every: list[tuple[CheckedFile | None, Finding]] = [
            (checked, f) for checked in files for f in checked.findings
        ]
        every += [(None, f) for f in others]
        every.sort(key=lambda pair: _ORDER.index(pair[1].severity))
        page("檢核結果", _FINDING_COLUMNS, (_finding_row(*pair, plan) for pair in every))
        codes = sorted({found.code for _, found in every})
        told = ([code, *(w for _, w in explanation(CATALOGUE[code])[1:4])] for code in codes)
        page("代碼說明", _CODE_COLUMNS, told)


_FILE_COLUMNS = (
    *(("單位", 24.0), ("表單", 18.0), ("檔案", 48.0), ("結果", 12.0)),
    *((str(severity), 9.0) for severity in _ORDER),
)
_FINDING_COLUMNS = (
    *(("單位", 16.0), ("表單", 14.0), ("檔案", 24.0), ("嚴重度", 9.0), ("代碼", 8.0)),
    *(("工作表", 13.0), ("儲存格", 9.0), ("所填內容", 22.0), ("問題", 32.0), ("怎麼改", 32.0)),
)
_CODE_COLUMNS = (("代碼", 9.0), ("問題", 36.0), ("為什麼", 50.0), ("怎麼改", 40.0))


def _file_row(checked: CheckedFile, plan: Plan) -> tuple[str | int, ...]:
    count = Counter(found.severity for found in checked.findings)
    whose = unit_name(checked.unit, plan), form_title(checked.form)
    return (*whose, checked.file, STATUS[checked.status], *(count[s] for s in _ORDER))


def _finding_row(checked: CheckedFile | None, found: Finding, plan: Plan) -> tuple[str, ...]:
    unit = unit_name(checked.unit, plan) if checked else ""
    form = form_title(checked.form) if checked else _OTHERS
    at = found.at
    said = (_quoted(found.value), found.message, found.fix)
    return (unit, form, at.file, str(found.severity), found.code, at.sheet, at.cell, *said)
