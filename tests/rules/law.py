"""The plan's rules once more, plainly and slowly, from its words alone: 陸、一、(三), 附件2、四、(二) and 柒、二.

Nothing of the program is used here. Amounts are those of the plan of 114.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

LADDER = ("嘉獎1次", "嘉獎2次", "記功1次", "記功2次", "記大功1次", "記大功2次")
"""From the lowest to the highest."""
NONE = "不敘獎"
MAIN, HEAD, OTHER, COACH = "主要承辦人員", "首長（主管）", "其他有功人員", "輔導有功人員"
FIXED = {"獲獎": "記大功1次", "入圍實地訪查": "記功1次", "薦送參選未入圍": "嘉獎2次"}
"""(一) to (三): what the main handler gets."""
AT_MOST = {"獲獎": "記功1次", "入圍實地訪查": "嘉獎2次", "薦送參選未入圍": "嘉獎1次"}
"""What his head and the others get at most."""
CLAUSES = {"獲獎": "柒、二、(一)", "入圍實地訪查": "柒、二、(二)", "薦送參選未入圍": "柒、二、(三)"}


@dataclass(frozen=True)
class Row:
    """Somebody named in an entry: `stage` is how far that got, empty while nobody knows."""

    person: str
    entry: str
    stage: str
    role: str
    proposed: str = ""


@dataclass(frozen=True)
class Line:
    """What becomes of a person: `reward` (empty: someone must decide first), the clauses it may be for, and
    how many of his rights it takes in."""

    reward: str
    clauses: frozenset[str]
    absorbed: int


def height(reward: str) -> int:
    """How high a reward stands."""
    return LADDER.index(reward)


def right(row: Row) -> tuple[str, str, str]:
    """Clause, what the row gives (empty: nothing yet), and what it might give once settled."""
    if row.role == COACH:  # (四): whatever came of the entry
        return "柒、二、(四)", "嘉獎1次", "嘉獎1次"
    table = FIXED if row.role == MAIN else AT_MOST
    if not row.stage:
        return "", "", max(table.values(), key=height)
    amount, clause = table[row.stage], CLAUSES[row.stage]
    if row.role == MAIN or not row.proposed:
        return clause, amount, amount
    over = height(row.proposed) > height(amount)
    return clause, "" if over else row.proposed, amount


def rewarded(rows: Sequence[Row]) -> tuple[dict[str, Line], set[str], set[str]]:
    """柒、二: the lines by person, who has none yet, and who is decided to have none in some entry."""
    lines: dict[str, Line] = {}
    waiting: set[str] = set()
    declined = {row.person for row in rows if row.proposed == NONE}
    for person in {row.person for row in rows}:
        own = [right(row) for row in rows if row.person == person and row.proposed != NONE]
        claims = [one for one in own if one[0]]
        if own and not claims:
            waiting.add(person)
        if not claims:
            continue
        best = max((height(given) for _, given, _ in claims if given), default=-1)
        unsettled = [might for _, given, might in own if not given and height(might) > best]
        if unsettled:
            lines[person] = Line("", frozenset(), 0)
        else:  # (五): once, at the highest
            clauses = frozenset(c for c, given, _ in claims if given and height(given) == best)
            lines[person] = Line(LADDER[best], clauses, len(claims) - 1)
    return lines, waiting, declined


def total(scores: Mapping[str, Decimal | None], weights: Mapping[str, Decimal]) -> Decimal | None:
    """陸、一、(三): Σ score × weight, rounded half up once; nothing while a score is missing."""
    given = {name: scores.get(name) for name in weights}
    if None in given.values():
        return None
    parts = (Fraction(score or 0) * Fraction(weights[name]) for name, score in given.items())
    exact = sum(parts, Fraction(0)) / 100
    return two_places(exact)


def two_places(exact: Fraction) -> Decimal:
    """A fraction to two places, half up."""
    hundredfold = Decimal(exact.numerator * 100) / Decimal(exact.denominator)
    return hundredfold.quantize(Decimal(1), ROUND_HALF_UP) / 100


def missing(scores: Mapping[str, Decimal | None], weights: Mapping[str, Decimal]) -> list[str]:
    """The criteria without a score: nought is one."""
    return [name for name in weights if scores.get(name) is None]


def places(totals: Mapping[str, Decimal | None]) -> dict[str, int]:
    """Places, best first: equals share one, the next is skipped; what is not scored has none."""
    known = {key: value for key, value in totals.items() if value is not None}
    return {key: 1 + sum(other > value for other in known.values()) for key, value in known.items()}


def decision(
    present: int, members: int, *, consensus: bool | None, resolution: str, ruling: str
) -> str:
    """附件2、四、(二): what a motion comes to; empty while it is undecided."""
    if not present * 2 > members:
        return ""
    if consensus and resolution:
        return resolution
    return "" if consensus else ruling
