"""Every outcome says how it came about, in words that a personnel officer and an auditor can follow.

The cases (`cases/*.toml`) fix what is concluded; these fix the sentences: the steps, the notes, and what
a finding says and where it points.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.support import build, nouns
from xltool.model import (
    Address,
    Category,
    ContestStage,
    Dataset,
    Entry,
    Meeting,
    Motion,
    Person,
    Role,
    Verdict,
)
from xltool.plan import Plan
from xltool.rules import conclude
from xltool.rules.outcomes import MeetingOutcome, Pending, RewardLine, Rewards, Total
from xltool.rules.quorum import contradicts
from xltool.rules.scoring import plain
from xltool.who import is_called

FILE = "參選結果表.xlsx"


def row(cell: str, **more: object) -> Person:
    """A person on a row of the form; the cell is that of the proposal, B–D of the other fields."""
    line = cell[1:]
    sources = {
        "people.entry": Address(FILE, "人員", f"B{line}"),
        "people.role": Address(FILE, "人員", f"C{line}"),
        "people.proposed": Address(FILE, "人員", cell),
    }
    person = build.person(**more)  # type: ignore[arg-type]
    return nouns.changed(person, at=Address(FILE, "人員", f"A{line}"), sources=sources)


def rewards(entries: list[Entry], people: list[Person], plan: Plan = build.PLAN) -> Rewards:
    return conclude(build.dataset(entries, people), plan).rewards


def said(outcome: Rewards) -> list[str]:
    """Code, place and sentence of each finding."""
    return [f"{f.code} {f.at.sheet}!{f.at.cell} {f.message}" for f in outcome.findings]


def one_line(entries: list[Entry], people: list[Person]) -> RewardLine:
    (line,) = rewards(entries, people).lines
    return line


# --- R4 (柒、二) -------------------------------------------------------------------------------------


def test_a_step_says_what_became_of_the_proposal() -> None:
    def last(role: Role, proposed: str = "") -> str:
        return one_line([build.entry()], [build.person(role=role, proposed=proposed)]).claim.steps[
            -1
        ]

    assert last(Role.MAIN) == "固定額度，核列 記大功1次"
    assert last(Role.MAIN, "記大功1次") == "固定額度，核列 記大功1次"
    assert last(Role.MAIN, "記功1次") == "固定額度，核列 記大功1次（建議 記功1次 不採）"
    assert last(Role.HEAD) == "未填建議獎勵，依最高額度核列 記功1次"
    assert last(Role.HEAD, "嘉獎1次") == "建議 嘉獎1次 未逾最高 記功1次，依建議核列"
    assert last(Role.HEAD, "記功2次") == "建議 記功2次 高於最高 記功1次（柒、二、(一)），須先更正"
    assert last(Role.HEAD, "加薪") == "建議「加薪」不在獎度表內，須先更正"


def test_a_coach_s_step_says_that_the_entry_has_no_result_yet() -> None:
    line = one_line([build.entry(stage="")], [build.person(role=Role.COACH)])
    assert line.claim.steps[0] == "參選案 A1「用電申辦一站通」（第8屆），尚無參選結果"
    assert line.notes == ()


def test_a_line_that_waits_says_for_what() -> None:
    people = [row("E5", role=Role.HEAD, proposed="記功2次"), row("E6", role=Role.COACH)]
    line = one_line([build.entry()], people)
    assert line.notes == ("待釐清：建議 記功2次 高於最高 記功1次（柒、二、(一)），須先更正",)
    namesakes = [
        row("E5", role=Role.HEAD, staff_id="", proposed="記功2次"),
        row("E6", role=Role.COACH, unit="05", staff_id=""),
    ]
    first, other = rewards([build.entry()], namesakes).lines
    doubt = "待釐清：是否與他人為同一人"
    assert first.notes == (doubt, "待釐清：建議 記功2次 高於最高 記功1次（柒、二、(一)），須先更正")
    assert other.notes == (doubt,)


def test_a_line_that_waits_shows_the_claim_to_settle_before_one_of_the_same_worth() -> None:
    entries = [build.entry("A1"), build.entry("A2", ContestStage.SHORTLISTED)]
    people = [
        build.person(role=Role.MAIN, entry="A2"),
        build.person(role=Role.HEAD, proposed="記功2次"),
        build.person(role=Role.MAIN, entry="B9"),
    ]
    line = one_line(entries, people)
    assert line.blocked and line.claim.entry == "A1"
    assert line.notes == ("待釐清：參選編號「B9」不在參選結果內",)


def test_only_a_ceiling_without_proposal_is_noted_as_the_most() -> None:
    note = "未填建議獎勵，依最高額度列示"
    assert note in one_line([build.entry()], [build.person(role=Role.HEAD)]).notes
    assert note not in one_line([build.entry()], [build.person(role=Role.MAIN)]).notes
    given = one_line([build.entry()], [build.person(role=Role.HEAD, proposed="嘉獎1次")])
    assert given.notes == ()


def test_whoever_is_no_civil_servant_is_rewarded_alike_and_it_is_noted() -> None:
    def line(kind: str) -> RewardLine:
        return one_line([build.entry()], [build.person(role=Role.COACH, staff_kind=kind)])

    assert line("約聘僱人員").notes == ("非公務人員考績法適用對象，比照辦理",)
    assert line("約聘僱人員").like
    for kind in ("", "公務人員"):
        assert line(kind).notes == () and not line(kind).like


def test_a_line_shows_the_staff_id_that_any_row_gave_and_points_to_the_row_it_rests_on() -> None:
    people = [
        row("E7", role=Role.HEAD, staff_id=""),
        row("E8", role=Role.COACH, staff_id="E10302"),
    ]
    line = one_line([build.entry()], people)
    assert line.person.staff_id == "E10302"
    assert line.person.role is Role.HEAD
    assert line.at == Address(FILE, "人員", "A7")


def test_whoever_is_on_no_line_yet_is_named_with_the_reasons_and_the_most_that_may_come() -> None:
    def pending(*people: Person, stage: str = "") -> Pending:
        (one,) = rewards([build.entry(stage=stage)], list(people)).pending
        return one

    waiting = pending(row("E5", role=Role.HEAD), row("E6", role=Role.MAIN, entry="B9"))
    assert waiting.reasons == ("參選案「A1」尚無參選結果", "參選編號「B9」不在參選結果內")
    assert waiting.potential == build.PLAN.reward("記大功1次")
    strange = nouns.changed(row("E5"), role=None)
    without = pending(strange, stage=ContestStage.AWARDED)
    assert without.reasons == ("敘獎原則沒有「（未填角色）」的額度",)
    assert without.potential == max(build.PLAN.ladder)


def test_a_year_without_a_ladder_of_rewards_promises_nothing() -> None:
    plan = replace(build.PLAN, ladder=(), entitlements=())
    (one,) = rewards([build.entry()], [row("E5")], plan).pending
    assert one.potential is None


def test_a_finding_on_a_person_points_to_the_cell_and_says_what_stood_there() -> None:
    entries = [build.entry()]
    assert said(rewards(entries, [row("E5", entry="B9")])) == [
        "R510 人員!B5 王小明 所列參選編號「B9」不在參選結果內，未列入名冊"
    ]
    assert said(rewards(entries, [row("E5", role=Role.HEAD, proposed="記功2次")])) == [
        "R503 人員!E5 王小明 建議獎勵「記功2次」高於最高額度「記功1次」"
    ]
    assert said(rewards(entries, [row("E5", proposed="嘉獎1次")])) == [
        "R509 人員!E5 王小明 的建議獎勵「嘉獎1次」與固定額度「記大功1次」不同，依額度核列"
    ]
    assert said(rewards(entries, [nouns.changed(row("E5"), role=None)])) == [
        "R516 人員!C5 敘獎原則沒有「（未填角色）」（獲獎）的額度，「王小明」無法核列"
    ]
    [right, *_] = [one for one in build.PLAN.entitlements if one.role is not Role.MAIN]
    only = replace(build.PLAN, entitlements=(right,))
    assert said(rewards(entries, [row("E5")], only)) == [
        "R516 人員!C5 敘獎原則沒有「主要承辦人員」（獲獎）的額度，「王小明」無法核列"
    ]
    assert said(rewards(entries, [row("E5", proposed="加薪", role=Role.HEAD)]))[0].startswith(
        "P605 人員!E5 獎勵「加薪」不在獎度表內"
    )


def test_an_entry_is_known_by_its_number_however_it_is_typed() -> None:
    line = one_line([build.entry("a１")], [build.person(entry="A1 ")])
    assert line.claim.entry == "a１"


# --- R5 (柒、一) -------------------------------------------------------------------------------------


def test_a_proposal_of_the_unit_says_whether_the_contest_rewards_the_same_item() -> None:
    def told(entry_item: str) -> str:
        proposal = build.person(entry="03-01", proposed="嘉獎1次")
        year = build.dataset([build.entry(item=entry_item)], [build.person()], proposals=[proposal])
        (found,) = conclude(year, build.PLAN).rewards.findings
        return found.message

    plainly = "王小明 同時列於柒、二敘獎與自行考核獎勵建議（03-01；參選案 A1{}）"
    assert told("03-01") == plainly.format("，同一業務")
    assert told("03-02") == plainly.format("")
    assert told("") == plainly.format("")


def test_a_namesake_of_another_unit_is_not_taken_for_the_proposed_one() -> None:
    proposal = build.person(entry="03-01", proposed="嘉獎1次", staff_id="")
    for other in (build.person(unit="05", staff_id=""), build.person("李大華", staff_id="")):
        year = build.dataset([build.entry()], [other], proposals=[proposal])
        (listed,) = conclude(year, build.PLAN).rewards.proposals
        assert not listed.also_in_contest


# --- R1 (陸、一、(三)) --------------------------------------------------------------------------------


def mean(*reviews: tuple[str, str]) -> Total:
    """The members' mean of an item; one score for all four criteria each, empty: the last is missing."""
    given = [build.review(who, (mark or "80",) * 3 + (mark,)) for who, mark in reviews]
    (score,) = conclude(build.dataset(items=[build.item(reviews=given)]), build.PLAN).scoring.items
    return score.review


