"""敘獎建議名冊: what the personnel office processes, and what must be settled before.

Printed are the personnel office's columns and who signs; entry, 屆, result, role and what the coordinator
notes of each line (核定, 發布, 確認) stand to the right of what is printed. National ID numbers are never
collected; the personnel office adds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.columns import Row, Type, asked, derived
from xltool.forms import CONTEST, REPORT, UNIT_FORMS
from xltool.model import NO_REWARD, ContestStage, Dataset, FilingState, HeldBack
from xltool.outputs.celltext import cell_text, lines, one_line
from xltool.outputs.held import TO_CORRECT, by_file, held_text, nothing_but, said
from xltool.outputs.lists.roster_marks import GONE, KNOWN_BY, MARKS, SHEET, Marked, key_of
from xltool.outputs.reward_words import (
    UNSETTLED,
    absorbed_text,
    bound_text,
    claim_text,
    declined_text,
    pending_text,
)
from xltool.outputs.shown import Shown, part
from xltool.outputs.style import A4, FONT, Colour, Looks, new_book, row_height
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes, RewardLine, Rewards, SelfProposal
from xltool.rules.rewards import CIVIL_SERVANT, LIKE_NOTE, MAJOR_NOTE, SELF_RULE
from xltool.wording import the
from xltool.zh import roc_long

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

DEED_LIMIT = 100
"""Characters of 具體事蹟 that the personnel office's system takes."""

_FOR_HR = "含個人資料，限人事作業使用，不得公開"
_SIGNERS = (("承辦人", 0, 2), ("單位主管", 3, 5), ("人事單位", 6, 7), ("機關首長", 8, 9))
"""Who signs, and the columns that each has for it."""

_UNIT = asked("people.unit").label
_BOUND = asked("entitlements.bound").label
_CLAUSE = asked("entitlements.clause").label
_DEED = asked("people.deed").label
_NOTE = asked("people.note").label
_POINTS = asked("ladder.points").label


@dataclass(frozen=True)
class Issue:
    """Which roster it is: its `number` from 1, the day it was made (as shown), the fingerprint of the
    `settings` that bear on it, and the returns it was made of. `differing`: what of the settings is not as
    the plan or the law has it. The first one of nothing, by default."""

    number: int = 1
    day: str = ""
    fingerprint: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[Mapping[str, str]] = ()
    differing: Sequence[str] = ()


def write_roster(
    path: Path,
    outcomes: Outcomes,
    dataset: Dataset,
    plan: Plan,
    *,
    day: date | None,
    issue: Issue = Issue(),
    marks: Sequence[Marked] = (),
) -> None:
    """Write the roster of R4 (柒、二) with totals, what to settle, and the units' proposals (柒、一).

    `day` is 提報日期; None leaves it to be filled by hand. `marks`: what was written beside the lines of
    the one before. Whom somebody must decide on first is in no list but under 待釐清. The result
    depends on the arguments alone. Raises OSError.
    """
    rewards = outcomes.rewards
    listed_lines = replace(rewards, lines=tuple(filter(_is_settled, rewards.lines)))
    with new_book(path, _title(plan), plan.year, plan.agency) as book:
        writer = _Writer(book, plan, issue)
        waiting = bool(rewards.pending) or len(listed_lines.lines) < len(rewards.lines)
        nobody = f"（均{UNSETTLED}，見「{UNSETTLED}」工作表）" if waiting else "（無敘獎人員）"
        listed = _roster(writer, listed_lines, dataset, day, marks, nobody)
        _totals(writer, listed_lines, listed)
        _unsettled(writer, rewards, dataset)
        _not_rewarded(writer, rewards)
        _proposals(writer, rewards, dataset)
        _gone(writer, listed_lines, marks)
        _made_of(writer)


def _title(plan: Plan) -> str:
    return f"{plan.year}年度敘獎建議名冊"


# --- 名冊 --------------------------------------------------------------------------------------


