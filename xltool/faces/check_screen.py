"""What a check found, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING

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

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_PROSE = 60  # columns that problem and remedy need beside the place
_WORDS = (Head.PLACE, Head.PROBLEM, Head.FIX)
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
    faulty = [checked for checked in files if checked.findings]
    for checked in sorted(faulty, key=_worst):
        heading = Text(f"\n{clean(checked.file)}", style="bold")
        heading.append(f"　{form_title(checked.form)}　{unit_name(checked.unit, plan)}　")
        heading.append(
            f"【{STATUS.get(checked.status, checked.status)}】", _STYLE.get(checked.status, "")
        )
        console.print(heading, soft_wrap=True)
        _print_findings(console, finding_rows(checked.findings))
    if without := len(files) - len(faulty):
        console.print(f"\n{without} 份沒有發現問題")
    if rest := list(others):
        console.print(Text(f"\n{NOT_OF_A_FILE}", style="bold"))
        _print_findings(console, finding_rows(rest, with_file=True))
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


def _print_findings(console: Console, rows: Sequence[Words]) -> None:
    """As a table where a terminal has room for it; else two lines each, so that a place is never broken
    and nothing is padded."""
    from rich.cells import cell_len
    from rich.text import Text

    places = max((cell_len(clean(row[Head.PLACE])) for row in rows), default=0)
    if console.is_terminal and console.width >= places + _PROSE:
        console.print(_table(rows, console.width))
        return
    for row in rows:
        severity, place, problem, fix = (
            clean(row[head]) for head in (Head.SEVERITY, Head.PLACE, Head.PROBLEM, Head.FIX)
        )
        told = Text("  ").append(f"{severity} {row[Head.CODE]}", _STYLE[row[Head.SEVERITY]])
        console.print(told.append(f"　{place}"), soft_wrap=True)
        console.print(Text(f"    {problem}；{fix}" if fix else f"    {problem}"), soft_wrap=True)


def _table(rows: Sequence[Words], width: int) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=min(width, 140))
    table.add_column(Head.SEVERITY, no_wrap=True)
    for heading in _WORDS:
        place = heading is Head.PLACE
        table.add_column(heading, ratio=None if place else 1, overflow="fold", no_wrap=place)
    for row in rows:
        severity = row[Head.SEVERITY]
        table.add_row(
            Text(f"{severity} {row[Head.CODE]}", style=_STYLE[severity]),
            *(Text(clean(row[heading])) for heading in _WORDS),
        )
    return table
