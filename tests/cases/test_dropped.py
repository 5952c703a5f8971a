"""Nothing is replaced in silence: what a unit's later return names no more is told by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.test_by_record import put
from tests.support.returns import FILLED, Person, issued, nothing
from xltool.faces.cli import main
from xltool.steps.gather import gather
from xltool.steps.new import new
from xltool.store.workspace import Workspace


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    new(tmp_path / "114", 114)
    return Workspace.open(tmp_path / "114")


def dropped(year: Workspace) -> list[str]:
    return [f"{f.at.file}：{f.message}" for f in gather(year).findings if f.code == "C430"]


def send(year: Workspace, name: str, key: str, *, but: str = "", nil: str = "") -> None:
    records = nothing(key, nil) if nil else FILLED[key]
    kept = [one for one in records if not but or but not in one.values.values()]
    path = issued(year.root, key, kept)
    path.rename(year.inbox / name)
    gather(year)


def test_an_item_that_a_later_enrolment_leaves_out_is_named(year: Workspace) -> None:
    send(year, "1.xlsx", "enrolment")
    send(year, "2.xlsx", "enrolment", but="03-02")
    assert dropped(year) == ["2.xlsx：比前一份（1.xlsx）少了 1 筆：03-02 偏鄉微電網關懷服務"]


def test_a_person_whom_a_later_report_leaves_out_is_named(year: Workspace) -> None:
    send(year, "1.xlsx", "report")
    send(year, "2.xlsx", "report", but="李大華")
    assert dropped(year) == ["2.xlsx：比前一份（1.xlsx）少了 1 筆：李大華"]


def test_a_unit_that_later_says_it_has_nothing_drops_all_that_it_had(year: Workspace) -> None:
    send(year, "1.xlsx", "enrolment")
    send(year, "2.xlsx", "enrolment", nil="本年度無參與業務")
    (said,) = dropped(year)
    assert "少了 2 筆：03-01 用電申辦進度線上查詢服務、03-02" in said


def test_a_later_return_that_names_all_says_nothing(year: Workspace) -> None:
    put(year, "report", name="1.xlsx", at="01")
    put(year, "report", retitled, name="2.xlsx", at="02")
    assert dropped(year) == []


def retitled(someone: Person) -> None:
    someone.table("有功人員", "有功人員", 1, "職稱", "科長")


def test_why_says_first_that_the_enrolment_has_the_item_no_more(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    send(year, "1.xlsx", "enrolment")
    send(year, "2.xlsx", "report")
    send(year, "3.xlsx", "enrolment", but="03-02")
    for item, first in (("03-02", "待修正"), ("03-01", "評分")):
        main(["why", item, "--folder", str(year.root)])
        assert capsys.readouterr().out.splitlines()[1].startswith(first), item
