"""A form on paper: the page set-up, and what one sees first on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from xltool.forms.layout import Place, SheetLayout
from xltool.outputs.forms.pages import SIDE, TOP, bottom_of
from xltool.outputs.style import A4, Colour

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WIDE, _FREEZE_AT_MOST = 110, 40  # characters
_ZOOM_WIDE = 90


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
    set_up_paper(page, owner, title, landscape=sheet.landscape)
    page.set_h_pagebreaks(list(sheet.breaks))
    if sheet.header is not None:
        page.repeat_rows(sheet.header)
    if sheet.guide:  # it is for the screen
        page.print_area(0, 0, bottom_of(sheet) - 1, len(sheet.columns) - 1)
    # Elsewhere none: Excel would print the blank rows of an area, and here ends with what is typed.


def set_up_paper(page: Worksheet, owner: str, title: str, *, landscape: bool) -> None:
    """A4, as broad as the sheet; above whose and what it is, below which page."""
    page.set_paper(A4)
    if landscape:
        page.set_landscape()
    page.set_margins(SIDE / 72, SIDE / 72, TOP / 72, TOP / 72)
    page.fit_to_pages(1, 0)
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
