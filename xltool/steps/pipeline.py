"""The order of things: the one file that knows what comes after what.

Both faces (the command line, the buttons in Excel) call these functions. Each takes a year's folder
and returns a `Report`. A fault in somebody's data is a finding in the report; only a fault of the
machine is raised (`WorkspaceError`, with a message for the coordinator).
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool import __version__
from xltool import merge as merging
from xltool.changes import Change, changes
from xltool.findings import CATALOGUE, WAIVABLE, Finding, Severity, Waiver, finding, waived
from xltool.forms import ENROLMENT, FORMS, MEETING, REPORT, REVIEW, SETTINGS, UNIT_FORMS, Form
from xltool.forms.dictionary import dictionary
from xltool.forms.layout import title_of
from xltool.forms.lists import Lists
from xltool.forms.scale import on_scale
from xltool.forms.schema import Filer
from xltool.model import (
    Address,
    Dataset,
    Fate,
    Filing,
    FilingState,
    Issued,
    Item,
    Load,
    Picture,
    Precedence,
    Receipt,
    Record,
    Return,
    Submission,
    Value,
)
from xltool.plan import (
    Carried,
    Limits,
    Plan,
    contact_text,
    deadline_text,
    read_plan,
    records_for,
    rest_day_records,
    shipped_plan,
    shipped_records,
    stage_findings,
)
from xltool.rules import conclude
from xltool.rules.filing import by_return, in_order, received, replaces
from xltool.rules.outcomes import Outcomes
from xltool.rules.sensitivity import sensitivity
from xltool.store.ledger import Kept, Ledger, Received, keep, open_ledger, packed
from xltool.store.workspace import (
    SETTINGS_NAME,
    FileInUseError,
    Workspace,
    WorkspaceError,
    atomic_write,
    files_below,
    is_up_to_date,
    remember_output,
    resource,
    set_aside_edited,
)
from xltool.zh import TAIPEI, roc_date, shortened

if TYPE_CHECKING:
    from xltool.intake import Job, Reading
    from xltool.outputs.checked import CheckedFile
    from xltool.outputs.forms import Point
    from xltool.outputs.why import Answer

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what) while long work goes on."""

ISSUABLE: Mapping[str, Form] = {key: form for key, form in FORMS.items() if form is not SETTINGS}
DEFAULT_YEAR = 114


