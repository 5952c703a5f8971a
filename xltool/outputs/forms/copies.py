"""One copy of a form: for whom it is, what it is filled with, and where everything of it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xltool.forms import ASKED
from xltool.forms.layout import Place, SheetLayout, Style, lay_out, shown, title_of
from xltool.forms.lists import Lists
from xltool.forms.of_year import of_year
from xltool.forms.schema import Choices, Field, Form, Kind, Table, named_by
from xltool.model import Picture, Record, Spot
from xltool.outputs.forms.live_checks import CountedSheet, Tally
from xltool.outputs.forms.pages import fitted
from xltool.plan import Plan

WHOLE_FILE = "整份檔案"
"""The place of a point that is about no cell."""
SPARE_ROWS = 30
"""Rows below a sheet's last table that are open for typing on, when the prepared ones are full."""


@dataclass(frozen=True)
class Point:
    """Something for a unit to correct: `spot` is the field's place when the form still has it,
    `was` what stood there, `said` and `fix` what is wrong and what to do."""

    spot: Spot | None
    level: str
    place: str
    was: str
    said: str
    fix: str


@dataclass(frozen=True)
class FormCopy:
    """A form made out to a unit (code; empty for the coordinator's own), filled with `records`.

    `items` are the 業務編號 to choose from; `issue` names this issue; `stage` is the calendar's stage
    whose deadline the cover tells, where it is not the form's own. `photos` are pictures with their
    files, to be laid on the photo rows of their items. `points` are listed on a sheet of their own, and
    marked where they stand; `outside` (place, text) is what the form has no field for, `loose` are pictures
    that it has no place for, each with where it lay and its file. `baseline`: what stands in the given
    cells is what was issued, or `Record.issued` says what was; False where nobody knows.
    """

    form: Form
    plan: Plan
    unit: str = ""
    records: Sequence[Record] = ()
    items: Sequence[str] = ()
    issue: str = ""
    stage: str = ""
    photos: Sequence[tuple[Picture, Path]] = ()
    points: Sequence[Point] = ()
    outside: Sequence[tuple[str, str]] = ()
    loose: Sequence[tuple[str, Picture, Path]] = ()
    baseline: bool = True


