"""Make templates/annex3.docx: paper, styles and numbering of Annex 3 (附件3, 填寫說明).

    python tools/make_annex3_template.py

The file is committed, and a coordinator may restyle it in Word: `xltool.outputs.word.annex3` finds styles
by the names below, and the numbering through them. This script gives the original back.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

TARGET = Path(__file__).parent.parent / "templates" / "annex3.docx"

FONT = "標楷體"
FONTS = f'<w:rFonts w:ascii="{FONT}" w:eastAsia="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
BODY, HEAD, SMALL = 28, 32, 24  # half-points: 內文 14, 標題 16; tables and captions 12
LINE = 400  # twentieths of a point: 固定行高 20 點
MARGIN = 1417  # twentieths: 2.5 cm

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "application/vnd.openxmlformats-officedocument"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

# --- Styles -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paragraph:
    """A paragraph style. `ppr` and `rpr` hold properties in the order of the schema."""

    id: str
    name: str
    ppr: str = ""
    rpr: str = ""
    base: str = "Normal"
    after: str = ""
    """The style of the paragraph that follows, when not this one."""

    def xml(self) -> str:
        """The style as XML."""
        default = ' w:default="1"' if self.id == "Normal" else ""
        base = "" if self.id == "Normal" else f'<w:basedOn w:val="{self.base}"/>'
        after = f'<w:next w:val="{self.after}"/>' if self.after else ""
        ppr = f"<w:pPr>{self.ppr}</w:pPr>" if self.ppr else ""
        rpr = f"<w:rPr>{self.rpr}</w:rPr>" if self.rpr else ""
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{self.id}"><w:name w:val="{self.name}"/>'
            f"{base}{after}<w:qFormat/>{ppr}{rpr}</w:style>"
        )


def size(half_points: int) -> str:
    """A font size, for Chinese and Latin text alike."""
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def heading(level: int, half_points: int, before: int) -> Paragraph:
    """The style of a heading, bound to the same level of the numbering (`LEVELS`)."""
    return Paragraph(
        f"Heading{level}",
        f"heading {level}",
        "<w:keepNext/><w:keepLines/>"
        f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
        f'<w:spacing w:before="{before}"/><w:outlineLvl w:val="{level - 1}"/>',
        f"<w:b/><w:bCs/>{size(half_points)}",
        after="Body" if level < 3 else "ItemBody",
    )


def listed(level: int) -> Paragraph:
    """The style of a paragraph in a list: numbered like a heading of that level, but none.

    A list of its own, for LibreOffice gives the headings' list to headings alone.
    """
    return Paragraph(
        f"Listed{level}",
        f"成果說明 條列{level}",
        f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="2"/></w:numPr><w:jc w:val="both"/>',
    )


CENTRED = '<w:jc w:val="center"/>'
PARAGRAPHS = (
    Paragraph("Normal", "Normal"),
    Paragraph(
        "Title", "Title", f"<w:keepNext/>{CENTRED}", f"<w:b/><w:bCs/>{size(HEAD)}", after="Subtitle"
    ),
    Paragraph(
        "Subtitle", "Subtitle", '<w:spacing w:after="120"/><w:jc w:val="right"/>', after="Heading1"
    ),
    heading(1, HEAD, 160),
    heading(2, BODY, 120),
    heading(3, BODY, 120),
    heading(4, BODY, 60),
    heading(5, BODY, 0),
    Paragraph(
        "Body",
        "成果說明 段落",
        '<w:ind w:left="560" w:firstLine="560"/><w:jc w:val="both"/>',
    ),
    Paragraph(
        "ItemBody",
        "成果說明 項目段落",
        '<w:ind w:left="840" w:firstLine="560"/><w:jc w:val="both"/>',
    ),
    *(listed(level) for level in (3, 4, 5)),
    Paragraph("ListedMore", "成果說明 條列續段", '<w:ind w:left="1860"/><w:jc w:val="both"/>'),
    Paragraph(
        "TableHead", "成果說明 表頭", f"<w:keepNext/>{CENTRED}", f"<w:b/><w:bCs/>{size(SMALL)}"
    ),
    Paragraph("TableText", "成果說明 表格文字", rpr=size(SMALL)),
    Paragraph("TableCentred", "成果說明 表格置中文字", CENTRED, base="TableText"),
    Paragraph("Caption", "caption", CENTRED, size(SMALL)),
    Paragraph(
        "TableCaption",
        "成果說明 表標題",
        '<w:keepNext/><w:spacing w:before="120"/>',
        base="Caption",
    ),
    Paragraph("FigureCaption", "成果說明 圖標題", base="Caption"),
    # Single spacing: exactly 20 points would show a strip of the picture.
    Paragraph(
        "Photo",
        "成果說明 照片",
        f'<w:spacing w:before="60" w:line="240" w:lineRule="auto"/>{CENTRED}',
    ),
    Paragraph(
        "Remark",
        "成果說明 待補",
        '<w:shd w:val="clear" w:color="auto" w:fill="FFF2CC"/><w:ind w:left="560"/>',
        '<w:color w:val="9C0006"/>',
    ),
    Paragraph("Footer", "footer", CENTRED, size(SMALL)),
)

BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
MARGINS = (
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
)
OTHER_STYLES = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    f'<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{MARGINS}'
    "</w:tblPr></w:style>"
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:styleId="DataTable"><w:name w:val="成果說明 表格"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/>'
    f'<w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr><w:tcPr><w:vAlign w:val="center"/>'
    '</w:tcPr><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" '
    'w:fill="E7E6E6"/></w:tcPr></w:tblStylePr></w:style>'
    '<w:style w:type="table" w:styleId="PhotoGrid"><w:name w:val="成果說明 照片格"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/></w:style>'
)
STYLES = (
    f'{XML}<w:styles xmlns:w="{W}"><w:docDefaults>'
    f"<w:rPrDefault><w:rPr>{FONTS}{size(BODY)}"
    '<w:lang w:val="en-US" w:eastAsia="zh-TW" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:snapToGrid w:val="0"/>'
    f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/></w:pPr></w:pPrDefault>'
    f"</w:docDefaults>{''.join(style.xml() for style in PARAGRAPHS)}{OTHER_STYLES}</w:styles>"
)

# --- Numbering: 壹、 一、 （一） 1、 (1) ----------------------------------------------------------

# Format, text, what follows the number, left indent, hanging indent: as rendered right, measured.
LEVELS = (
    ("ideographLegalTraditional", "%1、", "nothing", 640, 640),
    ("taiwaneseCountingThousand", "%2、", "nothing", 560, 560),
    ("taiwaneseCountingThousand", "（%3）", "nothing", 1120, 840),
    ("decimal", "%4、", "tab", 1440, 600),
    ("decimal", "(%5)", "tab", 1860, 600),
)


def numbering() -> str:
    """Two multilevel lists, for headings and for lists; levels and styles name each other."""
    lists = ""
    for number, style in enumerate(("Heading", "Listed")):
        lists += f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        known = {paragraph.id for paragraph in PARAGRAPHS}
        for at, (form, text, follows, left, hanging) in enumerate(LEVELS):
            name = f"{style}{at + 1}"
            lists += (
                f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
                + (f'<w:pStyle w:val="{name}"/>' if name in known else "")
                + f'<w:suff w:val="{follows}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
                f'<w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
            )
        lists += "</w:abstractNum>"
    return (
        f'{XML}<w:numbering xmlns:w="{W}">{lists}'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


# --- The other parts --------------------------------------------------------------------------

SETTINGS = (
    f'{XML}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="480"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
    "<w:ulTrailSpace/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat><w:themeFontLang w:val="zh-TW" w:eastAsia="zh-TW"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)
FONT_TABLE = (
    f'{XML}<w:fonts xmlns:w="{W}"><w:font w:name="{FONT}"><w:altName w:val="DFKai-SB"/>'
    '<w:charset w:val="88"/><w:family w:val="script"/><w:pitch w:val="fixed"/></w:font></w:fonts>'
)
FOOTER = (
    f'{XML}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)

COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "44546A",
    "lt2": "E7E6E6",
    "accent1": "4472C4",
    "accent2": "ED7D31",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "5B9BD5",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}


def theme() -> str:
    """Office's plain theme, but for its fonts: what Word calls 佈景主題字型 is 標楷體 too."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in COLOURS.items()
    )
    faces = (
        f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface="{FONT}"/>'
        f'<a:font script="Hant" typeface="{FONT}"/>'
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'{XML}<a:theme xmlns:a="{A}" name="Office"><a:themeElements>'
        f'<a:clrScheme name="Office">{colours}</a:clrScheme>'
        f'<a:fontScheme name="{FONT}"><a:majorFont>{faces}</a:majorFont>'
        f"<a:minorFont>{faces}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Office"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>'
        + "".join(f'<a:ln w="{width}">{fill}</a:ln>' for width in (6350, 12700, 19050))
        + "</a:lnStyleLst><a:effectStyleLst>"
        + "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
        + f"</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


# What somebody restyling it sees; the program replaces it all.
SAMPLE = (
    ("Title", "執行成果說明標題（16 號字）"),
    ("Subtitle", "資料截止時間"),
    ("Heading1", "第一層標題（16 號字）"),
    ("Heading2", "第二層標題"),
    ("Body", "「成果說明 段落」：14 號字，固定行高 20 點。"),
    ("Heading3", "第三層標題"),
    ("Heading4", "第四層標題"),
    ("ItemBody", "「成果說明 項目段落」：14 號字，固定行高 20 點。"),
    ("Heading5", "第五層標題"),
    ("Listed3", "「成果說明 條列3」：編號與縮排依編號層級"),
    ("Listed4", "「成果說明 條列4」"),
    ("Listed5", "「成果說明 條列5」"),
    ("ListedMore", "「成果說明 條列續段」"),
    ("TableCaption", "表標題，在表之上"),
    ("TableHead", "「成果說明 表頭」"),
    ("TableText", "「成果說明 表格文字」"),
    ("TableCentred", "「成果說明 表格置中文字」"),
    ("Photo", "「成果說明 照片」：單行間距，否則照片會被裁切"),
    ("FigureCaption", "圖標題，在圖之下"),
    ("Remark", "「成果說明 待補」：只在工作稿出現"),
)


def document() -> str:
    """One sentence in each style, and the section: A4 portrait, 2.5 cm, no grid to snap to."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
        for style, text in SAMPLE
    )
    margins = " ".join(f'w:{side}="{MARGIN}"' for side in ("top", "right", "bottom", "left"))
    return (
        f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}<w:sectPr>'
        '<w:footerReference w:type="default" r:id="rId6"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins} w:header="851" w:footer="851" '
        f'w:gutter="0"/><w:cols w:space="425"/><w:docGrid w:linePitch="{LINE}"/></w:sectPr>'
        "</w:body></w:document>"
    )


def _parts() -> tuple[tuple[str, str, str], ...]:
    """The document's own parts: name, content, and kind, which is both type and relationship."""
    return (
        ("styles", STYLES, "styles"),
        ("numbering", numbering(), "numbering"),
        ("settings", SETTINGS, "settings"),
        ("fontTable", FONT_TABLE, "fontTable"),
        ("theme/theme1", theme(), "theme"),
        ("footer1", FOOTER, "footer"),
    )


def package() -> dict[str, str]:
    """The template's parts by name, in the order in which they are written."""
    overrides, relations, parts = "", "", {}
    for at, (name, content, kind) in enumerate(_parts(), 1):
        family = OFFICE if kind == "theme" else f"{OFFICE}.wordprocessingml"
        overrides += f'<Override PartName="/word/{name}.xml" ContentType="{family}.{kind}+xml"/>'
        relations += f'<Relationship Id="rId{at}" Type="{R}/{kind}" Target="{name}.xml"/>'
        parts[f"word/{name}.xml"] = content
    core = (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>執行成果說明範本</dc:title>'
        "<dc:language>zh-TW</dc:language></cp:coreProperties>"
    )
    return {
        "[Content_Types].xml": (
            f'{XML}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/word/document.xml" '
            f'ContentType="{OFFICE}.wordprocessingml.document.main+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
            f"{overrides}</Types>"
        ),
        "_rels/.rels": (
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
        "word/document.xml": document(),
        "word/_rels/document.xml.rels": (
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
        ),
        **parts,
        "docProps/core.xml": core,
    }


def main() -> None:
    """Write the template."""
    TARGET.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(TARGET, "w") as archive:
        for name, content in package().items():
            # A ZipInfo of its own says 1980, not now.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
