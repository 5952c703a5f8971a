"""發出紀錄: what was issued to whom, when, and until when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xltool.forms import FORMS
from xltool.model import Issued
from xltool.outputs.celltext import cell_text
from xltool.outputs.lists.listing import frame, looks_of_list
from xltool.outputs.style import new_book
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
    with new_book(path, "發出紀錄", plan.year) as book:
        head, text = looks_of_list(book, "vcenter")
        page = book.add_worksheet("發出紀錄")
        frame(page, _COLUMNS, len(issues), head)
        for row, one in enumerate(sorted(issues, key=lambda i: (i.at, i.issue), reverse=True), 1):
            unit = plan.unit_name(one.unit) if one.unit else plan.agency
            title = FORMS[one.form].title if one.form in FORMS else one.form
            cells = (one.at.replace("T", " ")[:16], title, unit, one.issue, one.file, one.deadline)
            for col, word in enumerate((*cells, one.recipient)):
                page.write_string(row, col, cell_text(word), text)
