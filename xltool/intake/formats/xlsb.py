"""What calamine does not read of an .xlsb: what is drawn on its sheets. The drawings are the same parts
as those of an .xlsx; only which sheet has which, and how high rows are, stands in binary records
([MS-XLSB] 2.4.301, 2.4.741)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from xltool.intake.formats.drawings import Measures, Relations, Sheet
from xltool.intake.grid import Grid
from xltool.intake.guard import Package

_WORKBOOK = "xl/workbook.bin"
_ROW, _SHEET = 0, 156
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
