"""A form opened in LibreOffice, filled there as a person would, saved as .xlsx and as .ods: it is
still the same form, and says what was typed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from tests.conftest import LibreOffice
from tests.support.returns import FILLED, ITEMS, PLAN, content, read, unit_of
from xltool.forms import FORMS
from xltool.forms.layout import LISTS, LIVE, META, Style, lay_out, shown
from xltool.forms.lists import Lists
from xltool.model import Record
from xltool.outputs.forms import FormCopy, write_form

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
FORMATS = (".xlsx", ".ods")


def given(form: str) -> list[Record]:
    """The form as issued: with what is given, and 年度設定 with what is shipped."""
    if form == "settings":
        return list(FILLED[form])
    keys = {(s.key, f.key) for _, s in FORMS[form].sections() for f in s.fields if f.given}
    return [
        Record(r.section, {k: v for k, v in r.values.items() if (r.section, k) in keys}, r.of)
        for r in FILLED[form]
    ]


@pytest.fixture(scope="module")
def saved(soffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every form, typed into and saved in both formats: report.xlsx, report.ods …"""
    folder = tmp_path_factory.mktemp("round-trip")
    jobs: list[dict[str, object]] = []
    for key, form in FORMS.items():
        source = folder / f"issued-{key}.xlsx"
        unit = unit_of(form)
        write_form(source, FormCopy(form, PLAN, unit=unit, records=given(key), items=ITEMS))
        cells = [
            (sheet.title, place.row, place.col, shown(place.value))
            for sheet in lay_out(form, PLAN, Lists.of(PLAN, ITEMS), FILLED[key], unit)
            for place in sheet.places
            if place.style is Style.INPUT and place.value is not None
        ]
        jobs += [
            {"source": str(source), "target": str(folder / f"{key}{suffix}"), "cells": cells}
            for suffix in FORMATS
        ]
    soffice.type_in(folder, jobs)
    return folder


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_read_as_typed(form: str, suffix: str, saved: Path) -> None:
    reading = read(saved / f"{form}{suffix}")
    assert [str(f.at) for f in reading.findings if f.blocks] == []
    assert reading.submission is not None
    assert content(reading.submission.records) == content(FILLED[form])


@pytest.mark.parametrize("form", FORMS)
def test_an_xlsx_keeps_drop_downs_prompts_protection_names_and_hidden_sheets(
    form: str, saved: Path
) -> None:
    before = openpyxl.load_workbook(saved / f"issued-{form}.xlsx")
    after = openpyxl.load_workbook(saved / f"{form}.xlsx")
    assert after.sheetnames == before.sheetnames
    assert set(before.defined_names) <= set(after.defined_names)
    for page in before.worksheets:
        again = after[page.title]
        assert again.sheet_state == page.sheet_state, page.title
        assert again.protection.sheet == page.protection.sheet, page.title
        helps = {
            (str(cells.coord), rule.type, rule.formula1, rule.prompt)
            for rule in page.data_validations.dataValidation
            for cells in rule.sqref.ranges
            if rule.type == "list"
        }
        found = {
            (str(cells.coord), rule.type, rule.formula1, rule.prompt)
            for rule in again.data_validations.dataValidation
            for cells in rule.sqref.ranges
            if rule.type == "list"
        }
        assert helps <= found, page.title
        prompts = {rule.prompt for rule in page.data_validations.dataValidation}
        assert prompts <= {rule.prompt for rule in again.data_validations.dataValidation}
        unlocked = {c.coordinate for row in page for c in row if not c.protection.locked}
        assert unlocked == {c.coordinate for row in again for c in row if not c.protection.locked}


@pytest.mark.parametrize("form", FORMS)
def test_an_ods_keeps_drop_downs_prompts_protection_names_and_hidden_sheets(
    form: str, saved: Path
) -> None:
    before = openpyxl.load_workbook(saved / f"issued-{form}.xlsx")
    with zipfile.ZipFile(saved / f"{form}.ods") as package:
        tree = etree.fromstring(package.read("content.xml"))
    tables = {table.get(f"{TABLE}name"): table for table in tree.iter(f"{TABLE}table")}
    assert set(tables) == set(before.sheetnames)
    assert all(
        tables[p.title].get(f"{TABLE}protected") == "true" for p in before if p.protection.sheet
    )
    assert {META, LISTS, LIVE} <= set(tables)
    names = {one.get(f"{TABLE}name") for one in tree.iter(f"{TABLE}named-range")}
    assert {name for name in before.defined_names if name.startswith(("sec_", "list_"))} <= names
    rules = list(tree.iter(f"{TABLE}content-validation"))
    conditions = " ".join(str(rule.get(f"{TABLE}condition")) for rule in rules)
    prompts = "".join(str(text) for rule in rules for text in rule.itertext())
    for page in before.worksheets:
        for rule in page.data_validations.dataValidation:
            if rule.type == "list":
                assert str(rule.formula1) in conditions
            for line in str(rule.prompt or "").split("\n"):
                assert line in prompts
