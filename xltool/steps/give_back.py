"""Give faulty returns back: a clean workbook with the unit's own values, marked, to correct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.findings import Finding, finding
from xltool.forms import FORMS, Form
from xltool.forms.layout import title_of
from xltool.forms.schema import Filer
from xltool.model import Address, Submission
from xltool.plan import Plan
from xltool.steps.arrange import arrange, beside
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather
from xltool.steps.letters import (
    STRUCK_OUT,
    letter,
    place_of,
    points,
    points_in_words,
    recipient,
    write_draft_beside,
)
from xltool.steps.overwrite import in_use, set_aside
from xltool.steps.settings import placeholder_lines
from xltool.steps.year import Year
from xltool.store.faults import of_one_file, place
from xltool.store.ledger import keep
from xltool.store.workspace import FileInUseError, Workspace, atomic_write, remember_output

if TYPE_CHECKING:
    from xltool.intake import Reading
    from xltool.outputs.forms import FormCopy


def give_back(workspace: Workspace, progress: Progress | None = None) -> Done:
    """Write for each faulty return a clean workbook of its form for the unit to correct.

    It holds the unit's own values and photos, every faulty cell marked and commented, a sheet of the
    points with links, and what stood outside the form. Sent back, it is read as the next version.
    """
    from xltool.intake.one import read_file
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
        if any(one.code == "F132" for one in reading.findings):
            lines.append(f"　{reading.file}：不是單位填寫的問題，未產生退回檔")
            continue
        name = Path(file_name(form, year.plan, faulty.unit))
        target = workspace.outbox / TO_CORRECT / f"{name.stem}_{TO_CORRECT}{name.suffix}"
        try:
            # The ledger keeps no cells' meanings: the original bytes are read once more.
            blob, store = workspace.blob(reading.sha256), partial(keep, workspace)
            anew = read_file(blob, year.plan, name=reading.file, store=store, whole=True)
            if anew.submission is None:
                findings += anew.findings
                continue
            findings += _give_one_back(year, anew, anew.submission, target)
        except FileInUseError:
            findings.append(in_use(target))
            continue
        except Exception as error:
            if not of_one_file(error):
                raise
            findings.append(finding("F132", Address(reading.file), place(error)))
            continue
        outputs.append(target)
        errors = sum(one.blocks for one in reading.findings)
        lines.append(
            f"　{year.plan.unit_name(faulty.unit)} {form.title}：{errors} 項錯誤 → {target.name}"
        )
    head = f"待修正的回傳檔 {len(outputs)} 份，已產生退回檔：{workspace.outbox / TO_CORRECT}"
    lines.insert(0, head if outputs or findings else "沒有待修正的回傳檔")
    lines += [f"　{one.message}；{one.fix}" for one in findings]
    lines += placeholder_lines(year.settings.findings)
    return Done("退回修正", tuple(lines), tuple(findings), tuple(outputs))


def _give_one_back(year: Year, anew: Reading, faulty: Submission, target: Path) -> list[Finding]:
    """Write one form to correct and its draft; a finding where a filled one was set aside."""
    from xltool.outputs.forms import write_form

    workspace, plan, form = year.workspace, year.plan, FORMS[faulty.form]
    findings = set_aside(workspace, target)
    items = [item.id for item in year.dataset.items if item.unit == faulty.unit]
    copy = clean_copy(anew, faulty, plan, items, workspace.blob)
    with atomic_write(target) as path:
        write_form(path, copy)
    remember_output(workspace, target)
    write_draft_beside(
        target,
        recipient(form, year.dataset, plan, faulty.unit),
        f"請修正{title_of(form, plan)}（{plan.unit_name(faulty.unit)}）",
        _letter_back(anew, form, plan),
    )
    return findings


def clean_copy(
    anew: Reading,
    faulty: Submission,
    plan: Plan,
    items: Sequence[str],
    blob: Callable[[str], Path],
) -> FormCopy:
    """A return, read whole, as a copy of its form that holds all of it, and what is to be corrected.

    `items` are the 業務編號 to choose from, `blob` finds a picture's file by its SHA-256.
    """
    from xltool.outputs.forms import FormCopy

    form = FORMS[faulty.form]
    arranged = arrange(form, anew, faulty)
    copy = FormCopy(
        form,
        plan,
        unit=faulty.unit,
        records=arranged.records,
        items=items,
        issue=faulty.issue,
        photos=[(picture, blob(picture.blob)) for picture in arranged.photos],
        points=list(points(anew, arranged.spots)),
        baseline=faulty.baseline,
    )
    outside, loose = beside(copy, arranged, anew, faulty)
    struck = [(place_of(one), one.value) for one in anew.findings if one.code in STRUCK_OUT]
    outside = [*dict.fromkeys((*outside, *struck))]
    pictures = [(place, one, blob(one.blob)) for place, one in loose]
    return replace(copy, outside=outside, loose=pictures)


_HOW_TO_CORRECT = (
    "附檔已帶入貴單位所填內容，需修正的儲存格以紅框標示並附說明，「待修正」工作表可逐項前往；"
    "改好後存檔回傳即可，不必重填。"
)


def _letter_back(reading: Reading, form: Form, plan: Plan) -> str:
    """The draft's text: each point in plain words, and that the attached file is to be corrected."""
    unit = plan.unit_name(reading.returned.unit) if reading.returned else ""
    title = title_of(form, plan)
    received = f"貴單位回傳的「{title}」（{reading.file}）已收到，尚有下列各點請修正："
    points = "\n".join(f"{n}. {words}" for n, words in enumerate(points_in_words(reading), 1))
    return letter(plan, unit, received, points, _HOW_TO_CORRECT)
