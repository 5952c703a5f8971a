"""Makes the model's nouns, and changes one: the only place in the tests that constructs them.

Each maker takes what names the noun, then its fields by name; what is not said is blank. `sources`
and `at` say where the answers stand, as in the model.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from xltool.model import (
    Attendance,
    Entry,
    Filing,
    Item,
    Meeting,
    Member,
    Metric,
    Motion,
    Person,
    Review,
    Score,
)

Noun = TypeVar(
    "Noun",
    Attendance,
    Entry,
    Filing,
    Item,
    Meeting,
    Member,
    Metric,
    Motion,
    Person,
    Review,
    Score,
)


def changed(noun: Noun, **fields: Any) -> Noun:
    """The same noun with some of its fields otherwise."""
    return replace(noun, **fields)


# --- What units return ---


def item(number: str, unit: str, **fields: Any) -> Item:
    """A 參與業務; neither enrolled nor reported unless said."""
    blank: dict[str, Any] = {"name": "", "category": None}
    return Item(number, unit, **blank | fields)


def score(criterion: str, value: Decimal | None = None, **fields: Any) -> Score:
    """A criterion's score, None when missing."""
    return Score(criterion, value, **fields)


def metric(name: str, **fields: Any) -> Metric:
    """A 量化成效."""
    return Metric(name, **dict.fromkeys(("unit", "target", "actual"), "") | fields)


def review(reviewer: str, **fields: Any) -> Review:
    """A 督導小組 member's opinion on an item."""
    blank: dict[str, Any] = {"title": "", "opinion": "", "recommend": None, "reason": ""}
    return Review(reviewer, **blank | {"scores": ()} | fields)


def person(entry: str, unit: str, name: str, **fields: Any) -> Person:
    """Somebody named for a reward; `entry` is an entry's or an item's id."""
    blank: dict[str, Any] = {"role": None}
    return Person(entry, unit, name, **blank | fields)


def member(unit: str, name: str, **fields: Any) -> Member:
    """A unit's member of the 督導小組."""
    return Member(unit, name, **dict.fromkeys(("title", "level"), "") | fields)


def filing(unit: str, form: str, **fields: Any) -> Filing:
    """Whether a unit has filed a form; it has not unless said."""
    blank: dict[str, Any] = {"filed": False}
    return Filing(unit, form, **blank | fields)


# --- What the coordinator returns ---


def entry(number: str, **fields: Any) -> Entry:
    """A 政府服務獎 entry."""
    blank: dict[str, Any] = dict.fromkeys(("name", "term", "unit", "item"), "")
    return Entry(number, **blank | {"stage": None} | fields)


def meeting(no: str, **fields: Any) -> Meeting:
    """A 督導小組 meeting."""
    blank: dict[str, Any] = {"day": None, "place": "", "chair": ""}
    return Meeting(no, **blank | {"attendance": (), "motions": ()} | fields)


def attendance(unit: str, name: str, **fields: Any) -> Attendance:
    """A member's attendance at a meeting; not filled unless said."""
    blank: dict[str, Any] = {"present": None}
    return Attendance(unit, name, **blank | fields)


def motion(no: str, **fields: Any) -> Motion:
    """A motion of a meeting."""
    blank: dict[str, Any] = {"subject": "", "resolution": "", "consensus": None, "ruling": ""}
    return Motion(no, **blank | fields)
