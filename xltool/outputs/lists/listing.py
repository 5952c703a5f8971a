"""A sheet that is a list: headings that stay, a filter, A4 across with the headings on every page."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.outputs.style import A4, Colour, Looks


def looks_of_list(book: Workbook, upright: str) -> tuple[Format, Format]:
    """How the headings look, and the cells, whose text stands `upright` (XlsxWriter's valign)."""
    look = Looks(book, border=1, valign=upright)
    return look(bold=True, bg_color=Colour.LABEL), look(text_wrap=True, indent=1)


def frame(sheet: Worksheet, columns: Sequence[tuple[str, float]], last: int, head: Format) -> None:
    """Head the columns (label, width) and set the page up. `last` is the last row, 0 when empty."""
    for col, (label, width) in enumerate(columns):
        sheet.set_column(col, col, width)
        sheet.write_string(0, col, label, head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 頁，共 &N 頁")
