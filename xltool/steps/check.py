"""Check returned workbooks, and keep what a check found as a page and a workbook."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.plan import Limits
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather, unread_file
from xltool.steps.settings import load_plan, with_plan
from xltool.store.faults import no_room
from xltool.store.inbox import lying_at, lying_in
from xltool.store.workspace import Workspace, atomic_write

if TYPE_CHECKING:
    from xltool.intake import Job, Reading
    from xltool.outputs.checked import CheckedFile


def check(
    workspace: Workspace, files: Sequence[Path] = (), progress: Progress | None = None
) -> Done:
    """Read returned workbooks and report what is wrong with them; no output is written.

    `files` may be folders and .zip files too. Without any the inbox is checked, and what only the
    whole year can tell is checked too.
    """
    if not files:
        year = gather(workspace, progress)
        return Done.of_year("檢核", year, read_lines(year.readings, year.settled), ())
    from xltool.intake import read_files

    plan = None
    settings = os.path.realpath(workspace.settings)
    if any(os.path.realpath(path) != settings for path in files):
        plan = load_plan(workspace)
    readings = []
    with tempfile.TemporaryDirectory() as folder:
        jobs, unread, told = _jobs(files, plan.limits if plan else Limits(), Path(folder))
        for done, one in enumerate(read_files(jobs, plan), 1):
            readings.append(with_plan(one)[0])
            if progress:
                progress(done, len(jobs), one.file)
    readings += unread
    findings = (*(one for reading in readings for one in reading.findings), *told)
    return Done("檢核", read_lines(readings), findings, readings=tuple(readings), plan=plan)


def keep_check(workspace: Workspace, done: Done) -> tuple[Path, ...]:
    """Write what a check found into 成果, as a web page and a workbook (檢核報告). Raises WorkspaceError."""
    from xltool.outputs.lists.check_book import write_check_book
    from xltool.outputs.web.check_page import write_check_page

    files, others = checked_files(done), loose_findings(done)
    plan = done.plan or load_plan(workspace)
    with atomic_write(workspace.check_page) as path:
        write_check_page(path, files, others, plan)
    with atomic_write(workspace.check_book) as path:
        write_check_book(path, files, others, plan)
    return workspace.check_page, workspace.check_book


def _jobs(
    paths: Iterable[Path], limits: Limits, folder: Path
) -> tuple[list[Job], list[Reading], list[Finding]]:
    """The files to read: those in folders and bundles too. What bundles hold is put into `folder`,
    under names of our own; what cannot be had is told, and what else is to say of what lies there."""
    from xltool.intake import Job
    from xltool.intake.bundle import opened

    jobs: list[Job] = []
    unread: list[Reading] = []
    told: list[Finding] = []
    for lying in chain.from_iterable(lying_in(p) if p.is_dir() else [lying_at(p)] for p in paths):
        told += [one for one in lying.findings if not one.blocks]
        unread += [unread_file(one) for one in lying.findings if one.blocks]
        if not lying.to_read:
            continue
        if not lying.path.is_file():
            jobs.append(Job(lying.path, lying.name))
            continue
        try:
            for one in opened(lying.path, limits, lying.name):
                if isinstance(one, Finding) and not one.blocks:
                    told.append(one)
                elif isinstance(one, Finding):
                    unread.append(unread_file(one))
                elif isinstance(one, Path):
                    jobs.append(Job(one, lying.name))
                else:
                    name, data = one
                    copy = folder / str(len(jobs))
                    copy.write_bytes(data)
                    jobs.append(Job(copy, name))
        except OSError as error:
            if no_room(error):
                raise
            unread.append(unread_file(finding("F117", Address(lying.name))))
    return jobs, unread, told


def read_lines(readings: Sequence[Reading], settled: int = 0) -> tuple[str, ...]:
    """How many files were read, how many can be used."""
    count = Counter(reading.status for reading in readings)
    usable, faulty, unreadable = (count[key] for key in ("accepted", "blocked", "unreadable"))
    line = f"讀取 {len(readings)} 個檔案：可用 {usable}、需修正 {faulty}、無法讀取 {unreadable}"
    return (f"{line}；另有 {settled} 個已更正或已移除" if settled else line,)


def checked_files(done: Done) -> list[CheckedFile]:
    """Each file read, with its own findings and those that the merge and the rules found in it."""
    from xltool.outputs.checked import CheckedFile

    own = {id(one) for reading in done.readings for one in reading.findings}
    later: dict[str, list[Finding]] = {}
    for one in done.findings:
        if id(one) not in own:
            later.setdefault(one.at.file, []).append(one)
    files = []
    for reading in reversed(done.readings):  # of files with one name, the last received counts
        returned = reading.returned
        files.append(
            CheckedFile(
                file=reading.file,
                form=returned.form if returned else "",
                unit=returned.unit if returned else "",
                version=returned.version if returned else 0,
                status=reading.status,
                findings=(*reading.findings, *later.pop(reading.file, ())),
            )
        )
    return files[::-1]


def loose_findings(done: Done) -> tuple[Finding, ...]:
    """Findings that belong to no file read: of the settings, or of the year as a whole."""
    names = {reading.file for reading in done.readings}
    return tuple(one for one in done.findings if one.at.file not in names)
