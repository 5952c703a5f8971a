"""R3: when a meeting of the 督導小組 is valid and what its motions come to (附件2、四、(二))."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from xltool.findings import Finding, finding
from xltool.model import Address, Attendance, Dataset, FilingState, Meeting, Motion
from xltool.plan import Plan
from xltool.rules.outcomes import MeetingOutcome, MotionOutcome
from xltool.rules.rule import Choice, Rule
from xltool.who import plain_name, spelled

CLAUSE = "附件2、四、(二)"
CONSENSUS, RULING = "共識", "召集人裁示"
NO_QUORUM = "未過半數出席"
UNCERTAIN = "出席情形待修正，無法判斷是否過半數"

RULE = Rule(
    key="R3",
    title="會議成立與決議",
    clauses=(CLAUSE,),
    module="quorum",
    settings=("units", "options.convener_counts"),
    findings=("R501", "R502", "R515", "R518", "R522"),
    choices=(
        Choice(
            "召集人不計入應出席與出席人數；設為「是」時兩者各加 1（已以單位成員身分列名者不重複計）",
            "options.convener_counts",
        ),
        Choice("應出席人數為年度設定的單位數（每單位 1 人），尚未選派者也計入"),
        Choice("過半數為「超過一半」：12 人需 7 人；同一單位只計 1 人"),
        Choice("會議不成立時，各案均為未決，召集人裁示也不生效"),
        Choice("未填是否達成共識而有裁示者，依裁示；兩者皆無為未決"),
    ),
)


def conclude_meetings(
    dataset: Dataset, plan: Plan
) -> tuple[tuple[MeetingOutcome, ...], tuple[Finding, ...]]:
    """R3 for every meeting, by day and number."""
    meetings = sorted(dataset.meetings, key=lambda meeting: meeting.order)
    outcomes = tuple(_meeting(meeting, plan) for meeting in meetings)
    found = chain.from_iterable(map(_wanting, meetings, outcomes))
    return outcomes, (*found, *chain.from_iterable(map(_absent_chair, meetings)))


def _meeting(meeting: Meeting, plan: Plan) -> MeetingOutcome:
    attended = {a.unit for a in meeting.attendance if a.present}
    absent = tuple(unit.name for unit in plan.units if unit.code not in attended)
    present = len(plan.units) - len(absent)
    apart = plan.options.convener_counts and not _seated(meeting)
    present += apart and bool(meeting.chair)
    members, needed = majority(plan, convener=apart)
    quorate = present >= needed
    uncertain = not quorate and present + len(_unclear_seats(meeting)) >= needed
    why_not = "" if quorate else UNCERTAIN if uncertain else NO_QUORUM
    return MeetingOutcome(
        no=meeting.no,
        day=meeting.day,
        members=members,
        present=present,
        needed=needed,
        quorate=quorate,
        absent=absent,
        motions=tuple(_motion(motion, why_not) for motion in meeting.motions),
        cites=CLAUSE,
        uncertain=uncertain,
    )


def _unclear_seats(meeting: Meeting) -> set[str]:
    """The units of whose member it is not known whether he came: what was filled must be corrected."""
    seats = (seat for seat in meeting.attendance if seat.answer("attendance.present").fault)
    return {seat.unit for seat in seats}


def majority(plan: Plan, *, convener: bool) -> tuple[int, int]:
    """How many members there are, counting the `convener` as one more, and how many must come."""
    members = len(plan.units) + convener
    return members, members // 2 + 1


def _seated(meeting: Meeting) -> bool:
    """Whether the chair is listed among the units' members, and so counts already."""
    return any(_is_chair(meeting, one) for one in meeting.attendance)


def _is_chair(meeting: Meeting, seat: Attendance) -> bool:
    """Whether that member is the chair, who is told by name and title in either order."""
    return bool(seat.name) and spelled(plain_name(seat.name)) in spelled(meeting.chair)


def _motion(motion: Motion, why_not: str) -> MotionOutcome:
    """What a motion comes to; nothing, whatever was agreed, where the meeting was not valid (`why_not`)."""
    decision = basis = undecided = ""
    if why_not:
        undecided = why_not
    elif motion.faults:
        undecided = f"{FilingState.TO_CORRECT}：{'；'.join(one.fault for one in motion.faults)}"
    elif motion.consensus and motion.resolution:
        decision, basis = motion.resolution, CONSENSUS
    elif motion.consensus:
        undecided = "已達共識而未填決議"
    elif motion.ruling:
        decision, basis = motion.ruling, RULING
    elif motion.consensus is None:
        undecided = "未填是否達成共識，也沒有召集人裁示"
    else:
        undecided = "未達共識且沒有召集人裁示"
    return MotionOutcome(motion.no, motion.subject, motion.item, decision, basis, CLAUSE, undecided)


def _wanting(meeting: Meeting, outcome: MeetingOutcome) -> Iterator[Finding]:
    """What a meeting lacks: members, or else what its motions leave open. Of a meeting that is not
    valid no motion is spoken of: all are undecided."""
    if outcome.uncertain:
        return  # what must be corrected is told where it stands
    if not outcome.quorate:
        yield finding(
            "R501",
            _place(meeting),
            outcome.present,
            present=outcome.present,
            members=outcome.members,
            needed=outcome.needed,
        )
        return
    for motion in meeting.motions:
        yield from () if motion.faults else _unclear(motion)


def _absent_chair(meeting: Meeting) -> Iterator[Finding]:
    """A chair who is listed among the members and marked absent."""
    for seat in meeting.attendance:
        if seat.present is False and _is_chair(meeting, seat):
            yield finding("R522", seat.where("attendance.present"), seat.name, meeting=meeting.no)


def _unclear(motion: Motion) -> Iterator[Finding]:
    """Consensus not filled in, a ruling beside a consensus, or neither consensus nor ruling."""
    at = motion.at or Address("")
    if motion.consensus is None:
        yield finding("R515", at, motion.no)
    elif motion.consensus and motion.resolution and motion.ruling:
        yield finding("R518", at, motion.no)
    elif not motion.consensus and not motion.ruling:
        yield finding("R502", at, motion.no)


def _place(meeting: Meeting) -> Address:
    """The file of the meeting, told by its motions."""
    return next((Address(m.at.file) for m in meeting.motions if m.at), Address(""))
