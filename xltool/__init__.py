"""xltool: one year of the plan 「提升服務效能」, from blank form to Annex 3.

Workbooks go out to every unit, come back filled in, are checked cell by cell and merged;
the plan's rules then yield the tracker, the reward roster and the Word document of Annex 3.
The command line is `xltool` (module :mod:`xltool.faces.cli`); `docs/architecture.md` shows the rooms.

For programs, with pandas frames (`docs/guide/analyst.md`)::

    from xltool import Year

    year = Year.open("workbooks/114")
    year.frame("filings")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xltool.faces.api import Year as Year
    from xltool.faces.api import check as check
    from xltool.findings import Finding as Finding
    from xltool.findings import Severity as Severity
    from xltool.steps.settings import SettingsError as SettingsError
    from xltool.store.workspace import WorkspaceError as XltoolError

__version__ = "0.1.0"

_PUBLIC = {
    "Finding": "xltool.findings",
    "SettingsError": "xltool.steps.settings",
    "Severity": "xltool.findings",
    "XltoolError": "xltool.store.workspace",
    "Year": "xltool.faces.api",
    "check": "xltool.faces.api",
}
__all__ = ["Finding", "SettingsError", "Severity", "XltoolError", "Year", "__version__", "check"]


def __getattr__(name: str) -> Any:
    """What is public, imported when it is first asked for: `xltool --help` needs none of it."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(_PUBLIC[name])
    return getattr(module, "WorkspaceError" if name == "XltoolError" else name)


def __dir__() -> list[str]:
    return sorted(__all__)
