"""One sparse pass over an .ods: the same as `xltool.intake.formats.xlsx`, for OpenDocument spreadsheets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from xltool.intake.grid import (
    MAX_COL,
    MAX_MERGES,
    MAX_ROW,
    Anchor,
    Book,
    Cell,
    CellKind,
    Grid,
    Merge,
    date_cell,
    percent,
    plain,
    saved_stamp,
)
from xltool.intake.guard import Package, Refusal
from xltool.plan import Limits

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _DRAW = (
    f"{{{_NS}{name}:1.0}}" for name in ("table", "office", "text", "drawing")
)
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ROW, _CELL, _COVERED = f"{_TABLE}table-row", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_ROW_GROUPS = {f"{_TABLE}{name}" for name in ("table-rows", "table-header-rows", "table-row-group")}
_ASIDE = {f"{_OFFICE}annotation", f"{_DRAW}frame", f"{_TEXT}ruby-text", f"{_TEXT}note"}
_MANY_ROWS = 1_000  # more hidden rows in one go are the blank rest of a sheet
_TOO_MANY = "有內容的儲存格過多"


def read_ods(package: Package, cells: int = Limits.cells) -> Book:
    """All sheets of a spreadsheet. Raises Refusal when it is broken or has more than `cells`."""
    content = package.xml("content.xml")
    sheets = []
    left = cells
    for spreadsheet in content.iter(f"{_OFFICE}spreadsheet"):
        for table in spreadsheet.iterchildren(f"{_TABLE}table"):
            grid = _sheet(table, left)
            left -= len(grid.cells)
            sheets.append(grid)
    properties, saved = _meta(package)
    return Book(tuple(sheets), properties, saved)


def _meta(package: Package) -> tuple[dict[str, str], str]:
    if "meta.xml" not in package:
        return {}, ""
    try:
        meta = package.xml("meta.xml")
    except Refusal as refusal:
        if refusal.code != "F102":  # a broken one alone: what was filled in is none the worse
            raise
        return {}, ""
    properties = {
        node.get(f"{{{_NS}meta:1.0}}name", ""): (node.text or "").strip()
        for node in meta.iter("{*}user-defined")
    }
    saved = next(meta.iter("{http://purl.org/dc/elements/1.1/}date"), None)
    return properties, "" if saved is None else saved_stamp(saved.text or "")


def _sheet(table: etree._Element, left: int) -> Grid:
    grid = Grid(table.get(f"{_TABLE}name", ""))
    for shapes in table.iterchildren(f"{_TABLE}shapes"):
        for frame in shapes.iter(f"{_DRAW}frame"):
            _frame(grid, frame, None, 0)
    row = 0
    for line in _rows(table):
        repeated = _count(line, "number-rows-repeated")
        if line.get(f"{_TABLE}visibility", "visible") != "visible" and repeated < _MANY_ROWS:
            grid.hidden_rows.update(range(row, row + repeated))
        _row(grid, line, row, min(repeated, MAX_ROW - row), left)
        if len(grid.cells) > left:
            raise Refusal("F105", reason=_TOO_MANY)
        row += repeated
        if row >= MAX_ROW:
            break
    return grid


def _rows(node: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table in order, through header rows and groups, not into tables in cells."""
    for child in node:
        if child.tag == _ROW:
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _rows(child)


