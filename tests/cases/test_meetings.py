"""A meeting's record as it comes back (附件2、三, 附件2、四): who was there, what was chosen, what was issued."""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.support import build
from tests.support.answers import result_in
from tests.support.edits import card, table
from tests.support.returns import FILLED, PLAN, Person, altered, codes, issued, read, returned
from xltool.faces.cli import main
from xltool.forms import MEETING, SETTINGS, Form
from xltool.forms.schema import Card, Table
from xltool.model import Presence, Purpose, Verdict, Voice
from xltool.outputs.forms import FormCopy, write_form
from xltool.outputs.tracker.tracker import write_tracker
from xltool.outputs.why import told, why
from xltool.outputs.word.packet import write_packet
from xltool.plan import shipped_plan
from xltool.rules import conclude
from xltool.rules.agenda import motions
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.steps.write import packet
from xltool.store.workspace import Workspace, resource


def as_first_issued(form: Form) -> Form:
    """The form as its first version asked it."""

    def part(section: Card | Table) -> Card | Table:
        return replace(section, fields=tuple(f for f in section.fields if f.since == 1))

    sheets = [replace(s, sections=tuple(map(part, s.sections))) for s in form.sheets]
    asked = (s for s in sheets if any(section.fields for section in s.sections))
    return replace(form, version=1, sheets=tuple(asked))


def test_a_form_issued_before_it_asked_more_is_read_and_lacks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "meeting.xlsx"
    form, records = as_first_issued(MEETING), FILLED["meeting"]
    assert form.asked.keys() < MEETING.asked.keys(), "else this would prove nothing"
    write_form(path, FormCopy(form, PLAN, records=records, items=("03-01", "03-02")))

    reading = read(path)

    assert reading.status == "accepted"
    assert codes(reading) == ["S209"]


def test_settings_from_before_the_group_was_asked_about_are_read_and_lack_nothing(
    tmp_path: Path,
) -> None:
    sheets = tuple(sheet for sheet in SETTINGS.sheets if sheet.title != "督導小組")
    path = tmp_path / "settings.xlsx"
    write_form(path, FormCopy(replace(SETTINGS, sheets=sheets), PLAN, records=FILLED["settings"]))
    assert codes(read(path)) == []


def test_yes_and_no_of_an_earlier_form_are_a_member_there_and_one_away(tmp_path: Path) -> None:
    reading = read(
        returned(
            tmp_path,
            "meeting",
            table("會議資料", "出席情形", 1, "出席", "是"),
            table("會議資料", "出席情形", 2, "出席", "否"),
            table("會議資料", "出席情形", 3, "出席", "派員代理"),
            table("會議資料", "出席情形", 3, "代理人姓名", "王代理"),
        )
    )
    assert reading.submission is not None
    seats = reading.submission.section("attendance")
    assert [one.text("present") for one in seats[:3]] == [
        Presence.PRESENT,
        Presence.ABSENT,
        Presence.DEPUTY,
    ]
    assert seats[2].text("deputy") == "王代理"
    assert codes(reading) == ["V308"], "是 and 否 say it themselves"


def test_whoever_deputises_is_named(tmp_path: Path) -> None:
    reading = read(
        returned(tmp_path, "meeting", table("會議資料", "出席情形", 1, "出席", "代理出席"))
    )
    assert codes(reading) == ["C401"]
    assert "代理人姓名" in reading.findings[0].message


def test_what_is_chosen_may_be_written_in_other_words(tmp_path: Path) -> None:
    reading = read(returned(tmp_path, "meeting", table("議案", "議案", 1, "參獎決定", "不予推薦")))
    assert reading.submission is not None
    assert reading.submission.section("motions")[0].text("verdict") == Verdict.NOT
    assert MEETING.field("motions", "verdict").choices == tuple(Verdict)


def test_the_examples_of_an_earlier_form_are_still_known_as_examples(tmp_path: Path) -> None:
    path = tmp_path / "meeting.xlsx"
    form, records = as_first_issued(MEETING), FILLED["meeting"]
    write_form(path, FormCopy(form, PLAN, records=records, items=("03-01", "03-02")))
    reading = read(path)
    assert reading.submission is not None
    assert len(reading.submission.section("motions")) == 2
    assert MEETING.field("motions", "resolution").example == "照案通過", "as it was issued first"


