"""A workbook that lives on: our sheets are renewed in place, what a person added is kept.

Each of our sheets holds one `Table`. A person may write into its note columns, add columns, move
columns, sort, filter, comment on cells, and add sheets; all of it is matched by the row's key and the
column's id, never by position or heading, and survives. What a person types over a cell of ours is merged three ways (what we last wrote, what
stands there, what is to be written): it stays while the value below it stays the same, and is told
on the sheet 「人工修改」 in any case. What belongs to a row that has vanished goes to the sheet 「未對應」, and comes back
from there when the row does. A very hidden sheet records what was ours, so that columns that a person
added are told from columns that we no longer write, and a column whose heading has changed is known.
"""

from __future__ import annotations

import json
import re
import shutil
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.outputs.celltext import ROW_LIMIT, cell_text, lines
from xltool.outputs.living.archive import pack
from xltool.outputs.style import FONT, LINE
from xltool.store.workspace import atomic_write

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

UNMATCHED = "未對應"
EDITED = "人工修改"
_RECORD = "_xltool"

# Text stands beside every colour: colour alone tells nothing on a black-and-white print.
TONES: Mapping[str, str] = {
    "已繳": "E2F0D9",
    "採用": "E2F0D9",
    "無辦理": "EDEDED",
    "未採用": "EDEDED",
    "重複": "EDEDED",
    "未繳": "F8CBAD",
    "待修正": "FFE699",
    "退回": "FFE699",
    "無法讀取": "F8CBAD",
    "錯誤": "F8CBAD",
    "提醒": "FFE699",
    "未評": "FFE699",
    "▲": "FFE699",
    "待釐清": "F8CBAD",
    "不成會": "F8CBAD",
    "未決": "F8CBAD",
    "未提出": "FFE699",
    "未選派": "F8CBAD",
    "衝突": "F8CBAD",
    "保留您的內容": "FCE4D6",
}


@dataclass(frozen=True)
class Formula:
    """A formula and its computed value. `{0}`, `{1}` … stand for the row's cells, by column."""

    text: str
    value: Decimal


@dataclass(frozen=True)
class Link:
    """Text that leads on: to the row of another of our sheets (`key` the first column of its key), or
    to a `file` by its path from the workbook's folder, there to a cell (`sheet`, `key`) when named."""

    text: str
    sheet: str
    key: str = ""
    file: str = ""


Cell = str | int | Decimal | date | Formula | Link | None


@dataclass(frozen=True)
class Column:
    """A column: id, heading, width in half-width characters, number format.

    `id` is what the column is known by from one writing to the next, whatever its heading: it never
    changes, and never comes to mean something else. `note`: a person fills it, we never do. `toned`:
    its cells are coloured by how their text begins. `formerly`: headings that it has borne in
    workbooks from before ids were recorded.
    """

    id: str
    title: str
    width: float
    number: str = ""
    centred: bool = False
    toned: bool = False
    note: bool = False
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extra:
    """A small table below the main one, without keys: title, then rows, the first of them headings.

    Each cell takes the main table's column below which it stands; None leaves a column out.
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """One of our sheets. `key`: ids of the columns that tell a row; `loose`: fewer of them, for rows
    whose key was completed since. `frozen`: how many columns stay in view. `pages`: pages side by
    side when printed. `decorate` gets the sheet, the first and last row and what is below.
    """

    title: str
    heading: str
    lead: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    loose: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    frozen: int = 0
    pages: int = 1
    portrait: bool = False
    one_page: bool = False
    footer: str = ""
    tab: str = "8EA9DB"
    decorate: Callable[[Any, int, int, int], None] | None = None

    def __post_init__(self) -> None:
        """Raises ValueError when two columns share an id, or a key names none of them."""
        ids = [column.id for column in self.columns]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"{self.title}: columns share an id: {', '.join(sorted(twice))}")
        if unknown := {*self.key, *self.loose} - {*ids}:
            raise ValueError(f"{self.title}: no such column: {', '.join(sorted(unknown))}")

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each column stands among the table's columns, by id."""
        return {column.id: number for number, column in enumerate(self.columns)}


RowKey = tuple[str, ...]


@dataclass(frozen=True)
class _RecordedColumn:
    """A column of ours as we last wrote it."""

    id: str
    heading: str
    width: float


@dataclass
class _Recorded:
    """What we last wrote on a sheet: columns, keys, texts of rows that have no key, and per row and
    column what tells the value (`_mark`)."""

    columns: tuple[_RecordedColumn, ...] = ()
    keys: set[RowKey] = field(default_factory=set)
    rows: set[tuple[str, ...]] = field(default_factory=set)
    bases: dict[RowKey, Mapping[str, str]] = field(default_factory=dict)

    def heading(self, column: str) -> str:
        """The heading of the column with that id, empty if there was none."""
        return next((one.heading for one in self.columns if one.id == column), "")


@dataclass(frozen=True)
class _Kept:
    """A cell of a person: value as openpyxl has it, style, comment, where it stood."""

    value: Any
    kind: str
    style: Any
    comment: Any
    at: str
    cached: Any = None
    link: Any = None


