"""Questions: what changed, where a value came from, why a result is so, which fields a form has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.changes import Change, changes
from xltool.forms import FORMS, MEETING
from xltool.forms.dictionary import dictionary
from xltool.forms.lists import Lists
from xltool.forms.of_year import of_year
from xltool.outputs.held import held_text
from xltool.plan import shipped_plan
from xltool.rules.confirmation import never
from xltool.steps.aside import safely
from xltool.steps.done import Done
from xltool.steps.gather import gather
from xltool.steps.letters import SHOWN_OF_VALUE
from xltool.steps.meant import unit_meant
from xltool.steps.settings import DEFAULT_YEAR, load_plan
from xltool.steps.year import Year, loading
from xltool.store.workspace import Workspace, WorkspaceError
from xltool.zh import narrow, nearest, shortened

if TYPE_CHECKING:
    from xltool.outputs.why import Explanation


ROSTERS = "敘獎"


def diff(workspace: Workspace, unit: str = "", form: str = "") -> tuple[Done, tuple[Change, ...]]:
    """What changed from one return to the next, of a unit and form or of all, and what a first one
    changed of what was issued; and as data."""

    def changed(year: Year) -> tuple[Change, ...]:
        asked = [
            one
            for one in year.returns
            if one.unit in ("", unit or one.unit) and one.form == (form or one.form)
        ]
        with loading(year) as load:
            return tuple(changes(asked, year.plan, load))

    whole = gather(workspace)
    unit = unit and unit_meant(whole.plan, unit)
    year, found = safely(whole, changed)
    aside = tuple(one for one in year.findings if one not in whole.findings and one.blocks)
    lines: list[str] = []
    pair = ("", "")
    for one in found:
        if (one.earlier, one.later) != pair:
            pair = one.earlier, one.later
            title = FORMS[one.form].title
            lines.append(f"{title}　{year.plan.unit_name(one.unit)}　{one.earlier} → {one.later}")
        place = "　".join(part for part in (one.of, one.section, one.row, one.field) if part)
        lines.append(f"　{place}（{one.at.sheet}!{one.at.cell}）")
        lines.append(f"　　原：{_brief(one.before)}")
        lines.append(f"　　新：{_brief(one.after)}")
    lines = lines or ["沒有版本差異，也沒有改填發出時已帶入的內容"]
    return Done("版本差異", tuple(lines), aside, plan=year.plan), found


def diff_rosters(workspace: Workspace, what: str, *numbers: str) -> Done:
    """What differs between two rosters, the last two where no numbers are given. Raises WorkspaceError
    when something else is asked for, or there are none such."""
    from xltool.steps.rosters import compare

    wanted = [narrow(one).removeprefix("第").removesuffix("號") for one in numbers]
    if narrow(what) != ROSTERS or len(wanted) > 2 or not all(map(str.isdecimal, wanted)):
        raise WorkspaceError(f"請寫成 xltool diff {ROSTERS}，或加兩個號：xltool diff {ROSTERS} 1 2")
    return Done("名冊差異", compare(workspace, *map(int, wanted)))


def _brief(text: str) -> str:
    return shortened(" ".join(text.split()), SHOWN_OF_VALUE) or "（空白）"


def where(workspace: Workspace, path: Path, place: str) -> Done:
    """Where a cell of the tracker, or words of Annex 3, came from: unit, file, version, cell, rule.

    `place` is a cell (業務總表!F12) of a tracker, or words that stand in a document. Raises
    WorkspaceError when the file cannot be read or there is no such cell.
    """
    if path.suffix.lower() == ".docx":
        return _where_words(workspace, place)
    from xltool.outputs.tracker.sources import sources_of_cell

    if not path.is_file():
        raise WorkspaceError(f"找不到檔案「{path}」")
    return Done("來源", sources_of_cell(path, place))


def _where_words(workspace: Workspace, words: str) -> Done:
    from xltool.outputs.tracker.sources import sources_of_words

    year = gather(workspace)
    lines = sources_of_words(words, year.dataset, year.receipts, year.plan)
    return Done("來源", lines or (f"各單位填報內容沒有「{_brief(words)}」，可能是程式產生的文字",))


def recommend(workspace: Workspace) -> Done:
    """R2: the proposal for the 政府服務獎 in its order, and what meetings chose; nothing is written."""
    year = gather(workspace)
    lines = []
    for one in year.outcomes.recommendations:
        voices = f"{one.recommended_by}／{one.reviewers} 位建議" if one.reviewers else "尚無建議"
        own = "自評未評" if one.score is None else f"自評 {one.score}"
        chosen = f"；會議：{one.verdict or _brief(one.decision)}" if one.decision else ""
        more = "".join(
            f"；{part}" for part in (one.excluded, *(r.text for r in one.recusals)) if part
        )
        lines.append(f"第 {one.place} 名 {one.item} {one.name}：{voices}、{own}{chosen}{more}")
    return Done.of_year("推薦參獎", year, lines or ["尚無業務"], ())


def meeting(workspace: Workspace) -> Done:
    """R3: every meeting, whether it was valid, and what its motions came to; nothing is written."""
    from xltool.outputs.why import of_confirmation, of_motion

    year = gather(workspace)
    lines = []
    for one in year.outcomes.meetings:
        lines.append(f"{one.no}會議（{one.cites}）：{'；'.join(one.steps)}")
        lines += (f"　代理出席：{deputy}" for deputy in one.deputies)
        lines += (f"　案 {m.no} {_brief(m.subject)}：{of_motion(one, m)}" for m in one.motions)
    lines += [
        f"{one.item} {one.name}（{one.cites}）：{'；'.join(of_confirmation(one))}"
        for one in year.outcomes.confirmations
    ]
    lines += filter(None, (never(year.dataset, year.outcomes.confirmations),))
    held = year.dataset.held_back(MEETING.key)
    lines += [f"待修正，尚未列入：{held_text(one)}" for one in held]
    return Done.of_year("會議", year, lines or ["尚無會議紀錄"], ())


def why(workspace: Workspace, asked: str) -> tuple[Done, tuple[Explanation, ...]]:
    """Why an item (業務編號 or name) or a person (name or 職員編號) stands as it does; and as data.

    Raises WorkspaceError when nothing in the year is called so.
    """
    from xltool.outputs.why import told, why

    year = gather(workspace)
    answers = why(asked, year.dataset, year.outcomes, year.plan)
    if not answers:
        raise WorkspaceError(
            f"本年度沒有叫「{_brief(asked)}」的業務或人員{_near_item(asked, year)}請填業務編號（03-01）、業務名稱、姓名或職員編號"
        )
    return Done("說明", tuple(told(answers)), plan=year.plan), answers


def _near_item(asked: str, year: Year) -> str:
    """The item that is most like what was asked for: its number with the noughts left out, a slip in its
    name. People are not guessed."""
    unit, dash, number = narrow(asked).partition("-")
    known = {item.id: item for item in year.dataset.items}
    names = {item.name: item.id for item in year.dataset.items}
    code = f"{unit.zfill(2)}-{number.zfill(2)}" if dash else ""
    code = code if code in known else names.get(nearest(asked, names), "")
    return f"，是不是 {code}（{known[code].name}）？" if code else "；"


def form_dictionary(key: str, workspace: Workspace | None) -> dict[str, Any]:
    """A form's data dictionary, with the lists of the year at hand (else of the shipped year)."""
    plan = shipped_plan(DEFAULT_YEAR) if workspace is None else load_plan(workspace)
    return dictionary(of_year(FORMS[key], plan), Lists.of(plan))
