"""What an error holds back: the cell or the row that it touches, and no more.

The whole return only where it cannot be told whose it is: which member's opinion, which meeting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from xltool.findings import Finding
from xltool.forms import MEETING, REVIEW, Form
from xltool.forms.schema import Card
from xltool.model import Address, HeldBack, Spot, Submission

_WHOSE = {REVIEW.key: ("reviewer", "name"), MEETING.key: ("meeting", "no")}
"""The field by which several returns of a form are told apart."""

_NOWHERE = Spot("", "")


@dataclass(frozen=True)
class Kept:
    """A return without what is held back of it: None where that is the whole. `faults` says of its
    cells that are, what the error there says; `lacking`: an error is no cell's, but a section's."""

    submission: Submission | None
    held: tuple[HeldBack, ...] = ()
    faults: Mapping[Address, str] = field(default_factory=dict)
    lacking: bool = False


def held_back(form: str, unit: str, errors: Sequence[Finding]) -> HeldBack:
    """A return of which nothing counts until its errors are corrected."""
    return HeldBack(form, unit, errors[0].at, errors[0].message, len(errors), whole=True)


def keep(submission: Submission, form: Form, errors: Sequence[Finding]) -> Kept:
    """A return and what its errors leave of it."""
    if not errors:
        return Kept(submission)
    spots = dict(submission.faulty)
    touched = [(one, spots.get(one.at, _NOWHERE)) for one in errors]
    if any((spot.section, spot.field) == _WHOSE.get(form.key) for _, spot in touched):
        return Kept(None, (held_back(form.key, submission.unit, errors),))
    sheets = {one.at.sheet for one, spot in touched if _names_sheet(form, spot)}
    return Kept(
        replace(
            submission,
            records=tuple(
                one
                for one in submission.records
                if not any(at.sheet in sheets for at in one.at.values())
            ),
            pictures=tuple(one for one in submission.pictures if one.at.sheet not in sheets),
        ),
        tuple(_of(one, submission, spot) for one, spot in touched),
        {one.at: one.message for one in errors if one.at.cell},
        lacking=any(not spot.field for _, spot in touched),
    )


def _of(error: Finding, submission: Submission, spot: Spot) -> HeldBack:
    return HeldBack(
        submission.form,
        submission.unit,
        error.at,
        error.message,
        section=spot.section,
        of=spot.of,
    )


def _names_sheet(form: Form, spot: Spot) -> bool:
    """Whether the cell says of which item its sheet tells: with an error there, nobody knows."""
    for sheet, section in form.sections():
        if section.key == spot.section and isinstance(section, Card):
            return sheet.per_item and spot.field == "item"
    return False
