"""Issue a form: one workbook per unit with an e-mail draft beside it, numbered and noted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xltool.findings import CATALOGUE, Finding, Severity
from xltool.forms import ENROLMENT, FORMS, MEETING, SETTINGS, Form
from xltool.forms.layout import title_of
from xltool.forms.schema import Filer
from xltool.model import Dataset, Issued, Picture, Purpose, Record
from xltool.outputs.held import by_file, held_place
from xltool.plan import Plan, deadline_text
from xltool.rules.agenda import due
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather
from xltool.steps.letters import letter, recipient, write_draft_beside
from xltool.steps.meant import unit_meant
from xltool.steps.overwrite import in_use, set_aside
from xltool.steps.prefill import prefill
from xltool.steps.settings import stop_placeholders
from xltool.steps.year import Year, filing_of, loading
from xltool.store.ledger import open_ledger
from xltool.store.workspace import (
    FileInUseError,
    Workspace,
    WorkspaceError,
    atomic_write,
    remember_output,
)
from xltool.zh import TAIPEI, roc_date

ISSUABLE: Mapping[str, Form] = {key: form for key, form in FORMS.items() if key != SETTINGS.key}


def issue(
    workspace: Workspace,
    key: str,
    units: Sequence[str] = (),
    progress: Progress | None = None,
    *,
    supplement: bool = False,
    purpose: Purpose | None = None,
) -> Done:
    """Write the form's workbooks to the outbox: one per unit with an e-mail draft beside it, or one
    for the coordinator's own; the list of all issues, and the year's calendar.

    `units` (codes) limits whom it is written for; empty means all. Forms are prefilled with what has
    come back so far. `supplement`: each unit's adopted return once more, filled, to be brought up to
    date (12月資料補正). `purpose`: for what the group meets, where the minutes are not of the meeting that
    is due next. The same issue again keeps its number. Raises WorkspaceError for an unknown form or unit,
    or a form without a supplement; SettingsError while nobody has said whom to ask.
    """
    from xltool.outputs.post.agenda import write_agenda

    if key not in ISSUABLE:
        raise WorkspaceError(f"沒有「{key}」這種表單；可用：{'、'.join(ISSUABLE)}")
    form = ISSUABLE[key]
    if supplement and not form.supplement:
        raise WorkspaceError(f"「{form.title}」沒有補正階段，請勿加 --supplement")
    year = gather(workspace, progress=progress)
    plan, purpose = year.plan, purpose or due(year.dataset, year.outcomes)
    stop_placeholders(year.settings.findings)
    advice = [one for one in year.settings.findings if one.severity is Severity.WARNING]
    meant = {unit_meant(plan, unit) for unit in units}
    codes = [unit.code for unit in plan.units if not meant or unit.code in meant]
    if form.filer is Filer.COORDINATOR:
        codes = [""]
    parcels: list[_Parcel] = []
    lines: list[str] = []
    for code in codes:
        parcel, line = _pack(year, form, code, supplement=supplement, purpose=purpose)
        parcels += [parcel] if parcel else []
        lines += [line] if line else []
    outputs: list[Path] = []
    findings: list[Finding] = []
    for done, parcel in enumerate(parcels, 1):
        try:
            findings += _send_out(year, parcel)
            outputs.append(parcel.target)
        except FileInUseError:
            findings.append(in_use(parcel.target))
        if progress:
            progress(done, len(parcels), parcel.target.name)
    with open_ledger(workspace) as ledger:
        issues = ledger.issued()
    if blank := [p.code for p in parcels if p.code and not p.to]:
        lines.append(
            f"　未填電子郵件或無法使用，草稿收件者留白：{'、'.join(map(plan.unit_name, blank))}"
        )
    folder = workspace.outbox / form.title
    head = f"已產生「{form.title}」{len(outputs)} 份：{folder}"
    if any(parcel.code for parcel in parcels):
        head += "（各附一封郵件草稿 .eml）"
    lines.insert(0, head)
    lines += [f"　{one.message}；{one.fix}" for one in findings]
    for one in advice:
        if not CATALOGUE[one.code].matters:  # those the screen tells
            lines.append(f"　{one.at}：{one.message}；{one.fix}")
    with atomic_write(workspace.outbox / "年度行程.ics") as path:
        write_agenda(path, plan)
    lines += _write_issue_log(workspace, issues, plan)
    return Done(f"發出{form.title}", tuple(lines), (*findings, *advice), tuple(outputs))


@dataclass(frozen=True)
class _Parcel:
    """A workbook about to be issued: to whom, filled with what, until when. `code` is the unit's."""

    form: Form
    code: str
    kind: str
    stage: str
    records: tuple[Record, ...]
    pictures: tuple[Picture, ...]
    items: tuple[str, ...]
    target: Path
    to: str