def test_the_mean_of_the_members_shows_each_total_and_who_was_left_out() -> None:
    assert mean(("甲", "90"), ("乙", ""), ("丙", "85.5"), ("丁", "")).steps == (
        "甲 90",
        "丙 85.5",
        "評分不完整，不計入平均：乙、丁",
        "（90＋85.5）÷2，四捨五入為 87.75",
    )
    assert mean(("甲", "90")).steps == ("甲 90", "（90）÷1，四捨五入為 90.00")


def test_an_item_without_review_scores_says_why() -> None:
    assert mean(("甲", "")).steps == ("未評：無完整的督導評分（選填）",)
    assert mean().steps == ("未評：尚無督導意見",)


def test_several_missing_criteria_are_listed_as_a_sentence() -> None:
    (score,) = conclude(
        build.dataset(items=[build.item(scored=["", "80", "", "80"])]), build.PLAN
    ).scoring.items
    assert score.self_total.steps == ("未評：缺 創新性、可持續性 評分（缺評分不當作 0 分）",)


def test_a_score_says_whose_it_is() -> None:
    item = build.item(reviews=[build.review("陳大文", ("90",) * 4)])
    (score,) = conclude(build.dataset(items=[item]), build.PLAN).scoring.items
    assert (score.item, score.unit, score.name) == ("03-01", "03", "業務03-01")
    assert [one.who for one in (score.self_total, *score.reviewers, score.review)] == [
        "自評", "陳大文", "督導平均",
    ]  # fmt: skip
    assert mean(("甲", "")).who == "督導平均"


