"""The tracker: what it shows of the year."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook

from tests.conftest import LibreOffice
from tests.support import build, nouns
from tests.support.trackers import OWN_SHEETS, at, column, head, row, write
from tests.support.year import DATASET, FINDINGS, ITEMS, OUTCOMES, PLAN, RECEIPTS, review
from xltool.changes import Change
from xltool.columns import asked
from xltool.findings import Finding, finding
from xltool.forms import FORMS, REPORT, Form
from xltool.forms.schema import Field as FormField
from xltool.forms.schema import Kind
from xltool.model import Address, Answer, Item
from xltool.outputs.living import update
from xltool.outputs.tracker import shown as shown_module
from xltool.outputs.tracker.shown import NOTE, Shown, show
from xltool.outputs.tracker.shown import sheet as sheet_of
from xltool.outputs.tracker.sources import source_table
from xltool.outputs.tracker.tracker import write_tracker
from xltool.rules import conclude

# --- What it shows ------------------------------------------------------------------------


def rows_of(path: Path, title: str) -> list[dict[str, object]]:
    """A sheet's rows, by its headings."""
    sheet = load_workbook(path)[title]
    titles = [str(cell.value).split("\n")[0] for cell in sheet[head(sheet)]]
    rows = sheet.iter_rows(min_row=head(sheet) + 1, values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows if row[0] is not None]


def test_meetings_stand_beside_what_came_of_them_in_whatever_order_they_were_read(
    tmp_path: Path,
) -> None:
    late = build.meeting(12, [build.motion("甲"), build.motion("乙")], no="第10次")
    early = build.meeting(3, [build.motion("丙")], no="第2次", day=date(2025, 6, 2))
    year = replace(DATASET, meetings=(late, early))
    write(tmp_path / "t.xlsx", year, conclude(year, PLAN))
    shown = [
        (row["會議次別"], row["案號"], row["是否成會"])
        for row in rows_of(tmp_path / "t.xlsx", "會議決議")
    ]
    assert shown == [
        ("第2次", "丙", "不成會（未過半數）"),
        ("第10次", "甲", "成會"),
        ("第10次", "乙", "成會"),
    ]


def test_a_resolution_that_the_ruling_overrode_is_shown_too(tmp_path: Path) -> None:
    motion = build.motion(consensus=False, resolution="多數贊成", ruling="再議")
    year = replace(DATASET, meetings=(build.meeting(motions=[motion]),))
    write(tmp_path / "t.xlsx", year, conclude(year, PLAN))
    [shown] = rows_of(tmp_path / "t.xlsx", "會議決議")
    assert (shown["決議"], shown["達成共識"], shown["召集人裁示"]) == ("多數贊成", "否", "再議")
    assert shown["決議或裁示"] == "再議"


def test_a_member_beside_whose_items_another_wrote_is_shown(tmp_path: Path) -> None:
    deputy = nouns.changed(ITEMS[0], reviews=(review("代理人", "60", "65", "70", "60"),))
    write(tmp_path / "t.xlsx", replace(DATASET, items=(deputy,)))
    [wrote, silent] = [
        row for row in rows_of(tmp_path / "t.xlsx", "督導小組與意見") if row["業務編號"] == "03-01"
    ]
    assert (wrote["督導成員"], wrote["電子郵件"]) == ("代理人", None)
    assert (silent["督導成員"], silent["電子郵件"]) == ("陳大文", "chen@example.gov.tw")
    assert silent["書面意見"] == "未提出"


def test_a_member_whose_title_changed_is_shown_with_both(tmp_path: Path) -> None:
    promoted = nouns.changed(DATASET.members[0], title="專門委員")
    write(tmp_path / "t.xlsx", replace(DATASET, members=(promoted,)))
    rows = rows_of(tmp_path / "t.xlsx", "督導小組與意見")
    assert "副組長／專門委員" in {row["職稱"] for row in rows}


def test_it_has_every_sheet_in_order(tracker: Path) -> None:
    assert [s.title for s in load_workbook(tracker) if s.title != "_xltool"] == OWN_SHEETS


