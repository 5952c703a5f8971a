"""Each single fault in a form gives its own finding, at its own cell, and no other."""

from __future__ import annotations

import struct
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile
from zlib import crc32

import pytest

from tests.conftest import LibreOffice
from tests.support.returns import (
    FILLED,
    ITEMS,
    PLAN,
    Edit,
    Person,
    codes,
    issued,
    photo,
    read,
    returned,
)
from xltool.findings import CATALOGUE, Severity
from xltool.forms import FORMS
from xltool.intake import read_file
from xltool.model import Record

ITEM = "業務 03-01"


def card(sheet: str, label: str, value: object) -> Edit:
    return lambda person: person.card(sheet, label, value)


def table(sheet: str, heading: str, row: int, label: str, value: object) -> Edit:
    return lambda person: person.table(sheet, heading, row, label, value)


def filing(label: str, value: object) -> Edit:
    return card("填報資料", label, value)


def item(row: int, label: str, value: object) -> Edit:
    # 參與業務 is its sheet's heading and stands below the title, so the first find is right
    return table("參與業務", "參與業務", row, label, value)


def people(row: int, label: str, value: object) -> Edit:
    return table("有功人員", "有功人員", row, label, value)


def score(row: int, value: object) -> Edit:
    return table(ITEM, "四構面自評", row, "評分", value)


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
    # C
    "stamped without a day": ("enrolment", filing("核章日期", None), "C401"),
    "stamped on no day": ("enrolment", filing("核章日期", "無"), "C401"),
    "partners unnamed": ("enrolment", item(1, "合作對象", None), "C401"),
    "nothing, yet something": ("enrolment", filing("填報情形", "本年度無參與業務"), "C402"),
    "a name twice": ("enrolment", item(2, "業務名稱", "用電申辦進度 線上查詢服務"), "C404"),
    "a number twice": ("enrolment", item(2, "業務編號", "03-01"), "C404"),
    "a score without evidence": ("report", table(ITEM, "四構面自評", 3, "佐證說明", None), "C405"),
    "an item's sheet twice": ("report", card("業務 03-02", "業務編號", "03-01"), "C404"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_one_fault_is_one_finding(name: str, tmp_path: Path) -> None:
    key, edit, code = SINGLE[name]
    changed: list[str] = []
    path = returned(tmp_path, key, lambda person: changed.append(edit(person).coordinate))  # type: ignore[attr-defined]
    reading = read(path)
    assert codes(reading) == [code]
    if code != "C402":
        assert reading.findings[0].at.cell == changed[0]
    assert reading.status == (
        "blocked" if CATALOGUE[code].severity is Severity.ERROR else "accepted"
    )


def answer(record: Record, key: str) -> object:
    return record.values.get(key)


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
        "V308",
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


# --- nothing to report (R8) --------------------------------------------------------------------


def nil(key: str, status: str) -> list[Record]:
    """A unit's form with nothing in it but who says so."""
    kept = [r for r in FILLED[key] if r.section in {"filing", "member"}]
    return [
        Record(r.section, {**r.values, "status": status} if r.section == "filing" else r.values)
        for r in kept
    ]


@pytest.mark.parametrize(
    ("key", "status"), [("enrolment", "本年度無參與業務"), ("report", "本年度無執行成果")]
)
def test_a_unit_with_nothing_to_report_says_so_and_that_is_all(
    key: str, status: str, tmp_path: Path
) -> None:
    reading = read(issued(tmp_path, key, nil(key, status)))
    assert codes(reading) == []
    assert reading.submission is not None
    assert reading.submission.nil is True


def test_a_unit_that_takes_no_part_still_names_its_member(tmp_path: Path) -> None:
    """附件2.二.(一): every unit has a member."""
    records = [r for r in nil("enrolment", "本年度無參與業務") if r.section == "filing"]
    reading = read(issued(tmp_path, "enrolment", records))
    assert codes(reading) == ["V301"] * 4


def test_a_unit_that_takes_part_names_at_least_one_item(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "enrolment", nil("enrolment", "有參與業務")))
    assert codes(reading) == ["C403"]
    assert reading.submission is not None
    assert reading.submission.nil is False


def test_a_report_without_its_items_sheets_is_stopped(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "report", nil("report", "有執行成果")))
    assert codes(reading) == ["S205"]


