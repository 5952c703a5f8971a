"""While anything is held back, no paper says 「無」 of it: each says what, with file and cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from docx import Document

from tests.support.answers import result_in
from tests.support.returns import PLAN, Person, issued
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.steps.gather import gather
from xltool.store.workspace import Workspace

FILE = "參選結果表.xlsx"


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    """The sample year; the 參選結果表 has a person without a role."""
    year = year_of_114(tmp_path / "year")
    for path in year.inbox.glob("*參選結果表*"):
        path.unlink()
    person = Person(issued(tmp_path, "contest"))
    person.table("人員", "人員", 1, "角色", None)
    person.save(year.inbox / FILE)
    return year


def texts(book: Path, sheet: str) -> str:
    rows = openpyxl.load_workbook(book)[sheet].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def test_a_roster_whose_form_is_held_back_says_so_and_not_that_there_is_nobody(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rewards", "--folder", str(year.root)]) == 1
    said = capsys.readouterr().out
    assert "敘獎名冊 0 人：待修正" in said
    assert f"未列入：參選結果表有錯誤，該處尚未採用（{FILE}｜人員!I8" in said
    for sheet in ("名冊", "待釐清"):
        shown = texts(year.roster(PLAN.year), sheet)
        assert f"{FILE}｜人員!I8" in shown
        assert "（無敘獎人員）" not in shown
        assert "（沒有待釐清事項）" not in shown


def test_a_program_can_tell_an_empty_roster_from_one_that_waits(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rewards", "--json", "--folder", str(year.root)]) == 1
    plain = result_in(capsys.readouterr().out)
    [held] = [one for one in plain["held_back"] if one["form"] == "contest"]
    assert plain["lines"] == []
    assert (held["file"], held["sheet"], held["cell"]) == (FILE, "人員", "I8")


def test_why_says_it_first(year: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "03-01", "--folder", str(year.root)]) == 0
    _, first, where, *_ = [
        line for line in capsys.readouterr().out.splitlines() if line.strip() and "年度" not in line
    ]
    assert first.strip() == "待修正"
    assert FILE in where


def test_annex_3_names_the_places_but_not_what_stands_in_them(year: Workspace) -> None:
    held = gather(year).dataset.held_back("report")
    assert held
    main(["annex3", "--folder", str(year.root)])
    document = Document(str(year.annex3(PLAN.year)))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for one in held:
        assert one.message not in said
    for file in {one.at.file for one in held}:
        first = next(one for one in held if one.at.file == file and one.section != "filing")
        assert f"執行成果填報表有錯誤，該處尚未採用（{first.at}" in said


def test_when_it_is_corrected_nothing_is_said_of_it_any_more(
    year: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    issued(tmp_path, "contest").rename(year.inbox / "參選結果表_更正.xlsx")
    assert gather(year).dataset.held_back("contest") == ()
    main(["rewards", "--folder", str(year.root)])
    assert "敘獎名冊 1 人：記功1次 1 人" in capsys.readouterr().out
    assert FILE not in texts(year.roster(PLAN.year), "名冊")


def test_a_form_that_cannot_be_read_is_held_back_as_its_name_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = year_of_114(tmp_path)
    for title in ("參選結果表", "會議紀錄表"):
        [path] = year.inbox.glob(f"*{title}*")
        path.write_bytes(path.read_bytes()[:2000])
    [path] = year.inbox.glob("114_05_*填報表*")
    path.write_bytes(path.read_bytes()[:2000])
    folder = ["--folder", str(year.root)]
    assert main(["run", *folder]) == 1
    said = capsys.readouterr().out
    assert "敘獎名冊 0 人：待修正" in said
    for sheet in ("名冊", "待釐清"):
        shown = texts(year.roster(PLAN.year), sheet)
        assert "114_參選結果表.xlsx" in shown
        assert "（無敘獎人員）" not in shown
        assert "（沒有待釐清事項）" not in shown
    assert "執行成果填報表待修正：再生與前瞻能源發展組" in texts(year.roster(PLAN.year), "名冊")
    assert main(["rewards", "--json", *folder]) == 1
    held = result_in(capsys.readouterr().out)["held_back"]
    assert [one["file"] for one in held if one["form"] == "contest"] == ["114_參選結果表.xlsx"]
    for command in (["meeting"], ["why", "03-01"]):
        main([*command, *folder])
        assert "會議紀錄表有錯誤，尚未採用（114_會議紀錄表.xlsx）" in capsys.readouterr().out


def test_a_file_that_says_nothing_of_a_form_holds_nothing_back(tmp_path: Path) -> None:
    year = year_of_114(tmp_path, "contest")
    (year.inbox / "午餐菜單.xlsx").write_bytes(b"PK")
    assert gather(year).dataset.held == ()
