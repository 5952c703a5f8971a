"""What a returned workbook holds, free of its file format: sparse cells, merges, pictures, stamps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from xltool.zh import ROC_OFFSET, TAIPEI, roc_date

MAX_ROW, MAX_COL = 1_048_576, 16_384
MAX_MERGES = 10_000  # on a sheet

_EPOCH = date(1899, 12, 30)
_MAC_OFFSET = 1462  # days from serial 0 of the 1900 system to that of the 1904 system
NOT_CALCULATED = "公式未計算"


class CellKind(StrEnum):
    """What the file says a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"
    WITHHELD = "withheld"  # a number stood here that must not be kept; the text is what is left


class Seen(NamedTuple):
    """What is to be told of how a cell looks. `number`: what its text says, where other words stand
    beside it (0"件"); `unseen`: its words cannot be seen; `rounded`: a number with more digits than a
    spreadsheet keeps; `odd`: the code of a number format that was not followed."""

    number: Decimal | None = None
    unseen: bool = False
    rounded: bool = False
    odd: str = ""


class Cell(NamedTuple):
    """A cell with content. Rows and columns count from 0. `text` is what a person sees.

    Numbers are as their format shows them (plain where it does not say), dates ROC text with `day`
    beside it, those without a year as shown, errors their own name (#DIV/0!), formulas their last
    result.
    """

    row: int
    col: int
    text: str
    kind: CellKind = CellKind.TEXT
    day: date | None = None
    look: Seen | None = None


class Merge(NamedTuple):
    """A merged block: first and last row and column, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Look(NamedTuple):
    """How a sheet shows a picture. Cut off at each side are parts of the whole (0 to 1); then it is
    mirrored left to right, then turned by so many degrees clockwise.

    `outline` is the shape that it was cut to ("ellipse", as DrawingML names them), empty for a rectangle;
    `corner` how far its corners are cut, as a part of the shorter side. `shade` is "grey" or "mono" where
    its colours are left out; `effect` names, for people, what else was laid on it that cannot be drawn.
    """

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0
    mirrored: bool = False
    turn: float = 0
    outline: str = ""
    corner: float = 0
    shade: str = ""
    effect: str = ""


AS_IT_IS = Look()
LIT = "亮度或對比"
"""The effect of a picture made lighter or darker."""


class Anchor(NamedTuple):
    """A picture's place and the part that holds its bytes. `row` None: the file does not tell.

    `bottom` and `right` are the last row and column that it covers, as far as the file tells. `fault`
    says why there are no bytes to be had (a link instead of a picture).
    """

    row: int | None
    col: int
    bottom: int
    part: str
    fault: str = ""
    right: int = 0
    look: Look = AS_IT_IS
    middle: int = -1

    @property
    def centre(self) -> float:
        """The row on which its middle lies, as far as the file tells how high rows are."""
        if self.middle >= 0 or self.row is None:
            return self.middle
        return (self.row + max(self.row, self.bottom)) / 2


class Thing(StrEnum):
    """What is drawn on a sheet and is neither text nor a picture, as people call it."""

    CHART = "圖表"
    DIAGRAM = "SmartArt 圖形"
    OBJECT = "內嵌檔案"
    LINKED = "連結的檔案"
    INK = "手寫筆跡"
    SHAPE = "圖案"
    MODEL = "3D 模型"
    MEDIA = "影音"
    SLICER = "篩選器"
    CHECKBOX = "核取方塊"
    RADIO = "選項按鈕"
    CONTROL = "表單控制項"
    HIDDEN = "隱藏的圖片"
    BACKGROUND = "背景圖片"
    OTHER = "物件"


class Drawn(NamedTuple):
    """Something drawn on a sheet, and the cell where it begins. `words` are its title or label, or what
    kind it is; `ticked` is the state of what can be ticked, as words."""

    row: int
    col: int
    what: Thing
    words: str = ""
    ticked: str = ""


TICKED, UNTICKED, HALF_TICKED = "已勾選", "未勾選", "半勾選"


LINK_ONLY = "圖片只是連結，未存入檔案"
MAX_DRAWN = 1_000  # things on a sheet, each told by its cell
_TITLE = 200  # characters of a title or a label


@dataclass
class Grid:
    """One sheet. `cells` by (row, column); blank ones are absent. `boxes` are texts in shapes, `notes`
    comments on cells, `drawn` what else lies on it, `ticks` the state of cells that are boxes, `struck`
    words that were struck out and so stand in no cell, `margins` those in the header and the footer. `hidden`: the sheet is out of sight;
    `hidden_rows`, `hidden_columns`: rows and columns that are, `hides_zeros`: noughts are. `replaced` names, where a text lost what is no character, what that was
    (`intake.gate`); `withheld`: where numbers stood that must not be kept."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    pictures: list[Anchor] = field(default_factory=list)
    boxes: list[Cell] = field(default_factory=list)
    notes: list[Cell] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    ticks: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: list[Cell] = field(default_factory=list)
    margins: list[Cell] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hides_zeros: bool = False
    replaced: list[Cell] = field(default_factory=list)
    withheld: list[Cell] = field(default_factory=list)
    _starts: dict[tuple[int, int], Merge] = field(default_factory=dict)
    _started: int = 0

    @property
    def beside(self) -> tuple[list[Cell], ...]:
        """All that is said on the sheet beside its cells."""
        return self.boxes, self.notes, self.struck, self.margins

    def tell(self, row: int, col: int, what: Thing, words: str = "", ticked: str = "") -> None:
        """Take note of something drawn, up to `MAX_DRAWN`."""
        if len(self.drawn) < MAX_DRAWN:
            self.drawn.append(Drawn(row, col, what, words[:_TITLE].strip(), ticked))

    def block(self, row: int, col: int) -> Merge:
        """The merged block whose first cell this is; the cell alone when it is not merged."""
        if self._started != len(self.merges):
            self._started = len(self.merges)
            self._starts = {(merge.top, merge.left): merge for merge in reversed(self.merges)}
        return self._starts.get((row, col)) or Merge(row, col, row, col)


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order, custom document properties, and when it was last saved.

    `blobs` are pictures by the part that an anchor names, where the file is no package of parts.
    `pictures_skipped`: there are pictures that cannot be read.
    """

    sheets: tuple[Grid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    saved: str = ""
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    pictures_skipped: bool = False


def saved_stamp(text: str) -> str:
    """When a file was last saved, as UTC in one spelling, so that stamps of all formats compare.

    OpenDocument gives local time without a zone: that of Taipei. Empty when it is no time.
    """
    try:
        moment = datetime.fromisoformat(text.strip()[:26].rstrip("Z") + "Z" * text.endswith("Z"))
    except ValueError:
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=TAIPEI)
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@lru_cache(maxsize=1024)
def column_name(col: int) -> str:
    """A column's letters: 0 is A."""
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def a1(row: int, col: int) -> str:
    """A cell's reference as people write it: (0, 0) is A1."""
    return f"{column_name(col)}{row + 1}"


