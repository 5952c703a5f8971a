"""Nothing typed is lost, to the end: what a person types into a form, wherever it can be typed, stands in
the tracker and in the export, or in a finding at that cell; and in Annex 3 where it is public."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.utils.cell import coordinate_from_string

from tests.support.effort import PROVE
from tests.support.returns import FILLED, Person, altered, issued
from tests.support.sample import begin
from tests.support.told import Outputs
from tests.support.typed import Place, Tokens, Typed, not_locked, places, put, type_all
from xltool.forms import ENROLMENT, FORMS
from xltool.forms.layout import shown
from xltool.forms.lists import Lists
from xltool.forms.schema import Filer, Kind
from xltool.model import Category, Record, Value
from xltool.plan import shipped_plan
from xltool.steps.gather import gather
from xltool.steps.give_back import give_back
from xltool.steps.issue import issue
from xltool.store.workspace import Workspace
from xltool.zh import roc_date, same

PLAN = shipped_plan(114)
TYPED = ("enrolment", "report", "review", "meeting", "contest")
"""Every form but 年度設定, in the order in which one is prefilled with what the others say."""
UNIT = "03"
ITEMS = ("03-01", "03-02")
LISTS = Lists.of(PLAN, ITEMS)
ITEMS_OF = {key: ITEMS if any(s.per_item for s in FORMS[key].sheets) else () for key in TYPED}
BUSY = "05"
"""A unit that enrols as many items as its form has rows, and one more."""

PUBLIC = {
    ("enrolment", f"items.{key}")
    for key in ("name", "category", "audience", "method", "target", "partners")
} | {
    *(("report", f"report.{key}") for key in ("result", "next_steps")),
    *(("report", f"metrics.{key}") for key in ("name", "unit", "target", "actual", "note")),
    *(("report", f"photos.{key}") for key in ("caption", "photo")),
}
"""What Annex 3 publishes in every year (伍、一, 陸、一、(五))."""

WORD, NUMBER = "{word}", "{unit}-77"
GIVEN: Mapping[str, Mapping[str, Mapping[tuple[str, int], str]]] = {
    "enrolment": {
        "10": {("filing.unit", 0): WORD},
        "11": {("items.item", 1): NUMBER},
        "12": {("items.item", 10): NUMBER},
    },
    "report": {
        "01": {("filing.unit", 0): WORD},
        "02": {("report.item", 0): NUMBER},
        "03": {
            **{(f"report.{key}", 0): WORD for key in ("name", "method", "target")},
            ("report.category", 0): Category.INCLUSION,
        },
        "04": {("report.category", 0): WORD},
        "05": {("report.last_year", 0): WORD},
        "06": {("scores.criterion", 2): WORD},
        "07": {("photos.no", 1): "77", ("photos.no", 6): WORD},
    },
    "review": {
        "01": {("reviewer.unit", 0): WORD},
        "02": {("review.item", 0): NUMBER},
        "03": {(f"review.{key}", 0): WORD for key in ("name", "category", "result", "self_score")},
        "04": {("scores.criterion", 1): WORD, ("scores.criterion", 4): WORD},
    },
    "meeting": {
        "01": {("attendance.unit", 2): WORD},
        "03": {("attendance.name", 5): WORD, ("attendance.title", 6): WORD},
    },
}
"""What is typed over which given cell, in which unit's return: by field and row (0 of a card)."""
NO_CATEGORY = "report-04.xlsx"


@dataclass(frozen=True)
class Played:
    """A year in which a unit and the coordinator have typed into everything."""

    outputs: Outputs
    issued: Mapping[str, Path]
    typed: Sequence[Typed]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    begin(root := tmp_path_factory.mktemp("conservation") / "114")
    workspace = Workspace.open(root)
    tokens = Tokens(LISTS)
    blank: dict[str, Path] = {}
    typed: list[Typed] = []
    for key in TYPED:
        form = FORMS[key]
        units = [] if form.filer is Filer.COORDINATOR else [UNIT]
        if form is ENROLMENT:
            units.append(BUSY)
        for path in issue(workspace, key, units).outputs:
            person = Person(path)
            is_busy = f"_{BUSY}_" in path.name
            most = {} if is_busy else {"items": len(ITEMS)}
            typed += type_all(person, form, tokens, ITEMS_OF[key], path.name, most)
            person.save(workspace.inbox / path.name)
            blank.setdefault(key, path)
    return Played(Outputs.of(workspace, PLAN), blank, typed)


