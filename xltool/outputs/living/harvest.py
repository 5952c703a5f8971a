"""What a person left on our sheets, taken before they are written again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from xltool.outputs.living.looks import NOTE_FILL
from xltool.outputs.living.record import Recorded, mark, title_of
from xltool.outputs.living.table import RowKey, Table, as_text, keys, numbered, trimmed

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class KeptCell:
    """A cell of a person: value as openpyxl has it, style, comment, where it stood."""

    value: Any
    kind: str
    style: Any
    comment: Any
    at: str
    cached: Any = None
    link: Any = None


@dataclass
class Harvest:
    """What a person left on one of our sheets. Our columns go by id, a person's own by number.

    `notes` also holds comments on our own cells."""

    notes: dict[tuple[RowKey, str], KeptCell] = field(default_factory=dict)
    headings: list[tuple[KeptCell, float | None]] = field(default_factory=list)
    own: dict[tuple[RowKey, int], KeptCell] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    strays: list[tuple[str, str, KeptCell]] = field(default_factory=list)  # row, column, cell
    edits: dict[tuple[RowKey, str], KeptCell] = field(default_factory=dict)  # over cells of ours
    bases: Mapping[RowKey, Mapping[str, str]] = field(default_factory=dict)  # what we last wrote
    order: list[str | int] = field(default_factory=list)  # columns as they stood
    rows: list[RowKey] = field(default_factory=list)  # as they stood
    hidden_rows: set[RowKey] = field(default_factory=set)
    filters: list[tuple[str | int, Any]] = field(default_factory=list)


def heading_row(sheet: Worksheet, table: Table, recorded: Recorded) -> tuple[Any, ...] | None:
    """The heading row of one of our sheets: the first that holds every key's heading of last time."""
    headings = {recorded.heading(column) for column in table.key}
    if "" in headings:
        return None
    for row in sheet.iter_rows():
        if headings <= {text_in(cell) for cell in row}:
            return row
    return None


def set_aside(
    workbook: Workbook,
    cached: Workbook | None,
    tables: Sequence[Table],
    record: Mapping[str, Recorded],
) -> None:
    """Rename a sheet that bears the name of ours but has lost its headings: it is a person's now."""
    for table in tables:
        title = table.title
        if title not in workbook.sheetnames or heading_row(workbook[title], table, record[title]):
            continue
        taken = set(workbook.sheetnames)
        name = next(name for n in range(1, 1000) if (name := f"{title}_舊{n}") not in taken)
        for book in (workbook, cached):
            if book is not None:
                book[title].title = name


def harvest_sheet(
    sheet: Worksheet, table: Table, recorded: Recorded, cached: Workbook | None
) -> Harvest:
    """Take from one of our sheets what a person wrote on it."""
    harvest = Harvest()
    ours = {column.id: column.width for column in recorded.columns}
    rows: list[tuple[Any, ...]] = list(sheet.iter_rows())
    head = heading_row(sheet, table, recorded)
    shadow = cached[sheet.title] if cached is not None and sheet.title in cached else None
    mine = _ours(head or (), recorded)
    notes = {c.id for c in table.columns if c.note}
    widths, hidden = _widths(sheet)
    for column, name in mine.items():
        if column in widths and abs(widths[column] - ours[name]) > 0.5:
            harvest.widths[name] = widths[column]

        if column in hidden:
            harvest.hidden.add(name)

    used = {
        cell.column for row in rows for cell in row if cell.column not in mine and _filled(cell)
    }
    first = max(mine, default=0) + 1
    # A person's columns in their order; gaps between them stay, so that nothing moves needlessly.
    span = [c for c in range(1, max(used, default=0) + 1) if c not in mine]
    own = [c for c in span if c in used or c >= first] if head is not None else []
    harvest.bases = recorded.bases
    seen: dict[RowKey, int] = {}
    for column in own:
        heading = head[column - 1] if head is not None and column <= len(head) else None
        kept = (
            _keep(heading, shadow) if heading is not None else KeptCell(None, "n", None, None, "")
        )
        harvest.headings.append((kept, widths.get(column)))
    places: dict[int, str | int] = {**mine, **{column: n for n, column in enumerate(own)}}
    harvest.order = [places[column] for column in sorted(places)]
    lifted = False  # a filter on a column that we no longer write
    for condition in sheet.auto_filter.filterColumn:
        place = places.get(_filtered_from(sheet) + condition.colId)
        if place is None or (isinstance(place, str) and place not in table.places):
            lifted = True
        else:
            harvest.filters.append((place, copy(condition)))

    present = keys(table)
    for row in rows:
        if head is not None and row[0].row == head[0].row:
            continue
        texts = {mine[cell.column]: text_in(cell) for cell in row if cell.column in mine}
        below = head is not None and row[0].row > head[0].row
        key = tuple(texts.get(name, "") for name in table.key)
        plain = tuple(texts.values())
        known = key in recorded.keys or key in present
        written = known or trimmed(plain) in recorded.rows
        if below and known and any(key):
            key = numbered(seen, key)
            harvest.rows.append(key)
            if sheet.row_dimensions[row[0].row].hidden and not lifted:
                harvest.hidden_rows.add(key)
            for cell in row:
                name = mine.get(cell.column, "")
                if not name and cell.column in own and _filled(cell):
                    harvest.own[key, own.index(cell.column)] = _keep(cell, shadow)
                elif name in notes and (_filled(cell) or _coloured(cell)):
                    harvest.notes[key, name] = _keep(cell, shadow)
                elif name and cell.comment is not None:
                    harvest.notes[key, name] = replace(_keep(cell, shadow), value=None)
                if name and name not in notes and name not in table.key:
                    base = harvest.bases.get(key, {}).get(name)
                    ours_still = cell.data_type == "f" and base and base.startswith("=")
                    if base and not ours_still and mark(cell.value) != base:
                        harvest.edits[key, name] = _keep(cell, shadow)
            continue
        spot = "｜".join(part for part in key if part) or f"第 {row[0].row} 列"
        for cell in row:
            if not _filled(cell):
                continue
            name = mine.get(cell.column, "")
            if not name or not written or name in notes:
                if not below and cell.column == 1:
                    continue
                called = title_of(table, recorded, name) if name else _heading(head, cell.column)
                harvest.strays.append((spot, called, _keep(cell, shadow)))
    return harvest


