"""A program that knows nothing but `xltool form NAME --json` can fill a form that passes the checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.answers import result_in
from tests.support.sample import begin
from xltool.faces.cli import main
from xltool.steps.check import check
from xltool.steps.issue import issue
from xltool.store.workspace import Workspace


def fill(path: Path, dictionary: dict[str, Any]) -> None:
    """Fill the required fields with their first choice or example, found by anchor and label."""
    book = openpyxl.load_workbook(path)
    for sheet in dictionary["sheets"]:
        pages = [book[sheet["title"]]] if not sheet["per_item"] else []
        for page in pages:
            for section in sheet["sections"]:
                anchor = find(page, section["anchor"], 1)
                filled: dict[str, object] = {}
                # What another answer makes due comes after that answer, wherever it stands.
                for field in sorted(section["fields"], key=lambda one: bool(one["required_when"])):
                    if field["given"] or not (field["required"] or depends(field, filled)):
                        continue
                    row, col = find(page, field["label"], anchor[0])
                    value = (field["choices"] or [field["example"]])[0]
                    filled[field["field"]] = {"是": True}.get(value, value)
                    if section["shape"] == "card":
                        page.cell(row, col + 1, value)
                        continue
                    for n in range(len(section["row_names"]) or 1):
                        page.cell(row + 1 + section["example_row"] + n, col, value)
    book.save(path)


def depends(field: dict[str, Any], filled: dict[str, object]) -> bool:
    when = field["required_when"]
    return when is not None and filled.get(when["field"]) == when["equals"]


def find(page: Worksheet, text: str, from_row: int) -> tuple[int, int]:
    for row in page.iter_rows(min_row=from_row):
        for cell in row:
            if cell.value == text:
                return cell.row, cell.column
    raise AssertionError(f"{text} is not on {page.title}")


@pytest.mark.parametrize("form", ["enrolment", "meeting", "contest"])
def test_the_data_dictionary_is_enough_to_fill_the_form(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "114")
    workspace = Workspace.open(tmp_path / "114")
    [path] = issue(workspace, form, ["03"]).outputs
    assert main(["form", form, "--json", "--folder", str(workspace.root)]) == 0
    dictionary = result_in(capsys.readouterr().out)
    assert dictionary["form"] == form
    fill(path, dictionary)
    checked = check(workspace, [path])
    assert [one.message for one in checked.findings if one.blocks] == []
    assert checked.readings[0].submission is not None
    assert len(checked.readings[0].submission.records) >= 2
