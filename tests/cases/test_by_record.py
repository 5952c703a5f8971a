"""An error holds back what it touches, and no more: a cell, a person, an entry, a motion."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from tests.cases.test_several_contest_forms import entry, person, send, told
from tests.support.packages import pack, parts
from tests.support.returns import FILLED, ITEMS, PLAN, UNIT, Edit, Person, issued, nothing
from tests.support.sample import begin
from xltool.faces.cli import main
from xltool.findings import Waiver
from xltool.forms import CONTEST, MEETING, REPORT
from xltool.model import Fate, FilingState, Record
from xltool.outputs.forms import FormCopy, write_form
from xltool.rules.quorum import NO_QUORUM, UNCERTAIN
from xltool.steps.gather import gather
from xltool.steps.issue import issue
from xltool.steps.waive import waive
from xltool.steps.year import Year, filing_of
from xltool.store.workspace import Workspace


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    return begin(tmp_path / "114")


def put(
    year: Workspace, key: str, *edits: Edit, name: str = "", unit: str = UNIT, at: str = ""
) -> str:
    """A filled form as a person left it, in the inbox; `at` is the hour of 114.12.5 when she saved it."""
    path = issued(year.root, key, unit=unit)
    someone = Person(path)
    for edit in edits:
        edit(someone)
    target = someone.save(year.inbox / (name or path.name))
    path.unlink()
    if at:
        inside = parts(target)
        core = inside["docProps/core.xml"].decode()
        stamp = rf"\g<1>2025-12-05T{at}:00:00Z"
        inside["docProps/core.xml"] = re.sub(r"(:modified[^>]*>)[^<]*", stamp, core).encode()
        target.write_bytes(pack(inside))
    return name or path.name


def edited(year: Workspace, name: str, sheet: str, heading: str, row: int, **cells: object) -> None:
    """A file in the inbox after somebody has typed into a row of a table, by label."""
    someone = Person(year.inbox / name)
    for label, value in cells.items():
        someone.table(sheet, heading, row, label, value)
    someone.save()


def score(item: str, row: int, value: object) -> Edit:
    return lambda someone: someone.table(f"業務 {item}", "四構面自評", row, "評分", value)


def state(gathered: Year, form: str = "report", unit: str = UNIT) -> FilingState:
    filing = filing_of(gathered.dataset, unit, form)
    assert filing
    return filing.state


def totals(gathered: Year) -> dict[str, Decimal | None]:
    return {one.item: one.self_total.value for one in gathered.outcomes.scoring.items}


def pending(gathered: Year) -> dict[str, str]:
    return {one.person.name: "；".join(one.reasons) for one in gathered.outcomes.rewards.pending}


def paper(path: Path) -> str:
    """All words of a document or a workbook."""
    if path.suffix == ".docx":
        document = Document(str(path))
        cells = (c.text for table in document.tables for row in table.rows for c in row.cells)
        return "\n".join((*(one.text for one in document.paragraphs), *cells))
    book = openpyxl.load_workbook(path)
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


# --- a cell ---------------------------------------------------------------------------------


def test_one_missing_score_leaves_that_item_unscored_and_the_others_as_they_are(
    year: Workspace,
) -> None:
    put(year, "report", score(ITEMS[1], 1, None))
    gathered = gather(year)
    first, second = gathered.outcomes.scoring.items
    assert (first.self_total.value, second.self_total.value) == (Decimal("83.75"), None)
    assert second.self_total.missing == ("創新性",)
    assert state(gathered) is FilingState.TO_CORRECT
    assert gathered.receipts[0].status is Fate.PARTLY


def test_a_score_that_cannot_be_is_no_score_and_its_item_says_where_it_stands(
    year: Workspace,
) -> None:
    name = put(year, "report", score(ITEMS[1], 2, 120))
    (_, second) = gather(year).outcomes.scoring.items
    assert second.self_total.missing == ("效益及影響",)
    assert name in "".join(second.self_total.steps)
    assert "超出範圍" in "".join(second.self_total.steps)


def test_a_text_that_is_too_long_stands_in_no_paper_and_every_paper_says_where_it_stands(
    year: Workspace,
) -> None:
    long = "加強辦理" * 200
    put(
        year,
        "report",
        lambda one: one.card(f"業務 {ITEMS[0]}", REPORT.field("report", "next_steps").label, long),
    )
    (held,) = gather(year).dataset.held
    assert (held.section, held.of, held.whole) == ("report", ITEMS[0], False)
    for command, target in (
        ("merge", year.tracker(114)),
        ("annex3", year.annex3(114)),
        ("packet", year.packet(114)),
    ):
        main([command, "--folder", str(year.root)])
        said = paper(target)
        assert str(held.at) in said or f"{held.at.sheet}\n{held.at.cell}" in said, command
        if target.suffix == ".docx":
            assert "加強辦理加強辦理" not in said, command
        assert "待修正" in said, command


def test_what_is_not_wrong_of_the_item_stands_in_annex_3(year: Workspace) -> None:
    put(year, "report", score(ITEMS[0], 1, "很好"))
    main(["annex3", "--folder", str(year.root)])
    assert f"本年度完成 {ITEMS[0]} 線上查詢平臺建置。" in paper(year.annex3(114))


def test_a_wrong_telephone_of_who_filled_the_form_holds_back_nothing_else(year: Workspace) -> None:
    put(
        year,
        "report",
        lambda one: one.card("填報資料", REPORT.field("filing", "phone").label, None),
    )
    gathered = gather(year)
    assert None not in totals(gathered).values()
    assert len(gathered.dataset.people) == 2
    assert state(gathered) is FilingState.TO_CORRECT
    main(["annex3", "--folder", str(year.root)])
    assert "該處尚未採用" not in paper(year.annex3(114)), "nothing of it stands there"


def test_an_item_enrolled_without_a_category_is_there_all_the_same(year: Workspace) -> None:
    put(
        year,
        "enrolment",
        lambda one: one.table("參與業務", "參與業務", 2, "服務類別", "其他"),
    )
    gathered = gather(year)
    assert [one.id for one in gathered.dataset.items] == list(ITEMS)
    assert [one.category is None for one in gathered.dataset.items] == [False, True]


def test_a_form_that_goes_out_says_what_it_could_not_be_filled_with(year: Workspace) -> None:
    put(year, "enrolment", lambda one: one.table("參與業務", "參與業務", 2, "服務類別", "其他"))
    lines = issue(year, "report", [UNIT]).summary_lines
    assert any(
        "參與業務調查表有錯誤，該處尚未採用（enrolment.xlsx｜參與業務!" in one for one in lines
    )


def test_what_the_coordinator_accepts_counts_again(year: Workspace) -> None:
    label = REPORT.field("report", "next_steps").label
    put(year, "report", lambda one: one.card(f"業務 {ITEMS[0]}", label, "加強辦理" * 200))
    assert gather(year).dataset.items[0].next_steps == ""
    waive(year, Waiver("V306", UNIT, "", "", "", "內容較多", "王承辦", "114.12.01"))
    gathered = gather(year)
    assert gathered.dataset.held == ()
    assert gathered.dataset.items[0].next_steps == "加強辦理" * 200
    assert state(gathered) is FilingState.FILED


def test_nothing_is_held_back_any_more_once_it_is_corrected(year: Workspace) -> None:
    put(year, "report", score(ITEMS[1], 2, 120), name="1.xlsx")
    put(year, "report", name="2.xlsx")
    gathered = gather(year)
    assert gathered.dataset.held == ()
    assert None not in totals(gathered).values()


def test_a_return_with_errors_never_replaces_one_without(year: Workspace) -> None:
    put(year, "report", name="1.xlsx", at="01")
    put(year, "report", score(ITEMS[1], 2, 120), name="2.xlsx", at="02")
    gathered = gather(year)
    assert None not in totals(gathered).values()
    (held,) = gathered.dataset.held
    assert (held.at.file, held.whole) == ("2.xlsx", True)


def test_of_two_returns_with_errors_the_later_one_counts_as_far_as_it_can(year: Workspace) -> None:
    put(year, "report", score(ITEMS[0], 1, "很好"), name="1.xlsx", at="01")
    put(year, "report", score(ITEMS[1], 2, 120), name="2.xlsx", at="02")
    gathered = gather(year)
    assert [one is None for one in totals(gathered).values()] == [False, True]
    assert {one.at.file for one in gathered.dataset.held} == {"2.xlsx"}
    assert {one.file: one.status for one in gathered.receipts} == {
        "1.xlsx": Fate.REJECTED,
        "2.xlsx": Fate.PARTLY,
    }


# --- a person, an entry -----------------------------------------------------------------------


def test_one_persons_wrong_line_leaves_the_others_rewards_and_himself_unsettled(
    year: Workspace,
) -> None:
    send(year, "1.xlsx", entry("A1"), person("王小明", "A1"), person("林小華", "A1"))
    edited(year, "1.xlsx", "人員", "人員", 2, 角色="辦事")
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1"}
    assert "「角色」填的「辦事」不在選項內（1.xlsx｜人員!I" in pending(gathered)["林小華"]
    main(["rewards", "--folder", str(year.root)])
    assert "待釐清，未列入：林小華（待修正：「角色」填的「辦事」不在選項內" in paper(
        year.tracker(114)
    )
    said = paper(year.roster(114))
    assert "林小華" in said
    assert "待釐清" in said
    assert "（無敘獎人員）" not in said


def test_a_person_without_a_name_is_listed_by_his_cell(year: Workspace) -> None:
    send(year, "1.xlsx", entry("A1"), *(person(n, "A1") for n in ("王小明", "林小華", "張美玲")))
    edited(year, "1.xlsx", "人員", "人員", 2, 姓名=None)
    edited(year, "1.xlsx", "人員", "人員", 3, 姓名=None)
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1"}
    assert len([one for one in gathered.outcomes.rewards.pending if not one.person.name]) == 2


def test_an_entry_without_its_result_leaves_its_people_unsettled_and_other_entries_alone(
    year: Workspace,
) -> None:
    people = person("王小明", "A1"), person("林小華", "A2")
    send(year, "1.xlsx", entry("A1"), entry("A2"), *people)
    edited(year, "1.xlsx", "參選案", "參選案", 2, 參選結果="優等")
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1"}
    assert "參選案「A2」待修正" in pending(gathered)["林小華"]
    assert "R514" not in [one.code for one in gathered.findings]


def test_a_later_form_with_an_error_does_not_replace_the_entry_that_it_gets_wrong(
    year: Workspace,
) -> None:
    send(year, "1.xlsx", entry("A1"), person("王小明", "A1"))
    gather(year)
    send(year, "2.xlsx", entry("A1", "獲獎"), entry("A2"), person("林小華", "A2"))
    edited(year, "2.xlsx", "參選案", "參選案", 1, 參選結果="優等")
    gathered = gather(year)
    assert told(gathered) == {"王小明": "A1", "林小華": "A2"}
    assert {one.id: one.stage for one in gathered.dataset.entries} == dict.fromkeys(
        ("A1", "A2"), "入圍實地訪查"
    )
    assert [one.at.file for one in gathered.dataset.held] == ["2.xlsx"]


def test_a_unit_s_own_proposal_with_an_error_waits_and_the_others_stand(year: Workspace) -> None:
    put(year, "report", lambda one: one.table("有功人員", "有功人員", 2, "角色", "辦事"))
    main(["rewards", "--folder", str(year.root)])
    gathered = gather(year)
    assert [one.person.name for one in gathered.outcomes.rewards.proposals] == ["王小明"]
    assert "執行成果填報表有錯誤，該處尚未採用（report.xlsx｜有功人員!" in paper(year.roster(114))


# --- a motion, a seat ---------------------------------------------------------------------------


def motions(gathered: Year) -> list[tuple[str, str]]:
    (meeting,) = gathered.outcomes.meetings
    return [(one.decision, one.undecided) for one in meeting.motions]


def meeting(year: Workspace, *edits: Edit, present: int = 8) -> None:
    def seat(number: int, one: Record) -> Record:
        return replace(one, values={**one.values, "present": number < present})

    kept = [one for one in FILLED["meeting"] if one.section != "attendance"]
    seats = [one for one in FILLED["meeting"] if one.section == "attendance"]
    records: Iterable[Record] = (*kept, *(seat(n, one) for n, one in enumerate(seats)))
    path = year.inbox / "會議.xlsx"
    write_form(path, FormCopy(MEETING, PLAN, records=tuple(records), items=ITEMS, issue="m"))
    someone = Person(path)
    for edit in edits:
        edit(someone)
    someone.save()


def test_a_motion_with_an_error_is_undecided_and_the_others_stand(year: Workspace) -> None:
    label = MEETING.field("motions", "consensus").label
    meeting(year, lambda one: one.table("議案", "議案", 1, label, "大概"))
    gathered = gather(year)
    (first, why), (second, _) = motions(gathered)
    assert (first, second) == ("", "請業務單位補充資料後再議")
    assert why.startswith("待修正：")


def test_a_quorum_that_hangs_on_a_wrong_cell_is_not_said_to_be_missed(year: Workspace) -> None:
    label = MEETING.field("attendance", "present").label
    meeting(year, lambda one: one.table("會議資料", "出席情形", 7, label, "或許"), present=7)
    gathered = gather(year)
    assert {why for _, why in motions(gathered)} == {UNCERTAIN}
    assert "R501" not in [one.code for one in gathered.findings]


def test_a_quorum_that_no_wrong_cell_could_save_is_missed(year: Workspace) -> None:
    label = MEETING.field("attendance", "present").label
    meeting(year, lambda one: one.table("會議資料", "出席情形", 5, label, "或許"), present=5)
    assert {why for _, why in motions(gather(year))} == {NO_QUORUM}


# --- the whole ----------------------------------------------------------------------------------


def test_a_return_of_another_year_counts_nowhere(year: Workspace) -> None:
    path = year.inbox / "去年.xlsx"
    plan = replace(PLAN, year=113)
    write_form(path, FormCopy(CONTEST, plan, records=FILLED["contest"], issue="113"))
    gathered = gather(year)
    assert gathered.dataset.entries == ()
    assert "S202" in [one.code for one in gathered.findings]


def test_an_opinion_without_a_name_counts_nowhere_as_nobody_knows_whose_it_is(
    year: Workspace,
) -> None:
    put(year, "review", lambda one: one.card("填報資料", "姓名", None))
    gathered = gather(year)
    assert not any(item.reviews for item in gathered.dataset.items)
    (held,) = gathered.dataset.held
    assert held.whole
    assert state(gathered, "review") is FilingState.TO_CORRECT


def test_a_form_that_says_nothing_and_something_is_neither(year: Workspace) -> None:
    path = issued(year.inbox, "report", nothing("report", "無執行成果"))
    someone = Person(path)
    someone.table("有功人員", "有功人員", 1, "姓名", "王小明")
    someone.save()
    gathered = gather(year)
    assert state(gathered) is FilingState.TO_CORRECT
    main(["annex3", "--folder", str(year.root)])
    assert "無執行成果" not in paper(year.annex3(114))


def test_a_sheet_whose_number_is_another_item_s_is_held_back_alone(year: Workspace) -> None:
    name = put(year, "report")
    book = openpyxl.load_workbook(year.inbox / name)
    copy = book.copy_worksheet(book[f"業務 {ITEMS[1]}"])
    copy.title = "複本"
    book.save(year.inbox / name)
    gathered = gather(year)
    assert set(totals(gathered)) == set(ITEMS)
    assert None not in totals(gathered).values()
