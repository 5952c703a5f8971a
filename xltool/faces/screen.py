"""How a command tells what it did: to a person on the terminal, or to a program as JSON."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from xltool.faces.answer import answer

if TYPE_CHECKING:
    from rich.table import Table

    from xltool.findings import Finding
    from xltool.steps.done import Done, Progress
    from xltool.steps.status import Status

CLEAN, BLOCKED, FAULT = 0, 1, 2
"""Exit codes: nothing wrong; findings that block; a fault of use or machine."""

_PIPE_WIDTH = 200
_TABLE_WIDTH = 80  # what the table of who has filed needs on a terminal
_FILES_NAMED = 3
"""How many files are named one by one: tracker, roster, Annex 3. More are told by their folder."""
_FINDINGS_NAMED = 20


class Screen(NamedTuple):
    """What a command tells goes through here: one object as JSON, or words and tables. `asked` is what
    the command was given; it knows the year that is meant."""

    as_json: bool
    asked: Namespace = Namespace()

    def tell(self, done: Done, result: object = None) -> int:
        """Tell what a step did; returns the exit code. `result` is what a program gets of it alone."""
        said = {
            "title": done.title,
            "summary": done.summary_lines,
            "findings": done.findings,
            "outputs": done.outputs,
        }
        self.show(result, lambda: _print_done(done), **said)
        return exit_code(done)

    def show(self, result: object, show_person: Callable[[], None], **said: Any) -> None:
        """Print the answer for a program: the `result`, and what else is `said` (`faces.answer`). A person
        sees what `show_person` prints."""
        if self.as_json:
            print_answer(answer(self.asked, result, **said))
        else:
            show_person()

    @contextlib.contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """A status line on a terminal; silent when output is a file, a pipe or JSON."""
        if self.as_json or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console

        with Console(stderr=True).status("讀取中…") as line:
            yield lambda done, total, name: line.update(f"{done}／{total}　{name}")


def exit_code(done: Done) -> int:
    """1 when a finding blocks, so that a script stops there."""
    return BLOCKED if done.blocked else CLEAN


def print_answer(plain: dict[str, Any]) -> None:
    """An answer for a program: in characters that reach it whatever the stream's encoding is."""
    whole = (sys.stdout.encoding or "").replace("-", "").casefold().startswith("utf")
    print(json.dumps(plain, ensure_ascii=not whole, indent=2))


def refuse(message: str) -> int:
    """Tell why a call cannot be meant; returns the exit code."""
    print(message, file=sys.stderr)
    return FAULT


def print_lines(lines: Iterable[str]) -> None:
    """Words for a person, a line each."""
    for line in lines:
        print(line)


def _print_done(done: Done) -> None:
    print_lines(done.summary_lines)
    if len(done.outputs) <= _FILES_NAMED:
        print_lines(f"→ {path}" for path in done.outputs)
    from xltool.findings import CATALOGUE, Severity

    # The workbook itself can't list what happened to it while it was written.
    written = {path.name for path in done.outputs}
    open_ones = [one for one in done.findings if one.severity is not Severity.WAIVED]
    blocking = [one for one in open_ones if one.blocks]
    beside = [
        one
        for one in open_ones
        if not one.blocks and (one.at.file in written or CATALOGUE[one.code].matters)
    ]
    _print_findings("請留意", beside)
    _print_findings("須先處理的錯誤", blocking)


def _print_findings(heading: str, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    print(f"{heading} {len(findings)} 項：")
    for one in findings[:_FINDINGS_NAMED]:
        print(f"  {one.severity} {one.code}　{one.at}\n    {one.message}；{one.fix}")
    if len(findings) > _FINDINGS_NAMED:
        print("  …其餘請執行 xltool check，或看總表的「檢核結果」")


def print_status(status: Status) -> None:
    """Units × forms: who has filed what, and the days left."""
    from rich.table import Table

    from xltool.forms import ENROLMENT, FORMS
    from xltool.zh import roc_date

    if sys.stdout.isatty() and shutil.get_terminal_size().columns < _TABLE_WIDTH:
        print(f"繳交情形（{roc_date(status.day)}）")
        for unit, standings in status.units().items():
            print(unit)
            for one in standings:
                print(
                    f"　{FORMS[one.form].title}：{'，'.join(part for part in (one.state, one.left) if part)}"
                )
        return
    table = Table(title=f"繳交情形（{roc_date(status.day)}）")
    table.add_column(ENROLMENT.field("filing", "unit").label, no_wrap=True)
    for form, deadline in status.forms():
        table.add_column(form + (f"\n截止 {roc_date(deadline)}" if deadline else ""))
    for unit, standings in status.units().items():
        cells = ("，".join(part for part in (s.state, s.left) if part) for s in standings)
        table.add_row(unit, *cells)
    _print_table(table)


def print_dictionary(plain: dict[str, Any]) -> None:
    """A form's data dictionary (`forms.dictionary`): a table for each of its sections."""
    from rich.table import Table

    for sheet in plain["sheets"]:
        for section in sheet["sections"]:
            table = Table(title=f"{plain['title']}｜{sheet['title']}｜{section['anchor']}")
            for column in ("欄位", "型態", "必填", "選項或限制", "提示"):
                table.add_column(column)
            for field in section["fields"]:
                table.add_row(*_field_row(field))
            _print_table(table)


def _field_row(field: dict[str, Any]) -> tuple[str, ...]:
    from xltool.forms.dictionary import TYPES

    limit = f"{field['max_length']} 字以內" if field["max_length"] else ""
    if field["minimum"] is not None:
        limit = f"{field['minimum']}～{field['maximum']}"
    return (
        field["label"],
        TYPES[field["type"]] + ("（已備妥）" if field["given"] else ""),
        "是" if field["required"] else "",
        "、".join(field["choices"]) or limit,
        field["prompt"],
    )


def _print_table(table: Table) -> None:
    """On a terminal as wide as it is; into a file or a pipe wide enough not to wrap, and without the
    blanks that fill up a line."""
    from rich.console import Console

    if sys.stdout.isatty():
        Console().print(table)
        return
    drawn = io.StringIO()
    Console(width=_PIPE_WIDTH, file=drawn).print(table)
    print_lines(line.rstrip() for line in drawn.getvalue().splitlines())
