"""Which year a command is about, where none is named: years lie side by side, and January has two.

`workbooks/114`, `workbooks/115`: a year is open until a person closes it. Never is the newest taken for
the one that is meant.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xltool.patterns import pattern
from xltool.store.workspace import SETTINGS_NAME, Workspace, WorkspaceError, atomic_write

YEARS = "workbooks"
"""Where years lie side by side, in the folder that a person works in or in one above it."""

_IN_USE = "使用年度.txt"
_CLOSED = "結案.txt"


@dataclass(frozen=True)
class Chosen:
    """A year's folder, and by what it was chosen, in words."""

    folder: Path
    how: str

    @cached_property
    def year(self) -> int | None:
        """The ROC year that its 年度設定 is of; by the folder's name where that cannot be told."""
        stamp = _stamp(self.folder / SETTINGS_NAME)
        name = self.folder.absolute().name
        return int(stamp) if stamp else int(name) if name.isdecimal() else None

    def __str__(self) -> str:
        """As the first line of a command says it."""
        folder = self.folder.absolute()
        year = f"{self.year} 年度" if self.year else "年度資料夾"
        year += "（示範）" if Workspace(folder).demo_mark.is_file() else ""
        return f"{year}：{folder}（{self.how}）"


def _stamp(settings: Path) -> str:
    """The year that our own property in the workbook says; empty where there is none."""
    try:
        with zipfile.ZipFile(settings) as package, package.open("docProps/custom.xml") as part:
            found = _YEAR.search(part.read(_ENOUGH).decode("utf-8", "replace"))
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return ""
    return found.group(1) if found else ""


_YEAR = pattern(r'name="xltool_year"[^>]*>\s*<[^>]*>(\d{2,3})<')
_ENOUGH = 1 << 16  # bytes of a part that holds six properties


def chosen(given: Path | None, here: Path) -> Chosen | None:
    """The year that is meant: the folder given; the one that a person is in; the one in `use`; the only
    open one. None where there is none at all. Raises WorkspaceError where several are open."""
    if given is not None:
        return Chosen(given, "--folder 指定")
    for folder in _upwards(here):
        if (folder / SETTINGS_NAME).is_file():
            return Chosen(folder, "目前資料夾" if folder == here else "上層資料夾")
    years = _years(here)
    still_open = [year for year in years if not is_closed(year)]
    used = _in_use(years)
    for year in still_open:
        if year.name == used:
            return Chosen(year, f"xltool use {used} 選定")
    if len(still_open) > 1:
        named = "、".join(year.name for year in still_open)
        raise WorkspaceError(
            f"有 {len(still_open)} 個未結案的年度（{named}），不知道要用哪一個；"
            f"請執行 xltool use {still_open[0].name} 選定，或以 --folder 指定年度資料夾；"
            "已經辦完的年度可執行 xltool mark 結案 --folder 該年度資料夾"
        )
    if still_open:
        return Chosen(still_open[0], "唯一未結案的年度" if len(years) > 1 else "唯一的年度")
    if len(years) == 1:
        return Chosen(years[0], "唯一的年度，已結案")
    if years:
        raise WorkspaceError("各年度都已結案；請以 --folder 指定年度資料夾")
    return None


def use(year: int, here: Path) -> Path:
    """Have commands be about that year until it is closed or another is said; returns its folder. Raises
    WorkspaceError where it is not there."""
    years = _years(here)
    for folder in years:
        if folder.name == f"{year}":
            _write(folder.parent / _IN_USE, f"{year}\n")
            return folder
    there = "、".join(folder.name for folder in years) or "（無）"
    raise WorkspaceError(f"找不到 {year} 年度的資料夾；目前有：{there}")


def close(workspace: Workspace, day: str, *, closed: bool = True) -> None:
    """Note that the year is done (結案) on that day, or that it is open again."""
    note = workspace.records / _CLOSED
    if closed:
        _write(note, f"{day} 結案\n")
    else:
        note.unlink(missing_ok=True)


def is_closed(folder: Path) -> bool:
    """Whether a person closed the year in that folder."""
    return (Workspace(folder).records / _CLOSED).is_file()


def _upwards(here: Path) -> Iterator[Path]:
    yield here
    yield from here.absolute().parents


def _years(here: Path) -> list[Path]:
    """The years that lie side by side here, or in the nearest folder above that has any."""
    for folder in _upwards(here):
        found = (folder / YEARS).glob(f"[0-9][0-9][0-9]/{SETTINGS_NAME}")
        if years := sorted(one.parent for one in found):
            return years
    return []


def _in_use(years: list[Path]) -> str:
    note = years[0].parent / _IN_USE if years else None
    return note.read_text("utf-8").strip() if note is not None and note.is_file() else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as unfinished:
        unfinished.write_text(text, "utf-8")
