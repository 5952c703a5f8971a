"""A column is known by its id: what a person left in it stays when a later xltool calls it otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.filters import FilterColumn, Filters

from xltool.findings import Finding
from xltool.outputs.living import EDITED, UNMATCHED, SheetColumn, SheetTable, update

COLUMNS = (
    SheetColumn("items.item", "業務編號", 10),
    SheetColumn("items.name", "業務名稱", 20),
    SheetColumn("report.result", "辦理情形", 40),
    SheetColumn("report.next_steps", "未來精進方向", 30),
    SheetColumn("note", "備註", 18, note=True),
)
ROWS = (
    ("03-01", "線上查詢", "完成", "擴充", None),
    ("03-02", "到府服務", "辦理中", "續辦", None),
)
TITLE = "業務總表"


def table(
    names: Mapping[str, str] = MappingProxyType({}), *, without: str = "", **more: Any
) -> SheetTable:
    """The sheet, with some headings changed, as by a later xltool, or without one column."""
    columns = [replace(c, title=names.get(c.id, c.title)) for c in COLUMNS]
    kept = [number for number, column in enumerate(columns) if column.id != without]
    made = SheetTable(
        TITLE,
        "業務總表",
        ("說明",),
        tuple(columns[number] for number in kept),
        key=("items.item",),
        rows=tuple(tuple(row[number] for number in kept) for row in more.pop("rows", ROWS)),
    )
    return replace(made, **more)


def write(path: Path, made: SheetTable, *, fresh: bool = False) -> list[Finding]:
    previous = None if fresh else path
    return update(path, [made], previous=previous, title="總表", day=date(2025, 1, 1))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "總表.xlsx"
    write(path, table(), fresh=True)
    return path


def by_hand(path: Path, do: Callable[[Any], None]) -> None:
    """What a person does on the sheet."""
    book = load_workbook(path)
    do(book[TITLE])
    book.save(path)


def headings(sheet: Any) -> list[str]:
    return [str(cell.value) for cell in sheet[head(sheet)]]


def head(sheet: Any) -> int:
    first, _ = str(sheet.auto_filter.ref).split(":")
    return int("".join(c for c in first if c.isdigit()))


def at(sheet: Any, key: str, title: str) -> Any:
    """The cell in the row that has `key` somewhere, below that heading."""
    row = next(r for r in sheet.iter_rows() if key in {str(cell.value) for cell in r})
    return row[headings(sheet).index(title)]


def told(path: Path, title: str) -> list[tuple[str, ...]]:
    """The rows of one of the two lists, 人工修改 and 未對應."""
    book = load_workbook(path)
    if title not in book.sheetnames:
        return []
    rows = book[title].iter_rows(min_row=head(book[title]) + 1, values_only=True)
    return [tuple(str(value or "") for value in row) for row in rows]


def everything(sheet: Any) -> None:
    """An edit, a comment, a note, a column of one's own, another order, a width, a filter."""
    at(sheet, "03-01", "未來精進方向").value = "承辦人潤飾"
    at(sheet, "03-02", "未來精進方向").comment = Comment("請補", "承辦")
    at(sheet, "03-02", "備註").value = "已電洽"
    for row, value in ((head(sheet), "追蹤"), (head(sheet) + 1, "完成"), (head(sheet) + 2, "催")):
        sheet.cell(row, 6, value)
    sheet.move_range(f"C{head(sheet)}:C{head(sheet) + 2}", cols=6)  # 辦理情形 to the very right
    sheet.delete_cols(3)
    sheet.column_dimensions["C"].width = 55  # 未來精進方向
    sheet.column_dimensions["B"].hidden = True  # 業務名稱
    sheet.auto_filter.ref = f"A{head(sheet)}:H{head(sheet) + 2}"
    sheet.auto_filter.filterColumn = [
        FilterColumn(colId=2, filters=Filters(filter=["承辦人潤飾"])),
        FilterColumn(colId=0, filters=Filters(filter=["03-01"])),
    ]
    sheet.row_dimensions[head(sheet) + 2].hidden = True


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"report.next_steps": "精進作法"},
        {"items.item": "編號"},
        {"note": "承辦備註"},
        {column.id: f"{column.title}\n（個資）" for column in COLUMNS},
    ],
    ids=["nothing", "a plain column", "the key", "the note column", "all of them"],
)
def test_a_changed_heading_keeps_all_that_a_person_left(
    workbook: Path, changed: dict[str, str]
) -> None:
    by_hand(workbook, everything)
    now = {column.id: changed.get(column.id, column.title) for column in COLUMNS}
    for _ in range(2):
        assert [one.code for one in write(workbook, table(changed))] == ["F123"]
        book = load_workbook(workbook)
        assert [s for s in book.sheetnames if s != "_xltool"] == [TITLE, EDITED]
        sheet = book[TITLE]
        assert [h for h in headings(sheet) if h != "None"] == [
            now["items.item"],
            now["items.name"],
            now["report.next_steps"],
            now["note"],
            "追蹤",
            now["report.result"],
        ]
        assert at(sheet, "03-01", now["report.next_steps"]).value == "承辦人潤飾"
        assert at(sheet, "03-02", now["report.next_steps"]).comment.text == "請補"
        assert at(sheet, "03-02", now["note"]).value == "已電洽"
        assert at(sheet, "03-01", "追蹤").value == "完成"
        assert at(sheet, "03-01", now["report.result"]).value == "完成"
        assert sheet.column_dimensions["C"].width == 55
        assert sheet.column_dimensions["B"].hidden
        assert [one.colId for one in sheet.auto_filter.filterColumn] == [2, 0]
        assert sheet.row_dimensions[head(sheet) + 2].hidden
        ((_, row, column, state, typed, merged),) = told(workbook, EDITED)
        assert (row, column) == ("03-01", now["report.next_steps"])
        assert (state, typed, merged) == ("保留您的內容", "承辦人潤飾", "擴充")


