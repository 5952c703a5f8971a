"""Where what a faulty return says will stand in the clean copy of its form that goes back.

A copy has one sheet an item. A unit's own workbook may have two, as when it copied a sheet to begin
another item: then the copy has two as well, or the unit could not follow what it is told of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xltool.forms.layout import shown
from xltool.forms.schema import Card, Form, Section, Table
from xltool.model import Address, Picture, Record, Spot, Submission
from xltool.zh import narrow, same

if TYPE_CHECKING:
    from xltool.intake import Reading
    from xltool.outputs.forms import FormCopy

_NAMELESS = "無編號"
_REST = 3  # letters past the answer that was read, from which they say something of their own


@dataclass(frozen=True)
class Arranged:
    """A return's records and photos, each `of` the sheet on which it will stand; those that fit nowhere
    are left out. `spots` tells where the return's cells will be, `said` what will stand there."""

    records: Sequence[Record]
    photos: Sequence[Picture]
    spots: Mapping[Address, Spot]
    said: Mapping[Address, str]

    def holds(self, at: Address, text: str, there: Mapping[Spot, Sequence[str]]) -> bool:
        """Whether what was typed into a cell stands in the copy, whose spots hold what is `there`."""
        spot = self.spots.get(at)
        found = there.get(spot, ()) if spot is not None else ()
        said = self.said.get(at)
        if said is None:
            return same(text) in map(same, found)
        return said in found and not _says_more(text, said)


def _says_more(text: str, said: str) -> bool:
    """Whether a cell says something past the answer that was read: 03-01 and an item's name."""
    word = narrow(text)
    rest = word[len(said) :] if said and word.startswith(said) else ""
    return sum(map(str.isalnum, rest)) >= _REST


def arrange(form: Form, reading: Reading, faulty: Submission) -> Arranged:
    """Give every record its sheet and row in the copy."""
    sheets = _Sheets(form)
    for record in faulty.records:
        sheets.see(record)
    sheets.settle()
    records: list[Record] = []
    moved: dict[_Row, Spot] = {}
    said: dict[Address, str] = {}
    rows: Counter[tuple[str, str]] = Counter()
    for record in map(as_typed, faulty.records):
        of = sheets.of(record.section, record.of, _sheet(record.at.values()))
        if of is None:
            continue
        records.append(replace(record, of=of))
        section = form.section(record.section)
        listed = isinstance(section, Table) and section.rows_from is not None
        name = record.text(section.fields[0].key) if listed else ""
        index = 0 if listed else rows[record.section, of]
        rows[record.section, of] += 1
        for key, at in record.at.items():
            said[at] = shown(record.values.get(key))
            moved[_row(section, at)] = Spot(record.section, "", of, index, name)
    return Arranged(
        records,
        [one for one in map(sheets.photo, faulty.pictures) if one is not None],
        dict(_spots(form, reading.spots, moved, sheets)),
        said,
    )


def beside(
    copy: FormCopy, arranged: Arranged, reading: Reading, faulty: Submission
) -> tuple[list[tuple[str, str]], list[tuple[str, Picture]]]:
    """The words and the pictures of a return that have no place in its copy, each with where it stood."""
    from xltool.outputs.celltext import cell_text
    from xltool.outputs.forms import LaidOut

    laid = LaidOut(copy)
    there: dict[Spot, list[str]] = {}
    for _, place, spot in laid.spots():
        there.setdefault(spot, []).append(cell_text(shown(place.value)))
    words = dict.fromkeys(
        (_place(one.at) + "（註解）" * one.comment, one.text)
        for one in reading.typed
        if one.comment or not arranged.holds(one.at, one.text, there)
    )
    laid_there = {one for sheet in laid.sheets for _, one, _ in laid.album(sheet)}
    rest = [one for one in arranged.photos if one not in laid_there]
    kept = {one.at for one in arranged.photos}
    rest += [one for one in faulty.pictures if one.at not in kept]
    return [*words], [(_place(one.at), one) for one in (*rest, *reading.strays)]


def _place(at: Address) -> str:
    return f"{at.sheet} {at.cell}".strip()


