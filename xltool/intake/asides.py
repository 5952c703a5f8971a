"""Rows of a table that are none of its rows: totals, notes, lines for signatures.

A word alone decides nothing: an indicator may be called 合計服務人次, a business 說明會. What tells is
how the word stands (alone in its cell, before a colon or a number) and what else the row holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter

from xltool.forms.schema import Kind, Section
from xltool.intake.draft import AsideKind, Line, Slot, text_of
from xltool.intake.grid import Grid
from xltool.patterns import pattern
from xltool.zh import clean, is_blank_mark, narrow, same

_TOTALS = "合計|小計|總計|共計|統計|累計|加總|總和|總數|總分|平均|總平均|加權總分|加權平均"
_UNITS = "[項件人次個場案元分筆名位]"
# Compared without spaces and in half width (`zh.same`), so 「合　計：２人」 is 合計:2人.
_TOTAL = pattern(
    rf"[(<※◎●-]*(?:以上|本頁|本表|全年)?(?:{_TOTALS})"
    rf"(?:\([^()]{{0,6}}\))?[)>:=]*(?:共?[\d.,]+%?{_UNITS}*)?[)。.]*"
    rf"|(?:以上)?(?:[合共總]計?|計):?[\d,]+{_UNITS}+[。.]?"
)
_TOTAL_OF = pattern(rf"{_UNITS}{{1,3}}數?(?:{_TOTALS})|(?:{_TOTALS}){_UNITS}{{1,3}}數?")
"""Might be an indicator's name as well."""
_COUNT = pattern(r"(?:\D{0,6}[\d.,]+%?\D{0,4})+")
"""What stands beside a total: a number, or a count with few words to it (應到12人，實到8人)."""
_SAID_IN_TOTAL = pattern(rf"(?!總計[畫劃]).*(?:{_TOTALS}).*\d.*", re.DOTALL)
_NOTES = (
    "備註|備考|備忘|附註|附記|註記|註解|註|說明|補充說明|其他說明|資料來源|填表說明|注意事項|注意"
)
_NOTE = pattern(
    rf"[(<【\[*#※◎●-]*(?:{_NOTES})[\d一二三四五六七八九十]*[)>】\]]*(?:[:.、;,,。].*)?", re.DOTALL
)
_REMARK = pattern(r"(?:※|\*|◎|\((?:註|備註|說明)).+", re.DOTALL)
_ITEMISED = pattern(r"[(]?[\d一二三四五六七八九十]{1,3}[).、:].+|[※*◎●○•·-].+", re.DOTALL)
_SIGNERS = (
    "承辦人員?|填表人員?|填報人員?|製表人?|經辦人?|單位主管|主管人員|機關首長|機關主管|首長|主管|"
    "科長|組長|副組長|主任|處長|署長|召集人|覆核|複核|審核|核定|校對|會辦|核章|簽章|簽名|用印|"
    "(?:填表|填報|製表|核章|列印)日期|日期"
)
_SIGNATURE = pattern(rf"[(]?(?:{_SIGNERS})[)]?(?:核章|簽章|簽名|蓋章|姓名)?[:_].*", re.DOTALL)
_SIGNED_ALONE = pattern(
    r"(?:(?:承辦人員?|填表人員?|製表人?|單位主管|機關首長|覆核|審核|核章|簽章|主管)"
    r"(?:核章|簽章|簽名|蓋章)?)+"
)
_CLOSING = pattern(
    r"[(<※◎●★]*(?:[一二三四五六七八九十]、)?(?:臨時動議|散會|休會|會議結束|報告事項|主席致詞|主席結論)[)>.:。]*無?[.。]?"
)
"""What minutes say below their motions, alone or with 無: a motion that was made stands in its row."""
_CONTINUED = pattern(
    r"[(<【\[]?(?:接?續|續[上前]|接[上前]|承[上前])[列格頁欄行]?[)>】\]:.,、…。]+.+", re.DOTALL
)
_END = pattern(r"\W*以下(?:空白|無資料|無|從略|略)\W*")


_BEGINS = pattern(
    r"[\s(（<＜\[【※＊*#＃◎●-]*[以本全項件人次場個案元分筆名位合小總总共計计統统累加平備备附註注說说補补其資资填承製制經经"
    r"單单主機机首科組组副處处署召覆複复審审核校會会簽签用報报列日臨散休主]"
)
"""How the first word of such a row begins, unless the word stands alone: most rows need no second look."""


