"""The tracker: what it shows of the year, and that nothing of the coordinator's is ever lost."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openxml_audit import OpenXmlValidator
from python_calamine import CalamineWorkbook

from tests.conftest import LibreOffice
from tests.support import nouns
from tests.support.year import DATASET, FINDINGS, ITEMS, LINES, OUTCOMES, PLAN, RECEIPTS
from xltool.findings import Finding, finding
from xltool.model import Address, Dataset
from xltool.outputs.tracker.tracker import write_tracker
from xltool.rules.outcomes import Outcomes

OWN_SHEETS = [
    "總覽", "業務總表", "評分", "督導小組與意見", "會議決議",
    "參獎推薦", "敏感度分析", "敘獎", "自行考核獎勵建議", "檢核結果", "收件紀錄", "變更紀錄", "來源",
]  # fmt: skip


def write(
    path: Path,
    dataset: Dataset = DATASET,
    outcomes: Outcomes = OUTCOMES,
    *,
    previous: Path | None = None,
    findings: Sequence[Finding] = FINDINGS,
    files: Mapping[str, str] = MappingProxyType({}),
) -> list[Finding]:
    return write_tracker(
        path, dataset, outcomes, PLAN, findings, RECEIPTS, (), files, previous=previous
    )


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "總表.xlsx"
    assert write(path) == []
    return path


def head(sheet: Any) -> int:
    """The heading row: the first with a filter on it."""
    first, _ = str(sheet.auto_filter.ref).split(":")
    return int(first[1:])


def column(sheet: Any, title: str) -> int:
    titles = [str(cell.value) for cell in sheet[head(sheet)]]
    return titles.index(title) + 1


def row(sheet: Any, key: str) -> int:
    """The row that has `key` in one of its cells."""
    return next(
        int(r[0].row)
        for r in sheet.iter_rows(min_row=head(sheet) + 1)
        if key in [str(cell.value) for cell in r]
    )


def at(sheet: Any, key: str, title: str) -> Any:
    return sheet.cell(row(sheet, key), column(sheet, title))


def without(item: str) -> Dataset:
    return replace(DATASET, items=tuple(i for i in DATASET.items if i.id != item))


# --- What it shows ------------------------------------------------------------------------


def test_it_has_every_sheet_in_order(tracker: Path) -> None:
    assert [s.title for s in load_workbook(tracker) if s.sheet_state == "visible"] == OWN_SHEETS


def test_a_unit_that_has_not_filed_is_listed_never_dropped(tracker: Path) -> None:
    sheet = load_workbook(tracker)["總覽"]
    report = "執行成果填報表\n114.12.10"
    assert at(sheet, "電力發展及管理組", report).value == "已繳"
    assert at(sheet, "人事室", report).value == "無辦理"
    assert at(sheet, "再生與前瞻能源發展組", report).value == "待修正（2 項錯誤）"
    assert at(sheet, "法務室", report).value == "未繳"
    assert sum(r[0].value in {u.code for u in PLAN.units} for r in sheet.iter_rows()) == 12


def test_a_moved_deadline_shows_both_dates(tmp_path: Path) -> None:
    from datetime import date

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
    from datetime import date

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
    assert at(sheet, "王小明", "依據條款").value == "柒.二.(一)"
    assert at(sheet, "王小明", "已併入（柒.二.(五)）").value.startswith("已併入 柒.二.(三) A2")
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


def test_a_link_finds_its_row_after_the_rows_were_sorted(tmp_path: Path) -> None:
    path, last = tmp_path / "總表.xlsx", ITEMS[-1]
    found = finding("V301", Address("a.xlsx", f"業務 {last.id}", "C21"), field="單位")
    write(path, findings=[found])
    book = load_workbook(path)
    sheet = book["業務總表"]
    top, bottom = head(sheet) + 1, row(sheet, last.id)
    for number in range(1, sheet.max_column + 1):
        one, other = sheet.cell(top, number), sheet.cell(bottom, number)
        one.value, other.value = other.value, one.value
    book.save(path)
    write(path, previous=path, findings=[found])
    book = load_workbook(path)
    assert row(book["業務總表"], last.id) == top
    assert at(book["檢核結果"], "V301", "業務編號").hyperlink.location == f"'業務總表'!A{top}"


def test_a_link_of_the_coordinator_s_own_stays(tracker: Path) -> None:
    book = load_workbook(tracker)
    at(book["業務總表"], ITEMS[0].id, "備註").hyperlink = "https://www.moeaea.gov.tw/"
    book.save(tracker)
    write(tracker, previous=tracker)
    note = at(load_workbook(tracker)["業務總表"], ITEMS[0].id, "備註")
    assert note.hyperlink.target == "https://www.moeaea.gov.tw/"


def test_personal_columns_are_marked(tracker: Path) -> None:
    book = load_workbook(tracker)
    titles = {str(c.value) for sheet in book for r in sheet.iter_rows() for c in r}
    for name in ("姓名", "職員編號", "承辦人", "承辦人電話", "電子郵件"):
        assert f"{name}\n（個資）" in titles
        assert name not in titles


# --- What it must never do ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+886", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_of_units_stays_text(tmp_path: Path, text: str) -> None:
    dataset = replace(DATASET, items=(nouns.changed(ITEMS[0], name=text, result=text),))
    write(tmp_path / "t.xlsx", dataset)
    write(tmp_path / "u.xlsx", dataset, previous=tmp_path / "t.xlsx")
    cell = at(load_workbook(tmp_path / "u.xlsx")["業務總表"], "03-01", "辦理情形")
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_characters_that_xml_forbids_are_left_out(tmp_path: Path) -> None:
    dataset = replace(DATASET, items=(nouns.changed(ITEMS[0], result="甲\x00\x0b\ud800\uffff乙"),))
    write(tmp_path / "t.xlsx", dataset)
    assert at(load_workbook(tmp_path / "t.xlsx")["業務總表"], "03-01", "辦理情形").value == "甲乙"


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    dataset = replace(DATASET, items=(nouns.changed(ITEMS[0], result="長" * 40_000),))
    write(tmp_path / "t.xlsx", dataset)
    value = at(load_workbook(tmp_path / "t.xlsx")["業務總表"], "03-01", "辦理情形").value
    assert len(value) == 32_767
    assert value.endswith("全文請見原填報檔）")


def test_the_same_year_gives_the_same_bytes(tracker: Path, tmp_path: Path) -> None:
    write(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == tracker.read_bytes()


def test_writing_over_itself_changes_nothing(tracker: Path, tmp_path: Path) -> None:
    write(tmp_path / "second.xlsx", previous=tracker)
    assert (tmp_path / "second.xlsx").read_bytes() == tracker.read_bytes()


def test_an_empty_year_can_be_written(tmp_path: Path) -> None:
    from xltool.rules.outcomes import Rewards, Scoring

    nothing = Outcomes(Scoring((), ()), (), (), Rewards((), (), ()), ())
    path = tmp_path / "t.xlsx"
    write_tracker(path, Dataset(114), nothing, PLAN, (), (), previous=None)
    write_tracker(path, Dataset(114), nothing, PLAN, (), (), previous=path)
    book = load_workbook(path)
    assert book["業務總表"].cell(head(book["業務總表"]) + 1, 1).value == "（無資料）"
    assert "未對應" not in book.sheetnames


def test_empty_and_repeated_texts_survive_the_packing(tmp_path: Path) -> None:
    dataset = replace(
        DATASET, items=(nouns.changed(ITEMS[0], audience="", result=" 前後空白 ", change="&<>"),)
    )
    write(tmp_path / "t.xlsx", dataset)
    sheet = load_workbook(tmp_path / "t.xlsx")["業務總表"]
    assert at(sheet, "03-01", "服務對象").value is None
    assert at(sheet, "03-01", "辦理情形").value == " 前後空白 "
    assert at(sheet, "03-01", "與調查表不同之處").value == "&<>"


def test_excel_would_open_it(tracker: Path, tmp_path: Path) -> None:
    write(tmp_path / "second.xlsx", previous=tracker)
    annotate(tmp_path / "second.xlsx")
    write(tmp_path / "third.xlsx", without("03-02"), previous=tmp_path / "second.xlsx")
    result = OpenXmlValidator().validate(str(tmp_path / "third.xlsx"))
    assert [str(error) for error in result.errors] == []


# --- What the coordinator added ---------------------------------------------------------------


def annotate(path: Path) -> None:
    """What a coordinator does in a week: notes, a column, a comment, a colour, a sheet, a width."""
    book = load_workbook(path)
    sheet = book["業務總表"]
    at(sheet, "03-02", "備註").value = "已電洽承辦人"
    at(sheet, "03-02", "備註").fill = PatternFill("solid", fgColor="FF0000")
    at(sheet, "05-01", "辦理情形").comment = Comment("請補數據", "承辦")
    own = len(sheet[head(sheet)]) + 1
    sheet.cell(head(sheet), own, "追蹤")
    for key, value in (("03-01", "完成"), ("03-02", "追蹤中"), ("05-01", None)):
        sheet.cell(row(sheet, key), own, value)
    number = row(sheet, "05-01")
    sheet.cell(number, own, f"=LEN(A{number})")
    sheet.column_dimensions["C"].width = 33
    mine = book.create_sheet("我的待辦", 1)
    mine["A1"], mine["A2"] = "打電話給人事室", "=SUM(B1:B2)"
    mine["B1"], mine["B2"] = 1, 2
    mine["C1"].comment = Comment("別忘了", "承辦")
    at(book["敘獎"], "王小明", "備註").value = "考績會 12/30"
    at(book["評分"], "03-01", "備註").value = "會議討論"
    book.save(path)


def test_notes_follow_their_rows_not_their_places(tracker: Path, tmp_path: Path) -> None:
    annotate(tracker)
    new = nouns.changed(ITEMS[0], id="02-01", unit="02", name="新業務")
    dataset = replace(DATASET, items=(new, *reversed(DATASET.items)))
    assert write(tmp_path / "t.xlsx", dataset, previous=tracker) == []
    book = load_workbook(tmp_path / "t.xlsx")
    sheet = book["業務總表"]
    assert at(sheet, "03-02", "備註").value == "已電洽承辦人"
    assert at(sheet, "03-02", "備註").fill.fgColor.rgb == "00FF0000"
    assert at(sheet, "02-01", "備註").value is None
    assert at(sheet, "03-02", "追蹤").value == "追蹤中"
    assert at(sheet, "03-01", "追蹤").value == "完成"
    assert at(sheet, "05-01", "追蹤").value == f"=LEN(A{row(sheet, '05-01')})"
    assert at(sheet, "05-01", "辦理情形").comment.text == "請補數據"
    assert at(book["敘獎"], "王小明", "備註").value == "考績會 12/30"
    assert at(book["評分"], "03-01", "備註").value == "會議討論"
    assert "未對應" not in book.sheetnames


def test_our_own_columns_are_renewed(tracker: Path, tmp_path: Path) -> None:
    changed = replace(DATASET, items=(nouns.changed(ITEMS[0], result="更正後的成果"), *ITEMS[1:]))
    write(tmp_path / "t.xlsx", changed, previous=tracker)
    sheet = load_workbook(tmp_path / "t.xlsx")["業務總表"]
    assert at(sheet, "03-01", "辦理情形").value == "更正後的成果"


def test_own_sheets_stay_where_and_as_they_are(tracker: Path, tmp_path: Path) -> None:
    annotate(tracker)
    write(tmp_path / "t.xlsx", previous=tracker)
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[:3] == ["總覽", "我的待辦", "業務總表"]
    mine = book["我的待辦"]
    assert (mine["A1"].value, mine["A2"].value) == ("打電話給人事室", "=SUM(B1:B2)")
    assert mine["C1"].comment.text == "別忘了"


def test_lists_conditions_pictures_and_charts_of_the_coordinator_stay(
    tracker: Path, tmp_path: Path
) -> None:
    from openpyxl.chart import BarChart, Reference
    from openpyxl.drawing.image import Image as SheetImage
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.worksheet.datavalidation import DataValidation
    from PIL import Image

    dot = BytesIO()
    Image.new("RGB", (20, 20), "red").save(dot, "PNG")
    book = load_workbook(tracker)
    mine = book.create_sheet("我的圖表")
    mine["A1"] = 5
    mine.add_image(SheetImage(dot), "D4")
    chart = BarChart()
    chart.add_data(Reference(mine, min_col=1, min_row=1, max_row=1))
    mine.add_chart(chart, "D10")
    ours = book["業務總表"]
    choice = DataValidation(type="list", formula1='"完成,追蹤中"')
    choice.add("AA5:AA50")
    ours.add_data_validation(choice)
    red = PatternFill("solid", bgColor="FF0000")
    rule: Any = CellIsRule
    ours.conditional_formatting.add("AA5:AA50", rule("equal", ['"追蹤中"'], fill=red))
    book.save(tracker)

    for name in ("t.xlsx", "u.xlsx"):
        assert write(tmp_path / name, previous=tracker) == []
        tracker = tmp_path / name
    again: Any = load_workbook(tracker)
    mine, ours = again["我的圖表"], again["業務總表"]
    assert (len(mine._images), len(mine._charts)) == (1, 1)
    assert [str(v.sqref) for v in ours.data_validations.dataValidation] == ["AA5:AA50"]
    assert [str(c.sqref) for c in ours.conditional_formatting] == ["AA5:AA50"]
    assert len(again["總覽"]._charts) == 1


def test_values_that_excel_computed_on_own_sheets_stay_readable(
    tracker: Path, tmp_path: Path, soffice: LibreOffice
) -> None:
    annotate(tracker)
    saved = soffice.convert(tracker, "xlsx")
    assert load_workbook(saved, data_only=True)["我的待辦"]["A2"].value == 3
    write(tmp_path / "t.xlsx", previous=saved)
    assert load_workbook(tmp_path / "t.xlsx", data_only=True)["我的待辦"]["A2"].value == 3


def test_a_width_that_the_coordinator_chose_stays(tracker: Path, tmp_path: Path) -> None:
    annotate(tracker)
    for name in ("t.xlsx", "u.xlsx"):
        write(tmp_path / name, previous=tracker)
        tracker = tmp_path / name
        assert load_workbook(tracker)["業務總表"].column_dimensions["C"].width == 33


def test_a_column_that_the_coordinator_hid_stays_hidden(tracker: Path, tmp_path: Path) -> None:
    book = load_workbook(tracker)
    book["業務總表"].column_dimensions["R"].hidden = True
    book.save(tracker)
    write(tmp_path / "t.xlsx", previous=tracker)
    sheet = load_workbook(tmp_path / "t.xlsx")["業務總表"]
    hidden = {letter for letter, dim in sheet.column_dimensions.items() if dim.hidden}
    assert hidden == {"R"}


def test_a_vanished_rows_notes_wait_and_return_with_it(tracker: Path, tmp_path: Path) -> None:
    annotate(tracker)
    gone, back = tmp_path / "gone.xlsx", tmp_path / "back.xlsx"
    write(gone, without("03-02"), previous=tracker)
    sheet = load_workbook(gone)["未對應"]
    waiting = {tuple(c.value for c in r[:4]) for r in sheet.iter_rows(min_row=head(sheet) + 1)}
    assert waiting == {
        ("業務總表", "03-02", "備註", "已電洽承辦人"),
        ("業務總表", "03-02", "追蹤", "追蹤中"),
    }
    still = tmp_path / "still.xlsx"
    write(still, without("03-02"), previous=gone)
    assert still.read_bytes() == gone.read_bytes()

    write(back, previous=still)
    book = load_workbook(back)
    assert at(book["業務總表"], "03-02", "備註").value == "已電洽承辦人"
    assert at(book["業務總表"], "03-02", "追蹤").value == "追蹤中"
    assert book["未對應"].cell(head(book["未對應"]) + 1, 1).value == "（無資料）"


def test_a_comment_on_a_vanished_row_is_kept_too(tracker: Path, tmp_path: Path) -> None:
    annotate(tracker)
    write(tmp_path / "t.xlsx", without("05-01"), previous=tracker)
    texts = [c.value for r in load_workbook(tmp_path / "t.xlsx")["未對應"].iter_rows() for c in r]
    assert "（註解：請補數據）" in texts


def test_a_staff_number_filled_in_later_keeps_the_note(tracker: Path, tmp_path: Path) -> None:
    book = load_workbook(tracker)
    at(book["敘獎"], "張約聘", "備註").value = "聘期到 12/31"
    book.save(tracker)
    hired = LINES[2]
    known = replace(hired, person=nouns.changed(hired.person, staff_id="T0042"))
    rewards = replace(OUTCOMES.rewards, lines=(LINES[0], LINES[1], known, LINES[3]))
    write(tmp_path / "t.xlsx", outcomes=replace(OUTCOMES, rewards=rewards), previous=tracker)
    sheet = load_workbook(tmp_path / "t.xlsx")["敘獎"]
    assert at(sheet, "T0042", "備註").value == "聘期到 12/31"


def test_text_written_outside_the_table_is_not_lost(tracker: Path, tmp_path: Path) -> None:
    book = load_workbook(tracker)
    sheet = book["業務總表"]
    sheet.cell(sheet.max_row + 3, 5, "年底前再確認一次")
    sheet.append(["09-99", "政風室", "自己加的一列"])
    book.save(tracker)
    write(tmp_path / "t.xlsx", previous=tracker)
    texts = [c.value for r in load_workbook(tmp_path / "t.xlsx")["未對應"].iter_rows() for c in r]
    assert {"年底前再確認一次", "自己加的一列"} <= set(texts)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_typed_wherever_is_found_again(
    tracker: Path, tmp_path: Path, seed: int
) -> None:
    dice = Random(seed)
    book: Any = load_workbook(tracker)
    typed: dict[Any, str] = {}  # by cell: the last word counts
    for number in range(25):
        sheet = book[dice.choice(OWN_SHEETS)]
        row, column = dice.randint(1, sheet.max_row + 4), dice.randint(1, sheet.max_column + 4)
        if row > head(sheet):
            cell = sheet.cell(row, column, f"第 {number} 句")
            typed[sheet.title, cell.coordinate] = cell.value
    book.save(tracker)
    write(tmp_path / "t.xlsx", without("03-02"), previous=tracker)
    write(tmp_path / "u.xlsx", previous=tmp_path / "t.xlsx")
    again: Any = load_workbook(tmp_path / "u.xlsx")
    assert typed
    assert {*typed.values()} <= {
        str(c.value) for sheet in again for r in sheet.iter_rows() for c in r
    }


# --- What the coordinator types over ours: merged three ways ----------------------------------


def changed(**values: Any) -> Dataset:
    """The dataset with the first item's fields changed, as by a later return."""
    first, *rest = DATASET.items
    return replace(DATASET, items=(nouns.changed(first, **values), *rest))


