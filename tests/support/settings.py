"""年度設定 of 114 with some values changed."""

from __future__ import annotations

from tests.support.returns import CONTACT, altered
from xltool.model import Record, Value
from xltool.plan import shipped_records


def filled() -> tuple[Record, ...]:
    """The shipped records of 114 with the contact filled in."""
    return altered(shipped_records(114), "basics", **CONTACT)


def changed(section: str, index: int, **values: Value) -> tuple[Record, ...]:
    """The same with some values of one row changed."""
    return altered(filled(), section, index, **values)
