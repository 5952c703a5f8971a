"""參與業務: what was enrolled, reported and reviewed of each, brought together by its 業務編號."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from xltool.findings import Finding, finding
from xltool.forms import ENROLMENT, REPORT, REVIEW
from xltool.merge.fold import Fold, Folds
from xltool.model import (
    Address,
    Answer,
    Answers,
    Item,
    Metric,
    Picture,
    Record,
    Review,
    Score,
)
from xltool.plan import Plan
from xltool.zh import same

_PROSE = 20  # characters from which the same text is no coincidence


def join(folds: Folds, plan: Plan) -> tuple[tuple[Item, ...], tuple[Finding, ...]]:
    """Every item that any return names, in 業務編號 order, and what does not fit together."""
    joined = _Joined(plan, frozenset(fold.submission.unit for fold in folds[ENROLMENT.key]))
    for fold in folds[ENROLMENT.key]:
        joined.enrol(fold)
    for fold in folds[REPORT.key]:
        joined.report(fold)
    for fold in folds[REVIEW.key]:
        joined.review(fold)
    items = tuple(joined.items[number] for number in sorted(joined.items))
    found = (
        *joined.found,
        *_two_reviewers(folds, plan),
        *_unreported(items, folds),
        *_alike(items),
    )
    return items, found


@dataclass
class _Joined:
    """The items as they grow, and what was found on the way. `enrolled`: the units whose 參與業務調查表
    has come; an item that is not on it does not fit."""

    plan: Plan
    enrolled: frozenset[str]
    items: dict[str, Item] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def enrol(self, fold: Fold) -> None:
        """The items of a 參與業務調查表; a row added without a number takes the next free one."""
        rows = list(fold.rows("items"))
        taken = {row.text("item") for row, _ in rows}
        last = max((int(n[-2:]) for n in taken if n[-2:].isdecimal()), default=0)
        for row, answers in rows:
            number = row.text("item")
            if fold.fault(row, "item"):
                continue  # told when the form was read
            if not number:
                last += 1
                number = f"{fold.submission.unit}-{last:02}"
                words = {"field": fold.form.field("items", "item").label, "read": number}
                self.found.append(finding("V308", fold.first(row), "", **words))
            if number in self.items:
                label = fold.form.field("items", "item").label
                self.found.append(fold.left_out("C404", row, number, field=label))
                continue
            item = Item(number, fold.submission.unit, enrolled=True, answers=answers)
            self.items[number] = item
            if self._goes_on_from_nothing(item):
                at = item.answer("items.last_item").at or fold.first(row)
                self.found.append(finding("C417", at, item.last_item))

    def report(self, fold: Fold) -> None:
        """What a 執行成果填報表 says of its unit's items."""
        for item, card in self._spoken_of(fold, "report"):
            self.items[item.id] = replace(
                item.saying(fold.answers(card)),
                reported=True,
                scores=self._scores(fold, item.id),
                metrics=tuple(Metric(answers=said) for _, said in fold.rows("metrics", item.id)),
                pictures=_pictures(fold, item.id),
            )

    def review(self, fold: Fold) -> None:
        """What a 督導意見表 says of its unit's items: one opinion each."""
        reviewer = fold.submission.card("reviewer")
        for item, card in self._spoken_of(fold, "review"):
            said = fold.answers(reviewer, card)
            review = Review(scores=self._scores(fold, item.id), answers=said)
            self.items[item.id] = replace(item, reviews=(*item.reviews, review))

    def _spoken_of(self, fold: Fold, section: str) -> Iterator[tuple[Item, Record]]:
        """The items on whose sheets something was filled, with what the unit typed over the cells
        that we had prefilled, and the card on each sheet."""
        unit = fold.submission.unit
        if fold.submission.nil:
            self.found += fold.unheeded()
            return
        for number in fold.items(section):
            card, known = fold.submission.card(section, number), self.items.get(number)
            if (known.unit if known else number[:2]) != unit:
                self.found.append(finding("C406", fold.first(card), number))
                continue
            if unit in self.enrolled and not (known and known.enrolled):
                self.found.append(finding("C406", fold.first(card), number))
            item = known or Item(number, unit, answers=fold.repeated(card, "items"))
            new, found = fold.changed(card, _asked_of(item))
            self.found += found
            yield item.saying(new), card

    def _scores(self, fold: Fold, number: str) -> tuple[Score, ...]:
        """One score for each of the plan's criteria, in its order; missing ones are None."""
        criteria = {same(criterion.name): criterion.name for criterion in self.plan.criteria}
        given: dict[str, Score] = {}
        for row, answers in fold.rows("scores", number):
            score = Score(row.text("criterion"), answers=answers)
            key = same(score.criterion)
            if score.value is None and not (score.evidence or score.faults):
                continue
            if fold.fault(row, "criterion"):
                continue  # told when the form was read
            if key not in criteria:
                self.found.append(fold.left_out("C414", row, score.criterion))
            elif key in given:
                label = fold.form.field("scores", "criterion").label
                self.found.append(fold.left_out("C404", row, score.criterion, field=label))
            else:
                given[key] = replace(score, criterion=criteria[key])
        return tuple(given.get(key, Score(name)) for key, name in criteria.items())

    def _goes_on_from_nothing(self, item: Item) -> bool:
        """Whether the item names one of last year that the unit had not; settings may know of none."""
        before = {one.item for one in self.plan.carried if one.unit == item.unit}
        return bool(item.last_item and self.plan.carried) and item.last_item not in before


