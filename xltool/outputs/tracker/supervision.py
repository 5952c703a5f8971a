"""督導小組: its members' opinions, its meetings, what it recommends for the 政府服務獎."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.columns import asked
from xltool.forms import ENROLMENT, MEETING, REVIEW, SETTINGS
from xltool.model import (
    Answer,
    Attendance,
    Item,
    Listed,
    Meeting,
    Member,
    Motion,
    Presence,
    Review,
    Voice,
)
from xltool.outputs.living import Cell
from xltool.outputs.tracker.scores import review_given
from xltool.outputs.tracker.shown import (
    BETWEEN,
    HOW,
    NOTE,
    Told,
    TrackerSheet,
    item_columns,
    own,
    personal,
    sheet,
    show,
)
from xltool.plan import Unit
from xltool.rules.outcomes import Confirmation, MeetingOutcome, MotionOutcome, Recommendation, Total
from xltool.who import plain_name
from xltool.wording import the
from xltool.zh import same

_DECIDED = "R3 成會且有共識者依決議，未達共識者依召集人裁示（$quorum）"
_NOTE_OF_SEAT = asked("attendance.present").label + asked("attendance.note").label
_VERDICT = asked("motions.verdict").label
_NONE_CHOSEN, _NO_OPINION = "未選派", "未提出"


# --- Opinions ---------------------------------------------------------------------------------


class _Opinion(NamedTuple):
    """A line: a unit's item, who reviews it, and his opinion; each may be missing."""

    unit: Unit
    item: Item | None
    member: Member | None
    review: Review | None
    total: Total | None


def opinions(told: Told) -> TrackerSheet:
    """A line for each opinion, and for each that is missing; every unit of the plan has one."""
    return sheet(
        "督導小組與意見",
        f"{told.plan.year}年度提升服務效能督導小組成員與書面意見",
        (f"依據：{the.supervision}；{the.members}；{the.opinions}", HOW),
        (
            own("filing.unit", asked("filing.unit").label, 13, _unit),
            own("items.item", asked("items.item").label, 9, _item, centred=True),
            own("items.name", asked("items.name").label, 20, _item_name),
            own("reviewer.name", "督導成員", 12, _who, "reviewer.name", "member.name",
                centred=True, toned=True),
            own("member.title", asked("member.title").label, 11, _title,
                "reviewer.title", "member.title"),
            show("member.level", 13),
            show("member.email", 24),
            own("review.opinion", asked("review.opinion").label, 50, _opinion, "review.opinion",
                toned=True),
            show("review.recommend", 11, centred=True),
            show("review.reason", 30),
            show("reviewer.day", 11, centred=True),
            own("score.review_total", "督導評分", 10, _score, number="0.00"),
        ),
        _opinions(told),
        key=("filing.unit", "items.item", "reviewer.name"),
        whole=told.whole((REVIEW, "reviewer"), (REVIEW, "review"), (ENROLMENT, "member")),
        frozen=3,
        footer=personal(),
    )  # fmt: skip


def _opinions(told: Told) -> Iterator[_Opinion]:
    """Also a line for a member beside whose items only others have written: nobody else shows him."""
    totals = {
        (score.item, total.who): total
        for score in told.outcomes.scoring.items
        for total in score.reviewers
    }
    for unit in told.plan.units:
        members: list[Member | None] = [m for m in told.dataset.members if m.unit == unit.code]
        by_name = {plain_name(member.name): member for member in members if member}
        items = [item for item in told.dataset.items if item.unit == unit.code]
        for item in items:
            for review in item.reviews:
                who = review.reviewer
                member = by_name.get(plain_name(who))
                yield _Opinion(unit, item, member, review, totals.get((item.id, who)))
            wrote = {plain_name(review.reviewer) for review in item.reviews}
            silent = [name for name in by_name if name not in wrote]
            for name in silent:
                yield _Opinion(unit, item, by_name[name], None, None)
            if not (item.reviews or silent):
                yield _Opinion(unit, item, None, None, None)
        if not items:
            for member in members or [None]:
                yield _Opinion(unit, None, member, None, None)


