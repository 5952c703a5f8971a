"""What no text can hold, wherever a file holds it: the gate joins it or puts � in its place, it is told
at the cell, and the year goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.conftest import LibreOffice
from tests.support.edits import ITEM, caption, card, people, picture
from tests.support.returns import UNIT, Edit, Person, codes, issued, read, returned
from tests.support.rewritten import rewritten
from tests.support.sample import begin
from tests.support.unit_03 import codes as told
from xltool.faces.cli import main
from xltool.intake.formats import legacy
from xltool.intake.gate import passed, through_the_gate
from xltool.intake.grid import Book, Cell, Grid
from xltool.model import Value
from xltool.steps.write import run
from xltool.store.workspace import Workspace

MARK = "ZQZ"
"""Stands where the file is then made to hold what no person can type."""
HALF, PAIR, NEVER = "_xD842_", "_xD842__xDFB7_", "_xFFFF_"


def noted(person: Person) -> None:
    person.find(ITEM, "辦理情形").comment = Comment(MARK, "承辦人")


def beside(person: Person) -> None:
    person.put("填報資料", 40, 4, f"備註{MARK}")


def struck_beside(person: Person) -> None:
    person.put("填報資料", 40, 4, f"備註{MARK}").font = Font(strike=True)


def below(person: Person) -> None:
    margin = person.sheet("填報資料").oddFooter
    assert margin is not None
    margin.center.text = f"備註{MARK}"


FIELDS: dict[str, tuple[Edit, ...]] = {
    "an answer": (card(ITEM, "辦理情形", f"完成{MARK}建置"),),
    "a name": (people(1, "姓名", f"王{MARK}明"),),
    "a title": (people(1, "職稱", f"{MARK}員"),),
    "a caption": (picture(1), caption(1, f"{MARK}站")),
    "a cell where nothing is asked": (beside,),
    "a comment": (noted,),
    "words struck out": (struck_beside,),
    "a footer": (below,),
}


@pytest.mark.parametrize("edits", FIELDS.values(), ids=FIELDS)
def test_half_a_character_is_told_at_its_cell_and_does_not_block(
    edits: tuple[Edit, ...], tmp_path: Path
) -> None:
    reading = read(rewritten(returned(tmp_path, "report", *edits), MARK, HALF))
    assert reading.status == "accepted"
    [found] = [one for one in reading.findings if one.code == "V329"]
    assert "U+D842" in found.message
    assert found.at.cell
    assert "\ufffd" in repr(reading)
    assert "\ud842" not in repr(reading)


@pytest.mark.parametrize(
    ("spelled", "point"), [(NEVER, "U+FFFF"), ("\ufffd", "U+FFFD"), ("\ufdd0", "U+FDD0")]
)
def test_so_is_what_is_no_character_in_other_ways(spelled: str, point: str, tmp_path: Path) -> None:
    """Also where the program that saved the file had replaced it, as an .xls and LibreOffice do."""
    path = returned(tmp_path, "report", *FIELDS["an answer"])
    [found] = read(rewritten(path, MARK, spelled)).findings
    assert (found.code, found.value) == ("V329", point)


@pytest.mark.parametrize("edits", FIELDS.values(), ids=FIELDS)
def test_two_halves_beside_each_other_are_the_character_that_they_spell(
    edits: tuple[Edit, ...], tmp_path: Path
) -> None:
    typed = returned(tmp_path, "report", *edits)
    (tmp_path / "pair").mkdir()
    pair = Path(shutil.copy(typed, tmp_path / "pair"))
    expected = read(rewritten(typed, MARK, "𠮷"))
    reading = read(rewritten(pair, MARK, PAIR))
    assert codes(reading) == codes(expected)
    assert said(reading.submission) == said(expected.submission)
    assert "𠮷" in repr(reading)


def said(submission: object) -> list[dict[str, Value]]:
    return [dict(record.values) for record in submission.records]  # type: ignore[attr-defined]


def test_a_sheet_s_name_is_passed_too(tmp_path: Path) -> None:
    path = issued(tmp_path, "report")
    person = Person(path)
    person.book.create_sheet("LIST")["B2"] = "其他說明"
    person.save()
    reading = read(rewritten(path, 'name="LIST"', f'name="LIST{HALF}"'))
    assert {one.at.sheet for one in reading.findings} == {"LIST\ufffd"}
    assert sorted(codes(reading)) == ["S207", "V329"]


def test_a_text_without_any_of_it_is_left_as_it_is() -> None:
    text = "𠮷田站：ａ\u200b①\ue000\n㎡😀\t\uffee"
    assert passed(text) == (text, "")


def test_control_characters_which_nobody_sees_are_dropped_in_every_format() -> None:
    sheet = {"name": "S\x00", "cells": [[0, 0, "a\x01b\x1f", "text", None]], "merges": []}
    book = through_the_gate(Book((legacy._grid(sheet),), {"xltool_form": "re\x00port"}))
    assert book.sheets[0].name == "S"
    assert book.sheets[0].cells[0, 0].text == "ab"
    assert book.properties == {"xltool_form": "report"}
    assert book.sheets[0].replaced == []


def test_boxes_notes_and_cells_each_tell_where_they_stand() -> None:
    grid = Grid("S", {(1, 2): Cell(1, 2, "\ud842")})
    grid.boxes, grid.notes = [Cell(3, 0, "\udfff"), Cell(3, 0, "框")], [Cell(4, 4, "\U0001fffe")]
    through_the_gate(Book((grid,)))
    assert [cell[:3] for cell in grid.replaced] == [
        (1, 2, "U+D842"),
        (3, 0, "U+DFFF"),
        (4, 4, "U+1FFFE"),
    ]
    assert [box.text for box in grid.boxes] == ["\ufffd", "框"]


def test_an_ods_with_what_xml_may_hold_and_no_text_should_is_read_and_told(
    soffice: LibreOffice, tmp_path: Path
) -> None:
    typed = returned(tmp_path, "report", *FIELDS["an answer"])
    ods = soffice.convert(typed, "ods", tmp_path)
    reading = read(rewritten(ods, MARK, "\U0001ffff"))
    assert [one.code for one in reading.findings if one.code.startswith("V")] == ["V329"]


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    begin(tmp_path / "114")
    return Workspace.open(tmp_path / "114")


def put_in(year: Workspace, key: str, *edits: Edit, unit: str = UNIT) -> Path:
    path = issued(year.inbox, key, unit=unit)
    person = Person(path)
    for edit in edits:
        edit(person)
    return person.save()


EVERYWHERE = [edit for edits in FIELDS.values() for edit in edits]


@pytest.mark.parametrize("command", ["check", "check --return", "check --report", "run", "export"])
def test_one_such_return_stops_no_command_of_the_year(
    command: str, year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in(year, "enrolment")
    put_in(year, "enrolment", unit="05")
    blank = card(ITEM, "未來精進方向", None)
    rewritten(put_in(year, "report", *EVERYWHERE, blank), MARK, HALF)
    assert main([*command.split(), "--folder", str(year.root)]) in (0, 1)
    shown = "".join(capsys.readouterr())
    assert "未預期" not in shown
    assert "UnicodeEncodeError" not in shown


def test_what_was_replaced_is_in_the_tracker_with_all_the_rest(year: Workspace) -> None:
    put_in(year, "enrolment")
    rewritten(put_in(year, "report", *FIELDS["an answer"]), MARK, HALF)
    assert "V329" in told(run(year))["report.xlsx"]
    book = openpyxl.load_workbook(year.tracker(114))
    texts = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value}
    assert any("完成\ufffd建置" in text for text in texts)


def test_what_the_coordinator_typed_into_the_tracker_ends_no_merge_either(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in(year, "enrolment")
    run(year)
    book = openpyxl.load_workbook(year.tracker(114))
    for sheet in book.worksheets:
        sheet.cell(3, sheet.max_column + 1, f"備註{MARK}")
        sheet.cell(sheet.max_row + 2, 2, f"備註{MARK}")
    book.save(year.tracker(114))
    rewritten(year.tracker(114), MARK, HALF)
    put_in(year, "enrolment", unit="05")
    assert main(["run", "--folder", str(year.root)]) == 0
    assert "未預期" not in "".join(capsys.readouterr())


def test_the_year_s_settings_are_read_through_the_gate_too(year: Workspace) -> None:
    put_in(year, "enrolment")
    person = Person(year.settings)
    person.put(person.book.sheetnames[0], 60, 3, f"備註{MARK}")
    person.save()
    rewritten(year.settings, MARK, HALF)
    assert main(["run", "--folder", str(year.root)]) == 0
