"""What is said of one of our sheets: its table, columns and cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from xltool.outputs.celltext import ROW_LIMIT, cell_text, lines
from xltool.outputs.style import Colour, row_height

UNMATCHED = "未對應"
EDITED = "人工修改"
NOTHING = "（無資料）"
INDENT = 1
"""How far text stands off the edge of its cell, in characters."""
_TALL, _WIDE = 12, 100.0
"""So many lines are a tall row, so many characters a wide column."""


@dataclass(frozen=True)
class Formula:
    """A formula and its computed value. `{0}`, `{1}` … stand for the row's cells, by column."""

    text: str
    value: Decimal


@dataclass(frozen=True)
class Link:
    """Text that leads on: to the row of another of our sheets (`key` the first column of its key), or
    to a `file` by its path from the workbook's folder, there to a cell (`sheet`, `key`) when named."""

    text: str
    sheet: str
    key: str = ""
    file: str = ""


Cell = str | int | Decimal | date | Formula | Link | None


@dataclass(frozen=True)
class SheetColumn:
    """A column: id, heading, width in half-width characters, number format.

    `id` is what the column is known by from one writing to the next, whatever its heading: it never
    changes, and never comes to mean something else. `note`: a person fills it, we never do. `toned`:
    its cells are coloured by how their text begins. `formerly`: headings that it has borne in
    workbooks from before ids were recorded.
    """

    id: str
    title: str
    width: float
    number: str = ""
    centred: bool = False
    toned: bool = False
    note: bool = False
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extra:
    """A small table below the main one, without keys: title, then rows, the first of them headings.

    Each cell takes the main table's column below which it stands; None leaves a column out.
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class SheetTable:
    """One of our sheets. `key`: ids of the columns that tell a row; `ids`, one for each row: what the
    row is known by from one writing to the next where its key holds words that may change, such as
    the label of a field; `loose`: fewer of them, for rows
    whose key was completed since. `frozen`: how many columns stay in view. `pages`: pages side by
    side when printed; `record`: of what was done, to be looked up, not printed. `decorate` gets the
    sheet, the first and last row and what is below.
    """

    title: str
    heading: str
    lead: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ids: tuple[RowKey, ...] = ()
    loose: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    frozen: int = 0
    pages: int = 1
    portrait: bool = False
    one_page: bool = False
    record: bool = False
    footer: str = ""
    tab: str = Colour.LIST_TAB.bare
    decorate: Callable[[Any, int, int, int], None] | None = None

    def __post_init__(self) -> None:
        """Raises ValueError when two columns share an id, a key names none of them, or only some rows
        have ids."""
        ids = [column.id for column in self.columns]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"{self.title}: columns share an id: {', '.join(sorted(twice))}")
        if unknown := {*self.key, *self.loose} - {*ids}:
            raise ValueError(f"{self.title}: no such column: {', '.join(sorted(unknown))}")
        if self.ids and len(self.ids) != len(self.rows):
            raise ValueError(f"{self.title}: {len(self.rows)} rows have {len(self.ids)} ids")

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each column stands among the table's columns, by id."""
        return {column.id: number for number, column in enumerate(self.columns)}

    @cached_property
    def by_key(self) -> Mapping[RowKey, tuple[Cell, ...]]:
        """The rows by key, in their order; of equal keys the second is numbered."""
        seen: dict[RowKey, int] = {}
        return {numbered(seen, self._key(row)): row for row in self.rows}

    @cached_property
    def keys_by_id(self) -> Mapping[RowKey, RowKey]:
        """The key of each row that has an id, by that id; of equal ids the first counts."""
        pairs = reversed([*zip(self.ids, map(self._key, self.rows), strict=bool(self.ids))])
        return dict(pairs)

    def _key(self, row: Sequence[Cell]) -> RowKey:
        return tuple(as_text(row[self.places[column]]) for column in self.key)

    @cached_property
    def keys(self) -> frozenset[RowKey]:
        """The keys of the rows, none of them numbered."""
        return frozenset(key[: len(self.key)] for key in self.by_key)

    @cached_property
    def keyless(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the rows that have no key: of the small tables, and that there is nothing."""
        extras = (line for extra in self.extras for line in ((extra.title,), *extra.rows))
        return (*(trimmed([as_text(cell) for cell in line]) for line in extras), (NOTHING,))

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The width of each column, wider than it says where a text would overrun the highest row."""
        return tuple(
            _fitted(column.width, [text for row in self.rows if isinstance(text := row[n], str)])
            for n, column in enumerate(self.columns)
        )


RowKey = tuple[str, ...]


def numbered(seen: dict[RowKey, int], key: RowKey) -> RowKey:
    """The key, told from equal ones before it, which `seen` counts."""
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else (*key, str(seen[key]))


def row_name(key: RowKey) -> str:
    """What a person is told of a row: the parts of its key."""
    return "｜".join(part for part in key if part)


def as_text(value: Any) -> str:
    """A value as key and record have it; line ends and number types make no difference."""
    if isinstance(value, str):
        return cell_text(value)
    if value is None:
        return ""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, Link):
        value = value.text
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return cell_text(str(value))


def trimmed(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts without the blank ones at their end."""
    end = max((n + 1 for n, text in enumerate(texts) if text), default=0)
    return tuple(texts[:end])


def lines_in(text: str, width: float) -> int:
    """How many lines a text takes in a column of ours, whose cells stand off their edges."""
    return lines(text, width - INDENT)


def _fitted(width: float, texts: Sequence[str]) -> float:
    """A width with room for the longest text: one long cell would stretch its row over a page."""
    most = max(width, min(2 * width, _WIDE))
    while width < most and any(lines_in(text, width) > _TALL for text in texts):
        width = min(width + 10, most)
    while width < 180 and any(row_height(lines_in(t, width), 6) >= ROW_LIMIT for t in texts):
        width += 10
    return width
