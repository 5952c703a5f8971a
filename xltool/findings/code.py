"""A kind of finding: a code with its severity and its words, and how it is explained to a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xltool.patterns import pattern
from xltool.wording import worded


class Severity(StrEnum):
    """錯誤 blocks the return; 提醒 wants a look; 已同意 is one of these that the coordinator accepts;
    說明 tells what was understood or changed."""

    ERROR = "錯誤"
    WARNING = "提醒"
    WAIVED = "已同意"
    NOTE = "說明"


WAIVABLE = ("S", "V", "C")
"""What can be accepted: faults of a return, and settings that say so. Not an unreadable file, nor a
rule of the plan."""

_SLOT = pattern(r"\{\w+\}")


@worded("message", "fix", "why")
@dataclass(frozen=True)
class Code:
    """A kind of finding: its severity, its message and fix as templates (`str.format` fields), and
    why it is told, for whoever asks. `matters`: it blocks nothing, and yet something that came back does
    not count, is missing or was put aside: whatever takes in the year tells it on the screen. `whole`: an
    error that leaves open whose return it is, so that nothing of it counts; any other one holds back
    what it touches. `acceptable`: a setting that the coordinator may keep though plan or law say otherwise."""

    code: str
    severity: Severity
    message: str
    fix: str
    why: str
    matters: bool = False
    whole: bool = False
    acceptable: bool = False

    @property
    def shown(self) -> str:
        """The message for a person who asks about the code: what it fills in is shown as ○○."""
        return _SLOT.sub("○○", self.message)

    @property
    def waivable(self) -> bool:
        """Whether the coordinator may accept it, with reason and name."""
        of_a_return = self.code.startswith(WAIVABLE) and self.severity is not Severity.NOTE
        return of_a_return or self.acceptable


_MEANS = {
    Severity.ERROR: "有錯誤的那一格、那一列先不列入彙整，更正後再回傳；其他內容照常採用",
    Severity.WARNING: "已列入彙整，請看一下",
    Severity.NOTE: "說明程式做了什麼，不需處理",
}


def explanation(code: Code) -> tuple[tuple[str, str], ...]:
    """A kind of finding for a person, as (heading, words). What a message fills in is shown as ○○."""
    told = {
        "代碼": f"{code.code}（{code.severity}：{_means(code)}）",
        "問題": code.shown,
        "為什麼": code.why,
        "怎麼改": _SLOT.sub("○○", code.fix),
    }
    if code.waivable:
        whose = "" if code.acceptable else "--unit 單位代碼 "
        told["不必更正時"] = (
            f"xltool waive {code.code} {whose}--reason 理由 --by 姓名（僅本年度有效）"
        )
    return tuple(told.items())


def _means(code: Code) -> str:
    if code.severity is Severity.ERROR and code.code[0] in "RP":
        return "須先處理，相關結果才會列出"
    if code.severity is Severity.ERROR and (code.whole or code.code[0] == "F"):
        return "這份檔案先不列入彙整，更正後再回傳"
    return _MEANS[code.severity]
