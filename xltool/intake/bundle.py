"""What holds returns: a unit's whole folder as a .zip, an e-mail with the workbook attached to it.

Nothing is unpacked onto the disk by its own name: each member's bytes are handed on under
「回傳.zip／03.xlsx」, to be guarded and read like any other file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path, PurePath

from xltool.findings import Finding, finding
from xltool.intake.guard import (
    BROKEN_ZIP,
    DIRECTORY_END,
    MAX_ENTRIES,
    MB,
    directory_fits,
    is_one_document,
    member_name,
)
from xltool.intake.mail import TNEF, attachments, is_letter, length_of_words
from xltool.model import Address
from xltool.plan import Limits
from xltool.store.inbox import is_litter, plain_name

BETWEEN = "／"
MAX_BUNDLE = 20
"""A bundle may hold as much as so many files of the largest size."""
MAX_MAIL = 64 * MB
"""No office lets larger letters through."""
MAX_DEPTH = 3
"""A letter with a winmail.dat in which there is a .zip; what lies deeper is told, not opened."""

_HEAD = 4096
_SPREADSHEETS = {".xlsx", ".xlsm", ".xltx", ".ods", ".ots", ".fods", ".xls", ".xlt", ".xlsb", ".et"}
_PAPERS = {".pdf", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp"}
_PAPERS |= {
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".txt",
    ".ppt",
    ".pptx",
    ".odp",
    ".htm",
    ".html",
    ".ics",
}
"""What comes along with a workbook: a stamped scan, photos, the letter once more."""

Held = tuple[str, bytes]


@dataclass
class _Budget:
    """How many bytes may still be taken out of a bundle and what lies in it."""

    limits: Limits
    left: int


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
        return _holds_files(data)


def _holds_files(source: Path | io.BufferedIOBase) -> bool:
    try:
        with zipfile.ZipFile(source) as archive:
            return not is_one_document(archive.namelist())
    except BROKEN_ZIP:
        return False


def opened(path: Path, limits: Limits, name: str = "") -> Iterator[Path | Held | Finding]:
    """The file itself, or each file that it holds as a bundle or a letter; `name` is the bundle's for
    people, that of `path` when empty. Raises OSError."""
    name = name or path.name
    if is_bundle(path):
        yield from members(path, limits, name)
    elif not _is_letter(path):
        yield path
    elif path.stat().st_size > MAX_MAIL:
        yield finding("F105", Address(name), reason=f"郵件大於 {MAX_MAIL // MB} MB")
    else:
        yield from _attached(name, path.read_bytes(), _budget(limits), 1)


def members(path: Path, limits: Limits, bundle: str = "") -> Iterator[Held | Finding]:
    """Each file in a bundle: its name and bytes, or the finding why it is not read; `bundle` is the
    bundle's own name, that of `path` when empty.

    Raises OSError when the bundle cannot be read.
    """
    yield from _members(bundle or path.name, path, _budget(limits), 1)


def _budget(limits: Limits) -> _Budget:
    return _Budget(limits, limits.file_mb * MB * MAX_BUNDLE)


def _is_letter(path: Path) -> bool:
    if path.suffix.lower() in _SPREADSHEETS:
        return False
    with path.open("rb") as data:
        return is_letter(path.name, data.read(_HEAD))


def _inside(name: str, data: bytes, budget: _Budget, depth: int) -> Iterator[Held | Finding]:
    """A file out of a bundle: itself, or what it holds."""
    if PurePath(name).suffix.lower() not in _SPREADSHEETS:
        zipped = (
            data.startswith(b"PK\x03\x04")
            and directory_fits(data[-DIRECTORY_END:]) is True
            and _holds_files(io.BytesIO(data))
        )
        letter = is_letter(name, data[:_HEAD])
        if (zipped or letter) and depth >= MAX_DEPTH:
            yield finding("F142", Address(name))
            return
        if zipped:
            yield from _members(name, io.BytesIO(data), budget, depth + 1)
            return
        if letter:
            yield from _attached(name, data, budget, depth + 1)
            return
    yield name, data


def _members(
    bundle: str, source: Path | io.BytesIO, budget: _Budget, depth: int
) -> Iterator[Held | Finding]:
    with zipfile.ZipFile(source) as archive:
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
            most = min(budget.limits.file_mb * MB, budget.left)
            try:
                with archive.open(info) as member:
                    data = member.read(most + 1)
            except BROKEN_ZIP:
                yield finding("F102", Address(name), reason="壓縮檔內的檔案毀損")
                continue
            budget.left -= len(data)
            if len(data) > most:
                yield finding("F105", Address(name), reason="壓縮檔展開後過大")
                if budget.left <= 0:
                    return
                continue
            yield from _inside(name, data, budget, depth)


def _length_of_words(letter: bytes) -> str:
    try:
        return str(length_of_words(letter) or "")
    except ValueError:
        return "若干"


def _attached(letter: str, data: bytes, budget: _Budget, depth: int) -> Iterator[Held | Finding]:
    """The workbooks attached to a letter; a scan or a photo beside them is told, and blocks nothing."""
    try:
        held = list(attachments(data))
    except ValueError:
        yield finding("F102", Address(letter), reason="郵件內容毀損")
        return
    papers: list[Finding] = []
    any_other = False
    for one in held:
        name = f"{letter}{BETWEEN}{plain_name(one.name)}"
        budget.left -= len(one.data)
        if budget.left <= 0:
            yield finding("F105", Address(name), reason="郵件的附件過大")
            return
        suffix = PurePath(one.name).suffix.lower()
        if suffix in _PAPERS:
            papers.append(finding("F141", Address(name), suffix))
            continue
        any_other = True
        yield from _inside(name, one.data, budget, depth)
    if any_other:
        yield from papers
        # What Outlook packed into a winmail.dat the letter that brings it says too.
        if (depth == 1 or not data.startswith(TNEF)) and (length := _length_of_words(data)):
            yield finding("F144", Address(letter), length)
    else:
        yield finding("F139", Address(letter))
