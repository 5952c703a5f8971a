"""An xlwings engine over openpyxl: the console's functions run here without Excel.

Only the BSD part of xlwings is used; its engine interface is semi-internal, so xlwings is pinned.
What it mimics of Excel: a cell formatted '@' keeps any text as text, another cell takes text that
begins with '=' for a formula; a blank cell has its column's format, and clearing contents keeps
formats. What it cannot show is COM itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet


class Engine:
    """The engine: one application, its books opened from files."""

    name = "openpyxl"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(
        data: Any, _dates: Any, empty_as: Any, _numbers: Any, _errors: Any
    ) -> list[list[Any]]:
        return [[empty_as if value is None else value for value in row] for row in data]


class Apps:
    """The one application of the engine."""

    def __init__(self, engine: Engine) -> None:
        self.app = App(engine)

    def keys(self) -> list[int]:
        return [self.app.pid]

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app


class App:
    """Records every text shown in the status bar; False stands for Excel's own."""

    pid = 1
    screen_updating = True

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.books = Books(self)
        self.status_bars: list[object] = []

    @property
    def status_bar(self) -> object:
        return self.status_bars[-1] if self.status_bars else False

    @status_bar.setter
    def status_bar(self, value: object) -> None:
        self.status_bars.append(value)


class Books:
    def __init__(self, app: App) -> None:
        self.app = app
        self.open_books: list[Book] = []

    def open(self, fullname: str, *_rest: Any) -> Book:
        book = Book(self.app, Path(fullname))
        self.open_books.append(book)
        return book

    def __call__(self, name: str) -> Book:
        for book in self.open_books:
            if book.name.lower() == name.lower():
                return book
        raise KeyError(name)

    def __len__(self) -> int:
        return len(self.open_books)

    def __iter__(self) -> Iterator[Book]:
        return iter(self.open_books)


class Book:
    def __init__(self, app: App, path: Path) -> None:
        self.app = app
        self.path = path
        self.workbook: Workbook = openpyxl.load_workbook(path, keep_vba=True)
        self.address = str(path)  # what Excel calls FullName: may be an https:// address

    @property
    def api(self) -> Workbook:
        return self.workbook

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def fullname(self) -> str:
        if "://" in self.address:  # as xlwings does when OneDrive's folder cannot be found
            raise xw.XlwingsError("Couldn't find the local OneDrive folder")
        return self.address

    @property
    def names(self) -> Names:
        return Names(self)

    def close(self) -> None:
        self.app.books.open_books.remove(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.workbook.save(path or self.path)


class Names:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __call__(self, name: str) -> Name:
        return Name(self.book, name)

    def contains(self, name: str) -> bool:
        return name in self.book.workbook.defined_names


class Name:
    def __init__(self, book: Book, name: str) -> None:
        self.book = book
        self.name = name

    @property
    def refers_to_range(self) -> Range:
        [(title, area)] = self.book.workbook.defined_names[self.name].destinations
        left, top, right, bottom = range_boundaries(area)
        assert left and top and right and bottom
        sheet = Sheet(self.book, self.book.workbook[title])
        return Range(sheet, top, left, bottom - top + 1, right - left + 1)


class Sheet:
    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self.book = book
        self.worksheet = worksheet

    @property
    def api(self) -> Worksheet:
        return self.worksheet

    @property
    def name(self) -> str:
        return self.worksheet.title

    def range(self, first: Any, last: Any = None) -> Range:
        if isinstance(first, tuple):  # row, column, and maybe how many of each
            row, column, rows, columns = (*first, 1, 1)[:4]
            return Range(self, row, column, rows, columns)
        rows, columns = last.row - first.row + 1, last.column - first.column + 1
        return Range(self, first.row, first.column, rows, columns)


class Range:
    def __init__(self, sheet: Sheet, row: int, column: int, rows: int, columns: int) -> None:
        self.sheet = sheet
        self.row = row
        self.column = column
        self.shape = (rows, columns)
        self.options: dict[str, Any] = {}

    api = True  # a falsy one makes xlwings skip list writes in silence
    max_cells_per_read = max_cells_per_write = None

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> Range:
        return Range(self.sheet, self.row + row - 1, self.column + column - 1, 1, 1)

    def _cells(self) -> list[list[Cell | MergedCell]]:
        rows, columns = self.shape
        sheet = self.sheet.worksheet
        return [
            [sheet.cell(self.row + r, self.column + c) for c in range(columns)] for r in range(rows)
        ]

    @property
    def raw_value(self) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in self._cells()]

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        for r, row in enumerate(self._cells()):
            for c, cell in enumerate(row):
                self._put(cell, value[r][c] if isinstance(value, (list, tuple)) else value)

    def _put(self, cell: Cell | MergedCell, value: Any) -> None:
        if isinstance(cell, MergedCell):
            return
        self._dress(cell)
        cell.value = None if value == "" else value
        if isinstance(value, str) and cell.number_format == "@":
            cell.data_type = "s"

    def _dress(self, cell: Any) -> None:
        """Give a cell without a format of its own that of its column, as Excel shows it."""
        if not cell.has_style:
            columns: Any = self.sheet.worksheet.column_dimensions
            cell._style = copy(columns[cell.column_letter]._style)

    def clear_contents(self) -> None:
        self.raw_value = ""

    @property
    def number_format(self) -> str:
        return self._cells()[0][0].number_format

    @number_format.setter
    def number_format(self, value: str) -> None:
        for row in self._cells():
            for cell in row:
                self._dress(cell)
                cell.number_format = value

    def autofit(self, axis: str | None = None) -> None:
        assert axis == "r"


def activate() -> xw.Engine:
    """Make a fresh engine the active one of xlwings."""
    engine = xw.Engine(impl=Engine())
    xw.engines.add(engine)
    engine.activate()
    return engine
