"""The shipped settings rolled on to another year, and the rest days of Taiwan."""

from __future__ import annotations

from datetime import date

import pytest

from xltool.plan import (
    OFF,
    WORKED,
    RestDays,
    Stage,
    deadline_text,
    rest_day_records,
    shipped_plan,
    shipped_records,
)
from xltool.zh import roc_date


def test_the_year_115_starts_from_114_with_every_date_a_year_later() -> None:
    plan = shipped_plan(115)
    assert plan.year == 115
    assert plan.title == "經濟部能源署115年提升服務效能執行計畫"
    assert plan.data_until == "115年12月"
    assert "113年9月5日" in plan.basis, "the legal basis keeps its own date"
    stage = plan.stage("提交年度執行結果")
    assert stage is not None
    assert stage.due == date(2027, 1, 15)


def test_the_known_rest_days_of_two_years_agree_with_the_announced_calendar() -> None:
    """政府行政機關辦公日曆表 114、115年: some days that a rule of thumb misses."""
    days = {r.day("day"): r.text("kind") for r in rest_day_records((114, 115))}
    for day in (date(2025, 1, 27), date(2025, 4, 3), date(2025, 9, 29), date(2025, 10, 24),
                date(2025, 12, 25), date(2026, 1, 1), date(2026, 2, 20), date(2026, 4, 6)):  # fmt: skip
        assert days[day] == OFF, day
    assert days[date(2025, 2, 8)] == WORKED
    assert date(2025, 12, 10) not in days
    assert all(day and day.weekday() < 5 for day, kind in days.items() if kind == OFF)


@pytest.mark.parametrize(
    ("day", "name", "next_day"),
    [
        (date(2026, 2, 16), "農曆除夕", date(2026, 2, 23)),
        (date(2026, 2, 20), "農曆除夕前一日（補假）", date(2026, 2, 23)),
        (date(2027, 2, 4), "農曆除夕前一日", date(2027, 2, 11)),
        (date(2027, 2, 5), "農曆除夕", date(2027, 2, 11)),
        (date(2027, 2, 9), "春節（補假）", date(2027, 2, 11)),
        (date(2025, 4, 4), "兒童節、民族掃墓節", date(2025, 4, 7)),
    ],
)
def test_each_rest_day_bears_its_own_name_and_a_deadline_on_it_moves_past_all_of_them(
    day: date, name: str, next_day: date
) -> None:
    """115年辦公日曆表: 除夕前一日 (115.02.15, a Sunday) has 115.02.20 in lieu."""
    records = rest_day_records((day.year - 1911,))
    assert [one.text("name") for one in records if one.day("day") == day] == [name]
    off = tuple(sorted(one.day("day") for one in records if one.text("kind") == OFF))  # type: ignore[type-var]
    stage = Stage("階段", day, day, rest_days=RestDays(off=off))  # type: ignore[arg-type]
    assert stage.deadline == next_day
    assert deadline_text(stage) == f"{roc_date(day)}（逢休息日，順延至 {roc_date(next_day)}）"


def test_the_shipped_rest_days_of_114_and_115_bear_the_names_that_are_given_to_a_new_year() -> None:
    shipped = [record.values for record in shipped_records(114) if record.section == "rest_days"]
    assert shipped == [record.values for record in rest_day_records((114, 115))]


def test_rest_days_are_never_rolled_on_to_another_year() -> None:
    assert not [r for r in shipped_records(116) if r.section == "rest_days"]
