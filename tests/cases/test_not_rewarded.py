"""「無」「－」「不敘獎」 in 建議獎勵 is the decision to give none; only an empty cell is an empty cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import PLAN, Person, read, returned
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.model import NO_REWARD
from xltool.steps.gather import gather

SAID = ["無", "－", "-", "N/A", "不敘獎", "不 敘 獎", "不予敘獎", "免敘獎", "不獎勵", "不叙奖"]


def proposing(folder: Path, text: str, reason: str = "") -> Path:
    """A 參選結果表 whose only person's 建議獎勵 is that text."""

    def edit(person: Person) -> None:
        person.table("人員", "人員", 1, "建議獎勵", text or None)
        if reason:
            person.table("人員", "人員", 1, "備註", reason)

    return returned(folder, "contest", edit)


@pytest.mark.parametrize("text", SAID)
def test_none_is_said_in_many_ways_and_none_of_them_blocks(text: str, tmp_path: Path) -> None:
    reading = read(proposing(tmp_path, text))
    assert reading.submission is not None
    (person,) = reading.submission.section("people")
    assert person.values["proposed"] == NO_REWARD
    assert not [one.code for one in reading.findings if one.blocks]


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    reading = read(proposing(tmp_path, ""))
    assert reading.submission is not None
    (person,) = reading.submission.section("people")
    assert "proposed" not in person.values


def test_whoever_is_decided_to_get_none_stands_on_no_line_but_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = year_of_114(tmp_path / "year")
    for path in year.inbox.glob("*參選結果表*"):
        path.unlink()
    proposing(tmp_path, "無", "已於 113 年敘獎").rename(year.inbox / "參選結果表.xlsx")
    assert main(["rewards", "--folder", str(year.root)]) in (0, 1)
    assert f"{NO_REWARD} 1 筆：王小明" in capsys.readouterr().out
    assert gather(year).outcomes.rewards.lines == ()
    book = openpyxl.load_workbook(year.roster(PLAN.year))
    assert NO_REWARD in book.sheetnames
    (*_, row) = book[NO_REWARD].iter_rows(values_only=True)
    assert row[1] == "王小明"
    assert "柒、二、(二) 固定記功1次" in str(row[3])
    assert row[4] == "已於 113 年敘獎"
    assert main(["why", "王小明", "--folder", str(year.root)]) == 0
    assert "已於 113 年敘獎" in capsys.readouterr().out
