"""What a file's name tells: a copy that a cloud drive made of two versions, an ending that lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from xltool.findings import Finding, finding
from xltool.intake.guard import Format
from xltool.model import Address
from xltool.patterns import pattern

_CONFLICT = pattern(
    r"衝突|冲突|conflict(?:ed)? (?:copy|version)|\.sync-conflict-\d{8}"  # Dropbox, Nextcloud, Syncthing
    r"|-(?:DESKTOP|LAPTOP|PC)-?\w+$",  # OneDrive: the computer's name
    re.IGNORECASE,
)
_ENDINGS = {
    Format.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    Format.ODS: (".ods", ".ots", ".fods"),
    Format.XLS: (".xls", ".xlt", ".et", ".ett"),
    Format.XLSB: (".xlsb",),
}


def name_findings(file: str, kind: Format) -> Iterator[Finding]:
    """What the name of a readable file gives rise to."""
    path = PurePath(file)
    if _CONFLICT.search(path.stem):
        yield finding("F121", Address(file))
    if path.suffix.lower() not in _ENDINGS[kind]:
        yield finding("F122", Address(file), path.suffix or "（無）", kind=f".{kind}")
