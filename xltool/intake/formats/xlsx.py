"""One sparse pass over an .xlsx: values, dates, errors, merges, pictures, stamps.

Our own, because the ready-made readers keep a dense rectangle (two stray cells then cost
gigabytes), drop error cells or take thirty milliseconds: see docs/decisions/0002-reading.md.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from lxml import etree

from xltool.intake.formats.drawings import Relations, Sheet, look_of, measured
from xltool.intake.formats.looks import PLAIN, Rich, Run, as_seen
from xltool.intake.formats.margins import typed_in_code
from xltool.intake.formats.numbers import number_cell, unseen_zero, worded
from xltool.intake.formats.xlsx_styles import Colours, Styles, read_font, read_styles
from xltool.intake.grid import (
    AS_IT_IS,
    LINK_ONLY,
    MAX_COL,
    MAX_MERGES,
    MAX_ROW,
    NOT_CALCULATED,
    TICKED,
    UNTICKED,
    Anchor,
    Book,
    Cell,
    CellKind,
    Grid,
    Look,
    Merge,
    date_cell,
    saved_stamp,
)
from xltool.intake.guard import MAX_XML, Package, Refusal, parse_xml
from xltool.patterns import pattern
from xltool.plan import Limits

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_ESCAPE = pattern(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = pattern(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_OF_A_FONT = pattern(rb"<((?:color|rFont|strike|vertAlign)(?:\s[^<>]*|/)?)>")
_DISPIMG = pattern(r'DISPIMG\(\s*"([^"]+)"', re.IGNORECASE)
_IMAGE = pattern(r"(?:_xlfn\.)?IMAGE\(", re.IGNORECASE)
_TRUE, _FALSE = {"1", "true", "on"}, {"0", "false", "off"}
_LEAST_SEEN = 0.75  # points of a row's height, digits of a column's width
_LOST = "本頁註解的內容毀損，無法讀取"


def read_xlsx(package: Package, cells: int = Limits.cells, unread: Collection[str] = ()) -> Book:
    """All sheets of a workbook; those named in `unread` stay empty.

    Raises Refusal when it is broken or has more than `cells`.
    """
    workbook_part = _workbook_part(package)
    workbook = package.xml(workbook_part)
    sheets_by_id = {one.id: one for one in package.relations(workbook_part)}
    in_cell = _InCell(package, workbook_part)
    made = _made(package, workbook_part, mac=_flag(_first(workbook, "workbookPr"), "date1904"))
    boxes = _tick_formats(package, _of_workbook(package, workbook_part, "styles"))
    sheets = []
    left = cells
    for sheet in workbook.iter("{*}sheet"):
        related = sheets_by_id.get(_relation_id(sheet))
        if related is None:
            continue
        part = related.target
        if part not in package:
            continue
        grid = Grid(
            unescape(sheet.get("name", "")), hidden=sheet.get("state", "visible") != "visible"
        )
        if grid.name in unread:
            sheets.append(grid)
            continue
        root = package.sheet(part)
        heights = _cells(grid, root, made, in_cell, left)
        left -= len(grid.cells)
        beside = [one for one in package.relations(part) if one.target in package]
        if beside:
            measures = measured(root, heights, grid.hidden_rows)
            Sheet(grid, package, part, relations_of(package), measures).read(root)
        if boxes:
            _tell_ticks(grid, root, boxes)
        comments = [one.target for one in beside if one.kind in {"comments", "threadedcomment"}]
        grid.notes += _notes(package, comments)
        sheets.append(grid)
    return Book(tuple(sheets), _properties(package), last_saved(package))


# --- the package ----------------------------------------------------------------------------


def _workbook_part(package: Package) -> str:
    part = package.related("", "officedocument", "xl/workbook.xml")
    if not part:
        raise Refusal("F102", reason="缺少活頁簿內容")
    return part


def _of_workbook(package: Package, workbook_part: str, kind: str) -> str:
    """The part of that kind that a workbook names, else the usual one beside it."""
    return package.related(workbook_part, kind.lower(), _beside(workbook_part, f"{kind}.xml"))


def _beside(part: str, name: str) -> str:
    return posixpath.join(posixpath.dirname(part), name)


def _relations(package: Package, part: str) -> dict[str, str]:
    """Targets of a part's relations by id; external ones are left out."""
    return {one.id: one.target for one in package.relations(part)}


