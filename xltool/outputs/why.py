"""Why an item stands where it stands, why a person is rewarded as he is: inputs, steps, clause, and
what was not chosen and why. For the coordinator and the auditor; holds personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import starmap

from xltool.forms import CONTEST
from xltool.model import NO_REWARD, Dataset, Entry, HeldBack, Item, Person
from xltool.outputs.held import TO_CORRECT, held_text, said
from xltool.outputs.reward_words import (
    absorbed_text,
    bound_text,
    claim_text,
    declined_text,
    pending_text,
)
from xltool.plan import Plan
from xltool.rules.confirmation import RULE as CONFIRMATION_RULE
from xltool.rules.identity import alike, staff_id
from xltool.rules.outcomes import (
    Confirmation,
    Declined,
    ItemScore,
    MeetingOutcome,
    MotionOutcome,
    Outcomes,
    Pending,
    Recommendation,
    RewardLine,
    SelfProposal,
    Total,
)
from xltool.rules.recommendation import NOT_REPORTED
from xltool.rules.recommendation import RULE as PROPOSAL_RULE
from xltool.rules.rewards import SELF_RULE
from xltool.who import named
from xltool.wording import the
from xltool.zh import label, narrow, roc_date


@dataclass(frozen=True)
class Reason:
    """One part of an answer: which rule and clause it goes by, and the steps in words."""

    title: str
    clause: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """All that can be said of one item or one person."""

    subject: str
    reasons: tuple[Reason, ...]


def why(asked: str, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> tuple[Explanation, ...]:
    """Answers for a 業務編號, an item's name, a person's name or 職員編號; empty when nothing fits."""
    if not label(asked):
        return ()
    if items := _items_called(asked, dataset):
        return tuple(
            _with_held(
                _of_item(item, dataset, outcomes, plan),
                _bearing_on_item(item, dataset),
                () if item.enrolled else (_NOT_ENROLLED,),
            )
            for item in items
        )
    return tuple(
        _with_held(_of_person(one, outcomes, plan), _bearing_on_person(one, dataset))
        for one in _people_called(asked, dataset)
    )


def _bearing_on_item(item: Item, dataset: Dataset) -> Iterator[HeldBack]:
    """What is held back that may bear on an item: of its unit, or of nobody's; of the contest only where
    the item was entered, unless nobody knows what it touches."""
    entered = any(entry.item == item.id for entry in dataset.entries)
    for held in dataset.held:
        elsewhere = held.form == CONTEST.key and bool(held.section) and not entered
        if held.unit in ("", item.unit) and held.of in ("", item.id) and not elsewhere:
            yield held


def _bearing_on_person(person: Person, dataset: Dataset) -> Iterator[HeldBack]:
    """What is held back that may bear on a person: in his own rows, in the entries, or nobody knows where."""
    own = {
        (at.file, at.sheet, at.row_order[0])
        for row in (*dataset.entry_people, *dataset.people)
        if _same(row, person)
        for at in (answer.at for answer in row.answers.values())
        if at
    }
    for held in dataset.held:
        at = held.at
        his = held.section != "people" or (at.file, at.sheet, at.row_order[0]) in own
        if held.unit in ("", person.unit) and held.touches("people", "entries") and his:
            yield held


_NOT_ENROLLED = "採用的參與業務調查表沒有本業務（C406）；成果照列，請洽單位補填調查表或確認不再參與"


def _with_held(
    answer: Explanation, held: Iterable[HeldBack], more: Iterable[str] = ()
) -> Explanation:
    """The answer, and before all what is held back that may bear on it, or must be corrected."""
    told = (*map(held_text, held), *more)
    return (
        replace(answer, reasons=(Reason(TO_CORRECT, "", told), *answer.reasons)) if told else answer
    )


def _items_called(asked: str, dataset: Dataset) -> list[Item]:
    """The item with that number; else those with these words in their name."""
    numbered = [one for one in dataset.items if narrow(one.id) == narrow(asked)]
    return numbered or [one for one in dataset.items if label(asked) in label(one.name)]


def _people_called(asked: str, dataset: Dataset) -> Iterable[Person]:
    """Who has that name or 職員編號: each once, as the row has him that matters most for a reward."""
    people = [*dataset.entry_people, *(p for p in dataset.people if p.proposed), *dataset.people]
    found: dict[tuple[str, str], Person] = {}
    for person in people:
        if _is_called(person, asked) or staff_id(person) == narrow(asked).upper() != "":
            found.setdefault((person.unit, alike(person.name)), person)
    return found.values()


def told(answers: Iterable[Explanation]) -> Iterator[str]:
    """The answers as lines."""
    for answer in answers:
        yield answer.subject
        for reason in answer.reasons:
            yield f"{reason.title}" + (f"（{reason.clause}）" if reason.clause else "")
            for step in reason.steps:
                yield from (f"　{line}" for line in step.splitlines())


# --- An item ------------------------------------------------------------------------------


def _of_item(item: Item, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> Explanation:
    score = next(one for one in outcomes.scoring.items if one.item == item.id)
    kinds = "、".join(part for part in (plan.unit_name(item.unit), item.category) if part)
    return Explanation(
        f"業務 {item.id} {item.name}（{kinds}）",
        (
            Reason("評分", score.cites, tuple(of_score(score, plan))),
            *_of_confirmation(item, outcomes),
            of_proposal(item, outcomes),
            _of_meetings(item, outcomes),
            Reason("敘獎", the.rewards, tuple(_of_entries(item, dataset, outcomes))),
        ),
    )


def of_score(score: ItemScore, plan: Plan) -> Iterator[str]:
    """How an item was scored: totals, gap, places."""
    yield from _of_total(score.self_total)
    for total in score.reviewers:
        yield from _of_total(total)
    yield from _of_total(score.review)
    yield from (one.text for one in score.recusals)
    if score.gap is not None:
        limit = f"{plan.options.score_gap:f}"
        beyond = f"超過 {limit} 分，已提醒" if score.gap_flagged else f"未超過 {limit} 分"
        yield f"自評與督導相差 {abs(score.gap)} 分，{beyond}"
    for where, rank in (("全署", score.rank_overall), ("同類別", score.rank_category)):
        if rank:
            tied = "（同分並列）" if rank.tied else ""
            yield f"{where}第 {rank.place} 名，共 {rank.of} 項{tied}"
    if score.rank_overall is None:
        yield "不列名次：自評未完整"


def _of_total(total: Total) -> Iterator[str]:
    yield f"{total.who}：{'未評' if total.value is None else f'{total.value} 分'}"
    yield from (f"　{step}" for step in total.steps)


def of_proposal(item: Item, outcomes: Outcomes) -> Reason:
    """Where the item stands in the proposal, next to the one before it, and what is above a proposal."""
    order = outcomes.recommendations
    if all(NOT_REPORTED in one.excluded for one in order):
        return Reason(PROPOSAL_RULE.title, the.proposal, ("尚無單位填報執行成果，還沒有提案順序",))
    mine = next(one for one in order if one.item == item.id)
    means = {score.item: score.review.value for score in outcomes.scoring.items}
    within = f"，{mine.category}類第 {mine.place_category} 名" if mine.place_category else ""
    steps = [f"提案第 {mine.place} 名，共 {len(order)} 項{within}：{_standing(mine, means)}"]
    if mine.excluded:
        steps.append(f"列於最後：{mine.excluded}")
    if mine.won:
        steps.append(f"曾於{mine.won}，是否受參獎限制請依當年評獎實施計畫確認")
    if before := [one for one in order if one.place < mine.place]:
        last = before[-1]
        steps.append(f"前一名是 {last.item} {last.name}：{_standing(last, means)}")
        steps.append("先比建議參獎的比率，相同再比自評總分，再比督導平均")
    if mine.decision:
        chosen = f"{mine.verdict}；" if mine.verdict else ""
        steps.append(f"會議決議優先於提案：{chosen}{mine.decision}")
    else:
        steps.append("提案不是決定，由督導小組會議確認")
    return Reason(PROPOSAL_RULE.title, mine.cites, tuple(steps))


def _standing(one: Recommendation, means: Mapping[str, Decimal | None]) -> str:
    """What an item's place goes by: voices, the unit's own total, the reviewers' mean."""
    voices = f"{one.recommended_by}／{one.reviewers} 位建議參獎" if one.reviewers else "尚無建議"
    own = "自評未評" if one.score is None else f"自評 {one.score}"
    mean = means.get(one.item)
    return f"{voices}、{own}、{'督導未評' if mean is None else f'督導平均 {mean}'}"


