"""Rosters are records: one that was written may have been signed.

Each has a number, a date, the settings that bear on it and the returns that it was made of. A new one
is written only when a line or such a setting has changed; the one before goes into 紀錄 as it stands, with
what was written beside its lines, and any two can be compared.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from xltool.findings import Finding, finding
from xltool.forms import CONTEST, FORMS, REPORT, SETTINGS
from xltool.forms.layout import shown
from xltool.model import COUNTS, Address
from xltool.outputs.data.objects import reward_objects
from xltool.outputs.lists.roster_marks import MARKS, read_marks
from xltool.outputs.reward_words import differing_settings
from xltool.plan import Plan
from xltool.rules.rewards import SELF_RULE
from xltool.steps.overwrite import remember
from xltool.steps.status import today
from xltool.steps.year import Year
from xltool.store.workspace import Workspace, WorkspaceError, atomic_write
from xltool.who import named
from xltool.zh import roc_date

_BEARING = ("one_reward", "coach_always")
"""The choices of 年度設定 that bear on who is rewarded how."""
_FOLDER = "敘獎名冊"


@dataclass(frozen=True)
class Roster:
    """A roster as it was written: its `number` from 1, the `day` (ROC), the `settings` that bear on it
    by name, the `sources` it was made of, what it says (`rewards`, as `rewards --json`), and where the
    units stood with their forms (`filings`)."""

    number: int
    day: str
    settings: Mapping[str, str]
    sources: Sequence[Mapping[str, str]]
    rewards: Mapping[str, Any]
    filings: Sequence[str] = ()

    @property
    def fingerprint(self) -> str:
        """Of the settings that bear on it."""
        return _digest(self.settings)

    @property
    def says(self) -> str:
        """A digest of all that would make it another roster: what `compare` compares."""
        lines = {
            str(key): [_said(line, of) for of in _COMPARED] for key, line in _lines(self).items()
        }
        parts = [sorted(map(_who, self.rewards[part])) for part, _ in _PARTS]
        return _digest([self.settings, lines, parts])

    @property
    def all_said(self) -> str:
        """A digest of every word that it holds."""
        return _digest([self.settings, self.rewards, self.filings])


def put_roster(year: Year) -> list[Finding]:
    """Write the roster of R4 and R5, unless the last one says the same; then that one is not touched.

    One that grants and withholds the same, but has other words (which units must still file), is written
    under its number with the day of today.
    """
    workspace, plan = year.workspace, year.plan
    target = workspace.roster(plan.year)
    last = next(iter(reversed(rosters(workspace))), None)
    new = _of(year, last.number + 1 if last else 1)
    same_roster = last is not None and last.says == new.says
    if last and same_roster:
        new = replace(new, number=last.number)
        if last.all_said == new.all_said and target.is_file():
            return []
    marked = [] if last is None else list(_marked_otherwise(target, last, new))
    with atomic_write(target) as path:
        _write(year, path, new)
        findings = marked if same_roster else [*_put_by(workspace, target, last), *marked]
    findings += remember(workspace, target, list(_listed(new)))
    with atomic_write(_record(workspace, new.number)) as path:
        path.write_text(json.dumps(asdict(new), ensure_ascii=False, indent=1), encoding="utf-8")
    return findings


def _listed(roster: Roster) -> Iterator[str]:
    """Who is on its list, without what was written beside the name."""
    for line in roster.rewards["lines"]:
        if line["reward"]:
            yield next(iter(named(line["name"]).names), line["name"])


def _marked_otherwise(target: Path, last: Roster, new: Roster) -> Iterator[Finding]:
    """Lines beside which something is written, as 核定, and whose reward is another now."""
    marks, before = read_marks(target), _lines(last)
    for key, line in _lines(new).items():
        was = before.get(key, line)["reward"]
        if was == line["reward"]:
            continue
        known = [line[of] for of in ("unit_name", "name", "id", "entry", "term", "clause")]
        for one in marks:
            if one.is_of(known):
                told = "、".join(
                    f"{n} {text}" for n, text in zip(MARKS, one.marks, strict=True) if text
                )
                words = {"name": line["name"], "was": was or "待釐清", "marks": told}
                yield finding("F146", Address(target.name), line["reward"] or "待釐清", **words)


def write_roster(year: Year, path: Path) -> list[Finding]:
    """Write the year's roster to a path, and nothing else."""
    _write(year, path, _of(year, 1))
    return []


def _write(year: Year, path: Path, roster: Roster) -> None:
    from xltool.outputs.lists.roster import Issue, write_roster

    told = roster.number, roster.day, roster.fingerprint, roster.settings, roster.sources
    issue = Issue(
        *told, [text for name, text in roster.settings.items() if name.startswith(_DIFFERING)]
    )
    marks = read_marks(year.workspace.roster(year.plan.year))
    write_roster(path, year.outcomes, year.dataset, year.plan, day=None, issue=issue, marks=marks)


def rosters(workspace: Workspace) -> tuple[Roster, ...]:
    """All rosters of the year that were written, by number. A record that is no longer whole is left out."""
    found = []
    for path in sorted((workspace.records / _FOLDER).glob("第*號.json")):
        try:
            found.append(Roster(**json.loads(path.read_text("utf-8"))))
        except (OSError, ValueError, TypeError):
            continue
    return tuple(sorted(found, key=lambda one: one.number))


