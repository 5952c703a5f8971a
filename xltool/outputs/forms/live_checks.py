"""Live checks: what a form tells while somebody fills it, as formulas made from the declaration.

Each field's cells give two counts on the hidden sheet `_live`: how many are missing, how many are
wrong. A sheet's line and the cover add them up. The counts are those of `xltool check` for what a
person usually types; of an unusual spelling a formula cannot tell as much as the check, and then the
form is laxer, never stricter (docs/decisions/0009). Formulas use only functions that Excel 2010 and
LibreOffice share and that take ranges inside SUMPRODUCT: no IF, no array entry. Python computes the
same counts from the values at hand, since a formula written by a library has no cached value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from xlsxwriter.utility import xl_rowcol_to_cell

from xltool.forms.layout import DONE, LIVE, Place, SheetLayout, Style, shown
from xltool.forms.lists import Lists
from xltool.forms.schema import ITEM_ID, Card, Choices, Field, Form, Kind, Section, Table
from xltool.model import Value
from xltool.plan import Plan
from xltool.zh import ROC_OFFSET

NUMBERS = (Kind.DECIMAL, Kind.INTEGER)
_NO_LIMIT = Decimal(10) ** 9
_FREE = (Kind.TEXT, Kind.LONG, Kind.CODE)


@dataclass(frozen=True)
class FieldCells:
    """A field's cells on a sheet: one of a card, or one in each row of a table, without a gap.

    Rows and columns count from 0; `values` are what stands in the cells from `first` on.
    """

    section: Section
    field: Field
    first: int
    last: int
    col: int
    cols: int
    values: tuple[Value, ...]

    @property
    def rows_are_given(self) -> bool:
        """Whether every row is to be filled, not only those that somebody began."""
        return isinstance(self.section, Card) or self.section.rows_from is not None


@dataclass(frozen=True)
class Computed:
    """A formula (without =) and the value it has now."""

    text: str
    value: int | str


@dataclass(frozen=True)
class Count:
    """One line of the hidden sheet: what it counts, and how many are missing and wrong."""

    label: str
    missing: Computed
    wrong: Computed

    @property
    def is_open(self) -> bool:
        """Whether anything is missing or wrong now."""
        return bool(self.missing.value or self.wrong.value)


@dataclass(frozen=True)
class CountedSheet:
    """A sheet's counts, on the hidden sheet from row `first` (from 1) on."""

    first: int
    counts: tuple[Count, ...]

    @property
    def last(self) -> int:
        """Their last row."""
        return self.first + len(self.counts) - 1

    @staticmethod
    def together(sheets: Iterable[CountedSheet]) -> CountedSheet:
        """All sheets' counts, which follow each other."""
        return CountedSheet(1, tuple(count for sheet in sheets for count in sheet.counts))


def cells_of(sheet: SheetLayout, form: Form) -> Iterator[list[FieldCells]]:
    """The input cells of each card, and of each table, field by field."""
    inputs = [p for p in sheet.places if p.style is Style.INPUT and p.field]
    for key, group in groupby(inputs, key=lambda place: place.section):
        found: dict[str, list[Place]] = {}
        for place in group:
            if place.field:
                found.setdefault(place.field.key, []).append(place)
        section = form.section(key)
        yield [
            FieldCells(
                section,
                form.field(key, name),
                places[0].row,
                places[-1].row + places[-1].rows - 1,
                places[0].col,
                places[0].cols,
                tuple(place.value for place in places),
            )
            for name, places in found.items()
        ]


# --- what a formula says of one cell, or of each cell of a range ---------------------------------


def filled(a: str) -> str:
    """Whether `a` holds an answer: not blank, and no mere － (as `zh.is_blank_mark`)."""
    text = f"TRIM({a})"
    for mark in ("－", "-", "—", "　"):
        text = f'SUBSTITUTE({text},"{mark}","")'
    return f"(LEN({text})>0)"


