"""R4 rewards for the 政府服務獎 (柒、二) and R5 the units' own proposals (柒、一).

Amounts and ceilings are the plan's `entitlements`, never code. A row that names a person in an entry
becomes a `Claim`; one person's claims become one line at the highest (柒、二、(五)). What a person must
settle first leaves the line `blocked` and without a reward: it is shown, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from xltool.findings import Finding, finding
from xltool.forms import ASKED
from xltool.model import (
    NO_REWARD,
    Address,
    Answer,
    Bound,
    ContestStage,
    Dataset,
    Entry,
    Person,
    Role,
)
from xltool.plan import Entitlement, Plan, Reward
from xltool.rules.customs import reminders
from xltool.rules.held import to_correct
from xltool.rules.identity import Identities, Key, identify, row_order, same_person
from xltool.rules.outcomes import (
    Claim,
    Declined,
    Pending,
    RewardLine,
    Rewards,
    SelfProposal,
)
from xltool.rules.rule import Choice, Rule
from xltool.who import named
from xltool.wording import the
from xltool.zh import narrow

CIVIL_SERVANT = "公務人員"
MAJOR_NOTE = (
    "記大功須具列舉事由，經考績委員會初核、機關長官覆核及核定，"
    "不得先行發布（公務人員考績法施行細則 §13）"
)
LIKE_NOTE = "非公務人員考績法適用對象，比照辦理"
CEILING_NOTE = "未填建議獎勵，依最高額度列示"

RULE = Rule(
    key="R4",
    title="參與$contest敘獎",
    clauses=("won", "shortlisted", "entered", "coaching", "once"),
    module="rewards",
    settings=("entitlements", "ladder", "options.one_reward", "options.coach_always", "rewarded"),
    findings=(
        "R503", "R504", "R505", "R506", "R507", "R509", "R510", "R511", "R512", "R514", "R516",
        "R517", "R520", "R521", "R523", "R524", "R525", "R526", "R528", "R536", "P605",
    ),
    choices=(
        Choice("同一人有多個參選案時只敘獎一次；設為「否」時每案各一次", "options.one_reward"),
        Choice(
            "輔導有功不論參選結果；設為「否」時，參選案須已有參選結果才核列", "options.coach_always"
        ),
        Choice("「最高」者未填建議獎勵時，列示最高額度並註明"),
        Choice("「固定」者建議不同時，依固定額度並提醒"),
        Choice("建議獎勵填「不敘獎」「無」「－」者不核列，列於名冊的「不敘獎」並附備註的理由；空白不是「無」"),
        Choice(
            "同一參選案有兩位以上主要承辦人員時提醒，仍各依額度核列"
        ),
        Choice("缺職員編號者，與同單位同姓名（不計空格）且有職員編號的唯一一人視為同一人並提醒"),
        Choice("同名而無法判斷是否同一人者，各列一行並標示待釐清，兩行均不核列"),
        Choice("超過最高額度的建議，若本人另有更高的獎勵，該筆併入而不影響；否則整行待釐清"),
        Choice("名列參選結果而尚無可核列的權利者，不列名冊，另於「待釐清」具名並說明理由"),
        Choice("姓名一格填了多人（「甲、乙」「甲等三人」）者不核列，列為待釐清，須改為一人一列"),
        Choice("所填有錯誤的人員列為待釐清，更正後才核列，同案其他人不受影響；參選案的列有錯誤者，其人員均待釐清"),
        Choice("獎由下起、主辦協辦督辦有別、不平均分配：只提醒承辦人，不影響核列，也不告訴單位"),
        Choice("自評分數不產生獎勵：敘獎只看$contest的參選結果"),
    ),
)  # fmt: skip
SELF_RULE = Rule(
    key="R5",
    title="自行考核獎勵建議",
    clauses=("own_rewards",),
    module="rewards",
    settings=(),
    findings=("R508", "R523", "R524", "R525", "R526", "R527"),
    choices=(
        Choice("由各單位自行提出，程式只列出，不計算"),
        Choice("同一人也在$rewards敘獎者提醒；同一業務者特別註明"),
    ),
)


@dataclass(frozen=True)
class _Open:
    """A row whose claim cannot be made yet; it might be worth up to `potential`. `findings`: what is
    said of it at the row."""

    why: str
    potential: Reward | None
    findings: tuple[Finding, ...] = ()


def conclude_rewards(dataset: Dataset, plan: Plan) -> Rewards:
    """R4 and R5 for the year. The order of people and entries in the dataset never matters."""
    stages = _stages(dataset.entries)
    entries = {key: highest for key, (highest, *_) in stages.items()}
    named_rows = [row for row in dataset.entry_people if row.name]
    identities = identify(named_rows)
    told: list[RewardLine | Pending] = [
        Pending(row, (to_correct(row),), _most(plan, row.role, None))
        for row in dataset.entry_people
        if not row.name
    ]
    of_rows: list[Finding] = []
    declined: list[Declined] = []
    for key, rows in identities.rows.items():
        for row in (row for row in rows if row.proposed == NO_REWARD):
            declined.append(_declined(row, entries, plan))
            of_rows += _of_declined(declined[-1])
        for group in _groups([row for row in rows if row.proposed != NO_REWARD], plan):
            outcomes = [_claim(row, entries, plan) for row in group]
            of_rows += chain.from_iterable(map(_of_row, outcomes))
            told.append(_line(group, outcomes, plan, doubt=key in identities.doubtful, of=rows))
    proposals, also_in_contest = _proposals(dataset, plan, entries)
    found = (
        *_of_stages(stages),
        *identities.findings,
        *_main_handlers(identities, entries),
        *of_rows,
        *chain.from_iterable(map(_of_terms, told)),
        *also_in_contest,
        *_grounds(told, proposals),
        *_twice(proposals),
        *reminders((one for one in told if isinstance(one, RewardLine)), proposals),
    )
    units = {unit.code: number for number, unit in enumerate(plan.units)}

    def order(one: RewardLine | Pending) -> tuple[object, ...]:
        """By unit, from the highest reward; whoever has none last."""
        reward = one.reward if isinstance(one, RewardLine) else None
        return (
            units.get(one.person.unit, len(units)),
            -reward.rank if reward else 0,
            row_order(one.person),
        )

    told.sort(key=order)
    return Rewards(
        lines=tuple(one for one in told if isinstance(one, RewardLine)),
        proposals=proposals,
        findings=tuple(sorted(found, key=lambda f: (f.at, f.code, f.value, f.message))),
        pending=tuple(one for one in told if isinstance(one, Pending)),
        declined=tuple(declined),
    )


# --- Entries ------------------------------------------------------------------------------


_Key = tuple[str, str]
"""What tells an entry: its code and its 屆."""


def _stages(rows: Iterable[Entry]) -> dict[_Key, list[Entry]]:
    """The rows of each entry, the highest stage first; that one counts."""
    stages: dict[_Key, list[Entry]] = defaultdict(list)
    for row in rows:
        stages[_code(row.id), _code(row.term)].append(row)
    for same in stages.values():
        same.sort(
            key=lambda e: (-(e.stage.rank if e.stage else -1), e.name, e.term, e.unit, e.item)
        )
    return dict(sorted(stages.items()))


def _of_stages(stages: Mapping[_Key, Sequence[Entry]]) -> Iterator[Finding]:
    """Entries without a result, and those listed more than once."""
    for same in stages.values():
        highest = same[0]
        at = min((e.at for e in same if e.at), default=Address(""))
        if highest.stage is None and not highest.faults:
            yield finding("R514", at, highest.id)
        elif len(same) > 1:
            yield finding("R512", at, highest.id, stage=highest.stage)


def _code(entry: str) -> str:
    return narrow(entry).upper()


def _entry(row: Person, entries: Mapping[_Key, Entry]) -> Entry | None:
    """The entry that a row names; without its 屆, where the code is that of one entry alone."""
    named = _named_by(row, entries)
    return named[0] if len(named) == 1 else None


def _named_by(row: Person, entries: Mapping[_Key, Entry]) -> Sequence[Entry]:
    """The entries that a row may mean: those of its code, of its 屆 where it says one."""
    code, term = _code(row.entry), _code(row.term)
    return [one for (of, of_term), one in entries.items() if of == code and term in ("", of_term)]


def _main_handlers(identities: Identities, entries: Mapping[_Key, Entry]) -> Iterator[Finding]:
    """Entries with more than one 主要承辦人員."""
    mains: dict[_Key, set[Key]] = defaultdict(set)
    for key, rows in identities.rows.items():
        for row in rows:
            entry = _entry(row, entries)
            if row.role is Role.MAIN and entry is not None:
                mains[_code(entry.id), _code(entry.term)].add(key)
    for of, keys in mains.items():
        if len(keys) > 1:
            entry = entries[of]
            yield finding("R504", entry.at or Address(""), entry.id, count=len(keys))


# --- One person -----------------------------------------------------------------------------


def _groups(rows: Sequence[Person], plan: Plan) -> Iterable[Sequence[Person]]:
    """The rows that give one line: all of a person's, or those of each entry."""
    if plan.options.one_reward:
        return [rows] if rows else []
    by_entry: dict[_Key, list[Person]] = defaultdict(list)
    for row in rows:
        by_entry[_code(row.entry), _code(row.term)].append(row)
    return [by_entry[of] for of in sorted(by_entry)]


