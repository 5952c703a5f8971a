"""What a check found in each file, and the words that page, workbook and screen have for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xltool.findings import Finding, Group, counted
from xltool.forms import FORMS
from xltool.plan import Plan

ACCEPTED, BLOCKED, UNREADABLE = "accepted", "blocked", "unreadable"
"""The status of a checked file, as in the JSON."""

STATUS = {ACCEPTED: "可採用", BLOCKED: "待修正", UNREADABLE: "無法讀取"}
"""The same for a person."""


@dataclass(frozen=True)
class CheckedFile:
    """One returned file as checked. `form` and `unit` are keys, empty when not recognised; `version`
    is the form's, 0 when unknown; `status` is accepted, blocked or unreadable."""

    file: str
    form: str
    unit: str
    version: int
    status: str
    findings: tuple[Finding, ...]


def summary(files: Sequence[CheckedFile], others: Iterable[Finding] = ()) -> str:
    """One line: how many files of which status, how many findings of which severity."""
    status = Counter(checked.status for checked in files)
    found = counted([f for checked in files for f in checked.findings] + list(others))
    by_status = "、".join(f"{STATUS[s]} {status[s]}" for s in STATUS)
    return f"共 {len(files)} 個檔案：{by_status}；檢核結果：{found}"


def form_title(key: str) -> str:
    """A form's title for a person; also where it was not recognised."""
    return FORMS[key].title if key in FORMS else "無法判斷的表單"


def unit_name(code: str, plan: Plan | None) -> str:
    """A unit's name for a person; also where there is none."""
    if not code:
        return "（無單位）"
    return plan.unit_name(code) if plan else code


def places(group: Group) -> str:
    """Where the findings of a group stand: 「評分!C5、C6；會議!A1」, or the whole file."""
    cells: dict[str, list[str]] = {}
    for at in group.places:
        cells.setdefault(at.sheet, []).append(at.cell)
    words = (
        "!".join(part for part in (sheet, "、".join(filter(None, dict.fromkeys(listed)))) if part)
        for sheet, listed in cells.items()
    )
    return "；".join(filter(None, words)) or "整份檔案"