def relations_of(package: Package) -> Relations:
    """The relations of a package's parts."""
    return partial(_relations, package)


def _relation_id(node: etree._Element, name: str = "id") -> str:
    return node.get(f"{{{_REL}}}{name}") or node.get(f"{{{_STRICT_REL}}}{name}") or ""


def _first(node: etree._Element, name: str) -> etree._Element | None:
    return next(node.iter(f"{{*}}{name}"), None)


def _flag(node: etree._Element | None, name: str) -> bool:
    return node is not None and node.get(name) in _TRUE


def _properties(package: Package) -> dict[str, str]:
    root = _aside(package, "custom-properties", "docProps/custom.xml")
    return {
        node.get("name", ""): "".join(str(text) for text in node.itertext()).strip()
        for node in (() if root is None else root.iter("{*}property"))
    }


def last_saved(package: Package) -> str:
    """When a workbook was last saved, from its core properties; empty when they do not tell."""
    core = _aside(package, "core-properties", "docProps/core.xml")
    modified = None if core is None else _first(core, "modified")
    if modified is None:
        return ""
    text = (modified.text or "").strip()
    app = _aside(package, "extended-properties", "docProps/app.xml")
    program = None if app is None else _first(app, "Application")
    if program is not None and (program.text or "").startswith("LibreOffice"):
        text = text.removesuffix("Z")  # it writes local time, and calls it UTC (seen in 7.4)
    return saved_stamp(text)


def _aside(package: Package, kind: str, usual: str) -> etree._Element | None:
    """A part with properties of the package; None without one, or where it is broken: what was filled
    in is none the worse. An unsafe one raises Refusal."""
    part = package.related("", kind, usual)
    try:
        return package.xml(part) if part else None
    except Refusal as refusal:
        if refusal.code != "F102":
            raise
        return None


# --- strings -------------------------------------------------------------


class _Made(NamedTuple):
    """What cells are made with: the workbook's shared texts, its styles, and whether it counts days from
    1904."""

    strings: _Strings
    styles: Styles
    colours: Colours
    mac: bool


def _made(package: Package, workbook_part: str, *, mac: bool) -> _Made:
    colours = Colours(lambda: _theme(package, workbook_part))
    part = _of_workbook(package, workbook_part, "styles")
    styles = read_styles(package.xml(part), colours) if part in package else Styles()
    part = _of_workbook(package, workbook_part, "sharedStrings")
    data = package.read(part, MAX_XML) if part in package else b""
    return _Made(_Strings(data, colours), styles, colours, mac)


def _theme(package: Package, workbook_part: str) -> etree._Element | None:
    part = _of_workbook(package, workbook_part, "theme")
    try:
        return package.xml(part) if part in package else None
    except Refusal as refusal:
        if refusal.code != "F102":
            raise
        return None  # colours alone: what was filled in is none the worse