def _roster(
    w: _Writer,
    rewards: Rewards,
    dataset: Dataset,
    day: date | None,
    marks: Sequence[Marked],
    nobody: str,
) -> _Lines:
    """名冊: why, on what basis, and a line for each person; then room for who signs. What is not printed
    stands to the right. `nobody`: what stands there when no line does."""
    printed = _line_columns(w.plan)
    columns = (*printed, *_own_columns(w.plan, marks))
    facts = _facts(w, rewards, dataset, day)
    head = 2 + len(facts) + 1
    sheet = w.sheet(SHEET, _headings(columns), head, Colour.FAULT_INK)
    _head(w, sheet, facts, printed)
    rows = [(line, line.person, number) for number, line in enumerate(rewards.lines, 1)]
    end = w.rows(sheet, head, columns, rows, nothing_but(_held(dataset), nobody), len(printed))
    if rows:
        sheet.autofilter(head, 0, end, len(columns) - 1)
    w.text(sheet, head - 1, len(printed), _BESIDE, w.quiet)
    foot = end + 1
    if any(line.major for line in rewards.lines):
        w.merged(sheet, foot, 0, len(printed) - 1, f"註：{MAJOR_NOTE}", w.wrapped)
        foot += 1
    _sign_off(w, sheet, foot + 1)
    sheet.print_area(0, 0, foot + 2, len(printed) - 1)
    return _Lines(tuple(column.column.name for column in columns), head + 1, end)


def _held(dataset: Dataset) -> list[HeldBack]:
    """What is held back of the 參選結果表 that bears on rewards."""
    return [one for one in dataset.held_back(CONTEST.key) if one.touches("entries", "people")]


def _head(
    w: _Writer, sheet: Worksheet, facts: Iterable[tuple[str, str]], columns: Sequence[Shown]
) -> None:
    """Title, whom the list is for, and the facts: each one's name, and the rest of the width for it."""
    last = len(columns) - 1
    w.merged(sheet, 0, 0, last, f"{w.plan.agency}{_title(w.plan)}", w.heading)
    sheet.set_row(0, 28)
    w.text(sheet, 1, 0, _FOR_HR, w.warning)
    room = sum(column.width for column in columns[2:])
    for at, (label, text) in enumerate(facts, 2):
        w.text(sheet, at, 0, label, w.bold)
        w.merged(sheet, at, 2, last, text, w.wrapped)
        sheet.set_row(at, row_height(lines(text, room), 4))


def _line_columns(plan: Plan) -> tuple[Shown, ...]:
    """名冊 as the personnel office expects it. A row is a line, its person and its number."""

    def unit(line: RewardLine, *_: object) -> str:
        return plan.unit_name(line.person.unit)

    return (
        Shown(derived("number", "項次", _last, type=Type.COUNT), 6, centred=True),
        Shown(derived("unit", _UNIT, unit), 23),
        Shown(asked("people.name"), 9, centred=True),
        Shown(asked("people.title"), 11),
        Shown(asked("people.staff_kind"), 13, centred=True),
        Shown(asked("people.grade"), 15),
        Shown(derived("reward", "獎懲種類", _reward), 13, centred=True),
        Shown(derived("clause", _CLAUSE, _clause), 15, centred=True),
        Shown(derived("deed", _DEED, _deed, "people.deed"), 42),
        Shown(derived("note", _NOTE, _notes), 27),
    )


_BESIDE = "以下各欄不列印；最右三欄由承辦人填寫，重新產出時保留"


