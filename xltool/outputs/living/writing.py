"""Our sheets written again, with what a person left put back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from xltool.outputs.celltext import cell_text, lines
from xltool.outputs.living.archive import PlainRow
from xltool.outputs.living.harvest import Harvest, KeptCell, Place
from xltool.outputs.living.looks import (
    EDIT_FILL,
    EXTRA,
    EXTRA_HEAD,
    HEADING,
    LEAD,
    LINK_COLOUR,
    NOTE_FILL,
    NOTE_HEAD,
    PLAIN,
    SUBHEAD,
    TITLE,
    TONES,
    CellLook,
    dressed,
)
from xltool.outputs.living.table import (
    NOTHING,
    Cell,
    Formula,
    Link,
    RowKey,
    SheetColumn,
    SheetTable,
    as_text,
    lines_in,
)
from xltool.outputs.style import LINE, row_height

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


_BEGIN_FORMULA = {"=", "+", "-", "@"}


@dataclass
class Written:
    """Values beside formulas, by sheet title and coordinate; links, and the rows they lead to; by sheet
    title and number the plain rows, which are no cells of the workbook."""

    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    links: list[tuple[Any, Link]] = field(default_factory=list)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    plain: dict[str, dict[int, PlainRow]] = field(default_factory=dict)


def sheet_for(workbook: Workbook, tables: Sequence[SheetTable], number: int) -> Worksheet:
    """The sheet of a table, emptied if it was there, else new behind the table before it."""
    title = tables[number].title
    if title not in workbook.sheetnames:
        place = workbook.sheetnames.index(tables[number - 1].title) + 1 if number else 0
        created: Worksheet = workbook.create_sheet(title, place)
        return created
    sheet: Worksheet = workbook[title]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet._cells.clear()
    sheet.row_dimensions.clear()
    sheet.column_dimensions.clear()
    return sheet


class Pen:
    """Writes cells on one sheet. `side` set in a look also means borders and wrapped text.

    `columns` says where on the sheet each column of the table stands, for its formulas."""

    def __init__(self, sheet: Worksheet, written: Written, columns: Sequence[int]) -> None:
        self.sheet, self.written, self.columns = sheet, written, columns
        self.styles: dict[CellLook, Any] = {}
        self.numbers: dict[tuple[str, str | None, bool], int] = {}

    def number(self, column: SheetColumn, value: Cell) -> int:
        """The number of the style in which a text or number of that column stands."""
        quoted = isinstance(value, str) and value[:1] in _BEGIN_FORMULA
        kind = column.id, (_tone(value) if column.toned else None), quoted
        if kind not in self.numbers:
            from openpyxl.cell import Cell as Made

            cell: Any = Made(self.sheet, row=1, column=1)
            dressed(cell, _look(column, value))
            cell.quotePrefix = quoted
            self.numbers[kind] = cell.style_id
        return self.numbers[kind]

    def put(self, row: int, column: int, value: Cell, look: CellLook) -> Any:
        """Write one of our values."""
        cell: Any = self.sheet.cell(row, column)
        if look not in self.styles:
            self.styles[look] = dressed(cell, look)
        cell._style = copy(self.styles[look])
        if isinstance(value, str):
            _inert(cell, value)
        elif isinstance(value, Link):
            _inert(cell, value.text)
            self.written.links.append((cell, value))
        elif isinstance(value, Formula):
            from openpyxl.utils import get_column_letter

            row_cells = (f"{get_column_letter(n)}{row}" for n in self.columns)
            cell.value = "=" + value.text.format(*row_cells)
            self.written.values[self.sheet.title, cell.coordinate] = value.value
        elif value is not None:
            cell.value = value
        return cell

    def put_over(self, row: int, column: int, edit: KeptCell, look: CellLook) -> None:
        """Put what a person typed in place of our value; a link of ours leads on from there."""
        cell = self.put(row, column, None, look)
        cell.value = None
        self.written.values.pop((self.sheet.title, cell.coordinate), None)
        self.restore(row, column, replace(edit, style=None, comment=None))

    def restore(self, row: int, column: int, kept: KeptCell) -> None:
        """Put a person's cell at its new place; what a formula points to moves along."""
        from openpyxl.formula.translate import Translator
        from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

        cell: Any = self.sheet.cell(row, column)
        if kept.style is not None:
            cell._style = copy(kept.style)
        value = kept.value
        if isinstance(value, ArrayFormula) and isinstance(value.text, str):
            text = Translator(value.text, kept.at).translate_formula(cell.coordinate)
            value = ArrayFormula(cell.coordinate, text)
        elif isinstance(value, DataTableFormula):
            value = kept.computed
        elif kept.kind == "f" and isinstance(value, str):
            value = Translator(value, kept.at).translate_formula(cell.coordinate)
        if kept.kind == "s" and isinstance(value, str):
            _inert(cell, value)
        elif value is not None:
            cell.value = value
        if kept.kind == "f" and kept.computed is not None:
            self.written.values[self.sheet.title, cell.coordinate] = kept.computed
        if kept.comment is not None:
            cell.comment = kept.comment
        if kept.link is not None:
            cell.hyperlink = kept.link


