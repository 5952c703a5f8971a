"""The year's deadlines, as calendar programs read them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from xltool.outputs.agenda import write_agenda
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)


def lines(path: Path) -> list[str]:
    write_agenda(path, PLAN)
    data = path.read_bytes()
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n")), "RFC 5545, 3.1"
    return re.sub(r"\r\n ", "", data.decode()).split("\r\n")[:-1]


def events(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    inside = []
    for line in lines(path):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT":
            found[-1][name] = value
    assert inside == []
    return found


def test_every_stage_of_the_year_is_an_all_day_event_on_its_last_day(tmp_path: Path) -> None:
    found = events(tmp_path / "a.ics")
    assert [one["SUMMARY"] for one in found] == [f"截止：{stage.name}" for stage in PLAN.calendar]
    for one, stage in zip(found, PLAN.calendar, strict=True):
        day = date.fromisoformat(one["DTSTART;VALUE=DATE"])
        assert day == stage.deadline
        assert date.fromisoformat(one["DTEND;VALUE=DATE"]) == day + timedelta(days=1)


def test_a_deadline_on_a_rest_day_is_told_with_both_dates(tmp_path: Path) -> None:
    moved = [stage for stage in PLAN.calendar if stage.deadline != stage.due]
    for stage in moved:
        [one] = [e for e in events(tmp_path / "a.ics") if e["SUMMARY"] == f"截止：{stage.name}"]
        assert "順延" in one["DESCRIPTION"]


def test_a_calendar_read_again_doubles_nothing(tmp_path: Path) -> None:
    first = [one["UID"] for one in events(tmp_path / "a.ics")]
    assert len(set(first)) == len(first)
    assert first == [one["UID"] for one in events(tmp_path / "b.ics")]
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()


def test_commas_and_breaks_in_the_settings_stay_text(tmp_path: Path) -> None:
    text = [line for line in lines(tmp_path / "a.ics") if line.startswith("DESCRIPTION")]
    assert text
    assert not any(re.search(r"(?<!\\)[,;]", line) for line in text)
