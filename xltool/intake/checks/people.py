"""Faults of cells that name people: several in one, words beside a name, numbers not to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool.findings import finding
from xltool.forms.schema import Section
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Placed, Row
from xltool.intake.draft import Slot
from xltool.intake.grid import a1
from xltool.intake.values import ReadAs
from xltool.model import Address
from xltool.who import Named, named


class OnePerson(Check):
    """A cell that names one person names several, or says something beside the name."""

    codes = ("V320", "V321", "V333")

    @staticmethod
    def cell(content: Content, row: Row, slot: Slot, read: ReadAs) -> Iterable[Placed]:
        """The names are not quoted. A title is no fault where the form asks for none beside the name."""
        if not slot.field.person or not isinstance(read.value, str):
            return ()
        return _of_a_name(content, row, slot, named(read.value))


class Withheld(Check):
    """The number of an identity card or a residence permit was typed."""

    codes = ("V322", "V323")

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Once a cell: refused where people are named, elsewhere left out."""
        if not content.draft.withheld:
            return
        asked = {
            (row.block.place, slot.row, slot.col): (row, slot)
            for part in content.parts
            for row in part.rows
            for slot in row.slots.values()
        }
        for place, sheet, cell in content.draft.withheld:
            at, spot = (
                Address(content.file, sheet, a1(cell.row, cell.col)),
                (place, cell.row, cell.col),
            )
            if spot not in asked:
                yield spot, finding("V323", at, field="此處")
                continue
            row, slot = asked[spot]
            refused = slot.field.personal or _names_people(row.block.section)
            code = "V322" if refused else "V323"
            yield spot, finding(code, at, field=f"「{row.label(slot)}」")


def _of_a_name(content: Content, row: Row, slot: Slot, told: Named) -> Iterator[Placed]:
    label = row.label(slot)
    if told.nobody:
        yield content.found("V333", row.block, slot, field=label)
        return
    if told.several:
        count = f"{len(told.names)} 人" if len(told.names) > 1 else "不只一人"
        yield content.found("V320", row.block, slot, field=label, count=count)
        return
    beside = told.note
    if any(entry.key == "title" for entry in row.block.section.fields):
        beside = "、".join(filter(None, (told.title, told.note)))
    if beside:
        yield content.found("V321", row.block, slot, beside, field=label)


def _names_people(section: Section) -> bool:
    return any(entry.person for entry in section.fields)
