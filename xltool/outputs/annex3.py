"""Annex 3 (附件3): 執行成果說明 as a Word document that a coordinator goes on editing.

Styles and numbering are those of the template (`tools/make_annex3_template.py` makes it, a
coordinator may restyle it in Word): styles are found by name, the numbering through them. What units
wrote goes in as plain text. Nothing personal is read: no handler, phone, person or reward (R7).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length
from PIL import Image, ImageOps

from xltool import zh
from xltool.findings import Finding, finding
from xltool.forms import ENROLMENT, REPORT
from xltool.model import Address, Category, Dataset, Filing, Item, Picture
from xltool.plan import Plan
from xltool.rules.outcomes import MeetingOutcome, Outcomes
from xltool.rules.quorum import CONSENSUS
from xltool.workspace import WorkspaceError

Photo = Callable[[Picture], Path | None]
"""Gives the stored file of a picture, or None."""

PIXELS = 1600
"""Long side of a photo in the document: 300 dpi and more at the size it is printed."""
JPEG_QUALITY = 85
PHOTO_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
"""No others: Pillow would hand EPS to Ghostscript, which is no reader for a stranger's file."""
_SHORT_TABLE = 8  # rows that keep together on one page
NO_ITEM = "本年度無辦理業務。"
NOT_FILED = "（未填報）"


def write_annex3(
    path: Path,
    dataset: Dataset,
    outcomes: Outcomes,
    plan: Plan,
    *,
    photo: Photo,
    template: Path,
    working: bool = True,
) -> list[Finding]:
    """Write the document of R6 (附件3) to `path`; the same input gives the same bytes.

    Items stand under their category in the order of 業務編號. A working copy (`working`) also says,
    in remarks of a style of their own, what is still missing; of a complete year it is the final one.
    Returns a C411 for each photo that cannot be shown, and a C415
    for each part whose text names staff or gives contacts. Raises WorkspaceError when a coordinator's
    template cannot be opened, or lacks a style or its numbering.
    """
    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise WorkspaceError("附件3範本無法開啟，請還原 templates/annex3.docx") from error
    _clear(document)
    writer = _Writer(document, _private(dataset, plan), working)
    writer.paragraph("title", _title(plan))
    writer.paragraph("subtitle", f"資料截止時間：{plan.data_until}")
    _overview(writer, dataset, outcomes, plan)
    _achievements(writer, dataset, plan, photo)
    _next_steps(writer, dataset, plan)
    _properties(document, plan)
    _save(document, path)
    return writer.findings


def _title(plan: Plan) -> str:
    return f"{plan.agency} {plan.year} 年度提升服務效能執行成果說明"


# --- 壹、辦理提要 -------------------------------------------------------------------------------


