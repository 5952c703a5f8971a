"""Works on a tracker as its coordinator would, in LibreOffice itself, and saves it there.

    /usr/bin/python3 -m tools.coordinate_in_libreoffice STROKES.json

Needs the Python that Debian's `python3-uno` belongs to, hence no import of ours. The strokes name the
workbook and what to do in it, in order; columns are named by their headings, rows by a text in them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uno
from com.sun.star.sheet import TableFilterField2
from com.sun.star.sheet.FilterOperator2 import EQUAL
from com.sun.star.table import CellRangeAddress, TableSortField

from tools.type_in_libreoffice import FILTERS, office, option


class Desk:
    """One sheet of the workbook: where its table stands and what is done to it."""

    def __init__(self, book: Any, sheet: str) -> None:
        self.book = book
        self.page = book.Sheets.getByName(sheet)
        cursor = self.page.createCursor()
        cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
        end = cursor.RangeAddress
        self.cells = self.page.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).DataArray

    def row(self, text: str) -> int:
        """The first row that holds a text."""
        return next(n for n, row in enumerate(self.cells) if text in [str(cell) for cell in row])

    def column(self, heading: str) -> int:
        """The column below a heading."""
        return int(next(row.index(heading) for row in self.cells if heading in row))

    def at(self, row: str, heading: str) -> Any:
        """The cell of a row below a heading."""
        return self.page.getCellByPosition(self.column(heading), self.row(row))

    def table(self, key: str) -> tuple[int, int, int]:
        """First and last row of the table whose headings hold `key`, and its last column."""
        head, place = self.row(key), self.column(key)
        last = head
        while last + 1 < len(self.cells) and self.cells[last + 1][place] != "":
            last += 1
        return head, last, len(self.cells[head]) - 1


def write(book: Any, sheet: str, row: str, heading: str, text: str) -> None:
    """Type into a cell."""
    Desk(book, sheet).at(row, heading).String = text


def add_column(book: Any, sheet: str, key: str, heading: str, formula: str) -> None:
    """A column of one's own at the right; {n} is the row's number."""
    desk = Desk(book, sheet)
    head, last, end = desk.table(key)
    desk.page.getCellByPosition(end + 1, head).String = heading
    for row in range(head + 1, last + 1):
        desk.page.getCellByPosition(end + 1, row).Formula = formula.format(n=row + 1)
    desk.page.Columns.getByIndex(end + 1).Width = 4_000


def comment(book: Any, sheet: str, row: str, heading: str, text: str) -> None:
    """A comment on a cell."""
    desk = Desk(book, sheet)
    desk.page.Annotations.insertNew(desk.at(row, heading).CellAddress, text)


def move_column(book: Any, sheet: str, heading: str, before: str) -> None:
    """Cut a column and put it before another."""
    desk = Desk(book, sheet)
    place, source, end = desk.column(before), desk.column(heading), len(desk.cells) - 1
    columns, number = desk.page.Columns, desk.page.RangeAddress.Sheet
    width = columns.getByIndex(source).Width
    columns.insertByIndex(place, 1)
    source += source >= place
    area = CellRangeAddress(number, source, 0, source, end)
    desk.page.moveRange(desk.page.getCellByPosition(place, 0).CellAddress, area)
    columns.getByIndex(place).Width = width
    columns.removeByIndex(source, 1)


def sort(book: Any, sheet: str, key: str, heading: str) -> None:
    """Sort the table by a column, from the last to the first."""
    desk = Desk(book, sheet)
    head, last, end = desk.table(key)
    field = TableSortField()
    field.Field, field.IsAscending = desk.column(heading), False
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    area = desk.page.getCellRangeByPosition(0, head, end, last)
    area.sort((option("SortFields", fields), option("ContainsHeader", value=True)))


def narrow(book: Any, sheet: str, key: str, heading: str, text: str) -> None:
    """Filter the table: only the rows with a text in a column."""
    desk = Desk(book, sheet)
    head, last, end = desk.table(key)
    ranges = book.getPropertyValue("UnnamedDatabaseRanges")
    number = desk.page.RangeAddress.Sheet
    area = CellRangeAddress(number, 0, head, end, last)
    ranges.setByTable(area)
    database = ranges.getByTable(number)
    field = TableFilterField2()
    field.Field, field.Operator, field.StringValue = desk.column(heading), EQUAL, text
    descriptor = database.getFilterDescriptor()
    descriptor.ContainsHeader = True
    descriptor.setFilterFields2((field,))
    database.AutoFilter = True
    database.refresh()


def add_sheet(book: Any, title: str, formulas: list[str]) -> None:
    """A sheet of one's own, with formulas in its first column and a format of one's own."""
    book.Sheets.insertNewByName(title, book.Sheets.Count)
    page = book.Sheets.getByName(title)
    for row, formula in enumerate(formulas):
        page.getCellByPosition(0, row).Formula = formula
        page.getCellByPosition(0, row).CellBackColor = 0xFFFF00


STROKES: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (write, add_column, comment, move_column, sort, narrow, add_sheet)
}


def main() -> None:
    """Open the workbook, do the strokes, save it over itself."""
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    path = Path(work["workbook"])
    url = uno.systemPathToFileUrl(str(path))
    with office() as (desktop, _):
        book = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", value=True),))
        try:
            for name, *words in work["strokes"]:
                STROKES[name](book, *words)
            book.calculateAll()
            book.storeToURL(url, (option("FilterName", FILTERS[path.suffix]),))
        finally:
            book.close(True)  # noqa: FBT003


if __name__ == "__main__":
    main()
