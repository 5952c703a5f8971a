"""What a check is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from xltool.intake.content import Content, Placed, Row
from xltool.intake.draft import Slot
from xltool.intake.values import ReadAs


class Check:
    """A kind of fault: it names the `codes` that it tells, and no other check tells them.

    Each of its methods is an occasion on which the fault can be seen, and yields what it finds with
    the place. Who is asked when is listed in `intake.checks`.
    """

    codes: ClassVar[tuple[str, ...]]


class CellCheck(Check):
    """A fault of a single value, seen when it was read."""

    @classmethod
    def cell(cls, content: Content, row: Row, slot: Slot, read: ReadAs) -> Iterator[Placed]:
        """One finding where the cell was read with a problem of this kind."""
        if read.problem in cls.codes:
            text = slot.cell.text if slot.cell is not None else ""
            words = {"field": row.label(slot), **read.words}
            yield content.found(read.problem, row.block, slot, text, **words)
