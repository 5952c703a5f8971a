"""What people write every day is read as it is meant, or asked about: it blocks no return."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.edits import ITEM, card, filing, people, score, table
from tests.support.returns import FILLED, Edit, Person, codes, content, read, returned
from xltool.zh import (
    clean,
    parse_email,
    parse_number,
    parse_phone,
    parse_reward,
    parse_score,
    parse_yes_no,
    same,
)

FULL = Decimal(100)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "02-27721370#6123",
            "02-27721370 分機 6123",
            "02-27721370轉6123",
            "02-27721370 ext. 6123",
        ),
        *("02-27721370＃6123", "02－27721370", "02—27721370", "02–27721370", "02\xad-27721370"),
        *("\u202d02-27721370#6123\u202c", "02-2772\u200b1370", "（02）2772-1370", "０２-27721370"),
        *("02-27721370、0912-345678", "0912345678/0922345678", "公：02-27721370 手機：0912345678"),
        *("+886-2-2772-1370 Ext 61", "02-27721370轉6123或6124", "TEL: 02-27721370 x12", "27721370"),
    ],
)
def test_a_phone_however_its_extension_is_written(text: str) -> None:
    assert parse_phone(text)[1]


@pytest.mark.parametrize("text", ["6123", "分機6123", "02-27721370（王小姐）", "1" * 31])
def test_a_phone_that_is_asked_about(text: str) -> None:
    assert not parse_phone(text)[1]


@pytest.mark.parametrize(
    ("text", "address", "certain"),
    [
        *(("chen\u200d@x.gov.tw", "chen@x.gov.tw", True), ("chen＠x．tw", "chen@x.tw", True)),
        *(("陳大文 <chen@x.tw>", "chen@x.tw", True), ("mailto:chen@x.tw", "chen@x.tw", True)),
        *(("a@x.tw；b@x.tw", "a@x.tw", False), ("chen da@x.tw", "chenda@x.tw", False)),
        ("chen", "chen", True),
    ],
)
def test_an_e_mail_address(text: str, address: str, certain: bool) -> None:
    assert parse_email(text) == (address, certain)


@pytest.mark.parametrize(
    ("text", "number", "certain"),
    [
        *(("90分", 90, True), ("90/100", 90, True), ("90分/100分", 90, True), ("90(優)", 90, True)),
        *(("90 優", 90, True), ("90分。", 90, True), ("約90", 90, False), ("90以上", 90, False)),
        *(("自評 90 分", 90, False), ("85~90", None, False), ("18/20", None, False)),
        ("很好", None, True),
    ],
)
def test_a_score(text: str, number: int | None, certain: bool) -> None:
    read_as = None if number is None else Decimal(number)
    assert parse_score(text, FULL) == (read_as, certain)


@pytest.mark.parametrize(
    ("text", "reward"),
    [
        *(("記功一次", ("功", 1)), ("嘉獎 2 次", ("嘉獎", 2)), ("小功一次", ("功", 1))),
        *(("嘉獎乙次", ("嘉獎", 1)), ("大功一次", ("大功", 1)), ("記功壹次", ("功", 1))),
        *(("一支嘉獎", ("嘉獎", 1)), ("嘉奖二次", ("嘉獎", 2)), ("嘉獎", None), ("獎金", None)),
    ],
)
def test_a_reward(text: str, reward: tuple[str, int] | None) -> None:
    assert parse_reward(text) == reward


# --- in the forms: (form, what is typed, section, field, value, codes) ---------------------------

Story = tuple[str, Edit, str, str, object, list[str]]
STORIES: dict[str, Story] = {
    "extension in Chinese": (
        *("report", filing("聯絡電話", "02-27721370 分機 6123"), "filing", "phone"),
        *("02-27721370 分機 6123", []),
    ),
    "marks from Outlook": (
        *("enrolment", filing("聯絡電話", "\u202d02-27721370#6123\u202c"), "filing", "phone"),
        *("02-27721370#6123", []),
    ),
    "an extension alone": (
        *("report", filing("聯絡電話", "6123"), "filing", "phone", "6123", ["V325"]),
    ),
    "a zero-width joiner": (
        *("enrolment", filing("電子郵件", "chen\u200d@example.gov.tw"), "member", "email"),
        *("chen@example.gov.tw", []),
    ),
    "a name before the address": (
        *("enrolment", filing("電子郵件", "陳大文 <chen@example.gov.tw>"), "member", "email"),
        *("chen@example.gov.tw", ["V308"]),
    ),
    "percent": ("report", score(1, "85%"), "scores", "score", Decimal(85), []),
    "of a hundred": ("report", score(1, "90/100"), "scores", "score", Decimal(90), ["V308"]),
    "with a grade": ("report", score(1, "90(優)"), "scores", "score", Decimal(90), ["V308"]),
    "about": ("report", score(1, "約90"), "scores", "score", Decimal(90), ["V325"]),
    "a part of one": ("report", score(1, 0.85), "scores", "score", Decimal("0.85"), ["V326"]),
    "a range": ("report", score(1, "85~90"), "scores", "score", None, ["V328"]),
    "another scale": ("report", score(1, "18/20"), "scores", "score", None, ["V328"]),
    "a review's too": (
        *("review", table(ITEM, "四構面評分（選填）", 1, "評分", "約90"), "scores", "score"),
        *(Decimal(90), ["V325"]),
    ),
    "the head": ("report", people(1, "角色", "首長"), "people", "role", "首長（主管）", ["V308"]),
    "the boss": (
        "contest",
        table("人員", "人員", 1, "角色", "主管"),
        "people",
        "role",
        "首長（主管）",
        ["V308"],
    ),
    "once, in Chinese": (
        *("report", people(1, "自行考核獎勵建議", "記功一次"), "people", "proposed"),
        *("記功1次", ["V308"]),
    ),
    "with spaces": (
        *(
            "report",
            people(1, "自行考核獎勵建議", "嘉獎 2 次"),
            "people",
            "proposed",
            "嘉獎2次",
            [],
        ),
    ),
    "minor merit": (
        *("contest", table("人員", "人員", 1, "建議獎勵", "小功一次"), "people", "proposed"),
        *("記功1次", ["V308"]),
    ),
    "a contract": (
        *(
            "report",
            people(1, "人員類別", "約聘人員"),
            "people",
            "staff_kind",
            "約聘僱人員",
            ["V308"],
        ),
    ),
    "a staff number with a soft hyphen": (
        *("report", people(1, "職員編號", "E\xad10 234"), "people", "staff_id", "E10234", []),
    ),
    "a staff number with a long dash": (
        *("report", people(1, "職員編號", "E–10234"), "people", "staff_id", "E-10234", []),
    ),
    "an item with a long dash": (
        *("report", people(1, "業務編號", "03–01"), "people", "item", "03-01", []),
    ),
    "an item with a dot": (
        *("report", people(1, "業務編號", "03.01"), "people", "item", "03-01", ["V308"]),
    ),
    "see the annex": (
        *("report", card(ITEM, "辦理情形", "詳如附件"), "report", "result", "詳如附件", ["V327"]),
    ),
    "a soft hyphen in prose": (
        *("report", card(ITEM, "改進情形", "已完\xad成\u202e介接"), "report", "follow_up"),
        *("已完成介接", []),
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_what_is_typed_is_read_or_asked_about_and_blocks_nothing(name: str, tmp_path: Path) -> None:
    form, edit, section, key, value, told = STORIES[name]
    reading = read(returned(tmp_path, form, edit))
    assert (codes(reading), reading.status) == (told, "accepted")
    assert reading.submission is not None
    assert reading.submission.section(section)[0].values.get(key) == value


@pytest.mark.parametrize(
    "text",
    [
        "詳如附件",
        "詳附件",
        "如附件1",
        "詳見附檔",
        "請參閱附件",
        "請詳附件。",
        "另附",
        "略",
        "詳如附件（簡報）",
    ],
)
def test_prose_that_only_points_elsewhere(text: str, tmp_path: Path) -> None:
    assert codes(read(returned(tmp_path, "report", card(ITEM, "未來精進方向", text)))) == ["V327"]


@pytest.mark.parametrize(
    "text",
    [
        "詳如附件所列之系統已全部上線，累計 12,345 人次",
        "附件上傳功能已上線",
        "策略聯盟",
        "如期完成",
    ],
)
def test_prose_that_says_something_is_no_pointer(text: str, tmp_path: Path) -> None:
    assert codes(read(returned(tmp_path, "report", card(ITEM, "未來精進方向", text)))) == []


def test_what_nobody_sees_is_no_difference() -> None:
    assert same("首長\u200b（主\ufe00管）") == same("首長(主管)")
    assert clean("一\xad二\u2066三") == "一二三"
    assert clean("👩\u200d👧 ❤\ufe0f") == "👩\u200d👧 ❤\ufe0f", "here a mark draws what is seen"


@pytest.mark.parametrize("text", ["85 88", "85\n88", "8 4", "8\u30004"])
def test_two_numbers_in_one_cell_are_asked_about_never_joined(text: str, tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", score(1, text)))
    assert codes(reading) == ["V328"]


@pytest.mark.parametrize(("text", "number"), [("12 000", 12000), ("1 234 567", 1234567)])
def test_blanks_between_thousands_part_no_number(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        *(("√", True), ("■出席 □請假", True), ("□有共識 ■無共識", False)),
        *(("□是 ■否", False), ("☑是　☐否", True), ("■是\n□否", True), ("○是 ●否", False)),
        *(("□是 □否", None), ("■是 ■否", None), ("■是 □否，另議", None)),
    ],
)
def test_the_option_with_the_tick_is_the_answer(text: str, truth: bool | None) -> None:
    assert parse_yes_no(text) is truth


def test_a_list_printed_into_the_cell_is_read_by_its_tick(tmp_path: Path) -> None:
    said = "□本年度無執行成果 ■有執行成果"
    reading = read(returned(tmp_path, "report", filing("填報情形", said)))
    assert codes(reading) == ["V308"]


def test_nothing_to_report_may_be_ticked_in_such_a_list(tmp_path: Path) -> None:
    said = "■本年度無執行成果 □有執行成果"
    reading = read(returned(tmp_path, "report", filing("填報情形", said)))
    assert reading.submission is not None
    assert reading.submission.nil


def test_a_date_that_shows_the_number_it_stands_for_is_not_told(tmp_path: Path) -> None:
    def edit(person: Person) -> None:
        cell = person.table("有功人員", "有功人員", 1, "業務編號", date(2025, 3, 1))
        cell.number_format = "mm-dd"

    assert codes(read(returned(tmp_path, "report", edit))) == []


# --- notes on words of ours -------------------------------------------------------------------


def retitled(sheet: str, words: str, said: str) -> Edit:
    """Type something onto a label, a heading or a given name."""

    def edit(person: Person) -> None:
        person.find(sheet, words).value = said

    return edit


@pytest.mark.parametrize(
    ("sheet", "words", "said", "code"),
    [
        (ITEM, "創新性", "創新性（最佳）", "V308"),
        (ITEM, "創新性", "★創新性", "V308"),
        (ITEM, "目標值＊", "目標值(萬元)＊", "S213"),
        (ITEM, "評分＊", "評分（請填整數）", "S213"),
        (ITEM, "辦理情形＊", "辦理情形（詳下）", "S213"),
        (ITEM, "量化成效", "量化成效（114年）", "S213"),
        (ITEM, "照片", "照片（另附光碟）", "S213"),
        (ITEM, "四構面自評", "四構面自評（持續改進）", "S213"),
        (ITEM, "創新性", "創新性¹", "V308"),
        (ITEM, "創新性", "創新性＊", ""),
        (ITEM, "辦理情形＊", "一、辦理情形", "S213"),
        (ITEM, "目標值＊", "目標值¹", "S213"),
        ("有功人員", "具體事蹟＊", "具體事蹟/貢獻", "S213"),
        (ITEM, "目標值＊", "目標值\n萬元", "S213"),
        (ITEM, "目標值＊", "目標值 (萬元)", "S213"),
        (ITEM, "目標值＊", "目　標\n值", "S213"),
        (ITEM, "辦理情形＊", "辦理情形\n截至11月底", "S213"),
        (ITEM, "照片", "照片　另附光碟", "S213"),
        (ITEM, "創新性", "創新性 最佳", "V308"),
        ("有功人員", "姓名＊", "姓  名", "S213"),
        ("有功人員", "姓名＊", "姓名\n請寫全名", "S213"),
        (ITEM, "目標值＊", "114年目標值", "S213"),
        (ITEM, "年度目標", "114年度目標", "S213"),
        (ITEM, "照片", "肆、照片", "S213"),
        ("有功人員", "角色＊", "角色↓", "S213"),
        (ITEM, "照片", "照片(續1)", "S213"),
        (ITEM, "業務成果", "業務成果（續）", "S213"),
        (ITEM, "四構面自評", "四構面自評（續上頁）", "S213"),
        (ITEM, "照片", "（接續）照片", "S213"),
        ("有功人員", "有功人員", "有功人員 續", "S213"),
        ("填報資料", "填報資料", "填報資料(續)", "S213"),
    ],
)
def test_a_note_on_a_word_of_ours_is_told_where_it_stands_and_blocks_nothing(
    sheet: str, words: str, said: str, code: str, tmp_path: Path
) -> None:
    path = returned(tmp_path, "report", retitled(sheet, words, said))
    reading = read(path)
    assert reading.status == "accepted"
    assert codes(reading) == ([code] if code else [])
    assert reading.submission is not None
    assert content(reading.submission.records) == content(FILLED["report"])


def test_the_words_of_such_a_note_go_back(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", retitled(ITEM, "照片", "照片（另附光碟）"))
    assert "照片（另附光碟）" in [one.text for one in read(path, whole=True).typed]


@pytest.mark.parametrize(
    "said", ["改進情形：已介接3站", "創新性：90", "創新性、效益性", "創新性 90"]
)
def test_an_answer_typed_behind_a_word_of_ours_is_no_note(said: str, tmp_path: Path) -> None:
    word = said[:3] if "性" in said else said[:4]
    reading = read(returned(tmp_path, "report", retitled(ITEM, word, said)))
    assert reading.status == "blocked" or "S207" in codes(reading)


def test_an_answer_behind_a_label_and_a_blank_is_no_note_where_none_stands_beside(
    tmp_path: Path,
) -> None:
    typed_behind = retitled(ITEM, "改進情形", "改進情形 已完成介接")
    reading = read(returned(tmp_path, "report", card(ITEM, "改進情形", None), typed_behind))
    assert "S207" in codes(reading)


# --- what looks joined and is not ---------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("114.12.2 14:00", "114.12.2 (二) 14:00", "114.12.2\n14:00", "114/12/2 14時30分"),
        *("114.12.2 下午 2:30", "12.2 14:00", "114年12月2日 14:00"),
    ],
)
def test_the_time_behind_a_date_is_no_part_of_its_day(text: str, tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "meeting", card("會議資料", "會議日期", text)))
    assert reading.submission is not None
    assert reading.submission.card("meeting").values["day"] == date(2025, 12, 2)


def test_two_dates_in_one_cell_are_asked_about(tmp_path: Path) -> None:
    said = "114.11.30\n114.12.01"
    assert codes(read(returned(tmp_path, "report", filing("填報日期", said)))) == ["V325"]


@pytest.mark.parametrize("text", ["5×10⁶", "10²³ 次", "2½ 天", "①3案②5案", "m²"])
def test_raised_and_circled_digits_stay_what_they_are(text: str, tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", table(ITEM, "量化成效", 1, "實績值", text)))
    assert reading.submission is not None
    assert reading.submission.section("metrics")[0].values["actual"] == text


@pytest.mark.parametrize("text", ["①5", "⒈85", "8½"])
def test_a_score_with_such_a_digit_is_asked_about(text: str, tmp_path: Path) -> None:
    assert codes(read(returned(tmp_path, "report", score(1, text)))) == ["V328"]


@pytest.mark.parametrize("edit", [
    people(1, "職員編號", "E10234²"),
    people(1, "職員編號", "E10234\nE10235"),
    people(1, "業務編號", "03-01\n03-02"),
])  # fmt: skip
def test_two_numbers_or_a_note_are_not_one_number(edit: Edit, tmp_path: Path) -> None:
    assert codes(read(returned(tmp_path, "report", edit))) == ["V307"]


def test_a_footnote_is_no_digit_of_a_phone(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", filing("聯絡電話", "02-27721370②")))
    assert reading.submission is not None
    assert "272213702" not in str(reading.submission.card("filing").values.get("phone"))
    assert codes(reading) == ["V325"]