def said_of_a_meeting(folder: Path) -> tuple[str, str, str]:
    """Tracker, packet and `why` of a year in which a deputy came, 不推薦 was chosen, a member is the
    item's 承辦人 and another recused himself."""
    handler = build.item(
        "03-01",
        handler="陳大文",
        reviews=[
            build.review("陳大文", ("80",) * 4),
            build.review("李督導", ("90",) * 4, voice=Voice.RECUSED),
        ],
    )
    seat = {"state": Presence.DEPUTY, "deputy": "李代理", "deputy_title": "科長"}
    motion = build.motion(item="03-01", verdict=Verdict.NOT, resolution="本年度不予推薦")
    held = build.meeting(motions=[motion], seats={"07": seat})
    year = build.dataset(items=[handler], meetings=[held])
    outcomes = conclude(year, build.PLAN)
    write_tracker(folder / "t.xlsx", year, outcomes, build.PLAN, (), (), previous=None)
    write_packet(
        folder / "p.docx",
        year,
        outcomes,
        build.PLAN,
        template=resource("templates/annex3.docx"),
    )
    book = openpyxl.load_workbook(folder / "t.xlsx")
    cells = (str(c.value) for page in book for row in page.iter_rows() for c in row if c.value)
    nodes = docx.Document(str(folder / "p.docx")).element.body.iter()
    words = (node.text or "" for node in nodes if node.tag.endswith("}t"))
    reasons = told(why("03-01", year, outcomes, build.PLAN))
    return "\n".join(cells), "\n".join(words), "\n".join(reasons)


def test_deputies_choices_and_recusals_are_told_in_tracker_packet_and_why(tmp_path: Path) -> None:
    for text in said_of_a_meeting(tmp_path):
        assert "秘書室 成員07（代理人 科長 李代理）" in text
        assert "不推薦" in text and "本年度不予推薦" in text
        assert "陳大文（承辦人）未註明迴避，請確認" in text
        assert "李督導已迴避，不列計" in text
    _, _, reasons = said_of_a_meeting(tmp_path)
    assert "迴避，不計入平均：李督導" in reasons


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    """A year whose unit 03 has enrolled two items and reported on them; the convener is 林召集."""
    new(root := tmp_path / "114", 114)
    workspace = Workspace.open(root)
    settings = altered(FILLED["settings"], "group", convener="林召集")
    write_form(workspace.settings, FormCopy(SETTINGS, PLAN, records=settings))
    for key in ("enrolment", "report"):
        shutil.copy(issued(tmp_path, key), workspace.inbox)
    return workspace


def asked_of(path: Path, section: str) -> list[dict[str, object]]:
    """What stands in a section of a form as issued, whoever has filled it."""
    said = read(path).submission
    assert said is not None
    return [dict(one.values) for one in said.section(section)]


def test_the_meeting_form_comes_filled_with_the_packet_s_motions_and_its_members(
    year: Workspace,
) -> None:
    [path] = issue(year, "meeting").outputs
    assert asked_of(path, "motions") == [
        {
            "no": "1",
            "subject": "數位創新加值類推薦參加政府服務獎之業務項目：建議依提案順序，"
            "以 03-01 用電申辦進度線上查詢服務 為第一順位",
            "item": "03-01",
            "purpose": Purpose.PROPOSE,
        },
        {
            "no": "2",
            "subject": "社會創新共融類推薦參加政府服務獎之業務項目：建議依提案順序，"
            "以 03-02 偏鄉微電網關懷服務 為第一順位",
            "item": "03-02",
            "purpose": Purpose.PROPOSE,
        },
    ]
    [seat] = asked_of(path, "attendance")
    assert seat == {"unit": "電力發展及管理組", "name": "陳大文", "title": "副組長"}
    [sitting] = asked_of(path, "meeting")
    assert sitting == {"no": "第1次", "chair": "主任秘書 林召集"}


def test_the_packet_has_the_motions_of_the_form(year: Workspace) -> None:
    [form] = issue(year, "meeting").outputs
    [paper] = packet(year).outputs
    nodes = docx.Document(str(paper)).element.body.iter()
    words = {node.text or "" for node in nodes if node.tag.endswith("}t")}
    assert {str(one["subject"]) for one in asked_of(form, "motions")} <= words


