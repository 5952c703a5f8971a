"""來源: for each value of the tracker, the unit, file, version and cell that it came from.

The sheet is the one record of this: `sources_of_cell` answers from the tracker at hand, so that it
speaks of what stands there, whatever has come back since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from xltool.forms import ENROLMENT, REPORT, REVIEW
from xltool.forms.schema import Field
from xltool.model import Address, Dataset, Fate, Item, Person, Receipt
from xltool.outputs.living import EDITED, Column, Table
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes
from xltool.store.workspace import WorkspaceError
from xltool.zh import same

SHEET = "來源"
_BETWEEN = "／"
_COLUMNS = (
    Column("sheet", "工作表", 14),
    Column("row", "列", 30),
    Column("column", "欄位", 18),
    Column("unit", "單位", 22),
    Column("file", "檔案", 44),
    Column("version", "第幾次回傳", 11),
    Column("sha256", "內容識別碼", 20),
    Column("source.sheet", "原工作表", 16),
    Column("source.cell", "原儲存格", 10),
    Column("rule", "計算規則與條款", 40),
)
_DECIDED = "成會且有共識者依決議，未達共識者依召集人裁示（附件2.四.(二)）"
_SCORED = "R1 各構面評分×權重加總，四捨五入至小數 2 位（陸.一.(三)）"


@dataclass(frozen=True)
class Source:
    """Where one value of the tracker came from. `row` is the row's key, `rule` how it was computed
    (empty for a value as filled)."""

    sheet: str
    row: str
    column: str
    unit: str
    at: Address
    version: int
    sha256: str
    rule: str = ""


def sources(
    dataset: Dataset, outcomes: Outcomes, receipts: Sequence[Receipt], plan: Plan
) -> tuple[Source, ...]:
    """Every value that came from a return, by sheet and row."""
    files = _adopted(receipts)
    found: list[Source] = []

    def add(sheet: str, row: str, column: str, unit: str, at: Address, rule: str = "") -> None:
        receipt = files.get(at.file)
        version, sha256 = (receipt.version, receipt.sha256) if receipt else (0, "")
        found.append(Source(sheet, row, column, plan.unit_name(unit), at, version, sha256, rule))

    for item in dataset.items:
        for key, column in _ITEM_COLUMNS.items():
            if at := item.answer(key).at:
                add("業務總表", item.id, column, item.unit, at)
        reviewed = [score for review in item.reviews for score in review.scores]
        for scores, column in ((item.scores, "自評總分"), (reviewed, "督導總分")):
            if at := next((score.at for score in scores if score.at), None):
                for sheet in ("業務總表", "評分"):
                    add(sheet, item.id, column, item.unit, at, _SCORED)
        given = [("自評", score) for score in item.scores]
        given += [("督導", score) for score in reviewed]
        for who, score in given:
            if score.at:
                add("評分", item.id, f"{score.criterion}\n{who}", item.unit, score.at)
        for review in item.reviews:
            row = _BETWEEN.join((plan.unit_name(item.unit), item.id, review.reviewer))
            if at := review.answer(_OPINION).at:
                add("業務總表", item.id, _LABELS[_OPINION], item.unit, at)
            for key in (_OPINION, "review.recommend", "review.reason"):
                if at := review.answer(key).at:
                    add("督導小組與意見", row, _LABELS[key], item.unit, at)
    for meeting in dataset.meetings:
        for motion in meeting.motions:
            if motion.at:
                row = _BETWEEN.join((meeting.no, motion.no))
                add("會議決議", row, "案由", "", motion.at)
                add("會議決議", row, "決議或裁示", "", motion.at, f"R3 {_DECIDED}")
    for line in outcomes.rewards.lines:
        row = _person(line.person, plan)
        for column, at in _of_person(line.person):
            add("敘獎", row, column, line.person.unit, at)
        rule = f"R4 {line.clause}，從高擇一（柒.二.(五)）"
        add("敘獎", row, "獎懲種類", line.person.unit, line.person.where("people.role"), rule)
    for proposal in outcomes.rewards.proposals:
        row = f"{_person(proposal.person, plan)}{_BETWEEN}{proposal.item}"
        for column, at in _of_person(proposal.person):
            add("自行考核獎勵建議", row, column, proposal.person.unit, at)
    return tuple(found)


def heading(field: Field, label: str = "") -> str:
    """A field's heading in the tracker: its label, or another, marked where it is personal (R7)."""
    return (label or field.label) + ("\n（個資）" if field.personal else "")


_OPINION = "review.opinion"
_LABELS: Mapping[str, str] = {
    asked.id: heading(asked.field)
    for form in (REVIEW, REPORT, ENROLMENT)
    for asked in form.asked.values()
}
_ITEM_COLUMNS: Mapping[str, str] = {
    key: _LABELS[key]
    for key in (
        *("items.name", "items.category", "items.audience", "items.method", "items.target"),
        *("items.cross_agency", "items.partners", "items.handler", "items.phone"),
        *("report.change", "report.result", "report.next_steps", "report.last_year"),
        "report.follow_up",
    )
}


def _person(person: Person, plan: Plan) -> str:
    parts = (plan.unit_name(person.unit), person.name, person.staff_id)
    return _BETWEEN.join(part for part in parts if part)


