"""Two forms in one workbook: the one that it is stamped as is read, the other is named."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.edits import ITEM, table
from tests.support.returns import FILLED, Person, codes, content, issued, read, returned


def joined(path: Path, other: Path, *, hidden: bool) -> Path:
    """All sheets of another workbook put behind those of the first; the hidden ones too, or not."""
    book, more = (openpyxl.load_workbook(one) for one in (path, other))
    for sheet in more.worksheets:
        if sheet.sheet_state == "visible" or hidden:
            taken = sheet.title in book.sheetnames
            copy = book.create_sheet(f"{sheet.title} (2)" if taken else sheet.title)
            copy.sheet_state = sheet.sheet_state
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        copy[cell.coordinate] = cell.value
            for merged in sheet.merged_cells.ranges:
                copy.merge_cells(str(merged))
    book.save(path)
    return path


TWO = {
    "調查表 and 填報表": (("enrolment", "03"), ("report", "03")),
    "填報表 and 調查表": (("report", "03"), ("enrolment", "03")),
    "the reports of two units": (("report", "03"), ("report", "04")),
    "the enrolments of two units": (("enrolment", "03"), ("enrolment", "04")),
    "填報表 and 督導意見表": (("report", "03"), ("review", "03")),
}
NAMES = {
    "enrolment": "「參與業務調查表」",
    "report": "「執行成果填報表」",
    "review": "「督導意見表」",
}
UNITS = {"03": "電力發展及管理組", "04": "節能發展及管理組"}


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(("first", "second"), TWO.values(), ids=TWO)
def test_the_first_is_read_as_if_it_were_alone_and_the_other_is_named(
    first: tuple[str, str], second: tuple[str, str], hidden: bool, tmp_path: Path
) -> None:
    (tmp_path / "b").mkdir()
    other = issued(tmp_path / "b", second[0], unit=second[1])
    path = issued(tmp_path, first[0], unit=first[1])
    alone = read(path)
    reading = read(joined(path, other, hidden=hidden))
    assert reading.status == "accepted"
    assert {*codes(reading)} == {"F140", "S207"}
    told = reading.findings[0]
    assert told.code == "F140"
    assert NAMES[first[0]] in told.message and NAMES[second[0]] in told.message
    assert UNITS[first[1]] in told.message
    if first[1] != second[1]:
        assert UNITS[second[1]] in told.message
    assert reading.submission is not None and alone.submission is not None
    assert content(reading.submission.records) == content(alone.submission.records)


def test_what_was_typed_on_the_other_is_told_cell_by_cell(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = returned(tmp_path / "b", "report", table(ITEM, "量化成效", 1, "說明", "另一份的字"))
    reading = read(joined(issued(tmp_path, "enrolment"), other, hidden=False))
    assert any("另一份的字" in one.value for one in reading.findings)


def test_one_form_of_which_a_sheet_bears_another_units_name_is_no_second_form(
    tmp_path: Path,
) -> None:
    def pasted(person: Person) -> None:
        person.sheet(ITEM)["A2"] = "節能發展及管理組　04-01 節電輔導"

    assert "F140" not in codes(read(returned(tmp_path, "report", pasted)))


@pytest.mark.parametrize("key", FILLED)
def test_a_form_alone_is_one_form(key: str, tmp_path: Path) -> None:
    assert "F140" not in codes(read(issued(tmp_path, key)))
