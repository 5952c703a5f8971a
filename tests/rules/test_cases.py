"""The plan's sentences as cases: tests/rules/cases/*.toml, one file for each clause.

A case builds a small year (`tests.support.build` fills in what it does not speak of), lets the rules conclude
and compares what it expects: `lines`, `pending`, `declined`, `proposals`, `scores`, `meetings`,
`recommendations`, `confirmations`. The codes of all findings must be exactly those in `findings`, none when it is left out. A case of R8 gives
`returns` and says what has been `filed` of one `form` (the report unless named) by some `units`.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support import build, nouns
from tests.support.cases import FILES, Case
from xltool.forms import FORMS
from xltool.model import Confirmed, Dataset, Presence, Purpose, Submission, Verdict, Voice
from xltool.plan import Plan, Restriction, Rewarded, Winner
from xltool.rules import RULES, conclude
from xltool.rules.filing import brief, choose, filings, received
from xltool.rules.outcomes import (
    Claim,
    ItemScore,
    MeetingOutcome,
    Outcomes,
    Rank,
    Recommendation,
    RewardLine,
    SelfProposal,
    Total,
)
from xltool.wording import shipped_words

PRESENCE = {state.value: state for state in Presence}
PARTLY = ("scores", "meetings")
"""Compared only in what a case speaks of, but in every row; the others wholly."""

ALL = [
    pytest.param(case, id=f"{file['clause']} {case['title']}")
    for file in FILES.values()
    for case in file["case"]
    if "returns" not in case
]
FILING = [
    pytest.param(case, id=f"{file['clause']} {case['title']}")
    for file in FILES.values()
    for case in file["case"]
    if "returns" in case
]


def dataset(case: Case) -> Dataset:
    return build.dataset(
        [build.entry(**entry) for entry in case.get("entries", ())],
        [build.person(**person) for person in case.get("people", ())],
        items=[item(row) for row in case.get("items", ())],
        members=[nouns.member(**row) for row in case.get("members", ())],
        meetings=[meeting(row) for row in case.get("meeting", ())],
        proposals=[build.person(**person) for person in case.get("reported", ())],
    )


def item(row: Case) -> Any:
    reviews = [build.review(**{**review, **voice(review)}) for review in row.get("reviews", ())]
    return build.item(**{**row, "reviews": reviews})


def meeting(row: Case) -> Any:
    motions = [
        build.motion(**{**motion, **unanswered(motion), **chosen(motion)})
        for motion in row.get("motions", ())
    ]
    seats = {
        code: {key: PRESENCE.get(said, said) for key, said in seat.items()}
        for code, seat in row.get("seats", {}).items()
    }
    listed = [listing(one) for one in row.get("listed", ())]
    more = {"day": row["day"]} if "day" in row else {}
    told = {**row, "motions": motions, "seats": seats, "listed": listed, **more}
    return build.meeting(**told)


def listing(row: Case) -> Any:
    decision = row.get("decision", Confirmed.AS_IT_IS)
    return nouns.listed(**{**row, "decision": Confirmed(decision)})


def unanswered(motion: Case) -> Case:
    """TOML has no None: 未填 stands for it."""
    return {key: None for key, value in motion.items() if value == "未填"}


def voice(review: Case) -> Case:
    return {"voice": Voice(review["voice"])} if "voice" in review else {}


def chosen(motion: Case) -> Case:
    kinds = {"verdict": Verdict, "purpose": Purpose}
    return {key: kind(motion[key]) for key, kind in kinds.items() if key in motion}


def plan(case: Case) -> Plan:
    """The plan of 114 with the case's `options`, `weights`, `restrictions` and what last year handed on,
    `without` a clause's entitlements."""
    made = build.plan(**case.get("options", {}))
    kept = tuple(right for right in made.entitlements if right.clause != case.get("without"))
    weights = case.get("weights", [criterion.weight for criterion in made.criteria])
    criteria = tuple(
        replace(criterion, weight=Decimal(weight))
        for criterion, weight in zip(made.criteria, weights, strict=True)
    )
    limits = tuple(Restriction(**{**row, "items": tuple(row.get("items", ()))})
                   for row in case.get("restrictions", ()))  # fmt: skip
    return replace(
        made,
        entitlements=kept,
        criteria=criteria,
        restrictions=limits,
        winners=tuple(Winner(**row) for row in case.get("winners", ())),
        rewarded=tuple(Rewarded(**row) for row in case.get("rewarded", ())),
    )


