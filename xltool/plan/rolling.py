"""The shipped settings of a year, and any year's settings rolled on to another year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from xltool.data import MARKS, editions, rows_laid_over
from xltool.model import Record, Value
from xltool.plan.settings import OFF, SATURDAY, WORKED
from xltool.zh import ROC_OFFSET


def shipped_records(year: int) -> tuple[Record, ...]:
    """The settings shipped for a year, as records of the form 年度設定.

    What each edition says that holds for the year, laid over the one before it as rolled on to its own
    year; the last one rolled on to this. Rest days are announced year by year and are never rolled
    (`rest_day_records`).
    """
    records: tuple[Record, ...] = ()
    for since, content in editions("plan.toml", year):
        records = _laid_over(records_for(since, records), content)
    return records_for(year, records)


def _laid_over(records: Sequence[Record], content: Mapping[str, Any]) -> tuple[Record, ...]:
    """Records with what an edition says in their places, in its order where it is the first."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        sections.setdefault(record.section, []).append(dict(record.values))
    for section, said in content.items():
        told = said if isinstance(said, list) else [said]
        rows = [{k: raw if k in MARKS else _value(raw) for k, raw in row.items()} for row in told]
        before = sections.get(section, [])
        if isinstance(said, list):
            sections[section] = rows_laid_over(section, before, rows) if before else rows
        else:
            sections[section] = [{**(before[0] if before else {}), **rows[0]}]
    return tuple(Record(section, row) for section, rows in sections.items() for row in rows)


def records_for(year: int, records: Iterable[Record]) -> tuple[Record, ...]:
    """Settings rolled on to another year: every date, and every 「114年」 in the plan's title and
    資料截止時間, moved by the difference. Rest days, and what one year hands
    to the next, stay behind."""
    records = tuple(records)
    base = next((int(r.number("year") or 0) for r in records if r.section == "basics"), year)
    if base == year:
        return records
    return tuple(
        Record(
            record.section,
            {key: _shifted(key, value, base, year) for key, value in record.values.items()},
        )
        for record in records
        if record.section not in _STAY_BEHIND
    )


HANDED_ON = ("last_year", "winners", "rewarded", "last_members")
"""Sections that a year fills for the next one."""
_STAY_BEHIND = {"rest_days", "restrictions", *HANDED_ON}


def rest_day_records(years: Iterable[int]) -> tuple[Record, ...]:
    """The rest days of Taiwan in ROC years: days off that are no weekend, weekend days worked.

    From the library `holidays`, whose rules know what the government has announced so far; the
    coordinator holds them against the year's 政府行政機關辦公日曆表 (docs/decisions/0008).
    """
    import holidays

    western = [year + ROC_OFFSET for year in years]
    known = holidays.country_holidays("TW", years=western, language="zh_TW")
    off = [(day, name, OFF) for day, name in _named(dict(known)) if day.weekday() < SATURDAY]
    moved = {day for day in getattr(known, "weekend_workdays", ()) if day.year in western}
    worked = [(day, "補行上班日", WORKED) for day in moved]
    return tuple(
        Record("rest_days", {"day": day, "name": name[:_REST_DAY_NAME], "kind": kind})
        for day, name, kind in sorted([*off, *worked])
    )


def _named(known: Mapping[date, str]) -> Iterator[tuple[date, str]]:
    """The days off with their names. The library calls both days before the lunar new year by the name
    of the second (紀念日及節日實施條例: 除夕 and 除夕前一日), also where it is one's day in lieu."""
    eves = {
        day: _BEFORE_EVE if known.get(day + timedelta(days=1)) == _EVE else name
        for day, name in sorted(known.items())
        if name == _EVE
    }
    lost = iter(name for day, name in eves.items() if day.weekday() >= SATURDAY)
    for day, name in sorted(known.items()):
        if name == f"{_EVE}{_IN_LIEU}":
            yield day, f"{next(lost, _EVE)}{_IN_LIEU}"
        else:
            yield day, eves.get(day, name).replace("; ", "、")


_EVE, _BEFORE_EVE, _IN_LIEU = "農曆除夕", "農曆除夕前一日", "（補假）"
_REST_DAY_NAME = 40


def _value(raw: object) -> Value:
    """A TOML value as a field's value: numbers become Decimal."""
    if isinstance(raw, bool | date | str):
        return raw
    return Decimal(str(raw))


def _shifted(key: str, value: Value, base: int, year: int) -> Value:
    if base == year:
        return value
    if isinstance(value, date):
        return _same_day(value, value.year + year - base)
    if key == "year":
        return Decimal(year)
    if key in {"plan_title", "data_until"} and isinstance(value, str):
        return value.replace(f"{base}年", f"{year}年")
    return value


def _same_day(day: date, year: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
