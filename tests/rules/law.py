"""The plan's rules told a second time: plain, slow, and knowing nothing of xltool.

Written from the plan's words before its rules in code were looked at, so that two readings of the same
words can be compared. It has its own small nouns, works in fractions, and looks at everything with everything.
Where the plan is silent it goes by what docs/rules.md states as a choice.

    陸、一、(三)   four criteria; weighted, rounded half up once; a missing one makes the item 未評
    附件2 四、(二)  more than half attend; consensus decides, without it the convener's ruling
    柒、一         each unit proposes for the self-assessment
    柒、二         stage and role give the reward, (一)–(三); coaching, (四); once, at the highest, (五)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

CRITERIA = ("創新性", "效益及影響", "可持續性", "擴散應用")
CATEGORIES = ("數位創新加值", "社會創新共融")
GAP = Fraction(15)
"""A self-score further than this from the review score is shown to be looked at."""


# 陸、一、(三)  Scores -----------------------------------------------------------------------------

Scores = Mapping[str, Fraction]
"""What was given of the four criteria; one that was left empty is not in it."""


@dataclass(frozen=True)
class Score:
    """Hundredths rounded half up once; or none, with the criteria that lack."""

    hundredths: int | None
    missing: tuple[str, ...] = ()


def missing(scores: Scores) -> tuple[str, ...]:
    return tuple(name for name in CRITERIA if name not in scores)


def weighted(scores: Scores, weights: Scores) -> Fraction:
    return sum((scores[name] * weights[name] for name in CRITERIA), Fraction(0)) / 100


def half_up(number: Fraction) -> int:
    """A number that is not negative, in hundredths; 0.005 goes up."""
    return int(number * 100 + Fraction(1, 2))


def self_score(scores: Scores, weights: Scores) -> Score:
    lacking = missing(scores)
    return Score(None, lacking) if lacking else Score(half_up(weighted(scores, weights)))


def review_score(reviews: Iterable[Scores], weights: Scores) -> Score:
    """The mean of the reviewers who gave all scores; one who left a criterion out is no score of 0."""
    reviews = list(reviews)
    complete = [weighted(review, weights) for review in reviews if not missing(review)]
    if complete:
        return Score(half_up(sum(complete, Fraction(0)) / len(complete)))
    lacking = {name for review in reviews for name in missing(review)}
    return Score(None, tuple(name for name in CRITERIA if name in lacking))


def far_apart(own: Score, reviewed: Score) -> bool:
    """Both are known, and lie more than the threshold apart as one sees them."""
    if own.hundredths is None or reviewed.hundredths is None:
        return False
    return abs(own.hundredths - reviewed.hundredths) > GAP * 100


def ranks(scores: Mapping[str, int | None]) -> dict[str, int | None]:
    """1, 1, 3: one more than the number of those that are better; 未評 has no rank."""
    known = [score for score in scores.values() if score is not None]
    return {
        key: None if score is None else 1 + sum(other > score for other in known)
        for key, score in scores.items()
    }


def ties(scores: Mapping[str, int | None]) -> set[str]:
    """Those that share their rank with another."""
    known = [score for score in scores.values() if score is not None]
    return {key for key, score in scores.items() if score is not None and known.count(score) > 1}


# 附件2 四、(二)  Meetings --------------------------------------------------------------------------


def quorum(members: int, present: int) -> bool:
    """過半數: of twelve, seven; of eleven, six."""
    return 2 * present > members


def motion(
    members: int, present: int, consensus: bool | None, *, resolution: bool, ruling: bool
) -> str:
    """How one motion stands; `resolution` and `ruling` say whether the words of each are recorded.

    Without quorum nothing was decided, whatever was agreed. A ruling without a word on consensus rules;
    beside a consensus it does not: 如未達共識則由召集人裁示.
    """
    if not quorum(members, present):
        return "未過半數出席"
    if consensus:
        return "共識" if resolution else "待釐清"
    if ruling:
        return "裁示"
    return "待釐清"


# 柒、二  Rewards of the 政府服務獎 -------------------------------------------------------------------

LADDER = ("嘉獎1", "嘉獎2", "記功1", "記功2", "大功1", "大功2")
WORTH = {"嘉獎1": 1, "嘉獎2": 2, "記功1": 3, "記功2": 6, "大功1": 9, "大功2": 18}
"""What each counts for in totals: 考績法施行細則 §15, three of one kind make one of the next."""

NONE = "不敘獎"
MAIN, HEAD, OTHER, COACH = "主要承辦人員", "首長(主管)", "其他有功人員", "輔導有功人員"
AWARDED, SHORTLISTED, NOMINATED = "獲獎", "入圍", "薦送"
STAGES = (NOMINATED, SHORTLISTED, AWARDED)

CLAUSE = {AWARDED: "一", SHORTLISTED: "二", NOMINATED: "三"}
TABLE = {
    # how far the entry got: what who did the work gets, and the most that the others get
    AWARDED: ("大功1", "記功1"),
    SHORTLISTED: ("記功1", "嘉獎2"),
    NOMINATED: ("嘉獎2", "嘉獎1"),
}
VARIANTS = str.maketrans("台", "臺")


@dataclass(frozen=True)
class Named:
    """One row of people: who, as what, and what is proposed (None: the cell is empty). `listed`: its
    entry is among the contest's."""

    row: int
    entry: str
    session: int
    stages: frozenset[str]
    unit: str
    name: str
    number: str | None
    role: str
    proposal: str | None
    listed: bool = True


