"""What was read although it no longer stands as issued: nothing is mended in silence (S213).

Rows of a card grow with what is prefilled, so places are compared with their neighbours, not with
the blank form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from xltool.forms.layout import label_of, offsets
from xltool.forms.schema import Table
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Placed, is_answered
from xltool.intake.draft import Block
from xltool.zh import clean, same


class Repaired(Check):
    """A section no longer stands as it was issued, and was read all the same."""

    codes = ("S213",)

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Each such section, after all that is asked on its sheet."""
        seen: dict[int, Block] = {}
        for block in content.draft.blocks:
            row, col = (block.row, block.col) if block.header is None else block.header[:2]
            if block.more:
                told = [*_of_what_goes_on(block)]
            else:
                told = [*_of_the_sheet(block, seen.get(block.place)), *_of_the_labels(block)]
                told += [*_of_the_places(block), *_of_the_lines(block)]
                seen[block.place] = block
            if told:
                words = {"section": block.section.title}
                _, one = content.found_at("S213", block, row, col, "；".join(told), **words)
                yield (block.place, 10**7, 0), one


def _of_the_sheet(block: Block, above: Block | None) -> Iterator[str]:
    item = re.search(r"\d{2}-\d{2}", block.grid.name)  # whose it says it is: C404 tells the rest
    title = block.sheet.title.format(item=item[0] if item else block.of)
    if above is None and block.grid.name != title:
        if not block.alone:
            yield f"工作表原名「{title}」"
        elif block.of:
            yield f"單獨放在工作表「{block.grid.name}」，讀為業務 {block.of} 的內容"
    if above is None and block.grid.hidden:
        yield "工作表已隱藏"
    if above is not None and block.row < above.row:
        yield f"移到「{above.section.title}」之前"


def text_at(block: Block, row: int, col: int) -> str:
    """What stands in a cell of a block's sheet."""
    cell = block.grid.cells.get((row, col))
    return cell.text if cell is not None else ""


def _of_what_goes_on(block: Block) -> Iterator[str]:
    """A table that goes on below, beside or on another sheet, where somebody filled that part."""
    if count := sum(is_answered(line) for line in block.lines):
        yield f"接續的 {count} 列已一併讀取"
    if block.twice:
        yield f"另有 {block.twice} 列與前面完全相同，只讀一次"


def _of_the_labels(block: Block) -> Iterator[str]:
    words = clean(text_at(block, block.row, block.col))
    if same(words) != same(block.section.title):
        yield f"標題「{' '.join(words.split())}」讀為「{block.section.title}」"
    for entry in block.section.fields:
        if entry.key in block.labels:
            words = clean(block.grid.cells[block.labels[entry.key]].text)
            if words != label_of(entry):
                yield f"欄位名稱「{' '.join(words.split())}」讀為「{label_of(entry)}」"


def _of_the_places(block: Block) -> Iterator[str]:
    section, labels = block.section, block.labels
    if block.col:
        yield "右移"
    if isinstance(section, Table):
        found = [labels[entry.key][1] for entry in section.fields if entry.key in labels]
        if found != sorted(found):
            yield "欄位順序已變動"
        elif found and not block.missing and found != [block.col + n for n in offsets(section)]:
            yield "插入或刪除了欄"
        first = min((row for row, _ in labels.values()), default=0)
        if labels and first != block.row + 1 + bool(section.note) + bool(section.total):
            yield "標題與欄位名稱之間插入或刪除了列"
        return
    rows = [labels[entry.key] for entry in section.fields if entry.key in labels]
    if [row for row, _ in rows] != sorted(row for row, _ in rows):
        yield "欄位順序已變動"
    elif any(block.grid.block(*one).bottom + 1 < other[0] for one, other in pairwise(rows)):
        yield "欄位之間插入了列"


def _of_the_lines(block: Block) -> Iterator[str]:
    slots = [slot for line in block.lines for slot in line.slots.values() if slot.cell is not None]
    if any(slot.inherited for slot in slots):
        yield "合併的儲存格視為各列內容相同"
    if any(slot.row in block.grid.hidden_rows for slot in slots):
        yield "隱藏的列也已讀取"
    if any(slot.col in block.grid.hidden_columns for slot in slots):
        yield "隱藏的欄也已讀取"
