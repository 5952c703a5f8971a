"""A Form and values → a workbook: draws the places of `forms.layout`, and says who it is.

XlsxWriter writes what nobody else will have touched yet. Drop-downs go by defined names on a hidden
sheet, so that they survive a re-save by another program. The hidden sheet `_meta` and the document's
properties carry the form's identity: a renamed file is still known.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.forms.layout import (
    COVER,
    DONE,
    FINISHED,
    GIVEN_ROW,
    LISTS,
    LIVE,
    META,
    RETURNABLE,
    Place,
    SheetLayout,
    Style,
    guide_of,
    label_of,
    lay_out,
    own_texts,
    shown,
    title_of,
)
from xltool.forms.lists import Lists
from xltool.forms.scale import on_scale
from xltool.forms.schema import Field, Filer, Form, Kind, Table
from xltool.forms.settings import SETTINGS
from xltool.model import Picture, Record, Spot
from xltool.outputs.celltext import cell_text
from xltool.outputs.celltext import lines as cell_lines
from xltool.outputs.forms import live_checks
from xltool.outputs.forms.live_checks import Computed, Count, FieldCells, cells_of
from xltool.outputs.style import A4, A4_HEIGHT, A4_WIDTH, FONT, Colour, new_book, row_height
from xltool.plan import Plan

SPARE_ROWS = 30
"""Rows below a sheet's last table that are open for typing on, when the prepared ones are full."""

TO_CORRECT, OUTSIDE = "待修正", "表外內容"
"""Sheets of a form that goes back to its unit: what to correct, and what stood outside every field."""

_POINT_COLUMNS = (6.0, 8.0, 22.0, 34.0, 44.0, 44.0)
_HOW_TO_CORRECT = (
    "這是貴單位所填內容的乾淨版本；紅框儲存格有說明，請點「位置」前往修正，改好後存檔回傳即可，"
    "不必另外填寫空白表單。"
)
_COMMENT = {"author": "", "x_scale": 2.0, "y_scale": 1.2, "font_size": 10}
_DEFAULT_ROW = 15.0
_TABS = {True: Colour.TO_FILL_TAB, False: Colour.HEAD}  # by whether there is something to fill
_TYPED_AS_TEXT = {Kind.CODE, Kind.DATE, Kind.TEXT, Kind.LONG, Kind.CHOICE, Kind.YES_NO}
_CENTRED = {Kind.CODE, Kind.DATE, Kind.CHOICE, Kind.YES_NO, Kind.INTEGER, Kind.DECIMAL}
_SCREEN_DPI = 96.0
_TEXT = 49  # Excel's own number of the format "@"
_WIDE, _FREEZE_AT_MOST = 110, 40  # characters
_ZOOM_WIDE = 90
_GAP = 2.0  # column between a card and its guidance
_SIDE, _TOP, _SAFETY = 36.0, 50.0, 24.0  # margins at the sides, above and below; what may vary
_BROADER = (1.1, 1.2, 1.3)
_LEADING = {
    *(Style.TITLE, Style.SUBTITLE, Style.PROGRESS, Style.HEADING, Style.NOTE, Style.TOTAL),
    *(Style.HEADER, Style.EXAMPLE),
}
_DRAWABLE = {"png", "jpeg", "gif", "bmp"}  # what the format of the workbook can carry


@dataclass(frozen=True)
class Point:
    """Something for a unit to correct: `spot` is the field's place when the form still has it,
    `was` what stood there, `said` and `fix` what is wrong and what to do."""

    spot: Spot | None
    level: str
    place: str
    was: str
    said: str
    fix: str


@dataclass(frozen=True)
class Identity:
    """A workbook's identity. `unit` is a code, empty for the coordinator's own forms."""

    form: str
    version: int
    year: int
    unit: str
    issue: str


def file_name(form: Form, plan: Plan, unit: str = "") -> str:
    """The name a form is issued under: 114_03_電力發展及管理組_執行成果填報表.xlsx."""
    if form is SETTINGS:
        return "年度設定.xlsx"
    parts = [str(plan.year), *([unit, plan.unit_name(unit)] if unit else []), form.title]
    return re.sub(r'[\\/:*?"<>|\s]+', "", "_".join(parts)) + ".xlsx"


