"""A second form in the same workbook: somebody put all sheets of two forms together, or of two units.

The form that the workbook is stamped as is read. Sheets of another one would only be mistaken for its
own, or for words in the wrong place: they are told by name, and left out of the search for its fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xltool.findings import Finding, finding
from xltool.forms import FORMS
from xltool.forms.schema import Form
from xltool.intake.grid import Book, Grid
from xltool.intake.identify import Stamp, unit_named
from xltool.intake.locate import is_ours
from xltool.model import Address
from xltool.plan import Plan
from xltool.zh import same

_TITLE_ROWS = 3
_TITLE_LENGTH = 40


@dataclass(frozen=True)
class Second:
    """Another form in a workbook: `unit` is its code, empty where it is the same one's or nobody's."""

    form: Form
    unit: str
    sheets: tuple[str, ...]


def second_forms(book: Book, stamp: Stamp, plan: Plan | None) -> list[Second]:
    """What other forms there are beside the one that a workbook is stamped as."""
    found: dict[tuple[str, str], list[Grid]] = {}
    own: list[Grid] = []
    for grid in book.sheets:
        if is_ours(grid.name):
            continue
        whose = _whose(grid, stamp, plan)
        if whose is None:
            own.append(grid)
        else:
            found.setdefault((whose[0].key, whose[1]), []).append(grid)
    if not found or not _begins(own, stamp.form):
        return []  # then the workbook holds but one, whatever its stamp says
    return [
        Second(FORMS[key], unit, tuple(grid.name for grid in grids))
        for (key, unit), grids in found.items()
        if _begins(grids, FORMS[key])
    ]


def told(seconds: list[Second], stamp: Stamp, plan: Plan | None, file: str) -> Iterator[Finding]:
    """A finding for each, naming it, its sheets, and the one that is read."""

    def named(form: Form, unit: str) -> str:
        name = plan.unit_name(unit) if plan is not None and unit else ""
        return f"「{form.title}」" + (f"（{name}）" if name else "")

    for one in seconds:
        listed = "、".join(f"「{name}」" for name in one.sheets)
        words = {"chosen": named(stamp.form, stamp.unit), "other": named(one.form, one.unit)}
        yield finding("F140", Address(file, one.sheets[0], "A1"), listed, **words)


def _whose(grid: Grid, stamp: Stamp, plan: Plan | None) -> tuple[Form, str] | None:
    """The other form, and the other unit, whose sheet this is by what stands on its top."""
    top = [cell.text for (row, _), cell in grid.cells.items() if row < _TITLE_ROWS]
    titles = {same(text) for text in top if len(text) <= _TITLE_LENGTH}
    forms = [f for f in FORMS.values() if any(t.endswith(same(f.title)) for t in titles)]
    if not forms:
        return None
    unit = ""
    if plan is not None and stamp.unit:
        units = {code for text in top if (code := unit_named(text, plan))}
        unit = min(units - {stamp.unit}, default="") if stamp.unit not in units else ""
    if stamp.form not in forms:
        return forms[0], unit
    return (stamp.form, unit) if unit else None


def _begins(grids: list[Grid], form: Form) -> bool:
    """Whether the form's first section is on one of these sheets: a whole form, not a sheet of one."""
    heading = same(form.sheets[0].sections[0].title)
    return any(same(cell.text) == heading for grid in grids for cell in grid.cells.values())
