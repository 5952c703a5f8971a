"""Who is the same person (柒、二、(五)): by 職員編號, without one by unit and name.

Never a silent merge, never a silent double: whatever cannot be told is a finding, and the persons
concerned are `doubtful` until somebody settles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from xltool.findings import Finding, finding
from xltool.model import Address, Person
from xltool.patterns import pattern
from xltool.who import as_seen, plain_name, spelled

_VARIANTS = str.maketrans(
    "臺峯羣啓眞温黄吴裡邨銹勲凉淸綉恒户爲髙濶栢", "台峰群啟真溫黃吳裏村鏽勳涼清繡恆戶為高闊柏"
)
"""Characters of names that are often written for one another."""
_UNKNOWN = pattern(".?[\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""A character that only its writer's fonts know (造字), alone or after another."""


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


def alike(name: str) -> str:
    """A name with variant characters (台/臺, 峰/峯 …) made one, without what was written beside it."""
    return plain_name(name).translate(_VARIANTS).casefold()


def may_be(one: str, other: str) -> bool:
    """Whether two names are one, as far as their characters tell: one of private use may be any."""
    return one == other or (
        len(one) == len(other)
        and all(a == b or _UNKNOWN.match(a + b) for a, b in zip(one, other, strict=True))
    )


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
    """Group rows by person, and say of whom that is in doubt."""
    rows = _by_person(people)
    pairs = tuple(_perhaps_one(rows))
    doubtful = {key for key, own in rows.items() if _named_apart(own)}.union(*pairs)
    return Identities(rows, frozenset(doubtful), (*_within(rows), *_between(pairs, rows)))


def _by_person(people: Iterable[Person]) -> dict[Key, tuple[Person, ...]]:
    """The rows of each person. A row without 職員編號 is of the only one of its unit and name that has
    one, else of a person without."""
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
    return {key: tuple(rows[key]) for key in sorted(rows)}


def _perhaps_one(rows: Mapping[Key, Sequence[Person]]) -> Iterator[tuple[Key, Key]]:
    """Two persons alike in name, of whom the first has no 職員編號: they may be one."""
    by_name: dict[str, dict[Key, None]] = defaultdict(dict)
    for key, own in rows.items():
        for row in own:
            by_name[alike(row.name)][key] = None
    for name in [one for one in by_name if _UNKNOWN.search(one)]:
        for other, keys in by_name.items():
            if may_be(name, other):
                by_name[name] = by_name[name] | keys
    for group in by_name.values():
        # Keys in order: whoever has no 職員編號 comes before those who have.
        yield from (pair for pair in combinations(sorted(group), 2) if not pair[0].staff_id)


def _is_held(row: Person) -> bool:
    """Whether a 職員編號 was filled that must be corrected first."""
    return bool(row.answer("people.staff_id").fault)


def _named_apart(own: Iterable[Person]) -> bool:
    """Whether one person's rows give names that no spelling explains."""
    return len({alike(row.name) for row in own}) > 1


def _within(rows: Mapping[Key, Sequence[Person]]) -> Iterator[Finding]:
    """What one person's own rows show: no 職員編號, several names, a name spelled in two ways."""
    for key, own in rows.items():
        unnumbered = next((row for row in own if not (staff_id(row) or _is_held(row))), None)
        if unnumbered:
            yield finding("R505", unnumbered.where("people.name"), unnumbered.name)
        by_name: dict[str, Person] = {}
        for row in own:
            by_name.setdefault(as_seen(row.name), row)
        names = list(by_name)
        if _named_apart(own):
            at = by_name[names[-1]].where("people.staff_id")
            told = "、".join(row.name for row in by_name.values())
            yield finding("R511", at, key.staff_id, names=told)
        elif len(names) > 1:
            one, other = by_name[names[0]], by_name[names[1]]
            yield finding("R507", other.where("people.name"), other.name, other=one.name)


def _between(
    pairs: Iterable[tuple[Key, Key]], rows: Mapping[Key, Sequence[Person]]
) -> Iterator[Finding]:
    """What is said of persons who may be one, at the one without 職員編號: the same name in another
    unit or in its own (each once), or a name that is written in another way."""
    told: set[tuple[str, Key]] = set()
    for one, other in pairs:
        row = rows[one][0]
        at = row.where("people.name")
        if all(twin.unit != one.unit for twin in rows[other]):
            code = "R506"
        else:
            twin = next(twin for twin in rows[other] if may_be(alike(twin.name), alike(one.name)))
            if spelled(twin.name) != spelled(one.name):
                yield finding("R507", at, row.name, other=twin.name)
                continue
            code = "R517"
        if (code, one) not in told:
            told.add((code, one))
            yield finding(code, at, row.name)
