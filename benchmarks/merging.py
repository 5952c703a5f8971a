"""A first and an unchanged merge of many returns, as ratios to a pandas + openpyxl script.

    .venv/bin/python benchmarks/merging.py [COUNT] [RUNS]

COUNT returns (1,000) of 96 units, three forms, each in several versions. `first` is `xltool merge` on an
empty ledger, `unchanged` the same again. The script, which people write first, reads every sheet with
pandas.read_excel, concatenates, drops duplicates and writes one workbook through openpyxl; it checks
nothing and keeps nothing. Whole processes; medians of RUNS (3), the script once. Quote the ratios.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from xltool.forms import ENROLMENT, REPORT, REVIEW, SETTINGS, Form
from xltool.model import Record, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import Plan, read_plan, shipped_plan, shipped_records
from xltool.steps.new import new

UNITS = 96
SCRIPT = """
import sys, pathlib, pandas
frames = []
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for name, sheet in pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl").items():
        if not name.startswith("_"):
            sheet["file"], sheet["sheet"] = path.name, name
            frames.append(sheet)
pandas.concat(frames).drop_duplicates().to_excel(sys.argv[2], index=False)
"""
FIRST = "第 1 版"
TEXT = "建置線上查詢平臺，串接各區營業處案件資料，每日更新進度。"


def settings() -> Iterator[Record]:
    """The shipped settings with UNITS units."""
    for record in shipped_records(114):
        if record.section != "units":
            yield record
    for n in range(1, UNITS + 1):
        yield Record("units", {"code": f"{n:02}", "name": f"第{n}測試組", "kind": "組"})


def filled(form: Form, plan: Plan, unit: str) -> Iterator[Record]:
    """A return without a fault."""
    item, day = f"{unit}-01", plan.calendar[2].due
    text = f"{TEXT}{unit} {FIRST}"
    filing: dict[str, Value] = {
        "unit": plan.unit_name(unit), "filler": "王小明", "phone": "02-27721370", "day": day,
        "stamp": "已核章", "stamp_day": day,
    }  # fmt: skip
    name: dict[str, Value] = {"item": item, "name": f"業務{unit}", "category": "數位創新加值"}
    if form is ENROLMENT:
        yield Record("filing", {**filing, "status": "有參與業務"})
        member: dict[str, Value] = {
            "name": f"成員{unit}",
            "title": "副組長",
            "level": "單位業務主管",
            "email": "a@b.tw",
        }
        yield Record("member", member)
        more: dict[str, Value] = {
            "audience": "民眾", "method": text, "target": "使用率 60%", "cross_agency": False,
            "handler": "李承辦", "phone": "02-27721370",
        }  # fmt: skip
        yield Record("items", {**name, **more})
        return
    if form is REPORT:
        yield Record("filing", {**filing, "status": "有執行成果"})
        yield Record("report", {**name, "result": text, "next_steps": text[:20]}, item)
        yield Record("metrics", {"name": "人次", "unit": "人", "target": "1", "actual": "2"}, item)
    else:
        who: dict[str, Value] = {
            "unit": plan.unit_name(unit),
            "name": f"成員{unit}",
            "title": "副組長",
            "day": day,
        }
        yield Record("reviewer", who)
        yield Record(
            "review", {**name, "opinion": text, "recommend": True, "reason": "具推廣價值"}, item
        )
    for n, criterion in enumerate(plan.criteria):
        row: dict[str, Value] = {"criterion": criterion.name, "score": Decimal(80 + n)}
        if form is REPORT:
            row["evidence"] = f"{text[:12]}{n}"
        yield Record("scores", row, item)


def saved_again(first: Path, target: Path, version: int) -> None:
    """Write a return's later version: another text, saved so many minutes later."""
    later = f"{datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=version):%Y-%m-%dT%H:%M:%SZ}"
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "docProps/core.xml":
                text = text.replace(b"2025-01-01T00:00:00Z", later.encode())
            elif part.filename == "xl/sharedStrings.xml":
                text = text.replace(FIRST.encode(), f"第 {version} 版".encode())
            new.writestr(part, text, compresslevel=1)


def year(root: Path, count: int) -> None:
    """A year's folder with `count` returns in its inbox."""
    new(root, 114)
    records = tuple(settings())
    write_form(
        root / "年度設定.xlsx", FormCopy(SETTINGS, shipped_plan(114), unit="", records=records)
    )
    plan, found = read_plan(records)
    assert plan is not None, found
    codes = [f"{n:02}" for n in range(1, UNITS + 1)]
    each = [(form, unit) for form in (ENROLMENT, REPORT, REVIEW) for unit in codes]
    for number in range(count):
        (form, unit), version = each[number % len(each)], number // len(each) + 1
        first, path = (root / "收件匣" / f"{unit}_{form.key}_{one:04}.xlsx" for one in (1, version))
        if version > 1:
            saved_again(first, path, version)
            continue
        records = tuple(filled(form, plan, unit))
        write_form(path, FormCopy(form, plan, unit=unit, records=records, items=[f"{unit}-01"]))


def merge(root: Path) -> float:
    """Wall seconds of `xltool merge`."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "xltool", "merge", "--folder", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "114"
        year(root, count)
        firsts, agains = [], []
        for _ in range(runs):
            shutil.rmtree(root / "紀錄", ignore_errors=True)
            shutil.rmtree(root / "成果", ignore_errors=True)
            firsts.append(merge(root))
            agains.append(merge(root))
        first, again = statistics.median(firsts), statistics.median(agains)
        print(
            f"{count:,} returns  first {first:.2f} s  unchanged {again:.2f} s  ({again / first:.0%})"
        )
        start = time.perf_counter()
        out = str(Path(scratch) / "script.xlsx")
        subprocess.run([sys.executable, "-c", SCRIPT, str(root / "收件匣"), out], check=True)
        script = time.perf_counter() - start
        print(f"script {script:.2f} s; first / script: {first / script:.2f}")


if __name__ == "__main__":
    main()
