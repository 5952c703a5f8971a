"""A year through the pipeline: what comes in, what goes out, and that one bad file stops nobody."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import docx
import jsonschema
import openpyxl
import pytest

from xltool import intake
from xltool.faces.cli import main
from xltool.findings import finding
from xltool.forms import CONTEST, ENROLMENT, REPORT
from xltool.intake import Job, Reading
from xltool.model import Address, Record, Value
from xltool.outputs.forms.workbook import write_form
from xltool.plan import Plan, shipped_plan
from xltool.steps.check import check
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.report import Report
from xltool.steps.settings import SettingsError
from xltool.steps.status import status
from xltool.steps.write import annex3, merge, run
from xltool.store.workspace import Workspace, WorkspaceError

Made = TypeVar("Made")

PLAN = shipped_plan(114)
SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    new(tmp_path / "114", 114)
    return Workspace.open(tmp_path / "114")


def filing(status: str) -> Record:
    return Record(
        "filing",
        {
            "status": status,
            "filler": "王小明",
            "phone": "02-0000-0001",
            "day": date(2025, 3, 20),
            "stamp": "尚未核章",
        },
    )


def enrolment(name: str = "用電申辦進度線上查詢", status: str = "有參與業務") -> tuple[Record, ...]:
    member: dict[str, Value] = {
        "name": "陳大文",
        "title": "副組長",
        "level": "單位業務主管",
        "email": "chen@example.gov.tw",
    }
    item: dict[str, Value] = {
        "item": "03-01",
        "name": name,
        "category": "數位創新加值",
        "audience": "民眾",
        "method": "建置線上查詢平臺",
        "target": "使用率 60%",
        "cross_agency": False,
        "handler": "李承辦",
        "phone": "02-0000-0002",
    }
    has_items = status == "有參與業務"
    rows = (Record("items", item),) if has_items else ()
    return (filing(status), Record("member", member), *rows)


def report(score: Decimal = Decimal(85), result: str = "完成建置並上線") -> tuple[Record, ...]:
    of = "03-01"
    return (
        filing("有執行成果"),
        Record(
            "report",
            {
                "item": of,
                "name": "用電申辦進度線上查詢",
                "category": "數位創新加值",
                "method": "建置線上查詢平臺",
                "target": "使用率 60%",
                "result": result,
                "next_steps": "擴充行動版",
            },
            of=of,
        ),
        *(
            Record("scores", {"criterion": c.name, "score": score, "evidence": "佐證"}, of=of)
            for c in PLAN.criteria
        ),
        Record(
            "metrics", {"name": "查詢人次", "unit": "人次", "target": "100", "actual": "120"}, of=of
        ),
    )


def contest() -> tuple[Record, ...]:
    person: dict[str, Value] = {
        "entry": "A1",
        "unit": "電力發展及管理組",
        "name": "王主辦",
        "staff_id": "E1001",
        "title": "專員",
        "staff_kind": "公務人員",
        "grade": "薦任第七職等",
        "role": "主要承辦人員",
        "deed": "主辦線上查詢平臺",
    }
    entry: dict[str, Value] = {
        "entry": "A1",
        "name": "用電申辦一站通",
        "term": "第8屆",
        "unit": "電力發展及管理組",
        "item": "03-01",
        "stage": "入圍實地訪查",
    }
    return (Record("entries", entry), Record("people", person))


def returned(
    workspace: Workspace,
    name: str,
    form: object,
    records: tuple[Record, ...],
    *,
    unit: str = "03",
    plan: Plan = PLAN,
) -> Path:
    path = workspace.inbox / name
    write_form(path, form, plan, unit=unit, records=records, items=["03-01"])  # type: ignore[arg-type]
    return path


def codes(checked: Report) -> dict[str, set[str]]:
    """Codes of blocking findings and warnings by file."""
    found: dict[str, set[str]] = {}
    for one in checked.findings:
        found.setdefault(one.at.file, set()).add(one.code)
    return found


def test_what_a_unit_enrolled_stands_in_the_report_form_that_it_gets(workspace: Workspace) -> None:
    returned(workspace, "ATTACH4.xlsx", ENROLMENT, enrolment())
    issued = issue(workspace, "report", ["03"])
    [path] = issued.outputs
    assert path.name == "114_03_電力發展及管理組_執行成果填報表.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell.value for row in book["業務 03-01"].iter_rows() for cell in row]
    assert "用電申辦進度線上查詢" in cells
    assert "建置線上查詢平臺" in cells


def test_issuing_again_gives_the_same_bytes(workspace: Workspace) -> None:
    [path] = issue(workspace, "enrolment", ["03"]).outputs
    first = path.read_bytes()
    issue(workspace, "enrolment", ["03"])
    assert path.read_bytes() == first


def test_an_unknown_unit_or_form_is_told(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="99"):
        issue(workspace, "enrolment", ["99"])
    with pytest.raises(WorkspaceError, match="沒有「surveys」這種表單"):
        issue(workspace, "surveys")


def test_one_run_leads_from_the_inbox_to_tracker_roster_and_annex_3(workspace: Workspace) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report())
    returned(workspace, "c.xlsx", CONTEST, contest(), unit="")
    ran = run(workspace)
    assert not ran.blocked, [f for f in ran.findings if f.blocks]
    assert [path.suffix for path in ran.outputs] == [".xlsx", ".xlsx", ".docx"]
    assert all(path.stat().st_size > 1000 for path in ran.outputs)
    roster = openpyxl.load_workbook(workspace.roster(114))
    words = [str(c.value) for sheet in roster for row in sheet.iter_rows() for c in row if c.value]
    assert "王主辦" in words
    assert any("記功1次" in word for word in words)
    assert any("柒.二.(二)" in word for word in words)


def test_a_second_run_changes_nothing(workspace: Workspace) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report())
    first = [path.read_bytes() for path in run(workspace).outputs]
    assert [path.read_bytes() for path in run(workspace).outputs] == first


def test_the_inbox_is_only_ever_read(workspace: Workspace) -> None:
    path = returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    run(workspace)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [entry.name for entry in workspace.inbox.iterdir()] == ["a.xlsx"]


def test_every_unit_that_has_not_filed_is_listed_and_a_nil_return_is_a_filing(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", ENROLMENT, enrolment(status="本年度無參與業務"), unit="12")
    states = {
        standing.unit: standing.state
        for standing in status(workspace, date(2025, 3, 31)).standings
        if standing.form == "enrolment"
    }
    assert len(states) == 12
    assert states["03"] == "已繳"
    assert states["12"] == "無辦理"
    assert {state for unit, state in states.items() if unit not in ("03", "12")} == {"未繳"}


@pytest.mark.parametrize(
    ("day", "days"), [(date(2025, 3, 30), 1), (date(2025, 3, 31), 0), (date(2025, 4, 1), -1)]
)
def test_days_left_are_counted_to_the_deadline_itself(
    workspace: Workspace, day: date, days: int
) -> None:
    standing = status(workspace, day).standings[0]
    assert standing.form == "enrolment"
    assert standing.days == days


@pytest.fixture
def bad_inbox(workspace: Workspace) -> Workspace:
    """Every usual kind of bad file, and one good one."""
    good = returned(workspace, "good.xlsx", ENROLMENT, enrolment())
    shutil.copy(good, workspace.inbox / "good (1).xlsx")
    (workspace.inbox / "empty.xlsx").write_bytes(b"")
    (workspace.inbox / "cut.xlsx").write_bytes(good.read_bytes()[:3000])
    (workspace.inbox / "letter.xlsx").write_bytes(b"%PDF-1.7 not a workbook")
    other = openpyxl.Workbook()
    other.worksheets[0]["A1"] = "採購清單"
    other.save(workspace.inbox / "other.xlsx")
    returned(workspace, "last_year.xlsx", ENROLMENT, enrolment(), plan=shipped_plan(113))
    returned(workspace, "stranger.xlsx", ENROLMENT, enrolment(), unit="99")
    return workspace


def test_each_bad_file_is_named_with_what_to_do_and_the_good_one_goes_through(
    bad_inbox: Workspace,
) -> None:
    ran = run(bad_inbox)
    found = codes(ran)
    assert ran.blocked
    assert "F101" in found["empty.xlsx"]
    assert "F102" in found["cut.xlsx"]
    assert "F104" in found["letter.xlsx"]
    assert "S201" in found["other.xlsx"]
    assert "S202" in found["last_year.xlsx"]
    assert "S203" in found["stranger.xlsx"]
    assert {"good (1).xlsx", "good.xlsx"} & set(found) == {"good.xlsx"} or "F109" in found.get(
        "good (1).xlsx", set()
    )
    assert all(one.message and one.fix for one in ran.findings)
    assert {filing.unit for filing in gather(bad_inbox).dataset.filings if filing.filed} == {"03"}
    assert len(ran.outputs) == 3


def test_what_check_prints_for_programs_keeps_its_schema(
    bad_inbox: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", "--folder", str(bad_inbox.root)]) == 1
    plain = json.loads(capsys.readouterr().out)
    jsonschema.validate(plain, json.loads((SCHEMAS / "check.schema.json").read_text("utf-8")))
    by_file = {entry["file"]: entry for entry in plain}
    assert by_file["good.xlsx"]["status"] == "accepted"
    assert by_file["last_year.xlsx"]["status"] == "blocked"
    assert by_file["empty.xlsx"]["status"] == "unreadable"
    assert len(by_file) == 8


def test_what_rewards_prints_for_programs_keeps_its_schema(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    returned(workspace, "c.xlsx", CONTEST, contest(), unit="")
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    assert main(["rewards", "--json", "--folder", str(workspace.root)]) == 0
    plain = json.loads(capsys.readouterr().out)
    jsonschema.validate(plain, json.loads((SCHEMAS / "rewards.schema.json").read_text("utf-8")))
    assert [(line["name"], line["id"], line["reward"], line["clause"]) for line in plain] == [
        ("王主辦", "E1001", "記功1次", "柒.二.(二)")
    ]


def test_a_corrected_return_supersedes_the_faulty_one(workspace: Workspace) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report(score=Decimal(120)))
    first = run(workspace)
    assert first.blocked
    assert any("120" in one.message for one in first.findings if one.blocks)
    assert any("待修正：電力發展及管理組" in line for line in first.summary_lines)
    returned(workspace, "b.xlsx", REPORT, report(score=Decimal(90)))
    year = gather(workspace)
    item = year.dataset.item("03-01")
    assert item is not None
    assert [score.value for score in item.scores] == [Decimal(90)] * 4


def test_settings_that_contradict_themselves_stop_the_run_and_say_where(
    workspace: Workspace,
) -> None:
    book = openpyxl.load_workbook(workspace.settings)
    sheet = book["評核構面"]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == 25)
    cell.value = 30
    book.save(workspace.settings)
    with pytest.raises(SettingsError, match="105%") as stop:
        run(workspace)
    assert "年度設定.xlsx" in str(stop.value)


def test_text_of_a_unit_is_never_a_formula_in_what_we_write(workspace: Workspace) -> None:
    nasty = '=HYPERLINK("http://evil.example","x")'
    returned(workspace, "a.xlsx", ENROLMENT, enrolment(name=nasty))
    returned(workspace, "b.xlsx", REPORT, report(result="+1+1 <w:t>@SUM(A1)"))
    ran = run(workspace)
    for path in ran.outputs[:2]:
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert not (cell.data_type == "f" and "evil" in str(cell.value))
                    assert cell.hyperlink is None or "evil" not in str(cell.hyperlink.target)


def test_what_people_wrote_into_annex_3_is_set_aside_before_it_is_written_anew(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    annex3(workspace)
    assert "F116" not in {one.code for one in annex3(workspace).findings}
    path = workspace.annex3(114)
    edited = docx.Document(str(path))
    edited.add_paragraph("承辦人補寫的一段")
    edited.save(str(path))
    told = [one for one in annex3(workspace).findings if one.code == "F116"]
    [backup] = workspace.results.glob("*_備份_*.docx")
    assert backup.name in told[0].message
    assert docx.Document(str(backup)).paragraphs[-1].text == "承辦人補寫的一段"
    assert docx.Document(str(path)).paragraphs[-1].text != "承辦人補寫的一段"


def test_once_a_corrected_return_has_come_the_faulty_one_blocks_no_more(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", REPORT, report(score=Decimal(120)))
    assert check(workspace).blocked
    returned(workspace, "更正.xlsx", REPORT, report(score=Decimal(90)))
    ran = run(workspace)
    assert not ran.blocked, [one for one in ran.findings if one.blocks]
    fates = {receipt.file: receipt for receipt in ran.receipts}
    assert fates["b.xlsx"].status == "退回（有錯誤）"
    assert "已由 更正.xlsx 更正" in fates["b.xlsx"].note


def test_an_unreadable_file_taken_out_of_the_inbox_blocks_no_more_but_is_on_record(
    workspace: Workspace,
) -> None:
    (workspace.inbox / "empty.xlsx").write_bytes(b"")
    assert run(workspace).blocked
    (workspace.inbox / "empty.xlsx").unlink()
    ran = run(workspace)
    assert not ran.blocked
    assert [(r.file, r.status) for r in ran.receipts] == [("empty.xlsx", "無法讀取")]


def test_a_file_open_elsewhere_is_named_and_the_others_go_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    locked = returned(workspace, "locked.xlsx", ENROLMENT, enrolment(), unit="05")
    really = Path.open

    def opening(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self == locked:
            raise PermissionError(13, "sharing violation")
        return really(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", opening)
    ran = run(workspace)
    assert codes(ran)["locked.xlsx"] == {"F117"}
    assert any("已繳 1 / 12" in line for line in ran.summary_lines)
    monkeypatch.undo()
    assert "F117" not in {one.code for one in run(workspace).findings}


def test_a_failure_of_the_moment_is_not_remembered(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())

    def failing(
        jobs: Iterable[Job], _: object, made: Callable[[Reading], Made], **__: object
    ) -> Iterator[Made]:
        for job in jobs:
            yield made(Reading(job.file, "", None, (finding("F117", Address(job.file)),)))

    monkeypatch.setattr(intake, "read_each", failing)
    first = check(workspace)
    assert [one.code for one in first.findings] == ["F117"], "it lies there: it is not settled"
    monkeypatch.undo()
    assert check(workspace).findings == ()


def test_what_somebody_filled_in_the_outbox_is_set_aside_before_issuing_again(
    workspace: Workspace,
) -> None:
    [path] = issue(workspace, "meeting").outputs
    assert issue(workspace, "meeting").findings == ()
    book = openpyxl.load_workbook(path)
    book["會議資料"]["B6"] = "第1次"
    book.save(path)
    issued = issue(workspace, "meeting")
    assert [one.code for one in issued.findings] == ["F116"]
    [backup] = path.parent.glob("*_備份_*")
    assert openpyxl.load_workbook(backup)["會議資料"]["B6"].value == "第1次"


def test_a_return_put_into_the_withheld_folder_does_not_count(workspace: Workspace) -> None:
    path = returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    run(workspace)
    shutil.move(path, workspace.root / "不採用" / "別的名字.xlsx")
    ran = run(workspace)
    assert [(r.file, r.status) for r in ran.receipts] == [("a.xlsx", "不採用（承辦人移出）")]
    assert any("參與業務調查表：已繳 0 / 12" in line for line in ran.summary_lines)


def test_the_tracker_as_the_coordinator_left_it_is_kept_before_each_update(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    merge(workspace)
    assert not workspace.tracker_backups.exists(), "nobody changed it"
    path = workspace.tracker(114)
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book["業務總表"].iter_rows() for c in row if c.value == "03-01")
    book["業務總表"].cell(cell.row, 6, "打在程式欄位上的字")
    book.save(path)
    merge(workspace)
    [backup] = workspace.tracker_backups.iterdir()
    assert "打在程式欄位上的字" in [
        c.value for row in openpyxl.load_workbook(backup)["業務總表"].iter_rows() for c in row
    ]


def test_every_fault_of_the_settings_is_told_at_once_and_blocks(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(workspace.settings)
    for title, old, now in (("評核構面", 25, 30), ("年度行程", "114.03.31", "114.2.30")):
        next(c for row in book[title].iter_rows() for c in row if c.value == old).value = now
    book.save(workspace.settings)
    assert main(["run", "--folder", str(workspace.root)]) == 1
    told = capsys.readouterr().err
    assert "105%" in told
    assert "114.2.30" in told
    assert main(["check", "--folder", str(workspace.root), str(workspace.settings)]) == 1
    told = capsys.readouterr().out
    assert "105%" in told
    assert "年度行程!C9" in told


def test_a_zip_of_returns_and_a_folder_are_read_file_by_file(workspace: Workspace) -> None:
    path = returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    folder = workspace.inbox / "電力組"
    folder.mkdir()
    path.rename(folder / "03.xlsx")
    with zipfile.ZipFile(workspace.inbox / "回傳.zip", "w") as archive:
        other = returned(workspace, "04.xlsx", ENROLMENT, enrolment(), unit="04")
        archive.write(other, "04.xlsx")
    other.unlink()
    report = check(workspace)
    assert [reading.file for reading in report.readings] == ["03.xlsx", "回傳.zip／04.xlsx"]
    again = check(workspace, [workspace.inbox])
    assert {reading.file for reading in again.readings} == {"03.xlsx", "回傳.zip／04.xlsx"}
    assert all(reading.returned for reading in (*report.readings, *again.readings))


def test_a_zip_put_aside_takes_its_files_along(workspace: Workspace) -> None:
    path = returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    bundle = workspace.inbox / "回傳.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(path, "03.xlsx")
    path.unlink()
    assert len(check(workspace).readings) == 1
    bundle.rename(workspace.root / "不採用" / "回傳.zip")
    assert check(workspace).readings == ()


@pytest.mark.parametrize(
    "lock", ["~$03_填報表.xlsx", ".~lock.114_03_填報表.xlsx#", "~$4_03_填報表.xlsx"]
)
def test_a_return_that_somebody_has_open_is_told(lock: str, workspace: Workspace) -> None:
    name = lock[2:] if lock == "~$03_填報表.xlsx" else "114_03_填報表.xlsx"
    returned(workspace, name, ENROLMENT, enrolment())
    (workspace.inbox / lock).write_bytes(b"x")
    report = check(workspace)
    assert codes(report)[name] == {"F120"}
    assert [reading.file for reading in report.readings] == [name]


def test_an_unchanged_merge_leaves_the_tracker_alone(workspace: Workspace) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    tracker = workspace.tracker(114)
    before = tracker.stat().st_mtime_ns, tracker.read_bytes()
    merge(workspace)
    assert (tracker.stat().st_mtime_ns, tracker.read_bytes()) == before
    tracker.unlink()
    merge(workspace)
    assert tracker.read_bytes() == before[1]


def test_a_tracker_that_somebody_wrote_into_is_updated_all_the_same(workspace: Workspace) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    merge(workspace)
    tracker = workspace.tracker(114)
    book = openpyxl.load_workbook(tracker)
    page = book["業務總表"]
    [cell] = [c for row in page.iter_rows() for c in row if c.value == "建置線上查詢平臺"]
    cell.value = "承辦人改寫"
    book.save(tracker)
    for _ in range(2):
        assert "F123" in {one.code for one in merge(workspace).findings}


def test_one_changed_return_changes_only_its_unit_s_rows(workspace: Workspace) -> None:
    returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    other = tuple(
        Record(r.section, {**r.values, **({"item": "04-01"} if "item" in r.values else {}),
                           **({"unit": PLAN.unit_name("04")} if "unit" in r.values else {})})
        for r in enrolment()
    )  # fmt: skip
    returned(workspace, "04.xlsx", ENROLMENT, other, unit="04")
    merge(workspace)

    def rows() -> dict[str, list[Any]]:
        page = openpyxl.load_workbook(workspace.tracker(114))["業務總表"]
        cells = [[cell.value for cell in row] for row in page.iter_rows()]
        return {str(row[0]): row for row in cells if str(row[0])[2:3] == "-"}

    before = rows()
    changed = tuple(
        replace(r, values={**r.values, "target": "使用率達 90%"}) if "target" in r.values else r
        for r in other
    )
    returned(workspace, "04_更正.xlsx", ENROLMENT, changed, unit="04")
    merge(workspace)
    after = rows()
    assert {key for key in after if after[key] != before[key]} == {"04-01"}


def test_the_same_file_twice_is_a_duplicate_not_an_older_version(workspace: Workspace) -> None:
    path = returned(workspace, "03.xlsx", ENROLMENT, enrolment())
    (workspace.inbox / "03 (1).xlsx").write_bytes(path.read_bytes())
    fates = sorted(str(one.status) for one in gather(workspace).receipts)
    assert fates == ["採用", "重複（與採用者相同）"]
