"""What an e-mail carries: the attachments of an .eml, of Outlook's .msg, and of the winmail.dat (TNEF)
into which Outlook packs them for others ([MS-OXMSG], [MS-OXTNEF]).

Plain parsing within bounds; nothing is written, nothing is run, no address is followed.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from xltool.intake.rtf import words_of_rtf
from xltool.patterns import pattern

if TYPE_CHECKING:
    from email.message import Message

    import olefile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF = b"\x78\x9f\x3e\x22"
_MOST = 500  # attachments, and parts of a message
_NAMED = pattern(rb"^([a-z][a-z0-9-]*):", re.MULTILINE)
_OF_A_MAIL = {
    b"from",
    b"to",
    b"subject",
    b"received",
    b"return-path",
    b"delivered-to",
    b"message-id",
}
_BROUGHT_ALONG = pattern(r"image\d{3}\.\w{3,4}|smime\.p7[sm]", re.IGNORECASE)
"""Names that mail programs give to what belongs to the letter itself: logos, a signature."""


_MOST_WORDS = 1_000_000  # characters of a part
_UNSEEN_IN_PAGE = pattern(r"<(/?)(?:style|script|title|head)\b[^<>]*>", re.IGNORECASE)
_COURTESY = pattern(
    r"(?:您好|你好|附上|附件[為是]?|請見|收到|OK|本?(?:署|處|組|室|科|單位)的?|114年度?|參與業務調查表|調查表|執行成果填報表|督導意見表|意見表|"
    r"長官好?|承辦人?|敬啟者|(?:詳?如|隨信)附(?:件|檔)?(?:案)?|檢[附送陳]|請(?:您)?(?:查收|查照|參閱|參考|收悉|卓參)|"
    r"敬請?|惠請|謝謝您?|感謝您?|順頌|商祺|時祺|填報表|表單|表件|回傳|如題|如主旨|\W)*"
)
_SHORT, _LONGEST_SIGNATURE = 80, 300
_SIGNED = pattern(
    r"^(?:-- ?$|.{0,12}(?:敬上|敬啟|謹上)|從我的|傳送自|Sent from|(?:Best |Kind )?regards)",
    re.IGNORECASE | re.MULTILINE,
)
_OF_SENDING = pattern(
    r"(?:RE|FWD?|回[覆复]|答[覆复]|轉寄|轉知|【[^】]*】|\[[^\]]*\])[:：]?|\d{2,3}年度?|\d+|第?[一二三四五六七八九十]+次?"
    r"|經濟部能源署|經濟部|能源署|[本貴]?[\u4e00-\u9fff]{0,12}[組室科]|提升服務效能|執行計畫|參與業務|調查表?|執行成果|成果|填報表?|"
    r"督導小組|督導意見|意見表?|會議紀錄表?|參選結果表?|政府服務獎|年度自評|自評|作業|辦理情形?|資料|表[單件]?|電子檔|檔案|附件|"
    r"[更修補訂]正[後版檔]?|版本?|ver|v|補[件送充]|重新?|核章後?|檢[附送陳]|回[傳復報]|繳[交回]|提[供送報]|陳報|函[復送]?|寄送?|送|請?(?:查收|查照|卓參|收)"
    r"|有關|關於|一案|前?填[復報]|請?[於依在]|前|日|截止|催辦|提醒|通知|待辦|尚有|項|尚?未|函|號|字第|xlsx?|ods|[A-Za-z]\d*|[12]月|的|及|與|之|\W|_",
    re.IGNORECASE,
)
"""What subjects say of what is sent and by whom."""
_CORRECTS = pattern("應為|改為|改成|更正為|修正為|請改|請以|作廢|抽換|撤回|勿用|刪除")
_FEW_WORDS = 8
_TAG = pattern(r"<[^<>]*>")


class Attachment(NamedTuple):
    """What is attached to a letter: its name as sent, and its bytes."""

    name: str
    data: bytes


def is_letter(name: str, head: bytes) -> bool:
    """Whether a file is a letter, by its first 4,096 bytes; Outlook's own also by its name."""
    if head.startswith(OLE):
        return name.lower().endswith(".msg") or "__nameid".encode("utf-16-le") in head
    return head.startswith(TNEF) or is_eml(head)


