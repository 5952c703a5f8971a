"""Every clause of the plan is carried out somewhere, or it is said why not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import build
from tests.support.cases import FILES
from tests.support.settings import changed
from xltool import rules
from xltool.forms import FORMS, Form
from xltool.model import Bound, Dataset
from xltool.plan import Plan, read_plan, shipped_plan
from xltool.rules import RULES, Outcomes, conclude
from xltool.rules.clauses import clauses
from xltool.wording import shipped_words
from xltool.zh import locator

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
    heads = [clause.locator.split("、")[0] for clause in PLAN]
    assert list(dict.fromkeys(heads)) == [*"壹貳參肆伍陸柒捌", "附件1", "附件2", "附件3"]


ONE_BY_ONE = (
    *("肆、一", "肆、二"),
    *(f"陸、一、(三)、{n}" for n in range(1, 5)),
    *(f"柒、二、({n})" for n in "一二三四五"),
    *("附件1、確認計畫內容", "附件1、設定年度參與業務"),
    *("附件1、辦理年度自評作業", "附件1、提交年度執行結果"),
    *("附件3、壹", "附件3、貳", "附件3、貳、一", "附件3、貳、二", "附件3、參"),
    *("附件3、填寫說明、1", "附件3、填寫說明、2"),
)


@pytest.mark.parametrize("place", ONE_BY_ONE)
def test_what_the_plan_orders_in_a_list_is_told_item_by_item(place: str) -> None:
    assert BY_LOCATOR[place].done_in or BY_LOCATOR[place].rules


DOTTED = re.compile(r"(?:[壹貳參肆伍陸柒捌]|附件[1-3])\.(?:[一二三四五六七八九]|\()")
PRINTED = re.compile(
    r"(?:[壹貳參肆伍陸柒捌]|附件[1-3])(?:、(?:[一二三四五六七八九十](?!類)|\([一二三四五六七八九十]\)))+"
)


@pytest.mark.parametrize(
    "path", sorted(Path(rules.__file__).parents[1].rglob("*.py")), ids=lambda path: path.stem
)
def test_a_place_in_the_plan_is_written_as_the_plan_does_and_there_is_such_a_place(
    path: Path,
) -> None:
    text = path.read_text("utf-8")
    assert DOTTED.findall(text) == [] or path.name == "zh.py"
    for place in PRINTED.findall(text):
        assert any(f"{known}、".startswith(f"{place}、") for known in BY_LOCATOR), place


def test_settings_may_write_a_place_in_either_way() -> None:
    assert locator("柒.二.(一)") == locator("柒、二、（一）") == "柒、二、(一)"
    old = changed("entitlements", 0, clause="柒.二.(一)")
    plan, found = read_plan(old)
    assert plan is not None
    assert plan.entitlements[0].clause == "柒、二、(一)"
    assert "P619" not in [one.code for one in found]


def test_what_a_rule_cites_is_a_clause_that_names_the_rule() -> None:
    for rule in RULES:
        for key in rule.clauses:
            assert rule.key in BY_LOCATOR[shipped_words()[key]].rules, (rule.key, key)
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
