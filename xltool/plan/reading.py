"""The plan made of the records of 年度設定, with what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from xltool.findings import Finding, finding
from xltool.model import Address, Bound, ContestStage, Lateness, Precedence, Record, Role
from xltool.plan.checks import by_section, cells, out_of_year, repeated, unknown
from xltool.plan.rolling import shipped_records
from xltool.plan.settings import (
    OFF,
    WORKED,
    Carried,
    Criterion,
    Entitlement,
    Limits,
    Options,
    Plan,
    RestDays,
    Restriction,
    Reward,
    Stage,
    Unit,
)
from xltool.zh import narrow


def shipped_plan(year: int) -> Plan:
    """The plan made of the shipped settings. Raises ValueError if they are inconsistent (a bug)."""
    plan, found = read_plan(shipped_records(year))
    if plan is None:
        raise ValueError("; ".join(f.message for f in found))
    return plan


def read_plan(
    records: Iterable[Record], file: str = "年度設定"
) -> tuple[Plan | None, list[Finding]]:
    """Make a plan of the records of 年度設定.

    Single values are checked by the form's own checks, and one that failed is absent; here stands
    what only the whole can tell: weights that add up to 100, codes that occur once, dates in order,
    rewards that exist. The plan is None when a finding blocks.
    """
    sections = by_section(records)
    whole = Address(file)
    found: list[Finding] = []
    for key, label in _SECTIONS.items():
        if not sections.get(key):
            found.append(finding("P603", whole, label))
    if found:
        return None, found

    basics = sections["basics"][0]
    ladder = tuple(
        sorted(
            Reward(r.text("name"), _whole(r, "rank"), _whole(r, "points"))
            for r in sections["ladder"]
        )
    )
    steps = {reward.name: reward for reward in ladder}
    entitlements: list[Entitlement] = []
    for r in sections["entitlements"]:
        name = r.text("reward")
        if not (name and r.text("role") and r.text("bound")):
            continue  # named by the form's own check
        if name not in steps:
            found.append(finding("P605", r.at.get("reward", whole), name))
            continue
        entitlements.append(
            Entitlement(
                clause=r.text("clause"),
                stage=ContestStage(r.text("stage")) if r.text("stage") else None,
                role=Role(r.text("role")),
                bound=Bound(r.text("bound")),
                reward=steps[name],
            )
        )
    rest_days = _rest_days(sections.get("rest_days", ()))
    stages: list[Stage] = []
    for r in sections["calendar"]:
        start, due = r.day("start"), r.day("due")
        if start is None or due is None:
            continue  # the form's own check has named the cell
        if due < start:
            found.append(finding("P604", r.at.get("due", whole), r.text("stage")))
        else:
            stages.append(Stage(r.text("stage"), start, due, r.text("work"), rest_days))
            found += out_of_year(r, _whole(basics, "year"), whole)
    criteria = tuple(
        Criterion(r.text("name"), r.number("weight") or Decimal(0), r.text("meaning"))
        for r in sections["criteria"]
    )
    total = sum((criterion.weight for criterion in criteria), Decimal(0))
    if total != 100:
        found.append(
            finding("P601", sections["criteria"][0].at.get("weight", whole), _plain(total))
        )
    units = tuple(
        Unit(r.text("code"), r.text("name"), r.text("kind"), r.text("email"), r.text("contact"))
        for r in sections["units"]
    )
    found += repeated(sections["units"], "code", whole)
    found += repeated(sections["units"], "name", whole)
    found += repeated(sections["criteria"], "name", whole)
    found += repeated(sections["titles"], "name", whole)
    found += repeated(sections["ladder"], "name", whole)
    found += repeated(sections["ladder"], "rank", whole)
    found += cells(sections["entitlements"], whole)
    found += unknown(sections, basics, whole)
    if any(f.blocks for f in found):
        return None, found
    options = sections["options"][0]
    full, gap = options.number("full_score"), options.number("score_gap")
    full = Options.full_score if full is None else full
    gap = Options.score_gap if gap is None else gap
    if gap >= full:
        at = options.at.get("score_gap", whole)
        found.append(finding("P615", at, _plain(gap), full=_plain(full)))
    plan = Plan(
        year=_whole(basics, "year"),
        agency=basics.text("agency"),
        short=basics.text("short"),
        parent=basics.text("parent"),
        title=basics.text("plan_title"),
        basis=basics.text("basis"),
        data_until=basics.text("data_until"),
        contact_unit=basics.text("contact_unit"),
        contact_name=basics.text("contact_name"),
        contact_phone=basics.text("contact_phone"),
        contact_email=basics.text("contact_email"),
        units=units,
        titles=tuple(r.text("name") for r in sections["titles"]),
        criteria=criteria,
        calendar=tuple(stages),
        ladder=ladder,
        entitlements=tuple(entitlements),
        options=replace(
            Options(),
            full_score=full,
            score_gap=gap,
            one_reward=options.flag("one_reward") is not False,
            coach_always=options.flag("coach_always") is not False,
            convener_counts=options.flag("convener_counts") is True,
            precedence=Precedence(options.text("precedence") or Options.precedence),
            lateness=Lateness(options.text("lateness") or Options.lateness),
        ),
        carried=tuple(_carried(r) for r in sections.get("last_year", ())),
        limits=_limits(sections.get("limits", ())),
        restrictions=tuple(_restrictions(sections.get("restrictions", ()), found, whole)),
    )
    return plan, found


_SECTIONS: Mapping[str, str] = {
    "basics": "基本資料",
    "options": "辦理方式",
    "units": "實施對象",
    "titles": "督導小組成員職稱層級",
    "criteria": "評核構面",
    "calendar": "年度行程",
    "ladder": "獎度表",
    "entitlements": "敘獎原則",
}


def _limits(records: Sequence[Record]) -> Limits:
    """The limits as set; settings of an earlier version have none, and take the usual ones."""
    given = {key: value for record in records for key, value in record.values.items()}
    return Limits(**{key: int(value) for key, value in given.items() if isinstance(value, Decimal)})


def _restrictions(
    records: Iterable[Record], found: list[Finding], whole: Address
) -> Iterator[Restriction]:
    for record in records:
        listed = [one for one in _BETWEEN_ITEMS.split(narrow(record.text("items"))) if one]
        at = record.at.get("items", whole)
        found.extend(finding("P614", at, one) for one in listed if not _ITEM.fullmatch(one))
        if record.text("text"):
            yield Restriction(record.text("text"), record.text("basis"), tuple(listed))


_ITEM, _BETWEEN_ITEMS = re.compile(r"\d{2}-\d{2}"), re.compile(r"[、,;\s]+")


def _rest_days(records: Iterable[Record]) -> RestDays:
    days = sorted((day, r.text("kind")) for r in records if (day := r.day("day")))
    return RestDays(
        tuple(day for day, kind in days if kind == OFF),
        tuple(day for day, kind in days if kind == WORKED),
    )


def _carried(record: Record) -> Carried:
    keys = ("item", "unit", "name", "category", "audience", "method", "target")
    more = ("partners", "handler", "phone", "next_steps")
    return Carried(
        **{key: record.text(key) for key in (*keys, *more)},
        cross_agency=record.flag("cross_agency"),
        goes_on=record.flag("goes_on") is not False,
    )


def _whole(record: Record, key: str) -> int:
    return int(record.number(key) or 0)


def _plain(number: Decimal) -> str:
    """A number without an exponent or trailing zeros."""
    return f"{number.normalize():f}"
