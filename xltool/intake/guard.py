"""The door: what a returned file is, and whether it may be opened. Nothing is parsed before this.

A file that may not come in raises `Refusal`, which `read_file` turns into a finding: it never
leaves this package. What comes in is read part by part within a budget, never trusting the sizes
that the file declares, and no XML with a DTD, with entities or in UTF-16 reaches the parser.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from xltool.plan import Limits

USUAL = Limits()
MB = 2**20
MAX_ENTRIES = 5_000
MAX_XML = 24 * MB  # of one part
MAX_MEDIA = 40 * MB
_MAX_RATIO, _RATIO_FROM = 500, 8 * MB
_MAX_DIRECTORY = MAX_ENTRIES * 400  # bytes of the zip's directory: 46 an entry, and its name
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']*)["']""")
DIRECTORY_END = 65_557  # a zip's last record, with the longest comment
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, IndexError),
    *(NotImplementedError, RuntimeError, ValueError, struct.error),
)
"""What zipfile raises for a broken archive."""
_ASKED_AGAIN = (".rels", "workbook.xml")  # parts that say what others there are
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


class Package:
    """A zip that passed the guard. Parts are found whatever their case, and read within a budget."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._parts = {_tidy(info.filename).lower(): info for info in archive.infolist()}
        self._left = limits.unpacked_mb * MB
        self._asked_again: dict[str, etree._Element] = {}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._parts

    def names(self) -> list[str]:
        """All part names, in lower case."""
        return list(self._parts)

    def read(self, name: str, limit: int = MAX_MEDIA) -> bytes:
        """A part's bytes. Raises Refusal when it is missing, broken, or larger than `limit`."""
        info = self._parts.get(name.lower())
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
    raise Refusal("F104", value=_other(data))


# --- zip: .xlsx, .xlsb, .ods ----------------------------------------------------------------


def _zip(data: bytes, limits: Limits) -> Admitted:
    package = Package(_archive(data, limits), limits)
    if "mimetype" in package:
        return _ods(data, package, limits)
    if "[content_types].xml" not in package:
        raise Refusal("F104", value=_zip_kind(package))
    warnings = []
    if any(name.endswith("vbaproject.bin") for name in package.names()):
        warnings.append("F108")
    if any(name.startswith("xl/externallinks/") for name in package.names()):
        warnings.append("F111")
    if "xl/workbook.bin" in package:
        return Admitted(Format.XLSB, data, limits, package, tuple(warnings))
    if any(name.startswith("xl/") for name in package.names()):
        return Admitted(Format.XLSX, data, limits, package, tuple(warnings))
    raise Refusal("F104", value=_zip_kind(package))


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
    if sum(info.file_size for info in infos) > limits.unpacked_mb * MB:
        raise Refusal("F105", reason="展開後過大")
    names = set()
    for info in infos:
        name = _tidy(info.filename)
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
    return name.replace("\\", "/")


def _ods(data: bytes, package: Package, limits: Limits) -> Admitted:
    kind = package.read("mimetype", 200).decode("ascii", "replace").strip()
    if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        known = {"text": "ODF 文字文件 .odt", "presentation": "ODF 簡報 .odp"}
        raise Refusal("F104", value=known.get(kind.rpartition(".")[2], "其他文件"))
    manifest = "META-INF/manifest.xml"
    if manifest in package and b"encryption-data" in package.read(manifest, MAX_XML):
        raise Refusal("F103")
    macros = any(
        name.startswith(("basic/", "scripts/")) and not name.endswith("/")
        for name in package.names()
    )
    return Admitted(Format.ODS, data, limits, package, ("F108",) if macros else ())


def _zip_kind(package: Package) -> str:
    kinds = {
        "word/": "Word 文件 .docx",
        "ppt/": "PowerPoint 簡報 .pptx",
        "index/": "Apple Numbers 或 Pages 文件",
    }
    for folder, kind in kinds.items():
        if any(name.startswith(folder) for name in package.names()):
            return kind
    return "壓縮檔 .zip"


# --- OLE: encrypted .xlsx, .xls -------------------------------------------------------------


def _ole(data: bytes, limits: Limits) -> Admitted:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            if ole.exists("EncryptedPackage"):
                raise Refusal("F103")
            for name in ("Workbook", "Book"):
                if ole.exists(name):
                    macros = ("F108",) if ole.exists("_VBA_PROJECT_CUR") else ()
                    _not_encrypted(ole.openstream(name).read())
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


def _not_encrypted(stream: bytes) -> None:
    """Raise Refusal for an old workbook with a FILEPASS record, which comes after the first few."""
    at = 0
    for _ in range(64):
        if at + 4 > len(stream):
            break
        record, length = struct.unpack_from("<HH", stream, at)
        if record == 0x2F:
            raise Refusal("F103")
        at += 4 + length


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
)


def _other(data: bytes) -> str:
    """What a file is that is no spreadsheet, in words."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "XML 試算表 2003"
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        return "網頁 .html，即使副檔名為 .xls"
    if head.startswith(b"<?xml"):
        return "XML 文件"
    if head.startswith((b"from:", b"received:", b"return-path:", b"mime-version:")):
        return "電子郵件 .eml"
    return "文字檔或 CSV" if b"\0" not in data[:4096] else "無法辨識的格式"
