"""The files: what each unit filed and by whom, what was found in them, what came of each, what changed."""

from __future__ import annotations

from operator import attrgetter

from xltool.changes import Amended, Change
from xltool.columns import asked
from xltool.findings import Finding, Severity
from xltool.forms import ENROLMENT, FORMS, REPORT
from xltool.model import Filing, Receipt
from xltool.outputs.living import Cell, Link
from xltool.outputs.tracker.items import ITEMS
from xltool.outputs.tracker.overview import filing_status
from xltool.outputs.tracker.shown import (
    HOW,
    NOTE,
    Shown,
    Told,
    TrackerSheet,
    own,
    personal,
    sheet,
    show,
)
from xltool.wording import the

_UNIT = asked("filing.unit").label


def _link(told: Told) -> Shown:
    """A link to a file; its name is told by the first of the row."""

    def opens(one: Finding | Receipt | Filing) -> Cell:
        return told.opens(one.at.file if isinstance(one, Finding) else one.file)

    return own("file.link", "原檔", 7, opens, centred=True)


# --- 填報情形 -----------------------------------------------------------------------------------


def filings(told: Told) -> TrackerSheet:
    """Each unit's forms: filed or not, by whom, when, and whether the head has stamped it (核章)."""

    def unit(filing: Filing) -> str:
        return told.plan.unit_name(filing.unit)

    return sheet(
        asked("filing.status").label,
        f"{told.plan.year}年度各單位填報與核章情形",
        (f"單位主管尚未核章或未填核章情形者，請洽該單位補正（{the.targets}）", HOW, personal()),
        (
            own("filing.unit", _UNIT, 24, unit),
            own("form", "表單", 18, _form_of),
            own("filing.state", "繳交情形", 22, filing_status, "filing.status", toned=True),
            show("filing.filler", 14, centred=True),
            show("filing.phone", 18, centred=True),
            show("filing.day", 12, centred=True),
            show("filing.stamp", 12, centred=True, toned=True),
            show("filing.stamp_day", 12, centred=True),
            own("file", "檔案", 44, attrgetter("file")),
            _link(told),
            NOTE,
        ),
        ((filing,) for filing in told.dataset.filings),
        key=("filing.unit", "form"),
        whole=told.whole((ENROLMENT, "filing"), (REPORT, "filing")),
        frozen=2,
        footer=personal(),
    )


def _form_of(filing: Filing) -> str:
    return FORMS[filing.form].title


# --- 檢核結果 -----------------------------------------------------------------------------------


def findings(told: Told) -> TrackerSheet:
    """What was found, the weightiest first, with links to the item and to the cell."""
    known = told.dataset.items

    def item(found: Finding) -> Cell:
        id_ = next((one.id for one in known if one.id in found.at.sheet), "")
        return Link(id_, ITEMS, id_) if id_ else ""

    def cell(found: Finding) -> Cell:
        return told.link(found.at.cell, found.at.file, found.at)

    order = list(Severity)
    ranked = sorted(
        told.findings, key=lambda f: (order.index(f.severity), f.at.file, f.at.sheet, f.code)
    )
    return sheet(
        "檢核結果",
        "檢核結果",
        (
            "「錯誤」須修正後重送；「提醒」請確認；「說明」不需處理",
            "點業務編號到業務總表的那一列，點「開啟」或儲存格到收件匣裡的原檔",
            HOW,
        ),
        (
            own("severity", "嚴重度", 9, attrgetter("severity"), centred=True, toned=True),
            own("code", "代碼", 8, attrgetter("code"), centred=True),
            own("items.item", asked("items.item").label, 9, item, centred=True),
            own("file", "檔案", 34, attrgetter("at.file")),
            _link(told),
            own("source.sheet", "工作表", 16, attrgetter("at.sheet")),
            own("source.cell", "儲存格", 9, cell, centred=True),
            own("value", "原填內容", 26, attrgetter("value")),
            own("message", "問題", 46, attrgetter("message")),
            own("fix", "怎麼改", 46, attrgetter("fix")),
        ),
        ((found,) for found in ranked),
        key=("code", "file", "source.sheet", "source.cell"),
        frozen=2,
    )


# --- 設定變更 -----------------------------------------------------------------------------------