def _own_columns(plan: Plan, marks: Sequence[Marked]) -> tuple[Shown, ...]:
    """What stands beside a line and is not printed: its number, entry and role, how it came about, and
    what the coordinator has written there."""

    def mark(at: int) -> Callable[..., str]:
        def written(line: RewardLine, *_: object) -> str:
            key = key_of(line, plan.unit_name(line.person.unit))
            return next((one.marks[at] for one in marks if one.is_of(key)), "")

        return written

    def story(line: RewardLine, *_: object) -> str:
        return "；".join(_story(line, plan))

    return (
        Shown(asked("people.staff_id"), 11, centred=True),
        Shown(derived("bound", _BOUND, _bound), 13, centred=True),
        Shown(derived("entry", KNOWN_BY[3], _entry), 10, centred=True),
        Shown(derived("term", KNOWN_BY[4], _term), 9, centred=True),
        Shown(derived("stage", asked("entries.stage").label, _stage), 14, centred=True),
        Shown(derived("role", asked("people.role").label, _role), 15, centred=True),
        *(
            Shown(derived(f"mark{at}", heading, mark(at)), 16, centred=True)
            for at, heading in enumerate(MARKS)
        ),
        Shown(derived("story", "核列經過", story), 60),
    )


def _entry(line: RewardLine, *_: object) -> str:
    return line.claim.entry


def _term(line: RewardLine, *_: object) -> str:
    return line.claim.term


def _stage(line: RewardLine, *_: object) -> str:
    return str(line.claim.stage or "")


def _role(line: RewardLine, *_: object) -> str:
    return str(line.claim.entitlement.role)


def _last(*row: object) -> object:
    return row[-1]


def _reward(line: RewardLine, *_: object) -> str:
    return _given(line)


def _bound(line: RewardLine, *_: object) -> str:
    return bound_text(line)


def _clause(line: RewardLine, *_: object) -> str:
    return line.clause


def _deed(one: RewardLine | SelfProposal, *_: object) -> str:
    return one_line(one.person.deed)


def _given(line: RewardLine) -> str:
    """The reward of a line."""
    return line.reward.name if line.reward else ""


def _is_settled(line: RewardLine) -> bool:
    return not line.blocked and line.reward is not None


def _notes(line: RewardLine, *_: object) -> str:
    """備註 of a line, as the personnel office needs it: what it took in, which route it takes, for whom
    it is 比照; or that it is not settled."""
    if not _is_settled(line):
        return "待釐清，見「待釐清」工作表"
    entries = "、".join(f"{one.entitlement.clause} {one.entry}" for one in line.absorbed)
    taken = f"已併入 {entries}" if entries else ""
    routes = [_ROUTES[one] for one in line.notes if one in _ROUTES]
    return "\n".join(filter(None, (taken, *routes)))


_ROUTES = {MAJOR_NOTE: "記大功（見註）", LIKE_NOTE: "比照"}
"""What 備註 says of a line's route; the whole stands below the table."""


def _story(line: RewardLine, plan: Plan) -> Iterator[str]:
    """How a line came about, and what is left to do; for the coordinator."""
    yield from line.notes
    if line.major:
        yield f"{asked('people.ground').label}：{line.person.ground or '未填'}"
    for other in line.absorbed:
        yield f"{'已併入' if _is_settled(line) else '另有'} {claim_text(other)}"
    yield f"{the.contest}{line.claim.term}（計畫年度 {plan.year} 年）{line.claim.entry_name}"
    if line.person.note:
        yield f"填報備註：{line.person.note}"
    deed = one_line(line.person.deed)
    if not deed:
        yield "具體事蹟未填，請補填"
    elif len(deed) > DEED_LIMIT:
        yield f"具體事蹟 {len(deed)} 字，請精簡到 {DEED_LIMIT} 字以內"


def _facts(
    w: _Writer, rewards: Rewards, dataset: Dataset, day: date | None
) -> tuple[tuple[str, str], ...]:
    """What stands above 名冊: each fact and its name."""
    plan = w.plan
    made = f"（{w.issue.day} 產生）" if w.issue.day else ""
    return (
        ("名冊編號", f"{plan.year} 年度第 {w.issue.number} 號{made}"),
        ("提報單位", plan.unit_name(plan.contact_unit)),
        ("提報日期", roc_long(day) if day else "　　　年　　月　　日"),
        ("敘獎事由", _reason(rewards, dataset)),
        ("適用依據", f"{plan.title}　{the.rewards}、參與「{the.contest}」敘獎原則"),
        ("填報情形", _not_filed(dataset, plan)),
        *(("設定", one) for one in w.issue.differing),
        *((TO_CORRECT, held_text(one)) for one in by_file(_held(dataset))),
    )


