"""One sheet of a form drawn: its places, its lines that tell how far it is, its photos."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.forms.layout import (
    COVER,
    DONE,
    FINISHED,
    RETURNABLE,
    Place,
    SheetLayout,
    Style,
    shown,
)
from xltool.forms.schema import ITEM_ID, Filer, Kind
from xltool.model import Picture, Spot
from xltool.outputs.celltext import cell_text
from xltool.outputs.forms import live_checks
from xltool.outputs.forms.copies import SPARE_ROWS, LaidOut, Point
from xltool.outputs.forms.live_checks import Computed, CountedSheet, cells_of
from xltool.outputs.forms.looks import TYPED_AS_TEXT, FormLooks
from xltool.outputs.forms.pages import height_of
from xltool.outputs.forms.paper import set_up
from xltool.outputs.forms.typing_help import help_typing
from xltool.outputs.style import row_height

_GAP = 2.0  # column between a card and its guidance
_COMMENT = {"author": "", "x_scale": 2.0, "y_scale": 1.2, "font_size": 10}
_SCREEN_DPI = 96.0
_DRAWABLE = {"png", "jpeg", "gif", "bmp"}  # what the format of the workbook can carry


def draw_sheets(book: Workbook, laid: LaidOut, looks: FormLooks) -> Iterator[str]:
    """Add the copy's sheets, each with its help, photos and print set-up.

    Yields the words that are written beside what the layout has: what is to be corrected where.
    """
    marks: dict[Spot | None, list[Point]] = {}
    for point in laid.copy.points:
        if point.spot is not None:
            marks.setdefault(point.spot, []).append(point)
    for sheet in laid.sheets:
        yield from _Drawing(book, laid, looks, sheet).draw(marks)


class _Drawing:
    """Draws one sheet."""

    def __init__(self, book: Workbook, laid: LaidOut, looks: FormLooks, sheet: SheetLayout) -> None:
        self._book, self._laid, self._looks, self._sheet = book, laid, looks, sheet
        self._page: Worksheet = book.add_worksheet(laid.titles[sheet.title])

    def draw(self, marks: Mapping[Spot | None, Sequence[Point]]) -> Iterator[str]:
        """Draw it; yields the words of the comments at what is to be corrected."""
        page, sheet, laid = self._page, self._sheet, self._laid
        self._size()
        for place in sheet.places:
            points = marks.get(laid.spot(sheet, place), ()) if marks else ()
            self._put(place, faulty=bool(points) and place.style is not Style.HEADING)
            if points:
                words = cell_text("\n".join(f"{one.said}。{one.fix}" for one in points))
                page.write_comment(place.row, place.col, words, _COMMENT)
                yield words
        help_typing(page, laid, sheet, self._looks)
        set_up(page, sheet, laid.owner, laid.form.title, SPARE_ROWS)
        self._name_sections()
        self._lay_photos()

    def _size(self) -> None:
        page, sheet = self._page, self._sheet
        for col, width in enumerate(sheet.columns):
            page.set_column(col, col, width)
        if sheet.guide:
            page.set_column(sheet.guide_column - 1, sheet.guide_column - 1, _GAP)
            page.set_column(sheet.guide_column, sheet.guide_column, sheet.guide)
        for row, lines in sheet.lines.items():
            page.set_row(row, row_height(lines))

    # Places

    def _put(self, place: Place, *, faulty: bool) -> None:
        """Draw one place."""
        in_table = place.section in self._laid.tables
        look = self._looks.of(place, in_table=in_table, faulty=faulty)
        if place.style is Style.PROGRESS:
            self._put_progress(place, look)
        elif place.style is Style.TOTAL:
            self._put_total(place, look)
        elif place.style is Style.LINK:
            words = shown(place.value)
            there = f"internal:'{self._laid.titles[words]}'!A1"
            self._page.write_url(place.row, place.col, there, look, cell_text(words))
        else:
            self._put_value(place, look)

    def _put_value(self, place: Place, look: Format) -> None:
        self._merge(place, look)
        kind = place.field.kind if place.field else Kind.TEXT
        if isinstance(place.value, Decimal) and kind not in TYPED_AS_TEXT:
            self._page.write_number(place.row, place.col, float(place.value), look)
        elif text := cell_text(shown(place.value)):
            self._page.write_string(place.row, place.col, text, look)
        else:
            self._page.write_blank(place.row, place.col, None, look)

    def _put_progress(self, place: Place, look: Format) -> None:
        """How far the sheet is, or on the cover the sheet that the line is about, or all."""
        done = DONE
        if self._sheet.title == COVER and not place.of:
            is_own = self._laid.form.filer is Filer.COORDINATOR
            done = FINISHED if is_own else RETURNABLE
            counted = CountedSheet.together(self._laid.counted.values())
        else:
            counted = self._laid.counted.get(place.of or self._sheet.title, CountedSheet(1, ()))
        if not counted.counts:
            self._put_value(place, look)
            return
        self._put_computed(place, live_checks.progress(counted, done), look)
        cell = xl_rowcol_to_cell(place.row, place.col, row_abs=True, col_abs=True)
        area = (place.row, place.col, place.row, place.col + place.cols - 1)
        for mark, tone in (("=", self._looks.done), ("<>", self._looks.open)):
            rule = {"type": "formula", "criteria": f'=LEFT({cell},1){mark}"✓"', "format": tone}
            self._page.conditional_format(*area, rule)

    def _put_total(self, place: Place, look: Format) -> None:
        """The line above a table that sums it up."""
        table, title = self._laid.tables[place.section], self._laid.titles[self._sheet.title]
        for columns in cells_of(self._sheet, self._laid.form):
            for column in columns:
                if column.section is table and column.field.key == table.total:
                    total = live_checks.total(column, title, self._laid.copy.plan)
                    self._put_computed(place, total, look)

    def _put_computed(self, place: Place, computed: Computed, look: Format) -> None:
        self._merge(place, look)
        self._page.write_formula(place.row, place.col, f"={computed.text}", look, computed.value)

    def _merge(self, place: Place, look: Format) -> None:
        last_row, last_col = place.row + place.rows - 1, place.col + place.cols - 1
        if (last_row, last_col) != (place.row, place.col):
            self._page.merge_range(place.row, place.col, last_row, last_col, "", look)

    def _name_sections(self) -> None:
        """A defined name at each heading, by which the reader finds a section that moved; none on a sheet
        whose item number was typed over, for a name cannot hold whatever somebody types."""
        if self._sheet.of and not ITEM_ID.matches(self._sheet.of):
            return
        of = re.sub(r"\W", "_", self._sheet.of)
        for place in self._sheet.places:
            if place.style is Style.HEADING and place.section:
                name = f"sec_{place.section}" + (f"_{of}" if of else "")
                cell = xl_rowcol_to_cell(place.row, place.col, row_abs=True, col_abs=True)
                self._book.define_name(name, f"='{self._page.name}'!{cell}")

    # Photos

    def _lay_photos(self) -> None:
        """Lay the item's photos over the photo cells, as large as fits, moving and sizing with them."""
        for place, picture, file in self._laid.album(self._sheet):
            columns = self._sheet.columns[place.col : place.col + place.cols]
            room = sum(columns) * 8 - 8, height_of(self._sheet, place.row) * 96 / 72 - 8
            lay_picture(self._page, (place.row, place.col), room, picture, file)


def lay_picture(
    page: Worksheet, at: tuple[int, int], room: tuple[float, float], picture: Picture, file: Path
) -> None:
    """Lay a picture on a cell, so that it fits into so many pixels across and down."""
    from PIL import Image

    with Image.open(file) as image:
        kind = (image.format or "").lower()
        width, height = image.size
        across, down = (one or _SCREEN_DPI for one in image.info.get("dpi", (0, 0)))
        data = io.BytesIO(file.read_bytes())
        if kind not in _DRAWABLE:
            data = io.BytesIO()
            image.save(data, "PNG")
            kind, across, down = "png", _SCREEN_DPI, _SCREEN_DPI
    shrink = min(room[0] / width, room[1] / height)
    page.insert_image(
        *at,
        f"{picture.blob[:12]}.{kind}",
        {
            "image_data": data,
            "x_offset": 4,
            "y_offset": 4,
            "x_scale": shrink * float(across) / _SCREEN_DPI,
            "y_scale": shrink * float(down) / _SCREEN_DPI,
            "object_position": 1,
            "description": cell_text(picture.caption) or "成果照片",
        },
    )
