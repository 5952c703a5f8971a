"""The command line, in Chinese. It parses, calls the steps, prints; it holds no rule.

Exit codes: 0 clean, 1 findings that block, 2 a fault of use or machine. Heavy libraries are imported
by the step that needs them, so that `xltool --help` is instant.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from xltool import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from xltool.steps.report import Progress, Report
    from xltool.steps.status import Status

CLEAN, BLOCKED, FAULT = 0, 1, 2
ISSUABLE = ("enrolment", "report", "review", "meeting", "contest")
FORM_KEYS = ("settings", *ISSUABLE)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    _speak_utf8()
    options = _parser().parse_args(argv)
    from xltool.store.workspace import WorkspaceError

    try:
        with _seldom_collecting():
            return int(options.action(options))
    except WorkspaceError as error:
        from xltool.steps.settings import SettingsError

        print(f"無法執行：{error}", file=sys.stderr)
        return BLOCKED if isinstance(error, SettingsError) else FAULT
    except KeyboardInterrupt:
        print("已中止；已完成的檔案都是完整的", file=sys.stderr)
        return FAULT
    except OSError as error:
        print(f"無法執行：{error.strerror or error}（{error.filename or ''}）", file=sys.stderr)
        return FAULT
    except Exception as error:  # noqa: BLE001 a person gets a sentence, the details go to a file
        print(f"無法執行：程式發生未預期的錯誤（{error!r}）", file=sys.stderr)
        print(f"詳細紀錄：{_crash_log()}；請將此檔交給維護人員", file=sys.stderr)
        return FAULT


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A workbook is many small objects that all live: looking for garbage took a quarter of a merge."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _crash_log() -> Path:
    import tempfile
    import traceback

    handle, name = tempfile.mkstemp(prefix="xltool-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        traceback.print_exc(file=log)
    return Path(name)


def _speak_utf8() -> None:
    """A bare Linux (POSIX locale) and a Windows console in cp950 would break on some characters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


# --- Words -----------------------------------------------------------------------------------


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help whose own words are Chinese."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=100)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser that complains in Chinese."""

    def __init__(self, **kwargs: Any) -> None:
        own: dict[str, Any] = {"formatter_class": _Help, "add_help": False, "allow_abbrev": False}
        super().__init__(**{**own, **kwargs})
        self._positionals.title = "參數"
        self._optionals.title = "選項"
        self.add_argument("-h", "--help", action="help", help="顯示說明")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _COMPLAINTS:
            message = message.replace(english, chinese)
        message = re.sub(r"（可用：(.*)\)$", r"（可用：\1）", message)
        print(f"{message}\n請執行 {self.prog} --help 看說明與範例", file=sys.stderr)
        raise SystemExit(FAULT)


_COMPLAINTS = (
    ("the following arguments are required: ", "缺少必要的參數："),
    ("unrecognized arguments: ", "無法辨識的參數："),
    ("argument ", "參數 "),
    ("invalid choice: ", "沒有這個選擇："),
    (" (choose from ", "（可用："),
    ("invalid int value: ", "請填整數："),
    ("invalid _roc_year value: ", "請填三位數的民國年，例如 114："),
    ("invalid _day value: ", "請填日期，例如 114.12.31："),
    ("expected one argument", "後面要接一個值"),
    ("expected at least one argument", "後面至少要接一個值"),
    ("not allowed with argument ", "不能同時使用 "),
)


def _roc_year(text: str) -> int:
    year = int(text)
    if not 100 <= year <= 200:
        raise ValueError(text)
    return year


def _day(text: str) -> Any:
    from xltool.zh import parse_date

    day = parse_date(text)
    if day is None:
        raise ValueError(text)
    return day


