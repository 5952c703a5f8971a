"""Whatever lies in the inbox, under whatever name: it is read, told, or left alone with a word, and ends no
run."""

from __future__ import annotations

import os
import shutil
import socket
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import UNIT, issued
from tests.support.sample import begin
from tests.support.unit_03 import codes as every_code
from xltool.faces.cli import main
from xltool.steps.check import check
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.write import run
from xltool.store.inbox import lying_in, plain_name
from xltool.store.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    """One unit's good return lies in the inbox."""
    begin(tmp_path / "114")
    year = Workspace.open(tmp_path / "114")
    issued(year.inbox, "enrolment")
    return year


def another(year: Workspace, name: str | bytes, unit: str = "05") -> Path:
    """Another unit's return under that name."""
    path = issued(year.inbox, "enrolment", unit=unit)
    there = path.with_name(os.fsdecode(name))
    path.rename(there)
    return there


def codes(done: Done) -> dict[str, set[str]]:
    """The codes of what is told of files as such, by file: not what stands in them, nor that they come
    late, as all of last year's do."""
    of_files = {
        file: {c for c in told if c[0] == "F"} - {"F124"} for file, told in every_code(done).items()
    }
    return {file: told for file, told in of_files.items() if told}


def filed(year: Workspace) -> set[str]:
    return {f.unit for f in gather(year).dataset.filings if f.filed and f.form == "enrolment"}


ODD: dict[str | bytes, str] = {
    "回傳\x1b[31m.xlsx": "回傳\ufffd[31m.xlsx",
    "回傳\x01.xlsx": "回傳\ufffd.xlsx",
    "回\n傳.xlsx": "回\ufffd傳.xlsx",
    "回傳\uffff.xlsx": "回傳\ufffd.xlsx",
    "調查表.xlsx".encode("cp950"): "調查表.xlsx",
    b"\xff\xfe.xlsx": "\ufffd\ufffd.xlsx",
    "調".encode() + b"\xa4.xlsx": "調\ufffd.xlsx",
}


@pytest.mark.parametrize(("name", "shown"), ODD.items(), ids=map(repr, ODD))
def test_a_name_that_no_database_takes_is_told_and_its_file_is_read_all_the_same(
    name: str | bytes, shown: str, year: Workspace
) -> None:
    path = another(year, name)
    done = check(year)
    assert codes(done) == {shown: {"F134"}}
    assert {one.file for one in done.readings} == {"enrolment.xlsx", shown}
    assert filed(year) == {UNIT, "05"}
    assert plain_name(path.name) == shown


@pytest.mark.parametrize("command", ["check", "merge", "run", "export", "status"])
def test_no_name_ends_a_run(
    command: str, year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, name in enumerate(ODD):
        another(year, name, f"{number + 4:02}")
    (year.inbox / os.fsdecode("夾".encode("cp950"))).mkdir()
    shutil.copy(year.inbox / "enrolment.xlsx", year.inbox / os.fsdecode("夾".encode("cp950")))
    assert main([command, "--folder", str(year.root)]) == 0
    shown = "".join(capsys.readouterr())
    assert "\x1b" not in shown
    assert "\x01" not in shown
    assert filed(year) == {UNIT, *(f"{number:02}" for number in range(4, 4 + len(ODD)))}


def test_a_link_to_a_file_with_such_a_name_is_left_out_of_the_tracker(year: Workspace) -> None:
    another(year, b"\xff.xlsx")
    run(year)
    book = openpyxl.load_workbook(year.tracker(114))
    links = {c.hyperlink.target for s in book for row in s.iter_rows() for c in row if c.hyperlink}
    assert "../收件匣/enrolment.xlsx" in links
    assert not any("%FF" in str(link) for link in links)


# --- what is no file --------------------------------------------------------------------------


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "03.xlsx")


