"""Our sheets on paper: as we set them up, and as a person has set them up since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from xltool.outputs.living.table import SheetTable
from xltool.outputs.style import A4, FONT

_UNSAID: Mapping[str, Any] = {
    "page_setup.orientation": "portrait",
    "page_setup.fitToWidth": 1,
    "page_setup.fitToHeight": 1,
    "page_setup.pageOrder": "downThenOver",
    "sheet_properties.pageSetUpPr.fitToPage": False,
    "print_options.horizontalCentered": False,
}
"""What a program means that does not say it."""
_AREA = "print_area"
_HIDDEN = "hidden"


@dataclass(frozen=True)
class Paper:
    """How a sheet stood before it was written again: its settings, its last row and column."""

    settings: Mapping[str, Any]
    rows: int
    cols: int

    @classmethod
    def of(cls, sheet: Any, table: SheetTable) -> Paper:
        """That of the sheet of `table`."""
        names = _ours(sheet, table, "", (1, 1))
        return cls({one: _get(sheet, one) for one in names}, sheet.max_row, sheet.max_column)


def set_up(
    sheet: Any,
    table: SheetTable,
    title: str,
    rows: tuple[int, int],
    before: Paper | None,
    recorded: Mapping[str, str],
) -> Mapping[str, str]:
    """A4, as many pages wide as the table says, heading row repeated, title and page numbers; but what
    a person set otherwise than we last wrote it (`recorded`) stays as it was `before`.

    `rows`: that of the headings, and the last one. Returns our own settings, for the record. A sheet of
    records is hidden once: no program has another way of leaving a sheet out of a whole workbook's
    pages. Whoever shows it again keeps it in view.
    """
    ours = _ours(sheet, table, title, rows)
    for name, value in ours.items():
        if before is not None and name in recorded:
            stood = before.settings[name]
            if _text(stood) != recorded[name]:
                value = _grown(stood, before, sheet.max_column, rows[1]) if name == _AREA else stood
        _set(sheet, name, value)
    for part in (sheet.oddHeader.center, sheet.oddFooter.left, sheet.oddFooter.right):
        part.font, part.size = part.font or f"{FONT},Regular", part.size or 9
    kept = {name: _text(value) for name, value in ours.items()}
    if not table.record:
        return kept
    if _HIDDEN not in recorded:
        sheet.sheet_state = "hidden"
        sheet.sheet_view.tabSelected = False
    return {**kept, _HIDDEN: "once"}


def _ours(sheet: Any, table: SheetTable, title: str, rows: tuple[int, int]) -> dict[str, Any]:
    from openpyxl.utils import get_column_letter

    head, end = rows
    side_by_side = table.pages > 1
    # Repeated columns would cut the lines above the headings; the page's own head has the title.
    area = f"A{head}:{get_column_letter(sheet.max_column)}{end}" if side_by_side else ""
    repeated = f"A:{get_column_letter(table.frozen)}" if side_by_side and table.frozen else ""
    return {
        "page_setup.orientation": "portrait" if table.portrait else "landscape",
        "page_setup.paperSize": A4,
        "page_setup.fitToWidth": table.pages,
        "page_setup.fitToHeight": 1 if table.one_page else 0,
        "page_setup.pageOrder": "overThenDown",
        "sheet_properties.pageSetUpPr.fitToPage": True,
        "print_title_rows": f"{head}:{head}",
        "print_title_cols": repeated,
        _AREA: area,
        "print_options.horizontalCentered": True,
        "page_margins.left": 0.4,
        "page_margins.right": 0.4,
        "page_margins.top": 0.7,
        "page_margins.bottom": 0.6,
        "page_margins.header": 0.3,
        "page_margins.footer": 0.3,
        "oddHeader.center.text": f"{title}　{table.title}".replace("&", "&&"),
        "oddFooter.left.text": table.footer.replace("&", "&&"),
        "oddFooter.right.text": "第 &P 頁，共 &N 頁",
    }


def _get(sheet: Any, name: str) -> Any:
    *path, last = name.split(".")
    value = getattr(reduce(getattr, path, sheet), last)
    return _UNSAID.get(name, "") if value is None else value


def _set(sheet: Any, name: str, value: Any) -> None:
    *path, last = name.split(".")
    setattr(reduce(getattr, path, sheet), last, None if value == "" else value)


def _text(value: Any) -> str:
    """A setting as it is compared: programs round margins, and write addresses in two ways."""
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value).rpartition("!")[2].replace("$", "")


def _grown(area: str, before: Paper, last_column: int, last_row: int) -> str:
    """A person's print area: one that reached the last row or column then reaches it now."""
    from openpyxl.utils import get_column_letter, range_boundaries

    if not area or "," in area:  # all of the sheet, or parts of it
        return area
    left, top, right, bottom = range_boundaries(area.rpartition("!")[2])
    if not (left and top and right and bottom):
        return area
    right = last_column if right >= before.cols else right
    bottom = last_row if bottom >= before.rows else bottom
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