def compare(workspace: Workspace, earlier: int = 0, later: int = 0) -> tuple[str, ...]:
    """What differs between two rosters, by their numbers; without, between the last two.

    Raises WorkspaceError when there are not two, or none of that number.
    """
    known = {one.number: one for one in rosters(workspace)}
    if len(known) < 2 and not (earlier or later):
        held = f"只有第 {next(iter(known))} 號" if known else "尚未產生"
        raise WorkspaceError(f"敘獎名冊{held}，沒有可以比較的；名冊有變動時才會編新的號")
    later = later or max(known)
    earlier = earlier or max((number for number in known if number < later), default=0)
    for number in (earlier, later):
        if number not in known:
            have = "、".join(map(str, known)) or "無"
            raise WorkspaceError(f"沒有第 {number} 號敘獎名冊；現有：{have}")
    one, other = known[earlier], known[later]
    lines = list(_differences(one, other))
    head = f"敘獎名冊第 {one.number} 號（{one.day}）→ 第 {other.number} 號（{other.day}）"
    return (head, *(f"　{line}" for line in lines or ["內容相同"]))


def _differences(one: Roster, other: Roster) -> Iterator[str]:
    """Who was added, who is gone, what changed of whom; then the settings."""
    before, after = _lines(one), _lines(other)
    for key, line in after.items():
        if key not in before:
            yield f"增加：{_told(line)}"
    for key, line in before.items():
        if key not in after:
            yield f"減少：{_told(line)}"
    for key in (key for key in after if key in before):
        for field, label in _COMPARED.items():
            was, now = (_said(each[key], field) for each in (before, after))
            if was != now:
                yield f"變更：{_who(after[key])}　{label}：{was} → {now}"
    for part, label in _PARTS:
        had, has = (sorted({_who(each) for each in of.rewards[part]}) for of in (one, other))
        if had != has:
            yield f"{label}：{'、'.join(had) or '無'} → {'、'.join(has) or '無'}"
    for name in dict.fromkeys((*one.settings, *other.settings)):
        was, now = (which.settings.get(name, "（無）") for which in (one, other))
        if was != now:
            yield f"設定「{name}」：{was} → {now}"


_PARTS = (("declined", "不敘獎"), ("unsettled", "待釐清"), ("proposals", SELF_RULE.title))
"""What else of a roster is compared, by whom it names."""
_COMPARED = {
    "reward": "獎懲種類",
    **{
        key: CONTEST.field("people", key).label
        for key in ("title", "staff_kind", "grade", "role", "deed")
    },
    "stage": CONTEST.field("entries", "stage").label,
    "absorbed": "已併入",
}
"""What of a line is compared, by its name in `rewards --json`."""


def _said(line: Mapping[str, Any], field: str) -> str:
    """What a line says there, for a person."""
    value = line.get(field)
    if isinstance(value, list):
        value = "、".join(str(one["text"]) for one in value)
    return str(value or "（空白）")


def _lines(roster: Roster) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """The lines by what they are known again by: person, entry and clause."""
    keys = ("unit", "name", "id", "entry", "term", "clause")
    return {tuple(str(line[key]) for key in keys): line for line in roster.rewards["lines"]}


def _told(line: Mapping[str, Any]) -> str:
    reward = line["reward"] or "待釐清"
    return f"{_who(line)}　{reward}（{line['clause']}　{line['entry']} {line['entry_name']}）"


def _who(line: Mapping[str, Any]) -> str:
    return f"{line['unit_name']} {line['name'] or '（未填姓名）'}"


def _of(year: Year, number: int) -> Roster:
    """The roster that the year gives now."""
    rewards = reward_objects(year.outcomes, year.plan, year.dataset.held)
    sources = [
        {
            "file": one.file,
            "form": FORMS[one.form].title,
            "unit": year.plan.unit_name(one.unit),
            "status": str(one.status),
            "sha256": one.sha256,
        }
        for one in year.receipts
        if one.status in COUNTS and one.form in (CONTEST.key, REPORT.key)
    ]
    said = json.loads(json.dumps(rewards))  # as it will be read again
    differing = differing_settings(year.settings.findings)
    settings = {
        **dict(_settings(year.plan)),
        **{f"{_DIFFERING} {n}": one for n, one in enumerate(differing, 1)},
    }
    filings = [f"{one.unit} {one.form} {one.state}" for one in year.dataset.filings]
    return Roster(number, roc_date(today()), settings, sources, said, filings)


_DIFFERING = "與計畫或法規不同"


def _settings(plan: Plan) -> Iterator[tuple[str, str]]:
    """The settings that bear on a roster, by name."""
    yield "計畫", plan.title
    for step in plan.ladder:
        yield f"獎度表 {step.name}", f"順序 {step.rank}、折算嘉獎 {step.points} 次"
    for right in plan.entitlements:
        where = "、".join(filter(None, (right.clause, right.stage, right.role)))
        yield f"敘獎原則 {where}", f"{right.bound} {right.reward.name}"
    for key in _BEARING:
        yield SETTINGS.field("options", key).label, shown(getattr(plan.options, key))
    for unit in plan.units:
        yield f"實施對象 {unit.code}", unit.name


def _put_by(workspace: Workspace, target: Path, last: Roster | None) -> list[Finding]:
    """Keep the roster as it stands, with what was written into it, before another takes its place."""
    if not target.is_file():
        return []
    number = last.number if last else 0
    kept = _record(workspace, number).with_suffix(target.suffix)
    if kept.exists():
        return []
    with atomic_write(kept) as copy:
        shutil.copyfile(target, copy)
    if last is None:
        return []
    where = kept.relative_to(workspace.root).as_posix()
    return [finding("F145", Address(target.name), number, new=number + 1, kept=where)]


def _record(workspace: Workspace, number: int) -> Path:
    return workspace.records / _FOLDER / f"第{number:03}號.json"


def _digest(of: object) -> str:
    text = json.dumps(of, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
