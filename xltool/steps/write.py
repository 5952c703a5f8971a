"""Write the year's outputs: tracker, roster, Annex 3, the meeting's papers, the export."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from xltool.changes import changes
from xltool.findings import Finding
from xltool.forms import CONTEST, REPORT, UNIT_FORMS
from xltool.model import NO_REWARD, Filing, Purpose
from xltool.outputs.held import TO_CORRECT, by_file, held_text
from xltool.outputs.reward_words import UNSETTLED
from xltool.plan import Plan
from xltool.rules.agenda import due
from xltool.rules.sensitivity import sensitivity
from xltool.steps.aside import safely
from xltool.steps.check import read_lines
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather
from xltool.steps.overwrite import write_anew
from xltool.steps.rosters import put_roster, write_roster
from xltool.steps.year import Year, fingerprint, loading
from xltool.store.inbox import plain_name
from xltool.store.workspace import (
    Workspace,
    atomic_write,
    is_up_to_date,
    remember_output,
    set_aside_edited,
)
from xltool.wording import the


def export(workspace: Workspace, progress: Progress | None = None) -> Done:
    """The dataset as CSV, JSON and (with pyarrow) Parquet, with a dictionary of its columns."""
    whole = gather(workspace, progress)
    folder = workspace.results / "匯出"
    rehearse = _rehearsed(_export_to)
    year, (lines, outputs) = safely(whole, partial(_export_to, folder=folder), rehearse)
    aside = tuple(one for one in year.findings if one not in whole.findings and one.blocks)
    return Done("匯出", tuple(lines), aside, tuple(outputs))


def _export_to(year: Year, folder: Path) -> tuple[Sequence[str], Sequence[Path]]:
    from xltool.outputs.data.export import dictionary
    from xltool.outputs.data.frames import as_frame, write_csv, write_json, write_parquet
    from xltool.steps.tables import tables_of

    tables = tables_of(year)
    frames = [(table.name, as_frame(table, personal=True)) for table in tables]
    explained = dictionary(tables)
    outputs: list[Path] = []

    def put(name: str, write: Callable[[Path], None]) -> None:
        with atomic_write(folder / name) as path:
            write(path)
        outputs.append(folder / name)

    for name, frame in (*frames, (explained.name, as_frame(explained))):
        put(f"{name}.csv", partial(write_csv, frame=frame))
    put("dataset.json", partial(write_json, frames=frames, year=year.plan.year))
    lines = [
        f"已匯出 {len(tables)} 個資料表：{folder}",
        f"　含個人資料，限{the.agency}辦理業務使用，不得公開",
    ]
    try:
        for name, frame in frames:
            put(f"{name}.parquet", partial(write_parquet, frame=frame))
    except ImportError:
        lines.append("　未產生 Parquet：請先執行 pip install pyarrow")
    return lines, outputs


def merge(workspace: Workspace, progress: Progress | None = None) -> Done:
    """Take the inbox into the ledger and write the tracker."""
    year, findings = _write(gather(workspace, progress, telling=True), TRACKER)
    path = workspace.tracker(year.plan.year)
    return Done.of_year(
        "合併",
        year,
        (*read_lines(year.readings, year.settled), *_filing_lines(year)),
        findings,
        path,
    )


def score(workspace: Workspace, progress: Progress | None = None) -> Done:
    """R1–R3 into the tracker: scores, rankings, the proposal for the 政府服務獎, decisions."""
    year, findings = _write(gather(workspace, progress, telling=True), TRACKER)
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
    return Done.of_year("評分", year, lines, findings, workspace.tracker(year.plan.year))


def rewards(workspace: Workspace, progress: Progress | None = None) -> Done:
    """R4 and R5 into the tracker and the roster."""
    year, findings = _write(gather(workspace, progress, telling=True), TRACKER, ROSTER)
    plan_year = year.plan.year
    return Done.of_year(
        "敘獎名冊",
        year,
        _reward_lines(year),
        findings,
        workspace.tracker(plan_year),
        workspace.roster(plan_year),
    )


def annex3(workspace: Workspace, progress: Progress | None = None) -> Done:
    """Write the Annex 3 document (R6)."""
    year, findings = _write(gather(workspace, progress, telling=True), ANNEX3)
    path = workspace.annex3(year.plan.year)
    return Done.of_year("附件3", year, _annex3_lines(year), findings, path)


def packet(
    workspace: Workspace, progress: Progress | None = None, *, purpose: Purpose | None = None
) -> Done:
    """The convener's papers for a meeting of the 督導小組 (附件2、四) as a Word document. `purpose`: for
    what it meets, where that is not the next that is due."""
    whole = gather(workspace, progress, telling=True)
    purpose = purpose or due(whole.dataset, whole.outcomes)
    output = _Output(partial(_put_packet, purpose), partial(_write_packet, purpose))
    year, findings = _write(whole, output)
    count = len(year.dataset.items)
    lines = [
        f"會議任務：確認年度業務項目及目標（{the.confirmed}），收錄 {count} 項業務"
        if purpose is Purpose.CONFIRM
        else f"會議資料收錄 {count} 項業務，一案一頁"
    ]
    if not count:
        lines.append("　尚無參與業務：請待參與業務調查表收齊後再產生")
    return Done.of_year("會議資料", year, lines, findings, _packet(year, purpose))


def _packet(year: Year, purpose: Purpose) -> Path:
    about = str(purpose) if purpose is Purpose.CONFIRM else ""
    return year.workspace.packet(year.plan.year, about)


def run(workspace: Workspace, progress: Progress | None = None) -> Done:
    """Everything, inbox to outputs: tracker, roster, Annex 3, and who has filed."""
    year, findings = _write(gather(workspace, progress, telling=True), TRACKER, ROSTER, ANNEX3)
    plan_year = year.plan.year
    return Done.of_year(
        "全部執行",
        year,
        (
            *read_lines(year.readings, year.settled),
            *_filing_lines(year),
            *_reward_lines(year),
            *_annex3_lines(year),
        ),
        findings,
        workspace.tracker(plan_year),
        workspace.roster(plan_year),
        workspace.annex3(plan_year),
    )


Put = Callable[[Year, Path], list[Finding]]
"""Writes an output of a year to a path, and nothing else."""


class _Output(NamedTuple):
    """An output: `put` writes it anew where it belongs, `write` anywhere."""

    put: Callable[[Year], list[Finding]]
    write: Put


def _write(whole: Year, *outputs: _Output) -> tuple[Year, list[Finding]]:
    """Write outputs of a year, and tell of what year they are: without the returns on which one fails."""
    told: dict[Finding, None] = {}

    def put(year: Year) -> None:
        for output in outputs:
            told.update(dict.fromkeys(output.put(year)))

    def rehearse(year: Year) -> None:
        for output in outputs:
            _rehearsed(output.write)(year)

    year, _ = safely(whole, put, rehearse)
    return year, list(told)


def _rehearsed(write: Callable[[Year, Path], object]) -> Callable[[Year], None]:
    """Writes where nothing is kept."""

    def rehearse(year: Year) -> None:
        with tempfile.TemporaryDirectory() as folder:
            write(year, Path(folder) / "rehearsed")

    return rehearse


def _put_tracker(year: Year) -> list[Finding]:
    workspace = year.workspace
    target = workspace.tracker(year.plan.year)
    # All that a tracker shows follows from these: every file by its bytes, its fate, the settings.
    settings = fingerprint(year.plan), year.amended
    origin = (settings, year.receipts, year.findings, year.waivers, _files(year))
    made_of = hashlib.sha256(repr(origin).encode()).hexdigest()
    if is_up_to_date(workspace, target, made_of):
        return []  # nothing new, and nobody has written into it
    set_aside_edited(workspace, target, workspace.tracker_backups)
    with atomic_write(target) as path:
        findings = _write_tracker(year, path)
    remember_output(workspace, target, "" if findings else made_of)
    return findings


def _write_tracker(year: Year, path: Path) -> list[Finding]:
    from xltool.outputs.tracker.tracker import write_tracker

    target = year.workspace.tracker(year.plan.year)
    with loading(year) as load:
        changed = tuple(changes(year.returns, year.plan, load))
    return write_tracker(
        path,
        year.dataset,
        year.outcomes,
        year.plan,
        year.findings,
        year.receipts,
        changed,
        _files(year),
        amended=year.amended,
        previous=target if target.exists() else None,
    )


def _files(year: Year) -> Mapping[str, str]:
    """Where each file of the inbox lies, as seen from the tracker."""
    folder = year.workspace.tracker(year.plan.year).parent
    return {
        name: os.path.relpath(path, folder).replace(os.sep, "/")
        for (name, _), path in sorted(year.inbox.items())
        if plain_name(str(path)) == str(path)  # no link can lead to another
    }


def _put_annex3(year: Year) -> list[Finding]:
    holds = [item.id for item in year.dataset.items if item.reported]
    target = year.workspace.annex3(year.plan.year)
    return write_anew(year, target, partial(_write_annex3, year), holds)


def _write_annex3(year: Year, path: Path) -> list[Finding]:
    from xltool.outputs.word.annex3 import write_annex3

    return write_annex3(
        path,
        year.dataset,
        year.outcomes,
        year.plan,
        photo=lambda picture: year.workspace.blob(picture.blob),
        template=year.workspace.template,
    )


def _put_packet(purpose: Purpose, year: Year) -> list[Finding]:
    return write_anew(year, _packet(year, purpose), partial(_write_packet, purpose, year))


def _write_packet(purpose: Purpose, year: Year, path: Path) -> list[Finding]:
    from xltool.outputs.word.packet import write_packet

    template = year.workspace.template
    write_packet(path, year.dataset, year.outcomes, year.plan, template=template, purpose=purpose)
    return []


TRACKER = _Output(_put_tracker, _write_tracker)
ROSTER = _Output(put_roster, write_roster)
ANNEX3 = _Output(_put_annex3, _write_annex3)


def _filing_lines(year: Year) -> list[str]:
    lines = []
    for form in UNIT_FORMS:
        filings = [filing for filing in year.dataset.filings if filing.form == form.key]
        filed = [filing for filing in filings if filing.filed and not filing.blocked]
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
    listed = [line for line in rewards.lines if not line.blocked and line.reward is not None]
    granted = Counter(line.reward.name for line in listed if line.reward is not None)
    order = [reward.name for reward in reversed(year.plan.ladder) if granted[reward.name]]
    text = "、".join(f"{name} {granted[name]} 人" for name in order) or "無"
    held = list(by_file(year.dataset.held_back(CONTEST.key)))
    text = (
        text
        if listed or not (held or rewards.pending or rewards.lines)
        else TO_CORRECT
        if held
        else UNSETTLED
    )
    lines = [f"敘獎名冊 {len(listed)} 人：{text}"]
    lines += [f"　未列入：{held_text(one)}" for one in held]
    if waiting := [line for line in rewards.lines if line.blocked]:
        names = "、".join(w.person.name for w in waiting)
        lines.append(f"　待釐清 {len(waiting)} 人，不在名冊內：{names}")
    if rewards.pending:
        names = "、".join(one.person.name for one in rewards.pending)
        lines.append(f"　未列入名冊 {len(rewards.pending)} 人：{names}（理由見名冊「待釐清」）")
    if rewards.declined:
        names = "、".join(dict.fromkeys(one.person.name for one in rewards.declined))
        lines.append(
            f"　{NO_REWARD} {len(rewards.declined)} 筆：{names}（理由見名冊「{NO_REWARD}」）"
        )
    if rewards.proposals:
        lines.append(
            f"自行考核獎勵建議 {len(rewards.proposals)} 筆（各單位依{the.own_rewards}提出）"
        )
    return lines


def _annex3_lines(year: Year) -> list[str]:
    reported = [item for item in year.dataset.items if item.reported]
    count = Counter(item.category for item in reported)
    parts = "、".join(f"{category} {count[category]} 項" for category in count if category)
    held = {one.unit for one in year.dataset.held_back(REPORT.key)}
    without = [item for item in year.dataset.items if not item.reported]
    waiting = [item.id for item in without if item.unit in held]
    missing = [item.id for item in without if item.unit not in held]
    lines = [f"執行成果說明收錄 {len(reported)} 項業務：{parts or '無'}"]
    if waiting:
        lines.append(f"　填報待修正，尚未收錄：{'、'.join(waiting)}")
    if missing:
        lines.append(f"　尚無執行成果：{'、'.join(missing)}")
    return lines
