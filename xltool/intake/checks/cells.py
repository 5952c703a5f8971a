"""Faults of what stands in a cell. A blank required field gives one finding and silences the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool.forms.layout import shown
from xltool.forms.schema import Card, Kind, Table
from xltool.intake.checks.check import Check, ReadingCheck
from xltool.intake.content import Content, Part, Placed, Row, is_answered, says_nothing
from xltool.intake.draft import AsideKind, Block, Slot, text_of
from xltool.intake.values import SHOWN_CHOICES, ReadAs
from xltool.zh import same, traditional

_PROSE = (Kind.TEXT, Kind.LONG)


class Missing(ReadingCheck):
    """What must be filled is blank: a field, a row that a list gives, an item's number."""

    codes = ("V301",)

    @staticmethod
    def section(content: Content, part: Part) -> Iterator[Placed]:
        """Rows given by a list: the required fields of each row that nobody filled."""
        block, table = part.block, part.block.section
        if not isinstance(table, Table) or table.rows_from is None:
            return
        first = table.fields[0]
        rows = {
            same(shown(row.read[first.key].value)): row
            for row in part.rows
            if first.key in row.read and row.read[first.key].value is not None
        }
        missing = {entry.key for entry in block.missing}
        for name in content.known.lists.named(table.rows_from):
            row = rows.get(same(name))
            if row is not None and is_answered(row.line):
                continue
            for entry in table.fields:
                if entry.required and entry.key not in missing:
                    there = row.slots[entry.key] if row else block
                    yield content.found("V301", block, there, field=f"{name}的{entry.label}")

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """An item's sheet that does not say whose it is."""
        for block in content.item_cards():
            if not block.of:
                slot = block.lines[0].slots.get("item")
                label = content.form.asked[block.section.key, "item"].field.label
                yield content.found("V301", block, slot or block, field=label)


class Unreadable(ReadingCheck):
    """What stands there cannot be read as what is asked: no number, no date, an error, 同上."""

    codes = ("V302", "V304", "V309", "V310", "V313", "V328")


class BeyondLimits(ReadingCheck):
    """What was read is too great, too long, or not of the form that is asked."""

    codes = ("V303", "V306", "V307", "V312")


class NoSuchChoice(ReadingCheck):
    """What was chosen is not on the list; nor is what a row was renamed to."""

    codes = ("V305",)

    @staticmethod
    def record(content: Content, row: Row) -> Iterator[Placed]:
        """A row's name is not on the list that gives the table its rows."""
        section = row.block.section
        if not isinstance(section, Table) or section.rows_from is None:
            return
        slot = row.slots.get(section.fields[0].key)
        options = content.known.lists.named(section.rows_from)
        if slot is None or not (slot.field.given and options and content.known.plan is not None):
            return
        value = shown(row.read[slot.field.key].value)
        if value and same(value) not in map(same, options):
            words = {"field": slot.field.label, "choices": "、".join(options[:SHOWN_CHOICES])}
            yield content.found("V305", row.block, slot, value, **words)


class OtherUnit(Check):
    """The unit that a form was issued to is typed over."""

    codes = ("S210",)

    @staticmethod
    def record(content: Content, row: Row) -> Iterator[Placed]:
        """Another unit than the one that the form belongs to, by name or code."""
        plan, unit, slot = content.known.plan, content.known.unit, row.slots.get("unit")
        if slot is None or not slot.field.given or not isinstance(row.block.section, Card):
            return
        value = shown(row.read["unit"].value)
        if value and plan is not None and plan.unit(unit):
            name = plan.unit_name(unit)
            if same(value) not in {same(name), unit}:
                yield content.found("S210", row.block, slot, value, given=name)


class ReadOtherwise(Check):
    """A note where the way of reading is not obvious."""

    codes = ("V308",)

    @staticmethod
    def cell(content: Content, row: Row, slot: Slot, read: ReadAs) -> Iterable[Placed]:
        """A value that is not spelled as it was read."""
        if not read.noted or read.value is None:
            return ()
        words = {"field": row.label(slot), "read": shown(read.value)}
        return (content.found("V308", row.block, slot, text_of(slot), **words),)

    @classmethod
    def line(cls, content: Content, row: Row) -> Iterator[Placed]:
        """A row that only says that there is nothing, and is left out."""
        slot = None if row.filled else says_nothing(row.line)
        if slot is not None:
            yield cls._nothing(content, row.block, slot)

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """A row that only says that nothing follows."""
        for block in content.draft.blocks:
            for aside in block.asides:
                if aside.kind is AsideKind.END:
                    yield cls._nothing(content, block, aside.slots[0])

    @staticmethod
    def _nothing(content: Content, block: Block, slot: Slot) -> Placed:
        words = {"field": block.section.title, "read": "沒有資料"}
        return content.found("V308", block, slot, text_of(slot), **words)


class Doubtful(Check):
    """A value was read, and whether it is what was meant is to be asked: a date outside the year, a number
    among other words, 0.85 of a hundred, 詳如附件 without an attachment."""

    codes = ("V324", "V325", "V326", "V327")

    @staticmethod
    def cell(content: Content, row: Row, slot: Slot, read: ReadAs) -> Iterable[Placed]:
        """Each doubt, at the cell."""
        if not read.asked:
            return ()
        words = {"field": row.label(slot), "read": shown(read.value), **read.words}
        return [content.found(code, row.block, slot, text_of(slot), **words) for code in read.asked]


class Simplified(Check):
    """Prose with simplified characters: kept as typed, the traditional ones named. A person's name is
    as it is registered (温), whatever Big5 knows."""

    codes = ("V314",)

    @staticmethod
    def cell(content: Content, row: Row, slot: Slot, read: ReadAs) -> Iterable[Placed]:
        """Each such character once, with the traditional one."""
        value = read.value
        if not isinstance(value, str) or slot.field.kind not in _PROSE or slot.field.person:
            return ()
        turned = traditional(value)
        if turned == value:
            return ()
        pairs = zip(value, turned, strict=True)
        changed = dict.fromkeys(f"{old}→{new}" for old, new in pairs if old != new)
        words = {"field": row.label(slot)}
        return (content.found("V314", row.block, slot, "、".join(changed), **words),)
