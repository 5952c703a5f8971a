"""Parts that several forms share: who filed and when, and the score of each criterion."""

from __future__ import annotations

from decimal import Decimal

from xltool.forms.schema import (
    ITEM_ID,
    PHONE,
    STAFF_ID,
    Card,
    Choices,
    Field,
    Kind,
    Table,
    When,
)
from xltool.model import NO_REWARD, Category, Role
from xltool.plan import Options
from xltool.zh import NO_WORDS, YES_WORDS

STAMPED, NOT_STAMPED = "已核章", "尚未核章"

CATEGORIES: tuple[tuple[Category, str], ...] = (
    (
        Category.DIGITAL,
        (
            "運用數位創新策略及措施，提出有別於現行的想法或方式，並對服務對象具有實質效益；"
            "包括連結政府及民間巨量資料，或運用人工智慧、物聯網、區塊鏈等數位科技，"
            "以及透過公私協力，推動創新及跨機關的整合服務模式等"
        ),
    ),
    (
        Category.INCLUSION,
        (
            "關注服務對象社會經濟背景多樣化，解決年齡、性別、族群等因素所造成之服務機會落差不均等現象；"
            "包括提供在地化、客製化關懷服務，或透過法規及流程簡化，以及公私協力等模式，解決公共問題等"
        ),
    ),
)
"""What the two categories mean, in the plan's words (肆), somewhat shortened."""


_ALSO_STAMPED = (
    *((word, STAMPED) for word in ("已核", "核章", "已蓋章", "已用印", "是", "有", "V", "✓")),
    *(
        (word, NOT_STAMPED)
        for word in ("未核章", "尚未", "未核", "否", "核章中", "陳核中", "無", "X")
    ),
)
_ALSO_ROLES = (
    *(
        (word, Role.MAIN)
        for word in ("主要承辦人", "主要承辦", "承辦人員", "承辦人", "主辦人員", "主辦人", "主辦")
    ),
    *(
        (word, Role.HEAD)
        for word in ("首長", "主管", "首長、主管", "首長/主管", "首長或主管", "首長及主管")
    ),
    *((word, Role.HEAD) for word in ("單位主管", "業務主管", "機關首長", "單位首長", "首長主管")),
    *(
        (word, Role.CONTRIBUTOR)
        for word in ("其他有功", "其他人員", "有功人員", "其他", "協辦", "協辦人員")
    ),
    *((word, Role.COACH) for word in ("輔導有功", "輔導人員", "輔導", "$agency輔導有功人員")),
)
_ALSO_STAFF = (
    *((word, "公務人員") for word in ("公務員", "正式人員", "編制內人員", "職員")),
    *(
        (word, "約聘僱人員")
        for word in ("約聘", "約僱", "約聘僱", "約聘人員", "約僱人員", "聘僱人員")
    ),
    *((word, "約聘僱人員") for word in ("約聘雇人員", "約聘雇", "約雇人員", "約雇")),
    *((word, "技工工友") for word in ("技工", "工友", "駕駛", "技工、工友", "技工/工友")),
)


_ALSO_NO_REWARD = (
    "不予敘獎",
    "不獎勵",
    "不予獎勵",
    "不建議敘獎",
    "免敘獎",
    "無須敘獎",
    "無獎勵",
    "不敘",
)


def meaning(yes: str, no: str) -> tuple[tuple[str, str], ...]:
    """What people write for yes and for no, as the choices that mean it (`Field.also`)."""
    return (
        *((word, yes) for word in sorted(YES_WORDS - {yes})),
        *((word, no) for word in sorted(NO_WORDS - {no})),
    )


def filing(has: str, none: str) -> Card:
    """Who filed: whether there is anything to report, by whom, when, and whether stamped (核章)."""
    return Card(
        "filing",
        "填報資料",
        (
            Field("unit", "單位", given=True),
            Field(
                "status",
                "填報情形",
                Kind.CHOICE,
                "沒有可填報的業務也要回傳，請選「無」的選項",
                example=has,
                required=True,
                choices=(has, none),
                clause="參",
            ),
            Field(
                "filler",
                "填報人",
                prompt="請填姓名",
                example="王小明",
                required=True,
                max_length=30,
                person=True,
                personal=True,
            ),
            Field(
                "phone",
                "聯絡電話",
                Kind.CODE,
                "含區碼與分機",
                example="02-27721370#6123",
                required=True,
                pattern=PHONE,
                personal=True,
            ),
            Field(
                "day",
                "填報日期",
                Kind.DATE,
                "民國日期，例如 114.11.30",
                example="114.11.30",
                required=True,
            ),
            Field(
                "stamp",
                "核章情形",
                Kind.CHOICE,
                "單位主管核章後請選「已核章」",
                example=STAMPED,
                required=True,
                choices=(STAMPED, NOT_STAMPED),
                also=_ALSO_STAMPED,
            ),
            Field(
                "stamp_day",
                "核章日期",
                Kind.DATE,
                "民國日期，例如 114.12.5",
                example="114.12.05",
                required_when=When("stamp", STAMPED),
            ),
        ),
    )


