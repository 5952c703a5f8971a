"""What a step says: lines for a person, findings, files written, files read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding
from xltool.model import Receipt
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.steps.year import Year

if TYPE_CHECKING:
    from xltool.intake import Reading


Progress = Callable[[int, int, str], None]
"""Called with (done, total, what) while long work goes on."""


@dataclass(frozen=True)
class Report:
    """What a step did: lines for a person, findings, files written, files read."""

    title: str
    summary_lines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    outputs: tuple[Path, ...] = ()
    readings: tuple[Reading, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    plan: Plan | None = None
    outcomes: Outcomes | None = None

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks: the command line then ends with 1."""
        return any(one.blocks for one in self.findings)


def report_on(
    title: str, year: Year, lines: Iterable[str], findings: Iterable[Finding], *outputs: Path
) -> Report:
    """What a step says that took the whole year: with the year's own findings."""
    return Report(
        title,
        tuple(lines),
        (*year.findings, *findings),
        outputs,
        year.readings,
        year.receipts,
        year.plan,
        year.outcomes,
    )