def list_of(field: Field, lists: Lists, names: Mapping[tuple[str, ...], str]) -> str:
    """The name of the list of words that the reader takes in a field; empty where there is none."""
    return names.get(lists.accepted(field)) or names.get(lists.options(field), "")


def faulty(field: Field, a: str, options: str) -> str:
    """How many rules a filled `a` breaks, 0 for none; empty when there is no rule for the field.

    `options` names the list of what may be chosen; empty when there is none.
    """
    rules = []
    if options and field.choices is Choices.ITEMS:  # perhaps with the item's name behind it
        rules.append(f"(1-{ITEM_ID.formula.format(a=f'TRIM({a})')})")
    elif options:
        rules.append(f'(COUNTIF({options},SUBSTITUTE(SUBSTITUTE({a}," ",""),"　",""))=0)')
    elif field.kind in NUMBERS:
        low, high = limits(field)
        within = f"(VALUE({a})>={low:f})*(VALUE({a})<={high:f})"
        if field.kind is Kind.INTEGER:
            within += f"*(VALUE({a})=INT(VALUE({a})))"
        worded = f"*(1-(1-ISNUMBER(VALUE({a})))*({_numerals(a)}>0))" if field.scored else ""
        rules.append(f"(1-ISNUMBER(1/({within}))){worded}")
    elif field.kind is Kind.DATE:
        rules.append(f"(1-{_is_date(a)})")
    elif field.kind in _FREE:
        rules.append(f'(TRIM({a})="同上")')
        if field.max_length is not None:
            rules.append(f"(LEN({a})>{field.max_length})")
        if field.one_line:
            rules.append(f"ISNUMBER(FIND(CHAR(10),{a}))")
        if field.pattern is not None and field.pattern.formula:
            rules.append(f"(1-{field.pattern.formula.format(a=f'TRIM({a})')})")
    if rules and not field.required:
        says_something = "*".join(f'(TRIM({a})<>"{mark}")' for mark in _NOTHING)
        return f"({'+'.join(rules)})*{says_something}"
    return "+".join(rules)


_NOTHING = ("無", "沒有", "免填", "N/A")
"""What is no answer where none is required."""


def limits(field: Field) -> tuple[Decimal, Decimal]:
    """The least and greatest number; vast ones where the field has none."""
    low = -_NO_LIMIT if field.minimum is None else field.minimum
    high = _NO_LIMIT if field.maximum is None else field.maximum
    return low, high


_NUMERALS = "0123456789０１２３４５６７８９〇一二三四五六七八九十"


def _numerals(a: str) -> str:
    """How many numerals of any kind stand in `a`."""
    rest = a
    for numeral in _NUMERALS:
        rest = f'SUBSTITUTE({rest},"{numeral}","")'
    return f"(LEN({a})-LEN({rest}))"


def _is_date(a: str) -> str:
    """A true date, 1141130, or a text like 114.11.30, 114年11月30日, 2025/11/30, 11/30 on the calendar;
    and whatever has numerals in it and more than a date's usual marks: what that means the reader tells."""
    text = f"TRIM({a})"
    for old, new in (("中華民國", ""), ("民國", ""), ("日", ""), (" ", "")):
        text = f'SUBSTITUTE({text},"{old}","{new}")'
    for mark in "年月./":
        text = f'SUBSTITUTE({text},"{mark}","-")'
    usual = text
    for sign in "0123456789-":
        usual = f'SUBSTITUTE({usual},"{sign}","")'
    worded = f"(LEN({usual})>0)*({_numerals(a)}>1)"
    short = f'ISNUMBER(DATEVALUE("2000-"&{text}))'
    year = f'VALUE(LEFT({text},FIND("-",{text})-1))'
    day = f'MID({text},FIND("-",{text}),9)'
    typed = f"ISNUMBER(DATEVALUE(({year}+{ROC_OFFSET}*({year}<{ROC_OFFSET}))&{day}))"
    run = f'(LEFT({a},3)+{ROC_OFFSET})&"-"&MID({a},4,2)&"-"&RIGHT({a},2)'
    return f"(ISNUMBER({a})+{typed}+{short}+{worded}+ISNUMBER(DATEVALUE({run}))*(LEN({a})=7)>0)"


