"""What people draw on a form: pictures cut and turned, charts, boxes, ticks, put in as a spreadsheet
program writes them."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Mapping
from pathlib import Path

from tests.support.hostile import MAIN, PKG_REL, REL
from tests.support.packages import pack, parts
from xltool.intake.formats.xlsx import reference

_NS = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{REL}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"'
)
COLOURS = {
    "red": (200, 30, 30),
    "green": (30, 160, 30),
    "blue": (30, 30, 200),
    "gold": (220, 190, 20),
}
"""Upper left, upper right, lower left, lower right of a `quartered` picture."""


def quartered(kind: str = "JPEG", width: int = 1200, height: int = 800, **how: object) -> bytes:
    """A picture of four fields, each of its own colour: what is seen of it can be told."""
    from PIL import Image

    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(COLOURS.values()):
        field = Image.new("RGB", (width // 2, height // 2), colour)
        image.paste(field, (number % 2 * width // 2, number // 2 * height // 2))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def colours(data: bytes) -> list[list[str]]:
    """The colours of a kept picture's four fields, row by row, as one sees them; white where bare."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        seen = image.convert("RGB")
        at = [
            [(round(seen.width * x), round(seen.height * y)) for x in (0.25, 0.75)]
            for y in (0.25, 0.75)
        ]
        return [[_nearest(seen.getpixel(place)) for place in row] for row in at]  # type: ignore[arg-type]


def _nearest(pixel: tuple[int, int, int]) -> str:
    known = {**COLOURS, "white": (255, 255, 255)}
    return min(
        known, key=lambda name: sum(abs(a - b) for a, b in zip(known[name], pixel, strict=True))
    )


# --- what is drawn ------------------------------------------------------------------------------


def pic(
    media: str = "photo", fill: str = "", place: str = "", shape: str = "rect", **own: str
) -> str:
    """A picture: `fill` follows its blip (srcRect), `place` are the attributes of its xfrm."""
    named = " ".join(f'{key}="{value}"' for key, value in own.items())
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="7" name="圖片 7" {named}/><xdr:cNvPicPr/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="{media}"/>{fill}<a:stretch><a:fillRect/></a:stretch>'
        f'</xdr:blipFill><xdr:spPr><a:xfrm {place}><a:off x="0" y="0"/>'
        f'<a:ext cx="1200000" cy="800000"/></a:xfrm>'
        f'<a:prstGeom prst="{shape}"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
    )


def shape(text: str = "", kind: str = "rect", fill: str = "", spid: str = "") -> str:
    """A shape with words in it, or filled."""
    words = f"<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody>"
    control = (
        f'<a:extLst><a:ext uri="x"><a14:compatExt spid="{spid}"/></a:ext></a:extLst>'
        if spid
        else ""
    )
    return (
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="8" name="圖案 8">{control}</xdr:cNvPr><xdr:cNvSpPr/>'
        f'</xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm>'
        f'<a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom>{fill}</xdr:spPr>{words if text else ""}</xdr:sp>'
    )


def frame(uri: str, inside: str) -> str:
    """A frame around something drawn by another part (a chart, a diagram)."""
    return (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="9" name="圖表 1"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></xdr:graphicFrame>'
    )


def chart(part: str = "chart") -> str:
    """A chart."""
    uri = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    return frame(uri, f'<c:chart xmlns:c="{uri}" r:id="{part}"/>')


def diagram(part: str = "words") -> str:
    """A SmartArt diagram."""
    uri = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    return frame(uri, f'<d:relIds xmlns:d="{uri}" r:dm="{part}"/>')


def group(*inside: str, place: str = "") -> str:
    """Several things grouped."""
    return (
        '<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id="6" name="群組"/><xdr:cNvGrpSpPr/></xdr:nvGrpSpPr>'
        f"<xdr:grpSpPr><a:xfrm {place}/></xdr:grpSpPr>{''.join(inside)}</xdr:grpSp>"
    )


