"""A sheet that is a list: headings that stay, a filter, A4 across with the headings on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltool.plan import Plan
from xltool.zh import western

LOOK = {"font_name": "Microsoft JhengHei", "font_size": 11, "border": 1}
HEAD = {"bold": True, "bg_color": "#D9E5F1"}


def list_book(path: Path, title: str, plan: Plan) -> Workbook:
    """A workbook of lists, to be used with `with`: no text in it is a formula or a link, and it
    carries no time of its own. Raises OSError when it is closed and `path` cannot be written."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = Workbook(str(path), options)
    made = datetime(western(plan.year), 1, 1)  # noqa: DTZ001 - XlsxWriter wants it naive
    book.set_properties({"title": title, "created": made})
    return book


def frame(sheet: Worksheet, columns: Sequence[tuple[str, float]], last: int, head: Format) -> None:
    """Head the columns (label, width) and set the page up. `last` is the last row, 0 when empty."""
    for col, (label, width) in enumerate(columns):
        sheet.set_column(col, col, width)
        sheet.write_string(0, col, label, head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 頁，共 &N 頁")
