"""The smallest .xls, and the same encrypted with Excel's own password or another ([MS-XLS] 2.2.10)."""

from __future__ import annotations

import io
import struct
from hashlib import md5

from tests.support.hostile import compound

_SALT = bytes(range(16))


def old_book(sheet: str, text: str, password: str = "") -> bytes:
    """A workbook of one sheet with a text in A1; encrypted (RC4) where there is a `password`."""
    lock = _lock(password) if password else b""
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    begin = _record(0x809, struct.pack("<HHHHLL", 0x600, 5, 0, 0x7CC, 0, 0x600))
    at = len(begin) + len(lock) + 4 + 6 + len(name) + 4
    globals_ = begin + lock + _record(0x85, struct.pack("<LH", at, 0) + name) + _record(0x0A)
    cell = struct.pack("<HHHHB", 0, 0, 0, len(text), 1) + text.encode("utf-16-le")
    page = _record(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0, 0x7CC, 0, 0x600))
    stream = globals_ + page + _record(0x204, cell) + _record(0x0A)
    stream += _record(0, bytes(-len(stream) % 4))  # what follows are whole records of nothing
    return compound("Workbook", _encrypted(stream, password) if password else stream)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _lock(password: str) -> bytes:
    from msoffcrypto.method.rc4 import DocumentRC4  # type: ignore[import-untyped]

    verifier = bytes(16)
    both = io.BytesIO(verifier + md5(verifier).digest())  # noqa: S324 - what the format prescribes
    sealed = DocumentRC4.decrypt(password, _SALT, both).read()
    return _record(0x2F, struct.pack("<HHH", 1, 1, 1) + _SALT + sealed)


def _encrypted(stream: bytes, password: str) -> bytes:
    """What records hold, encrypted by place; their heads, the first record and the lock stay."""
    from msoffcrypto.method.rc4 import DocumentRC4

    sealed = bytearray(DocumentRC4.decrypt(password, _SALT, io.BytesIO(stream), 1024).read())
    at = 0
    while at < len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        clear = 4 + length if kind in {0x809, 0x2F} else 8 if kind == 0x85 else 4
        sealed[at : at + clear] = stream[at : at + clear]
        at += 4 + length
    return bytes(sealed)
