"""執行成果填報表: Nov–Dec, each unit reports results and assesses itself (附件1, 陸、一)."""

from __future__ import annotations

from xltool.forms.parts import filing, item_id, person, scores
from xltool.forms.schema import Card, Field, Filer, Form, Kind, Nil, Sheet, Table
from xltool.model import Role

HAS, NONE = "有執行成果", "本年度無執行成果"
PHOTOS = 6

_RESULTS = Card(
    "report",
    "業務成果",
    (
        item_id(given=True),
        Field("name", "業務名稱", given=True, echo="items.name", may_change=True),
        Field(
            "category", "服務類別", given=True, echo="items.category", may_change=True, weighty=True
        ),
        Field(
            "method",
            "原訂執行方法",
            Kind.LONG,
            given=True,
            echo="items.method",
            may_change=True,
            lines=3,
        ),
        Field(
            "target",
            "年度目標",
            Kind.LONG,
            given=True,
            echo="items.target",
            may_change=True,
            weighty=True,
            lines=2,
        ),
        Field(
            "change",
            "與調查表不同之處",
            Kind.LONG,
            "名稱、類別、方法或目標有變更時請說明，沒有請留白",
            example="原訂 6 場說明會增為 8 場",
            explains=True,
            max_length=200,
            lines=2,
        ),
        Field(
            "result",
            "辦理情形",
            Kind.LONG,
            "請寫截至 11 月底的作法與成果，1,000 字以內",
            example="本年度完成線上查詢平臺建置，自 6 月 1 日上線至 11 月底累計查詢 12,345 人次",
            required=True,
            max_length=1000,
            lines=12,
            public=True,
        ),
        Field(
            "next_steps",
            "未來精進方向",
            Kind.LONG,
            "請寫下一年度加強重點",
            example="擴充行動版介面，並納入案件逾期主動通知",
            required=True,
            max_length=400,
            lines=5,
            clause="附件3.參",
            short="精進方向",
            public=True,
        ),
        Field("last_year", "上年度未來精進方向", Kind.LONG, given=True, lines=2),
        Field(
            "follow_up",
            "改進情形",
            Kind.LONG,
            "請說明上年度精進方向的辦理情形；上年度未列者留白",
            example="已依上年度規劃完成系統介接",
            max_length=300,
            lines=3,
            clause="$own_rewards",
        ),
    ),
)

_METRICS = Table(
    "metrics",
    "量化成效",
    (
        Field(
            "name",
            "指標",
            example="線上查詢人次",
            required=True,
            max_length=60,
            span=2,
            public=True,
        ),
        Field("unit", "單位", example="人次", required=True, max_length=10, public=True),
        Field(
            "target",
            "目標值",
            Kind.CODE,
            example="10,000",
            required=True,
            max_length=20,
            public=True,
        ),
        Field(
            "actual",
            "實績值",
            Kind.CODE,
            example="12,345",
            required=True,
            max_length=20,
            public=True,
        ),
        Field("note", "說明", max_length=60, public=True),
    ),
    rows=5,
    note="至少填一項可衡量的指標",
    least=1,
    example=True,
)

_SCORES = scores("四構面自評", required=True, evidence="佐證說明")

_PHOTOS = Table(
    "photos",
    "照片",
    (
        Field("no", "序號", given=True, numbered="{n}"),
        Field(
            "caption",
            "圖說",
            prompt="一句話說明照片內容",
            example="線上查詢平臺操作說明會（114.6.15）",
            max_length=60,
            span=2,
            public=True,
        ),
        Field("photo", "照片（請插入於此格）", Kind.PHOTO, span=3, lines=4, public=True),
    ),
    rows=PHOTOS,
    note=f"至多 {PHOTOS} 張；請用「插入 → 圖片」放在右側格內，並填圖說",
)

_PEOPLE = Table(
    "people",
    "有功人員",
    (
        item_id(),
        *person(
            roles=(Role.MAIN, Role.HEAD, Role.CONTRIBUTOR, Role.COACH),
            reward_label="自行考核獎勵建議",
            reward_prompt="單位得就自行考核結果提出（$own_rewards）；不提出請留白",
        ),
    ),
    rows=15,
    example=True,
    note="列出各業務有功同仁；自行考核獎勵由各$units依業務需求提出（$own_rewards）",
)

REPORT = Form(
    key="report",
    title="執行成果填報表",
    version=1,
    filer=Filer.UNIT,
    stage="辦理年度自評作業",
    purpose="請各$units填報截至 11 月底之辦理情形，並依四構面完成自評；12 月資料於截止前補正。",
    steps=(
        "在「填報資料」選填報情形",
        "每項業務一張工作表（業務編號為表名），逐欄填寫成果、自評、佐證與照片",
        "在「有功人員」列出參與同仁；單位主管核章後，將本檔以電子郵件回傳",
    ),
    nil=Nil("filing", "status", NONE),
    clause="附件1及$assessment",
    supplement="12月資料補正",
    sheets=(
        Sheet("填報資料", (20, 14, 14, 14, 14, 14), (filing(HAS, NONE),)),
        Sheet(
            "業務 {item}",
            (20, 18, 18, 18, 18, 18),
            (_RESULTS, _METRICS, _SCORES, _PHOTOS),
            per_item=True,
        ),
        Sheet("有功人員", (11, 11, 11, 12, 13, 14, 14, 12, 28, 18, 12), (_PEOPLE,), landscape=True),
    ),
)
