"""A Form and values → a workbook: draws the places of `forms.layout`, and says who it is.

XlsxWriter writes what nobody else will have touched yet. Drop-downs go by defined names on a hidden
sheet, so that they survive a re-save by another program. The hidden sheet `_meta` and the document's
properties carry the form's identity: a renamed file is still known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.forms.layout import META, Place, SheetLayout, Style, label_of, lay_out, shown
from xltool.forms.lists import Lists
from xltool.forms.schema import Field, Form, Kind
from xltool.forms.settings import SETTINGS
from xltool.model import Record
from xltool.plan import Plan

LISTS = "_lists"
_FONT = "Microsoft JhengHei"
_POINTS_PER_LINE = 17.0
_TALLEST = 409.0
_INK, _BAND, _GREY, _PALE, _LINE = "#1F2933", "#1F4E79", "#E9ECEF", "#FFF9DB", "#8A94A0"
_TYPED_AS_TEXT = {Kind.CODE, Kind.DATE, Kind.TEXT, Kind.LONG, Kind.CHOICE, Kind.YES_NO}


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
    book = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,
        },
    )
    _identify(book, stamp, form, plan)
    styles = _Styles(book)
    names = _choice_names(form, lists)
    pages = [_draw(book, sheet, styles, names, lists, form, plan, unit) for sheet in sheets]
    _write_lists(book, names)
    _write_meta(book, stamp, sheets)
    pages[0].activate()
    book.close()


def _identify(book: Workbook, stamp: Stamp, form: Form, plan: Plan) -> None:
    book.set_properties({
        "title": f"{plan.year}年{form.title}",
        "author": plan.agency,
        "company": plan.agency,
        "created": datetime(plan.year + 1911, 1, 1),  # noqa: DTZ001 the format has no zone
    })
    for key, value in vars(stamp).items():
        book.set_custom_property(f"xltool_{key}", str(value), "text")
    book.set_calc_mode("auto")


class _Styles:
    """One format per look, made when first needed."""

    _BASE: ClassVar[Mapping[str, Any]] = {
        "font_name": _FONT,
        "font_size": 11,
        "font_color": _INK,
        "valign": "vcenter",
    }
    _LOOKS: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        Style.TITLE: {"bold": True, "font_size": 16, "align": "center"},
        Style.SUBTITLE: {"font_size": 12, "align": "center"},
        Style.HEADING: {
            "bold": True,
            "font_size": 12,
            "font_color": "#FFFFFF",
            "bg_color": _BAND,
            "indent": 1,
        },
        Style.NOTE: {"font_size": 10, "font_color": "#4A5560", "text_wrap": True},
        Style.LABEL: {
            "bold": True,
            "bg_color": _GREY,
            "border": 1,
            "border_color": _LINE,
            "text_wrap": True,
        },
        Style.HEADER: {
            "bold": True,
            "bg_color": "#D6E4F0",
            "border": 1,
            "border_color": _LINE,
            "text_wrap": True,
            "align": "center",
        },
        Style.TEXT: {"text_wrap": True, "border": 1, "border_color": _LINE},
        Style.GIVEN: {"bg_color": "#F4F5F7", "border": 1, "border_color": _LINE, "text_wrap": True},
        Style.INPUT: {
            "bg_color": _PALE,
            "border": 1,
            "border_color": _LINE,
            "text_wrap": True,
            "locked": False,
        },
        Style.PHOTO: {"bg_color": "#FFFFFF", "border": 3, "border_color": _LINE, "locked": False},
    }

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Style, bool, bool], Format] = {}

    def of(self, place: Place) -> Format:
        kind = place.field.kind if place.field else None
        text = kind in _TYPED_AS_TEXT
        tall = kind is Kind.LONG
        key = (place.style, text, tall)
        if key not in self._made:
            look = {**self._BASE, **self._LOOKS[place.style]}
            if place.style in (Style.INPUT, Style.GIVEN):
                if text:
                    look["num_format"] = "@"
                if tall:
                    look["valign"] = "top"
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _choice_names(form: Form, lists: Lists) -> dict[tuple[str, ...], str]:
    """A defined name for each distinct list that the form's drop-downs use."""
    names: dict[tuple[str, ...], str] = {}
    for _, section in form.sections():
        for field in section.fields:
            options = lists.options(field)
            if options and not field.given:
                names.setdefault(options, f"list_{len(names) + 1}_{field.key}")
    return names


