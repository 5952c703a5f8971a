"""年度設定: the year's plan as the coordinator sees and changes it. Read by `xltool.plan`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from xltool.forms.contest import CONTEST
from xltool.forms.enrolment import ENROLMENT
from xltool.forms.meeting import MEETING
from xltool.forms.report import REPORT
from xltool.forms.review import REVIEW
from xltool.forms.schema import (
    EMAIL,
    ITEM_ID,
    UNIT_CODE,
    Card,
    Choices,
    Field,
    Filer,
    Form,
    Kind,
    Sheet,
    Table,
    When,
)
from xltool.model import Bound, Category, ContestStage, Lateness, Precedence, Role
from xltool.plan import OFF, WORKED, QuestionKind


def _limit(key: str, label: str, usual: str, least: int, most: int) -> Field:
    """A limit on what one returned file may cost (`plan.Limits`)."""
    return Field(
        key,
        label,
        Kind.INTEGER,
        f"通常為 {usual}",
        example=usual,
        required=True,
        minimum=Decimal(least),
        maximum=Decimal(most),
    )


def _carried(form: Form, asked: str, **more: Any) -> Field:
    """What a unit said in a form of the year before ("section.field"): asked for in the same words and
    at the same length, but nothing is demanded again."""
    field = form.field(*asked.split("."))
    plain = Field(
        field.key,
        field.label,
        field.kind,
        choices=field.choices,
        max_length=field.max_length,
        counted=field.counted,
        personal=field.personal,
    )
    return replace(plain, **more)


_BASICS = Card(
    "basics",
    "基本資料",
    (
        Field(
            "year",
            "計畫年度",
            Kind.INTEGER,
            "民國年",
            example="114",
            required=True,
            minimum=Decimal(100),
            maximum=Decimal(200),
        ),
        Field("agency", "機關全銜", example="經濟部能源署", required=True, max_length=30),
        Field("short", "機關簡稱", example="本署", required=True, max_length=10),
        Field("parent", "報送機關", example="經濟部", required=True, max_length=30),
        Field(
            "plan_title",
            "計畫名稱",
            example="經濟部能源署114年提升服務效能執行計畫",
            required=True,
            max_length=60,
            lines=2,
        ),
        Field(
            "basis",
            "計畫依據",
            Kind.LONG,
            example="經濟部113年9月5日經綜字第11301409590號修正之「經濟部提升服務效能實施計畫」",
            required=True,
            max_length=200,
            lines=2,
            clause="$basis",
        ),
        Field(
            "data_until",
            "資料截止時間",
            example="114年12月",
            required=True,
            max_length=20,
            clause="$annex",
        ),
        Field(
            "contact_unit",
            "承辦單位代碼",
            Kind.CODE,
            example="01",
            required=True,
            pattern=UNIT_CODE,
        ),
        Field("contact_name", "承辦人", example="王小明", required=True, max_length=30),
        Field(
            "contact_phone",
            "承辦人電話",
            Kind.CODE,
            example="02-27721370#6123",
            required=True,
            max_length=40,
            personal=True,
        ),
        Field(
            "contact_email",
            "承辦人電子郵件",
            Kind.CODE,
            example="name@agency.gov.tw",
            required=True,
            pattern=EMAIL,
            personal=True,
        ),
    ),
)

_OPTIONS = Card(
    "options",
    "辦理方式",
    (
        Field(
            "full_score",
            "各構面評分的滿分（分）",
            Kind.INTEGER,
            "每一構面從 0 評到此分數；依當年評獎實施計畫，留白為 100",
            example="100",
            minimum=Decimal(1),
            maximum=Decimal(1000),
            clause="$criteria",
        ),
        Field(
            "score_gap",
            "自評與督導評分差距提醒（分）",
            Kind.DECIMAL,
            "超過此分數即提醒",
            example="15",
            required=True,
            minimum=Decimal(0),
            maximum=Decimal(100),
        ),
        Field(
            "one_reward",
            "同一人多案只敘獎一次",
            Kind.YES_NO,
            "$once 從高擇一，不重複",
            example="是",
            required=True,
            clause="$once",
        ),
        Field(
            "coach_always",
            "輔導有功不論參選結果",
            Kind.YES_NO,
            "計畫未明定，$agency自訂",
            example="是",
            required=True,
            clause="$coaching",
        ),
        Field(
            "convener_counts",
            "召集人計入應出席人數",
            Kind.YES_NO,
            "計畫未明定，$agency自訂",
            example="否",
            required=True,
            clause="$quorum",
        ),
        Field(
            "precedence",
            "同一表單多次回傳時採用",
            Kind.CHOICE,
            "均無錯誤時採用哪一份；要改用另一份，把不要的移到「不採用」資料夾；留白為最後存檔者",
            example=Precedence.SAVED_LAST,
            choices=tuple(Precedence),
        ),
        Field(
            "lateness",
            "逾期回傳",
            Kind.CHOICE,
            "截止日後才存檔的表單；填報表以 12 月補正的截止日為準；留白為採用並註明",
            example=Lateness.COUNTS,
            choices=tuple(Lateness),
        ),
    ),
    note="計畫未明定之處由$agency自訂，均列於此",
)

_GROUP = Card(
    "group",
    "督導小組",
    (
        Field(
            "convener",
            "召集人姓名",
            prompt="由$convener擔任（$chair）；填了才核對會議主席，並帶入會議紀錄表",
            example="林召集",
            max_length=30,
            person=True,
            personal=True,
            clause="$chair",
        ),
        Field(
            "deputy_counts",
            "代理出席計入出席人數",
            Kind.YES_NO,
            "計畫未明定，$agency自訂；留白為不計入",
            example="否",
            clause="$quorum",
        ),
        Field(
            "publish_resolutions",
            "附件3刊登會議決議",
            Kind.YES_NO,
            "決議文字可能提到名次、意見或姓名，留白為不刊登，只寫會議日期與出席人數",
            example="否",
            clause="$published",
            since=2,
        ),
    ),
    note="成員由各單位於參與業務調查表選派；計畫未明定之處由$agency自訂",
)

_UNITS = Table(
    "units",
    "實施對象",
    (
        Field(
            "code", "代碼", Kind.CODE, example="01", required=True, unique=True, pattern=UNIT_CODE
        ),
        Field(
            "name",
            "單位名稱",
            example="能源政策及氣候變遷組",
            required=True,
            unique=True,
            max_length=30,
        ),
        Field(
            "kind",
            "組／室",
            prompt="機關的單位別，例如組、室、科、中心",
            example="組",
            required=True,
            max_length=10,
        ),
        Field(
            "email",
            "聯絡電子郵件",
            Kind.CODE,
            example="unit01@agency.gov.tw",
            pattern=EMAIL,
            personal=True,
        ),
        Field("contact", "聯絡人", max_length=30, personal=True),
    ),
    rows=30,
    blank=13,
    least=1,
)

_TITLES = Table(
    "titles",
    "督導小組成員職稱層級",
    (
        Field("rank", "順序", Kind.INTEGER, example="1", required=True),
        Field(
            "name", "職稱層級", example="單位業務主管", required=True, unique=True, max_length=30
        ),
    ),
    rows=8,
    least=1,
    note="單位業務主管或專門委員以上層級（$members）",
)

_CRITERIA = Table(
    "criteria",
    "評核構面",
    (
        Field("name", "構面", example="創新性", required=True, unique=True, max_length=20),
        Field(
            "weight",
            "權重（%）",
            Kind.DECIMAL,
            example="25",
            required=True,
            minimum=Decimal(0),
            maximum=Decimal(100),
        ),
        Field(
            "meaning",
            "評核標準",
            Kind.LONG,
            example="服務策略或措施有別於現行作法",
            required=True,
            max_length=200,
            lines=3,
        ),
    ),
    rows=8,
    least=1,
    total="weight",
    note="權重為$agency自訂，非國發會公告；合計須為 100%（$criteria）",
)

_CALENDAR = Table(
    "calendar",
    "年度行程",
    (
        Field(
            "stage", "階段", example="設定年度參與業務", required=True, unique=True, max_length=30
        ),
        Field("start", "開始日", Kind.DATE, example="114.03.01", required=True),
        Field("due", "截止日", Kind.DATE, example="114.03.31", required=True),
        Field(
            "work", "工作內容", Kind.LONG, example="各$units填報參與業務", max_length=200, lines=2
        ),
    ),
    rows=12,
    least=1,
    note="截止日逢休息日，以次一上班日為準（行政程序法第48條）",
)

_REST_DAYS = Table(
    "rest_days",
    "休息日",
    (
        Field("day", "日期", Kind.DATE, example="114.10.10", required=True, unique=True),
        Field("name", "名稱", example="國慶日", required=True, max_length=40),
        Field(
            "kind",
            "性質",
            Kind.CHOICE,
            "週六、週日不必列；補行上班的週末請列「補行上班」",
            example=OFF,
            required=True,
            choices=(OFF, WORKED),
        ),
    ),
    rows=50,
    note="由程式依已知規則帶入，請與人事總處公布的辦公日曆表核對；截止日逢休息日順延",
)

_LADDER = Table(
    "ladder",
    "獎度表",
    (
        Field("rank", "順序", Kind.INTEGER, example="1", required=True, unique=True),
        Field("name", "獎勵", example="嘉獎1次", required=True, unique=True, max_length=10),
        Field("points", "折算嘉獎次數", Kind.INTEGER, example="1", required=True),
    ),
    rows=8,
    least=1,
    note="折算依公務人員考績法施行細則第15條、第16條",
)

_ENTITLEMENTS = Table(
    "entitlements",
    "敘獎原則",
    (
        Field("clause", "依據條款", example="柒、二、(一)", required=True, max_length=20),
        Field(
            "stage",
            "參選結果",
            Kind.CHOICE,
            "輔導有功人員不分結果者請留白",
            example=ContestStage.AWARDED,
            choices=tuple(ContestStage),
        ),
        Field("role", "角色", Kind.CHOICE, example=Role.MAIN, required=True, choices=tuple(Role)),
        Field(
            "bound", "性質", Kind.CHOICE, example=Bound.FIXED, required=True, choices=tuple(Bound)
        ),
        Field(
            "reward", "獎度", Kind.CHOICE, example="記功1次", required=True, choices=Choices.REWARDS
        ),
    ),
    rows=16,
    least=1,
    named_by=("stage", "role"),
    note="「最高」為上限，可低不可高（$rewards）",
)

_LAST_YEAR = Table(
    "last_year",
    "上年度業務",
    (
        Field(
            "item",
            "上年度業務編號",
            Kind.CODE,
            example="03-01",
            required=True,
            unique=True,
            pattern=ITEM_ID,
        ),
        Field(
            "unit",
            "單位代碼",
            Kind.CODE,
            "本年度的單位代碼",
            example="03",
            required=True,
            pattern=UNIT_CODE,
        ),
        _carried(ENROLMENT, "items.name", required=True, example="用電申辦進度線上查詢服務"),
        _carried(ENROLMENT, "items.category", example=Category.DIGITAL),
        _carried(ENROLMENT, "items.audience"),
        _carried(ENROLMENT, "items.method"),
        _carried(ENROLMENT, "items.target"),
        _carried(ENROLMENT, "items.cross_agency"),
        _carried(ENROLMENT, "items.partners"),
        _carried(ENROLMENT, "items.handler"),
        _carried(ENROLMENT, "items.phone", max_length=40),
        _carried(REPORT, "report.next_steps"),
        Field(
            "goes_on",
            "延續辦理",
            Kind.YES_NO,
            "選「是」者帶入今年的調查表，供單位確認",
            example="是",
        ),
    ),
    rows=30,
    blank=6,
    note="由 xltool new 年度 --from 上年度 帶入；未來精進方向會帶入今年的執行成果填報表（$own_rewards）",
)

_TERM = _carried(CONTEST, "entries.term", required=True, example="第8屆")
_ENTRY = _carried(CONTEST, "entries.entry", required=True, example="A1")
_CODE = Field("unit", "單位代碼", Kind.CODE, example="03", required=True, pattern=UNIT_CODE)

_WINNERS = Table(
    "winners",
    "歷屆獲獎",
    (
        _TERM,
        _ENTRY,
        _CODE,
        _carried(CONTEST, "entries.name", required=True, example="用電申辦一站通"),
        Field(
            "item",
            "上年度業務編號",
            Kind.CODE,
            "該案的業務在上年度的編號；已不再辦理者請留白",
            example="03-01",
            pattern=ITEM_ID,
        ),
    ),
    rows=20,
    blank=5,
    named_by=("term", "entry"),
    note="由 xltool new 年度 --from 上年度 帶入；業務排入推薦順序時，會註明曾在哪一屆獲獎（$restrictions）",
)

_REWARDED = Table(
    "rewarded",
    "上年度敘獎",
    (
        _TERM,
        _ENTRY,
        _CODE,
        _carried(CONTEST, "people.name", required=True, example="王小明"),
        _carried(CONTEST, "people.staff_id"),
        Field("reward", "核列獎勵", example="記功1次", required=True, max_length=10),
        Field("clause", "依據條款", example="柒、二、(二)", max_length=20),
        Field("year", "名冊年度", Kind.INTEGER, example="114"),
        Field("line", "名冊項次", Kind.INTEGER, example="3"),
    ),
    rows=60,
    blank=5,
    named_by=("term", "entry", "name"),
    note="由 xltool new 年度 --from 上年度 帶入，含個人資料，不得公開；同一事由今年再列名冊時會提醒（$once）",
)

_LAST_MEMBERS = Table(
    "last_members",
    "上年度督導小組",
    (
        replace(_CODE, unique=True),
        _carried(ENROLMENT, "member.title"),
        _carried(ENROLMENT, "member.level", kind=Kind.TEXT, choices=(), max_length=30),
        _carried(ENROLMENT, "member.name", required=True, example="陳大文"),
        _carried(ENROLMENT, "member.email"),
    ),
    rows=30,
    blank=5,
    note="由 xltool new 年度 --from 上年度 帶入；會帶入今年的調查表，供單位確認或更正（$members）",
)

_RESTRICTIONS = Table(
    "restrictions",
    "參獎限制",
    (
        Field(
            "text",
            "限制",
            Kind.LONG,
            "照當年$contest評獎實施計畫所列，一列一項",
            example="同一業務三年內曾獲獎者不得參選",
            required=True,
            max_length=200,
            lines=2,
            clause="$restrictions",
        ),
        Field(
            "basis",
            "依據",
            prompt="評獎實施計畫的點次",
            example="114年政府服務獎評獎實施計畫第四點",
            max_length=60,
        ),
        Field(
            "items",
            "不得參選之業務編號",
            prompt="經確認受此限制的業務，多項以頓號分隔；一般性限制請留白",
            example="03-02、05-01",
            max_length=100,
        ),
    ),
    rows=10,
    note="列入的業務不排入推薦順序，並顯示理由；會議的決議仍優先（$proposal）",
    example=True,
)

_LIMITS = Card(
    "limits",
    "讀取上限",
    (
        _limit("file_mb", "檔案大小上限（MB）", "200", 1, 2_000),
        _limit("unpacked_mb", "展開後大小上限（MB）", "200", 1, 4_000),
        _limit("cells", "有內容的儲存格上限（格）", "50000", 1_000, 1_000_000),
        _limit("seconds", "每檔讀取時限（秒）", "60", 5, 3_600),
        _limit("memory_mb", "每檔記憶體上限（MB）", "1024", 512, 16_384),
    ),
    note="回傳檔超過上限時不讀取，列為檢核結果；照片很多的檔案才需要放寬",
)

_WORDS = Card(
    "words",
    "用語",
    (
        Field(
            "contest",
            "獎項名稱",
            prompt="所參加的獎；留白為政府服務獎",
            example="政府服務獎",
            max_length=20,
            clause="$rewards",
        ),
        Field(
            "units",
            "單位統稱",
            prompt="各單位合稱什麼；留白為組室",
            example="組室",
            max_length=10,
            clause="$targets",
        ),
        Field(
            "convener",
            "召集人職稱",
            prompt="計畫所定擔任召集人者；留白為主任秘書",
            example="主任秘書",
            max_length=20,
            clause="$chair",
        ),
    ),
    note="與範本計畫（經濟部能源署114年計畫）的說法不同才需要填；各表、通知與名冊都依此稱呼",
)

_PLACES = Table(
    "places",
    "計畫條次",
    (
        Field("shipped", "範本條次", example="柒、二", required=True, unique=True, max_length=30),
        Field("own", "本機關計畫條次", example="伍、三", required=True, max_length=30),
    ),
    rows=12,
    note="只填編號與範本（經濟部能源署114年計畫）不同者，其下各目隨之；各表、通知與名冊引用時，改用本機關的條次",
    example=True,
)

_ASKING = (ENROLMENT, REPORT, REVIEW, MEETING)
"""Forms with cards: a question goes below what a card asks. The tables have no room for one."""

_QUESTIONS = Table(
    "questions",
    "加問欄位",
    (
        Field("number", "題號", Kind.CODE, given=True, numbered="Q{n}"),
        Field(
            "form",
            "加問的表單",
            Kind.CHOICE,
            example=REPORT.title,
            required=True,
            choices=tuple(form.title for form in _ASKING),
        ),
        Field(
            "section",
            "加在哪一區",
            Kind.CHOICE,
            "該表單的區塊；題目排在該區最後",
            example=REPORT.titles["report"],
            required=True,
            choices=tuple(
                dict.fromkeys(
                    section.title
                    for form in _ASKING
                    for _, section in form.sections()
                    if isinstance(section, Card)
                )
            ),
        ),
        Field(
            "label",
            "題目",
            example="辦理階段",
            required=True,
            max_length=30,
            one_line=True,
        ),
        Field(
            "kind",
            "答案種類",
            Kind.CHOICE,
            example=QuestionKind.CHOICE,
            required=True,
            choices=tuple(QuestionKind),
        ),
        Field("required", "須填答", Kind.YES_NO, "留白為否", example="否"),
        Field(
            "choices",
            "可選的答案",
            prompt="選單才填，以頓號分隔，至少兩個",
            example="已完成、辦理中、未開始",
            required_when=When("kind", QuestionKind.CHOICE),
            max_length=300,
            lines=2,
        ),
        Field("hint", "填寫說明", example="截至11月底", max_length=60),
        Field("example", "填寫範例", example="辦理中", max_length=60),
        Field(
            "length",
            "字數上限",
            Kind.INTEGER,
            "留白：文字60、長文字300",
            minimum=Decimal(1),
            maximum=Decimal(2000),
        ),
        Field("personal", "個資", Kind.YES_NO, "留白為是：不公開，匯出時另標", example="否"),
        Field(
            "published",
            "刊登附件3",
            Kind.YES_NO,
            f"只限{REPORT.title}的「{REPORT.titles['report']}」且不是個資；留白為否",
            example="是",
            clause="$published",
        ),
    ),
    rows=10,
    note="本年度在表單上另外要問的；表單發出後才加的題目，只在之後發出的表單上問",
    example=True,
)

SETTINGS = Form(
    key="settings",
    title="年度設定",
    version=2,
    filer=Filer.COORDINATOR,
    stage="確認計畫內容",
    purpose="本年度計畫的單位、構面與權重、行程、獎度；所有表單與規則都依此辦理。",
    steps=(
        "逐一確認各工作表內容，特別是權重與日期",
        "存檔後執行 xltool check 年度設定.xlsx 檢查",
        "確認無誤後再發出表單",
    ),
    clause="$announced、$calendar",
    sheets=(
        Sheet("基本資料", (26, 18, 18, 18, 18), (_BASICS, _OPTIONS)),
        Sheet("實施對象", (10, 34, 10, 34, 20), (_UNITS, _TITLES)),
        Sheet("督導小組", (26, 18, 18, 18, 18), (_GROUP,), optional=True),
        Sheet("評核構面", (18, 12, 70), (_CRITERIA,)),
        Sheet("年度行程", (26, 14, 14, 50), (_CALENDAR,)),
        Sheet("休息日", (16, 50, 16), (_REST_DAYS,), optional=True),
        Sheet("敘獎原則", (18, 22, 20, 12, 16), (_LADDER, _ENTITLEMENTS)),
        Sheet(
            "上年度業務",
            (12, 10, 22, 14, 16, 32, 26, 12, 16, 10, 18, 32, 10),
            (_LAST_YEAR,),
            landscape=True,
            optional=True,
        ),
        Sheet(
            "上年度成果",
            (12, 12, 16, 30, 26, 14, 14, 10, 10),
            (_WINNERS, _REWARDED, _LAST_MEMBERS),
            landscape=True,
            optional=True,
        ),
        Sheet("參獎限制", (50, 34, 30), (_RESTRICTIONS,), optional=True),
        Sheet("用語與條次", (26, 26, 34), (_WORDS, _PLACES), optional=True),
        Sheet(
            "加問欄位",
            (7, 18, 14, 26, 10, 8, 28, 26, 14, 9, 8, 10),
            (_QUESTIONS,),
            landscape=True,
            optional=True,
        ),
        Sheet("讀取上限", (30, 16, 60), (_LIMITS,), optional=True),
    ),
)
