"""Settings that contradict themselves, or the plan, are told at their cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.support.returns import altered
from tests.support.settings import changed, filled
from xltool.forms import FORMS, SETTINGS
from xltool.model import Bound, ContestStage, Record, Role
from xltool.plan import (
    read_plan,
    stage_findings,
)


def codes(records: tuple[Record, ...]) -> list[str]:
    return [finding.code for finding in read_plan(records)[1]]


def test_weights_that_do_not_add_up_to_100_are_an_error_that_names_the_sum() -> None:
    plan, findings = read_plan(changed("criteria", 0, weight=Decimal(30)))
    assert plan is None
    assert [finding.message for finding in findings] == ["構面權重合計 105%，應為 100%"]


def test_a_unit_s_code_may_not_occur_twice() -> None:
    assert codes(changed("units", 1, code="01")) == ["P602"]


@pytest.mark.parametrize(
    ("section", "key"), [("units", "name"), ("titles", "name"), ("entitlements", "role")]
)
def test_what_is_blank_in_two_rows_is_not_the_same_name_twice(section: str, key: str) -> None:
    rows = [record for record in filled() if record.section == section]
    blank = tuple(
        replace(one, values={k: v for k, v in one.values.items() if k != key})
        if one in rows[:2]
        else one
        for one in filled()
    )
    assert "P602" not in codes(blank)


def test_a_stage_may_not_end_before_it_starts_but_may_last_one_day() -> None:
    assert codes(changed("calendar", 0, due=date(2025, 1, 1))) == ["P604"]
    assert codes(changed("calendar", 0, due=date(2025, 1, 2))) == []


def test_an_entitlement_to_a_reward_off_the_ladder_is_an_error() -> None:
    assert codes(changed("entitlements", 0, reward="記大功3次")) == ["P605"]


def test_a_section_left_empty_is_named() -> None:
    records = tuple(r for r in filled() if r.section != "units")
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
    assert codes(altered(records, "options", score_gap=Decimal(100))) == ["P601", "P615"]


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
    plan, findings = read_plan(tuple(filled()))
    assert plan is not None
    assert findings == []


def test_the_contact_s_unit_must_be_one_of_the_units() -> None:
    assert codes(changed("basics", 0, contact_unit="77")) == ["P607"]


def test_a_unit_of_the_plan_that_is_missing_is_told_but_an_agency_may_reorganise() -> None:
    records = tuple(r for r in filled() if r.text("code") != "12")
    plan, found = read_plan(records)
    assert plan is not None
    assert [(f.code, f.value, f.blocks) for f in found] == [("P608", "法務室", False)]
    other = altered(records, "basics", agency="經濟部水利署")
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
    assert stages_of(filled()) == []
    assert stages_of(changed("calendar", 4, stage="書面意見")) == ["P609"]


def test_a_stage_that_begins_before_the_one_before_it_is_over_is_told() -> None:
    assert stages_of(changed("calendar", 4, start=date(2025, 12, 10))) == ["P610"]
    assert stages_of(changed("calendar", 4, start=date(2025, 12, 11))) == []


def test_what_a_step_of_the_ladder_is_worth_is_the_laws() -> None:
    (told,) = read_plan(changed("ladder", 2, points=Decimal(4)), titles=SETTINGS.titles)[1]
    assert (told.code, told.value) == ("P616", "4")
    assert "施行細則為 3 次" in told.message


def test_a_ladder_turned_round_is_told_at_each_step() -> None:
    records = filled()
    for number in range(6):
        records = altered(records, "ladder", number, rank=Decimal(6 - number))
    assert codes(records) == ["P617"] * 5


@pytest.mark.parametrize(
    ("key", "value", "lawful"),
    [
        ("clause", "柒、二、(九)", "柒、二、(一)"),
        ("bound", Bound.CEILING, Bound.FIXED),
        ("reward", "記功2次", "記大功1次"),
    ],
)
def test_the_table_of_article_7_2_says_what_the_plan_says(
    key: str, value: str, lawful: str
) -> None:
    (told,) = read_plan(changed("entitlements", 0, **{key: value}), titles=SETTINGS.titles)[1]
    assert (told.code, told.value) == ("P619", value)
    assert f"柒、二為「{lawful}」" in told.message


def test_another_agency_has_a_table_of_its_own() -> None:
    records = changed("entitlements", 0, clause="伍、一")
    assert codes(altered(records, "basics", 0, agency="經濟部水利署")) == []