def _line(
    rows: Sequence[Person],
    outcomes: Sequence[Claim | _Open],
    plan: Plan,
    *,
    doubt: bool,
    of: Sequence[Person],
) -> RewardLine | Pending:
    """One person's line, or why there is none when no row of his is worth anything yet. `outcomes`:
    what became of the `rows`; `doubt`: he may be the same person as another; `of`: all his rows, one of
    which may tell his number."""
    claims = sorted(
        (one for one in outcomes if isinstance(one, Claim)), key=lambda c: _preference(c, plan)
    )
    unclaimed = [one for one in outcomes if isinstance(one, _Open)]
    if not claims:
        most = max((one.potential for one in unclaimed if one.potential), default=None)
        return Pending(rows[0], tuple(dict.fromkeys(one.why for one in unclaimed)), most)
    best = claims[0]
    unsettled = _unsettled(claims, unclaimed)
    if unsettled:
        # The claim that might be worth most is the one to settle.
        best = min(
            claims, key=lambda c: (-_worth(c).rank, c.granted is not None, _preference(c, plan))
        )
    blocked = doubt or bool(unsettled)
    number = next((row.answer("people.staff_id") for row in of if row.staff_id), Answer())
    person = best.person.saying({"people.staff_id": number})
    reward = None if blocked else best.granted
    line = RewardLine(
        person=person,
        claim=best,
        reward=reward,
        clause=best.entitlement.clause,
        absorbed=tuple(claim for claim in claims if claim is not best),
        major=reward is not None and reward.is_major,
        like=person.staff_kind not in ("", CIVIL_SERVANT),
        blocked=blocked,
        notes=(),
        at=best.person.at,
    )
    to_settle = ["是否與他人為同一人"] if doubt else []
    to_settle += [one.why for one in unsettled]
    return replace(line, notes=(*(f"待釐清：{why}" for why in to_settle), *_notes(line)))


