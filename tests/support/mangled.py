"""Forms as people mangle them: what is typed are tokens that occur nowhere else, so that they need only be
looked for."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import openpyxl
from hypothesis import strategies as st
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.returns import issued, photo
from xltool.zh import roc_date

KEYS = ["report", "enrolment", "review", "contest", "meeting"]
NUMBERS = 5  # that an edit is given, to choose by
MOST = 2**16
NIL = {"有執行成果": "本年度無執行成果", "有參與業務": "本年度無參與業務"}
T = TypeVar("T")

# --- tokens -----------------------------------------------------------------------------------

_WORD = re.compile(r"記\d{5}號")
_DAY = date(2031, 1, 1)
_BIG = 4_300_000.5


def value(number: int, kind: int) -> object:
    """A value that stands nowhere else, of one of the kinds that people type."""
    word = f"記{number:05}號"
    kinds: Sequence[object] = (
        word,
        *(f"　{word}\n第二行 ", f"{word}{'字' * 1500}", f"例：{word}", f"{word}＊：", f"無{word}"),
        *(
            f'="{word}"',
            f"合計：{word}",
            f"尚缺 3 項{word}",
            f"03-{number % 90:02} {word}",
            f"114年{word}",
        ),
        *(_BIG + number, _BIG + number, _DAY + timedelta(days=number % 30_000)),
    )
    return kinds[kind % len(kinds)]


def key_of(value: object) -> str | None:
    """The token in a cell, as it is to be found again; None where there is none."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return roc_date(value) if value >= _DAY else None
    if isinstance(value, float):
        return f"{value:.1f}" if value >= _BIG else None
    match = _WORD.search(str(value))
    return match[0] if match else None


def typed(book: Workbook) -> dict[str, str]:
    """All tokens in a workbook, and where they stand."""
    found = {}
    for sheet in sheets(book):
        for cell in cells(sheet, blank=True):
            if cell.comment and (said := key_of(cell.comment.text)):
                found[said] = f"{sheet.title}!{cell.coordinate}"
            key = key_of(cell.value)
            # A number that big is no date: programs show it as #### and save what they like.
            if key is not None and not (isinstance(cell.value, float) and cell.is_date):
                found[key] = f"{sheet.title}!{cell.coordinate}"
    return found


# --- what people do ---------------------------------------------------------------------------


def sheets(book: Workbook) -> list[Worksheet]:
    """The sheets that are for people."""
    return [sheet for sheet in book.worksheets if not sheet.title.startswith("_")]


def cells(sheet: Worksheet, *, blank: bool = False) -> Iterator[Cell]:
    """Cells with content; blank ones too if wanted."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and (blank or cell.value is not None):
                yield cell


def pick(options: Sequence[T], number: int) -> T:
    """One of them."""
    return options[number % len(options)]


Edit = Callable[[Workbook, int, Sequence[int]], None]
"""Changes a workbook; the first number is the edit's own, by the others it chooses."""


def put(cell: Cell | MergedCell, number: int, kind: int) -> None:
    """Type a token, unless the cell is covered by a merged block."""
    if isinstance(cell, Cell):
        cell.value = value(number, kind)  # type: ignore[assignment]


