"""Work on untrusted files in processes of their own: one that dies or hangs costs only its file.

A reader in C may abort the whole interpreter, and some files take time or memory without end. Each
file is therefore one task of a small pool (pebble), with a limit on its time and, where the system
can, on its memory. Windows has no such limit on memory: there the time limit stands alone.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from xltool.plan import Limits
from xltool.processes import fresh
from xltool.store.workspace import WorkspaceError

if TYPE_CHECKING:
    from pebble import ProcessFuture

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 4  # tasks waiting for each worker: never idle, and results do not pile up


def each_apart(
    work: Callable[[Job], Result],
    jobs: Iterable[Job],
    *,
    limits: Limits,
    lost: Callable[[Job, str], Result],
    workers: int = 0,
) -> Iterator[Result]:
    """The results of `work` on each job, in order, from up to `workers` processes (0: one per core).

    Jobs are taken as they are needed and results given as they come: there may be any number.
    `lost` makes the result of a job whose process died (F107) or took too long (F119), twice: once it
    may be that the machine slept, or was short of memory. `work` and the jobs are pickled. Raises
    WorkspaceError where `work` does: then it is not the job's fault.
    """
    jobs = iter(jobs)
    first = list(islice(jobs, workers or os.cpu_count() or 1))
    if not first:
        return

    from concurrent.futures import TimeoutError as TaskTimeoutError

    from pebble import ProcessExpired, ProcessPool

    count = len(first)
    pool = ProcessPool(
        max_workers=count, initializer=_begin, initargs=[limits.memory_mb], context=fresh()
    )

    def scheduled(job: Job) -> ProcessFuture[Result]:
        return pool.schedule(work, args=[job], timeout=limits.seconds)

    def result(job: Job, task: ProcessFuture[Result], *, again: bool = True) -> Result:
        try:
            return task.result()
        except TaskTimeoutError:
            code = "F119"
        except ProcessExpired:
            code = "F107"
        except WorkspaceError:
            raise
        except Exception:  # noqa: BLE001 - what it gave could not be handed over
            return lost(job, "F107")
        return result(job, scheduled(job), again=False) if again else lost(job, code)

    waiting: deque[tuple[Job, ProcessFuture[Result]]] = deque()
    try:
        for job in chain(first, jobs):
            waiting.append((job, scheduled(job)))
            if len(waiting) >= count * _AHEAD:
                yield result(*waiting.popleft())
        while waiting:
            yield result(*waiting.popleft())
    except BaseException:  # also when nobody takes the rest
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.close()  # type: ignore[no-untyped-call]
        pool.join()


def limit_memory(megabytes: int) -> None:
    """Limit this process's memory, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    size = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _begin(megabytes: int) -> None:
    # Ctrl-C is for the parent, which stops its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(megabytes)
