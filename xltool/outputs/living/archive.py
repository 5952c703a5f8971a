"""Finishes what openpyxl writes, so that it is as Excel itself would write it, and the same each time.

openpyxl writes formulas without their values, every text inline, a font's properties in an order of
its own, and the time of writing on every part. Excel copes with all of it; validators complain,
readers that do not compute show blanks, and equal content never gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's own first day
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DECLARED = f' xmlns="{_MAIN}"'.encode()  # once on the root is enough
_STRINGS = "xl/sharedStrings.xml"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_STRINGS_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign",
    "sz", "color", "name", "family", "charset", "scheme",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlainRow:
    """A row of ours in which nobody left anything: by column (from 1) a text or number and the number of
    its style. As cells of openpyxl it would take ten times as long."""

    height: float
    hidden: bool
    cells: Sequence[tuple[int, str | float | Decimal | None, int]]


def pack(
    workbook: Workbook,
    values: Mapping[tuple[str, str], Any],
    plain: Mapping[str, Mapping[int, PlainRow]],
) -> bytes:
    """The workbook as the bytes of an .xlsx file.

    `values` are the computed values of formulas, by sheet title and coordinate: numbers, text, dates,
    booleans or error values (「#DIV/0!」). `plain` are rows that the workbook itself has not, by sheet
    title and number. The document's dates are those of its properties.
    """
    from openpyxl.writer.excel import ExcelWriter

    raw, packed = BytesIO(), BytesIO()
    # Not workbook.save(): it would set the time of writing.
    ExcelWriter(workbook, ZipFile(raw, "w")).save()  # packed below
    by_part: dict[str, dict[str, Any]] = {}
    paths = {sheet.title: sheet.path.lstrip("/") for sheet in workbook.worksheets}
    for (title, coordinate), value in values.items():
        if value is not None:
            by_part.setdefault(paths[title], {})[coordinate] = value
    strings: dict[bytes, int] = {}
    with ZipFile(raw) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for title, name in paths.items():
        rows = plain.get(title, {})
        parts[name] = _sheet(parts[name], by_part.get(name, {}), rows, strings)
    parts["xl/styles.xml"] = _styles(parts["xl/styles.xml"])
    if strings and _STRINGS not in parts:
        parts[_STRINGS] = _shared(strings)
        parts["[Content_Types].xml"] = _appended(
            parts["[Content_Types].xml"],
            "Override",
            {"PartName": f"/{_STRINGS}", "ContentType": _STRINGS_TYPE},
        )
        parts["xl/_rels/workbook.xml.rels"] = _appended(
            parts["xl/_rels/workbook.xml.rels"],
            "Relationship",
            {"Type": _STRINGS_LINK, "Target": f"/{_STRINGS}", "Id": "rIdStrings"},
        )
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name, content in parts.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content)
    return packed.getvalue()


def _sheet(
    content: bytes,
    values: Mapping[str, Any],
    plain: Mapping[int, PlainRow],
    strings: dict[bytes, int],
) -> bytes:
    """A sheet with values beside its formulas, its texts moved to `strings`, and its plain rows."""
    from lxml import etree

    root = _parsed(content)
    for cell in root.iter(f"{{{_MAIN}}}c"):
        if cell.get("t") == "inlineStr":
            inline = cell.find(f"{{{_MAIN}}}is")
            if inline is None:  # an empty text
                del cell.attrib["t"]
                continue
            inline.tag = f"{{{_MAIN}}}si"
            text = etree.tostring(inline, encoding="utf-8").replace(_DECLARED, b"", 1)
            cell.remove(inline)
            cell.set("t", "s")
            number = strings.setdefault(text, len(strings))
            etree.SubElement(cell, f"{{{_MAIN}}}v").text = str(number)
            continue
        value = values.get(cell.get("r", ""))
        if value is not None and cell.find(f"{{{_MAIN}}}f") is not None:
            _compute(cell, value)
    if plain:
        _add_rows(root, plain, strings)
    return _bytes(root)


def _add_rows(root: Any, plain: Mapping[int, PlainRow], strings: dict[bytes, int]) -> None:
    """Put the plain rows among those that are there, and widen what the sheet says of its size."""
    from openpyxl.utils import get_column_letter, range_boundaries

    rows = root.find(f"{{{_MAIN}}}sheetData")
    size = root.find(f"{{{_MAIN}}}dimension")
    _, _, last_column, last_row = (n or 1 for n in range_boundaries(size.get("ref")))
    wide = max(last_column, *(column for row in plain.values() for column, *_ in row.cells))
    letters = [get_column_letter(column or 1) for column in range(wide + 1)]
    made = "".join(_row_xml(number, row, letters, strings) for number, row in plain.items())
    rows.extend(_parsed(f'<sheetData xmlns="{_MAIN}">{made}</sheetData>'.encode()))
    rows[:] = sorted(rows, key=lambda row: int(row.get("r")))
    size.set("ref", f"A1:{letters[wide]}{max(last_row, *plain)}")


def _row_xml(number: int, row: PlainRow, letters: Sequence[str], strings: dict[bytes, int]) -> str:
    """A plain row as it is written, its texts in `strings`."""
    cells = []
    for column, value, style in row.cells:
        kind, content = "", ""
        if isinstance(value, str) and value:
            kept = ' xml:space="preserve"' if value != value.strip() else ""
            text = f"<si><t{kept}>{escape(value)}</t></si>".encode()
            kind, content = ' t="s"', f"<v>{strings.setdefault(text, len(strings))}</v>"
        elif not isinstance(value, str) and value is not None:
            content = f"<v>{value}</v>"
        cells.append(f'<c r="{letters[column]}{number}" s="{style}"{kind}>{content}</c>')
    hidden = ' hidden="1"' if row.hidden else ""
    height = f'ht="{row.height:.16g}" customHeight="1"'
    return f'<row r="{number}" {height}{hidden}>{"".join(cells)}</row>'


def _compute(cell: Any, value: Any) -> None:
    """Put the computed value beside the cell's formula."""
    from lxml import etree
    from openpyxl.utils.datetime import to_excel

    serial: Callable[[date], float] = to_excel
    slot = cell.find(f"{{{_MAIN}}}v")
    if slot is None:
        slot = etree.SubElement(cell, f"{{{_MAIN}}}v")
    if isinstance(value, bool):
        cell.set("t", "b")
        slot.text = str(int(value))
    elif isinstance(value, str):
        cell.set("t", "e" if value.startswith("#") else "str")
        slot.text = value
    else:
        slot.text = str(serial(value) if isinstance(value, date) else value)


def _styles(content: bytes) -> bytes:
    from lxml import etree

    root = _parsed(content)
    for font in root.iter(f"{{{_MAIN}}}font"):
        font[:] = sorted(font, key=lambda e: _FONT_ORDER.index(etree.QName(e).localname))
    return _bytes(root)


def _shared(strings: Mapping[bytes, int]) -> bytes:
    head = f'<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">'.encode()
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + b"".join((
        head,
        *strings,
        b"</sst>",
    ))


def _appended(content: bytes, tag: str, attributes: dict[str, str]) -> bytes:
    """The part with one more child of its root, in the root's own namespace."""
    from lxml import etree

    root = _parsed(content)
    etree.SubElement(root, f"{{{etree.QName(root).namespace}}}{tag}", attributes)
    return _bytes(root)


def _parsed(content: bytes) -> Any:
    from lxml import etree

    # What we have just written: no entities to resolve, but a text may be long.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(content, parser)


def _bytes(root: Any) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
