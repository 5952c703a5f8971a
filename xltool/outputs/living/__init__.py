"""Workbooks that live on: ours renewed, a person's kept."""

from xltool.outputs.living.looks import FONT, LINE
from xltool.outputs.living.table import (
    EDITED,
    UNMATCHED,
    Cell,
    Column,
    Extra,
    Formula,
    Link,
    Table,
)
from xltool.outputs.living.update import update

__all__ = [
    "EDITED",
    "FONT",
    "LINE",
    "UNMATCHED",
    "Cell",
    "Column",
    "Extra",
    "Formula",
    "Link",
    "Table",
    "update",
]