def test_a_unit_that_has_not_filed_is_listed_never_dropped(tracker: Path) -> None:
    sheet = load_workbook(tracker)["總覽"]
    report = "執行成果填報表\n114.12.10"
    assert at(sheet, "電力發展及管理組", report).value == "已繳"
    assert at(sheet, "人事室", report).value == "無辦理"
    assert at(sheet, "再生與前瞻能源發展組", report).value == "待修正（2 項錯誤）"
    assert at(sheet, "法務室", report).value == "未繳"
    assert sum(r[0].value in {u.code for u in PLAN.units} for r in sheet.iter_rows()) == 12


def test_a_moved_deadline_shows_both_dates(tmp_path: Path) -> None:
    calendar = tuple(
        replace(stage, due=date(2025, 12, 14)) if stage.name == "辦理年度自評作業" else stage
        for stage in PLAN.calendar
    )
    plan = replace(PLAN, calendar=calendar)
    write_tracker(tmp_path / "t.xlsx", DATASET, OUTCOMES, plan, (), (), previous=None)
    texts = [c.value for r in load_workbook(tmp_path / "t.xlsx")["總覽"].iter_rows() for c in r]
    assert "114.12.14（逢休息日，順延至 114.12.15）" in texts


def test_what_stands_under_a_deadline_stays_when_the_deadline_moves(
    tracker: Path, tmp_path: Path
) -> None:
    book = load_workbook(tracker)
    report = "執行成果填報表\n114.12.10"
    at(book["總覽"], "人事室", report).comment = Comment("已電話催繳", "承辦")
    book.save(tracker)
    calendar = tuple(
        replace(stage, due=date(2025, 12, 17)) if stage.name == "辦理年度自評作業" else stage
        for stage in PLAN.calendar
    )
    plan = replace(PLAN, calendar=calendar)
    write_tracker(tmp_path / "t.xlsx", DATASET, OUTCOMES, plan, (), (), previous=tracker)
    sheet = load_workbook(tmp_path / "t.xlsx")["總覽"]
    moved = at(sheet, "人事室", "執行成果填報表\n114.12.17")
    assert moved.comment.text == "已電話催繳"


def test_each_column_is_known_by_an_english_id(tracker: Path) -> None:
    names = {criterion.name for criterion in PLAN.criteria}
    for sheet, kind, content in load_workbook(tracker)["_xltool"].values:
        for id_, _, _ in json.loads(str(content)) if kind == "columns" else ():
            words = [word for word in id_.split(".") if word not in names]
            assert words and all(re.fullmatch("[a-z0-9_]+", word) for word in words), (sheet, id_)


def test_no_sheet_has_two_columns_of_one_heading(tracker: Path) -> None:
    for sheet in load_workbook(tracker):
        if sheet.sheet_state == "visible":
            titles = [cell.value for cell in sheet[head(sheet)] if cell.value]
            assert len(set(titles)) == len(titles), sheet.title


def test_self_and_review_scores_stand_side_by_side(tracker: Path) -> None:
    sheet = load_workbook(tracker, data_only=True)["評分"]
    for name, own, reviewed in (("創新性", 80, 60), ("效益及影響", 85.5, 65)):
        place = column(sheet, f"{name}\n自評")
        assert column(sheet, f"{name}\n督導") == place + 1
        line = row(sheet, "03-01")
        assert (sheet.cell(line, place).value, sheet.cell(line, place + 1).value) == (own, reviewed)
    assert at(sheet, "03-01", "差距註記").value == "▲ 自評高於督導，差距逾 15 分"
    assert at(sheet, "03-01", "全署名次").value == "1／2（同分）"


def test_a_missing_score_is_named_and_never_zero(tracker: Path) -> None:
    sheet = load_workbook(tracker)["評分"]
    assert at(sheet, "03-02", "自評總分").value == "未評（缺效益及影響）"
    assert at(sheet, "03-02", "效益及影響\n自評").value is None
    assert at(sheet, "03-02", "全署名次").value == "未評"


