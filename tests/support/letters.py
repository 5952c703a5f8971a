"""Letters that carry files: .eml, Outlook's .msg, and winmail.dat (TNEF), made anew each time."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from email.message import EmailMessage

Files = Mapping[str, bytes]


def eml(
    files: Files, logo: bytes = b"", *, said: str = "如附件，請查收。", subject: str = "回傳"
) -> bytes:
    """A letter with those words and files, and a logo shown in its text."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "unit@example.tw", "all@example.tw", subject
    letter.set_content(said)
    if logo:
        letter.add_alternative('<p>如附件</p><img src="cid:logo@1">', subtype="html")
        page = letter.get_payload()[1]  # type: ignore[index]
        page.add_related(logo, "image", "png", cid="<logo@1>", filename="logo.png")  # type: ignore[union-attr]
    for name, data in files.items():
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def rtf(said: str) -> bytes:
    """Words as Outlook keeps them in RTF, not compressed."""
    escaped = "".join(f"\\u{ord(char)}?" if ord(char) > 127 else char for char in said)
    text = (
        rf"{{\rtf1\ansi{{\fonttbl{{\f0 Arial;}}}}{{\*\generator x}}\pard {escaped}\par}}".encode()
    )
    return struct.pack("<LL4sL", len(text) + 12, len(text), b"MELA", 0) + text


def msg(
    files: Files, *, said: str = "", subject: str = "", page: str = "", rich: bytes = b""
) -> bytes:
    """Outlook's own form of the same; `page` and `rich` are what it says as a page and in RTF."""
    streams: dict[tuple[str, ...], bytes] = {("__properties_version1.0",): b"\0" * 32}
    if subject:
        streams["__substg1.0_0037001F",] = subject.encode("utf-16-le")
    if page:
        streams["__substg1.0_10130102",] = page.encode()
    if rich:
        streams["__substg1.0_10090102",] = rich
    if said:
        # The stream of a test is padded with noughts, as a text of Outlook's is ended with one.
        streams["__substg1.0_1000001F",] = said.encode("utf-16-le")
    for number, (name, data) in enumerate(files.items()):
        at = f"__attach_version1.0_#{number:08X}"
        streams[at, "__substg1.0_3707001F"] = name.encode("utf-16-le", "surrogatepass")
        streams[at, "__substg1.0_37010102"] = data
    return _compound(streams)


def winmail(
    files: Files, *, long_names: bool = True, said: str = "", subject: str = "", rich: bytes = b""
) -> bytes:
    """What Outlook sends to others: names in the code page, or long ones beside them."""
    made = struct.pack("<LH", 0x223E9F78, 1) + _attribute(1, 0x9007, struct.pack("<LL", 950, 0))
    if said:
        made += _attribute(1, 0x800C, said.encode("cp950") + b"\0")
    if subject:
        made += _attribute(1, 0x8004, subject.encode("cp950") + b"\0")
    if rich:
        held = struct.pack("<LHHLL", 1, 0x102, 0x1009, 1, len(rich)) + rich
        made += _attribute(1, 0x9003, held + b"\0" * (-len(rich) % 4))
    for name, data in files.items():
        made += _attribute(2, 0x9002, b"\0" * 14)
        short = "PAPER~1.XLS" if long_names else name
        made += _attribute(2, 0x8010, short.encode("cp950") + b"\0")
        made += _attribute(2, 0x800F, data)
        if long_names:
            text = (name + "\0").encode("utf-16-le")
            text += b"\0" * (-len(text) % 4)
            long = struct.pack("<LHHLL", 1, 0x1F, 0x3707, 1, len(name) * 2 + 2) + text
            made += _attribute(2, 0x9005, long)
    return made


def _attribute(level: int, number: int, value: bytes) -> bytes:
    head = struct.pack("<BHHL", level, number, 0, len(value))
    return head + value + struct.pack("<H", sum(value) & 0xFFFF)


def _compound(streams: Mapping[tuple[str, ...], bytes]) -> bytes:
    """An OLE file of those streams and the storages that their paths name."""
    folders = sorted({path[:-1] for path in streams if len(path) > 1})
    entries: list[tuple[str, ...]] = [(), *folders, *streams]
    place = {path: number for number, path in enumerate(entries)}
    sectors: list[bytes] = []
    chains: list[int] = []
    starts: dict[tuple[str, ...], tuple[int, int]] = {}
    for path, data in streams.items():
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // 512)
        starts[path] = len(sectors), len(data)
        padded = data.ljust(count * 512, b"\0")
        chains += [*range(len(sectors) + 1, len(sectors) + count), 0xFFFFFFFE]
        sectors += [padded[at * 512 : at * 512 + 512] for at in range(count)]
    raw = b""
    for path in entries:
        within = [p for p in entries if p and p[:-1] == path]
        beside = [p for p in entries if path and p and p[:-1] == path[:-1]]
        later = beside[beside.index(path) + 1 :] if path else []
        name = (path[-1] if path else "Root Entry").encode("utf-16-le")
        start, size = starts.get(path, (0xFFFFFFFE, 0))
        kind = 2 if path in streams else 1 if path else 5
        raw += name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, kind, 1)
        right = place[later[0]] if later else 0xFFFFFFFF
        child = place[within[0]] if within else 0xFFFFFFFF
        raw += struct.pack("<LLL", 0xFFFFFFFF, right, child) + b"\0" * 36
        raw += struct.pack("<LQ", start, size)
    directory, count = len(sectors), -(-len(raw) // 512)
    padded = raw.ljust(count * 512, b"\0")
    sectors += [padded[at * 512 : at * 512 + 512] for at in range(count)]
    chains += [*range(directory + 1, directory + count), 0xFFFFFFFE]
    tables = -(-(len(sectors) + 8) // 127)
    fat = chains + [0xFFFFFFFD] * tables
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    first = len(sectors)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<9L", 0, tables, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    difat = [*range(first, first + tables), *[0xFFFFFFFF] * (109 - tables)]
    return (
        head + struct.pack("<109L", *difat) + b"".join(sectors) + struct.pack(f"<{len(fat)}L", *fat)
    )
