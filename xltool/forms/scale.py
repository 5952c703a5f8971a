"""A form on the year's scale: what the plan leaves to that year's 評獎實施計畫 (陸、一、(三))."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from xltool.forms import FORMS
from xltool.forms.schema import Field, Form, Section
from xltool.plan import Options, Plan
from xltool.wording import the


def on_scale(form: Form, plan: Plan | None) -> Form:
    """The form as declared, its scores going up to the year's full score (`options.full_score`).

    The form itself where that is the one it was declared with, and where there is no plan.
    """
    if plan is None or plan.options.full_score == Options.full_score:
        return form
    return _scaled(form.key, plan.options.full_score, tuple(the.known.items()))


@lru_cache(maxsize=32)
def _scaled(key: str, full: Decimal, _words: tuple[tuple[str, str], ...]) -> Form:
    form = FORMS[key]
    if not any(field.scored for _, section in form.sections() for field in section.fields):
        return form
    sheets = tuple(
        replace(sheet, sections=tuple(_section(section, full) for section in sheet.sections))
        for sheet in form.sheets
    )
    return replace(form, sheets=sheets)


def _section(section: Section, full: Decimal) -> Section:
    return replace(section, fields=tuple(_field(field, full) for field in section.fields))


def _field(field: Field, full: Decimal) -> Field:
    if not field.scored or field.maximum is None:
        return field
    example = Decimal(field.example) * full / field.maximum
    return replace(
        field,
        maximum=full,
        prompt=field.prompt.replace(f"{field.maximum:f}", f"{full:f}"),
        example=f"{example.normalize():f}",
    )
