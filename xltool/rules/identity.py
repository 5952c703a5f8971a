"""Who is the same person (柒.二.(五)): by 職員編號, without one by unit and name.

Never a silent merge, never a silent double: whatever cannot be told is a finding, and the persons
concerned are `doubtful` until somebody settles it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from xltool.findings import Finding, finding
from xltool.model import Address, Person

_VARIANTS = str.maketrans(
    "臺峯羣啓眞温黄吴裡邨銹勲凉淸綉恒户爲髙濶栢", "台峰群啟真溫黃吳裏村鏽勳涼清繡恆戶為高闊柏"
)
"""Characters of names that are often written for one another."""


@dataclass(frozen=True, order=True)
class Key:
    """One person: `staff_id`, or `unit` and `name` where there is none."""

    staff_id: str = ""
    unit: str = ""
    name: str = ""


@dataclass(frozen=True)
class Identities:
    """Persons told apart. `rows` in a fixed order, whatever order they came in."""

    rows: Mapping[Key, tuple[Person, ...]]
    doubtful: frozenset[Key]
    findings: tuple[Finding, ...]


def spelled(name: str) -> str:
    """A name without what a keyboard adds: width and spaces. 臺 and 台 stay apart."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def alike(name: str) -> str:
    """A name with variant characters (台/臺, 峰/峯 …) made one."""
    return spelled(name).translate(_VARIANTS).casefold()


def staff_id(person: Person) -> str:
    """The 職員編號 for comparing, empty when not filled."""
    return spelled(person.staff_id).upper()


def row_order(person: Person) -> tuple[str, ...]:
    """A fixed order of rows, from what they say and then where they stand."""
    at = person.at or Address("")
    return (
        person.unit, person.name, staff_id(person), person.entry, person.role or "",
        person.proposed, at.file, at.sheet, f"{at.cell:>9}", person.title, person.staff_kind,
        person.grade, person.deed, person.note,
    )  # fmt: skip


def same_person(one: Person, other: Person) -> bool:
    """Whether two rows name one person: same 職員編號; where one lacks it, same unit and name."""
    if staff_id(one) and staff_id(other):
        return staff_id(one) == staff_id(other)
    return one.unit == other.unit and spelled(one.name) == spelled(other.name)


def identify(people: Iterable[Person]) -> Identities:
    """Group rows by person."""
    ordered = sorted(people, key=row_order)
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for person in ordered:
        if staff_id(person):
            numbers[person.unit, spelled(person.name)].add(staff_id(person))
    rows: dict[Key, list[Person]] = defaultdict(list)
    for person in ordered:
        known = numbers[person.unit, spelled(person.name)]
        if staff_id(person):
            key = Key(staff_id(person))
        elif len(known) == 1:
            key = Key(min(known))
        else:
            key = Key("", person.unit, spelled(person.name))
        rows[key].append(person)
    grouped = {key: tuple(rows[key]) for key in sorted(rows)}
    doubtful: set[Key] = set()
    findings = [*_within(grouped, doubtful), *_between(grouped, doubtful)]
    return Identities(grouped, frozenset(doubtful), tuple(findings))


def _within(grouped: Mapping[Key, tuple[Person, ...]], doubtful: set[Key]) -> Iterator[Finding]:
    """What one person's own rows show: no 職員編號, several names, a name spelled in two ways."""
    for key, rows in grouped.items():
        unnumbered = next((row for row in rows if not staff_id(row)), None)
        if unnumbered:
            yield finding("R505", unnumbered.where("people.name"), unnumbered.name)
        by_name: dict[str, Person] = {}
        for row in rows:
            by_name.setdefault(row.name, row)
        names = list(by_name)
        if len({alike(name) for name in names}) > 1:
            doubtful.add(key)
            yield finding(
                "R511",
                by_name[names[-1]].where("people.staff_id"),
                key.staff_id,
                names="、".join(names),
            )
        elif len(names) > 1:
            yield finding("R507", by_name[names[1]].where("people.name"), names[1], other=names[0])


def _between(grouped: Mapping[Key, tuple[Person, ...]], doubtful: set[Key]) -> Iterator[Finding]:
    """Persons who may be one: alike in name, and a 職員編號 is missing on one side at least."""
    by_name: dict[str, dict[Key, None]] = defaultdict(dict)
    for key, rows in grouped.items():
        for row in rows:
            by_name[alike(row.name)][key] = None
    told: set[tuple[str, Key]] = set()
    for name, keys in by_name.items():
        for one, other in combinations(keys, 2):
            if one.staff_id and other.staff_id:
                continue
            doubtful |= {one, other}
            row = next(r for r in grouped[one] if alike(r.name) == name)
            twin = next(r for r in grouped[other] if alike(r.name) == name)
            lacking = row if not one.staff_id else twin
            shared = {r.unit for r in grouped[one]} & {r.unit for r in grouped[other]}
            if not shared:
                code = "R506"
            elif spelled(row.name) == spelled(twin.name):
                code = "R517"
            else:
                yield finding("R507", lacking.where("people.name"), row.name, other=twin.name)
                continue
            subject = one if not one.staff_id else other
            if (code, subject) not in told:
                told.add((code, subject))
                yield finding(code, lacking.where("people.name"), lacking.name)
