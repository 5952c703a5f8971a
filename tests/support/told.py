"""What a year's outputs tell, read by programs that are not ours: openpyxl, csv, json, python-docx."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

import docx
import openpyxl
from PIL import Image

from tests.support.typed import Typed
from xltool.forms.layout import shown
from xltool.forms.schema import Choices, Kind
from xltool.model import Fate, FilingState
from xltool.plan import Plan
from xltool.steps.write import annex3, export, merge
from xltool.store.workspace import Workspace
from xltool.zh import same

FINDINGS = "檢核結果"
OF_FILES = (FINDINGS, "設定變更", "收件紀錄", "變更紀錄", "來源")
"""Sheets of the tracker that tell of the files, not of what the year holds."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """Rows of an output, as they are looked through: each cell without the spelling's accidents."""

    rows: Sequence[Row]

    @cached_property
    def cells(self) -> frozenset[str]:
        """Every cell."""
        return frozenset(map(_plain, (cell for row in self.rows for cell in row)))

    @cached_property
    def whole(self) -> str:
        """All of it."""
        return _GAP.join(self.lines)

    @cached_property
    def lines(self) -> Sequence[str]:
        """Every row as one text."""
        return [_GAP.join(map(_plain, row)) for row in self.rows]

    def hold(self, one: Typed, plan: Plan) -> bool:
        """Whether the value stands here: a word anywhere in a cell; a number or date as a cell of its
        own; what was chosen only beside a word of the same card or row."""
        ways = [same(way) for way in _spelled(one, plan)]
        if not one.chosen:
            stands = (
                self.whole.__contains__ if isinstance(one.value, str) else self.cells.__contains__
            )
            return any(map(stands, ways))
        beside = [line for line in self.lines if any(same(word) in line for word in one.among)]
        return any(way in line for way in ways for line in beside)


_GAP = "\x1f"
_plain = cache(same)


@dataclass(frozen=True)
class Outputs:
    """A year's tracker, export and Annex 3, each as another program reads it."""

    workspace: Workspace
    plan: Plan

    @classmethod
    def of(cls, workspace: Workspace, plan: Plan) -> Outputs:
        """Write them, by the steps that a coordinator starts."""
        for step in (merge, export, annex3):
            step(workspace)
        return cls(workspace, plan)

    @cached_property
    def sheets(self) -> dict[str, list[Row]]:
        """The tracker's rows by sheet, as far as people see them: records are a click away."""
        book = openpyxl.load_workbook(self.workspace.tracker(self.plan.year), data_only=True)
        return {
            sheet.title: [tuple(map(_text, row)) for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
            if sheet.sheet_state != "veryHidden"
        }

    @cached_property
    def tracker(self) -> Rows:
        """The tracker's rows, of the sheets that tell what the year holds."""
        return Rows([
            row for title, rows in self.sheets.items() if title not in OF_FILES for row in rows
        ])

    @cached_property
    def json(self) -> Rows:
        """The rows of every table in dataset.json."""
        path = self.workspace.results / "匯出" / "dataset.json"
        tables = json.loads(path.read_text(encoding="utf-8"))
        return Rows([
            tuple(map(_text, row.values()))
            for table in tables.values()
            if isinstance(table, list)
            for row in table
        ])

    @cached_property
    def csv(self) -> Rows:
        """The rows of every .csv file."""
        rows: list[Row] = []
        for path in sorted((self.workspace.results / "匯出").glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as data:
                rows += [tuple(row) for row in csv.reader(data)]
        return Rows(rows)

    @cached_property
    def annex3(self) -> str:
        """All words of Annex 3, its tables', headers' and footers' too."""
        document = docx.Document(str(self.workspace.annex3(self.plan.year)))
        parts = [document.element.body]
        for section in document.sections:
            parts += [section.header._element, section.footer._element]
        return "\n".join(
            "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))
            for part in parts
            for paragraph in part.iter(f"{_W}p")
        )

    @cached_property
    def photos(self) -> set[int]:
        """The widths of the pictures in Annex 3."""
        with zipfile.ZipFile(self.workspace.annex3(self.plan.year)) as package:
            media = [name for name in package.namelist() if name.startswith("word/media/")]
            return {Image.open(io.BytesIO(package.read(name))).width for name in media}

    def published(self, one: Typed) -> bool:
        """Whether a value stands in Annex 3."""
        if one.place and one.place.field.kind is Kind.PHOTO:
            return one.value in self.photos
        return shown(one.value) in self.annex3

    @cached_property
    def findings(self) -> list[dict[str, str]]:
        """What 檢核結果 lists, by the sheet's headings."""
        rows = self.sheets[FINDINGS]
        top = next(n for n, row in enumerate(rows) if row[:2] == ("嚴重度", "代碼"))
        return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]

    def named(self, one: Typed) -> bool:
        """Whether a finding is at the very cell of a field, or one on its sheet says what stands there."""
        return any(
            (one.place is not None and told["儲存格"] == one.cell)
            or same(shown(one.value)) in same(told["原填內容"])
            for told in self.findings
            if (told["檔案"], told["工作表"]) == (one.file, one.sheet)
        )

    def refused(self, file: str) -> bool:
        """Whether a file goes back for its errors, so that not all of it counts."""
        return any(
            file in row and {Fate.REJECTED, Fate.PARTLY} & {*row} for row in self.sheets["收件紀錄"]
        )

    def lacking(self, one: Typed) -> Iterator[str]:
        """The outputs in which a value does not stand; the tracker only counts photos."""
        is_photo = one.place is not None and one.place.field.kind is Kind.PHOTO
        for name, rows in (("總表", self.tracker), ("dataset.json", self.json), ("csv", self.csv)):
            if not (is_photo and rows is self.tracker) and not rows.hold(one, self.plan):
                yield name


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def _spelled(one: Typed, plan: Plan) -> Iterator[str]:
    """How outputs may write a value: as shown, as programs have it, a unit by its code; of a photo the
    export has its place, and who has filed is told in a word of its own."""
    value, place = one.value, one.place
    if place and place.field.kind is Kind.PHOTO:
        yield f"{one.file}｜{one.sheet}!{one.cell}"
        return
    if place and place.id[1] == "filing.status":
        yield from (FilingState.FILED, "true")
        return
    yield shown(value)
    if isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Decimal):
        yield f"{value.normalize():f}"
    elif place and place.field.choices is Choices.UNITS:
        yield from (unit.code for unit in plan.units if unit.name == value)
