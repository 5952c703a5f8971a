"""Faults between the fields of a row, the rows of a table, the sheets of items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from xltool.forms.layout import shown
from xltool.forms.schema import Card, Choices, Kind, Table, named_by
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Part, Placed, Row, is_typed, known_by
from xltool.intake.draft import Aside, AsideKind, Block, text_of
from xltool.zh import clean, same

_PROSE = 8  # characters from which the same text is no coincidence
_LIKE = 2  # cells of a row that are the example's, from which they are no coincidence


class Conditional(Check):
    """A field is blank that another field's answer makes required."""

    codes = ("C401",)

    @staticmethod
    def record(content: Content, row: Row) -> Iterator[Placed]:
        """Such fields that are blank, and not only unreadable."""
        fields = {entry.key: entry for entry in row.block.section.fields}
        for key, slot in row.slots.items():
            when = slot.field.required_when
            if when is None or key in row.values or row.read[key].problem:
                continue
            other = fields.get(when.field)
            if other is not None and row.values.get(when.field) == when.equals:
                words = {"other": other.label, "answer": shown(when.equals)}
                yield content.found("C401", row.block, slot, field=slot.field.label, **words)


class Unfounded(Check):
    """A score stands without evidence."""

    codes = ("C405",)

    @staticmethod
    def record(content: Content, row: Row) -> Iterator[Placed]:
        """A unit's own score; an opinion's scores are optional, and the opinion is their evidence."""
        section = row.block.section
        if not isinstance(section, Table) or section.rows_from is not Choices.CRITERIA:
            return
        score, evidence = row.slots.get("score"), row.slots.get("evidence")
        if score is None or evidence is None or not score.field.required:
            return
        blank = "evidence" not in row.values and not row.read["evidence"].problem
        if "score" in row.values and blank:
            name = shown(row.values.get(section.fields[0].key)) or score.field.label
            yield content.found("C405", row.block, evidence, field=name)


class Unexplained(Check):
    """A unit typed over what may change of its item, and does not say why."""

    codes = ("C425",)

    @staticmethod
    def record(content: Content, row: Row) -> Iterator[Placed]:
        """Once an item, at the cell that asks. Told here and not when returns are merged: the file alone
        shows it, and so it goes back to the unit with the other points."""
        issued = row.record.issued if row.record is not None else {}
        fields = [row.slots[key].field for key in issued if key in row.values]
        changed = "、".join(one.label for one in fields if one.may_change)
        for key, slot in row.slots.items():
            if not (changed and slot.field.explains):
                continue
            if key not in row.values and not row.read[key].problem:
                words = {"field": slot.field.label, "changed": changed}
                yield content.found("C425", row.block, slot, **words)


class TypedOver(Check):
    """A given cell was typed over that this form cannot change: what was issued stands. One that was
    offered holds what was typed."""

    codes = ("C423", "C431")

    @staticmethod
    def line(content: Content, row: Row) -> Iterator[Placed]:
        """At that cell. What may change is told when the returns are merged: it counts, or another
        form has been corrected since."""
        for key, issued in row.record.issued.items() if row.record is not None else ():
            slot = row.slots[key]
            if slot.field.offered:
                typed = text_of(slot) or "（清空）"
                words = {"field": slot.field.label, "issued": issued}
                yield content.found("C431", row.block, slot, typed, **words)
            elif not slot.field.may_change:
                typed = shown(row.values.get(key)) or text_of(slot) or "（清空）"
                words = {"field": slot.field.label, "issued": issued or "（空白）"}
                yield content.found("C423", row.block, slot, typed, **words)


