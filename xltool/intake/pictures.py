"""Photos in returned files: what each is, the bytes of what is seen of it, and on which photo row it lies.

What is kept is a still picture and nothing else: without the video behind it that a phone adds, and,
where the sheet shows it cut or turned, without what was cut off.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xltool.intake.grid import AS_IT_IS, Anchor, Look
from xltool.intake.guard import Refusal
from xltool.patterns import pattern

if TYPE_CHECKING:
    from PIL import Image as Pillow

MAX_PIXELS = 60_000_000
BLURRED_BELOW = 480
"""Pixels on the longer side: 8 cm in print at 150 dots an inch."""

_KINDS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_MARKER = pattern(rb"\xff[\x01-\xcf\xd8-\xfe]")
_LARGE = 4_000  # pixels on the longer side that a picture shown otherwise keeps at most, about
_QUALITY = 90  # of a JPEG that is stored anew
_WHITE = (255, 255, 255, 255)
_VECTORS = {b"\xd7\xcd\xc6\x9a": "WMF", b"\x01\x00\x00\x00": "EMF", b"<svg": "SVG", b"<?xm": "SVG"}


@dataclass(frozen=True)
class Photo:
    """A picture that can be used: `kind` is its format in lower case, sizes are pixels."""

    data: bytes
    kind: str
    width: int
    height: int


def load(read: Callable[[str], bytes], anchor: Anchor) -> Photo | str:
    """The picture of an anchor as it is shown, or in words why it cannot be used. Its pixels are decoded
    only where it is shown otherwise than it is stored.

    `read` gives a part's bytes, and raises Refusal when it cannot.
    """
    from PIL import Image

    if anchor.fault:
        return anchor.fault
    try:
        data = read(anchor.part)
    except Refusal as refusal:
        return "圖檔過大" if refusal.code == "F105" else "圖檔毀損"
    if data[:4] in _VECTORS:
        return f"{_VECTORS[data[:4]]} 向量圖"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            photo = _described(data)
            if isinstance(photo, Photo) and anchor.look != AS_IT_IS:
                return _as_shown(photo, anchor.look)
            return photo
    except (Image.DecompressionBombError, MemoryError):
        return "圖片尺寸過大"
    except Exception:  # noqa: BLE001 - on a damaged file Pillow raises whatever comes
        return "圖檔毀損或格式不明"


def _described(data: bytes) -> Photo | str:
    """A stored picture by its header, without what stands behind its end."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=_KINDS) as image:
        kind, (width, height) = (image.format or "").lower(), image.size
    if width * height > MAX_PIXELS:
        return f"圖片尺寸過大，{width}×{height} 像素"
    # A cut-off file still has its header; its end mark is missing.
    still: bytes | None = data
    if data.startswith(_JPEG):
        kind, still = "jpeg", _one_jpeg(data)
    elif data.startswith(_PNG):
        still = _one_png(data)
    return "圖檔不完整" if still is None else Photo(still, kind, width, height)


def _one_jpeg(data: bytes) -> bytes | None:
    """The first picture of a JPEG file: phones put a video, a second picture or both behind it, and
    name them in a segment that goes too. None when it has no end."""
    at = 2
    aside: list[tuple[int, int]] = []
    while (found := _MARKER.search(data, at)) is not None:
        at, marker = found.end(), data[found.start() + 1]
        if marker == 0xD9:
            kept = data if at == len(data) else data[:at]
            for start, end in reversed(aside):
                kept = kept[:start] + kept[end:]
            return kept
        if marker in {0x01, 0xD8}:
            continue  # marks of their own, without a length
        length = int.from_bytes(data[at : at + 2], "big")
        if marker == 0xE2 and data[at + 2 : at + 6] == b"MPF\0":
            aside.append((found.start(), at + length))
        at += max(length, 2)
    return data if data.endswith(b"\xff\xd9") else None


def _one_png(data: bytes) -> bytes | None:
    """A PNG up to its end: what an editor that cuts pictures leaves behind it is what was cut off. None
    when it has no end."""
    at = len(_PNG)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return data[:at]
    return None


# --- as shown -----------------------------------------------------------------------------------


def _as_shown(photo: Photo, look: Look) -> Photo | str:
    """The picture that is seen, as a file with nothing else in it."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(photo.data), formats=_KINDS) as image:
        shrink = max(photo.width, photo.height) / _LARGE
        if shrink >= 2:
            image.draft(None, (int(photo.width / shrink), int(photo.height / shrink)))
        profile = image.info.get("icc_profile")
        width, height = image.size
        box = (
            *(round(width * look.left), round(height * look.top)),
            *(round(width * (1 - look.right)), round(height * (1 - look.bottom))),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return "裁切後沒有畫面"
        mode, upright = image.mode, _upright(image)
        if box == (0, 0, width, height) and not (
            look.mirrored or look.turn or look.outline or look.shade
        ):
            return photo  # less than a pixel was cut off
        shown = image.crop(box)
    has_holes = shown.has_transparency_data
    if shown.mode not in {"L", "RGB"} or has_holes:
        shown = shown.convert("RGBA" if has_holes else "RGB")
    if look.shade:
        shown = _without_colours(shown, look.shade)
    if look.outline:
        shown = _cut_to_shape(shown, look)
    if look.mirrored:
        shown = shown.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if look.turn:
        # Where a sheet turns a photo, that is how it is seen, whatever the camera noted.
        shown = _turned(shown, look.turn)
    elif upright != 1:
        exif = Image.Exif()
        exif[0x0112] = upright
        shown.info["exif"] = exif.tobytes()
        shown = ImageOps.exif_transpose(shown)
    kind = "jpeg" if photo.kind == "jpeg" and shown.mode != "RGBA" else "png"
    out = io.BytesIO()
    shown.info.clear()
    keep = {"icc_profile": profile} if profile and shown.mode == mode else {}
    if kind == "jpeg":
        shown.save(out, "JPEG", quality=_QUALITY, **keep)
    else:
        shown.save(out, "PNG", **keep)
    return Photo(out.getvalue(), kind, *shown.size)


def _upright(image: Pillow.Image) -> int:
    """How the camera was held, as it noted; 1 is upright."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 - on damaged notes Pillow raises whatever comes
        return 1


