"""Formats and their risks: macros and links are left out and said so; a worker that dies is one finding."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.conftest import LibreOffice
from tests.support.edits import caption, picture
from tests.support.hostile import compound
from tests.support.packages import pack, parts
from tests.support.returns import codes, issued, photo, read, returned
from xltool.intake.formats import legacy


def with_part(path: Path, name: str, data: bytes) -> Path:
    """The workbook with one more part."""
    changed = path.with_name(f"more-{path.name}")
    changed.write_bytes(pack({**parts(path), name: data}))
    return changed


@pytest.mark.parametrize(
    ("part", "code"),
    [("xl/vbaProject.bin", "F108"), ("xl/externalLinks/externalLink1.xml", "F111")],
)
def test_macros_and_links_are_left_out_and_the_rest_is_read(
    part: str, code: str, tmp_path: Path
) -> None:
    reading = read(with_part(issued(tmp_path, "enrolment"), part, b"<a/>"))
    assert codes(reading) == [code]
    assert reading.status == "accepted"


def test_a_calamine_that_dies_does_not_take_the_reader_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legacy, "_WORK", "import os; os.abort()")
    old = tmp_path / "old.xls"
    old.write_bytes(compound("Workbook", b""))
    assert codes(read(old)) == ["F107"]


def test_pictures_that_cannot_be_read_are_said_to_be_so(
    soffice: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: bytes) -> None:
        raise struct.error

    monkeypatch.setattr(legacy, "read_drawings", broken)
    path = soffice.convert(
        returned(tmp_path, "report", caption(1, "說明會"), picture(1, photo())), "xls", tmp_path
    )
    assert codes(read(path)) == ["F112"]


@pytest.mark.parametrize("to", ["xlsx", "ods", "xls"])
def test_an_error_in_a_required_field_is_no_blank_in_any_format(
    to: str, soffice: LibreOffice, tmp_path: Path
) -> None:
    path = returned(tmp_path, "enrolment", lambda p: p.card("填報資料", "填報人", "=1/0"))
    reading = read(soffice.convert(path, to, tmp_path / "saved"))
    assert codes(reading) == ["V309"]
    assert "#DIV/0!" in reading.findings[0].message


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    path = issued(tmp_path, "report")
    assert read(path) == read(path)
