"""A cell's text → the value that its field asks for, or why it is none: by kind, then by its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from xltool.forms.layout import shown
from xltool.forms.lists import Lists
from xltool.forms.schema import (
    EMAIL,
    ITEM_ID,
    PHONE,
    STAFF_ID,
    UNIT_CODE,
    Choices,
    Field,
    Form,
    Kind,
)
from xltool.intake.grid import Cell, CellKind
from xltool.model import Value
from xltool.patterns import pattern
from xltool.plan import Plan
from xltool.rules.filing import out_since
from xltool.wording import say
from xltool.zh import (
    ROC_OFFSET,
    TAIPEI,
    clean,
    counted,
    dashed,
    dates_in,
    is_blank_mark,
    is_ditto,
    narrow,
    parse_date,
    parse_email,
    parse_month_and_day,
    parse_number,
    parse_phone,
    parse_reward,
    parse_score,
    parse_yes_no,
    roc_date,
    same,
    seen,
    ticked,
    traditional,
)

SHOWN_CHOICES = 12
"""So many of a list's members are named to somebody who chose none of them."""

_PLAIN_YES_NO = frozenset({"是", "否", "Y", "N", "YES", "NO", "V", "✓", "✔", "TRUE", "FALSE"})
_ROC_EXAMPLE = "114.11.30"
_USUAL_DATE = pattern(r"\d+[./\-年] ?\d+[./\-月] ?\d+日?(?: \d+:\d+(?::\d+)?)?")
_POST_DATED = timedelta(days=14)
"""So long after it was saved a form may bear a date: people write the day on which it will be signed."""
_EPOCH = date(1899, 12, 30)
_FROM_1904 = 1462
_BEYOND = 4000
"""Years from which a date is no date but its digits: 1141204 in a cell that shows dates."""
_NO_CALENDAR = 1000
_SHORT = 20
_NO_WORDS: Mapping[str, object] = MappingProxyType({})
_SURE: tuple[str, ...] = ()
_UNSURE: tuple[str, ...] = ("V325",)
_ITEM_WITHIN = pattern(r"(?<!\d)\d{2}-\d{2}(?!\d)")
_A_NUMBER_OF_ITS_OWN = 4  # characters: two pieces so long are two staff numbers
_ITEM_PARTS = pattern(r"[-._/~]")
_HUNDRED = Decimal(100)
_SEE_ELSEWHERE = pattern(
    r"(?:請)?(?:詳細?|參閱?|參考|參照|請?見|如|同)(?:內容|資料)?[如見同]?(?:所|另|後)?(?:附|檢附)"
    r"(?:件|檔|表|冊|錄|加檔|件檔案|件資料|件說明|件\d+|件[一二三四五六七八九十]+)?(?:\(?.{0,4}\)?)?"
    r"|(?:另|隨文|併|如)(?:附|檢附|件)|略|詳(?:報告|簡報|成果報告|另案)"
)


@dataclass(frozen=True)
class Known:
    """What values are judged by: the year's plan (None when not known) and its lists, and whose form
    it is (a unit's code, empty for the coordinator's own and for a unit that nobody knows). `form` is
    the year's own, None where dates are not held against the year; `saved` as in the file."""

    plan: Plan | None
    lists: Lists
    unit: str
    form: Form | None = None
    saved: str = ""

    @cached_property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that a date on the form may be: from when it can have been issued,
        to when it was filed, as far as the file tells, else to the end of the year's calendar."""
        plan = self.plan
        if plan is None or self.form is None or not plan.calendar:
            return None
        first = out_since(self.form, plan)
        last = max(stage.deadline for stage in plan.calendar)
        try:
            filed = datetime.fromisoformat(self.saved).astimezone(TAIPEI).date()
        except ValueError:
            return first, last
        return first, min(last, filed + _POST_DATED) if filed >= first else last


class ReadAs(NamedTuple):
    """What a cell was read as. `problem` is a code and its words, and holds back the value if there is
    one; `noted` wants a V308; `asked` are the
    codes of what is doubtful about a value that was read, with the same words."""

    value: Value = None
    problem: str = ""
    words: Mapping[str, object] = _NO_WORDS
    noted: bool = False
    asked: tuple[str, ...] = ()


