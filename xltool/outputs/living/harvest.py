"""What a person left on our sheets, taken before they are written again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from xltool.outputs.living.looks import NOTE_FILL
from xltool.outputs.living.recognise import heading_row, our_columns, text_of
from xltool.outputs.living.record import Recorded, mark, title_of
from xltool.outputs.living.table import RowKey, SheetTable, as_text, numbered, row_name, trimmed

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_NAMELESS = "（無欄名）"


@dataclass(frozen=True)
class KeptCell:
    """A cell of a person: value and its type as openpyxl has them, style, comment, where it stood,
    what a formula came to, link."""

    value: Any = None
    kind: str = "s"
    style: Any = None
    comment: Any = None
    at: str = ""
    computed: Any = None
    link: Any = None

    @property
    def text(self) -> str:
        """All that it says, its comment too."""
        said = f"（註解：{self.comment.text}）" if self.comment is not None else ""
        return as_text(self.value) + said


@dataclass(frozen=True)
class OwnColumn:
    """A column that a person added."""

    heading: KeptCell
    width: float | None

    @property
    def title(self) -> str:
        """Its heading, or what is told of a column without one."""
        return as_text(self.heading.value) or _NAMELESS


class Stray(NamedTuple):
    """What stands where nothing of ours does: the row's name, the column's heading, the cell."""

    row: str
    column: str
    cell: KeptCell


Place = str | int
"""A column: one of ours by its id, a person's own by its number among them."""


@dataclass(frozen=True)
class Harvest:
    """What a person left on one of our sheets."""

    notes: Mapping[tuple[RowKey, str], KeptCell] = field(default_factory=dict)
    """In the note columns, and comments on cells of ours (without the value)."""
    edits: Mapping[tuple[RowKey, str], KeptCell] = field(default_factory=dict)
    """Typed over cells of ours."""
    heading_comments: Mapping[str, Any] = field(default_factory=dict)
    own_columns: tuple[OwnColumn, ...] = ()
    own_cells: Mapping[tuple[RowKey, int], KeptCell] = field(default_factory=dict)
    strays: tuple[Stray, ...] = ()
    order: tuple[Place, ...] = ()
    """The columns as they stood."""
    widths: Mapping[str, float] = field(default_factory=dict)
    """Of our columns, where a person chose another."""
    hidden: frozenset[str] = frozenset()
    filters: tuple[tuple[Place, Any], ...] = ()
    rows: tuple[RowKey, ...] = ()
    """Our rows as they stood."""
    sorted: bool = False
    """Whether that is another order than the one in which we last wrote them."""
    hidden_rows: frozenset[RowKey] = frozenset()


def harvest_sheet(
    sheet: Worksheet, table: SheetTable, recorded: Recorded, cached: Workbook | None
) -> Harvest:
    """Take from one of our sheets what a person left there; nothing if its headings are gone.

    `cached`: the workbook with computed values in place of formulas.
    """
    head = heading_row(sheet, table.key, recorded)
    if head is None:
        return Harvest()
    shadow = cached[sheet.title] if cached is not None and sheet.title in cached else None
    found = _Sheet(sheet, table, recorded, shadow, head, our_columns(sheet, head, recorded))
    rows = tuple(found.rows())
    known = [row for row in rows if row.key]
    filters, all_filters = found.filters()
    return Harvest(
        notes={place: cell for row in known for place, cell in found.notes(row)},
        edits={place: cell for row in known for place, cell in found.edits(row)},
        heading_comments=dict(found.heading_comments()),
        own_columns=tuple(found.own_columns()),
        own_cells={place: cell for row in known for place, cell in found.own_cells(row)},
        strays=tuple(stray for row in rows if not row.key for stray in found.strays(row)),
        order=tuple(found.places[column] for column in sorted(found.places)),
        widths=dict(found.chosen_widths()),
        hidden=frozenset(found.ours[column] for column in found.hidden & found.ours.keys()),
        filters=filters,
        rows=tuple(row.key for row in known),
        sorted=_sorted([row.key for row in known], recorded),
        # Rows that nothing seems to hide any more would be missed.
        hidden_rows=frozenset(row.key for row in known if row.hidden and all_filters),
    )


