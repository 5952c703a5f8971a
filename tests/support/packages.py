"""Packages: .xlsx, .ods and .zip taken apart into their parts, and made of parts."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO


def parts(package: Path | IO[bytes]) -> dict[str, bytes]:
    """The bytes of each part by its name, in order."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(content: Mapping[str, str | bytes]) -> bytes:
    """A package of those parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()


def relocated(
    package: Path, names: Mapping[str, str], spelled: Callable[[str], str] = lambda path: path
) -> bytes:
    """A package some of whose parts bear other names: every relation and the list of types follow.

    `spelled` is how a relation writes the path of its target, from the package's root.
    """
    content = parts(package)
    made: dict[str, str | bytes] = {}
    for name, data in content.items():
        folder, is_rels, last = name.rpartition("_rels/")
        if is_rels:
            owner = folder + last.removesuffix(".rels")
            home, moved_to = posixpath.dirname(owner), posixpath.split(names.get(owner, owner))
            data = _rewritten(data, "Target", lambda to: spelled(_moved(home, to, names)))  # noqa: B023
            made[posixpath.join(moved_to[0], "_rels", f"{moved_to[1]}.rels")] = data
            continue
        if name == "[Content_Types].xml":
            data = _rewritten(data, "PartName", lambda to: f"/{names.get(to[1:], to[1:])}")
        made[names.get(name, name)] = data
    return pack(made)


def _moved(home: str, target: str, names: Mapping[str, str]) -> str:
    path = target[1:] if target.startswith("/") else posixpath.join(home, target)
    path = posixpath.normpath(path)
    return f"/{names.get(path, path)}"


def _rewritten(data: bytes, attribute: str, to: Callable[[str], str]) -> bytes:
    return re.sub(
        rf'{attribute}="([^"]*)"', lambda m: f'{attribute}="{to(m[1])}"', data.decode()
    ).encode()
