"""督導小組會議資料: what the convener takes into a meeting (附件2、三, 附件2、四).

Agenda, attendance sheet, a draft of the resolutions to fill in, and by the meeting's purpose either the
list of items and targets to confirm, in March, or who gave an opinion and who did not, the proposal for
the 政府服務獎 and one page for each item. For use inside the agency: it names members and
reviewers, but no 職員編號, telephone, e-mail or reward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from xltool.columns import asked, derived
from xltool.forms import ENROLMENT, REPORT, REVIEW, UNIT_FORMS, Form
from xltool.model import Category, Dataset, FilingState, Item, Member, Purpose, Score
from xltool.outputs.held import TO_CORRECT, by_file, held_place, said
from xltool.outputs.shown import Shown, part
from xltool.outputs.word.document import (
    NOT_FILED,
    WIDTH,
    Writer,
    describe,
    open_template,
    plain_text,
    save,
)
from xltool.plan import Plan, Unit
from xltool.rules.agenda import (
    Proposed,
    called,
    is_left_to_confirm,
    left_open,
    motions,
    to_confirm,
)
from xltool.rules.confirmation import never
from xltool.rules.outcomes import Confirmation, ItemScore, Outcomes, Recommendation
from xltool.rules.quorum import convener, majority
from xltool.wording import the
from xltool.zh import roc_date, shortened

_UNIT = asked("filing.unit").label
_RESOLUTION = asked("motions.resolution").label
_RECOMMEND = asked("review.recommend").short
_OPINION = asked("review.opinion").label

INTERNAL = "會議資料（內部使用）"
_OPINION_LENGTH = 105  # characters of an item's page, shared by its reviewers
_RESOLVE = "□同意推薦　□不推薦　□其他：＿＿＿＿＿＿＿＿"
_BASIS = "□共識\n□召集人裁示"
_SUBJECT = 200  # characters of a motion
_METRICS, _REVIEWERS = 3, 3  # of an item's page
_LINE, _LINES = 28, 11  # characters of a line; lines for what was done and the opinions together
_TAKEN = (1, 4, 4, 6, 7)  # of them by the opinions of so many reviewers, the last for more
_SIGN_HEIGHT, _RESOLUTION_HEIGHT = 620, 1500  # twentieths of a point: rows to be written in by hand


def write_packet(
    path: Path,
    dataset: Dataset,
    outcomes: Outcomes,
    plan: Plan,
    *,
    template: Path,
    purpose: Purpose = Purpose.PROPOSE,
) -> None:
    """Write the papers in the styles of Annex 3's `template`; the same input gives the same bytes.

    `purpose`: for what the group meets. In the papers of a proposal an item's text is shortened to what
    fits its page, and says so: the whole stands in the tracker and in Annex 3. Raises WorkspaceError when
    the template cannot be used, OSError.
    """
    document = open_template(template)
    w = Writer(document, template, working=False)
    w.header(f"{plan.agency}　{INTERNAL}")
    w.paragraph("title", _title(plan))
    w.paragraph("subtitle", INTERNAL)
    _head(w, plan, dataset, outcomes)
    proposed = motions(purpose, dataset, outcomes, plan)
    if purpose is Purpose.CONFIRM:
        _agenda(w, _filed(dataset, outcomes, plan, ENROLMENT), _to_confirm(proposed))
        _attendance(w, dataset, plan)
        _list_of_items(w, dataset, plan)
        _resolutions(w, proposed)
    else:
        again = [one for one in proposed if one.purpose is Purpose.CONFIRM]
        _agenda(w, _filed(dataset, outcomes, plan, *UNIT_FORMS), _to_propose(outcomes, again))
        _attendance(w, dataset, plan)
        _opinions(w, dataset, plan)
        _proposal(w, outcomes, plan)
        if is_left_to_confirm(dataset, outcomes):
            _confirm_again(w, dataset, outcomes)
        _resolutions(w, proposed)
        _pages(w, dataset, outcomes, plan)
    describe(document, _title(plan), plan)
    save(document, path)


def _title(plan: Plan) -> str:
    return f"{plan.agency}{plan.year}年度提升服務效能督導小組會議資料"


def _head(w: Writer, plan: Plan, dataset: Dataset, outcomes: Outcomes) -> None:
    members, needed = majority(plan, convener=plan.options.convener_counts)
    held = "、".join(
        meeting.no + (f"（{roc_date(meeting.day)}）" if meeting.day else "")
        for meeting in dataset.meetings
    )
    w.heading(1, "會議資訊")
    _facts(
        w,
        [
            (asked("meeting.no").label, f"第　　次（前已召開：{held}）" if held else "第　　次"),
            ("時間地點", "　　　年　　月　　日　　時　　分，　　　　　　會議室"),
            ("主席", f"召集人　{_chair(plan)}　　紀錄：＿＿＿＿＿＿＿＿"),
            ("應出席", f"{members} 人，過半數（{needed} 人以上）出席始得決議（{the.quorum}）"),
        ],
        1800,
        "會議次別、時間、主席與應出席人數",
    )
    for meeting in outcomes.meetings:
        if meeting.deputies:
            w.paragraph("段落", f"{meeting.no}會議代理出席：{'、'.join(meeting.deputies)}。")


def _chair(plan: Plan) -> str:
    return convener(plan) if plan.group.convener else f"{convener(plan)}　＿＿＿＿＿＿＿＿"


def _facts(w: Writer, facts: Iterable[tuple[str, str]], width: int, description: str) -> None:
    """A table of facts, each with its name, which takes so much of the table's width."""

    def name(name: str, _: str) -> str:
        return name

    def text(_: str, text: str) -> str:
        return text

    columns = (
        Shown(derived("name", "項目", name), width, centred=True),
        Shown(derived("text", "內容", text), WIDTH - width),
    )
    w.table(columns, facts, description)


