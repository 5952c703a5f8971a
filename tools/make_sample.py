"""Makes the sample year's returns out of its content, the way they would come about.

    .venv/bin/python tools/make_sample.py

The product issues the forms, each stage prefilled from the one before; LibreOffice opens them, types
the content of `workbooks/sample-114/content/*.toml` into the cells, inserts the photos and saves, once
as a unit with faults would and once corrected. Needs LibreOffice and Debian's python3-uno.
"""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import olefile

from xltool.faces.demo import CONTACT
from xltool.forms import FORMS, REPORT, Form
from xltool.forms.layout import Place, Style, shown
from xltool.forms.schema import Card, Kind
from xltool.model import Record, Value
from xltool.outputs.forms import FormCopy, file_name, write_form
from xltool.outputs.forms.copies import LaidOut
from xltool.plan import shipped_plan
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.prefill import prefill
from xltool.store.workspace import Workspace

SAMPLE = Path(__file__).resolve().parent.parent / "workbooks" / "sample-114"
CONTENT, RETURNS = SAMPLE / "content", SAMPLE / "returns"
PLAN = shipped_plan(114)
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that Debian's python3-uno belongs to

# How returns are renamed on their way, and in which format they come back.
RENAMED: Mapping[tuple[str, str], str] = {
    ("enrolment", "02"): "376431843C_1140012087_ATTACH4.xlsx",
    ("enrolment", "07"): "114_07_秘書室_參與業務調查表.ods",
    ("enrolment", "11"): "資訊室 調查表(核章後).xls",
    ("report", "03"): "114_03_電力發展及管理組_執行成果填報表_修正版v2(1).xlsx",
    ("report", "08"): "執行成果-人事室.ods",
    ("report", "10"): "376431843C_1140087037_ATTACH1.xlsx",
    ("review", "09"): "政風室督導意見1141215.ods",
}
ROW_INSERTED = {("report", "04")}
FAULTY = CONTENT / "faults.toml"


@dataclass(frozen=True)
class Job:
    """One workbook to type: what `type_in_libreoffice.py` reads."""

    source: str
    target: str
    cells: list[tuple[str, int, int, str | float]]
    photos: list[tuple[str, int, int, str]]
    insert_above: list[tuple[str, int]] = field(default_factory=list)


def main() -> None:
    """Make every return anew. The old ones stay until all the new ones are there."""
    with tempfile.TemporaryDirectory() as scratch:
        root, made = Path(scratch) / "114", Path(scratch) / "returns"
        new(root, PLAN.year, basics=CONTACT)
        workspace = Workspace.open(root)
        for key in ("enrolment", "report"):
            _stage(workspace, made, key, _units(key))
        _stage(workspace, made, "report", _units("report"), corrected=True)
        _stage(workspace, made, "review", _units("review"))
        for key in ("meeting", "contest"):
            _stage(workspace, made, key, [""])
        shutil.rmtree(RETURNS, ignore_errors=True)
        shutil.copytree(made, RETURNS)
    print(f"{sum(1 for path in RETURNS.rglob('*') if path.is_file())} returns in {RETURNS}")


def _units(form: str) -> list[str]:
    return [unit.code for unit in PLAN.units if form in _content(unit.code)]


def _content(unit: str, form: str = "") -> dict[str, Any]:
    name = f"{unit}.toml" if unit else f"{form}.toml"
    return tomllib.loads((CONTENT / name).read_text("utf-8"))


def content_records(form: Form, content: Mapping[str, Any]) -> tuple[Record, ...]:
    """The content's sections as records of a form. `of` is the item whose sheet a row stands on."""
    records = []
    for sheet, section in form.sections():
        rows = content.get(section.key, [])
        for row in rows if isinstance(rows, list) else [rows]:
            values = {key: _value(raw) for key, raw in row.items() if key != "of"}
            of = row.get("of", row["item"] if sheet.per_item and isinstance(section, Card) else "")
            records.append(Record(section.key, values, of))
    return tuple(records)


def _value(raw: object) -> Value:
    if isinstance(raw, bool | date):
        return raw
    if isinstance(raw, int | float):
        return Decimal(str(raw))
    return str(raw).strip()


