"""What every command says to a program (`--json`): one object of one shape, faults too.

A published interface: `docs/schema/answer.schema.json`, in it the `result` of each command by a schema of
its own.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xltool.findings import Finding

VERSION = 1
"""Of this shape: another number where a program that reads it would break."""


def answer(
    asked: Namespace,
    result: object = None,
    *,
    title: str = "",
    summary: Iterable[str] = (),
    findings: Iterable[Finding] = (),
    outputs: Iterable[Path] = (),
    error: str = "",
) -> dict[str, Any]:
    """The object: which command and year, what was done in words, what was found, what was written, and
    the command's own `result`; `error` says why there is none."""
    from xltool.outputs.data.objects import finding_object

    meant = getattr(asked, "year_meant", None)
    found = tuple(findings)
    return {
        "version": VERSION,
        "command": getattr(asked, "command", ""),
        "year": meant.year if meant else getattr(asked, "year", None),
        "folder": str(meant.folder.absolute()) if meant else "",
        "title": title,
        "summary": list(summary),
        "blocking": sum(one.blocks for one in found),
        "findings": [finding_object(one) for one in found],
        "outputs": [str(path) for path in outputs],
        "result": result,
        "error": error,
    }
