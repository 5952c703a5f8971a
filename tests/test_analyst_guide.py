"""The analyst's page is run as it stands: five questions, each answered from the sample year."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest

from tests.support.sample import year_of_114

pytestmark = pytest.mark.filterwarnings(
    "ignore:Glyph"
)  # a bare machine has no Chinese font to draw in

PAGE = Path(__file__).parents[1] / "docs" / "guide" / "analyst.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What stands in the page's names after all of it was run, beside a year's folder."""
    mpl.use("Agg")
    folder = tmp_path_factory.mktemp("analyst")
    [owed] = year_of_114(folder).inbox.glob("114_05_*填報表*")
    owed.unlink()
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in BLOCKS:
            exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - it is our own page
    return {**names, "folder": folder}


def test_the_page_answers_five_questions() -> None:
    headings = re.findall(r"^## ([一二三四五])、.*？$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert headings == ["一", "二", "三", "四", "五"]


def test_who_is_late_is_who_has_not_filed(answers: dict[str, Any]) -> None:
    late, filings = answers["late"], answers["filings"]
    assert len(late) == int((~filings["filed"]).sum())
    assert [*late["unit"], *late["form"]] == ["再生與前瞻能源發展組", "report"]


def test_rates_are_of_the_categories_that_there_are(answers: dict[str, Any]) -> None:
    table = answers["by_category"]
    assert set(table.index) == {item.category for item in answers["year"].items}
    assert table["count"].sum() == answers["rate"].notna().sum() > 10
    assert table["median"].between(0.5, 2).all()


def test_a_gap_is_the_self_assessment_less_the_review(answers: dict[str, Any]) -> None:
    compared = answers["compared"].dropna()
    assert len(compared) >= 4
    assert (
        compared["gap"] - (compared["self_total"] - compared["review_total"]).abs()
    ).abs().max() < 0.01


def test_fields_are_told_that_were_filled_wrongly(answers: dict[str, Any]) -> None:
    assert answers["errors"]["report", "report.next_steps"] == 1
    assert answers["rate_of_units"]["report"] == pytest.approx(2 / 12)


def test_rewards_are_counted_and_drawn(answers: dict[str, Any]) -> None:
    outcomes = answers["year"].outcomes
    given = [
        line.reward.name for line in outcomes.rewards.lines if line.reward and not line.blocked
    ]
    assert answers["by_level"].to_dict() == pd.Series(given).value_counts().to_dict()
    assert len(answers["chart"].patches) == len(set(given))
    assert (answers["folder"] / "敘獎人次.png").stat().st_size > 5_000
