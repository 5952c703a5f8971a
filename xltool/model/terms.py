"""Terms of the plan: categories, how far an entry got, roles, bounds of rewards."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """服務類別 (肆、執行策略及方法)."""

    DIGITAL = "數位創新加值"
    INCLUSION = "社會創新共融"


class ContestStage(StrEnum):
    """How far an entry got in the 政府服務獎, lowest first (柒、二、(三), (二), (一))."""

    NOMINATED = "薦送參選未入圍"
    SHORTLISTED = "入圍實地訪查"
    AWARDED = "獲獎"

    @property
    def rank(self) -> int:
        """Order of the stages: an entry's highest one counts."""
        return list(ContestStage).index(self)


class Role(StrEnum):
    """A person's part in an entry (柒、二)."""

    MAIN = "主要承辦人員"
    HEAD = "首長（主管）"
    CONTRIBUTOR = "其他有功人員"
    COACH = "輔導有功人員"


class Voice(StrEnum):
    """What a member says of entering an item in the 政府服務獎 (附件2、三、(三)). 迴避: he has a part in the
    item, and neither his voice nor his scores count."""

    YES = "是"
    NO = "否"
    RECUSED = "迴避"


class Presence(StrEnum):
    """Whether a member came to a meeting (附件2、四、(二))."""

    PRESENT = "親自出席"
    DEPUTY = "代理出席"
    ABSENT = "未出席"


class Verdict(StrEnum):
    """What a meeting decides on entering an item in the 政府服務獎 (附件2、三、(三))."""

    ENTER = "推薦"
    NOT = "不推薦"
    AGAIN = "再議"


class Purpose(StrEnum):
    """For what the group meets (附件2、三): to confirm the year's items and targets, in March, or to
    propose items for the 政府服務獎, at its end."""

    CONFIRM = "確認項目"
    PROPOSE = "推薦參獎"
    OTHER = "其他"


class Confirmed(StrEnum):
    """What the group decides of an item and its target (附件2、三、(一)); 修正後確認: with the target as
    the minutes have it."""

    AS_IT_IS = "確認"
    AMENDED = "修正後確認"
    NOT = "不列入"


NO_REWARD = "不敘獎"
"""The decision to propose no reward for a person."""


class Bound(StrEnum):
    """Whether a reward of 柒、二 is the amount itself or a ceiling (「最高」)."""

    FIXED = "固定"
    CEILING = "最高"