def _asked_of(item: Item) -> Answers:
    """What the unit's own form says of an item; nothing while that form has not come."""
    if not item.enrolled:
        return {}
    return {key: answer for key, answer in item.answers.items() if key.startswith("items.")}


def _pictures(fold: Fold, number: str) -> tuple[Picture, ...]:
    """An item's photos from the top of its sheet down."""
    mine = [picture for picture in fold.submission.pictures if picture.of == number]
    return tuple(sorted(mine, key=lambda picture: (picture.at.row_order, picture.blob)))


# --- What does not fit together ---------------------------------------------------------------


def _two_reviewers(folds: Folds, plan: Plan) -> Iterator[Finding]:
    """A unit's opinions come from several members."""
    for unit in plan.units:
        returns = [f.submission for f in folds[REVIEW.key] if f.submission.unit == unit.code]
        if len(returns) > 1:
            names = "、".join(one.card("reviewer").text("name") for one in returns)
            yield finding("C416", Address(returns[-1].file), names)


def _unreported(items: Iterable[Item], folds: Folds) -> Iterator[Finding]:
    """An enrolled item of which its unit's report says nothing."""
    reports = {fold.submission.unit: fold.submission.file for fold in folds[REPORT.key]}
    for item in items:
        if item.enrolled and not item.reported and item.unit in reports:
            yield finding("C407", Address(reports[item.unit]), f"{item.id} {item.name}")


def _alike(items: Iterable[Item]) -> Iterator[Finding]:
    """The same prose for items of two units, the same photo for two items: told at the later one."""
    said: dict[tuple[str, str], Item] = {}
    shown: dict[str, Item] = {}
    labels = {
        "items.method": ENROLMENT.field("items", "method").label,
        "report.result": REPORT.field("report", "result").label,
    }
    for item in items:
        for key, label in labels.items():
            answer = item.answer(key)
            if other := _said_before(item, key, answer, said):
                at = answer.at or Address("")
                yield finding("C419", at, field=label, other=f"{other.id} {other.name}")
        for picture in item.pictures:
            first = shown.setdefault(picture.blob, item)
            if first is not item:
                yield finding("C420", picture.at, other=f"{first.id} {first.name}")


def _said_before(
    item: Item, key: str, answer: Answer, said: dict[tuple[str, str], Item]
) -> Item | None:
    """The item of another unit that said the same before this one."""
    text = same(str(answer.value or ""))
    first = said.setdefault((key, text), item)
    return first if first.unit != item.unit and len(text) >= _PROSE and answer.at else None
