"""What units are told: whom a letter goes to, its frame, and each point to correct in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding, Severity
from xltool.forms import Form
from xltool.forms.schema import Filer
from xltool.model import Address, Dataset, Spot
from xltool.plan import Plan, contact_text
from xltool.store.workspace import atomic_write
from xltool.zh import shortened

if TYPE_CHECKING:
    from xltool.intake import Reading
    from xltool.outputs.forms import Point


def recipient(form: Form, dataset: Dataset, plan: Plan, code: str) -> str:
    """Whom a draft goes to: the unit, or its 督導小組 member where he fills the form."""
    from xltool.outputs.post.mail import address

    if form.filer is Filer.MEMBER:
        member = next((member for member in dataset.members if member.unit == code), None)
        return address(member.email) if member else ""
    unit = plan.unit(code)
    return address(unit.email) if unit else ""


def write_draft_beside(workbook: Path, to: str, subject: str, body: str) -> None:
    """Write an e-mail draft beside a workbook, with the workbook attached."""
    from xltool.outputs.post.mail import write_draft

    attached = [(workbook.name, workbook)]
    with atomic_write(workbook.with_suffix(".eml")) as path:
        write_draft(path, to=to, subject=subject, body=body, attachments=attached)


def letter(plan: Plan, unit: str, *paragraphs: str) -> str:
    """A letter to a unit: greeting, paragraphs, whom to ask."""
    contact = f"聯絡人：{contact_text(plan)}"
    return "\n\n".join((f"{unit} 您好：", *paragraphs, contact)) + "\n"


def points_in_words(reading: Reading) -> Iterator[str]:
    """Each point to correct, in a sentence: where, what is wrong, what to do."""
    return (f"{point.place}：{point.said}。{point.fix}。" for point in points(reading))


OUTSIDE = {"S207", "S212", "S221"}
"""What stood outside every field: it goes back on a sheet of its own."""

STRUCK_OUT = {"V316", "V331", "V332"}
"""What was struck out: a point to correct, and the words go back there too."""


SHOWN_OF_VALUE = 60  # characters: the whole stands in the cell that the point leads to


def points(reading: Reading, spots: Mapping[Address, Spot] | None = None) -> Iterator[Point]:
    """What a unit is asked to correct, errors first; notes on how something was read are left out.

    `spots`: what the cells are in the file that goes back, where that is not what they were."""
    spots = reading.spots if spots is None else spots
    from xltool.outputs.forms import Point

    asked = [f for f in reading.findings if f.severity in (Severity.ERROR, Severity.WARNING)]
    for one in sorted(asked, key=lambda f: not f.blocks):
        if one.code not in OUTSIDE:
            spot = spots.get(one.at)
            was = shortened(one.value, SHOWN_OF_VALUE)
            yield Point(spot, str(one.severity), place_of(one), was, one.message, one.fix)


def place_of(found: Finding) -> str:
    """Where a finding stands, in words for a unit."""
    from xltool.outputs.forms import WHOLE_FILE

    return " ".join(part for part in (found.at.sheet, found.at.cell) if part) or WHOLE_FILE
