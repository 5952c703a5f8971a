"""One year, all units: what the rules and the outputs see.

Each noun holds its answers, whatever the forms ask (`merge.fold` puts them in by the declaration).
A field of the class is structure: which item, whose. A property named here is read by a rule or a
sentence; all else is reached through `answers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xltool.model.answers import Address, Noun, Typed, text
from xltool.model.returns import Picture
from xltool.model.terms import (
    Category,
    Confirmed,
    ContestStage,
    Presence,
    Purpose,
    Role,
    Verdict,
    Voice,
)


@dataclass(frozen=True)
class Score(Noun):
    """One criterion's score (陸、一、(三)): None when missing, which is never 0."""

    criterion: str

    value = Typed[Decimal | None]("scores.score", blank=None)
    evidence = text("scores.evidence")

    @property
    def at(self) -> Address | None:
        """The score's own cell."""
        return self.answer("scores.score").at


@dataclass(frozen=True)
class Metric(Noun):
    """量化成效: target and actual are text as filled, since units differ (件, %, 公噸)."""

    name = text("metrics.name")
    unit = text("metrics.unit")
    target = text("metrics.target")
    actual = text("metrics.actual")
    note = text("metrics.note")


@dataclass(frozen=True)
class Review(Noun):
    """A 督導小組 member's written opinion on one item (附件2、三, 四.(一))."""

    scores: tuple[Score, ...] = ()

    reviewer = text("reviewer.name")
    title = text("reviewer.title")
    opinion = text("review.opinion")
    voice = Typed[Voice | None]("review.recommend", blank=None)
    reason = text("review.reason")
    day = Typed[date | None]("reviewer.day", blank=None)

    @property
    def recommend(self) -> bool | None:
        """Whether the item is to be entered; None where nothing counts: not said, or 迴避."""
        return None if self.voice in (None, Voice.RECUSED) else self.voice is Voice.YES

    @property
    def recused(self) -> bool:
        """Whether the member says that he has a part in the item."""
        return self.voice is Voice.RECUSED


@dataclass(frozen=True)
class Item(Noun):
    """A 參與業務 through the year: what was enrolled, what was reported, what reviewers said.

    `id` is unit code and number, like "03-01"; `last_item` the one it had the year before, if it
    goes on. `enrolled` / `reported` tell which returns name it.
    """

    id: str
    unit: str
    enrolled: bool = False
    reported: bool = False
    scores: tuple[Score, ...] = ()
    metrics: tuple[Metric, ...] = ()
    pictures: tuple[Picture, ...] = ()
    reviews: tuple[Review, ...] = ()

    name = text("items.name")
    category = Typed[Category | None]("items.category", blank=None)
    audience = text("items.audience")
    method = text("items.method")
    target = text("items.target")
    cross_agency = Typed[bool | None]("items.cross_agency", blank=None)
    partners = text("items.partners")
    handler = text("items.handler")
    phone = text("items.phone")
    last_item = text("items.last_item")
    change = text("report.change")
    result = text("report.result")
    next_steps = text("report.next_steps")
    last_year = text("report.last_year")
    follow_up = text("report.follow_up")


@dataclass(frozen=True)
class Member(Noun):
    """A unit's member of the 督導小組 (附件2、二、(一)). Contact data is personal: never published."""

    unit: str

    name = text("member.name")
    title = text("member.title")
    level = text("member.level")
    email = text("member.email")


@dataclass(frozen=True)
class Person(Noun):
    """Somebody named for a reward. `staff_id` (職員編號) may be empty; `entry` is an entry's or item's id.

    `term`: that entry's 屆, empty where only one entry bears the id, or none. `proposed` is the proposed
    reward's label on the ladder, or 不敘獎; empty when nothing was filled.
    """

    entry: str
    unit: str
    term: str = ""

    name = text("people.name")
    role = Typed[Role | None]("people.role", blank=None)
    staff_id = text("people.staff_id")
    title = text("people.title")
    staff_kind = text("people.staff_kind")
    grade = text("people.grade")
    proposed = text("people.proposed")
    deed = text("people.deed")
    ground = text("people.ground")
    note = text("people.note")


@dataclass(frozen=True)
class Entry(Noun):
    """A 政府服務獎 entry: contest term (屆), the item it grew from (may be empty), how far it got."""

    id = text("entries.entry")
    name = text("entries.name")
    term = text("entries.term")
    unit = text("entries.unit")
    item = text("entries.item")
    stage = Typed[ContestStage | None]("entries.stage", blank=None)


@dataclass(frozen=True)
class Attendance(Noun):
    """One member's attendance at a meeting, or his deputy's; `state` is None when not filled."""

    unit = text("attendance.unit")
    name = text("member.name")
    title = text("member.title")
    state = Typed[Presence | None]("attendance.present", blank=None)
    deputy = text("attendance.deputy")
    deputy_title = text("attendance.deputy_title")
    note = text("attendance.note")


