"""One year's folder: where everything lies, writes that are whole or not at all, backups.

114/
  年度設定.xlsx      the year's settings, the coordinator's
  發出/             forms as issued, one per unit
  收件匣/           what came back; only ever read
  範本/             templates of the year's own, where somebody put one there
  成果/             tracker, roster, Annex 3, reports
  紀錄/             ledger, original bytes, photos, logs; kept by the program
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SETTINGS_NAME = "年度設定.xlsx"
_WRITTEN = "outputs.json"
_MADE_OF, _HOLDS = " made of", " holds"
_UNFINISHED = ".xltool-"
_AN_HOUR = 3_600.0  # no write takes as long: what is older belongs to a run that was killed
TEMPLATES = "範本"
"""Of the year's own, where there are any."""
OUTBOX, INBOX, WITHHELD, RESULTS, RECORDS = "發出", "收件匣", "不採用", "成果", "紀錄"


class WorkspaceError(Exception):
    """A folder or file that the program cannot go on without; the message is for the coordinator."""


class FileInUseError(WorkspaceError):
    """An output that cannot be replaced: open in Excel. The others need not wait for it."""


@dataclass(frozen=True)
class Workspace:
    """A year's folder."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> Workspace:
        """Lay out the folder of a year; what is already there stays as it is."""
        workspace = cls(root)
        for name in (OUTBOX, INBOX, WITHHELD, RESULTS, RECORDS):
            (root / name).mkdir(parents=True, exist_ok=True)
        return workspace

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """The year's folder at `root`. Raises WorkspaceError when it is none."""
        if not (root / SETTINGS_NAME).is_file():
            raise WorkspaceError(
                f"「{root}」不是年度資料夾（找不到 {SETTINGS_NAME}）；"
                "請先執行 xltool new 114，或以 --folder 指定年度資料夾"
            )
        return cls(root)

    @property
    def settings(self) -> Path:
        """The 年度設定 workbook."""
        return self.root / SETTINGS_NAME

    @property
    def demo_mark(self) -> Path:
        """In a folder with this file a demo was played: nothing in it is real, and it may be cleared."""
        return self.root / ".xltool-demo"

    @property
    def outbox(self) -> Path:
        """Where forms are issued to."""
        return self.root / OUTBOX

    @property
    def inbox(self) -> Path:
        """Where returns are put; only ever read."""
        return self.root / INBOX

    @property
    def results(self) -> Path:
        """Where the tracker, the roster and Annex 3 are written."""
        return self.root / RESULTS

    @property
    def records(self) -> Path:
        """The program's own records."""
        return self.root / RECORDS

    @property
    def blobs(self) -> Path:
        """Content-addressed store: `blobs/ab/abcdef…` for the bytes with that SHA-256."""
        return self.records / "blobs"

    @property
    def tracker_backups(self) -> Path:
        """The tracker as the coordinator left it, each time before it was updated."""
        return self.records / "總表備份"

    @property
    def ledger(self) -> Path:
        """The ledger of every file received."""
        return self.records / "ledger.sqlite"

    def tracker(self, year: int) -> Path:
        """The master tracker workbook."""
        return self.results / f"{year}年提升服務效能總表.xlsx"

    def roster(self, year: int) -> Path:
        """The reward roster workbook."""
        return self.results / f"{year}年敘獎建議名冊.xlsx"

    def packet(self, year: int, about: str = "") -> Path:
        """The papers of the meeting of the 督導小組; those of another meeting say what it is `about`."""
        return self.results / f"{year}年督導小組會議資料{f'_{about}' if about else ''}.docx"

    @property
    def template(self) -> Path:
        """The styles of Annex 3 and of a meeting's papers: the year's own, where somebody put one there,
        else those that are shipped. Raises WorkspaceError when these are missing."""
        own = self.root / TEMPLATES / "附件3.docx"
        return own if own.is_file() else resource("templates/annex3.docx")

    def annex3(self, year: int) -> Path:
        """The Annex 3 document."""
        return self.results / f"{year}年提升服務效能執行成果說明.docx"

    @property
    def check_page(self) -> Path:
        """What a check found, as a web page."""
        return self.results / "檢核報告.html"

    @property
    def check_book(self) -> Path:
        """The same as a workbook."""
        return self.results / "檢核報告.xlsx"

    def blob(self, sha256: str) -> Path:
        """Where the bytes with that hash lie, whether or not they are there."""
        return self.blobs / sha256[:2] / sha256

    def sweep(self) -> None:
        """Remove the half-written files of runs that were killed."""
        for folder in (self.results, self.outbox, self.records):
            for path in folder.rglob(f"{_UNFINISHED}*"):
                with contextlib.suppress(OSError):
                    if time.time() - path.stat().st_mtime > _AN_HOUR:
                        path.unlink()

    @property
    def withheld(self) -> Path:
        """Where the coordinator puts returns aside: files with these bytes do not count."""
        return self.root / WITHHELD


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes `path`'s place when the block ends well.

    Raises WorkspaceError when the old file cannot be replaced (open in Excel, read-only folder); the
    old file is then untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_UNFINISHED, suffix=path.suffix, dir=path.parent)
    except PermissionError as error:
        raise WorkspaceError(f"無法寫入資料夾「{path.parent}」：沒有寫入權限") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        else:
            temporary.chmod(0o644)
        _replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _replace(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except PermissionError as error:
        raise FileInUseError(
            f"無法寫入「{path.name}」：請先關閉正在使用該檔的 Excel 再試"
        ) from error


def set_aside_edited(workspace: Workspace, path: Path, folder: Path | None = None) -> Path | None:
    """Copy an output that somebody changed since we wrote it to a named backup beside it, or in
    `folder`.

    Returns the backup, or None when the file is missing or just as we wrote it. Call before writing
    the output anew; `remember_output` afterwards.
    """
    if not path.is_file():
        return None
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if _written(workspace).get(_key(workspace, path)) == found:
        return None
    backup = (folder or path.parent) / f"{path.stem}_備份_{found[:8]}{path.suffix}"
    if not backup.exists():
        with atomic_write(backup) as copy:
            shutil.copyfile(path, copy)
    return backup


def remember_output(
    workspace: Workspace, path: Path, made_of: str = "", holds: Iterable[str] = ()
) -> None:
    """Remember an output's bytes as ours, to tell later whether somebody changed it.

    `made_of` names everything that it was made of; empty when it must be made anew in any case.
    `holds` names the people or items in it, to tell later which of them are gone.
    """
    known = _written(workspace)
    known[_key(workspace, path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    known[_key(workspace, path) + _MADE_OF] = made_of
    known[_key(workspace, path) + _HOLDS] = "\n".join(holds)
    with atomic_write(workspace.records / _WRITTEN) as target:
        target.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")


def held_before(workspace: Workspace, path: Path) -> list[str]:
    """Whom or what an output held as we last wrote it; nothing when unknown."""
    return _written(workspace).get(_key(workspace, path) + _HOLDS, "").splitlines()


def is_up_to_date(workspace: Workspace, path: Path, made_of: str) -> bool:
    """Whether an output is just as we wrote it, of the same."""
    known, key = _written(workspace), _key(workspace, path)
    if not made_of or known.get(key + _MADE_OF) != made_of or not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == known.get(key)


def _key(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix()


def _written(workspace: Workspace) -> dict[str, str]:
    """SHA-256 by path of the outputs as we last wrote them; empty when unknown."""
    try:
        known = json.loads((workspace.records / _WRITTEN).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(known) if isinstance(known, dict) else {}


def resource(name: str) -> Path:
    """A file shipped with the product, like "templates/annex3.docx" or "sample-114".

    In an installed copy it lies in the package's `_resources`; in a checkout at the repository's root
    (the sample under `workbooks/`). Raises WorkspaceError when it is missing.
    """
    package = Path(__file__).parents[1]
    for candidate in (
        package / "_resources" / name,
        package.parent / name,
        package.parent / "workbooks" / name,
    ):
        if candidate.exists():
            return candidate
    raise WorkspaceError(f"程式缺少隨附檔案「{name}」，請重新安裝")
