"""A year with returns of the sample in its inbox, for tests that go on from there."""

from __future__ import annotations

import shutil
from pathlib import Path

from xltool.steps.new import new
from xltool.store.workspace import Workspace

RETURNS = Path(__file__).parents[2] / "workbooks" / "sample-114" / "returns" / "first"


def year_of_114(folder: Path, *forms: str) -> Workspace:
    """The year 114 in `folder`, with the first returns of these forms; of all when none is named."""
    new(folder / "114", 114)
    workspace = Workspace.open(folder / "114")
    for path in sorted(RETURNS.rglob("*")):
        if path.is_file() and (not forms or path.parent.name in forms):
            shutil.copy(path, workspace.inbox / path.name)
    return workspace
