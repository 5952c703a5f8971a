"""Several 參選結果表 add up: an entry is told by 參選編號 and 屆, and only its own later return replaces it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import PLAN, UNIT_NAME
from tests.support.sample import begin
from xltool.forms import CONTEST
from xltool.model import Record, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.year import Year
from xltool.store.workspace import Workspace

IDS = {"王小明": "E10001", "林小華": "E10002", "張美玲": "E10003"}


def entry(code: str, stage: str = "入圍實地訪查", term: str = "第8屆") -> Record:
    said: dict[str, Value] = {"entry": code, "name": f"案{code}", "term": term}
    return Record("entries", {**said, "unit": UNIT_NAME, "stage": stage})


def person(name: str, code: str, role: str = "其他有功人員") -> Record:
    said: dict[str, Value] = {"entry": code, "unit": UNIT_NAME, "name": name, "role": role}
    known: dict[str, Value] = {"staff_id": IDS[name], "title": "專員", "staff_kind": "公務人員"}
    return Record("people", {**said, **known})


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    begin(tmp_path / "114")
    return Workspace.open(tmp_path / "114")


def send(year: Workspace, name: str, *records: Record) -> None:
    write_form(year.inbox / name, FormCopy(CONTEST, PLAN, records=records, issue=name))


def told(year: Year) -> dict[str, str]:
    return {one.person.name: one.claim.entry for one in year.outcomes.rewards.lines}


def codes(year: Year) -> list[str]:
    return [one.code for one in year.findings if one.code in {"C404", "C428", "C429", "F110"}]


def test_two_forms_with_an_entry_each_give_both(year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1"), person("王小明", "A1"))
    send(year, "2.xlsx", entry("A2"), person("林小華", "A2"))
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1", "林小華": "A2"}
    assert codes(gathered) == []


def test_the_later_form_of_an_entry_counts_for_it_and_names_whom_it_drops(year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1"), person("王小明", "A1"), person("張美玲", "A1"))
    send(year, "2.xlsx", entry("A1", "獲獎"), entry("A2"), person("王小明", "A1"))
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1"}
    assert [one.stage for one in gathered.dataset.entries] == ["獲獎", "入圍實地訪查"]
    (dropped,) = [one for one in gathered.findings if one.code == "C428"]
    assert (dropped.at.file, "張美玲" in dropped.message) == ("2.xlsx", True)
    assert "1.xlsx" in dropped.message


def test_an_entry_that_the_later_form_no_longer_lists_still_counts_and_is_told(
    year: Workspace,
) -> None:
    send(year, "1.xlsx", entry("A1"), entry("A2"), person("王小明", "A1"), person("林小華", "A2"))
    send(year, "2.xlsx", entry("A1", "獲獎"), person("王小明", "A1"))
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1", "林小華": "A2"}
    (left,) = [one for one in gathered.findings if one.code == "C429"]
    assert (left.value, left.at.file) == ("A2", "1.xlsx")


def test_the_same_code_in_another_term_is_another_entry(year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1", term="第7屆"), person("王小明", "A1", "主要承辦人員"))
    send(year, "2.xlsx", entry("A1", "獲獎"), person("林小華", "A1", "主要承辦人員"))
    gathered = gather(year)
    given = {
        one.person.name: one.reward.name for one in gathered.outcomes.rewards.lines if one.reward
    }
    assert given == {"王小明": "記功1次", "林小華": "記大功1次"}
    assert codes(gathered) == []
    assert "R504" not in [one.code for one in gathered.findings], "one main handler each"


def test_the_form_goes_out_filled_with_the_entries_known(year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1"), person("王小明", "A1"))
    gather(year)
    issue(year, CONTEST.key)
    (path,) = year.outbox.rglob("*參選結果表*.xlsx")
    book = openpyxl.load_workbook(path)
    assert "案A1" in [cell.value for row in book["參選案"].iter_rows() for cell in row]
    assert "王小明" in [cell.value for row in book["人員"].iter_rows() for cell in row]
    (year.inbox / "3.xlsx").write_bytes(path.read_bytes())
    assert told(gather(year)) == {"王小明": "A1"}, "sent back as it is, it changes nothing"


def rewards_of(year: Year) -> dict[str, tuple[str, str, str]]:
    return {
        one.person.name: (one.reward.name if one.reward else "", one.claim.entry, one.claim.term)
        for one in year.outcomes.rewards.lines
    }


def test_two_terms_of_a_code_sent_back_as_issued_change_nobody_s_reward(year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1", "獲獎"), person("王小明", "A1"))
    send(year, "2.xlsx", entry("A1", "薦送參選未入圍", "第7屆"), person("林小華", "A1"))
    before = rewards_of(gather(year))
    assert before["王小明"][1:] == ("A1", "第8屆")
    assert before["林小華"][1:] == ("A1", "第7屆")
    issue(year, "contest")
    [path] = year.outbox.rglob("*參選結果表.xlsx")
    (year.inbox / "3.xlsx").write_bytes(path.read_bytes())
    again = gather(year)
    assert (rewards_of(again), codes(again)) == (before, [])


def test_a_code_of_two_terms_without_one_beside_the_person_rewards_nobody(year: Workspace) -> None:
    send(
        year,
        "1.xlsx",
        entry("A1", "獲獎"),
        entry("A1", "薦送參選未入圍", "第7屆"),
        person("王小明", "A1"),
    )
    found = gather(year)
    assert rewards_of(found) == {}
    assert [one.reasons for one in found.outcomes.rewards.pending] == [
        ("參選編號「A1」有第7屆、第8屆，須填屆別",)
    ]
    assert [str(one.at) for one in found.findings if one.code == "R536"] == ["1.xlsx｜人員!A8"]


@pytest.mark.parametrize("typed", ["8", "8屆", "第八屆", "第八届", "第 8 屆", "第８屆"])
def test_a_term_is_the_same_however_it_is_typed(typed: str, year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1", "獲獎"), person("王小明", "A1"))
    send(year, "2.xlsx", entry("A1", "入圍實地訪查", typed), person("王小明", "A1"))
    found = gather(year)
    assert [(one.id, one.term, one.stage) for one in found.dataset.entries] == [
        ("A1", "第8屆", "入圍實地訪查")
    ]
    assert "R521" not in [one.code for one in found.findings]
