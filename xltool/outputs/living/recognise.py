"""Which of a workbook's sheets, heading rows and columns are ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.outputs.living.record import Recorded, mark, title_of
from xltool.outputs.living.table import SheetTable, as_text

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def heading_row(sheet: Worksheet, key: Sequence[str], recorded: Recorded) -> tuple[Any, ...] | None:
    """The heading row of one of our sheets: the first that holds the headings of last time of all
    the columns of `key`."""
    headings = {recorded.heading(column) for column in key}
    if "" in headings:
        return None
    for row in sheet.iter_rows():
        if headings <= {text_of(cell) for cell in row}:
            return row
    return None


def set_aside(
    workbook: Workbook,
    cached: Workbook | None,
    tables: Sequence[SheetTable],
    record: Mapping[str, Recorded],
    file: str,
) -> list[Finding]:
    """Rename a sheet that bears the name of ours but has lost the headings that tell its rows: it is
    a person's now. Each is told (F128), in the workbook called `file`."""
    found = []
    for table in tables:
        title, recorded = table.title, record[table.title]
        if title not in workbook.sheetnames:
            continue
        sheet = workbook[title]
        if heading_row(sheet, table.key, recorded):
            continue
        taken = set(workbook.sheetnames)
        name = next(name for n in range(1, 1000) if (name := f"{title}_舊{n}") not in taken)
        for book in (workbook, cached):
            if book is not None:
                book[title].title = name
        standing = {text_of(cell) for row in sheet.iter_rows() for cell in row}
        keys = [title_of(table, recorded, column) for column in table.key]
        missing = [key for key in keys if key not in standing] or keys
        told = finding("F128", Address(file, name), name, sheet=title, missing=_listed(missing))
        found.append(told)
    return found


def renamed_sheets(
    workbook: Workbook, tables: Sequence[SheetTable], record: Mapping[str, Recorded], file: str
) -> Iterator[Finding]:
    """A sheet that was ours and bears another name now, by its headings (F129)."""
    ours = {table.title for table in tables}
    for table in tables:
        recorded = record[table.title]
        if table.title in workbook.sheetnames or not recorded.written:
            continue
        for sheet in workbook.worksheets:
            head = heading_row(sheet, table.key, recorded) if sheet.title not in ours else None
            # Several sheets share the headings of their keys.
            if head and 2 * len(our_columns(sheet, head, recorded)) > len(recorded.columns):
                at = Address(file, sheet.title)
                yield finding("F129", at, sheet.title, sheet=table.title)
                break


def missing_columns(
    workbook: Workbook, tables: Sequence[SheetTable], record: Mapping[str, Recorded], file: str
) -> Iterator[Finding]:
    """The columns of ours that a person deleted, or whose headings he changed (F130)."""
    for table in tables:
        recorded = record[table.title]
        if table.title not in workbook.sheetnames or not recorded.written:
            continue
        sheet = workbook[table.title]
        head = heading_row(sheet, table.key, recorded)
        standing = set(our_columns(sheet, head, recorded).values()) if head else set()
        missing = [
            table.columns[table.places[column.id]].title
            for column in recorded.columns
            if column.id not in standing and column.id in table.places
        ]
        if head and missing:
            at = Address(file, table.title, f"A{head[0].row}")
            yield finding("F130", at, _listed(missing), sheet=table.title)


def _listed(headings: Sequence[str]) -> str:
    return "、".join(f"「{''.join(heading.split())}」" for heading in headings)


def texts_of_rows(
    sheet: Worksheet, key: Sequence[str], recorded: Recorded
) -> Iterator[Mapping[str, str]]:
    """The text in each row below the headings, by column; by their order if a hand deleted them."""
    head = heading_row(sheet, key, recorded)
    if head is None:
        ours = {number: column.id for number, column in enumerate(recorded.columns, 1)}
    else:
        ours = our_columns(sheet, head, recorded)
    for row in sheet.iter_rows(min_row=head[0].row + 1 if head else 1):
        yield {ours[cell.column]: text_of(cell) for cell in row if cell.column in ours}


def our_columns(sheet: Worksheet, head: Sequence[Any], recorded: Recorded) -> dict[int, str]:
    """Our columns on the sheet: place → id. Equal headings are told apart by their order, and a
    person's by what stands below: ours are those that hold most of what we wrote."""
    waiting: dict[str, list[str]] = {}
    for column in recorded.columns:
        waiting.setdefault(column.heading, []).append(column.id)
    bearing: dict[str, list[int]] = {}
    for cell in head:
        if text_of(cell) in waiting:
            bearing.setdefault(text_of(cell), []).append(cell.column)
    ours: dict[int, str] = {}
    for heading, places in bearing.items():
        ids = waiting[heading]
        if len(places) > len(ids):
            written = recorded.marks(ids)

            def held(place: int, written: set[str] = written) -> int:
                below = sheet.iter_rows(head[0].row + 1, None, place, place)
                return sum(mark(cell.value) in written for (cell,) in below)

            places = sorted(sorted(places, key=held, reverse=True)[: len(ids)])
        ours.update(zip(places, ids, strict=False))
    return ours


def text_of(cell: Any) -> str:
    """What a cell says, as keys and record have it."""
    return as_text(cell.value)
