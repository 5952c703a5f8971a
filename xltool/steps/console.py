"""總控台.xlsm: the workbook whose buttons call the steps."""

from __future__ import annotations

import sys
from pathlib import Path

from xltool.steps.done import Done
from xltool.steps.settings import load_plan
from xltool.store.workspace import Workspace, atomic_write


def console(workspace: Workspace) -> Done:
    """Build 總控台.xlsm for this folder: buttons in Excel that call the steps above."""
    from xltool.outputs.console.workbook import build

    plan = load_plan(workspace)
    target = workspace.root / "總控台.xlsm"
    with atomic_write(target) as path:
        build(
            path,
            year=plan.year,
            interpreter=Path(sys.executable),
            year_folder=workspace.root.resolve(),
        )
    return Done(
        "總控台",
        (f"已建立 {target.name}；請在 Windows 以 Excel 開啟並允許巨集，再按按鈕",),
        outputs=(target,),
    )
