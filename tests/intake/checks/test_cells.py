"""Each single fault of a cell gives its own finding, there, and no other; what is no fault is read as meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.edits import (
    ITEM,
    card,
    filing,
    item,
    one_fault_is_one_finding,
    people,
    score,
    table,
)
from tests.support.returns import ITEMS, PLAN, Edit, codes, read, returned
from xltool.intake.one import read_file

SINGLE: dict[str, tuple[str, Edit, str]] = {
    # V301: a blank required field, and only that
    "required text": ("enrolment", filing("填報人", None), "V301"),
    "required text of spaces": ("enrolment", filing("填報人", " 　\n"), "V301"),
    "required text of a dash": ("enrolment", filing("填報人", "－"), "V301"),
    "required date": ("enrolment", filing("填報日期", None), "V301"),
    "required choice": ("enrolment", filing("核章情形", None), "V301"),
    "required in a row": ("enrolment", item(2, "年度目標", None), "V301"),
    "required yes or no": ("enrolment", item(2, "跨機關或公私協力", None), "V301"),
    "required score": ("report", score(2, None), "V301"),
    "a member's presence": ("meeting", table("會議資料", "出席情形", 5, "出席", None), "V301"),
    # V302, V303, V310: numbers
    "a score in words": ("report", score(1, "很好"), "V302"),
    "a score above the scale": ("report", score(1, 100.01), "V303"),
    "a score below the scale": ("report", score(1, -0.5), "V303"),
    "half a rank": ("settings", table("敘獎原則", "獎度表", 6, "順序", 5.5), "V310"),
    "a day that is not": ("enrolment", filing("填報日期", "114.2.30"), "V304"),
    "a month alone": ("enrolment", filing("填報日期", "114年11月"), "V304"),
    "a year typed as a day": ("enrolment", filing("填報日期", 114), "V304"),
    "no such choice": ("enrolment", filing("核章情形", "蓋好了"), "V305"),
    "no such category": ("enrolment", item(1, "服務類別", "數位創新"), "V305"),
    "no such title": ("enrolment", filing("職稱層級", "科員"), "V305"),
    "no such unit": ("contest", table("參選案", "參選案", 1, "主辦單位", "總務組"), "V305"),
    "no such reward": ("report", people(1, "自行考核獎勵建議", "嘉獎9次"), "V305"),
    "neither yes nor no": ("enrolment", item(2, "跨機關或公私協力", "也許"), "V305"),
    "no such criterion": (
        "review",
        table(ITEM, "四構面評分（選填）", 1, "評核構面", "美觀"),
        "V305",
    ),
    # V306, V307, V312: text
    "too long": ("report", people(1, "具體事蹟", "字" * 101), "V306"),
    "no e-mail": ("enrolment", filing("電子郵件", "chen"), "V307"),
    "no phone": ("enrolment", filing("聯絡電話", "請洽總機"), "V307"),
    "no item": ("report", people(1, "業務編號", "第一項"), "V307"),
    "another unit's item": ("enrolment", item(1, "業務編號", "04-01"), "V307"),
    "a line break": ("report", people(1, "具體事蹟", "主辦\n平臺建置"), "V312"),
    # V309, V313
    "an error": ("enrolment", filing("填報人", "#REF!"), "V309"),
    "an error in a number": ("report", score(1, "#DIV/0!"), "V309"),
    "a formula never calculated": ("enrolment", filing("填報人", "=A1"), "V309"),
    "ditto": ("enrolment", item(2, "服務對象", "同上"), "V313"),
    "a ditto mark": ("enrolment", item(2, "承辦人", "〃"), "V313"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_one_fault_is_one_finding(name: str, tmp_path: Path) -> None:
    one_fault_is_one_finding(*SINGLE[name], tmp_path)


# What is typed, and how it is read: no finding, or a note where the reading is not obvious.
READ_AS: dict[str, tuple[Edit, str, str, object, str]] = {
    "zero": (score(1, 0), "scores", "score", Decimal(0), ""),
    "full marks": (score(1, 100), "scores", "score", Decimal(100), ""),
    "a half": (score(1, 87.5), "scores", "score", Decimal("87.5"), ""),
    "marks with their unit": (score(1, "85分"), "scores", "score", Decimal(85), ""),
    "full width": (score(1, "８５．５"), "scores", "score", Decimal("85.5"), "V308"),
    "a rounding error": (score(1, 85.30000000000001), "scores", "score", Decimal("85.3"), ""),
    "tai": (people(1, "角色", "主要承辦人員 "), "people", "role", "主要承辦人員", ""),
    "full-width mark": (people(1, "角色", "首長(主管)"), "people", "role", "首長（主管）", ""),
    "an item's number as a date": (
        people(1, "業務編號", date(2025, 3, 1)),
        *("people", "item", "03-01", "V308"),
    ),
    "an item's number and name": (
        people(1, "業務編號", "03-01 用電申辦"),
        *("people", "item", "03-01", "V308"),
    ),
    "an item's number, short": (people(1, "業務編號", "3-1"), "people", "item", "03-01", "V308"),
    "full-width code": (people(1, "職員編號", "Ｅ１０２３４"), "people", "staff_id", "E10234", ""),
    "nothing to say": (people(1, "備註", "無"), "people", "note", None, ""),
    "a dash": (people(1, "官職等", "－"), "people", "grade", None, ""),
    "not applicable": (people(1, "具體事蹟", "N/A"), "people", "deed", None, ""),
    "a number for words": (people(1, "職稱", 7), "people", "title", "7", ""),
    "a date for words": (
        people(1, "職稱", date(2025, 6, 1)),
        "people",
        "title",
        "114.06.01",
        "V315",
    ),
    "exactly the limit": (people(1, "具體事蹟", "字" * 100), "people", "deed", "字" * 100, ""),
    "an escaped line break": (
        card(ITEM, "改進情形", "第一行_x000D_\n第二行"),
        *("report", "follow_up", "第一行\n第二行", ""),
    ),
    "prose keeps its signs": (
        card(ITEM, "改進情形", "面積 1,200 ㎡、１０ ㏑ "),
        *("report", "follow_up", "面積 1,200 ㎡、１０ ㏑", ""),
    ),
}


@pytest.mark.parametrize("name", READ_AS)
def test_what_is_typed_is_read_as_meant(name: str, tmp_path: Path) -> None:
    edit, section, key, value, code = READ_AS[name]
    reading = read(returned(tmp_path, "report", edit))
    assert codes(reading) == ([code] if code else [])
    assert reading.submission is not None
    record = reading.submission.section(section)[0]
    assert record.values.get(key) == value


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        *(
            ("Y", True),
            ("v", True),
            ("✓", True),
            ("有", True),
            ("○", True),
            ("是 ", True),
            (1, True),
        ),
        *(("N", False), ("否", False), ("無", False), ("×", False), (0, False)),
    ],
)
def test_yes_and_no_in_the_usual_spellings(typed: object, read_as: bool, tmp_path: Path) -> None:
    path = returned(
        tmp_path,
        "enrolment",
        item(1, "跨機關或公私協力", typed),
        item(1, "合作對象", "台灣電力股份有限公司"),
    )
    reading = read(path)
    assert reading.status == "accepted"
    assert reading.submission is not None
    assert reading.submission.section("items")[0].flag("cross_agency") is read_as


def test_what_was_typed_is_kept_beside_what_was_read(tmp_path: Path) -> None:
    reading = read(
        returned(
            tmp_path,
            "report",
            score(1, "８５"),
            people(1, "備註", "無"),
            people(2, "職稱", "專員　"),
        )
    )
    assert reading.submission is not None
    assert reading.submission.section("scores")[0].raw == {"score": "８５"}
    people_rows = reading.submission.section("people")
    assert people_rows[0].raw == {"note": "無"}
    assert people_rows[0].at["note"].sheet == "有功人員"
    assert people_rows[1].raw == {"title": "專員　"}


def test_tai_may_be_spelled_either_way_in_a_choice_but_stays_as_typed_in_prose(
    tmp_path: Path,
) -> None:
    reading = read(returned(tmp_path, "enrolment", item(1, "合作對象", "臺灣電力股份有限公司")))
    assert reading.submission is not None
    assert reading.submission.section("items")[0].text("partners") == "臺灣電力股份有限公司"


def test_a_unit_may_be_named_by_its_code(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "contest", table("參選案", "參選案", 1, "主辦單位", "03")))
    assert codes(reading) == []
    assert reading.submission is not None
    assert reading.submission.section("entries")[0].text("unit") == "電力發展及管理組"


# --- what the unit enrolled --------------------------------------------------------------------


def test_only_enrolled_items_may_be_chosen_when_they_are_known(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", people(1, "業務編號", "03-09"))
    assert codes(read_file(path, PLAN)) == []
    assert codes(read_file(path, PLAN, items={"03": ITEMS})) == ["V305"]
    assert codes(read_file(path, PLAN, items={"03": (*ITEMS, "03-09")})) == []


# --- text as it should not be -----------------------------------------------------------------


def test_simplified_characters_are_kept_and_named_with_the_traditional_ones(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", card(ITEM, "改進情形", "已和户政系统介接，台北")))
    assert codes(reading) == ["V314"]
    assert reading.findings[0].value == "户→戶、统→統"
    assert reading.submission is not None
    assert reading.submission.section("report")[0].text("follow_up") == "已和户政系统介接，台北"


def test_a_choice_or_a_heading_in_simplified_characters_is_known(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "enrolment", item(1, "服務類別", "数位创新加值")))
    assert codes(reading) == ["V308"]
    assert reading.submission is not None
    assert reading.submission.section("items")[0].text("category") == "數位創新加值"


@pytest.mark.parametrize(
    ("label", "typed", "read_as"),
    [("評分", "八十五點五", Decimal("85.5")), ("評分", "９０分", Decimal(90))],
)
def test_a_number_in_words_is_read_and_noted(
    label: str, typed: str, read_as: Decimal, tmp_path: Path
) -> None:
    reading = read(returned(tmp_path, "report", table(ITEM, "四構面自評", 1, label, typed)))
    assert codes(reading) == ["V308"]
    assert reading.submission is not None
    assert reading.submission.section("scores")[0].values["score"] == read_as


def test_a_row_that_only_says_nothing_follows_is_no_row(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", people(3, "姓名", "以下空白")))
    assert codes(reading) == ["V308"]
    assert reading.submission is not None
    assert len(reading.submission.section("people")) == 2