# --- The commands ------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="xltool",
        description="提升服務效能執行計畫：發出表單、檢核回收檔、彙整、評分、敘獎、產出附件3",
        epilog="範例：\n  xltool demo\n  xltool new 114\n  xltool issue enrolment\n  xltool run\n\n"
        "結束代碼：0 正常；1 有須先處理的錯誤；2 無法執行",
    )
    parser.add_argument(
        "--version", action="version", version=f"xltool {__version__}", help="顯示版本"
    )
    commands = parser.add_subparsers(title="指令", metavar="指令", dest="command", required=True)

    def command(
        name: str, action: Callable[[argparse.Namespace], int], text: str, *examples: str
    ) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog="範例：\n" + "\n".join(f"  {example}" for example in examples),
        )
        sub.set_defaults(action=action)
        return sub

    def on_folder(sub: argparse.ArgumentParser, *, as_json: bool = True) -> None:
        sub.add_argument("--folder", type=Path, metavar="資料夾", help="年度資料夾；不填則自動尋找")
        if as_json:
            sub.add_argument("--json", action="store_true", help="以 JSON 輸出，供程式讀取")

    def on_day(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--day", type=_day, metavar="日期", help="以哪一天計算；不填為今天")

    sub = command(
        "new",
        _new,
        "建立新年度資料夾，內含填好的年度設定.xlsx",
        "xltool new 114",
        "xltool new 114 --folder D:\\提升服務效能\\114",
        "xltool new 115 --from 114          沿用上年度設定，帶入延續業務",
    )
    sub.add_argument("year", type=_roc_year, metavar="年度", help="民國年，例如 114")
    sub.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="上年度",
        help="上年度的年度資料夾；只填年度時為 workbooks 內的資料夾",
    )
    on_folder(sub)

    sub = command(
        "issue",
        _issue,
        "產生要發出的表單（一單位一檔）到「發出」資料夾",
        "xltool issue enrolment            參與業務調查表（3月）",
        "xltool issue report               執行成果填報表（11月），帶入調查表內容",
        "xltool issue review               督導意見表",
        "xltool issue meeting              會議紀錄表",
        "xltool issue contest              參選結果表",
        "xltool issue report --units 03 07 只發給指定單位",
        "xltool issue report --supplement  12月資料補正：帶入各單位已回傳的內容與照片",
    )
    sub.add_argument("form", choices=ISSUABLE, metavar="表單", help="、".join(ISSUABLE))
    sub.add_argument("--units", nargs="+", default=[], metavar="代碼", help="只發給這些單位代碼")
    sub.add_argument(
        "--supplement", action="store_true", help="12月補正：以各單位已採用的回傳檔為底再發一次"
    )
    on_folder(sub)

    sub = command(
        "check",
        _check,
        "檢核回收的表單，逐檔列出工作表、儲存格與改法；不改動任何檔案",
        "xltool check                          檢核收件匣",
        "xltool check 回傳\\03.xlsx 04.ods       檢核指定檔案",
        "xltool check --return                 為每份有錯誤的回傳檔產生退回修正檔",
        "xltool check --report                檢核結果另存網頁與 Excel 到「成果」資料夾",
        "xltool check --rehearse 新設定.xlsx    試算改用另一份年度設定會新增哪些錯誤",
        "xltool check --json > 檢核結果.json",
    )
    sub.add_argument(
        "--report", action="store_true", help="另存檢核報告（網頁與 Excel）到「成果」資料夾"
    )
    sub.add_argument(
        "--rehearse",
        type=Path,
        metavar="年度設定",
        help="試算：改用這份年度設定，已收的回傳檔會新增或消除哪些錯誤；不寫入任何檔案",
    )
    sub.add_argument(
        "--return",
        dest="give_back",
        action="store_true",
        help="有錯誤的回傳檔，另產生一份標示錯誤、可直接修改回傳的檔案到「發出」資料夾",
    )
    sub.add_argument("files", nargs="*", type=Path, metavar="檔案", help="不填則檢核收件匣全部")
    on_folder(sub)

    sub = command(
        "waive",
        _waive,
        "同意某單位的一項檢核結果不必更正（留下理由與姓名，僅本年度有效）；不加參數則列出",
        "xltool waive",
        "xltool waive C403 --unit 07 --form report --reason 本年度停辦，已簽准 --by 王小明",
        "xltool waive V301 --unit 03 --cell 業務 03-01!C12 --reason 另以公文補送 --by 王小明",
        "xltool waive C403 --unit 07 --remove",
    )
    sub.add_argument("code", nargs="?", default="", metavar="代碼", help="檢核代碼，例如 V301")
    sub.add_argument("--unit", default="", metavar="代碼", help="單位代碼，例如 03")
    sub.add_argument("--form", default="", metavar="表單", help="只限這種表單；不填則不限")
    sub.add_argument(
        "--cell", default="", metavar="位置", help="只限這一格，例如 業務 03-01!C12；不填則不限"
    )
    sub.add_argument("--reason", default="", metavar="理由", help="為什麼不必更正")
    sub.add_argument("--by", default="", metavar="姓名", help="誰同意的")
    sub.add_argument("--remove", action="store_true", help="取消同意")
    on_folder(sub)

    sub = command(
        "explain",
        _explain,
        "說明一個檢核代碼：為什麼會出現、怎麼處理；不加代碼則列出全部",
        "xltool explain V301",
        "xltool explain",
    )
    sub.add_argument("code", nargs="?", default="", metavar="代碼", help="檢核代碼，例如 V301")

    sub = command(
        "remind",
        _remind,
        "為逾期未繳或有錯誤待修正的單位產生催辦郵件草稿，各列自己的待辦事項",
        "xltool remind",
        "xltool remind --day 114.12.11",
    )
    on_day(sub)
    on_folder(sub)

    sub = command(
        "diff",
        _diff,
        "同一單位前後兩次回傳，逐格列出改了什麼",
        "xltool diff",
        "xltool diff --unit 03 --form report",
    )
    sub.add_argument("--unit", default="", metavar="代碼", help="只列這個單位")
    sub.add_argument(
        "--form", default="", choices=("", *ISSUABLE), metavar="表單", help="只列這種表單"
    )
    on_folder(sub)

    sub = command(
        "where",
        _where,
        "查詢總表的一格或附件3的一段文字從哪裡來：單位、檔案、版本、儲存格、規則與條款",
        "xltool where 114年提升服務效能總表.xlsx 業務總表!F12",
        "xltool where 114年提升服務效能執行成果說明.docx 建置線上查詢平臺",
    )
    sub.add_argument("file", type=Path, metavar="檔案", help="總表（.xlsx）或附件3（.docx）")
    sub.add_argument("place", metavar="位置", help="儲存格（業務總表!F12），或文件內的一段文字")
    on_folder(sub)

    sub = command(
        "why",
        _why,
        "說明一項業務或一個人的結果：評分、推薦、決議、敘獎的步驟、條款與未採的理由（含個資）",
        "xltool why 03-01",
        "xltool why 王小明",
    )
    sub.add_argument("asked", metavar="業務或姓名", help="業務編號、業務名稱、姓名或職員編號")
    on_folder(sub)

    for name, action, text in (
        ("merge", _step("merge"), "收件匣登錄到收件紀錄，寫出提升服務效能總表"),
        ("score", _step("score"), "計算自評與督導評分、名次（陸.一.(三)），寫入總表"),
        ("rewards", _rewards, "依柒.二產出敘獎建議名冊，寫入總表"),
        ("packet", _step("packet"), "產出督導小組會議資料（Word）：議程、一案一頁、簽到、決議草案"),
        ("annex3", _step("annex3"), "產出附件3執行成果說明（Word）"),
        ("export", _step("export"), "匯出資料集（CSV、JSON、Parquet）與資料字典，供其他程式使用"),
        ("run", _step("run"), "一次完成：收件、檢核、總表、評分、敘獎名冊、附件3"),
    ):
        on_folder(command(name, action, text, f"xltool {name}", f"xltool {name} --json"))

    sub = command(
        "status",
        _status,
        "各單位繳交情形與剩餘或逾期日數",
        "xltool status",
        "xltool status --day 114.12.08",
        "xltool status --report               另存網頁到「成果」資料夾",
    )
    on_day(sub)
    sub.add_argument("--report", action="store_true", help="另存網頁到「成果」資料夾")
    on_folder(sub)

    sub = command(
        "form",
        _form,
        "列出一種表單的欄位（資料字典）",
        "xltool form report",
        "xltool form enrolment --json",
    )
    sub.add_argument("form", choices=FORM_KEYS, metavar="表單", help="、".join(FORM_KEYS))
    on_folder(sub)

    sub = command(
        "console",
        _console,
        "建立 Excel 按鈕操作的總控台.xlsm（Windows 搭配 Excel 使用）",
        "xltool console",
    )
    on_folder(sub)

    sub = command(
        "demo",
        _demo,
        "以範例年度從頭到尾示範一次，並列出每個成果的位置",
        "xltool demo",
        "xltool demo --folder 示範",
    )
    sub.add_argument(
        "--folder", type=Path, metavar="資料夾", help="示範用的新資料夾；不填則建在目前位置"
    )
    return parser


