"""Many files read, each in a process of its own: what reads them is loaded there, not here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xltool.findings import finding
from xltool.intake.reading import Job, Reading
from xltool.intake.workers import each_apart
from xltool.model import Address
from xltool.plan import Limits, Plan
from xltool.store.faults import place

if TYPE_CHECKING:
    from xltool.intake.content import Store

Made = TypeVar("Made")


def read_files(
    jobs: Iterable[Path | Job],
    plan: Plan | None,
    *,
    store: Store | None = None,
    workers: int = 0,
) -> Iterator[Reading]:
    """Read many files, each in a process of its own and within the plan's limits; in order.

    A file whose reader crashes (F107) or takes too long (F119) is a finding, and the others go on.
    `store` is called in those processes.
    """
    return read_each(jobs, plan, _as_it_is, store=store, workers=workers)


def _as_it_is(reading: Reading) -> Reading:
    return reading


def read_each(
    jobs: Iterable[Path | Job],
    plan: Plan | None,
    made: Callable[[Reading], Made],
    *,
    store: Store | None = None,
    workers: int = 0,
) -> Iterator[Made]:
    """The same, each reading made into what is wanted of it where it is read: only that travels."""
    limits = plan.limits if plan else Limits()

    def lost(job: Job, code: str) -> Made:
        found = finding(code, Address(job.file), limits.seconds if code == "F119" else "")
        return made(Reading(job.file, _sha256(job.path), None, (found,)))

    listed = (job if isinstance(job, Job) else Job(job) for job in jobs)
    work = partial(read_apart, plan, made, store)
    return each_apart(work, listed, limits=limits, lost=lost, workers=workers)


def read_apart(
    plan: Plan | None, made: Callable[[Reading], Made], store: Store | None, job: Job
) -> Made:
    """Read one file here, in its own process, and make of it what is wanted."""
    from xltool.intake.one import read_file

    reading = read_file(job.path, plan, name=job.file, store=store)
    try:
        return made(reading)
    except Exception as error:  # noqa: BLE001 - the same
        found = finding("F132", Address(job.file), place(error))
        return made(Reading(job.file, reading.sha256, None, (found,)))


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
