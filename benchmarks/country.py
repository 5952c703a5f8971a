"""A whole country on one machine: many agencies' returns, by simulation; time and memory.

    .venv/bin/python -m benchmarks.country [AGENCIES] [RETURNS]

AGENCIES (100) year folders with RETURNS (1,000) each, one after another: `xltool merge` takes them into
the agency's ledger, reads them in worker processes and writes the agency's tracker. The returns of an
agency are those of `merging.py`; every agency gets the same ones, under a ledger of its own. Then one
folder alone with 1, 2, 5 and 10 times RETURNS, to see where a single ledger ends.

Printed: seconds for a thousand returns, and the peak memory of the main process (its own, of the
operating system) in MiB, for the first and the last agency: flat when they are alike.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import merging

PEAK = re.compile(r"peak (\d+)")
CHILD = """
import resource, sys
from xltool.cli import main
if __name__ == "__main__":
    code = main(["merge", "--folder", sys.argv[1]])
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    sys.exit(code)
"""


def merge(root: Path, script: Path) -> tuple[float, int]:
    """Wall seconds and peak MiB of the main process of one `xltool merge`."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(script), str(root)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    found = PEAK.search(done.stdout)
    if done.returncode or not found:
        raise SystemExit(done.stdout + done.stderr)
    return seconds, int(found[1])


def main() -> None:
    """Measure and print."""
    agencies = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    returns = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as scratch:
        script, model = Path(scratch) / "merge.py", Path(scratch) / "model"
        script.write_text(CHILD, encoding="utf-8")
        merging.year(model, returns)
        spent: list[float] = []
        peaks: list[int] = []
        for number in range(agencies):
            root = Path(scratch) / f"agency-{number:03}"
            shutil.copytree(model, root)
            seconds, peak = merge(root, script)
            spent.append(seconds)
            peaks.append(peak)
            shutil.rmtree(root)
        total = agencies * returns
        print(
            f"{total:,} returns of {agencies} agencies: {sum(spent) / 60:.1f} min, "
            f"{1_000 * sum(spent) / total:.1f} s a thousand; "
            f"peak {peaks[0]} MiB for the first agency, {peaks[-1]} for the last, most {max(peaks)}"
        )
        shutil.rmtree(model)
        for times in (1, 2, 5, 10):
            root = Path(scratch) / f"one-{times}"
            merging.year(root, times * returns)
            first, peak = merge(root, script)
            again, _ = merge(root, script)
            print(
                f"{times * returns:,} returns in one folder: first {first:.1f} s, "
                f"unchanged {again:.1f} s, peak {peak} MiB",
                flush=True,
            )
            shutil.rmtree(root)


if __name__ == "__main__":
    main()