def test_numbers_are_shown_as_a_person_writes_them() -> None:
    shown = {
        "80": "80",
        "100": "100",
        "85.50": "85.5",
        "90.00": "90",
        "0.05": "0.05",
        "1E+2": "100",
    }
    assert {text: plain(Decimal(text)) for text in shown} == shown


# --- R3 (附件2、四、(二)) -----------------------------------------------------------------------------


def held(present: int, *motions: Motion) -> tuple[MeetingOutcome, list[tuple[str, Address, str]]]:
    meeting = build.meeting(present, motions)
    outcomes = conclude(Dataset(114, meetings=(meeting,)), build.PLAN)
    (one,) = outcomes.meetings
    return one, [(f.code, f.at, f.message) for f in outcomes.findings]


def test_a_meeting_says_who_stayed_away() -> None:
    meeting, _ = held(10, build.motion(subject="推薦", item="03-01"))
    assert meeting.absent == ("資訊室", "法務室")
    assert (meeting.no, meeting.day) == ("第1次", date(2025, 12, 22))
    (motion,) = meeting.motions
    assert (motion.no, motion.subject, motion.item) == ("1", "推薦", "03-01")


def test_a_meeting_without_quorum_is_told_with_the_numbers_and_the_file() -> None:
    at = Address("會議紀錄表.xlsx", "議案", "B7")
    sentence = "會議出席 6 人，未過半數（應出席 12 人，需 7 人）"
    _, findings = held(6, build.motion(at=None), build.motion(no="2", at=at))
    assert findings == [("R501", Address("會議紀錄表.xlsx"), sentence)]
    assert held(6)[1] == [("R501", Address(""), sentence)]
    (found,) = conclude(Dataset(114, meetings=(build.meeting(6),)), build.PLAN).findings
    assert found.value == "6"