def _overview(w: _Writer, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> None:
    """壹: why, how, and what was done this year, drafted from the data."""
    items = dataset.items
    reports = [f for f in dataset.filings if f.form == REPORT.key]
    w.heading(1, "辦理提要")

    w.heading(2, "作業緣由")
    w.paragraph(
        "段落",
        f"{plan.agency}（以下簡稱{plan.short}）依據{plan.basis}，訂定「{plan.title}」，"
        f"聚焦{'及'.join(Category)}{len(Category)}大類別之服務，提升為民服務效能；並依該計畫陸、一、（四），"
        f"將{plan.year}年度執行績效與成果彙整報{plan.parent}。",
    )

    w.heading(2, "辦理方式")
    kinds = Counter(unit.kind for unit in plan.units)
    w.listed(
        3,
        f"實施對象：{plan.short}所有組室，計{''.join(f'{n}{kind}' for kind, n in kinds.items())}。",
    )
    w.listed(
        3,
        "辦理程序：由各組室選定年度參與業務、服務類別及執行方法，年底填報執行成果，並就"
        f"{'、'.join(c.name for c in plan.criteria)}等{len(plan.criteria)}項構面辦理自行考核。",
    )
    w.listed(
        3,
        "督導考核：由各組室單位業務主管或專門委員以上層級組成「提升服務效能督導小組」，"
        "就所轄組室之辦理情形提出書面意見，並視需要召開會議研商。",
    )

    w.heading(2, "年度重要工作")
    units = {item.unit for item in items}
    counts = "、".join(f"{c}類{sum(i.category is c for i in items)}項" for c in Category)
    text = f"參與業務：{plan.year}年度計{len(units)}個單位參與，辦理業務{len(items)}項（{counts}）"
    nil = [f for f in dataset.filings if f.form == ENROLMENT.key and f.nil]
    others = f"；另{_names(nil, plan)}本年度無參與業務。" if nil else "。"
    if items:
        w.listed(3, f"{text}，各項業務如", w.reference("表"), others)
    else:
        w.listed(3, text + others)
    filed = [f for f in reports if f.filed]
    text = f"成果填報：{len(plan.units)}個單位中，{len(filed)}個單位完成填報"
    if nil := [f for f in filed if f.nil]:
        text += f"（其中{_names(nil, plan)}本年度無執行成果）"
    scored = sum(score.self_total.value is not None for score in outcomes.scoring.items)
    text += (
        f"，計有{sum(i.reported for i in items)}項業務提報執行成果，{scored}項完成全部構面之自評。"
    )
    w.listed(3, text)
    reviewed = sum(any(r.opinion for r in item.reviews) for item in items)
    if reviewed:
        w.listed(3, f"書面意見：督導小組成員就{reviewed}項業務提出書面意見。")
    for meeting in outcomes.meetings:
        _meeting(w, meeting)
    if not outcomes.meetings:
        w.remark("尚無督導小組會議紀錄；如已召開，請補登會議紀錄表。")
    if late := [f for f in reports if not f.filed]:
        w.remark(f"尚未完成執行成果填報：{_names(late, plan)}。")
    w.leak_remark("壹、辦理提要")
    if items:
        w.caption("表", f"{plan.year}年度參與業務一覽", above=True)
        w.table(
            _Columns(("業務編號", "業務名稱", "單位", "類別"), (1220, 3486, 2666, 1700), {0, 3}),
            [
                (i.id, i.name, plan.unit_name(i.unit), i.category or "待確認")
                for i in sorted(items, key=_order)
            ],
            f"{plan.year}年度各單位參與業務之編號、名稱、單位及服務類別",
        )


def _meeting(w: _Writer, meeting: MeetingOutcome) -> None:
    """A meeting that was valid, and what it decided (附件2.四.(二))."""
    name = w.say(meeting.no)
    if not meeting.quorate:
        w.remark(f"{name}會議出席{meeting.present}人，未過半數，未列入本說明。")
        return
    day = f"於{zh.roc_long(meeting.day)}" if meeting.day else ""
    text = f"督導小組會議：{day}召開{name}會議，成員{meeting.members}人，出席{meeting.present}人"
    decided = [motion for motion in meeting.motions if motion.basis]
    w.listed(3, f"{text}，決議如下：" if decided else f"{text}。")
    for motion in decided:
        subject, decision = (
            " ".join(w.say(part).split("\n")).rstrip("。")
            for part in (motion.subject, motion.decision)
        )
        basis = "出席成員達成共識" if motion.basis == CONSENSUS else motion.basis
        w.listed(4, f"{subject}：{decision}（{basis}）。")
    if open_ := [motion.no for motion in meeting.motions if not motion.basis]:
        w.remark(f"{name}會議第{'、'.join(open_)}案未達共識且無召集人裁示，未列入本說明。")


def _names(filings: Iterable[Filing], plan: Plan) -> str:
    return "、".join(plan.unit_name(filing.unit) for filing in filings)


# --- 貳、推動成效 and 參、未來精進方向 -------------------------------------------------------------


def _order(item: Item) -> tuple[str, str]:
    return item.unit, item.id


def _by_category(w: _Writer, items: Sequence[Item]) -> Iterator[Item]:
    """Write the headings 一、 and 二、, giving out the items that stand under each.

    An item without a category is never dropped: it comes last, under a heading that says so.
    """
    groups: list[tuple[str, Category | None]] = [(f"{c}類", c) for c in Category]
    if any(item.category is None for item in items):
        groups.append(("服務類別待確認", None))
    for title, category in groups:
        w.heading(2, title)
        members = sorted((i for i in items if i.category is category), key=_order)
        if not members:
            w.paragraph("段落", NO_ITEM)
        yield from members


def _head(w: _Writer, item: Item, plan: Plan) -> None:
    w.heading(3, f"{_line(w.say(item.name))}（{plan.unit_name(item.unit)}）")


def _achievements(w: _Writer, dataset: Dataset, plan: Plan, photo: Photo) -> None:
    """貳: by category, then item by item."""
    nil = {f.unit for f in dataset.filings if f.form == REPORT.key and f.nil}
    w.heading(1, "推動成效")
    for item in _by_category(w, dataset.items):
        _head(w, item, plan)
        w.heading(4, "服務對象與執行方法")
        for label, text in (
            ("服務對象", item.audience),
            ("執行方法", item.method),
            ("年度目標", item.target),
            ("合作對象", item.partners),
        ):
            lines = w.say(text).split("\n")
            if len(lines) > 1:
                w.listed(5, f"{label}：")
                for line in lines:
                    w.paragraph("條列續段", line)
            elif lines != [""]:
                w.listed(5, f"{label}：{lines[0]}")
        if item.change:
            w.remark(f"單位說明與調查表不同之處：{w.say(item.change)}")
        w.heading(4, "辦理情形")
        if item.result:
            w.prose("項目段落", item.result, level=5)
        elif item.unit in nil:
            w.paragraph("項目段落", "本年度無執行成果。")
        else:
            w.missing("項目段落")
        _photos(w, item, photo)
        if item.metrics:
            w.heading(4, "量化成效")
            _metrics(w, item)
        w.leak_remark(f"貳、推動成效 {item.id}")


def _metrics(w: _Writer, item: Item) -> None:
    name = _line(w.say(item.name))
    w.paragraph("項目段落", "各項指標之目標與實績如", w.reference("表"), "。", keep=True)
    w.caption("表", f"{name}量化成效", above=True)
    w.table(
        _Columns(
            ("指標", "單位", "目標值", "實績值", "說明"), (2800, 950, 1450, 1450, 2422), {1, 2, 3}
        ),
        [tuple(map(w.say, (m.name, m.unit, m.target, m.actual, m.note))) for m in item.metrics],
        f"{name}各項指標之單位、目標值、實績值及說明",
    )


def _photos(w: _Writer, item: Item, photo: Photo) -> None:
    shown = []
    for at, picture in enumerate(item.pictures, 1):
        try:
            shown.append((_jpeg(photo(picture)), _line(w.say(picture.caption))))
        except _UnusablePhotoError as error:
            w.findings.append(finding("C411", picture.at, str(error)))
            w.remark(f"第{at}張照片無法讀取（{error}），未列入。")
    if not shown:
        return
    name = _line(w.say(item.name))
    span: list[str | _Reference] = [w.reference("圖")]
    if len(shown) > 1:
        span += ["至", w.reference("圖", ahead=len(shown))]
    w.paragraph("項目段落", "辦理情形照片如", *span, "。", keep=True)
    w.photos(
        [(jpeg, caption or f"{name}辦理情形") for jpeg, caption in shown], f"{name}辦理情形照片"
    )


def _next_steps(w: _Writer, dataset: Dataset, plan: Plan) -> None:
    """參: what each item will strengthen next."""
    w.heading(1, "未來精進方向")
    for item in _by_category(w, dataset.items):
        _head(w, item, plan)
        if item.next_steps:
            w.prose("項目段落", item.next_steps, level=4)
        else:
            w.missing("項目段落")
        w.leak_remark(f"參、未來精進方向 {item.id}")


# --- Text of units ----------------------------------------------------------------------------

# Beyond `zh.clean`: what XML forbids, and marks that turn the direction of the text around them.
_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
# Quotes, dashes and enclosed numbers: Word takes them for Latin unless told otherwise.
_AMBIGUOUS = re.compile("[“”‘’…—·×÷±°§①-⓿■□▲△○●◎★☆→←↑↓]")
# The kinds of number people type before a paragraph; 1.5 and 114.6.15 are none.
_TYPED = re.compile(
    r"(?:(?P<dot>\d{1,2})[.．](?!\d)|(?P<comma>\d{1,2})、|(?P<half>\d{1,2})[)）]"
    r"|[(（](?P<full>\d{1,2})[)）]|(?P<cjk>[一二三四五六七八九十]{1,3})、"
    r"|[(（](?P<cjk_full>[一二三四五六七八九十]{1,3})[)）]|(?P<ring>[①-⑳]))[ \u3000]*(?=\S)"
)
_DIGITS = "一二三四五六七八九"


def _clean(text: str) -> str:
    """Plain text: no control characters, tabs as spaces, empty lines left out."""
    lines = zh.clean(_FORBIDDEN.sub("", text)).replace("\t", "\u3000").split("\n")
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    """Text for a heading or caption, which are one line."""
    return " ".join(text.split("\n"))


def _ordinal(number: str) -> int:
    """Value of a typed number: 3, ３, ③, 三, 十三 or 二十三; 0 when none."""
    if number in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return ord(number) - ord("①") + 1
    if number.isdigit():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    value = _DIGITS.find(ones) + 1 if ones else 0
    return value + (10 * (_DIGITS.find(tens) + 1 if tens else 1) if ten else 0)


def _itemised(lines: Sequence[str]) -> list[tuple[bool, str]] | None:
    """The lines with (is a list item, text without its typed number), or None.

    Only one plain list, 1 to n in one notation, is understood; anything else stays as typed, for a
    guess could change what the unit says.
    """
    found = [(line, _TYPED.match(line)) for line in lines]
    marks = [match for _, match in found if match]
    if len({match.lastgroup for match in marks}) != 1 or len(marks) < 2:
        return None
    numbers = [_ordinal(match[match.lastgroup]) for match in marks if match.lastgroup]
    if numbers != list(range(1, len(marks) + 1)):
        return None
    return [(bool(match), line[match.end() :] if match else line) for line, match in found]


def _private(dataset: Dataset, plan: Plan) -> tuple[str, ...]:
    """What identifies staff: C415 says where a unit's own prose holds any of it (R7)."""
    people = (*dataset.people, *dataset.entry_people)
    values = {plan.contact_name, plan.contact_phone, plan.contact_email}
    values |= {item.handler for item in dataset.items} | {item.phone for item in dataset.items}
    values |= {review.reviewer for item in dataset.items for review in item.reviews}
    values |= {m.name for m in dataset.members} | {m.email for m in dataset.members}
    values |= {p.name for p in people} | {p.staff_id for p in people}
    values |= {f.filler for f in dataset.filings} | {f.phone for f in dataset.filings}
    for meeting in dataset.meetings:
        values |= {seat.name for seat in meeting.attendance}
        values |= set(meeting.chair.split()[-1:])  # 主任秘書 許召平: the office is public
    return tuple(sorted(value for value in values if len(value) > 1))


# --- Photos -----------------------------------------------------------------------------------


class _UnusablePhotoError(Exception):
    """A photo that cannot be shown; the message says why, in Chinese."""


def _jpeg(path: Path | None) -> bytes:
    """The photo upright, at most `PIXELS` long, as a JPEG of nothing but the picture.

    Where and when it was taken, and with which camera, stays behind (R7).
    """
    if path is None or not path.is_file():
        raise _UnusablePhotoError("找不到照片檔")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which are left behind anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=PHOTO_FORMATS) as source:
                source.draft("RGB", (PIXELS, PIXELS))  # JPEG decodes small at once, much faster
                ImageOps.exif_transpose(source, in_place=True)
                image: Image.Image = source
                if image.has_transparency_data:
                    layer = image.convert("RGBA")
                    image = Image.new("RGBA", layer.size, "white")
                    image.alpha_composite(layer)
                if image.mode != "RGB":
                    image = image.convert("RGB")
                image.thumbnail((PIXELS, PIXELS), Image.Resampling.BICUBIC)
                out = io.BytesIO()
                image.info.clear()  # from where Pillow would take comments and the like
                image.save(out, "JPEG", quality=JPEG_QUALITY)
                return out.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _UnusablePhotoError("像素過多") from error
    except Exception as error:  # on damaged metadata Pillow raises whatever comes
        raise _UnusablePhotoError("檔案毀損或格式不支援") from error


