"""R9: which items and targets the 督導小組 has confirmed (附件2、三、(一)), and what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xltool.findings import Finding, finding
from xltool.model import (
    Address,
    Answer,
    Confirmed,
    Dataset,
    Item,
    Listed,
    Meeting,
    Purpose,
    Verdict,
)
from xltool.rules.held import to_correct
from xltool.rules.outcomes import Confirmation, MeetingOutcome, MotionOutcome
from xltool.rules.quorum import contradicts
from xltool.rules.rule import Choice, Rule
from xltool.wording import the
from xltool.zh import clean, is_blank_mark, narrow, same, shortened

CONFIRMED, CHANGED, NOT_LISTED = "已確認", "確認後有變更", "未經確認"
UNCORRECTED = "修正後確認，單位尚未更正"
GONE = "不在本年度業務"
_LENGTH = 60  # characters of a target that a message quotes

RULE = Rule(
    key="R9",
    title="業務項目及目標之確認",
    clauses=("confirmed",),
    module="confirmation",
    settings=(),
    findings=(
        *("R538", "R539", "R540", "R541", "R542"),
        *("R543", "R544", "R545", "R546", "R547"),
    ),
    choices=(
        Choice("確認以會議紀錄的「確認清單」為準；案類為「確認項目」的案未決者，該頁不生效"),
        Choice("一項業務列於數次會議者，以後一次會議為準；同一次會議列了兩次而不一致者，該項未決"),
        Choice(
            "「確認項目」案填了相關業務者，只決定該項；決議文字提到的業務而清單仍為「確認」者，該項未決並請確認"
        ),
        Choice("清單沒有年度目標的項目未決：沒有看到的目標，不算確認"),
        Choice("決定不列入的業務，推薦參獎時列於最後並顯示理由"),
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
    """What a meeting's list says of an item, and why that does not count; empty where it does."""

    listed: Listed
    meeting: MeetingOutcome
    undecided: str

    @property
    def counts(self) -> bool:
        """The meeting decided it."""
        return not self.undecided

    @property
    def confirms(self) -> bool:
        """The meeting decided that it is an item of the year, with that target."""
        return self.counts and self.listed.decision is not Confirmed.NOT


def confirm(
    dataset: Dataset, outcomes: tuple[MeetingOutcome, ...]
) -> tuple[tuple[Confirmation, ...], tuple[Finding, ...]]:
    """R9 for every item of the year and every one that a list names; nothing where no meeting was to
    confirm any. `outcomes`: the meetings, in their order. A file alone, without a year, is told of only
    what it says of itself."""
    meetings = dataset.meetings_in_order
    pairs = tuple(zip(meetings, outcomes, strict=True))
    if not any(meeting.listed or _motions(outcome) for meeting, outcome in pairs):
        return (), ()
    found = [one for pair in pairs for one in _of_meeting(*pair)]
    last: dict[str, _Said] = {}
    for meeting, outcome in pairs:
        for number, said in _list_of(meeting, outcome).items():
            if said.counts or number not in last:
                last[number] = said
    items = {item.id: item for item in dataset.items}
    gone = {number: said for number, said in last.items() if number not in items}
    made = (
        *(_of(item, last.get(item.id)) for item in dataset.items),
        *(_gone(number, said) for number, said in gone.items()),
    )
    valid = any(said.counts for said in last.values())
    for item in dataset.items:
        found += _told(item, last.get(item.id), valid=valid)
    found += [_no_item(said) for said in gone.values() if dataset.items and said.confirms]
    return made, tuple(found)


def _motions(meeting: MeetingOutcome) -> tuple[MotionOutcome, ...]:
    """The motions of a meeting that are to confirm its list, or an item of it."""
    return tuple(motion for motion in meeting.motions if motion.purpose is Purpose.CONFIRM)


def _list_of(meeting: Meeting, outcome: MeetingOutcome) -> Mapping[str, _Said]:
    """What a meeting's list says of each item."""
    rows: dict[str, list[Listed]] = {}
    for listed in meeting.listed:
        rows.setdefault(listed.item, []).append(listed)
    rows.pop("", None)
    return {
        item: _Said(several[0], outcome, _why_not(item, several, outcome))
        for item, several in rows.items()
    }


def _why_not(item: str, rows: Sequence[Listed], outcome: MeetingOutcome) -> str:
    """Why what a list says of an item does not count; empty where it does."""
    first = rows[0]
    if faulty := next((row for row in rows if row.faults), None):
        return to_correct(faulty)
    if len({(row.decision, same(row.target)) for row in rows}) > 1:
        return f"確認清單列了 {len(rows)} 次，內容不一致"
    if first.decision is None:
        return "未填小組決定"
    motions = _motions(outcome)
    if not motions:
        return f"議案沒有「{Purpose.CONFIRM}」的案"
    general = [motion for motion in motions if not motion.item]
    deciding = [motion for motion in motions if motion.item == item] or general
    if not deciding:
        return f"「{Purpose.CONFIRM}」的案都是其他業務的"
    agreed = _agreed(deciding)
    if not agreed:
        refused = next((one for one in deciding if one.basis), None)
        return f"案 {refused.no} {_words(refused)}" if refused else deciding[0].undecided
    if first.decision is Confirmed.AS_IT_IS and any(_names(one, item) for one in agreed):
        return "決議提到本項，小組決定仍為「確認」"
    if first.decision is not Confirmed.NOT and is_blank_mark(first.target or "－"):
        return "確認清單沒有年度目標"
    return ""


