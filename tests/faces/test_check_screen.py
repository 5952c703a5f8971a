"""What a check found, as a person reads it on the terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.support.checked import FILES
from tests.support.year import PLAN, RECEIPTS, UNSURE
from xltool.faces.check_screen import print_check
from xltool.findings import finding
from xltool.model import Address
from xltool.outputs.checked import ACCEPTED, CheckedFile, summary


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def isatty(self) -> bool:
        return True


def printed(to: type[io.StringIO] = io.StringIO, **more: Any) -> str:
    stream = to()
    print_check(FILES, RECEIPTS, plan=PLAN, stream=stream, **more)
    return stream.getvalue()


def test_a_file_is_told_with_its_form_unit_and_status() -> None:
    told = printed()
    assert "再生組.xlsx　執行成果填報表　再生與前瞻能源發展組　【待修正】" in told
    assert "照片.xlsx　無法判斷的表單　（無單位）　【無法讀取】" in told


def test_a_finding_is_told_with_severity_place_problem_and_remedy() -> None:
    for told in (printed(), printed(Terminal)):
        assert "錯誤 V301" in told
        assert "「辦理情形」未填" in told
        assert "請填寫辦理情形" in told


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_a_place_is_never_broken_over_lines(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    at = Address("a.xlsx", "業務 03-01（國際合作及淨零轉型推動辦公室）", "AB1234")
    one = replace(FILES[0], findings=(finding("S207", at, "字"),))
    for to in (io.StringIO, Terminal):
        stream = to()
        print_check([one], plan=PLAN, stream=stream)
        assert f"{at.sheet}!{at.cell}" in stream.getvalue(), (columns, to)


def test_what_goes_into_a_pipe_is_not_padded() -> None:
    assert [line for line in printed().splitlines() if line != line.rstrip()] == []


def test_file_names_are_never_read_as_markup() -> None:
    assert "電力組[red].xlsx" in printed()


def test_control_characters_of_a_file_never_reach_the_terminal() -> None:
    stream = io.StringIO()
    hostile = replace(FILES[0], file="a\x1b]0;x\x07.xlsx")
    found = finding("S207", Address("a.xlsx", "表\x1b[2J"), "\x1b[31m紅")
    print_check([replace(hostile, findings=(found,))], stream=stream)
    assert "\x1b" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()


def test_findings_of_the_rules_name_their_file() -> None:
    assert "參選結果表" in printed(others=(UNSURE,))


def test_files_that_were_not_taken_say_why() -> None:
    told = printed()
    assert "電力組(舊).xlsx　未採用（被較新版取代）：改採電力組.xlsx" in told
    assert "電力組.xlsx　採用" not in told


def test_files_with_problems_come_first_and_those_without_are_one_line() -> None:
    clean = [CheckedFile(f"{n:02}.xlsx", "report", f"{n:02}", 1, ACCEPTED, ()) for n in (1, 2, 4)]
    noted = replace(
        clean[0],
        file="說明.xlsx",
        findings=(finding("F109", Address("說明.xlsx"), other="01.xlsx"),),
    )
    stream = io.StringIO()
    print_check([clean[0], noted, clean[1], *FILES, clean[2]], plan=PLAN, stream=stream)
    told = stream.getvalue()
    assert "3 份沒有發現問題" in told
    assert not any(one.file + "　" in told for one in clean)
    order = [told.index(name + "　") for name in ("再生組.xlsx", "照片.xlsx", "說明.xlsx")]
    assert order == sorted(order) and order[-1] < told.index("份沒有發現問題")


def test_one_line_sums_up() -> None:
    assert printed(others=(UNSURE,)).rstrip().endswith(summary(FILES, (UNSURE,)))
    assert summary(FILES, (UNSURE,)) == (
        "共 3 個檔案：可採用 1、待修正 1、無法讀取 1；檢核結果：錯誤 3 項、提醒 1 項、說明 1 項"
    )
