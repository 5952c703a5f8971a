"""What the coordinator did that an update cannot follow is told: nothing she typed goes in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from tests.support.trackers import annotate, at, column, head, without, write
from xltool.findings import Finding
from xltool.model import Address

SHEET = "業務總表"


@pytest.fixture
def worked_in(tracker: Path) -> Path:
    """A tracker in which the coordinator has worked for a week, and which was updated since."""
    annotate(tracker)
    book = load_workbook(tracker)
    at(book[SHEET], "03-01", "辦理情形").value = "承辦人潤飾"
    book.save(tracker)
    write(tracker, previous=tracker)
    return tracker


def after(path: Path, by_hand: Callable[[Any], None]) -> list[Finding]:
    """What an update tells, of the tracker itself, after that work by hand; edits aside."""
    book = load_workbook(path)
    by_hand(book)
    book.save(path)
    return [one for one in write(path, previous=path) if one.code != "F123"]


def texts(path: Path) -> dict[str, list[str]]:
    """Every text of the tracker, with the sheets where it stands."""
    found: dict[str, list[str]] = {}
    for sheet in load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            found.setdefault(str(cell.value), []).append(sheet.title)
    return found


def heading(title: str, to: str | None) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        sheet = book[SHEET]
        sheet.cell(head(sheet), column(sheet, title)).value = to

    return change


def delete_column(title: str) -> Callable[[Any], None]:
    return lambda book: book[SHEET].delete_cols(column(book[SHEET], title))


def replace_sheet(book: Any) -> None:
    place = book.sheetnames.index(SHEET)
    book.remove(book[SHEET])
    book.create_sheet(SHEET, place)["B7"] = "全新的表"


@pytest.mark.parametrize(
    ("by_hand", "stays"),
    [
        (heading("業務編號", None), "承辦人潤飾"),
        (heading("業務編號", "編號"), "承辦人潤飾"),
        (delete_column("業務編號"), "承辦人潤飾"),
        (replace_sheet, "全新的表"),
    ],
    ids=["key heading deleted", "key heading retyped", "key column deleted", "another sheet"],
)
def test_a_sheet_that_is_set_aside_is_told_with_both_its_names(
    worked_in: Path, by_hand: Callable[[Any], None], stays: str
) -> None:
    (told,) = after(worked_in, by_hand)
    assert (told.code, told.at) == ("F128", Address("總表.xlsx", f"{SHEET}_舊1"))
    assert "「業務總表」找不到欄名「業務編號」" in told.message
    assert f"{SHEET}_舊1" in texts(worked_in)[stays]
    assert after(worked_in, lambda _: None) == [], "told once: it is a sheet of her own now"


def test_a_sheet_that_was_set_aside_is_ours_again_when_its_heading_and_name_are(
    worked_in: Path,
) -> None:
    after(worked_in, heading("業務編號", "編號"))

    def mend(book: Any) -> None:
        del book[SHEET]
        sheet = book[f"{SHEET}_舊1"]
        sheet.title = SHEET
        sheet.cell(head(sheet), column(sheet, "編號")).value = "業務編號"

    assert after(worked_in, mend) == []
    sheet = load_workbook(worked_in)[SHEET]
    assert at(sheet, "03-02", "備註").value == "已電洽承辦人"
    assert at(sheet, "03-01", "辦理情形").value == "承辦人潤飾"


@pytest.mark.parametrize("title", ["人工修改", "未對應"])
def test_a_list_that_lost_its_headings_is_set_aside_and_its_lines_are_not_forgotten(
    worked_in: Path, title: str
) -> None:
    write(worked_in, without("03-02"), previous=worked_in)

    def spoil(book: Any) -> None:
        sheet = book[title]
        sheet.cell(head(sheet) + 1, 9).value = "寫在清單旁邊"
        sheet.delete_rows(head(sheet))

    (told,) = after(worked_in, spoil)
    assert (told.code, told.at.sheet) == ("F128", f"{title}_舊1")
    assert f"{title}_舊1" in texts(worked_in)["寫在清單旁邊"]
    assert at(load_workbook(worked_in)[SHEET], "03-02", "備註").value == "已電洽承辦人"


def test_a_sheet_that_she_called_otherwise_is_told_and_stays(worked_in: Path) -> None:
    def call(book: Any) -> None:
        book[SHEET].title = "我的業務"

    (told,) = after(worked_in, call)
    assert (told.code, told.at) == ("F129", Address("總表.xlsx", "我的業務"))
    assert f"刪除新的「{SHEET}」，將「我的業務」改回" in told.fix
    assert "我的業務" in texts(worked_in)["已電洽承辦人"]

    def call_back(book: Any) -> None:
        del book[SHEET]
        book["我的業務"].title = SHEET

    assert after(worked_in, call_back) == []
    assert at(load_workbook(worked_in)[SHEET], "03-02", "備註").value == "已電洽承辦人"


def test_a_sheet_that_she_deleted_is_no_sheet_of_another_name(worked_in: Path) -> None:
    assert after(worked_in, lambda book: book.remove(book["參獎推薦"])) == []


@pytest.mark.parametrize(
    ("by_hand", "title"),
    [
        (heading("辦理情形", "成果文字"), "辦理情形"),
        (heading("備註", "我的備註"), "備註"),
        (delete_column("照片張數"), "照片張數"),
    ],
    ids=["heading retyped", "note heading retyped", "column deleted"],
)
def test_a_column_that_cannot_be_found_is_told_and_written_again(
    worked_in: Path, by_hand: Callable[[Any], None], title: str
) -> None:
    (told,) = after(worked_in, by_hand)
    assert (told.code, told.at.sheet) == ("F130", SHEET)
    assert f"找不到欄位「{title}」" in told.message
    assert at(load_workbook(worked_in)[SHEET], "03-01", title)
    assert {"承辦人潤飾", "已電洽承辦人", "追蹤中"} <= texts(worked_in).keys()


def test_columns_in_another_order_are_all_found(worked_in: Path) -> None:
    def turn(book: Any) -> None:
        sheet = book[SHEET]
        for cells in sheet.iter_rows(min_row=head(sheet)):
            for cell, value in zip(cells, [cell.value for cell in cells][::-1], strict=True):
                cell.value = value

    assert after(worked_in, turn) == []
    assert at(load_workbook(worked_in)[SHEET], "03-02", "備註").value == "已電洽承辦人"


@pytest.mark.parametrize("title", ["業務編號", "辦理情形"])
def test_a_column_of_her_own_with_a_heading_of_ours_is_not_taken_for_ours(
    worked_in: Path, title: str
) -> None:
    def insert(book: Any) -> None:
        sheet = book[SHEET]
        sheet.insert_cols(1)
        sheet.cell(head(sheet), 1).value = title
        sheet.cell(head(sheet) + 1, 1).value = "她的欄"

    for do in (insert, lambda _: None):
        assert after(worked_in, do) == []
        book = load_workbook(worked_in)
        assert "未對應" not in book.sheetnames
        assert book[SHEET].cell(head(book[SHEET]) + 1, 1).value == "她的欄"
        assert at(book[SHEET], "03-02", "備註").value == "已電洽承辦人"


def test_what_is_written_over_our_lines_and_comments_on_them_and_on_headings_is_kept(
    worked_in: Path,
) -> None:
    def comment(book: Any) -> None:
        sheet = book[SHEET]
        sheet["A1"].comment = Comment("題名要改", "承辦")
        sheet["A2"].value = "承辦人自己的說明"
        sheet.cell(head(sheet), column(sheet, "辦理情形")).comment = Comment("欄位說明", "承辦")

    (told,) = after(worked_in, comment)
    assert (told.code, told.value) == ("F131", "2")
    for _ in range(2):
        assert {"（註解：題名要改）", "承辦人自己的說明"} <= texts(worked_in).keys()
        sheet = load_workbook(worked_in)[SHEET]
        on_heading = sheet.cell(head(sheet), column(sheet, "辦理情形")).comment
        assert on_heading is not None and on_heading.text == "欄位說明"
        assert after(worked_in, lambda _: None) == []


def test_what_newly_waits_for_its_row_is_told_once(worked_in: Path) -> None:
    def retype(book: Any) -> None:
        at(book[SHEET], "03-02", "業務編號").value = "03-99"

    (told,) = after(worked_in, retype)
    assert (told.code, told.at) == ("F131", Address("總表.xlsx", "未對應"))
    assert "未對應" in texts(worked_in)["已電洽承辦人"]
    assert after(worked_in, lambda _: None) == []


def no_record(book: Any) -> None:
    del book["_xltool"]


def torn_columns(book: Any) -> None:
    for _, kind, content in book["_xltool"].iter_rows():
        if kind.value == "columns":
            content.value = "torn {"


def half_a_record(book: Any) -> None:
    book["_xltool"].delete_rows(1, book["_xltool"].max_row // 2)


GONE, CLASH = "原儲存格找不到：已採彙整值", "衝突：已採新的彙整值"


def edits(path: Path) -> list[tuple[str, ...]]:
    """Of each line of 人工修改: column, state, what was typed."""
    sheet = load_workbook(path)["人工修改"]
    rows = sheet.iter_rows(min_row=head(sheet) + 1, min_col=3, max_col=5, values_only=True)
    return [tuple(str(value) for value in row) for row in rows]


@pytest.mark.parametrize("by_hand", [no_record, torn_columns, half_a_record])
def test_without_our_record_what_differs_from_ours_is_a_clash_and_nothing_else_is_told(
    worked_in: Path, by_hand: Callable[[Any], None]
) -> None:
    assert after(worked_in, by_hand) == []
    assert edits(worked_in) == [("辦理情形", CLASH, "承辦人潤飾")]
    book = load_workbook(worked_in)
    assert "未對應" not in book.sheetnames
    assert at(book[SHEET], "03-02", "備註").value == "已電洽承辦人"
    assert at(book[SHEET], "03-02", "追蹤").value == "追蹤中"
    assert after(worked_in, lambda _: None) == []
    assert edits(worked_in) == [("辦理情形", CLASH, "承辦人潤飾")], "until it is dealt with"


@pytest.mark.parametrize(
    "by_hand",
    [delete_column("辦理情形"), replace_sheet, lambda book: book.remove(book[SHEET])],
    ids=["column deleted", "another sheet", "sheet deleted"],
)
def test_an_edit_whose_cell_is_gone_stays_on_the_list_until_it_is_dealt_with(
    worked_in: Path, by_hand: Callable[[Any], None]
) -> None:
    for do in (by_hand, lambda _: None):
        after(worked_in, do)
        assert edits(worked_in) == [("辦理情形", GONE, "承辦人潤飾")]


def test_what_is_typed_into_a_row_before_it_is_ours_is_not_lost(tracker: Path) -> None:
    write(tracker, without("03-02"))

    def add(book: Any) -> None:
        sheet = book[SHEET]
        number = sheet.max_row + 1
        sheet.cell(number, column(sheet, "業務編號")).value = "03-02"
        sheet.cell(number, column(sheet, "辦理情形")).value = "先替單位寫的"

    assert after(tracker, add) == []
    assert ("辦理情形", CLASH, "先替單位寫的") in edits(tracker)