def choice(requires: str, known: str, otherwise: str = "") -> str:
    """What only newer programs know, and what is drawn in its place for older ones."""
    return (
        f'<mc:AlternateContent><mc:Choice Requires="{requires}">{known}</mc:Choice>'
        f"<mc:Fallback>{otherwise}</mc:Fallback></mc:AlternateContent>"
    )


def ink() -> str:
    """A signature in ink, as a tablet leaves it."""
    known = '<xdr:contentPart r:id="ink"/>'
    return choice("xdr14", known, pic())


def at(cell: str, thing: str, to: str = "") -> str:
    """Something anchored from the corner of a cell to that of the other's lower right neighbour."""
    (row, col), (low, right) = reference(cell), reference(to or cell)
    return (
        f"<xdr:twoCellAnchor><xdr:from>{_corner(row, col)}</xdr:from>"
        f"<xdr:to>{_corner(low + 1, right + 1)}</xdr:to>{thing}<xdr:clientData/></xdr:twoCellAnchor>"
    )


def _corner(row: int, col: int) -> str:
    return (
        f"<xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    )


CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich>'
    "<a:bodyPr/><a:p><a:r><a:t>各月件數</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:layout/>"
    '<c:pieChart><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numLit><c:ptCount val="1"/>'
    '<c:pt idx="0"><c:v>1</c:v></c:pt></c:numLit></c:val></c:ser></c:pieChart></c:plotArea></c:chart>'
    "</c:chartSpace>"
)
"""A chart with a title."""

WORDS = (
    '<d:dataModel xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:ptLst><d:pt type="doc"/>'
    + "".join(
        f"<d:pt><d:t><a:p><a:r><a:t>{word}</a:t></a:r></a:p></d:t></d:pt>"
        for word in ("受理", "審查", "完成")
    )
    + "</d:ptLst></d:dataModel>"
)
"""The words in a diagram."""


# --- into the file ------------------------------------------------------------------------------


