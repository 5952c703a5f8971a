"""How our cells look."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from xltool.outputs.living.table import INDENT
from xltool.outputs.style import CHARSET, FONT, SIZE, Colour, TrackerColour

# Text stands beside every colour: colour alone tells nothing on a black-and-white print.
TONES: Mapping[str, str] = {
    word: colour.bare
    for colour, words in (
        (TrackerColour.DONE, ("已繳", "採用", "已核章")),
        (TrackerColour.IDLE, ("無辦理", "未採用", "重複")),
        (TrackerColour.OPEN, ("尚未核章", "待修正", "退回", "提醒", "未評", "▲", "未提出")),
        (
            TrackerColour.FAULT,
            ("未繳", "無法讀取", "錯誤", "待釐清", "不成會", "未決", "未選派", "衝突"),
        ),
        (TrackerColour.EDITED, ("保留您的內容",)),
    )
    for word in words
}
NOTE_HEAD, NOTE_FILL = TrackerColour.NOTE_HEAD.bare, TrackerColour.NOTE.bare
EDIT_FILL, LINK_COLOUR = TrackerColour.EDITED.bare, TrackerColour.LINK.bare


@dataclass(frozen=True)
class CellLook:
    """How a cell of ours looks. Made into openpyxl's styles once, since each costs a search."""

    size: int = SIZE
    bold: bool = False
    colour: str = ""
    fill: str = ""
    side: str = ""
    upright: str = "top"
    number: str = ""
    leads: bool = False


HEADING = CellLook(size=14, bold=True)
LEAD = CellLook(size=10, colour=TrackerColour.LEAD.bare)
SUBHEAD = CellLook(bold=True)
PLAIN = CellLook()
TITLE = CellLook(
    bold=True,
    colour=Colour.WHITE.bare,
    fill=TrackerColour.HEAD.bare,
    side="center",
    upright="center",
)
EXTRA = CellLook(side="center", upright="center")
EXTRA_HEAD = replace(EXTRA, bold=True, fill=TrackerColour.EXTRA_HEAD.bare)


def dressed(cell: Any, look: CellLook) -> Any:
    """openpyxl's style of a cell that looks so."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.font = Font(
        name=FONT,
        size=look.size,
        bold=look.bold,
        charset=CHARSET,
        color=look.colour or None,
        underline="single" if look.leads else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.side:
        thin = Side(style="thin", color=TrackerColour.EDGE.bare)
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        off = INDENT if look.side == "left" else 0
        cell.alignment = Alignment(
            horizontal=look.side, vertical=look.upright, wrap_text=True, indent=off
        )
    if look.number:
        cell.number_format = look.number
    return copy(cell._style)
