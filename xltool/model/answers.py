"""What a person typed, with the cell it stands in; and what is found in several answers together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, NamedTuple, Self, TypeVar, overload

from xltool.patterns import pattern

Value = str | Decimal | date | bool | None
"""What one field may hold after normalisation. Whole numbers are `Decimal` too."""

T = TypeVar("T")
_CELL = pattern(r"([A-Z]*)(\d*)")


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """A place in a returned file: file name, sheet title, A1 reference (each may be empty)."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{self.file}｜{place}" if place else self.file

    @property
    def row_order(self) -> tuple[int, int, str]:
        """Sorts the cells of a sheet as one reads: by row, then by column (B before AA)."""
        match = _CELL.match(self.cell)
        column, row = match.groups() if match else ("", "")
        return int(row or 0), len(column), column

    @property
    def reading_order(self) -> tuple[str, tuple[int, int, str]]:
        """Sorts the cells of a file: by sheet, then as one reads."""
        return self.sheet, self.row_order


class Answer(NamedTuple):
    """A value and the cell it stands in. `was` is the answer that it replaced: a unit may type over
    what its form was issued with. A blank cell is an answer without a value. So is one with a `fault`,
    an error that holds it back until it is corrected: what the error says."""

    value: Value = None
    at: Address | None = None
    was: Answer | None = None
    fault: str = ""


Answers = Mapping[str, Answer]
"""Answers by "section.field" ("items.target"), as `Form.asked` names what a form asks."""

_BLANK = Answer()


@dataclass(frozen=True)
class Noun:
    """Something that answers tell of. Which of them are personal or public is asked of their fields."""

    answers: Answers = field(default_factory=dict, kw_only=True)

    def answer(self, key: str) -> Answer:
        """The answer to a field, "section.field"; a blank one where nothing was filled."""
        return self.answers.get(key, _BLANK)

    @property
    def faults(self) -> tuple[Answer, ...]:
        """The answers that are held back until they are corrected, each once."""
        return tuple(dict.fromkeys(one for one in self.answers.values() if one.fault))

    def saying(self, answers: Answers) -> Self:
        """The same, with these answers in place of its own."""
        return replace(self, answers={**self.answers, **answers})

    @property
    def at(self) -> Address | None:
        """Its first cell, as one reads; None for what no file says."""
        places = [answer.at for answer in self.answers.values() if answer.at and not answer.fault]
        places = places or [answer.at for answer in self.faults if answer.at]
        return min(places, key=lambda at: at.reading_order, default=None)

    def nouns(self) -> Iterator[Noun]:
        """Itself and the nouns that it holds: an item, its metrics, its reviews with their scores."""
        yield self
        for one in fields(self):
            held = getattr(self, one.name)
            for part in held if isinstance(held, tuple) else ():
                if isinstance(part, Noun):
                    yield from part.nouns()

    def where(self, *keys: str) -> Address:
        """Where the first of these fields that has a cell stands; else the first cell of all."""
        places = (self.answer(key).at for key in keys)
        return next((at for at in places if at), self.at or Address(""))


class Typed(Generic[T]):
    """A property that reads one answer, for what a rule or a sentence speaks of by name.

    `keys` are the answers to look at, the first that is filled counts; `blank` stands for none.
    """

    def __init__(self, *keys: str, blank: T) -> None:
        self.keys, self.blank = keys, blank

    @overload
    def __get__(self, noun: None, owner: type) -> Self: ...
    @overload
    def __get__(self, noun: Noun, owner: type) -> T: ...
    def __get__(self, noun: Noun | None, owner: type) -> Self | T:
        if noun is None:
            return self
        for key in self.keys:
            value: Any = noun.answer(key).value
            if value is not None:
                return value  # type: ignore[no-any-return]
        return self.blank


def text(*keys: str) -> Typed[str]:
    """A property that is text, empty when blank."""
    return Typed(*keys, blank="")
