"""What comes back and what goes out: a file's answers as records, returns in brief, forms as issued."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xltool.model.answers import Address, Value

# --- What comes back --------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """What a cell of a returned form is: a field of a section, on item `of`'s sheet, in the record
    `index` (from 0) of a table, or in the row `name` (and `index` 0) of one whose rows a list gives.
    Without a field it is the section's heading."""

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
    the text as typed, where normalising changed it; both are empty in records made by ourselves. A
    blank cell has an address too where an error stands at it.
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
    is empty whatever was typed over. `faulty` tells what the cells are at which errors stand.
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
    faulty: tuple[tuple[Address, Spot], ...] = ()

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
    ledger first saw it (ISO text, both may be empty). `typed_over`: given cells no longer hold what was
    issued. `clock` is what the file says of when it was saved, where that cannot be; `saved` is then
    when it was received. `faulty`: it has errors, and counts only where none without comes. A year holds all its returns so; what they say stays in the ledger until it is asked for
    (`Load`).
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
    typed_over: bool = False
    clock: str = ""
    faulty: bool = False


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
    PARTLY = "部分採用（有錯誤）"
    SUPERSEDED = "未採用（被較新版取代）"
    DUPLICATE = "重複（與採用者相同）"
    LATE = "未採用（逾期）"
    REJECTED = "退回（有錯誤）"
    UNREADABLE = "無法讀取"
    WITHHELD = "不採用（承辦人移出）"


COUNTS = frozenset({Fate.ADOPTED, Fate.PARTLY})
"""What becomes of a file whose contents count."""


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
