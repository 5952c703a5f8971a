"""會議紀錄表: a meeting of the 督導小組, who attended, what was decided (附件2、四、(二))."""

from __future__ import annotations

from dataclasses import replace

from xltool.forms.parts import item_id, meaning
from xltool.forms.schema import Card, Choices, Field, Filer, Form, Kind, Sheet, Table, When
from xltool.model import Confirmed, Presence, Purpose, Verdict

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
        Field("place", "地點", example="$agency第一會議室", max_length=60),
        Field(
            "chair",
            "主席（召集人）",
            prompt="由$convener擔任（$chair）",
            example="$convener 林召集",
            required=True,
            max_length=30,
            person=True,
            personal=True,
        ),
    ),
)

_BY_DEPUTY = ("代理", "代", "代理人出席", "由代理人出席", "派員代理", "派員出席", "指派代理")

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
        Field(
            "title",
            "成員職稱",
            given=True,
            echo="member.title",
            may_change=True,
            since=2,
        ),
        Field(
            "present",
            "出席",
            Kind.CHOICE,
            "由他人代理請選「代理出席」，並填代理人",
            example=Presence.PRESENT,
            required=True,
            choices=tuple(Presence),
            also=(
                *meaning(Presence.PRESENT, Presence.ABSENT),
                *((word, Presence.DEPUTY) for word in _BY_DEPUTY),
            ),
        ),
        Field(
            "deputy",
            "代理人姓名",
            prompt="代理出席時必填",
            example="李代理",
            required_when=When("present", Presence.DEPUTY),
            max_length=30,
            person=True,
            personal=True,
            since=2,
        ),
        Field(
            "deputy_title",
            "代理人職稱",
            prompt="代理出席時請填",
            example="科長",
            max_length=30,
            since=2,
        ),
        Field("note", "備註", max_length=60),
    ),
    rows_from=Choices.UNITS,
)

_ALSO_DECIDED = (
    *((word, Verdict.ENTER) for word in ("同意推薦", "推薦參獎", "推薦參選", "建議推薦")),
    *((word, Verdict.NOT) for word in ("不予推薦", "不同意推薦", "不參獎", "不參選")),
    *((word, Verdict.AGAIN) for word in ("緩議", "下次再議", "保留", "補充資料後再議")),
)

_PURPOSES = (
    *((word, Purpose.CONFIRM) for word in ("確認項目及目標", "確認業務項目及目標", "確認業務項目")),
    *((word, Purpose.PROPOSE) for word in ("推薦參選", "參獎推薦")),
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
            example="推薦參加$contest之業務",
            required=True,
            max_length=200,
            lines=3,
            offered=True,
        ),
        replace(item_id("相關業務"), offered=True),
        Field(
            "purpose",
            "案類",
            Kind.CHOICE,
            "確認年度業務項目及目標的案，請選「確認項目」",
            example=Purpose.PROPOSE,
            choices=tuple(Purpose),
            also=_PURPOSES,
            clause="$duties",
            since=3,
        ),
        Field(
            "resolution",
            "決議",
            Kind.LONG,
            "達成共識時必填",
            example="照案通過",
            required_when=When("consensus", equals=True),
            max_length=300,
        ),
        Field(
            "verdict",
            "參獎決定",
            Kind.CHOICE,
            "推薦參獎的案請選；以所選為準，文字仍照登",
            example=Verdict.ENTER,
            choices=tuple(Verdict),
            also=_ALSO_DECIDED,
            clause="$proposal",
            since=2,
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
            clause="$quorum",
        ),
    ),
    rows=10,
    least=1,
    example=True,
)

_ALSO_CONFIRMED = (
    *((word, Confirmed.AS_IT_IS) for word in ("同意", "照案通過", "通過", "照列", "列入")),
    *((word, Confirmed.AMENDED) for word in ("修正", "修正後通過", "修正通過", "修正後列入")),
    *((word, Confirmed.NOT) for word in ("不確認", "不同意", "刪除", "免列")),
)

_CONFIRMED = Table(
    "confirmed",
    "確認清單",
    (
        replace(item_id(), required=True, unique=True, offered=True, since=3),
        Field("name", "業務名稱", max_length=60, since=3),
        Field(
            "target",
            "年度目標",
            Kind.LONG,
            "會議有修正者，請直接改為確認的文字",
            max_length=200,
            lines=2,
            since=3,
        ),
        Field(
            "decision",
            "小組決定",
            Kind.CHOICE,
            example=Confirmed.AS_IT_IS,
            required=True,
            choices=tuple(Confirmed),
            also=_ALSO_CONFIRMED,
            clause="$confirmed",
            since=3,
        ),
        Field("note", "修正內容或不列入之理由", max_length=200, since=3),
    ),
    rows=10,
    blank=3,
    note="只在確認年度業務項目及目標的會議填寫（$confirmed）；該案未決者，本頁不生效",
)

MEETING = Form(
    key="meeting",
    title="會議紀錄表",
    version=3,
    filer=Filer.COORDINATOR,
    stage="督導小組會議",
    purpose="登錄督導小組會議的出席、議案、共識與召集人裁示。",
    steps=(
        "填會議日期與主席",
        "在「出席情形」逐單位選親自出席、代理出席或未出席；過半數（12 人為 7 人）始成會",
        "在「議案」登錄決議，推薦參獎的案另選「參獎決定」；未達共識者必須填召集人裁示",
        "確認業務項目及目標的會議，另在「確認清單」逐項選決定",
    ),
    clause="$quorum",
    sheets=(
        Sheet("會議資料", (20, 12, 14, 12, 12, 14, 14), (_SITTING, _ATTENDANCE)),
        Sheet("議案", (8, 34, 12, 12, 38, 12, 12, 38), (_MOTIONS,), landscape=True),
        Sheet("確認清單", (12, 30, 48, 14, 36), (_CONFIRMED,), landscape=True, optional=True),
    ),
)
