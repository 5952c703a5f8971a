"""The tracker on paper: records stay out, rows are no taller than a reader needs, and what the
coordinator set up for printing is still so after the next update."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support import nouns
from tests.support.trackers import at, head, row, without, write
from tests.support.year import DATASET, ITEMS
from xltool.outputs.style import LINE

RECORDS = ("收件紀錄", "變更紀錄", "來源")


def updated(tracker: Path, change: Any, sheet: str = "業務總表") -> Any:
    """The sheet after a coordinator's `change` of it and two updates."""
    book = load_workbook(tracker)
    change(book[sheet])
    book.save(tracker)
    write(tracker, previous=tracker)
    write(tracker, without("03-02"), previous=tracker)
    return load_workbook(tracker)[sheet]


def test_records_are_no_part_of_what_the_whole_workbook_prints(tracker: Path) -> None:
    book = load_workbook(tracker)
    hidden = {sheet.title for sheet in book if sheet.sheet_state == "hidden"}
    assert hidden == {*RECORDS}
    assert any("取消隱藏" in str(cell.value) for cell in book["總覽"]["A"])


def test_a_record_that_the_coordinator_shows_again_stays_in_view(tracker: Path) -> None:
    def show(sheet: Any) -> None:
        sheet.sheet_state = "visible"

    assert updated(tracker, show, "收件紀錄").sheet_state == "visible"
    assert load_workbook(tracker)["來源"].sheet_state == "hidden"


def test_a_record_in_view_from_before_is_hidden_once(tracker: Path) -> None:
    book = load_workbook(tracker)
    book["來源"].sheet_state = "visible"
    book.active = book["來源"]
    for line in list(book["_xltool"].iter_rows(min_col=2, max_col=2)):
        if line[0].value == "paper":
            line[0].value = "later"  # as a workbook from before has no such line
    book.save(tracker)
    write(tracker, previous=tracker)
    book = load_workbook(tracker)
    assert book["來源"].sheet_state == "hidden"
    assert book.active is book["總覽"]


def test_every_sheet_is_set_up_for_a4_with_its_headings_on_every_page(tracker: Path) -> None:
    sheet: Any
    for sheet in load_workbook(tracker):
        if sheet.sheet_state == "visible":
            assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) in ((9, 0), (9, 1))
            assert sheet.print_title_rows == f"${head(sheet)}:${head(sheet)}"
            assert sheet.title in str(sheet.oddHeader.center.text)


@pytest.mark.parametrize(
    ("of", "name", "value"),
    [
        ("page_setup", "orientation", "portrait"),
        ("page_setup", "fitToWidth", 1),
        ("page_setup", "paperSize", 8),  # A3
        ("page_margins", "left", 1.0),
        ("print_options", "horizontalCentered", False),
    ],
)
def test_a_print_setting_of_the_coordinator_survives(
    of: str, name: str, value: object, tracker: Path
) -> None:
    sheet = updated(tracker, lambda sheet: setattr(getattr(sheet, of), name, value))
    assert getattr(getattr(sheet, of), name) in (value, value or None)
    assert sheet.page_setup.pageOrder == "overThenDown", "what he left is still ours"


def test_so_do_words_in_the_page_s_head_and_rows_repeated_on_every_page(tracker: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.oddHeader.center.text = "督導小組第2次會議"
        sheet.print_title_rows = "1:4"

    sheet = updated(tracker, change)
    assert sheet.oddHeader.center.text == "督導小組第2次會議"
    assert sheet.print_title_rows == "$1:$4"


def test_a_print_area_stays_and_goes_on_to_the_last_row_where_it_did(tracker: Path) -> None:
    book = load_workbook(tracker)
    last = book["業務總表"].max_row

    def narrow(sheet: Any) -> None:
        sheet.print_area = f"A4:D{last}"

    sheet = updated(tracker, narrow)
    assert sheet.max_row == last - 1
    assert sheet.print_area == f"'業務總表'!$A$4:$D${last - 1}"

    def first_rows(sheet: Any) -> None:
        sheet.print_area = "A4:D5"

    assert updated(tracker, first_rows).print_area == "'業務總表'!$A$4:$D$5"


def test_a_print_area_of_ours_covers_the_rows_that_came_since(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write(path, without("03-02"))
    write(path, previous=path)
    sheet = load_workbook(path)["業務總表"]
    assert str(sheet.print_area).endswith(f"${sheet.max_row}")


@pytest.mark.parametrize(
    ("field", "label"), [("result", "辦理情形"), ("change", "與調查表不同之處")]
)
def test_one_long_cell_makes_its_column_broader_before_it_stretches_its_row(
    field: str, label: str, tmp_path: Path
) -> None:
    heights, widths = {}, {}
    for length in (10, 400):
        items = (nouns.changed(ITEMS[0], **{field: "字" * length}), *ITEMS[1:])
        write(tmp_path / "t.xlsx", replace(DATASET, items=items))
        sheet = load_workbook(tmp_path / "t.xlsx")["業務總表"]
        letter = at(sheet, "03-01", label).column_letter
        heights[length] = sheet.row_dimensions[row(sheet, "03-01")].height
        widths[length] = sheet.column_dimensions[letter].width
    assert widths[400] > widths[10] or heights[400] <= 13 * LINE
    assert heights[400] <= 22 * LINE


def test_text_stands_off_the_edge_of_its_cell(tracker: Path) -> None:
    sheet = load_workbook(tracker)["業務總表"]
    assert at(sheet, "03-01", "辦理情形").alignment.indent == 1
