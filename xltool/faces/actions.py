"""What each command does: find the year's folder, call the step, have the screen tell it.

A step is imported by the action that calls it, with the heavy libraries behind it, so that
`xltool --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.faces.parser import UsageError
from xltool.faces.screen import (
    CLEAN,
    Screen,
    exit_code,
    print_dictionary,
    print_lines,
    print_status,
)
from xltool.processes import load_ahead

if TYPE_CHECKING:
    from xltool.model import Dataset, Purpose
    from xltool.plan import Plan
    from xltool.rules.outcomes import Outcomes
    from xltool.steps.done import Done, Progress
    from xltool.store.workspace import Workspace


# --- The year begins ---------------------------------------------------------------------------


def new(asked: Namespace, screen: Screen) -> int:
    """Lay out a year; `--from` may name a folder, or only the year beside this one."""
    from xltool.steps.new import new
    from xltool.store.years import YEARS

    source = asked.source
    if source is not None and not source.exists():
        source = YEARS / source
    return screen.tell(new(asked.folder or Path(YEARS, str(asked.year)), asked.year, source))


def issue(asked: Namespace, screen: Screen) -> int:
    """Forms into 發出, to all units or those of `--units`."""
    from xltool.steps.issue import issue

    with screen.progress() as progress:
        done = issue(
            _workspace(asked),
            asked.form,
            asked.units,
            progress,
            supplement=asked.supplement,
            purpose=_purpose(asked),
        )
    return screen.tell(done)


def _purpose(asked: Namespace) -> Purpose | None:
    """For what the group is to meet, where that was said."""
    from xltool.model import Purpose

    return Purpose(asked.purpose) if asked.purpose else None


# --- What came back ----------------------------------------------------------------------------


def check(asked: Namespace, screen: Screen) -> int:
    """Check the inbox, or the files named; `--return` and `--rehearse` answer other questions."""
    if asked.give_back:
        return _give_back(asked, screen)
    if asked.rehearse is not None:
        return _rehearse(asked, screen)
    if asked.files:
        load_ahead()
    from xltool.faces.check_screen import print_check
    from xltool.outputs.data.objects import check_objects
    from xltool.steps.check import check, checked_files, keep_check, loose_findings

    workspace = _workspace_if_any(asked) if asked.files else _workspace(asked)
    if asked.report and workspace is None:
        raise UsageError("--report 存到年度資料夾的「成果」；請以 --folder 指定年度資料夾")
    with screen.progress() as progress:
        done = check(workspace, asked.files, progress)
    files, others = checked_files(done), loose_findings(done)
    kept = keep_check(workspace, done) if asked.report and workspace is not None else ()

    def show_person() -> None:
        print_check(files, done.receipts, plan=done.plan, others=others)
        print_lines(f"→ {path}" for path in kept)

    found = (*(one for file in files for one in file.findings), *others)
    screen.show(check_objects(files, others), show_person, findings=found, outputs=kept)
    return exit_code(done)


def _give_back(asked: Namespace, screen: Screen) -> int:
    from xltool.steps.give_back import give_back

    if asked.files:
        raise UsageError("--return 用於收件匣全部的檔案，請勿另外指定檔案")
    return _with_progress(give_back, asked, screen)


def _rehearse(asked: Namespace, screen: Screen) -> int:
    from xltool.steps.rehearse import rehearse

    with screen.progress() as progress:
        done = rehearse(_workspace(asked), asked.rehearse, progress)
    return screen.tell(done)


def waive(asked: Namespace, screen: Screen) -> int:
    """Accept a finding, take that back (`--remove`), or list what is accepted."""
    from xltool.findings import Waiver
    from xltool.steps.status import today
    from xltool.steps.waive import unwaive, waive, waivers
    from xltool.zh import roc_date

    workspace, code, unit = (
        _workspace(asked),
        asked.code.upper(),
        asked.unit,
    )
    if not code:
        return screen.tell(waivers(workspace))
    if asked.remove:
        return screen.tell(unwaive(workspace, code, unit))
    sheet, _, cell = asked.cell.rpartition("!")
    day = roc_date(today())
    waiver = Waiver(code, unit, asked.form or "", sheet, cell, asked.reason, asked.by, day)
    return screen.tell(waive(workspace, waiver))


def remind(asked: Namespace, screen: Screen) -> int:
    """Drafts to those who are late on `--day`."""
    from xltool.steps.remind import remind

    return screen.tell(remind(_workspace(asked), asked.day))


def status(asked: Namespace, screen: Screen) -> int:
    """Who has filed what; `--report` keeps it as a page."""
    from xltool.steps.status import status, write_status

    workspace = _workspace(asked)
    found = status(workspace, asked.day)
    kept = [write_status(workspace, found)] if asked.report else []

    def show_person() -> None:
        print_status(found)
        print_lines(f"→ {path}" for path in kept)

    screen.show(found.plain, show_person, outputs=kept)
    return CLEAN


# --- Questions ---------------------------------------------------------------------------------


def explain(asked: Namespace, screen: Screen) -> int:
    """One code of the catalogue, or all."""
    from xltool.findings import CATALOGUE, explanation
    from xltool.store.workspace import WorkspaceError

    code = CATALOGUE.get(asked.code.upper())
    if asked.code and code is None:
        raise WorkspaceError(f"沒有「{asked.code}」這個檢核代碼；xltool explain 可列出全部")
    told = [code] if code else list(CATALOGUE.values())

    def show_person() -> None:
        if code is None:
            print_lines(f"{one.code} {one.severity}　{one.shown}" for one in told)
        else:
            print_lines(f"{heading}：{words}" for heading, words in explanation(code))

    screen.show(
        [
            {
                "code": one.code,
                "severity": str(one.severity),
                "text": one.shown,
                "explained": [
                    {"heading": heading, "text": words} for heading, words in explanation(one)
                ],
            }
            for one in told
        ],
        show_person,
    )
    return CLEAN


def diff(asked: Namespace, screen: Screen) -> int:
    """What changed between returns; programs get the changes."""
    from dataclasses import asdict

    from xltool.steps.ask import diff, diff_rosters

    if asked.what:
        return screen.tell(diff_rosters(_workspace(asked), *asked.what))
    done, changes = diff(_workspace(asked), asked.unit, asked.form or "")
    return screen.tell(done, [asdict(change) for change in changes])


def where(asked: Namespace, screen: Screen) -> int:
    """Where a value came from; a bare file name is looked for among the results too."""
    from xltool.steps.ask import where

    workspace, path = _workspace(asked), asked.file
    if not path.exists() and (workspace.results / path).exists():
        path = workspace.results / path
    return screen.tell(where(workspace, path, asked.place))


def why(asked: Namespace, screen: Screen) -> int:
    """Why a result is so; programs get the reasons."""
    from dataclasses import asdict

    from xltool.steps.ask import why

    done, answers = why(_workspace(asked), asked.subject)
    return screen.tell(done, [asdict(answer) for answer in answers])


def form(asked: Namespace, screen: Screen) -> int:
    """A data dictionary, with the choices of the year at hand if there is one."""
    from xltool.steps.ask import form_dictionary
    from xltool.store.workspace import Workspace, WorkspaceError
    from xltool.store.years import chosen

    try:
        one = chosen(asked.folder, Path())
    except WorkspaceError:  # several years: the form is the same
        one = None
    asked.year_meant = one
    plain = form_dictionary(asked.form, Workspace.open(one.folder) if one else None)
    screen.show(plain, lambda: print_dictionary(plain))
    return CLEAN


# --- What the year yields ----------------------------------------------------------------------


def merge(asked: Namespace, screen: Screen) -> int:
    """The inbox into the ledger, then the tracker."""
    from xltool.steps.write import merge

    return _with_progress(merge, asked, screen)


def score(asked: Namespace, screen: Screen) -> int:
    """Scores and ranks into the tracker; programs get every item's."""
    from xltool.outputs.data.concluded import score_objects
    from xltool.steps.write import score

    with screen.progress() as progress:
        done = score(_workspace(asked), progress)
    return screen.tell(done, _concluded(done, score_objects))


