"""參與業務調查表: in March each unit says what it takes part with, and names its member (附件1, 附件2)."""

from __future__ import annotations

from xltool.forms.parts import MEMBER, filing
from xltool.forms.schema import (
    EMAIL,
    ITEM_ID,
    PHONE,
    Card,
    Choices,
    Field,
    Filer,
    Form,
    Kind,
    Nil,
    Sheet,
    Table,
    When,
)
from xltool.model import Category

HAS, NONE = "有參與業務", "本年度無參與業務"

_MEMBER = Card(
    "member",
    "督導小組成員",
    (
        *MEMBER,
        Field(
            "level",
            "職稱層級",
            Kind.CHOICE,
            "單位業務主管或專門委員以上",
            example="單位業務主管",
            required=True,
            choices=Choices.TITLES,
            clause="附件2.二.(一)",
        ),
        Field(
            "email",
            "電子郵件",
            Kind.CODE,
            "公務電子郵件",
            example="name@agency.gov.tw",
            required=True,
            pattern=EMAIL,
            personal=True,
        ),
    ),
    note="每單位選派 1 人，為單位業務主管或專門委員以上（附件2.二.(一)）；無參與業務者仍須選派",
)

_ITEMS = Table(
    "items",
    "參與業務",
    (
        Field("item", "業務編號", Kind.CODE, pattern=ITEM_ID, given=True, numbered="{unit}-{n:02}"),
        Field(
            "name",
            "業務名稱",
            prompt="一列一項業務",
            example="用電申辦進度線上查詢服務",
            required=True,
            unique=True,
            max_length=60,
            one_line=True,
            lines=4,
            public=True,
        ),
        Field(
            "last_item",
            "上年度編號",
            Kind.CODE,
            "延續上年度業務者填上年度編號；新增者留白",
            pattern=ITEM_ID,
            unique=True,
        ),
        Field(
            "category",
            "服務類別",
            Kind.CHOICE,
            "數位創新加值：運用數位科技創新服務；社會創新共融：縮小服務機會落差",
            example=Category.DIGITAL,
            required=True,
            choices=tuple(Category),
            clause="肆",
            short="類別",
            public=True,
        ),
        Field(
            "audience",
            "服務對象",
            example="用電申請民眾",
            required=True,
            max_length=60,
            public=True,
        ),
        Field(
            "method",
            "執行方法",
            Kind.LONG,
            "請寫作法與步驟，300 字以內",
            example="建置線上查詢平臺，串接各區營業處案件資料，每日更新進度",
            required=True,
            max_length=300,
            public=True,
        ),
        Field(
            "target",
            "年度目標",
            Kind.LONG,
            "請寫可衡量的目標",
            example="線上查詢使用率達 60%",
            required=True,
            max_length=200,
            public=True,
        ),
        Field(
            "cross_agency",
            "跨機關或公私協力",
            Kind.YES_NO,
            "有其他機關或民間共同辦理請選「是」",
            example="是",
            required=True,
        ),
        Field(
            "partners",
            "合作對象",
            prompt="選「是」時請填機關或團體名稱",
            example="台灣電力股份有限公司",
            required_when=When("cross_agency", equals=True),
            max_length=100,
            public=True,
        ),
        Field("handler", "承辦人", example="李承辦", required=True, max_length=30, personal=True),
        Field(
            "phone",
            "承辦人電話",
            Kind.CODE,
            "含區碼與分機",
            example="02-27721370#6123",
            required=True,
            pattern=PHONE,
            personal=True,
        ),
    ),
    rows=10,
    least=1,
    example=True,
    note="一列填一項；列數不足時，請接著往下填，業務編號依序編列",
)

ENROLMENT = Form(
    key="enrolment",
    title="參與業務調查表",
    version=1,
    filer=Filer.UNIT,
    stage="設定年度參與業務",
    purpose="請各組室選定本年度參與提升服務效能的業務、服務類別及執行方法，並指派督導小組成員 1 人。",
    steps=(
        "在「填報資料」選填報情形，並填督導小組成員",
        "在「參與業務」一列填一項業務；業務編號已備妥，不需填寫",
        "單位主管核章後，將本檔以電子郵件回傳；檔名可自行更改",
    ),
    nil=Nil("filing", "status", NONE),
    clause="附件1、附件2.二.(一)",
    sheets=(
        Sheet("填報資料", (20, 14, 14, 14, 14, 14), (filing(HAS, NONE), _MEMBER)),
        Sheet("參與業務", (9, 20, 12, 13, 14, 34, 28, 10, 15, 9, 16), (_ITEMS,), landscape=True),
    ),
)