@dataclass
class _Harvest:
    """What a person left on one of our sheets. Our columns go by id, a person's own by number.

    `notes` also holds comments on our own cells."""

    notes: dict[tuple[RowKey, str], _Kept] = field(default_factory=dict)
    headings: list[tuple[_Kept, float | None]] = field(default_factory=list)
    own: dict[tuple[RowKey, int], _Kept] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    strays: list[tuple[str, str, _Kept]] = field(default_factory=list)  # row, column, cell
    edits: dict[tuple[RowKey, str], _Kept] = field(default_factory=dict)  # over cells of ours
    bases: Mapping[RowKey, Mapping[str, str]] = field(default_factory=dict)  # what we last wrote
    order: list[str | int] = field(default_factory=list)  # columns as they stood
    rows: list[RowKey] = field(default_factory=list)  # as they stood
    hidden_rows: set[RowKey] = field(default_factory=set)
    filters: list[tuple[str | int, Any]] = field(default_factory=list)


@dataclass
class _Written:
    """Values beside formulas, by sheet title and coordinate; links, and the rows they lead to."""

    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    links: list[tuple[Any, Link]] = field(default_factory=list)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)


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
    found: list[Finding] = []
    workbook: Workbook | None = None
    cached: Workbook | None = None
    if previous is not None and previous.is_file():
        workbook, cached, lost = _load(previous)
        if workbook is None:
            found.append(finding("F114", Address(previous.name), _backup(previous).name))
        elif lost:
            backup = _backup(previous).name
            found.append(finding("F115", Address(previous.name), "、".join(lost), backup=backup))
    if workbook is None:
        workbook = _fresh()

    record = _read_record(workbook, tables)
    _set_aside(workbook, cached, tables, record)
    harvests = {
        table.title: _harvest(workbook[table.title], table, record[table.title], cached)
        if table.title in workbook.sheetnames
        else _Harvest()
        for table in tables
    }
    edited = _edited(workbook, tables, harvests, record)
    unmatched = _unmatched(workbook, tables, harvests, record)
    everything = [*tables, *(table for table in (edited, unmatched) if table)]
    if edited and edited.rows:
        clashes = sum(str(row[3]).startswith(_CLASH) for row in edited.rows)
        found.append(finding("F123", Address(path.name), len(edited.rows), clashes=clashes))
    written = _Written()
    if cached is not None:
        ours = {table.title for table in everything} | {_RECORD}
        written.values.update(_cached_values(workbook, cached, ours))
    for number, table in enumerate(everything):
        sheet = _sheet(workbook, everything, number)
        _write_table(sheet, table, harvests.get(table.title, _Harvest()), title, written)
    _tie(written)
    _write_record(workbook, everything)

    workbook.properties.title = title
    # Document properties are in UTC; openpyxl writes it without being told.
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = stamp
    workbook.calculation.fullCalcOnLoad = True
    path.write_bytes(pack(workbook, written.values))
    return found


# --- Reading what is there --------------------------------------------------------------------


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


def _read_record(workbook: Workbook, tables: Sequence[Table]) -> dict[str, _Recorded]:
    """What we wrote last time, by sheet; of a sheet that we did not write, the columns as they are.

    What a hand, or a later xltool, has written into it is skipped.
    """
    columns = {table.title: table.columns for table in tables}
    columns |= {EDITED: _EDITED_COLUMNS, UNMATCHED: _UNMATCHED_COLUMNS}
    record: dict[str, _Recorded] = {title: _Recorded() for title in columns}
    rows: Any = ()
    if _RECORD in workbook.sheetnames:
        rows = workbook[_RECORD].iter_rows(max_col=3, values_only=True)
    for sheet, kind, content in rows:
        if sheet not in record:
            continue
        page = record[sheet]
        try:
            value = json.loads(str(content))
            if kind == "columns":
                page.columns = _recorded_columns(value, columns[sheet])
            elif kind == "keys":
                page.keys.add(tuple(value))
            elif kind == "rows":
                page.rows.add(tuple(value))
            elif kind == "bases":
                *key, marks = value
                ids = (column.id for column in page.columns)
                page.bases[tuple(key)] = dict(zip(ids, marks.split(), strict=False))
        except (ValueError, TypeError, AttributeError):
            continue
    for title, page in record.items():
        if not page.columns:
            page.columns = tuple(_RecordedColumn(c.id, c.title, c.width) for c in columns[title])
    return record


def _recorded_columns(
    written: Sequence[Sequence[Any]], columns: Sequence[Column]
) -> tuple[_RecordedColumn, ...]:
    """The columns on record: id, heading and width of each, or, until ids came, heading and width.

    A heading without an id is that of the column which bears it now or bore it once; one that none
    did stands for itself.
    """
    known = {former: column.id for column in columns for former in column.formerly}
    known |= {column.title: column.id for column in columns}
    return tuple(
        _RecordedColumn(str(first[0]) if first else known.get(heading, heading), heading, width)
        for *first, heading, width in written
    )


