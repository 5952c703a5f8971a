"""Where everything stands on an issued form: derived from the declaration, free of any file format.

`lay_out` turns a form, the plan and the records at hand into sheets of places. The writer
(`outputs.issue`) draws them; the reader uses the same to tell our own words from a unit's; nobody
types a cell address. Rows and columns count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from math import ceil

from xltool.forms.lists import Lists
from xltool.forms.parts import CATEGORIES
from xltool.forms.schema import NO, YES, Card, Choices, Field, Filer, Form, Kind, Sheet, Table
from xltool.model import Category, Record, Value
from xltool.patterns import pattern
from xltool.plan import Plan, contact_text, deadline_text
from xltool.wording import say, the
from xltool.zh import roc_date, same, width

COVER = "填寫說明"
META, LISTS, LIVE = "_meta", "_lists", "_live"
"""Hidden sheets: who and what this is, the drop-downs' lists, what is still missing."""
OUTSIDE = "表外內容"
"""The sheet of a form given back with what stood outside every field: where, and what."""
GIVEN_ROW = "given"
"""First cell of the rows of `META` that tell what a given cell was issued with: after it the text,
then the section, the field, the item, and the row's name where a list gives the rows."""
QUESTION_ROW = "question"
"""First cell of the rows of `META` that tell which questions of the coordinator's own the form asked when it
went out: after it the key, the section, the label, the kind, whether it must be answered, the choices."""
SAID_ROW = "word."
"""How the rows of `META` begin that tell what the form calls otherwise than usual (`xltool.wording`)."""
DONE, FINISHED, RETURNABLE = "✓ 本頁已填妥", "✓ 填寫完成", "✓ 可以繳回"
_LIVE_WORDS = pattern(
    rf"{DONE}|{FINISHED}|{RETURNABLE}"
    r"|(?:尚缺 \d+ 項)?、?(?:須修正 \d+ 項)?，請先看「[^」]*」"
    r"|加權總分：(?:-?[\d.]+ 分|分數須為數字|未評（尚缺 \d+ 個構面）)"
    r"|合計：-?[\d.,]+(?:E[+-]?\d+)?（(?:[^（）]|（[^（）]*）)*）"
    # their formulas, where a program saved them without a value
    rf"|(?:公式未計算：)?=.*(?:{LIVE}!|\"(?:加權總分|合計)：).*",
    re.DOTALL,
)
_GUIDE_COLUMN = 48.0  # beside a card, what to write; it is not printed
LINES_PER_ROW = 15  # Excel ends at 409 points a row: taller cells are merged over several rows
_COVER_COLUMNS = (16.0, 46.0, 34.0)
_SIGNATURES = {
    Filer.UNIT: ("承辦人核章", "單位主管核章"),
    Filer.MEMBER: ("督導小組成員簽章",),
    Filer.COORDINATOR: (),
}
_STAMP_LINES = 5
_CATEGORIES = tuple(Category)
_TITLE_ROWS = 3  # title, unit and item, what is missing
_SHOWN_IN_CARD, _SHOWN_IN_TABLE = 2, 4  # so many times its cell would hold the longest answer


class Style(StrEnum):
    """How a place looks and what it is for. Only INPUT and PHOTO are unlocked.

    The text of PROGRESS and TOTAL is a formula's (`outputs.live`); LINK leads to the sheet it names.
    """

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"  # a section's title: the reader's anchor
    NOTE = "note"
    LABEL = "label"  # of a card's field
    HEADER = "header"  # of a table's column
    TEXT = "text"  # the cover's words
    GUIDE = "guide"  # beside a card's field: what to write, and an example
    EXAMPLE = "example"  # a row of examples above a table's first row
    PROGRESS = "progress"  # of the sheet; on the cover: of the sheet that the place is `of`, or all
    TOTAL = "total"
    LINK = "link"
    GIVEN = "given"  # prefilled and locked
    INPUT = "input"
    PHOTO = "photo"
    STAMP = "stamp"  # an empty box for 核章 on paper


@dataclass(frozen=True)
class Place:
    """One cell, or one merged block of `rows` × `cols` cells."""

    row: int
    col: int
    style: Style
    value: Value = None
    rows: int = 1
    cols: int = 1
    field: Field | None = None
    section: str = ""
    index: int = 0
    of: str = ""


