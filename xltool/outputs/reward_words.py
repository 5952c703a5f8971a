"""How a claim, a reward and a question about one are said: on the roster, the tracker, in `why`, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool.findings import Finding, Severity
from xltool.model import Bound
from xltool.rules.outcomes import Claim, Declined, Pending, RewardLine

UNSETTLED = "待釐清"
"""In place of a reward that someone must decide."""


def claim_text(claim: Claim) -> str:
    """A claim for a person to read: clause, entry, role, stage, what it would have given."""
    stage = f"，{claim.stage}" if claim.stage else ""
    right = claim.entitlement
    worth = claim.granted.name if claim.granted else f"最高{right.reward.name}，建議待更正"
    return f"{right.clause} {claim.entry} {claim.entry_name}（{right.role}{stage}，{worth}）"


def absorbed_text(line: RewardLine) -> str:
    """What the line took in by 柒、二、(五); empty when nothing. A blocked line takes in nothing yet."""
    taken = "另有" if line.blocked else "已併入"
    return "；".join(f"{taken} {claim_text(claim)}" for claim in line.absorbed)


def bound_text(line: RewardLine) -> str:
    """Whether the reward is the amount itself or stands under a ceiling, and under which."""
    right = line.claim.entitlement
    return "固定額度" if right.bound is Bound.FIXED else f"最高{right.reward.name}"


def declined_text(one: Declined) -> str:
    """What is not rewarded: in which entry, as what, and what it would have given."""
    role = one.person.role or "未填角色"
    worth = f"，{one.worth.clause} {one.worth.bound}{one.worth.reward.name}" if one.worth else ""
    return f"{one.entry} {one.entry_name}（{role}{worth}）"


def pending_text(one: Pending) -> str:
    """Why a person is on no line, and what may come of it."""
    most = f"；處理後最高可能為{one.potential.name}" if one.potential else ""
    return f"{'；'.join(one.reasons)}{most}"


def differing_settings(found: Iterable[Finding]) -> Iterator[str]:
    """Where the settings that a reward goes by are not the plan's or the law's, and whether the coordinator
    has accepted that."""
    for one in found:
        if one.code in _OF_REWARDS and one.severity is Severity.WAIVED:
            yield f"設定與計畫不同，已由承辦人接受：{one.message}（{one.fix}）"
        elif one.code in _OF_REWARDS:
            yield f"設定與計畫不同，尚未確認：{one.message}；{one.fix}"


_OF_REWARDS = {"P606", "P616", "P617", "P618", "P619"}
"""What is found of the ladder and of the table of 柒、二."""