def amended(told: Told) -> TrackerSheet:
    """Which settings were changed after returns had come in, and all that it changed in the results."""
    return sheet(
        "設定變更",
        "設定變更：收到第一份回傳以後改過的年度設定",
        (
            "「影響的結果」以同一批回傳分別依前後設定計算；同時改了幾項同一規則所依的設定時，為合計的影響",
            personal(),
            HOW,
        ),
        (
            own("day", "首次發現", 11, _seen, centred=True),
            own("section", "區塊", 16, _amended_section),
            own("row", "列", 20, _amended_row),
            own("field", "欄位", 20, _amended_field),
            own("before", "原設定", 24, _amended_before),
            own("after", "現設定", 24, _amended_after),
            own("results", "影響的結果", 70, _effects),
            NOTE,
        ),
        ((one, change) for one in told.amended for change in one.changes),
        key=("day", "section", "row", "field", "after"),
        ids=tuple(
            (str(number), change.id, change.row)
            for number, one in enumerate(told.amended, 1)
            for change in one.changes
        ),
        frozen=4,
        footer=personal(),
    )


def _seen(one: Amended, _: Change) -> str:
    return one.day


def _amended_section(_: Amended, change: Change) -> str:
    return change.section


def _amended_row(_: Amended, change: Change) -> str:
    return change.row


def _amended_field(_: Amended, change: Change) -> str:
    return change.field


def _amended_before(_: Amended, change: Change) -> str:
    return _before(change)


def _amended_after(_: Amended, change: Change) -> str:
    return _after(change)


def _effects(one: Amended, change: Change) -> str:
    """Each kind of result on a line: what is otherwise of whom."""
    effects = one.effects_of(change)
    if effects is None:
        return "（無法再依原設定重算）"
    by_kind: dict[str, list[str]] = {}
    for effect in effects:
        words = f"{effect.of} {effect.before}→{effect.after}"
        by_kind.setdefault(effect.result, []).append(words)
    return "\n".join(f"{kind}：{'、'.join(of)}" for kind, of in by_kind.items()) or "（沒有不同）"


# --- 收件紀錄 -----------------------------------------------------------------------------------


def receipts(told: Told) -> TrackerSheet:
    """Every file that was received, and what became of it."""

    def unit(one: Receipt) -> str:
        return told.plan.unit_name(one.unit)

    return sheet(
        "收件紀錄",
        "收件紀錄",
        ("每一個收到的檔案都列在這裡，原檔不會更動", HOW),
        (
            own("file", "檔案", 44, attrgetter("file")),
            _link(told),
            own("form", "表單", 18, _form),
            own("unit.name", _UNIT, 24, unit),
            own("year", "年度", 8, _year, centred=True),
            own("version", "第幾次回傳", 11, _version, centred=True),
            own("status", "處理結果", 26, attrgetter("status"), toned=True),
            own("status.note", "說明", 46, attrgetter("note")),
            own("sha256", "內容識別碼（SHA-256 前 16 碼）", 22, _sha256, centred=True),
        ),
        ((one,) for one in told.receipts),
        key=("file", "sha256"),
        frozen=1,
        record=True,
    )


def _form(one: Receipt) -> str:
    return FORMS[one.form].title if one.form in FORMS else "無法判斷"


def _year(one: Receipt) -> int | str:
    return one.year or ""


def _version(one: Receipt) -> int | str:
    return one.version or ""


def _sha256(one: Receipt) -> str:
    return one.sha256[:16]


# --- 變更紀錄 -----------------------------------------------------------------------------------


def changes(told: Told) -> TrackerSheet:
    """What each unit's later return changed, cell by cell."""

    def unit(one: Change) -> str:
        return told.plan.unit_name(one.unit)

    return sheet(
        "變更紀錄",
        "變更紀錄：各單位前後兩次回傳的差異，及第一次回傳改填的已帶入內容",
        ("同一單位同一表單有多次回傳時，逐格列出後一次改了什麼", HOW),
        (
            own("unit.name", _UNIT, 22, unit),
            own("form", "表單", 16, _changed_form),
            own("items.item", asked("items.item").label, 9, attrgetter("of"), centred=True),
            own("section", "區塊", 16, attrgetter("section")),
            own("row", "列", 16, attrgetter("row")),
            own("field", "欄位", 16, attrgetter("field")),
            own("before", "前一次", 40, _before),
            own("after", "後一次", 40, _after),
            own("before.file", "前一次檔案", 30, attrgetter("earlier")),
            own("after.file", "後一次檔案", 30, attrgetter("later")),
            own("source.sheet", "工作表", 14, attrgetter("at.sheet")),
            own("source.cell", "儲存格", 9, _changed_cell, centred=True),
        ),
        ((one,) for one in told.changes),
        key=("unit.name", "form", "items.item", "section", "row", "field", "after.file"),
        ids=tuple((c.unit, c.form, c.of, c.id, c.row, c.later) for c in told.changes),
        frozen=3,
        record=True,
        footer=personal(),
    )


def _changed_form(one: Change) -> str:
    return FORMS[one.form].title


def _before(one: Change) -> str:
    return one.before or "（空白）"


def _after(one: Change) -> str:
    return one.after or "（空白）"


def _changed_cell(one: Change) -> str:
    return one.at.cell
