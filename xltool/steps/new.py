"""Lay out a year's folder, with the settings of the plan or of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from xltool.forms import SETTINGS
from xltool.model import Record, Value
from xltool.plan import read_plan, records_for, rest_day_records, shipped_records
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.prefill import as_enrolled, filled
from xltool.steps.settings import SettingsError
from xltool.store.workspace import SETTINGS_NAME, Workspace, WorkspaceError, atomic_write

_NOTHING: Mapping[str, Value] = MappingProxyType({})


def new(
    root: Path, year: int, source: Path | None = None, basics: Mapping[str, Value] = _NOTHING
) -> Done:
    """Lay out a year's folder with 年度設定.xlsx filled in. An existing 年度設定 is left alone.

    `source` is the folder of the year before: its settings are rolled on, its items offered to go on.
    `basics` are values of 基本資料 known already, as whom to ask. Raises WorkspaceError when it is none, SettingsError when its settings have errors.
    """
    from xltool.outputs.forms import FormCopy, write_form

    if (root / SETTINGS_NAME).exists():
        Workspace.create(root)
        return Done("新年度", (f"「{root}」已有 {SETTINGS_NAME}，保留原檔不變",))
    lines = [f"已建立 {year} 年度資料夾：{root}"]
    if source is None:
        records = shipped_records(year)
    else:
        records, carried = _rolled(Workspace.open(source), year)
        lines.append(
            f"沿用「{source}」的年度設定；上年度業務 {carried} 項已列入「上年度業務」供延續"
        )
    if not any(record.section == "rest_days" for record in records):
        records += rest_day_records((year, year + 1))
    records = tuple(
        replace(one, values={**one.values, **basics}) if one.section == "basics" else one
        for one in records
    )
    plan, found = read_plan(records)
    if plan is None:
        raise SettingsError(found)
    workspace = Workspace.create(root)
    with atomic_write(workspace.settings) as path:
        write_form(path, FormCopy(SETTINGS, plan, records=records))
    lines.append(
        f"請開啟 {SETTINGS_NAME} 填寫聯絡資料，確認單位、權重、日期與休息日，再執行 xltool issue enrolment"
    )
    return Done("新年度", tuple(lines), outputs=(workspace.settings,))


def _rolled(workspace: Workspace, year: int) -> tuple[tuple[Record, ...], int]:
    """A year's settings for another year, with its items as offers to go on, and how many."""
    then = gather(workspace)
    if then.plan.year >= year:
        raise WorkspaceError(f"「{workspace.root}」是 {then.plan.year} 年度，不在 {year} 年度以前")
    carried = tuple(
        Record(
            "last_year",
            filled(
                item=item.id,
                unit=item.unit,
                **as_enrolled(item),
                next_steps=item.next_steps,
                goes_on=True,
            ),
        )
        for item in then.dataset.items
        if item.enrolled
    )
    settings = then.settings.submission
    records = records_for(year, settings.records if settings else ())
    return (*records, *carried), len(carried)
