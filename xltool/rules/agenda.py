"""What the next meeting of the 督導小組 is for, and what it is to decide (附件2、三): the motions of packet
and form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xltool.model import Category, Dataset, Item, Purpose, Verdict
from xltool.plan import Plan
from xltool.rules.outcomes import MotionOutcome, Outcomes, Recommendation
from xltool.wording import the
from xltool.zh import clean, shortened

_NAME, _SUBJECT = 40, 60  # characters
_SETTLED = (Verdict.ENTER, Verdict.NOT)


@dataclass(frozen=True)
class Proposed:
    """A motion before the meeting: its subject, and the item that it concerns (may be empty)."""

    subject: str
    item: str
    purpose: Purpose


def due(dataset: Dataset, outcomes: Outcomes) -> Purpose:
    """For what the group meets next: to confirm items and targets (附件2、三、(一)) until it has, or units
    have reported results; then to propose items for the 政府服務獎 (附件2、三、(三))."""
    confirmed = any(one.holds for one in outcomes.confirmations)
    reported = any(item.reported for item in dataset.items)
    return Purpose.PROPOSE if confirmed or reported else Purpose.CONFIRM


def motions(
    purpose: Purpose, dataset: Dataset, outcomes: Outcomes, plan: Plan
) -> tuple[Proposed, ...]:
    """The motions in order: the one that confirms the year's items, or of each category the first of the
    proposal that no meeting has settled; then what earlier meetings left open."""
    left = left_open(outcomes)
    if purpose is Purpose.CONFIRM:
        others = (motion for motion in left if motion.purpose is not Purpose.CONFIRM)
        return (_confirming(dataset, outcomes, plan), *others)
    again = (_confirming(dataset, outcomes, plan),) if is_left_to_confirm(dataset, outcomes) else ()
    return (*_first_places(outcomes), *again, *left)


def to_confirm(dataset: Dataset, outcomes: Outcomes) -> tuple[Item, ...]:
    """The items that the group has still to confirm: all where it has confirmed none, then those that are
    new or otherwise since."""
    settled = {one.item for one in outcomes.confirmations if one.settled}
    return tuple(item for item in dataset.items if item.id not in settled)


def is_left_to_confirm(dataset: Dataset, outcomes: Outcomes) -> bool:
    """Whether the group has confirmed items, and some are new or otherwise since."""
    confirmed = any(one.holds for one in outcomes.confirmations)
    return confirmed and bool(to_confirm(dataset, outcomes))


def _confirming(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Proposed:
    again = "補行" if any(one.settled for one in outcomes.confirmations) else ""
    subject = (
        f"{again}確認{plan.year}年度參與提升服務效能作業之業務項目及執行成果目標，"
        f"計 {len(to_confirm(dataset, outcomes))} 項（{the.confirmed}），如「確認清單」"
    )
    return Proposed(subject, "", Purpose.CONFIRM)


def _first_places(outcomes: Outcomes) -> Iterator[Proposed]:
    for category in Category:
        mine = [one for one in outcomes.recommendations if one.category is category]
        left = [one for one in mine if not (one.excluded or one.verdict in _SETTLED)]
        if left and not any(one.verdict is Verdict.ENTER for one in mine):
            yield Proposed(
                f"{category}類推薦參加{the.contest}之業務項目：建議依提案順序，"
                f"以 {called(left[0])} 為第一順位",
                left[0].item,
                Purpose.PROPOSE,
            )


def called(one: Recommendation) -> str:
    """An item by number and name, on one line."""
    return f"{one.item} {shortened(' '.join(clean(one.name).split()), _NAME)}"


def left_open(outcomes: Outcomes) -> Iterator[Proposed]:
    """What earlier meetings did not decide, or put off."""
    for meeting in outcomes.meetings:
        for motion in meeting.motions:
            if why := _left_open(motion):
                subject = shortened(" ".join(clean(motion.subject).split()), _SUBJECT)
                words = f"前次會議未決：{meeting.no}案 {motion.no}　{subject}（{why}）"
                yield Proposed(words, motion.item, motion.purpose or Purpose.OTHER)


def _left_open(motion: MotionOutcome) -> str:
    return motion.undecided or ("再議" if motion.verdict is Verdict.AGAIN else "")