class _Strings:
    """The shared texts of a workbook, each made when a cell first asks for it: half of a form's stand on
    sheets of ours that are not read."""

    def __init__(self, data: bytes, colours: Colours) -> None:
        root = parse_xml(data) if data else None
        self._items = [] if root is None else list(root.iterchildren("{*}si"))
        self._text = "" if root is None or b"rPh" in data else f"{root.tag.removesuffix('sst')}t"
        self._colours = colours
        self._marked = _marked(data, len(self._items), colours)
        self._seen: dict[int, str] = {}

    def text(self, number: str, *, rich: bool) -> str:
        """A text by its number, as `_string` makes it. Raises Refusal (F102) when there is none."""
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else -1
        if rich and 0 <= index < len(self._items):
            return _string(self._items[index], self._colours, rich=True)
        if (text := self._seen.get(index)) is None:
            if not 0 <= index < len(self._items):
                raise Refusal("F102", reason="檔案內容毀損")
            item = self._items[index]
            is_marked = self._marked is None or index in self._marked
            text = _string(item, self._colours, rich=False) if is_marked else self._said(item)
            self._seen[index] = text
        return text

    def _said(self, item: etree._Element) -> str:
        if not self._text:  # there are phonetic readings
            return _said(item)
        text = ""
        for node in item.iter(self._text):
            text += node.text or ""
        return unescape(text)


def _marked(data: bytes, count: int, colours: Colours) -> set[int] | None:
    """Which of a part's texts have runs that may look otherwise than as words; None where that cannot be
    told by the bytes. They say a handful of things of fonts, over and over: each label of ours is written
    in several."""
    try:
        fonts = {
            said: read_font(
                etree.fromstring(b'<rPr xmlns="x"><%b/></rPr>' % said.strip(b"/")), colours
            )
            for said in set(_OF_A_FONT.findall(data))
        }
    except etree.XMLSyntaxError:  # it stands in a comment
        return None
    marks = [said for said, font in fonts.items() if font.is_mark]
    if data.count(b"<si>") + data.count(b"<si/>") != count:
        return None  # spelled with a prefix of its own, or in a comment
    return set(_items_with(marks, data))


def _items_with(marks: Sequence[bytes], data: bytes) -> Iterator[int]:
    for mark in marks:
        number, last, at = -1, 0, data.find(mark)
        while at >= 0:
            number += data.count(b"<si>", last, at) + data.count(b"<si/>", last, at)
            yield number
            last, at = at, data.find(mark, at + 1)


def _said(item: etree._Element) -> str:
    """The words of a string item, without phonetic readings."""
    text = ""
    for child in item:
        tag = child.tag
        if tag.endswith("}t"):
            text += child.text or ""
        elif tag.endswith("}r"):
            for part in child:
                if part.tag.endswith("}t"):
                    text += part.text or ""
    return unescape(text)


def _string(item: etree._Element, colours: Colours, *, rich: bool) -> str:
    """The text of a string item, without phonetic readings; with its runs where one of them may look
    otherwise than as words, or (`rich`) might in the style of the cell."""
    runs = [_run(child, colours) for child in item if child.tag.endswith("}r")]
    if any(run.font is not None and (rich or run.font.is_mark) for run in runs):
        return Rich(runs)
    return _said(item)


def _run(node: etree._Element, colours: Colours) -> Run:
    text, font = "", None
    for child in node:
        tag = child.tag
        if tag.endswith("}t"):
            text += child.text or ""
        elif tag.endswith("}rPr"):
            font = read_font(child, colours)
    return Run(unescape(text), font)


def unescape(text: str) -> str:
    """Undo _x000D_ escapes, with which a workbook spells what XML cannot hold."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


# --- cells ----------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def reference(text: str) -> tuple[int, int]:
    """Row and column of a cell reference, whatever its case. Raises Refusal beyond the limits."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise Refusal("F105", reason=f"儲存格位址 {text[:20]} 不存在")
    col = 0
    for letter in match[1].upper():
        col = col * 26 + ord(letter) - 64
    row = int(match[2])
    if not (1 <= row <= MAX_ROW and col <= MAX_COL):
        raise Refusal("F105", reason=f"儲存格位址 {text[:20]} 不存在")
    return row - 1, col - 1


