"""A Form and values → a workbook: draws the places of `forms.layout`, and says who it is.

XlsxWriter writes what nobody else will have touched yet. Drop-downs go by defined names on a hidden
sheet, so that they survive a re-save by another program. The hidden sheet `_meta` and the document's
properties carry the form's identity: a renamed file is still known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.forms.layout import (
    LISTS,
    META,
    Place,
    SheetLayout,
    Style,
    label_of,
    lay_out,
    shown,
    title_of,
)
from xltool.forms.lists import Lists
from xltool.forms.schema import Field, Form, Kind, Table
from xltool.forms.settings import SETTINGS
from xltool.model import Record
from xltool.outputs.celltext import ROW_LIMIT, cell_text
from xltool.plan import Plan

SPARE_ROWS = 30
"""Rows below a sheet's last table that are open for typing on, when the prepared ones are full."""

_FONT = "Microsoft JhengHei"
_POINTS_PER_LINE, _DEFAULT_ROW = 16.5, 15.0
_INK, _BAND, _LINE = "#1F2933", "#1F4E79", "#8A94A0"
_LABEL, _GIVEN, _PALE, _FAULT = "#D9E5F1", "#ECEEF0", "#FFF9DB", "#FBD9D5"
_TABS = {True: "#E0B93C", False: _BAND}  # by whether there is something to fill
_TYPED_AS_TEXT = {Kind.CODE, Kind.DATE, Kind.TEXT, Kind.LONG, Kind.CHOICE, Kind.YES_NO}
_CENTRED = {Kind.CODE, Kind.DATE, Kind.CHOICE, Kind.YES_NO, Kind.INTEGER, Kind.DECIMAL}
_A4_WIDTH, _A4_HEIGHT = 595.0, 842.0  # points
_TEXT = 49  # Excel's own number of the format "@"
_WIDE, _FREEZE_AT_MOST = 110, 40  # characters
_SIDE, _TOP, _SAFETY = 36.0, 50.0, 24.0  # margins at the sides, above and below; what may vary
_LEADING = {Style.TITLE, Style.SUBTITLE, Style.HEADING, Style.NOTE, Style.HEADER}


@dataclass(frozen=True)
class Stamp:
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
) -> None:
    """Write a form for a unit (code) to `path`, filled with `records`.

    `items` are the 業務編號 to choose from; `issue` names this issue. The same input gives the same
    bytes. Raises OSError when `path` cannot be written.
    """
    lists = Lists.of(plan, items)
    sheets = lay_out(form, plan, lists, records, unit)
    stamp = Stamp(form.key, form.version, plan.year, unit, issue)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
        # Column widths count digits of this font: 8 pixels each.
        "default_format_properties": {"font_name": _FONT, "font_size": 11, "font_scheme": "none"},
        "default_column_width": 72,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        _identify(book, stamp, form, plan)
        drawing = _Drawing(book, form, plan, lists, unit)
        for sheet in sheets:
            drawing.draw(sheet)
        drawing.write_lists()
        _write_meta(book, stamp, sheets)
        book.worksheets()[0].activate()


def _identify(book: Workbook, stamp: Stamp, form: Form, plan: Plan) -> None:
    book.set_properties({
        "title": title_of(form, plan),
        "author": plan.agency,
        "company": plan.agency,
        "created": datetime(plan.year + 1911, 1, 1),  # noqa: DTZ001 the format has no zone
    })
    for key, value in vars(stamp).items():
        book.set_custom_property(f"xltool_{key}", str(value), "text")


class _Styles:
    """One format per look, made when first needed."""

    _BASE: ClassVar[Mapping[str, Any]] = {
        "font_name": _FONT,
        "font_scheme": "none",
        "font_size": 11,
        "font_color": _INK,
        "valign": "vcenter",
    }
    _BOX: ClassVar[Mapping[str, Any]] = {"border": 1, "border_color": _LINE, "text_wrap": True}
    _LOOKS: ClassVar[Mapping[Style, Mapping[str, Any]]] = {
        Style.TITLE: {"bold": True, "font_size": 16, "align": "center"},
        Style.SUBTITLE: {"font_size": 12, "align": "center", "text_wrap": True},
        Style.HEADING: {
            "bold": True,
            "font_size": 12,
            "font_color": "#FFFFFF",
            "bg_color": _BAND,
            "indent": 1,
        },
        Style.NOTE: {"font_size": 10, "font_color": "#4A5560", "text_wrap": True},
        Style.LABEL: {**_BOX, "bold": True, "bg_color": _LABEL, "indent": 1},
        Style.HEADER: {**_BOX, "bold": True, "bg_color": _LABEL, "align": "center"},
        Style.TEXT: {**_BOX, "indent": 1},
        Style.GIVEN: {**_BOX, "bg_color": _GIVEN},
        Style.INPUT: {**_BOX, "bg_color": _PALE, "locked": False},
        Style.PHOTO: {"border": 3, "border_color": _LINE, "locked": False},
        Style.STAMP: _BOX,
    }

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.fault = book.add_format({"bg_color": _FAULT, "border": 1, "border_color": "#B42318"})

    def of(self, place: Place, *, in_table: bool) -> Format:
        """A place's look: long text from the top, short values of a table centred."""
        look = dict(self._LOOKS[place.style])
        if place.style in (Style.INPUT, Style.GIVEN) and place.field:
            look |= self._content(place.field, in_table=in_table)
        if place.style is Style.LABEL and place.cols > 1:  # above a box for 核章
            look |= {"align": "center", "indent": 0}
        return self._format(look)

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


