"""Random years, by the program and by the plan's words (`law`): never a disagreement."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.rules import law
from tests.support import build
from tests.support.effort import PROVE
from tests.support.sample import begin
from xltool.forms import CONTEST
from xltool.model import Entry, Item, Meeting, Person, Record, Review, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.rules import conclude
from xltool.rules.outcomes import Rewards
from xltool.steps.gather import gather

WEIGHTS = {one.name: one.weight for one in build.PLAN.criteria}
YEARS = range(1_000 if PROVE else 60)
FILES = range(60 if PROVE else 2)
NAMES = ("王小明", "李大華", "張美玲", "陳志強", "林淑芬", "黃建國", "吳雅婷", "劉俊傑", "蔡宜庭")
STAGES = ("", *law.FIXED)
PROPOSED = ("", "", "", *law.LADDER[:4], law.NONE)


def some_rows(luck: random.Random) -> list[law.Row]:
    """Who is named in which entry, as what, with which proposal."""
    entries = {f"A{n}": luck.choice(STAGES) for n in range(1, luck.randint(2, 6))}
    rows = [
        law.Row(
            luck.choice(NAMES),
            (code := luck.choice(list(entries))),
            entries[code],
            role := luck.choice((law.MAIN, law.HEAD, law.OTHER, law.OTHER, law.COACH)),
            "" if role == law.COACH else luck.choice(PROPOSED),
        )
        for _ in range(luck.randint(1, 14))
    ]
    return list({(row.person, row.entry, row.role): row for row in rows}.values())


def number(name: str) -> str:
    return f"E{NAMES.index(name) + 10000}"


def some_scores(luck: random.Random) -> dict[str, Decimal | None]:
    def score() -> Decimal | None:
        tenths = luck.choice((10, 2, 1))
        return None if luck.random() < 0.1 else Decimal(luck.randint(0, 100 * tenths)) / tenths

    return {name: score() for name in WEIGHTS}


def as_typed(scores: Mapping[str, Decimal | None]) -> list[object]:
    return ["" if score is None else score for score in scores.values()]


def agree(rewards: Rewards, rows: list[law.Row]) -> None:
    """Each person's line, who waits and who is to have none are those of the plan."""
    lines, waiting, declined = law.rewarded(rows)
    assert {one.person.name for one in rewards.pending} == waiting
    assert {one.person.name for one in rewards.declined} == declined
    assert {one.person.name for one in rewards.lines} == lines.keys()
    assert len(rewards.lines) == len(lines), "never twice"
    for one in rewards.lines:
        mine = lines[one.person.name]
        given = one.reward.name if one.reward and not one.blocked else ""
        assert given == mine.reward, (one.person.name, rows)
        if given:
            assert one.clause in mine.clauses, (one.person.name, rows)
            assert len(one.absorbed) == mine.absorbed


@pytest.mark.parametrize("seed", YEARS)
def test_rewards_are_what_the_plan_says(seed: int) -> None:
    rows = some_rows(random.Random(seed))
    entries: Iterable[Entry] = [
        build.entry(code, stage) for code, stage in {row.entry: row.stage for row in rows}.items()
    ]
    people: Iterable[Person] = [
        build.person(row.person, row.role, row.entry, proposed=row.proposed) for row in rows
    ]
    agree(conclude(build.dataset(entries, people), build.PLAN).rewards, rows)


@pytest.mark.parametrize("seed", YEARS)
def test_scores_and_places_are_what_the_plan_says(seed: int) -> None:
    luck = random.Random(seed)
    own = {f"{u:02}-{n:02}": some_scores(luck) for u in range(1, 5) for n in range(1, 4)}
    reviews = {item: [some_scores(luck) for _ in range(luck.randint(0, 3))] for item in own}

    def said(item: str) -> list[Review]:
        voices = enumerate(reviews[item])
        return [build.review(f"成員{n}", as_typed(scores)) for n, scores in voices]

    items: list[Item] = [
        build.item(key, as_typed(scores), said(key)) for key, scores in own.items()
    ]
    scored = conclude(build.dataset(items=items), build.PLAN).scoring.items
    totals = {key: law.total(scores, WEIGHTS) for key, scores in own.items()}
    assert {one.item: one.self_total.value for one in scored} == totals
    assert {one.item: list(one.self_total.missing) for one in scored} == {
        key: law.missing(scores, WEIGHTS) for key, scores in own.items()
    }
    ranked = {one.item: one.rank_overall.place for one in scored if one.rank_overall}
    assert ranked == law.places(totals)
    for one in scored:
        given = [law.total(scores, WEIGHTS) for scores in reviews[one.item]]
        assert [each.value for each in one.reviewers] == given
        assert (one.review.value is None) == (not any(value is not None for value in given))


@pytest.mark.parametrize("seed", YEARS)
def test_motions_come_to_what_the_plan_says(seed: int) -> None:
    luck = random.Random(seed)
    present = luck.randint(4, 9)
    said = [
        (
            luck.choice((True, False, None)),
            luck.choice(("", "照案通過")),
            luck.choice(("", "請補充資料")),
        )
        for _ in range(4)
    ]
    motions = [
        build.motion(str(n), agreed, resolution=resolution, ruling=ruling)
        for n, (agreed, resolution, ruling) in enumerate(said, 1)
    ]
    meetings: list[Meeting] = [build.meeting(present, motions)]
    (outcome,) = conclude(build.dataset(meetings=meetings), build.PLAN).meetings
    members = len(build.PLAN.units)
    assert [one.decision for one in outcome.motions] == [
        law.decision(present, members, consensus=agreed, resolution=resolution, ruling=ruling)
        for agreed, resolution, ruling in said
    ]


@pytest.mark.parametrize("seed", FILES)
def test_and_so_they_are_through_files(seed: int, tmp_path: Path) -> None:
    rows = some_rows(random.Random(10_000 + seed))
    unit = build.PLAN.unit_name("03")
    stages = {row.entry: row.stage or "薦送參選未入圍" for row in rows}
    rows = [law.Row(r.person, r.entry, stages[r.entry], r.role, r.proposed) for r in rows]
    records = [
        Record(
            "entries", {"entry": code, "name": "案", "term": "第8屆", "unit": unit, "stage": stage}
        )
        for code, stage in stages.items()
    ]
    for row in rows:
        said: dict[str, Value] = {
            "entry": row.entry,
            "unit": unit,
            "name": row.person,
            "role": row.role,
            "staff_id": number(row.person),
            "title": "專員",
            "staff_kind": "公務人員",
        }
        records.append(
            Record("people", {**said, **({"proposed": row.proposed} if row.proposed else {})})
        )
    year = begin(tmp_path / "114")
    copy = FormCopy(CONTEST, build.PLAN, records=tuple(records), issue="law")
    write_form(year.inbox / "參選結果表.xlsx", copy)
    agree(gather(year).outcomes.rewards, rows)
