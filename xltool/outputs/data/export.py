"""The year's dataset for other programs: CSV, JSON, Parquet, and a dictionary of every column.

One table for each noun; values as read, amounts as decimal text in JSON so that nothing is rounded.
CSV is for Excel too: UTF-8 with BOM, and text that would be taken for a formula has an apostrophe
before it. Tables hold personal data: the dictionary marks the columns.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from xltool.model import Dataset
from xltool.plan import Plan

Value = str | Decimal | bool | date | int | None
DICTIONARY = "資料字典"
_TYPES = {"text": "文字", "number": "數值", "flag": "是否", "day": "日期", "count": "整數"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: name, what it is in Chinese, kind (a key of `_TYPES`), whether it is personal."""

    name: str
    label: str
    kind: str = "text"
    personal: bool = False


@dataclass(frozen=True)
class Export:
    """One table: name (of its file), title, columns, rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


_ITEM, _UNIT = Column("item", "業務編號"), Column("unit", "單位代碼")
_WHO = (
    Column("name", "姓名", personal=True),
    Column("title", "職稱", personal=True),
)


def exports(dataset: Dataset, plan: Plan) -> tuple[Export, ...]:
    """The dataset as tables, in the order of the year."""
    items = dataset.items
    return (
        Export(
            "units",
            "實施對象",
            (_UNIT, Column("unit_name", "單位名稱"), Column("kind", "組／室")),
            tuple((unit.code, unit.name, unit.kind) for unit in plan.units),
        ),
        Export(
            "filings",
            "繳交情形",
            (
                *(_UNIT, Column("form", "表單代號"), Column("filed", "已繳", "flag")),
                *(Column("nil", "無辦理", "flag"), Column("blocked", "待修正", "flag")),
                *(Column("late", "逾期未採用", "flag"), Column("file", "檔名")),
            ),
            tuple(
                (f.unit, f.form, f.filed, f.nil, f.blocked, f.late, f.file) for f in dataset.filings
            ),
        ),
        Export(
            "items",
            "參與業務",
            (
                *(_ITEM, _UNIT, Column("name", "業務名稱"), Column("category", "服務類別")),
                *(Column("audience", "服務對象"), Column("method", "執行方法")),
                *(Column("target", "年度目標"), Column("cross_agency", "跨機關或公私協力", "flag")),
                *(Column("partners", "合作對象"), Column("handler", "承辦人", personal=True)),
                *(
                    Column("phone", "承辦人電話", personal=True),
                    Column("enrolled", "已調查", "flag"),
                ),
                *(Column("reported", "已填報", "flag"), Column("change", "與調查表不同之處")),
                *(Column("result", "辦理情形"), Column("next_steps", "未來精進方向")),
                *(Column("last_item", "上年度編號"), Column("last_year", "上年度精進方向")),
                *(Column("follow_up", "改進情形"), Column("photos", "照片張數", "count")),
            ),
            tuple(
                (
                    *(i.id, i.unit, i.name, i.category, i.audience, i.method, i.target),
                    *(i.cross_agency, i.partners, i.handler, i.phone, i.enrolled, i.reported),
                    *(i.change, i.result, i.next_steps, i.last_item, i.last_year, i.follow_up),
                    len(i.pictures),
                )
                for i in items
            ),
        ),
        Export(
            "metrics",
            "量化成效",
            (
                *(
                    _ITEM,
                    Column("name", "指標"),
                    Column("unit", "單位"),
                    Column("target", "目標值"),
                ),
                *(Column("actual", "實績值"), Column("note", "說明")),
            ),
            tuple(
                (i.id, m.name, m.unit, m.target, m.actual, m.note) for i in items for m in i.metrics
            ),
        ),
        Export(
            "scores",
            "自評",
            (
                *(_ITEM, Column("criterion", "評核構面"), Column("score", "評分", "number")),
                Column("evidence", "佐證說明"),
            ),
            tuple((i.id, s.criterion, s.value, s.evidence) for i in items for s in i.scores),
        ),
        Export(
            "reviews",
            "督導意見",
            (
                *(
                    _ITEM,
                    Column("reviewer", "督導成員", personal=True),
                    Column("opinion", "書面意見"),
                ),
                *(Column("recommend", "建議參獎", "flag"), Column("reason", "理由")),
                Column("day", "日期", "day"),
            ),
            tuple(
                (i.id, r.reviewer, r.opinion, r.recommend, r.reason, r.day)
                for i in items
                for r in i.reviews
            ),
        ),
        Export(
            "review_scores",
            "督導評分",
            (
                *(_ITEM, Column("reviewer", "督導成員", personal=True)),
                *(Column("criterion", "評核構面"), Column("score", "評分", "number")),
            ),
            tuple(
                (i.id, r.reviewer, s.criterion, s.value)
                for i in items
                for r in i.reviews
                for s in r.scores
            ),
        ),
        Export(
            "members",
            "督導小組成員",
            (_UNIT, *_WHO, Column("level", "職稱層級"), Column("email", "電子郵件", personal=True)),
            tuple((m.unit, m.name, m.title, m.level, m.email) for m in dataset.members),
        ),
        Export(
            "motions",
            "會議議案",
            (
                *(Column("meeting", "會議次別"), Column("day", "會議日期", "day")),
                *(
                    Column("motion", "案號"),
                    Column("subject", "案由"),
                    Column("resolution", "決議"),
                ),
                *(Column("consensus", "達成共識", "flag"), Column("ruling", "召集人裁示"), _ITEM),
            ),
            tuple(
                (m.no, m.day, o.no, o.subject, o.resolution, o.consensus, o.ruling, o.item)
                for m in dataset.meetings
                for o in m.motions
            ),
        ),
        Export(
            "entries",
            "參選案",
            (
                *(Column("entry", "參選編號"), Column("name", "案名"), Column("term", "屆別")),
                *(_UNIT, _ITEM, Column("stage", "參選結果")),
            ),
            tuple((e.id, e.name, e.term, e.unit, e.item, e.stage) for e in dataset.entries),
        ),
        Export(
            "people",
            "有功人員",
            (
                *(
                    Column("source", "來源（參選案或業務）"),
                    Column("entry", "參選編號或業務編號"),
                    _UNIT,
                ),
                *(*_WHO, Column("staff_id", "職員編號", personal=True)),
                *(
                    Column("staff_kind", "人員類別"),
                    Column("grade", "官職等"),
                    Column("role", "角色"),
                ),
                *(Column("proposed", "建議獎勵"), Column("deed", "具體事蹟")),
            ),
            tuple(
                (
                    *(source, p.entry, p.unit, p.name, p.title, p.staff_id, p.staff_kind),
                    *(p.grade, p.role, p.proposed, p.deed),
                )
                for source, people in (("參選案", dataset.entry_people), ("業務", dataset.people))
                for p in people
            ),
        ),
    )


def write_csv(path: Path, export: Export) -> None:
    """One table as CSV (RFC 4180, UTF-8 with BOM). Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([column.name for column in export.columns])
        writer.writerows([_csv(value) for value in row] for row in export.rows)


