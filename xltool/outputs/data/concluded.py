"""What the rules conclude, as `score`, `recommend` and `meeting` say it to programs: of each what it was
made of, the steps, the clause and the reasons.

Published interfaces: `docs/schema/score.schema.json`, `recommend.schema.json`, `meeting.schema.json`.
Personal data: never for publication (R7).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from xltool.forms import ENROLMENT, MEETING, REPORT, REVIEW
from xltool.forms.layout import shown
from xltool.model import Attendance, Dataset, Item, Motion, Score
from xltool.outputs.data.objects import held_objects
from xltool.outputs.why import of_confirmation, of_motion, of_proposal, of_score
from xltool.plan import Plan
from xltool.rules.outcomes import (
    ItemScore,
    MeetingOutcome,
    MotionOutcome,
    Outcomes,
    Rank,
    Recommendation,
    Recusal,
    Total,
)
from xltool.rules.quorum import NO_QUORUM
from xltool.wording import the

Plain = dict[str, Any]
_BEARS_ON_SCORES = (ENROLMENT, REPORT, REVIEW)


def score_objects(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Plain:
    """R1: every item's scores."""
    items = {item.id: item for item in dataset.items}
    return {
        "clause": the.criteria,
        "full_score": shown(plan.options.full_score),
        "criteria": [{"name": c.name, "weight": shown(c.weight)} for c in plan.criteria],
        "items": [_scored(one, items[one.item], plan) for one in outcomes.scoring.items],
        "held_back": held_objects(dataset.held, _BEARS_ON_SCORES),
    }


def _scored(one: ItemScore, item: Item, plan: Plan) -> Plain:
    return {
        **_named(one, plan),
        "inputs": {
            "self": _given(item.scores),
            "reviews": [
                {
                    "reviewer": review.reviewer,
                    "voice": shown(review.voice),
                    "scores": _given(review.scores),
                }
                for review in item.reviews
            ],
        },
        "self": _total(one.self_total),
        "reviewers": [_total(total) for total in one.reviewers],
        "review": _total(one.review),
        "gap": _number(one.gap),
        "gap_flagged": one.gap_flagged,
        "rank_overall": _rank(one.rank_overall),
        "rank_category": _rank(one.rank_category),
        "recusals": _recusals(one.recusals),
        "clause": one.cites,
        "reasons": list(of_score(one, plan)),
    }


def _named(one: ItemScore | Recommendation, plan: Plan) -> Plain:
    return {
        "item": one.item,
        "unit": one.unit,
        "unit_name": plan.unit_name(one.unit),
        "name": one.name,
        "category": shown(one.category),
    }


def _given(scores: Iterable[Score]) -> list[Plain]:
    return [
        {
            "criterion": score.criterion,
            "score": _number(score.value),
            "at": str(score.at) if score.at else "",
        }
        for score in scores
    ]


def _total(total: Total) -> Plain:
    return {
        "who": total.who,
        "value": _number(total.value),
        "missing": list(total.missing),
        "steps": list(total.steps),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else shown(value)


def _rank(rank: Rank | None) -> Plain | None:
    return None if rank is None else {"place": rank.place, "tied": rank.tied, "of": rank.of}


def _recusals(recusals: Iterable[Recusal]) -> list[Plain]:
    return [
        {"who": one.who, "part": one.part, "declared": one.declared, "text": one.text}
        for one in recusals
    ]


def recommend_objects(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Plain:
    """R2: the proposal in its order, and what meetings chose."""
    means = {score.item: score.review.value for score in outcomes.scoring.items}
    items = {item.id: item for item in dataset.items}
    return {
        "restrictions": [limit.reason for limit in plan.restrictions],
        "items": [
            {
                "place": one.place,
                "place_category": one.place_category,
                **_named(one, plan),
                "inputs": {
                    "recommended_by": one.recommended_by,
                    "reviewers": one.reviewers,
                    "self": _number(one.score),
                    "review": _number(means[one.item]),
                },
                "verdict": shown(one.verdict),
                "decision": one.decision,
                "excluded": one.excluded,
                "recusals": _recusals(one.recusals),
                "steps": list(of_proposal(items[one.item], outcomes).steps),
                "clause": one.cites,
                "reasons": [*filter(None, (one.excluded, *(r.text for r in one.recusals)))],
            }
            for one in outcomes.recommendations
        ],
        "held_back": held_objects(dataset.held, (*_BEARS_ON_SCORES, MEETING)),
    }


def meeting_objects(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Plain:
    """R3: every meeting, whether it was valid, and what its motions came to."""
    held = dataset.meetings_in_order
    return {
        "meetings": [
            {
                "no": one.no,
                "day": one.day.isoformat() if one.day else "",
                "place": meeting.place,
                "inputs": {
                    "chair": meeting.chair,
                    "convener_counts": plan.options.convener_counts,
                    "deputy_counts": plan.group.deputy_counts,
                    "attendance": [_seat(seat, plan) for seat in meeting.attendance],
                },
                "members": one.members,
                "needed": one.needed,
                "present": one.present,
                "quorate": one.quorate,
                "absent": list(one.absent),
                "deputies": list(one.deputies),
                "steps": list(one.steps),
                "clause": one.cites,
                "reasons": [] if one.quorate else [NO_QUORUM],
                "motions": [
                    _moved(one, decided, motion)
                    for decided, motion in zip(one.motions, meeting.motions, strict=True)
                ],
            }
            for one, meeting in zip(outcomes.meetings, held, strict=True)
        ],
        "confirmations": [
            {
                "item": one.item,
                "unit": one.unit,
                "name": one.name,
                "target": one.target,
                "state": one.state,
                "inputs": {
                    "meeting": one.meeting,
                    "day": one.day.isoformat() if one.day else "",
                    "target": one.confirmed,
                    "decision": shown(one.decision),
                    "note": one.note,
                },
                "steps": list(of_confirmation(one)),
                "clause": one.cites,
            }
            for one in outcomes.confirmations
        ],
        "held_back": held_objects(dataset.held, (MEETING,)),
    }


def _seat(seat: Attendance, plan: Plan) -> Plain:
    return {
        "unit": seat.unit,
        "unit_name": plan.unit_name(seat.unit),
        "name": seat.name,
        "title": seat.title,
        "state": shown(seat.state),
        "deputy": seat.deputy,
        "deputy_title": seat.deputy_title,
        "note": seat.note,
    }


def _moved(meeting: MeetingOutcome, one: MotionOutcome, motion: Motion) -> Plain:
    return {
        "no": one.no,
        "subject": one.subject,
        "item": one.item,
        "purpose": shown(one.purpose),
        "inputs": {
            "resolution": motion.resolution,
            "verdict": shown(motion.verdict),
            "consensus": motion.consensus,
            "ruling": motion.ruling,
        },
        "decision": one.decision,
        "verdict": shown(one.verdict),
        "basis": one.basis,
        "recusals": _recusals(one.recusals),
        "steps": [of_motion(meeting, one)],
        "clause": one.cites,
        "reasons": [*filter(None, (one.undecided, *(r.text for r in one.recusals)))],
    }