def test_a_clash_is_told_under_the_new_heading_and_once(workbook: Path) -> None:
    by_hand(workbook, everything)
    later = (("03-01", "線上查詢", "完成", "單位更正", None), ROWS[1])
    write(workbook, table(rows=later))
    write(workbook, table({"report.next_steps": "精進作法"}, rows=later))
    ((_, row, column, state, typed, merged),) = told(workbook, EDITED)
    assert (row, column) == ("03-01", "精進作法")
    assert (state, typed, merged) == ("衝突：已採新的彙整值", "承辦人潤飾", "單位更正")


def test_a_clash_is_told_though_the_same_words_stay_in_another_row(workbook: Path) -> None:
    def same(sheet: Any) -> None:
        at(sheet, "03-01", "辦理情形").value = at(sheet, "03-02", "辦理情形").value = "無"

    by_hand(workbook, same)
    later = (("03-01", "線上查詢", "單位更正", "擴充", None), ROWS[1])
    for _ in range(2):
        write(workbook, table(rows=later))
        assert {row[1]: row[3] for row in told(workbook, EDITED)} == {
            "03-01": "衝突：已採新的彙整值",
            "03-02": "保留您的內容",
        }


def test_a_note_that_waits_finds_its_column_under_the_new_heading(workbook: Path) -> None:
    by_hand(workbook, everything)
    write(workbook, table(rows=ROWS[:1]))
    assert (TITLE, "03-02", "備註", "已電洽") in {row[:4] for row in told(workbook, UNMATCHED)}
    write(workbook, table({"note": "承辦備註"}, rows=ROWS[:1]))
    assert (TITLE, "03-02", "承辦備註", "已電洽") in {row[:4] for row in told(workbook, UNMATCHED)}
    write(workbook, table({"note": "承辦備註"}))
    assert at(load_workbook(workbook)[TITLE], "03-02", "承辦備註").value == "已電洽"


def test_the_two_lists_are_read_by_their_headings_and_keep_a_column_of_ones_own(
    workbook: Path,
) -> None:
    by_hand(workbook, everything)
    write(workbook, table(rows=ROWS[:1]))

    book = load_workbook(workbook)
    for title, column in ((EDITED, 2), (UNMATCHED, 4)):
        sheet: Any = book[title]
        sheet.insert_cols(1)
        sheet.cell(head(sheet), 1, "處理情形")
        for number in range(head(sheet) + 1, sheet.max_row + 1):
            sheet.cell(number, 1, f"已處理 {sheet.cell(number, column + 1).value}")
    book.save(workbook)
    write(workbook, table(rows=ROWS[:1]))
    assert [row[:4] for row in told(workbook, EDITED)] == [
        ("已處理 03-01", TITLE, "03-01", "未來精進方向"),
    ]
    assert ("已處理 已電洽", TITLE, "03-02", "備註") in [r[:4] for r in told(workbook, UNMATCHED)]
    write(workbook, table())
    assert at(load_workbook(workbook)[TITLE], "03-02", "備註").value == "已電洽"