def write_form(
    path: Path,
    form: Form,
    plan: Plan,
    *,
    unit: str = "",
    records: Sequence[Record] = (),
    items: Sequence[str] = (),
    issue: str = "",
    stage: str = "",
    pictures: Sequence[Picture] = (),
    photo: Callable[[Picture], Path] | None = None,
    points: Sequence[Point] = (),
    outside: Sequence[tuple[str, str]] = (),
    baseline: bool = True,
) -> None:
    """Write a form for a unit (code) to `path`, filled with `records`.

    `items` are the 業務編號 to choose from; `issue` names this issue; `stage` is the calendar's stage
    whose deadline the cover tells, where it is not the form's own. `pictures` are put on the photo
    rows of their items, their bytes found by `photo`. `points` are listed on a sheet of their own, and
    marked where they stand; `outside` (place, text) is what the form has no field for. `baseline`: what
    stands in the given cells is what was issued, or `Record.issued` says what was; False where nobody
    knows. The same input gives the same bytes. Raises OSError when `path` cannot be written.
    """
    form, lists = on_scale(form, plan), Lists.of(plan, items)
    sheets = _on_paper(lambda one: lay_out(one, plan, lists, records, unit, stage), form)
    identity = Identity(form.key, form.version, plan.year, unit, issue)
    with new_book(
        path,
        title_of(form, plan),
        plan.year,
        plan.agency,
        # FieldCells widths count digits of this font: 8 pixels each.
        default_format_properties={"font_name": FONT, "font_size": 11, "font_scheme": "none"},
        default_column_width=72,
    ) as book:
        for key, value in vars(identity).items():
            book.set_custom_property(f"xltool_{key}", str(value), "text")
        drawing = _Drawing(book, form, plan, lists, unit, sheets, points)
        if points:
            drawing.list_points(points)
        for sheet in sheets:
            drawing.draw(sheet)
            if photo is not None:
                mine = [one for one in pictures if sheet.of and one.of == sheet.of]
                drawing.put_photos(sheet, mine, photo)
        if outside:
            drawing.list_outside(outside)
        drawing.write_lists()
        drawing.write_live()
        given = drawing.given(records) if baseline else ()
        _write_meta(book, identity, sheets, drawing.said, given)
        book.worksheets()[0].activate()


