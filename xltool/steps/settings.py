"""年度設定 as read, and the plan that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding, Severity
from xltool.forms import FORMS, SETTINGS
from xltool.forms.of_year import question_findings
from xltool.plan import PLACEHOLDER, Plan, read_plan, stage_findings
from xltool.store.workspace import SETTINGS_NAME, Workspace, WorkspaceError
from xltool.wording import said_in, use

if TYPE_CHECKING:
    from xltool.intake import Reading


DEFAULT_YEAR = 114
"""Whose shipped settings are taken where there is no year at hand."""


class SettingsError(WorkspaceError):
    """年度設定 has findings that block; they are in `findings`."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        blocking = [one for one in findings if one.blocks]
        lines = "\n".join(f"  {f.at}：{f.message}；{f.fix}" for f in blocking)
        super().__init__(f"{SETTINGS_NAME} 有 {len(blocking)} 項錯誤，請先更正：\n{lines}")


def load_plan(workspace: Workspace) -> Plan:
    """The year's plan from 年度設定.xlsx. Raises SettingsError when it has findings that block."""
    return read_settings(workspace.settings)[1]


def read_settings(path: Path) -> tuple[Reading, Plan]:
    """A 年度設定 as read, and its plan, in whose words all is said from now on. Raises SettingsError
    when it has findings that block."""
    from xltool.intake.one import read_file

    reading, plan = with_plan(read_file(path, None))
    if plan is None or reading.status != "accepted":
        raise SettingsError(reading.findings)
    use(plan.words)
    return reading, plan


def stop_placeholders(findings: Iterable[Finding]) -> None:
    """Nothing goes out that tells nobody whom to ask. Raises SettingsError while what we ship in the
    contact's place still stands there."""
    left = [replace(f, severity=Severity.ERROR) for f in findings if f.code == PLACEHOLDER]
    if left:
        raise SettingsError(left)


def placeholder_lines(findings: Iterable[Finding]) -> list[str]:
    """The same for the screen, where drafts are written that a person reads before he sends them."""
    return [f"　{f.at}：{f.message}；{f.fix}" for f in findings if f.code == PLACEHOLDER]


def with_plan(reading: Reading) -> tuple[Reading, Plan | None]:
    """A 年度設定 with what only its whole can tell, and its plan; any other reading as it is."""
    submission = reading.submission
    if submission is None or submission.form != SETTINGS.key:
        return reading, None
    plan, more = read_plan(submission.records, reading.file, SETTINGS.titles)
    if plan is not None:
        stages = [said_in(plan.words, form, "stage") for form in FORMS.values()]
        more += question_findings(submission.records, reading.file)
        more += stage_findings(plan, submission.records, stages, reading.file)
    return replace(reading, findings=(*reading.findings, *more)), plan
