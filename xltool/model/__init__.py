"""The nouns of one year: who files, what comes back, what counts, what follows from it.

Standard library only. Everything here is a frozen value; nothing here reads, writes or decides.
Amounts and scores are `Decimal`. Text is as a person would read it (繁體中文).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | Decimal | date | bool | None
"""What one field may hold after normalisation. Whole numbers are `Decimal` too."""


class Category(StrEnum):
    """服務類別 (肆、執行策略及方法)."""

    DIGITAL = "數位創新加值"
    INCLUSION = "社會創新共融"


class ContestStage(StrEnum):
    """How far an entry got in the 政府服務獎, lowest first (柒.二.(三), (二), (一))."""

    NOMINATED = "薦送參選未入圍"
    SHORTLISTED = "入圍實地訪查"
    AWARDED = "獲獎"

    @property
    def rank(self) -> int:
        """Order of the stages: an entry's highest one counts."""
        return list(ContestStage).index(self)


class Role(StrEnum):
    """A person's part in an entry (柒.二)."""

    MAIN = "主要承辦人員"
    HEAD = "首長（主管）"
    CONTRIBUTOR = "其他有功人員"
    COACH = "輔導有功人員"


class Bound(StrEnum):
    """Whether a reward of 柒.二 is the amount itself or a ceiling (「最高」)."""

    FIXED = "固定"
    CEILING = "最高"


# --- Where something stands -------------------------------------------------------------


@dataclass(frozen=True, order=True, slots=True)
class Address:
    """A place in a returned file: file name, sheet title, A1 reference (each may be empty)."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{self.file}｜{place}" if place else self.file


# --- What comes back --------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """What a cell of a returned form is: a field of a section, on item `of`'s sheet, in the record
    `index` (from 0) of a table, or in the row `name` (and `index` 0) of one whose rows a list gives."""

    section: str
    field: str
    of: str = ""
    index: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One filled card, or one row of a table, of a form's section.

    `values` holds normalised values by field key; a blank field is absent. `of` is the item
    (業務編號) whose sheet the record stands on, or empty. `at` gives each value's address and `raw`
    the text as typed, where normalising changed it; both are empty in records made by ourselves.
    `issued` names the given cells that no longer hold what was issued, with the text as issued, empty
    where the cell was issued blank; a cell that was emptied has no value, but an address.
    """

    section: str
    values: Mapping[str, Value]
    of: str = ""
    at: Mapping[str, Address] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    issued: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """The value as text; empty when blank."""
        value = self.values.get(key)
        return "" if value is None else str(value)

    def number(self, key: str) -> Decimal | None:
        """The value when it is a number, else None."""
        value = self.values.get(key)
        return value if isinstance(value, Decimal) else None

    def day(self, key: str) -> date | None:
        """The value when it is a date, else None."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def flag(self, key: str) -> bool | None:
        """The value when it is 是/否, else None."""
        value = self.values.get(key)
        return value if isinstance(value, bool) else None


@dataclass(frozen=True)
class Picture:
    """A photo found in a returned file. `blob` names its bytes by SHA-256 (hex) in the year's store.

    `of` is the item whose sheet it stands on; `width` and `height` are pixels.
    """

    blob: str
    kind: str
    width: int
    height: int
    at: Address
    of: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Submission:
    """One returned workbook as read: a form of a year, from a unit.

    `unit` is the unit's code ("01" … "12"; empty for the coordinator's own forms). `saved` is the
    program's last-saved stamp inside the file (ISO text, may be empty). `sha256` names the original
    bytes. `baseline`: the file tells what was issued in its given cells; without it, `Record.issued`
    is empty whatever was typed over.
    """

    form: str
    year: int
    unit: str
    file: str
    sha256: str
    records: tuple[Record, ...] = ()
    pictures: tuple[Picture, ...] = ()
    version: int = 0
    issue: str = ""
    saved: str = ""
    nil: bool = False
    baseline: bool = False

    def section(self, key: str, of: str | None = None) -> tuple[Record, ...]:
        """The records of a section in order; only those on item `of`'s sheet when given."""
        return tuple(r for r in self.records if r.section == key and of in (None, r.of))

    def card(self, key: str, of: str | None = None) -> Record:
        """The single record of a card section; an empty one when nothing was filled."""
        return next(iter(self.section(key, of)), Record(key, {}, of or ""))