def _reason(rewards: Rewards, dataset: Dataset) -> str:
    """For which contests people are rewarded, and how far how many entries got."""
    terms = list(dict.fromkeys(e.term for e in dataset.entries if e.term)) or list(
        dict.fromkeys(line.claim.term for line in rewards.lines if line.claim.term)
    )
    counts = Counter(entry.stage for entry in dataset.entries)
    stages = "、".join(f"{s} {counts[s]} 件" for s in reversed(ContestStage) if counts[s])
    return f"參與{'、'.join(terms)}「{the.contest}」有功人員" + (f"（{stages}）" if stages else "")


def _not_filed(dataset: Dataset, plan: Plan) -> str:
    """Which units have not filed which form (R8), or must correct it: they are named, never left out."""
    told = []
    for form in UNIT_FORMS:
        for state in (FilingState.MISSING, FilingState.TO_CORRECT):
            owing = [f for f in dataset.filings if f.form == form.key and f.state is state]
            if owing:
                names = "、".join(plan.unit_name(f.unit) for f in owing)
                told.append(f"{form.title}{state}：{names}")
    return "；".join(told) or "各單位表單均已繳交"


def _sign_off(w: _Writer, sheet: Worksheet, row: int) -> None:
    """The four who sign, side by side, with room below each."""
    for signer, first, last in _SIGNERS:
        w.merged(sheet, row, first, last, signer, w.sign)
        w.merged(sheet, row + 1, first, last, "", w.sign)
    sheet.set_row(row + 1, 54)


# --- 統計 --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Lines:
    """Where the lines of 名冊 stand: its columns by name, its first and last row (0-based)."""

    columns: tuple[str, ...]
    first: int
    last: int

    def of(self, column: str) -> str:
        """A column's cells, as another sheet's formula names them."""
        from xlsxwriter.utility import xl_range_abs

        at = self.columns.index(column)
        return f"{SHEET}!{xl_range_abs(self.first, at, self.last, at)}"


@dataclass(frozen=True)
class _Count:
    """A column of 統計: its formula in a row (0-based), and what that gives for a unit."""

    heading: str
    width: float
    formula: Callable[[int], str]
    of: Callable[[str], int]


def _totals(w: _Writer, rewards: Rewards, roster: _Lines) -> None:
    """統計: how many of each reward each unit has, and their worth in 嘉獎, as formulas over 名冊."""
    plan, head = w.plan, 3
    given = Counter((plan.unit_name(line.person.unit), _given(line)) for line in rewards.lines)
    units = list(dict.fromkeys([*(u.name for u in plan.units), *(unit for unit, _ in given)]))
    counts = _counts(plan, given, roster)
    headings = [(_UNIT, 26.0), *((count.heading, count.width) for count in counts)]
    sheet = w.sheet("統計", headings, head, Colour.LIST_TAB)
    worths = "、".join(f"{step.name}＝{step.points}" for step in plan.ladder)
    w.text(sheet, 0, 0, "敘獎統計", w.bold)
    w.text(
        sheet, 1, 0,
        f"{_POINTS}：{worths}（公務人員考績法施行細則第15、16條）；隨「{SHEET}」更新",
        w.plain,
    )  # fmt: skip
    for row, unit in enumerate(units, head + 1):
        sheet.set_row(row, row_height(1, 6))
        w.text(sheet, row, 0, unit, w.cell)
        for at, count in enumerate(counts, 1):
            sheet.write_formula(row, at, count.formula(row), w.number, count.of(unit))
    _sums(w, sheet, head + 1, units, counts)


