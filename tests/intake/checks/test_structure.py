"""What a form lacks, what stands in it beside what was asked, and the order in which all is told."""

from __future__ import annotations

from pathlib import Path

from tests.support.edits import ITEM, card, filing, item, table
from tests.support.returns import FILLED, Person, codes, issued, nothing, read, returned
from xltool.forms import FORMS


def test_a_report_without_its_items_sheets_is_stopped(tmp_path: Path) -> None:
    reading = read(issued(tmp_path, "report", nothing("report", "有執行成果")))
    assert codes(reading) == ["S205"]


def test_words_in_a_photo_s_place_are_told_even_where_there_is_nothing_to_report(
    tmp_path: Path,
) -> None:
    path = returned(
        tmp_path,
        "report",
        card("填報資料", "填報情形", "本年度無執行成果"),
        table(ITEM, "照片", 1, "照片（請插入於此格）", "照片另寄"),
    )
    assert "照片另寄" in [f.value for f in read(path).findings if f.code == "S207"]


def test_a_number_typed_over_is_told_even_where_there_is_nothing_to_report(tmp_path: Path) -> None:
    path = issued(tmp_path, "enrolment", nothing("enrolment", "本年度無參與業務"))
    person = Person(path)
    person.table("參與業務", "參與業務", 3, "業務編號", "明年再議")
    person.save()
    assert [(f.code, f.value) for f in read(path).findings] == [("S207", "明年再議")]


def test_every_form_is_among_those_tested() -> None:
    assert set(FILLED) == set(FORMS)


def test_findings_come_in_the_order_in_which_one_reads(tmp_path: Path) -> None:
    path = returned(
        tmp_path,
        "enrolment",
        *(item(2, "承辦人", None), item(1, "服務對象", None)),
        *(filing("電子郵件", None), filing("填報人", None)),
    )
    cells = [(f.at.sheet, f.at.cell) for f in read(path).findings]
    assert [sheet for sheet, _ in cells] == ["填報資料", "填報資料", "參與業務", "參與業務"]
    rows = [int("".join(c for c in cell if c.isdigit())) for _, cell in cells]
    assert rows[0] < rows[1]
    assert rows[2] < rows[3]
