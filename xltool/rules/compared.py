"""Which results are otherwise: two outcomes of the same returns, as under settings before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xltool.rules import filing, quorum, recommendation, rewards, scoring
from xltool.rules.outcomes import Outcomes, Rank, RewardLine
from xltool.rules.rule import Rule


class Result(StrEnum):
    """A kind of result, in the order in which they are told."""

    SELF = "自評總分"
    REVIEW = "督導評分"
    GAP = "評分差距"
    OVERALL = "全署名次"
    CATEGORY = "類別名次"
    PROPOSED = "參獎推薦"
    MEETING = "會議成立"
    REWARD = "敘獎"


@dataclass(frozen=True)
class Difference:
    """A result of an item, a meeting or a person (`of`) that is otherwise; `NOTHING` where it is none."""

    result: Result
    of: str
    before: str
    after: str


NOTHING = "無"

_GO_BY: Mapping[Result, tuple[Rule, ...]] = {
    **dict.fromkeys(Result, (filing.RULE, scoring.RULE)),
    Result.PROPOSED: (filing.RULE, scoring.RULE, recommendation.RULE),
    Result.MEETING: (filing.RULE, quorum.RULE),
    Result.REWARD: (filing.RULE, rewards.RULE),
}
"""The rules that each kind of result follows from; all of them from which return counts."""


def goes_by(result: Result, setting: str) -> bool:
    """Whether a kind of result goes by a setting ("section.field"), as its rules say."""
    named = {one for rule in _GO_BY[result] for one in rule.settings}
    section = setting.partition(".")[0]
    if section == "options":  # each of them is a choice of its own
        return setting in named
    return section in {one.partition(".")[0] for one in named}


def differences(before: Outcomes, after: Outcomes) -> Iterator[Difference]:
    """Every result that is otherwise, by kind."""
    was, now = dict(_results(before)), dict(_results(after))
    places = dict.fromkeys((*was, *now))
    for kind in Result:
        for place in places:
            old, new = was.get(place, NOTHING), now.get(place, NOTHING)
            if place[0] is kind and old != new:
                yield Difference(kind, place[1], old, new)


def _results(outcomes: Outcomes) -> Iterator[tuple[tuple[Result, str], str]]:
    for score in outcomes.scoring.items:
        yield (Result.SELF, score.item), _number(score.self_total.value)
        yield (Result.REVIEW, score.item), _number(score.review.value)
        if score.gap_flagged:
            yield (Result.GAP, score.item), "提醒"
        yield (Result.OVERALL, score.item), _rank(score.rank_overall)
        yield (Result.CATEGORY, score.item), _rank(score.rank_category)
    for proposal in outcomes.recommendations:
        place = f"第 {proposal.place} 名"
        yield (Result.PROPOSED, proposal.item), "不列入" if proposal.excluded else place
    for meeting in outcomes.meetings:
        state = "成會" if meeting.quorate else "不成會"
        yield (
            (Result.MEETING, meeting.no),
            f"{state}（出席 {meeting.present}、需 {meeting.needed}）",
        )
    for line in outcomes.rewards.lines:
        yield (Result.REWARD, f"{line.person.name}（{line.claim.entry}）"), _reward(line)


def _number(value: object) -> str:
    return "未評" if value is None else str(value)


def _rank(rank: Rank | None) -> str:
    return f"第 {rank.place} 名" if rank else "不列名次"


def _reward(line: RewardLine) -> str:
    return f"{line.reward.name}（{line.clause}）" if line.reward else "待釐清"