def _counts(plan: Plan, given: Counter[tuple[str, str]], roster: _Lines) -> list[_Count]:
    """The columns of 統計: one for each reward, then people and worth."""
    from xlsxwriter.utility import xl_rowcol_to_cell as cell

    def of_kind(heading: str, width: float, kind: str) -> _Count:
        return _Count(
            heading,
            width,
            lambda row: (
                f'=COUNTIFS({roster.of("unit")},$A{row + 1},{roster.of("reward")},"{kind}")'
            ),
            lambda unit: given[unit, kind],
        )

    kinds = [
        *(of_kind(f"{one.name}\n（折算 {one.points}）", 13, one.name) for one in plan.ladder),
    ]
    worth = list(enumerate(plan.ladder, 1))
    return [
        *kinds,
        _Count(
            "人數",
            9,
            lambda row: f"=SUM({cell(row, 1)}:{cell(row, len(kinds))})",
            lambda unit: sum(kind.of(unit) for kind in kinds),
        ),
        _Count(
            _POINTS,
            15,
            lambda row: "=" + "+".join(f"{cell(row, at)}*{one.points}" for at, one in worth),
            lambda unit: sum(given[unit, one.name] * one.points for _, one in worth),
        ),
    ]


def _sums(
    w: _Writer, sheet: Worksheet, first: int, units: Sequence[str], counts: Sequence[_Count]
) -> None:
    """合計, below the units' rows that begin at `first`."""
    from xlsxwriter.utility import xl_range

    row = first + len(units)
    sheet.set_row(row, row_height(1, 6))
    w.text(sheet, row, 0, "合計", w.sum)
    for at, count in enumerate(counts, 1):
        formula = f"=SUM({xl_range(first, at, row - 1, at)})"
        sheet.write_formula(row, at, formula, w.sum, sum(map(count.of, units)))


# --- 待釐清 ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Point:
    """Something to settle before the roster is filed."""

    kind: str
    code: str
    where: str
    problem: str
    fix: str


_POINT_COLUMNS = (
    part("kind", "類別", 12, centred=True),
    part("code", "代碼", 9, centred=True),
    part("where", "對象或位置", 40),
    part("problem", "問題", 54),
    part("fix", "怎麼處理", 54),
)


def _unsettled(w: _Writer, rewards: Rewards, dataset: Dataset) -> None:
    """待釐清: who must be decided on, who is on no line yet, then every finding of the rules."""
    head = 2
    sheet = w.sheet(UNSETTLED, _headings(_POINT_COLUMNS), head, Colour.TO_FILL_TAB)
    w.text(
        sheet, 0, 0, f"{UNSETTLED}：尚未列入名冊；報送前請先處理「錯誤」，「提醒」請確認", w.bold
    )
    points = [(point,) for point in _points(rewards, dataset, w.plan)]
    w.rows(sheet, head, _POINT_COLUMNS, points, "（沒有待釐清事項）")


def _points(rewards: Rewards, dataset: Dataset, plan: Plan) -> Iterator[_Point]:
    for held in _held(dataset):
        fix = "更正後放回收件匣，重新執行；"
        fix += "其參選案與人員目前都不在名冊內" if held.whole else "更正前，該列不核列獎勵"
        yield _Point(TO_CORRECT, "", str(held.at), held_text(held), fix)
    for line in rewards.lines:
        if not _is_settled(line):
            told = (*line.notes, absorbed_text(line)) if line.absorbed else line.notes
            yield _Point(
                UNSETTLED,
                "",
                f"{plan.unit_name(line.person.unit)} {line.person.name}（{claim_text(line.claim)}）",
                "；".join(told) or "見下列檢核結果",
                "處理後重新執行，才會列入名冊並核列獎勵",
            )
    for one in rewards.pending:
        yield _Point(
            "未列入",
            "",
            f"{plan.unit_name(one.person.unit)} {one.person.name or '（未填姓名）'}"
            f"（{said(one.person, 'people.role') or '未填角色'}）",
            f"未列入名冊：{pending_text(one)}",
            "更正參選結果表後重新執行；尚無參選結果者，待結果公布後再辦理",
        )
    for found in rewards.findings:
        yield _Point(found.severity, found.code, str(found.at), found.message, found.fix)


