"""R3: when a meeting of the 督導小組 is valid and what its motions come to (附件2、四、(二))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from xltool.findings import Finding, finding
from xltool.model import (
    Address,
    Attendance,
    Dataset,
    Meeting,
    Motion,
    Presence,
    Verdict,
)
from xltool.patterns import pattern
from xltool.plan import Plan
from xltool.rules.held import to_correct
from xltool.rules.outcomes import MeetingOutcome, MotionOutcome
from xltool.rules.recusal import Parts, of_motion, unmarked_at
from xltool.rules.rule import Choice, Rule
from xltool.who import is_called
from xltool.wording import the
from xltool.zh import same

CONSENSUS, RULING = "共識", "召集人裁示"
NO_QUORUM = "未過半數出席"
UNCERTAIN = "出席情形待修正，無法判斷是否過半數"
_CAME = {True: {Presence.PRESENT, Presence.DEPUTY}, False: {Presence.PRESENT}}
"""Who counts as present, by whether a deputy does."""

RULE = Rule(
    key="R3",
    title="會議成立與決議",
    clauses=("quorum",),
    module="quorum",
    settings=(
        "units",
        "options.convener_counts",
        "group.deputy_counts",
        "group.convener",
    ),
    findings=(
        *("R501", "R502", "R515", "R518", "R522"),
        *("R529", "R530", "R531", "R532", "R533", "R535", "R537"),
    ),
    choices=(
        Choice(
            "召集人不計入應出席與出席人數；設為「是」時兩者各加 1（已以單位成員身分列名者不重複計）",
            "options.convener_counts",
        ),
        Choice(
            "代理出席不計入出席人數，代理人的姓名與職稱照列；設為「是」時計入",
            "group.deputy_counts",
        ),
        Choice("應出席人數為年度設定的單位數（每單位 1 人），尚未選派者也計入"),
        Choice("過半數為「超過一半」：12 人需 7 人；同一單位只計 1 人"),
        Choice("會議不成立時，各案均為未決，召集人裁示也不生效"),
        Choice("未填是否達成共識而有裁示者，依裁示；兩者皆無為未決"),
        Choice(
            "推薦參獎的案以「參獎決定」所選為準，決議文字照列；所選與文字相反者為未決，請人確認，程式不猜"
        ),
        Choice(
            "召集人與成員以姓名辨識，職稱在前在後都可；未填召集人姓名者不核對主席",
            "group.convener",
        ),
        Choice("出席情形的姓名不是該單位成員者仍計入出席，並提醒確認"),
        Choice(
            "出席成員是該案業務的承辦人或有功人員時，應註明迴避；出席備註、決議或裁示寫有「迴避」即為註明"
        ),
    ),
)


def conclude_meetings(
    dataset: Dataset, plan: Plan
) -> tuple[tuple[MeetingOutcome, ...], tuple[Finding, ...]]:
    """R3 for every meeting, by day and number."""
    meetings = dataset.meetings_in_order
    known = Parts.of(dataset)
    outcomes = tuple(_meeting(meeting, known, plan) for meeting in meetings)
    found = chain.from_iterable(map(_wanting, meetings, outcomes))
    who = chain.from_iterable(_of_people(meeting, dataset, plan) for meeting in meetings)
    strange = chain.from_iterable(_of_no_item(meeting, dataset) for meeting in meetings)
    parts = chain.from_iterable(unmarked_at(meeting, known) for meeting in meetings)
    return outcomes, (*found, *who, *strange, *parts)


def _meeting(meeting: Meeting, parts: Parts, plan: Plan) -> MeetingOutcome:
    came = _CAME[plan.group.deputy_counts]
    attended = {a.unit for a in meeting.attendance if a.state in came}
    absent = tuple(unit.name for unit in plan.units if unit.code not in attended)
    present = len(plan.units) - len(absent)
    apart = plan.options.convener_counts and not _seated(meeting)
    present += apart and bool(meeting.chair)
    members, needed = majority(plan, convener=apart)
    quorate = present >= needed
    uncertain = not quorate and present + len(_unclear_seats(meeting)) >= needed
    why_not = "" if quorate else UNCERTAIN if uncertain else NO_QUORUM
    deputies = tuple(_deputy(a, plan) for a in meeting.attendance if a.state is Presence.DEPUTY)
    return MeetingOutcome(
        no=meeting.no,
        day=meeting.day,
        members=members,
        present=present,
        needed=needed,
        quorate=quorate,
        absent=absent,
        motions=tuple(
            replace(_motion(motion, why_not), recusals=of_motion(motion, meeting, parts))
            for motion in meeting.motions
        ),
        cites=the.quorum,
        deputies=deputies,
        steps=tuple(_steps(len(deputies), members, present, needed, plan, why_not)),
        uncertain=uncertain,
    )


def _unclear_seats(meeting: Meeting) -> set[str]:
    """The units of whose member it is not known whether he came: what was filled must be corrected."""
    seats = (seat for seat in meeting.attendance if seat.answer("attendance.present").fault)
    return {seat.unit for seat in seats}


def _deputy(seat: Attendance, plan: Plan) -> str:
    """Who came for a member, for a person."""
    who = " ".join(filter(None, (seat.deputy_title, seat.deputy))) or "未填姓名"
    return f"{plan.unit_name(seat.unit)} {seat.name}（代理人 {who}）"


def _steps(
    deputies: int, members: int, present: int, needed: int, plan: Plan, why_not: str
) -> Iterator[str]:
    yield f"應出席 {members} 人，過半數需 {needed} 人"
    if deputies:
        counts = "計入" if plan.group.deputy_counts else "不計入"
        yield f"代理出席 {deputies} 人，{counts}出席人數（{the.agency}自訂）"
    yield f"出席 {present} 人，{why_not or '成會'}"


def majority(plan: Plan, *, convener: bool) -> tuple[int, int]:
    """How many members there are, counting the `convener` as one more, and how many must come."""
    members = len(plan.units) + convener
    return members, members // 2 + 1


def convener(plan: Plan) -> str:
    """The convener's title, and his name where the settings have it."""
    return " ".join(filter(None, (the.convener, plan.group.convener)))


