"""What a workbook's styles say of its cells, one style at a time ([ECMA-376] 18.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from xltool.intake.formats.looks import PAPER, Colour, Font, Style
from xltool.intake.formats.number_codes import BUILTIN, NumberFormat, number_format
from xltool.patterns import pattern
from xltool.symbols import is_symbolic

_BLACK: Colour = (0, 0, 0)
_INDEXED: Mapping[int, Colour] = {0: _BLACK, 8: _BLACK, 64: _BLACK, 1: PAPER, 9: PAPER, 65: PAPER}
_APART = 1_000  # more than any two shades of red
_PALE = pattern(r"(?:[0-9A-Fa-f]{2})?(?:[Ff][7-9A-Fa-f]){3}")
_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Styles:
    """`formats` by a cell's style, None for numbers as they are; `looks` by the same as the file spells
    it, only those that change what is read."""

    formats: tuple[NumberFormat | None, ...] = ()
    looks: Mapping[str, Style] = field(default_factory=dict)

    def format(self, style: str | None) -> NumberFormat | None:
        """The number format of a cell's style."""
        index = int(style) if style and style.isascii() and style.isdigit() else 0
        return self.formats[index] if index < len(self.formats) else None


def read_styles(root: etree._Element) -> Styles:
    """All cell styles of a workbook."""
    codes = {
        node.get("numFmtId", ""): node.get("formatCode", "") for node in root.iter("{*}numFmt")
    }
    xfs = _children(root, "cellXfs")
    fonts = [read_font(node) for node in _children(root, "fonts")]
    grounds = [_ground(node) for node in _children(root, "fills")]
    formats = [_format(xf.get("numFmtId", "0"), codes) for xf in xfs]
    looks = {}
    for number, (xf, form) in enumerate(zip(xfs, formats, strict=True)):
        ground = _nth(grounds, xf.get("fillId")) if grounds else PAPER
        font = _nth(fonts, xf.get("fontId")) or Font()
        look = Style(font, ground, hides_text=form is not None and form.hides_text)
        if not look.is_plain:
            looks[str(number)] = look
    return Styles(tuple(formats), looks)


def marked_texts(root: etree._Element) -> set[etree._Element]:
    """The rich texts of a part whose runs may look otherwise than as words: struck out, white, in a font
    of symbols. Most have nothing of it, and all labels of ours are rich."""
    marked = (node for node in root.iter("{*}strike", "{*}rFont", "{*}color") if _is_mark(node))
    texts = (next(node.iterancestors("{*}si"), None) for node in marked)
    return {text for text in texts if text is not None}


def _is_mark(node: etree._Element) -> bool:
    if node.tag.endswith("}color"):
        rgb = node.get("rgb")
        if rgb is None:
            return node.get("theme") == "0" or "indexed" in node.attrib
        return _PALE.fullmatch(rgb) is not None
    return not node.tag.endswith("}rFont") or is_symbolic(node.get("val", ""))


def read_font(node: etree._Element) -> Font:
    """A font, of a style or of a run of rich text."""
    name, struck, colour = "", False, None
    for child in node:
        tag = child.tag.rpartition("}")[2]
        if tag in {"name", "rFont"}:
            name = child.get("val", "")
        elif tag == "strike":
            struck = child.get("val", "1") not in {"0", "false", "off"}
        elif tag == "color":
            colour = _colour(child)
    return Font(name, struck, colour)


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    node = next(root.iterchildren(f"{{*}}{name}"), None)
    return [] if node is None else list(node.iterchildren("*"))


def _nth(things: Sequence[_Thing], index: str | None) -> _Thing | None:
    number = int(index) if index and index.isascii() and index.isdigit() else 0
    return things[number] if number < len(things) else None


def _format(number: str, codes: Mapping[str, str]) -> NumberFormat | None:
    if number in codes:
        return number_format(codes[number])
    known = number.isascii() and number.isdigit() and BUILTIN.get(int(number))
    return number_format(known) if known else None


def _ground(fill: etree._Element) -> Colour | None:
    """The colour behind the words; None where it is none that can be told: a pattern, a gradient."""
    pattern = next(fill.iterchildren("{*}patternFill"), None)
    if pattern is None or pattern.get("patternType", "none") not in {"none", "solid"}:
        return None
    if pattern.get("patternType", "none") == "none":
        return PAPER
    colour = next(pattern.iterchildren("{*}fgColor"), None)
    return PAPER if colour is None else _colour(colour)


def _colour(node: etree._Element) -> Colour | None:
    """A colour. Those of the theme and the palette that are neither black nor white have no red, green
    and blue here, but a triple of their own: they are only compared."""
    if (rgb := node.get("rgb", "")) and re.fullmatch(r"(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", rgb):
        return int(rgb[-6:-4], 16), int(rgb[-4:-2], 16), int(rgb[-2:], 16)
    if (index := node.get("indexed", "")).isdigit() and index.isascii():
        number = int(index[:4])
        return _INDEXED.get(number, (_APART * (number + 1), 0, 0))
    if (theme := node.get("theme", "")).isdigit() and theme.isascii():
        try:
            tint = max(-1.0, min(1.0, float(node.get("tint", "0"))))
        except ValueError:
            tint = 0.0
        number = int(theme[:4])
        if number == 0 and tint <= 0:
            return (round(255 * (1 + tint)),) * 3
        if number == 1 and tint >= 0:
            return (round(255 * tint),) * 3
        return -_APART * (number + 1), round(tint * _APART), 0
    return None