def fault_here(column: FieldCells, cells: Mapping[str, str], begun: str, options: str) -> str:
    """Whether a cell of the column is to be marked: a formula for a conditional format.

    `cells` names the cells of the same card or row by field key. What is required is marked only
    where something was `begun`.
    """
    field, a = column.field, cells[column.field.key]
    faults = []
    if field.required:
        faults.append(f"AND(NOT({filled(a)}),{begun})")
    if (when := field.required_when) and when.field in cells:
        faults.append(f"AND(NOT({filled(a)}),{cells[when.field]}={_quoted(when.equals)})")
    if rule := faulty(field, a, options):
        faults.append(f"AND({filled(a)},{rule}>0)")
    return f"OR({','.join(faults)})" if len(faults) > 1 else "".join(faults)


def _quoted(value: Value) -> str:
    return '"{}"'.format(shown(value).replace('"', '""'))


# --- counting ------------------------------------------------------------------------------------


class Tally:
    """Counts for one workbook. `titles` are the sheets' names in it, `names` the drop-downs' lists."""

    def __init__(
        self,
        form: Form,
        lists: Lists,
        sheets: Sequence[SheetLayout],
        titles: Sequence[str],
        names: Mapping[tuple[str, ...], str],
    ) -> None:
        self._form, self._lists, self._names = form, lists, names
        self._nil = self._find_nil(sheets, titles)

    def _find_nil(
        self, sheets: Sequence[SheetLayout], titles: Sequence[str]
    ) -> tuple[str, bool] | None:
        """The formula that says whether the unit has nothing to report, and whether it says so now."""
        nil = self._form.nil
        for sheet, title in zip(sheets, titles, strict=True):
            for place in sheet.places:
                entry = place.field
                if nil and entry and (place.section, entry.key) == (nil.section, nil.field):
                    cell = f"'{title}'!{_cell(place.row, place.col)}"
                    return f"({cell}={_quoted(nil.value)})", shown(place.value) == nil.value
        return None

    def counts(self, sheet: SheetLayout, title: str, spare: Mapping[str, int]) -> list[Count]:
        """What is counted on a sheet. `spare`: open rows below a section's last prepared one."""
        found: list[Count] = []
        excused = self._nil if self._is_excused(sheet) else None
        for columns in cells_of(sheet, self._form):
            section = columns[0].section
            here = _SectionCells(title, columns, spare.get(section.key, 0))
            mine = list(self._section(section, columns, here))
            if excused:
                mine = [_unless(excused, one) for one in mine]
                typed = Computed(
                    f"{excused[0]}*({here.typed()}>0)", int(excused[1] and here.is_typed())
                )
                mine.append(Count(f"{section.title}（請清空）", Computed("0", 0), typed))
            found += mine
        return found

    def _is_excused(self, sheet: SheetLayout) -> bool:
        """Whether a unit with nothing to report leaves the sheet alone."""
        nil = self._form.nil
        return nil is not None and all(place.section != nil.section for place in sheet.places)

    def _section(
        self, section: Section, columns: Sequence[FieldCells], here: _SectionCells
    ) -> Iterator[Count]:
        for column in columns:
            field, a = column.field, here.range(column.field.key)
            missing, misses = ["0"], 0
            if field.required:
                missing.append(
                    here.sum(f"(1-{filled(a)})", when="" if column.rows_are_given else here.begun)
                )
                misses += sum(blank and due for blank, due in here.blanks(column))
            when = field.required_when
            if when and when.field in here.keys:
                other = here.range(when.field)
                missing.append(
                    here.sum(f"(1-{filled(a)})", when=f"({other}={_quoted(when.equals)})")
                )
                misses += sum(
                    not _is_filled(value) and answer == when.equals
                    for value, answer in zip(column.values, here.values(when.field), strict=True)
                )
            accepted = self._lists.accepted(field)
            wrong, faults = ["0"], sum(_is_wrong(field, value, accepted) for value in column.values)
            if rule := faulty(field, a, list_of(field, self._lists, self._names)):
                wrong.append(f"IFERROR({here.sum(f'(({rule})>0)', when=filled(a))},1)")
            if field.unique:
                kept = filled(a)
                wrong.append(
                    f"IFERROR(ROUND(SUMPRODUCT({kept}*(1-1/(COUNTIF({a},{a})+1-{kept}))),0),1)"
                )
                answers = [shown(value) for value in column.values if _is_filled(value)]
                faults += len(answers) - len(set(answers))
            if len(missing) > 1 or len(wrong) > 1:
                yield Count(
                    field.label,
                    Computed("+".join(missing), misses),
                    Computed("+".join(wrong), faults),
                )
        if isinstance(section, Table) and section.least:
            yield Count(
                section.title,
                Computed(
                    f"1*({here.sum(here.begun)}<{section.least})", int(here.rows() < section.least)
                ),
                Computed("0", 0),
            )