@dataclass(frozen=True, slots=True)
class Return:
    """A submission in brief: what it is a return of, and what puts several of them in order.

    `who` tells apart a unit's returns of one form where each counts (the reviewer, the meeting; else
    empty), `said` is a digest of all that it says. `saved` is as in the file, `received` when the
    ledger first saw it (ISO text, both may be empty). A year holds all its returns so; what they say
    stays in the ledger until it is asked for (`Load`).
    """

    form: str
    year: int
    unit: str
    file: str
    sha256: str
    version: int = 0
    who: str = ""
    said: str = ""
    saved: str = ""
    received: str = ""


Load = Callable[[Return], Submission]
"""Fetches what a return says."""


class Precedence(StrEnum):
    """Which of several returns of the same thing counts: a choice of 年度設定."""

    SAVED_LAST = "最後存檔者"
    RECEIVED_LAST = "最後收到者"
    RECEIVED_FIRST = "最先收到者"


class Lateness(StrEnum):
    """What becomes of a return saved after its form's last day: a choice of 年度設定."""

    COUNTS = "採用並註明"
    REFUSED = "不採用"


class Fate(StrEnum):
    """What became of a received file."""

    ADOPTED = "採用"
    SUPERSEDED = "未採用（被較新版取代）"
    DUPLICATE = "重複（與採用者相同）"
    LATE = "未採用（逾期）"
    REJECTED = "退回（有錯誤）"
    UNREADABLE = "無法讀取"
    WITHHELD = "不採用（承辦人移出）"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One received file and its fate. `form` and `unit` are keys, empty when not recognised; `year`
    is a ROC year, `version` counts a unit's returns of a form from 1, 0 when not recognised; `note`
    says why, for a person."""

    file: str
    sha256: str
    form: str
    unit: str
    year: int
    status: Fate
    note: str = ""
    version: int = 0


# --- What goes out -------------------------------------------------------------------------


@dataclass(frozen=True)
class Issued:
    """A form as issued. `number` counts the issues of a form to a unit from 1; `kind` is empty or
    names a supplement; `at` is ISO text, `deadline` as shown, `recipient` the draft's."""

    issue: str
    form: str
    unit: str
    number: int
    kind: str
    at: str
    file: str
    sha256: str
    deadline: str
    recipient: str


# --- One year, all units: what the rules see ----------------------------------------------


@dataclass(frozen=True)
class Score:
    """One criterion's score (陸.一.(三)): None when missing, which is never 0. `at` is its cell."""

    criterion: str
    value: Decimal | None
    evidence: str = ""
    at: Address | None = None


@dataclass(frozen=True)
class Metric:
    """量化成效: target and actual are text as filled, since units differ (件, %, 公噸)."""

    name: str
    unit: str
    target: str
    actual: str
    note: str = ""


@dataclass(frozen=True)
class Review:
    """A 督導小組 member's written opinion on one item (附件2.三, 四.(一)). `sources` gives, by field
    name, where each answer stands."""

    reviewer: str
    title: str
    opinion: str
    recommend: bool | None
    reason: str
    scores: tuple[Score, ...]
    day: date | None = None
    sources: Mapping[str, Address] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """A 參與業務 through the year: what was enrolled, what was reported, what reviewers said.

    `id` is unit code and number, like "03-01"; `last_item` the one it had the year before, if it
    goes on. `enrolled` / `reported` tell which returns name it. `sources` gives, by field name,
    the address the value came from.
    """

    id: str
    unit: str
    name: str
    category: Category | None
    audience: str = ""
    method: str = ""
    target: str = ""
    cross_agency: bool | None = None
    partners: str = ""
    handler: str = ""
    phone: str = ""
    enrolled: bool = False
    reported: bool = False
    result: str = ""
    change: str = ""
    next_steps: str = ""
    last_item: str = ""
    last_year: str = ""
    follow_up: str = ""
    scores: tuple[Score, ...] = ()
    metrics: tuple[Metric, ...] = ()
    pictures: tuple[Picture, ...] = ()
    reviews: tuple[Review, ...] = ()
    sources: Mapping[str, Address] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """A unit's member of the 督導小組 (附件2.二.(一)). Contact data is personal: never published."""

    unit: str
    name: str
    title: str
    level: str
    email: str = ""
    at: Address | None = None


