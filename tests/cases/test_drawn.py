"""What is drawn on a form: a photo is kept as it shows and only where photos are asked; every other
picture, chart, box, object and tick is named with its place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter

from tests.conftest import LibreOffice
from tests.support.drawn import (
    CHART,
    WORDS,
    add_sheet,
    at,
    binary_workbook,
    cell_picture,
    chart,
    choice,
    colours,
    diagram,
    draw,
    group,
    ink,
    pic,
    quartered,
    shape,
)
from tests.support.edits import ITEM, caption, card, picture
from tests.support.packages import parts
from tests.support.returns import PLAN, Person, codes, issued, photo, read, returned
from tests.support.sample import begin
from xltool.intake import Reading
from xltool.intake.one import read_file
from xltool.steps.give_back import give_back
from xltool.steps.write import run
from xltool.store.workspace import Workspace

RED, GREEN, BLUE, GOLD, BARE = "red", "green", "blue", "gold", "white"
FIRST_ROW = 39
"""Of the photo cells D39:F44 on an item's sheet."""


@cache
def usual() -> bytes:
    """A report whose first photo has a caption, and as yet no photo."""
    with TemporaryDirectory() as folder:
        path = returned(Path(folder), "report", caption(1, "現場"))
        assert Person(path).find(ITEM, "照片（請插入於此格）").row == FIRST_ROW - 1
        return path.read_bytes()


def report(folder: Path) -> Path:
    """That report as a file of its own."""
    path = folder / "report.xlsx"
    path.write_bytes(usual())
    return path


def drawn(folder: Path, *anchors: str, **more: bytes) -> Path:
    """A report on whose first item's sheet somebody drew."""
    media = more.get("media")
    return draw(
        report(folder), ITEM, *anchors, media=media, linked={"chart": CHART, "words": WORDS}
    )


def on_photo_cell(thing: str) -> str:
    return at(f"D{FIRST_ROW}", thing, f"F{FIRST_ROW}")


def told(reading: Reading) -> list[tuple[str, str]]:
    """Each finding's code and cell, but for the caption that now has no photo."""
    return [(one.code, one.at.cell) for one in reading.findings if one.code != "C409"]


def kept(path: Path) -> tuple[Reading, list[bytes]]:
    """What is read, and the photos' bytes as they are stored."""
    blobs: list[bytes] = []

    def store(data: bytes) -> str:
        blobs.append(data)
        return f"{len(blobs)}"

    return read_file(path, PLAN, store=store), blobs


# --- as it shows ------------------------------------------------------------------------------------

