"""The year's plan: shipped values, rolled to another year, and settings that contradict themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from xltool.model import Bound, ContestStage, Record, Role, Value
from xltool.plan import Stage, deadline_text, read_plan, shipped_plan, shipped_records


def changed(section: str, index: int, **values: Value) -> tuple[Record, ...]:
    """The shipped records of 114 with some values of one row changed."""
    records = list(shipped_records(114))
    place = [i for i, record in enumerate(records) if record.section == section][index]
    records[place] = replace(records[place], values={**records[place].values, **values})
    return tuple(records)


def codes(records: tuple[Record, ...]) -> list[str]:
    return [finding.code for finding in read_plan(records)[1]]


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
        (ContestStage.AWARDED, Role.MAIN, "記大功1次", Bound.FIXED, "柒.二.(一)"),
        (ContestStage.AWARDED, Role.HEAD, "記功1次", Bound.CEILING, "柒.二.(一)"),
        (ContestStage.AWARDED, Role.CONTRIBUTOR, "記功1次", Bound.CEILING, "柒.二.(一)"),
        (ContestStage.SHORTLISTED, Role.MAIN, "記功1次", Bound.FIXED, "柒.二.(二)"),
        (ContestStage.SHORTLISTED, Role.HEAD, "嘉獎2次", Bound.CEILING, "柒.二.(二)"),
        (ContestStage.SHORTLISTED, Role.CONTRIBUTOR, "嘉獎2次", Bound.CEILING, "柒.二.(二)"),
        (ContestStage.NOMINATED, Role.MAIN, "嘉獎2次", Bound.FIXED, "柒.二.(三)"),
        (ContestStage.NOMINATED, Role.HEAD, "嘉獎1次", Bound.CEILING, "柒.二.(三)"),
        (ContestStage.NOMINATED, Role.CONTRIBUTOR, "嘉獎1次", Bound.CEILING, "柒.二.(三)"),
        (None, Role.COACH, "嘉獎1次", Bound.FIXED, "柒.二.(四)"),
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


def test_the_year_115_starts_from_114_with_every_date_a_year_later() -> None:
    plan = shipped_plan(115)
    assert plan.year == 115
    assert plan.title == "經濟部能源署115年提升服務效能執行計畫"
    assert plan.data_until == "115年12月"
    assert "113年9月5日" in plan.basis, "the legal basis keeps its own date"
    stage = plan.stage("提交年度執行結果")
    assert stage is not None
    assert stage.due == date(2027, 1, 15)


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


def test_weights_that_do_not_add_up_to_100_are_an_error_that_names_the_sum() -> None:
    plan, findings = read_plan(changed("criteria", 0, weight=Decimal(30)))
    assert plan is None
    assert [finding.message for finding in findings] == ["構面權重合計 105%，應為 100%"]


def test_a_unit_s_code_may_not_occur_twice() -> None:
    assert codes(changed("units", 1, code="01")) == ["P602"]


def test_a_stage_may_not_end_before_it_starts_but_may_last_one_day() -> None:
    assert codes(changed("calendar", 0, due=date(2025, 1, 1))) == ["P604"]
    assert codes(changed("calendar", 0, due=date(2025, 1, 2))) == []


def test_an_entitlement_to_a_reward_off_the_ladder_is_an_error() -> None:
    assert codes(changed("entitlements", 0, reward="記大功3次")) == ["P605"]


def test_a_section_left_empty_is_named() -> None:
    records = tuple(r for r in shipped_records(114) if r.section != "units")
    plan, findings = read_plan(records)
    assert plan is None
    assert [finding.value for finding in findings] == ["實施對象"]


def test_the_agency_s_own_choices_are_settings() -> None:
    plan, _ = read_plan(changed("options", 0, score_gap=Decimal(0), one_reward=False))
    assert plan is not None
    assert plan.options.score_gap == 0
    assert plan.options.one_reward is False
    assert plan.options.coach_always is True


def test_a_step_of_the_ladder_may_not_occur_twice_by_name_or_rank() -> None:
    assert codes(changed("ladder", 1, name="嘉獎1次"))[:1] == ["P605"]
    assert codes(changed("ladder", 1, rank=Decimal(1))) == ["P602"]


def test_the_table_of_article_7_2_may_not_give_one_cell_twice_nor_leave_one_out() -> None:
    assert codes(changed("entitlements", 1, role=Role.MAIN)) == ["P602", "P606"]
    plan, findings = read_plan(tuple(shipped_records(114)))
    assert plan is not None
    assert findings == []
