"""The command line: help with an example in every command, complaints in Chinese, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.answers import answer_in, result_in
from tests.support.sample import begin, year_of_114
from tests.support.settings import blanked
from xltool.faces.actions import PURPOSES
from xltool.faces.cli import main
from xltool.faces.commands import COMMANDS, FORM_KEYS, ISSUABLE
from xltool.faces.meant import FORM_TITLES
from xltool.findings import CATALOGUE
from xltool.forms import FORMS
from xltool.model import Purpose

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
        (
            ["issue", "reports"],
            "沒有「reports」這種表單，是不是 report（執行成果填報表）？可用：enrolment",
        ),
        (["issue", "enrollment"], "是不是 enrolment（參與業務調查表）？"),
        (["form", "填報表"], "是不是 report（執行成果填報表）？"),
        (["diff", "--form", "xyz"], "沒有「xyz」這種表單；可用：enrolment"),
        (["isue", "report"], "沒有「isue」，是不是 issue？可用：new、issue"),
        (["waive", "V301", "--form", "x"], "沒有「x」這種表單；可用：settings"),
        (["open", "附件4"], "沒有「附件4」，是不是 附件3？可用：總表"),
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
    plain = result_in(capsys.readouterr().out)
    assert plain["form"] == form


def test_the_data_dictionary_names_the_choices_that_the_year_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["form", "enrolment", "--json"])
    sheets = result_in(capsys.readouterr().out)["sheets"]
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


def test_a_form_may_be_called_by_its_title_and_a_unit_by_name_or_bare_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(begin(tmp_path / "114").root)
    for unit in ("3", "０３", "電力發展及管理組"):
        assert main(["issue", "參與業務調查表", "--units", unit, "--folder", folder]) == 0
        assert "114_03_電力發展及管理組_參與業務調查表.xlsx" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["diff", "--unit", "99"], "沒有單位「99」；可用：01 能源政策及氣候變遷組"),
        (["issue", "report", "--units", "秘書"], "沒有單位「秘書」，是不是 07（秘書室）？"),
        (["waive", "V301", "--unit", "44", "--reason", "a", "--by", "b"], "沒有單位「44」"),
    ],
)
def test_a_unit_that_there_is_not_is_refused_with_the_one_most_like_it(
    argv: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*argv, "--folder", str(begin(tmp_path / "114").root)]) == 2
    assert says in capsys.readouterr().err


def test_an_item_that_there_is_not_is_answered_with_the_one_most_like_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(year_of_114(tmp_path, "enrolment").root)
    assert main(["why", "3-1", "--folder", folder]) == 2
    assert "是不是 03-01（用電申辦進度線上查詢）？" in capsys.readouterr().err


def test_the_titles_that_a_form_may_be_called_by_are_those_of_the_forms() -> None:
    assert {key: form.title for key, form in FORMS.items()} == FORM_TITLES


def test_what_the_group_meets_for_is_named_in_the_help_as_the_minutes_name_it() -> None:
    assert PURPOSES == (Purpose.CONFIRM, Purpose.PROPOSE)


def test_help_of_a_command_may_be_asked_for_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["help", "issue"], ["issue", "--help"]):
        with pytest.raises(SystemExit) as stop:
            main(words)
        assert stop.value.code == 0
        assert "xltool issue report --supplement" in capsys.readouterr().out


def test_a_fault_is_json_too_for_who_asked_for_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = begin(tmp_path / "114")
    blanked(year.settings, "機關全銜")
    assert main(["status", "--json", "--folder", str(year.root)]) == 1
    told = answer_in(capsys.readouterr().out)
    assert "年度設定.xlsx 有 1 項錯誤" in told["error"]
    assert [one["code"] for one in told["findings"] if one["severity"] == "錯誤"] == ["V301"]
    assert main(["status", "--json", "--folder", str(tmp_path / "nothing")]) == 2
    assert answer_in(capsys.readouterr().out)["findings"] == []


def test_a_file_of_the_year_is_opened_as_a_double_click_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    year, opened = begin(tmp_path / "114"), []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(subprocess, "run", lambda words, check: opened.append(words))
    assert main(["open", "設定", "--folder", str(year.root)]) == 0
    assert opened == [["xdg-open", str(year.settings)]]
    assert main(["open", "總表", "--folder", str(year.root)]) == 2
    assert "還沒有「114年提升服務效能總表.xlsx」；請先執行 xltool run" in capsys.readouterr().err


def test_the_list_of_codes_shows_no_placeholder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    assert "{" not in capsys.readouterr().out


def test_an_encoding_that_a_person_chose_is_written_in(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "big5", "PYTHONUTF8": "0"}
    words = [sys.executable, "-m", "xltool", "explain", "V301"]
    told = subprocess.run(words, capture_output=True, env=environment, check=True).stdout
    assert "怎麼改" in told.decode("big5")


def test_an_encoding_that_lacks_characters_is_told_in_a_sentence_and_json_stays_whole(
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp950", "PYTHONUTF8": "0"}
    words = [sys.executable, "-m", "xltool", "explain", "--json"]
    run = subprocess.run(words, capture_output=True, env=environment, check=True)
    assert "本視窗的編碼是 cp950" in run.stderr.decode("cp950")
    assert "chcp 65001" in run.stderr.decode("cp950")
    whole = {one["code"]: one["text"] for one in result_in(run.stdout.decode("cp950"))}
    assert whole == {one.code: one.shown for one in CATALOGUE.values()}


def test_a_terminal_in_big5_is_written_to_in_big5() -> None:
    """What a person with such a terminal sees, by a terminal of our own."""
    pty = pytest.importorskip("pty", reason="Windows has no such terminals")
    ours, theirs = pty.openpty()
    code = (
        "import sys, io; sys.stdout = io.TextIOWrapper(open(1, 'wb', 0), encoding='big5');"
        "from xltool.faces.cli import main; main(['explain', 'V301'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], stdout=theirs, stderr=subprocess.PIPE, check=True
    )
    os.close(theirs)
    told = os.read(ours, 100_000).decode("big5")
    assert "怎麼改" in told
    assert "本視窗的編碼是 big5" in run.stderr.decode("utf-8")


def test_a_table_in_a_pipe_has_no_blanks_at_the_end_of_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "114")
    for words in (["status"], ["form", "report"]):
        assert main([*words, "--folder", str(tmp_path / "114")]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) > 10
        assert [line for line in lines if line != line.rstrip()] == []


def test_on_a_narrow_terminal_who_has_filed_is_told_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "114")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["status", "--day", "114.12.08", "--folder", str(tmp_path / "114")]) == 0
    told = capsys.readouterr().out
    assert told.count("執行成果填報表：未繳") == 12
    assert "…" not in told
