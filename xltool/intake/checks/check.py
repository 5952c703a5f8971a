"""What a check is."""

from __future__ import annotations

from typing import ClassVar

from xltool.intake.content import Content, Placed, Row
from xltool.intake.draft import Slot, text_of
from xltool.intake.values import ReadAs


class Check:
    """A kind of fault: it names the `codes` that it tells, and no other check tells them.

    Each of its methods is an occasion on which the fault can be seen, and yields what it finds with
    the place. Who is asked when is listed in `intake.checks`.
    """

    codes: ClassVar[tuple[str, ...]]


class ReadingCheck(Check):
    """A fault of a single value, seen when it was read: its codes are the problems of reading one."""

    @staticmethod
    def problem(content: Content, row: Row, slot: Slot, read: ReadAs) -> Placed:
        """The finding where a cell was read with a problem of this kind."""
        words = {"field": row.label(slot), **read.words}
        return content.found(read.problem, row.block, slot, text_of(slot), **words)
