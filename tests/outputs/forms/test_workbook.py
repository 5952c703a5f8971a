"""Issued forms: known again when renamed, filled only where they should be, whole in other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator
from PIL import Image

from tests.support.packages import parts
from tools import make_templates
from xltool.forms import ENROLMENT, FORMS, MEETING, REPORT, REVIEW, SETTINGS, Form
from xltool.forms.layout import COVER, LISTS, META, Place, SheetLayout, Style, lay_out
from xltool.forms.lists import Lists
from xltool.forms.schema import Filer, Kind, Table
from xltool.intake.one import read_file
from xltool.model import Address, Picture, Record, Value
from xltool.outputs.forms import FormCopy, file_name, write_form
from xltool.outputs.forms.copies import SPARE_ROWS
from xltool.plan import shipped_plan, shipped_records

if TYPE_CHECKING:
    from tests.conftest import LibreOffice, Pages

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
        path,
        FormCopy(form, PLAN, unit=unit, records=records or given(form), items=ITEMS, issue="114-1"),
    )
    return path


def opened(form: Form, folder: Path) -> Workbook:
    return openpyxl.load_workbook(issue(form, folder))


EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def sheets_of(form: Form) -> tuple[SheetLayout, ...]:
    """The layout of what `issue` issues."""
    unit = "" if form.filer is Filer.COORDINATOR else "03"
    return lay_out(form, PLAN, Lists.of(PLAN, ITEMS), given(form), unit)


def inputs(sheet: SheetLayout, section: str) -> dict[tuple[str, int], Place]:
    """The places to fill of a section, by field and row."""
    return {
        (place.field.key, place.index): place
        for place in sheet.places
        if place.field and place.section == section and place.style is Style.INPUT
    }


def test_the_committed_forms_are_those_that_are_issued(tmp_path: Path) -> None:
    made = {path.name: path for path in make_templates.make(tmp_path)}
    committed = {path.name: path for path in make_templates.TARGET.iterdir()}
    assert made.keys() == committed.keys(), "python -m tools.make_templates"
    for name, path in made.items():
        assert parts(path) == parts(committed[name]), "python -m tools.make_templates"


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


@pytest.mark.parametrize(
    "path", sorted(make_templates.TARGET.glob("*.xlsx")), ids=lambda path: path.stem
)
def test_nor_in_a_blank_one(path: Path) -> None:
    result = OpenXmlValidator().validate(str(path))
    assert result.is_valid, [str(error) for error in result.errors]


@EVERY_FORM
def test_only_what_is_to_be_filled_or_may_change_is_unlocked(form: Form, tmp_path: Path) -> None:
    book = opened(form, tmp_path)
    lists = Lists.of(PLAN, ITEMS)
    unit = "" if form.filer is Filer.COORDINATOR else "03"
    for sheet in lay_out(form, PLAN, lists, given(form), unit):
        page = book[sheet.title]
        assert page.protection.sheet
        for place in sheet.places:
            locked = page.cell(place.row + 1, place.col + 1).protection.locked
            changes = place.style is Style.GIVEN and place.field and place.field.may_change
            is_open = place.style in (Style.INPUT, Style.PHOTO) or bool(changes)
            assert locked is not is_open, (sheet.title, place)


def test_what_may_change_of_an_item_says_so_and_offers_what_there_is_to_choose(
    tmp_path: Path,
) -> None:
    page = opened(REPORT, tmp_path)[f"業務 {ITEMS[0]}"]
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    cells = {str(row[0].value): row[1].coordinate for row in page.iter_rows(max_col=2)}
    for label in ("業務名稱", "服務類別", "原訂執行方法", "年度目標"):
        assert "有變更才改寫" in rules[cells[label]].prompt
        assert "與調查表不同之處" in rules[cells[label]].prompt
    assert rules[cells["服務類別"]].type == "list"
    assert cells["業務編號"] not in rules


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
        "version": str(REPORT.version),
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


# --- Comfort: what a person may do, sees, and is told ---------------------------------------


@EVERY_FORM
def test_a_protected_sheet_still_takes_photos_rows_and_taller_rows(
    form: Form, tmp_path: Path
) -> None:
    book = opened(form, tmp_path)
    for sheet in sheets_of(form):
        locked = book[sheet.title].protection
        assert locked.sheet and not locked.password
        # In the file, true means forbidden.
        assert not (locked.objects or locked.insertRows or locked.formatRows or locked.formatCells)


@EVERY_FORM
def test_every_sheet_prints_on_a4_one_page_wide_and_says_whose_and_which_page(
    form: Form, tmp_path: Path
) -> None:
    book = opened(form, tmp_path)
    owner = PLAN.agency if form.filer is Filer.COORDINATOR else PLAN.unit_name("03")
    for sheet in sheets_of(form):
        page = book[sheet.title]
        assert page.page_setup.paperSize == 9  # A4
        assert page.page_setup.orientation == ("landscape" if sheet.landscape else "portrait")
        fit, header, footer = (
            page.sheet_properties.pageSetUpPr,
            page.oddHeader,
            page.oddFooter,
        )
        assert fit and header and footer
        assert fit.fitToPage and page.page_setup.fitToHeight == 0, "as wide as the paper"
        assert header.left.text == owner
        assert form.title in str(header.right.text)
        assert footer.center.text == "第 &P 頁，共 &N 頁"
        if sheet.header is not None:
            assert page.print_title_rows == f"${sheet.header + 1}:${sheet.header + 1}"


@pytest.mark.parametrize("length", range(0, 1001, 100))
@pytest.mark.parametrize("form", [REPORT, REVIEW], ids=["report", "review"])
def test_a_page_begins_neither_inside_a_cell_nor_right_below_a_heading_and_holds_its_rows(
    form: Form, length: int, tmp_path: Path
) -> None:
    record = Record(form.key, {"item": "03-01", "result": "字" * length}, of="03-01")
    page = openpyxl.load_workbook(issue(form, tmp_path, record))["業務 03-01"]
    lists = Lists.of(PLAN, ITEMS)
    sheet = lay_out(form, PLAN, lists, [record], "03")[2]
    begins = [brk.id for brk in page.row_breaks.brk]
    assert begins or form is REVIEW, "a report of an item takes two pages"
    for cell in page.merged_cells.ranges:
        assert not set(begins) & set(range(cell.min_row, cell.max_row))
    headings = {Style.HEADING, Style.NOTE, Style.HEADER}
    above = {place.value for place in sheet.places if place.style in headings}
    assert not above & {page.cell(begin, 1).value for begin in begins}
    # Points on A4 less its margins; a column takes 6 a digit (8 pixels) and 5 pixels of padding.
    broader = page.column_dimensions["A"].width / sheet.columns[0]
    scale = min(1.0, (595 - 72) / sum(broader * width * 6 + 3.75 for width in sheet.columns))
    for start, end in zip([0, *begins], [*begins, page.max_row], strict=True):
        tall = sum(page.row_dimensions[row + 1].height or 15 for row in range(start, end))
        assert tall * scale <= 842 - 100


def written_out(form: Form, item: str) -> list[Record]:
    """An item's sheet with every row filled and every long text at its limit, the enrolled ones too."""
    lists = Lists.of(PLAN, ITEMS)
    enrolled = {field.key: field for field in ENROLMENT.section("items").fields}
    records = []
    for section in (one for sheet in form.sheets if sheet.per_item for one in sheet.sections):
        names: Sequence[str] = ("",) * (section.rows if isinstance(section, Table) else 1)
        if isinstance(section, Table) and section.rows_from:
            names = lists.named(section.rows_from)
        for name in names:
            values: dict[str, Value] = {}
            for field in section.fields:
                most = field.max_length or enrolled.get(field.key, field).max_length or 400
                if field.kind is Kind.LONG:
                    values[field.key] = "字" * most
                elif field.kind is not Kind.PHOTO and not field.numbered:
                    values[field.key] = field.maximum or field.example or name
            records.append(Record(section.key, {**values, "item": item}, of=item))
    return records


