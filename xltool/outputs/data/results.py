"""What the rules conclude, as tables: R1 to R5 with inputs, steps, clause and reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from xltool.columns import Column, Row, Type, asked, derived
from xltool.forms import CONTEST
from xltool.outputs.reward_words import absorbed_text, bound_text, pending_text
from xltool.plan import Plan
from xltool.rules.outcomes import (
    Declined,
    ItemScore,
    MeetingOutcome,
    MotionOutcome,
    Outcomes,
    Pending,
    Recommendation,
    RewardLine,
    SelfProposal,
)


@dataclass(frozen=True)
class ResultFrame:
    """A table of outcomes: name (of its file), title, columns, and a year's rows for them."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Outcomes, Plan], Iterable[Row]]


def _of(name: str, label: str, path: str, type: Type = Type.TEXT, *shows: str) -> Column:  # noqa: A002
    """A part of what a row's first thing is: its attribute at that path."""
    read = attrgetter(path)
    return derived(name, label, lambda one, *_: _plain(read(one)), *shows, type=type)


def _plain(value: object) -> object:
    """Several as one text, a line each."""
    return "\n".join(map(str, value)) if isinstance(value, tuple) else value


def _rank(name: str) -> Callable[..., Any]:
    def place(score: ItemScore) -> int | None:
        rank = getattr(score, name)
        return rank.place if rank else None

    return place


_ITEM = _of("item", asked("items.item").label, "item")
_UNIT = _of("unit", asked("last_year.unit").label, "unit")
_OF_PERSON = _of("unit", asked("last_year.unit").label, "person.unit", Type.TEXT, "people.unit")
_CLAUSE = asked("entitlements.clause").label
_CITES = _of("clause", _CLAUSE, "cites")


def _who(key: str) -> Column:
    """What is said of the person that a row is about."""
    label = asked(f"people.{key}", CONTEST).label
    return _of(key, label, f"person.{key}", Type.TEXT, f"people.{key}")