def read_value(entry: Field, cell: Cell | None, known: Known) -> ReadAs:
    """What stands in a field's cell (None where nothing does)."""
    text = clean(cell.text) if cell is not None else ""
    if cell is None or not text:
        return ReadAs(problem="V301" if entry.required else "")
    if cell.kind is CellKind.ERROR:
        return ReadAs(problem="V309")
    if is_placeholder(entry, text):
        return ReadAs()
    if is_ditto(text):
        return ReadAs(problem="V313")
    none = not entry.required and entry.kind is not Kind.YES_NO  # asked whether, 無 says 否
    if not entry.given and is_blank_mark(text, none=none):
        if entry.none:
            return ReadAs(entry.none, noted=True)
        return ReadAs(problem="V301" if entry.required else "")
    read = _by_kind(entry, cell, text, known)
    return read if read.problem or read.value is None else _within_limits(entry, read, known)


def is_placeholder(entry: Field, text: str) -> bool:
    """Whether a given cell says that nothing was known when the form was issued."""
    return bool(entry.placeholder) and same(text) == same(entry.placeholder)


def _by_kind(entry: Field, cell: Cell, text: str, known: Known) -> ReadAs:
    match entry.kind:
        case Kind.DATE:
            return _date(entry, cell, text, known)
        case Kind.INTEGER | Kind.DECIMAL:
            return _number(entry, cell, text)
        case Kind.YES_NO:
            truth = parse_yes_no(text)
            if truth is None:
                return ReadAs(problem="V305", words={"choices": "是、否"})
            return ReadAs(truth, noted=narrow(text).upper() not in _PLAIN_YES_NO)
        case Kind.CHOICE:
            return _choice(entry, cell, text, known)
        case Kind.CODE:
            return _code(entry, cell, text, known)
        case _:
            if entry.person:
                text = seen(text)
            elsewhere = () if entry.given or entry.person else _elsewhere(text)
            return ReadAs(text, asked=elsewhere)


def _elsewhere(text: str) -> tuple[str, ...]:
    """Whether a text only points to something that is not there: 詳如附件."""
    pointed = len(text) <= _SHORT and _SEE_ELSEWHERE.fullmatch(
        narrow(text).rstrip("。.").replace(" ", "")
    )
    return ("V327",) if pointed else ()


def _date(entry: Field, cell: Cell, text: str, known: Known) -> ReadAs:
    noted, asked = False, _SURE
    if cell.kind is CellKind.DATE and cell.day is not None:
        day, noted = _of_a_date_cell(cell.day, known)
        noted = noted or parse_date(text) != cell.day  # 3月4日 does not say of which year
        text = ""  # says no more than the day
    else:
        day = parse_date(text)
        noted = not _usual_date(text)
    if day is None and (month_and_day := parse_month_and_day(text)):
        day = _in_the_year(month_and_day, known)
        # 12.1 as a number may have been 12.10.
        noted, asked = True, _UNSURE if cell.kind is CellKind.NUMBER else _SURE
    if day is None and (found := dates_in(text)):
        day, noted, asked = found[-1], False, _UNSURE
    if day is None:
        return ReadAs(problem="V304", words={"example": entry.example or _ROC_EXAMPLE})
    if entry.added:  # a question of the coordinator's may be about any day of the year
        own = known.plan.year + ROC_OFFSET if known.plan else day.year
        usual = (date(own, 1, 1), date(own + 1, 12, 31))
    else:
        usual = known.days or (day, day)
    if not usual[0] <= day <= usual[1]:
        first, last = map(roc_date, usual)
        return ReadAs(day, words={"first": first, "last": last}, noted=noted, asked=("V324",))
    return ReadAs(day, noted=noted and not asked, asked=asked)