@dataclass(frozen=True)
class Person:
    """Somebody named for a reward. `staff_id` (職員編號) may be empty; `entry` is an entry's or item's id.

    `proposed` is the proposed reward's label on the ladder, empty when none was proposed. `sources`
    gives, by field name, the address the value came from.
    """

    entry: str
    unit: str
    name: str
    role: Role | None
    staff_id: str = ""
    title: str = ""
    staff_kind: str = ""
    grade: str = ""
    proposed: str = ""
    deed: str = ""
    note: str = ""
    at: Address | None = None
    sources: Mapping[str, Address] = field(default_factory=dict)

    def where(self, key: str) -> Address:
        """Where the field of that name stands; the row's own address when it was left blank."""
        return self.sources.get(key) or self.at or Address("")


@dataclass(frozen=True)
class Entry:
    """A 政府服務獎 entry: contest term (屆), the item it grew from (may be empty), how far it got."""

    id: str
    name: str
    term: str
    unit: str
    item: str
    stage: ContestStage | None
    at: Address | None = None


@dataclass(frozen=True)
class Attendance:
    """One member's attendance at a meeting; None when not filled."""

    unit: str
    name: str
    present: bool | None
    note: str = ""


@dataclass(frozen=True)
class Motion:
    """A motion: consensus among those present, else the convener's ruling (附件2.四.(二))."""

    no: str
    subject: str
    resolution: str
    consensus: bool | None
    ruling: str
    item: str = ""
    at: Address | None = None


@dataclass(frozen=True)
class Meeting:
    """A 督導小組 meeting."""

    no: str
    day: date | None
    place: str
    chair: str
    attendance: tuple[Attendance, ...]
    motions: tuple[Motion, ...]


class FilingState(StrEnum):
    """Where a unit stands with a form (R8)."""

    FILED = "已繳"
    NIL = "無辦理"
    TO_CORRECT = "待修正"
    MISSING = "未繳"


@dataclass(frozen=True)
class Filing:
    """Whether a unit has filed a form (R8): the return that counts, or none (未繳).

    `blocked`: what came has errors; `late`: it came too late to count. `stamp` is the return's 核章情形. Who filled it and by which phone is personal: never published.
    """

    unit: str
    form: str
    filed: bool
    nil: bool = False
    file: str = ""
    blocked: bool = False
    late: bool = False
    errors: int = 0
    filler: str = ""
    phone: str = ""
    day: date | None = None
    stamp: str = ""
    stamp_day: date | None = None

    @property
    def state(self) -> FilingState:
        """One that came too late to count is missing."""
        if self.blocked:
            return FilingState.TO_CORRECT
        if not self.filed:
            return FilingState.MISSING
        return FilingState.NIL if self.nil else FilingState.FILED


@dataclass(frozen=True)
class Dataset:
    """One year of one agency: everything that the rules and the outputs read."""

    year: int
    items: tuple[Item, ...] = ()
    members: tuple[Member, ...] = ()
    people: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    entries: tuple[Entry, ...] = ()
    entry_people: tuple[Person, ...] = ()
    filings: tuple[Filing, ...] = ()

    def item(self, item_id: str) -> Item | None:
        """The item with that 業務編號, or None."""
        return next((item for item in self.items if item.id == item_id), None)
