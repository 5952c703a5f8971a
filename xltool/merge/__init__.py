"""Returns → Dataset: what belongs together, what conflicts.

Pure, and the order of its input never matters. Nothing that a unit filled is dropped: it is in the
dataset, or a finding names it, or it stands in a return that a later one replaced (F110).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.findings import Finding, finding
from xltool.forms import (
    CONTEST,
    ENROLMENT,
    FORMS,
    MEETING,
    REPORT,
    REVIEW,
    SETTINGS,
)
from xltool.merge.given import typed_over
from xltool.model import (
    Address,
    Attendance,
    Category,
    ContestStage,
    Dataset,
    Entry,
    Item,
    Load,
    Meeting,
    Member,
    Metric,
    Motion,
    Person,
    Picture,
    Record,
    Return,
    Review,
    Role,
    Score,
    Submission,
    Value,
)
from xltool.plan import Plan
from xltool.rules.filing import choose, filings
from xltool.zh import same

_CELL = re.compile(r"([A-Z]*)(\d*)")


@dataclass(frozen=True)
class Merged:
    """The year's dataset, the returns it was made of, those that came too late, and what conflicts."""

    dataset: Dataset
    adopted: tuple[Return, ...]
    late: tuple[Return, ...]
    findings: tuple[Finding, ...]


def merge(returns: Collection[Return], plan: Plan, load: Load) -> Merged:
    """Make the year's dataset of the accepted returns; only those that count are loaded."""
    stray = [one for one in returns if one.form == SETTINGS.key]
    choice = choose((one for one in returns if one.form != SETTINGS.key), plan)
    found = [finding("C413", Address(s.file)) for s in sorted(stray, key=lambda s: s.file)]
    found += choice.findings
    by_form: dict[str, list[Submission]] = defaultdict(list)
    for submission in map(load, choice.chosen):
        by_form[submission.form].append(submission)
    items = _items(by_form, plan, found)
    entries, entry_people = _contest(by_form[CONTEST.key], plan, found)
    dataset = Dataset(
        year=plan.year,
        items=items,
        members=tuple(_members(by_form[ENROLMENT.key], plan, found)),
        people=tuple(_reported_people(by_form[REPORT.key], items, found)),
        meetings=_meetings(by_form[MEETING.key], plan, found),
        entries=entries,
        entry_people=entry_people,
        filings=tuple(filings(by_form, choice.late, items, plan)),
    )
    return Merged(dataset, choice.chosen, choice.late, tuple(sorted(found, key=_finding_order)))


def _finding_order(found: Finding) -> tuple[object, ...]:
    return found.at.file, found.at.sheet, _row_order(found.at), found.code, found.message


def _row_order(at: Address) -> tuple[int, int, str]:
    match = _CELL.match(at.cell)
    column, row = match.groups() if match else ("", "")
    return int(row or 0), len(column), column


# --- Items --------------------------------------------------------------------------------------


def _items(
    by_form: Mapping[str, Sequence[Submission]], plan: Plan, found: list[Finding]
) -> tuple[Item, ...]:
    """Every item that any return names, in 業務編號 order."""
    items: dict[str, Item] = {}
    for submission in by_form.get(ENROLMENT.key, ()):
        for number, row in _numbered(submission, found):
            if number in items:
                found.append(finding("C404", _at(row, submission), number, field="業務編號"))
                continue
            items[number] = item = _enrolled(number, row, submission)
            if _goes_on_from_nothing(item, plan):
                at = row.at.get("last_item", _at(row, submission))
                found.append(finding("C417", at, item.last_item))
    enrolled = {unit.unit for unit in by_form.get(ENROLMENT.key, ())}
    for form, add in ((REPORT, _with_report), (REVIEW, _with_review)):
        for submission in by_form.get(form.key, ()):
            if submission.nil:
                continue
            for number in _numbers(submission, form.key):
                card = submission.card(form.key, number)
                if not _touched(submission, form.key, number):
                    continue
                known = items.get(number)
                if (known.unit if known else number[:2]) != submission.unit:
                    found.append(finding("C406", _at(card, submission), number))
                    continue
                if submission.unit in enrolled and not (known and known.enrolled):
                    found.append(finding("C406", _at(card, submission), number))
                item = _as_changed(
                    known or _unenrolled(number, card, submission), card, submission, found
                )
                items[number] = add(item, submission, plan, found)
    for unit in plan.units:
        reviews = [s for s in by_form.get(REVIEW.key, ()) if s.unit == unit.code]
        if len(reviews) > 1:
            names = "、".join(s.card("reviewer").text("name") for s in reviews)
            found.append(finding("C416", Address(reviews[-1].file), names))
    reports = {s.unit: s for s in by_form.get(REPORT.key, ())}
    for number, item in sorted(items.items()):
        if item.enrolled and not item.reported and item.unit in reports:
            found.append(finding("C407", Address(reports[item.unit].file), f"{number} {item.name}"))
    found += _repeated(items.values())
    return tuple(items[number] for number in sorted(items))