# --- every place that is for typing --------------------------------------------------------------


def test_every_cell_that_is_open_for_typing_was_typed_into(played: Played) -> None:
    """Else the tests below would prove less than they say. Rows past the next one are like it."""
    for key, path in played.issued.items():
        person = Person(path)
        known = {(one.sheet, one.cell) for one in places(person, FORMS[key], LISTS, ITEMS_OF[key])}
        last = {sheet: max(row_of(c) for s, c in known if s == sheet) for sheet, _ in known}
        more = {(s, c) for s, c in not_locked(person) if row_of(c) <= last.get(s, 0)}
        assert more - known == set(), key


def test_all_that_was_typed_stands_in_the_tracker_and_in_the_export(played: Played) -> None:
    assert lost(played.outputs, played.typed) == {}


def test_what_is_public_stands_in_annex_3(played: Played) -> None:
    public = [(place.id, one) for place, one in of_fields(played.typed) if place.id in PUBLIC]
    assert {id_ for id_, _ in public} == PUBLIC
    told = played.outputs
    assert [str(one) for _, one in public if not told.published(one)] == []


def test_nothing_personal_stands_in_annex_3(played: Played) -> None:
    personal = [
        (place.id, one)
        for place, one in of_fields(played.typed)
        if place.field.personal and not one.chosen
    ]
    assert len({id_ for id_, _ in personal}) > 10, "else this would prove nothing"
    assert [str(one) for _, one in personal if shown(one.value) in played.outputs.annex3] == []


def test_the_tracker_counts_every_photo(played: Played) -> None:
    rows = played.outputs.sheets["業務總表"]
    top = next(row for row in rows if "照片張數" in row)
    photos = [at.of for at, _ in of_fields(played.typed) if at.field.kind is Kind.PHOTO]
    for item in ITEMS:
        [row] = [row for row in rows if row[0] == item]
        assert row[top.index("照片張數")] == str(photos.count(item))


# --- cells that are given -------------------------------------------------------------------------


def test_what_is_typed_over_a_given_cell_counts_or_is_named_at_that_cell(tmp_path: Path) -> None:
    begin(tmp_path / "114")
    workspace = Workspace.open(tmp_path / "114")
    tokens = Tokens(LISTS)
    method = FILLED["report"][1].values["method"]
    enrolled = altered(FILLED["enrolment"], "items", method=method)  # as the reports have it
    for unit in PLAN.units[:9]:
        shutil.copy(issued(tmp_path, "enrolment", enrolled, unit.code), workspace.inbox)
    typed: list[Typed] = []
    for key, several in GIVEN.items():
        for code, labels in several.items():
            records = altered(FILLED[key], "meeting", no=f"第{code}次")
            path = issued(tmp_path, key, records, unit=code)
            person = Person(path)
            items = [f"{code}-01"] if ITEMS_OF[key] else []
            for place in places(person, FORMS[key], LISTS, items):
                if (value := labels.get((place.id[1], place.row))) is None:
                    continue
                value = value.format(unit=code, word=f"記{next(tokens.numbers):05}號")
                put(person, place, value)
                chosen = value == Category.INCLUSION
                at = path.name, place.sheet, place.cell
                typed.append(Typed(*at, value, place, (f"{code}-01",), chosen))
            person.save(workspace.inbox / path.name)
    told = Outputs.of(workspace, PLAN)
    asked = {
        (key, id_)
        for key in TYPED
        for (section, name), one in FORMS[key].asked.items()
        if one.field.given
        for id_ in [f"{section}.{name}"]
    }
    fields = of_fields(typed)
    assert {place.id for place, _ in fields} == asked
    assert lost(told, typed, or_named=True) == {}
    taken = [one for at, one in fields if at.field.may_change and one.file != NO_CATEGORY]
    assert len(taken) == 6, "name, method, target and category of an item, a member's name, title"
    assert lost(told, taken) == {}


# --- wherever a person types ----------------------------------------------------------------------


WAYS: tuple[Callable[[str, int], tuple[object, Value]], ...] = (
    lambda word, _: (word, word),
    lambda word, _: (f"　{word}\n第二行 ", word),
    lambda word, _: (f"{word}{'字' * 1500}", word),
    lambda word, _: (f"無{word}", word),
    lambda _, number: (4_300_000.5 + number, f"{4_300_000.5 + number:.1f}"),
    lambda _, number: ((day := date(2031, 1, 1) + timedelta(days=number)), day),
)
"""What a person may type whatever is asked, from a word and number used once: what goes into the cell,
and what is looked for."""


