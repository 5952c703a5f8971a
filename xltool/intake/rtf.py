"""The words of a letter that Outlook keeps as compressed RTF alone ([MS-OXRTFCP], RTF 1.9.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from xltool.patterns import pattern

_BEGUN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the compressed text may refer to from its beginning."""
_MOST = 4_000_000  # bytes
_WINDOW = 4096
_PIECE = pattern(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)(-?\d{1,9})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
_NO_WORDS = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"),
    *(b"htmltag", b"themedata", b"listtable", b"generator"),
}
_GAPS = {b"par", b"line", b"tab", b"cell", b"row"}


def words_of_rtf(data: bytes) -> str:
    """The words of a compressed RTF text. Raises ValueError or struct.error when it is none."""
    size, _, kind, _ = struct.unpack_from("<LL4sL", data)
    held = data[16 : size + 4]
    if kind not in {b"MELA", b"LZFu"}:
        raise ValueError("no compressed text")
    return _words(held if kind == b"MELA" else _unpacked(held))


def _unpacked(data: bytes) -> bytes:
    window = bytearray(_BEGUN.ljust(_WINDOW, b"\0"))
    out, at, write = bytearray(), 0, len(_BEGUN)
    while at < len(data) and len(out) < _MOST:
        flags, at = data[at], at + 1
        for bit in range(8):
            refers = flags >> bit & 1
            told = data[at : at + 1 + refers]
            at += 1 + refers
            if len(told) <= refers:
                return bytes(out)
            pair = int.from_bytes(told, "big")
            start, length = (pair >> 4, (pair & 15) + 2) if refers else (-1, 1)
            if start == write:
                return bytes(out)
            for number in range(length):
                window[write] = window[(start + number) % _WINDOW] if refers else told[0]
                out.append(window[write])
                write = (write + 1) % _WINDOW
    return bytes(out)


def _words(rtf: bytes) -> str:
    return b"".join(_pieces(rtf)).decode("cp950", "replace")


def _pieces(rtf: bytes) -> Iterator[bytes]:
    """The words, in the code page of Taiwan: all but what is said of fonts, pictures, tags."""
    silent = [False]
    skip = 0  # a character that follows one of Unicode, for programs that know none
    for byte, word, number, sign, brace, plain in _PIECE.findall(rtf):
        if brace == b"{":
            silent.append(silent[-1])
        elif brace and len(silent) > 1:
            silent.pop()
        elif sign == b"*" or word in _NO_WORDS:
            silent[-1] = True
        elif word == b"u" and number and not silent[-1]:
            yield chr(int(number) % 0x10000).encode("cp950", "replace")
            skip = 1
        elif word in _GAPS or sign == b"~":
            yield b" "
        elif not silent[-1] and (byte or plain):
            said = bytes.fromhex(byte.decode()) if byte else plain
            yield said[skip:]
            skip = 0
