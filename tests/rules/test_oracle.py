"""柒、二 and 陸、一、(三) worked out once more by brute force, and compared over random years.

The oracle knows the plan's table by heart and looks at every row, and every pair of rows, by itself. It
shares no code with the rules. Who is one person: whoever has the same 職員編號; a row without one is the
person of its unit and name whose number is known, if that is one person; rows without any are one person
when unit and name agree. In doubt is a person who goes by names that no spelling explains, and whoever
may be another person because one of the two has no number.
"""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.support import build
from xltool.model import ContestStage, Entry, Person, Role
from xltool.rules import conclude

LADDER = ["嘉獎1次", "嘉獎2次", "記功1次", "記功2次", "記大功1次", "記大功2次"]
STAGES = ["薦送參選未入圍", "入圍實地訪查", "獲獎"]
TABLE = {
    ("獲獎", "主要承辦人員"): ("=", 5),
    ("獲獎", "首長（主管）"): ("≤", 3),
    ("獲獎", "其他有功人員"): ("≤", 3),
    ("入圍實地訪查", "主要承辦人員"): ("=", 3),
    ("入圍實地訪查", "首長（主管）"): ("≤", 2),
    ("入圍實地訪查", "其他有功人員"): ("≤", 2),
    ("薦送參選未入圍", "主要承辦人員"): ("=", 2),
    ("薦送參選未入圍", "首長（主管）"): ("≤", 1),
    ("薦送參選未入圍", "其他有功人員"): ("≤", 1),
}
MOST = {"主要承辦人員": 5, "首長（主管）": 3, "其他有功人員": 3, "輔導有功人員": 1}
ANY_STAGE = ("=", 1)  # 輔導有功人員

Group = frozenset[int]
"""Rows, by their number."""


# --- The oracle ------------------------------------------------------------------------------------


def number(row: Person) -> str:
    return row.staff_id.strip().upper()


def written(row: Person) -> tuple[str, str]:
    return row.unit, row.name.replace(" ", "").replace("　", "")


def look(row: Person) -> str:
    return written(row)[1].replace("臺", "台")


def one_person(one: Person, other: Person, rows: list[Person]) -> bool:
    if number(one) and number(other):
        return number(one) == number(other)
    if written(one) != written(other):
        return False
    known = {number(row) for row in rows if written(row) == written(one)} - {""}
    return len(known) < 2 or not (number(one) or number(other))


def persons(rows: list[Person]) -> list[Group]:
    groups = [{n} for n in range(len(rows))]
    for one, other in product(range(len(rows)), repeat=2):
        if one_person(rows[one], rows[other], rows):
            here = next(group for group in groups if one in group)
            there = next(group for group in groups if other in group)
            if here is not there:
                here |= there
                groups.remove(there)
    return [frozenset(group) for group in groups]


def in_doubt(group: Group, groups: list[Group], rows: list[Person]) -> bool:
    looks = {look(rows[n]) for n in group}
    numbered = any(number(rows[n]) for n in group)
    for other in groups:
        alike = looks & {look(rows[n]) for n in other}
        if other != group and alike and not (numbered and any(number(rows[n]) for n in other)):
            return True
    return len(looks) > 1


def worth(row: Person, entries: list[Entry]) -> tuple[str, int]:
    """What a row gives: sure, waiting (for what it might give at the most), or open (no claim yet)."""
    mine = [one for one in entries if one.id == row.entry]
    stage = max((str(one.stage) for one in mine if one.stage), key=STAGES.index, default="")
    role = str(row.role)
    if not mine or (not stage and role != "輔導有功人員"):
        return "open", MOST[role]
    kind, amount = ANY_STAGE if role == "輔導有功人員" else TABLE[stage, role]
    if kind == "=" or not row.proposed:
        return "sure", amount
    proposed = LADDER.index(row.proposed) + 1
    return ("sure", proposed) if proposed <= amount else ("waiting", amount)


def oracle(entries: list[Entry], rows: list[Person]) -> dict[Group, int]:
    """The rows of each line of the roster, and the step of its reward; 0: it waits."""
    groups = persons(rows)
    roster = {}
    for group in groups:
        told = {n: worth(rows[n], entries) for n in group}
        claims = frozenset(n for n in group if told[n][0] != "open")
        sure = max((amount for kind, amount in told.values() if kind == "sure"), default=0)
        perhaps = max((amount for kind, amount in told.values() if kind != "sure"), default=0)
        if claims:
            settled = sure >= perhaps and not in_doubt(group, groups, rows)
            roster[claims] = sure if settled else 0
    return roster


# --- Small years, in which people meet often ----------------------------------------------------------

entries = st.lists(
    st.builds(build.entry, st.sampled_from(["A1", "A2"]), st.sampled_from([*ContestStage, ""])),
    min_size=1,
    max_size=4,
)
people = st.lists(
    st.builds(
        build.person,
        st.sampled_from(["王小明", "王 小明", "王臺生", "王台生", "李大華"]),
        st.sampled_from(list(Role)),
        st.sampled_from(["A1", "A1", "A2", "B9"]),
        st.sampled_from(["03", "05"]),
        st.sampled_from(["", "", *LADDER]),
        st.sampled_from(["", "E1", "e1 ", "E2"]),
    ),
    max_size=6,
)


@given(entries, people)
def test_the_roster_is_what_brute_force_makes_of_7_2(
    stages: list[Entry], rows: list[Person]
) -> None:
    place = {id(row): n for n, row in enumerate(rows)}
    lines = conclude(build.dataset(stages, rows), build.PLAN).rewards.lines
    roster = {
        frozenset(place[id(claim.person)] for claim in (line.claim, *line.absorbed)): (
            line.reward.rank if line.reward else 0
        )
        for line in lines
    }
    assert roster == oracle(stages, rows)
    assert len(lines) == len(roster)


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["", "0", "60", "60.05", "99.99", "100"]), min_size=4, max_size=4),
            st.booleans(),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_every_place_is_what_counting_those_ahead_gives(
    items: list[tuple[list[str], bool]],
) -> None:
    made = [
        build.item(f"03-{n:02}", marks, category="數位創新加值" if digital else "社會創新共融")
        for n, (marks, digital) in enumerate(items)
    ]
    sums = [
        None if "" in marks else round(sum(float(mark) for mark in marks) / 4 + 1e-9, 2)
        for marks, _ in items
    ]
    outcomes = conclude(build.dataset(items=made), build.PLAN)
    for one in outcomes.recommendations:  # nobody reviewed these: the order is that of the scores
        mine = [other.place for other in outcomes.recommendations if other.category is one.category]
        assert one.place_category == sum(place < one.place for place in mine) + 1
    for n, score in enumerate(outcomes.scoring.items):
        own = sums[n]
        if own is None:
            assert score.rank_overall is None and score.rank_category is None
            continue
        ahead = [m for m, other in enumerate(sums) if other is not None and other > own]
        assert score.rank_overall is not None and score.rank_category is not None
        assert score.rank_overall.place == len(ahead) + 1
        alike = [m for m in ahead if items[m][1] == items[n][1]]
        assert score.rank_category.place == len(alike) + 1
