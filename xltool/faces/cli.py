"""The command line, in Chinese: run one command of the list, end with its exit code.

0 clean, 1 findings that block, 2 a fault of use or machine. A person gets a sentence, never a
traceback.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import io
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xltool import __version__
from xltool.faces.answer import answer
from xltool.faces.commands import COMMANDS
from xltool.faces.parser import UsageError, listed_examples, parser_of
from xltool.faces.screen import BLOCKED, FAULT, Screen, print_answer, refuse
from xltool.wording import use

if TYPE_CHECKING:
    from xltool.findings import Finding

TEXT = "提升服務效能執行計畫：發出表單、檢核回收檔、彙整、評分、敘獎、產出附件3"
EXAMPLES = ("xltool demo", "xltool new 114", "xltool issue enrolment", "xltool run")
EXIT_CODES = "結束代碼：0 正常；1 有須先處理的錯誤；2 無法執行"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    _speak_utf8()
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    try:
        asked = grammar().parse_args(words)
    except UsageError as error:
        command = next((one for one in words[:1] if one in {each.name for each in COMMANDS}), "")
        sys.exit(_refused(Namespace(json="--json" in words, command=command), str(error)))
    from xltool.store.workspace import WorkspaceError

    use(None)

    try:
        with _seldom_collecting():
            return int(asked.action(asked, Screen(asked.json, asked)))
    except WorkspaceError as error:
        from xltool.steps.settings import SettingsError

        findings = getattr(error, "findings", ())
        _refused(asked, f"無法執行：{error}", findings)
        return BLOCKED if isinstance(error, SettingsError) else FAULT
    except UsageError as error:
        return _refused(asked, str(error))
    except KeyboardInterrupt:
        return _refused(asked, "已中止；已完成的檔案都是完整的")
    except BrokenPipeError:  # as `| head` leaves it: whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    except MemoryError:
        return _refused(asked, "無法執行：記憶體不足，請關閉其他程式後再試")
    except Exception as error:  # noqa: BLE001 a person gets a sentence, the details go to a file
        return _refused(asked, _fault(error))


def _refused(asked: Namespace, message: str, findings: Iterable[Finding] = ()) -> int:
    """Tell why there is no answer; in its shape too, to a program that asked for one."""
    code = refuse(message)
    if asked.json:
        print_answer(answer(asked, findings=findings, error=message))
    return code


def _fault(error: Exception) -> str:
    """A fault of the machine by its reason, one of the program by its place: never by its message, which
    may quote a whole return."""
    from xltool.store.faults import of_the_system, place, reason

    if system := of_the_system(error):
        named = f"（{system.filename}）" if system.filename else ""
        return f"無法執行：{reason(system)}{named}"
    return (
        f"無法執行：程式發生未預期的錯誤（{place(error)}）\n"
        f"詳細紀錄：{_crash_log(error)}；請將此檔交給維護人員，其中不含填報內容"
    )


def grammar() -> ArgumentParser:
    """The grammar of all commands."""
    epilog = f"{listed_examples(EXAMPLES)}\n\n{EXIT_CODES}"
    return parser_of(COMMANDS, program="xltool", text=TEXT, epilog=epilog, version=__version__)


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A workbook is many small objects that all live: looking for garbage took a quarter of a merge."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _crash_log(error: Exception) -> Path:
    import tempfile

    from xltool.store.faults import trace

    handle, name = tempfile.mkstemp(prefix="xltool-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(trace(error))
    return Path(name)


def _speak_utf8() -> None:
    """A bare Linux (POSIX locale) and a file or pipe in cp950 would break on some characters. What a person
    chose by PYTHONIOENCODING stands, and what a terminal of Taiwan reads; what that cannot write is a
    question mark, and a sentence says so."""
    chosen = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    narrow = ""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            own = stream.encoding if stream.isatty() and _is_of_taiwan(stream.encoding) else "utf-8"
            stream.reconfigure(encoding=chosen or own, errors="replace", line_buffering=True)
            narrow = stream.encoding if _is_of_taiwan(stream.encoding) else narrow
    if narrow:
        refuse(
            f"本視窗的編碼是 {narrow}，它沒有的字會印成「?」；要看到全部的字請改用 UTF-8"
            "（Windows 先執行 chcp 65001，Linux 先執行 export LANG=C.UTF-8）"
        )


def _is_of_taiwan(encoding: str) -> bool:
    """Whether an encoding is one of traditional Chinese that lacks characters: Big5 and its kin."""
    try:
        return codecs.lookup(encoding).name in {"big5", "big5hkscs", "cp950"}
    except LookupError:
        return False
