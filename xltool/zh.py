"""Chinese text: width, ROC dates, numbers and yes/no as people in Taiwan type them.

Each `parse_*` takes what a cell held (text, or a number as text) and returns a value or None. NFKC
is for dates, numbers, codes and choices only: in prose it would turn ㎡ into m2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING

from xltool.patterns import pattern
from xltool.symbols import bullets_shown

if TYPE_CHECKING:
    import opencc

ROC_OFFSET = 1911
_EARLIEST_WESTERN = 1000  # years before it are years of the Republic
TAIPEI = timezone(timedelta(hours=8))
_BLANKS = " \t\u3000\u00a0"
_EXCEL_EPOCH = date(1899, 12, 30)  # serial 0 in the 1900 date system, valid from serial 61
_MARKS = pattern(r"^\*+|(\(必填\)|\*|:)+$")
_SPACES = pattern(r"\s+")
_LINE_END = pattern("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_RARE = pattern(  # any of what is turned or left out: most texts have nothing of it
    "[\x00-\x08\x0b-\x1f\x7f\x85\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\uf020-\uf0ff\ufeff\ufff9-\ufffb]"
)
_CONTROL = pattern(
    "[\x00-\x08\x0e-\x1f\x7f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb]"
)
# What an eye never sees by itself. In prose some of them draw what stands beside them (emoji, the
# registered shape of a character), so these are only left out of codes and of keys for comparing.
_UNSEEN = pattern(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_DASHES = pattern("[\u2010-\u2015\u2043\u2212\u2796\u2e3a\u2e3b\u30fc\ufe58\ufe63\uff0d\uff70]")
_BEFORE_DATE = r"(?:截至|至|迄|於)?(?:中華民國|民國|西元|公元)?"
_AFTER_DATE = (
    r"(?:(?:上午|下午|晚上)?(?:\d{1,2}[:時]\d{2}分?(?::\d{2})?)?)(?:以前|前|止|起|完成|前完成)?"
)
_DATE_PARTS = pattern(
    rf"{_BEFORE_DATE}(\d{{2,4}})[./\-年、,·‧。](\d{{1,2}})[./\-月、,·‧。](\d{{1,2}})[日號]?{_AFTER_DATE}"
)
_MONTH_AND_DAY = pattern(rf"(?:截至|至|迄|於)?(\d{{1,2}})[./\-月](\d{{1,2}})[日號]?{_AFTER_DATE}")
_DATE_WITHIN = pattern(r"(?<!\d)\d{2,4}[./\-年、]\d{1,2}[./\-月、]\d{1,2}(?!\d)")
_CLOCK_BEHIND = pattern(
    r"(?<=\d)([日號]?) +(?:上午|下午|晚上)? ?\d{1,2}[:時點](?:\d{2}分?)?(?::\d{2})?"
)
_TWO_DATES = pattern(r"(?<=[\d日號]) (?=\d{2,4}[./\-年]\d{1,2}[./\-月]\d)")
_WEEKDAY = pattern(r"\((?:星期|週|周|禮拜)?[一二三四五六日天]\)")
_DATE_RUN = pattern(r"(\d{3})(\d{2})(\d{2})|(\d{4})(\d{2})(\d{2})")
_NUMBER = pattern(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")

YES_WORDS = frozenset(
    {"是", "Y", "YES", "V", "ˇ", "✓", "✔", "√", "有", "○", "O", "TRUE", "1"}
    | {"出席", "親自出席", "到", "有共識", "達成共識", "已達共識", "無異議", "一致同意", "同意"}
)
NO_WORDS = frozenset(
    {"否", "N", "NO", "X", "✗", "無", "×", "FALSE", "0"}
    | {"未出席", "缺席", "請假", "公假", "未到", "無共識", "未達共識", "未達成共識", "沒有共識"}
)

_YES_NO_IN_WORDS = tuple(
    word for word in sorted(YES_WORDS | NO_WORDS) if "\u4e00" <= word[0] <= "\u9fff"
)
_TICKS, _NO_TICKS = "■☑☒✓✔✅√●◉⊙v", "□☐○◯"
"""What stands before an option that is chosen, and before one that is not."""
_DITTO = frozenset({"同上", "同前", "同左", "如上", "〃", "″", "''", '"', "”"})
_NOTHING = frozenset({"無", "沒有", "免填", "N/A", "NA", "NIL", "NONE"})
_LONGEST_MARK = 40  # characters, unless it is all dashes
_END_OF_ROWS = frozenset({"以下空白", "本室無", "本組無", "本單位無"})


_DIGITS = {
    **{d: n for n, d in enumerate("〇一二三四五六七八九")},
    **{d: n for n, d in enumerate("零壹貳參肆伍陸柒捌玖")},
    "兩": 2,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"萬": 10**4, "億": 10**8}
_LONGEST = 20  # Chinese numerals
_HAN_NUMBER = pattern(f"[{''.join((*_DIGITS, *_UNITS, *_GROUPS))}]+")


def clean(text: str) -> str:
    """Prose as kept: control and zero-width characters out, line ends of every kind unified, bullets
    of Wingdings and Symbol as they show, ends stripped."""
    if _RARE.search(text):
        text = _CONTROL.sub("", bullets_shown(_LINE_END.sub("\n", text)))
    if "\n" not in text:
        return text.strip(_BLANKS)
    return "\n".join(line.rstrip(_BLANKS) for line in text.split("\n")).strip(_BLANKS + "\n")


def seen(text: str) -> str:
    """A text without what no eye sees: variation selectors, zero-width and bidirectional marks."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def narrow(text: str) -> str:
    """Codes, numbers, dates, choices: NFKC, every run of space to one, stripped. Raised and circled
    digits and fractions stay: 10⁶ is not 106, ①5 not 15."""
    text = clean(text)
    if not text.isascii():
        text = seen(text)
        if _SET_OFF.search(text):
            parts = re.split(f"({_SET_OFF_SIGNS}+)", text)
            parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
            text = "".join(parts)
        else:
            text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def dashed(text: str) -> str:
    """A code or a number with every kind of dash as a hyphen."""
    return text if text.isascii() else _DASHES.sub("-", text)


