"""R1: weighted scores, their rankings, and the gap between self and review (陸、一、(三))."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from xltool.findings import Finding, finding
from xltool.model import Address, Dataset, Item, Score
from xltool.plan import Criterion, Plan
from xltool.rules.held import to_correct
from xltool.rules.outcomes import ItemScore, Rank, Scoring, Total
from xltool.rules.rule import Choice, Rule
from xltool.wording import the
from xltool.zh import same

SELF, MEAN = "自評", "督導平均"
RECUSED = "迴避，本項評分與建議不列計"
_CENT = Decimal("0.01")

RULE = Rule(
    key="R1",
    title="四構面評分",
    clauses=("criteria",),
    module="scoring",
    settings=("options.full_score", "criteria.weight", "options.score_gap"),
    findings=("R513", "R534"),
    choices=(
        Choice(
            "各構面從 0 評到滿分，滿分為 100 分，$agency自訂，非國發會公告", "options.full_score"
        ),
        Choice("權重各 25%，$agency自訂，非國發會公告", "criteria.weight"),
        Choice("自評與督導評分相差「超過」此分數才提醒，剛好相等不提醒", "options.score_gap"),
        Choice("加權總分為 Σ 評分×權重，最後一次四捨五入到小數 2 位，過程不捨入"),
        Choice("缺任何一個構面的評分即為「未評」並列出所缺構面；缺評分不當作 0 分"),
        Choice("督導評分為選填；多位成員取評分完整者的平均，每位的總分各自保留"),
        Choice(
            "督導成員選「迴避」者，評分不列計並註明；列為該業務承辦人或有功人員而未選者照計並提醒，同單位不是迴避的理由"
        ),
        Choice("差距以顯示的（已捨入的）兩個總分相減，使人看到的數字相符"),
        Choice("名次依自評總分，分「同一類別」與「全署」；同分並列，下一名跳號（1、1、3）"),
    ),
)


def score_items(dataset: Dataset, plan: Plan) -> Scoring:
    """R1 for every item, in 業務編號 order. An item without complete self-scores is 未評."""
    scored = [_score(item, plan) for item in sorted(dataset.items, key=lambda item: item.id)]
    categories = {score.category for score in scored if score.category is not None}
    overall = _ranks(scored)
    within = {
        key: rank
        for category in categories
        for key, rank in _ranks([s for s in scored if s.category is category]).items()
    }
    items = tuple(
        replace(s, rank_overall=overall.get(s.item), rank_category=within.get(s.item))
        for s in scored
    )
    return Scoring(items, tuple(_gaps(items, dataset, plan)))


def total(who: str, scores: Iterable[Score], criteria: Sequence[Criterion]) -> Total:
    """One weighted total: Σ score × weight ÷ 100, rounded half up once, to 2 places."""
    exact, missing, steps = _weighted(scores, criteria)
    if exact is None:
        return Total(who, None, missing, steps)
    value = rounded(exact)
    return Total(who, value, (), (*steps, f"＝{plain(exact)}，四捨五入為 {value}"))


def rounded(number: Decimal) -> Decimal:
    """Two places, half up."""
    return number.quantize(_CENT, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """A number for a person: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _weighted(
    scores: Iterable[Score], criteria: Sequence[Criterion]
) -> tuple[Decimal | None, tuple[str, ...], tuple[str, ...]]:
    """The exact sum (None when a score is missing), the criteria missing, the arithmetic."""
    scores = tuple(scores)
    given = {same(score.criterion): score.value for score in scores if score.value is not None}
    missing = tuple(c.name for c in criteria if same(c.name) not in given)
    if missing:
        held = tuple(to_correct(one) for one in scores if one.value is None and one.faults)
        return None, missing, (f"未評：缺 {'、'.join(missing)} 評分（缺評分不當作 0 分）", *held)
    terms = [(given[same(c.name)], c.weight) for c in criteria]
    exact = sum((score * weight for score, weight in terms), Decimal(0)) / 100
    return exact, (), ("＋".join(f"{plain(score)}×{plain(weight)}%" for score, weight in terms),)


def _score(item: Item, plan: Plan) -> ItemScore:
    own = total(SELF, item.scores, plan.criteria)
    reviewers = tuple(
        Total(r.reviewer, None, (), (RECUSED,))
        if r.recused
        else total(r.reviewer, r.scores, plan.criteria)
        for r in item.reviews
    )
    mean = _mean(item, plan.criteria)
    gap = None if own.value is None or mean.value is None else own.value - mean.value
    return ItemScore(
        item=item.id,
        unit=item.unit,
        name=item.name,
        category=item.category,
        self_total=own,
        reviewers=reviewers,
        review=mean,
        gap=gap,
        gap_flagged=gap is not None and abs(gap) > plan.options.score_gap,
        rank_overall=None,
        rank_category=None,
        cites=the.criteria,
    )


def _mean(item: Item, criteria: Sequence[Criterion]) -> Total:
    """The mean of the reviewers' complete totals, from exact values, rounded once."""
    counted = [review for review in item.reviews if not review.recused]
    weighed = [(review.reviewer, *_weighted(review.scores, criteria)) for review in counted]
    complete = [(who, exact) for who, exact, _, _ in weighed if exact is not None]
    if not complete:
        lacking = {name for _, _, missing, _ in weighed for name in missing}
        names = tuple(c.name for c in criteria if c.name in lacking)
        why = "無完整的督導評分（選填）" if counted else "尚無督導意見"
        why = "督導成員已迴避" if item.reviews and not counted else why
        return Total(MEAN, None, names, (f"未評：{why}",))
    mean = sum((exact for _, exact in complete), Decimal(0)) / len(complete)
    value = rounded(mean)
    steps = [f"{who} {plain(exact)}" for who, exact in complete]
    left_out = [who for who, exact, _, _ in weighed if exact is None]
    if left_out:
        steps.append(f"評分不完整，不計入平均：{'、'.join(left_out)}")
    if recused := [review.reviewer for review in item.reviews if review.recused]:
        steps.append(f"迴避，不計入平均：{'、'.join(recused)}")
    terms = "＋".join(plain(exact) for _, exact in complete)
    steps.append(f"（{terms}）÷{len(complete)}，四捨五入為 {value}")
    return Total(MEAN, value, (), tuple(steps))


def _ranks(scored: Iterable[ItemScore]) -> dict[str, Rank]:
    """Places by self-score, highest first: ties share a place, the next one is skipped."""
    totals = {s.item: s.self_total.value for s in scored if s.self_total.value is not None}
    shared = Counter(totals.values())
    return {
        item: Rank(place, shared[totals[item]] > 1, len(totals))
        for item, place in places(totals).items()
    }


def places(worth: Mapping[str, Any]) -> Mapping[str, int]:
    """Each one's place by what it is worth, highest first: equals share one, the next is skipped."""
    ascending = sorted(worth.values())
    return {
        one: 1 + len(ascending) - bisect_right(ascending, value) for one, value in worth.items()
    }


def _gaps(items: Iterable[ItemScore], dataset: Dataset, plan: Plan) -> Iterable[Finding]:
    for score in items:
        if score.gap_flagged and score.gap is not None:
            yield finding(
                "R513",
                _first_score(dataset.item(score.item)),
                abs(score.gap),
                threshold=plain(plan.options.score_gap),
            )


def _first_score(item: Item | None) -> Address:
    """The first score that the 督導小組 gave an item, else that it gave itself."""
    reviewed = [score for review in item.reviews for score in review.scores] if item else []
    given = (score.at for score in (*reviewed, *(item.scores if item else ())))
    return next((at for at in given if at), Address(""))