def _pack(
    year: Year, form: Form, code: str, *, supplement: bool, purpose: Purpose
) -> tuple[_Parcel | None, str]:
    """What a unit is to get, or a line that says why it gets nothing, or less."""
    from xltool.outputs.forms import file_name

    plan, dataset, line = year.plan, year.dataset, ""
    records = prefill(form, dataset, year.outcomes, plan, code, purpose)
    pictures: tuple[Picture, ...] = ()
    name = Path(file_name(form, plan, code))
    if supplement:
        adopted = year.adopted(form, code)
        if adopted is None:
            return None, f"　{code} {plan.unit_name(code)}：尚無可採用的{form.title}，未產生補正檔"
        with loading(year) as load:
            filed = load(adopted)
        records, pictures = _over(records, filed.records), filed.pictures
        name = name.with_stem(f"{name.stem}_{SUPPLEMENT}")
    elif any(sheet.per_item for sheet in form.sheets) and not any(r.of for r in records):
        line = _nothing_to_issue(form, dataset, plan, code)
        if form.nil is None:
            return None, line
    line = line or _prefilled_in_part(form, dataset, plan, code)
    parcel = _Parcel(
        form,
        code,
        SUPPLEMENT if supplement else "",
        _stage(form, purpose, supplement=supplement),
        records,
        pictures,
        tuple(item.id for item in dataset.items if code in ("", item.unit)),
        year.workspace.outbox / form.title / name,
        recipient(form, dataset, plan, code),
    )
    return parcel, line


def _stage(form: Form, purpose: Purpose, *, supplement: bool) -> str:
    """The stage of the calendar at which it is due. Minutes of the meeting that confirms what units enrol
    belong to that stage (附件1)."""
    if form is MEETING and purpose is Purpose.CONFIRM:
        return ENROLMENT.stage
    return form.supplement if supplement else form.stage


def _prefilled_in_part(form: Form, dataset: Dataset, plan: Plan, code: str) -> str:
    """A line where what another form says is not all there: an error holds some of it back."""
    sources = {echo.partition(".")[0] for one in form.asked.values() if (echo := one.field.echo)}
    held = [
        one
        for one in dataset.held
        if one.form != form.key and code in ("", one.unit) and one.touches(*sources)
    ]
    if not (sources and held):
        return ""
    told = "；".join(map(held_place, by_file(held)))
    whose = f"{code} {plan.unit_name(code)}：" if code else ""
    return f"　{whose}{told}，未帶入"


SUPPLEMENT = "12月補正"


def _over(given: Sequence[Record], returned: Sequence[Record]) -> tuple[Record, ...]:
    """What a unit returned, with what we give refreshed: what is ours stands over what came back, but
    not over what the unit typed over it.

    Items enrolled since then come after it, to be filled.
    """
    fresh = {(record.section, record.of): record.values for record in given}
    known = {(record.section, record.of) for record in returned}

    def anew(r: Record) -> Record:
        ours = fresh.get((r.section, r.of), {})
        ours = {key: value for key, value in ours.items() if key not in r.issued}
        return Record(r.section, {**r.values, **ours}, r.of, issued=r.issued)

    return (
        *map(anew, returned),
        *(record for record in given if (record.section, record.of) not in known),
    )


