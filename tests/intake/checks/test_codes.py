"""Each code of intake is told by one kind of check, and each check is asked somewhere."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xltool.intake as intake
from xltool.findings import CATALOGUE
from xltool.intake import checks
from xltool.intake.checks.check import Check, ReadingCheck

BEFORE_THERE_IS_A_FORM = {"S201", "S202", "S227"}
"""Told in `intake` itself: no form of ours, or another year's, of which nothing is checked; what a form did
not ask yet."""

CODE = re.compile(r"[SVC]\d{3}")
ASKED = {
    "line": checks.LINE_CHECKS,
    "problem": tuple(checks.PROBLEMS.values()),
    "cell": checks.CELL_CHECKS,
    "record": checks.RECORD_CHECKS,
    "section": (*checks.TABLE_CHECKS, *checks.EXCUSED_CHECKS),
    "form": checks.FORM_CHECKS,
}


def kinds(of: type[Check] = Check) -> Iterator[type[Check]]:
    for kind in of.__subclasses__():
        if kind is not ReadingCheck:
            yield kind
        yield from kinds(kind)


KINDS = sorted(set(kinds()), key=lambda kind: kind.__name__)


def codes_in(source: str) -> set[str]:
    """The codes among a source's strings; what docstrings say is not a code by itself."""
    texts = (n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant))
    return {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)}


def test_each_code_of_intake_belongs_to_one_check() -> None:
    folder = Path(intake.__file__).parent
    told = set().union(*(codes_in(path.read_text("utf-8")) for path in folder.rglob("*.py")))
    named = [code for kind in KINDS for code in kind.codes if CODE.fullmatch(code)]
    assert sorted(named) == sorted(told - BEFORE_THERE_IS_A_FORM)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_check_tells_the_codes_that_it_names_and_says_what_is_wrong(kind: type[Check]) -> None:
    assert codes_in(inspect.getsource(kind)) <= set(kind.codes) <= set(CATALOGUE)
    assert kind.__doc__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_check_is_forgotten(kind: type[Check]) -> None:
    occasions = [name for name in ASKED if hasattr(kind, name)]
    assert occasions
    for name in occasions:
        assert getattr(kind, name) in ASKED[name], f"{kind.__name__}.{name} is never asked"
    if issubclass(kind, ReadingCheck):
        assert set(kind.codes) <= checks.PROBLEMS.keys()
