"""R2: the items proposed for the 政府服務獎, best first (附件2.三.(三)). The meeting decides."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xltool.model import Dataset, Item
from xltool.rules.outcomes import ItemScore, MeetingOutcome, Recommendation, Scoring
from xltool.rules.rule import Choice, Rule

CLAUSE = "附件2.三.(三)"
NOT_REPORTED = "尚無執行成果"

RULE = Rule(
    key="R2",
    title="推薦參加政府服務獎",
    clauses=(CLAUSE,),
    module="recommendation",
    settings=(),
    findings=(),
    choices=(
        Choice(
            "排序為提案：先依「建議參加」之督導成員比率，再依自評總分，再依督導平均；"
            "三者皆同則並列（理由見 docs/decisions/0005-recommendation-order.md）"
        ),
        Choice(
            "尚無督導意見視為無人建議；未評者排在同一比率的最後；尚無執行成果者列於最後並說明理由"
        ),
        Choice("會議（成立者）就該業務最近一次的決議，列於提案旁並優先於提案"),
        Choice("當年評獎實施計畫的參獎限制不在本計畫內，由會議審酌"),
    ),
)


def recommend(
    dataset: Dataset, scoring: Scoring, meetings: Sequence[MeetingOutcome]
) -> tuple[Recommendation, ...]:
    """R2 for every item, best first. `meetings` in order of time: the last decision stands."""
    decided = {
        motion.item: motion.decision
        for meeting in meetings
        for motion in meeting.motions
        if motion.item and motion.decision
    }
    scores = {score.item: score for score in scoring.items}
    worth = {item.id: _worth(item, scores[item.id]) for item in dataset.items}
    ordered = sorted(dataset.items, key=lambda item: item.id)
    ordered.sort(key=lambda item: worth[item.id], reverse=True)
    return tuple(
        Recommendation(
            item=item.id,
            unit=item.unit,
            name=item.name,
            category=item.category,
            place=1 + sum(other > worth[item.id] for other in worth.values()),
            score=scores[item.id].self_total.value,
            recommended_by=_answers(item).count(True),
            reviewers=len(_answers(item)),
            decision=decided.get(item.id, ""),
            excluded="" if item.reported else NOT_REPORTED,
            cites=CLAUSE,
        )
        for item in ordered
    )


def _answers(item: Item) -> list[bool]:
    return [review.recommend for review in item.reviews if review.recommend is not None]


def _worth(item: Item, score: ItemScore) -> tuple[bool, Decimal, Decimal, Decimal]:
    """What the order goes by, higher is better; a total that is not there comes last."""
    answers = _answers(item)
    share = Decimal(answers.count(True)) / len(answers) if answers else Decimal(0)
    own, review = score.self_total.value, score.review.value
    none = Decimal(-1)
    return (
        item.reported,
        share,
        none if own is None else own,
        none if review is None else review,
    )
