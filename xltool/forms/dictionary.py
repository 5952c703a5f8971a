"""A form's data dictionary: enough for a foreign program to fill the form. A published interface,
described by docs/schema/form.schema.json."""

from __future__ import annotations

from typing import Any

from xltool.forms.layout import label_of
from xltool.forms.lists import Lists
from xltool.forms.schema import Card, Choices, Field, Form, Section

TYPES = {
    "text": "單行文字",
    "long": "多行文字",
    "code": "代碼",
    "choice": "選單",
    "yes_no": "是／否",
    "integer": "整數",
    "decimal": "數字",
    "date": "民國日期",
    "photo": "照片",
}


def dictionary(form: Form, lists: Lists) -> dict[str, Any]:
    """The form as plain data. `lists` supplies the choices that the year decides.

    A section is found on its sheet by `anchor`, the text of its heading cell; within it a field by
    `label`: to the left of a card's value, above a table's column. `example_row`: the row below a
    table's labels holds examples; what is filled begins below it.
    """
    return {
        "form": form.key,
        "title": form.title,
        "version": form.version,
        "filer": str(form.filer),
        "stage": form.stage,
        "purpose": form.purpose,
        "clause": form.clause,
        "nil": None
        if form.nil is None
        else {"section": form.nil.section, "field": form.nil.field, "value": form.nil.value},
        "sheets": [
            {
                "title": sheet.title,
                "per_item": sheet.per_item,
                "sections": [_section(section, lists) for section in sheet.sections],
            }
            for sheet in form.sheets
        ],
    }


def _section(section: Section, lists: Lists) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "section": section.key,
        "anchor": section.title,
        "shape": "card" if isinstance(section, Card) else "table",
        "note": section.note,
    }
    if not isinstance(section, Card):
        plain["rows"] = section.rows
        plain["example_row"] = section.example
        plain["least"] = section.least
        plain["rows_from"] = None if section.rows_from is None else str(section.rows_from)
        plain["row_names"] = list(lists.named(section.rows_from)) if section.rows_from else []
    plain["fields"] = [_field(field, lists) for field in section.fields]
    return plain


def _field(field: Field, lists: Lists) -> dict[str, Any]:
    when = field.required_when
    return {
        "field": field.key,
        "label": label_of(field),
        "type": str(field.kind),
        "required": field.required,
        "required_when": None if when is None else {"field": when.field, "equals": when.equals},
        "given": field.given,
        "personal": field.personal,
        "choices": list(lists.options(field)),
        "choices_from": str(field.choices) if isinstance(field.choices, Choices) else None,
        "minimum": None if field.minimum is None else str(field.minimum),
        "maximum": None if field.maximum is None else str(field.maximum),
        "max_length": field.max_length,
        "pattern": None if field.pattern is None else field.pattern.regex,
        "one_line": field.one_line,
        "unique": field.unique,
        "prompt": field.prompt,
        "example": str(field.example),
        "clause": field.clause,
    }