CUT = '<a:srcRect l="50000" b="50000"/>'
LOOKS: dict[str, tuple[str, Sequence[Sequence[str]]]] = {
    "as it is": (pic(), [[RED, GREEN], [BLUE, GOLD]]),
    "cut to its upper right": (pic(fill=CUT), [[GREEN, GREEN], [GREEN, GREEN]]),
    "cut by percentages": (pic(fill='<a:srcRect t="50%"/>'), [[BLUE, GOLD], [BLUE, GOLD]]),
    "a margin added is no cut": (pic(fill='<a:srcRect l="-20000"/>'), [[RED, GREEN], [BLUE, GOLD]]),
    "turned by a quarter": (pic(place='rot="5400000"'), [[BLUE, RED], [GOLD, GREEN]]),
    "upside down": (pic(place='rot="10800000"'), [[GOLD, BLUE], [GREEN, RED]]),
    "turned backwards": (pic(place='rot="-5400000"'), [[GREEN, GOLD], [RED, BLUE]]),
    "askew": (pic(place='rot="1800000"'), [[RED, BARE], [BARE, GOLD]]),
    "mirrored": (pic(place='flipH="1"'), [[GREEN, RED], [GOLD, BLUE]]),
    "mirrored downwards": (pic(place='flipV="1"'), [[BLUE, GOLD], [RED, GREEN]]),
    "mirrored both ways": (pic(place='flipH="1" flipV="1"'), [[GOLD, BLUE], [GREEN, RED]]),
    "cut, mirrored, turned": (
        pic(fill='<a:srcRect l="50000"/>', place='flipV="1" rot="5400000"'),
        [[GREEN, GOLD], [GREEN, GOLD]],
    ),
    "in a turned group": (
        group(pic(place='rot="5400000"'), place='rot="5400000"'),
        [[GOLD, BLUE], [GREEN, RED]],
    ),
    "in a mirrored group": (
        group(pic(place='rot="5400000"'), place='flipH="1"'),
        [[RED, BLUE], [GREEN, GOLD]],
    ),
    "filling a shape": (
        shape(fill='<a:blipFill><a:blip r:embed="photo"/><a:srcRect r="50000"/></a:blipFill>'),
        [[RED, RED], [BLUE, BLUE]],
    ),
    "reaching beyond its shape": (
        shape(
            fill='<a:blipFill><a:blip r:embed="photo"/><a:stretch><a:fillRect l="-100000"/>'
            "</a:stretch></a:blipFill>"
        ),
        [[GREEN, GREEN], [GOLD, GOLD]],
    ),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("name", LOOKS)
def test_a_photo_is_kept_as_the_sheet_shows_it(name: str, kind: str, tmp_path: Path) -> None:
    thing, seen = LOOKS[name]
    reading, [blob] = kept(drawn(tmp_path, on_photo_cell(thing), media=quartered(kind)))
    assert codes(reading) == []
    assert colours(blob) == seen
    assert reading.submission is not None
    [one] = reading.submission.pictures
    assert (one.kind, one.caption) == (kind.lower(), "現場")


def test_a_photo_shown_as_it_is_keeps_its_bytes(tmp_path: Path) -> None:
    _, [blob] = kept(drawn(tmp_path, on_photo_cell(pic())))
    assert blob == quartered()


def under(effect: str) -> str:
    """A photo with something laid on it."""
    blip = f'<a:blip r:embed="photo">{effect}</a:blip>'
    return shape(fill=f"<a:blipFill>{blip}<a:stretch><a:fillRect/></a:stretch></a:blipFill>")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("effect", ["<a:grayscl/>", '<a:biLevel thresh="50000"/>'])
def test_a_photo_shown_without_colours_is_kept_without(
    effect: str, kind: str, tmp_path: Path
) -> None:
    from PIL import Image

    reading, [blob] = kept(drawn(tmp_path, on_photo_cell(under(effect)), media=quartered(kind)))
    assert codes(reading) == []
    with Image.open(io.BytesIO(blob)) as image:
        red, green, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red == green == blue


@pytest.mark.parametrize("to", ["ods", "xls"])
@pytest.mark.parametrize("effect", ["<a:grayscl/>", '<a:biLevel thresh="50000"/>'])
def test_and_so_it_is_in_other_formats(
    effect: str, to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    from PIL import Image

    blip = '<a:blip r:embed="photo"{}>'
    thing = pic().replace(blip.format("/"), f"{blip.format('')}{effect}</a:blip>")
    path = drawn(tmp_path, on_photo_cell(thing))
    _, [blob] = kept(soffice.convert(path, to, tmp_path / "saved"))
    with Image.open(io.BytesIO(blob)) as image:
        red, green, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red == green == blue


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ('<a:lum bright="70000" contrast="-70000"/>', "亮度或對比"),
        ('<a:alphaModFix amt="35000"/>', "透明度"),
        ("<a:duotone><a:prstClr val='black'/><a:prstClr val='white'/></a:duotone>", "雙色調"),
    ],
)
def test_what_cannot_be_drawn_on_a_photo_is_told(effect: str, words: str, tmp_path: Path) -> None:
    reading, [blob] = kept(drawn(tmp_path, on_photo_cell(under(effect))))
    assert [(one.code, one.value) for one in reading.findings] == [("S226", words)]
    assert colours(blob) == [[RED, GREEN], [BLUE, GOLD]]


def test_a_photo_that_nobody_sees_is_no_photo_and_is_told(tmp_path: Path) -> None:
    reading, blobs = kept(drawn(tmp_path, on_photo_cell(under('<a:alphaModFix amt="0"/>'))))
    assert not blobs
    assert "隱藏的圖片" in "".join(one.message for one in reading.findings)


