"""Whenever an output loses people or items since it was last written, the screen says so by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.findings import Finding
from xltool.steps.write import annex3, rewards
from xltool.store.workspace import Workspace


def fewer(findings: tuple[Finding, ...]) -> list[str]:
    return [one.message for one in findings if one.code == "F143"]


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    return year_of_114(tmp_path)


def withhold(year: Workspace, name: str) -> None:
    (path,) = year.inbox.glob(name)
    path.rename(year.withheld / path.name)


def test_a_roster_that_loses_people_names_them_once(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rewards(year)
    assert fewer(before.findings) == []
    withhold(year, "114_參選結果表.xlsx")
    main(["rewards", "--folder", str(year.root)])
    said = capsys.readouterr().out
    assert "F143" in said
    assert "由 14 筆變為 0 筆，少了：屠文瀚、殷若薇" in said
    assert fewer(rewards(year).findings) == [], "it is told once"


def test_annex_3_that_loses_items_names_them(year: Workspace) -> None:
    annex3(year)
    withhold(year, "114_05_*執行成果填報表.xlsx")
    (told,) = fewer(annex3(year).findings)
    assert "05-01" in told
    assert fewer(annex3(year).findings) == []


def test_an_output_that_gains_says_nothing(year: Workspace) -> None:
    withhold(year, "114_05_*執行成果填報表.xlsx")
    annex3(year)
    (path,) = year.withheld.iterdir()
    path.rename(year.inbox / path.name)
    assert fewer(annex3(year).findings) == []
