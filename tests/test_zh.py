"""Chinese text as people in Taiwan type it: read as meant, prose left alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool import zh


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("114.11.30", date(2025, 11, 30)), ("114/11/30", date(2025, 11, 30))),
        *(("114-1-5", date(2025, 1, 5)), ("115年6月16日", date(2026, 6, 16))),
        *(
            ("中華民國115年6月16日", date(2026, 6, 16)),
            ("民國 115 年 6 月 16 日", date(2026, 6, 16)),
        ),
        *(("1141130", date(2025, 11, 30)), ("20251130", date(2025, 11, 30))),
        *(("2025/11/30", date(2025, 11, 30)), ("2025-11-30 00:00:00", date(2025, 11, 30))),
        *(("１１４．１１．３０", date(2025, 11, 30)), ("45991", date(2025, 11, 30))),
        *(("113.2.29", date(2024, 2, 29)), ("99.12.31", date(2010, 12, 31))),
        *(("114.11.30 14:30", date(2025, 11, 30)), ("114.11.30.", date(2025, 11, 30))),
        ("114年11月30日（星期日）", date(2025, 11, 30)),
        *(
            ("一一四年十一月三十日", date(2025, 11, 30)),
            ("民國一百一十四年二月十日", date(2025, 2, 10)),
        ),
    ],
)
def test_dates_in_the_usual_spellings(text: str, day: date) -> None:
    assert zh.parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    ["114", "114.2.29", "114.13.1", "114年11月", "11月30日", "", "下週", "114.11", "99999999"],
)
def test_what_is_no_day_on_the_calendar_is_none(text: str) -> None:
    assert zh.parse_date(text) is None


@given(st.dates(min_value=date(1922, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_that_we_write_is_read_back(day: date) -> None:
    assert zh.parse_date(zh.roc_date(day)) == day
    assert zh.parse_date(zh.roc_long(day)) == day


def test_114_is_2025() -> None:
    assert zh.western(114) == 2025
    assert zh.roc_date(date(zh.western(114), 11, 30)) == "114.11.30"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            ("85", 85),
            ("85.5", "85.5"),
            ("８５．５", "85.5"),
            ("-3", -3),
            ("85分", 85),
            ("60%", 60),
        ),
        *(
            ("12,345", 12345),
            ("3，122，168", 3122168),
            ("３，１２２，１６８", 3122168),
            (".5", "0.5"),
        ),
        *((" 7 ", 7), ("1 234", 1234)),
        *(("八十五", 85), ("八十五點五", "85.5"), ("百分之六十", 60), ("一百零五分", 105)),
        *(("十", 10), ("兩千三百", 2300), ("一萬二千", 12000), ("玖拾", 90), ("一二三", 123)),
    ],
)
def test_numbers(text: str, number: int | str) -> None:
    assert zh.parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "約85",
        "八十五點",
        "十點十",
        "五六十",
        "一" * 5000,
        "1,23",
        "1.2.3",
        "12/34",
        "NaN",
        "1e5",
        "-",
        "無",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert zh.parse_number(text) is None


def test_nfkc_is_for_codes_and_never_for_prose() -> None:
    assert zh.clean("面積 1,200 ㎡、①") == "面積 1,200 ㎡、①"
    assert zh.narrow("Ｅ１０２３４　 a") == "E10234 a"


def test_prose_loses_only_what_nobody_sees() -> None:
    assert zh.clean(" 一 \r\n\u200b二\ufeff\x07 \r三　\n\n") == "一\n二\n三"
    assert zh.clean("一\n\n　　二") == "一\n\n　　二"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("臺灣", "台灣"), ("服務類別＊", "服 務\n類別"), ("首長(主管)", "首長（主管）")),
        *(("姓名（必填）", "姓名："), ("E-Mail", "e-mail"), ("＊姓名", "姓名")),
    ],
)
def test_names_and_labels_that_are_the_same(one: str, other: str) -> None:
    assert zh.same(one) == zh.same(other)


@pytest.mark.parametrize("text", ["同上", "同 上", "〃", "同前"])
def test_ditto(text: str) -> None:
    assert zh.is_ditto(text)


def test_ditto_is_only_the_whole_cell() -> None:
    assert not zh.is_ditto("同上開規定")


@pytest.mark.parametrize("text", ["－", "-", "—", "N/A", "n/a", "（無）", "無", "--"])
def test_marks_for_nothing(text: str) -> None:
    assert zh.is_blank_mark(text)


def test_nothing_is_an_answer_where_one_is_required() -> None:
    assert not zh.is_blank_mark("無", none=False)
    assert zh.is_blank_mark("－", none=False)
    assert not zh.is_blank_mark("無障礙設施")


def test_rows_may_end_with_words() -> None:
    assert zh.is_blank_mark("以下空白", row=True)
    assert not zh.is_blank_mark("以下空白")


@pytest.mark.parametrize(
    ("text", "truth"),
    [("是", True), ("ｖ", True), ("○", True), ("否", False), ("×", False), ("嗯", None)],
)
def test_yes_and_no(text: str, truth: bool | None) -> None:
    assert zh.parse_yes_no(text) is truth


def test_display_width_counts_chinese_twice() -> None:
    assert zh.width("114年，ab") == 3 + 2 + 2 + 2


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert zh.clean(zh.clean(text)) == zh.clean(text)
    assert zh.narrow(zh.narrow(text)) == zh.narrow(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("数位创新加值", "數位創新加值"),
        ("建置线上查询平台", "建置線上查詢平台"),
        ("台灣的后冠與里長", "台灣的后冠與里長"),
        ("面積 1,200 ㎡ ✓", "面積 1,200 ㎡ ✓"),
        ("", ""),
    ],
)
def test_simplified_characters_have_a_traditional_form_and_ours_stay(text: str, told: str) -> None:
    assert zh.traditional(text) == told


@given(st.text(max_size=30))
def test_the_traditional_form_has_as_many_characters(text: str) -> None:
    assert len(zh.traditional(text)) == len(text)