@pytest.mark.parametrize("look", ["ellipse", "roundRect", "snip2DiagRect", "diamond"])
def test_what_a_shape_cuts_off_is_white(look: str, tmp_path: Path) -> None:
    from PIL import Image

    reading, [blob] = kept(drawn(tmp_path, on_photo_cell(pic(shape=look))))
    assert codes(reading) == []
    with Image.open(io.BytesIO(blob)) as image:
        corner = image.convert("RGB").getpixel((image.width - 3, 2))
        assert corner == (255, 255, 255)
    assert colours(blob)[0][0] in {RED, BARE}


def test_a_shape_that_cannot_be_cut_is_told_and_not_used(tmp_path: Path) -> None:
    reading = read(drawn(tmp_path, on_photo_cell(pic(shape="heart"))))
    assert told(reading) == [("S220", f"D{FIRST_ROW}")]
    assert reading.submission is not None
    assert reading.submission.pictures == ()


def test_a_photo_of_which_nothing_is_left_cannot_be_used(tmp_path: Path) -> None:
    reading = read(drawn(tmp_path, on_photo_cell(pic(fill='<a:srcRect l="60000" r="60000"/>'))))
    assert ("C411", f"D{FIRST_ROW}") in told(reading)


@pytest.mark.parametrize("turn", ["", 'rot="5400000"'])
def test_a_camera_s_own_turn_counts_once(turn: str, tmp_path: Path) -> None:
    """A camera notes that it was held sideways; Excel then turns the picture itself."""
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = quartered(exif=exif.tobytes())
    cut = '<a:srcRect b="50000"/>'
    _, [blob] = kept(drawn(tmp_path, on_photo_cell(pic(fill=cut, place=turn)), media=sideways))
    assert colours(blob) == [[RED, RED], [GREEN, GREEN]]


def test_a_small_rest_of_a_photo_is_blurred_in_print(tmp_path: Path) -> None:
    reading = read(drawn(tmp_path, on_photo_cell(pic(fill='<a:srcRect l="70000"/>', place=""))))
    assert codes(reading) == []  # 360 × 800 pixels
    reading = read(drawn(tmp_path, on_photo_cell(pic(fill='<a:srcRect l="70000" b="50000"/>'))))
    assert codes(reading) == ["C410"]


@pytest.mark.parametrize(
    ("name", "to"),
    [
        *(("cut to its upper right", "ods"), ("turned by a quarter", "ods"), ("mirrored", "ods")),
        *(("cut to its upper right", "xls"), ("mirrored", "xls")),
    ],
)
def test_so_it_is_in_other_formats(
    name: str, to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    thing, seen = LOOKS[name]
    path = soffice.convert(drawn(tmp_path, on_photo_cell(thing)), to, tmp_path / "saved")
    reading, [blob] = kept(path)
    assert codes(reading) == []
    assert colours(blob) == seen


def test_a_picture_in_a_cell_is_kept_as_it_shows(tmp_path: Path) -> None:
    """WPS's pictures in cells can be cut too."""
    path = cell_picture(report(tmp_path), ITEM, f"D{FIRST_ROW}", pic(fill=CUT))
    reading, [blob] = kept(path)
    assert codes(reading) == []
    assert colours(blob) == [[GREEN, GREEN], [GREEN, GREEN]]


# --- still pictures ---------------------------------------------------------------------------------

VIDEO = b"\0\0\0\x18ftypmp42" + b"\xff\xd8\xff\xd9video" * 4_000


def jpeg_with_two_pictures() -> bytes:
    from PIL import Image

    first, second = Image.open(io.BytesIO(quartered())), Image.open(io.BytesIO(photo()))
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


STILLS = {
    "a motion photo": quartered() + VIDEO,
    "a motion photo of Samsung's": quartered() + VIDEO + b"MotionPhoto_Data\0\0SEFT",
    "a phone's two pictures": jpeg_with_two_pictures(),
    "a cut picture with its old end": quartered("PNG") + quartered("PNG")[3000:],
}


@pytest.mark.parametrize("name", STILLS)
def test_of_a_phone_s_photo_the_still_picture_is_kept(name: str, tmp_path: Path) -> None:
    from PIL import Image

    reading, [blob] = kept(drawn(tmp_path, on_photo_cell(pic()), media=STILLS[name]))
    assert codes(reading) == []
    assert colours(blob) == [[RED, GREEN], [BLUE, GOLD]]
    assert len(blob) < len(STILLS[name])
    assert b"ftyp" not in blob
    with Image.open(io.BytesIO(blob)) as image:
        assert getattr(image, "n_frames", 1) == 1
    assert reading.submission is not None
    assert reading.submission.pictures[0].kind == ("png" if "old end" in name else "jpeg")


# --- where photos are asked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["B12", "E13", "B30", "G39", "H39", f"D{FIRST_ROW + 7}", "A1"],
    ids=["an answer", "beside it", "a score", "the hints", "far off", "below", "the title"],
)
def test_a_picture_elsewhere_is_named_and_no_photo(cell: str, tmp_path: Path) -> None:
    reading = read(drawn(tmp_path, at(cell, pic())))
    assert told(reading) == [("S211", cell)]
    assert f"D{FIRST_ROW}:F{FIRST_ROW + 5}" in next(
        one.fix for one in reading.findings if one.code == "S211"
    )
    assert reading.submission is not None
    assert reading.submission.pictures == ()