class Pick(NamedTuple):
    """Something typed: the form's field (or, beside the fields, where), its row, what, by numbers."""

    where: str
    nth: int
    row: int
    way: int


FREE = ("beside", "below", "unused", "comment", "sheet")
PICKS = st.lists(
    st.builds(
        Pick,
        st.sampled_from(("field", "field", "field", "given", *FREE)),
        st.integers(0, 999),
        st.integers(0, 60),
        st.integers(0, len(WAYS) + 2),
    ),
    min_size=4,
    max_size=12,
)


STORIES = ("as issued", "as issued", "not enrolled", "retyped", "nil")
"""How the form comes back: whether what it was issued with is known, and whether it says that there is
nothing to report, whatever stands in it."""


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, Path]:
    """Years in which the unit's enrolment has come, or nothing; and every form as issued, filled."""
    folder = tmp_path_factory.mktemp("bases")
    made = {}
    for enrolled in (True, False):
        made[enrolled] = folder / str(enrolled)
        begin(made[enrolled])
        if enrolled:
            shutil.copy(issued(folder, "enrolment"), made[enrolled] / "收件匣")
            gather(Workspace.open(made[enrolled]))
    for key in TYPED:
        issued(folder, key)
    return made


@settings(
    max_examples=PROVE or 5,
    derandomize=not PROVE,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@given(key=st.sampled_from(TYPED), picks=PICKS, story=st.sampled_from(STORIES))
def test_wherever_a_person_types_it_stands_in_the_outputs_or_in_a_finding(
    bases: Mapping[bool, Path], key: str, picks: list[Pick], story: str
) -> None:
    base = bases[key != "enrolment" and story != "not enrolled"]
    with TemporaryDirectory() as folder:
        shutil.copytree(base, Path(folder) / "114")
        workspace = Workspace.open(Path(folder) / "114")
        path = workspace.inbox / f"{key}.xlsx"
        person = Person(base.parent / path.name)
        typed = type_picks(person, key, picks, path.name)
        if story == "retyped":
            del person.book["_meta"]
        if story == "nil" and (nil := FORMS[key].nil):
            label = FORMS[key].field(nil.section, nil.field).label
            person.card("填報資料", label, nil.value)
        person.save(path)
        told = Outputs.of(workspace, PLAN)
        missing = lost(told, typed, or_named=True)
        if missing and told.refused(path.name) and FORMS[key].filer is not Filer.COORDINATOR:
            back = words_of(give_back(workspace).outputs[0])
            missing = {
                str(one): ["退回檔"]
                for one in typed
                if str(one) in missing and same(shown(one.value)) not in back
            }
        elif told.refused(path.name):
            missing = {}  # the coordinator's own file, which the receipts name, does not go back
        assert missing == {}


def test_what_stands_in_a_row_put_in_between_is_found(tmp_path: Path) -> None:
    """Where a table has the sheet to itself, as a person would insert one: with a whole new row."""
    begin(tmp_path / "114")
    workspace = Workspace.open(tmp_path / "114")
    shutil.copy(issued(tmp_path, "enrolment"), workspace.inbox)
    tokens, typed = Tokens(LISTS, entries=["A1"]), []
    for key, title in (("report", "有功人員"), ("meeting", "議案"), ("contest", "人員")):
        person = Person(issued(tmp_path, key))
        several = [
            one
            for one in places(person, FORMS[key], LISTS, ITEMS_OF[key])
            if one.sheet == title and one.row == 2
        ]
        person.sheet(title).insert_rows(row_of(several[0].cell))
        for place in several:
            value = tokens.value(place)
            put(person, place, value)
            chosen = place.field.kind in (Kind.CHOICE, Kind.YES_NO)
            typed.append(Typed(f"{key}.xlsx", title, place.cell, value, place, chosen=chosen))
        person.save(workspace.inbox / f"{key}.xlsx")
    told = Outputs.of(workspace, PLAN)
    assert lost(told, [one for one in typed if not one.chosen]) == {}


def test_an_entry_that_is_refused_for_its_code_is_told_in_full(tmp_path: Path) -> None:
    begin(tmp_path / "114")
    workspace = Workspace.open(tmp_path / "114")
    entry, person = FILLED["contest"]
    twin = Record("entries", {**entry.values, "name": "記00001號"})
    shutil.copy(issued(tmp_path, "contest", [entry, twin, person]), workspace.inbox)
    told = Outputs.of(workspace, PLAN)
    [found] = [one for one in told.findings if one["代碼"] == "C404"]
    assert "記00001號" in found["原填內容"] and "第8屆" in found["原填內容"]


def test_an_item_number_typed_over_with_a_long_text_goes_back_to_the_unit(tmp_path: Path) -> None:
    begin(tmp_path / "114")
    workspace = Workspace.open(tmp_path / "114")
    typed = Person(issued(tmp_path, "review"))
    typed.card("業務 03-01", "業務編號", "記00001號" + "字" * 300, "書面意見")
    typed.save(workspace.inbox / "review.xlsx")
    [back] = give_back(workspace).outputs
    assert "記00001號" in words_of(back)


def type_picks(person: Person, key: str, picks: Iterable[Pick], file: str) -> list[Typed]:
    """Type what was picked; of two things in one cell the later stays."""
    form, tokens = FORMS[key], Tokens(LISTS, entries=["A1"])
    fields = [
        one
        for one in places(person, form, LISTS, ITEMS_OF[key])
        if one.field.kind is not Kind.PHOTO
    ]
    typed: dict[tuple[str, str, str], Typed] = {}
    for number, pick in enumerate(picks, 1):
        content, value = WAYS[pick.way % len(WAYS)](f"記{number:05}號", number)
        place = None
        if pick.where in ("field", "given"):
            is_given = pick.where == "given"
            ids = list(dict.fromkeys(one.id for one in fields if one.field.given is is_given))
            if not ids:
                continue
            id_ = ids[pick.nth % len(ids)]
            there = [one for one in fields if one.id == id_]
            place = there[pick.row % len(there)]
            if pick.way >= len(WAYS) and not LISTS.options(place.field):
                value = tokens.value(place)
                content = float(value) if isinstance(value, Decimal) else shown(value)
            at = place.sheet, place.cell
            person.sheet(at[0])[at[1]].value = content
        else:
            at = type_beside(person, pick, content, number)
        kind = "comment" if pick.where == "comment" else "cell"
        typed[kind, *at] = Typed(file, *at, value, place)
    return list(typed.values())


def type_beside(person: Person, pick: Pick, content: object, number: int) -> tuple[str, str]:
    """Type where nothing is asked, and say where that is."""
    book = person.book
    own = [one for one in book.worksheets if one.sheet_state == "visible"]
    sheet = own[pick.nth % len(own)]
    row, col = 1 + pick.row % sheet.max_row, sheet.max_column + 2 + pick.nth % 3
    if pick.where == "sheet":
        sheet = book.create_sheet(f"另紙{number}")
        row, col = 1 + pick.row, 1 + pick.nth % 5
    elif pick.where == "below":
        row, col = sheet.max_row + 1 + pick.row, 1 + pick.nth % 9
    elif pick.where in ("unused", "comment"):
        blank = [
            cell
            for line in sheet.iter_rows()
            for cell in line
            if isinstance(cell, Cell) and cell.value is None and cell.protection.locked
        ]
        if pick.where == "comment":
            at = blank[pick.row % len(blank)] if blank else sheet["A1"]
            at.comment = Comment(str(content), "王小明")
            return sheet.title, at.coordinate
        if blank:
            row, col = blank[pick.row % len(blank)].row, blank[pick.row % len(blank)].column
    cell = sheet.cell(row, col)
    assert isinstance(cell, Cell)
    cell.value = content  # type: ignore[assignment]
    return sheet.title, cell.coordinate


# --- what the tests ask ---------------------------------------------------------------------------


def lost(told: Outputs, typed: Iterable[Typed], *, or_named: bool = False) -> dict[str, list[str]]:
    """What was typed and does not stand in these outputs; where a finding at the cell will do, only
    what has none."""
    found = {str(one): [*told.lacking(one)] for one in typed if not (or_named and told.named(one))}
    return {one: lacking for one, lacking in found.items() if lacking}


def of_fields(typed: Iterable[Typed]) -> list[tuple[Place, Typed]]:
    return [(one.place, one) for one in typed if one.place is not None]


def words_of(path: Path) -> str:
    """All that a workbook says, its comments too."""
    texts: list[str] = []
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
            texts += [shown_as(cell.value) for cell in row if cell.value is not None]
            texts += [cell.comment.text for cell in row if cell.comment]
    return "\n".join(map(same, texts))


def shown_as(content: object) -> str:
    return roc_date(content) if isinstance(content, date) else str(content)


def row_of(cell: str) -> int:
    return coordinate_from_string(cell)[1]