def typed(path: Path, title: str, value: object) -> None:
    """Type over the first item's cell in that column."""
    book = load_workbook(path)
    at(book["業務總表"], DATASET.items[0].id, title).value = value
    book.save(path)


def shown(path: Path, title: str) -> Any:
    return at(load_workbook(path)["業務總表"], DATASET.items[0].id, title).value


def edited(path: Path) -> list[tuple[str, str, str]]:
    """Of each row of 人工修改: column, state, what was typed."""
    book = load_workbook(path)
    if "人工修改" not in book.sheetnames:
        return []
    sheet = book["人工修改"]
    rows = sheet.iter_rows(min_row=head(sheet) + 1, values_only=True)
    return [(str(r[2]), str(r[3]), str(r[4])) for r in rows]


KEPT, CLASH = "保留您的內容", "衝突：已採新的彙整值"


def test_what_is_typed_over_ours_stays_while_the_unit_says_nothing_new(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    for _ in range(3):
        found = write(tracker, previous=tracker)
        assert shown(tracker, "辦理情形") == "承辦人潤飾過的文字"
        assert edited(tracker) == [("辦理情形", KEPT, "承辦人潤飾過的文字")]
        assert [one.code for one in found] == ["F123"]


def test_a_later_return_wins_over_what_was_typed_and_both_are_told(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, changed(result="單位更正後的成果"), previous=tracker)
    assert shown(tracker, "辦理情形") == "單位更正後的成果"
    assert edited(tracker) == [("辦理情形", CLASH, "承辦人潤飾過的文字")]
    write(tracker, changed(result="單位更正後的成果"), previous=tracker)
    assert edited(tracker) == [("辦理情形", CLASH, "承辦人潤飾過的文字")], "until it is dealt with"


def test_a_clash_goes_when_its_row_is_deleted(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, changed(result="新"), previous=tracker)
    book = load_workbook(tracker)
    sheet = book["人工修改"]
    sheet.delete_rows(head(sheet) + 1)
    book.save(tracker)
    write(tracker, changed(result="新"), previous=tracker)
    assert edited(tracker) == []


def test_both_coming_to_the_same_is_no_clash(tracker: Path) -> None:
    typed(tracker, "辦理情形", "一樣的文字")
    write(tracker, changed(result="一樣的文字"), previous=tracker)
    assert shown(tracker, "辦理情形") == "一樣的文字"
    assert edited(tracker) == []


def test_a_cell_that_was_cleared_stays_clear_and_is_told(tracker: Path) -> None:
    typed(tracker, "辦理情形", None)
    write(tracker, previous=tracker)
    assert shown(tracker, "辦理情形") is None
    assert edited(tracker) == [("辦理情形", KEPT, "（清空）")]


def test_taking_back_what_was_typed_ends_it(tracker: Path) -> None:
    before = shown(tracker, "辦理情形")
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, previous=tracker)
    typed(tracker, "辦理情形", before)
    assert write(tracker, previous=tracker) == []
    assert edited(tracker) == []


