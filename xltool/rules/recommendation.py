"""R2: the items proposed for the 政府服務獎, best first (附件2、三、(三)). The meeting decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xltool.findings import Finding, finding
from xltool.model import Address, Category, Confirmed, Dataset, Item
from xltool.plan import Plan
from xltool.rules.outcomes import (
    Confirmation,
    ItemScore,
    MeetingOutcome,
    MotionOutcome,
    Recommendation,
    Scoring,
)
from xltool.rules.rule import Choice, Rule
from xltool.rules.scoring import places
from xltool.wording import the

NOT_REPORTED = "尚無執行成果"

RULE = Rule(
    key="R2",
    title="推薦參加$contest",
    clauses=("proposal", "restrictions"),
    module="recommendation",
    settings=("restrictions", "winners"),
    findings=("R519",),
    choices=(
        Choice(
            "排序為提案：先依「建議參加」之督導成員比率，再依自評總分，再依督導平均；"
            "三者皆同則並列（理由見 docs/decisions/0005-recommendation-order.md）"
        ),
        Choice("推薦順序分「同一類別」與「全署」；類別待確認者只列全署順序"),
        Choice(
            "尚無督導意見視為無人建議；未評者排在同一比率的最後；尚無執行成果者列於最後並說明理由"
        ),
        Choice(
            "會議（成立者）就該業務最近一次的決議，列於提案旁並優先於提案；有選「參獎決定」者，以最近一次所選為準"
        ),
        Choice(
            "當年評獎實施計畫的參獎限制由承辦人列入年度設定「參獎限制」；受限的業務列於最後並說明理由，"
            "會議另有決議時兩者並列",
            "restrictions.items",
        ),
        Choice("會議決定不列入參與業務者，列於最後並說明理由"),
        Choice(
            "曾獲獎的業務照常排序，並註明屆別與參選編號；是否受參獎限制由承辦人列入", "winners.item"
        ),
    ),
)


def recommend(
    dataset: Dataset,
    scoring: Scoring,
    meetings: Sequence[MeetingOutcome],
    plan: Plan,
    confirmations: Sequence[Confirmation] = (),
) -> tuple[tuple[Recommendation, ...], tuple[Finding, ...]]:
    """R2 for every item, best first. `meetings` in order of time: the last decision stands.
    `confirmations`: an item that the group left out comes last."""
    known = {item.id for item in dataset.items}
    barred = {item: limit.reason for limit in plan.restrictions for item in limit.items}
    strange = tuple(finding("R519", Address("年度設定"), one) for one in barred if one not in known)
    left_out = {one.item: _left_out(one) for one in confirmations}
    excluded = {
        item.id: _excluded(item, barred.get(item.id, ""), left_out.get(item.id, ""))
        for item in dataset.items
    }
    decided = _decided(meetings)
    scores = {score.item: score for score in scoring.items}
    worth = {
        item.id: (not excluded[item.id], *_worth(item, scores[item.id])) for item in dataset.items
    }
    place = places(worth)
    within: dict[str, int] = {}
    for category in Category:
        entered = [item.id for item in dataset.items if item.category is category]
        within |= places({one: worth[one] for one in entered})
    ordered = sorted(dataset.items, key=lambda item: item.id)
    ordered.sort(key=lambda item: worth[item.id], reverse=True)
    proposed = tuple(
        Recommendation(
            item=item.id,
            unit=item.unit,
            name=item.name,
            category=item.category,
            place=place[item.id],
            place_category=within.get(item.id),
            score=scores[item.id].self_total.value,
            recommended_by=_answers(item).count(True),
            reviewers=len(_answers(item)),
            decision=decided[item.id].decision if item.id in decided else "",
            excluded=excluded[item.id],
            cites=the.restrictions if item.id in barred else the.proposal,
            won=_won(item, plan),
            verdict=decided[item.id].verdict if item.id in decided else None,
            recusals=scores[item.id].recusals,
        )
        for item in ordered
    )
    return proposed, strange


def _decided(meetings: Sequence[MeetingOutcome]) -> Mapping[str, MotionOutcome]:
    """What was decided on each item: the last motion that chose, else the last one that decided."""
    decided: dict[str, MotionOutcome] = {}
    for motion in (motion for meeting in meetings for motion in meeting.motions):
        before = decided.get(motion.item)
        if motion.item and motion.decision and (motion.verdict or not (before and before.verdict)):
            decided[motion.item] = motion
    return decided


def _left_out(one: Confirmation) -> str:
    """That a meeting of the group decided that it is no item of the year (附件2、三、(一))."""
    if not one.settled or one.decision is not Confirmed.NOT:
        return ""
    return f"{one.meeting}會議決定不列入參與業務（{the.confirmed}）"


def _excluded(item: Item, restriction: str, left_out: str) -> str:
    """Why an item is not proposed; empty when it is."""
    reasons = ("" if item.reported else NOT_REPORTED, restriction, left_out)
    return "；".join(reason for reason in reasons if reason)


def _won(item: Item, plan: Plan) -> str:
    """In which contests the item won: whether that keeps it out, that year's contest plan says."""
    before = [one for one in plan.winners if one.item and one.item == item.last_item]
    return "；".join(f"{one.term}獲獎（{one.entry} {one.name}）" for one in before)


def _answers(item: Item) -> list[bool]:
    return [review.recommend for review in item.reviews if review.recommend is not None]


def _worth(item: Item, score: ItemScore) -> tuple[Decimal, Decimal, Decimal]:
    """What the order goes by, higher is better; a total that is not there comes last."""
    answers = _answers(item)
    share = Decimal(answers.count(True)) / len(answers) if answers else Decimal(0)
    own, review = score.self_total.value, score.review.value
    none = Decimal(-1)
    return (
        share,
        none if own is None else own,
        none if review is None else review,
    )
