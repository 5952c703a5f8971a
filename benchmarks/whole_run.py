"""Whole-process times of the command line on the sample year, as ratios against named baselines.

    .venv/bin/python benchmarks/whole_run.py [RUNS]

Baselines: a bare interpreter for `--help`; for `run`, a script that only loads the same .xlsx returns
with openpyxl and reads every cell. Medians; machines differ, so quote the ratios.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RETURNS = ROOT / "workbooks" / "sample-114" / "returns"
XLTOOL = [sys.executable, "-m", "xltool"]
ONLY_LOAD = """
import sys, pathlib, openpyxl
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx")):
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            pass
"""


def median(runs: int, command: list[str], *, before: object = None) -> float:
    """Median wall seconds of a whole process; `before` is called before each run, untimed."""
    times = []
    for _ in range(runs):
        if callable(before):
            before()
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        times.append(time.perf_counter() - start)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ["PYTHONUTF8"] = "1"
    with tempfile.TemporaryDirectory() as scratch:
        year = Path(scratch) / "114"
        subprocess.run(
            [*XLTOOL, "new", "114", "--folder", str(year)], check=True, capture_output=True
        )
        for folder in ("first", "corrected"):
            for path in sorted(p for p in (RETURNS / folder).rglob("*") if p.is_file()):
                shutil.copy2(path, year / "收件匣" / path.name)
        run = [*XLTOOL, "run", "--folder", str(year)]

        def forget() -> None:
            shutil.rmtree(year / "紀錄")
            shutil.rmtree(year / "成果")

        bare = median(runs, [sys.executable, "-c", "pass"])
        usage = median(runs, [*XLTOOL, "--help"])
        load = median(runs, [sys.executable, "-c", ONLY_LOAD, str(year / "收件匣")])
        first = median(runs, run, before=forget)
        again = median(runs, run)
        files = len(list((year / "收件匣").iterdir()))
    print(f"{files} returned files, medians of {runs} whole processes")
    print(f"{'':34}seconds   ratio")
    print(f"{'bare interpreter':34}{bare:7.2f}    1.00")
    print(f"{'xltool --help':34}{usage:7.2f}  {usage / bare:6.2f}")
    print(f"{'openpyxl only loads the .xlsx':34}{load:7.2f}    1.00")
    print(f"{'xltool run, everything new':34}{first:7.2f}  {first / load:6.2f}")
    print(f"{'xltool run, nothing changed':34}{again:7.2f}  {again / load:6.2f}")


if __name__ == "__main__":
    main()
