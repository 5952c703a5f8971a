"""What is drawn on a sheet of an .xlsx: pictures as they are shown, and the words in shapes; charts,
diagrams, files, ink, shapes and ticks by their name and cell.

Also of an .xlsb, whose drawings are the same parts (ECMA-376 20.5; [MS-XLSX], [MS-ODRAWXML]).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from xltool.intake.grid import (
    HALF_TICKED,
    LINK_ONLY,
    LIT,
    MAX_DRAWN,
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

Relations = Callable[[str], Mapping[str, str]]
"""A part's relations: their targets by id."""


_REL = pattern(r"\{http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org)/[^}]*relationships\}")
_EMU_PER_POINT, _EMU_PER_CHARACTER = 12_700, 7 * 9_525
_COLUMNS = 256  # whose widths are told
_STEPS = 1_000  # rows or columns over which something is followed
_UNCLOSED = pattern(rb"<br\s*>", re.IGNORECASE)  # as Excel itself writes it in VML
_SHAPE_ID = pattern(r"(\d+)$")
_FILES = (
    ("word.", "Word 文件"),
    ("excel.", "Excel 活頁簿"),
    ("powerpoint.", "PowerPoint 簡報"),
    ("acroexch", "PDF 文件"),
    ("acrobat", "PDF 文件"),
    ("foxit", "PDF 文件"),
    ("visio.", "Visio 圖"),
    ("equation", "方程式"),
    ("package", "檔案"),
    ("packager", "檔案"),
    ("paint.picture", "點陣圖"),
    ("pbrush", "點陣圖"),
    ("wordpad", "WordPad 文件"),
    ("soffice", "LibreOffice 文件"),
    ("opendocument", "LibreOffice 文件"),
)
_CONTROLS = {
    "checkbox": (Thing.CHECKBOX, ""),
    "radio": (Thing.RADIO, ""),
    "button": (Thing.CONTROL, "按鈕"),
    "drop": (Thing.CONTROL, "下拉清單"),
    "list": (Thing.CONTROL, "清單方塊"),
    "gbox": (Thing.CONTROL, "群組方塊"),
    "label": (Thing.CONTROL, "標籤"),
    "edit": (Thing.CONTROL, "文字方塊"),
    "editbox": (Thing.CONTROL, "文字方塊"),
    "spin": (Thing.CONTROL, "微調按鈕"),
    "scroll": (Thing.CONTROL, "捲軸"),
}
_ACTIVE_X = {
    "8bd21d40-ec42-11ce-9e0d-00aa006002f3": (Thing.CHECKBOX, ""),
    "8bd21d50-ec42-11ce-9e0d-00aa006002f3": (Thing.RADIO, ""),
    "8bd21d60-ec42-11ce-9e0d-00aa006002f3": (Thing.CONTROL, "切換按鈕"),
    "8bd21d10-ec42-11ce-9e0d-00aa006002f3": (Thing.CONTROL, "文字方塊"),
    "8bd21d30-ec42-11ce-9e0d-00aa006002f3": (Thing.CONTROL, "下拉清單"),
    "d7053240-ce69-11cd-a777-00dd01143c57": (Thing.CONTROL, "按鈕"),
}
_SHAPES = {"line": "線條", "ellipse": "橢圓", "rect": "矩形", "roundRect": "圓角矩形"}


class _Place(NamedTuple):
    """The cells that something lies on. `row` None: on no cell."""

    row: int | None
    col: int
    bottom: int
    right: int
    middle: int = -1


@dataclass(frozen=True)
class Measures:
    """How high the rows of a sheet are (points, where they are set) and how wide its columns."""

    heights: Mapping[int, str] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)
    height: float = 15.0
    width: float = 9.14
    hidden: frozenset[int] = frozenset()

    def row_height(self, row: int) -> float:
        """In EMU."""
        if row in self.hidden:
            return 0.0
        try:
            return float(self.heights.get(row, self.height)) * _EMU_PER_POINT
        except ValueError:
            return self.height * _EMU_PER_POINT

    def col_width(self, col: int) -> float:
        """In EMU."""
        return self.widths.get(col, self.width) * _EMU_PER_CHARACTER

    def last(self, first: int, length: float, size: Callable[[int], float]) -> int:
        """The line on which something ends that is so long from the start of `first`."""
        at = first
        for at in range(first, first + _STEPS):
            length -= size(at)
            if length <= 0:
                break
        return at

    def middle(self, first: int, last: int) -> int:
        """The row on which the middle lies of what covers these."""
        rows = range(first, min(last, first + _STEPS) + 1)
        return self.last(first, sum(map(self.row_height, rows)) / 2, self.row_height)


