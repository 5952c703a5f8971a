"""The lists that choices come from: declared ones, or those that the year decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xltool.forms.schema import NO, YES, Choices, Field, Kind
from xltool.model import Record
from xltool.plan import Plan


@dataclass(frozen=True)
class Lists:
    """The year's lists by name. A list that is not known accepts anything."""

    known: Mapping[Choices, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, items: Iterable[str] = ()) -> Lists:
        """The lists of a plan, and of the items (業務編號) at hand."""
        return cls({
            Choices.UNITS: tuple(unit.name for unit in plan.units),
            Choices.CRITERIA: tuple(criterion.name for criterion in plan.criteria),
            Choices.TITLES: plan.titles,
            Choices.REWARDS: tuple(reward.name for reward in plan.ladder),
            Choices.ITEMS: tuple(items),
        })

    @classmethod
    def of_settings(cls, records: Iterable[Record]) -> Lists:
        """The lists that a 年度設定 uses itself, before it is known to be a valid plan."""
        rewards = tuple(r.text("name") for r in records if r.section == "ladder")
        return cls({Choices.REWARDS: rewards})

    def named(self, name: Choices) -> tuple[str, ...]:
        """A list by name; empty when not known."""
        return self.known.get(name, ())

    def options(self, field: Field) -> tuple[str, ...]:
        """What a field may hold; empty when it is free, or its list is not known."""
        if field.kind is Kind.YES_NO:
            return (YES, NO)
        if isinstance(field.choices, Choices):
            return self.named(field.choices)
        return field.choices
