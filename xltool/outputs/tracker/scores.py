"""評分: what each item scored by criterion (R1), with the evidence; and how firm the order is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

from xltool.columns import asked
from xltool.model import Answer, Item, Review, Score, Voice
from xltool.outputs.living import Cell, Formula
from xltool.outputs.tracker.shown import (
    HOW,
    NOTE,
    Shown,
    Told,
    TrackerSheet,
    item_columns,
    own,
    personal,
    sheet,
    show,
)
from xltool.plan import Plan
from xltool.rules.outcomes import ItemScore, Rank, Total
from xltool.rules.scoring import RECUSED
from xltool.rules.sensitivity import Trial, sensitivity
from xltool.wording import the

SCORED = "R1 各構面評分×權重加總，四捨五入至小數 2 位（$criteria）"
_NO_SCORE = "選填，未評分"


def total_cell(total: Total, optional: int = 0) -> Cell:
    """A total, or what it lacks. A reviewer need not score: lacking all `optional` criteria, he
    chose not to."""
    if total.value is not None:
        return total.value
    if optional and len(total.missing) == optional:
        return _NO_SCORE
    return f"未評（缺{'、'.join(total.missing)}）" if total.missing else "未評"


def review_given(total: Total | None, review: Review) -> Cell:
    """A reviewer's total; scoring is optional, so no score at all is simply none."""
    if review.recused:
        return RECUSED
    if total is None or all(score.value is None for score in review.scores):
        return _NO_SCORE
    return total_cell(total)


def scores(told: Told) -> TrackerSheet:
    """R1: per criterion self and review side by side, totals, ranks, gap."""
    plan = told.plan
    names = [criterion.name for criterion in plan.criteria]
    first = 4  # columns before the scores

    def self_total(item: Item, score: ItemScore) -> Cell:
        places = [first + 2 * n for n in range(len(names))]
        return _live(score.self_total, _by_criterion(item.scores), places, plan)

    def review_total(item: Item, score: ItemScore) -> Cell:
        places = [first + 2 * n + 1 for n in range(len(names))]
        means = _means(item.reviews, score, names)
        return _live(score.review, means, places, plan, optional=True) if item.reviews else ""

    def flag(_: Item, score: ItemScore) -> str:
        if not score.gap_flagged or score.gap is None:
            return ""
        way = "高" if score.gap > 0 else "低"
        return f"▲ 自評{way}於督導，差距逾 {plan.options.score_gap:f} 分"

    def by_reviewer(_: Item, score: ItemScore) -> str:
        recused = {one.who for one in score.recusals if one.declared}
        return "\n".join(
            f"{t.who}：{RECUSED if t.who in recused else _plain(total_cell(t, len(names)))}"
            for t in score.reviewers
        )

    weights = "、".join(f"{c.name} {c.weight.normalize():f}%" for c in plan.criteria)
    return sheet(
        "評分",
        f"{plan.year}年度自行考核評分",
        (
            f"滿分與權重{the.agency}自訂，非國發會公告：各構面 {plan.options.full_score:f} 分，{weights}（{the.criteria}）",
            f"加權總分以小數計算，最後一次四捨五入至小數 2 位；缺一構面即為未評，不以 0 分計；同分同名次。分數不是敘獎依據（{the.rewards}）",
            "分數與名次由單位及督導成員的原表計算；修改此表分數不影響名次與其他成果，請修正原表後重新彙整",
            HOW,
        ),
        (
            *item_columns(told),
            show("items.category", 11, centred=True),
            *(column for name in names for column in _criterion(name, names)),
            own("score.self_total", "自評總分", 10, self_total, made_of=self_scores, rule=SCORED,
                number="0.00", toned=True),
            own("score.review_total", "督導總分", 10, review_total, made_of=review_scores,
                rule=SCORED, number="0.00", toned=True),
            own("score.gap", "差距", 8, _gap, number="0.00"),
            own("score.gap_flag", "差距註記", 14, flag, toned=True),
            own("rank.category", "類別名次", 14, _place_in_category, centred=True),
            own("rank.overall", "全署名次", 14, _place_overall, centred=True),
            own("score.by_reviewer", "督導成員各別總分", 16, by_reviewer),
            own("score.recusal", str(Voice.RECUSED), 20, _recusals, "review.recommend",
                "reviewer.name", toned=True),
            own("score.self_steps", "自評計算式", 28, _steps),
            NOTE,
        ),
        (
            (item, score)
            for score in told.outcomes.scoring.items
            if (item := told.dataset.item(score.item))
        ),
        key=("items.item",),
        frozen=3,
    )  # fmt: skip


