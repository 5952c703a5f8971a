"""What must not be kept: numbers of identity cards and residence permits leave the grid at once.

Whatever reads on (values, records, left-over cells, findings, the ledger, every output) never holds
one. The original file stays as it came; where such a number stood is told (V322, V323).
"""

from __future__ import annotations

from xltool.intake.grid import Book, Cell, CellKind, Grid
from xltool.who import may_hold_identity, without_identity


def withhold(book: Book) -> None:
    """Take such numbers out of all that is said in a workbook, in place: in cells, beside them, in what is
    drawn."""
    for grid in book.sheets:
        texts = (one.text for cells in (grid.cells.values(), *grid.beside) for one in cells)
        if not may_hold_identity("\n".join((*texts, *(one.words for one in grid.drawn)))):
            continue  # one look at all of a sheet's words: nearly no file holds any
        for place, cell in grid.cells.items():
            if (kept := _without(grid, cell)) is not cell:
                grid.cells[place] = kept
        for said in grid.beside:
            said[:] = [_without(grid, one) for one in said]
        grid.drawn[:] = [
            one if (left := without_identity(one.words)) is None else one._replace(words=left)
            for one in grid.drawn
        ]


def _without(grid: Grid, cell: Cell) -> Cell:
    left = without_identity(cell.text)
    if left is None:
        return cell
    kept = cell._replace(text=left, kind=CellKind.WITHHELD)
    grid.withheld.append(kept)
    return kept
