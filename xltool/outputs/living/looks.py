"""How our cells look."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from xltool.outputs.style import FONT

# Text stands beside every colour: colour alone tells nothing on a black-and-white print.
TONES: Mapping[str, str] = {
    "已繳": "E2F0D9",
    "採用": "E2F0D9",
    "無辦理": "EDEDED",
    "未採用": "EDEDED",
    "重複": "EDEDED",
    "未繳": "F8CBAD",
    "待修正": "FFE699",
    "退回": "FFE699",
    "無法讀取": "F8CBAD",
    "錯誤": "F8CBAD",
    "提醒": "FFE699",
    "未評": "FFE699",
    "▲": "FFE699",
    "待釐清": "F8CBAD",
    "不成會": "F8CBAD",
    "未決": "F8CBAD",
    "未提出": "FFE699",
    "未選派": "F8CBAD",
    "衝突": "F8CBAD",
    "保留您的內容": "FCE4D6",
}
HEAD_FILL, NOTE_HEAD, NOTE_FILL = "1F4E78", "7F6000", "FFF9E5"
EDIT_FILL, LINK_COLOUR = "FCE4D6", "0563C1"


@dataclass(frozen=True)
class CellLook:
    """How a cell of ours looks. Made into openpyxl's styles once, since each costs a search."""

    size: int = 11
    bold: bool = False
    colour: str = ""
    fill: str = ""
    side: str = ""
    upright: str = "top"
    number: str = ""
    leads: bool = False


HEADING = CellLook(size=14, bold=True)
LEAD = CellLook(size=10, colour="404040")
SUBHEAD = CellLook(bold=True)
PLAIN = CellLook()
TITLE = CellLook(bold=True, colour="FFFFFF", fill=HEAD_FILL, side="center", upright="center")
EXTRA = CellLook(side="center", upright="center")
EXTRA_HEAD = replace(EXTRA, bold=True, fill="DDEBF7")


def dressed(cell: Any, look: CellLook) -> Any:
    """openpyxl's style of a cell that looks so."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.font = Font(
        name=FONT,
        size=look.size,
        bold=look.bold,
        charset=136,
        color=look.colour or None,
        underline="single" if look.leads else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.side:
        thin = Side(style="thin", color="A6A6A6")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell.alignment = Alignment(horizontal=look.side, vertical=look.upright, wrap_text=True)
    if look.number:
        cell.number_format = look.number
    return copy(cell._style)
