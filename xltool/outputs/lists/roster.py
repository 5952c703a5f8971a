"""敘獎建議名冊: what the personnel office processes, and what must be settled before.

National ID numbers are never collected; the personnel office adds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.columns import Row, Type, asked, derived
from xltool.findings import Finding
from xltool.forms import CONTEST, REPORT, UNIT_FORMS
from xltool.model import NO_REWARD, ContestStage, Dataset
from xltool.outputs.celltext import cell_text, lines, one_line
from xltool.outputs.held import TO_CORRECT, held_text, nothing_but
from xltool.outputs.reward_words import (
    UNSETTLED,
    bound_text,
    claim_text,
    declined_text,
    differing_settings,
    pending_text,
)
from xltool.outputs.shown import Shown, part
from xltool.outputs.style import A4, FONT, Colour, Looks, new_book, row_height
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes, RewardLine, Rewards, SelfProposal
from xltool.rules.rewards import SELF_CLAUSE, SELF_RULE
from xltool.zh import roc_long

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

DEED_LIMIT = 100
"""Characters of 具體事蹟 that the personnel office's system takes."""

_ROSTER = "名冊"
_FOR_HR = "含個人資料，限人事作業使用，不得公開"
_SIGNERS = (("承辦人", 0, 2), ("單位主管", 3, 5), ("人事單位", 6, 9), ("機關首長", 10, 11))
"""Who signs, and the columns that each has for it."""

_UNIT = asked("people.unit").label
_BOUND = asked("entitlements.bound").label
_CLAUSE = asked("entitlements.clause").label
_DEED = asked("people.deed").label
_NOTE = asked("people.note").label
_POINTS = asked("ladder.points").label


def write_roster(
    path: Path,
    outcomes: Outcomes,
    dataset: Dataset,
    plan: Plan,
    *,
    day: date | None,
    settings: Iterable[Finding] = (),
) -> None:
    """Write the roster of R4 (柒.二) with totals, what to settle, and the units' proposals (柒.一).

    `day` is 提報日期; None leaves it to be filled by hand. A blocked line shows 「待釐清」 in place of
    a reward. `settings`: what was found in the year's settings; where these differ from the plan or the
    law in what a reward goes by, the roster says so. The result depends on the arguments alone. Raises OSError.
    """
    rewards = outcomes.rewards
    with new_book(path, _title(plan), plan.year, plan.agency) as book:
        writer = _Writer(book, plan)
        listed = _roster(writer, rewards, dataset, day, settings)
        _totals(writer, rewards, listed)
        _unsettled(writer, rewards, dataset)
        _not_rewarded(writer, rewards)
        _proposals(writer, rewards, dataset)


def _title(plan: Plan) -> str:
    return f"{plan.year}年度敘獎建議名冊"


# --- 名冊 --------------------------------------------------------------------------------------


def _roster(
    w: _Writer,
    rewards: Rewards,
    dataset: Dataset,
    day: date | None,
    settings: Iterable[Finding],
) -> _Lines:
    """名冊: why, on what basis, and a line for each person; then room for who signs."""
    columns = _line_columns(w.plan)
    facts = [
        *_facts(rewards, dataset, w.plan, day),
        *(("設定", one) for one in differing_settings(settings)),
    ]
    head = 2 + len(facts) + 1
    sheet = w.sheet(_ROSTER, _headings(columns), head, Colour.FAULT_INK)
    _head(w, sheet, facts, columns)
    rows = [(line, line.person, number) for number, line in enumerate(rewards.lines, 1)]
    held = dataset.held_back(CONTEST.key)
    end = w.rows(sheet, head, columns, rows, nothing_but(held, "（無敘獎人員）"))
    if rows:
        sheet.autofilter(head, 0, end, len(columns) - 1)
    _sign_off(w, sheet, end + 2)
    return _Lines(tuple(column.column.name for column in columns), head + 1, end)


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

    def notes(line: RewardLine, *_: object) -> str:
        return "\n".join(_notes(line, plan))

    return (
        Shown(derived("number", "項次", _last, type=Type.COUNT), 6, centred=True),
        Shown(derived("unit", _UNIT, unit), 15),
        Shown(asked("people.name"), 10, centred=True),
        Shown(asked("people.title"), 11),
        Shown(asked("people.staff_id"), 11, centred=True),
        Shown(asked("people.staff_kind"), 12, centred=True),
        Shown(asked("people.grade"), 14),
        Shown(derived("reward", "獎懲種類", _reward), 11, centred=True),
        Shown(derived("bound", _BOUND, _bound), 13, centred=True),
        Shown(derived("clause", _CLAUSE, _clause), 12, centred=True),
        Shown(derived("deed", _DEED, _deed, "people.deed"), 38),
        Shown(derived("note", _NOTE, notes), 44),
    )


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
    """The reward of a line, or that it is not settled yet."""
    return line.reward.name if _is_settled(line) and line.reward else UNSETTLED