def _seated(meeting: Meeting) -> bool:
    """Whether the chair is listed among the units' members, and so counts already."""
    return any(is_called(meeting.chair, one.name) for one in meeting.attendance)


# --- Motions ----------------------------------------------------------------------------------


def _motion(motion: Motion, why_not: str) -> MotionOutcome:
    """What a motion comes to; nothing, whatever was agreed, where the meeting was not valid (`why_not`)."""
    decision = basis = undecided = ""
    if why_not:
        undecided = why_not
    elif motion.faults:
        undecided = to_correct(motion)
    elif motion.consensus and (motion.resolution or motion.verdict):
        decision, basis = motion.resolution or str(motion.verdict), CONSENSUS
    elif motion.consensus:
        undecided = "已達共識而未填決議"
    elif motion.ruling:
        decision, basis = motion.ruling, RULING
    elif motion.consensus is None:
        undecided = "未填是否達成共識，也沒有召集人裁示"
    else:
        undecided = "未達共識且沒有召集人裁示"
    verdict = motion.verdict if decision else None
    if verdict and contradicts(verdict, decision):
        undecided = f"參獎決定「{verdict}」與文字不符，請確認"
        decision, basis, verdict = "", "", None
    told = motion.no, motion.subject, motion.item, decision, basis, the.quorum, undecided, verdict
    return MotionOutcome(*told, purpose=motion.purpose)


_NOT = pattern(
    "(?:不|未|免|毋須|無須|無需|不宜)(?:予|再|擬|另|建議|同意|一併|列入)*(?:推薦|參獎|參選|參加[^，。；、]{0,12}獎|薦送)"
    "|不同意|不通過|不列入|不推舉|否決"
)
_AGAIN = pattern("再議|再行(?:研議|討論|提會|審議)|緩議|暫緩|保留|延至下次|下次會議(?:再|討論)")
_ENTER = pattern("推薦|薦送|參獎|參選|參加[^，。；、]{0,12}獎|照案|通過")
_AGREES = pattern(
    "(?:同意|決議|一致|仍|予以)[^，。；、不]{0,8}(?:推薦|薦送|參獎|參選|參加)|推薦參|照案(?:通過|推薦)|^(?:照案|通過|推薦)$"
)


