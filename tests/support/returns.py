"""Returned forms for tests: every form filled without a fault, and a person who types into it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet

from xltool.forms import FORMS
from xltool.forms.layout import shown
from xltool.forms.schema import Card, Filer, Form, Kind
from xltool.intake import Reading
from xltool.intake.one import read_file
from xltool.model import Confirmed, Purpose, Record, Value
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import shipped_plan, shipped_records
from xltool.zh import same

PLAN = shipped_plan(114)
UNIT = "03"
UNIT_NAME = "電力發展及管理組"
ITEMS = ("03-01", "03-02")
Edit = Callable[["Person"], object]


def altered(
    records: Iterable[Record], section: str, nth: int | None = None, /, **values: Value
) -> tuple[Record, ...]:
    """The records, with these values in every record of the section, or in its nth; None: a blank."""
    made = list(records)
    places = [place for place, record in enumerate(made) if record.section == section]
    for place in places if nth is None else [places[nth]]:
        said = {**made[place].values, **values}
        said = {key: value for key, value in said.items() if value is not None}
        made[place] = replace(made[place], values=said)
    return tuple(made)


def _filing(status: str) -> Record:
    return Record(
        "filing",
        {
            "unit": UNIT_NAME,
            "status": status,
            "filler": "王小明",
            "phone": "02-27721370#6123",
            "day": date(2025, 11, 30),
            "stamp": "已核章",
            "stamp_day": date(2025, 12, 5),
        },
    )


def _enrolment() -> Iterable[Record]:
    yield _filing("有參與業務")
    yield Record(
        "member",
        {
            "name": "陳大文",
            "title": "副組長",
            "level": "單位業務主管",
            "email": "chen@example.gov.tw",
        },
    )
    for number, item in enumerate(ITEMS):
        values: dict[str, Value] = {
            "item": item,
            "name": ("用電申辦進度線上查詢服務", "偏鄉微電網關懷服務")[number],
            "category": ("數位創新加值", "社會創新共融")[number],
            "audience": "用電申請民眾",
            "method": "建置線上查詢平臺\n每日更新進度，面積 1,200 ㎡",
            "target": "線上查詢使用率達 60%",
            "cross_agency": number == 0,
            "handler": "李承辦",
            "phone": "02-27721370#6124",
        }
        if number == 0:
            values["partners"] = "台灣電力股份有限公司"
        yield Record("items", values)


def _report() -> Iterable[Record]:
    yield _filing("有執行成果")
    for item in ITEMS:
        yield Record(
            "report",
            {
                "item": item,
                "name": "用電申辦進度線上查詢服務",
                "category": "數位創新加值",
                "method": "建置線上查詢平臺",
                "target": "線上查詢使用率達 60%",
                "result": f"本年度完成 {item} 線上查詢平臺建置。\n\n一、自 6 月 1 日上線；\n二、累計查詢 12,345 人次。",
                "next_steps": f"擴充 {item} 行動版介面",
                "last_year": "與戶役政系統介接",
                "follow_up": "已完成介接",
            },
            of=item,
        )
        yield Record(
            "metrics",
            {
                "name": "線上查詢人次",
                "unit": "人次",
                "target": "10,000",
                "actual": "12,345",
                "note": "截至 11 月底",
            },
            of=item,
        )
        for number, criterion in enumerate(PLAN.criteria):
            yield Record(
                "scores",
                {
                    "criterion": criterion.name,
                    "score": Decimal(80) + Decimal("2.5") * number,
                    "evidence": f"平均處理日數由 14 日縮短為 {6 + number} 日",
                },
                of=item,
            )
    for name, role in (("王小明", "主要承辦人員"), ("李大華", "其他有功人員")):
        yield Record(
            "people",
            {
                "item": ITEMS[0],
                "name": name,
                "staff_id": "E10234" if role == "主要承辦人員" else "E10235",
                "title": "專員",
                "staff_kind": "公務人員",
                "grade": "薦任第七職等",
                "role": role,
                "proposed": "嘉獎1次",
                "deed": "主辦線上申辦平臺建置",
            },
        )


def _review() -> Iterable[Record]:
    yield Record(
        "reviewer",
        {"unit": UNIT_NAME, "name": "陳大文", "title": "副組長", "day": date(2025, 12, 15)},
    )
    for item in ITEMS:
        yield Record(
            "review",
            {
                "item": item,
                "name": "用電申辦進度線上查詢服務",
                "category": "數位創新加值",
                "result": "本年度完成線上查詢平臺建置。",
                "self_score": "83.75",
                "opinion": f"{item} 成效具體，建議補充滿意度資料",
                "recommend": "是",
                "reason": f"{item} 具跨機關推廣價值",
            },
            of=item,
        )
        for criterion in PLAN.criteria[:2]:
            yield Record("scores", {"criterion": criterion.name, "score": Decimal(88)}, of=item)


def _meeting() -> Iterable[Record]:
    yield Record(
        "meeting",
        {
            "no": "第1次",
            "day": date(2025, 12, 22),
            "place": "本署第一會議室",
            "chair": "主任秘書 林召集",
        },
    )
    for number, unit in enumerate(PLAN.units):
        seat: dict[str, Value] = {"unit": unit.name, "name": "陳大文", "title": "副組長"}
        seat["present"] = "親自出席" if number < 8 else "未出席"
        if number == 8:
            seat |= {"present": "代理出席", "deputy": "李代理", "deputy_title": "科長"}
        yield Record("attendance", seat)
    for number in (1, 2):
        values: dict[str, Value] = {
            "no": str(number),
            "subject": "推薦參加政府服務獎之業務",
            "item": ITEMS[number - 1],
            "resolution": "照案推薦",
            "verdict": "推薦",
            "consensus": number == 1,
            "purpose": Purpose.PROPOSE if number == 1 else Purpose.CONFIRM,
        }
        if number == 2:
            values |= {"ruling": "請業務單位補充資料後再議", "verdict": "再議"}
        yield Record("motions", values)
    target = "線上查詢使用率達 60%"
    listed = {"item": ITEMS[0], "name": "用電申辦進度線上查詢服務", "target": target}
    yield Record("confirmed", {**listed, "decision": Confirmed.AS_IT_IS, "note": "照列"})


def _contest() -> Iterable[Record]:
    yield Record(
        "entries",
        {
            "entry": "A1",
            "name": "用電申辦一站通",
            "term": "第8屆",
            "unit": UNIT_NAME,
            "item": ITEMS[0],
            "stage": "入圍實地訪查",
        },
    )
    yield Record(
        "people",
        {
            "entry": "A1",
            "unit": UNIT_NAME,
            "name": "王小明",
            "staff_id": "E10234",
            "title": "專員",
            "staff_kind": "約聘僱人員",
            "role": "主要承辦人員",
            "proposed": "記功1次",
        },
    )


CONTACT: Mapping[str, Value] = {
    "contact_name": "王承辦",
    "contact_phone": "02-27721370#6123",
    "contact_email": "service@agency.gov.tw",
}
"""Whom to ask, as a coordinator fills it in where we ship placeholders."""


def _settings() -> Iterable[Record]:
    return altered(shipped_records(114), "basics", **CONTACT)


FILLED: Mapping[str, tuple[Record, ...]] = {
    "settings": tuple(_settings()),
    "enrolment": tuple(_enrolment()),
    "report": tuple(_report()),
    "review": tuple(_review()),
    "meeting": tuple(_meeting()),
    "contest": tuple(_contest()),
}
"""Every form's records, complete and without a fault."""


