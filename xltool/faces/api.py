"""A year in the hand of a program: `from xltool import Year`.

A year is opened from its folder, as the command line does: what lies in the inbox is read, what counts
is merged, the rules are applied. Frames leave out what is personal unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from xltool.findings import Finding
from xltool.model import Item
from xltool.outputs.checked import CheckedFile
from xltool.outputs.data.export import Export
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.steps import check as checking
from xltool.steps import write as writing
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather
from xltool.steps.tables import tables_of
from xltool.steps.year import Year as Gathered
from xltool.store.workspace import Workspace
from xltool.wording import use

if TYPE_CHECKING:
    import pandas as pd

OUTPUTS: Mapping[str, Callable[[Workspace], Done]] = MappingProxyType({
    "tracker": writing.merge,
    "rewards": writing.rewards,
    "annex3": writing.annex3,
    "packet": writing.packet,
    "export": writing.export,
})
"""What `Year.write` writes, by name."""


class Year:
    """One year of the plan. Made by `Year.open`; it is what the folder held then."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered

    @classmethod
    def open(cls, folder: str | Path, progress: Progress | None = None) -> Year:
        """The year in a folder. What is new in its inbox is read, and noted in its ledger.

        Raises SettingsError, with `findings`, where 年度設定 has errors; XltoolError where the folder is
        no year's or cannot be used.
        """
        return cls(gather(Workspace.open(Path(folder)), progress))

    def __repr__(self) -> str:
        return f"Year({self.number}, {str(self.folder)!r})"

    @property
    def number(self) -> int:
        """The ROC year."""
        return self._gathered.plan.year

    @property
    def folder(self) -> Path:
        """The year's folder."""
        return self._gathered.workspace.root

    @property
    def plan(self) -> Plan:
        """年度設定 as typed values: units, criteria, calendar, ladder."""
        return self._gathered.plan

    @property
    def items(self) -> tuple[Item, ...]:
        """The year's items (參與業務), with what was reported and reviewed of each."""
        return self._gathered.dataset.items

    @property
    def outcomes(self) -> Outcomes:
        """What the rules conclude: scores, proposal, meetings, rewards (R1 to R5)."""
        return self._gathered.outcomes

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found, of files, settings and the year as a whole."""
        return self._gathered.findings

    def check(self) -> tuple[CheckedFile, ...]:
        """Each returned file of the year, with what was found in it."""
        year = self._gathered
        done = Done("", findings=year.findings, readings=year.readings)
        return tuple(checking.checked_files(done))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the year's tables, as those of the files of `xltool export`."""
        return tuple(self._tables)

    def frame(self, name: str, *, personal: bool = False) -> pd.DataFrame:
        """A table as a pandas frame; `attrs` has its title, and the labels of its columns. Columns with
        data of staff are left out unless `personal`. Raises KeyError for a name that there is not."""
        from xltool.outputs.data.frames import as_frame

        if name not in self._tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self._tables)}")
        return as_frame(self._tables[name], personal=personal)

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """All tables by name, without personal columns."""
        return {name: self.frame(name) for name in self._tables}

    def write(self, output: str) -> Done:
        """Write an output where it belongs, as the command does: `outputs` of what comes back are the
        files, `findings` what was found. The year is taken anew from its folder.

        Raises ValueError for an output that there is not, and as `open`.
        """
        if output not in OUTPUTS:
            raise ValueError(f"no output {output!r}; there are {', '.join(OUTPUTS)}")
        return OUTPUTS[output](self._gathered.workspace)

    @cached_property
    def _tables(self) -> Mapping[str, Export]:
        use(self.plan.words)
        return {table.name: table for table in tables_of(self._gathered)}


def check(file: str | Path, year: Year | None = None) -> CheckedFile:
    """Read one returned workbook and say what is wrong with it; nothing is written or kept.

    It is held against the year's settings, without one against the shipped ones of its own year. Of a
    file that holds several (.zip, a letter) the first is told; for all use `xltool check`.
    """
    workspace = year._gathered.workspace if year is not None else None
    return checking.checked_files(checking.check(workspace, [Path(file)]))[0]
