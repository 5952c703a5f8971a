"""Findings: what is wrong with someone's data, where, what stood there, and what to do.

A finding is a returned value, never an exception. Codes live in `CATALOGUE` alone, are stable and
are never reused. Letters: F file, S structure, V value, C between fields, forms or units, R rule,
P settings of the plan.
"""

from xltool.findings.catalogue import CATALOGUE, RETIRED
from xltool.findings.code import WAIVABLE, Code, Severity, explanation
from xltool.findings.found import (
    Finding,
    Group,
    Waiver,
    counted,
    finding,
    grouped,
    waived,
)

__all__ = [
    "CATALOGUE",
    "RETIRED",
    "WAIVABLE",
    "Code",
    "Finding",
    "Group",
    "Severity",
    "Waiver",
    "counted",
    "explanation",
    "finding",
    "grouped",
    "waived",
]
