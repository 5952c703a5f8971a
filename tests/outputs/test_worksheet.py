"""Formulas that we issue are those that XlsxWriter itself would have written."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.worksheet import Worksheet

from tests.support.packages import parts
from tests.support.year import DATASET, OUTCOMES
from xltool.forms import FORMS, Form
from xltool.outputs.forms import FormCopy, file_name, write_form
from xltool.outputs.lists.roster import write_roster
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)
FORMULA = re.compile(r"<(?:f|formula[12]?)>([^<]+)</")


def prefixed(formula: str) -> str:
    """A formula as XlsxWriter writes it, with a prefix before each function newer than Excel 2007."""
    sheet: Any = Worksheet()
    return str(sheet._prepare_formula(formula, True))


def formulas(workbook: Path) -> set[str]:
    return {
        unescape(text)
        for name, data in parts(workbook).items()
        if name.startswith("xl/worksheets/")
        for text in FORMULA.findall(data.decode())
    }


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_no_formula_of_a_form_calls_a_function_that_needs_a_prefix(
    form: Form, tmp_path: Path
) -> None:
    path = tmp_path / file_name(form, PLAN, "03")
    write_form(path, FormCopy(form, PLAN, unit="03", items=("03-01",)))
    assert formulas(path)
    assert {one for one in formulas(path) if prefixed(one) != one} == set()


def test_no_formula_of_the_roster_does(tmp_path: Path) -> None:
    write_roster(tmp_path / "r.xlsx", OUTCOMES, DATASET, PLAN, day=None)
    assert formulas(tmp_path / "r.xlsx")
    assert {one for one in formulas(tmp_path / "r.xlsx") if prefixed(one) != one} == set()


def test_one_that_did_would_be_found() -> None:
    assert prefixed("IFS(A1>1,2)") == "_xlfn.IFS(A1>1,2)"
