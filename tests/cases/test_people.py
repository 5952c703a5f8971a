"""One cell names one person, as the eye sees the name; what must not be kept is kept nowhere."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from tests.support.edits import ITEM, caption, card, filing, item, people, table
from tests.support.returns import Edit, codes, read, returned
from tests.support.returns import Person as PersonAtWork
from xltool.model import Person
from xltool.rules.identity import identify
from xltool.steps.letters import points
from xltool.who import named, plain_name, spelled, without_identity

SEVERAL = (
    *("洪毓婷、周品睿", "洪毓婷,周品睿", "洪毓婷；周品睿", "洪毓婷/周品睿", "洪毓婷 周品睿"),
    *("洪毓婷　周品睿", "洪毓婷\n周品睿", "洪毓婷及周品睿", "洪毓婷 與 周品睿", "洪 毓婷 周 品睿"),
    *("王小明等三人", "王小明等 3 人", "王小明等", "王小明（等3位）", "1.王小明 2.李大華"),
    *("資訊科全體同仁", "王小明專員、李大華科員", "王小明(主辦)、李大華(協辦)"),
)
ONE = (
    *(
        "王小明",
        "王 小 明",
        "王　小明",
        "歐陽 小明",
        "陳和平",
        "胡怡君",
        "林與心",
        "夷將．拔路兒",
        "瓦歷斯 諾幹",
    ),
    *("Kolas Yotaka", "谷辣斯·尤達卡（Kolas Yotaka）", "𠮷田太郎", "温小明", "王\ufe00小明"),
)
BESIDE = {
    "范佳穎（已調職）": "已調職",
    "范佳穎(代)": "代",
    "范佳穎 已退休": "已退休",
    "范佳穎-調職": "調職",
    "范佳穎（E10234）": "E10234",
    "范佳穎專員": "專員",
    "專員 范佳穎": "專員",
    "范佳穎 小姐": "小姐",
}


@pytest.mark.parametrize("text", SEVERAL)
def test_several_names_in_one_cell_are_several(text: str) -> None:
    assert named(text).several


@pytest.mark.parametrize("text", ONE)
def test_a_name_however_it_is_written_is_one_person(text: str) -> None:
    told = named(text)
    assert (told.several, told.title, told.note) == (False, "", "")


@pytest.mark.parametrize("text", BESIDE)
def test_what_stands_beside_a_name_is_no_part_of_it(text: str) -> None:
    told = named(text)
    assert told.names == ("范佳穎",) and not told.several
    assert "、".join(filter(None, (told.title, told.note))) == BESIDE[text]
    assert plain_name(text) == "范佳穎"


# Each cell that names a person asks the same: in a row, in a card, in the coordinator's own forms.
PLACES: dict[str, tuple[str, str]] = {
    "for a reward": ("report", "people"),
    "in an entry": ("contest", "entry"),
    "who filled it": ("report", "filing"),
    "who handles it": ("enrolment", "handler"),
    "a reviewer": ("review", "reviewer"),
}


def put(place: str, value: str) -> Edit:
    return {
        "people": people(1, "姓名", value),
        "entry": table("人員", "人員", 1, "姓名", value),
        "filing": filing("填報人", value),
        "handler": item(1, "承辦人", value),
        "reviewer": filing("姓名", value),
    }[place]


@pytest.mark.parametrize("name", PLACES)
def test_several_people_in_one_cell_are_asked_about_and_block_nothing(
    name: str, tmp_path: Path
) -> None:
    form, place = PLACES[name]
    reading = read(returned(tmp_path, form, put(place, "洪毓婷、周品睿")))
    assert (codes(reading), reading.status) == (["V320"], "accepted")
    assert "洪毓婷" not in reading.findings[0].message


@pytest.mark.parametrize("name", PLACES)
def test_a_note_beside_a_name_is_asked_about(name: str, tmp_path: Path) -> None:
    form, place = PLACES[name]
    reading = read(returned(tmp_path, form, put(place, "范佳穎（已調職）")))
    assert [(one.code, one.value) for one in reading.findings] == [("V321", "已調職")]


def test_a_title_beside_a_name_is_asked_about_only_where_titles_have_a_place_of_their_own(
    tmp_path: Path,
) -> None:
    assert codes(read(returned(tmp_path, "report", people(1, "姓名", "王小明專員")))) == ["V321"]
    assert codes(read(returned(tmp_path, "report", filing("填報人", "王小明專員")))) == []
    assert codes(read(returned(tmp_path, "meeting"))) == []


def test_a_surname_is_as_it_is_registered(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", people(1, "姓名", "温小明")))
    assert codes(reading) == []
    assert codes(read(returned(tmp_path, "report", people(1, "職稱", "专员")))) == ["V314"]


# --- the same person ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        *("王小明\u200b", "\u202a王小明\u202c", "王小\U000e0100明", "王小明\ufeff", "王\u00ad小明"),
        *("王⼩明", "王小\ufe01明"),
    ],
)
def test_names_that_look_the_same_are_the_same(other: str) -> None:
    assert spelled(other) == "王小明"


def test_a_compatibility_ideograph_is_the_usual_one() -> None:
    assert spelled("\uf9f4大華") == "林大華"


def person(name: str, staff_id: str = "") -> Person:
    from xltool.model import Answer

    answers = {"people.name": Answer(name), "people.staff_id": Answer(staff_id or None)}
    return Person("A1", "03", answers=answers)


@pytest.mark.parametrize("other", ["王小明（已調職）", "王小明專員", "王\ue1a3明"])
def test_a_name_that_may_be_another_s_is_a_question_not_a_second_person(other: str) -> None:
    told = identify([person("王小明"), person(other)])
    assert len(told.doubtful) == 2
    assert "R507" in [one.code for one in told.findings]


def test_a_character_of_private_use_is_not_every_name() -> None:
    assert not identify([person("王小明"), person("李\ue1a3明"), person("王\ue1a3")]).doubtful


def test_names_that_look_the_same_are_one_person_without_a_word() -> None:
    told = identify([person("王小明", "E1"), person("王小\ufe00明\u200e", "E1")])
    assert len(told.rows) == 1 and not told.doubtful and not told.findings


# --- numbers that must not be kept ------------------------------------------------------------------

IDENTITIES = (
    *("A123456789", "a123456789", "Ａ１２３４５６７８９", "A 123 456 789", "A-123456789"),
    *("A800000014", "F131104093", "AB12345677", "A\u200b123456789"),
)


@pytest.mark.parametrize("number", IDENTITIES)
def test_an_identity_number_is_known_by_its_check_digit(number: str) -> None:
    assert without_identity(number) == ""
    assert without_identity(f"身分證 {number}。") == "身分證 。"


@pytest.mark.parametrize(
    "text", ["A123456788", "E10234", "A1234567890", "XA123456789", "AE12345677", "02-27721370"]
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert without_identity(text) is None


TYPED: dict[str, tuple[Edit, str]] = {
    "as a staff number": (people(1, "職員編號", "A123456789"), "V322"),
    "full width": (people(1, "職員編號", "Ａ１２３４５６７８９"), "V322"),
    "in a note": (people(1, "備註", "A123456789"), "V322"),
    "in a title": (people(1, "職稱", "專員 A123456789"), "V322"),
    "beside a name": (people(1, "姓名", "王小明 A123456789"), "V322"),
    "as a phone": (filing("聯絡電話", "02-27721370 A123456789"), "V322"),
    "in prose": (card(ITEM, "改進情形", "已完成 A123456789 之查詢"), "V323"),
    "in a caption": (caption(1, "說明會 A123456789"), "V323"),
}


@pytest.mark.parametrize("name", TYPED)
def test_an_identity_number_is_told_at_its_cell_and_read_nowhere(name: str, tmp_path: Path) -> None:
    edit, code = TYPED[name]
    places: list[str] = []
    path = returned(tmp_path, "report", lambda one: places.append(edit(one).coordinate))  # type: ignore[attr-defined]
    reading = read(path)
    assert [(f.code, f.at.cell) for f in reading.findings if f.code != "C409"] == [
        (code, places[0])
    ]
    assert "A123456789" not in repr(reading)
    assert "１２３４" not in repr(reading)
    assert any("89" in str(c.value) or "８９" in str(c.value) for c in cells(path)), (
        "the original stays"
    )


def test_nor_is_one_that_was_struck_out(tmp_path: Path) -> None:
    def strike(person: PersonAtWork) -> None:
        cell = person.table("有功人員", "有功人員", 1, "職員編號", "A123456789")
        cell.font = Font(strike=True)

    reading = read(returned(tmp_path, "report", strike))
    assert codes(reading) and "A123456789" not in repr(reading)


def test_an_identity_number_beside_the_form_is_told_and_left_out(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", lambda p: p.put("填報資料", 40, 9, "A123456789")))
    assert codes(reading) == ["V323"]
    assert "A123456789" not in repr(reading)


def test_what_goes_back_names_the_emptied_cell(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", people(1, "職員編號", "A123456789"))
    (point,) = points(read(path, whole=True))
    assert point.spot is not None and point.spot.field == "staff_id"
    assert not point.was


def cells(path: Path) -> list[openpyxl.cell.Cell]:
    book = openpyxl.load_workbook(path)
    return [cell for page in book for row in page.iter_rows() for cell in row]  # type: ignore[misc]


@pytest.mark.parametrize(
    "text", ["待定", "TBD", "同承辦人", "林○豪", "王OO", "陳X明", "未定", "承辦人待補", "○○○"]
)
def test_what_stands_for_a_name_is_no_name(text: str, tmp_path: Path) -> None:
    path = returned(tmp_path, "contest", lambda p: p.table("人員", "人員", 1, "姓名", text))
    assert "V333" in codes(read(path))
    assert named(text).nobody


@pytest.mark.parametrize("text", ["王小明", "歐陽娜娜", "Xavier Wang", "谷辣斯·尤達卡", "陳定"])
def test_a_name_is_a_name(text: str) -> None:
    assert not named(text).nobody