def tie_links(written: Written) -> None:
    """Make the links, now that every row stands where it will."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    for cell, link in written.links:
        if link.file:
            # As Excel writes them: what would end the path is escaped, Chinese is not.
            target = re.sub(r'[\s"<>\[\]`^{}%#]', lambda c: f"%{ord(c[0]):02X}", link.file)
            sheet = link.sheet.replace("'", "''")
            location = f"'{sheet}'!{link.key}" if link.sheet else None
            cell.hyperlink = Hyperlink(ref="", target=target, location=location)
        elif row := written.rows.get((link.sheet, link.key)):
            cell.hyperlink = Hyperlink(ref="", location=f"'{link.sheet}'!A{row}")


def write_table(
    sheet: Worksheet, table: SheetTable, harvest: Harvest, written: Written
) -> tuple[int, int]:
    """Write one of our sheets, and put back what a person left there. Returns the row of the headings
    and the last one."""
    at = {place: number for number, place in enumerate(_arranged(table, harvest), 1)}
    pen = Pen(sheet, written, [at[column.id] for column in table.columns])
    widths = {
        at[column.id]: harvest.widths.get(column.id, width)
        for column, width in zip(table.columns, table.widths, strict=True)
    }
    head = _write_lead(pen, table)
    _write_headings(pen, table, harvest, at, widths, head)
    last = _write_rows(pen, table, harvest, at, widths, head)
    end = _write_extras(pen, table, widths, last)
    _view(sheet, table, harvest, at, (head, last))
    if table.decorate is not None:
        table.decorate(sheet, head, last, end)
    return head, end


def _write_lead(pen: Pen, table: SheetTable) -> int:
    """The lines above the table. Returns the row where its headings go."""
    pen.put(1, 1, table.heading, HEADING)
    pen.sheet.row_dimensions[1].height = 24
    for number, text in enumerate(table.lead, 2):
        pen.put(number, 1, text, LEAD)
        pen.sheet.row_dimensions[number].height = LINE
    return len(table.lead) + 2


def _write_headings(
    pen: Pen,
    table: SheetTable,
    harvest: Harvest,
    at: Mapping[Place, int],
    widths: Mapping[int, float],
    head: int,
) -> None:
    from openpyxl.utils import get_column_letter

    dimensions = pen.sheet.column_dimensions
    for column in table.columns:
        number = at[column.id]
        look = replace(TITLE, fill=NOTE_HEAD) if column.note else TITLE
        pen.put(head, number, column.title, look).comment = harvest.heading_comments.get(column.id)
        dimension = dimensions[get_column_letter(number)]
        dimension.width, dimension.hidden = widths[number], column.id in harvest.hidden
    pen.sheet.row_dimensions[head].height = row_height(
        max(lines(column.title, widths[at[column.id]]) for column in table.columns), 6
    )
    for nth, own in enumerate(harvest.own_columns):
        pen.restore(head, at[nth], own.heading)
        if own.width is not None:
            dimensions[get_column_letter(at[nth])].width = own.width


def _write_rows(
    pen: Pen,
    table: SheetTable,
    harvest: Harvest,
    at: Mapping[Place, int],
    widths: Mapping[int, float],
    head: int,
) -> int:
    """The table's rows, each with what a person left in it. Returns the last one."""
    last, plain = head, pen.written.plain.setdefault(table.title, {})
    touched = {key for key, _ in (*harvest.notes, *harvest.edits, *harvest.own_cells)}
    for key in _as_sorted(table, harvest):
        last += 1
        pen.written.rows.setdefault((table.title, key[0]), last)
        if key not in touched and all(map(_is_plain, table.by_key[key])):
            hidden = key in harvest.hidden_rows
            plain[last] = _plain_row(pen, table, table.by_key[key], at, widths, hidden=hidden)
            continue
        for column, value in zip(table.columns, table.by_key[key], strict=True):
            note, edit = harvest.notes.get((key, column.id)), harvest.edits.get((key, column.id))
            _write_cell(pen, last, at[column.id], column, value, note, edit)
        for nth in range(len(harvest.own_columns)):
            if (key, nth) in harvest.own_cells:
                pen.restore(last, at[nth], harvest.own_cells[key, nth])
        pen.sheet.row_dimensions[last].height = _height(pen.sheet, last, widths)
        pen.sheet.row_dimensions[last].hidden = key in harvest.hidden_rows
    if last == head:
        last += 1
        pen.put(last, 1, NOTHING, PLAIN)
    return last


def _is_plain(value: Cell) -> bool:
    return value is None or (
        isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)
    )