def _head(sheet: Worksheet, table: Table, recorded: _Recorded) -> tuple[Any, ...] | None:
    """The heading row of one of our sheets: the first that holds every key's heading of last time."""
    headings = {recorded.heading(column) for column in table.key}
    if "" in headings:
        return None
    for row in sheet.iter_rows():
        if headings <= {_text(cell) for cell in row}:
            return row
    return None


def _set_aside(
    workbook: Workbook,
    cached: Workbook | None,
    tables: Sequence[Table],
    record: Mapping[str, _Recorded],
) -> None:
    """Rename a sheet that bears the name of ours but has lost its headings: it is a person's now."""
    for table in tables:
        title = table.title
        if title not in workbook.sheetnames or _head(workbook[title], table, record[title]):
            continue
        taken = set(workbook.sheetnames)
        name = next(name for n in range(1, 1000) if (name := f"{title}_舊{n}") not in taken)
        for book in (workbook, cached):
            if book is not None:
                book[title].title = name


def _harvest(
    sheet: Worksheet, table: Table, recorded: _Recorded, cached: Workbook | None
) -> _Harvest:
    """Take from one of our sheets what a person wrote on it."""
    harvest = _Harvest()
    ours = {column.id: column.width for column in recorded.columns}
    rows: list[tuple[Any, ...]] = list(sheet.iter_rows())
    head = _head(sheet, table, recorded)
    shadow = cached[sheet.title] if cached is not None and sheet.title in cached else None
    mine = _ours(head or (), recorded)
    notes = {c.id for c in table.columns if c.note}
    widths, hidden = _widths(sheet)
    for column, name in mine.items():
        if column in widths and abs(widths[column] - ours[name]) > 0.5:
            harvest.widths[name] = widths[column]

        if column in hidden:
            harvest.hidden.add(name)

    used = {
        cell.column for row in rows for cell in row if cell.column not in mine and _filled(cell)
    }
    first = max(mine, default=0) + 1
    # A person's columns in their order; gaps between them stay, so that nothing moves needlessly.
    span = [c for c in range(1, max(used, default=0) + 1) if c not in mine]
    own = [c for c in span if c in used or c >= first] if head is not None else []
    harvest.bases = recorded.bases
    seen: dict[RowKey, int] = {}
    for column in own:
        heading = head[column - 1] if head is not None and column <= len(head) else None
        kept = _keep(heading, shadow) if heading is not None else _Kept(None, "n", None, None, "")
        harvest.headings.append((kept, widths.get(column)))
    places: dict[int, str | int] = {**mine, **{column: n for n, column in enumerate(own)}}
    harvest.order = [places[column] for column in sorted(places)]
    lifted = False  # a filter on a column that we no longer write
    for condition in sheet.auto_filter.filterColumn:
        place = places.get(_filtered_from(sheet) + condition.colId)
        if place is None or (isinstance(place, str) and place not in table.places):
            lifted = True
        else:
            harvest.filters.append((place, copy(condition)))

    present = _keys(table)
    for row in rows:
        if head is not None and row[0].row == head[0].row:
            continue
        texts = {mine[cell.column]: _text(cell) for cell in row if cell.column in mine}
        below = head is not None and row[0].row > head[0].row
        key = tuple(texts.get(name, "") for name in table.key)
        plain = tuple(texts.values())
        known = key in recorded.keys or key in present
        written = known or _trimmed(plain) in recorded.rows
        if below and known and any(key):
            key = _nth(seen, key)
            harvest.rows.append(key)
            if sheet.row_dimensions[row[0].row].hidden and not lifted:
                harvest.hidden_rows.add(key)
            for cell in row:
                name = mine.get(cell.column, "")
                if not name and cell.column in own and _filled(cell):
                    harvest.own[key, own.index(cell.column)] = _keep(cell, shadow)
                elif name in notes and (_filled(cell) or _coloured(cell)):
                    harvest.notes[key, name] = _keep(cell, shadow)
                elif name and cell.comment is not None:
                    harvest.notes[key, name] = replace(_keep(cell, shadow), value=None)
                if name and name not in notes and name not in table.key:
                    base = harvest.bases.get(key, {}).get(name)
                    ours_still = cell.data_type == "f" and base and base.startswith("=")
                    if base and not ours_still and _mark(cell.value) != base:
                        harvest.edits[key, name] = _keep(cell, shadow)
            continue
        spot = "｜".join(part for part in key if part) or f"第 {row[0].row} 列"
        for cell in row:
            if not _filled(cell):
                continue
            name = mine.get(cell.column, "")
            if not name or not written or name in notes:
                if not below and cell.column == 1:
                    continue
                called = _called(table, recorded, name) if name else _heading(head, cell.column)
                harvest.strays.append((spot, called, _keep(cell, shadow)))
    return harvest


def _ours(head: Sequence[Any], recorded: _Recorded) -> dict[int, str]:
    """Our columns on the sheet: place → id. Equal headings are told apart by their order."""
    waiting: dict[str, list[str]] = {}
    for column in recorded.columns:
        waiting.setdefault(column.heading, []).append(column.id)
    return {cell.column: ids.pop(0) for cell in head if (ids := waiting.get(_text(cell)))}