def test_a_seal_over_a_caption_is_no_photo(tmp_path: Path) -> None:
    assert told(read(drawn(tmp_path, at(f"B{FIRST_ROW}", pic(), f"C{FIRST_ROW}")))) == [
        ("S211", f"B{FIRST_ROW}")
    ]


@pytest.mark.parametrize(
    "corners", [("C39", "E39"), ("D38", "F40"), ("D39", "F60"), ("D44", "E44"), ("A37", "F44")]
)
def test_a_picture_that_lies_mostly_on_the_photo_cells_is_a_photo(
    corners: tuple[str, str], tmp_path: Path
) -> None:
    reading = read(drawn(tmp_path, at(corners[0], pic(), corners[1])))
    assert reading.submission is not None
    assert [one.caption for one in reading.submission.pictures] != []
    assert "S211" not in codes(reading)


def test_of_seven_photos_the_six_asked_are_taken(tmp_path: Path) -> None:
    numbers = range(1, 7)
    captions = [caption(number, f"圖說{number}") for number in numbers]
    path = returned(tmp_path, "report", *captions)
    places = [at(f"D{FIRST_ROW + number}", pic()) for number in (5, 4, 3, 2, 1, 0)]
    reading = read(draw(path, ITEM, at(f"E{FIRST_ROW + 5}", pic()), *places))
    assert codes(reading) == ["S219"]
    assert "6 張" in reading.findings[0].message
    assert reading.submission is not None
    assert sorted(one.caption for one in reading.submission.pictures) == [
        f"圖說{number}" for number in numbers
    ]


def test_photos_on_a_sheet_of_the_unit_s_own_are_one_finding(tmp_path: Path) -> None:
    path = add_sheet(report(tmp_path), "活動照片")
    reading = read(draw(path, "活動照片", at("B3", pic()), at("B15", pic()), at("B27", pic())))
    assert told(reading) == [("S216", "B3")]
    [found] = [one for one in reading.findings if one.code == "S216"]
    assert (found.at.sheet, found.value) == ("活動照片", "B3、B15、B27")
    assert "3 張" in found.message
    assert "「照片」" in found.fix


def test_a_form_that_asks_for_no_photos_does_not_speak_of_them(tmp_path: Path) -> None:
    path = draw(issued(tmp_path, "enrolment"), "填報資料", at("B8", pic()))
    [found] = read(path).findings
    assert (found.code, found.at.cell) == ("S211", "B8")
    assert "不收圖片" in found.fix


# --- what is no picture -----------------------------------------------------------------------------

