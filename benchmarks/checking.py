"""Checking 1,000 returns, as ratios to two baselines that read the same files and check nothing.

    .venv/bin/python benchmarks/checking.py [COUNT] [RUNS]

The returns are the .xlsx reports of the sample, photos included, over and over. Ours: `read_files`,
each file in a process of its own, within the limits, every check made, photos hashed. Baselines, one
process each: bare python-calamine (values only), and pandas.read_excel (openpyxl) counting blanks.
pandas is no dependency: `pip install pandas` first, or it is left out. Medians of RUNS (3) whole
processes. Peak memory is that of the process itself: ours has workers beside it, each like `alone`.
Machines differ: quote the ratios.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RETURNS = ROOT / "workbooks" / "sample-114" / "returns" / "first" / "report"


def ours(paths: list[Path]) -> None:
    """Read and check, as `xltool check` does."""
    from xltool.intake import read_files
    from xltool.plan import shipped_plan

    count = sum(reading.submission is not None for reading in read_files(paths, shipped_plan(114)))
    assert count == len(paths)


def alone(paths: list[Path]) -> None:
    """The same in one process: what isolation costs, and what a worker takes of memory."""
    from xltool.intake.one import read_file
    from xltool.plan import shipped_plan

    plan = shipped_plan(114)
    for path in paths:
        read_file(path, plan)


def calamine(paths: list[Path]) -> None:
    """Every value of every sheet, in Rust."""
    import python_calamine

    for path in paths:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def pandas(paths: list[Path]) -> None:
    """What people write first: read all sheets, count what is blank."""
    frames = importlib.import_module("pandas")
    for path in paths:
        for sheet in frames.read_excel(
            path, sheet_name=None, header=None, engine="openpyxl"
        ).values():
            sheet.isna().sum().sum()


WORK = {"ours": ours, "alone": alone, "calamine": calamine, "pandas": pandas}


def measured(who: str, folder: str) -> tuple[float, int]:
    """Wall seconds of a whole process, and MiB at its peak."""
    start = time.perf_counter()
    command = [sys.executable, __file__, who, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, int(done.stdout)


def main() -> None:
    """Measure and print; with a name and a folder, do that one's work."""
    if len(sys.argv) == 3 and sys.argv[1] in WORK:
        WORK[sys.argv[1]](sorted(Path(sys.argv[2]).iterdir()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(peak // 1024)
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        samples = itertools.cycle(sorted(RETURNS.glob("*.xlsx")))
        for number, sample in zip(range(count), samples, strict=False):
            (Path(folder) / f"{number:06}.xlsx").symlink_to(sample)
        seconds: dict[str, float] = {}
        for who in WORK:
            if who == "pandas" and importlib.util.find_spec("pandas") is None:
                continue
            results = [measured(who, folder) for _ in range(runs if who != "pandas" else 1)]
            seconds[who] = statistics.median(one for one, _ in results)
            print(f"{count:,} returns  {who:<9} {seconds[who]:8.2f} s   {results[-1][1]} MiB")
        for who in seconds.keys() - {"ours"}:
            print(f"ours / {who}: {seconds['ours'] / seconds[who]:.2f}")


if __name__ == "__main__":
    main()