def test_a_report_as_issued_with_nothing_done_yet_may_be_nil(tmp_path: Path) -> None:
    given = [
        Record(r.section, {k: r.values[k] for k in ("item", "name", "category")}, r.of)
        for r in FILLED["report"]
        if r.section == "report"
    ]
    reading = read(issued(tmp_path, "report", [*nil("report", "本年度無執行成果"), *given]))
    assert codes(reading) == []


def test_a_row_that_only_says_nothing_follows_is_no_row(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", people(3, "姓名", "以下空白")))
    assert codes(reading) == ["V308"]
    assert reading.submission is not None
    assert len(reading.submission.section("people")) == 2


# --- what the unit enrolled --------------------------------------------------------------------


def test_only_enrolled_items_may_be_chosen_when_they_are_known(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", people(1, "業務編號", "03-09"))
    assert codes(read_file(path, PLAN)) == []
    assert codes(read_file(path, PLAN, items={"03": ITEMS})) == ["V305"]
    assert codes(read_file(path, PLAN, items={"03": (*ITEMS, "03-09")})) == []


# --- photos ------------------------------------------------------------------------------------


def huge_png() -> bytes:
    """A small file that says it is 60,000 pixels wide and high."""
    head = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for name, body in ((b"IHDR", head), (b"IDAT", b""), (b"IEND", b"")):
        data += struct.pack(">L", len(body)) + name + body + struct.pack(">L", crc32(name + body))
    return data


def photo_row(person: Person, row: int, column: str = "D") -> str:
    return f"{column}{person.find(ITEM, '照片').row + 2 + row}"


def caption(row: int, text: str) -> Edit:
    return table(ITEM, "照片", row, "圖說", text)


def picture(row: int, data: bytes | None = None, column: str = "D") -> Edit:
    return lambda person: person.picture(ITEM, photo_row(person, row, column), data or photo())


def test_a_photo_belongs_to_the_row_that_it_lies_on(tmp_path: Path) -> None:
    kept: list[bytes] = []

    def store(data: bytes) -> str:
        kept.append(data)
        return f"blob{len(kept)}"

    path = returned(
        tmp_path,
        "report",
        *(caption(1, "說明會"), caption(2, "操作畫面")),
        *(picture(1), picture(2, photo(1024, 768, "PNG"))),
    )
    reading = read_file(path, PLAN, store=store)
    assert codes(reading) == []
    assert reading.submission is not None
    first, second = reading.submission.pictures
    assert (first.caption, first.kind, first.width, first.height) == ("說明會", "jpeg", 800, 600)
    assert (second.caption, second.kind, second.width) == ("操作畫面", "png", 1024)
    assert first.of == "03-01"
    assert first.at.sheet == ITEM
    assert (first.blob, second.blob) == ("blob1", "blob2")
    assert kept[0] == photo()


def test_a_photo_beside_the_form_goes_to_the_caption_without_a_photo(tmp_path: Path) -> None:
    path = returned(
        tmp_path,
        "report",
        *(caption(1, "說明會"), caption(2, "操作畫面"), picture(1)),
        lambda person: person.picture(ITEM, "J3", photo()),
    )
    reading = read(path)
    assert codes(reading) == []
    assert reading.submission is not None
    assert [p.caption for p in reading.submission.pictures] == ["說明會", "操作畫面"]


PHOTO_FAULTS: dict[str, tuple[list[Edit], str]] = {
    "no caption": ([picture(1)], "C408"),
    "no photo": ([caption(1, "說明會")], "C409"),
    "too small": ([caption(1, "說明會"), picture(1, photo(479, 300))], "C410"),
    "elsewhere": ([lambda person: person.picture("填報資料", "C30", photo())], "S211"),
}


@pytest.mark.parametrize("name", PHOTO_FAULTS)
def test_one_fault_of_a_photo_is_one_finding(name: str, tmp_path: Path) -> None:
    edits, code = PHOTO_FAULTS[name]
    assert codes(read(returned(tmp_path, "report", *edits))) == [code]


def test_a_photo_just_large_enough_is_fine(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", caption(1, "說明會"), picture(1, photo(480, 300)))
    assert codes(read(path)) == []


def test_two_items_keep_their_photos_apart(tmp_path: Path) -> None:
    def other(person: Person) -> None:
        person.table("業務 03-02", "照片", 1, "圖說", "第二項業務")
        row = person.find("業務 03-02", "照片").row + 3
        person.picture("業務 03-02", f"D{row}", photo(900, 600))

    reading = read(returned(tmp_path, "report", caption(1, "第一項"), picture(1), other))
    assert codes(reading) == []
    assert reading.submission is not None
    assert [(p.of, p.caption) for p in reading.submission.pictures] == [
        ("03-01", "第一項"),
        ("03-02", "第二項業務"),
    ]


@pytest.mark.parametrize("to", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls"])
def test_photos_survive_being_saved_again_by_libreoffice(
    to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    edits = [
        edit
        for row in (1, 2, 3)
        for edit in (caption(row, f"圖說{row}"), picture(row, photo(700 + row, 500)))
    ]
    path = soffice.convert(returned(tmp_path, "report", *edits), to, tmp_path / "saved")
    reading = read(path)
    assert codes(reading) == []
    assert reading.submission is not None
    assert [(p.caption, p.width, p.of) for p in reading.submission.pictures] == [
        (f"圖說{row}", 700 + row, "03-01") for row in (1, 2, 3)
    ]


def test_a_large_photo_belongs_to_the_row_in_which_it_begins(tmp_path: Path) -> None:
    edits = [caption(1, "甲"), caption(2, "乙"), picture(1, photo(2400, 1800)), picture(2)]
    reading = read(returned(tmp_path, "report", *edits))
    assert reading.submission is not None
    assert [(p.width, p.caption) for p in reading.submission.pictures] == [
        (2400, "甲"),
        (800, "乙"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd7\xcd\xc6\x9a" + b"0" * 60, "WMF 向量圖"),
        (photo()[:2000], "圖檔不完整"),
        (photo(kind="PNG")[:200], "圖檔不完整"),
        (b"no picture at all", "圖檔毀損或格式不明"),
        (huge_png(), "圖片尺寸過大"),
    ],
)
def test_a_photo_that_cannot_be_used_says_why(data: bytes, said: str, tmp_path: Path) -> None:
    path = returned(tmp_path, "report", caption(1, "說明會"), picture(1))
    changed = tmp_path / "report2.xlsx"
    with ZipFile(path) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name.startswith("xl/media/") else old.read(name))
    reading = read(changed)
    assert codes(reading) == ["C411"]
    assert said in reading.findings[0].message


# --- the catalogue -----------------------------------------------------------------------------


def test_every_form_is_among_those_tested() -> None:
    assert set(FILLED) == set(FORMS)


def test_findings_come_in_the_order_in_which_one_reads(tmp_path: Path) -> None:
    path = returned(
        tmp_path,
        "enrolment",
        *(item(2, "承辦人", None), item(1, "服務對象", None)),
        *(filing("電子郵件", None), filing("填報人", None)),
    )
    cells = [(f.at.sheet, f.at.cell) for f in read(path).findings]
    assert [sheet for sheet, _ in cells] == ["填報資料", "填報資料", "參與業務", "參與業務"]
    rows = [int("".join(c for c in cell if c.isdigit())) for _, cell in cells]
    assert rows[0] < rows[1]
    assert rows[2] < rows[3]


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


def test_the_same_evidence_for_every_criterion_is_told_once(tmp_path: Path) -> None:
    edits = [table(ITEM, "四構面自評", row, "佐證說明", "詳如附件說明資料") for row in range(1, 5)]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == ["C418"]
    assert "4 處" in reading.findings[0].message


def test_the_same_result_for_every_item_is_told(tmp_path: Path) -> None:
    edits = [card(f"業務 {n}", "辦理情形", "依計畫期程辦理完成。") for n in ("03-01", "03-02")]
    assert codes(read(returned(tmp_path, "report", *edits))) == ["C418"]


def test_words_in_a_photo_s_place_are_told_even_where_there_is_nothing_to_report(
    tmp_path: Path,
) -> None:
    path = returned(
        tmp_path,
        "report",
        card("填報資料", "填報情形", "本年度無執行成果"),
        table(ITEM, "照片", 1, "照片（請插入於此格）", "照片另寄"),
    )
    assert "照片另寄" in [f.value for f in read(path).findings if f.code == "S207"]


def test_a_number_typed_over_is_told_even_where_there_is_nothing_to_report(tmp_path: Path) -> None:
    path = issued(tmp_path, "enrolment", nil("enrolment", "本年度無參與業務"))
    person = Person(path)
    person.table("參與業務", "參與業務", 3, "業務編號", "明年再議")
    person.save()
    assert [(f.code, f.value) for f in read(path).findings] == [("S207", "明年再議")]
