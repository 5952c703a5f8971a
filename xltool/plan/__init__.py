"""The year's plan as typed values: units, criteria, calendar, ladder, entitlements, options.

A plan is made of the records of the form 年度設定 (`forms.settings`), whoever supplies them: the
shipped values of a year (`shipped_records`) or the coordinator's workbook. `read_plan` never raises
for bad settings: it returns what is wrong as findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, total_ordering

from xltool.data import shipped
from xltool.findings import Finding, finding
from xltool.model import (
    Address,
    Bound,
    ContestStage,
    Lateness,
    Precedence,
    Record,
    Role,
    Value,
)
from xltool.zh import ROC_OFFSET, narrow, roc_date


@dataclass(frozen=True)
class Unit:
    """實施對象 (參): code "01" … "12", name, and whether a 組 or a 室."""

    code: str
    name: str
    kind: str
    email: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Criterion:
    """評核構面 (陸.一.(三)). `weight` in percent; all weights add up to 100."""

    name: str
    weight: Decimal
    meaning: str


@dataclass(frozen=True)
class RestDays:
    """Days off that are no weekend, and weekend days that are worked (補行上班), both in order."""

    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def working_day(self, day: date) -> date:
        """The day itself, or the next one that is worked."""
        while day in self.off or (day.weekday() >= _SATURDAY and day not in self.worked):
            day += timedelta(days=1)
        return day


_SATURDAY = 5


@dataclass(frozen=True)
class Stage:
    """A stage of the year (附件1), both days inclusive."""

    name: str
    start: date
    due: date
    work: str = ""
    rest_days: RestDays = RestDays()

    @property
    def deadline(self) -> date:
        """The due day, or the next working day where it falls on a rest day (行政程序法 §48)."""
        return self.rest_days.working_day(self.due)


@dataclass(frozen=True)
class Carried:
    """An item of the year before, offered to go on: `item` is its 業務編號 of that year."""

    item: str
    unit: str
    name: str
    category: str
    audience: str
    method: str
    target: str
    cross_agency: bool | None
    partners: str
    handler: str
    phone: str
    next_steps: str
    goes_on: bool


@total_ordering
@dataclass(frozen=True)
class Reward:
    """A step of the ladder, ordered by `rank`. `points` is its worth in 嘉獎 (施行細則 §15, §16)."""

    name: str
    rank: int
    points: int

    def __lt__(self, other: Reward) -> bool:
        return self.rank < other.rank

    @property
    def is_major(self) -> bool:
        """記大功: needs a listed ground and the full route; may not be issued first (施行細則 §13)."""
        return "大功" in self.name


@dataclass(frozen=True)
class Entitlement:
    """One cell of the table in 柒.二. `stage` None: whatever the outcome ((四))."""

    clause: str
    stage: ContestStage | None
    role: Role
    bound: Bound
    reward: Reward


@dataclass(frozen=True)
class Options:
    """Choices made where the plan is silent."""

    full_score: Decimal = Decimal(100)
    score_gap: Decimal = Decimal(15)
    one_reward: bool = True
    coach_always: bool = True
    convener_counts: bool = False
    precedence: Precedence = Precedence.SAVED_LAST
    lateness: Lateness = Lateness.COUNTS


@dataclass(frozen=True)
class Restriction:
    """參獎限制 of that year's contest plan (陸.二.(二)): what it says, its locator there, and the items
    (業務編號) that it was found to keep out."""

    text: str
    basis: str = ""
    items: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why an item is kept out, for a person."""
        return f"參獎限制：{self.text}" + (f"（{self.basis}）" if self.basis else "")


@dataclass(frozen=True)
class Limits:
    """What one returned file may cost: sizes in MB (2**20 bytes), cells with content, seconds."""

    file_mb: int = 200
    unpacked_mb: int = 200
    cells: int = 50_000
    seconds: int = 60
    memory_mb: int = 1_024


@dataclass(frozen=True)
class Plan:
    """One year's plan of one agency. `year` is a ROC year."""

    year: int
    agency: str
    short: str
    parent: str
    title: str
    basis: str
    data_until: str
    contact_unit: str
    contact_name: str
    contact_phone: str
    contact_email: str
    units: tuple[Unit, ...]
    titles: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    calendar: tuple[Stage, ...]
    ladder: tuple[Reward, ...]
    entitlements: tuple[Entitlement, ...]
    options: Options = Options()
    carried: tuple[Carried, ...] = ()
    limits: Limits = Limits()
    restrictions: tuple[Restriction, ...] = ()

    def unit(self, code: str) -> Unit | None:
        """The unit with that code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)

    def unit_name(self, code: str) -> str:
        """A unit's name; the code itself when unknown."""
        unit = self.unit(code)
        return unit.name if unit else code

    def unit_called(self, name: str) -> Unit | None:
        """The unit with that name, or None."""
        return next((unit for unit in self.units if unit.name == name), None)

    def stage(self, name: str) -> Stage | None:
        """The calendar's stage of that name, or None."""
        return next((stage for stage in self.calendar if stage.name == name), None)

    def reward(self, name: str) -> Reward | None:
        """The ladder's step of that name, or None."""
        return next((reward for reward in self.ladder if reward.name == name), None)


def shipped_records(year: int) -> tuple[Record, ...]:
    """The settings shipped for a year, as records of the form 年度設定.

    A year without a file of its own takes the newest file before it (else the oldest), rolled on to
    the year. Rest days are announced year by year and are never rolled (`rest_day_records`).
    """
    records: list[Record] = []
    for section, content in shipped("plan.toml", year).items():
        rows = content if isinstance(content, list) else [content]
        records += (Record(section, {k: _value(raw) for k, raw in row.items()}) for row in rows)
    return records_for(year, records)


