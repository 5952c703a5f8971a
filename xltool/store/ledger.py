"""The ledger: every file ever received, its original bytes, what was read from it.

One SQLite file in the year's folder. The folder may lie on a network share, so it keeps SQLite's
rollback journal (write-ahead logging is not safe there) and waits its turn when another run holds it.
Original bytes are kept once, named by their SHA-256: a file deleted or overwritten in the inbox is
still here. What was read is kept with the fingerprint of the settings it was read under, so that an
unchanged file is never parsed twice: in brief, which every run needs of every file, and apart from
that all it says, which is fetched for the few returns that count or are compared.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.changes import Amended, Change
from xltool.findings import Finding, Severity, Waiver
from xltool.model import Address, Issued, Picture, Record, Return, Spot, Submission, Value
from xltool.rules.compared import Difference, Result
from xltool.store.faults import no_room, reason
from xltool.store.workspace import FileInUseError, Workspace, WorkspaceError, atomic_write

SCHEMA_VERSION = 5
_SAVE_EVERY = 0.2  # seconds
_RECEIVED = """
CREATE TABLE received (
    name TEXT NOT NULL,            -- the sender's file name
    sha256 TEXT NOT NULL,          -- of the original bytes
    at TEXT NOT NULL,              -- when first seen, ISO
    PRIMARY KEY (name, sha256)
);
"""
_READ = """
DROP TABLE IF EXISTS reading;      -- of an earlier version: each file is read once more
CREATE TABLE reading (
    name TEXT NOT NULL,            -- addresses in the reading speak of this name
    sha256 TEXT NOT NULL,
    settings TEXT NOT NULL,        -- fingerprint of program and plan
    brief TEXT,                    -- JSON, NULL when unreadable
    findings TEXT NOT NULL,        -- JSON
    said TEXT,                     -- all that it says, JSON, NULL when unreadable
    PRIMARY KEY (name, sha256)
);
"""
_ISSUED = """
CREATE TABLE issued (
    issue TEXT PRIMARY KEY,        -- like 114-report-03-1, as stamped into the workbook
    form TEXT NOT NULL,
    unit TEXT NOT NULL,            -- code, empty for the coordinator's own forms
    number INTEGER NOT NULL,       -- counts the issues of a form to a unit from 1
    kind TEXT NOT NULL,            -- empty, or 12月補正
    at TEXT NOT NULL,              -- ISO
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    deadline TEXT NOT NULL,        -- as shown, 114.12.10
    recipient TEXT NOT NULL        -- of the draft
);
"""
_WAIVED = """
CREATE TABLE waived (
    code TEXT NOT NULL,            -- of the finding
    unit TEXT NOT NULL,
    form TEXT NOT NULL,            -- this and the next two: empty for any
    sheet TEXT NOT NULL,
    cell TEXT NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,              -- who accepted it
    at TEXT NOT NULL,              -- the day, as shown: 114.12.01
    PRIMARY KEY (code, unit, form, sheet, cell)
);
"""
_AMENDED = """
ALTER TABLE waived ADD COLUMN value TEXT NOT NULL DEFAULT '';  -- what stood there, empty for any
CREATE TABLE settings (
    number INTEGER PRIMARY KEY,    -- 1: as they were when the first return was taken in
    sha256 TEXT NOT NULL,          -- of 年度設定, whose bytes are kept
    at TEXT NOT NULL,              -- when first seen so, ISO
    amended TEXT NOT NULL,         -- what was changed since the one before, JSON (null at the first)
    told INTEGER NOT NULL          -- 1 once a person was told
);
"""
_STEPS = {0: _RECEIVED, 1: _ISSUED, 2: _WAIVED, 3: _READ, 4: _AMENDED}
"""What brings a ledger of each earlier version to the next one."""


_REFUSED = {
    sqlite3.SQLITE_FULL: "磁碟空間不足，請清出空間後再執行一次",
    sqlite3.SQLITE_READONLY: "磁碟或資料夾是唯讀的",
    sqlite3.SQLITE_IOERR: "磁碟讀寫錯誤，請檢查磁碟或網路磁碟",
    sqlite3.SQLITE_NOMEM: "記憶體不足，請關閉其他程式後再試",
}


@dataclass(frozen=True, slots=True)
class Received:
    """One file as received. `at` is ISO text."""

    name: str
    sha256: str
    at: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file was once read as: a return in brief (None when unreadable), and its findings."""

    returned: Return | None
    findings: tuple[Finding, ...]