def measured(root: etree._Element, heights: Mapping[int, str], hidden: Collection[int]) -> Measures:
    """The measures of a worksheet, whose rows' heights are known already."""
    widths = {}
    height, width = 15.0, 9.14
    for child in root:
        name = _name(child)
        if name == "sheetFormatPr":
            height = _number(child.get("defaultRowHeight")) or height
            width = _number(child.get("defaultColWidth")) or width
        elif name == "cols":
            for col in child:
                wide = 0.0 if _flag(col, "hidden") else _number(col.get("width"))
                first, last = int(_number(col.get("min"))), int(_number(col.get("max")))
                widths.update(dict.fromkeys(range(first - 1, min(last, _COLUMNS)), wide))
        elif name == "sheetData":
            break
    return Measures(heights, widths, height, width, frozenset(hidden))


class _Turn(NamedTuple):
    """Mirrored left to right, then turned clockwise by degrees."""

    mirrored: bool = False
    degrees: float = 0.0

    def within(self, outer: _Turn) -> _Turn:
        """As it is seen in a group that is itself mirrored or turned."""
        inner = -self.degrees if outer.mirrored else self.degrees
        return _Turn(self.mirrored != outer.mirrored, (outer.degrees + inner) % 360)


class Control(NamedTuple):
    """A control or an embedded object, told by the sheet itself; its label stands in a drawing."""

    what: Thing
    kind: str
    ticked: str
    place: _Place | None
    name: str = ""


