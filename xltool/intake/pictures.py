"""Photos in returned files: what each is, by its header alone, and on which photo row it lies."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xltool.intake.grid import Anchor
from xltool.intake.guard import Refusal

MAX_PIXELS = 60_000_000
BLURRED_BELOW = 480
"""Pixels on the longer side: 8 cm in print at 150 dots an inch."""

_KINDS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
_VECTORS = {b"\xd7\xcd\xc6\x9a": "WMF", b"\x01\x00\x00\x00": "EMF", b"<svg": "SVG", b"<?xm": "SVG"}


@dataclass(frozen=True)
class Photo:
    """A picture that can be used: `kind` is its format in lower case, sizes are pixels."""

    data: bytes
    kind: str
    width: int
    height: int


def load(read: Callable[[str], bytes], anchor: Anchor) -> Photo | str:
    """The picture of an anchor, or in words why it cannot be used. Its pixels are not decoded.

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
            with Image.open(io.BytesIO(data), formats=_KINDS) as image:
                kind, (width, height) = (image.format or "").lower(), image.size
    except Image.DecompressionBombError:
        return "圖片尺寸過大"
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError):
        return "圖檔毀損或格式不明"
    if width * height > MAX_PIXELS:
        return f"圖片尺寸過大，{width}×{height} 像素"
    # A cut-off file still has its header; its end mark is missing.
    if (kind == "png" and b"IEND" not in data[-64:]) or (
        kind == "jpeg" and b"\xff\xd9" not in data[-4096:]
    ):
        return "圖檔不完整"
    return Photo(data, kind, width, height)


def rows_of(anchors: Sequence[Anchor], rows: Sequence[int], captioned: set[int]) -> list[int]:
    """For each anchor the photo row (one of `rows`, sheet rows) to which its picture belongs.

    A picture belongs to the row in which it begins, for people drop large ones over several rows;
    one that begins elsewhere to a row that it covers, else to the nearest, in both cases first to
    one with a caption that has no picture yet.
    """
    chosen: dict[int, int] = {}
    for index, anchor in enumerate(anchors):
        row = anchor.row
        if row is not None and row in rows and row not in chosen.values():
            chosen[index] = row
    for index, anchor in enumerate(anchors):
        if index in chosen:
            continue
        used = set(chosen.values())
        at = rows[0] if anchor.row is None else anchor.row
        covered = [row for row in rows if at <= row <= anchor.bottom]
        chosen[index] = min(
            covered or rows,
            key=lambda row: (row in used or row not in captioned, row in used, abs(row - at), row),
        )
    return [chosen[index] for index in range(len(anchors))]