def _csv(value: Value) -> str:
    text = _text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def write_json(path: Path, tables: Sequence[Export], year: int) -> None:
    """All tables as one JSON object: year, and a list of objects for each table. Raises OSError."""
    plain = {
        "year": year,
        **{
            table.name: [
                {c.name: _json(value) for c, value in zip(table.columns, row, strict=True)}
                for row in table.rows
            ]
            for table in tables
        },
    }
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _json(value: Value) -> str | int | bool | None:
    if isinstance(value, StrEnum | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def write_parquet(path: Path, export: Export) -> None:
    """One table as Parquet; scores as decimal128(9, 4). Raises ImportError without pyarrow."""
    import pyarrow as arrow
    from pyarrow import parquet

    kinds = {
        "text": arrow.string(),
        "number": arrow.decimal128(9, 4),
        "flag": arrow.bool_(),
        "day": arrow.date32(),
        "count": arrow.int32(),
    }
    arrays = [
        arrow.array(
            [str(v) if isinstance(v, StrEnum) else v for v in values], type=kinds[column.kind]
        )
        for column, values in zip(export.columns, _columns(export), strict=True)
    ]
    names = [column.name for column in export.columns]
    parquet.write_table(arrow.Table.from_arrays(arrays, names=names), str(path))


def _columns(export: Export) -> Iterator[list[Value]]:
    for number in range(len(export.columns)):
        yield [row[number] for row in export.rows]


def dictionary(tables: Iterable[Export]) -> Export:
    """What every column of every table is."""
    return Export(
        DICTIONARY,
        DICTIONARY,
        tuple(
            Column(name, name)
            for name in ("資料表", "資料表說明", "欄位", "說明", "型態", "個人資料")
        ),
        tuple(
            (t.name, t.title, c.name, c.label, _TYPES[c.kind], "是" if c.personal else "")
            for t in tables
            for c in t.columns
        ),
    )
