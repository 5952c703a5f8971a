"""What calamine does not tell of an old .xls: how its cells show what they hold ([MS-XLS] 2.4).

Number formats, words struck out or unseen, hidden rows. Plain parsing within bounds; what breaks the
specification is passed over.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.intake.formats.biff import CONTINUE, records, sheet_records, sheet_starts, short_name
from xltool.intake.formats.looks import (
    BLACK,
    PALETTE,
    PAPER,
    PLAIN,
    Colour,
    Font,
    Rich,
    Run,
    Style,
    as_seen,
    seen_on,
)
from xltool.intake.formats.margins import typed_in_code
from xltool.intake.formats.number_codes import BUILTIN, NumberFormat, number_format
from xltool.intake.formats.numbers import number_cell, unseen_zero, worded
from xltool.intake.grid import MAX_COL, CellKind, Grid

_FONT, _FORMAT, _XF, _PALETTE, _DATE_MODE, _STRINGS, _EOF = (
    0x31,
    0x41E,
    0xE0,
    0x92,
    0x22,
    0xFC,
    0x0A,
)
_NUMBER, _RK, _MANY_RK, _FORMULA, _SHARED_TEXT = 0x203, 0x27E, 0xBD, 0x06, 0xFD
_OTHERS = {0x204, 0x205, 0xD6}  # a text of its own, true or false, a rich text of its own
_ROW, _COLUMN, _WINDOW, _SHEET = 0x208, 0x7D, 0x23E, 0x85
_MARGINS = {0x14, 0x15}  # header and footer
_HIDDEN, _STRUCK, _SOLID, _SHOWS_ZEROS = 0x20, 0x08, 1, 0x10
_LEAST_HEIGHT = 15  # twentieths of a point: less leaves nothing to see
_OFFSETS = {1: "superscript", 2: "subscript"}


class Held(NamedTuple):
    """What a record says of a cell: its style, and its number or shared text, if it has one."""

    row: int
    col: int
    style: int
    number: float | None = None
    text: int | None = None


@dataclass
class Looks:
    """What a workbook's first records say of how its cells show."""

    fonts: list[Font] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    styles: list[tuple[NumberFormat | None, Style]] = field(default_factory=list)
    palette: dict[int, Colour] = field(default_factory=dict)
    mac: bool = False
    hidden: set[str] = field(default_factory=set)
    rich: dict[int, Rich] = field(default_factory=dict)

    def font(self, index: int) -> Font:
        """A font by its number, of which there is no fourth."""
        index -= index > 4
        return self.fonts[index] if index < len(self.fonts) else Font()

    def colour(self, index: int) -> Colour | None:
        """A colour by its number; None for that of the system."""
        if index < len(PALETTE):
            return self.palette.get(index, PALETTE[index])
        return {64: BLACK, 65: PAPER}.get(index)


def show(sheets: Sequence[Grid], stream: bytes) -> None:
    """Make the cells of an .xls what a person sees. `stream` is the workbook's."""
    book = _read_book(stream)
    grids = {grid.name: grid for grid in sheets}
    for name, at in sheet_starts(stream).items():
        grid = grids.get(name)
        if grid is None:
            continue
        grid.hidden = name in book.hidden
        for kind, data in sheet_records(stream, *at):  # it stands behind the cells
            if kind == _WINDOW and data:
                grid.hides_zeros = not data[0] & _SHOWS_ZEROS
        for kind, data in sheet_records(stream, *at):
            if kind == _ROW and len(data) >= 16:
                row, height, flags = struct.unpack_from("<H4xH4xL", data)
                if flags & _HIDDEN or height & 0x7FFF <= _LEAST_HEIGHT:
                    grid.hidden_rows.add(row)
            elif kind in _MARGINS and len(data) > 3:
                length, wide = struct.unpack_from("<HB", data)
                grid.margins += typed_in_code(_text(data[3:], length, wide))
            elif kind == _COLUMN and len(data) >= 10:
                first, last, width, flags = struct.unpack_from("<3H2xH", data)
                if flags & 1 or not width:
                    grid.hidden_columns.update(range(first, min(last, MAX_COL) + 1))
            for held in _held(kind, data):
                show_cell(grid, held, book)


