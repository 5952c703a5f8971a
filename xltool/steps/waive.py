"""Accept findings of a unit, with reason and name; list them, take them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xltool.findings import CATALOGUE, Finding, Severity, Waiver
from xltool.forms import FORMS, SETTINGS
from xltool.model import Address
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.meant import unit_meant
from xltool.steps.settings import load_plan
from xltool.store.ledger import open_ledger
from xltool.store.workspace import Workspace, WorkspaceError

_NAMED = 3  # places where the code does stand


def waive(workspace: Workspace, waiver: Waiver) -> Done:
    """Accept a finding of a unit, or of the settings, with reason and name; it is shown in every report,
    and ends with the year. Raises WorkspaceError for a code, unit or form that cannot be meant.

    A setting is accepted as it is now, at its cell: changed again, or put right, it is so no more.
    """
    waiver = replace(waiver, unit=_whose(workspace, waiver.code, waiver.unit))
    if waiver.form and waiver.form not in FORMS:
        raise WorkspaceError(f"沒有「{waiver.form}」這種表單；可用：{'、'.join(FORMS)}")
    if not (waiver.reason.strip() and waiver.by.strip()):
        raise WorkspaceError("請以 --reason 填寫理由，並以 --by 填寫同意者姓名")
    accepted = [waiver]
    if CATALOGUE[waiver.code].acceptable:
        accepted = list(_of_settings(workspace, waiver))
    with open_ledger(workspace) as ledger:
        for one in accepted:
            ledger.waive(one)
    return waivers(workspace)


def _of_settings(workspace: Workspace, waiver: Waiver) -> Iterator[Waiver]:
    """A waiver for each setting that the code tells of, for what stands there now."""
    there = [one for one in gather(workspace).settings.findings if one.code == waiver.code]
    meant = [
        one for one in there
        if waiver.cell in ("", one.at.cell) and waiver.sheet in ("", one.at.sheet)
    ]  # fmt: skip
    if not meant:
        raise WorkspaceError(_where(waiver, [one.at for one in there]))
    for one in meant:
        at = {"sheet": one.at.sheet, "cell": one.at.cell, "value": one.value}
        yield replace(waiver, form=SETTINGS.key, **at)


def unwaive(workspace: Workspace, code: str, unit: str) -> Done:
    """Take back what was accepted. Raises WorkspaceError when there is nothing of that kind."""
    unit = unit and unit_meant(load_plan(workspace), unit)
    with open_ledger(workspace) as ledger:
        if not ledger.unwaive(code, unit):
            whose = f"單位 {unit} " if unit else ""
            raise WorkspaceError(f"{whose}沒有已同意的 {code}")
    return waivers(workspace)


def waivers(workspace: Workspace) -> Done:
    """What the coordinator has accepted this year, and how much of what came back it covers."""
    year = gather(workspace)
    whose = {r.file: (r.returned.unit, r.returned.form) for r in year.readings if r.returned}
    whose[year.settings.file] = "", SETTINGS.key
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
    whose = "這個單位" if waiver.unit else SETTINGS.title
    if not there:
        return f"{whose}目前沒有 {waiver.code}；請核對代碼與單位，或以 --remove 取消"
    places = "、".join(dict.fromkeys(str(at) for at in there[:_NAMED]))
    return f"{whose}的 {waiver.code} 在 {places}；請核對表單與位置"


def _whose(workspace: Workspace, code: str, unit: str) -> str:
    """The unit whose finding is to be accepted, empty for the settings'. Raises WorkspaceError for a
    code that cannot be accepted, and a unit that there is not."""
    if code not in CATALOGUE:
        raise WorkspaceError(f"沒有「{code}」這個檢核代碼；代碼列於檢核結果，例如 V301")
    if not CATALOGUE[code].waivable:
        raise WorkspaceError(
            f"{code} 不能同意：只有表單內容的檢核（S、V、C 開頭），"
            "與年度設定和計畫、法規不同者（xltool explain 代碼 有「不必更正時」）可以"
        )
    if CATALOGUE[code].acceptable:
        if unit:
            raise WorkspaceError(f"{code} 是年度設定的檢核，請勿加 --unit")
        return ""
    return unit_meant(load_plan(workspace), unit)