# --- 不敘獎 --------------------------------------------------------------------------------------

_DECLINED_COLUMNS = (
    part("unit", _UNIT, 18),
    part("name", asked("people.name").label, 11, centred=True),
    part("title", asked("people.title").label, 12),
    part("entry", "參選案與原額度", 60),
    part("reason", "理由（備註）", 44),
    part("where", "填報位置", 40),
)


@dataclass(frozen=True)
class _Unrewarded:
    """A row of 不敘獎."""

    unit: str
    name: str
    title: str
    entry: str
    reason: str
    where: str


def _not_rewarded(w: _Writer, rewards: Rewards) -> None:
    """不敘獎: who was decided to get none, in which entry and why; no sheet where there is nobody."""
    if not rewards.declined:
        return
    head = 2
    sheet = w.sheet(NO_REWARD, _headings(_DECLINED_COLUMNS), head, Colour.LIST_TAB)
    w.text(sheet, 0, 0, f"{_FOR_HR}；下列為填報時決定不敘獎者，不列入名冊", w.warning)
    rows = [
        (
            _Unrewarded(
                w.plan.unit_name(one.person.unit),
                one.person.name,
                one.person.title,
                declined_text(one),
                one.reason or "（未填）",
                str(one.person.where("people.proposed")),
            ),
        )
        for one in rewards.declined
    ]
    w.rows(sheet, head, _DECLINED_COLUMNS, rows, "")


# --- 自行考核獎勵建議 -----------------------------------------------------------------------------


def _proposals(w: _Writer, rewards: Rewards, dataset: Dataset) -> None:
    """What the units propose themselves (柒、一), listed as they did."""
    head, columns = 3, _proposal_columns(w.plan)
    sheet = w.sheet(SELF_RULE.title, _headings(columns), head, Colour.LIST_TAB)
    w.text(sheet, 0, 0, f"{SELF_RULE.title}（{the.own_rewards}）", w.bold)
    told = f"{_FOR_HR}；由各{the.units}依業務需求提出，分數不產生獎勵，本表僅彙列供核"
    w.text(sheet, 1, 0, told, w.warning)
    rows = [(one, one.person, number) for number, one in enumerate(rewards.proposals, 1)]
    held = [one for one in dataset.held_back(REPORT.key) if one.touches("people")]
    end = w.rows(sheet, head, columns, rows, nothing_but(held, f"（各{the.units}未提出）"))
    for at, one in enumerate(held if rows else (), end + 1):
        w.merged(sheet, at, 0, len(columns) - 1, f"{TO_CORRECT}：{held_text(one)}", w.wrapped)


def _proposal_columns(plan: Plan) -> tuple[Shown, ...]:
    """A row is a proposal, its person and its number."""

    def unit(proposal: SelfProposal, *_: object) -> str:
        return plan.unit_name(proposal.person.unit)

    proposed = asked("people.proposed", REPORT)
    return (
        Shown(derived("number", "項次", _last, type=Type.COUNT), 6, centred=True),
        Shown(derived("unit", _UNIT, unit), 18),
        Shown(asked("people.name"), 11, centred=True),
        Shown(asked("people.title"), 12),
        Shown(asked("people.staff_id"), 12, centred=True),
        Shown(asked("people.staff_kind"), 12, centred=True),
        Shown(asked("people.grade"), 15),
        Shown(derived("item", "業務", _item), 30),
        Shown(derived("proposed", proposed.short, _proposed, proposed.id), 14, centred=True),
        Shown(derived("clause", _CLAUSE, _proposal_clause), 10, centred=True),
        Shown(derived("deed", _DEED, _deed, "people.deed"), 40),
        Shown(derived("note", _NOTE, _proposal_note), 30),
    )


