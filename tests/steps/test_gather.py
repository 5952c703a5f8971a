"""What comes in counts or is told of, and one bad file stops nobody."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.support.unit_03 import codes, enrolment, report, returned
from xltool import intake
from xltool.findings import finding
from xltool.forms import ENROLMENT, REPORT
from xltool.intake import Job, Reading
from xltool.model import Address
from xltool.steps.check import check
from xltool.steps.gather import gather
from xltool.steps.write import run
from xltool.store.workspace import Workspace

Made = TypeVar("Made")


def test_the_inbox_is_only_ever_read(workspace: Workspace) -> None:
    path = returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    run(workspace)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [entry.name for entry in workspace.inbox.iterdir()] == ["a.xlsx"]


def test_each_bad_file_is_named_with_what_to_do_and_the_good_one_goes_through(
    bad_inbox: Workspace,
) -> None:
    ran = run(bad_inbox)
    found = codes(ran)
    assert ran.blocked
    assert "F101" in found["empty.xlsx"]
    assert "F102" in found["cut.xlsx"]
    assert "F104" in found["letter.xlsx"]
    assert "S201" in found["other.xlsx"]
    assert "S202" in found["last_year.xlsx"]
    assert "S203" in found["stranger.xlsx"]
    assert {"good (1).xlsx", "good.xlsx"} & set(found) == {"good.xlsx"} or "F109" in found.get(
        "good (1).xlsx", set()
    )
    assert all(one.message and one.fix for one in ran.findings)
    assert {filing.unit for filing in gather(bad_inbox).dataset.filings if filing.filed} == {"03"}
    assert len(ran.outputs) == 3


def test_a_corrected_return_supersedes_the_faulty_one(workspace: Workspace) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report(score=Decimal(120)))
    first = run(workspace)
    assert first.blocked
    assert any("120" in one.message for one in first.findings if one.blocks)
    assert any("待修正：電力發展及管理組" in line for line in first.summary_lines)
    returned(workspace, "b.xlsx", REPORT, report(score=Decimal(90)))
    year = gather(workspace)
    item = year.dataset.item("03-01")
    assert item is not None
    assert [score.value for score in item.scores] == [Decimal(90)] * 4


def test_once_a_corrected_return_has_come_the_faulty_one_blocks_no_more(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report(score=Decimal(120)))
    assert check(workspace).blocked
    returned(workspace, "更正.xlsx", REPORT, report(score=Decimal(90)))
    ran = run(workspace)
    assert not ran.blocked, [one for one in ran.findings if one.blocks]
    fates = {receipt.file: receipt for receipt in ran.receipts}
    assert fates["b.xlsx"].status == "退回（有錯誤）"
    assert "已由 更正.xlsx 更正" in fates["b.xlsx"].note


def test_an_unreadable_file_taken_out_of_the_inbox_blocks_no_more_but_is_on_record(
    workspace: Workspace,
) -> None:
    (workspace.inbox / "empty.xlsx").write_bytes(b"")
    assert run(workspace).blocked
    (workspace.inbox / "empty.xlsx").unlink()
    ran = run(workspace)
    assert not ran.blocked
    assert [(r.file, r.status) for r in ran.receipts] == [("empty.xlsx", "無法讀取")]


def test_a_file_open_elsewhere_is_named_and_the_others_go_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    locked = returned(workspace, "locked.xlsx", ENROLMENT, enrolment(), unit="05")
    really = Path.open

    def opening(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self == locked:
            raise PermissionError(13, "sharing violation")
        return really(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opening)
    ran = run(workspace)
    assert codes(ran)["locked.xlsx"] == {"F117"}
    assert any("已繳 1 / 12" in line for line in ran.summary_lines)
    monkeypatch.undo()
    assert "F117" not in {one.code for one in run(workspace).findings}


def test_a_failure_of_the_moment_is_not_remembered(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())

    def failing(
        jobs: Iterable[Job], _: object, made: Callable[[Reading], Made], **__: object
    ) -> Iterator[Made]:
        for job in jobs:
            yield made(Reading(job.file, "", None, (finding("F117", Address(job.file)),)))

    monkeypatch.setattr(intake, "read_each", failing)
    first = check(workspace)
    assert [one.code for one in first.findings] == ["F117"], "it lies there: it is not settled"
    monkeypatch.undo()
    assert check(workspace).findings == ()


def test_a_return_put_into_the_withheld_folder_does_not_count(workspace: Workspace) -> None:
    path = returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    run(workspace)
    shutil.move(path, workspace.root / "不採用" / "別的名字.xlsx")
    ran = run(workspace)
    assert [(r.file, r.status) for r in ran.receipts] == [("a.xlsx", "不採用（承辦人移出）")]
    assert any("參與業務調查表：已繳 0 / 12" in line for line in ran.summary_lines)


def test_a_zip_put_aside_takes_its_files_along(workspace: Workspace) -> None:
    path = returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    bundle = workspace.inbox / "回傳.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(path, "03.xlsx")
    path.unlink()
    assert len(check(workspace).readings) == 1
    bundle.rename(workspace.root / "不採用" / "回傳.zip")
    assert check(workspace).readings == ()


@pytest.mark.parametrize(
    "lock", ["~$03_填報表.xlsx", ".~lock.114_03_填報表.xlsx#", "~$4_03_填報表.xlsx"]
)
def test_a_return_that_somebody_has_open_is_told(lock: str, workspace: Workspace) -> None:
    name = lock[2:] if lock == "~$03_填報表.xlsx" else "114_03_填報表.xlsx"
    returned(workspace, name, ENROLMENT, enrolment())
    (workspace.inbox / lock).write_bytes(b"x")
    done = check(workspace)
    assert codes(done)[name] == {"F120"}
    assert [reading.file for reading in done.readings] == [name]


def test_the_same_file_twice_is_a_duplicate_not_an_older_version(workspace: Workspace) -> None:
    path = returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    (workspace.inbox / "03 (1).xlsx").write_bytes(path.read_bytes())
    fates = sorted(str(one.status) for one in gather(workspace).receipts)
    assert fates == ["採用", "重複（與採用者相同）"]