def recommend(asked: Namespace, screen: Screen) -> int:
    """The proposal for the 政府服務獎, and what meetings chose."""
    from xltool.outputs.data.concluded import recommend_objects
    from xltool.steps.ask import recommend

    done = recommend(_workspace(asked))
    return screen.tell(done, _concluded(done, recommend_objects))


def meeting(asked: Namespace, screen: Screen) -> int:
    """The meetings: whether they were valid, what they decided."""
    from xltool.outputs.data.concluded import meeting_objects
    from xltool.steps.ask import meeting

    done = meeting(_workspace(asked))
    return screen.tell(done, _concluded(done, meeting_objects))


def _concluded(
    done: Done, objects: Callable[[Dataset, Outcomes, Plan], dict[str, Any]]
) -> dict[str, Any] | None:
    """What a step concluded, beside what it did."""
    if done.dataset is None or done.outcomes is None or done.plan is None:
        return None
    return objects(done.dataset, done.outcomes, done.plan)


def rewards(asked: Namespace, screen: Screen) -> int:
    """The roster; programs get a line for each person."""
    from xltool.outputs.data.objects import reward_objects
    from xltool.steps.write import rewards

    with screen.progress() as progress:
        done = rewards(_workspace(asked), progress)
    plain = None
    if done.outcomes is not None and done.plan is not None:
        plain = reward_objects(done.outcomes, done.plan, done.held)
    return screen.tell(done, plain)


def packet(asked: Namespace, screen: Screen) -> int:
    """The papers of the 督導小組."""
    from xltool.steps.write import packet

    return _with_progress(partial(packet, purpose=_purpose(asked)), asked, screen)


