"""What a workbook's styles say of its cells, one style at a time ([ECMA-376] 18.8)."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from xltool.intake.formats.looks import BLACK, PALETTE, PAPER, Colour, Font, Style, seen_on
from xltool.intake.formats.number_codes import BUILTIN, NumberFormat, number_format
from xltool.patterns import pattern

_RGB = pattern(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_OFFICE: tuple[Colour | None, ...] = (
    *(PAPER, BLACK, (231, 230, 230), (68, 84, 106), (68, 114, 196), (237, 125, 49)),
    *((165, 165, 165), (255, 192, 0), (91, 155, 213), (112, 173, 71), (5, 99, 193), (149, 79, 114)),
)
"""The theme of a workbook that names none: Office's own."""
_OFFSETS = {"superscript", "subscript"}
_Thing = TypeVar("_Thing")


class Colours:
    """The colours that a workbook names: as red, green and blue, by number, or by their place in its
    theme, whose part is read when one is first asked for."""

    def __init__(self, theme: Callable[[], etree._Element | None] = lambda: None) -> None:
        self._theme: tuple[Colour | None, ...] | None = None
        self._read = theme
        self.palette: Sequence[Colour] = PALETTE

    def of(self, node: etree._Element) -> Colour | None:
        """A colour ([ECMA-376] 18.8.3); None for one that the program chooses."""
        if match := _RGB.fullmatch(node.get("rgb", "")):
            return _rgb(match[1])
        if (number := _number(node.get("indexed"))) is not None:
            system = {64: BLACK, 65: PAPER}.get(number)
            return self.palette[number] if number < len(self.palette) else system
        if (number := _number(node.get("theme"))) is not None:
            colour = (PAPER, BLACK)[number] if number < 2 else self._of_theme(number)
            return None if colour is None else _tinted(colour, node.get("tint", "0"))
        return None

    def _of_theme(self, number: int) -> Colour | None:
        if self._theme is None:
            root = self._read()
            scheme = None if root is None else next(root.iter("{*}clrScheme"), None)
            told = [] if scheme is None else [_of_scheme(one) for one in scheme.iterchildren("*")]
            # The scheme tells dark before light, cells count light before dark.
            order = (1, 0, 3, 2, *range(4, len(told)))
            self._theme = tuple(told[n] for n in order) if len(told) > 3 else _OFFICE
        return self._theme[number] if number < len(self._theme) else None


def _of_scheme(entry: etree._Element) -> Colour | None:
    one = next(entry.iterchildren("*"), None)
    match = None if one is None else _RGB.fullmatch(one.get("lastClr") or one.get("val") or "")
    return _rgb(match[1]) if match else None


def _rgb(six: str) -> Colour:
    return int(six[:2], 16), int(six[2:4], 16), int(six[4:], 16)


def _number(text: str | None) -> int | None:
    return int(text[:4]) if text and text.isascii() and text.isdigit() else None


def _tinted(colour: Colour, tint: str) -> Colour:
    """A colour made lighter, or (below 0) darker ([ECMA-376] 18.8.19)."""
    try:
        part = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        return colour
    if not part:
        return colour
    hue, light, full = colorsys.rgb_to_hls(*(one / 255 for one in colour))
    light = light * (1 + part) if part < 0 else light + (1 - light) * part
    red, green, blue = (round(255 * one) for one in colorsys.hls_to_rgb(hue, light, full))
    return red, green, blue


@dataclass(frozen=True)
class Styles:
    """`formats` by a cell's style, None for numbers as they are; `looks` by the same as the file spells
    it, only those that may change what is read; `texts` so the formats that say how a text shows."""

    formats: tuple[NumberFormat | None, ...] = ()
    looks: Mapping[str, Style] = field(default_factory=dict)
    texts: Mapping[str, NumberFormat] = field(default_factory=dict)

    def format(self, style: str | None) -> NumberFormat | None:
        """The number format of a cell's style."""
        index = int(style) if style and style.isascii() and style.isdigit() else 0
        return self.formats[index] if index < len(self.formats) else None


def read_styles(root: etree._Element, colours: Colours) -> Styles:
    """All cell styles of a workbook. Those of its colours that it tells are taken into `colours`."""
    if told := [_rgb(match[1]) for match in _told_palette(root)]:
        colours.palette = told
    codes = {
        node.get("numFmtId", ""): node.get("formatCode", "") for node in _children(root, "numFmts")
    }
    xfs = _children(root, "cellXfs")
    fonts = [read_font(node, colours) for node in _children(root, "fonts")]
    grounds = [_ground(node, colours) for node in _children(root, "fills")]
    formats = [_format(xf.get("numFmtId", "0"), codes) for xf in xfs]
    looks = {}
    texts = {}
    for number, (xf, form) in enumerate(zip(xfs, formats, strict=True)):
        ground = _nth(grounds, xf.get("fillId")) if grounds else PAPER
        font = _nth(fonts, xf.get("fontId")) or Font()
        form = formats[number] = seen_on(form, ground)
        look = Style(font, ground, hides_text=form is not None and form.hides_text)
        if not look.is_plain:
            looks[str(number)] = look
        if form is not None and form.says_of_text:
            texts[str(number)] = form
    return Styles(tuple(formats), looks, texts)


def _told_palette(root: etree._Element) -> list[re.Match[str]]:
    colours = next(root.iterchildren("{*}colors"), None)
    nodes = () if colours is None else colours.iter("{*}rgbColor")
    return [match for node in nodes if (match := _RGB.fullmatch(node.get("rgb", "")))]


def read_font(node: etree._Element, colours: Colours) -> Font:
    """A font, of a style or of a run of rich text."""
    name, struck, colour, offset = "", False, None, ""
    for child in node:
        tag = child.tag
        if tag.endswith(("}rFont", "}name")):
            name = child.get("val", "")
        elif tag.endswith("}color"):
            colour = colours.of(child)
        elif tag.endswith("}strike"):
            struck = child.get("val", "1") not in {"0", "false", "off"}
        elif tag.endswith("}vertAlign"):
            offset = child.get("val", "")
    return Font(name, struck, colour, offset if offset in _OFFSETS else "")


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


def _ground(fill: etree._Element, colours: Colours) -> Colour | None:
    """The colour behind the words; None where it is none that can be told: a pattern, a gradient."""
    filled = next(fill.iterchildren("{*}patternFill"), None)
    if filled is None or filled.get("patternType", "none") not in {"none", "solid"}:
        return None
    if filled.get("patternType", "none") == "none":
        return PAPER
    colour = next(filled.iterchildren("{*}fgColor"), None)
    return None if colour is None else colours.of(colour)
