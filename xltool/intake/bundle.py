"""A .zip of returns: a unit's whole folder, or what the mail system packed.

Nothing is unpacked onto the disk by its own name: each member's bytes are handed on under
「回傳.zip／03.xlsx」, to be guarded and read like any other file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path

from xltool.findings import Finding, finding
from xltool.intake.guard import (
    BROKEN_ZIP,
    DIRECTORY_END,
    MAX_ENTRIES,
    MB,
    directory_fits,
    member_name,
)
from xltool.model import Address
from xltool.plan import Limits
from xltool.store.inbox import is_litter, plain_name

BETWEEN = "／"
MAX_BUNDLE = 20
"""A bundle may hold as much as so many files of the largest size."""

_SPREADSHEETS = {".xlsx", ".xlsm", ".ods", ".xls", ".xlsb"}
_PARTS_OF_FILES = ("[content_types].xml", "mimetype")


def is_bundle(path: Path) -> bool:
    """Whether a file is a .zip that is no spreadsheet or document itself. Raises OSError.

    One that is called a spreadsheet is read as one, and told what it is.
    """
    if path.suffix.lower() in _SPREADSHEETS:
        return False
    with path.open("rb") as data:
        if data.read(4) != b"PK\x03\x04":
            return False
        data.seek(-min(DIRECTORY_END, data.seek(0, SEEK_END)), SEEK_END)
        if not directory_fits(data.read()):
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower().replace("\\", "/") for name in archive.namelist()}
    except BROKEN_ZIP:
        return False
    return not names.intersection(_PARTS_OF_FILES) and not any(
        name.startswith("index/") for name in names
    )


def opened(
    path: Path, limits: Limits, name: str = ""
) -> Iterator[Path | tuple[str, bytes] | Finding]:
    """The file itself, or each file that it holds as a bundle; `name` is the bundle's for people, that
    of `path` when empty. Raises OSError."""
    if is_bundle(path):
        yield from members(path, limits, name)
    else:
        yield path


def members(path: Path, limits: Limits, bundle: str = "") -> Iterator[tuple[str, bytes] | Finding]:
    """Each file in a bundle: its name and bytes, or the finding why it is not read; `bundle` is the
    bundle's own name, that of `path` when empty.

    Raises OSError when the bundle cannot be read.
    """
    bundle = bundle or path.name
    left = limits.file_mb * MB * MAX_BUNDLE
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MAX_ENTRIES:
            yield finding("F105", Address(bundle), reason="壓縮檔內的檔案過多")
            return
        for info in infos:
            inside = plain_name(member_name(info).replace("\\", "/"))
            if is_litter(inside) or inside.startswith("__MACOSX/"):
                continue
            name = f"{bundle}{BETWEEN}{inside}"
            if info.flag_bits & 1:
                yield finding("F103", Address(name))
                continue
            most = min(limits.file_mb * MB, left)
            try:
                with archive.open(info) as member:
                    data = member.read(most + 1)
            except BROKEN_ZIP:
                yield finding("F102", Address(name), reason="壓縮檔內的檔案毀損")
                continue
            left -= len(data)
            if len(data) > most:
                yield finding("F105", Address(name), reason="壓縮檔展開後過大")
                if left <= 0:
                    return
                continue
            yield name, data
