"""Each photo finds its row; each fault of one gives its own finding."""

from __future__ import annotations

import struct
from pathlib import Path
from zlib import crc32

import pytest

from tests.conftest import LibreOffice
from tests.support.edits import ITEM, caption, picture
from tests.support.packages import pack, parts
from tests.support.returns import PLAN, Edit, Person, codes, photo, read, returned
from xltool.intake.one import read_file


def huge_png() -> bytes:
    """A small file that says it is 60,000 pixels wide and high."""
    head = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for name, body in ((b"IHDR", head), (b"IDAT", b""), (b"IEND", b"")):
        data += struct.pack(">L", len(body)) + name + body + struct.pack(">L", crc32(name + body))
    return data


def test_a_photo_belongs_to_the_row_that_it_lies_on(tmp_path: Path) -> None:
    kept: list[bytes] = []

    def store(data: bytes) -> str:
        kept.append(data)
        return f"blob{len(kept)}"

    path = returned(
        tmp_path,
        "report",
        *(caption(1, "說明會"), caption(2, "操作畫面")),
        *(picture(1), picture(2, photo(1024, 768, "PNG"))),
    )
    reading = read_file(path, PLAN, store=store)
    assert codes(reading) == []
    assert reading.submission is not None
    first, second = reading.submission.pictures
    assert (first.caption, first.kind, first.width, first.height) == ("說明會", "jpeg", 800, 600)
    assert (second.caption, second.kind, second.width) == ("操作畫面", "png", 1024)
    assert first.of == "03-01"
    assert first.at.sheet == ITEM
    assert (first.blob, second.blob) == ("blob1", "blob2")
    assert kept[0] == photo()


def test_a_photo_beside_the_form_is_told_where_it_belongs(tmp_path: Path) -> None:
    path = returned(
        tmp_path,
        "report",
        *(caption(1, "說明會"), caption(2, "操作畫面"), picture(1)),
        lambda person: person.picture(ITEM, "J3", photo()),
    )
    reading = read(path)
    assert codes(reading) == ["S211", "C409"]
    room = Person(path).find(ITEM, "照片（請插入於此格）").row
    assert f"D{room + 1}:F{room + 6}" in reading.findings[0].fix
    assert reading.submission is not None
    assert [p.caption for p in reading.submission.pictures] == ["說明會"]


PHOTO_FAULTS: dict[str, tuple[list[Edit], str]] = {
    "no caption": ([picture(1)], "C408"),
    "no photo": ([caption(1, "說明會")], "C409"),
    "too small": ([caption(1, "說明會"), picture(1, photo(479, 300))], "C410"),
    "elsewhere": ([lambda person: person.picture("填報資料", "C30", photo())], "S211"),
}


@pytest.mark.parametrize("name", PHOTO_FAULTS)
def test_one_fault_of_a_photo_is_one_finding(name: str, tmp_path: Path) -> None:
    edits, code = PHOTO_FAULTS[name]
    assert codes(read(returned(tmp_path, "report", *edits))) == [code]


def test_a_photo_just_large_enough_is_fine(tmp_path: Path) -> None:
    path = returned(tmp_path, "report", caption(1, "說明會"), picture(1, photo(480, 300)))
    assert codes(read(path)) == []


def test_two_items_keep_their_photos_apart(tmp_path: Path) -> None:
    def other(person: Person) -> None:
        person.table("業務 03-02", "照片", 1, "圖說", "第二項業務")
        row = person.find("業務 03-02", "照片").row + 3
        person.picture("業務 03-02", f"D{row}", photo(900, 600))

    reading = read(returned(tmp_path, "report", caption(1, "第一項"), picture(1), other))
    assert codes(reading) == []
    assert reading.submission is not None
    assert [(p.of, p.caption) for p in reading.submission.pictures] == [
        ("03-01", "第一項"),
        ("03-02", "第二項業務"),
    ]


@pytest.mark.parametrize("to", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls"])
def test_photos_survive_being_saved_again_by_libreoffice(
    to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    edits = [
        edit
        for row in (1, 2, 3)
        for edit in (caption(row, f"圖說{row}"), picture(row, photo(700 + row, 500)))
    ]
    path = soffice.convert(returned(tmp_path, "report", *edits), to, tmp_path / "saved")
    reading = read(path)
    assert codes(reading) == []
    assert reading.submission is not None
    assert [(p.caption, p.width, p.of) for p in reading.submission.pictures] == [
        (f"圖說{row}", 700 + row, "03-01") for row in (1, 2, 3)
    ]


def test_a_large_photo_belongs_to_the_row_in_which_it_begins(tmp_path: Path) -> None:
    edits = [caption(1, "甲"), caption(2, "乙"), picture(1, photo(2400, 1800)), picture(2)]
    reading = read(returned(tmp_path, "report", *edits))
    assert reading.submission is not None
    assert [(p.width, p.caption) for p in reading.submission.pictures] == [
        (2400, "甲"),
        (800, "乙"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd7\xcd\xc6\x9a" + b"0" * 60, "WMF 向量圖"),
        (photo()[:2000], "圖檔不完整"),
        (photo(kind="PNG")[:200], "圖檔不完整"),
        (b"no picture at all", "圖檔毀損或格式不明"),
        (huge_png(), "圖片尺寸過大"),
    ],
)
def test_a_photo_that_cannot_be_used_says_why(data: bytes, said: str, tmp_path: Path) -> None:
    path = returned(tmp_path, "report", caption(1, "說明會"), picture(1))
    whole = parts(path)
    photos = dict.fromkeys((name for name in whole if name.startswith("xl/media/")), data)
    path.write_bytes(pack({**whole, **photos}))
    reading = read(path)
    assert codes(reading) == ["C411"]
    assert said in reading.findings[0].message