class _Styles:
    """One format per look, made when first needed."""

    _BASE: ClassVar[Mapping[str, Any]] = {
        "font_name": FONT,
        "font_scheme": "none",
        "font_size": 11,
        "font_color": Colour.INK,
        "valign": "vcenter",
    }
    _BOX: ClassVar[Mapping[str, Any]] = {
        "border": 1,
        "border_color": Colour.EDGE,
        "text_wrap": True,
    }
    _LOOKS: ClassVar[Mapping[Style, Mapping[str, Any]]] = {
        Style.TITLE: {"bold": True, "font_size": 16, "align": "center"},
        Style.SUBTITLE: {"font_size": 12, "align": "center", "text_wrap": True},
        Style.HEADING: {
            "bold": True,
            "font_size": 12,
            "font_color": Colour.WHITE,
            "bg_color": Colour.HEAD,
            "indent": 1,
        },
        Style.NOTE: {"font_size": 10, "font_color": Colour.QUIET, "text_wrap": True},
        Style.LABEL: {**_BOX, "bold": True, "bg_color": Colour.LABEL, "indent": 1},
        Style.HEADER: {**_BOX, "bold": True, "bg_color": Colour.LABEL, "align": "center"},
        Style.TEXT: {**_BOX, "indent": 1},
        Style.GUIDE: {
            "font_size": 10,
            "italic": True,
            "font_color": Colour.QUIET,
            "text_wrap": True,
        },
        Style.EXAMPLE: {**_BOX, "font_size": 10, "italic": True, "font_color": Colour.QUIET},
        Style.PROGRESS: {**_BOX, "bold": True, "indent": 1},
        Style.TOTAL: {"bold": True, "align": "right", "indent": 1},
        Style.LINK: {**_BOX, "font_color": Colour.LINK, "underline": 1, "indent": 1},
        Style.GIVEN: {**_BOX, "bg_color": Colour.GIVEN},
        Style.INPUT: {**_BOX, "bg_color": Colour.TO_FILL, "locked": False},
        Style.PHOTO: {"border": 3, "border_color": Colour.EDGE, "locked": False},
        Style.STAMP: _BOX,
    }

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.fault = book.add_format({
            "bg_color": Colour.FAULT,
            "border": 1,
            "border_color": Colour.FAULT_INK,
        })
        self.done = book.add_format({"bg_color": Colour.DONE, "font_color": Colour.DONE_INK})
        self.open = book.add_format({"bg_color": Colour.OPEN, "font_color": Colour.OPEN_INK})

    def of(self, place: Place, *, in_table: bool, faulty: bool = False) -> Format:
        """A place's look: long text from the top, short values of a table centred."""
        look = dict(self._LOOKS[place.style])
        if place.style in (Style.INPUT, Style.GIVEN) and place.field:
            look |= self._content(place.field, in_table=in_table)
        if place.style is Style.LABEL and place.cols > 1:  # above a box for 核章
            look |= {"align": "center", "indent": 0}
        if faulty:
            look |= {"bg_color": Colour.FAULT, "border": 2, "border_color": Colour.FAULT_INK}
        return self._format(look)

    def plain(self, style: Style) -> Format:
        """A look by itself."""
        return self._format(self._LOOKS[style])

    def spare(self, field: Field) -> Format:
        """An open cell below a table: like an input, but unseen, and nothing to print."""
        content = self._content(field, in_table=True)
        return self._format({"locked": False, "text_wrap": True, **content})

    def _content(self, field: Field, *, in_table: bool) -> dict[str, Any]:
        look: dict[str, Any] = {}
        if field.kind in _TYPED_AS_TEXT:
            look["num_format"] = _TEXT
        if field.kind is Kind.LONG:
            look["valign"] = "top"
        if not in_table:
            look |= {"align": "left", "indent": 1}
        elif field.kind in _CENTRED or field.numbered:
            look["align"] = "center"
        return look

    def _format(self, look: Mapping[str, Any]) -> Format:
        whole = {**self._BASE, **look}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]


