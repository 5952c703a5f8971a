"""A deadline falls on a working day."""

from __future__ import annotations

from datetime import date

import pytest

from xltool.plan import (
    RestDays,
    Stage,
    deadline_text,
)


@pytest.mark.parametrize(
    ("due", "deadline"),
    [
        (date(2025, 1, 31), date(2025, 1, 31)),  # Friday
        (date(2025, 5, 31), date(2025, 6, 2)),  # Saturday
        (date(2025, 8, 31), date(2025, 9, 1)),  # Sunday
    ],
)
def test_a_deadline_on_a_weekend_moves_to_monday(due: date, deadline: date) -> None:
    stage = Stage("x", due, due)
    assert stage.deadline == deadline
    assert ("順延" in deadline_text(stage)) == (due != deadline)


RESTS = RestDays(
    off=(date(2025, 5, 30), date(2025, 10, 6), date(2025, 10, 10)), worked=(date(2025, 2, 8),)
)


@pytest.mark.parametrize(
    ("due", "deadline"),
    [
        (date(2025, 5, 30), date(2025, 6, 2)),  # 端午節補假, a Friday: past the weekend too
        (date(2025, 10, 5), date(2025, 10, 7)),  # Sunday, and Monday is 中秋節
        (date(2025, 10, 10), date(2025, 10, 13)),  # 國慶日, a Friday
        (date(2025, 2, 8), date(2025, 2, 8)),  # a Saturday worked instead
        (date(2025, 10, 9), date(2025, 10, 9)),
    ],
)
def test_a_deadline_on_a_rest_day_moves_to_the_next_working_day(due: date, deadline: date) -> None:
    assert Stage("x", due, due, rest_days=RESTS).deadline == deadline
