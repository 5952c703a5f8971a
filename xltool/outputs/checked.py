"""What a check found in each file, and the rows in which page, workbook and screen tell it.

A row is made once, by the headings of its columns; who shows it chooses among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xltool.findings import CATALOGUE, Finding, Group, Severity, counted, explanation, grouped
from xltool.forms import FORMS
from xltool.outputs.celltext import cell_text
from xltool.plan import Plan
from xltool.zh import shortened

ACCEPTED, BLOCKED, UNREADABLE = "accepted", "blocked", "unreadable"
"""The status of a checked file, as in the JSON."""

STATUS = {ACCEPTED: "可採用", BLOCKED: "待修正", UNREADABLE: "無法讀取"}
"""The same for a person."""

PRIVATE = "內部文件：含各單位填報內容，請勿公布。"
"""What page and workbook say of themselves: they quote what units typed."""
NOT_OF_A_FILE = "彙整與規則"
"""What findings that belong to no single file are told under."""

_QUOTED = 300  # characters of what was typed
_WORST_FIRST = tuple(Severity)


class Head(StrEnum):
    """The headings of the rows."""

    UNIT = "單位"
    FORM = "表單"
    FILE = "檔案"
    RESULT = "結果"
    SEVERITY = "嚴重度"
    CODE = "代碼"
    PLACE = "位置"
    SHEET = "工作表"
    CELL = "儲存格"
    TYPED = "所填內容"
    PROBLEM = "問題"
    WHY = "為什麼"
    FIX = "怎麼改"


Row = Mapping[str, str | int]
Words = Mapping[str, str]
"""A row of words alone."""


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
    found = counted(every_finding(files, others))
    by_status = "、".join(f"{STATUS[s]} {status[s]}" for s in STATUS)
    return f"共 {len(files)} 個檔案：{by_status}；檢核結果：{found}"


def file_row(checked: CheckedFile, plan: Plan) -> Row:
    """A file: whose it is, its result, how many findings of each severity."""
    count = Counter(found.severity for found in checked.findings)
    return {
        Head.UNIT: unit_name(checked.unit, plan),
        Head.FORM: form_title(checked.form),
        Head.FILE: checked.file,
        Head.RESULT: STATUS[checked.status],
        **{severity: count[severity] for severity in Severity},
    }


def finding_rows(findings: Iterable[Finding], *, with_file: bool = False) -> list[Words]:
    """The findings of a file, the worst first; those that say the same are one row with all places.

    `with_file`: the places begin with the file, where the findings are of several.
    """
    groups = sorted(grouped(findings), key=lambda group: _worst(group.finding))
    return [
        {
            Head.SEVERITY: found.severity,
            Head.CODE: found.code,
            Head.PLACE: f"{found.at.file}｜" * with_file + _places(group),
            **_said(found),
        }
        for group in groups
        for found in (group.finding,)
    ]


def place_rows(files: Sequence[CheckedFile], others: Iterable[Finding], plan: Plan) -> list[Words]:
    """Every finding of all files and of none, one row a place, the worst first."""
    every: list[tuple[str, str, Finding]] = [
        (unit_name(checked.unit, plan), form_title(checked.form), found)
        for checked in files
        for found in checked.findings
    ]
    every += [("", NOT_OF_A_FILE, found) for found in others]
    return [
        {
            Head.UNIT: unit,
            Head.FORM: form,
            Head.FILE: found.at.file,
            Head.SEVERITY: found.severity,
            Head.CODE: found.code,
            Head.SHEET: found.at.sheet,
            Head.CELL: found.at.cell,
            **_said(found),
        }
        for unit, form, found in sorted(every, key=lambda one: _worst(one[2]))
    ]


def code_rows(files: Sequence[CheckedFile], others: Iterable[Finding]) -> list[Words]:
    """Each code that occurs, with what it means, why it is checked and what to do."""
    codes = {found.code for found in every_finding(files, others)}
    return [{**dict(explanation(CATALOGUE[code])), Head.CODE: code} for code in sorted(codes)]


def every_finding(files: Sequence[CheckedFile], others: Iterable[Finding]) -> list[Finding]:
    """The findings of all files and of none."""
    return [found for checked in files for found in checked.findings] + list(others)


def _said(found: Finding) -> Words:
    typed = shortened(cell_text(found.value), _QUOTED)
    return {Head.TYPED: typed, Head.PROBLEM: found.message, Head.FIX: found.fix}


def _worst(found: Finding) -> int:
    return _WORST_FIRST.index(found.severity)


def form_title(key: str) -> str:
    """A form's title for a person; also where it was not recognised."""
    return FORMS[key].title if key in FORMS else "無法判斷的表單"


def unit_name(code: str, plan: Plan | None) -> str:
    """A unit's name for a person; also where there is none."""
    if not code:
        return "（無單位）"
    return plan.unit_name(code) if plan else code


def _places(group: Group) -> str:
    """Where the findings of a group stand: 「評分!C5、C6；會議!A1」, or the whole file."""
    cells: dict[str, list[str]] = {}
    for at in group.places:
        cells.setdefault(at.sheet, []).append(at.cell)
    words = (
        "!".join(part for part in (sheet, "、".join(filter(None, dict.fromkeys(listed)))) if part)
        for sheet, listed in cells.items()
    )
    return "；".join(filter(None, words)) or "整份檔案"
