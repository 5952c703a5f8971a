"""What must not be kept: numbers of identity cards and residence permits leave the grid at once.

Whatever reads on (values, records, left-over cells, findings, the ledger, every output) never holds
one. The original file stays as it came; where such a number stood is told (V322, V323).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSequence

from xltool.intake.grid import Book, Cell, CellKind, Grid
from xltool.who import may_hold_identity, without_identity


def withhold(book: Book) -> None:
    """Take such numbers out of every cell, box and comment of a workbook, in place; out of what was struck
    out and of the words of what is drawn too."""
    for grid in book.sheets:
        texts = (one.text for cells in _of(grid) for one in cells)
        if not may_hold_identity("\n".join((*texts, *(one.words for one in grid.drawn)))):
            continue  # one look at all of a sheet's words: nearly no file holds any
        for place, cell in grid.cells.items():
            if (kept := _without(grid, cell)) is not cell:
                grid.cells[place] = kept
        _all(grid, grid.boxes)
        _all(grid, grid.notes)
        _all(grid, grid.struck)
        grid.drawn[:] = [
            one if (left := without_identity(one.words)) is None else one._replace(words=left)
            for one in grid.drawn
        ]


def _of(grid: Grid) -> Iterator[Iterable[Cell]]:
    yield from (grid.cells.values(), grid.boxes, grid.notes, grid.struck)


def _all(grid: Grid, cells: MutableSequence[Cell]) -> None:
    for number, cell in enumerate(cells):
        cells[number] = _without(grid, cell)


def _without(grid: Grid, cell: Cell) -> Cell:
    left = without_identity(cell.text)
    if left is None:
        return cell
    kept = cell._replace(text=left, kind=CellKind.WITHHELD)
    grid.withheld.append(kept)
    return kept
