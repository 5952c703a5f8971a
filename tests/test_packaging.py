"""What a colleague gets who installs from a wheel, from the locks, or by double-click."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools.make_completions import FILES, make

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "安裝並示範.cmd"


def names(lines: list[str]) -> set[str]:
    """The normalised package names at the start of requirement lines."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    ("folder", "target"),
    [
        ("xltool/data", "xltool/data"),
        ("templates", "xltool/_resources/templates"),
        ("workbooks/sample-114", "xltool/_resources/sample-114"),
    ],
)
def test_a_wheel_carries_every_file_that_xltool_reads(
    wheel_names: set[str], folder: str, target: str
) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    read = [path for path in files if path.suffix != ".pyc"]
    assert read
    expected = {f"{target}/{path.relative_to(ROOT / folder).as_posix()}" for path in read}
    assert expected - wheel_names == set()


def test_a_wheel_carries_what_shells_need_to_complete_the_commands(wheel_names: set[str]) -> None:
    names = {f"xltool/_resources/completion/{name}" for name in FILES.values()}
    assert names <= wheel_names
    shared = {name.partition(".data/data/")[2] for name in wheel_names if ".data/" in name}
    assert shared == {
        "share/bash-completion/completions/xltool",
        "share/zsh/site-packages/_xltool",
    }


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("xltool", "pac"), "packet"),
        (("xltool", "issue", "enr"), "enrolment"),
        (("xltool", "packet", "--purpose", "確"), "確認項目"),
        (("xltool", "check", "--rep"), "--report"),
    ],
)
def test_bash_completes_what_is_half_typed(
    typed: tuple[str, ...], offered: str, tmp_path: Path
) -> None:
    make(tmp_path)
    words = " ".join(f"'{word}'" for word in typed)
    asked = f"COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; _shtab_xltool"
    script = f"source '{tmp_path}/{FILES['bash']}'; {asked}; echo ${{COMPREPLY[@]}}"
    done = subprocess.run(
        ["bash", "-c", script],  # noqa: S607
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.split() == [offered]


def test_a_wheel_carries_no_real_year(wheel_names: set[str]) -> None:
    outside = {name for name in wheel_names if not name.startswith("xltool")}
    assert {name.split(".dist-info/")[0] for name in outside} == set()


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_the_lock_pins_every_dependency_by_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if re.match(r"\w", line)]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
    if lock == "dev":
        wanted += project["project"]["optional-dependencies"]["dev"]
    assert names(wanted) <= names(pinned)
    assert all("==" in line for line in pinned)
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text
    assert "index-url" not in text


def test_whoever_develops_runs_the_same_versions_as_whoever_uses() -> None:
    def pins(lock: str) -> set[str]:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^([\w.-]+==\S+)", text, flags=re.MULTILINE))

    assert pins("runtime") <= pins("dev")


def test_cmd_exe_finds_only_ascii_in_the_launcher() -> None:
    # In a file with Chinese text cmd.exe may lose its place and run half a line.
    assert LAUNCHER.read_bytes().isascii()


@pytest.mark.parametrize("name", ["no-python.txt", "failed.txt"])
def test_the_launchers_messages_exist_and_are_chinese_first(name: str) -> None:
    assert f"tools\\windows\\{name}" in LAUNCHER.read_text(encoding="ascii")
    message = (ROOT / "tools" / "windows" / name).read_text(encoding="utf-8")
    assert re.match(r"[\u4e00-\u9fff]", message)