def _item(proposal: SelfProposal, *_: object) -> str:
    return f"{proposal.item} {proposal.item_name}".strip()


def _proposed(proposal: SelfProposal, *_: object) -> str:
    return proposal.reward.name if proposal.reward else proposal.person.proposed


def _proposal_clause(proposal: SelfProposal, *_: object) -> str:
    return proposal.cites


def _proposal_note(proposal: SelfProposal, *_: object) -> str:
    also = "亦列於「名冊」，請確認是否同一事由" if proposal.also_in_contest else ""
    major = MAJOR_NOTE if proposal.reward and proposal.reward.is_major else ""
    like = LIKE_NOTE if proposal.person.staff_kind not in ("", CIVIL_SERVANT) else ""
    return "\n".join(note for note in (also, major, like, proposal.person.note) if note)


# --- 已不在名冊, 來源 -----------------------------------------------------------------------------


def _gone(w: _Writer, rewards: Rewards, marks: Sequence[Marked]) -> None:
    """What was written beside lines that are on the roster no more; no sheet where there are none."""
    keys = [key_of(line, w.plan.unit_name(line.person.unit)) for line in rewards.lines]
    gone = [one for one in marks if not any(one.is_of(key) for key in keys)]
    if not gone:
        return
    headings = [*((one, 18.0) for one in KNOWN_BY), *((one, 16.0) for one in MARKS)]
    sheet = w.sheet(GONE, headings, 2, Colour.TO_FILL_TAB)
    w.text(
        sheet, 0, 0, f"{_FOR_HR}；下列各列已不在名冊，其核定、發布、確認的紀錄保留於此", w.warning
    )
    for row, one in enumerate(gone, 3):
        for column, text in enumerate((*one.known_by, *one.marks)):
            w.text(sheet, row, column, text, w.cell)


def _made_of(w: _Writer) -> None:
    """來源: which roster this is, the settings that bear on it, and the returns that it was made of."""
    issue, head = w.issue, 3
    columns = {"file": 52, "form": 18, "unit": 24, "status": 20, "sha256": 24}
    labels = ("檔案", "表單", _UNIT, "處理結果", "內容識別碼")
    sheet = w.sheet("來源", [*zip(labels, columns.values(), strict=True)], head, Colour.LIST_TAB)
    w.text(sheet, 0, 0, f"{w.plan.year} 年度敘獎名冊第 {issue.number} 號　{issue.day}", w.bold)
    w.text(sheet, 1, 0, f"有關設定的指紋：{issue.fingerprint[:16] or '（無）'}", w.plain)
    for row, source in enumerate(issue.sources, head + 1):
        for column, key in enumerate(columns):
            w.text(sheet, row, column, source[key][:16] if key == "sha256" else source[key], w.cell)
    top = head + len(issue.sources) + 3
    w.text(sheet, top - 1, 0, "有關的設定", w.bold)
    for row, (name, value) in enumerate(issue.settings.items(), top):
        w.text(sheet, row, 0, name, w.cell)
        w.merged(sheet, row, 1, len(columns) - 1, value, w.cell)


# --- How the sheets look ------------------------------------------------------------------------


def _headings(columns: Iterable[Shown]) -> list[tuple[str, float]]:
    return [(column.marked, column.width) for column in columns]