class Gone(Check):
    """A row that we had filled is no longer there."""

    codes = ("C432",)

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Once a row, at its table's heading: taken out, or its number was typed over."""
        given = content.stamp.given or {}
        for part in content.parts:
            block, table = part.block, part.block.section
            if block.more or not isinstance(table, Table) or table.rows_from is not None:
                continue
            named = named_by(table)
            rows = [(one, row) for one in content.together(part) for row in one.rows]
            there = {same(known_by(one.block, row.line)) for one, row in rows}
            if named is not None:  # 03-2 is the row of 03-02
                read = (row.read.get(named.key) for _, row in rows)
                there |= {same(shown(one.value)) for one in read if one and one.value is not None}
            offered = {entry.key for entry in table.fields if entry.offered}
            gone: dict[str, list[str]] = {}
            for spot, text in given.items():
                mine = (spot.section, spot.of) == (table.key, block.of) and spot.field in offered
                if mine and spot.name not in there:
                    gone.setdefault(spot.name, []).append(text)
            for name, texts in gone.items():
                words = {"section": table.title, "no": name}
                yield content.found("C432", block, block, "；".join(texts), **words)


class Renumbered(Check):
    """The numbers that the rows of a table were issued with no longer stand in that order."""

    codes = ("S214",)

    @staticmethod
    def section(content: Content, part: Part) -> Iterator[Placed]:
        """Once a table, at the first number that stands above a smaller one: it was typed over, or
        exchanged, or its row was moved. Rows that nobody filled have numbers too."""
        numbers = [
            (slot, number)
            for row in part.rows
            for key, slot in row.slots.items()
            if slot.field.numbered and slot.field.pattern
            if (number := shown(row.read[key].value))
        ]
        least = [*accumulate(reversed([number for _, number in numbers]), min)]
        for (slot, number), below in zip(numbers, reversed(least), strict=True):
            if below < number:
                words = {"field": slot.field.label, "below": below}
                yield content.found("S214", part.block, slot, number, **words)
                return


class LeftExample(Check):
    """The row of examples is gone, and one is filled just like it: somebody typed over the cell that
    says so."""

    codes = ("S215",)

    @staticmethod
    def section(content: Content, part: Part) -> Iterator[Placed]:
        """At the row's first cell. It counts: it may be an answer."""
        table = part.block.section
        if not isinstance(table, Table) or not table.example or part.block.shows_example:
            return
        examples = {entry.key: same(shown(entry.example)) for entry in table.fields}
        for row in part.rows:
            typed = {
                k: same(text_of(s)) for k, s in row.slots.items() if row.filled and is_typed(s)
            }
            like = sum(text == examples[key] for key, text in typed.items())
            if _LIKE <= like >= len(typed) - 1:
                yield content.found("S215", part.block, row.slots[next(iter(typed))])


class NothingElse(Check):
    """A unit says that it has nothing to report, and yet reports something."""

    codes = ("C402",)

    @staticmethod
    def section(content: Content, part: Part) -> Iterator[Placed]:
        """The first answer of a section in which nothing is asked."""
        if content.form.nil is None:
            return
        for row in part.rows:
            for slot in row.slots.values():
                if is_typed(slot) and not slot.field.given:
                    words = {"section": part.block.section.title}
                    yield content.found("C402", part.block, slot, content.form.nil.value, **words)
                    return


class Repeated(Check):
    """What may stand once stands again: unique values and numbers of a table, an item's sheet."""

    codes = ("C404",)

    @staticmethod
    def section(content: Content, part: Part) -> Iterator[Placed]:
        """Values that a row above has too."""
        seen: dict[str, set[str]] = {}
        for row in (row for one in content.together(part) for row in one.rows):
            for key, value in row.values.items() if row.filled else ():
                slot = row.slots[key]
                if not (slot.field.unique or slot.field.numbered):
                    continue
                word, above = same(shown(value)), seen.setdefault(key, set())
                if word in above:
                    words = {"field": slot.field.label}
                    yield content.found("C404", row.block, slot, shown(value), **words)
                above.add(word)

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """An item's number on a second sheet."""
        seen: dict[str, int] = {}
        for block in content.item_cards():
            if block.of and seen.setdefault(block.of, block.place) != block.place:
                slot = block.lines[0].slots.get("item")
                label = content.form.asked[block.section.key, "item"].field.label
                yield content.found("C404", block, slot or block, block.of, field=label)


