"""What a coordinator types over ours: merged three ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.conftest import LibreOffice
from tests.support import nouns
from tests.support.trackers import at, head, without, write
from tests.support.year import DATASET
from xltool.model import Dataset


def changed(**values: Any) -> Dataset:
    """The dataset with the first item's fields changed, as by a later return."""
    first, *rest = DATASET.items
    return replace(DATASET, items=(nouns.changed(first, **values), *rest))


def typed(path: Path, title: str, value: object) -> None:
    """Type over the first item's cell in that column."""
    book = load_workbook(path)
    at(book["業務總表"], DATASET.items[0].id, title).value = value
    book.save(path)


def shown(path: Path, title: str) -> Any:
    return at(load_workbook(path)["業務總表"], DATASET.items[0].id, title).value


def edited(path: Path) -> list[tuple[str, str, str]]:
    """Of each row of 人工修改: column, state, what was typed."""
    book = load_workbook(path)
    if "人工修改" not in book.sheetnames:
        return []
    sheet = book["人工修改"]
    rows = sheet.iter_rows(min_row=head(sheet) + 1, values_only=True)
    return [(str(r[2]), str(r[3]), str(r[4])) for r in rows]


KEPT, CLASH = "保留您的內容", "衝突：已採新的彙整值"


def test_what_is_typed_over_ours_stays_while_the_unit_says_nothing_new(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    for _ in range(3):
        found = write(tracker, previous=tracker)
        assert shown(tracker, "辦理情形") == "承辦人潤飾過的文字"
        assert edited(tracker) == [("辦理情形", KEPT, "承辦人潤飾過的文字")]
        assert [one.code for one in found] == ["F123"]


def test_a_later_return_wins_over_what_was_typed_and_both_are_told(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, changed(result="單位更正後的成果"), previous=tracker)
    assert shown(tracker, "辦理情形") == "單位更正後的成果"
    assert edited(tracker) == [("辦理情形", CLASH, "承辦人潤飾過的文字")]
    write(tracker, changed(result="單位更正後的成果"), previous=tracker)
    assert edited(tracker) == [("辦理情形", CLASH, "承辦人潤飾過的文字")], "until it is dealt with"


def test_a_clash_goes_when_its_row_is_deleted(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, changed(result="新"), previous=tracker)
    book = load_workbook(tracker)
    sheet = book["人工修改"]
    sheet.delete_rows(head(sheet) + 1)
    book.save(tracker)
    write(tracker, changed(result="新"), previous=tracker)
    assert edited(tracker) == []


def test_both_coming_to_the_same_is_no_clash(tracker: Path) -> None:
    typed(tracker, "辦理情形", "一樣的文字")
    write(tracker, changed(result="一樣的文字"), previous=tracker)
    assert shown(tracker, "辦理情形") == "一樣的文字"
    assert edited(tracker) == []


def test_a_cell_that_was_cleared_stays_clear_and_is_told(tracker: Path) -> None:
    typed(tracker, "辦理情形", None)
    write(tracker, previous=tracker)
    assert shown(tracker, "辦理情形") is None
    assert edited(tracker) == [("辦理情形", KEPT, "（清空）")]


def test_taking_back_what_was_typed_ends_it(tracker: Path) -> None:
    before = shown(tracker, "辦理情形")
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, previous=tracker)
    typed(tracker, "辦理情形", before)
    assert write(tracker, previous=tracker) == []
    assert edited(tracker) == []


def test_a_total_typed_over_is_no_formula_any_more_and_stays(tracker: Path) -> None:
    book = load_workbook(tracker)
    at(book["評分"], DATASET.items[0].id, "自評總分").value = 77
    book.save(tracker)
    write(tracker, previous=tracker)
    assert at(load_workbook(tracker)["評分"], DATASET.items[0].id, "自評總分").value == 77
    assert edited(tracker) == [("自評總分", KEPT, "77")]


def test_what_was_typed_in_a_row_that_vanished_is_not_lost(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, without(DATASET.items[0].id), previous=tracker)
    cells = [c.value for row_ in load_workbook(tracker)["未對應"].iter_rows() for c in row_]
    assert "承辦人潤飾過的文字" in cells


def test_a_formula_typed_over_ours_stays_a_formula_and_text_stays_text(tracker: Path) -> None:
    typed(tracker, "照片張數", "=1+1")
    write(tracker, previous=tracker)
    assert shown(tracker, "照片張數") == "=1+1"


def test_a_save_by_libreoffice_or_sorted_rows_are_no_edits(
    tracker: Path, soffice: LibreOffice, tmp_path: Path
) -> None:
    saved = soffice.convert(tracker, "xlsx", tmp_path / "lo")
    book = load_workbook(saved)
    sheet = book["督導小組與意見"]
    first = head(sheet) + 1
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=first)][::-1]
    for number, values in enumerate(rows, first):
        for col, value in enumerate(values, 1):
            sheet.cell(number, col).value = value
    book.save(saved)
    assert write(tmp_path / "new.xlsx", previous=saved) == []
    assert edited(tmp_path / "new.xlsx") == []