def _scores(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    return ((one,) for one in outcomes.scoring.items)


def _proposed(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    return ((one,) for one in outcomes.recommendations)


def _confirmations(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    return ((one,) for one in outcomes.confirmations)


def _motions(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    return ((motion, meeting) for meeting in outcomes.meetings for motion in meeting.motions)


def _lines(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    return ((one,) for one in outcomes.rewards.lines)


def _waiting(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    yield from ((one, "待釐清", pending_text(one)) for one in outcomes.rewards.pending)
    yield from ((one, "不敘獎", one.reason) for one in outcomes.rewards.declined)


def _own(outcomes: Outcomes, _: Plan) -> Iterator[Row]:
    return ((one,) for one in outcomes.rewards.proposals)


def _meeting(name: str) -> Callable[..., Any]:
    def read(_: MotionOutcome, meeting: MeetingOutcome) -> Any:
        return getattr(meeting, name)

    return read


def _given(line: RewardLine) -> str:
    return line.reward.name if line.reward and not line.blocked else ""


def _proposal(one: SelfProposal) -> str:
    return one.reward.name if one.reward else one.person.proposed


def _state(_: Pending | Declined, state: str, __: str) -> str:
    return state


def _reason(_: Pending | Declined, __: str, reason: str) -> str:
    return reason


def _excluded(one: Recommendation) -> str:
    return one.excluded


RESULTS = (
    ResultFrame(
        "result_scores",
        "評分結果（R1）",
        (
            _ITEM,
            _UNIT,
            _of("self_total", "自評總分", "self_total.value", Type.NUMBER),
            _of("missing", "缺評分的構面", "self_total.missing"),
            _of("review_total", "督導平均", "review.value", Type.NUMBER),
            _of("gap", "自評與督導相差", "gap", Type.NUMBER),
            _of("gap_flagged", "差距已提醒", "gap_flagged", Type.FLAG),
            derived("rank_overall", "全署名次", _rank("rank_overall"), type=Type.COUNT),
            derived("rank_category", "同類別名次", _rank("rank_category"), type=Type.COUNT),
            _of("steps", "計算步驟", "self_total.steps"),
            _CITES,
        ),
        _scores,
    ),
    ResultFrame(
        "result_recommendations",
        "推薦排序（R2）",
        (
            _ITEM,
            _UNIT,
            _of("place", "排序", "place", Type.COUNT),
            _of("place_category", "類別排序", "place_category", Type.COUNT),
            _of("score", "自評總分", "score", Type.NUMBER),
            _of("recommended_by", "建議參獎人數", "recommended_by", Type.COUNT),
            _of("reviewers", "提出意見人數", "reviewers", Type.COUNT),
            _of("decision", "會議決議", "decision"),
            derived("excluded", "不列入的理由", _excluded),
            _CITES,
        ),
        _proposed,
    ),
    ResultFrame(
        "result_confirmations",
        "小組確認業務項目及目標之情形",
        (
            _ITEM,
            _UNIT,
            _of("name", asked("items.name").label, "name"),
            _of("state", "確認情形", "state"),
            _of("meeting", asked("meeting.no").label, "meeting"),
            _of("day", asked("meeting.day").label, "day", Type.DAY),
            _of("decision", asked("confirmed.decision").label, "decision"),
            _of("confirmed", "確認時的年度目標", "confirmed"),
            _of("target", asked("items.target").label, "target"),
            _of("note", asked("confirmed.note").label, "note"),
            _CITES,
        ),
        _confirmations,
    ),
    ResultFrame(
        "result_motions",
        "會議與議案結果（R3）",
        (
            derived("meeting", asked("meeting.no").label, _meeting("no")),
            derived("day", asked("meeting.day").label, _meeting("day"), type=Type.DAY),
            derived("members", "應出席", _meeting("members"), type=Type.COUNT),
            derived("present", "出席人數", _meeting("present"), type=Type.COUNT),
            derived("needed", "成會需要", _meeting("needed"), type=Type.COUNT),
            derived("quorate", "成會", _meeting("quorate"), type=Type.FLAG),
            _of("motion", asked("motions.no").label, "no"),
            _of("subject", asked("motions.subject").label, "subject"),
            _of("item", asked("motions.item").label, "item"),
            _of("decision", asked("motions.resolution").label, "decision"),
            _of("basis", "依共識或裁示", "basis"),
            _of("undecided", "未決的理由", "undecided"),
            _CITES,
        ),
        _motions,
    ),
    ResultFrame(
        "rewards",
        "敘獎（R4）",
        (
            _OF_PERSON,
            *map(_who, ("name", "staff_id", "title", "staff_kind", "grade")),
            derived("reward", "獎懲種類", _given, "people.proposed", form=CONTEST),
            _of("clause", _CLAUSE, "clause"),
            derived("bound", asked("entitlements.bound").label, bound_text),
            _of("entry", asked("entries.entry").label, "claim.entry"),
            _of("term", asked("entries.term").label, "claim.term"),
            _of("stage", asked("entries.stage").label, "claim.stage"),
            _of("role", asked("people.role").label, "claim.entitlement.role"),
            derived("absorbed", "已併入", absorbed_text),
            _of("blocked", "待釐清", "blocked", Type.FLAG),
            _of("major", "記大功", "major", Type.FLAG),
            _of("like", "比照", "like", Type.FLAG),
            *map(_who, ("ground", "deed")),
            _of("steps", "計算步驟", "claim.steps"),
            _of("notes", "名冊備註", "notes"),
        ),
        _lines,
    ),
    ResultFrame(
        "rewards_not_listed",
        "未列入名冊（待釐清、不敘獎）",
        (
            _OF_PERSON,
            *map(_who, ("name", "staff_id", "role")),
            _of("entry", asked("entries.entry").label, "person.entry"),
            derived("state", "情形", _state),
            derived("reason", "理由", _reason),
        ),
        _waiting,
    ),
    ResultFrame(
        "self_rewards",
        "自行考核獎勵建議（R5）",
        (
            _OF_PERSON,
            *map(_who, ("name", "staff_id")),
            _ITEM,
            derived(
                "proposed",
                asked("people.proposed", CONTEST).label,
                _proposal,
                "people.proposed",
                form=CONTEST,
            ),
            _of("also_in_contest", "亦因參選案敘獎", "also_in_contest", Type.FLAG),
            *map(_who, ("ground", "deed")),
            _CITES,
        ),
        _own,
    ),
)
"""In the order of the rules."""