def records_for(year: int, records: Iterable[Record]) -> tuple[Record, ...]:
    """Settings rolled on to another year: every date, and every 「114年」 in the plan's title and
    資料截止時間, moved by the difference. Rest days and carried items stay behind."""
    records = tuple(records)
    base = next((int(r.number("year") or 0) for r in records if r.section == "basics"), year)
    if base == year:
        return records
    return tuple(
        Record(
            record.section,
            {key: _shifted(key, value, base, year) for key, value in record.values.items()},
        )
        for record in records
        if record.section not in {"rest_days", "last_year", "restrictions"}
    )


def rest_day_records(years: Iterable[int]) -> tuple[Record, ...]:
    """The rest days of Taiwan in ROC years: days off that are no weekend, weekend days worked.

    From the library `holidays`, whose rules know what the government has announced so far; the
    coordinator holds them against the year's 政府行政機關辦公日曆表 (docs/decisions/0008).
    """
    import holidays

    western = [year + ROC_OFFSET for year in years]
    known = holidays.country_holidays("TW", years=western, language="zh_TW")
    off = [(day, name, OFF) for day, name in known.items() if day.weekday() < _SATURDAY]
    moved = {day for day in getattr(known, "weekend_workdays", ()) if day.year in western}
    worked = [(day, "補行上班日", WORKED) for day in moved]
    return tuple(
        Record("rest_days", {"day": day, "name": name[:_REST_DAY_NAME], "kind": kind})
        for day, name, kind in sorted([*off, *worked])
    )


OFF, WORKED = "放假", "補行上班"
_REST_DAY_NAME = 40


def _value(raw: object) -> Value:
    """A TOML value as a field's value: numbers become Decimal."""
    if isinstance(raw, bool | date | str):
        return raw
    return Decimal(str(raw))


def _shifted(key: str, value: Value, base: int, year: int) -> Value:
    if base == year:
        return value
    if isinstance(value, date):
        return _same_day(value, value.year + year - base)
    if key == "year":
        return Decimal(year)
    if key in {"plan_title", "data_until"} and isinstance(value, str):
        return value.replace(f"{base}年", f"{year}年")
    return value


def _same_day(day: date, year: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def read_plan(
    records: Iterable[Record], file: str = "年度設定"
) -> tuple[Plan | None, list[Finding]]:
    """Make a plan of the records of 年度設定.

    Single values are checked by the form's own checks, and one that failed is absent; here stands
    what only the whole can tell: weights that add up to 100, codes that occur once, dates in order,
    rewards that exist. The plan is None when a finding blocks.
    """
    sections = _by_section(records)
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
            found += _out_of_year(r, _whole(basics, "year"), whole)
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
    found += _repeated(sections["units"], "code", whole)
    found += _repeated(sections["units"], "name", whole)
    found += _repeated(sections["criteria"], "name", whole)
    found += _repeated(sections["titles"], "name", whole)
    found += _repeated(sections["ladder"], "name", whole)
    found += _repeated(sections["ladder"], "rank", whole)
    found += _cells(sections["entitlements"], whole)
    found += _unknown(sections, basics, whole)
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


def _by_section(records: Iterable[Record]) -> dict[str, list[Record]]:
    sections: dict[str, list[Record]] = {}
    for record in records:
        sections.setdefault(record.section, []).append(record)
    return sections


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


def _out_of_year(record: Record, year: int, whole: Address) -> Iterator[Finding]:
    """A stage's dates lie in the plan's year or the next one (附件1: the report is due next January)."""
    for key in ("start", "due"):
        day = record.day(key)
        if day and day.year - ROC_OFFSET not in (year, year + 1):
            at, stage = record.at.get(key, whole), record.text("stage")
            yield finding("P611", at, roc_date(day), stage=stage, year=year)


def _unknown(
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
    return _by_section(shipped_records(_FIRST_YEAR))


_FIRST_YEAR = 114


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


def _whole(record: Record, key: str) -> int:
    return int(record.number(key) or 0)


def _plain(number: Decimal) -> str:
    """A number without an exponent or trailing zeros."""
    return f"{number.normalize():f}"


def _repeated(records: Sequence[Record], key: str, whole: Address) -> list[Finding]:
    seen: set[str] = set()
    found = []
    for record in records:
        name = record.text(key)
        if name in seen:
            found.append(finding("P602", record.at.get(key, whole), name))
        seen.add(name)
    return found


def _cells(records: Sequence[Record], whole: Address) -> list[Finding]:
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


def shipped_plan(year: int) -> Plan:
    """The plan made of the shipped settings. Raises ValueError if they are inconsistent (a bug)."""
    plan, found = read_plan(shipped_records(year))
    if plan is None:
        raise ValueError("; ".join(f.message for f in found))
    return plan


def contact_text(plan: Plan) -> str:
    """Whom to ask, for people: unit, name, telephone, e-mail."""
    unit = plan.unit_name(plan.contact_unit)
    return f"{unit} {plan.contact_name} {plan.contact_phone} {plan.contact_email}"


def deadline_text(stage: Stage) -> str:
    """A stage's deadline for people: both dates where a weekend moves it (行政程序法 §48)."""
    if stage.deadline == stage.due:
        return roc_date(stage.due)
    return f"{roc_date(stage.due)}（逢休息日，順延至 {roc_date(stage.deadline)}）"
