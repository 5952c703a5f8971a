"""A form as found in a workbook, not yet read: its sections, lines and fields, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter

from xltool.forms.schema import Field, Kind, Section, Sheet, Table
from xltool.intake.grid import MAX_COL, Anchor, Cell, Drawn, Grid


@dataclass(frozen=True)
class Slot:
    """A field's place and what stands there. `inherited`: from a block merged over several rows."""

    field: Field
    row: int
    col: int
    cell: Cell | None
    inherited: bool = False


def text_of(slot: Slot) -> str:
    """What stands there, as it stands."""
    return slot.cell.text if slot.cell is not None else ""


@dataclass(frozen=True)
class Line:
    """A card, or one row of a table: its fields' slots by key. `number` counts a table's rows from 1."""

    number: int
    slots: Mapping[str, Slot]


class AsideKind(StrEnum):
    """What such a row looks like, as a person is told."""

    TOTAL = "合計"
    NOTE = "備註或說明"
    SIGNATURE = "簽章列"
    END = "以下空白"
    CONTINUED = "上一列的接續"


@dataclass(frozen=True)
class Aside:
    """A row of a table that is none of the table's rows: what it looks like, and its words."""

    kind: AsideKind
    slots: Sequence[Slot]

    @property
    def row(self) -> int:
        """Its row on the sheet."""
        return self.slots[0].row


@dataclass
class Block:
    """A section as found on a sheet. `place` is its sheet's order, `missing` fields without a place,
    `labels` where each field's label stands, `shows_example` whether a table still has its row of examples,
    `asides` its rows that are none. `header` is where the header stands of one that goes on with a table
    that an earlier block began: its row, first and last column; `twice` counts its rows that only repeat
    one of the earlier ones, and are left out. `alone`: it asks about an item, and no card on its sheet
    says which."""

    section: Section
    sheet: Sheet
    grid: Grid
    place: int
    row: int
    col: int
    end: int = 0
    of: str = ""
    missing: tuple[Field, ...] = ()
    shows_example: bool = False
    lines: tuple[Line, ...] = ()
    asides: tuple[Aside, ...] = ()
    header: tuple[int, int, int] | None = None
    twice: int = 0
    alone: bool = False
    labels: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def more(self) -> bool:
        """Whether it goes on with a table that an earlier block began."""
        return self.header is not None

    def goes_on_with(self, other: Block) -> bool:
        """Whether it goes on with that table: of the same item, and on its sheet where the item has one."""
        return (
            self.more
            and self.section is other.section
            and self.of == other.of
            and (self.place == other.place or self.alone or not self.sheet.per_item)
        )

    def line_at(self, row: int) -> Line | None:
        """The table's line on that row of the sheet."""
        return next(
            (line for line in self.lines if any(slot.row == row for slot in line.slots.values())),
            None,
        )


@dataclass(frozen=True)
class LeftOver:
    """What no field took on a sheet (`place` is its order): cells and text boxes, comments, and what is
    drawn there; all its `pictures`, whether a field takes them or not; what no text can hold, at the
    cells that held it (`Grid.replaced`); all that was struck out, wherever it stood; and what was typed
    into its header and footer (`margins`)."""

    place: int
    sheet: str
    cells: Sequence[Cell]
    notes: Sequence[Cell]
    drawn: Sequence[Drawn] = ()
    pictures: Sequence[Anchor] = ()
    replaced: Sequence[Cell] = ()
    struck: Sequence[Cell] = ()
    margins: Sequence[Cell] = ()


@dataclass(frozen=True)
class Draft:
    """A form as found in a workbook, not yet read. `absent` are sections without a heading, `withheld`
    cells in which a number stood that must not be kept, each with its sheet's order and title."""

    blocks: tuple[Block, ...]
    absent: tuple[tuple[Sheet, Section], ...] = ()
    left_over: tuple[LeftOver, ...] = ()
    withheld: tuple[tuple[int, str, Cell], ...] = ()


def photo_field(section: Section) -> Field | None:
    """The field of a table that is a place for a picture."""
    if isinstance(section, Table):
        return next((entry for entry in section.fields if entry.kind is Kind.PHOTO), None)
    return None


def right_of(row: Iterable[Cell], col: int, stops: Iterable[int] = ()) -> Cell | None:
    """The first cell of a row's from a column on, before the columns of the next labels."""
    end = min((stop for stop in stops if stop >= col), default=MAX_COL)
    return min((cell for cell in row if col <= cell.col < end), key=_column, default=None)


def by_row(grid: Grid) -> Mapping[int, Sequence[Cell]]:
    """A sheet's cells by their row."""
    rows: dict[int, list[Cell]] = {}
    for (row, _), cell in grid.cells.items():
        rows.setdefault(row, []).append(cell)
    return rows


_column = attrgetter("col")
