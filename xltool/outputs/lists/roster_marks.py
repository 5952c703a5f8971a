"""What the coordinator writes beside the lines of a roster (核定, 發布, 確認), read from it before another is written.

A line is known again by person, entry and clause. What belongs to a line that is gone is kept and named.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xltool.columns import asked
from xltool.forms import CONTEST
from xltool.rules.outcomes import RewardLine
from xltool.zh import locator, roc_date, same

MARKS = ("核定", "發布", "確認（三個月內）")
"""The coordinator's own columns, to the right of what is printed."""
KNOWN_BY = tuple(
    asked(id_, CONTEST if "people" in id_ else None).label
    for id_ in (
        *("people.unit", "people.name", "people.staff_id"),
        *("entries.entry", "entries.term", "entitlements.clause"),
    )
)
"""The columns by which a line is known again: its person, its entry, its clause."""
SHEET, GONE = "名冊", "已不在名冊"


@dataclass(frozen=True)
class Marked:
    """What was written beside a line, of what is now known of it."""

    known_by: tuple[str, ...]
    marks: tuple[str, ...]

    def is_of(self, key: Sequence[str]) -> bool:
        """Whether it was written beside the line of that key: a 職員編號 may have been filled since."""
        mine, other = ([*map(same, one[:-1]), locator(one[-1])] for one in (self.known_by, key))
        if not (mine[2] and other[2]):
            mine[2] = other[2] = ""
        return mine == other


def key_of(line: RewardLine, unit: str) -> tuple[str, ...]:
    """By what a line is known again, in the order of `KNOWN_BY`."""
    person, claim = line.person, line.claim
    return (unit, person.name, person.staff_id, claim.entry, claim.term, line.clause)


def read_marks(path: Path) -> tuple[Marked, ...]:
    """What is written beside the lines of a roster, and beside those that are on it no more. Nothing where
    there is no roster, or one that cannot be read: it is kept as it stands."""
    from openpyxl import load_workbook

    if not path.is_file():
        return ()
    try:
        book = load_workbook(path, data_only=True)
        return tuple(
            one
            for title in (SHEET, GONE)
            if title in book.sheetnames
            for one in _marked(book[title])
        )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return ()


def _marked(sheet: Any) -> Iterator[Marked]:
    columns: Mapping[str, int] = {}
    for row in sheet.iter_rows(values_only=True):
        headings = {str(cell).split("\n")[0]: at for at, cell in enumerate(row) if cell is not None}
        if not columns and {*KNOWN_BY, *MARKS} <= headings.keys():
            columns = headings
        elif columns:
            marks = tuple(_text(row[columns[one]]) for one in MARKS)
            if any(marks):
                yield Marked(tuple(_text(row[columns[one]]) for one in KNOWN_BY), marks)


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return roc_date(cell.date())
    return "" if cell is None else str(cell).strip()
