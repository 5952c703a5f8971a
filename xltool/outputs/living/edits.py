"""What was typed over ours: merged three ways, and told on the sheet 「人工修改」."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from xltool.outputs.living.harvest import Harvest, Stray
from xltool.outputs.living.recognise import texts_of_rows
from xltool.outputs.living.record import Recorded, mark, now_called, title_of
from xltool.outputs.living.table import EDITED, Column, Table, as_text, row_name

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
_KEY = ("sheet", "row", "column")
_STAYS, _CLASH = "保留您的內容", "衝突：已採新的彙整值"
_CLEARED = "（清空）"


class Edit(NamedTuple):
    """A line of the sheet 「人工修改」."""

    sheet: str
    row: str
    column: str
    state: str
    typed: str
    merged: str

    @property
    def clashes(self) -> bool:
        """Whether the merged value stands, and what the person typed does not."""
        return self.state == _CLASH


def merge_edits(
    table: Table, harvest: Harvest, recorded: Recorded
) -> tuple[Harvest, tuple[Edit, ...]]:
    """Merge what a person typed over ours: the harvest with the edits that stay, and all to be told.

    An edit stays while the value below it is what we last wrote. One whose row or column is gone
    becomes a stray.
    """
    stay, told, strays = {}, [], []
    for (key, column), cell in harvest.edits.items():
        called = title_of(table, recorded, column)
        if key not in table.by_key or column not in table.places:
            strays.append(Stray(row_name(key), called, cell))
            continue
        ours = table.by_key[key][table.places[column]]
        typed, merged = as_text(cell.value), as_text(ours)
        if typed == merged:
            continue
        state = _STAYS if mark(ours) == recorded.bases[key][column] else _CLASH
        if state == _STAYS:
            stay[key, column] = cell
        told.append(Edit(table.title, row_name(key), called, state, typed or _CLEARED, merged))
    return replace(harvest, edits=stay, strays=(*harvest.strays, *strays)), tuple(told)


def clashes_before(
    workbook: Workbook, tables: Sequence[Table], record: Mapping[str, Recorded]
) -> Iterator[Edit]:
    """The clashes that were told, and whose lines the person has not deleted."""
    if EDITED not in workbook.sheetnames:
        return
    renamed = now_called(tables, record)
    for texts in texts_of_rows(workbook[EDITED], _KEY, record[EDITED]):
        edit = Edit(*(texts.get(name, "") for name in Edit._fields))
        if edit.clashes:
            yield edit._replace(column=renamed.get((edit.sheet, edit.column), edit.column))


def unsettled(before: Iterable[Edit], told: Sequence[Edit]) -> Iterator[Edit]:
    """The clashes `before` where nothing is `told` now."""
    places = {edit[: len(_KEY)] for edit in told}
    return (edit for edit in before if edit[: len(_KEY)] not in places)


def edited_table(edits: Sequence[Edit]) -> Table:
    """The sheet 「人工修改」."""
    return Table(
        EDITED,
        "人工修改：您在程式欄位填寫的內容",
        (
            "彙整值沒有變動者保留您的內容（橘底）；單位後來又更正者採新的彙整值，您的內容留在此處，處理後請自行刪除該列",
            "總表的修改不影響附件3與敘獎名冊；需要一併變更時，請由單位更正後重新彙整",
        ),
        EDITED_COLUMNS,
        key=_KEY,
        rows=tuple(edits),
        frozen=3,
        tab="F4B183",
    )
