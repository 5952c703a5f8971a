"""Characters that are symbols only in a font of symbols: bullets and ticks from Word and Excel.

Word writes Wingdings and Symbol into the private area (U+F0xx), Excel as letters in that font: without
the font they are empty boxes, or the letters l and ü.
"""

from __future__ import annotations

from collections.abc import Mapping

from xltool.patterns import pattern

_PRIVATE = pattern("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_BULLET = pattern("[\uf020-\uf0ff]")


def _table(*pairs: str) -> Mapping[str, str]:
    """What each character of the first string of a pair shows: the one below it in the second."""
    made: dict[str, str] = {}
    for said, shown in zip(pairs[::2], pairs[1::2], strict=True):
        made |= zip(said, shown, strict=True)
    return made


_WINGDINGS = _table(
    *(" lmnopqrstuvwx", " ●❍■□◻❑❒⬧⧫◆❖⬥⌧"),
    *("\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a", "⓪①②③④⑤⑥⑦⑧⑨⑩"),
    *("\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95", "⓿❶❷❸❹❺❻❼❽❾❿"),
    *("\x9e\x9f\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8", "·•▪○⭘◯◉◎◯▪◻"),
    *("\xaa\xab\xac\xad\xae\xaf\xb2", "✦★✶✴✹✵⟡"),
    *("\xd5\xd6\xd7\xd8\xdb\xdc\xdd\xde", "⌫⌦⮘➢⮈⮊⮉⮋"),
    *("\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6", "←→↑↓↖↗↙↘"),
    *("\xe7\xe8\xe9\xea\xeb\xec\xed\xee", "🡄➔🡅🡇🡄🡆🡅🡇"),
    *("\xef\xf0\xf1\xf2\xf3\xf4", "⇦⇨⇧⇩⬄⇳"),
    *("\xfb\xfc\xfd\xfe", "✗✓☒☑"),
    *("EFGHIJKL", "☜☞☝☟✋☺😐☹"),
    *('!"#()*', "✏✂✁☎✆✉"),
)
_WINGDINGS_2 = _table(
    *("OPQRSTU", "✗✓☒☑☒☒☒"),
    *("\x97\x98\x99\x9a\xa0\xa1\xa2\xa3\xa4\xa5", "●◯○⊙■□▪□▫◆"),
    *("ijklmnopqr", "⓪①②③④⑤⑥⑦⑧⑨"),
    *("uvwxyz{|}~", "⓿❶❷❸❹❺❻❼❽❾"),
)
_WINGDINGS_3 = _table("fghi}tup", "←→↑↓▶◀▶▲")
_WEBDINGS = _table("agcnrs=4<", "✓■□●✗?◼▶◀")
_SYMBOL = _table(
    *("ABCDEFGHIKLMNOPQRSTUWXYZ", "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖ"),
    *("abcdefghijklmnopqrstuvwxyz", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"),
    *("\xb7\xa7\xa8\xa9\xaa", "•♣♦♥♠"),
    *("\xa3\xb3\xb1\xb4\xb8\xb9\xbb\xa5\xb0\xd6\xe5", "≤≥±×÷≠≈∞°√∑"),
    *("\xac\xad\xae\xaf\xab\xde", "←↑→↓↔⇒"),
)
_FONTS: Mapping[str, Mapping[str, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}
# Where the font is not told it is Wingdings, but for the one bullet that Word takes from Symbol.
_UNTOLD = {**_WINGDINGS, "\xb7": "•"}
# Windows' own letters, with which Excel spells the bytes 80 to 9F.
_BYTES = {
    bytes([n]).decode("cp1252", "ignore"): chr(n)
    for n in range(0x80, 0xA0)
    if bytes([n]).decode("cp1252", "ignore")
}


def is_symbolic(font: str) -> bool:
    """Whether a font shows symbols in place of letters."""
    return font.strip().casefold() in _FONTS


def as_shown(text: str, font: str) -> str:
    """What stands in a font of symbols, as it shows there; what is not known stays."""
    table = _FONTS.get(font.strip().casefold())
    return text if table is None else "".join(_shown(letter, table) for letter in text)


def bullets_shown(text: str) -> str:
    """The same of characters in Word's private area, whose font is not told."""
    return text if text.isascii() else _BULLET.sub(lambda match: _shown(match[0], _UNTOLD), text)


def _shown(letter: str, table: Mapping[str, str]) -> str:
    code = ord(letter)
    byte = chr(code - 0xF000) if 0xF020 <= code <= 0xF0FF else _BYTES.get(letter, letter)
    return table.get(byte, letter)


def private_characters(text: str) -> list[str]:
    """The characters of a text that only their writer's fonts know (造字), each once; bullets are none."""
    if text.isascii() or not _PRIVATE.search(text):
        return []
    return list(dict.fromkeys(_PRIVATE.findall(bullets_shown(text))))
