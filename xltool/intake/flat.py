"""A spreadsheet in one XML file (.fods), taken apart into the parts of an .ods: then both are read alike."""

from __future__ import annotations

import base64
import io
import zipfile

from lxml import etree

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _DRAW = (f"{{{_NS}{name}:1.0}}" for name in ("office", "drawing"))
_HREF = "{http://www.w3.org/1999/xlink}href"


def is_flat(head: bytes) -> bool:
    """Whether a file that begins like this is such a spreadsheet."""
    return b"<office:document" in head and b"opendocument.spreadsheet" in head


def as_parts(whole: etree._Element) -> bytes:
    """A zip of content.xml, meta.xml and the pictures that stand within it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, image in enumerate(list(whole.iter(f"{_DRAW}image"))):
            inside = next(image.iterchildren(f"{_OFFICE}binary-data"), None)
            if inside is None:
                continue
            part = f"Pictures/{number}"
            try:
                archive.writestr(part, base64.b64decode(inside.text or ""))
            except ValueError:
                archive.writestr(part, b"")
            image.set(_HREF, part)
            image.remove(inside)
        meta = next(whole.iterchildren(f"{_OFFICE}meta"), None)
        if meta is not None:
            archive.writestr("meta.xml", etree.tostring(meta))
            whole.remove(meta)
        archive.writestr("content.xml", etree.tostring(whole, encoding="utf-8"))
    return out.getvalue()