@dataclass(frozen=True)
class Report:
    """What a step did: lines for a person, findings, files written, files read."""

    title: str
    summary_lines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    outputs: tuple[Path, ...] = ()
    readings: tuple[Reading, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    plan: Plan | None = None
    outcomes: Outcomes | None = None

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks: the command line then ends with 1."""
        return any(one.blocks for one in self.findings)


@dataclass(frozen=True)
class Year:
    """A year as it stands: all that has come back, what counts, what follows from it.

    `settings` is 年度設定 as read; `settled` counts faulty files that need nobody's attention any
    more; `waivers` are what the coordinator has accepted. `inbox`: what lies there, by name and
    SHA-256. Returns are in brief: what one says is in the ledger (`_loading`).
    """

    workspace: Workspace
    plan: Plan
    settings: Reading
    readings: tuple[Reading, ...]
    receipts: tuple[Receipt, ...]
    dataset: Dataset
    outcomes: Outcomes
    findings: tuple[Finding, ...]
    settled: int = 0
    waivers: tuple[Waiver, ...] = ()
    returns: tuple[Return, ...] = ()
    inbox: Mapping[tuple[str, str], Path] = field(default_factory=dict)

    def adopted(self, form: Form, unit: str) -> Return | None:
        """The return of a unit that counts for a form, or None."""
        counted = {(r.file, r.sha256) for r in self.receipts if r.status is Fate.ADOPTED}
        return next(
            (
                one
                for one in self.returns
                if (one.form, one.unit) == (form.key, unit) and (one.file, one.sha256) in counted
            ),
            None,
        )


class SettingsError(WorkspaceError):
    """年度設定 has findings that block; they are in `findings`."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        blocking = [one for one in findings if one.blocks]
        lines = "\n".join(f"  {f.at}：{f.message}；{f.fix}" for f in blocking)
        super().__init__(f"{SETTINGS_NAME} 有 {len(blocking)} 項錯誤，請先更正：\n{lines}")


def today() -> date:
    """The day in Taipei, whatever the machine's clock zone."""
    return datetime.now(TAIPEI).date()


# --- Laying out and issuing --------------------------------------------------------------


def new(root: Path, year: int, source: Path | None = None) -> Report:
    """Lay out a year's folder with 年度設定.xlsx filled in. An existing 年度設定 is left alone.

    `source` is the folder of the year before: its settings are rolled on, its items offered to go on.
    Raises WorkspaceError when it is none, SettingsError when its settings have errors.
    """
    from xltool.outputs.forms import FormCopy, write_form

    if (root / SETTINGS_NAME).exists():
        Workspace.create(root)
        return Report("新年度", (f"「{root}」已有 {SETTINGS_NAME}，保留原檔不變",))
    lines = [f"已建立 {year} 年度資料夾：{root}"]
    if source is None:
        records = shipped_records(year)
    else:
        records, carried = _rolled(Workspace.open(source), year)
        lines.append(
            f"沿用「{source}」的年度設定；上年度業務 {carried} 項已列入「上年度業務」供延續"
        )
    if not any(record.section == "rest_days" for record in records):
        records += rest_day_records((year, year + 1))
    plan, found = read_plan(records)
    if plan is None:
        raise SettingsError(found)
    workspace = Workspace.create(root)
    with atomic_write(workspace.settings) as path:
        write_form(path, FormCopy(SETTINGS, plan, records=records))
    lines.append(
        f"請開啟 {SETTINGS_NAME} 確認單位、權重、日期與休息日，再執行 xltool issue enrolment"
    )
    return Report("新年度", tuple(lines), outputs=(workspace.settings,))


def _rolled(workspace: Workspace, year: int) -> tuple[tuple[Record, ...], int]:
    """A year's settings for another year, with its items as offers to go on, and how many."""
    then = gather(workspace)
    if then.plan.year >= year:
        raise WorkspaceError(f"「{workspace.root}」是 {then.plan.year} 年度，不在 {year} 年度以前")
    carried = tuple(
        Record(
            "last_year",
            _filled(
                item=item.id,
                unit=item.unit,
                **_as_enrolled(item),
                next_steps=item.next_steps,
                goes_on=True,
            ),
        )
        for item in then.dataset.items
        if item.enrolled
    )
    settings = then.settings.submission
    records = records_for(year, settings.records if settings else ())
    return (*records, *carried), len(carried)


def _as_enrolled(item: Item | Carried) -> dict[str, Value]:
    """What a unit says of an item when it enrols it, by the names that both years' forms use."""
    return {
        "name": item.name,
        "category": item.category,
        "audience": item.audience,
        "method": item.method,
        "target": item.target,
        "cross_agency": item.cross_agency,
        "partners": item.partners,
        "handler": item.handler,
        "phone": item.phone,
    }


def issue(
    workspace: Workspace,
    key: str,
    units: Sequence[str] = (),
    progress: Progress | None = None,
    *,
    supplement: bool = False,
) -> Report:
    """Write the form's workbooks to the outbox: one per unit with an e-mail draft beside it, or one
    for the coordinator's own; the list of all issues, and the year's calendar.

    `units` (codes) limits whom it is written for; empty means all. Forms are prefilled with what has
    come back so far. `supplement`: each unit's adopted return once more, filled, to be brought up to
    date (12月資料補正). The same issue again keeps its number. Raises WorkspaceError for an unknown
    form or unit, or a form without a supplement.
    """
    from xltool.outputs.post.agenda import write_agenda

    if key not in ISSUABLE:
        raise WorkspaceError(f"沒有「{key}」這種表單；可用：{'、'.join(ISSUABLE)}")
    form = ISSUABLE[key]
    if supplement and not form.supplement:
        raise WorkspaceError(f"「{form.title}」沒有補正階段，請勿加 --supplement")
    year = gather(workspace, progress=progress)
    plan = year.plan
    advice = [one for one in year.settings.findings if one.severity is Severity.WARNING]
    codes = [unit.code for unit in plan.units if not units or unit.code in units]
    if unknown := set(units) - {unit.code for unit in plan.units}:
        raise WorkspaceError(f"年度設定沒有單位代碼「{'、'.join(sorted(unknown))}」")
    if form.filer is Filer.COORDINATOR:
        codes = [""]
    parcels: list[_Parcel] = []
    lines: list[str] = []
    for code in codes:
        parcel, line = _pack(year, form, code, supplement=supplement)
        parcels += [parcel] if parcel else []
        lines += [line] if line else []
    outputs: list[Path] = []
    findings: list[Finding] = []
    for done, parcel in enumerate(parcels, 1):
        try:
            findings += _send_out(year, parcel)
            outputs.append(parcel.target)
        except FileInUseError:
            findings.append(_in_use(parcel.target))
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
    lines += [f"　{one.at}：{one.message}；{one.fix}" for one in advice]
    with atomic_write(workspace.outbox / "年度行程.ics") as path:
        write_agenda(path, plan)
    lines += _write_issue_log(workspace, issues, plan)
    return Report(f"發出{form.title}", tuple(lines), (*findings, *advice), tuple(outputs))


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


def _pack(year: Year, form: Form, code: str, *, supplement: bool) -> tuple[_Parcel | None, str]:
    """What a unit is to get, or a line that says why it gets nothing, or less."""
    from xltool.outputs.forms import file_name

    plan, dataset, line = year.plan, year.dataset, ""
    records = prefill(form, dataset, year.outcomes, plan, code)
    pictures: tuple[Picture, ...] = ()
    name = Path(file_name(form, plan, code))
    if supplement:
        adopted = year.adopted(form, code)
        if adopted is None:
            return None, f"　{code} {plan.unit_name(code)}：尚無可採用的{form.title}，未產生補正檔"
        with _loading(year) as load:
            filed = load(adopted)
        records, pictures = _over(records, filed.records), filed.pictures
        name = name.with_stem(f"{name.stem}_{SUPPLEMENT}")
    elif any(sheet.per_item for sheet in form.sheets) and not any(r.of for r in records):
        line = _nothing_to_issue(form, dataset, plan, code)
        if form is REVIEW:
            return None, line
    parcel = _Parcel(
        form,
        code,
        SUPPLEMENT if supplement else "",
        form.supplement if supplement else form.stage,
        records,
        pictures,
        tuple(item.id for item in dataset.items if code in ("", item.unit)),
        year.workspace.outbox / form.title / name,
        _recipient(form, dataset, plan, code),
    )
    return parcel, line


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


def _recipient(form: Form, dataset: Dataset, plan: Plan, code: str) -> str:
    """Whom a draft goes to: the unit, or its 督導小組 member where he fills the form."""
    from xltool.outputs.post.mail import address

    if form.filer is Filer.MEMBER:
        member = next((member for member in dataset.members if member.unit == code), None)
        return address(member.email) if member else ""
    unit = plan.unit(code)
    return address(unit.email) if unit else ""


def _send_out(year: Year, parcel: _Parcel) -> list[Finding]:
    """Write a parcel's workbook and draft, numbered; findings where a filled one was set aside.

    Each is noted by itself: when a later one cannot be written, its number is not given again.
    """
    workspace, plan, form = year.workspace, year.plan, parcel.form
    findings = _set_aside(workspace, parcel.target)
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
        _draft(parcel.target, parcel.to, subject, _letter(parcel, plan))
    return findings


def _draft(workbook: Path, to: str, subject: str, body: str) -> None:
    """Write an e-mail draft beside a workbook, with the workbook attached."""
    from xltool.outputs.post.mail import write_draft

    attached = [(workbook.name, workbook)]
    with atomic_write(workbook.with_suffix(".eml")) as path:
        write_draft(path, to=to, subject=subject, body=body, attachments=attached)


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
    paragraphs.append("\n".join(f"{n}. {step}" for n, step in enumerate(form.steps, 1)))
    if form.nil:
        field = form.field(form.nil.section, form.nil.field)
        paragraphs.append(f"沒有可填報的業務也請回傳：「{field.label}」請選「{form.nil.value}」。")
    paragraphs.append(
        "每一頁上方會隨填隨算還缺幾項；出現綠色的「✓ 可以繳回」即可回傳。檔名可以更改。"
    )
    return _mail(plan, plan.unit_name(parcel.code), *paragraphs)


def _write_issue_log(workspace: Workspace, issues: Sequence[Issued], plan: Plan) -> list[str]:
    from xltool.outputs.lists.issue_log import write_issue_log

    try:
        with atomic_write(workspace.outbox / "發出紀錄.xlsx") as path:
            write_issue_log(path, issues, plan)
    except WorkspaceError as error:  # open in Excel: the forms are out, the list comes next time
        return [f"　發出紀錄未更新：{error}"]
    return []


def _nothing_to_issue(form: Form, dataset: Dataset, plan: Plan, code: str) -> str:
    filing = _filing(dataset, code, ENROLMENT.key)
    why = "無參與業務" if filing and filing.nil else "尚未繳交參與業務調查表"
    what = "未產生" if form is REVIEW else "只含填報資料頁"
    return f"　{code} {plan.unit_name(code)}：{why}，{form.title}{what}"


def _filing(dataset: Dataset, unit: str, form: str) -> Filing | None:
    return next((f for f in dataset.filings if f.unit == unit and f.form == form), None)


def prefill(
    form: Form, dataset: Dataset, outcomes: Outcomes, plan: Plan, unit: str
) -> tuple[Record, ...]:
    """What the year already knows, as records of the form: nobody types it twice."""
    items = [item for item in dataset.items if item.unit == unit and item.enrolled]
    if form is ENROLMENT:
        return tuple(
            Record("items", _filled(last_item=one.item, **_as_enrolled(one)))
            for one in plan.carried
            if one.unit == unit and one.goes_on
        )
    if form is REPORT:
        before = {one.item: one.next_steps for one in plan.carried}
        return tuple(
            Record(
                "report",
                _filled(
                    item=item.id,
                    name=item.name,
                    category=item.category,
                    method=item.method,
                    target=item.target,
                    last_year=before.get(item.last_item, ""),
                ),
                of=item.id,
            )
            for item in items
        )
    if form is REVIEW:
        totals = {score.item: score.self_total.value for score in outcomes.scoring.items}
        no_result, no_score = (
            form.field("review", key).placeholder for key in ("result", "self_score")
        )
        member = next((member for member in dataset.members if member.unit == unit), None)
        own = _filled(
            unit=plan.unit_name(unit),
            name=member.name if member else "",
            title=member.title if member else "",
        )
        return (
            Record("reviewer", own),
            *(
                Record(
                    "review",
                    _filled(
                        item=item.id,
                        name=item.name,
                        category=item.category,
                        result=item.result or no_result,
                        self_score=no_score if totals.get(item.id) is None else totals[item.id],
                    ),
                    of=item.id,
                )
                for item in items
            ),
        )
    if form is MEETING:
        return tuple(
            Record("attendance", _filled(unit=plan.unit_name(member.unit), name=member.name))
            for member in dataset.members
        )
    return ()


def _filled(**values: Value) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value not in (None, "")}


