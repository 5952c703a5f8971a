"""A workbook that lives on: our sheets are renewed in place, what a person added is kept.

Each of our sheets holds one `Table`. A person may write into its note columns, add columns, move
columns, sort, filter, comment on cells, and add sheets; all of it is matched by the row's key and the
column's id, never by position or heading, and survives. What a person types over a cell of ours is
merged three ways (what we last wrote, what stands there, what is to be written): it stays while the
value below it stays the same, and is told on the sheet 「人工修改」 in any case. What belongs to a row
that has vanished goes to the sheet 「未對應」, and comes back from there when the row does. A very
hidden sheet records what was ours, so that columns that a person added are told from columns that we
no longer write, and a column whose heading has changed is known.

The order of things: `opening` (the workbook of last time), `record` (what we wrote in it),
`recognise` (which sheets and columns that is), `harvest` (what a person left), `edits`, `unmatched`,
`writing`, and `archive` for the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from xltool.outputs.living.recognise import missing_columns, renamed_sheets, set_aside
from xltool.outputs.living.record import RECORD, read_record, write_record
from xltool.outputs.living.table import EDITED, UNMATCHED, Table
from xltool.outputs.living.unmatched import (
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
    tables: Sequence[Table],
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
    file = (previous or path).name
    ours = (*tables, edited_table(()), unmatched_table({}))
    record = read_record(workbook, ours)
    waiting = read_waiting(workbook, tables, record)
    before = tuple(edits_before(workbook, tables, record))
    found += renamed_sheets(workbook, ours, record, file)
    found += set_aside(workbook, cached, ours, record, file)
    found += missing_columns(workbook, ours, record, file)

    def harvested(table: Table) -> Harvest:
        if table.title not in workbook.sheetnames:
            return Harvest()
        return harvest_sheet(workbook[table.title], table, record[table.title], cached)

    harvests: dict[str, Harvest] = {}
    edits: list[Edit] = []
    strays = 0
    for table in tables:
        recorded = record[table.title]
        harvest, told = merge_edits(table, harvested(table), recorded)
        harvest, waiting = put_back(table, follow_keys(table, harvest), waiting)
        for line, at in left_over(table, harvest, recorded):
            strays += line not in waiting
            waiting.setdefault(line, at)
        harvests[table.title] = harvest
        edits += told
    if strays:
        found.append(finding("F131", Address(file, UNMATCHED), strays))
    edits += list(unsettled(before, edits, tables, harvests))
    if edits:
        clashing = sum(edit.clashes for edit in edits)
        found.append(finding("F123", Address(file, EDITED), len(edits), clashes=clashing))
    elif EDITED in workbook.sheetnames:
        workbook.remove(workbook[EDITED])
    lists = [edited_table(edits)] if edits else []
    if waiting or UNMATCHED in workbook.sheetnames:
        lists.append(unmatched_table(waiting))
    # Their lines are all ours: what a person does to one is read with them.
    harvests |= {table.title: replace(harvested(table), edits={}) for table in lists}
    everything = [*tables, *lists]

    written = Written()
    if cached is not None:
        titles = {table.title for table in everything} | {RECORD}
        written.values.update(_cached_values(workbook, cached, titles))
    for number, table in enumerate(everything):
        sheet = sheet_for(workbook, everything, number)
        write_table(sheet, table, harvests[table.title], title, written)
    tie_links(written)
    write_record(workbook, everything)

    workbook.properties.title = title
    # Document properties are in UTC; openpyxl writes it without being told.
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = stamp
    workbook.calculation.fullCalcOnLoad = True
    path.write_bytes(pack(workbook, written.values))
    return found


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