def test_what_a_motion_lacks_is_told_where_it_stands() -> None:
    at = Address("會議紀錄表.xlsx", "議案", "B7")
    motions = {
        "R502": (build.motion(no="3", consensus=False, at=at), "第 3 案未達共識，也沒有召集人裁示"),
        "R515": (build.motion(no="3", consensus=None, at=at), "議案 3 沒有填「達成共識」"),
        "R518": (
            build.motion(no="3", ruling="另議", at=at),
            "議案 3 已有共識，另填的召集人裁示不採用",
        ),
    }
    for code, (motion, sentence) in motions.items():
        assert held(12, motion)[1] == [(code, at, sentence)]
        assert held(12, nouns.changed(motion, at=None))[1] == [(code, Address(""), sentence)]


def test_a_meeting_without_a_day_comes_first() -> None:
    undated: Meeting = build.meeting(no="第2次", day=None)
    year = Dataset(114, meetings=(build.meeting(no="第1次"), undated))
    assert [one.no for one in conclude(year, build.PLAN).meetings] == ["第2次", "第1次"]


# --- R2 (附件2、三、(三)) -----------------------------------------------------------------------------


def test_the_proposal_is_ranked_within_each_category_and_over_all() -> None:
    items = [
        build.item("03-01", ["90"] * 4),
        build.item("04-01", ["95"] * 4, category=Category.INCLUSION),
        build.item("05-01", ["80"] * 4),
        nouns.changed(build.item("06-01", ["85"] * 4), category=None),
    ]
    order = conclude(build.dataset(items=items), build.PLAN).recommendations
    assert [(one.item, one.place, one.place_category) for one in order] == [
        ("04-01", 1, 1),
        ("03-01", 2, 1),
        ("06-01", 3, None),
        ("05-01", 4, 2),
    ]


# --- Who is one person (柒、二、(五)) ------------------------------------------------------------------


def named(cell: str, name: str, number: str, unit: str = "03") -> Person:
    """A row of which the cells of name and 職員編號 are known."""
    line = cell[1:]
    sources = {
        "people.name": Address(FILE, "人員", cell),
        "people.staff_id": Address(FILE, "人員", f"D{line}"),
    }
    person = build.person(name, Role.COACH, staff_id=number, unit=unit)
    return nouns.changed(person, at=Address(FILE, "人員", f"A{line}"), sources=sources)


