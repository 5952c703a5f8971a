"""From cells to fields: where each thing asked stands in a workbook.

A section is found by its heading, a card's field by its label, a table's column by its header
text: on whatever sheet, row and column they stand. So inserted rows and columns, renamed sheets and
renamed files survive. Every cell that no field took and that holds no words of ours is left over,
to be named in a finding: nothing typed is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from xltool.forms.layout import LISTS, LIVE, META, examples_of, guide_of, is_advice, is_example
from xltool.forms.schema import Card, Field, Form, Section, Sheet, Table
from xltool.intake.asides import looks_aside, words_of
from xltool.intake.continued import HEADER_REACH, continued, is_beside, leave_out_twice
from xltool.intake.draft import (
    Aside,
    AsideKind,
    Block,
    Draft,
    LeftOver,
    Line,
    Slot,
    by_row,
    right_of,
)
from xltool.intake.grid import MAX_COL, Book, Cell, Grid
from xltool.intake.guard import Refusal
from xltool.intake.identify import Stamp
from xltool.intake.left_over import left_over_on, our_words, ticks_left_over
from xltool.model import Spot
from xltool.patterns import pattern
from xltool.plan import Plan
from xltool.zh import is_annotated, narrow, same, unnoted

_OURS = pattern(rf"(?:{META}|{LISTS}|{LIVE})(?: \(\d+\))?", re.IGNORECASE)
"""Hidden sheets of ours; a workbook into which another's sheets were copied has a second of each."""
MAX_LINES = 2_000  # rows of one table
_GOES_ON = pattern(r"^[(\[【]?接?續|\s[(\[【]?[續接承]")
_GOING_ON = pattern(r"[(（\[【]?\s*(?:接續|[續接承])[上前頁表]*[一二三四五\d]?\s*[)）\]】]?")
_MAX_SPOKEN_FOR = 50_000  # rows that tall merged blocks cover


def locate(
    book: Book, stamp: Stamp, plan: Plan | None, apart: Collection[str] = frozenset()
) -> Draft:
    """Find every section of the form, its fields and lines, and what is left over.

    Sheets named in `apart` are another form's: nothing is sought there, all that stands there is left over.
    """
    form = stamp.form
    grids = [(n, g) for n, g in enumerate(book.sheets) if not is_ours(g.name)]
    for _, grid in grids:
        if grid.struck:
            _keep_our_words(grid, form)
    words = {place: _index(grid) for place, grid in grids}
    in_question = [(place, grid) for place, grid in grids if grid.name not in apart]
    blocks: list[Block] = []
    absent: list[tuple[Sheet, Section]] = []
    for sheet in form.sheets:
        for section, found in _headings(sheet, in_question, words):
            if not found:
                absent.append((sheet, section))
            elif sheet.per_item:
                blocks += [block for block, _ in found]
            else:
                blocks.append(max(found, key=lambda pair: pair[1])[0])
    more = list(continued(form, blocks, in_question, words))
    blocks += more
    order = {sheet.title: number for number, sheet in enumerate(form.sheets)}
    blocks.sort(
        key=lambda block: (
            order[block.sheet.title],
            block.more and not block.sheet.per_item,
            block.place,
            block.row,
        )
    )
    taken: dict[int, set[tuple[int, int]]] = {place: set() for place, _ in grids}
    ends = {place: max((row for row, _ in grid.cells), default=0) + 1 for place, grid in grids}
    for block in blocks:
        others = [b.row for b in blocks if b.place == block.place and b.row > block.row]
        if more:
            others = [row for row in others if not is_beside(block, row, more, words[block.place])]
        block.end = min([*others, max(ends[block.place], block.row + 1)])
    for block in blocks:
        here = taken[block.place]
        here.add((block.row, block.col))
        if isinstance(block.section, Card):
            _read_card(block, here, stamp.words)
        else:
            _read_table(block, here)
    _name_items(blocks, stamp)
    leave_out_twice(blocks)
    words_of_ours = our_words(stamp, blocks, plan)
    printed = words_of_ours.union(*words.values())  # above each page: whose it is, and what
    left_over = []
    for place, grid in grids:
        cells = list(left_over_on(grid, taken[place], words_of_ours, words[place]))
        notes = [note for note in grid.notes if same(note.text) not in words_of_ours]
        drawn = [*grid.drawn, *ticks_left_over(grid, taken[place])]
        rest = LeftOver(place, grid.name, cells, notes, drawn, grid.pictures)
        margins = tuple(one for one in grid.margins if same(one.text) not in printed)
        rest = replace(rest, replaced=grid.replaced, struck=tuple(grid.struck), margins=margins)
        left_over.append(rest)
    withheld = tuple((place, grid.name, cell) for place, grid in grids for cell in grid.withheld)
    return Draft(tuple(blocks), tuple(absent), tuple(left_over), withheld)