def _of_a_date_cell(day: date, known: Known) -> tuple[date | None, bool]:
    """The day that a date cell means, and whether that is another one than it holds."""
    if day.year < _NO_CALENDAR:  # a program that took 114 for the western year
        return day.replace(year=day.year + ROC_OFFSET), True
    if day.year <= ROC_OFFSET:  # a small number, or one below zero, in a cell that shows dates
        return None, False
    if day.year < _BEYOND:
        return day, False
    serial = (day - _EPOCH).days
    meant = [d for one in (serial, serial - _FROM_1904) if (d := parse_date(str(one))) is not None]
    if known.days:
        meant.sort(key=lambda d: not known.days[0] <= d <= known.days[1])  # type: ignore[index]
    return next(iter(meant), None), True


def _typed_in(day: date, known: Known) -> bool:
    """Whether a date lies in a year in which the plan's forms are filled."""
    return known.plan is None or 0 <= day.year - ROC_OFFSET - known.plan.year <= 2


def _in_the_year(month_and_day: tuple[int, int], known: Known) -> date | None:
    """Month and day in the plan's year; in the next one where only that lies within the form's days."""
    if known.plan is None:
        return None
    days = []
    for year in (known.plan.year, known.plan.year + 1):
        day = parse_date(f"{year}.{month_and_day[0]}.{month_and_day[1]}")
        if day is not None:
            days.append(day)
    within = [day for day in days if known.days and known.days[0] <= day <= known.days[1]]
    return next(iter([*within, *days]), None)


def _usual_date(text: str) -> bool:
    """Whether a date is spelled with separators and plain digits, so that its reading is obvious."""
    return text == narrow(text) and _USUAL_DATE.fullmatch(text) is not None


def _number(entry: Field, cell: Cell, text: str) -> ReadAs:
    shows = cell.look.number if cell.look is not None else None
    number = parse_number(text) if shows is None else shows
    if cell.kind is CellKind.DATE:
        return ReadAs(problem="V302", words={"example": entry.example or "85"})
    noted, asked = text != narrow(text) or not any(c.isdigit() for c in text), _SURE
    if shows is not None and number is not None:
        odd = cell.look is not None and bool(cell.look.odd)  # asked about
        # 85.6 分, 1/2: told where the words do not say that number by themselves
        number, noted = _short(shows), not odd and parse_number(text) != shows
    if entry.scored and entry.maximum is not None:
        full = entry.maximum
        if number is None:
            number, certain = parse_score(text, full)
            if number is None and not certain:
                return ReadAs(problem="V328")
            noted, asked = certain, _SURE if certain else _UNSURE
        elif text.endswith(("%", "％")) and full != _HUNDRED:
            number, asked = number * full / _HUNDRED, _UNSURE
        elif full == _HUNDRED and 0 < number <= 1:
            asked = ("V326",)
    if number is None:
        return ReadAs(problem="V302", words={"example": entry.example or "85"})
    if entry.kind is Kind.INTEGER and number != number.to_integral_value():
        return ReadAs(problem="V310", words={"example": entry.example or "1"})
    return ReadAs(number, noted=noted and not asked, asked=asked)


def _short(number: Decimal) -> Decimal:
    """The same number without the zeros at its end that its format shows: 85.00 is 85."""
    return Decimal(f"{number:f}".rstrip("0").rstrip(".")) if "." in f"{number:f}" else number