class _Row(NamedTuple):
    """A row of the sheet. `key`: of a row of our table, else empty. `name`: what a person is told of
    it. `written`: by us, also below or above the table."""

    cells: tuple[Any, ...]
    key: RowKey
    name: str
    written: bool
    below: bool
    hidden: bool


class _Sheet:
    """One of our sheets as a person left it. Columns go by their number on the sheet."""

    def __init__(
        self,
        sheet: Worksheet,
        table: SheetTable,
        recorded: Recorded,
        shadow: Any,
        head: tuple[Any, ...],
        ours: Mapping[int, str],
    ) -> None:
        self.sheet, self.table, self.recorded, self.shadow = sheet, table, recorded, shadow
        self.head, self.ours = head, ours
        self.cells: list[tuple[Any, ...]] = list(sheet.iter_rows())
        self.widths, self.hidden = _widths(sheet)
        self.own = self._own()
        self.places: Mapping[int, Place] = {**ours, **self.own}
        self.keyless = {*recorded.rows, *table.keyless}
        self.note_columns = {column.id for column in table.columns if column.note}

    def _own(self) -> dict[int, int]:
        """A person's columns, numbered. Gaps between them stay, so that nothing moves needlessly."""
        used = {
            cell.column
            for row in self.cells
            for cell in row
            if cell.column not in self.ours and _filled(cell)
        }
        right_of_ours = range(max(self.ours) + 1, max(used, default=0) + 1)
        return {column: number for number, column in enumerate(sorted({*used, *right_of_ours}))}

    def rows(self) -> Iterator[_Row]:
        """The rows, without that of the headings."""
        seen: dict[RowKey, int] = {}
        for cells in self.cells:
            number: int = cells[0].row
            if number == self.head[0].row:
                continue
            texts = {self.ours[c.column]: text_of(c) for c in cells if c.column in self.ours}
            key = tuple(texts.get(column, "") for column in self.table.key)
            key = self.recorded.now.get(key, key)
            known = key in self.recorded.keys or key in self.table.keys
            below = number > self.head[0].row
            yield _Row(
                cells,
                numbered(seen, key) if below and known and any(key) else (),
                row_name(key) or f"第 {number} 列",
                known or trimmed(tuple(texts.values())) in self.keyless,
                below,
                self.sheet.row_dimensions[number].hidden,
            )

    def notes(self, row: _Row) -> Iterator[tuple[tuple[RowKey, str], KeptCell]]:
        """A person's words in the note columns, and comments on our own cells."""
        for cell in row.cells:
            column = self.ours.get(cell.column, "")
            if column in self.note_columns:
                if _filled(cell) or _coloured(cell):
                    yield (row.key, column), self._kept(cell)
            elif column and cell.comment is not None:
                yield (row.key, column), replace(self._kept(cell), value=None)

    def edits(self, row: _Row) -> Iterator[tuple[tuple[RowKey, str], KeptCell]]:
        """Cells of ours that do not say what we last wrote, or of which the record does not tell."""
        for cell in row.cells:
            column = self.ours.get(cell.column, "")
            if not column or column in self.note_columns or column in self.table.key:
                continue
            base = self.recorded.base(row.key, column)
            # A formula of ours is still ours though sorting has rewritten it.
            if cell.data_type == "f" and (base or self._written_now(row.key, column))[:1] == "=":
                continue
            if mark(cell.value) != base:
                yield (row.key, column), self._kept(cell)

    def _written_now(self, key: RowKey, column: str) -> str:
        """The mark of what we are about to write there; empty if nothing."""
        row, place = self.table.by_key.get(key), self.table.places.get(column)
        return mark(row[place]) if row is not None and place is not None else ""

    def own_cells(self, row: _Row) -> Iterator[tuple[tuple[RowKey, int], KeptCell]]:
        """What stands in a person's own columns."""
        for cell in row.cells:
            if cell.column in self.own and _filled(cell):
                yield (row.key, self.own[cell.column]), self._kept(cell)

    def strays(self, row: _Row) -> Iterator[Stray]:
        """What a person wrote in a row that is none of our table's."""
        for cell in row.cells:
            column = self.ours.get(cell.column, "")
            if not _filled(cell) or (column not in {"", *self.note_columns} and row.written):
                continue
            kept = self._kept(cell)
            if not row.below and self._leads(cell):
                kept = replace(kept, value=None)  # a comment on it is a person's
            if kept.text:
                yield Stray(row.name, self._called(cell.column), kept)

    def _leads(self, cell: Any) -> bool:
        """Whether a cell above the table is a line of ours; where the record has none, the first is."""
        if not self.recorded.lead:
            return bool(cell.column == 1)
        return text_of(cell) in self.recorded.lead

    def heading_comments(self) -> Iterator[tuple[str, Any]]:
        """Comments on the headings of our columns."""
        for cell in self.head:
            if cell.column in self.ours and cell.comment is not None:
                yield self.ours[cell.column], self._kept(cell).comment

    def own_columns(self) -> Iterator[OwnColumn]:
        """A person's columns, in their order."""
        for column in self.own:
            heading = self.head[column - 1] if column <= len(self.head) else None
            kept = self._kept(heading) if heading is not None else KeptCell(kind="n")
            yield OwnColumn(kept, self.widths.get(column))

    def chosen_widths(self) -> Iterator[tuple[str, float]]:
        """Widths of our columns that are not those that we last gave them."""
        given = {column.id: column.width for column in self.recorded.columns}
        for column, name in self.ours.items():
            width = self.widths.get(column, given[name])
            if abs(width - given[name]) > 0.5:
                yield name, width

    def filters(self) -> tuple[tuple[tuple[Place, Any], ...], bool]:
        """The filter's conditions by column, and whether these are all: not when one of our columns
        is no more."""
        conditions = self.sheet.auto_filter.filterColumn
        first = _filtered_from(self.sheet)
        places = [self.places.get(first + condition.colId) for condition in conditions]
        left = tuple(
            (place, copy(condition))
            for place, condition in zip(places, conditions, strict=True)
            if isinstance(place, int) or place in self.table.places
            if place is not None
        )
        return left, len(left) == len(conditions)

    def _called(self, column: int) -> str:
        if column in self.ours:
            return title_of(self.table, self.recorded, self.ours[column])
        return (text_of(self.head[column - 1]) if column <= len(self.head) else "") or _NAMELESS

    def _kept(self, cell: Any) -> KeptCell:
        from openpyxl.comments import Comment

        said = cell.comment
        # A copy of our own: a cell's comment refuses to move to another.
        comment = said and Comment(said.text, said.author, said.height, said.width)
        formula = self.shadow is not None and cell.data_type == "f"
        return KeptCell(
            cell.value,
            cell.data_type,
            copy(cell._style),
            comment,
            cell.coordinate,
            self.shadow[cell.coordinate].value if formula else None,
            copy(cell.hyperlink),
        )


def _sorted(rows: Sequence[RowKey], recorded: Recorded) -> bool:
    stood = [key for key in rows if key in recorded.bases]
    standing = set(stood)
    return stood != [key for key in recorded.bases if key in standing]


def _filtered_from(sheet: Worksheet) -> int:
    """The first column of a sheet's filter; its conditions count from there."""
    from openpyxl.utils import range_boundaries

    first = range_boundaries(sheet.auto_filter.ref)[0] if sheet.auto_filter.ref else None
    return first or 1


def _filled(cell: Any) -> bool:
    return cell.value not in (None, "") or cell.comment is not None


def _coloured(cell: Any) -> bool:
    return bool(
        cell.has_style and cell.fill.fill_type and cell.fill.fgColor.rgb != f"00{NOTE_FILL}"
    )


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
