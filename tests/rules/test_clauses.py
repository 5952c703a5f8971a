"""Every clause of the plan is carried out somewhere, or it is said why not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.support import build
from tests.support.cases import FILES
from xltool import rules
from xltool.forms import FORMS, Form
from xltool.model import Bound, Dataset
from xltool.plan import Plan, shipped_plan
from xltool.rules import RULES, Outcomes, conclude
from xltool.rules.clauses import clauses

PLAN = clauses(114)
BY_LOCATOR = {clause.locator: clause for clause in PLAN}


def test_every_clause_is_coded_or_says_why_not() -> None:
    for clause in PLAN:
        assert clause.says
        assert clause.rules or clause.done_in or clause.reason, clause.locator
    assert len(BY_LOCATOR) == len(PLAN)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_carries_a_clause_out_in_a_form_is_asked_there(form: Form) -> None:
    asked = {*form.titles.values(), *(one.field.label for one in form.asked.values())}
    for clause in PLAN:
        for place in clause.done_in:
            assert set(re.findall(f"{form.title}「([^」]+)」", place)) <= asked, clause.locator


def test_every_article_and_annex_of_the_plan_is_there() -> None:
    heads = [re.split(r"[.]", clause.locator)[0] for clause in PLAN]
    assert list(dict.fromkeys(heads)) == [*"壹貳參肆伍陸柒捌", "附件1", "附件2", "附件3"]


def test_what_a_rule_cites_is_a_clause_that_names_the_rule() -> None:
    for rule in RULES:
        for locator in rule.clauses:
            assert rule.key in BY_LOCATOR[locator].rules, (rule.key, locator)
    keys = {rule.key for rule in RULES}
    assert {key for clause in PLAN for key in clause.rules} == keys


def test_every_clause_with_a_case_is_known() -> None:
    assert {file["clause"] for file in FILES.values()} <= BY_LOCATOR.keys()


def test_the_amounts_of_the_settings_are_those_that_the_clauses_say() -> None:
    for right in shipped_plan(114).entitlements:
        says = BY_LOCATOR[right.clause].says
        amount = right.reward.name
        assert (f"最高{amount}" if right.bound is Bound.CEILING else amount) in says


def test_a_year_without_a_plan_of_its_own_goes_by_the_one_before() -> None:
    assert clauses(115) == clauses(114) == clauses(100)


def test_next_year_s_rules_leave_114_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = build.dataset([build.entry()], [build.person()])
    plan = shipped_plan(114)
    before = conclude(dataset, plan)
    amended = replace(before, findings=())

    def conclude_115(_dataset: Dataset, _plan: Plan) -> Outcomes:
        return replace(amended, meetings=())

    monkeypatch.setattr(rules, "EDITIONS", {**rules.EDITIONS, 115: conclude_115})
    assert conclude(dataset, plan) == before
    for year in (115, 120):
        assert conclude(dataset, replace(plan, year=year)) == conclude_115(dataset, plan)
