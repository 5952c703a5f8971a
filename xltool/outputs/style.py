"""How our workbooks and pages look, and how a fresh workbook is opened: each value stands here once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.outputs.celltext import ROW_LIMIT
from xltool.zh import western

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

FONT = "Microsoft JhengHei"
WEB_FONTS = f'"{FONT}","PingFang TC","Noto Sans TC",sans-serif'
"""The same on a page, in CSS: macOS and Linux have others for these characters."""
CHARSET = 136
"""What openpyxl calls a font of 繁體中文."""
SIZE = 11
"""Points of ordinary text."""
BASE: Mapping[str, Any] = {"font_name": FONT, "font_size": SIZE}
"""Ordinary text in XlsxWriter's words."""
LINE = 16.5
"""Points that a line of ordinary text takes."""

A4 = 9
"""The number that a workbook has for the paper."""
A4_WIDTH, A4_HEIGHT = 595.0, 842.0
"""In points, upright."""


class Shade(StrEnum):
    """A colour by what it says. Its text has the # of XlsxWriter and CSS; `bare` is for openpyxl."""

    @property
    def bare(self) -> str:
        """The six digits alone."""
        return self.removeprefix("#")


class Colour(Shade):
    """The colours of forms, lists and pages."""

    WHITE = "#FFFFFF"
    INK = "#1F2933"
    QUIET = "#4A5560"  # notes, guidance, examples
    EDGE = "#8A94A0"
    LINK = "#0B57D0"
    HEAD = (
        "#1F4E79"  # the bar above a section, a list's headings, the tab of a sheet that only tells
    )
    LABEL = "#D9E5F1"  # labels, headings of a table to fill, sums
    GIVEN = "#ECEEF0"
    TO_FILL, TO_FILL_TAB = "#FFF9DB", "#E0B93C"
    DONE, DONE_INK = "#D5EFDC", "#14532D"
    OPEN, OPEN_INK = "#FDEBC8", "#7A4100"  # not yet done, wants a look
    FAULT, FAULT_INK = "#FBD9D5", "#B42318"  # to correct before it counts; its edge, and warnings
    LIST_TAB = "#8EA9DB"


class TrackerColour(Shade):
    """The colours of the tracker, which lives on through the year: a 備註 in another colour than NOTE was
    coloured by the coordinator, and keeps it."""

    HEAD = "#1F4E78"
    NOTE_HEAD, NOTE = "#7F6000", "#FFF9E5"  # 備註, the coordinator's own column
    LEAD = "#404040"  # the lines above a table
    EXTRA_HEAD = "#DDEBF7"  # headings of the small tables below one
    EDGE = "#A6A6A6"
    LINK = "#0B4FAD"
    DONE, IDLE, OPEN, FAULT = "#E2F0D9", "#EDEDED", "#FFE699", "#F8CBAD"
    EDITED, EDITED_TAB = "#FCE4D6", "#F4B183"  # kept as the coordinator typed it
    UNMATCHED_TAB, PERSONAL_TAB = "#BFBFBF", "#C00000"
    FILED_BAR, NIL_BAR, OPEN_BAR, MISSING_BAR = "#70AD47", "#A5A5A5", "#FFC000", "#ED7D31"


def row_height(lines: float, more: float = 0.0) -> float:
    """The height of a row for so many lines of ordinary text and `more` points, at most what a row can have."""
    return min(ROW_LIMIT, lines * LINE + more)


def new_book(path: Path, title: str, year: int, agency: str = "", **options: Any) -> Workbook:
    """A workbook of an agency's ROC year, to be used with `with`; `options` are XlsxWriter's own.

    No text in it becomes a formula, a link or a number, and its date of creation is the year's first
    day: the same input gives the same bytes, on every system. Raises OSError when it is closed and
    `path` cannot be written.
    """
    from xlsxwriter import Workbook

    from xltool.outputs.worksheet import IssuedSheet

    safe = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,  # through files, each system would end lines in its own way
    }
    book = Workbook(str(path), {**options, **safe})
    book.worksheet_class = IssuedSheet
    made = datetime(western(year), 1, 1)  # noqa: DTZ001 the format has no zone
    book.set_properties({"title": title, "author": agency, "company": agency, "created": made})
    return book


class Looks:
    """The formats of one workbook, each made once. All stand on `base`, and on our font."""

    def __init__(self, book: Workbook, **base: Any) -> None:
        self._book = book
        self._base = {**BASE, **base}
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **look: Any) -> Format:
        """The format of a look, in XlsxWriter's words."""
        whole = {**self._base, **look}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]