ITEM_PAGES = pytest.mark.parametrize(
    ("form", "most"), [(REPORT, 3), (REVIEW, 2)], ids=["report", "review"]
)
"""Photos are worth a third."""


@ITEM_PAGES
def test_an_item_prints_on_few_pages_however_much_is_written(
    form: Form, most: int, soffice: LibreOffice, tmp_path: Path
) -> None:
    path = issue(
        form,
        tmp_path,
        *written_out(form, "03-01"),
        Record(form.key, {"item": "03-02"}, of="03-02"),
    )
    headings = [next(iter(page.strip().splitlines()), "") for page in soffice.printed(path)]
    for item in ITEMS:
        assert 1 <= sum(f"業務 {item}" in line for line in headings) <= most, headings


def test_the_cursor_stands_in_the_first_cell_to_fill(tmp_path: Path) -> None:
    book = opened(REPORT, tmp_path)
    for sheet in sheets_of(REPORT)[1:]:
        first = sheet.first_input()
        assert first is not None
        selection = book[sheet.title].sheet_view.selection[-1]
        assert selection.activeCell == at(book[sheet.title], first)


def at(page: Worksheet, place: Place) -> str:
    return str(page.cell(place.row + 1, place.col + 1).coordinate)


@EVERY_FORM
def test_every_cell_with_a_prompt_or_an_example_shows_it_when_entered(
    form: Form, tmp_path: Path
) -> None:
    book = opened(form, tmp_path)
    for sheet in sheets_of(form):
        told: dict[tuple[int, int], str] = {}
        for rule in book[sheet.title].data_validations.dataValidation:
            for block in rule.sqref.ranges:
                told |= dict.fromkeys(block.cells, rule.prompt or "")
        for place in sheet.places:
            if place.style is Style.INPUT and place.field and place.field.prompt:
                assert place.field.prompt in told[place.row + 1, place.col + 1]