class Sheet:
    """Reads what lies on one sheet into its grid. `part` is the sheet's, `root` its XML."""

    def __init__(
        self, grid: Grid, package: Package, part: str, relations: Relations, measures: Measures
    ) -> None:
        self._grid = grid
        self._package = package
        self._relations = relations
        self._measures = measures
        self._targets = relations(part)
        self._controls: dict[str, Control] = {}
        self._labels: dict[str, str] = {}
        self._spans = 0

    def read(self, root: etree._Element) -> None:
        """Everything that the sheet refers to."""
        drawings, old = [], []
        for child in root:
            name = _name(child)
            if name == "drawing":
                drawings.append(self._part(child))
            elif name == "legacyDrawing":
                old.append(self._part(child))
            elif name == "picture" and self._part(child):
                self._grid.tell(0, 0, Thing.BACKGROUND)
            elif name == "legacyDrawingHF" and self._part(child):
                self._grid.tell(0, 0, Thing.OTHER, "頁首頁尾的圖片")
            elif name in {"controls", "oleObjects", "AlternateContent"}:
                self._declared(child)
        self.read_parts([*filter(None, drawings)], [*filter(None, old)])

    def read_parts(self, drawings: list[str], old: list[str]) -> None:
        """Drawings, and those of the old kind (VML) for what they alone hold."""
        for part in old:
            self._vml(part)
        for part in drawings:
            self._drawing(part)
        for shape, control in self._controls.items():
            place = control.place or _Place(0, 0, 0, 0)
            words = " ".join(filter(None, (control.kind, self._labels.get(shape, ""))))
            self._grid.tell(place.row or 0, place.col, control.what, words, control.ticked)

    def _part(self, node: etree._Element) -> str:
        part = self._targets.get(relation_id(node), "")
        return part if part in self._package else ""

    # Drawings

    def _drawing(self, part: str) -> None:
        targets = self._relations(part)
        for anchor in _unwrapped(self._package.xml(part)):
            place = self._span(anchor)
            for node in _unwrapped(anchor):
                self._thing(node, place, _Turn(), targets)

    def _thing(
        self, node: etree._Element, place: _Place, turn: _Turn, targets: Mapping[str, str]
    ) -> None:
        name = _name(node)
        row, col = place.row or 0, place.col
        if name == "pic":
            self._picture(node, place, turn, targets)
        elif name == "sp":
            self._shape(node, place, turn, targets)
        elif name == "grpSp":
            inner = _turned(_child(_child(node, "grpSpPr"), "xfrm")).within(turn)
            for child in _unwrapped(node):
                self._thing(child, place, inner, targets)
        elif name == "cxnSp":
            self._grid.tell(row, col, Thing.SHAPE, "線條")
        elif name == "graphicFrame":
            self._grid.tell(row, col, *self._frame(node, targets))
        elif name == "contentPart":
            self._grid.tell(row, col, Thing.INK)

    def _picture(
        self, node: etree._Element, place: _Place, turn: _Turn, targets: Mapping[str, str]
    ) -> None:
        if self._is_control(node):
            return
        if _flag(_first(node, "cNvPr"), "hidden"):
            self._grid.tell(place.row or 0, place.col, Thing.HIDDEN)
            return
        self._filled(_child(node, "blipFill"), _child(node, "spPr"), place, turn, targets)

    def _filled(
        self,
        fill: etree._Element | None,
        looks: etree._Element | None,
        place: _Place,
        turn: _Turn,
        targets: Mapping[str, str],
    ) -> None:
        """A picture, or a shape that a picture fills."""
        blip = _child(fill, "blip")
        if blip is None:
            self._grid.tell(place.row or 0, place.col, Thing.OTHER)
            return
        if _is_clear(blip):
            self._grid.tell(place.row or 0, place.col, Thing.HIDDEN)
            return
        media = targets.get(relation_id(blip, "embed"), "")
        fault = "" if media else LINK_ONLY
        look = _look(fill, looks, turn)
        self._grid.pictures.append(
            Anchor(*place[:3], media, fault, place.right, look, place.middle)
        )

    def _shape(
        self, node: etree._Element, place: _Place, turn: _Turn, targets: Mapping[str, str]
    ) -> None:
        row, col = place.row or 0, place.col
        body = _child(node, "txBody")
        text = "" if body is None else _text(body)
        if self._is_control(node, text):
            return
        looks = _child(node, "spPr")
        fill = _child(looks, "blipFill")
        if text:
            self._grid.boxes.append(Cell(row, col, text))
        if _flag(_first(node, "cNvPr"), "hidden"):
            return
        if fill is not None:
            self._filled(fill, looks, place, turn, targets)
        elif not text:
            geometry = _child(looks, "prstGeom")
            kind = "" if geometry is None else geometry.get("prst", "")
            self._grid.tell(row, col, Thing.SHAPE, _SHAPES.get(kind, ""))

    def _is_control(self, node: etree._Element, label: str = "") -> bool:
        """Whether a shape only stands for a control that the sheet declares; its label is noted."""
        legacy, own = _first(node, "compatExt"), _first(node, "cNvPr")
        names = (
            "" if legacy is None else legacy.get("spid", ""),
            "" if own is None else own.get("id", ""),
        )
        shape = _shape_id(names[0]) or names[1]
        if legacy is None and shape not in self._controls:
            return False
        if label:
            self._labels.setdefault(shape, label)
        return shape in self._controls

    def _frame(self, node: etree._Element, targets: Mapping[str, str]) -> tuple[Thing, str]:
        data = _first(node, "graphicData")
        kind = "" if data is None else data.get("uri", "").rpartition("/")[2].lower()
        if data is not None and kind in {"chart", "chartex"}:
            return Thing.CHART, self._title(targets.get(relation_id(next(iter(data), data)), ""))
        if data is not None and kind == "diagram":
            ids = _first(data, "relIds")
            part = "" if ids is None else targets.get(relation_id(ids, "dm"), "")
            return Thing.DIAGRAM, self._words(part)
        if kind in {"slicer", "timeslicer"}:
            return Thing.SLICER, ""
        if kind == "model3d":
            return Thing.MODEL, ""
        return Thing.OTHER, ""

    def _title(self, part: str) -> str:
        """A chart's title."""
        root = self._extra(part)
        title = None if root is None else _first(root, "title")
        return "" if title is None else _text(title)

    def _words(self, part: str) -> str:
        """The words that somebody typed into a diagram."""
        root = self._extra(part)
        if root is None:
            return ""
        told = (_text(point) for point in root.iter("{*}pt") if point.get("type", "node") == "node")
        return "、".join(filter(None, told))

    def _extra(self, part: str) -> etree._Element | None:
        """A part that only tells more of something; None where it cannot be read."""
        if part not in self._package:
            return None
        try:
            return self._package.xml(part)
        except Refusal as refusal:
            if refusal.code != "F102":
                raise
            return None

    # Controls and objects

    def _declared(self, node: etree._Element) -> None:
        for one in node.iter("{*}control", "{*}oleObject"):
            shape = one.get("shapeId", "")
            if not shape or len(self._controls) >= MAX_DRAWN:
                continue
            known = self._controls.get(shape)
            anchor = _first(one, "anchor")
            # LibreOffice writes every anchor as nothing in the first cell (seen in 7.4).
            told = anchor is not None and _joined(anchor).strip("0 ") != ""
            place = self._span(anchor) if anchor is not None and told else None
            if known is not None:
                if known.place is None and place is not None:
                    self._controls[shape] = known._replace(place=place)
                continue
            if _name(one) == "control":
                self._controls[shape] = Control(*self._state(one), place, one.get("name", ""))
            else:
                linked = one.get("link") is not None
                what = Thing.LINKED if linked else Thing.OBJECT
                self._controls[shape] = Control(what, file_kind(one.get("progId", "")), "", place)

    def _state(self, node: etree._Element) -> tuple[Thing, str, str]:
        root = self._extra(self._part(node))
        if root is None:
            return Thing.CONTROL, "", ""
        if _name(root) == "ocx":
            number = next((v for k, v in root.attrib.items() if str(k).endswith("classid")), "")
            what, kind = _ACTIVE_X.get(str(number).strip("{}").lower(), (Thing.CONTROL, ""))
            return what, kind, ""
        return control_state(root.get("objectType", ""), root.get("checked", ""))

    def _vml(self, part: str) -> None:
        """What only an old drawing tells: controls of programs that write no others, and where objects
        lie. Comments stand there too, which are read elsewhere."""
        data = self._package.read(part)
        if data.count(b"ObjectType=") == data.count(b'ObjectType="Note"'):
            return
        for shape in _old_shapes(data):
            client = _first(shape, "ClientData")
            kind = "" if client is None else client.get("ObjectType", "")
            if client is None or kind == "Note":
                continue
            label = "" if (box := _first(shape, "textbox")) is None else _joined(box)
            place = self._old_span(client.findtext("{*}Anchor") or "")
            number = self._declared_as(_shape_id(_spid(shape)), label)
            known = self._controls.get(number)
            if known is not None:
                self._controls[number] = known._replace(place=known.place or place)
            elif len(self._controls) >= MAX_DRAWN:
                break
            elif kind.lower() in _CONTROLS:
                state = control_state(kind, (client.findtext("{*}Checked") or "").strip())
                self._controls[number] = Control(*state, place)
            elif kind == "Pict" and _first(shape, "imagedata") is not None:
                self._controls[number] = Control(Thing.OTHER, "", "", place)
            if label:
                self._labels.setdefault(number, label)

    def _declared_as(self, number: str, label: str) -> str:
        """Under which id the sheet declares what an old drawing shows, told by its id, or by its label;
        an id of its own where it declares none."""
        if number in self._controls:
            return number
        for shape, control in self._controls.items():
            if label and control.place is None and control.name == label:
                return shape
        return number if number not in {"", "0"} else f"old{len(self._controls)}"

    def _old_span(self, anchor: str) -> _Place:
        """Left column, its offset, top row, its offset, and the same of the other corner."""
        numbers = [int(word) for word in re.findall(r"\d{1,7}", anchor)]
        if len(numbers) < 8:
            return _Place(0, 0, 0, 0)
        return _Place(numbers[2], numbers[0], numbers[6], numbers[4])

    # Places

    def _span(self, anchor: etree._Element) -> _Place:
        """The cells that an anchor covers. What begins in the lower half of a row was meant for the
        next."""
        self._spans += 1
        # Nobody lays out so many; somebody might, to keep us busy.
        measures = self._measures if self._spans <= MAX_DRAWN else None
        start, end = _child(anchor, "from"), _child(anchor, "to")
        if start is None:
            at = _child(anchor, "pos")
            if at is None or measures is None:
                return _Place(None, 0, 0, 0)
            row = measures.last(0, _number(at.get("y")), measures.row_height)
            col = measures.last(0, _number(at.get("x")), measures.col_width)
            low = across = 0.0
        else:
            row, col = _whole(start, "row"), _whole(start, "col")
            low, across = float(_whole(start, "rowOff")), float(_whole(start, "colOff"))
        bottom, right = row, col
        if end is not None:
            # What ends where a cell begins does not reach into it.
            bottom = _whole(end, "row") - (_whole(end, "rowOff") == 0)
            right = _whole(end, "col") - (_whole(end, "colOff") == 0)
        elif (size := _child(anchor, "ext")) is not None and measures is not None:
            bottom = measures.last(row, low + _number(size.get("cy")), measures.row_height)
            right = measures.last(col, across + _number(size.get("cx")), measures.col_width)
        row += low > self._measures.row_height(row) / 2
        bottom = max(row, bottom)
        middle = -1 if bottom == row or measures is None else measures.middle(row, bottom)
        return _Place(row, col, bottom, max(col, right), middle)


