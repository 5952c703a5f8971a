"""Years at random in which people meet often: shared among entries and units, alike in name, without a
number; scores with gaps, meetings with and without enough members. In the nouns of tests/rules/law.py."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from tests.rules import law

UNITS = tuple(f"{number:02}" for number in range(1, 13))
NAMES = ("王小明", "王臺生", "王台生", "李大華", "范佳穎", "洪毓婷", "周品睿")
EQUAL = dict.fromkeys(law.CRITERIA, Fraction(25))


@dataclass(frozen=True)
class Item:
    number: str
    category: str
    scores: law.Scores
    reviews: tuple[law.Scores, ...]


@dataclass(frozen=True)
class Motion:
    """`resolution` and `ruling`: whether the words of each are recorded."""

    consensus: bool | None
    resolution: bool
    ruling: bool


@dataclass(frozen=True)
class Meeting:
    present: int
    motions: tuple[Motion, ...]


@dataclass(frozen=True)
class Entry:
    """One row of entries; another row of the same entry may tell another stage."""

    code: str
    session: int
    item: str
    stage: str | None


@dataclass(frozen=True)
class Year:
    weights: law.Scores
    items: tuple[Item, ...]
    meetings: tuple[Meeting, ...]
    entries: tuple[Entry, ...]
    named: tuple[law.Named, ...]
    proposals: tuple[law.Proposal, ...]


def year_at_random(seed: int, *, for_forms: bool = False) -> Year:
    """The same year for the same seed. `for_forms`: a small one, whose forms come back with every cell
    filled that must be, but for a score now and then: four units, weights as shipped, each entry on one
    row with its result, consensus always said, and as many opinions on each item of a unit."""
    dice = random.Random(seed)
    items = tuple(_items_for_forms(dice) if for_forms else _items(dice))
    entries = tuple(_entries(dice, items, for_forms=for_forms))
    pool = _pool(dice)
    return Year(
        EQUAL if for_forms else _weights(dice),
        items,
        tuple(_meeting(dice, for_forms=for_forms) for _ in range(dice.randint(0, 3))),
        entries,
        tuple(_named(dice, pool, entries, for_forms=for_forms)),
        tuple(_proposals(dice, pool, items)),
    )


# --- Scores ----------------------------------------------------------------------------------------


def _weights(dice: random.Random) -> law.Scores:
    """Four that make a hundred, in halves."""
    if dice.random() < 0.5:
        return EQUAL
    cuts = sorted(dice.sample(range(1, 200), 3))
    shares = (b - a for a, b in zip([0, *cuts], [*cuts, 200], strict=True))
    return {name: Fraction(share, 2) for name, share in zip(law.CRITERIA, shares, strict=True)}


def _scores(dice: random.Random, gaps: float) -> law.Scores:
    near = dice.choice((60, 80, 80, 95))
    return {
        name: dice.choice((
            Fraction(near),
            Fraction(near),
            Fraction(dice.randint(0, 100)),
            Fraction(dice.randint(0, 10_000), 100),
        ))
        for name in law.CRITERIA
        if dice.random() >= gaps
    }


def _reviews(dice: random.Random, own: law.Scores) -> tuple[law.Scores, ...]:
    """Now and then one that lies by just the threshold below what the unit gave itself."""
    if own and min(own.values()) >= law.GAP and dice.random() < 0.1:
        return ({name: score - law.GAP for name, score in own.items()},)
    return tuple(_scores(dice, dice.choice((0, 0, 0, 0.2))) for _ in range(dice.randint(0, 3)))


def _items(dice: random.Random) -> list[Item]:
    items = []
    for unit in UNITS:
        for number in range(1, dice.randint(0, 3) + 1):
            own = _scores(dice, 0.04)
            category = dice.choice(law.CATEGORIES)
            items.append(Item(f"{unit}-{number:02}", category, own, _reviews(dice, own)))
    return items


def _items_for_forms(dice: random.Random) -> list[Item]:
    items = []
    for unit in UNITS[:4]:
        reviewers = dice.randint(0, 2)
        for number in (1, 2)[: dice.randint(1, 2)]:
            reviews = tuple(_scores(dice, dice.choice((0, 0, 0.2))) for _ in range(reviewers))
            category = dice.choice(law.CATEGORIES)
            items.append(Item(f"{unit}-{number:02}", category, _scores(dice, 0.05), reviews))
    return items


# --- Meetings --------------------------------------------------------------------------------------


def _meeting(dice: random.Random, *, for_forms: bool) -> Meeting:
    said = (True, False) if for_forms else (True, False, None)
    return Meeting(
        dice.choice((6, 7, dice.randint(0, 12))),
        tuple(
            Motion(dice.choice(said), for_forms or dice.random() < 0.8, dice.random() < 0.5)
            for _ in range(dice.randint(1, 4))
        ),
    )


# --- The contest -----------------------------------------------------------------------------------


def _entries(dice: random.Random, items: tuple[Item, ...], *, for_forms: bool) -> list[Entry]:
    entries: list[Entry] = []
    for code in ("A1", "A2", "A3", "A4")[: dice.randint(1, 4)]:
        item = dice.choice([one.number for one in items] or [""])
        for session in dice.choice(((8,), (8,), (9,), (8, 9))):
            rows = 1 if for_forms or dice.random() < 0.8 else 2
            stages = law.STAGES if for_forms else (*law.STAGES, *law.STAGES, None)
            entries += (Entry(code, session, item, dice.choice(stages)) for _ in range(rows))
    return entries


def _pool(dice: random.Random) -> list[tuple[str, str, str | None]]:
    """Unit, name and number of people who may be named; a number now and then of two names."""
    return [
        (
            dice.choice(UNITS[:4]),
            dice.choice(NAMES),
            dice.choice((None, f"E{number:03}", f"E{number:03}", "E001")),
        )
        for number in range(dice.randint(2, 8))
    ]


def _known_by(
    dice: random.Random, pool: list[tuple[str, str, str | None]]
) -> tuple[str, str, str | None]:
    unit, name, number = dice.choice(pool)
    return unit, name, None if dice.random() < 0.15 else number


def _spelled(dice: random.Random, name: str, number: str | None) -> tuple[str, str | None]:
    """As somebody else would type them."""
    name = f"{name[0]} {name[1:]}" if dice.random() < 0.1 else name
    return name, f"{number.lower()} " if number and dice.random() < 0.1 else number


def _named(
    dice: random.Random,
    pool: list[tuple[str, str, str | None]],
    entries: tuple[Entry, ...],
    *,
    for_forms: bool,
) -> list[law.Named]:
    rows = []
    for row in range(dice.randint(0, 12)):
        entry = dice.choice(entries)
        unit, name, number = _known_by(dice, pool)
        listed = for_forms or dice.random() < 0.95
        if not for_forms:
            name, number = _spelled(dice, name, number)
        reached = frozenset(
            one.stage
            for one in entries
            if (one.code, one.session) == (entry.code, entry.session) and one.stage
        )
        role = dice.choice((law.MAIN, law.HEAD, law.OTHER, law.OTHER, law.COACH))
        asked = dice.choice((None, None, law.NONE, *law.LADDER[:3], *law.LADDER))
        code = entry.code if listed else "B9"
        stages = reached if listed else frozenset()
        rows.append(
            law.Named(row, code, entry.session, stages, unit, name, number, role, asked, listed)
        )
    return rows


def _proposals(
    dice: random.Random, pool: list[tuple[str, str, str | None]], items: tuple[Item, ...]
) -> list[law.Proposal]:
    proposals = []
    for unit, name, number in pool:
        own = [one.number for one in items if one.number.startswith(unit)]
        if own and dice.random() < 0.5:
            level = dice.choice(law.LADDER[:3])
            proposals.append(law.Proposal(dice.choice(own), unit, name, number, level))
    return proposals
