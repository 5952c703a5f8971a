"""The lists that choices come from: declared ones, or those that the year decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xltool.forms.schema import NO, YES, Choices, Field, Kind
from xltool.model import Record
from xltool.plan import Plan
from xltool.wording import say
from xltool.zh import NO_WORDS, YES_WORDS, reward_spellings

LADDER = "ladder"
"""The section of 年度設定 that names the rewards."""


@dataclass(frozen=True)
class Lists:
    """The year's lists by name. A list that is not known accepts anything. `codes` are the units'."""

    known: Mapping[Choices, tuple[str, ...]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, items: Iterable[str] = ()) -> Lists:
        """The lists of a plan, and of the items (業務編號) at hand."""
        return cls(
            {
                Choices.UNITS: tuple(unit.name for unit in plan.units),
                Choices.CRITERIA: tuple(criterion.name for criterion in plan.criteria),
                Choices.TITLES: plan.titles,
                Choices.REWARDS: tuple(reward.name for reward in plan.ladder),
                Choices.ITEMS: tuple(items),
            },
            tuple(unit.code for unit in plan.units),
        )

    @classmethod
    def of_settings(cls, records: Iterable[Record]) -> Lists:
        """The lists that a 年度設定 uses itself, before it is known to be a valid plan."""
        rewards = tuple(r.text("name") for r in records if r.section == LADDER)
        return cls({Choices.REWARDS: rewards})

    def named(self, name: Choices) -> tuple[str, ...]:
        """A list by name; empty when not known."""
        return self.known.get(name, ())

    def options(self, field: Field) -> tuple[str, ...]:
        """What a field may hold; empty when it is free, or its list is not known."""
        if field.kind is Kind.YES_NO:
            return (YES, NO)
        options = field.choices
        if isinstance(options, Choices):
            options = self.named(options)
        return (*options, field.none) if options and field.none else options

    def accepted(self, field: Field) -> tuple[str, ...]:
        """Every way of writing what a field may hold that the reader takes, without spaces; simplified
        characters apart. Empty when it is free."""
        options = self.options(field)
        words = [*options, *(say(word) for word, option in field.also if option in options)]
        if field.kind is Kind.YES_NO:
            words += sorted(YES_WORDS | NO_WORDS)
        if field.choices is Choices.UNITS:
            words += [*self.codes, *(code.lstrip("0") for code in self.codes)]
        if field.choices is Choices.REWARDS:
            words += [spelling for one in options for spelling in reward_spellings(one)]
        plain = ["".join(word.split()) for word in words]
        narrow = [word.replace("（", "(").replace("）", ")") for word in plain]
        other = [word.translate(_TAI) for word in (*plain, *narrow)]
        return tuple(dict.fromkeys((*plain, *narrow, *other))) if options else ()


_TAI = str.maketrans("台臺", "臺台")
