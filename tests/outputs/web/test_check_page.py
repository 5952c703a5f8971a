"""What a check found, as a page: complete, readable by anybody, and only ever text."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from tests.support.checked import HOSTILE, HOSTILE_FILES, NAME, OTHERS
from xltool.outputs.web.check_page import write_check_page
from xltool.plan import shipped_plan

PLAN = shipped_plan(114)


@pytest.fixture
def page(tmp_path: Path) -> html.HtmlElement:
    path = tmp_path / "檢核報告.html"
    write_check_page(path, HOSTILE_FILES, OTHERS, PLAN)
    return html.document_fromstring(path.read_text("utf-8"))


def rows(page: html.HtmlElement, section: str) -> list[list[str]]:
    found = page.get_element_by_id(section).findall(".//tbody/tr")
    return [[cell.text_content() for cell in row] for row in found]


def test_the_page_tells_of_every_file_in_one_table(page: html.HtmlElement) -> None:
    table = page.find(".//table")
    told = [[cell.text_content() for cell in row] for row in table.findall(".//tbody/tr")]
    assert [(row[2], row[3]) for row in told] == [
        (NAME, "待修正"),
        ("04.xlsx", "可採用"),
        ("雜訊.xls", "無法讀取"),
    ]


def test_the_page_names_every_place_what_stood_there_and_what_to_do(page: html.HtmlElement) -> None:
    blank, outside = rows(page, "f1")
    assert blank[:3] == ["錯誤", "V301", "業務 03-01!B13；業務 03-02!B13"]
    assert blank[5] == "請填寫未來精進方向"
    assert outside[3] == HOSTILE
    assert rows(page, "others")[0][2] == "年度設定.xlsx｜整份檔案"


def test_no_text_of_a_unit_is_a_tag_or_a_script(page: html.HtmlElement) -> None:
    assert page.findall(".//script") == []
    assert [node.text_content() for node in page.findall(".//h2")][1] == NAME
    policy = page.find(".//meta[@http-equiv]")
    assert policy.get("content").startswith("default-src 'none'")


def test_the_page_needs_nothing_else(page: html.HtmlElement) -> None:
    links = [link for _, _, link, _ in page.iterlinks()]
    assert links
    assert all(link.startswith("#") for link in links)
    assert all(page.get_element_by_id(link[1:]) is not None for link in links)


def test_the_page_speaks_its_language_and_heads_its_tables(page: html.HtmlElement) -> None:
    assert page.get("lang") == "zh-Hant-TW"
    assert [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3")][:2] == [1, 2]
    for table in page.findall(".//table"):
        assert all(head.get("scope") == "col" for head in table.findall(".//thead//th"))


def test_the_same_check_gives_the_same_page(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write_check_page(tmp_path / name, HOSTILE_FILES, OTHERS, PLAN)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