def _turned(image: Pillow.Image, degrees: float) -> Pillow.Image:
    """Turned clockwise; what is bare at the corners is white."""
    from PIL import Image

    quarter = round(degrees / 90) % 4
    if abs(degrees / 90 - round(degrees / 90)) < 0.002:
        turns = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180)
        turn = (*turns, Image.Transpose.ROTATE_90)[quarter]
        return image if turn is None else image.transpose(turn)
    bare = 255 if image.mode == "L" else _WHITE[: len(image.getbands())]
    return image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=bare)


SHAPES = frozenset((
    *("ellipse", "flowChartConnector", "triangle", "rtTriangle", "diamond", "octagon"),
    *("roundRect", "round1Rect", "round2SameRect", "round2DiagRect"),
    *("snip1Rect", "snip2SameRect", "snip2DiagRect"),
))
"""The shapes to which a picture can be cut here as in a spreadsheet."""

_ALL, _TOP, _SLANT, _FIRST = (0, 1, 2, 3), (0, 1), (0, 2), (1,)
_CORNERS = {
    "round1Rect": _FIRST,
    "snip1Rect": _FIRST,
    "round2SameRect": _TOP,
    "snip2SameRect": _TOP,
}
_CORNERS |= {"round2DiagRect": _SLANT, "snip2DiagRect": (1, 3)}


def _without_colours(image: Pillow.Image, shade: str) -> Pillow.Image:
    """In shades of grey, or ("mono") in black and white; what is transparent stays so."""
    grey = image.convert("L")
    if shade == "mono":
        grey = grey.point(lambda light: 255 * (light > 127))
    if image.mode == "RGBA":
        grey = grey.convert("RGBA")
        grey.putalpha(image.getchannel("A"))
    return grey


def _cut_to_shape(image: Pillow.Image, look: Look) -> Pillow.Image:
    """On white, only what lies within the shape; it is one of SHAPES."""
    from PIL import Image, ImageDraw

    width, height = image.size
    mask = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(mask)
    right, low = width - 1, height - 1
    if look.outline in {"ellipse", "flowChartConnector"}:
        draw.ellipse((0, 0, right, low), 255)
    elif look.outline == "triangle":
        draw.polygon([(width / 2, 0), (right, low), (0, low)], 255)
    elif look.outline == "rtTriangle":
        draw.polygon([(0, 0), (right, low), (0, low)], 255)
    elif look.outline == "diamond":
        draw.polygon([(width / 2, 0), (right, height / 2), (width / 2, low), (0, height / 2)], 255)
    else:
        far = look.corner * min(width, height)
        at = _CORNERS.get(look.outline, _ALL)
        if look.outline.startswith("round"):
            named = (0 in at, 1 in at, 2 in at, 3 in at)
            draw.rounded_rectangle((0, 0, right, low), far, 255, corners=named)
        else:
            draw.rectangle((0, 0, right, low), 255)
            corners = ((0, 0, 1, 1), (right, 0, -1, 1), (right, low, -1, -1), (0, low, 1, -1))
            for number in at:
                x, y, over, down = corners[number]
                draw.polygon([(x, y), (x + over * far, y), (x, y + down * far)], 0)
    white = Image.new(
        image.mode, image.size, 255 if image.mode == "L" else _WHITE[: len(image.getbands())]
    )
    white.paste(image, mask=mask)
    return white


# --- places -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Room:
    """Where a sheet asks for photos: the rows from the photo table's header to its last, the columns of
    the photo cells, and for how many."""

    header: int
    last: int
    left: int
    right: int
    most: int

    def holds(self, anchor: Anchor) -> bool:
        """Whether a picture lies there: it begins there, or most of it lies there."""
        if anchor.row is None:
            return True
        beside = anchor.col > self.right or max(anchor.col, anchor.right) < self.left
        middle = anchor.centre
        begins = self.header <= anchor.row <= self.last
        return (
            not beside
            and anchor.bottom > self.header
            and (begins or self.header < middle <= self.last)
        )


def rows_of(anchors: Sequence[Anchor], rows: Sequence[int], captioned: set[int]) -> list[int]:
    """For each anchor the photo row (one of `rows`, sheet rows) to which its picture belongs.

    A picture belongs to the row in which it begins, for people drop large ones over several rows;
    one that begins elsewhere to a row that it covers, else to the nearest, in both cases first to
    one with a caption that has no picture yet.
    """
    chosen: dict[int, int] = {}
    for index, anchor in enumerate(anchors):
        row = _begins(anchor)
        if row is not None and row in rows and row not in chosen.values():
            chosen[index] = row
    for index, anchor in enumerate(anchors):
        if index in chosen:
            continue
        used = set(chosen.values())
        begins = _begins(anchor)
        at = rows[0] if begins is None else begins
        covered = [row for row in rows if at <= row <= anchor.bottom]
        chosen[index] = min(
            covered or rows,
            key=lambda row: (row in used or row not in captioned, row in used, abs(row - at), row),
        )
    return [chosen[index] for index in range(len(anchors))]


def _begins(anchor: Anchor) -> int | None:
    """The row in which a picture begins; of a turned one, whose corners lie anywhere, the middle one."""
    if anchor.row is None or not anchor.look.turn:
        return anchor.row
    return int(anchor.centre)
