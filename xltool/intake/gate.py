"""The gate that every string passes which a file holds, whatever its format and wherever it stands:
what no text may hold goes no further, so that ledger, outputs and screens take whatever comes.

A character beyond U+FFFF is a pair of halves where it is spelled in UTF-16, as an .xlsx spells what
it escapes and an .xls everything. A pair is joined. A half alone, as =LEFT("𠮷田",1) leaves one, is
no character: it becomes �, and the cell is told (V329). So is a � that another program has put there
before, and what Unicode keeps for no character at all, which XML refuses. Control characters cannot be seen: they are dropped, as `zh.clean` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xltool.intake.grid import Book, Cell, Grid
from xltool.patterns import pattern

NO_CHARACTER = "\ufffd"
"""What stands in the place of what is no character."""

_HALF = "\ud800-\udfff"
_NEVER = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)
)
_PAIR = pattern("[\ud800-\udbff][\udc00-\udfff]")
_NONE = pattern(f"[{_HALF}{_NEVER}{NO_CHARACTER}]")
_UNSEEN = pattern("[\x00-\x08\x0e-\x1f\x7f]")  # \v and \f break a line: `zh.clean` decides
_CONTROL = bytes({*range(0x09), *range(0x0E, 0x20), 0x7F})
_SUSPECT = (b"\xbf\xbe", b"\xbf\xbf", b"\xef\xb7", NO_CHARACTER.encode())
"""What UTF-8 has of U+xFFFE, of U+xFFFF, of U+FDC0 to U+FDFF and of � in it."""


def passed(text: str) -> tuple[str, str]:
    """The text as it may be kept, and what � stands for in it ("U+D842"), empty where there is none."""
    text = _PAIR.sub(_joined, text)
    lost = "、".join(dict.fromkeys(f"U+{ord(one):04X}" for one in _NONE.findall(text)))
    return _UNSEEN.sub("", _NONE.sub(NO_CHARACTER, text)), lost


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _is_plain(texts: Iterable[str]) -> bool:
    """Whether texts surely hold nothing for the gate: one look at all of them, for nearly every file."""
    try:
        data = "".join(texts).encode()
    except UnicodeEncodeError:
        return False
    if len(data.translate(None, _CONTROL)) != len(data):
        return False
    return not any(end in data for end in _SUSPECT)


def through_the_gate(book: Book) -> Book:
    """The workbook, every string of it passed. A grid tells in `replaced` where � was put."""
    if not _is_plain([*book.properties, *book.properties.values()]):
        properties = {passed(key)[0]: passed(text)[0] for key, text in book.properties.items()}
        book = Book(book.sheets, properties, book.saved, book.blobs, book.pictures_skipped)
    for grid in book.sheets:
        _pass_sheet(grid)
    return book


def _pass_sheet(grid: Grid) -> None:
    texts = [cell.text for cells in (grid.cells.values(), *grid.beside) for cell in cells]
    if _is_plain([grid.name, *texts, *(one.words for one in grid.drawn)]):
        return
    cells = [_pass_cell(cell, grid) for cell in grid.cells.values()]
    grid.cells = {(cell.row, cell.col): cell for cell in cells if cell.text.strip()}
    for said in grid.beside:
        said[:] = [_pass_cell(one, grid) for one in said]
    grid.drawn[:] = [one._replace(words=passed(one.words)[0]) for one in grid.drawn]
    grid.name, lost = passed(grid.name)
    if lost:
        grid.replaced.append(Cell(0, 0, lost))


def _pass_cell(cell: Cell, grid: Grid) -> Cell:
    text, lost = passed(cell.text)
    if lost:
        grid.replaced.append(Cell(cell.row, cell.col, lost))
    return cell if text == cell.text else cell._replace(text=text)
