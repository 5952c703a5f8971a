"""What the year knows already stands in the form that a unit gets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import openpyxl

from tests.support import build, nouns
from tests.support.unit_03 import enrolment, returned
from xltool.forms import ENROLMENT, REPORT, REVIEW, Form
from xltool.forms.schema import Field
from xltool.model import Item, Record, Value
from xltool.rules import conclude
from xltool.steps.issue import issue
from xltool.steps.prefill import prefill
from xltool.store.workspace import Workspace


def test_what_a_unit_enrolled_stands_in_the_report_form_that_it_gets(workspace: Workspace) -> None:
    returned(workspace, "ATTACH4.xlsx", ENROLMENT, enrolment())
    issued = issue(workspace, "report", ["03"])
    [path] = issued.outputs
    assert path.name == "114_03_電力發展及管理組_執行成果填報表.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell.value for row in book["業務 03-01"].iter_rows() for cell in row]
    assert "用電申辦進度線上查詢" in cells
    assert "建置線上查詢平臺" in cells


def records(form: Form, item: Item) -> tuple[Record, ...]:
    """What the form of the item's unit is filled with, in a year of this item."""
    year = build.dataset(items=[item])
    return prefill(form, year, conclude(year, build.PLAN), build.PLAN, item.unit)


def asking(form: Form, field: Field) -> Form:
    """The form with one more field at the end of its first card on an item's sheet."""
    sheet = next(sheet for sheet in form.sheets if sheet.per_item)
    card, *rest = sheet.sections
    longer = replace(sheet, sections=(replace(card, fields=(*card.fields, field)), *rest))
    return replace(form, sheets=tuple(longer if one is sheet else one for one in form.sheets))


def test_a_field_that_a_form_declares_to_repeat_another_is_filled_with_it() -> None:
    field = Field("audience", "服務對象", given=True, echo="items.audience")
    [card] = records(asking(REPORT, field), build.item(audience="申請用電之民眾"))
    assert card.values["audience"] == "申請用電之民眾"


def test_what_a_form_asks_itself_is_not_filled() -> None:
    [card] = records(REPORT, build.item())
    assert set(card.values) == {"item", "name", "category"}


def test_where_nothing_is_known_a_form_says_so() -> None:
    def opinion(item: Item) -> dict[str, Value]:
        [_, card] = records(REVIEW, item)
        return {key: card.values[key] for key in ("result", "self_score")}

    unreported = nouns.item("03-01", "03", name="業務", enrolled=True)
    assert opinion(build.item()) == {"result": "已完成", "self_score": Decimal(80)}
    assert opinion(unreported) == {"result": "（單位尚未填報）", "self_score": "未評"}
