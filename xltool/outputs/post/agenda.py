"""The year's deadlines as a calendar file (.ics, RFC 5545) for Outlook, Google or a telephone.

Written here, in some fifty lines: the libraries at hand bring a time-zone database along, and a
deadline is a whole day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from xltool.plan import Plan, Stage, deadline_text

_ALARMS = (7, 1)  # days before
_FOLD = 75  # octets of a line (RFC 5545, 3.1)


def write_agenda(path: Path, plan: Plan) -> None:
    """Write an all-day event on the last day of each stage (附件1), moved past rest days.

    Raises OSError when `path` cannot be written.
    """
    lines = [line for entry in _calendar(plan) for line in _folded(entry)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode())


def _calendar(plan: Plan) -> Iterator[str]:
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//xltool//xltool//ZH",
        "CALSCALE:GREGORIAN",
    )
    yield f"X-WR-CALNAME:{_text(plan.title)}"
    for stage in plan.calendar:
        yield from _event(plan, stage)
    yield "END:VCALENDAR"


def _event(plan: Plan, stage: Stage) -> Iterator[str]:
    day = stage.deadline
    yield "BEGIN:VEVENT"
    # By the stage's name, not its place: a calendar read again replaces, never doubles.
    yield f"UID:{plan.year}-{hashlib.sha256(stage.name.encode()).hexdigest()[:16]}@xltool"
    yield f"DTSTAMP:{_day(stage.start)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(day)}"
    yield f"DTEND;VALUE=DATE:{_day(day + timedelta(days=1))}"
    yield f"SUMMARY:{_text(f'截止：{stage.name}')}"
    yield f"DESCRIPTION:{_text(f'{stage.work}（截止日 {deadline_text(stage)}）')}"
    yield "TRANSP:TRANSPARENT"
    for days in _ALARMS:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D")
        yield f"DESCRIPTION:{_text(f'{days} 日後截止：{stage.name}')}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _text(text: str) -> str:
    for old, new in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(old, new)
    return text


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, no character torn."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _FOLD:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
