"""The year's tables as pandas frames, with types and labels from the declaration.

Text is `string` (what looks like a number stays text), amounts are exact (`Decimal` in an object
column), flags are `boolean`, dates `datetime64[s]`, counts `Int64`. A text that was not filled is
empty, all else missing.
`attrs` has the table's `title` and the `labels` of its columns as staff read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from xltool.columns import Type
from xltool.outputs.data.export import Export

DTYPES = {Type.TEXT: "string", Type.FLAG: "boolean", Type.DAY: "datetime64[s]", Type.COUNT: "Int64"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_frame(table: Export, *, personal: bool = False) -> pd.DataFrame:
    """A table as a frame; the columns with data of staff only when asked for."""
    held = {
        column.name: _series([row[at] for row in table.rows], column.type)
        for at, column in enumerate(table.columns)
        if personal or not column.personal
    }
    frame = pd.DataFrame(held, index=pd.RangeIndex(len(table.rows)))
    labels = {column.name: column.label for column in table.columns if column.name in held}
    frame.attrs = {"title": table.title, "labels": labels}
    return frame


def _series(values: list[Any], kind: Type) -> pd.Series[Any]:
    if kind is Type.NUMBER:
        return pd.Series(values, dtype="object")
    if kind is Type.TEXT:
        values = [None if value is None else str(value) for value in values]
    return pd.Series(values, dtype=DTYPES[kind])


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """A frame as CSV (RFC 4180) for Excel too: UTF-8 with BOM, and text that would be taken for a
    formula has an apostrophe before it. Raises OSError."""
    inert = frame.apply(lambda column: column.map(_inert, na_action="ignore"))
    inert.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _inert(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value).lower() if isinstance(value, bool) else _plain(value)


def _plain(value: Any) -> str | int | bool | None:
    """A value as JSON has it: amounts as decimal text, so that nothing is rounded."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(value) if isinstance(value, Decimal) else value


def write_json(path: Path, frames: Iterable[tuple[str, pd.DataFrame]], year: int) -> None:
    """All frames as one JSON object: year, and a list of objects for each. Raises OSError."""
    plain: dict[str, Any] = {"year": year}
    for name, frame in frames:
        rows = zip(*(frame[column].tolist() for column in frame), strict=True)
        plain[name] = [dict(zip(frame, map(_plain, row), strict=True)) for row in rows]
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """A frame as Parquet, amounts as decimal128; its title and labels stand in the file. Raises
    ImportError without pyarrow."""
    import pyarrow as arrow
    from pyarrow import parquet

    kinds = {
        "string": arrow.string(),
        "boolean": arrow.bool_(),
        "datetime64[s]": arrow.date32(),
        "Int64": arrow.int32(),
    }
    held = {name: str(frame[name].dtype) for name in frame}
    schema = arrow.schema([
        (name, kinds.get(kind) or arrow.decimal128(38, _places(frame[name])))
        for name, kind in held.items()
    ])
    table = arrow.Table.from_pandas(frame, schema=schema, preserve_index=False)
    parquet.write_table(table, str(path))


def _places(values: Iterable[Any]) -> int:
    """Decimal places that hold every number of a column exactly; four as a rule."""
    exponents = (v.as_tuple().exponent for v in values if isinstance(v, Decimal))
    return max((4, *(-one for one in exponents if isinstance(one, int))))