# What an outcome says, in the words of a case. What is false or empty is left out.


def line(one: RewardLine, *, numbered: bool) -> Case:
    return said(
        name=one.person.name,
        staff_id=one.person.staff_id if numbered else "",
        reward=one.reward.name if one.reward else "",
        clause=one.clause,
        absorbed=[absorbed(claim) for claim in one.absorbed],
        blocked=one.blocked,
        major=one.major,
        like=one.like,
    )


def absorbed(claim: Claim) -> str:
    return f"{claim.entry} {claim.entitlement.clause}"


def proposal(one: SelfProposal) -> Case:
    return said(
        name=one.person.name,
        item=one.item,
        reward=one.reward.name if one.reward else "",
        also=one.also_in_contest,
    )


def shown(total: Total) -> str:
    return "未評" if total.value is None else str(total.value)


def place(rank: Rank | None) -> str:
    return "" if rank is None else f"{rank.place}/{rank.of}{' 並列' if rank.tied else ''}"


def score(one: ItemScore) -> Case:
    return said(
        item=one.item,
        self=shown(one.self_total),
        missing=list(one.self_total.missing),
        reviewers=[f"{total.who} {shown(total)}" for total in one.reviewers],
        review="" if one.review.value is None else str(one.review.value),
        gap="" if one.gap is None else str(one.gap),
        flagged=one.gap_flagged,
        overall=place(one.rank_overall),
        category=place(one.rank_category),
    )


def held(one: MeetingOutcome) -> Case:
    return said(
        needed=one.needed,
        members=one.members,
        present=one.present,
        quorate=one.quorate,
        motions=[f"{m.no} {m.basis or m.undecided}：{m.decision}" for m in one.motions],
        verdicts=[m.verdict or "" for m in one.motions],
        deputies=list(one.deputies),
    )


def recommended(one: Recommendation) -> Case:
    return said(
        item=one.item,
        place=one.place,
        by=f"{one.recommended_by}/{one.reviewers}",
        decision=one.decision,
        verdict=one.verdict or "",
        recusals=[recusal.text for recusal in one.recusals],
        excluded=one.excluded,
        won=one.won,
    )


def said(**words: Any) -> Case:
    return {key: word for key, word in words.items() if word not in ("", []) and word is not False}


@pytest.mark.parametrize("case", ALL)
def test_the_rules_conclude_what_the_plan_says(case: Case) -> None:
    outcomes = conclude(dataset(case), plan(case))
    numbered = any("staff_id" in row for row in case.get("lines", ()))
    told: dict[str, list[Any]] = {
        "lines": [line(one, numbered=numbered) for one in outcomes.rewards.lines],
        "pending": [f"{p.person.name} {'；'.join(p.reasons)}" for p in outcomes.rewards.pending],
        "declined": [
            " ".join((d.person.name, d.entry, d.reason)) for d in outcomes.rewards.declined
        ],
        "proposals": [proposal(one) for one in outcomes.rewards.proposals],
        "scores": [score(one) for one in outcomes.scoring.items],
        "meetings": [held(one) for one in outcomes.meetings],
        "recommendations": [recommended(one) for one in outcomes.recommendations],
        "confirmations": [
            " ".join(filter(None, (one.item, one.meeting, one.state)))
            for one in outcomes.confirmations
        ],
    }
    expected = {key: case[key] for key in told if key in case}
    assert expected, "a case that expects nothing cannot fail"
    for key, rows in expected.items():
        if key in PARTLY:
            spoken = {word for row in rows for word in row}
            told[key] = [{word: row[word] for word in row if word in spoken} for row in told[key]]
        assert told[key] == rows
    assert sorted(f.code for f in outcomes.findings) == sorted(case.get("findings", []))
    everything_cites_its_clause(outcomes)