def test_a_total_typed_over_is_no_formula_any_more_and_stays(tracker: Path) -> None:
    book = load_workbook(tracker)
    at(book["評分"], DATASET.items[0].id, "自評總分").value = 77
    book.save(tracker)
    write(tracker, previous=tracker)
    assert at(load_workbook(tracker)["評分"], DATASET.items[0].id, "自評總分").value == 77
    assert edited(tracker) == [("自評總分", KEPT, "77")]


def test_what_was_typed_in_a_row_that_vanished_is_not_lost(tracker: Path) -> None:
    typed(tracker, "辦理情形", "承辦人潤飾過的文字")
    write(tracker, without(DATASET.items[0].id), previous=tracker)
    cells = [c.value for row_ in load_workbook(tracker)["未對應"].iter_rows() for c in row_]
    assert "承辦人潤飾過的文字" in cells


def test_a_formula_typed_over_ours_stays_a_formula_and_text_stays_text(tracker: Path) -> None:
    typed(tracker, "照片張數", "=1+1")
    write(tracker, previous=tracker)
    assert shown(tracker, "照片張數") == "=1+1"


def test_a_save_by_libreoffice_or_sorted_rows_are_no_edits(
    tracker: Path, soffice: LibreOffice, tmp_path: Path
) -> None:
    saved = soffice.convert(tracker, "xlsx", tmp_path / "lo")
    book = load_workbook(saved)
    sheet = book["督導小組與意見"]
    first = head(sheet) + 1
    rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=first)][::-1]
    for number, values in enumerate(rows, first):
        for col, value in enumerate(values, 1):
            sheet.cell(number, col).value = value
    book.save(saved)
    assert write(tmp_path / "new.xlsx", previous=saved) == []
    assert edited(tmp_path / "new.xlsx") == []


