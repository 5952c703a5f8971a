"""Files that somebody might send by accident or malice, made anew each time: none is committed.

`make(folder)` writes them and tells, for each file name, the code that must be among its findings;
an empty code means that the file may be read, only quickly and without harm.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.support.packages import pack

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
ODS_NS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in (("office", "office"), ("table", "table"), ("text", "text"))
)


def sheet(cells: str, rest: str = "") -> str:
    """A worksheet part around ready-made rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{rest}</worksheet>'


def text(place: str, words: str) -> str:
    """A row with one inline string."""
    return f'<row><c r="{place}" t="inlineStr"><is><t>{words}</t></is></c></row>'


def parts(sheet1: str | bytes = sheet(text("A1", "abc"))) -> dict[str, str | bytes]:
    """The parts of the smallest workbook."""
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PKG_REL}"><Relationship Id="r1" '
        'Type="officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PKG_REL}"><Relationship Id="r1" '
        'Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet1,
    }


def book(sheet1: str | bytes, **more: str | bytes) -> bytes:
    """A workbook with that first sheet; `more` adds or replaces parts, / written as __."""
    extra = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in more.items()}
    return pack({**parts(sheet1), **extra})


def ods(rows: str, **more: str | bytes) -> bytes:
    """An OpenDocument spreadsheet with those rows."""
    content = (
        f"<office:document-content {ODS_NS}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    extra = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in more.items()}
    return pack({"mimetype": ODS_TYPE, "content.xml": content, **extra})


def ods_cell(words: str, attributes: str = "") -> str:
    """A text cell."""
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{words}</text:p></table:table-cell>"
    )


def lying_bomb() -> bytes:
    """A workbook whose sheet declares 100 bytes and inflates to 60 MB."""
    data = bytearray(book(sheet("") + " " * (60 * 2**20)))
    name = b"xl/worksheets/sheet1.xml"
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(magic)
        while at >= 0:
            head = 30 if offset == 22 else 46
            if data[at + head : at + head + len(name)] == name:
                struct.pack_into("<L", data, at + offset, 100)
            at = data.find(magic, at + 4)
    return bytes(data)


def flagged(data: bytes) -> bytes:
    """A zip all of whose entries say that they are encrypted."""
    changed = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            changed[at + offset] |= 1
            at = data.find(magic, at + 4)
    return bytes(changed)


def broken_deflate(data: bytes) -> bytes:
    """A zip whose sheet's compressed bytes are overwritten."""
    at = data.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    return data[:at] + b"\xff" * 12 + data[at + 12 :]