@pytest.mark.parametrize("gone", ["report.next_steps", "note"])
def test_what_stood_in_a_column_that_we_no_longer_write_is_not_lost(
    workbook: Path, gone: str
) -> None:
    by_hand(workbook, everything)
    write(workbook, table(without=gone))
    book = load_workbook(workbook)
    assert ["未來精進方向", "備註"][gone == "note"] not in headings(book[TITLE])
    waiting = {row[:4] for row in told(workbook, UNMATCHED)}
    if gone == "note":
        assert (TITLE, "03-02", "備註", "已電洽") in waiting
    else:
        assert (TITLE, "03-01", "未來精進方向", "承辦人潤飾") in waiting
        assert (TITLE, "03-02", "未來精進方向", "（註解：請補）") in waiting
        assert not book[TITLE].row_dimensions[head(book[TITLE]) + 2].hidden, "its filter is gone"


def test_a_heading_may_stand_on_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    twice = {"report.result": "說明", "report.next_steps": "說明"}
    write(path, table(twice), fresh=True)

    def comment(sheet: Any) -> None:
        sheet["D4"].comment = Comment("第二個", "承辦")

    by_hand(path, comment)
    write(path, table())
    assert at(load_workbook(path)[TITLE], "03-01", "未來精進方向").comment.text == "第二個"


def test_two_columns_of_a_sheet_may_not_share_an_id() -> None:
    with pytest.raises(ValueError, match=r"share an id: items\.name"):
        replace(table(), columns=(*COLUMNS[:2], replace(COLUMNS[2], id="items.name"), COLUMNS[3]))


def test_a_key_names_columns_of_its_sheet() -> None:
    with pytest.raises(ValueError, match="no such column: 業務編號"):
        table(key=("業務編號",))


# --- The record of last time ------------------------------------------------------------------


def as_before_ids(path: Path) -> None:
    """Turn the record into what was written before columns had ids: heading and width of each."""
    book = load_workbook(path)
    for _, kind, content in book["_xltool"].iter_rows():
        if kind.value == "columns":
            content.value = json.dumps([rest for _, *rest in json.loads(str(content.value))])
    book.save(path)


def test_a_workbook_from_before_ids_is_carried_over(workbook: Path) -> None:
    by_hand(workbook, everything)
    as_before_ids(workbook)
    write(workbook, table())
    sheet = load_workbook(workbook)[TITLE]
    assert at(sheet, "03-01", "未來精進方向").value == "承辦人潤飾"
    assert at(sheet, "03-02", "備註").value == "已電洽"
    assert sheet.column_dimensions["C"].width == 55
    write(workbook, table({"report.next_steps": "精進作法"}))
    assert at(load_workbook(workbook)[TITLE], "03-01", "精進作法").value == "承辦人潤飾"


def test_a_workbook_from_before_ids_is_known_by_headings_borne_formerly(workbook: Path) -> None:
    by_hand(workbook, everything)
    as_before_ids(workbook)
    made = table({"items.item": "編號", "note": "承辦備註"})
    columns = tuple(
        replace(now, formerly=(then.title,))
        for now, then in zip(made.columns, COLUMNS, strict=True)
    )
    write(workbook, replace(made, columns=columns))
    book = load_workbook(workbook)
    assert [s for s in book.sheetnames if s != "_xltool"] == [TITLE, EDITED]
    assert at(book[TITLE], "03-02", "承辦備註").value == "已電洽"


def test_a_column_from_before_ids_that_nobody_knows_any_more_is_not_lost(workbook: Path) -> None:
    by_hand(workbook, everything)
    as_before_ids(workbook)
    write(workbook, table({"report.next_steps": "精進作法"}))
    assert "未來精進方向" not in headings(load_workbook(workbook)[TITLE])
    waiting = {row[:4] for row in told(workbook, UNMATCHED)}
    assert (TITLE, "03-01", "未來精進方向", "承辦人潤飾") in waiting
    assert (TITLE, "03-02", "未來精進方向", "（註解：請補）") in waiting


@pytest.mark.parametrize(
    "line",
    [
        (TITLE, "a kind of next year", "[1]"),
        (TITLE, "columns", "5"),
        (TITLE, "columns", '[["just a heading"]]'),
        (TITLE, "bases", "[]"),
        (TITLE, "keys", "null"),
        (TITLE, "rows", "torn {"),
        ("某一張表", "keys", '["a"]'),
        (None, None, None),
    ],
)
def test_what_the_record_should_not_hold_is_skipped(
    workbook: Path, line: tuple[str | None, ...]
) -> None:
    book = load_workbook(workbook)
    book["_xltool"].append(line)
    book.save(workbook)
    by_hand(workbook, everything)
    write(workbook, table({"note": "承辦備註"}))
    assert at(load_workbook(workbook)[TITLE], "03-02", "承辦備註").value == "已電洽"
