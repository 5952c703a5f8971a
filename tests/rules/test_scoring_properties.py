"""陸、一、(三) as laws, with an oracle in whole numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.support import build
from xltool.rules import conclude
from xltool.rules.outcomes import Scoring
from xltool.rules.scoring import score_items

marks = st.integers(0, 10000).map(lambda hundredths: Decimal(hundredths) / 100)
four = st.lists(marks, min_size=4, max_size=4)
some = st.lists(st.one_of(marks, st.just("")), min_size=4, max_size=4)


def scoring(*items: list[object]) -> Scoring:
    rows = [build.item(f"03-{n:02}", scored) for n, scored in enumerate(items, 1)]
    return score_items(build.dataset(items=rows), build.PLAN)


def half_up(value: Fraction) -> Decimal:
    """Two places, half up, in whole numbers."""
    return Decimal((value * 100 + Fraction(1, 2)).__floor__()) / 100


@given(four)
def test_a_total_is_the_exact_sum_rounded_half_up_once(scored: list[object]) -> None:
    exact = sum((Fraction(str(mark)) for mark in scored), Fraction(0)) / 4
    (item,) = scoring(scored).items
    assert item.self_total.value == half_up(exact)


@given(st.lists(four, min_size=1, max_size=5))
def test_the_mean_of_reviewers_is_exact_before_it_is_rounded(reviews: list[list[object]]) -> None:
    rows = [build.review(f"成員{n}", scored) for n, scored in enumerate(reviews)]
    year = build.dataset(items=[build.item(reviews=rows)])
    (item,) = score_items(year, build.PLAN).items
    total = sum((Fraction(str(mark)) for scored in reviews for mark in scored), Fraction(0))
    assert item.review.value == half_up(total / (4 * len(reviews)))
    assert len(item.reviewers) == len(reviews)


@given(some)
def test_a_missing_score_leaves_no_total_and_is_named(scored: list[object]) -> None:
    (item,) = scoring(scored).items
    missing = [c.name for c, mark in zip(build.PLAN.criteria, scored, strict=True) if mark == ""]
    assert list(item.self_total.missing) == missing
    assert (item.self_total.value is None) == bool(missing)
    assert (item.rank_overall is None) == bool(missing)


@given(
    st.lists(st.lists(st.integers(0, 3).map(lambda n: n * 25), min_size=4, max_size=4), max_size=6)
)
def test_a_place_is_one_more_than_those_who_are_better(items: list[list[object]]) -> None:
    scored = scoring(*items).items
    totals = [item.self_total.value for item in scored]
    for item in scored:
        own = item.self_total.value
        assert own is not None and item.rank_overall is not None
        better = [value for value in totals if value is not None and value > own]
        assert item.rank_overall.place == len(better) + 1
        assert item.rank_overall.tied == (totals.count(own) > 1)
        assert item.rank_overall.of == len(items)


@given(st.data(), st.lists(some, max_size=5))
def test_the_order_of_items_never_matters(data: st.DataObject, items: list[list[object]]) -> None:
    rows = [
        build.item(f"03-{n:02}", scored, [build.review(scored=scored, recommend=n % 2 == 0)])
        for n, scored in enumerate(items)
    ]
    shuffled = data.draw(st.permutations(rows))
    one, other = (conclude(build.dataset(items=order), build.PLAN) for order in (rows, shuffled))
    assert one == other


def test_the_steps_show_the_arithmetic() -> None:
    (item,) = scoring(["80", "85.5", "90", "77"]).items
    assert item.self_total.steps == (
        "80×25%＋85.5×25%＋90×25%＋77×25%",
        "＝83.125，四捨五入為 83.13",
    )
    (item,) = scoring(["80", "", "90", "77"]).items
    assert item.self_total.steps == ("未評：缺 效益及影響 評分（缺評分不當作 0 分）",)
