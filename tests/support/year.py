"""A small year, made by hand: what the rules would conclude is written out, not computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.support import nouns
from xltool.findings import finding
from xltool.model import (
    Address,
    Category,
    ContestStage,
    Dataset,
    Fate,
    Item,
    Person,
    Receipt,
    Review,
    Role,
    Score,
)
from xltool.plan import Entitlement, shipped_plan
from xltool.rules.outcomes import (
    Claim,
    ItemScore,
    MeetingOutcome,
    MotionOutcome,
    Outcomes,
    Rank,
    Recommendation,
    RewardLine,
    Rewards,
    Scoring,
    SelfProposal,
    Total,
)
from xltool.rules.rewards import LIKE_NOTE, MAJOR_NOTE

PLAN = shipped_plan(114)
NAMES = [criterion.name for criterion in PLAN.criteria]
LONG = (
    "本年度完成線上查詢平臺建置，自6月1日上線，串接各區營業處案件資料並每日更新進度，"
    "民眾可於申辦後即時查得辦理階段、承辦窗口及預計完成日。"
)


def scores(*values: str) -> tuple[Score, ...]:
    return tuple(
        nouns.score(
            name,
            Decimal(value) if value else None,
            evidence="佐證：平均處理日數由14日縮短為6日",
        )
        for name, value in zip(NAMES, values, strict=True)
    )


def total(who: str, value: str, *missing: str) -> Total:
    return Total(
        who,
        Decimal(value) if value else None,
        missing,
        ("80×25%＋85.5×25%＋90×25%＋77×25%", f"＝{value}") if value else (),
    )


def item(number: str, name: str, category: Category, **more: object) -> Item:
    made = nouns.item(
        number,
        number[:2],
        name=name,
        category=category,
        audience="用電申請民眾",
        method="建置線上查詢平臺，串接各區營業處案件資料，每日更新進度；辦理說明會8場。",
        target="線上查詢使用率達60%\n平均處理日數縮短為6日",
        cross_agency=True,
        partners="台灣電力股份有限公司",
        handler="李承辦",
        phone="02-27721370#6123",
        enrolled=True,
        reported=True,
        result=LONG * 3,
        next_steps="擴充行動版介面，並納入案件逾期主動通知。",
        scores=scores("80", "85.5", "90", "77"),
        metrics=(
            nouns.metric("線上查詢人次", unit="人次", target="10,000", actual="12,345"),
            nouns.metric("說明會", unit="場", target="6", actual="8"),
        ),
    )
    return nouns.changed(made, **more)


def review(reviewer: str, *values: str) -> Review:
    return nouns.review(
        reviewer,
        title="副組長",
        opinion="成效具體，建議補充服務對象滿意度資料，並與台電公司確認後續維運分工。",
        recommend=True,
        reason="具跨機關推廣價值",
        scores=scores(*values),
    )


ITEMS = (
    item(
        "03-01",
        "用電申辦進度線上查詢服務",
        Category.DIGITAL,
        reviews=(review("陳大文", "60", "65", "70", "60"),),
    ),
    item(
        "03-02",
        "偏鄉用電安全到府檢查",
        Category.INCLUSION,
        change="原訂6場說明會增為8場",
        scores=scores("80", "", "90", "77"),
    ),
    item("05-01", "再生能源案件一站式諮詢", Category.DIGITAL, result=LONG * 17),
)

DATASET = Dataset(
    114,
    items=ITEMS,
    members=(
        nouns.member(
            "03", "陳大文", title="副組長", level="單位業務主管", email="chen@example.gov.tw"
        ),
    ),
    meetings=(
        nouns.meeting(
            "第1次",
            day=date(2025, 12, 22),
            place="第一會議室",
            chair="主任秘書",
            attendance=(nouns.attendance("03", "陳大文", present=True),),
            motions=(
                nouns.motion(
                    "1",
                    subject="推薦參加政府服務獎",
                    resolution="推薦",
                    consensus=True,
                    item="03-01",
                ),
                nouns.motion(
                    "2",
                    subject="明年度評核標準",
                    resolution="未定",
                    consensus=False,
                    ruling="請修正後再議",
                ),
                nouns.motion("3", subject="臨時動議"),
            ),
        ),
    ),
    filings=(
        nouns.filing("03", "enrolment", filed=True, file="a.xlsx"),
        nouns.filing("03", "report", filed=True, file="b.xlsx"),
        nouns.filing("08", "report", filed=True, nil=True, file="人事室.xlsx"),
        nouns.filing("05", "report", filed=False, file="c.xlsx", blocked=True, errors=2),
    ),
)


def entitlement(role: Role, stage: ContestStage | None) -> Entitlement:
    return next(e for e in PLAN.entitlements if e.role is role and e.stage is stage)


def person(
    name: str, staff_id: str, role: Role, unit: str = "03", staff_kind: str = "公務人員"
) -> Person:
    return nouns.person(
        "A1",
        unit,
        name,
        role=role,
        staff_id=staff_id,
        title="專員",
        staff_kind=staff_kind,
        grade="薦任第七職等",
        deed="主辦線上申辦平臺建置，縮短民眾申辦時程，成效卓著",
    )


def claim(who: Person, stage: ContestStage | None, entry: str = "A1", granted: str = "") -> Claim:
    assert who.role is not None
    right = entitlement(who.role, stage)
    return Claim(
        nouns.changed(who, entry=entry),
        entry,
        "用電申辦一站通",
        "第8屆",
        stage,
        right,
        PLAN.reward(granted) if granted else None,
        PLAN.reward(granted) if granted else right.reward,
        (),
    )


MAIN = person("王小明", "E10234", Role.MAIN)
HEAD = person("林主管", "E10001", Role.HEAD)
HIRED = person("張約聘", "", Role.COACH, "05", staff_kind="約聘僱人員")
DOUBT = person("陳美玲", "", Role.CONTRIBUTOR, "05")

LINES = (
    RewardLine(
        MAIN,
        claim(MAIN, ContestStage.AWARDED),
        PLAN.reward("記大功1次"),
        "柒、二、(一)",
        (claim(MAIN, ContestStage.NOMINATED, "A2"),),
        major=True,
        like=False,
        blocked=False,
        notes=(MAJOR_NOTE,),
    ),
    RewardLine(
        HEAD,
        claim(HEAD, ContestStage.AWARDED, granted="嘉獎2次"),
        PLAN.reward("嘉獎2次"),
        "柒、二、(一)",
        (),
        major=False,
        like=False,
        blocked=False,
        notes=(),
    ),
    RewardLine(
        HIRED,
        claim(HIRED, None),
        PLAN.reward("嘉獎1次"),
        "柒、二、(四)",
        (),
        major=False,
        like=True,
        blocked=False,
        notes=(LIKE_NOTE,),
    ),
    RewardLine(
        DOUBT,
        claim(DOUBT, ContestStage.AWARDED),
        None,
        "柒、二、(一)",
        (),
        major=False,
        like=False,
        blocked=True,
        notes=("待釐清：是否與他人為同一人",),
    ),
)

UNSURE = finding("R506", Address("參選結果表.xlsx", "人員", "B8"), "陳美玲")


def score_of(one: Item, *, own: Total, reviewed: Total, gap: str = "") -> ItemScore:
    ranked = own.value is not None
    return ItemScore(
        one.id,
        one.unit,
        one.name,
        one.category,
        own,
        (total("陳大文", "63.75"),) if one.reviews else (),
        reviewed,
        Decimal(gap) if gap else None,
        gap_flagged=bool(gap),
        rank_overall=Rank(1, tied=True, of=2) if ranked else None,
        rank_category=Rank(1, tied=True, of=2) if ranked else None,
        cites="陸、一、(三)",
    )


OUTCOMES = Outcomes(
    Scoring(
        (
            score_of(
                ITEMS[0],
                own=total("自評", "83.13"),
                reviewed=total("督導平均", "63.75"),
                gap="19.38",
            ),
            score_of(
                ITEMS[1],
                own=total("自評", "", "效益及影響"),
                reviewed=total("督導平均", ""),
            ),
            score_of(ITEMS[2], own=total("自評", "83.13"), reviewed=total("督導平均", "")),
        ),
        (),
    ),
    (
        Recommendation(
            "03-01", "03", ITEMS[0].name, Category.DIGITAL, 1, 1, Decimal("63.75"), 1, 1,
            "推薦", "", "附件2、三、(三)",
        ),
    ),
    (
        MeetingOutcome(
            "第1次", date(2025, 12, 22), 12, 9, 7, True, ("秘書室", "人事室", "法務室"),
            (
                MotionOutcome("1", "推薦參加政府服務獎", "03-01", "推薦", "共識", "附件2、四、(二)"),
                MotionOutcome("2", "明年度評核標準", "", "請修正後再議", "召集人裁示", "附件2、四、(二)"),
                MotionOutcome("3", "臨時動議", "", "", "", "附件2、四、(二)", "未達共識且沒有召集人裁示"),
            ),
            "附件2、四、(二)",
        ),
    ),
    Rewards(
        LINES,
        (
            SelfProposal(
                nouns.changed(MAIN, proposed="嘉獎1次"), "03-01", ITEMS[0].name,
                PLAN.reward("嘉獎1次"), "柒、一", also_in_contest=True,
            ),
        ),
        (UNSURE,),
    ),
    (),
)  # fmt: skip

FINDINGS = (
    finding("V301", Address("再生組.xlsx", "業務 05-01", "C12"), "", field="辦理情形"),
    finding("V308", Address("電力組.xlsx", "填報資料", "B7"), "１１４.１１.３０", field="填報日期", read="114.11.30"),
    finding("R513", Address("督導意見.xlsx", "業務 03-01", "B20"), "19.38", threshold="15"),
    UNSURE,
)  # fmt: skip

RECEIPTS = (
    Receipt("電力組.xlsx", "ab" * 32, "report", "03", 114, Fate.ADOPTED),
    Receipt("電力組(舊).xlsx", "cd" * 32, "report", "03", 114, Fate.SUPERSEDED, "改採電力組.xlsx"),
    Receipt("再生組.xlsx", "ef" * 32, "report", "05", 114, Fate.REJECTED, "2 項錯誤"),
    Receipt("照片.xlsx", "01" * 32, "", "", 0, Fate.UNREADABLE, "檔案有密碼保護，無法讀取"),
)
