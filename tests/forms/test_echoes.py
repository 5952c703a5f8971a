"""Given fields: each is known to be a number, a row of a list, an echo, or one of a few by name."""

from __future__ import annotations

from xltool.forms import FORMS
from xltool.forms.schema import Card, Table

FREE = {
    "filing.unit": "whose form it is",
    "reviewer.unit": "whose form it is",
    "report.item": "names the item's sheet",
    "review.item": "names the item's sheet",
    "report.last_year": "from last year's settings",
    "review.self_score": "worked out, not asked",
}


def test_every_given_field_is_numbered_or_a_list_s_row_or_an_echo_or_named_here() -> None:
    loose = {
        asked.id
        for form in FORMS.values()
        for (key, _), asked in form.asked.items()
        if asked.field.given and not (asked.field.numbered or asked.field.echo)
        if not _names_a_row(form.section(key), asked.field.key)
    }

    assert loose == set(FREE)


def _names_a_row(section: Card | Table, key: str) -> bool:
    return isinstance(section, Table) and bool(section.rows_from) and section.fields[0].key == key


def test_an_echo_repeats_a_field_that_another_form_asks() -> None:
    asked = {one.id: one.field for form in FORMS.values() for one in form.asked.values()}

    echoes = [field for field in asked.values() if field.echo]
    assert echoes
    assert all(field.given and not asked[field.echo].given for field in echoes)


def test_only_an_echo_may_change_and_only_what_may_change_is_weighty() -> None:
    fields = [one.field for form in FORMS.values() for one in form.asked.values()]

    assert all(field.echo for field in fields if field.may_change)
    assert all(field.may_change for field in fields if field.weighty)


def test_what_asks_for_the_reason_of_a_change_stands_beside_what_may_change() -> None:
    cards = [section for form in FORMS.values() for _, section in form.sections()]
    asking = [card for card in cards if any(field.explains for field in card.fields)]

    assert [card.key for card in asking] == ["report"]
    assert any(field.may_change for field in asking[0].fields)