def looks_aside(
    section: Section, line: Line, grid: Grid, *, rows_above: bool, below: AsideKind | None
) -> AsideKind | None:
    """What a row of a table looks like, when it is none of the table's rows; None for a row.

    `rows_above`: there are rows that a total could sum up. `below`: what the row right above was.
    """
    typed = words_of(line)
    if not typed:
        return None
    first, alone = typed[0], len(typed) == 1
    text = first.cell.text if first.cell is not None else ""
    if not (alone or _BEGINS.match(text)) or _is_of_a_photo(section, line):
        return None
    word = same(text)
    asked = [one for one in section.fields if one.required and one is not first.field]
    filled = sum(slot.field.required for slot in typed[1:])
    if alone and _END.fullmatch(word):
        return AsideKind.END
    if _TOTAL.fullmatch(word) and not _says_much(typed[1:], len(asked)):
        return AsideKind.TOTAL if rows_above or filled < len(asked) else None
    if _CLOSING.fullmatch(word) and all(is_blank_mark(text_of(one)) for one in typed[1:]):
        return AsideKind.NOTE
    if not alone and filled * 2 > len(asked):
        return None
    return _half_empty(first, word) or (
        _alone(section, line, grid, first, word, below) if alone else None
    )


def _says_much(beside: Sequence[Slot], asked: int) -> bool:
    """Whether most of what is asked of a row is said in it in words or choices: no total says that."""
    texts = [text_of(slot) for slot in beside if slot.field.required or slot.field.required_when]
    said = [one for one in texts if not (is_blank_mark(one) or _COUNT.fullmatch(same(one)))]
    return len(said) * 2 > asked


def _half_empty(first: Slot, word: str) -> AsideKind | None:
    """What the first word of a row says in which little else is filled."""
    if _TOTAL_OF.fullmatch(word):
        return AsideKind.TOTAL
    if _NOTE.fullmatch(word):
        return AsideKind.NOTE
    choices = first.field.choices  # 主管 is also what somebody's role may be
    named = _SIGNED_ALONE.fullmatch(word) and not (isinstance(choices, tuple) and choices)
    if _SIGNATURE.fullmatch(word) or (named and word != same(first.field.label)):
        return AsideKind.SIGNATURE
    return None


def _alone(
    section: Section, line: Line, grid: Grid, first: Slot, word: str, below: AsideKind | None
) -> AsideKind | None:
    """What the one word of a row says."""
    if _SAID_IN_TOTAL.fullmatch(word):
        return AsideKind.TOTAL
    if _CONTINUED.fullmatch(word):
        return AsideKind.CONTINUED
    goes_on = below is AsideKind.NOTE and (_ITEMISED.fullmatch(word) or not _holds_number(line))
    if goes_on or _REMARK.fullmatch(word) or _is_wide(section, first, grid):
        return AsideKind.NOTE
    return None


def words_of(line: Line) -> Sequence[Slot]:
    """The cells of a row in which somebody typed, from left to right: all but the row's own number."""
    here = [
        slot
        for slot in line.slots.values()
        if slot.cell is not None and not slot.inherited
        if not (slot.field.numbered and _is_number(slot)) and clean(slot.cell.text)
    ]
    return sorted(here, key=_column)


_column = attrgetter("col")


def _is_number(slot: Slot) -> bool:
    """Whether a cell holds the number that its row was prepared with."""
    entry, text = slot.field, slot.cell.text if slot.cell is not None else ""
    if not entry.numbered:
        return False
    text = narrow(text)
    return entry.pattern.matches(text) if entry.pattern else text.isdecimal()


def _holds_number(line: Line) -> bool:
    return any(_is_number(slot) for slot in line.slots.values())


def _is_of_a_photo(section: Section, line: Line) -> bool:
    """Whether the row is one of the places for photos: there any words are a caption."""
    return _holds_number(line) and any(entry.kind is Kind.PHOTO for entry in section.fields)


def _is_wide(section: Section, slot: Slot, grid: Grid) -> bool:
    """Whether a cell is merged over several of the table's columns: no row has a cell like that."""
    block = grid.block(slot.row, slot.col)
    columns = sum(one.span for one in section.fields)
    return block.right - block.left + 1 >= max(slot.field.span + 2, columns // 2)
