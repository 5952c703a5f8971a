"""The shipped placeholders of the contact stop a form from going out; a demo's contact says that it is one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import CONTACT, Person
from tests.support.sample import begin
from xltool.faces.cli import main
from xltool.forms import SETTINGS
from xltool.steps.new import new
from xltool.store.workspace import Workspace

LABELS = {key: SETTINGS.field("basics", key).label for key in CONTACT}


@pytest.fixture
def untouched(tmp_path: Path) -> Workspace:
    """A year as `xltool new` lays it out."""
    new(tmp_path / "114", 114)
    return Workspace.open(tmp_path / "114")


def cells(workspace: Workspace) -> dict[str, str]:
    """Where the contact stands on the settings, by field."""
    page = Person(workspace.settings)
    places = {key: page.card_place("基本資料", label) for key, label in LABELS.items()}
    return {
        key: f"基本資料!{page.sheet('基本資料').cell(*at).coordinate}" for key, at in places.items()
    }


@pytest.mark.parametrize("form", ["enrolment", "meeting"])
def test_no_form_goes_out_while_nobody_has_said_whom_to_ask(
    form: str, untouched: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["issue", form, "--folder", str(untouched.root)]) == 1
    told = capsys.readouterr().err
    for cell in cells(untouched).values():
        assert f"年度設定.xlsx｜{cell}" in told
    assert "(請填承辦人)" in told
    assert "請在年度設定的這一格填寫" in told
    assert not list(untouched.outbox.rglob("*.*"))


@pytest.mark.parametrize("left", list(CONTACT))
def test_one_placeholder_that_is_left_is_named_alone(
    left: str, untouched: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    person = Person(untouched.settings)
    for key, value in CONTACT.items():
        if key != left:
            person.card("基本資料", LABELS[key], value)
    person.save()
    assert main(["issue", "enrolment", "--folder", str(untouched.root)]) == 1
    told = capsys.readouterr().err
    assert [key for key, cell in cells(untouched).items() if cell in told] == [left]
    person.card("基本資料", LABELS[left], CONTACT[left])
    person.save()
    assert main(["issue", "enrolment", "--units", "03", "--folder", str(untouched.root)]) == 0


def test_a_check_reminds_of_them_before(
    untouched: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(untouched.root)]
    for asked in ([str(untouched.settings)], []):
        assert main(["check", *asked, *folder]) == 0, "it blocks nothing but what goes out"
        told = capsys.readouterr().out
        assert "P620" in told
        assert "填寫以前不能發出表單" in told


@pytest.mark.parametrize("command", [["remind", "--day", "2025-12-31"], ["check", "--return"]])
def test_drafts_to_units_remind_of_them_too(
    command: list[str], untouched: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--folder", str(untouched.root)]) == 0
    told = capsys.readouterr().out
    assert all(cell in told for cell in cells(untouched).values())


def test_a_year_rolled_on_asks_for_them_still(untouched: Workspace, tmp_path: Path) -> None:
    new(tmp_path / "115", 115, untouched.root)
    assert main(["issue", "enrolment", "--folder", str(tmp_path / "115")]) == 1


def test_a_demo_goes_out_and_says_that_it_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "示範"
    assert main(["demo", "--folder", str(root)]) == 0
    assert "示範年度：" in capsys.readouterr().out
    assert main(["issue", "enrolment", "--units", "03", "--folder", str(root)]) == 0
    assert "（示範）" in capsys.readouterr().err.splitlines()[0]
    [path] = (root / "發出" / "參與業務調查表").glob("*_03_*.xlsx")
    cover = openpyxl.load_workbook(path).worksheets[0]
    shown = {row[0].value: str(row[1].value) for row in cover.iter_rows(max_col=2)}
    assert "示範承辦人" in shown["聯絡人"]


def test_a_year_that_goes_on_from_a_demo_asks_whom_to_ask_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = begin(tmp_path / "114")
    demo.demo_mark.parent.mkdir(parents=True, exist_ok=True)
    demo.demo_mark.write_text("示範", "utf-8")
    new(tmp_path / "115", 115, demo.root)
    assert main(["issue", "enrolment", "--folder", str(tmp_path / "115")]) == 1
    assert "(請填承辦人)" in capsys.readouterr().err
