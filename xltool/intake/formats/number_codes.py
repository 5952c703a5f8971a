"""The codes of number formats ([ECMA-376] 18.8.30, 18.8.31), taken apart into sections and tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from xltool.patterns import pattern

Token = tuple[str, str]
"""What a piece of a code is, and its text: literal, space, digit, mark, unit, minute, elapsed, noon,
power, general."""

POINT, COMMA, STROKE = ("mark", "."), ("mark", ","), ("mark", "/")
PER_CENT, AS_TYPED = ("mark", "%"), ("mark", "@")

BUILTIN: Mapping[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    **dict.fromkeys((5, 6), '"$"#,##0;-"$"#,##0'),
    **dict.fromkeys((7, 8), '"$"#,##0.00;-"$"#,##0.00'),
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 57), "e/m/d"),
    **dict.fromkeys((28, 29, 51, 54, 58), 'e"年"m"月"d"日"'),
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'hh"時"mm"分"',
    33: 'hh"時"mm"分"ss"秒"',
    **dict.fromkeys((34, 52, 55), '上午/下午hh"時"mm"分"'),
    **dict.fromkeys((35, 53, 56), '上午/下午hh"時"mm"分"ss"秒"'),
    **dict.fromkeys((37, 38), "#,##0;-#,##0"),
    **dict.fromkeys((39, 40), "#,##0.00;-#,##0.00"),
    41: '#,##0;-#,##0;"-"',
    42: '"$"#,##0;-"$"#,##0;"$-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '"$"#,##0.00;-"$"#,##0.00;"$-"',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
}
"""The codes of formats that a file names by number alone, as Excel has them in Taiwan."""

_TOKEN = pattern(
    r"""(?P<quoted>"[^"]*"?) | (?P<escaped>\\.?) | (?P<space>_.?) | (?P<fill>\*.?)
      | \[(?P<bracket>[^\]]*)\] | (?P<noon>AM/PM|A/P|上午/下午) | (?P<general>General|G/通用格式|G/標準)
      | (?P<power>E[+-](?=[0\#?])) | (?P<unit>y+|e+|g+|m+|d+|h+|s+|aaaa?)
      | (?P<digit>[0\#?]) | (?P<mark>[.,%/@;]) | (?P<literal>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COLOUR = pattern(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+|[黑藍青綠洋紅白黃紫]{1,2}色?",
    re.IGNORECASE,
)
_PALE = {"white", "yellow", "cyan", "白", "白色", "黃", "黃色", "青", "青色", "color2", "color 2"}
_CONDITION = pattern(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = pattern(r"h+|m+|s+", re.IGNORECASE)
_LONGEST = 1024  # characters: Excel allows 255


class Shows(StrEnum):
    """What a section makes of a number."""

    NUMBER = "number"
    FRACTION = "fraction"
    DATE = "date"
    TIME = "time"
    WORDS = "words"  # the same for every number
    NOTHING = "nothing"


@dataclass(frozen=True)
class Section:
    """One of a format's sections. `condition` says of which numbers it speaks, where the code does;
    `strange`: it asks for what is not understood here, such as numbers in Chinese. `unseen`: its `colour`
    is that of the cell's ground."""

    tokens: tuple[Token, ...]
    shows: Shows
    condition: tuple[str, float] | None = None
    strange: bool = False
    colour: str = ""
    unseen: bool = False


@dataclass(frozen=True)
class NumberFormat:
    """A format that changes what is seen. `text` is what it makes of words, None: nothing else; it shows
    them in `colour`."""

    code: str
    sections: tuple[Section, ...]
    text: tuple[Token, ...] | None = None
    colour: str = ""
    unseen: bool = False

    @property
    def hides_text(self) -> bool:
        """Whether it shows no text at all (;;;), or so that nobody sees it."""
        nothing = self.text is not None and not any(part.strip() for _, part in self.text)
        return nothing or self.unseen

    @property
    def says_of_text(self) -> bool:
        """Whether it shows other words beside a text, or in its place: @"萬元", 0;0;0;"另計"."""
        return self.text is not None and not self.hides_text

    def shown(self, text: str) -> str:
        """A text as it shows."""
        return "".join(text if one == AS_TYPED else one[1] for one in self.text or (AS_TYPED,))


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat | None:
    """A format by its code; None for one that shows a number as it is (General, @)."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        kind = match.lastgroup or ""
        text = match["bracket"] if kind == "bracket" else match[0]
        if (kind, text) == ("mark", ";"):
            sections.append([])
        elif kind != "fill":
            sections[-1].append((kind, text))
    made = tuple(_section(tokens) for tokens in sections[:3])
    text = _of_text(sections)
    plain = made[0].tokens in ((), (AS_TYPED,)) or made[0].tokens[0][0] == "general"
    as_it_is = plain and not made[0].strange and made[0].colour not in _PALE
    if len(sections) == 1 and len(made[0].tokens) <= 1 and as_it_is:
        return None
    last = _section(sections[-1])
    speaks_of_text = len(sections) == 4 or AS_TYPED in last.tokens
    return NumberFormat(code, made, text, last.colour if speaks_of_text else "")


def _of_text(sections: Sequence[Sequence[Token]]) -> tuple[Token, ...] | None:
    """What a format makes of a text: its fourth section, or of fewer the last that speaks of text."""
    said = _section(sections[-1]).tokens
    if len(sections) != 4 and AS_TYPED not in said:
        return None
    said = tuple(AS_TYPED if kind == "general" else (kind, text) for kind, text in said)
    others = any(text.strip() for kind, text in said if (kind, text) != AS_TYPED)
    return None if AS_TYPED in said and not others else said


def _section(tokens: Sequence[Token]) -> Section:
    kept: list[Token] = []
    condition, strange, colour = None, False, ""
    for kind, text in tokens:
        if kind == "quoted":
            kept.append(("literal", text.strip('"')))
        elif kind == "escaped":
            kept.append(("literal", text[1:]))
        elif kind == "space":
            kept.append(("literal", " "))
        elif kind == "unit":
            kept.append((kind, text.lower()))
        elif kind != "bracket":
            kept.append((kind, text))
        elif text.startswith("$"):  # [$NT$-404]: a currency and a language
            kept.append(("literal", text[1:].rpartition("-")[0] if "-" in text else text[1:]))
        elif match := _CONDITION.fullmatch(text.strip()):
            condition = match[1], float(match[2])
        elif _ELAPSED.fullmatch(text):
            kept.append(("elapsed", text.lower()))
        elif _COLOUR.fullmatch(text.strip()):
            colour = text.strip().lower()
        else:
            strange = True
    known = _minutes([token for token in kept if token[1]])
    return Section(tuple(known), _shows(known), condition, strange, colour)


def _minutes(tokens: Sequence[Token]) -> list[Token]:
    """The same, with an m after an hour or before a second as a minute."""
    made = list(tokens)
    clock = [n for n, (kind, _) in enumerate(made) if kind in {"unit", "elapsed"}]
    for at, here in enumerate(clock):
        before = made[clock[at - 1]][1] if at else ""
        after = made[clock[at + 1]][1] if at + 1 < len(clock) else ""
        minutes = before.startswith("h") or after.startswith("s")
        if minutes and made[here] in {("unit", "m"), ("unit", "mm")}:
            made[here] = "minute", made[here][1]
    return made


def _shows(tokens: Sequence[Token]) -> Shows:
    kinds = {kind for kind, _ in tokens}
    if {text[0] for kind, text in tokens if kind == "unit"} & set("yedmag"):
        return Shows.DATE
    if kinds & {"unit", "minute", "elapsed", "noon"}:
        return Shows.TIME
    if "digit" in kinds:
        return Shows.FRACTION if _is_fraction(tokens) else Shows.NUMBER
    if "general" in kinds or AS_TYPED in tokens:
        return Shows.NUMBER
    return Shows.WORDS if any(text.strip() for _, text in tokens) else Shows.NOTHING


def _is_fraction(tokens: Sequence[Token]) -> bool:
    """Whether a stroke stands between digits: # ?/?, 0/16."""
    if STROKE not in tokens:
        return False
    at = list(tokens).index(STROKE)
    under = tokens[at + 1 : at + 2]
    upper = at > 0 and tokens[at - 1][0] == "digit"
    return upper and any(kind == "digit" or text.isdigit() for kind, text in under)
