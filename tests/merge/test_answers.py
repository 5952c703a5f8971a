"""Answers go by the declaration: what a noun or a rule names is declared, and nothing declared is left."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import build
from tests.support.build import enrolled, merge, reported, returned, row
from xltool import model
from xltool.forms import ENROLMENT, FORMS, REPORT
from xltool.forms.schema import Card, Field
from xltool.merge import not_taken
from xltool.model import Address, Answer, Noun, Typed

PACKAGE = Path(__file__).parents[2] / "xltool"
ASKED = {asked.id for form in FORMS.values() for asked in form.asked.values()}
NOUNS = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Noun)]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda kind: kind.__name__)
def test_a_property_of_a_noun_reads_what_a_form_asks(noun: type[Noun]) -> None:
    keys = {key for one in vars(noun).values() if isinstance(one, Typed) for key in one.keys}
    assert keys <= ASKED


def named(source: str) -> Iterator[str]:
    """The answers that a module asks for by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for word in node.args if node.func.attr in ("where", "answer") else ():
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    yield word.value


def test_an_answer_that_a_module_asks_for_by_name_is_declared() -> None:
    keys = {key for path in PACKAGE.rglob("*.py") for key in named(path.read_text("utf-8"))}
    keys = {key for key in keys if re.fullmatch(r"[a-z_]+\.[a-z_]+", key)}
    assert len(keys) > 5 and keys <= ASKED


def test_a_section_of_which_nothing_is_made_is_named() -> None:
    budget = Card("budget", "預算", (Field("spent", "預算執行率"),))
    first = REPORT.sheets[0]
    longer = replace(first, sections=(*first.sections, budget))
    form = replace(REPORT, sheets=(longer, *REPORT.sheets[1:]))

    assert list(not_taken([form])) == ["no noun takes the section budget of the form report"]
    assert list(not_taken(FORMS.values())) == []


def test_an_item_holds_each_answer_with_its_cell() -> None:
    (item,) = merge([enrolled("03-01"), reported("03-01")], build.PLAN).dataset.items
    assert item.answer("report.result") == Answer("成果03-01", Address("檔案.xlsx", "report", "C5"))
    assert item.answer("report.change") == Answer()
    assert item.where("report.change", "report.result").cell == "C5"


def test_an_item_whose_enrolment_has_not_come_is_known_by_what_its_report_was_issued_with() -> None:
    card = row("report", "03-01", item="03-01", name="新的名稱", target="目標", result="成果")
    report = returned(REPORT, replace(card, issued={"name": "業務"}))

    (item,) = merge([report], build.PLAN).dataset.items

    assert (item.name, item.target) == ("新的名稱", "目標")
    assert item.answer("items.name").was == Answer("業務")
    assert item.where("items.target") == card.at["target"]


def test_a_blank_cell_is_an_answer_without_a_value_that_knows_its_place() -> None:
    blank = Address("檔案.xlsx", "items", "D5")
    item = row("items", item="03-01", name="業務")
    answered = replace(item, at={**item.at, "target": blank})

    (made,) = merge([returned(ENROLMENT, answered)], build.PLAN).dataset.items

    assert made.target == "" and made.answer("items.target") == Answer(None, blank)


NAMED = {
    "items.item": "an item goes by its number",
    "items.last_item": "C417 speaks of it",
    "items.method": "C419 compares the prose of two units",
    "member.level": "C412 speaks of it",
    "people.entry": "whose person it is",
    "people.item": "whose person it is, and C406",
    "people.unit": "whose person it is",
    "people.term": "whose person it is, where a code is of two terms",
    "people.name": "C428 names whom a later form drops",
    "report.result": "C419 compares the prose of two units",
    "reviewer.name": "C416 names the reviewers",
    "scores.criterion": "a score goes by its criterion",
    "entries.entry": "an entry goes by its number",
}
"""Fields that merging names, each because something is told by it; all others it takes unseen."""


def field_names(source: str) -> Iterator[str]:
    """The fields that a module names: by id, by the key of a record's value, by form.field."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in ASKED:
            yield str(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            words = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.attr in ("text", "number", "day", "flag"):
                yield from map(str, words)
            elif node.func.attr == "field" and len(words) == 2:
                yield ".".join(map(str, words))


def test_merging_names_no_field_but_those_of_which_something_is_told() -> None:
    keys = {id_.split(".")[1] for id_ in NAMED}
    paths = (PACKAGE / "merge").glob("*.py")
    named = {name for path in paths for name in field_names(path.read_text("utf-8"))}
    assert named and named <= set(NAMED) | keys
