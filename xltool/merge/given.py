"""What a unit typed over the cells that its form was issued with: its new answer, or told at the cell.

Which given cells a unit may change is declared (`Field.may_change`); `Record.issued` says what stood
there. Nothing is compared with the year as it stands now: an enrolment corrected after the forms went
out is no edit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from xltool.findings import Finding, finding
from xltool.forms import FORMS, Form
from xltool.forms.layout import shown
from xltool.forms.schema import Asked
from xltool.model import Address, Record, Value
from xltool.zh import same

_ASKED: Mapping[str, Asked] = {
    asked.id: asked for form in FORMS.values() for asked in form.asked.values()
}


@dataclass(frozen=True)
class TypedOver:
    """What a record's given cells say anew: values and cells by the id of what was asked
    ("items.target"), and what is told of each cell typed over."""

    values: Mapping[str, Value]
    at: Mapping[str, Address]
    findings: tuple[Finding, ...]


def typed_over(
    form: Form, record: Record, file: str, known: Callable[[str], Value] = lambda _: None
) -> TypedOver:
    """What a unit typed over in a record. `known` gives, by id, what the form that asks says by now.

    C421 and C422 tell a new answer, C423 a cell that a unit cannot change, C424 one that was changed
    on both sides: there the newer answer of the form that asks stands.
    """
    values: dict[str, Value] = {}
    places: dict[str, Address] = {}
    found: list[Finding] = []
    for key, issued in record.issued.items():
        field = form.asked[record.section, key].field
        at = record.at.get(key, Address(file))
        typed, now = shown(record.values.get(key)), known(field.echo)
        if now is not None and same(shown(now)) == same(typed):
            continue  # the form that asks has been corrected likewise
        words = {"field": field.label, "issued": issued or "（空白）"}
        said = typed or "（清空）"
        value = _meant(_ASKED[field.echo], record.values.get(key)) if field.may_change else None
        if value is None:
            found.append(finding("C423", at, said, **words))
        elif now is not None and same(shown(now)) != same(issued):
            found.append(finding("C424", at, said, now=shown(now), **words))
        else:
            values[field.echo], places[field.echo] = value, at
            found.append(finding("C421" if field.weighty else "C422", at, said, **words))
    return TypedOver(values, places, tuple(found))


def _meant(asked: Asked, value: Value) -> Value:
    """A value as the field takes it; None where it is blank, or none of those to choose from."""
    if isinstance(asked.choices, tuple) and asked.choices:
        words = {same(option): option for option in asked.choices}
        chosen = words.get(same(shown(value)))
        return chosen if isinstance(chosen, StrEnum) or chosen is None else str(chosen)
    return value or None