def _grounds(
    told: Iterable[RewardLine | Pending], proposals: Iterable[SelfProposal]
) -> Iterator[Finding]:
    """Who is to have 記大功 for no ground that is stated (施行細則 §13)."""
    field = ASKED["people.ground"].field.label
    major = [one.person for one in told if isinstance(one, RewardLine) and one.major]
    major += [one.person for one in proposals if one.reward and one.reward.is_major]
    for person in major:
        if not person.ground:
            at = person.where("people.ground", "people.proposed", "people.name")
            yield finding("R526", at, name=person.name, field=field)


def _twice(proposals: Sequence[SelfProposal]) -> Iterator[Finding]:
    """Whom his unit proposes more than once."""
    before: list[list[SelfProposal]] = []
    for one in proposals:
        own = next((own for own in before if same_person(own[0].person, one.person)), None)
        if own is None:
            before.append([one])
        else:
            own.append(one)
    for own in before:
        if len(own) > 1:
            at, name = own[-1].person.where("people.name"), own[0].person.name
            where = "、".join(dict.fromkeys(f"{each.item} {each.item_name}" for each in own))
            yield finding("R527", at, where, name=name, count=len(own))


def _of_terms(line: RewardLine | Pending) -> Iterator[Finding]:
    """That one contest's reward takes in another's: (五) may not have meant that."""
    if not isinstance(line, RewardLine) or line.blocked:
        return
    term = line.claim.term
    others = dict.fromkeys(one.term for one in line.absorbed if _code(one.term) != _code(term))
    if others:
        at = line.person.where("people.name")
        yield finding("R521", at, line.person.name, term=term, others="、".join(others))


def _unsettled(claims: Sequence[Claim], unclaimed: Iterable[_Open]) -> list[_Open]:
    """What must be settled before a person's reward is known: whatever might be worth more than the
    best of his `claims`, which come best first; everything, while that one gives nothing."""
    granted = claims[0].granted
    refused = (
        _Open(claim.steps[-1], claim.entitlement.reward) for claim in claims if not claim.granted
    )
    return [
        one for one in (*unclaimed, *refused)
        if granted is None or (one.potential is not None and one.potential > granted)
    ]  # fmt: skip