def _called(table: Table, recorded: _Recorded, column: str) -> str:
    """What the column with that id is called now, or was called when we last wrote it."""
    if column in table.places:
        return table.columns[table.places[column]].title
    return recorded.heading(column)


def _renamed(tables: Sequence[Table], record: Mapping[str, _Recorded]) -> Mapping[Any, str]:
    """By sheet and heading of last time: what that column of ours is called now."""
    return {
        (table.title, column.heading): _called(table, record[table.title], column.id)
        for table in tables
        for column in reversed(record[table.title].columns)  # of equal headings the first counts
    }


def _filtered_from(sheet: Worksheet) -> int:
    """The first column of a sheet's filter; its conditions count from there."""
    from openpyxl.utils import range_boundaries

    first = range_boundaries(sheet.auto_filter.ref)[0] if sheet.auto_filter.ref else None
    return first or 1


def _heading(head: tuple[Any, ...] | None, column: int) -> str:
    text = _text(head[column - 1]) if head is not None and column <= len(head) else ""
    return text or "（無欄名）"


def _keys(table: Table) -> set[RowKey]:
    places = [table.places[column] for column in table.key]
    return {tuple(_shown(row[place]) for place in places) for row in table.rows}


def _nth(seen: dict[RowKey, int], key: RowKey) -> RowKey:
    """The key, told from equal ones before it."""
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else (*key, str(seen[key]))


def _trimmed(texts: Sequence[str]) -> tuple[str, ...]:
    end = max((n + 1 for n, text in enumerate(texts) if text), default=0)
    return tuple(texts[:end])


def _text(cell: Any) -> str:
    return _shown(cell.value)


def _shown(value: Any) -> str:
    """A value as key and record have it; line ends and number types make no difference."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, Link):
        value = value.text
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return cell_text(str(value))


def _filled(cell: Any) -> bool:
    return cell.value not in (None, "") or cell.comment is not None


def _coloured(cell: Any) -> bool:
    return bool(
        cell.has_style and cell.fill.fill_type and cell.fill.fgColor.rgb != f"00{_NOTE_FILL}"
    )


def _keep(cell: Any, shadow: Any) -> _Kept:
    from openpyxl.comments import Comment

    said = cell.comment
    # A copy of our own: a cell's comment refuses to move to another.
    comment = said and Comment(said.text, said.author, said.height, said.width)
    cached = shadow[cell.coordinate].value if shadow is not None and cell.data_type == "f" else None
    style, link = copy(cell._style), copy(cell.hyperlink)
    return _Kept(cell.value, cell.data_type, style, comment, cell.coordinate, cached, link)


def _widths(sheet: Worksheet) -> tuple[dict[int, float], set[int]]:
    """Widths by column, and the hidden columns; openpyxl holds runs of equal columns as one."""
    widths: dict[int, float] = {}
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if not dimension.min or not dimension.max:
            continue
        for column in range(dimension.min, min(dimension.max, 200) + 1):
            if dimension.customWidth and dimension.width:
                widths[column] = dimension.width
            if dimension.hidden:
                hidden.add(column)
    return widths, hidden


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


# --- What was typed over ours ----------------------------------------------------------------


_EDITED_COLUMNS = (
    Column("sheet", "工作表", 18),
    Column("row", "列", 30),
    Column("column", "欄位", 18),
    Column("state", "狀態", 26, toned=True),
    Column("typed", "您填的內容", 50),
    Column("merged", "彙整值", 50),
)
_STAYS, _CLASH = "保留您的內容", "衝突：已採新的彙整值"
_CLEARED = "（清空）"


def _mark(value: Any) -> str:
    """What tells one content of a cell from another; = before a formula's."""
    return "=" * isinstance(value, Formula) + f"{zlib.crc32(_shown(value).encode()):08x}"