def _cells(
    grid: Grid, sheet: etree._Element, made: _Made, in_cell: _InCell, left: int
) -> dict[int, str]:
    """Fill the grid's cells and merges; return the rows' heights in points, where they are set."""
    heights: dict[int, str] = {}
    data = next(sheet.iterchildren("{*}sheetData"), None)
    if data is None:
        return heights
    looks, texts = made.styles.looks, made.styles.texts
    _out_of_sight(grid, sheet)
    row = -1
    for line in data.iterchildren("{*}row"):
        number = line.get("r", "")
        row = int(number) - 1 if number.isascii() and number.isdigit() else row + 1
        if not 0 <= row < MAX_ROW:
            if row < 0 and not len(line):  # a height that a program left above the first row
                continue
            raise Refusal("F105", reason=f"第 {number[:20]} 列不存在")
        if height := line.get("ht"):
            heights[row] = height
        if line.get("hidden") in _TRUE or (height and height[0] in "0." and _is_nothing(height)):
            grid.hidden_rows.add(row)
        place, col = "", -1
        for node in line:
            if told := node.get("r"):
                place = told
                if not len(node):
                    continue
            if place:
                row, col = reference(place)
                place = ""
            if not told:
                col += 1  # right behind the cell before it
                if not len(node):
                    continue
            cell = _cell(row, col, node, made, in_cell, grid)
            if cell is None:
                continue
            style = node.get("s", "")
            if style in looks or type(cell.text) is Rich:
                cell = as_seen(grid, cell, looks.get(style, PLAIN))
            if cell is None or not cell.text.strip():
                continue
            if style in texts and cell.kind is CellKind.TEXT:
                cell = worded(cell, texts[style])
            grid.cells[row, col] = cell
        if len(grid.cells) > left:
            raise Refusal("F105", reason="有內容的儲存格過多")
    for merges in sheet.iterchildren("{*}mergeCells"):
        for node in merges.iterchildren("{*}mergeCell"):
            first, _, last = node.get("ref", "").partition(":")
            grid.merges.append(Merge(*reference(first), *reference(last or first)))
            if len(grid.merges) > MAX_MERGES:
                raise Refusal("F105", reason="合併儲存格過多")
    return heights


def _out_of_sight(grid: Grid, sheet: etree._Element) -> None:
    """Note what is out of sight: columns, noughts, the words in the header and the footer."""
    for views in sheet.iterchildren("{*}sheetViews"):
        grid.hides_zeros = any(view.get("showZeros") in _FALSE for view in views)
    for margins in sheet.iterchildren("{*}headerFooter"):
        for line in margins.iterchildren("*"):
            grid.margins += typed_in_code(unescape(line.text or ""))
    for columns in sheet.iterchildren("{*}cols"):
        for node in columns.iterchildren("{*}col"):
            first, last = node.get("min", ""), node.get("max", "")
            gone = node.get("hidden") in _TRUE or _is_nothing(node.get("width"))
            if gone and first.isdecimal() and last.isdecimal() and int(last) <= MAX_COL:
                grid.hidden_columns.update(range(int(first) - 1, int(last)))


def _is_nothing(size: str | None) -> bool:
    """Whether a row's height or a column's width leaves nothing to see."""
    try:
        return size is not None and float(size) <= _LEAST_SEEN
    except ValueError:
        return False


def _cell(
    row: int, col: int, node: etree._Element, made: _Made, in_cell: _InCell, grid: Grid
) -> Cell | None:
    kind, style = node.get("t", "n"), node.get("s", "")
    value, formula, inline = "", None, None
    for child in node:
        tag = child.tag
        if tag.endswith("}v"):
            value = child.text or ""
        elif tag.endswith("}f"):
            formula = child.text or ""
        elif tag.endswith("}is"):
            inline = child
    if (formula is not None or node.get("vm")) and (
        picture := in_cell.picture(row, col, node.get("vm"), formula)
    ):
        grid.pictures.append(picture)
        return None
    if kind == "s" and value:
        return Cell(row, col, made.strings.text(value.strip(), rich=style in made.styles.looks))
    if kind == "inlineStr":
        return None if inline is None else Cell(row, col, _string(inline, made.colours, rich=True))
    if not value:
        # A formula written by a program has no result until a spreadsheet has calculated it.
        missing = formula is not None and kind != "str"
        words = f"{NOT_CALCULATED}：={formula}"
        return Cell(row, col, words, CellKind.ERROR) if missing else None
    if kind == "str":
        return Cell(row, col, unescape(value))
    if kind == "b":
        return Cell(row, col, "TRUE" if value.strip() == "1" else "FALSE", CellKind.BOOL)
    if kind == "e":
        return Cell(row, col, value, CellKind.ERROR)
    if kind == "d":
        return _iso(row, col, value)
    return _number(row, col, value, style, made, grid)