def _stage(
    workspace: Workspace, made: Path, key: str, units: Sequence[str], *, corrected: bool = False
) -> None:
    """Issue a form, type it into `made`, and let it arrive in the scratch year's inbox."""
    form = FORMS[key]
    faults = tomllib.loads(FAULTY.read_text("utf-8"))["faults"] if key == "report" else []
    if corrected:
        units = [unit for unit in units if any(fault["unit"] == unit for fault in faults)]
    issue(workspace, key, [unit for unit in units if unit])
    year = gather(workspace)
    folder = made / "corrected" if corrected else made / "first" / key
    folder.mkdir(parents=True, exist_ok=True)
    jobs: list[Job] = []
    for unit in units:
        content = content_records(form, _content(unit, key).get(key, {}))
        given = _given(form, prefill(form, year.dataset, year.outcomes, PLAN, unit), content)
        source = workspace.outbox / form.title / file_name(form, PLAN, unit)
        items = [item.id for item in year.dataset.items if unit in ("", item.unit)]
        write_form(
            source,
            FormCopy(
                form, PLAN, unit=unit, records=given, items=items, issue=f"114-{key}-{unit}-1"
            ),
        )
        name = RENAMED.get((key, unit), source.name)
        if corrected:
            name = f"{Path(source.name).stem}_更正.xlsx"
        mine = [] if corrected else [fault for fault in faults if fault["unit"] == unit]
        jobs.append(
            Job(
                str(source),
                str(folder / name),
                *_typing(form, unit, given, content, items, mine),
                _insertions(form, unit, given, items) if (key, unit) in ROW_INSERTED else [],
            )
        )
    _type(jobs)
    for job in jobs:
        _save_in_time(Path(job.target), SAVED["corrected" if corrected else key])
        shutil.copy2(job.target, workspace.inbox / Path(job.target).name)


def _given(
    form: Form, prefill: tuple[Record, ...], content: Sequence[Record]
) -> tuple[Record, ...]:
    """What the issued form carries: the prefill, and last year's 未來精進方向 from the content."""
    if form.key != REPORT.key:
        return prefill
    last_year = {r.of: r.values["last_year"] for r in content if "last_year" in r.values}
    return tuple(
        replace(r, values={**r.values, "last_year": last_year[r.of]}) if r.of in last_year else r
        for r in prefill
    )


def _typing(
    form: Form,
    unit: str,
    given: Sequence[Record],
    content: Sequence[Record],
    items: Sequence[str],
    faults: Iterable[Mapping[str, Any]],
) -> tuple[list[tuple[str, int, int, str | float]], list[tuple[str, int, int, str]]]:
    """Where a person types what: the content's values into the places of the issued form, also over what
    was given where the content says otherwise."""
    cells: list[tuple[str, int, int, str | float]] = []
    photos: list[tuple[str, int, int, str]] = []
    places = _places(form, unit, given, items)
    counted: dict[tuple[str, str], int] = {}
    typed: dict[tuple[str, str, int, str], str | float] = {}
    for record in content:
        index = _row(form, record, places, counted)
        for key, value in record.values.items():
            if key == "photo":
                sheet, place = places[record.section, record.of, index, key]
                photos.append((sheet, place.row, place.col, str(CONTENT / "photos" / str(value))))
                continue
            where = (record.section, record.of, index, key)
            if where not in places:
                raise SystemExit(f"{unit} {form.key}: no place for {where}")
            place = places[where][1]
            if place.style is Style.INPUT or shown(place.value) != shown(value):
                typed[where] = _as_typed(form, record.section, key, value)
    for fault in faults:
        where = (fault["section"], fault.get("of", ""), fault.get("index", 0), fault["field"])
        typed[where] = fault["typed"] * fault.get("times", 1)
    for where, text in typed.items():
        sheet, place = places[where]
        cells.append((sheet, place.row, place.col, text))
    return cells, photos