def _edited(
    workbook: Workbook,
    tables: Sequence[Table],
    harvests: Mapping[str, _Harvest],
    record: Mapping[str, _Recorded],
) -> Table | None:
    """Merge what a person typed over ours: what stays is left in `edits`. None when there is nothing.

    A clash is told until the person deletes its row, or types the value again.
    """
    told: dict[RowKey, tuple[str, str, str]] = {}
    for table in tables:
        harvest, current = harvests[table.title], _current(table)
        for (key, name), kept in list(harvest.edits.items()):
            typed = _shown(kept.value)
            called = _called(table, record[table.title], name)
            place = (table.title, "｜".join(part for part in key if part), called)
            if key not in current or name not in table.places:
                harvest.strays.append((place[1], called, kept))
                del harvest.edits[key, name]
                continue
            ours = current[key][table.places[name]]
            if typed == _shown(ours):
                del harvest.edits[key, name]
                continue
            stays = _mark(ours) == harvest.bases[key][name]
            told[place] = (_STAYS if stays else _CLASH, typed or _CLEARED, _shown(ours))
            if not stays:
                del harvest.edits[key, name]
    if EDITED in workbook.sheetnames:
        renamed = _renamed(tables, record)
        for row in workbook[EDITED].iter_rows(max_col=len(_EDITED_COLUMNS), values_only=True):
            sheet, place_, column, state, typed, clashing = (_shown(value) for value in row)
            column = renamed.get((sheet, column), column)
            if state == _CLASH:
                told.setdefault((sheet, place_, column), (state, typed, clashing))
    if not told:
        if EDITED in workbook.sheetnames:
            workbook.remove(workbook[EDITED])
        return None
    return Table(
        EDITED,
        "人工修改：您在程式欄位填寫的內容",
        (
            "彙整值沒有變動者保留您的內容（橘底）；單位後來又更正者採新的彙整值，您的內容留在此處，處理後請自行刪除該列",
            "總表的修改不影響附件3與敘獎名冊；需要一併變更時，請由單位更正後重新彙整",
        ),
        _EDITED_COLUMNS,
        key=("sheet", "row", "column"),
        rows=tuple((*place, *words) for place, words in told.items()),
        frozen=3,
        tab="F4B183",
    )


# --- What has lost its row -----------------------------------------------------------------


_UNMATCHED_COLUMNS = (
    Column("sheet", "工作表", 18),
    Column("row", "列", 30),
    Column("column", "欄位", 18),
    Column("content", "內容", 60),
    Column("at", "原位置", 10, centred=True),
)


def _unmatched(
    workbook: Workbook,
    tables: Sequence[Table],
    harvests: dict[str, _Harvest],
    record: Mapping[str, _Recorded],
) -> Table | None:
    """The sheet of what has no row; what finds its row again is put back. None when not needed."""
    waiting: dict[tuple[str, str, str, str], str] = {}
    present = UNMATCHED in workbook.sheetnames
    if present:
        renamed = _renamed(tables, record)
        for row in workbook[UNMATCHED].iter_rows(max_col=5, values_only=True):
            sheet, place, column, text, at = (_shown(value) for value in row)
            if text and (sheet, place) != ("工作表", "列"):
                waiting[sheet, place, renamed.get((sheet, column), column), text] = at
    for table in tables:
        harvest = harvests[table.title]
        current = _current(table)
        _follow(table, harvest, current)
        places = {"｜".join(part for part in key if part): key for key in current}
        for (sheet, place, column, text), _ in list(waiting.items()):
            key = places.get(place)
            if sheet != table.title or key is None:
                continue
            note = next((c.id for c in table.columns if c.note and c.title == column), "")
            if note:
                if (key, note) not in harvest.notes:
                    harvest.notes[key, note] = _Kept(text, "s", None, None, "")
                    del waiting[sheet, place, column, text]
                continue
            number = _own_number(harvest, column)
            if number is not None and (key, number) not in harvest.own:
                harvest.own[key, number] = _Kept(text, "s", None, None, "")
                del waiting[sheet, place, column, text]
        gone = [
            *(
                (key, _called(table, record[table.title], column), kept)
                for (key, column), kept in harvest.notes.items()
                if key not in current or column not in table.places
            ),
            *(
                (key, _own_title(harvest, number), kept)
                for (key, number), kept in harvest.own.items()
                if key not in current
            ),
        ]
        for key, column, kept in gone:
            if text := _kept_text(kept):
                place = "｜".join(part for part in key if part)
                waiting.setdefault((table.title, place, column, text), kept.at)
        for place, column, kept in harvest.strays:
            if text := _kept_text(kept):
                waiting.setdefault((table.title, place, column, text), kept.at)
    if not waiting and not present:
        return None
    table = Table(
        UNMATCHED,
        "未對應的備註與自填內容",
        (
            "以下是您寫在總表的內容，原來的那一列已不存在；該列再出現時會自動放回，不再需要的可自行刪除整列",
        ),
        _UNMATCHED_COLUMNS,
        key=("sheet", "row", "column", "content"),
        rows=tuple((*key, at) for key, at in waiting.items()),
        tab="BFBFBF",
    )
    if present:
        harvests[UNMATCHED] = _harvest(workbook[UNMATCHED], table, record[UNMATCHED], None)
        harvests[UNMATCHED].strays.clear()
    return table


def _own_title(harvest: _Harvest, number: int) -> str:
    return _shown(harvest.headings[number][0].value) or "（無欄名）"


def _own_number(harvest: _Harvest, title: str) -> int | None:
    titles = [_own_title(harvest, n) for n in range(len(harvest.headings))]
    return titles.index(title) if title in titles else None


def _kept_text(kept: _Kept) -> str:
    text = _shown(kept.value) if kept.value is not None else ""
    said = f"（註解：{kept.comment.text}）" if kept.comment is not None else ""
    return text + said


def _current(table: Table) -> dict[RowKey, tuple[Cell, ...]]:
    """The table's rows by key."""
    places = [table.places[column] for column in table.key]
    seen: dict[RowKey, int] = {}
    return {_nth(seen, tuple(_shown(row[p]) for p in places)): row for row in table.rows}