@dataclass(frozen=True)
class LaidOut:
    """A copy laid out: its sheets and what they are called, its lists to choose from, its counts."""

    copy: FormCopy

    @cached_property
    def form(self) -> Form:
        """The form as the year has it."""
        return of_year(self.copy.form, self.copy.plan)

    @cached_property
    def title(self) -> str:
        """The form's title with the year."""
        return title_of(self.form, self.copy.plan)

    @cached_property
    def owner(self) -> str:
        """Whose copy it is: the unit, or the agency for the coordinator's own."""
        plan, unit = self.copy.plan, self.copy.unit
        return plan.unit_name(unit) if unit else plan.agency

    @cached_property
    def lists(self) -> Lists:
        """What may be chosen."""
        return Lists.of(self.copy.plan, self.copy.items)

    @cached_property
    def sheets(self) -> Sequence[SheetLayout]:
        """The sheets with all their places, as broad as paper wants them."""
        one = self.copy
        return fitted(
            lambda form: lay_out(form, one.plan, self.lists, one.records, one.unit, one.stage),
            self.form,
        )

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What the workbook calls each sheet, by its title in the layout."""
        return _titles([sheet.title for sheet in self.sheets])

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The form's tables by key."""
        return {s.key: s for _, s in self.form.sections() if isinstance(s, Table)}

    @cached_property
    def list_names(self) -> Mapping[tuple[str, ...], str]:
        """A defined name for each distinct list that the form's drop-downs use, and for each of the words
        that are taken for one of a list."""
        names: dict[tuple[str, ...], str] = {}
        for _, section in self.form.sections():
            for field in section.fields:
                options = self.options(field)
                if options and (field.may_change or not field.given):
                    names.setdefault(options, f"list_{len(names) + 1}_{field.key}")
                    accepted = self.lists.accepted(field)
                    if accepted and not field.given and field.choices is not Choices.ITEMS:
                        names.setdefault(accepted, f"also_{len(names) + 1}_{field.key}")
        return names

    def options(self, field: Field) -> tuple[str, ...]:
        """What may be chosen in a field, for one that repeats another form's what may be there."""
        return self.lists.options(ASKED[field.echo].field if field.may_change else field)

    @cached_property
    def counted(self) -> Mapping[str, CountedSheet]:
        """What is counted on each sheet that asks something, by its title in the layout."""
        titles = [self.titles[sheet.title] for sheet in self.sheets]
        tally = Tally(self.form, self.lists, self.sheets, titles, self.list_names)
        row, counted = 1, {}
        for sheet, title in zip(self.sheets, titles, strict=True):
            spare = {key: SPARE_ROWS for key in self.tables if self.spare_rows(sheet, key)}
            if counts := tally.counts(sheet, title, spare):
                counted[sheet.title] = CountedSheet(row, tuple(counts))
                row += len(counts)
        return counted

    def spare_rows(self, sheet: SheetLayout, section: str) -> int:
        """How many rows may be added to a section: it must be the sheet's last, and a table of rows that
        the unit makes. Photos are limited in number."""
        bottom = max((place.row + place.rows for place in sheet.places), default=0)
        last = next((p for p in sheet.places if p.row + p.rows == bottom and p.section), None)
        table = self.tables.get(section)
        if last is None or last.section != section or table is None or table.rows_from:
            return 0
        return 0 if any(entry.kind is Kind.PHOTO for entry in table.fields) else SPARE_ROWS

    def spots(self) -> Iterator[tuple[SheetLayout, Place, Spot]]:
        """Every place that holds an answer or a section's heading, and what it is."""
        for sheet in self.sheets:
            for place in sheet.places:
                if (spot := self.spot(sheet, place)) is not None:
                    yield sheet, place, spot

    def spot(self, sheet: SheetLayout, place: Place) -> Spot | None:
        """What a place is, as the reader would say; None for what is neither an answer's nor a section's
        heading."""
        if place.style is Style.HEADING and place.section:
            return Spot(place.section, "", sheet.of)
        if place.field is None or place.style not in (Style.INPUT, Style.GIVEN, Style.PHOTO):
            return None
        table = self.tables.get(place.section)
        if table is None or table.rows_from is None:
            return Spot(place.section, place.field.key, sheet.of, place.index)
        first = table.fields[0].key
        name = next(
            shown(other.value)
            for other in sheet.places
            if other.field and (other.section, other.index) == (place.section, place.index)
            if other.field.key == first and other.style is not Style.HEADER
        )
        return Spot(place.section, place.field.key, sheet.of, 0, name)

    def album(self, sheet: SheetLayout) -> Sequence[tuple[Place, Picture, Path]]:
        """The item's photos, each with its place: beside its caption, else on the next free row."""
        free = [place for place in sheet.places if place.style is Style.PHOTO]
        captions = {
            place.row: shown(place.value)
            for place in sheet.places
            if place.field and place.field.key == "caption" and place.style is Style.INPUT
        }
        album = []
        for picture, file in self.copy.photos:
            if not (free and sheet.of and picture.of == sheet.of):
                continue
            beside = (cell for cell in free if captions.get(cell.row) == picture.caption)
            place = next(beside, free[0]) if picture.caption else free[0]
            free.remove(place)
            album.append((place, picture, file))
        return album

    def issued(self) -> Iterator[tuple[Spot, str]]:
        """Each given cell with the text that it was issued with: what stands in it, or what did before
        a unit typed over it. Left out is what is known anyway: whose form it is, a row's own name."""
        before = {}
        for record in self.copy.records:
            table = self.tables.get(record.section)
            named = table and named_by(table)
            name = record.text(named.key) if named else ""
            for key, text in record.issued.items():
                before[Spot(record.section, key, record.of, 0, name)] = text
        for _, place, spot in self.spots():
            table = self.tables.get(place.section)
            if place.field is not None and place.field.offered:
                yield from self._offered(place, before)
                continue
            if place.style is not Style.GIVEN or (table is not None and table.rows_from is None):
                continue  # in a table that the unit makes nothing is given but the rows' numbers
            known = "unit" if table is None else table.fields[0].key
            if spot.field != known:
                yield spot, before.get(spot, shown(place.value))

    def _offered(self, place: Place, before: Mapping[Spot, str]) -> Iterator[tuple[Spot, str]]:
        """A cell that was filled in a row that the form's filler may change, known by its name."""
        name = self._row_names.get((place.section, place.index), "")
        spot = Spot(place.section, place.field.key if place.field else "", name=name)
        text = before.get(spot, shown(place.value))
        if name and text:
            yield spot, text

    @cached_property
    def _row_names(self) -> Mapping[tuple[str, int], str]:
        """What names each row of the tables that name their own."""
        named = {key: entry.key for key, one in self.tables.items() if (entry := named_by(one))}
        return {
            (place.section, place.index): shown(place.value)
            for sheet in self.sheets
            for place in sheet.places
            if place.style is Style.INPUT
            if place.field and named.get(place.section) == place.field.key
        }


def _titles(wanted: Sequence[str]) -> dict[str, str]:
    """Titles that Excel accepts: at most 31 characters, none forbidden, no two alike."""
    titles: dict[str, str] = {}
    used: set[str] = set()
    for one in wanted:
        plain = re.sub(r"[\[\]:*?/\\']", "", one).strip()[:31] or "表"
        title, n = plain, 1
        while title.casefold() in used:
            n += 1
            title = f"{plain[: 31 - len(str(n)) - 1]} {n}"
        used.add(title.casefold())
        titles[one] = title
    return titles
