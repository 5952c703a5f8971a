"""Forms go out: a workbook and a draft for each unit, numbered, listed, and never twice the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support import nouns
from tests.support.returns import Person
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.forms import FORMS
from xltool.intake.one import read_file
from xltool.model import Dataset
from xltool.outputs.post import mail
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.settings import load_plan
from xltool.steps.year import Year
from xltool.store.ledger import open_ledger
from xltool.store.workspace import Workspace, WorkspaceError


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A year whose units have returned the enrolment and the report."""
    return year_of_114(tmp_path, "enrolment", "report")


def issue_of(path: Path) -> str:
    meta = openpyxl.load_workbook(path)["_meta"]
    return str(next(row[1].value for row in meta if row[0].value == "issue"))


def log(workspace: Workspace) -> list[list[str]]:
    page = openpyxl.load_workbook(workspace.outbox / "發出紀錄.xlsx").active
    assert page is not None
    return [[str(value or "") for value in row] for row in page.iter_rows(2, values_only=True)]


def test_each_unit_gets_a_draft_with_its_form_and_the_deadline(workspace: Workspace) -> None:
    outputs = issue(workspace, "report").outputs
    assert len(outputs) == 12
    for path in outputs:
        message = message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        [attached] = message.iter_attachments()
        assert attached.get_filename() == path.name
        assert attached.get_content() == path.read_bytes()
        body = message.get_body(("plain",))
        assert body is not None
        assert "114.12.10" in body.get_content() and "本年度無執行成果" in body.get_content()


def test_an_opinion_form_goes_to_the_member_and_not_to_the_unit(workspace: Workspace) -> None:
    [path] = issue(workspace, "review", ["03"]).outputs
    message = message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=default)
    member = next(m for m in gather(workspace).dataset.members if m.unit == "03")
    assert message["To"] == member.email


def test_the_same_form_issued_again_keeps_its_number(workspace: Workspace) -> None:
    [path] = issue(workspace, "enrolment", ["03"]).outputs
    first = path.read_bytes()
    [path] = issue(workspace, "enrolment", ["03"]).outputs
    assert path.read_bytes() == first
    assert issue_of(path) == "114-enrolment-03-1"
    assert [row[3] for row in log(workspace)] == ["114-enrolment-03-1"]


def test_a_form_issued_with_other_content_gets_the_next_number(workspace: Workspace) -> None:
    [path] = issue(workspace, "review", ["03"]).outputs
    assert issue_of(path) == "114-review-03-1"
    for late in (workspace.inbox).glob("*ATTACH1*"):
        late.rename(workspace.root / "不採用" / late.name)
    [path] = issue(workspace, "review", ["03"]).outputs
    numbers = [row[3] for row in log(workspace)]
    assert numbers[0] == issue_of(path)
    assert len(set(numbers)) == len(numbers)


def test_the_list_of_what_was_issued_says_when_to_whom_and_until_when(workspace: Workspace) -> None:
    issue(workspace, "enrolment", ["03", "07"])
    issue(workspace, "meeting")
    rows = log(workspace)
    assert {row[2] for row in rows} == {"電力發展及管理組", "秘書室", "經濟部能源署"}
    enrolment = next(row for row in rows if row[3] == "114-enrolment-07-1")
    assert enrolment[1] == "參與業務調查表" and enrolment[5] == "114.03.31"


def test_a_list_open_in_excel_does_not_keep_the_forms_from_going_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if target.name == "發出紀錄.xlsx":
            raise PermissionError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    done = issue(workspace, "enrolment", ["03"])
    assert done.outputs[0].is_file()
    assert any("發出紀錄未更新" in line and "Excel" in line for line in done.summary_lines)


def test_december_starts_from_what_november_brought(workspace: Workspace) -> None:
    done = issue(workspace, "report", ["03", "06"], supplement=True)
    [path] = done.outputs
    assert path.name == "114_03_電力發展及管理組_執行成果填報表_12月補正.xlsx"
    assert any("再生能源設置推廣組：尚無可採用" in line for line in done.summary_lines)
    plan = load_plan(workspace)
    year = gather(workspace)
    adopted = year.adopted(FORMS["report"], "03")
    assert adopted
    before = read_file(workspace.blob(adopted.sha256), plan, name=adopted.file).submission
    after = read_file(path, plan).submission
    assert before and after
    assert [(r.section, r.of, dict(r.values)) for r in after.records] == [
        (r.section, r.of, dict(r.values)) for r in before.records
    ]
    assert {(p.blob, p.caption) for p in after.pictures} == {
        (p.blob, p.caption) for p in before.pictures
    }
    cover = openpyxl.load_workbook(path)["填寫說明"]
    assert any(cell.value == "114.12.31" for row in cover for cell in row)


