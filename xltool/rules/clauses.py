"""The plan's clauses as data: what each says, and where it is carried out, or why it is not.

A plan that is amended gets a file of its own (`data/115/clauses.toml`) that says only what differs; a year
without one goes by those before it, so that 114 stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from xltool.data import shipped


@dataclass(frozen=True)
class Clause:
    """One clause: its locator in the plan (柒、二、(一)), what it says in short, the rules that go by it,
    other places that carry it out, and why (some of) it is not coded."""

    locator: str
    says: str
    rules: tuple[str, ...] = ()
    done_in: tuple[str, ...] = ()
    reason: str = ""


@lru_cache
def clauses(year: int) -> tuple[Clause, ...]:
    """The clauses of a ROC year's plan, in the plan's order."""
    return tuple(
        Clause(
            one["locator"],
            one["says"],
            tuple(one.get("rules", ())),
            tuple(one.get("done_in", ())),
            one.get("reason", ""),
        )
        for one in shipped("clauses.toml", year)["clause"]
    )
