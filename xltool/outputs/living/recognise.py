"""Which of a workbook's sheets, heading rows and columns are ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xltool.outputs.living.record import Recorded
from xltool.outputs.living.table import Table, as_text

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
    tables: Sequence[Table],
    record: Mapping[str, Recorded],
) -> None:
    """Rename a sheet that bears the name of ours but has lost its headings: it is a person's now."""
    for table in tables:
        title = table.title
        if title not in workbook.sheetnames:
            continue
        if heading_row(workbook[title], table.key, record[title]):
            continue
        taken = set(workbook.sheetnames)
        name = next(name for n in range(1, 1000) if (name := f"{title}_舊{n}") not in taken)
        for book in (workbook, cached):
            if book is not None:
                book[title].title = name


def texts_of_rows(
    sheet: Worksheet, key: Sequence[str], recorded: Recorded
) -> Iterator[Mapping[str, str]]:
    """The text in each row below the headings, by column; by their order if a hand deleted them."""
    head = heading_row(sheet, key, recorded)
    if head is None:
        ours = {number: column.id for number, column in enumerate(recorded.columns, 1)}
    else:
        ours = our_columns(head, recorded)
    for row in sheet.iter_rows(min_row=head[0].row + 1 if head else 1):
        yield {ours[cell.column]: text_of(cell) for cell in row if cell.column in ours}


def our_columns(head: Sequence[Any], recorded: Recorded) -> dict[int, str]:
    """Our columns on the sheet: place → id. Equal headings are told apart by their order."""
    waiting: dict[str, list[str]] = {}
    for column in recorded.columns:
        waiting.setdefault(column.heading, []).append(column.id)
    return {cell.column: ids.pop(0) for cell in head if (ids := waiting.get(text_of(cell)))}


def text_of(cell: Any) -> str:
    """What a cell says, as keys and record have it."""
    return as_text(cell.value)
