"""Who has filed (參, 附件1), and which of several returns counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from tests.support import build, nouns
from tests.support.build import enrolled, held, merge, reported, returned, reviewed
from xltool.forms import CONTEST, FORMS, REPORT
from xltool.merge import Merged
from xltool.model import Filing, FilingState, Item, Lateness, Precedence, Return, Submission
from xltool.plan import Plan
from xltool.rules import filing
from xltool.rules.filing import Chosen, brief, received

PLAN = build.PLAN


def codes(merged: Merged) -> list[str]:
    return [finding.code for finding in merged.findings]


def in_brief(submission: Submission) -> Return:
    """Each file says something of its own here, as far as bytes differ."""
    return replace(brief(submission), said=f"said by {submission.sha256}")


def choose(returns: Iterable[Submission | Return], plan: Plan) -> Chosen:
    return filing.choose((r if isinstance(r, Return) else in_brief(r) for r in returns), plan)


def came(submission: Submission, at: str, issued: str = "") -> Return:
    return filing.received(in_brief(submission), at, PLAN, issued)


def replaces(later: Submission, earlier: Submission) -> bool:
    return filing.replaces(brief(later), brief(earlier), Precedence.SAVED_LAST)


def decided(
    *returns: Submission | Return,
    precedence: Precedence = Precedence.SAVED_LAST,
    lateness: Lateness = Lateness.COUNTS,
) -> tuple[list[str], dict[str, list[str]]]:
    """The files that count under these settings, and the codes of the findings by file."""
    options = replace(PLAN.options, precedence=precedence, lateness=lateness)
    choice = choose(returns, replace(PLAN, options=options))
    found: dict[str, list[str]] = {}
    for one in choice.findings:
        found.setdefault(one.at.file, []).append(one.code)
    return [one.file for one in choice.chosen], found


def adopted(*submissions: Submission) -> list[str]:
    return [one.file for one in choose(submissions, PLAN).chosen]


def test_the_return_saved_last_counts() -> None:
    early = enrolled(file="b.xlsx", saved="2025-03-10T08:00:00Z")
    late = enrolled(file="a.xlsx", saved="2025-03-11T08:00:00Z")
    assert adopted(early, late) == adopted(late, early) == ["a.xlsx"]
    (found,) = choose([early, late], PLAN).findings
    assert found.code == "F110" and found.at.file == "b.xlsx"
    assert "a.xlsx（114.03.11 16:00 存檔）" in found.message


def test_a_stamp_without_a_zone_is_taipei_time() -> None:
    # Excel writes 08:30 UTC, which is 16:30 in Taipei; LibreOffice writes local time.
    excel = enrolled(file="a.xlsx", saved="2025-03-10T08:30:00Z")
    assert adopted(excel, enrolled(file="b.ods", saved="2025-03-10T16:29:59.5")) == ["a.xlsx"]
    assert adopted(excel, enrolled(file="b.ods", saved="2025-03-10T16:30:01.5")) == ["b.ods"]


@pytest.mark.parametrize("stamp", ["", "昨天", "2025-13-01T00:00:00Z"])
def test_a_return_without_a_usable_stamp_loses_against_one_with(stamp: str) -> None:
    stamped = enrolled(file="a.xlsx", saved="2020-01-01T00:00:00Z")
    assert adopted(enrolled(file="z.xlsx", saved=stamp), stamped) == ["a.xlsx"]


def test_returns_saved_at_the_same_moment_are_told_apart_by_file_name_then_content() -> None:
    assert adopted(enrolled(file="a.xlsx"), enrolled(file="b.xlsx")) == ["b.xlsx"]
    one, other = enrolled(file="a.xlsx", sha256="1"), enrolled(file="a.xlsx", sha256="2")
    for order in ([one, other], [other, one]):
        assert choose(order, PLAN).chosen == (in_brief(other),)


def test_an_identical_file_under_another_name_counts_once() -> None:
    one, copy = enrolled(file="a.xlsx", sha256="1"), enrolled(file="a(1).xlsx", sha256="1")
    choice = choose([one, copy], PLAN)
    assert [s.file for s in choice.chosen] == ["a(1).xlsx"]
    assert [(f.code, f.at.file) for f in choice.findings] == [("F109", "a.xlsx")]
    assert "a(1).xlsx" in choice.findings[0].message
    assert choice.superseded == (in_brief(one),)


def test_returns_of_another_unit_or_another_form_do_not_compete() -> None:
    assert len(adopted(enrolled(), enrolled(unit="04"), reported())) == 3


def test_each_reviewer_of_a_unit_counts_once() -> None:
    first = reviewed("陳大文", "甲", file="1.xlsx", saved="2025-12-12T00:00:00Z")
    again = reviewed("陳大文", "乙", file="2.xlsx", saved="2025-12-13T00:00:00Z")
    other = reviewed("李小華", "丙", file="3.xlsx")
    (item,) = merge([enrolled("03-01"), reported("03-01"), first, again, other], PLAN).dataset.items
    assert sorted((r.reviewer, r.opinion) for r in item.reviews) == [
        ("李小華", "丙"),
        ("陳大文", "乙"),
    ]


def test_each_meeting_counts_once_and_the_contest_once() -> None:
    meetings = [
        held("第1次", file="1.xlsx"),
        held("第 1 次", file="2.xlsx"),
        held("第2次", file="3.xlsx"),
    ]
    assert sorted(adopted(*meetings)) == ["2.xlsx", "3.xlsx"]
    assert adopted(returned(CONTEST, unit="", file="1"), returned(CONTEST, unit="", file="2")) == [
        "2"
    ]


def test_a_return_replaces_one_of_the_same_that_was_not_saved_after_it() -> None:
    early = enrolled(file="a.xlsx", saved="2025-03-10T08:00:00Z")
    late = enrolled(file="b.xlsx", saved="2025-03-11T08:00:00Z")
    assert replaces(late, early) and not replaces(early, late)
    assert replaces(enrolled(), enrolled(file="b.xlsx"))
    assert not replaces(replace(late, unit="04"), early)
    assert not replaces(reviewed("李小華", "丙"), reviewed("陳大文", "甲"))
    assert replaces(reviewed("陳大文", "乙", file="b.xlsx"), reviewed("陳 大文", "甲"))
    assert not replaces(replace(late, year=115), early), "last year's is no version of this year's"


def test_a_return_saved_after_the_last_day_counts_and_is_told() -> None:
    late = replace(enrolled("03-01"), saved="2025-04-02T03:00:00Z")
    merged = merge([late], PLAN)
    assert codes(merged) == ["F124"]
    assert "114.03.31" in merged.findings[0].message
    assert merged.dataset.items


def test_the_evening_of_the_last_day_in_taipei_is_in_time() -> None:
    assert codes(merge([replace(enrolled("03-01"), saved="2025-03-31T15:59:00Z")], PLAN)) == []
    assert codes(merge([replace(enrolled("03-01"), saved="2025-03-31T16:00:00Z")], PLAN)) == [
        "F124"
    ]


def test_a_report_is_in_time_until_the_supplement_ends() -> None:
    report = replace(reported("03-01"), saved="2025-12-31T10:00:00Z")
    assert codes(merge([report], PLAN)) == []


MONDAY, TUESDAY = "2025-03-10T02:00:00Z", "2025-03-11T02:00:00Z"


def test_an_older_version_that_arrives_late_does_not_count_and_is_told_so() -> None:
    new = enrolled(file="new.xlsx", sha256="2", saved=TUESDAY)
    old = enrolled(file="old.xlsx", sha256="1", saved=MONDAY)
    came_first = came(new, "2025-03-12T09:00:00+08:00")
    came_last = came(old, "2025-03-20T09:00:00+08:00")
    assert decided(came_first, came_last) == (["new.xlsx"], {"old.xlsx": ["F127"]})


def test_a_return_without_a_stamp_was_saved_when_it_came() -> None:
    unstamped = came(enrolled(file="new.xlsx", sha256="2"), "2025-03-12T09:00:00+08:00")
    stamped = enrolled(file="old.xlsx", sha256="1", saved=TUESDAY)
    assert decided(unstamped, stamped)[0] == ["new.xlsx"]


def test_two_different_returns_of_one_day_are_told() -> None:
    morning = enrolled("03-01", file="a.xlsx", sha256="1", saved=MONDAY)
    evening = enrolled("03-02", file="b.xlsx", sha256="2", saved="2025-03-10T10:00:00Z")
    assert decided(morning, evening) == (["b.xlsx"], {"a.xlsx": ["F126"]})
    next_day = replace(evening, saved=TUESDAY)
    assert decided(morning, next_day) == (["b.xlsx"], {"a.xlsx": ["F110"]})


def test_a_return_that_says_what_the_one_before_says_is_the_same_return() -> None:
    first = brief(enrolled("03-01", file="a.xlsx", sha256="1", saved=MONDAY))
    packed_anew = replace(first, file="b.xlsx", sha256="2", saved=TUESDAY)
    assert decided(packed_anew, first) == (["a.xlsx"], {"b.xlsx": ["F109"]})
    again = replace(first, sha256="3", saved=TUESDAY)
    assert decided(first, again) == (["a.xlsx"], {}), "its name tells it already"
    late = replace(packed_anew, saved="2025-04-02T03:00:00Z")
    assert decided(first, late) == (["a.xlsx"], {"b.xlsx": ["F109"]}), (
        "sent in time, then once more"
    )


def test_a_return_that_goes_back_to_what_an_older_one_said_is_a_new_version() -> None:
    first = brief(enrolled("03-01", file="a.xlsx", sha256="1", saved=MONDAY))
    other = brief(enrolled("03-02", file="b.xlsx", sha256="2", saved=TUESDAY))
    back = replace(first, file="c.xlsx", sha256="3", saved="2025-03-12T02:00:00Z")
    assert decided(back, first, other)[0] == ["c.xlsx"]


@pytest.mark.parametrize(
    ("stamp", "issued"),
    [
        ("2009-01-01T00:10:00Z", ""),
        ("2025-01-01T00:00:00Z", ""),
        ("2031-05-05T00:00:00Z", ""),
        ("2025-02-20T02:00:00Z", "2025-03-01T09:00:00+08:00"),
    ],
)
def test_a_stamp_that_cannot_be_never_decides_which_version_counts(stamp: str, issued: str) -> None:
    first = came(enrolled(file="old.xlsx", saved=MONDAY), "2025-03-10T12:00:00+08:00", issued)
    corrected = came(enrolled(file="new.xlsx", saved=stamp), "2025-03-12T09:00:00+08:00", issued)
    chosen, found = decided(first, corrected)
    assert chosen == ["new.xlsx"]
    assert found == {"new.xlsx": ["C427"], "old.xlsx": ["F110"]}
    assert decided(corrected) == (["new.xlsx"], {}), "alone, its stamp decides nothing"
    older = came(enrolled(file="new.xlsx", saved=stamp), "2025-03-09T09:00:00+08:00", issued)
    assert decided(first, older)[0] == ["old.xlsx"]


def test_a_year_that_is_played_through_after_its_end_keeps_its_stamps() -> None:
    issued = "2026-11-26T09:00:00+08:00"
    first = came(enrolled(file="b.xlsx", saved=MONDAY), "2026-11-26T09:10:00+08:00", issued)
    later = came(enrolled(file="a.xlsx", saved=TUESDAY), "2026-11-26T09:10:00+08:00", issued)
    assert decided(first, later) == (["a.xlsx"], {"b.xlsx": ["F110"]})


@pytest.mark.parametrize(
    ("precedence", "counts"),
    [
        (Precedence.SAVED_LAST, "saved.xlsx"),
        (Precedence.RECEIVED_LAST, "third.xlsx"),
        (Precedence.RECEIVED_FIRST, "first.xlsx"),
    ],
)
def test_the_settings_say_which_of_several_returns_counts(
    precedence: Precedence, counts: str
) -> None:
    stories = {"first.xlsx": (5, 12), "saved.xlsx": (9, 14), "third.xlsx": (7, 16)}
    returns = [
        came(
            enrolled(file=file, sha256=file, saved=f"2025-03-{saved:02}T02:00:00Z"),
            f"2025-03-{arrived}T10:00:00+08:00",
        )
        for file, (saved, arrived) in stories.items()
    ]
    for order in permutations(returns):
        chosen, found = decided(*order, precedence=precedence)
        assert chosen == [counts]
        assert found.keys() == stories.keys() - {counts}, "each one that does not count is named"


def test_a_late_return_does_not_count_where_the_settings_refuse_it() -> None:
    late = enrolled(file="late.xlsx", sha256="2", saved="2025-04-02T03:00:00Z")
    in_time = enrolled(file="in time.xlsx", sha256="1", saved=MONDAY)
    refused = Lateness.REFUSED
    assert decided(in_time, late, lateness=refused) == (["in time.xlsx"], {"late.xlsx": ["F125"]})
    assert decided(late, lateness=refused) == ([], {"late.xlsx": ["F125"]})
    assert decided(in_time, late) == (
        ["late.xlsx"],
        {"late.xlsx": ["F124"], "in time.xlsx": ["F110"]},
    )


def test_a_unit_whose_only_return_was_refused_as_late_has_not_filed() -> None:
    plan = replace(PLAN, options=replace(PLAN.options, lateness=Lateness.REFUSED))
    late = enrolled("03-01", file="late.xlsx", saved="2025-04-02T03:00:00Z")
    dataset = merge([late], plan).dataset
    [filing] = [f for f in dataset.filings if (f.unit, f.form) == ("03", "enrolment")]
    assert (filing.state, filing.late, filing.file) == (FilingState.MISSING, True, "late.xlsx")
    assert dataset.items == ()


def test_every_late_return_is_told_with_both_days_and_the_other_units_go_on() -> None:
    refused = replace(PLAN, options=replace(PLAN.options, lateness=Lateness.REFUSED))
    late = [
        enrolled("03-01", unit="03", file="3.xlsx", saved="2025-04-02T03:00:00Z"),
        enrolled("04-01", unit="04", file="4.xlsx", saved="2025-04-03T03:00:00Z"),
    ]
    in_time = enrolled("05-01", unit="05", file="5.xlsx", saved=MONDAY)
    choice = choose([*late, in_time], refused)
    assert [one.file for one in choice.late] == ["3.xlsx", "4.xlsx"]
    assert [one.file for one in choice.chosen] == ["5.xlsx"]
    said = "截止日（114.03.31）後才存檔（{}），依年度設定不採用"
    assert [(f.at.file, f.value, f.message) for f in choice.findings] == [
        ("3.xlsx", "114.04.02", said.format("114.04.02")),
        ("4.xlsx", "114.04.03", said.format("114.04.03")),
    ]


def test_without_a_calendar_nothing_is_late() -> None:
    late = enrolled("03-01", saved="2099-01-01T00:00:00Z")
    assert choose([late], replace(PLAN, calendar=())).findings == ()


def test_a_form_of_which_nothing_came_is_not_filed() -> None:
    assert filed([returned(REPORT, file="a.xlsx")], "report").file == "a.xlsx"
    assert filed([], "report") == nouns.filing("03", "report", filed=False)


def test_opinions_of_several_members_are_one_filing() -> None:
    both = [reviewed("陳大文", "甲", file="1.xlsx"), reviewed("李小華", "乙", file="2.xlsx")]
    assert filed(both, "review").file == "1.xlsx、2.xlsx"


def test_a_unit_that_reported_after_all_owes_its_member_s_opinion() -> None:
    nothing = enrolled(file="0.xlsx", nil=True)
    assert filed([nothing], "review").state is FilingState.NIL
    assert filed([nothing], "review", [build.item("03-01")]).state is FilingState.MISSING
    opinion = reviewed("陳大文", "甲", file="1.xlsx")
    assert filed([nothing, opinion], "review").state is FilingState.FILED


def test_what_came_too_late_is_named_only_where_nothing_else_counts() -> None:
    late = enrolled(file="late.xlsx")
    assert filed([], "enrolment", late=[late]) == nouns.filing(
        "03", "enrolment", filed=False, late=True, file="late.xlsx"
    )
    in_time = enrolled(file="in time.xlsx")
    assert filed([in_time], "enrolment", late=[late]).file == "in time.xlsx"
    assert not filed([in_time], "enrolment", late=[late]).late
    opinion = reviewed("陳大文", "甲", file="late.xlsx")
    assert not filed([enrolled(nil=True)], "review", late=[opinion]).late


def filed(
    chosen: Sequence[Submission],
    form: str,
    items: Sequence[Item] = (),
    late: Sequence[Submission] = (),
) -> Filing:
    """What unit 03 has filed of a form."""
    by_form = {one: [s for s in chosen if s.form == one] for one in FORMS}
    found = filing.filings(by_form, [brief(one) for one in late], items, PLAN)
    return next(one for one in found if (one.unit, one.form) == ("03", form))


def test_of_two_with_one_stamp_the_one_received_later_counts() -> None:
    """A program may leave the stamp of the file that it changed."""
    first = build.reported("03-01", file="a.xlsx", sha256="f" * 64, saved="2025-12-05T09:00:00Z")
    later = build.returned(
        REPORT,
        build.row("report", "03-01", item="03-01", name="業務", result="更正"),
        file="a.xlsx", sha256="0" * 64, saved="2025-12-05T09:00:00Z",
    )  # fmt: skip
    came = [
        received(brief(first), "2025-12-06T09:00:00+08:00", build.PLAN),
        received(brief(later), "2025-12-07T09:00:00+08:00", build.PLAN),
    ]
    for order in (came, came[::-1]):
        assert [one.sha256 for one in choose(order, PLAN).chosen] == ["0" * 64]
