"""Text for cells: what a spreadsheet can hold, and how high it will stand."""

from __future__ import annotations

import math
from functools import lru_cache

from xltool import zh
from xltool.patterns import pattern

CELL_LIMIT = 32_767
"""Characters that a cell can hold."""

ROW_LIMIT = 409.0
"""The greatest height of a row, in points."""

# What XML 1.0 cannot carry: both libraries raise, or write a file that Excel repairs.
_ILLEGAL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CUT = "…（以下略，全文請見原填報檔）"


@lru_cache(maxsize=8192)  # names of units, files and sheets stand in thousands of cells
def cell_text(text: str) -> str:
    """`text` as a cell can hold it: no character that XML forbids, at most 32,767 characters."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(_CUT)] + _CUT


def one_line(text: str) -> str:
    """`text` without line breaks, as the personnel office wants 具體事蹟."""
    return " ".join(cell_text(text).split())


@lru_cache(maxsize=8192)
def lines(text: str, columns: float) -> int:
    """How many lines wrapped `text` takes in a column that many half-width characters wide.

    An estimate on the safe side: spreadsheets never tell, and clip what does not fit.
    """
    # Cells have inner margins, and a full-width character is a little wider than two digits.
    room = max(2, math.floor((columns - 1) * 0.96 / 2) * 2)
    return sum(max(1, math.ceil(zh.width(part) / room)) for part in text.split("\n"))