@dataclass(frozen=True)
class Entitlement:
    clause: str
    amount: str
    ceiling: bool


def stage(reached: Iterable[str]) -> str | None:
    """The furthest that the entry got."""
    return max(reached, key=STAGES.index, default=None)


def entitlement(row: Named) -> Entitlement | None:
    """What 柒、二 gives for this role at this stage. Coaching is rewarded whatever the outcome."""
    if not row.listed:
        return None
    if row.role == COACH:
        return Entitlement("四", "嘉獎1", ceiling=False)
    reached = stage(row.stages)
    if reached is None:
        return None
    main, most = TABLE[reached]
    if row.role == MAIN:
        return Entitlement(CLAUSE[reached], main, ceiling=False)
    return Entitlement(CLAUSE[reached], most, ceiling=True)


def amount(row: Named) -> str | None:
    """What this row alone brings; None: nothing yet, somebody must decide.

    An empty cell brings the entitlement. Under 最高 a lower proposal stands and a higher one does not.
    A fixed amount is what it is, whatever is proposed.
    """
    due = entitlement(row)
    if due is None or row.proposal == NONE:
        return None
    if row.proposal is None:
        return due.amount
    if row.proposal not in LADDER:
        return None
    if not due.ceiling:
        return due.amount
    return row.proposal if step(row.proposal) <= step(due.amount) else None


def at_most(row: Named) -> str:
    """The most that the row can bring once it is settled; how far the entry got may not be known yet."""
    due = entitlement(row)
    if due is not None:
        return due.amount
    if row.role == COACH:
        return "嘉獎1"
    return TABLE[AWARDED][0 if row.role == MAIN else 1]


def step(level: str) -> int:
    return LADDER.index(level)


# Who is who -----------------------------------------------------------------------------------------


Who = tuple[str, ...]
"""A staff number; or unit and name where there is none."""