class _SectionCells:
    """The cells of a section's inputs, as absolute references."""

    def __init__(self, title: str, columns: Sequence[FieldCells], spare: int) -> None:
        self._columns = {column.field.key: column for column in columns}
        self._title, self._spare = title, spare
        self.keys = set(self._columns)
        lengths = "+".join(
            f'LEN(SUBSTITUTE(TRIM({self.range(key)}),"以下空白",""))' for key in self._columns
        )
        # One character, like 無 or －, begins no row.
        self.begun = f"({lengths}>1)"

    def range(self, key: str) -> str:
        """A field's cell, or its cells in all rows, the spare ones too."""
        column = self._columns[key]
        first = _cell(column.first, column.col)
        if isinstance(column.section, Card):
            return f"'{self._title}'!{first}"
        return f"'{self._title}'!{first}:{_cell(column.last + self._spare, column.col)}"

    def sum(self, what: str, when: str = "") -> str:
        """How many cells or rows are so."""
        return f"SUMPRODUCT({what}*{when})" if when else f"SUMPRODUCT(1*{what})"

    def typed(self) -> str:
        """How many characters stand in the section."""
        return "+".join(f"SUMPRODUCT(LEN(TRIM({self.range(key)})))" for key in self._columns)

    def is_typed(self) -> bool:
        """Whether anything stands in the section now."""
        return any(
            _is_filled(value) for column in self._columns.values() for value in column.values
        )

    def values(self, key: str) -> tuple[Value, ...]:
        """What stands in a field's cells now."""
        return self._columns[key].values

    def _begun(self) -> list[bool]:
        rows = zip(*(column.values for column in self._columns.values()), strict=True)
        return [any(_is_filled(value) for value in row) for row in rows]

    def rows(self) -> int:
        """How many rows are begun now."""
        return sum(self._begun())

    def blanks(self, column: FieldCells) -> Iterator[tuple[bool, bool]]:
        """For each row of a column: whether it is blank, and whether it is to be filled."""
        for value, begun in zip(column.values, self._begun(), strict=True):
            yield not _is_filled(value), begun or column.rows_are_given


def _cell(row: int, col: int) -> str:
    return xl_rowcol_to_cell(row, col, row_abs=True, col_abs=True)


def _unless(nil: tuple[str, bool], count: Count) -> Count:
    formula, now = nil
    missing, wrong = (
        Computed(f"(1-{formula})*({one.text})", 0 if now else one.value)
        for one in (count.missing, count.wrong)
    )
    return Count(count.label, missing, wrong)


def _is_filled(value: Value) -> bool:
    return value not in (None, "")


