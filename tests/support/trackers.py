"""The tracker of a small year: written, looked into, and worked in as a coordinator does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from tests.support.year import DATASET, FINDINGS, OUTCOMES, PLAN, RECEIPTS
from xltool.findings import Finding
from xltool.model import Dataset
from xltool.outputs.tracker.tracker import write_tracker
from xltool.rules.outcomes import Outcomes

OWN_SHEETS = [
    "總覽", "業務總表", "評分", "評分說明", "督導小組與意見", "會議決議", "出席情形",
    "確認清單", "參獎推薦", "敏感度分析", "參選案", "敘獎", "自行考核獎勵建議", "有功人員",
    "填報情形", "檢核結果", "設定變更", "收件紀錄", "變更紀錄", "來源",
]  # fmt: skip


def write(
    path: Path,
    dataset: Dataset = DATASET,
    outcomes: Outcomes = OUTCOMES,
    *,
    previous: Path | None = None,
    findings: Sequence[Finding] = FINDINGS,
    files: Mapping[str, str] = MappingProxyType({}),
) -> list[Finding]:
    return write_tracker(
        path, dataset, outcomes, PLAN, findings, RECEIPTS, (), files, previous=previous
    )


def head(sheet: Any) -> int:
    """The heading row: the first with a filter on it."""
    first, _ = str(sheet.auto_filter.ref).split(":")
    return int(first[1:])


def column(sheet: Any, title: str) -> int:
    titles = [str(cell.value) for cell in sheet[head(sheet)]]
    return titles.index(title) + 1


def row(sheet: Any, key: str) -> int:
    """The row that has `key` in one of its cells."""
    return next(
        int(r[0].row)
        for r in sheet.iter_rows(min_row=head(sheet) + 1)
        if key in [str(cell.value) for cell in r]
    )


def at(sheet: Any, key: str, title: str) -> Any:
    return sheet.cell(row(sheet, key), column(sheet, title))


def without(item: str) -> Dataset:
    return replace(DATASET, items=tuple(i for i in DATASET.items if i.id != item))


def annotate(path: Path) -> None:
    """What a coordinator does in a week: notes, a column, a comment, a colour, a sheet, a width."""
    book = load_workbook(path)
    sheet = book["業務總表"]
    at(sheet, "03-02", "備註").value = "已電洽承辦人"
    at(sheet, "03-02", "備註").fill = PatternFill("solid", fgColor="FF0000")
    at(sheet, "05-01", "辦理情形").comment = Comment("請補數據", "承辦")
    own = len(sheet[head(sheet)]) + 1
    sheet.cell(head(sheet), own, "追蹤")
    for key, value in (("03-01", "完成"), ("03-02", "追蹤中"), ("05-01", None)):
        sheet.cell(row(sheet, key), own, value)
    number = row(sheet, "05-01")
    sheet.cell(number, own, f"=LEN(A{number})")
    sheet.column_dimensions["C"].width = 33
    mine = book.create_sheet("我的待辦", 1)
    mine["A1"], mine["A2"] = "打電話給人事室", "=SUM(B1:B2)"
    mine["B1"], mine["B2"] = 1, 2
    mine["C1"].comment = Comment("別忘了", "承辦")
    at(book["敘獎"], "王小明", "備註").value = "考績會 12/30"
    at(book["評分"], "03-01", "備註").value = "會議討論"
    book.save(path)
