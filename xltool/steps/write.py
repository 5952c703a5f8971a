"""Write the year's outputs: tracker, roster, Annex 3, the meeting's papers, the export."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from xltool.changes import changes
from xltool.findings import Finding
from xltool.forms import CONTEST, REPORT, UNIT_FORMS
from xltool.model import NO_REWARD, Filing
from xltool.outputs.held import TO_CORRECT, by_file, held_text
from xltool.outputs.reward_words import UNSETTLED
from xltool.plan import Plan
from xltool.rules.sensitivity import sensitivity
from xltool.steps.check import read_lines
from xltool.steps.done import Done, Progress
from xltool.steps.gather import gather
from xltool.steps.overwrite import write_anew
from xltool.steps.rosters import write_roster
from xltool.steps.year import Year, fingerprint, loading
from xltool.store.inbox import plain_name
from xltool.store.workspace import (
    Workspace,
    atomic_write,
    is_up_to_date,
    remember_output,
    resource,
    set_aside_edited,
)


def export(workspace: Workspace, progress: Progress | None = None) -> Done:
    """The dataset as CSV, JSON and (with pyarrow) Parquet, with a dictionary of its columns."""
    from xltool.outputs.data.export import dictionary, exports, write_csv, write_json, write_parquet

    year = gather(workspace, progress)
    tables = exports(year.dataset, year.plan, year.outcomes)
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
    return Done("匯出", tuple(lines), (), tuple(outputs))


def merge(workspace: Workspace, progress: Progress | None = None) -> Done:
    """Take the inbox into the ledger and write the tracker."""
    year = gather(workspace, progress, telling=True)
    findings = _write_tracker(year)
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
    year = gather(workspace, progress, telling=True)
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
    return Done.of_year("評分", year, lines, findings, workspace.tracker(year.plan.year))


def rewards(workspace: Workspace, progress: Progress | None = None) -> Done:
    """R4 and R5 into the tracker and the roster."""
    year = gather(workspace, progress, telling=True)
    findings = _write_tracker(year) + write_roster(year)
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
    year = gather(workspace, progress, telling=True)
    findings = _write_annex3(year)
    path = workspace.annex3(year.plan.year)
    return Done.of_year("附件3", year, _annex3_lines(year), findings, path)


def packet(workspace: Workspace, progress: Progress | None = None) -> Done:
    """The convener's papers for a meeting of the 督導小組 (附件2、四) as a Word document."""
    from xltool.outputs.word.packet import write_packet

    year = gather(workspace, progress, telling=True)
    template = resource("templates/annex3.docx")

    def write(path: Path) -> list[Finding]:
        write_packet(path, year.dataset, year.outcomes, year.plan, template=template)
        return []

    target = workspace.packet(year.plan.year)
    findings = write_anew(year, target, write)
    lines = [f"會議資料收錄 {len(year.dataset.items)} 項業務，一案一頁"]
    return Done.of_year("會議資料", year, lines, findings, target)


def run(workspace: Workspace, progress: Progress | None = None) -> Done:
    """Everything, inbox to outputs: tracker, roster, Annex 3, and who has filed."""
    year = gather(workspace, progress, telling=True)
    findings = _write_tracker(year) + write_roster(year) + _write_annex3(year)
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


def _write_tracker(year: Year) -> list[Finding]:
    workspace = year.workspace
    target = workspace.tracker(year.plan.year)
    # All that a tracker shows follows from these: every file by its bytes, its fate, the settings.
    files = {
        name: os.path.relpath(path, target.parent).replace(os.sep, "/")
        for (name, _), path in sorted(year.inbox.items())
        if plain_name(str(path)) == str(path)  # no link can lead to another
    }
    settings = fingerprint(year.plan), year.amended
    origin = (settings, year.receipts, year.findings, year.waivers, files)
    made_of = hashlib.sha256(repr(origin).encode()).hexdigest()
    if is_up_to_date(workspace, target, made_of):
        return []  # nothing new, and nobody has written into it
    from xltool.outputs.tracker.tracker import write_tracker

    set_aside_edited(workspace, target, workspace.tracker_backups)
    with loading(year) as load:
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
            amended=year.amended,
            previous=target if target.exists() else None,
        )
    remember_output(workspace, target, "" if findings else made_of)
    return findings


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

    holds = [item.id for item in year.dataset.items if item.reported]
    return write_anew(year, workspace.annex3(year.plan.year), write, holds)


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
    granted = Counter(line.reward.name for line in rewards.lines if line.reward is not None)
    order = [reward.name for reward in reversed(year.plan.ladder) if granted[reward.name]]
    text = "、".join(f"{name} {granted[name]} 人" for name in order) or "無"
    held = list(by_file(year.dataset.held_back(CONTEST.key)))
    text = (
        text
        if rewards.lines or not (held or rewards.pending)
        else TO_CORRECT
        if held
        else UNSETTLED
    )
    lines = [f"敘獎名冊 {len(rewards.lines)} 人：{text}"]
    lines += [f"　未列入：{held_text(one)}" for one in held]
    if waiting := [line for line in rewards.lines if line.blocked]:
        lines.append(f"　待釐清 {len(waiting)} 人：{'、'.join(w.person.name for w in waiting)}")
    if rewards.pending:
        names = "、".join(one.person.name for one in rewards.pending)
        lines.append(f"　未列入名冊 {len(rewards.pending)} 人：{names}（理由見名冊「待釐清」）")
    if rewards.declined:
        names = "、".join(dict.fromkeys(one.person.name for one in rewards.declined))
        lines.append(
            f"　{NO_REWARD} {len(rewards.declined)} 筆：{names}（理由見名冊「{NO_REWARD}」）"
        )
    if rewards.proposals:
        lines.append(f"自行考核獎勵建議 {len(rewards.proposals)} 筆（各單位依柒、一提出）")
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