_PROSE = 20  # characters from which the same text is no coincidence


def _repeated(items: Iterable[Item]) -> Iterator[Finding]:
    """The same prose for items of two units, the same photo for two items: told at the later one."""
    said: dict[tuple[str, str], Item] = {}
    shown: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: item.id):
        for key, label in (("method", "執行方法"), ("result", "辦理情形")):
            text = same(getattr(item, key))
            first = said.setdefault((key, text), item)
            if first.unit != item.unit and len(text) >= _PROSE and key in item.sources:
                other = f"{first.id} {first.name}"
                yield finding("C419", item.sources[key], field=label, other=other)
        for picture in item.pictures:
            first = shown.setdefault(picture.blob, item)
            if first is not item:
                yield finding("C420", picture.at, other=f"{first.id} {first.name}")


def _numbered(submission: Submission, found: list[Finding]) -> Iterator[tuple[str, Record]]:
    """The enrolled rows with their 業務編號; a row added without one takes the next free number."""
    rows = () if submission.nil else submission.section("items")
    taken = {row.text("item") for row in rows}
    last = max((int(n[-2:]) for n in taken if n[-2:].isdecimal()), default=0)
    for row in rows:
        number = row.text("item")
        if not number:
            last += 1
            number = f"{submission.unit}-{last:02}"
            found.append(finding("V308", _at(row, submission), "", field="業務編號", read=number))
        yield number, row


def _enrolled(number: str, row: Record, submission: Submission) -> Item:
    return Item(
        id=number,
        unit=submission.unit,
        name=row.text("name"),
        category=_category(row),
        audience=row.text("audience"),
        method=row.text("method"),
        target=row.text("target"),
        cross_agency=row.flag("cross_agency"),
        partners=row.text("partners"),
        handler=row.text("handler"),
        phone=row.text("phone"),
        last_item=row.text("last_item"),
        enrolled=True,
        sources=dict(row.at),
    )


def _goes_on_from_nothing(item: Item, plan: Plan) -> bool:
    """Whether the item names one of last year that the unit had not; settings may know of none."""
    before = {one.item for one in plan.carried if one.unit == item.unit}
    return bool(item.last_item and plan.carried) and item.last_item not in before


def _unenrolled(number: str, card: Record, submission: Submission) -> Item:
    """An item known by its report or review alone: what the form was prefilled with."""
    return Item(
        id=number,
        unit=submission.unit,
        name=card.text("name"),
        category=_category(card),
        method=card.text("method"),
        target=card.text("target"),
    )


def _as_changed(item: Item, card: Record, submission: Submission, found: list[Finding]) -> Item:
    """The item with what its unit typed over the cells that we had prefilled."""

    def known(asked: str) -> Value:
        section, _, key = asked.partition(".")
        value: Value = getattr(item, key) if section == "items" and item.enrolled else None
        return value or None

    change = typed_over(FORMS[submission.form], card, submission.file, known)
    found += change.findings
    new = {asked.removeprefix("items."): value for asked, value in change.values.items()}
    at = {asked.removeprefix("items."): place for asked, place in change.at.items()}
    return replace(item, **new, sources={**item.sources, **at})  # type: ignore[arg-type]


def _category(record: Record) -> Category | None:
    text = same(record.text("category"))
    return next((category for category in Category if same(category) == text), None)