def _is_settled(line: RewardLine) -> bool:
    return not line.blocked and line.reward is not None


def _notes(line: RewardLine, plan: Plan) -> Iterator[str]:
    """備註 of a line: what is left to do, what it took in, in which entry, whether the deed will do."""
    settled = _is_settled(line)
    if not settled:
        yield "待釐清：處理「待釐清」工作表所列事項後，本列才核列獎勵"
    yield from line.notes
    for other in line.absorbed:
        yield f"{'已併入' if settled else '另有'} {claim_text(other)}"
    claim = line.claim
    result = f"，{claim.stage}" if claim.stage else ""
    yield (
        f"政府服務獎{claim.term}（計畫年度 {plan.year} 年）："
        f"{claim.entry} {claim.entry_name}，{claim.entitlement.role}{result}"
    )
    deed = one_line(line.person.deed)
    if not deed:
        yield "具體事蹟未填，請補填"
    elif len(deed) > DEED_LIMIT:
        yield f"具體事蹟 {len(deed)} 字，請精簡到 {DEED_LIMIT} 字以內"


def _facts(
    rewards: Rewards, dataset: Dataset, plan: Plan, day: date | None
) -> tuple[tuple[str, str], ...]:
    """What stands above 名冊: each fact and its name."""
    return (
        ("提報單位", plan.unit_name(plan.contact_unit)),
        ("提報日期", roc_long(day) if day else "　　　年　　月　　日"),
        ("敘獎事由", _reason(rewards, dataset)),
        ("適用依據", f"{plan.title}　柒、二、參與「政府服務獎」敘獎原則"),
        ("填報情形", _not_filed(dataset, plan)),
        *((TO_CORRECT, held_text(one)) for one in dataset.held_back(CONTEST.key)),
    )


def _reason(rewards: Rewards, dataset: Dataset) -> str:
    """For which contests people are rewarded, and how far how many entries got."""
    terms = list(dict.fromkeys(e.term for e in dataset.entries if e.term)) or list(
        dict.fromkeys(line.claim.term for line in rewards.lines if line.claim.term)
    )
    counts = Counter(entry.stage for entry in dataset.entries)
    stages = "、".join(f"{s} {counts[s]} 件" for s in reversed(ContestStage) if counts[s])
    return f"參與{'、'.join(terms)}「政府服務獎」有功人員" + (f"（{stages}）" if stages else "")


def _not_filed(dataset: Dataset, plan: Plan) -> str:
    """Which units have not filed which form (R8): they are named, never left out."""
    told = []
    for form in UNIT_FORMS:
        missing = [f for f in dataset.filings if f.form == form.key and not f.filed]
        if missing:
            names = "、".join(
                plan.unit_name(f.unit) + (f"（{f.state}）" if f.blocked else "") for f in missing
            )
            told.append(f"{form.title}未繳：{names}")
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
        return f"{_ROSTER}!{xl_range_abs(self.first, at, self.last, at)}"


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
        f"{_POINTS}：{worths}（公務人員考績法施行細則第15、16條）；隨「{_ROSTER}」更新",
        w.plain,
    )  # fmt: skip
    for row, unit in enumerate(units, head + 1):
        sheet.set_row(row, row_height(1, 6))
        w.text(sheet, row, 0, unit, w.cell)
        for at, count in enumerate(counts, 1):
            sheet.write_formula(row, at, count.formula(row), w.number, count.of(unit))
    _sums(w, sheet, head + 1, units, counts)