def plug(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("03.xlsx")
    finally:
        os.chdir(here)


def to_nowhere(folder: Path) -> None:
    (folder / "03.xlsx").symlink_to(folder / "沒有這個檔案.xlsx")


def to_itself(folder: Path) -> None:
    (folder / "03.xlsx").symlink_to(folder / "03.xlsx")


def to_a_folder(folder: Path) -> None:
    (folder / "03.xlsx").symlink_to(folder.parent, target_is_directory=True)


def to_a_device(folder: Path) -> None:
    (folder / "03.xlsx").symlink_to("/dev/zero")


NO_FILES = [pipe, plug, to_nowhere, to_itself, to_a_folder, to_a_device]


@pytest.mark.parametrize("made", NO_FILES, ids=lambda one: one.__name__)
def test_what_is_no_file_is_told_and_never_waited_for(
    made: object, year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    made(year.inbox)  # type: ignore[operator]
    assert main(["merge", "--folder", str(year.root)]) == 0
    assert codes(check(year)) == {"03.xlsx": {"F135"}}
    if made is not to_a_folder:  # one who names it means what it leads to
        assert codes(check(year, [year.inbox / "03.xlsx"])) == {"03.xlsx": {"F135"}}
    assert filed(year) == {UNIT}


def test_a_folder_that_is_called_like_a_file_is_looked_into(year: Workspace) -> None:
    (year.inbox / "07.xlsx").mkdir()
    another(year, "05.xlsx").rename(year.inbox / "07.xlsx" / "05.xlsx")
    assert codes(check(year)) == {}
    assert filed(year) == {UNIT, "05"}


def test_what_lies_in_the_folder_of_the_withheld_ends_no_run_either(year: Workspace) -> None:
    for made in NO_FILES:
        made(year.withheld)
        (year.withheld / "03.xlsx").rename(year.withheld / made.__name__)
    shutil.copy(another(year, "05.xlsx"), year.withheld / os.fsdecode(b"\xff"))
    assert filed(year) == {UNIT}


# --- what programs leave ----------------------------------------------------------------------


@pytest.mark.parametrize("name", [".05.xlsx", "~$05.xlsx", ".~lock.05.xlsx#", ".05.xlsx.swp"])
def test_a_hidden_file_without_a_file_beside_it_is_left_alone_with_a_word(
    name: str, year: Workspace
) -> None:
    another(year, name)
    done = check(year)
    assert codes(done) == {name: {"F136"}}
    assert not done.blocked
    assert filed(year) == {UNIT}


@pytest.mark.parametrize("name", ["~$enrolment.xlsx", "~$rolment.xlsx", ".~lock.enrolment.xlsx#"])
def test_a_lock_is_told_of_the_file_that_it_locks(name: str, year: Workspace) -> None:
    (year.inbox / name).write_bytes(b"x")
    assert codes(check(year)) == {"enrolment.xlsx": {"F120"}}


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store", "._enrolment.xlsx"])
def test_what_an_explorer_leaves_is_not_worth_a_word(name: str, year: Workspace) -> None:
    (year.inbox / name).write_bytes(b"x")
    assert codes(check(year)) == {}


def test_a_bundle_s_files_have_plain_names_too(year: Workspace) -> None:
    path = another(year, "05.xlsx")
    with zipfile.ZipFile(year.inbox / "全\x02部.zip", "w") as bundle:
        bundle.write(path, "0\x035.xlsx")
    path.unlink()
    assert codes(check(year)) == {"全\ufffd部.zip": {"F134"}}
    assert {one.file for one in gather(year).readings} == {
        "enrolment.xlsx",
        "全\ufffd部.zip／0\ufffd5.xlsx",
    }


def test_a_folder_that_may_not_be_opened_is_told(
    year: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (year.inbox / "三組").mkdir()
    really = Path.iterdir

    def iterdir(self: Path) -> object:
        if self.name == "三組":
            raise PermissionError(13, "")
        return really(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert codes(check(year)) == {"三組": {"F117"}}
    assert filed(year) == {UNIT}


def test_where_there_is_no_folder_nothing_lies(tmp_path: Path) -> None:
    assert lying_in(tmp_path / "沒有") == []
