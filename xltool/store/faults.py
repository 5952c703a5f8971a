"""Faults of machine and program, told without a word of what anybody filled in.

An exception's message may quote the whole return that it failed on. So neither screen nor log holds
one: only what kind of exception it was, and the lines of the program that it came through.
"""

from __future__ import annotations

import errno
import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path

from xltool.store.workspace import WorkspaceError

_FULL = "磁碟空間不足，請清出空間後再執行一次"
_AWAY = "網路磁碟連線中斷，請確認連線後再執行一次"
_IN_USE = "正由其他程式使用，請關閉後再試"
_TOO_MANY = "同時開啟的檔案過多，請關閉其他程式後再試"
_NO_DRIVE = "找不到磁碟機，請確認已連接"
_REASONS = {
    "ENOSPC": _FULL,
    "EDQUOT": _FULL,
    "EFBIG": "檔案超過磁碟允許的大小",
    "EROFS": "磁碟或資料夾是唯讀的",
    "EACCES": "沒有權限，或正由其他程式使用",
    "EPERM": "沒有權限",
    "ENOENT": "找不到檔案或資料夾",
    "ENOTDIR": "路徑中有一段不是資料夾",
    "EISDIR": "這是資料夾，不是檔案",
    "EEXIST": "同名的檔案已經存在",
    "ENAMETOOLONG": "檔名或路徑太長",
    "EILSEQ": "檔名含有磁碟不接受的字元",
    "EINVAL": "檔名或路徑含有不能使用的字元",
    "ELOOP": "連結互相指向，找不到檔案",
    **dict.fromkeys(("EBUSY", "ETXTBSY"), _IN_USE),
    **dict.fromkeys(("EMFILE", "ENFILE"), _TOO_MANY),
    "ENOMEM": "記憶體不足，請關閉其他程式後再試",
    "EAGAIN": "系統忙碌，請稍候再試",
    "EIO": "磁碟讀寫錯誤，請檢查磁碟或網路磁碟",
    **dict.fromkeys(("ENODEV", "ENXIO"), _NO_DRIVE),
    **dict.fromkeys(("ESTALE", "ETIMEDOUT", "ENETDOWN", "ENETUNREACH", "EHOSTDOWN"), _AWAY),
    **dict.fromkeys(("EHOSTUNREACH", "ECONNRESET", "ECONNABORTED", "ENOTCONN"), _AWAY),
}
_WINDOWS = {  # what Windows tells more exactly than by errno
    **dict.fromkeys((39, 112), "ENOSPC"),
    **dict.fromkeys((32, 33), "EBUSY"),
    **dict.fromkeys((53, 55, 59, 64, 67, 121, 1231), "ETIMEDOUT"),
    **dict.fromkeys((15, 21), "ENODEV"),
    19: "EROFS",
    123: "EINVAL",
    206: "ENAMETOOLONG",
}
_NO_ROOM = {"ENOSPC", "EDQUOT", "EFBIG", "EROFS"}


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese, with what to do where there is something to do."""
    name = _name(error)
    return _REASONS.get(name) or f"系統拒絕存取（{name or type(error).__name__}）"


def no_room(error: OSError) -> bool:
    """Whether it was our own writing that failed: no file that is only read runs out of room."""
    return _name(error) in _NO_ROOM


def of_the_system(error: BaseException) -> OSError | None:
    """The system's refusal that an exception is, or was raised of: a library may wrap it in its own."""
    one: BaseException | None = error
    while one is not None:
        for found in (one, *one.args):
            if isinstance(found, OSError) and found.errno:
                return found
        one = one.__cause__
    return None


def of_one_file(error: BaseException) -> bool:
    """Whether a failure at one file's work may be that file's own fault, not of machine or ledger."""
    if isinstance(error, sqlite3.Error):
        return isinstance(
            error, sqlite3.DataError | sqlite3.InterfaceError | sqlite3.ProgrammingError
        )
    return not isinstance(error, OSError | MemoryError | WorkspaceError)


def _name(error: OSError) -> str:
    """The name of the system's code, as "ENOSPC"; empty where a library made the exception itself."""
    of_windows = _WINDOWS.get(getattr(error, "winerror", None) or 0)
    return of_windows or errno.errorcode.get(error.errno or 0, "").removeprefix("WSA")


def place(error: BaseException) -> str:
    """What kind of exception, and the line of ours that it came through last: "KeyError fold.py:87"."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "xltool" in Path(frame.filename).parts
    ]
    return f"{_kind(error)} {_line(ours[-1])}" if ours else _kind(error)


def trace(error: BaseException) -> str:
    """The way of an exception and of those it was raised of, line by line, without their messages."""
    lines = []
    for one in _chain(error):
        lines.append(_kind(one))
        frames = traceback.extract_tb(one.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join(lines) + "\n"


def _kind(error: BaseException) -> str:
    """The kind of an exception; of a library that is missing, which."""
    missing = error.name if isinstance(error, ImportError) else None
    return " ".join(filter(None, (type(error).__name__, missing)))


def _line(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
