"""The command line: help with an example in every command, complaints in Chinese, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from xltool.faces.cli import main
from xltool.faces.commands import COMMANDS, FORM_KEYS, ISSUABLE
from xltool.forms import FORMS

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_has_help_in_chinese_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    assert f"範例：\n  xltool {name}" in shown
    for english in ("usage:", "options:", "positional arguments", "show this help"):
        assert english not in shown


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ([], "缺少必要的參數：指令"),
        (["issue"], "缺少必要的參數：表單"),
        (["issue", "reports"], "沒有這個選擇：'reports'（可用：'enrolment'"),
        (["new", "2025"], "請填三位數的民國年，例如 114：'2025'"),
        (["status", "--day", "114.13.01"], "請填日期，例如 114.12.31：'114.13.01'"),
        (["run", "--fast"], "無法辨識的參數：--fast"),
        (["run", "--folder"], "後面要接一個值"),
    ],
)
def test_a_wrong_call_is_answered_in_chinese_and_ends_with_2(
    argv: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(argv)
    assert stop.value.code == 2
    assert says in capsys.readouterr().err


def test_outside_a_year_s_folder_the_way_on_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 2
    assert "請先執行 xltool new 114" in capsys.readouterr().err


@pytest.mark.parametrize(
    "form", ["settings", "enrolment", "report", "review", "meeting", "contest"]
)
def test_the_data_dictionary_keeps_its_published_schema(
    form: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["form", form, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    jsonschema.validate(plain, json.loads((SCHEMAS / "form.schema.json").read_text("utf-8")))
    assert plain["form"] == form


def test_the_data_dictionary_names_the_choices_that_the_year_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["form", "enrolment", "--json"])
    sheets = json.loads(capsys.readouterr().out)["sheets"]
    fields = {
        field["field"]: field
        for sheet in sheets
        for s in sheet["sections"]
        for field in s["fields"]
    }
    assert fields["level"]["choices"] == ["單位業務主管", "專門委員", "專門委員以上"]
    assert fields["category"]["choices"] == ["數位創新加值", "社會創新共融"]


def test_help_is_shown_without_any_heavy_library_form_or_step() -> None:
    heavy = {
        "openpyxl",
        "docx",
        "xlsxwriter",
        "lxml",
        "rich",
        "PIL",
        "pandas",
        "xlwings",
        "sqlite3",
        "xltool.forms",
        "xltool.outputs",
        "xltool.steps",
    }
    code = (
        "import sys\nfrom xltool.faces.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"


def test_who_stops_reading_is_told_nothing_more() -> None:
    """As `xltool form report | head`: the list is cut off, and no word is said of a pipe."""
    call = [sys.executable, "-m", "xltool", "form", "report"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None and run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""


def test_an_unforeseen_fault_is_a_sentence_and_a_log_never_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(typed)

    typed = "王小明 02-27721370"

    monkeypatch.setattr("xltool.faces.actions._workspace", fail)
    assert main(["run"]) == 2
    shown = capsys.readouterr().err
    assert "未預期的錯誤" in shown
    assert "RuntimeError" in shown
    assert "Traceback" not in shown
    log = Path(shown.split("詳細紀錄：")[1].split("；")[0])
    written = log.read_text("utf-8")
    log.unlink()
    assert "RuntimeError" in written
    assert "cli.py" in written
    assert typed not in shown + written, "a message may quote a whole return"


def test_the_forms_that_the_command_line_names_are_those_declared() -> None:
    assert set(FORM_KEYS) == set(FORMS)
    assert set(ISSUABLE) == set(FORMS) - {"settings"}
