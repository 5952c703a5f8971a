"""督導小組會議資料: what the convener takes into a meeting (附件2.三, 附件2.四).

Agenda, attendance sheet, who gave an opinion and who did not, the proposal for the 政府服務獎, a draft of
the resolutions to fill in, and one page for each item. For use inside the agency: it names members and
reviewers, but no 職員編號, telephone, e-mail or reward.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from xltool.forms import REVIEW, UNIT_FORMS
from xltool.model import Category, Dataset, Item
from xltool.outputs.word.document import Columns, Writer, describe, open_template, plain_text, save
from xltool.plan import Plan
from xltool.rules.outcomes import ItemScore, Outcomes, Recommendation
from xltool.rules.quorum import majority
from xltool.zh import roc_date, shortened

INTERNAL = "會議資料（內部使用）"
_OPINION = 105  # characters of an item's page, shared by its reviewers
_RESOLVE = "□同意推薦　□不推薦　□其他：＿＿＿＿＿＿＿＿"
_BASIS = "□共識\n□召集人裁示"
_METRICS, _REVIEWERS = 3, 3  # of an item's page
_LINE, _LINES = 28, 11  # characters of a line; lines for what was done and the opinions together
_TAKEN = (1, 4, 4, 6, 7)  # of them by the opinions of so many reviewers, the last for more
_SIGN, _RESOLUTION = 620, 1500  # twentieths of a point: rows to be written in by hand


def write_packet(
    path: Path, dataset: Dataset, outcomes: Outcomes, plan: Plan, *, template: Path
) -> None:
    """Write the papers in the styles of Annex 3's `template`; the same input gives the same bytes.

    An item's text is shortened to what fits its page, and says so: the whole stands in the tracker and
    in Annex 3. Raises WorkspaceError when the template cannot be used, OSError.
    """
    document = open_template(template)
    w = Writer(document, (), working=False)
    w.header(f"{plan.agency}　{INTERNAL}")
    w.paragraph("title", _title(plan))
    w.paragraph("subtitle", INTERNAL)
    _head(w, plan, dataset)
    _agenda(w, dataset, outcomes, plan)
    _attendance(w, dataset, plan)
    _opinions(w, dataset, plan)
    _proposal(w, outcomes, plan)
    _resolutions(w, outcomes)
    _pages(w, dataset, outcomes, plan)
    describe(document, _title(plan), plan)
    save(document, path)


def _title(plan: Plan) -> str:
    return f"{plan.agency}{plan.year}年度提升服務效能督導小組會議資料"


def _head(w: Writer, plan: Plan, dataset: Dataset) -> None:
    members, needed = majority(plan, convener=plan.options.convener_counts)
    held = "、".join(
        meeting.no + (f"（{roc_date(meeting.day)}）" if meeting.day else "")
        for meeting in dataset.meetings
    )
    w.heading(1, "會議資訊")
    w.table(
        Columns(("項目", "內容"), (1800, 7272), {0}),
        [
            ("會議次別", f"第　　次（前已召開：{held}）" if held else "第　　次"),
            ("時間地點", "　　　年　　月　　日　　時　　分，　　　　　　會議室"),
            ("主席", "召集人　主任秘書　＿＿＿＿＿＿＿＿　　紀錄：＿＿＿＿＿＿＿＿"),
            ("應出席", f"{members} 人，過半數（{needed} 人以上）出席始得決議（附件2、四、（二））"),
        ],
        "會議次別、時間、主席與應出席人數",
    )


def _agenda(w: Writer, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> None:
    w.heading(1, "議程")
    w.heading(2, "主席致詞")
    w.heading(2, "報告事項")
    for form in UNIT_FORMS:
        filings = [f for f in dataset.filings if f.form == form.key]
        missing = [plan.unit_name(f.unit) for f in filings if not f.filed]
        rest = f"；尚缺 {'、'.join(missing)}。" if missing else "。"
        w.listed(3, f"{form.title}：已繳 {len(filings) - len(missing)} 個單位{rest}")
    w.heading(2, "討論事項")
    numbers = "、".join(
        f"{category}類 {sum(r.category is category for r in outcomes.recommendations)} 項"
        for category in Category
    )
    w.listed(3, f"確認推薦參加政府服務獎之業務項目（附件2、三、（三））：{numbers}，提案順序如伍。")
    for motion in _open(outcomes):
        w.listed(3, f"前次會議未決：{motion}。")
    w.heading(2, "臨時動議")
    w.heading(2, "散會")


def _open(outcomes: Outcomes) -> Iterator[str]:
    for meeting in outcomes.meetings:
        for motion in meeting.motions:
            if not motion.decision:
                yield f"{meeting.no}案 {motion.no}　{_short(motion.subject, 60)}"


def _attendance(w: Writer, dataset: Dataset, plan: Plan) -> None:
    w.turn_page()
    w.heading(1, "出席名單")
    rows: list[tuple[str, str, str, str]] = []
    for unit in plan.units:
        members = [m for m in dataset.members if m.unit == unit.code]
        rows += [(unit.name, m.name, m.title or m.level, "") for m in members] or [
            (unit.name, "（未選派）", "", "")
        ]
    w.table(
        Columns(("單位", "督導小組成員", "職稱", "簽到"), (3200, 1900, 1700, 2272), {1, 2}),
        rows,
        "各單位督導小組成員與簽到欄",
        height=_SIGN,
    )


def _opinions(w: Writer, dataset: Dataset, plan: Plan) -> None:
    w.turn_page()
    w.heading(1, f"{REVIEW.title}彙整")
    rows = []
    for unit in plan.units:
        items = [item for item in dataset.items if item.unit == unit.code]
        lacking = [item for item in items if not item.reviews]
        if not items:
            state, rest = "無參與業務", ""
        elif lacking:
            state = f"{len(items) - len(lacking)}／{len(items)} 項"
            rest = "未提出：" + "、".join(f"{one.id} {_short(one.name, 16)}" for one in lacking)
        else:
            state, rest = f"{len(items)}／{len(items)} 項", ""
        voices = [r.recommend for item in items for r in item.reviews if r.recommend is not None]
        rows.append((unit.name, state, f"{voices.count(True)} 項" if voices else "－", rest))
    w.table(
        Columns(("單位", "已提意見", "建議參獎", "尚缺"), (2900, 1400, 1300, 3472), {1, 2}),
        rows,
        "各單位督導小組成員已提與未提之書面意見",
    )


def _proposal(w: Writer, outcomes: Outcomes, plan: Plan) -> None:
    w.turn_page()
    w.heading(1, "推薦參加政府服務獎提案")
    w.paragraph(
        "段落",
        "順序先依建議參獎之成員比率，再依自評總分、督導平均；為提案，由本會議決定（附件2、三、（三））。",
    )
    for limit in plan.restrictions:
        w.paragraph("段落", f"{limit.reason}。")
    for category in Category:
        w.heading(2, f"{category}類")
        rows = [
            (
                str(one.place_category),
                f"{one.item} {_short(one.name, 40)}",
                plan.unit_name(one.unit),
                "未評" if one.score is None else str(one.score),
                f"{one.recommended_by}／{one.reviewers}" if one.reviewers else "未提出",
                _remark(one),
            )
            for one in outcomes.recommendations
            if one.category is category
        ]
        if rows:
            w.table(
                Columns(
                    ("順序", "業務", "單位", "自評", "建議", "前次決議或不列入之理由"),
                    (700, 2900, 1700, 850, 850, 2072),
                    {0, 3, 4},
                ),
                rows,
                f"{category}類推薦順序",
            )
        else:
            w.paragraph("段落", "本年度無辦理業務。")


def _remark(one: Recommendation) -> str:
    return "\n".join(_short(part, 60) for part in (one.decision, one.excluded) if part)


def _resolutions(w: Writer, outcomes: Outcomes) -> None:
    w.turn_page()
    w.heading(1, "決議草案")
    subjects = [
        f"{category}類推薦參加政府服務獎之業務項目：建議依提案順序，"
        f"以 {first[0].item} {_short(first[0].name, 40)} 為第一順位"
        for category in Category
        if (
            first := [
                r for r in outcomes.recommendations if r.category is category and not r.excluded
            ]
        )
    ]
    subjects += [f"前次會議未決：{motion}" for motion in _open(outcomes)]
    subjects += ["", ""]  # for motions from the floor
    w.table(
        Columns(("案次", "案由", "決議", "依據"), (700, 3200, 3172, 2000), {0}),
        [(str(n), text, "", _BASIS) for n, text in enumerate(subjects, 1)],
        "各案案由、決議與依據，供會議填寫",
        height=_RESOLUTION,
    )
    w.paragraph("段落", "未達共識者由召集人裁示核定（附件2、四、（二））；決議請登錄於會議紀錄表。")


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
    lines = _LINES - _TAKEN[min(len(item.reviews), len(_TAKEN) - 1)]
    facts = [
        ("執行方法", _short(item.method, 54)),
        ("年度目標", _short(item.target, 27)),
        ("辦理情形", _short(item.result, lines * _LINE) or "（未填報）"),
        ("量化成效", _short("；".join(_metrics(item)), 72) or "（未填）"),
        ("精進方向", _short(item.next_steps, 27)),
    ]
    w.table(
        Columns(("項目", "內容"), (1300, 7772), {0}),
        [fact for fact in facts if fact[1]],
        f"{item.id} 業務摘要",
    )
    w.paragraph("表格文字", "")  # else Word joins the tables
    w.table(
        Columns(("構面", "自評", "督導", "佐證（自評）"), (1500, 900, 2300, 4372), {1, 2}),
        [*_scores(item, plan), _totals(score, proposed)],
        f"{item.id} 自評與督導評分",
    )
    w.paragraph("表格文字", "")
    w.table(
        Columns(("督導成員", "建議參獎", "書面意見"), (1800, 1200, 6072), {0, 1}),
        [*_reviews(item), ("決議", "", _RESOLVE)],
        f"{item.id} 書面意見與決議",
    )


def _metrics(item: Item) -> Iterator[str]:
    for metric in item.metrics[:_METRICS]:
        name, unit = _short(metric.name, 16), _short(metric.unit, 6)
        yield f"{name} {_short(metric.actual, 8)} {unit}（目標 {_short(metric.target, 8)}）"
    if len(item.metrics) > _METRICS:
        yield f"另有 {len(item.metrics) - _METRICS} 項"


def _scores(item: Item, plan: Plan) -> Iterator[Sequence[str]]:
    own = {score.criterion: score for score in item.scores}
    for criterion in plan.criteria:
        mine = own.get(criterion.name)
        given = [
            score.value
            for review in item.reviews
            for score in review.scores
            if score.criterion == criterion.name and score.value is not None
        ]
        yield (
            criterion.name,
            _shown(mine.value if mine else None),
            "／".join(_shown(value) for value in given[:_REVIEWERS]) or "－",
            _short(mine.evidence if mine else "", 16),
        )


def _totals(score: ItemScore, proposed: Recommendation) -> Sequence[str]:
    place = proposed.place_category
    told = [f"本類提案第 {place} 名" if place else "類別待確認"]
    if score.gap is not None:
        told.append(f"相差 {abs(score.gap)} 分{'，請確認' if score.gap_flagged else ''}")
    if proposed.excluded:
        told.append(_short(proposed.excluded, 30))
    review = score.review.value
    totals = (_shown(score.self_total.value), "－" if review is None else _shown(review))
    return ("加權總分", *totals, "；".join(told))


def _reviews(item: Item) -> Iterator[Sequence[str]]:
    answers = {True: "是", False: "否", None: "未填"}
    for review in item.reviews[:_REVIEWERS]:
        text = "；".join(part for part in (review.opinion, review.reason) if part)
        yield (
            _short(review.reviewer, 5),
            answers[review.recommend],
            _short(text, _OPINION // min(len(item.reviews), _REVIEWERS)) or "（未填）",
        )
    if len(item.reviews) > _REVIEWERS:
        yield ("", "", f"另有 {len(item.reviews) - _REVIEWERS} 位成員之意見，見總表")
    if not item.reviews:
        yield ("－", "－", "尚無書面意見")


def _shown(value: Decimal | None) -> str:
    return "未評" if value is None else f"{value:f}"


def _short(text: str, most: int) -> str:
    """A unit's text on one line, cut to what its place holds."""
    return shortened(" ".join(plain_text(text).split()), most)
