"""What the settings say against the plan is told at every run, not only where they are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sample import year_of_114
from tests.support.settings import reward_worth
from xltool.faces.cli import main


def test_a_roster_of_a_ladder_against_the_law_is_not_written_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = year_of_114(tmp_path)
    cell = reward_worth(year.settings, "記功2次", 5)
    assert main(["rewards", "--folder", str(year.root)]) in (0, 1)
    said = capsys.readouterr().out
    assert "P616" in said
    assert cell in said
