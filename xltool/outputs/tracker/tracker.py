"""年度總表: all that the year holds, for the coordinator; what he adds survives every update.

This module says what stands on each sheet; `living` keeps the workbook. Columns that were asked for
in a form take their headings from its declaration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xltool.changes import Change
from xltool.findings import Finding, Severity, counted
from xltool.forms import ENROLMENT, FORMS, REPORT, REVIEW, Form
from xltool.forms.schema import NO, YES, Filer
from xltool.model import (
    Address,
    Category,
    Dataset,
    Filing,
    FilingState,
    Item,
    Receipt,
    Review,
    Score,
)
from xltool.outputs.lists.roster import UNSETTLED, absorbed_text
from xltool.outputs.living import Cell, Column, Extra, Formula, Link, Table, update
from xltool.outputs.style import TrackerColour
from xltool.outputs.tracker.sources import heading, source_table, sources
from xltool.plan import Plan, deadline_text
from xltool.rules.outcomes import (
    ItemScore,
    MeetingOutcome,
    Outcomes,
    Rank,
    RewardLine,
    Total,
)
from xltool.rules.sensitivity import sensitivity
from xltool.zh import roc_date, western

NOTE = Column("note", "備註", 18, note=True)
_HOW = "深藍欄由程式更新，若有修改會保留並列於「人工修改」；棕色「備註」欄、右側自加的欄、註解與自加的工作表都會保留"
_PERSONAL = "含個人資料，限本署辦理業務使用，不得公開"
_FOR_HR = "含個人資料，限人事作業使用，不得公開"


def write_tracker(
    path: Path,
    dataset: Dataset,
    outcomes: Outcomes,
    plan: Plan,
    findings: Sequence[Finding],
    receipts: Sequence[Receipt],
    changes: Sequence[Change] = (),
    files: Mapping[str, str] = MappingProxyType({}),
    *,
    previous: Path | None,
) -> list[Finding]:
    """Write the tracker to `path`, keeping what the coordinator added to `previous`.

    `files`: where the returned files lie, by name, as paths from the tracker's folder.

    Kept: own sheets, own columns, 備註, comments on cells (all by the row's key), column widths, the
    order of columns and rows, filters. Notes of rows that are gone stand on 「未對應」. Returns F114 when
    `previous` cannot be read and F115 when it holds what cannot be kept; it is then copied first.
    The result depends on the arguments alone. Raises OSError.
    """
    tables = (
        _overview(dataset, plan, findings),
        _items(dataset, outcomes, plan, files),
        _scores(dataset, outcomes, plan),
        _reviews(dataset, outcomes, plan),
        _meetings(outcomes, plan),
        _recommendations(outcomes, plan),
        _sensitivity(dataset, plan),
        _rewards(outcomes, plan),
        _proposals(outcomes, plan),
        _findings(findings, dataset, files),
        _receipts(receipts, plan, files),
        _changes(changes, plan),
    )
    told = source_table(sources(dataset, outcomes, receipts, plan), tables)
    title = f"{plan.agency}{plan.year}年度提升服務效能總表"
    return update(
        path, (*tables, told), previous=previous, title=title, day=date(western(plan.year), 1, 1)
    )


# --- Columns of the forms -------------------------------------------------------------------


def _asked(
    form: Form,
    section: str,
    key: str,
    width: float,
    *,
    centred: bool = False,
    toned: bool = False,
    label: str = "",
) -> Column:
    """A column with the form's own label; personal data is marked (R7).

    A tracker from before ids were recorded may bear the label with the mark or without.
    """
    field = form.field(section, key)
    return Column(
        f"{section}.{key}",
        heading(field, label),
        width,
        centred=centred,
        toned=toned,
        formerly=tuple(heading(replace(field, personal=mark), label) for mark in (False, True)),
    )


def _enrolled(key: str, width: float, *, centred: bool = False) -> Column:
    return _asked(ENROLMENT, "items", key, width, centred=centred)


_ITEM = _enrolled("item", 9, centred=True)
_UNIT = _asked(REPORT, "filing", "unit", 13)
_NAME = _enrolled("name", 20)
_CATEGORY = _enrolled("category", 11, centred=True)
_PERSON = {
    key: _asked(REPORT, "people", key, width, centred=key in {"staff_id", "name"})
    for key, width in (
        ("name", 10), ("staff_id", 11), ("title", 10), ("staff_kind", 11), ("grade", 13),
        ("role", 11), ("deed", 30),
    )
}  # fmt: skip


_ITEMS = "業務總表"
_ANSWERS: Mapping[bool | None, str] = {True: YES, False: NO, None: ""}


# --- 總覽 --------------------------------------------------------------------------------


def filing_status(filing: Filing | None) -> str:
    """What the coordinator sees of a unit's form (R8): its state, and what is the matter."""
    if filing is None:
        return FilingState.MISSING
    if filing.blocked and filing.errors:
        return f"{filing.state}（{filing.errors} 項錯誤）"
    return f"{filing.state}（逾期，不採用）" if filing.late else filing.state


def _overview(dataset: Dataset, plan: Plan, findings: Sequence[Finding]) -> Table:
    forms = [f for f in FORMS.values() if f.filer in {Filer.UNIT, Filer.MEMBER}]
    filings = {(filing.unit, filing.form): filing for filing in dataset.filings}
    rows: list[tuple[Cell, ...]] = []
    for unit in plan.units:
        items = [item for item in dataset.items if item.unit == unit.code]
        rows.append((
            unit.code,
            unit.name,
            *(filing_status(filings.get((unit.code, form.key))) for form in forms),
            len(items),
            *(sum(item.category is c for item in items) for c in Category),
        ))
    states: list[tuple[Cell, ...]] = []
    for form in forms:
        given = Counter(
            filing_status(filings.get((unit.code, form.key))).split("（")[0] for unit in plan.units
        )
        states.append((None, form.title, *(given[state] for state in FilingState)))
    counts = Counter(item.category for item in dataset.items)
    by_category = "、".join(f"{category} {counts[category]} 項" for category in Category)
    dues = {form.key: plan.stage(form.stage) for form in forms}
    heads = [
        Column(
            f"{form.key}.state",
            f"{form.title}\n{deadline_text(stage) if (stage := dues[form.key]) else ''}".strip(),
            26,
            centred=True,
            toned=True,
        )
        for form in forms
    ]
    return Table(
        "總覽",
        f"{plan.agency}{plan.year}年度提升服務效能總覽",
        (
            f"業務共 {len(dataset.items)} 項：{by_category}",
            f"檢核結果：{counted(findings)}（逐項見「檢核結果」）",
            _HOW,
        ),
        (
            Column("unit.code", "單位代碼", 12, centred=True),
            Column("unit.name", "單位", 24),
            *heads,
            Column("items.count", "業務數", 9, centred=True),
            *(Column(f"category.{c.name.lower()}", c, 13, centred=True) for c in Category),
        ),
        key=("unit.code",),
        rows=tuple(rows),
        extras=(
            Extra(
                "各表單繳交情形",
                (
                    (None, "表單", *FilingState),
                    *states,
                ),
            ),
            Extra(
                "年度行程（附件1）",
                (
                    (None, "階段", "截止日", "開始日"),
                    *(
                        (None, stage.name, deadline_text(stage), roc_date(stage.start))
                        for stage in plan.calendar
                    ),
                ),
            ),
        ),
        frozen=2,
        portrait=True,
        one_page=True,
        decorate=_filing_chart(len(forms), len(plan.calendar)),
    )


_CHART = "各表單繳交情形（單位數）"
_BARS = (
    TrackerColour.FILED_BAR,
    TrackerColour.NIL_BAR,
    TrackerColour.OPEN_BAR,
    TrackerColour.MISSING_BAR,
)


def _filing_chart(forms: int, stages: int) -> Any:
    """A bar per form below the tables, from the counts written there."""

    def draw(sheet: Any, _head: int, _last: int, end: int) -> None:
        from openpyxl.chart import BarChart, Reference

        sheet._charts = [c for c in sheet._charts if _chart_title(c) != _CHART]
        # Counts: title, headings, forms; a blank line; title, headings, stages.
        top = end - (1 + stages) - 2 - forms
        chart = BarChart()
        chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
        chart.title = _CHART
        chart.add_data(
            Reference(sheet, min_col=3, max_col=6, min_row=top, max_row=top + forms),
            titles_from_data=True,
        )
        chart.set_categories(Reference(sheet, min_col=2, min_row=top + 1, max_row=top + forms))
        for series, colour in zip(chart.series, _BARS, strict=True):
            series.graphicalProperties.solidFill = colour.bare
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.majorGridlines = None
        chart.y_axis.scaling.min, chart.y_axis.majorUnit = 0, 2
        chart.legend.position = "b"
        chart.height, chart.width = 7, 24
        sheet.add_chart(chart, f"B{end + 2}")

    return draw


def _chart_title(chart: Any) -> str:
    try:
        return str(chart.title.tx.rich.p[0].r[0].t)
    except (AttributeError, IndexError, TypeError):
        return ""


# --- 業務總表 ------------------------------------------------------------------------------


def _file(text: str, name: str, files: Mapping[str, str], at: Address | None = None) -> Cell:
    """Text that leads to a returned file, to a cell in it where `at` names one, if it lies there."""
    if name not in files or not text:
        return text
    return Link(text, at.sheet if at else "", at.cell if at else "", files[name])


_ORIGINAL = Column("file.link", "原檔", 7, centred=True)


def _opens(name: str, files: Mapping[str, str]) -> Cell:
    """A link beside a file's name: a long name that is a link itself is clipped by LibreOffice."""
    return _file("開啟" if name in files else "", name, files)


def _items(dataset: Dataset, outcomes: Outcomes, plan: Plan, files: Mapping[str, str]) -> Table:
    returned = {(f.unit, f.form): f.file for f in dataset.filings}
    scores = {score.item: score for score in outcomes.scoring.items}
    decisions = _decisions(outcomes)

    def asked(key: str, width: float) -> Column:
        return _asked(REPORT, "report", key, width)

    columns = (
        _ITEM, _UNIT, _NAME, _CATEGORY,
        _enrolled("audience", 14),
        _enrolled("method", 40),
        _enrolled("target", 28),
        _enrolled("cross_agency", 9, centred=True),
        _enrolled("partners", 16),
        _enrolled("handler", 12, centred=True),
        _enrolled("phone", 16),
        Column("enrolment.state", "調查", 7, centred=True, toned=True),
        Column("report.state", "填報", 7, centred=True, toned=True),
        asked("change", 22),
        asked("result", 80),
        Column("metrics", REPORT.section("metrics").title, 34),
        asked("next_steps", 40),
        asked("last_year", 26),
        asked("follow_up", 28),
        Column("photos.count", "照片張數", 7, centred=True),
        Column("score.self_total", "自評總分", 9, "0.00", toned=True),
        Column("score.review_total", "督導總分", 9, "0.00", toned=True),
        _asked(REVIEW, "review", "opinion", 46),
        _asked(REVIEW, "review", "recommend", 11, centred=True),
        Column("decision", "會議決議", 30),
        NOTE,
    )  # fmt: skip

    def filed(item: Item, form: Form) -> Cell:
        return _file(FilingState.FILED, returned.get((item.unit, form.key), ""), files)

    def row(item: Item) -> tuple[Cell, ...]:
        score = scores.get(item.id)
        return (
            item.id,
            plan.unit_name(item.unit),
            item.name,
            item.category,
            item.audience,
            item.method,
            item.target,
            _ANSWERS[item.cross_agency],
            item.partners,
            item.handler,
            item.phone,
            filed(item, ENROLMENT) if item.enrolled else FilingState.MISSING,
            filed(item, REPORT) if item.reported else FilingState.MISSING,
            item.change,
            item.result,
            "\n".join(_metric(m.name, m.unit, m.target, m.actual) for m in item.metrics),
            item.next_steps,
            item.last_year,
            item.follow_up,
            len(item.pictures),
            _total(score.self_total) if score else "",
            _total(score.review, len(plan.criteria)) if score and item.reviews else "",
            "\n".join(f"{r.reviewer}：{r.opinion}" for r in item.reviews if r.opinion),
            _recommended(item.reviews),
            decisions.get(item.id, ""),
            None,
        )

    return Table(
        _ITEMS,
        f"{plan.year}年度參與業務總表",
        (f"{_HOW}", f"{_PERSONAL}；欄名標「個資」者不上網（伍.一、陸.一.(五)）"),
        columns,
        key=(_ITEM.id,),
        rows=tuple(row(item) for item in dataset.items),
        frozen=3,
        pages=3,
        footer=_PERSONAL,
    )


def _metric(name: str, unit: str, target: str, actual: str) -> str:
    return f"{name}：實績 {actual or '未填'}／目標 {target or '未填'}（{unit}）"


def _recommended(reviews: Sequence[Review]) -> str:
    answers = [review.recommend for review in reviews if review.recommend is not None]
    if len(answers) == 1:
        return _ANSWERS[answers[0]]
    return f"{sum(answers)}／{len(answers)} 人建議" if answers else ""


def _decisions(outcomes: Outcomes) -> Mapping[str, str]:
    """What meetings decided, by item."""
    told: dict[str, list[str]] = {}
    for meeting in outcomes.meetings:
        for motion in meeting.motions:
            if motion.item and motion.decision:
                basis = f"（{motion.basis}）" if motion.basis else ""
                told.setdefault(motion.item, []).append(f"{meeting.no}：{motion.decision}{basis}")
    return {item: "\n".join(words) for item, words in told.items()}


# --- 評分 ----------------------------------------------------------------------------------


_NO_SCORE = "選填，未評分"


def _total(total: Total, optional: int = 0) -> Cell:
    """A total, or what it lacks. A reviewer need not score: lacking all `optional` criteria, he
    chose not to."""
    if total.value is not None:
        return total.value
    if optional and len(total.missing) == optional:
        return _NO_SCORE
    return f"未評（缺{'、'.join(total.missing)}）" if total.missing else "未評"


def _scores(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Table:
    """R1: per criterion self and review side by side, totals, ranks, gap."""
    names = [criterion.name for criterion in plan.criteria]
    first = 4  # columns before the scores
    at_self = [first + 2 * n for n in range(len(names))]
    at_review = [first + 2 * n + 1 for n in range(len(names))]

    def row(score: ItemScore) -> tuple[Cell, ...]:
        item = dataset.item(score.item)
        mine = _by_criterion(item.scores if item else ())
        theirs = _means(item.reviews if item else (), score, names)
        pairs = [value for name in names for value in (mine.get(name), theirs.get(name))]
        gap: Cell = score.gap
        flag = ""
        if score.gap_flagged and score.gap is not None:
            flag = f"▲ 自評{'高' if score.gap > 0 else '低'}於督導，差距逾 {plan.options.score_gap:f} 分"
        return (
            score.item,
            plan.unit_name(score.unit),
            score.name,
            score.category,
            *pairs,
            _live(score.self_total, mine, at_self, plan),
            _live(score.review, theirs, at_review, plan, optional=True)
            if item and item.reviews
            else "",
            gap,
            flag,
            _place(score.rank_category),
            _place(score.rank_overall),
            "\n".join(f"{t.who}：{_plain(_total(t, len(names)))}" for t in score.reviewers),
            "\n".join(score.self_total.steps),
            None,
        )

    weights = "、".join(f"{c.name} {c.weight.normalize():f}%" for c in plan.criteria)
    return Table(
        "評分",
        f"{plan.year}年度自行考核評分",
        (
            f"滿分與權重本署自訂，非國發會公告：各構面 {plan.options.full_score:f} 分，{weights}（陸.一.(三)）",
            "加權總分以小數計算，最後一次四捨五入至小數 2 位；缺一構面即為未評，不以 0 分計；同分同名次。分數不是敘獎依據（柒.二）",
            "分數與名次由單位及督導成員的原表計算；修改此表分數不影響名次與其他成果，請修正原表後重新彙整",
            _HOW,
        ),
        (
            _ITEM, _UNIT, _NAME, _CATEGORY,
            *(
                Column(f"{id_}.{name}", f"{name}\n{who}", 8, "0.##")
                for name in names
                for id_, who in (("score.self", "自評"), ("score.review", "督導"))
            ),
            Column("score.self_total", "自評總分", 10, "0.00", toned=True),
            Column("score.review_total", "督導總分", 10, "0.00", toned=True),
            Column("score.gap", "差距", 8, "0.00"),
            Column("score.gap_flag", "差距註記", 14, toned=True),
            Column("rank.category", "類別名次", 14, centred=True),
            Column("rank.overall", "全署名次", 14, centred=True),
            Column("score.by_reviewer", "督導成員各別總分", 16),
            Column("score.self_steps", "自評計算式", 28),
            NOTE,
        ),
        key=(_ITEM.id,),
        rows=tuple(row(score) for score in outcomes.scoring.items),
        frozen=3,
    )  # fmt: skip


def _plain(value: Cell) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _by_criterion(scores: Iterable[Score]) -> dict[str, Decimal | None]:
    return {score.criterion: score.value for score in scores}


def _means(
    reviews: Sequence[Review], score: ItemScore, names: Sequence[str]
) -> dict[str, Decimal | None]:
    """Per criterion the mean of the reviewers who scored all of them, else of those who scored it."""
    complete = {total.who for total in score.reviewers if total.value is not None}
    chosen = [r for r in reviews if r.reviewer in complete] or list(reviews)
    means: dict[str, Decimal | None] = {}
    for name in names:
        given = [v for r in chosen if (v := _by_criterion(r.scores).get(name)) is not None]
        means[name] = sum(given, Decimal(0)) / len(given) if given else None
    return means


def _live(
    total: Total,
    scores: Mapping[str, Decimal | None],
    places: Sequence[int],
    plan: Plan,
    *,
    optional: bool = False,
) -> Cell:
    """The total as a formula over the row's scores, with Python's value beside it.

    Python stays the authority: where the formula would not give its value, the value is written.
    """
    if total.value is None:
        return _total(total, len(plan.criteria) if optional else 0)
    values = [scores.get(criterion.name) for criterion in plan.criteria]
    exact = Decimal(0)
    for criterion, value in zip(plan.criteria, values, strict=True):
        if value is None:
            return total.value
        exact += value * criterion.weight
    if (exact / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) != total.value:
        return total.value
    terms = "+".join(
        f"{{{place}}}*{criterion.weight.normalize():f}"
        for place, criterion in zip(places, plan.criteria, strict=True)
    )
    return Formula(f"ROUND(({terms})/100,2)", total.value)


def _place(rank: Rank | None) -> str:
    if rank is None:
        return "未評"
    return f"{rank.place}／{rank.of}{'（同分）' if rank.tied else ''}"


# --- 督導小組, 會議, 推薦 ----------------------------------------------------------------------


def _reviews(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Table:
    totals = {
        (score.item, total.who): total
        for score in outcomes.scoring.items
        for total in score.reviewers
    }
    rows: list[tuple[Cell, ...]] = []
    for unit in plan.units:
        members = [m for m in dataset.members if m.unit == unit.code]
        items = [item for item in dataset.items if item.unit == unit.code]
        level = {m.name: m.level for m in members}
        email = {m.name: m.email for m in members}
        named = [(m.name, m.title, m.level, m.email) for m in members] or [("未選派", "", "", "")]
        for item in items:
            rows += [
                (
                    unit.name,
                    item.id,
                    item.name,
                    review.reviewer,
                    review.title,
                    level.get(review.reviewer, ""),
                    email.get(review.reviewer, ""),
                    review.opinion or "未提出",
                    _ANSWERS[review.recommend],
                    review.reason,
                    _given(totals.get((item.id, review.reviewer)), review),
                )
                for review in item.reviews
            ]
            done = {review.reviewer for review in item.reviews}
            rows += [
                (unit.name, item.id, item.name, *who, "未提出", "", "", "")
                for who in named
                if who[0] not in done and not item.reviews
            ]
        if not items:
            rows += [(unit.name, "", "（無參與業務）", *who, "", "", "", "") for who in named]
    return Table(
        "督導小組與意見",
        f"{plan.year}年度提升服務效能督導小組成員與書面意見",
        ("依據：陸.一.(一)、附件2.二.(一)、附件2.四.(一)", _HOW),
        (
            _UNIT, _ITEM, _NAME,
            Column("reviewer.name", "督導成員", 12, centred=True, toned=True),
            _asked(ENROLMENT, "member", "title", 11),
            _asked(ENROLMENT, "member", "level", 13),
            _asked(ENROLMENT, "member", "email", 24),
            _asked(REVIEW, "review", "opinion", 50, toned=True),
            _asked(REVIEW, "review", "recommend", 11, centred=True),
            _asked(REVIEW, "review", "reason", 30),
            Column("score.review_total", "督導評分", 10, "0.00"),
        ),
        key=(_UNIT.id, _ITEM.id, "reviewer.name"),
        rows=tuple(rows),
        frozen=3,
        footer=_PERSONAL,
    )  # fmt: skip


def _given(total: Total | None, review: Review) -> Cell:
    """A reviewer's total; scoring is optional, so no score at all is simply none."""
    if total is None or all(score.value is None for score in review.scores):
        return _NO_SCORE
    return _total(total)


def _meetings(outcomes: Outcomes, plan: Plan) -> Table:
    def rows(meeting: MeetingOutcome) -> Iterable[tuple[Cell, ...]]:
        held: tuple[Cell, ...] = (
            meeting.no,
            roc_date(meeting.day) if meeting.day else "",
            f"應出席 {meeting.members} 人\n出席 {meeting.present} 人\n需 {meeting.needed} 人",
            "成會" if meeting.quorate else "不成會（未過半數）",
            "、".join(meeting.absent),
        )
        for motion in meeting.motions:
            yield (
                *held,
                motion.no,
                motion.subject,
                motion.item,
                motion.decision or "未決",
                motion.basis or "未決（無共識亦無裁示）",
                motion.cites,
            )
        if not meeting.motions:
            yield (*held, "", "（無議案）", "", "", "", meeting.cites)

    return Table(
        "會議決議",
        f"{plan.year}年度督導小組會議決議",
        ("以成員過半數出席、出席成員有共識為原則；未達共識由召集人裁示（附件2.四.(二)）", _HOW),
        (
            Column("meeting.no", "會議次別", 10, centred=True),
            Column("meeting.day", "會議日期", 11, centred=True),
            Column("meeting.attendance", "出席人數", 14),
            Column("meeting.quorate", "是否成會", 12, centred=True, toned=True),
            Column("meeting.absent", "缺席", 20),
            Column("motions.no", "案號", 7, centred=True),
            Column("motions.subject", "案由", 36),
            Column("motions.item", "相關業務", 10, centred=True),
            Column("decision", "決議或裁示", 44, toned=True),
            Column("decision.basis", "依據", 13, centred=True, toned=True),
            Column("clause", "條款", 14),
        ),
        key=("meeting.no", "motions.no"),
        rows=tuple(row for meeting in outcomes.meetings for row in rows(meeting)),
        frozen=2,
    )


def _recommendations(outcomes: Outcomes, plan: Plan) -> Table:
    return Table(
        "參獎推薦",
        f"{plan.year}年度推薦參加政府服務獎之業務排序",
        (
            "排序為建議，由督導小組會議決定（附件2.三.(三)）；「排序」為全署，「類別排序」為同一服務類別；受參獎限制者列於最後（陸.二.(二)）",
            *(limit.reason for limit in plan.restrictions),
            _HOW,
        ),
        (
            Column("place.overall", "排序", 7, centred=True),
            _ITEM, _UNIT, _NAME, _CATEGORY,
            Column("place.category", "類別排序", 10, centred=True),
            Column("score.total", "總分", 9, "0.00"),
            Column("recommended.count", "建議參獎人數", 13, centred=True),
            Column("decision", "會議決議", 36),
            Column("excluded", "不列入之理由", 26),
            Column("clause", "條款", 14),
            NOTE,
        ),
        key=(_ITEM.id,),
        rows=tuple(
            (
                r.place,
                r.item,
                plan.unit_name(r.unit),
                r.name,
                r.category,
                r.place_category,
                r.score if r.score is not None else "未評",
                f"{r.recommended_by}／{r.reviewers}" if r.reviewers else "未提出",
                r.decision,
                r.excluded,
                r.cites,
                None,
            )
            for r in outcomes.recommendations
        ),
        frozen=4,
    )  # fmt: skip


def _sensitivity(dataset: Dataset, plan: Plan) -> Table:
    return Table(
        "敏感度分析",
        f"{plan.year}年度名次與推薦順序的敏感度",
        ("如果權重、督導成員或評分尺度不同，名次會不會變；僅供參考，不影響任何名次", _HOW),
        (
            Column("scenario", "情境", 22),
            Column("method", "作法", 46),
            Column("ranking", "名次", 14, centred=True),
            Column("result", "結果", 16, centred=True),
            Column("moved", "會變動的業務（現在→屆時）", 80),
        ),
        key=("scenario", "method", "ranking"),
        rows=tuple(
            (
                trial.kind,
                trial.what,
                trial.ranking,
                f"{len(trial.moved)} 項會變動" if trial.moved else "不變",
                "、".join(f"{item} 第 {now}→{then} 名" for item, now, then in trial.moved),
            )
            for trial in sensitivity(dataset, plan)
        ),
        frozen=1,
    )


# --- 敘獎 ----------------------------------------------------------------------------------


def _rewards(outcomes: Outcomes, plan: Plan) -> Table:
    def row(number: int, line: RewardLine) -> tuple[Cell, ...]:
        person, claim = line.person, line.claim
        return (
            number,
            plan.unit_name(person.unit),
            person.name,
            person.title,
            person.staff_id,
            person.staff_kind,
            person.grade,
            f"{claim.entry} {claim.entry_name}",
            claim.term,
            claim.stage or "",
            claim.entitlement.role,
            UNSETTLED if line.blocked or line.reward is None else line.reward.name,
            f"{claim.entitlement.bound}{claim.entitlement.reward.name}",
            line.clause,
            absorbed_text(line),
            person.deed,
            "\n".join(line.notes),
            None,
        )

    return Table(
        "敘獎",
        f"{plan.year}年度參與政府服務獎敘獎（人事作業用）",
        (
            f"{_FOR_HR}；「最高」為上限，「固定」為核定額度；同一人擇最高額度，不重複敘獎（柒.二.(五)）",
            "標示「待釐清」者須先處理檢核結果（R5 開頭）再報送",
            _HOW,
        ),
        (
            Column("number", "項次", 6, centred=True),
            _UNIT,
            *(_PERSON[key] for key in ("name", "title", "staff_id", "staff_kind", "grade")),
            Column("entries.entry", "參選案", 18),
            Column("entries.term", "屆別", 9, centred=True),
            Column("entries.stage", "參選結果", 11, centred=True),
            _PERSON["role"],
            Column("reward", "獎懲種類", 12, centred=True, toned=True),
            Column("reward.bound", "額度", 12),
            Column("clause", "依據條款", 12),
            Column("absorbed", "已併入（柒.二.(五)）", 26),
            _PERSON["deed"],
            Column("notes", "註記", 26),
            NOTE,
        ),
        key=(_UNIT.id, _PERSON["name"].id, _PERSON["staff_id"].id),
        loose=(_UNIT.id, _PERSON["name"].id),
        rows=tuple(row(n, line) for n, line in enumerate(outcomes.rewards.lines, 1)),
        frozen=3,
        footer=_FOR_HR,
        tab=TrackerColour.PERSONAL_TAB.bare,
    )


def _proposals(outcomes: Outcomes, plan: Plan) -> Table:
    return Table(
        "自行考核獎勵建議",
        f"{plan.year}年度自行考核獎勵建議（人事作業用）",
        (f"{_FOR_HR}；由各組室依業務需求提出，程式僅列出（柒.一）", _HOW),
        (
            _UNIT,
            *(_PERSON[key] for key in ("name", "title", "staff_id", "staff_kind", "grade")),
            _ITEM, _NAME, _PERSON["role"],
            Column("people.proposed", "建議獎勵", 12, centred=True),
            Column("clause", "條款", 8, centred=True),
            _PERSON["deed"],
            Column("also_in_contest", "與柒.二敘獎重疊", 22, toned=True),
            NOTE,
        ),
        key=(_UNIT.id, _PERSON["name"].id, _PERSON["staff_id"].id, _ITEM.id),
        loose=(_UNIT.id, _PERSON["name"].id, _ITEM.id),
        rows=tuple(
            (
                plan.unit_name(p.person.unit),
                p.person.name,
                p.person.title,
                p.person.staff_id,
                p.person.staff_kind,
                p.person.grade,
                p.item,
                p.item_name,
                p.person.role or "",
                p.reward.name if p.reward else p.person.proposed,
                p.cites,
                p.person.deed,
                "▲ 亦列於敘獎，請確認是否同一事由" if p.also_in_contest else "",
                None,
            )
            for p in outcomes.rewards.proposals
        ),
        frozen=2,
        footer=_FOR_HR,
        tab=TrackerColour.PERSONAL_TAB.bare,
    )  # fmt: skip


# --- 檢核結果, 收件紀錄 ------------------------------------------------------------------------


def _findings(findings: Sequence[Finding], dataset: Dataset, files: Mapping[str, str]) -> Table:
    def item(at: Address) -> Cell:
        found = next((one.id for one in dataset.items if one.id in at.sheet), "")
        return Link(found, _ITEMS, found) if found else ""

    order = list(Severity)
    ranked = sorted(
        findings, key=lambda f: (order.index(f.severity), f.at.file, f.at.sheet, f.code)
    )
    return Table(
        "檢核結果",
        "檢核結果",
        (
            "「錯誤」須修正後重送；「提醒」請確認；「說明」不需處理",
            "點業務編號到業務總表的那一列，點「開啟」或儲存格到收件匣裡的原檔",
            _HOW,
        ),
        (
            Column("severity", "嚴重度", 9, centred=True, toned=True),
            Column("code", "代碼", 8, centred=True),
            _ITEM,
            Column("file", "檔案", 34),
            _ORIGINAL,
            Column("source.sheet", "工作表", 16),
            Column("source.cell", "儲存格", 9, centred=True),
            Column("value", "原填內容", 26),
            Column("message", "問題", 46),
            Column("fix", "怎麼改", 46),
        ),
        key=("code", "file", "source.sheet", "source.cell"),
        rows=tuple(
            (
                f.severity,
                f.code,
                item(f.at),
                f.at.file,
                _opens(f.at.file, files),
                f.at.sheet,
                _file(f.at.cell, f.at.file, files, f.at),
                f.value,
                f.message,
                f.fix,
            )
            for f in ranked
        ),
        frozen=2,
    )


def _receipts(receipts: Sequence[Receipt], plan: Plan, files: Mapping[str, str]) -> Table:
    return Table(
        "收件紀錄",
        "收件紀錄",
        ("每一個收到的檔案都列在這裡，原檔不會更動", _HOW),
        (
            Column("file", "檔案", 44),
            _ORIGINAL,
            Column("form", "表單", 18),
            Column("unit.name", "單位", 24),
            Column("year", "年度", 8, centred=True),
            Column("version", "第幾次回傳", 11, centred=True),
            Column("status", "處理結果", 26, toned=True),
            Column("status.note", "說明", 46),
            Column("sha256", "內容識別碼（SHA-256 前 16 碼）", 22, centred=True),
        ),
        key=("file", "sha256"),
        rows=tuple(
            (
                r.file,
                _opens(r.file, files),
                FORMS[r.form].title if r.form in FORMS else "無法判斷",
                plan.unit_name(r.unit),
                r.year or "",
                r.version or "",
                r.status,
                r.note,
                r.sha256[:16],
            )
            for r in receipts
        ),
        frozen=1,
    )


def _changes(changes: Sequence[Change], plan: Plan) -> Table:
    return Table(
        "變更紀錄",
        "變更紀錄：各單位前後兩次回傳的差異",
        ("同一單位同一表單有多次回傳時，逐格列出後一次改了什麼", _HOW),
        (
            Column("unit.name", "單位", 22),
            Column("form", "表單", 16),
            _ITEM,
            Column("section", "區塊", 16),
            Column("row", "列", 16),
            Column("field", "欄位", 16),
            Column("before", "前一次", 40),
            Column("after", "後一次", 40),
            Column("before.file", "前一次檔案", 30),
            Column("after.file", "後一次檔案", 30),
            Column("source.sheet", "工作表", 14),
            Column("source.cell", "儲存格", 9, centred=True),
        ),
        key=("unit.name", "form", _ITEM.id, "section", "row", "field", "after.file"),
        ids=tuple((c.unit, c.form, c.of, c.id, c.row, c.later) for c in changes),
        rows=tuple(
            (
                plan.unit_name(c.unit),
                FORMS[c.form].title,
                c.of,
                c.section,
                c.row,
                c.field,
                c.before or "（空白）",
                c.after or "（空白）",
                c.earlier,
                c.later,
                c.at.sheet,
                c.at.cell,
            )
            for c in changes
        ),
        frozen=3,
        footer=_PERSONAL,
    )