def contradicts(verdict: Verdict, words: str) -> bool:
    """Whether a decision's words say the contrary of what was chosen. Words that say neither do not."""
    said = "".join(words.split())
    refuses, waits = _NOT.search(said), _AGAIN.search(said)
    rest = _NOT.sub("", said)
    enters = _ENTER.search(rest)
    if verdict is Verdict.ENTER:
        return bool((refuses or waits) and not _AGREES.search(rest))
    if verdict is Verdict.NOT:
        return not refuses and bool(enters or waits)
    return not waits and bool(enters or refuses)


def _wanting(meeting: Meeting, outcome: MeetingOutcome) -> Iterator[Finding]:
    """What a meeting lacks: members, or else what its motions leave open. Of a meeting that is not
    valid no motion is spoken of: all are undecided."""
    if outcome.uncertain:
        return  # what must be corrected is told where it stands
    if not outcome.quorate:
        yield finding(
            "R501",
            Address(meeting.at.file if meeting.at else _file(meeting)),
            outcome.present,
            present=outcome.present,
            members=outcome.members,
            needed=outcome.needed,
        )
        return
    for motion in meeting.motions:
        yield from () if motion.faults else _unclear(motion)


def _of_no_item(meeting: Meeting, dataset: Dataset) -> Iterator[Finding]:
    """A motion on an item that the year does not have: what is decided is nobody's."""
    for motion in meeting.motions:
        if motion.item and dataset.items and dataset.item(motion.item) is None:
            yield finding("R537", motion.where("motions.item"), motion.item, no=motion.no)


def _unclear(motion: Motion) -> Iterator[Finding]:
    """Consensus not filled in, a ruling beside a consensus, neither consensus nor ruling; a choice that
    the words contradict, or that is of no item."""
    at = motion.at or Address("")
    if motion.consensus is None:
        yield finding("R515", at, motion.no)
    elif motion.consensus and motion.resolution and motion.ruling:
        yield finding("R518", at, motion.no)
    elif not motion.consensus and not motion.ruling:
        yield finding("R502", at, motion.no)
    if motion.verdict is None:
        return
    there = motion.where("motions.verdict")
    words = motion.resolution if motion.consensus else motion.ruling
    if contradicts(motion.verdict, words):
        yield finding("R532", there, motion.verdict, no=motion.no, words=words)
    if not motion.item:
        yield finding("R533", there, motion.verdict, no=motion.no)


# --- Who was there ----------------------------------------------------------------------------


def _of_people(meeting: Meeting, dataset: Dataset, plan: Plan) -> Iterator[Finding]:
    """A chair who is not the convener, or is listed and was not there; who sits for a unit and is not
    its member; a member who is not listed."""
    convener, chair = plan.group.convener, meeting.chair
    named = is_called(chair, convener) or same(chair) == same(the.convener)
    if convener and chair and not named:
        yield finding("R531", meeting.where("meeting.chair"), chair, convener=convener)
    for seat in meeting.attendance:
        away = seat.state in (Presence.DEPUTY, Presence.ABSENT)
        if away and is_called(chair, seat.name):
            words = {"meeting": meeting.no, "state": str(seat.state)}
            yield finding("R522", seat.where("attendance.present"), seat.name, **words)
    for member in dataset.members:
        seats = [one for one in meeting.attendance if one.unit == member.unit]
        sitting = [one for one in seats if one.name]
        words = {"unit": plan.unit_name(member.unit), "meeting": meeting.no}
        if any(is_called(one.name, member.name) for one in sitting) or not member.name:
            continue
        if sitting:
            at = sitting[0].where("member.name")
            yield finding("R529", at, sitting[0].name, member=member.name, **words)
        else:
            at = seats[0].where("attendance.unit") if seats else Address(_file(meeting))
            yield finding("R530", at, member.name, **words)


def _file(meeting: Meeting) -> str:
    """The file of the meeting, told by anything that it says."""
    return next((noun.at.file for noun in meeting.nouns() if noun.at), "")