def _is_wrong(field: Field, value: Value, options: Sequence[str]) -> bool:
    """As `faulty`, for a value at hand."""
    text = shown(value)
    if not _is_filled(value) or (text in _NOTHING and not field.required):
        return False
    if field.choices is Choices.ITEMS:
        return bool(options) and not ITEM_ID.matches(text)
    if options:
        return "".join(text.split()) not in options
    if field.kind in NUMBERS:
        low, high = limits(field)
        return not (isinstance(value, Decimal) and low <= value <= high)
    if field.kind is Kind.DATE:
        return not isinstance(value, date)
    too_long = field.max_length is not None and len(text) > field.max_length
    torn = field.one_line and "\n" in text
    return too_long or torn or (field.pattern is not None and not field.pattern.matches(text))


# --- lines for people ----------------------------------------------------------------------------


def progress(counted: CountedSheet, done: str = DONE) -> Computed:
    """How far a sheet is; `done` is said when nothing is missing or wrong."""
    first, last, counts = counted.first, counted.last, counted.counts
    missing, wrong = (f"SUM({LIVE}!${col}${first}:${col}${last})" for col in "BC")
    label = f"INDEX({LIVE}!$A${first}:$A${last},MATCH(1,{LIVE}!$D${first}:$D${last},0))"
    text = (
        f'IF({missing}+{wrong}=0,"{done}",IF({missing}>0,"尚缺 "&{missing}&" 項","")'
        f'&IF({missing}*{wrong}>0,"、","")&IF({wrong}>0,"須修正 "&{wrong}&" 項","")'
        f'&"，請先看「"&{label}&"」")'
    )
    lacks = sum(int(one.missing.value) for one in counts)
    faults = sum(int(one.wrong.value) for one in counts)
    parts = [f"尚缺 {lacks} 項"] * (lacks > 0) + [f"須修正 {faults} 項"] * (faults > 0)
    open_one = next((one for one in counts if one.is_open), None)
    now = f"{'、'.join(parts)}，請先看「{open_one.label}」" if open_one else done
    return Computed(text, now)


def total(column: FieldCells, title: str, plan: Plan) -> Computed:
    """The line above a table: scores by the criteria's weights (陸、一、(三)), or a plain sum."""
    rows = range(column.first, column.last + 1)
    cells = [f"'{title}'!{_cell(row, column.col)}" for row in rows]
    section = column.section
    numbers = [value if isinstance(value, Decimal) else None for value in column.values]
    if isinstance(section, Table) and section.rows_from is Choices.CRITERIA:
        weights = [one.weight for one in plan.criteria]
        if len(weights) != len(cells):  # a row that the year's settings do not know
            return Computed('""', "")
        # 90分 is 90, as the reader has it.
        score = "+".join(
            f'{w:f}*VALUE(SUBSTITUTE({c},"分",""))' for w, c in zip(weights, cells, strict=True)
        )
        lacking = "+".join(f"(LEN(TRIM({cell}))=0)" for cell in cells)
        text = (
            f'IF({lacking}>0,"加權總分：未評（尚缺 "&{lacking}&" 個構面）",'
            f'IFERROR("加權總分："&TEXT(ROUND(({score})/100,2),"0.00")&" 分","加權總分：分數須為數字"))'
        )
        lacks = sum(number is None for number in numbers)
        if lacks:
            return Computed(text, f"加權總分：未評（尚缺 {lacks} 個構面）")
        sum_ = sum((w * (n or 0) for w, n in zip(weights, numbers, strict=True)), Decimal(0)) / 100
        return Computed(text, f"加權總分：{sum_.quantize(Decimal('0.01'), ROUND_HALF_UP)} 分")
    span = f"'{title}'!{_cell(column.first, column.col)}:{_cell(column.last, column.col)}"
    text = f'"合計："&SUM({span})&"（{column.field.label}）"'
    whole = sum((number for number in numbers if number is not None), Decimal(0))
    return Computed(text, f"合計：{whole.normalize():f}（{column.field.label}）")
