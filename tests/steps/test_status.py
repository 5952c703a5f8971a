"""Who has filed what, and how many days are left."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.unit_03 import enrolment, returned
from xltool.forms import ENROLMENT
from xltool.steps.status import status
from xltool.store.workspace import Workspace


def test_every_unit_that_has_not_filed_is_listed_and_a_nil_return_is_a_filing(
    workspace: Workspace,
) -> None:
    returned(workspace, "a.xlsx", ENROLMENT, enrolment())
    returned(workspace, "b.xlsx", ENROLMENT, enrolment(status="本年度無參與業務"), unit="12")
    states = {
        standing.unit: standing.state
        for standing in status(workspace, date(2025, 3, 31)).standings
        if standing.form == "enrolment"
    }
    assert len(states) == 12
    assert states["03"] == "已繳"
    assert states["12"] == "無辦理"
    assert {state for unit, state in states.items() if unit not in ("03", "12")} == {"未繳"}


@pytest.mark.parametrize(
    ("day", "days"), [(date(2025, 3, 30), 1), (date(2025, 3, 31), 0), (date(2025, 4, 1), -1)]
)
def test_days_left_are_counted_to_the_deadline_itself(
    workspace: Workspace, day: date, days: int
) -> None:
    standing = status(workspace, day).standings[0]
    assert standing.form == "enrolment"
    assert standing.days == days