CHARTEX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
THINGS: dict[str, tuple[str, str]] = {
    "a chart": (chart(), "圖表「各月件數」"),
    "a chart of the new kind": (
        choice(
            "cx1", chart().replace("drawingml/2006/chart", "drawing/2014/chartex"), shape("不支援")
        ),
        "圖表「各月件數」",
    ),
    "a diagram": (diagram(), "SmartArt 圖形「受理、審查、完成」"),
    "ink": (ink(), "手寫筆跡"),
    "an ellipse around something": (shape(kind="ellipse"), "圖案「橢圓」"),
    "a line": ("<xdr:cxnSp/>", "圖案「線條」"),
    "a picture that is hidden": (pic(hidden="1"), "隱藏的圖片"),
}


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("cell", [f"D{FIRST_ROW}", "B12", "H5"])
def test_what_is_drawn_is_named_at_its_cell(cell: str, name: str, tmp_path: Path) -> None:
    thing, called = THINGS[name]
    reading = read(drawn(tmp_path, at(cell, thing)))
    assert told(reading) == [("S217", cell)]
    [found] = [one for one in reading.findings if one.code == "S217"]
    assert found.value == called
    assert reading.submission is not None
    assert reading.submission.pictures == ()


def test_words_in_a_box_are_words_where_nothing_is_asked(tmp_path: Path) -> None:
    reading = read(drawn(tmp_path, at("B5", group(shape("請見附件"), shape("另補")))))
    assert told(reading) == [("S207", "B5"), ("S207", "B5")]
    assert [one.value for one in reading.findings if one.code == "S207"] == ["請見附件", "另補"]


def test_many_shapes_on_a_sheet_share_a_finding(tmp_path: Path) -> None:
    reading = read(drawn(tmp_path, *(at(f"B{row}", shape()) for row in range(4, 9))))
    assert told(reading) == [("S217", "B4")]
    assert all(f"B{row} " in reading.findings[0].value for row in range(4, 9))


@pytest.mark.parametrize("to", ["ods", "xls"])
def test_so_they_are_named_in_other_formats(to: str, tmp_path: Path, soffice: LibreOffice) -> None:
    things = (
        *(at("B5", shape("文字方塊")), at("C6", shape(kind="ellipse")), at("D40", chart())),
        *(at("B7", group(shape("群組"), pic())), at("B13", pic())),
    )
    path = soffice.convert(drawn(tmp_path, *things), to, tmp_path / "saved")
    assert sorted(told(read(path))) == [
        *(("S207", "B5"), ("S207", "B7"), ("S211", "B13"), ("S211", "B7")),
        *(("S217", "C6"), ("S217", "D40")),
    ]


def test_pictures_behind_a_sheet_and_in_its_margins_are_named(tmp_path: Path) -> None:
    words = '<legacyDrawingHF r:id="margin.vml"/><picture r:id="behind.png"/>'
    files: dict[str, str | bytes] = {"margin.vml": "<xml/>", "behind.png": quartered("PNG")}
    reading = read(draw(report(tmp_path), ITEM, words=words, sheet_parts=files))
    assert told(reading) == [("S217", "A1"), ("S217", "A1")]
    assert [one.value for one in reading.findings if one.code == "S217"] == [
        "物件「頁首頁尾的圖片」",
        "背景圖片",
    ]


