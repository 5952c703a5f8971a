"""來源: for each value of the tracker, the unit, file, version and cell that it came from.

The sheet is the one record of this: `sources_of_cell` answers from the tracker at hand, so that it
speaks of what stands there, whatever has come back since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from zipfile import BadZipFile

from xltool.columns import answers_of, asked
from xltool.forms.layout import shown
from xltool.forms.of_year import forms_of
from xltool.model import COUNTS, Address, Dataset, Receipt
from xltool.outputs.living import EDITED, SheetTable
from xltool.outputs.tracker.shown import BETWEEN, Origin, Shown, TrackerSheet, own, sheet
from xltool.plan import Plan
from xltool.store.workspace import WorkspaceError
from xltool.zh import same

SHEET = "來源"
COORDINATOR = "承辦人"
"""Whose a return is that no unit files: a meeting's record, the results of the contest."""


@dataclass(frozen=True)
class Source:
    """Where one cell of the tracker came from: the sheet, the cell's row and column, the return."""

    sheet: str
    origin: Origin
    unit: str
    version: int
    sha256: str


def source_table(
    sheets: Iterable[TrackerSheet], receipts: Iterable[Receipt], plan: Plan
) -> SheetTable:
    """The sheet 來源, read off the sheets as they are written."""
    files = _adopted(receipts)
    found = [
        _source(one.table.title, origin, files, plan) for one in sheets for origin in one.origins
    ]
    made = sheet(
        SHEET,
        "來源：總表每一格由哪個檔案的哪一格而來",
        ("「計算規則」有內容者由程式計算；查詢：xltool where 總表.xlsx 業務總表!F12",),
        _COLUMNS,
        ((one,) for one in found),
        key=("sheet", "row", "column"),
        ids=tuple((one.sheet, one.origin.row, one.origin.column) for one in found),
        frozen=3,
        record=True,
    )
    return made.table


def _source(title: str, origin: Origin, files: Mapping[str, Receipt], plan: Plan) -> Source:
    receipt = files.get(origin.at.file)
    if receipt is None:
        return Source(title, origin, "", 0, "")
    who = plan.unit_name(receipt.unit) if receipt.unit else COORDINATOR
    return Source(title, origin, who, receipt.version, receipt.sha256)


def _version(one: Source) -> int | str:
    return one.version or ""


def _sha256(one: Source) -> str:
    return one.sha256[:16]


_COLUMNS: tuple[Shown, ...] = (
    own("sheet", "工作表", 14, attrgetter("sheet")),
    own("row", "列", 30, attrgetter("origin.row")),
    own("column", "欄位", 18, attrgetter("origin.heading")),
    own("unit", asked("filing.unit").label, 22, attrgetter("unit")),
    own("file", "檔案", 44, attrgetter("origin.at.file")),
    own("version", "第幾次回傳", 11, _version),
    own("sha256", "內容識別碼", 20, _sha256),
    own("source.sheet", "原工作表", 16, attrgetter("origin.at.sheet")),
    own("source.cell", "原儲存格", 10, attrgetter("origin.at.cell")),
    own("rule", "計算規則與條款", 40, attrgetter("origin.rule")),
)


def _adopted(receipts: Iterable[Receipt]) -> Mapping[str, Receipt]:
    return {one.file: one for one in receipts if one.status in COUNTS}


# --- asked -----------------------------------------------------------------------------------


def sources_of_cell(path: Path, place: str) -> tuple[str, ...]:
    """Lines that tell where a cell of a tracker came from. Raises WorkspaceError."""
    import openpyxl

    sheet_, _, cell = place.replace("'", "").rpartition("!")
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise WorkspaceError(f"無法讀取「{path.name}」，請先關閉 Excel，或確認是總表") from error
    if sheet_ not in book.sheetnames or SHEET not in book.sheetnames:
        raise WorkspaceError(f"「{path.name}」沒有「{sheet_ or place}」工作表；請寫成 業務總表!F12")
    page = book[sheet_]
    try:
        asked = page[cell.upper()]
        row, col = asked.row, asked.column
    except (ValueError, AttributeError) as error:
        raise WorkspaceError(f"「{cell}」不是一個儲存格；請寫成 業務總表!F12") from error
    line = {str(one.value) for one in page[row] if one.value not in (None, "")}
    heads = {str(one.value) for (one,) in page.iter_rows(1, row, col, col) if one.value}
    shown = " ".join(str(asked.value if asked.value is not None else "（空白）").split())
    told = [f"{sheet_}!{cell.upper()}：{shown}"]
    if EDITED in book.sheetnames:
        for edit in book[EDITED].iter_rows(max_col=4, values_only=True):
            place_, row_, column, state = (str(word or "") for word in edit)
            if place_ == sheet_ and column in heads and set(row_.split("｜")) <= line:
                told.append(f"　承辦人修改：{state}（見「{EDITED}」）；以下為彙整值的來源")
    ids = [column.id for column in _COLUMNS]
    found = []
    for source in book[SHEET].iter_rows(values_only=True):
        words = [str(word) if word not in (None, "") else "" for word in source[: len(ids)]]
        line_ = dict(zip(ids, words, strict=False))
        if len(line_) < len(ids) or line_["sheet"] != sheet_ or line_["column"] not in heads:
            continue
        if set(line_["row"].split(BETWEEN)) <= line:
            found.append(line_)
    told += _told(found)
    if len(told) == 1:
        told.append("這一格不是由回傳檔直接帶入：為標題、程式彙計，或承辦人自行填寫")
    return tuple(told)


def _told(found: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Lines for cells that a value is from; those of one file together."""
    for (unit, file, version, sha256), cells in groupby(
        found, lambda one: (one["unit"], one["file"], one["version"], one["sha256"])
    ):
        several = list(cells)
        nth = f"第 {version} 次回傳" if version else ""
        yield f"　單位：{unit}"
        yield f"　檔案：{file}　{nth}（識別碼 {sha256}）"
        places = (f"{one['source.sheet']}!{one['source.cell']}" for one in several)
        yield f"　位置：{'、'.join(dict.fromkeys(places))}"
        yield from (
            f"　計算：{rule}" for rule in {one["rule"]: 0 for one in several if one["rule"]}
        )


def sources_of_words(
    words: str, dataset: Dataset, receipts: Sequence[Receipt], plan: Plan
) -> tuple[str, ...]:
    """Lines that tell which items' fields hold these words; empty when none does."""
    files, wanted = _adopted(receipts), same(words)
    asked_by = (one for form in forms_of(plan).values() for one in form.asked.values())
    labels = {one.id: one.field.label for one in asked_by}
    told: list[str] = []
    for item in dataset.items if wanted else ():
        for key, answer in answers_of(item):
            if wanted not in same(shown(answer.value)):
                continue
            at = answer.at or Address("")
            receipt = files.get(at.file)
            told.append(f"{item.id} {item.name}　{labels[key]}")
            told += _told([
                {
                    "unit": plan.unit_name(receipt.unit if receipt else item.unit),
                    "file": at.file,
                    "version": str(receipt.version) if receipt and receipt.version else "",
                    "sha256": receipt.sha256[:16] if receipt else "",
                    "source.sheet": at.sheet,
                    "source.cell": at.cell,
                    "rule": "",
                }
            ])
    return tuple(told)