def _number(row: int, col: int, value: str, style: str, made: _Made, grid: Grid) -> Cell:
    try:
        number = float(value)
    except ValueError:
        return Cell(row, col, value)
    if number != number or number in {float("inf"), float("-inf")}:
        return Cell(row, col, value)
    if not number and grid.hides_zeros:
        return unseen_zero(row, col)
    return number_cell(row, col, number, made.styles.format(style), mac=made.mac)


def _iso(row: int, col: int, value: str) -> Cell:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return Cell(row, col, value)
    clock = f"{moment:%H:%M}" if moment.hour or moment.minute else ""
    return date_cell(row, col, moment, clock)


# --- ticks in cells --------------------------------------------------------------------------


def _tick_formats(package: Package, part: str) -> frozenset[str]:
    """The numbers of the cell formats that show TRUE and FALSE as a box (Excel 365; [MS-XLSX]
    feature property bags)."""
    if part not in package or not any("/featurepropertybag" in name for name in package.names()):
        return frozenset()
    cells = _first(package.xml(part), "cellXfs")
    if cells is None:
        return frozenset()
    return frozenset(
        str(number) for number, xf in enumerate(cells) if _first(xf, "xfComplement") is not None
    )


def _tell_ticks(grid: Grid, sheet: etree._Element, formats: Collection[str]) -> None:
    """Note which cells are boxes. They stay cells, for a field may ask for 是 or 否."""
    for node in sheet.iter("{*}c"):
        if node.get("t") == "b" and node.get("s") in formats and node.get("r"):
            place = reference(node.get("r", ""))
            if (cell := grid.cells.get(place)) is not None:
                grid.ticks[place] = TICKED if cell.text == "TRUE" else UNTICKED


# --- comments, and pictures in cells --------------------------------------------------------


def _notes(package: Package, parts: Sequence[str]) -> list[Cell]:
    """The comments on a sheet's cells. A thread stands in the place of the note that stands for it
    where a program knows no threads ([MS-XLSX] 2.6.205).

    Of a broken part only that is told: the cells are none the worse. An unsafe one raises Refusal.
    """
    notes: dict[tuple[int, int], list[str]] = {}
    threads: dict[tuple[int, int], list[str]] = {}
    lost: list[Cell] = []
    for part in parts:
        try:
            root = package.xml(part)
        except Refusal as refusal:
            if refusal.code != "F102":
                raise
            lost = [Cell(0, 0, _LOST)]
            continue
        for note in root.iter("{*}comment"):
            bodies = note.iterchildren("{*}text")
            text = "".join(map(_said, bodies))
            notes.setdefault(_noted(note), []).append(text)
        for thread in root.iter("{*}threadedComment"):
            text = unescape(thread.findtext("{*}text") or "")
            threads.setdefault(_noted(thread), []).append(text)
    told = {at: "\n".join(texts) for at, texts in (notes | threads).items()}
    return lost + [Cell(*at, text) for at, text in sorted(told.items()) if text.strip()]


def _noted(note: etree._Element) -> tuple[int, int]:
    """The cell that a comment is on; the sheet's first when it names none."""
    try:
        return reference(note.get("ref", ""))
    except Refusal:
        return 0, 0


