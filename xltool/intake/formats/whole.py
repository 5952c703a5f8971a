"""Whether a package holds every part with content that it lists: one that is missing is damage.

One flipped byte in a zip's directory is enough to lose a sheet. Read without it, the file would say
that the unit reported nothing. What only helps a program (a theme, printer settings) may be missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from xltool.intake.gate import passed
from xltool.intake.guard import Format, Package, Refusal
from xltool.patterns import pattern

_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_FULL_PATH = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}full-path"
_SHEETS = {
    "worksheet": "工作表",
    "chartsheet": "圖表工作表",
    "dialogsheet": "對話方塊工作表",
    "xlmacrosheet": "巨集工作表",
}
_OF_WORKBOOK = {
    "sharedstrings": "各儲存格的文字",
    "styles": "儲存格的格式",
    "cellimage": "儲存格內的圖片",
    "sheetmetadata": "儲存格內容的說明資料",
    "rdrichvalue": "儲存格內的圖片",
    "rdrichvaluestructure": "儲存格內的圖片",
    "richvaluerel": "儲存格內的圖片",
}
_OF_SHEET = {
    "drawing": "圖片與圖形",
    "vmldrawing": "註解與核取方塊的外框",
    "image": "圖片",
    "chart": "圖表",
    "chartex": "圖表",
    "diagramdata": "SmartArt 圖形",
    "comments": "註解",
    "threadedcomment": "註解",
    "ctrlprop": "核取方塊等控制項",
    "oleobject": "內嵌的檔案",
    "package": "內嵌的檔案",
}
_DRAWINGS = {"drawing", "vmldrawing", "chart"}
_LINKED = pattern(rb"""[:\s](?:embed|pict|relid)\s*=\s*["']rId""")
_ODS_OBJECT = pattern(r"Object \d+/content\.xml")
_RELATIONS = "_rels/{}.rels"


def refuse_incomplete(package: Package, kind: Format) -> None:
    """Raise Refusal (F133) where a part is missing, named as a person would call it."""
    missing = next(_missing_of_ods(package) if kind is Format.ODS else _missing(package), None)
    if missing is not None:
        raise Refusal("F133", part=passed(missing)[0])


def _missing(package: Package) -> Iterator[str]:
    workbook = package.related("", "officedocument")
    if not workbook:
        return  # the reader looks where it usually is, and tells
    relations = package.relations(workbook)
    names = dict(_sheets(package, workbook))
    linked = {one.id: one for one in relations}
    for number, (at, name) in enumerate(names.items(), 1):
        if at not in linked or not linked[at].there:
            kind = linked[at].kind if at in linked else "worksheet"
            yield f"{_SHEETS.get(kind, '工作表')}「{name or number}」的內容"
    for one in relations:
        if not one.there and one.kind in _OF_WORKBOOK:
            yield _OF_WORKBOOK[one.kind]
        if not one.there and one.kind in _SHEETS:
            yield f"一張{_SHEETS[one.kind]}的內容"
    reached: set[str] = set()
    for one in relations:
        if one.kind not in _SHEETS:
            continue
        where = f"工作表「{names[one.id]}」的" if one.id in names else "工作表的"
        for part in _of_sheet(package, one.target, reached):
            yield where + part
    drawings = [name for name in package.names() if re.fullmatch(r"xl/drawings/[^/]+\.xml", name)]
    if any(name not in reached for name in drawings):
        yield "圖片與圖形所屬的工作表"


def _of_sheet(package: Package, part: str, reached: set[str]) -> Iterator[str]:
    """What a sheet's relations, and those of its drawings and charts, lead to that is not there."""
    for one in package.relations(part):
        if not one.there and one.kind in _OF_SHEET:
            yield _OF_SHEET[one.kind]
        if one.there and one.kind in _DRAWINGS and unquote(one.target).lower() not in reached:
            reached.add(unquote(one.target).lower())
            yield from _of_sheet(package, one.target, reached)
            if one.kind != "chart" and _has_lost_relations(package, one.target):
                yield _OF_SHEET["image"]


def _has_lost_relations(package: Package, part: str) -> bool:
    """Whether a drawing shows pictures of other parts, and what says which these are is gone."""
    folder, name = posixpath.split(part)
    if posixpath.join(folder, _RELATIONS.format(name)) in package:
        return False
    return _LINKED.search(package.read(part)) is not None


def _sheets(package: Package, workbook: str) -> Iterator[tuple[str, str]]:
    """The relation and name of each sheet that a workbook lists; none of a binary one's."""
    if not workbook.lower().endswith(".xml"):
        return
    for sheet in package.xml(workbook).iter("{*}sheet"):
        at = next((value for key in _IDS if (value := sheet.get(key))), "")
        yield at, sheet.get("name", "")


def _missing_of_ods(package: Package) -> Iterator[str]:
    manifest = "META-INF/manifest.xml"
    if manifest not in package:
        return
    for entry in package.xml(manifest).iter("{*}file-entry"):
        path = entry.get(_FULL_PATH, "")
        if path.endswith("/") or path in package:
            continue
        if path.startswith("Pictures/"):
            yield "圖片"
        elif _ODS_OBJECT.fullmatch(path):
            yield "圖表或內嵌的物件"