def plain(number: float) -> str:
    """A number as people read it: the 15 digits that a spreadsheet shows, never an exponent."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{Decimal(format(number, '.15g')):f}"


def percent(number: float) -> str:
    """A number formatted as a percentage: 0.25 is 25%."""
    return plain(float(format(number * 100, ".12g"))) + "%"


def serial_cell(row: int, col: int, serial: float, *, mac: bool = False) -> Cell:
    """The cell of a date or time serial. `mac`: the workbook counts from 1904."""
    days, seconds = int(serial // 1), round(serial % 1 * 86_400)
    clock = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
    if days == 0 and not mac:
        return Cell(row, col, clock)
    if mac:
        days += _MAC_OFFSET
    elif 0 < days < 60:  # the 1900 system has a 29 February 1900 that never was
        days += 1
    try:
        day = _EPOCH + timedelta(days=days)
    except OverflowError:
        return Cell(row, col, plain(serial), CellKind.NUMBER)
    return date_cell(row, col, day, clock if seconds else "")


def date_cell(row: int, col: int, day: date, clock: str = "") -> Cell:
    """The cell of a date. `clock` is its time of day, when it has one."""
    if isinstance(day, datetime):
        day = day.date()
    # ROC years before the Republic would be negative: those stay western, or a person's 114 is lost.
    shown = roc_date(day) if day.year > ROC_OFFSET else f"{day.year}.{day.month:02}.{day.day:02}"
    return Cell(row, col, f"{shown} {clock}".strip(), CellKind.DATE, day)
