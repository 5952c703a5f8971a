"""HR's usual rules are reminders, never blocks: 獎由下起, 主辦、協辦、督辦有別, no equal shares for all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.cases.test_several_contest_forms import IDS, entry, send, told
from tests.cases.test_several_contest_forms import person as named
from tests.support.returns import FILLED, ITEMS, issued
from xltool.faces.cli import main
from xltool.findings import Finding
from xltool.model import Record
from xltool.steps.gather import gather
from xltool.steps.new import new
from xltool.store.workspace import Workspace

MAIN, HEAD, OTHER = "主要承辦人員", "首長（主管）", "其他有功人員"


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    new(tmp_path / "114", 114)
    return Workspace.open(tmp_path / "114")


def proposed(name: str, role: str, reward: str, item: str = ITEMS[0], ground: str = "") -> Record:
    said = {"item": item, "name": name, "staff_id": IDS[name], "role": role, "proposed": reward}
    more = {"title": "專員", "staff_kind": "公務人員", "grade": "薦任第七職等", "deed": "主辦"}
    return Record("people", {**said, **more, **({"ground": ground} if ground else {})})


def report(year: Workspace, *people: Record) -> None:
    kept = [one for one in FILLED["report"] if one.section != "people"]
    issued(year.inbox, "report", [*kept, *people])


def customs(found: Iterable[Finding]) -> dict[str, str]:
    return {one.code: one.message for one in found if "R523" <= one.code <= "R527"}


def test_who_led_is_not_to_be_proposed_higher_than_who_did_the_work(year: Workspace) -> None:
    report(year, proposed("王小明", MAIN, "嘉獎1次"), proposed("林小華", HEAD, "記功1次"))
    (message,) = customs(gather(year).findings).values()
    assert "林小華 督導，獎勵（記功1次）高於承辦的 王小明（嘉獎1次）" in message


def test_the_main_handler_and_who_helped_are_to_differ(year: Workspace) -> None:
    report(
        year,
        proposed("王小明", MAIN, "嘉獎2次"),
        proposed("林小華", OTHER, "嘉獎2次"),
        proposed("張美玲", OTHER, "嘉獎1次"),
    )
    assert customs(gather(year).findings) == {
        "R524": f"業務 {ITEMS[0]} 用電申辦進度線上查詢服務：主辦的 王小明 與 林小華 獎勵相同（嘉獎2次）"
    }


def test_equal_shares_for_all_are_named_once(year: Workspace) -> None:
    report(
        year,
        *(
            proposed(name, role, "嘉獎1次")
            for name, role in zip(IDS, (MAIN, HEAD, OTHER), strict=True)
        ),
    )
    found = customs(gather(year).findings)
    assert list(found) == ["R525"]
    assert "3 人獎勵均為嘉獎1次（王小明、林小華、張美玲）" in found["R525"]


def test_the_plan_s_own_amounts_remind_of_nothing(year: Workspace) -> None:
    people = (named(n, "A1", r) for n, r in zip(IDS, (MAIN, HEAD, OTHER), strict=True))
    send(year, "1.xlsx", entry("A1"), *people)
    gathered = gather(year)
    assert set(told(gathered)) == set(IDS)
    assert customs(gathered.findings) == {}


def test_a_major_merit_without_its_ground_is_asked_about_and_with_it_is_not(
    year: Workspace,
) -> None:
    send(year, "1.xlsx", entry("A1", "獲獎"), named("王小明", "A1", MAIN))
    report(year, proposed("林小華", MAIN, "記大功1次"))
    found = [one for one in gather(year).findings if one.code == "R526"]
    assert [one.at.file for one in found] == ["1.xlsx", "report.xlsx"]
    for path in year.inbox.iterdir():
        path.unlink()
    major = named("王小明", "A1", MAIN)
    ground = {"ground": "辦理重要業務，成績特優"}
    send(year, "2.xlsx", entry("A1", "獲獎"), Record("people", {**major.values, **ground}))
    report(year, proposed("林小華", MAIN, "記大功1次", ground="辦理重要業務，成績特優"))
    gathered = gather(year)
    assert customs(gathered.findings) == {}
    assert gathered.outcomes.rewards.lines[0].person.ground == "辦理重要業務，成績特優"


def test_whom_a_unit_proposes_twice_is_told(year: Workspace) -> None:
    report(
        year,
        proposed("王小明", MAIN, "嘉獎2次"),
        proposed("王小明", OTHER, "嘉獎1次", ITEMS[1]),
    )
    found = customs(gather(year).findings)
    assert "「王小明」在自行考核獎勵建議列了 2 次" in found["R527"]


def test_a_unit_is_told_none_of_it(year: Workspace) -> None:
    report(year, proposed("王小明", MAIN, "嘉獎1次"), proposed("林小華", HEAD, "記功1次"))
    main(["merge", "--folder", str(year.root)])
    main(["check", "--return", "--folder", str(year.root)])
    main(["remind", "--day", "115.3.1", "--folder", str(year.root)])
    letters = [path.read_bytes() for path in year.outbox.rglob("*.eml")]
    assert letters
    assert not any("獎由下起".encode() in one or b"R523" in one for one in letters)


def test_less_than_the_ceiling_may_have_a_reason_and_it_stands_in_the_steps(
    year: Workspace,
) -> None:
    less = {"proposed": "嘉獎1次", "note": "年中到職"}
    one = named("王小明", "A1", HEAD)
    send(year, "1.xlsx", entry("A1"), Record("people", {**one.values, **less}))
    (line,) = gather(year).outcomes.rewards.lines
    assert "依建議核列（理由：年中到職）" in line.claim.steps[-1]
