"""One sparse pass over an .ods: the same as `xltool.intake.formats.xlsx`, for OpenDocument spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from lxml import etree

from xltool.intake.formats.frames import Frames
from xltool.intake.formats.looks import Font, Rich, Run, as_seen
from xltool.intake.formats.margins import typed
from xltool.intake.formats.numbers import shown_number, unseen_zero
from xltool.intake.formats.ods_styles import CellStyle, Styles, shows_whole_date
from xltool.intake.grid import (
    MAX_COL,
    MAX_MERGES,
    MAX_ROW,
    Book,
    Cell,
    CellKind,
    Grid,
    Merge,
    Seen,
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
_FIRST_AND_LEFT = [
    f"{{*}}{part}-{page}" for part in ("header", "footer") for page in ("left", "first")
]
_CONFIG = f"{{{_NS}config:1.0}}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ROW, _CELL, _COVERED = f"{_TABLE}table-row", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_ROW_GROUPS = {f"{_TABLE}{name}" for name in ("table-rows", "table-header-rows", "table-row-group")}
_ASIDE = {f"{_OFFICE}annotation", f"{_DRAW}frame", f"{_TEXT}ruby-text", f"{_TEXT}note"}
_MANY_ROWS = 1_000  # more hidden rows in one go are the blank rest of a sheet
_TOO_MANY = "有內容的儲存格過多"


def read_ods(package: Package, cells: int = Limits.cells) -> Book:
    """All sheets of a spreadsheet. Raises Refusal when it is broken or has more than `cells`."""
    content = package.xml("content.xml")
    without_zeros = _without_zeros(package)
    frames = Frames(package, content)
    styles = Styles(content, package)
    sheets = []
    left = cells
    for spreadsheet in content.iter(f"{_OFFICE}spreadsheet"):
        for table in spreadsheet.iterchildren(f"{_TABLE}table"):
            name = table.get(f"{_TABLE}name", "")
            hides = without_zeros.get(name, without_zeros.get("", False))
            shown = styles.shows(table.get(f"{_TABLE}style-name", ""))
            grid = Grid(name, hides_zeros=hides, hidden=not shown)
            grid = _sheet(table, grid, styles, left, frames)
            grid.margins += typed(_said_in(styles.page(table.get(f"{_TABLE}style-name", ""))))
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


def _said_in(page: etree._Element | None) -> Iterator[str]:
    """What is typed into the header and the footer of a page's style, its fields aside."""
    for part in () if page is None else page.iter("{*}header", "{*}footer", *_FIRST_AND_LEFT):
        for paragraph in part.iter(f"{_TEXT}p"):
            words = [paragraph.text or ""]
            for node in paragraph.iterdescendants():
                is_field = node.tag not in {f"{_TEXT}span", f"{_TEXT}s"}
                words += ["\n" if is_field else node.text or "", node.tail or ""]
            yield from "".join(words).split("\n")


def _without_zeros(package: Package) -> Mapping[str, bool]:
    """Which sheets are set to show no noughts; "" what holds of those that say nothing."""
    if "settings.xml" not in package or b"ShowZeroValues" not in package.read("settings.xml"):
        return {}
    try:
        items = package.xml("settings.xml").iter(f"{_CONFIG}config-item")
    except Refusal as refusal:
        if refusal.code != "F102":
            raise
        return {}
    hides = {}
    for item in items:
        if item.get(f"{_CONFIG}name") == "ShowZeroValues":
            entry = item.getparent()
            of = None if entry is None else entry.getparent()
            is_sheet = of is not None and of.get(f"{_CONFIG}name") == "Tables"
            name = entry.get(f"{_CONFIG}name", "") if is_sheet and entry is not None else ""
            hides[name] = (item.text or "").strip() == "false"
    return hides


def _sheet(table: etree._Element, grid: Grid, styles: Styles, left: int, frames: Frames) -> Grid:
    columns = _columns(table)
    first = 0
    for node in table.iter(f"{_TABLE}table-column"):
        last = min(first + _count(node, "number-columns-repeated"), MAX_COL)
        if node.get(f"{_TABLE}visibility", "visible") != "visible":
            grid.hidden_columns.update(range(first, last))
        first = last
    for shapes in table.iterchildren(f"{_TABLE}shapes"):
        for drawn in shapes:
            frames.read(grid, drawn, None, 0)
    row = 0
    for line in _rows(table):
        repeated = _count(line, "number-rows-repeated")
        if line.get(f"{_TABLE}visibility", "visible") != "visible" and repeated < _MANY_ROWS:
            grid.hidden_rows.update(range(row, row + repeated))
        _row(grid, line, row, min(repeated, MAX_ROW - row), left, frames, styles, columns)
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


def _columns(table: etree._Element) -> list[tuple[int, str]]:
    """The style of cells that name none, column by column: each with the column after it."""
    columns, col = [], 0
    for node in table.iter(f"{_TABLE}table-column"):
        col += _count(node, "number-columns-repeated")
        columns.append((col, node.get(f"{_TABLE}default-cell-style-name", "")))
    return columns


def _style_of(
    node: etree._Element, line: etree._Element, col: int, columns: list[tuple[int, str]]
) -> str:
    """The name of a cell's style: its own, its row's or its column's."""
    name = node.get(f"{_TABLE}style-name") or line.get(f"{_TABLE}default-cell-style-name")
    return name or next((style for end, style in columns if col < end), "")