def test_the_supplement_takes_novembers_place(workspace: Workspace) -> None:
    [path] = issue(workspace, "report", ["03"], supplement=True).outputs
    person = Person(path)
    person.card("業務 03-01", "辦理情形", "截至 12 月底累計查詢 250,000 人次", "業務成果")
    person.save(workspace.inbox / "12月補正.xlsx")
    item = gather(workspace).dataset.item("03-01")
    assert item is not None and item.result == "截至 12 月底累計查詢 250,000 人次"
    assert item.pictures, "the photos of November are still there"


def test_only_a_form_with_a_supplement_is_issued_as_one(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="沒有補正階段"):
        issue(workspace, "enrolment", supplement=True)
    command = ["issue", "enrolment", "--supplement", "--folder", str(workspace.root)]
    assert main(command) == 2


def test_the_calendar_of_the_year_lies_beside_the_forms(workspace: Workspace) -> None:
    issue(workspace, "enrolment", ["03"])
    text = (workspace.outbox / "年度行程.ics").read_text("utf-8")
    assert "截止：設定年度參與業務" in text


def test_an_address_filled_in_later_stands_in_the_list_under_the_same_number(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(workspace, "review", ["03"])
    monkeypatch.setattr(mail, "address", lambda _: "new@agency.gov.tw")
    issue(workspace, "review", ["03"])
    assert [(row[3], row[6]) for row in log(workspace)] == [
        ("114-review-03-1", "new@agency.gov.tw")
    ]


def test_a_form_open_in_excel_does_not_keep_the_others_from_going_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if "_07_" in target.name:
            raise PermissionError
        return move(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    done = issue(workspace, "enrolment", ["03", "07", "08"])
    assert [one.code for one in done.findings if one.blocks] == ["F118"]
    assert any("_07_" in line and "請關閉該檔" in line for line in done.summary_lines)
    with open_ledger(workspace) as ledger:
        numbers = [one.issue for one in ledger.issued()]
    assert numbers == ["114-enrolment-03-1", "114-enrolment-08-1"]


def test_the_tenth_issue_is_followed_by_the_eleventh(workspace: Workspace) -> None:
    [path] = issue(workspace, "enrolment", ["03"]).outputs
    with open_ledger(workspace) as ledger:
        [first] = ledger.issued()
        for number in (9, 10):
            name = f"114-enrolment-03-{number}"
            ledger.note_issue(replace(first, issue=name, number=number, sha256="other"))
    issue(workspace, "enrolment", ["03"])
    assert issue_of(path) == "114-enrolment-03-11"
    issue(workspace, "enrolment", ["03"])
    assert issue_of(path) == "114-enrolment-03-11"


def gathering(monkeypatch: pytest.MonkeyPatch, change: Callable[[Dataset], Dataset]) -> None:
    """Let what has come back be something else."""

    def changed(*args: Any, **options: Any) -> Year:
        year = gather(*args, **options)
        return replace(year, dataset=change(year.dataset))

    monkeypatch.setattr("xltool.steps.issue.gather", changed)


def test_a_member_with_a_broken_address_does_not_keep_the_forms_from_going_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistyped(dataset: Dataset) -> Dataset:
        return replace(
            dataset, members=tuple(nouns.changed(one, email='"@b.c') for one in dataset.members)
        )

    gathering(monkeypatch, mistyped)
    done = issue(workspace, "review", ["03"])
    assert done.outputs[0].with_suffix(".eml").is_file()
    assert any("收件者留白：電力發展及管理組" in line for line in done.summary_lines)


def test_an_item_enrolled_since_november_is_in_the_supplement(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enrolled(dataset: Dataset) -> Dataset:
        late = nouns.changed(next(item for item in dataset.items if item.unit == "03"), id="03-09")
        return replace(dataset, items=(*dataset.items, late))

    gathering(monkeypatch, enrolled)
    [path] = issue(workspace, "report", ["03"], supplement=True).outputs
    sheets = openpyxl.load_workbook(path).sheetnames
    items = [name for name in sheets if name.startswith("業務")]
    assert items == [f"業務 03-0{number}" for number in (1, 2, 3, 9)]