def draw(
    path: Path,
    sheet: str,
    *anchors: str,
    media: bytes | None = None,
    linked: Mapping[str, str] | None = None,
    words: str = "",
    sheet_parts: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Draw on a sheet that has no drawing yet. Pictures are `media` (a quartered one unless given).

    `linked` are XML parts by the relation's id (chart, words); `words` is XML at the end of the sheet,
    which speaks of `sheet_parts` by their relation's id.
    """
    whole: dict[str, str | bytes] = dict(parts(path))
    part = sheet_part(whole, sheet)
    own = {f"xl/extra/{name}": data for name, data in (sheet_parts or {}).items()}
    drawing = "xl/drawings/drawing77.xml"
    if anchors:
        words = '<drawing r:id="drawn"/>' + words
        inside = {"photo": "xl/media/photo.jpeg"}
        inside |= {name: f"xl/extra/{name}.xml" for name in linked or {}}
        whole[drawing] = f"<xdr:wsDr {_NS}>{''.join(anchors)}</xdr:wsDr>"
        whole[_rels(drawing)] = _relations(inside)
        whole["xl/media/photo.jpeg"] = quartered() if media is None else media
        whole |= {f"xl/extra/{name}.xml": data for name, data in (linked or {}).items()}
        types = _text(whole["[Content_Types].xml"])
        more = (
            f'<Override PartName="/{drawing}" '
            'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
        )
        if 'Extension="jpeg"' not in types:
            more += '<Default Extension="jpeg" ContentType="image/jpeg"/>'
        whole["[Content_Types].xml"] = types.replace("</Types>", f"{more}</Types>")
    whole |= own
    rels = _rels(part)
    named = ({"drawn": drawing} if anchors else {}) | {
        name: f"xl/extra/{name}" for name in sheet_parts or {}
    }
    old = _text(whole[rels]) if rels in whole else _relations({})
    whole[rels] = old.replace("</Relationships>", _relation_tags(named) + "</Relationships>")
    text = _text(whole[part])
    head = re.search(r"<worksheet[^>]*>", text)
    assert head is not None
    opened = head[0][:-1] + f' xmlns:r="{REL}"' * ("xmlns:r=" not in head[0])
    opened += ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    whole[part] = (opened + text[head.end() :]).replace("</worksheet>", f"{words}</worksheet>")
    path.write_bytes(pack(whole))
    return path


def cell_picture(path: Path, sheet: str, cell: str, picture: str) -> Path:
    """A picture in a cell, as WPS writes it: a formula that names it, in a part of its own."""
    whole: dict[str, str | bytes] = dict(parts(path))
    part = sheet_part(whole, sheet)
    held = f'<c r="{cell}" t="str"><f>_xlfn.DISPIMG("ID_7",1)</f><v>=DISPIMG("ID_7",1)</v></c>'
    whole[part] = re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', held, _text(whole[part]), count=1)
    assert "DISPIMG" in _text(whole[part])
    named = picture.replace('name="圖片 7"', 'name="ID_7"')
    images = "xl/cellimages.xml"
    whole[images] = (
        f'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" {_NS}>'
        f"<etc:cellImage>{named}</etc:cellImage></etc:cellImages>"
    )
    whole[_rels(images)] = _relations({"photo": "xl/media/photo.jpeg"})
    whole["xl/media/photo.jpeg"] = quartered()
    path.write_bytes(pack(whole))
    return path


def add_sheet(path: Path, title: str) -> Path:
    """A blank sheet of the unit's own, at the end."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.create_sheet(title)
    book.save(path)
    return path


def binary_workbook(title: str, *anchors: str) -> bytes:
    """An .xlsb with one sheet of that title, 答案 in its first cell, on which that is drawn."""

    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return head + bytes([len(data)]) + data

    def string(text: str) -> bytes:
        return struct.pack("<L", len(text)) + text.encode("utf-16-le")

    bundle = struct.pack("<LL", 0, 1) + string("rId1") + string(title)
    cell = struct.pack("<LL", 0, 0) + string("答案")
    rows = [record(0, struct.pack("<LLHHBL", row, 0, 1420, 0, 0, 0)) for row in (0, 38)]
    sheet = [record(129), record(148, struct.pack("<4L", 0, 40, 0, 5)), record(145), rows[0]]
    sheet += [record(6, cell), rows[1], record(146), record(130)]
    drawing = "xl/drawings/drawing1.xml"
    inside = {"photo": "xl/media/photo.jpeg", "chart": "xl/charts/chart1.xml"}
    book = _relations({"rId1": "xl/worksheets/sheet1.bin"}).replace("/xl/worksheets", "worksheets")
    return pack({
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.bin": record(131)
        + record(143)
        + record(156, bundle)
        + record(144)
        + record(132),
        "xl/_rels/workbook.bin.rels": book,
        "xl/worksheets/sheet1.bin": b"".join(sheet),
        "xl/worksheets/_rels/sheet1.bin.rels": _relations({"drawn": drawing}),
        drawing: f"<xdr:wsDr {_NS}>{''.join(anchors)}</xdr:wsDr>",
        _rels(drawing): _relations(inside),
        "xl/charts/chart1.xml": CHART,
        "xl/media/photo.jpeg": quartered(),
    })


def sheet_part(whole: Mapping[str, str | bytes], title: str) -> str:
    """The part of the sheet with that title."""
    from lxml import etree

    book, rels = (
        etree.fromstring(_text(whole[name]).encode())
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    )
    number = next(
        one.get(f"{{{REL}}}id") for one in book.iter(f"{{{MAIN}}}sheet") if one.get("name") == title
    )
    target = next(str(one.get("Target")) for one in rels if one.get("Id") == number)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode()


def _rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _relation_tags(targets: Mapping[str, str]) -> str:
    return "".join(
        f'<Relationship Id="{name}" Type="{REL}/{_TYPES.get(name, "x")}" Target="/{target}"/>'
        for name, target in targets.items()
    )


_TYPES = {"drawn": "drawing", "photo": "image", "chart": "chart"}


def _relations(targets: Mapping[str, str]) -> str:
    return f'<Relationships xmlns="{PKG_REL}">{_relation_tags(targets)}</Relationships>'
