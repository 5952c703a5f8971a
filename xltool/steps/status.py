"""Who has filed what, and how many days are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xltool.forms import FORMS
from xltool.model import FilingState
from xltool.steps.gather import gather
from xltool.steps.settings import load_plan
from xltool.store.workspace import Workspace, atomic_write
from xltool.zh import TAIPEI, roc_date


def today() -> date:
    """The day in Taipei, whatever the machine's clock zone."""
    return datetime.now(TAIPEI).date()


@dataclass(frozen=True)
class Standing:
    """One unit's standing with one form. `days` are days left to the deadline; negative: overdue."""

    unit: str
    unit_name: str
    form: str
    state: FilingState
    due: date | None
    deadline: date | None
    days: int | None

    @property
    def owed(self) -> bool:
        """Whether the unit must still send something: 未繳 or 待修正."""
        return self.state in (FilingState.TO_CORRECT, FilingState.MISSING)

    @property
    def left(self) -> str:
        """How long the unit has, in words; empty when it owes nothing or there is no deadline."""
        if not self.owed or self.days is None:
            return ""
        if self.days < 0:
            return f"逾期 {-self.days} 日"
        return f"剩 {self.days} 日" if self.days else "今日截止"


@dataclass(frozen=True)
class Status:
    """Units × stages on a given day."""

    day: date
    standings: tuple[Standing, ...]

    def forms(self) -> list[tuple[str, date | None]]:
        """The forms' titles and last days, in order."""
        return list(dict.fromkeys((FORMS[s.form].title, s.deadline) for s in self.standings))

    def units(self) -> dict[str, list[Standing]]:
        """Each unit's standings, in the order of the forms, by its code and name."""
        rows: dict[str, list[Standing]] = {}
        for standing in self.standings:
            rows.setdefault(f"{standing.unit} {standing.unit_name}", []).append(standing)
        return rows

    @property
    def lines(self) -> tuple[str, ...]:
        """In words, where no table can be drawn: who owes each form, then a line for each unit."""
        lines = []
        for form in dict.fromkeys(one.form for one in self.standings):
            of_form = [one for one in self.standings if one.form == form]
            owing = [one.unit_name for one in of_form if one.owed]
            line = f"{FORMS[form].title}：已繳 {len(of_form) - len(owing)} / {len(of_form)}"
            lines.append(line + (f"；尚缺 {'、'.join(owing)}" if owing else ""))
        for unit, standings in self.units().items():
            states = "；".join(
                f"{FORMS[one.form].title} {one.state}" + (f"（{one.left}）" if one.left else "")
                for one in standings
            )
            lines.append(f"{unit}：{states}")
        return tuple(lines)

    @property
    def plain(self) -> dict[str, Any]:
        """For programs: what `status --json` prints."""
        return {
            "day": self.day.isoformat(),
            "standings": [
                {
                    "unit": one.unit,
                    "unit_name": one.unit_name,
                    "form": one.form,
                    "state": one.state,
                    "due": one.due.isoformat() if one.due else None,
                    "deadline": one.deadline.isoformat() if one.deadline else None,
                    "days": one.days,
                }
                for one in self.standings
            ],
        }


def status(workspace: Workspace, day: date | None = None) -> Status:
    """Who has filed what, with days left or overdue on `day` (today when None)."""
    year = gather(workspace)
    now = day or today()
    standings = []
    for filing in year.dataset.filings:
        stage = year.plan.stage(FORMS[filing.form].stage)
        standings.append(
            Standing(
                filing.unit,
                year.plan.unit_name(filing.unit),
                filing.form,
                filing.state,
                stage.due if stage else None,
                stage.deadline if stage else None,
                (stage.deadline - now).days if stage else None,
            )
        )
    return Status(now, tuple(standings))


def write_status(workspace: Workspace, status: Status) -> Path:
    """Write who has filed what as a web page into 成果. Raises WorkspaceError."""
    from xltool.outputs.web.status_page import write_status_page

    heads = [
        form + (f"（截止 {roc_date(deadline)}）" if deadline else "")
        for form, deadline in status.forms()
    ]
    rows = [(unit, [(s.state, s.left) for s in row]) for unit, row in status.units().items()]
    target = workspace.results / "繳交情形.html"
    with atomic_write(target) as path:
        title = f"{load_plan(workspace).title}：繳交情形"
        write_status_page(path, title, roc_date(status.day), heads, rows)
    return target
