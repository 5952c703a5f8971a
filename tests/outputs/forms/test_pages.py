"""Forms on paper: pages that are filled, photos large enough to see, nothing on a cell's edge.

Heights are worked out as a page of Excel holds them; `test_workbook` looks at pages of LibreOffice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from xltool.forms import ENROLMENT, FORMS, MEETING, REPORT, REVIEW, SETTINGS, Form
from xltool.forms.layout import SheetLayout, Style
from xltool.forms.schema import Filer
from xltool.model import Record
from xltool.outputs.forms import FormCopy, write_form
from xltool.outputs.forms.copies import LaidOut, Point
from xltool.outputs.forms.pages import bottom_of, height_of
from xltool.outputs.style import LINE
from xltool.plan import shipped_plan, shipped_records

PLAN = shipped_plan(114)
EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def copy(form: Form, *records: Record, points: Sequence[Point] = ()) -> FormCopy:
    """A form for 電力發展及管理組 with one item, or the settings as they are shipped."""
    blank = [Record(key, {"item": "03-01"}, of="03-01") for key in ("report", "review")]
    given = shipped_records(114) if form is SETTINGS else blank
    unit = "" if form.filer is Filer.COORDINATOR else "03"
    outside = [("工作表1!A1", "補充說明")] if points else []
    return FormCopy(
        form, PLAN, unit, records or given, ["03-01"], "1", points=points, outside=outside
    )


def sheet_of(form: Form, title: str, *records: Record) -> SheetLayout:
    return next(s for s in LaidOut(copy(form, *records)).sheets if s.title == title)


def on_paper(sheet: SheetLayout) -> list[float]:
    """How much of A4 less its margins the rows of each page take."""
    width, height = (842, 595) if sheet.landscape else (595, 842)
    scale = min(1.0, (width - 72) / sum(6 * one + 3.75 for one in sheet.columns))
    room = (height - 88) / scale
    pages = pairwise((0, *sheet.breaks, bottom_of(sheet)))
    return [sum(height_of(sheet, row) for row in range(*page)) / room for page in pages]


@EVERY_FORM
def test_no_page_of_cards_holds_more_than_it_can(form: Form) -> None:
    for sheet in LaidOut(copy(form)).sheets:
        if sheet.header is None:
            assert max(on_paper(sheet)) <= 1


@pytest.mark.parametrize("length", [0, 100, 300, 600, 1000])
def test_an_item_fills_both_its_pages_and_its_photos_a_third(length: int) -> None:
    record = Record("report", {"item": "03-01", "result": "字" * length}, of="03-01")
    first, second, third = on_paper(sheet_of(REPORT, "業務 03-01", record))
    assert first > 0.9
    assert second > 0.9
    assert third > 0.66


@pytest.mark.parametrize("length", range(0, 1001, 100))
@pytest.mark.parametrize(("form", "most"), [(REPORT, 3), (REVIEW, 2)], ids=["report", "review"])
def test_no_page_of_an_item_holds_next_to_nothing(form: Form, most: int, length: int) -> None:
    """Whether what stands there was given or is the unit's own."""
    record = Record(form.key, {"item": "03-01", "result": "字" * length}, of="03-01")
    pages = on_paper(sheet_of(form, "業務 03-01", record))
    assert len(pages) <= most
    assert min(pages) > 0.33


@pytest.mark.parametrize("length", [0, 300, 600, 1000])
def test_a_photo_is_printed_large_enough_to_see(length: int) -> None:
    record = Record("report", {"item": "03-01", "result": "字" * length}, of="03-01")
    sheet = sheet_of(REPORT, "業務 03-01", record)
    scale = (595 - 72) / sum(6 * one + 3.75 for one in sheet.columns)
    places = [place for place in sheet.places if place.style is Style.PHOTO]
    assert len(places) == 6
    high = [height_of(sheet, place.row) * scale / 72 * 2.54 for place in places]
    assert 4.5 < min(high) <= max(high) < 6.5


