"""One vocabulary of columns: what a form asked, or what follows from answers, with all that a reader
needs: heading, type, personal mark, and the cells that a value came from.

The tracker, the export with its dictionary and the lists choose from it. Nobody types the label of a
field, nor says again that it is personal; how wide a column is and how it looks is its sheet's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xltool.forms import FORMS, Form
from xltool.forms.schema import Asked, Choices, Kind
from xltool.model import Address, Answer, Noun

Row = tuple[Any, ...]
"""What one line of a table tells of: an item; an item and one of its metrics."""
Place = tuple[str, str]
"""A field as a form asks it: the form's key and the field's id, "section.field"."""


class Type(StrEnum):
    """What a column holds."""

    TEXT = "文字"
    NUMBER = "數值"
    FLAG = "是否"
    DAY = "日期"
    COUNT = "整數"


_TYPES = {
    Kind.DECIMAL: Type.NUMBER,
    Kind.INTEGER: Type.NUMBER,
    Kind.DATE: Type.DAY,
    Kind.YES_NO: Type.FLAG,
}


@dataclass(frozen=True)
class Column:
    """A column. `id` is the field's, "section.field", or a name of our own; `name` is what programs
    know it by, `short` its heading where there is little room. `shows` are the fields whose answers
    stand in it; `rule` says how it was worked out.

    `of` works a value out of a row; without it the value is the answer itself. `made_of` gives the
    answers that it works with; without it they are all that the row's nouns have to the fields that
    it shows, and where the row is of one noun, those of the nouns that it holds (an item's metrics).
    """

    id: str
    name: str
    label: str
    type: Type = Type.TEXT
    personal: bool = False
    short: str = ""
    listed: bool = False
    shows: frozenset[Place] = frozenset()
    of: Callable[..., Any] | None = None
    made_of: Callable[..., Iterable[Answer]] | None = None
    rule: str = ""

    def value(self, row: Row) -> Any:
        """The value for a row; a blank text is empty, all else that is blank is None."""
        if self.of is not None:
            return self.of(*row)
        value = self._answer(row).value
        return "" if value is None and self.type is Type.TEXT and not self.listed else value

    def sources(self, row: Row) -> Iterator[Address]:
        """The cells that the value for a row came from."""
        summed_up = self.of is not None and self.made_of is None
        yield from dict.fromkeys(
            answer.at
            for answer in self.answers(row)
            if answer.at and not (summed_up and answer.value is None)
        )

    def answers(self, row: Row) -> Iterable[Answer]:
        """The answers that the value for a row is, or is made of; blank ones too."""
        if self.of is None:
            return (self._answer(row),)
        if self.made_of is not None:
            return self.made_of(*row)
        if not self.shows:
            return ()
        ids = {id_ for _, id_ in self.shows}
        nouns = [noun for noun in row if isinstance(noun, Noun)]
        if len(nouns) == 1:
            nouns = list(nouns[0].nouns())
        held = ((key, one) for noun in nouns for key, one in noun.answers.items())
        return (answer for key, answer in held if key in ids)

    def _answer(self, row: Row) -> Answer:
        key = _ECHOED.get(self.id, self.id)
        held = (noun.answers for noun in row if isinstance(noun, Noun))
        return next((answers[key] for answers in held if key in answers), Answer())


def answers_of(noun: Noun) -> Iterator[tuple[str, Answer]]:
    """The answers of a noun and of the nouns that it holds: an item's, and its metrics'."""
    return ((key, one) for held in noun.nouns() for key, one in held.answers.items())


def asked(id: str, form: Form | None = None, *, name: str = "", label: str = "") -> Column:  # noqa: A002
    """The column of a field. Of a field that several forms ask, say by which it is meant; without it
    the column stands for all of them, and has the label of the first.

    Raises KeyError for a field that no form asks, and ValueError where forms call it differently and
    neither the form nor a label is said.
    """
    known = _asked_by(id, form)
    labels = dict.fromkeys(one.field.label for one in known.values())
    if len(labels) > 1 and not label:
        raise ValueError(f"{id} is called {', '.join(labels)}: say which")
    field = next(iter(known.values())).field
    return Column(
        id,
        name or field.key,
        label or field.label,
        _TYPES.get(field.kind, Type.TEXT),
        any(one.field.personal for one in known.values()),
        label or field.short or field.label,
        listed=_is_listed(next(iter(known.values()))),
        shows=frozenset((key, id) for key in known),
    )


def derived(
    name: str,
    label: str,
    of: Callable[..., Any],
    *shows: str,
    form: Form | None = None,
    type: Type = Type.TEXT,  # noqa: A002
    made_of: Callable[..., Iterable[Answer]] | None = None,
    rule: str = "",
) -> Column:
    """A column that is worked out; personal if a field is that it shows. Raises KeyError as `asked`."""
    known = [(key, one) for id_ in shows for key, one in _asked_by(id_, form).items()]
    return Column(
        name,
        name,
        label,
        type,
        any(one.field.personal for _, one in known),
        label,
        shows=frozenset((key, one.id) for key, one in known),
        of=of,
        made_of=made_of,
        rule=rule,
    )


def section(form: Form, key: str, *but: str, alone: bool = True) -> tuple[Column, ...]:
    """The columns of all that a section asks, in its order, but for fields that we give and those
    named. With `alone` false they stand for every form that has the section too. Raises KeyError."""
    return tuple(
        asked(f"{key}.{field.key}", form if alone else None)
        for field in form.section(key).fields
        if not field.given and field.key not in but and field.kind is not Kind.PHOTO
    )


def added(forms: Mapping[str, Form], *sections: tuple[Form, str]) -> tuple[Column, ...]:
    """The columns of the coordinator's own questions on these cards, as the year's `forms` have them."""
    return tuple(
        asked(f"{key}.{field.key}", forms[form.key])
        for form, key in sections
        for field in forms[form.key].section(key).fields
        if field.added
    )


def not_shown(forms: Iterable[Form], columns: Iterable[Column]) -> tuple[Place, ...]:
    """The fields of forms that a person fills and that none of the columns shows."""
    shown = frozenset[Place]().union(*(column.shows for column in columns))
    return tuple(
        (form.key, one.id)
        for form in forms
        for one in form.asked.values()
        if not one.field.given and (form.key, one.id) not in shown
    )


def _asked_by(id: str, form: Form | None) -> Mapping[str, Asked]:  # noqa: A002
    if form is None:
        return _FIELDS[id]
    there, _, key = id.partition(".")
    return {form.key: form.asked[there, key]}


def _is_listed(one: Asked) -> bool:
    """Whether the field holds one of a list of named things, which are no text."""
    choices = () if isinstance(one.choices, Choices) else one.choices
    return any(isinstance(option, StrEnum) for option in choices)


_FIELDS: dict[str, dict[str, Asked]] = {}
for _form in FORMS.values():
    for _one in _form.asked.values():
        _FIELDS.setdefault(_one.id, {})[_form.key] = _one
_ECHOED = {
    id_: one.field.echo
    for id_, known in _FIELDS.items()
    for one in known.values()
    if one.field.echo
}
"""The field that a given cell repeats, under which its answer goes."""
