"""A form cut into pages: broad enough, each page begun where a reader would begin it, and filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from xltool.forms.layout import Place, SheetLayout, Style, wrapped
from xltool.forms.schema import Form, Kind
from xltool.outputs.style import A4_HEIGHT, A4_WIDTH, LINE, row_height

SIDE, TOP = 36.0, 44.0
"""Margins in points, at the sides, above and below."""
_SAFETY = 18.0  # what may vary
_DEFAULT_ROW = 15.0
_BROADER = (1.1, 1.2, 1.3)
_PAGES_OF_AN_ITEM, _FEW = 2, 0.33
_PHOTO_AT_LEAST = 5.0 * 72 / 2.54
"""Points on paper in which a photo shows what it is of; places for such ones are worth a page more."""
_STEPS = 20
_AT_BEST = 1.3  # a page holds so much more where a program has other fonts
_PHOTO_LINES, _STAMP_LINES, _SHORT_LINES = 14.0, 8.0, 2.6
_LEADING = {
    *(Style.TITLE, Style.SUBTITLE, Style.PROGRESS, Style.HEADING, Style.NOTE, Style.TOTAL),
    *(Style.HEADER, Style.EXAMPLE),
}


def fitted(lay: Callable[[Form], Sequence[SheetLayout]], form: Form) -> Sequence[SheetLayout]:
    """The sheets as `lay` lays them out, as paper wants them: with broader columns where an item would
    take a page too many or a few lines a page of their own (more of a long text stands on a line, and the
    paper's width makes all of it smaller), with the rows that begin a page, and with what a page has
    left given to its cells.

    Where even the broadest do not help, smaller print would not be read: the sheet takes its pages.
    """
    sheets = [_with_room_for_photos(sheet) for sheet in lay(form)]
    for times in _BROADER:
        if not any(map(_runs_over, sheets)):
            break
        own = (replace(s, columns=tuple(times * width for width in s.columns)) for s in form.sheets)
        broader = map(_with_room_for_photos, lay(replace(form, sheets=tuple(own))))
        pairs = zip(sheets, broader, strict=True)
        sheets = [
            broad if _runs_over(one) and not _runs_over(broad) else one for one, broad in pairs
        ]
    return [_filled(replace(sheet, breaks=tuple(_page_breaks(sheet)))) for sheet in sheets]


def _with_room_for_photos(sheet: SheetLayout) -> SheetLayout:
    """The sheet, its places for photos high enough to see something on paper."""
    least = _PHOTO_AT_LEAST / _scale(sheet) / LINE
    places = (place.row for place in sheet.places if place.style is Style.PHOTO)
    higher = {row: max(least, sheet.lines.get(row, 0.0)) for row in places}
    return replace(sheet, lines={**sheet.lines, **higher})


def _most_pages(sheet: SheetLayout) -> int:
    """The pages that an item's sheet may take."""
    return _PAGES_OF_AN_ITEM + any(place.style is Style.PHOTO for place in sheet.places)


def _runs_over(sheet: SheetLayout) -> bool:
    """Whether an item takes a page too many, or any sheet a last page with next to nothing on it."""
    pages = _pages(sheet, sheet.lines, _room(sheet))
    few = len(pages) > 1 and pages[-1] < _room(sheet) * _FEW
    return few or bool(sheet.of and len(pages) > _most_pages(sheet))


def _pages(sheet: SheetLayout, lines: Mapping[int, float], room: float) -> list[float]:
    """The points that stand on each page, whose rows are `lines` high."""
    tall = [
        row_height(lines[row]) if row in lines else _DEFAULT_ROW for row in range(bottom_of(sheet))
    ]
    if sheet.header is None:
        ends = (0, *_page_breaks(sheet), len(tall))
        return [sum(tall[start:end]) for start, end in pairwise(ends)]
    pages = [sum(tall[: sheet.header + 1])]
    for one in tall[sheet.header + 1 :]:
        if pages[-1] + one > room:
            pages.append(tall[sheet.header])  # repeated
        pages[-1] += one
    return pages


def _page_breaks(sheet: SheetLayout) -> list[int]:
    """Rows to begin a page with, so that no cell is torn, no heading stands alone at a page's end,
    and no section is torn that leaves less than half a page empty when it begins the next one; the
    last only where an item still takes no page too many.

    A sheet of one table needs none: its rows are whole, and its header is repeated."""
    if sheet.header is not None:
        return []
    whole = list(_breaks(sheet, tear=False))
    return (
        list(_breaks(sheet, tear=True)) if sheet.of and len(whole) >= _most_pages(sheet) else whole
    )


def _room(sheet: SheetLayout) -> float:
    """The points of rows that a page of the sheet holds."""
    height = A4_WIDTH if sheet.landscape else A4_HEIGHT
    return (height - 2 * TOP - _SAFETY) / _scale(sheet)


def _scale(sheet: SheetLayout) -> float:
    """How much smaller than on the screen the sheet is printed, so that the paper is broad enough."""
    across = sum(width * 6 + 4 for width in sheet.columns)  # points, as the default font has it
    width = A4_HEIGHT if sheet.landscape else A4_WIDTH
    return min(1.0, (width - 2 * SIDE) / across)


def bottom_of(sheet: SheetLayout) -> int:
    """The row below the last place."""
    return max(place.row + place.rows for place in sheet.places)


def _breaks(sheet: SheetLayout, *, tear: bool) -> Iterator[int]:
    room, bottom = _room(sheet), bottom_of(sheet)
    closed = {row for p in sheet.places for row in range(p.row + 1, p.row + p.rows)}
    closed |= {place.row + 1 for place in sheet.places if place.style in _LEADING}
    headings = {p.row for p in sheet.places if p.style is Style.HEADING}
    used, start = 0.0, 0
    for end in (row for row in range(1, bottom + 1) if row not in closed):
        tall = sum(height_of(sheet, row) for row in range(start, end))
        section = tall
        if start in headings and not tear:
            until = min((row for row in headings if row > start), default=bottom)
            whole = sum(height_of(sheet, row) for row in range(start, until))
            section = whole if whole <= room and used > room / 2 else tall
        if start and used + section > room:
            yield start
            used = 0.0
        used += tall
        start = end


def _filled(sheet: SheetLayout) -> SheetLayout:
    """The sheet with higher rows where that costs no page: photos large enough to see, cells for long
    answers with room for more of them."""
    bottom = bottom_of(sheet)
    if sheet.header is not None:
        lines, wanted = (
            dict(sheet.lines),
            _wanted(sheet, range(sheet.header + 1, bottom), _for_the_longest),
        )
        pages = len(_pages(sheet, lines, _room(sheet) * _AT_BEST))
        for tenths in range(_STEPS, 0, -1):
            grown = {row: lines[row] + more * tenths / _STEPS for row, more in wanted.items()}
            if len(_pages(sheet, lines | grown, _room(sheet))) <= pages:
                return replace(sheet, lines=lines | grown)
        return sheet
    lines = dict(sheet.lines)
    for start, end in pairwise((0, *sheet.breaks, bottom)):
        left = (_room(sheet) - sum(height_of(sheet, row) for row in range(start, end))) / LINE
        for kind in (_for_a_photo, _for_the_longest, _for_a_hand):
            wanted = _wanted(sheet, range(start, end), kind)
            share = min(1.0, max(0.0, left) / (sum(wanted.values()) or 1.0))
            for row, more in wanted.items():
                lines[row] += more * share
                left -= more * share
    return replace(sheet, lines=lines)


def _wanted(
    sheet: SheetLayout, rows: range, kind: Callable[[SheetLayout, Place], float]
) -> dict[int, float]:
    """How many lines more than they have the rows want, by what stands in them, where they want any."""
    wanted: dict[int, float] = {}
    for place in sheet.places:
        each = kind(sheet, place) / place.rows
        for row in range(place.row, place.row + place.rows):
            more = each - sheet.lines.get(row, each)
            if row in rows and more > wanted.get(row, 0.0):
                wanted[row] = more
    return wanted


def _for_a_photo(sheet: SheetLayout, place: Place) -> float:
    """The lines in which a photo of 4:3 would be as broad as its cell, so far as that is sensible."""
    if place.style is not Style.PHOTO:
        return 0.0
    across = sum(sheet.columns[place.col : place.col + place.cols]) * 6
    return min(_PHOTO_LINES, across * 3 / 4 / LINE)


def _for_the_longest(sheet: SheetLayout, place: Place) -> float:
    """The lines of the longest answer."""
    entry = place.field
    if place.style is not Style.INPUT or entry is None or not entry.max_length:
        return 0.0
    if entry.kind is not Kind.LONG and entry.lines == 1:
        return 0.0
    across = sum(sheet.columns[place.col : place.col + place.cols])
    return wrapped("字" * entry.max_length, across) + 0.3


def _for_a_hand(sheet: SheetLayout, place: Place) -> float:
    """The lines that a stamp, or a short answer in a card, looks well in."""
    if place.style is Style.STAMP:
        return _STAMP_LINES
    in_card = place.style is Style.INPUT and place.cols == len(sheet.columns) - 1
    return _SHORT_LINES if in_card else 0.0


def height_of(sheet: SheetLayout, row: int) -> float:
    """The height of a row, in points."""
    return row_height(sheet.lines[row]) if row in sheet.lines else _DEFAULT_ROW