def _keep_our_words(grid: Grid, form: Form) -> None:
    """Put back headings and labels that were struck out with what stands beside them: without them it
    could not be told what was."""
    ours = {same(section.title) for _, section in form.sections()}
    ours |= {same(entry.label) for _, section in form.sections() for entry in section.fields}
    for cell in [one for one in grid.struck if (one.row, one.col) not in grid.cells]:
        if same(cell.text) in ours:
            grid.cells[cell.row, cell.col] = cell
            grid.struck.remove(cell)


def is_ours(name: str) -> bool:
    """Whether a sheet of that name is a hidden one of ours, on which nobody fills in anything."""
    return _OURS.fullmatch(name.strip()) is not None


def _index(grid: Grid) -> dict[str, list[tuple[int, int]]]:
    """Where each short text of a sheet stands, from top to bottom."""
    index: dict[str, list[tuple[int, int]]] = {}
    for place in sorted(grid.cells):
        text = grid.cells[place].text
        if len(text) <= 80:
            index.setdefault(same(text), []).append(place)
    return index


def _headings(
    sheet: Sheet,
    grids: Sequence[tuple[int, Grid]],
    words: Mapping[int, Mapping[str, Sequence[tuple[int, int]]]],
) -> Iterator[tuple[Section, Sequence[tuple[Block, int]]]]:
    """The sections of a form's sheet, each with its headings. One that says that the section goes on is
    its heading where it has no other: nowhere, or not on an item's own sheet."""

    def on(section: Section, places: Collection[int], *, goes_on: bool) -> list[tuple[Block, int]]:
        here = (one for one in grids if one[0] in places)
        found = (_heading(sheet, section, *one, words[one[0]], goes_on=goes_on) for one in here)
        return [one for one in found if one is not None]

    everywhere = [place for place, _ in grids]
    own = {section.key: on(section, everywhere, goes_on=False) for section in sheet.sections}
    having = {key: {block.place for block, _ in found} for key, found in own.items()}
    items = set().union(*having.values()) if sheet.per_item else set()
    for section in sheet.sections:
        lacking = items - having[section.key] if own[section.key] else everywhere
        yield section, own[section.key] + on(section, lacking, goes_on=True)


def _heading(
    sheet: Sheet,
    section: Section,
    place: int,
    grid: Grid,
    words: Mapping[str, Sequence[tuple[int, int]]],
    *,
    goes_on: bool,
) -> tuple[Block, int] | None:
    """The section's heading on a sheet, and how many of its labels stand below it; with `goes_on` one
    that says that the section goes on.

    A heading's words may occur elsewhere, as a label or as somebody's answer: the place with most
    of the section's labels below is the heading.
    """
    labels = [same(entry.label) for entry in section.fields]
    best: tuple[int, tuple[int, int]] | None = None
    own = words.get(same(section.title), ())
    noted = _noted_titles(section.title, grid, words, goes_on=goes_on)
    for row, col in chain(own, noted):
        if best is not None and (row, col) not in own and best[0] * 2 >= len(labels):
            break  # it stands as it was issued
        reach = row + HEADER_REACH + (len(labels) * 12 if isinstance(section, Card) else 0)
        known = sum(
            any(row < below <= reach for below, _ in words.get(label, ())) for label in labels
        )
        if known and (best is None or known > best[0]):
            best = known, (row, col)
    if best is None:
        return None
    (row, col), known = best[1], best[0]
    return Block(section, sheet, grid, place, row, col), known


def _noted_titles(
    title: str, grid: Grid, words: Mapping[str, Sequence[tuple[int, int]]], *, goes_on: bool
) -> Iterator[tuple[int, int]]:
    """Where a section's title stands with a person's note behind it: without one that says that the
    section goes on（續）, or (`goes_on`) with such a one."""
    whole, own = same(title), unnoted(title)
    for word, places in words.items():
        if own not in word:
            continue
        beside = word.replace(whole if whole in word else own, " ")
        if goes_on == bool(_GOES_ON.search(beside)):
            for place in places:
                text = grid.cells[place].text
                if is_annotated(_GOING_ON.sub("", text) if goes_on else text, title):
                    yield place


