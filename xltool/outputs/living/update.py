"""A workbook that lives on: our sheets are renewed in place, what a person added is kept.

Each of our sheets holds one `Table`. A person may write into its note columns, add columns, move
columns, sort, filter, comment on cells, and add sheets; all of it is matched by the row's key and the
column's id, never by position or heading, and survives. What a person types over a cell of ours is
merged three ways (what we last wrote, what stands there, what is to be written): it stays while the
value below it stays the same, and is told on the sheet 「人工修改」 in any case. What belongs to a row
that has vanished goes to the sheet 「未對應」, and comes back from there when the row does. A very
hidden sheet records what was ours, so that columns that a person added are told from columns that we
no longer write, and a column whose heading has changed is known.

The order of things: `record` (what we wrote last time), `recognise` (which sheets and columns that
is), `harvest` (what a person left), `edits`, `unmatched`, `writing`, and `archive` for the bytes.
"""

from __future__ import annotations

import shutil
import warnings
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.outputs.living.archive import pack
from xltool.outputs.living.edits import (
    Edit,
    edited_table,
    edits_before,
    merge_edits,
    unsettled,
)
from xltool.outputs.living.harvest import Harvest, harvest_sheet
from xltool.outputs.living.recognise import missing_columns, renamed_sheets, set_aside
from xltool.outputs.living.record import RECORD, read_record, write_record
from xltool.outputs.living.table import EDITED, UNMATCHED, Table
from xltool.outputs.living.unmatched import (
    follow_keys,
    left_over,
    put_back,
    read_waiting,
    unmatched_table,
)
from xltool.outputs.living.writing import Written, sheet_for, tie_links, write_table
from xltool.outputs.style import FONT
from xltool.store.workspace import atomic_write

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook


def update(
    path: Path,
    tables: Sequence[Table],
    *,
    previous: Path | None,
    title: str,
    day: date,
) -> list[Finding]:
    """Write `tables` to `path`, keeping what a person added to the workbook `previous`.

    `title` heads every printed page; `day` is the workbook's date, since none may be "now". A
    previous workbook that cannot be read, or that holds what cannot be kept, is copied beside itself
    and named in a finding. `path` and `previous` may be the same file.

    Raises OSError when a file cannot be read or written.
    """
    workbook, cached, found = _opened(previous)
    file = (previous or path).name
    ours = (*tables, edited_table(()), unmatched_table({}))
    record = read_record(workbook, ours)
    waiting = read_waiting(workbook, tables, record)
    before = tuple(edits_before(workbook, tables, record))
    found += renamed_sheets(workbook, ours, record, file)
    found += set_aside(workbook, cached, ours, record, file)
    found += missing_columns(workbook, ours, record, file)

    def harvested(table: Table) -> Harvest:
        if table.title not in workbook.sheetnames:
            return Harvest()
        return harvest_sheet(workbook[table.title], table, record[table.title], cached)

    harvests: dict[str, Harvest] = {}
    edits: list[Edit] = []
    strays = 0
    for table in tables:
        recorded = record[table.title]
        harvest, told = merge_edits(table, harvested(table), recorded)
        harvest, waiting = put_back(table, follow_keys(table, harvest), waiting)
        for line, at in left_over(table, harvest, recorded):
            strays += line not in waiting
            waiting.setdefault(line, at)
        harvests[table.title] = harvest
        edits += told
    if strays:
        found.append(finding("F131", Address(file, UNMATCHED), strays))
    edits += list(unsettled(before, edits, tables, harvests))
    if edits:
        clashing = sum(edit.clashes for edit in edits)
        found.append(finding("F123", Address(file, EDITED), len(edits), clashes=clashing))
    elif EDITED in workbook.sheetnames:
        workbook.remove(workbook[EDITED])
    lists = [edited_table(edits)] if edits else []
    if waiting or UNMATCHED in workbook.sheetnames:
        lists.append(unmatched_table(waiting))
    # Their lines are all ours: what a person does to one is read with them.
    harvests |= {table.title: replace(harvested(table), edits={}) for table in lists}
    everything = [*tables, *lists]

    written = Written()
    if cached is not None:
        titles = {table.title for table in everything} | {RECORD}
        written.values.update(_cached_values(workbook, cached, titles))
    for number, table in enumerate(everything):
        sheet = sheet_for(workbook, everything, number)
        write_table(sheet, table, harvests[table.title], title, written)
    tie_links(written)
    write_record(workbook, everything)

    workbook.properties.title = title
    # Document properties are in UTC; openpyxl writes it without being told.
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = stamp
    workbook.calculation.fullCalcOnLoad = True
    path.write_bytes(pack(workbook, written.values))
    return found


def _opened(previous: Path | None) -> tuple[Workbook, Workbook | None, list[Finding]]:
    """The workbook of last time or a new one, the same with computed values where it has formulas,
    and what is to be told of it."""
    if previous is None or not previous.is_file():
        return _fresh(), None, []
    workbook, cached, dropped = _load(previous)
    if workbook is None:
        return _fresh(), None, [finding("F114", Address(previous.name), _backup(previous).name)]
    if not dropped:
        return workbook, cached, []
    backup = _backup(previous).name
    told = finding("F115", Address(previous.name), "、".join(dropped), backup=backup)
    return workbook, cached, [told]


def _fresh() -> Workbook:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "xltool"
    # Column widths are counted in digits of this font.
    normal: Any = workbook
    normal._named_styles["Normal"].font = Font(name=FONT, size=11, charset=136)
    return workbook


def _load(path: Path) -> tuple[Workbook | None, Workbook | None, list[str]]:
    """The workbook, the same with computed values where it has formulas, and what will be lost."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    data = path.read_bytes()
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            workbook = load_workbook(BytesIO(data), rich_text=True)
            formulas = any(b"<f" in part for _, part in _parts(data, "xl/worksheets/"))
            cached = load_workbook(BytesIO(data), data_only=True) if formulas else None
        lost = (
            ["擴充的下拉選單或條件式格式"] if any("removed" in str(w.message) for w in told) else []
        )
        if any(b":sp>" in part or b":sp " in part for _, part in _parts(data, "xl/drawings/")):
            lost.append("圖形或文字方塊")
        if any(True for _ in _parts(data, "xl/slicers/", "xl/threadedComments/")):
            lost.append("交叉分析篩選器或對話式註解")
    except (
        BadZipFile, zlib.error, EOFError, InvalidFileException, SyntaxError,
        KeyError, ValueError, TypeError, IndexError, AttributeError, NotImplementedError,
    ):  # fmt: skip
        # What openpyxl raises on broken workbooks; an OSError is the machine's and goes on.
        return None, None, []
    return workbook, cached, lost


def _parts(data: bytes, *folders: str) -> Iterator[tuple[str, bytes]]:
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith(folders) and not name.endswith((".rels", ".vml")):
                yield name, archive.read(name)


def _backup(path: Path) -> Path:
    """A copy of `path` beside it, named by its content: the same file is copied once."""
    from hashlib import sha256

    digest = sha256(path.read_bytes()).hexdigest()[:8]
    copied = path.with_name(f"{path.stem}_備份_{digest}{path.suffix}")
    if not copied.exists():
        with atomic_write(copied) as temporary:
            shutil.copyfile(path, temporary)
    return copied


def _cached_values(
    workbook: Workbook, cached: Workbook, ours: set[str]
) -> Iterator[tuple[tuple[str, str], Any]]:
    """The computed values of formulas on a person's own sheets."""
    for sheet in workbook.worksheets:
        if sheet.title in ours:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield (sheet.title, cell.coordinate), cached[sheet.title][cell.coordinate].value
