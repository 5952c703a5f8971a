"""The year's deadlines, as calendar programs read them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from xltool.outputs.post.agenda import write_agenda
from xltool.plan import Plan, shipped_plan

PLAN = shipped_plan(114)


def lines(path: Path, plan: Plan = PLAN) -> list[str]:
    write_agenda(path, plan)
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
    assert moved, "114.01.31 was a rest day"
    for stage in moved:
        [one] = [e for e in events(tmp_path / "a.ics") if e["SUMMARY"] == f"截止：{stage.name}"]
        assert "順延" in one["DESCRIPTION"]


def test_a_calendar_read_again_doubles_nothing(tmp_path: Path) -> None:
    first = [one["UID"] for one in events(tmp_path / "a.ics")]
    assert len(set(first)) == len(first)
    assert first == [one["UID"] for one in events(tmp_path / "b.ics")]
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()


def test_commas_and_breaks_in_the_settings_stay_text(tmp_path: Path) -> None:
    odd = replace(PLAN.calendar[0], name="甲,乙;丙\\丁\r\nBEGIN:VEVENT")
    found = lines(tmp_path / "a.ics", replace(PLAN, calendar=(odd, *PLAN.calendar[1:])))
    assert "SUMMARY:截止：甲\\,乙\\;丙\\\\丁\\nBEGIN:VEVENT" in found
    assert found.count("BEGIN:VEVENT") == len(PLAN.calendar)


def test_the_day_and_the_week_before_a_deadline_are_announced(tmp_path: Path) -> None:
    found = [line for line in lines(tmp_path / "a.ics") if line.startswith("TRIGGER")]
    assert found == ["TRIGGER:-P7D", "TRIGGER:-P1D"] * len(PLAN.calendar)