@dataclass(frozen=True)
class SheetLayout:
    """One sheet. `columns` are widths in half-width characters; `lines` heights in lines of text.

    `guide`: width of the column of guidance beside the printed ones, after a gap; 0 without one.

    `header` is the row to repeat on every printed page and to freeze below, if there is one; else the
    first `frozen` rows stay in view. `breaks`: the rows that begin a page of their own.
    """

    title: str
    columns: tuple[float, ...]
    places: tuple[Place, ...]
    lines: Mapping[int, float]
    of: str = ""
    landscape: bool = False
    header: int | None = None
    frozen: int = 0
    guide: float = 0.0
    breaks: tuple[int, ...] = ()

    @property
    def guide_column(self) -> int:
        """Where the guidance stands: one column is left free."""
        return len(self.columns) + 1

    def first_input(self) -> Place | None:
        """Where the cursor stands on opening."""
        return next((place for place in self.places if place.style is Style.INPUT), None)


@dataclass
class _Sheet:
    """A sheet under construction: places are added downwards."""

    columns: tuple[float, ...]
    places: list[Place] = field(default_factory=list)
    lines: dict[int, float] = field(default_factory=dict)
    row: int = 0
    guide: float = 0.0

    def wide(self, style: Style, text: str, lines: float = 1, section: str = "") -> None:
        """A line over the whole width."""
        cols = len(self.columns)
        needed = max(lines, self.wrapped(text, 0, cols))
        self.places.append(Place(self.row, 0, style, text, cols=cols, section=section))
        self.lines[self.row] = needed
        self.row += 1

    def wrapped(self, value: Value, col: int, cols: int) -> int:
        """How many lines a value needs in `cols` columns from `col` on."""
        return wrapped(value, sum(self.columns[col : col + cols]))

    def advise(self, text: str, row: int, rows: int = 1) -> float:
        """Put guidance beside the rows of a field; return the lines that each of them needs."""
        if not (text and self.guide):
            return 0
        self.places.append(Place(row, len(self.columns) + 1, Style.GUIDE, text, rows))
        return wrapped(text, self.guide * _SMALL) / rows


_SMALL = 1.1  # guidance is set in 10 points, not 11


def wrapped(value: Value, columns: float) -> int:
    """How many lines a value needs in a cell that many half-width characters wide."""
    room = max(columns - 2, 2)
    return sum(max(1, ceil(width(line) / room)) for line in shown(value).split("\n"))


def shown(value: Value) -> str:
    """A value as the form shows it: ROC dates, 是/否, plain numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return roc_date(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def guide_of(entry: Field) -> str:
    """What stands beside a field: what to write, and an example that says it is one."""
    example = f"例：{shown(entry.example)}" if entry.example else ""
    return "\n".join(part for part in (entry.prompt, example) if part)


def examples_of(table: Table) -> dict[str, str]:
    """The row of examples of a table by field key, empty when it has none. Its first cell says so."""
    if not table.example:
        return {}
    words = {entry.key: shown(entry.example) for entry in table.fields}
    first = table.fields[0].key
    return {**words, first: f"例：{words[first]}" if words[first] else "例"}


def is_example(text: str) -> bool:
    """Whether a text says itself that it is an example. The others of its row might be answers."""
    return text.startswith("例")


def is_advice(text: str) -> bool:
    """Whether a text of ours advises what to write, as beside a card: no answer reads so."""
    return "例：" in text or text.startswith("請")


def is_live_text(text: str) -> bool:
    """Whether a cell's text is that of a live check: counts of what is missing, totals."""
    return _LIVE_WORDS.fullmatch(text.strip()) is not None


def title_of(form: Form, plan: Plan) -> str:
    """A form's title with its year: 114年執行成果填報表, 114年度設定."""
    return f"{plan.year}年{form.title.removeprefix('年')}"


