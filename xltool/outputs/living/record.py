"""What we wrote last time: a very hidden sheet `_xltool` in the workbook itself."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from xltool.outputs.celltext import CELL_LIMIT
from xltool.outputs.living.table import (
    EDITED,
    UNMATCHED,
    Formula,
    RowKey,
    SheetColumn,
    SheetTable,
    as_text,
    row_name,
)

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

RECORD = "_xltool"


@dataclass(frozen=True)
class RecordedColumn:
    """A column of ours as we last wrote it."""

    id: str
    heading: str
    width: float


@dataclass
class Recorded:
    """What we last wrote on a sheet: columns, keys, texts of rows that have no key, per row and column
    what tells the value (`mark`), the lines above the table, the ids of rows by their keys, and how
    the sheet was set up for paper.

    Once `rekeyed`, keys are those of now, and `now` leads to them from those on the sheet.
    """

    columns: tuple[RecordedColumn, ...] = ()
    keys: set[RowKey] = field(default_factory=set)
    rows: set[tuple[str, ...]] = field(default_factory=set)
    bases: dict[RowKey, Mapping[str, str]] = field(default_factory=dict)
    lead: set[str] = field(default_factory=set)
    ids: dict[RowKey, RowKey] = field(default_factory=dict)
    now: Mapping[RowKey, RowKey] = field(default_factory=dict)
    paper: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> bool:
        """Whether we wrote the sheet last time, so far as the record still tells."""
        return bool(self.rows)

    def heading(self, column: str) -> str:
        """The heading of the column with that id, empty if there was none."""
        return next((one.heading for one in self.columns if one.id == column), "")

    def base(self, key: RowKey, column: str) -> str | None:
        """The mark of what we last wrote in a row and column; None where the record does not tell."""
        return self.bases.get(key, {}).get(column)

    def marks(self, columns: Collection[str]) -> set[str]:
        """The marks of all that we last wrote in these columns, blanks aside."""
        marks = (row.get(column, "") for row in self.bases.values() for column in columns)
        return {*marks} - {"", mark(None)}


def read_record(workbook: Workbook, tables: Sequence[SheetTable]) -> dict[str, Recorded]:
    """What we wrote last time on the sheet of each of `tables`, which are those of now.

    A sheet that we did not write has the columns of now. What a hand, or a later xltool, has written
    into the record is skipped.
    """
    columns = {table.title: table.columns for table in tables}
    record = {title: Recorded() for title in columns}
    lines: Any = ()
    if RECORD in workbook.sheetnames:
        lines = workbook[RECORD].iter_rows(max_col=3, values_only=True)
    for sheet, kind, content in lines:
        if sheet in record:
            with suppress(ValueError, TypeError, AttributeError):
                _enter(record[sheet], kind, json.loads(str(content)), columns[sheet])
    for title, page in record.items():
        if not page.columns:
            page.columns = tuple(RecordedColumn(c.id, c.title, c.width) for c in columns[title])
    return {table.title: rekeyed(record[table.title], table) for table in tables}


def rekeyed(recorded: Recorded, table: SheetTable) -> Recorded:
    """The record with the keys of now for rows known by an id, whatever their keys said then."""
    now = {
        then: table.keys_by_id[one]
        for then, one in recorded.ids.items()
        if table.keys_by_id.get(one, then) != then
    }
    if not now:
        return recorded
    length = len(table.key)  # what follows tells equal keys apart
    return replace(
        recorded,
        keys={now.get(key, key) for key in recorded.keys},
        bases={
            (*now.get(key[:length], key[:length]), *key[length:]): marks
            for key, marks in recorded.bases.items()
        },
        now=now,
    )


def _enter(page: Recorded, kind: str, content: Any, columns: Sequence[SheetColumn]) -> None:
    """Enter a line of the record; "keys", "ids" and "bases" are lines of an earlier xltool. Raises
    ValueError, TypeError or AttributeError on a torn one."""
    if kind == "columns":
        page.columns = _recorded_columns(content, columns)
    elif kind == "keys":
        page.keys.add(tuple(content))
    elif kind == "rows":
        page.rows.add(tuple(content))
    elif kind == "lead":
        page.lead.update(map(str, content))
    elif kind == "paper":
        page.paper = {str(name): str(value) for name, value in content.items()}
    elif kind == "ids":
        key, one = content
        page.ids[tuple(key)] = tuple(one)
    elif kind == "bases":
        *key, marks = content
        ids = (column.id for column in page.columns)
        page.bases[tuple(key)] = dict(zip(ids, marks.split(), strict=False))
    elif kind == "lines":
        columns_then = [column.id for column in page.columns]
        for key, length, marks, one in content:
            page.keys.add(tuple(key[:length]))
            if marks:
                page.bases[tuple(key)] = dict(zip(columns_then, marks.split(), strict=False))
            if one:
                page.ids[tuple(key[:length])] = tuple(one)


def _recorded_columns(
    written: Sequence[Sequence[Any]], columns: Sequence[SheetColumn]
) -> tuple[RecordedColumn, ...]:
    """The columns on record: id, heading and width of each, or, until ids came, heading and width.

    A heading without an id is that of the column which bears it now or bore it once; one that none
    did stands for itself.
    """
    known = {former: column.id for column in columns for former in column.formerly}
    known |= {column.title: column.id for column in columns}
    return tuple(
        RecordedColumn(str(first[0]) if first else known.get(heading, heading), heading, width)
        for *first, heading, width in written
    )


def title_of(table: SheetTable, recorded: Recorded, column: str) -> str:
    """What the column with that id is called now, or was called when we last wrote it."""
    if column in table.places:
        return table.columns[table.places[column]].title
    return recorded.heading(column)


class Called:
    """What a row and a column of ours are called now, by sheet and what they were called then."""

    def __init__(self, tables: Sequence[SheetTable], record: Mapping[str, Recorded]) -> None:
        self._columns = {
            (table.title, column.heading): title_of(table, record[table.title], column.id)
            for table in tables
            for column in reversed(
                record[table.title].columns
            )  # of equal headings the first counts
        }
        self._rows = {
            (table.title, row_name(then)): row_name(now)
            for table in tables
            for then, now in record[table.title].now.items()
        }

    def row(self, sheet: str, then: str) -> str:
        """The row's name now."""
        return self._rows.get((sheet, then), then)

    def column(self, sheet: str, then: str) -> str:
        """The column's heading now."""
        return self._columns.get((sheet, then), then)