def _agenda(w: Writer, reports: Iterable[str], discussed: Iterable[str]) -> None:
    w.heading(1, "議程")
    w.heading(2, "主席致詞")
    w.heading(2, "報告事項")
    for text in reports:
        w.listed(3, text)
    w.heading(2, "討論事項")
    for text in discussed:
        w.listed(3, text)
    w.heading(2, "臨時動議")
    w.heading(2, "散會")


def _filed(dataset: Dataset, outcomes: Outcomes, plan: Plan, *forms: Form) -> Iterator[str]:
    """Who has filed each of these forms, who has not, and what is held back of them."""
    for form in forms:
        filings = [f for f in dataset.filings if f.form == form.key]
        faulty = [plan.unit_name(f.unit) for f in filings if f.blocked]
        missing = [plan.unit_name(f.unit) for f in filings if not f.filed and not f.blocked]
        rest = f"；{TO_CORRECT} {'、'.join(faulty)}" if faulty else ""
        rest += f"；尚缺 {'、'.join(missing)}。" if missing else "。"
        filed = len(filings) - len(missing) - len(faulty)
        yield f"{form.title}：已繳 {filed} 個單位{rest}"
    if told := never(dataset, outcomes.confirmations):
        yield f"{told}。"
    for held in by_file(dataset.held):
        yield f"{TO_CORRECT}：{held_place(held)}，更正前不列入本資料。"


def _to_confirm(proposed: Iterable[Proposed]) -> Iterator[str]:
    for motion in proposed:
        more = "，清冊如肆" if motion.purpose is Purpose.CONFIRM else ""
        yield f"{_short(motion.subject, _SUBJECT)}{more}。"


def _to_propose(outcomes: Outcomes, again: Iterable[Proposed]) -> Iterator[str]:
    numbers = "、".join(
        f"{category}類 {sum(r.category is category for r in outcomes.recommendations)} 項"
        for category in Category
    )
    yield f"確認推薦參加{the.contest}之業務項目（{the.proposal}）：{numbers}，提案順序如伍。"
    for motion in dict.fromkeys((*again, *left_open(outcomes))):
        yield f"{_short(motion.subject, _SUBJECT)}。"


def _attendance(w: Writer, dataset: Dataset, plan: Plan) -> None:
    """Who is expected, unit by unit, and room for them to sign."""
    w.turn_page()
    w.heading(1, "出席名單")
    seats = [(unit, member) for unit in plan.units for member in _members(dataset, unit)]
    w.table(_SEAT_COLUMNS, seats, "各單位督導小組成員與簽到欄", height=_SIGN_HEIGHT)


def _members(dataset: Dataset, unit: Unit) -> Sequence[Member | None]:
    """Whom a unit has named; None where nobody."""
    return [one for one in dataset.members if one.unit == unit.code] or [None]


def _seat_unit(unit: Unit, _: Member | None) -> str:
    return unit.name


def _seat_name(_: Unit, member: Member | None) -> str:
    return member.name if member else "（未選派）"


def _seat_title(_: Unit, member: Member | None) -> str:
    return member.title or member.level if member else ""


def _blank(*_: object) -> str:
    """To be written by hand."""
    return ""