def is_eml(head: bytes) -> bool:
    """Whether this is how a letter begins; a web page in one file (.mht) begins much like it."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:5].lower() == b"from ":
        head = head.partition(b"\n")[2]
    head = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0].lower()
    names = {*_NAMED.findall(head)}
    if not _NAMED.match(head) or b"snapshot-content-location" in names:
        return False
    return len(names & _OF_A_MAIL) > 1


def is_mht(head: bytes) -> bool:
    """Whether this is how a web page saved in one file begins."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return bool(_NAMED.match(head)) and b"multipart/related" in head and not is_eml(head)


def attachments(data: bytes) -> Iterator[Attachment]:
    """What a letter carries, without what belongs to the letter itself. Raises ValueError when broken."""
    try:
        if data.startswith(TNEF):
            found: Iterator[Attachment] = _tnef(data)
        elif data.startswith(OLE):
            found = _msg(data)
        else:
            found = _eml(data)
        for number, one in enumerate(found):
            if number == _MOST:
                return
            if one.data and not _BROUGHT_ALONG.fullmatch(one.name):
                name = "".join(c if c.isprintable() else "\ufffd" for c in one.name)
                yield Attachment(name or f"附件{number + 1}", one.data)
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError("a broken letter") from error


def length_of_words(data: bytes) -> int:
    """How many characters a letter itself says, blanks and mere courtesy apart, its subject with them
    where that says more than what is sent: what stands in it goes into no form. None are given: they
    name people. Raises ValueError when broken."""
    try:
        if data.startswith(TNEF):
            subject, said = _said_in_tnef(data)
        else:
            subject, said = _said_in_msg(data) if data.startswith(OLE) else _said_in_eml(data)
        words = "".join("".join(_unsigned(t[:_MOST_WORDS]).split()) for t in islice(said, _MOST))
        if len(words) < _SHORT and _COURTESY.fullmatch(words):
            words = ""
        return len(words) + _length_of_subject(subject)
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError("a broken letter") from error


def _length_of_subject(subject: str) -> int:
    """How many characters a subject has, where it says more than what is sent by whom."""
    words = "".join(subject[: _SHORT * 4].split())
    rest = _OF_SENDING.sub("", words)
    return len(words) if _CORRECTS.search(words) or len(rest) >= _FEW_WORDS else 0


def _unsigned(text: str) -> str:
    """A letter's words without who signed it."""
    signed = _SIGNED.search(text)
    is_last = signed is not None and len(text) - signed.end() < _LONGEST_SIGNATURE
    return text[: signed.start()] if signed is not None and is_last else text


def _said_in_eml(data: bytes) -> tuple[str, Sequence[str]]:
    """Its subject, and its parts in words; of one that is there both plain and as a page, the plain one."""
    from email import message_from_bytes

    plain, pages = [], []
    letter = message_from_bytes(data)
    for part in islice(letter.walk(), _MOST):
        kind, body = part.get_content_type(), part.get_payload(decode=True)
        named = part.get_filename() or part.get_param("name")
        if kind not in {"text/plain", "text/html"} or named or not isinstance(body, bytes):
            continue
        text = _ansi(body, part.get_content_charset() or "utf-8")
        if kind == "text/plain":
            plain.append(text)
        else:
            pages.append(_without_tags(text))
    subject = _words(letter.get("Subject", ""))
    return subject, plain if any(text.strip() for text in plain) else pages


def _without_tags(page: str) -> str:
    from html import unescape

    page = _without_comments(page[:_MOST_WORDS])
    seen, at, hidden = [], 0, 0
    for tag in _UNSEEN_IN_PAGE.finditer(page):
        if not hidden:
            seen.append(page[at : tag.start()])
        hidden = max(0, hidden + (-1 if tag[1] else 1))
        at = tag.end()
    return unescape(_TAG.sub("", "".join((*seen, "" if hidden else page[at:]))))


