"""A workbook that lives on: our sheets are renewed in place, what a person added is kept.

Each of our sheets holds one `SheetTable`. A person may write into its note columns, add columns, move
columns, sort, filter, comment on cells, and add sheets; all of it is matched by the row's key and the
column's id, never by position or heading, and survives. What a person types over a cell of ours is
merged three ways (what we last wrote, what stands there, what is to be written): it stays while the
value below it stays the same, and is told on the sheet 「人工修改」 in any case. What belongs to a row
that has vanished goes to the sheet 「未對應」, and comes back from there when the row does. A very
hidden sheet records what was ours, so that columns that a person added are told from columns that we
no longer write, and a column whose heading has changed is known.

The order of things: `opening` (the workbook of last time), `record` (what we wrote in it),
`recognise` (which sheets and columns that is), `harvest` (what a person left), `edits`, `unmatched`,
`writing`, `paper`, and `archive` for the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.outputs.living.archive import pack
from xltool.outputs.living.edits import (
    Edit,
    edited_table,
    edits_before,
    merge_edits,
    unsettled,
)
from xltool.outputs.living.harvest import Harvest, harvest_sheet
from xltool.outputs.living.opening import opened
from xltool.outputs.living.paper import Paper, set_up
from xltool.outputs.living.recognise import missing_columns, renamed_sheets, set_aside
from xltool.outputs.living.record import RECORD, read_record, write_record
from xltool.outputs.living.table import EDITED, UNMATCHED, SheetTable
from xltool.outputs.living.unmatched import (
    Waiting,
    follow_keys,
    left_over,
    put_back,
    read_waiting,
    unmatched_table,
)
from xltool.outputs.living.writing import Written, sheet_for, tie_links, write_table

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook


def update(
    path: Path,
    tables: Sequence[SheetTable],
    *,
    previous: Path | None,
    title: str,
    day: date,
) -> list[Finding]:
    """Write `tables` to `path`, keeping what a person added to the workbook `previous`.

    `title` heads every printed page; `day` is the workbook's date, since none may be "now". A
    previous workbook that cannot be read, or that holds what cannot be kept, is copied beside itself
    and named in a finding. `path` and `previous` may be the same file.

    Raises OSError when a file cannot be read or written.
    """
    workbook, cached, found = opened(previous)
    taken = _take(workbook, cached, tables, (previous or path).name)
    written = _write(workbook, cached, taken, title)
    _date(workbook, title, day)
    path.write_bytes(pack(workbook, written.values, written.plain))
    return [*found, *taken.found]


@dataclass(frozen=True)
class _Taken:
    """What is to be written: the tables, the two lists among them where they have something to say,
    what a person left on each sheet, and how we last set up its paper; and what there is to tell."""

    tables: tuple[SheetTable, ...]
    harvests: Mapping[str, Harvest]
    papers: Mapping[str, Mapping[str, str]]
    found: tuple[Finding, ...]


def _take(
    workbook: Workbook, cached: Workbook | None, tables: Sequence[SheetTable], file: str
) -> _Taken:
    """Take what a person left in the workbook called `file`, and match it with `tables`."""
    ours = (*tables, edited_table(()), unmatched_table({}))
    record = read_record(workbook, ours)
    # Read first: a list whose headings are gone is set aside, but its lines are not forgotten.
    waiting_before = read_waiting(workbook, tables, record)
    told_before = tuple(edits_before(workbook, tables, record))
    found = [
        *renamed_sheets(workbook, ours, record, file),
        *set_aside(workbook, cached, ours, record, file),
        *missing_columns(workbook, ours, record, file),
    ]

    def harvested(table: SheetTable) -> Harvest:
        if table.title not in workbook.sheetnames:
            return Harvest()
        return harvest_sheet(workbook[table.title], table, record[table.title], cached)

    harvests: dict[str, Harvest] = {}
    edits: list[Edit] = []
    waiting, homeless = waiting_before, dict[Waiting, str]()
    for table in tables:
        harvest, told = merge_edits(table, harvested(table), record[table.title])
        harvest, waiting = put_back(table, follow_keys(table, harvest), waiting)
        homeless |= left_over(table, harvest, record[table.title])
        harvests[table.title] = harvest
        edits += told
    edits += [*unsettled(told_before, edits, tables, harvests)]
    if new := homeless.keys() - waiting.keys():
        found.append(finding("F131", Address(file, UNMATCHED), len(new)))
    if edits:
        clashes = sum(edit.clashes for edit in edits)
        found.append(finding("F123", Address(file, EDITED), len(edits), clashes=clashes))

    lists: list[SheetTable] = []
    if edits:
        lists.append(edited_table(edits))
    if homeless or waiting or UNMATCHED in workbook.sheetnames:
        lists.append(unmatched_table(waiting | homeless))
    for table in lists:
        # Their lines are all ours: what a person does to one was read with them.
        harvests[table.title] = replace(harvested(table), edits={})
    papers = {title: recorded.paper for title, recorded in record.items()}
    return _Taken((*tables, *lists), harvests, papers, tuple(found))


def _write(workbook: Workbook, cached: Workbook | None, taken: _Taken, title: str) -> Written:
    """Write our sheets and the record of them. Returns what the workbook itself does not hold: the values
    beside formulas, those of a person's own sheets too, and plain rows."""
    titles = {table.title for table in taken.tables}
    if EDITED in workbook.sheetnames and EDITED not in titles:
        workbook.remove(workbook[EDITED])
    written, papers = Written(), dict[str, Mapping[str, str]]()
    if cached is not None:
        written.values.update(_cached_values(workbook, cached, titles | {RECORD}))
    for number, table in enumerate(taken.tables):
        stood = table.title in workbook.sheetnames
        before = Paper.of(workbook[table.title], table) if stood else None
        sheet = sheet_for(workbook, taken.tables, number)
        rows = write_table(sheet, table, taken.harvests[table.title], written)
        recorded = taken.papers.get(table.title, {})
        papers[table.title] = set_up(sheet, table, title, rows, before, recorded)
    tie_links(written)
    write_record(workbook, taken.tables, papers)
    return written


def _date(workbook: Workbook, title: str, day: date) -> None:
    """The document's properties: none may be "now"."""
    # They are in UTC; openpyxl writes it without being told.
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    workbook.properties.title = title
    workbook.properties.created = workbook.properties.modified = stamp
    workbook.calculation.fullCalcOnLoad = True


def _cached_values(
    workbook: Workbook, cached: Workbook, ours: set[str]
) -> Iterator[tuple[tuple[str, str], Any]]:
    """The computed values of formulas on a person's own sheets."""
    for sheet in workbook.worksheets:
        if sheet.title in ours:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield (sheet.title, cell.coordinate), cached[sheet.title][cell.coordinate].value
