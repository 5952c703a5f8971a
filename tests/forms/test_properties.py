"""A form's own words pass its own checks; what is filled within the declaration has no finding; each
single fault has exactly its own finding, at its own cell.

年度設定 is not filled at random, since its lists are its own contents: tests/test_plan.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.fill import filled
from tests.support.returns import FILLED, ITEMS, PLAN, altered, unit_of
from xltool.findings import Severity
from xltool.forms import FORMS
from xltool.forms.layout import Style, lay_out
from xltool.forms.lists import Lists
from xltool.forms.schema import Card, Field, Form, Kind, Section, Table
from xltool.intake import Reading
from xltool.intake.grid import a1
from xltool.intake.one import read_file
from xltool.model import Record, Value
from xltool.outputs.forms import FormCopy, write_form

LISTS = Lists.of(PLAN, ITEMS)
RANDOM = [form for key, form in FORMS.items() if key != "settings"]
MORE_ROWS_THAN_PREPARED = "S208"
THE_SAME_PROSE_TWICE = "C418"
A_DAY_OUT_OF_SEASON = "V324"
HARDLY_ANY_POINTS = "V326"


def round_trip(form: Form, records: list[Record]) -> Reading:
    """Written, and read as returned by unit 03."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_form(path, FormCopy(form, PLAN, unit=unit_of(form), records=records, items=ITEMS))
        return read_file(path, PLAN, items={"03": ITEMS})


def content(records: list[Record]) -> list[tuple[str, str, dict[str, Value]]]:
    """What was typed: values by section and item, in order, without what we give."""
    typed = []
    for record in records:
        given_keys = {
            field.key
            for one in RANDOM
            for _, section in one.sections()
            if section.key == record.section
            for field in section.fields
            if field.given
        }
        values = {key: value for key, value in record.values.items() if key not in given_keys}
        if values:
            typed.append((record.section, record.of, values))
    return sorted(typed, key=lambda one: (one[0], one[1]))


@pytest.mark.parametrize("form", RANDOM, ids=[form.key for form in RANDOM])
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_filled_within_the_declaration_has_no_finding_and_comes_back_equal(
    form: Form, data: st.DataObject
) -> None:
    records = data.draw(filled(form, PLAN, unit_of(form), ITEMS))
    reading = round_trip(form, records)
    found = [(f.code, str(f.at), f.value) for f in reading.findings]
    allowed = {
        MORE_ROWS_THAN_PREPARED,
        THE_SAME_PROSE_TWICE,
        A_DAY_OUT_OF_SEASON,
        HARDLY_ANY_POINTS,
    }
    assert [one for one in found if one[0] not in allowed] == []
    assert reading.submission is not None
    assert content(list(reading.submission.records)) == content(records)


def with_value(form: Form, section: Section, values: dict[str, Value | None]) -> list[Record]:
    """The faultless form, its first record of the section changed; None leaves a cell blank."""
    return list(altered(FILLED[form.key], section.key, 0, **values))


def cell_of(form: Form, records: list[Record], section: Section, key: str) -> tuple[str, str]:
    """Sheet and cell of a field of the section's first record."""
    first = next(record for record in records if record.section == section.key)
    for sheet in lay_out(form, PLAN, LISTS, records, unit_of(form)):
        for place in sheet.places:
            if (
                place.field
                and (place.section, place.field.key, place.index)
                == (
                    section.key,
                    key,
                    0,
                )
                and place.style is not Style.HEADER
                and sheet.of == first.of
            ):
                return sheet.title, a1(place.row, place.col)
    raise AssertionError(f"{section.key}.{key} has no cell")


def asked() -> Iterator[tuple[Form, Section, Field]]:
    for form in RANDOM:
        for _, section in form.sections():
            if any(record.section == section.key for record in FILLED[form.key]):
                for field in section.fields:
                    if not field.given and field.kind is not Kind.PHOTO:
                        yield form, section, field


def faults_of(field: Field, section: Section) -> Iterator[tuple[str, str, dict[str, Value | None]]]:
    """Each way to get a field wrong: its name, the code of its finding, the values."""
    key = field.key
    optional_row = isinstance(section, Table) and section.rows_from is not None
    if field.required:
        yield "blank", "V301", {key: None}
    if (when := field.required_when) is not None:
        yield "blank though needed", "C401", {when.field: when.equals, key: None}
    if field.kind in (Kind.DECIMAL, Kind.INTEGER):
        yield "no number", "V302", {key: "很高"}
        if field.maximum is not None:
            yield "beyond the limit", "V303", {key: field.maximum + Decimal("0.5")}
        if field.minimum is not None:
            yield "below the limit", "V303", {key: field.minimum - 1}
    elif field.kind is Kind.DATE:
        yield "no date", "V304", {key: "114.2.30"}
    elif LISTS.options(field):
        yield "not on the list", "V305", {key: "以上皆非"}
    else:
        if field.max_length is not None:
            yield "too long", "V306", {key: "字" * (field.max_length + 1)}
        if field.pattern is not None:
            yield "of another format", "V307", {key: "不合格式"}
        if field.one_line:
            yield "over two lines", "V312", {key: "第一行\n第二行"}
        if not optional_row:
            yield "ditto", "V313", {key: "同上"}


FAULTS = [
    pytest.param(
        form, section, field, code, values, id=f"{form.key}-{section.key}-{field.key}-{name}"
    )
    for form, section, field in asked()
    for name, code, values in faults_of(field, section)
]


@pytest.mark.parametrize(("form", "section", "field", "code", "values"), FAULTS)
def test_each_single_fault_has_its_own_finding_at_its_own_cell(
    form: Form, section: Section, field: Field, code: str, values: dict[str, Value | None]
) -> None:
    records = with_value(form, section, values)
    found = round_trip(form, records).findings
    assert [f.code for f in found] == [code]
    assert (found[0].at.sheet, found[0].at.cell) == cell_of(form, records, section, field.key)


@pytest.mark.parametrize("form", RANDOM, ids=[form.key for form in RANDOM])
def test_every_choice_and_every_example_passes_the_form_s_own_check(form: Form) -> None:
    def options(field: Field) -> list[str]:
        nil = form.nil.value if form.nil else ""
        found = [str(option) for option in LISTS.options(field) if option != nil]
        return found or ([str(field.example)] if field.example else [])

    for _, section in form.sections():
        mine = [field for f, s, field in asked() if f is form and s is section and options(field)]
        for n in range(max((len(options(field)) for field in mine), default=0)):
            values: dict[str, Value | None] = {
                field.key: options(field)[n % len(options(field))] for field in mine
            }
            found = [
                (f.code, str(f.at), f.value)
                for f in round_trip(form, with_value(form, section, values)).findings
                if f.severity is not Severity.NOTE
            ]
            assert found == [], values


def test_rows_of_a_table_may_be_as_many_as_there_are_spare_ones() -> None:
    form = FORMS["enrolment"]
    table = form.section("items")
    assert isinstance(table, Table) and not isinstance(table, Card)
    rows = [
        Record(
            "items", {**FILLED["enrolment"][2].values, "item": f"03-{n:02}", "name": f"第{n}項業務"}
        )
        for n in range(1, table.rows + 20)
    ]
    others = [record for record in FILLED["enrolment"] if record.section != "items"]
    reading = round_trip(form, [*others, *rows])
    assert [f.code for f in reading.findings] == [MORE_ROWS_THAN_PREPARED]
    assert reading.submission is not None
    assert len(reading.submission.section("items")) == len(rows)
