"""Drafts for the units that are late or have points to correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from xltool.findings import Finding
from xltool.forms import UNIT_FORMS, Form
from xltool.forms.layout import title_of
from xltool.forms.schema import Filer
from xltool.model import FilingState
from xltool.plan import Plan, deadline_text
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.letters import letter, points_in_words, recipient
from xltool.steps.overwrite import in_use
from xltool.steps.settings import placeholder_lines
from xltool.steps.status import today
from xltool.steps.year import Year, filing_of
from xltool.store.workspace import FileInUseError, Workspace, atomic_write


def remind(workspace: Workspace, day: date | None = None) -> Done:
    """A draft for each unit, or its 督導小組 member, that is late or has points to correct.

    `day` is today unless given. What is not due yet is not asked for.
    """
    from xltool.outputs.post.mail import write_draft

    year, now = gather(workspace), day or today()
    plan, folder = year.plan, workspace.outbox / REMINDERS
    outputs: list[Path] = []
    lines: list[str] = []
    findings: list[Finding] = []
    for unit in plan.units:
        for filer in (Filer.UNIT, Filer.MEMBER):
            forms = [form for form in UNIT_FORMS if form.filer is filer]
            asked = [words for form in forms for words in _owed(year, form, unit.code, now)]
            if not asked:
                continue
            who = "" if filer is Filer.UNIT else "_督導小組成員"
            target = folder / f"{plan.year}_{unit.code}_{unit.name}{who}_催辦.eml"
            to = recipient(forms[0], year.dataset, plan, unit.code)
            try:
                with atomic_write(target) as path:
                    subject = (
                        f"提醒：{plan.year}年提升服務效能尚有 {len(asked)} 項待辦（{unit.name}）"
                    )
                    write_draft(
                        path, to=to, subject=subject, body=_reminder(unit.name, asked, plan)
                    )
            except FileInUseError:
                findings.append(in_use(target))
                continue
            outputs.append(target)
            lines.append(f"　{unit.code} {unit.name}{who.replace('_', '　')}：{len(asked)} 項")
    kept = {path.name for path in outputs}
    for stale in folder.glob("*_催辦.eml"):
        if stale.name not in kept and not findings:
            stale.unlink()  # done since: a draft that asks for it must not be sent
    head = f"需要催辦 {len(outputs)} 件，郵件草稿：{folder}" if outputs else "沒有需要催辦的單位"
    lines += placeholder_lines(year.settings.findings)
    return Done("催辦", (head, *lines), tuple(findings), tuple(outputs))


REMINDERS = "催辦"


def _owed(year: Year, form: Form, unit: str, now: date) -> Iterator[str]:
    """What a unit owes of a form on a day: the form itself once it is overdue, and what is wrong in
    what it sent, also where an earlier return counts."""
    plan, filing = year.plan, filing_of(year.dataset, unit, form.key)
    stage = plan.stage(form.stage)
    nothing_came = filing and filing.state is FilingState.MISSING and not filing.late
    if nothing_came and stage is not None and stage.deadline < now:
        days = (now - stage.deadline).days
        yield f"{title_of(form, plan)}：尚未收到，截止 {deadline_text(stage)}，已逾 {days} 日。"
    for reading in year.readings:
        one = reading.returned
        if one and reading.status == "blocked" and (one.form, one.unit) == (form.key, unit):
            points = [f"　({n}) {words}" for n, words in enumerate(points_in_words(reading), 1)]
            yield "\n".join((
                f"{title_of(form, plan)}（{reading.file}）：請修正下列各點。",
                *points,
            ))


def _reminder(unit: str, asked: Sequence[str], plan: Plan) -> str:
    listed = "\n".join(f"{number}. {words}" for number, words in enumerate(asked, 1))
    asking = f"{plan.title}尚有下列各項，請儘速辦理："
    return letter(plan, unit, asking, listed, "如已回傳，請忽略本信。")