class _Writer:
    """Writes the sheets of one roster, which share their looks."""

    def __init__(self, book: Workbook, plan: Plan, issue: Issue) -> None:
        self.book, self.plan, self.issue = book, plan, issue
        book.formats[0].set_font_name(FONT)
        look = Looks(book, valign="top")
        boxed = {"border": 1, "border_color": Colour.EDGE, "text_wrap": True}
        centred = {**boxed, "align": "center"}
        self.plain = look()
        self.quiet = look(font_color=Colour.QUIET)
        self.to_fill = look(**centred, bg_color=Colour.TO_FILL)
        self.wrapped = look(text_wrap=True)
        self.bold = look(bold=True)
        self.heading = look(font_size=16, bold=True, align="center")
        self.warning = look(bold=True, font_color=Colour.FAULT_INK)
        self.cell = look(**boxed, indent=1)
        self.centre = look(**centred)
        self.flat = look(border=1, border_color=Colour.EDGE, indent=1)
        self.number = look(**centred, num_format="0")
        self.sum = look(**centred, num_format="0", bold=True, bg_color=Colour.LABEL)
        self.alert = look(**centred, bold=True, bg_color=Colour.FAULT)
        self.sign = look(**centred, bold=True)
        white_on_blue = {"font_color": Colour.WHITE, "bg_color": Colour.HEAD}
        self.head = look(**centred, **white_on_blue, bold=True, valign="vcenter")

    def sheet(
        self, title: str, headings: Sequence[tuple[str, float]], head: int, tab: str
    ) -> Worksheet:
        """A sheet with headings (and widths) in row `head`, printed on A4, headings repeated."""
        sheet = self.book.add_worksheet(title)
        self._set_up_page(sheet, title)
        sheet.repeat_rows(head)
        sheet.set_tab_color(tab)
        for at, (heading, width) in enumerate(headings):
            sheet.set_column(at, at, width)
            self.text(sheet, head, at, heading, self.head)
        sheet.set_row(head, row_height(max(lines(*heading) for heading in headings), 8))
        sheet.freeze_panes(head + 1, 0)
        # 職員編號 of digits alone are codes: no green corners.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def _set_up_page(self, sheet: Worksheet, title: str) -> None:
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.center_horizontally()
        name = f"{self.plan.agency}{_title(self.plan)}　{title}".replace("&", "&&")
        font = f'&"{FONT},Regular"&9 '
        sheet.set_header(f"&C{font}{name}", {"margin": 0.3})
        number = f"第 {self.issue.number} 號"
        sheet.set_footer(
            f"&L{font}{_FOR_HR}&C{font}{number}&R{font}第 &P 頁，共 &N 頁", {"margin": 0.3}
        )

    def text(self, sheet: Worksheet, row: int, column: int, text: str, shape: Format) -> None:
        """Text that stays text."""
        if text:
            sheet.write_string(row, column, cell_text(text), shape)
        else:
            sheet.write_blank(row, column, None, shape)

    def merged(
        self, sheet: Worksheet, row: int, first: int, last: int, text: str, shape: Format
    ) -> None:
        """Text across the columns from `first` to `last`."""
        sheet.merge_range(row, first, row, last, "", shape)
        self.text(sheet, row, first, text, shape)

    def rows(
        self,
        sheet: Worksheet,
        head: int,
        columns: Sequence[Shown],
        rows: Sequence[Row],
        none: str,
        printed: int | None = None,
    ) -> int:
        """The rows below the headings in row `head`; `none` says that there are none. A row is as high as
        its first `printed` columns need, the others stand on one line. Returns the last row."""
        for at, row in enumerate(rows, head + 1):
            self._row(sheet, at, columns, row, printed)
        if not rows:
            self.text(sheet, head + 1, 0, none, self.plain)
        return head + max(1, len(rows))

    def _row(
        self, sheet: Worksheet, at: int, columns: Sequence[Shown], row: Row, printed: int | None
    ) -> None:
        """A row, high enough for all its text; what is unsettled stands out."""
        for number, shown in enumerate(columns):
            text = shown.text(row)
            if shown.column.type is Type.COUNT:
                sheet.write_number(at, number, int(text), self.number)
            else:
                shape = self.centre if shown.centred else self.cell
                if printed is not None and number >= printed:
                    shape = self.to_fill if shown.heading in MARKS else self.flat
                self.text(sheet, at, number, text, self.alert if text == UNSETTLED else shape)
        high = columns[:printed]
        most = max(lines(shown.text(row), shown.width - 1) for shown in high)  # off the edge
        sheet.set_row(at, row_height(most, 6))
