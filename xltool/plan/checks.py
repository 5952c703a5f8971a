"""What only the whole of the settings can tell: each check yields its findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from xltool.findings import Finding, finding
from xltool.model import Address, ContestStage, Record, Role
from xltool.plan.rolling import shipped_records
from xltool.plan.settings import Plan, Stage
from xltool.zh import ROC_OFFSET, roc_date


def stage_findings(
    plan: Plan, records: Iterable[Record], stages: Sequence[str], file: str
) -> Iterator[Finding]:
    """What the calendar lacks for the year's forms: `stages` are theirs, in the order of the year.

    A stage that a form needs must be there; one that begins before the one before it is over is told.
    """
    rows = {r.text("stage"): r for r in records if r.section == "calendar"}
    before: Stage | None = None
    for name in stages:
        stage = plan.stage(name)
        if stage is None:
            yield finding("P609", Address(file), name)
            continue
        if before and stage.start <= before.due:
            at = rows[name].at.get("start", Address(file))
            yield finding("P610", at, name, earlier=before.name, due=roc_date(before.due))
        before = stage


def out_of_year(record: Record, year: int, whole: Address) -> Iterator[Finding]:
    """A stage's dates lie in the plan's year or the next one (附件1: the report is due next January)."""
    for key in ("start", "due"):
        day = record.day(key)
        if day and day.year - ROC_OFFSET not in (year, year + 1):
            at, stage = record.at.get(key, whole), record.text("stage")
            yield finding("P611", at, roc_date(day), stage=stage, year=year)


def unknown(
    sections: Mapping[str, Sequence[Record]], basics: Record, whole: Address
) -> Iterator[Finding]:
    """Units and titles against those that the settings themselves, and the plan (參, 附件2), name."""
    codes = {r.text("code") for r in sections["units"]}
    if basics.text("contact_unit") not in codes:
        at = basics.at.get("contact_unit", whole)
        yield finding("P607", at, basics.text("contact_unit"))
    shipped = _shipped_sections()
    if basics.text("agency") == shipped["basics"][0].text("agency"):
        names = {r.text("name") for r in sections["units"]}
        for unit in shipped["units"]:
            if unit.text("name") not in names:
                at = sections["units"][0].at.get("name", whole)
                yield finding("P608", at, unit.text("name"))
        known = {r.text("name") for r in shipped["titles"]}
        for title in sections["titles"]:
            if title.text("name") not in known:
                yield finding("P612", title.at.get("name", whole), title.text("name"))
    for record in sections.get("last_year", ()):
        if record.text("unit") not in codes:
            yield finding("P613", record.at.get("unit", whole), record.text("unit"))


@lru_cache(maxsize=1)
def _shipped_sections() -> Mapping[str, Sequence[Record]]:
    return by_section(shipped_records(_FIRST_YEAR))


_FIRST_YEAR = 114


def repeated(records: Sequence[Record], key: str, whole: Address) -> list[Finding]:
    """What stands twice in a section's field."""
    seen: set[str] = set()
    found = []
    for record in records:
        name = record.text(key)
        if name in seen:
            found.append(finding("P602", record.at.get(key, whole), name))
        seen.add(name)
    return found


def cells(records: Sequence[Record], whole: Address) -> list[Finding]:
    """The table of 柒.二 has one entry for each outcome and role, none twice and none missing."""
    table: dict[tuple[str, str], Record] = {}
    found = []
    for record in records:
        cell = record.text("stage"), record.text("role")
        if cell in table:
            name = f"{cell[0]}{cell[1]}"
            found.append(finding("P602", record.at.get("role", whole), f"敘獎原則 {name}"))
        table[cell] = record
    wanted = [(stage, role) for stage in ContestStage for role in Role if role is not Role.COACH]
    missing = [f"{stage} {role}" for stage, role in wanted if (stage, role) not in table]
    found += [finding("P606", whole, name) for name in missing]
    return found


def by_section(records: Iterable[Record]) -> dict[str, list[Record]]:
    """The records of each section, in order."""
    sections: dict[str, list[Record]] = {}
    for record in records:
        sections.setdefault(record.section, []).append(record)
    return sections