def _row(grid: Grid, line: etree._Element, row: int, repeated: int, left: int) -> None:
    col = 0
    for node in line:
        if node.tag not in {_CELL, _COVERED}:
            continue
        across = min(_count(node, "number-columns-repeated"), MAX_COL - col)
        if len(node) or node.get(f"{_OFFICE}value-type"):
            for frame in node.iterchildren(f"{_DRAW}frame"):
                _frame(grid, frame, row, col)
            for note in node.iterchildren(f"{_OFFICE}annotation"):
                text = "\n".join(_paragraph(p) for p in note.iter(f"{_TEXT}p"))
                if text.strip():
                    grid.notes.append(Cell(row, col, text))
            cell = _cell(row, col, node)
            if cell is not None:
                if repeated * across > left:
                    raise Refusal("F105", reason=_TOO_MANY)
                for down in range(row, row + repeated):
                    for right in range(col, col + across):
                        grid.cells[down, right] = cell._replace(row=down, col=right)
        rows, cols = _count(node, "number-rows-spanned"), _count(node, "number-columns-spanned")
        if rows > 1 or cols > 1:
            grid.merges.append(Merge(row, col, row + rows - 1, col + cols - 1))
            if len(grid.merges) > MAX_MERGES:
                raise Refusal("F105", reason="合併儲存格過多")
        col += across
        if col >= MAX_COL:
            break


def _count(node: etree._Element, name: str) -> int:
    text = node.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(text), MAX_ROW)) if text.isascii() and text.isdigit() else 1


def _cell(row: int, col: int, node: etree._Element) -> Cell | None:
    kind = node.get(f"{_OFFICE}value-type", "")
    text = "\n".join(_paragraph(p) for p in node.iterchildren(f"{_TEXT}p"))
    if node.get(f"{_CALCEXT}value-type") == "error":
        return Cell(row, col, text or "#VALUE!", CellKind.ERROR)
    if kind in {"float", "percentage", "currency"}:
        try:
            number = float(node.get(f"{_OFFICE}value", ""))
            shown = percent(number) if kind == "percentage" else plain(number)
        except (ValueError, OverflowError):
            return Cell(row, col, text) if text else None
        return Cell(row, col, shown, CellKind.NUMBER)
    if kind == "date":
        return _date(row, col, node.get(f"{_OFFICE}date-value", ""), text)
    if kind == "boolean":
        truth = node.get(f"{_OFFICE}boolean-value") == "true"
        return Cell(row, col, "TRUE" if truth else "FALSE", CellKind.BOOL)
    if not text.strip():
        text = node.get(f"{_OFFICE}string-value", "")
    return Cell(row, col, text) if text.strip() else None


def _date(row: int, col: int, value: str, text: str) -> Cell:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return Cell(row, col, text or value)
    return date_cell(row, col, moment, f"{moment:%H:%M}" if moment.hour or moment.minute else "")


def _paragraph(node: etree._Element) -> str:
    """A paragraph's text: runs of spaces, tabs and line breaks spelled out, notes left aside."""
    parts = [node.text or ""]
    for child in node:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            parts.append(" " * min(int(count) if count.isascii() and count.isdigit() else 1, 1000))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag not in _ASIDE:
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _frame(grid: Grid, frame: etree._Element, row: int | None, col: int) -> None:
    """A picture, or words in a text box, at a cell (row None: on the sheet's page)."""
    # Only the first picture of a frame: what follows are the same in other formats.
    image = next(frame.iterchildren(f"{_DRAW}image"), None)
    if image is not None:
        href = image.get(_HREF, "")
        inside = bool(href) and ":" not in href and not href.startswith("/")
        part = posixpath.normpath(href) if inside else ""
        fault = "" if inside else "圖片只是連結，未存入檔案"
        bottom = _end_row(frame, row or 0)
        grid.pictures.append(Anchor(row, col, bottom, part, fault))
    for box in frame.iterchildren(f"{_DRAW}text-box"):
        text = "\n".join(_paragraph(p) for p in box.iter(f"{_TEXT}p"))
        if text.strip():
            grid.boxes.append(Cell(row or 0, col, text))


def _end_row(frame: etree._Element, row: int) -> int:
    """The row of a frame's end-cell-address (Sheet.B12), else its first row."""
    digits = (
        frame
        .get(f"{_TABLE}end-cell-address", "")
        .rpartition(".")[2]
        .lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    )
    digits = digits.lstrip("$")
    return max(row, int(digits[:7]) - 1) if digits.isascii() and digits.isdigit() else row
