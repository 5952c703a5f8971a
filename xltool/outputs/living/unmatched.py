"""What has lost its row waits on the sheet 「未對應」 until the row is there again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xltool.outputs.living.harvest import (
    Harvest,
    KeptCell,
    _kept_text,
    _own_number,
    _own_title,
    harvest_sheet,
)
from xltool.outputs.living.record import Recorded, now_called, title_of
from xltool.outputs.living.table import UNMATCHED, Cell, Column, RowKey, Table, as_text, rows_by_key

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

UNMATCHED_COLUMNS = (
    Column("sheet", "工作表", 18),
    Column("row", "列", 30),
    Column("column", "欄位", 18),
    Column("content", "內容", 60),
    Column("at", "原位置", 10, centred=True),
)


def unmatched_table(
    workbook: Workbook,
    tables: Sequence[Table],
    harvests: dict[str, Harvest],
    record: Mapping[str, Recorded],
) -> Table | None:
    """The sheet of what has no row; what finds its row again is put back. None when not needed."""
    waiting: dict[tuple[str, str, str, str], str] = {}
    present = UNMATCHED in workbook.sheetnames
    if present:
        renamed = now_called(tables, record)
        for row in workbook[UNMATCHED].iter_rows(max_col=5, values_only=True):
            sheet, place, column, text, at = (as_text(value) for value in row)
            if text and (sheet, place) != ("工作表", "列"):
                waiting[sheet, place, renamed.get((sheet, column), column), text] = at
    for table in tables:
        harvest = harvests[table.title]
        current = rows_by_key(table)
        _follow(table, harvest, current)
        places = {"｜".join(part for part in key if part): key for key in current}
        for (sheet, place, column, text), _ in list(waiting.items()):
            key = places.get(place)
            if sheet != table.title or key is None:
                continue
            note = next((c.id for c in table.columns if c.note and c.title == column), "")
            if note:
                if (key, note) not in harvest.notes:
                    harvest.notes[key, note] = KeptCell(text, "s", None, None, "")
                    del waiting[sheet, place, column, text]
                continue
            number = _own_number(harvest, column)
            if number is not None and (key, number) not in harvest.own:
                harvest.own[key, number] = KeptCell(text, "s", None, None, "")
                del waiting[sheet, place, column, text]
        gone = [
            *(
                (key, title_of(table, record[table.title], column), kept)
                for (key, column), kept in harvest.notes.items()
                if key not in current or column not in table.places
            ),
            *(
                (key, _own_title(harvest, number), kept)
                for (key, number), kept in harvest.own.items()
                if key not in current
            ),
        ]
        for key, column, kept in gone:
            if text := _kept_text(kept):
                place = "｜".join(part for part in key if part)
                waiting.setdefault((table.title, place, column, text), kept.at)
        for place, column, kept in harvest.strays:
            if text := _kept_text(kept):
                waiting.setdefault((table.title, place, column, text), kept.at)
    if not waiting and not present:
        return None
    table = Table(
        UNMATCHED,
        "未對應的備註與自填內容",
        (
            "以下是您寫在總表的內容，原來的那一列已不存在；該列再出現時會自動放回，不再需要的可自行刪除整列",
        ),
        UNMATCHED_COLUMNS,
        key=("sheet", "row", "column", "content"),
        rows=tuple((*key, at) for key, at in waiting.items()),
        tab="BFBFBF",
    )
    if present:
        harvests[UNMATCHED] = harvest_sheet(workbook[UNMATCHED], table, record[UNMATCHED], None)
        harvests[UNMATCHED].strays.clear()
    return table


def _follow(table: Table, harvest: Harvest, current: Mapping[RowKey, tuple[Cell, ...]]) -> None:
    """Move what stands under an old key to the one row that the loose key tells, if there is one."""
    if not table.loose:
        return
    spots = [table.key.index(name) for name in table.loose]

    def loose(key: RowKey) -> RowKey:
        return tuple(key[spot] for spot in spots)

    taken = {key for key, _ in (*harvest.notes, *harvest.own)}
    left = taken - set(current)
    leaving = Counter(loose(key) for key in left)
    free: dict[RowKey, list[RowKey]] = {}
    for key in current:
        if key not in taken:
            free.setdefault(loose(key), []).append(key)
    for key in left:
        fits = free.get(loose(key), [])
        if len(fits) == 1 and leaving[loose(key)] == 1:
            for column in [c for k, c in harvest.notes if k == key]:
                harvest.notes[fits[0], column] = harvest.notes.pop((key, column))
            for number in [n for k, n in harvest.own if k == key]:
                harvest.own[fits[0], number] = harvest.own.pop((key, number))
