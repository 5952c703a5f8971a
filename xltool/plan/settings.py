"""The year's settings as typed values: units, criteria, calendar, ladder, entitlements, options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, total_ordering

from xltool.model import Bound, ContestStage, Lateness, Precedence, Role
from xltool.wording import placed, shipped_words
from xltool.zh import roc_date

OFF, WORKED = "放假", "補行上班"
"""What a day of the list 休息日 is."""

SATURDAY = 5
"""The first day of the weekend, as `date.weekday` counts."""


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
    """評核構面 (陸、一、(三)). `weight` in percent; all weights add up to 100."""

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
        while day in self.off or (day.weekday() >= SATURDAY and day not in self.worked):
            day += timedelta(days=1)
        return day


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


@dataclass(frozen=True)
class Winner:
    """An entry that won in an earlier contest (屆): `item` is the 業務編號 that its item had the year
    before, empty where it did not go on."""

    term: str
    entry: str
    unit: str
    name: str
    item: str = ""


@dataclass(frozen=True)
class Rewarded:
    """Somebody whom an earlier `year`'s roster rewards for an entry, on that `line`."""

    term: str
    entry: str
    unit: str
    name: str
    staff_id: str
    reward: str
    year: int
    line: int


@dataclass(frozen=True)
class LastMember:
    """A unit's member of the 督導小組 the year before."""

    unit: str
    name: str
    title: str
    level: str
    email: str


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
    """One cell of the table in 柒、二. `stage` None: whatever the outcome ((四))."""

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
class Group:
    """督導小組 (附件2): the convener's name, empty where nobody said; whether who comes for a member counts
    towards the quorum, of which the plan says nothing; whether what meetings resolved is published."""

    convener: str = ""
    deputy_counts: bool = False
    publish_resolutions: bool = False


@dataclass(frozen=True)
class Restriction:
    """參獎限制 of that year's contest plan (陸、二、(二)): what it says, its locator there, and the items
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


class QuestionKind(StrEnum):
    """What an answer to a question of the coordinator's own is."""

    TEXT = "文字"
    LONG = "長文字"
    NUMBER = "數字"
    DAY = "日期"
    YES_NO = "是否"
    CHOICE = "選單"


@dataclass(frozen=True)
class Question:
    """What the coordinator asks this year beside the declared fields: its `number` (Q1), the titles of the
    form and of the card that it stands on, what people read, and what the answer must be. `personal`
    unless said otherwise (R7); `published` in Annex 3. `length` in characters, None for the usual."""

    number: str
    form: str
    section: str
    label: str
    kind: QuestionKind
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    example: str = ""
    length: int | None = None
    personal: bool = True
    published: bool = False

    @property
    def key(self) -> str:
        """What the field is called in data: q1."""
        return self.number.casefold()


@dataclass(frozen=True)
class Plan:
    """One year's plan of one agency. `year` is a ROC year. `called` is what it calls the contest, its
    units, its convener, by key, where otherwise than the plan that is shipped; `places` are those that
    it numbers otherwise, as (shipped, own)."""

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
    group: Group = Group()
    carried: tuple[Carried, ...] = ()
    limits: Limits = Limits()
    restrictions: tuple[Restriction, ...] = ()
    winners: tuple[Winner, ...] = ()
    rewarded: tuple[Rewarded, ...] = ()
    last_members: tuple[LastMember, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The year's own words and places, by key (`xltool.wording`)."""
        moved = dict(self.places)
        words = {key: placed(word, moved) for key, word in shipped_words(self.year).items()}
        return {**words, "agency": self.short, **dict(self.called)}

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
        """The calendar's stage of that name, also where it has the contest's usual name in it; or None."""
        usual = name.replace(self.words["contest"], shipped_words(self.year)["contest"])
        known = {stage.name: stage for stage in self.calendar}
        return known.get(name) or known.get(usual)

    def reward(self, name: str) -> Reward | None:
        """The ladder's step of that name, or None."""
        return next((reward for reward in self.ladder if reward.name == name), None)


def contact_text(plan: Plan) -> str:
    """Whom to ask, for people: unit, name, telephone, e-mail."""
    unit = plan.unit_name(plan.contact_unit)
    return f"{unit} {plan.contact_name} {plan.contact_phone} {plan.contact_email}"


def deadline_text(stage: Stage) -> str:
    """A stage's deadline for people: both dates where a weekend moves it (行政程序法 §48)."""
    if stage.deadline == stage.due:
        return roc_date(stage.due)
    return f"{roc_date(stage.due)}（逢休息日，順延至 {roc_date(stage.deadline)}）"