@pytest.mark.parametrize(
    ("form", "boxes"),
    [
        (ENROLMENT, ["承辦人核章", "單位主管核章"]),
        (REPORT, ["承辦人核章", "單位主管核章"]),
        (REVIEW, ["督導小組成員簽章"]),
        (MEETING, []),
    ],
)
def test_a_printed_form_has_boxes_for_those_who_stamp_it(
    form: Form, boxes: list[str], tmp_path: Path
) -> None:
    page = opened(form, tmp_path)[form.sheets[0].title]
    found = [
        (row, col, str(value))
        for row, values in enumerate(page.iter_rows(values_only=True), 1)
        for col, value in enumerate(values, 1)
        if str(value or "").endswith(("核章", "簽章")) and "例" not in str(value)
    ]
    assert [text for _, _, text in found] == boxes
    for row, col, _ in found:
        below = page.cell(row + 1, col)
        assert below.value is None and below.protection.locked
        assert (page.row_dimensions[row + 1].height or 0) > 60  # points


def test_anchors_lead_to_the_heading_of_each_section_of_each_item(tmp_path: Path) -> None:
    book = opened(REPORT, tmp_path)
    for item in ITEMS:
        for key, title in (("report", "業務成果"), ("metrics", "量化成效")):
            name = book.defined_names[f"sec_{key}_{item.replace('-', '_')}"]
            ((sheet, cell),) = name.destinations
            assert (sheet, book[sheet][cell].value) == (f"業務 {item}", title)


# --- Rows beyond the prepared ones ----------------------------------------------------------


def test_a_unit_types_on_below_the_last_prepared_row_and_is_read(tmp_path: Path) -> None:
    path = issue(ENROLMENT, tmp_path)
    sheet = sheets_of(ENROLMENT)[2]
    places = inputs(sheet, "items")
    row = max(place.row for place in places.values()) + 2
    book = openpyxl.load_workbook(path)
    page = book[sheet.title]
    columns = {key: place.col + 1 for (key, _), place in places.items()} | {"item": 1}
    typed = {"item": "03-11", "name": "第十一項業務", "cross_agency": "是"}
    for key, text in typed.items():
        cell = page.cell(row, columns[key])
        assert not cell.protection.locked
        cell.value = text
    offered = [
        rule
        for rule in page.data_validations.dataValidation
        if rule.type == "list" and page.cell(row, columns["cross_agency"]).coordinate in rule.sqref
    ]
    assert len(offered) == 1
    book.save(path)
    reading = read_file(path, PLAN)
    assert reading.submission is not None
    (record,) = reading.submission.section("items")
    assert (record.text("item"), record.text("name")) == ("03-11", "第十一項業務")
    assert record.flag("cross_agency") is True


@EVERY_FORM
def test_rows_are_open_below_a_table_only_where_more_of_them_make_sense(
    form: Form, tmp_path: Path
) -> None:
    book = opened(form, tmp_path)
    declared = {section.key: section for _, section in form.sections()}
    for sheet in sheets_of(form):
        last = max(sheet.places, key=lambda place: place.row)
        table = declared.get(last.section)
        endless = (
            isinstance(table, Table)
            and table.rows_from is None
            and all(field.kind is not Kind.PHOTO for field in table.fields)
        )
        below = last.row + last.rows + 1  # rows of a workbook count from 1
        page = book[sheet.title]
        assert page.cell(below, last.col + 1).protection.locked is not endless
        assert page.cell(below + SPARE_ROWS, last.col + 1).protection.locked


# --- Live marks -----------------------------------------------------------------------------