def control_state(kind: str, checked: str) -> tuple[Thing, str, str]:
    """What a form control is by the file's word for it, and whether it is ticked."""
    what, words = _CONTROLS.get(kind.lower(), (Thing.CONTROL, ""))
    if what is Thing.CONTROL:
        return what, words, ""
    marks = {"checked": TICKED, "1": TICKED, "mixed": HALF_TICKED, "2": HALF_TICKED}
    return what, words, marks.get(checked.lower(), UNTICKED)


def file_kind(program: str) -> str:
    """What an embedded file is, by the program that it names (Word.Document.12)."""
    name = program.lower()
    return next((kind for start, kind in _FILES if start in name), "")


def relation_id(node: etree._Element, name: str = "id") -> str:
    """The id of the relation that a node refers to; of both spellings of the standard."""
    for key, value in node.attrib.items():
        if (match := _REL.match(str(key))) and str(key)[match.end() :] == name:
            return str(value)
    return ""


# --- looks --------------------------------------------------------------------------------------


def look_of(picture: etree._Element) -> Look:
    """How a picture is shown that stands in no drawing."""
    return _look(_child(picture, "blipFill"), _child(picture, "spPr"), _Turn())


def _look(fill: etree._Element | None, looks: etree._Element | None, turn: _Turn) -> Look:
    shown = _turned(_child(looks, "xfrm")).within(turn)
    return Look(
        *_cut(fill),
        shown.mirrored,
        shown.degrees,
        *_outline(looks),
        *_effects(_child(fill, "blip")),
    )