def test_a_row_inserted_above_the_headings_does_no_harm(tracker: Path, tmp_path: Path) -> None:
    annotate(tracker)
    book = load_workbook(tracker)
    book["業務總表"].insert_rows(1, 2)
    book.save(tracker)
    write(tmp_path / "t.xlsx", previous=tracker)
    assert (
        at(load_workbook(tmp_path / "t.xlsx")["業務總表"], "03-02", "備註").value == "已電洽承辦人"
    )


def test_a_sheet_of_ours_that_lost_its_headings_is_set_aside(tracker: Path, tmp_path: Path) -> None:
    book = load_workbook(tracker)
    sheet = book["評分"]
    sheet.delete_rows(head(sheet))
    book.save(tracker)
    write(tmp_path / "t.xlsx", previous=tracker)
    book = load_workbook(tmp_path / "t.xlsx")
    assert "評分_舊1" in book.sheetnames
    assert at(book["評分"], "03-01", "業務編號").value == "03-01"


def test_a_tracker_that_cannot_be_read_is_copied_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "總表.xlsx"
    path.write_bytes(b"PK\x03\x04 torn in two")
    (found,) = write(path, previous=path)
    assert found.code == "F114"
    (backup,) = tmp_path.glob("總表_備份_*.xlsx")
    assert backup.read_bytes() == b"PK\x03\x04 torn in two"
    assert backup.name in found.message
    assert load_workbook(path).sheetnames[: len(OWN_SHEETS)] == OWN_SHEETS


