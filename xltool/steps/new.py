"""Lay out a year's folder, with the settings of the plan or of the year before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from xltool.forms import SETTINGS
from xltool.model import ContestStage, Record, Value
from xltool.plan import (
    CONTACT,
    HANDED_ON,
    Plan,
    read_plan,
    records_for,
    rest_day_records,
    shipped_records,
)
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.prefill import as_enrolled, filled
from xltool.steps.settings import DEFAULT_YEAR, SettingsError, read_settings
from xltool.steps.year import Year
from xltool.store.workspace import SETTINGS_NAME, Workspace, WorkspaceError, atomic_write
from xltool.wording import use

_NOTHING: Mapping[str, Value] = MappingProxyType({})


def new(
    root: Path, year: int, source: Path | None = None, basics: Mapping[str, Value] = _NOTHING
) -> Done:
    """Lay out a year's folder with 年度設定.xlsx filled in. An existing 年度設定 is left alone.

    `source` is the folder of the year before: its settings are rolled on, with what it hands on: items
    offered to go on, winners, who was rewarded, members. `basics` are values of 基本資料 known already,
    as whom to ask. Raises WorkspaceError when `source` is none, SettingsError when its settings have errors.
    """
    if (root / SETTINGS_NAME).exists():
        return _kept(Workspace.create(root), year, source)
    lines = [f"已建立 {year} 年度資料夾：{root}"]
    if source is None:
        records = shipped_records(year)
    else:
        records, handed_on = _rolled(Workspace.open(source), year)
        lines.append(f"沿用「{source}」的年度設定；已帶入{_counted(handed_on) or '設定'}，請確認")
    if not any(record.section == "rest_days" for record in records):
        records += rest_day_records((year, year + 1))
    records = tuple(
        replace(one, values={**one.values, **basics}) if one.section == "basics" else one
        for one in records
    )
    plan, found = read_plan(records)
    if plan is None:
        raise SettingsError(found)
    use(plan.words)
    workspace = Workspace.create(root)
    _write(workspace.settings, plan, records)
    lines.append(
        f"請開啟 {SETTINGS_NAME} 填寫聯絡資料，確認單位、權重、日期與休息日，再執行 xltool issue enrolment"
    )
    return Done("新年度", tuple(lines), outputs=(workspace.settings,))


def _write(target: Path, plan: Plan, records: Sequence[Record]) -> None:
    from xltool.outputs.forms import FormCopy, write_form

    with atomic_write(target) as path:
        write_form(path, FormCopy(SETTINGS, plan, records=records))


LATE_NAME = "年度設定_補列上年度成果.xlsx"


def _kept(workspace: Workspace, year: int, source: Path | None) -> Done:
    """A year whose 年度設定 is there and stays. A contest's results come out when the next year has begun:
    those that it lacks stand in a copy beside it, for the coordinator to take over."""
    head = f"「{workspace.root}」已有 {SETTINGS_NAME}，保留原檔不變"
    if source is None:
        return Done("新年度", (head,))
    settings, plan = read_settings(workspace.settings)
    records = settings.submission.records if settings.submission else ()
    known = set(map(_result, records))
    handed_on = _rolled(Workspace.open(source), year)[1]
    late = [one for one in handed_on if one.section in _RESULTS and _result(one) not in known]
    if not late:
        return Done("新年度", (head,))
    target = workspace.root / LATE_NAME
    _write(target, plan, (*records, *late))
    told = (
        f"「{source}」後來的{_counted(late)}已補列在「{LATE_NAME}」；確認後以它取代 {SETTINGS_NAME}"
    )
    return Done("新年度", (head, told), outputs=(target,))


_RESULTS = ("winners", "rewarded")


def _result(record: Record) -> tuple[str, ...]:
    """What tells a row of an earlier contest's results."""
    return record.section, *(record.text(key) for key in ("term", "entry", "unit", "name"))


def _counted(records: Iterable[Record]) -> str:
    """How many rows of each section."""
    count = Counter(record.section for record in records)
    named = (f"「{SETTINGS.titles[key]}」{count[key]} 列" for key in HANDED_ON if count[key])
    return "、".join(named)


def _rolled(workspace: Workspace, year: int) -> tuple[tuple[Record, ...], Sequence[Record]]:
    """A year's settings for another year, and what it hands on: its items as offers to go on, who won,
    who was rewarded, who sat in the 督導小組."""
    then = gather(workspace)
    if then.plan.year >= year:
        raise WorkspaceError(f"「{workspace.root}」是 {then.plan.year} 年度，不在 {year} 年度以前")
    settings = then.settings.submission
    records = records_for(year, settings.records if settings else ())
    if workspace.demo_mark.is_file():  # whom to ask is made up there
        records = tuple(map(_asking_nobody, records))
    handed_on = [*_items(then), *_winners(then), *_rewarded(then), *_members(then)]
    return (*records, *handed_on), handed_on


def _asking_nobody(record: Record) -> Record:
    """基本資料 with what we ship in place of whom to ask: nothing goes out until it is filled in."""
    if record.section != "basics":
        return record
    shipped = next(one for one in shipped_records(DEFAULT_YEAR) if one.section == "basics")
    return replace(
        record, values={**record.values, **{key: shipped.values[key] for key in CONTACT}}
    )


def _items(then: Year) -> Iterator[Record]:
    for item in then.dataset.items:
        if item.enrolled:
            values = filled(
                item=item.id,
                unit=item.unit,
                **as_enrolled(item),
                next_steps=item.next_steps,
                goes_on=True,
            )
            yield Record("last_year", values)


def _winners(then: Year) -> Iterator[Record]:
    """The entries that won, of earlier contests too, whose items bear another number by now."""
    now = {item.last_item: item.id for item in then.dataset.items if item.last_item}
    for one in then.plan.winners:
        yield Record("winners", filled(**{**vars(one), "item": now.get(one.item, "")}))
    for entry in then.dataset.entries:
        if entry.stage is ContestStage.AWARDED:
            said = {"term": entry.term, "entry": entry.id, "name": entry.name, "item": entry.item}
            yield Record("winners", filled(**said, unit=entry.unit))


def _rewarded(then: Year) -> Iterator[Record]:
    """A row for each entry that a line of the roster rewards, those absorbed too: the reward, and the
    clause by which it was given, are the line's."""
    listed = (line for line in then.outcomes.rewards.lines if not line.blocked and line.reward)
    for number, line in enumerate(listed, 1):
        person = line.person
        who = {"unit": person.unit, "name": person.name, "staff_id": person.staff_id}
        for claim in (line.claim, *line.absorbed):
            values = filled(
                term=claim.term,
                entry=claim.entry,
                **who,
                reward=line.reward.name if line.reward else "",
                clause=line.clause,
                year=Decimal(then.plan.year),
                line=Decimal(number),
            )
            yield Record("rewarded", values)


def _members(then: Year) -> Iterator[Record]:
    for one in then.dataset.members:
        said = {"name": one.name, "title": one.title, "level": one.level, "email": one.email}
        yield Record("last_members", filled(unit=one.unit, **said))
