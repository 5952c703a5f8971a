"""People: the members of the 督導小組, those named for a reward, the entries that they worked on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.findings import Finding, finding
from xltool.forms import CONTEST, ENROLMENT, REPORT
from xltool.merge.fold import Fold, Folds
from xltool.model import Entry, Member, Person
from xltool.plan import Plan
from xltool.rules.filing import entry_key
from xltool.rules.identity import alike
from xltool.zh import same


def members(folds: Folds) -> Iterator[Member]:
    """Each unit's member of the 督導小組 (附件2、二、(一))."""
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
    """Whom the units name for a reward of their own (柒、一)."""
    for fold in folds[REPORT.key]:
        for row, answers in fold.rows("people"):
            yield Person(row.text("item"), fold.submission.unit, answers=answers)


def of_no_item(people: Collection[Person], items: Collection[str]) -> Iterator[Finding]:
    """People named for an item that no return knows."""
    for person in people:
        if person.entry and person.entry not in items:
            yield finding("C406", person.where("people.item"), person.entry)


@dataclass(frozen=True)
class Contest:
    """The 政府服務獎 entries and who had a part in them (柒、二), of all 參選結果表 together."""

    entries: tuple[Entry, ...]
    people: tuple[Person, ...]
    findings: tuple[Finding, ...]


def contest(folds: Folds) -> Contest:
    """The year's entries, each as the last 參選結果表 that lists it without a fault has it, its people
    with it; and what that one no longer says. In one form the same code for another entry of the same
    term is refused: its stage would be taken for the first one's."""
    entries: dict[str, list[Entry]] = {}
    people: dict[str, list[Person]] = {}
    found: list[Finding] = []
    for fold in folds[CONTEST.key]:
        own, left_out = _own_entries(fold)
        found += left_out
        mine = _own_people(fold, own)
        found += _only_before(entries, own)
        for key, rows in own.items():
            if key in entries and (fold.lacking or any(row.faults for row in rows)):
                mine.pop(key, None)  # what an earlier form says of it without a fault stands
                continue
            if key in entries:
                found += _no_more(rows[0], people.pop(key, []), mine.get(key, []))
            entries[key] = rows
        for key, named in mine.items():
            people.setdefault(key, []).extend(named)
    terms = Counter(same(rows[0].id) for rows in entries.values())
    return Contest(
        tuple(row for rows in entries.values() for row in rows),
        tuple(
            one if terms[same(one.entry)] > 1 else replace(one, term="")
            for named in people.values()
            for one in named
        ),
        tuple(found),
    )


def _only_before(
    entries: Mapping[str, Sequence[Entry]], own: Mapping[str, Sequence[Entry]]
) -> Iterator[Finding]:
    """Entries that an earlier form had beside some of those that this one has again: they still count."""
    here = next((rows[0].where("entries.entry").file for rows in own.values()), "")
    again = {entries[key][0].where("entries.entry").file for key in own if key in entries}
    for key, (entry, *_) in entries.items():
        at = entry.where("entries.entry")
        if key not in own and at.file in again:
            yield finding("C429", at, entry.id, later=here)


def _own_entries(fold: Fold) -> tuple[dict[str, list[Entry]], list[Finding]]:
    """The entries of one form by what tells them; and those whose code is another's there."""
    taken: dict[str, list[Entry]] = {}
    found: list[Finding] = []
    for row, answers in fold.rows("entries"):
        if fold.fault(row, "entry"):
            continue  # told when the form was read
        entry = Entry(answers=answers)
        key = entry_key(entry.id, entry.term)
        twin = taken.get(key, [entry])[0]
        if _what(twin) != _what(entry):
            label = fold.form.field("entries", "entry").label
            found.append(fold.left_out("C404", row, entry.id, field=label))
        else:
            taken.setdefault(key, []).append(entry)
    return taken, found


def _what(entry: Entry) -> tuple[str, ...]:
    return same(entry.name), entry.unit


def _own_people(fold: Fold, entries: Mapping[str, Sequence[Entry]]) -> dict[str, list[Person]]:
    """Who is named in one form, by the entry there; of an entry that it does not list, by its code and,
    where that is said, its term. A code of two terms that a row does not tell apart is nobody's."""
    known: dict[str, list[str]] = {}
    for key, rows in entries.items():
        known.setdefault(same(rows[0].id), []).append(key)
    people: dict[str, list[Person]] = {}
    for row, answers in fold.rows("people"):
        code, unit, term = row.text("entry"), answers.get("people.unit"), row.text("term")
        mine = known.get(same(code), [])
        key = entry_key(code, term) if term else mine[0] if len(mine) == 1 else same(code)
        term = term or (entries[key][0].term if key in entries else "")
        person = Person(code, str(unit.value or "") if unit else "", term, answers=answers)
        people.setdefault(key, []).append(person)
    return people


def _no_more(entry: Entry, before: Sequence[Person], now: Sequence[Person]) -> Iterator[Finding]:
    """Who stood in an entry and is not named there any more by the form that counts for it."""
    named = {(one.unit, alike(one.name)) for one in now}
    gone = [one for one in before if (one.unit, alike(one.name)) not in named]
    if gone:
        at = entry.where("entries.entry")
        earlier = gone[0].where("people.name").file
        names = dict.fromkeys(one.name for one in gone)
        words = {"earlier": earlier, "count": len(names), "names": "、".join(names)}
        yield finding("C428", at, entry.id, **words)
