"""What stands in a form: every line with its fields read, its records, its photos.

Whether that is as it should be is for the checks (`intake.checks`), which look at all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from xltool.findings import Finding, finding
from xltool.forms import SETTINGS
from xltool.forms.layout import shown
from xltool.forms.lists import LADDER, Lists
from xltool.forms.schema import Card, Choices, Field, Form, Kind, Sheet, Table, named_by
from xltool.intake.draft import Block, Draft, Line, Slot, photo_field, text_of
from xltool.intake.grid import Anchor, Cell, a1
from xltool.intake.identify import Stamp
from xltool.intake.pictures import SHAPES, Photo, Room, rows_of
from xltool.intake.values import Known, ReadAs, is_placeholder, read_value
from xltool.model import Address, Picture, Record, Spot, Value
from xltool.plan import Plan
from xltool.zh import (
    clean,
    is_annotated,
    is_blank_mark,
    narrow,
    parse_date,
    parse_number,
    same,
    ticked,
)

Placed = tuple[tuple[int, int, int], Finding]
"""A finding with its place (sheet's order, row, column), by which findings are sorted."""

Load = Callable[[Anchor], Photo | str]
"""Loads a photo, or says why not."""

Store = Callable[[bytes], str]
"""Keeps a photo's bytes and returns their SHA-256 (hex)."""


class Standing(Protocol):
    """What stands on a row and column of a sheet: a slot, a section's heading."""

    @property
    def row(self) -> int:
        """Counted from 0."""

    @property
    def col(self) -> int:
        """Counted from 0."""


@dataclass(frozen=True)
class Row:
    """A card, or a row of a table. `read` is by field key, of all that have a place but photos.

    `filled`: somebody filled it, as a card always counts. `record` is None where nothing stands there.
    """

    block: Block
    line: Line
    read: Mapping[str, ReadAs]
    filled: bool
    record: Record | None

    @property
    def slots(self) -> Mapping[str, Slot]:
        """Each field's place by its key."""
        return self.line.slots

    @property
    def values(self) -> Mapping[str, Value]:
        """The values read, by field key; a blank one is absent."""
        return self.record.values if self.record is not None else {}

    def label(self, slot: Slot) -> str:
        """A field for a person: in a row that a list gives, with the row's name (「創新性的評分」)."""
        name = "" if slot.field.given else row_name(self.block, self.line)
        return f"{name}的{slot.field.label}" if name else slot.field.label


@dataclass(frozen=True)
class Part:
    """A section with its rows. `excused`: a unit with nothing to report leaves its sheet alone."""

    block: Block
    rows: tuple[Row, ...]
    excused: bool


@dataclass(frozen=True)
class Laid:
    """A picture as laid on a sheet: its photo, or why it cannot be used; `number` and `caption` are
    its photo row's, `blob` names the bytes kept."""

    anchor: Anchor
    photo: Photo | str
    number: str
    caption: str
    blob: str


@dataclass(frozen=True)
class Album:
    """The photos of a sheet with photo rows. `alone` are captions that no picture goes with, as far as
    the file shows its pictures. `room` is where photos are asked, None where no header tells; `outside`
    are pictures that lie elsewhere, `surplus` those beyond the number asked, `odd` those cut to a shape
    that cannot be drawn."""

    block: Block
    laid: tuple[Laid, ...]
    alone: tuple[Slot, ...]
    room: Room | None
    outside: tuple[Anchor, ...] = ()
    surplus: tuple[Anchor, ...] = ()
    odd: tuple[Anchor, ...] = ()


class Words(NamedTuple):
    """What somebody typed into a cell or a text box, or (`comment`) into a comment on a cell."""

    at: Address
    text: str
    comment: bool = False


@dataclass(frozen=True)
class Content:
    """A returned form as read: all that a check may ask. `known` is what its values were judged by.

    `nil`: the unit says that it has nothing to report. `hides_photos` is the file's format, where
    that keeps pictures out of sight; else empty.
    """

    file: str
    stamp: Stamp
    draft: Draft
    known: Known
    parts: tuple[Part, ...]
    albums: tuple[Album, ...]
    nil: bool
    hides_photos: str

    @property
    def form(self) -> Form:
        """The form, on the year's scale."""
        return self.stamp.form

    def records(self, faulty: Collection[Address] = ()) -> tuple[Record, ...]:
        """What is said, in order. A record tells the places of its blank cells too that are `faulty`;
        of a field without a place, the heading of its section where that is."""
        return tuple(
            self._with_faulty(part.block, row, row.record, faulty) if faulty else row.record
            for part in self.parts
            for row in part.rows
            if row.record is not None
        )

    def _with_faulty(
        self, block: Block, row: Row, record: Record, faulty: Collection[Address]
    ) -> Record:
        blank = {
            key: address(self.file, block, slot.row, slot.col)
            for key, slot in row.slots.items()
            if key not in record.at
        }
        heading = address(self.file, block, block.row, block.col)
        blank |= {entry.key: heading for entry in block.missing if entry.required}
        told = {key: at for key, at in blank.items() if at in faulty}
        return replace(record, at={**record.at, **told}) if told else record

    def pictures(self) -> tuple[Picture, ...]:
        """The photos that can be used, in order."""
        return tuple(
            Picture(
                *(laid.blob, laid.photo.kind, laid.photo.width, laid.photo.height),
                at=address(self.file, album.block, laid.anchor.row or 0, laid.anchor.col),
                of=album.block.of,
                caption=laid.caption,
            )
            for album in self.albums
            for laid in album.laid
            if isinstance(laid.photo, Photo)
        )

    def spots(self) -> Mapping[Address, Spot]:
        """What the cells are, a section's heading too; blank rows give way to the next filled one."""
        spots: dict[Address, Spot] = {}
        for part in self.parts:
            index, block = 0, part.block
            if not block.more:
                heading = address(self.file, block, block.row, block.col)
                spots[heading] = Spot(block.section.key, "", block.of)
            for row in part.rows:
                block, name = part.block, row_name(part.block, row.line)
                for key, slot in row.slots.items():
                    spot = Spot(block.section.key, key, block.of, 0 if name else index, name)
                    spots.setdefault(address(self.file, block, slot.row, slot.col), spot)
                index += row.filled
        return spots

    def retyped(self, row: Row) -> Iterator[Slot]:
        """What is typed over a number or a name of a row that nobody filled."""
        table, unit = row.block.section, self.known.unit
        if not isinstance(table, Table):
            return
        ours: set[str] = set()
        if table.rows_from is not None:
            ours |= {same(name) for name in self.known.lists.named(table.rows_from)}
        for entry in table.fields:
            last = len(row.block.lines) + table.rows
            numbers = range(1, last + 1) if entry.numbered else ()
            ours |= {same(entry.numbered.format(unit=unit, n=n)) for n in numbers}
        key = row.slots.get(table.fields[0].key)
        known = key is not None and key.cell is not None and same(key.cell.text) in ours
        for slot in row.slots.values():
            if slot.cell is None or slot.inherited or not slot.field.given:
                continue
            if not unit and "{unit}" in slot.field.numbered:
                continue  # numbers of a unit that nobody knows
            # What stands beside a known name is in the row's record.
            if same(slot.cell.text) not in ours and (slot is key or not known):
                yield slot

    def typed(self) -> Iterator[Words]:
        """All that somebody typed, wherever: in fields, in rows that are none, beside them, in comments.
        What a row was prepared with is not among it."""
        for part in self.parts:
            block = part.block
            for row in part.rows:
                slots = [slot for slot in row.slots.values() if is_typed(slot)]
                if row.record is None or not row.filled:
                    beside = row.record.at if row.record is not None else {}
                    retyped = {slot.col for slot in self.retyped(row)}
                    slots = [
                        slot
                        for slot in slots
                        if not slot.field.given or slot.col in retyped or slot.field.key in beside
                    ]
                yield from (self._words(block, slot) for slot in slots)
            for aside in block.asides:
                yield from (self._words(block, slot) for slot in aside.slots)
            yield from () if block.more else self._noted(block)
        for rest in self.draft.left_over:
            for cells, comment in ((rest.cells, False), (rest.notes, True)):
                for cell in cells:
                    at = Address(self.file, rest.sheet, a1(cell.row, cell.col))
                    yield Words(at, cell.text, comment)
            yield from (Words(Address(self.file, rest.sheet), one.text) for one in rest.margins)

    def _noted(self, block: Block) -> Iterator[Words]:
        """Headings and labels to which somebody added a note: all but the note is ours."""
        ours = {entry.key: entry.label for entry in block.section.fields}
        places = [(block.section.title, (block.row, block.col))]
        for title, place in (*places, *((ours[key], at) for key, at in block.labels.items())):
            cell = block.grid.cells.get(place)
            if cell is not None and same(cell.text) != same(title):
                yield Words(address(self.file, block, *place), cell.text)

    def _words(self, block: Block, slot: Slot) -> Words:
        return Words(address(self.file, block, slot.row, slot.col), text_of(slot))

    def may_lack(self, sheet: Sheet) -> bool:
        """Whether a file without this sheet has no fault."""
        return (
            sheet.optional
            or (self.nil and _is_excused(self.form, sheet))
            or (sheet.per_item and self._has_no_items())
        )

    def _has_no_items(self) -> bool:
        """Whether it is known that the unit has no items, so that it got no sheets for them."""
        lists = self.known.lists
        return Choices.ITEMS in lists.known and not lists.named(Choices.ITEMS)

    def together(self, part: Part) -> Sequence[Part]:
        """The parts of a table that goes on elsewhere, the first of which this is; else nothing."""
        if part.block.more:
            return ()
        return (part, *(one for one in self.parts if one.block.goes_on_with(part.block)))

    def item_cards(self) -> Iterator[Block]:
        """The cards on the items' sheets."""
        for block in self.draft.blocks:
            if block.sheet.per_item and isinstance(block.section, Card):
                yield block

    def found(
        self, code: str, block: Block, there: Standing, value: object = "", **words: object
    ) -> Placed:
        """A finding on a cell of a section's sheet, with its place."""
        return self.found_at(code, block, there.row, there.col, value, **words)

    def found_at(
        self, code: str, block: Block, row: int, col: int, value: object = "", **words: object
    ) -> Placed:
        """The same by row and column."""
        at = address(self.file, block, row, col)
        return (block.place, row, col), finding(code, at, value, **words)


def read_content(
    draft: Draft,
    stamp: Stamp,
    file: str,
    plan: Plan | None,
    lists: Lists,
    *,
    load: Load | None,
    store: Store,
    hides_photos: str = "",
    saved: str = "",
) -> Content:
    """Read a form as found. `load` is None where the file hides its pictures; `saved` is its stamp."""
    unit = stamp.unit if plan is None or plan.unit(stamp.unit) else ""
    this_year = (
        plan is not None and stamp.year in (plan.year, None) and stamp.form.key != SETTINGS.key
    )
    known = Known(plan, lists, unit, stamp.form if this_year else None, saved)
    nil = _says_nil(stamp.form, draft)
    lines = _Lines(file, known, stamp.given or {})
    parts = tuple(
        Part(block, tuple(lines.rows(block)), nil and _is_excused(stamp.form, block.sheet))
        for block in draft.blocks
    )
    albums = {}
    for block in draft.blocks:
        if photo_field(block.section) is not None and block.place not in albums:
            albums[block.place] = _album(block, draft, load, store)
    return Content(
        *(file, stamp, draft, known, parts, tuple(albums.values())), nil, hides_photos=hides_photos
    )


def address(file: str, block: Block, row: int, col: int) -> Address:
    """Where a cell of a section's sheet is."""
    return Address(file, block.grid.name, a1(row, col))


def row_name(block: Block, line: Line) -> str:
    """The name of a row that a list gives, as it stands there; empty for any other line."""
    section = block.section
    if not isinstance(section, Table) or section.rows_from is None:
        return ""
    slot = line.slots.get(section.fields[0].key)
    return clean(slot.cell.text) if slot is not None and slot.cell is not None else ""


def known_by(block: Block, line: Line) -> str:
    """What tells a row that we filled from the others, as it stands there; empty for any other line."""
    entry = named_by(block.section) if isinstance(block.section, Table) else None
    slot = line.slots.get(entry.key) if entry is not None else None
    return clean(slot.cell.text) if slot is not None and slot.cell is not None else ""


def is_typed(slot: Slot) -> bool:
    """Whether somebody typed something here that is no mere blank."""
    return slot.cell is not None and not slot.inherited and bool(clean(slot.cell.text))


def is_answered(line: Line) -> bool:
    """Whether something is typed into a line that is not given."""
    return any(is_typed(slot) and not slot.field.given for slot in line.slots.values())


def says_nothing(line: Line) -> Slot | None:
    """The cell of a row that only says 無 or 以下空白, if that is all that somebody typed."""
    typed = [slot for slot in line.slots.values() if is_typed(slot) and not slot.field.given]
    if len(typed) == 1 and is_blank_mark(text_of(typed[0]), row=True):
        return typed[0]
    return None


def own_lists(draft: Draft) -> Lists:
    """The lists that a form declares itself (年度設定), from what stands in it unchecked."""
    return Lists.of_settings(
        record
        for block in draft.blocks
        if block.section.key == LADDER
        for record in _unchecked(block)
    )


def _unchecked(block: Block) -> Iterable[Record]:
    for line in block.lines:
        values: dict[str, Value] = {
            key: narrow(slot.cell.text) for key, slot in line.slots.items() if slot.cell
        }
        if values:
            yield Record(block.section.key, values)


def _says_nil(form: Form, draft: Draft) -> bool:
    if form.nil is None:
        return False
    for block in draft.blocks:
        if block.section.key == form.nil.section and block.lines:
            slot = block.lines[0].slots.get(form.nil.field)
            if slot is not None and slot.cell is not None:
                options = slot.field.choices if isinstance(slot.field.choices, tuple) else ()
                said = ticked(slot.cell.text, options) or slot.cell.text
                return same(said) == same(form.nil.value)
    return False


def _is_excused(form: Form, sheet: Sheet) -> bool:
    """Whether a unit with nothing to report leaves this sheet alone: all but the one saying so."""
    nil = form.nil
    return nil is not None and all(section.key != nil.section for section in sheet.sections)


# --- lines ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Lines:
    """Reads the lines of a form's sections. `given` is what its given cells were issued with; `used` are
    the words of a table's rows so far, by section and item."""

    file: str
    known: Known
    given: Mapping[Spot, str]
    used: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def rows(self, block: Block) -> Iterator[Row]:
        """The rows of a section: a card's one, or every line of a table."""
        if isinstance(block.section, Card):
            yield self._row(block, block.lines[0], filled=True)
            return
        used = self.used.setdefault((block.section.key, block.of), set())
        used |= {same(text_of(slot)) for line in block.lines for slot in line.slots.values()}
        for line in block.lines:
            if is_answered(line) and says_nothing(line) is None:
                yield self._row(block, self._numbered(line, used), filled=True)
            else:
                yield self._row(block, line, filled=False)

    def _row(self, block: Block, line: Line, *, filled: bool) -> Row:
        slots = {k: slot for k, slot in line.slots.items() if slot.field.kind is not Kind.PHOTO}
        read = {k: read_value(slot.field, slot.cell, self.known) for k, slot in slots.items()}
        if (name := self._listed_name(block, line)) is not None:
            said = row_name(block, line)
            read[block.section.fields[0].key] = ReadAs(name, noted=same(said) != same(name))
        issued = self._typed_over(block, line, read)
        says = filled or issued or self._stands_beside(block, line)
        record = self._record(block, slots, read, issued) if says else None
        return Row(block, line, read, filled, record)

    def _listed_name(self, block: Block, line: Line) -> str | None:
        """The list's own name for a row that a list gives, where somebody added a mark or a note to it;
        None where it stands as listed, or is none of the list's."""
        table = block.section
        name = row_name(block, line)
        if not isinstance(table, Table) or table.rows_from is None or not name:
            return None
        listed = self.known.lists.named(table.rows_from)
        for one in listed:
            if same(one) == same(name):
                return one if one != name else None
        there = {same(row_name(block, one)) for one in block.lines}
        alike = [one for one in listed if is_annotated(name, one) and same(one) not in there]
        return alike[0] if len(alike) == 1 else None

    def _stands_beside(self, block: Block, line: Line) -> bool:
        """Whether something given stands beside the name of a row that a list gives: though nobody
        filled the row, it may be typed over."""
        section = block.section
        if not isinstance(section, Table) or section.rows_from is None:
            return False
        beside = [line.slots[one.key] for one in section.fields[1:] if one.key in line.slots]
        return any(slot.field.given and is_typed(slot) for slot in beside)

    def _record(
        self,
        block: Block,
        slots: Mapping[str, Slot],
        read: Mapping[str, ReadAs],
        issued: Mapping[str, str],
    ) -> Record | None:
        at = {
            key: address(self.file, block, slot.row, slot.col)
            for key, slot in slots.items()
            if slot.cell is not None or key in issued
        }
        values = {key: one.value for key, one in read.items() if one.value is not None}
        raw = {
            key: slot.cell.text
            for key, slot in slots.items()
            if slot.cell is not None and shown(read[key].value) != slot.cell.text
        }
        if not values and not raw and not issued:
            return None
        return Record(block.section.key, values, block.of, at, raw, issued)

    def _typed_over(
        self, block: Block, line: Line, read: Mapping[str, ReadAs]
    ) -> Mapping[str, str]:
        """The given cells that hold something else than was issued, with what was."""
        found = {}
        name = same(known_by(block, line))
        for key, one in read.items() if self.given else ():
            slot = line.slots[key]
            if not (slot.field.given or slot.field.offered):
                continue
            before = self.given.get(Spot(block.section.key, key, block.of, 0, name))
            if before is None:
                continue
            before = "" if is_placeholder(slot.field, before) else before
            if not _still_says(slot.field, before, text_of(slot), shown(one.value)):
                found[key] = before
        return found

    def _numbered(self, line: Line, used: set[str]) -> Line:
        """The row with its number, where a person added the row and left the number blank."""
        slots = dict(line.slots)
        for key, slot in line.slots.items():
            if slot.field.numbered and slot.cell is None:
                n = line.number
                while same(slot.field.numbered.format(unit=self.known.unit, n=n)) in used:
                    n += 1
                text = slot.field.numbered.format(unit=self.known.unit, n=n)
                used.add(same(text))
                slots[key] = Slot(slot.field, slot.row, slot.col, Cell(slot.row, slot.col, text))
        return Line(line.number, slots)


def _still_says(entry: Field, issued: str, *found: str) -> bool:
    """Whether a given cell still says what was issued, in one of the ways of reading it; a number or a
    date may be written otherwise, in prose it is a word like any other (60% is not 60)."""
    if same(issued) in map(same, found):
        return True
    return entry.kind is not Kind.LONG and any(
        (read := parse(issued)) is not None and read in map(parse, found)
        for parse in (parse_number, parse_date)
    )


# --- photos -----------------------------------------------------------------------------------


def _album(block: Block, draft: Draft, load: Load | None, store: Store) -> Album:
    """Give each picture that lies where photos are asked its photo row and caption."""
    captions: dict[int, Slot] = {}
    rows: dict[int, Line] = {}
    for line in block.lines:
        row = max(slot.row for slot in line.slots.values())
        rows[row] = line
        caption = line.slots.get("caption")
        if caption is not None and is_typed(caption):
            captions[row] = caption
    room = _room(block, draft, max(rows, default=0))
    outside, odd, surplus = [], [], []
    anchors: list[Anchor] = []
    for anchor in block.grid.pictures:
        if room is None or not room.holds(anchor):
            outside.append(anchor)
        elif anchor.look.outline and anchor.look.outline not in SHAPES:
            odd.append(anchor)
        else:
            anchors.append(anchor)
    loaded = ["圖檔無法讀取" if load is None else load(anchor) for anchor in anchors]
    if room is not None and len(anchors) > room.most:
        kept = _first_in_order(anchors, loaded, room.most)
        surplus = [anchor for at, anchor in enumerate(anchors) if at not in kept]
        anchors, loaded = [anchors[at] for at in kept], [loaded[at] for at in kept]
    chosen = rows_of(anchors, sorted(rows), set(captions)) if rows else [-1] * len(anchors)
    laid = []
    for number, (anchor, photo, row) in enumerate(zip(anchors, loaded, chosen, strict=True), 1):
        blob = store(photo.data) if isinstance(photo, Photo) else ""
        caption = captions.get(row)
        text = clean(text_of(caption)) if caption is not None else ""
        laid.append(Laid(anchor, photo, _photo_number(rows.get(row), number), text, blob))
    alone: Sequence[Slot] = ()
    if load is not None:
        alone = [caption for row, caption in captions.items() if row not in chosen]
    return Album(*(
        block,
        tuple(laid),
        tuple(alone),
        room,
        tuple(outside),
        tuple(surplus),
        tuple(odd),
    ))


def _room(block: Block, draft: Draft, last: int) -> Room | None:
    """Where the sheet asks for photos: also on rows that are blank altogether, up to the next section."""
    entry = photo_field(block.section)
    label = block.labels.get(entry.key) if entry is not None else None
    if label is None or not isinstance(block.section, Table):
        return None
    header, left = label
    below = [b.row for b in draft.blocks if b.place == block.place and b.row > block.row]
    most = block.section.rows
    end = min([header + most, *(row - 1 for row in below)])
    return Room(header, max(last, end), left, block.grid.block(header, left).right, most)


def _first_in_order(
    anchors: Sequence[Anchor], loaded: Sequence[Photo | str], most: int
) -> Sequence[int]:
    """Which pictures are the first so many as one looks down the sheet, of those that can be used."""
    order = sorted(
        range(len(anchors)),
        key=lambda at: (isinstance(loaded[at], str), anchors[at].row or 0, anchors[at].col, at),
    )
    return sorted(order[:most])


def _photo_number(line: Line | None, number: int) -> str:
    """The number that a photo's row bears, else the photo's own."""
    slot = line.slots.get("no") if line is not None else None
    return slot.cell.text if slot is not None and slot.cell is not None else str(number)