_SEAT_COLUMNS = (
    Shown(derived("unit", _UNIT, _seat_unit), 3200),
    Shown(derived("member", ENROLMENT.titles["member"], _seat_name), 1900, centred=True),
    Shown(derived("title", asked("member.title").label, _seat_title), 1700, centred=True),
    Shown(derived("signature", "簽到（代理人請註明職稱）", _blank), 2272),
)


def _confirm_again(w: Writer, dataset: Dataset, outcomes: Outcomes) -> None:
    """What is new or otherwise since the group confirmed the year's items: both targets, whole."""
    w.turn_page()
    w.heading(1, "補行確認之業務項目及目標")
    w.paragraph("段落", f"確認後新增或變更者如下，由本會議補行確認（{the.confirmed}）。")
    known = {one.item: one for one in outcomes.confirmations}
    rows = [(known[item.id],) for item in to_confirm(dataset, outcomes)]
    w.table(_AGAIN_COLUMNS, rows, "補行確認之業務、確認時與現在的年度目標")


def _item_again(one: Confirmation) -> str:
    return f"{one.item}\n{one.name}"


def _decide_again(_: Confirmation) -> str:
    return _TO_DECIDE


_TO_DECIDE = "□確認\n□修正\n□不列入"
_AGAIN_COLUMNS = (
    Shown(derived("item", "業務", _item_again, "items.name"), 2000),
    part("state", "情形", 1400),
    part("confirmed", "確認時的年度目標", 2200),
    part("target", "現在的年度目標", 2200),
    Shown(derived("decision", "決定", _decide_again), 1272),
)


def _list_of_items(w: Writer, dataset: Dataset, plan: Plan) -> None:
    """Every unit's items with their targets, whole: what the meeting confirms."""
    w.turn_page()
    w.heading(1, "年度參與業務及目標清冊")
    w.paragraph("段落", f"各{the.units}所填如下，由本會議逐項確認（{the.confirmed}）。")
    nil = {f.unit: f.state for f in dataset.filings if f.form == ENROLMENT.key}
    for unit in plan.units:
        rows = [(item,) for item in dataset.items if item.unit == unit.code]
        w.heading(2, f"{unit.name}（{len(rows)} 項）" if rows else unit.name)
        if rows:
            w.table(_ITEM_COLUMNS, rows, f"{unit.name}之參與業務、類別、執行方法及年度目標")
            continue
        state = nil.get(unit.code, FilingState.MISSING)
        told = "本年度無參與業務。" if state is FilingState.NIL else f"{ENROLMENT.title}{state}。"
        w.paragraph("段落", told)


def _item_named(item: Item) -> str:
    before = f"（延續上年度 {item.last_item}）" if item.last_item else ""
    return f"{item.id}\n{item.name}{before}"


def _to_decide(_: Item) -> str:
    return _TO_DECIDE


_ITEM_COLUMNS = (
    Shown(derived("item", "業務", _item_named, "items.name"), 2150),
    Shown(asked("items.category"), 1150, centred=True),
    Shown(asked("items.method"), 2500),
    Shown(asked("items.target"), 2000),
    Shown(derived("decision", "決定", _to_decide), 1272),
)


@dataclass(frozen=True)
class _Reviewed:
    """How far a unit's items have been reviewed."""

    unit: str
    reviewed: str
    recommended: str
    lacking: str


_REVIEWED_COLUMNS = (
    part("unit", _UNIT, 2900),
    part("reviewed", "已提意見", 1400, centred=True),
    part("recommended", _RECOMMEND, 1300, centred=True),
    part("lacking", "尚缺", 3472),
)


def _opinions(w: Writer, dataset: Dataset, plan: Plan) -> None:
    w.turn_page()
    w.heading(1, f"{REVIEW.title}彙整")
    rows = [
        (_reviewed(unit.name, [one for one in dataset.items if one.unit == unit.code]),)
        for unit in plan.units
    ]
    w.table(_REVIEWED_COLUMNS, rows, "各單位督導小組成員已提與未提之書面意見")


def _reviewed(unit: str, items: Sequence[Item]) -> _Reviewed:
    lacking = [item for item in items if not item.reviews]
    named = "、".join(f"{one.id} {_short(one.name, 16)}" for one in lacking)
    voices = [r.recommend for item in items for r in item.reviews if r.recommend is not None]
    return _Reviewed(
        unit,
        f"{len(items) - len(lacking)}／{len(items)} 項" if items else "無參與業務",
        f"{voices.count(True)} 項" if voices else "－",
        f"未提出：{named}" if lacking else "",
    )


