"""The buttons, pressed without Excel: xlwings' own front code over the engine of this folder."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import xlwings as xw

from tests.support.sample import begin
from xltool.faces import buttons as console
from xltool.findings import Finding, finding
from xltool.forms import FORMS
from xltool.intake import Reading
from xltool.model import Address, FilingState
from xltool.outputs.console import workbook as console_book
from xltool.steps import status as standings_on
from xltool.steps import write
from xltool.steps.console import console as build_console
from xltool.steps.done import Done, Progress
from xltool.steps.settings import SettingsError
from xltool.steps.status import Standing, Status
from xltool.store.workspace import RECORDS, SETTINGS_NAME, Workspace, WorkspaceError


def _engine_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "xlwings_engine", Path(__file__).parents[1] / "support" / "xlwings_engine.py"
    )
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


engine = _engine_module()


def done(
    lines: Sequence[str] = (), findings: Sequence[Finding] = (), outputs: Sequence[Path] = ()
) -> Done:
    return Done("", tuple(lines), tuple(findings), tuple(outputs))


@dataclass
class Desk:
    """A year's folder with its console open, and what a person sees there."""

    folder: Path
    book: Any

    def cell(self, name: str) -> Any:
        return self.book.names[name].refers_to_range

    @property
    def status(self) -> str:
        return str(self.cell(console_book.STATUS).value)

    @property
    def rows(self) -> list[list[Any]]:
        values = self.cell(console_book.FINDINGS).value
        return [row for row in values if any(value is not None for value in row)]

    @property
    def log(self) -> Path:
        return self.folder / RECORDS / console_book.LOG_NAME


SetAction = Callable[[console.Action], None]


def _year_folder(folder: Path) -> Path:
    Workspace.create(folder)
    (folder / SETTINGS_NAME).touch()
    return folder


@pytest.fixture(scope="module")
def app() -> Any:
    return engine.activate().apps.active


@pytest.fixture
def desk(tmp_path: Path, app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    folder = _year_folder(tmp_path / "114")
    path = folder / console_book.FILE_NAME
    console_book.build(path, year=114, interpreter=Path(sys.executable), year_folder=folder)
    book = app.books.open(str(path))
    monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
    app.impl.status_bars.clear()
    yield Desk(folder, book)
    book.close()


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> SetAction:
    """Put an action behind every button."""

    def set_action(action: console.Action) -> None:
        for name in console._ACTIONS:
            monkeypatch.setitem(console._ACTIONS, name, action)

    return set_action


def raising(fault: BaseException) -> console.Action:
    def action(workspace: Workspace, progress: Progress) -> Done:
        raise fault

    return action


@pytest.mark.parametrize("button", console_book.BUTTONS, ids=lambda b: b.function)
def test_each_button_runs_its_action_on_the_folder_of_the_workbook(
    desk: Desk, button: console_book.Button, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, Path]] = []

    def recording(name: str) -> console.Action:
        def action(workspace: Workspace, progress: Progress) -> Done:
            seen.append((name, workspace.root))
            return done([f"{name} done"])

        return action

    for name in console._ACTIONS:
        monkeypatch.setitem(console._ACTIONS, name, recording(name))
    getattr(console, button.function)()
    assert seen == [(button.function, desk.folder)]
    assert desk.rows == [[1, "摘要", None, None, None, f"{button.function} done", None]]
    assert button.caption in desk.cell(console_book.LAST_RUN).value


@pytest.mark.parametrize(
    ("function", "step"),
    [
        ("check", "check"),
        ("merge", "merge"),
        ("rewards", "rewards"),
        ("annex3", "annex3"),
        ("run_all", "run"),
        ("status", "status"),
    ],
)
def test_each_button_calls_the_same_step_as_the_command_line(function: str, step: str) -> None:
    action = console._ACTIONS[function]
    assert action is getattr(write, step, None) or step in action.__code__.co_names


