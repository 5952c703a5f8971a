"""What a check found, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from xltool.findings import Finding, Severity
from xltool.model import COUNTS, Receipt
from xltool.outputs.checked import (
    ACCEPTED,
    BLOCKED,
    NOT_OF_A_FILE,
    STATUS,
    UNREADABLE,
    CheckedFile,
    Head,
    Words,
    finding_rows,
    form_title,
    summary,
    unit_name,
)
from xltool.plan import Plan
from xltool.zh import clean

_PAGE = 120
_WORDS = {Head.PLACE: 2, Head.PROBLEM: 4, Head.FIX: 4}  # columns, each so many times as wide
_STYLE: Mapping[str, str] = {
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
    """Print findings file by file, the worst first, and how many files have none; then what became of
    every file, then one line that sums up.

    `others` are findings of no single file (rules, settings). `plan` gives units their names;
    `stream` is standard output unless given. Text of units is printed as it is, never as markup.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PAGE  # a file or a pipe has no width of its own
    faulty = [checked for checked in files if checked.findings]
    for checked in sorted(faulty, key=_worst):
        heading = Text(f"\n{clean(checked.file)}", style="bold")
        heading.append(f"　{form_title(checked.form)}　{unit_name(checked.unit, plan)}　")
        heading.append(
            f"【{STATUS.get(checked.status, checked.status)}】", _STYLE.get(checked.status, "")
        )
        console.print(heading, soft_wrap=True)
        console.print(_table(finding_rows(checked.findings), console.width))
    if without := len(files) - len(faulty):
        console.print(f"\n{without} 份沒有發現問題")
    if rest := list(others):
        console.print(Text(f"\n{NOT_OF_A_FILE}", style="bold"))
        console.print(_table(finding_rows(rest, with_file=True), console.width))
    odd = [receipt for receipt in receipts if receipt.status not in COUNTS]
    if odd:
        console.print(Text("\n未採用的檔案", style="bold"))
        for receipt in odd:
            why = f"：{clean(receipt.note)}" if receipt.note else ""
            console.print(Text(f"  {clean(receipt.file)}　{receipt.status}{why}"), soft_wrap=True)
    console.print(Text(f"\n{summary(files, rest)}", style="bold"), soft_wrap=True)


def _worst(checked: CheckedFile) -> int:
    """How grave a file's gravest finding is: 0 is the gravest."""
    return min(list(Severity).index(found.severity) for found in checked.findings)


def _table(rows: Sequence[Words], width: int) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=min(width, 140))
    table.add_column(Head.SEVERITY, no_wrap=True)
    for heading, ratio in _WORDS.items():
        table.add_column(heading, ratio=ratio, overflow="fold")
    for row in rows:
        severity = row[Head.SEVERITY]
        table.add_row(
            Text(f"{severity} {row[Head.CODE]}", style=_STYLE[severity]),
            *(Text(clean(row[heading])) for heading in _WORDS),
        )
    return table
