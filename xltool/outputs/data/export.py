"""The year's dataset for other programs: CSV, JSON, Parquet, and a dictionary of every column.

Values as read, amounts as decimal text in JSON so that nothing is rounded. CSV is for Excel too: UTF-8
with BOM, and text that would be taken for a formula has an apostrophe before it. Tables (`tables`)
hold personal data: the dictionary marks the columns.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from xltool.columns import Column, Row, Type
from xltool.forms.schema import YES
from xltool.model import Dataset
from xltool.outputs.data.results import RESULTS, ResultFrame
from xltool.outputs.data.tables import FRAMES, Frame
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes

Value = str | Decimal | bool | date | int | None
DICTIONARY = "資料字典"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Export:
    """One table with a year's values: name (of its file), title, columns, rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def exports(dataset: Dataset, plan: Plan, outcomes: Outcomes | None = None) -> tuple[Export, ...]:
    """The dataset as tables, in the order of the year; with `outcomes` also what the rules conclude."""
    tables = [_export(one, one.rows(dataset, plan)) for one in FRAMES]
    if outcomes is not None:
        tables += [_export(one, one.rows(outcomes, plan)) for one in RESULTS]
    return tuple(tables)


def _export(table: Frame | ResultFrame, rows: Iterable[Row]) -> Export:
    values = (tuple(column.value(row) for column in table.columns) for row in rows)
    return Export(table.name, table.title, table.columns, tuple(values))


def write_csv(path: Path, export: Export) -> None:
    """One table as CSV (RFC 4180, UTF-8 with BOM). Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([column.name for column in export.columns])
        writer.writerows([_csv(value) for value in row] for row in export.rows)


def _csv(value: Value) -> str:
    text = _text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def write_json(path: Path, tables: Sequence[Export], year: int) -> None:
    """All tables as one JSON object: year, and a list of objects for each table. Raises OSError."""
    plain = {
        "year": year,
        **{
            table.name: [
                {c.name: _json(value) for c, value in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for table in tables
        },
    }
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _json(value: Value) -> str | int | bool | None:
    if isinstance(value, StrEnum | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def write_parquet(path: Path, export: Export) -> None:
    """One table as Parquet, numbers as decimal128. Raises ImportError without pyarrow."""
    import pyarrow as arrow
    from pyarrow import parquet

    kinds = {
        Type.TEXT: arrow.string(),
        Type.FLAG: arrow.bool_(),
        Type.DAY: arrow.date32(),
        Type.COUNT: arrow.int32(),
    }
    arrays = [
        arrow.array(
            [str(v) if isinstance(v, StrEnum) else v for v in values],
            type=kinds.get(column.type) or arrow.decimal128(38, _places(values)),
        )
        for column, values in zip(export.columns, _columns(export), strict=True)
    ]
    names = [column.name for column in export.columns]
    parquet.write_table(arrow.Table.from_arrays(arrays, names=names), str(path))


def _places(values: Iterable[Value]) -> int:
    """Decimal places that hold every number of a column exactly; four as a rule."""
    exponents = (v.as_tuple().exponent for v in values if isinstance(v, Decimal))
    return max((4, *(-one for one in exponents if isinstance(one, int))))


def _columns(export: Export) -> Iterator[list[Value]]:
    for number in range(len(export.columns)):
        yield [row[number] for row in export.rows]


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
