"""Which results are otherwise: two outcomes of the same returns, as under settings before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from xltool.rules.outcomes import Outcomes, Rank, RewardLine


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
