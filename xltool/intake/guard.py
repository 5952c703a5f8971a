"""The door: what a returned file is, and whether it may be opened. Nothing is parsed before this.

A file that may not come in raises `Refusal`, which `read_file` turns into a finding: it never
leaves this package. What comes in is read part by part within a budget, never trusting the sizes
that the file declares, and no XML with a DTD, with entities or in UTF-16 reaches the parser.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from xltool.intake.blank import without_blanks
from xltool.intake.flat import as_parts, is_flat
from xltool.intake.mail import TNEF, is_eml, is_mht
from xltool.intake.unlock import unlocked
from xltool.patterns import pattern
from xltool.plan import Limits

USUAL = Limits()
MB = 2**20
MAX_ENTRIES = 5_000
MAX_XML = 24 * MB  # of one part
MAX_MEDIA = 40 * MB
MAX_BLANK = 320 * MB  # of all large sheets: a million rows, each with ten blank cells
_LARGE_SHEET = 4 * MB  # a form's largest has 0.1
_MAX_RATIO, _RATIO_FROM = 500, 8 * MB
_MAX_DIRECTORY = MAX_ENTRIES * 400  # bytes of the zip's directory: 46 an entry, and its name
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCODING = pattern(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']*)["']""")
DIRECTORY_END = 65_557  # a zip's last record, with the longest comment
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, IndexError),
    *(NotImplementedError, RuntimeError, ValueError, struct.error),
)
"""What zipfile raises for a broken archive."""
_ASKED_AGAIN = "workbook.xml"  # the guard asks what sheets there are, then the reader
_WHOLE = "檔案不完整，可能是傳送中斷"
_BROKEN = "檔案內容毀損"


class Refusal(Exception):  # noqa: N818 - it is no error of the program
    """A file that may not come in: the finding's code, and the words and value of its message."""

    def __init__(self, code: str, *, value: str = "", **words: str) -> None:
        super().__init__(code, value, words)
        self.code, self.value, self.words = code, value, words


class Format(StrEnum):
    """The spreadsheet formats that are read."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    XLSB = "xlsb"


class Relation(NamedTuple):
    """What a part says of another part of its package: `kind` is the last word of the relation's type,
    in lower case ("sharedstrings"), `target` the other part's name; `there`: the package holds it, or it
    leads nowhere on purpose."""

    id: str
    kind: str
    target: str
    there: bool


class Package:
    """A zip that passed the guard. Parts are found whatever their case, also where one side spells a
    name in percents and the other does not, and read within a budget."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._parts = {_tidy(member_name(info)).lower(): info for info in archive.infolist()}
        self._left = limits.unpacked_mb * MB
        self._blank_left = MAX_BLANK
        self._relations: dict[str, tuple[Relation, ...]] = {}
        self._asked_again: dict[str, etree._Element] = {}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _tidy(name).lower() in self._parts

    def names(self) -> list[str]:
        """All part names, in lower case."""
        return list(self._parts)

    def read(self, name: str, limit: int = MAX_MEDIA) -> bytes:
        """A part's bytes. Raises Refusal when it is missing, broken, or larger than `limit`."""
        info = self._parts.get(_tidy(name).lower())
        if info is None:
            raise Refusal("F102", reason="缺少必要的內容")
        limit = min(limit, self._left)
        try:
            with self._archive.open(info) as part:
                data = part.read(limit + 1)
        except BROKEN_ZIP as error:
            raise Refusal("F102", reason=_BROKEN) from error
        if len(data) > limit:
            raise Refusal("F105", reason="展開後過大")
        self._left -= len(data)
        return data

    def xml(self, name: str) -> etree._Element:
        """A part as an XML tree, not to be changed. Raises Refusal when it is unsafe or no XML."""
        if name in self._asked_again:
            return self._asked_again[name]
        tree = parse_xml(self.read(name, MAX_XML))
        if name.endswith(_ASKED_AGAIN):
            self._asked_again[name] = tree
        return tree

    def sheet(self, name: str) -> etree._Element:
        """A worksheet as an XML tree; of a large one without its blank cells and rows. Raises Refusal."""
        info = self._parts.get(_tidy(name).lower())
        if info is None or info.file_size <= _LARGE_SHEET:
            return self.xml(name)
        try:
            with self._archive.open(info) as part:
                filled = without_blanks(self._pieces(part), min(MAX_XML, self._left))
        except BROKEN_ZIP as error:
            raise Refusal("F102", reason=_BROKEN) from error
        if filled is None:
            return self.xml(name)
        self._left -= len(filled)
        return parse_xml(filled)

    def _pieces(self, part: IO[bytes]) -> Iterator[bytes]:
        while piece := part.read(MB):
            self._blank_left -= len(piece)
            if self._blank_left < 0:
                raise Refusal("F105", reason="展開後過大")
            yield piece

    def relations(self, part: str) -> tuple[Relation, ...]:
        """A part's relations to others of the package (of the package itself for ""), in order."""
        if part not in self._relations:
            self._relations[part] = tuple(self._related(part))
        return self._relations[part]

    def related(self, part: str, kind: str, usual: str = "") -> str:
        """The part that stands in such a relation to another; without one the `usual` name, or ""."""
        named = (one.target for one in self.relations(part) if one.kind == kind)
        return next((target for target in named if target in self), usual if usual in self else "")

    def _related(self, part: str) -> Iterator[Relation]:
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return
        for relation in self.xml(rels).iter("{*}Relationship"):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            there = path in self
            if not there and target in self:
                path, there = (
                    target,
                    True,
                )  # from the package's root, without the stroke that says so
            kind = relation.get("Type", "").rpartition("/")[2].lower()
            yield Relation(relation.get("Id", ""), kind, path, there or _is_null(target))