def _criterion(name: str, names: Sequence[str]) -> Iterator[Shown]:
    """A criterion's two columns: the unit's own score, and the mean of the reviewers'."""

    def own_score(item: Item, _: ItemScore) -> Decimal | None:
        return _by_criterion(item.scores).get(name)

    def own_answers(item: Item, _: ItemScore) -> Iterator[Answer]:
        return _answers(one for one in item.scores if one.criterion == name)

    def mean(item: Item, score: ItemScore) -> Decimal | None:
        return _means(item.reviews, score, names).get(name)

    def answers(item: Item, _: ItemScore) -> Iterator[Answer]:
        given = (score for review in item.reviews for score in review.scores)
        return _answers(score for score in given if score.criterion == name)

    for id_, who, value, made_of in (
        ("score.self", "自評", own_score, own_answers),
        ("score.review", "督導", mean, answers),
    ):
        yield own(f"{id_}.{name}", f"{name}\n{who}", 8, value, made_of=made_of, number="0.##")


def self_scores(item: Item, *_: object) -> Iterator[Answer]:
    """The scores that a unit gave its own item."""
    return _answers(item.scores)


def review_scores(item: Item, *_: object) -> Iterator[Answer]:
    """The scores that the 督導小組 gave an item."""
    return _answers(score for review in item.reviews for score in review.scores)


def _answers(scores: Iterable[Score]) -> Iterator[Answer]:
    return (score.answer("scores.score") for score in scores if score.value is not None)


def _gap(_: Item, score: ItemScore) -> Decimal | None:
    return score.gap


def _place_in_category(_: Item, score: ItemScore) -> str:
    return _place(score.rank_category)


def _place_overall(_: Item, score: ItemScore) -> str:
    return _place(score.rank_overall)


def _steps(_: Item, score: ItemScore) -> str:
    return "\n".join(score.self_total.steps)


def _recusals(_: Item, score: ItemScore) -> str:
    return "\n".join(one.text for one in score.recusals)


def _plain(value: Cell) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _by_criterion(scores: Iterable[Score]) -> dict[str, Decimal | None]:
    return {score.criterion: score.value for score in scores}


def _means(
    reviews: Sequence[Review], score: ItemScore, names: Sequence[str]
) -> dict[str, Decimal | None]:
    """Per criterion the mean of the reviewers who scored all of them, else of those who scored it."""
    complete = {total.who for total in score.reviewers if total.value is not None}
    counted = [review for review in reviews if not review.recused]
    chosen = [r for r in counted if r.reviewer in complete] or counted
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
        return total_cell(total, len(plan.criteria) if optional else 0)
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


# --- Evidence ---------------------------------------------------------------------------------


def evidence(told: Told) -> TrackerSheet:
    """A line for each score, the unit's own and each reviewer's, with what it rests on."""
    return sheet(
        "評分說明",
        f"{told.plan.year}年度各構面評分之佐證與說明",
        (f"單位自評的佐證與督導成員的評分說明，一列一項；分數不是敘獎依據（{the.rewards}）", HOW, personal()),
        (
            *item_columns(told),
            own("score.by", "評分者", 14, _scorer, "reviewer.name", made_of=_scorer_s_name,
                centred=True),
            own("scores.criterion", asked("scores.criterion").label, 14, _criterion_of),
            own("scores.score", asked("scores.score").label, 8, _score_of, "scores.score",
                number="0.##"),
            own("scores.evidence", "佐證或說明", 70, _evidence_of, "scores.evidence"),
            NOTE,
        ),
        (
            (item, review, score)
            for item in told.dataset.items
            for review, given in ((None, item.scores), *((r, r.scores) for r in item.reviews))
            for score in given
            if score.value is not None or score.evidence
        ),
        key=("items.item", "score.by", "scores.criterion"),
        frozen=3,
        footer=personal(),
    )  # fmt: skip


def _scorer(_: Item, review: Review | None, __: Score) -> str:
    return review.reviewer if review else "單位自評"


def _scorer_s_name(_: Item, review: Review | None, __: Score) -> Iterator[Answer]:
    return iter((review.answer("reviewer.name"),) if review else ())


def _criterion_of(_: Item, __: Review | None, score: Score) -> str:
    return score.criterion


def _score_of(_: Item, __: Review | None, score: Score) -> Decimal | None:
    return score.value


def _evidence_of(_: Item, __: Review | None, score: Score) -> str:
    return score.evidence


# --- How firm the order is ----------------------------------------------------------------------


def order_s_sensitivity(told: Told) -> TrackerSheet:
    """What would become of the places under other weights, reviewers or scales."""
    return sheet(
        "敏感度分析",
        f"{told.plan.year}年度名次與推薦順序的敏感度",
        ("如果權重、督導成員或評分尺度不同，名次會不會變；僅供參考，不影響任何名次", HOW),
        (
            own("scenario", "情境", 22, attrgetter("kind")),
            own("method", "作法", 46, attrgetter("what")),
            own("ranking", "名次", 14, attrgetter("ranking"), centred=True),
            own("result", "結果", 16, _result, centred=True),
            own("moved", "會變動的業務（現在→屆時）", 80, _moved),
        ),
        ((trial,) for trial in sensitivity(told.dataset, told.plan)),
        key=("scenario", "method", "ranking"),
        frozen=1,
    )


def _result(trial: Trial) -> str:
    return f"{len(trial.moved)} 項會變動" if trial.moved else "不變"


def _moved(trial: Trial) -> str:
    return "、".join(f"{item} 第 {now}→{then} 名" for item, now, then in trial.moved)
