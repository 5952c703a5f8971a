"""Decision tables written out whole: every combination, and what the plan makes of it.

The tables are the plan's sentences (柒、二, 附件2、四、(二), 陸、一、(三)) put down once more by hand; nothing
in them comes from the settings or the rules.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.support import build
from xltool.model import Entry, Person
from xltool.rules import conclude
from xltool.rules.outcomes import Outcomes, RewardLine

AWARDED, SHORTLISTED, NOMINATED, NO_RESULT = "獲獎", "入圍實地訪查", "薦送參選未入圍", ""
MAIN, HEAD, OTHER, COACH = "主要承辦人員", "首長（主管）", "其他有功人員", "輔導有功人員"
ROLES = (MAIN, HEAD, OTHER, COACH)
STEPS = ("嘉獎1次", "嘉獎2次", "記功1次", "記功2次", "記大功1次", "記大功2次")
UNKNOWN = "加薪"


# --- 柒、二、(一)～(四): every stage × role × proposal -------------------------------------------------
#
# What is granted with no proposal, with each step of the ladder proposed, and with a word that is no
# reward. ≠: granted, and the coordinator is told that the fixed amount stands (R509); 超: above the
# ceiling, nothing before it is settled (R503); ？: no reward of the ladder (P605); 待: on no line yet.

PROPOSALS = ("", *STEPS, UNKNOWN)
GRANTS = {
    #  stage, role             none       嘉獎1       嘉獎2       記功1       記功2       記大功1      記大功2   加薪
    (AWARDED, MAIN):       "記大功1次 記大功1次≠ 記大功1次≠ 記大功1次≠ 記大功1次≠ 記大功1次  記大功1次≠ ？",
    (AWARDED, HEAD):       "記功1次  嘉獎1次   嘉獎2次   記功1次   超        超        超        ？",
    (AWARDED, OTHER):      "記功1次  嘉獎1次   嘉獎2次   記功1次   超        超        超        ？",
    (AWARDED, COACH):      "嘉獎1次  嘉獎1次   嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  ？",
    (SHORTLISTED, MAIN):   "記功1次  記功1次≠  記功1次≠  記功1次   記功1次≠  記功1次≠  記功1次≠  ？",
    (SHORTLISTED, HEAD):   "嘉獎2次  嘉獎1次   嘉獎2次   超        超        超        超        ？",
    (SHORTLISTED, OTHER):  "嘉獎2次  嘉獎1次   嘉獎2次   超        超        超        超        ？",
    (SHORTLISTED, COACH):  "嘉獎1次  嘉獎1次   嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  ？",
    (NOMINATED, MAIN):     "嘉獎2次  嘉獎2次≠  嘉獎2次   嘉獎2次≠  嘉獎2次≠  嘉獎2次≠  嘉獎2次≠  ？",
    (NOMINATED, HEAD):     "嘉獎1次  嘉獎1次   超        超        超        超        超        ？",
    (NOMINATED, OTHER):    "嘉獎1次  嘉獎1次   超        超        超        超        超        ？",
    (NOMINATED, COACH):    "嘉獎1次  嘉獎1次   嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  ？",
    (NO_RESULT, MAIN):     "待 待 待 待 待 待 待 待",
    (NO_RESULT, HEAD):     "待 待 待 待 待 待 待 待",
    (NO_RESULT, OTHER):    "待 待 待 待 待 待 待 待",
    (NO_RESULT, COACH):    "嘉獎1次  嘉獎1次   嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  嘉獎1次≠  ？",
}  # fmt: skip
CLAUSES = {AWARDED: "柒、二、(一)", SHORTLISTED: "柒、二、(二)", NOMINATED: "柒、二、(三)"}
CELLS = [
    pytest.param(stage, role, proposal, grant, id=f"{stage or '尚無結果'}-{role}-{proposal or '未填'}")
    for (stage, role), grants in GRANTS.items()
    for proposal, grant in zip(PROPOSALS, grants.split(), strict=True)
]  # fmt: skip


def clause_of(stage: str, role: str) -> str:
    return "柒、二、(四)" if role == COACH else CLAUSES[stage]


def rewarded(entries: list[Entry], people: list[Person]) -> Outcomes:
    return conclude(build.dataset(entries, people), build.PLAN)


def codes(outcomes: Outcomes) -> list[str]:
    """The findings but R514, which only says that an entry has no result yet."""
    return sorted(found.code for found in outcomes.findings if found.code != "R514")


def test_the_table_is_complete() -> None:
    stages = (AWARDED, SHORTLISTED, NOMINATED, NO_RESULT)
    assert set(GRANTS) == set(product(stages, ROLES))
    assert len(CELLS) == 4 * 4 * 8


@pytest.mark.parametrize(("stage", "role", "proposal", "grant"), CELLS)
def test_every_stage_role_and_proposal_gives_what_the_table_says(
    stage: str, role: str, proposal: str, grant: str
) -> None:
    who = build.person(role=role, proposed=proposal)
    outcomes = rewarded([build.entry(stage=stage)], [who])
    if grant == "待":
        assert outcomes.rewards.lines == ()
        [pending] = outcomes.rewards.pending
        assert pending.person == who and codes(outcomes) == []
        return
    [line] = outcomes.rewards.lines
    assert line.clause == clause_of(stage, role)
    expected = {"超": ["R503"], "？": ["P605"]}.get(grant, ["R509"] if grant.endswith("≠") else [])
    assert codes(outcomes) == expected
    assert given(line) == ("" if grant in "超？" else grant.removesuffix("≠"))
    assert line.blocked == (grant in "超？")


def given(line: RewardLine) -> str:
    return line.reward.name if line.reward else ""


# --- 柒、二、(五): every pair of routes ---------------------------------------------------------------

Route = tuple[str, str]
AMOUNT: dict[Route, str] = {route: grants.split()[0] for route, grants in GRANTS.items()}
MOST = {MAIN: "記大功1次", HEAD: "記功1次", OTHER: "記功1次", COACH: "嘉獎1次"}
PAIRS = [
    pytest.param(one, other, entry, id=f"{'-'.join(one)} {'-'.join(other)} {entry}")
    for entry in ("A1", "A2")
    for one, other in product(GRANTS, repeat=2)
    if entry == "A2" or one[0] == other[0]
]


def by_two_routes(one: Route, other: Route) -> tuple[str, str, int] | None:
    """What one person gets: the reward (empty: it waits for a result that might give more), the clause
    (of two that give as much, the earlier one), how many claims are absorbed. None: no line."""
    sure = [route for route in (one, other) if AMOUNT[route] != "待"]
    if not sure:
        return None
    best = max((AMOUNT[route] for route in sure), key=STEPS.index)
    perhaps = [MOST[role] for stage, role in (one, other) if AMOUNT[stage, role] == "待"]
    waits = any(STEPS.index(most) > STEPS.index(best) for most in perhaps)
    clauses = [clause_of(*route) for route in sure if AMOUNT[route] == best]
    clause = min(clauses, key=lambda cited: "一二三四".index(cited[-2]))
    return "" if waits else best, clause, len(sure) - 1


@pytest.mark.parametrize(("one", "other", "entry"), PAIRS)
def test_whoever_comes_by_two_routes_gets_the_higher_once(
    one: Route, other: Route, entry: str
) -> None:
    entries = [build.entry("A1", one[0])] + [build.entry("A2", other[0])] * (entry == "A2")
    people = [build.person(role=one[1]), build.person(role=other[1], entry=entry)]
    outcomes = rewarded(entries, people)
    expected = by_two_routes(one, other)
    if expected is None:
        assert outcomes.rewards.lines == () and len(outcomes.rewards.pending) == 1
        return
    [line] = outcomes.rewards.lines
    assert (given(line), line.clause, len(line.absorbed)) == expected
    assert line.blocked == (given(line) == "")
    assert codes(outcomes) == []


# --- 附件2、四、(二): attendance × consensus × resolution × ruling --------------------------------------

HELD = {
    # consensus, resolution, ruling: what the motion comes to when the meeting is valid, what is told
    (True,  True,  False): ("共識：照案通過", []),
    (True,  True,  True):  ("共識：照案通過", ["R518"]),
    (True,  False, False): ("已達共識而未填決議：", []),
    (True,  False, True):  ("已達共識而未填決議：", []),
    (False, True,  False): ("未達共識且沒有召集人裁示：", ["R502"]),
    (False, True,  True):  ("召集人裁示：再議", []),
    (False, False, False): ("未達共識且沒有召集人裁示：", ["R502"]),
    (False, False, True):  ("召集人裁示：再議", []),
    (None,  True,  False): ("未填是否達成共識，也沒有召集人裁示：", ["R515"]),
    (None,  True,  True):  ("召集人裁示：再議", ["R515"]),
    (None,  False, False): ("未填是否達成共識，也沒有召集人裁示：", ["R515"]),
    (None,  False, True):  ("召集人裁示：再議", ["R515"]),
}  # fmt: skip


@pytest.mark.parametrize("present", range(13))
@pytest.mark.parametrize("filled", HELD)
def test_every_motion_comes_to_what_the_table_says(
    present: int, filled: tuple[bool | None, bool, bool]
) -> None:
    consensus, resolved, ruled = filled
    motion = build.motion(
        consensus=consensus, resolution="照案通過" * resolved, ruling="再議" * ruled
    )
    year = build.dataset(meetings=[build.meeting(present, [motion])])
    outcomes = conclude(year, build.PLAN)
    [meeting] = outcomes.meetings
    [outcome] = meeting.motions
    said = f"{outcome.basis or outcome.undecided}：{outcome.decision}"
    told = [found.code for found in outcomes.findings]
    assert meeting.quorate == (present in range(7, 13))
    assert (said, told) == (HELD[filled] if meeting.quorate else ("未過半數出席：", ["R501"]))


# --- 陸、一、(三): which of the four scores are missing -------------------------------------------------

CRITERIA = ("創新性", "效益及影響", "可持續性", "擴散應用")


@pytest.mark.parametrize("there", list(product((True, False), repeat=4)))
def test_an_item_has_a_total_only_when_all_four_scores_are_there(
    there: tuple[bool, bool, bool, bool],
) -> None:
    scored = ["88" if one else "" for one in there]
    item = build.item(scored=scored, reviews=[build.review(scored=scored)])
    [score] = conclude(build.dataset(items=[item]), build.PLAN).scoring.items
    missing = [name for name, one in zip(CRITERIA, there, strict=True) if not one]
    for total in (score.self_total, *score.reviewers, score.review):
        assert str(total.value) == ("None" if missing else "88.00")
        assert list(total.missing) == missing
    assert (score.rank_overall is None) == bool(missing)
    assert (score.gap is None) == bool(missing)
