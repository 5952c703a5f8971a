"""What only the whole of the settings can tell: weights that add up, codes that occur once, dates in
order, rewards that exist. Each check yields its findings, each at its cell.

Single values are checked by the form's own checks; one that failed is absent here, and told already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from xltool.data import shipped
from xltool.findings import Finding, finding
from xltool.model import Address, ContestStage, Record, Role
from xltool.patterns import pattern
from xltool.plan.rolling import HANDED_ON, shipped_records
from xltool.plan.settings import Options, Plan, Stage
from xltool.wording import placed
from xltool.zh import ROC_OFFSET, locator, narrow, roc_date


@dataclass(frozen=True)
class Sections:
    """The records of 年度設定 by section. `titles` are the sections' names for people, by key;
    `file` is where a finding stands whose record knows no cell."""

    records: Mapping[str, Sequence[Record]]
    titles: Mapping[str, str]
    file: Address

    @classmethod
    def of(cls, records: Iterable[Record], titles: Mapping[str, str], file: str) -> Sections:
        """Records put under their sections, in order."""
        under: dict[str, list[Record]] = {}
        for record in records:
            under.setdefault(record.section, []).append(record)
        return cls(under, titles, Address(file))

    def rows(self, section: str) -> Sequence[Record]:
        """The records of a section; none when it is missing."""
        return self.records.get(section, ())

    def card(self, section: str) -> Record:
        """The one record of a section that is asked once; an empty one when it is missing."""
        return next(iter(self.rows(section)), Record(section, {}))

    def title(self, section: str) -> str:
        """What people call a section; its key where nobody has said."""
        return self.titles.get(section, section)

    def at(self, record: Record, key: str) -> Address:
        """Where a field stands."""
        return record.at.get(key, self.file)


def missing(sections: Sections) -> Iterator[Finding]:
    """Sections without which there is no plan."""
    for section in _NEEDED:
        if not sections.rows(section):
            yield finding("P603", sections.file, sections.title(section))


_NEEDED = (
    "basics",
    "options",
    "units",
    "titles",
    "criteria",
    "calendar",
    "ladder",
    "entitlements",
)


def contradictions(sections: Sections) -> Iterator[Finding]:
    """What the settings say against each other, or against the plan. None of `_NEEDED` is missing."""
    for check in _CHECKS:
        yield from check(sections)


def _rewards(sections: Sections) -> Iterator[Finding]:
    """A reward that somebody is entitled to is on the ladder."""
    ladder = {record.text("name") for record in sections.rows("ladder")}
    for record in sections.rows("entitlements"):
        name = record.text("reward")
        if is_whole(record) and name not in ladder:
            yield finding("P605", sections.at(record, "reward"), name)


def is_whole(entitlement: Record) -> bool:
    """Whether a row of the table of 柒、二 says who gets what; else the form's own check names it."""
    return all(entitlement.text(key) for key in ("reward", "role", "bound"))


def _dates(sections: Sections) -> Iterator[Finding]:
    """A stage ends when it begins or later, in the plan's year or the next (附件1: the report is due
    next January)."""
    year = int(sections.card("basics").number("year") or 0)
    for record in sections.rows("calendar"):
        start, due, stage = record.day("start"), record.day("due"), record.text("stage")
        if start is None or due is None:
            continue
        if due < start:
            yield finding("P604", sections.at(record, "due"), stage)
            continue
        for key, day in (("start", start), ("due", due)):
            if day.year - ROC_OFFSET not in (year, year + 1):
                at = sections.at(record, key)
                yield finding("P611", at, roc_date(day), stage=stage, year=year)


def _weights(sections: Sections) -> Iterator[Finding]:
    rows = sections.rows("criteria")
    total = sum((record.number("weight") or Decimal(0) for record in rows), Decimal(0))
    if total != 100:
        yield finding("P601", sections.at(rows[0], "weight"), _plain(total))


def _names(sections: Sections) -> Iterator[Finding]:
    """What names a row stands in one row only."""
    for section, key in _NAMING:
        seen: set[str] = set()
        for record in sections.rows(section):
            name = record.text(key)
            if name and name in seen:  # of what is blank V301 tells
                yield finding("P602", sections.at(record, key), name)
            seen.add(name)


_NAMING = (
    ("units", "code"),
    ("units", "name"),
    ("criteria", "name"),
    ("titles", "name"),
    ("ladder", "name"),
    ("ladder", "rank"),
)