def test_what_cannot_be_kept_is_said_and_the_old_file_copied(tracker: Path, tmp_path: Path) -> None:
    shape = tmp_path / "shape.xlsx"
    with ZipFile(tracker) as source, ZipFile(shape, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr("xl/drawings/drawing9.xml", "<xdr:wsDr><xdr:sp></xdr:sp></xdr:wsDr>")
    (found,) = write(tmp_path / "t.xlsx", previous=shape)
    assert found.code == "F115"
    assert "圖形或文字方塊" in found.message
    assert len(list(tmp_path.glob("shape_備份_*.xlsx"))) == 1


def test_a_workbook_of_somebody_elses_keeps_its_sheets(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "我的表"
    book.active["A1"] = "原有內容"
    book.save(tmp_path / "mine.xlsx")
    assert write(tmp_path / "t.xlsx", previous=tmp_path / "mine.xlsx") == []
    assert load_workbook(tmp_path / "t.xlsx")["我的表"]["A1"].value == "原有內容"


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


def test_notes_survive_a_save_by_libreoffice(
    tracker: Path, tmp_path: Path, soffice: LibreOffice
) -> None:
    annotate(tracker)
    saved = soffice.convert(tracker, "xlsx", tmp_path / "lo")
    assert write(tmp_path / "t.xlsx", previous=saved) == []
    book = load_workbook(tmp_path / "t.xlsx")
    assert at(book["業務總表"], "03-02", "備註").value == "已電洽承辦人"
    assert at(book["業務總表"], "03-02", "追蹤").value == "追蹤中"
    assert "未對應" not in book.sheetnames
