"""Columns follow the declaration: heading, type, personal mark, and the cells that a value came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.support import nouns
from xltool.columns import Type, asked, derived, not_shown, section
from xltool.forms import CONTEST, ENROLMENT, REPORT, REVIEW
from xltool.model import Address, Category, Item

AT = Address("03.xlsx", "業務 03-01", "B16")
ITEM = nouns.item("03-01", "03", result="成果", sources={"report.result": AT})


def test_a_column_has_its_heading_type_and_personal_mark_from_the_field() -> None:
    phone = asked("items.phone")
    assert (phone.label, phone.type, phone.personal) == ("承辦人電話", Type.TEXT, True)
    assert asked("items.cross_agency").type is Type.FLAG
    assert asked("reviewer.day").type is Type.DAY
    assert asked("scores.score").type is Type.NUMBER


def test_a_heading_with_little_room_is_the_short_word_or_the_label() -> None:
    assert asked("review.recommend").short == "建議參獎"
    assert asked("items.name").short == "業務名稱"
    assert asked("reviewer.name", label="督導成員").short == "督導成員"
    assert derived("metrics", "量化成效", _metrics).short == "量化成效"


def test_a_column_gives_the_answer_and_its_cell() -> None:
    column = asked("report.result")
    assert column.value((ITEM,)) == "成果"
    assert list(column.sources((ITEM,))) == [AT]


def test_a_blank_text_is_empty_and_another_blank_is_none() -> None:
    assert asked("report.change").value((ITEM,)) == ""
    assert asked("items.category").value((ITEM,)) is None
    assert asked("items.cross_agency").value((ITEM,)) is None


def test_an_answer_is_looked_up_in_whichever_noun_of_the_row_has_it() -> None:
    metric = nouns.metric("使用率", target="60%")
    assert asked("metrics.target").value((ITEM, metric)) == "60%"
    item = nouns.changed(ITEM, category=Category.DIGITAL)
    assert asked("items.category").value((item, metric)) is Category.DIGITAL


def test_what_repeats_another_form_is_read_where_that_form_asks_it() -> None:
    seat = nouns.attendance("03", "陳大文", present=True)
    assert asked("attendance.name").value((seat,)) == "陳大文"


def test_a_field_that_two_forms_call_differently_wants_to_be_told_apart() -> None:
    with pytest.raises(ValueError, match="佐證說明, 評分說明"):
        asked("scores.evidence")
    assert asked("scores.evidence", REPORT).label == "佐證說明"
    assert asked("scores.evidence", REVIEW).label == "評分說明"


def test_a_field_that_no_form_asks_is_an_error() -> None:
    with pytest.raises(KeyError):
        asked("report.nothing")


def _metrics(item: Item) -> str:
    return "、".join(metric.name for metric in item.metrics)


def test_a_derived_column_tells_every_cell_that_it_was_made_of() -> None:
    cells = [Address("03.xlsx", "業務 03-01", cell) for cell in ("A21", "A22")]
    metrics = tuple(
        nouns.metric(name, sources={"metrics.name": at})
        for name, at in zip(("使用率", "件數"), cells, strict=True)
    )
    item = nouns.changed(ITEM, metrics=metrics)
    column = derived("metrics", "量化成效", _metrics, "metrics.name")

    assert column.value((item,)) == "使用率、件數"
    assert list(column.sources((item,))) == cells


def test_a_derived_column_is_personal_when_something_in_it_is() -> None:
    assert derived("who", "督導成員", _metrics, "reviewer.name").personal
    assert not derived("what", "書面意見", _metrics, "review.opinion").personal


def test_a_section_has_a_column_for_each_field_that_a_person_fills() -> None:
    ids = [column.id for column in section(ENROLMENT, "items", "phone")]
    assert "items.handler" in ids
    assert "items.item" not in ids and "items.phone" not in ids


def test_what_no_column_shows_is_named_by_form_and_field() -> None:
    some = [*section(REPORT, "scores"), *section(CONTEST, "entries", "term")]
    assert ("review", "scores.evidence") in not_shown([REVIEW], some)
    assert not_shown([CONTEST], [*some, *section(CONTEST, "people")]) == (
        ("contest", "entries.term"),
    )


def test_values_keep_their_types() -> None:
    review = nouns.review("陳大文", day=date(2025, 12, 15))
    score = nouns.score("創新性", Decimal("85.5"))
    assert asked("reviewer.day").value((ITEM, review)) == date(2025, 12, 15)
    assert asked("scores.score").value((ITEM, review, score)) == Decimal("85.5")
