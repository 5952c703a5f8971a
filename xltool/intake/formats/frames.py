"""What is drawn on a sheet of an .ods: the same as `xltool.intake.formats.drawings`, for OpenDocument
(ODF 1.3 part 3, 10 and 13)."""

from __future__ import annotations

import io
import math
import posixpath
import re
from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from xltool.intake.grid import (
    AS_IT_IS,
    HALF_TICKED,
    LINK_ONLY,
    MAX_COL,
    MAX_ROW,
    TICKED,
    UNTICKED,
    Anchor,
    Cell,
    Grid,
    Look,
    Thing,
)
from xltool.intake.guard import Package, Refusal
from xltool.patterns import pattern

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_DRAW, _TABLE, _STYLE, _FORM, _SVG, _TEXT, _CHART = (
    f"{{{_NS}{name}:1.0}}"
    for name in ("drawing", "table", "style", "form", "svg-compatible", "text", "chart")
)
_DR3D = f"{{{_NS}dr3d:1.0}}"
_FO = f"{{{_NS}xsl-fo-compatible:1.0}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LENGTH = pattern(r"(-?[0-9]*\.?[0-9]+)\s*(in|inch|cm|mm|pt|pc|px)?")
_INCH = {"in": 1.0, "inch": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72, "pc": 1 / 6}
_TURN = pattern(r"rotate\s*\(\s*(-?[0-9.eE+-]+)\s*\)")
_STEP = pattern(r"(rotate|translate)\s*\(([^)]*)\)")
_HAIR = 0.02  # inches: what only touches a cell does not lie on it
_SHADES = {"greyscale": "grey", "mono": "mono"}
_USUAL_LINE = 0.2
_Lines = list[tuple[int, float]]  # so many rows or columns, each so many inches
_SCREEN = 96  # dots an inch where a picture does not tell
_SHAPES = {
    "custom-shape": "",
    "rect": "矩形",
    "ellipse": "橢圓",
    "circle": "橢圓",
    "line": "線條",
    "polyline": "線條",
    "polygon": "",
    "path": "",
    "connector": "線條",
    "measure": "線條",
    "regular-polygon": "",
    "caption": "",
    "scene": "",
}
_CONTROLS = {
    "checkbox": (Thing.CHECKBOX, ""),
    "radio": (Thing.RADIO, ""),
    "button": (Thing.CONTROL, "按鈕"),
    "listbox": (Thing.CONTROL, "清單方塊"),
    "combobox": (Thing.CONTROL, "下拉清單"),
    "frame": (Thing.CONTROL, "群組方塊"),
    "fixed-text": (Thing.CONTROL, "標籤"),
    "text": (Thing.CONTROL, "文字方塊"),
    "textarea": (Thing.CONTROL, "文字方塊"),
}