def annex3(asked: Namespace, screen: Screen) -> int:
    """The Annex 3 document."""
    from xltool.steps.write import annex3

    return _with_progress(annex3, asked, screen)


def export(asked: Namespace, screen: Screen) -> int:
    """The dataset for other programs."""
    from xltool.steps.write import export

    return _with_progress(export, asked, screen)


def run(asked: Namespace, screen: Screen) -> int:
    """Everything, inbox to outputs."""
    from xltool.steps.write import run

    return _with_progress(run, asked, screen)


def _with_progress(
    step: Callable[[Workspace, Progress | None], Done], asked: Namespace, screen: Screen
) -> int:
    """Run a step that takes nothing but the year, with a line that tells how far it is."""
    with screen.progress() as progress:
        done = step(_workspace(asked), progress)
    return screen.tell(done)


def open_(asked: Namespace, screen: Screen) -> int:
    """A file of the year in the program that the machine opens it with."""
    import subprocess

    from xltool.steps.done import Done
    from xltool.steps.settings import load_plan
    from xltool.store.workspace import WorkspaceError

    workspace = _workspace(asked)
    path = workspace.settings if asked.what == "設定" else workspace.results
    if (named := _OF_YEAR.get(asked.what)) is not None:
        path = named(workspace, load_plan(workspace).year)
    if not path.exists():
        raise WorkspaceError(f"還沒有「{path.name}」；請先執行 xltool run（會議為 xltool packet）")
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - what a double click does
    else:
        opener = "open" if sys.platform == "darwin" else "xdg-open"
        try:
            subprocess.run([opener, str(path)], check=False)
        except FileNotFoundError:
            raise WorkspaceError(f"這台電腦沒有可以開檔的程式；檔案在 {path}") from None
    return screen.tell(Done("開啟", (f"已開啟 {path}",)))


PURPOSES = ("確認項目", "推薦參獎")
"""For what the 督導小組 meets, named here because the help must not load the model."""


def _newest(*paths: Path) -> Path:
    """The one written last; the first where none is there."""
    there = [path for path in paths if path.exists()]
    return max(there, key=lambda path: path.stat().st_mtime, default=paths[0])


_OF_YEAR: Mapping[str, Callable[[Workspace, int], Path]] = {
    "總表": lambda workspace, year: workspace.tracker(year),
    "名冊": lambda workspace, year: workspace.roster(year),
    "附件3": lambda workspace, year: workspace.annex3(year),
    "會議": lambda workspace, year: _newest(
        workspace.packet(year), workspace.packet(year, PURPOSES[0])
    ),
}
OPENABLE = (*_OF_YEAR, "設定", "成果")


# --- To begin with -----------------------------------------------------------------------------


def console(asked: Namespace, screen: Screen) -> int:
    """The workbook with buttons."""
    from xltool.steps.console import console

    return screen.tell(console(_workspace(asked)))


def demo(asked: Namespace, _screen: Screen) -> int:
    """The sample year, which tells its own story."""
    from xltool.faces.demo import demo

    return demo(asked.folder)


# --- Which year --------------------------------------------------------------------------------


def use(asked: Namespace, screen: Screen) -> int:
    """Choose the year that commands are about from now on."""
    from xltool.steps.done import Done
    from xltool.store.years import use

    folder = use(asked.year, Path())
    return screen.tell(Done("選定年度", (f"之後的指令用 {asked.year} 年度：{folder}",)))


def mark(asked: Namespace, screen: Screen) -> int:
    """Note what a person says of the year: that it is done, or open again."""
    from xltool.steps.done import Done
    from xltool.steps.status import today
    from xltool.store.years import close
    from xltool.zh import roc_date

    workspace = _workspace(asked)
    close(workspace, roc_date(today()), closed=asked.what == CLOSED)
    return screen.tell(Done("註記", (f"已註記{asked.what}：{workspace.root}",)))


CLOSED, OPEN = "結案", "未結案"


def _workspace_if_any(asked: Namespace) -> Workspace | None:
    """The same; None outside any year, which is told too."""
    from xltool.steps.settings import DEFAULT_YEAR
    from xltool.store.years import chosen

    if chosen(asked.folder, Path()) is not None:
        return _workspace(asked)
    print(
        f"沒有年度資料夾：依內建的年度設定檢核（{DEFAULT_YEAR} 年度，或檔案所載的年度）",
        file=sys.stderr,
    )
    return None


def _workspace(asked: Namespace) -> Workspace:
    """The year asked for, told in the first line. Raises WorkspaceError where there is none, or it cannot
    be told which is meant, with the way on."""
    from xltool.store.workspace import Workspace
    from xltool.store.years import chosen

    one = chosen(asked.folder, Path())
    workspace = Workspace.open(one.folder if one else Path())
    if one is not None:
        print(one, file=sys.stderr)
        asked.year_meant = one
    return workspace
