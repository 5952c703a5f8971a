"""會議紀錄表: a meeting of the 督導小組, who attended, what was decided (附件2、四、(二))."""

from __future__ import annotations

from xltool.forms.parts import item_id
from xltool.forms.schema import Card, Choices, Field, Filer, Form, Kind, Sheet, Table, When

_SITTING = Card(
    "meeting",
    "會議資料",
    (
        Field("no", "會議次別", example="第1次", required=True, max_length=20, public=True),
        Field(
            "day",
            "會議日期",
            Kind.DATE,
            "民國日期",
            example="114.12.22",
            required=True,
            public=True,
        ),
        Field("place", "地點", example="本署第一會議室", max_length=60),
        Field(
            "chair",
            "主席（召集人）",
            prompt="由主任秘書擔任（附件2、二、(二)）",
            example="主任秘書 林召集",
            required=True,
            max_length=30,
            person=True,
            personal=True,
        ),
    ),
)

_ATTENDANCE = Table(
    "attendance",
    "出席情形",
    (
        Field("unit", "單位", given=True),
        Field(
            "name",
            "成員姓名",
            given=True,
            echo="member.name",
            may_change=True,
            person=True,
            personal=True,
        ),
        Field("present", "出席", Kind.YES_NO, "出席請選「是」", example="是", required=True),
        Field("note", "備註", max_length=60, span=3),
    ),
    rows_from=Choices.UNITS,
)

_MOTIONS = Table(
    "motions",
    "議案",
    (
        Field("no", "案號", Kind.CODE, example="1", required=True, unique=True, max_length=10),
        Field(
            "subject",
            "案由",
            Kind.LONG,
            example="推薦參加政府服務獎之業務",
            required=True,
            max_length=200,
            lines=3,
            public=True,
        ),
        item_id("相關業務"),
        Field(
            "resolution",
            "決議",
            Kind.LONG,
            "達成共識時必填",
            example="照案通過",
            required_when=When("consensus", equals=True),
            max_length=300,
            public=True,
        ),
        Field(
            "consensus",
            "達成共識",
            Kind.YES_NO,
            "出席成員有共識請選「是」",
            example="是",
            required=True,
        ),
        Field(
            "ruling",
            "召集人裁示",
            Kind.LONG,
            "未達共識時必填",
            example="請業務單位補充資料後再議",
            max_length=300,
            clause="附件2、四、(二)",
            public=True,
        ),
    ),
    rows=10,
    least=1,
    example=True,
)

MEETING = Form(
    key="meeting",
    title="會議紀錄表",
    version=1,
    filer=Filer.COORDINATOR,
    stage="督導小組會議",
    purpose="登錄督導小組會議的出席、議案、共識與召集人裁示。",
    steps=(
        "填會議日期與主席",
        "在「出席情形」逐單位選是否出席；過半數（12 人為 7 人）始成會",
        "在「議案」登錄決議；未達共識者必須填召集人裁示",
    ),
    clause="附件2、四、(二)",
    sheets=(
        Sheet("會議資料", (20, 22, 16, 12, 12, 12), (_SITTING, _ATTENDANCE)),
        Sheet("議案", (8, 36, 12, 44, 12, 44), (_MOTIONS,), landscape=True),
    ),
)
