"""`xltool export` gives R1 to R5 with inputs, steps, clause and reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.year import DATASET, OUTCOMES, PLAN
from xltool.outputs.data.export import dictionary, exports
from xltool.outputs.data.results import RESULTS
from xltool.rules.outcomes import Confirmation, Declined, Pending

PERSON = OUTCOMES.rewards.lines[0].person
WAITING = replace(
    OUTCOMES,
    rewards=replace(
        OUTCOMES.rewards,
        pending=(Pending(PERSON, ("待修正：「角色」未填",), None),),
        declined=(Declined(PERSON, "A1", "案", None, "本人婉拒"),),
    ),
    confirmations=(Confirmation("03-01", "03", "業務", "目標", "未經確認", "附件2、三、(一)"),),
)
TABLES = {one.name: one for one in exports(DATASET, PLAN, WAITING)}


def rows(name: str) -> list[dict[str, Any]]:
    table = TABLES[name]
    return [
        {column.name: value for column, value in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]


@pytest.mark.parametrize("name", [one.name for one in RESULTS])
def test_each_rule_has_a_table_with_rows(name: str) -> None:
    assert rows(name)


def test_a_score_gives_its_total_its_steps_and_its_clause() -> None:
    scored = next(one for one in OUTCOMES.scoring.items if one.self_total.value is not None)
    row = next(one for one in rows("result_scores") if one["item"] == scored.item)
    assert row["self_total"] == scored.self_total.value
    assert row["steps"] == "\n".join(scored.self_total.steps)
    assert row["clause"] == "陸、一、(三)"


def test_a_reward_gives_clause_steps_and_whether_it_waits() -> None:
    by_name = {(one["name"], one["entry"]): one for one in rows("rewards")}
    for line in OUTCOMES.rewards.lines:
        row = by_name[line.person.name, line.claim.entry]
        assert (row["clause"], row["blocked"]) == (line.clause, line.blocked)
        assert row["reward"] == (line.reward.name if line.reward and not line.blocked else "")


def test_who_is_on_no_line_is_told_with_the_reason() -> None:
    assert [(one["state"], one["reason"]) for one in rows("rewards_not_listed")] == [
        ("待釐清", "待修正：「角色」未填"),
        ("不敘獎", "本人婉拒"),
    ]


def test_names_and_rewards_are_marked_personal() -> None:
    marked = {row[2] for row in dictionary([TABLES["rewards"]]).rows if row[5]}
    assert {"name", "staff_id", "reward"} <= marked
    assert "clause" not in marked