# --- Reading ------------------------------------------------------------------------------


def load_plan(workspace: Workspace) -> Plan:
    """The year's plan from 年度設定.xlsx. Raises SettingsError when it has findings that block."""
    return _read_settings(workspace.settings)[1]


def _read_settings(path: Path) -> tuple[Reading, Plan]:
    """A 年度設定 as read, and its plan. Raises SettingsError when it has findings that block."""
    from xltool.intake import read_file

    reading, plan = _with_plan(read_file(path, None))
    if plan is None or reading.status != "accepted":
        raise SettingsError(reading.findings)
    return reading, plan


def gather(workspace: Workspace, progress: Progress | None = None) -> Year:
    """Take the inbox into the ledger, read what is new, merge what counts, apply the rules.

    Every file ever received takes part, also when it has since left the inbox. Raises SettingsError,
    and WorkspaceError when the ledger cannot be used.
    """
    settings, plan = _read_settings(workspace.settings)
    workspace.sweep()
    with open_ledger(workspace) as ledger:
        lying_there, out_of_reach = _receive(ledger, workspace, plan.limits)
        withheld = _withheld(workspace, plan.limits)
        came, waivers = ledger.received(), ledger.waivers()
        files = [file for file in came if file.sha256 not in withheld]
        left_out = [file for file in came if file.sha256 in withheld]
        read = _readings(ledger, workspace, files, plan, progress)
        everything = [_waived(reading, waivers) for reading in read]
        accepted = _accepted(everything)
        merged = _merged(accepted, plan, waivers, _load_from(ledger, plan))
    settled = _settled(everything, accepted, lying_there, plan.options.precedence)
    readings = [reading for reading in everything if id(reading) not in settled] + out_of_reach
    dataset = _with_blocked(merged.dataset, readings)
    outcomes = conclude(dataset, plan)
    findings = (
        *(one for reading in readings for one in reading.findings),
        *(finding("F120", Address(name)) for name in sorted(workspace.open_elsewhere())),
        *merged.findings,
        *outcomes.findings,
    )
    receipts = (
        *_receipts([*everything, *out_of_reach], merged, settled, plan.options.precedence),
        *(Receipt(file.name, file.sha256, "", "", 0, Fate.WITHHELD) for file in left_out),
    )
    return Year(
        workspace,
        plan,
        settings,
        tuple(readings),
        receipts,
        dataset,
        outcomes,
        findings,
        len(settled),
        tuple(waivers),
        tuple(r.returned for r in everything if r.returned and r.returned.year == plan.year),
        lying_there,
    )


@contextmanager
def _loading(year: Year) -> Iterator[Load]:
    """Fetches what returns of the year say, from the ledger. Raises WorkspaceError."""
    with open_ledger(year.workspace) as ledger:
        yield _load_from(ledger, year.plan)


def _load_from(ledger: Ledger, plan: Plan) -> Load:
    return partial(ledger.said, settings=_fingerprint(plan))


def _receive(
    ledger: Ledger, workspace: Workspace, limits: Limits
) -> tuple[dict[tuple[str, str], Path], list[Reading]]:
    """Take in what lies in the inbox: each file by name and SHA-256, and those out of reach."""
    from xltool.intake.bundle import opened

    seen_at = datetime.now(TAIPEI).isoformat(timespec="seconds")
    lying_there: dict[tuple[str, str], Path] = {}
    out_of_reach: list[Finding] = []
    for path in workspace.returned_files():
        try:
            for one in opened(path, limits):
                if isinstance(one, Finding):
                    out_of_reach.append(one)
                    continue
                if isinstance(one, Path):
                    file = ledger.receive(one, seen_at)
                else:
                    file = ledger.receive_bytes(*one, seen_at)
                lying_there.setdefault((file.name, file.sha256), path)
        except OSError:  # open elsewhere, or gone since: the others go on
            out_of_reach.append(finding("F117", Address(path.name)))
    return lying_there, [_unread(one) for one in out_of_reach]


def _withheld(workspace: Workspace, limits: Limits) -> set[str]:
    """SHA-256 of the files that the coordinator has put into 不採用."""
    from xltool.intake.bundle import opened

    hashes = set()
    for one in chain.from_iterable(opened(p, limits) for p in workspace.withheld_files()):
        if isinstance(one, Path):
            with one.open("rb") as data:
                hashes.add(hashlib.file_digest(data, "sha256").hexdigest())
        elif not isinstance(one, Finding):
            hashes.add(hashlib.sha256(one[1]).hexdigest())
    return hashes


def _settled(
    readings: Iterable[Reading],
    accepted: Sequence[Return],
    lying_there: Container[tuple[str, str]],
    by: Precedence,
) -> dict[int, str]:
    """Faulty returns that need nobody's attention any more, by `id`, with the reason: a corrected
    one has come, or the coordinator has taken the file out of the inbox."""
    settled = {}
    for reading in readings:
        if reading.status == "accepted":
            continue
        faulty = reading.returned
        corrected = next((s for s in accepted if faulty and replaces(s, faulty, by)), None)
        if corrected is not None:
            settled[id(reading)] = f"已由 {corrected.file} 更正"
        elif (reading.file, reading.sha256) not in lying_there:
            settled[id(reading)] = "已自收件匣移除"
    return settled


def _readings(
    ledger: Ledger,
    workspace: Workspace,
    files: Sequence[Received],
    plan: Plan,
    progress: Progress | None,
) -> Iterator[Reading]:
    """What each received file gives, in order: as kept, else read now and kept.

    What a file says goes from the process that reads it into the ledger, and is held by nobody here.
    """
    from xltool.intake import Job, Reading, read_each

    settings = _fingerprint(plan)
    kept = [ledger.kept(file, settings) for file in files]
    new = (file for file, known in zip(files, kept, strict=True) if known is None)
    jobs = (Job(workspace.blob(file.sha256), file.name) for file in new)
    read = read_each(jobs, plan, _for_the_ledger, store=partial(keep, workspace))
    for done, (file, known) in enumerate(zip(files, kept, strict=True), 1):
        if known is None:
            known, said = next(read)
            if not _PASSING & {one.code for one in known.findings}:
                ledger.remember(file, settings, known, said)
        returned = known.returned and received(known.returned, file.at)
        yield Reading(file.name, file.sha256, returned, known.findings)
        if progress:
            progress(done, len(files), file.name)


