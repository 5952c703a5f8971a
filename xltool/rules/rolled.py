"""What the year before says of this year's roster: one matter is not rewarded twice (柒、二、(五))."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.findings import Finding, finding
from xltool.model import Person
from xltool.plan import Plan, Rewarded
from xltool.rules.identity import staff_id
from xltool.rules.outcomes import Rewards
from xltool.who import spelled
from xltool.zh import same


def rewarded_before(rewards: Rewards, plan: Plan) -> Iterator[Finding]:
    """Whoever is on the roster for an entry for which an earlier year's roster rewards him."""
    for line in rewards.lines:
        for claim in (line.claim, *line.absorbed):
            for one in plan.rewarded:
                entry = (one.entry, one.term), (claim.entry, claim.term)
                if _alike(*entry) and _is(claim.person, one):
                    at = claim.person.where("people.name", "people.entry")
                    words = {"entry": claim.entry, "term": claim.term, "reward": one.reward}
                    words |= {"year": str(one.year), "line": str(one.line)}
                    yield finding("R528", at, claim.person.name, **words)


def _alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return [same(part) for part in one] == [same(part) for part in other]


def _is(person: Person, one: Rewarded) -> bool:
    """Whether it is the same person: by 職員編號; where one lacks it, by unit and name."""
    numbers = staff_id(person), spelled(one.staff_id).upper()
    if all(numbers):
        return numbers[0] == numbers[1]
    return (person.unit, spelled(person.name)) == (one.unit, spelled(one.name))
