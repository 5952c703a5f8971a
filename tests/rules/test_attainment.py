"""達成率: what was done against what was aimed at, where both are one number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xltool.rules.attainment import attained


@pytest.mark.parametrize(
    ("target", "actual", "rate"),
    [
        ("60", "64", "106.7"),
        ("150,000", "212,380", "141.6"),
        ("85%以上", "85.5%", "100.6"),
        ("至少10場", "12場次", "120.0"),
        ("１００", "９５", "95.0"),
        ("8", "3", "37.5"),
        ("80", "80.05", "100.1"),  # half a tenth is rounded up
    ],
)
def test_more_is_better_unless_the_target_says_otherwise(
    target: str, actual: str, rate: str
) -> None:
    assert attained(target, actual) == Decimal(rate)


@pytest.mark.parametrize("target", ["20 以下", "不超過20", "≤20", "20%以內", "低於 20"])
def test_of_a_target_that_is_not_to_be_exceeded_less_is_more(target: str) -> None:
    assert attained(target, "16") == Decimal("125.0")
    assert attained(target, "25") == Decimal("80.0")


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("3 至 5", "4"),
        ("完成", "完成"),
        ("", "5"),
        ("5", ""),
        ("0", "3"),
        ("3 以下", "0"),
        ("114.6.1", "114.5.20"),
        ("1/2", "1"),
        ("10場、200人", "12場、230人"),
        ("-5", "3"),
    ],
)
def test_where_there_is_not_one_number_on_both_sides_there_is_no_rate(
    target: str, actual: str
) -> None:
    assert attained(target, actual) is None
