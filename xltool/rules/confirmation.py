"""R9: which items and targets the 督導小組 has confirmed (附件2、三、(一)), and what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from xltool.findings import Finding, finding
from xltool.model import Address, Confirmed, Dataset, Item, Listed, Meeting, Purpose, Verdict
from xltool.rules.held import to_correct
from xltool.rules.outcomes import Confirmation, MeetingOutcome, MotionOutcome
from xltool.rules.quorum import contradicts
from xltool.rules.rule import Choice, Rule
from xltool.wording import the
from xltool.zh import clean, same, shortened

CONFIRMED, CHANGED, NOT_LISTED = "已確認", "確認後有變更", "未經確認"
_LENGTH = 60  # characters of a target that a message quotes

RULE = Rule(
    key="R9",
    title="業務項目及目標之確認",
    clauses=("confirmed",),
    module="confirmation",
    settings=(),
    findings=("R538", "R539", "R540", "R541", "R542"),
    choices=(
        Choice("確認以會議紀錄的「確認清單」為準；案類為「確認項目」的案未決者，該頁不生效"),
        Choice("一項業務列於數次會議者，以後一次會議為準"),
        Choice("確認後單位更改年度目標或新增業務，照收並提醒未經確認；不影響評分與敘獎"),
        Choice(
            "本年度沒有確認業務項目及目標的會議紀錄者，會議資料與 xltool meeting 會說，不逐項列"
        ),
    ),
)


def never(dataset: Dataset, confirmations: Collection[Confirmation]) -> str:
    """That units report results and no meeting was to confirm what; empty where that is not so."""
    if confirmations or not any(item.reported for item in dataset.items):
        return ""
    return f"本年度尚無確認業務項目及目標的會議紀錄（{the.confirmed}）"


@dataclass(frozen=True)
class _Said:
    """An item on the list of a meeting, and what came of the motion that is to confirm it."""

    listed: Listed
    meeting: MeetingOutcome
    undecided: str


def confirm(
    dataset: Dataset, outcomes: tuple[MeetingOutcome, ...]
) -> tuple[tuple[Confirmation, ...], tuple[Finding, ...]]:
    """R9 for every item of the year and every one that a list names; nothing where no meeting was to
    confirm any. `outcomes`: the meetings, in their order."""
    meetings = sorted(dataset.meetings, key=lambda meeting: meeting.order)
    pairs = tuple(zip(meetings, outcomes, strict=True))
    unasked = tuple(_unasked(meeting) for meeting in meetings if _forgotten(meeting))
    if not any(meeting.listed or _motions(outcome) for meeting, outcome in pairs):
        return (), ()
    last: dict[str, _Said] = {}
    for meeting, outcome in pairs:
        undecided = _undecided(outcome)
        for listed in meeting.listed:
            why_not = to_correct(listed) if listed.faults else undecided
            if listed.item and not (why_not and listed.item in last):
                last[listed.item] = _Said(listed, outcome, why_not)
    items = {item.id: item for item in dataset.items}
    made = (
        *(_of(item, last.get(item.id)) for item in dataset.items),
        *(_gone(said) for number, said in last.items() if number not in items),
    )
    valid = any(not said.undecided for said in last.values())
    found = (one for item in dataset.items for one in _told(item, last.get(item.id), valid=valid))
    gone = (one for number, one in last.items() if number not in items and _counts(one))
    strange = (_no_item(one) for one in gone)
    return made, (*unasked, *found, *strange)


def _motions(meeting: MeetingOutcome) -> tuple[MotionOutcome, ...]:
    """The motions of a meeting that are to confirm its list."""
    return tuple(motion for motion in meeting.motions if motion.purpose is Purpose.CONFIRM)


def _undecided(meeting: MeetingOutcome) -> str:
    """Why a meeting's list does not count; empty when it does: one of its motions agreed to it."""
    motions = _motions(meeting)
    if not motions:
        return f"議案沒有「{Purpose.CONFIRM}」的案"
    decided = [motion for motion in motions if motion.basis]
    if any(not contradicts(Verdict.ENTER, motion.decision) for motion in decided):
        return ""
    if decided:
        return f"決議為「{shortened(clean(decided[0].decision), _LENGTH)}」"
    return motions[0].undecided


def _forgotten(meeting: Meeting) -> bool:
    """Whether a list was filled in and no motion is to confirm it."""
    return bool(meeting.listed) and not any(
        one.purpose is Purpose.CONFIRM for one in meeting.motions
    )


def _unasked(meeting: Meeting) -> Finding:
    at = meeting.listed[0].at or Address("")
    return finding(
        "R541", at, len(meeting.listed), meeting=meeting.no, purpose=str(Purpose.CONFIRM)
    )


def _of(item: Item, said: _Said | None) -> Confirmation:
    if said is None:
        return Confirmation(item.id, item.unit, item.name, item.target, NOT_LISTED, the.confirmed)
    one = said.listed
    state = (
        f"未決（{said.undecided}）"
        if said.undecided
        else str(Confirmed.NOT)
        if one.decision is Confirmed.NOT
        else CHANGED
        if _differs(item, one)
        else CONFIRMED
    )
    return _confirmation(item.id, item.unit, item.name, item.target, state, said)


def _gone(said: _Said) -> Confirmation:
    one = said.listed
    state = f"未決（{said.undecided}）" if said.undecided else "不在本年度業務"
    return _confirmation(one.item, one.item.partition("-")[0], one.name, "", state, said)


def _confirmation(
    item: str, unit: str, name: str, target: str, state: str, said: _Said
) -> Confirmation:
    one, meeting = said.listed, said.meeting
    return Confirmation(
        item, unit, name, target, state, the.confirmed,
        meeting.no, meeting.day, one.target, one.decision, one.note, holds=_counts(said),
    )  # fmt: skip


def _differs(item: Item, listed: Listed) -> bool:
    return bool(listed.target) and same(item.target) != same(listed.target)


def _counts(said: _Said) -> bool:
    return not said.undecided and said.listed.decision is not Confirmed.NOT


def _told(item: Item, said: _Said | None, *, valid: bool) -> Iterator[Finding]:
    """What is told of an item: new since, another target, reported though it was not to be. `valid`:
    a list counts at all."""
    at = item.where("items.name")
    if said is None:
        if valid:
            yield finding("R538", at, item.id, name=item.name)
        return
    words = {"item": item.id, "meeting": said.meeting.no}
    if said.undecided:
        return  # told where the motion or the row stands
    if said.listed.decision is Confirmed.NOT:
        yield finding("R540", at, item.name, **words)
    elif _differs(item, said.listed):
        then = shortened(" ".join(clean(said.listed.target).split()), _LENGTH)
        now = shortened(" ".join(clean(item.target).split()), _LENGTH)
        yield finding("R539", item.where("items.target"), now, then=then, **words)


def _no_item(said: _Said) -> Finding:
    at = said.listed.where("confirmed.item")
    return finding("R542", at, said.listed.item, meeting=said.meeting.no)
