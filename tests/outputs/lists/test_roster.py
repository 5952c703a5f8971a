"""The roster as the personnel office reads it (柒、二)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from tests.conftest import LibreOffice
from tests.support import nouns
from tests.support.year import DATASET, LINES, OUTCOMES, PLAN
from xltool.model import ContestStage, Dataset, Role
from xltool.outputs.lists.roster import write_roster
from xltool.rules.outcomes import Outcomes, Pending, RewardLine

DAY = date(2026, 6, 16)


def write(path: Path, outcomes: Outcomes = OUTCOMES, dataset: Dataset = DATASET) -> Path:
    write_roster(path, outcomes, dataset, PLAN, day=DAY)
    return path


def of(*lines: RewardLine) -> Outcomes:
    return replace(OUTCOMES, rewards=replace(OUTCOMES.rewards, lines=lines))


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return write(tmp_path / "名冊.xlsx")


def lines(path: Path) -> list[dict[str, Any]]:
    """The roster's lines by heading, without the mark （個資）."""
    rows = list(load_workbook(path)["名冊"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "項次")
    titles = [str(title).split("\n")[0] for title in rows[head]]
    return [
        dict(zip(titles, row, strict=True)) for row in rows[head + 1 :] if isinstance(row[0], int)
    ]


def texts(path: Path, sheet: str) -> list[Any]:
    return [cell for row in load_workbook(path)[sheet].iter_rows(values_only=True) for cell in row]


def test_the_head_says_who_reports_when_why_and_on_what_basis(roster: Path) -> None:
    sheet = load_workbook(roster)["名冊"]
    head = {sheet.cell(n, 1).value: sheet.cell(n, 3).value for n in range(3, 9)}
    assert head.pop("名冊編號") == "114 年度第 1 號"
    assert "待修正" in str(head.pop("填報情形"))
    assert head == {
        "提報單位": "能源政策及氣候變遷組",
        "提報日期": "115年6月16日",
        "敘獎事由": "參與第8屆「政府服務獎」有功人員",
        "適用依據": "經濟部能源署114年提升服務效能執行計畫　柒、二、參與「政府服務獎」敘獎原則",
    }


def test_the_reason_counts_the_entries_by_how_far_they_got(tmp_path: Path) -> None:
    entries = tuple(
        nouns.entry(f"A{n}", name="案", term="第8屆", unit="03", stage=stage)
        for n, stage in enumerate((ContestStage.AWARDED, ContestStage.NOMINATED))
    )
    path = write(tmp_path / "r.xlsx", dataset=replace(DATASET, entries=entries))
    assert "參與第8屆「政府服務獎」有功人員（獲獎 1 件、薦送參選未入圍 1 件）" in texts(
        path, "名冊"
    )


def test_without_a_day_it_is_left_to_be_filled_by_hand(tmp_path: Path) -> None:
    write_roster(tmp_path / "r.xlsx", OUTCOMES, DATASET, PLAN, day=None)
    assert "　　　年　　月　　日" in texts(tmp_path / "r.xlsx", "名冊")


def test_the_columns_are_those_the_personnel_office_expects(roster: Path) -> None:
    printed = [
        "項次", "單位", "姓名", "職稱", "人員類別", "官職等", "獎懲種類", "依據條款", "具體事蹟", "備註",
    ]  # fmt: skip
    assert list(lines(roster)[0])[: len(printed)] == printed
    area = load_workbook(roster)["名冊"].print_area
    assert area.split(":")[1].lstrip("$").startswith("J"), "and no other is printed"


def test_entry_term_result_and_role_and_what_the_coordinator_notes_stand_beside_what_is_printed(
    roster: Path,
) -> None:
    beside = list(lines(roster)[0])[10:]
    assert beside[2:] == [
        "參選編號", "屆別", "參選結果", "角色", "核定", "發布", "確認（三個月內）", "核列經過",
    ]  # fmt: skip


def test_fixed_amounts_and_ceilings_are_told_apart(roster: Path) -> None:
    main, head, *_ = lines(roster)
    assert (main["獎懲種類"], main["性質"], main["依據條款"]) == (
        "記大功1次",
        "固定額度",
        "柒、二、(一)",
    )
    assert (head["獎懲種類"], head["性質"]) == ("嘉獎2次", "最高記功1次")


def test_what_was_absorbed_is_named_and_not_rewarded_again(roster: Path) -> None:
    main = lines(roster)[0]
    assert "已併入 柒、二、(三) A2" in main["備註"]
    assert "已併入 柒、二、(三) A2 用電申辦一站通" in main["核列經過"]
    assert [line["姓名"] for line in lines(roster)].count("王小明") == 1


def test_a_major_merit_carries_its_full_route(roster: Path) -> None:
    main, head, *_ = lines(roster)
    assert "記大功（見註）" in main["備註"]
    assert "記大功" not in (head["備註"] or "")
    foot = [text for text in texts(roster, "名冊") if str(text).startswith("註：")]
    assert "考績委員會初核、機關長官覆核及核定，不得先行發布" in foot[0]


def test_people_outside_the_appraisal_act_are_marked(roster: Path) -> None:
    assert "比照" in lines(roster)[2]["備註"]


def test_the_contests_term_and_the_plans_year_are_told_apart(roster: Path) -> None:
    assert "政府服務獎第8屆（計畫年度 114 年）" in lines(roster)[0]["核列經過"]


def test_whom_somebody_must_decide_on_is_in_no_list_but_under_that_heading(roster: Path) -> None:
    assert "陳美玲" not in [line["姓名"] for line in lines(roster)]
    told = [str(text) for text in texts(roster, "待釐清")]
    assert [text for text in told if text.startswith("再生與前瞻能源發展組 陳美玲（")]
    assert "R506" in told


def test_a_blocked_line_has_absorbed_nothing_yet(tmp_path: Path) -> None:
    path = write(tmp_path / "r.xlsx", of(replace(LINES[0], blocked=True)))
    told = "\n".join(str(text) for text in texts(path, "待釐清"))
    assert "已併入" not in told
    assert "另有 柒、二、(三) A2" in told


def test_a_roster_on_which_everybody_must_be_decided_on_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "r.xlsx", of(replace(LINES[0], blocked=True)))
    assert "（均待釐清，見「待釐清」工作表）" in texts(path, "名冊")
    assert LINES[0].reward is not None
    assert LINES[0].reward.name not in texts(path, "名冊")


