"""The one catalogue of codes, a module a letter: V301 stands in `v_value`. Codes are never reused."""

from __future__ import annotations

from xltool.findings.catalogue import (
    c_between,
    f_file,
    p_settings,
    r_rule,
    s_structure,
    v_value,
)
from xltool.findings.code import Code
from xltool.findings.code import Severity as Severity

_LETTERS = (f_file, s_structure, v_value, c_between, r_rule, p_settings)

CATALOGUE: dict[str, Code] = {code.code: code for letter in _LETTERS for code in letter.CODES}
"""Every code in use, in the order in which a return meets them."""

RETIRED: frozenset[str] = frozenset()
"""Codes that are told no more. Their numbers stay taken: what is in a ledger keeps its meaning."""
