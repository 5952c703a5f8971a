"""An agency that calls things otherwise, and numbers its plan otherwise, is spoken to in its own words:
no form, finding, screen or paper that we write says ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.support.sample import year_of_114
from tests.support.settings import filled
from xltool.faces.cli import main
from xltool.forms import FORMS, SETTINGS
from xltool.model import Record
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import read_plan
from xltool.steps.settings import read_settings
from xltool.store.workspace import Workspace

OURS = ("政府服務獎", "組室", "主任秘書", "本署", "柒、二", "附件2、四", "陸、一、(三)")
OWN = ("金質獎", "科中心", "副署長", "本局", "伍、三", "附件3、二", "肆、(三)")
PLACES = {"柒、二": "伍、三", "附件2、四": "附件3、二", "陸、一": "肆"}


def settings() -> Iterator[Record]:
    """Those of 114, in the agency's own words."""
    for record in filled():
        values = dict(record.values)
        if record.section == "basics":
            values["short"] = "本局"
        yield replace(record, values=values)
    yield Record("words", {"contest": "金質獎", "units": "科中心", "convener": "副署長"})
    yield from (Record("places", {"shipped": was, "own": own}) for was, own in PLACES.items())


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample's year of such an agency, whose units had its forms before it said so."""
    year = year_of_114(tmp_path_factory.mktemp("own"))
    records = tuple(settings())
    plan, _ = read_plan(records)
    assert plan is not None
    write_form(year.settings, FormCopy(SETTINGS, plan, records=records))
    return year


def read(path: Path) -> str:
    """All text of a workbook or a document."""
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        return "\n".join(t.text or "" for t in document.element.body.iter() if t.tag.endswith("}t"))
    book = openpyxl.load_workbook(path)
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    shown = [f"{cell.value or ''} {cell.comment.text if cell.comment else ''}" for cell in cells]
    rules = (rule for sheet in book for rule in sheet.data_validations.dataValidation)
    return "\n".join((*shown, *(f"{one.prompt} {one.promptTitle} {one.error}" for one in rules)))


@pytest.fixture(scope="module")
def typed(year: Workspace) -> set[str]:
    """What units typed in our words."""
    books = (CalamineWorkbook.from_path(path) for path in year.inbox.iterdir())
    sheets = (book.get_sheet_by_name(name) for book in books for name in book.sheet_names)
    rows = (row for sheet in sheets for row in sheet.to_python())
    lines = {line for row in rows for cell in row for line in str(cell).splitlines()}
    return {line.strip(" 。") for line in lines if any(word in line for word in OURS)}


def test_nothing_else_of_the_settings_must_be_typed_anew(year: Workspace) -> None:
    """The calendar's stage and the clauses of 敘獎原則 follow."""
    reading, plan = read_settings(year.settings)
    assert [
        one.code for one in reading.findings if one.code in {"P609", "P618", "P619", "P622"}
    ] == []
    assert plan.stage("金質獎參選") is not None
    assert {right.clause for right in plan.entitlements} == {f"伍、三、({n})" for n in "一二三四"}


def ours(told: str, typed: set[str]) -> list[str]:
    """The lines in our words, but those that a unit typed."""
    for text in sorted(typed, key=len, reverse=True):
        told = told.replace(text, "")
    told = told.replace("政府服務獎參選", "")  # the calendar's own name of a stage
    lines = (line.strip() for line in told.splitlines() if any(word in line for word in OURS))
    return [
        line for line in lines if not any(text.startswith(line[:-1]) for text in typed)
    ]  # cut: …


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["score"],
        ["rewards"],
        ["packet"],
        ["annex3"],
        ["recommend"],
        ["meeting"],
        ["why", "02-01"],
    ],
    ids=lambda command: command[0],
)
def test_a_command_and_what_it_writes_say_nothing_in_our_words(
    command: list[str], year: Workspace, typed: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in year.root.rglob("*") if path.is_file()}
    assert main([*command, "--folder", str(year.root)]) in (0, 1)
    told = capsys.readouterr().out
    for path in year.root.rglob("*"):
        new = path.is_file() and before.get(path) != path.stat().st_mtime_ns
        if new and path.suffix in {".xlsx", ".docx"} and path != year.settings:
            told += read(path)
    assert ours(told, typed) == []


@pytest.mark.parametrize("form", ["enrolment", "report", "review", "meeting", "contest"])
def test_a_form_says_nothing_in_our_words(form: str, year: Workspace, typed: set[str]) -> None:
    assert main(["issue", form, "--folder", str(year.root)]) == 0
    for path in year.outbox.rglob("*"):
        if path.suffix == ".xlsx" and FORMS[form].title in path.name:
            assert ours(read(path), typed) == [], path
