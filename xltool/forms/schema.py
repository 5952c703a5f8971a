"""How a form is declared: a Form has Sheets, a Sheet has Sections, a Section has Fields.

Two shapes of section: a `Card` asks each thing once, with a generous cell beside its label (long
text); a `Table` asks the same short things of many rows. Nothing here knows a cell address: where
things stand is derived (`forms.layout`), and found again by titles and labels (`intake.locate`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from xltool.wording import worded


class Kind(StrEnum):
    """What a field holds. Codes, numbers, dates and choices are normalised (NFKC); prose never is."""

    TEXT = "text"  # prose, one line
    LONG = "long"  # prose, may have line breaks
    CODE = "code"  # identifiers, phone numbers, e-mail
    CHOICE = "choice"
    YES_NO = "yes_no"  # 是 / 否, a bool
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"  # shown and typed as ROC dates, 114.11.30
    PHOTO = "photo"  # a place for a picture, not a value


class Filer(StrEnum):
    """Who fills a form: each unit, each unit's 督導小組 member, or the coordinator."""

    UNIT = "unit"
    MEMBER = "member"
    COORDINATOR = "coordinator"


class Choices(StrEnum):
    """Lists that the year decides: from the plan's settings, or from what was enrolled."""

    UNITS = "units"
    CRITERIA = "criteria"
    TITLES = "titles"
    REWARDS = "rewards"
    ITEMS = "items"


YES, NO = "是", "否"


@dataclass(frozen=True)
class Pattern:
    """A format that a code must match, how to say so, and the same as a spreadsheet formula.

    `formula` is true (or 1) for every text {a} that the reader takes, also where {a} is a range of
    cells, and for some that it will refuse or ask about; empty when a form does not check it while
    somebody types.
    """

    regex: str
    hint: str
    formula: str = ""

    def matches(self, text: str) -> bool:
        """Whether the whole text has the format."""
        return re.fullmatch(self.regex, text) is not None


def _holds(characters: str, least: int, longest: int) -> str:
    """A formula: {a} holds at least so many of those characters, and is no longer than that.

    It is laxer than the reader, which understands what people write around a number. A formula that
    knew as much would be slow, and a ✓ that is refused to what the reader takes is worse than one given
    to what it will ask about.
    """
    rest = "UPPER({a})"
    for character in characters:
        rest = f'SUBSTITUTE({rest},"{character}","")'
    return f"(LEN({{a}})-LEN({rest})>={least})*(LEN({{a}})<={longest})"


_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDE_DIGITS = "０１２３４５６７８９"
_LONGEST_PHONE = 60  # two numbers with their extensions
EMAIL = Pattern(
    r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9._%+\-]+\.[A-Za-z0-9._%+\-]+",
    "請填完整的電子郵件（半形英數字），例如 name@agency.gov.tw",
    '(LEN({a})<=254)*ISNUMBER(FIND(".",SUBSTITUTE({a},"．","."),'
    'FIND("@",SUBSTITUTE({a},"＠","@"),2)+2)/(FIND(".",SUBSTITUTE({a},"．",".")&"..",'
    'FIND("@",SUBSTITUTE({a},"＠","@"),2)+2)<LEN({a})))',
)
PHONE = Pattern(
    rf"(?=(?:\D*\d){{3}})[\s\S]{{3,{_LONGEST_PHONE}}}",
    "請填電話號碼，例如 02-27721370#6123",
    _holds(_DIGITS + _WIDE_DIGITS, 3, _LONGEST_PHONE),
)
STAFF_ID = Pattern(
    r"[A-Za-z0-9\-]{2,20}",
    "職員編號請填英數字；請勿填身分證統一編號",
    _holds(_DIGITS + _WIDE_DIGITS + _LETTERS, 1, 24) + "*(LEN({a})>1)",
)
ITEM_ID = Pattern(
    r"\d{2}-\d{2}",
    "業務編號為「單位代碼-序號」，例如 03-01",
    _holds(_DIGITS + _WIDE_DIGITS, 2, 12) + "*(LEN({a})>2)",
)
UNIT_CODE = Pattern(r"\d{2}", "單位代碼為兩位數字，例如 03", _holds(_DIGITS + _WIDE_DIGITS, 1, 4))


@dataclass(frozen=True)
class When:
    """A condition on another field of the same record: it holds `equals`."""

    field: str
    equals: str | bool


