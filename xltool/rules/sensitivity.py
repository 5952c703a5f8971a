"""Would the ranking be another one? R1 and R2 under other weights, without one reviewer, on one scale.

Shown beside the ranking, never applied: the plan knows no such correction (陸、一、(三), 附件2、三、(三)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from xltool.model import Dataset, Item
from xltool.plan import Plan
from xltool.rules.outcomes import Scoring
from xltool.rules.recommendation import recommend
from xltool.rules.scoring import places, plain, score_items

STEP = Decimal(5)
"""Points of weight that move from one criterion to another."""

SELF, PROPOSED, REVIEWED = "自評名次", "推薦順序", "督導評分名次"
WEIGHTS, LEFT_OUT, ONE_SCALE = "權重變動", "少一位督導成員", "督導評分換算為同一尺度"

Places = Mapping[str, int]


@dataclass(frozen=True)
class Trial:
    """One question: `kind` of change, `what` was changed, which `ranking` was looked at, and the items
    whose place would be another one: 業務編號, place now, place then."""

    kind: str
    what: str
    ranking: str
    moved: tuple[tuple[str, int, int], ...]


def sensitivity(dataset: Dataset, plan: Plan) -> tuple[Trial, ...]:
    """Every trial of a year, in a fixed order: each weight ± 5 points at another's cost, each reviewer
    left out, the reviewers' totals as z-scores (each one's mean 0 and standard deviation 1)."""
    scoring = score_items(dataset, plan)
    return (
        *_weights(dataset, plan, scoring),
        *_left_out(dataset, plan, scoring),
        *_one_scale(scoring),
    )


def _weights(dataset: Dataset, plan: Plan, scoring: Scoring) -> Iterator[Trial]:
    now, proposed = _own(scoring), _proposed(dataset, plan, scoring)
    for up, down in permutations(range(len(plan.criteria)), 2):
        criteria = list(plan.criteria)
        if criteria[down].weight < STEP:
            continue
        for n, change in ((up, STEP), (down, -STEP)):
            criteria[n] = replace(criteria[n], weight=criteria[n].weight + change)
        other = replace(plan, criteria=tuple(criteria))
        what = "、".join(f"{criteria[n].name} {plain(criteria[n].weight)}%" for n in (up, down))
        there = score_items(dataset, other)
        yield Trial(WEIGHTS, what, SELF, _moved(now, _own(there)))
        yield Trial(WEIGHTS, what, PROPOSED, _moved(proposed, _proposed(dataset, other, there)))


def _left_out(dataset: Dataset, plan: Plan, scoring: Scoring) -> Iterator[Trial]:
    proposed = _proposed(dataset, plan, scoring)
    reviewed: dict[str, list[Item]] = defaultdict(list)
    for item in dataset.items:
        for name in {review.reviewer for review in item.reviews}:
            reviewed[name].append(item)
    for name, items in sorted(reviewed.items()):
        less = {
            item.id: replace(item, reviews=tuple(r for r in item.reviews if r.reviewer != name))
            for item in items
        }
        year = replace(dataset, items=tuple(less.get(item.id, item) for item in dataset.items))
        # Of a thousand items a reviewer saw a few: only those are scored again.
        again = score_items(replace(dataset, items=tuple(less.values())), plan).items
        other = {score.item: score for score in again}
        scored = replace(scoring, items=tuple(other.get(s.item, s) for s in scoring.items))
        yield Trial(
            LEFT_OUT, f"不計 {name}", PROPOSED, _moved(proposed, _proposed(year, plan, scored))
        )


def _one_scale(scoring: Scoring) -> Iterator[Trial]:
    given = _review_totals(scoring)
    if not given:
        return
    plainly = _means(given, lambda _, total: total)
    by_reviewer: dict[str, list[Decimal]] = defaultdict(list)
    for totals in given.values():
        for who, total in totals.items():
            by_reviewer[who].append(total)
    centre = {who: _mean(totals) for who, totals in by_reviewer.items()}
    spread = {
        who: _mean([(total - centre[who]) ** 2 for total in totals]).sqrt()
        for who, totals in by_reviewer.items()
    }

    def scaled(who: str, total: Decimal) -> Decimal:
        return (total - centre[who]) / spread[who] if spread[who] else Decimal(0)

    what = "各成員評分減其平均、除以其標準差（z 分數）；只評一項或評分全同者為 0"
    yield Trial(ONE_SCALE, what, REVIEWED, _moved(places(plainly), places(_means(given, scaled))))


def _review_totals(scoring: Scoring) -> Mapping[str, Mapping[str, Decimal]]:
    """The reviewers' complete totals, by item and reviewer."""
    given: dict[str, dict[str, Decimal]] = {}
    for score in scoring.items:
        totals = {one.who: one.value for one in score.reviewers if one.value is not None}
        if totals:
            given[score.item] = totals
    return given


def _means(
    given: Mapping[str, Mapping[str, Decimal]], scale: Callable[[str, Decimal], Decimal]
) -> Mapping[str, Decimal]:
    return {
        item: _mean([scale(who, total) for who, total in totals.items()])
        for item, totals in given.items()
    }


def _mean(numbers: Sequence[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0)) / len(numbers)


def _own(scoring: Scoring) -> Places:
    return {one.item: one.rank_overall.place for one in scoring.items if one.rank_overall}


def _proposed(dataset: Dataset, plan: Plan, scoring: Scoring) -> Places:
    proposal, _ = recommend(dataset, scoring, (), plan)  # meetings decide, they do not rank
    return {one.item: one.place for one in proposal}


def _moved(now: Places, then: Places) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (item, place, then[item])
        for item, place in sorted(now.items())
        if item in then and then[item] != place
    )
