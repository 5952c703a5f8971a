"""Whom a person means who types a unit by hand: 3, ０３, 秘書室."""

from __future__ import annotations

from xltool.plan import Plan
from xltool.store.workspace import WorkspaceError
from xltool.zh import narrow, nearest, or_rather, same


def unit_meant(plan: Plan, typed: str) -> str:
    """The code of the unit meant, by code or name. Raises WorkspaceError where there is none, with the
    one that is most like it."""
    word = narrow(typed)
    code = word.zfill(2)
    if plan.unit(code) is not None:
        return code
    for unit in plan.units:
        if same(unit.name) == same(typed):
            return unit.code
    near = plan.unit_called(nearest(word, (unit.name for unit in plan.units)))
    there = (f"{unit.code} {unit.name}" for unit in plan.units)
    meant = or_rather(f"{near.code}（{near.name}）" if near else "", there)
    raise WorkspaceError(f"年度設定沒有單位「{typed}」{meant}")