def show_cell(grid: Grid, held: Held, book: Looks) -> None:
    """Make a cell what a person sees."""
    cell = grid.cells.get((held.row, held.col))
    if cell is None or held.style >= len(book.styles):
        return
    form, style = book.styles[held.style]
    rich = book.rich.get(held.text) if held.text is not None else None
    seen = cell
    finite = held.number is not None and math.isfinite(held.number)
    if held.number == 0 and grid.hides_zeros and cell.kind is not CellKind.ERROR:
        seen = unseen_zero(held.row, held.col)
    elif held.number is not None and finite and cell.kind is not CellKind.ERROR:
        seen = number_cell(held.row, held.col, held.number, form, mac=book.mac)
    elif rich is not None and rich == cell.text:
        seen = cell._replace(text=rich)
    if style is not PLAIN or rich is not None:
        left = as_seen(grid, seen, style)
        if left is None:
            del grid.cells[held.row, held.col]
            return
        seen = left
    if form is not None and form.says_of_text and held.number is None:
        seen = worded(seen, form) if seen.kind is CellKind.TEXT else seen
    grid.cells[held.row, held.col] = seen


# --- the workbook -----------------------------------------------------------------------------


def _read_book(stream: bytes) -> Looks:
    book = Looks()
    fonts: list[bytes] = []
    styles: list[bytes] = []
    strings: list[bytes] = []
    previous = 0
    for at, kind, data in records(stream, 0):
        if kind == _FONT and len(data) >= 16:
            fonts.append(data)
        elif kind == _FORMAT and len(data) >= 5:
            number, length, wide = struct.unpack_from("<HHB", data)
            book.codes[number] = _text(data[5:], length, wide)
        elif kind == _XF and len(data) >= 20:
            styles.append(data)
        elif kind == _PALETTE and len(data) >= 2:
            for n in range(min(data[0], (len(data) - 2) // 4)):
                red, green, blue, _ = data[2 + 4 * n : 6 + 4 * n]
                book.palette[8 + n] = (red, green, blue)
        elif kind == _SHEET and len(data) > 8 and data[4] & 3:
            book.hidden.add(short_name(data[6:]))
        elif kind == _DATE_MODE and len(data) >= 2:
            book.mac = data[0] == 1
        elif kind == _STRINGS or (kind == CONTINUE and previous == _STRINGS):
            strings.append(data)
            kind = _STRINGS
        elif kind == _EOF and at:
            break
        previous = kind
    book.fonts = [_font(data, book) for data in fonts]
    book.styles = [_style(data, book) for data in styles]
    if any(font.is_mark for font in book.fonts):
        book.rich = dict(_rich_strings(strings, book))
    return book


def _text(data: bytes, length: int, wide: int) -> str:
    size = length * (2 if wide & 1 else 1)
    return data[:size].decode("utf-16-le" if wide & 1 else "latin-1", "replace")


def _font(data: bytes, book: Looks) -> Font:
    flags, colour, offset = struct.unpack_from("<2xHH2xH", data)
    name = _text(data[16:], data[14], data[15])
    return Font(name, bool(flags & _STRUCK), book.colour(colour), _OFFSETS.get(offset, ""))


def _style(data: bytes, book: Looks) -> tuple[NumberFormat | None, Style]:
    font, code, fill, colours = struct.unpack_from("<HH10xLH", data)
    text = book.codes.get(code, BUILTIN.get(code, ""))
    form = number_format(text) if text else None
    pattern = fill >> 26
    ground: Colour | None = PAPER
    if pattern:
        ground = book.colour(colours & 0x7F) if pattern == _SOLID else None
    form = seen_on(form, ground)
    style = Style(book.font(font), ground, hides_text=form is not None and form.hides_text)
    return form, PLAIN if style.is_plain else style


# --- rich texts -------------------------------------------------------------------------------


class _Pieces:
    """The texts of a workbook, which its records cut into pieces."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = list(pieces)
        self._piece = self._at = 0

    def take(self, size: int) -> bytes:
        """So many bytes, from one piece or several. Raises EOFError where there are none left."""
        out = b""
        while len(out) < size:
            if self._piece >= len(self._pieces):
                raise EOFError
            more = self._pieces[self._piece][self._at : self._at + size - len(out)]
            out, self._at = out + more, self._at + len(more)
            if self._at >= len(self._pieces[self._piece]):
                self._piece, self._at = self._piece + 1, 0
        return out

    def letters(self, length: int, wide: int) -> str:
        """So many characters: where a piece ends, the next begins with whether they are wide."""
        out = ""
        while True:
            size = 2 if wide & 1 else 1
            if self._piece >= len(self._pieces):
                raise EOFError
            here = (len(self._pieces[self._piece]) - self._at) // size
            many = min(length - len(out), here) if here else 0
            out += self.take(many * size).decode("utf-16-le" if size == 2 else "latin-1", "replace")
            if len(out) >= length:
                return out
            if not self._at or not here:
                wide = self.take(1)[0]


def _rich_strings(pieces: Sequence[bytes], book: Looks) -> Iterator[tuple[int, Rich]]:
    """The shared texts in several fonts, by their number."""
    if not pieces or len(pieces[0]) < 8:
        return
    count = struct.unpack_from("<L", pieces[0], 4)[0]
    source = _Pieces([pieces[0][8:], *pieces[1:]])
    for number in range(min(count, 1_000_000)):
        try:
            length, flags = struct.unpack("<HB", source.take(3))
            runs = struct.unpack("<H", source.take(2))[0] if flags & 8 else 0
            rest = struct.unpack("<L", source.take(4))[0] if flags & 4 else 0
            text = source.letters(length, flags) if length else ""
            places = [struct.unpack("<HH", source.take(4)) for _ in range(runs)]
            source.take(rest)
        except EOFError:
            return
        if places:
            yield number, Rich(_runs(text, places, book))


def _runs(text: str, places: Sequence[tuple[int, int]], book: Looks) -> Iterator[Run]:
    """The runs of a text: what stands before the first place is in the cell's font."""
    units = text.encode("utf-16-le", "surrogatepass")
    starts = [0, *(place for place, _ in places), len(units) // 2]
    fonts = [None, *(book.font(font) for _, font in places)]
    for start, end, font in zip(starts, starts[1:], fonts, strict=False):
        words = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        if words:
            yield Run(words, font)


# --- cells ------------------------------------------------------------------------------------


def _held(kind: int, data: bytes) -> Iterator[Held]:
    """The cells that a record speaks of."""
    if len(data) < 6:
        return
    row, col, style = struct.unpack_from("<HHH", data)
    if kind == _NUMBER and len(data) >= 14:
        yield Held(row, col, style, struct.unpack_from("<d", data, 6)[0])
    elif kind == _RK and len(data) >= 10:
        yield Held(row, col, style, packed_number(struct.unpack_from("<L", data, 6)[0]))
    elif kind == _MANY_RK:
        for n, at in enumerate(range(4, len(data) - 7, 6)):
            style, number = struct.unpack_from("<HL", data, at)
            yield Held(row, col + n, style, packed_number(number))
    elif kind == _FORMULA and len(data) >= 14:
        is_number = data[12:14] != b"\xff\xff"
        number = struct.unpack_from("<d", data, 6)[0] if is_number else None
        yield Held(row, col, style, number)
    elif kind == _SHARED_TEXT and len(data) >= 10:
        yield Held(row, col, style, text=struct.unpack_from("<L", data, 6)[0])
    elif kind in _OTHERS:
        yield Held(row, col, style)


def packed_number(code: int) -> float:
    """A number in four bytes: 30 bits of a whole one or of a fraction, perhaps in hundredths."""
    if code & 2:
        number = float((code >> 2) - (1 << 30 if code >> 31 else 0))
    else:
        number = struct.unpack("<d", struct.pack("<Q", (code & 0xFFFFFFFC) << 32))[0]
    return number / 100 if code & 1 else number
