"""總覽: who has filed what, how many items there are, when what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from xltool.columns import asked
from xltool.findings import counted
from xltool.forms import FORMS, Form
from xltool.forms.parts import NOT_STAMPED
from xltool.forms.schema import Filer
from xltool.model import Category, Filing, FilingState, Item
from xltool.outputs.living import Extra
from xltool.outputs.style import TrackerColour
from xltool.outputs.tracker.shown import HOW, Shown, Told, TrackerSheet, own, sheet
from xltool.plan import Unit, deadline_text
from xltool.zh import roc_date


def filing_status(filing: Filing | None) -> str:
    """What the coordinator sees of a unit's form (R8): its state, and what is the matter."""
    if filing is None:
        return FilingState.MISSING
    if filing.blocked and filing.errors:
        return f"{filing.state}（{filing.errors} 項錯誤）"
    if filing.filed and filing.stamp == NOT_STAMPED:
        return f"{filing.state}（{NOT_STAMPED}）"
    return f"{filing.state}（逾期，不採用）" if filing.late else filing.state


def overview(told: Told) -> TrackerSheet:
    """A line for each unit of the plan, filed or not."""
    plan, items = told.plan, told.dataset.items
    forms = [f for f in FORMS.values() if f.filer in {Filer.UNIT, Filer.MEMBER}]
    counts = Counter(item.category for item in items)
    by_category = "、".join(f"{category} {counts[category]} 項" for category in Category)
    return sheet(
        "總覽",
        f"{plan.agency}{plan.year}年度提升服務效能總覽",
        (
            f"業務共 {len(items)} 項：{by_category}",
            f"檢核結果：{counted(told.findings)}（逐項見「檢核結果」）",
            HOW,
            _RECORDS,
        ),
        (
            own("unit.code", asked("last_year.unit").label, 12, _code, centred=True),
            own("unit.name", asked("filing.unit").label, 24, _name),
            *(_state(form, told) for form in forms),
            own("items.count", "業務數", 9, _count, centred=True),
            *(
                own(f"category.{one.name.lower()}", one, 13, _counts(one), centred=True)
                for one in Category
            ),
        ),
        ((unit, [item for item in items if item.unit == unit.code]) for unit in plan.units),
        key=("unit.code",),
        extras=(_states(forms, told), _calendar(told)),
        frozen=2,
        portrait=True,
        one_page=True,
        decorate=_filing_chart(len(forms), len(plan.calendar)),
    )


def _code(unit: Unit, _: list[Item]) -> str:
    return unit.code


def _name(unit: Unit, _: list[Item]) -> str:
    return unit.name


def _count(_: Unit, items: list[Item]) -> int:
    return len(items)


def _counts(category: Category) -> Callable[[Unit, list[Item]], int]:
    def count(_: Unit, items: list[Item]) -> int:
        return sum(item.category is category for item in items)

    return count


def _state(form: Form, told: Told) -> Shown:
    """A form's column: its deadline, and how each unit stands with it."""
    stage = told.plan.stage(form.stage)
    filings = {f.unit: f for f in told.dataset.filings if f.form == form.key}

    def state(unit: Unit, _: list[Item]) -> str:
        return filing_status(filings.get(unit.code))

    title = f"{form.title}\n{deadline_text(stage) if stage else ''}".strip()
    return own(f"{form.key}.state", title, 26, state, centred=True, toned=True)


def _states(forms: list[Form], told: Told) -> Extra:
    filings = {(filing.unit, filing.form): filing for filing in told.dataset.filings}
    rows = []
    for form in forms:
        states = Counter(
            filing_status(filings.get((unit.code, form.key))).split("（")[0]
            for unit in told.plan.units
        )
        rows.append((None, form.title, *(states[state] for state in FilingState)))
    return Extra(_CHART.removesuffix("（單位數）"), ((None, "表單", *FilingState), *rows))


def _calendar(told: Told) -> Extra:
    labels = (asked(f"calendar.{key}").label for key in ("stage", "start", "due"))
    rows = ((None, s.name, roc_date(s.start), deadline_text(s)) for s in told.plan.calendar)
    return Extra("年度行程（附件1）", ((None, *labels), *rows))


_RECORDS = "「收件紀錄」「變更紀錄」「來源」供查考，不列印，所以先隱藏：在任一工作表標籤按右鍵，選「取消隱藏」"
_CHART = "各表單繳交情形（單位數）"
_BARS = (
    TrackerColour.FILED_BAR,
    TrackerColour.NIL_BAR,
    TrackerColour.OPEN_BAR,
    TrackerColour.MISSING_BAR,
)


def _filing_chart(forms: int, stages: int) -> Any:
    """A bar per form below the tables, from the counts written there."""

    def draw(sheet: Any, _head: int, _last: int, end: int) -> None:
        from openpyxl.chart import BarChart, Reference

        sheet._charts = [c for c in sheet._charts if _chart_title(c) != _CHART]
        # Counts: title, headings, forms; a blank line; title, headings, stages.
        top = end - (1 + stages) - 2 - forms
        chart = BarChart()
        chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
        chart.title = _CHART
        chart.add_data(
            Reference(sheet, min_col=3, max_col=6, min_row=top, max_row=top + forms),
            titles_from_data=True,
        )
        chart.set_categories(Reference(sheet, min_col=2, min_row=top + 1, max_row=top + forms))
        for series, colour in zip(chart.series, _BARS, strict=True):
            series.graphicalProperties.solidFill = colour.bare
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.majorGridlines = None
        chart.y_axis.scaling.min, chart.y_axis.majorUnit = 0, 2
        chart.legend.position = "b"
        chart.height, chart.width = 7, 24
        sheet.add_chart(chart, f"B{end + 2}")

    return draw


def _chart_title(chart: Any) -> str:
    try:
        return str(chart.title.tx.rich.p[0].r[0].t)
    except (AttributeError, IndexError, TypeError):
        return ""
