"""A year in the hand of a program: what `xltool export` writes, as frames, and nothing personal unasked."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xltool
from tests.rules.test_law import returned
from tests.support.effort import SEED
from tests.support.random_years import year_at_random
from tests.support.sample import begin, year_of_114
from tests.support.settings import blanked
from xltool import SettingsError, XltoolError, Year, check
from xltool.faces.api import OUTPUTS
from xltool.forms import FORMS
from xltool.store.workspace import Workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return year_of_114(tmp_path_factory.mktemp("api")).root


@pytest.fixture(scope="module")
def year(folder: Path) -> Year:
    return Year.open(folder)


def as_csv(value: Any) -> str:
    """A frame's value as it stands in the CSV."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else text


def test_every_frame_is_the_table_that_export_writes_value_by_value(year: Year) -> None:
    hold_against_csv(year)


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_so_it_is_of_a_year_at_random_that_comes_in_files(seed: int, tmp_path: Path) -> None:
    hold_against_csv(Year.open(returned(tmp_path, year_at_random(seed, for_forms=True)).root))


def hold_against_csv(year: Year) -> None:
    written = {path.stem: path for path in year.write("export").outputs if path.suffix == ".csv"}
    assert {*year.names, "資料字典"} == set(written)
    for name in year.names:
        frame = year.frame(name, personal=True)
        with written[name].open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        assert head == list(frame)
        assert rows == [
            [as_csv(value) for value in row]
            for row in zip(*(frame[column].tolist() for column in frame), strict=True)
        ], name


def test_what_a_form_declares_personal_is_left_out_unless_asked_for(year: Year) -> None:
    personal = {
        one.field.key
        for form in FORMS.values()
        for one in form.asked.values()
        if one.field.personal and form.key != "settings"
    }
    shown = {column for frame in year.frames.values() for column in frame}
    assert not shown & (personal - {"name", "unit", "title"})  # an item's name, a unit's
    assert {"name", "staff_id", "proposed"} <= set(year.frame("people", personal=True))
    assert not {"name", "staff_id", "proposed"} & set(year.frame("people"))
    assert not {"message", "value", "file"} & set(year.frame("findings"))


def test_nobody_is_named_in_a_frame_that_leaves_out_what_is_personal(year: Year) -> None:
    said = {
        str(value)
        for name, column in (
            ("people", "name"),
            ("people", "staff_id"),
            ("members", "name"),
            ("members", "email"),
        )
        for value in year.frame(name, personal=True)[column].dropna()
    }
    said.discard("")
    assert len(said) > 50
    for name, frame in year.frames.items():
        text = frame.to_csv()
        assert [one for one in said if one in text] == [], name


def test_types_are_those_that_are_declared(year: Year) -> None:
    items, scores = year.frame("items"), year.frame("scores")
    assert str(items["name"].dtype) == "string"
    assert str(items["cross_agency"].dtype) == "boolean"
    assert str(year.frame("meetings")["day"].dtype) == "datetime64[s]"
    assert {type(value) for value in scores["score"].dropna()} == {Decimal}
    assert items["item"].str.match(r"\d\d-\d\d").all()  # what looks like a number stays text
    assert items.attrs["labels"]["next_steps"] == "未來精進方向"
    assert items.attrs["title"] == "參與業務"


def test_a_finding_is_of_a_unit_a_form_and_a_field(year: Year) -> None:
    found = year.frame("findings")
    wrong = found[(found["code"] == "V306") & (found["unit"] == "06")]
    assert set(wrong["field"]) == {"report.next_steps"}
    assert len(found) == len(year.findings)


def test_what_it_is_made_of_is_at_hand(year: Year, folder: Path) -> None:
    assert (year.number, year.folder) == (114, folder)
    assert [item.id for item in year.items] == list(year.frame("items")["item"])
    assert len(year.outcomes.rewards.lines) == len(year.frame("rewards"))
    assert len(year.check()) == len(list((folder / "收件匣").iterdir()))


def test_each_output_is_written_where_the_command_writes_it(year: Year, folder: Path) -> None:
    for name in OUTPUTS:
        done = year.write(name)
        assert done.outputs
        assert all(path.is_file() and folder in path.parents for path in done.outputs)


def test_what_there_is_not_is_said_with_what_there_is(year: Year) -> None:
    with pytest.raises(KeyError, match=r"no table 'item'; there are units, filings, items"):
        year.frame("item")
    with pytest.raises(ValueError, match="no output 'roster'; there are tracker, rewards"):
        year.write("roster")


def test_a_folder_that_is_no_year_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(XltoolError):
        Year.open(tmp_path)


def test_settings_with_errors_are_an_error_that_carries_them(tmp_path: Path) -> None:
    year = begin(tmp_path / "114")
    blanked(year.settings, "機關全銜")
    with pytest.raises(SettingsError) as raised:
        Year.open(year.root)
    assert [one.code for one in raised.value.findings if one.blocks] == ["V301"]


def test_one_file_is_checked_without_a_year_too(folder: Path, year: Year, tmp_path: Path) -> None:
    [faulty] = (folder / "收件匣").glob("114_06_*填報表.*")
    alone = tmp_path / faulty.name
    shutil.copy(faulty, alone)
    for told in (check(alone), check(str(alone), year)):
        assert (told.form, told.unit, told.status) == ("report", "06", "blocked")
        assert "V306" in [one.code for one in told.findings]


def test_what_is_public_is_named_and_pandas_waits_until_it_is_used() -> None:
    assert set(xltool.__all__) == {
        *("Year", "check", "Finding", "Severity", "SettingsError", "XltoolError", "__version__")
    }
    assert all(getattr(xltool, name) for name in xltool.__all__)
    with pytest.raises(AttributeError):
        xltool.nothing  # noqa: B018
    for asked in ("import xltool", "from xltool import Year", "from xltool.faces.cli import main"):
        code = f"{asked}; import sys; sys.exit('pandas' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_year_is_what_the_folder_held_when_it_was_opened(tmp_path: Path) -> None:
    year: Workspace = begin(tmp_path / "114")
    before = Year.open(year.root)
    assert before.items == ()
    assert before.frame("items").empty
    assert list(before.frame("items")) == list(Year.open(year.root).frame("items"))
