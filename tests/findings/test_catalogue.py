"""The catalogue speaks to people; findings that say the same are one; the coordinator may accept some."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import groupby

import pytest

from tools import make_codes_doc
from xltool.findings import (
    CATALOGUE,
    RETIRED,
    WAIVABLE,
    Code,
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
from xltool.forms import FORMS
from xltool.model import Address

SAID_BY_FORMS = {
    word
    for form in FORMS.values()
    for sheet, section in form.sections()
    for word in (form.title, sheet.title, section.title)
} | {
    word
    for form in FORMS.values()
    for asked in form.asked.values()
    for word in (asked.field.label, *(asked.choices if isinstance(asked.choices, tuple) else ()))
}
SAID_ELSEWHERE = {
    "不採用": "the folder of returns that do not count",
    "人工修改": "a sheet of the tracker",
    "未對應": "a sheet of the tracker",
    "變更紀錄": "a sheet of the tracker",
    "設定變更": "a sheet of the tracker",
    "值": "Excel's way of pasting",
    "不敘獎": "a choice of the lists of rewards, and a sheet of the roster",
    "獎由下起": "a usual rule of personnel offices",
    "無辦理": "the choice of having nothing to report, in short",
    "無": "the same; and what people type for nothing",
    **dict.fromkeys(
        ["－", "同上", "分", "%", "衝突", "續", "（續）…"], "what people or programs type"
    ),
}
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
        CATALOGUE[code].acceptable
        or (code.startswith(WAIVABLE) and CATALOGUE[code].severity is not Severity.NOTE)
    )


def test_the_pages_of_the_codes_are_those_of_the_catalogue() -> None:
    written = {path.name: path.read_text("utf-8") for path in make_codes_doc.TARGET.iterdir()}
    assert written == make_codes_doc.render(), "python -m tools.make_codes_doc"


@pytest.mark.parametrize("code", CATALOGUE.values(), ids=CATALOGUE)
def test_what_a_finding_quotes_is_what_a_form_says(code: Code) -> None:
    quoted = re.findall("「([^「」{}]+)」", f"{code.message} {code.fix} {code.why}")
    assert set(quoted) <= SAID_BY_FORMS | SAID_ELSEWHERE.keys()


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