def _for_the_ledger(reading: Reading) -> tuple[Kept, str | None]:
    said = None if reading.submission is None else packed(reading.submission)
    return Kept(reading.returned, reading.findings), said


_PASSING = {"F107", "F113", "F117", "F119"}
"""Findings of the moment, not of the file: the next run looks again."""


def _fingerprint(plan: Plan) -> str:
    """What a reading depends on besides the bytes: the program, the forms, the plan."""
    return hashlib.sha256(f"{_program()}\n{FORMS!r}\n{plan!r}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _program() -> str:
    """Which program this is: its version, and its files, which an update changes without one."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{__version__} {stats}"


def _waived(reading: Reading, waivers: Sequence[Waiver]) -> Reading:
    """The reading, its findings marked that the coordinator has accepted."""
    returned = reading.returned
    if returned is None or not waivers:
        return reading
    unit, form = returned.unit, returned.form
    found = tuple(waived(one, unit, form, waivers) for one in reading.findings)
    return replace(reading, findings=found)


def _accepted(readings: Iterable[Reading]) -> list[Return]:
    return [r.returned for r in readings if r.returned and r.status == "accepted"]


def _merged(
    accepted: Sequence[Return], plan: Plan, waivers: Sequence[Waiver], load: Load
) -> merging.Merged:
    """What the accepted returns make, the conflicts marked that the coordinator has accepted."""
    merged = merging.merge(accepted, plan, load)
    whose = {one.file: (one.unit, one.form) for one in accepted}
    found = (waived(f, *whose.get(f.at.file, ("", "")), waivers) for f in merged.findings)
    return replace(merged, findings=tuple(found))


def _with_blocked(dataset: Dataset, readings: Iterable[Reading]) -> Dataset:
    """Mark as 待修正 the filings of units whose only returns have errors: came back, but not counted."""
    blocked: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        if reading.status == "blocked" and reading.returned is not None:
            blocked[reading.returned.unit, reading.returned.form] = reading
    filings = []
    for filing in dataset.filings:
        faulty = blocked.get((filing.unit, filing.form))
        if faulty is not None and not filing.filed:
            errors = sum(1 for one in faulty.findings if one.blocks)
            filing = replace(filing, blocked=True, file=faulty.file, errors=errors)
        filings.append(filing)
    return replace(dataset, filings=tuple(filings))


def _receipts(
    readings: Sequence[Reading],
    merged: merging.Merged,
    settled: Mapping[int, str],
    by: Precedence,
) -> tuple[Receipt, ...]:
    counted = {(one.file, one.sha256) for one in merged.adopted}
    adopted_bytes = {one.sha256 for one in merged.adopted}
    too_late = {one.sha256 for one in merged.late}
    versions = _versions((r.returned for r in readings if r.returned), by)
    receipts = []
    for reading in readings:
        returned = reading.returned
        if returned is None:
            fate = Fate.UNREADABLE
        elif reading.status == "blocked":
            fate = Fate.REJECTED
        elif (reading.file, reading.sha256) in counted:
            fate = Fate.ADOPTED
        elif reading.sha256 in adopted_bytes:
            fate = Fate.DUPLICATE
        elif reading.sha256 in too_late:
            fate = Fate.LATE
        else:
            fate = Fate.SUPERSEDED
        first = next((one.message for one in reading.findings if one.blocks), "")
        note = "；".join(part for part in (first, settled.get(id(reading), "")) if part)
        receipts.append(
            Receipt(
                reading.file,
                reading.sha256,
                returned.form if returned else "",
                returned.unit if returned else "",
                returned.year if returned else 0,
                fate,
                note,
                versions.get(reading.sha256, 0),
            )
        )
    return tuple(receipts)


def _versions(returns: Iterable[Return], by: Precedence) -> Mapping[str, int]:
    """Which return of its unit's form each file is, from 1, by SHA-256."""
    return {
        one.sha256: number
        for group in by_return(returns)
        for number, one in enumerate(in_order(group, by), 1)
    }


# --- The steps ------------------------------------------------------------------------------


def check(
    workspace: Workspace, files: Sequence[Path] = (), progress: Progress | None = None
) -> Report:
    """Read returned workbooks and report what is wrong with them; no output is written.

    `files` may be folders and .zip files too. Without any the inbox is checked, and what only the
    whole year can tell is checked too.
    """
    if not files:
        year = gather(workspace, progress)
        return _report("檢核", year, _read_lines(year.readings, year.settled), ())
    from xltool.intake import read_files

    plan = None
    if any(path.resolve() != workspace.settings.resolve() for path in files):
        plan = load_plan(workspace)
    readings = []
    with tempfile.TemporaryDirectory() as folder:
        jobs, unread = _jobs(files, plan.limits if plan else Limits(), Path(folder))
        for done, one in enumerate(read_files(jobs, plan), 1):
            readings.append(_with_plan(one)[0])
            if progress:
                progress(done, len(jobs), one.file)
    readings += unread
    findings = tuple(one for reading in readings for one in reading.findings)
    return Report("檢核", _read_lines(readings), findings, readings=tuple(readings), plan=plan)


def diff(workspace: Workspace, unit: str = "", form: str = "") -> tuple[Report, tuple[Change, ...]]:
    """What changed from one return to the next, of a unit and form or of all; and as data."""
    year = gather(workspace)
    asked = [
        one
        for one in year.returns
        if one.unit in ("", unit or one.unit) and one.form == (form or one.form)
    ]
    with _loading(year) as load:
        found = tuple(changes(asked, year.plan.options.precedence, load))
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
    return Report("版本差異", tuple(lines or ["沒有版本差異"]), plan=year.plan), found


def _brief(text: str) -> str:
    return shortened(" ".join(text.split()), _SHOWN_OF_VALUE) or "（空白）"


def where(workspace: Workspace, path: Path, place: str) -> Report:
    """Where a cell of the tracker, or words of Annex 3, came from: unit, file, version, cell, rule.

    `place` is a cell (業務總表!F12) of a tracker, or words that stand in a document. Raises
    WorkspaceError when the file cannot be read or there is no such cell.
    """
    if path.suffix.lower() == ".docx":
        return _where_words(workspace, place)
    from xltool.outputs.tracker.sources import sources_of_cell

    if not path.is_file():
        raise WorkspaceError(f"找不到檔案「{path}」")
    return Report("來源", sources_of_cell(path, place))


def _where_words(workspace: Workspace, words: str) -> Report:
    from xltool.outputs.tracker.sources import sources_of_words

    year = gather(workspace)
    lines = sources_of_words(words, year.dataset, year.receipts, year.plan)
    return Report(
        "來源", lines or (f"各單位填報內容沒有「{_brief(words)}」，可能是程式產生的文字",)
    )


def why(workspace: Workspace, asked: str) -> tuple[Report, tuple[Answer, ...]]:
    """Why an item (業務編號 or name) or a person (name or 職員編號) stands as it does; and as data.

    Raises WorkspaceError when nothing in the year is called so.
    """
    from xltool.outputs.why import told, why

    year = gather(workspace)
    answers = why(asked, year.dataset, year.outcomes, year.plan)
    if not answers:
        raise WorkspaceError(
            f"本年度沒有叫「{_brief(asked)}」的業務或人員；請填業務編號（03-01）、業務名稱、姓名或職員編號"
        )
    return Report("說明", tuple(told(answers)), plan=year.plan), answers


def export(workspace: Workspace, progress: Progress | None = None) -> Report:
    """The dataset as CSV, JSON and (with pyarrow) Parquet, with a dictionary of its columns."""
    from xltool.outputs.data.export import dictionary, exports, write_csv, write_json, write_parquet

    year = gather(workspace, progress)
    tables = exports(year.dataset, year.plan)
    folder = workspace.results / "匯出"
    outputs: list[Path] = []

    def put(name: str, write: Callable[[Path], None]) -> None:
        with atomic_write(folder / name) as path:
            write(path)
        outputs.append(folder / name)

    for table in (*tables, dictionary(tables)):
        put(f"{table.name}.csv", partial(write_csv, export=table))
    put("dataset.json", partial(write_json, tables=tables, year=year.plan.year))
    lines = [
        f"已匯出 {len(tables)} 個資料表：{folder}",
        "　含個人資料，限本署辦理業務使用，不得公開",
    ]
    try:
        for table in tables:
            put(f"{table.name}.parquet", partial(write_parquet, export=table))
    except ImportError:
        lines.append("　未產生 Parquet：請先執行 pip install pyarrow")
    return Report("匯出", tuple(lines), (), tuple(outputs))


def remind(workspace: Workspace, day: date | None = None) -> Report:
    """A draft for each unit, or its 督導小組 member, that is late or has points to correct.

    `day` is today unless given. What is not due yet is not asked for.
    """
    from xltool.outputs.post.mail import write_draft

    year, now = gather(workspace), day or today()
    plan, folder = year.plan, workspace.outbox / REMINDERS
    outputs: list[Path] = []
    lines: list[str] = []
    findings: list[Finding] = []
    for unit in plan.units:
        for filer in (Filer.UNIT, Filer.MEMBER):
            forms = [form for form in UNIT_FORMS if form.filer is filer]
            asked = [words for form in forms for words in _owed(year, form, unit.code, now)]
            if not asked:
                continue
            who = "" if filer is Filer.UNIT else "_督導小組成員"
            target = folder / f"{plan.year}_{unit.code}_{unit.name}{who}_催辦.eml"
            to = _recipient(forms[0], year.dataset, plan, unit.code)
            try:
                with atomic_write(target) as path:
                    subject = (
                        f"提醒：{plan.year}年提升服務效能尚有 {len(asked)} 項待辦（{unit.name}）"
                    )
                    write_draft(
                        path, to=to, subject=subject, body=_reminder(unit.name, asked, plan)
                    )
            except FileInUseError:
                findings.append(_in_use(target))
                continue
            outputs.append(target)
            lines.append(f"　{unit.code} {unit.name}{who.replace('_', '　')}：{len(asked)} 項")
    kept = {path.name for path in outputs}
    for stale in folder.glob("*_催辦.eml"):
        if stale.name not in kept and not findings:
            stale.unlink()  # done since: a draft that asks for it must not be sent
    head = f"需要催辦 {len(outputs)} 件，郵件草稿：{folder}" if outputs else "沒有需要催辦的單位"
    return Report("催辦", (head, *lines), tuple(findings), tuple(outputs))


REMINDERS = "催辦"


def _owed(year: Year, form: Form, unit: str, now: date) -> Iterator[str]:
    """What a unit owes of a form on a day: the form itself once it is overdue, and what is wrong in
    what it sent, also where an earlier return counts."""
    plan, filing = year.plan, _filing(year.dataset, unit, form.key)
    stage = plan.stage(form.stage)
    nothing_came = filing and filing.state is FilingState.MISSING and not filing.late
    if nothing_came and stage is not None and stage.deadline < now:
        days = (now - stage.deadline).days
        yield f"{title_of(form, plan)}：尚未收到，截止 {deadline_text(stage)}，已逾 {days} 日。"
    for reading in year.readings:
        one = reading.returned
        if one and reading.status == "blocked" and (one.form, one.unit) == (form.key, unit):
            points = [f"　({n}) {words}" for n, words in enumerate(_asked(reading), 1)]
            yield "\n".join((
                f"{title_of(form, plan)}（{reading.file}）：請修正下列各點。",
                *points,
            ))


def _reminder(unit: str, asked: Sequence[str], plan: Plan) -> str:
    listed = "\n".join(f"{number}. {words}" for number, words in enumerate(asked, 1))
    asking = f"{plan.title}尚有下列各項，請儘速辦理："
    return _mail(plan, unit, asking, listed, "如已回傳，請忽略本信。")


def write_check_report(workspace: Workspace, report: Report) -> tuple[Path, ...]:
    """Write what a check found as a web page and a workbook into 成果. Raises WorkspaceError."""
    from xltool.outputs.web.check_report import write_book, write_page

    files, others = checked_files(report), loose_findings(report)
    plan = report.plan or load_plan(workspace)
    page, book = workspace.check_report
    with atomic_write(page) as path:
        write_page(path, files, others, plan)
    with atomic_write(book) as path:
        write_book(path, files, others, plan)
    return page, book


def _jobs(paths: Iterable[Path], limits: Limits, folder: Path) -> tuple[list[Job], list[Reading]]:
    """The files to read: those in folders and bundles too. What bundles hold is put into `folder`,
    under names of our own; what cannot be had is told."""
    from xltool.intake import Job
    from xltool.intake.bundle import opened

    jobs: list[Job] = []
    unread: list[Reading] = []
    for path in chain.from_iterable(files_below(p) if p.is_dir() else [p] for p in paths):
        for one in opened(path, limits) if path.is_file() else [path]:
            if isinstance(one, Finding):
                unread.append(_unread(one))
            elif isinstance(one, Path):
                jobs.append(Job(one))
            else:
                name, data = one
                copy = folder / str(len(jobs))
                copy.write_bytes(data)
                jobs.append(Job(copy, name))
    return jobs, unread


def _unread(why: Finding) -> Reading:
    from xltool.intake import Reading

    return Reading(why.at.file, "", None, (why,))


def waive(workspace: Workspace, waiver: Waiver) -> Report:
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


def unwaive(workspace: Workspace, code: str, unit: str) -> Report:
    """Take back what was accepted. Raises WorkspaceError when there is nothing of that kind."""
    with open_ledger(workspace) as ledger:
        if not ledger.unwaive(code, unit):
            raise WorkspaceError(f"單位 {unit} 沒有已同意的 {code}")
    return waivers(workspace)


def waivers(workspace: Workspace) -> Report:
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
        lines.append(
            f"　{one.code} {place}：{one.reason}（{one.by} {one.at}；目前適用 {covered} 處）"
        )
    return Report("已同意的檢核結果", tuple(lines))


def _waivable(workspace: Workspace, code: str, unit: str) -> None:
    if code not in CATALOGUE:
        raise WorkspaceError(f"沒有「{code}」這個檢核代碼；代碼列於檢核結果，例如 V301")
    if not code.startswith(WAIVABLE):
        raise WorkspaceError(f"{code} 不能同意：只有表單內容的檢核（S、V、C 開頭）可以")
    if load_plan(workspace).unit(unit) is None:
        raise WorkspaceError(f"年度設定沒有單位代碼「{unit}」")


def rehearse(workspace: Workspace, settings: Path, progress: Progress | None = None) -> Report:
    """What other settings would newly block, or let pass, among the returns already in.

    Nothing is written. Raises SettingsError when the other settings have findings that block.
    """
    from xltool.intake import Job, read_files

    _, plan = _read_settings(settings)
    now = gather(workspace, progress)
    known = [one for one in now.readings if one.sha256]
    jobs = [Job(workspace.blob(one.sha256), one.file) for one in known]
    then: list[Reading] = []
    for earlier, one in zip(known, read_files(jobs, plan), strict=True):
        if earlier.returned and one.returned:
            one = replace(one, returned=received(one.returned, earlier.returned.received))
        then.append(_waived(one, now.waivers))
        if progress:
            progress(len(then), len(jobs), one.file)
    said = {one.returned: one.submission for one in then if one.returned and one.submission}
    merged = _merged(_accepted(then), plan, now.waivers, said.__getitem__)
    rules = conclude(merged.dataset, plan).findings
    after = (*(f for one in then for f in one.findings), *merged.findings, *rules)
    before = {(f.code, f.at, f.message) for f in now.findings if f.blocks}
    blocking = {(f.code, f.at, f.message) for f in after if f.blocks}
    new = tuple(f for f in after if f.blocks and (f.code, f.at, f.message) not in before)
    gone = [f for f in now.findings if f.blocks and (f.code, f.at, f.message) not in blocking]
    lines = [
        f"試算 {settings.name}：已收 {len(jobs)} 個檔案，不寫入任何檔案",
        f"會新增 {len(new)} 項錯誤、消除 {len(gone)} 項錯誤",
        *(f"　消除：{f.at}　{f.code} {f.message}" for f in gone),
    ]
    return Report("試算", tuple(lines), new)


def give_back(workspace: Workspace, progress: Progress | None = None) -> Report:
    """Write for each faulty return a clean workbook of its form for the unit to correct.

    It holds the unit's own values and photos, every faulty cell marked and commented, a sheet of the
    points with links, and what stood outside the form. Sent back, it is read as the next version.
    """
    from xltool.intake import read_file
    from xltool.outputs.forms import TO_CORRECT, file_name

    year = gather(workspace, progress)
    outputs: list[Path] = []
    lines: list[str] = []
    findings: list[Finding] = []
    for reading in year.readings:
        faulty = reading.returned
        if faulty is None or reading.status != "blocked" or faulty.year != year.plan.year:
            continue
        form = FORMS[faulty.form]
        if form.filer is Filer.COORDINATOR or year.plan.unit(faulty.unit) is None:
            lines.append(f"　{reading.file}：不是發給各單位的表單，未產生退回檔")
            continue
        name = Path(file_name(form, year.plan, faulty.unit))
        target = workspace.outbox / TO_CORRECT / f"{name.stem}_{TO_CORRECT}{name.suffix}"
        try:
            # The ledger keeps no cells' meanings: the original bytes are read once more.
            anew = read_file(workspace.blob(reading.sha256), year.plan, name=reading.file)
            if anew.submission is None:
                findings += anew.findings
                continue
            findings += _give_one_back(year, anew, anew.submission, target)
        except FileInUseError:
            findings.append(_in_use(target))
            continue
        outputs.append(target)
        errors = sum(one.blocks for one in reading.findings)
        lines.append(
            f"　{year.plan.unit_name(faulty.unit)} {form.title}：{errors} 項錯誤 → {target.name}"
        )
    head = f"待修正的回傳檔 {len(outputs)} 份，已產生退回檔：{workspace.outbox / TO_CORRECT}"
    lines.insert(0, head if outputs or findings else "沒有待修正的回傳檔")
    lines += [f"　{one.message}；{one.fix}" for one in findings]
    return Report("退回修正", tuple(lines), tuple(findings), tuple(outputs))


def _give_one_back(year: Year, anew: Reading, faulty: Submission, target: Path) -> list[Finding]:
    """Write one form to correct and its draft; a finding where a filled one was set aside."""
    from xltool.outputs.forms import FormCopy, write_form

    workspace, plan, form = year.workspace, year.plan, FORMS[faulty.form]
    findings = _set_aside(workspace, target)
    copy = FormCopy(
        form,
        plan,
        unit=faulty.unit,
        records=[_as_typed(record) for record in faulty.records],
        items=[item.id for item in year.dataset.items if item.unit == faulty.unit],
        issue=faulty.issue,
        photos=[(picture, workspace.blob(picture.blob)) for picture in faulty.pictures],
        points=list(_points(anew)),
        outside=[(_place(f), f.value) for f in anew.findings if f.code in _OUTSIDE],
        baseline=faulty.baseline,
    )
    with atomic_write(target) as path:
        write_form(path, copy)
    remember_output(workspace, target)
    _draft(
        target,
        _recipient(form, year.dataset, plan, faulty.unit),
        f"請修正{title_of(form, plan)}（{plan.unit_name(faulty.unit)}）",
        _letter_back(anew, form, plan),
    )
    return findings


_HOW_TO_CORRECT = (
    "附檔已帶入貴單位所填內容，需修正的儲存格以紅框標示並附說明，「待修正」工作表可逐項前往；"
    "改好後存檔回傳即可，不必重填。"
)


def _letter_back(reading: Reading, form: Form, plan: Plan) -> str:
    """The draft's text: each point in plain words, and that the attached file is to be corrected."""
    unit = plan.unit_name(reading.returned.unit) if reading.returned else ""
    title = title_of(form, plan)
    received = f"貴單位回傳的「{title}」（{reading.file}）已收到，尚有下列各點請修正："
    points = "\n".join(f"{n}. {words}" for n, words in enumerate(_asked(reading), 1))
    return _mail(plan, unit, received, points, _HOW_TO_CORRECT)


def _mail(plan: Plan, unit: str, *paragraphs: str) -> str:
    """A letter to a unit: greeting, paragraphs, whom to ask."""
    contact = f"聯絡人：{contact_text(plan)}"
    return "\n\n".join((f"{unit} 您好：", *paragraphs, contact)) + "\n"


def _asked(reading: Reading) -> Iterator[str]:
    """Each point to correct, in a sentence: where, what is wrong, what to do."""
    return (f"{point.place}：{point.said}。{point.fix}。" for point in _points(reading))


_OUTSIDE = {"S207", "S212"}
_SHOWN_OF_VALUE = 60  # characters: the whole stands in the cell that the point leads to


def _as_typed(record: Record) -> Record:
    """A record with what was typed wherever it could not be understood."""
    typed = {key: text for key, text in record.raw.items() if key not in record.values}
    return Record(record.section, {**record.values, **typed}, record.of, issued=record.issued)


def _points(reading: Reading) -> Iterator[Point]:
    """What a unit is asked to correct, errors first; notes on how something was read are left out."""
    from xltool.outputs.forms import Point

    asked = [f for f in reading.findings if f.severity in (Severity.ERROR, Severity.WARNING)]
    for one in sorted(asked, key=lambda f: not f.blocks):
        if one.code not in _OUTSIDE:
            spot = reading.spots.get(one.at)
            was = shortened(one.value, _SHOWN_OF_VALUE)
            yield Point(spot, str(one.severity), _place(one), was, one.message, one.fix)


def _place(found: Finding) -> str:
    return " ".join(part for part in (found.at.sheet, found.at.cell) if part) or "整份檔案"


def _with_plan(reading: Reading) -> tuple[Reading, Plan | None]:
    """A 年度設定 with what only its whole can tell, and its plan; any other reading as it is."""
    submission = reading.submission
    if submission is None or submission.form != SETTINGS.key:
        return reading, None
    plan, more = read_plan(submission.records, reading.file, SETTINGS.titles)
    if plan is not None:
        stages = [form.stage for form in FORMS.values()]
        more += stage_findings(plan, submission.records, stages, reading.file)
    return replace(reading, findings=(*reading.findings, *more)), plan


def _read_lines(readings: Sequence[Reading], settled: int = 0) -> tuple[str, ...]:
    count = Counter(reading.status for reading in readings)
    usable, faulty, unreadable = (count[key] for key in ("accepted", "blocked", "unreadable"))
    line = f"讀取 {len(readings)} 個檔案：可用 {usable}、需修正 {faulty}、無法讀取 {unreadable}"
    return (f"{line}；另有 {settled} 個已更正或已移除" if settled else line,)


def merge(workspace: Workspace, progress: Progress | None = None) -> Report:
    """Take the inbox into the ledger and write the tracker."""
    year = gather(workspace, progress)
    findings = _write_tracker(year)
    path = workspace.tracker(year.plan.year)
    return _report(
        "合併",
        year,
        (*_read_lines(year.readings, year.settled), *_filing_lines(year)),
        findings,
        path,
    )


def score(workspace: Workspace, progress: Progress | None = None) -> Report:
    """R1–R3 into the tracker: scores, rankings, the proposal for the 政府服務獎, decisions."""
    year = gather(workspace, progress)
    findings = _write_tracker(year)
    lines = []
    for scored in year.outcomes.scoring.items:
        total = scored.self_total.value
        shown = (
            f"{total}" if total is not None else f"未評（缺{'、'.join(scored.self_total.missing)}）"
        )
        review = "—" if scored.review.value is None else f"{scored.review.value}"
        rank = scored.rank_overall
        place = f"第 {rank.place} 名{'（並列）' if rank.tied else ''}" if rank else "不列名次"
        lines.append(f"{scored.item} {scored.name}：自評 {shown}、督導 {review}、{place}")
    trials = sensitivity(year.dataset, year.plan)
    if trials:
        moving = sum(bool(trial.moved) for trial in trials)
        lines.append(
            f"敏感度：{len(trials)} 種情境中 {moving} 種名次會變動（見總表「敏感度分析」）"
        )
    return _report("評分", year, lines, findings, workspace.tracker(year.plan.year))


def rewards(workspace: Workspace, progress: Progress | None = None) -> Report:
    """R4 and R5 into the tracker and the roster."""
    year = gather(workspace, progress)
    findings = _write_tracker(year) + _write_roster(year)
    plan_year = year.plan.year
    return _report(
        "敘獎名冊",
        year,
        _reward_lines(year),
        findings,
        workspace.tracker(plan_year),
        workspace.roster(plan_year),
    )


def annex3(workspace: Workspace, progress: Progress | None = None) -> Report:
    """Write the Annex 3 document (R6)."""
    year = gather(workspace, progress)
    findings = _write_annex3(year)
    path = workspace.annex3(year.plan.year)
    return _report("附件3", year, _annex3_lines(year), findings, path)


def packet(workspace: Workspace, progress: Progress | None = None) -> Report:
    """The convener's papers for a meeting of the 督導小組 (附件2.四) as a Word document."""
    from xltool.outputs.word.packet import write_packet

    year = gather(workspace, progress)
    template = resource("templates/annex3.docx")

    def write(path: Path) -> list[Finding]:
        write_packet(path, year.dataset, year.outcomes, year.plan, template=template)
        return []

    target = workspace.packet(year.plan.year)
    findings = _write_anew(year, target, write)
    lines = [f"會議資料收錄 {len(year.dataset.items)} 項業務，一案一頁"]
    return _report("會議資料", year, lines, findings, target)


def run(workspace: Workspace, progress: Progress | None = None) -> Report:
    """Everything, inbox to outputs: tracker, roster, Annex 3, and who has filed."""
    year = gather(workspace, progress)
    findings = _write_tracker(year) + _write_roster(year) + _write_annex3(year)
    plan_year = year.plan.year
    return _report(
        "全部執行",
        year,
        (
            *_read_lines(year.readings, year.settled),
            *_filing_lines(year),
            *_reward_lines(year),
            *_annex3_lines(year),
        ),
        findings,
        workspace.tracker(plan_year),
        workspace.roster(plan_year),
        workspace.annex3(plan_year),
    )


def _report(
    title: str, year: Year, lines: Iterable[str], findings: Iterable[Finding], *outputs: Path
) -> Report:
    return Report(
        title,
        tuple(lines),
        (*year.findings, *findings),
        outputs,
        year.readings,
        year.receipts,
        year.plan,
        year.outcomes,
    )


def _write_tracker(year: Year) -> list[Finding]:
    from xltool.outputs.tracker.tracker import write_tracker

    workspace = year.workspace
    target = workspace.tracker(year.plan.year)
    # All that a tracker shows follows from these: every file by its bytes, its fate, the settings.
    files = {
        name: os.path.relpath(path, target.parent).replace(os.sep, "/")
        for (name, _), path in sorted(year.inbox.items())
    }
    origin = (_fingerprint(year.plan), year.receipts, year.findings, year.waivers, files)
    made_of = hashlib.sha256(repr(origin).encode()).hexdigest()
    if is_up_to_date(workspace, target, made_of):
        return []  # nothing new, and nobody has written into it
    set_aside_edited(workspace, target, workspace.tracker_backups)
    with _loading(year) as load:
        changed = tuple(changes(year.returns, year.plan.options.precedence, load))
    with atomic_write(target) as path:
        findings = write_tracker(
            path,
            year.dataset,
            year.outcomes,
            year.plan,
            year.findings,
            year.receipts,
            changed,
            files,
            previous=target if target.exists() else None,
        )
    remember_output(workspace, target, "" if findings else made_of)
    return findings


def _write_roster(year: Year) -> list[Finding]:
    from xltool.outputs.lists.roster import write_roster

    def write(path: Path) -> list[Finding]:
        write_roster(path, year.outcomes, year.dataset, year.plan, day=None)
        return []

    return _write_anew(year, year.workspace.roster(year.plan.year), write)


def _write_annex3(year: Year) -> list[Finding]:
    from xltool.outputs.word.annex3 import write_annex3

    workspace = year.workspace

    def write(path: Path) -> list[Finding]:
        return write_annex3(
            path,
            year.dataset,
            year.outcomes,
            year.plan,
            photo=lambda picture: workspace.blob(picture.blob),
            template=resource("templates/annex3.docx"),
        )

    return _write_anew(year, workspace.annex3(year.plan.year), write)


def _write_anew(year: Year, target: Path, write: Callable[[Path], list[Finding]]) -> list[Finding]:
    """Write an output that people finish by hand: what they changed since last time is set aside."""
    findings = _set_aside(year.workspace, target)
    with atomic_write(target) as path:
        findings += write(path)
    remember_output(year.workspace, target)
    return findings


def _set_aside(workspace: Workspace, target: Path) -> list[Finding]:
    """A finding with the backup's name, where somebody changed a file since we wrote it."""
    backup = set_aside_edited(workspace, target)
    if backup is None:
        return []
    return [finding("F116", Address(target.name), target.name, backup=backup.name)]


def _in_use(target: Path) -> Finding:
    return finding("F118", Address(target.name), target.name)


def _filing_lines(year: Year) -> list[str]:
    lines = []
    for form in UNIT_FORMS:
        filings = [filing for filing in year.dataset.filings if filing.form == form.key]
        filed = [filing for filing in filings if filing.filed]
        line = f"{form.title}：已繳 {len(filed)} / {len(filings)}"
        if nil := [filing for filing in filed if filing.nil]:
            line += f"（其中無辦理 {len(nil)}）"
        if blocked := [filing for filing in filings if filing.blocked]:
            line += f"；待修正：{_names(blocked, year.plan)}"
        missing = [f for f in filings if not f.filed and not f.blocked]
        if missing:
            line += f"；未繳：{_names(missing, year.plan)}"
        lines.append(line)
    return lines


def _names(filings: Iterable[Filing], plan: Plan) -> str:
    return "、".join(plan.unit_name(filing.unit) for filing in filings)


def _reward_lines(year: Year) -> list[str]:
    rewards = year.outcomes.rewards
    granted = Counter(line.reward.name for line in rewards.lines if line.reward is not None)
    order = [reward.name for reward in reversed(year.plan.ladder) if granted[reward.name]]
    text = "、".join(f"{name} {granted[name]} 人" for name in order) or "無"
    lines = [f"敘獎名冊 {len(rewards.lines)} 人：{text}"]
    if waiting := [line for line in rewards.lines if line.blocked]:
        lines.append(f"　待釐清 {len(waiting)} 人：{'、'.join(w.person.name for w in waiting)}")
    if rewards.pending:
        names = "、".join(one.person.name for one in rewards.pending)
        lines.append(f"　未列入名冊 {len(rewards.pending)} 人：{names}（理由見名冊「待釐清」）")
    if rewards.proposals:
        lines.append(f"自行考核獎勵建議 {len(rewards.proposals)} 筆（各單位依柒.一提出）")
    return lines


def _annex3_lines(year: Year) -> list[str]:
    reported = [item for item in year.dataset.items if item.reported]
    count = Counter(item.category for item in reported)
    parts = "、".join(f"{category} {count[category]} 項" for category in count if category)
    missing = [item.id for item in year.dataset.items if not item.reported]
    lines = [f"執行成果說明收錄 {len(reported)} 項業務：{parts or '無'}"]
    if missing:
        lines.append(f"　尚無執行成果：{'、'.join(missing)}")
    return lines


# --- Who stands where -----------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One unit's standing with one form. `days` are days left to the deadline; negative: overdue."""

    unit: str
    unit_name: str
    form: str
    state: FilingState
    due: date | None
    deadline: date | None
    days: int | None

    @property
    def owed(self) -> bool:
        """Whether the unit must still send something: 未繳 or 待修正."""
        return self.state in (FilingState.TO_CORRECT, FilingState.MISSING)

    @property
    def left(self) -> str:
        """How long the unit has, in words; empty when it owes nothing or there is no deadline."""
        if not self.owed or self.days is None:
            return ""
        if self.days < 0:
            return f"逾期 {-self.days} 日"
        return f"剩 {self.days} 日" if self.days else "今日截止"


@dataclass(frozen=True)
class Status:
    """Units × stages on a given day."""

    day: date
    standings: tuple[Standing, ...]

    def forms(self) -> list[tuple[str, date | None]]:
        """The forms' titles and last days, in order."""
        return list(dict.fromkeys((FORMS[s.form].title, s.deadline) for s in self.standings))

    def units(self) -> dict[str, list[Standing]]:
        """Each unit's standings, in the order of the forms, by its code and name."""
        rows: dict[str, list[Standing]] = {}
        for standing in self.standings:
            rows.setdefault(f"{standing.unit} {standing.unit_name}", []).append(standing)
        return rows


def status(workspace: Workspace, day: date | None = None) -> Status:
    """Who has filed what, with days left or overdue on `day` (today when None)."""
    year = gather(workspace)
    now = day or today()
    standings = []
    for filing in year.dataset.filings:
        stage = year.plan.stage(FORMS[filing.form].stage)
        standings.append(
            Standing(
                filing.unit,
                year.plan.unit_name(filing.unit),
                filing.form,
                filing.state,
                stage.due if stage else None,
                stage.deadline if stage else None,
                (stage.deadline - now).days if stage else None,
            )
        )
    return Status(now, tuple(standings))


def write_status(workspace: Workspace, status: Status) -> Path:
    """Write who has filed what as a web page into 成果. Raises WorkspaceError."""
    from xltool.outputs.web.status_page import write_status_page

    heads = [
        form + (f"（截止 {roc_date(deadline)}）" if deadline else "")
        for form, deadline in status.forms()
    ]
    rows = [(unit, [(s.state, s.left) for s in row]) for unit, row in status.units().items()]
    target = workspace.results / "繳交情形.html"
    with atomic_write(target) as path:
        title = f"{load_plan(workspace).title}：繳交情形"
        write_status_page(path, title, roc_date(status.day), heads, rows)
    return target


# --- For the faces ----------------------------------------------------------------------------


def checked_files(report: Report) -> list[CheckedFile]:
    """Each file read, with its own findings and those that the merge and the rules found in it."""
    from xltool.outputs.checked import CheckedFile

    own = {id(one) for reading in report.readings for one in reading.findings}
    later: dict[str, list[Finding]] = {}
    for one in report.findings:
        if id(one) not in own:
            later.setdefault(one.at.file, []).append(one)
    files = []
    for reading in reversed(report.readings):  # of files with one name, the last received counts
        returned = reading.returned
        files.append(
            CheckedFile(
                file=reading.file,
                form=returned.form if returned else "",
                unit=returned.unit if returned else "",
                version=returned.version if returned else 0,
                status=reading.status,
                findings=(*reading.findings, *later.pop(reading.file, ())),
            )
        )
    return files[::-1]


def loose_findings(report: Report) -> tuple[Finding, ...]:
    """Findings that belong to no file read: of the settings, or of the year as a whole."""
    names = {reading.file for reading in report.readings}
    return tuple(one for one in report.findings if one.at.file not in names)


def form_dictionary(key: str, workspace: Workspace | None) -> dict[str, Any]:
    """A form's data dictionary, with the lists of the year at hand (else of the shipped year)."""
    plan = shipped_plan(DEFAULT_YEAR) if workspace is None else load_plan(workspace)
    return dictionary(on_scale(FORMS[key], plan), Lists.of(plan))


def console(workspace: Workspace) -> Report:
    """Build 總控台.xlsm for this folder: buttons in Excel that call the steps above."""
    from xltool.outputs.console.workbook import build

    plan = load_plan(workspace)
    target = workspace.root / "總控台.xlsm"
    with atomic_write(target) as path:
        build(
            path,
            year=plan.year,
            interpreter=Path(sys.executable),
            year_folder=workspace.root.resolve(),
        )
    return Report(
        "總控台",
        (f"已建立 {target.name}；請在 Windows 以 Excel 開啟並允許巨集，再按按鈕",),
        outputs=(target,),
    )