def _row(
    grid: Grid,
    line: etree._Element,
    row: int,
    repeated: int,
    left: int,
    frames: Frames,
    styles: Styles,
    columns: list[tuple[int, str]],
) -> None:
    col = 0
    for node in line:
        if node.tag not in {_CELL, _COVERED}:
            continue
        across = min(_count(node, "number-columns-repeated"), MAX_COL - col)
        if len(node) or node.get(f"{_OFFICE}value-type"):
            for child in node:
                frames.read(grid, child, row, col)
            for note in node.iterchildren(f"{_OFFICE}annotation"):
                text = "\n".join(_paragraph(p) for p in note.iter(f"{_TEXT}p"))
                if text.strip():
                    grid.notes.append(Cell(row, col, text))
            style = styles.cell(_style_of(node, line, col, columns))
            cell = _cell(row, col, node, style)
            if cell is not None and cell.kind is CellKind.NUMBER and grid.hides_zeros:
                cell = unseen_zero(row, col) if _is_zero(node) else cell
            if cell is not None and (styles.has_marked_spans or not style.look.is_plain):
                if cell.kind is CellKind.TEXT:
                    cell = cell._replace(text=_rich(node, style.look.font, styles) or cell.text)
                cell = as_seen(grid, cell, style.look)
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


def _is_zero(node: etree._Element) -> bool:
    return not node.get(f"{_OFFICE}value", "").strip("-0.")


def _count(node: etree._Element, name: str) -> int:
    text = node.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(text), MAX_ROW)) if text.isascii() and text.isdigit() else 1


def _cell(row: int, col: int, node: etree._Element, style: CellStyle) -> Cell | None:
    kind = node.get(f"{_OFFICE}value-type", "")
    text = "\n".join(_paragraph(p) for p in node.iterchildren(f"{_TEXT}p"))
    if node.get(f"{_CALCEXT}value-type") == "error":
        return Cell(row, col, text or "#VALUE!", CellKind.ERROR)
    if kind in {"float", "percentage", "currency"}:
        try:
            number = float(node.get(f"{_OFFICE}value", ""))
            plain(number)
        except (ValueError, OverflowError):
            return Cell(row, col, text) if text else None
        if kind == "percentage" and not text:
            return Cell(row, col, percent(number), CellKind.NUMBER)
        says = style.formats and next(node.iterchildren(f"{_TEXT}p"), None) is not None
        return shown_number(row, col, number, text if says else None)
    if kind == "date":
        return _date(row, col, node.get(f"{_OFFICE}date-value", ""), text, style)
    if kind == "boolean":
        truth = node.get(f"{_OFFICE}boolean-value") == "true"
        return Cell(row, col, "TRUE" if truth else "FALSE", CellKind.BOOL)
    if text.strip():
        typed = node.get(f"{_OFFICE}string-value", text)
        if "".join(typed.split()) in "".join(text.split()):
            return Cell(row, col, text)
        return Cell(row, col, typed, look=Seen(odd=text))  # its format shows other words
    text = node.get(f"{_OFFICE}string-value", "") or node.get(f"{_OFFICE}time-value", "")
    # A paragraph that is empty shows nothing of it, by its format; without one nothing is said of that.
    unseen = Seen(unseen=True) if next(node.iterchildren(f"{_TEXT}p"), None) is not None else None
    return Cell(row, col, text, look=unseen) if text.strip() else None


def _date(row: int, col: int, value: str, text: str, style: CellStyle) -> Cell:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return Cell(row, col, text or value)
    seen = style.date is None or "hours" in style.date
    clock = f"{moment:%H:%M}" if seen and (moment.hour or moment.minute) else ""
    cell = date_cell(row, col, moment, clock)
    partial = text.strip() and not shows_whole_date(style.date)
    return cell._replace(text=text) if partial else cell


def _rich(node: etree._Element, font: Font, styles: Styles) -> Rich | None:
    """The text of a cell in its fonts."""
    runs: list[Run] = []
    for number, paragraph in enumerate(node.iterchildren(f"{_TEXT}p")):
        if number:
            runs.append(Run("\n", font))
        runs += _runs(paragraph, font, styles)
    return Rich(runs) if any(run.text.strip() for run in runs) else None


def _runs(node: etree._Element, font: Font, styles: Styles) -> Iterator[Run]:
    yield Run(node.text or "", font)
    for child in node:
        if child.tag == f"{_TEXT}span":
            laid = styles.spans.get(child.get(f"{_TEXT}style-name", ""))
            yield from _runs(child, font if laid is None else laid.over(font), styles)
        elif child.tag not in _ASIDE:
            yield Run(_spelled(child), font)
        yield Run(child.tail or "", font)


def _paragraph(node: etree._Element) -> str:
    """A paragraph's text: runs of spaces, tabs and line breaks spelled out, notes left aside."""
    parts = [node.text or ""]
    for child in node:
        if child.tag not in _ASIDE:
            parts.append(_spelled(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _spelled(node: etree._Element) -> str:
    """What stands for one thing in a paragraph, in words."""
    if node.tag == f"{_TEXT}s":
        count = node.get(f"{_TEXT}c", "1")
        return " " * min(int(count) if count.isascii() and count.isdigit() else 1, 1000)
    if node.tag == f"{_TEXT}tab":
        return "\t"
    if node.tag == f"{_TEXT}line-break":
        return "\n"
    return _paragraph(node)
