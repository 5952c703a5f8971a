"""Thousands of returned files with damage of every kind: each is read or refused, never falls over, and
a year with them in its inbox is merged all the same.

Every mutant comes from a seed, so that one that fails can be made again; the last one stays in the
test's folder. `make prove` tries as many of each kind as are asked of it.
"""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.conftest import LibreOffice
from tests.support.effort import PROVE, spent
from tests.support.packages import parts
from tests.support.returns import PLAN, Person, codes, photo, read, returned
from tests.support.sample import year_of_114
from xltool.faces.cli import main
from xltool.intake import Reading
from xltool.intake.one import read_file
from xltool.steps.gather import gather
from xltool.store.workspace import Workspace

SECONDS = 10.0  # of the processor; each takes a tenth of one
Members = Mapping[str, bytes]
Mutate = Callable[[random.Random, "Source"], bytes]

# --- what is damaged --------------------------------------------------------------------------

_TAG = re.compile(rb"<(/?)[A-Za-z][^<>]*?(/?)>")
_ATTRIBUTE = re.compile(rb'\s([A-Za-z:]+)="([^"<>]*)"')
_TEXT = re.compile(rb">([^<>]+)<")


@dataclass(frozen=True)
class Part:
    """A member that is XML, with the places at which it may be changed: (first, last) offsets."""

    data: bytes

    @cached_property
    def elements(self) -> Sequence[tuple[int, int]]:
        """Whole elements, from < to >, the root left out."""
        found: list[tuple[int, int]] = []
        opened: list[int] = []
        for tag in _TAG.finditer(self.data):
            if tag[1]:
                found.append((opened.pop(), tag.end()))
            elif tag[2]:
                found.append(tag.span())
            else:
                opened.append(tag.start())
        return found[:-1]

    @cached_property
    def attributes(self) -> Sequence[tuple[int, int]]:
        """Attributes' values."""
        return [match.span(2) for match in _ATTRIBUTE.finditer(self.data)]

    @cached_property
    def names(self) -> Sequence[tuple[int, int]]:
        """Attributes' names."""
        return [match.span(1) for match in _ATTRIBUTE.finditer(self.data)]

    @cached_property
    def texts(self) -> Sequence[tuple[int, int]]:
        """Texts of elements."""
        return [match.span(1) for match in _TEXT.finditer(self.data)]


@dataclass(frozen=True)
class Source:
    """A filled form as bytes, and as members where it is a zip."""

    data: bytes

    @cached_property
    def members(self) -> Members:
        """Its members by name, in order."""
        return parts(io.BytesIO(self.data))

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """Those that are XML and not mere looks."""
        looks = ("styles.xml", "theme1.xml", "settings.xml")
        return {
            name: Part(data)
            for name, data in self.members.items()
            if data.lstrip().startswith(b"<") and not name.endswith(looks)
        }


