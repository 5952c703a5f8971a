"""The plan of 114 as shipped, and the choices that its settings make."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.support.settings import changed, filled
from xltool.model import Bound, ContestStage, Record, Role
from xltool.plan import (
    read_plan,
    shipped_plan,
)


def test_the_plan_of_114_names_the_six_divisions_and_six_offices_of_article_3() -> None:
    plan = shipped_plan(114)
    assert [unit.name for unit in plan.units] == [
        "能源政策及氣候變遷組",
        "油氣發展及管理組",
        "電力發展及管理組",
        "節能發展及管理組",
        "再生與前瞻能源發展組",
        "再生能源設置推廣組",
        "秘書室",
        "人事室",
        "政風室",
        "主計室",
        "資訊室",
        "法務室",
    ]
    assert [unit.kind for unit in plan.units] == ["組"] * 6 + ["室"] * 6


def test_the_four_criteria_weigh_equally_until_the_coordinator_sets_the_year_s_own() -> None:
    criteria = shipped_plan(114).criteria
    assert [criterion.name for criterion in criteria] == [
        "創新性",
        "效益及影響",
        "可持續性",
        "擴散應用",
    ]
    assert {criterion.weight for criterion in criteria} == {Decimal(25)}


@pytest.mark.parametrize(
    ("stage", "role", "reward", "bound", "clause"),
    [
        (ContestStage.AWARDED, Role.MAIN, "記大功1次", Bound.FIXED, "柒、二、(一)"),
        (ContestStage.AWARDED, Role.HEAD, "記功1次", Bound.CEILING, "柒、二、(一)"),
        (ContestStage.AWARDED, Role.CONTRIBUTOR, "記功1次", Bound.CEILING, "柒、二、(一)"),
        (ContestStage.SHORTLISTED, Role.MAIN, "記功1次", Bound.FIXED, "柒、二、(二)"),
        (ContestStage.SHORTLISTED, Role.HEAD, "嘉獎2次", Bound.CEILING, "柒、二、(二)"),
        (ContestStage.SHORTLISTED, Role.CONTRIBUTOR, "嘉獎2次", Bound.CEILING, "柒、二、(二)"),
        (ContestStage.NOMINATED, Role.MAIN, "嘉獎2次", Bound.FIXED, "柒、二、(三)"),
        (ContestStage.NOMINATED, Role.HEAD, "嘉獎1次", Bound.CEILING, "柒、二、(三)"),
        (ContestStage.NOMINATED, Role.CONTRIBUTOR, "嘉獎1次", Bound.CEILING, "柒、二、(三)"),
        (None, Role.COACH, "嘉獎1次", Bound.FIXED, "柒、二、(四)"),
    ],
)
def test_the_table_of_article_7_2_is_shipped_cell_by_cell(
    stage: ContestStage | None, role: Role, reward: str, bound: Bound, clause: str
) -> None:
    found = [e for e in shipped_plan(114).entitlements if (e.stage, e.role) == (stage, role)]
    assert [(e.reward.name, e.bound, e.clause) for e in found] == [(reward, bound, clause)]


def test_the_ladder_climbs_from_one_commendation_to_two_major_merits() -> None:
    ladder = shipped_plan(114).ladder
    assert [step.name for step in sorted(ladder)] == [
        "嘉獎1次",
        "嘉獎2次",
        "記功1次",
        "記功2次",
        "記大功1次",
        "記大功2次",
    ]
    assert [step.points for step in ladder] == [1, 2, 3, 6, 9, 18]
    assert [step.is_major for step in ladder] == [False] * 4 + [True] * 2


def test_the_agency_s_own_choices_are_settings() -> None:
    plan, _ = read_plan(changed("options", 0, score_gap=Decimal(0), one_reward=False))
    assert plan is not None
    assert plan.options.score_gap == 0
    assert plan.options.one_reward is False
    assert plan.options.coach_always is True


def test_the_scale_of_the_scores_is_a_setting() -> None:
    plan, found = read_plan(changed("options", 0, full_score=Decimal(10), score_gap=Decimal(2)))
    assert plan is not None and found == []
    assert plan.options.full_score == 10
    plan, _ = read_plan(changed("options", 0, full_score=None))
    assert plan is not None and plan.options.full_score == 100


def test_the_rest_days_of_114_are_settings_and_count() -> None:
    records = changed("calendar", 1, due=date(2025, 10, 10))
    plan, _ = read_plan(records)
    assert plan is not None
    assert plan.calendar[1].deadline == date(2025, 10, 13)
    without = tuple(r for r in records if r.section != "rest_days")
    plan, found = read_plan(without)
    assert plan is not None and found == [], "older settings have no such sheet"
    assert plan.calendar[1].deadline == date(2025, 10, 10)


def test_an_item_carried_over_belongs_to_a_unit_of_this_year() -> None:
    carried = Record("last_year", {"item": "13-01", "unit": "13", "name": "舊業務"})
    plan, found = read_plan((*filled(), carried))
    assert [f.code for f in found] == ["P613"]
    assert plan is not None and plan.carried[0].goes_on, "going on is what is offered"
