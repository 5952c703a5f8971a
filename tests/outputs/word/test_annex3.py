"""Annex 3 (附件3): the document is right by 填寫說明, rule by rule, and leaks nothing personal."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator
from PIL import Image, ImageDraw

from tests.support import build, nouns
from tools.make_annex3_template import package
from xltool.findings import Finding
from xltool.forms import ENROLMENT, FORMS, SETTINGS, Form
from xltool.forms.schema import Filer, Kind
from xltool.model import (
    Address,
    Category,
    Dataset,
    Item,
    Picture,
    Record,
    Role,
    Value,
)
from xltool.outputs.word.annex3 import write_annex3
from xltool.plan import HANDED_ON, Plan, read_plan, shipped_plan, shipped_records
from xltool.rules import conclude
from xltool.rules.outcomes import (
    ItemScore,
    MeetingOutcome,
    MotionOutcome,
    Outcomes,
    Rewards,
    Scoring,
    Total,
)
from xltool.store.workspace import WorkspaceError, resource

if TYPE_CHECKING:
    from tests.conftest import LibreOffice, Pages

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEMPLATE = resource("templates/annex3.docx")
CM = 1440 / 2.54
PLAN = shipped_plan(114)

# --- A believable year ------------------------------------------------------------------------

ONLINE_RESULT = """本年度以民眾申辦用電最常詢問之「案件辦到哪裡」為核心，重新設計查詢流程，主要辦理情形如下：
1.建置線上查詢平臺：串接各區營業處案件資料，自114年6月1日上線至11月底累計查詢12,345人次，平均回應時間由2.5日縮短為0.3秒，民眾不需再以電話逐案詢問，櫃檯等候時間亦較去年同期減少約4成。
2.主動通知：案件進度異動時以簡訊或電子郵件通知，共發送8,210則，逾期未補件之比率由18.6%降為7.2%。
3.無障礙與行動裝置：全站通過無障礙AA級檢測，並完成行動版介面，行動裝置使用占比達61%。
4.跨機關合作：與地方政府共辦說明會6場，參加者計412人，滿意度4.6分（5分量表）。"""

SOLAR_RESULT = """（一）透過地理資訊系統整合屋頂型太陽光電潛力圖資，提供民眾輸入地址即可試算可設置容量、發電量及回收年限——試算結果可直接帶入申請書，減少重複填寫。
（二）與12個地方政府完成資料交換，案件審查時程由45日縮短為28日。
一、推廣情形：辦理「陽光社區」講座10場次；其中原鄉部落3場次，由在地青年以族語解說。
二、外界回饋：獲媒體報導5則，並有3個縣市表達引進意願。
（查詢網址公布於本署網站；統計截至114年11月30日）"""

INCLUSION_RESULT = """針對經濟弱勢家戶之老舊電器耗能高、電費負擔重等問題，本年度與社會局處、社福團體及家電公會合作，由志工到府進行節能健檢，並依健檢結果補助汰換冷氣及電冰箱。
健檢員均接受4小時訓練，訪視時併同檢查延長線、瓦斯熱水器等居家用電用氣安全，發現有安全疑慮者當日通報，全年通報37戶，均已完成改善。
補助申請書由11頁簡化為2頁，並提供越南語、印尼語、泰語及英語說明；行動不便者得由村里幹事代辦，全程不需到場。截至11月底，受補助戶平均每月節電62度，節省電費約167元。"""

METRICS = (
    nouns.metric(
        "線上查詢人次", unit="人次", target="10,000", actual="12,345", note="自114年6月1日上線起算"
    ),
    nouns.metric("平均回應時間", unit="秒", target="1", actual="0.3"),
    nouns.metric(
        "逾期未補件比率（較去年同期）",
        unit="%",
        target="10以下",
        actual="7.2",
        note="去年同期為18.6%",
    ),
)


def _item(number: str, name: str, category: Category | None, **more: Any) -> Item:
    item = nouns.item(
        number,
        number[:2],
        name=name,
        category=category,
        audience="一般民眾、中小企業及地方政府",
        method="盤點現行流程，訪談服務對象，分階段改善，每季檢討一次辦理情形",
        target="服務滿意度達4.5分以上，辦理時程縮短3成",
        handler="李承辦",
        phone="02-27721370#6123",
        enrolled=True,
        reported=True,
        result="已依原訂期程完成，服務對象反映良好。",
        next_steps="持續蒐集服務對象意見，檢討作業流程。",
        scores=(nouns.score("創新性", Decimal("88.5"), evidence="佐證甲"),),
        metrics=(nouns.metric("滿意度", unit="分", target="4.5", actual="4.6"),),
        reviews=(
            nouns.review(
                "陳督導", title="專門委員", opinion="成效具體", recommend=True, reason="可推廣"
            ),
        ),
    )
    return nouns.changed(item, **more)


@dataclass(frozen=True)
class Year:
    """What the writer is given, and where the photos are."""

    dataset: Dataset
    outcomes: Outcomes
    plan: Plan
    photos: Path

    def write(
        self, path: Path, *, working: bool = True, template: Path = TEMPLATE
    ) -> list[Finding]:
        return write_annex3(
            path,
            self.dataset,
            self.outcomes,
            self.plan,
            photo=lambda picture: self.photos / picture.blob,
            template=template,
            working=working,
        )

    def with_items(self, *items: Item) -> Year:
        return replace(self, dataset=replace(self.dataset, items=items))


def _photo(folder: Path, size: tuple[int, int], colour: str, kind: str = "JPEG") -> str:
    """A photo with a frame (a clipped one would lack a side) and, as phones add it, a place."""
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, 0, width - 1, height - 1), outline="red", width=max(8, width // 60))
    draw.ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill="white")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (25.0, 2.0, 1.0)}
    out = io.BytesIO()
    image.save(out, kind, exif=exif, comment=b"SecretCamera", xmp=b"<x>SecretCamera</x>")
    name = hashlib.sha256(out.getvalue()).hexdigest()
    (folder / name).write_bytes(out.getvalue())
    return name


def _outcomes(items: tuple[Item, ...]) -> Outcomes:
    total = Total("自評", Decimal("88.50"), (), ())
    scores = tuple(
        ItemScore(
            i.id,
            i.unit,
            i.name,
            i.category,
            total,
            (),
            total,
            None,
            False,
            None,
            None,
            "陸、一、(三)",
        )
        for i in items
        if i.reported
    )
    motions = (
        MotionOutcome("1", "推薦參加政府服務獎之業務", "", "照案通過", "共識", "附件2、四、(二)"),
        MotionOutcome(
            "2",
            "弱勢家戶節能健檢是否擴大辦理",
            "04-01",
            "明年度擴大至離島，並請業務單位於3個月內提報經費需求。",
            "召集人裁示",
            "附件2、四、(二)",
        ),
    )
    meeting = MeetingOutcome(
        "第1次", date(2025, 12, 22), 12, 9, 7, True, ("法務室",), motions, "附件2、四、(二)"
    )
    return Outcomes(Scoring(scores, ()), (), (meeting,), Rewards((), (), ()), ())


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Six items of five units, five photos; two units have nothing, one has not filed."""
    folder = tmp_path_factory.mktemp("photos")
    blobs = [
        _photo(folder, (4000, 3000), "#7aa5d2"),
        _photo(folder, (900, 1200), "#c9a66b", "PNG"),
        _photo(folder, (1600, 900), "#8fbf88"),
        _photo(folder, (1200, 900), "#b58fbf"),
        _photo(folder, (1000, 1000), "#d2897a"),
    ]
    captions = (
        "線上查詢平臺操作說明會（114.6.15）",
        "行動版介面",
        "與地方政府共辦說明會，現場由區處同仁逐一示範查詢步驟並回答提問",
        "到府節能健檢",
        "志工訓練",
    )
    pictures = [
        Picture(blob, "jpeg", 1, 1, Address("某檔.xlsx", "業務", "B9"), caption=caption)
        for blob, caption in zip(blobs, captions, strict=True)
    ]
    items = (
        _item(
            "05-01",
            "太陽光電設置潛力一站式查詢試算服務",
            Category.DIGITAL,
            result=SOLAR_RESULT,
            next_steps="1、擴大圖資範圍至地面型案場。\n2、介接台灣電力股份有限公司饋線資訊。",
        ),
        _item(
            "03-01",
            "用電申辦進度線上查詢服務",
            Category.DIGITAL,
            result=ONLINE_RESULT,
            metrics=METRICS,
            pictures=tuple(pictures[:3]),
            partners="台灣電力股份有限公司、各直轄市及縣（市）政府",
            method="一、建置平臺\n二、串接資料\n三、辦理推廣",
            next_steps="①納入案件逾期主動通知。\n②擴充行動版介面。\n③建立滿意度即時回饋機制。",
        ),
        _item("03-02", "電業申請書表線上化", Category.DIGITAL, pictures=(pictures[4],)),
        _item(
            "04-01",
            "弱勢家戶節能健檢及老舊電器汰換補助服務",
            Category.INCLUSION,
            result=INCLUSION_RESULT,
            pictures=tuple(pictures[3:]),
            change="原訂6場說明會增為8場",
        ),
        _item("01-01", "能源教育偏鄉巡迴列車", Category.INCLUSION, result=INCLUSION_RESULT),
        _item(
            "11-01",
            "新住民多語能源資訊服務",
            Category.INCLUSION,
            reported=False,
            result="",
            next_steps="",
            metrics=(),
        ),
    )
    plan = shipped_plan(114)
    filings = [
        nouns.filing(unit.code, form, filed=True, nil=unit.code in ("08", "10"))
        for unit in plan.units
        for form in ("enrolment", "report")
    ]
    filings = [
        nouns.changed(f, filed=False) if (f.unit, f.form) == ("11", "report") else f
        for f in filings
    ]
    dataset = Dataset(
        114,
        items,
        members=(
            nouns.member(
                "03", "陳督導", title="專門委員", level="專門委員", email="chen@example.gov.tw"
            ),
        ),
        people=(
            nouns.person(
                "03-01",
                "03",
                "王小明",
                role=Role.MAIN,
                staff_id="A12345",
                title="科長",
                proposed="嘉獎2次",
            ),
        ),
        entry_people=(
            nouns.person(
                "A1", "03", "林有功", role=Role.COACH, staff_id="B99887", proposed="記功1次"
            ),
        ),
        filings=tuple(filings),
    )
    return Year(dataset, _outcomes(items), plan, folder)