def test_a_chart_on_a_sheet_of_its_own_is_named(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.chart import BarChart, Reference

    path = report(tmp_path)
    book = openpyxl.load_workbook(path)
    bars = BarChart()
    bars.add_data(Reference(book[ITEM], min_col=1, min_row=1, max_row=3))
    bars.title = "各月件數"
    book.create_chartsheet("圖表").add_chart(bars)
    book.save(path)
    reading = read(path)
    [found] = [one for one in reading.findings if one.code == "S217"]
    assert (found.at.sheet, found.value) == ("圖表", "圖表「各月件數」")


OBJECTS = {
    "an embedded document": ('progId="Word.Document.12" r:id="file.docx"', "內嵌檔案「Word 文件」"),
    "an embedded file": ('progId="Package" r:id="file.bin"', "內嵌檔案「檔案」"),
    "a linked document": ('progId="Excel.Sheet.12" link="[1]!x"', "連結的檔案「Excel 活頁簿」"),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_embedded_file_is_named_with_what_it_is(name: str, tmp_path: Path) -> None:
    how, called = OBJECTS[name]
    inside = (
        f'<oleObjects><mc:AlternateContent><mc:Choice Requires="x14"><oleObject {how} shapeId="1025">'
        f"<objectPr><anchor>{_corners('D', FIRST_ROW)}</anchor></objectPr></oleObject></mc:Choice>"
        f'<mc:Fallback><oleObject {how} shapeId="1025"/></mc:Fallback></mc:AlternateContent></oleObjects>'
    )
    preview = at(f"D{FIRST_ROW}", choice("a14", shape(spid="_x0000_s1025")))
    files = {"file.docx": b"PK", "file.bin": b"\xd0\xcf"}
    path = draw(report(tmp_path), ITEM, preview, words=inside, sheet_parts=files)
    reading = read(path)
    assert told(reading) == [("S217", f"D{FIRST_ROW}")]
    assert [one.value for one in reading.findings if one.code == "S217"] == [called]


def _corners(column: str, row: int) -> str:
    """An anchor's corners, as a sheet itself tells them."""
    col = ord(column) - 65
    space = 'xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    return "".join(
        f"<{name}><col {space}>{col + more}</col><colOff {space}>0</colOff>"
        f"<row {space}>{row - 1 + more}</row><rowOff {space}>0</rowOff></{name}>"
        for name, more in (("from", 0), ("to", 1))
    )


# --- ticks ------------------------------------------------------------------------------------------

STATES = {"Checked": "已勾選", "": "未勾選", "Mixed": "半勾選"}


@pytest.mark.parametrize("state", STATES)
def test_a_tick_of_a_form_control_is_told_with_its_state(state: str, tmp_path: Path) -> None:
    checked = f' checked="{state}"' if state else ""
    properties = (
        '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        f'objectType="CheckBox"{checked}/>'
    )
    inside = (
        '<mc:AlternateContent><mc:Choice Requires="x14"><controls><mc:AlternateContent>'
        '<mc:Choice Requires="x14"><control shapeId="1025" r:id="tick.xml" name="核取方塊 1"><controlPr>'
        f"<anchor>{_corners('C', 12)}</anchor></controlPr></control></mc:Choice></mc:AlternateContent>"
        "</controls></mc:Choice></mc:AlternateContent>"
    )
    label = choice("a14", at("C12", shape("已公開", spid="_x0000_s1025")))
    path = draw(report(tmp_path), ITEM, label, words=inside, sheet_parts={"tick.xml": properties})
    reading = read(path)
    assert told(reading) == [("S218", "C12")]
    assert [one.value for one in reading.findings if one.code == "S218"] == [
        f"核取方塊「已公開」{STATES[state]}"
    ]


@pytest.mark.parametrize(
    ("checked", "state"), [("<x:Checked>1</x:Checked>", "已勾選"), ("", "未勾選")]
)
def test_so_is_a_tick_that_only_an_old_drawing_holds(
    checked: str, state: str, tmp_path: Path
) -> None:
    """As WPS writes it; the part need not even be well-formed."""
    old = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel" '
        'xmlns:o="urn:schemas-microsoft-com:office:office"><v:shape id="_x0000_s1030" type="#_x0000_t201">'
        "<v:textbox><div>已公開<br></div></v:textbox>"
        '<x:ClientData ObjectType="Checkbox"><x:Anchor>2, 0, 11, 0, 3, 0, 12, 0</x:Anchor>'
        f"{checked}</x:ClientData></v:shape></xml>"
    )
    words = '<legacyDrawing r:id="old.vml"/>'
    path = draw(report(tmp_path), ITEM, words=words, sheet_parts={"old.vml": old})
    reading = read(path)
    assert told(reading) == [("S218", "C12")]
    assert [one.value for one in reading.findings if one.code == "S218"] == [
        f"核取方塊「已公開」{state}"
    ]


CHECKBOXES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"
 xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:table table:name="S"><office:forms><form:form form:name="F"
 form:control-implementation="ooo:com.sun.star.form.component.Form">
