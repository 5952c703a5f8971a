"""A year's plan states only what differs from the one before: a clause more is a handful of lines."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import xltool.data
from tests.support import build
from xltool.data import editions, shipped
from xltool.model import ContestStage, Role
from xltool.plan import Plan, checks, read_plan, shipped_plan, shipped_records
from xltool.rules import conclude
from xltool.rules.clauses import clauses
from xltool.wording import shipped_words

PLAN_116 = """
[edition] # 116年計畫修正（116.01.20核定）
since = 2027-01-20
reference = "經濟部能源署116年提升服務效能執行計畫"

[[entitlements]]
clause = "柒、二、(六)"
stage = "獲獎"
role = "輔導有功人員"
bound = "固定"
reward = "嘉獎2次"
"""
CLAUSES_116 = """
[edition]
since = 2027-01-20
reference = "經濟部能源署116年提升服務效能執行計畫"

[[clause]]
locator = "柒、二、(六)"
after = "柒、二、(五)"
says = "獲獎案之輔導有功人員，嘉獎2次"
rules = ["R4"]
"""


def forget() -> None:
    for cached in (clauses, shipped_words, checks._shipped_for):
        cached.cache_clear()


@pytest.fixture
def with_116(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program with a plan of 116 that has one clause more."""
    data = tmp_path / "data"
    shutil.copytree(Path(xltool.data.__file__).parent, data)
    (data / "116").mkdir(exist_ok=True)
    (data / "116" / "plan.toml").write_text(PLAN_116, "utf-8")
    (data / "116" / "clauses.toml").write_text(CLAUSES_116, "utf-8")
    monkeypatch.setattr(xltool.data, "folder", lambda: data)
    forget()
    yield data
    forget()


def coached(plan: Plan) -> tuple[str, str]:
    """What the plan gives somebody who coached an entry that won, and by which clause."""
    entry = build.entry(stage=ContestStage.AWARDED)
    dataset = build.dataset([entry], [build.person(role=Role.COACH)])
    [line] = conclude(dataset, plan).rewards.lines
    assert line.reward is not None
    return line.reward.name, line.clause


@pytest.mark.usefixtures("with_116")
def test_a_clause_more_holds_from_its_year_on_and_leaves_the_years_before_as_they_were() -> None:
    for year in (114, 115):
        assert coached(shipped_plan(year)) == ("嘉獎1次", "柒、二、(四)")
    for year in (116, 117):
        assert coached(shipped_plan(year)) == ("嘉獎2次", "柒、二、(六)")


def test_the_years_before_have_the_very_plan_that_they_had(with_116: Path) -> None:
    amended = {
        year: (shipped_plan(year), clauses(year), shipped_words(year)) for year in (114, 115)
    }
    shutil.rmtree(with_116 / "116")
    forget()
    for year, had in amended.items():
        assert had == (shipped_plan(year), clauses(year), shipped_words(year))


@pytest.mark.usefixtures("with_116")
def test_settings_are_held_against_the_plan_of_their_own_year() -> None:
    def told(year: int, plan_of: int) -> list[str]:
        records = tuple(r for r in shipped_records(plan_of) if r.section != "basics")
        basics = (r for r in shipped_records(year) if r.section == "basics")
        found = read_plan([*basics, *records])[1]
        return [one.code for one in found if one.code in {"P606", "P616", "P617", "P618", "P619"}]

    assert told(116, 116) == told(115, 115) == []
    assert told(115, 116) == ["P618"]  # 115's plan does not have it


@pytest.mark.usefixtures("with_116")
def test_a_clause_stands_where_the_plan_has_it() -> None:
    places = [clause.locator for clause in clauses(116)]
    assert places.index("柒、二、(六)") == places.index("柒、二、(五)") + 1
    assert "柒、二、(六)" not in [clause.locator for clause in clauses(115)]


def test_a_later_edition_changes_a_value_drops_a_row_and_is_rolled_on_itself(
    with_116: Path,
) -> None:
    (with_116 / "116" / "plan.toml").write_text(
        """
        [options]
        score_gap = 20
        [[criteria]]
        name = "創新性"
        weight = 40
        [[criteria]]
        name = "擴散應用"
        weight = 10
        [[calendar]]
        stage = "設定年度參與業務"
        due = 2027-04-15
        [[titles]]
        rank = 3
        gone = true
        """,
        "utf-8",
    )
    before, plan, later = shipped_plan(115), shipped_plan(116), shipped_plan(117)
    assert (plan.options.score_gap, plan.options.full_score) == (
        Decimal(20),
        before.options.full_score,
    )
    weights = [Decimal(weight) for weight in (40, 25, 25, 10)]
    assert [one.weight for one in plan.criteria] == weights
    assert [one.meaning for one in plan.criteria] == [one.meaning for one in before.criteria]
    assert plan.titles == before.titles[:2]
    due = [one.due for one in (plan.calendar[1], later.calendar[1], before.calendar[1])]
    assert due == [date(2027, 4, 15), date(2028, 4, 15), date(2026, 3, 31)]
    assert (plan.title, later.year) == (before.title.replace("115", "116"), 117)
    assert replace(later, year=116).options == plan.options


def test_a_later_year_s_files_say_since_when_and_by_what() -> None:
    for name in ("plan.toml", "clauses.toml"):
        first, *later = (year for year, _ in editions(name))
        for year in later:
            path = Path(xltool.data.__file__).parent / str(year) / name
            edition = tomllib.loads(path.read_text("utf-8"))["edition"]
            assert isinstance(edition["since"], date)
            assert edition["reference"]
        assert first == 114


def test_a_year_before_all_editions_goes_by_the_first() -> None:
    assert shipped("clauses.toml", 100) == shipped("clauses.toml", 114)