def _proposal(w: Writer, outcomes: Outcomes, plan: Plan) -> None:
    w.turn_page()
    w.heading(1, f"推薦參加{the.contest}提案")
    w.paragraph(
        "段落",
        f"順序先依建議參獎之成員比率，再依自評總分、督導平均；為提案，由本會議決定（{the.proposal}）。"
        f"評分的滿分與權重為{the.agency}自訂，非國發會公告（{the.criteria}）。",
    )
    for limit in plan.restrictions:
        w.paragraph("段落", f"{limit.reason}。")
    columns = _proposal_columns(plan)
    for category in Category:
        w.heading(2, f"{category}類")
        rows = [(one,) for one in outcomes.recommendations if one.category is category]
        if rows:
            w.table(columns, rows, f"{category}類推薦順序")
        else:
            w.paragraph("段落", "本年度無辦理業務。")


def _proposal_columns(plan: Plan) -> tuple[Shown, ...]:
    def unit(one: Recommendation) -> str:
        return plan.unit_name(one.unit)

    return (
        part("place_category", "順序", 700, centred=True),
        Shown(derived("item", "業務", _named), 2900),
        Shown(derived("unit", _UNIT, unit), 1700),
        Shown(derived("score", "自評", _own_total), 850, centred=True),
        Shown(derived("voices", "建議", _voices), 850, centred=True),
        Shown(derived("remark", "前次決議、不列入之理由、迴避", _remark), 2072),
    )


def _named(one: Recommendation) -> str:
    return _short(called(one), 60)


def _own_total(one: Recommendation) -> str:
    return _shown(one.score)


def _voices(one: Recommendation) -> str:
    return f"{one.recommended_by}／{one.reviewers}" if one.reviewers else "未提出"


def _remark(one: Recommendation) -> str:
    chosen = f"【{one.verdict}】" if one.verdict else ""
    parts = (
        *(chosen + one.decision, one.excluded, one.won),
        *(recusal.text for recusal in one.recusals),
    )
    return "\n".join(_short(part, 60) for part in parts if part)


def _resolutions(w: Writer, proposed: Iterable[Proposed]) -> None:
    """What the meeting is to decide, to be filled in."""
    w.turn_page()
    w.heading(1, "決議草案")
    subjects = [
        *(_short(motion.subject, _SUBJECT) for motion in proposed),
        *("", ""),  # for motions from the floor
    ]
    w.table(
        _MOTION_COLUMNS,
        enumerate(subjects, 1),
        "各案案由、決議與依據，供會議填寫",
        height=_RESOLUTION_HEIGHT,
    )
    w.paragraph("段落", f"未達共識者由召集人裁示核定（{the.quorum}）；決議請登錄於會議紀錄表。")


def _motion_number(number: int, _: str) -> int:
    return number


def _motion_subject(_: int, subject: str) -> str:
    return subject


def _bases(*_: object) -> str:
    return _BASIS


_MOTION_COLUMNS = (
    Shown(derived("number", asked("motions.no").label, _motion_number), 700, centred=True),
    Shown(derived("subject", asked("motions.subject").label, _motion_subject), 3200),
    Shown(derived("resolution", _RESOLUTION, _blank), 3172),
    Shown(derived("basis", "依據", _bases), 2000),
)


# --- One page for each item ------------------------------------------------------------------


