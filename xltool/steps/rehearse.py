"""What other settings would block, or let pass, among the returns already in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding
from xltool.model import Return, Submission
from xltool.rules import conclude
from xltool.rules.filing import received
from xltool.steps.aside import apart
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather, merge_usable, with_waivers
from xltool.steps.settings import read_settings
from xltool.store.workspace import Workspace

if TYPE_CHECKING:
    from xltool.intake import Reading


def rehearse(workspace: Workspace, settings: Path, progress: Progress | None = None) -> Done:
    """What other settings would newly block, or let pass, among the returns already in.

    Nothing is written. Raises SettingsError when the other settings have findings that block.
    """
    from xltool.intake import Job, read_files

    _, plan = read_settings(settings)
    now = gather(workspace, progress)
    known = [one for one in now.readings if one.sha256]
    jobs = [Job(workspace.blob(one.sha256), one.file) for one in known]
    then: list[Reading] = []
    for earlier, one in zip(known, read_files(jobs, plan), strict=True):
        if earlier.returned and one.returned:
            one = replace(one, returned=received(one.returned, earlier.returned.received, plan))
        then.append(with_waivers(one, now.waivers))
        if progress:
            progress(len(then), len(jobs), one.file)
    said = {(one.file, one.sha256): one.submission for one in then if one.submission}

    def load(returned: Return) -> Submission:
        return said[returned.file, returned.sha256]

    def made(of: Sequence[Reading]) -> tuple[Finding, ...]:
        merged = merge_usable(of, plan, now.waivers, load)
        return (*merged.findings, *conclude(merged.dataset, plan).findings)

    then, together = apart(then, made)
    after = (*(f for one in then for f in one.findings), *together)
    before = {(f.code, f.at, f.message) for f in now.findings if f.blocks}
    blocking = {(f.code, f.at, f.message) for f in after if f.blocks}
    new = tuple(f for f in after if f.blocks and (f.code, f.at, f.message) not in before)
    gone = [f for f in now.findings if f.blocks and (f.code, f.at, f.message) not in blocking]
    lines = [
        f"試算 {settings.name}：已收 {len(jobs)} 個檔案，不寫入任何檔案",
        f"會新增 {len(new)} 項錯誤、消除 {len(gone)} 項錯誤",
        *(f"　消除：{f.at}　{f.code} {f.message}" for f in gone),
    ]
    return Done("試算", tuple(lines), new)
