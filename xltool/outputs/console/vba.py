"""A small writer of VBA projects (`vbaProject.bin`), after MS-OVBA and MS-CFB.

Source code only: no compiled cache is written, so that Office compiles the project when it opens
it, and the same modules always give the same bytes. Names of records and streams are those of the
specifications: [MS-OVBA] 2.3.4.2 (dir stream), 2.3.1 (PROJECT), 2.4.1 (compression), 2.4.3
(obfuscation); [MS-CFB] 2.1-2.6 (compound file).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

CODE_PAGE = "cp1252"
"""Code page of the project: sources are ASCII, so that no machine's own code page matters."""

_ID = "{7D5B3C1E-9A42-4F60-8B1D-114000000114}"
_STDOLE = (
    "*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#"
    "C:\\Windows\\System32\\stdole2.tlb#OLE Automation"
)


class Kind(Enum):
    """What a module belongs to; the value is the VB_Base class of a document's module."""

    STANDARD = ""
    WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"
    WORKSHEET = "0{00020820-0000-0000-C000-000000000046}"


@dataclass(frozen=True)
class Module:
    """One module: its code name, what it belongs to, and its ASCII source without attributes."""

    name: str
    kind: Kind
    code: str = ""

    @property
    def source(self) -> bytes:
        """The stored text: attributes, then the code, lines ended by CR LF.

        Raises UnicodeEncodeError when the code is not ASCII.
        """
        lines = [f'Attribute VB_Name = "{self.name}"']
        if self.kind is not Kind.STANDARD:
            lines += [
                f'Attribute VB_Base = "{self.kind.value}"',
                "Attribute VB_GlobalNameSpace = False",
                "Attribute VB_Creatable = False",
                "Attribute VB_PredeclaredId = True",
                "Attribute VB_Exposed = True",
                "Attribute VB_TemplateDerived = False",
                "Attribute VB_Customizable = True",
            ]
        return "".join(f"{line}\r\n" for line in [*lines, *self.code.splitlines()]).encode("ascii")


def project(modules: Sequence[Module]) -> bytes:
    """The bytes of `vbaProject.bin` for these modules, in this order; equal input, equal bytes.

    Raises ValueError when two modules share a name (VBA does not tell case apart) and
    UnicodeEncodeError when a source is not ASCII.
    """
    if len({module.name.lower() for module in modules}) != len(modules):
        raise ValueError("two VBA modules share a name")
    streams = {module.name: compress(module.source) for module in modules}
    streams["dir"] = compress(_dir_stream(modules))
    streams["_VBA_PROJECT"] = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 1)
    names = b"".join(
        name.encode(CODE_PAGE) + b"\0" + name.encode("utf-16-le") + b"\0\0"
        for name in (module.name for module in modules)
    )
    return _compound_file(
        {"PROJECT": _project_stream(modules), "PROJECTwm": names + b"\0\0"}, {"VBA": streams}
    )


# --- MS-OVBA -------------------------------------------------------------------------------


def _record(ident: int, data: bytes) -> bytes:
    return struct.pack("<HI", ident, len(data)) + data


def _text(ident: int, ident_unicode: int, text: str) -> bytes:
    """A text given twice, in the code page and in UTF-16."""
    return _record(ident, text.encode(CODE_PAGE)) + _record(ident_unicode, text.encode("utf-16-le"))


def _dir_stream(modules: Sequence[Module]) -> bytes:
    """Information, references and modules of the project, uncompressed (2.3.4.2)."""
    u16, u32 = struct.Struct("<H").pack, struct.Struct("<I").pack
    libid = _STDOLE.encode(CODE_PAGE)
    parts = [
        _record(0x01, u32(3)),  # 64-bit Windows; a 32-bit Office reads it as well
        _record(0x02, u32(0x0409)),
        _record(0x14, u32(0x0409)),
        _record(0x03, u16(1252)),
        _record(0x04, b"VBAProject"),
        _text(0x05, 0x40, ""),
        _text(0x06, 0x3D, ""),
        _record(0x07, u32(0)),
        _record(0x08, u32(0)),
        struct.pack("<HIIH", 0x09, 4, 1, 1),  # project version: its size field is always 4
        _text(0x0C, 0x3C, ""),
        _text(0x16, 0x3E, "stdole"),
        _record(0x0D, u32(len(libid)) + libid + bytes(6)),
        _record(0x0F, u16(len(modules))),
        _record(0x13, u16(0xFFFF)),
    ]
    for module in modules:
        parts += [
            _text(0x19, 0x47, module.name),
            _text(0x1A, 0x32, module.name),
            _text(0x1C, 0x48, ""),
            _record(0x31, u32(0)),  # the source begins at once: no cache before it
            _record(0x1E, u32(0)),
            _record(0x2C, u16(0xFFFF)),
            _record(0x21 if module.kind is Kind.STANDARD else 0x22, b""),
            _record(0x2B, b""),
        ]
    return b"".join([*parts, _record(0x10, b"")])


