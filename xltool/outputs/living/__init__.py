"""Workbooks that live on: ours renewed, a person's kept."""

from xltool.outputs.living.table import (
    EDITED,
    UNMATCHED,
    Cell,
    Extra,
    Formula,
    Link,
    SheetColumn,
    SheetTable,
    as_text,
)
from xltool.outputs.living.update import update

__all__ = [
    "EDITED",
    "UNMATCHED",
    "Cell",
    "Extra",
    "Formula",
    "Link",
    "SheetColumn",
    "SheetTable",
    "as_text",
    "update",
]
