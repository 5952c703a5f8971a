"""A copy of a form → a workbook: draws the places of `forms.layout`, and says who it is.

XlsxWriter writes what nobody else will have touched yet. Drop-downs go by defined names on a hidden
sheet, so that they survive a re-save by another program. The hidden sheet `_meta` and the document's
properties carry the form's identity: a renamed file is still known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from xltool.forms.layout import (
    GIVEN_ROW,
    LISTS,
    LIVE,
    META,
    QUESTION_ROW,
    SAID_ROW,
    own_texts,
)
from xltool.forms.schema import YES, Form
from xltool.forms.settings import SETTINGS
from xltool.outputs.celltext import cell_text
from xltool.outputs.forms.copies import FormCopy, LaidOut
from xltool.outputs.forms.drawing import draw_sheets
from xltool.outputs.forms.looks import FormLooks
from xltool.outputs.forms.way_back import list_outside, list_points
from xltool.outputs.style import BASE, new_book
from xltool.plan import Plan
from xltool.wording import otherwise

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook


@dataclass(frozen=True)
class Identity:
    """Who a workbook is. `unit` is a code, empty for the coordinator's own forms."""

    form: str
    version: int
    year: int
    unit: str
    issue: str


def file_name(form: Form, plan: Plan, unit: str = "") -> str:
    """The name a form is issued under: 114_03_電力發展及管理組_執行成果填報表.xlsx."""
    if form.key == SETTINGS.key:
        return "年度設定.xlsx"
    parts = [str(plan.year), *([unit, plan.unit_name(unit)] if unit else []), form.title]
    return re.sub(r'[\\/:*?"<>|\s]+', "", "_".join(parts)) + ".xlsx"


def write_form(path: Path, copy: FormCopy) -> None:
    """Write a copy of a form to `path`. The same input gives the same bytes.

    Raises OSError when `path` cannot be written.
    """
    laid, plan = LaidOut(copy), copy.plan
    identity = Identity(laid.form.key, laid.form.version, plan.year, copy.unit, copy.issue)
    with new_book(
        path,
        laid.title,
        plan.year,
        plan.agency,
        # Column widths count digits of this font: 8 pixels each.
        default_format_properties={**BASE, "font_scheme": "none"},
        default_column_width=72,
    ) as book:
        for key, value in vars(identity).items():
            book.set_custom_property(f"xltool_{key}", str(value), "text")
        looks = FormLooks(book)
        said: list[str] = []
        if copy.points:
            said += list_points(book, laid, looks)
        said += draw_sheets(book, laid, looks)
        if copy.outside or copy.loose:
            said += list_outside(book, laid, looks)
        _write_lists(book, laid)
        _write_live(book, laid)
        _write_meta(book, laid, identity, said)
        book.worksheets()[0].activate()


def _write_lists(book: Workbook, laid: LaidOut) -> None:
    """The hidden sheet of the drop-downs' lists, each under its defined name."""
    page = book.add_worksheet(LISTS)
    for col, (options, name) in enumerate(laid.list_names.items()):
        for row, option in enumerate(options):
            page.write_string(row, col, cell_text(option))
        top = xl_rowcol_to_cell(0, col, row_abs=True, col_abs=True)
        end = xl_rowcol_to_cell(len(options) - 1, col, row_abs=True, col_abs=True)
        book.define_name(name, f"={LISTS}!{top}:{end}")
    page.hide()
    page.protect()


def _write_live(book: Workbook, laid: LaidOut) -> None:
    """The hidden sheet of counts: what, how many missing, how many wrong, whether any."""
    if not laid.counted:
        return
    page = book.add_worksheet(LIVE)
    for counted in laid.counted.values():
        for row, one in enumerate(counted.counts, counted.first - 1):
            page.write_string(row, 0, cell_text(one.label))
            page.write_formula(row, 1, f"={one.missing.text}", None, one.missing.value)
            page.write_formula(row, 2, f"={one.wrong.text}", None, one.wrong.value)
            page.write_formula(row, 3, f"=1*(B{row + 1}+C{row + 1}>0)", None, int(one.is_open))
    page.hide()
    page.protect()


def _write_meta(book: Workbook, laid: LaidOut, identity: Identity, said: Sequence[str]) -> None:
    """Who this is, every word of ours on it, and what its given cells were issued with: whatever else
    comes back was typed by somebody."""
    page = book.add_worksheet(META)
    rows: list[tuple[str, ...]] = [(key, str(value)) for key, value in vars(identity).items()]
    rows += [(f"{SAID_ROW}{key}", word) for key, word in otherwise().items()]
    rows += [
        (QUESTION_ROW, key, section, one.label, one.kind, YES * one.required, *one.choices)
        for (section, key), (_, one, _) in laid.form.asked.items()
        if one.added
    ]
    ours = dict.fromkeys((*own_texts(laid.sheets), *said))
    rows += [("text", text) for text in ours if text]
    if laid.copy.baseline:
        issued = laid.issued()
        rows += [(GIVEN_ROW, text, at.section, at.field, at.of, at.name) for at, text in issued]
    for row, columns in enumerate(rows):
        for col, text in enumerate(columns):
            page.write_string(row, col, cell_text(text))
    page.hide()
    page.protect()
