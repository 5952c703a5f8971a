"""Old and binary workbooks (.xls, .xlsb), read by calamine in a process of its own.

calamine keeps a dense rectangle and can abort the whole interpreter on a hostile file: so it runs
in a worker with limited memory and time, and a worker that dies is one file's finding (F107). Error
values it gives as blanks, and of how cells show it tells nothing: both are read beside it.
"""

from __future__ import annotations

import contextlib
import io
import json
import struct
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from xltool.intake.formats import xlsb
from xltool.intake.formats.biff import read_drawings, read_errors
from xltool.intake.formats.biff_looks import show
from xltool.intake.formats.xlsx import last_saved, relations_of
from xltool.intake.grid import (
    Book,
    Cell,
    CellKind,
    Grid,
    Merge,
    date_cell,
    plain,
    saved_stamp,
)
from xltool.intake.guard import Admitted, Refusal
from xltool.intake.workers import limit_memory

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff")
_TOO_MANY = "有內容的儲存格過多"
_WORK = "from xltool.intake.formats.legacy import work; work()"


def read_legacy(admitted: Admitted) -> Book:
    """All sheets of an .xls or .xlsb. Raises Refusal when the worker fails, dies or takes too long."""
    limits = admitted.limits
    try:
        done = subprocess.run(
            [sys.executable, "-c", _WORK, str(limits.cells), str(limits.memory_mb)],
            input=admitted.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal("F119", value=str(limits.seconds)) from error
    if done.returncode:
        raise Refusal("F107")
    answer = json.loads(done.stdout)
    if "fault" in answer:
        raise Refusal(*answer["fault"][:1], **answer["fault"][1])
    sheets = tuple(_grid(sheet) for sheet in answer["sheets"])
    if admitted.package is not None:
        relations = relations_of(admitted.package)
        with contextlib.suppress(struct.error, IndexError):  # cells stay as they are held
            xlsb.show(sheets, admitted.package, relations)
        with contextlib.suppress(struct.error):  # pictures that were not found are told
            xlsb.read_drawings(sheets, admitted.package, relations)
        media = any(
            name.endswith(_PICTURES) and "thumbnail" not in name
            for name in admitted.package.names()
        )
        missed = media and not any(grid.pictures for grid in sheets)
        return Book(sheets, saved=last_saved(admitted.package), pictures_skipped=missed)
    return _with_the_rest(sheets, admitted.data, limits.cells)


def _grid(sheet: dict[str, Any]) -> Grid:
    grid = Grid(sheet["name"], merges=[Merge(*merge) for merge in sheet["merges"]])
    for row, col, text, kind, day in sheet["cells"]:
        grid.cells[row, col] = Cell(
            row, col, text, CellKind(kind), date.fromisoformat(day) if day else None
        )
    return grid


def _with_the_rest(sheets: tuple[Grid, ...], data: bytes, most: int) -> Book:
    """The workbook of an .xls, with what calamine does not read: when it was saved, its errors, looks
    and pictures. Raises Refusal for more than `most` errors."""
    import olefile

    moment: object = None
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        with contextlib.suppress(OSError):  # a damaged summary: when it was saved is not known
            moment = ole.get_metadata().last_saved_time
        name = next(name for name in ("Workbook", "Book") if ole.exists(name))
        stream = ole.openstream(name).read()
    add_errors(sheets, stream, most)
    show(sheets, stream)
    saved = saved_stamp(f"{moment.isoformat()}Z") if isinstance(moment, datetime) else ""
    try:
        drawings, blobs = read_drawings(stream)
    except (struct.error, IndexError):
        return Book(sheets, saved=saved, pictures_skipped=True)
    for grid in sheets:
        if (on_sheet := drawings.get(grid.name)) is not None:
            grid.pictures += on_sheet.pictures
            grid.boxes += on_sheet.boxes
            grid.notes += on_sheet.notes
            grid.drawn += on_sheet.drawn
    return Book(sheets, saved=saved, blobs=blobs)


def add_errors(sheets: tuple[Grid, ...], stream: bytes, most: int) -> None:
    """Put an .xls's error cells where calamine gave nothing. Raises Refusal for more than `most`."""
    by_name = {grid.name: grid for grid in sheets}
    for number, (name, cell) in enumerate(read_errors(stream)):
        if number == most:
            raise Refusal("F105", reason=_TOO_MANY)
        if name in by_name:
            by_name[name].cells.setdefault((cell.row, cell.col), cell)


# --- in the worker --------------------------------------------------------------------------


def work() -> None:
    """Read a workbook from standard input, answer as JSON on standard output."""
    cells, memory_mb = (int(word) for word in sys.argv[1:3])
    limit_memory(memory_mb)
    import python_calamine

    data = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        # What is no worksheet (a sheet of a chart alone, of a macro) has no cells, and cannot be asked.
        kind = python_calamine.SheetTypeEnum.WorkSheet
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == kind]
        answer = {"sheets": [_answer(workbook, name, cells) for name in names]}
    except python_calamine.PasswordError:
        answer = {"fault": ["F103", {}]}
    except OverflowError:
        answer = {"fault": ["F105", {"reason": _TOO_MANY}]}
    except MemoryError:
        answer = {"fault": ["F105", {"reason": f"讀取需要超過 {memory_mb} MB 記憶體"}]}
    except BaseException:  # noqa: BLE001 - a panic of calamine's is no Exception
        answer = {"fault": ["F102", {"reason": "檔案內容毀損"}]}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _answer(workbook: Any, name: str, most: int) -> dict[str, Any]:
    sheet = workbook.get_sheet_by_name(name)
    _, left = sheet.start or (0, 0)
    cells = []
    # Rows come from the sheet's first on, columns only from the first that holds something.
    for row, line in enumerate(sheet.iter_rows()):
        for col, value in enumerate(line, left):
            if value == "" or value is None:
                continue
            cell = _value(row, col, value)
            cells.append([*cell[:4], cell.day.isoformat() if cell.day else None])
            if len(cells) > most:
                raise OverflowError
    merges = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
    return {"name": name, "cells": cells, "merges": merges}


def _value(row: int, col: int, value: object) -> Cell:
    if isinstance(value, bool):
        return Cell(row, col, "TRUE" if value else "FALSE", CellKind.BOOL)
    if isinstance(value, int | float):
        return Cell(row, col, plain(value), CellKind.NUMBER)
    if isinstance(value, datetime):
        clock = f"{value:%H:%M}" if value.hour or value.minute else ""
        return date_cell(row, col, value, clock)
    if isinstance(value, date):
        return date_cell(row, col, value)
    if isinstance(value, time | timedelta):
        return Cell(row, col, str(value)[:5])
    return Cell(row, col, str(value))
