"""A part that a file lists and does not hold is damage: the file is refused and the part is named, instead
of the unit being told that it filled in nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from tests.conftest import LibreOffice
from tests.support.edits import ITEM, caption, picture
from tests.support.packages import pack, parts
from tests.support.returns import UNIT, Person, issued, read, returned
from tests.support.rewritten import rewritten, without
from tests.support.sample import begin
from xltool.faces.cli import main
from xltool.store.workspace import Workspace


def noted(person: Person) -> None:
    person.find(ITEM, "辦理情形").comment = Comment("請看", "承辦人")


def charted(person: Person) -> None:
    person.sheet(ITEM).add_chart(BarChart(), "J2")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a photo, a comment and a chart."""
    folder = tmp_path_factory.mktemp("whole")
    return returned(folder, "report", picture(1), caption(1, "說明會"), noted, charted)


@pytest.fixture
def path(report: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(report, tmp_path))


def named(path: Path, kind: str, number: int = 0) -> str:
    """The name of a part whose name holds that, in order."""
    return sorted(name for name in parts(path) if kind in name)[number]


def assert_refused(path: Path, part: str) -> None:
    reading = read(path)
    [found] = reading.findings
    assert (found.code, reading.status) == ("F133", "unreadable")
    assert found.message == f"檔案毀損：缺少{part}"
    assert "原檔" in found.fix


def test_a_whole_file_is_read(path: Path) -> None:
    assert read(path).status == "accepted"


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("worksheets/sheet3.xml", f"工作表「{ITEM}」的內容"),
        ("styles.xml", "儲存格的格式"),
        ("drawings/drawing1.xml", f"工作表「{ITEM}」的圖片與圖形"),
        ("media/image", f"工作表「{ITEM}」的圖片"),
        ("charts/chart1.xml", f"工作表「{ITEM}」的圖表"),
        ("comments/comment", f"工作表「{ITEM}」的註解"),
        ("drawings/_rels/drawing1.xml.rels", f"工作表「{ITEM}」的圖片"),
        ("xl/worksheets/_rels/sheet3.xml.rels", "圖片與圖形所屬的工作表"),
    ],
)
def test_a_part_that_the_zip_does_not_hold_is_named(kind: str, part: str, path: Path) -> None:
    assert_refused(without(path, named(path, kind)), part)


def test_so_are_the_texts_that_cells_share(tmp_path: Path) -> None:
    gone = without(issued(tmp_path, "report"), "xl/sharedStrings.xml")
    assert_refused(gone, "各儲存格的文字")


def test_so_is_a_sheet_that_no_relation_leads_to(path: Path) -> None:
    first = openpyxl.load_workbook(path).sheetnames[0]
    gone = without(path, "xl/_rels/workbook.xml.rels")
    assert_refused(gone, f"工作表「{first}」的內容")


def test_one_flipped_byte_in_the_zip_s_directory_loses_a_sheet(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = data.rindex(b"xl/worksheets/sheet3.xml")
    data[at + 6] ^= 0x80
    path.write_bytes(bytes(data))
    assert_refused(path, f"工作表「{ITEM}」的內容")


def test_a_binary_workbook_tells_it_by_its_relations(tmp_path: Path) -> None:
    def relation(kind: str, target: str) -> str:
        one = f'<Relationship Id="rId1" Type="http://schemas/{kind}" Target="{target}"/>'
        return f"<Relationships>{one}</Relationships>"

    path = tmp_path / "report.xlsb"
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relation("officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": b"",
        "xl/_rels/workbook.bin.rels": relation("worksheet", "worksheets/sheet1.bin"),
    }
    path.write_bytes(pack(content))
    assert_refused(path, "一張工作表的內容")


@pytest.mark.parametrize("kind", ["theme/", "docProps/app.xml", "docProps/core.xml"])
def test_what_only_helps_a_program_may_be_missing(kind: str, path: Path) -> None:
    assert "F133" not in {one.code for one in read(without(path, named(path, kind))).findings}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Target="/xl/worksheets/sheet3.xml"', 'Target="worksheets/sheet3.xml"'),
        ('Target="/xl/worksheets/sheet3.xml"', 'Target="/XL/worksheets/Sheet3.xml"'),
        ('Target="/xl/worksheets/sheet3.xml"', 'Target="../xl/./worksheets/sheet3.xml"'),
    ],
)
def test_a_target_may_be_spelled_in_every_way_that_leads_there(
    old: str, new: str, path: Path
) -> None:
    assert read(rewritten(path, old, new)).status == "accepted"


def test_a_link_to_the_world_outside_is_no_part(path: Path) -> None:
    rels = named(path, "worksheets/_rels/sheet3.xml.rels")
    link = (
        b'<Relationship Id="rId77" TargetMode="External" Target="https://example.gov.tw/a.png" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
        b"</Relationships>"
    )
    content = parts(path)
    content[rels] = content[rels].replace(b"</Relationships>", link)
    path.write_bytes(pack(content))
    assert read(path).status == "accepted"


def test_an_ods_that_lost_its_photo_is_refused(soffice: LibreOffice, tmp_path: Path) -> None:
    report = returned(tmp_path, "report", picture(1), caption(1, "說明會"))
    ods = soffice.convert(report, "ods", tmp_path)
    assert read(ods).status == "accepted"
    assert_refused(without(ods, named(ods, "Pictures/")), "圖片")


@pytest.mark.parametrize("command", ["check", "merge"])
def test_in_a_year_the_damaged_one_is_refused_and_nobody_is_blamed_for_what_it_lost(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "114")
    year = Workspace.open(tmp_path / "114")
    issued(year.inbox, "enrolment")
    issued(year.inbox, "enrolment", unit="05")
    without(issued(year.inbox, "report", unit=UNIT), "xl/worksheets/sheet3.xml")
    assert main([command, "--folder", str(year.root)]) == 1
    shown = "".join("".join(capsys.readouterr()).split())
    assert f"缺少工作表「{ITEM}」的內容".replace(" ", "") in shown
    assert "未預期" not in shown