def _of_confirmation(item: Item, outcomes: Outcomes) -> Iterator[Reason]:
    """Whether the group has confirmed the item and its target, where it was to."""
    for one in outcomes.confirmations:
        if one.item == item.id:
            yield Reason(CONFIRMATION_RULE.title, one.cites, tuple(of_confirmation(one)))


def of_confirmation(one: Confirmation) -> Iterator[str]:
    """Where an item stands with the group, and what it confirmed."""
    day = f"（{roc_date(one.day)}）" if one.day else ""
    yield f"{one.meeting}會議{day}：{one.state}" if one.meeting else one.state
    if one.confirmed and one.confirmed != one.target:
        yield f"確認時的年度目標：{one.confirmed}"
        yield f"現在的年度目標：{one.target or '（無）'}"
    if one.note:
        yield one.note


def _of_meetings(item: Item, outcomes: Outcomes) -> Reason:
    """What meetings decided on the item."""
    motions = [
        (meeting, motion)
        for meeting in outcomes.meetings
        for motion in meeting.motions
        if motion.item == item.id
    ]
    if not motions:
        return Reason("督導小組會議", the.quorum, ("尚無會議就本業務作成決議",))
    return Reason("督導小組會議", motions[0][1].cites, tuple(starmap(of_motion, motions)))


