"""柒、二 as laws that hold for every year."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support import build
from xltool.model import Bound, ContestStage, Dataset, Entry, Person, Role
from xltool.plan import Entitlement
from xltool.rules import conclude
from xltool.rules.outcomes import RewardLine, Rewards

LADDER = [reward.name for reward in build.PLAN.ladder]
ENTRIES = ("A1", "A2", "A3")

entries = st.lists(
    st.builds(
        build.entry,
        st.sampled_from(ENTRIES),
        st.sampled_from([*ContestStage, ContestStage.AWARDED, ""]),
    ),
    min_size=1,
    max_size=5,
)


def people(ids: tuple[str | None, ...] = (None,)) -> st.SearchStrategy[list[Person]]:
    """Rows of a few persons who meet often; `ids`: their 職員編號, None for one of their own."""
    one = st.builds(
        build.person,
        st.sampled_from(["王小明", "李大華", "王臺生", "王台生", "王 小明"]),
        st.sampled_from(list(Role)),
        st.sampled_from([*ENTRIES, "B9"]),
        st.sampled_from(["03", "05"]),
        st.sampled_from(["", "", *LADDER]),
        st.sampled_from(ids),
    )
    return st.lists(one, max_size=7)


MUDDLED = people((None, "", "E1", "E2"))
CLEAR = people()


def rewards(rows: list[Entry], who: list[Person], **options: bool) -> Rewards:
    return conclude(build.dataset(rows, who), build.plan(**options)).rewards


# --- Laws ------------------------------------------------------------------------------------------


@given(entries, MUDDLED)
def test_nobody_is_on_the_roster_twice(rows: list[Entry], who: list[Person]) -> None:
    lines = [line for line in rewards(rows, who).lines if not line.blocked]
    numbers = Counter(line.person.staff_id for line in lines if line.person.staff_id)
    assert max(numbers.values(), default=1) == 1
    unnumbered = [line for line in lines if not line.person.staff_id]
    for line in unnumbered:
        namesakes = [
            other
            for other in lines
            if other is not line and plain(other.person.name) == plain(line.person.name)
        ]
        assert not namesakes


def plain(name: str) -> str:
    return name.replace(" ", "").replace("臺", "台")


@given(entries, MUDDLED)
def test_every_row_with_an_entitlement_stands_on_exactly_one_line(
    rows: list[Entry], who: list[Person]
) -> None:
    lines = rewards(rows, who).lines
    claims = Counter(id(claim.person) for line in lines for claim in (line.claim, *line.absorbed))
    assert set(claims.values()) <= {1}
    staged = {row.id for row in rows if row.stage}
    known = {row.id for row in rows}
    due = [p for p in who if p.entry in staged or (p.entry in known and p.role is Role.COACH)]
    assert sorted(claims) == sorted(id(person) for person in due)


@given(entries, MUDDLED)
def test_the_reward_is_the_highest_of_the_persons_claims(
    rows: list[Entry], who: list[Person]
) -> None:
    for line in rewards(rows, who).lines:
        granted = [claim.granted for claim in (line.claim, *line.absorbed) if claim.granted]
        assert line.reward in (None, max(granted, default=None))
        assert (line.reward is None) == line.blocked


@given(entries, MUDDLED)
def test_no_proposal_above_its_ceiling_passes(rows: list[Entry], who: list[Person]) -> None:
    outcome = rewards(rows, who)
    excessive = 0
    for line in outcome.lines:
        for claim in (line.claim, *line.absorbed):
            right = claim.entitlement
            assert claim.granted is None or claim.granted <= right.reward
            if right.bound is Bound.CEILING and claim.proposed and claim.proposed > right.reward:
                assert claim.granted is None
                excessive += 1
    assert sum(f.code == "R503" for f in outcome.findings) == excessive


@given(entries, CLEAR, CLEAR)
def test_a_further_entitlement_never_lowers_a_reward(
    rows: list[Entry], who: list[Person], more: list[Person]
) -> None:
    # What a person must settle first may hold a line up; it is then no reward, not a lower one.
    before, after = given_to(rewards(rows, who).lines), given_to(rewards(rows, who + more).lines)
    for number, reward in before.items():
        assert number in after
        later = after[number]
        assert reward is None or later is None or later >= reward


def given_to(lines: tuple[RewardLine, ...]) -> dict[str, int | None]:
    return {line.person.staff_id: line.reward.rank if line.reward else None for line in lines}


@given(st.data(), entries, MUDDLED, st.booleans(), st.booleans())
def test_the_order_of_rows_never_matters(
    data: st.DataObject, rows: list[Entry], who: list[Person], once: bool, always: bool
) -> None:
    year = build.plan(one_reward=once, coach_always=always)
    other = build.dataset(data.draw(st.permutations(rows)), data.draw(st.permutations(who)))
    assert conclude(build.dataset(rows, who), year) == conclude(other, year)


rights = st.builds(
    Entitlement,
    st.just("柒、二、(六)"),
    st.sampled_from([*ContestStage, None]),
    st.sampled_from(list(Role)),
    st.sampled_from(list(Bound)),
    st.sampled_from(build.PLAN.ladder),
)


@given(entries, CLEAR, rights)
def test_a_further_entitlement_in_the_settings_never_lowers_a_reward(
    rows: list[Entry], who: list[Person], right: Entitlement
) -> None:
    year = build.dataset(rows, who)
    richer = replace(build.PLAN, entitlements=(*build.PLAN.entitlements, right))
    before = given_to(conclude(year, build.PLAN).rewards.lines)
    after = given_to(conclude(year, richer).rewards.lines)
    for number, reward in before.items():
        later = after[number]
        assert reward is None or later is None or later >= reward


@given(entries, MUDDLED)
def test_with_one_reward_off_a_person_has_one_line_for_each_entry(
    rows: list[Entry], who: list[Person]
) -> None:
    lines = rewards(rows, who, one_reward=False).lines
    places = Counter((line.person.staff_id, line.claim.entry) for line in lines if not line.blocked)
    numbered = {place: count for place, count in places.items() if place[0]}
    assert max(numbered.values(), default=1) == 1
    for line in lines:
        assert all(claim.entry == line.claim.entry for claim in line.absorbed)


@given(entries, CLEAR)
def test_only_what_is_a_major_merit_is_marked_for_the_full_route(
    rows: list[Entry], who: list[Person]
) -> None:
    for line in rewards(rows, who).lines:
        granted = line.reward.name if line.reward else ""
        assert line.major == granted.startswith("記大功")
        assert line.major == any("§13" in note for note in line.notes)


def test_a_higher_ceiling_in_the_settings_is_followed_without_a_change_of_code() -> None:
    shipped = build.PLAN
    higher = next(reward for reward in shipped.ladder if reward.name == "記功2次")
    table = tuple(
        replace(right, reward=higher) if right.role is Role.HEAD else right
        for right in shipped.entitlements
    )
    year = Dataset(
        114,
        entries=(build.entry(),),
        entry_people=(build.person(role=Role.HEAD, proposed="記功2次"),),
    )
    assert conclude(year, shipped).rewards.lines[0].blocked
    (line,) = conclude(year, replace(shipped, entitlements=table)).rewards.lines
    assert line.reward == higher


def test_the_steps_of_a_claim_are_what_a_personnel_officer_would_say() -> None:
    who = [
        build.person("林主管", Role.HEAD, proposed="嘉獎2次"),
        build.person("林主管", Role.COACH),
    ]
    (line,) = rewards([build.entry()], who).lines
    assert line.claim.steps == (
        "參選案 A1「用電申辦一站通」（第8屆），參選結果：獲獎",
        "角色：首長（主管），依柒、二、(一)：最高 記功1次",
        "建議 嘉獎2次 未逾最高 記功1次，依建議核列",
    )
    assert (
        line.absorbed[0].steps[1]
        == "角色：輔導有功人員（不論參選結果），依柒、二、(四)：固定 嘉獎1次"
    )
    assert line.notes == ("依柒、二、(五)以最高額度敘獎，已併入 1 項，不重複敘獎",)


def test_the_error_over_a_ceiling_names_the_ceiling_and_its_clause() -> None:
    (found,) = rewards(
        [build.entry()], [build.person(role=Role.HEAD, proposed="記大功1次")]
    ).findings
    assert found.code == "R503"
    assert "記功1次" in found.message and "記功1次" in found.fix and "柒、二、(一)" in found.fix
    assert found.at.sheet == "人員"
