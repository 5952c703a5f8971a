"""The buttons of 總控台.xlsm: a thin face over the steps, like the command line.

Each public function is one button's: VBA calls it through xlwings' RunPython in a process of its
own. Whatever happens, it ends normally and leaves a plain Chinese message in the sheet: xlwings'
own pop-up would show a traceback, and garble Chinese. The open workbook is written through xlwings
only, a table in one go.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import xlwings as xw

from xltool import zh
from xltool.findings import Finding, Severity
from xltool.outputs.console import workbook as console_book
from xltool.steps import check as checking
from xltool.steps import status as standings_on
from xltool.steps import write
from xltool.steps.done import Done, Progress
from xltool.steps.settings import SettingsError
from xltool.store.faults import of_the_system, reason, trace
from xltool.store.workspace import SETTINGS_NAME, Workspace, WorkspaceError

CELL_LIMIT = 1000
"""Longest text put into one cell: what is longer is cut and ends in 「…」."""

_ORDER = list(Severity)


Action = Callable[[Workspace, Progress], Done]
_Line = tuple[str, str, str, str, str, str]
"""類別, 檔案, 工作表, 儲存格, 內容, 處理方式: a row of the results without its number."""

_CAPTIONS = {button.function: button.caption for button in console_book.BUTTONS}


def _status(workspace: Workspace, _progress: Progress) -> Done:
    return Done(_CAPTIONS["status"], standings_on.status(workspace).lines)


_ACTIONS: dict[str, Action] = {
    "check": lambda workspace, progress: checking.check(workspace, progress=progress),
    "merge": write.merge,
    "rewards": write.rewards,
    "annex3": write.annex3,
    "run_all": write.run,
    "status": _status,
}


def check() -> None:
    """檢核回收檔: the findings of all returns in the inbox."""
    _press("check")


def merge() -> None:
    """合併總表: the inbox into the ledger, then the tracker."""
    _press("merge")


def rewards() -> None:
    """敘獎名冊 (柒、二)."""
    _press("rewards")


def annex3() -> None:
    """附件3, the Word document."""
    _press("annex3")


def run_all() -> None:
    """全部執行: everything, inbox to outputs."""
    _press("run_all")


def status() -> None:
    """繳交狀態: units and stages, days left or overdue."""
    _press("status")


def _press(function: str) -> None:
    """Run a button's action and show the result; raises nothing and prints nothing.

    When not even the workbook can be reached, the sheet still says 執行中 as VBA left it, and VBA
    then says that no result came.
    """
    now = datetime.now(zh.TAIPEI)
    noise = io.StringIO()
    with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
        try:
            _serve(xw.Book.caller(), function, now)
        except BaseException as fault:  # noqa: BLE001 - a traceback must never reach the user's Excel
            with contextlib.suppress(OSError):
                _log(Path(tempfile.gettempdir()), now, function, fault)


def _serve(book: xw.Book, function: str, now: datetime) -> None:
    """Run the action on the year's folder and write what came of it into the workbook."""
    caption = _CAPTIONS[function]
    app = book.app
    lines: list[_Line] = []
    folder = Path(tempfile.gettempdir())

    def progress(done: int, total: int, what: str) -> None:
        app.status_bar = f"xltool：{caption} {done}/{total}　{what}"

    app.status_bar = f"xltool：{caption}，執行中…"
    try:
        try:
            workspace = _year_folder(book)
            folder = workspace.records
            _cell(book, console_book.FOLDER).value = str(workspace.root)
            done = _ACTIONS[function](workspace, progress)
            lines = _lines(done, workspace.root)
            message = _outcome(done)
        except (SystemExit, KeyboardInterrupt):
            message = "未完成：執行中斷，請再按一次。"
        except SettingsError as fault:
            lines = _finding_lines(fault.findings)
            message = f"未完成：{SETTINGS_NAME} 有錯誤，請依下表更正並存檔後再按一次。"
        except WorkspaceError as fault:
            message = f"未完成：{fault}"
        except PermissionError as fault:
            name = Path(fault.filename).name if fault.filename else "檔案"
            message = f"未完成：無法存取「{name}」，請關閉正在使用它的 Excel 或 Word，再按一次。"
        except BaseException as fault:  # noqa: BLE001 - some libraries panic outside Exception
            if system := of_the_system(fault):
                message = f"未完成：{reason(system)}。"
            else:
                log = _log(folder, now, function, fault)
                message = f"未完成：程式發生錯誤。詳細內容已寫入「{log}」，請將該檔交給維護人員。"
        _show(book, lines)
        stamp = f"上次執行：{zh.roc_date(now.date())} {now:%H:%M}　{caption}"
        _cell(book, console_book.LAST_RUN).value = stamp
        _cell(book, console_book.STATUS).value = _shown(message)
    finally:
        app.status_bar = False


