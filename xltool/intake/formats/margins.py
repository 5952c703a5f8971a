"""Words in the header and the footer of a printed sheet: what a person typed there stands in no cell.

A workbook spells both as one line of text with codes in it ([ECMA-376] 18.3.1.46).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xltool.intake.grid import Cell
from xltool.patterns import pattern
from xltool.zh import narrow

_LOOK = pattern(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d+|[BIUESXYHO])')
_PART = pattern(r"&[A-Z]")
_OF_A_PAGE = pattern(r"(?:第|頁|页|共|之|page|of|工作表|sheet|\?|\W|\d)*", re.IGNORECASE)
_AND = "\0"


def typed_in_code(code: str) -> list[Cell]:
    """The words of one line, without what counts pages or tells the sheet's name."""
    text = _LOOK.sub("", code.replace("&&", _AND))
    return typed(part.replace(_AND, "&") for part in _PART.split(text))


def typed(parts: Iterable[str]) -> list[Cell]:
    """The words among the parts of a header or footer, each as a cell that stands nowhere."""
    return [
        Cell(0, 0, part.strip())
        for part in parts
        if part.strip() and not _OF_A_PAGE.fullmatch(narrow(part))
    ]