def label(text: str) -> str:
    """A heading or label for comparing: NFKC, traditional, no space, no marks like ＊ or （必填）."""
    text = traditional(unicodedata.normalize("NFKC", seen(clean(text))))
    text = _SPACES.sub("", text).replace("臺", "台")
    return _MARKS.sub("", text)


def parse_date(text: str) -> date | None:
    """A date in any usual spelling, ROC or western: 114.11.30, 114年11月30日, 一一四年十一月三十日,
    1141130, 2025/11/30, or an Excel serial (five digits). None when it is none, or not on the calendar."""
    text = _date_words(text)
    if match := _DATE_PARTS.fullmatch(text):
        return _day(*(int(part) for part in match.groups()))
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    if match := _DATE_RUN.fullmatch(text):
        return _day(*(int(part) for part in match.groups() if part))
    return None


def _date_words(text: str) -> str:
    text = _WEEKDAY.sub("", dashed(narrow(text)))
    text = _TWO_DATES.sub("~", _CLOCK_BEHIND.sub("", text))  # 114.12.2 14:00 is not 114.12.21
    text = text.replace(" ", "").replace("T00:00:00", "").replace("00:00:00", "").rstrip(".。")
    if "月" in text:
        text = text.replace("元月", "1月").replace("廿", "二十").replace("卅", "三十")
        text = _HAN_NUMBER.sub(lambda match: str(_han(match[0]) or match[0]), text)
    return text


def parse_month_and_day(text: str) -> tuple[int, int] | None:
    """Month and day of a date without its year: 12月5日, 12/5, 十二月五日. None when it is none."""
    match = _MONTH_AND_DAY.fullmatch(_date_words(text))
    if match is None or _day(2000, int(match[1]), int(match[2])) is None:
        return None
    return int(match[1]), int(match[2])


