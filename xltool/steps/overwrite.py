"""Write over a file that people also write into: what they changed since is set aside first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.steps.year import Year
from xltool.store.workspace import (
    Workspace,
    atomic_write,
    held_before,
    remember_output,
    set_aside_edited,
)


def write_anew(
    year: Year,
    target: Path,
    write: Callable[[Path], list[Finding]],
    holds: Sequence[str] = (),
) -> list[Finding]:
    """Write an output that people finish by hand: what they changed since last time is set aside, and
    whoever or whatever is not among what it `holds` any more is told by name."""
    findings = set_aside(year.workspace, target)
    with atomic_write(target) as path:
        findings += write(path)
    return [*findings, *remember(year.workspace, target, holds)]


def remember(workspace: Workspace, target: Path, holds: Sequence[str]) -> list[Finding]:
    """Remember an output as we wrote it; whom or what it holds no more since last time is told by name."""
    before = held_before(workspace, target)
    remember_output(workspace, target, holds=holds)
    gone = [*(Counter(before) - Counter(holds)).elements()]
    if not gone:
        return []
    at, names = Address(target.name), "、".join(gone)
    words = {"output": target.name, "before": len(before), "now": len(holds)}
    return [finding("F143", at, names, **words)]


def set_aside(workspace: Workspace, target: Path) -> list[Finding]:
    """A finding with the backup's name, where somebody changed a file since we wrote it."""
    backup = set_aside_edited(workspace, target)
    if backup is None:
        return []
    return [finding("F116", Address(target.name), target.name, backup=backup.name)]


def in_use(target: Path) -> Finding:
    """A finding that the file is open elsewhere, so that it could not be written."""
    return finding("F118", Address(target.name), target.name)