def _without_comments(page: str) -> str:
    """Each looked for once: a pattern would look for the end of each from its beginning."""
    seen, at = [], 0
    while (begin := page.find("<!--", at)) >= 0:
        seen.append(page[at:begin])
        end = page.find("-->", begin)
        if end < 0:
            return "".join(seen)
        at = end + 3
    return "".join((*seen, page[at:]))


def _eml(data: bytes) -> Iterator[Attachment]:
    from email import message_from_bytes

    letter = message_from_bytes(data)
    for number, part in enumerate(letter.walk()):
        if number == _MOST:
            return
        kind = part.get_content_type()
        name = _bare_name(part) or _words(part.get_filename() or part.get_param("name") or "")
        if part.is_multipart() or (kind.startswith("text/") and not name):
            continue
        shown_in_it = kind.startswith("image/") and f"cid:{_cid(part)}".encode() in data
        if _cid(part) and shown_in_it:
            continue
        body = part.get_payload(decode=True)
        yield Attachment(name, body if isinstance(body, bytes) else b"")


def _bare_name(part: Message) -> str:
    """A name that was sent in bytes, as no standard allows and some programs do; else empty."""
    for heading, words in part.raw_items():
        if heading.lower() in {"content-disposition", "content-type"} and not str(words).isascii():
            named = re.search(r'name="?([^";]+)', str(words))
            return _words(named[1]) if named else ""
    return ""


def _cid(part: Message) -> str:
    return str(part.get("Content-ID", "")).strip().strip("<>")


def _words(name: object) -> str:
    """A name as its sender wrote it: encoded words, or bytes of some encoding that nobody tells."""
    text = str(name)
    if "=?" in text:
        from email.header import decode_header

        pieces = decode_header(text)
        text = "".join(
            p if isinstance(p, str) else p.decode(c or "ascii", "replace") for p, c in pieces
        )
    raw = text.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp950"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


# --- Outlook's .msg -----------------------------------------------------------------------------


def _msg(data: bytes) -> Iterator[Attachment]:
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        streams = {tuple(path) for path in ole.listdir()}
        for path in sorted(streams):
            # Also those of a letter that is attached itself: its storage lies within.
            if path[-1] == "__substg1.0_37010102" and len(path) > 1:
                name = _text_of_msg(ole, path[:-1], "3707", "3704")
                yield Attachment(name, ole.openstream(path).read())


def _text_of_msg(ole: olefile.OleFileIO, at: Sequence[str], *tags: str) -> str:
    """The first of these properties that a storage has, empty where it has none."""
    for tag in tags:
        for kind, encoding in (("001F", "utf-16-le"), ("001E", "cp950")):
            path = [*at, f"__substg1.0_{tag}{kind}"]
            if ole.exists(path):
                held: bytes = ole.openstream(path).read()
                return held.decode(encoding, "replace").rstrip("\0")
    return ""


def _said_in_msg(data: bytes) -> tuple[str, Sequence[str]]:
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:

        def held(tag: str) -> bytes:
            path = f"__substg1.0_{tag}0102"
            return ole.openstream(path).read() if ole.exists(path) else b""

        subject, plain = _text_of_msg(ole, (), "0037"), _text_of_msg(ole, (), "1000")
        page = _text_of_msg(ole, (), "1013")
        return subject, [_body(plain, page or _ansi(held("1013"), "utf-8"), held("1009"))]


def _body(plain: str, page: str, rtf: bytes) -> str:
    """What a letter says, of the ways in which it may be held: plain, else as a page, else as RTF."""
    if plain.strip("\0 \r\n"):
        return plain
    if page.strip("\0 \r\n"):
        return _without_tags(page)
    return words_of_rtf(rtf) if rtf else ""


# --- winmail.dat --------------------------------------------------------------------------------