def _follow(table: Table, harvest: _Harvest, current: Mapping[RowKey, tuple[Cell, ...]]) -> None:
    """Move what stands under an old key to the one row that the loose key tells, if there is one."""
    if not table.loose:
        return
    spots = [table.key.index(name) for name in table.loose]

    def loose(key: RowKey) -> RowKey:
        return tuple(key[spot] for spot in spots)

    taken = {key for key, _ in (*harvest.notes, *harvest.own)}
    left = taken - set(current)
    leaving = Counter(loose(key) for key in left)
    free: dict[RowKey, list[RowKey]] = {}
    for key in current:
        if key not in taken:
            free.setdefault(loose(key), []).append(key)
    for key in left:
        fits = free.get(loose(key), [])
        if len(fits) == 1 and leaving[loose(key)] == 1:
            for column in [c for k, c in harvest.notes if k == key]:
                harvest.notes[fits[0], column] = harvest.notes.pop((key, column))
            for number in [n for k, n in harvest.own if k == key]:
                harvest.own[fits[0], number] = harvest.own.pop((key, number))


# --- Writing --------------------------------------------------------------------------------


_NOTHING = "（無資料）"
_HEAD_FILL, _NOTE_HEAD, _NOTE_FILL = "1F4E78", "7F6000", "FFF9E5"
_EDIT_FILL, _LINK = "FCE4D6", "0563C1"


def _sheet(workbook: Workbook, tables: Sequence[Table], number: int) -> Worksheet:
    """The sheet of a table, emptied if it was there, else new behind the table before it."""
    title = tables[number].title
    if title not in workbook.sheetnames:
        place = workbook.sheetnames.index(tables[number - 1].title) + 1 if number else 0
        created: Worksheet = workbook.create_sheet(title, place)
        return created
    sheet: Worksheet = workbook[title]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet._cells.clear()
    sheet.row_dimensions.clear()
    sheet.column_dimensions.clear()
    return sheet


@dataclass(frozen=True)
class _Look:
    """How a cell of ours looks. Made into openpyxl's styles once, since each costs a search."""

    size: int = 11
    bold: bool = False
    colour: str = ""
    fill: str = ""
    side: str = ""
    upright: str = "top"
    number: str = ""
    leads: bool = False


_HEADING = _Look(size=14, bold=True)
_LEAD = _Look(size=10, colour="404040")
_SUBHEAD = _Look(bold=True)
_PLAIN = _Look()
_TITLE = _Look(bold=True, colour="FFFFFF", fill=_HEAD_FILL, side="center", upright="center")
_EXTRA = _Look(side="center", upright="center")
_EXTRA_HEAD = replace(_EXTRA, bold=True, fill="DDEBF7")


def _dressed(cell: Any, look: _Look) -> Any:
    """openpyxl's style of a cell that looks so."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.font = Font(
        name=FONT,
        size=look.size,
        bold=look.bold,
        charset=136,
        color=look.colour or None,
        underline="single" if look.leads else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.side:
        thin = Side(style="thin", color="A6A6A6")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell.alignment = Alignment(horizontal=look.side, vertical=look.upright, wrap_text=True)
    if look.number:
        cell.number_format = look.number
    return copy(cell._style)


class _Pen:
    """Writes cells on one sheet. `side` set in a look also means borders and wrapped text.

    `columns` says where on the sheet each column of the table stands, for its formulas."""

    def __init__(self, sheet: Worksheet, written: _Written, columns: Sequence[int]) -> None:
        self.sheet, self.written, self.columns = sheet, written, columns
        self.styles: dict[_Look, Any] = {}

    def put(self, row: int, column: int, value: Cell, look: _Look) -> Any:
        """Write one of our values."""
        cell: Any = self.sheet.cell(row, column)
        if look not in self.styles:
            self.styles[look] = _dressed(cell, look)
        cell._style = copy(self.styles[look])
        if isinstance(value, str):
            _inert(cell, value)
        elif isinstance(value, Link):
            _inert(cell, value.text)
            self.written.links.append((cell, value))
        elif isinstance(value, Formula):
            from openpyxl.utils import get_column_letter

            row_cells = (f"{get_column_letter(n)}{row}" for n in self.columns)
            cell.value = "=" + value.text.format(*row_cells)
            self.written.values[self.sheet.title, cell.coordinate] = value.value
        elif value is not None:
            cell.value = value
        return cell

    def restore(self, row: int, column: int, kept: _Kept) -> None:
        """Put a person's cell at its new place; what a formula points to moves along."""
        from openpyxl.formula.translate import Translator
        from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

        cell: Any = self.sheet.cell(row, column)
        if kept.style is not None:
            cell._style = copy(kept.style)
        value = kept.value
        if isinstance(value, ArrayFormula) and isinstance(value.text, str):
            text = Translator(value.text, kept.at).translate_formula(cell.coordinate)
            value = ArrayFormula(cell.coordinate, text)
        elif isinstance(value, DataTableFormula):
            value = kept.cached
        elif kept.kind == "f" and isinstance(value, str):
            value = Translator(value, kept.at).translate_formula(cell.coordinate)
        if kept.kind == "s" and isinstance(value, str):
            _inert(cell, value)
        elif value is not None:
            cell.value = value
        if kept.kind == "f" and kept.cached is not None:
            self.written.values[self.sheet.title, cell.coordinate] = kept.cached
        if kept.comment is not None:
            cell.comment = kept.comment
        if kept.link is not None:
            cell.hyperlink = kept.link


