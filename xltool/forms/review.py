"""督導意見表: a member's written opinion on each item of the unit he answers for (附件2、三, 四.(一))."""

from __future__ import annotations

from xltool.forms.parts import MEMBER, item_id, meaning, scores
from xltool.forms.schema import Card, Field, Filer, Form, Kind, Sheet
from xltool.model import Voice

_REVIEWER = Card(
    "reviewer",
    "督導小組成員",
    (
        Field("unit", "督導單位", given=True),
        *MEMBER,
        Field(
            "day",
            "填寫日期",
            Kind.DATE,
            "民國日期，例如 114.12.15",
            example="114.12.15",
            required=True,
        ),
    ),
)

_OPINION = Card(
    "review",
    "書面意見",
    (
        item_id(given=True),
        Field("name", "業務名稱", given=True, echo="items.name"),
        Field("category", "服務類別", given=True, echo="items.category"),
        Field(
            "result",
            "單位填報辦理情形",
            Kind.LONG,
            given=True,
            echo="report.result",
            placeholder="（單位尚未填報）",
            lines=8,
        ),
        Field("self_score", "單位自評總分", given=True, placeholder="未評"),
        Field(
            "opinion",
            "書面意見",
            Kind.LONG,
            "請就辦理情形提出意見，600 字以內",
            example="成效具體，建議補充服務對象滿意度資料",
            required=True,
            max_length=600,
            lines=7,
            clause="$opinions",
        ),
        Field(
            "recommend",
            "建議參加$contest",
            Kind.CHOICE,
            "建議請選「是」；本人是承辦人或有功人員者請選「迴避」，不列計",
            example=Voice.YES,
            required=True,
            choices=tuple(Voice),
            also=meaning(Voice.YES, Voice.NO),
            clause="$proposal",
            short="建議參獎",
        ),
        Field(
            "reason",
            "建議或不建議之理由",
            Kind.LONG,
            "請簡要說明",
            example="具跨機關推廣價值",
            max_length=300,
            lines=3,
        ),
    ),
)

_SCORES = scores("四構面評分（選填）", required=False, evidence="評分說明", lines=2)

REVIEW = Form(
    key="review",
    title="督導意見表",
    version=1,
    filer=Filer.MEMBER,
    stage="督導小組書面意見",
    purpose="請督導小組成員就所轄$units之辦理情形提出書面意見，並建議是否參加$contest。",
    steps=(
        "在「填報資料」確認姓名與職稱",
        "每項業務一張工作表，填寫書面意見；評分為選填",
        "完成後將本檔以電子郵件回傳",
    ),
    clause="$duties及$opinions",
    sheets=(
        Sheet("填報資料", (20, 14, 14, 14, 14, 14), (_REVIEWER,)),
        Sheet("業務 {item}", (20, 18, 18, 18, 18, 18), (_OPINION, _SCORES), per_item=True),
    ),
)
