"""Small years, and returns that make them, for tests, in few words: defaults for whatever a test does not speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from tests.support import nouns
from xltool import merge as merging
from xltool.forms import ENROLMENT, MEETING, REPORT, REVIEW, Form
from xltool.merge import Merged
from xltool.model import (
    Address,
    Category,
    ContestStage,
    Dataset,
    Entry,
    Item,
    Lateness,
    Listed,
    Meeting,
    Member,
    Motion,
    Person,
    Precedence,
    Record,
    Review,
    Role,
    Score,
    Submission,
    Value,
)
from xltool.plan import Plan, shipped_plan
from xltool.rules.filing import brief

PLAN = shipped_plan(114)


def plan(**options: Any) -> Plan:
    """The plan of 114 with some of its options changed, or of what it says of the 督導小組."""
    typed: dict[str, Callable[[Any], object]] = {
        "full_score": lambda number: Decimal(str(number)),
        "score_gap": lambda number: Decimal(str(number)),
        "precedence": Precedence,
        "lateness": Lateness,
    }
    options |= {key: typed[key](value) for key, value in options.items() if key in typed}
    group = {key: options.pop(key) for key in vars(PLAN.group) if key in options}
    return replace(
        PLAN,
        options=replace(PLAN.options, **options),
        group=replace(PLAN.group, **group),
    )


def scores(values: Iterable[object]) -> tuple[Score, ...]:
    """One score for each criterion; an empty text is a missing one."""
    return tuple(
        nouns.score(criterion.name, None if value == "" else Decimal(str(value)))
        for criterion, value in zip(PLAN.criteria, values, strict=True)
    )


def review(
    reviewer: str = "陳大文",
    scored: Iterable[object] = ("", "", "", ""),
    recommend: bool | None = True,
    **more: Any,
) -> Review:
    """A member's opinion on an item."""
    if more:
        return nouns.changed(review(reviewer, scored, recommend), **more)
    return nouns.review(
        reviewer,
        title="副組長",
        opinion="成效具體",
        recommend=recommend,
        scores=scores(scored),
    )


def item(
    number: str = "03-01",
    scored: Iterable[object] = ("80", "80", "80", "80"),
    reviews: Iterable[Review] = (),
    category: str = Category.DIGITAL,
    **more: Any,
) -> Item:
    """An enrolled and reported item."""
    made = nouns.item(
        number,
        number[:2],
        name=f"業務{number}",
        category=Category(category),
        enrolled=True,
        reported=True,
        result="已完成",
        scores=scores(scored),
        reviews=tuple(reviews),
    )
    return nouns.changed(made, **more)


def entry(number: str = "A1", stage: str = ContestStage.AWARDED, **more: Any) -> Entry:
    """An entry in the 政府服務獎; no stage: not known yet."""
    known = ContestStage(stage) if stage else None
    made = nouns.entry(
        number,
        name="用電申辦一站通",
        term="第8屆",
        unit="03",
        stage=known,
        at=Address("參選結果表.xlsx", "參選案"),
    )
    return nouns.changed(made, **more)


def person(
    name: str = "王小明",
    role: str = Role.MAIN,
    entry: str = "A1",
    unit: str = "03",
    proposed: str = "",
    staff_id: str | None = None,
    **more: Any,
) -> Person:
    """Somebody in an entry; his 職員編號 is made of his name unless given (empty: he has none)."""
    if staff_id is None:
        staff_id = "E" + "".join(f"{ord(char):X}" for char in name)
    made = nouns.person(
        entry,
        unit,
        name,
        role=Role(role),
        staff_id=staff_id,
        title="專員",
        staff_kind="公務人員",
        grade="薦任第七職等",
        proposed=proposed,
        at=Address("參選結果表.xlsx", "人員"),
    )
    return nouns.changed(made, **{"ground": "辦理重要業務，成績特優", **more})


def motion(no: str = "1", consensus: bool | None = True, **more: Any) -> Motion:
    """A motion, agreed to unless said otherwise."""
    made = nouns.motion(
        no, subject="推薦參加政府服務獎", resolution="照案通過", consensus=consensus
    )
    return nouns.changed(made, **more)


def meeting(
    present: int = 12,
    motions: Iterable[Motion] = (),
    no: str = "第1次",
    seats: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    listed: Iterable[Listed] = (),
    **more: Any,
) -> Meeting:
    """A meeting at which the first `present` units' members were there; `seats` says otherwise of some
    units (code)."""
    attendance = tuple(
        nouns.changed(
            nouns.attendance(unit.code, f"成員{unit.code}", present=number < present),
            **seats.get(unit.code, {}),
        )
        for number, unit in enumerate(PLAN.units)
    )
    made = nouns.meeting(
        no,
        day=date(2025, 12, 22),
        place="會議室",
        chair="主任秘書",
        attendance=attendance,
        motions=tuple(motions),
        listed=tuple(listed),
    )
    return nouns.changed(made, **more)


def dataset(
    entries: Iterable[Entry] = (),
    people: Iterable[Person] = (),
    *,
    items: Iterable[Item] = (),
    members: Iterable[Member] = (),
    meetings: Iterable[Meeting] = (),
    proposals: Iterable[Person] = (),
) -> Dataset:
    """A year. `people` are those of the contest, `proposals` those of the units' reports."""
    return Dataset(
        114,
        items=tuple(items),
        members=tuple(members),
        people=tuple(proposals),
        meetings=tuple(meetings),
        entries=tuple(entries),
        entry_people=tuple(people),
    )


# --- Returns ---


def returned(form: Form, *records: Record, unit: str = "03", **more: Any) -> Submission:
    """A return of a form as we issued it; file and SHA-256 follow from form and unit unless given."""
    file = str(more.pop("file", f"{form.title}_{unit}.xlsx"))
    sha256 = str(more.pop("sha256", f"sha of {file}"))
    made = Submission(form.key, 114, unit, file, sha256, records, baseline=True)
    return replace(made, **more)


def merge(submissions: Iterable[Submission], plan: Plan) -> Merged:
    """The year that these returns make."""
    said = {brief(one): one for one in submissions}
    return merging.merge(said, plan, said.__getitem__)


def row(section: str, of: str = "", **values: Value) -> Record:
    """A record that stands on row 5 of a sheet named like its section."""
    at = {key: Address("檔案.xlsx", section, f"{chr(65 + n)}5") for n, key in enumerate(values)}
    return Record(section, values, of, at)


def enrolled(*numbers: str, unit: str = "03", **more: Any) -> Submission:
    rows = [row("items", item=n, name=f"業務{n}", category="數位創新加值") for n in numbers]
    return returned(ENROLMENT, *rows, unit=unit, **more)


def reported(*numbers: str, unit: str = "03", **more: Any) -> Submission:
    cards = [row("report", n, item=n, name=f"業務{n}", result=f"成果{n}") for n in numbers]
    return returned(REPORT, *cards, unit=unit, **more)


def reviewed(reviewer: str, opinion: str, **more: Any) -> Submission:
    return returned(
        REVIEW,
        row("reviewer", name=reviewer, title="副組長"),
        row("review", "03-01", item="03-01", opinion=opinion, recommend="是"),
        **more,
    )


def held(no: str, **more: Any) -> Submission:
    return returned(MEETING, row("meeting", no=no), unit="", **more)
