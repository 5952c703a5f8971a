"""The year's plan: shipped values, rolled to another year, and settings that contradict themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from xltool.forms import FORMS, SETTINGS
from xltool.model import Bound, ContestStage, Record, Role, Value
from xltool.plan import (
    OFF,
    WORKED,
    RestDays,
    Stage,
    deadline_text,
    read_plan,
    rest_day_records,
    shipped_plan,
    shipped_records,
    stage_findings,
)


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
    plan, findings = read_plan(records, titles=SETTINGS.titles)
    assert plan is None
    assert [finding.message for finding in findings] == ["年度設定缺少「實施對象」"]


def test_what_a_plan_needs_is_what_its_form_does_not_leave_optional() -> None:
    plan, found = read_plan((), titles=SETTINGS.titles)
    needed = [section.title for sheet, section in SETTINGS.sections() if not sheet.optional]
    assert plan is None
    assert sorted(one.value for one in found) == sorted(needed)


def test_all_that_is_wrong_is_told_at_once() -> None:
    records = changed("criteria", 0, weight=Decimal(30))
    worse = [replace(r, values={**r.values, "score_gap": Decimal(100)}) if r.section == "options"
             else r for r in records]  # fmt: skip
    assert codes(tuple(worse)) == ["P601", "P615"]


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


def test_a_reminder_that_no_difference_can_reach_is_told() -> None:
    plan, found = read_plan(changed("options", 0, full_score=Decimal(10)))
    assert plan is not None
    assert [(f.code, f.value) for f in found] == [("P615", "15")]


def test_a_step_of_the_ladder_may_not_occur_twice_by_name_or_rank() -> None:
    assert codes(changed("ladder", 1, name="嘉獎1次"))[:1] == ["P605"]
    assert codes(changed("ladder", 1, rank=Decimal(1))) == ["P602"]


def test_the_table_of_article_7_2_may_not_give_one_cell_twice_nor_leave_one_out() -> None:
    assert codes(changed("entitlements", 1, role=Role.MAIN)) == ["P602", "P606"]
    twice, missing, *_ = read_plan(
        changed("entitlements", 1, role=Role.MAIN), titles=SETTINGS.titles
    )[1]
    assert twice.value == f"敘獎原則 {ContestStage.AWARDED}{Role.MAIN}"
    assert missing.value == f"{ContestStage.AWARDED} {Role.HEAD}"
    plan, findings = read_plan(tuple(shipped_records(114)))
    assert plan is not None
    assert findings == []


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


def test_the_rest_days_of_114_are_settings_and_count() -> None:
    records = changed("calendar", 1, due=date(2025, 10, 10))
    plan, _ = read_plan(records)
    assert plan is not None
    assert plan.calendar[1].deadline == date(2025, 10, 13)
    without = tuple(r for r in records if r.section != "rest_days")
    plan, found = read_plan(without)
    assert plan is not None and found == [], "older settings have no such sheet"
    assert plan.calendar[1].deadline == date(2025, 10, 10)


def test_the_known_rest_days_of_two_years_agree_with_the_announced_calendar() -> None:
    """政府行政機關辦公日曆表 114、115年: some days that a rule of thumb misses."""
    days = {r.day("day"): r.text("kind") for r in rest_day_records((114, 115))}
    for day in (date(2025, 1, 27), date(2025, 4, 3), date(2025, 9, 29), date(2025, 10, 24),
                date(2025, 12, 25), date(2026, 1, 1), date(2026, 2, 20), date(2026, 4, 6)):  # fmt: skip
        assert days[day] == OFF, day
    assert days[date(2025, 2, 8)] == WORKED
    assert date(2025, 12, 10) not in days
    assert all(day and day.weekday() < 5 for day, kind in days.items() if kind == OFF)


def test_rest_days_are_never_rolled_on_to_another_year() -> None:
    assert not [r for r in shipped_records(116) if r.section == "rest_days"]


def test_the_contact_s_unit_must_be_one_of_the_units() -> None:
    assert codes(changed("basics", 0, contact_unit="77")) == ["P607"]


def test_a_unit_of_the_plan_that_is_missing_is_told_but_an_agency_may_reorganise() -> None:
    records = tuple(r for r in shipped_records(114) if r.text("code") != "12")
    plan, found = read_plan(records)
    assert plan is not None
    assert [(f.code, f.value, f.blocks) for f in found] == [("P608", "法務室", False)]
    other = [
        Record(r.section, {**r.values, "agency": "經濟部水利署"}) if r.section == "basics" else r
        for r in records
    ]
    assert read_plan(other)[1] == [], "another agency has units of its own"


def test_a_date_of_another_year_is_an_error_at_its_cell() -> None:
    assert codes(changed("calendar", 0, start=date(2020, 1, 2))) == ["P611"]


def test_a_title_that_the_plan_does_not_know_is_told() -> None:
    assert codes(changed("titles", 0, name="顧問")) == ["P612"]
    assert codes(changed("titles", 1, name="單位業務主管")) == ["P602"]


def stages_of(records: tuple[Record, ...]) -> list[str]:
    plan, _ = read_plan(records)
    assert plan is not None
    stages = [form.stage for form in FORMS.values()]
    return [f.code for f in stage_findings(plan, records, stages, "年度設定")]


def test_every_stage_that_a_form_needs_must_be_on_the_calendar() -> None:
    assert stages_of(shipped_records(114)) == []
    assert stages_of(changed("calendar", 4, stage="書面意見")) == ["P609"]


def test_a_stage_that_begins_before_the_one_before_it_is_over_is_told() -> None:
    assert stages_of(changed("calendar", 4, start=date(2025, 12, 10))) == ["P610"]
    assert stages_of(changed("calendar", 4, start=date(2025, 12, 11))) == []


def test_an_item_carried_over_belongs_to_a_unit_of_this_year() -> None:
    carried = Record("last_year", {"item": "13-01", "unit": "13", "name": "舊業務"})
    plan, found = read_plan((*shipped_records(114), carried))
    assert [f.code for f in found] == ["P613"]
    assert plan is not None and plan.carried[0].goes_on, "going on is what is offered"
