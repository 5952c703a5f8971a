"""What lies in a folder that people put files into: what is to be read, and a word on all else.

Anything may lie there: links to nowhere, pipes that would be waited for without end, names in another
encoding or with control characters, which no XML and no database takes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.patterns import pattern

_LITTER = {"thumbs.db", "desktop.ini", ".ds_store", ".localized"}
_OWNER, _LOCK, _FORK = "~$", ".~lock.", "._"
_ODD = pattern("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_RAW = pattern("[\udc80-\udcff]")  # a byte that is no UTF-8, as Python keeps it
_HAN = pattern("[\u2e80-\u9fff\uf900-\ufaff]")
_KINDS = (
    (stat.S_ISFIFO, "具名管線"),
    (stat.S_ISSOCK, "通訊端"),
    (stat.S_ISCHR, "裝置"),
    (stat.S_ISBLK, "裝置"),
)
_NOWHERE, _AWAY = "指不到檔案的連結", "指到其他資料夾的連結"


@dataclass(frozen=True)
class Lying:
    """Something that lies in a folder. `name` is its file name, as any text may hold it; `to_read`: it
    is a file for the reader. `findings` say what is odd about it, or why it is not read."""

    path: Path
    name: str
    to_read: bool
    findings: tuple[Finding, ...] = ()


def lying_in(folder: Path) -> list[Lying]:
    """What lies in a folder and those below it, sorted; nothing where there is no folder.

    What programs leave there is left out, unless it may be somebody's file after all.
    """
    return sorted(_below(folder), key=lambda one: one.path)


def open_elsewhere(folder: Path) -> set[str]:
    """Names of the files in a folder, and those below it, that somebody has open in another program."""
    locks = (path for path in folder.rglob("*") if path.name.startswith((_OWNER, _LOCK)))
    return {plain_name(name) for path in locks for name in locked_by(path)}


def lying_at(path: Path) -> Lying:
    """The same of one file that somebody named, whatever its name; also where there is none."""
    return _looked_at(path, plain_name(path.name))


def _below(folder: Path) -> Iterator[Lying]:
    try:
        paths = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        name = plain_name(folder.name)
        yield Lying(folder, name, to_read=False, findings=(finding("F117", Address(name)),))
        return
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
        elif not is_litter(path.name):
            yield _looked_at(path, plain_name(path.name))
        elif not _is_known_litter(path):
            name = plain_name(path.name)
            yield Lying(path, name, to_read=False, findings=(finding("F136", Address(name)),))


def _looked_at(path: Path, name: str) -> Lying:
    try:
        kind = _other_kind(path)
    except OSError:
        return Lying(path, name, to_read=False, findings=(finding("F117", Address(name)),))
    if kind:
        return Lying(path, name, to_read=False, findings=(finding("F135", Address(name), kind),))
    odd = (finding("F134", Address(name), name),) if name != path.name else ()
    return Lying(path, name, to_read=True, findings=odd)


def _other_kind(path: Path) -> str:
    """What it is that is no file; empty for a file, and for what is not there. Raises OSError."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _NOWHERE if path.is_symlink() else ""
    except OSError:
        if path.is_symlink():
            return _NOWHERE
        raise
    if stat.S_ISDIR(mode):
        return _AWAY if path.is_symlink() else ""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "")


def plain_name(name: str) -> str:
    """A file's name as any text may hold it. One that is no UTF-8, and has no Chinese read as UTF-8, is
    most likely of Windows' own encoding, cp950; what cannot be told is �."""
    if not _ODD.search(name):
        return name
    if _RAW.search(name) and not _HAN.search(name):
        with suppress(UnicodeError):
            name = os.fsencode(name).decode("cp950")
    return _ODD.sub("\ufffd", name)


def is_litter(name: str) -> bool:
    """Whether a file is no person's: a lock file, a hidden one, what an explorer leaves in folders."""
    name = name.rpartition("/")[2]
    return name.startswith((_OWNER, ".")) or name.lower() in _LITTER


def _is_known_litter(path: Path) -> bool:
    """Whether a word on it would be of no use: it is told as the lock of another file, or nobody's."""
    name = path.name
    return name.lower() in _LITTER or name.startswith(_FORK) or bool(locked_by(path))


def locked_by(path: Path) -> set[str]:
    """The names of the files that a lock file is for: Excel leaves ~$a.xlsx beside a.xlsx, LibreOffice
    .~lock.a.xlsx#. None where these are gone, or it is no lock file."""
    name = path.name
    if name.startswith(_OWNER):
        # Excel takes the first two characters away from longer names.
        rest = name.removeprefix(_OWNER)
        beside = (p.name for p in path.parent.iterdir() if not is_litter(p.name))
        return {name for name in beside if name in {rest, name[:2] + rest}}
    if name.startswith(_LOCK) and name.endswith("#"):
        locked = name.removeprefix(_LOCK).removesuffix("#")
        return {locked} if (path.parent / locked).exists() else set()
    return set()