@dataclass(frozen=True)
class _Issue:
    """What one workbook is laid out from: a form for a unit, filled with records."""

    form: Form
    plan: Plan
    lists: Lists
    records: Sequence[Record]
    unit: str

    def of_section(self, section: str, of: str) -> Sequence[Record]:
        """The records of a section, on item `of`'s sheet."""
        return [r for r in self.records if r.section == section and r.of == of]

    def items(self, sheet: Sheet) -> Iterable[str]:
        """The items whose sheets these are, in order of appearance."""
        keys = {section.key for section in sheet.sections}
        return dict.fromkeys(r.of for r in self.records if r.section in keys and r.of)

    def item_name(self, of: str) -> str:
        """The 業務名稱 of an item; empty when no record tells it."""
        return next((r.text("name") for r in self.records if r.of == of and r.text("name")), "")


def lay_out(
    form: Form,
    plan: Plan,
    lists: Lists,
    records: Sequence[Record] = (),
    unit: str = "",
    stage: str = "",
) -> tuple[SheetLayout, ...]:
    """The sheets of a form for a unit (code; empty for the coordinator's own), filled with `records`.

    `stage`: the calendar's stage whose deadline the cover tells, where it is not the form's own.

    A sheet `per_item` appears once for each distinct `of` among the records of its sections, in
    order of appearance. Records of a table fill its rows from the top, or, where rows are given by a
    list, the row whose first field they name; more records than prepared rows make more rows.
    """
    issue = _Issue(form, plan, lists, records, unit)
    sheets = [
        _sheet(issue, sheet, of)
        for sheet in form.sheets
        for of in (issue.items(sheet) if sheet.per_item else ("",))
    ]
    return (_cover(issue, stage, sheets), *sheets)


def own_texts(layout: Sequence[SheetLayout]) -> Iterator[str]:
    """Every text of ours on the sheets: whatever else stands there was typed by somebody."""
    ours = set(Style) - {Style.INPUT, Style.GIVEN, Style.PHOTO, Style.STAMP}
    for sheet in layout:
        for place in sheet.places:
            text = shown(place.value)
            if place.style in ours and (place.style is not Style.EXAMPLE or is_example(text)):
                yield text


def own_words(layout: Sequence[SheetLayout]) -> frozenset[str]:
    """The same as comparing keys (`zh.same`)."""
    return frozenset(same(text) for text in own_texts(layout))


def _cover(issue: _Issue, stage: str, sheets: Sequence[SheetLayout]) -> SheetLayout:
    form, plan = issue.form, issue.plan
    page = _Sheet(_COVER_COLUMNS)
    page.wide(Style.TITLE, plan.agency + title_of(form, plan), 2)
    page.row += 1

    def line(label: str, text: str) -> None:
        page.places.append(Place(page.row, 0, Style.LABEL, label))
        page.places.append(Place(page.row, 1, Style.TEXT, text, cols=2))
        page.lines[page.row] = page.wrapped(text, 1, 2) + 0.5
        page.row += 1

    if issue.unit:
        line("填報單位", plan.unit_name(issue.unit))
    line("目的", form.purpose)
    if due := plan.stage(stage or form.stage):
        line("截止日期", deadline_text(due))
    line("聯絡人", contact_text(plan))
    for number, step in enumerate(form.steps, 1):
        line(f"步驟{number}", say(step))
    changes = any(field.may_change for _, part in form.sections() for field in part.fields)
    prepared = "灰色為已備妥資料" + "（點選時有提示的，有變更才改寫）" * changes
    line(
        "填寫方式",
        f"淡黃色儲存格供填寫，{prepared}；標「＊」為必填，漏填或超出範圍時轉為淡紅色；"
        "日期請填民國年月日，例如 114.11.30；換行請按 Alt+Enter，文字較長時可自行拉高列高",
    )
    page.row += 1
    page.wide(Style.HEADING, "填寫進度（隨填隨算；點工作表名稱即可前往）", 1.5)
    page.places.append(Place(page.row, 0, Style.LABEL, "整份表單"))
    page.places.append(Place(page.row, 1, Style.PROGRESS, cols=2))
    page.lines[page.row] = 1.8
    page.row += 1
    for sheet in sheets:
        if sheet.first_input() is None:
            continue
        page.places.append(Place(page.row, 0, Style.LINK, sheet.title))
        about = _about(issue, sheet)
        page.places.append(Place(page.row, 1, Style.TEXT, about))
        page.places.append(Place(page.row, 2, Style.PROGRESS, of=sheet.title))
        page.lines[page.row] = max(page.wrapped(about, 1, 1) + 0.5, 2.3)
        page.row += 1
    for heading, lines in _meanings(form, plan):
        page.row += 1
        page.wide(Style.HEADING, heading, 1.5)
        for name, meaning in lines:
            line(name, meaning)
    return SheetLayout(COVER, _COVER_COLUMNS, tuple(page.places), page.lines)