def _numbers(submission: Submission, section: str) -> list[str]:
    """The items that a return speaks of, in the order of its sheets."""
    numbers = (r.of or (r.text("item") if r.section == section else "") for r in submission.records)
    return [number for number in dict.fromkeys(numbers) if number]


def _touched(submission: Submission, section: str, number: str) -> bool:
    """Whether a person filled anything for the item, beyond what we had prefilled."""
    form = REPORT if section == REPORT.key else REVIEW
    given = {(s.key, f.key) for _, s in form.sections() for f in s.fields if f.given}
    return any(picture.of == number for picture in submission.pictures) or any(
        record.issued or any((record.section, key) not in given for key in record.values)
        for record in submission.records
        if record.of == number
    )


def _with_report(item: Item, submission: Submission, plan: Plan, found: list[Finding]) -> Item:
    card = submission.card("report", item.id)
    rows = submission.section("scores", item.id)
    own = {"change", "result", "next_steps", "last_year", "follow_up"}
    sources = {**item.sources, **{key: at for key, at in card.at.items() if key in own}}
    if at := _first(rows, "score"):
        sources["scores"] = at
    return replace(
        item,
        reported=True,
        result=card.text("result"),
        change=card.text("change"),
        next_steps=card.text("next_steps"),
        last_year=card.issued.get("last_year", card.text("last_year")),
        follow_up=card.text("follow_up"),
        scores=_scores(rows, submission, plan, found),
        metrics=tuple(
            Metric(
                r.text("name"), r.text("unit"), r.text("target"), r.text("actual"), r.text("note")
            )
            for r in submission.section("metrics", item.id)
        ),
        pictures=_pictures(submission, item.id),
        sources=sources,
    )


def _pictures(submission: Submission, number: str) -> tuple[Picture, ...]:
    """An item's photos from the top of its sheet down."""
    mine = [picture for picture in submission.pictures if picture.of == number]
    return tuple(sorted(mine, key=lambda picture: (_row_order(picture.at), picture.blob)))


def _with_review(item: Item, submission: Submission, plan: Plan, found: list[Finding]) -> Item:
    card = submission.card("review", item.id)
    reviewer = submission.card("reviewer")
    rows = submission.section("scores", item.id)
    review = Review(
        reviewer=reviewer.text("name"),
        title=reviewer.text("title"),
        opinion=card.text("opinion"),
        recommend=card.flag("recommend"),
        reason=card.text("reason"),
        scores=_scores(rows, submission, plan, found),
        day=reviewer.day("day"),
        sources={k: card.at[k] for k in ("opinion", "recommend", "reason") if k in card.at},
    )
    at = _first(rows, "score") or _at(card, submission)
    return replace(
        item,
        reviews=(*item.reviews, review),
        sources={**item.sources, "reviews": item.sources.get("reviews", at)},
    )


def _scores(
    rows: Sequence[Record], submission: Submission, plan: Plan, found: list[Finding]
) -> tuple[Score, ...]:
    """One score for each of the plan's criteria, in its order; missing ones are None."""
    criteria = {same(criterion.name): criterion.name for criterion in plan.criteria}
    given: dict[str, Score] = {}
    for row in rows:
        value, evidence = row.number("score"), row.text("evidence")
        if value is None and not evidence:
            continue
        name = row.text("criterion")
        key = same(name)
        if key not in criteria:
            found.append(finding("C414", _at(row, submission), name))
        elif key in given:
            found.append(finding("C404", _at(row, submission), name, field="評核構面"))
        else:
            given[key] = Score(criteria[key], value, evidence, row.at.get("score"))
    return tuple(given.get(key, Score(name, None)) for key, name in criteria.items())


# --- People ------------------------------------------------------------------------------------


def _members(
    submissions: Iterable[Submission], plan: Plan, found: list[Finding]
) -> Iterator[Member]:
    levels = {same(title) for title in plan.titles}
    for submission in submissions:
        card = submission.card("member")
        if not card.values:
            continue
        level = card.text("level")
        if level and same(level) not in levels:
            found.append(finding("C412", card.at.get("level", Address(submission.file)), level))
        yield Member(
            unit=submission.unit,
            name=card.text("name"),
            title=card.text("title"),
            level=level,
            email=card.text("email"),
            at=_at(card, submission),
        )