def _places(
    form: Form, unit: str, given: Sequence[Record], items: Sequence[str]
) -> dict[tuple[str, str, int, str], tuple[str, Place]]:
    """Every field's place on the issued form, by section, item, row and field."""
    return {
        (place.section, sheet.of, place.index, place.field.key): (sheet.title, place)
        for sheet in LaidOut(FormCopy(form, PLAN, unit=unit, records=given, items=items)).sheets
        for place in sheet.places
        if place.field is not None and place.style in (Style.INPUT, Style.GIVEN, Style.PHOTO)
    }


def _row(
    form: Form,
    record: Record,
    places: Mapping[tuple[str, str, int, str], tuple[str, Place]],
    counted: dict[tuple[str, str], int],
) -> int:
    """The row a record belongs in: the one its given field names, else the next free one."""
    section = form.section(record.section)
    if isinstance(section, Card):
        return 0
    named = next((f.key for f in section.fields if f.given), None)
    if named is not None and named in record.values:
        for (key, of, index, name), (_, place) in places.items():
            if (key, of, name) == (record.section, record.of, named) and shown(
                place.value
            ) == record.text(named):
                return index
    index = counted.get((record.section, record.of), 0)
    counted[record.section, record.of] = index + 1
    return index


def _as_typed(form: Form, section: str, key: str, value: Value) -> str | float:
    """A value as a person types it: numbers as numbers, dates as 114.11.30."""
    if isinstance(value, Decimal) and form.field(section, key).kind is not Kind.CODE:
        return float(str(value))
    return shown(value)


def _insertions(
    form: Form, unit: str, given: Sequence[Record], items: Sequence[str]
) -> list[tuple[str, int]]:
    """A row inserted above the scores of the first item's sheet, as people do."""
    copy = FormCopy(form, PLAN, unit=unit, records=given, items=items)
    sheet = next(sheet for sheet in LaidOut(copy).sheets if sheet.of)
    heading = next(p for p in sheet.places if p.style is Style.HEADING and p.section == "scores")
    return [(sheet.title, heading.row)]


SAVED = {
    "enrolment": datetime(2025, 3, 25, 10, tzinfo=UTC),
    "report": datetime(2025, 12, 5, 10, tzinfo=UTC),
    "corrected": datetime(2025, 12, 9, 10, tzinfo=UTC),
    "review": datetime(2025, 12, 18, 10, tzinfo=UTC),
    "meeting": datetime(2025, 12, 26, 10, tzinfo=UTC),
    "contest": datetime(2026, 3, 10, 10, tzinfo=UTC),
}
"""When the returns of a folder were saved, in the sample's story."""

_STAMPS = re.compile(rb"(<(?:dcterms:modified|dc:date)[^>]*>)[^<]*(<)")


def _save_in_time(path: Path, moment: datetime) -> None:
    """Give a file the moment at which the story has it saved; the bytes tell of no other."""
    if path.suffix == ".xls":
        _save_xls_in_time(path, moment)
        return
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        parts = [(info, archive.read(info)) for info in infos]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in parts:
            if info.filename in ("docProps/core.xml", "meta.xml"):
                stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
                data = _STAMPS.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            info.date_time = (1980, 1, 1, 0, 0, 0)
            archive.writestr(info, data)


def _save_xls_in_time(path: Path, moment: datetime) -> None:
    """PIDSI_LASTSAVE_DTM of the summary ([MS-OLEPS] 2.21): a FILETIME, found by its property."""
    name = "\x05SummaryInformation"
    with olefile.OleFileIO(str(path), write_mode=True) as ole:
        data = bytearray(ole.openstream(name).read())
        start = struct.unpack_from("<L", data, 44)[0]
        for number in range(struct.unpack_from("<L", data, start + 4)[0]):
            key, offset = struct.unpack_from("<LL", data, start + 8 + 8 * number)
            if key == 0x0D:
                ticks = int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
                struct.pack_into("<Q", data, start + offset + 4, ticks)
        ole.write_stream(name, bytes(data))


def _type(jobs: Sequence[Job]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as listing:
        json.dump([vars(job) for job in jobs], listing, ensure_ascii=False)
        listing.flush()
        script = Path(__file__).with_name("type_in_libreoffice.py")
        subprocess.run([SYSTEM_PYTHON, str(script), listing.name], check=True)


if __name__ == "__main__":
    main()