def _is_null(target: str) -> bool:
    """Whether a relation leads nowhere on purpose: to the sheet itself, or to the word that Office
    writes for a picture that it could not keep."""
    return not target or target.startswith("#") or posixpath.basename(target).upper() == "NULL"


@dataclass(frozen=True)
class Admitted:
    """A file that may be read. `warnings` are codes of findings on what will be left out."""

    format: Format
    data: bytes
    limits: Limits
    package: Package | None = None
    warnings: tuple[str, ...] = ()


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML that came from outside. Raises Refusal for DTDs, entities and odd encodings."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:64]:
        raise Refusal("F106", reason="文字編碼不是 UTF-8")
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf")[:300])
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise Refusal("F106", reason="文字編碼不是 UTF-8")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Refusal("F106", reason="含有外部定義（DTD）")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal("F102", reason=_BROKEN) from error


def admit(data: bytes, limits: Limits = USUAL) -> Admitted:
    """Tell what a file is by its bytes alone, and whether it may be read. Raises Refusal."""
    if not data:
        raise Refusal("F101")
    if data.startswith(b"PK\x03\x04"):
        return _zip(data, limits)
    if data.startswith(_OLE):
        return _ole(data, limits)
    if is_flat(data[:4096]):
        if len(data) > MAX_MEDIA:
            raise Refusal("F105", reason="展開後過大")
        return Admitted(Format.ODS, data, limits, _packed(as_parts(parse_xml(data)), limits))
    raise _other(data)


def _packed(data: bytes, limits: Limits) -> Package:
    return Package(_archive(data, limits), limits)


# --- zip: .xlsx, .xlsb, .ods ----------------------------------------------------------------


def _zip(data: bytes, limits: Limits) -> Admitted:
    package = _packed(data, limits)
    if "mimetype" in package or "meta-inf/manifest.xml" in package:
        return _ods(data, package, limits)
    if "[content_types].xml" not in package:
        raise _no_workbook(package)
    main = package.related("", "officedocument")
    kind = _content_type(package, main)
    if not any(word in kind for word in _SPREADSHEET_TYPES):
        raise _no_workbook(package)
    around = {one.kind for one in package.relations(main)} if main else set()
    names = package.names()
    warnings = []
    if "vbaproject" in around or any(name.endswith("vbaproject.bin") for name in names):
        warnings.append("F108")
    if "externallink" in around or any(name.startswith("xl/externallinks/") for name in names):
        warnings.append("F111")
    form = Format.XLSB if "binary" in kind else Format.XLSX
    if form is Format.XLSB and "xl/workbook.bin" not in package:
        raise Refusal("F137", value="Excel 二進位活頁簿 .xlsb", program="Excel")
    return Admitted(form, data, limits, package, tuple(warnings))


_SPREADSHEET_TYPES = ("spreadsheetml", "ms-excel")


def _content_type(package: Package, main: str) -> str:
    """What a package's document is, as the package says; of the usual names it need not be asked."""
    usual = {
        "xl/workbook.bin": "ms-excel.sheet.binary",
        "xl/workbook.xml": "spreadsheetml",
    }
    for name, kind in usual.items():
        if name == main.lower() or (not main and name in package):
            return kind
    for node in package.xml("[Content_Types].xml"):
        part = node.get("PartName")
        if part is not None and _tidy(part).lstrip("/").lower() == main.lower():
            return node.get("ContentType", "").lower()
    if any(name.startswith("xl/") for name in package.names()):
        return "spreadsheetml"
    return ""