@dataclass(frozen=True)
class _Column:
    """A field's cells on a sheet: one of a card, or one in each row of a table, without a gap."""

    section: str
    field: Field
    first: int
    last: int
    col: int
    cols: int


class _Drawing:
    """Draws the sheets of one form into a workbook."""

    def __init__(self, book: Workbook, form: Form, plan: Plan, lists: Lists, unit: str) -> None:
        self._book, self._form, self._plan, self._lists = book, form, plan, lists
        self._owner = plan.unit_name(unit) if unit else plan.agency
        self._styles = _Styles(book)
        self._tables = {s.key: s for _, s in form.sections() if isinstance(s, Table)}
        self._names = self._choice_names()
        self._titles: set[str] = set()

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
        page = self._book.add_worksheet(self._title(sheet.title))
        for col, width in enumerate(sheet.columns):
            page.set_column(col, col, width)
        for row, lines in sheet.lines.items():
            page.set_row(row, _height(lines))
        for place in sheet.places:
            look = self._styles.of(place, in_table=place.section in self._tables)
            _put(page, place, look)
        for columns in _columns(sheet):
            spare = self._open_spare_rows(page, sheet, columns)
            for column in columns:
                _validate(page, column, spare, self._names, self._lists)
            _mark(
                page, columns, spare, self._styles.fault, moving=columns[0].section in self._tables
            )
        self._set_up(page, sheet)
        self._name_sections(page, sheet)

    def _title(self, wanted: str) -> str:
        """A title that Excel accepts: at most 31 characters, none forbidden, no two alike."""
        plain = re.sub(r"[\[\]:*?/\\']", "", wanted).strip()[:31] or "表"
        title, n = plain, 1
        while title.casefold() in self._titles:
            n += 1
            title = f"{plain[: 31 - len(str(n)) - 1]} {n}"
        self._titles.add(title.casefold())
        return title

    def _open_spare_rows(
        self, page: Worksheet, sheet: SheetLayout, columns: Sequence[_Column]
    ) -> int:
        """Unlock rows below the sheet's last table; return how many. Photos are limited in number."""
        table = self._tables.get(columns[0].section)
        bottom = max(place.row + place.rows for place in sheet.places) - 1
        ends_here = columns[0].last == bottom
        if table is None or table.rows_from or not ends_here or _has_photos(table):
            return 0
        places = {p.field.key: p for p in sheet.places if p.section == table.key and p.field}
        for entry in table.fields:
            look = self._styles.spare(entry)
            for row in range(bottom + 1, bottom + 1 + SPARE_ROWS):
                page.write_blank(row, places[entry.key].col, None, look)
        return SPARE_ROWS

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
        page.set_paper(9)
        if sheet.landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(_SIDE / 72, _SIDE / 72, _TOP / 72, _TOP / 72)
        page.set_h_pagebreaks(list(_page_breaks(sheet)))
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


def _height(lines: float) -> float:
    return min(lines * _POINTS_PER_LINE, ROW_LIMIT)


def _has_photos(table: Table) -> bool:
    return any(entry.kind is Kind.PHOTO for entry in table.fields)


def _put(page: Worksheet, place: Place, look: Format) -> None:
    last_row, last_col = place.row + place.rows - 1, place.col + place.cols - 1
    if (last_row, last_col) != (place.row, place.col):
        page.merge_range(place.row, place.col, last_row, last_col, "", look)
    kind = place.field.kind if place.field else Kind.TEXT
    if isinstance(place.value, Decimal) and kind not in _TYPED_AS_TEXT:
        page.write_number(place.row, place.col, float(place.value), look)
    elif text := cell_text(shown(place.value)):
        page.write_string(place.row, place.col, text, look)
    else:
        page.write_blank(place.row, place.col, None, look)


def _columns(sheet: SheetLayout) -> Iterator[list[_Column]]:
    """The input cells of each card, and of each table, field by field."""
    inputs = [(p.section, p.field, p) for p in sheet.places if p.style is Style.INPUT and p.field]
    for section, group in groupby(inputs, key=lambda one: one[0]):
        found: dict[str, _Column] = {}
        for _, field, place in group:
            top = found[field.key].first if field.key in found else place.row
            last = place.row + place.rows - 1
            found[field.key] = _Column(section, field, top, last, place.col, place.cols)
        yield list(found.values())


