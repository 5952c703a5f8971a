"""Regular expressions that are compiled when first used.

There are a hundred of them, and a command uses few: compiled as the program starts they would be a tenth
of what a short command takes, in each process that reads files.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class _Pattern(Generic[AnyStr]):
    """Stands for a compiled pattern, whose methods it takes over one by one as they are asked for."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._made_of: tuple[AnyStr, int] = (text, flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._made_of), name)
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The same as `re.compile`, later. Raises `re.error` when it is first used."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))