class _Drawing:
    """Draws the sheets of one form into a workbook."""

    def __init__(
        self,
        book: Workbook,
        form: Form,
        plan: Plan,
        lists: Lists,
        unit: str,
        sheets: Sequence[SheetLayout],
        points: Sequence[Point] = (),
    ) -> None:
        self._sheets = sheets
        self._marks = _marks(points)
        self._said: list[str] = []
        self._book, self._form, self._plan, self._lists = book, form, plan, lists
        self._owner = plan.unit_name(unit) if unit else plan.agency
        self._styles = _Styles(book)
        self._tables = {s.key: s for _, s in form.sections() if isinstance(s, Table)}
        self._names = self._choice_names()
        self._titles = _titles([sheet.title for sheet in sheets])
        self._pages: dict[str, Worksheet] = {}
        self._live = self._count(sheets)

    def _count(self, sheets: Sequence[SheetLayout]) -> dict[str, tuple[int, list[Count]]]:
        """For each sheet by its title in the layout: its first row on the hidden sheet, its counts."""
        titles = [self._titles[sheet.title] for sheet in sheets]
        counter = live_checks.Tally(self._form, self._lists, sheets, titles, self._names)
        row, found = 1, {}
        for sheet, title in zip(sheets, titles, strict=True):
            spare = dict.fromkeys(self._with_spare_rows(sheet), SPARE_ROWS)
            counts = counter.counts(sheet, title, spare)
            if counts:
                found[sheet.title] = row, counts
                row += len(counts)
        return found

    def _choice_names(self) -> dict[tuple[str, ...], str]:
        """A defined name for each distinct list that the form's drop-downs use."""
        names: dict[tuple[str, ...], str] = {}
        for _, section in self._form.sections():
            for field in section.fields:
                options = self._lists.options(field)
                if options and not field.given:
                    names.setdefault(options, f"list_{len(names) + 1}_{field.key}")
        return names

    def draw(self, sheet: SheetLayout) -> None:
        """Add a sheet with its places, help and print set-up."""
        page = self._book.add_worksheet(self._titles[sheet.title])
        self._pages[sheet.title] = page
        for col, width in enumerate(sheet.columns):
            page.set_column(col, col, width)
        if sheet.guide:
            page.set_column(sheet.guide_column - 1, sheet.guide_column - 1, _GAP)
            page.set_column(sheet.guide_column, sheet.guide_column, sheet.guide)
        for row, lines in sheet.lines.items():
            page.set_row(row, row_height(lines))
        for place in sheet.places:
            marks = self._marks.get(self._spot(sheet, place), ()) if self._marks else ()
            look = self._styles.of(
                place, in_table=place.section in self._tables, faulty=bool(marks)
            )
            if marks:
                words = cell_text("\n".join(f"{one.said}。{one.fix}" for one in marks))
                page.write_comment(place.row, place.col, words, _COMMENT)
                self._said.append(words)
            if place.style is Style.PROGRESS:
                self._put_progress(page, sheet, place, look)
            elif place.style is Style.TOTAL:
                self._put_total(page, sheet, place, look)
            elif place.style is Style.LINK:
                there = f"internal:'{self._titles[shown(place.value)]}'!A1"
                page.write_url(place.row, place.col, there, look, cell_text(shown(place.value)))
            else:
                _put(page, place, look)
        spare_in = self._with_spare_rows(sheet)
        for columns in cells_of(sheet, self._form):
            spare = SPARE_ROWS if columns[0].section.key in spare_in else 0
            if spare:
                self._open_spare_rows(page, sheet, columns)
            for column in columns:
                _validate(page, column, spare, self._names, self._lists)
            self._mark(page, columns, spare)
        self._set_up(page, sheet)
        self._name_sections(page, sheet)

    def _spot(self, sheet: SheetLayout, place: Place) -> Spot | None:
        """What a place is, as the reader would say; None for what holds no answer."""
        if place.field is None or place.style not in (Style.INPUT, Style.GIVEN, Style.PHOTO):
            return None
        table = self._tables.get(place.section)
        if table is None or table.rows_from is None:
            return Spot(place.section, place.field.key, sheet.of, place.index)
        first = table.fields[0].key
        name = next(
            shown(other.value)
            for other in sheet.places
            if other.field and (other.section, other.index) == (place.section, place.index)
            if other.field.key == first and other.style is not Style.HEADER
        )
        return Spot(place.section, place.field.key, sheet.of, 0, name)

    def given(self, records: Sequence[Record]) -> Iterator[tuple[Spot, str]]:
        """Each given cell with the text that it was issued with: what stands in it, or what did before
        a unit typed over it. Left out is what is known anyway: whose form it is, a row's own name."""
        before = {}
        for record in records:
            table = self._tables.get(record.section)
            name = record.text(table.fields[0].key) if table and table.rows_from else ""
            for key, text in record.issued.items():
                before[Spot(record.section, key, record.of, 0, name)] = text
        for sheet in self._sheets:
            for place in sheet.places:
                if place.style is not Style.GIVEN or place.field is None:
                    continue
                table = self._tables.get(place.section)
                if table is not None and table.rows_from is None:
                    continue  # in such a table nothing is given but the rows' numbers
                known = "unit" if table is None else table.fields[0].key
                spot = self._spot(sheet, place)
                if spot is not None and place.field.key != known:
                    yield spot, before.get(spot, shown(place.value))

    def list_points(self, points: Sequence[Point]) -> None:
        """The first sheet of a form that goes back: what to correct, each with a link to its cell."""
        page = self._book.add_worksheet(TO_CORRECT)
        page.set_tab_color(Colour.FAULT_INK)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        for col, width in enumerate(_POINT_COLUMNS):
            page.set_column(col, col, width)
        places = {
            spot: (self._titles[sheet.title], place)
            for sheet in self._sheets
            for place in sheet.places
            if (spot := self._spot(sheet, place)) is not None
        }
        title, note, head, text, link = (
            self._styles.plain(style)
            for style in (Style.TITLE, Style.NOTE, Style.HEADER, Style.TEXT, Style.LINK)
        )
        last = len(_POINT_COLUMNS) - 1
        page.merge_range(0, 0, 0, last, "", title)
        self._say(page, 0, 0, f"待修正 {len(points)} 項", title)
        page.set_row(0, row_height(2))
        page.merge_range(1, 0, 1, last, "", note)
        self._say(page, 1, 0, _HOW_TO_CORRECT, note)
        for col, label in enumerate(("項次", "類別", "位置", "原填內容", "問題", "請這樣修正")):
            self._say(page, 2, col, label, head)
        page.freeze_panes(3, 0)
        page.repeat_rows(2)
        for row, point in enumerate(points, 3):
            words = (str(row - 2), point.level, point.place, point.was, point.said, point.fix)
            for col, word in enumerate(words):
                self._say(page, row, col, word, text)
            if point.spot in places:
                sheet, place = places[point.spot]
                cell = xl_rowcol_to_cell(place.row, place.col)
                shown_as = cell_text(f"{sheet} {cell}")
                self._said.append(shown_as)
                page.write_url(row, 2, f"internal:'{sheet}'!{cell}", link, shown_as)
            lines = max(
                cell_lines(cell_text(word), width)
                for word, width in zip(words, _POINT_COLUMNS, strict=True)
            )
            page.set_row(row, row_height(lines + 0.5))

    def list_outside(self, outside: Sequence[tuple[str, str]]) -> None:
        """The last sheet of a form that goes back: words that stood outside every field."""
        page = self._book.add_worksheet(OUTSIDE)
        head, text = self._styles.plain(Style.HEADER), self._styles.plain(Style.TEXT)
        wide = sum(_POINT_COLUMNS[3:5])
        page.set_column(0, 0, _POINT_COLUMNS[2])
        page.set_column(1, 1, wide)
        self._say(page, 0, 0, "原位置", head)
        self._say(page, 0, 1, "不在欄位內的文字（需要時請剪貼到適當欄位）", head)
        for row, (place, words) in enumerate(outside, 1):
            self._say(page, row, 0, place, text)
            self._say(page, row, 1, words, text)
            page.set_row(row, row_height(cell_lines(cell_text(words), wide) + 0.5))

    def _say(self, page: Worksheet, row: int, col: int, text: str, look: Format) -> None:
        """Write words of ours, and remember them as such."""
        self._said.append(cell_text(text))
        page.write_string(row, col, cell_text(text), look)

    @property
    def said(self) -> tuple[str, ...]:
        """Every word written on sheets that no layout has."""
        return tuple(self._said)

    def _put_progress(
        self, page: Worksheet, sheet: SheetLayout, place: Place, look: Format
    ) -> None:
        """How far the sheet is, or on the cover the sheet that the line is about, or all."""
        whole = sheet.title == COVER and not place.of
        done = DONE
        if whole:
            done = FINISHED if self._form.filer is Filer.COORDINATOR else RETURNABLE
            first = 1
            counts = [one for _, mine in self._live.values() for one in mine]
        else:
            first, counts = self._live.get(place.of or sheet.title, (1, []))
        if not counts:
            _put(page, place, look)
            return
        formula = live_checks.progress(first, first + len(counts) - 1, counts, done)
        self._put_formula(page, place, formula, look)
        cell = xl_rowcol_to_cell(place.row, place.col, row_abs=True, col_abs=True)
        area = (place.row, place.col, place.row, place.col + place.cols - 1)
        for mark, form in (("=", self._styles.done), ("<>", self._styles.open)):
            rule = {"type": "formula", "criteria": f'=LEFT({cell},1){mark}"✓"', "format": form}
            page.conditional_format(*area, rule)

    def _put_total(self, page: Worksheet, sheet: SheetLayout, place: Place, look: Format) -> None:
        table = self._tables[place.section]
        for columns in cells_of(sheet, self._form):
            for column in columns:
                if column.section is table and column.field.key == table.total:
                    formula = live_checks.total(column, self._titles[sheet.title], self._plan)
                    self._put_formula(page, place, formula, look)

    def _put_formula(self, page: Worksheet, place: Place, formula: Computed, look: Format) -> None:
        _merge(page, place, look)
        page.write_formula(place.row, place.col, f"={formula.text}", look, formula.value)

    def put_photos(
        self,
        sheet: SheetLayout,
        pictures: Sequence[Picture],
        photo: Callable[[Picture], Path],
    ) -> None:
        """Lay pictures over the photo cells: each beside its caption, else on the next free row."""
        cells = [place for place in sheet.places if place.style is Style.PHOTO]
        captions = {
            place.row: shown(place.value)
            for place in sheet.places
            if place.field and place.field.key == "caption" and place.style is Style.INPUT
        }
        free = list(cells)
        for picture in pictures:
            if not free:
                break
            beside = (cell for cell in free if captions.get(cell.row) == picture.caption)
            place = next(beside, free[0]) if picture.caption else free[0]
            free.remove(place)
            _lay_photo(self._pages[sheet.title], sheet, place, picture, photo(picture))

    def _with_spare_rows(self, sheet: SheetLayout) -> set[str]:
        """The sheet's last table, when rows may be added to it. Photos are limited in number."""
        bottom = max((place.row + place.rows for place in sheet.places), default=0)
        last = next((p for p in sheet.places if p.row + p.rows == bottom and p.section), None)
        table = self._tables.get(last.section) if last else None
        if table is None or table.rows_from or _has_photos(table):
            return set()
        return {table.key}

    def _open_spare_rows(
        self, page: Worksheet, sheet: SheetLayout, columns: Sequence[FieldCells]
    ) -> None:
        """Unlock rows below the sheet's last table."""
        table, bottom = columns[0].section, columns[0].last
        places = {p.field.key: p for p in sheet.places if p.section == table.key and p.field}
        for entry in table.fields:
            look = self._styles.spare(entry)
            for row in range(bottom + 1, bottom + 1 + SPARE_ROWS):
                page.write_blank(row, places[entry.key].col, None, look)

    def _mark(self, page: Worksheet, columns: Sequence[FieldCells], spare: int) -> None:
        """Colour what is required but blank in a card or row already begun, and what is wrong."""
        moving = isinstance(columns[0].section, Table)  # each row is judged by itself
        cells = {
            column.field.key: xl_rowcol_to_cell(
                column.first, column.col, row_abs=not moving, col_abs=True
            )
            for column in columns
        }
        begun = f"COUNTA({','.join(cells.values())})>0"
        for column in columns:
            options = self._names.get(self._lists.options(column.field), "")
            if fault := live_checks.fault_here(column, cells, begun, options):
                page.conditional_format(
                    column.first,
                    column.col,
                    column.last + spare,
                    column.col + column.cols - 1,
                    {"type": "formula", "criteria": f"={fault}", "format": self._styles.fault},
                )

    def _set_up(self, page: Worksheet, sheet: SheetLayout) -> None:
        """Protection, view and paper."""
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
        first = sheet.first_input()
        page.set_tab_color(_TABS[first is not None])
        page.hide_gridlines(2)
        if sheet.header is not None:
            page.freeze_panes(sheet.header + 1, _frozen_columns(sheet))
            page.repeat_rows(sheet.header)
        elif sheet.frozen:
            page.freeze_panes(sheet.frozen, 0)
        if first is not None:
            page.set_selection(first.row, first.col, first.row, first.col)
            bottom = max(place.row for place in sheet.places) + SPARE_ROWS
            corner = xl_rowcol_to_cell(bottom, len(sheet.columns) - 1)
            page.ignore_errors({"number_stored_as_text": f"A1:{corner}"})
        page.set_paper(A4)
        if sheet.landscape:
            page.set_landscape()
        page.set_margins(_SIDE / 72, _SIDE / 72, _TOP / 72, _TOP / 72)
        bottom = max(place.row + place.rows for place in sheet.places) - 1
        if sheet.header is not None:
            bottom += SPARE_ROWS
        page.fit_to_pages(1, 0)
        page.set_h_pagebreaks(_page_breaks(sheet))
        page.print_area(0, 0, bottom, len(sheet.columns) - 1)  # guidance is for the screen
        if sum(sheet.columns) > _WIDE:
            page.set_zoom(_ZOOM_WIDE)
        owner, title = (text.replace("&", "&&") for text in (self._owner, self._form.title))
        page.set_header(f"&L{owner}&R{title}　&A")
        page.set_footer("&C第 &P 頁，共 &N 頁")

    def _name_sections(self, page: Worksheet, sheet: SheetLayout) -> None:
        of = re.sub(r"\W", "_", sheet.of)
        for place in sheet.places:
            if place.style is Style.HEADING and place.section:
                name = f"sec_{place.section}" + (f"_{of}" if of else "")
                cell = xl_rowcol_to_cell(place.row, place.col, row_abs=True, col_abs=True)
                self._book.define_name(name, f"='{page.name}'!{cell}")

    def write_live(self) -> None:
        """The hidden sheet of counts: what, how many missing, how many wrong, whether any."""
        if not self._live:
            return
        page = self._book.add_worksheet(LIVE)
        for first, counts in self._live.values():
            for row, one in enumerate(counts, first - 1):
                page.write_string(row, 0, cell_text(one.label))
                page.write_formula(row, 1, f"={one.missing.text}", None, one.missing.value)
                page.write_formula(row, 2, f"={one.wrong.text}", None, one.wrong.value)
                is_open = int(bool(one.missing.value or one.wrong.value))
                page.write_formula(row, 3, f"=1*(B{row + 1}+C{row + 1}>0)", None, is_open)
        page.hide()
        page.protect()

    def write_lists(self) -> None:
        """The hidden sheet of the drop-downs' lists, each under its defined name."""
        page = self._book.add_worksheet(LISTS)
        for col, (options, name) in enumerate(self._names.items()):
            for row, option in enumerate(options):
                page.write_string(row, col, cell_text(option))
            top = xl_rowcol_to_cell(0, col, row_abs=True, col_abs=True)
            end = xl_rowcol_to_cell(len(options) - 1, col, row_abs=True, col_abs=True)
            self._book.define_name(name, f"={LISTS}!{top}:{end}")
        page.hide()
        page.protect()