def _tie(written: _Written) -> None:
    """Make the links, now that every row stands where it will."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    for cell, link in written.links:
        if link.file:
            # As Excel writes them: what would end the path is escaped, Chinese is not.
            target = re.sub(r'[\s"<>\[\]`^{}%#]', lambda c: f"%{ord(c[0]):02X}", link.file)
            sheet = link.sheet.replace("'", "''")
            location = f"'{sheet}'!{link.key}" if link.sheet else None
            cell.hyperlink = Hyperlink(ref="", target=target, location=location)
        elif row := written.rows.get((link.sheet, link.key)):
            cell.hyperlink = Hyperlink(ref="", location=f"'{link.sheet}'!A{row}")


def _write_table(
    sheet: Worksheet, table: Table, harvest: _Harvest, title: str, written: _Written
) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.views import Selection

    columns = table.columns
    at = {place: number for number, place in enumerate(_arranged(table, harvest), 1)}
    ours = [at[column.id] for column in columns]
    pen = _Pen(sheet, written, ours)
    widths = _fitted(table, harvest.widths)
    fitted = dict(zip(ours, widths, strict=True))

    pen.put(1, 1, table.heading, _HEADING)
    sheet.row_dimensions[1].height = 24
    for number, text in enumerate(table.lead, 2):
        pen.put(number, 1, text, _LEAD)
        sheet.row_dimensions[number].height = LINE

    head = len(table.lead) + 2
    for number, column, width in zip(ours, columns, widths, strict=True):
        look = replace(_TITLE, fill=_NOTE_HEAD) if column.note else _TITLE
        pen.put(head, number, column.title, look)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.hidden = width, column.id in harvest.hidden
    sheet.row_dimensions[head].height = 6 + LINE * max(
        lines(column.title, width) for column, width in zip(columns, widths, strict=True)
    )
    for nth, (kept, own_width) in enumerate(harvest.headings):
        pen.restore(head, at[nth], kept)
        if own_width is not None:
            sheet.column_dimensions[get_column_letter(at[nth])].width = own_width

    last = head
    for key, row in _as_sorted(_current(table), harvest).items():
        last += 1
        written.rows.setdefault((table.title, key[0]), last)
        for number, column, value in zip(ours, columns, row, strict=True):
            cell = pen.put(last, number, value, _look(column, value))
            note = harvest.notes.get((key, column.id))
            if note is not None and column.note:
                pen.restore(last, number, note)
            elif note is not None:
                cell.comment = note.comment
            if edit := harvest.edits.get((key, column.id)):
                plain = replace(edit, style=None, comment=None)
                cell.value = None
                pen.put(last, number, None, replace(_look(column, value), fill=_EDIT_FILL))
                pen.restore(last, number, plain)
                written.values.pop((sheet.title, cell.coordinate), None)
        for nth in range(len(harvest.headings)):
            if (key, nth) in harvest.own:
                pen.restore(last, at[nth], harvest.own[key, nth])
        sheet.row_dimensions[last].height = _height(sheet, last, fitted)
        sheet.row_dimensions[last].hidden = key in harvest.hidden_rows
    if last == head:
        last += 1
        pen.put(last, 1, _NOTHING, _PLAIN)

    end = last
    for extra in table.extras:
        end += 2
        pen.put(end, 1, extra.title, _SUBHEAD)
        for nth, cells in enumerate(extra.rows):
            end += 1
            for number, value in enumerate(cells, 1):
                if value is not None:
                    pen.put(end, number, value, _EXTRA if nth else _EXTRA_HEAD)
            sheet.row_dimensions[end].height = _height(sheet, end, fitted)

    _page(sheet, table, title, head)
    wide = get_column_letter(len(at))
    if table.pages > 1:
        # Repeated columns would cut the lines above the headings; the page's own head has the title.
        sheet.print_area = f"A{head}:{wide}{end}"
    sheet.auto_filter.ref = f"A{head}:{wide}{last}"
    sheet.auto_filter.filterColumn = [_moved(one, at[place]) for place, one in harvest.filters]
    # openpyxl adds its panes' selections to those it finds; Excel repairs a sheet that has them twice.
    sheet.sheet_view.pane, sheet.sheet_view.selection = None, [Selection()]
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}{head + 1}"
    sheet.sheet_properties.tabColor = table.tab
    if table.decorate is not None:
        table.decorate(sheet, head, last, end)


def _arranged(table: Table, harvest: _Harvest) -> list[str | int]:
    """The columns as a person arranged them: ours by id, own ones by number. One that is new
    follows the one before it. Tables with more below them keep their order: their cells share it."""
    ids = [column.id for column in table.columns]
    numbers = range(len(harvest.headings))
    if table.extras:
        return [*ids, *numbers]
    places = [place for place in harvest.order if place in numbers or place in ids]
    for before, column in zip(["", *ids], ids, strict=False):
        if column not in places:
            places.insert(places.index(before) + 1 if before else 0, column)
    return places


def _as_sorted(
    current: Mapping[RowKey, tuple[Cell, ...]], harvest: _Harvest
) -> Mapping[RowKey, tuple[Cell, ...]]:
    """The rows in the order that a person sorted them into, new ones below; else in ours."""
    stood = [key for key in harvest.rows if key in harvest.bases]
    standing = set(stood)
    if stood == [key for key in harvest.bases if key in standing]:
        return current
    kept = [key for key in harvest.rows if key in current]
    return {key: current[key] for key in dict.fromkeys([*kept, *current])}


def _moved(condition: Any, column: int) -> Any:
    """A filter's condition for the column at its new place."""
    condition.colId = column - 1
    return condition


