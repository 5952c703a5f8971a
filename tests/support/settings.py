"""年度設定 of 114 with some values changed."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.support.returns import CONTACT, altered
from xltool.model import Record, Value
from xltool.plan import shipped_records


def filled() -> tuple[Record, ...]:
    """The shipped records of 114 with the contact filled in."""
    return altered(shipped_records(114), "basics", **CONTACT)


def changed(section: str, index: int, **values: Value) -> tuple[Record, ...]:
    """The same with some values of one row changed."""
    return altered(filled(), section, index, **values)


def reward_worth(settings: Path, reward: str, points: int) -> str:
    """The coordinator types another 折算嘉獎次數 for a reward into 年度設定; the cell it stands in."""
    book = openpyxl.load_workbook(settings)
    (cell,) = (
        row[2]
        for row in book["敘獎原則"].iter_rows()
        if row[1].value == reward and isinstance(row[2].value, int)
    )
    cell.value = points
    book.save(settings)
    return f"敘獎原則!{cell.coordinate}"


def blanked(settings: Path, label: str) -> None:
    """The coordinator empties the cell beside a label of 基本資料."""
    book = openpyxl.load_workbook(settings)
    [cell] = (row[1] for row in book["基本資料"].iter_rows() if str(row[0].value).startswith(label))
    cell.value = None
    book.save(settings)
