"""迴避: a member who has a part in an item does not rank it without its being marked (附件2、三、(三)).

By 附件2、四、(一) a member speaks of the unit that he answers for: being of an item's unit is no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from xltool.findings import Finding, finding
from xltool.forms import ENROLMENT, REPORT
from xltool.model import Dataset, Item, Meeting, Motion, Presence, Review, Voice
from xltool.rules.identity import alike
from xltool.rules.outcomes import Recusal, Scoring
from xltool.who import named

HANDLER = ENROLMENT.field("items", "handler").label
MERITS = REPORT.titles["people"]


@dataclass(frozen=True)
class Parts:
    """Who has a part in which item: its 承辦人, or named for a reward of it; by item, unit and name."""

    known: Mapping[tuple[str, str, str], str]

    @classmethod
    def of(cls, dataset: Dataset) -> Parts:
        """All parts of a year."""
        entered = {entry.id: entry.item for entry in dataset.entries}
        people = (
            *((one.entry, one) for one in dataset.people),
            *((entered.get(one.entry, ""), one) for one in dataset.entry_people),
        )
        merits = {(item, one.unit, alike(one.name)): MERITS for item, one in people if item}
        handlers = {
            (item.id, item.unit, alike(name)): HANDLER
            for item in dataset.items
            for name in named(item.handler).names
        }
        return cls({**merits, **handlers})

    def has(self, item: str, unit: str, name: str) -> str:
        """What part somebody of a unit has in an item; empty when none."""
        return self.known.get((item, unit, alike(name)), "")


def marked(scoring: Scoring, dataset: Dataset) -> Scoring:
    """The scores with who has a part in the item or says so, and what is told of those who do not."""
    parts, items = Parts.of(dataset), {item.id: item for item in dataset.items}
    found = (one for score in scoring.items for one in _unmarked(items[score.item], parts))
    return Scoring(
        tuple(
            replace(score, recusals=tuple(_of_reviews(items[score.item], parts)))
            for score in scoring.items
        ),
        (*scoring.findings, *found),
    )


def _of_reviews(item: Item, parts: Parts) -> Iterator[Recusal]:
    for review in item.reviews:
        part = parts.has(item.id, item.unit, review.reviewer)
        if review.recused or part:
            yield Recusal(review.reviewer, part, declared=review.recused)


def _unmarked(item: Item, parts: Parts) -> Iterator[Finding]:
    """Reviewers who rank an item in which they have a part."""
    for review in item.reviews:
        part = parts.has(item.id, item.unit, review.reviewer)
        if part and not review.recused and _ranks(review):
            at = review.where("review.recommend")
            yield finding("R534", at, review.reviewer, item=item.id, part=part)


def _ranks(review: Review) -> bool:
    return review.recommend is not None or any(one.value is not None for one in review.scores)


def of_motion(motion: Motion, meeting: Meeting, parts: Parts) -> tuple[Recusal, ...]:
    """Who was there when an item was decided on, and has a part in it. 迴避 is declared by the word, in
    the note beside his name or in what was decided."""
    words = f"{motion.resolution}{motion.ruling}"
    return tuple(
        Recusal(seat.name, part, declared=Voice.RECUSED in f"{words}{seat.note}", present=True)
        for seat in meeting.attendance
        if seat.state is Presence.PRESENT
        if (part := parts.has(motion.item, seat.unit, seat.name))
    )


def unmarked_at(meeting: Meeting, parts: Parts) -> Iterator[Finding]:
    """Members who were there when an item was decided on in which they have a part, unmarked."""
    for motion in meeting.motions:
        for one in of_motion(motion, meeting, parts):
            if not one.declared:
                seat = next(seat for seat in meeting.attendance if seat.name == one.who)
                words = {"no": motion.no, "item": motion.item, "part": one.part}
                yield finding("R535", seat.where("attendance.present"), one.who, **words)
