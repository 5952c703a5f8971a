"""Faults of the form itself: whose it is, what it lacks, what stands in it beside what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.findings import finding
from xltool.forms.schema import Filer
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Placed, Row, is_answered
from xltool.intake.draft import text_of
from xltool.intake.grid import Cell, a1
from xltool.model import Address, Spot
from xltool.zh import narrow

_FEW, _MANY = 3, 1_000
"""Up to so many left-over cells on a sheet get a finding each, more share one, which lists so many."""


class Identity(Check):
    """What form this is had to be guessed, its unit is not known, or the form is an older one."""

    codes = ("S203", "S204", "S209")

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Once for the file, before anything else."""
        whole, place = Address(content.file), (-2, 0, 0)
        form, stamp, plan = content.form, content.stamp, content.known.plan
        belongs = form.filer is not Filer.COORDINATOR
        unit = plan.unit_name(stamp.unit) if plan and stamp.unit else stamp.unit
        if stamp.guessed:
            words = {"form": form.title, "unit": unit if belongs else "承辦單位"}
            yield place, finding("S204", whole, **words, sure=stamp.guessed)
        if belongs and plan is not None and plan.unit(stamp.unit) is None:
            yield place, finding("S203", whole, stamp.unit)
        if stamp.version < form.version:
            yield place, finding("S209", whole, stamp.version, current=form.version)


class Absent(Check):
    """A section's heading, or a field's label, is nowhere to be found."""

    codes = ("S205", "S206")

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """Sections that must be there; then labels of what must be filled, at their section's heading.
        Forms that went out before a field was added have not its label; what stands below another one's
        is told as standing where nothing is asked."""
        absent = content.draft.absent
        for sheet, section in absent:
            # An item's sheet that is missing altogether is one fault, not one for each section.
            whole = sheet.per_item and section is not sheet.sections[0]
            if whole and (sheet, sheet.sections[0]) in absent:
                continue
            if not content.may_lack(sheet):
                yield (-1, 0, 0), finding("S205", Address(content.file), section=section.title)
        yield from cls._of_items(content)
        version = 1 if content.stamp.guessed else content.stamp.version
        for block in content.draft.blocks:
            for entry in block.missing:
                if block.more or entry.since > version:
                    continue
                if not (entry.required or entry.required_when):
                    continue
                words = {"section": block.section.title, "field": entry.label}
                _, told = content.found("S206", block, block, **words)
                yield (block.place, -1, 0), told

    @staticmethod
    def _of_items(content: Content) -> Iterator[Placed]:
        """Sections that one item's sheet lacks and another's has, where something must be filled in them."""
        absent = [section for _, section in content.draft.absent]
        there = {(block.section.key, block.of) for block in content.draft.blocks}
        nameless = {b.section.key for b in content.draft.blocks if b.alone and not b.of}
        for card in content.item_cards():
            for section in card.sheet.sections if not content.nil else ():
                asked = any(entry.required for entry in section.fields)
                known = section in absent or section.key in nameless
                if asked and not known and (section.key, card.of) not in there:
                    yield content.found("S205", card, card, section=section.title)


class Whose(Check):
    """It is not plain of which item a sheet or a section tells."""

    codes = ("S222", "S223")

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """A sheet whose name tells another item than its number; a filled section that stands alone, and
        nobody knows whose it is."""
        for card in content.item_cards():
            slot = card.lines[0].slots.get("item")
            typed = narrow(text_of(slot)) if slot is not None else ""
            issued = Spot(card.section.key, "item", card.of) in (content.stamp.given or {})
            if slot is not None and typed and card.of != typed and not issued:
                yield content.found("S222", card, slot, typed, name=card.of)
        for block in content.draft.blocks:
            nameless = block.alone and not block.of and not block.more
            if nameless and any(is_answered(line) for line in block.lines):
                words = {
                    "section": block.section.title,
                    "example": f"{_an_item(content)} {block.grid.name}",
                }
                yield content.found("S223", block, block, block.grid.name, **words)


def _an_item(content: Content) -> str:
    return next((card.of for card in content.item_cards() if card.of), "03-01")


class Outside(Check):
    """Something stands where nothing is asked: nothing typed is lost."""

    codes = ("S207", "S212", "S225")

    @staticmethod
    def line(content: Content, row: Row) -> Iterator[Placed]:
        """Words on a photo's place; and what is typed over a number or name of an unfilled row."""
        if not row.filled:
            for slot in content.retyped(row):
                yield content.found("S207", row.block, slot, text_of(slot))
            return
        for key, slot in row.slots.items():
            if key not in row.read and slot.cell is not None:
                yield content.found("S207", row.block, slot, slot.cell.text)

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """Cells and boxes that no field took, then comments, then the header and the footer; after all
        that is asked on their sheet."""
        margins: set[str] = set()
        for rest in content.draft.left_over:
            for code, cells in (("S207", rest.cells), ("S212", rest.notes)):
                for cell, text in cls._told(cells):
                    at = Address(content.file, rest.sheet, a1(cell.row, cell.col))
                    yield (rest.place, 10**7, 1), finding(code, at, text)
            words = "；".join(one.text for one in rest.margins)
            if words and words not in margins:  # once for sheets that say the same
                margins.add(words)
                at = Address(content.file, rest.sheet)
                yield (rest.place, 10**7, 2), finding("S225", at, words)

    @staticmethod
    def _told(cells: Sequence[Cell]) -> Iterator[tuple[Cell, str]]:
        """Each by itself, or the first for all."""
        if len(cells) <= _FEW:
            yield from ((cell, cell.text) for cell in cells)
            return
        listed = "；".join(f"{a1(cell.row, cell.col)} {cell.text}" for cell in cells[:_MANY])
        if len(cells) > _MANY:
            listed += f"；另有 {len(cells) - _MANY:,} 格，請見原檔"
        yield cells[0], listed


class NoCharacter(Check):
    """A text held what is no character, such as one half of a pair: � stands in its place."""

    codes = ("V329",)

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Each cell, text box and comment at its place; a sheet's name at its first cell."""
        for rest in content.draft.left_over:
            for cell in rest.replaced:
                at = Address(content.file, rest.sheet, a1(cell.row, cell.col))
                yield (rest.place, cell.row, cell.col), finding("V329", at, cell.text)
