"""A form on paper: broad enough, pages that begin where a reader would begin them, and the page set-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from xltool.forms.layout import Place, SheetLayout, Style
from xltool.forms.schema import Form
from xltool.outputs.style import A4, A4_HEIGHT, A4_WIDTH, Colour, row_height

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_DEFAULT_ROW = 15.0
_WIDE, _FREEZE_AT_MOST = 110, 40  # characters
_ZOOM_WIDE = 90
_SIDE, _TOP, _SAFETY = 36.0, 50.0, 24.0  # margins at the sides, above and below; what may vary
_BROADER = (1.1, 1.2, 1.3)
_LEADING = {
    *(Style.TITLE, Style.SUBTITLE, Style.PROGRESS, Style.HEADING, Style.NOTE, Style.TOTAL),
    *(Style.HEADER, Style.EXAMPLE),
}


def fitted(lay: Callable[[Form], Sequence[SheetLayout]], form: Form) -> Sequence[SheetLayout]:
    """The sheets as `lay` lays them out, with broader columns for an item that would take a third
    page: more of a long text stands on a line, and the paper's width makes all of it smaller.

    Where even the broadest do not help, smaller print would not be read: the item takes its pages.
    """
    sheets = lay(form)
    for times in _BROADER:
        if not any(map(_takes_a_third_page, sheets)):
            break
        own = (replace(s, columns=tuple(times * width for width in s.columns)) for s in form.sheets)
        pairs = zip(sheets, lay(replace(form, sheets=tuple(own))), strict=True)
        sheets = [
            broad if _takes_a_third_page(one) and not _takes_a_third_page(broad) else one
            for one, broad in pairs
        ]
    return sheets


def _takes_a_third_page(sheet: SheetLayout) -> bool:
    return bool(sheet.of) and len(_page_breaks(sheet)) > 1


def _page_breaks(sheet: SheetLayout) -> list[int]:
    """Rows to begin a page with, so that no cell is torn, no heading stands alone at a page's end,
    and no section is torn that leaves less than half a page empty when it begins the next one; the
    last only where an item still prints on two pages.

    A sheet of one table needs none: its rows are whole, and its header is repeated."""
    if sheet.header is not None:
        return []
    whole = list(_breaks(sheet, tear=False))
    return list(_breaks(sheet, tear=True)) if sheet.of and len(whole) > 1 else whole


def _breaks(sheet: SheetLayout, *, tear: bool) -> Iterator[int]:
    across = sum(width * 6 + 4 for width in sheet.columns)  # points, as the default font has it
    width, height = (A4_HEIGHT, A4_WIDTH) if sheet.landscape else (A4_WIDTH, A4_HEIGHT)
    scale = min(1.0, (width - 2 * _SIDE) / across)
    room = (height - 2 * _TOP - _SAFETY) / scale
    bottom = max(place.row + place.rows for place in sheet.places)
    closed = {row for p in sheet.places for row in range(p.row + 1, p.row + p.rows)}
    closed |= {place.row + 1 for place in sheet.places if place.style in _LEADING}
    headings = {p.row for p in sheet.places if p.style is Style.HEADING}
    used, start = 0.0, 0
    for end in (row for row in range(1, bottom + 1) if row not in closed):
        tall = sum(height_of(sheet, row) for row in range(start, end))
        section = tall
        if start in headings and not tear:
            until = min((row for row in headings if row > start), default=bottom)
            whole = sum(height_of(sheet, row) for row in range(start, until))
            section = whole if whole <= room and used > room / 2 else tall
        if start and used + section > room:
            yield start
            used = 0.0
        used += tall
        start = end


def height_of(sheet: SheetLayout, row: int) -> float:
    """The height of a row, in points."""
    return row_height(sheet.lines[row]) if row in sheet.lines else _DEFAULT_ROW


def set_up(page: Worksheet, sheet: SheetLayout, owner: str, title: str, spare: int) -> None:
    """Protection, view and paper. `spare`: rows below the last that may be typed on."""
    page.protect(
        "",
        {
            "objects": True,  # photos can be put in
            "format_cells": True,
            "format_rows": True,
            "format_columns": True,
            "insert_rows": True,
            "delete_rows": True,
        },
    )
    bottom = max(place.row for place in sheet.places) + spare
    _view(page, sheet, bottom)
    page.set_paper(A4)
    if sheet.landscape:
        page.set_landscape()
    page.set_margins(_SIDE / 72, _SIDE / 72, _TOP / 72, _TOP / 72)
    page.fit_to_pages(1, 0)
    page.set_h_pagebreaks(_page_breaks(sheet))
    last = max(place.row + place.rows for place in sheet.places) - 1
    if sheet.header is not None:
        page.repeat_rows(sheet.header)
        last += spare
    page.print_area(0, 0, last, len(sheet.columns) - 1)  # guidance is for the screen
    owner, title = (text.replace("&", "&&") for text in (owner, title))
    page.set_header(f"&L{owner}&R{title}　&A")
    page.set_footer("&C第 &P 頁，共 &N 頁")


def _view(page: Worksheet, sheet: SheetLayout, bottom: int) -> None:
    """What one sees first: the first cell to fill, the headings kept in sight."""
    first: Place | None = sheet.first_input()
    page.set_tab_color(Colour.HEAD if first is None else Colour.TO_FILL_TAB)
    page.hide_gridlines(2)
    if sheet.header is not None:
        page.freeze_panes(sheet.header + 1, _frozen_columns(sheet))
    elif sheet.frozen:
        page.freeze_panes(sheet.frozen, 0)
    if first is not None:
        page.set_selection(first.row, first.col, first.row, first.col)
        corner = xl_rowcol_to_cell(bottom, len(sheet.columns) - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:{corner}"})
    if sum(sheet.columns) > _WIDE:
        page.set_zoom(_ZOOM_WIDE)


def _frozen_columns(sheet: SheetLayout) -> int:
    """On a wide sheet, the leading columns that tell its rows apart; elsewhere none."""
    if sum(sheet.columns) < _WIDE:
        return 0
    return 2 if sum(sheet.columns[:2]) <= _FREEZE_AT_MOST else 1
