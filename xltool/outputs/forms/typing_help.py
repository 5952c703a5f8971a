"""Help while somebody types: drop-downs, limits, prompts, and colour where something is amiss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell

from xltool.forms.layout import Place, SheetLayout, Style, guide_of, label_of
from xltool.forms.schema import Field, Kind, Table
from xltool.outputs.forms.copies import LaidOut
from xltool.outputs.forms.live_checks import (
    NUMBERS,
    FieldCells,
    cells_of,
    fault_here,
    limits,
    list_of,
)
from xltool.outputs.forms.looks import FormLooks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def help_typing(page: Worksheet, laid: LaidOut, sheet: SheetLayout, looks: FormLooks) -> None:
    """Help in every cell that is to be filled, and in the spare rows below the sheet's last table."""
    for columns in cells_of(sheet, laid.form):
        spare = laid.spare_rows(sheet, columns[0].section.key)
        if spare:
            _open_spare_rows(page, sheet, columns, spare, looks)
        for column in columns:
            _validate(page, laid, column, spare)
        _mark(page, laid, columns, spare, looks)
    for place in sheet.places:
        if place.style is Style.GIVEN and place.field and place.field.may_change:
            _validate_given(page, laid, place, place.field)


def _open_spare_rows(
    page: Worksheet,
    sheet: SheetLayout,
    columns: Sequence[FieldCells],
    spare: int,
    looks: FormLooks,
) -> None:
    """Unlock rows below the sheet's last table."""
    table, bottom = columns[0].section, columns[0].last
    places = {p.field.key: p for p in sheet.places if p.section == table.key and p.field}
    for entry in table.fields:
        look = looks.spare(entry)
        for row in range(bottom + 1, bottom + 1 + spare):
            page.write_blank(row, places[entry.key].col, None, look)


def _validate(page: Worksheet, laid: LaidOut, column: FieldCells, spare: int) -> None:
    """A prompt beside the cell, a drop-down, limits of number and length."""
    field = column.field
    rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
    if prompt := guide_of(field):
        rule |= {"input_title": label_of(field)[:32], "input_message": prompt[:255]}
    if options := laid.lists.options(field):
        rule |= _one_of(laid, field, options)
    elif field.kind in NUMBERS:
        low, high = limits(field)
        kind = "decimal" if field.kind is Kind.DECIMAL else "integer"
        rule |= {"validate": kind, "criteria": "between"}
        rule |= {"minimum": float(low), "maximum": float(high)}
        bounded = field.minimum is not None and field.maximum is not None
        within = f" {field.minimum} 到 {field.maximum} 之間的" if bounded else ""
        rule |= {"error_title": "請填數字", "error_message": f"{field.label}請填{within}數字"}
    elif field.max_length is not None:
        rule |= {"validate": "length", "criteria": "<=", "value": field.max_length}
        rule |= {
            "error_title": "字數過多",
            "error_message": f"{field.label}以 {field.max_length} 字為限",
        }
    if rule["validate"] != "any" or prompt:
        page.data_validation(column.first, column.col, column.last + spare, column.col, rule)


def _one_of(laid: LaidOut, field: Field, options: tuple[str, ...]) -> dict[str, Any]:
    """A drop-down."""
    return {
        "validate": "list",
        "source": f"={laid.list_names[options]}",
        "error_title": "請從選單選擇",
        "error_message": f"{field.label}請從下拉選單選擇",
    }


def _validate_given(page: Worksheet, laid: LaidOut, place: Place, field: Field) -> None:
    """Beside a given cell that the unit may change: that it may, and what there is to choose from."""
    why = next((f for f in laid.form.section(place.section).fields if f.explains), None)
    reason = f"，並在「{why.label}」說明" if why else ""
    rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
    rule |= {"input_title": field.label[:32], "input_message": f"已帶入；有變更才改寫{reason}"}
    if options := laid.options(field):
        rule |= _one_of(laid, field, options)
    page.data_validation(place.row, place.col, place.row, place.col, rule)


def _mark(
    page: Worksheet,
    laid: LaidOut,
    columns: Sequence[FieldCells],
    spare: int,
    looks: FormLooks,
) -> None:
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
        options = list_of(column.field, laid.lists, laid.list_names)
        if fault := fault_here(column, cells, begun, options):
            page.conditional_format(
                column.first,
                column.col,
                column.last + spare,
                column.col + column.cols - 1,
                {"type": "formula", "criteria": f"={fault}", "format": looks.fault},
            )