def test_what_an_opinion_s_page_has_left_is_given_to_its_answers() -> None:
    sheet = sheet_of(REVIEW, "業務 03-01")
    place = next(p for p in sheet.places if p.field and p.field.key == "opinion")
    assert height_of(sheet, place.row) > 9 * LINE
    assert on_paper(sheet)[0] > 0.9


def test_a_stamp_has_room_where_the_page_has() -> None:
    sheet = sheet_of(REVIEW, "填報資料")
    stamp = next(place for place in sheet.places if place.style is Style.STAMP)
    assert height_of(sheet, stamp.row) > 120


@pytest.mark.parametrize(("form", "title"), [(ENROLMENT, "參與業務"), (MEETING, "議案")])
def test_the_rows_of_a_table_share_its_last_page(form: Form, title: str) -> None:
    """Ten rows on two pages: five and five, higher, rather than seven and three."""
    sheet = sheet_of(form, title)
    heights = [
        height_of(sheet, place.row)
        for place in sheet.places
        if place.style is Style.INPUT and place.col == 1
    ]
    bare = {ENROLMENT: 5.3 * LINE, MEETING: 4.3 * LINE}[form]
    assert min(heights) > bare
    assert sum(on_paper(sheet)) < 2


@pytest.mark.parametrize("title", ["基本資料", "實施對象"])
def test_a_second_section_of_the_settings_takes_no_page_for_a_few_rows(title: str) -> None:
    assert not sheet_of(SETTINGS, title).breaks


def test_a_table_that_is_filled_from_the_year_before_is_no_pages_of_blank_rows() -> None:
    sheet = sheet_of(SETTINGS, "上年度業務")
    assert sum(on_paper(sheet)) <= 1
    last_year = [Record("last_year", {"item": f"03-{n:02}"}) for n in range(1, 25)]
    filled = sheet_of(SETTINGS, "上年度業務", *shipped_records(114), *last_year)
    added = bottom_of(filled) - bottom_of(sheet)
    assert added == 30 - 6, "30 rows are prepared; 6 are drawn when none is filled"


def test_a_table_whose_last_row_would_take_a_page_is_printed_somewhat_smaller() -> None:
    assert on_paper(sheet_of(FORMS["contest"], "參選案"))[0] <= 1


@EVERY_FORM
def test_blank_rows_that_may_be_typed_on_are_no_pages(form: Form, tmp_path: Path) -> None:
    """Excel prints all of a print area, also its blank rows: it ends with the last place."""
    path = tmp_path / "form.xlsx"
    write_form(path, copy(form))
    book = openpyxl.load_workbook(path)
    for sheet in LaidOut(copy(form)).sheets:
        area = book[sheet.title].print_area
        assert bool(area) is bool(sheet.guide), "only guidance is to be left out"
        if area:
            assert str(area).endswith(f"${bottom_of(sheet)}")


@EVERY_FORM
def test_no_text_stands_on_the_edge_of_its_cell(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, copy(form))
    book = openpyxl.load_workbook(path)
    for sheet in LaidOut(copy(form)).sheets:
        for place in sheet.places:
            side = book[sheet.title].cell(place.row + 1, place.col + 1).alignment
            if place.style not in (Style.PHOTO, Style.STAMP):
                assert side.horizontal == "center" or side.indent, (sheet.title, place)


def test_what_goes_back_with_a_form_prints_on_a4_too(tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    point = Point(None, "錯誤", "業務 03-01!B13", "字" * 300, "太長", "請刪減")
    write_form(path, copy(REPORT, points=[point]))
    book = openpyxl.load_workbook(path)
    for title, repeated in (("待修正", "$3:$3"), ("表外內容", "$1:$1")):
        page = book[title]
        assert (page.page_setup.paperSize, page.page_setup.fitToHeight) == (9, 0)
        assert page.print_title_rows == repeated
        assert page.oddFooter is not None
        assert page.oddFooter.center.text == "第 &P 頁，共 &N 頁"
