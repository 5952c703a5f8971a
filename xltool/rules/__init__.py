"""The plan's rules: R1 scoring, R2 recommendation, R3 quorum, R4 and R5 rewards, R8 who has filed, R9 what
the group has confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from xltool.model import Dataset
from xltool.plan import Plan
from xltool.rules import (
    confirmation,
    filing,
    quorum,
    recommendation,
    recusal,
    rewards,
    rolled,
    scoring,
)
from xltool.rules.outcomes import Outcomes
from xltool.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    scoring.RULE,
    recommendation.RULE,
    quorum.RULE,
    rewards.RULE,
    rewards.SELF_RULE,
    filing.RULE,
    confirmation.RULE,
)
"""The rules as they are described in docs/rules.md."""


def conclude(dataset: Dataset, plan: Plan) -> Outcomes:
    """All that the rules say of one year. Pure: same dataset and plan, same outcomes.

    The plan's year chooses the edition of the rules: the newest that holds for it.
    """
    since = max((year for year in EDITIONS if year <= plan.year), default=min(EDITIONS))
    return EDITIONS[since](dataset, plan)


def _conclude_114(dataset: Dataset, plan: Plan) -> Outcomes:
    scored = recusal.marked(scoring.score_items(dataset, plan), dataset)
    meetings, meeting_findings = quorum.conclude_meetings(dataset, plan)
    confirmed, unconfirmed = confirmation.confirm(dataset, meetings)
    rewarded = rewards.conclude_rewards(dataset, plan)
    before = rolled.rewarded_before(rewarded, plan)
    rewarded = replace(rewarded, findings=(*rewarded.findings, *before))
    proposed, strange = recommendation.recommend(dataset, scored, meetings, plan, confirmed)
    return Outcomes(
        scoring=scored,
        recommendations=proposed,
        meetings=meetings,
        rewards=rewarded,
        findings=(
            *(*scored.findings, *strange),
            *(*meeting_findings, *unconfirmed, *rewarded.findings),
        ),
        confirmations=confirmed,
    )


EDITIONS: Mapping[int, Callable[[Dataset, Plan], Outcomes]] = {114: _conclude_114}
"""The rules by the first year that they hold for. A rule that the plan changes next year becomes a
second edition beside the first, which earlier years go on with."""


__all__ = ["EDITIONS", "RULES", "Outcomes", "Rule", "conclude"]
