"""A year with returns of the sample in its inbox, for tests that go on from there."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.returns import CONTACT
from xltool.steps.new import new
from xltool.store.workspace import Workspace

RETURNS = Path(__file__).parents[2] / "workbooks" / "sample-114" / "returns" / "first"


def begin(folder: Path) -> Workspace:
    """The year 114, laid out in `folder` by a coordinator who has said whom to ask."""
    new(folder, 114, basics=CONTACT)
    return Workspace.open(folder)


def year_of_114(folder: Path, *forms: str) -> Workspace:
    """The year 114 in `folder`, with the first returns of these forms; of all when none is named."""
    workspace = begin(folder / "114")
    for path in sorted(RETURNS.rglob("*")):
        if path.is_file() and (not forms or path.parent.name in forms):
            shutil.copy(path, workspace.inbox / path.name)
    return workspace