class Ledger:
    """An open ledger. Use `open_ledger`."""

    def __init__(self, connection: sqlite3.Connection, workspace: Workspace) -> None:
        self._db = connection
        self._workspace = workspace
        self._saved = -_SAVE_EVERY

    def keep(self, data: bytes) -> str:
        """Keep bytes in the store; return their SHA-256 (hex). Keeping them again changes nothing."""
        return keep(self._workspace, data)

    def receive(self, path: Path, at: str, name: str = "") -> Received:
        """Take a file in: its bytes, its name (that of `path` when empty), when first seen. Again is no
        change."""
        return self._received(name or path.name, _keep_file(self._workspace, path), at)

    def receive_bytes(self, name: str, data: bytes, at: str) -> Received:
        """The same for a file that came inside another."""
        return self._received(name, self.keep(data), at)

    def _received(self, name: str, sha256: str, at: str) -> Received:
        self._db.execute(
            "INSERT OR IGNORE INTO received (name, sha256, at) VALUES (?, ?, ?)", (name, sha256, at)
        )
        row = self._db.execute(
            "SELECT name, sha256, at FROM received WHERE name = ? AND sha256 = ?", (name, sha256)
        ).fetchone()
        return Received(*row)

    def issued(self) -> list[Issued]:
        """Every form ever issued, by time, then number."""
        rows = self._db.execute("SELECT * FROM issued ORDER BY at, issue")
        return [Issued(*row) for row in rows]

    def note_issue(self, issued: Issued) -> None:
        """Remember an issue; one of the same name is replaced."""
        self._put("issued", issued)

    def waivers(self) -> list[Waiver]:
        """What the coordinator has accepted, by unit and code."""
        rows = self._db.execute("SELECT * FROM waived ORDER BY unit, code, form, sheet, cell")
        return [Waiver(*row) for row in rows]

    def waive(self, waiver: Waiver) -> None:
        """Remember what the coordinator accepts; the same again is replaced."""
        self._put("waived", waiver)

    def settings(self) -> str:
        """年度設定 as last taken note of, by its SHA-256; empty while no return has come in."""
        row = self._db.execute("SELECT sha256 FROM settings ORDER BY number DESC").fetchone()
        return str(row[0]) if row else ""

    def note_settings(self, sha256: str, at: str, amended: Amended | None = None) -> None:
        """Take note of 年度設定 as it is, and what is otherwise than before."""
        self._db.execute(
            "INSERT INTO settings (sha256, at, amended, told) VALUES (?, ?, ?, ?)",
            (sha256, at, _dump(amended), amended is None),
        )

    def amended(self, *, untold: bool = False) -> tuple[Amended, ...]:
        """What was changed in the settings since the first return came in, in order; only what nobody
        was told yet, who then is."""
        rows = self._db.execute(
            "SELECT amended FROM settings WHERE told <= ? ORDER BY number", (not untold,)
        ).fetchall()
        if untold:
            self._db.execute("UPDATE settings SET told = 1")
        return tuple(_amended(data) for (text,) in rows if (data := json.loads(text)))

    def _put(self, table: str, noun: Issued | Waiver) -> None:
        """A noun as a row of the table whose columns are its fields; one of the same key goes."""
        marks = ", ".join("?" * len(vars(noun)))
        self._db.execute(
            f"INSERT OR REPLACE INTO {table} VALUES ({marks})",  # noqa: S608 a table of ours
            tuple(vars(noun).values()),
        )

    def unwaive(self, code: str, unit: str) -> int:
        """Take back what was accepted of a unit's findings of that code; how many were."""
        deleted = self._db.execute("DELETE FROM waived WHERE code = ? AND unit = ?", (code, unit))
        return deleted.rowcount

    def received(self) -> list[Received]:
        """Every file ever received, by time, then name."""
        rows = self._db.execute("SELECT name, sha256, at FROM received ORDER BY at, name, sha256")
        return [Received(*row) for row in rows]

    def kept(self, file: Received, settings: str) -> Kept | None:
        """What a file was read as under these settings, or None when it must be read (again)."""
        row = self._db.execute(
            "SELECT brief, findings FROM reading WHERE name = ? AND sha256 = ? AND settings = ?",
            (file.name, file.sha256, settings),
        ).fetchone()
        if row is None:
            return None
        try:
            returned = None if row[0] is None else _returned(file, json.loads(row[0]))
            return Kept(returned, tuple(_finding(data) for data in json.loads(row[1])))
        except (ValueError, TypeError, KeyError):  # damaged: the file is read again
            return None

    def tell(self, file: Received, findings: Sequence[Finding]) -> None:
        """Keep other findings with what a file was read as."""
        self._db.execute(
            "UPDATE reading SET findings = ? WHERE name = ? AND sha256 = ?",
            (_dump(findings), file.name, file.sha256),
        )

    def save(self) -> None:
        """Make sure that what was done so far outlasts a run that is killed; at most a few times a
        second, since every time the disk is waited for. The ledger stays this run's alone."""
        now = time.monotonic()
        if now - self._saved >= _SAVE_EVERY:
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")
            self._saved = now

    def remember(self, file: Received, settings: str, kept: Kept, said: str | None) -> None:
        """Keep what a file was read as under these settings, and all that it says (`packed`)."""
        brief = None if kept.returned is None else _brief(kept.returned)
        self._db.execute(
            "INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?, ?)",
            (file.name, file.sha256, settings, brief, _dump(kept.findings), said),
        )

    def said(self, returned: Return, settings: str) -> Submission:
        """What a return says, read under these settings.

        Raises WorkspaceError when another run with other settings has read the file since.
        """
        row = self._db.execute(
            "SELECT said FROM reading WHERE name = ? AND sha256 = ? AND settings = ?",
            (returned.file, returned.sha256, settings),
        ).fetchone()
        if row is None:
            raise WorkspaceError("年度設定或收件紀錄在執行中有了變動，請再執行一次")
        return _submission(json.loads(row[0]))


