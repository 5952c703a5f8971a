"""Which form a workbook is: by its hidden sheet, else its document properties, else its own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from xltool.forms import FORMS
from xltool.forms.layout import (
    GIVEN_ROW,
    META,
    SAID_ROW,
)
from xltool.forms.schema import Card, Field, Filer, Form, Section
from xltool.intake.draft import by_row, right_of
from xltool.intake.grid import Book
from xltool.model import Spot
from xltool.patterns import pattern
from xltool.plan import Plan
from xltool.zh import narrow, same, unnoted

_TITLE_YEAR = pattern(r"(\d{2,3})年(?:度)?")


@dataclass(frozen=True)
class Stamp:
    """What a workbook says it is, or was taken for; `guessed`: by what we know, empty where
    it is stamped. `given`: the text that each given cell was issued with, a row's name as a comparing
    key; None where the workbook does not tell. `said`: what it calls otherwise than usual (`wording`);
    None where it is not stamped."""

    form: Form
    year: int | None
    unit: str
    version: int
    issue: str = ""
    words: frozenset[str] = frozenset()
    guessed: str = ""
    given: Mapping[Spot, str] | None = None
    said: Mapping[str, str] | None = None


def identify(book: Book, file: str, plan: Plan | None) -> Stamp | None:
    """What form this is: by its hidden sheet, else its document properties, else its own words."""
    return _by_meta(book) or _by_properties(book) or _by_words(book, file, plan)


def as_asked(form: Form, words: frozenset[str], book: Book) -> tuple[Form, tuple[Field, ...]]:
    """The form without the year's own questions that it did not ask yet when it went out, and these:
    neither its record of its `words` nor any of its sheets knows them."""
    there = {unnoted(cell.text) for grid in book.sheets for cell in grid.cells.values()}
    late = tuple(
        one.field
        for one in form.asked.values()
        if one.field.added and same(one.field.label) not in words | there
    )
    if not late:
        return form, ()

    def part(section: Section) -> Section:
        return replace(section, fields=tuple(one for one in section.fields if one not in late))

    sheets = (replace(one, sections=tuple(map(part, one.sections))) for one in form.sheets)
    return replace(form, sheets=tuple(sheets)), late


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
        key, value = cell.text.strip(), grid.cells.get((row, 1))
        if key == GIVEN_ROW:
            columns = (grid.cells.get((row, col)) for col in range(1, 6))
            text, section, entry, of, name = (one.text if one else "" for one in columns)
            given[Spot(section, entry, of, 0, same(name))] = text
        elif value is None:
            continue
        elif key == "text":
            words.add(same(value.text))
        else:
            values[narrow(key)] = narrow(value.text)
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
        said={
            key.removeprefix(SAID_ROW): text
            for key, text in values.items()
            if key.startswith(SAID_ROW)
        },
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
        rows = by_row(grid)
        for (row, col), cell in grid.cells.items():
            if same(cell.text) in labels:
                beside = right_of(rows[row], grid.block(row, col).right + 1)
                if beside is not None and same(beside.text) in names:
                    return names[same(beside.text)], "「單位」欄"
    for grid in book.sheets:
        for (row, _), cell in grid.cells.items():
            if row < 4 and (code := _named_in(cell.text, names)):
                return code, "標題"
    code = _named_in(file, names)
    return code, "檔名" if code else "（無從判斷）"


def unit_named(text: str, plan: Plan) -> str:
    """The code of the unit that a text names; empty without one."""
    return _named_in(text, {same(unit.name): unit.code for unit in plan.units})


def _named_in(text: str, names: Mapping[str, str]) -> str:
    return next((code for name, code in names.items() if name in same(text)), "")
