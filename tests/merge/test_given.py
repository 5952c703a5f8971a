"""Whatever a unit types over a given cell is an answer that knows the cell, or a finding stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from xlsxwriter.utility import xl_rowcol_to_cell

from tests.support.build import merge
from tests.support.returns import (
    FILLED,
    ITEMS,
    PLAN,
    Person,
    altered,
    issued,
    nothing,
    read,
    unit_of,
)
from xltool.forms import FORMS
from xltool.forms.layout import Style
from xltool.model import Address, Answer, Dataset, Noun, Submission
from xltool.outputs.forms.copies import FormCopy, LaidOut

FILLED_BY_US = ("report", "review", "meeting")
"""The forms whose given cells repeat what the year knows: they tell what they were issued with."""
TYPED = {"report.category": "社會創新共融", "report.item": "03-09", "review.item": "03-09"}
"""What might pass for an answer where any words would not."""


def laid_out(key: str) -> LaidOut:
    form = FORMS[key]
    return LaidOut(FormCopy(form, PLAN, unit=unit_of(form), records=FILLED[key], items=ITEMS))


@cache
def places(key: str) -> dict[str, tuple[str, str]]:
    """Sheet and cell of the first place of each given or offered field, as the form is issued."""
    found: dict[str, tuple[str, str]] = {}
    for sheet, place, spot in laid_out(key).spots():
        if place.style is Style.GIVEN or (place.field and place.field.offered):
            cell = sheet.title, xl_rowcol_to_cell(place.row, place.col)
            found.setdefault(f"{spot.section}.{spot.field}", cell)
    return found


def answers(noun: object) -> Iterator[Answer]:
    """Every answer of a dataset, however deep."""
    if isinstance(noun, Noun):
        yield from noun.answers.values()
    if isinstance(noun, Dataset | Noun):
        for one in vars(noun).values():
            yield from answers(one)
    elif isinstance(noun, tuple) and not isinstance(noun, Answer):
        for one in noun:
            yield from answers(one)


def submission(path: Path) -> Submission:
    made = read(path).submission
    assert made is not None
    return made


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Submission]:
    """What the other forms of the year say."""
    folder = tmp_path_factory.mktemp("forms")
    return {key: submission(issued(folder, key)) for key in ("enrolment", "report")}


def answered_or_told(
    key: str, field: str, typed: str | None, folder: Path, said: dict[str, Submission]
) -> bool:
    """Whether a text typed over a given cell, or emptying it, is an answer with that cell or told there."""
    sheet, cell = places(key)[field]
    person = Person(issued(folder, key))
    person.sheet(sheet)[cell].value = typed
    reading = read(person.save())
    assert reading.submission is not None
    others = [submission for other, submission in said.items() if other != key]
    merged = merge([*others, reading.submission], PLAN)
    told = {one.at for one in (*reading.findings, *merged.findings)}
    taken = {one.at for one in answers(merged.dataset) if one.value == typed}
    return Address(f"{key}.xlsx", sheet, cell) in told | taken


@pytest.mark.parametrize(
    ("key", "field"),
    [
        (key, asked.id)
        for key in FILLED_BY_US
        for asked in FORMS[key].asked.values()
        if asked.field.given
    ],
)
def test_what_is_typed_over_a_given_cell_is_an_answer_or_told_there(
    key: str, field: str, tmp_path: Path, said: dict[str, Submission]
) -> None:
    assert answered_or_told(key, field, TYPED.get(field, "改寫"), tmp_path, said)


@pytest.mark.parametrize(
    ("key", "field"),
    [
        (key, field)
        for key in FILLED_BY_US
        for field in dict.fromkeys(f"{at.section}.{at.field}" for at, _ in laid_out(key).issued())
    ],
)
def test_a_given_cell_that_was_emptied_is_told_there(
    key: str, field: str, tmp_path: Path, said: dict[str, Submission]
) -> None:
    """A row's own name and whose form it is are known anyway: no word of anybody's is lost."""
    assert answered_or_told(key, field, None, tmp_path, said)


def test_what_a_unit_with_nothing_to_report_typed_over_is_told_and_does_not_count(
    tmp_path: Path, said: dict[str, Submission]
) -> None:
    cards = [record for record in FILLED["report"] if record.section == "report"]
    given = [key for (section, key), asked in FORMS["report"].asked.items() if asked.field.given]
    issued_with = [
        replace(one, values={k: one.values[k] for k in given if k in one.values}) for one in cards
    ]
    person = Person(
        issued(tmp_path, "report", [*nothing("report", "本年度無執行成果"), *issued_with])
    )
    for field in ("report.target", "report.last_year"):
        sheet, cell = places("report")[field]
        person.sheet(sheet)[cell].value = "改寫"
    reading = read(person.save())
    assert reading.submission is not None and reading.submission.nil
    merged = merge([said["enrolment"], reading.submission], PLAN)

    here = [
        Address("report.xlsx", *places("report")[f"report.{key}"])
        for key in ("target", "last_year")
    ]
    found = (*merged.findings, *reading.findings)
    told = [(one.code, one.at) for one in found if one.value == "改寫"]
    assert told == [("C423", at) for at in here]
    assert merged.dataset.items[0].target == "線上查詢使用率達 60%"


def test_a_file_that_lost_what_it_was_issued_with_is_told_at_the_cell_and_changes_nothing(
    tmp_path: Path, said: dict[str, Submission]
) -> None:
    same_words = said["enrolment"].section("items")[0].values
    sheet, cell = places("report")["report.target"]
    cards = altered(
        FILLED["report"], "report", 0, **{k: same_words[k] for k in ("method", "target")}
    )
    person = Person(issued(tmp_path, "report", cards))
    person.sheet(sheet)[cell].value = "改寫"
    del person.book["_meta"]
    merged = merge([said["enrolment"], submission(person.save())], PLAN)

    told = [one for one in merged.findings if one.at.sheet == sheet]
    assert [(one.code, one.at, one.value) for one in told] == [
        ("C426", Address("report.xlsx", sheet, cell), "改寫")
    ]
    assert merged.dataset.items[0].target == same_words["target"]