def keep(workspace: Workspace, data: bytes) -> str:
    """Keep bytes in the year's content-addressed store; return their SHA-256 (hex).

    Raises WorkspaceError where the disk does not take them: no fault of the file that they are from.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = workspace.blob(sha256)
    if not path.exists():
        try:
            with atomic_write(path) as temporary:
                temporary.write_bytes(data)
        except FileInUseError:  # another worker was first
            if not path.exists():
                raise
        except OSError as error:
            raise _not_kept(error) from error
    return sha256


def _not_kept(error: OSError) -> WorkspaceError:
    return WorkspaceError(f"無法留存收到的檔案：{reason(error)}")


def _keep_file(workspace: Workspace, source: Path) -> str:
    """The same for a file of any size, never wholly in memory.

    A file may still be arriving: the bytes kept are named by what was copied, not by an earlier look.
    Raises OSError where the source cannot be read, WorkspaceError where there is no room for the copy.
    """
    with source.open("rb") as data:
        sha256 = hashlib.file_digest(data, "sha256").hexdigest()
    if workspace.blob(sha256).exists():
        return sha256
    arriving = workspace.blobs / "arriving"
    try:
        with atomic_write(arriving) as copy:
            shutil.copyfile(source, copy)
            with copy.open("rb") as data:
                sha256 = hashlib.file_digest(data, "sha256").hexdigest()
    except OSError as error:
        if no_room(error):
            raise _not_kept(error) from error
        raise
    path = workspace.blob(sha256)
    path.parent.mkdir(exist_ok=True)
    arriving.replace(path)
    return sha256


@contextmanager
def open_ledger(workspace: Workspace) -> Iterator[Ledger]:
    """The year's ledger, made when missing; what the block did since it last saved is kept when it ends
    well.

    Raises WorkspaceError when another run holds it for more than 30 seconds, when it was written by
    a newer program, or when it is damaged.
    """
    workspace.records.mkdir(parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(workspace.ledger, timeout=30, isolation_level=None)
    except sqlite3.Error as error:
        raise WorkspaceError(
            f"無法開啟收件紀錄「{workspace.ledger}」：請檢查資料夾是否存在、有無寫入權限"
        ) from error
    try:
        # Between two savings no other run may come in.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN IMMEDIATE")
        _migrate(connection)
        yield Ledger(connection, workspace)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise WorkspaceError("收件紀錄正由另一個 xltool 使用中，請稍候再試") from error
        why = _REFUSED.get(error.sqlite_errorcode & 0xFF, "請檢查磁碟空間與資料夾的寫入權限")
        raise WorkspaceError(f"收件紀錄無法寫入：{why}") from error
    except sqlite3.DatabaseError as error:
        raise WorkspaceError(
            f"收件紀錄「{workspace.ledger}」已損壞；請將它改名後重新執行，收件匣的檔案會重新讀取"
        ) from error
    finally:
        connection.close()  # an open transaction is rolled back


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < SCHEMA_VERSION:
        steps = (_STEPS[one] for one in range(version, SCHEMA_VERSION))
        for statement in ";".join(steps).split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    elif version > SCHEMA_VERSION:
        raise WorkspaceError("收件紀錄由較新版的 xltool 建立，請更新 xltool 後再執行")


# --- JSON: nouns out and in. Values keep their type: {"n": number} {"d": date}, text and 是/否 plain.


def packed(submission: Submission) -> str:
    """What a return says, as the ledger keeps it."""
    return _dump(submission)


def _dump(noun: object) -> str:
    return json.dumps(noun, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(noun: object) -> Any:
    if isinstance(noun, Decimal):
        return {"n": str(noun)}
    if isinstance(noun, date):
        return {"d": noun.isoformat()}
    if isinstance(noun, Address):
        return [noun.file, noun.sheet, noun.cell]
    return {one.name: getattr(noun, one.name) for one in fields(noun)}  # type: ignore[arg-type]


def _value(data: Any) -> Value:
    if isinstance(data, dict):
        return Decimal(data["n"]) if "n" in data else date.fromisoformat(data["d"])
    return data  # type: ignore[no-any-return]


def _brief(one: Return) -> str:
    said = (one.form, one.year, one.unit, one.version, one.who, one.said, one.saved)
    return _dump([*said, one.typed_over])


def _returned(file: Received, data: list[Any]) -> Return:
    form, year, unit, version, who, said, saved, typed_over = data
    return Return(
        *(form, year, unit, file.name, file.sha256, version, who, said, saved),
        typed_over=typed_over,
    )


def _address(data: list[str]) -> Address:
    return Address(*data)


def _record(data: Mapping[str, Any]) -> Record:
    return Record(
        section=data["section"],
        values={key: _value(value) for key, value in data["values"].items()},
        of=data["of"],
        at={key: _address(at) for key, at in data["at"].items()},
        raw=data["raw"],
        issued=data["issued"],
    )


def _submission(data: dict[str, Any]) -> Submission:
    records = tuple(_record(record) for record in data.pop("records"))
    pictures = tuple(
        Picture(**{**picture, "at": _address(picture["at"])}) for picture in data.pop("pictures")
    )
    faulty = tuple((_address(at), Spot(**spot)) for at, spot in data.pop("faulty"))
    return Submission(**data, records=records, pictures=pictures, faulty=faulty)


def _amended(data: dict[str, Any]) -> Amended:
    changes = (Change(**{**one, "at": _address(one["at"])}) for one in data["changes"])
    effects = data["effects"]
    return Amended(
        data["day"],
        tuple(changes),
        None
        if effects is None
        else tuple(Difference(**{**one, "result": Result(one["result"])}) for one in effects),
    )


def _finding(data: dict[str, Any]) -> Finding:
    return Finding(**{**data, "at": _address(data["at"]), "severity": Severity(data["severity"])})
