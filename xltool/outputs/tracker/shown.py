"""How columns of the one vocabulary stand on a sheet of the tracker, and where each cell is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from xltool.changes import Amended, Change
from xltool.columns import Row, Type, asked, derived, section
from xltool.findings import Finding
from xltool.forms import Form, layout
from xltool.forms.of_year import forms_of
from xltool.forms.schema import Kind
from xltool.model import Address, Answer, Dataset, Item, Receipt
from xltool.outputs import living, shown
from xltool.outputs.held import TO_CORRECT, any_held, is_held
from xltool.outputs.living import Cell, Link, SheetTable
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.wording import say, the

HOW = "深藍欄由程式更新，若有修改會保留並列於「人工修改」；棕色「備註」欄、右側自加的欄、註解與自加的工作表都會保留"
FOR_HR = "含個人資料，限人事作業使用，不得公開"
BETWEEN = "／"
"""Between the parts of what names a row."""


def personal() -> str:
    """What stands above and below a sheet with data of staff."""
    return f"含個人資料，限{the.agency}辦理業務使用，不得公開"


@dataclass(frozen=True)
class Told:
    """All that the tracker tells of. `files`: where the returned files lie, by name, as paths from the
    tracker's folder."""

    dataset: Dataset
    outcomes: Outcomes
    plan: Plan
    findings: Sequence[Finding] = ()
    receipts: Sequence[Receipt] = ()
    changes: Sequence[Change] = ()
    amended: Sequence[Amended] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    def link(self, text: str, name: str, at: Address | None = None) -> Cell:
        """Text that leads to a returned file, to a cell in it where `at` names one, if it lies there."""
        if name not in self.files or not text:
            return text
        return Link(text, at.sheet if at else "", at.cell if at else "", self.files[name])

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The forms as the year asks them, by key."""
        return forms_of(self.plan)

    def whole(self, *sections: tuple[Form, str]) -> tuple[tuple[Form, str], ...]:
        """Sections of forms as the year asks them, of which a sheet shows every field."""
        return tuple((self.forms[form.key], key) for form, key in sections)

    def opens(self, name: str) -> Cell:
        """A link beside a file's name: a long name that is a link itself is clipped by LibreOffice."""
        return self.link("開啟" if name in self.files else "", name)


@dataclass(frozen=True)
class Shown(shown.Shown):
    """A column as it stands on a sheet of the tracker: `width` in half-width characters, and how its
    cells look (`living.SheetColumn`). There is room for the whole label."""

    number: str = ""
    toned: bool = False
    note: bool = False

    @property
    def id(self) -> str:
        """What the sheet knows the column by."""
        return self.column.id

    @property
    def heading(self) -> str:
        """The label."""
        return self.column.label

    def drawn(self) -> living.SheetColumn:
        """As the living workbook has it. One from before ids were recorded may bear the label with the
        mark or without."""
        return living.SheetColumn(
            self.id, self.marked, self.width, self.number, self.centred, self.toned, self.note,
            formerly=(self.heading, self.heading + shown.MARK),
        )  # fmt: skip

    def cell(self, row: Row) -> Cell:
        """The value for a row, as a person reads it; a missing number stays blank."""
        value: Any = self.column.value(row)
        if isinstance(value, bool | date):
            return layout.shown(value)
        return "" if value is None and self.column.type is not Type.NUMBER else value


def show(
    id: str,  # noqa: A002
    width: float,
    form: Form | None = None,
    *,
    label: str = "",
    centred: bool = False,
    toned: bool = False,
) -> Shown:
    """A field that was asked. Raises as `columns.asked`."""
    return Shown(asked(id, form, label=label), width, centred, toned=toned)


def own(
    name: str,
    label: str,
    width: float,
    of: Callable[..., Any],
    *shows: str,
    form: Form | None = None,
    made_of: Callable[..., Iterable[Answer]] | None = None,
    rule: str = "",
    number: str = "",
    centred: bool = False,
    toned: bool = False,
) -> Shown:
    """A value that is worked out, or stands in what a row tells of. Raises as `columns.derived`."""
    type_ = Type.NUMBER if number else Type.TEXT
    column = derived(
        name, label, of, *shows, form=form, type=type_, made_of=made_of, rule=say(rule)
    )
    return Shown(column, width, centred, number, toned)


def _nothing(*_: object) -> None:
    """Of a column that a person fills we say nothing."""


NOTE = Shown(derived("note", "備註", _nothing, type=Type.NUMBER), 18, note=True)
"""備註: the coordinator's own."""


def item_columns(told: Told) -> tuple[Shown, ...]:
    """業務編號, 單位 and 業務名稱 of an item, the first of its row."""

    def unit(item: Item, *_: object) -> str:
        return told.plan.unit_name(item.unit)

    return (
        own("items.item", asked("items.item").label, 9, _id, centred=True),
        own("filing.unit", asked("filing.unit").label, 13, unit),
        show("items.name", 20),
    )


def _id(item: Item, *_: object) -> str:
    return item.id


class Origin(NamedTuple):
    """Where a cell of a sheet is from: the row's name, the column's id and heading, the returned cell
    and, for a value that was worked out, the rule."""

    row: str
    column: str
    heading: str
    at: Address
    rule: str


@dataclass(frozen=True)
class TrackerSheet:
    """A sheet of the tracker, and where its cells are from."""

    table: SheetTable
    columns: tuple[Shown, ...]
    origins: tuple[Origin, ...] = ()


def sheet(
    title: str,
    heading: str,
    lead: tuple[str, ...],
    columns: Sequence[Shown],
    rows: Iterable[Row],
    *,
    key: tuple[str, ...],
    whole: Sequence[tuple[Form, str]] = (),
    **more: Any,
) -> TrackerSheet:
    """A sheet of these columns. Of the sections `whole` it shows every field: those that no column
    shows yet come last, before what a person fills. `key` and `more` are as in `living.SheetTable`."""
    rows, columns = tuple(rows), _with_others(columns, whole)
    cells = tuple(tuple(_cells(columns, row)) for row in rows)
    drawn = tuple(column.drawn() for column in columns)
    table = SheetTable(title, heading, lead, drawn, key, cells, **more)
    named = [[living.as_text(line[table.places[id_]]) for id_ in key] for line in cells]
    origins = tuple(
        Origin(BETWEEN.join(filter(None, name)), one.id, one.marked, at, one.column.rule)
        for name, row in zip(named, rows, strict=True)
        for one in columns
        for at in one.column.sources(row)
    )
    return TrackerSheet(table, tuple(columns), origins)


def _cells(columns: Sequence[Shown], row: Row) -> Iterator[Cell]:
    held = any_held(row)
    for one in columns:
        yield TO_CORRECT if held and is_held(one.column, row) else one.cell(row)


_WIDTHS = {Kind.LONG: 40, Kind.TEXT: 20, Kind.CODE: 16, Kind.DATE: 11, Kind.CHOICE: 14}


def _with_others(columns: Sequence[Shown], whole: Sequence[tuple[Form, str]]) -> tuple[Shown, ...]:
    seen = {place for one in columns for place in one.column.shows}
    others: dict[str, Shown] = {}
    for form, key in whole:
        for column in section(form, key):
            if column.shows & seen:
                continue
            if column.id in others:  # another form asks it too
                column = replace(column, shows=column.shows | others[column.id].column.shows)
            others[column.id] = Shown(column, _WIDTHS.get(form.field(key, column.name).kind, 10))
    end = next((n for n, one in enumerate(columns) if one.note), len(columns))
    return (*columns[:end], *others.values(), *columns[end:])
