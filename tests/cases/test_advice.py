"""What is told can be done, and is seen where people look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.edits import ITEM, table
from tests.support.returns import FILLED, issued, nothing, read, returned
from xltool.faces.screen import Screen
from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.steps.done import Done

# --- A table that must have rows ----------------------------------------------------------------


def test_one_items_empty_table_is_not_mended_by_having_nothing_at_all(tmp_path: Path) -> None:
    blank = [table(ITEM, "量化成效", 1, label, None) for label in METRIC]
    reading = read(returned(tmp_path, "report", *blank))
    (found,) = (one for one in reading.findings if one.code == "C403")
    assert found.at.sheet == ITEM
    assert found.fix == "請在「量化成效」至少填 1 筆"


METRIC = ("指標＊", "單位＊", "目標值＊", "實績值＊", "說明")


def test_a_units_empty_table_is_mended_by_filling_it_or_saying_so(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "enrolment", nothing("enrolment", "有參與業務")))
    (found,) = reading.findings
    assert found.fix == (
        "請在「參與業務」至少填 1 筆；"
        "整個單位確實沒有時，請把「填報資料」的「填報情形」改選「本年度無參與業務」"
    )


def test_a_form_that_knows_no_nothing_asks_for_rows(tmp_path: Path) -> None:
    path = issued(tmp_path, "meeting", [r for r in FILLED["meeting"] if r.section != "motions"])
    (found,) = (one for one in read(path).findings if one.code == "C403")
    assert found.fix == "請在「議案」至少填 1 筆"


# --- Seen on the screen ------------------------------------------------------------------------

FILE = Address("03.xlsx")
MATTER = {
    "F110": finding("F110", FILE, chosen="03(1).xlsx"),
    "F116": finding("F116", FILE, "總表.xlsx", backup="總表_備份.xlsx"),
    "F126": finding("F126", FILE, chosen="03(1).xlsx"),
    "F127": finding("F127", FILE, chosen="03(1).xlsx"),
    "C407": finding("C407", FILE, "03-02 微電網"),
}


def shown(findings: Sequence[Finding], capsys: pytest.CaptureFixture[str]) -> str:
    Screen(as_json=False).tell(Done("全部執行", findings=tuple(findings)))
    return capsys.readouterr().out


@pytest.mark.parametrize("code", MATTER)
def test_what_matters_is_seen_after_a_run(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = shown([MATTER[code]], capsys)
    assert code in told and MATTER[code].message in told and MATTER[code].fix in told
    assert "請留意 1 項" in told


def test_what_blocks_comes_last_so_that_it_is_read_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = shown([finding("F101", FILE), MATTER["C407"]], capsys)
    assert told.index("請留意 1 項") < told.index("須先處理的錯誤 1 項")


def test_what_the_coordinator_accepted_and_what_only_explains_are_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from xltool.findings import Severity

    accepted = replace(MATTER["C407"], severity=Severity.WAIVED)
    explained = finding("V308", FILE, "114/11/30", field="日期", read="114.11.30")
    assert shown([accepted, explained], capsys) == ""


def test_many_are_counted_and_the_first_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown([MATTER["C407"]] * 30, capsys)
    assert "請留意 30 項" in told and told.count("C407") == 20 and "其餘" in told