def dates_in(text: str) -> tuple[date, ...]:
    """The dates with a year that stand in a text among other words."""
    found = (parse_date(one) for one in _DATE_WITHIN.findall(_date_words(text)))
    return tuple(day for day in found if day is not None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(western(year) if year < _EARLIEST_WESTERN else year, month, day)
    except ValueError:
        return None


def western(year: int) -> int:
    """The western year of a ROC year: 114 is 2025."""
    return year + ROC_OFFSET


def locator(text: str) -> str:
    """A place in the plan as the plan writes it, 柒、二、(一), however it was typed: 柒.二.(一), 柒、二、（一）."""
    return narrow(text).replace(".", "、").replace(" ", "")


def roc_date(day: date) -> str:
    """A date as staff write it: 114.11.30."""
    return f"{day.year - ROC_OFFSET}.{day.month:02}.{day.day:02}"


def roc_long(day: date) -> str:
    """A date in a document: 114年11月30日."""
    return f"{day.year - ROC_OFFSET}年{day.month}月{day.day}日"


_SET_OFF_SIGNS = "[²³¹⁰-₎①-⓿❶-➓⒈-⒛¼-¾⅐-⅟㉈-㉟㊱-㊿]"
_SET_OFF = pattern(_SET_OFF_SIGNS)


def _two_numbers(text: str) -> bool:
    """Whether digits stand apart in a text: 85 88, or one below the other. Groups of three are thousands."""
    return bool(_APART.search(text)) and _IN_THREES.fullmatch(narrow(text)) is None


def parse_number(text: str) -> Decimal | None:
    """A number: full-width digits and commas, thousands, a trailing 分 or %, Chinese numerals
    (八十五點五, 百分之六十). None when it is none."""
    if _SET_OFF.search(text) or _two_numbers(text):  # 10³ is not 103, 85 88 is not 8588
        return None
    text = dashed(narrow(text)).replace(" ", "").replace("，", ",").replace("、", ",")
    text = text.removesuffix("分").removesuffix("%").removeprefix("百分之")
    if _HAN_NUMBER.fullmatch(text.replace("點", "", 1)) and not text.endswith("點"):
        whole, _, part = text.partition("點")
        if (number := _han(whole)) is not None and all(digit in _DIGITS for digit in part):
            text = ".".join(filter(None, (str(number), "".join(str(_DIGITS[d]) for d in part))))
    if not text or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


_APART = pattern(r"\d\s+\d")
_IN_THREES = pattern(r"\d{1,3}(?: \d{3})+(?:\.\d+)?\D*")
_AROUND = pattern(r"\([^()\d]*\)$|(?<=[0-9分%])[優甲乙丙丁良可佳等上下]+$")
_SHARE = pattern(r"([\d.]+)分?/([\d.]+)分?")
_A_NUMBER = pattern(r"\d+(?:,\d{3})*(?:\.\d+)?")


def parse_score(text: str, full: Decimal) -> tuple[Decimal | None, bool]:
    """A score that `parse_number` does not read, and whether that is certain: 90/100 of a full score of
    100, 90(優); about 90 (約90, 90以上), which is to be asked. None and False: it holds numbers, and
    nobody can tell which (85~90, 18/20); None and True: it holds none."""
    if _SET_OFF.search(text) or _two_numbers(text):
        return None, False
    text = dashed(narrow(text)).replace(" ", "").rstrip("。.、,;")
    if (number := parse_number(text)) is not None:
        return number, True
    if match := _SHARE.fullmatch(text):
        share, whole = parse_number(match[1]), parse_number(match[2])
        return (share, True) if whole == full and share is not None else (None, False)
    if (bare := parse_number(_AROUND.sub("", text))) is not None:
        return bare, True
    numbers = _A_NUMBER.findall(text)
    return (parse_number(numbers[0]) if len(numbers) == 1 else None), not numbers


def _han(text: str) -> int | None:
    """A whole number in Chinese numerals: 一百一十四, 兩千零五, or digit by digit, 一一四.

    None for what is none, or longer than anybody means.
    """
    if len(text) > _LONGEST:
        return None
    if all(mark in _DIGITS for mark in text):
        return int("".join(str(_DIGITS[mark]) for mark in text))
    total = group = digit = 0
    for mark in text:
        if mark in _DIGITS:
            if digit:  # two digits in a row: no number
                return None
            digit = _DIGITS[mark]
        elif mark in _UNITS:
            group += (digit or 1) * _UNITS[mark]
            digit = 0
        else:
            total += (group + digit) * _GROUPS[mark]
            group = digit = 0
    return total + group + digit


def traditional(text: str) -> str:
    """`text` with simplified characters in the form that Taiwan writes (OpenCC); others stay.

    A character that Big5 knows is one that Taiwan writes, whatever else it may stand for: 台, 后, 里.
    """
    if not any(map(_is_foreign, text)):
        return text
    turned = _to_traditional(text)
    pairs = zip(
        text, turned if len(turned) == len(text) else map(_to_traditional, text), strict=True
    )
    return "".join(new if _is_foreign(old) else old for old, new in pairs)


@lru_cache(maxsize=8192)
def _is_foreign(character: str) -> bool:
    """Whether this is a letter that Big5 does not know. ✓ and ㎡ are none: they need no dictionary."""
    try:
        character.encode("cp950")
    except UnicodeEncodeError:
        return unicodedata.category(character) == "Lo"
    return False


def _to_traditional(text: str) -> str:
    return str(_opencc().convert(text))


@lru_cache(maxsize=1)
def _opencc() -> opencc.OpenCC:
    from opencc import OpenCC

    return OpenCC("s2tw")


def ticked(text: str, options: Iterable[str]) -> str | None:
    """Which of the options printed in a cell has the tick: □是 ■否. None where not just one has, or
    anything else stands there."""
    rest = same(text)
    if not any(mark in rest for mark in _TICKS):
        return None
    words, chosen = {same(option): option for option in options}, []
    for word in sorted(words, key=len, reverse=True):
        for mark in _TICKS + _NO_TICKS:
            if f"{mark}{word}" in rest:
                rest = rest.replace(f"{mark}{word}", "", 1)
                chosen += [words[word]] * (mark in _TICKS)
    return chosen[0] if len(chosen) == 1 and not rest.strip("/,、;|") else None


def parse_yes_no(text: str) -> bool | None:
    """是/否 in the usual spellings (Y, v, ✓, ○ …), the one that has the tick, else None."""
    word = ticked(text, _YES_NO_IN_WORDS) or narrow(text).upper()
    if word in YES_WORDS:
        return True
    return False if word in NO_WORDS else None


def is_ditto(text: str) -> bool:
    """Whether a cell says 「同上」 instead of what is meant."""
    return "".join(text.split()) in _DITTO


def is_blank_mark(text: str, *, none: bool = True, row: bool = False) -> bool:
    """Whether a cell is filled only to show that it is empty: －, N/A.

    `none`: 「無」 counts too (where a field may be left blank). `row`: so does 「以下空白」 in a row.
    """
    if len(text) > _LONGEST_MARK and text[0].isalnum():
        return False
    word = narrow(text).strip("()「」 ").upper()
    if word in {"N/A", "NA"} or not word.strip("-‐‑–—―─﹣_/"):
        return True
    return (none and word in _NOTHING) or (row and word in _END_OF_ROWS)


_OWN_NOTE = pattern(r"\([^()]*\)$")
_COUNTED = pattern(r"^(?:[一二三四五六七八九十]{1,3}|[壹貳參肆伍陸柒捌玖拾]{1,2})[、.)]")
_YEAR_BEFORE = pattern(r"\s*\d{2,3}\s*年度?")
_MARKS_BEFORE = "0123456789.、)(※*★☆◎●○◆■□✓#-:"
_NOTE_BEGINS = "([【〔<*※★/,-—~;註↓↑→▼▽"
_LONGEST_NOTE = 16


@lru_cache(maxsize=8192)
def same(text: str) -> str:
    """A key for comparing names and choices: NFKC, no spaces, 台 for 臺, lower case."""
    return label(text).casefold()


@lru_cache(maxsize=1024)
def unnoted(word: str) -> str:
    """The comparing key of a word of ours without what it says in brackets: 四構面評分 of 四構面評分（選填）."""
    return _OWN_NOTE.sub("", same(word))


def is_annotated(text: str, word: str, *, blank: bool = True) -> bool:
    """Whether a text is a word of ours with a person's mark before it or a note behind: 創新性（最佳）,
    目標值(萬元), 1.評分, 一、辦理情形; with `blank` also behind a mere blank or line break: 目標值↵萬元."""
    key = _unmarked(text)
    if (year := _YEAR_BEFORE.match(text)) and not key.startswith(unnoted(word)):
        text = text[year.end() :]  # 114年目標值
        key = _unmarked(text)
    for own in (same(word), unnoted(word)):
        if own and key.startswith(own) and len(key) <= len(own) + _LONGEST_NOTE:
            behind = key[len(own) :]
            if not behind or behind[0] in _NOTE_BEGINS:
                return True
            if blank and len(behind) > 1 and not behind.isdecimal():  # 評分 90, 出席 是 are answers
                return any(_unmarked(text[: gap.start()]) == own for gap in _SPACES.finditer(text))
    return False


def _unmarked(text: str) -> str:
    """The comparing key of a text without marks and numbers before it."""
    return _COUNTED.sub("", same(_SET_OFF.sub("", text)).lstrip(_MARKS_BEFORE))


def shortened(text: str, most: int) -> str:
    """At most so many characters of a text, and … where it goes on."""
    return text if len(text) <= most else f"{text[:most]}…"


@lru_cache(maxsize=8192)
def width(text: str) -> int:
    """Display width in half-width columns: wide and full-width characters count two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


_PHONE_WORDS = pattern(
    r"聯絡電話|行動電話|公務電話|電話|手機|行動|公務|專線|市話|總機|直撥|聯絡|公|宅|轉接|轉|分機號碼|分機|內線|或|及|與"
    r"|\b(?:tel|phone|mobile|cell|ext|extension|x)(?=\b|\d)|[、,;:/|*#~.()+\-\[\] ]",
    re.IGNORECASE,
)
_FEWEST_DIGITS, _MOST_IN_A_ROW = 5, 16


def parse_phone(text: str) -> tuple[str, bool]:
    """A telephone number as kept, and whether it is certainly one: with its extension in any words
    (#, 轉, 分機, ext.), two of them, any dashes. Not certain: an extension alone, or other words."""
    kept = dashed(narrow(text)).strip(" 、,;")
    rest = _PHONE_WORDS.sub("", kept.replace("ext.", "ext "))
    digits = sum(sign.isdigit() for sign in rest)
    longest = max(map(len, re.findall(r"\d+", kept)), default=0)
    certain = rest.isdecimal() and digits >= _FEWEST_DIGITS and longest <= _MOST_IN_A_ROW
    return kept, certain


_ADDRESS = pattern(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z0-9\-]+")


def parse_email(text: str) -> tuple[str, bool]:
    """An e-mail address as kept, and whether nothing else stood there: 陳大文 <chen@x.tw> is its address;
    of two the first is taken, and asked about; so is one with spaces in it."""
    kept = dashed(narrow(text))
    found = list(dict.fromkeys(_ADDRESS.findall(kept)))
    if "@" in kept and (not found or _broken(kept)):
        whole = kept.replace(" ", "")
        return whole, whole == kept
    if not found:
        return kept, True
    return found[0], len(found) == 1


def _broken(text: str) -> bool:
    """Whether spaces part an address: what stands before it is no name in brackets of its own."""
    return text.count("@") == 1 and " " in text and "<" not in text and text.isascii()


_REWARD = pattern(r"記?(大功|小功|功|嘉獎|大過|小過|過|申誡)(?:[x×*]?(\d{1,2})(?:次|支|隻|個)?)")
_REWARD_FIRST = pattern(r"(\d{1,2})(?:次|支|隻|個)(大功|小功|功|嘉獎)")


def parse_reward(text: str) -> tuple[str, int] | None:
    """A reward and how often, however staff write it: 記功一次, 嘉獎 2 次, 小功乙次, 一支嘉獎. None when it
    is none, or does not say how often."""
    text = narrow(traditional(text)).replace(" ", "").replace("乙", "一").replace("奬", "獎")
    text = _HAN_NUMBER.sub(lambda match: str(_han(match[0])), text).strip("。.")
    if match := _REWARD_FIRST.fullmatch(text):
        times, kind = match.groups()
    elif match := _REWARD.fullmatch(text):
        kind, times = match.groups()
    else:
        return None
    return kind.removeprefix("小"), int(times)


_CALLED = {"功": ("記功", "功", "小功", "記小功"), "大功": ("記大功", "大功"), "嘉獎": ("嘉獎",)}
_TIMES = ("", "一壹乙１", "二貳兩２", "三參３")


def reward_spellings(reward: str) -> tuple[str, ...]:
    """The everyday ways of writing a reward that `parse_reward` reads, without spaces."""
    told = parse_reward(reward)
    if told is None:
        return ()
    kind, times = told
    counts = (str(times), *(_TIMES[times] if times < len(_TIMES) else ""))
    return tuple(
        f"{word}{count}{unit}"
        for word in _CALLED.get(kind, ())
        for count in counts
        for unit in ("次", "支")
    )


_MANY = 1000


def counted(text: str, said: str) -> str:
    """A number that is counted ("第{n}屆"), however it was typed: 8, 8屆, 第 八 届; empty where it is none."""
    before, after = said.split("{n}")
    word = "".join(narrow(text).split()).replace("届", "屆")
    number = parse_number(word.removeprefix(before).removesuffix(after))
    whole = number is not None and number == number.to_integral_value() and 0 < number < _MANY
    return said.format(n=int(number)) if number is not None and whole else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like it, as one typed by hand is; empty where none is."""
    from difflib import get_close_matches

    by_key = {narrow(one).casefold(): one for one in known}
    found = get_close_matches(narrow(word).casefold(), by_key, n=1, cutoff=0.6)
    return by_key[found[0]] if found else ""


def or_rather(near: str, known: Iterable[str]) -> str:
    """How a complaint about a word goes on: what was probably meant, if anything, and what there is."""
    return (f"，是不是 {near}？" if near else "；") + f"可用：{'、'.join(known)}"
