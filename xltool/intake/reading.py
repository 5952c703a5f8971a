"""What reading a file gives, and what is asked of it: all that the program which asks must load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding
from xltool.model import Address, Picture, Return, Spot, Submission

if TYPE_CHECKING:
    from xltool.intake.content import Words


@dataclass(frozen=True)
class Reading:
    """What one file gave: `file` is its name, `sha256` of its bytes (empty when not to be had).

    `returned` is what it is in brief, None when nothing could be taken from it. `submission` is all
    that it says; the ledger's readings have it not. Read `whole`, it also has all that was `typed`, the pictures that are none of the form's
    photos (`strays`), and what the cells are (`spots`).
    """

    file: str
    sha256: str
    returned: Return | None
    findings: tuple[Finding, ...]
    submission: Submission | None = None
    spots: Mapping[Address, Spot] = field(default_factory=dict)
    typed: tuple[Words, ...] = ()
    strays: tuple[Picture, ...] = ()

    @property
    def status(self) -> str:
        """ "accepted", "blocked" (a finding blocks), or "unreadable" (it is no return)."""
        if self.returned is None:
            return "unreadable"
        return "blocked" if self.errors else "accepted"

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that hold something back."""
        return tuple(one for one in self.findings if one.blocks)


@dataclass(frozen=True)
class Job:
    """A file to read: where its bytes lie, and the sender's name for it (that of `path` when empty)."""

    path: Path
    name: str = ""

    @property
    def file(self) -> str:
        """The name that findings speak of."""
        return self.name or self.path.name