<form:checkbox form:control-implementation="ooo:com.sun.star.form.component.CheckBox" xml:id="c1"
 form:id="c1" form:label="已公開" form:current-state="checked"/>
<form:checkbox form:control-implementation="ooo:com.sun.star.form.component.CheckBox" xml:id="c2"
 form:id="c2" form:label="未公開"/></form:form></office:forms>
<table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell/><table:table-cell><draw:control svg:width="3cm" svg:height="0.4cm"
 svg:x="0cm" svg:y="0cm" draw:control="c1"/></table:table-cell></table:table-row>
<table:table-row><table:table-cell/><table:table-cell/><table:table-cell><draw:control svg:width="3cm"
 svg:height="0.4cm" svg:x="0cm" svg:y="0cm" draw:control="c2"/></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document>"""


@pytest.mark.parametrize("to", ["ods", "xlsx", "xls"])
def test_ticks_are_read_as_libreoffice_writes_them(
    to: str, tmp_path: Path, soffice: LibreOffice
) -> None:
    from xltool.intake.formats.legacy import read_legacy
    from xltool.intake.formats.ods import read_ods
    from xltool.intake.formats.xlsx import read_xlsx
    from xltool.intake.guard import admit

    source = tmp_path / "ticks.fods"
    source.write_text(CHECKBOXES, "utf-8")
    admitted = admit(soffice.convert(source, to, tmp_path / "saved").read_bytes())
    package = admitted.package
    if package is None:
        [grid] = read_legacy(admitted).sheets
    else:
        [grid] = (read_ods(package) if to == "ods" else read_xlsx(package)).sheets
    assert sorted((one.row, one.col, one.words, one.ticked) for one in grid.drawn) == [
        (4, 1, "已公開", "已勾選"),
        (5, 2, "未公開", "未勾選"),
    ]


def test_ticks_and_charts_are_read_as_excel_writes_them(tmp_path: Path) -> None:
    """XlsxWriter writes the parts that Excel 365 does."""
    from xltool.intake.formats.xlsx import read_xlsx
    from xltool.intake.guard import admit

    path = tmp_path / "ticks.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.insert_checkbox("B2", True)
        sheet.insert_checkbox("B3", False)
        sheet.insert_button("D5", {"caption": "按我"})
        bars = book.add_chart({"type": "column"})
        bars.add_series({"values": "=S!$A$1:$A$2"})
        bars.set_title({"name": "各月件數"})
        book.add_chartsheet("圖").set_chart(bars)
    package = admit(path.read_bytes()).package
    assert package is not None
    sheet_read, chart_sheet = read_xlsx(package).sheets
    assert sheet_read.ticks == {(1, 1): "已勾選", (2, 1): "未勾選"}
    assert [(one.row, one.col, one.what, one.words) for one in sheet_read.drawn] == [
        (4, 3, "表單控制項", "按鈕 按我")
    ]
    assert [(one.what, one.words) for one in chart_sheet.drawn] == [("圖表", "各月件數")]


ODS_TICKS = """<table:table-row><table:table-cell office:value-type="string"><text:p>{words}</text:p>
<draw:control draw:control="c1"/><draw:g><draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame>
<draw:custom-shape><text:p>框內文字</text:p></draw:custom-shape></draw:g>
<draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="Pictures/b.png"/></draw:frame>
</table:table-cell></table:table-row>"""


def test_an_ods_tells_ticks_groups_and_charts() -> None:
    from tests.support.hostile import ODS_NS, ODS_TYPE
    from tests.support.packages import pack
    from xltool.intake.formats.ods import read_ods
    from xltool.intake.guard import admit

    more = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for name, long in (("draw", "drawing"), ("form", "form"), ("chart", "chart"))
    )
    space = f'{ODS_NS}{more} xmlns:xlink="http://www.w3.org/1999/xlink"'
    content = (
        f'<office:document-content {space}><office:body><office:spreadsheet><table:table table:name="S">'
        '<office:forms><form:form><form:checkbox form:id="c1" form:label="已公開" '
        f'form:current-state="checked"/></form:form></office:forms>{ODS_TICKS.format(words="答案")}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    bars = (
        f"<office:document-content {space}><office:body><office:chart><chart:chart><chart:title>"
        "<text:p>各月件數</text:p></chart:title></chart:chart></office:chart></office:body>"
        "</office:document-content>"
    )
    files: dict[str, str | bytes] = {
        "mimetype": ODS_TYPE,
        "content.xml": content,
        "Object 1/content.xml": bars,
    }
    package = admit(pack(files)).package
    assert package is not None
    [grid] = read_ods(package).sheets
    assert [(one.what, one.words, one.ticked) for one in grid.drawn] == [
        ("核取方塊", "已公開", "已勾選"),
        ("圖表", "各月件數", ""),
    ]
    assert [one.part for one in grid.pictures] == ["Pictures/a.png"]
    assert [one.text for one in grid.boxes] == ["框內文字"]
    assert grid.cells[0, 0].text == "答案"


def test_an_xlsb_tells_its_pictures_and_charts() -> None:
    from xltool.intake.formats.legacy import read_legacy
    from xltool.intake.guard import admit

    cut = pic(fill=CUT, place='rot="5400000"')
    book = read_legacy(admit(binary_workbook("活動", at("D39", cut), at("B3", chart()))))
    [grid] = book.sheets
    [one] = grid.pictures
    assert (one.row, one.col, one.part) == (38, 3, "xl/media/photo.jpeg")
    assert (one.look.left, one.look.bottom, one.look.turn) == (0.5, 0.5, 90)
    assert [(thing.row, thing.col, thing.words) for thing in grid.drawn] == [(2, 1, "各月件數")]
    assert grid.cells[0, 0].text == "答案"
    assert not book.pictures_skipped


# --- to the end -------------------------------------------------------------------------------------


def pictures_in(paths: Sequence[Path]) -> list[bytes]:
    """All pictures in workbooks and documents."""
    return [
        data
        for path in paths
        for name, data in parts(path).items()
        if "/media/" in name and name.endswith(("jpeg", "jpg", "png"))
    ]


def test_what_was_cut_off_and_what_is_no_photo_stand_in_no_output(tmp_path: Path) -> None:
    """The unit cut all but the green; a seal lies over an answer; an error sends the file back."""
    begin(tmp_path / "114")
    year = Workspace.open(tmp_path / "114")
    good, faulty = tmp_path / "good", tmp_path / "faulty"
    good.mkdir()
    faulty.mkdir()
    things = on_photo_cell(pic(fill=CUT)), at("B12", pic())
    path = drawn(good, *things)
    (year.inbox / "03.xlsx").write_bytes(path.read_bytes())
    run(year)
    outputs = sorted(year.results.rglob("*.docx")) + sorted(year.results.rglob("*.xlsx"))
    shown = [colours(data) for data in pictures_in(outputs)]
    assert shown == [[[GREEN, GREEN], [GREEN, GREEN]]]

    unanswered = returned(faulty, "report", caption(1, "現場"), card(ITEM, "辦理情形", ""))
    again = draw(unanswered, ITEM, *things)
    (year.inbox / "03.xlsx").write_bytes(again.read_bytes())
    back = list(give_back(year).outputs)
    assert back
    workbooks = [path for path in back if path.suffix == ".xlsx"]
    gone_back = [colours(data) for data in pictures_in(workbooks)]
    # The seal lies on 表外內容, the photo in its place, as each showed.
    assert sorted(gone_back) == sorted([
        [[GREEN, GREEN], [GREEN, GREEN]],
        [[RED, GREEN], [BLUE, GOLD]],
    ])
    reread = read(workbooks[0])
    assert reread.submission is not None
    assert [one.caption for one in reread.submission.pictures] == ["現場"]


def test_photos_laid_by_the_form_itself_stay_where_they_are(tmp_path: Path) -> None:
    edits = [edit for row in range(1, 7) for edit in (caption(row, f"圖{row}"), picture(row))]
    reading = read(returned(tmp_path, "report", *edits))
    assert codes(reading) == []
    assert reading.submission is not None
    assert len(reading.submission.pictures) == 6