def _plain_row(
    pen: Pen,
    table: SheetTable,
    values: Sequence[Any],
    at: Mapping[Place, int],
    widths: Mapping[int, float],
    *,
    hidden: bool,
) -> PlainRow:
    """A row of ours in which nobody left anything."""
    cells, most = [], 1
    for column, value in zip(table.columns, values, strict=True):
        number, text = at[column.id], as_text(value)
        said = text if isinstance(value, str) else value
        cells.append((number, said, pen.number(column, said)))
        if text[:1] != "=":
            most = max(most, lines(text, widths[number]))
    return PlainRow(row_height(most, 6), hidden, sorted(cells, key=itemgetter(0)))


def _write_cell(
    pen: Pen,
    row: int,
    number: int,
    column: SheetColumn,
    value: Cell,
    note: KeptCell | None,
    edit: KeptCell | None,
) -> None:
    """A cell of ours with what a person left in it."""
    look = _look(column, value)
    cell = pen.put(row, number, value, look)
    if edit is not None:
        pen.put_over(row, number, edit, replace(look, fill=EDIT_FILL))
    if note is not None and column.note:
        pen.restore(row, number, note)
    elif note is not None:
        cell.comment = note.comment


def _write_extras(pen: Pen, table: SheetTable, widths: Mapping[int, float], last: int) -> int:
    """The small tables below the main one. Returns the last row of all."""
    for extra in table.extras:
        last += 2
        pen.put(last, 1, extra.title, SUBHEAD)
        for nth, cells in enumerate(extra.rows):
            last += 1
            for number, value in enumerate(cells, 1):
                if value is not None:
                    pen.put(last, number, value, EXTRA if nth else EXTRA_HEAD)
            pen.sheet.row_dimensions[last].height = _height(pen.sheet, last, widths)
    return last


def _view(
    sheet: Worksheet,
    table: SheetTable,
    harvest: Harvest,
    at: Mapping[Place, int],
    rows: tuple[int, int],
) -> None:
    """Filter, what stays in view, colour of the tab. `rows`: headings, last of the table."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.views import Selection

    head, last = rows
    wide = get_column_letter(len(at))
    sheet.auto_filter.ref = f"A{head}:{wide}{last}"
    sheet.auto_filter.filterColumn = [_moved(one, at[place]) for place, one in harvest.filters]
    # openpyxl adds its panes' selections to those it finds; Excel repairs a sheet that has them twice.
    sheet.sheet_view.pane, sheet.sheet_view.selection = None, [Selection()]
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}{head + 1}"
    sheet.sheet_properties.tabColor = table.tab


def _arranged(table: SheetTable, harvest: Harvest) -> list[Place]:
    """The columns as a person arranged them. One that is new follows the one before it. Tables with
    more below them keep their order: their cells share it."""
    ids = [column.id for column in table.columns]
    numbers = range(len(harvest.own_columns))
    if table.extras:
        return [*ids, *numbers]
    places = [place for place in harvest.order if place in numbers or place in ids]
    for before, column in zip(["", *ids], ids, strict=False):
        if column not in places:
            places.insert(places.index(before) + 1 if before else 0, column)
    return places


def _as_sorted(table: SheetTable, harvest: Harvest) -> Iterable[RowKey]:
    """The rows in the order that a person sorted them into, new ones below; else in ours."""
    if not harvest.sorted:
        return table.by_key
    return dict.fromkeys([*(key for key in harvest.rows if key in table.by_key), *table.by_key])


def _moved(condition: Any, column: int) -> Any:
    """A filter's condition for the column at its new place."""
    condition.colId = column - 1
    return condition


def _look(column: SheetColumn, value: Cell) -> CellLook:
    fill = NOTE_FILL if column.note else (_tone(value) or "") if column.toned else ""
    side = "center" if column.centred or column.number else "left"
    leads = isinstance(value, Link)
    colour = LINK_COLOUR if leads else ""
    return CellLook(fill=fill, side=side, number=column.number, colour=colour, leads=leads)


def _inert(cell: Any, text: str) -> None:
    """Text that stays text, whatever it begins with, also after somebody has edited the cell."""
    cell.value = cell_text(text)
    cell.data_type = "s"
    if text[:1] in _BEGIN_FORMULA:
        cell.quotePrefix = True


def _tone(value: Cell) -> str | None:
    text = as_text(value) if isinstance(value, str | Link) else ""
    return next((colour for word, colour in TONES.items() if text.startswith(word)), None)


def _height(sheet: Worksheet, row: int, widths: Mapping[int, float]) -> float:
    """What a row needs, by the widths of its columns."""
    texts = {number: as_text(sheet.cell(row, number).value) for number in widths}
    most = max(
        (lines_in(text, widths[number]) for number, text in texts.items() if text[:1] != "="),
        default=1,
    )
    return row_height(most, 6)