def nothing(key: str, status: str) -> tuple[Record, ...]:
    """A unit's form with nothing in it but who says so."""
    kept = [record for record in FILLED[key] if record.section in {"filing", "member"}]
    return altered(kept, "filing", status=status)


def unit_of(form: Form) -> str:
    """Whose form it is in these tests."""
    return "" if form.filer is Filer.COORDINATOR else UNIT


def of_unit(records: Iterable[Record], code: str) -> tuple[Record, ...]:
    """The records of unit 03 as another unit would have them."""

    def renumbered(value: Value) -> Value:
        return f"{code}{value[2:]}" if isinstance(value, str) and value in ITEMS else value

    return tuple(
        replace(
            one,
            of=str(renumbered(one.of)),
            values={
                key: PLAN.unit_name(code) if value == UNIT_NAME else renumbered(value)
                for key, value in one.values.items()
            },
        )
        for one in records
    )


def issued(
    folder: Path, key: str, records: Iterable[Record] | None = None, unit: str = UNIT
) -> Path:
    """A workbook as issued, filled with `records` (default: everything)."""
    form = FORMS[key]
    path = folder / (f"{key}.xlsx" if unit == UNIT else f"{key}-{unit}.xlsx")
    write_form(
        path,
        FormCopy(
            form,
            PLAN,
            unit=unit if unit_of(form) else "",
            records=of_unit(FILLED[key] if records is None else records, unit),
            items=[f"{unit}{item[2:]}" for item in ITEMS],
            issue=f"114-{key}-{unit}-1",
        ),
    )
    return path


