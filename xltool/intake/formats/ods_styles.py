"""What an OpenDocument spreadsheet's styles say of its cells, one style at a time (ODF 1.3, 16 and 19)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from xltool.intake.formats.looks import PAPER, PLAIN, Colour, Font, Style
from xltool.intake.guard import Package
from xltool.symbols import is_symbolic

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
STYLE, TABLE = f"{{{_NS}style:1.0}}", f"{{{_NS}table:1.0}}"
_NUMBER, _TEXT, _FO = (
    f"{{{_NS}{name}:1.0}}" for name in ("datastyle", "text", "xsl-fo-compatible")
)
_DATES = {"year", "month", "day"}
_MOST_PARENTS = 20


@dataclass(frozen=True)
class CellStyle:
    """A cell's look, and how it shows numbers and dates. `formats`: a number is shown otherwise than as
    it is; `date`: which parts of one are shown, None where the style does not say."""

    look: Style = PLAIN
    formats: bool = False
    date: frozenset[str] | None = None


@dataclass(frozen=True)
class Words:
    """What a style says of words; None: what they stand in says it."""

    struck: bool | None = None
    colour: Colour | None = None
    font: str | None = None
    offset: str | None = None

    def over(self, font: Font) -> Font:
        """A font with this laid over it."""
        struck = font.struck if self.struck is None else self.struck
        offset = font.offset if self.offset is None else self.offset
        return Font(self.font or font.name, struck, self.colour or font.colour, offset)


class Styles:
    """The styles of a spreadsheet, each looked up when it is first used."""

    def __init__(self, content: etree._Element, package: Package) -> None:
        self._nodes = dict(_named(content))
        self._package = package
        self._common: dict[tuple[str, str], etree._Element] | None = None
        self._pages: dict[str, etree._Element] | None = None
        self._cells: dict[str, CellStyle] = {"": CellStyle()}
        texts = (key for key in self._nodes if key[0] == "text")
        self.spans = {key[1]: _words(self._nodes[key]) for key in texts}
        self.has_marked_spans = any(
            one.struck or one.colour or one.offset or is_symbolic(one.font or "")
            for one in self.spans.values()
        )

    def cell(self, name: str) -> CellStyle:
        """The style of a cell by its name; with all that its parents say."""
        if name not in self._cells:
            self._cells[name] = self._made(name)
        return self._cells[name]

    def shows(self, table: str) -> bool:
        """Whether a sheet of that style is in sight."""
        node = self._node("table", table)
        told = () if node is None else node.iterchildren(f"{STYLE}table-properties")
        return all(one.get(f"{TABLE}display", "true") != "false" for one in told)

    def page(self, table: str) -> etree._Element | None:
        """The page on which a sheet of that style is printed, with its header and footer."""
        node = self._node("table", table)
        name = "" if node is None else node.get(f"{STYLE}master-page-name", "")
        if not name or "styles.xml" not in self._package:
            return None
        if self._pages is None:
            pages = self._package.xml("styles.xml").iter(f"{STYLE}master-page")
            self._pages = {page.get(f"{STYLE}name", ""): page for page in pages}
        return self._pages.get(name)

    def _made(self, name: str) -> CellStyle:
        font, ground, data = Font(), PAPER, ""
        for node in reversed([*self._line("table-cell", name)]):
            font = _words(node).over(font)
            data = node.get(f"{STYLE}data-style-name", data)
            for inner in node.iterchildren(f"{STYLE}table-cell-properties"):
                ground = _colour(inner.get(f"{_FO}background-color", "")) or ground
        form = self._node("", data)
        if form is None:
            return CellStyle(Style(font, ground))
        if form.find(f"{STYLE}map") is None:  # it is the whole of the format
            font = _words(form).over(font)
        parts = {etree.QName(child).localname for child in form.iterchildren("*")}
        date = frozenset(parts) if form.tag == f"{_NUMBER}date-style" else None
        return CellStyle(Style(font, ground), _formats(form), date)

    def _line(self, family: str, name: str) -> Iterator[etree._Element]:
        """A style and its parents."""
        for _ in range(_MOST_PARENTS):
            node = self._node(family, name)
            if node is None:
                return
            yield node
            name = node.get(f"{STYLE}parent-style-name", "")

    def _node(self, family: str, name: str) -> etree._Element | None:
        if not name or (family, name) in self._nodes:
            return self._nodes.get((family, name))
        if self._common is None:
            has = "styles.xml" in self._package
            self._common = dict(_named(self._package.xml("styles.xml"))) if has else {}
        return self._common.get((family, name))


def _named(root: etree._Element) -> Iterator[tuple[tuple[str, str], etree._Element]]:
    """A part's styles by family and name; number formats have no family."""
    for group in root.iterchildren("{*}automatic-styles", "{*}styles"):
        for node in group.iterchildren("*"):
            family = node.get(f"{STYLE}family", "")
            if family in {"table-cell", "text", "table"} or node.tag.startswith(_NUMBER):
                yield (family, node.get(f"{STYLE}name", "")), node


def _words(style: etree._Element) -> Words:
    for inner in style.iterchildren(f"{STYLE}text-properties"):
        line = inner.get(f"{STYLE}text-line-through-style")
        line = inner.get(f"{STYLE}text-line-through-type", line)
        font = inner.get(f"{STYLE}font-name") or inner.get(f"{_FO}font-family")
        return Words(
            None if line is None else line != "none",
            _colour(inner.get(f"{_FO}color", "")),
            None if font is None else font.strip("'\""),
            _offset(inner.get(f"{STYLE}text-position")),
        )
    return Words()


def _offset(position: str | None) -> str | None:
    """How letters stand: raised, lowered, or ("") on their line: "super 58%", "-33% 58%", "0% 100%"."""
    if position is None:
        return None
    where = position.split()[0] if position.split() else ""
    if where in {"super", "sub"}:
        return f"{where}script"
    height = where.removesuffix("%").strip("0.")
    return ("subscript" if height.startswith("-") else "superscript") if height else ""


def _colour(text: str) -> Colour | None:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:], 16)


def _formats(form: etree._Element) -> bool:
    """Whether a number format shows a number otherwise than as it is."""
    children = list(form.iterchildren("*"))
    if form.tag not in {f"{_NUMBER}number-style", f"{_NUMBER}text-style"}:
        return True
    if len(children) != 1:
        return bool(children)
    (one,) = children
    if one.tag == f"{_NUMBER}text-content":
        return False
    said = {etree.QName(name).localname: text for name, text in one.attrib.items()}
    said.pop("min-decimal-places", None)
    return one.tag != f"{_NUMBER}number" or said not in ({}, {"min-integer-digits": "1"})


def shows_whole_date(parts: frozenset[str] | None) -> bool:
    """Whether a date shown in these parts says its year, month and day."""
    return parts is None or parts >= _DATES
