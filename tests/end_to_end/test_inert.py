"""Text from a unit stays text: no formula, no tag, no header, in anything that we produce."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from lxml import html
from openpyxl.cell import Cell

from tests.support.returns import Person
from tests.support.sample import year_of_114
from xltool.steps.check import keep_check
from xltool.steps.give_back import give_back
from xltool.steps.issue import issue
from xltool.steps.write import packet, run
from xltool.store.workspace import Workspace

MARK = "毒餌"
HOSTILE = (
    f'=HYPERLINK("http://example.org","{MARK}1")',
    f"+1+cmd|' /C calc'!A0{MARK}2",
    f"-2+3{MARK}3",
    f"@SUM(A1){MARK}4",
    f"<script>alert('{MARK}5')</script><b>&amp;",
    f"{MARK}6]]></w:t><w:br/>{{{{ 7*7 }}}}",
    f"\t=1+1{MARK}7",
    f"_x003D_1+1{MARK}8",
)
OUTPUTS = {".xlsx", ".docx", ".html", ".eml", ".ics", ".xlsm"}


CHOICES = {"數位創新加值", "社會創新共融"}
"""Said where a list is to choose from: something else would only be refused."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample's year, in which 04's forms say hostile things wherever they say anything, and 11's
    report beside the form; and everything that we make of it."""
    workspace = year_of_114(tmp_path_factory.mktemp("inert"))
    for pattern in ("114_04_*調查表*", "114_04_*填報表*", "114_04_*意見表*"):
        [path] = workspace.inbox.glob(pattern)
        person = Person(path)
        for number, cell in enumerate(said(person)):
            cell.value = HOSTILE[number % len(HOSTILE)] + str(number)
            cell.data_type = "s"
        person.put(person.book.sheetnames[1], 60, 9, HOSTILE[4])
        person.save()
    [faulty] = workspace.inbox.glob("114_11_*填報表*")
    person = Person(faulty)
    for row, text in enumerate(HOSTILE, 50):
        person.put("填報資料", row, 3, text).data_type = "s"
    person.save()
    done = run(workspace)
    packet(workspace)
    give_back(workspace)
    keep_check(workspace, done)
    for form in ("report", "review", "meeting", "contest"):
        issue(workspace, form)
    issue(workspace, "report", supplement=True)
    return workspace


def said(person: Person) -> Iterator[Cell]:
    """The cells of the items' sheets in which the unit wrote prose."""
    for sheet in person.book.worksheets:
        for row in sheet.iter_rows() if sheet.title[:2] in {"業務", "參與"} else ():
            for cell in row:
                value = "" if cell.protection.locked else cell.value
                prose = isinstance(value, str) and len(value) > 3 and value not in CHOICES
                if isinstance(cell, Cell) and prose and not re.fullmatch(r"[\d.,%-]+", str(value)):
                    yield cell


def produced(workspace: Workspace) -> list[Path]:
    folders = (workspace.results, workspace.outbox)
    return sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in OUTPUTS)


def test_hostile_text_reaches_every_kind_of_output(year: Workspace) -> None:
    """Else the tests below would prove nothing."""
    reached = {path.suffix for path in produced(year) if any(MARK in t for t in texts(path))}
    assert {".xlsx", ".docx", ".html"} <= reached


def texts(path: Path) -> Iterator[str]:
    if path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path):
            yield from (str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    elif path.suffix == ".docx":
        document = Document(str(path))
        yield from (p.text for p in document.element.body.iter() if p.tag.endswith("}t") and p.text)
    elif path.suffix == ".html":
        yield str(html.document_fromstring(path.read_text("utf-8")).xpath("string()"))


def test_no_cell_with_a_unit_s_text_is_a_formula_or_a_link(year: Workspace) -> None:
    books = [path for path in produced(year) if path.suffix == ".xlsx"]
    assert len(books) > 30
    for path in books:
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    if MARK in str(cell.value):
                        assert cell.data_type == "s", (path.name, sheet.title, cell.coordinate)
                    link = cell.hyperlink
                    target = link.target if link else None
                    assert target is None or target.startswith("../收件匣/"), path.name


def test_no_text_of_a_unit_is_a_tag(year: Workspace) -> None:
    for path in produced(year):
        if path.suffix == ".html":
            assert html.document_fromstring(path.read_text("utf-8")).findall(".//script") == []
    assert any("<script>" in text for text in texts(year.annex3(114))), "text, as it was typed"


def test_no_text_of_a_unit_is_a_header_of_a_mail(year: Workspace) -> None:
    mails = [path for path in produced(year) if path.suffix == ".eml"]
    assert mails
    for path in mails:
        message = message_from_bytes(path.read_bytes(), policy=default)
        known = {"X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"}
        assert set(message.keys()) <= known | {"Content-Transfer-Encoding"}, path.name
