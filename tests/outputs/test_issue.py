"""Issued forms: known again when renamed, filled only where they should be, whole in other programs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openxml_audit import OpenXmlValidator

from xltool.forms import ENROLMENT, FORMS, REPORT, SETTINGS, Form
from xltool.forms.layout import LISTS, META, Style, lay_out
from xltool.forms.lists import Lists
from xltool.forms.schema import Filer, Kind
from xltool.intake import read_file
from xltool.model import Record
from xltool.outputs.issue import file_name, write_form
from xltool.plan import shipped_plan, shipped_records

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

PLAN = shipped_plan(114)
ITEMS = ("03-01", "03-02")


def given(form: Form) -> tuple[Record, ...]:
    """What a form is issued with: two items on sheets of their own, or the shipped settings."""
    if form is SETTINGS:
        return shipped_records(114)
    return tuple(
        Record(key, {"item": item, "name": "用電申辦", "method": "建置平臺"}, of=item)
        for key in ("report", "review")
        for item in ITEMS
    )


def issue(form: Form, folder: Path, *records: Record, unit: str = "03") -> Path:
    unit = "" if form.filer is Filer.COORDINATOR else unit
    path = folder / file_name(form, PLAN, unit)
    write_form(
        path, form, PLAN, unit=unit, records=records or given(form), items=ITEMS, issue="114-1"
    )
    return path


def opened(form: Form, folder: Path) -> Workbook:
    return openpyxl.load_workbook(issue(form, folder))


EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def test_a_form_is_named_after_year_unit_and_title() -> None:
    assert file_name(REPORT, PLAN, "03") == "114_03_電力發展及管理組_執行成果填報表.xlsx"
    assert file_name(SETTINGS, PLAN) == "年度設定.xlsx"


@EVERY_FORM
def test_the_same_input_gives_the_same_bytes(form: Form, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    assert issue(form, tmp_path).read_bytes() == issue(form, tmp_path / "b").read_bytes()


@EVERY_FORM
def test_a_second_reader_of_the_format_finds_no_fault(form: Form, tmp_path: Path) -> None:
    result = OpenXmlValidator().validate(str(issue(form, tmp_path)))
    assert result.is_valid, [str(error) for error in result.errors]


@EVERY_FORM
def test_only_what_is_to_be_filled_is_unlocked(form: Form, tmp_path: Path) -> None:
    book = opened(form, tmp_path)
    lists = Lists.of(PLAN, ITEMS)
    unit = "" if form.filer is Filer.COORDINATOR else "03"
    for sheet in lay_out(form, PLAN, lists, given(form), unit):
        page = book[sheet.title]
        assert page.protection.sheet
        for place in sheet.places:
            locked = page.cell(place.row + 1, place.col + 1).protection.locked
            assert locked is (place.style not in (Style.INPUT, Style.PHOTO)), (sheet.title, place)


@EVERY_FORM
def test_every_choice_has_a_drop_down_with_just_its_options(form: Form, tmp_path: Path) -> None:
    book = opened(form, tmp_path)
    lists = Lists.of(PLAN, ITEMS)
    unit = "" if form.filer is Filer.COORDINATOR else "03"
    for sheet in lay_out(form, PLAN, lists, given(form), unit):
        offered = {}
        for rule in book[sheet.title].data_validations.dataValidation:
            if rule.type == "list":
                name = str(rule.formula1).lstrip("=")
                target = book.defined_names[name].attr_text.replace("$", "")
                cells = book[LISTS][target.split("!")[1]]
                rows = cells if isinstance(cells, tuple) else ((cells,),)
                for block in rule.sqref.ranges:
                    for row, col in block.cells:
                        offered[row - 1, col - 1] = tuple(str(c.value) for r in rows for c in r)
        for place in sheet.places:
            if place.style is Style.INPUT and place.field is not None:
                options = lists.options(place.field)
                assert offered.get((place.row, place.col), ()) == tuple(map(str, options))


def test_who_it_is_stands_in_a_hidden_sheet_and_in_the_properties(tmp_path: Path) -> None:
    book = opened(REPORT, tmp_path)
    stamp = {row[0].value: row[1].value for row in book[META].iter_rows(max_row=5)}
    assert stamp == {
        "form": "report",
        "version": "1",
        "year": "114",
        "unit": "03",
        "issue": "114-1",
    }
    assert book[META].sheet_state == "hidden"
    properties = vars(book)["custom_doc_props"].props  # not in the stubs
    assert {p.name: p.value for p in properties}["xltool_form"] == "report"


def test_codes_and_dates_are_typed_into_text_cells_so_that_excel_leaves_them_alone(
    tmp_path: Path,
) -> None:
    book = opened(ENROLMENT, tmp_path)
    lists = Lists.of(PLAN, ITEMS)
    for sheet in lay_out(ENROLMENT, PLAN, lists, (), "03"):
        for place in sheet.places:
            if place.style is Style.HEADER or place.field is None:
                continue
            if place.field.kind in (Kind.CODE, Kind.DATE):
                assert book[sheet.title].cell(place.row + 1, place.col + 1).number_format == "@"


def test_a_unit_s_text_is_written_as_text_whatever_it_looks_like(tmp_path: Path) -> None:
    nasty = '=HYPERLINK("http://evil.example","x")'
    record = Record(
        "report", {"item": "03-01", "name": nasty, "result": "https://evil.example"}, "03-01"
    )
    book = openpyxl.load_workbook(issue(REPORT, tmp_path, record))
    cells = [cell for row in book["業務 03-01"].iter_rows() for cell in row]
    assert next(cell for cell in cells if cell.value == nasty).data_type == "s"
    assert all(cell.hyperlink is None for cell in cells)


@EVERY_FORM
def test_what_was_filled_is_read_back_equal(form: Form, tmp_path: Path) -> None:
    if form is SETTINGS:
        records = shipped_records(114)
    else:
        records = (
            *given(form)[: 2 if form is REPORT else 0],
            *(
                Record("scores", {"criterion": c.name, "score": Decimal("85.5")}, of="03-01")
                for c in PLAN.criteria
                if form is REPORT
            ),
        )
    path = issue(form, tmp_path, *records)
    reading = read_file(path, PLAN)
    assert reading.submission is not None
    back = [(r.section, r.of, dict(r.values)) for r in reading.submission.records]
    for record in records:
        assert (record.section, record.of, dict(record.values)) in back


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_a_form_saved_by_libreoffice_keeps_identity_lists_and_hidden_sheets(
    suffix: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    path = issue(REPORT, tmp_path)
    saved = soffice.convert(path, suffix, tmp_path / "again")
    reading = read_file(saved, PLAN)
    assert reading.submission is not None
    assert (reading.submission.form, reading.submission.unit) == ("report", "03")
    assert not {"S204", "S207"} & {finding.code for finding in reading.findings}
    if suffix == "xlsx":
        book = openpyxl.load_workbook(saved)
        assert book[META].sheet_state == book[LISTS].sheet_state == "hidden"
        rules = book["填報資料"].data_validations.dataValidation
        assert any(rule.type == "list" for rule in rules)
        assert book["填報資料"].protection.sheet