def _table(sections: Sections) -> Iterator[Finding]:
    """The table of 柒、二 has one entry for each outcome and role, none twice and none missing."""
    count: Counter[tuple[str, str]] = Counter()
    for record in sections.rows("entitlements"):
        stage, role = cell = record.text("stage"), record.text("role")
        if count[cell] and stage and role:
            name = f"{sections.title('entitlements')} {stage}{role}"
            yield finding("P602", sections.at(record, "role"), name)
        count[cell] += 1
    for stage in ContestStage:
        for role in Role:
            if role is not Role.COACH and not count[stage, role]:
                yield finding("P606", sections.file, f"{stage} {role}")


def _ladder(sections: Sections) -> Iterator[Finding]:
    """The ladder is the law's: what each step is worth (公務人員考績法施行細則 §15, §16), and the higher
    of two steps the one that is worth more."""
    law = {one.text("name"): one.number("points") for one in _shipped(sections).rows("ladder")}
    rows = sections.rows("ladder")
    for record in rows:
        name, points = record.text("name"), record.number("points")
        lawful = law.get(name)
        if lawful is not None and points is not None and points != lawful:
            at = sections.at(record, "points")
            yield finding("P616", at, _plain(points), name=name, lawful=_plain(lawful))
    told = [one for one in rows if None not in (one.number("rank"), one.number("points"))]
    told.sort(key=lambda one: one.number("rank") or 0)
    for lower, higher in pairwise(told):
        if (lower.number("points") or 0) >= (higher.number("points") or 0):
            at, name = sections.at(higher, "rank"), higher.text("name")
            yield finding("P617", at, name, lower=lower.text("name"))


def _of_the_table(sections: Sections) -> Iterator[Finding]:
    """Each row of the table of 柒、二 says what the plan says of that outcome and role, where the agency
    is the plan's."""
    shipped = _shipped(sections)
    if not _is_the_plans(sections):
        return
    plan = {_cell(record): record for record in shipped.rows("entitlements")}
    moved = dict(places(sections))
    own: dict[tuple[str, str], Record] = {}  # what is twice there P602 tells
    for record in filter(is_whole, sections.rows("entitlements")):
        own.setdefault(_cell(record), record)
    ladder = {record.text("name") for record in sections.rows("ladder")}
    for record in own.values():
        lawful = plan.get(_cell(record))
        cell = "".join(_cell(record)) or sections.title("entitlements")
        if lawful is None:
            yield finding("P618", sections.at(record, "role"), cell)
            continue
        off_the_ladder = record.text("reward") not in ladder  # P605 tells
        for key in ("clause", "bound") if off_the_ladder else ("clause", "bound", "reward"):
            should = placed(lawful.text(key), moved)
            if record.text(key) and placed(locator(record.text(key)), moved) != should:
                words = {"cell": cell, "lawful": should}
                yield finding("P619", sections.at(record, key), record.text(key), **words)


def _cell(entitlement: Record) -> tuple[str, str]:
    return entitlement.text("stage"), entitlement.text("role")


def _is_the_plans(sections: Sections) -> bool:
    """Whether the agency is the one whose plan we ship."""
    own, shipped = (one.card("basics").text("agency") for one in (sections, _shipped(sections)))
    return own == shipped


def _codes(sections: Sections) -> Iterator[Finding]:
    """The unit in charge, and those of what last year handed on, are units of this year."""
    codes = {record.text("code") for record in sections.rows("units")}
    handed_on = ((section, "unit", "P613") for section in HANDED_ON)
    for section, key, code in (("basics", "contact_unit", "P607"), *handed_on):
        for record in sections.rows(section):
            if record.text(key) not in codes:
                at, title = sections.at(record, key), sections.title(section)
                yield finding(code, at, record.text(key), section=title)


def _of_the_plan(sections: Sections) -> Iterator[Finding]:
    """Units and titles are those that the plan names (參, 附件2), where the agency is the plan's."""
    shipped = _shipped(sections)
    if not _is_the_plans(sections):
        return
    units = sections.rows("units")
    names = {record.text("name") for record in units}
    for unit in shipped.rows("units"):
        if unit.text("name") not in names:
            yield finding("P608", sections.at(units[0], "name"), unit.text("name"))
    known = {record.text("name") for record in shipped.rows("titles")}
    for title in sections.rows("titles"):
        if title.text("name") not in known:
            yield finding("P612", sections.at(title, "name"), title.text("name"))