def of_motion(meeting: MeetingOutcome, motion: MotionOutcome) -> str:
    """What a motion came to, and whether its meeting was valid."""
    day = f"（{roc_date(meeting.day)}）" if meeting.day else ""
    seats = f"應出席 {meeting.members} 人、出席 {meeting.present} 人、需 {meeting.needed} 人"
    quorate = "成會" if meeting.quorate else "不成會，決議不生效"
    if meeting.deputies:
        quorate += f"；代理出席 {'、'.join(meeting.deputies)}"
    chosen = f"{motion.verdict}；" if motion.verdict else ""
    result = (
        f"依{motion.basis}：{chosen}{motion.decision}"
        if motion.decision
        else f"未決（{motion.undecided}）"
    )
    parts = "".join(f"；{one.text}" for one in motion.recusals)
    return f"{meeting.no}{day}{seats}，{quorate}；案 {motion.no}：{result}{parts}"


def _of_entries(item: Item, dataset: Dataset, outcomes: Outcomes) -> Iterator[str]:
    entries = [entry for entry in dataset.entries if entry.item == item.id]
    for entry in entries:
        yield f"參選案 {entry.id} {entry.name}（{entry.term}）：{_stage(entry)}"
        for line in outcomes.rewards.lines:
            if entry.id in {claim.entry for claim in (line.claim, *line.absorbed)}:
                given = line.reward.name if line.reward else "待釐清"
                own = "" if line.claim.entry == entry.id else f"，以 {line.claim.entry} 核列"
                yield f"　{line.person.name}：{given}（{line.clause}{own}）"
    if not entries:
        yield "沒有由本業務參選的案；自評分數不產生獎勵"


def _stage(entry: Entry) -> str:
    """How far an entry got, as far as that is known."""
    return said(entry, "entries.stage") or "尚無參選結果"


# --- A person -----------------------------------------------------------------------------


def _of_person(person: Person, outcomes: Outcomes, plan: Plan) -> Explanation:
    rewards = outcomes.rewards
    number = f"，職員編號 {person.staff_id}" if person.staff_id else "，未填職員編號"
    reasons = [
        *(_of_line(line) for line in rewards.lines if _same(line.person, person)),
        *(_of_pending(one) for one in rewards.pending if _same(one.person, person)),
        *(_of_declined(one) for one in rewards.declined if _same(one.person, person)),
        *(_of_self(one) for one in rewards.proposals if _same(one.person, person)),
    ]
    if not reasons:
        steps = ("列於有功人員而未提獎勵建議，也不在參選結果的人員內；自評分數不產生獎勵",)
        reasons = [Reason("敘獎", "柒", steps)]
    return Explanation(f"{person.name}（{plan.unit_name(person.unit)}{number}）", tuple(reasons))


def _same(one: Person, other: Person) -> bool:
    """Whether two rows are of one person, as far as a name or a number in the same unit tells."""
    numbered = bool(staff_id(one)) and staff_id(one) == staff_id(other)
    return one.unit == other.unit and (numbered or alike(one.name) == alike(other.name))


def _is_called(person: Person, asked: str) -> bool:
    """Whether a row names somebody so, also as one of several or with words beside the name."""
    told = (person.name, *named(person.name).names)
    return alike(asked) in {alike(name) for name in told}


def _of_line(line: RewardLine) -> Reason:
    given = line.reward.name if line.reward and not line.blocked else "待釐清，尚未核列"
    steps = [f"{given}（{bound_text(line)}）", *line.claim.steps]
    if line.absorbed:
        steps.append("未採的權利：" + absorbed_text(line))
        steps += [f"　{claim_text(c)}：{step}" for c in line.absorbed for step in c.steps[-1:]]
    steps += line.notes
    return Reason(f"敘獎（參與{the.contest}）", line.clause, tuple(steps))


def _of_pending(one: Pending) -> Reason:
    return Reason("未列入名冊", the.rewards, (pending_text(one),))


def _of_declined(one: Declined) -> Reason:
    why = one.reason or "備註未填理由"
    return Reason(NO_REWARD, the.rewards, (f"填報決定不敘獎：{declined_text(one)}", f"理由：{why}"))


def _of_self(one: SelfProposal) -> Reason:
    given = one.reward.name if one.reward else one.person.proposed
    steps = [f"單位建議 {given}：{one.item} {one.item_name}；由單位提出，程式只列出，不計算"]
    if one.also_in_contest:
        steps.append("本人亦因參選案敘獎，請確認是否同一事由")
    return Reason(SELF_RULE.title, one.cites, tuple(steps))