class Frames:
    """Reads what is drawn on a workbook's sheets. `content` is its content.xml."""

    def __init__(self, package: Package, content: etree._Element) -> None:
        self._package = package
        self._content = content
        self._measured: dict[etree._Element, tuple[_Lines, _Lines]] = {}

    def read(self, grid: Grid, node: etree._Element, row: int | None, col: int) -> None:
        """A child of a cell, or (row None) of what lies on a sheet's page: what is drawn there, if
        it is drawn."""
        if not _is_drawn(node):
            return
        name = etree.QName(node).localname
        if name in {"g", "a"}:
            if row is None:
                row, col = self._on_page(node)
            for child in node:
                self.read(grid, child, row, col)
            return
        if row is None:
            row, col = self._on_page(node)
        if name == "frame":
            self._frame(grid, node, row, col)
        elif name == "control":
            self._control(grid, node, row, col)
        elif name in _SHAPES:
            text = _words(node)
            if text:
                grid.boxes.append(Cell(row, col, text))
            else:
                fill = self._looks(node).get(f"{_DRAW}fill") == "bitmap"
                grid.tell(row, col, Thing.SHAPE, "以圖片填滿" if fill else _SHAPES[name])

    def _frame(self, grid: Grid, frame: etree._Element, row: int, col: int) -> None:
        """A frame holds one thing, and after it the same in other formats."""
        for child in frame:
            name = etree.QName(child).localname if _is_drawn(child) else ""
            if name == "image":
                grid.pictures.append(self._picture(frame, child, row, col))
            elif name == "object":
                grid.tell(row, col, *self._object(child.get(_HREF, "")))
            elif name == "object-ole":
                grid.tell(row, col, Thing.OBJECT)
            elif name in {"plugin", "applet", "floating-frame"}:
                grid.tell(row, col, Thing.MEDIA)
            elif name == "text-box":
                if text := _words(child):
                    grid.boxes.append(Cell(row, col, text))
            else:
                continue
            return

    def _picture(self, frame: etree._Element, image: etree._Element, row: int, col: int) -> Anchor:
        href = image.get(_HREF, "")
        inside = bool(href) and ":" not in href and not href.startswith("/")
        part = posixpath.normpath(href) if inside else ""
        bottom, right = _end(frame, row, col)
        middle = -1
        if (moved := self._turned(frame, row, col)) is not None:
            row, col, bottom, right, middle = moved
        fault = "" if inside else LINK_ONLY
        return Anchor(row, col, bottom, part, fault, right, self._look(frame, part), middle)

    def _object(self, href: str) -> tuple[Thing, str]:
        """An embedded document: a chart with its title, or another."""
        part = posixpath.join(posixpath.normpath(href), "content.xml")
        if part not in self._package:
            return Thing.OBJECT, ""
        try:
            root = self._package.xml(part)
        except Refusal as refusal:
            if refusal.code != "F102":
                raise
            return Thing.OBJECT, ""
        chart = next(root.iter(f"{_CHART}chart"), None)
        if chart is None:
            return Thing.OBJECT, ""
        title = next(chart.iterchildren(f"{_CHART}title"), None)
        return Thing.CHART, "" if title is None else _words(title)

    def _control(self, grid: Grid, node: etree._Element, row: int, col: int) -> None:
        form = self._forms.get(node.get(f"{_DRAW}control", ""))
        if form is None:
            grid.tell(row, col, Thing.CONTROL)
            return
        what, kind = _CONTROLS.get(etree.QName(form).localname, (Thing.CONTROL, ""))
        label = form.get(f"{_FORM}label", "") or form.get(f"{_FORM}current-value", "")
        ticked = ""
        if what is Thing.CHECKBOX:
            state = form.get(f"{_FORM}current-state") or form.get(f"{_FORM}state") or ""
            ticked = {"checked": TICKED, "unknown": HALF_TICKED}.get(state, UNTICKED)
        elif what is Thing.RADIO:
            chosen = form.get(f"{_FORM}current-selected") or form.get(f"{_FORM}selected", "")
            ticked = TICKED if chosen == "true" else UNTICKED
        grid.tell(row, col, what, " ".join(filter(None, (kind, label))), ticked)

    @cached_property
    def _forms(self) -> Mapping[str, etree._Element]:
        """The controls by the ids under which drawings name them."""
        found = {}
        for node in self._content.iter(*(f"{_FORM}{name}" for name in _CONTROLS)):
            for key in (_XML_ID, f"{_FORM}id"):
                if one := node.get(key):
                    found[one] = node
        return found

    # Looks

    @cached_property
    def _styles(self) -> Mapping[str, Mapping[str, str]]:
        """What graphic styles say, by name; and how wide columns and high rows are."""
        names = {f"{_STYLE}{kind}-properties" for kind in ("graphic", "table-row", "table-column")}
        return {
            style.get(f"{_STYLE}name", ""): {
                str(key): str(value)
                for child in style
                if child.tag in names
                for key, value in child.attrib.items()
            }
            for style in self._content.iter(f"{_STYLE}style")
        }

    def _looks(self, node: etree._Element) -> Mapping[str, str]:
        return self._styles.get(node.get(f"{_DRAW}style-name", ""), {})

    def _look(self, frame: etree._Element, part: str) -> Look:
        looks = self._looks(frame)
        mirror = looks.get(f"{_STYLE}mirror", "").split()
        upside_down = any(word == "vertical" for word in mirror)
        left_to_right = any(word.startswith("horizontal") for word in mirror)
        found = _TURN.search(frame.get(f"{_DRAW}transform", ""))
        # OpenDocument turns against the clock, in radians.
        turn = -math.degrees(_number(found[1])) if found else 0.0
        turn = round(turn + 180 * upside_down, 4) % 360
        cut = self._cut(looks.get(f"{_FO}clip", ""), part)
        shade = _SHADES.get(looks.get(f"{_DRAW}color-mode", ""), "")
        look = Look(*cut, left_to_right != upside_down, turn, shade=shade)
        return AS_IT_IS if look == AS_IT_IS else look

    def _cut(self, clip: str, part: str) -> tuple[float, float, float, float]:
        """What is cut off left, top, right and bottom: given as lengths of the picture's own size."""
        lengths = [_inches(length) for length in re.split(r"[\s,]+", clip.strip()[5:-1])]
        if not clip.startswith("rect(") or len(lengths) != 4 or not any(lengths):
            return 0, 0, 0, 0
        width, height = self._size(part)
        top, right, bottom, left = (max(length, 0) for length in lengths)
        return left / width, top / height, right / width, bottom / height

    def _size(self, part: str) -> tuple[float, float]:
        """A picture's own size in inches; as good as nothing where it cannot be told, so that all of it
        counts as cut off."""
        from PIL import Image

        try:
            with Image.open(io.BytesIO(self._package.read(part))) as image:
                across, down = image.info.get("dpi") or (_SCREEN, _SCREEN)
                width, height = image.size
                return width / (float(across) or _SCREEN), height / (float(down) or _SCREEN)
        except (Refusal, OSError, ValueError, SyntaxError, TypeError, Image.DecompressionBombError):
            return 1e-9, 1e-9

    # Places

    def _turned(
        self, frame: etree._Element, row: int, col: int
    ) -> tuple[int, int, int, int, int] | None:
        """The cells under a frame that is turned or moved from the corner of its cell: first row and
        column, last row and column, and its middle's row. None for any other."""
        steps = _STEP.findall(frame.get(f"{_DRAW}transform", ""))
        if not steps:
            return None
        width, height = (_inches(frame.get(f"{_SVG}{side}", "")) for side in ("width", "height"))
        corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]
        for step, words in steps:
            numbers = words.replace(",", " ").split()
            if step == "rotate" and numbers:
                turn = _number(numbers[0])
                sin, cos = math.sin(turn), math.cos(turn)
                corners = [(x * cos + y * sin, y * cos - x * sin) for x, y in corners]
            elif step == "translate" and numbers:
                over, down = _inches(numbers[0]), _inches(numbers[-1])
                corners = [(x + over, y + down) for x, y in corners]
        left, top = self._start(frame, row, col)
        xs, ys = [left + x for x, _ in corners], [top + y for _, y in corners]
        first = self._at(frame, min(xs) + _HAIR, min(ys) + _HAIR)
        last = self._at(frame, max(xs) - _HAIR, max(ys) - _HAIR)
        middle, _ = self._at(frame, min(xs), (min(ys) + max(ys)) / 2)
        return *first, max(first[0], last[0]), max(first[1], last[1]), middle

    def _on_page(self, node: etree._Element) -> tuple[int, int]:
        """The cell under the upper left corner of what lies on a sheet's page."""
        if node.get(f"{_DRAW}transform"):
            return 0, 0  # its place is all in there
        one = next((one for one in node.iter() if one.get(f"{_SVG}x")), node)
        return self._at(node, _inches(one.get(f"{_SVG}x", "")), _inches(one.get(f"{_SVG}y", "")))

    def _start(self, node: etree._Element, row: int, col: int) -> tuple[float, float]:
        """How far a cell's corner is from the sheet's left and top."""
        columns, rows = self._lines(node)
        return _length(columns, col), _length(rows, row)

    def _at(self, node: etree._Element, x: float, y: float) -> tuple[int, int]:
        """Row and column so far from the sheet's left and top."""
        columns, rows = self._lines(node)
        return min(_line_at(rows, y), MAX_ROW - 1), min(_line_at(columns, x), MAX_COL - 1)

    def _lines(self, node: etree._Element) -> tuple[_Lines, _Lines]:
        """The columns and rows of the sheet on which something lies."""
        table = next(node.iterancestors(f"{_TABLE}table"), None)
        if table is None:
            return [], []
        known = self._measured.get(table)
        if known is None:
            columns = self._sizes(table, "table-column", "number-columns-repeated", "column-width")
            rows = self._sizes(table, "table-row", "number-rows-repeated", "row-height")
            known = self._measured[table] = columns, rows
        return known

    def _sizes(self, table: etree._Element, kind: str, repeated: str, size: str) -> _Lines:
        found = []
        for node in table.iter(f"{_TABLE}{kind}"):
            text = node.get(f"{_TABLE}{repeated}", "1")
            count = min(int(text), MAX_ROW) if text.isascii() and text.isdigit() else 1
            style = self._styles.get(node.get(f"{_TABLE}style-name", ""), {})
            found.append((count, _inches(style.get(f"{_STYLE}{size}", "")) or _USUAL_LINE))
        return found