def _agreed(motions: Iterable[MotionOutcome]) -> list[MotionOutcome]:
    """Those that were decided and not refused or put off."""
    return [one for one in motions if one.basis and not contradicts(Verdict.ENTER, one.decision)]


def _words(motion: MotionOutcome) -> str:
    return f"決議為「{shortened(clean(motion.decision), _LENGTH)}」"


def _names(motion: MotionOutcome, item: str) -> bool:
    """Whether what was decided of the whole list speaks of an item by its number."""
    return not motion.item and item in narrow(motion.decision)


def _of_meeting(meeting: Meeting, outcome: MeetingOutcome) -> Iterator[Finding]:
    """What is wrong with a list itself: no motion is to confirm it, or it is empty where one did; rows
    without a target, or which the resolution speaks of."""
    motions = _motions(outcome)
    if meeting.listed and not motions:
        at = meeting.listed[0].at or Address("")
        count = len(meeting.listed)
        yield finding("R541", at, count, meeting=meeting.no, purpose=str(Purpose.CONFIRM))
    if not meeting.listed:
        for one, motion in zip(meeting.motions, outcome.motions, strict=True):
            if motion in motions and motion.basis and not motion.item:
                yield finding("R545", one.where("motions.purpose"), motion.no, meeting=meeting.no)
    agreed = _agreed(motions)
    for listed in meeting.listed if agreed else ():
        words = {"item": listed.item, "meeting": meeting.no}
        if listed.faults or listed.decision is Confirmed.NOT:
            continue
        if is_blank_mark(listed.target or "－"):
            yield finding("R547", listed.where("confirmed.target"), listed.target, **words)
        elif listed.decision is Confirmed.AS_IT_IS:
            for motion in (one for one in agreed if _names(one, listed.item)):
                at = listed.where("confirmed.decision")
                yield finding("R544", at, str(listed.decision), words=motion.decision, **words)


def _of(item: Item, said: _Said | None) -> Confirmation:
    if said is None:
        return Confirmation(item.id, item.unit, item.name, item.target, NOT_LISTED, the.confirmed)
    return _confirmation(item, _state(item, said), said)


def _state(item: Item, said: _Said) -> str:
    one = said.listed
    if said.undecided:
        return f"未決（{said.undecided}）"
    if one.decision is Confirmed.NOT:
        return str(Confirmed.NOT)
    if not _differs(item, one):
        return CONFIRMED
    return UNCORRECTED if one.decision is Confirmed.AMENDED else CHANGED


def _gone(number: str, said: _Said) -> Confirmation:
    one = said.listed
    item = Item(number, number.partition("-")[0], answers={"items.name": Answer(one.name)})
    return _confirmation(item, f"未決（{said.undecided}）" if said.undecided else GONE, said)


def _confirmation(item: Item, state: str, said: _Said) -> Confirmation:
    one, meeting = said.listed, said.meeting
    return Confirmation(
        item.id, item.unit, item.name, item.target, state, the.confirmed,
        meeting.no, meeting.day, one.target, one.decision, one.note,
        holds=said.confirms, settled=said.counts and state != CHANGED,
    )  # fmt: skip


def _differs(item: Item, listed: Listed) -> bool:
    return same(item.target) != same(listed.target)


def _told(item: Item, said: _Said | None, *, valid: bool) -> Iterator[Finding]:
    """What is told of an item: new since, another target or name, reported though it was not to be.
    `valid`: a list counts at all."""
    at = item.where("items.name")
    if said is None:
        if valid:
            yield finding("R538", at, item.id, name=item.name)
        return
    if said.undecided:
        return  # told where the motion or the row stands
    one, words = said.listed, {"item": item.id, "meeting": said.meeting.no}
    if one.decision is Confirmed.NOT:
        yield finding("R540", at, item.name, **words)
        return
    if _differs(item, one):
        code = "R546" if one.decision is Confirmed.AMENDED else "R539"
        then, now = (
            shortened(" ".join(clean(text).split()), _LENGTH) for text in (one.target, item.target)
        )
        yield finding(code, item.where("items.target"), now, then=then, **words)
    if one.name and same(one.name) != same(item.name):
        yield finding("R543", at, item.name, then=one.name, **words)


def _no_item(said: _Said) -> Finding:
    at = said.listed.where("confirmed.item")
    return finding("R542", at, said.listed.item, meeting=said.meeting.no)