def _ours(head: Sequence[Any], recorded: Recorded) -> dict[int, str]:
    """Our columns on the sheet: place → id. Equal headings are told apart by their order."""
    waiting: dict[str, list[str]] = {}
    for column in recorded.columns:
        waiting.setdefault(column.heading, []).append(column.id)
    return {cell.column: ids.pop(0) for cell in head if (ids := waiting.get(text_in(cell)))}


def _filtered_from(sheet: Worksheet) -> int:
    """The first column of a sheet's filter; its conditions count from there."""
    from openpyxl.utils import range_boundaries

    first = range_boundaries(sheet.auto_filter.ref)[0] if sheet.auto_filter.ref else None
    return first or 1


def _heading(head: tuple[Any, ...] | None, column: int) -> str:
    text = text_in(head[column - 1]) if head is not None and column <= len(head) else ""
    return text or "（無欄名）"


def text_in(cell: Any) -> str:
    """A cell's content as text."""
    return as_text(cell.value)


def _filled(cell: Any) -> bool:
    return cell.value not in (None, "") or cell.comment is not None


def _coloured(cell: Any) -> bool:
    return bool(
        cell.has_style and cell.fill.fill_type and cell.fill.fgColor.rgb != f"00{NOTE_FILL}"
    )


def _keep(cell: Any, shadow: Any) -> KeptCell:
    from openpyxl.comments import Comment

    said = cell.comment
    # A copy of our own: a cell's comment refuses to move to another.
    comment = said and Comment(said.text, said.author, said.height, said.width)
    cached = shadow[cell.coordinate].value if shadow is not None and cell.data_type == "f" else None
    style, link = copy(cell._style), copy(cell.hyperlink)
    return KeptCell(cell.value, cell.data_type, style, comment, cell.coordinate, cached, link)


def _widths(sheet: Worksheet) -> tuple[dict[int, float], set[int]]:
    """Widths by column, and the hidden columns; openpyxl holds runs of equal columns as one."""
    widths: dict[int, float] = {}
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if not dimension.min or not dimension.max:
            continue
        for column in range(dimension.min, min(dimension.max, 200) + 1):
            if dimension.customWidth and dimension.width:
                widths[column] = dimension.width
            if dimension.hidden:
                hidden.add(column)
    return widths, hidden


def _own_title(harvest: Harvest, number: int) -> str:
    return as_text(harvest.headings[number][0].value) or "（無欄名）"


def _own_number(harvest: Harvest, title: str) -> int | None:
    titles = [_own_title(harvest, n) for n in range(len(harvest.headings))]
    return titles.index(title) if title in titles else None


def _kept_text(kept: KeptCell) -> str:
    text = as_text(kept.value) if kept.value is not None else ""
    said = f"（註解：{kept.comment.text}）" if kept.comment is not None else ""
    return text + said
