"""The sample year from beginning to end, in a fresh folder, as the coordinator would live it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from xltool.faces.check_screen import print_check
from xltool.steps.check import check, checked_files
from xltool.steps.done import Done
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.write import merge, packet, run
from xltool.store.workspace import Workspace, WorkspaceError, resource

YEAR = 114
DEFAULT = Path("示範-114")
CONTACT = {
    "contact_name": "示範承辦人",
    "contact_phone": "02-0000-0000",
    "contact_email": "demo@example.gov.tw",
}
"""Whom the forms of a demo tell to ask."""


def demo(folder: Path | None = None) -> int:
    """Play the sample year in `folder` and print where each result lies. Returns the exit code.

    Raises WorkspaceError when the folder holds something that a demo did not make.
    """
    root = folder or DEFAULT
    _clear(root)
    sample = resource(f"sample-{YEAR}") / "returns"

    _step("一", "建立年度資料夾與年度設定")
    _say(new(root, YEAR, basics=CONTACT))
    workspace = Workspace.open(root)
    workspace.demo_mark.touch()
    print("  示範年度：單位、人員與聯絡資料都是虛構的，表單與郵件草稿請勿寄出")

    _step("二", "3 月：發出參與業務調查表，收回 12 單位的調查表")
    _say(issue(workspace, "enrolment"))
    _arrive(workspace, sample / "first" / "enrolment")
    _say(merge(workspace))

    _step("三", "11 月：發出執行成果填報表（已帶入調查表內容），收回填報表")
    _say(issue(workspace, "report"))
    _arrive(workspace, sample / "first" / "report")
    checked = check(workspace)
    faulty = [file for file in checked_files(checked) if file.status != "accepted"]
    print("承辦人看到的檢核結果：")
    print_check(faulty, plan=checked.plan)
    print(*checked.summary_lines, sep="\n")

    _step("四", "請單位更正後再回收")
    _arrive(workspace, sample / "corrected")
    _say(check(workspace))

    _step("五", "12 月：督導意見表、會議資料、會議紀錄表、參選結果表")
    _say(issue(workspace, "review"))
    _arrive(workspace, sample / "first" / "review")
    _say(packet(workspace))
    for form in ("meeting", "contest"):
        _say(issue(workspace, form))
        _arrive(workspace, sample / "first" / form)

    _step("六", "一次完成：總表、敘獎建議名冊、附件3")
    done = run(workspace)
    _say(done)
    open_points = [finding for finding in done.findings if not finding.blocks]
    print(f"另有提醒與說明 {len(open_points)} 項，列於總表「檢核結果」")

    print("\n成果")
    for label, path in (
        ("年度設定", workspace.settings),
        ("發出的表單", workspace.outbox),
        ("回收的表單", workspace.inbox),
        ("督導小組會議資料（Word）", workspace.packet(YEAR)),
        ("提升服務效能總表", workspace.tracker(YEAR)),
        ("敘獎建議名冊", workspace.roster(YEAR)),
        ("附件3（Word）", workspace.annex3(YEAR)),
    ):
        print(f"  {label}：{path}")
    return 0


def _clear(root: Path) -> None:
    if not root.exists():
        return
    if not Workspace(root).demo_mark.is_file():
        raise WorkspaceError(
            f"「{root}」已存在且不是示範資料夾，不予覆蓋；請以 --folder 指定新的資料夾"
        )
    shutil.rmtree(root)


def _step(number: str, title: str) -> None:
    print(f"\n{number}、{title}")


def _say(done: Done) -> None:
    print(*(f"  {line}" for line in done.summary_lines), sep="\n")


def _arrive(workspace: Workspace, folder: Path) -> Sequence[Path]:
    """Returned files arrive in the inbox, with their time stamps."""
    arrived = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        target = workspace.inbox / path.name
        shutil.copy2(path, target)
        arrived.append(target)
    print(f"  收到 {len(arrived)} 個檔案")
    return arrived
