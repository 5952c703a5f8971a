"""What is shipped for each plan year: a folder a ROC year, `114/plan.toml`, `114/clauses.toml`."""

from __future__ import annotations

from typing import Any


def shipped(name: str, year: int | None = None) -> dict[str, Any]:
    """The file of that name for a ROC year, parsed: the year's own, else of the newest year before it
    that has one, else of the oldest. Without a year, the newest."""
    import tomllib
    from importlib import resources

    files = {
        int(folder.name): folder.joinpath(name)
        for folder in resources.files(__name__).iterdir()
        if folder.name.isdecimal() and folder.joinpath(name).is_file()
    }
    before = (one for one in files if year is None or one <= year)
    known = max(before, default=min(files))
    return tomllib.loads(files[known].read_text("utf-8"))