def test_a_doubt_about_a_person_is_told_at_the_row_that_lacks_the_number() -> None:
    def told(*people: Person) -> list[str]:
        return said(rewards([build.entry()], list(people)))

    assert told(named("B5", "王小明", "")) == ["R505 人員!B5 王小明 沒有職員編號，以單位與姓名辨識"]
    assert told(named("B5", "王小明", "E1"), named("B6", "李大華", "E1")) == [
        "R511 人員!D5 職員編號「E1」有不同姓名：李大華、王小明"
    ]
    assert told(named("B5", "王小明", "E1"), named("B6", "王小明", "", unit="05")) == [
        "R505 人員!B6 王小明 沒有職員編號，以單位與姓名辨識",
        "R506 人員!B6 不同單位有同名者「王小明」且缺職員編號，無法判斷是否同一人",
    ]
    alike = "R507 人員!B6 同單位「王臺生」與「王台生」可能是同一人"
    assert told(named("B5", "王台生", "E1"), named("B6", "王臺生", "")) == [
        "R505 人員!B6 王臺生 沒有職員編號，以單位與姓名辨識",
        alike,
    ]
    assert told(named("B5", "王台生", "E1"), named("B6", "王臺生", "E1")) == [alike]


def test_what_is_wrong_with_an_entry_is_told_with_its_number() -> None:
    def told(*entries: Entry, people: list[Person]) -> list[str]:
        return [f.message for f in rewards(list(entries), people).findings]

    assert told(build.entry(stage=""), people=[]) == ["參選案「A1」沒有參選結果，無法計算獎勵"]
    twice = told(build.entry(), build.entry(stage=ContestStage.SHORTLISTED), people=[])
    assert twice == ["參選案「A1」有多筆結果，採最高者「獲獎」"]
    two = [build.person("王小明"), build.person("李大華")]
    assert told(build.entry(), people=two) == ["參選案「A1」有 2 位主要承辦人員"]


def test_two_people_of_a_unit_without_a_number_are_two_lines() -> None:
    people = [named("B5", "王小明", ""), named("B6", "李大華", "")]
    lines = rewards([build.entry()], people).lines
    assert {line.person.name for line in lines if line.reward} == {"王小明", "李大華"}


def test_whoever_may_be_either_of_two_people_holds_up_both_and_is_told_of_both() -> None:
    people = [
        named("B5", "王臺生", ""),
        named("B6", "王台生", "E1"),
        named("B7", "王台生", "E2", unit="05"),
    ]
    outcome = rewards([build.entry()], people)
    assert [line.blocked for line in outcome.lines] == [True, True, True]
    assert [f.code for f in outcome.findings] == ["R505", "R506", "R507"]


def test_each_row_that_lacks_the_number_is_told() -> None:
    people = [
        named("B5", "王小明", ""),
        named("B6", "王小明", "", unit="05"),
        named("B7", "王小明", "E1", unit="07"),
    ]
    findings = rewards([build.entry()], people).findings
    told = [f.at.cell for f in findings if f.code == "R506"]
    assert told == ["B5", "B6"]


# --- R3 (附件2、三、(三)) -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "words", "asked"),
    [
        ("推薦", "照案通過", False),
        ("推薦", "同意推薦，請補充滿意度資料", False),
        ("推薦", "出席成員有不同意見，仍同意推薦", False),
        ("推薦", "本案不推薦", True),
        ("推薦", "不予推薦參加政府服務獎", True),
        ("推薦", "推薦與否，下次會議再議", True),
        ("推薦", "同意補件後再議", True),
        ("不推薦", "本年度不予推薦", False),
        ("不推薦", "成效尚待觀察", False),
        ("不推薦", "照案推薦", True),
        ("不推薦", "補充資料後再議", True),
        ("再議", "請業務單位補充資料後再議", False),
        ("再議", "緩議", False),
        ("再議", "同意推薦", True),
        ("再議", "不推薦", True),
    ],
)
def test_a_choice_is_asked_about_only_where_the_words_say_the_contrary(
    verdict: str, words: str, asked: bool
) -> None:
    assert contradicts(Verdict(verdict), words) == asked


@pytest.mark.parametrize(
    "text",
    [
        "王大明",
        "王大明主任秘書",
        "主任秘書 王大明",
        "主任秘書王大明",
        "代理主任秘書王大明",
        "王大明（主任秘書）",
    ],
)
def test_somebody_is_known_by_name_with_the_title_on_either_side(text: str) -> None:
    assert is_called(text, "王大明") and is_called(text, "王大明 主任秘書")
    assert not is_called(text, "王大") and not is_called(text, "")