def _reported_people(
    submissions: Iterable[Submission], items: Sequence[Item], found: list[Finding]
) -> Iterator[Person]:
    known = {item.id for item in items}
    for submission in submissions:
        for row in () if submission.nil else submission.section("people"):
            if row.text("item") and row.text("item") not in known:
                at = row.at.get("item", _at(row, submission))
                found.append(finding("C406", at, row.text("item")))
            yield _person(row, row.text("item"), submission.unit, submission)


def _person(row: Record, entry: str, unit: str, submission: Submission) -> Person:
    role = same(row.text("role"))
    return Person(
        entry=entry,
        unit=unit,
        name=row.text("name"),
        role=next((known for known in Role if same(known) == role), None),
        staff_id=row.text("staff_id"),
        title=row.text("title"),
        staff_kind=row.text("staff_kind"),
        grade=row.text("grade"),
        proposed=row.text("proposed"),
        deed=row.text("deed"),
        note=row.text("note"),
        at=_at(row, submission),
        sources={"entry" if key == "item" else key: at for key, at in row.at.items()},
    )


# --- The coordinator's forms ------------------------------------------------------------------------


def _contest(
    submissions: Iterable[Submission], plan: Plan, found: list[Finding]
) -> tuple[tuple[Entry, ...], tuple[Person, ...]]:
    entries: list[Entry] = []
    people: list[Person] = []
    for submission in submissions:
        for row in submission.section("entries"):
            entry = _entry(row, plan, submission)
            twin = next((e for e in entries if same(e.id) == same(entry.id)), entry)
            if _what(twin) != _what(entry):
                # The same code for another entry: its stage would be taken for the first one's.
                found.append(finding("C404", _at(row, submission), entry.id, field="參選編號"))
                continue
            entries.append(entry)
        people += [
            _person(row, row.text("entry"), _unit_code(row.text("unit"), plan), submission)
            for row in submission.section("people")
        ]
    return tuple(entries), tuple(people)


def _entry(row: Record, plan: Plan, submission: Submission) -> Entry:
    stage = same(row.text("stage"))
    return Entry(
        id=row.text("entry"),
        name=row.text("name"),
        term=row.text("term"),
        unit=_unit_code(row.text("unit"), plan),
        item=row.text("item"),
        stage=next((known for known in ContestStage if same(known) == stage), None),
        at=_at(row, submission),
    )


def _what(entry: Entry) -> tuple[str, ...]:
    return same(entry.name), same(entry.term), entry.unit


def _meetings(
    submissions: Iterable[Submission], plan: Plan, found: list[Finding]
) -> tuple[Meeting, ...]:
    meetings = []
    for submission in submissions:
        card = submission.card("meeting")
        for row in submission.section("attendance"):
            found += typed_over(MEETING, row, submission.file).findings
        meetings.append(
            Meeting(
                no=card.text("no"),
                day=card.day("day"),
                place=card.text("place"),
                chair=card.text("chair"),
                attendance=tuple(
                    Attendance(
                        unit=_unit_code(r.text("unit"), plan),
                        name=r.text("name"),
                        present=r.flag("present"),
                        note=r.text("note"),
                    )
                    for r in submission.section("attendance")
                ),
                motions=tuple(
                    Motion(
                        no=r.text("no"),
                        subject=r.text("subject"),
                        resolution=r.text("resolution"),
                        consensus=r.flag("consensus"),
                        ruling=r.text("ruling"),
                        item=r.text("item"),
                        at=_at(r, submission),
                    )
                    for r in submission.section("motions")
                ),
            )
        )
    return tuple(meetings)


def _unit_code(name: str, plan: Plan) -> str:
    """A unit's code from its name; the name itself when it is none of the plan's."""
    key = same(name)
    return next((unit.code for unit in plan.units if same(unit.name) == key), name)


# --- Addresses ------------------------------------------------------------------------------------


def _at(record: Record, submission: Submission) -> Address:
    """Where a record stands: its first cell, or the file."""
    return min(record.at.values(), key=_cell_order, default=Address(submission.file))


def _first(rows: Iterable[Record], key: str) -> Address | None:
    return next((row.at[key] for row in rows if key in row.at), None)


def _cell_order(at: Address) -> tuple[str, tuple[int, int, str]]:
    return at.sheet, _row_order(at)
