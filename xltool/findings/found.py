"""One finding at one place; what the coordinator accepts; findings counted and grouped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from xltool.findings.catalogue import CATALOGUE
from xltool.findings.code import Severity
from xltool.model import Address


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding at one place. `value` is what stood there, as text."""

    code: str
    severity: Severity
    at: Address
    message: str
    fix: str
    value: str = ""

    @property
    def blocks(self) -> bool:
        """Whether something cannot be taken in until this is settled."""
        return self.severity is Severity.ERROR

    @property
    def blocks_all(self) -> bool:
        """Whether nothing of the return can be taken in: it is not known whose it is, or it failed."""
        return self.blocks and (self.code[0] == "F" or CATALOGUE[self.code].whole)


@dataclass(frozen=True)
class Waiver:
    """The coordinator accepts a finding of a unit: `reason`, `by` whom, `at` which day (as shown).

    `form`, `sheet` and `cell` narrow it; empty means any. So does `value`, what stood there when it was
    accepted: a setting (no unit) is accepted as it is, not whatever it may become. It is kept in the
    year's ledger, and so ends with the year.
    """

    code: str
    unit: str
    form: str
    sheet: str
    cell: str
    reason: str
    by: str
    at: str
    value: str = ""

    def covers(self, found: Finding, unit: str, form: str) -> bool:
        """Whether it speaks of a finding in a unit's return of a form."""
        return (
            (self.code, self.unit) == (found.code, unit)
            and self.form in ("", form)
            and self.sheet in ("", found.at.sheet)
            and self.cell in ("", found.at.cell)
            and self.value in ("", found.value)
            and found.severity is not Severity.NOTE
        )


def waived(found: Finding, unit: str, form: str, waivers: Iterable[Waiver]) -> Finding:
    """The finding; as 已同意, with who and why, where a waiver covers it."""
    one = next((waiver for waiver in waivers if waiver.covers(found, unit, form)), None)
    if one is None:
        return found
    return replace(
        found, severity=Severity.WAIVED, fix=f"{one.by} {one.at} 同意不必更正：{one.reason}"
    )


def counted(findings: Iterable[Finding]) -> str:
    """How many of each severity, for a person; 已同意 only where there are some."""
    count = Counter(one.severity for one in findings)
    told = (severity for severity in Severity if severity is not Severity.WAIVED or count[severity])
    return "、".join(f"{severity} {count[severity]} 項" for severity in told)


@dataclass(frozen=True)
class Group:
    """Findings of one file that say the same, and all their places."""

    finding: Finding
    places: tuple[Address, ...]


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Identical findings of each file as one, where the first of them stands."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        key = (one.at.file, one.code, one.severity, one.message, one.fix)
        groups.setdefault(key, []).append(one)
    return tuple(Group(same[0], tuple(one.at for one in same)) for same in groups.values())


def finding(code: str, at: Address, value: object = "", **words: object) -> Finding:
    """Make a finding of the catalogue's `code`; `words` fill the templates, `value` fills {value}.

    Raises KeyError for a code that is not in the catalogue, or a template word that is missing.
    """
    entry = CATALOGUE[code]
    shown = _shown(value)
    filled = {"value": shown, **{key: _shown(word) for key, word in words.items()}}
    return Finding(
        code,
        entry.severity,
        at,
        entry.message.format_map(filled),
        entry.fix.format_map(filled),
        "" if value is None else str(value),
    )


def _shown(value: object, limit: int = 40) -> str:
    """Text for a message: on one line, and shortened."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
