"""What was typed over ours: merged three ways, and told on the sheet 「人工修改」."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from xltool.outputs.living.harvest import Harvest, Stray
from xltool.outputs.living.recognise import texts_of_rows
from xltool.outputs.living.record import Called, Recorded, mark, title_of
from xltool.outputs.living.table import EDITED, SheetColumn, SheetTable, as_text, row_name
from xltool.outputs.style import TrackerColour

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

EDITED_COLUMNS = (
    SheetColumn("sheet", "工作表", 18),
    SheetColumn("row", "列", 30),
    SheetColumn("column", "欄位", 18),
    SheetColumn("state", "狀態", 26, toned=True),
    SheetColumn("typed", "您填的內容", 50),
    SheetColumn("merged", "彙整值", 50),
)
_KEY = ("sheet", "row", "column")
_STAYS, _CLASH = "保留您的內容", "衝突：已採新的彙整值"
_GONE = "原儲存格找不到：已採彙整值"
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
        return self.state in {_CLASH, _GONE}

    @property
    def place(self) -> tuple[str, str, str]:
        """Sheet, row and column."""
        return self.sheet, self.row, self.column


def merge_edits(
    table: SheetTable, harvest: Harvest, recorded: Recorded
) -> tuple[Harvest, tuple[Edit, ...]]:
    """Merge what a person typed over ours: the harvest with the edits that stay, and all to be told.

    An edit stays while the value below it is what we last wrote; where the record no longer tells
    what that was, whatever differs from the merged value is a clash. One whose row or column is gone
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
        state = _STAYS if mark(ours) == recorded.base(key, column) else _CLASH
        if state == _STAYS:
            stay[key, column] = cell
        told.append(Edit(table.title, row_name(key), called, state, typed or _CLEARED, merged))
    return replace(harvest, edits=stay, strays=(*harvest.strays, *strays)), tuple(told)


def edits_before(
    workbook: Workbook, tables: Sequence[SheetTable], record: Mapping[str, Recorded]
) -> Iterator[Edit]:
    """The edits that were told, and whose lines the person has not deleted; rows and columns by what
    they are called now."""
    if EDITED not in workbook.sheetnames:
        return
    called = Called(tables, record)
    for texts in texts_of_rows(workbook[EDITED], _KEY, record[EDITED]):
        edit = Edit(*(texts.get(name, "") for name in Edit._fields))
        if edit.state in {_STAYS, _CLASH, _GONE}:
            yield edit._replace(
                row=called.row(edit.sheet, edit.row),
                column=called.column(edit.sheet, edit.column),
            )


def unsettled(
    before: Iterable[Edit],
    told: Iterable[Edit],
    tables: Iterable[SheetTable],
    harvests: Mapping[str, Harvest],
) -> Iterator[Edit]:
    """Of the edits told `before`, and not `told` now, those that a person has still to settle: the
    clashes, and those that stayed while their cells stood on the sheet, which they do no more."""
    places = {edit.place for edit in told}
    seen = {table.title: _seen(table, harvests[table.title]) for table in tables}
    for edit in before:
        if edit.place in places:
            continue
        rows, columns = seen.get(edit.sheet, ((), ()))
        if edit.clashes:
            yield edit
        elif edit.row not in rows or edit.column not in columns:
            yield edit._replace(state=_GONE)


def _seen(table: SheetTable, harvest: Harvest) -> tuple[Collection[str], Collection[str]]:
    """The names of our rows, and the headings of our columns, that stood on the sheet."""
    columns = {column.title for column in table.columns if column.id in harvest.order}
    return {row_name(key) for key in harvest.rows}, columns


def edited_table(edits: Sequence[Edit]) -> SheetTable:
    """The sheet 「人工修改」."""
    return SheetTable(
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
        tab=TrackerColour.EDITED_TAB.bare,
    )
