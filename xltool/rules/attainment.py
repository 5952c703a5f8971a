"""達成率 of an indicator (量化成效): how far what was done reaches what was aimed at, where both are one number.

The plan asks for targets and results and defines no rate: this one is ours (decision 0020). It ranks nothing
and rewards nobody; readers of Annex 3 see it beside both numbers.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from xltool.patterns import pattern
from xltool.zh import parse_number

_ONE_NUMBER = pattern(r"(?P<lead>[^\d.,，．-]*)(?P<number>\d[\d,，]*(?:[.．]\d+)?)(?P<unit>[^\d]*)")
_AT_MOST = pattern("以下|以內|之內|不超過|不高於|不大於|不逾|低於|少於|至多|最多|[≤≦＜<]")
_TENTH = Decimal("0.1")


def attained(target: str, actual: str) -> Decimal | None:
    """The rate in per cent, one place, rounded half up; None where either is not one number, or nothing
    is divided by nought. Of a target that is not to be exceeded (20 以下) less is more: target by actual."""
    aim, aimed = _number(target)
    got, _ = _number(actual)
    if aim is None or got is None:
        return None
    whole, part = (got, aim) if aimed else (aim, got)
    if not whole:
        return None
    return (part / whole * 100).quantize(_TENTH, ROUND_HALF_UP)


def _number(text: str) -> tuple[Decimal | None, bool]:
    """The one number that a text says, and whether it is a most."""
    found = _ONE_NUMBER.fullmatch(" ".join(text.split()))
    if found is None:
        return None, False
    return parse_number(found["number"]), bool(_AT_MOST.search(found["lead"] + found["unit"]))
