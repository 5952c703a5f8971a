"""The rules agree with the plan as it was told a second time (law.py), over years at random.

`make prove` tries a thousand, and sixty through files; SEED=1 shows one run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.rules import law
from tests.support import build
from tests.support.effort import PROVE, SEED
from tests.support.random_years import Entry, Item, Meeting, Year, year_at_random
from tests.support.returns import FILLED, PLAN, Person
from xltool.forms import CONTEST, ENROLMENT, MEETING, REPORT, REVIEW, SETTINGS, Form
from xltool.forms.lists import Lists
from xltool.forms.schema import Kind, Table
from xltool.model import ContestStage, Dataset, Record, Review, Role, Value
from xltool.model import Meeting as Held
from xltool.model import Person as Named
from xltool.plan import Plan
from xltool.rules import Outcomes, conclude
from xltool.rules.outcomes import MotionOutcome, RewardLine, Total
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.store.workspace import Workspace

YEARS = PROVE * 10 // 3 or 60
THROUGH_FILES = PROVE // 5 or 2
STAGES = {
    law.AWARDED: ContestStage.AWARDED,
    law.SHORTLISTED: ContestStage.SHORTLISTED,
    law.NOMINATED: ContestStage.NOMINATED,
    None: "",
}
ROLES = {
    law.MAIN: Role.MAIN,
    law.HEAD: Role.HEAD,
    law.OTHER: Role.CONTRIBUTOR,
    law.COACH: Role.COACH,
}


# --- A year in the words of the program ------------------------------------------------------------


def decimal(number: Fraction) -> Decimal:
    """An exact one: scores have two places, weights one."""
    return Decimal(int(number * 100)) / 100


def scores_of(given: law.Scores) -> list[object]:
    return [decimal(given[name]) if name in given else "" for name in law.CRITERIA]


def reviews_of(item: Item) -> list[Review]:
    return [build.review(f"成員{n}", scores_of(given)) for n, given in enumerate(item.reviews)]


def term(session: int) -> str:
    return f"第{session}屆"


def words(level: str | None) -> str:
    """A level of the ladder as the settings call it; blank for an empty cell."""
    if level in (None, law.NONE):
        return level or ""
    return f"{'記' if level.startswith('大') else ''}{level}次"


def plan_of(year: Year, *, one_reward: bool) -> Plan:
    made = build.plan(one_reward=one_reward)
    criteria = tuple(replace(one, weight=decimal(year.weights[one.name])) for one in made.criteria)
    return replace(made, criteria=criteria)


def people_of(year: Year) -> list[Named]:
    return [
        build.person(
            row.name, ROLES[row.role], row.entry, row.unit, words(row.proposal), row.number or "",
            term=term(row.session), note=f"列{row.row}",
        )
        for row in year.named
    ]  # fmt: skip


def dataset_of(year: Year) -> Dataset:
    return build.dataset(
        [
            build.entry(one.code, STAGES[one.stage], term=term(one.session), item=one.item)
            for one in year.entries
        ],
        people_of(year),
        items=[
            build.item(one.number, scores_of(one.scores), reviews_of(one), one.category)
            for one in year.items
        ],
        meetings=[_meeting(one, n) for n, one in enumerate(year.meetings, 1)],
        proposals=[
            build.person(
                one.name, Role.MAIN, one.item, one.unit, words(one.level), one.number or ""
            )
            for one in year.proposals
        ],
    )


def _meeting(meeting: Meeting, number: int) -> Held:
    motions = [
        build.motion(
            str(n),
            one.consensus,
            resolution="照案通過" if one.resolution else "",
            ruling="請補充後再議" if one.ruling else "",
        )
        for n, one in enumerate(meeting.motions, 1)
    ]
    return build.meeting(meeting.present, motions, f"第{number}次")


# --- What is compared ------------------------------------------------------------------------------


def score_in_code(total: Total) -> law.Score:
    return law.Score(None if total.value is None else int(total.value * 100), total.missing)


def assert_scores(year: Year, outcomes: Outcomes) -> None:
    """陸、一、(三)."""
    own = {one.number: law.self_score(one.scores, year.weights) for one in year.items}
    reviewed = {one.number: law.review_score(one.reviews, year.weights) for one in year.items}
    concluded = {one.item: one for one in outcomes.scoring.items}
    assert {key: score_in_code(one.self_total) for key, one in concluded.items()} == own
    assert {key: score_in_code(one.review) for key, one in concluded.items()} == reviewed
    for item in year.items:
        each = [law.self_score(given, year.weights) for given in item.reviews]
        assert Counter(map(score_in_code, concluded[item.number].reviewers)) == Counter(each)
        far = law.far_apart(own[item.number], reviewed[item.number])
        assert concluded[item.number].gap_flagged == far
    _assert_ranks(year, outcomes, own)


def _assert_ranks(year: Year, outcomes: Outcomes, own: Mapping[str, law.Score]) -> None:
    concluded = {one.item: one for one in outcomes.scoring.items}
    together = {key: score.hundredths for key, score in own.items()}
    groups = [
        {one.number: together[one.number] for one in year.items if one.category == category}
        for category in law.CATEGORIES
    ]
    for group, kind in ((together, "overall"), *((group, "category") for group in groups)):
        ranks = {key: getattr(concluded[key], f"rank_{kind}") for key in group}
        places = {key: rank.place if rank else None for key, rank in ranks.items()}
        assert places == law.ranks(group)
        assert {key for key, rank in ranks.items() if rank and rank.tied} == law.ties(group)
    for category in law.CATEGORIES:
        among = {one.item: one for one in outcomes.recommendations if one.category == category}
        ahead = law.ranks({key: -one.place for key, one in among.items()})
        assert {key: one.place_category for key, one in among.items()} == ahead


def assert_meetings(year: Year, outcomes: Outcomes) -> None:
    """附件2、四、(二)."""
    assert len(outcomes.meetings) == len(year.meetings)
    for meeting, concluded in zip(year.meetings, outcomes.meetings, strict=True):
        assert concluded.quorate == law.quorum(12, meeting.present)
        assert [how_decided(one) for one in concluded.motions] == [
            law.motion(
                12, meeting.present, one.consensus, resolution=one.resolution, ruling=one.ruling
            )
            for one in meeting.motions
        ]


def how_decided(motion: MotionOutcome) -> str:
    if motion.basis:
        assert motion.decision
        return {"共識": "共識", "召集人裁示": "裁示"}[motion.basis]
    assert motion.undecided and not motion.decision
    return motion.undecided if motion.undecided == "未過半數出席" else "待釐清"


def row_of(person: Named) -> int:
    return int(person.note.removeprefix("列"))


def rows_of(line: RewardLine) -> frozenset[int]:
    return frozenset(row_of(claim.person) for claim in (line.claim, *line.absorbed))


def assert_rewards(year: Year, outcomes: Outcomes, *, one_reward: bool = True) -> None:
    """柒、二."""
    rewards, told = outcomes.rewards, law.roster(year.named, one_reward=one_reward)
    given = [one for one in told if one.level is not None]
    lines = [line for line in rewards.lines if line.reward is not None]
    taken_in = {one.taken_in: one for one in given}
    assert Counter(map(rows_of, lines)) == Counter(one.taken_in for one in given)
    for line in lines:
        assert line.reward is not None
        one = taken_in[rows_of(line)]
        assert line.reward.name == words(one.level)
        assert row_of(line.claim.person) in one.highest
        assert line.clause.endswith(tuple(f"({clause})" for clause in one.clauses))
        assert line.major == one.great
        assert not line.blocked
    assert sum(line.reward.points for line in lines if line.reward) == law.total(told)
    _assert_held(rewards.lines, [one.person for one in rewards.pending], told)
    assert {row_of(one.person) for one in rewards.declined} == law.declined(year.named)
    codes = Counter(finding.code for finding in outcomes.findings)
    assert codes["R521"] == sum(law.across_sessions(one, year.named) for one in given)
    assert codes["R504"] == len(law.two_main(year.named) & listed(year.entries))


def _assert_held(
    lines: Iterable[RewardLine], pending: Sequence[Named], told: Iterable[law.Told]
) -> None:
    """待釐清: on a line without a reward, or named apart from the roster; never both, never lost."""
    held = [one for one in told if one.level is None]
    named = [rows_of(line) for line in lines if line.reward is None]
    named += [frozenset({row_of(one)}) for one in pending]
    assert len(named) == len(held)
    for rows in named:
        assert len([one for one in held if rows <= one.rows]) == 1
    assert all(line.blocked for line in lines if line.reward is None)


def listed(entries: Iterable[Entry]) -> set[tuple[str, int]]:
    return {(one.code, one.session) for one in entries}


def assert_proposals(year: Year, outcomes: Outcomes) -> None:
    """柒、一."""
    concluded = {
        (one.item, one.person.unit, one.person.name, one.person.staff_id, one.reward.name):
        one.also_in_contest
        for one in outcomes.rewards.proposals
        if one.reward
    }  # fmt: skip
    assert concluded == {
        (one.item, one.unit, one.name, one.number or "", words(one.level)): bool(
            law.under_the_award(one, year.named)
        )
        for one in year.proposals
    }
    same_item = sum(
        any(
            other.code == row.entry and other.session == row.session and other.item == one.item
            for row in law.under_the_award(one, year.named)
            for other in year.entries
        )
        for one in year.proposals
    )
    told = [one.value for one in outcomes.findings if one.code == "R508"]
    assert len(told) == sum(bool(law.under_the_award(one, year.named)) for one in year.proposals)
    assert sum("同一業務" in text for text in told) == same_item


@pytest.mark.parametrize("one_reward", [True, False], ids=["once", "for each entry"])
def test_the_rules_conclude_of_any_year_what_the_plan_says(one_reward: bool) -> None:
    for seed in range(SEED, SEED + YEARS):
        year = year_at_random(seed)
        outcomes = conclude(dataset_of(year), plan_of(year, one_reward=one_reward))
        try:
            assert_scores(year, outcomes)
            assert_meetings(year, outcomes)
            assert_rewards(year, outcomes, one_reward=one_reward)
            assert_proposals(year, outcomes)
        except AssertionError as error:
            raise AssertionError(f"year_at_random({seed})") from error


# --- Through files -----------------------------------------------------------------------------------


PERSON = {"title": "專員", "staff_kind": "公務人員"}
"""What the forms ask of somebody, and no rule looks at."""


def answer(form: Form, id_: tuple[str, str], *, yes: bool) -> Value:
    """Yes or no, as a field has them to choose from: its first and its last choice."""
    field = form.asked[id_].field
    return (
        yes if field.kind is Kind.YES_NO else str(Lists.of(PLAN).options(field)[0 if yes else -1])
    )


def filing(form: Form) -> Record:
    return next(one for one in FILLED[form.key] if one.section == "filing")


def enrolment_of(year: Year, unit: str) -> Iterator[Record]:
    yield filing(ENROLMENT)
    yield from (one for one in FILLED["enrolment"] if one.section == "member")
    pattern = next(one for one in FILLED["enrolment"] if one.section == "items")
    for item in items_of(year, unit):
        said = {"item": item.number, "name": f"業務{item.number}", "category": item.category}
        yield replace(pattern, values={**pattern.values, **said})


def items_of(year: Year, unit: str) -> list[Item]:
    return [one for one in year.items if one.number.startswith(unit)]


def score_rows(given: law.Scores, of: str) -> Iterator[Record]:
    for name in law.CRITERIA:
        told: dict[str, Value] = {"criterion": name}
        if name in given:
            told |= {"score": decimal(given[name]), "evidence": "平均處理日數由 14 日縮短為 6 日"}
        yield Record("scores", told, of)


def report_of(year: Year, unit: str) -> Iterator[Record]:
    yield filing(REPORT)
    of = next(one.of for one in FILLED["report"] if one.of)
    kept = [
        one for one in FILLED["report"] if one.of == of and one.section in {"report", "metrics"}
    ]
    for item in items_of(year, unit):
        yield from (replace(one, of=item.number) for one in kept)
        yield from score_rows(item.scores, item.number)
    for one in year.proposals:
        if one.unit == unit:
            told = {"item": one.item, "name": one.name, "role": Role.MAIN, **PERSON}
            told |= {"staff_id": one.number or "", "proposed": words(one.level)}
            yield Record("people", {key: value for key, value in told.items() if value})


def review_of(year: Year, unit: str, number: int) -> Iterator[Record]:
    [who] = [one for one in FILLED["review"] if one.section == "reviewer"]
    yield replace(who, values={**who.values, "name": f"成員{'甲乙'[number]}"})
    recommend = answer(REVIEW, ("review", "recommend"), yes=True)
    for item in items_of(year, unit):
        yield Record("review", {"opinion": "成效具體", "recommend": recommend}, item.number)
        yield from score_rows(item.reviews[number], item.number)


def meeting_of(meeting: Meeting, number: int) -> Iterator[Record]:
    [sitting] = [one for one in FILLED["meeting"] if one.section == "meeting"]
    yield replace(sitting, values={**sitting.values, "no": f"第{number}次"})
    for n, _ in enumerate(PLAN.units):
        came = answer(MEETING, ("attendance", "present"), yes=n < meeting.present)
        yield Record("attendance", {"present": came})
    for n, one in enumerate(meeting.motions, 1):
        told: dict[str, Value] = {"no": str(n), "subject": "年度評核作業"}
        told["consensus"] = bool(one.consensus)
        if one.consensus:
            told["resolution"] = "照案通過"
        if one.ruling:
            told["ruling"] = "請補充後再議"
        yield Record("motions", told)


def contest_of(year: Year, session: int) -> Iterator[Record]:
    for one in year.entries:
        if one.session == session:
            told = {"entry": one.code, "name": "用電申辦一站通", "term": term(session)}
            told |= {"unit": PLAN.unit_name("03"), "item": one.item, "stage": STAGES[one.stage]}
            yield Record("entries", told)
    for row in year.named:
        if row.session == session:
            told = {
                "entry": row.entry,
                "unit": PLAN.unit_name(row.unit),
                "name": row.name,
                **PERSON,
            }
            told |= {"staff_id": row.number or "", "role": ROLES[row.role], "note": f"列{row.row}"}
            told |= {"proposed": words(row.proposal)}
            yield Record("people", {key: value for key, value in told.items() if value})


def typed_into(path: Path, form: Form, records: Iterable[Record], to: Path) -> None:
    person = Person(path)
    if form is MEETING:
        strike_motions(person)
    person.type_records(form, records)
    person.save(to)


def strike_motions(person: Person) -> None:
    """The form comes with the packet's motions; this meeting had others."""
    [(sheet, table)] = [(s, t) for s, t in MEETING.sections() if t.key == "motions"]
    assert isinstance(table, Table)
    for row in range(1, table.rows + 1):
        for field in table.fields:
            person.table(sheet.title, table.title, row, field.label, None)


