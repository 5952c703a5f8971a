"""How a cell's words look, so far as it changes what is read: struck out, unseen, in a font of symbols.

Looked at once for a style or a rich text, not for each cell: nearly all have nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xltool.intake.grid import Cell, CellKind, Grid, Seen
from xltool.symbols import as_shown, is_symbolic

PAPER = (255, 255, 255)
_ALIKE = 8  # of 255: colours so near are one to the eye

Colour = tuple[int, int, int]


class Font(NamedTuple):
    """What of a font matters: `colour` is None where the file leaves it to the program."""

    name: str = ""
    struck: bool = False
    colour: Colour | None = None


class Style(NamedTuple):
    """A cell's font and ground; `hides_text`: its number format shows no text."""

    font: Font = Font()
    ground: Colour | None = PAPER
    hides_text: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether words in it stand there for everybody to see, as they are spelled."""
        font = self.font
        return not (font.struck or self.hides_text or is_symbolic(font.name) or self.hides(font))

    def hides(self, font: Font) -> bool:
        """Whether words in a font have the colour of the ground."""
        if font.colour is None or self.ground is None:
            return False
        pairs = zip(font.colour, self.ground, strict=True)
        return all(abs(one - other) <= _ALIKE for one, other in pairs)


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
        (out if font.struck else kept).append(text)
        unseen = unseen or bool(text.strip() and not font.struck and style.hides(font))
    text = "".join(kept)
    if any(part.strip() for part in out):
        grid.struck.append(cell._replace(text="".join(out), look=None))
        if not text.strip():
            return None
    look = (cell.look or Seen())._replace(unseen=True) if unseen else cell.look
    return cell._replace(text=text, look=look)
