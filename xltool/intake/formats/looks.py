"""How a cell's words look, so far as it changes what is read: struck out, unseen, in a font of symbols.

Looked at once for a style or a rich text, not for each cell: nearly all have nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from xltool.intake.formats.number_codes import NumberFormat
from xltool.intake.grid import Cell, CellKind, Grid, Seen
from xltool.symbols import as_shown, is_symbolic

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

PAPER: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
_NEAR = 60  # of 255: colours farther apart are two to the eye, however bright they are
_CONTRAST = 1.35  # of their light (WCAG 2, 1.4.3): below it words cannot be told from their ground
_BRIGHT, _CONTRAST_OF_BRIGHT = 0.85, 1.12  # of the light of paper: there hues fade too
_LIGHT = 208  # a ground all of whose colours are so bright hides none but pale words
_PALE = _LIGHT - _NEAR

PALETTE: tuple[Colour, ...] = tuple(
    (code >> 16, code >> 8 & 0xFF, code & 0xFF)
    for code in (
        *(0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF),
        *(0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFF00, 0xFF00FF, 0x00FFFF),
        *(0x800000, 0x008000, 0x000080, 0x808000, 0x800080, 0x008080, 0xC0C0C0, 0x808080),
        *(0x9999FF, 0x993366, 0xFFFFCC, 0xCCFFFF, 0x660066, 0xFF8080, 0x0066CC, 0xCCCCFF),
        *(0x000080, 0xFF00FF, 0xFFFF00, 0x00FFFF, 0x800080, 0x800000, 0x008080, 0x0000FF),
        *(0x00CCFF, 0xCCFFFF, 0xCCFFCC, 0xFFFF99, 0x99CCFF, 0xFF99CC, 0xCC99FF, 0xFFCC99),
        *(0x3366FF, 0x33CCCC, 0x99CC00, 0xFFCC00, 0xFF9900, 0xFF6600, 0x666699, 0x969696),
        *(0x003366, 0x339966, 0x003300, 0x333300, 0x993300, 0x993366, 0x333399, 0x333333),
    )
)
"""The colours that a workbook names by number and does not tell ([ECMA-376] 18.8.27); 64 and 65 are
those of the system: black on white."""

_SET_OFF: Mapping[str, Mapping[int, int]] = {
    "superscript": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "subscript": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}


class Font(NamedTuple):
    """What of a font matters: `colour` is None where the file leaves it to the program; `offset` is
    "superscript" or "subscript" where its letters stand so."""

    name: str = ""
    struck: bool = False
    colour: Colour | None = None
    offset: str = ""

    @property
    def is_mark(self) -> bool:
        """Whether words in it may look otherwise than as words where the ground is light."""
        pale = self.colour is not None and (
            min(self.colour) >= _PALE or _light(self.colour) >= _BRIGHT
        )
        return self.struck or pale or bool(self.offset) or is_symbolic(self.name)


class Style(NamedTuple):
    """A cell's font and ground (None: none that can be told); `hides_text`: its number format shows no
    text."""

    font: Font = Font()
    ground: Colour | None = PAPER
    hides_text: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether words in it stand there for everybody to see, as they are spelled, unless they are
        marked themselves."""
        font = self.font
        seen = not (font.struck or self.hides_text or is_symbolic(font.name) or self.hides(font))
        return seen and self.ground is not None and min(self.ground) >= _LIGHT

    def hides(self, font: Font) -> bool:
        """Whether words in a font cannot be told from the ground: white on white, and on pale yellow."""
        if font.colour is None or self.ground is None:
            return False
        return _hides(self.ground, font.colour)


def _hides(ground: Colour, words: Colour) -> bool:
    dark, light = sorted((_light(ground), _light(words)))
    contrast = (light + 0.05) / (dark + 0.05)
    if any(abs(one - other) > _NEAR for one, other in zip(ground, words, strict=True)):
        return dark >= _BRIGHT and contrast < _CONTRAST_OF_BRIGHT  # yellow on white
    return contrast < _CONTRAST


def seen_on(form: NumberFormat | None, ground: Colour | None) -> NumberFormat | None:
    """A number format as it shows on a ground: what it writes in the ground's colour is unseen."""
    if form is None or ground is None or not (form.colour or any(s.colour for s in form.sections)):
        return form

    def fades(name: str) -> bool:
        colour = _named(name)
        return colour is not None and _hides(ground, colour)

    sections = tuple(replace(one, unseen=fades(one.colour)) for one in form.sections)
    return replace(form, sections=sections, unseen=fades(form.colour))


_NAMES = (
    *(("black", "黑"), ("white", "白"), ("red", "紅"), ("green", "綠")),
    *(("blue", "藍"), ("yellow", "黃"), ("magenta", "洋紅"), ("cyan", "青")),
)
"""What number formats call the first colours of the palette."""


def _named(name: str) -> Colour | None:
    """The colour that a number format names: by its name, or by number."""
    number = name.removeprefix("colour").removeprefix("color").strip()
    if number.isdecimal() and 0 < int(number) <= len(PALETTE) - 8:
        return PALETTE[7 + int(number)]
    known = (at for at, names in enumerate(_NAMES) if name.removesuffix("色") in names)
    return next((PALETTE[at] for at in known), None)


@lru_cache(maxsize=256)
def _light(colour: Colour) -> float:
    """The relative luminance of a colour, 0 to 1 (WCAG 2)."""
    parts = (one / 255 for one in colour)
    red, green, blue = (x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Run(NamedTuple):
    """Words in one font; None: that of the cell."""

    text: str
    font: Font | None = None


class Rich(str):
    """A text with its runs."""

    runs: tuple[Run, ...]

    __slots__ = ("runs",)

    def __new__(cls, runs: Iterable[Run]) -> Rich:
        """The text of the runs together."""
        kept = tuple(runs)
        made = super().__new__(cls, "".join(run.text for run in kept))
        made.runs = kept
        return made


PLAIN = Style()


def as_seen(grid: Grid, cell: Cell, style: Style = PLAIN) -> Cell | None:
    """The cell as the eye reads it; None where all of it is struck out. What is struck out goes to the
    grid's `struck`."""
    words = cell.kind is CellKind.TEXT
    runs = cell.text.runs if isinstance(cell.text, Rich) else (Run(cell.text),)
    kept: list[str] = []
    out: list[str] = []
    unseen = words and style.hides_text
    for run in runs:
        font = run.font or style.font
        text = as_shown(run.text, font.name) if words else run.text
        if run.font is not None and run.font.offset != style.font.offset:
            text = text.translate(_SET_OFF.get(font.offset, {}))  # 10³ is not 103
        (out if font.struck else kept).append(text)
        unseen = unseen or bool(text.strip() and not font.struck and style.hides(font))
    text = "".join(kept)
    if any(part.strip() for part in out):
        grid.struck.append(cell._replace(text="".join(out), look=None))
        if not text.strip():
            return None
    look = (cell.look or Seen())._replace(unseen=True) if unseen else cell.look
    return cell._replace(text=text, look=look)
