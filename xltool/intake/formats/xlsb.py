"""What calamine does not read of an .xlsb: how its cells show, its errors, what is drawn on its sheets.
The drawings are the same parts as those of an .xlsx; all else stands in binary records ([MS-XLSB] 2.4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from xltool.intake.formats.biff import ERRORS
from xltool.intake.formats.biff_looks import Held, Looks, packed_number, show_cell
from xltool.intake.formats.drawings import Measures, Relations, Sheet
from xltool.intake.formats.looks import BLACK, PALETTE, PAPER, PLAIN, Colour, Font, Style, seen_on
from xltool.intake.formats.number_codes import BUILTIN, number_format
from xltool.intake.grid import Cell, CellKind, Grid
from xltool.intake.guard import Package

_WORKBOOK, _STYLES = "xl/workbook.bin", "xl/styles.bin"
_ROW, _SHEET = 0, 156
_CODE, _FONT, _FILL, _STYLE, _BEGIN_STYLES, _END_STYLES, _PROPERTIES = 44, 43, 45, 47, 617, 618, 153
_PACKED, _ERROR, _NUMBER, _NUMBER_OF_FORMULA, _ERROR_OF_FORMULA = 2, 3, 5, 9, 11
_TEXTS = {6, 7, 8, 62}  # its own, a shared one, a formula's, a rich one
_STRUCK, _SOLID = 0x08, 1
_OFFSETS = {1: "superscript", 2: "subscript"}
_MOST_RECORDS = 500_000


def read_drawings(grids: Sequence[Grid], package: Package, relations: Relations) -> None:
    """Add what is drawn on each sheet. Raises Refusal where a drawing is broken, struct.error where a
    record is."""
    sheets = dict(_sheets(package, relations(_WORKBOOK)))
    for grid in grids:
        part = sheets.get(grid.name, "")
        if part not in package:
            continue
        targets = [target for target in relations(part).values() if target in package]
        drawings = [one for one in targets if "/drawings/" in one and one.endswith(".xml")]
        old = [one for one in targets if one.endswith(".vml")]
        if drawings or old:
            measures = Measures(dict(_heights(package.read(part))))
            Sheet(grid, package, part, relations, measures).read_parts(drawings, old)


def show(grids: Sequence[Grid], package: Package, relations: Relations) -> None:
    """Make the cells what a person sees, errors among them. Raises struct.error where a record is broken."""
    looks = _looks(package)
    sheets = dict(_sheets(package, relations(_WORKBOOK)))
    for grid in grids:
        part = sheets.get(grid.name, "")
        for held, error in _held(package.read(part)) if part in package else ():
            if error is not None:
                cell = Cell(held.row, held.col, ERRORS.get(error, "#VALUE!"), CellKind.ERROR)
                grid.cells.setdefault((held.row, held.col), cell)
            else:
                show_cell(grid, held, looks)


def _looks(package: Package) -> Looks:
    """What the workbook says of its cells' styles."""
    looks, fonts, grounds = Looks(), list[Font](), list[Colour | None]()
    for kind, data in _records(package.read(_WORKBOOK)):
        if kind == _PROPERTIES and data:
            looks.mac = bool(data[0] & 1)
    is_cells = False
    for kind, data in _records(package.read(_STYLES)) if _STYLES in package else ():
        if kind == _CODE:
            looks.codes[struct.unpack_from("<H", data)[0]], _ = _string(data, 2)
        elif kind == _FONT:
            flags, offset = struct.unpack_from("<2xH2xH", data)
            name, _ = _string(data, 21)
            struck = bool(flags & _STRUCK)
            fonts.append(Font(name, struck, _colour(data[12:20]), _OFFSETS.get(offset, "")))
        elif kind == _FILL:
            (pattern,) = struct.unpack_from("<L", data)
            grounds.append(PAPER if not pattern else None)
            if pattern == _SOLID:
                grounds[-1] = _colour(data[4:12])
        elif kind in {_BEGIN_STYLES, _END_STYLES}:
            is_cells = kind == _BEGIN_STYLES
        elif kind == _STYLE and is_cells:
            code, font, fill = struct.unpack_from("<2x3H", data)
            text = looks.codes.get(code, BUILTIN.get(code, ""))
            ground = grounds[fill] if fill < len(grounds) else PAPER
            form = seen_on(number_format(text) if text else None, ground)
            style = Style(
                fonts[font] if font < len(fonts) else Font(),
                ground,
                hides_text=form is not None and form.hides_text,
            )
            looks.styles.append((form, PLAIN if style.is_plain else style))
    return looks


def _colour(data: bytes) -> Colour | None:
    """A colour of its own, or by number; of a theme's only the two that are white and black."""
    kind, index, tint = struct.unpack_from("<BBh", data)
    if kind >> 1 == 2:
        return data[4], data[5], data[6]
    if kind >> 1 == 1:
        return {64: BLACK, 65: PAPER}.get(index, PALETTE[index] if index < len(PALETTE) else None)
    return (PAPER, BLACK)[index] if kind >> 1 == 3 and index < 2 and not tint else None


def _held(data: bytes) -> Iterator[tuple[Held, int | None]]:
    """The cells of a sheet, each with its error's number if it holds one."""
    row = 0
    for kind, record in _records(data):
        if kind == _ROW:
            (row,) = struct.unpack_from("<L", record)
        elif kind in {_PACKED, _NUMBER, _NUMBER_OF_FORMULA, _ERROR, _ERROR_OF_FORMULA} | _TEXTS:
            col, style = struct.unpack_from("<LL", record)
            held = Held(row, col, style & 0xFFFFFF)
            if kind in {_ERROR, _ERROR_OF_FORMULA}:
                yield held, record[8]
            elif kind in _TEXTS:
                yield held, None
            elif kind == _PACKED:
                (code,) = struct.unpack_from("<L", record, 8)
                yield held._replace(number=packed_number(code)), None
            else:
                yield held._replace(number=struct.unpack_from("<d", record, 8)[0]), None


def _sheets(package: Package, targets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each sheet's name and part."""
    for kind, data in _records(package.read(_WORKBOOK)):
        if kind == _SHEET:
            number, at = _string(data, 8)
            name, _ = _string(data, at)
            yield name, targets.get(number, "")


def _heights(data: bytes) -> Iterator[tuple[int, str]]:
    """The rows' heights in points."""
    for kind, record in _records(data):
        if kind == _ROW and len(record) >= 10:
            row, _, height = struct.unpack_from("<LLH", record)
            yield row, f"{height / 20}"


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record: both numbers of seven bits a byte."""
    at = 0
    for _ in range(_MOST_RECORDS):
        if at >= len(data):
            return
        kind, at = _varying(data, at, 2)
        length, at = _varying(data, at, 4)
        yield kind, data[at : at + length]
        at += length


def _varying(data: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, at


def _string(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<L", data, at)
    if length > len(data):  # none at all is written as the largest number
        return "", at + 4
    return data[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace"), at + 4 + 2 * length
