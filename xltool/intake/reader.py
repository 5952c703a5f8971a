"""From cells to fields: which form a workbook is, and where each thing asked stands in it.

A section is found by its heading, a card's field by its label, a table's column by its header
text: on whatever sheet, row and column they stand. So inserted rows and columns, renamed sheets and
renamed files survive. Every cell that no field took and that holds no words of ours is left over,
to be named in a finding: nothing typed is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xltool.findings import Finding, finding
from xltool.forms import FORMS
from xltool.forms.layout import (
    COVER,
    GIVEN_ROW,
    LISTS,
    LIVE,
    META,
    examples_of,
    guide_of,
    is_example,
    is_live_text,
    label_of,
    lay_out,
    own_words,
)
from xltool.forms.lists import Lists
from xltool.forms.scale import on_scale
from xltool.forms.schema import Card, Field, Filer, Form, Kind, Section, Sheet, Table
from xltool.intake.grid import NOT_CALCULATED, Book, Cell, CellKind, Grid, a1
from xltool.intake.guard import Refusal
from xltool.model import Address, Spot
from xltool.plan import Plan
from xltool.zh import narrow, same

_HEADER_REACH = 8  # rows below its heading in which a table's header may stand
_TITLE_YEAR = re.compile(r"(\d{2,3})年(?:度)?")
_LINE_COLUMNS = 2  # more columns than that are merged for a line over the whole width
_FEW, _MANY = 3, 1_000
"""Up to so many left-over cells on a sheet get a finding each, more share one, which lists so many."""
MAX_LINES = 2_000  # rows of one table
_MAX_SPOKEN_FOR = 50_000  # rows that tall merged blocks cover


@dataclass(frozen=True)
class Stamp:
    """What a workbook says it is, or was taken for; `guessed`: by what we know, empty where
    it is stamped. `given`: the text that each given cell was issued with, a row's name as a comparing
    key; None where the workbook does not tell."""

    form: Form
    year: int | None
    unit: str
    version: int
    issue: str = ""
    words: frozenset[str] = frozenset()
    guessed: str = ""
    given: Mapping[Spot, str] | None = None


@dataclass(frozen=True)
class Slot:
    """A field's place and what stands there. `inherited`: from a block merged over several rows."""

    field: Field
    row: int
    col: int
    cell: Cell | None
    inherited: bool = False


@dataclass(frozen=True)
class Line:
    """A card, or one row of a table: its fields' slots by key. `number` counts a table's rows from 1."""

    number: int
    slots: Mapping[str, Slot]


