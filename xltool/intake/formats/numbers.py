"""A number as its cell shows it, so far as its format changes what is read.

001234 under 000000, 85.6 under 0.0, 36:30 under [h]:mm, 3月4日 under m月d日 are what its writer saw.
Our own: the ready-made one (ssf) is no longer kept and brings six packages. What is not understood
(numbers in Chinese, a format that hides the sign) leaves the value, and the cell says so.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from xltool.intake.formats.number_codes import (
    AS_TYPED,
    COMMA,
    PER_CENT,
    POINT,
    STROKE,
    NumberFormat,
    Section,
    Shows,
    Token,
)
from xltool.intake.grid import Cell, CellKind, Seen, plain, serial_cell
from xltool.patterns import pattern
from xltool.zh import ROC_OFFSET

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<>": operator.ne,
}
_BLANK = {"0": "0", "?": " ", "#": ""}  # what a place shows that no digit takes
_MINUS = "-−－(（▲△負"
_MOST_PLACES = 30
_ROUNDED_FROM = 1e15  # a spreadsheet keeps 15 digits
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMERAL = pattern(r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:E[+-]?\d{1,3})?")
_FRACTION = pattern(r"(?:(\d{1,9}) +)?(\d{1,9})/(\d{1,9})")
_NEAR = Decimal("0.1")  # a fraction of one digit is no nearer


def number_cell(
    row: int, col: int, number: float, form: NumberFormat | None, *, mac: bool = False
) -> Cell:
    """The cell of a number under its format (None: as it is). `mac`: the workbook counts from 1904."""
    rounded = abs(number) >= _ROUNDED_FROM
    if form is None:
        look = Seen(rounded=True) if rounded else None
        return Cell(row, col, plain(number), CellKind.NUMBER, look=look)
    section, signed = _chosen(form.sections, number)
    cell = _under(row, col, number, form, section, signed=signed, mac=mac)
    if not section.unseen:
        return cell
    return cell._replace(look=(cell.look or Seen())._replace(unseen=True))


def _under(
    row: int,
    col: int,
    number: float,
    form: NumberFormat,
    section: Section,
    *,
    signed: bool,
    mac: bool,
) -> Cell:
    """The cell of a number under a section of its format."""
    rounded = abs(number) >= _ROUNDED_FROM
    if section.shows is Shows.DATE:
        return _date(row, col, number, section, mac=mac)
    if section.shows is Shows.TIME and number >= 0:
        return Cell(row, col, _clock(section.tokens, number))
    text, value = "", None
    if not section.strange:
        text, value = _text(section, number if signed else abs(number))
    hides_sign = number < 0 and not signed and not any(mark in text for mark in _MINUS)
    if section.shows is Shows.TIME or section.strange or (hides_sign and text):
        look = Seen(rounded=rounded, odd=form.code)
        return Cell(row, col, plain(number), CellKind.NUMBER, look=look)
    if not text:
        return Cell(row, col, plain(number), CellKind.NUMBER, look=Seen(unseen=True))
    if _is_zero(number, text):
        return Cell(row, col, plain(number), CellKind.NUMBER)
    look = Seen(number=value, rounded=rounded)
    exact = Decimal(plain(number))
    if value is None or (section.shows is not Shows.FRACTION and _said(text, exact) is None):
        look = Seen(number=exact, odd=form.code)  # "9"0 shows 988 of 88
    elif not value or number < 0 < value:
        look = Seen(number=-value if value else abs(value))
    return Cell(row, col, text, CellKind.NUMBER, look=look)


def worded(cell: Cell, form: NumberFormat) -> Cell:
    """The cell of a text under a format that says how texts show: with other words beside it (@"站"), or
    not at all (0;0;0;"另計"), which the cell tells."""
    if AS_TYPED not in (form.text or ()):
        return cell._replace(look=(cell.look or Seen())._replace(odd=form.code))
    number = Decimal(cell.text) if _NUMERAL.fullmatch(cell.text) and "," not in cell.text else None
    shown, look = form.shown(cell.text).strip(), cell.look or Seen()
    if number is not None:
        odd = form.code if _said(shown, number) is None else ""  # 12 that shows as 120000
        return cell._replace(
            text=cell.text if odd else shown, look=look._replace(number=number, odd=odd)
        )
    return cell._replace(text=shown)


def unseen_zero(row: int, col: int) -> Cell:
    """The cell of a nought on a sheet that is set to show none."""
    return Cell(row, col, "0", CellKind.NUMBER, look=Seen(unseen=True))


def shown_number(row: int, col: int, number: float, text: str | None) -> Cell:
    """The cell of a number whose file says itself how it shows (None: as it is)."""
    rounded = abs(number) >= _ROUNDED_FROM
    if text is None:
        return number_cell(row, col, number, None)
    text, value = " ".join(text.split()), Decimal(plain(number))
    if not text:
        return Cell(row, col, plain(number), CellKind.NUMBER, look=Seen(unseen=True))
    if _is_zero(number, text):
        return Cell(row, col, plain(number), CellKind.NUMBER)
    if number < 0 and not any(mark in text for mark in _MINUS):
        return Cell(row, col, plain(number), CellKind.NUMBER, look=Seen(odd=text))
    said = _said(text, value)
    look = Seen(said, rounded=rounded) if said is not None else Seen(value, odd=text)
    return Cell(row, col, text, CellKind.NUMBER, look=look)


def _is_zero(number: float, text: str) -> bool:
    """Whether a nought shows as the dash of the accounting formats: it is no empty cell."""
    return number == 0 and not text.strip(" -–—－")


def _said(text: str, value: Decimal) -> Decimal | None:
    """The number that a shown text says of a value, to the places it shows: 85.6 of 85.6375. None
    where it says another one, or none."""
    digits = re.sub(r"\D", "", text).lstrip("0")
    if value == value.to_integral_value() and digits == f"{abs(value):f}".rstrip(
        "0" * ("." in f"{value:f}")
    ):
        return value
    if match := _FRACTION.search(text):
        size = abs(value) - int(match[1] or 0)
        return value if abs(size - Decimal(match[2]) / (int(match[3]) or 1)) < _NEAR else None
    for match in _NUMERAL.finditer(text):
        said = Decimal(match[0].replace(",", ""))
        near = abs(value * 100 if "%" in text else value)
        unit = said.as_tuple().exponent
        if isinstance(unit, int) and _rounded(near, 0 - unit) == said:
            return -said if value < 0 else said
    return None


def _chosen(sections: Sequence[Section], number: float) -> tuple[Section, bool]:
    """The section for a number, and whether its sign is still to be shown."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _COMPARE[section.condition[0]](
                number, section.condition[1]
            ):
                return section, True
        return sections[-1], True
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


