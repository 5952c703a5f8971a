"""Packages: .xlsx, .ods and .zip taken apart into their parts, and made of parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
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
