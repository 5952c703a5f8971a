"""What the year knows already stands in the form that a unit gets."""

from __future__ import annotations

import openpyxl

from tests.support.unit_03 import enrolment, returned
from xltool.forms import ENROLMENT
from xltool.steps.issue import issue
from xltool.store.workspace import Workspace


def test_what_a_unit_enrolled_stands_in_the_report_form_that_it_gets(workspace: Workspace) -> None:
    returned(workspace, "ATTACH4.xlsx", ENROLMENT, enrolment())
    issued = issue(workspace, "report", ["03"])
    [path] = issued.outputs
    assert path.name == "114_03_電力發展及管理組_執行成果填報表.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell.value for row in book["業務 03-01"].iter_rows() for cell in row]
    assert "用電申辦進度線上查詢" in cells
    assert "建置線上查詢平臺" in cells