def _new(options: argparse.Namespace) -> int:
    from xltool.steps.new import new

    root = options.folder or Path("workbooks") / str(options.year)
    source = options.source
    if source is not None and not source.exists():
        source = Path("workbooks") / source
    return _tell(new(root, options.year, source), options)


def _issue(options: argparse.Namespace) -> int:
    from xltool.steps.issue import issue

    with _progress(options) as progress:
        report = issue(
            _workspace(options),
            options.form,
            options.units,
            progress,
            supplement=options.supplement,
        )
    return _tell(report, options)


def _check(options: argparse.Namespace) -> int:
    from xltool.outputs import checked as reports
    from xltool.steps.check import check, checked_files, loose_findings, write_check_report
    from xltool.steps.give_back import give_back
    from xltool.steps.rehearse import rehearse

    if options.give_back:
        if options.files:
            print("--return 用於收件匣全部的檔案，請勿另外指定檔案", file=sys.stderr)
            return FAULT
        with _progress(options) as progress:
            return _tell(give_back(_workspace(options), progress), options)
    if options.rehearse is not None:
        with _progress(options) as progress:
            return _tell(rehearse(_workspace(options), options.rehearse, progress), options)
    with _progress(options) as progress:
        checked = check(_workspace(options), options.files, progress)
    files = checked_files(checked)
    if options.json:
        _print_json(reports.check_objects(files))
    else:
        others = loose_findings(checked)
        reports.print_report(files, checked.receipts, plan=checked.plan, others=others)
    if options.report:
        _name(write_check_report(_workspace(options), checked), options)
    return BLOCKED if checked.blocked else CLEAN


