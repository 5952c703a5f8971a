"""What no field took and no word of ours explains: nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xltool.forms.layout import (
    COVER,
    examples_of,
    guide_of,
    is_example,
    is_live_text,
    label_of,
    lay_out,
    own_words,
)
from xltool.forms.lists import Lists
from xltool.forms.schema import Table
from xltool.intake.draft import Block, by_row, right_of
from xltool.intake.grid import NOT_CALCULATED, Cell, CellKind, Drawn, Grid, Thing
from xltool.intake.identify import Stamp
from xltool.plan import Plan
from xltool.zh import same

_LINE_COLUMNS = 2  # more columns than that are merged for a line over the whole width


def our_words(stamp: Stamp, blocks: Sequence[Block], plan: Plan | None) -> frozenset[str]:
    """Every text of ours that may stand on this form, as comparing keys."""
    form = stamp.form
    ours = {*stamp.words, same(form.title)}
    for _, section in form.sections():
        ours |= {same(section.title), same(section.note)}
        for entry in section.fields:
            ours |= {same(label_of(entry)), same(guide_of(entry))}
        if isinstance(section, Table):
            ours |= {same(text) for text in examples_of(section).values() if is_example(text)}
    if plan is not None:
        ours |= {same(criterion.meaning) for criterion in plan.criteria}
        unit = stamp.unit if plan.unit(stamp.unit) else ""
        if not stamp.words:
            ours |= own_words(lay_out(form, plan, Lists.of(plan), (), unit))
        name = plan.unit_name(unit or plan.contact_unit)
        for block in blocks:
            slot = block.lines[0].slots.get("name") if block.of and block.lines else None
            item = slot.cell.text if slot is not None and slot.cell is not None else ""
            ours |= {same(f"{name}{block.of}{item}"), same(item), same(block.grid.name)}
        ours |= {same(f"{plan.agency}{plan.year}年{form.title}"), same(plan.agency), same(name)}
    return frozenset(ours)


def left_over_on(
    grid: Grid,
    taken: set[tuple[int, int]],
    ours: frozenset[str],
    words: Mapping[str, Sequence[tuple[int, int]]],
) -> Iterator[Cell]:
    """The cells and boxes of a sheet that no field took and that say nothing of ours."""
    short_ours = {place for word, places in words.items() if word in ours for place in places}
    for place in sorted(grid.cells.keys() - taken - short_ours - grid.ticks.keys()):
        cell = grid.cells[place]
        if not cell.text or is_live_text(cell.text) or _is_lost_result(grid, cell):
            continue
        if len(cell.text) <= 80 or same(cell.text) not in ours:
            yield cell
    for box in grid.boxes:
        if same(box.text) not in ours:
            yield box


def ticks_left_over(grid: Grid, taken: set[tuple[int, int]]) -> Iterator[Drawn]:
    """The boxes in cells that no field took, each with the words beside it."""
    ticks = sorted(grid.ticks.keys() - taken)
    rows = by_row(grid) if ticks else {}
    for row, col in ticks:
        label = right_of(rows.get(row, ()), col + 1) or grid.cells.get((row, col - 1))
        words = label.text if label is not None else ""
        yield Drawn(row, col, Thing.CHECKBOX, words, grid.ticks[row, col])


def _is_lost_result(grid: Grid, cell: Cell) -> bool:
    """Whether a cell is one of our live lines without its words: in an .xls a formula's text is read
    as 0, and an error in a field, itself a finding, spreads to the lines that count it."""
    spread = cell.kind is CellKind.ERROR and not cell.text.startswith(NOT_CALCULATED)
    if not spread and cell.text != "0":
        return False
    block = grid.block(cell.row, cell.col)
    return grid.name == COVER or block.right - block.left >= _LINE_COLUMNS