def _draw(
    book: Workbook,
    sheet: SheetLayout,
    styles: _Styles,
    names: dict[tuple[str, ...], str],
    lists: Lists,
    form: Form,
    plan: Plan,
    unit: str,
) -> Worksheet:
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "", sheet.title)[:31])
    for col, width in enumerate(sheet.columns):
        page.set_column(col, col, width)
    for row, lines in sheet.lines.items():
        page.set_row(row, min(lines * _POINTS_PER_LINE, _TALLEST))
    for place in sheet.places:
        _put(page, place, styles.of(place))
        if place.style is Style.INPUT and place.field is not None:
            _validate(page, place, place.field, names, lists)
    if sheet.header is not None:
        page.freeze_panes(sheet.header + 1, 2)
        page.repeat_rows(sheet.header)
    page.protect(
        "",
        {
            "objects": False,
            "scenarios": False,
            "format_cells": True,
            "format_rows": True,
            "format_columns": True,
            "insert_rows": True,
        },
    )
    page.set_paper(9)
    if sheet.landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
    page.set_header(f"&L{plan.unit_name(unit) if unit else plan.agency}&R{form.title}")
    page.set_footer("&C第 &P 頁，共 &N 頁")
    page.hide_gridlines(2)
    if first := sheet.first_input():
        page.set_selection(first.row, first.col, first.row, first.col)
    for place in sheet.places:
        if place.style is Style.HEADING and place.section:
            of = re.sub(r"\W", "_", sheet.of)
            name = f"sec_{place.section}" + (f"_{of}" if of else "")
            cell = xl_rowcol_to_cell(place.row, place.col, row_abs=True, col_abs=True)
            book.define_name(name, f"='{page.name}'!{cell}")
    return page


def _put(page: Worksheet, place: Place, look: Format) -> None:
    last_row, last_col = place.row + place.rows - 1, place.col + place.cols - 1
    if (last_row, last_col) != (place.row, place.col):
        page.merge_range(place.row, place.col, last_row, last_col, "", look)
    number = isinstance(place.value, Decimal) and place.field is not None
    if number and place.field is not None and place.field.kind not in _TYPED_AS_TEXT:
        page.write_number(place.row, place.col, float(str(place.value)), look)
    elif text := shown(place.value):
        page.write_string(place.row, place.col, text, look)
    else:
        page.write_blank(place.row, place.col, None, look)


def _validate(
    page: Worksheet,
    place: Place,
    field: Field,
    names: dict[tuple[str, ...], str],
    lists: Lists,
) -> None:
    example = f"例：{shown(field.example)}" if field.example else ""
    prompt = "\n".join(part for part in (field.prompt, example) if part)
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": label_of(field)[:32],
        "input_message": prompt[:255],
        "ignore_blank": True,
    }
    if not prompt:
        del rule["input_title"], rule["input_message"]
    options = lists.options(field)
    if options:
        rule |= {"validate": "list", "source": f"={names[options]}"}
        rule |= {"error_title": "請從選單選擇", "error_message": f"{field.label}請從下拉選單選擇"}
    elif field.kind in (Kind.DECIMAL, Kind.INTEGER):
        low = -1e9 if field.minimum is None else float(field.minimum)
        high = 1e9 if field.maximum is None else float(field.maximum)
        kind = "decimal" if field.kind is Kind.DECIMAL else "integer"
        rule |= {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        limits = (
            f"{field.minimum}～{field.maximum} 之間的"
            if field.minimum is not None and field.maximum is not None
            else ""
        )
        rule |= {"error_title": "請填數字", "error_message": f"{field.label}請填{limits}數字"}
    elif field.max_length is not None:
        rule |= {"validate": "length", "criteria": "<=", "value": field.max_length}
        rule |= {
            "error_title": "字數過多",
            "error_message": f"{field.label}以 {field.max_length} 字為限",
        }
    if rule["validate"] == "any" and not prompt:
        return
    page.data_validation(place.row, place.col, place.row, place.col, rule)


def _write_lists(book: Workbook, names: dict[tuple[str, ...], str]) -> None:
    page = book.add_worksheet(LISTS)
    for col, (options, name) in enumerate(names.items()):
        for row, option in enumerate(options):
            page.write_string(row, col, option)
        top = xl_rowcol_to_cell(0, col, row_abs=True, col_abs=True)
        end = xl_rowcol_to_cell(len(options) - 1, col, row_abs=True, col_abs=True)
        book.define_name(name, f"={LISTS}!{top}:{end}")
    page.hide()
    page.protect()


def _write_meta(book: Workbook, stamp: Stamp, sheets: Sequence[SheetLayout]) -> None:
    """Who this is, and every word of ours on it: whatever else comes back was typed by somebody."""
    page = book.add_worksheet(META)
    rows = [(key, str(value)) for key, value in vars(stamp).items()]
    ours = dict.fromkeys(
        shown(place.value)
        for sheet in sheets
        for place in sheet.places
        if place.style not in (Style.INPUT, Style.GIVEN, Style.PHOTO)
    )
    rows += [("text", text) for text in ours]
    for row, (key, value) in enumerate(rows):
        page.write_string(row, 0, key)
        page.write_string(row, 1, value)
    page.hide()
    page.protect()
