"""What the year already knows, as records of a form: nobody types it twice."""

from __future__ import annotations

from xltool.forms import ENROLMENT, MEETING, REPORT, REVIEW, Form
from xltool.model import Dataset, Item, Record, Value
from xltool.plan import Carried, Plan
from xltool.rules.outcomes import Outcomes


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


def prefill(
    form: Form, dataset: Dataset, outcomes: Outcomes, plan: Plan, unit: str
) -> tuple[Record, ...]:
    """What the year already knows, as records of the form: nobody types it twice."""
    items = [item for item in dataset.items if item.unit == unit and item.enrolled]
    if form is ENROLMENT:
        return tuple(
            Record("items", filled(last_item=one.item, **as_enrolled(one)))
            for one in plan.carried
            if one.unit == unit and one.goes_on
        )
    if form is REPORT:
        before = {one.item: one.next_steps for one in plan.carried}
        return tuple(
            Record(
                "report",
                filled(
                    item=item.id,
                    name=item.name,
                    category=item.category,
                    method=item.method,
                    target=item.target,
                    last_year=before.get(item.last_item, ""),
                ),
                of=item.id,
            )
            for item in items
        )
    if form is REVIEW:
        totals = {score.item: score.self_total.value for score in outcomes.scoring.items}
        no_result, no_score = (
            form.field("review", key).placeholder for key in ("result", "self_score")
        )
        member = next((member for member in dataset.members if member.unit == unit), None)
        own = filled(
            unit=plan.unit_name(unit),
            name=member.name if member else "",
            title=member.title if member else "",
        )
        return (
            Record("reviewer", own),
            *(
                Record(
                    "review",
                    filled(
                        item=item.id,
                        name=item.name,
                        category=item.category,
                        result=item.result or no_result,
                        self_score=no_score if totals.get(item.id) is None else totals[item.id],
                    ),
                    of=item.id,
                )
                for item in items
            ),
        )
    if form is MEETING:
        return tuple(
            Record("attendance", filled(unit=plan.unit_name(member.unit), name=member.name))
            for member in dataset.members
        )
    return ()


def filled(**values: Value) -> dict[str, Value]:
    """The values that say something."""
    return {key: value for key, value in values.items() if value not in (None, "")}
