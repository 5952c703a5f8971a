"""Which return counts, what belongs together, what conflicts; and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import build, nouns
from tests.support.build import enrolled, held, merge, reported, returned, reviewed, row
from xltool.forms import CONTEST, ENROLMENT, FORMS, MEETING, REPORT, REVIEW, SETTINGS, Form
from xltool.forms.lists import Lists
from xltool.forms.schema import Card, Field, Kind, Table
from xltool.merge import Merged
from xltool.model import (
    Address,
    Answer,
    Category,
    ContestStage,
    Filing,
    Person,
    Picture,
    Precedence,
    Record,
    Role,
    Submission,
    Value,
)
from xltool.plan import read_plan, shipped_records
from xltool.rules import conclude
from xltool.rules.filing import brief, replaces

PLAN = build.PLAN
Values = Mapping[str, Value]


def codes(merged: Merged) -> list[str]:
    return [finding.code for finding in merged.findings]


def test_settings_in_the_inbox_are_not_adopted_and_said() -> None:
    merged = merge([returned(SETTINGS, unit="", file="年度設定.xlsx")], PLAN)
    assert codes(merged) == ["C413"] and merged.adopted == ()


# --- Items -----------------------------------------------------------------------------------------


def test_an_item_joins_what_was_enrolled_reported_and_reviewed() -> None:
    submissions = [enrolled("03-01"), reported("03-01"), reviewed("陳大文", "成效具體")]
    (item,) = merge(submissions, PLAN).dataset.items
    assert item.enrolled and item.reported
    assert (item.name, item.category, item.result) == ("業務03-01", Category.DIGITAL, "成果03-01")
    assert item.reviews[0].opinion == "成效具體"
    assert item.where("report.result") == Address("檔案.xlsx", "report", "C5")


def test_an_item_that_goes_on_keeps_the_number_it_had_the_year_before() -> None:
    goes_on = row("items", item="03-01", name="業務", last_item="03-07")
    merged = merge([returned(ENROLMENT, goes_on)], PLAN)
    assert merged.dataset.items[0].last_item == "03-07" and codes(merged) == []


@pytest.mark.parametrize("last_item", ["03-09", "04-01"])
def test_an_item_goes_on_from_one_that_its_own_unit_had(last_item: str) -> None:
    before = [("03-07", "03"), ("04-01", "04")]
    old = [Record("last_year", {"item": item, "unit": unit}) for item, unit in before]
    plan, _ = read_plan((*shipped_records(114), *old))
    assert plan is not None
    rows = [row("items", item="03-01", name="甲", last_item="03-07"),
            row("items", item="03-02", name="乙", last_item=last_item)]  # fmt: skip
    (told,) = merge([returned(ENROLMENT, *rows)], plan).findings
    assert (told.code, told.value, told.blocks) == ("C417", last_item, False)
    assert told.at == rows[1].at["last_item"]


def test_a_reported_item_that_was_never_enrolled_is_an_error_but_not_dropped() -> None:
    merged = merge([enrolled("03-01"), reported("03-01", "03-02")], PLAN)
    assert codes(merged) == ["C406"]
    assert [item.id for item in merged.dataset.items] == ["03-01", "03-02"]


def test_a_unit_without_enrolment_is_overdue_its_items_are_no_further_errors() -> None:
    merged = merge([reported("03-01")], PLAN)
    assert codes(merged) == [] and merged.dataset.items[0].reported


def test_an_enrolled_item_that_was_not_reported_is_named_once_the_report_is_there() -> None:
    assert codes(merge([enrolled("03-01", "03-02")], PLAN)) == []
    merged = merge([enrolled("03-01", "03-02"), reported("03-01")], PLAN)
    assert codes(merged) == ["C407"] and "03-02" in merged.findings[0].message


def test_a_sheet_that_holds_only_what_we_prefilled_is_not_a_report() -> None:
    given_only = returned(REPORT, row("report", "03-01", item="03-01", name="業務", target="目標"))
    merged = merge([enrolled("03-01"), given_only], PLAN)
    assert not merged.dataset.items[0].reported and codes(merged) == ["C407"]


def test_a_photo_alone_shows_that_a_sheet_was_filled() -> None:
    photo = Picture(
        "ab", "png", 800, 600, Address("a.xlsx", "業務 03-01", "D40"), "03-01", "說明會"
    )
    sheet = returned(REPORT, row("report", "03-01", item="03-01"), pictures=(photo,))
    assert merge([enrolled("03-01"), sheet], PLAN).dataset.items[0].pictures == (photo,)


def test_photos_come_in_the_order_of_their_rows() -> None:
    photos = [
        Picture(blob, "png", 8, 6, Address("a.xlsx", "業務", cell), of)
        for blob, cell, of in [("3", "D100", "03-01"), ("1", "D9", "03-01"), ("x", "D1", "03-02"), ("2", "D20", "03-01")]
    ]  # fmt: skip
    merged = merge([enrolled("03-01"), replace(reported("03-01"), pictures=tuple(photos))], PLAN)
    assert [picture.blob for picture in merged.dataset.items[0].pictures] == ["1", "2", "3"]


def test_an_item_number_used_twice_is_an_error() -> None:
    merged = merge([enrolled("03-01", "03-01")], PLAN)
    assert codes(merged) == ["C404"] and len(merged.dataset.items) == 1
    assert merged.findings[0].at == Address("檔案.xlsx", "items", "A5")


def test_a_row_added_without_a_number_takes_the_next_free_one_and_says_so() -> None:
    rows = [row("items", item="03-02", name="甲"), row("items", name="乙"), row("items", name="丙")]
    merged = merge([returned(ENROLMENT, *rows)], PLAN)
    assert [(i.id, i.name) for i in merged.dataset.items] == [
        ("03-02", "甲"),
        ("03-03", "乙"),
        ("03-04", "丙"),
    ]
    assert codes(merged) == ["V308", "V308"]


def scored(*rows: tuple[str, str]) -> Submission:
    records = [
        row("scores", "03-01", criterion=name, score=Decimal(value), evidence="佐證")
        for name, value in rows
    ]
    return replace(reported("03-01"), records=(*reported("03-01").records, *records))


def test_scores_come_in_the_plans_order_and_a_missing_one_is_none() -> None:
    merged = merge([enrolled("03-01"), scored(("擴散應用", "70"), ("創新性", "80"))], PLAN)
    (item,) = merged.dataset.items
    assert [(s.criterion, s.value) for s in item.scores] == [
        ("創新性", Decimal(80)),
        ("效益及影響", None),
        ("可持續性", None),
        ("擴散應用", Decimal(70)),
    ]
    assert item.scores[0].at == Address("檔案.xlsx", "scores", "B5")


def test_a_score_of_a_criterion_that_the_plan_does_not_know_is_said_not_lost() -> None:
    assert codes(merge([enrolled("03-01"), scored(("顧客滿意", "70"))], PLAN)) == ["C414"]
    twice = scored(("創新性", "80"), ("創新性", "90"))
    assert codes(merge([enrolled("03-01"), twice], PLAN)) == ["C404"]


# --- People, meetings, contest ------------------------------------------------------------------------


def test_a_member_below_the_accepted_titles_is_pointed_out() -> None:
    member = row("member", name="陳大文", title="科長", level="科長")
    merged = merge([returned(ENROLMENT, member)], PLAN)
    assert codes(merged) == ["C412"] and merged.dataset.members[0].level == "科長"
    assert merged.findings[0].at.cell == "C5"
    accepted = row("member", name="陳大文", title="組長", level="單位業務主管")
    assert codes(merge([returned(ENROLMENT, accepted)], PLAN)) == []


def test_units_named_in_the_coordinators_forms_become_codes() -> None:
    contest = returned(
        CONTEST,
        row("entries", entry="A1", name="案", term="第8屆", unit="電力發展及管理組", stage="獲獎"),
        row("people", entry="A1", unit="資訊室", name="王小明", role="首長(主管)"),
        unit="",
    )
    year = merge([contest], PLAN).dataset
    assert (year.entries[0].unit, year.entries[0].stage) == ("03", ContestStage.AWARDED)
    assert (year.entry_people[0].unit, year.entry_people[0].role) == ("11", Role.HEAD)


def test_one_number_for_two_different_entries_is_an_error() -> None:
    def entry(name: str, stage: str) -> Record:
        return row("entries", entry="A1", name=name, term="第8屆", unit="資訊室", stage=stage)

    same = returned(CONTEST, entry("甲案", "獲獎"), entry("甲案", "入圍實地訪查"), unit="")
    assert codes(merge([same], PLAN)) == [] and len(merge([same], PLAN).dataset.entries) == 2
    other = returned(CONTEST, entry("甲案", "入圍實地訪查"), entry("乙案", "獲獎"), unit="")
    assert codes(merge([other], PLAN)) == ["C404"]


def test_people_of_a_report_belong_to_the_unit_that_filed_it() -> None:
    people = row("people", item="03-01", name="王小明", role="主要承辦人員", proposed="嘉獎1次")
    (person,) = merge([returned(REPORT, people)], PLAN).dataset.people
    assert isinstance(person, Person)
    assert (person.unit, person.entry, person.role, person.proposed) == (
        "03",
        "03-01",
        Role.MAIN,
        "嘉獎1次",
    )


def test_a_finding_on_a_proposal_points_at_the_cell_of_the_proposal() -> None:
    contest = returned(
        CONTEST,
        row("entries", entry="A1", name="案", term="第8屆", unit="資訊室", stage="獲獎"),
        row(
            "people",
            entry="A1",
            unit="資訊室",
            name="王小明",
            role="首長（主管）",
            proposed="記功2次",
        ),
        unit="",
    )
    found = {f.code: f.at.cell for f in conclude(merge([contest], PLAN).dataset, PLAN).findings}
    assert found == {"R503": "E5", "R505": "C5"}


# --- Who has filed (參, R8) ---------------------------------------------------------------------------


def filing(merged: Merged, unit: str, form: Form) -> Filing:
    (one,) = [f for f in merged.dataset.filings if (f.unit, f.form) == (unit, form.key)]
    return one


def test_every_unit_of_article_3_is_listed_for_every_form_filed_or_not() -> None:
    filings = merge([], PLAN).dataset.filings
    assert [(f.unit, f.form) for f in filings] == [
        (unit.code, form.key) for unit in PLAN.units for form in (ENROLMENT, REPORT, REVIEW)
    ]
    assert not any(f.filed for f in filings)


def test_a_filing_says_what_came_by_whom_and_whether_it_is_stamped() -> None:
    card = row(
        "filing",
        filler="王小明",
        phone="02-27721370",
        day=date(2025, 12, 1),
        stamp="已核章",
        stamp_day=date(2025, 12, 3),
    )
    merged = merge([returned(REPORT, card, file="a.xlsx")], PLAN)
    one = filing(merged, "03", REPORT)
    assert one.filed and not one.nil and one.file == "a.xlsx"
    assert (one.filler, one.phone, one.day) == ("王小明", "02-27721370", date(2025, 12, 1))
    assert (one.stamp, one.stamp_day) == ("已核章", date(2025, 12, 3))
    assert one.where("filing.stamp") == Address("檔案.xlsx", "filing", "D5")


def test_a_nil_return_is_filed_and_brings_no_items() -> None:
    merged = merge(
        [replace(enrolled("03-01"), nil=True), replace(reported("03-01"), nil=True)], PLAN
    )
    assert filing(merged, "03", ENROLMENT).nil and filing(merged, "03", REPORT).filed
    assert merged.dataset.items == ()


def test_a_unit_that_takes_part_with_nothing_owes_no_opinion_but_still_a_report() -> None:
    merged = merge([returned(ENROLMENT, nil=True)], PLAN)
    assert filing(merged, "03", REVIEW) == nouns.filing("03", "review", filed=True, nil=True)
    assert not filing(merged, "03", REPORT).filed
    assert not filing(merged, "04", REVIEW).filed


def test_a_unit_that_enrolled_nothing_but_reported_something_owes_an_opinion_on_it() -> None:
    merged = merge([returned(ENROLMENT, nil=True), reported("03-01")], PLAN)
    assert not filing(merged, "03", REVIEW).filed
    assert codes(merged) == ["C406"]


# --- Nothing typed is lost ---------------------------------------------------------------------------

LISTS = Lists.of(PLAN, ["03-01"])
NUMBERED = {CONTEST.key: {"entry": "A1"}, REPORT.key: {"item": "03-01"}}


def filled(form: Form) -> tuple[Submission, dict[str, Value]]:
    """A return with every field filled that a person may fill, each with a value of its own."""
    serial = count(1)
    records: list[Record] = []
    typed: dict[str, Value] = {}
    for sheet, section in form.sections():
        of = "03-01" if sheet.per_item else ""
        names: tuple[str, ...] = ("",)
        if isinstance(section, Table) and section.rows_from:
            names = LISTS.named(section.rows_from)[:2]
        for name in names:
            values: dict[str, Value] = {section.fields[0].key: name} if name else {}
            if isinstance(section, Card) and section.key == form.key and of:
                values["item"] = of
            for field in section.fields:
                if field.given or field.kind is Kind.PHOTO:
                    continue
                values[field.key] = value(field, next(serial))
                values |= {k: v for k, v in NUMBERED.get(form.key, {}).items() if k == field.key}
                typed[f"{section.key}.{field.key} {name}"] = values[field.key]
            records.append(Record(section.key, values, of))
    return returned(form, *records, unit="" if form in (MEETING, CONTEST) else "03"), typed


def value(field: Field, serial: int) -> Value:
    if options := LISTS.options(field):
        return True if field.kind is Kind.YES_NO else options[0]
    if field.kind is Kind.DATE:
        return date(2025, 1, 1 + serial)
    if field.kind in (Kind.DECIMAL, Kind.INTEGER):
        return Decimal(serial)
    return f"{field.key} {serial}"


def leaves(thing: object) -> Iterator[object]:
    """Every value in a nest of dataclasses, tuples and answers."""
    if isinstance(thing, Answer):
        yield thing.value
    elif isinstance(thing, Mapping):
        for one in thing.values():
            yield from leaves(one)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from leaves(getattr(thing, one.name))
    elif isinstance(thing, tuple):
        for part in thing:
            yield from leaves(part)
    else:
        yield thing


NOT_DATA = {
    "filing.status",  # the submission's `nil`
    "photos.caption",  # on the picture; a caption without one is a finding of the intake (C409)
}


@pytest.mark.parametrize(
    "form", [f for f in FORMS.values() if f is not SETTINGS], ids=lambda f: f.key
)
def test_every_field_that_a_person_may_fill_reaches_the_dataset(form: Form) -> None:
    submission, typed = filled(form)
    merged = merge([submission], PLAN)
    there = set(leaves(merged.dataset))
    units = {unit.name: unit.code for unit in PLAN.units}
    lost = {
        place
        for place, typed_value in typed.items()
        if units.get(str(typed_value), typed_value) not in there and place.strip() not in NOT_DATA
    }
    assert typed and not lost


# --- The order of input never matters -------------------------------------------------------------------

POOL = [
    enrolled("03-01", "03-02", saved="2025-03-10T08:00:00Z"),
    enrolled("03-01", file="調查表_修正.xlsx", saved="2025-03-12T08:00:00Z"),
    enrolled("04-01", unit="04"),
    reported("03-01", "03-09"),
    reported("03-01", file="成果(1).xlsx", sha256="sha of 執行成果填報表_03.xlsx"),
    reported("04-01", unit="04", nil=True),
    reviewed("陳大文", "甲", file="r1.xlsx"),
    reviewed("陳大文", "乙", file="r2.xlsx"),
    reviewed("李小華", "丙", file="r3.xlsx"),
    held("第1次", file="m1.xlsx"),
    held("第2次", file="m2.xlsx"),
    returned(SETTINGS, unit="", file="年度設定.xlsx"),
]


@given(st.permutations(POOL))
def test_the_order_in_which_returns_arrive_never_matters(order: list[Submission]) -> None:
    assert merge(order, PLAN) == merge(POOL, PLAN)


@given(st.sets(st.integers(0, len(POOL) - 1)))
def test_a_merge_of_what_was_adopted_gives_the_same_year(some: set[int]) -> None:
    merged = merge([POOL[number] for number in some], PLAN)
    adopted = [one for one in POOL if brief(one) in merged.adopted]
    assert merge(adopted, PLAN).dataset == merged.dataset


def test_a_unit_s_report_never_touches_another_unit_s_item() -> None:
    own = reported("03-01", unit="03", file="own.xlsx")
    foreign = reported("03-01", unit="05", file="foreign.xlsx", sha256="f" * 64)
    merged = merge([enrolled("03-01"), enrolled("05-01", unit="05"), own, foreign], PLAN)
    assert [f.value for f in merged.findings if f.code == "C406"] == ["03-01"]
    alone = merge([enrolled("03-01"), own], PLAN)
    assert merged.dataset.item("03-01") == alone.dataset.item("03-01")


def test_two_members_reviewing_one_unit_are_pointed_out() -> None:
    both = [reviewed("陳大文", "甲"), reviewed("陳大文 組長", "乙", sha256="e" * 64)]
    merged = merge([enrolled("03-01"), *both], PLAN)
    assert "C416" in codes(merged)
    assert "C416" not in codes(merge([enrolled("03-01"), both[0]], PLAN))


def test_a_corrected_review_settles_one_that_named_nobody() -> None:
    named, unnamed = brief(reviewed("陳大文", "甲")), brief(reviewed("", "甲"))
    assert replaces(named, unnamed, Precedence.SAVED_LAST)
    assert not replaces(unnamed, named, Precedence.SAVED_LAST)


# --- the same twice -----------------------------------------------------------------------------

LONG = "建置線上查詢平臺，串接各區營業處案件資料，每日更新進度"


def told(number: str, unit: str, *, result: str = LONG, blob: str = "") -> Submission:
    photo = Picture(blob, "jpeg", 800, 600, Address("檔案.xlsx", "業務", "A9"), number)
    card = row("report", number, item=number, name=f"業務{number}", result=result)
    return returned(REPORT, card, unit=unit, pictures=(photo,) if blob else ())


def test_what_two_units_wrote_word_for_word_is_told_at_the_later_one() -> None:
    merged = merge([told("03-01", "03"), told("04-01", "04")], PLAN)
    assert codes(merged) == ["C419"]
    assert "03-01" in merged.findings[0].message


def test_a_short_phrase_or_the_unit_s_own_other_item_is_no_copy() -> None:
    short = merge(
        [told("03-01", "03", result="如期完成"), told("04-01", "04", result="如期完成")], PLAN
    )
    assert codes(short) == []


def test_a_photo_used_for_two_items_is_told() -> None:
    merged = merge(
        [told("03-01", "03", blob="b"), told("04-01", "04", result="別的成果", blob="b")], PLAN
    )
    assert codes(merged) == ["C420"]


def test_somebody_named_for_an_item_that_is_none_is_told() -> None:
    person = row("people", item="03-07", name="王小明")
    card = row("report", "03-01", item="03-01", name="業務", result="成果")
    merged = merge([returned(REPORT, card, person)], PLAN)
    assert codes(merged) == ["C406"]


# --- Given cells typed over -----------------------------------------------------------------------


def retyped(form: Form, section: str, issued: Mapping[str, str], **values: Value) -> Submission:
    """A return on item 03-01 in which given cells no longer hold what was issued."""
    card = row(section, "03-01", item="03-01", **values)
    return returned(form, replace(card, issued=issued))


@pytest.mark.parametrize(
    ("key", "new", "code"),
    [
        ("name", "新的名稱", "C422"),
        ("method", "新的方法", "C422"),
        ("target", "使用率 80%", "C421"),
        ("category", "社會創新共融", "C421"),
    ],
)
def test_what_a_unit_types_over_its_own_item_is_its_new_value_and_told_at_the_cell(
    key: str, new: str, code: str
) -> None:
    before = merge([enrolled("03-01")], PLAN).dataset.items[0]
    issued = {key: str(getattr(before, key))}
    report = retyped(REPORT, "report", issued, result="成果", **{key: new})
    merged = merge([enrolled("03-01"), report], PLAN)
    (item,) = merged.dataset.items
    (told,) = merged.findings
    assert getattr(item, key) == new
    assert (told.code, told.value, told.at) == (code, new, report.records[0].at[key])
    assert item.where(f"items.{key}") == told.at


def test_an_enrolment_corrected_after_the_form_went_out_is_no_edit_of_the_unit_s() -> None:
    report = returned(REPORT, row("report", "03-01", item="03-01", name="舊名", result="成果"))
    merged = merge([enrolled("03-01"), report], PLAN)
    assert merged.dataset.items[0].name == "業務03-01" and codes(merged) == []


def test_where_both_forms_changed_the_enrolment_stands_and_both_are_named() -> None:
    report = retyped(REPORT, "report", {"name": "發出時"}, name="填報表改的", result="成果")
    merged = merge([enrolled("03-01"), report], PLAN)
    assert merged.dataset.items[0].name == "業務03-01"
    (told,) = merged.findings
    assert told.code == "C424" and "業務03-01" in told.message and "發出時" in told.message


def test_where_both_forms_were_corrected_alike_nothing_is_said() -> None:
    report = retyped(REPORT, "report", {"name": "發出時"}, name="業務03-01", result="成果")
    assert codes(merge([enrolled("03-01"), report], PLAN)) == []


def unstamped(**values: Value) -> Submission:
    """A report on item 03-01 whose file does not tell what it was issued with."""
    card = row("report", "03-01", item="03-01", result="成果", **values)
    return returned(REPORT, card, baseline=False)


def test_what_differs_in_a_file_that_does_not_tell_what_was_issued_is_told_and_never_adopted() -> (
    None
):
    report = unstamped(name="別的名稱", target="別的目標", category="數位創新加值")
    merged = merge([enrolled("03-01"), report], PLAN)
    (item,) = merged.dataset.items
    (told,) = merged.findings
    assert (item.name, item.target) == ("業務03-01", "")
    assert (told.code, told.at) == ("C426", report.records[0].at["name"])
    assert told.value == "別的名稱；別的目標"
    assert "業務名稱 C5、年度目標 D5" in told.message


def test_a_retyped_file_that_says_what_is_known_or_nothing_needs_no_word() -> None:
    same_words = unstamped(name=" 業務 03-01", category="數位創新加值")
    assert codes(merge([enrolled("03-01"), same_words], PLAN)) == []
    assert codes(merge([enrolled("03-01"), unstamped()], PLAN)) == []
    assert codes(merge([unstamped(name="只有填報表知道")], PLAN)) == []


@pytest.mark.parametrize("category", ["環境永續", None])
def test_a_category_emptied_or_not_on_the_list_is_told_and_the_old_one_stands(
    category: str | None,
) -> None:
    values: Values = {"result": "成果", **({"category": category} if category else {})}
    report = retyped(REPORT, "report", {"category": "數位創新加值"}, **values)
    merged = merge([enrolled("03-01"), report], PLAN)
    assert merged.dataset.items[0].category is Category.DIGITAL and codes(merged) == ["C423"]


def test_what_a_member_types_over_the_unit_s_words_does_not_count() -> None:
    review = retyped(REVIEW, "review", {"result": "成果03-01"}, result="成員改寫", opinion="意見")
    merged = merge([enrolled("03-01"), reported("03-01"), review], PLAN)
    assert merged.dataset.items[0].result == "成果03-01" and codes(merged) == []


def test_last_year_s_words_stay_what_they_were_whatever_is_typed_over_them() -> None:
    report = retyped(REPORT, "report", {"last_year": "去年所列"}, last_year="改寫", result="成果")
    merged = merge([enrolled("03-01"), report], PLAN)
    assert merged.dataset.items[0].last_year == "去年所列" and codes(merged) == []


@pytest.mark.parametrize("key", ["name", "method", "target"])
def test_nothing_typed_over_something_wants_the_coordinator_s_eye(key: str) -> None:
    before = merge([enrolled("03-01")], PLAN).dataset.items[0]
    report = retyped(
        REPORT, "report", {key: str(getattr(before, key))}, result="成果", **{key: "無"}
    )
    assert codes(merge([enrolled("03-01"), report], PLAN)) == ["C421"]


def test_a_deputy_s_name_typed_over_the_member_s_is_taken_and_told() -> None:
    seat = row("attendance", unit="電力發展及管理組", name="代理人", present="親自出席")
    meeting = returned(
        MEETING, row("meeting", no="第1次"), replace(seat, issued={"name": "成員"}), unit=""
    )
    merged = merge([meeting], PLAN)
    assert merged.dataset.meetings[0].attendance[0].name == "代理人" and codes(merged) == ["C422"]
