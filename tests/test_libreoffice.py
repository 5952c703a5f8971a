"""The second opinion itself: LibreOffice as the other tests use it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import LibreOffice, Pages

TWO_PAGES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
<style:style style:name="P1" style:family="paragraph">
<style:paragraph-properties fo:break-after="page"/>
<style:text-properties style:font-family-asian="標楷體"/></style:style>
</office:automatic-styles>
<office:body><office:text>
<text:p text:style-name="P1">提升服務效能</text:p><text:p text:style-name="P1">附件三</text:p>
</office:text></office:body></office:document>
"""


def test_a_document_with_a_chinese_name_is_rendered_in_kai_page_by_page(
    soffice: LibreOffice, pages: Pages, tmp_path: Path
) -> None:
    source = tmp_path / "附件 三.fodt"
    source.write_text(TWO_PAGES, encoding="utf-8")
    pdf = soffice.convert(source, "pdf")
    fonts = subprocess.run(
        ["pdffonts", str(pdf)],  # noqa: S607
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "Kai" in fonts.stdout
    assert [page.suffix for page in pages(pdf)] == [".png", ".png"]


def test_a_conversion_that_makes_no_file_is_a_failure(soffice: LibreOffice, tmp_path: Path) -> None:
    source = tmp_path / "空.xlsx"
    source.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(AssertionError, match="made no"):
        soffice.convert(source, "nosuchformat")
