"""業務總表: each item with all that was said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xltool.columns import answers_of, asked
from xltool.forms import ENROLMENT, REPORT, REVIEW, Form
from xltool.forms.layout import shown
from xltool.model import Answer, FilingState, Item, Voice
from xltool.outputs.living import Cell
from xltool.outputs.tracker.scores import SCORED, review_scores, self_scores, total_cell
from xltool.outputs.tracker.shown import (
    HOW,
    NOTE,
    Told,
    TrackerSheet,
    item_columns,
    own,
    personal,
    sheet,
    show,
)
from xltool.rules.outcomes import Outcomes
from xltool.wording import the

ITEMS = "業務總表"


def items(told: Told) -> TrackerSheet:
    """A line for each item."""
    plan = told.plan
    scores = {score.item: score for score in told.outcomes.scoring.items}
    decisions = _decisions(told.outcomes)

    def self_total(item: Item) -> Cell:
        return total_cell(scores[item.id].self_total) if item.id in scores else ""

    def review_total(item: Item) -> Cell:
        if item.id not in scores or not item.reviews:
            return ""
        return total_cell(scores[item.id].review, len(plan.criteria))

    def decision(item: Item) -> str:
        return decisions.get(item.id, "")

    return sheet(
        ITEMS,
        f"{plan.year}年度參與業務總表",
        (HOW, f"{personal()}；欄名標「個資」者不上網（{the.announced}及{the.published}）"),
        (
            *item_columns(told),
            show("items.category", 11, centred=True),
            show("items.audience", 14),
            show("items.method", 40),
            show("items.target", 28),
            show("items.cross_agency", 9, centred=True),
            show("items.partners", 16),
            show("items.handler", 12, centred=True),
            show("items.phone", 16),
            show("items.last_item", 9, centred=True),
            own("enrolment.state", "調查", 7, _filed(told, ENROLMENT), centred=True, toned=True),
            own("report.state", "填報", 7, _filed(told, REPORT), centred=True, toned=True),
            own("items.changed", "單位改填（原→新）", 26, _changed, made_of=_retyped),
            show("report.change", 22),
            show("report.result", 80),
            own("metrics", REPORT.titles["metrics"], 34, _metrics, *_ids(REPORT, "metrics")),
            show("report.next_steps", 40),
            show("report.last_year", 26),
            show("report.follow_up", 28),
            own("photos.count", "照片張數", 7, _photo_count, "photos.photo", made_of=_pictures,
                centred=True),
            own("photos.caption", asked("photos.caption").label, 30, _captions, "photos.caption",
                made_of=_pictures),
            own("score.self_total", "自評總分", 9, self_total, "scores.score", form=REPORT,
                made_of=self_scores, rule=SCORED, number="0.00", toned=True),
            own("score.review_total", "督導總分", 9, review_total, "scores.score", form=REVIEW,
                made_of=review_scores, rule=SCORED, number="0.00", toned=True),
            own("review.opinion", asked("review.opinion").label, 46, _opinions, "review.opinion"),
            own("review.recommend", asked("review.recommend").label, 11, _recommended,
                "review.recommend", centred=True),
            own("decision", "會議決議", 30, decision),
            NOTE,
        ),
        ((item,) for item in told.dataset.items),
        key=("items.item",),
        whole=told.whole((ENROLMENT, "items"), (REPORT, "report")),
        frozen=3,
        pages=3,
        footer=personal(),
    )  # fmt: skip


def _ids(form: Form, section: str) -> tuple[str, ...]:
    return tuple(f"{section}.{field.key}" for field in form.section(section).fields)


def _filed(told: Told, form: Form) -> Callable[[Item], Cell]:
    """Whether the unit's form names the item, with a link to its file."""
    returned = {f.unit: f.file for f in told.dataset.filings if f.form == form.key}

    def filed(item: Item) -> Cell:
        if not (item.enrolled if form is ENROLMENT else item.reported):
            return FilingState.MISSING
        return told.link(FilingState.FILED, returned.get(item.unit, ""))

    return filed


def _retyped(item: Item) -> Iterator[Answer]:
    return (answer for _, answer in answers_of(item) if answer.was is not None)


def _changed(item: Item) -> str:
    """What the unit typed over what its form was issued with."""
    return "\n".join(
        f"{asked(key).label}：{shown(answer.was.value) or '（空白）'} → {shown(answer.value)}"
        for key, answer in answers_of(item)
        if answer.was is not None
    )


def _metrics(item: Item) -> str:
    return "\n".join(
        f"{m.name}：實績 {m.actual or '未填'}／目標 {m.target or '未填'}（{m.unit}）"
        + (f"；{m.note}" if m.note else "")
        for m in item.metrics
    )


def _photo_count(item: Item) -> int:
    return len(item.pictures)


def _pictures(item: Item) -> Iterator[Answer]:
    """The photos with their captions, as answers: where each stands."""
    return (Answer(picture.caption, picture.at) for picture in item.pictures)


def _captions(item: Item) -> str:
    return "\n".join(picture.caption for picture in item.pictures if picture.caption)


def _opinions(item: Item) -> str:
    return "\n".join(f"{r.reviewer}：{r.opinion}" for r in item.reviews if r.opinion)


def _recommended(item: Item) -> str:
    answers = [review.recommend for review in item.reviews if review.recommend is not None]
    recused = [str(Voice.RECUSED)] if any(review.recused for review in item.reviews) else []
    if len(answers) == 1:
        return "、".join([shown(answers[0]), *recused])
    return "、".join([*([f"{sum(answers)}／{len(answers)} 人建議"] if answers else []), *recused])


def _decisions(outcomes: Outcomes) -> Mapping[str, str]:
    """What meetings decided, by item."""
    said: dict[str, list[str]] = {}
    for meeting in outcomes.meetings:
        for motion in meeting.motions:
            if motion.item and motion.decision:
                basis = f"（{motion.basis}）" if motion.basis else ""
                chosen = f"【{motion.verdict}】" if motion.verdict else ""
                words = f"{meeting.no}：{chosen}{motion.decision}{basis}"
                said.setdefault(motion.item, []).append(words)
    return {item: "\n".join(words) for item, words in said.items()}
