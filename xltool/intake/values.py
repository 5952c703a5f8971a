"""A cell's text → the value that its field asks for, or why it is none: by kind, then by its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.forms.layout import shown
from xltool.forms.lists import Lists
from xltool.forms.schema import ITEM_ID, UNIT_CODE, Choices, Field, Kind
from xltool.intake.grid import Cell, CellKind
from xltool.model import Value
from xltool.plan import Plan
from xltool.zh import (
    ROC_OFFSET,
    clean,
    is_blank_mark,
    is_ditto,
    narrow,
    parse_date,
    parse_number,
    parse_yes_no,
    same,
    traditional,
)

SHOWN_CHOICES = 12
"""So many of a list's members are named to somebody who chose none of them."""

_PLAIN_YES_NO = frozenset({"是", "否", "Y", "N", "YES", "NO", "V", "✓", "✔", "TRUE", "FALSE"})
_ROC_EXAMPLE = "114.11.30"


@dataclass(frozen=True)
class Known:
    """What values are judged by: the year's plan (None when not known) and its lists, and whose form
    it is (a unit's code, empty for the coordinator's own and for a unit that nobody knows)."""

    plan: Plan | None
    lists: Lists
    unit: str


@dataclass(frozen=True)
class ReadAs:
    """What a cell was read as. `problem` is a code and its words; `noted` wants a V308."""

    value: Value = None
    problem: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    noted: bool = False


def read_value(entry: Field, cell: Cell | None, known: Known) -> ReadAs:
    """What stands in a field's cell (None where nothing does)."""
    text = clean(cell.text) if cell is not None else ""
    if cell is None or not text:
        return ReadAs(problem="V301" if entry.required else "")
    if cell.kind is CellKind.ERROR:
        return ReadAs(problem="V309")
    if is_placeholder(entry, text):
        return ReadAs()
    if is_ditto(text):
        return ReadAs(problem="V313")
    if not entry.given and is_blank_mark(text, none=not entry.required):
        return ReadAs(problem="V301" if entry.required else "")
    read = _by_kind(entry, cell, text, known)
    return read if read.problem or read.value is None else _within_limits(entry, read, known)


def is_placeholder(entry: Field, text: str) -> bool:
    """Whether a given cell says that nothing was known when the form was issued."""
    return bool(entry.placeholder) and same(text) == same(entry.placeholder)


def _by_kind(entry: Field, cell: Cell, text: str, known: Known) -> ReadAs:
    match entry.kind:
        case Kind.DATE:
            return _date(entry, cell, text)
        case Kind.INTEGER | Kind.DECIMAL:
            return _number(entry, cell, text)
        case Kind.YES_NO:
            truth = parse_yes_no(text)
            if truth is None:
                return ReadAs(problem="V305", words={"choices": "是、否"})
            return ReadAs(truth, noted=narrow(text).upper() not in _PLAIN_YES_NO)
        case Kind.CHOICE:
            return _choice(entry, cell, text, known)
        case Kind.CODE:
            return _code(entry, cell, text)
        case _:
            return ReadAs(text)


def _date(entry: Field, cell: Cell, text: str) -> ReadAs:
    day = cell.day if cell.kind is CellKind.DATE else parse_date(text)
    if day is None:
        return ReadAs(problem="V304", words={"example": entry.example or _ROC_EXAMPLE})
    if day.year < ROC_OFFSET:  # a program that took 114 for the western year
        return ReadAs(day.replace(year=day.year + ROC_OFFSET), noted=True)
    if cell.kind is CellKind.DATE:  # 3月4日 does not say of which year
        return ReadAs(day, noted=parse_date(text) != day)
    return ReadAs(day, noted=not _usual_date(text))


def _usual_date(text: str) -> bool:
    """Whether a date is spelled with separators and plain digits, so that its reading is obvious."""
    plain = text == narrow(text) and any(c.isdigit() for c in text)
    return plain and any(mark in text for mark in "./-年")