@dataclass(frozen=True)
class Motion(Noun):
    """A motion: consensus among those present, else the convener's ruling (附件2、四、(二))."""

    no = text("motions.no")
    subject = text("motions.subject")
    item = text("motions.item")
    resolution = text("motions.resolution")
    verdict = Typed[Verdict | None]("motions.verdict", blank=None)
    consensus = Typed[bool | None]("motions.consensus", blank=None)
    ruling = text("motions.ruling")
    purpose = Typed[Purpose | None]("motions.purpose", blank=None)


@dataclass(frozen=True)
class Listed(Noun):
    """An item as a meeting's minutes list it, with the target and what was decided (附件2、三、(一))."""

    item = text("confirmed.item")
    name = text("confirmed.name")
    target = text("confirmed.target")
    decision = Typed[Confirmed | None]("confirmed.decision", blank=None)
    note = text("confirmed.note")


@dataclass(frozen=True)
class Meeting(Noun):
    """A 督導小組 meeting."""

    attendance: tuple[Attendance, ...] = ()
    motions: tuple[Motion, ...] = ()
    listed: tuple[Listed, ...] = ()

    no = text("meeting.no")
    day = Typed[date | None]("meeting.day", blank=None)
    place = text("meeting.place")
    chair = text("meeting.chair")

    @property
    def order(self) -> tuple[date, int, str]:
        """Sorts a year's meetings: by day, then by number (第2次 before 第10次)."""
        return self.day or date.min, len(self.no), self.no


class FilingState(StrEnum):
    """Where a unit stands with a form (R8)."""

    FILED = "已繳"
    NIL = "無辦理"
    TO_CORRECT = "待修正"
    MISSING = "未繳"


@dataclass(frozen=True)
class Filing(Noun):
    """Whether a unit has filed a form (R8): the return that counts, or none (未繳), with what it says
    of itself: who filled it, when, whether the head has stamped it (核章).

    `blocked`: what came has errors; `late`: it came too late to count.
    """

    unit: str
    form: str
    filed: bool
    nil: bool = False
    file: str = ""
    blocked: bool = False
    late: bool = False
    errors: int = 0

    filler = text("filing.filler")
    phone = text("filing.phone")
    day = Typed[date | None]("filing.day", blank=None)
    stamp = text("filing.stamp")
    stamp_day = Typed[date | None]("filing.stamp_day", blank=None)

    @property
    def state(self) -> FilingState:
        """One that came too late to count is missing."""
        if self.blocked:
            return FilingState.TO_CORRECT
        if not self.filed:
            return FilingState.MISSING
        return FilingState.NIL if self.nil else FilingState.FILED


@dataclass(frozen=True)
class HeldBack:
    """What counts nowhere until it is corrected, in a unit's return (code, empty for the coordinator's own
    forms): what the error at `at` touches. `section` and `of` tell which part of the form and which item
    that is, empty where it is not known. `whole`: the return itself; `message` is then the first of its
    `errors`."""

    form: str
    unit: str
    at: Address
    message: str
    errors: int = 1
    section: str = ""
    of: str = ""
    whole: bool = False

    def touches(self, *sections: str) -> bool:
        """Whether it may bear on what these sections of the form say."""
        return self.section in ("", *sections)


@dataclass(frozen=True)
class Dataset:
    """One year of one agency: everything that the rules and the outputs read."""

    year: int
    items: tuple[Item, ...] = ()
    members: tuple[Member, ...] = ()
    people: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    entries: tuple[Entry, ...] = ()
    entry_people: tuple[Person, ...] = ()
    filings: tuple[Filing, ...] = ()
    held: tuple[HeldBack, ...] = ()

    def held_back(self, form: str, unit: str | None = None) -> tuple[HeldBack, ...]:
        """What is held back of a form; of a unit's alone where one is named."""
        return tuple(h for h in self.held if h.form == form and unit in (None, h.unit))

    @property
    def meetings_in_order(self) -> list[Meeting]:
        """The meetings by day and number, as what the rules conclude of them."""
        return sorted(self.meetings, key=lambda meeting: meeting.order)

    def nouns(self) -> Iterator[Noun]:
        """Everything of the year that answers tell of, with what it holds."""
        for told in (
            *(self.items, self.members, self.people, self.meetings),
            *(self.entries, self.entry_people, self.filings),
        ):
            for noun in told:
                yield from noun.nouns()

    def item(self, item_id: str) -> Item | None:
        """The item with that 業務編號, or None."""
        return next((item for item in self.items if item.id == item_id), None)