def _choice(entry: Field, cell: Cell, text: str, known: Known) -> ReadAs:
    options = known.lists.options(entry)
    if entry.choices is Choices.ITEMS:
        read = _code(entry, cell, text, known)
        word = shown(read.value)
        head = word.split(" ")[0]
        if len(_ITEM_WITHIN.findall(word)) > 1:
            return ReadAs(problem="V307", words={"hint": f"一格一項，{ITEM_ID.hint}"})
        if not ITEM_ID.matches(word) and ITEM_ID.matches(head):  # 03-01 and the item's name
            word, read = head, ReadAs(head, noted=True)
        if ITEM_ID.matches(word) and (not options or word in options):
            return ReadAs(word, noted=read.noted)
        if not options:
            return ReadAs(problem="V307", words={"hint": ITEM_ID.hint})
    chosen = {same(option): option for option in options}
    if entry.choices is Choices.UNITS and known.plan is not None:
        chosen |= {unit.code: unit.name for unit in known.plan.units}
    if not options:
        return ReadAs(narrow(text))
    option = chosen.get(same(text))
    if option is None and (tick := ticked(text, options)):
        return ReadAs(tick, noted=True)
    if option is not None:
        return ReadAs(str(option), noted=traditional(text) != text)
    also = {same(say(word)): option for word, option in entry.also if option in options}
    option = also.get(same(text))
    if option is None and entry.choices is Choices.REWARDS and (reward := parse_reward(text)):
        option = next((one for one in options if parse_reward(one) == reward), None)
    if option is not None:
        return ReadAs(str(option), noted=narrow(text).upper() not in _PLAIN_YES_NO)
    return ReadAs(
        problem="V305",
        words={"choices": "、".join(str(option) for option in options[:SHOWN_CHOICES])},
    )


def _code(entry: Field, cell: Cell, text: str, known: Known) -> ReadAs:
    """A code. Excel turns 03-01 into a date of the year in which it is typed and 03 into 3: both are
    turned back, and noted."""
    is_item = entry.pattern is ITEM_ID or entry.choices is Choices.ITEMS
    if (
        cell.kind is CellKind.DATE
        and cell.day is not None
        and is_item
        and _typed_in(cell.day, known)
    ):
        word = f"{cell.day.month:02}-{cell.day.day:02}"
        return ReadAs(word, noted=word != narrow(text))
    word = narrow(text)
    if entry.counted:
        return ReadAs(counted(text, entry.counted) or word)
    if entry.pattern is PHONE:
        phone, certain = parse_phone(text)
        return ReadAs(phone, asked=_SURE if certain else _UNSURE)
    if entry.pattern is EMAIL:
        email, certain = parse_email(text)
        plain = same(email) == same(text)
        return ReadAs(email, noted=certain and not plain, asked=_SURE if certain else _UNSURE)
    if is_item or entry.pattern is not None:
        word = dashed(word)
    if (
        entry.pattern is STAFF_ID
        and sum(len(part) >= _A_NUMBER_OF_ITS_OWN for part in word.split()) < 2
    ):
        word = word.replace(" ", "")
    if is_item and not ITEM_ID.matches(word):
        parts = _ITEM_PARTS.split(word.replace(" ", ""))
        if len(parts) == 2 and all(part.isdigit() and len(part) <= 2 for part in parts):
            return ReadAs("-".join(part.zfill(2) for part in parts), noted=True)
    if entry.pattern is UNIT_CODE and word.isdigit() and len(word) == 1:
        return ReadAs(word.zfill(2))
    if cell.kind is CellKind.NUMBER and entry.pattern is not None and "," in word:
        return ReadAs(word.replace(",", ""), noted=True)  # thousands are a number's, not a code's
    return ReadAs(word, asked=() if entry.given or entry.pattern else _elsewhere(text))


def _within_limits(entry: Field, read: ReadAs, known: Known) -> ReadAs:
    value = read.value
    if isinstance(value, str):
        if entry.one_line and "\n" in value:
            return ReadAs(value, problem="V312")
        if entry.max_length is not None and len(value) > entry.max_length:
            length = {"length": len(value), "limit": entry.max_length}
            return ReadAs(value, problem="V306", words=length)
        if entry.pattern is not None and not entry.pattern.matches(value):
            return ReadAs(value, problem="V307", words={"hint": entry.pattern.hint})
        given_number = entry.given and entry.pattern is ITEM_ID
        if given_number and known.unit and not value.startswith(known.unit):
            hint = f"本單位的{entry.label}以 {known.unit} 開頭"
            return ReadAs(problem="V307", words={"hint": hint})
    if isinstance(value, Decimal):
        low, high = entry.minimum, entry.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return ReadAs(problem="V303", words={"low": _bound(low), "high": _bound(high)})
    return read


def _bound(limit: Decimal | None) -> str:
    return "不限" if limit is None else f"{limit:f}"
