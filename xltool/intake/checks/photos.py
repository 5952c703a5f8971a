"""Faults of the photos in a form."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.findings import finding
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Placed, text_of
from xltool.intake.draft import photo_field
from xltool.intake.pictures import BLURRED_BELOW
from xltool.model import Address
from xltool.zh import clean


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
    """A picture lies on a sheet that asks for none."""

    codes = ("S211",)

    @staticmethod
    def form(content: Content) -> Iterator[Placed]:
        """Every picture of such a sheet."""
        seen = {album.block.place for album in content.albums}
        for block in content.draft.blocks:
            if block.place not in seen:
                seen.add(block.place)
                for anchor in block.grid.pictures:
                    yield content.found_at("S211", block, anchor.row or 0, anchor.col)


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