def _length(lines: _Lines, until: int) -> float:
    """How long the first so many lines are."""
    length = 0.0
    for count, size in lines:
        length += size * min(count, until)
        until -= count
        if until <= 0:
            break
    return length


def _line_at(lines: _Lines, length: float) -> int:
    """The line so far from the start."""
    line = 0
    for count, size in lines:
        if size * count > length:
            return line + int(max(length, 0) / size)
        length -= size * count
        line += count
    return line


def _is_drawn(node: etree._Element) -> bool:
    return str(node.tag).startswith((_DRAW, _DR3D))


def _words(node: etree._Element) -> str:
    """The words in a shape, a paragraph a line."""
    lines = ("".join(str(text) for text in p.itertext()) for p in node.iter(f"{_TEXT}p"))
    return "\n".join(lines).strip()


def _end(frame: etree._Element, row: int, col: int) -> tuple[int, int]:
    """The last row and column of a frame (Sheet.B12), its first ones where it does not tell."""
    address = frame.get(f"{_TABLE}end-cell-address", "").rpartition(".")[2].replace("$", "")
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", address)
    if match is None:
        return row, col
    last = 0
    for letter in match[1]:
        last = last * 26 + ord(letter) - 64
    return max(row, int(match[2]) - 1), max(col, last - 1)


def _inches(length: str) -> float:
    match = _LENGTH.fullmatch(length.strip())
    if match is None:
        return 0.0
    return _number(match[1]) * _INCH.get(match[2] or "in", 1 / _SCREEN)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return max(min(number, 1e9), -1e9) if number == number else 0.0
