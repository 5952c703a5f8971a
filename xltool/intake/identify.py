"""Which form a workbook is: by its hidden sheet, else its document properties, else its own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from xltool.forms import FORMS
from xltool.forms.layout import (
    GIVEN_ROW,
    META,
    QUESTION_ROW,
    SAID_ROW,
)
from xltool.forms.schema import YES, Card, Field, Filer, Form, Section
from xltool.intake.draft import by_row, right_of
from xltool.intake.grid import Book, Grid
from xltool.model import Spot
from xltool.patterns import pattern
from xltool.plan import Plan
from xltool.zh import narrow, same, unnoted

_TITLE_YEAR = pattern(r"(\d{2,3})年(?:度)?")


class Question(NamedTuple):
    """A question of the coordinator's own as a form asked it when it went out."""

    section: str
    label: str
    kind: str
    required: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Stamp:
    """What a workbook says it is, or was taken for; `guessed`: by what we know, empty where
    it is stamped. `given`: the text that each given cell was issued with, a row's name as a comparing
    key; None where the workbook does not tell. `said`: what it calls otherwise than usual (`wording`);
    None where it is not stamped. `questions`: the coordinator's own that it asked when it went out, by key;
    None where the workbook does not tell."""

    form: Form
    year: int | None
    unit: str
    version: int
    issue: str = ""
    words: frozenset[str] = frozenset()
    guessed: str = ""
    given: Mapping[Spot, str] | None = None
    said: Mapping[str, str] | None = None
    questions: Mapping[str, Question] | None = None


def identify(book: Book, file: str, plan: Plan | None) -> Stamp | None:
    """What form this is: by its hidden sheet, else its document properties, else its own words."""
    return _by_meta(book) or _by_properties(book) or _by_words(book, file, plan)


def as_asked(form: Form, stamp: Stamp, book: Book) -> tuple[Form, tuple[Field, ...]]:
    """The form as it was asked when it went out, and the year's own questions that it did not ask then:
    added since, called otherwise, moved to another card, of another kind. One with other choices takes
    those of then too, and none is asked for more strictly than then."""
    there = {unnoted(cell.text) for grid in book.sheets for cell in grid.cells.values()}
    then: dict[Field, Field | None] = {}
    for (section, key), (_, field, _) in form.asked.items():
        if not field.added:
            continue
        if stamp.questions is None:  # nobody knows what it asked but by what stands on it
            then[field] = field if same(field.label) in there else None
        else:
            then[field] = _as_issued(field, section, stamp.questions.get(key))
    late = tuple(field for field, was in then.items() if was is None)

    def part(section: Section) -> Section:
        fields = (then.get(one, one) for one in section.fields)
        return replace(section, fields=tuple(one for one in fields if one is not None))

    if all(was is field for field, was in then.items()):
        return form, ()
    sheets = (replace(one, sections=tuple(map(part, one.sections))) for one in form.sheets)
    return replace(form, sheets=tuple(sheets)), late


def _as_issued(field: Field, section: str, was: Question | None) -> Field | None:
    """A question as it was asked; None where it was not."""
    if was is None or (was.section, was.kind) != (section, field.kind):
        return None
    if same(was.label) != same(field.label):
        return None
    own = field.choices if isinstance(field.choices, tuple) else ()
    choices = tuple(dict.fromkeys((*own, *was.choices)))
    required = field.required and was.required
    if choices == own and required is field.required:
        return field
    return replace(field, choices=choices, required=required)


def _by_meta(book: Book) -> Stamp | None:
    grid = next((g for g in book.sheets if g.name.strip().lower() == META), None)
    if grid is None:
        return None
    values: dict[str, str] = {}
    words = set()
    given: dict[Spot, str] = {}
    questions: dict[str, Question] = {}
    for (row, col), cell in grid.cells.items():
        if col:
            continue
        key, value = cell.text.strip(), grid.cells.get((row, 1))
        if key == GIVEN_ROW:
            columns = (grid.cells.get((row, col)) for col in range(1, 6))
            text, section, entry, of, name = (one.text if one else "" for one in columns)
            given[Spot(section, entry, of, 0, same(name))] = text
        elif key == QUESTION_ROW:
            known, section, label, kind, required, *choices = _texts(grid, row)
            questions[known] = Question(section, label, kind, required == YES, tuple(choices))
        elif value is None:
            continue
        elif key == "text":
            words.add(same(value.text))
        else:
            values[narrow(key)] = narrow(value.text)
    return _stamp(values, frozenset(words), given or None, questions)


def _texts(grid: Grid, row: int) -> list[str]:
    """What stands in a row of ours behind its first cell, as far as it goes; five at least."""
    last = max((col for at, col in grid.cells if at == row), default=0)
    cells = (grid.cells.get((row, col)) for col in range(1, max(last, 5) + 1))
    return [one.text if one else "" for one in cells]


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
    questions: Mapping[str, Question] | None = None,
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
        questions=questions,
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
