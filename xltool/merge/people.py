"""People: the members of the 督導小組, those named for a reward, the entries that they worked on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xltool.findings import Finding, finding
from xltool.forms import CONTEST, ENROLMENT, REPORT
from xltool.merge.fold import Folds
from xltool.model import Entry, Member, Person
from xltool.plan import Plan
from xltool.zh import same


def members(folds: Folds) -> Iterator[Member]:
    """Each unit's member of the 督導小組 (附件2.二.(一))."""
    for fold in folds[ENROLMENT.key]:
        card = fold.submission.card("member")
        if card.values:
            yield Member(fold.submission.unit, answers=fold.answers(card))


def low_in_rank(members: Collection[Member], plan: Plan) -> Iterator[Finding]:
    """Members whose 職稱層級 is none of those that the plan accepts."""
    levels = {same(title) for title in plan.titles}
    for member in members:
        if member.level and same(member.level) not in levels:
            yield finding("C412", member.where("member.level"), member.level)


def reported_people(folds: Folds) -> Iterator[Person]:
    """Whom the units name for a reward of their own (柒.一)."""
    for fold in folds[REPORT.key]:
        for row, answers in fold.rows("people"):
            yield Person(row.text("item"), fold.submission.unit, answers=answers)


def of_no_item(people: Collection[Person], items: Collection[str]) -> Iterator[Finding]:
    """People named for an item that no return knows."""
    for person in people:
        if person.entry and person.entry not in items:
            yield finding("C406", person.where("people.item"), person.entry)


def entries(folds: Folds) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The 政府服務獎 entries. The same code for another entry is refused: its stage would be taken for
    the first one's."""
    taken: list[Entry] = []
    found: list[Finding] = []
    for fold in folds[CONTEST.key]:
        for row, answers in fold.rows("entries"):
            entry = Entry(answers=answers)
            twin = next((one for one in taken if same(one.id) == same(entry.id)), entry)
            if _what(twin) != _what(entry):
                label = fold.form.field("entries", "entry").label
                found.append(fold.left_out("C404", row, entry.id, field=label))
            else:
                taken.append(entry)
    return tuple(taken), tuple(found)


def _what(entry: Entry) -> tuple[str, ...]:
    return same(entry.name), same(entry.term), entry.unit


def entry_people(folds: Folds) -> Iterator[Person]:
    """Who had a part in an entry (柒.二)."""
    for fold in folds[CONTEST.key]:
        for row, answers in fold.rows("people"):
            unit = answers.get("people.unit")
            yield Person(row.text("entry"), str(unit.value or "") if unit else "", answers=answers)
