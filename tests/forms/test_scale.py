"""陸、一、(三) leaves the points to that year's 評獎實施計畫: the full score is a setting."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl

from tests.support import build
from tests.support.returns import FILLED, ITEMS, UNIT, altered
from xltool.forms import FORMS, REPORT, REVIEW
from xltool.forms.of_year import of_year
from xltool.intake.one import read_file
from xltool.outputs.forms import FormCopy, write_form
from xltool.rules import conclude

TEN = build.plan(full_score=10, score_gap=2)


def issued(path: Path, score: str) -> Path:
    """A report of the year of 10 points, every score the same."""
    records = altered(FILLED["report"], "scores", score=Decimal(score))
    write_form(path, FormCopy(REPORT, TEN, unit=UNIT, records=records, items=ITEMS))
    return path


def test_the_form_asks_for_scores_up_to_the_full_score(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(issued(tmp_path / "a.xlsx", "8.5"))
    rules = [
        rule
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if rule.type == "decimal" and "評分" in str(rule.error)
    ]
    assert rules
    assert {(rule.formula1, rule.formula2, rule.error) for rule in rules} == {
        ("0.0", "10.0", "評分請填 0 到 10 之間的數字")
    }
    said = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not any("100 分" in text for text in said)
    assert {rule.prompt for rule in rules} == {"0 到 10 分，可填小數\n例：8.5"}


def test_a_score_above_it_is_refused_and_one_within_is_read(tmp_path: Path) -> None:
    good = read_file(issued(tmp_path / "a.xlsx", "9.5"), TEN)
    assert [f for f in good.findings if f.blocks] == []
    bad = read_file(issued(tmp_path / "b.xlsx", "85"), TEN)
    told = {f.message for f in bad.findings if f.code == "V303"}
    assert told == {
        f"「{criterion.name}的評分」填的「85」超出範圍（0～10）" for criterion in TEN.criteria
    }


def test_totals_and_gaps_are_on_the_same_scale() -> None:
    item = build.item(
        scored=["9", "8.5", "8", "7.5"], reviews=[build.review(scored=["6", "6", "6", "6"])]
    )
    [score] = conclude(build.dataset(items=[item]), TEN).scoring.items
    assert (score.self_total.value, score.gap) == (Decimal("8.25"), Decimal("2.25"))
    assert score.gap_flagged


def test_only_scores_differ_from_the_form_as_declared() -> None:
    assert of_year(REPORT, build.PLAN) is REPORT
    for one in FORMS.values():
        scaled = of_year(one, TEN)
        assert (scaled == one) == (one not in (REPORT, REVIEW))
        for (_, section), (_, other) in zip(one.sections(), scaled.sections(), strict=True):
            for field, changed in zip(section.fields, other.fields, strict=True):
                assert field.scored == (field != changed)
                assert not field.scored or changed.maximum == 10
