"""What was typed over ours: merged three ways, and told on the sheet 「人工修改」."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xltool.outputs.living.harvest import Harvest
from xltool.outputs.living.record import Recorded, mark, now_called, title_of
from xltool.outputs.living.table import EDITED, Column, RowKey, Table, as_text, rows_by_key

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

EDITED_COLUMNS = (
    Column("sheet", "工作表", 18),
    Column("row", "列", 30),
    Column("column", "欄位", 18),
    Column("state", "狀態", 26, toned=True),
    Column("typed", "您填的內容", 50),
    Column("merged", "彙整值", 50),
)
STAYS, CLASH = "保留您的內容", "衝突：已採新的彙整值"
_CLEARED = "（清空）"


def edited_table(
    workbook: Workbook,
    tables: Sequence[Table],
    harvests: Mapping[str, Harvest],
    record: Mapping[str, Recorded],
) -> Table | None:
    """Merge what a person typed over ours: what stays is left in `edits`. None when there is nothing.

    A clash is told until the person deletes its row, or types the value again.
    """
    told: dict[RowKey, tuple[str, str, str]] = {}
    for table in tables:
        harvest, current = harvests[table.title], rows_by_key(table)
        for (key, name), kept in list(harvest.edits.items()):
            typed = as_text(kept.value)
            called = title_of(table, record[table.title], name)
            place = (table.title, "｜".join(part for part in key if part), called)
            if key not in current or name not in table.places:
                harvest.strays.append((place[1], called, kept))
                del harvest.edits[key, name]
                continue
            ours = current[key][table.places[name]]
            if typed == as_text(ours):
                del harvest.edits[key, name]
                continue
            stays = mark(ours) == harvest.bases[key][name]
            told[place] = (STAYS if stays else CLASH, typed or _CLEARED, as_text(ours))
            if not stays:
                del harvest.edits[key, name]
    if EDITED in workbook.sheetnames:
        renamed = now_called(tables, record)
        for row in workbook[EDITED].iter_rows(max_col=len(EDITED_COLUMNS), values_only=True):
            sheet, place_, column, state, typed, clashing = (as_text(value) for value in row)
            column = renamed.get((sheet, column), column)
            if state == CLASH:
                told.setdefault((sheet, place_, column), (state, typed, clashing))
    if not told:
        if EDITED in workbook.sheetnames:
            workbook.remove(workbook[EDITED])
        return None
    return Table(
        EDITED,
        "人工修改：您在程式欄位填寫的內容",
        (
            "彙整值沒有變動者保留您的內容（橘底）；單位後來又更正者採新的彙整值，您的內容留在此處，處理後請自行刪除該列",
            "總表的修改不影響附件3與敘獎名冊；需要一併變更時，請由單位更正後重新彙整",
        ),
        EDITED_COLUMNS,
        key=("sheet", "row", "column"),
        rows=tuple((*place, *words) for place, words in told.items()),
        frozen=3,
        tab="F4B183",
    )
