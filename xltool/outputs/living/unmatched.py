"""What has lost its row waits on the sheet 「未對應」 until the row is there again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from xltool.outputs.living.harvest import Harvest, KeptCell
from xltool.outputs.living.recognise import texts_of_rows
from xltool.outputs.living.record import Called, Recorded, title_of
from xltool.outputs.living.table import UNMATCHED, RowKey, SheetColumn, SheetTable, row_name
from xltool.outputs.style import TrackerColour

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

UNMATCHED_COLUMNS = (
    SheetColumn("sheet", "工作表", 18),
    SheetColumn("row", "列", 30),
    SheetColumn("column", "欄位", 18),
    SheetColumn("content", "內容", 60),
    SheetColumn("at", "原位置", 10, centred=True),
)
_KEY = ("sheet", "row", "column", "content")


class Waiting(NamedTuple):
    """A line of the sheet 「未對應」, without the cell where its content once stood."""

    sheet: str
    row: str
    column: str
    content: str


def read_waiting(
    workbook: Workbook, tables: Sequence[SheetTable], record: Mapping[str, Recorded]
) -> dict[Waiting, str]:
    """What waits, and the cell where each once stood; rows and columns by what they are called now."""
    if UNMATCHED not in workbook.sheetnames:
        return {}
    called = Called(tables, record)
    waiting = {}
    for texts in texts_of_rows(workbook[UNMATCHED], _KEY, record[UNMATCHED]):
        line = Waiting(*(texts.get(name, "") for name in _KEY))
        if line.content:
            row, column = called.row(line.sheet, line.row), called.column(line.sheet, line.column)
            waiting[line._replace(row=row, column=column)] = texts.get("at", "")
    return waiting


def follow_keys(table: SheetTable, harvest: Harvest) -> Harvest:
    """Move what stands under an old key to the one row that the loose key tells, if there is one."""
    if not table.loose:
        return harvest
    spots = [table.key.index(name) for name in table.loose]

    def loose(key: RowKey) -> RowKey:
        return tuple(key[spot] for spot in spots)

    taken = {key for key, _ in (*harvest.notes, *harvest.own_cells)}
    leaving = Counter(loose(key) for key in taken if key not in table.by_key)
    free: dict[RowKey, list[RowKey]] = {}
    for key in table.by_key:
        if key not in taken:
            free.setdefault(loose(key), []).append(key)
    moves = {
        key: free[loose(key)][0]
        for key in taken
        if key not in table.by_key
        if leaving[loose(key)] == 1 == len(free.get(loose(key), ()))
    }
    return replace(
        harvest,
        notes=_moved(harvest.notes, moves),
        own_cells=_moved(harvest.own_cells, moves),
    )


_Place = TypeVar("_Place")


def _moved(
    cells: Mapping[tuple[RowKey, _Place], KeptCell], moves: Mapping[RowKey, RowKey]
) -> Mapping[tuple[RowKey, _Place], KeptCell]:
    return {(moves.get(key, key), place): cell for (key, place), cell in cells.items()}


def put_back(
    table: SheetTable, harvest: Harvest, waiting: Mapping[Waiting, str]
) -> tuple[Harvest, dict[Waiting, str]]:
    """The harvest with what finds its row, column and an empty cell again, and what still waits."""
    rows = {row_name(key): key for key in table.by_key}
    note_columns = {column.title: column.id for column in table.columns if column.note}
    own_columns: dict[str, int] = {}
    for number, own in enumerate(harvest.own_columns):
        own_columns.setdefault(own.title, number)
    notes, own_cells, still = dict(harvest.notes), dict(harvest.own_cells), dict[Waiting, str]()
    for line, at in waiting.items():
        key = rows.get(line.row) if line.sheet == table.title else None
        note, own_number = note_columns.get(line.column), own_columns.get(line.column)
        if key is None:
            still[line] = at
        elif note is not None and (key, note) not in notes:
            notes[key, note] = KeptCell(line.content)
        elif note is None and own_number is not None and (key, own_number) not in own_cells:
            own_cells[key, own_number] = KeptCell(line.content)
        else:
            still[line] = at
    return replace(harvest, notes=notes, own_cells=own_cells), still


def left_over(
    table: SheetTable, harvest: Harvest, recorded: Recorded
) -> Iterator[tuple[Waiting, str]]:
    """What has no row or no column any more, and the cell where it stood."""
    cells = (
        *(
            (row_name(key), title_of(table, recorded, column), cell)
            for (key, column), cell in harvest.notes.items()
            if key not in table.by_key or column not in table.places
        ),
        *(
            (row_name(key), harvest.own_columns[number].title, cell)
            for (key, number), cell in harvest.own_cells.items()
            if key not in table.by_key
        ),
        *(
            (
                title_of(table, recorded, column),
                title_of(table, recorded, column),
                KeptCell(comment=comment),
            )
            for column, comment in harvest.heading_comments.items()
            if column not in table.places
        ),
        *harvest.strays,
    )
    for row, column, cell in cells:
        if cell.text:
            yield Waiting(table.title, row, column, cell.text), cell.at


def unmatched_table(waiting: Mapping[Waiting, str]) -> SheetTable:
    """The sheet 「未對應」."""
    return SheetTable(
        UNMATCHED,
        "未對應的備註與自填內容",
        (
            "以下是您寫在總表的內容，原來的那一列已不存在；該列再出現時會自動放回，不再需要的可自行刪除整列",
        ),
        UNMATCHED_COLUMNS,
        key=_KEY,
        rows=tuple((*line, at) for line, at in waiting.items()),
        tab=TrackerColour.UNMATCHED_TAB.bare,
    )
