"""發出紀錄: what was issued to whom, when, and until when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from xltool.forms import FORMS
from xltool.model import Issued
from xltool.outputs.celltext import cell_text
from xltool.plan import Plan

_COLUMNS = (
    ("發出時間", 20.0),
    ("表單", 18.0),
    ("單位", 26.0),
    ("發出編號", 22.0),
    ("檔名", 52.0),
    ("截止日", 12.0),
    ("草稿收件者", 32.0),
)


def write_issue_log(path: Path, issues: Sequence[Issued], plan: Plan) -> None:
    """Write the list, newest first. Raises OSError when `path` cannot be written."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({
            "title": "發出紀錄",
            "created": datetime(plan.year + 1911, 1, 1),  # noqa: DTZ001 - XlsxWriter wants it naive
        })
        base = {
            "font_name": "Microsoft JhengHei",
            "font_size": 11,
            "border": 1,
            "valign": "vcenter",
        }
        text = book.add_format({**base, "text_wrap": True})
        head = book.add_format({**base, "bold": True, "bg_color": "#D9E5F1"})
        page = book.add_worksheet("發出紀錄")
        for col, (label, width) in enumerate(_COLUMNS):
            page.set_column(col, col, width)
            page.write_string(0, col, label, head)
        for row, one in enumerate(sorted(issues, key=lambda i: (i.at, i.issue), reverse=True), 1):
            unit = plan.unit_name(one.unit) if one.unit else plan.agency
            title = FORMS[one.form].title if one.form in FORMS else one.form
            cells = (one.at.replace("T", " ")[:16], title, unit, one.issue, one.file, one.deadline)
            for col, word in enumerate((*cells, one.recipient)):
                page.write_string(row, col, cell_text(word), text)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(issues), 1), len(_COLUMNS) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&C第 &P 頁，共 &N 頁")
