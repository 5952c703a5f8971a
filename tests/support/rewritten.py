"""A form as another program would have left it: one string of it spelled otherwise in the file."""

from __future__ import annotations

from pathlib import Path

from tests.support.packages import pack, parts


def rewritten(path: Path, old: str, new: str) -> Path:
    """The package with `old` spelled as `new` in every part that holds it; at least one must."""
    was = parts(path)
    now = {name: data.replace(old.encode(), new.encode()) for name, data in was.items()}
    assert now != was, f"{old} stands nowhere in {path.name}"
    path.write_bytes(pack(now))
    return path


def without(path: Path, *gone: str) -> Path:
    """The package without these parts, as one is left whose directory lost them."""
    was = parts(path)
    assert set(gone) <= was.keys(), f"{path.name} has no such part"
    path.write_bytes(pack({name: data for name, data in was.items() if name not in gone}))
    return path
