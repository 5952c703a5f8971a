"""What changed from one return to the next, cell by cell."""

from __future__ import annotations

import weakref
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.returns import FILLED, PLAN, altered
from xltool import changes as comparing
from xltool.changes import Change, between
from xltool.forms import REPORT
from xltool.model import Address, Picture, Record, Return, Submission, Value
from xltool.rules.filing import brief

FIRST = Submission(
    "report", 114, "03", "03.xlsx", "a", FILLED["report"], saved="2025-12-01T00:00:00Z"
)


def again(records: tuple[Record, ...], **more: object) -> Submission:
    later = replace(FIRST, records=records, file="03_更正.xlsx", sha256="b")
    return replace(later, saved="2025-12-05T00:00:00Z", **more)  # type: ignore[arg-type]


def with_value(section: str, key: str, value: Value, number: int = 0) -> tuple[Record, ...]:
    """The first return's records, one value of the section's nth record changed."""
    return altered(FIRST.records, section, number, **{key: value})


def changes(*submissions: Submission) -> list[Change]:
    said = {brief(one): one for one in submissions}
    return list(comparing.changes(said, PLAN, said.__getitem__))


def told(found: list[Change]) -> list[tuple[str, str, str, str, str]]:
    return [(c.of, c.row, c.field, c.before, c.after) for c in found]


def test_a_changed_value_is_told_with_what_it_was_and_is() -> None:
    found = list(between(FIRST, again(with_value("report", "next_steps", "改做別的")), REPORT))
    assert told(found) == [("03-01", "", "未來精進方向", "擴充 03-01 行動版介面", "改做別的")]
    assert (found[0].earlier, found[0].later) == ("03.xlsx", "03_更正.xlsx")


def test_a_row_given_by_a_list_is_named_by_it() -> None:
    found = list(between(FIRST, again(with_value("scores", "score", Decimal(99), 1)), REPORT))
    assert told(found) == [("03-01", "效益及影響", "評分", "82.5", "99")]


def test_a_person_inserted_above_the_others_is_one_row_more() -> None:
    first = next(n for n, r in enumerate(FIRST.records) if r.section == "people")
    new = Record("people", {"item": "03-01", "name": "趙新進"})
    records = (*FIRST.records[:first], new, *FIRST.records[first:])
    found = list(between(FIRST, again(records), REPORT))
    assert {c.row for c in found} == {"趙新進"}
    assert all(c.before == "" for c in found)


def test_two_people_of_one_name_stay_apart() -> None:
    double = with_value("people", "name", "王小明", 1)
    found = list(
        between(again(double), again((*double, Record("people", {"name": "王小明"}))), REPORT)
    )
    assert told(found) == [("", "王小明 (3)", "姓名", "", "王小明")]


def test_what_could_not_be_understood_is_told_as_typed() -> None:
    [card] = [r for r in FIRST.records if r.section == "filing"]
    broken = replace(
        card,
        values={k: v for k, v in card.values.items() if k != "day"},
        raw={"day": "114.13.05"},
        at={"day": Address("03.xlsx", "填報資料", "B10")},
    )
    records = tuple(broken if r is card else r for r in FIRST.records)
    found = list(between(replace(FIRST, records=records), again(FIRST.records), REPORT))
    assert told(found) == [("", "", "填報日期", "114.13.05", "114.11.30")]
    assert found[0].at == Address("03.xlsx", "填報資料", "B10")


def test_a_photo_that_is_gone_or_new_is_told() -> None:
    photo = Picture("b" * 64, "jpeg", 800, 600, Address("03.xlsx", "業務 03-01", "D39"), "03-01")
    [found] = between(FIRST, again(FIRST.records, pictures=(photo,)), REPORT)
    assert (found.of, found.before, found.after) == ("03-01", "", "有（無圖說）")


def test_returns_follow_each_other_by_when_they_were_saved_whatever_their_order() -> None:
    third = replace(
        again(with_value("report", "next_steps", "三")), sha256="c", saved="2025-12-09T00:00:00Z"
    )
    second = again(with_value("report", "next_steps", "二"))
    found = changes(third, FIRST, second)
    assert [(c.before, c.after) for c in found] == [
        ("擴充 03-01 行動版介面", "二"),
        ("二", "三"),
    ]
    assert found == changes(FIRST, second, third)


def test_other_units_and_identical_files_are_no_versions() -> None:
    twin = replace(FIRST, file="03 (1).xlsx")
    other = replace(again(()), unit="04")
    assert changes(FIRST, twin, other) == []


def test_each_return_is_fetched_once_and_never_more_than_two_are_held() -> None:
    versions = [
        replace(
            again(with_value("report", "next_steps", f"第{n}版")),
            sha256=f"{n}",
            saved=f"2025-12-0{n}",
        )
        for n in range(1, 6)
    ]
    said = {brief(one): one for one in versions}
    alive: list[weakref.ref[Submission]] = []
    most = 0

    def load(returned: Return) -> Submission:
        nonlocal most
        fetched = replace(said[returned])
        alive.append(weakref.ref(fetched))
        most = max(most, sum(one() is not None for one in alive))
        return fetched

    found = list(comparing.changes(said, PLAN, load))
    assert len(found) == 4 and len(alive) == 5
    assert most == 2, "the one that just came, and the one before it"


def typed_over(first: Submission) -> Submission:
    """The return, the target of its first item typed over and the category emptied."""
    records = list(altered(first.records, "report", 0, target="達 80%", category=None))
    place = next(n for n, one in enumerate(records) if one.section == "report")
    at = {key: Address(first.file, "業務 03-01", cell) for key, cell in (("target", "B10"),)}
    issued = {"category": "數位創新加值", "target": "達 60%", "name": ""}
    records[place] = replace(records[place], issued=issued, at=at)
    return replace(first, records=tuple(records))


def test_what_a_first_return_changed_of_what_was_issued_is_told_with_its_cell() -> None:
    found = changes(typed_over(FIRST))
    assert told(found) == [
        ("03-01", "", "業務名稱", "", "用電申辦進度線上查詢服務"),
        ("03-01", "", "服務類別", "數位創新加值", ""),
        ("03-01", "", "年度目標", "達 60%", "達 80%"),
    ]
    assert {(one.earlier, one.later) for one in found} == {("發出時", "03.xlsx")}
    assert found[2].at == Address("03.xlsx", "業務 03-01", "B10")


def test_what_the_first_return_changed_is_not_told_again_of_the_next() -> None:
    first = typed_over(FIRST)
    later = again(first.records)
    assert [one.later for one in changes(first, later)] == ["03.xlsx"] * 3


@pytest.mark.parametrize("baseline", [True, False])
def test_what_we_corrected_before_the_form_went_out_again_is_no_change_of_the_unit_s(
    baseline: bool,
) -> None:
    """A file that does not tell what it was issued with may have been retyped: then it is told."""
    later = replace(again(with_value("report", "target", "達 90%")), baseline=baseline)
    expected = [] if baseline else ["年度目標"]
    assert [one.field for one in changes(FIRST, later)] == expected


def test_a_return_without_another_version_is_not_fetched() -> None:
    def load(returned: Return) -> Submission:
        raise AssertionError(returned)

    assert list(comparing.changes([brief(FIRST)], PLAN, load)) == []