def _counts(plan: Plan, given: Counter[tuple[str, str]], roster: _Lines) -> list[_Count]:
    """The columns of 統計: one for each reward and for what is not settled, then people and worth."""
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
        of_kind(UNSETTLED, 11, UNSETTLED),
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
    """待釐清: the blocked lines, who is on no line yet, then every finding of the rules."""
    head = 2
    sheet = w.sheet(UNSETTLED, _headings(_POINT_COLUMNS), head, Colour.TO_FILL_TAB)
    w.text(sheet, 0, 0, "報送前請先處理「錯誤」；「提醒」請確認", w.bold)
    points = [(point,) for point in _points(rewards, dataset, w.plan)]
    w.rows(sheet, head, _POINT_COLUMNS, points, "（沒有待釐清事項）")


def _points(rewards: Rewards, dataset: Dataset, plan: Plan) -> Iterator[_Point]:
    for held in dataset.held_back(CONTEST.key):
        fix = "更正後放回收件匣，重新執行；其參選案與人員目前都不在名冊內"
        yield _Point(TO_CORRECT, "", str(held.at), held_text(held), fix)
    for number, line in enumerate(rewards.lines, 1):
        if not _is_settled(line):
            yield _Point(
                UNSETTLED,
                "",
                f"名冊項次 {number}　{plan.unit_name(line.person.unit)} {line.person.name}",
                "；".join(line.notes) or "見下列檢核結果",
                "處理後重新執行，本列才會核列獎勵",
            )
    for one in rewards.pending:
        yield _Point(
            "未列入",
            "",
            f"{plan.unit_name(one.person.unit)} {one.person.name}（{one.person.role or '未填角色'}）",
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
    """What the units propose themselves (柒.一), listed as they did."""
    head, columns = 3, _proposal_columns(w.plan)
    sheet = w.sheet(SELF_RULE.title, _headings(columns), head, Colour.LIST_TAB)
    w.text(sheet, 0, 0, f"{SELF_RULE.title}（{SELF_CLAUSE}）", w.bold)
    told = f"{_FOR_HR}；由各組室依業務需求提出，分數不產生獎勵，本表僅彙列供核"
    w.text(sheet, 1, 0, told, w.warning)
    rows = [(one, one.person, number) for number, one in enumerate(rewards.proposals, 1)]
    held = dataset.held_back(REPORT.key)
    w.rows(sheet, head, columns, rows, nothing_but(held, "（各組室未提出）"))


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
    return "\n".join(note for note in (also, proposal.person.note) if note)


# --- How the sheets look ------------------------------------------------------------------------


def _headings(columns: Iterable[Shown]) -> list[tuple[str, float]]:
    return [(column.marked, column.width) for column in columns]


class _Writer:
    """Writes the sheets of one roster, which share their looks."""

    def __init__(self, book: Workbook, plan: Plan) -> None:
        self.book, self.plan = book, plan
        book.formats[0].set_font_name(FONT)
        look = Looks(book, valign="top")
        boxed = {"border": 1, "border_color": Colour.EDGE, "text_wrap": True}
        centred = {**boxed, "align": "center"}
        self.plain = look()
        self.wrapped = look(text_wrap=True)
        self.bold = look(bold=True)
        self.heading = look(font_size=16, bold=True, align="center")
        self.warning = look(bold=True, font_color=Colour.FAULT_INK)
        self.cell = look(**boxed, indent=1)
        self.centre = look(**centred)
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
        sheet.set_footer(f"&L{font}{_FOR_HR}&R{font}第 &P 頁，共 &N 頁", {"margin": 0.3})

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
        self, sheet: Worksheet, head: int, columns: Sequence[Shown], rows: Sequence[Row], none: str
    ) -> int:
        """The rows below the headings in row `head`; `none` says that there are none. Returns the last."""
        for at, row in enumerate(rows, head + 1):
            self._row(sheet, at, columns, row)
        if not rows:
            self.text(sheet, head + 1, 0, none, self.plain)
        return head + max(1, len(rows))

    def _row(self, sheet: Worksheet, at: int, columns: Sequence[Shown], row: Row) -> None:
        """A row, high enough for all its text; what is unsettled stands out."""
        for number, shown in enumerate(columns):
            text = shown.text(row)
            if shown.column.type is Type.COUNT:
                sheet.write_number(at, number, int(text), self.number)
            else:
                shape = self.centre if shown.centred else self.cell
                self.text(sheet, at, number, text, self.alert if text == UNSETTLED else shape)
        most = max(lines(shown.text(row), shown.width - 1) for shown in columns)  # off the edge
        sheet.set_row(at, row_height(most, 6))
