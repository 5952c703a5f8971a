"""The plan made of the records of 年度設定, with what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from xltool.findings import Finding
from xltool.model import Bound, ContestStage, Lateness, Precedence, Record, Role
from xltool.plan.checks import Sections, contradictions, is_whole, kept_out, missing, places, scale
from xltool.plan.rolling import shipped_records
from xltool.plan.settings import (
    OFF,
    WORKED,
    Carried,
    Criterion,
    Entitlement,
    Group,
    LastMember,
    Limits,
    Options,
    Plan,
    Question,
    QuestionKind,
    RestDays,
    Restriction,
    Reward,
    Rewarded,
    Stage,
    Unit,
    Winner,
)
from xltool.wording import placed
from xltool.zh import locator


def shipped_plan(year: int) -> Plan:
    """The plan made of the shipped settings. Raises ValueError if they are inconsistent (a bug)."""
    plan, found = read_plan(shipped_records(year))
    if plan is None:
        raise ValueError("; ".join(f.message for f in found))
    return plan


def read_plan(
    records: Iterable[Record],
    file: str = "年度設定",
    titles: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Plan | None, list[Finding]]:
    """Make a plan of the records of 年度設定, whose sections people know by `titles`.

    Single values are checked by the form's own checks, and one that failed is absent; what only the
    whole can tell is checked here (`plan.checks`). The plan is None when a finding blocks.
    """
    sections = Sections.of(records, titles, file)
    found = list(missing(sections)) or list(contradictions(sections))
    if any(one.blocks for one in found):
        return None, found
    return _plan(sections), found


def _plan(sections: Sections) -> Plan:
    basics = sections.card("basics")
    ladder = tuple(sorted(map(_reward, sections.rows("ladder"))))
    return Plan(
        year=_whole(basics, "year"),
        agency=basics.text("agency"),
        short=basics.text("short"),
        parent=basics.text("parent"),
        title=basics.text("plan_title"),
        basis=basics.text("basis"),
        data_until=basics.text("data_until"),
        contact_unit=basics.text("contact_unit"),
        contact_name=basics.text("contact_name"),
        contact_phone=basics.text("contact_phone"),
        contact_email=basics.text("contact_email"),
        units=tuple(map(_unit, sections.rows("units"))),
        titles=tuple(record.text("name") for record in sections.rows("titles")),
        criteria=tuple(map(_criterion, sections.rows("criteria"))),
        calendar=tuple(_calendar(sections)),
        ladder=ladder,
        entitlements=tuple(_entitlements(sections, ladder)),
        options=_options(sections.card("options")),
        group=_group(sections.card("group")),
        carried=tuple(map(_carried, sections.rows("last_year"))),
        limits=_limits(sections.card("limits")),
        restrictions=tuple(_restrictions(sections.rows("restrictions"))),
        winners=tuple(map(_winner, sections.rows("winners"))),
        rewarded=tuple(map(_rewarded, sections.rows("rewarded"))),
        last_members=tuple(map(_last_member, sections.rows("last_members"))),
        called=tuple(_called(sections.card("words"))),
        places=places(sections),
        questions=tuple(_questions(sections.rows("questions"))),
    )


def _unit(record: Record) -> Unit:
    keys = ("code", "name", "kind", "email", "contact")
    return Unit(**{key: record.text(key) for key in keys})


def _criterion(record: Record) -> Criterion:
    weight = record.number("weight") or Decimal(0)
    return Criterion(record.text("name"), weight, record.text("meaning"))


def _reward(record: Record) -> Reward:
    return Reward(record.text("name"), _whole(record, "rank"), _whole(record, "points"))


def _entitlements(sections: Sections, ladder: Sequence[Reward]) -> Iterator[Entitlement]:
    steps, moved = {reward.name: reward for reward in ladder}, dict(places(sections))
    for record in filter(is_whole, sections.rows("entitlements")):
        yield Entitlement(
            clause=placed(locator(record.text("clause")), moved),
            stage=ContestStage(record.text("stage")) if record.text("stage") else None,
            role=Role(record.text("role")),
            bound=Bound(record.text("bound")),
            reward=steps[record.text("reward")],
        )


def _calendar(sections: Sections) -> Iterator[Stage]:
    rest_days = _rest_days(sections.rows("rest_days"))
    for record in sections.rows("calendar"):
        start, due = record.day("start"), record.day("due")
        if start and due:
            yield Stage(record.text("stage"), start, due, record.text("work"), rest_days)


def _rest_days(records: Iterable[Record]) -> RestDays:
    days = sorted((day, record.text("kind")) for record in records if (day := record.day("day")))
    return RestDays(
        tuple(day for day, kind in days if kind == OFF),
        tuple(day for day, kind in days if kind == WORKED),
    )


def _options(record: Record) -> Options:
    """The choices as made; the usual ones where left blank."""
    full, gap = scale(record)
    return Options(
        full_score=full,
        score_gap=gap,
        one_reward=record.flag("one_reward") is not False,
        coach_always=record.flag("coach_always") is not False,
        convener_counts=record.flag("convener_counts") is True,
        precedence=Precedence(record.text("precedence") or Options.precedence),
        lateness=Lateness(record.text("lateness") or Options.lateness),
    )


def _group(record: Record) -> Group:
    return Group(
        record.text("convener"),
        record.flag("deputy_counts") is True,
        record.flag("publish_resolutions") is True,
    )


def _called(record: Record) -> Iterator[tuple[str, str]]:
    return ((key, str(word)) for key, word in record.values.items() if word)


def _carried(record: Record) -> Carried:
    keys = ("item", "unit", "name", "category", "audience", "method", "target")
    more = ("partners", "handler", "phone", "next_steps")
    return Carried(
        **{key: record.text(key) for key in (*keys, *more)},
        cross_agency=record.flag("cross_agency"),
        goes_on=record.flag("goes_on") is not False,
    )


def _winner(record: Record) -> Winner:
    return Winner(**{key: record.text(key) for key in ("term", "entry", "unit", "name", "item")})


def _rewarded(record: Record) -> Rewarded:
    keys = ("term", "entry", "unit", "name", "staff_id", "reward")
    said = {key: record.text(key) for key in keys}
    return Rewarded(**said, year=_whole(record, "year"), line=_whole(record, "line"))


def _last_member(record: Record) -> LastMember:
    keys = ("unit", "name", "title", "level", "email")
    return LastMember(**{key: record.text(key) for key in keys})


def _limits(record: Record) -> Limits:
    """The limits as set; settings of an earlier version have none, and take the usual ones."""
    given = record.values.items()
    return Limits(**{key: int(value) for key, value in given if isinstance(value, Decimal)})


def _restrictions(records: Iterable[Record]) -> Iterator[Restriction]:
    for record in records:
        if text := record.text("text"):
            yield Restriction(text, record.text("basis"), kept_out(record))


def _questions(records: Iterable[Record]) -> Iterator[Question]:
    """The questions that are whole; of what one lacks the form's own check tells."""
    for row, record in enumerate(records, 1):
        needed = {key: record.text(key) for key in ("form", "section", "label")}
        if all(needed.values()) and record.text("kind"):
            yield Question(
                record.text("number") or f"Q{row}",
                **needed,
                kind=QuestionKind(record.text("kind")),
                required=record.flag("required") is True,
                choices=choices_of(record),
                hint=record.text("hint"),
                example=record.text("example"),
                length=_whole(record, "length") or None,
                personal=record.flag("personal") is not False,
                published=record.flag("published") is True,
            )


def choices_of(question: Record) -> tuple[str, ...]:
    """The options that a row of 加問欄位 lists, each once, whatever stands between them."""
    parts = [""]
    depth = 0
    for sign in question.text("choices"):
        depth += (sign in "（(") - (sign in "）)")
        if sign in _BETWEEN_CHOICES and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


_BETWEEN_CHOICES = "、；;，,／/\n"
"""Not between brackets: 實體（含講座、工作坊） is one."""


def _whole(record: Record, key: str) -> int:
    return int(record.number(key) or 0)