@dataclass
class Block:
    """A section as found on a sheet. `place` is its sheet's order, `missing` fields without a place,
    `labels` where each field's label stands."""

    section: Section
    sheet: Sheet
    grid: Grid
    place: int
    row: int
    col: int
    end: int = 0
    of: str = ""
    missing: tuple[Field, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def line_at(self, row: int) -> Line | None:
        """The table's line on that row of the sheet."""
        return next(
            (line for line in self.lines if any(slot.row == row for slot in line.slots.values())),
            None,
        )


@dataclass(frozen=True)
class Draft:
    """A form as found in a workbook, not yet checked. `absent` are sections without a heading."""

    blocks: tuple[Block, ...]
    absent: tuple[tuple[Sheet, Section], ...] = ()
    findings: tuple[Finding, ...] = ()
    left_over: Mapping[int, Sequence[Cell]] = field(default_factory=dict)
    notes: Mapping[int, Sequence[Cell]] = field(default_factory=dict)


# --- which form -----------------------------------------------------------------------------


def identify(book: Book, file: str, plan: Plan | None) -> Stamp | None:
    """What form this is: by its hidden sheet, else its document properties, else its own words."""
    stamp = _by_meta(book) or _by_properties(book) or _by_words(book, file, plan)
    return stamp and replace(stamp, form=on_scale(stamp.form, plan))


def _by_meta(book: Book) -> Stamp | None:
    grid = next((g for g in book.sheets if g.name.strip().lower() == META), None)
    if grid is None:
        return None
    values: dict[str, str] = {}
    words = set()
    given: dict[Spot, str] = {}
    for (row, col), cell in grid.cells.items():
        if col:
            continue
        key, value = narrow(cell.text), grid.cells.get((row, 1))
        if key == GIVEN_ROW:
            columns = (grid.cells.get((row, col)) for col in range(1, 6))
            text, section, entry, of, name = (one.text if one else "" for one in columns)
            given[Spot(section, entry, of, 0, same(name))] = text
        elif value is None:
            continue
        elif key == "text":
            words.add(same(value.text))
        else:
            values[key] = narrow(value.text)
    return _stamp(values, frozenset(words), given or None)


def _by_properties(book: Book) -> Stamp | None:
    return _stamp({
        key.removeprefix("xltool_"): narrow(value)
        for key, value in book.properties.items()
        if key.startswith("xltool_")
    })


def _stamp(
    values: Mapping[str, str],
    words: frozenset[str] = frozenset(),
    given: Mapping[Spot, str] | None = None,
) -> Stamp | None:
    form = FORMS.get(values.get("form", ""))
    if form is None:
        return None
    unit = values.get("unit", "")
    return Stamp(
        form,
        year=_whole(values.get("year", "")),
        unit=unit.zfill(2) if unit.isdigit() else unit,
        version=_whole(values.get("version", "")) or form.version,
        issue=values.get("issue", ""),
        words=words,
        given=given,
    )


def _whole(text: str) -> int | None:
    text = text.removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _by_words(book: Book, file: str, plan: Plan | None) -> Stamp | None:
    """Guess by titles and headings; the unit by what the form says, then by the file's name."""
    words = Counter(same(cell.text) for g in book.sheets for cell in g.cells.values())
    best: tuple[float, Form, str] | None = None
    for form in FORMS.values():
        sections = [section for _, section in form.sections()]
        headings = sum(same(section.title) in words for section in sections)
        titled = any(word.endswith(same(form.title)) and len(word) < 40 for word in words)
        score = headings / len(sections) + titled
        if headings and score > 0.5 and (best is None or score > best[0]):
            sure = f"{headings}／{len(sections)} 個區塊標題相符" + "、表單名稱相符" * titled
            best = score, form, sure
    if best is None:
        return None
    form = best[1]
    year = next(
        (
            int(match[1])
            for word in words
            if word.endswith(same(form.title)) and (match := _TITLE_YEAR.search(word))
        ),
        plan.year if plan else None,
    )
    unit, sure = "", best[2]
    if form.filer is not Filer.COORDINATOR and plan is not None:
        unit, source = _guess_unit(book, form, file, plan)
        sure += f"；單位依{source}"
    return Stamp(form, year, unit, form.version, guessed=sure)


def _guess_unit(book: Book, form: Form, file: str, plan: Plan) -> tuple[str, str]:
    """The unit's code, and by what it is known."""
    names = {same(unit.name): unit.code for unit in plan.units}
    labels = {
        same(entry.label)
        for _, section in form.sections()
        for entry in section.fields
        if isinstance(section, Card) and entry.key == "unit"
    }
    for grid in book.sheets:
        for (row, col), cell in grid.cells.items():
            if same(cell.text) in labels:
                beside = _right_of(grid, row, grid.block(row, col).right + 1)
                if beside is not None and same(beside.text) in names:
                    return names[same(beside.text)], "「單位」欄"
    for grid in book.sheets:
        for (row, _), cell in grid.cells.items():
            if row < 4 and (code := _named_in(cell.text, names)):
                return code, "標題"
    code = _named_in(file, names)
    return code, "檔名" if code else "（無從判斷）"


def _named_in(text: str, names: Mapping[str, str]) -> str:
    return next((code for name, code in names.items() if name in same(text)), "")


# --- where things stand ---------------------------------------------------------------------


def locate(book: Book, stamp: Stamp, file: str, plan: Plan | None) -> Draft:
    """Find every section of the form, its fields and lines, and what is left over."""
    form = stamp.form
    ours = {META, LISTS, LIVE}
    grids = [(n, g) for n, g in enumerate(book.sheets) if g.name.strip().lower() not in ours]
    words = {place: _index(grid) for place, grid in grids}
    blocks: list[Block] = []
    absent: list[tuple[Sheet, Section]] = []
    for sheet in form.sheets:
        for section in sheet.sections:
            found = [
                heading
                for place, grid in grids
                if (heading := _heading(sheet, section, place, grid, words[place]))
            ]
            if not found:
                absent.append((sheet, section))
            elif sheet.per_item:
                blocks += [block for block, _ in found]
            else:
                blocks.append(max(found, key=lambda pair: pair[1])[0])
    order = {sheet.title: number for number, sheet in enumerate(form.sheets)}
    blocks.sort(key=lambda block: (order[block.sheet.title], block.place, block.row))
    findings: list[Finding] = []
    taken: dict[int, set[tuple[int, int]]] = {place: set() for place, _ in grids}
    for block in blocks:
        others = [b.row for b in blocks if b.place == block.place and b.row > block.row]
        last = max((row for row, _ in block.grid.cells), default=0) + 1
        block.end = min([*others, max(last, block.row + 1)])
    for block in blocks:
        here = taken[block.place]
        here.add((block.row, block.col))
        if isinstance(block.section, Card):
            _read_card(block, here)
        else:
            _read_table(block, here)
        at = Address(file, block.grid.name, a1(block.row, block.col))
        findings += [
            finding("S206", at, section=block.section.title, field=entry.label)
            for entry in block.missing
        ]
    _name_items(blocks)
    words_of_ours = _our_words(stamp, blocks, plan)
    left_over = {
        place: rest
        for place, grid in grids
        if (rest := list(_left_over(grid, taken[place], words_of_ours, words[place])))
    }
    notes = {
        place: rest
        for place, grid in grids
        if (rest := [note for note in grid.notes if same(note.text) not in words_of_ours])
    }
    return Draft(tuple(blocks), tuple(absent), tuple(findings), left_over, notes)


def _index(grid: Grid) -> dict[str, list[tuple[int, int]]]:
    """Where each short text of a sheet stands, from top to bottom."""
    index: dict[str, list[tuple[int, int]]] = {}
    for place in sorted(grid.cells):
        text = grid.cells[place].text
        if len(text) <= 80:
            index.setdefault(same(text), []).append(place)
    return index


def _heading(
    sheet: Sheet,
    section: Section,
    place: int,
    grid: Grid,
    words: Mapping[str, Sequence[tuple[int, int]]],
) -> tuple[Block, int] | None:
    """The section's heading on a sheet, and how many of its labels stand below it.

    A heading's words may occur elsewhere, as a label or as somebody's answer: the place with most
    of the section's labels below is the heading.
    """
    labels = [same(entry.label) for entry in section.fields]
    best: tuple[int, tuple[int, int]] | None = None
    for row, col in words.get(same(section.title), ()):
        reach = row + _HEADER_REACH + (len(labels) * 12 if isinstance(section, Card) else 0)
        known = sum(
            any(row < below <= reach for below, _ in words.get(label, ())) for label in labels
        )
        if known and (best is None or known > best[0]):
            best = known, (row, col)
    if best is None:
        return None
    (row, col), known = best[1], best[0]
    return Block(section, sheet, grid, place, row, col), known


def _read_card(block: Block, taken: set[tuple[int, int]]) -> None:
    """A card's fields: the first cell with content to the right of each label."""
    fields = block.section.fields
    by_label: dict[str, list[tuple[int, int]]] = {same(entry.label): [] for entry in fields}
    for place in sorted(block.grid.cells):
        row, col = place
        if block.row < row < block.end and len(block.grid.cells[place].text) <= 80:
            word = same(block.grid.cells[place].text)
            if word in by_label:
                by_label[word].append(place)
    columns = Counter(places[0][1] for places in by_label.values() if places)
    usual = columns.most_common(1)[0][0] if columns else 0
    chosen: dict[str, tuple[int, int]] = {}
    for entry in fields:
        places = by_label[same(entry.label)]
        if places:
            chosen[entry.key] = next((p for p in places if p[1] == usual), places[0])
    labels = set(chosen.values())
    taken |= labels
    guides = {same(guide_of(entry)) for entry in fields}
    advice = {place for place, cell in block.grid.cells.items() if same(cell.text) in guides}
    slots = {}
    for entry in fields:
        if entry.key not in chosen:
            continue
        row, col = chosen[entry.key]
        merge = block.grid.block(row, col)
        cell = None
        for line in range(merge.top, merge.bottom + 1):
            cell = _right_of(block.grid, line, merge.right + 1, labels | advice)
            if cell is not None:
                break
        if cell is not None:
            taken.add((cell.row, cell.col))
            slots[entry.key] = Slot(entry, cell.row, cell.col, cell)
        else:
            slots[entry.key] = Slot(entry, row, merge.right + 1, None)
    block.missing = tuple(entry for entry in fields if entry.key not in chosen)
    block.lines = (Line(0, slots),)
    block.labels = chosen


def _right_of(grid: Grid, row: int, col: int, stops: Iterable[tuple[int, int]] = ()) -> Cell | None:
    """The first cell with content on a row from `col` on, up to the next label."""
    end = min((c for r, c in stops if r == row and c >= col), default=None)
    here = [
        cell
        for (r, c), cell in grid.cells.items()
        if r == row and c >= col and (end is None or c < end)
    ]
    return min(here, key=lambda cell: cell.col, default=None)


def _read_table(block: Block, taken: set[tuple[int, int]]) -> None:
    """A table's columns by its header row, and every row below it with something in them."""
    grid, fields = block.grid, block.section.fields
    wanted = {same(entry.label): entry for entry in fields}
    rows: dict[int, list[Cell]] = {}
    for (row, _), cell in sorted(grid.cells.items()):
        if block.row < row < block.end:
            rows.setdefault(row, []).append(cell)
    best: tuple[int, int] | None = None
    for row, cells in rows.items():
        if row > block.row + _HEADER_REACH:
            break
        known = len({same(cell.text) for cell in cells} & wanted.keys())
        if known and (best is None or known > best[0]):
            best = known, row
    if best is None:
        block.missing = fields
        return
    header = best[1]
    columns: dict[str, tuple[int, int]] = {}
    for cell in rows[header]:
        entry = wanted.get(same(cell.text))
        if entry is not None and entry.key not in columns:
            columns[entry.key] = (cell.col, grid.block(header, cell.col).right)
            taken.add((header, cell.col))
    block.missing = tuple(entry for entry in fields if entry.key not in columns)
    block.labels = {key: (header, col) for key, (col, _) in columns.items()}
    origins = _origins(grid, header, block.end)
    section = block.section
    examples = examples_of(section) if isinstance(section, Table) else {}
    examples = {key: same(text) for key, text in examples.items() if text}
    lines = []
    for row in range(header + 1, block.end):
        if row not in rows:
            continue
        slots = {}
        for entry in fields:
            if entry.key in columns:
                slots[entry.key] = _slot(grid, entry, row, *columns[entry.key], origins)
        filled = [slot for slot in slots.values() if slot.cell is not None and not slot.inherited]
        says_so = any(slot.cell and is_example(slot.cell.text) for slot in filled)
        if says_so and all(
            same(slot.cell.text) == examples.get(slot.field.key) for slot in filled if slot.cell
        ):
            taken |= {(row, cell.col) for cell in rows[row] if same(cell.text) in examples.values()}
            header = row  # rows are counted from here
            continue
        repeated = sum(
            same(slot.cell.text) == same(slot.field.label) for slot in filled if slot.cell
        )
        # A row of the header's own words once more, as pasted for a second page, is no row.
        if filled and repeated * 2 < len(filled) + 1:
            taken |= {(slot.row, slot.col) for slot in filled}
            lines.append(Line(row - header, slots))
        if len(lines) > MAX_LINES:
            raise Refusal("F105", reason=f"「{block.section.title}」超過 {MAX_LINES:,} 列")
    block.lines = tuple(lines)


def _origins(grid: Grid, first: int, end: int) -> dict[tuple[int, int], Cell]:
    """For each row that a tall merged block covers, by its first column, the cell it speaks for."""
    origins: dict[tuple[int, int], Cell] = {}
    for merge in grid.merges:
        cell = grid.cells.get((merge.top, merge.left))
        if cell is not None and first < merge.top < merge.bottom:
            rows = range(merge.top + 1, min(merge.bottom + 1, end))
            origins |= dict.fromkeys(((row, merge.left) for row in rows), cell)
            if len(origins) > _MAX_SPOKEN_FOR:
                raise Refusal("F105", reason="合併儲存格過多")
    return origins


def _slot(
    grid: Grid,
    entry: Field,
    row: int,
    first: int,
    last: int,
    origins: Mapping[tuple[int, int], Cell],
) -> Slot:
    for col in range(first, last + 1):
        cell = grid.cells.get((row, col))
        if cell is not None:
            return Slot(entry, row, col, cell)
    above = origins.get((row, first))
    if above is not None:
        return Slot(entry, above.row, above.col, above, inherited=True)
    return Slot(entry, row, first, None)


def _name_items(blocks: Sequence[Block]) -> None:
    """Give every section on an item's sheet that item's 業務編號, from its card or the sheet's name."""
    items: dict[int, str] = {}
    for block in blocks:
        if not block.sheet.per_item:
            continue
        if isinstance(block.section, Card) and block.lines:
            slot = block.lines[0].slots.get("item")
            if slot is not None and slot.cell is not None:
                items.setdefault(block.place, narrow(slot.cell.text))
    for block in blocks:
        if block.sheet.per_item:
            named = re.search(r"\d{2}-\d{2}", narrow(block.grid.name))
            block.of = items.get(block.place) or (named[0] if named else "")


# --- what is left over ----------------------------------------------------------------------


def _our_words(stamp: Stamp, blocks: Sequence[Block], plan: Plan | None) -> frozenset[str]:
    """Every text of ours that may stand on this form, as comparing keys."""
    form = stamp.form
    ours = set(stamp.words)
    for _, section in form.sections():
        ours |= {same(section.title), same(section.note)}
        for entry in section.fields:
            ours |= {same(label_of(entry)), same(guide_of(entry))}
        if isinstance(section, Table):
            ours |= {same(text) for text in examples_of(section).values() if is_example(text)}
    if plan is not None:
        ours |= {same(criterion.meaning) for criterion in plan.criteria}
        unit = stamp.unit if plan.unit(stamp.unit) else ""
        if not stamp.words:
            ours |= own_words(lay_out(form, plan, Lists.of(plan), (), unit))
        name = plan.unit_name(unit or plan.contact_unit)
        for block in blocks:
            slot = block.lines[0].slots.get("name") if block.of and block.lines else None
            item = slot.cell.text if slot is not None and slot.cell is not None else ""
            ours |= {same(f"{name}{block.of}{item}"), same(item), same(block.grid.name)}
        ours.add(same(f"{plan.agency}{plan.year}年{form.title}"))
    return frozenset(ours)


def _left_over(
    grid: Grid,
    taken: set[tuple[int, int]],
    ours: frozenset[str],
    words: Mapping[str, Sequence[tuple[int, int]]],
) -> Iterator[Cell]:
    short_ours = {place for word, places in words.items() if word in ours for place in places}
    for place in sorted(grid.cells.keys() - taken - short_ours):
        cell = grid.cells[place]
        if is_live_text(cell.text) or _is_lost_result(grid, cell):
            continue
        if len(cell.text) <= 80 or same(cell.text) not in ours:
            yield cell
    for box in grid.boxes:
        if same(box.text) not in ours:
            yield box


def _is_lost_result(grid: Grid, cell: Cell) -> bool:
    """Whether a cell is one of our live lines without its words: in an .xls a formula's text is read
    as 0, and an error in a field, itself a finding, spreads to the lines that count it."""
    spread = cell.kind is CellKind.ERROR and not cell.text.startswith(NOT_CALCULATED)
    if not spread and cell.text != "0":
        return False
    block = grid.block(cell.row, cell.col)
    return grid.name == COVER or block.right - block.left >= _LINE_COLUMNS


def name_left_over(draft: Draft, book: Book, file: str) -> Iterator[tuple[int, Finding]]:
    """Findings on what no field took, with the sheet's order: one each, or one for many on a sheet."""
    for code, by_sheet in (("S207", draft.left_over), ("S212", draft.notes)):
        for place, cells in by_sheet.items():
            name = book.sheets[place].name
            if len(cells) <= _FEW:
                for cell in cells:
                    yield place, finding(code, Address(file, name, a1(*cell[:2])), cell.text)
                continue
            listed = "；".join(f"{a1(*cell[:2])} {cell.text}" for cell in cells[:_MANY])
            if len(cells) > _MANY:
                listed += f"；另有 {len(cells) - _MANY:,} 格，請見原檔"
            yield place, finding(code, Address(file, name, a1(*cells[0][:2])), listed)


def photo_field(section: Section) -> Field | None:
    """The field of a table that is a place for a picture."""
    if isinstance(section, Table):
        return next((entry for entry in section.fields if entry.kind is Kind.PHOTO), None)
    return None
