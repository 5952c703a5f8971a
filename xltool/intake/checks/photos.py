"""Faults of the photos in a form."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.findings import finding
from xltool.intake.checks.check import Check
from xltool.intake.content import Album, Content, Placed
from xltool.intake.draft import LeftOver, photo_field, text_of
from xltool.intake.grid import Anchor, a1
from xltool.intake.pictures import BLURRED_BELOW
from xltool.model import Address
from xltool.zh import clean

_MOST, _LISTED = 200, 20
"""So many pictures of a sheet get a finding each; so many cells are listed in one."""


class Photos(Check):
    """A photo cannot be used, has no caption or is blurred in print; a caption has no photo."""

    codes = ("C408", "C409", "C410", "C411")

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Sheet by sheet, picture by picture; then the captions."""
        for album in content.albums:
            block = album.block
            for laid in album.laid:
                row, col, photo = laid.anchor.row or 0, laid.anchor.col, laid.photo
                if isinstance(photo, str):
                    yield content.found_at("C411", block, row, col, photo)
                    continue
                if not laid.caption:
                    yield content.found_at("C408", block, row, col, laid.number)
                if max(photo.width, photo.height) < BLURRED_BELOW:
                    size = f"{photo.width}×{photo.height}"
                    yield content.found_at("C410", block, row, col, size)
            for caption in album.alone:
                yield content.found("C409", block, caption, clean(text_of(caption)))


class Misplaced(Check):
    """A picture lies where no photo is asked, or cannot be drawn as it is shown, or there are too many."""

    codes = ("S211", "S216", "S219", "S220", "S226")

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """Every picture that is no photo of an item; those on a sheet of the unit's own in one finding."""
        albums = {album.block.place: album for album in content.albums}
        ours = {block.place for block in content.draft.blocks}
        for rest in content.draft.left_over:
            album = albums.get(rest.place)
            stray = rest.pictures if album is None else album.outside
            if stray and rest.place not in ours:
                yield cls._added(content, rest)
                continue
            for anchor in stray[:_MOST]:
                yield _at(content, rest, "S211", anchor, advice=_advice(content, album))
            if album is not None and album.room is not None:
                for anchor in album.surplus[:_MOST]:
                    yield _at(content, rest, "S219", anchor, most=album.room.most)
                for anchor in album.odd:
                    yield _at(content, rest, "S220", anchor, anchor.look.outline)
                for laid in album.laid:
                    if laid.anchor.look.effect:
                        yield _at(content, rest, "S226", laid.anchor, laid.anchor.look.effect)

    @staticmethod
    def _added(content: Content, rest: LeftOver) -> Placed:
        """All the pictures of a sheet that is none of the form's."""
        cells = [a1(anchor.row or 0, anchor.col) for anchor in rest.pictures]
        listed = "、".join(cells[:_LISTED]) + ("等" if len(cells) > _LISTED else "")
        at = Address(content.file, rest.sheet, cells[0])
        words = {"count": len(cells), "advice": _advice(content, None)}
        return (rest.place, 10**7, 0), finding("S216", at, listed, **words)


def _at(
    content: Content, rest: LeftOver, code: str, anchor: Anchor, value: object = "", **words: object
) -> Placed:
    row, col = anchor.row or 0, anchor.col
    at = Address(content.file, rest.sheet, a1(row, col))
    return (rest.place, row, col), finding(code, at, value, **words)


def _advice(content: Content, album: Album | None) -> str:
    """Where a photo belongs, on this form."""
    if album is not None and album.room is not None:
        room = album.room
        cells = f"{a1(room.header + 1, room.left)}:{a1(room.last, room.right)}"
        return f"如屬成果照片，請移到本表的「照片」欄位（{cells}）"
    if any(photo_field(section) for _, section in content.form.sections()):
        return "如屬成果照片，請移到所屬業務工作表的「照片」欄位"
    return "這份表單不收圖片；圖中如有填報內容，請填到對應欄位"


class Hidden(Check):
    """The file's format keeps the photos out of sight."""

    codes = ("F112",)

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Once for the file, where the form asks for photos."""
        asks = any(photo_field(section) for _, section in content.form.sections())
        if content.hides_photos and asks:
            format_of = f".{content.hides_photos}"
            yield (-2, 1, 0), finding("F112", Address(content.file), format_of)