def mark(value: Any) -> str:
    """What tells one content of a cell from another; = before a formula's."""
    return "=" * isinstance(value, Formula) + f"{zlib.crc32(as_text(value).encode()):08x}"


def write_record(
    workbook: Workbook, tables: Sequence[SheetTable], papers: Mapping[str, Mapping[str, str]]
) -> None:
    """Note what is ours, for the next time; `papers`: how each sheet was set up for paper."""
    if RECORD in workbook.sheetnames:
        workbook.remove(workbook[RECORD])
    sheet = workbook.create_sheet(RECORD)
    sheet.sheet_state = "veryHidden"

    def note(title: str, kind: str, content: Any) -> None:
        sheet.append([title, kind, json.dumps(content, ensure_ascii=False)])

    for table in tables:
        note(
            table.title,
            "columns",
            # Our own widths, not a person's: what differs next time is a person's.
            [
                (column.id, column.title, width)
                for column, width in zip(table.columns, table.widths, strict=True)
            ],
        )
        note(table.title, "paper", papers[table.title])
        note(table.title, "lead", [as_text(line) for line in (table.heading, *table.lead)])
        for several in _together(_lines(table)):
            note(table.title, "lines", several)
        for texts in table.keyless:
            note(table.title, "rows", texts)


def _lines(table: SheetTable) -> Iterator[Sequence[Any]]:
    """Of each row its key, how much of it is not counted, the marks of its cells, and its id."""
    length, tells = len(table.key), table.title not in (EDITED, UNMATCHED)
    for (key, row), one in zip_longest(table.by_key.items(), table.ids):
        # The value of record, not what a person typed over it: his word stays an edit.
        marks = " ".join(map(mark, row)) if tells else ""
        is_first = one is not None and table.keys_by_id[one] == key[:length]
        yield key, length, marks, one if is_first else None


def _together(several: Iterable[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """As many at a time as one cell holds: each cell of its own would cost more than what it says."""
    batch: list[Sequence[Any]] = []
    size = 0
    for one in several:
        more = len(json.dumps(one, ensure_ascii=False)) + 2
        if batch and size + more > CELL_LIMIT - 2:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += more
    if batch:
        yield batch