def test_the_table_lists_summary_files_and_findings_with_errors_first(
    desk: Desk, pipeline: SetAction
) -> None:
    warning = finding("C405", Address("a.xlsx", "成果", "C9"), field="創新性")
    error = finding("V301", Address("b.xlsx", "成果", "D5"), field="業務名稱")
    tracker = desk.folder / "成果" / "總表.xlsx"
    pipeline(lambda ws, progress: done(["收件 24 份"], [warning, error], [tracker]))
    console.check()
    assert [row[:5] for row in desk.rows] == [
        [1, "摘要", None, None, None],
        [2, "產出", "總表.xlsx", None, None],
        [3, "錯誤", "b.xlsx", "成果", "D5"],
        [4, "提醒", "a.xlsx", "成果", "C9"],
    ]
    assert desk.rows[1][5] == str(Path("成果", "總表.xlsx"))
    assert desk.rows[2][5:] == [f"{error.message}〔V301〕", error.fix]
    assert desk.status == "已執行，有 1 項錯誤待更正、1 項提醒，請見下表。"


def test_a_run_without_findings_says_so_and_leaves_nothing_of_the_run_before(
    desk: Desk, pipeline: SetAction
) -> None:
    pipeline(lambda ws, progress: done(["第一次", "再一行"]))
    console.run_all()
    pipeline(lambda ws, progress: done(["第二次"]))
    console.run_all()
    assert [row[5] for row in desk.rows] == ["第二次"]
    assert desk.status == "完成，請見下表。"


def test_only_a_run_that_read_something_claims_that_nothing_is_wrong() -> None:
    read = Reading("a.xlsx", "0" * 64, None, ())
    assert console._outcome(Done("", readings=(read,))) == "完成，沒有錯誤。"
    assert console._outcome(Done("")) == "完成，請見下表。"


def test_a_step_that_says_nothing_at_all_leaves_an_empty_table(
    desk: Desk, pipeline: SetAction
) -> None:
    pipeline(lambda ws, progress: done())
    console.merge()
    assert desk.rows == []
    assert desk.status == "完成，請見下表。"


@pytest.mark.parametrize("typed", ["=1+1", "+886", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
@pytest.mark.parametrize("cleared", [False, True], ids=["formats kept", "formats cleared"])
def test_what_a_unit_typed_never_becomes_a_formula(
    desk: Desk, pipeline: SetAction, typed: str, cleared: bool
) -> None:
    if cleared:
        desk.cell(console_book.FINDINGS).number_format = "General"
    pipeline(
        lambda ws, progress: done([typed], [finding("F104", Address(typed, typed, typed), typed)])
    )
    console.check()
    top = console_book.FIRST_RESULT_ROW
    cells = list(desk.book.api[console_book.SHEET].iter_rows(top, top + 1, 2, 7))
    assert [cells[0][4].value, *(cell.value for cell in cells[1][1:4])] == [typed] * 4
    assert {cell.data_type for row in cells for cell in row if cell.value} == {"s"}


def test_a_text_that_excel_could_not_take_is_made_fit(desk: Desk, pipeline: SetAction) -> None:
    pipeline(lambda ws, progress: done(["壞\x00字\x0b元", "長" * 5000]))
    console.check()
    assert desk.rows[0][5] == "壞字\n元"
    assert desk.rows[1][5] == "長" * (console.CELL_LIMIT - 1) + "…"


def test_a_list_longer_than_the_sheet_ends_in_a_line_that_counts_the_rest(
    desk: Desk, pipeline: SetAction
) -> None:
    room = console_book.RESULT_ROWS
    pipeline(lambda ws, progress: done([f"第 {n} 行" for n in range(room)]))
    console.check()
    assert desk.rows[-1][5] == f"第 {room - 1} 行"
    pipeline(lambda ws, progress: done([f"第 {n} 行" for n in range(room + 1)]))
    console.check()
    assert len(desk.rows) == room
    assert desk.rows[-1][5].startswith("還有 2 項未列出")


TYPED = "王小明 02-27721370"
"""What a message may quote of a return."""


class Panic(BaseException):
    """Like the panic of a native library: no Exception."""


@pytest.mark.parametrize(
    "fault", [ValueError(TYPED), Panic(TYPED), ImportError(TYPED, name="lxml")], ids=repr
)
def test_a_fault_ends_in_a_chinese_message_and_its_details_in_the_log(
    desk: Desk, pipeline: SetAction, fault: BaseException
) -> None:
    pipeline(raising(fault))
    console.run_all()
    assert desk.status.startswith("未完成：程式發生錯誤。")
    assert str(desk.log) in desk.status
    assert "Traceback" not in desk.status
    log = desk.log.read_text(encoding="utf-8-sig")
    assert type(fault).__name__ in log
    assert "buttons.py" in log
    assert ("lxml" in log) == isinstance(fault, ImportError)
    assert TYPED not in log + desk.status
    console.run_all()
    assert desk.log.read_bytes().count(b"\xef\xbb\xbf") == 1
    assert desk.log.read_text(encoding="utf-8-sig").count("===") == 2


def test_a_fault_leaves_no_result_of_an_earlier_run(desk: Desk, pipeline: SetAction) -> None:
    pipeline(lambda ws, progress: done(["舊結果"]))
    console.check()
    pipeline(raising(ValueError("boom")))
    console.check()
    assert desk.rows == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (WorkspaceError("年度設定缺少單位清單"), "年度設定缺少單位清單"),
        (PermissionError(13, "denied", "/x/114年總表.xlsx"), "無法存取「114年總表.xlsx」，請關閉"),
        (PermissionError(), "無法存取「檔案」"),
        (SystemExit(2), "執行中斷"),
        (KeyboardInterrupt(), "執行中斷"),
    ],
    ids=["folder", "open file", "nameless", "exit", "interrupt"],
)
def test_what_a_person_can_settle_is_told_without_a_log(
    desk: Desk, pipeline: SetAction, fault: BaseException, words: str
) -> None:
    pipeline(raising(fault))
    console.merge()
    assert desk.status.startswith("未完成：")
    assert words in desk.status
    assert not desk.log.exists()