def test_weights_say_that_they_are_the_agencys_own(tracker: Path) -> None:
    sheet = load_workbook(tracker)["評分"]
    assert str(sheet["A2"].value).startswith(
        "滿分與權重本署自訂，非國發會公告：各構面 100 分，創新性 25%"
    )


def test_totals_are_formulas_with_pythons_value_beside_them(tracker: Path) -> None:
    formula = at(load_workbook(tracker)["評分"], "03-01", "自評總分").value
    assert formula.startswith("=ROUND((E") and formula.endswith("*25)/100,2)")
    assert at(load_workbook(tracker, data_only=True)["評分"], "03-01", "自評總分").value == 83.13
    rows = CalamineWorkbook.from_path(tracker).get_sheet_by_name("評分").to_python()
    assert any("03-01" in r and 83.13 in r and 63.75 in r for r in rows)


def test_where_a_formula_would_differ_pythons_value_is_written(tmp_path: Path) -> None:
    from decimal import Decimal

    score = OUTCOMES.scoring.items[0]
    odd = replace(score, self_total=replace(score.self_total, value=Decimal("83.20")))
    scoring = replace(OUTCOMES.scoring, items=(odd,))
    write(tmp_path / "t.xlsx", outcomes=replace(OUTCOMES, scoring=scoring))
    assert at(load_workbook(tmp_path / "t.xlsx")["評分"], "03-01", "自評總分").value == 83.2


def test_a_reward_shows_clause_ceiling_and_what_it_absorbed(tracker: Path) -> None:
    sheet = load_workbook(tracker)["敘獎"]
    assert at(sheet, "王小明", "獎懲種類").value == "記大功1次"
    assert at(sheet, "王小明", "依據條款").value == "柒、二、(一)"
    assert at(sheet, "王小明", "已併入（柒、二、(五)）").value.startswith("已併入 柒、二、(三) A2")
    assert at(sheet, "林主管", "額度").value == "最高記功1次"
    assert at(sheet, "陳美玲", "獎懲種類").value == "待釐清"
    assert "限人事作業使用" in sheet["A2"].value


def test_every_finding_and_receipt_is_listed_with_words_for_its_colour(tracker: Path) -> None:
    book = load_workbook(tracker)
    checks = book["檢核結果"]
    shown = {
        tuple(cell.value for cell in r[:2]) for r in checks.iter_rows(min_row=head(checks) + 1)
    }
    assert {(f.severity.value, f.code) for f in FINDINGS} <= shown
    assert at(book["收件紀錄"], "照片.xlsx", "處理結果").value == "無法讀取"


def test_a_finding_leads_to_its_item_and_its_item_to_the_file(tmp_path: Path) -> None:
    path, item = tmp_path / "總表.xlsx", ITEMS[0]
    name = next(f.file for f in DATASET.filings if f.filed and (f.unit, f.form) == ("03", "report"))
    found = finding("V301", Address(name, f"業務 {item.id}", "C21"), field="單位")
    files = {name: f"../收件匣/100%_#1 {name}"}
    write(path, findings=[found], files=files)
    book = load_workbook(path)
    checks, items = book["檢核結果"], book["業務總表"]
    link = at(checks, "V301", "業務編號").hyperlink
    assert link.location == f"'業務總表'!A{row(items, item.id)}"
    to_cell = at(checks, "V301", "儲存格").hyperlink
    assert to_cell.target == f"../收件匣/100%25_%231%20{name}"
    assert to_cell.location == f"'業務 {item.id}'!C21"
    assert at(items, item.id, "填報").hyperlink.target == to_cell.target
    assert at(items, item.id, "填報").value == "已繳"


def test_personal_columns_are_marked(tracker: Path) -> None:
    book = load_workbook(tracker)
    titles = {str(c.value) for sheet in book for r in sheet.iter_rows() for c in r}
    for name in ("姓名", "職員編號", "承辦人", "承辦人電話", "電子郵件"):
        assert f"{name}\n（個資）" in titles
        assert name not in titles


# --- As LibreOffice sees it ------------------------------------------------------------------