def _about(issue: _Issue, sheet: SheetLayout) -> str:
    """What a sheet is for: its item's name, else its sections."""
    if sheet.of:
        return issue.item_name(sheet.of)
    return "、".join(shown(place.value) for place in sheet.places if place.style is Style.HEADING)


def _meanings(form: Form, plan: Plan) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    """The plan's definitions that somebody needs to fill the form: categories (肆), criteria."""
    asked = form.filer is Filer.UNIT
    if asked and any(
        entry.choices == _CATEGORIES for _, s in form.sections() for entry in s.fields
    ):
        yield "服務類別（肆、執行策略及方法）", CATEGORIES
    for section in _scored(form):
        yield (
            f"{section.title}：構面與標準（{the.criteria}）",
            [
                (one.name, f"{one.meaning}（權重 {one.weight.normalize():f}%）")
                for one in plan.criteria
            ],
        )


def _scored(form: Form) -> Iterator[Table]:
    for _, section in form.sections():
        if isinstance(section, Table) and section.rows_from is Choices.CRITERIA:
            yield section


def _sheet(issue: _Issue, sheet: Sheet, of: str) -> SheetLayout:
    cards = any(isinstance(section, Card) for section in sheet.sections)
    guide = _GUIDE_COLUMN if cards and not sheet.landscape else 0.0
    page = _Sheet(sheet.columns, guide=guide)
    page.wide(Style.TITLE, issue.plan.agency + title_of(issue.form, issue.plan), 2)
    page.wide(Style.SUBTITLE, _subtitle(issue, of))
    page.wide(Style.PROGRESS, "", 1.5)
    header: int | None = None
    for section in sheet.sections:
        page.row += 1
        page.wide(Style.HEADING, section.title, 1.5, section.key)
        if section.note:
            page.wide(Style.NOTE, section.note)
        if isinstance(section, Card):
            _card(page, section, issue, of)
            continue
        if section.total:
            page.wide(Style.TOTAL, "", 1.3, section.key)
        header = page.row
        _table(page, section, issue, of)
    if not sheet.per_item and all(isinstance(section, Card) for section in sheet.sections):
        _stamps(page, _SIGNATURES[issue.form.filer])
    return SheetLayout(
        sheet.title.format(item=of),
        sheet.columns,
        tuple(page.places),
        page.lines,
        of=of,
        landscape=sheet.landscape,
        header=header if len(sheet.sections) == 1 else None,
        frozen=_TITLE_ROWS if cards else 0,
        guide=guide,
    )


def _subtitle(issue: _Issue, of: str) -> str:
    parts = [issue.plan.unit_name(issue.unit or issue.plan.contact_unit)]
    if of:
        parts.append(f"{of} {issue.item_name(of)}".strip())
    return "　".join(parts)


def _stamps(page: _Sheet, labels: Sequence[str]) -> None:
    """Boxes for 核章 on the printed sheet, side by side over its whole width."""
    if not labels:
        return
    page.row += 1
    cols = len(page.columns) // len(labels)
    for number, label in enumerate(labels):
        page.places.append(Place(page.row, number * cols, Style.LABEL, label, cols=cols))
        page.places.append(Place(page.row + 1, number * cols, Style.STAMP, cols=cols))
    page.lines |= {page.row: 1.3, page.row + 1: _STAMP_LINES}
    page.row += 2


def label_of(field: Field) -> str:
    """A field's label as shown: required ones carry ＊."""
    return f"{field.label}＊" if field.required else field.label


