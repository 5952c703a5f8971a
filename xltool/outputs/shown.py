"""A column of the vocabulary as a list or a paper shows it."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from xltool.columns import Column, Row, derived
from xltool.outputs.held import TO_CORRECT, is_held

MARK = "\n（個資）"
"""Below the heading of a column with personal data (R7)."""


@dataclass(frozen=True)
class Shown:
    """A column, how wide it stands (in the measure of list or paper), and whether it is centred."""

    column: Column
    width: float
    centred: bool = False

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.column.short

    @property
    def marked(self) -> str:
        """The heading, with a mark below it where the column holds personal data (R7)."""
        return self.heading + (MARK if self.column.personal else "")

    def text(self, row: Row) -> str:
        """What it says of a row; empty where nothing was filled, 待修正 where that is held back."""
        value = self.column.value(row)
        if value in (None, "") and is_held(self.column, row):
            return TO_CORRECT
        return "" if value is None else str(value)


def part(name: str, label: str, width: float, *, centred: bool = False) -> Shown:
    """A column of a part of the one thing that a row is: its attribute of that name."""
    return Shown(derived(name, label, attrgetter(name)), width, centred)
