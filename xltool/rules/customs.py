"""What a personnel office usually asks of a proposal: 獎由下起, 主辦、協辦、督辦有別, no equal shares for all.

The plan does not say so: these are reminders to the coordinator, with who and why, never a block and never
told to a unit. They look at what is proposed for one matter: an entry, or an item of a unit's own proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xltool.findings import Finding, finding
from xltool.model import Address, Person, Role
from xltool.plan import Reward
from xltool.rules.outcomes import RewardLine, SelfProposal

_SHARED = 3
"""So many people with one and the same reward are equal shares."""


@dataclass(frozen=True)
class _Share:
    """What somebody gets for a matter."""

    person: Person
    role: Role
    reward: Reward


def reminders(lines: Iterable[RewardLine], proposals: Iterable[SelfProposal]) -> Iterator[Finding]:
    """What there is to think over, matter by matter."""
    for matter, shares in _matters(lines, proposals).items():
        if len(shares) >= _SHARED and len({one.reward.rank for one in shares}) == 1:
            words = {"count": len(shares), "reward": shares[0].reward.name, "names": _names(shares)}
            yield finding("R525", _at(shares), matter, **words)
            continue
        yield from _from_below(matter, shares)
        yield from _alike(matter, shares)


def _matters(
    lines: Iterable[RewardLine], proposals: Iterable[SelfProposal]
) -> Mapping[str, Sequence[_Share]]:
    matters: dict[str, list[_Share]] = defaultdict(list)
    for line in lines:
        for claim in () if line.blocked else (line.claim, *line.absorbed):
            if claim.granted is not None:
                share = _Share(claim.person, claim.entitlement.role, claim.granted)
                matters[f"參選案 {claim.entry} {claim.entry_name}（{claim.term}）"].append(share)
    for one in proposals:
        if one.reward is not None and one.person.role is not None:
            share = _Share(one.person, one.person.role, one.reward)
            matters[f"業務 {one.item} {one.item_name}"].append(share)
    return matters


def _from_below(matter: str, shares: Sequence[_Share]) -> Iterator[Finding]:
    """獎由下起: whoever led is proposed higher than one who did the work."""
    done = _of(shares, Role.MAIN)
    least = min(done, key=lambda one: one.reward.rank, default=None)
    higher = [one for one in _of(shares, Role.HEAD) if least and one.reward > least.reward]
    if higher and least:
        yield finding(
            "R523",
            _at(higher),
            matter,
            names=_names(higher),
            reward=higher[0].reward.name,
            other=least.person.name,
            less=least.reward.name,
        )


def _alike(matter: str, shares: Sequence[_Share]) -> Iterator[Finding]:
    """主辦、協辦、督辦 get the same."""
    for main in _of(shares, Role.MAIN):
        same = [
            one
            for one in shares
            if one.role in (Role.HEAD, Role.CONTRIBUTOR) and one.reward.rank == main.reward.rank
        ]
        if same:
            words = {"main": main.person.name, "names": _names(same), "reward": main.reward.name}
            yield finding("R524", _at(same), matter, **words)


def _of(shares: Iterable[_Share], role: Role) -> list[_Share]:
    return [one for one in shares if one.role is role]


def _names(shares: Iterable[_Share]) -> str:
    in_order = sorted(shares, key=_place)
    return "、".join(dict.fromkeys(one.person.name for one in in_order))


def _at(shares: Sequence[_Share]) -> Address:
    return min(shares, key=_place).person.where(*_WHERE)


def _place(share: _Share) -> tuple[object, ...]:
    at = share.person.where(*_WHERE)
    return at.file, *at.reading_order


_WHERE = ("people.proposed", "people.name")