def _placeholders(sections: Sections) -> Iterator[Finding]:
    """Whom to ask is filled in: nothing that we ship there in a person's place is left."""
    own, shipped = sections.card("basics"), _shipped(sections).card("basics")
    for key in CONTACT:
        if narrow(own.text(key)) == narrow(shipped.text(key)):
            yield finding(PLACEHOLDER, sections.at(own, key), own.text(key))


def places(sections: Sections) -> tuple[tuple[str, str], ...]:
    """The places in the plan that the agency numbers otherwise, as (shipped, own)."""
    pairs = ((one.text("shipped"), one.text("own")) for one in sections.rows("places"))
    return tuple((locator(shipped), locator(own)) for shipped, own in pairs)


def _places(sections: Sections) -> Iterator[Finding]:
    """What the agency numbers otherwise is a place in the plan that is shipped."""
    year = int(sections.card("basics").number("year") or 0)
    known = [clause["locator"] for clause in shipped("clauses.toml", year)["clause"]]
    for record, (place, _) in zip(sections.rows("places"), places(sections), strict=True):
        if place and not any(f"{one}、".startswith(f"{place}、") for one in known):
            yield finding("P622", sections.at(record, "shipped"), place)


CONTACT = ("contact_name", "contact_phone", "contact_email")
"""What of 基本資料 says whom to ask."""
PLACEHOLDER = "P620"


def _shipped(own: Sections) -> Sections:
    """The settings that are shipped for the year of these."""
    return _shipped_for(int(own.card("basics").number("year") or 0))


@lru_cache(maxsize=8)
def _shipped_for(year: int) -> Sections:
    return Sections.of(shipped_records(year), {}, "")


def _gap(sections: Sections) -> Iterator[Finding]:
    """The reminder of a gap between two scores can be reached."""
    options = sections.card("options")
    full, gap = scale(options)
    if gap >= full:
        yield finding("P615", sections.at(options, "score_gap"), _plain(gap), full=_plain(full))


def scale(options: Record) -> tuple[Decimal, Decimal]:
    """The full score and the gap that is told, as set; the usual ones where left blank."""
    full, gap = options.number("full_score"), options.number("score_gap")
    return (
        Options.full_score if full is None else full,
        Options.score_gap if gap is None else gap,
    )


def _items_kept_out(sections: Sections) -> Iterator[Finding]:
    """An item that a restriction keeps out is named by its number."""
    for record in sections.rows("restrictions"):
        for item in kept_out(record):
            if not _ITEM.fullmatch(item):
                yield finding("P614", sections.at(record, "items"), item)


def kept_out(restriction: Record) -> tuple[str, ...]:
    """The items (業務編號) that a restriction lists."""
    return tuple(one for one in _BETWEEN_ITEMS.split(narrow(restriction.text("items"))) if one)


_ITEM, _BETWEEN_ITEMS = pattern(r"\d{2}-\d{2}"), pattern(r"[、,;\s]+")

_CHECKS: tuple[Callable[[Sections], Iterator[Finding]], ...] = (
    _rewards,
    _dates,
    _weights,
    _names,
    _table,
    _ladder,
    _of_the_table,
    _codes,
    _of_the_plan,
    _gap,
    _items_kept_out,
    _placeholders,
    _places,
)


def stage_findings(
    plan: Plan, records: Iterable[Record], stages: Sequence[str], file: str
) -> Iterator[Finding]:
    """What the calendar lacks for the year's forms: `stages` are theirs, in the order of the year.

    A stage that a form needs must be there; one that begins before the one before it is over is told.
    """
    rows = {r.text("stage"): r for r in records if r.section == "calendar"}
    before: Stage | None = None
    for name in dict.fromkeys(stages):  # forms may share one
        stage = plan.stage(name)
        if stage is None:
            yield finding("P609", Address(file), name)
            continue
        if before and stage.start <= before.due:
            at = rows[stage.name].at.get("start", Address(file))
            yield finding("P610", at, name, earlier=before.name, due=roc_date(before.due))
        before = stage


def _plain(number: Decimal) -> str:
    """A number without an exponent or trailing zeros."""
    return f"{number.normalize():f}"
