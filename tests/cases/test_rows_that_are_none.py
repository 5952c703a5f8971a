"""Totals, notes and lines for signatures below or inside a table: one finding, and no row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import LibreOffice
from tests.support.edits import ITEM, item, people, table
from tests.support.returns import FILLED, Edit, codes, content, read, returned
from xltool.intake import Reading


def metric(row: int, label: str, value: object) -> Edit:
    return table(ITEM, "量化成效", row, label, value)


def score(row: int, label: str, value: object) -> Edit:
    return table(ITEM, "四構面自評", row, label, value)


def motion(row: int, label: str, value: object) -> Edit:
    return table("議案", "議案", row, label, value)


def entrant(row: int, label: str, value: object) -> Edit:
    return table("人員", "人員", row, label, value)


def present(row: int, label: str, value: object) -> Edit:
    return table("會議資料", "出席情形", row, label, value)


NO_ROWS: dict[str, tuple[str, Sequence[Edit], str]] = {
    "a total right below": (
        "report",
        [people(3, "業務編號", "合計"), people(3, "姓名", "2 人")],
        "合計；2 人",
    ),
    "a total among the prepared rows": (
        "enrolment",
        [item(4, "業務名稱", "合　計"), item(4, "服務對象", "2 項")],
        "合　計；2 項",
    ),
    "a total over the row's number": ("enrolment", [item(3, "業務編號", "小計")], "小計"),
    "a total of indicators": (
        "report",
        [metric(2, "指標", "總計"), metric(2, "單位", "人次"), metric(2, "實績值", "12,345")],
        "總計；人次；12,345",
    ),
    "a total of scores": (
        "report",
        [score(5, "評核構面", "平均"), score(5, "評分", 83.75)],
        "平均；83.75",
    ),
    "a total below the units": (
        "meeting",
        [present(13, "單位", "合計"), present(13, "出席", "8 人")],
        "合計；8 人",
    ),
    "a total of motions": ("meeting", [motion(3, "案號", "共 2 案")], "共 2 案"),
    "a note below": (
        "report",
        [people(16, "業務編號", "備註：以上人員均已報核")],
        "備註：以上人員均已報核",
    ),
    "a note with a cell of its own": (
        "contest",
        [entrant(2, "參選編號", "說明"), entrant(2, "單位", "尚待評獎結果")],
        "說明；尚待評獎結果",
    ),
    "a note of three lines": (
        "report",
        [
            people(4, "業務編號", "註："),
            people(5, "業務編號", "1、名單依貢獻排列"),
            people(6, "業務編號", "2、獎勵另簽"),
        ],
        "註：；1、名單依貢獻排列；2、獎勵另簽",
    ),
    "the end of the sitting": ("meeting", [motion(3, "案由", "散會")], "散會"),
    "motions that nobody brought": (
        "meeting",
        [motion(3, "案號", "臨時動議"), motion(3, "案由", "無")],
        "臨時動議；無",
    ),
    "a line for signatures": (
        "report",
        [people(18, "業務編號", "承辦人：李承辦"), people(18, "職稱", "主管：陳大文")],
        "承辦人：李承辦；主管：陳大文",
    ),
}
ROWS: dict[str, tuple[str, Sequence[Edit]]] = {
    "an indicator called after a total": ("report", [metric(1, "指標", "合計服務人次")]),
    "an indicator called 合計 that is the only one": ("report", [metric(1, "指標", "合計")]),
    "a business called 說明會": ("enrolment", [item(2, "業務名稱", "說明會")]),
    "a motion numbered like a total": ("meeting", [motion(2, "案號", "共3案")]),
    "a business called like a total": ("enrolment", [item(2, "業務名稱", "計2項")]),
    "a note beside a person": ("report", [people(2, "備註", "合計")]),
}


@pytest.mark.parametrize("case", NO_ROWS)
def test_such_a_row_is_one_finding_with_its_words_and_no_row(case: str, tmp_path: Path) -> None:
    key, edits, words = NO_ROWS[case]
    reading = read(returned(tmp_path, key, *edits))
    assert [(one.code, one.value) for one in reading.findings] == [("S221", words)]
    assert reading.submission is not None
    assert content(reading.submission.records) == content(FILLED[key])


@pytest.mark.parametrize("case", ROWS)
def test_a_row_that_only_sounds_like_one_is_read(case: str, tmp_path: Path) -> None:
    key, edits = ROWS[case]
    reading = read(returned(tmp_path, key, *edits))
    renumbered = (
        ["C432"] if case == "a motion numbered like a total" else []
    )  # it came with a number
    assert codes(reading) == renumbered
    assert reading.submission is not None
    assert len(reading.submission.records) == len(FILLED[key])


def test_two_of_a_kind_apart_are_two_findings_and_below_each_other_one(tmp_path: Path) -> None:
    edits = [people(row, "業務編號", "小計") for row in (3, 4, 7)]
    assert codes(read(returned(tmp_path, "report", *edits))) == ["S221", "S221"]


def test_a_unit_with_nothing_to_report_may_leave_a_note(tmp_path: Path) -> None:
    from tests.support.returns import Person, issued, nothing

    person = Person(issued(tmp_path, "report", nothing("report", "本年度無執行成果")))
    people(1, "業務編號", "備註：本年度無業務")(person)
    assert codes(read(person.save())) == ["S221"]


@pytest.mark.parametrize("to", ["ods", "xls"])
def test_and_so_in_other_formats(to: str, soffice: LibreOffice, tmp_path: Path) -> None:
    path = returned(tmp_path, "enrolment", *NO_ROWS["a total among the prepared rows"][1])
    soffice.run("--convert-to", to, "--outdir", str(tmp_path / "saved"), str(path))
    reading: Reading = read(tmp_path / "saved" / f"enrolment.{to}")
    assert [code for code in codes(reading) if not code.startswith("F")] == ["S221"]


@pytest.mark.parametrize(
    "said", ["（續）並由主任秘書列管追蹤。", "續上：並由主任秘書列管追蹤。", "(接上列)並列管。"]
)
def test_words_that_go_on_in_the_next_row_belong_to_the_row_above(
    said: str, tmp_path: Path
) -> None:
    reading = read(returned(tmp_path, "meeting", motion(3, "決議", said)))
    assert [(one.code, one.value) for one in reading.findings] == [("S224", said)]
    assert reading.submission is not None
    motions = reading.submission.section("motions")
    assert motions[-1].text("resolution").endswith(f"\n{said}")
    assert len(motions) == 2


def test_a_motion_on_going_on_is_a_motion(tmp_path: Path) -> None:
    edits = [
        motion(3, "案號", "3"),
        motion(3, "案由", "續辦服務獎推薦"),
        motion(3, "決議", "照案通過"),
    ]
    reading = read(returned(tmp_path, "meeting", *edits, motion(3, "達成共識", "是")))
    assert codes(reading) == []


@pytest.mark.parametrize("number", ["臨時動議", "臨時動議一", "報告事項1"])
def test_a_motion_whose_consensus_was_forgotten_is_a_motion(number: str, tmp_path: Path) -> None:
    edits = [motion(3, "案號", number), motion(3, "案由", "追加推薦偏鄉微電網")]
    reading = read(returned(tmp_path, "meeting", *edits, motion(3, "決議", "照案通過")))
    assert codes(reading) == ["V301"]


def test_words_that_go_on_in_one_line_stay_one_line(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", people(3, "具體事蹟", "（續）協助測試")))
    assert codes(reading) == ["S224"]
    assert reading.submission is not None
    assert reading.submission.section("people")[-1].text("deed").endswith("（續）協助測試")


def test_a_row_further_down_goes_on_with_nothing(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", people(9, "具體事蹟", "（續）協助測試")))
    assert "S224" not in codes(reading)
