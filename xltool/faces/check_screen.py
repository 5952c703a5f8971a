"""What a check found, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from xltool.findings import Finding, Severity, grouped
from xltool.model import Fate, Receipt
from xltool.outputs.checked import (
    ACCEPTED,
    BLOCKED,
    STATUS,
    UNREADABLE,
    CheckedFile,
    form_title,
    places,
    summary,
    unit_name,
)
from xltool.plan import Plan
from xltool.zh import clean

_PAGE = 120
_STYLE = {
    ACCEPTED: "green",
    BLOCKED: "bold yellow",
    UNREADABLE: "bold red",
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.WAIVED: "cyan",
    Severity.NOTE: "dim",
}


def print_check(
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
