"""Returns → Dataset: what belongs together, what conflicts.

Pure, and the order of its input never matters. Nothing that a unit filled is dropped: it is in the
dataset, or a finding names it, or it stands in a return that a later one replaced (F110).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from xltool.findings import Finding, finding
from xltool.forms import CONTEST, ENROLMENT, FORMS, MEETING, REPORT, REVIEW, SETTINGS, Form
from xltool.forms.of_year import forms_of
from xltool.merge import people
from xltool.merge.fold import Fold, Folds
from xltool.merge.held import keep
from xltool.merge.items import join
from xltool.model import (
    Address,
    Attendance,
    Dataset,
    Filing,
    HeldBack,
    Item,
    Listed,
    Load,
    Meeting,
    Motion,
    Return,
)
from xltool.plan import Plan
from xltool.rules.filing import choose, filings
from xltool.rules.identity import alike

TAKEN: Mapping[str, frozenset[str]] = MappingProxyType({
    ENROLMENT.key: frozenset({"filing", "member", "items"}),
    REPORT.key: frozenset({"filing", "report", "metrics", "scores", "photos", "people"}),
    REVIEW.key: frozenset({"reviewer", "review", "scores"}),
    MEETING.key: frozenset({"meeting", "attendance", "motions", "confirmed"}),
    CONTEST.key: frozenset({"entries", "people"}),
})
"""The sections of each form of which nouns are made; of a section every field is taken."""


def not_taken(forms: Iterable[Form]) -> Iterator[str]:
    """A line for each section of a form of which nothing is made: what is typed there would be lost."""
    for form in forms:
        for _, section in form.sections():
            if form.key != SETTINGS.key and section.key not in TAKEN.get(form.key, ()):
                yield f"no noun takes the section {section.key} of the form {form.key}"


if _lost := tuple(not_taken(FORMS.values())):
    raise LookupError("; ".join(_lost))


@dataclass(frozen=True)
class Merged:
    """The year's dataset, the returns it was made of, those that came too late, and what conflicts."""

    dataset: Dataset
    adopted: tuple[Return, ...]
    late: tuple[Return, ...]
    findings: tuple[Finding, ...]


Errors = Mapping[tuple[str, str], Sequence[Finding]]
"""The errors of the returns that have some, by file and SHA-256."""


def merge(
    returns: Collection[Return], plan: Plan, load: Load, errors: Errors = MappingProxyType({})
) -> Merged:
    """Make the year's dataset of the returns; only those that count are loaded. Of one with `errors`
    counts what these do not touch."""
    stray = [one for one in returns if one.form == SETTINGS.key]
    choice = choose((one for one in returns if one.form != SETTINGS.key), plan)
    folds, held = _folds(choice.chosen, load, errors, plan)
    items, conflicts = join(folds, plan)
    members, named = tuple(people.members(folds)), tuple(people.reported_people(folds))
    contest = people.contest(folds)
    meetings, typed_over = _meetings(folds)
    dataset = Dataset(
        year=plan.year,
        items=items,
        members=members,
        people=named,
        meetings=meetings,
        entries=contest.entries,
        entry_people=contest.people,
        filings=tuple(_filings(folds, choice.late, items, plan)),
        held=held,
    )
    found = (
        *(finding("C413", Address(one.file)) for one in stray),
        *choice.findings,
        *_dropped(choice.before, load, plan),
        *conflicts,
        *people.low_in_rank(members, plan),
        *people.of_no_item(named, {item.id for item in items}),
        *contest.findings,
        *typed_over,
    )
    return Merged(dataset, choice.chosen, choice.late, tuple(sorted(found, key=_in_order)))


def _in_order(found: Finding) -> tuple[object, ...]:
    return found.at.file, *found.at.reading_order, found.code, found.message


def _folds(
    returns: Iterable[Return], load: Load, errors: Errors, plan: Plan
) -> tuple[Folds, tuple[HeldBack, ...]]:
    """What each return says, and what its errors hold back of it."""
    year = forms_of(plan)
    folds: dict[str, list[Fold]] = defaultdict(list)
    held: list[HeldBack] = []
    for one in returns:
        kept = keep(load(one), year[one.form], errors.get((one.file, one.sha256), ()))
        held += kept.held
        if kept.submission is not None:
            fold = Fold(year[one.form], kept.submission, plan, kept.faults, kept.lacking)
            folds[one.form].append(fold)
    return folds, tuple(held)


def _dropped(before: Mapping[Return, Return], load: Load, plan: Plan) -> Iterator[Finding]:
    """Items and people that a unit's return names no more, though the one before it did."""
    for later, earlier in before.items():
        if later.form not in (ENROLMENT.key, REPORT.key):
            continue
        now, then = (_named_in(Fold(FORMS[one.form], load(one), plan)) for one in (later, earlier))
        gone = [name for key, name in then.items() if key not in now]
        if gone:
            words = {"earlier": earlier.file, "count": len(gone)}
            yield finding("C430", Address(later.file), "、".join(gone), **words)


def _named_in(fold: Fold) -> Mapping[str, str]:
    """The items and the people that a unit's return names, by what they are known again by."""
    named = {}
    for row, _ in fold.rows("items") if fold.form is ENROLMENT else ():
        key = row.text("item") or row.text("name")
        named[key] = " ".join(filter(None, (row.text("item"), row.text("name"))))
    if fold.form is REPORT:
        named |= {item: item for item in fold.items("report")}
        named |= {alike(row.text("name")): row.text("name") for row, _ in fold.rows("people")}
    return named


def _meetings(folds: Folds) -> tuple[tuple[Meeting, ...], tuple[Finding, ...]]:
    meetings: list[Meeting] = []
    found: list[Finding] = []
    for fold in folds[MEETING.key]:
        there: list[Attendance] = []
        for row, answers in fold.rows("attendance"):
            new, told = fold.changed(row, {})
            found += told
            there.append(Attendance(answers={**fold.repeated(row, "member"), **answers, **new}))
        motions = tuple(Motion(answers=answers) for _, answers in fold.rows("motions"))
        listed = tuple(Listed(answers=answers) for _, answers in fold.rows("confirmed"))
        card = fold.submission.card("meeting")
        meetings.append(Meeting(tuple(there), motions, listed, answers=fold.answers(card)))
    return tuple(meetings), tuple(found)


def _filings(
    folds: Folds, late: Sequence[Return], items: Sequence[Item], plan: Plan
) -> Iterator[Filing]:
    """Who has filed what (R8), with what the return that counts says of itself."""
    by_form = {key: [fold.submission for fold in several] for key, several in folds.items()}
    last = {(f.form.key, f.submission.unit): f for several in folds.values() for f in several}
    for filing in filings(by_form, late, items, plan):
        fold = last.get((filing.form, filing.unit))
        yield filing.saying(fold.answers(fold.submission.card("filing"))) if fold else filing
