"""Faults of how a cell looks: what the eye does not see as the file holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool.findings import finding
from xltool.forms.layout import shown
from xltool.forms.schema import ITEM_ID, Card, Choices, Field, Kind
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Placed, Row
from xltool.intake.draft import Block, Slot, text_of
from xltool.intake.grid import Cell, CellKind, a1
from xltool.intake.values import ReadAs
from xltool.model import Address
from xltool.symbols import private_characters

_UNSAID = "（個人資料，不列出）"


class Looks(Check):
    """A cell is not what it seems: a date where words are asked, words that cannot be seen, a number
    that was rounded or is shown otherwise, characters that only their writer's fonts know."""

    codes = ("V315", "V317", "V318", "V319", "V330")

    @staticmethod
    def cell(content: Content, row: Row, slot: Slot, read: ReadAs) -> Iterable[Placed]:
        """What the unit typed, read or not."""
        cell, field = slot.cell, slot.field
        if cell is None or slot.inherited or (field.given and not field.may_change):
            return ()
        found: dict[str, str] = {}
        if cell.kind is CellKind.DATE and _asks_for_words(field) and read.value is not None:
            found["V315"] = cell.text
        if cell.look is not None and cell.look.unseen:
            found["V317"] = ""
        if cell.look is not None and cell.look.rounded:
            found["V318"] = ""
        if cell.look is not None and cell.look.odd and read.value is not None:
            found["V319"] = shown(read.value)
        if letters := private_characters(cell.text):
            found["V330"] = "、".join(f"U+{ord(letter):X}" for letter in letters)
        return [_found(content, row, slot, code, words) for code, words in found.items()]


def _found(content: Content, row: Row, slot: Slot, code: str, words: str) -> Placed:
    said = _UNSAID if slot.field.personal and code in {"V315", "V319"} else words
    told = {"field": row.label(slot), "words": said}
    return content.found(code, row.block, slot, text_of(slot), **told)


class StruckOut(Check):
    """Words were struck out, and so are no answer."""

    codes = ("V316", "V331", "V332")

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """Where they stood; a row that they were all of, once."""
        for rest in content.draft.left_over:
            blocks = [block for block in content.draft.blocks if block.place == rest.place]
            rows: dict[tuple[int, int], list[tuple[Cell, Field | None]]] = {}
            for cell in sorted(rest.struck):
                block, field = _stood_in(blocks, cell)
                if block is not None and _is_gone(content, block, cell.row):
                    rows.setdefault((block.row, cell.row), []).append((cell, field))
                    continue
                code = "V316" if field is not None else "V332"
                name = field.label if field is not None else ""
                at = Address(content.file, rest.sheet, a1(cell.row, cell.col))
                words = {"field": name, "words": _quoted(cell, field)}
                yield (rest.place, cell.row, cell.col), finding(code, at, cell.text, **words)
            for (top, _), cells in rows.items():
                block = next(block for block in blocks if block.row == top)
                text = "；".join(cell.text for cell, _ in cells)
                told = {"field": block.section.title, "line": str(cells[0][0].row + 1)}
                yield content.found("V331", block, cells[0][0], text, **told)


def _quoted(cell: Cell, field: Field | None) -> str:
    text = cell.text if len(cell.text) <= 40 else f"{cell.text[:39]}…"
    return _UNSAID if field is not None and field.personal else f"「{' '.join(text.split())}」"


def _asks_for_words(field: Field) -> bool:
    is_item = field.pattern is ITEM_ID or field.choices is Choices.ITEMS
    return field.kind in (Kind.TEXT, Kind.LONG, Kind.CODE) and not is_item


def _stood_in(blocks: list[Block], cell: Cell) -> tuple[Block | None, Field | None]:
    """The section that a cell stands in, and the field, if it is one's."""
    block = max((one for one in blocks if one.row < cell.row), key=lambda b: b.row, default=None)
    if block is None:
        return None, None
    fields = {entry.key: entry for entry in block.section.fields}
    if isinstance(block.section, Card):
        for key, (row, col) in block.labels.items():
            merge = block.grid.block(row, col)
            if merge.top <= cell.row <= merge.bottom and merge.right < cell.col:
                return block, fields[key]
        return None, None
    for key, (row, col) in block.labels.items():
        if row < cell.row and col <= cell.col <= block.grid.block(row, col).right:
            return block, fields[key]
    return None, None


def _is_gone(content: Content, block: Block, at: int) -> bool:
    """Whether nothing is left of a table's row by what was struck out in it."""
    if isinstance(block.section, Card) or any(entry.given for entry in block.section.fields):
        return False  # what is given is left
    rows = (row for part in content.parts if part.block is block for row in part.rows)
    return not any(
        row.filled and any(slot.row == at for slot in row.slots.values()) for row in rows
    )
