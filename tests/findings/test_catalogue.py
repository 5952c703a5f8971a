"""The catalogue speaks to people; findings that say the same are one; the coordinator may accept some."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby

import pytest

from tools import make_codes_doc
from xltool.findings import (
    CATALOGUE,
    RETIRED,
    WAIVABLE,
    Severity,
    Waiver,
    explanation,
    finding,
    grouped,
    waived,
)
from xltool.findings.catalogue import (
    c_between,
    f_file,
    p_settings,
    r_rule,
    s_structure,
    v_value,
)
from xltool.model import Address

TABLES = (c_between, f_file, p_settings, r_rule, s_structure, v_value)
BLANK = finding("V301", Address("03.xlsx", "業務 03-01", "B13"), field="未來精進方向")
WAIVER = Waiver("V301", "03", "", "", "", "另以公文補送", "王小明", "114.12.01")


def test_a_code_stands_once_in_the_table_of_its_letter_in_order() -> None:
    for table in TABLES:
        told = [code.code for code in table.CODES]
        assert told == sorted(told)
        assert {code[0].lower() for code in told} == {table.__name__.rpartition(".")[2][0]}
    assert Counter(code.code for table in TABLES for code in table.CODES) == Counter([*CATALOGUE])


def test_a_code_is_never_reused_so_the_numbers_of_a_letter_have_no_gaps() -> None:
    assert not CATALOGUE.keys() & RETIRED
    for letter, codes in groupby(sorted(CATALOGUE.keys() | RETIRED), key=lambda code: code[0]):
        numbers = [int(code[1:]) for code in codes]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), (
            f"{letter}: a code that is told no more goes to RETIRED, a new one takes the next number"
        )


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_tells_what_why_and_what_to_do(code: str) -> None:
    told = dict(explanation(CATALOGUE[code]))
    assert len(told["為什麼"]) > 10
    assert "{" not in "".join(told.values())
    assert ("不必更正時" in told) == (
        code.startswith(WAIVABLE) and CATALOGUE[code].severity is not Severity.NOTE
    )


def test_the_pages_of_the_codes_are_those_of_the_catalogue() -> None:
    written = {path.name: path.read_text("utf-8") for path in make_codes_doc.TARGET.iterdir()}
    assert written == make_codes_doc.render(), "python -m tools.make_codes_doc"


def test_findings_that_say_the_same_are_one_with_all_their_places() -> None:
    again = replace(BLANK, at=Address("03.xlsx", "業務 03-02", "B13"))
    other = finding("V301", Address("03.xlsx", "業務 03-01", "B12"), field="辦理情形")
    elsewhere = replace(BLANK, at=Address("04.xlsx", "業務 04-01", "B13"))
    groups = grouped([BLANK, other, again, elsewhere])
    assert [group.places for group in groups] == [
        (BLANK.at, again.at),
        (other.at,),
        (elsewhere.at,),
    ]


def test_what_the_coordinator_accepts_blocks_no_more_and_says_who_and_why() -> None:
    accepted = waived(BLANK, "03", "report", [WAIVER])
    assert accepted.severity is Severity.WAIVED
    assert not accepted.blocks
    assert accepted.fix == "王小明 114.12.01 同意不必更正：另以公文補送"
    assert accepted.message == BLANK.message


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "04"},
        {"code": "V302"},
        {"form": "enrolment"},
        {"sheet": "業務 03-02"},
        {"sheet": "業務 03-01", "cell": "B12"},
    ],
)
def test_a_waiver_covers_only_what_it_names(other: dict[str, str]) -> None:
    assert waived(BLANK, "03", "report", [replace(WAIVER, **other)]) == BLANK


def test_a_waiver_may_be_for_one_cell() -> None:
    narrow = replace(WAIVER, form="report", sheet="業務 03-01", cell="B13")
    assert not waived(BLANK, "03", "report", [narrow]).blocks