def _archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive, its directory checked against the budget before it is read."""
    fits = directory_fits(data[-DIRECTORY_END:])
    if fits is None:
        raise Refusal("F102", reason=_WHOLE)
    if not fits:
        raise Refusal("F105", reason="壓縮內容的項目過多")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN_ZIP as error:
        raise Refusal("F102", reason=_WHOLE) from error
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise Refusal("F105", reason="壓縮內容的項目過多")
    # What a large sheet is made of is mostly blank, and has a budget of its own.
    sizes = (
        min(i.file_size, MAX_XML if _tidy(i.filename).endswith(".xml") else i.file_size)
        for i in infos
    )
    if sum(sizes) > limits.unpacked_mb * MB:
        raise Refusal("F105", reason="展開後過大")
    names = set()
    for info in infos:
        name = _tidy(member_name(info))
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise Refusal("F106", reason="內部路徑異常")
        if name.lower() in names:
            raise Refusal("F106", reason="內部有重複的項目")
        names.add(name.lower())
        if info.flag_bits & 1:
            raise Refusal("F103")
        if info.file_size > _RATIO_FROM and info.file_size > _MAX_RATIO * info.compress_size:
            raise Refusal("F105", reason="壓縮比異常")
    return archive


def directory_fits(tail: bytes) -> bool | None:
    """Whether a zip's directory, as its last DIRECTORY_END bytes declare it, is within the budget.

    None when they declare none: the zip is cut off. Reading the directory is what is dangerous.
    """
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return None
    entries, size = struct.unpack_from("<HL", tail, end + 10)
    return bool(entries <= MAX_ENTRIES and size <= _MAX_DIRECTORY)


def _tidy(name: str) -> str:
    return unquote(name.replace("\\", "/")) if "%" in name else name.replace("\\", "/")


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of what lies in a zip. Windows in Taiwan writes it in cp950 and does not say so."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp950"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name


def _ods(data: bytes, package: Package, limits: Limits) -> Admitted:
    manifest = "META-INF/manifest.xml"
    if "mimetype" in package:
        kind = package.read("mimetype", 200).decode("ascii", "replace").strip()
    else:  # which the standard does not demand
        kind = _declared(package.xml(manifest))
    if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        known = {"text": "ODF 文字文件 .odt", "presentation": "ODF 簡報 .odp"}
        raise Refusal("F104", value=known.get(kind.rpartition(".")[2], "其他文件"))
    if manifest in package and b"encryption-data" in package.read(manifest, MAX_XML):
        raise Refusal("F103")
    macros = any(
        name.startswith(("basic/", "scripts/")) and not name.endswith("/")
        for name in package.names()
    )
    return Admitted(Format.ODS, data, limits, package, ("F108",) if macros else ())


def _declared(manifest: etree._Element) -> str:
    """What a manifest says that the whole package is."""
    attribute = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
    entries = manifest.iter("{*}file-entry")
    whole = (e for e in entries if e.get(f"{attribute}full-path") == "/")
    return next((e.get(f"{attribute}media-type", "") for e in whole), "")


def _no_workbook(package: Package) -> Refusal:
    """Why a zip that is no workbook is not read."""
    names = package.names()
    if _is_iwork(names):
        return Refusal("F137", value="Apple Numbers 檔案 .numbers", program="Numbers")
    kinds = {"word/": "Word 文件 .docx", "ppt/": "PowerPoint 簡報 .pptx"}
    for folder, kind in kinds.items():
        if any(name.startswith(folder) for name in names):
            return Refusal("F104", value=kind)
    return Refusal("F104", value="壓縮檔 .zip")


_PARTS_OF_FILES = {"[content_types].xml", "mimetype", "meta-inf/manifest.xml"}


def is_one_document(names: Iterable[str]) -> bool:
    """Whether what lies in a zip, by these names, are the parts of one document and no files."""
    tidy = [_tidy(name).lower() for name in names]
    return bool(_PARTS_OF_FILES.intersection(tidy)) or _is_iwork(tidy)


def _is_iwork(names: Iterable[str]) -> bool:
    """Whether it is a document of Numbers; also its folder, zipped as one."""
    return any(
        f"/{name}".endswith(("/index/document.iwa", "/index.zip", "/index.apxl", "/index.xml.gz"))
        or ".numbers/" in name
        or name.startswith("index/")
        for name in names
    )


# --- OLE: encrypted .xlsx, .xls -------------------------------------------------------------


def _ole(data: bytes, limits: Limits) -> Admitted:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage"):
                if ole.exists("EncryptionInfo"):
                    how = ole.openstream("EncryptionInfo").read()
                    package = unlocked(data, how) or b""
                    if package.startswith(b"PK\x03\x04"):
                        return _zip(package, limits)
                raise Refusal("F103")
            for name in ("Workbook", "Book"):
                if ole.exists(name):
                    macros = ("F108",) if ole.exists("_VBA_PROJECT_CUR") else ()
                    if _is_encrypted(ole.openstream(name).read()):
                        opened = unlocked(data)
                        if opened is None:
                            raise Refusal("F103")
                        data = opened
                    return Admitted(Format.XLS, data, limits, None, macros)
            kinds = {
                "WordDocument": "Word 文件 .doc",
                "PowerPoint Document": "PowerPoint 簡報 .ppt",
                "__properties_version1.0": "Outlook 郵件 .msg",
            }
            kind = next((text for name, text in kinds.items() if ole.exists(name)), "其他文件")
            raise Refusal("F104", value=kind)
    except (
        *(OSError, ValueError, IndexError, KeyError, TypeError, AttributeError),
        *(struct.error, OverflowError, MemoryError, RecursionError),
    ) as error:
        raise Refusal("F102", reason=_WHOLE) from error


def _is_encrypted(stream: bytes) -> bool:
    """Whether an old workbook has a FILEPASS record, which comes after the first few."""
    at = 0
    for _ in range(64):
        if at + 4 > len(stream):
            break
        record, length = struct.unpack_from("<HH", stream, at)
        if record == 0x2F:
            return True
        at += 4 + length
    return False


# --- anything else --------------------------------------------------------------------------

_MAGIC = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "JPG 圖片"),
    (b"\x89PNG", "PNG 圖片"),
    (b"GIF8", "GIF 圖片"),
    (b"BM", "BMP 圖片"),
    (b"II*\0", "TIFF 圖片"),
    (b"MM\0*", "TIFF 圖片"),
    (b"PK\x05\x06", "空的壓縮檔"),
    (b"Rar!", "壓縮檔 .rar"),
    (b"7z\xbc\xaf\x27\x1c", "壓縮檔 .7z"),
    (b"\x1f\x8b", "壓縮檔 .gz"),
    (b"{\\rtf", "RTF 文件"),
    (b"MZ", "執行檔"),
    (TNEF, "Outlook 郵件 winmail.dat"),
)
_BEFORE_OLE = tuple(
    struct.pack("<BBH", 9, version, length) for version, length in ((0, 4), (2, 6), (4, 6), (8, 8))
)
"""How an .xls begins that was saved by Excel 2 to 4, or bare of its container: BOF, its version, length."""
_SHORTCUTS = (
    (b"[internetshortcut]", "網頁捷徑 .url"),
    (b"[desktop entry]", "捷徑 .desktop"),
    (b"l\0\0\0\x01\x14\x02\0", "Windows 捷徑 .lnk"),
)


def _other(data: bytes) -> Refusal:
    """Why a file is not read that is neither a zip nor an OLE file: what it is, in words."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return Refusal("F104", value=kind)
    if data.startswith(_BEFORE_OLE):
        return Refusal("F137", value="Excel 4.0 以前的舊格式", program="LibreOffice")
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, kind in _SHORTCUTS:
        if head.startswith(magic):
            return Refusal("F138", value=kind)
    if head.startswith(b"{") and (b"docs.google.com" in head or b'"doc_id"' in head):
        return Refusal("F138", value="Google 試算表捷徑 .gsheet")
    if b"<plist" in head and b"<key>url</key>" in head:
        return Refusal("F138", value="網頁捷徑 .webloc")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return Refusal("F137", value="XML 試算表 2003", program="Excel")
    if is_mht(data[:4096]):
        return Refusal("F137", value="網頁封存檔 .mht，即使副檔名為 .xls", program="Excel")
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        return Refusal("F137", value="網頁 .html，即使副檔名為 .xls", program="Excel")
    if head.startswith(b"<?xml"):
        return Refusal("F104", value="XML 文件")
    if is_eml(head):
        return Refusal("F104", value="電子郵件 .eml")
    text = b"\0" not in data[:4096]
    return Refusal("F104", value="文字檔或 CSV" if text else "無法辨識的格式")
