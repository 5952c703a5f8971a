"""The workbook of last time, opened; what of it cannot be kept is copied beside it and told."""

from __future__ import annotations

import shutil
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.outputs.style import CHARSET, FONT, SIZE
from xltool.store.workspace import atomic_write

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook


def opened(previous: Path | None) -> tuple[Workbook, Workbook | None, list[Finding]]:
    """The workbook of last time or a new one, the same with computed values where it has formulas,
    and what is to be told of it."""
    if previous is None or not previous.is_file():
        return _fresh(), None, []
    workbook, cached, dropped = _load(previous)
    if workbook is None:
        return _fresh(), None, [finding("F114", Address(previous.name), _backup(previous).name)]
    if not dropped:
        return workbook, cached, []
    backup = _backup(previous).name
    told = finding("F115", Address(previous.name), "、".join(dropped), backup=backup)
    return workbook, cached, [told]


def _fresh() -> Workbook:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "xltool"
    # SheetColumn widths are counted in digits of this font.
    normal: Any = workbook
    normal._named_styles["Normal"].font = Font(name=FONT, size=SIZE, charset=CHARSET)
    return workbook


def _load(path: Path) -> tuple[Workbook | None, Workbook | None, list[str]]:
    """The workbook, the same with computed values where it has formulas, and what will be lost."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    data = path.read_bytes()
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            workbook = load_workbook(BytesIO(data), rich_text=True)
            formulas = any(b"<f" in part for _, part in _parts(data, "xl/worksheets/"))
            cached = load_workbook(BytesIO(data), data_only=True) if formulas else None
        lost = (
            ["擴充的下拉選單或條件式格式"] if any("removed" in str(w.message) for w in told) else []
        )
        if any(b":sp>" in part or b":sp " in part for _, part in _parts(data, "xl/drawings/")):
            lost.append("圖形或文字方塊")
        if any(True for _ in _parts(data, "xl/slicers/", "xl/threadedComments/")):
            lost.append("交叉分析篩選器或對話式註解")
    except (
        BadZipFile, zlib.error, EOFError, InvalidFileException, SyntaxError,
        KeyError, ValueError, TypeError, IndexError, AttributeError, NotImplementedError,
    ):  # fmt: skip
        # What openpyxl raises on broken workbooks; an OSError is the machine's and goes on.
        return None, None, []
    return workbook, cached, lost


def _parts(data: bytes, *folders: str) -> Iterator[tuple[str, bytes]]:
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith(folders) and not name.endswith((".rels", ".vml")):
                yield name, archive.read(name)


def _backup(path: Path) -> Path:
    """A copy of `path` beside it, named by its content: the same file is copied once."""
    from hashlib import sha256

    digest = sha256(path.read_bytes()).hexdigest()[:8]
    copied = path.with_name(f"{path.stem}_備份_{digest}{path.suffix}")
    if not copied.exists():
        with atomic_write(copied) as temporary:
            shutil.copyfile(path, temporary)
    return copied
