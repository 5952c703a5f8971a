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


def _catalogue(*codes: Code) -> dict[str, Code]:
    table = {code.code: code for code in codes}
    if len(table) != len(codes):
        raise ValueError("a finding code is used twice")
    return table


CATALOGUE = _catalogue(
    *f_file.CODES,
    *s_structure.CODES,
    *v_value.CODES,
    *c_between.CODES,
    *r_rule.CODES,
    *p_settings.CODES,
)