def _unit(unit: Unit, *_: object) -> str:
    return unit.name


def _item(_: Unit, item: Item | None, *__: object) -> str:
    return item.id if item else ""


def _item_name(_: Unit, item: Item | None, *__: object) -> str:
    return item.name if item else "（無參與業務）"


def _who(
    _: Unit, __: Item | None, member: Member | None, review: Review | None, ___: Total | None
) -> str:
    return review.reviewer if review else member.name if member else _NONE_CHOSEN


def _title(
    _: Unit, __: Item | None, member: Member | None, review: Review | None, ___: Total | None
) -> str:
    if review and member and same(review.title) != same(member.title):
        return BETWEEN.join(filter(None, (review.title, member.title)))
    return review.title if review else member.title if member else ""


def _opinion(
    _: Unit, item: Item | None, __: Member | None, review: Review | None, ___: Total | None
) -> str:
    if item is None:
        return ""
    return (review.opinion if review else "") or _NO_OPINION


def _score(
    _: Unit, __: Item | None, ___: Member | None, review: Review | None, total: Total | None
) -> Cell:
    return review_given(total, review) if review else ""


# --- Meetings -----------------------------------------------------------------------------------


class _Moved(NamedTuple):
    """A line: a meeting with one of its motions, as recorded and as it came out."""

    outcome: MeetingOutcome
    decided: MotionOutcome | None
    meeting: Meeting
    motion: Motion | None


def meetings(told: Told) -> TrackerSheet:
    """A line for each motion, and for a meeting without one."""
    return sheet(
        "會議決議",
        f"{told.plan.year}年度督導小組會議決議",
        (f"以成員過半數出席、出席成員有共識為原則；未達共識由召集人裁示（{the.quorum}）", HOW),
        (
            show("meeting.no", 10, centred=True),
            show("meeting.day", 11, centred=True),
            show("meeting.place", 16),
            show("meeting.chair", 16),
            own("meeting.attendance", "出席人數", 14, _numbers),
            own("meeting.quorate", "是否成會", 12, _quorate, centred=True, toned=True),
            own("meeting.deputies", str(Presence.DEPUTY), 24, _deputies, "attendance.deputy",
                "attendance.deputy_title"),
            own("meeting.absent", "未計入出席", 20, _absent),
            show("motions.no", 7, centred=True),
            own("motions.subject", asked("motions.subject").label, 36, _subject, "motions.subject"),
            show("motions.item", 10, centred=True),
            show("motions.purpose", 10, centred=True),
            show("motions.resolution", 36),
            show("motions.verdict", 10, centred=True, toned=True),
            show("motions.consensus", 9, centred=True),
            show("motions.ruling", 36),
            own("decision", "決議或裁示", 44, _decision, "motions.resolution", "motions.ruling",
                rule=_DECIDED, toned=True),
            own("decision.basis", "依據", 13, _basis, "motions.consensus",
                centred=True, toned=True),
            own("decision.recusal", str(Voice.RECUSED), 20, _motion_recusals, "attendance.name",
                toned=True),
            own("clause", "條款", 14, _clause),
        ),
        _motions(told),
        key=("meeting.no", "motions.no"),
        whole=told.whole((MEETING, "meeting"), (MEETING, "motions")),
        frozen=2,
    )  # fmt: skip


def _motions(told: Told) -> Iterator[_Moved]:
    held = told.dataset.meetings_in_order
    for outcome, meeting in zip(told.outcomes.meetings, held, strict=True):
        for decided, motion in zip(outcome.motions, meeting.motions, strict=True):
            yield _Moved(outcome, decided, meeting, motion)
        if not outcome.motions:
            yield _Moved(outcome, None, meeting, None)


