"""From fields to records: each value normalised and checked against its declaration.

Every check derives from the declared form; none names a form. A blank required field gives one
finding and silences the others on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xltool.findings import Finding, finding
from xltool.forms.layout import shown
from xltool.forms.lists import Lists
from xltool.forms.schema import (
    Card,
    Choices,
    Field,
    Form,
    Kind,
    Sheet,
    Table,
)
from xltool.intake.draft import Block, Draft, Line, Slot, photo_field
from xltool.intake.grid import Anchor, Cell, a1
from xltool.intake.pictures import BLURRED_BELOW, Photo, rows_of
from xltool.intake.values import SHOWN_CHOICES, Known, is_placeholder, read_value
from xltool.model import Address, Picture, Record, Spot, Value
from xltool.plan import Plan
from xltool.zh import (
    clean,
    is_blank_mark,
    narrow,
    parse_date,
    parse_number,
    same,
    traditional,
)

Placed = tuple[tuple[int, int, int], Finding]
"""A finding with its place (sheet's order, row, column), by which findings are sorted."""

_PROSE = 8  # characters from which the same text is no coincidence


@dataclass
class Checked:
    """What a draft holds after checking."""

    records: list[Record] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    findings: list[Placed] = field(default_factory=list)
    spots: dict[Address, Spot] = field(default_factory=dict)
    nil: bool = False


class Checker:
    """Checks one draft of one form. `lists` are the year's, `given` what its given cells were issued
    with, empty where nobody knows.

    `pictures` loads a photo or says why not; None where the file's format hides them. `store` keeps
    a photo's bytes and names them.
    """

    def __init__(
        self,
        form: Form,
        draft: Draft,
        file: str,
        *,
        unit: str,
        plan: Plan | None,
        lists: Lists,
        given: Mapping[Spot, str],
        pictures: Callable[[Anchor], Photo | str] | None,
        store: Callable[[bytes], str],
    ) -> None:
        self.form, self.draft, self.file, self.unit = form, draft, file, unit
        self.plan, self.lists, self._issued = plan, lists, given
        self._known = Known(plan, lists, unit)
        self._load, self._store = pictures, store
        self.out = Checked()

    def run(self) -> Checked:
        """Check everything and return it."""
        self.out.nil = self._says_nil()
        absent = self.draft.absent
        for sheet, section in absent:
            # An item's sheet that is missing altogether is one fault, not one for each section.
            whole = sheet.per_item and section is not sheet.sections[0]
            if whole and (sheet, sheet.sections[0]) in absent:
                continue
            if not self._optional(sheet):
                at = Address(self.file)
                self._add((-1, 0, 0), finding("S205", at, section=section.title))
        for block in self.draft.blocks:
            excused = self._excused(block.sheet)
            if excused:  # nothing is asked there, but what stands there is kept
                self._nothing_else(block)
            if isinstance(block.section, Card):
                self._card(block, quiet=excused)
            else:
                self._table(block, block.section, quiet=excused)
        self._items_once()
        self._items_alike()
        self._photos()
        return self.out

    # --- sections ---------------------------------------------------------------------------

    def _says_nil(self) -> bool:
        nil = self.form.nil
        if nil is None:
            return False
        for block in self.draft.blocks:
            if block.section.key == nil.section and block.lines:
                slot = block.lines[0].slots.get(nil.field)
                if slot is not None and slot.cell is not None:
                    return same(slot.cell.text) == same(nil.value)
        return False

    def _excused(self, sheet: Sheet) -> bool:
        """Whether a unit with nothing to report leaves this sheet alone: all but the one saying so."""
        nil = self.form.nil
        return (
            self.out.nil
            and nil is not None
            and all(section.key != nil.section for section in sheet.sections)
        )

    def _optional(self, sheet: Sheet) -> bool:
        return sheet.optional or self._excused(sheet) or (sheet.per_item and self._no_items())

    def _no_items(self) -> bool:
        """Whether it is known that the unit has no items, so that it got no sheets for them."""
        return Choices.ITEMS in self.lists.known and not self.lists.named(Choices.ITEMS)

    def _nothing_else(self, block: Block) -> None:
        """C402 where something is typed into a nil return's other sections."""
        for line in block.lines:
            for slot in line.slots.values():
                if _typed(slot) and not slot.field.given and self.form.nil is not None:
                    at = self._at(block, slot.row, slot.col)
                    self._add(
                        (block.place, slot.row, slot.col),
                        finding("C402", at, self.form.nil.value, section=block.section.title),
                    )
                    return

    def _card(self, block: Block, *, quiet: bool) -> None:
        line = block.lines[0]
        self._note_spots(block, line, 0)
        record = self._record(block, line, quiet=quiet)
        if record is not None:
            self.out.records.append(record)

    def _table(self, block: Block, table: Table, *, quiet: bool) -> None:
        if len(block.missing) == len(table.fields):
            return
        seen: dict[str, set[str]] = {entry.key: set() for entry in table.fields}
        count = 0
        used = {_key(slot) for line in block.lines for slot in line.slots.values() if slot.cell}
        for line in block.lines:
            self._note_spots(block, line, count)
            if not self._filled(block, line):
                self.out.findings += self._changed(block, table, line)
                self._keep_given(block, table, line)
                continue
            count += 1
            record = self._record(block, self._numbered(line, used), quiet=quiet)
            if record is None:
                continue
            self.out.records.append(record)
            if not quiet:
                self._once(block, line, record, seen)
        heading = (block.place, block.row, block.col)
        at = self._at(block, block.row, block.col)
        if quiet:
            return
        if table.rows_from is not None:
            self._all_alike([(block, line) for line in block.lines])
        if table.rows_from is not None:
            self._all_rows(block, table, table.rows_from)
        if count < table.least:
            self._add(
                heading, finding("C403", at, section=table.title, least=table.least, count=count)
            )
        if table.rows_from is None and count > table.rows:
            self._add(heading, finding("S208", at, section=table.title))

    def _filled(self, block: Block, line: Line) -> bool:
        """Whether somebody filled a row; one that only says 無 or 以下空白 is noted and left out."""
        typed = [slot for slot in line.slots.values() if _typed(slot) and not slot.field.given]
        if not typed:
            return False
        first = typed[0]
        if len(typed) == 1 and first.cell and is_blank_mark(first.cell.text, row=True):
            at = self._at(block, first.row, first.col)
            note = finding("V308", at, first.cell.text, field=block.section.title, read="沒有資料")
            self._add((block.place, first.row, first.col), note)
            return False
        return True

    def _changed(self, block: Block, table: Table, line: Line) -> Iterator[Placed]:
        """A row's number or name that somebody typed over, though nobody filled the row."""
        ours: set[str] = set()
        if table.rows_from is not None:
            ours |= {same(name) for name in self.lists.named(table.rows_from)}
        for entry in table.fields:
            numbers = range(1, len(block.lines) + table.rows + 1) if entry.numbered else ()
            ours |= {same(entry.numbered.format(unit=self.unit, n=n)) for n in numbers}
        key = line.slots.get(table.fields[0].key)
        known = key is not None and key.cell is not None and same(key.cell.text) in ours
        for slot in line.slots.values():
            if slot.cell is None or slot.inherited or not slot.field.given:
                continue
            if not self.unit and "{unit}" in slot.field.numbered:
                continue  # numbers of a unit that nobody knows
            # What was prefilled beside a known name is not to be told from what was typed over it.
            if same(slot.cell.text) not in ours and (slot is key or not known):
                at = self._at(block, slot.row, slot.col)
                place = (block.place, slot.row, slot.col)
                yield place, finding("S207", at, slot.cell.text)

    def _keep_given(self, block: Block, table: Table, line: Line) -> None:
        """What stands beside a given row's name, though nobody filled the row: it may be typed over."""
        beside = [line.slots[entry.key] for entry in table.fields[1:] if entry.key in line.slots]
        stands = any(slot.field.given and _typed(slot) for slot in beside)
        if table.rows_from and (stands or self._typed_over(block, line)):
            record = self._record(block, line, quiet=True)
            self.out.records += [record] if record else []

    def _numbered(self, line: Line, used: set[str]) -> Line:
        """The row with its number, where a person added the row and left the number blank."""
        slots = dict(line.slots)
        for key, slot in line.slots.items():
            if slot.field.numbered and slot.cell is None:
                n = line.number
                while same(slot.field.numbered.format(unit=self.unit, n=n)) in used:
                    n += 1
                text = slot.field.numbered.format(unit=self.unit, n=n)
                used.add(same(text))
                slots[key] = Slot(slot.field, slot.row, slot.col, Cell(slot.row, slot.col, text))
        return Line(line.number, slots)

    def _once(self, block: Block, line: Line, record: Record, seen: Mapping[str, set[str]]) -> None:
        """C404 for values that may stand once in a table: unique ones, and row numbers."""
        for key, value in record.values.items():
            entry = line.slots[key].field if key in line.slots else None
            if entry is None or not (entry.unique or entry.numbered):
                continue
            word = same(shown(value))
            if word in seen[key]:
                slot = line.slots[key]
                at = self._at(block, slot.row, slot.col)
                place = (block.place, slot.row, slot.col)
                self._add(place, finding("C404", at, shown(value), field=entry.label))
            seen[key].add(word)

    def _all_rows(self, block: Block, table: Table, choices: Choices) -> None:
        """Rows given by a list: the required fields of each row that nobody filled."""
        first = table.fields[0]
        rows = {
            same(slot.cell.text): line
            for line in block.lines
            if (slot := line.slots.get(first.key)) is not None and slot.cell is not None
        }
        missing = {entry.key for entry in block.missing}
        for name in self.lists.named(choices):
            line = rows.get(same(name))
            if line is not None and self._typed_in(line):
                continue
            for entry in table.fields:
                if entry.required and entry.key not in missing:
                    slot = line.slots[entry.key] if line else None
                    row, col = (slot.row, slot.col) if slot else (block.row, block.col)
                    blank = finding(
                        "V301", self._at(block, row, col), field=f"{name}的{entry.label}"
                    )
                    self._add((block.place, row, col), blank)

    def _typed_in(self, line: Line) -> bool:
        return any(_typed(slot) and not slot.field.given for slot in line.slots.values())

    def _items_alike(self) -> None:
        """Prose that is the same on every item's sheet."""
        cards: dict[str, list[tuple[Block, Line]]] = {}
        for block in self.draft.blocks:
            if block.sheet.per_item and isinstance(block.section, Card) and block.lines:
                cards.setdefault(block.section.key, []).append((block, block.lines[0]))
        for lines in cards.values():
            self._all_alike(lines)

    def _all_alike(self, lines: Sequence[tuple[Block, Line]]) -> None:
        """C418 where somebody typed the very same prose for every row, or every item."""
        for entry in lines[0][0].section.fields if lines else ():
            if entry.given or entry.kind not in (Kind.TEXT, Kind.LONG) or entry.choices:
                continue
            slots = [
                (block, line.slots[entry.key]) for block, line in lines if entry.key in line.slots
            ]
            texts = {_key(slot) for _, slot in slots}
            if len(slots) > 1 and len(texts) == 1 and len(*texts) >= _PROSE:
                block, slot = slots[0]
                at, place = self._at(block, slot.row, slot.col), (block.place, slot.row, slot.col)
                text = slot.cell.text if slot.cell else ""
                words = {"field": entry.label, "count": len(slots)}
                self._add(place, finding("C418", at, text, **words))

    def _items_once(self) -> None:
        """Each item has one sheet."""
        seen: dict[str, int] = {}
        for block in self.draft.blocks:
            if not block.sheet.per_item or not isinstance(block.section, Card):
                continue
            slot = block.lines[0].slots.get("item") if block.lines else None
            row, col = (slot.row, slot.col) if slot else (block.row, block.col)
            at, place = self._at(block, row, col), (block.place, row, col)
            label = slot.field.label if slot else "業務編號"
            if not block.of:
                self._add(place, finding("V301", at, field=label))
            elif seen.setdefault(block.of, block.place) != block.place:
                self._add(place, finding("C404", at, block.of, field=label))

    def _note_spots(self, block: Block, line: Line, index: int) -> None:
        """Remember what each of the line's cells is; blank rows give way to the next filled one."""
        name = _row_name(block, line)
        for key, slot in line.slots.items():
            spot = Spot(block.section.key, key, block.of, 0 if name else index, name)
            self.out.spots.setdefault(self._at(block, slot.row, slot.col), spot)

    # --- records ----------------------------------------------------------------------------

    def _record(self, block: Block, line: Line, *, quiet: bool) -> Record | None:
        """The record of a line and the findings on its fields (none when `quiet`)."""
        values: dict[str, Value] = {}
        at: dict[str, Address] = {}
        raw: dict[str, str] = {}
        found: list[Placed] = []
        for key, slot in line.slots.items():
            if slot.field.kind is Kind.PHOTO:
                self.out.findings += self._words_on_photo(block, slot)  # no record holds them
                continue
            address = self._at(block, slot.row, slot.col)
            place = (block.place, slot.row, slot.col)
            answer = read_value(slot.field, slot.cell, self._known)
            if answer.problem:
                value = slot.cell.text if slot.cell else ""
                words = {"field": _label(block, line, slot), **answer.words}
                found.append((place, finding(answer.problem, address, value, **words)))
            if slot.cell is not None:
                at[key] = address
                if shown(answer.value) != slot.cell.text:
                    raw[key] = slot.cell.text
            if answer.value is not None:
                values[key] = answer.value
                if answer.noted:
                    words = {"field": _label(block, line, slot), "read": shown(answer.value)}
                    text = slot.cell.text if slot.cell else ""
                    found.append((place, finding("V308", address, text, **words)))
                found += self._given(block, slot, answer.value)
                found += self._simplified(block, line, slot, answer.value)
        issued = self._typed_over(block, line)
        for key in issued:
            slot = line.slots[key]
            at[key] = self._at(block, slot.row, slot.col)
        broken = {placed[1].at for placed in found if placed[1].blocks}
        found += self._conditions(block, line, values, broken)
        if not quiet:
            self.out.findings += found
        if not values and not raw and not issued:
            return None
        return Record(block.section.key, values, block.of, at, raw, issued)

    def _typed_over(self, block: Block, line: Line) -> dict[str, str]:
        """The given cells that hold something else than was issued, with what was."""
        found = {}
        name = same(_row_name(block, line))
        for key, slot in line.slots.items():
            before = self._issued.get(Spot(block.section.key, key, block.of, 0, name))
            if before is None or not slot.field.given:
                continue
            before = "" if is_placeholder(slot.field, before) else before
            typed = slot.cell.text if slot.cell is not None else ""
            if not _alike(
                slot.field,
                before,
                typed,
                shown(read_value(slot.field, slot.cell, self._known).value),
            ):
                found[key] = before
        return found

    def _simplified(self, block: Block, line: Line, slot: Slot, value: Value) -> Iterator[Placed]:
        """V314 for prose with simplified characters: kept as typed, the traditional ones named."""
        if not isinstance(value, str) or slot.field.kind not in (Kind.TEXT, Kind.LONG):
            return
        turned = traditional(value)
        if turned != value:
            changed = dict.fromkeys(
                f"{old}→{new}" for old, new in zip(value, turned, strict=True) if old != new
            )
            at, place = self._at(block, slot.row, slot.col), (block.place, slot.row, slot.col)
            words = {"field": _label(block, line, slot)}
            yield place, finding("V314", at, "、".join(changed), **words)

    def _words_on_photo(self, block: Block, slot: Slot) -> Iterator[Placed]:
        if slot.cell is not None:
            at = self._at(block, slot.row, slot.col)
            yield (block.place, slot.row, slot.col), finding("S207", at, slot.cell.text)

    def _given(self, block: Block, slot: Slot, value: Value) -> Iterator[Placed]:
        """What was prefilled and can be known: whose form it is, and the rows of a list."""
        entry, section = slot.field, block.section
        at, place = self._at(block, slot.row, slot.col), (block.place, slot.row, slot.col)
        if not entry.given or self.plan is None:
            return
        if isinstance(section, Card) and entry.key == "unit" and self.plan.unit(self.unit):
            name = self.plan.unit_name(self.unit)
            if same(shown(value)) not in {same(name), self.unit}:
                yield place, finding("S210", at, shown(value), given=name)
        if isinstance(section, Table) and section.rows_from and entry is section.fields[0]:
            options = self.lists.named(section.rows_from)
            if options and same(shown(value)) not in {same(option) for option in options}:
                choices = "、".join(options[:SHOWN_CHOICES])
                words = {"field": entry.label, "choices": choices}
                yield place, finding("V305", at, shown(value), **words)

    def _conditions(
        self, block: Block, line: Line, values: Mapping[str, Value], broken: set[Address]
    ) -> Iterator[Placed]:
        """What depends on another field of the same record: C401, and scores without evidence."""
        section = block.section
        for key, slot in line.slots.items():
            entry = slot.field
            at, place = self._at(block, slot.row, slot.col), (block.place, slot.row, slot.col)
            when = entry.required_when
            if when is not None and key not in values and at not in broken:
                other = next((f for f in section.fields if f.key == when.field), None)
                if other is not None and values.get(when.field) == when.equals:
                    words = {"other": other.label, "answer": shown(when.equals)}
                    yield place, finding("C401", at, field=entry.label, **words)
        if isinstance(section, Table) and section.rows_from is Choices.CRITERIA:
            score, evidence = line.slots.get("score"), line.slots.get("evidence")
            if score is None or evidence is None or not score.field.required:
                return  # an opinion's scores are optional, and the opinion is their evidence
            at = self._at(block, evidence.row, evidence.col)
            if "score" in values and "evidence" not in values and at not in broken:
                name = shown(values.get(section.fields[0].key)) or score.field.label
                yield (block.place, evidence.row, evidence.col), finding("C405", at, field=name)

    # --- photos -----------------------------------------------------------------------------

    def _photos(self) -> None:
        """Give each picture its photo row and caption; check both."""
        done = set()
        for block in self.draft.blocks:
            if photo_field(block.section) is not None and block.place not in done:
                done.add(block.place)
                self._photos_of(block)
        for block in self.draft.blocks:
            if block.place not in done:
                done.add(block.place)
                for anchor in block.grid.pictures:
                    at = self._at(block, anchor.row or 0, anchor.col)
                    self._add((block.place, anchor.row or 0, anchor.col), finding("S211", at))

    def _photos_of(self, block: Block) -> None:
        entry = photo_field(block.section)
        captions = {}
        rows: dict[int, Line] = {}
        for line in block.lines:
            row = max(slot.row for slot in line.slots.values())
            rows[row] = line
            caption = line.slots.get("caption")
            if caption is not None and caption.cell is not None and _typed(caption):
                captions[row] = caption
        if entry is None:
            return
        anchors = block.grid.pictures
        chosen = rows_of(anchors, sorted(rows), set(captions)) if rows else []
        for number, anchor in enumerate(anchors):
            row = chosen[number] if chosen else -1
            place = (block.place, anchor.row or 0, anchor.col)
            at = self._at(block, anchor.row or 0, anchor.col)
            photo = "圖檔無法讀取" if self._load is None else self._load(anchor)
            if isinstance(photo, str):
                self._add(place, finding("C411", at, photo))
                continue
            caption = captions.get(row)
            text = clean(caption.cell.text) if caption is not None and caption.cell else ""
            if not text:
                no = rows[row].slots.get("no") if row in rows else None
                shown_no = no.cell.text if no is not None and no.cell else str(number + 1)
                self._add(place, finding("C408", at, shown_no))
            if max(photo.width, photo.height) < BLURRED_BELOW:
                self._add(place, finding("C410", at, f"{photo.width}×{photo.height}"))
            blob = self._store(photo.data)
            self.out.pictures.append(
                Picture(blob, photo.kind, photo.width, photo.height, at, block.of, text)
            )
        for row, caption in captions.items():
            if row not in chosen and caption.cell is not None and self._load is not None:
                at = self._at(block, caption.row, caption.col)
                place = (block.place, caption.row, caption.col)
                self._add(place, finding("C409", at, clean(caption.cell.text)))

    # --- findings ---------------------------------------------------------------------------

    def _at(self, block: Block, row: int, col: int) -> Address:
        return Address(self.file, block.grid.name, a1(row, col))

    def _add(self, place: tuple[int, int, int], found: Finding) -> None:
        self.out.findings.append((place, found))


def _label(block: Block, line: Line, slot: Slot) -> str:
    """A field for a person: in a row that a list gives, with the row's name (「創新性的評分」)."""
    name = "" if slot.field.given else _row_name(block, line)
    return f"{name}的{slot.field.label}" if name else slot.field.label


def _row_name(block: Block, line: Line) -> str:
    """The name of a row that a list gives, as it stands there; empty for any other line."""
    section = block.section
    if not isinstance(section, Table) or section.rows_from is None:
        return ""
    slot = line.slots.get(section.fields[0].key)
    return clean(slot.cell.text) if slot is not None and slot.cell is not None else ""


def _alike(entry: Field, issued: str, *found: str) -> bool:
    """Whether a given cell still says what was issued, in one of the ways of reading it; a number or a
    date may be written otherwise, in prose it is a word like any other (60% is not 60)."""
    if same(issued) in map(same, found):
        return True
    return entry.kind is not Kind.LONG and any(
        (read := parse(issued)) is not None and read in map(parse, found)
        for parse in (parse_number, parse_date)
    )


def own_lists(draft: Draft) -> Lists:
    """The lists that a form declares itself (年度設定), from what stands in it unchecked."""
    return Lists.of_settings(_unchecked(draft))


def _unchecked(draft: Draft) -> Iterable[Record]:
    for block in draft.blocks:
        for line in block.lines:
            values: dict[str, Value] = {
                key: narrow(slot.cell.text) for key, slot in line.slots.items() if slot.cell
            }
            if values:
                yield Record(block.section.key, values)


def _typed(slot: Slot) -> bool:
    """Whether somebody typed something here that is no mere blank."""
    return slot.cell is not None and not slot.inherited and bool(clean(slot.cell.text))


def _key(slot: Slot) -> str:
    return same(slot.cell.text) if slot.cell is not None else ""