def _project_stream(modules: Sequence[Module]) -> bytes:
    """The PROJECT stream (2.3.1): not protected, no password, visible."""
    lines = [f'ID="{_ID}"']
    for module in modules:
        plain = module.kind is Kind.STANDARD
        lines.append(f"Module={module.name}" if plain else f"Document={module.name}/&H00000000")
    lines += [
        'Name="VBAProject"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{obfuscate(bytes(4), _ID)}"',
        f'DPB="{obfuscate(bytes(1), _ID)}"',
        f'GC="{obfuscate(bytes([0xFF]), _ID)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode(CODE_PAGE)


def obfuscate(data: bytes, project_id: str, seed: int = 0x8D, filler: int = 0x07) -> str:
    """Data in the form of CMG, DPB and GC, as hexadecimal text (2.4.3.2).

    `seed` and `filler` may be any bytes: the specification has them random, here they are fixed so
    that the same project gives the same bytes.
    """
    key = sum(project_id.encode(CODE_PAGE)) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    before = key
    plain = [filler] * ((seed & 6) // 2) + list(struct.pack("<I", len(data)) + data)
    for byte in plain:
        out.append(byte ^ ((out[-2] + before) & 0xFF))
        before = byte
    return bytes(out).hex().upper()


def compress(data: bytes) -> bytes:
    """A CompressedContainer (2.4.1): chunks of 4096 bytes of literals and back-references."""
    chunks = (data[start : start + 4096] for start in range(0, len(data), 4096))
    return b"\x01" + b"".join(map(_compress_chunk, chunks))


def _compress_chunk(chunk: bytes) -> bytes:
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    position = 0
    while position < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if position >= len(chunk):
                break
            # A token's 16 bits are split between offset and length by how far the chunk has come.
            offset_bits = max(4, (position - 1).bit_length() if position else 0)
            longest = (0xFFFF >> offset_bits) + 3
            length, start = _longest_match(chunk, position, longest, seen)
            if length >= 3:
                flags |= 1 << bit
                token = (position - start - 1) << (16 - offset_bits) | (length - 3)
                tokens += struct.pack("<H", token)
            else:
                length = 1
                tokens.append(chunk[position])
            for at in range(position, position + length):
                seen.setdefault(chunk[at : at + 3], []).append(at)
            position += length
        out.append(flags)
        out += tokens
    if len(out) < 4096:
        return struct.pack("<H", 0xB000 | (len(out) - 1)) + out
    return struct.pack("<H", 0x3FFF) + chunk.ljust(4096, b"\0")


def _longest_match(
    chunk: bytes, position: int, longest: int, seen: Mapping[bytes, Sequence[int]]
) -> tuple[int, int]:
    """Length and start of the best earlier match, the nearest of equals; (0, 0) when none."""
    limit = min(longest, len(chunk) - position)
    best, best_start = 0, 0
    for start in reversed(seen.get(chunk[position : position + 3], ())):
        length = 0
        while length < limit and chunk[start + length] == chunk[position + length]:
            length += 1
        if length > best:
            best, best_start = length, start
        if best == limit:
            break
    return best, best_start


# --- MS-CFB --------------------------------------------------------------------------------

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Entry:
    """One directory entry while it is being placed."""

    name: str
    type: int
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    black: bool = True
    start: int = 0
    size: int = 0

    def pack(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16sI8s8sIQ",
            *(name, len(name), self.type, self.black, self.left, self.right, self.child),
            *(bytes(16), 0, bytes(8), bytes(8), self.start, self.size),
        )


def _compound_file(
    streams: Mapping[str, bytes], storages: Mapping[str, Mapping[str, bytes]]
) -> bytes:
    """A compound file of version 3: streams at the root, and storages with streams."""
    entries = [_Entry("Root Entry", _ROOT)]
    contents: dict[int, bytes] = {}

    def add(name: str, kind: int, data: bytes = b"") -> int:
        entries.append(_Entry(name, kind))
        if kind == _STREAM:
            contents[len(entries) - 1] = data
        return len(entries) - 1

    top = [add(name, _STREAM, data) for name, data in streams.items()]
    for storage, inner in storages.items():
        node = add(storage, _STORAGE)
        members = [add(name, _STREAM, data) for name, data in inner.items()]
        entries[node].child = _tree(entries, members)
        top.append(node)
    entries[0].child = _tree(entries, top)

    fat: list[int] = []
    body = bytearray()

    def place(data: bytes) -> int:
        """Append data as a chain of sectors; returns its first sector."""
        count = -(-len(data) // _SECTOR)
        if not count:
            return _END
        first = len(fat)
        fat.extend([*range(first + 1, first + count), _END])
        body.extend(data.ljust(count * _SECTOR, b"\0"))
        return first

    mini = bytearray()
    mini_fat: list[int] = []
    for node, data in contents.items():
        entries[node].size = len(data)
        if len(data) >= _CUTOFF:
            entries[node].start = place(data)
            continue
        count = -(-len(data) // _MINI)
        first = len(mini_fat)
        entries[node].start = first if count else _END
        mini_fat.extend([*range(first + 1, first + count), _END][:count])
        mini.extend(data.ljust(count * _MINI, b"\0"))
    entries[0].start, entries[0].size = place(bytes(mini)), len(mini)
    mini_fat_sectors = -(-len(mini_fat) * 4 // _SECTOR)
    mini_fat_start = place(_numbers(mini_fat))
    per_sector = _SECTOR // 128
    entries += [_Entry("", 0)] * (-len(entries) % per_sector)
    directory_start = place(
        b"".join(entry.pack() if entry.type else _UNUSED_ENTRY for entry in entries)
    )

    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * _SECTOR:
        fat_sectors += 1
    if fat_sectors > 109:
        raise ValueError("VBA project too large for a compound file without DIFAT sectors")
    fat_at = list(range(len(fat), len(fat) + fat_sectors))
    fat.extend([_FAT] * fat_sectors)
    body.extend(_numbers(fat))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6)),
        *(0, fat_sectors, directory_start, 0, _CUTOFF),
        *(mini_fat_start, mini_fat_sectors, _END, 0),
    )
    difat = struct.pack("<109I", *fat_at, *[_FREE] * (109 - fat_sectors))
    return header + difat + bytes(body)


_UNUSED_ENTRY = struct.pack("<64sHBBIII44s", b"", 0, 0, 0, _NONE, _NONE, _NONE, b"")


def _numbers(values: Sequence[int]) -> bytes:
    """32-bit numbers, filled up to whole sectors with the mark of a free sector."""
    missing = -len(values) % (_SECTOR // 4)
    return struct.pack(f"<{len(values) + missing}I", *values, *[_FREE] * missing)


def _tree(entries: Sequence[_Entry], members: Sequence[int]) -> int:
    """Link siblings into a balanced red-black tree, ordered as MS-CFB 2.6.4 wants; its root."""
    ordered = sorted(members, key=lambda n: (len(entries[n].name), entries[n].name.upper()))
    deepest = len(ordered).bit_length()  # only this level may be incomplete: red keeps it lawful

    def link(nodes: Sequence[int], depth: int) -> int:
        if not nodes:
            return _NONE
        middle = len(nodes) // 2
        entry = entries[nodes[middle]]
        entry.left = link(nodes[:middle], depth + 1)
        entry.right = link(nodes[middle + 1 :], depth + 1)
        entry.black = depth < deepest or depth == 1
        return nodes[middle]

    return link(ordered, 1)
