"""The coordinator asks: what changed, where is this from, whom to remind."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from lxml import html

from tests.support.answers import result_in
from tests.support.returns import Person
from tests.support.sample import RETURNS, year_of_114
from xltool.faces.cli import main
from xltool.intake.one import read_file
from xltool.model import Fate
from xltool.plan import shipped_plan
from xltool.steps.gather import gather
from xltool.steps.remind import remind
from xltool.steps.write import merge, run
from xltool.store.workspace import Workspace

LATE = date(2025, 12, 20)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample's year with all first and corrected returns, run."""
    workspace = year_of_114(tmp_path_factory.mktemp("asking"))
    for path in (RETURNS.parent / "corrected").rglob("*.xlsx"):
        (workspace.inbox / path.name).write_bytes(path.read_bytes())
    run(workspace)
    return workspace


def cell_of(book: openpyxl.Workbook, sheet: str, row_key: str, heading: str) -> tuple[str, object]:
    page = book[sheet]
    [col] = {c.column for row in page.iter_rows(1, 12) for c in row if c.value == heading}
    [row] = {c.row for (c,) in page.iter_rows(5, max_col=1) if c.value == row_key}
    cell = page.cell(row, col)
    return f"{sheet}!{cell.coordinate}", cell.value


@pytest.mark.parametrize("heading", ["辦理情形", "執行方法", "未來精進方向"])
def test_a_cell_of_the_tracker_leads_to_the_very_cell_that_a_unit_filled(
    heading: str, year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker = year.tracker(114)
    place, value = cell_of(openpyxl.load_workbook(tracker), "業務總表", "04-01", heading)
    assert main(["where", tracker.name, place, "--folder", str(year.root)]) == 0
    said = capsys.readouterr().out
    file = said.split("檔案：")[1].split("　")[0]
    sheet, _, cell = said.split("位置：")[1].strip().partition("!")
    there = openpyxl.load_workbook(year.inbox / file)[sheet][cell].value
    assert str(there).split() == str(value).split()


def test_each_criterion_s_score_leads_to_its_own_cell(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(year.tracker(114))
    cells = set()
    for criterion in shipped_plan(114).criteria:
        place, value = cell_of(book, "評分", "04-01", f"{criterion.name}\n自評")
        assert main(["where", year.tracker(114).name, place, "--folder", str(year.root)]) == 0
        said = capsys.readouterr().out
        file = said.split("檔案：")[1].split("　")[0]
        sheet, _, cell = said.split("位置：")[1].strip().partition("!")
        assert openpyxl.load_workbook(year.inbox / file)[sheet][cell].value == value
        cells.add(cell)
    assert len(cells) == 4


def test_an_opinion_and_a_resolution_lead_to_the_cells_they_were_written_in(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(year.tracker(114))
    for title, heading in (("督導小組與意見", "書面意見"), ("會議決議", "案由")):
        page = book[title]
        [col] = {c.column for row in page.iter_rows(1, 12) for c in row if c.value == heading}
        head = next(c.row for (c,) in page.iter_rows(1, 12, col, col) if c.value == heading)
        place = page.cell(head + 1, col)
        asked = f"{title}!{place.coordinate}"
        assert main(["where", year.tracker(114).name, asked, "--folder", str(year.root)]) == 0
        said = capsys.readouterr().out
        file = said.split("檔案：")[1].split("　")[0]
        sheet, _, cell = said.split("位置：")[1].splitlines()[0].partition("!")
        there = openpyxl.load_workbook(year.inbox / file)[sheet]
        near = [str(c.value) for c in there[there[cell].row]]
        assert str(place.value) in near


def test_a_computed_cell_names_its_rule_and_clause(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    place, _ = cell_of(openpyxl.load_workbook(year.tracker(114)), "評分", "04-01", "自評總分")
    main(["where", str(year.tracker(114)), place, "--folder", str(year.root)])
    assert "R1" in (said := capsys.readouterr().out)
    assert "陸、一、(三)" in said


def test_a_cell_that_is_ours_or_no_cell_is_said_to_be_so(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    name = year.tracker(114).name
    assert main(["where", name, "總覽!A1", "--folder", str(year.root)]) == 0
    assert "不是由回傳檔直接帶入" in capsys.readouterr().out
    for place in ("沒有!A1", "業務總表!甲", "F12"):
        assert main(["where", name, place, "--folder", str(year.root)]) == 2
    assert "業務總表!F12" in capsys.readouterr().err


def test_words_of_annex_3_lead_to_the_unit_s_cell(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "申請書由 9 頁減為"
    assert main(["where", year.annex3(114).name, words, "--folder", str(year.root)]) == 0
    said = capsys.readouterr().out
    assert "節能發展及管理組" in said
    assert "業務 04-01!" in said
    main(["where", year.annex3(114).name, "查無此句", "--folder", str(year.root)])
    assert "沒有「查無此句」" in capsys.readouterr().out


def test_what_a_corrected_return_changed_is_listed_and_stands_in_the_tracker(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(year.root)]
    assert main(["diff", "--unit", "11", "--form", "report", *folder]) == 0
    assert "原：114.13.05" in capsys.readouterr().out
    main(["diff", "--json", *folder])
    listed = result_in(capsys.readouterr().out)
    assert {"06", "11"} <= {one["unit"] for one in listed}
    page = openpyxl.load_workbook(year.tracker(114))["變更紀錄"]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert any("114.13.05" in row and "114.12.05" in row for row in cells)


def test_what_a_first_return_changed_of_what_was_issued_is_listed_and_stands_in_the_tracker(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "--unit", "04", "--form", "report", "--folder", str(year.root)]) == 0
    head, place, before, after = capsys.readouterr().out.strip().splitlines()[-4:]
    assert "發出時 → 114_04_節能發展及管理組_執行成果填報表.xlsx" in head
    assert "年度目標（業務 04-03!" in place
    assert ("300 個" in before, "352 個" in after) == (True, True)
    page = openpyxl.load_workbook(year.tracker(114))["變更紀錄"]
    rows = [row for row in page.iter_rows(values_only=True) if "發出時" in row]
    assert [[str(cell) for cell in row if "個；" in str(cell)] for row in rows] == [
        ["參與社區 300 個；公共用電平均節省 5%", "參與社區 352 個；公共用電平均節省 5%"]
    ]


def test_the_tracker_counts_which_return_of_a_unit_each_file_is(year: Workspace) -> None:
    page = openpyxl.load_workbook(year.tracker(114))["收件紀錄"]
    headings, *received = page.iter_rows(4, values_only=True)
    file, turn = headings.index("檔案"), headings.index("第幾次回傳")
    rows = {str(row[file]): row[turn] for row in received}
    assert rows["114_11_資訊室_執行成果填報表.xlsx"] == 1
    assert rows["114_11_資訊室_執行成果填報表_更正.xlsx"] == 2


def test_the_papers_for_the_meeting_hold_every_item_of_the_year(year: Workspace) -> None:
    assert main(["packet", "--folder", str(year.root)]) == 0
    document = Document(str(year.packet(114)))
    text = "".join(node.text or "" for node in document.element.body.iter())
    assert [f"{item.id} " in text for item in gather(year).dataset.items] == [True] * 24


# --- whom to remind ------------------------------------------------------------------------------


@pytest.fixture
def owing(tmp_path: Path) -> Workspace:
    """A year in December: 07 has filed no report, 11's has errors, 04's member gave no opinion."""
    workspace = year_of_114(tmp_path)
    for pattern in ("*07*填報表*", "114_04*意見表*"):
        [path] = workspace.inbox.glob(pattern)
        path.unlink()
    return workspace


def mails(workspace: Workspace, day: date = LATE) -> dict[str, EmailMessage]:
    outputs = remind(workspace, day).outputs
    return {path.name: message_from_bytes(path.read_bytes(), policy=default) for path in outputs}


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_each_unit_is_reminded_of_its_own_list_alone(owing: Workspace) -> None:
    drafts = mails(owing)
    units = {name[4:6] for name in drafts}
    assert {"04", "07", "11"} <= units
    assert "01" not in units
    [late] = [body(m) for name, m in drafts.items() if name.startswith("114_07")]
    assert "執行成果填報表：尚未收到" in late
    assert "已逾 10 日" in late
    [faulty] = [body(m) for name, m in drafts.items() if name.startswith("114_11")]
    assert "核章日期" in faulty
    assert "資訊室" in faulty and "秘書室" not in faulty


def test_an_opinion_is_asked_of_the_member_not_of_the_unit(owing: Workspace) -> None:
    [name] = [name for name in mails(owing) if name.startswith("114_04")]
    assert "督導小組成員" in name
    path = next(p for p in remind(owing, LATE).outputs if p.name == name)
    message = message_from_bytes(path.read_bytes(), policy=default)
    [enrolment] = owing.inbox.glob("114_04*調查表*")
    reading = read_file(enrolment, shipped_plan(114))
    assert reading.submission is not None
    assert message["To"] == reading.submission.card("member").text("email")


def test_nobody_is_reminded_before_the_deadline(owing: Workspace) -> None:
    names = mails(owing, date(2025, 12, 10))
    assert not any(name.startswith("114_07") for name in names)


def test_a_draft_goes_once_its_matter_is_settled(owing: Workspace) -> None:
    mails(owing)
    [path] = (owing.outbox / "催辦").glob("114_07*")
    [back] = RETURNS.rglob("*07*填報表*")
    (owing.inbox / back.name).write_bytes(back.read_bytes())
    mails(owing)
    assert not path.exists()


def test_what_is_wrong_in_a_return_is_listed_point_by_point(owing: Workspace) -> None:
    [faulty] = owing.inbox.glob("114_11*填報表*")
    person = Person(faulty)
    person.card("填報資料", "填報人", None)
    person.save()
    [text] = [body(m) for name, m in mails(owing).items() if name.startswith("114_11")]
    assert "「填報人」未填" in text


def test_a_faulty_later_return_is_asked_about_though_the_earlier_one_counts(
    owing: Workspace,
) -> None:
    [filed] = owing.inbox.glob("114_01*填報表*")
    person = Person(filed)
    person.card("填報資料", "填報人", None)
    person.save(filed.with_stem(f"{filed.stem}_第二次"))
    year = gather(owing)
    [filing] = [f for f in year.dataset.filings if (f.unit, f.form) == ("01", "report")]
    assert filing.filed and filing.file == filed.name
    [text] = [body(m) for name, m in mails(owing).items() if name.startswith("114_01")]
    assert "_第二次.xlsx）：請修正下列各點" in text and "「填報人」未填" in text


def test_a_unit_that_came_too_late_is_named_and_not_asked_again(owing: Workspace) -> None:
    settings = Person(owing.settings)
    settings.card("基本資料", "逾期回傳", "不採用")
    settings.save()
    [filed] = owing.inbox.glob("114_01*填報表*")
    Person(filed).save()  # today, long after the supplement
    year = gather(owing)
    [receipt] = [one for one in year.receipts if one.file == filed.name]
    assert receipt.status is Fate.LATE
    assert not any(name.startswith("114_01") for name in mails(owing, date(2026, 1, 10)))
    merge(owing)
    overview = openpyxl.load_workbook(owing.tracker(114))["總覽"]
    cells = [cell.value for row in overview.iter_rows() for cell in row]
    assert "未繳（逾期，不採用）" in cells


def test_who_has_filed_what_is_a_page_too(owing: Workspace) -> None:
    assert main(["status", "--report", "--day", "114.12.20", "--folder", str(owing.root)]) == 0
    page: Any = html.document_fromstring((owing.results / "繳交情形.html").read_text("utf-8"))
    heads = [cell.text_content() for cell in page.findall(".//thead//th")]
    assert heads[0] == "單位"
    rows = {
        row[0].text_content(): [cell.text_content() for cell in row[1:]]
        for row in page.findall(".//tbody/tr")
    }
    assert len(rows) == 12
    assert "未繳　逾期 10 日" in rows["07 秘書室"]