def returned(folder: Path, year: Year) -> Workspace:
    """A year whose forms were issued, filled in by typing, and lie in the inbox."""
    new(folder, 114)
    settings = Person(folder / "年度設定.xlsx")
    for field, value in (("contact_name", "王承辦"), ("contact_phone", "02-27721370#6123"),
                         ("contact_email", "service@agency.gov.tw")):  # fmt: skip
        settings.card("基本資料", SETTINGS.field("basics", field).label, value)
    settings.save()
    workspace = Workspace.open(folder)
    units = sorted({item.number[:2] for item in year.items})
    for form, records in ((ENROLMENT, enrolment_of), (REPORT, report_of)):
        for unit, path in zip(units, issue(workspace, form.key, units).outputs, strict=True):
            typed_into(path, form, records(year, unit), workspace.inbox / path.name)
    for unit, path in zip(units, issue(workspace, REVIEW.key, units).outputs, strict=True):
        for n, _ in enumerate(items_of(year, unit)[0].reviews):
            to = workspace.inbox / f"{path.stem}_{n}.xlsx"
            typed_into(path, REVIEW, review_of(year, unit, n), to)
    [path] = issue(workspace, MEETING.key).outputs
    for n, meeting in enumerate(year.meetings, 1):
        typed_into(path, MEETING, meeting_of(meeting, n), workspace.inbox / f"會議{n}.xlsx")
    [path] = issue(workspace, CONTEST.key).outputs
    for session in {one.session for one in year.entries}:
        to = workspace.inbox / f"參選{session}.xlsx"
        typed_into(path, CONTEST, contest_of(year, session), to)
    return workspace


@pytest.mark.parametrize("seed", range(SEED, SEED + THROUGH_FILES))
def test_and_so_they_do_of_a_year_that_comes_in_files(seed: int, tmp_path: Path) -> None:
    year = year_at_random(seed, for_forms=True)
    gathered = gather(returned(tmp_path / "114", year))
    errors = [one for reading in gathered.readings for one in reading.findings if one.blocks]
    assert len(errors) == sum(len(law.missing(item.scores)) for item in year.items)
    assert_scores(year, gathered.outcomes)
    assert_meetings(year, gathered.outcomes)
    assert_rewards(year, gathered.outcomes)
    assert_proposals(year, gathered.outcomes)