def stored(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip of members as they are, whatever their names; a name may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


# --- the damage -------------------------------------------------------------------------------

ODD: Sequence[bytes] = (
    *(b"", b"0", b"-1", b"1", b"2", b"7", b"1.5", b"1e400", b"-1e308", b"NaN", b"inf", b"1e-320"),
    *(b"2147483648", b"4294967296", b"18446744073709551616", b"9" * 400, b"-" + b"9" * 30),
    *(b"1048576", b"1048577", b"16384", b"16385", b"60", b"2958466", b"-693594", b"0.99999999999"),
    *("²".encode(), "１２".encode(), "٣".encode(), "一".encode(), b"true", b"on", b"TRUE"),
    *(b"A1", b"a1", b"$A$1", b"XFD1048576", b"XFE1", b"A1048577", b"A0", b"1A", b"ZZZ9999999"),
    *(b"A1:A1", b"B2:A1", b"A1:XFD1048576", b"A:A", b"1:1", b":", b"A1:", b":A1", b"#REF!"),
    *(b"s", b"str", b"inlineStr", b"b", b"e", b"d", b"n", b"float", b"date", b"percentage"),
    *(b"boolean", b"error", b"string", b"currency", b"time", b"2025-11-30", b"9999-12-31"),
    *(b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-12:00", b"2025-02-30", b"PT99H"),
    *(b"../../../etc/passwd", b"/", b"..", b".", b"xl/workbook.xml", b"/xl/workbook.xml"),
    *(b"../drawings/drawing1.xml", b"content.xml", b"http://localhost/a", b"\\xl\\a.xml", b"External"),
    *(b"rId1", b"rId2", b"rId999", b"_x0000_", b"_xD800_", b"_xFFFF_", b"&#x41;", b"&amp;"),
    *(b"yyyy", b"0%", b"[h]:mm", b'"', b"report", b"meeting", b"114", b"99", b"text"),
    *("同上".encode(), "例".encode(), "無".encode(), "業務編號".encode(), "字".encode() * 3000),
)  # fmt: skip


def flip(rng: random.Random, source: Source) -> bytes:
    """Bytes changed here and there."""
    data = bytearray(source.data)
    for _ in range(rng.choice((1, 1, 2, 5, 30))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def flip_directory(rng: random.Random, source: Source) -> bytes:
    """The same near the end, where a zip lists its members."""
    data = bytearray(source.data)
    for _ in range(rng.choice((1, 2, 4))):
        data[-rng.randrange(1, 1500)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(data)


def flip_head(rng: random.Random, source: Source) -> bytes:
    """The same near the beginning, where an old workbook has the map of its sectors."""
    data = bytearray(source.data)
    for _ in range(rng.choice((1, 2, 4))):
        data[rng.randrange(8, 2048)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(data)


def cut(rng: random.Random, source: Source) -> bytes:
    """The end is missing, or a piece in the middle, or it is there twice."""
    data = source.data
    first, last = sorted((rng.randrange(len(data)), rng.randrange(len(data))))
    return rng.choice((
        data[:last],
        data[:first] + data[last:],
        data[:last] + data[first:],
        data[first:],
    ))


def members(rng: random.Random, source: Source) -> bytes:
    """Members left out, exchanged, repeated, renamed or emptied."""
    kept = list(source.members.items())
    for _ in range(rng.choice((1, 1, 2, 3))):
        at, other = rng.randrange(len(kept)), rng.randrange(len(kept))
        (name, data), (name2, data2) = kept[at], kept[other]
        match rng.randrange(8):
            case 0:
                del kept[at]
            case 1:
                kept[at], kept[other] = (name, data2), (name2, data)
            case 2:
                kept.append((f"more{len(kept)}/{name}", data))
            case 3:
                kept[at] = (name.swapcase(), data)
            case 4:
                kept[at] = (name.replace("/", "\\"), data)
            case 5:
                kept[at] = (name, b"")
            case 6:
                kept[at] = (name, rng.randbytes(rng.randrange(200)))
            case _:
                kept[at] = (name, data[: rng.randrange(len(data) + 1)])
        if not kept:
            break
    return stored(kept)


def xml(rng: random.Random, source: Source) -> bytes:
    """One member's elements, attributes and texts changed; mostly it stays well-formed."""
    name = rng.choice(list(source.parts))
    part = source.parts[name]
    changed = dict(source.members)
    changes = sorted(_changes(rng, part, rng.choice((1, 1, 2, 4, 12))), reverse=True)
    data, done = part.data, len(part.data)
    for first, last, new in changes:
        if last <= done:
            data, done = data[:first] + new + data[last:], first
    changed[name] = data
    return stored(list(changed.items()))


def _changes(rng: random.Random, part: Part, count: int) -> Iterator[tuple[int, int, bytes]]:
    """What to put in the place of what: first and last offset, and the new bytes."""
    data = part.data
    for _ in range(count):
        kind = rng.randrange(10)
        if kind < 2 and part.elements:
            first, last = rng.choice(part.elements)
            yield first, last, b"" if kind else data[first:last] * rng.choice((2, 2, 3, 50))
        elif kind == 2 and part.elements:
            (first, last), (start, end) = rng.choice(part.elements), rng.choice(part.elements)
            yield first, last, data[start:end]
        elif kind == 3 and part.names:
            first, last = rng.choice(part.names)
            yield first, last, rng.choice((b"r", b"t", b"s", b"name", b"ref", b"x"))
        elif kind == 4 and part.attributes:
            first, last = rng.choice(part.attributes)
            yield first, last, data[first:last].swapcase()
        elif kind < 8 and part.attributes:
            first, last = rng.choice(part.attributes)
            yield first, last, _odd(rng)
        elif part.texts:
            first, last = rng.choice(part.texts)
            whole = _odd(rng).replace(b"<", b"")
            yield first, last, rng.choice((whole, b"", data[first:last] * 2))


def _odd(rng: random.Random) -> bytes:
    return rng.choice(ODD).replace(b'"', b"&quot;")


# --- what must come of it ---------------------------------------------------------------------


def fault_of(path: Path) -> str:
    """What is wrong with the reading of a file, or nothing."""
    begin = spent()
    reading: object = read_file(path, PLAN)
    if (seconds := spent() - begin) > SECONDS:
        return f"took {seconds:.1f} s"
    if not isinstance(reading, Reading):
        return f"gave {reading!r}"
    if "F107" in codes(reading):
        return "fell over"
    if reading.submission is None and not reading.findings:
        return "neither read nor refused"
    return ""


def assert_all_are_read_or_refused(
    source: Source, mutate: Mutate, count: int, folder: Path, seed: str
) -> None:
    path = folder / "mutant"
    for number in range(max(count, PROVE)):
        rng = random.Random(f"{seed} {number}")
        path.write_bytes(mutate(rng, source))
        fault = fault_of(path)
        assert not fault, f"mutant {number} {fault}: {path}"


def small(folder: Path, key: str) -> Path:
    """A filled form, saved by the spreadsheet program of our tests; a report with a photo."""

    def save(person: Person) -> None:
        if key == "report":
            person.picture("業務 03-01", "D39", photo(60, 40))
            person.table("業務 03-01", "照片", 1, "圖說", "說明會")

    path = returned(folder, key, save)
    assert read(path).submission is not None
    return path


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Source]:
    folder = tmp_path_factory.mktemp("sources")
    return {key: Source(small(folder, key).read_bytes()) for key in ("enrolment", "report")}


ZIPPED = [
    *((flip, 120), (flip_directory, 150), (cut, 80), (members, 150), (xml, 500)),
]


@pytest.mark.parametrize(("mutate", "count"), ZIPPED)
@pytest.mark.parametrize("key", ["enrolment", "report"])
def test_a_damaged_xlsx_is_read_or_refused(
    key: str, mutate: Mutate, count: int, sources: Mapping[str, Source], tmp_path: Path
) -> None:
    assert_all_are_read_or_refused(
        sources[key], mutate, count, tmp_path, f"{key} {mutate.__name__}"
    )


@pytest.mark.parametrize(("mutate", "count"), ZIPPED)
def test_a_damaged_ods_is_read_or_refused(
    mutate: Mutate, count: int, soffice: LibreOffice, tmp_path: Path
) -> None:
    source = Source(soffice.convert(small(tmp_path, "report"), "ods", tmp_path).read_bytes())
    assert_all_are_read_or_refused(source, mutate, count, tmp_path, f"ods {mutate.__name__}")


@pytest.mark.parametrize(("mutate", "count"), [(flip, 12), (cut, 8)])
def test_a_damaged_xls_is_read_or_refused(
    mutate: Mutate, count: int, soffice: LibreOffice, tmp_path: Path
) -> None:
    source = Source(soffice.convert(small(tmp_path, "report"), "xls", tmp_path).read_bytes())
    assert_all_are_read_or_refused(source, mutate, count, tmp_path, f"xls {mutate.__name__}")


def test_the_container_and_the_pictures_of_a_damaged_xls_are_read_or_refused(
    soffice: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the worker, which would take most of the time: its answer is always the same."""

    def worker(*args: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        sheets = [{"name": "業務 03-01", "cells": [[0, 0, "a", "text", None]], "merges": []}]
        return subprocess.CompletedProcess([], 0, json.dumps({"sheets": sheets}).encode())

    path = soffice.convert(small(tmp_path, "report"), "xls", tmp_path)
    monkeypatch.setattr(subprocess, "run", worker)
    for mutate in (flip, flip_head, cut):
        assert_all_are_read_or_refused(Source(path.read_bytes()), mutate, 150, tmp_path, "ole")


# --- through the whole year -------------------------------------------------------------------

WHOLE = "03"
"""The unit whose returns are left as they are."""


def damaged_year(folder: Path, number: int) -> tuple[Workspace, int]:
    """The sample's year, all returns but one unit's with damage of some kind; and how many these are."""
    year, count = year_of_114(folder), 0
    for path in sorted(year.inbox.iterdir()):
        if f"_{WHOLE}_" in path.name:
            continue
        rng = random.Random(f"year {number} {path.name}")
        source = Source(path.read_bytes())
        # Most of what is sent is whole enough to be read, and so to be merged.
        kinds = (xml, xml, xml, members, flip) if zipfile.is_zipfile(path) else (flip, cut)
        path.write_bytes(rng.choice(kinds)(rng, source))
        count += 1
    return year, count


def test_a_year_of_damaged_returns_is_merged_and_the_whole_ones_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried, number = 0, 0
    while number == 0 or tried < PROVE:
        year, count = damaged_year(tmp_path / str(number), number)
        tried, number = tried + count, number + 1
        assert main(["run", "--folder", str(year.root)]) in (0, 1)
        shown = "".join(capsys.readouterr())
        assert "未預期" not in shown
        assert "Traceback" not in shown
        again = gather(year)
        fell = {one.at.file for one in again.findings if one.code in {"F107", "F132"}}
        assert not fell
        filed = {(one.form, one.unit) for one in again.dataset.filings if one.filed}
        assert {("enrolment", WHOLE), ("report", WHOLE)} <= filed