def _numbers(meeting: MeetingOutcome, *_: object) -> str:
    return f"應出席 {meeting.members} 人\n出席 {meeting.present} 人\n需 {meeting.needed} 人"


def _quorate(meeting: MeetingOutcome, *_: object) -> str:
    return "成會" if meeting.quorate else "不成會（未過半數）"


def _deputies(meeting: MeetingOutcome, *_: object) -> str:
    return "\n".join(meeting.deputies)


def _absent(meeting: MeetingOutcome, *_: object) -> str:
    return "、".join(meeting.absent)


def _subject(_: MeetingOutcome, motion: MotionOutcome | None, *__: object) -> str:
    return motion.subject if motion else "（無議案）"


def _decision(_: MeetingOutcome, motion: MotionOutcome | None, *__: object) -> str:
    return (motion.decision or "未決") if motion else ""


def _basis(_: MeetingOutcome, motion: MotionOutcome | None, *__: object) -> str:
    return (motion.basis or f"未決（{motion.undecided}）") if motion else ""


def _motion_recusals(_: MeetingOutcome, motion: MotionOutcome | None, *__: object) -> str:
    return "\n".join(one.text for one in motion.recusals) if motion else ""


def _clause(meeting: MeetingOutcome, motion: MotionOutcome | None, *_: object) -> str:
    return motion.cites if motion else meeting.cites


def attendance(told: Told) -> TrackerSheet:
    """Who sat in which meeting."""

    def unit(_: Meeting, seat: Attendance) -> str:
        return told.plan.unit_name(seat.unit)

    return sheet(
        MEETING.titles["attendance"],
        f"{told.plan.year}年度督導小組會議出席情形",
        (f"以成員過半數出席為成會（{the.quorum}）", HOW, personal()),
        (
            show("meeting.no", 10, centred=True),
            show("meeting.day", 11, centred=True),
            own("attendance.unit", asked("attendance.unit").label, 24, unit, "attendance.unit"),
            show("attendance.name", 14, centred=True),
            show("attendance.title", 14, centred=True),
            show("attendance.present", 10, centred=True),
            show("attendance.deputy", 14, centred=True),
            show("attendance.deputy_title", 14, centred=True),
            show("attendance.note", 40, label=_NOTE_OF_SEAT),
            NOTE,
        ),
        ((meeting, seat) for meeting in told.dataset.meetings for seat in meeting.attendance),
        key=("meeting.no", "attendance.unit"),
        whole=told.whole((MEETING, "attendance")),
        frozen=2,
        footer=personal(),
    )


# --- 確認清單 -----------------------------------------------------------------------------------


class _Listed(NamedTuple):
    """A line: an item as a meeting's list has it, how it stands now, and where it stands with the group."""

    meeting: Meeting
    listed: Listed
    item: Item
    outcome: Confirmation | None


def confirmed(told: Told) -> TrackerSheet:
    """R9: a line for each item of a meeting's list, with its target of then and of now; then for each item
    that no list names, where there is any."""
    return sheet(
        MEETING.titles["confirmed"],
        f"{told.plan.year}年度督導小組確認之業務項目及目標",
        (f"年度參與的業務項目及執行成果目標由小組確認（{the.confirmed}）", HOW),
        (
            show("confirmed.item", 10, centred=True),
            own("confirmation.name", asked("items.name").label, 28, _item_s_name, "items.name"),
            show("meeting.no", 10, centred=True),
            show("meeting.day", 11, centred=True),
            show("confirmed.decision", 12, centred=True, toned=True),
            own("confirmation.state", "確認情形", 22, _state, toned=True),
            show("confirmed.target", 40, label="確認時的年度目標"),
            own("confirmation.target", asked("items.target").label, 40, _target, "items.target"),
            show("confirmed.note", 30),
            show("confirmed.name", 24, label="確認時的業務名稱"),
            NOTE,
        ),
        _lists(told),
        key=("meeting.no", "confirmed.item"),
        whole=told.whole((MEETING, "confirmed")),
        frozen=2,
    )


