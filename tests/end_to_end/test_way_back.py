"""A faulty return goes back as a clean form with its own values, and comes back as the next version."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openxml_audit import OpenXmlValidator

from tests.conftest import LibreOffice
from tests.support.returns import PLAN, Person
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.intake.one import read_file
from xltool.model import Fate
from xltool.steps.gather import gather
from xltool.steps.give_back import give_back
from xltool.store.workspace import Workspace

STRAY = "請來電 6123 洽王小明"
STRUCK = "這一段不要了"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The sample's inbox, in which 資訊室's report is faulty; somebody also wrote beside the form."""
    workspace = year_of_114(tmp_path)
    [faulty] = workspace.inbox.glob("114_11_*執行成果填報表*")
    person = Person(faulty)
    person.put("填報資料", 40, 2, STRAY)
    person.put("填報資料", 41, 2, STRUCK).font = Font(strike=True)
    person.save()
    return workspace


def given_back(workspace: Workspace, unit: str) -> Path:
    [path] = [p for p in give_back(workspace).outputs if f"_{unit}_" in p.name]
    return path


def test_each_faulty_cell_is_listed_linked_marked_and_commented(workspace: Workspace) -> None:
    path = given_back(workspace, "11")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "待修正"
    page = book["待修正"]
    links = [c.hyperlink.location or "" for row in page.iter_rows() for c in row if c.hyperlink]
    assert links, "each point leads to its cell"
    for link in links:
        sheet, _, cell = link.rpartition("!")
        there = book[sheet.strip("'")][cell]
        assert there.comment is not None, link
        assert there.fill.bgColor.rgb != there.offset(0, -1).fill.bgColor.rgb or there.border.left
    told = [str(c.value) for row in page.iter_rows() for c in row if c.value]
    assert any("120" in text and "超出範圍" in text for text in told)


def test_what_was_typed_comes_back_also_where_it_was_wrong(workspace: Workspace) -> None:
    [faulty] = workspace.inbox.glob("114_11_*執行成果填報表*")
    before, after = read_file(faulty, PLAN), read_file(given_back(workspace, "11"), PLAN)
    assert before.submission and after.submission
    assert after.submission.records[0].values == before.submission.records[0].values
    assert [r.values for r in after.submission.records] == [
        r.values for r in before.submission.records
    ]
    assert [p.blob for p in after.submission.pictures] == [
        p.blob for p in before.submission.pictures
    ]
    asked = {f.code for f in before.findings if f.blocks}
    assert {f.code for f in after.findings if f.blocks} == asked, (
        "the same faults, still to correct"
    )


def test_what_stood_outside_the_form_goes_back_on_a_sheet_of_its_own(workspace: Workspace) -> None:
    book = openpyxl.load_workbook(given_back(workspace, "11"))
    words = [str(c.value) for row in book["表外內容"].iter_rows() for c in row]
    assert STRAY in words
    assert STRUCK in words, "struck out, and still not lost"


def test_corrected_and_sent_back_it_is_the_next_version(workspace: Workspace) -> None:
    path = given_back(workspace, "11")
    person = Person(path)
    corrections = {
        "V304": "114.12.05", "V301": "已補", "V303": 87, "V305": "主要承辦人員", "V302": 80,
    }  # fmt: skip
    for found in read_file(path, PLAN).findings:
        if found.blocks:
            cell = person.sheet(found.at.sheet)[found.at.cell]
            blank_score = found.code == "V301" and "評分" in found.message
            cell.value = 85 if blank_score else corrections[found.code]
    person.save(workspace.inbox / "改好了.xlsx")
    year = gather(workspace)
    fates = {receipt.file: receipt.status for receipt in year.receipts}
    assert fates["改好了.xlsx"] is Fate.ADOPTED
    filing = next(f for f in year.dataset.filings if (f.unit, f.form) == ("11", "report"))
    assert filing.filed and not filing.blocked
    assert not any("_11_" in p.name for p in give_back(workspace).outputs)


def test_a_second_reader_of_the_format_finds_no_fault(workspace: Workspace) -> None:
    for path in give_back(workspace).outputs:
        assert OpenXmlValidator().validate(path).errors == []


def test_the_command_says_what_went_back(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--return", "--folder", str(workspace.root)]) == 0
    told = capsys.readouterr().out
    assert "待修正的回傳檔 2 份" in told and "資訊室 執行成果填報表" in told


@pytest.mark.parametrize("to", ["", "xlsx", "ods"])
def test_our_own_comments_are_no_words_of_the_unit(
    to: str, workspace: Workspace, soffice: LibreOffice, tmp_path: Path
) -> None:
    path = given_back(workspace, "11")
    if to:
        path = soffice.convert(path, to, tmp_path / "saved")
    found = read_file(path, PLAN).findings
    assert "S212" not in {one.code for one in found}