def test_the_status_bar_tells_what_runs_and_is_given_back_even_after_a_fault(
    desk: Desk, pipeline: SetAction
) -> None:
    pipeline(raising(ValueError("boom")))
    console.annex3()
    assert desk.book.app.impl.status_bars == ["xltool：附件3，執行中…", False]


def test_the_status_bar_counts_the_files(desk: Desk, pipeline: SetAction) -> None:
    def counting(workspace: Workspace, progress: Progress) -> Done:
        progress(3, 24, "03.xlsx")
        return done()

    pipeline(counting)
    console.check()
    assert desk.book.app.impl.status_bars[1] == "xltool：檢核回收檔 3/24　03.xlsx"


def test_faults_of_the_settings_are_listed_in_the_table(desk: Desk, pipeline: SetAction) -> None:
    weights = finding("P601", Address(SETTINGS_NAME, "評核構面", "C5"), value="90")
    pipeline(raising(SettingsError([weights])))
    console.run_all()
    assert desk.status.startswith(f"未完成：{SETTINGS_NAME} 有錯誤")
    assert [row[1:5] for row in desk.rows] == [["錯誤", SETTINGS_NAME, "評核構面", "C5"]]


def test_who_still_owes_what_is_shown_with_the_days_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2025, 12, 30)
    standings = [
        ("01", "秘書室", "enrolment", "已繳", -100),
        ("01", "秘書室", "report", "待修正", 3),
        ("02", "人事室", "enrolment", "無辦理", -100),
        ("02", "人事室", "report", "未繳", -2),
        ("03", "政風室", "enrolment", "未繳", None),
        ("03", "政風室", "report", "未繳", 0),
    ]
    status = Status(
        day,
        tuple(
            Standing(unit, name, form, FilingState(state), day, day, left)
            for unit, name, form, state, left in standings
        ),
    )
    monkeypatch.setattr(standings_on, "status", lambda workspace: status)
    console.status()
    enrolment, filled = FORMS["enrolment"].title, FORMS["report"].title
    assert [row[5] for row in desk.rows] == [
        f"{enrolment}：已繳 2 / 3；尚缺 政風室",
        f"{filled}：已繳 0 / 3；尚缺 秘書室、人事室、政風室",
        f"01 秘書室：{enrolment} 已繳；{filled} 待修正（剩 3 日）",
        f"02 人事室：{enrolment} 無辦理；{filled} 未繳（逾期 2 日）",
        f"03 政風室：{enrolment} 未繳；{filled} 未繳（今日截止）",
    ]


def test_nothing_is_printed_into_the_pop_up_of_xlwings(
    desk: Desk, pipeline: SetAction, capfd: pytest.CaptureFixture[str]
) -> None:
    def chatty(workspace: Workspace, progress: Progress) -> Done:
        print("讀取中")
        print("警告", file=sys.stderr)
        return done()

    pipeline(chatty)
    console.check()
    assert capfd.readouterr() == ("", "")