def test_a_deed_has_no_line_breaks_and_too_long_a_one_is_named(tmp_path: Path) -> None:
    def deed(text: str) -> RewardLine:
        return replace(LINES[1], person=nouns.changed(LINES[1].person, deed=text))

    path = write(tmp_path / "r.xlsx", of(deed("甲\n乙"), deed("字" * 100), deed("字" * 101)))
    broken, limit, over = lines(path)
    assert broken["具體事蹟"] == "甲 乙"
    assert "請精簡" not in limit["核列經過"]
    assert "具體事蹟 101 字，請精簡到 100 字以內" in over["核列經過"]
    assert over["具體事蹟"] == "字" * 101


def test_totals_per_reward_and_unit_are_worth_their_points(roster: Path) -> None:
    sheet = load_workbook(roster, data_only=True)["統計"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["電力發展及管理組"] == (0, 1, 0, 0, 1, 0, 2, 11)
    assert rows["再生與前瞻能源發展組"] == (1, 0, 0, 0, 0, 0, 1, 1)
    assert rows["合計"] == (1, 1, 0, 0, 1, 0, 3, 12)
    assert len(rows) == 13


def test_a_units_own_proposals_are_listed_apart(roster: Path) -> None:
    told = texts(roster, "自行考核獎勵建議")
    assert "王小明" in told
    assert "亦列於「名冊」，請確認是否同一事由" in told


def test_who_is_on_no_line_yet_is_named_with_the_reason(tmp_path: Path) -> None:
    person = nouns.changed(LINES[0].person, name="林未定", role=Role.MAIN)
    waiting = Pending(person, ("參選案「A9」尚無參選結果",), PLAN.ladder[-1])
    rewards = replace(OUTCOMES.rewards, pending=(waiting,))
    path = write(tmp_path / "r.xlsx", replace(OUTCOMES, rewards=rewards))
    told = "\n".join(str(cell) for cell in texts(path, "待釐清"))
    assert "林未定（主要承辦人員）" in told and "尚無參選結果" in told
    assert "林未定" not in [line["姓名"] for line in lines(path)]


def test_who_has_not_filed_is_named_in_its_head(tmp_path: Path) -> None:
    missing = nouns.filing("07", "report", filed=False)
    faulty = nouns.filing("08", "report", filed=False, blocked=True)
    path = write(tmp_path / "r.xlsx", dataset=replace(DATASET, filings=(missing, faulty)))
    assert "執行成果填報表未繳：秘書室；執行成果填報表待修正：人事室" in texts(path, "名冊")


def test_four_sign_it(roster: Path) -> None:
    told = texts(roster, "名冊")
    assert told.index("承辦人") < told.index("單位主管") < told.index("機關首長")
    assert "人事單位" in told


@pytest.mark.parametrize("text", ["=1+1", "+886", "@SUM(A1)", "http://x.example", "\x08甲\ud800"])
def test_text_of_units_stays_text(tmp_path: Path, text: str) -> None:
    person = nouns.changed(LINES[0].person, deed=text, name=text, title=text)
    path = write(tmp_path / "r.xlsx", of(replace(LINES[0], person=person)))
    sheet = load_workbook(path)["名冊"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert lines(path)[0]["姓名"] == text.replace("\x08", "").replace("\ud800", "")


def test_the_same_year_gives_the_same_bytes(roster: Path, tmp_path: Path) -> None:
    assert write(tmp_path / "again.xlsx").read_bytes() == roster.read_bytes()


def test_a_year_without_rewards_says_so(tmp_path: Path) -> None:
    nothing = replace(OUTCOMES.rewards, lines=(), proposals=(), findings=())
    path = write(tmp_path / "r.xlsx", replace(OUTCOMES, rewards=nothing))
    assert "（無敘獎人員）" in texts(path, "名冊")
    assert "（沒有待釐清事項）" in texts(path, "待釐清")


def test_excel_would_open_it(roster: Path) -> None:
    assert OpenXmlValidator().validate(str(roster)).is_valid


def test_libreoffice_counts_what_python_counted(roster: Path, soffice: LibreOffice) -> None:
    ours = load_workbook(roster, data_only=True)["統計"]
    # openpyxl's save drops the values beside the formulas: LibreOffice has to compute.
    bare = load_workbook(roster)
    bare.save(roster)
    again = load_workbook(soffice.convert(roster, "xlsx"), data_only=True)["統計"]
    for row in ours.iter_rows(min_row=5, min_col=2):
        for cell in row:
            assert again[cell.coordinate].value == cell.value