def scores(title: str, *, required: bool, evidence: str, note: str = "", lines: int = 3) -> Table:
    """The criteria of 陸、一、(三), one row each. Scale and weights are settings."""
    return Table(
        "scores",
        title,
        (
            Field("criterion", "評核構面", given=True, short="構面"),
            Field(
                "score",
                "評分",
                Kind.DECIMAL,
                f"0 到 {Options.full_score} 分，可填小數",
                example="85",
                required=required,
                minimum=Decimal(0),
                maximum=Options.full_score,
                scored=True,
            ),
            Field(
                "evidence",
                evidence,
                Kind.LONG,
                "請寫具體事實、數據或文件名稱",
                example="與 113 年相比，平均處理日數由 14 日縮短為 6 日",
                max_length=300 if required else 200,
                span=4,
                lines=lines,
            ),
        ),
        rows_from=Choices.CRITERIA,
        total="score",
        note=note or "構面與權重$agency自訂，非國發會公告（$criteria）",
    )


def person(*, roles: tuple[str, ...], reward_label: str, reward_prompt: str) -> tuple[Field, ...]:
    """The columns that name a person for a reward, as the personnel office expects them."""
    return (
        Field(
            "name",
            "姓名",
            prompt="請填姓名",
            example="王小明",
            required=True,
            max_length=30,
            person=True,
            personal=True,
        ),
        Field(
            "staff_id",
            "職員編號",
            Kind.CODE,
            "請填職員編號；勿填身分證統一編號",
            example="E10234",
            pattern=STAFF_ID,
            personal=True,
        ),
        Field("title", "職稱", example="專員", required=True, max_length=30),
        Field(
            "staff_kind",
            "人員類別",
            Kind.CHOICE,
            "非公務人員比照辦理",
            example="公務人員",
            required=True,
            choices=("公務人員", "約聘僱人員", "技工工友", "其他"),
            also=_ALSO_STAFF,
        ),
        Field(
            "grade",
            "官職等",
            prompt="公務人員請填，例如 薦任第七職等",
            example="薦任第七職等",
            max_length=20,
        ),
        Field(
            "role",
            "角色",
            Kind.CHOICE,
            example=roles[0],
            required=True,
            choices=roles,
            also=tuple((word, role) for word, role in _ALSO_ROLES if role in roles),
            clause="$rewards",
        ),
        Field(
            "proposed",
            reward_label,
            Kind.CHOICE,
            reward_prompt,
            example="嘉獎1次",
            choices=Choices.REWARDS,
            also=tuple((word, NO_REWARD) for word in _ALSO_NO_REWARD),
            none=NO_REWARD,
            personal=True,
            short="建議獎勵",
        ),
        Field(
            "deed",
            "具體事蹟",
            prompt="100 字以內，不換行",
            example="主辦線上申辦平臺建置，縮短民眾申辦時程",
            max_length=100,
            one_line=True,
            span=1,
            lines=3,
        ),
        Field(
            "ground",
            "記大功事由",
            prompt="建議或應記大功者，填公務人員考績法施行細則 §13 的哪一款事由",
            example="",
            max_length=100,
            lines=3,
            clause="公務人員考績法施行細則 §13",
        ),
        Field("note", "備註", prompt="不敘獎、低於最高額度者可填理由", max_length=60),
    )


def item_id(label: str = "業務編號", *, given: bool = False) -> Field:
    """The number of an item, like 03-01: given by us, or chosen from the enrolled ones."""
    if given:
        return Field("item", label, Kind.CODE, pattern=ITEM_ID, given=True)
    return Field(
        "item",
        label,
        Kind.CHOICE,
        "請從下拉選單選擇業務編號",
        choices=Choices.ITEMS,
        example="03-01",
    )


MEMBER = (
    Field(
        "name",
        "姓名",
        prompt="請填姓名",
        example="陳大文",
        required=True,
        max_length=30,
        person=True,
        personal=True,
    ),
    Field(
        "title",
        "職稱",
        prompt="請填職稱",
        example="副組長",
        required=True,
        max_length=30,
    ),
)
"""Who a 督導小組 member is, in the form that names him and in the one that he fills."""