def _notes(line: RewardLine) -> Iterator[str]:
    """What the roster remarks on a line beside what must be settled."""
    claim = line.claim
    if line.absorbed and not line.blocked:
        yield f"依{the.once}以最高額度敘獎，已併入 {len(line.absorbed)} 項，不重複敘獎"
    if line.reward and claim.proposed is None and claim.entitlement.bound is Bound.CEILING:
        yield CEILING_NOTE
    if line.major:
        yield MAJOR_NOTE
    if line.like:
        yield LIKE_NOTE


def _worth(claim: Claim) -> Reward:
    """What a claim gives, or could give once settled."""
    return claim.granted or claim.entitlement.reward


def _preference(claim: Claim, plan: Plan) -> tuple[object, ...]:
    """Claims from the best: highest first, then in the plan's order of clauses, then by entry."""
    granted = claim.granted.rank if claim.granted else 0
    return (
        -granted,
        -claim.entitlement.reward.rank,
        plan.entitlements.index(claim.entitlement),
        claim.entry,
        row_order(claim.person),
    )


# --- One row ------------------------------------------------------------------------------


def _claim(row: Person, entries: Mapping[_Key, Entry], plan: Plan) -> Claim | _Open:
    role, several, entry = row.role, _named_by(row, entries), _entry(row, entries)
    most = _most(plan, role, None if entry is None or entry.faults else entry.stage)
    if row.faults:
        return _Open(to_correct(row), most)
    if named(row.name).nobody:
        return _Open("姓名未確定，須填實際姓名", most)
    if named(row.name).several:
        return _Open("姓名一格填了多人，須一人一列", most)
    if len(several) > 1:
        terms, at = "、".join(one.term for one in several), row.where("people.term", "people.entry")
        strange = finding("R536", at, row.entry, name=row.name, terms=terms)
        return _Open(f"參選編號「{row.entry}」有{terms}，須填屆別", most, (strange,))
    if entry is None:
        at = row.where("people.entry", "people.item")
        strange = finding("R510", at, row.entry, name=row.name)
        return _Open(f"參選編號「{row.entry}」不在參選結果內", most, (strange,))
    if entry.faults:
        return _Open(f"參選案「{entry.id}」{to_correct(entry)}", most)
    rights = _rights(plan, role, entry.stage)
    if not rights and entry.stage is None:
        return _Open(f"參選案「{entry.id}」尚無參選結果", most)
    if not rights:
        shown, at = role or "（未填角色）", row.where("people.role")
        strange = finding("R516", at, row.name, role=shown, stage=entry.stage)
        return _Open(f"敘獎原則沒有「{shown}」的額度", most, (strange,))
    proposed = plan.reward(narrow(row.proposed)) if row.proposed else None
    unknown = bool(row.proposed) and proposed is None
    right, granted = _best(rights, proposed, unknown=unknown)
    return Claim(
        person=row,
        entry=entry.id,
        entry_name=entry.name,
        term=entry.term,
        stage=entry.stage,
        entitlement=right,
        proposed=proposed,
        granted=granted,
        steps=_steps(row, entry, right, proposed, granted),
    )


def _declined(row: Person, entries: Mapping[_Key, Entry], plan: Plan) -> Declined:
    """A row that is not to be rewarded, and what it gives up."""
    entry = _entry(row, entries)
    rights = _rights(plan, row.role, entry.stage) if entry else []
    worth = max(rights, key=lambda right: right.reward.rank, default=None)
    return Declined(row, row.entry, entry.name if entry else "", worth, row.note)


def _of_declined(one: Declined) -> Iterator[Finding]:
    """That a fixed amount is given up."""
    if one.worth is not None and one.worth.bound is Bound.FIXED and not one.reason:
        at, worth = one.person.where("people.proposed"), one.worth
        words = {"name": one.person.name, "clause": worth.clause, "fixed": worth.reward.name}
        yield finding("R520", at, one.person.proposed, **words)


def _of_row(outcome: Claim | _Open) -> Iterator[Finding]:
    """What is said of a row: why it gives no claim, or that its proposal is not what it is worth."""
    if isinstance(outcome, _Open):
        yield from outcome.findings
        return
    row, right, proposed = outcome.person, outcome.entitlement, outcome.proposed
    at = row.where("people.proposed")
    words = {"name": row.name, "clause": right.clause}
    if row.proposed and proposed is None:
        yield finding("P605", at, row.proposed)
    elif outcome.granted is None:
        yield finding("R503", at, row.proposed, ceiling=right.reward.name, **words)
    elif right.bound is Bound.FIXED and proposed not in (None, right.reward):
        yield finding("R509", at, row.proposed, fixed=right.reward.name, **words)


