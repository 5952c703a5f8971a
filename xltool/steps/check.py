"""Check returned workbooks, and keep what a check found as a page and a workbook."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from xltool import merge as merging
from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.plan import Limits, Plan, shipped_plan
from xltool.rules import conclude
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather, unread_file
from xltool.steps.settings import DEFAULT_YEAR, load_plan, with_plan
from xltool.store.faults import no_room, of_one_file, place
from xltool.store.inbox import lying_at, lying_in
from xltool.store.workspace import Workspace, atomic_write

if TYPE_CHECKING:
    from xltool.intake import Job, Reading
    from xltool.outputs.checked import CheckedFile


def check(
    workspace: Workspace | None, files: Sequence[Path] = (), progress: Progress | None = None
) -> Done:
    """Read returned workbooks and report what is wrong with them; no output is written.

    `files` may be folders and .zip files too. Without any the inbox is checked, and what only the
    whole year can tell is checked too. Of a named file is told also what the rules say of it alone.
    Without a workspace named files are held against the shipped settings of their own year.
    """
    if workspace is not None and not files:
        year = gather(workspace, progress)
        return Done.of_year("檢核", year, read_lines(year.readings, year.settled), ())
    plan = _plan_for(workspace, files)
    readings: list[Reading] = []
    found: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder:
        jobs, unread, told = _jobs(files, plan.limits if plan else Limits(), Path(folder))
        for done, (one, its_plan) in enumerate(_read(jobs, plan, own=workspace is None), 1):
            readings.append(with_plan(one)[0])
            found += _by_the_rules(one, its_plan) if its_plan else ()
            if progress:
                progress(done, len(jobs), one.file)
    readings += unread
    findings = (*(one for reading in readings for one in reading.findings), *told, *found)
    return Done("檢核", read_lines(readings), findings, readings=tuple(readings), plan=plan)


def _plan_for(workspace: Workspace | None, files: Sequence[Path]) -> Plan | None:
    """What files are held against: the year's settings, unless these are all that is checked."""
    if workspace is None:
        return shipped_plan(DEFAULT_YEAR)
    settings = os.path.realpath(workspace.settings)
    if all(os.path.realpath(path) == settings for path in files):
        return None
    return load_plan(workspace)


def _read(
    jobs: Sequence[Job], plan: Plan | None, *, own: bool
) -> Iterator[tuple[Reading, Plan | None]]:
    """What each file gives, and the plan it was held against: `own` is that of its own year."""
    from xltool.intake import read_files

    for job, one in zip(jobs, read_files(jobs, plan), strict=True):
        year = one.returned.year if one.returned else 0
        if own and plan is not None and year != plan.year and year in _YEARS:
            its_plan = shipped_plan(year)
            [one] = read_files([job], its_plan)
            yield one, its_plan
        else:
            yield one, plan


_YEARS = range(100, 200)
_OF_ONE_FILE = {"C412", "C414", "C421", "C422", "C423"}
"""What merging tells of one file, whatever the others say."""


def _by_the_rules(reading: Reading, plan: Plan) -> tuple[Finding, ...]:
    """What the rules say of a file alone, also of one that errors hold back: quorum, undecided motions,
    rewards. What needs the year's other files is told when the inbox is checked."""
    returned, said = reading.returned, reading.submission
    if returned is None or said is None or returned.year != plan.year:
        return ()
    try:
        merged = merging.merge([returned], plan, lambda _: said)
        found = (*merged.findings, *conclude(merged.dataset, plan).findings)
    except Exception as error:
        if not of_one_file(error):
            raise
        return (finding("F132", Address(reading.file), place(error)),)
    return tuple(
        one
        for one in found
        if one.at.file == reading.file and (one.code.startswith("R") or one.code in _OF_ONE_FILE)
    )


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