def _year_folder(book: xw.Book) -> Workspace:
    """The folder that the workbook lies in; else the one it was made for.

    In this order a year's folder that was copied as a whole never works on the old year. A workbook
    opened from OneDrive or SharePoint knows only its address, and takes the second.

    Raises WorkspaceError when neither is a year's folder.
    """
    with contextlib.suppress(WorkspaceError, xw.XlwingsError):
        return Workspace.open(Path(book.fullname).parent)
    return Workspace.open(Path(str(_cell(book, console_book.HOME).value)))


def _cell(book: xw.Book, name: str) -> xw.Range:
    return book.names[name].refers_to_range


def _outcome(done: Done) -> str:
    """One line for the status cell, in words that say what to do next."""
    counts = {kind: sum(f.severity is kind for f in done.findings) for kind in _ORDER}
    if errors := counts[Severity.ERROR]:
        return f"已執行，有 {errors} 項錯誤待更正、{counts[Severity.WARNING]} 項提醒，請見下表。"
    if warnings := counts[Severity.WARNING]:
        return f"完成，沒有錯誤；有 {warnings} 項提醒，請見下表。"
    return "完成，沒有錯誤。" if done.readings else "完成，請見下表。"


def _lines(done: Done, root: Path) -> list[_Line]:
    """The result table: summary, files written, then findings."""
    return [
        *(("摘要", "", "", "", line, "") for line in done.summary_lines),
        *(("產出", path.name, "", "", _place(path, root), "") for path in done.outputs),
        *_finding_lines(done.findings),
    ]


def _finding_lines(findings: Iterable[Finding]) -> list[_Line]:
    """A line for each finding, those that block first."""
    ordered = sorted(findings, key=lambda f: (_ORDER.index(f.severity), f.at, f.code))
    return [
        (f.severity.value, f.at.file, f.at.sheet, f.at.cell, f"{f.message}〔{f.code}〕", f.fix)
        for f in ordered
    ]


def _place(path: Path, root: Path) -> str:
    """Where a file lies, from the year's folder on when it lies in there."""
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _show(book: xw.Book, lines: Sequence[_Line]) -> None:
    """Replace the result table, in one write."""
    room = console_book.RESULT_ROWS
    if len(lines) > room:
        left = len(lines) - room + 1
        more = f"還有 {left} 項未列出；請先更正以上各項，或於命令列執行 xltool check"
        lines = [*lines[: room - 1], ("摘要", "", "", "", more, "")]
    area = _cell(book, console_book.FINDINGS)
    area.clear_contents()
    # The cells are made as text, but a person may have cleared their format; without it what a unit
    # typed as '=…' would become a formula.
    area[:, 1:].number_format = "@"
    if lines:
        table = area[: len(lines), :]
        table.value = [
            [number, *(_shown(text) for text in line)] for number, line in enumerate(lines, start=1)
        ]
        table.rows.autofit()


def _shown(text: str) -> str:
    """Text fit for a cell: no control characters, not too long."""
    text = zh.clean(text)
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"


def _log(folder: Path, now: datetime, function: str, fault: BaseException) -> Path:
    """Append the way of a fault, without its message, which may quote a return; returns the file.

    Falls back to the machine's temporary folder when `folder` cannot be written. Raises OSError
    when that one cannot either.
    """
    text = f"=== {now:%Y-%m-%d %H:%M:%S} {function}\n{trace(fault)}\n"
    for place in (folder, Path(tempfile.gettempdir())):
        path = place / console_book.LOG_NAME
        with contextlib.suppress(OSError):
            # With a byte order mark any Notepad reads it as UTF-8.
            encoding = "utf-8" if path.exists() else "utf-8-sig"
            with path.open("a", encoding=encoding) as log:
                log.write(text)
            return path
    message = f"no place for {console_book.LOG_NAME}"
    raise OSError(message)
