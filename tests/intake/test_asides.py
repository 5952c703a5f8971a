"""Which rows of a table are none of its rows, decided by how the word stands and what else is filled."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from xltool.forms import FORMS
from xltool.forms.schema import Table
from xltool.intake.asides import looks_aside
from xltool.intake.draft import AsideKind, Line, Slot
from xltool.intake.grid import Cell, Grid

FULL = {"unit": "人次", "target": "10,000", "actual": "12,345"}


def looks(
    words: Mapping[str, str],
    section: tuple[str, str] = ("report", "metrics"),
    *,
    rows_above: bool = True,
    below: AsideKind | None = None,
) -> AsideKind | None:
    table = FORMS[section[0]].section(section[1])
    assert isinstance(table, Table)
    slots = {
        one.key: Slot(one, 9, col, Cell(9, col, words[one.key]) if one.key in words else None)
        for col, one in enumerate(table.fields)
    }
    return looks_aside(table, Line(1, slots), Grid("表"), rows_above=rows_above, below=below)


@pytest.mark.parametrize(
    "word",
    ["合計", "小計", "總　計", "合計：", "合計（人）", "總計：12人", "共 3 項", "本頁小計", "平均"],
)
def test_a_total_is_no_row_whatever_numbers_stand_beside_it(word: str) -> None:
    assert looks({"name": word}) is AsideKind.TOTAL
    assert looks({"name": word, "actual": "12,345"}) is AsideKind.TOTAL
    assert looks({"name": word, **FULL}) is AsideKind.TOTAL


def test_with_nothing_above_to_sum_up_a_full_row_is_a_row() -> None:
    assert looks({"name": "合計", **FULL}, rows_above=False) is None
    assert looks({"name": "合計", "actual": "12,345"}, rows_above=False) is AsideKind.TOTAL


@pytest.mark.parametrize("number", ["共3案", "共 3 案", "計2項", "合計", "總計：3案"])
def test_a_row_that_answers_in_words_is_no_total_whatever_its_first_cell_says(number: str) -> None:
    said = {"subject": "推薦參加政府服務獎", "resolution": "照案通過", "consensus": "是"}
    motions = ("meeting", "motions")
    assert looks({"no": number, **said}, motions) is None
    assert looks({"no": number, **said, "consensus": "－"}, motions) is None
    assert looks({"no": number}, motions) is AsideKind.TOTAL
    assert looks({"no": number, "subject": "應議 5 案，已議 3 案"}, motions) is AsideKind.TOTAL
    person = {"name": "王小明", "title": "專員", "staff_kind": "公務人員", "role": "主要承辦人員"}
    assert looks({"item": number, **person}, ("report", "people")) is None
    assert looks({"item": number, "name": "2 人"}, ("report", "people")) is AsideKind.TOTAL


@pytest.mark.parametrize(
    "name", ["合計服務人次", "服務人次合計", "總計畫管理系統", "累計查詢件數", "平均處理日數"]
)
def test_an_indicator_whose_name_holds_such_a_word_is_a_row(name: str) -> None:
    assert looks({"name": name, **FULL}) is None
    assert looks({"name": name, "unit": "人次", "target": "10,000"}) is None


@pytest.mark.parametrize("word", ["人數合計", "合計人次", "本年度合計服務 12,345 人次"])
def test_what_may_be_a_name_or_a_total_is_a_total_when_it_stands_alone(word: str) -> None:
    assert looks({"name": word}) is AsideKind.TOTAL
    assert looks({"name": word, **FULL}) is None


@pytest.mark.parametrize(
    "word",
    [
        "備註：以上均為估計值",
        "備註",
        "說明：",
        "註：截至 11 月底",
        "註1、同上",
        "（註）估計值",
        "※估計值",
    ],
)
def test_a_note_is_no_row(word: str) -> None:
    assert looks({"name": word}) is AsideKind.NOTE


@pytest.mark.parametrize("name", ["說明會", "說明會場次", "註冊人數", "備註欄填寫率", "注意力訓練"])
def test_a_name_that_begins_like_a_note_is_a_row(name: str) -> None:
    assert looks({"name": name}) is None
    assert looks({"name": name, **FULL}) is None


def test_a_full_row_is_a_row_though_its_name_is_a_note_s_word() -> None:
    assert looks({"name": "說明：改善後", **FULL}) is None


def test_the_word_of_a_note_may_have_a_cell_of_its_own() -> None:
    assert looks({"name": "備註", "unit": "以上為估計值"}) is AsideKind.NOTE


def test_lines_below_a_note_go_on_with_it_unless_they_are_rows() -> None:
    below = AsideKind.NOTE
    assert looks({"name": "2、截至 11 月底"}, below=below) is AsideKind.NOTE
    assert looks({"name": "資料由各區處提供"}, below=below) is AsideKind.NOTE
    assert looks({"name": "線上查詢人次", **FULL}, below=below) is None
    assert looks({"name": "資料由各區處提供"}) is None


@pytest.mark.parametrize(
    "words",
    [
        {"item": "承辦人：李承辦", "title": "主管：陳大文"},
        {"item": "承辦人：　　　　單位主管："},
        {"item": "承辦人", "name": "李承辦", "role": "主管"},
        {"item": "填表日期：114.11.30"},
        {"name": "單位主管核章："},
    ],
)
def test_a_line_for_signatures_is_no_person(words: Mapping[str, str]) -> None:
    assert looks(words, ("report", "people")) is AsideKind.SIGNATURE


@pytest.mark.parametrize(
    "words",
    [
        {"title": "科長"},
        {"name": "王小明", "note": "合計"},
        {"name": "王小明", "title": "主任"},
        {"role": "主管"},
    ],
)
def test_a_person_of_whom_little_is_said_is_a_person(words: Mapping[str, str]) -> None:
    assert looks(words, ("report", "people")) is None


def test_the_number_of_a_prepared_row_says_nothing() -> None:
    section = ("enrolment", "items")
    assert looks({"item": "03-04", "name": "合計", "audience": "3 項"}, section) is AsideKind.TOTAL
    assert looks({"item": "03-04", "name": "說明會"}, section) is None
    assert looks({"item": "03-04"}, section) is None


def test_words_on_a_place_for_a_photo_are_its_caption() -> None:
    section = ("report", "photos")
    assert looks({"no": "2", "caption": "說明：開幕典禮"}, section) is None
    assert looks({"no": "備註：照片均為自行拍攝"}, section) is AsideKind.NOTE


@pytest.mark.parametrize("word", ["以下空白", "（以下空白）", "——以 下 空 白——", "以下無資料"])
def test_a_row_may_say_that_nothing_follows(word: str) -> None:
    assert looks({"name": word}) is AsideKind.END
    assert looks({"name": word, **FULL}) is None