def marked(
    book: Workbook, page: Worksheet, cases: Mapping[str, bool], soffice: LibreOffice, path: Path
) -> dict[str, bool]:
    """Which of the cells LibreOffice would colour: it works out their conditions itself."""
    probe = book.create_sheet("probe")
    for row, place in enumerate(cases, 1):
        for area in page.conditional_formatting:
            if place in area.sqref:
                start = str(next(iter(area.sqref.ranges)).coord).partition(":")[0]
                (rule,) = area.rules
                formula = Translator(f"={rule.formula[0]}", start).translate_formula(place)
                probe.cell(row, 1).value = formula
    # The conditions name cells of their own sheet: let them stand there.
    column = page.max_column + 2
    for row in range(1, len(cases) + 1):
        page.cell(row, column).value = probe.cell(row, 1).value
    book.remove(probe)
    book.save(path)
    again = openpyxl.load_workbook(soffice.convert(path, "xlsx", path.parent / "r"), data_only=True)
    results = [again[page.title].cell(row, column).value for row in range(1, len(cases) + 1)]
    return {place: bool(result) for place, result in zip(cases, results, strict=True)}


def test_a_score_outside_0_to_100_or_missing_beside_its_evidence_is_marked(
    tmp_path: Path, soffice: LibreOffice
) -> None:
    path = issue(REPORT, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = sheets_of(REPORT)[2]
    page = book[sheet.title]
    places = inputs(sheet, "scores")
    for index, score in enumerate((0, 100, 100.5, -0.5)):
        page[at(page, places["score", index])].value = score
    cases = {
        at(page, places["score", index]): wrong
        for index, wrong in enumerate((False, False, True, True))
    }
    assert marked(book, page, cases, soffice, path) == cases

    book = openpyxl.load_workbook(issue(REPORT, tmp_path))
    page = book[sheet.title]
    page[at(page, places["score", 0])].value = "很好"
    page[at(page, places["evidence", 1])].value = "處理日數縮短為 6 日"
    cases = {
        at(page, places["score", index]): wrong for index, wrong in enumerate((True, True, False))
    }
    assert marked(book, page, cases, soffice, path) == cases


def test_what_is_required_is_marked_only_once_its_row_is_begun(
    tmp_path: Path, soffice: LibreOffice
) -> None:
    path = issue(ENROLMENT, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = sheets_of(ENROLMENT)[2]
    page = book[sheet.title]
    places = inputs(sheet, "items")
    page[at(page, places["name", 1])].value = "用電申辦進度線上查詢服務"
    page[at(page, places["cross_agency", 1])].value = "是"
    page[at(page, places["cross_agency", 2])].value = "否"
    page[at(page, places["target", 2])].value = "標" * 201
    page[at(page, places["target", 1])].value = "標" * 200
    cases = {
        at(page, places[where]): wrong
        for where, wrong in {
            ("name", 0): False,
            ("name", 1): False,
            ("category", 1): True,
            ("partners", 1): True,  # required when 跨機關 is 是
            ("name", 2): True,
            ("partners", 2): False,
            ("target", 1): False,  # at most 200 characters
            ("target", 2): True,
        }.items()
    }
    assert marked(book, page, cases, soffice, path) == cases


# --- Text from outside ----------------------------------------------------------------------


def test_text_that_a_cell_cannot_hold_is_cut_and_says_so(tmp_path: Path) -> None:
    record = Record(
        "report", {"item": "03-01", "name": "甲\x0b乙", "result": "字" * 40_000}, "03-01"
    )
    book = openpyxl.load_workbook(issue(REPORT, tmp_path, record))
    texts = [str(c.value) for row in book["業務 03-01"].iter_rows() for c in row if c.value]
    assert "甲乙" in texts
    assert max(map(len, texts)) == 32_767 and max(texts, key=len).endswith("請見原填報檔）")


def test_items_whose_numbers_make_no_sheet_title_still_get_a_sheet_each(tmp_path: Path) -> None:
    odd = ("03/01", "03:01", "[03]'01", "長" * 40, "長" * 41)
    records = [Record("report", {"item": item}, of=item) for item in odd]
    book = openpyxl.load_workbook(issue(REPORT, tmp_path, *records))
    titles = book.sheetnames[2 : 2 + len(odd)]
    assert len({title.casefold() for title in titles}) == len(odd)
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\'") for title in titles)


def test_a_unit_s_name_is_no_code_of_header_or_file_name(tmp_path: Path) -> None:
    units = tuple(replace(u, name="電力/&P組") if u.code == "03" else u for u in PLAN.units)
    plan = replace(PLAN, units=units)
    path = tmp_path / file_name(ENROLMENT, plan, "03")
    assert path.parent == tmp_path
    write_form(path, FormCopy(ENROLMENT, plan, unit="03"))
    assert b"&amp;L\xe9\x9b\xbb\xe5\x8a\x9b/&amp;&amp;P" in parts(path)["xl/worksheets/sheet1.xml"]


def test_photos_come_back_to_their_captions_when_a_form_is_filled_anew(tmp_path: Path) -> None:
    captions = ("說明會", "展示會")
    records = [
        *given(REPORT),
        *(Record("photos", {"caption": text}, of=ITEMS[0]) for text in captions),
    ]
    for text, kind, size in (("展示會", "png", (900, 600)), ("說明會", "jpeg", (600, 900))):
        Image.new("RGB", size, "teal").save(tmp_path / text, kind.upper())
    pictures = [
        Picture("a" * 64, "png", 900, 600, Address(""), ITEMS[0], "展示會"),
        Picture("b" * 64, "jpeg", 600, 900, Address(""), ITEMS[0], "說明會"),
        Picture("c" * 64, "png", 900, 600, Address(""), ITEMS[1], ""),
    ]
    path = tmp_path / "again.xlsx"
    write_form(
        path,
        FormCopy(
            REPORT,
            PLAN,
            unit="03",
            records=records,
            photos=[(one, tmp_path / (one.caption or "展示會")) for one in pictures],
        ),
    )
    read = read_file(path, PLAN).submission
    assert read is not None
    found = {(one.of, one.caption, one.width) for one in read.pictures}
    assert found == {("03-01", "說明會", 600), ("03-01", "展示會", 900), ("03-02", "", 900)}
    # each lies within its cell, so that the row tells whose it is
    page = openpyxl.load_workbook(path)["業務 03-01"]
    assert isinstance(page, Worksheet)
    for drawn in page._images:  # type: ignore[attr-defined]
        assert drawn.anchor._from.row == drawn.anchor.to.row


def test_a_photo_of_a_kind_that_workbooks_cannot_hold_is_put_in_as_png(tmp_path: Path) -> None:
    Image.new("RGB", (640, 480), "teal").save(tmp_path / "photo", "WEBP")
    path = tmp_path / "again.xlsx"
    picture = Picture("a" * 64, "webp", 640, 480, Address(""), ITEMS[0], "")
    write_form(
        path,
        FormCopy(
            REPORT,
            PLAN,
            unit="03",
            records=given(REPORT),
            photos=[(picture, tmp_path / "photo")],
        ),
    )
    read = read_file(path, PLAN).submission
    assert read is not None
    assert [(one.kind, one.width) for one in read.pictures] == [("png", 640)]


def test_a_supplement_tells_its_own_deadline(tmp_path: Path) -> None:
    path = tmp_path / "supplement.xlsx"
    write_form(path, FormCopy(REPORT, PLAN, unit="03", records=given(REPORT), stage="12月資料補正"))
    words = {cell.value for row in openpyxl.load_workbook(path)[COVER] for cell in row}
    assert "114.12.31" in words and "114.12.10" not in words


@ITEM_PAGES
def test_an_item_prints_on_few_pages(
    form: Form, most: int, tmp_path: Path, soffice: LibreOffice, pages: Pages
) -> None:
    book = opened(form, tmp_path)
    for page in book.worksheets:
        if page.title != f"業務 {ITEMS[0]}":
            book.remove(page)
    book.save(tmp_path / f"{form.key}.xlsx")
    assert len(pages(soffice.convert(tmp_path / f"{form.key}.xlsx", "pdf"))) <= most


def test_what_to_write_stands_beside_its_field_and_is_not_printed(tmp_path: Path) -> None:
    page = opened(REPORT, tmp_path)["業務 03-01"]
    sheet = next(one for one in sheets_of(REPORT) if one.title == "業務 03-01")
    told = [place for place in sheet.places if place.style is Style.GUIDE]
    assert any("1,000 字以內" in str(place.value) for place in told)
    assert any(PLAN.criteria[0].meaning == place.value for place in told)
    printed = page.print_area.rpartition("!")[2].replace("$", "")
    last = range_boundaries(printed)[2] or 0
    assert all(place.col >= last for place in told)


def test_the_cover_leads_to_every_sheet_to_fill_and_names_its_item(tmp_path: Path) -> None:
    cover = opened(REPORT, tmp_path)[COVER]
    links = {cell.value: cell.hyperlink.location for row in cover for cell in row if cell.hyperlink}
    assert links == {
        title: f"'{title}'!A1" for title in ("填報資料", "業務 03-01", "業務 03-02", "有功人員")
    }
    row = next(cell.row for line in cover for cell in line if cell.value == "業務 03-02")
    assert cover.cell(row, 2).value == "用電申辦"
