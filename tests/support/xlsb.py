"""The smallest .xlsb: sheets of texts, and sheets that hold a chart alone."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tests.support.hostile import PKG_REL, REL
from tests.support.packages import pack


def xlsb(sheets: Mapping[str, Mapping[tuple[int, int], str] | None]) -> bytes:
    """Sheets by their names: texts by row and column, or None for a chart sheet."""
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
    return pack(content)


def _sheet(cells: Mapping[tuple[int, int], str]) -> bytes:
    rows, columns = [row for row, _ in cells], [col for _, col in cells]
    size = struct.pack("<4L", min(rows), max(rows), min(columns), max(columns))
    made = _record(129) + _record(148, size) + _record(145)
    for row in sorted({*rows}):
        made += _record(0, struct.pack("<L", row) + b"\0" * 13)
        for (at, col), text in sorted(cells.items()):
            if at == row:
                made += _record(6, struct.pack("<LL", col, 0) + _text(text))
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
