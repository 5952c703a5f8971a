"""A number is shown as its format shows it, or said not to be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xltool.intake.formats.number_codes import BUILTIN, number_format
from xltool.intake.formats.numbers import number_cell, shown_number
from xltool.intake.grid import Cell, CellKind, Seen

MARCH_4 = 45720  # 2025-03-04


def shown(code: str, number: float) -> Cell:
    return number_cell(0, 0, number, number_format(code))


@pytest.mark.parametrize("code", ["General", "@", "", "G/通用格式", "general"])
def test_a_format_that_shows_a_number_as_it_is_is_none(code: str) -> None:
    assert number_format(code) is None
    assert shown(code, 85.6375838926174) == Cell(0, 0, "85.6375838926174", CellKind.NUMBER)


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0", 85.5, "86"),
        ("0", 84.5, "85"),  # half up, as a spreadsheet rounds, not to the even one
        ("0.00", 2.675, "2.68"),  # of the digits shown, not of the binary number
        ("0.0", -0.04, "0.0"),
        ("000000", 1234, "001234"),
        ("000000", 12345678, "12345678"),
        ("0000-000000", 912345678, "0912-345678"),
        ("(00)0000-0000", 227721370, "(02)2772-1370"),
        ("[<=9999999]###-####;(0#) ####-####", 227721370, "(02) 2772-1370"),
        ("[<=9999999]###-####;(0#) ####-####", 2772137, "277-2137"),
        ("000-000", 12, "000-012"),
        ("#,##0", 1234567, "1,234,567"),
        ("#,##0", 999, "999"),
        ("#,##0.0#", 1234.5, "1,234.5"),
        ("0.##", 5, "5"),
        ("#.##", 0.5, ".5"),
        ("0.0?", 1.5, "1.5"),
        ('0"件"', 5.4, "5件"),
        ('"第"0"屆"', 8, "第8屆"),
        ("0\\ \\件", 5, "5 件"),
        ('0.0"分"', 85.64, "85.6分"),
        ('General"人"', 12, "12人"),
        ("[$NT$-404]#,##0", 1234, "NT$1,234"),
        ('_-"$"* #,##0.00_-;-"$"* #,##0.00_-;_-"$"* "-"??_-;_-@_-', -1234, "-$1,234.00"),
        ("0%", 0.285, "29%"),
        ("0.0%", 0.85638, "85.6%"),
        ("0_);(0)", -5, "(5)"),
        ("0;[Red]-0", -5, "-5"),
        ("0;▲0", -5, "▲5"),
        ("0.00E+00", 123456, "1.23E+05"),
        ("0.00E+00", 0.000123, "1.23E-04"),
        ("0.00E+00", 9.999, "1.00E+01"),
        ("0.0E-0", 1234, "1.2E3"),
        ("##0.0E+0", 123456, "123.5E+3"),
        ("0.00E+00", 0, "0.00E+00"),
        ("# ?/?", 0.75, "3/4"),
        ("# ?/?", 1.5, "1 1/2"),
        ("# ?/?", 3, "3"),
        ("# ?/?", -0.5, "-1/2"),
        ("?/8", 1.75, "14/8"),
        ("# ??/100", 0.25, "25/100"),
        ("[h]:mm", 36.5 / 24, "36:30"),
        ("[hh]:mm:ss", 0.5, "12:00:00"),
        ("[mm]:ss", 0.5, "720:00"),
        ("h:mm", 1.5, "12:00"),
        ("h:mm AM/PM", 0.75, "6:00 PM"),
        ('上午/下午hh"時"mm"分"', 0.75, "下午06時00分"),
        ("mm:ss", 0.01, "14:24"),
    ],
)
def test_numbers_as_they_are_shown(code: str, number: float, text: str) -> None:
    cell = shown(code, number)
    assert cell.text == text
    assert cell.look is None or not (cell.look.odd or cell.look.unseen)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        *(("yyyy/m/d", "114.03.04"), ("[$-404]e/m/d;@", "114.03.04")),
        *(('[$-404]ggge"年"m"月"d"日"', "114.03.04"), ("[DBNum1][$-404]e年m月d日", "114.03.04")),
        *(("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "114.03.04"), ("m/d/yy", "114.03.04")),
        *(('m"月"d"日"', "3月4日"), ("m月d日", "3月4日"), ("d-mmm", "4-Mar"), ("mm/dd", "03/04")),
        *(("mmm-yy", "Mar-25"), ("yyyy-mm", "2025-03"), ('e"年"m"月"', "114年3月")),
        *(("m/d aaa", "3/4 週二"), ("d mmmm dddd", "4 March Tuesday")),
    ],
)
def test_a_date_is_written_as_staff_do_and_one_without_a_year_as_shown(
    code: str, text: str
) -> None:
    cell = shown(code, MARCH_4)
    assert (cell.kind, cell.text) == (CellKind.DATE, text)
    assert str(cell.day) == "2025-03-04"


def test_the_time_of_day_is_told_where_it_shows() -> None:
    assert shown("yyyy/m/d h:mm", MARCH_4 + 0.75).text == "114.03.04 18:00"
    assert shown("yyyy/m/d", MARCH_4 + 0.75).text == "114.03.04"


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0;[Red]0", -5, "-5"),
        ("[DBNum2]General", 12, "12"),
        ("[h]:mm", -0.5, "-0.5"),
        ('0\\.0,"萬"', 12345, "1.2萬"),
        ("#,##0,", 1234567, "1,235"),
        ('"優"', 92, "優"),
    ],
)
def test_what_is_not_as_it_looks_says_so_and_keeps_the_number(
    code: str, number: float, text: str
) -> None:
    cell = shown(code, number)
    assert cell.text == text
    assert cell.look is not None
    assert cell.look.odd == code
    assert cell.look.number in (None, Decimal(str(number)))


@pytest.mark.parametrize(("code", "number"), [(";;;", 5), ("0;-0;", 0), ("#", 0), ("0;;", -5)])
def test_what_does_not_show_is_read_and_said_to_be_unseen(code: str, number: float) -> None:
    assert shown(code, number) == Cell(0, 0, str(number), CellKind.NUMBER, look=Seen(unseen=True))


@pytest.mark.parametrize("code", ["General", "0", "0000000000000000"])
def test_a_number_of_more_digits_than_are_kept_is_said_to_be_rounded(code: str) -> None:
    long, short = shown(code, 123456789012345678), shown(code, 123456789012345)
    assert long.look is not None
    assert long.look.rounded
    assert short.look is None or not short.look.rounded


@pytest.mark.parametrize("code", ["[", '"', "\\", "_", "*", ";", "0/", "/", "E+", "[]", "0" * 2000])
def test_a_broken_format_breaks_nothing(code: str) -> None:
    for number in (0.0, -1.5, 12345.678, 1e300, -1e-300):
        assert shown(code, number).row == 0


@pytest.mark.parametrize("number", BUILTIN)
def test_every_builtin_format_is_followed(number: int) -> None:
    cell = shown(BUILTIN[number], 45000.25)
    assert cell.text
    assert cell.look is None or not cell.look.odd


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        *(
            (1234, "001234", "1234"),
            (85.6375, "85.6", "85.6"),
            (912345678, "0912-345678", "912345678"),
        ),
        *((0.85638, "85.6%", "85.6"), (1234.5, "NT$1,234.50", "1234.50"), (0.75, "3/4", "0.75")),
        *(
            (123456, "1.23E+05", "123000"),
            (-5, "(5)", "-5"),
            (5, "第5屆", "5"),
            (1200, "1,200", "1200"),
        ),
    ],
)
def test_a_shown_text_says_its_number(number: float, text: str, said: str) -> None:
    cell = shown_number(0, 0, number, text)
    assert (cell.text, cell.kind) == (text, CellKind.NUMBER)
    assert cell.look is not None
    assert cell.look.number == Decimal(said)
    assert not cell.look.odd


@pytest.mark.parametrize(
    ("number", "text"), [(-5, "5"), (12345, "1.2萬"), (12, "十二"), (92, "優"), (5, "6")]
)
def test_a_shown_text_that_says_another_number_is_said_to_be_odd(number: float, text: str) -> None:
    look = shown_number(0, 0, number, text).look
    assert look is not None
    assert look.odd == text