def _card(page: _Sheet, card: Card, issue: _Issue, of: str) -> None:
    record = next(iter(issue.of_section(card.key, of)), Record(card.key, {}))
    cols = len(page.columns) - 1
    for entry in card.fields:
        value = record.values.get(entry.key)
        if value is None and entry.given and entry.key == "unit" and issue.unit:
            value = issue.plan.unit_name(issue.unit)
        lines: float = max(
            _room(page, entry, value, 1, cols, _SHOWN_IN_CARD), page.wrapped(label_of(entry), 0, 1)
        )
        rows = ceil(lines / LINES_PER_ROW)
        lines = max(lines, rows * page.advise(guide_of(entry), page.row, rows))
        page.places.append(Place(page.row, 0, Style.LABEL, label_of(entry), rows, section=card.key))
        page.places.append(
            Place(page.row, 1, _style(entry), value, rows, cols, entry, section=card.key)
        )
        for row in range(page.row, page.row + rows):
            page.lines[row] = max(1.3, lines / rows + 0.3)
        page.row += rows


def offsets(table: Table) -> list[int]:
    """Where each of a table's columns begins, counted from its first."""
    return list(accumulate((entry.span for entry in table.fields[:-1]), initial=0))


def _table(page: _Sheet, table: Table, issue: _Issue, of: str) -> None:
    columns = offsets(table)
    for entry, col in zip(table.fields, columns, strict=True):
        page.places.append(
            Place(page.row, col, Style.HEADER, label_of(entry), 1, entry.span, entry, table.key)
        )
        page.lines[page.row] = max(
            page.lines.get(page.row, 1.5), page.wrapped(label_of(entry), col, entry.span) + 0.3
        )
    page.row += 1
    if examples := examples_of(table):
        lines = 1.0
        for entry, col in zip(table.fields, columns, strict=True):
            text = examples[entry.key]
            page.places.append(Place(page.row, col, Style.EXAMPLE, text, 1, entry.span))
            lines = max(lines, page.wrapped(text, col, entry.span))
        page.lines[page.row] = lines + 0.3
        page.row += 1
    meanings = {one.name: one.meaning for one in issue.plan.criteria}
    for index, values in enumerate(_rows(table, issue, of)):
        lines = 1.0
        if table.rows_from is Choices.CRITERIA:
            meaning = meanings.get(shown(values.get(table.fields[0].key)), "")
            lines = page.advise(meaning, page.row)
        for entry, col in zip(table.fields, columns, strict=True):
            value = values.get(entry.key)
            page.places.append(
                Place(page.row, col, _style(entry), value, 1, entry.span, entry, table.key, index)
            )
            lines = max(lines, _room(page, entry, value, col, entry.span, _SHOWN_IN_TABLE))
        page.lines[page.row] = lines + 0.3
        page.row += 1


def _room(page: _Sheet, entry: Field, value: Value, col: int, cols: int, part: int) -> int:
    """Lines that a cell needs: for what stands in it, and for 1/`part` of the longest answer."""
    usual = 0
    if entry.kind is Kind.LONG and entry.max_length and not entry.given:
        usual = page.wrapped("字" * (entry.max_length // part), col, cols)
    return max(entry.lines, page.wrapped(value, col, cols), usual)


def _rows(table: Table, issue: _Issue, of: str) -> Iterator[Mapping[str, Value]]:
    """What stands in each row: of the list that gives the rows, or of those prepared and filled."""
    records = issue.of_section(table.key, of)
    first = table.fields[0]
    if table.rows_from is not None:
        named = {same(record.text(first.key)): record for record in records}
        for name in issue.lists.named(table.rows_from):
            record = named.pop(same(name), None)
            yield {first.key: name, **(record.values if record else {})}
        for record in named.values():
            yield record.values
        return
    numbered = next((entry for entry in table.fields if entry.numbered), None)
    drawn = table.rows if table.blank is None else min(table.rows, len(records) + table.blank)
    for n in range(1, max(drawn, len(records)) + 1):
        values = dict(records[n - 1].values) if n <= len(records) else {}
        if numbered is not None:
            values.setdefault(numbered.key, numbered.numbered.format(unit=issue.unit, n=n))
        yield values


def _style(entry: Field) -> Style:
    if entry.kind is Kind.PHOTO:
        return Style.PHOTO
    return Style.GIVEN if entry.given else Style.INPUT
