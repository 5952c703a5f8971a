"""What a person types into the places of an issued form: words, numbers and dates that stand nowhere
else, so that each need only be looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from types import MappingProxyType

from openpyxl.utils import get_column_letter

from tests.support.returns import Person, photo
from xltool.forms.layout import shown
from xltool.forms.lists import Lists
from xltool.forms.schema import (
    EMAIL,
    ITEM_ID,
    PHONE,
    STAFF_ID,
    Card,
    Field,
    Form,
    Kind,
    Section,
)
from xltool.model import Value


@dataclass(frozen=True)
class Place:
    """A cell of an issued form that a field takes; `row` counts a table's rows from 1, of a card it is 0."""

    form: Form
    section: Section
    field: Field
    of: str
    row: int
    sheet: str
    cell: str

    @property
    def id(self) -> tuple[str, str]:
        """The field: the form's key and "section.field"."""
        return self.form.key, f"{self.section.key}.{self.field.key}"

    @property
    def record(self) -> tuple[str, str, int]:
        """The card or row that it belongs to."""
        return self.section.key, self.of, self.row


@dataclass(frozen=True)
class Typed:
    """A value in a cell of a returned file; `place` is None beside the fields. One that was `chosen` from
    a list may stand elsewhere too; `among` are the words of the same card or row that do not. Of a photo
    the value is its width."""

    file: str
    sheet: str
    cell: str
    value: Value
    place: Place | None = None
    among: tuple[str, ...] = ()
    chosen: bool = False

    def __str__(self) -> str:
        form, id_ = self.place.id if self.place else ("", "不在欄位內")
        return f"{form} {id_} {self.file}｜{self.sheet}!{self.cell} {shown(self.value)!r}"


def places(person: Person, form: Form, lists: Lists, items: Sequence[str]) -> Iterator[Place]:
    """Every place of a form, given ones too, found by the words on it; of a table whose rows can go on
    below the prepared ones, the next row as well."""
    for sheet in form.sheets:
        for of in items if sheet.per_item else ("",):
            title = sheet.title.format(item=of)
            for section in sheet.sections:
                goes_on = section is sheet.sections[-1]
                for one in section.fields:
                    for row, at in _cells(person, title, section, one, lists, goes_on):
                        cell = f"{get_column_letter(at[1])}{at[0]}"
                        yield Place(form, section, one, of, row, title, cell)


def _cells(
    person: Person, sheet: str, section: Section, one: Field, lists: Lists, goes_on: bool
) -> Iterator[tuple[int, tuple[int, int]]]:
    if isinstance(section, Card):
        yield 0, person.card_place(sheet, one.label, section.title)
        return
    has_photos = any(other.kind is Kind.PHOTO for other in section.fields)
    rows = len(lists.named(section.rows_from)) if section.rows_from else section.rows
    more = 1 if goes_on and not section.rows_from and not has_photos else 0
    for other in section.fields:
        if other.unique and (options := lists.options(other)):  # each may be chosen once
            rows, more = min(rows, len(options)), 0
    top, col = person.table_place(sheet, section.title, 1, one.label)
    yield from ((number, (top + number - 1, col)) for number in range(1, rows + more + 1))


@dataclass
class Tokens:
    """Gives each place something that nobody has typed yet, and that its field accepts."""

    lists: Lists
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    dates: Iterator[int] = field(default_factory=lambda: count(1))
    scores: Iterator[int] = field(default_factory=lambda: count(1))
    entries: list[str] = field(default_factory=list)

    def value(self, place: Place) -> Value:
        """What to type."""
        one, row = place.field, place.row
        if one.kind is Kind.YES_NO:
            return row % 3 != 0
        if options := self.lists.options(one):
            nil = place.form.nil
            if nil and (place.section.key, one.key) == (nil.section, nil.field):
                options = tuple(option for option in options if option != nil.value)
            return str(options[row % len(options)])
        if one.kind is Kind.DATE:
            return date(2025, 1, 31) + timedelta(days=next(self.dates))
        if one.kind in (Kind.DECIMAL, Kind.INTEGER):
            return Decimal("10.01") + Decimal("0.37") * next(self.scores)
        number = next(self.numbers)
        if one.kind is Kind.PHOTO:
            return Decimal(100 + number)
        if one.key == "entry" and place.section.key == "people":
            return self.entries[row % len(self.entries)]
        if one.kind is not Kind.CODE:
            return f"記{number:05}號"
        if one.pattern is not None:
            return _PATTERNS[one.pattern.regex].format(number, number // 100, number % 100)
        code = f"T{number:05}"
        if one.key == "entry":
            self.entries.append(code)
        return code


_PATTERNS: Mapping[str, str] = {
    EMAIL.regex: "t{0:05}@example.gov.tw",
    PHONE.regex: "02-2{0:07}",
    STAFF_ID.regex: "E{0:05}",
    ITEM_ID.regex: "{1:02}-{2:02}",
}


def type_all(
    person: Person,
    form: Form,
    tokens: Tokens,
    items: Sequence[str],
    file: str,
    most: Mapping[str, int] = MappingProxyType({}),
) -> list[Typed]:
    """Fill every place that a person may fill; tables to their last row and beyond it, or no further
    than the row that `most` names for their section."""
    typed: list[tuple[tuple[str, str, int], Typed]] = []
    for place in places(person, form, tokens.lists, items):
        if not place.field.given and place.row <= most.get(place.section.key, place.row):
            value = tokens.value(place)
            put(person, place, value)
            chosen = place.field.kind in (Kind.CHOICE, Kind.YES_NO)
            one = Typed(file, place.sheet, place.cell, value, place, chosen=chosen)
            typed.append((place.record, one))
    words: dict[tuple[str, str, int], list[str]] = {}
    for record, one in typed:
        if not one.chosen and isinstance(one.value, str):
            words.setdefault(record, []).append(one.value)
    return [replace(one, among=tuple(words.get(record, ()))) for record, one in typed]


def put(person: Person, place: Place, value: Value) -> None:
    """Type a value as a person does; numbers as numbers, a photo as a picture so many pixels wide."""
    if place.field.kind is Kind.PHOTO:
        assert isinstance(value, Decimal)
        person.picture(place.sheet, place.cell, photo(int(value), 90))
        return
    number = isinstance(value, Decimal)
    person.sheet(place.sheet)[place.cell].value = float(value) if number else shown(value)  # type: ignore[arg-type]


def not_locked(person: Person) -> Iterable[tuple[str, str]]:
    """Sheet and cell of all that can be typed into while the sheets are protected."""
    for sheet in person.book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        inner = {
            (row, col)
            for merged in sheet.merged_cells.ranges
            for row in range(merged.min_row, merged.max_row + 1)
            for col in range(merged.min_col, merged.max_col + 1)
            if (row, col) != (merged.min_row, merged.min_col)
        }
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.protection.locked and (cell.row, cell.column) not in inner:
                    yield sheet.title, cell.coordinate