def _remind(options: argparse.Namespace) -> int:
    from xltool.steps.remind import remind

    return _tell(remind(_workspace(options), options.day), options)


def _diff(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from xltool.steps.ask import diff

    report, changes = diff(_workspace(options), options.unit, options.form)
    if options.json:
        _print_json([asdict(change) for change in changes])
        return CLEAN
    return _tell(report, options)


def _where(options: argparse.Namespace) -> int:
    from xltool.steps.ask import where

    workspace = _workspace(options)
    path = options.file
    if not path.exists() and (workspace.results / path).exists():
        path = workspace.results / path
    return _tell(where(workspace, path, options.place), options)


def _why(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from xltool.steps.ask import why

    report, answers = why(_workspace(options), options.asked)
    if options.json:
        _print_json([asdict(answer) for answer in answers])
        return CLEAN
    return _tell(report, options)


def _waive(options: argparse.Namespace) -> int:
    from xltool.findings import Waiver
    from xltool.steps.status import today
    from xltool.steps.waive import unwaive, waive, waivers
    from xltool.zh import roc_date

    workspace, code = _workspace(options), options.code.upper()
    if not code:
        return _tell(waivers(workspace), options)
    unit = options.unit.zfill(2)
    if options.remove:
        return _tell(unwaive(workspace, code, unit), options)
    sheet, _, cell = options.cell.rpartition("!")
    day = roc_date(today())
    waiver = Waiver(code, unit, options.form, sheet, cell, options.reason, options.by, day)
    return _tell(waive(workspace, waiver), options)


def _explain(options: argparse.Namespace) -> int:
    from xltool.findings import CATALOGUE, explanation

    if not options.code:
        for one in CATALOGUE.values():
            print(f"{one.code} {one.severity}　{one.message}")
        return CLEAN
    code = CATALOGUE.get(options.code.upper())
    if code is None:
        print(f"沒有「{options.code}」這個檢核代碼；xltool explain 可列出全部", file=sys.stderr)
        return FAULT
    for heading, words in explanation(code):
        print(f"{heading}：{words}")
    return CLEAN


def _step(name: str) -> Callable[[argparse.Namespace], int]:
    def action(options: argparse.Namespace) -> int:
        from xltool.steps import write

        with _progress(options) as progress:
            report = getattr(write, name)(_workspace(options), progress)
        return _tell(report, options)

    return action


def _rewards(options: argparse.Namespace) -> int:
    from xltool.steps.write import rewards

    with _progress(options) as progress:
        report = rewards(_workspace(options), progress)
    if options.json and report.outcomes and report.plan:
        from xltool.outputs.checked import rewards_json

        _print_json(rewards_json(report.outcomes, report.plan))
        return BLOCKED if report.blocked else CLEAN
    return _tell(report, options)


def _status(options: argparse.Namespace) -> int:
    from xltool.steps.status import status, write_status

    found = status(_workspace(options), options.day)
    if options.json:
        _print_json({
            "day": found.day.isoformat(),
            "standings": [
                {
                    "unit": standing.unit,
                    "unit_name": standing.unit_name,
                    "form": standing.form,
                    "state": standing.state,
                    "due": standing.due.isoformat() if standing.due else None,
                    "deadline": standing.deadline.isoformat() if standing.deadline else None,
                    "days": standing.days,
                }
                for standing in found.standings
            ],
        })
    else:
        _print_status(found)
    if options.report:
        _name([write_status(_workspace(options), found)], options)
    return CLEAN


def _print_status(status: Status) -> None:
    from rich.table import Table

    from xltool.zh import roc_date

    table = Table(title=f"繳交情形（{roc_date(status.day)}）")
    table.add_column("單位", no_wrap=True)
    for form, deadline in status.forms():
        table.add_column(form + (f"\n截止 {roc_date(deadline)}" if deadline else ""))
    for unit, standings in status.units().items():
        cells = ("，".join(part for part in (s.state, s.left) if part) for s in standings)
        table.add_row(unit, *cells)
    _screen().print(table)


def _screen() -> Console:
    """A terminal for tables; where there is none (a file, a pipe), wide enough not to wrap."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 110)


def _form(options: argparse.Namespace) -> int:
    from xltool.steps.ask import form_dictionary

    plain = form_dictionary(options.form, _workspace(options, missing_ok=True))
    if options.json:
        _print_json(plain)
        return CLEAN
    from rich.table import Table

    from xltool.forms.dictionary import TYPES

    screen = _screen()
    for sheet in plain["sheets"]:
        for section in sheet["sections"]:
            table = Table(title=f"{plain['title']}｜{sheet['title']}｜{section['anchor']}")
            for column in ("欄位", "型態", "必填", "選項或限制", "提示"):
                table.add_column(column)
            for field in section["fields"]:
                limit = f"{field['max_length']} 字以內" if field["max_length"] else ""
                if field["minimum"] is not None:
                    limit = f"{field['minimum']}～{field['maximum']}"
                table.add_row(
                    field["label"],
                    TYPES[field["type"]] + ("（已備妥）" if field["given"] else ""),
                    "是" if field["required"] else "",
                    "、".join(field["choices"]) or limit,
                    field["prompt"],
                )
            screen.print(table)
    return CLEAN


def _console(options: argparse.Namespace) -> int:
    from xltool.steps.console import console

    return _tell(console(_workspace(options)), options)


def _demo(options: argparse.Namespace) -> int:
    from xltool.faces import demo

    return demo.demo(options.folder)


# --- Where, and how it is told -------------------------------------------------------------------


def _workspace(options: argparse.Namespace, *, missing_ok: bool = False) -> Any:
    """The year's folder: as given, else here, else the newest year under workbooks/."""
    from xltool.store.workspace import SETTINGS_NAME, Workspace

    if options.folder is not None:
        return Workspace.open(options.folder)
    years = sorted(Path("workbooks").glob(f"[0-9][0-9][0-9]/{SETTINGS_NAME}"), reverse=True)
    here = Path(SETTINGS_NAME)
    for candidate in ([here] if here.is_file() else []) + years:
        return Workspace.open(candidate.parent)
    return None if missing_ok else Workspace.open(Path())


def _tell(report: Report, options: argparse.Namespace) -> int:
    """Print a step's report; return the exit code."""
    blocking = [finding for finding in report.findings if finding.blocks]
    if options.json:
        _print_json({
            "title": report.title,
            "summary": list(report.summary_lines),
            "outputs": [str(path) for path in report.outputs],
            "blocking": len(blocking),
            "findings": len(report.findings),
        })
        return BLOCKED if blocking else CLEAN
    for line in report.summary_lines:
        print(line)
    if len(report.outputs) <= len(("總表", "名冊", "附件3")):
        _name(report.outputs, options)
    # The workbook itself can't list what happened to it while it was written.
    written = {path.name for path in report.outputs}
    for finding in report.findings:
        if finding.at.file in written and not finding.blocks:
            print(f"{finding.severity}：{finding.at}\n    {finding.message}；{finding.fix}")
    if blocking:
        print(f"須先處理的錯誤 {len(blocking)} 項：")
        for finding in blocking[:20]:
            print(f"  {finding.at}\n    {finding.message}；{finding.fix}")
        if len(blocking) > len(blocking[:20]):
            print("  …其餘請執行 xltool check，或看總表的「檢核結果」")
    return BLOCKED if blocking else CLEAN


def _name(outputs: Iterable[Path], options: argparse.Namespace) -> None:
    """Tell where files were written; beside the JSON, not in it."""
    for path in outputs:
        print(f"→ {path}", file=sys.stderr if options.json else sys.stdout)


def _print_json(plain: object) -> None:
    print(json.dumps(plain, ensure_ascii=False, indent=2))


@contextlib.contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Progress | None]:
    """A status line on a terminal; silent when output is a file, a pipe or JSON."""
    if options.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("讀取中…") as line:
        yield lambda done, total, name: line.update(f"{done}／{total}　{name}")


if __name__ == "__main__":
    raise SystemExit(main())
