"""The sample year, whole: what came back, what the coordinator sees, what goes to the Ministry."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest

from tests.support.answers import result_in
from tests.support.sample import begin
from xltool.faces import demo
from xltool.faces.cli import main
from xltool.faces.commands import COMMANDS
from xltool.forms import FORMS
from xltool.forms.lists import Lists
from xltool.forms.schema import Field, Kind
from xltool.model import Bound, Category, ContestStage, Role
from xltool.plan import shipped_plan
from xltool.steps.check import check, checked_files
from xltool.steps.gather import gather
from xltool.steps.write import run
from xltool.steps.year import Year
from xltool.store.workspace import Workspace

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "workbooks" / "sample-114"
RETURNS = sorted(path for path in (SAMPLE / "returns").rglob("*") if path.is_file())
CONTENT = sorted((SAMPLE / "content").glob("*.toml"))
FAULTY = {"06", "11"}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo, played once; the tests look at what it left."""
    root = tmp_path_factory.mktemp("demo") / "示範"
    assert demo.demo(root) == 0
    return Workspace.open(root)


@pytest.fixture(scope="module")
def year(played: Workspace) -> Year:
    return gather(played)


# --- What the units mean to say -----------------------------------------------------------------


def rows_meant() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every card and row of the content: file, form, section, values."""
    for path in CONTENT:
        content = tomllib.loads(path.read_text("utf-8"))
        for form in FORMS.keys() & content.keys():
            for section, rows in content[form].items():
                for row in rows if isinstance(rows, list) else [rows]:
                    yield path.stem, form, section, row


def wrong_with(field: Field, value: Any, lists: Lists) -> str:
    """Why a value is not what the form declares; empty when it is."""
    if field.kind is Kind.DATE:
        return "" if isinstance(value, date) else "not a date"
    if field.kind is Kind.YES_NO:
        return "" if isinstance(value, bool) else "not yes or no"
    if field.kind is Kind.DECIMAL:
        low, high = field.minimum or Decimal(0), field.maximum or Decimal("Infinity")
        return "" if low <= Decimal(str(value)) <= high else "out of range"
    text, options = str(value).strip(), lists.options(field)
    if field.max_length is not None and len(text) > field.max_length:
        return f"{len(text)} characters"
    if options and text not in options:
        return "not in the list"
    if field.pattern is not None and not field.pattern.matches(text):
        return "not of the format"
    return "a line break" if field.one_line and "\n" in text else ""


def test_the_content_keeps_what_the_forms_declare() -> None:
    items = [row["item"] for _, _, section, row in rows_meant() if section == "items"]
    lists = Lists.of(shipped_plan(114), items)
    wrong = []
    for file, form, section, row in rows_meant():
        declared = {field.key: field for field in FORMS[form].section(section).fields}
        wrong += [(file, section, key) for key in row if key not in declared and key != "of"]
        for key, field in declared.items():
            if field.kind is Kind.PHOTO:
                if not (SAMPLE / "content/photos" / row[key]).is_file():
                    wrong.append((file, section, row[key]))
            elif key in row:
                if why := wrong_with(field, row[key], lists):
                    wrong.append((file, section, f"{key}: {why}"))
            elif (field.required and not field.given) or (
                field.required_when is not None
                and row.get(field.required_when.field) == field.required_when.equals
            ):
                wrong.append((file, section, f"{key}: missing"))
    assert wrong == []


def test_every_item_is_told_at_length_with_four_scores_and_a_metric() -> None:
    rows = list(rows_meant())
    results = {row["item"]: row["result"].strip() for *_, s, row in rows if s == "report"}
    assert results.keys() == {row["item"] for *_, s, row in rows if s == "items"}
    assert [item for item, text in results.items() if not 300 <= len(text) <= 700] == []
    scored = Counter(row["of"] for _, f, s, row in rows if (f, s) == ("report", "scores"))
    assert scored == dict.fromkeys(results, 4)
    assert {row["of"] for *_, s, row in rows if s == "metrics"} == results.keys()


def test_nobody_in_the_sample_can_be_reached() -> None:
    for _, _, _, row in rows_meant():
        assert str(row.get("phone", "02-0000-")).startswith("02-0000-")
        assert str(row.get("email", "@example.gov.tw")).endswith("@example.gov.tw")


# --- What came back ---------------------------------------------------------------------------


def saved_by(path: Path) -> str:
    """The program that saved a file, as the file says."""
    if path.suffix == ".xls":
        return ""
    with zipfile.ZipFile(path) as archive:
        if path.suffix == ".ods":
            found = re.search(r"<meta:generator>([^<]*)", archive.read("meta.xml").decode())
        else:
            found = re.search(r"<Application>([^<]*)", archive.read("docProps/app.xml").decode())
    return found.group(1) if found else ""


def test_the_returns_were_saved_by_libreoffice_itself_in_three_formats() -> None:
    assert {path.suffix for path in RETURNS} == {".xlsx", ".ods", ".xls"}
    programs = [saved_by(path) for path in RETURNS if path.suffix != ".xls"]
    assert all("LibreOffice" in program for program in programs)
    assert len(programs) > 30


def test_the_photos_and_the_whole_sample_stay_small() -> None:
    photos = list((SAMPLE / "content/photos").glob("*.jpg"))
    assert len(photos) >= 15
    assert max(photo.stat().st_size for photo in photos) < 90_000
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 8_000_000


def test_a_gap_above_15_points_is_flagged_and_a_missing_score_is_not_zero(
    year: Year,
) -> None:
    scores = {score.item: score for score in year.outcomes.scoring.items}
    assert [item for item, score in scores.items() if score.gap_flagged] == ["04-03"]
    assert scores["02-02"].review.value is None
    assert scores["02-02"].review.missing == ("擴散應用",)


def test_all_twelve_units_answered_every_form_and_one_of_them_with_nothing_to_report(
    year: Year,
) -> None:
    states = Counter((f.form, f.state) for f in year.dataset.filings)
    assert states == {
        ("enrolment", "已繳"): 11,
        ("enrolment", "無辦理"): 1,
        ("report", "已繳"): 11,
        ("report", "無辦理"): 1,
        ("review", "已繳"): 11,
        ("review", "無辦理"): 1,
    }


def test_about_25_items_cover_both_categories(year: Year) -> None:
    items = year.dataset.items
    assert 20 <= len(items) <= 30
    count = Counter(item.category for item in items)
    assert count[Category.DIGITAL] >= 8
    assert count[Category.INCLUSION] >= 8
    assert all(item.enrolled and item.reported and item.result for item in items)
    assert sum(len(item.pictures) for item in items) >= 12


def test_a_target_that_a_unit_raised_on_its_form_counts_and_is_told_old_and_new(year: Year) -> None:
    [item] = [item for item in year.dataset.items if item.id == "04-03"]
    target = item.answer("items.target")
    assert item.target.startswith("參與社區 352 個") and item.change
    assert target.was and str(target.was.value).startswith("參與社區 300 個")
    told = [one for one in year.findings if one.code in {"C421", "C422", "C423", "C424", "C425"}]
    assert [(one.code, one.at) for one in told] == [("C421", target.at)]


def test_one_motion_found_no_consensus_and_the_convener_ruled(year: Year) -> None:
    [meeting] = year.outcomes.meetings
    assert (meeting.present, meeting.needed, meeting.quorate) == (9, 7, True)
    assert [motion.basis for motion in meeting.motions] == ["共識", "共識", "召集人裁示", "共識"]
    assert meeting.deputies == ("政風室 包青穎（代理人 專員 柯律正）",), "who does not count"


def test_the_meeting_chose_what_is_to_be_entered(year: Year) -> None:
    chosen = {one.item: one.verdict for one in year.outcomes.recommendations if one.verdict}
    assert chosen == {"03-01": "推薦", "04-01": "再議", "06-03": "推薦"}


def test_a_member_who_has_a_part_in_an_item_is_marked(year: Year) -> None:
    told = {(one.code, one.value) for one in year.findings if one.code in {"R534", "R535"}}
    assert ("R534", "段立群") in told, "he gave a voice on an item for which he is named"
    assert told & {("R535", "段立群"), ("R535", "石振邦")} == set(), "the record says 迴避"
    assert ("R535", "江文彬") in told


def test_the_contest_fills_every_cell_of_the_table_in_article_7_2(year: Year) -> None:
    claims = [
        claim for line in year.outcomes.rewards.lines for claim in (line.claim, *line.absorbed)
    ]
    cells = {(claim.stage, claim.person.role) for claim in claims}
    for stage in ContestStage:
        for role in (Role.MAIN, Role.HEAD, Role.CONTRIBUTOR):
            assert (stage, role) in cells
    assert any(claim.person.role is Role.COACH for claim in claims), "(四)"
    assert any(line.absorbed for line in year.outcomes.rewards.lines), "(五)"
    ceilings = [claim for claim in claims if claim.entitlement.bound is Bound.CEILING]
    assert any(c.proposed and c.proposed < c.entitlement.reward for c in ceilings), "below 最高"
    assert any(c.proposed is None for c in ceilings), "no proposal"


# --- What the coordinator sees ------------------------------------------------------------------


def test_the_two_faulty_returns_are_told_by_sheet_and_cell(tmp_path: Path) -> None:
    root = tmp_path / "114"
    begin(root)
    workspace = Workspace.open(root)
    for path in RETURNS:
        if "corrected" not in path.parts and path.parent.name in ("enrolment", "report"):
            (workspace.inbox / path.name).write_bytes(path.read_bytes())
    checked = check(workspace)
    files = {file.unit: file for file in checked_files(checked) if file.status == "blocked"}
    assert set(files) == FAULTY
    blocking = {
        unit: sorted(f.code for f in file.findings if f.blocks) for unit, file in files.items()
    }
    assert blocking["11"] == ["V301", "V301", "V303", "V304", "V305"]
    assert blocking["06"] == ["V301", "V301", "V306", "V313"]
    for file in files.values():
        for finding in file.findings:
            if finding.blocks:
                assert finding.at.sheet
                assert re.fullmatch(r"[A-Z]+\d+", finding.at.cell)
    texts = [f.message for f in files["11"].findings]
    assert any("120" in text for text in texts)
    assert any("114.13.05" in text for text in texts)
    assert "「擴散應用的評分」未填" in texts


def test_after_the_corrections_nothing_blocks(year: Year) -> None:
    assert [f for f in year.findings if f.blocks] == []


def test_the_demo_says_where_each_result_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--folder", str(tmp_path / "示範")]) == 0
    shown = capsys.readouterr().out
    for name in ("總表.xlsx", "敘獎建議名冊.xlsx", "執行成果說明.docx"):
        [line] = [
            line for line in shown.splitlines() if line.strip().endswith(name) and "：" in line
        ]
        assert Path(line.split("：", 1)[1].strip()).is_file()
    assert "資訊室" in shown
    assert "Traceback" not in shown


def test_a_demo_never_clears_a_folder_that_it_did_not_make(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "重要.txt").write_text("x", "utf-8")
    assert main(["demo", "--folder", str(tmp_path)]) == 2
    assert "不予覆蓋" in capsys.readouterr().err
    assert (tmp_path / "重要.txt").exists()


def test_a_second_run_of_the_year_writes_the_same_bytes(played: Workspace) -> None:
    outputs = [played.tracker(114), played.roster(114), played.annex3(114)]
    before = [path.read_bytes() for path in outputs]
    run(played)
    assert [path.read_bytes() for path in outputs] == before


# --- What goes out --------------------------------------------------------------------------------


def words(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


def test_every_item_stands_in_the_tracker_and_in_annex_3(played: Workspace, year: Year) -> None:
    tracker = words(played.tracker(114))
    annex3 = document_text(played.annex3(114))
    for item in year.dataset.items:
        assert item.id in tracker
        assert item.name in tracker
        assert item.name in annex3
        for sentence in re.split(r"\n|(?:^|(?<=[。；]))[一二三四五]、", item.next_steps):
            assert sentence.strip()[4:] in annex3


def document_text(path: Path) -> str:
    document = docx.Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def test_no_personal_data_of_staff_stands_in_annex_3(played: Workspace, year: Year) -> None:
    annex3 = document_text(played.annex3(114))
    people = (*year.dataset.people, *year.dataset.entry_people)
    secret = {person.staff_id for person in people} | {person.name for person in people}
    secret |= {member.email for member in year.dataset.members}
    secret |= {item.phone for item in year.dataset.items} | {i.handler for i in year.dataset.items}
    assert not [word for word in secret - {""} if word in annex3]
    assert "記功" not in annex3
    assert "嘉獎" not in annex3


def test_nobody_is_on_the_roster_twice(year: Year) -> None:
    lines = year.outcomes.rewards.lines
    by_id = [line.person.staff_id for line in lines if line.person.staff_id]
    assert len(by_id) == len(set(by_id))


@pytest.mark.parametrize(
    ("command", "holds"),
    [
        (("score",), "items"),
        (("recommend",), "items"),
        (("meeting",), "meetings"),
        (("rewards",), "lines"),
        (("why", "03-01"), ""),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_what_is_concluded_keeps_its_schema_for_programs(
    command: tuple[str, ...], holds: str, played: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--json", "--folder", str(played.root)]) == 0
    plain = result_in(capsys.readouterr().out)
    rows = plain[holds] if holds else plain
    assert rows
    assert not holds or all(row["clause"] for row in rows)


def test_every_schema_is_of_a_command_that_prints_it() -> None:
    named = {path.name.split(".")[0] for path in (ROOT / "docs/schema").iterdir()}
    assert named <= {"answer", *(command.name for command in COMMANDS)}


def test_annex_3_prints_without_breaking_a_number_over_two_lines(
    played: Workspace, year: Year, soffice: LibreOffice
) -> None:
    text = "\n".join(soffice.printed(played.annex3(114)))
    figures = {n for item in year.dataset.items for n in re.findall(r"\d+(?:,\d{3})+", item.result)}
    assert len(figures) > 20
    assert [figure for figure in sorted(figures) if figure not in text] == []
