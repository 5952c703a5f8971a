"""年度總表: all that the year holds, for the coordinator; what he adds survives every update.

Each sheet says what stands on it, in columns of the one vocabulary; `living` keeps the workbook, and
來源 is read off the cells that were written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from xltool.changes import Amended, Change
from xltool.columns import not_shown
from xltool.findings import Finding
from xltool.forms import SETTINGS
from xltool.model import Dataset, Receipt
from xltool.outputs.living import update
from xltool.outputs.tracker import files as of_files
from xltool.outputs.tracker import rewards, scores, supervision
from xltool.outputs.tracker.items import items
from xltool.outputs.tracker.overview import overview
from xltool.outputs.tracker.shown import Told, TrackerSheet
from xltool.outputs.tracker.sources import source_table
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.zh import western

SHEETS: tuple[Callable[[Told], TrackerSheet], ...] = (
    overview,
    items,
    scores.scores,
    scores.evidence,
    supervision.opinions,
    supervision.meetings,
    supervision.attendance,
    supervision.confirmed,
    supervision.recommendations,
    scores.order_s_sensitivity,
    rewards.entries,
    rewards.rewards,
    rewards.proposals,
    rewards.people,
    of_files.filings,
    of_files.findings,
    of_files.amended,
    of_files.receipts,
    of_files.changes,
)
"""The sheets in their order; 來源 follows."""


def write_tracker(
    path: Path,
    dataset: Dataset,
    outcomes: Outcomes,
    plan: Plan,
    findings: Sequence[Finding],
    receipts: Sequence[Receipt],
    changes: Sequence[Change] = (),
    files: Mapping[str, str] = MappingProxyType({}),
    *,
    amended: Sequence[Amended] = (),
    previous: Path | None,
) -> list[Finding]:
    """Write the tracker to `path`, keeping what the coordinator added to `previous`.

    `files`: where the returned files lie, by name, as paths from the tracker's folder.

    Kept: own sheets, own columns, 備註, comments on cells (all by the row's key), column widths, the
    order of columns and rows, filters. Notes of rows that are gone stand on 「未對應」. Returns F114 when
    `previous` cannot be read and F115 when it holds what cannot be kept; it is then copied first.
    The result depends on the arguments alone. Raises OSError, and LookupError where a field that
    people fill has no column.
    """
    told = Told(dataset, outcomes, plan, findings, receipts, changes, amended, files)
    sheets = [made(told) for made in SHEETS]
    _guard(told, sheets)
    tables = (*(one.table for one in sheets), source_table(sheets, receipts, plan))
    title = f"{plan.agency}{plan.year}年度提升服務效能總表"
    return update(path, tables, previous=previous, title=title, day=date(western(plan.year), 1, 1))


def _guard(told: Told, sheets: Sequence[TrackerSheet]) -> None:
    forms = [form for key, form in told.forms.items() if key != SETTINGS.key]
    columns = [shown.column for sheet in sheets for shown in sheet.columns]
    if lost := not_shown(forms, columns):
        raise LookupError(f"no sheet of the tracker shows {', '.join(map(' '.join, lost))}")
