"""Would the ranking be another one? Shown, never applied."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.support import build
from xltool.model import Review
from xltool.rules import conclude
from xltool.rules.sensitivity import LEFT_OUT, ONE_SCALE, PROPOSED, SELF, WEIGHTS, sensitivity

PLAN = build.PLAN


def moved(kind: str, what: str, ranking: str, *items: object) -> tuple[tuple[str, int, int], ...]:
    dataset = build.dataset(items=items)  # type: ignore[arg-type]
    [trial] = [
        one
        for one in sensitivity(dataset, PLAN)
        if (one.kind, one.ranking) == (kind, ranking) and what in one.what
    ]
    return trial.moved


def test_five_points_more_for_one_criterion_turn_a_close_ranking_over() -> None:
    inventive = build.item("03-01", ("90", "70", "80", "80"))
    helpful = build.item("04-01", ("70", "91", "80", "80"))
    question = WEIGHTS, "創新性 30%、效益及影響 20%", SELF
    assert moved(*question, inventive, helpful) == (("03-01", 2, 1), ("04-01", 1, 2))
    far_ahead = build.item("04-01", ("90", "91", "95", "95"))
    assert moved(*question, inventive, far_ahead) == ()


def test_every_weight_is_moved_against_every_other_and_the_sum_stays_100() -> None:
    trials = [
        t for t in sensitivity(build.dataset(items=[build.item()]), PLAN) if t.kind == WEIGHTS
    ]
    assert len({trial.what for trial in trials}) == 4 * 3
    assert {trial.ranking for trial in trials} == {SELF, PROPOSED}


def test_a_weight_below_five_points_is_never_made_negative() -> None:
    weights = [Decimal(4), Decimal(32), Decimal(32), Decimal(32)]
    criteria = tuple(
        replace(one, weight=weight) for one, weight in zip(PLAN.criteria, weights, strict=True)
    )
    trials = sensitivity(build.dataset(items=[build.item()]), replace(PLAN, criteria=criteria))
    assert len({trial.what for trial in trials if trial.kind == WEIGHTS}) == 3 * 3
    whole = tuple(replace(one, weight=Decimal(5)) for one in PLAN.criteria)
    trials = sensitivity(build.dataset(items=[build.item()]), replace(PLAN, criteria=whole))
    assert len({trial.what for trial in trials if trial.kind == WEIGHTS}) == 4 * 3, (
        "down to nothing"
    )


def test_leaving_a_reviewer_out_shows_whose_voice_carries_the_proposal() -> None:
    carried = build.item("03-01", ("80",) * 4, [build.review("陳大文", recommend=True)])
    other = build.item("04-01", ("90",) * 4)
    question = LEFT_OUT, "不計 陳大文", PROPOSED
    assert moved(*question, carried, other) == (("03-01", 1, 2), ("04-01", 2, 1))


def test_leaving_a_reviewer_out_leaves_his_scores_out_of_the_mean() -> None:
    def seen(harsh: str, fair: str) -> list[Review]:
        return [build.review("嚴", (harsh,) * 4), build.review("平", (fair,) * 4)]

    items = [
        build.item("03-01", reviews=seen("40", "90")),  # 65, without 嚴 90
        build.item("04-01", reviews=seen("80", "70")),  # 75, without 嚴 70
    ]
    assert moved(LEFT_OUT, "不計 嚴", PROPOSED, *items) == (("03-01", 2, 1), ("04-01", 1, 2))
    assert moved(LEFT_OUT, "不計 平", PROPOSED, *items) == ()


def test_a_reviewer_who_scored_one_item_only_puts_it_in_the_middle() -> None:
    items = [
        build.item("03-01", reviews=[build.review("一", ("99",) * 4)]),
        build.item("04-01", reviews=[build.review("二", ("71",) * 4)]),
        build.item("04-02", reviews=[build.review("二", ("70",) * 4)]),
    ]
    # 71 is one standard deviation above its reviewer's mean, 70 one below; 99 says nothing.
    found = moved(ONE_SCALE, "只評一項或評分全同者為 0", "督導評分名次", *items)
    assert found == (("03-01", 1, 2), ("04-01", 2, 1))


def test_on_one_scale_a_mild_and_a_strict_reviewer_weigh_alike() -> None:
    mild, strict = "寬", "嚴"
    items = [
        build.item("03-01", reviews=[build.review(mild, ("90",) * 4)]),
        build.item("03-02", reviews=[build.review(mild, ("98",) * 4)]),
        build.item("04-01", reviews=[build.review(strict, ("60",) * 4)]),
        build.item("04-02", reviews=[build.review(strict, ("70",) * 4)]),
    ]
    found = moved(ONE_SCALE, "z 分數", "督導評分名次", *items)
    # 98 and 70 are each one's best, 90 and 60 each one's worst.
    assert found == (("03-01", 2, 3), ("04-01", 4, 3), ("04-02", 3, 1))


SCORES = st.integers(0, 100).map(str)


@given(st.lists(st.tuples(SCORES, SCORES, SCORES, SCORES), min_size=1, max_size=6))
def test_a_trial_never_changes_what_is_concluded(rows: list[tuple[str, str, str, str]]) -> None:
    items = [
        build.item(f"03-{n:02}", row, [build.review("陳大文", row)])
        for n, row in enumerate(rows, 1)
    ]
    dataset = build.dataset(items=items)
    before = conclude(dataset, PLAN)
    for trial in sensitivity(dataset, PLAN):
        for item, now, then in trial.moved:
            assert now != then
            assert 1 <= then <= len(items)
            if trial.ranking == SELF:
                [score] = [one for one in before.scoring.items if one.item == item]
                assert score.rank_overall is not None
                assert score.rank_overall.place == now
    assert conclude(dataset, PLAN) == before