def test_without_a_workbook_nothing_is_raised_and_the_details_go_to_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(xw.Book, "_mock_caller", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    console.check()
    assert "buttons.py" in (tmp_path / console_book.LOG_NAME).read_text(encoding="utf-8-sig")
    assert capfd.readouterr() == ("", "")


def test_when_the_folder_takes_no_log_the_temporary_folder_does(
    desk: Desk, pipeline: SetAction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    desk.log.mkdir()
    pipeline(raising(ValueError("boom")))
    console.check()
    assert (tmp_path / console_book.LOG_NAME).is_file()
    assert str(tmp_path / console_book.LOG_NAME) in desk.status


def test_a_copied_year_works_on_the_copy_not_on_the_folder_it_was_made_for(
    desk: Desk, pipeline: SetAction, tmp_path: Path
) -> None:
    copy = _year_folder(tmp_path / "115")
    desk.book.impl.address = str(copy / console_book.FILE_NAME)
    pipeline(lambda ws, progress: done([str(ws.root)]))
    console.status()
    assert desk.rows[0][5] == str(copy)
    assert desk.cell(console_book.FOLDER).value == str(copy)


def test_a_console_opened_from_onedrive_works_on_the_folder_it_was_made_for(
    desk: Desk, pipeline: SetAction
) -> None:
    desk.book.impl.address = "https://agency-my.sharepoint.com/personal/a/114/總控台.xlsm"
    pipeline(lambda ws, progress: done([str(ws.root)]))
    console.status()
    assert desk.rows[0][5] == str(desk.folder)


def test_a_console_far_from_any_year_says_so(
    desk: Desk, pipeline: SetAction, tmp_path: Path
) -> None:
    desk.book.impl.address = str(tmp_path / console_book.FILE_NAME)
    (desk.folder / SETTINGS_NAME).unlink()
    pipeline(lambda ws, progress: done(["不該執行"]))
    console.status()
    assert "不是年度資料夾" in desk.status
    assert desk.rows == []


def test_the_time_shown_is_that_of_taipei_whatever_the_machine_thinks(
    desk: Desk, pipeline: SetAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(2025, 12, 31, 17, 5, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(console, "datetime", Clock)
    pipeline(lambda ws, progress: done())
    console.check()
    assert desk.cell(console_book.LAST_RUN).value == "上次執行：115.01.01 01:05　檢核回收檔"


def test_results_survive_saving_and_the_buttons_code_with_them(
    desk: Desk, pipeline: SetAction, tmp_path: Path
) -> None:
    pipeline(lambda ws, progress: done(["=1+1"]))
    console.check()
    target = tmp_path / "saved.xlsm"
    desk.book.save(str(target))
    again = desk.book.app.books.open(str(target))
    assert again.impl.workbook.vba_archive is not None
    rows = again.names[console_book.FINDINGS].refers_to_range[0, :]
    assert rows.value == [1, "摘要", None, None, None, "=1+1", None]
    again.close()


@pytest.fixture
def fresh_year(tmp_path: Path, app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A year laid out by `xltool new` and `xltool console`, with one bad file in the inbox."""
    folder = tmp_path / "114"
    begin(folder)
    workspace = Workspace.open(folder)
    (workspace.inbox / "=1+1.xlsx").write_bytes(b"no workbook at all")
    build_console(workspace)
    book = app.books.open(str(folder / console_book.FILE_NAME))
    monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
    yield Desk(folder, book)
    book.close()


@pytest.mark.parametrize("function", ["check", "merge", "rewards", "annex3", "run_all"])
def test_with_the_real_pipeline_a_bad_file_is_listed_and_the_rest_goes_through(
    fresh_year: Desk, function: str
) -> None:
    getattr(console, function)()
    assert not fresh_year.log.exists()
    assert fresh_year.status.startswith("已執行，有 1 項錯誤待更正")
    [fault] = [row for row in fresh_year.rows if row[1] == "錯誤"]
    assert fault[2] == "=1+1.xlsx"
    for row in fresh_year.rows:
        if row[1] == "產出":
            assert (fresh_year.folder / row[5]).is_file()


def test_with_the_real_pipeline_every_unit_of_a_fresh_year_owes_its_forms(
    fresh_year: Desk,
) -> None:
    console.status()
    lines = [row[5] for row in fresh_year.rows]
    assert sum("已繳 0 / 12" in line for line in lines) == 3
    assert [line[:2] for line in lines if line[0] in "01"] == [f"{n:02}" for n in range(1, 13)]
