"""Settings that were changed after returns had come in: noted when first seen, with the results that they
changed, and told.

What a change does is found by concluding the year twice from the same returns: under the settings as
they were, whose workbook the year keeps, and as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from xltool.changes import Amended, Change, between
from xltool.findings import Finding, finding
from xltool.forms import SETTINGS
from xltool.plan import HANDED_ON, Plan
from xltool.rules.compared import Difference, Result, differences
from xltool.rules.outcomes import Outcomes
from xltool.steps.settings import with_plan
from xltool.store.ledger import Ledger
from xltool.store.workspace import Workspace
from xltool.zh import TAIPEI, roc_date

if TYPE_CHECKING:
    from xltool.intake import Reading


class _Concluded(Protocol):
    """What follows from the year's returns."""

    @property
    def outcomes(self) -> Outcomes: ...


_Year = TypeVar("_Year", bound=_Concluded)


def noting(
    ledger: Ledger,
    workspace: Workspace,
    settings: Reading,
    plan: Plan,
    under: Callable[[Plan], _Year],
) -> _Year:
    """What follows `under` the settings as they are; the ledger notes what was changed in them since it
    last looked. Called once returns have come in."""
    from xltool.intake.one import read_file

    noted = ledger.settings()
    if noted == settings.sha256:
        return under(plan)
    ledger.keep(workspace.settings.read_bytes())
    now = datetime.now(TAIPEI)
    before = read_file(workspace.blob(noted), None, name=settings.file) if noted else settings
    changes: tuple[Change, ...] = ()
    if before.submission is not None and settings.submission is not None:
        changes = tuple(between(before.submission, settings.submission, SETTINGS))
    plan_before = with_plan(before)[1] if changes else None
    # First as it was: what was read so is still at hand, and is gone once it is read anew.
    was = under(plan_before).outcomes if plan_before else None
    year = under(plan)
    effects = tuple(differences(was, year.outcomes)) if was else None
    amended = Amended(roc_date(now.date()), changes, effects) if changes else None
    ledger.note_settings(settings.sha256, now.isoformat(timespec="seconds"), amended)
    return year


def amended_findings(amended: Iterable[Amended]) -> Iterator[Finding]:
    """A finding for each setting that bears on results and is not as it was when the first return came
    in. It names no person."""
    first: dict[tuple[str, str], str] = {}
    last: dict[tuple[str, str], tuple[Change, Amended]] = {}
    for one in amended:
        for change in filter(_bears, one.changes):
            first.setdefault((change.id, change.row), change.before)
            last[change.id, change.row] = change, one
    for place, (change, one) in last.items():
        if change.after != first[place]:
            was, value = first[place] or _BLANK, change.after or _BLANK
            words = {
                "setting": name_of(change),
                "was": was,
                "effects": effects_text(one.effects_of(change)),
            }
            yield finding("P621", change.at, value, **words)


_BLANK = "（空白）"
_NO_BEARING = {"basics", "limits", *HANDED_ON} | {
    "units.kind",
    "criteria.meaning",
    "calendar.work",
    "rest_days.name",
}
"""Sections, and fields, on which no result depends."""


def _bears(change: Change) -> bool:
    section, _, key = change.id.partition(".")
    return not {section, change.id} & _NO_BEARING and not SETTINGS.field(section, key).personal


def name_of(change: Change) -> str:
    """Which setting it is, in words."""
    return " ".join(filter(None, (change.section, change.row, change.field)))


def effects_text(effects: tuple[Difference, ...] | None) -> str:
    """How many results of each kind are otherwise; it names nobody."""
    if effects is None:
        return "無法再依原設定重算結果"
    of = {(_KINDS[one.result], one.of) for one in effects}
    count = Counter(kind for kind, _ in of)
    told = "、".join(f"{kind} {count[kind]} {unit}" for kind, unit in _UNITS.items() if count[kind])
    return f"影響{told}" if told else "目前的評分、名次、會議與敘獎沒有不同"


_ITEMS, _MEETINGS, _REWARDS = "業務分數或名次", "會議成立", "敘獎"
_UNITS = {_ITEMS: "項", _MEETINGS: "場", _REWARDS: "筆"}
_KINDS = dict.fromkeys(Result, _ITEMS) | {Result.MEETING: _MEETINGS, Result.REWARD: _REWARDS}


def amended_lines(amended: Iterable[Amended]) -> Iterator[str]:
    """What was changed, for the screen."""
    for one in amended:
        named = [
            f"{name_of(change)}　{change.before or _BLANK}→{change.after or _BLANK}"
            for change in filter(_bears, one.changes)
        ]
        if named:
            yield (
                f"收到回傳以後改了 {len(named)} 項設定，{effects_text(one.effects)}"
                "（逐項見總表「設定變更」）："
            )
            yield from (f"　{words}" for words in named[:_NAMED])
            if any(change.id.startswith("questions.") for change in one.changes):
                yield "　已收的回傳檔改依新的加問欄位讀取；不再問的答案仍在檢核結果（S207），不列入總表"
            if len(named) > _NAMED:
                yield f"　…其餘 {len(named) - _NAMED} 項見總表"


_NAMED = 8
