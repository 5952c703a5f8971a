"""The sheets of a form that goes back to its unit: what to correct, and what stood outside every field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from xltool.forms.layout import OUTSIDE, Style
from xltool.outputs.celltext import CELL_LIMIT, cell_text, lines
from xltool.outputs.forms.copies import WHOLE_FILE, LaidOut
from xltool.outputs.forms.drawing import lay_picture
from xltool.outputs.forms.looks import FormLooks
from xltool.outputs.forms.paper import set_up_paper
from xltool.outputs.style import Colour, row_height

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TO_CORRECT = "待修正"
"""The title of the first."""

_COLUMNS = (
    ("項次", 6.0),
    ("類別", 8.0),
    ("位置", 22.0),
    ("原填內容", 34.0),
    ("問題", 44.0),
    ("請這樣修正", 44.0),
)
_PLACE, _WORDS = 22.0, 78.0  # columns of what stood outside
_PICTURE_HEIGHT = 200.0  # points
_HOW_TO_CORRECT = (
    "這是貴單位所填內容的乾淨版本；紅框儲存格有說明，請點「位置」前往修正，改好後存檔回傳即可，"
    "不必另外填寫空白表單。"
)


def list_points(book: Workbook, laid: LaidOut, looks: FormLooks) -> Iterator[str]:
    """The first sheet: what to correct, each with a link to its cell. Yields the words written."""
    page, points = book.add_worksheet(TO_CORRECT), laid.copy.points
    title, note, head, text, link = (
        looks.plain(style)
        for style in (Style.TITLE, Style.NOTE, Style.HEADER, Style.TEXT, Style.LINK)
    )
    page.set_tab_color(Colour.FAULT_INK)
    page.hide_gridlines(2)
    set_up_paper(page, laid.owner, laid.form.title, landscape=True)
    last = len(_COLUMNS) - 1
    page.merge_range(0, 0, 0, last, "", title)
    yield _say(page, 0, 0, f"待修正 {len(points)} 項", title)
    page.set_row(0, row_height(2))
    page.merge_range(1, 0, 1, last, "", note)
    yield _say(page, 1, 0, _HOW_TO_CORRECT, note)
    for col, (label, width) in enumerate(_COLUMNS):
        page.set_column(col, col, width)
        yield _say(page, 2, col, label, head)
    page.freeze_panes(3, 0)
    page.repeat_rows(2)
    cells = {
        spot: (laid.titles[sheet.title], xl_rowcol_to_cell(place.row, place.col))
        for sheet, place, spot in laid.spots()
    }
    for row, point in enumerate(points, 3):
        known = point.spot in cells or point.place == WHOLE_FILE
        where = point.place if known else f"原檔 {point.place}"
        words = (str(row - 2), point.level, where, point.was, point.said, point.fix)
        for col, word in enumerate(words):
            yield _say(page, row, col, word, text)
        if point.spot in cells:
            sheet, cell = cells[point.spot]
            where = cell_text(f"{sheet} {cell}")
            page.write_url(row, 2, f"internal:'{sheet}'!{cell}", link, where)
            yield where
        high = max(
            lines(cell_text(word), width) for word, (_, width) in zip(words, _COLUMNS, strict=True)
        )
        page.set_row(row, row_height(high + 0.5))


def list_outside(book: Workbook, laid: LaidOut, looks: FormLooks) -> Iterator[str]:
    """The last sheet: words that stood outside every field, and pictures that lay on no place of the
    copy's. Yields the words written."""
    page = book.add_worksheet(OUTSIDE)
    head, text = looks.plain(Style.HEADER), looks.plain(Style.TEXT)
    set_up_paper(page, laid.owner, laid.form.title, landscape=False)
    page.repeat_rows(0)
    page.set_column(0, 0, _PLACE)
    page.set_column(1, 1, _WORDS)
    yield _say(page, 0, 0, "原位置", head)
    yield _say(page, 0, 1, "不在欄位內的文字與圖片（需要時請剪貼到適當欄位）", head)
    row = 1
    for place, whole in laid.copy.outside:
        for words in _parts(whole):
            yield _say(page, row, 0, place, text)
            yield _say(page, row, 1, words, text)
            page.set_row(row, row_height(lines(cell_text(words), _WORDS) + 0.5))
            row += 1
    for place, picture, file in laid.copy.loose:
        yield _say(page, row, 0, place, text)
        yield _say(page, row, 1, "", text)
        page.set_row(row, _PICTURE_HEIGHT)
        lay_picture(page, (row, 1), (_WORDS * 8 - 8, _PICTURE_HEIGHT * 96 / 72 - 8), picture, file)
        row += 1


def _parts(text: str) -> Iterator[str]:
    """A text in parts that cells can hold."""
    yield from (text[at : at + CELL_LIMIT] for at in range(0, len(text), CELL_LIMIT))


def _say(page: Worksheet, row: int, col: int, text: str, look: Format) -> str:
    """Write words of ours, and return them as they were written."""
    words = cell_text(text)
    page.write_string(row, col, words, look)
    return words