def _marks(points: Sequence[Point]) -> dict[Spot | None, list[Point]]:
    """The points by the place that they speak of."""
    marks: dict[Spot | None, list[Point]] = {}
    for point in points:
        if point.spot is not None:
            marks.setdefault(point.spot, []).append(point)
    return marks


def _titles(wanted: Sequence[str]) -> dict[str, str]:
    """Titles that Excel accepts: at most 31 characters, none forbidden, no two alike."""
    titles: dict[str, str] = {}
    used: set[str] = set()
    for one in wanted:
        plain = re.sub(r"[\[\]:*?/\\']", "", one).strip()[:31] or "表"
        title, n = plain, 1
        while title.casefold() in used:
            n += 1
            title = f"{plain[: 31 - len(str(n)) - 1]} {n}"
        used.add(title.casefold())
        titles[one] = title
    return titles


def _has_photos(table: Table) -> bool:
    return any(entry.kind is Kind.PHOTO for entry in table.fields)


def _merge(page: Worksheet, place: Place, look: Format) -> None:
    last_row, last_col = place.row + place.rows - 1, place.col + place.cols - 1
    if (last_row, last_col) != (place.row, place.col):
        page.merge_range(place.row, place.col, last_row, last_col, "", look)


def _put(page: Worksheet, place: Place, look: Format) -> None:
    _merge(page, place, look)
    kind = place.field.kind if place.field else Kind.TEXT
    if isinstance(place.value, Decimal) and kind not in _TYPED_AS_TEXT:
        page.write_number(place.row, place.col, float(place.value), look)
    elif text := cell_text(shown(place.value)):
        page.write_string(place.row, place.col, text, look)
    else:
        page.write_blank(place.row, place.col, None, look)