# --- numbers ----------------------------------------------------------------------------------


def _text(section: Section, number: float) -> tuple[str, Decimal | None]:
    """A number as shown (empty: not at all), and what it is then; None where it cannot be told."""
    tokens, exact = section.tokens, Decimal(format(number, ".15g"))
    kinds = {kind for kind, _ in tokens}
    if section.shows in (Shows.WORDS, Shows.NOTHING):
        return "".join(text for _, text in tokens).strip(), None
    if "general" in kinds or AS_TYPED in tokens:
        said = [
            plain(number) if kind == "general" or text == "@" else text for kind, text in tokens
        ]
        return "".join(said).strip(), exact
    if section.shows is Shows.FRACTION:
        return _fraction(tokens, exact)
    if "power" in kinds:
        return _scientific(tokens, exact)
    text, value = _decimal(tokens, exact * 100 ** tokens.count(PER_CENT))
    return text.strip(), value


def _decimal(tokens: Sequence[Token], exact: Decimal) -> tuple[str, Decimal | None]:
    """A number put into the places of 0, # and ?, with what stands between them."""
    point = tokens.index(POINT) if POINT in tokens else len(tokens)
    places = [n for n, (kind, _) in enumerate(tokens) if kind == "digit"]
    whole = [n for n in places if n < point]
    part = [n for n in places if n > point][:_MOST_PLACES]
    commas = [n for n, token in enumerate(tokens) if token == COMMA]
    grouped = any(whole and whole[0] < n < whole[-1] for n in commas)
    thousands = sum(not (whole and n < whole[-1]) for n in commas)
    value = _rounded(exact / 1000**thousands, len(part))
    front, _, back = f"{abs(value):f}".partition(".")
    out = [
        "" if kind == "digit" or (kind, text) in (POINT, COMMA) else text for kind, text in tokens
    ]
    left, count = front.lstrip("0"), 0
    for n in reversed(whole):
        many = max(1, len(left)) if n == whole[0] else 1  # the first place takes what is left
        for digit in reversed(left[-many:] or _BLANK[tokens[n][1]]):
            comma = "," if grouped and count and count % 3 == 0 and digit != " " else ""
            out[n] = digit + comma + out[n]
            count += 1
        left = left[:-many]
    kept = len(back.rstrip("0"))
    for at, n in enumerate(part):
        out[n] = back[at] if at < kept else _BLANK[tokens[n][1]]
    if point < len(tokens):
        out[point] = left + "." * any(out[n].strip() for n in part)
    # What is shown in thousands says 12 to the eye, and of 12,345: which was meant is not to be guessed.
    return "-" * (value < 0) + "".join(out), None if thousands else value