def _frozen_columns(sheet: SheetLayout) -> int:
    """On a wide sheet, the leading columns that tell its rows apart; elsewhere none."""
    if sum(sheet.columns) < _WIDE:
        return 0
    return 2 if sum(sheet.columns[:2]) <= _FREEZE_AT_MOST else 1


def _page_breaks(sheet: SheetLayout) -> Iterator[int]:
    """Rows to begin a page with, so that no cell is torn, no heading stands alone at a page's end,
    and no section is torn that leaves less than half a page empty when it begins the next one.

    A sheet of one table needs none: its rows are whole, and its header is repeated."""
    if sheet.header is not None:
        return
    across = sum(width * 6 + 4 for width in sheet.columns)  # points, as the default font has it
    width, height = (_A4_HEIGHT, _A4_WIDTH) if sheet.landscape else (_A4_WIDTH, _A4_HEIGHT)
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
        if start in headings:
            until = min((row for row in headings if row > start), default=bottom)
            whole = sum(_row_height(sheet, row) for row in range(start, until))
            section = whole if whole <= room and used > room / 2 else tall
        if start and used + section > room:
            yield start
            used = 0.0
        used += tall
        start = end


def _row_height(sheet: SheetLayout, row: int) -> float:
    return _height(sheet.lines[row]) if row in sheet.lines else _DEFAULT_ROW


def _validate(
    page: Worksheet,
    column: _Column,
    spare: int,
    names: Mapping[tuple[str, ...], str],
    lists: Lists,
) -> None:
    """Help while typing: a prompt beside the cell, a drop-down, limits of number and length."""
    field = column.field
    rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
    if prompt := _prompt(field):
        rule |= {"input_title": label_of(field)[:32], "input_message": prompt[:255]}
    if options := lists.options(field):
        rule |= {"validate": "list", "source": f"={names[options]}"}
        rule |= {"error_title": "請從選單選擇", "error_message": f"{field.label}請從下拉選單選擇"}
    elif field.kind in (Kind.DECIMAL, Kind.INTEGER):
        low, high = _limits(field)
        kind = "decimal" if field.kind is Kind.DECIMAL else "integer"
        rule |= {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
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


def _prompt(field: Field) -> str:
    example = f"例：{shown(field.example)}" if field.example else ""
    return "\n".join(part for part in (field.prompt, example) if part)


def _limits(field: Field) -> tuple[float, float]:
    low = -1e9 if field.minimum is None else float(field.minimum)
    high = 1e9 if field.maximum is None else float(field.maximum)
    return low, high


def _mark(
    page: Worksheet, columns: Sequence[_Column], spare: int, look: Format, *, moving: bool
) -> None:
    """Colour what is required but blank in a card or row already begun, and what exceeds a limit.

    `moving`: each row is judged by itself, as in a table.
    """
    cells = {
        column.field.key: xl_rowcol_to_cell(
            column.first, column.col, row_abs=not moving, col_abs=True
        )
        for column in columns
    }
    begun = f"COUNTA({','.join(cells.values())})>0"
    for column in columns:
        field, cell = column.field, cells[column.field.key]
        faults = []
        if field.required:
            faults.append(f"AND(LEN(TRIM({cell}))=0,{begun})")
        if (when := field.required_when) and when.field in cells:
            value = shown(when.equals).replace('"', '""')
            faults.append(f'AND(LEN(TRIM({cell}))=0,{cells[when.field]}="{value}")')
        if field.kind in (Kind.DECIMAL, Kind.INTEGER):
            low, high = _limits(field)
            outside = f"IFERROR(OR(VALUE({cell})<{low:g},VALUE({cell})>{high:g}),TRUE)"
            faults.append(f"AND(LEN(TRIM({cell}))>0,{outside})")
        elif field.max_length is not None:
            faults.append(f"LEN({cell})>{field.max_length}")
        if faults:
            fault = faults[0] if len(faults) == 1 else f"OR({','.join(faults)})"
            page.conditional_format(
                column.first,
                column.col,
                column.last + spare,
                column.col + column.cols - 1,
                {"type": "formula", "criteria": f"={fault}", "format": look},
            )


def _write_meta(book: Workbook, stamp: Stamp, sheets: Sequence[SheetLayout]) -> None:
    """Who this is, and every word of ours on it: whatever else comes back was typed by somebody."""
    page = book.add_worksheet(META)
    rows = [(key, str(value)) for key, value in vars(stamp).items()]
    ours = dict.fromkeys(
        shown(place.value)
        for sheet in sheets
        for place in sheet.places
        if place.style not in (Style.INPUT, Style.GIVEN, Style.PHOTO, Style.STAMP)
    )
    rows += [("text", text) for text in ours]
    for row, (key, value) in enumerate(rows):
        page.write_string(row, 0, key)
        page.write_string(row, 1, cell_text(value))
    page.hide()
    page.protect()