_SHADES = {"grayscl": "grey", "biLevel": "mono"}
_EFFECTS = {
    "lum": LIT,
    "brightnessContrast": LIT,
    "sharpenSoften": "銳利化或柔邊",
    "duotone": "雙色調",
    "clrChange": "透明色彩",
    "clrRepl": "單一色彩",
    "alphaModFix": "透明度",
    "saturation": "色彩飽和度",
    "colorTemperature": "色溫",
    "hsl": "色調",
    "tint": "色調",
}
_CLEAR = 0.05  # of a picture: less of it nobody sees


def _effects(blip: etree._Element | None) -> tuple[str, str]:
    """What is laid on a picture ([ECMA-376] 20.1.8.13; [MS-ODRAWXML] 2.4): how its colours are left out,
    and the names of what else there is."""
    names = [] if blip is None else [str(n.tag).rpartition("}")[2] for n in blip.iterdescendants()]
    shade = next((_SHADES[name] for name in names if name in _SHADES), "")
    others = [
        "美術效果" if name.startswith("artistic") else _EFFECTS[name]
        for name in names
        if name in _EFFECTS or name.startswith("artistic")
    ]
    return shade, "、".join(dict.fromkeys(others))


def _is_clear(blip: etree._Element) -> bool:
    """Whether a picture is so transparent that nobody sees it."""
    alpha = _child(blip, "alphaModFix")
    return alpha is not None and _part_of(alpha.get("amt", "100000")) < _CLEAR


def _turned(xfrm: etree._Element | None) -> _Turn:
    """How a shape is turned. Upside down is mirrored and turned by half."""
    if xfrm is None:
        return _Turn()
    upside_down = _flag(xfrm, "flipV")
    degrees = _number(xfrm.get("rot")) / 60_000 + 180 * upside_down
    return _Turn(_flag(xfrm, "flipH") != upside_down, degrees % 360)


