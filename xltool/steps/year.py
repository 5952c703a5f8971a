"""A year as it stands: all that has come back, what counts, what follows from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from xltool import __version__
from xltool.changes import Amended
from xltool.findings import Finding, Waiver
from xltool.forms import FORMS, Form
from xltool.model import Dataset, Fate, Filing, Load, Receipt, Return
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.store.ledger import Ledger, open_ledger
from xltool.store.workspace import Workspace

if TYPE_CHECKING:
    from xltool.intake import Reading


@dataclass(frozen=True)
class Year:
    """A year as it stands: all that has come back, what counts, what follows from it.

    `settings` is 年度設定 as read; `settled` counts faulty files that need nobody's attention any
    more; `waivers` are what the coordinator has accepted. `inbox`: what lies there, by name and
    SHA-256. `amended`: what was changed in the settings after returns had come in; of that `news` are
    what nobody was told yet. `again` makes the year without the returns on which a use of it fails.
    Returns are in brief: what one says is in the ledger (`loading`).
    """

    workspace: Workspace
    plan: Plan
    settings: Reading
    readings: tuple[Reading, ...]
    receipts: tuple[Receipt, ...]
    dataset: Dataset
    outcomes: Outcomes
    findings: tuple[Finding, ...]
    settled: int = 0
    waivers: tuple[Waiver, ...] = ()
    returns: tuple[Return, ...] = ()
    inbox: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    amended: tuple[Amended, ...] = ()
    news: tuple[Amended, ...] = ()
    again: Callable[[Callable[[Year], object]], Year] | None = field(default=None, compare=False)

    def adopted(self, form: Form, unit: str) -> Return | None:
        """The return of a unit that counts for a form and has no error, or None."""
        counted = {(r.file, r.sha256) for r in self.receipts if r.status is Fate.ADOPTED}
        return next(
            (
                one
                for one in self.returns
                if (one.form, one.unit) == (form.key, unit) and (one.file, one.sha256) in counted
            ),
            None,
        )


def filing_of(dataset: Dataset, unit: str, form: str) -> Filing | None:
    """What a unit has filed of a form, or None where it owes none."""
    return next((f for f in dataset.filings if f.unit == unit and f.form == form), None)


@contextmanager
def loading(year: Year) -> Iterator[Load]:
    """Fetches what returns of the year say, from the ledger. Raises WorkspaceError."""
    with open_ledger(year.workspace) as ledger:
        yield load_from(ledger, year.plan)


def load_from(ledger: Ledger, plan: Plan) -> Load:
    """Fetches what returns say, as read under a plan, from an open ledger."""
    return partial(ledger.said, settings=fingerprint(plan))


def fingerprint(plan: Plan) -> str:
    """What a reading depends on besides the bytes: the program, the forms, the plan."""
    return hashlib.sha256(f"{_program()}\n{plan!r}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _program() -> str:
    """Which program this is: its version, its files, which an update changes without one, its forms."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{__version__} {stats}\n{FORMS!r}"