def returned(folder: Path, key: str, *edits: Edit) -> Path:
    """A filled workbook after somebody has edited it."""
    path = issued(folder, key)
    if edits:
        person = Person(path)
        for edit in edits:
            edit(person)
        person.save()
    return path


def read(path: Path, *, whole: bool = False) -> Reading:
    """Read as the year's pipeline does, or (`whole`) as what goes back is; 年度設定 without a plan."""
    return read_file(path, None if path.name.startswith("settings") else PLAN, whole=whole)


def content(records: Iterable[Record]) -> list[tuple[str, str, dict[str, Value]]]:
    """What records say, without where they stand."""
    return [(record.section, record.of, dict(record.values)) for record in records]


def codes(reading: Reading) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in reading.findings]


def photo(width: int = 800, height: int = 600, kind: str = "JPEG") -> bytes:
    """A picture of one colour."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.new("RGB", (width, height), (40, 90, width % 256)).save(out, kind)
    return out.getvalue()


class Person:
    """Types into an issued form, finding the way by the words on it. openpyxl stands in for Excel."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def save(self, path: Path | None = None) -> Path:
        """Save, over the file itself or under another name."""
        self.book.save(path or self.path)
        return path or self.path

    def sheet(self, title: str) -> Worksheet:
        """A sheet by its title."""
        sheet = self.book[title]
        assert isinstance(sheet, Worksheet)
        return sheet

    def find(self, sheet: str, text: str, below: int = 0) -> Cell:
        """The first cell with these words on a sheet, below a row."""
        for row in self.sheet(sheet).iter_rows(min_row=below + 1):
            for cell in row:
                if isinstance(cell, Cell) and same(str(cell.value or "")) == same(text):
                    return cell
        raise AssertionError(f"no {text} on {sheet}")

    def card(self, sheet: str, label: str, value: object, heading: str = "") -> Cell:
        """Fill a card's field (below its heading). The cell is returned, for further strokes."""
        return self.put(sheet, *self.card_place(sheet, label, heading), value)

    def card_place(self, sheet: str, label: str, heading: str = "") -> tuple[int, int]:
        """Row and column (from 1) of a card's field (below its heading)."""
        at = self.find(sheet, label, below=self.find(sheet, heading).row if heading else 0)
        last = max(
            (m.max_col for m in self.sheet(sheet).merged_cells.ranges if at.coordinate in m),
            default=at.column,
        )
        return at.row, last + 1

    def table(self, sheet: str, heading: str, row: int, label: str, value: object) -> Cell:
        """Fill a cell of a table's row (from 1, below the examples)."""
        return self.put(sheet, *self.table_place(sheet, heading, row, label), value)

    def table_place(self, sheet: str, heading: str, row: int, label: str) -> tuple[int, int]:
        """Row and column (from 1) of a cell of a table's row (from 1, below the examples)."""
        top = self.find(sheet, heading).row
        at = self.find(sheet, label, below=top)
        first = next(cell.value for cell in self.sheet(sheet)[at.row + 1])
        skipped = 1 if str(first or "").startswith("例") else 0
        return at.row + skipped + row, at.column

    def put(self, sheet: str, row: int, column: int, value: object) -> Cell:
        """Fill a cell by row and column (from 1)."""
        cell = self.sheet(sheet).cell(row, column)
        assert not isinstance(cell, MergedCell), f"{cell.coordinate} is inside a merged block"
        cell.value = value  # type: ignore[assignment]
        return cell

    def picture(self, sheet: str, anchor: str, data: bytes) -> None:
        """Insert a picture at a cell."""
        self.sheet(sheet).add_image(Image(io.BytesIO(data)), anchor)

    def type_records(self, form: Form, records: Iterable[Record]) -> None:
        """Type everything that is not given, section by section, as text."""
        rows: dict[tuple[str, str], int] = {}
        for record in records:
            sheet, section = next((s, x) for s, x in form.sections() if x.key == record.section)
            title = sheet.title.format(item=record.of)
            n = rows[record.section, record.of] = rows.get((record.section, record.of), 0) + 1
            for field in section.fields:
                value = record.values.get(field.key)
                if value is None or field.given or field.kind is Kind.PHOTO:
                    continue
                if isinstance(section, Card):
                    self.card(title, field.label, shown(value), section.title)
                else:
                    self.table(title, section.title, n, field.label, shown(value))