def test_what_was_issued_with_a_motion_and_is_typed_over_is_told(year: Workspace) -> None:
    [path] = issue(year, "meeting").outputs
    person = Person(path)
    person.table("議案", "議案", 1, "案由", "明年度作業期程")
    person.save()
    [found] = [one for one in read(path).findings if one.code == "C431"]
    assert found.value == "明年度作業期程"
    assert "發出時帶入「數位創新加值類推薦參加政府服務獎" in found.message


def test_a_motion_that_was_issued_and_is_gone_is_told(year: Workspace) -> None:
    [path] = issue(year, "meeting").outputs
    person = Person(path)
    for label in ("案號", "案由", "相關業務"):
        person.table("議案", "議案", 2, label, None)
    person.save()
    [found] = [one for one in read(path).findings if one.code == "C432"]
    assert "03-02" in found.value


def test_what_a_meeting_has_settled_is_not_before_the_next_one() -> None:
    settled = build.motion(item="03-01", verdict=Verdict.ENTER, resolution="同意推薦")
    off = build.motion("2", item="05-01", verdict=Verdict.AGAIN, resolution="下次會議再議")
    items = [
        build.item("03-01"),
        build.item("04-01"),
        build.item("05-01", category="社會創新共融"),
    ]
    year = build.dataset(items=items, meetings=[build.meeting(motions=[settled, off])])
    before = motions(Purpose.PROPOSE, year, conclude(year, build.PLAN), build.PLAN)
    assert [one.item for one in before] == ["05-01", "05-01"]
    assert "第1次案 2" in before[1].subject and "再議" in before[1].subject


# --- One file alone ------------------------------------------------------------------------------


def wrong_meeting(folder: Path) -> Path:
    """A record without quorum: six members were there, the chair is not the convener and was away."""
    path = returned(
        folder,
        "meeting",
        card("會議資料", "主席（召集人）", "陳大文副組長"),
        *(table("會議資料", "出席情形", row, "出席", "未出席") for row in range(1, 4)),
    )
    return path.rename(folder / "會議紀錄表.xlsx")


def undecided_meeting(folder: Path) -> Path:
    """A record of a valid meeting that leaves its motions open."""
    path = returned(
        folder,
        "meeting",
        table("議案", "議案", 1, "決議", "本案不推薦"),
        table("議案", "議案", 2, "召集人裁示", None),
    )
    return path.rename(folder / "會議紀錄表.xlsx")


def told_of(path: Path, *more: str) -> tuple[int, list[str]]:
    """Exit code and codes that `xltool check` prints of one file."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["check", str(path), "--json", *more])
    [file] = result_in(out.getvalue())
    return code, [one["code"] for one in file["findings"]]


@pytest.mark.parametrize("inside", [True, False])
def test_check_of_a_meeting_alone_tells_quorum_and_chair(
    inside: bool, tmp_path: Path, year: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (outside := tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(year.root if inside else outside)
    code, found = told_of(wrong_meeting(tmp_path))
    assert (code, set(found)) == (1, {"R501", "R522"} | ({"R531"} if inside else set()))


def test_check_of_a_meeting_alone_tells_what_its_motions_leave_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told_of(undecided_meeting(tmp_path)) == (1, ["R532", "R502"])


def test_what_errors_hold_back_is_told_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = returned(
        tmp_path,
        "meeting",
        card("會議資料", "會議日期", None),
        table("議案", "議案", 2, "召集人裁示", None),
    )
    assert told_of(path) == (1, ["V301", "R502"])


def test_check_of_the_contest_s_results_alone_tells_what_exceeds_a_ceiling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = returned(
        tmp_path,
        "contest",
        table("人員", "人員", 1, "角色", "其他有功人員"),
        table("人員", "人員", 1, "建議獎勵", "記大功1次"),
    )
    code, found = told_of(path)
    assert (code, "R503" in found) == (1, True)


def test_a_file_of_another_year_is_checked_by_that_year_where_there_is_none_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    next_year = shipped_plan(115)
    records = altered(FILLED["meeting"], "motions", 1, ruling=None)
    records = altered(records, "meeting", day=date(2026, 12, 22))
    path = tmp_path / "會議紀錄表.xlsx"
    write_form(path, FormCopy(MEETING, next_year, records=records, items=("03-01", "03-02")))
    assert told_of(path)[1] == ["R502"]