@pytest.fixture(scope="session")
def path(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year's document, a working copy."""
    path = tmp_path_factory.mktemp("annex3") / "114年提升服務效能執行成果說明.docx"
    assert year.write(path) == []
    return path


# --- Helpers ----------------------------------------------------------------------------------


def _xml(path: Path, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(part).decode()


def _texts(path: Path, style: str | None = None) -> list[str]:
    """Text of all paragraphs, those in tables too; only those of a style when given."""
    document = docx.Document(str(path))
    ids = {s.style_id: s.name for s in document.styles}
    return [
        "".join(t.text or "" for t in p.iter(qn("w:t")))
        for p in document.element.body.iter(qn("w:p"))
        if style in (None, ids[p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")])
    ]


def _chain(path: Path, style_id: str) -> Iterator[Any]:
    """A style and those that it is based on, as XML, then the document's defaults."""
    styles = docx.Document(str(path)).styles.element
    by_id = {style.styleId: style for style in styles.style_lst}
    while style_id:
        style = by_id[style_id]
        yield style
        base = style.find(f"{W}basedOn")
        style_id = "" if base is None else base.get(f"{W}val")
    yield styles.find(f"{W}docDefaults")


def _effective(path: Path, style_id: str, tag: str, attribute: str) -> str | None:
    """A property as it comes out of the style, its bases and the defaults."""
    for level in _chain(path, style_id):
        for element in level.iter(f"{W}{tag}"):
            if (value := element.get(f"{W}{attribute}")) is not None:
                return str(value)
    return None


_NUMBER = re.compile(
    r"\s*([壹貳參]、|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+、|\(\d+\))\s*([^\s（(]{2})"
)


def _numbered(pages: list[str]) -> list[str]:
    """The lines that begin with a number of 填寫說明: the number and two characters.
    A place in the plan（陸、一、(四)）that a line breaks in is none."""
    found = (_NUMBER.match(line) for page in pages for line in page.splitlines())
    return ["".join(match.groups()) for match in found if match]


# --- 填寫說明, rule by rule ---------------------------------------------------------------------


def test_the_template_is_what_its_script_makes() -> None:
    with zipfile.ZipFile(TEMPLATE) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    assert held == package()


def test_a_validator_of_open_xml_finds_no_fault(path: Path) -> None:
    for file in (TEMPLATE, path):
        assert [str(error) for error in OpenXmlValidator().validate(file).errors] == []


def test_paper_is_a4_portrait_with_margins_of_2_5_cm(path: Path) -> None:
    [section] = docx.Document(str(path)).sections
    assert (section.page_width, section.page_height) == (11906 * 635, 16838 * 635)
    margins = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    for margin in margins:
        assert margin is not None
        assert margin.cm == pytest.approx(2.5, abs=0.01)
    assert "textDirection" not in _xml(path)


def test_every_font_in_all_four_slots_is_kai(path: Path) -> None:
    defaults = docx.Document(str(path)).styles.element.find(f"{W}docDefaults")
    fonts = defaults.find(f"{W}rPrDefault/{W}rPr/{W}rFonts")
    slots = ("ascii", "hAnsi", "eastAsia", "cs")
    assert {slot: fonts.get(f"{W}{slot}") for slot in slots} == dict.fromkeys(slots, "標楷體")
    # Nothing below the defaults names another font, be it directly or by theme.
    for part in ("document", "footer1", "styles", "numbering"):
        for attributes in re.findall(r"<w:rFonts([^>]*)/>", _xml(path, f"word/{part}.xml")):
            named = {n: v for n, v in re.findall(r'w:(\w+)="([^"]*)"', attributes) if n != "hint"}
            assert named in ({}, dict.fromkeys(slots, "標楷體"))
    # “”—①: Chinese, not Latin
    assert re.search(r'w:hint="eastAsia"/></w:rPr><w:t[^>]*>[^<]*——', _xml(path))
    faces = re.findall(r'typeface="([^"]*)"', _xml(path, "word/theme/theme1.xml"))
    assert set(faces) == {"標楷體"}


def test_title_and_part_headings_are_16_points_and_the_rest_is_14(path: Path) -> None:
    expected = {
        "title": 32,
        "heading 1": 32,
        **dict.fromkeys(
            (
                *("subtitle", "heading 2", "heading 3", "heading 4", "成果說明 段落"),
                *(
                    "成果說明 項目段落",
                    *(f"成果說明 條列{n}" for n in (3, 4, 5)),
                    "成果說明 條列續段",
                    "成果說明 待補",
                ),
            ),
            28,
        ),
        # 圖、表: smaller, a setting of the template
        **dict.fromkeys(
            (
                *("成果說明 表標題", "成果說明 圖標題", "成果說明 表頭"),
                *("成果說明 表格文字", "成果說明 表格置中文字"),
            ),
            24,
        ),
    }
    document = docx.Document(str(path))
    used = {p.style for p in document.element.body.iter(qn("w:p"))}
    names = {s.style_id: s.element.name_val.casefold() for s in document.styles}
    checked = {
        names[style]: int(_effective(path, style, "sz", "val") or 0)
        for style in used
        if names[style] != "成果說明 照片"  # holds no text
    }
    assert checked == {name: expected[name] for name in checked}
    assert "<w:sz " not in _xml(path)


def test_every_line_is_exactly_20_points_but_pictures_are_not_cut_to_it(path: Path) -> None:
    document = docx.Document(str(path))
    spacings = set()
    for paragraph in document.element.body.iter(qn("w:p")):
        assert paragraph.find(f"{W}pPr/{W}spacing") is None
        spacing = tuple(
            _effective(path, paragraph.style, "spacing", name) for name in ("line", "lineRule")
        )
        picture = next(paragraph.iter(qn("w:drawing")), None) is not None
        assert spacing == (("240", "auto") if picture else ("400", "exact"))
        spacings.add(spacing)
    assert len(spacings) == 2
    [grid] = re.findall(r"<w:docGrid[^>]*>", _xml(path))
    assert "w:type" not in grid


def test_numbers_are_native_and_levels_and_headings_name_each_other(path: Path) -> None:
    document = docx.Document(str(path))
    lists = document.part.numbering_part.element.findall(f"{W}abstractNum")
    levels = lists[0].findall(f"{W}lvl")
    assert [
        (lvl.find(f"{W}numFmt").get(f"{W}val"), lvl.find(f"{W}lvlText").get(f"{W}val"))
        for lvl in levels
    ] == [
        ("ideographLegalTraditional", "%1、"),
        ("taiwaneseCountingThousand", "%2、"),
        ("taiwaneseCountingThousand", "（%3）"),
        ("decimal", "%4、"),
        ("decimal", "(%5)"),
    ]
    for at, level in enumerate(levels):
        style = document.styles[f"Heading {at + 1}"]
        assert level.find(f"{W}pStyle").get(f"{W}val") == style.style_id
        number = style.element.find(f"{W}pPr/{W}numPr")
        assert number.find(f"{W}ilvl").get(f"{W}val") == level.get(f"{W}ilvl") == str(at)
    headings = [text for n in range(1, 5) for text in _texts(path, f"Heading {n}")]
    assert [text for text in headings if _NUMBER.match(text)] == []


def test_numbers_run_as_annex_3_wants_them(path: Path, soffice: LibreOffice) -> None:
    numbers = _numbered(soffice.printed(path))
    text = "\n".join(numbers)
    assert numbers[:5] == ["壹、辦理", "一、作業", "二、辦理", "（一）實施", "（二）辦理"]
    parts = [n for n in numbers if n[0] in "壹貳參"]
    assert parts == ["壹、辦理", "貳、推動", "參、未來"]
    achievements = text[text.index("貳、") : text.index("參、")].split("\n")
    assert achievements[:17] == [
        *("貳、推動", "一、數位", "（一）用電", "1、服務", "(1)服務", "(2)執行"),
        *("一、建置", "二、串接", "三、辦理"),  # as the unit typed it, under (2)
        *("(3)年度", "(4)合作", "2、辦理", "(1)建置", "(2)主動", "(3)無障", "(4)跨機", "3、量化"),
    ]
    steps = text[text.index("參、") :].split("\n")
    assert steps == [
        *("參、未來", "一、數位", "（一）用電", "1、納入", "2、擴充", "3、建立", "（二）電業"),
        *("（三）太陽", "1、擴大", "2、介接", "二、社會", "（一）能源", "（二）弱勢", "（三）新住"),
    ]


def test_odt_keeps_the_numbers(path: Path, soffice: LibreOffice, tmp_path: Path) -> None:
    odt = soffice.convert(path, "odt")
    pdf = soffice.convert(odt, "pdf", out=tmp_path)
    assert _numbered(soffice.printed(pdf)) == _numbered(soffice.printed(path))


def test_word_is_told_2013_layout_and_chinese_and_asks_nothing_on_opening(path: Path) -> None:
    settings = _xml(path, "word/settings.xml")
    assert 'w:name="compatibilityMode"' in settings and 'w:val="15"' in settings
    assert "updateFields" not in settings
    assert re.search(r'<w:lang [^>]*w:eastAsia="zh-TW"', _xml(path, "word/styles.xml"))
    assert " PAGE " in _xml(path, "word/footer1.xml")


# --- The three parts --------------------------------------------------------------------------


def test_title_date_and_the_three_parts_stand_as_annex_3_has_them(path: Path) -> None:
    texts = _texts(path)
    assert texts[0] == "經濟部能源署 114 年度提升服務效能執行成果說明"
    assert texts[1] == "資料截止時間：114年12月"
    assert _texts(path, "Heading 1") == ["辦理提要", "推動成效", "未來精進方向"]
    assert _texts(path, "Heading 2")[-4:] == ["數位創新加值類", "社會創新共融類"] * 2


def test_items_stand_under_their_category_by_unit_then_number(path: Path) -> None:
    names = [
        "用電申辦進度線上查詢服務（電力發展及管理組）",
        "電業申請書表線上化（電力發展及管理組）",
        "太陽光電設置潛力一站式查詢試算服務（再生與前瞻能源發展組）",
        "能源教育偏鄉巡迴列車（能源政策及氣候變遷組）",
        "弱勢家戶節能健檢及老舊電器汰換補助服務（節能發展及管理組）",
        "新住民多語能源資訊服務（資訊室）",
    ]
    assert _texts(path, "Heading 3") == names * 2


def test_the_overview_counts_what_the_data_hold(path: Path) -> None:
    overview = "\n".join(_texts(path)).split("推動成效")[0]
    assert "經濟部113年9月5日經綜字第11301409590號修正" in overview
    assert "計6組6室" in overview
    assert (
        "5個單位參與，辦理業務6項（數位創新加值類3項、社會創新共融類3項），各項業務如表1"
        in overview
    )
    assert "另人事室、主計室本年度無參與業務" in overview
    assert "12個單位中，11個單位完成填報" in overview
    assert "5項業務提報執行成果" in overview
    assert "於114年12月22日召開第1次會議，成員12人，出席9人" in overview
    assert "出席9人，作成決議2案。" in overview


def test_what_a_meeting_resolved_is_published_only_where_the_settings_say_so(
    year: Year, tmp_path: Path
) -> None:
    """陸、一、(五): a resolution may tell ranks, opinions and names."""
    overview = ""
    words = ("照案通過", "3個月內提報經費需求", "弱勢家戶節能健檢是否擴大辦理")
    for publish in (False, True):
        group = replace(year.plan.group, publish_resolutions=publish)
        replace(year, plan=replace(year.plan, group=group)).write(tmp_path / "a.docx")
        overview = "\n".join(_texts(tmp_path / "a.docx")).split("推動成效")[0]
        assert [word in overview for word in words] == [publish] * 3
    assert "推薦參加政府服務獎之業務：照案通過（出席成員達成共識）。" in overview
    assert "3個月內提報經費需求（召集人裁示）。" in overview


def test_a_meeting_without_a_quorum_decides_nothing(year: Year, tmp_path: Path) -> None:
    [meeting] = year.outcomes.meetings
    outcomes = replace(year.outcomes, meetings=(replace(meeting, present=6, quorate=False),))
    replace(year, outcomes=outcomes).write(tmp_path / "a.docx")
    text = "\n".join(_texts(tmp_path / "a.docx"))
    assert "照案通過" not in text
    assert "第1次會議出席6人，未過半數" in text


def test_a_category_without_an_item_says_so(year: Year, tmp_path: Path) -> None:
    digital = [item for item in year.dataset.items if item.category is Category.DIGITAL]
    year.with_items(*digital).write(tmp_path / "a.docx")
    texts = _texts(tmp_path / "a.docx")
    assert texts.count("本年度無辦理業務。") == 2
    assert texts[texts.index("本年度無辦理業務。") - 1] == "社會創新共融類"


def test_a_year_without_any_item_is_still_a_document(year: Year, tmp_path: Path) -> None:
    year.with_items().write(tmp_path / "a.docx")
    assert _texts(tmp_path / "a.docx").count("本年度無辦理業務。") == 4
    assert not OpenXmlValidator().validate(tmp_path / "a.docx").errors


def test_an_item_without_a_category_is_not_dropped(year: Year, tmp_path: Path) -> None:
    year.with_items(_item("02-01", "油價資訊查詢", None)).write(tmp_path / "a.docx")
    assert _texts(tmp_path / "a.docx", "Heading 2")[-1] == "服務類別待確認"
    assert "油價資訊查詢（油氣發展及管理組）" in _texts(tmp_path / "a.docx", "Heading 3")


def test_an_item_without_a_report_stays_and_says_so(year: Year, path: Path, tmp_path: Path) -> None:
    assert _texts(path, "成果說明 待補").count("（未填報）") == 2
    assert "【待補】尚未完成執行成果填報：資訊室。" in _texts(path)
    year.write(tmp_path / "final.docx", working=False)
    assert _texts(tmp_path / "final.docx", "成果說明 待補") == []
    assert _texts(tmp_path / "final.docx").count("（未填報）") == 2


def test_a_working_copy_of_a_complete_year_is_the_final_one(year: Year, tmp_path: Path) -> None:
    items = [nouns.changed(item, change="") for item in year.dataset.items if item.reported]
    filings = tuple(nouns.changed(filing, filed=True) for filing in year.dataset.filings)
    whole = replace(year, dataset=replace(year.dataset, items=tuple(items), filings=filings))
    for working in (True, False):
        whole.write(tmp_path / f"{working}.docx", working=working)
    assert (tmp_path / "True.docx").read_bytes() == (tmp_path / "False.docx").read_bytes()


@pytest.mark.parametrize(
    "marks", ["1.|2.|3.", "（1）|（2）|（3）", "一、|二、|三、", "①|②|③", "１、|２、|３、"]
)
def test_a_plain_typed_list_becomes_a_native_one(year: Year, tmp_path: Path, marks: str) -> None:
    lines = [f"{mark}第{word}件事" for mark, word in zip(marks.split("|"), "甲乙丙", strict=True)]
    year.with_items(_item("02-01", "甲", Category.DIGITAL, result="\n".join(lines))).write(
        tmp_path / "a.docx"
    )
    assert {"第甲件事", "第乙件事", "第丙件事"} <= set(
        _texts(tmp_path / "a.docx", "成果說明 條列5")
    )


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("一、第甲件事。二、第乙件事；三、第丙件事。", ""),
        ("重點如下：1.第甲件事。2.第乙件事；3.第丙件事。", "重點如下："),
        ("（1）第甲件事。（2）第乙件事；（3）第丙件事。", ""),
        ("①第甲件事。②第乙件事；③第丙件事。", ""),
    ],
)
def test_a_list_typed_inside_a_paragraph_becomes_native_with_its_words_unchanged(
    year: Year, tmp_path: Path, text: str, lead: str
) -> None:
    item = _item("02-01", "甲", Category.DIGITAL, result=text)
    year.with_items(item).write(tmp_path / "a.docx")
    listed = _texts(tmp_path / "a.docx", "成果說明 條列5")
    assert [one for one in listed if one.startswith("第")] == [
        "第甲件事。",
        "第乙件事；",
        "第丙件事。",
    ]
    assert not lead or lead in _texts(tmp_path / "a.docx", "成果說明 項目段落")


@pytest.mark.parametrize(
    "text",
    [
        "一、甲。二、乙，三、丙。",  # the third is inside a sentence
        "依一、及二、辦理。一、甲。二、乙。",  # what the first ones cite stands elsewhere
        "一、甲。三、丙。",
        "先統一、再簡化。一、甲。二、乙。",
        "完成1.5公里。2.乙案。3.丙案。",
        "說明。一、甲。二、乙。",  # words before, which lead to no list
        "一、甲。1.乙。二、丙。",
    ],
)
def test_numbers_that_do_not_run_in_order_at_the_start_of_sentences_stay_as_typed(
    year: Year, tmp_path: Path, text: str
) -> None:
    item = _item("02-01", "甲", Category.DIGITAL, result=text)
    year.with_items(item).write(tmp_path / "a.docx")
    assert text in _texts(tmp_path / "a.docx", "成果說明 項目段落")


@pytest.mark.parametrize(
    "lines",
    [
        ["1.5倍成長", "2.3倍成長"],
        ["114.6.1上線", "114.7.1啟用"],
        ["一、甲", "1.乙", "2.丙"],  # two notations
        ["1.甲", "1.乙"],
        ["2.甲", "3.乙"],  # cites a list that stands elsewhere
        ["1.只有一項"],
    ],
)
def test_what_is_no_plain_list_stays_as_typed(year: Year, tmp_path: Path, lines: list[str]) -> None:
    year.with_items(_item("02-01", "甲", Category.DIGITAL, result="\n".join(lines))).write(
        tmp_path / "a.docx"
    )
    assert _texts(tmp_path / "a.docx", "成果說明 項目段落")[: len(lines)] == lines


def test_an_indicator_has_its_rate_where_both_are_one_number_and_no_empty_column(
    year: Year, tmp_path: Path
) -> None:
    def columns(*metrics: tuple[str, str, str]) -> list[list[str]]:
        made = tuple(
            nouns.metric(f"指標{n}", unit="%", target=target, actual=actual, note=note)
            for n, (target, actual, note) in enumerate(metrics)
        )
        item = nouns.changed(_item("02-01", "甲", Category.DIGITAL), metrics=made)
        year.with_items(item).write(tmp_path / "a.docx")
        tables = docx.Document(str(tmp_path / "a.docx")).tables
        return next(
            [[cell.text for cell in row.cells] for row in table.rows]
            for table in tables
            if table.rows[0].cells[0].text == "指標"
        )

    head, *rows = columns(("60", "64", ""), ("20 以下", "16", ""), ("完成", "完成", ""))
    assert head == ["指標", "單位", "目標值", "實績值", "達成率"]
    assert [row[-1] for row in rows] == ["106.7%", "125.0%", ""]
    head, _ = columns(("完成", "已完成", "6月上線"))
    assert head == ["指標", "單位", "目標值", "實績值", "說明"]


def test_the_overview_counts_each_unit_s_items_by_category_and_the_targets_that_were_reached(
    year: Year, tmp_path: Path
) -> None:
    def made(number: str, category: Category, *pairs: tuple[str, str]) -> Item:
        metrics = tuple(nouns.metric("指標", target=aim, actual=got) for aim, got in pairs)
        return nouns.changed(_item(number, "甲", category), metrics=metrics)

    items = (
        made("03-01", Category.DIGITAL, ("60", "64"), ("20 以下", "25")),
        made("03-02", Category.INCLUSION, ("完成", "完成")),
        made("12-01", Category.DIGITAL),
    )
    year.with_items(*items).write(tmp_path / "a.docx")
    table = next(
        table
        for table in docx.Document(str(tmp_path / "a.docx")).tables
        if table.rows[0].cells[-1].text == "指標達成／可計算"
    )
    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == [
        ["電力發展及管理組", "1", "1", "1／2"],
        ["法務室", "1", "－", "－"],
        ["合計", "2", "1", "1／2"],
    ]


def test_all_that_a_unit_wrote_on_its_results_is_there(year: Year, path: Path) -> None:
    text = "".join(_texts(path))
    for item in year.dataset.items:
        for field in (item.name, item.audience, item.target, item.partners):
            assert field in text
        for line in f"{item.result}\n{item.next_steps}\n{item.method}".split("\n"):
            assert re.sub(r"^(\d[.、]|[①-③])", "", line) in text
        for metric in item.metrics:
            for value in (metric.name, metric.unit, metric.target, metric.actual, metric.note):
                assert value in text


# --- Tables and photos ------------------------------------------------------------------------


def test_tables_repeat_their_head_and_tear_no_row(path: Path) -> None:
    tables = docx.Document(str(path)).element.body.findall(f"{W}tbl")
    data = [table for table in tables if next(table.iter(qn("w:drawing")), None) is None]
    assert len(data) == 7 and len(tables) == 10
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert table.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"
        for name in ("tblCaption", "tblDescription"):
            assert table.find(f"{W}tblPr/{W}{name}").get(f"{W}val")
        widths = [int(c.get(f"{W}w")) for c in table.find(f"{W}tblGrid")]
        assert sum(widths) == pytest.approx(16 * CM, abs=3)
        for row in rows:
            cells = [int(c.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) for c in row.findall(f"{W}tc")]
            assert cells in (widths, [sum(widths)])
    for table in data:
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.findall(f"{W}tr")]
        assert heads == [True] + [False] * (len(heads) - 1)


def test_captions_are_numbered_by_fields_above_tables_and_below_photos(path: Path) -> None:
    tables, figures = _texts(path, "成果說明 表標題"), _texts(path, "成果說明 圖標題")
    assert [text.split("\u3000")[0] for text in tables] == [f"表{n}" for n in range(1, 8)]
    assert [text.split("\u3000")[0] for text in figures] == [f"圖{n}" for n in range(1, 7)]
    xml = _xml(path)
    assert xml.count(" SEQ 表 \\* ARABIC ") == 7
    assert xml.count(" SEQ 圖 \\* ARABIC ") == 6
    body = docx.Document(str(path)).element.body
    for table in body.findall(f"{W}tbl"):
        above = "".join(t.text or "" for t in table.getprevious().iter(qn("w:t")))
        if next(table.iter(qn("w:drawing")), None) is None:
            assert above in tables
        for cell in table.iter(qn("w:tc")):
            if next(cell.iter(qn("w:drawing")), None) is not None:
                assert "".join(t.text or "" for t in cell[-1].iter(qn("w:t"))) in figures


def test_every_reference_names_a_caption_and_shows_its_number(path: Path) -> None:
    document = docx.Document(str(path))
    marked = {}
    for start in document.element.body.iter(qn("w:bookmarkStart")):
        inside = []
        for sibling in start.itersiblings():
            if sibling.tag == qn("w:bookmarkEnd"):
                break
            inside += [t.text or "" for t in sibling.iter(qn("w:t"))]
        marked[start.get(f"{W}name")] = "".join(inside)
    shown = re.findall(r" REF (\w+) \\h .*?separate.*?<w:t[^>]*>([^<]+)</w:t>", _xml(path))
    assert len(shown) == 6
    assert all(marked[name] == text for name, text in shown)


def test_photos_fit_the_page_and_their_captions_are_their_alternative_texts(path: Path) -> None:
    shapes = docx.Document(str(path)).inline_shapes
    captions = [text.split("\u3000", 1)[1] for text in _texts(path, "成果說明 圖標題")]
    assert len(shapes) == 6
    for shape, caption in zip(shapes, captions, strict=True):
        inline = shape._inline
        assert inline.docPr.get("descr") == caption
        assert {inline.get(f"dist{side}") for side in "TBLR"} == {"0"}
        assert shape.width.cm <= 12.01 and shape.height.cm <= 8.51
    ratios = [shape.width / shape.height for shape in shapes]
    assert ratios == pytest.approx([4 / 3, 3 / 4, 16 / 9, 1, 4 / 3, 1], rel=0.01)


def test_every_picture_has_a_number_of_its_own(path: Path) -> None:
    shapes = docx.Document(str(path)).inline_shapes
    numbers = [shape._inline.docPr.id for shape in shapes]
    assert len(numbers) > 2
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def _frames(page: Path) -> list[tuple[int, int]]:
    """Width and height in pixels of each photo on a page, by its whole red frame."""
    with Image.open(page) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    pixels = image.tobytes()
    red = {
        (at % width, at // width)
        for at in range(width * height)
        if pixels[3 * at] > 180 and pixels[3 * at + 1] < 90 and pixels[3 * at + 2] < 90
    }
    boxes = []
    while red:
        todo, seen = [red.pop()], []
        while todo:
            x, y = todo.pop()
            seen.append((x, y))
            near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & red
            red -= near
            todo += near
        xs, ys = zip(*seen, strict=True)
        box = (max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)
        if min(box) > 20:  # letters of remarks are red, too
            boxes.append(box)
            sides = ({x - min(xs) for x in xs}, {y - min(ys) for y in ys})
            assert [len(side) for side in sides] == list(box), "a side of the frame is missing"
    return boxes


def test_no_photo_is_clipped_on_the_page(path: Path, soffice: LibreOffice, pages: Pages) -> None:
    dpi = 60
    found = [box for page in pages(soffice.convert(path, "pdf"), dpi) for box in _frames(page)]
    shapes = docx.Document(str(path)).inline_shapes
    sizes = [(s.width.inches * dpi, s.height.inches * dpi) for s in shapes]
    assert len(found) == len(sizes)
    for box, size in zip(sorted(found), sorted(sizes), strict=True):
        assert box == pytest.approx(size, abs=3)


def test_lists_start_anew_under_each_heading(year: Year, tmp_path: Path) -> None:
    year.write(tmp_path / "a.docx")
    numbering = docx.Document(str(tmp_path / "a.docx")).part.numbering_part.element
    numbers = re.findall(r'<w:ilvl w:val="4"/><w:numId w:val="(\d+)"', _xml(tmp_path / "a.docx"))
    # Six items with their audience and method, one of them with a list in its results
    assert len(set(numbers)) == 7
    for number in set(numbers):
        [num] = [num for num in numbering.num_lst if str(num.numId) == number]
        assert [
            o.startOverride.val for o in num.lvlOverride_lst if o.startOverride is not None
        ] == [1]


def test_no_page_ends_in_a_heading(path: Path, soffice: LibreOffice) -> None:
    headings = {
        re.sub(r"\s", "", text) for n in range(1, 5) for text in _texts(path, f"Heading {n}")
    }
    rendered = soffice.printed(path)
    assert len(rendered) > 4
    for number, page in enumerate(rendered, 1):
        lines = [re.sub(r"\s", "", line) for line in page.splitlines() if line.strip()]
        assert lines[-1] == str(number)
        last = re.sub(r"^([壹貳參一二三四五六七八九十]+、|（.+?）|\d+、)", "", lines[-2])
        assert last not in headings


def test_pages_are_set_in_kai_alone(path: Path, soffice: LibreOffice) -> None:
    fonts = subprocess.run(
        ["pdffonts", str(soffice.convert(path, "pdf"))],  # noqa: S607
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.splitlines()[2:]
    assert fonts and all("Kai" in font for font in fonts)


def test_photos_carry_neither_place_nor_camera_and_are_small(year: Year, path: Path) -> None:
    assert any(b"SecretCamera" in file.read_bytes() for file in year.photos.iterdir())
    with zipfile.ZipFile(path) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert len(media) == 5  # one photo is shown twice, and stored once
        for name in media:
            data = archive.read(name)
            assert b"SecretCamera" not in data and b"Exif" not in data
            with Image.open(io.BytesIO(data)) as image:
                assert image.format == "JPEG"
                assert max(image.size) <= 1600
                assert not image.getexif()


def test_a_photo_taken_sideways_stands_upright(year: Year, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (800, 400), "green").save(tmp_path / "side", "JPEG", exif=exif)
    picture = Picture("side", "jpeg", 800, 400, Address("a.xlsx"), caption="直立")
    sideways = year.with_items(_item("02-01", "甲", Category.DIGITAL, pictures=(picture,)))
    replace(sideways, photos=tmp_path).write(tmp_path / "a.docx")
    [shape] = docx.Document(str(tmp_path / "a.docx")).inline_shapes
    assert shape.height == pytest.approx(2 * shape.width, rel=0.01)


def test_a_photo_that_cannot_be_shown_is_a_finding_and_the_rest_goes_on(
    year: Year, tmp_path: Path
) -> None:
    (tmp_path / "broken").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    # Reading it would start Ghostscript
    Image.new("RGB", (900, 700)).save(tmp_path / "script", "EPS")
    Image.new("RGBA", (900, 700), (0, 0, 255, 128)).save(tmp_path / "good", "PNG")
    pictures = [
        Picture(blob, "jpeg", 1, 1, Address("a.xlsx", "業務", f"B{n}"), caption=f"圖說{n}")
        for n, blob in enumerate(("broken", "absent", "script", "good"))
    ]
    some = year.with_items(_item("02-01", "甲", Category.DIGITAL, pictures=tuple(pictures)))
    found = replace(some, photos=tmp_path).write(tmp_path / "a.docx")
    assert [(f.code, f.at.cell, f.value) for f in found] == [
        ("C411", "B0", "檔案毀損或格式不支援"),
        ("C411", "B1", "找不到照片檔"),
        ("C411", "B2", "檔案毀損或格式不支援"),
    ]
    assert _texts(tmp_path / "a.docx", "成果說明 圖標題") == ["圖1\u3000圖說3"]


# --- Strangers' text, and staff's data --------------------------------------------------------


def test_personal_data_never_appear(year: Year, path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        whole = "".join(
            archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        )
    personal = ["李承辦", "02-27721370", "6123", "王小明", "A12345", "林有功", "B99887", "陳督導"]
    personal += ["chen@example.gov.tw", "嘉獎", "記功", year.plan.contact_email]
    assert [value for value in personal if value in whole] == []
    assert "成效具體" not in whole and "88.5" not in whole


def test_prose_that_names_staff_is_pointed_out_without_repeating_it(
    year: Year, tmp_path: Path
) -> None:
    item = _item("02-01", "甲", Category.DIGITAL, result="由王小明（分機6123）主辦。")
    year.with_items(item).write(tmp_path / "a.docx")
    remarks = [text for text in _texts(tmp_path / "a.docx", "成果說明 待補") if "同仁姓名" in text]
    assert len(remarks) == 1
    assert "王小明" not in remarks[0]


SECRET = "歐陽無名0912"
UNITS = [unit.name for unit in PLAN.units]
PERSONAL = [
    pytest.param(form, asked.id, id=f"{form.key} {asked.id}")
    for form in FORMS.values()
    for asked in form.asked.values()
    if asked.field.personal and not asked.choices
]


def saying(form: Form, id_: str, secret: Value = SECRET) -> tuple[Dataset, Plan]:
    """The year of item 03-01 and of a return, or of settings, in which that one field says `secret`."""
    there, key = id_.split(".")
    said = {section: {key: secret} if section == there else {} for section in form.titles}
    if form is SETTINGS:
        records = [replace(r, values={**r.values, **said[r.section]}) for r in shipped_records(114)]
        if there == "last_year":
            carried: dict[str, Value] = {
                "item": "03-01",
                "unit": "03",
                "name": "甲",
                "goes_on": True,
            }
            records.append(Record(there, {**carried, **said[there]}))
        elif there in HANDED_ON:
            records.append(Record(there, {"unit": "03", "name": "甲", **said[there]}))
        plan, found = read_plan(records)
        assert plan, found
        return build.merge([build.enrolled("03-01")], plan).dataset, plan
    given: dict[str, Value] = {"item": "03-01", "entry": "A1", "name": "甲", "no": "1"}
    given |= {"present": "親自出席", "consensus": id_ != "motions.ruling", "resolution": "照案通過"}
    rows = [
        build.row(
            section.key,
            "03-01" if sheet.per_item else "",
            **{**given, "unit": unit, **said[section.key]},
        )
        for sheet, section in form.sections()
        for unit in (UNITS if section.key == "attendance" else UNITS[2:3])
    ]
    unit = "" if form.filer is Filer.COORDINATOR else "03"
    returns = [build.returned(form, *rows, unit=unit)]
    if form is not ENROLMENT:
        returns.append(build.enrolled("03-01"))
    return build.merge(returns, PLAN).dataset, PLAN


@pytest.mark.parametrize(("form", "id_"), PERSONAL)
def test_an_answer_declared_personal_is_looked_for_in_what_is_published(
    form: Form, id_: str, tmp_path: Path
) -> None:
    dataset, plan = saying(form, id_)
    for result, codes in (("已完成", set[str]()), (f"由{SECRET}主辦", {"C415"})):
        items = tuple(nouns.changed(item, result=result) for item in dataset.items)
        dataset = replace(dataset, items=items)
        year = Year(dataset, conclude(dataset, plan), plan, tmp_path)
        assert {one.code for one in year.write(tmp_path / "a.docx")} == codes


SECRETS: dict[Kind, tuple[Value, tuple[str, ...]]] = {
    **dict.fromkeys((Kind.TEXT, Kind.LONG, Kind.CODE), (SECRET, (SECRET,))),
    **dict.fromkeys((Kind.DECIMAL, Kind.INTEGER), (Decimal("73.16"), ("73.16",))),
    Kind.DATE: (date(2031, 7, 16), ("120.07.16", "120.7.16", "120年7月16日")),
}
"""What a field of a kind is made to say, and the words in which a paper may tell it."""
FREE = [
    pytest.param(form, asked.id, id=f"{form.key} {asked.id}")
    for form in FORMS.values()
    if form is not SETTINGS  # what the agency says of itself
    for asked in form.asked.values()
    if asked.field.kind in SECRETS and not (asked.choices or asked.field.given)
]


@pytest.mark.parametrize(("form", "id_"), FREE)
def test_what_is_declared_public_is_published_and_nothing_else(
    form: Form, id_: str, tmp_path: Path
) -> None:
    field = next(asked.field for asked in form.asked.values() if asked.id == id_)
    secret, words = SECRETS[field.kind]
    dataset, plan = saying(form, id_, secret)
    if id_ == "photos.caption":  # on the picture, not in a record
        photo = Picture(_photo(tmp_path, (8, 8), "red"), "jpeg", 8, 8, Address(""), caption=SECRET)
        items = tuple(replace(item, pictures=(photo,)) for item in dataset.items)
        dataset = replace(dataset, items=items)
    year = Year(dataset, conclude(dataset, plan), plan, tmp_path)
    year.write(tmp_path / "a.docx", working=False)
    told = _xml(tmp_path / "a.docx")
    assert any(word in told for word in words) is field.public


def test_the_chair_s_office_is_public_and_his_name_is_not(tmp_path: Path, year: Year) -> None:
    meeting = nouns.meeting("第1次", chair="主任秘書 許召平")
    held = replace(year, dataset=replace(year.dataset, meetings=(meeting,)))
    for result, codes in (("由主任秘書主持。", []), ("由許召平主持。", ["C415"])):
        item = _item("02-01", "甲", Category.DIGITAL, result=result)
        found = held.with_items(item).write(tmp_path / "a.docx")
        assert [one.code for one in found] == codes


def test_hostile_text_stays_text(year: Year, tmp_path: Path) -> None:
    hostile = "=cmd|' /C calc'!A0 <w:p><w:r/></w:p> ]]> &amp; { INCLUDETEXT \"C:\\\\a\" }"
    dirty = f"{hostile}\x00\x07\x1b\ud800\uffff\u202e尾\t端"
    item = _item(
        "02-01",
        dirty,
        Category.DIGITAL,
        **dict.fromkeys(("audience", "method", "target", "partners", "result"), dirty),
        next_steps=dirty,
        metrics=(
            nouns.metric(dirty, **dict.fromkeys(("unit", "target", "actual", "note"), dirty)),
        ),
    )
    year.with_items(item).write(tmp_path / "a.docx")
    assert not OpenXmlValidator().validate(tmp_path / "a.docx").errors
    clean = f"{hostile}尾\u3000端"
    texts = _texts(tmp_path / "a.docx")
    assert f"服務對象：{clean}" in texts
    assert f"{clean}（油氣發展及管理組）" in texts
    assert clean in _texts(tmp_path / "a.docx", "成果說明 表格文字")
    assert "INCLUDETEXT" not in "".join(
        re.findall(r"<w:instrText.*?</w:instrText>", _xml(tmp_path / "a.docx"))
    )


def test_the_same_year_gives_the_same_bytes(year: Year, path: Path, tmp_path: Path) -> None:
    year.write(tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_files_properties_come_from_the_plan(path: Path) -> None:
    core = docx.Document(str(path)).core_properties
    assert core.title == "經濟部能源署 114 年度提升服務效能執行成果說明"
    assert core.author == core.last_modified_by == "經濟部能源署"
    assert core.created is None and core.modified is None


# --- A template that a coordinator has touched ------------------------------------------------


def _changed(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """The template with text replaced by pattern in some parts: (part, pattern, by)."""
    target = folder / "changed.docx"
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in package().items():
            for part, pattern, by in changes:
                if name == part:
                    content = re.sub(pattern, by, content)
            archive.writestr(name, content)
    return target


def test_a_template_that_word_cannot_open_is_named(year: Year, tmp_path: Path) -> None:
    (tmp_path / "t.docx").write_bytes(b"no document")
    with pytest.raises(WorkspaceError, match=r"範本「.*」無法開啟"):
        year.write(tmp_path / "a.docx", template=tmp_path / "t.docx")


def test_a_template_saved_by_chinese_word_works_the_same(year: Year, tmp_path: Path) -> None:
    # It gives styles ids of its own, and lists other numbers.
    ids = r'(w:val|w:styleId)="(Heading|Listed)(\d)"'
    nums = r'(w:numId(?: w:val)?)="(\d)"'
    template = _changed(
        tmp_path,
        *((f"word/{part}.xml", ids, r'\1="\2x\3"') for part in ("styles", "numbering", "document")),
        *((f"word/{part}.xml", nums, r'\1="7\2"') for part in ("styles", "numbering")),
    )
    year.write(tmp_path / "a.docx", template=template)
    assert len(_texts(tmp_path / "a.docx", "Heading 3")) == 12
    assert not OpenXmlValidator().validate(tmp_path / "a.docx").errors


@pytest.mark.parametrize(
    ("pattern", "by", "message"),
    [
        ('成果說明 照片"', '別名"', "缺少樣式「照片」"),
        (r"<w:numPr>.*?</w:numPr>", "", "「heading 1」沒有編號"),
    ],
)
def test_a_template_that_lacks_something_is_named(
    year: Year, tmp_path: Path, pattern: str, by: str, message: str
) -> None:
    template = _changed(tmp_path, ("word/styles.xml", pattern, by))
    with pytest.raises(WorkspaceError, match=message):
        year.write(tmp_path / "a.docx", template=template)
