"""Accept findings of a unit, with reason and name; list them, take them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xltool.findings import CATALOGUE, WAIVABLE, Finding, Severity, Waiver
from xltool.forms import FORMS
from xltool.model import Address
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.settings import load_plan
from xltool.store.ledger import open_ledger
from xltool.store.workspace import Workspace, WorkspaceError

_NAMED = 3  # places where the code does stand


def waive(workspace: Workspace, waiver: Waiver) -> Done:
    """Accept a finding of a unit, with reason and name; it is shown in every report, and ends with
    the year. Raises WorkspaceError for a code, unit or form that cannot be meant."""
    _waivable(workspace, waiver.code, waiver.unit)
    if waiver.form and waiver.form not in FORMS:
        raise WorkspaceError(f"沒有「{waiver.form}」這種表單；可用：{'、'.join(FORMS)}")
    if not (waiver.reason.strip() and waiver.by.strip()):
        raise WorkspaceError("請以 --reason 填寫理由，並以 --by 填寫同意者姓名")
    with open_ledger(workspace) as ledger:
        ledger.waive(waiver)
    return waivers(workspace)


def unwaive(workspace: Workspace, code: str, unit: str) -> Done:
    """Take back what was accepted. Raises WorkspaceError when there is nothing of that kind."""
    with open_ledger(workspace) as ledger:
        if not ledger.unwaive(code, unit):
            raise WorkspaceError(f"單位 {unit} 沒有已同意的 {code}")
    return waivers(workspace)


def waivers(workspace: Workspace) -> Done:
    """What the coordinator has accepted this year, and how much of what came back it covers."""
    year = gather(workspace)
    whose = {r.file: (r.returned.unit, r.returned.form) for r in year.readings if r.returned}
    accepted = [f for f in year.findings if f.severity is Severity.WAIVED]
    lines = [f"已同意的檢核結果 {len(year.waivers)} 項（僅本年度有效）"]
    for one in year.waivers:
        covered = sum(one.covers(f, *whose.get(f.at.file, ("", ""))) for f in accepted)
        where = "!".join(part for part in (one.sheet, one.cell) if part)
        form = FORMS[one.form].title if one.form else ""
        place = " ".join(part for part in (year.plan.unit_name(one.unit), form, where) if part)
        applies = f"目前適用 {covered} 處" if covered else "目前沒有符合的檢核結果"
        lines.append(f"　{one.code} {place}：{one.reason}（{one.by} {one.at}；{applies}）")
        if not covered:
            there = [
                f.at for f in year.findings if f.code == one.code and _unit(f, whose) == one.unit
            ]
            lines.append(f"　　→ {_where(one, there)}")
    return Done("已同意的檢核結果", tuple(lines))


def _unit(found: Finding, whose: Mapping[str, tuple[str, str]]) -> str:
    return whose.get(found.at.file, ("", ""))[0]


def _where(waiver: Waiver, there: Sequence[Address]) -> str:
    """What to look at where a waiver covers nothing."""
    if not there:
        return f"這個單位目前沒有 {waiver.code}；請核對代碼與單位，或以 --remove 取消"
    places = "、".join(dict.fromkeys(str(at) for at in there[:_NAMED]))
    return f"這個單位的 {waiver.code} 在 {places}；請核對表單與位置"


def _waivable(workspace: Workspace, code: str, unit: str) -> None:
    if code not in CATALOGUE:
        raise WorkspaceError(f"沒有「{code}」這個檢核代碼；代碼列於檢核結果，例如 V301")
    if not code.startswith(WAIVABLE):
        raise WorkspaceError(f"{code} 不能同意：只有表單內容的檢核（S、V、C 開頭）可以")
    if load_plan(workspace).unit(unit) is None:
        raise WorkspaceError(f"年度設定沒有單位代碼「{unit}」")