def returned(row: Case) -> Submission:
    more = {key: row[key] for key in ("file", "sha256", "saved", "nil") if key in row}
    # Each file says something of its own, unless the case speaks of what they say.
    card = build.row("filing", filler=row.get("says", row.get("sha256", row.get("file", ""))))
    cards = [card, *(build.row("meeting", **one) for one in row.get("meeting", ()))]
    return build.returned(FORMS[row["form"]], *cards, unit=row["unit"], **more)


@pytest.mark.parametrize("case", FILING)
def test_who_has_filed_is_what_the_plan_says(case: Case) -> None:
    came = {
        received(brief(one), row.get("received", ""), plan(case)): one
        for row in case["returns"]
        for one in [returned(row)]
    }
    chosen = choose(came, plan(case))
    by_form: dict[str, list[Submission]] = {}
    for one in chosen.chosen:
        by_form.setdefault(one.form, []).append(came[one])
    named = any("file" in row for row in case["returns"])
    told = [
        f"{one.unit} {one.state}" + (f" {one.file}" if named else "")
        for one in filings(by_form, chosen.late, (), plan(case))
        if one.form == case.get("form", "report") and one.unit in case.get("units", [one.unit])
    ]
    assert told == case["filed"]
    assert sorted(f.code for f in chosen.findings) == sorted(case.get("findings", []))


def everything_cites_its_clause(outcomes: Outcomes) -> None:
    assert all(one.cites for one in outcomes.scoring.items)
    assert all(one.cites for one in outcomes.recommendations)
    assert all(one.cites for one in outcomes.confirmations)
    assert all(one.cites and all(m.cites for m in one.motions) for one in outcomes.meetings)
    assert all(one.cites for one in outcomes.rewards.proposals)
    for one in outcomes.rewards.lines:
        assert one.clause == one.claim.entitlement.clause
        assert all(claim.steps for claim in (one.claim, *one.absorbed))
    assert all(one.self_total.steps and one.review.steps for one in outcomes.scoring.items)


def test_every_clause_of_every_rule_has_its_file_of_cases() -> None:
    told = {(file["rule"], file["clause"]) for file in FILES.values()}
    assert told == {(rule.key, shipped_words()[key]) for rule in RULES for key in rule.clauses}


def test_every_finding_of_the_rules_is_provoked_by_a_case() -> None:
    provoked = {
        code
        for file in FILES.values()
        for case in file["case"]
        for code in case.get("findings", ())
    }
    assert provoked == {code for rule in RULES for code in rule.findings}


def test_no_two_cases_tell_the_same_story() -> None:
    cases = [case for file in FILES.values() for case in file["case"]]
    told = [str({k: v for k, v in case.items() if k not in ("title", "en")}) for case in cases]
    for heard in (told, [case["title"] for case in cases], [case["en"] for case in cases]):
        assert len(set(heard)) == len(heard)


def test_each_cell_of_the_table_in_7_2_is_one_entitlement_with_a_case() -> None:
    told = {
        (
            person["role"],
            next(e["stage"] for e in case["entries"] if e["number"] == person.get("entry", "A1")),
        )
        for file in FILES.values()
        for case in file["case"]
        for person in case.get("people", ())
        if case.get("entries")
        and person.get("entry", "A1") in {e["number"] for e in case["entries"]}
    }
    for right in build.PLAN.entitlements:
        if right.stage is None:
            assert {stage for role, stage in told if role == right.role} >= {
                "獲獎",
                "薦送參選未入圍",
            }
        else:
            assert (right.role, right.stage) in told
