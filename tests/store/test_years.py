"""Two years may be open: a command is about the one that is meant, never simply about the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.answers import answer_in
from xltool.faces.cli import main
from xltool.steps.new import new


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a person works in, where 114 is due and 115 has begun."""
    monkeypatch.chdir(tmp_path)
    for year in (114, 115):
        new(tmp_path / "workbooks" / str(year), year)
    return tmp_path


def first_line(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    code = main(command)
    return code, capsys.readouterr().err.partition("\n")[0]


def test_where_two_years_are_open_a_command_refuses_and_names_both(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("run", "merge", "status", "rewards"):
        code, said = first_line(capsys, command)
        assert code == 2
        assert "114、115" in said and "xltool use 114" in said
    assert not any((desk / "workbooks" / "115" / "成果").iterdir())


def test_the_year_in_use_is_taken_until_another_is_said_or_it_is_closed(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["use", "114"]) == 0
    capsys.readouterr()
    code, said = first_line(capsys, "status")
    assert (code, said) == (0, f"114 年度：{desk / 'workbooks' / '114'}（xltool use 114 選定）")
    main(["use", "115"])
    capsys.readouterr()
    assert "115 年度" in first_line(capsys, "status")[1]
    main(["mark", "結案"])
    capsys.readouterr()
    assert first_line(capsys, "status")[1].endswith("114（唯一未結案的年度）")
    main(["mark", "未結案", "--folder", "workbooks/115"])
    capsys.readouterr()
    assert "115 年度" in first_line(capsys, "status")[1], "what was in use is so again"


def test_the_folder_that_a_person_is_in_is_meant_and_so_is_one_above(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk / "workbooks" / "115" / "收件匣")
    assert first_line(capsys, "status")[1].endswith("115（上層資料夾）")
    monkeypatch.chdir(desk / "workbooks" / "115")
    assert first_line(capsys, "status")[1].endswith("（目前資料夾）")


def test_a_folder_that_is_named_comes_first(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["use", "115"])
    capsys.readouterr()
    said = first_line(capsys, "status", "--folder", "workbooks/114")[1]
    assert said.endswith("114（--folder 指定）")


def test_a_year_that_is_not_there_cannot_be_used(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = first_line(capsys, "use", "116")
    assert code == 2
    assert "116" in said and "114、115" in said


def test_a_form_is_listed_whatever_years_there_are(desk: Path) -> None:
    assert main(["form", "report"]) == 0


def test_what_a_program_reads_has_nothing_of_it(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--json", "--folder", "workbooks/114"]) == 0
    assert capsys.readouterr().out.startswith(("{", "["))


def test_the_year_is_told_whatever_its_folder_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new(tmp_path / "提升服務效能", 114)
    assert main(["status", "--json", "--folder", str(tmp_path / "提升服務效能")]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(f"114 年度：{tmp_path / '提升服務效能'}")
    plain = answer_in(said.out)
    assert (plain["year"], plain["folder"]) == (114, str(tmp_path / "提升服務效能"))
