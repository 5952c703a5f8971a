"""年度設定 of 114 with some values changed."""

from __future__ import annotations

from tests.support.returns import altered
from xltool.model import Record, Value
from xltool.plan import shipped_records


def changed(section: str, index: int, **values: Value) -> tuple[Record, ...]:
    """The shipped records of 114 with some values of one row changed."""
    return altered(shipped_records(114), section, index, **values)