def _look(column: Column, value: Cell) -> _Look:
    fill = _NOTE_FILL if column.note else (_tone(value) or "") if column.toned else ""
    side = "center" if column.centred or column.number else "left"
    leads = isinstance(value, Link)
    colour = _LINK if leads else ""
    return _Look(fill=fill, side=side, number=column.number, colour=colour, leads=leads)


def _inert(cell: Any, text: str) -> None:
    """Text that stays text, whatever it begins with, also after somebody has edited the cell."""
    cell.value = cell_text(text)
    cell.data_type = "s"
    if text[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = True


def _tone(value: Cell) -> str | None:
    text = _shown(value) if isinstance(value, str | Link) else ""
    return next((colour for word, colour in TONES.items() if text.startswith(word)), None)


def _fitted(table: Table, chosen: Mapping[str, float]) -> list[float]:
    """Widths: a person's own, else ours, wider where a text would overrun the highest row."""
    widths = []
    for number, column in enumerate(table.columns):
        width = column.width
        texts = [row[number] for row in table.rows]
        longest = [text for text in texts if isinstance(text, str)]
        while width < 180 and any(lines(t, width) * LINE + 6 > ROW_LIMIT for t in longest):
            width += 10
        widths.append(chosen.get(column.id, width))
    return widths


def _height(sheet: Worksheet, row: int, widths: Mapping[int, float]) -> float:
    """What a row needs, by the widths of its columns."""
    texts = {number: _text(sheet.cell(row, number)) for number in widths}
    most = max(
        (lines(text, widths[number]) for number, text in texts.items() if text[:1] != "="),
        default=1,
    )
    return min(ROW_LIMIT, most * LINE + 6)


def _page(sheet: Any, table: Table, title: str, head: int) -> None:
    """A4, as many pages wide as the table says, heading row repeated, title and page numbers."""
    sheet.page_setup.orientation = "portrait" if table.portrait else "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = table.pages
    sheet.page_setup.fitToHeight = 1 if table.one_page else 0
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    if table.pages > 1 and table.frozen:
        sheet.print_title_cols = f"A:{chr(ord('A') + table.frozen - 1)}"
    sheet.print_options.horizontalCentered = True
    for side, inches in (("left", 0.4), ("right", 0.4), ("top", 0.7), ("bottom", 0.6)):
        setattr(sheet.page_margins, side, inches)
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    parts = (
        (sheet.oddHeader.center, f"{title}　{table.title}"),
        (sheet.oddFooter.left, table.footer),
        (sheet.oddFooter.right, "第 &P 頁，共 &N 頁"),
    )
    for part, text in parts:
        part.text = text.replace("&", "&&") if "&P" not in text else text
        part.font, part.size = f"{FONT},Regular", 9


def _write_record(workbook: Workbook, tables: Sequence[Table]) -> None:
    """Note what is ours, for the next time."""
    if _RECORD in workbook.sheetnames:
        workbook.remove(workbook[_RECORD])
    sheet = workbook.create_sheet(_RECORD)
    sheet.sheet_state = "veryHidden"

    def note(title: str, kind: str, content: Any) -> None:
        sheet.append([title, kind, json.dumps(content, ensure_ascii=False)])

    for table in tables:
        note(
            table.title,
            "columns",
            # Our own widths, not a person's: what differs next time is a person's.
            [
                (column.id, column.title, width)
                for column, width in zip(table.columns, _fitted(table, {}), strict=True)
            ],
        )
        for key in sorted(_keys(table)):
            note(table.title, "keys", key)
        if table.title not in (EDITED, UNMATCHED):
            for key, row in _current(table).items():
                # The value of record, not what a person typed over it: his word stays an edit.
                note(table.title, "bases", [*key, " ".join(_mark(value) for value in row)])
        for extra in table.extras:
            for cells in ((extra.title,), *extra.rows):
                note(table.title, "rows", _trimmed([_shown(cell) for cell in cells]))
        note(table.title, "rows", (_NOTHING,))
