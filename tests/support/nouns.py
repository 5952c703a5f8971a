"""Makes the model's nouns, and changes one: the only place in the tests that constructs them.

Each maker takes what names the noun, then its fields by name, as the model's properties name them;
what is not said is blank. `sources` gives the cells of answers ("people.role"), `at` is the noun's
first cell (of a score its own).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from xltool.model import (
    Address,
    Answer,
    Answers,
    Attendance,
    Entry,
    Filing,
    Item,
    Listed,
    Meeting,
    Member,
    Metric,
    Motion,
    Noun,
    Person,
    Presence,
    Review,
    Score,
    Typed,
    Voice,
)

Made = TypeVar("Made", bound=Noun)
_BLANK = Answer()
_SCORE = "scores.score"
_VOICES = {True: Voice.YES, False: Voice.NO, None: None}
_ELSEWHERE = "row"  # an answer that stands for the rest of the row


def changed(noun: Made, **fields: Any) -> Made:
    """The same noun with some of its fields otherwise."""
    structure, answers = _told(type(noun), fields, noun.answers)
    return replace(noun.saying(answers), **structure)


def _made(kind: type[Made], structure: Mapping[str, Any], fields: Mapping[str, Any]) -> Made:
    more, answers = _told(kind, {**structure, **fields}, {})
    return kind(**more, answers=answers)


def _told(
    kind: type[Noun], fields: Mapping[str, Any], before: Answers
) -> tuple[dict[str, Any], dict[str, Answer]]:
    """Fields as what makes the noun, and as answers."""
    fields = dict(fields)
    places: dict[str, Address] = dict(fields.pop("sources", {}))
    if "at" in fields:
        places[_SCORE if kind is Score else _ELSEWHERE] = fields.pop("at")
    typed = {name: key for name in fields if (key := _key(kind, name))}
    values = {key: fields.pop(name) for name, key in typed.items()}
    return fields, {
        key: Answer(
            None if (value := values.get(key, before.get(key, _BLANK).value)) == "" else value,
            places.get(key, before.get(key, _BLANK).at),
        )
        for key in dict.fromkeys((*values, *places))
    }


def _key(kind: type[Noun], name: str) -> str:
    """The answer that a property reads; empty for what is structure."""
    typed = getattr(kind, name, None)
    return typed.keys[0] if isinstance(typed, Typed) else ""


# --- What units return ---


def item(number: str, unit: str, **fields: Any) -> Item:
    """A 參與業務; neither enrolled nor reported unless said."""
    return _made(Item, {"id": number, "unit": unit}, fields)


def score(criterion: str, value: Decimal | None = None, **fields: Any) -> Score:
    """A criterion's score, None when missing."""
    return _made(Score, {"criterion": criterion, "value": value}, fields)


def metric(name: str, **fields: Any) -> Metric:
    """A 量化成效."""
    return _made(Metric, {"name": name}, fields)


def review(reviewer: str, **fields: Any) -> Review:
    """A 督導小組 member's opinion on an item; `recommend` says his voice as yes or no."""
    if "recommend" in fields:
        fields["voice"] = _VOICES[fields.pop("recommend")]
    return _made(Review, {"reviewer": reviewer}, fields)


def person(entry: str, unit: str, name: str, **fields: Any) -> Person:
    """Somebody named for a reward; `entry` is an entry's or an item's id."""
    return _made(Person, {"entry": entry, "unit": unit, "name": name}, fields)


def member(unit: str, name: str, **fields: Any) -> Member:
    """A unit's member of the 督導小組."""
    return _made(Member, {"unit": unit, "name": name}, fields)


def filing(unit: str, form: str, **fields: Any) -> Filing:
    """Whether a unit has filed a form; it has not unless said."""
    return _made(Filing, {"unit": unit, "form": form, "filed": False}, fields)


# --- What the coordinator returns ---


def entry(number: str, **fields: Any) -> Entry:
    """A 政府服務獎 entry."""
    return _made(Entry, {"id": number}, fields)


def meeting(no: str, **fields: Any) -> Meeting:
    """A 督導小組 meeting."""
    return _made(Meeting, {"no": no}, fields)


def attendance(unit: str, name: str, **fields: Any) -> Attendance:
    """A member's attendance at a meeting; not filled unless said. `present`: himself, or not at all."""
    if "present" in fields:
        fields["state"] = Presence.PRESENT if fields.pop("present") else Presence.ABSENT
    return _made(Attendance, {"unit": unit, "name": name}, fields)


def listed(item: str, **fields: Any) -> Listed:
    """An item as a meeting's minutes list it to be confirmed."""
    return _made(Listed, {"item": item}, fields)


def motion(no: str, **fields: Any) -> Motion:
    """A motion of a meeting."""
    return _made(Motion, {"no": no}, fields)
