"""敘獎建議名冊: what the personnel office processes, and what must be settled before.

National ID numbers are never collected; the personnel office adds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.forms import UNIT_FORMS
from xltool.model import Bound, ContestStage, Dataset
from xltool.outputs.celltext import cell_text, lines, one_line
from xltool.outputs.style import A4, FONT, Colour, Looks, new_book, row_height
from xltool.plan import Plan
from xltool.rules.outcomes import Claim, Outcomes, RewardLine
from xltool.zh import roc_long

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

UNSETTLED = "待釐清"
DEED_LIMIT = 100
"""Characters of 具體事蹟 that the personnel office's system takes."""

_FOR_HR = "含個人資料，限人事作業使用，不得公開"
_SIGNERS = ("承辦人", "單位主管", "人事單位", "機關首長")


@dataclass(frozen=True)
class _Column:
    title: str
    width: float
    centred: bool = False


_COLUMNS = (
    _Column("項次", 6, centred=True),
    _Column("單位", 15),
    _Column("姓名\n（個資）", 10, centred=True),
    _Column("職稱", 11),
    _Column("職員編號\n（個資）", 11, centred=True),
    _Column("人員類別", 12, centred=True),
    _Column("官職等", 14),
    _Column("獎懲種類", 11, centred=True),
    _Column("性質", 13, centred=True),
    _Column("依據條款", 12, centred=True),
    _Column("具體事蹟", 38),
    _Column("備註", 44),
)
_UNIT, _REWARD = 1, 7  # what 統計 counts


def claim_text(claim: Claim) -> str:
    """A claim for a person to read: clause, entry, role, stage, what it would have given."""
    stage = f"，{claim.stage}" if claim.stage else ""
    right = claim.entitlement
    worth = claim.granted.name if claim.granted else f"最高{right.reward.name}，建議待更正"
    return f"{right.clause} {claim.entry} {claim.entry_name}（{right.role}{stage}，{worth}）"


def absorbed_text(line: RewardLine) -> str:
    """What the line took in by 柒.二.(五); empty when nothing. A blocked line takes in nothing yet."""
    taken = "另有" if line.blocked else "已併入"
    return "；".join(f"{taken} {claim_text(claim)}" for claim in line.absorbed)


def bound_text(line: RewardLine) -> str:
    """Whether the reward is the amount itself or stands under a ceiling, and under which."""
    right = line.claim.entitlement
    return "固定額度" if right.bound is Bound.FIXED else f"最高{right.reward.name}"


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


def write_roster(
    path: Path, outcomes: Outcomes, dataset: Dataset, plan: Plan, *, day: date | None
) -> None:
    """Write the roster of R4 (柒.二) with totals, what to settle, and the units' proposals (柒.一).

    `day` is 提報日期; None leaves it to be filled by hand. A blocked line shows 「待釐清」 in place of
    a reward. The result depends on the arguments alone. Raises OSError.
    """
    title = f"{plan.year}年度敘獎建議名冊"
    with new_book(path, title, plan.year, plan.agency) as book:
        writer = _Writer(book, plan)
        first, last = writer.roster(outcomes, dataset, day)
        writer.totals(outcomes, first, last)
        writer.unsettled(outcomes)
        writer.proposals(outcomes)


