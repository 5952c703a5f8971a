"""Every command answers a program in one shape, whatever it is asked and whatever goes wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.answers import answer_in
from tests.support.returns import issued
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.faces.commands import COMMANDS
from xltool.store.workspace import Workspace


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample's year, played once: what `where` asks is there."""
    year = year_of_114(tmp_path_factory.mktemp("answers"))
    assert main(["run", "--folder", str(year.root)]) == 1, "some of its returns have errors"
    return year


ASKED: dict[str, tuple[str, ...]] = {
    "issue": ("report", "--units", "03"),
    "explain": ("V301",),
    "where": ("{tracker}", "業務總表!F8"),
    "why": ("03-01",),
    "form": ("report",),
    "mark": ("未結案",),
    "new": ("115", "--folder", "{new}"),
    "use": ("114",),
}
"""What a command must be told beside the year."""
ALONE = {"explain", "new", "use"}
JSON = [one.name for one in COMMANDS if any(option.name == "--json" for option in one.options)]


def words(command: str, year: Workspace, folder: Path) -> list[str]:
    places = {"tracker": year.tracker(114), "new": folder / "115"}
    told = [one.format(**places) for one in ASKED.get(command, ())]
    where = [] if command in ALONE else ["--folder", str(year.root)]
    return [command, *told, "--json", *where]


def test_only_the_demo_tells_its_own_story() -> None:
    assert {one.name for one in COMMANDS} - set(JSON) == {"demo"}


@pytest.mark.parametrize("command", [one for one in JSON if one != "open"])
def test_every_command_keeps_the_schema(
    command: str,
    year: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (desk := tmp_path / "desk").mkdir()
    if command == "use":  # a year to choose lies on the desk
        shutil.copytree(year.root, desk / "workbooks" / "114")
    monkeypatch.chdir(desk)
    capsys.readouterr()
    code = main(words(command, year, tmp_path))
    answer = answer_in(capsys.readouterr().out)
    assert (answer["command"], answer["error"], code in (0, 1)) == (command, "", True)
    if command not in ALONE:
        assert (answer["year"], answer["folder"]) == (114, str(year.root))
    assert all(Path(one).exists() for one in answer["outputs"])
    assert (code == 1) == bool(answer["blocking"])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["issue", "reprot"], "report"),
        (["status", "--folder", "{nowhere}"], "nowhere"),
        (["why", "沒有這個人"], "沒有這個人"),
        (["check", "--report", "{file}", "--folder", "{nowhere}"], "nowhere"),
        (["explain", "Z999"], "Z999"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_fault_has_the_same_shape_and_says_why(
    asked: list[str],
    says: str,
    year: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = issued(tmp_path, "report")
    told = [one.format(nowhere=tmp_path / "nowhere", file=file) for one in asked]
    where = ["--folder", str(year.root)] if asked[0] == "why" else []
    capsys.readouterr()
    try:
        code = main([*told, *where, "--json"])
    except SystemExit as stop:
        code = int(stop.code or 0)
    answer = answer_in(capsys.readouterr().out)
    assert code == 2
    assert answer["result"] is None
    assert says in answer["error"]


def test_what_a_program_reads_of_a_check_has_each_finding_with_its_file(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--json", "--folder", str(year.root)])
    answer = answer_in(capsys.readouterr().out)
    there = [one for file in answer["result"] for one in file["findings"]]
    assert len(there) == len(answer["findings"]) > 0
    files = {file["file"] for file in answer["result"]}
    assert {one["file"] for one in answer["findings"]} <= files


def test_a_reader_that_has_read_enough_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "xltool", "explain", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None and run.stderr is not None
        run.stdout.read(10)
        run.stdout.close()
        assert run.stderr.read() == b""
