"""The year's dataset and what the rules conclude of it as tables, and a dictionary of every column.

Values as read. Tables hold personal data: the dictionary marks the columns. `frames` gives and writes
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xltool.columns import Column, Row
from xltool.forms.schema import YES
from xltool.model import Dataset
from xltool.outputs.data.results import RESULTS, ResultFrame
from xltool.outputs.data.tables import FRAMES, Frame
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes

Value = str | Decimal | bool | date | int | None
DICTIONARY = "資料字典"


@dataclass(frozen=True)
class Export:
    """One table with a year's values: name (of its file), title, columns, rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def exports(dataset: Dataset, plan: Plan, outcomes: Outcomes | None = None) -> tuple[Export, ...]:
    """The dataset as tables, in the order of the year; with `outcomes` also what the rules conclude."""
    tables = [
        _export(one, one.rows(dataset, plan)) for one in (frame.of_year(plan) for frame in FRAMES)
    ]
    if outcomes is not None:
        tables += [_export(one, one.rows(outcomes, plan)) for one in RESULTS]
    return tuple(tables)


def _export(table: Frame | ResultFrame, rows: Iterable[Row]) -> Export:
    values = (tuple(column.value(row) for column in table.columns) for row in rows)
    return Export(table.name, table.title, table.columns, tuple(values))


def dictionary(tables: Iterable[Export]) -> Export:
    """What every column of every table is."""
    heads = ("資料表", "資料表說明", "欄位", "說明", "型態", "個人資料")
    return Export(
        DICTIONARY,
        DICTIONARY,
        tuple(Column(head, head, head) for head in heads),
        tuple(
            (t.name, t.title, c.name, c.label, c.type, YES if c.personal else "")
            for t in tables
            for c in t.columns
        ),
    )
