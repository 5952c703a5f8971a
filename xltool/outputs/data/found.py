"""Findings as a table: what is wrong, whose it is, and where; what stood there only for those who ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from operator import attrgetter

from xltool.columns import Column, asked, derived
from xltool.findings import Finding
from xltool.outputs.data.export import Export

FINDINGS = "findings"


@dataclass(frozen=True)
class Found:
    """A finding with whose return it is of, by keys, empty where it is of none; `field` ("scores.score")
    where it is an error at a field's cell."""

    finding: Finding
    form: str = ""
    unit: str = ""
    field: str = ""


def _of(name: str, label: str, path: str = "", *, personal: bool = False) -> Column:
    read: Callable[..., object] = attrgetter(path or name)
    return replace(derived(name, label, read), personal=personal)


_COLUMNS = (
    _of("code", "檢核代碼", "finding.code"),
    _of("severity", "等級", "finding.severity"),
    _of("form", "表單"),
    _of("unit", asked("last_year.unit").label),
    _of("file", "檔案", "finding.at.file", personal=True),
    _of("sheet", "工作表", "finding.at.sheet"),
    _of("cell", "儲存格", "finding.at.cell"),
    _of("field", "欄位"),
    _of("message", "問題", "finding.message", personal=True),
    _of("value", "填寫內容", "finding.value", personal=True),
    _of("fix", "如何修正", "finding.fix", personal=True),
)


def findings_table(found: Iterable[Found]) -> Export:
    """A row a finding, in the order given."""
    rows = tuple(tuple(column.value((one,)) for column in _COLUMNS) for one in found)
    return Export(FINDINGS, "檢核結果", _COLUMNS, rows)
