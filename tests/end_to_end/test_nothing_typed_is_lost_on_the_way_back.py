"""Nothing typed is lost on the way back: whatever people do to a form, with its sheets, rows and pictures,
the copy that goes back to them holds it, in its place or on 表外內容, and its links lead somewhere."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from tests.support.effort import PROVE
from tests.support.mangled import STORIES, Story, mangled
from tests.support.returns import PLAN
from xltool.intake.one import read_file
from xltool.outputs.forms import write_form
from xltool.steps.give_back import clean_copy
from xltool.zh import roc_date, same

KEYS = ("report", "report", "enrolment", "review")
"""The forms that go back to somebody."""


@settings(
    max_examples=PROVE or 8,
    derandomize=not PROVE,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@given(key=st.sampled_from(KEYS), edits=STORIES)
def test_whatever_is_done_to_a_form_its_copy_holds_it(key: str, edits: Story) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        tokens = mangled(key, edits, folder / "form.xlsx")

        def store(data: bytes) -> str:
            sha256 = hashlib.sha256(data).hexdigest()
            (folder / sha256).write_bytes(data)
            return sha256

        reading = read_file(folder / "form.xlsx", PLAN, store=store, whole=True)
        assert reading.submission is not None
        copy = clean_copy(reading, reading.submission, PLAN, (), lambda sha256: folder / sha256)
        write_form(folder / "back.xlsx", copy)
        book = openpyxl.load_workbook(folder / "back.xlsx")
        said = "\n".join(map(same, texts(book)))
        assert {token: at for token, at in tokens.items() if same(token) not in said} == {}
        assert pictures(folder / "form.xlsx") <= pictures(folder / "back.xlsx")
        assert [*dead_links(book)] == []
        again = read_file(folder / "back.xlsx", PLAN)
        assert again.submission is not None, "and it can be sent back"


def texts(book: Workbook) -> Iterator[str]:
    """All that people see in a workbook, its comments too."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
            for cell in row:
                if cell.value is not None:
                    yield shown_as(cell.value)
                if cell.comment:
                    yield cell.comment.text


def shown_as(value: object) -> str:
    if isinstance(value, date):
        return roc_date(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def pictures(path: Path) -> set[str]:
    """The pictures in a workbook, by what they are."""
    with zipfile.ZipFile(path) as package:
        media = [name for name in package.namelist() if name.startswith("xl/media/")]
        return {hashlib.sha256(package.read(name)).hexdigest() for name in media}


def dead_links(book: Workbook) -> Iterator[str]:
    """Links to a sheet or cell that is not there."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                place = (cell.hyperlink and cell.hyperlink.location) or ""
                title, _, there = place.rpartition("!")
                if place and (title.strip("'") not in book.sheetnames or not there):
                    yield place