def repeated_name() -> bytes:
    """A zip with one name twice: readers disagree on which counts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts().items():
            archive.writestr(name, data)
        archive.writestr("XL/workbook.xml", "<workbook/>")
    return out.getvalue()


def encrypted() -> bytes:
    """A workbook with a password to open it."""
    from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(pack(parts()))).encrypt("密碼", out)
    return out.getvalue()


def word() -> bytes:
    """A Word document."""
    import docx

    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def compound(stream: str, data: bytes) -> bytes:
    """The smallest OLE file with one stream of at least 4096 bytes."""
    data = data.ljust(4096, b"\0")
    sectors = -(-len(data) // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        raw = name.encode("utf-16-le")
        links = struct.pack("<LLL", 0xFFFFFFFF, 0xFFFFFFFF, child)
        tail = struct.pack("<LQ", start, size)
        length = struct.pack("<H", len(raw) + 2)
        return raw.ljust(64, b"\0") + length + bytes((kind, 1)) + links + b"\0" * 36 + tail

    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<L", 0) + b"\xff" * (108 * 4)
    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(
        stream, 2, 2, len(data), 0xFFFFFFFF
    )
    return (
        head
        + struct.pack("<128L", *fat)
        + directory.ljust(512, b"\0")
        + data.ljust(sectors * 512, b"\0")
    )


def cyclic_names() -> bytes:
    """A workbook whose names mean each other, and a cell that asks for one."""
    names = (
        '<definedNames><definedName name="a">b</definedName><definedName name="b">a</definedName>'
    )
    content = parts(sheet('<row><c r="A1"><f>a</f></c></row>'))
    workbook = str(content["xl/workbook.xml"])
    content["xl/workbook.xml"] = workbook.replace("</sheets>", f"</sheets>{names}</definedNames>")
    return pack(content)


OLD_BOOK = struct.pack("<HHHHHHLL", 0x809, 16, 0x600, 5, 0, 0, 0, 0)  # BOF of an .xls
DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
VAST = f"{text('A1', 'a')}{text('XFD1048576', 'z')}"
MACROS = {"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0"}
LINKS = {"xl__externalLinks__externalLink1_xml": "<externalLink/>"}

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty.xlsx": ("F101", bytes),
    "encrypted.xlsx": ("F103", encrypted),
    "encrypted.ods": (
        "F103",
        lambda: ods("", **{"META-INF__manifest_xml": "<m><encryption-data/></m>"}),
    ),
    "encrypted-zip.xlsx": ("F103", lambda: flagged(pack(parts()))),
    "encrypted.xls": ("F103", lambda: compound("Workbook", b"\x2f\0\x02\0\0\0")),
    "cut.xlsx": ("F102", lambda: pack(parts())[:700]),
    "cut.xls": ("F102", lambda: compound("Workbook", b"")[:600]),
    "head-only.xls": ("F102", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "four-bytes.xlsx": ("F102", lambda: b"PK\x03\x04"),
    "bad-deflate.xlsx": ("F102", lambda: broken_deflate(pack(parts()))),
    "no-workbook.xlsx": (
        "F102",
        lambda: pack({"[Content_Types].xml": "<Types/>", "xl/styles.xml": "<a/>"}),
    ),
    "no-sheet.xlsx": (
        "F133",
        lambda: pack({k: v for k, v in parts().items() if "sheet1" not in k}),
    ),
    "not-xml.xlsx": ("F102", lambda: book("<worksheet><sheetData>")),
    "binary-xml.xlsx": ("F106", lambda: book(b"\0\1\2\3")),
    "no-such-string.xlsx": (
        "F102",
        lambda: book(sheet('<row><c r="A1" t="s"><v>99</v></c></row>')),
    ),
    "odd-string.xlsx": (
        "F102",
        lambda: book(sheet('<row><c r="A1" t="s"><v>²</v></c></row>')),
    ),
    "deep.xlsx": ("F102", lambda: book("<a>" * 5000 + "</a>" * 5000)),
    "letter.docx": ("F104", word),
    "letter-renamed.xlsx": ("F104", word),
    "scan.pdf": ("F104", lambda: b"%PDF-1.7\n" + b"0" * 100),
    "photo.xlsx": ("F104", lambda: b"\xff\xd8\xff\xe0" + b"0" * 100),
    "export.xls": ("F137", "<html><table><tr><td>單位</td></tr></table></html>".encode),
    "export.csv": ("F104", "單位,業務名稱\n".encode),
    "export-2003.xls": (
        "F137",
        lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
    ),
    "archive.zip": ("F104", lambda: pack({"a.txt": "a"})),
    "letter.odt": (
        "F104",
        lambda: pack({"mimetype": "application/vnd.oasis.opendocument.text"}),
    ),
    "letter.doc": ("F104", lambda: compound("WordDocument", b"")),
    "noise.bin": ("F104", lambda: bytes(range(256)) * 20),
    "laughs.xlsx": ("F106", lambda: book(DTD + sheet(text("A1", "&b;")))),
    "outside-entity.xlsx": ("F106", lambda: book(XXE + sheet(text("A1", "&a;")))),
    "utf16.xlsx": ("F106", lambda: book(sheet(text("A1", "a")).encode("utf-16"))),
    "utf7.xlsx": (
        "F106",
        lambda: book('<?xml version="1.0" encoding="utf-7"?>' + sheet(text("A1", "a"))),
    ),
    "dtd.ods": ("F106", lambda: ods("", content_xml=DTD + "<a>&b;</a>")),
    "outside-path.xlsx": ("F106", lambda: pack({**parts(), "../../etc/passwd": "a"})),
    "drive-path.xlsx": ("F106", lambda: pack({**parts(), "C:/a.txt": "a"})),
    "twice.xlsx": ("F106", repeated_name),
    "many-parts.xlsx": (
        "F105",
        lambda: pack({**parts(), **{f"xl/a{n}.xml": "" for n in range(5001)}}),
    ),
    "bomb.xlsx": ("F105", lambda: book(sheet("") + " " * (201 * 2**20))),
    "bomb-of-rows.xlsx": ("F105", lambda: book(sheet("<row/>" * (5 * 2**20)))),
    "bomb-that-lies.xlsx": ("F102", lying_bomb),
    "bomb-string.xlsx": ("F105", lambda: book(sheet(text("A1", "a" * 12 * 2**20)))),
    "row-too-far.xlsx": ("F105", lambda: book(sheet(text("A1048577", "a")))),
    "column-too-far.xlsx": ("F105", lambda: book(sheet(text("XFE1", "a")))),
    "column-too-far-lower.xlsx": ("F105", lambda: book(sheet(text("xfe1", "a")))),
    "row-number.xlsx": ("F105", lambda: book(sheet('<row r="99999999999"/>'))),
    "no-cell.xlsx": ("F105", lambda: book(sheet(text("A0", "a")))),
    "merge-nonsense.xlsx": (
        "F105",
        lambda: book(sheet(text("A1", "a"), '<mergeCells><mergeCell ref="x"/></mergeCells>')),
    ),
    "vast.xlsx": ("S201", lambda: book(sheet(VAST))),
    "vast-lower.xlsx": (
        "S201",
        lambda: book(sheet(VAST.lower().replace("inlinestr", "inlineStr"))),
    ),
    "vast-merge.xlsx": (
        "S201",
        lambda: book(
            sheet(text("A1", "a"), '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
        ),
    ),
    "many-merges.xlsx": (
        "F105",
        lambda: book(
            sheet(
                text("A1", "a"),
                "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 20_000 + "</mergeCells>",
            )
        ),
    ),
    "many-cells.xlsx": (
        "F105",
        lambda: book(sheet("<row>" + "<c><v>1</v></c>" * 16000 + "</row>" + WIDE_ROWS)),
    ),
    "vast.ods": (
        "F105",
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1048576">'
            + ods_cell("a", 'table:number-columns-repeated="16384"')
            + "</table:table-row>"
        ),
    ),
    "blank-tail.ods": (
        "S201",
        lambda: ods(
            f"<table:table-row>{ods_cell('a')}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048575">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        ),
    ),
    "deep.ods": ("F102", lambda: ods("<table:table-rows>" * 5000 + "</table:table-rows>" * 5000)),
    # calamine's Rust panics on a name that is shorter than its header: no Exception of Python's.
    "panic.xls": ("F102", lambda: compound("Workbook", OLD_BOOK + struct.pack("<HH", 0x18, 0))),
    "cyclic-names.xlsx": ("S201", cyclic_names),
    "noise.xls": ("F102", lambda: compound("Workbook", bytes(range(256)) * 40)),
    "noise.xlsb": (
        "F102",
        lambda: pack({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": bytes(range(256))}),
    ),
    "macros.xlsm": ("F108", lambda: book(sheet(text("A1", "a")), **MACROS)),
    "links.xlsx": ("F111", lambda: book(sheet(text("A1", "a")), **LINKS)),
    "other-form.xlsx": ("S201", lambda: book(sheet(text("A1", "差勤紀錄")))),
    "injection.xlsx": ("S201", lambda: book(sheet(text("A1", "=cmd|' /C calc'!A0")))),
}
WIDE_ROWS = ("<row>" + "<c><v>1</v></c>" * 16000 + "</row>") * 6


def make(folder: Path) -> dict[Path, str]:
    """Write every hostile file; tell which code each must give."""
    made = {}
    for name, (code, data) in FILES.items():
        path = folder / name
        path.write_bytes(data())
        made[path] = code
    return made


if __name__ == "__main__":
    import sys

    for path, code in make(Path(sys.argv[1])).items():
        sys.stdout.write(f"{code}  {path}\n")