class Someone(Protocol):
    """Whoever is named somewhere."""

    @property
    def unit(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def number(self) -> str | None: ...


def number_of(row: Someone) -> str:
    """As it is compared: E1 is e1."""
    return (row.number or "").strip().upper()


def called(row: Someone) -> Who:
    """Unit and name, as they are compared: 王小明 is 王 小明."""
    return row.unit, "".join(row.name.split())


def surely_one(one: Someone, other: Someone) -> bool:
    """By the staff number; where one has none, by unit and name."""
    if number_of(one) and number_of(other):
        return number_of(one) == number_of(other)
    return called(one) == called(other)


def who(row: Named, rows: Iterable[Named]) -> Who:
    """By the staff number; without one by unit and name, which may be those of one person with a number."""
    if number_of(row):
        return (number_of(row),)
    known = {number_of(other) for other in rows if called(other) == called(row)} - {""}
    return (known.pop(),) if len(known) == 1 else called(row)


def people(rows: Sequence[Named]) -> dict[Who, list[Named]]:
    return {
        who(row, rows): [one for one in rows if who(one, rows) == who(row, rows)] for row in rows
    }


def folded(row: Named) -> str:
    """A name in which 台 is 臺."""
    return called(row)[1].translate(VARIANTS)


def in_doubt(one: Who, everyone: Mapping[Who, Sequence[Named]]) -> bool:
    """Whether a person must say who this is: one number with two names; or a name that another person
    bears too, in this unit or another, where one of the two has no number to tell them apart."""
    names = {folded(row) for row in everyone[one]}
    return len(names) > 1 or any(
        other != one
        and names & {folded(row) for row in everyone[other]}
        and not (len(one) == len(other) == 1)
        for other in everyone
    )


@dataclass(frozen=True)
class Told:
    """What becomes of rows of one person: one reward at the highest, or none until it is settled.

    `level`: the reward; None: held back. `highest`: the rows that give it, one of which the line is of.
    `taken_in`: all rows that the table speaks of, for whatever they ask.
    """

    rows: frozenset[int]
    level: str | None
    clauses: frozenset[str] = frozenset()
    highest: frozenset[int] = frozenset()
    taken_in: frozenset[int] = frozenset()

    @property
    def great(self) -> bool:
        """記大功 goes the full way before it is issued."""
        return self.level is not None and self.level.startswith("大功")


def once(rows: Sequence[Named], *, doubt: bool) -> Told:
    """One reward, at the highest; held back while something not settled might still be higher."""
    ids = frozenset(row.row for row in rows)
    amounts = {row.row: level for row in rows if (level := amount(row)) is not None}
    open_rows = [row for row in rows if amount(row) is None]
    if doubt or not amounts:
        return Told(ids, None)
    level = max(amounts.values(), key=step)
    if any(step(at_most(row)) > step(level) for row in open_rows):
        return Told(ids, None)
    highest = [row for row in rows if amounts.get(row.row) == level]
    return Told(
        ids,
        level,
        frozenset(due.clause for row in highest if (due := entitlement(row)) is not None),
        frozenset(row.row for row in highest),
        frozenset(row.row for row in rows if entitlement(row) is not None),
    )


def roster(rows: Sequence[Named], *, one_reward: bool = True) -> list[Told]:
    """What becomes of everybody. `one_reward`: one for all entries of a person, as (五) is read here; else
    one for each entry."""
    everyone = people(rows)
    told = []
    for one, own in everyone.items():
        wanted = [row for row in own if row.proposal != NONE]
        entries = {(row.entry, row.session) for row in wanted}
        parts = (
            [
                [row for row in wanted if (row.entry, row.session) == entry]
                for entry in sorted(entries)
            ]
            if not one_reward
            else [wanted][: len(entries)]
        )
        told += [once(part, doubt=in_doubt(one, everyone)) for part in parts]
    return told


def total(told: Iterable[Told]) -> int:
    return sum(WORTH[one.level] for one in told if one.level is not None)


def declined(rows: Iterable[Named]) -> set[int]:
    """Rows that are a decision to give none; a person's other rows stand."""
    return {row.row for row in rows if row.proposal == NONE}


def across_sessions(told: Told, rows: Iterable[Named]) -> bool:
    """One 屆's reward takes in another's: not without a word."""
    return len({row.session for row in rows if row.row in told.taken_in}) > 1


def two_main(rows: Sequence[Named]) -> set[tuple[str, int]]:
    """Entries with more than one 主要承辦人員: each is rewarded, and it is told."""
    return {
        (row.entry, row.session)
        for row in rows
        for other in rows
        if row.role == other.role == MAIN
        and (row.entry, row.session) == (other.entry, other.session)
        and who(row, rows) != who(other, rows)
    }


# 柒、一  Rewards for the self-assessment ---------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What a unit proposes for its own item."""

    item: str
    unit: str
    name: str
    number: str | None
    level: str


def under_the_award(proposal: Proposal, rows: Iterable[Named]) -> list[Named]:
    """The rows under 柒、二 that name the same person."""
    return [row for row in rows if surely_one(proposal, row)]
