"""What the rules conclude. Every outcome cites its clause and shows its steps, so that tracker,
roster and Annex 3 print 「依柒、二、(二)」 from data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xltool.findings import Finding
from xltool.model import Address, Category, Confirmed, ContestStage, Person, Purpose, Verdict
from xltool.plan import Entitlement, Reward


@dataclass(frozen=True)
class Rank:
    """A place in a ranking: ties share it (1, 1, 3) and say so. `of` is how many were ranked."""

    place: int
    tied: bool
    of: int


@dataclass(frozen=True)
class Total:
    """A weighted total (R1), 2 places, rounded half up once; None when a score is missing.

    `missing` names the criteria without a score; `steps` shows the arithmetic for a person.
    `who` is 自評, a reviewer's name, or 督導平均.
    """

    who: str
    value: Decimal | None
    missing: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Recusal:
    """迴避: `who` has that `part` in an item (empty where only he says so); `declared`: it is marked, and
    what he says of the item in his opinion does not count. `present`: it is of who sat at a meeting."""

    who: str
    part: str
    declared: bool
    present: bool = False

    @property
    def text(self) -> str:
        """For a person."""
        part = f"（{self.part}）" if self.part else ""
        marked = "於會議迴避" if self.present else "已迴避，不列計"
        return f"{self.who}{part}{marked if self.declared else '未註明迴避，請確認'}"


@dataclass(frozen=True)
class ItemScore:
    """R1 for one item: self and review side by side, and where the item ranks by self-score.

    `review` is the mean of the reviewers' complete totals; `gap` = self − review. The rankings are
    None for an item that is 未評.
    """

    item: str
    unit: str
    name: str
    category: Category | None
    self_total: Total
    reviewers: tuple[Total, ...]
    review: Total
    gap: Decimal | None
    gap_flagged: bool
    rank_overall: Rank | None
    rank_category: Rank | None
    cites: str
    recusals: tuple[Recusal, ...] = ()


@dataclass(frozen=True)
class Scoring:
    """R1 for the year. `items` in 業務編號 order."""

    items: tuple[ItemScore, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Recommendation:
    """R2: an item's place in the proposal for entering the 政府服務獎, best first, and within its
    category (None while that is not known).

    `recommended_by` of `reviewers` recommended it. `decision` is what a meeting resolved on it
    (empty when none did), `verdict` what it chose: they stand over the proposal. `excluded` is the
    reason, when excluded; `won` says in which contests the item won before.
    """

    item: str
    unit: str
    name: str
    category: Category | None
    place: int
    place_category: int | None
    score: Decimal | None
    recommended_by: int
    reviewers: int
    decision: str
    excluded: str
    cites: str
    won: str = ""
    verdict: Verdict | None = None
    recusals: tuple[Recusal, ...] = ()


@dataclass(frozen=True)
class MotionOutcome:
    """R3 for one motion. `basis` is 共識, 召集人裁示, or empty when neither; then `undecided` is why.
    `verdict` is what was chosen of entering the item, once it is decided."""

    no: str
    subject: str
    item: str
    decision: str
    basis: str
    cites: str
    undecided: str = ""
    verdict: Verdict | None = None
    recusals: tuple[Recusal, ...] = ()
    purpose: Purpose | None = None


@dataclass(frozen=True)
class Confirmation:
    """R9 for one item: where it stands with the group (附件2、三、(一)). `target` is the unit's as it is
    now, `confirmed` the one that the minutes of `meeting` list; empty where none does. `holds`: the group confirmed the item, with that target; `settled`: nothing of it is left to decide."""

    item: str
    unit: str
    name: str
    target: str
    state: str
    cites: str
    meeting: str = ""
    day: date | None = None
    confirmed: str = ""
    decision: Confirmed | None = None
    note: str = ""
    holds: bool = False
    settled: bool = False


@dataclass(frozen=True)
class MeetingOutcome:
    """R3 for one meeting. `needed` is more than half of `members`; `deputies` are those who came for a
    member, with whom for; `steps` how `present` and `needed` came about. `uncertain`: whether so many
    came cannot be told until what was filled is corrected; it is not `quorate` then."""

    no: str
    day: date | None
    members: int
    present: int
    needed: int
    quorate: bool
    absent: tuple[str, ...]
    motions: tuple[MotionOutcome, ...]
    cites: str
    uncertain: bool = False
    deputies: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One entitlement of one person: role in an entry at its highest stage, and what it is worth.

    `proposed` is the proposal as filled (None: none). `granted` is what the claim gives: the fixed
    amount; for a ceiling the proposal, else the ceiling itself. None when the proposal is above the
    ceiling and a person must settle it first.
    """

    person: Person
    entry: str
    entry_name: str
    term: str
    stage: ContestStage | None
    entitlement: Entitlement
    proposed: Reward | None
    granted: Reward | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class RewardLine:
    """R4: one line of the roster, one person. `absorbed` are the claims taken in by (五) (已併入).

    `blocked`: a finding must be settled before the line may be filed. `major`: 記大功, full route.
    `like`: the person is outside 考績法 (「比照」).
    """

    person: Person
    claim: Claim
    reward: Reward | None
    clause: str
    absorbed: tuple[Claim, ...]
    major: bool
    like: bool
    blocked: bool
    notes: tuple[str, ...]
    at: Address | None = None


@dataclass(frozen=True)
class Pending:
    """A person named for a reward of whom no row gives one yet: on no line of the roster, and listed
    with the reasons. `potential` is the most that might come of it."""

    person: Person
    reasons: tuple[str, ...]
    potential: Reward | None


@dataclass(frozen=True)
class Declined:
    """A row that says 不敘獎: a decision, not a question. `worth` is what the role in that entry would
    give (None while that is not known), `reason` what the row's 備註 says."""

    person: Person
    entry: str
    entry_name: str
    worth: Entitlement | None
    reason: str


@dataclass(frozen=True)
class SelfProposal:
    """R5: a reward that a unit itself proposes on its self-assessment (柒、一), listed, not computed."""

    person: Person
    item: str
    item_name: str
    reward: Reward | None
    cites: str
    also_in_contest: bool


@dataclass(frozen=True)
class Rewards:
    """R4 and R5 for the year: the roster's lines, the units' own proposals, what to settle, who is on
    no line yet, and what is not to be rewarded."""

    lines: tuple[RewardLine, ...]
    proposals: tuple[SelfProposal, ...]
    findings: tuple[Finding, ...]
    pending: tuple[Pending, ...] = ()
    declined: tuple[Declined, ...] = ()


@dataclass(frozen=True)
class Outcomes:
    """All that the rules conclude of one year."""

    scoring: Scoring
    recommendations: tuple[Recommendation, ...]
    meetings: tuple[MeetingOutcome, ...]
    rewards: Rewards
    findings: tuple[Finding, ...]
    confirmations: tuple[Confirmation, ...] = ()