def _of_person(person: Person) -> Iterator[tuple[str, Address]]:
    for key in ("name", "staff_id", "title", "staff_kind", "grade", "role", "deed"):
        if at := person.answer(f"people.{key}").at:
            yield heading(REPORT.field("people", key)), at


def _adopted(receipts: Iterable[Receipt]) -> Mapping[str, Receipt]:
    return {one.file: one for one in receipts if one.status is Fate.ADOPTED}


def source_table(found: Sequence[Source], tables: Iterable[Table]) -> Table:
    """The sheet 來源. `tables`: those of which it tells; their columns have ids."""
    columns = {(table.title, one.title): one.id for table in tables for one in table.columns}
    return Table(
        SHEET,
        "來源：總表每一格由哪個檔案的哪一格而來",
        ("「計算規則」有內容者由程式計算；查詢：xltool where 總表.xlsx 業務總表!F12",),
        _COLUMNS,
        key=("sheet", "row", "column"),
        ids=tuple(
            (one.sheet, one.row, columns.get((one.sheet, one.column), one.column)) for one in found
        ),
        rows=tuple(
            (
                *(one.sheet, one.row, one.column, one.unit, one.at.file, one.version or ""),
                *(one.sha256[:16], one.at.sheet, one.at.cell, one.rule),
            )
            for one in found
        ),
        frozen=3,
    )


# --- asked -----------------------------------------------------------------------------------


def sources_of_cell(path: Path, place: str) -> tuple[str, ...]:
    """Lines that tell where a cell of a tracker came from. Raises WorkspaceError."""
    import openpyxl

    sheet, _, cell = place.replace("'", "").rpartition("!")
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise WorkspaceError(f"無法讀取「{path.name}」，請先關閉 Excel，或確認是總表") from error
    if sheet not in book.sheetnames or SHEET not in book.sheetnames:
        raise WorkspaceError(f"「{path.name}」沒有「{sheet or place}」工作表；請寫成 業務總表!F12")
    page = book[sheet]
    try:
        asked = page[cell.upper()]
        row, col = asked.row, asked.column
    except (ValueError, AttributeError) as error:
        raise WorkspaceError(f"「{cell}」不是一個儲存格；請寫成 業務總表!F12") from error
    line = {str(one.value) for one in page[row] if one.value not in (None, "")}
    heads = {str(one.value) for (one,) in page.iter_rows(1, row, col, col) if one.value}
    shown = " ".join(str(asked.value if asked.value is not None else "（空白）").split())
    told = [f"{sheet}!{cell.upper()}：{shown}"]
    if EDITED in book.sheetnames:
        for edit in book[EDITED].iter_rows(max_col=4, values_only=True):
            place_, row_, column, state = (str(word or "") for word in edit)
            if place_ == sheet and column in heads and set(row_.split("｜")) <= line:
                told.append(f"　承辦人修改：{state}（見「{EDITED}」）；以下為彙整值的來源")
    columns = {column.title: n for n, column in enumerate(_COLUMNS)}
    for source in book[SHEET].iter_rows(values_only=True):
        words = [str(word) if word not in (None, "") else "" for word in source[: len(_COLUMNS)]]
        if len(words) < len(_COLUMNS) or words[0] != sheet or words[columns["欄位"]] not in heads:
            continue
        if set(words[columns["列"]].split(_BETWEEN)) <= line:
            told += _told(dict(zip(columns, words, strict=True)))
    if len(told) == 1:
        told.append("這一格不是由回傳檔直接帶入：為標題、程式彙計，或承辦人自行填寫")
    return tuple(told)


def _told(words: Mapping[str, str]) -> Iterator[str]:
    version = f"第 {words['第幾次回傳']} 次回傳" if words["第幾次回傳"] else ""
    yield f"　單位：{words['單位']}"
    yield f"　檔案：{words['檔案']}　{version}（識別碼 {words['內容識別碼']}）"
    yield f"　位置：{words['原工作表']}!{words['原儲存格']}"
    if words["計算規則與條款"]:
        yield f"　計算：{words['計算規則與條款']}"


def sources_of_words(
    words: str, dataset: Dataset, receipts: Sequence[Receipt], plan: Plan
) -> tuple[str, ...]:
    """Lines that tell which items' fields hold these words; empty when none does."""
    files, wanted = _adopted(receipts), same(words)
    told: list[str] = []
    for item in dataset.items:
        for at, label, text in _texts(item):
            if wanted and wanted in same(text):
                told.append(f"{item.id} {item.name}　{label}")
                receipt = files.get(at.file)
                told += _told({
                    "單位": plan.unit_name(item.unit),
                    "檔案": at.file,
                    "第幾次回傳": str(receipt.version) if receipt and receipt.version else "",
                    "內容識別碼": receipt.sha256[:16] if receipt else "",
                    "原工作表": at.sheet,
                    "原儲存格": at.cell,
                    "計算規則與條款": "",
                })
    return tuple(told)


def _texts(item: Item) -> Iterator[tuple[Address, str, str]]:
    """An item's prose: where it stands, label, text."""
    for key, label in _ITEM_COLUMNS.items():
        yield item.where(key), label, str(item.answer(key).value or "")
    for review in item.reviews:
        for key in (_OPINION, "review.reason"):
            yield review.where(key), _LABELS[key], str(review.answer(key).value or "")
