"""What the eye sees is what is read: number formats, struck-out words, hidden ones, bullets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.utils import get_column_letter

from tests.conftest import LibreOffice
from tests.support.edits import ITEM, card, filing, people, score, table
from tests.support.returns import Edit, Person, codes, issued, read, returned
from xltool.findings import Severity
from xltool.intake import Reading
from xltool.model import Value

Stroke = Callable[[Person], object]


def shown_as(code: str, stroke: Stroke) -> Edit:
    """Type, then choose a number format."""

    def edit(person: Person) -> object:
        cell = stroke(person)
        assert isinstance(cell, Cell)
        cell.number_format = code
        return cell

    return edit


def change_font(cell: Cell, **changes: object) -> None:
    """Choose another font, colour or line for what stands in a cell."""
    font: object = copy(cell.font)
    for name, value in changes.items():
        setattr(font, name, value)
    cell.font = font  # type: ignore[assignment]


def in_font(stroke: Stroke, ground: str = "", **changes: object) -> Edit:
    """Type, then change the cell's font and ground."""

    def edit(person: Person) -> object:
        cell = stroke(person)
        assert isinstance(cell, Cell)
        change_font(cell, **changes)
        if ground:
            cell.fill = PatternFill("solid", fgColor=ground)
        return cell

    return edit


def struck(stroke: Stroke) -> Edit:
    return in_font(stroke, strike=True)


def rich(*runs: str | tuple[str, InlineFont]) -> CellRichText:
    """Words of which some are in a font of their own."""
    return CellRichText(
        *(run if isinstance(run, str) else TextBlock(run[1], run[0]) for run in runs)
    )


def metric(label: str, value: object) -> Edit:
    return table(ITEM, "量化成效", 1, label, value)


OUT = InlineFont(strike=True)
RAISED = InlineFont(vertAlign="superscript")
WINGDINGS = InlineFont(rFont="Wingdings")
STAFF, PHONE_NUMBER, LONG_NUMBER = 1234, 912345678, 123456789012345678
COMPUTED = 85.6375838926174


def value_of(reading: Reading, section: str, key: str) -> Value:
    assert reading.submission is not None
    return reading.submission.section(section)[0].values.get(key)