def _frozen_columns(sheet: SheetLayout) -> int:
    """On a wide sheet, the leading columns that tell its rows apart; elsewhere none."""
    if sum(sheet.columns) < _WIDE:
        return 0
    return 2 if sum(sheet.columns[:2]) <= _FREEZE_AT_MOST else 1


def _on_paper(lay: Callable[[Form], Sequence[SheetLayout]], form: Form) -> Sequence[SheetLayout]:
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
        tall = sum(_row_height(sheet, row) for row in range(start, end))
        section = tall
        if start in headings and not tear:
            until = min((row for row in headings if row > start), default=bottom)
            whole = sum(_row_height(sheet, row) for row in range(start, until))
            section = whole if whole <= room and used > room / 2 else tall
        if start and used + section > room:
            yield start
            used = 0.0
        used += tall
        start = end


def _lay_photo(
    page: Worksheet, sheet: SheetLayout, place: Place, picture: Picture, path: Path
) -> None:
    """Lay a picture over its cell, as large as fits, moving and sizing with it."""
    from PIL import Image

    with Image.open(path) as image:
        kind = (image.format or "").lower()
        width, height = image.size
        across, down = (one or _SCREEN_DPI for one in image.info.get("dpi", (0, 0)))
        data = io.BytesIO(path.read_bytes())
        if kind not in _DRAWABLE:
            data = io.BytesIO()
            image.save(data, "PNG")
            across = down = _SCREEN_DPI
    room_across = sum(sheet.columns[place.col : place.col + place.cols]) * 8 - 8
    room_down = _row_height(sheet, place.row) * 96 / 72 - 8
    shrink = min(room_across / width, room_down / height)
    page.insert_image(
        place.row,
        place.col,
        f"{picture.blob[:12]}.{'png' if kind not in _DRAWABLE else kind}",
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


def _row_height(sheet: SheetLayout, row: int) -> float:
    return row_height(sheet.lines[row]) if row in sheet.lines else _DEFAULT_ROW


def _validate(
    page: Worksheet,
    column: FieldCells,
    spare: int,
    names: Mapping[tuple[str, ...], str],
    lists: Lists,
) -> None:
    """Help while typing: a prompt beside the cell, a drop-down, limits of number and length."""
    field = column.field
    rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
    if prompt := guide_of(field):
        rule |= {"input_title": label_of(field)[:32], "input_message": prompt[:255]}
    if options := lists.options(field):
        rule |= {"validate": "list", "source": f"={names[options]}"}
        rule |= {"error_title": "請從選單選擇", "error_message": f"{field.label}請從下拉選單選擇"}
    elif field.kind in live_checks.NUMBERS:
        low, high = live_checks.limits(field)
        kind = "decimal" if field.kind is Kind.DECIMAL else "integer"
        rule |= {"validate": kind, "criteria": "between"}
        rule |= {"minimum": float(low), "maximum": float(high)}
        bounded = field.minimum is not None and field.maximum is not None
        limits = f" {field.minimum} 到 {field.maximum} 之間的" if bounded else ""
        rule |= {"error_title": "請填數字", "error_message": f"{field.label}請填{limits}數字"}
    elif field.max_length is not None:
        rule |= {"validate": "length", "criteria": "<=", "value": field.max_length}
        rule |= {
            "error_title": "字數過多",
            "error_message": f"{field.label}以 {field.max_length} 字為限",
        }
    if rule["validate"] != "any" or prompt:
        page.data_validation(column.first, column.col, column.last + spare, column.col, rule)


def _write_meta(
    book: Workbook,
    identity: Identity,
    sheets: Sequence[SheetLayout],
    said: Sequence[str],
    given: Iterable[tuple[Spot, str]],
) -> None:
    """Who this is, every word of ours on it, and what its given cells were issued with: whatever else
    comes back was typed by somebody."""
    page = book.add_worksheet(META)
    rows: list[tuple[str, ...]] = [(key, str(value)) for key, value in vars(identity).items()]
    ours = dict.fromkeys((*own_texts(sheets), *said))
    rows += [("text", text) for text in ours if text]
    rows += [(GIVEN_ROW, text, at.section, at.field, at.of, at.name) for at, text in given]
    for row, columns in enumerate(rows):
        for col, text in enumerate(columns):
            page.write_string(row, col, cell_text(text))
    page.hide()
    page.protect()
