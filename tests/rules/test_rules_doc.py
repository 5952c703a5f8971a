"""docs/rules.md says what the rules do: it is made from them."""

from __future__ import annotations

import re

from tools import make_rules_doc
from xltool.findings import CATALOGUE
from xltool.forms import SETTINGS
from xltool.rules import RULES
from xltool.rules.clauses import clauses


def test_docs_rules_md_is_what_the_rules_say_of_themselves() -> None:
    told = make_rules_doc.TARGET.read_text("utf-8")
    assert told == make_rules_doc.render(), "python tools/make_rules_doc.py"


def test_every_choice_that_names_a_setting_names_a_field_of_the_settings_form() -> None:
    named = {choice.setting for rule in RULES for choice in rule.choices if choice.setting}
    assert named
    for name in named:
        section, _, field = name.partition(".")
        assert SETTINGS.field(section, field).label
    options = {f"options.{field.key}" for field in SETTINGS.section("options").fields}
    assert options == {name for name in named if name.startswith("options.")}


def test_every_rule_finding_of_the_catalogue_belongs_to_a_rule() -> None:
    told = {code for rule in RULES for code in rule.findings}
    assert {code for code in CATALOGUE if code.startswith("R")} <= told


def test_every_place_of_the_plan_that_is_carried_out_names_a_test_that_there_is() -> None:
    proofs = make_rules_doc.proofs()
    done = {clause.locator for clause in clauses(114) if clause.rules or clause.done_in}
    assert done <= proofs.keys() <= {clause.locator for clause in clauses(114)}
    tests = make_rules_doc.ROOT / "tests"
    for name in {name for names in proofs.values() for name in names}:
        file, _, test = name.partition("::")
        text = (tests / file).read_text("utf-8")
        assert not test or re.search(rf"^def {test}\(", text, re.MULTILINE), name
