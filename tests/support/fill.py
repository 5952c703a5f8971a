"""Forms filled at random within their declaration, as hypothesis strategies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from xltool.forms.lists import Lists
from xltool.forms.schema import EMAIL, PHONE, Card, Choices, Field, Form, Kind, Section, Table
from xltool.model import Record, Value
from xltool.plan import Plan
from xltool.zh import clean, is_blank_mark, is_ditto, narrow

ASCII = st.characters(codec="ascii", exclude_categories=["C"])
PROSE = "電力服務民眾查詢平臺縮短日數上線成效良好㎡①②、，。；「」（）abcXYZ 0123456789=+-@<&%\"'"
USUAL = {PHONE: r"0[2-8]-[2-9]\d{6,7}(#\d{1,5})?", EMAIL: r"[a-z]{2,8}@[a-z]{2,8}\.gov\.tw"}
SURNAMES = ("王", "林", "范", "温", "歐陽", "張簡")
GIVEN = "小明毓婷品睿佳穎美華志強"
MORE_ROWS = 3  # beyond the prepared ones


def filled(
    form: Form, plan: Plan, unit: str, items: Sequence[str]
) -> st.SearchStrategy[list[Record]]:
    """Records of a whole form for a unit: everything required, the rest or not."""
    lists = Lists.of(plan, items)
    parts: list[st.SearchStrategy[list[Record]]] = []
    for sheet in form.sheets:
        for of in items if sheet.per_item else ("",):
            parts += [_section(form, section, lists, of, plan, unit) for section in sheet.sections]
    return st.tuples(*parts).map(lambda made: [record for records in made for record in records])


def _section(
    form: Form, section: Section, lists: Lists, of: str, plan: Plan, unit: str
) -> st.SearchStrategy[list[Record]]:
    values = _record(form, section, lists)
    if isinstance(section, Card):
        own: dict[str, Value] = {}
        for field in section.fields:
            if field.given:
                given = {"item": of, "unit": plan.unit_name(unit) if unit else ""}
                if value := given.get(field.key, ""):
                    own[field.key] = value
        return values.map(lambda one: [Record(section.key, {**one, **own}, of)])
    if any(field.kind is Kind.PHOTO for field in section.fields):
        return st.just([])  # a caption without its photo has a finding of its own
    if section.rows_from:
        first = section.fields[0].key
        names = lists.named(section.rows_from)
        rows = st.lists(values, min_size=len(names), max_size=len(names))
        return rows.map(
            lambda made: [
                Record(section.key, {first: name, **one}, of)
                for name, one in zip(names, made, strict=True)
            ]
        )
    unique = [field.key for field in section.fields if field.unique]
    many = st.lists(
        values,
        min_size=max(section.least, 0),
        max_size=min(section.rows + MORE_ROWS, section.least + 4),
        unique_by=tuple(_key(key) for key in unique) or None,
    )
    return many.map(lambda made: [Record(section.key, _numbered(section, one, unit, n), of)
                                  for n, one in enumerate(made, 1)])  # fmt: skip


def _key(key: str) -> Callable[[dict[str, Value]], object]:
    """What must differ from row to row; blanks always do."""
    return lambda one: one.get(key) or id(one)


def _numbered(table: Table, values: dict[str, Value], unit: str, n: int) -> dict[str, Value]:
    numbers = {f.key: f.numbered.format(unit=unit, n=n) for f in table.fields if f.numbered}
    return {**numbers, **values}


@st.composite
def _record(draw: st.DrawFn, form: Form, section: Section, lists: Lists) -> dict[str, Value]:
    values: dict[str, Value] = {}
    # What another answer makes due comes after that answer, wherever it stands.
    for field in sorted(section.fields, key=lambda field: field.required_when is not None):
        if field.given or field.kind is Kind.PHOTO:
            continue
        when = field.required_when
        due = field.required or (when is not None and values.get(when.field) == when.equals)
        # Scores want their evidence, and a row is one only when something stands in it.
        if due or field.key == "evidence" or draw(st.booleans()):
            values[field.key] = draw(value_of(field, lists, form))
    return values


def value_of(field: Field, lists: Lists, form: Form) -> st.SearchStrategy[Value]:
    """What may stand in a field."""
    if options := lists.options(field):
        if field.kind is Kind.YES_NO:
            return st.booleans()
        nil = form.nil.value if form.nil and form.nil.field == field.key else ""
        return st.sampled_from([str(option) for option in options if option != nil])
    if field.choices is Choices.ITEMS:
        return st.just("03-01")
    if field.kind is Kind.DATE:
        return st.dates(date(2025, 1, 1), date(2026, 12, 31))
    if field.kind in (Kind.DECIMAL, Kind.INTEGER):
        low, high = field.minimum or Decimal(0), field.maximum or Decimal(99)
        places = 2 if field.kind is Kind.DECIMAL else 0
        return st.decimals(low, high, places=places).map(lambda n: n + 0)
    if field.pattern is not None:
        # What a pattern lets pass beyond the usual is asked about.
        usual = USUAL.get(field.pattern, field.pattern.regex)
        codes = st.from_regex(usual, fullmatch=True, alphabet=ASCII)
        return codes.filter(_says_something)
    most = min(field.max_length or 60, 60)
    if field.counted:
        return st.integers(1, 99).map(lambda n: field.counted.format(n=n))
    if field.kind is Kind.CODE:
        return st.text("0123456789ABC,.-", min_size=1, max_size=most).filter(_says_something)
    if field.person:
        return st.tuples(st.sampled_from(SURNAMES), st.text(GIVEN, min_size=1, max_size=2)).map(
            "".join
        )
    line = st.text(PROSE, min_size=2, max_size=most).map(lambda t: " ".join(t.split()))
    if field.kind is Kind.LONG and not field.one_line:
        half = st.text(PROSE, min_size=2, max_size=max(2, most // 2 - 1))
        line = line | st.lists(half, min_size=1, max_size=2).map("\n".join)
    return line.map(clean).filter(lambda t: _says_something(t) and len(t) > 1)


def _says_something(text: str) -> bool:
    """Whether a text is an answer that nothing normalises."""
    plain = clean(text) == text and (narrow(text) == text or not text.isascii())
    return plain and bool(text) and not is_ditto(text) and not is_blank_mark(text, row=True)
