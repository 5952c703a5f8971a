"""Enums, declared forms and the glossary say the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xltool.findings import Severity
from xltool.forms import FORMS
from xltool.model import Bound, Category, ContestStage, Presence, Role, Verdict

GLOSSARY = (Path(__file__).parent.parent / "docs" / "glossary.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and not line.startswith("| 中文")
]
BY_IDENTIFIER = {row[1]: row[0] for row in ROWS}


@pytest.mark.parametrize("enum", [Category, ContestStage, Role, Bound, Presence, Verdict])
def test_every_value_of_an_enum_stands_in_the_glossary(
    enum: type[Category | ContestStage | Role | Bound | Presence | Verdict],
) -> None:
    for member in enum:
        assert BY_IDENTIFIER[f"{enum.__name__}.{member.name}"] == member.value


def test_every_severity_stands_in_the_glossary() -> None:
    assert any(row[0] == "、".join(Severity) for row in ROWS)


def test_every_form_has_its_title_in_the_glossary() -> None:
    titles = {row[1]: row[0] for row in ROWS}
    for key, form in FORMS.items():
        assert titles[key] == form.title


def test_no_identifier_of_a_form_is_a_word_we_do_not_say() -> None:
    shunned = {word.strip() for row in ROWS for word in row[4].split(",") if word.strip()}
    for form in FORMS.values():
        for _, section in form.sections():
            for name in (section.key, *(field.key for field in section.fields)):
                assert name not in shunned, f"{form.key}.{section.key}.{name}"


def test_one_chinese_word_has_one_row() -> None:
    words = [row[0] for row in ROWS]
    assert len(words) == len(set(words))
    assert all(re.search(r"[一-鿿]", word) for word in words)
