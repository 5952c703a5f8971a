"""The papers that the convener takes into a meeting (附件2、三, 附件2、四)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from openxml_audit import OpenXmlValidator

from tests.support import build, nouns
from tests.support.year import DATASET, ITEMS, PLAN
from xltool.model import Dataset, Item
from xltool.outputs.word.packet import write_packet
from xltool.plan import Restriction
from xltool.rules import conclude
from xltool.store.workspace import resource

if TYPE_CHECKING:
    from tests.conftest import LibreOffice

TEMPLATE = resource("templates/annex3.docx")


def written(path: Path, dataset: Dataset) -> Path:
    write_packet(path, dataset, conclude(dataset, PLAN), PLAN, template=TEMPLATE)
    return path


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    path = tmp_path / "會議資料.docx"
    return written(path, DATASET)


def said(path: Path) -> str:
    texts = [
        node.text or ""
        for node in docx.Document(str(path)).element.body.iter()
        if node.tag.endswith("}t")
    ]
    return "\n".join(texts)


def rows(path: Path, *titles: str) -> list[list[str]]:
    """The rows of the table whose first headings these are."""
    for table in docx.Document(str(path)).tables:
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        if cells[0][: len(titles)] == list(titles):
            return cells[1:]
    raise AssertionError(titles)


def full(number: str, reviewers: int = 5) -> Item:
    """An item that says as much as the forms let it say."""
    long = "推動線上申辦並主動通知民眾，" * 80
    metrics = tuple(
        nouns.metric(long[:60], unit=long[:10], target="9" * 20, actual="8" * 20) for _ in range(5)
    )
    reviews = [
        nouns.changed(
            build.review(f"成員{n}" * 6, ("90",) * 4), opinion=long[:600], reason=long[:200]
        )
        for n in range(reviewers)
    ]
    made = build.item(number, ("91.25",) * 4, reviews, name=long[:60], method=long[:300])
    scores = tuple(nouns.changed(score, evidence=long[:300]) for score in made.scores)
    return nouns.changed(
        made, target=long[:200], result=long[:1000], next_steps=long[:400], metrics=metrics,
        scores=scores,
    )  # fmt: skip


@pytest.mark.libreoffice
def test_every_item_has_one_page_of_its_own_however_much_was_written(
    tmp_path: Path, soffice: LibreOffice
) -> None:
    items = [*(full(f"03-{n:02}", n) for n in range(6)), build.item("04-01"), full("05-01")]
    pages = soffice.printed(written(tmp_path / "p.docx", build.dataset(items=items)))
    for item in items:
        shown = [n for n, page in enumerate(pages) if re.search(rf"、{item.id} .*", page)]
        assert len(shown) == 1, item.id
    first = next(n for n, page in enumerate(pages) if "各業務摘要" in page)
    assert len(pages) - first == len(items), "and no page besides"
    assert all("會議資料（內部使用）" in page.replace(" ", "") for page in pages)


def test_every_unit_is_on_the_attendance_sheet_and_the_quorum_is_told(packet: Path) -> None:
    sheet = rows(packet, "單位", "督導小組成員")
    assert [row[0] for row in sheet] == [unit.name for unit in PLAN.units]
    named = {member.unit for member in DATASET.members}
    missing = [row[0] for row in sheet if row[1] == "（未選派）"]
    assert missing == [unit.name for unit in PLAN.units if unit.code not in named]
    assert "12 人，過半數（7 人以上）" in said(packet)


def test_opinions_that_are_missing_are_named(packet: Path) -> None:
    lacking = [item for item in ITEMS if not item.reviews]
    assert lacking, "else this would prove nothing"
    told = {row[0]: row[3] for row in rows(packet, "單位", "已提意見")}
    for item in lacking:
        assert item.id in told[PLAN.unit_name(item.unit)]


def test_the_proposal_is_ranked_by_category_and_shows_what_is_kept_out(tmp_path: Path) -> None:
    items = [
        build.item("03-01", ("70",) * 4),
        build.item("04-01", ("90",) * 4),
        build.item("05-01", ("95",) * 4, category="社會創新共融"),
    ]
    limit = Restriction("三年內曾獲獎者不得參選", items=("04-01",))
    plan = replace(PLAN, restrictions=(limit,))
    dataset = build.dataset(items=items)
    path = tmp_path / "p.docx"
    write_packet(path, dataset, conclude(dataset, plan), plan, template=TEMPLATE)
    proposed = rows(path, "順序", "業務")
    assert [row[1].split()[0] for row in proposed] == ["03-01", "04-01"]
    assert "三年內曾獲獎者不得參選" in proposed[1][5]
    drafts = rows(path, "案號", "案由")
    assert "03-01" in drafts[0][1] and "05-01" in drafts[1][1]
    assert all("□共識" in row[3] and "□召集人裁示" in row[3] for row in drafts)


def test_an_opinion_and_its_reason_are_one_sentence(tmp_path: Path) -> None:
    review = nouns.changed(build.review("陳大文"), opinion="成效具體。", reason="可推廣。")
    path = written(tmp_path / "p.docx", build.dataset(items=[build.item(reviews=[review])]))
    assert rows(path, "督導成員")[0] == ["陳大文", "是", "成效具體；可推廣"]


def test_a_motion_left_open_comes_back_on_the_agenda(tmp_path: Path) -> None:
    motion = build.motion(no="3", consensus=False, subject="跨組室分工", resolution="")
    dataset = build.dataset(items=[build.item()], meetings=[build.meeting(motions=[motion])])
    assert said(written(tmp_path / "p.docx", dataset)).count("跨組室分工") == 2


def test_nothing_personal_is_in_it_but_the_names_of_those_who_meet(packet: Path) -> None:
    text = said(packet)
    people = (*DATASET.people, *DATASET.entry_people)
    private = {p.staff_id for p in people} | {m.email for m in DATASET.members}
    private = {one for one in private | {item.phone for item in ITEMS} if one}
    assert private, "else this would prove nothing"
    assert [one for one in private if one in text] == []


def test_text_of_units_is_text(tmp_path: Path) -> None:
    evil = "<w:br/>&amp;{{ 7*7 }}\x08甲\ud800"
    item = build.item("03-01", name=evil, result=evil, method=evil)
    assert "<w:br/>&amp;{{ 7*7 }}" in said(
        written(tmp_path / "p.docx", build.dataset(items=[item]))
    )


def test_a_second_reader_of_the_format_finds_no_fault(packet: Path) -> None:
    result = OpenXmlValidator().validate(str(packet))
    assert result.is_valid, [str(error) for error in result.errors]


def test_the_same_year_gives_the_same_bytes_and_an_empty_one_can_be_written(
    packet: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.docx"
    written(again, DATASET)
    assert again.read_bytes() == packet.read_bytes()
    assert "本年度無辦理業務" in said(written(tmp_path / "e.docx", Dataset(114)))