# --- Writing Word -----------------------------------------------------------------------------

_GRID = 4536  # twentieths of a point: half the width between the margins
_GRID_BOX = (Cm(7.5), Cm(5.7))
_SINGLE_BOX = (Cm(12), Cm(8.5))


@dataclass(frozen=True)
class _Reference:
    """A reference to a numbered caption, like 表1."""

    kind: str
    number: int

    @property
    def bookmark(self) -> str:
        return f"_Ref{'Table' if self.kind == '表' else 'Figure'}{self.number}"


@dataclass(frozen=True)
class _Columns:
    """Columns of a table: headings, widths (twentieths of a point, 9072 in all), centred ones."""

    titles: tuple[str, ...]
    widths: tuple[int, ...]
    centred: set[int]


class _Writer:
    """Appends to a document's body: numbered headings, paragraphs, captions, tables, photos.

    Styles are named without 「成果說明」, which the template's own carry.
    """

    def __init__(self, document: Document, private: tuple[str, ...], working: bool) -> None:  # noqa: FBT001
        self.findings: list[Finding] = []
        self._document = document
        self._body = document.element.body
        self._private = private
        self._working = working
        self._leaked = False
        self._numbered = {"表": 0, "圖": 0}
        self._bookmarks = 0
        self._styles = {
            style.name_val.casefold().removeprefix("成果說明 "): style
            for style in document.styles.element.style_lst
            if style.name_val
        }
        for level in (1, 2, 3, 4):
            self._numbering(f"heading {level}")
        self._lists: dict[int, int] = {}

    def _style(self, name: str) -> Any:
        try:
            return self._styles[name]
        except KeyError:
            raise WorkspaceError(
                f"附件3範本缺少樣式「{name}」，請還原 templates/annex3.docx"
            ) from None

    def _numbering(self, style: str) -> Any:
        """The list (w:abstractNumId) that numbers a style."""
        number = self._style(style).find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            for num in self._document.part.numbering_part.element.num_lst:
                if number.get(qn("w:val")) == str(num.numId):
                    return num.abstractNumId.val
        raise WorkspaceError(f"附件3範本的樣式「{style}」沒有編號，請還原 templates/annex3.docx")

    # Text

    def say(self, text: str) -> str:
        """A unit's text made plain; remembers when it names a person or gives a contact."""
        plain = _clean(text)
        self._leaked |= any(value in plain for value in self._private)
        return plain

    def heading(self, level: int, text: str) -> None:
        """A heading; its number comes from the style. Lists below it start anew."""
        self._lists.clear()
        self.paragraph(f"heading {level}", text)

    def paragraph(self, style: str, *content: str | _Reference, keep: bool = False) -> None:
        """A paragraph of text and references; `keep` it on one page with what follows."""
        self._body.insert_element_before(self._paragraph(style, *content, keep=keep), "w:sectPr")

    def listed(self, level: int, *content: str | _Reference) -> None:
        """A paragraph with the number of a heading's level (3: （一）, 4: 1、, 5: (1)), but no heading."""
        style = f"條列{level}"
        if level not in self._lists:
            # Another instance of the same list is the one way to start again that all programs know.
            numbering = self._document.part.numbering_part.element
            num = numbering.add_num(self._numbering(style))
            num.add_lvlOverride(ilvl=level - 1).add_startOverride(1)
            self._lists[level] = num.numId
        for deeper in [known for known in self._lists if known > level]:
            del self._lists[deeper]
        paragraph = self._paragraph(style, *content)
        number = _element("w:numPr")
        number.append(_element("w:ilvl", val=level - 1))
        number.append(_element("w:numId", val=self._lists[level]))
        paragraph[0].append(number)
        self._body.insert_element_before(paragraph, "w:sectPr")

    def prose(self, style: str, text: str, level: int) -> None:
        """A unit's text, paragraph by paragraph; one plain typed list becomes a list of `level`."""
        lines = self.say(text).split("\n")
        started = False
        for is_item, line in _itemised(lines) or [(False, line) for line in lines]:
            started |= is_item
            if is_item:
                self.listed(level, line)
            else:
                self.paragraph("條列續段" if started else style, line)

    def missing(self, style: str) -> None:
        """Where a unit has written nothing."""
        self.paragraph("待補" if self._working else style, NOT_FILED)

    def remark(self, text: str) -> None:
        """A remark to the coordinator, in a working copy only."""
        if self._working:
            self.paragraph("待補", f"【待補】{_line(text)}")

    def leak_remark(self, part: str) -> None:
        """Say it when text since the last call named a person or gave a contact (R7)."""
        if self._leaked:
            self.findings.append(finding("C415", Address("附件3", part)))
            self.remark("以上文字含有同仁姓名、職員編號或聯絡資料，公布前請確認並刪除。")
        self._leaked = False

    def _paragraph(self, style: str, *content: str | _Reference, keep: bool = False) -> Any:
        paragraph = OxmlElement("w:p")
        properties = _element("w:pPr")
        properties.append(_element("w:pStyle", val=self._style(style).styleId))
        paragraph.append(properties)
        if keep:
            properties.append(_element("w:keepNext"))
        for part in content:
            if isinstance(part, str):
                paragraph.append(_run(part))
            else:
                paragraph.extend(
                    _field(f" REF {part.bookmark} \\h ", [_run(f"{part.kind}{part.number}")])
                )
        return paragraph

    # Captions

    def reference(self, kind: str, ahead: int = 1) -> _Reference:
        """A reference to the caption of that kind that comes `ahead` from here."""
        return _Reference(kind, self._numbered[kind] + ahead)

    def caption(self, kind: str, text: str, *, above: bool) -> None:
        """A numbered caption of a table."""
        self._body.insert_element_before(self._caption(kind, text, above=above), "w:sectPr")

    def _caption(self, kind: str, text: str, *, above: bool) -> Any:
        self._numbered[kind] += 1
        number = self._numbered[kind]
        paragraph = self._paragraph("表標題" if above else "圖標題")
        self._bookmarks += 1
        name = _Reference(kind, number).bookmark
        paragraph.append(_element("w:bookmarkStart", id=self._bookmarks, name=name))
        paragraph.append(_run(kind))
        paragraph.extend(_field(f" SEQ {kind} \\* ARABIC ", [_run(str(number))]))
        paragraph.append(_element("w:bookmarkEnd", id=self._bookmarks))
        paragraph.append(_run(f"\u3000{text}"))
        return paragraph

    # Tables and photos

    def table(self, columns: _Columns, rows: Iterable[Sequence[str]], description: str) -> None:
        """A table whose head is repeated on each page; no row is torn apart, nor a short table."""
        table = self._table("表格", columns.widths, description, head=True)
        body = list(rows)
        short = len(body) <= _SHORT_TABLE
        table.append(
            _row(
                [
                    _cell(width, [self._paragraph("表頭", title, keep=True)])
                    for title, width in zip(columns.titles, columns.widths, strict=True)
                ],
                head=True,
            )
        )
        for number, row in enumerate(body, 1):
            keep = short and number < len(body)
            cells = []
            for at, (text, width) in enumerate(zip(row, columns.widths, strict=True)):
                style = "表格置中文字" if at in columns.centred else "表格文字"
                lines = [
                    self._paragraph(style, line, keep=keep) for line in _clean(text).split("\n")
                ]
                cells.append(_cell(width, lines))
            table.append(_row(cells))
        self._body.insert_element_before(table, "w:sectPr")

    def photos(self, photos: Sequence[tuple[bytes, str]], description: str) -> None:
        """Photos, two beside each other, each with its caption in the same cell."""
        table = self._table("照片格", (_GRID, _GRID), description, head=False)
        for at in range(0, len(photos), 2):
            pair = photos[at : at + 2]
            box = _SINGLE_BOX if len(photos) == 1 else _GRID_BOX
            cells = []
            for jpeg, caption in pair:
                picture = self._paragraph("照片")
                picture.append(self._picture(jpeg, caption, box))
                content = [picture, self._caption("圖", caption, above=False)]
                cells.append(_cell(_GRID * (2 // len(pair)), content, span=2 // len(pair)))
            table.append(_row(cells))
        self._body.insert_element_before(table, "w:sectPr")

    def _table(self, style: str, widths: Sequence[int], description: str, *, head: bool) -> Any:
        table = OxmlElement("w:tbl")
        properties = _element("w:tblPr")
        properties.append(_element("w:tblStyle", val=self._style(style).styleId))
        properties.append(_element("w:tblW", w=sum(widths), type="dxa"))
        properties.append(_element("w:jc", val="center"))
        properties.append(_element("w:tblLayout", type="fixed"))
        properties.append(
            _element("w:tblLook", val="0020" if head else "0000", firstRow=int(head), noHBand=1)
        )
        properties.append(_element("w:tblCaption", val=description))
        properties.append(_element("w:tblDescription", val=description))
        table.append(properties)
        grid = _element("w:tblGrid")
        grid.extend(_element("w:gridCol", w=width) for width in widths)
        table.append(grid)
        return table

    def _picture(self, jpeg: bytes, caption: str, box: tuple[Length, Length]) -> Any:
        """A run with the photo as large as fits into `box`, its caption as alternative text."""
        _, image = self._document.part.get_or_add_image(io.BytesIO(jpeg))
        scale = min(box[0] / image.px_width, box[1] / image.px_height)
        inline = self._document.part.new_pic_inline(
            io.BytesIO(jpeg), Emu(int(image.px_width * scale)), Emu(int(image.px_height * scale))
        )
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # else LibreOffice adds 9 points a side
        inline.docPr.set("descr", caption)
        run = OxmlElement("w:r")
        drawing = OxmlElement("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        return run


def _element(tag: str, **attributes: object) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


def _run(text: str) -> Any:
    """A run of plain text; fonts come from the style."""
    run = OxmlElement("w:r")
    if _AMBIGUOUS.search(text):
        properties = OxmlElement("w:rPr")
        properties.append(_element("w:rFonts", hint="eastAsia"))
        run.append(properties)
    words = OxmlElement("w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run


def _field(instruction: str, result: Sequence[Any]) -> list[Any]:
    """A complex field with its result as it stands now: nothing has to be updated on opening."""
    code = OxmlElement("w:instrText")
    code.text = instruction
    code.set(qn("xml:space"), "preserve")
    runs = []
    for content in (
        _element("w:fldChar", fldCharType="begin"),
        code,
        _element("w:fldChar", fldCharType="separate"),
    ):
        run = OxmlElement("w:r")
        run.append(content)
        runs.append(run)
    end = OxmlElement("w:r")
    end.append(_element("w:fldChar", fldCharType="end"))
    return [*runs, *result, end]


def _cell(width: int, paragraphs: Sequence[Any], span: int = 1) -> Any:
    cell = OxmlElement("w:tc")
    properties = _element("w:tcPr")
    properties.append(_element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(_element("w:gridSpan", val=span))
    for child in list(cell):  # the paragraph that a new cell comes with
        cell.remove(child)
    cell.append(properties)
    cell.extend(paragraphs)
    return cell


def _row(cells: Sequence[Any], *, head: bool = False) -> Any:
    row = OxmlElement("w:tr")
    properties = _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    if head:
        properties.append(_element("w:tblHeader"))
    row.append(properties)
    row.extend(cells)
    return row


def _clear(document: Document) -> None:
    """Take the template's own text out; its section, paper and footer stay."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _properties(document: Document, plan: Plan) -> None:
    """Title and author for the file's properties; no times, which would differ from run to run."""
    core = document.core_properties
    core.title = _title(plan)
    core.subject = plan.title
    core.author = core.last_modified_by = plan.agency
    core.language = "zh-TW"


def _save(document: Document, path: Path) -> None:
    """Save with the same date on every part: zip files otherwise carry the time of writing."""
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            stored = name.endswith(".jpg")
            target.writestr(
                zipfile.ZipInfo(name),
                source.read(name),
                zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED,
            )