def _pages(w: Writer, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> None:
    scores = {score.item: score for score in outcomes.scoring.items}
    proposed = {one.item: one for one in outcomes.recommendations}
    for number, item in enumerate(sorted(dataset.items, key=lambda one: one.id)):
        w.turn_page()
        if not number:
            w.heading(1, "各業務摘要")
            w.paragraph("表格文字", "文末為「…」者係節錄，全文見總表。")
        kind = f"{plan.unit_name(item.unit)}，{item.category or '類別待確認'}"
        w.heading(2, f"{item.id} {_short(item.name, 30)}（{kind}）")
        _page(w, item, scores[item.id], proposed[item.id], plan)


def _page(w: Writer, item: Item, score: ItemScore, proposed: Recommendation, plan: Plan) -> None:
    """What was aimed at and done, how it was scored, what reviewers say, and room for the decision."""
    facts = [fact for fact in _summary(item) if fact[1]]
    _facts(w, facts, 1300, f"{item.id} 業務摘要")
    w.paragraph("表格文字", "")  # else Word joins the tables
    scores = [(row,) for row in (*_scores(item, plan), _totals(score, proposed))]
    w.table(_SCORE_COLUMNS, scores, f"{item.id} 自評與督導評分")
    w.paragraph("表格文字", "")
    voices = [(row,) for row in (*_reviews(item), _Voice(_RESOLUTION, "", _RESOLVE))]
    w.table(_VOICE_COLUMNS, voices, f"{item.id} 書面意見與決議")


def _summary(item: Item) -> Iterator[tuple[str, str]]:
    """What the item is about, each part cut to its place, with the part's name."""
    lines = _LINES - _TAKEN[min(len(item.reviews), len(_TAKEN) - 1)]
    yield asked("items.method").label, _short(said(item, "items.method"), 54)
    yield asked("items.target").label, _short(said(item, "items.target"), 27)
    result = said(item, "report.result")
    yield asked("report.result").label, _short(result, lines * _LINE) or NOT_FILED
    yield REPORT.titles["metrics"], _short("；".join(_metrics(item)), 72) or "（未填）"
    yield asked("report.next_steps").short, _short(said(item, "report.next_steps"), 27)


def _metrics(item: Item) -> Iterator[str]:
    for metric in item.metrics[:_METRICS]:
        name, unit = _short(metric.name, 16), _short(metric.unit, 6)
        yield f"{name} {_short(metric.actual, 8)} {unit}（目標 {_short(metric.target, 8)}）"
    if len(item.metrics) > _METRICS:
        yield f"另有 {len(item.metrics) - _METRICS} 項"


@dataclass(frozen=True)
class _Scored:
    """A criterion, or the weighted whole, and how unit and reviewers scored it."""

    criterion: str
    own: str
    given: str
    evidence: str


_SCORE_COLUMNS = (
    part("criterion", asked("scores.criterion").short, 1500),
    part("own", "自評", 900, centred=True),
    part("given", "督導", 2300, centred=True),
    part("evidence", f"{asked('scores.evidence', REPORT).label}（自評）", 4372),
)


def _scores(item: Item, plan: Plan) -> Iterator[_Scored]:
    own = {score.criterion: score for score in item.scores}
    for criterion in plan.criteria:
        mine = own.get(criterion.name, Score(criterion.name))
        given = [
            score.value
            for review in item.reviews
            for score in review.scores
            if score.criterion == criterion.name and score.value is not None and not review.recused
        ]
        yield _Scored(
            criterion.name,
            said(mine, "scores.score") if mine.faults else _shown(mine.value),
            "／".join(_shown(value) for value in given[:_REVIEWERS]) or "－",
            _short(mine.evidence, 16),
        )


def _totals(score: ItemScore, proposed: Recommendation) -> _Scored:
    place = proposed.place_category
    told = [f"本類提案第 {place} 名" if place else "類別待確認"]
    if score.gap is not None:
        told.append(f"相差 {abs(score.gap)} 分{'，請確認' if score.gap_flagged else ''}")
    if proposed.excluded:
        told.append(_short(proposed.excluded, 30))
    if proposed.won:
        told.append(_short(proposed.won, 30))
    told += [one.text for one in score.recusals]
    review = score.review.value
    mean = "－" if review is None else _shown(review)
    return _Scored("加權總分", _shown(score.self_total.value), mean, "；".join(told))


@dataclass(frozen=True)
class _Voice:
    """Who says something of an item, whether he recommends it, and what he says."""

    who: str
    recommends: str
    text: str


_VOICE_COLUMNS = (
    part("who", "督導成員", 1800, centred=True),
    part("recommends", _RECOMMEND, 1200, centred=True),
    part("text", _OPINION, 6072),
)


def _reviews(item: Item) -> Iterator[_Voice]:
    room = _OPINION_LENGTH // max(1, min(len(item.reviews), _REVIEWERS))
    for review in item.reviews[:_REVIEWERS]:
        words = (said(review, "review.opinion"), said(review, "review.reason"))
        parts = (one.rstrip("。") for one in words if one)
        recommends_held = bool(review.answer("review.recommend").fault)
        yield _Voice(
            _short(review.reviewer, 5),
            said(review, "review.recommend") if recommends_held else (review.voice or "未填"),
            _short("；".join(parts), room) or "（未填）",
        )
    if len(item.reviews) > _REVIEWERS:
        yield _Voice("", "", f"另有 {len(item.reviews) - _REVIEWERS} 位成員之意見，見總表")
    if not item.reviews:
        yield _Voice("－", "－", "尚無書面意見")


def _shown(value: Decimal | None) -> str:
    return "未評" if value is None else f"{value:f}"


def _short(text: str, most: int) -> str:
    """A unit's text on one line, cut to what its place holds."""
    return shortened(" ".join(plain_text(text).split()), most)
