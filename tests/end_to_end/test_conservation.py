"""Nothing typed is lost, to the end: what a person types into a form, wherever it can be typed, stands in
the tracker and in the export, or in a finding at that cell; and in Annex 3 where it is public."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl.utils.cell import coordinate_from_string

from tests.support.returns import FILLED, Person, altered, issued
from tests.support.told import Outputs
from tests.support.typed import Tokens, Typed, not_locked, places, put, type_all
from xltool.forms import ENROLMENT, FORMS
from xltool.forms.layout import shown
from xltool.forms.lists import Lists
from xltool.forms.schema import Filer, Kind
from xltool.model import Category
from xltool.plan import shipped_plan
from xltool.steps.issue import issue
from xltool.steps.new import new
from xltool.store.workspace import Workspace

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
"""What Annex 3 publishes in every year (伍.一, 陸.一.(五))."""

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
        "03": {("attendance.name", 5): WORD},
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
    new(root := tmp_path_factory.mktemp("conservation") / "114", 114)
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
    public = [one for one in played.typed if one.place.id in PUBLIC]
    assert {one.place.id for one in public} == PUBLIC
    told = played.outputs
    assert [str(one) for one in public if not told.published(one)] == []


def test_nothing_personal_stands_in_annex_3(played: Played) -> None:
    personal = [one for one in played.typed if one.place.field.personal and not one.chosen]
    assert len({one.place.id for one in personal}) > 10, "else this would prove nothing"
    assert [str(one) for one in personal if shown(one.value) in played.outputs.annex3] == []


def test_the_tracker_counts_every_photo(played: Played) -> None:
    rows = played.outputs.sheets["業務總表"]
    top = next(row for row in rows if "照片張數" in row)
    photos = [one for one in played.typed if one.place.field.kind is Kind.PHOTO]
    for item in ITEMS:
        [row] = [row for row in rows if row[0] == item]
        assert row[top.index("照片張數")] == str(sum(one.place.of == item for one in photos))


# --- cells that are given -------------------------------------------------------------------------


def test_what_is_typed_over_a_given_cell_counts_or_is_named_at_that_cell(tmp_path: Path) -> None:
    new(tmp_path / "114", 114)
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
                among = (f"{code}-01",)
                typed.append(
                    Typed(place, path.name, value, among, chosen=value == Category.INCLUSION)
                )
            person.save(workspace.inbox / path.name)
    told = Outputs.of(workspace, PLAN)
    asked = {
        (key, id_)
        for key in TYPED
        for (section, name), one in FORMS[key].asked.items()
        if one.field.given
        for id_ in [f"{section}.{name}"]
    }
    assert {one.place.id for one in typed} == asked
    assert lost(told, typed, or_named=True) == {}
    taken = [one for one in typed if one.place.field.may_change and one.file != NO_CATEGORY]
    assert len(taken) == 5, "name, method, target and category of an item, a member's name"
    assert lost(told, taken) == {}


# --- what the tests ask ---------------------------------------------------------------------------


def lost(told: Outputs, typed: Iterable[Typed], *, or_named: bool = False) -> dict[str, list[str]]:
    """What was typed and does not stand in these outputs; where a finding at the cell will do, only
    what has none."""
    found = {}
    for one in typed:
        at = one.file, one.place.sheet, one.place.cell
        if not (or_named and told.named(*at, shown(one.value))):
            found[str(one)] = [*told.lacking(one)]
    return {one: lacking for one, lacking in found.items() if lacking}


def row_of(cell: str) -> int:
    return coordinate_from_string(cell)[1]
