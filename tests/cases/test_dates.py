"""Dates are read as people write them, and held against the plan's year and the form's own days."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.support.edits import filing
from tests.support.packages import pack, parts
from tests.support.returns import Edit, codes, read, returned
from xltool.intake import Reading
from xltool.intake.grid import serial_cell
from xltool.zh import dates_in, parse_date, parse_month_and_day

DAY = date(2025, 11, 28)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "114.11.28",
            "114、11、28",
            "114，11，28",
            "114。11。28",
            "114·11·28",
            "114 年 11 月 28 日",
        ),
        *("114–11–28", "114—11—28", "114－11－28", "114.11.28止", "114.11.28前", "至114.11.28"),
        *(
            "截至114年11月28日止",
            "114年11月28號",
            "114年11月廿八日",
            "114.11.28（五）",
            "114.11.28 下午",
        ),
        *(
            "114年11月28日(星期五)上午9時30分",
            "\u202d114.11.28\u202c",
            "114.11.\u200b28",
            "民國114.11.28",
        ),
    ],
)
def test_a_date_in_everyday_spelling(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize("text", ["11月28日", "11/28", "11-28", "十一月二十八日", "11月28日前"])
def test_month_and_day_without_a_year(text: str) -> None:
    assert parse_date(text) is None
    assert parse_month_and_day(text) == (11, 28)


def test_dates_among_other_words() -> None:
    assert dates_in("約114.11.28完成，12月補正") == (DAY,)
    assert dates_in("114.11.28、114.12.1") == (DAY, date(2025, 12, 1))
    assert dates_in("114.13.1") == ()


def typed(folder: Path, value: object, form: str = "report", *more: Edit) -> Reading:
    return read(returned(folder, form, filing("填報日期", value), *more))


def day_of(reading: Reading) -> object:
    assert reading.submission is not None
    return reading.submission.card("filing").values.get("day")


READ: dict[str, tuple[object, date, list[str]]] = {
    "as issued": ("114.11.28", DAY, []),
    "with words around": ("114.11.28止", DAY, ["V308"]),
    "without a year": ("11月28日", DAY, ["V308"]),
    "without a year, in the next": ("1月5日", date(2026, 1, 5), ["V308"]),
    "a serial as text": ("45989", DAY, ["V308"]),
    "a serial as a number": (45989, DAY, ["V308"]),
    "two dates": ("114.11.27、114.11.28", DAY, ["V325"]),
    "about": ("約114.11.28", DAY, ["V325"]),
    "a number that may be 11.20": (11.2, date(2025, 11, 2), ["V325"]),
    "last year's": ("113.11.28", date(2024, 11, 28), ["V324"]),
    "a typing error of ten years": ("104.11.28", date(2015, 11, 28), ["V324"]),
    "a typing error ahead": ("144.11.28", date(2055, 11, 28), ["V324"]),
    "a year of two digits": ("14.11.28", date(1925, 11, 28), ["V324"]),
    "before the form was issued": ("114.3.20", date(2025, 3, 20), ["V324"]),
    "western, of last year": (datetime(2024, 11, 28), date(2024, 11, 28), ["V324"]),  # noqa: DTZ001
}


@pytest.mark.parametrize("name", READ)
def test_a_date_is_read_and_what_is_doubtful_is_asked(name: str, tmp_path: Path) -> None:
    value, day, told = READ[name]
    reading = typed(tmp_path, value)
    assert (day_of(reading), codes(reading), reading.status) == (day, told, "accepted")


@pytest.mark.parametrize("value", [1141128, 20251128])
def test_a_date_typed_without_marks_into_a_cell_that_shows_dates(
    value: int, tmp_path: Path
) -> None:
    def edit(person: object) -> object:
        cell = filing("填報日期", value)(person)  # type: ignore[arg-type]
        cell.number_format = "yyyy/m/d"  # type: ignore[attr-defined]
        return cell

    reading = read(returned(tmp_path, "report", edit))
    assert (day_of(reading), codes(reading)) == (DAY, ["V308"])


def test_a_number_below_zero_in_a_cell_that_shows_dates_is_no_date(tmp_path: Path) -> None:
    def edit(person: object) -> object:
        cell = filing("填報日期", -5)(person)  # type: ignore[arg-type]
        cell.number_format = "yyyy/m/d"  # type: ignore[attr-defined]
        return cell

    reading = read(returned(tmp_path, "report", edit))
    assert (day_of(reading), codes(reading)) == (None, ["V304"])


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", filing("填報日期", datetime(2025, 11, 28)))  # noqa: DTZ001
    inside = parts(path)
    book = inside["xl/workbook.xml"].decode()
    assert "<workbookPr" in book
    inside["xl/workbook.xml"] = book.replace("<workbookPr", '<workbookPr date1904="1"', 1).encode()
    path.write_bytes(pack(inside))
    # The same serial is a day four years later: what the eye sees there, and not what was meant.
    assert day_of(read(path)) == date(2029, 11, 29)
    assert "V324" in codes(read(path))
    assert serial_cell(0, 0, 44527, mac=True).day == DAY


def test_each_form_s_dates_are_held_against_its_own_days(tmp_path: Path) -> None:
    assert codes(typed(tmp_path, "114.3.20", "enrolment")) == []
    assert codes(typed(tmp_path, "114.1.2", "enrolment")) == ["V324"]
    assert codes(read(returned(tmp_path, "review", filing("填寫日期", "113.12.15")))) == ["V324"]


def test_a_date_long_after_the_file_was_saved_is_asked_about(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", filing("填報日期", "114.12.30"))
    assert codes(read(path)) == []
    book = openpyxl.load_workbook(path)
    book.properties.modified = datetime(2025, 12, 5)  # noqa: DTZ001
    inside_time = "2025-12-05T00:00:00Z"
    book.save(path)
    inside = parts(path)
    core = inside["docProps/core.xml"].decode()
    start = core.index("modified")
    start = core.index(">", start) + 1
    end = core.index("<", start)
    inside["docProps/core.xml"] = (core[:start] + inside_time + core[end:]).encode()
    path.write_bytes(pack(inside))
    assert codes(read(path)) == ["V324"]
