"""What calamine does not read of an old .xls: its photos, where they lie and their bytes ([MS-XLS]
2.4.173, [MS-ODRAW]), and cells that show an error ([MS-XLS] 2.4.24, 2.4.127).

A report saved again as .xls keeps its photos: they must not be lost. And an error is no blank.
Plain parsing within bounds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from xltool.intake.grid import Anchor, Cell, CellKind

_SHEET, _DRAWING_GROUP, _DRAWING, CONTINUE, _BOF, _EOF = 0x85, 0xEB, 0xEC, 0x3C, 0x809, 0x0A
_FORMULA, _BOOL_OR_ERROR = 0x06, 0x205
_STORE_ENTRY, _SHAPE, _OPTIONS, _ANCHOR = 0xF007, 0xF004, 0xF00B, 0xF010
_MOST_RECORDS, _MOST_SHEETS = 50_000, 40  # a form has about 3,000 records and 10 sheets
_PICTURE_NUMBER = 0x0104
_COLUMNS = 256
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# Bytes before the picture itself, by the blip's kind and instance: one or two ids of 16, and a tag.
_BLIPS = {
    (0xF01D, 0x46A): 17,
    (0xF01D, 0x46B): 33,
    (0xF01D, 0x6E2): 17,
    (0xF01D, 0x6E3): 33,
    (0xF01E, 0x6E0): 17,
    (0xF01E, 0x6E1): 33,
}


def read_pictures(stream: bytes) -> tuple[dict[str, list[Anchor]], dict[str, bytes]]:
    """The pictures of each sheet by its name, and their bytes by the part that an anchor names.

    `stream` is the workbook's. Raises struct.error or IndexError where it breaks the specification.
    """
    sheets, group = _globals(stream)
    blips = dict(_blips(group))
    found = {name: list(_anchors(_drawing(stream, start), blips)) for name, start in sheets.items()}
    return found, {f"blip{number}": data for number, data in blips.items() if data}


def read_errors(stream: bytes) -> Iterator[tuple[str, Cell]]:
    """The cells that show an error, typed or a formula's last result, each with its sheet's name.

    `stream` is the workbook's. What breaks the specification is passed over.
    """
    for name, start in sheet_starts(stream).items():
        for cell in _errors(stream, start):
            yield name, cell


def _globals(stream: bytes) -> tuple[dict[str, int], bytes]:
    """What the workbook's first records say: where each sheet begins, by its name, and the pictures."""
    group = b""
    sheets: dict[str, int] = {}
    previous = 0
    for at, kind, data in records(stream, 0):
        if kind == _DRAWING_GROUP or (kind == CONTINUE and previous == _DRAWING_GROUP):
            group += data
            kind = _DRAWING_GROUP
        elif kind == _SHEET and len(data) > 8 and len(sheets) < _MOST_SHEETS:
            sheets[_name(data[6:])] = struct.unpack_from("<L", data)[0]
        elif kind == _EOF and at:
            break
        previous = kind
    return sheets, group


def sheet_starts(stream: bytes) -> dict[str, int]:
    """Where each sheet of a workbook's stream begins, by its name."""
    return _globals(stream)[0]


def sheet_records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of a sheet: kind, data. A chart in it keeps cells of its own, which are left out."""
    depth = 0
    for _, kind, data in records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if depth == 1:
            yield kind, data


def _errors(stream: bytes, start: int) -> Iterator[Cell]:
    for kind, data in sheet_records(stream, start):
        if kind == _BOOL_OR_ERROR and len(data) >= 8:
            row, col, _, code, is_error = struct.unpack_from("<3H2B", data)
        elif kind == _FORMULA and len(data) >= 14:
            row, col, _, result, _, code, _, _, mark = struct.unpack_from("<3H4BHH", data)
            is_error = result == 2 and mark == 0xFFFF
        else:
            continue
        if is_error and col < _COLUMNS:
            yield Cell(row, col, _ERRORS.get(code, "#VALUE!"), CellKind.ERROR)


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """The records from there on: offset, kind, data."""
    for _ in range(_MOST_RECORDS):
        if at + 4 > len(stream):
            return
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _name(data: bytes) -> str:
    """A short Unicode string: length, flags, characters of one byte or two."""
    wide = data[1] & 1
    return data[2 : 2 + data[0] * (2 if wide else 1)].decode(
        "utf-16-le" if wide else "latin-1", "replace"
    )


def _drawing(stream: bytes, start: int) -> bytes:
    """A sheet's drawing, which its records cut into pieces."""
    pieces, previous, depth = [], 0, 0
    for _, kind, data in records(stream, start):
        if kind == _DRAWING or (kind == CONTINUE and previous == _DRAWING):
            pieces.append(data)
            kind = _DRAWING
        depth += (kind == _BOF) - (kind == _EOF)  # a chart has a stream of its own inside
        if depth <= 0:
            break
        previous = kind
    return b"".join(pieces)


def _art(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The records of a drawing, containers opened: kind, instance, data. A shape comes whole."""
    at = 0
    for _ in range(_MOST_RECORDS):
        if at + 8 > len(data):
            return
        head, kind, length = struct.unpack_from("<HHL", data, at)
        if head & 0xF == 0xF and kind != _SHAPE:
            at += 8
            continue
        yield kind, head >> 4, data[at + 8 : at + 8 + length]
        at += 8 + length


def _blips(group: bytes) -> Iterator[tuple[int, bytes]]:
    """The stored pictures, numbered from 1; those of kinds that are not read have no bytes."""
    number = 0
    for kind, _, data in _art(group):
        if kind != _STORE_ENTRY:
            continue
        number += 1
        blip = next(_art(data[36:]), None)
        if blip is not None:
            skip = _BLIPS.get(blip[:2])
            yield number, b"" if skip is None else blip[2][skip:]


def _anchors(drawing: bytes, blips: dict[int, bytes]) -> Iterator[Anchor]:
    for kind, _, shape in _art(drawing):
        if kind != _SHAPE:
            continue
        parts = {inner: (count, data) for inner, count, data in _art(shape)}
        count, options = parts.get(_OPTIONS, (0, b""))
        _, place = parts.get(_ANCHOR, (0, b""))
        number = 0
        for at in range(0, min(count * 6, len(options) - 5), 6):
            name, value = struct.unpack_from("<HL", options, at)
            if name & 0x3FFF == _PICTURE_NUMBER:
                number = value
        if number in blips and len(place) >= 18:
            _, col, _, row, low, _, _, bottom, _ = struct.unpack_from("<9H", place)
            row += low > 128  # in 256ths of the row: the lower half was meant for the next one
            fault = "" if blips[number] else "舊版圖片格式"
            yield Anchor(row, col, max(row, bottom), f"blip{number}", fault)
