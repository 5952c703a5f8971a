"""What we write: text stays text, equal content gives equal bytes, and Excel would open it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from tests.support import nouns
from tests.support.trackers import annotate, at, head, without, write
from tests.support.year import DATASET, ITEMS, PLAN
from xltool.model import Dataset
from xltool.outputs.tracker.tracker import write_tracker
from xltool.rules.outcomes import Outcomes


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
