"""Who a cell names: one person or several, what stands beside a name, numbers that must not be kept.

A name is compared as the eye sees it; what a person wrote beside it (a title, 「已調職」) is no part of
it. Nothing here knows who works where: what cannot be told is left to be asked.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from xltool.patterns import pattern
from xltool.zh import dashed, seen

# A letter that is none of A to Z, or one that an agency made itself. Said so and not by its ranges, which
# take longer to compile than a form to read.
_HAN = "(?:[^\\W\\dA-Za-z_]|[\ue000-\uf8ff])"
_SPACES = pattern(r"[ \t\u3000\xa0]+")
_DOTS = pattern("[\u00b7\u2022\u2027\u22c5\u2219\u30fb\uff0e.]")
_ANY_HAN, _ALL_HAN = pattern(_HAN), pattern(f"{_HAN}+")
_BRACKETS = pattern(r"[(\[【〔「『<〈《]([^()\[\]【】〔〕「」『』<>〈〉《》]*)[)\]】〕」』>〉》]")
_ROMANISED = pattern(r"[A-Za-zÀ-ɏ .'’\-·,]*")
_COUNT = "[0-9〇一二三四五六七八九十兩]+"
_MORE = pattern(
    rf"(?:等|共|計|及其他|及其餘)\s*{_COUNT}\s*[人位名員]?(?:同仁|人員)?$|(?<=..)等(?:人|員|同仁|人員|多人)?$"
    rf"|(?:同仁|團隊|小組|成員|全體|全員|全科|全組|全室|其他人|多人)$|(?:^|\D){_COUNT}[人位名](?:同仁)?$"
)
_BETWEEN = pattern(
    rf"[、,;/|&+\n]|(?<={_HAN}{_HAN})(?:以及|與|及|和|暨)(?={_HAN}{_HAN})|\s(?:與|及|和|暨)\s"
)
_LISTED = pattern(r"(?:^|(?<=\s))\(?\d{1,2}[.)、]\s*")
_NOTED = pattern(
    "(?<=..)[-—]*(?:已|將|現|原|新任|前任|原任|業經|業已|奉派|因)?"
    "(?:調職|調任|調離|調派|調升|調至|調往|離職|退休|辭職|去職|卸任|到職|留職停薪|育嬰|請假|借調|支援|"
    "代理|兼任|兼代|病故|歿|死亡|商調|資遣|停職|實習|派遣|外包).*$"
)
_TITLES = (
    "先生|小姐|女士|主任秘書|簡任技正|簡任秘書|簡任視察|專門委員|高級分析師|系統分析師|分析師|設計師|"
    "助理設計師|工程師|助理工程師|技術師|專門技術員|約聘人員|約僱人員|約聘研究員|約僱助理|專案經理|專案助理|"
    "助理研究員|副研究員|研究員|約聘技士|約僱人員|主任委員|副主任|主任|副處長|處長|副署長|署長|副局長|局長|"
    "副司長|司長|副組長|組長|副科長|科長|副主管|主管|股長|課長|隊長|秘書|科員|課員|技正|技士|技佐|專員|"
    "視察|稽查|編審|辦事員|書記|技工|工友|駕駛|助理員|助理|顧問|參事|技監|委員|同仁"
)
_TITLE = pattern(rf"(?:{_TITLES})")
_OFFICE = pattern(rf"(?:代理|兼任|兼代|兼)?(?:{_TITLES})")
_TITLE_BESIDE = pattern(rf"^(?:{_TITLES})(?=.{{2}})|(?<=.)(?:{_TITLES})$")
_COMPOUND = frozenset([
    "歐陽",
    "司馬",
    "司徒",
    "諸葛",
    "上官",
    "皇甫",
    "東方",
    "慕容",
    "令狐",
    "公孫",
    "端木",
    "夏侯",
    "尉遲",
    "張簡",
    "范姜",
    "張廖",
])
_SURNAMES = frozenset(
    "陳林黃黄張李王吳吴劉蔡楊許鄭謝郭洪曾邱丘廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾鐘游彭詹胡施沈余盧梁趙顏柯翁魏"
    "孫戴范方宋鄧杜傅侯曹薛丁卓阮馬董溫温唐藍蔣石古紀姚連馮歐程湯康姜白汪鄒尤巫黎涂塗凃龔嚴韓袁金童陸夏柳邵錢伍"
    "倪于譚駱熊任甘秦顧毛章史官萬俞雷粘饒闕凌崔尹孔段殷邢屠田辛武齊賀樊常段穆易喬鮑左包華柴瞿"
)
_NUMBER_BESIDE = pattern(r"^[A-Za-z]*[0-9\-]{3,}|[A-Za-z]*[0-9\-]{3,}$")
_LONG = 5  # characters of a name written with spaces, from which it is more than one


@dataclass(frozen=True)
class Named:
    """What a cell says that should name one person. `names` are those told apart; `several`: it is
    more than one, as far as the words tell; `title` and `note` are what stands beside the name;
    `nobody`: it is no name, or one of which a part is hidden."""

    names: tuple[str, ...]
    several: bool = False
    title: str = ""
    note: str = ""
    nobody: bool = False


def as_seen(name: str) -> str:
    """A name without what nobody sees: two that look the same are the same, spaces and width apart."""
    return name if name.isascii() else unicodedata.normalize("NFC", seen(name))


def spelled(name: str) -> str:
    """A name as the eye sees it, for comparing: no marks that nobody sees, compatibility forms as the
    usual ones, no spaces, one kind of middle dot. 臺 and 台 stay apart."""
    if name.isascii():
        return "".join(name.split())
    name = unicodedata.normalize("NFKC", seen(name))
    return _DOTS.sub("·", "".join(name.split()))


def plain_name(name: str) -> str:
    """The same without the title or note that was written beside it; of several names, all."""
    told = named(name)
    one = told.names[0] if len(told.names) == 1 and not told.several else name
    return spelled(one)


def is_called(text: str, name: str) -> bool:
    """Whether words that name somebody, with or without a title in either order, mean who bears that
    name: 「王大明主任秘書」, 「主任秘書 王大明」, 「代理主任秘書王大明」."""
    one, said = plain_name(name), spelled(text)
    if not one or one == plain_name(text) or one in map(spelled, named(text).names):
        return bool(one)
    beside = said.removeprefix(one) if said.startswith(one) else said.removesuffix(one)
    return beside != said and _OFFICE.fullmatch(beside.strip("()")) is not None


@lru_cache(maxsize=4096)
def named(text: str) -> Named:
    """Whom a cell names that should name one person."""
    text = unicodedata.normalize("NFKC", seen(text)).strip()
    notes = [one for one in _BRACKETS.findall(text) if not _ROMANISED.fullmatch(one)]
    rest = _LISTED.sub("、", _BRACKETS.sub(" ", text)).strip(" 、,;/")
    several = any(_MORE.search(one) for one in (rest, *notes) if not one.endswith("等同"))
    rest = _MORE.sub("", rest)
    titles: list[str] = []
    names: list[str] = []
    for part in _BETWEEN.split(rest):
        for one in _apart(_SPACES.sub(" ", part or "").strip(), titles, notes):
            if one not in names:
                names.append(one)
    return Named(
        tuple(names),
        several or len(names) > 1,
        "、".join(dict.fromkeys(titles)),
        "、".join(dict.fromkeys(note.strip() for note in notes if note.strip())),
        nobody=any(map(_NOBODY.search, ("".join(text.split()).upper(), *names))),
    )


_NOBODY = pattern(
    r"^(?:姓名|人員|承辦人)?(?:待|未|尚未|暫)(?:定|補|填|聘|派|確認|指派|確定|遴選|到職)|^同(?:承辦|主辦|前|主管)|"
    r"^(?:TBD|TBC|TBA|X+|某+.?|不詳|未知|從缺|出缺|懸缺)$|[○〇◯●□■＊*?？]"
    rf"|(?<={_HAN})[XOxo]{{1,2}}(?=$|{_HAN})"
)
"""Words that stand for a name that is not known yet, and signs that hide a part of one."""


def _apart(text: str, titles: list[str], notes: list[str]) -> list[str]:
    """The names in words that nothing but spaces parts; their titles and notes are put aside."""
    if not _ANY_HAN.search(text):
        if any(sign.isdigit() for sign in text):
            notes.append(text)
            return []
        return [text] if text else []
    if match := _NOTED.search(text):
        notes.append(match[0].strip("-— "))
        text = text[: match.start()].strip("-— ")
    words = []
    for word in text.split(" "):
        if not word:
            continue
        if _TITLE.fullmatch(word):
            titles.append(word)
            continue
        if match := _NUMBER_BESIDE.search(word):
            notes.append(match[0])
            word = word.replace(match[0], "", 1)
        if len(word) > 2 and (match := _TITLE_BESIDE.search(word)):
            titles.append(match[0])
            word = word.replace(match[0], "", 1)
        if word:
            words.append(word)
    han = [word for word in words if _ALL_HAN.fullmatch(word)]
    if len(han) < 2:
        return [" ".join(words)] if words else []
    alone = [word for word in han if len(word) == 1]
    if alone:
        joined = "".join(han)
        many = len(han) > 2 and len(joined) >= _LONG and joined[0] in _SURNAMES
        return han if many and sum(word[0] in _SURNAMES for word in han) > 1 else [joined]
    if len(han) == 2 and han[0] in _COMPOUND:
        return ["".join(han)]
    if all(len(word) <= 4 and word[0] in _SURNAMES for word in han):
        return han
    return [" ".join(words)]


# --- numbers that must not be kept ----------------------------------------------------------------

_SPACE = "[\\s\\-\xad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\ufeff\uff0d]{0,2}"
_DIGIT = "[0-9\uff10-\uff19]"
_LETTERS = "A-Za-z\uff21-\uff3a\uff41-\uff5a"
_IDENTITY = pattern(
    rf"(?<![{_LETTERS}0-9\uff10-\uff19])[{_LETTERS}]{_SPACE}"
    rf"[1289\uff11\uff12\uff18\uff19A-Da-d\uff21-\uff24\uff41-\uff44](?:{_SPACE}{_DIGIT}){{8}}"
    rf"(?![{_LETTERS}0-9\uff10-\uff19])"
)
_PLACES = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_SHORTEST = 10


def may_hold_identity(text: str) -> bool:
    """Whether anything in a text has the form of such a number, its check digit aside."""
    return _IDENTITY.search(text) is not None


def without_identity(text: str) -> str | None:
    """A text without the numbers of identity cards and residence permits in it; None when it has none.

    Such a number is told by its form and its check digit, whatever spaces or dashes stand in it: a
    letter, 1, 2, 8 or 9, eight digits; or of an older permit two letters, of which the second is one of
    A to D, and eight digits.
    """
    if len(text) < _SHORTEST or _IDENTITY.search(text) is None:
        return None
    left = _IDENTITY.sub(lambda match: "" if _is_identity(match[0]) else match[0], text)
    return None if left == text else left.strip()


def _is_identity(text: str) -> bool:
    number = unicodedata.normalize("NFKC", dashed(seen(text))).upper()
    number = "".join(sign for sign in number if sign.isalnum())
    first = _PLACES[number[0]]
    second = _PLACES[number[1]] % 10 if number[1].isalpha() else int(number[1])
    digits = (first // 10, first % 10, second, *map(int, number[2:]))
    return sum(d * weight for d, weight in zip(digits, _WEIGHTS, strict=True)) % 10 == 0