class _Writer:
    """The sheets of one roster, sharing formats."""

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
        self.cell = look(**boxed)
        self.centre = look(**centred)
        self.number = look(**centred, num_format="0")
        self.sum = look(**centred, num_format="0", bold=True, bg_color=Colour.LABEL)
        self.alert = look(**centred, bold=True, bg_color=Colour.FAULT)
        self.sign = look(**centred, bold=True)
        white_on_blue = {"font_color": Colour.WHITE, "bg_color": Colour.HEAD}
        self.head = look(**centred, **white_on_blue, bold=True, valign="vcenter")

    def sheet(self, title: str, columns: Sequence[_Column], head: int, tab: str) -> Worksheet:
        """A sheet with headings in row `head`, printed on A4, headings repeated."""
        sheet = self.book.add_worksheet(title)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.repeat_rows(head)
        sheet.center_horizontally()
        name = f"{self.plan.agency}{self.plan.year}年度敘獎建議名冊　{title}".replace("&", "&&")
        font = f'&"{FONT},Regular"&9 '
        sheet.set_header(f"&C{font}{name}", {"margin": 0.3})
        sheet.set_footer(f"&L{font}{_FOR_HR}&R{font}第 &P 頁，共 &N 頁", {"margin": 0.3})
        sheet.set_tab_color(tab)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            self.text(sheet, head, number, column.title, self.head)
        sheet.set_row(
            head, row_height(max(lines(column.title, column.width) for column in columns), 8)
        )
        sheet.freeze_panes(head + 1, 0)
        # 職員編號 of digits alone are codes: no green corners.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, text: str, shape: Format) -> None:
        """Text that stays text."""
        if text:
            sheet.write_string(row, column, cell_text(text), shape)
        else:
            sheet.write_blank(row, column, None, shape)

    def row(
        self, sheet: Worksheet, row: int, columns: Sequence[_Column], values: Sequence[str | int]
    ) -> None:
        """A row of text, high enough for all of it; what is unsettled stands out."""
        for number, (column, value) in enumerate(zip(columns, values, strict=True)):
            shape = self.centre if column.centred else self.cell
            if isinstance(value, int):
                sheet.write_number(row, number, value, self.number)
            else:
                self.text(sheet, row, number, value, self.alert if value == UNSETTLED else shape)
        most = max(lines(str(value), c.width) for c, value in zip(columns, values, strict=True))
        sheet.set_row(row, row_height(most, 6))

    def roster(self, outcomes: Outcomes, dataset: Dataset, day: date | None) -> tuple[int, int]:
        """名冊; returns its first and last row (0-based)."""
        plan, rewards = self.plan, outcomes.rewards
        terms = list(dict.fromkeys(e.term for e in dataset.entries if e.term)) or list(
            dict.fromkeys(line.claim.term for line in rewards.lines if line.claim.term)
        )
        counts = Counter(entry.stage for entry in dataset.entries)
        stages = "、".join(f"{s} {counts[s]} 件" for s in reversed(ContestStage) if counts[s])
        reason = f"參與{'、'.join(terms)}「政府服務獎」有功人員" + (
            f"（{stages}）" if stages else ""
        )
        facts = (
            ("提報單位", plan.unit_name(plan.contact_unit)),
            ("提報日期", roc_long(day) if day else "　　　年　　月　　日"),
            ("敘獎事由", reason),
            ("適用依據", f"{plan.title}　柒、二、參與「政府服務獎」敘獎原則"),
            ("填報情形", _not_filed(dataset, plan)),
        )
        head = 2 + len(facts) + 1
        sheet = self.sheet("名冊", _COLUMNS, head, Colour.FAULT_INK)
        width = len(_COLUMNS) - 1
        sheet.merge_range(0, 0, 0, width, "", self.heading)
        self.text(sheet, 0, 0, f"{plan.agency}{plan.year}年度敘獎建議名冊", self.heading)
        sheet.set_row(0, 28)
        self.text(sheet, 1, 0, _FOR_HR, self.warning)
        room = sum(column.width for column in _COLUMNS[2:])
        for number, (label, text) in enumerate(facts, 2):
            self.text(sheet, number, 0, label, self.bold)
            sheet.merge_range(number, 2, number, width, "", self.wrapped)
            self.text(sheet, number, 2, text, self.wrapped)
            sheet.set_row(number, row_height(lines(text, room), 4))
        for number, line in enumerate(rewards.lines, 1):
            self.row(sheet, head + number, _COLUMNS, self._line(number, line))
        end = head + max(1, len(rewards.lines))
        if not rewards.lines:
            self.text(sheet, end, 0, "（無敘獎人員）", self.plain)
        else:
            sheet.autofilter(head, 0, end, width)
        self._sign_off(sheet, end + 2)
        return head + 1, end

    def _line(self, number: int, line: RewardLine) -> list[str | int]:
        person = line.person
        settled = not line.blocked and line.reward is not None
        deed = one_line(person.deed)
        notes = [] if settled else ["待釐清：處理「待釐清」工作表所列事項後，本列才核列獎勵"]
        notes += line.notes
        taken = "已併入" if settled else "另有"
        notes += [f"{taken} {claim_text(claim)}" for claim in line.absorbed]
        result = f"，{line.claim.stage}" if line.claim.stage else ""
        notes.append(
            f"政府服務獎{line.claim.term}（計畫年度 {self.plan.year} 年）："
            f"{line.claim.entry} {line.claim.entry_name}，{line.claim.entitlement.role}{result}"
        )
        if not deed:
            notes.append("具體事蹟未填，請補填")
        elif len(deed) > DEED_LIMIT:
            notes.append(f"具體事蹟 {len(deed)} 字，請精簡到 {DEED_LIMIT} 字以內")
        return [
            number,
            self.plan.unit_name(person.unit),
            person.name,
            person.title,
            person.staff_id,
            person.staff_kind,
            person.grade,
            line.reward.name if settled and line.reward else UNSETTLED,
            bound_text(line),
            line.clause,
            deed,
            "\n".join(notes),
        ]

    def _sign_off(self, sheet: Worksheet, row: int) -> None:
        """The four who sign, side by side."""
        for (first, last), signer in zip(((0, 2), (3, 5), (6, 9), (10, 11)), _SIGNERS, strict=True):
            for offset, text in enumerate((signer, "")):
                sheet.merge_range(row + offset, first, row + offset, last, "", self.sign)
                self.text(sheet, row + offset, first, text, self.sign)
        sheet.set_row(row + 1, 54)

    def totals(self, outcomes: Outcomes, first: int, last: int) -> None:
        """統計: how many of each reward per unit, and their worth in 嘉獎."""
        from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

        plan = self.plan
        ladder = plan.ladder
        columns = (
            _Column("單位", 26),
            *(_Column(f"{step.name}\n（折算 {step.points}）", 13) for step in ladder),
            _Column(UNSETTLED, 11),
            _Column("人數", 9),
            _Column("折算嘉獎次數", 15),
        )
        worths = "、".join(f"{step.name}＝{step.points}" for step in ladder)
        head = 3
        sheet = self.sheet("統計", columns, head, Colour.LIST_TAB)
        self.text(sheet, 0, 0, "敘獎統計", self.bold)
        self.text(
            sheet, 1, 0,
            f"折算嘉獎次數：{worths}（公務人員考績法施行細則第15、16條）；隨「名冊」更新",
            self.plain,
        )  # fmt: skip
        given = Counter(
            (
                plan.unit_name(line.person.unit),
                line.reward.name if line.reward and not line.blocked else UNSETTLED,
            )
            for line in outcomes.rewards.lines
        )
        kinds = [*(step.name for step in ladder), UNSETTLED]
        units = list(dict.fromkeys([*(u.name for u in plan.units), *(unit for unit, _ in given)]))
        where = f"名冊!{xl_range_abs(first, _UNIT, last, _UNIT)}"
        what = f"名冊!{xl_range_abs(first, _REWARD, last, _REWARD)}"
        persons, worth = len(kinds) + 1, len(kinds) + 2
        row = head
        for unit in units:
            row += 1
            sheet.set_row(row, row_height(1, 6))
            self.text(sheet, row, 0, unit, self.cell)
            for number, kind in enumerate(kinds, 1):
                sheet.write_formula(
                    row, number,
                    f'=COUNTIFS({where},$A{row + 1},{what},"{kind}")',
                    self.number,
                    given[unit, kind],
                )  # fmt: skip
            start, stop = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, len(kinds))
            counts = [given[unit, kind] for kind in kinds]
            sheet.write_formula(row, persons, f"=SUM({start}:{stop})", self.number, sum(counts))
            terms = "+".join(
                f"{xl_rowcol_to_cell(row, n)}*{step.points}" for n, step in enumerate(ladder, 1)
            )
            points = sum(given[unit, step.name] * step.points for step in ladder)
            sheet.write_formula(row, worth, f"={terms}", self.number, points)
        sheet.set_row(row + 1, row_height(1, 6))
        self.text(sheet, row + 1, 0, "合計", self.sum)
        for number in range(1, worth + 1):
            start, stop = xl_rowcol_to_cell(head + 1, number), xl_rowcol_to_cell(row, number)
            value = self._column_sum(number, kinds, given)
            sheet.write_formula(row + 1, number, f"=SUM({start}:{stop})", self.sum, value)

    def _column_sum(
        self, number: int, kinds: Sequence[str], given: Counter[tuple[str, str]]
    ) -> int:
        by_kind: Counter[str] = Counter()
        for (_, kind), count in given.items():
            by_kind[kind] += count
        if number <= len(kinds):
            return by_kind[kinds[number - 1]]
        if number == len(kinds) + 1:
            return by_kind.total()
        return sum(by_kind[step.name] * step.points for step in self.plan.ladder)

    def unsettled(self, outcomes: Outcomes) -> None:
        """待釐清: the blocked lines, who is on no line yet, then every finding of the rules."""
        columns = (
            _Column("類別", 12, centred=True),
            _Column("代碼", 9, centred=True),
            _Column("對象或位置", 40),
            _Column("問題", 54),
            _Column("怎麼處理", 54),
        )
        sheet = self.sheet(UNSETTLED, columns, 2, Colour.TO_FILL_TAB)
        self.text(sheet, 0, 0, "報送前請先處理「錯誤」；「提醒」請確認", self.bold)
        row = 2
        for number, line in enumerate(outcomes.rewards.lines, 1):
            if line.blocked or line.reward is None:
                row += 1
                who = (
                    f"名冊項次 {number}　{self.plan.unit_name(line.person.unit)} {line.person.name}"
                )
                told = "；".join(line.notes) or "見下列檢核結果"
                self.row(
                    sheet,
                    row,
                    columns,
                    [UNSETTLED, "", who, told, "處理後重新執行，本列才會核列獎勵"],
                )
        for one in outcomes.rewards.pending:
            row += 1
            person = one.person
            who = f"{self.plan.unit_name(person.unit)} {person.name}（{person.role or '未填角色'}）"
            most = f"；處理後最高可能為{one.potential.name}" if one.potential else ""
            told = f"未列入名冊：{'；'.join(one.reasons)}{most}"
            fix = "更正參選結果表後重新執行；尚無參選結果者，待結果公布後再辦理"
            self.row(sheet, row, columns, ["未列入", "", who, told, fix])
        for found in outcomes.rewards.findings:
            row += 1
            texts = [found.severity, found.code, str(found.at), found.message, found.fix]
            self.row(sheet, row, columns, texts)
        if row == 2:
            self.text(sheet, 3, 0, "（沒有待釐清事項）", self.plain)

    def proposals(self, outcomes: Outcomes) -> None:
        """自行考核獎勵建議 (柒.一): listed as the units proposed them."""
        columns = (
            _Column("項次", 6, centred=True),
            _Column("單位", 18),
            _Column("姓名\n（個資）", 11, centred=True),
            _Column("職稱", 12),
            _Column("職員編號\n（個資）", 12, centred=True),
            _Column("人員類別", 12, centred=True),
            _Column("官職等", 15),
            _Column("業務", 30),
            _Column("單位建議獎勵", 14, centred=True),
            _Column("依據條款", 10, centred=True),
            _Column("具體事蹟", 40),
            _Column("備註", 30),
        )
        sheet = self.sheet("自行考核獎勵建議", columns, 3, Colour.LIST_TAB)
        self.text(sheet, 0, 0, "自行考核獎勵建議（柒.一）", self.bold)
        self.text(
            sheet, 1, 0,
            f"{_FOR_HR}；由各組室依業務需求提出，分數不產生獎勵，本表僅彙列供核",
            self.warning,
        )  # fmt: skip
        for number, proposal in enumerate(outcomes.rewards.proposals, 1):
            person = proposal.person
            notes = ["亦列於「名冊」，請確認是否同一事由"] if proposal.also_in_contest else []
            notes += [person.note] if person.note else []
            self.row(
                sheet, 3 + number, columns,
                [
                    number,
                    self.plan.unit_name(person.unit),
                    person.name,
                    person.title,
                    person.staff_id,
                    person.staff_kind,
                    person.grade,
                    f"{proposal.item} {proposal.item_name}".strip(),
                    proposal.reward.name if proposal.reward else person.proposed,
                    proposal.cites,
                    one_line(person.deed),
                    "\n".join(notes),
                ],
            )  # fmt: skip
        if not outcomes.rewards.proposals:
            self.text(sheet, 4, 0, "（各組室未提出）", self.plain)
