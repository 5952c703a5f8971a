"""The smallest .xlsb: sheets of texts, numbers and errors, and sheets that hold a chart alone."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.support.hostile import PKG_REL, REL
from tests.support.packages import pack

Shown = tuple[object, int]
"""What a cell holds (a text, a number, an error's bytes), and which of the formats it has."""


def xlsb(
    sheets: Mapping[str, Mapping[tuple[int, int], str | Shown] | None], *formats: str | int
) -> bytes:
    """Sheets by their names: what they hold by row and column, or None for a chart sheet. `formats` are
    codes of number formats, or numbers of those that are built in; two styles follow theirs, one struck
    out and one in white."""
    relations, listed = "", b""
    content: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}
    for number, (name, cells) in enumerate(sheets.items(), 1):
        kind = "chartsheet" if cells is None else "worksheet"
        part = f"{kind}s/sheet{number}.bin"
        relations += f'<Relationship Id="r{number}" Type="{REL}/{kind}" Target="{part}"/>'
        listed += _record(156, struct.pack("<LL", 0, number) + _text(f"r{number}") + _text(name))
        content[f"xl/{part}"] = _chart() if cells is None else _sheet(cells)
    content["_rels/.rels"] = (
        f'<Relationships xmlns="{PKG_REL}"><Relationship Id="r1" '
        f'Type="{REL}/officeDocument" Target="xl/workbook.bin"/></Relationships>'
    )
    content["xl/workbook.bin"] = _record(131) + _record(143) + listed + _record(144) + _record(132)
    content["xl/_rels/workbook.bin.rels"] = (
        f'<Relationships xmlns="{PKG_REL}">{relations}</Relationships>'
    )
    if formats:
        content["xl/styles.bin"] = _styles(formats)
    return pack(content)


def _styles(formats: Sequence[str | int]) -> bytes:
    """A style for each format with a plain font, then one struck out and one in white."""
    codes = [(200 + n, one) for n, one in enumerate(formats) if isinstance(one, str)]
    made = _record(278) + _record(615, struct.pack("<L", len(codes)))
    for number, code in codes:
        made += _record(44, struct.pack("<H", number) + _text(code))
    made += _record(616) + _record(611, struct.pack("<L", 3))
    for flags, colour in (
        (0, b"\0" * 8),
        (8, b"\0" * 8),
        (0, bytes((5, 0, 0, 0, 255, 255, 255, 255))),
    ):
        font = struct.pack("<HHHHBBBB", 240, flags, 400, 0, 0, 0, 0, 0)
        made += _record(43, font + colour + b"\0" + _text("標楷體"))
    made += _record(612) + _record(626) + _record(47, b"\0" * 16) + _record(627)
    made += _record(617, struct.pack("<L", len(formats) + 2))
    numbers = [200 + n if isinstance(one, str) else one for n, one in enumerate(formats)]
    for number, font_at in [*((one, 0) for one in numbers), (0, 1), (0, 2)]:
        made += _record(47, struct.pack("<4H", 0, number, font_at, 0) + b"\0" * 8)
    return made + _record(618) + _record(279)


def _cell(col: int, held: str | Shown) -> bytes:
    value, style = (held, 0) if isinstance(held, str) else held
    head = struct.pack("<LL", col, style)
    if isinstance(value, bytes):
        return _record(3, head + value)
    if isinstance(value, int):
        return _record(2, head + struct.pack("<L", (value << 2 & 0xFFFFFFFC) | 2))
    if isinstance(value, float):
        return _record(5, head + struct.pack("<d", value))
    return _record(6, head + _text(str(value)))


def _sheet(cells: Mapping[tuple[int, int], str | Shown]) -> bytes:
    rows, columns = [row for row, _ in cells], [col for _, col in cells]
    size = struct.pack("<4L", min(rows), max(rows), min(columns), max(columns))
    made = _record(129) + _record(148, size) + _record(145)
    for row in sorted({*rows}):
        made += _record(0, struct.pack("<L", row) + b"\0" * 13)
        for at, col in sorted(cells):
            if at == row:
                made += _cell(col, cells[at, col])
    return made + _record(146) + _record(130)


def _chart() -> bytes:
    return _record(129) + _record(550, _text("rId1")) + _record(130)


def _text(words: str) -> bytes:
    return struct.pack("<L", len(words)) + words.encode("utf-16-le")


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size, length = len(data), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return head + length + bytes([size]) + data
