"""A whole country on one machine: many agencies' returns, by simulation; time and memory.

    .venv/bin/python -m benchmarks.country [AGENCIES] [RETURNS]

One ledger first: a folder with 1, 10 and 100 times RETURNS (1,000). `xltool status` takes them into the
ledger and reads them in worker processes; again, with nothing new; then `xltool merge`, which
writes the one folder's tracker. Then AGENCIES (100) folders with RETURNS each, one after another, each
merged into a ledger and a tracker of its own: the way a country is to be worked.

Printed: seconds, and the peak memory in MiB of the main process and of its largest worker, as the
operating system counts it: flat when it is alike for few returns and for many.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import merging

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One command: wall seconds, peak MiB of its main process and of its largest worker."""

    seconds: float
    main: int
    worker: int

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.main} MiB (worker {self.worker})"


def run(command: str, root: Path) -> Run:
    """Run a command of xltool on a folder, in a session of its own, and measure it."""
    start = time.perf_counter()
    asked = [sys.executable, "-m", "xltool", command, "--folder", str(root)]
    most: dict[int, int] = {}
    with subprocess.Popen(
        asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        while child.poll() is None:
            most |= peaks(child.pid)
            time.sleep(0.05)
    if child.returncode:
        raise SystemExit(f"xltool {command} ended with {child.returncode}")
    seconds, main = time.perf_counter() - start, most.pop(child.pid)
    return Run(seconds, main, max(most.values(), default=0))


def peaks(session: int) -> dict[int, int]:
    """The peak memory in MiB of each process of a session (Linux)."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(process.name)) == session:
                peak = PEAK.search((process / "status").read_text())
                if peak:
                    found[int(process.name)] = int(peak[1]) // 1024
        except OSError:  # ended since
            continue
    return found


def main() -> None:
    """Measure and print."""
    agencies = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    returns = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        for times in (1, 10, 100):
            root = Path(scratch) / f"one-{times}"
            merging.year(root, times * returns)
            for what, command in (("new", "status"), ("unchanged", "status"), ("tracker", "merge")):
                print(
                    f"{times * returns:,} in one ledger, {what}: {run(command, root)}",
                    flush=True,
                )
            shutil.rmtree(root)
        merging.year(model, returns)
        runs: list[Run] = []
        for number in range(agencies):
            root = Path(scratch) / f"agency-{number:03}"
            shutil.copytree(model, root)
            runs.append(run("merge", root))
            shutil.rmtree(root)
        spent = sum(one.seconds for one in runs)
        print(
            f"{agencies * returns:,} returns of {agencies} agencies: {spent / 60:.1f} min; "
            f"first agency {runs[0]}, last {runs[-1]}, most {max(one.main for one in runs)} MiB"
        )


if __name__ == "__main__":
    main()