def _send_out(year: Year, parcel: _Parcel) -> list[Finding]:
    """Write a parcel's workbook and draft, numbered; findings where a filled one was set aside.

    Each is noted by itself: when a later one cannot be written, its number is not given again.
    """
    workspace, plan, form = year.workspace, year.plan, parcel.form
    findings = set_aside(workspace, parcel.target)
    stage = plan.stage(parcel.stage)
    with open_ledger(workspace) as ledger, atomic_write(parcel.target) as path:
        earlier = [i for i in ledger.issued() if (i.form, i.unit) == (form.key, parcel.code)]
        same_kind = [one for one in earlier if one.kind == parcel.kind]
        last = max(same_kind, key=lambda one: one.number, default=None)
        number = max((one.number for one in earlier), default=0)
        sha256 = _write_parcel(path, parcel, plan, workspace, last.issue) if last else ""
        if last is None or sha256 != last.sha256:
            number += 1
            name = f"{plan.year}-{form.key}-{parcel.code or '00'}-{number}"
            sha256 = _write_parcel(path, parcel, plan, workspace, name)
            last = Issued(
                name,
                form.key,
                parcel.code,
                number,
                parcel.kind,
                datetime.now(TAIPEI).isoformat(timespec="seconds"),
                parcel.target.name,
                sha256,
                roc_date(stage.deadline) if stage else "",
                parcel.to,
            )
            ledger.note_issue(last)
        elif last.recipient != parcel.to:
            ledger.note_issue(replace(last, recipient=parcel.to))
    remember_output(workspace, parcel.target)
    if parcel.code:
        subject = f"請填報{_title(parcel, plan)}（{plan.unit_name(parcel.code)}）"
        subject += f"，截止 {roc_date(stage.deadline)}" if stage else ""
        write_draft_beside(parcel.target, parcel.to, subject, _letter(parcel, plan))
    return findings


def _write_parcel(
    path: Path, parcel: _Parcel, plan: Plan, workspace: Workspace, issue_name: str
) -> str:
    from xltool.outputs.forms import FormCopy, write_form

    copy = FormCopy(
        parcel.form,
        plan,
        unit=parcel.code,
        records=parcel.records,
        items=parcel.items,
        issue=issue_name,
        stage=parcel.stage,
        photos=[(picture, workspace.blob(picture.blob)) for picture in parcel.pictures],
    )
    write_form(path, copy)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _title(parcel: _Parcel, plan: Plan) -> str:
    return title_of(parcel.form, plan) + (f"（{parcel.kind}）" if parcel.kind else "")


def _letter(parcel: _Parcel, plan: Plan) -> str:
    """The draft's text: what it is, until when, in three steps, and whom to ask."""
    form = parcel.form
    stage = plan.stage(parcel.stage)
    paragraphs = []
    until = f"，請於 {deadline_text(stage)} 前填妥回傳" if stage else "，請填妥回傳"
    paragraphs.append(f"檢送「{_title(parcel, plan)}」（如附檔）{until}。{form.purpose}")
    if parcel.kind:
        paragraphs.append("附檔已帶入貴單位先前回傳的內容與照片，請直接補充或更新後回傳。")
    if form is ENROLMENT and parcel.records:
        paragraphs.append("附檔已帶入上年度的業務與督導小組成員，請逐項確認，有異動的直接改寫。")
    paragraphs.append("\n".join(f"{n}. {step}" for n, step in enumerate(form.steps, 1)))
    if form.nil:
        field = form.field(form.nil.section, form.nil.field)
        paragraphs.append(f"沒有可填報的業務也請回傳：「{field.label}」請選「{form.nil.value}」。")
    paragraphs.append(
        "每一頁上方會隨填隨算還缺幾項；出現綠色的「✓ 可以繳回」即可回傳。檔名可以更改。"
    )
    return letter(plan, plan.unit_name(parcel.code), *paragraphs)


def _write_issue_log(workspace: Workspace, issues: Sequence[Issued], plan: Plan) -> list[str]:
    from xltool.outputs.lists.issue_log import write_issue_log

    try:
        with atomic_write(workspace.outbox / "發出紀錄.xlsx") as path:
            write_issue_log(path, issues, plan)
    except WorkspaceError as error:  # open in Excel: the forms are out, the list comes next time
        return [f"　發出紀錄未更新：{error}"]
    return []


def _nothing_to_issue(form: Form, dataset: Dataset, plan: Plan, code: str) -> str:
    """Why there is no item to fill; a form that cannot say 「無」 is then not sent at all."""
    filing = filing_of(dataset, code, ENROLMENT.key)
    why = "無參與業務" if filing and filing.nil else "尚未繳交參與業務調查表"
    what = "未產生" if form.nil is None else "只含填報資料頁"
    return f"　{code} {plan.unit_name(code)}：{why}，{form.title}{what}"