def type_into_inputs(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Tokens of any kind in unlocked cells, full or blank."""
    sheet = pick(sheets(book), by[0])
    inputs = [cell for cell in cells(sheet, blank=True) if not cell.protection.locked]
    for number in range(by[4] % 8 if inputs else 0):
        put(pick(inputs, by[1] + number * by[2]), n * 10 + number, by[3] + number)


def type_into_rows(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A whole row of tokens, among the prepared ones or past them."""
    sheet = pick(sheets(book), by[0])
    row = 5 + by[1] % (sheet.max_row + 5)
    for number in range(1 + by[3] % 9):
        put(sheet.cell(row, 1 + number), n * 10 + number, by[2])


def type_anywhere(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A token outside or inside of any field, beside and below everything too."""
    sheet = pick(sheets(book), by[0])
    row, col = 1 + by[1] % (sheet.max_row + 40), 1 + by[2] % (sheet.max_column + 6)
    put(sheet.cell(row, col), n * 10, by[3])


def comment(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A token as a comment on a cell, wherever it is."""
    cell = pick(list(cells(pick(sheets(book), by[0]), blank=True)), by[1])
    cell.comment = Comment(f"記{n * 10:05}號", "王小明")


def type_over(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A token over what stands there: labels, headings, what is given."""
    full = list(cells(pick(sheets(book), by[0])))
    if full:
        put(pick(full, by[1]), n * 10, by[2])


def add_sheet(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A sheet of one's own."""
    sheet = book.create_sheet(f"另紙{n}", by[0] % 3)
    for number in range(1 + by[1] % 6):
        put(sheet.cell(1 + by[2] % 9, 1 + number), n * 10 + number, by[3])


def copy_sheet(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A sheet with all that stands on it once more, and one word changed."""
    copy = book.copy_worksheet(pick(sheets(book), by[0]))
    copy.title = f"複製{n}"
    put(pick(list(cells(copy, blank=True)), by[1]), n * 10, by[2])


def rename_sheets(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Other names, in another order."""
    sheet = pick(sheets(book), by[0])
    sheet.title = pick([f"工作表{n}", f"業務 03-0{by[1] % 4} ({n})", f"表 {n}"], by[2])
    book.move_sheet(sheet, by[3] % 3 - 1)


def hide(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Rows, a column and a whole sheet out of sight."""
    sheet = pick(sheets(book), by[0])
    for row in range(by[1] % 40, by[1] % 40 + 5):
        sheet.row_dimensions[row + 1].hidden = True
    sheet.column_dimensions["C"].hidden = True
    if len(sheets(book)) > 1 and by[2] % 3 == 0:
        sheet.sheet_state = "hidden"


def insert_rows(book: Workbook, n: int, by: Sequence[int]) -> None:
    shift(pick(sheets(book), by[0]), row=1 + by[1] % 50, rows=1 + by[2] % 3)


def insert_columns(book: Workbook, n: int, by: Sequence[int]) -> None:
    shift(pick(sheets(book), by[0]), col=1 + by[1] % 9, cols=1 + by[2] % 2)


def delete_blank_rows(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Some rows in which nothing stands."""
    sheet = pick(sheets(book), by[0])
    full = {cell.row for cell in cells(sheet)}
    blank = [row for row in range(1, sheet.max_row + 1) if row not in full]
    for row in sorted({pick(blank, by[number]) for number in (1, 2, 3)} if blank else ())[::-1]:
        shift(sheet, row=row, rows=-1)


def shift(sheet: Worksheet, row: int = 0, rows: int = 0, col: int = 0, cols: int = 0) -> None:
    """Insert rows or columns (delete, if negative) as a spreadsheet does: with merges and heights."""
    merges = [merged.bounds for merged in sheet.merged_cells.ranges]
    unmerge(sheet)
    heights = {at: line.height for at, line in sheet.row_dimensions.items() if line.height}

    def moved(at: int, start: int, count: int) -> int:
        return at + count if start and at >= start else at

    if rows > 0:
        sheet.insert_rows(row, rows)
    elif rows < 0:
        sheet.delete_rows(row, -rows)
    if cols:
        sheet.insert_cols(col, cols)
    for left, top, right, bottom in merges:
        if rows < 0 and top == bottom == row:
            continue
        first = moved(left, col, cols), moved(top, row + (rows < 0), rows)
        last = moved(right, col, cols), moved(bottom, row, rows)
        sheet.merge_cells(None, first[1], first[0], last[1], last[0])
    for at in heights:
        sheet.row_dimensions[at].height = None
    for at, height in heights.items():
        if rows < 0 and row <= at < row - rows:
            continue  # it goes with its row
        sheet.row_dimensions[moved(at, row, rows)].height = height


def unmerge(sheet: Worksheet) -> None:
    """Merged blocks become single cells again."""
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(merged.coord)


def swap_columns(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Two columns change places, from some row on."""
    sheet = pick(sheets(book), by[0])
    unmerge(sheet)
    one, other = 1 + by[1] % 10, 1 + by[2] % 10
    for row in range(4 + by[3] % 40, sheet.max_row + 1):
        left, right = sheet.cell(row, one), sheet.cell(row, other)
        left.value, right.value = right.value, left.value


def move_block(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Cut, and pasted elsewhere on the sheet."""
    sheet = pick(sheets(book), by[0])
    unmerge(sheet)
    top = 1 + by[1] % sheet.max_row
    area = f"A{top}:{pick('CFHK', by[2])}{top + by[3] % 15}"
    sheet.move_range(area, rows=max(1 - top, by[4] % 30 - 8), cols=by[2] % 5)


def merge_blanks(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A cell is merged with blank ones to the right or below."""
    sheet = pick(sheets(book), by[0])
    at = pick(list(cells(sheet, blank=True)), by[1])
    bottom, right = at.row + by[2] % 4, at.column + by[3] % 4
    block = list(product(range(at.row, bottom + 1), range(at.column, right + 1)))
    single = not any(
        merged.min_row <= row <= merged.max_row and merged.min_col <= col <= merged.max_col
        for merged in sheet.merged_cells.ranges
        for row, col in block
    )
    if single and len(block) > 1 and all(sheet.cell(*p).value is None for p in block[1:]):
        sheet.merge_cells(None, at.row, at.column, bottom, right)


def respell(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Spaces, line breaks and full width creep into words of the form."""
    words = [
        cell
        for cell in cells(pick(sheets(book), by[0]))
        if isinstance(cell.value, str) and not cell.value.startswith("=") and not key_of(cell.value)
    ]
    if words:
        cell, cut = pick(words, by[1]), 1 + by[2] % 3
        text = str(cell.value)
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
        cell.value = pick([f"{text[:cut]} \n{text[cut:]}", wide, f"　{text}＊"], by[3])


def say_nil(book: Workbook, n: int, by: Sequence[int]) -> None:
    """The unit says that it has nothing to report, whatever it reports."""
    for sheet in sheets(book):
        for cell in cells(sheet):
            cell.value = NIL.get(str(cell.value), cell.value)


def leave_blank(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Sheets that nobody filled, from some sheet on."""
    for sheet in sheets(book)[by[0] % 3 :]:
        for cell in cells(sheet):
            if not cell.protection.locked and key_of(cell.value) is None:
                cell.value = None


def add_total(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A row that is none, in a table or below it: a total, a note, a line for signatures."""
    sheet = pick(sheets(book), by[0])
    row, first = 6 + by[1] % (sheet.max_row + 4), 1 + by[2] % 2
    words = pick(
        ["合計", "小計：", "備註", "備註：{}", "說明：{}", "承辦人：{}", "※{}", "以下空白"], by[3]
    )
    start = sheet.cell(row, first)
    if isinstance(start, Cell):
        start.value = words.format(f"記{n * 10:05}號")
    for number in range(1, 1 + by[4] % 3):
        put(sheet.cell(row, first + number), n * 10 + number, 0)


def begin_another(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A sheet copied as Excel names copies (or as the next item's), filled anew, its number changed or
    not."""
    source = pick(sheets(book), by[0])
    copy = book.copy_worksheet(source)
    copy.title = pick([f"{source.title[:24]} ({n + 1})", f"業務 03-1{n % 10}"], by[1])
    for cell in cells(copy):
        if (
            isinstance(cell.value, str)
            and re.fullmatch(r"\d\d-\d\d", cell.value)
            and by[2] % 3 == 0
        ):
            cell.value = f"03-1{n % 10}"
    inputs = [cell for cell in cells(copy, blank=True) if not cell.protection.locked]
    for number in range(by[4] % 8 if inputs else 0):
        put(pick(inputs, by[3] + number * (1 + by[2] % 7)), n * 10 + number, 0)


def move_section(book: Workbook, n: int, by: Sequence[int]) -> None:
    """Some rows cut and pasted on another sheet, of the form or a new one."""
    source = pick(sheets(book), by[0])
    new = book.create_sheet(pick([f"移出{n}", f"03-0{n % 4} 移出"], by[3]))
    new["A1"] = "續"
    target = pick(sheets(book), by[1])
    unmerge(source)
    top, below = 4 + by[2] % max(source.max_row - 3, 1), target.max_row + 2
    for row in range(by[4] % 14 if source is not target else 0):
        for col in range(1, 12):
            cell, there = source.cell(top + row, col), target.cell(below + row, col)
            if isinstance(cell, Cell) and isinstance(there, Cell):
                there.value, cell.value = cell.value, None


def lay_picture(book: Workbook, n: int, by: Sequence[int]) -> None:
    """A picture, where photos are asked or anywhere else."""
    sheet = pick(sheets(book), by[0])
    at = f"{pick('ABDEH', by[1])}{1 + by[2] % (sheet.max_row + 3)}"
    sheet.add_image(Image(io.BytesIO(photo(500 + n, 400 + by[3] % 50))), at)


def lose_stamp(book: Workbook, n: int, by: Sequence[int]) -> None:
    """The hidden sheet that tells what form it is gets lost."""
    if "_meta" in book:
        del book["_meta"]


EDITS: Sequence[Edit] = (
    *(type_into_inputs, type_into_inputs, type_into_rows, type_anywhere, type_over, add_sheet),
    comment,
    *(copy_sheet, rename_sheets, hide, insert_rows, insert_columns, delete_blank_rows),
    *(add_total, add_total, begin_another, move_section, lay_picture),
    *(swap_columns, move_block, merge_blanks, respell, say_nil, leave_blank, lose_stamp),
)
Story = list[tuple[Edit, list[int]]]
STORIES: st.SearchStrategy[Story] = st.lists(
    st.tuples(
        st.sampled_from(EDITS),
        st.lists(st.integers(0, MOST), min_size=NUMBERS, max_size=NUMBERS),
    ),
    min_size=2,
    max_size=8,
)


@cache
def filled(key: str) -> bytes:
    """A form as returned without a fault."""
    with TemporaryDirectory() as folder:
        return issued(Path(folder), key).read_bytes()


def mangled(key: str, edits: Story, path: Path) -> dict[str, str]:
    """The form after all that, saved; its tokens."""
    book = openpyxl.load_workbook(io.BytesIO(filled(key)))
    for number, (edit, by) in enumerate(edits, 1):
        edit(book, number, by)
    book.save(path)
    return typed(book)