_RENDERING, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_BODY, _HEADED, _OF_LETTER = 0x800C, 0x8004, 0x9003
_LONG_NAME, _OBJECT, _SAID, _SUBJECT, _PAGE, _RTF = 0x3707, 0x3701, 0x1000, 0x0037, 0x1013, 0x1009
_CODE_PAGES = {0x102: "utf-8"}  # of what is held as bytes
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4}
_SIZES |= {0x14: 8, 0x40: 8, 0x48: 16}
_COUNTED = {0x0D, 0x1E, 0x1F, 0x102}


def _tnef(data: bytes) -> Iterator[Attachment]:
    """The attachments of a TNEF stream, those of a letter attached to it too."""
    at, name, body, encoding = 6, "", b"", "cp950"
    while at + 9 <= len(data):
        level, attribute, _, length = struct.unpack_from("<BHHL", data, at)
        value = data[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if level not in {1, 2}:
            raise ValueError("no attribute of a letter or of an attachment")
        if attribute == _CODE_PAGE and len(value) >= 4:
            encoding = f"cp{struct.unpack_from('<L', value)[0]}"
        elif attribute == _RENDERING:
            if body:
                yield Attachment(name, body)
            name, body = "", b""
        elif attribute == _TITLE:
            name = name or _ansi(value, encoding)
        elif attribute == _DATA:
            body = value
        elif attribute == _PROPERTIES:
            for tag, kind, held in _mapi(value):
                if tag == _LONG_NAME:
                    wide = kind == 0x1F
                    name = _ansi(held, "utf-16-le" if wide else encoding)
                elif tag == _OBJECT and kind == 0x0D and held[16:20] == TNEF:
                    yield from _tnef(held[16:])
                elif tag == _OBJECT and kind == 0x102:
                    body = held
    if body:
        yield Attachment(name, body)


def _said_in_tnef(data: bytes) -> tuple[str, Sequence[str]]:
    at, held = 6, dict.fromkeys((_SAID, _SUBJECT, _PAGE), "")
    rtf = b""
    while at + 9 <= len(data):
        _, attribute, _, length = struct.unpack_from("<BHHL", data, at)
        value = data[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if attribute in {_BODY, _HEADED}:
            held[_SAID if attribute == _BODY else _SUBJECT] += _ansi(value, "cp950")
        elif attribute == _OF_LETTER:
            for tag, kind, said in _mapi(value):
                if tag in held and not held[tag]:
                    wide = kind == 0x1F
                    held[tag] = _ansi(said, "utf-16-le" if wide else _CODE_PAGES.get(kind, "cp950"))
                elif tag == _RTF:
                    rtf = said
    return held[_SUBJECT], [_body(held[_SAID], held[_PAGE], rtf)]


def _ansi(value: bytes, encoding: str) -> str:
    if encoding == "utf-16-le":
        return value.decode(encoding, "replace").rstrip("\0")
    try:
        return value.rstrip(b"\0").decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return value.rstrip(b"\0").decode("cp950", "replace")


def _mapi(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The properties of an attachment: id, type, value. Raises struct.error when cut off."""
    (count,), at = struct.unpack_from("<L", data), 4
    for _ in range(min(count, _MOST)):
        kind, tag = struct.unpack_from("<HH", data, at)
        at += 4
        if tag >= 0x8000:  # it has a name of its own: a number, or a text
            (named,) = struct.unpack_from("<L", data, at + 16)
            at += 20
            (size,) = struct.unpack_from("<L", data, at)
            at += 4 + (named and _padded(size))
        many, kind = kind & 0x1000, kind & 0xFFF
        values = 1
        if many or kind in _COUNTED:
            (values,) = struct.unpack_from("<L", data, at)
            at += 4
        for _ in range(min(values, _MOST)):
            if kind in _COUNTED:
                (size,) = struct.unpack_from("<L", data, at)
                yield tag, kind, data[at + 4 : at + 4 + size]
                at += 4 + _padded(size)
            else:
                at += _SIZES[kind]


def _padded(size: int) -> int:
    return size + -size % 4
