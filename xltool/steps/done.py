"""What a step did is called `Done`: steps give it, faces tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding
from xltool.model import Dataset, HeldBack, Receipt
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.steps.amended import amended_lines
from xltool.steps.year import Year

if TYPE_CHECKING:
    from xltool.intake import Reading


Progress = Callable[[int, int, str], None]
"""Called with (done, total, what) while long work goes on."""


@dataclass(frozen=True)
class Done:
    """What a step did: lines for a person, findings, files written, files read."""

    title: str
    summary_lines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    outputs: tuple[Path, ...] = ()
    readings: tuple[Reading, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    plan: Plan | None = None
    outcomes: Outcomes | None = None
    held: tuple[HeldBack, ...] = ()
    dataset: Dataset | None = None

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks: the command line then ends with 1."""
        return any(one.blocks for one in self.findings)

    @classmethod
    def of_year(
        cls,
        title: str,
        year: Year,
        lines: Iterable[str],
        findings: Iterable[Finding],
        *outputs: Path,
    ) -> Done:
        """What a step did that took the whole year: with the year's own findings first, and
        told what is new of its settings."""
        return cls(
            title,
            (*amended_lines(year.news), *lines),
            (*year.findings, *findings),
            outputs,
            year.readings,
            year.receipts,
            year.plan,
            year.outcomes,
            year.dataset.held,
            year.dataset,
        )