def _read_card(block: Block, taken: set[tuple[int, int]], ours: Collection[str]) -> None:
    """A card's fields: the first cell with content to the right of each label. What we advised beside it
    is no answer, also as an earlier form had it: those are `ours`, what was printed on this one."""
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
    guides = {same(guide_of(entry)) for entry in fields}
    advice = {
        place
        for place, cell in block.grid.cells.items()
        if same(cell.text) in guides or (is_advice(cell.text) and same(cell.text) in ours)
    }
    lines = by_row(block.grid)
    chosen: dict[str, tuple[int, int]] = {}
    for entry in fields:
        places = by_label[same(entry.label)] or _noted(block, entry, usual, lines, advice)
        if places:
            chosen[entry.key] = next((p for p in places if p[1] == usual), places[0])
    labels = set(chosen.values())
    taken |= labels
    stops: dict[int, list[int]] = {}
    for row, col in labels | advice:
        stops.setdefault(row, []).append(col)
    slots = {}
    for entry in fields:
        if entry.key not in chosen:
            continue
        row, col = chosen[entry.key]
        merge = block.grid.block(row, col)
        cell = None
        for line in range(merge.top, merge.bottom + 1):
            cell = right_of(lines.get(line, ()), merge.right + 1, stops.get(line, ()))
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


def _noted(
    block: Block,
    entry: Field,
    col: int,
    lines: Mapping[int, Sequence[Cell]],
    advice: Collection[tuple[int, int]],
) -> Sequence[tuple[int, int]]:
    """Where a label of a card stands with a person's note behind it, if in one place alone. What stands
    behind a mere blank is a note only where the answer stands beside."""
    found = []
    for row in range(block.row + 1, block.end):
        cell = block.grid.cells.get((row, col))
        if cell is not None and is_annotated(cell.text, entry.label):
            beside = right_of(lines[row], col + 1)
            answered = beside is not None and (row, beside.col) not in advice
            if is_annotated(cell.text, entry.label, blank=answered):
                found.append((row, col))
    return found if len(found) == 1 else ()


def _read_table(block: Block, taken: set[tuple[int, int]]) -> None:
    """A table's columns by its header row, and every row below it with something in them."""
    grid, fields = block.grid, block.section.fields
    wanted = {same(entry.label): entry for entry in fields}
    rows: dict[int, list[Cell]] = {}
    first = block.row if block.more else block.row + 1
    for (row, _), cell in sorted(grid.cells.items()):
        if first <= row < block.end:
            rows.setdefault(row, []).append(cell)
    header, left, right = block.header or (_header_row(block, rows, wanted), 0, MAX_COL)
    if header is None:
        block.missing = fields
        return
    columns: dict[str, tuple[int, int]] = {}
    for cell in rows[header]:
        entry = wanted.get(same(cell.text))
        if entry is not None and entry.key not in columns and left <= cell.col <= right:
            columns[entry.key] = (cell.col, grid.block(header, cell.col).right)
            taken.add((header, cell.col))
    noted = [c for c in rows[header] if (header, c.col) not in taken and left <= c.col <= right]
    for entry in fields:
        alike = [cell for cell in noted if is_annotated(cell.text, entry.label)]
        if entry.key not in columns and len(alike) == 1:
            columns[entry.key] = (alike[0].col, grid.block(header, alike[0].col).right)
            taken.add((header, alike[0].col))
    block.missing = tuple(entry for entry in fields if entry.key not in columns)
    block.labels = {key: (header, col) for key, (col, _) in columns.items()}
    origins = _origins(grid, header, block.end)
    section = block.section
    examples = examples_of(section) if isinstance(section, Table) else {}
    examples = {key: same(text) for key, text in examples.items() if text}
    lines: list[Line] = []
    asides: list[Aside] = []
    answered = False
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
            block.shows_example = True
            header = row  # rows are counted from here
            continue
        repeated = sum(
            same(slot.cell.text) == same(slot.field.label) for slot in filled if slot.cell
        )
        # A row of the header's own words once more, as pasted for a second page, is no row.
        if filled and repeated * 2 < len(filled) + 1:
            taken |= {(slot.row, slot.col) for slot in filled}
            line = Line(row - header, slots)
            above = asides[-1].kind if asides and asides[-1].row == row - 1 else None
            kind = looks_aside(section, line, grid, rows_above=answered, below=above)
            if kind is AsideKind.CONTINUED:
                kind = AsideKind.CONTINUED if _goes_on(lines, line) else None
            if kind is None:
                lines.append(line)
                answered = answered or any(not slot.field.given for slot in filled)
            else:
                asides.append(Aside(kind, words_of(line)))
        if len(lines) > MAX_LINES:
            raise Refusal("F105", reason=f"「{block.section.title}」超過 {MAX_LINES:,} 列")
    block.lines, block.asides = tuple(lines), tuple(asides)