def _rights(plan: Plan, role: Role | None, stage: ContestStage | None) -> list[Entitlement]:
    """The cells of the table that a role in an entry of that stage falls under."""
    rewarded = {right.stage for right in plan.entitlements if right.stage is not None}
    whatever = plan.options.coach_always or stage in rewarded
    return [
        right
        for right in plan.entitlements
        if right.role is role and (whatever if right.stage is None else right.stage is stage)
    ]


def _best(
    rights: Sequence[Entitlement], proposed: Reward | None, *, unknown: bool
) -> tuple[Entitlement, Reward | None]:
    """The right that gives most under the proposal, and what it gives (None: none allows it)."""
    given = [(right, None if unknown else _given(right, proposed)) for right in rights]
    return max(given, key=lambda pair: (pair[1].rank if pair[1] else 0, pair[0].reward.rank))


def _given(right: Entitlement, proposed: Reward | None) -> Reward | None:
    if right.bound is Bound.FIXED or proposed is None:
        return right.reward
    return None if proposed > right.reward else proposed


def _most(plan: Plan, role: Role | None, stage: ContestStage | None) -> Reward | None:
    """The most that a role could be given, in an entry of that stage where it is known; the ladder's top
    for a role not known."""
    rewards = [
        right.reward
        for right in plan.entitlements
        if right.role is role and (stage is None or right.stage in (None, stage))
    ]
    return max(rewards, default=max(plan.ladder, default=None))


def _steps(
    row: Person, entry: Entry, right: Entitlement, proposed: Reward | None, granted: Reward | None
) -> tuple[str, ...]:
    result = f"參選結果：{entry.stage}" if entry.stage else "尚無參選結果"
    scope = "（不論參選結果）" if right.stage is None else ""
    amount = f"{right.bound} {right.reward.name}"
    if row.proposed and proposed is None:
        last = f"建議「{row.proposed}」不在獎度表內，須先更正"
    elif granted is None:
        last = f"建議 {row.proposed} 高於最高 {right.reward.name}（{right.clause}），須先更正"
    elif right.bound is Bound.FIXED:
        differs = proposed is not None and proposed != granted
        refused = f"（建議 {row.proposed} 不採）" if differs else ""
        last = f"固定額度，核列 {granted.name}{refused}"
    elif proposed is None:
        last = f"未填建議獎勵，依最高額度核列 {granted.name}"
    else:
        why = f"（理由：{row.note}）" if row.note and proposed < right.reward else ""
        last = f"建議 {proposed.name} 未逾最高 {right.reward.name}，依建議核列{why}"
    return (
        f"參選案 {entry.id}「{entry.name}」（{entry.term}），{result}",
        f"角色：{right.role}{scope}，依{right.clause}：{amount}",
        last,
    )


# --- R5 -------------------------------------------------------------------------------------


def _proposals(
    dataset: Dataset, plan: Plan, entries: Mapping[_Key, Entry]
) -> tuple[tuple[SelfProposal, ...], tuple[Finding, ...]]:
    """R5 for the year, and who of these is named in a 政府服務獎 entry too."""
    proposals, found = [], []
    proposed = (
        one for one in dataset.people if one.proposed not in ("", NO_REWARD) and not one.faults
    )
    for person in sorted(proposed, key=row_order):
        rows = [row for row in dataset.entry_people if same_person(person, row)]
        if rows:
            found.append(_also_in_contest(person, rows, entries))
        item = dataset.item(person.entry)
        proposals.append(
            SelfProposal(
                person=person,
                item=person.entry,
                item_name=item.name if item else "",
                reward=plan.reward(narrow(person.proposed)),
                cites=the.own_rewards,
                also_in_contest=bool(rows),
            )
        )
    return tuple(proposals), tuple(found)


def _also_in_contest(
    person: Person, rows: Iterable[Person], entries: Mapping[_Key, Entry]
) -> Finding:
    """That a unit proposes someone who is named in entries too, by these `rows` of theirs."""
    where = sorted(
        f"參選案 {row.entry}" + ("，同一業務" if _same_item(person, row, entries) else "")
        for row in rows
    )
    return finding(
        "R508",
        person.where("people.proposed"),
        f"{person.entry}；{'、'.join(dict.fromkeys(where))}",
        name=person.name,
    )


def _same_item(person: Person, row: Person, entries: Mapping[_Key, Entry]) -> bool:
    entry = _entry(row, entries)
    return bool(entry and entry.item and entry.item == person.entry)
