"""A setting that is not the plan's may stand with a reason: it is on the roster, and gone once put right."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import Person
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.findings import Severity
from xltool.steps.gather import gather
from xltool.steps.write import rewards
from xltool.store.workspace import Workspace

REASON = ["--reason", "依115年修正計畫，奉核辦理", "--by", "王承辦"]


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    """The sample year with its contest, where a main handler of an award gets 記功2次."""
    workspace = year_of_114(tmp_path, "contest")
    grant(workspace, "記功2次")
    return workspace


def grant(workspace: Workspace, reward: str) -> str:
    """Give the main handler of an award that reward; returns the cell."""
    person = Person(workspace.settings)
    rows = enumerate(person.sheet("敘獎原則").iter_rows(values_only=True), 1)
    [row] = [number for number, row in rows if row[1:3] == ("獲獎", "主要承辦人員")]
    cell = person.put("敘獎原則", row, 5, reward)
    person.save()
    return cell.coordinate


def head_of_roster(workspace: Workspace) -> str:
    rewards(workspace)
    page = openpyxl.load_workbook(workspace.roster(114))["名冊"]
    return "\n".join(str(cell.value) for row in page.iter_rows(max_row=12) for cell in row)


def waive(workspace: Workspace, *more: str) -> int:
    return main(["waive", *more, "--folder", str(workspace.root)])


def test_a_roster_by_another_table_than_the_plan_s_says_so_until_it_is_accepted(
    year: Workspace,
) -> None:
    head = head_of_roster(year)
    assert "設定與計畫不同，尚未確認：敘獎原則「獲獎主要承辦人員」填「記功2次」" in head
    assert "計畫柒、二為「記大功1次」" in head
    assert waive(year, "P619", *REASON) == 0
    for _ in range(2):  # it outlasts the run
        head = head_of_roster(year)
        assert "設定與計畫不同，已由承辦人接受：敘獎原則「獲獎主要承辦人員」填「記功2次」" in head
        assert "依115年修正計畫，奉核辦理" in head and "王承辦" in head
        assert "尚未確認" not in head


def test_the_tracker_s_rewards_say_it_too(year: Workspace) -> None:
    waive(year, "P619", *REASON)
    rewards(year)
    page = openpyxl.load_workbook(year.tracker(114))["敘獎"]
    lead = "".join(str(row[0]) for row in page.iter_rows(max_row=6, values_only=True))
    assert "設定與計畫不同，已由承辦人接受：敘獎原則「獲獎主要承辦人員」填「記功2次」" in lead


def test_an_accepted_setting_is_listed_with_reason_and_is_no_reminder_any_more(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert waive(year, "P619", *REASON) == 0
    assert "P619 年度設定 敘獎原則!" in capsys.readouterr().out
    [found] = [one for one in gather(year).findings if one.code == "P619"]
    assert found.severity is Severity.WAIVED
    main(["rewards", "--folder", str(year.root)])
    assert "P619" not in capsys.readouterr().out


def test_it_vanishes_when_the_setting_is_put_right(year: Workspace) -> None:
    waive(year, "P619", *REASON)
    grant(year, "記大功1次")
    assert "設定與計畫不同" not in head_of_roster(year)
    assert not [one for one in gather(year).findings if one.code == "P619"]


def test_another_wrong_amount_in_that_cell_is_not_what_was_accepted(year: Workspace) -> None:
    waive(year, "P619", *REASON)
    grant(year, "嘉獎1次")
    head = head_of_roster(year)
    assert "尚未確認：敘獎原則「獲獎主要承辦人員」填「嘉獎1次」" in head
    assert "已由承辦人接受" not in head


def test_one_cell_may_be_accepted_and_taken_back(year: Workspace) -> None:
    cell = grant(year, "記功2次")
    assert waive(year, "P619", "--cell", "敘獎原則!A1", *REASON) == 2, "nothing of the kind there"
    assert waive(year, "P619", "--cell", f"敘獎原則!{cell}", *REASON) == 0
    assert "已由承辦人接受" in head_of_roster(year)
    assert waive(year, "P619", "--remove") == 0
    assert "尚未確認" in head_of_roster(year)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["P619", "--unit", "03"], "請勿加 --unit"),
        (["P616"], "年度設定目前沒有 P616"),
        (["P601"], "P601 不能同意"),
        (["P620"], "P620 不能同意"),
    ],
)
def test_what_of_the_settings_cannot_be_accepted_is_said(
    words: list[str], complaint: str, year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert waive(year, *words, *REASON) == 2
    assert complaint in capsys.readouterr().err