def _goes_on(lines: list[Line], more: Line) -> bool:
    """Write the words of a row on to the cell above them, if one has words there."""
    [slot] = words_of(more)
    above = lines[-1].slots.get(slot.field.key) if lines else None
    if above is None or above.cell is None or above.inherited or slot.cell is None:
        return False
    has_number = any(one.cell is not None and one is not slot for one in more.slots.values())
    if has_number or lines[-1].number + 1 != more.number:
        return False
    between = "" if slot.field.one_line else "\n"
    text = f"{above.cell.text}{between}{slot.cell.text}"
    cell = above.cell._replace(text=text, look=above.cell.look or slot.cell.look)
    slots = {**lines[-1].slots, slot.field.key: replace(above, cell=cell)}
    lines[-1] = replace(lines[-1], slots=slots)
    return True


def _header_row(
    block: Block, rows: Mapping[int, Sequence[Cell]], wanted: Mapping[str, Field]
) -> int | None:
    """The row near a table's heading with most of its columns' labels."""
    best: tuple[int, int] | None = None
    for row, cells in rows.items():
        if row > block.row + HEADER_REACH:
            break
        known = len({same(cell.text) for cell in cells} & wanted.keys())
        if known and (best is None or known > best[0]):
            best = known, row
    return best[1] if best else None


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


def _name_items(blocks: Sequence[Block], stamp: Stamp) -> None:
    """Give every section on an item's sheet that item's 業務編號, from its card or the sheet's name.

    A sheet that was issued for an item and still bears its name stays that item's when its number was
    typed over, unless what else was given on it is now another item's: a whole sheet pasted over it.
    """
    given = stamp.given or {}
    cards: dict[int, Block] = {}
    placed: set[int] = set()
    for block in blocks:
        if block.sheet.per_item and isinstance(block.section, Card):
            placed.add(block.place)
            if _typed_number(block):
                cards.setdefault(block.place, block)
    issued = {spot.of for spot in given if spot.of}
    for block in blocks:
        if block.sheet.per_item:
            card = cards.get(block.place)
            typed = _typed_number(card) if card else ""
            named = _number_in_name(block)
            if card and named in issued and _bears(block, named):
                stays = _still_given(card, given, named) >= _still_given(card, given, typed)
                block.of = named if stays else typed
            else:
                block.of = typed or named
            block.alone = block.place not in placed
    _tell_copies_apart(blocks, cards.values(), stamp)
    _adopt(blocks)


def _number_in_name(block: Block) -> str:
    found = re.search(r"\d{2}-\d{2}", narrow(block.grid.name))
    return found[0] if found else ""


def _bears(block: Block, item: str) -> bool:
    """Whether the block's sheet has the very name of that item's."""
    return bool(item) and block.sheet.title.format(item=item) == block.grid.name.strip()


def _tell_copies_apart(blocks: Sequence[Block], cards: Iterable[Block], stamp: Stamp) -> None:
    """A sheet copied for another item and renamed for it, whose number could not be typed over because it
    is locked: its name tells, where the item that its number says has a sheet of that name, and the one
    that its own name says was issued none."""
    if stamp.given is None:
        return  # nobody knows which sheets were issued
    issued = {spot.of for spot in stamp.given}
    own = {card.of for card in cards if _bears(card, card.of)}
    taken = {card.of for card in cards}
    for card in cards:
        named = _number_in_name(card)
        copied = card.of in own and named not in taken | issued and _bears(card, named)
        if copied and named.startswith(stamp.unit):
            for block in blocks:
                if block.place == card.place and block.sheet.per_item:
                    block.of = named


def _adopt(blocks: Sequence[Block]) -> None:
    """A section that stands alone on some sheet is the item's that lacks it, where only one does."""
    items = {block.of for block in blocks if block.of and not block.alone and block.sheet.per_item}
    nameless = [block for block in blocks if block.alone and not block.of and not block.more]
    for block in nameless:
        alike = [one for one in nameless if one.section is block.section]
        lacking = items - {one.of for one in blocks if one.section is block.section}
        if len(alike) == len(lacking) == 1:
            [block.of] = lacking


def _typed_number(card: Block) -> str:
    slot = card.lines[0].slots.get("item") if card.lines else None
    return narrow(slot.cell.text) if slot is not None and slot.cell is not None else ""


def _still_given(card: Block, given: Mapping[Spot, str], item: str) -> int:
    """How many cells of a card, its number aside, hold what was given for the item."""
    slots = card.lines[0].slots
    return sum(
        (slot := slots.get(spot.field)) is not None
        and slot.cell is not None
        and same(slot.cell.text) == same(text)
        for spot, text in given.items()
        if (spot.section, spot.of) == (card.section.key, item) and spot.field != "item"
    )
