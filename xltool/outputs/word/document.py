"""Word documents out of plain text: headings, lists, captions, tables and photos in a template's styles.

What units wrote goes in as text alone; fonts, numbers and margins are the template's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length

from xltool import zh
from xltool.columns import Row
from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.outputs.shown import Shown
from xltool.patterns import pattern
from xltool.plan import Plan
from xltool.store.workspace import WorkspaceError

_SHORT_TABLE = 8  # rows that keep together on one page
NOT_FILED = "（未填報）"


_RESTORE = "請改正這個檔案，或刪除它以改用程式隨附的範本"


def open_template(template: Path) -> Document:
    """The template without its own text. Raises WorkspaceError when it cannot be opened."""
    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise WorkspaceError(f"附件3範本「{template}」無法開啟；{_RESTORE}") from error
    clear(document)
    return document


# --- Text of units ----------------------------------------------------------------------------

# Beyond `zh.clean`: what XML forbids, and marks that turn the direction of the text around them.
_FORBIDDEN = pattern("[\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
# Quotes, dashes and enclosed numbers: Word takes them for Latin unless told otherwise.
_AMBIGUOUS = pattern("[“”‘’…—·×÷±°§①-⓿■□▲△○●◎★☆→←↑↓]")
# The kinds of number people type before a paragraph; 1.5 and 114.6.15 are none.
_TYPED = pattern(
    r"(?:(?P<dot>\d{1,2})[.．](?!\d)|(?P<comma>\d{1,2})、|(?P<half>\d{1,2})[)）]"
    r"|[(（](?P<full>\d{1,2})[)）]|(?P<cjk>[一二三四五六七八九十]{1,3})、"
    r"|[(（](?P<cjk_full>[一二三四五六七八九十]{1,3})[)）]|(?P<ring>[①-⑳]))[ \u3000]*(?=\S)"
)
_DIGITS = "一二三四五六七八九"


def plain_text(text: str) -> str:
    """Plain text: no control characters, tabs as spaces, empty lines left out."""
    lines = zh.clean(_FORBIDDEN.sub("", text)).replace("\t", "\u3000").split("\n")
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
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


def listed_text(text: str) -> list[tuple[bool, str]] | None:
    """The lines of a text that is one plain list, also where its items follow each other in a paragraph
    (一、…。二、…。), as (is a list item, text without its typed number); else None."""
    lines = text.split("\n")
    return _itemised(lines) or _itemised([part for line in lines for part in _parted(line)])


def _parted(line: str) -> list[str]:
    """A line as the items that it runs through: numbers in one notation, each at the start of a sentence,
    with none left over; before the first at most what leads to a list (：). Any other line whole."""
    marks = list(_TYPED.finditer(line))
    starts = [mark for mark in marks if not mark.start() or line[mark.start() - 1] in _ENDS]
    kinds = {mark.lastgroup for mark in starts}
    if (
        len(starts) < 2
        or len(kinds) != 1
        or any(m.lastgroup in kinds for m in marks if m not in starts)
    ):
        return [line]
    lead = line[: starts[0].start()]
    if lead and not lead.endswith("："):
        return [line]
    ends = [*(mark.start() for mark in starts[1:]), len(line)]
    items = [line[mark.start() : end] for mark, end in zip(starts, ends, strict=True)]
    return [lead, *items] if lead else items


_ENDS = "。；！？："


# --- Writing Word -----------------------------------------------------------------------------

WIDTH = 9072
"""Between the margins, in twentieths of a point."""
_GRID = WIDTH // 2
_GRID_BOX = (Cm(7.5), Cm(5.7))
_SINGLE_BOX = (Cm(12), Cm(8.5))


@dataclass(frozen=True)
class Reference:
    """A reference to a numbered caption, like 表1."""

    kind: str
    number: int

    @property
    def bookmark(self) -> str:
        """The name of the bookmark at the caption."""
        return f"_Ref{'Table' if self.kind == '表' else 'Figure'}{self.number}"


class Writer:
    """Appends to a document's body: numbered headings, paragraphs, captions, tables, photos.

    Styles are named without 「成果說明」, which the template's own carry.
    """

    def __init__(
        self, document: Document, template: Path, private: tuple[str, ...] = (), *, working: bool
    ) -> None:
        self.findings: list[Finding] = []
        self._document = document
        self._template = template
        self._body = document.element.body
        self._private = private
        self._working = working
        self._leaked = False
        self._turned = False
        self._numbered = {"表": 0, "圖": 0}
        self._bookmarks = self._pictures = 0
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
            told = f"附件3範本「{self._template}」缺少樣式「{name}」；{_RESTORE}"
            raise WorkspaceError(told) from None

    def _numbering(self, style: str) -> Any:
        """The list (w:abstractNumId) that numbers a style."""
        number = self._style(style).find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            for num in self._document.part.numbering_part.element.num_lst:
                if number.get(qn("w:val")) == str(num.numId):
                    return num.abstractNumId.val
        raise WorkspaceError(f"附件3範本「{self._template}」的樣式「{style}」沒有編號；{_RESTORE}")

    # Text

    def say(self, text: str) -> str:
        """A unit's text made plain; remembers when it names a person or gives a contact."""
        plain = plain_text(text)
        self._leaked |= any(value in plain for value in self._private)
        return plain

    def heading(self, level: int, text: str) -> None:
        """A heading; its number comes from the style. Lists below it start anew."""
        self._lists.clear()
        self.paragraph(f"heading {level}", text)

    def paragraph(self, style: str, *content: str | Reference, keep: bool = False) -> None:
        """A paragraph of text and references; `keep` it on one page with what follows."""
        self._body.insert_element_before(self._paragraph(style, *content, keep=keep), "w:sectPr")

    def listed(self, level: int, *content: str | Reference) -> None:
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
        number = element("w:numPr")
        number.append(element("w:ilvl", val=level - 1))
        number.append(element("w:numId", val=self._lists[level]))
        paragraph[0].append(number)
        self._body.insert_element_before(paragraph, "w:sectPr")

    def prose(self, style: str, text: str, level: int) -> None:
        """A unit's text, paragraph by paragraph; one plain typed list becomes a list of `level`."""
        said = self.say(text)
        started = False
        for is_item, line in listed_text(said) or [(False, line) for line in said.split("\n")]:
            started |= is_item
            if is_item:
                self.listed(level, line)
            else:
                self.paragraph("條列續段" if started else style, line)

    def turn_page(self) -> None:
        """Begin a page with what comes next."""
        self._turned = True

    def missing(self, style: str) -> None:
        """Where a unit has written nothing."""
        self.paragraph("待補" if self._working else style, NOT_FILED)

    def remark(self, text: str) -> None:
        """A remark to the coordinator, in a working copy only."""
        if self._working:
            self.paragraph("待補", f"【待補】{one_line(text)}")

    def leak_remark(self, part: str) -> None:
        """Say it when text since the last call named a person or gave a contact (R7)."""
        if self._leaked:
            self.findings.append(finding("C415", Address("附件3", part)))
            self.remark("以上文字含有同仁姓名、職員編號或聯絡資料，公布前請確認並刪除。")
        self._leaked = False

    def _paragraph(self, style: str, *content: str | Reference, keep: bool = False) -> Any:
        paragraph = OxmlElement("w:p")
        properties = element("w:pPr")
        properties.append(element("w:pStyle", val=self._style(style).styleId))
        paragraph.append(properties)
        if keep:
            properties.append(element("w:keepNext"))
        if self._turned:
            properties.append(element("w:pageBreakBefore"))
            self._turned = False
        for part in content:
            if isinstance(part, str):
                paragraph.append(_run(part))
            else:
                paragraph.extend(
                    _field(f" REF {part.bookmark} \\h ", [_run(f"{part.kind}{part.number}")])
                )
        return paragraph

    # Captions

    def reference(self, kind: str, ahead: int = 1) -> Reference:
        """A reference to the caption of that kind that comes `ahead` from here."""
        return Reference(kind, self._numbered[kind] + ahead)

    def caption(self, kind: str, text: str, *, above: bool) -> None:
        """A numbered caption of a table."""
        self._body.insert_element_before(self._caption(kind, text, above=above), "w:sectPr")

    def _caption(self, kind: str, text: str, *, above: bool) -> Any:
        self._numbered[kind] += 1
        number = self._numbered[kind]
        paragraph = self._paragraph("表標題" if above else "圖標題")
        self._bookmarks += 1
        name = Reference(kind, number).bookmark
        paragraph.append(element("w:bookmarkStart", id=self._bookmarks, name=name))
        paragraph.append(_run(kind))
        paragraph.extend(_field(f" SEQ {kind} \\* ARABIC ", [_run(str(number))]))
        paragraph.append(element("w:bookmarkEnd", id=self._bookmarks))
        paragraph.append(_run(f"\u3000{text}"))
        return paragraph

    # Tables and photos

    def header(self, text: str) -> None:
        """What stands above every page."""
        section = self._document.sections[0]
        section.header.is_linked_to_previous = False
        old = section.header._element
        for paragraph in list(old):
            old.remove(paragraph)
        old.append(self._paragraph("表格置中文字", text))

    def table(
        self,
        columns: Sequence[Shown],
        rows: Iterable[Row],
        description: str,
        *,
        height: int = 0,
    ) -> None:
        """A table whose head is repeated on each page; no row is torn apart, nor a short table.

        Widths are twentieths of a point, `WIDTH` in all. `height`: rows are at least so high, in the
        same measure, to be written in by hand.
        """
        table = self._table("表格", [int(one.width) for one in columns], description, head=True)
        head = [
            _cell(int(one.width), [self._paragraph("表頭", one.heading, keep=True)])
            for one in columns
        ]
        table.append(_row(head, head=True))
        body = list(rows)
        short = len(body) <= _SHORT_TABLE
        for number, row in enumerate(body, 1):
            keep = short and number < len(body)
            cells = [self._said(one, row, keep=keep) for one in columns]
            table.append(_row(cells, height=height))
        self._body.insert_element_before(table, "w:sectPr")

    def _said(self, shown: Shown, row: Row, *, keep: bool) -> Any:
        """The cell in which a column says its part of a row."""
        style = "表格置中文字" if shown.centred else "表格文字"
        lines = self.say(shown.text(row)).split("\n")
        return _cell(int(shown.width), [self._paragraph(style, line, keep=keep) for line in lines])

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
        properties = element("w:tblPr")
        properties.append(element("w:tblStyle", val=self._style(style).styleId))
        properties.append(element("w:tblW", w=sum(widths), type="dxa"))
        properties.append(element("w:jc", val="center"))
        properties.append(element("w:tblLayout", type="fixed"))
        properties.append(
            element("w:tblLook", val="0020" if head else "0000", firstRow=int(head), noHBand=1)
        )
        properties.append(element("w:tblCaption", val=description))
        properties.append(element("w:tblDescription", val=description))
        table.append(properties)
        grid = element("w:tblGrid")
        grid.extend(element("w:gridCol", w=width) for width in widths)
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
        # python-docx counts what is in the document already: not the pictures of the same table.
        self._pictures += 1
        inline.docPr.set("id", str(self._pictures))
        inline.docPr.set("name", f"照片 {self._pictures}")
        inline.docPr.set("descr", caption)
        run = OxmlElement("w:r")
        drawing = OxmlElement("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        return run


def element(tag: str, **attributes: object) -> Any:
    """An element with attributes of Word's own namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def _run(text: str) -> Any:
    """A run of plain text; fonts come from the style."""
    run = OxmlElement("w:r")
    if _AMBIGUOUS.search(text):
        properties = OxmlElement("w:rPr")
        properties.append(element("w:rFonts", hint="eastAsia"))
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
        element("w:fldChar", fldCharType="begin"),
        code,
        element("w:fldChar", fldCharType="separate"),
    ):
        run = OxmlElement("w:r")
        run.append(content)
        runs.append(run)
    end = OxmlElement("w:r")
    end.append(element("w:fldChar", fldCharType="end"))
    return [*runs, *result, end]


def _cell(width: int, paragraphs: Sequence[Any], span: int = 1) -> Any:
    cell = OxmlElement("w:tc")
    properties = element("w:tcPr")
    properties.append(element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
    for child in list(cell):  # the paragraph that a new cell comes with
        cell.remove(child)
    cell.append(properties)
    cell.extend(paragraphs)
    return cell


def _row(cells: Sequence[Any], *, head: bool = False, height: int = 0) -> Any:
    row = OxmlElement("w:tr")
    properties = element("w:trPr")
    properties.append(element("w:cantSplit"))
    if height:
        properties.append(element("w:trHeight", val=height, hRule="atLeast"))
    if head:
        properties.append(element("w:tblHeader"))
    row.append(properties)
    row.extend(cells)
    return row


def clear(document: Document) -> None:
    """Take the template's own text out; its section, paper and footer stay."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def describe(document: Document, title: str, plan: Plan) -> None:
    """Title and author for the file's properties; no times, which would differ from run to run."""
    core = document.core_properties
    core.title, core.subject = title, plan.title
    core.author = core.last_modified_by = plan.agency
    core.language = "zh-TW"


def save(document: Document, path: Path) -> None:
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
