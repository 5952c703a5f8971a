"""Every form is declared so that it can be issued, filled and read back: no label twice, no limit
that Excel would break, every choice and condition meaningful."""

from __future__ import annotations

import pytest

from xltool.forms import FORMS
from xltool.forms.dictionary import TYPES
from xltool.forms.layout import COVER, Style, lay_out, own_words
from xltool.forms.lists import Lists
from xltool.forms.schema import Card, Choices, Field, Form, Kind, Section, Sheet, Table
from xltool.model import Record
from xltool.plan import shipped_plan, shipped_records
from xltool.zh import same

PLAN = shipped_plan(114)
LISTS = Lists.of(PLAN, ["03-01", "03-02"])
SECTIONS = [
    pytest.param(form, sheet, section, id=f"{form.key}.{section.key}")
    for form in FORMS.values()
    for sheet, section in form.sections()
]
FIELDS = [
    pytest.param(form, section, field, id=f"{form.key}.{section.key}.{field.key}")
    for form in FORMS.values()
    for _, section in form.sections()
    for field in section.fields
]


def records(form: Form) -> tuple[Record, ...]:
    """Just enough to lay a form out: two items on sheets of their own, or the shipped settings."""
    if form.key == "settings":
        return shipped_records(114)
    return tuple(
        Record(section.key, {"item": item, "name": "用電申辦進度線上查詢"}, of=item)
        for item in ("03-01", "03-02")
        for sheet, section in form.sections()
        if sheet.per_item and isinstance(section, Card)
    )


@pytest.mark.parametrize(("form", "sheet", "section"), SECTIONS)
def test_a_section_is_found_by_a_title_that_no_other_section_of_the_form_has(
    form: Form, sheet: Sheet, section: Section
) -> None:
    titles = [same(other.title) for _, other in form.sections()]
    assert titles.count(same(section.title)) == 1


@pytest.mark.parametrize(("form", "sheet", "section"), SECTIONS)
def test_a_field_is_found_by_a_label_that_no_other_field_of_the_section_has(
    form: Form, sheet: Sheet, section: Section
) -> None:
    labels = [same(field.label) for field in section.fields]
    assert len(set(labels)) == len(labels)
    keys = [field.key for field in section.fields]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("form", "sheet", "section"), SECTIONS)
def test_a_table_takes_no_more_columns_than_its_sheet_has(
    form: Form, sheet: Sheet, section: Section
) -> None:
    if isinstance(section, Table):
        assert sum(field.span for field in section.fields) <= len(sheet.columns)
    else:
        assert len(sheet.columns) > 1


@pytest.mark.parametrize(("form", "section", "field"), FIELDS)
def test_a_field_makes_sense(form: Form, section: Section, field: Field) -> None:
    assert field.kind in TYPES
    assert len(field.label) <= 31, "Excel's prompt title ends at 32"
    assert not (field.personal and field.public), "staff's data are never published"
    assert len(field.short) <= len(field.label), "short, where there is little room"
    assert len(field.prompt) + len(field.example) <= 240, "Excel's prompt ends at 255"
    if field.kind is Kind.CHOICE:
        assert field.choices, "a choice has a list"
        if not isinstance(field.choices, Choices):
            assert str(field.example) in field.choices
    if field.required_when is not None:
        assert field.required_when.field in {other.key for other in section.fields}
    if field.required and field.kind is not Kind.PHOTO:
        assert field.example or field.choices, "what is required is shown by example"
    if field.max_length is not None:
        assert len(str(field.example)) <= field.max_length
    if field.pattern is not None and field.example:
        assert field.pattern.matches(field.example)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_nil_return_is_one_of_the_form_s_own_choices(form: Form) -> None:
    if form.nil is not None:
        assert form.nil.value in form.field(form.nil.section, form.nil.field).choices


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_s_deadline_is_on_the_calendar(form: Form) -> None:
    assert PLAN.stage(form.stage) is not None


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_two_places_of_a_sheet_overlap(form: Form) -> None:
    for sheet in lay_out(form, PLAN, LISTS, records(form), "03"):
        taken: set[tuple[int, int]] = set()
        for place in sheet.places:
            for row in range(place.row, place.row + place.rows):
                for col in range(place.col, place.col + place.cols):
                    assert (row, col) not in taken, (sheet.title, place)
                    taken.add((row, col))
        printed = {col for _, col in taken} - {sheet.guide_column if sheet.guide else None}
        assert max(printed) < len(sheet.columns)
        assert all(lines * 16.5 <= 409 for lines in sheet.lines.values()), "Excel's tallest row"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_sheet_titles_are_ones_that_excel_accepts(form: Form) -> None:
    titles = [sheet.title for sheet in lay_out(form, PLAN, LISTS, records(form), "03")]
    assert titles[0] == COVER
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 31 and not set(title) & set(r"[]:*?/\\") for title in titles)


def test_a_report_has_a_sheet_for_each_item_that_the_unit_enrolled() -> None:
    form = FORMS["report"]
    titles = [sheet.title for sheet in lay_out(form, PLAN, LISTS, records(form), "03")]
    assert titles == ["填寫說明", "填報資料", "業務 03-01", "業務 03-02", "有功人員"]


def test_rows_given_by_the_criteria_keep_their_order_and_take_the_scores_they_name() -> None:
    form = FORMS["report"]
    filled = (
        Record("report", {"item": "03-01"}, of="03-01"),
        Record(
            "scores", {"criterion": "可持續性", "score": None, "evidence": "三年計畫"}, of="03-01"
        ),
    )
    sheet = lay_out(form, PLAN, LISTS, filled, "03")[2]
    rows = [place.value for place in sheet.places if place.field and place.field.key == "criterion"]
    assert rows[1:] == [criterion.name for criterion in PLAN.criteria]
    evidence = next(place for place in sheet.places if place.value == "三年計畫")
    named = next(place for place in sheet.places if place.value == "可持續性")
    assert evidence.row == named.row


def test_item_numbers_are_given_and_continue_past_the_prepared_rows() -> None:
    form = FORMS["enrolment"]
    many = tuple(Record("items", {"name": f"業務{n}"}) for n in range(12))
    sheet = lay_out(form, PLAN, LISTS, many, "03")[2]
    given = [place.value for place in sheet.places if place.style is Style.GIVEN]
    assert given == [f"03-{n:02}" for n in range(1, 13)]


def test_our_own_words_are_told_from_a_unit_s() -> None:
    form = FORMS["report"]
    typed = (Record("report", {"item": "03-01", "result": "本年度完成建置"}, of="03-01"),)
    words = own_words(lay_out(form, PLAN, LISTS, typed, "03"))
    assert same("辦理情形＊") in words
    assert same("本年度完成建置") not in words


def test_the_cover_shows_both_dates_where_a_weekend_moves_the_deadline() -> None:
    texts = [place.value for place in lay_out(FORMS["enrolment"], PLAN, LISTS, (), "03")[0].places]
    assert "114.03.31" in texts  # a Monday
    moved = shipped_plan(117)  # 31 March 2028 is a Friday, 31 January a Monday
    stage = next(stage for stage in moved.calendar if stage.deadline != stage.due)
    assert stage.deadline > stage.due