def _lists(told: Told) -> Iterator[_Listed]:
    items: Mapping[str, Item] = {item.id: item for item in told.dataset.items}
    known = {(one.meeting, one.item): one for one in told.outcomes.confirmations}
    for meeting in told.dataset.meetings_in_order:
        for one in meeting.listed:
            item = items.get(one.item, Item(one.item, one.item[:2]))
            yield _Listed(meeting, one, item, known.get((meeting.no, one.item)))
    for outcome in told.outcomes.confirmations:
        if not outcome.meeting:
            blank = Listed(answers={"confirmed.item": Answer(outcome.item)})
            yield _Listed(Meeting(), blank, items[outcome.item], outcome)


def _item_s_name(_: Meeting, __: Listed, item: Item, ___: Confirmation | None) -> str:
    return item.name


def _state(_: Meeting, __: Listed, ___: Item, outcome: Confirmation | None) -> str:
    return outcome.state if outcome else "另列於其他會議，以該次為準"


def _target(_: Meeting, __: Listed, item: Item, ___: Confirmation | None) -> str:
    return item.target


# --- 參獎推薦 -----------------------------------------------------------------------------------


def recommendations(told: Told) -> TrackerSheet:
    """R2: the items in the order in which they are proposed for the 政府服務獎."""
    plan = told.plan
    items: Mapping[str, Item] = {item.id: item for item in told.dataset.items}
    return sheet(
        "參獎推薦",
        f"{plan.year}年度推薦參加{the.contest}之業務排序",
        (
            f"排序為建議，由督導小組會議決定（{the.proposal}）；「排序」不分類別，「類別排序」為同一服務類別；受參獎限制者列於最後（{the.restrictions}）",
            *(limit.reason for limit in plan.restrictions),
            HOW,
        ),
        (
            own("place.overall", "排序", 7, _place, centred=True),
            *item_columns(told),
            show("items.category", 11, centred=True),
            own("place.category", "類別排序", 10, _place_category, centred=True),
            own("score.total", "總分", 9, _total, number="0.00"),
            own("recommended.count", "建議參獎人數", 13, _count, "review.recommend", centred=True),
            own("verdict", _VERDICT, 10, _chosen, "motions.verdict", centred=True, toned=True),
            own("decision", "會議決議", 36, _resolved),
            own(
                "score.recusal",
                str(Voice.RECUSED),
                20,
                _recusals,
                "review.recommend",
                "reviewer.name",
                toned=True,
            ),
            own("excluded", "不列入之理由", 26, _excluded),
            own("won", SETTINGS.titles["winners"], 26, _won),
            own("clause", "條款", 14, _cites),
            NOTE,
        ),
        (
            (items.get(one.item, Item(one.item, one.unit)), one)
            for one in told.outcomes.recommendations
        ),
        key=("items.item",),
        frozen=4,
    )


def _place(_: Item, one: Recommendation) -> int:
    return one.place


def _place_category(_: Item, one: Recommendation) -> int | None:
    return one.place_category


def _total(_: Item, one: Recommendation) -> Cell:
    return one.score if one.score is not None else "未評"


def _count(_: Item, one: Recommendation) -> str:
    return f"{one.recommended_by}／{one.reviewers}" if one.reviewers else _NO_OPINION


def _chosen(_: Item, one: Recommendation) -> str:
    return one.verdict or ""


def _recusals(_: Item, one: Recommendation) -> str:
    return "\n".join(recusal.text for recusal in one.recusals)


def _resolved(_: Item, one: Recommendation) -> str:
    return one.decision


def _excluded(_: Item, one: Recommendation) -> str:
    return one.excluded


def _won(_: Item, one: Recommendation) -> str:
    return one.won


def _cites(_: Item, one: Recommendation) -> str:
    return one.cites
