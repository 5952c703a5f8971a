"""Why an item or a person stands as it does: steps, clause, and what was not chosen."""

from __future__ import annotations

import pytest

from tests.support import build
from xltool.model import ContestStage, Dataset, Role
from xltool.outputs.why import told, why
from xltool.rules import conclude

PLAN = build.PLAN


def asked(name: str, dataset: Dataset) -> str:
    return "\n".join(told(why(name, dataset, conclude(dataset, PLAN), PLAN)))


def test_a_person_is_told_what_was_not_chosen_and_why() -> None:
    entries = [build.entry("A1", ContestStage.AWARDED), build.entry("A2", ContestStage.SHORTLISTED)]
    people = [
        build.person(name="王小明", staff_id="E1", entry="A1", role=Role.MAIN),
        build.person(name="王小明", staff_id="E1", entry="A2", role=Role.MAIN),
    ]
    text = asked("王小明", build.dataset(entries, people))
    assert "記大功1次" in text and "柒、二、(一)" in text
    assert "未採的權利：已併入 柒、二、(二) A2" in text
    assert "不重複敘獎" in text
    assert asked("e1", build.dataset(entries, people)) == text, "by 職員編號 too"


def test_a_ceiling_that_was_passed_is_told_as_not_settled() -> None:
    person = build.person(name="王小明", role=Role.HEAD, proposed="記大功1次")
    text = asked("王小明", build.dataset([build.entry()], [person]))
    assert "待釐清" in text and "最高 記功1次" in text


def test_somebody_on_no_line_is_told_why() -> None:
    person = build.person(name="林未定", entry="B9")
    text = asked("林未定", build.dataset([build.entry("A1")], [person]))
    assert "未列入名冊" in text and "參選編號「B9」不在參選結果內" in text


def test_somebody_named_in_a_report_alone_is_told_that_scores_give_no_reward() -> None:
    person = build.person(name="陳有功", entry="03-01", proposed="")
    text = asked("陳有功", build.dataset(proposals=[person]))
    assert "自評分數不產生獎勵" in text


def test_an_item_shows_its_arithmetic_its_place_and_the_one_before_it() -> None:
    items = [
        build.item("03-01", ("80", "82", "84", "86"), name="申辦平臺"),
        build.item("04-01", ("90",) * 4, name="節能診斷"),
    ]
    text = asked("03-01", build.dataset(items=items))
    assert "80×25%＋82×25%＋84×25%＋86×25%" in text
    assert "全署第 2 名，共 2 項" in text
    assert "前一名是 04-01 節能診斷：尚無建議、自評 90.00" in text
    assert asked("申辦", build.dataset(items=items)) == text, "by a part of its name too"


def test_an_item_shows_the_meeting_s_decision_over_the_proposal() -> None:
    motion = build.motion(item="03-01", resolution="同意推薦")
    meeting = build.meeting(motions=[motion])
    text = asked("03-01", build.dataset(items=[build.item("03-01")], meetings=[meeting]))
    assert "會議決議優先於提案：同意推薦" in text
    assert "應出席 12 人" in text and "依共識：同意推薦" in text


@pytest.mark.parametrize("nothing", ["", "　", "09-09", "無此人"])
def test_nothing_of_that_name_gives_no_answer(nothing: str) -> None:
    assert asked(nothing, build.dataset(items=[build.item()])) == ""