@worded("label", "prompt", "example", "clause")
@dataclass(frozen=True)
class Field:
    """One thing asked.

    `key` is the identifier in data, `label` what staff read, `short` the same for a heading with little
    room, where the label will not do. `given`: prefilled by us, and locked unless it `may_change`; `numbered`: so prefilled
    with the row's number, as a template of {unit} and {n}.
    `echo`: given, and repeats what another form asked ("items.target"); `may_change`: typed over, it is
    the unit's new value, else a finding says that it does not count; `weighty`: such a change wants the
    coordinator's eye; `explains`: asks why the given cells of its card changed. `placeholder` stands in
    a given cell while nothing is known, and is no answer.
    `also`: what people call a choice beside its own words, ("首長", "首長（主管）"). `none`: the choice
    that there is to be none, which 無 or － says too; an empty cell does not.
    `offered`: filled by us where something is known, and open to be changed: a row is known by its unique
    field, and what no longer stands there as issued is told.
    `since`: the form's version that first asked it: one issued before has no place for it.
    `added`: the coordinator's own question of the year (年度設定, 加問欄位), not a declared one.
    `counted`: a number, and how it is said ("第{n}屆"): 8, 8屆 and 第八屆 are all read so.
    `person`: names one person, as the year's people are told apart by it.
    `personal`: data of staff, never published (R7). `public`: published in Annex 3 (陸、一、(五)); nothing
    else is that units, members or meetings say.
    `span`: how many of the sheet's columns a table column takes. `lines`: height of the cell in lines of
    text. Limits are inclusive; `max_length` counts characters. `scored`: a score, whose greatest value
    the year decides (`forms/of_year.py`).
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    prompt: str = ""
    example: str = ""
    required: bool = False
    required_when: When | None = None
    choices: tuple[str, ...] | Choices = ()
    also: tuple[tuple[str, str], ...] = ()
    none: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    pattern: Pattern | None = None
    given: bool = False
    numbered: str = ""
    echo: str = ""
    may_change: bool = False
    weighty: bool = False
    explains: bool = False
    placeholder: str = ""
    scored: bool = False
    person: bool = False
    personal: bool = False
    public: bool = False
    unique: bool = False
    one_line: bool = False
    span: int = 1
    lines: int = 1
    clause: str = ""
    short: str = ""
    offered: bool = False
    since: int = 1
    added: bool = False
    counted: str = ""


@worded("note")
@dataclass(frozen=True)
class Card:
    """A section asked once per sheet: label and generous cell, one below the other."""

    key: str
    title: str
    fields: tuple[Field, ...]
    note: str = ""


@worded("note")
@dataclass(frozen=True)
class Table:
    """A section of many rows. `rows` are prepared (a person may add more), `blank` of them at most
    below those that are filled, where all would be pages of nothing; `least` must be filled.

    `example`: a row of examples stands above the first one. `total`: a line shows the sum of that
    field's numbers, or of scores by weight where the rows are the criteria.
    `named_by`: the fields that together tell a row, where no single one does.
    `rows_from` names the list whose members are the rows (criteria, units): its first field is given.
    A row counts as filled when a field that is not `given` is filled.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    rows: int = 10
    blank: int | None = None
    least: int = 0
    rows_from: Choices | None = None
    note: str = ""
    example: bool = False
    total: str = ""
    named_by: tuple[str, ...] = ()


Section = Card | Table


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook: a column grid (widths in characters of half width) and sections.

    `per_item`: one such sheet for each item; its title then holds {item}, and the records of its
    sections carry `of` = the item's 業務編號. `optional`: a file without it has no fault.
    """

    title: str
    columns: tuple[float, ...]
    sections: tuple[Section, ...]
    per_item: bool = False
    landscape: bool = False
    optional: bool = False


class Asked(NamedTuple):
    """A field as a form asks it. `id` is "section.field", by which its answers go; `choices` is the
    list that decides what it may hold, also where that list gives the table its rows."""

    id: str
    field: Field
    choices: tuple[str, ...] | Choices


@dataclass(frozen=True)
class Nil:
    """How a unit says that it has nothing to report (R8): this card field holds this choice."""

    section: str
    field: str
    value: str


@worded("stage", "purpose", "clause")
@dataclass(frozen=True)
class Form:
    """A standard form. `purpose` and `steps` are shown on its cover; `stage` is its calendar stage,
    `supplement` the later one in which a filled form is brought up to date, if there is one."""

    key: str
    title: str
    version: int
    filer: Filer
    stage: str
    purpose: str
    steps: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    nil: Nil | None = None
    clause: str = ""
    supplement: str = ""

    def sections(self) -> Iterator[tuple[Sheet, Section]]:
        """Every section with the sheet it stands on, in order."""
        for sheet in self.sheets:
            for section in sheet.sections:
                yield sheet, section

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What people call the sections, by key."""
        return {section.key: section.title for _, section in self.sections()}

    @cached_property
    def asked(self) -> Mapping[tuple[str, str], Asked]:
        """Every field by section and key. Looked up once a form: `field` searches each time."""
        return {
            (section.key, field.key): Asked(
                f"{section.key}.{field.key}", field, _choices(section, field)
            )
            for _, section in self.sections()
            for field in section.fields
        }

    def section(self, key: str) -> Section:
        """The section with that key. Raises KeyError."""
        for _, section in self.sections():
            if section.key == key:
                return section
        raise KeyError(key)

    def field(self, section: str, key: str) -> Field:
        """The field with that key in that section. Raises KeyError."""
        for field in self.section(section).fields:
            if field.key == key:
                return field
        raise KeyError(key)


def named_by(table: Table) -> Field | None:
    """The field by which a row is known again that we filled: the list's, or in a table with `offered`
    fields the unique one; None where no row is."""
    if table.rows_from is not None:
        return table.fields[0]
    if not any(field.offered for field in table.fields):
        return None
    return next((field for field in table.fields if field.unique), None)


def _choices(section: Section, field: Field) -> tuple[str, ...] | Choices:
    """What a field's words come from: its own list, or the one that gives the table its rows."""
    if isinstance(section, Table) and section.rows_from and field is section.fields[0]:
        return section.rows_from
    return field.choices
