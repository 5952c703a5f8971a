"""年度設定 of 114 with some values changed."""

from __future__ import annotations

from dataclasses import replace

from xltool.model import Record, Value
from xltool.plan import shipped_records


def changed(section: str, index: int, **values: Value) -> tuple[Record, ...]:
    """The shipped records of 114 with some values of one row changed."""
    records = list(shipped_records(114))
    place = [i for i, record in enumerate(records) if record.section == section][index]
    records[place] = replace(records[place], values={**records[place].values, **values})
    return tuple(records)