_Row = tuple[str, str, int]
"""A row of a return: its sheet, the section, the row's number; of a card 0."""


def _row(section: Section, at: Address) -> _Row:
    return at.sheet, section.key, 0 if isinstance(section, Card) else at.row_order[0]


def _spots(
    form: Form, before: Mapping[Address, Spot], moved: Mapping[_Row, Spot], sheets: _Sheets
) -> Iterator[tuple[Address, Spot]]:
    """Where the cells will be, also blank ones: with what stands on their row, else on their sheet."""
    for at, spot in before.items():
        there = moved.get(_row(form.section(spot.section), at)) if spot.field else None
        of = sheets.of(spot.section, spot.of, at.sheet)
        if there is not None:
            yield at, replace(there, field=spot.field)
        elif of is not None:
            yield at, replace(spot, of=of)


def as_typed(record: Record) -> Record:
    """A record with what was typed wherever it could not be understood."""
    typed = {key: text for key, text in record.raw.items() if key not in record.values}
    return replace(record, values={**record.values, **typed})


def _sheet(places: Iterable[Address]) -> str:
    return next((at.sheet for at in places), "")


@dataclass
class _Sheets:
    """The items' sheets of a return: which sections of which item stand on each, and what each will be
    in the copy, where its item's first sheet keeps the item's number."""

    form: Form
    found: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    placed: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def see(self, record: Record) -> None:
        """Take note of where a record stands."""
        if record.section in self._per_item:
            on = self.found.setdefault(record.of, {}).setdefault(_sheet(record.at.values()), [])
            if record.section not in on:
                on.append(record.section)

    def settle(self) -> None:
        """Decide what each sheet will be."""
        for item, several in self.found.items():
            with_card = [sheet for sheet, on in several.items() if self._has_card(on)]
            # A sheet that bears the item's name is the item's own, wherever a copy of it was put.
            with_card.sort(key=lambda sheet: sheet not in self._titles(item))
            if not item and not with_card:
                continue  # nobody knows whose sections these are
            first, *copies = with_card or [next(iter(several))]
            self._place(item, first, item or self._free(_NAMELESS))
            for sheet in copies:
                self._place(item, sheet, self._free(item or _NAMELESS))
            for sheet in several.keys() - {first, *copies}:
                self._join(item, sheet, first, several[sheet])

    def of(self, section: str, item: str, sheet: str) -> str | None:
        """Of what a section will be that stands on a sheet; None where it will be nowhere."""
        if section not in self._per_item:
            return item
        if item not in self.found or sheet not in self.found[item]:
            return item or None
        return self.placed.get((section, item, sheet))

    def photo(self, picture: Picture) -> Picture | None:
        """A photo with what it will be of."""
        several = {
            of
            for (_, item, sheet), of in self.placed.items()
            if (item, sheet) == (picture.of, picture.at.sheet)
        }
        of = next(iter(sorted(several)), picture.of)
        return replace(picture, of=of) if of else None

    @property
    def _per_item(self) -> set[str]:
        return {section.key for sheet, section in self.form.sections() if sheet.per_item}

    def _titles(self, item: str) -> set[str]:
        return {sheet.title.format(item=item) for sheet in self.form.sheets if sheet.per_item}

    def _has_card(self, sections: Iterable[str]) -> bool:
        return any(isinstance(self.form.section(key), Card) for key in sections)

    def _place(self, item: str, sheet: str, of: str) -> None:
        self.placed |= {(section, item, sheet): of for section in self._per_item}

    def _join(self, item: str, sheet: str, first: str, sections: Sequence[str]) -> None:
        """Sections without a card go to the item's first sheet, unless that has the same already, and its
        rows cannot be added to."""
        of = self.placed[sections[0], item, first]
        for section in sections:
            one = self.form.section(section)
            adds = isinstance(one, Table) and one.rows_from is None
            if adds or section not in self.found[item][first]:
                self.placed[section, item, sheet] = of

    def _free(self, item: str) -> str:
        """A name for a sheet of its own, as Excel names copies."""
        used = {*self.found, *self.placed.values()}
        names = [item, *(f"{item} ({n})" for n in range(2, len(used) + 3))]
        return next(name for name in names if name not in used)
