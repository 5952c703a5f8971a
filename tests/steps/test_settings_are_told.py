"""What the settings say against the plan is told at every run, not only where they are checked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.sample import year_of_114
from xltool.faces.cli import main


def test_a_roster_of_a_ladder_against_the_law_is_not_written_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = year_of_114(tmp_path)
    book = openpyxl.load_workbook(year.settings)
    (cell,) = (
        row[2]
        for row in book["敘獎原則"].iter_rows()
        if row[1].value == "記功2次" and isinstance(row[2].value, int)
    )
    cell.value = 5
    book.save(year.settings)
    assert main(["rewards", "--folder", str(year.root)]) in (0, 1)
    said = capsys.readouterr().out
    assert "P616" in said
    assert f"敘獎原則!{cell.coordinate}" in said