class _InCell:
    """Pictures inside cells: WPS writes =DISPIMG("ID"), Excel 365 a rich value (the cell's `vm`)."""

    def __init__(self, package: Package, workbook_part: str) -> None:
        self._package = package
        self._workbook_part = workbook_part
        self._folder = posixpath.dirname(workbook_part)
        self._by_name: Mapping[str, tuple[str, Look]] | None = None
        self._by_value: Mapping[int, str] | None = None

    def picture(
        self, row: int, col: int, value_metadata: str | None, formula: str | None
    ) -> Anchor | None:
        """The picture of a cell, if it holds one."""
        if formula and (match := _DISPIMG.search(formula)):
            if self._by_name is None:
                self._by_name = dict(self._wps())
            part, look = self._by_name.get(match[1], ("", AS_IT_IS))
            return Anchor(row, col, row, part, "" if part else LINK_ONLY, col, look)
        if formula and _IMAGE.match(formula):
            return Anchor(row, col, row, "", LINK_ONLY, col)
        if value_metadata and value_metadata.isascii() and value_metadata.isdigit():
            if self._by_value is None:
                self._by_value = dict(self._rich_values())
            if part := self._by_value.get(int(value_metadata), ""):
                return Anchor(row, col, row, part, right=col)
        return None

    def _wps(self) -> Iterator[tuple[str, tuple[str, Look]]]:
        usual = f"{self._folder}/cellimages.xml"
        part = self._package.related(self._workbook_part, "cellimage", usual)
        if not part:
            return
        targets = _relations(self._package, part)
        for image in self._package.xml(part).iter("{*}cellImage"):
            name, blip, picture = (_first(image, one) for one in ("cNvPr", "blip", "pic"))
            if name is not None and blip is not None:
                look = AS_IT_IS if picture is None else look_of(picture)
                media = targets.get(_relation_id(blip, "embed"), "")
                yield name.get("name", ""), (media, look)

    def _rich_values(self) -> Iterator[tuple[int, str]]:
        """Follow vm → metadata → rich value → relation → picture ([MS-XLSX] 2.2.4.14)."""
        folder = f"{self._folder}/richData"
        usual = {
            "sheetmetadata": f"{self._folder}/metadata.xml",
            "rdrichvalue": f"{folder}/rdrichvalue.xml",
            "rdrichvaluestructure": f"{folder}/rdrichvaluestructure.xml",
            "richvaluerel": f"{folder}/richValueRel.xml",
        }
        names = [self._package.related(self._workbook_part, *one) for one in usual.items()]
        if not all(names):
            return
        metadata, values, structures, relations = (self._package.xml(name) for name in names)
        targets = _relations(self._package, names[3])
        parts = [targets.get(_relation_id(node), "") for node in relations.iter("{*}rel")]
        keys = [
            [key.get("n") for key in structure.iter("{*}k")]
            for structure in structures.iter("{*}s")
        ]
        pictures: list[str] = []
        for value in values.iter("{*}rv"):
            names_of = keys[_index(value.get("s"), len(keys))] if keys else []
            held = dict(zip(names_of, (v.text for v in value.iter("{*}v")), strict=False))
            at = _index(held.get("_rvRel:LocalImageIdentifier"), len(parts))
            pictures.append(parts[at] if "_rvRel:LocalImageIdentifier" in held and parts else "")
        blocks = [_index(node.get("i"), len(pictures)) for node in metadata.iter("{*}rvb")]
        cells = _first(metadata, "valueMetadata")
        if cells is None or not blocks or not pictures:
            return
        for number, record in enumerate(cells.iter("{*}rc"), 1):
            yield number, pictures[blocks[_index(record.get("v"), len(blocks))]]


def _index(text: str | None, length: int) -> int:
    """A list index written as text; the first when it is none."""
    index = int(text) if text and text.isascii() and text.isdigit() else 0
    return index if index < length else 0