# What is typed and how it shows: the value read, and the finding if there is to be one.
SHOWN: Mapping[str, tuple[Edit, str, str, Value, str]] = {
    "a staff number with zeros before it": (
        shown_as("000000", people(1, "職員編號", STAFF)),
        *("people", "staff_id", "001234", ""),
    ),
    "a staff number with thousands": (
        shown_as("#,##0", people(1, "職員編號", 123456)),
        *("people", "staff_id", "123456", "V308"),
    ),
    "a phone as a number": (
        shown_as("0000-000000", filing("聯絡電話", PHONE_NUMBER)),
        *("filing", "phone", "0912-345678", ""),
    ),
    "an item's number as a number": (
        shown_as("00-00", people(1, "業務編號", 301)),
        *("people", "item", "03-01", ""),
    ),
    "a computed indicator to one place": (
        shown_as("0.0", metric("實績值", COMPUTED)),
        *("metrics", "actual", "85.6", ""),
    ),
    "an indicator with zeros at its end": (
        shown_as("0.00", metric("實績值", 85)),
        *("metrics", "actual", "85.00", ""),
    ),
    "an indicator without a format": (
        shown_as("General", metric("實績值", COMPUTED)),
        *("metrics", "actual", "85.6375838926174", ""),
    ),
    "a computed score": (
        shown_as("0.0", score(1, COMPUTED)),
        *("scores", "score", Decimal("85.6"), ""),
    ),
    "a score with its unit in the format": (
        shown_as('0.0"分"', score(1, COMPUTED)),
        *("scores", "score", Decimal("85.6"), ""),
    ),
    "a score as a percentage": (
        shown_as("0.0%", score(1, 0.856)),
        *("scores", "score", Decimal("85.6"), ""),
    ),
    "persons counted by the format": (
        shown_as('#,##0"人次"', metric("實績值", 12345)),
        *("metrics", "actual", "12,345人次", ""),
    ),
    "a fraction": (
        shown_as("# ?/?", metric("實績值", 0.75)),
        *("metrics", "actual", "3/4", ""),
    ),
    "a percentage": (
        shown_as("0.0%", metric("實績值", 0.85638)),
        *("metrics", "actual", "85.6%", ""),
    ),
    "a power of ten": (
        shown_as("0.00E+00", metric("實績值", 123456)),
        *("metrics", "actual", "1.23E+05", ""),
    ),
    "less than nothing, in brackets": (
        shown_as("0_);(0)", metric("實績值", -5)),
        *("metrics", "actual", "(5)", ""),
    ),
    "a time that passed": (
        shown_as("[h]:mm", metric("實績值", timedelta(hours=36, minutes=30))),
        *("metrics", "actual", "36:30", ""),
    ),
    "three of four that became a date": (
        shown_as('m"月"d"日"', metric("實績值", date(2025, 3, 4))),
        *("metrics", "actual", "3月4日", "V315"),
    ),
    "the same in English": (
        shown_as("d-mmm", metric("實績值", date(2025, 3, 4))),
        *("metrics", "actual", "4-Mar", "V315"),
    ),
    "a date where a date is asked, as it shows": (
        shown_as('[$-404]ggge"年"m"月"d"日"', filing("填報日期", date(2025, 11, 28))),
        *("filing", "day", date(2025, 11, 28), ""),
    ),
    "a date whose year does not show": (
        shown_as('m"月"d"日"', filing("填報日期", date(2025, 11, 28))),
        *("filing", "day", date(2025, 11, 28), "V308"),
    ),
    "less than nothing, in red alone": (
        shown_as("0;[Red]0", metric("實績值", -5)),
        *("metrics", "actual", "-5", "V319"),
    ),
    "in ten thousands": (
        shown_as('0\\.0,"萬"', metric("實績值", 12345)),
        *("metrics", "actual", "1.2萬", "V319"),
    ),
    "numbers in Chinese": (
        shown_as("[DBNum1][$-404]General", metric("實績值", 12)),
        *("metrics", "actual", "12", "V319"),
    ),
    "a word in place of the number": (
        shown_as('[>=90]"優";"可"', score(1, 92)),
        *("scores", "score", Decimal(92), "V319"),
    ),
    "a number longer than a spreadsheet keeps": (
        shown_as("0", metric("實績值", LONG_NUMBER)),
        *("metrics", "actual", "123456789012346000", "V318"),
    ),
    "a number that its format hides": (
        shown_as(";;;", score(1, 85)),
        *("scores", "score", Decimal(85), "V317"),
    ),
    "words that their format hides": (
        shown_as(";;;", card(ITEM, "改進情形", "已介接")),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "a number in white by its format": (
        shown_as("[White]0", score(1, 85)),
        *("scores", "score", Decimal(85), "V317"),
    ),
    "a number in white by its condition": (
        shown_as("[紅][<60]0;[白]G/通用格式", score(1, 85)),
        *("scores", "score", Decimal(85), "V317"),
    ),
    "a number in white as it is": (
        shown_as("[Color 2]General", score(1, 85)),
        *("scores", "score", Decimal(85), "V317"),
    ),
    "a number in red by its format": (
        shown_as("[White][<0]0;[Red]0", score(1, 85)),
        *("scores", "score", Decimal(85), ""),
    ),
    "words in white by their format": (
        shown_as("0;0;0;[White]@", card(ITEM, "改進情形", "已介接")),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "words in white by their one format": (
        shown_as("[White]@", card(ITEM, "改進情形", "已介接")),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "white words on white": (
        in_font(card(ITEM, "改進情形", "已介接"), "FFFFFF", color="FFFFFF"),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "white words on the form's own pale ground": (
        in_font(card(ITEM, "改進情形", "已介接"), color="FFFFFF"),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "pale words on a pale ground": (
        in_font(card(ITEM, "改進情形", "已介接"), "FFF2CC", color="FFFF99"),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "yellow words on the form's pale ground": (
        in_font(card(ITEM, "改進情形", "已介接"), color="FFFF00"),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "red words": (
        in_font(card(ITEM, "改進情形", "已介接"), color="FF0000"),
        *("report", "follow_up", "已介接", ""),
    ),
    "words in the theme's own white, made a little darker": (
        in_font(card(ITEM, "改進情形", "已介接"), color=Color(theme=0, tint=-0.05)),
        *("report", "follow_up", "已介接", "V317"),
    ),
    "a white word among black ones": (
        card(ITEM, "改進情形", rich("已介接", ("三站", InlineFont(color=Color("FFFFFFFF"))))),
        *("report", "follow_up", "已介接三站", "V317"),
    ),
    "a black word on black": (
        in_font(
            card(ITEM, "改進情形", rich("已介接", ("三站", InlineFont(color=Color("FF000000"))))),
            "1A1A1A",
            color="FFFFFF",
        ),
        *("report", "follow_up", "已介接三站", "V317"),
    ),
    "grey words, as a hint has them": (
        in_font(card(ITEM, "改進情形", "已介接"), color="BFBFBF"),
        *("report", "follow_up", "已介接", ""),
    ),
    "words with a unit that their format adds": (
        shown_as('"約"@"站"', card(ITEM, "改進情形", "十二")),
        *("report", "follow_up", "約十二站", ""),
    ),
    "a number typed as words with a unit that their format adds": (
        shown_as('@"萬元"', metric("實績值", "12")),
        *("metrics", "actual", "12萬元", ""),
    ),
    "a score typed as words with a unit that their format adds": (
        shown_as('@"分"', score(1, "88")),
        *("scores", "score", Decimal(88), ""),
    ),
    "words in whose place their format shows others": (
        shown_as('0;0;0;"另計"', card(ITEM, "改進情形", "已介接")),
        *("report", "follow_up", "已介接", "V319"),
    ),
    "a score with a digit of its format before it": (
        shown_as('"9"0', score(1, 8)),
        *("scores", "score", Decimal(8), "V319"),
    ),
    "an indicator with noughts of its format behind it": (
        shown_as('0"0000"', metric("實績值", 12)),
        *("metrics", "actual", "120000", "V319"),
    ),
    "words under a format with digits of its own": (
        shown_as('@"0000"', metric("實績值", "12")),
        *("metrics", "actual", "12", "V319"),
    ),
    "white words on blue": (
        in_font(card(ITEM, "改進情形", "已介接"), "1F4E78", color="FFFFFF"),
        *("report", "follow_up", "已介接", ""),
    ),
    "words partly struck out": (
        card(ITEM, "改進情形", rich(("停辦", OUT), "擴大辦理")),
        *("report", "follow_up", "擴大辦理", "V316"),
    ),
    "words struck out as a whole": (
        struck(people(1, "備註", "停辦")),
        *("people", "note", None, "V316"),
    ),
    "a number struck out as a whole": (
        struck(metric("說明", 90)),
        *("metrics", "note", None, "V316"),
    ),
    "words not struck out in a cell that is": (
        struck(card(ITEM, "改進情形", rich(("已介接", InlineFont(b=True)), "停辦"))),
        *("report", "follow_up", "已介接", "V316"),
    ),
    "bullets of Word": (
        card(ITEM, "改進情形", "\uf06c甲\n\uf0d8乙\n\uf0b7丙\n\uf0fc丁"),
        *("report", "follow_up", "●甲\n➢乙\n•丙\n✓丁", ""),
    ),
    "bullets in their font": (
        card(ITEM, "改進情形", rich(("l", WINGDINGS), "甲\n", ("ü", WINGDINGS), "乙")),
        *("report", "follow_up", "●甲\n✓乙", ""),
    ),
    "a tick in its font": (
        in_font(people(1, "備註", "ü"), name="Wingdings"),
        *("people", "note", "✓", ""),
    ),
    "a character of one's own": (
        people(1, "姓名", "王\ue1a3明"),
        *("people", "name", "王\ue1a3明", "V330"),
    ),
    "line breaks of other programs": (
        card(ITEM, "改進情形", "甲\u2028乙\u2029丙_x000B_丁"),
        *("report", "follow_up", "甲\n乙\n丙\n丁", ""),
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_what_is_read(name: str, tmp_path: Path) -> None:
    edit, section, key, value, code = SHOWN[name]
    changed: list[Cell] = []
    reading = read(returned(tmp_path, "report", lambda person: changed.append(edit(person))))  # type: ignore[arg-type]
    assert codes(reading) == ([code] if code else [])
    assert value_of(reading, section, key) == value
    assert all(found.at.cell == changed[0].coordinate for found in reading.findings)
    assert reading.status == "accepted"


def test_a_line_separator_in_one_line_is_a_line_break(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", people(1, "具體事蹟", "主辦\u2028平臺建置")))
    assert codes(reading) == ["V312"]


def test_a_date_is_no_number_whatever_it_shows(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", shown_as("d", score(1, date(2025, 3, 4)))))
    assert codes(reading) == ["V302"]


def test_what_must_be_filled_and_is_struck_out_is_blank(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", struck(card(ITEM, "未來精進方向", "停辦"))))
    assert sorted(codes(reading)) == ["V301", "V316"]


def strike_row(person: Person, row: int) -> None:
    """Strike out all that was typed of a person."""
    top, _ = person.table_place("有功人員", "有功人員", row, "姓名")
    for cell in person.sheet("有功人員")[top]:
        if cell.value is not None:
            change_font(cell, strike=True)


def test_a_person_struck_out_is_no_person_and_is_told_once(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", lambda person: strike_row(person, 2)))
    assert codes(reading) == ["V331"]
    assert reading.submission is not None
    assert [one.values["name"] for one in reading.submission.section("people")] == ["王小明"]
    assert "李大華" not in reading.findings[0].message


def test_a_row_struck_out_between_others_leaves_them_as_they_are(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", lambda person: strike_row(person, 1)))
    assert codes(reading) == ["V331"]
    assert reading.submission is not None
    assert [one.values["name"] for one in reading.submission.section("people")] == ["李大華"]


def test_words_struck_out_beside_the_fields_are_told_too(tmp_path: Path) -> None:
    aside = struck(lambda person: person.put(ITEM, 2, 20, "請刪"))
    reading = read(returned(tmp_path, "report", aside))
    assert codes(reading) == ["V332"]
    assert reading.findings[0].value == "請刪"


def test_a_sheet_struck_out_as_a_whole_is_still_known_by_its_labels(tmp_path: Path) -> None:
    def edit(person: Person) -> None:
        for row in person.sheet("業務 03-02").iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.value is not None:
                    change_font(cell, strike=True)

    reading = read(returned(tmp_path, "report", edit))
    assert not {"S205", "S206"} & set(codes(reading))
    assert "V316" in codes(reading)


def test_what_is_said_of_struck_words_names_nobody(tmp_path: Path) -> None:
    edit = people(1, "姓名", rich("王小明", ("、李大華", OUT)))
    reading = read(returned(tmp_path, "report", edit))
    assert codes(reading) == ["V316"]
    assert "李大華" not in reading.findings[0].message
    assert value_of(reading, "people", "name") == "王小明"


@pytest.mark.parametrize("key", ["enrolment", "report", "review", "meeting", "contest"])
def test_a_form_as_issued_has_nothing_of_the_kind(key: str, tmp_path: Path) -> None:
    told = codes(read(issued(tmp_path, key)))
    assert not [code for code in told if code in {"V315", "V316", "V317", "V318", "V319", "V330"}]


# --- other programs -----------------------------------------------------------------------------

OF_OTHERS = (
    "a staff number with zeros before it",
    "a phone as a number",
    "a computed score",
    "a time that passed",
)


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats_say_the_same(kind: str, soffice: LibreOffice, tmp_path: Path) -> None:
    edits = [SHOWN[name][0] for name in OF_OTHERS]
    edits += [card(ITEM, "改進情形", rich("擴大辦理", ("停辦", OUT)))]
    edits += [in_font(people(1, "具體事蹟", "已介接"), "FFFFFF", color="FFFFFF")]
    edits += [in_font(people(1, "備註", "另計"), color="FFFFFF")]
    edits += [card(ITEM, "辦理情形", rich("每年減碳 5×10", ("3", RAISED), " 公噸"))]
    edits += [shown_as('"約"@"站"', card(ITEM, "未來精進方向", "十二"))]
    edits += [shown_as("[White]0", score(3, 85))]
    edits += [lambda person: strike_row(person, 2)]
    path = returned(tmp_path, "report", *edits)
    ours, theirs = read(path), read(soffice.convert(path, kind))
    assert sorted(codes(ours)) == ["V316", "V317", "V317", "V317", "V331"]
    assert [code for code in sorted(codes(theirs)) if code.startswith("V")] == sorted(codes(ours))
    for section in ("filing", "report", "metrics", "scores", "people"):
        assert ours.submission is not None
        assert theirs.submission is not None
        assert [one.values for one in theirs.submission.section(section)] == [
            one.values for one in ours.submission.section(section)
        ]
    assert all(one.severity is Severity.WARNING for one in ours.findings)


@pytest.mark.parametrize(
    "code", ['_-* #,##0_-;\\-* #,##0_-;_-* "-"_-;_-@_-', '0;-0;"－"', '0;-0;"—"']
)
def test_a_nought_that_shows_as_a_dash_is_a_nought(code: str, tmp_path: Path) -> None:
    def edit(person: Person) -> None:
        cell = person.table("業務 03-01", "量化成效", 1, "實績值", 0)
        cell.number_format = code

    reading = read(returned(tmp_path, "report", edit))
    assert reading.submission is not None
    assert reading.submission.section("metrics")[0].values["actual"] == "0"
    assert codes(reading) == []


def test_a_raised_digit_is_no_digit_of_the_number_before_it(tmp_path: Path) -> None:
    raised = TextBlock(RAISED, "3")

    def edit(person: Person) -> None:
        person.table("業務 03-01", "四構面自評", 1, "評分", CellRichText("1", raised))
        person.card("業務 03-01", "辦理情形", CellRichText("每年減碳 5×10", raised, " 公噸"))

    reading = read(returned(tmp_path, "report", edit))
    assert reading.submission is not None
    assert reading.submission.card("report").values["result"] == "每年減碳 5×10³ 公噸"
    assert "V328" in codes(reading), "1³ is asked about"
    assert "score" not in reading.submission.section("scores")[0].values


def test_one_struck_cell_of_a_row_with_given_cells_is_not_the_row(tmp_path: Path) -> None:
    def edit(person: Person) -> None:
        cell = person.table("會議資料", "出席情形", 1, "出席", "是")
        cell.font = Font(strike=True)

    assert "V331" not in codes(read(returned(tmp_path, "meeting", edit)))


def hide_column(person: Person) -> None:
    _, col = person.table_place("有功人員", "有功人員", 1, "備註")
    person.table("有功人員", "有功人員", 1, "備註", "停辦")
    person.sheet("有功人員").column_dimensions[get_column_letter(col)].hidden = True


def narrow_column(person: Person) -> None:
    hide_column(person)
    for column in person.sheet("有功人員").column_dimensions.values():
        if column.hidden:
            column.hidden, column.width = False, 0.3


def flatten_row(person: Person) -> None:
    row, _ = person.table_place("有功人員", "有功人員", 1, "備註")
    person.sheet("有功人員").row_dimensions[row].height = 0.2


@pytest.mark.parametrize(
    ("edit", "words"),
    [(hide_column, "隱藏的欄"), (narrow_column, "隱藏的欄"), (flatten_row, "隱藏的列")],
)
def test_rows_and_columns_out_of_sight_are_read_and_told(
    edit: Edit, words: str, tmp_path: Path
) -> None:
    reading = read(returned(tmp_path, "report", edit))
    [found] = reading.findings
    assert (found.code, words in found.value) == ("S213", True)
    assert value_of(reading, "people", "name") == "王小明"


def without_noughts(person: Person) -> None:
    person.table("業務 03-01", "四構面自評", 1, "評分", 0)
    for sheet in person.book:  # LibreOffice takes the first one's word for all
        sheet.sheet_view.showZeros = False


def test_a_nought_on_a_sheet_that_shows_none_is_told(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "report", without_noughts))
    assert codes(reading) == ["V317"]
    assert value_of(reading, "scores", "score") == 0


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats_say_what_is_out_of_sight(
    kind: str, soffice: LibreOffice, tmp_path: Path
) -> None:
    path = returned(tmp_path, "report", without_noughts, hide_column)
    theirs = read(soffice.convert(path, kind))
    assert [code for code in codes(theirs) if code.startswith("V")] == ["V317"]
    assert any("隱藏的欄" in found.value for found in theirs.findings)


def with_header(person: Person) -> None:
    for sheet in person.book:
        for margin, text in ((sheet.oddHeader, "機密"), (sheet.oddFooter, "R&&D 目標改為 90")):
            assert margin is not None
            margin.left.text = text


def test_words_in_header_and_footer_are_told_once(tmp_path: Path) -> None:
    [found] = read(returned(tmp_path, "report", with_header)).findings
    assert (found.code, found.value) == ("S225", "機密；R&D 目標改為 90")


@pytest.mark.parametrize("kind", ["ods", "xls"])
@pytest.mark.parametrize("key", ["report", "enrolment"])
def test_other_formats_tell_words_in_header_and_footer_and_none_of_ours(
    key: str, kind: str, soffice: LibreOffice, tmp_path: Path
) -> None:
    theirs = read(soffice.convert(returned(tmp_path, key), kind))
    assert "S225" not in codes(theirs)
    theirs = read(soffice.convert(returned(tmp_path, key, with_header), kind))
    [found] = [one for one in theirs.findings if one.code == "S225"]
    assert (found.code, found.value) == ("S225", "機密；R&D 目標改為 90")


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats_keep_words_in_whose_place_others_show(
    kind: str, soffice: LibreOffice, tmp_path: Path
) -> None:
    edit = shown_as('0;0;0;"另計"', card(ITEM, "改進情形", "已介接三站"))
    theirs = read(soffice.convert(returned(tmp_path, "report", edit), kind))
    assert value_of(theirs, "report", "follow_up") == "已介接三站"
    assert "V319" in codes(theirs)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_hidden_sheet_is_read_and_told(kind: str, soffice: LibreOffice, tmp_path: Path) -> None:
    def edit(person: Person) -> None:
        person.sheet("有功人員").sheet_state = "hidden"

    path = returned(tmp_path, "report", edit)
    theirs = read(path if kind == "xlsx" else soffice.convert(path, kind))
    assert any("工作表已隱藏" in one.value for one in theirs.findings)
