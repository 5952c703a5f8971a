"""A coordinator works on the tracker in LibreOffice all year, between one merge and the next."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.support.effort import HANG
from tests.support.sample import RETURNS, year_of_114
from xltool.steps.gather import gather
from xltool.steps.write import merge, run
from xltool.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

ROOT = Path(__file__).parents[2]
SHEET, KEY = "業務總表", "業務編號"
OWN_SHEET = ["=COUNTIF($'業務總表'.A:A;\"*-*\")", "=A1*2"]


def work(soffice: LibreOffice, tracker: Path, folder: Path, *strokes: list[Any]) -> None:
    """Do strokes of tools/coordinate_in_libreoffice.py on the tracker."""
    listing = folder / "strokes.json"
    listing.write_text(json.dumps({"workbook": str(tracker), "strokes": strokes}), encoding="utf-8")
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "tools.coordinate_in_libreoffice", str(listing)],
        cwd=ROOT,
        env=soffice.environment(),
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def arrive(workspace: Workspace, *forms: str) -> None:
    for form in forms:
        for path in sorted((RETURNS / form).iterdir()):
            shutil.copy(path, workspace.inbox / path.name)


class Tracker:
    """What stands on 業務總表: rows by 業務編號 in their order, columns by heading in theirs."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.page: Any = self.book[SHEET]
        rows: list[Any] = list(self.page.iter_rows())
        head = next(row for row in rows if KEY in [cell.value for cell in row])
        self.headings = [str(cell.value) for cell in head if cell.value]
        places = {str(cell.value): cell.column - 1 for cell in head}
        self.rows = {
            str(row[places[KEY]].value): {name: row[n] for name, n in places.items()}
            for row in rows[head[0].row :]
            if row[places[KEY]].value
        }

    def shown(self) -> list[str]:
        """The items whose rows are not hidden."""
        return [
            item
            for item, row in self.rows.items()
            if not self.page.row_dimensions[row[KEY].row].hidden
        ]


@pytest.fixture(scope="module")
def played(
    soffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, Tracker, tuple[str, ...]]:
    """The year played: March, December with its corrections, and the contest."""
    folder = tmp_path_factory.mktemp("coordinator")
    workspace = year_of_114(folder, "enrolment")
    tracker = workspace.tracker(114)
    merge(workspace)
    work(
        soffice, tracker, folder,
        ["write", SHEET, "03-01", "備註", "署長關心，優先追蹤"],
        ["write", SHEET, "05-02", "備註", "=不是公式"],
        ["add_column", SHEET, KEY, "追蹤", "=ROW(A{n})"],
        ["comment", SHEET, "04-01", "業務名稱", "與 03-02 合併辦理？"],
        ["add_sheet", "我的統計", OWN_SHEET],
    )  # fmt: skip
    arrive(workspace, "report")
    merge(workspace)
    work(
        soffice, tracker, folder,
        ["sort", SHEET, KEY, "業務名稱"],
        ["move_column", SHEET, "備註", "服務對象"],
        ["move_column", "評分", "自評總分", "服務類別"],
        ["write", SHEET, "07-01", "服務對象", "承辦人改寫的對象"],
        ["narrow", SHEET, KEY, "服務類別", "社會創新共融"],
    )  # fmt: skip
    order = tuple(Tracker(tracker).rows)
    arrive(workspace, "../corrected", "review", "meeting")
    merge(workspace)
    arrive(workspace, "contest")
    run(workspace)
    return workspace, Tracker(tracker), order


Played = tuple[Workspace, Tracker, tuple[str, ...]]


def test_her_words_stand_where_she_wrote_them(played: Played) -> None:
    rows = played[1].rows
    assert rows["03-01"]["備註"].value == "署長關心，優先追蹤"
    assert (rows["05-02"]["備註"].value, rows["05-02"]["備註"].data_type) == ("=不是公式", "s")
    said = rows["04-01"]["業務名稱"].comment
    assert said is not None and "與 03-02 合併辦理？" in said.text


def test_her_column_follows_its_rows(played: Played) -> None:
    for row in list(played[1].rows.values())[:20]:
        cell = row["追蹤"]
        if cell.value is not None:  # an item that came later has none
            assert cell.value == f"=ROW(A{cell.row})"
    assert sum(row["追蹤"].value is not None for row in played[1].rows.values()) > 15


def test_her_order_of_rows_and_columns_stays_and_what_is_new_is_there_too(played: Played) -> None:
    workspace, tracker, order = played
    assert tuple(tracker.rows)[: len(order)] == order
    assert order != tuple(sorted(order))
    items = {item.id for item in gather(workspace).dataset.items}
    assert tracker.rows.keys() == items
    assert tracker.headings.index("備註") == tracker.headings.index("服務對象") - 1


def test_her_filter_still_shows_what_it_showed(played: Played) -> None:
    _, tracker, order = played
    shown = [item for item in tracker.shown() if item in order]
    assert shown
    assert {tracker.rows[item]["服務類別"].value for item in shown} == {"社會創新共融"}
    [condition] = tracker.page.auto_filter.filterColumn
    assert condition.colId == tracker.headings.index("服務類別")


def test_what_she_typed_over_a_value_stays_and_is_listed(played: Played) -> None:
    _, tracker, _ = played
    assert tracker.rows["07-01"]["服務對象"].value == "承辦人改寫的對象"
    cells = {cell.value for row in tracker.book["人工修改"].iter_rows() for cell in row}
    assert {"07-01", "服務對象", "承辦人改寫的對象"} <= cells


def test_her_sheet_still_counts_and_looks_as_it_did(
    played: Played, soffice: LibreOffice, tmp_path: Path
) -> None:
    workspace, tracker, _ = played
    cell = tracker.book["我的統計"]["A1"]
    assert cell.fill.fgColor.rgb == "FFFFFF00"
    again = openpyxl.load_workbook(
        soffice.convert(workspace.tracker(114), "xlsx", tmp_path), data_only=True
    )
    items = len(gather(workspace).dataset.items)
    assert [again["我的統計"][f"A{n}"].value for n in (1, 2)] == [items, 2 * items]


def test_our_formulas_follow_their_columns(
    played: Played, soffice: LibreOffice, tmp_path: Path
) -> None:
    workspace = played[0]
    scores = {s.item: s.self_total.value for s in gather(workspace).outcomes.scoring.items}
    path = soffice.convert(workspace.tracker(114), "xlsx", tmp_path)
    page = openpyxl.load_workbook(path, data_only=True)["評分"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    head = next(row for row in rows if "自評總分" in row)
    total = head.index("自評總分")
    assert head[total + 1] == "服務類別"
    told = {str(row[0]): row[total] for row in rows if str(row[0]) in scores}
    assert told == {item: pytest.approx(float(value)) for item, value in scores.items() if value}