def _cut(fill: etree._Element | None) -> tuple[float, float, float, float]:
    """What is cut off left, top, right and bottom: of the source, and by a stretch beyond the shape."""
    source = _sides(_child(fill, "srcRect"))
    beyond = _sides(_child(_child(fill, "stretch"), "fillRect"))
    cut = []
    for side, other in ((0, 2), (1, 3), (2, 0), (3, 1)):
        kept = 1 - max(source[side], 0) - max(source[other], 0)
        spread = 1 - min(beyond[side], 0) - min(beyond[other], 0)
        cut.append(max(source[side], 0) + kept * max(-beyond[side], 0) / spread)
    return cut[0], cut[1], cut[2], cut[3]


def _sides(node: etree._Element | None) -> tuple[float, float, float, float]:
    if node is None:
        return 0, 0, 0, 0
    left, top, right, bottom = (_part_of(node.get(side, "")) for side in "ltrb")
    return left, top, right, bottom


def _part_of(text: str) -> float:
    """Thousandths of a percent, or a percentage."""
    text = text.strip()
    number = _number(text.removesuffix("%"))
    return number / 100 if text.endswith("%") else number / 100_000


def _outline(looks: etree._Element | None) -> tuple[str, float]:
    """The shape that a picture is cut to, and how far its corners are; empty for a rectangle."""
    if looks is None:
        return "", 0
    if _child(looks, "custGeom") is not None:
        return "自訂形狀", 0
    geometry = _child(looks, "prstGeom")
    kind = "rect" if geometry is None else geometry.get("prst", "rect")
    if geometry is None or kind == "rect":
        return "", 0
    guides = [gd.get("fmla", "").removeprefix("val ") for gd in geometry.iter("{*}gd")]
    usual = 29_289 if kind == "octagon" else 16_667
    corner = max(map(_number, guides), default=usual) / 100_000
    return kind, min(max(corner, 0), 0.5)


# --- reading XML --------------------------------------------------------------------------------


def _unwrapped(node: etree._Element) -> Iterator[etree._Element]:
    """The children, those in a choice of what newer programs know in its place; in place of one that
    says nothing, what is written for older ones."""
    for child in node:
        if _name(child) != "AlternateContent":
            yield child
            continue
        for choice in child:
            inside = [*_unwrapped(choice)]
            if inside:
                yield from inside
                break


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname


def _child(node: etree._Element | None, name: str) -> etree._Element | None:
    return None if node is None else next(node.iterchildren(f"{{*}}{name}"), None)


def _first(node: etree._Element, name: str) -> etree._Element | None:
    return next(node.iter(f"{{*}}{name}"), None)


def _flag(node: etree._Element | None, name: str) -> bool:
    return node is not None and node.get(name) in {"1", "true", "on"}


def _text(body: etree._Element) -> str:
    """The words of a body of text, a paragraph a line."""
    lines = ("".join(t.text or "" for t in line.iter("{*}t")) for line in body.iter("{*}p"))
    return "\n".join(lines).strip()


def _joined(node: etree._Element) -> str:
    return " ".join("".join(str(text) for text in node.itertext()).split())


def _number(text: str | None) -> float:
    """A number as written, within bounds; 0 when it is none."""
    try:
        number = float(text or 0)
    except ValueError:
        return 0
    return max(min(number, 1e12), -1e12) if number == number else 0


def _whole(node: etree._Element, name: str) -> int:
    text = (node.findtext(f"{{*}}{name}") or "").strip()
    return min(int(text[:9]), 10**9) if text.isascii() and text.isdigit() else 0


def _shape_id(text: str) -> str:
    """The number at the end of a shape's name (_x0000_s1025)."""
    match = _SHAPE_ID.search(text)
    return match[1] if match else ""


def _spid(shape: etree._Element) -> str:
    spid = next((str(v) for k, v in shape.attrib.items() if str(k).endswith("}spid")), "")
    return spid or shape.get("id", "")


def _old_shapes(data: bytes) -> Iterator[etree._Element]:
    """The shapes of a VML part, which need not be well-formed."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(_UNCLOSED.sub(b"<br/>", data), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    yield from root.iter("{urn:schemas-microsoft-com:vml}shape")
