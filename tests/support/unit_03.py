"""Small returns of unit 03, made as records: one item, its report, one entry in the contest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from xltool.forms import Form
from xltool.model import Record, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import Plan, shipped_plan
from xltool.steps.done import Done
from xltool.store.workspace import Workspace

PLAN = shipped_plan(114)


def filing(status: str) -> Record:
    return Record(
        "filing",
        {
            "status": status,
            "filler": "王小明",
            "phone": "02-0000-0001",
            "day": date(2025, 3, 20),
            "stamp": "尚未核章",
        },
    )


def enrolment(name: str = "用電申辦進度線上查詢", status: str = "有參與業務") -> tuple[Record, ...]:
    member: dict[str, Value] = {
        "name": "陳大文",
        "title": "副組長",
        "level": "單位業務主管",
        "email": "chen@example.gov.tw",
    }
    item: dict[str, Value] = {
        "item": "03-01",
        "name": name,
        "category": "數位創新加值",
        "audience": "民眾",
        "method": "建置線上查詢平臺",
        "target": "使用率 60%",
        "cross_agency": False,
        "handler": "李承辦",
        "phone": "02-0000-0002",
    }
    has_items = status == "有參與業務"
    rows = (Record("items", item),) if has_items else ()
    return (filing(status), Record("member", member), *rows)


def report(score: Decimal = Decimal(85), result: str = "完成建置並上線") -> tuple[Record, ...]:
    of = "03-01"
    return (
        filing("有執行成果"),
        Record(
            "report",
            {
                "item": of,
                "name": "用電申辦進度線上查詢",
                "category": "數位創新加值",
                "method": "建置線上查詢平臺",
                "target": "使用率 60%",
                "result": result,
                "next_steps": "擴充行動版",
            },
            of=of,
        ),
        *(
            Record("scores", {"criterion": c.name, "score": score, "evidence": "佐證"}, of=of)
            for c in PLAN.criteria
        ),
        Record(
            "metrics", {"name": "查詢人次", "unit": "人次", "target": "100", "actual": "120"}, of=of
        ),
    )


def contest() -> tuple[Record, ...]:
    person: dict[str, Value] = {
        "entry": "A1",
        "unit": "電力發展及管理組",
        "name": "王主辦",
        "staff_id": "E1001",
        "title": "專員",
        "staff_kind": "公務人員",
        "grade": "薦任第七職等",
        "role": "主要承辦人員",
        "deed": "主辦線上查詢平臺",
    }
    entry: dict[str, Value] = {
        "entry": "A1",
        "name": "用電申辦一站通",
        "term": "第8屆",
        "unit": "電力發展及管理組",
        "item": "03-01",
        "stage": "入圍實地訪查",
    }
    return (Record("entries", entry), Record("people", person))


def returned(
    workspace: Workspace,
    name: str,
    form: Form,
    records: tuple[Record, ...],
    *,
    unit: str = "03",
    plan: Plan = PLAN,
) -> Path:
    path = workspace.inbox / name
    write_form(path, FormCopy(form, plan, unit=unit, records=records, items=["03-01"]))
    return path


def codes(checked: Done) -> dict[str, set[str]]:
    """Codes of blocking findings and warnings by file."""
    found: dict[str, set[str]] = {}
    for one in checked.findings:
        found.setdefault(one.at.file, set()).add(one.code)
    return found