def test_libreoffice_computes_what_python_computed(tracker: Path, soffice: LibreOffice) -> None:
    ours = load_workbook(tracker)["評分"]
    theirs = load_workbook(soffice.convert(tracker, "xlsx"), data_only=True)["評分"]
    for key, title, value in (
        ("03-01", "自評總分", 83.13),
        ("03-01", "督導總分", 63.75),
        ("05-01", "自評總分", 83.13),
    ):
        place = at(ours, key, title).coordinate
        assert str(ours[place].value).startswith("=")
        assert theirs[place].value == pytest.approx(value, abs=1e-9)


# --- 變更紀錄, 來源: rows that are named by labels -----------------------------------------------


def changed_once(label: str = "未來精進方向") -> Change:
    at_ = Address("03_更正.xlsx", "業務 03-01", "B13")
    said = ("未來精進方向", "03-01", "", label, "擴充", "改做別的")
    return Change("report", "03", "report.next_steps", *said, at_, "03.xlsx", "03_更正.xlsx")


def write_changes(path: Path, *changes: Change) -> list[Finding]:
    previous = path if path.exists() else None
    arguments = (DATASET, OUTCOMES, PLAN, FINDINGS, RECEIPTS, changes)
    return write_tracker(path, *arguments, previous=previous)


def without_ids(path: Path) -> None:
    """Take the ids of rows out of the record, as before rows had any."""
    book = load_workbook(path)
    page = book["_xltool"]
    lines = [line for line in page.iter_rows(values_only=True) if line[1] != "ids"]
    page.delete_rows(1, page.max_row)
    for line in lines:
        page.append(line)
    book.save(path)


def by_hand_beside_changes(path: Path) -> None:
    book = load_workbook(path)
    page = book["變更紀錄"]
    first, own = head(page) + 1, page.max_column + 1
    page.cell(first - 1, own).value, page.cell(first, own).value = "追蹤", "已去電確認"
    page.cell(first, column(page, "後一次")).value = "承辦人潤飾"
    page.cell(first, column(page, "前一次")).comment = Comment("請查", "承辦")
    book.save(path)


@pytest.mark.parametrize("from_before_ids", [False, True], ids=["", "from before rows had ids"])
def test_notes_beside_a_change_stay_with_it_when_its_field_is_called_otherwise(
    tmp_path: Path, from_before_ids: bool
) -> None:
    path = tmp_path / "總表.xlsx"
    write_changes(path, changed_once())
    by_hand_beside_changes(path)
    if from_before_ids:
        without_ids(path)
        write_changes(path, changed_once())
    for _ in range(2):
        assert [one.code for one in write_changes(path, changed_once("精進作法"))] == ["F123"]
        book = load_workbook(path)
        page = book["變更紀錄"]
        rows = [r for r in page.iter_rows(min_row=head(page) + 1) if any(c.value for c in r)]
        assert len(rows) == 1
        assert at(page, "精進作法", "追蹤").value == "已去電確認"
        assert at(page, "精進作法", "後一次").value == "承辦人潤飾"
        assert at(page, "精進作法", "前一次").comment.text == "請查"
        assert "未對應" not in book.sheetnames
        assert "精進作法" in str(book["人工修改"].cell(head(book["人工修改"]) + 1, 2).value)


def test_a_clash_in_a_change_is_told_once_when_its_field_is_called_otherwise(
    tmp_path: Path,
) -> None:
    path = tmp_path / "總表.xlsx"
    write_changes(path, changed_once())
    by_hand_beside_changes(path)
    write_changes(path, replace(changed_once(), after="單位又改"))
    write_changes(path, replace(changed_once("精進作法"), after="單位又改"))
    page = load_workbook(path)["人工修改"]
    rows = [r[1] for r in page.iter_rows(min_row=head(page) + 1, values_only=True)]
    assert len(rows) == 1
    assert "精進作法" in str(rows[0])


