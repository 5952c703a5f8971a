"""What a coordinator added is never lost."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from tests.conftest import LibreOffice
from tests.support import nouns
from tests.support.trackers import OWN_SHEETS, annotate, at, head, row, without, write
from tests.support.year import DATASET, ITEMS, LINES, OUTCOMES
from xltool.findings import finding
from xltool.model import Address


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