def _rounded(exact: Decimal, places: int) -> Decimal:
    if exact and exact.adjusted() + places > 27:  # beyond the digits that a Decimal keeps
        return exact
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _scientific(tokens: Sequence[Token], exact: Decimal) -> tuple[str, Decimal]:
    """1.23E+05: the power goes in steps of so many places as stand before the point."""
    at = next(n for n, (kind, _) in enumerate(tokens) if kind == "power")
    before, after = tokens[:at], tokens[at + 1 :]
    point = before.index(POINT) if POINT in before else len(before)
    step = max(1, sum(kind == "digit" for kind, _ in before[:point]))
    places = sum(kind == "digit" for kind, _ in before[point:])
    power = exact.adjusted() // step * step if exact else 0
    if abs(_rounded(exact.scaleb(-power), places)) >= 10**step:  # 9.99 rounded up to 10.0
        power += step
    value = _rounded(exact.scaleb(-power), places)
    text, _ = _decimal(before, value)
    digits, _ = _decimal(after, Decimal(abs(power)))
    sign = "-" if power < 0 else "+" * ("+" in tokens[at][1])
    return f"{text.strip()}E{sign}{digits.strip()}", value.scaleb(power)


def _fraction(tokens: Sequence[Token], exact: Decimal) -> tuple[str, Decimal | None]:
    """1 3/4 under # ?/?, 14/8 under ?/8."""
    at = list(tokens).index(STROKE)
    upper, lower = at, at + 1
    while upper and tokens[upper - 1][0] == "digit":
        upper -= 1
    while lower < len(tokens) and (tokens[lower][0] == "digit" or tokens[lower][1].isdigit()):
        lower += 1
    under = "".join(text for _, text in tokens[at + 1 : lower])
    if under.strip("0#?"):
        fixed = int(re.sub(r"\D", "", under)) or 1
        count = round(abs(exact) * fixed)
    else:
        parts = Fraction(abs(exact)).limit_denominator(10 ** min(len(under), 4) - 1)
        count, fixed = parts.numerator, parts.denominator
    has_whole = any(kind == "digit" for kind, _ in tokens[:upper])
    whole, count = divmod(count, fixed) if has_whole else (0, count)
    said = [str(whole)] if whole or (has_whole and not count) else []
    said += [f"{count}/{fixed}"] if count or not has_whole else []
    sign = "-" * (exact < 0)
    words = [text for kind, text in tokens[lower:] if kind == "literal"]
    value = Decimal(plain(float(exact)))
    return f"{sign}{' '.join(said)}{''.join(words)}".strip(), value


# --- dates and times --------------------------------------------------------------------------


def _date(row: int, col: int, number: float, section: Section, *, mac: bool) -> Cell:
    """The cell of a date. One that shows year, month and day is written as staff write it, one that
    shows less as it shows it: 3月4日 may have been 3/4."""
    cell = serial_cell(row, col, number, mac=mac)
    if cell.day is None:
        return cell
    units = {text[0] for kind, text in section.tokens if kind == "unit"}
    clock = units & {"h", "s"}
    if {"m", "d"} <= units and units & {"y", "e"}:
        # The time of day stays where it is seen.
        return cell if clock else cell._replace(text=cell.text.partition(" ")[0])
    shown = "".join(_unit(token, cell.day, number) for token in section.tokens).strip()
    return cell._replace(text=shown or cell.text)


def _clock(tokens: Sequence[Token], number: float) -> str:
    """A time of day, or a time that passed."""
    noon = any(kind == "noon" for kind, _ in tokens)
    return "".join(_unit(token, date.min, number, noon=noon) for token in tokens).strip()


def _unit(token: Token, day: date, number: float, *, noon: bool = False) -> str:
    """One piece of a date or time as it is shown."""
    kind, text = token
    seconds = round(number * 86_400)
    hours, minutes = seconds // 3600, seconds // 60
    size = len(text)
    if kind == "elapsed":
        passed = {"h": hours, "m": minutes, "s": seconds}[text[0]]
        return f"{passed:0{size}}"
    if kind == "noon":
        early, _, late = text.partition("/")
        return early if hours % 24 < 12 else late
    if kind == "minute":
        return f"{minutes % 60:0{size}}"
    if kind == "digit":
        return "0"  # parts of a second
    if kind != "unit":
        return text
    match text[0]:
        case "h":
            return f"{(hours % 24 + 11) % 12 + 1 if noon else hours % 24:0{size}}"
        case "s":
            return f"{seconds % 60:0{size}}"
        case "y":
            return f"{day.year % 100:02}" if size <= 2 else f"{day.year}"
        case "e":
            return f"{day.year - ROC_OFFSET}"
        case "g":
            return {1: "R.O.C.", 2: "民國"}.get(size, "中華民國")
        case "m":
            name = _MONTHS[day.month - 1]
            return {1: f"{day.month}", 2: f"{day.month:02}", 3: name[:3], 5: name[0]}.get(
                size, name
            )
        case "d":
            name = _WEEKDAYS[day.weekday()]
            return {1: f"{day.day}", 2: f"{day.day:02}", 3: name[:3]}.get(size, name)
        case _:
            return ("星期" if size > 3 else "週") + "一二三四五六日"[day.weekday()]
