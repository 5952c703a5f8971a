"""What `check` and `rewards` say: for people on the terminal, for programs as JSON.

The JSON objects are a published interface: `docs/schema/check.schema.json`, `rewards.schema.json`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from xltool.findings import Finding, Group, Severity, counted, grouped
from xltool.forms import FORMS
from xltool.model import Fate, Receipt
from xltool.outputs.lists.roster import claim_text
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.zh import clean

ACCEPTED, BLOCKED, UNREADABLE = "accepted", "blocked", "unreadable"
"""The status of a checked file, as in the JSON."""

_PAGE = 120
STATUS = {ACCEPTED: "可採用", BLOCKED: "待修正", UNREADABLE: "無法讀取"}
_STYLE = {
    ACCEPTED: "green",
    BLOCKED: "bold yellow",
    UNREADABLE: "bold red",
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.WAIVED: "cyan",
    Severity.NOTE: "dim",
}


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


def check_objects(files: Sequence[CheckedFile]) -> list[dict[str, Any]]:
    """One object per file, as `check --json` prints them (docs/schema/check.schema.json)."""
    return [
        {
            "file": checked.file,
            "form": checked.form,
            "unit": checked.unit,
            "version": checked.version,
            "status": checked.status,
            "findings": [_finding_object(found) for found in checked.findings],
        }
        for checked in files
    ]


def _finding_object(found: Finding) -> dict[str, str]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "sheet": found.at.sheet,
        "cell": found.at.cell,
        "value": found.value,
        "message": found.message,
        "fix": found.fix,
    }


def rewards_json(outcomes: Outcomes, plan: Plan) -> list[dict[str, Any]]:
    """One object per person, as `rewards --json` prints them (docs/schema/rewards.schema.json).

    `reward` is empty on a blocked line. Personal data: never for publication (R7).
    """
    return [
        {
            "unit": line.person.unit,
            "unit_name": plan.unit_name(line.person.unit),
            "id": line.person.staff_id,
            "name": line.person.name,
            "reward": line.reward.name if line.reward and not line.blocked else "",
            "clause": line.clause,
            "entry": line.claim.entry,
            "absorbed": [
                {
                    "entry": claim.entry,
                    "clause": claim.entitlement.clause,
                    "reward": (claim.granted or claim.entitlement.reward).name,
                    "text": claim_text(claim),
                }
                for claim in line.absorbed
            ],
            "bound": str(line.claim.entitlement.bound),
            "blocked": line.blocked,
        }
        for line in outcomes.rewards.lines
    ]


def print_report(
    files: Sequence[CheckedFile],
    receipts: Sequence[Receipt] = (),
    *,
    plan: Plan | None = None,
    others: Iterable[Finding] = (),
    stream: IO[str] | None = None,
) -> None:
    """Print findings file by file, then what became of every file, then one line that sums up.

    `others` are findings of no single file (rules, settings). `plan` gives units their names;
    `stream` is standard output unless given. Text of units is printed as it is, never as markup.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PAGE  # a file or a pipe has no width of its own
    for checked in files:
        heading = Text(f"\n{clean(checked.file)}", style="bold")
        heading.append(f"　{form_title(checked.form)}　{unit_name(checked.unit, plan)}　")
        heading.append(
            f"【{STATUS.get(checked.status, checked.status)}】", _STYLE.get(checked.status, "")
        )
        console.print(heading, soft_wrap=True)
        if checked.findings:
            console.print(_table(checked.findings, console.width))
        else:
            console.print("  沒有發現問題")
    if rest := list(others):
        console.print(Text("\n彙整與規則", style="bold"))
        console.print(_table(rest, console.width, with_file=True))
    odd = [receipt for receipt in receipts if receipt.status is not Fate.ADOPTED]
    if odd:
        console.print(Text("\n未採用的檔案", style="bold"))
        for receipt in odd:
            why = f"：{clean(receipt.note)}" if receipt.note else ""
            console.print(Text(f"  {clean(receipt.file)}　{receipt.status}{why}"), soft_wrap=True)
    console.print(Text(f"\n{summary(files, rest)}", style="bold"), soft_wrap=True)


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


def _table(findings: Sequence[Finding], width: int, *, with_file: bool = False) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=min(width, 140))
    table.add_column("嚴重度", no_wrap=True)
    table.add_column("位置", ratio=2, overflow="fold")
    table.add_column("問題", ratio=4, overflow="fold")
    table.add_column("怎麼改", ratio=4, overflow="fold")
    order: Mapping[Severity, int] = {severity: n for n, severity in enumerate(Severity)}
    for group in sorted(grouped(findings), key=lambda g: order[g.finding.severity]):
        found = group.finding
        place = f"{found.at.file}｜" * with_file + places(group)
        table.add_row(
            Text(f"{found.severity} {found.code}", style=_STYLE[found.severity]),
            Text(clean(place)),
            Text(clean(found.message)),
            Text(clean(found.fix)),
        )
    return table
