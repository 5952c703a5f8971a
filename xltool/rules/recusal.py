"""迴避: a member who has a part in an item does not rank it without its being marked (附件2、三、(三)).

By 附件2、四、(一) a member speaks of the unit that he answers for: being of an item's unit is no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xltool.findings import Finding, finding
from xltool.forms import ENROLMENT, REPORT
from xltool.model import Dataset, Item, Meeting, Motion, Presence, Review, Voice
from xltool.rules.identity import alike
from xltool.rules.outcomes import Recusal
from xltool.who import named

HANDLER = ENROLMENT.field("items", "handler").label
MERITS = REPORT.titles["people"]


def of_item(item: Item, dataset: Dataset) -> tuple[Recusal, ...]:
    """Who reviewed an item and has a part in it, or says so."""
    return tuple(_of_reviews(item, dataset))


def _of_reviews(item: Item, dataset: Dataset) -> Iterator[Recusal]:
    for review in item.reviews:
        part = part_in(item, item.unit, review.reviewer, dataset)
        if review.recused or part:
            yield Recusal(review.reviewer, part, declared=review.recused)


def unmarked(item: Item, dataset: Dataset) -> Iterator[Finding]:
    """Reviewers who rank an item in which they have a part."""
    for review in item.reviews:
        part = part_in(item, item.unit, review.reviewer, dataset)
        if part and not review.recused and _ranks(review):
            at = review.where("review.recommend")
            yield finding("R534", at, review.reviewer, item=item.id, part=part)


def _ranks(review: Review) -> bool:
    return review.recommend is not None or any(one.value is not None for one in review.scores)


def of_motion(motion: Motion, meeting: Meeting, dataset: Dataset) -> tuple[Recusal, ...]:
    """Who was there when an item was decided on, and has a part in it. 迴避 is declared by the word, in
    the note beside his name or in what was decided."""
    item = dataset.item(motion.item)
    if item is None:
        return ()
    words = f"{motion.resolution}{motion.ruling}"
    return tuple(
        Recusal(seat.name, part, declared=Voice.RECUSED in f"{words}{seat.note}")
        for seat in meeting.attendance
        if seat.state is Presence.PRESENT
        if (part := part_in(item, seat.unit, seat.name, dataset))
    )


def unmarked_at(meeting: Meeting, dataset: Dataset) -> Iterator[Finding]:
    """Members who were there when an item was decided on in which they have a part, unmarked."""
    for motion in meeting.motions:
        for one in of_motion(motion, meeting, dataset):
            if not one.declared:
                seat = next(seat for seat in meeting.attendance if seat.name == one.who)
                words = {"no": motion.no, "item": motion.item, "part": one.part}
                yield finding("R535", seat.where("attendance.present"), one.who, **words)


def part_in(item: Item, unit: str, name: str, dataset: Dataset) -> str:
    """What part somebody of a unit has in an item: its 承辦人, or named for a reward of it; else empty."""
    who = alike(name)
    if not who:
        return ""
    if unit == item.unit and who in map(alike, named(item.handler).names):
        return HANDLER
    entries = {entry.id for entry in dataset.entries if entry.item == item.id}
    people = (
        *(one for one in dataset.people if one.entry == item.id),
        *(one for one in dataset.entry_people if one.entry in entries),
    )
    return MERITS if any((one.unit, alike(one.name)) == (unit, who) for one in people) else ""