def _number(entry: Field, cell: Cell, text: str) -> ReadAs:
    seen = cell.look.number if cell.look is not None else None
    number = parse_number(text) if seen is None else seen
    if number is None or cell.kind is CellKind.DATE:
        return ReadAs(problem="V302", words={"example": entry.example or "85"})
    if entry.kind is Kind.INTEGER and number != number.to_integral_value():
        return ReadAs(problem="V310", words={"example": entry.example or "1"})
    if seen is not None:  # 85.6 分, 1/2: told where the words do not say that number by themselves
        odd = cell.look is not None and bool(cell.look.odd)  # asked about
        return ReadAs(_short(seen), noted=not odd and parse_number(text) != seen)
    return ReadAs(number, noted=text != narrow(text) or not any(c.isdigit() for c in text))


def _short(number: Decimal) -> Decimal:
    """The same number without the zeros at its end that its format shows: 85.00 is 85."""
    return Decimal(f"{number:f}".rstrip("0").rstrip(".")) if "." in f"{number:f}" else number


def _choice(entry: Field, cell: Cell, text: str, known: Known) -> ReadAs:
    options = known.lists.options(entry)
    if entry.choices is Choices.ITEMS:
        read = _code(entry, cell, text)
        word = shown(read.value)
        head = word.split(" ")[0]
        if not ITEM_ID.matches(word) and ITEM_ID.matches(head):  # 03-01 and the item's name
            word, read = head, ReadAs(head, noted=True)
        if ITEM_ID.matches(word) and (not options or word in options):
            return ReadAs(word, noted=read.noted)
        if not options:
            return ReadAs(problem="V307", words={"hint": ITEM_ID.hint})
    chosen = {same(option): option for option in options}
    if entry.choices is Choices.UNITS and known.plan is not None:
        chosen |= {unit.code: unit.name for unit in known.plan.units}
    if not options:
        return ReadAs(narrow(text))
    option = chosen.get(same(text))
    if option is not None:
        return ReadAs(str(option), noted=traditional(text) != text)
    return ReadAs(
        problem="V305",
        words={"choices": "、".join(str(option) for option in options[:SHOWN_CHOICES])},
    )


def _code(entry: Field, cell: Cell, text: str) -> ReadAs:
    """A code. Excel turns 03-01 into a date and 03 into 3: both are turned back, and noted."""
    is_item = entry.pattern is ITEM_ID or entry.choices is Choices.ITEMS
    if cell.kind is CellKind.DATE and cell.day is not None and is_item:
        return ReadAs(f"{cell.day.month:02}-{cell.day.day:02}", noted=True)
    word = narrow(text)
    if is_item and not ITEM_ID.matches(word):
        parts = word.replace(" ", "").split("-")
        if len(parts) == 2 and all(part.isdigit() and len(part) <= 2 for part in parts):
            return ReadAs("-".join(part.zfill(2) for part in parts), noted=True)
    if entry.pattern is UNIT_CODE and word.isdigit() and len(word) == 1:
        return ReadAs(word.zfill(2))
    if cell.kind is CellKind.NUMBER and entry.pattern is not None and "," in word:
        return ReadAs(word.replace(",", ""), noted=True)  # thousands are a number's, not a code's
    return ReadAs(word)


def _within_limits(entry: Field, read: ReadAs, known: Known) -> ReadAs:
    value = read.value
    if isinstance(value, str):
        if entry.one_line and "\n" in value:
            return ReadAs(problem="V312")
        if entry.max_length is not None and len(value) > entry.max_length:
            length = {"length": len(value), "limit": entry.max_length}
            return ReadAs(problem="V306", words=length)
        if entry.pattern is not None and not entry.pattern.matches(value):
            return ReadAs(problem="V307", words={"hint": entry.pattern.hint})
        given_number = entry.given and entry.pattern is ITEM_ID
        if given_number and known.unit and not value.startswith(known.unit):
            hint = f"本單位的{entry.label}以 {known.unit} 開頭"
            return ReadAs(problem="V307", words={"hint": hint})
    if isinstance(value, Decimal):
        low, high = entry.minimum, entry.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return ReadAs(problem="V303", words={"low": _bound(low), "high": _bound(high)})
    return read


def _bound(limit: Decimal | None) -> str:
    return "不限" if limit is None else f"{limit:f}"
