"""What the year already knows, as records of a form: nobody types it twice.

What a cell repeats of another form follows from the declaration (`Field.echo`). What no form asks, as
it is worked out or comes from last year, goes by the field that shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xltool.forms import CONTEST, Form
from xltool.forms.schema import Section
from xltool.model import Dataset, Entry, Item, Noun, Person, Purpose, Record, Value
from xltool.plan import Carried, Plan
from xltool.rules.agenda import Proposed, due, motions, to_confirm
from xltool.rules.outcomes import Outcomes
from xltool.rules.quorum import convener

_Known = tuple[str, Noun, Mapping[str, Value]]
"""Of one card or row: the item whose sheet it stands on, what answers it repeats, and what else fills
its fields, by "section.field"."""


def prefill(
    form: Form,
    dataset: Dataset,
    outcomes: Outcomes,
    plan: Plan,
    unit: str,
    purpose: Purpose | None = None,
) -> tuple[Record, ...]:
    """What the year already knows, as records of the form for a unit (code). `purpose`: for what the
    group meets, where that is not the next that is due."""
    proposed = motions(purpose or due(dataset, outcomes), dataset, outcomes, plan)
    confirms = any(motion.purpose is Purpose.CONFIRM for motion in proposed)
    items = tuple(_items(dataset, outcomes, plan, unit))
    known = {
        "member": tuple(_last_member(plan, unit)),
        "items": tuple(_going_on(plan, unit)),
        "report": items,
        "reviewer": (_reviewer(dataset, plan, unit),),
        "review": items,
        "meeting": tuple(_meeting(dataset, plan)),
        "attendance": tuple(_attendance(dataset, plan)),
        "motions": tuple(_motions(proposed)),
        "confirmed": tuple(_listed(to_confirm(dataset, outcomes))) if confirms else (),
    }
    if form is CONTEST:
        known |= {
            "entries": _again("entries", dataset.entries, plan),
            "people": _again("people", dataset.entry_people, plan),
        }
    return tuple(
        _record(section, *one)
        for _, section in form.sections()
        for one in known.get(section.key, ())
    )


def _record(section: Section, of: str, said: Noun, own: Mapping[str, Value]) -> Record:
    values: dict[str, Value] = {}
    for one in section.fields:
        value = said.answer(one.echo).value if one.echo else own.get(f"{section.key}.{one.key}")
        values[one.key] = one.placeholder if value in (None, "") else value
    return Record(section.key, filled(**values), of)


def _items(dataset: Dataset, outcomes: Outcomes, plan: Plan, unit: str) -> Iterator[_Known]:
    """The unit's enrolled items, each on a sheet of its own."""
    totals = {score.item: score.self_total.value for score in outcomes.scoring.items}
    before = {one.item: one.next_steps for one in plan.carried}
    for item in dataset.items:
        if item.unit == unit and item.enrolled:
            own: dict[str, Value] = {
                "report.item": item.id,
                "report.last_year": before.get(item.last_item),
                "review.item": item.id,
                "review.self_score": totals.get(item.id),
            }
            yield item.id, item, own


def _reviewer(dataset: Dataset, plan: Plan, unit: str) -> _Known:
    """The unit's member, who may correct what we know of him: these cells are not given."""
    member = next((member for member in dataset.members if member.unit == unit), None)
    own: dict[str, Value] = {
        "reviewer.unit": plan.unit_name(unit),
        "reviewer.name": member.name if member else "",
        "reviewer.title": member.title if member else "",
    }
    return "", Noun(), own


def _attendance(dataset: Dataset, plan: Plan) -> Iterator[_Known]:
    for member in dataset.members:
        yield "", member, {"attendance.unit": plan.unit_name(member.unit)}


def _meeting(dataset: Dataset, plan: Plan) -> Iterator[_Known]:
    """Which meeting it is after those that are known; who is in the chair, where the settings name the
    convener."""
    own: dict[str, Value] = {"meeting.no": f"第{len(dataset.meetings) + 1}次"}
    if plan.group.convener:
        own["meeting.chair"] = convener(plan)
    yield "", Noun(), own


def _motions(proposed: Iterable[Proposed]) -> Iterator[_Known]:
    """The packet's motions; what is decided on them is left to be filled."""
    for number, motion in enumerate(proposed, 1):
        yield (
            "",
            Noun(),
            {
                "motions.no": str(number),
                "motions.subject": motion.subject,
                "motions.item": motion.item or None,
                "motions.purpose": motion.purpose,
            },
        )


def _listed(items: Iterable[Item]) -> Iterator[_Known]:
    """Items with their targets; what is decided of each is left to be filled."""
    for item in items:
        yield (
            "",
            Noun(),
            {
                "confirmed.item": item.id,
                "confirmed.name": item.name,
                "confirmed.target": item.target,
            },
        )


def _again(section: str, nouns: Iterable[Entry | Person], plan: Plan) -> tuple[_Known, ...]:
    """The entries known, or who had a part in them: nobody types them twice."""

    def own(noun: Entry | Person) -> dict[str, Value]:
        said = {key: answer.value for key, answer in noun.answers.items()}
        own = {f"{section}.unit": plan.unit_name(noun.unit), f"{section}.term": noun.term}
        return {**said, **filled(**own)}

    return tuple(("", Noun(), own(one)) for one in nouns)


def _last_member(plan: Plan, unit: str) -> Iterator[_Known]:
    """The unit's member of last year, whom it confirms or replaces: these cells are not given."""
    for one in plan.last_members:
        if one.unit == unit:
            said = {"name": one.name, "title": one.title, "level": one.level, "email": one.email}
            yield "", Noun(), {f"member.{key}": value for key, value in said.items()}


def _going_on(plan: Plan, unit: str) -> Iterator[_Known]:
    """The unit's items of last year that go on."""
    for one in plan.carried:
        if one.unit == unit and one.goes_on:
            again = {f"items.{key}": value for key, value in as_enrolled(one).items()}
            yield "", Noun(), {**again, "items.last_item": one.item}


def as_enrolled(item: Item | Carried) -> dict[str, Value]:
    """What a unit says of an item when it enrols it, by the names that both years' forms use."""
    return {
        "name": item.name,
        "category": item.category,
        "audience": item.audience,
        "method": item.method,
        "target": item.target,
        "cross_agency": item.cross_agency,
        "partners": item.partners,
        "handler": item.handler,
        "phone": item.phone,
    }


def filled(**values: Value) -> dict[str, Value]:
    """The values that say something."""
    return {key: value for key, value in values.items() if value not in (None, "")}