class NoRow(Check):
    """A row of a table is none of its rows: a total, a note, a line for signatures, the rest of what the
    row above says."""

    codes = ("S221", "S224")

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """At its first cell, with all its words; rows of a kind one below the other are told once. The
        message quotes nothing: a line for signatures names people."""
        for block in content.draft.blocks:
            for run in cls._runs(block.asides):
                code = "S224" if run[0].kind is AsideKind.CONTINUED else "S221"
                words = {"what": run[0].kind, "section": block.section.title}
                cells = [clean(text_of(slot)) for aside in run for slot in aside.slots]
                first = run[0].slots[0]
                yield content.found(code, block, first, "；".join(cells), **words)

    @staticmethod
    def _runs(asides: Sequence[Aside]) -> Iterator[Sequence[Aside]]:
        run: list[Aside] = []
        for aside in asides:
            if aside.kind is AsideKind.END:
                continue
            if run and (run[-1].kind, run[-1].row + 1) != (aside.kind, aside.row):
                yield run
                run = []
            run.append(aside)
        if run:
            yield run


class RowCount(Check):
    """A table has fewer rows than must be filled, or more than were prepared."""

    codes = ("C403", "S208")

    @staticmethod
    def section(content: Content, part: Part) -> Iterator[Placed]:
        """Told at the table's heading; one whose columns were not found has no rows to count."""
        block, table = part.block, part.block.section
        several = content.together(part)
        if not (isinstance(table, Table) and several) or len(block.missing) == len(table.fields):
            return
        count = sum(row.filled for one in several for row in one.rows)
        if count < table.least:
            words = {"section": table.title, "least": table.least, "count": count}
            otherwise = _otherwise(content, block)
            yield content.found("C403", block, block, **words, otherwise=otherwise)
        if table.rows_from is None and count > table.rows:
            yield content.found("S208", block, block, section=table.title)


def _otherwise(content: Content, block: Block) -> str:
    """What a unit may do instead of filling a table: say that it has nothing. Not for one item's sheet,
    which would take all its other items along."""
    nil = content.form.nil
    if nil is None or block.sheet.per_item:
        return ""
    sheet = next(sheet for sheet, section in content.form.sections() if section.key == nil.section)
    label = content.form.asked[nil.section, nil.field].field.label
    return f"；整個單位確實沒有時，請把「{sheet.title}」的「{label}」改選「{nil.value}」"


class Alike(Check):
    """The very same prose is typed for every row, or for every item."""

    codes = ("C418",)

    @classmethod
    def section(cls, content: Content, part: Part) -> Iterator[Placed]:
        """In every row of a table whose rows a list gives."""
        table = part.block.section
        if isinstance(table, Table) and table.rows_from is not None:
            yield from cls._alike(content, part.rows)

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """On every item's sheet."""
        cards: dict[str, list[Row]] = {}
        for part in content.parts:
            if part.block.sheet.per_item and isinstance(part.block.section, Card):
                cards.setdefault(part.block.section.key, []).extend(part.rows)
        for rows in cards.values():
            yield from cls._alike(content, rows)

    @staticmethod
    def _alike(content: Content, rows: Sequence[Row]) -> Iterator[Placed]:
        for entry in rows[0].block.section.fields if rows else ():
            if entry.given or entry.kind not in (Kind.TEXT, Kind.LONG) or entry.choices:
                continue
            slots = [(row.block, row.slots[entry.key]) for row in rows if entry.key in row.slots]
            texts = {same(text_of(slot)) for _, slot in slots}
            if len(slots) > 1 and len(texts) == 1 and len(*texts) >= _PROSE:
                block, slot = slots[0]
                words = {"field": entry.label, "count": len(slots)}
                yield content.found("C418", block, slot, text_of(slot), **words)