def write_source_of(path: Path, heading: str) -> list[Finding]:
    """A tracker of one sheet with one column of that heading, and where its value is from."""
    answer = {"report.result": Answer("完成", Address("03.xlsx", "業務 03-01", "B12"))}
    shown = Shown(replace(asked("report.result"), label=heading), 40)
    row = (Item("03-01", "03", answers=answer),)
    made = sheet_of("業務總表", "業務總表", (), (shown,), (row,), key=("report.result",))
    previous = path if path.exists() else None
    tables = (made.table, source_table([made], RECEIPTS, PLAN))
    return update(path, tables, previous=previous, title="總表", day=date(2025, 1, 1))


def test_notes_beside_a_source_stay_with_it_when_its_column_is_called_otherwise(
    tmp_path: Path,
) -> None:
    path = tmp_path / "總表.xlsx"
    write_source_of(path, "辦理情形")
    book = load_workbook(path)
    page = book["來源"]
    own = page.max_column + 1
    page.cell(head(page), own).value = "查核"
    page.cell(head(page) + 1, own).value = "已核對原檔"
    book.save(path)
    assert write_source_of(path, "成果說明") == []
    assert at(load_workbook(path)["來源"], "成果說明", "查核").value == "已核對原檔"


# --- Every answer -------------------------------------------------------------------------------


def with_a_field_more(form: Form, key: str) -> Form:
    """The form, its section asking for 預算執行率 too."""
    more = FormField("budget", "預算執行率", Kind.DECIMAL)
    sheets = tuple(
        replace(
            page,
            sections=tuple(
                replace(one, fields=(*one.fields, more)) if one.key == key else one
                for one in page.sections
            ),
        )
        for page in form.sheets
    )
    return replace(form, sheets=sheets)


def test_a_whole_section_s_new_field_comes_last_but_for_what_a_person_fills() -> None:
    shown = (show("report.result", 80), NOTE)
    made = sheet_of(
        "業務", "業務", (), shown, (), key=("report.result",), whole=((REPORT, "report"),)
    )
    ids = [column.id for column in made.table.columns]
    assert ids[0] == "report.result" and ids[-1] == "note"
    assert {"report.change", "report.next_steps", "report.follow_up"} < set(ids)


def test_a_field_that_no_sheet_shows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = with_a_field_more(REPORT, "metrics")
    monkeypatch.setattr(shown_module, "forms_of", lambda _: {**FORMS, longer.key: longer})
    with pytest.raises(LookupError, match=r"no sheet of the tracker shows report metrics\.budget"):
        write_tracker(Path("t.xlsx"), DATASET, OUTCOMES, PLAN, (), (), previous=None)


def test_who_filled_a_form_and_whether_the_head_has_stamped_it_is_shown(tmp_path: Path) -> None:
    filing = nouns.filing(
        "03", "report", filed=True, file="b.xlsx", filler="王小明", phone="02-27721370",
        day=date(2025, 12, 1), stamp="尚未核章",
    )  # fmt: skip
    write(tmp_path / "t.xlsx", dataset=replace(DATASET, filings=(filing,)))
    book = load_workbook(tmp_path / "t.xlsx")
    line = {str(cell.value) for cell in book["填報情形"][row(book["填報情形"], "b.xlsx")]}
    assert {"王小明", "02-27721370", "114.12.01", "尚未核章"} <= line
    there = at(book["總覽"], "電力發展及管理組", "執行成果填報表\n114.12.10")
    assert there.value == "已繳（尚未核章）"


def test_what_a_unit_changed_of_what_was_issued_stands_old_and_new(tmp_path: Path) -> None:
    new = Answer("查詢率 70%", Address("b.xlsx", "業務 03-01", "B9"), Answer("查詢率 60%"))
    items = (ITEMS[0].saying({"items.target": new}), *ITEMS[1:])
    write(tmp_path / "t.xlsx", dataset=replace(DATASET, items=items))
    page = load_workbook(tmp_path / "t.xlsx")["業務總表"]
    assert at(page, "03-01", "單位改填（原→新）").value == "年度目標：查詢率 60% → 查詢率 70%"
    assert at(page, "03-01", "年度目標").value == "查詢率 70%"
