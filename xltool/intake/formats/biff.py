"""What calamine does not read of an old .xls: what is drawn on its sheets, photos with their bytes
([MS-XLS] 2.4.173, [MS-ODRAW]), and cells that show an error ([MS-XLS] 2.4.24, 2.4.127).

A report saved again as .xls keeps its photos and text boxes: they must not be lost. And an error is no
blank.
Plain parsing within bounds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.intake.grid import (
    HALF_TICKED,
    LIT,
    TICKED,
    UNTICKED,
    Anchor,
    Cell,
    CellKind,
    Drawn,
    Look,
    Thing,
)

_SHEET, _DRAWING_GROUP, _DRAWING, CONTINUE, _BOF, _EOF = 0x85, 0xEB, 0xEC, 0x3C, 0x809, 0x0A
_FORMULA, _BOOL_OR_ERROR = 0x06, 0x205
_OBJECT, _TEXT, _COMMENT = 0x5D, 0x1B6, 0x1C
_STORE_ENTRY, _SHAPE, _OPTIONS, _ANCHOR = 0xF007, 0xF004, 0xF00B, 0xF010
_FLAGS, _HAS_OBJECT = 0xF00A, 0xF011
_MOST_SHEETS = 40  # a form has 10
_MOST_RECORDS = 1_000_000  # of a sheet: 3,000 in a form, two a row where formats reach the last row
_PICTURE_NUMBER, _TURN, _HIDDEN = 0x0104, 0x0004, 0x03BF
_CUT = (0x0102, 0x0100, 0x0103, 0x0101)  # left, top, right, bottom
_CONTRAST, _BRIGHTNESS, _SHADE = 0x0108, 0x0109, 0x013F
_MONO, _GREY = 0x20002, 0x40004  # that it is told, and that it is so
_AS_DRAWN = 0x10000
_GROUP, _MIRRORED, _UPSIDE_DOWN = 0x01, 0x40, 0x80  # of a shape's flags
_NOTE, _DROP_DOWN, _OF_EXCEL = 0x19, 0x14, 0x100  # comments; arrows that Excel puts beside cells
_THINGS = {
    0x01: (Thing.SHAPE, "線條"),
    0x02: (Thing.SHAPE, "矩形"),
    0x03: (Thing.SHAPE, "橢圓"),
    0x05: (Thing.CHART, ""),
    0x07: (Thing.CONTROL, "按鈕"),
    0x0B: (Thing.CHECKBOX, ""),
    0x0C: (Thing.RADIO, ""),
    0x0D: (Thing.CONTROL, "文字方塊"),
    0x0E: (Thing.CONTROL, "標籤"),
    0x10: (Thing.CONTROL, "微調按鈕"),
    0x11: (Thing.CONTROL, "捲軸"),
    0x12: (Thing.CONTROL, "清單方塊"),
    0x13: (Thing.CONTROL, "群組方塊"),
    0x14: (Thing.CONTROL, "下拉清單"),
}
_COLUMNS = 256
ERRORS = {
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


@dataclass
class Drawings:
    """What is drawn on a sheet: pictures, words in shapes, comments on cells, and what else."""

    pictures: list[Anchor] = field(default_factory=list)
    boxes: list[Cell] = field(default_factory=list)
    notes: list[Cell] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)


def read_drawings(stream: bytes) -> tuple[dict[str, Drawings], dict[str, bytes]]:
    """What is drawn on each sheet by its name, and pictures' bytes by the part that an anchor names.

    `stream` is the workbook's. Raises struct.error or IndexError where it breaks the specification.
    """
    sheets, group = _globals(stream)
    blips = dict(_blips(group))
    found = {name: _drawn_on(stream, *at, blips) for name, at in sheets.items()}
    return found, {f"blip{number}": data for number, data in blips.items() if data}


def read_errors(stream: bytes) -> Iterator[tuple[str, Cell]]:
    """The cells that show an error, typed or a formula's last result, each with its sheet's name.

    `stream` is the workbook's. What breaks the specification is passed over.
    """
    for name, at in sheet_starts(stream).items():
        for cell in _errors(stream, *at):
            yield name, cell


def _globals(stream: bytes) -> tuple[dict[str, tuple[int, int]], bytes]:
    """What the workbook's first records say: where each sheet begins and the next one does, by its name,
    and the pictures."""
    group = b""
    sheets: dict[str, int] = {}
    previous = 0
    for at, kind, data in records(stream, 0):
        if kind == _DRAWING_GROUP or (kind == CONTINUE and previous == _DRAWING_GROUP):
            group += data
            kind = _DRAWING_GROUP
        elif kind == _SHEET and len(data) > 8 and len(sheets) < _MOST_SHEETS:
            sheets[short_name(data[6:])] = struct.unpack_from("<L", data)[0]
        elif kind == _EOF and at:
            break
        previous = kind
    starts = sorted({*sheets.values(), len(stream)})
    ends = {start: starts[nth + 1] for nth, start in enumerate(starts[:-1])}
    # Each stretch is one sheet's: of those said to begin at one place only the first is read.
    return {name: (at, ends.pop(at, at)) for name, at in sheets.items()}, group


def sheet_starts(stream: bytes) -> dict[str, tuple[int, int]]:
    """Where each sheet of a workbook's stream begins and the next one does, by its name."""
    return _globals(stream)[0]


def sheet_records(stream: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The records of a sheet: kind, data. A chart in it keeps cells of its own, which are left out."""
    depth = 0
    for _, kind, data in records(stream, start, end):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if depth == 1:
            yield kind, data


def _errors(stream: bytes, start: int, end: int) -> Iterator[Cell]:
    for kind, data in sheet_records(stream, start, end):
        if kind == _BOOL_OR_ERROR and len(data) >= 8:
            row, col, _, code, is_error = struct.unpack_from("<3H2B", data)
        elif kind == _FORMULA and len(data) >= 14:
            row, col, _, result, _, code, _, _, mark = struct.unpack_from("<3H4BHH", data)
            is_error = result == 2 and mark == 0xFFFF
        else:
            continue
        if is_error and col < _COLUMNS:
            yield Cell(row, col, ERRORS.get(code, "#VALUE!"), CellKind.ERROR)


def records(stream: bytes, at: int, end: int | None = None) -> Iterator[tuple[int, int, bytes]]:
    """The records from there on: offset, kind, data. A sheet's end where the next begins."""
    end = len(stream) if end is None else min(end, len(stream))
    for _ in range(_MOST_RECORDS):
        if at + 4 > end:
            return
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def short_name(data: bytes) -> str:
    """A short Unicode string: length, flags, characters of one byte or two."""
    wide = data[1] & 1
    return data[2 : 2 + data[0] * (2 if wide else 1)].decode(
        "utf-16-le" if wide else "latin-1", "replace"
    )


class _Object(NamedTuple):
    """What a shape is to the sheet: its kind, whether it is ticked, a file in it; and its words."""

    kind: int
    number: int
    flags: int
    ticked: int
    is_file: bool
    text: str = ""

    @property
    def words(self) -> str:
        """Its words, lines as they are elsewhere."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _drawing(stream: bytes, start: int, end: int) -> tuple[bytes, list[_Object], list[Cell]]:
    """A sheet's drawing, which its records cut into pieces, the objects in the order of its shapes, and
    its comments."""
    pieces, previous, depth = [], 0, 0
    objects: list[_Object] = []
    places: dict[int, tuple[int, int]] = {}
    wanted = 0  # characters of an object's words, which follow
    for _, kind, data in records(stream, start, end):
        if kind == _DRAWING or (kind == CONTINUE and previous == _DRAWING):
            pieces.append(data)
            kind = _DRAWING
        depth += (kind == _BOF) - (kind == _EOF)  # a chart has a stream of its own inside
        if depth <= 0:
            break
        if depth == 1 and kind == _OBJECT:
            objects.append(_object(data))
        elif depth == 1 and kind == _COMMENT and len(data) >= 8:
            row, col, _, number = struct.unpack_from("<4H", data)
            places[number] = row, col
        elif depth == 1 and kind == _TEXT and len(data) >= 12:
            wanted = struct.unpack_from("<H", data, 10)[0]
        elif kind == CONTINUE and previous == _TEXT and wanted and objects and data:
            wide = data[0] & 1
            text = data[1 : 1 + wanted * (1 + wide)].decode(
                "utf-16-le" if wide else "latin-1", "replace"
            )
            wanted -= len(text)
            objects[-1] = objects[-1]._replace(text=objects[-1].text + text)
            kind = _TEXT
        previous = kind
    notes = [
        Cell(*places[one.number], one.words)
        for one in objects
        if one.kind == _NOTE and one.number in places and one.words
    ]
    return b"".join(pieces), objects, notes


def _object(data: bytes) -> _Object:
    """An object's sub-records ([MS-XLS] 2.4.181)."""
    what, number, flags, ticked, is_file, at = -1, 0, 0, 0, False, 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0x15 and at + 10 <= len(data):
            what, number, flags = struct.unpack_from("<HHH", data, at + 4)
        elif (kind == 0x12 or (kind, length) == (0x0A, 8)) and at + 6 <= len(data):
            # The second is how LibreOffice writes it (seen in 7.4).
            ticked = struct.unpack_from("<H", data, at + 4)[0]
        elif kind == 0x09:
            is_file = True
        elif kind == 0:
            break
        at += 4 + length
    return _Object(what, number, flags, ticked, is_file)


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


def _drawn_on(stream: bytes, start: int, end: int, blips: Mapping[int, bytes]) -> Drawings:
    """What is drawn on one sheet."""
    drawing, objects, notes = _drawing(stream, start, end)
    found = Drawings(notes=notes)
    place = b""
    others = iter(objects)
    for kind, _, shape in _art(drawing):
        if kind != _SHAPE:
            continue
        parts = {inner: (count, data) for inner, count, data in _art(shape)}
        one = next(others, None) if _HAS_OBJECT in parts else None
        _, own = parts.get(_ANCHOR, (0, b""))
        if len(own) >= 18:
            place = own  # what is grouped lies where its group does
        if len(place) < 18:
            continue
        _, flags = parts.get(_FLAGS, (0, b""))
        marks = struct.unpack_from("<L", flags, 4)[0] if len(flags) >= 8 else 0
        if not marks & _GROUP:
            _tell(found, _options(*parts.get(_OPTIONS, (0, b""))), marks, one, place, blips)
    return found


def _options(count: int, data: bytes) -> Mapping[int, int]:
    """A shape's properties, those that are a number."""
    pairs = (
        struct.unpack_from("<HL", data, at) for at in range(0, min(count * 6, len(data) - 5), 6)
    )
    return {name & 0x3FFF: value for name, value in pairs}


def _tell(
    found: Drawings,
    options: Mapping[int, int],
    marks: int,
    one: _Object | None,
    place: bytes,
    blips: Mapping[int, bytes],
) -> None:
    """Put one shape where it belongs."""
    _, col, _, row, low, right, over, bottom, under = struct.unpack_from("<9H", place)
    # What ends where a cell begins does not reach into it.
    bottom, right = bottom - (under == 0), right - (over == 0)
    row += low > 128  # in 256ths of the row: the lower half was meant for the next one
    what, words = _THINGS.get(one.kind, (Thing.SHAPE, "")) if one is not None else (Thing.SHAPE, "")
    number = options.get(_PICTURE_NUMBER, 0)
    text = one.words if one is not None else ""
    hidden = options.get(_HIDDEN, 0) & 0x20002 == 0x20002
    if one is not None and (
        one.kind == _NOTE or (one.kind == _DROP_DOWN and one.flags & _OF_EXCEL)
    ):
        return
    if one is not None and one.is_file:
        found.drawn.append(Drawn(row, col, Thing.OBJECT))
    elif number in blips and hidden:
        found.drawn.append(Drawn(row, col, Thing.HIDDEN))
    elif number in blips:
        fault = "" if blips[number] else "舊版圖片格式"
        look = _look(options, marks)
        last = max(row, bottom)
        found.pictures.append(Anchor(row, col, last, f"blip{number}", fault, max(col, right), look))
    elif what in {Thing.CHECKBOX, Thing.RADIO} and one is not None:
        ticked = {1: TICKED, 2: HALF_TICKED}.get(one.ticked, UNTICKED)
        found.drawn.append(Drawn(row, col, what, text, ticked))
    elif what is Thing.CHART or what is Thing.CONTROL:
        found.drawn.append(Drawn(row, col, what, " ".join(filter(None, (words, text)))))
    elif text:
        found.boxes.append(Cell(row, col, text))
    elif not hidden and one is not None:
        found.drawn.append(Drawn(row, col, what, words))


def _look(options: Mapping[int, int], marks: int) -> Look:
    """How a picture is cut, mirrored, turned and shaded: numbers with 16 bits behind the point."""
    left, top, right, bottom = (max(_fixed(options.get(side, 0)), 0.0) for side in _CUT)
    upside_down = bool(marks & _UPSIDE_DOWN)
    turn = round(_fixed(options.get(_TURN, 0)) + 180 * upside_down, 3) % 360
    told = options.get(_SHADE, 0)
    grey = "grey" if told & _GREY == _GREY else ""
    shade = "mono" if told & _MONO == _MONO else grey
    lit = options.get(_BRIGHTNESS, 0) or options.get(_CONTRAST, _AS_DRAWN) != _AS_DRAWN
    mirrored = bool(marks & _MIRRORED) != upside_down
    return Look(*(left, top, right, bottom, mirrored, turn), shade=shade, effect=LIT if lit else "")


def _fixed(number: int) -> float:
    return (number - (number >> 31 << 32)) / 65_536
