"""R8: who must file (參, 附件1), and which of a unit's returns counts.

Pure, and the order of the returns never matters.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from xltool.findings import Finding, finding
from xltool.forms import CONTEST, ENROLMENT, FORMS, MEETING, REVIEW, UNIT_FORMS, Form
from xltool.forms.schema import Filer
from xltool.model import (
    Address,
    Filing,
    Item,
    Lateness,
    Precedence,
    Return,
    Submission,
    Value,
)
from xltool.plan import Plan
from xltool.rules.rule import Choice, Rule
from xltool.zh import ROC_OFFSET, TAIPEI, roc_date, same, western

RULE = Rule(
    key="R8",
    title="應填報單位與採用的回傳",
    clauses=("targets", "calendar"),
    module="filing",
    settings=("units", "calendar", "options.precedence", "options.lateness"),
    findings=("C427", "F109", "F110", "F124", "F125", "F126", "F127", "F147"),
    choices=(
        Choice(
            "所有$units都要填報；無參與業務或無執行成果者填「無」也是填報，未繳者列名，從不略去"
        ),
        Choice("調查表填「無參與業務」的單位，其督導小組成員沒有可提意見的業務，督導意見表視為無"),
        Choice(
            "同一單位同一表單有多份無錯誤的回傳時，依存檔或收到的先後採用一份", "options.precedence"
        ),
        Choice("先後依檔案內的最後儲存時間，不依檔案系統的時間；沒有儲存時間的以收到時間計"),
        Choice(
            "存檔時間早於表單發出，或晚於收到者，是電腦時鐘有誤，不據以分先後，改以收到時間計並註明"
        ),
        Choice("內容與前一份完全相同的回傳視為同一份，不另成一版"),
        Choice(
            "有錯誤的回傳從不取代無錯誤的回傳；沒有無錯誤者時，採用其無錯誤的部分，有錯誤的格、列待修正"
        ),
        Choice("截止日後才存檔者採用並註明，或不採用並列為未繳", "options.lateness"),
        Choice("執行成果填報表以 12 月資料補正的截止日為準；截止日逢休息日順延（行政程序法 §48）"),
        Choice("督導意見表每位成員各計一份，會議紀錄表每次會議各計一份"),
        Choice(
            "多份參選結果表合併計算，參選案以參選編號與屆別辨認；同一參選案以後一份為準，其他案不受影響"
        ),
    ),
)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_AHEAD = timedelta(days=31)
"""So long before its stage begins a form may go out."""
_SLOW = timedelta(days=1)
"""So much later than it was received a file may say it was saved: programs get time zones wrong."""


@dataclass(frozen=True)
class Chosen:
    """Which returns count: `chosen`; those that another or an identical one replaced; those that came
    too late. `before`: the version that one of the chosen takes the place of."""

    chosen: tuple[Return, ...]
    superseded: tuple[Return, ...]
    late: tuple[Return, ...]
    findings: tuple[Finding, ...]
    before: Mapping[Return, Return] = field(default_factory=dict)


def brief(submission: Submission) -> Return:
    """A submission in brief. Nobody knows here when it was received."""
    who = ""
    if submission.form == REVIEW.key:
        who = same(submission.card("reviewer").text("name"))
    elif submission.form == MEETING.key:
        card = submission.card("meeting")
        day = card.day("day")
        who = f"{same(card.text('no'))}{_ON}{day.isoformat() if day else ''}"
    elif submission.form == CONTEST.key:
        who = "、".join(
            sorted({
                entry_key(row.text("entry"), row.text("term"))
                for row in submission.section("entries")
            })
        )
    return Return(
        submission.form,
        submission.year,
        submission.unit,
        submission.file,
        submission.sha256,
        submission.version,
        who,
        _said(submission),
        submission.saved,
        typed_over=any(record.issued for record in submission.records),
    )


def entry_key(code: str, term: str) -> str:
    """What tells a 政府服務獎 entry: its 參選編號 and 屆."""
    return f"{same(code)}／{same(term)}"


def received(returned: Return, at: str, plan: Plan, issued: str = "") -> Return:
    """A return as received at a moment (ISO text); `issued` is when its form first went out to the unit.

    One without a stamp was saved by then, at the latest. So was one whose stamp cannot be: before the
    form was there to be filled, or after it was received. A computer's clock may say anything.
    """
    saved, came = _moment(returned.saved), _moment(at)
    if not returned.saved:
        return replace(returned, received=at, saved=at)
    wrong = saved < _out_since(returned, plan, issued) or (bool(at) and saved > came + _SLOW)
    if not wrong or not at or _LONG_AGO in (saved, came):
        return replace(returned, received=at)
    return replace(returned, received=at, saved=at, clock=returned.saved)


def _out_since(returned: Return, plan: Plan, issued: str) -> datetime:
    """From when on a return's form can have been filled. An issue that the ledger dates after the form's
    last day was no real one: a year played through, or made up for later."""
    if returned.year != plan.year:
        return _LONG_AGO
    form = FORMS[returned.form]
    since = datetime.combine(out_since(form, plan), datetime.min.time(), TAIPEI)
    went_out, last = _moment(issued), last_day(form, plan)
    if last is not None and went_out.astimezone(TAIPEI).date() > last:
        return since
    return max(since, went_out)


def out_since(form: Form, plan: Plan) -> date:
    """The earliest day on which a form of the year can be filled: some weeks before its stage begins.
    The coordinator's own are open all year: the group meets in March too. The year's first day, a
    holiday, is the stamp of a form that nobody saved since it was made."""
    first = date(western(plan.year), 1, 2)
    stage = plan.stage(form.stage)
    if stage is None or form.filer is Filer.COORDINATOR:
        return first
    return max(first, stage.start - _AHEAD)


def last_day(form: Form, plan: Plan) -> date | None:
    """A form's last day: its stage's deadline, or the supplement's; None where the calendar has neither."""
    stages = [plan.stage(name) for name in (form.stage, form.supplement) if name]
    return max((stage.deadline for stage in stages if stage), default=None)


def _said(submission: Submission) -> str:
    """A digest of what a return says, wherever in the file it stands and however a number is written."""
    records = [
        (
            *(record.section, record.of),
            sorted((k, _plain(v)) for k, v in record.values.items()),
            sorted((k, v) for k, v in record.raw.items() if k not in record.values),
        )
        for record in submission.records
    ]
    pictures = [(one.of, one.caption, one.blob) for one in submission.pictures]
    return hashlib.sha256(repr((records, pictures)).encode()).hexdigest()[:32]


def _plain(value: Value) -> str:
    return repr(value.normalize() if isinstance(value, Decimal) else value)


def choose(returns: Iterable[Return], plan: Plan) -> Chosen:
    """Of each unit's returns of a form, the one that counts.

    One for each form and unit; of 督導意見表 one for each reviewer too, of 會議紀錄表 one for each
    meeting. 參選結果表 add up: one for each set of entries, the one that counts for an entry last. Which of several counts, and whether one that came late does, 年度設定 says
    (`plan.Options`); one with errors only where there is none without. Files that say the same count once (F109); every other one that does not count is
    named (F110, F125 to F127), and the one that counts though late (F124). Where there are several, so
    is each whose stamp cannot be (C427).
    """
    by = plan.options.precedence
    chosen: list[Return] = []
    superseded: list[Return] = []
    late: list[Return] = []
    found: list[Finding] = []
    before: dict[Return, Return] = {}
    returns = tuple(returns)
    for form, several in _alike(returns):
        found += _of_one_number(_meetings(several)) if form == MEETING.key else ()
    for group in by_return(returns):
        in_time = group
        if plan.options.lateness is Lateness.REFUSED:
            in_time = [one for one in group if not _late(one, plan)]
            too_late = [one for one in group if _late(one, plan)]
            late += too_late
            found += [finding("F125", Address(one.file), **_late(one, plan)) for one in too_late]
        versions = []
        in_time = [one for one in in_time if not one.faulty] or in_time
        for first, *again in as_versions(in_time, by):
            versions.append(first)
            superseded += again
            twins = (one for one in again if one.file != first.file)
            found += [finding("F109", Address(one.file), other=first.file) for one in twins]
        if not versions:
            continue
        if len(versions) > 1:
            found += [_of_the_clock(one) for one in versions if one.clock]
        counts = versions[0 if by is Precedence.RECEIVED_FIRST else -1]
        others = [one for one in versions if one is not counts]
        chosen.append(counts)
        if len(group) > 1:
            all_versions = [first for first, *_ in as_versions(group, by)]
            at = all_versions.index(counts) if counts in all_versions else 0
            if at:
                before[counts] = all_versions[at - 1]
        superseded += others
        if days := _late(counts, plan):
            found.append(finding("F124", Address(counts.file), **days))
        found += [
            finding(_why_not(one, counts, by), Address(one.file), chosen=_named(counts))
            for one in others
        ]
    contest = [one for one in chosen if one.form == CONTEST.key]
    contest.sort(
        key=lambda one: (_moment_of(one, by), *_named_first(one)),
        reverse=by is Precedence.RECEIVED_FIRST,
    )
    chosen = [*(one for one in chosen if one.form != CONTEST.key), *contest]
    return Chosen(tuple(chosen), tuple(superseded), tuple(late), tuple(found), before)


def return_key(returned: Return) -> tuple[str, ...]:
    """What a return is the return of; of a meeting by its number, whichever day it says."""
    who = returned.who.partition(_ON)[0] if returned.form == MEETING.key else returned.who
    return returned.form, str(returned.year), returned.unit, who


_ON = "／"
_ANOTHER = timedelta(days=14)
"""Meetings of one number that are further apart are two: a corrected date is seldom as far off."""


def _meetings(group: list[Return]) -> list[list[Return]]:
    """The returns of one number as meetings, by their days; one that tells no day goes with the last."""
    days = {one: one.who.partition(_ON)[2] for one in group}
    meetings: list[list[Return]] = []
    last: date | None = None
    for one in sorted(group, key=lambda one: (not days[one], days[one], *_named_first(one))):
        day = date.fromisoformat(days[one]) if days[one] else None
        if not meetings or (day and last and day - last > _ANOTHER):
            meetings.append([])
        meetings[-1].append(one)
        last = day or last
    return meetings


def _of_one_number(meetings: Sequence[list[Return]]) -> Iterator[Finding]:
    """That several meetings bear one number, told at each but the first."""
    days = [
        sorted(filter(None, (one.who.partition(_ON)[2] for one in group))) for group in meetings
    ]
    told = "、".join(roc_date(date.fromisoformat(each[0])) for each in days if each)
    for group in meetings[1:]:
        for one in group:
            yield finding("F147", Address(one.file), one.who.partition(_ON)[0], days=told)


def replaces(later: Return, earlier: Return, by: Precedence) -> bool:
    """Whether a return takes an earlier one's place: of the same, and not before it."""
    *whose, who = return_key(later)
    *of_whom, of_who = return_key(earlier)
    same_return = whose == of_whom and (who == of_who or not of_who)
    if same_return and later.form == MEETING.key:
        same_return = len(_meetings([earlier, later])) == 1
    return same_return and _came(later, by) >= _came(earlier, by)


def by_return(returns: Iterable[Return]) -> list[list[Return]]:
    """The returns of the same thing, together; by form, year and unit."""
    return [
        each
        for form, group in _alike(returns)
        for each in (_meetings(group) if form == MEETING.key else [group])
    ]


def _alike(returns: Iterable[Return]) -> Iterator[tuple[str, list[Return]]]:
    """The returns that go by one key, with their form; of meetings those of one number."""
    groups: dict[tuple[str, ...], list[Return]] = defaultdict(list)
    for one in returns:
        groups[return_key(one)].append(one)
    return ((key[0], group) for key, group in sorted(groups.items()))


def in_order(group: Iterable[Return], by: Precedence) -> list[Return]:
    """Returns of the same thing as versions, oldest first; what says the same as the one before, once."""
    return [first for first, *_ in as_versions(group, by)]


def as_versions(group: Iterable[Return], by: Precedence) -> list[list[Return]]:
    """The same with all files of each version, the one that stands for it first: the oldest.

    Files of the same bytes are one version; so is one that says what the one before it says: it was
    saved or packed again. One that goes back to what an older one said is a new version.
    """
    files: dict[str, list[Return]] = {}
    for one in sorted(group, key=_named_first):
        files.setdefault(one.sha256, []).append(one)
    versions: list[list[Return]] = []
    for same_bytes in sorted(
        files.values(),
        # A program may leave the stamp of the file that it changed: then what came later is later.
        key=lambda same: (
            _moment_of(same[0], by),
            min(_moment(one.received) for one in same),
            *_named_first(same[0]),
        ),
    ):
        if versions and same_bytes[0].said and versions[-1][0].said == same_bytes[0].said:
            versions[-1] += same_bytes
        else:
            versions.append(same_bytes)
    return versions


def _named_first(returned: Return) -> tuple[str, str]:
    return returned.file, returned.sha256


def _came(returned: Return, by: Precedence) -> tuple[datetime, datetime]:
    """Puts returns in order, those of one moment by when they were received."""
    return _moment_of(returned, by), _moment(returned.received)


def _moment_of(returned: Return, by: Precedence) -> datetime:
    """The moment that puts returns in order; without one a return comes before all others."""
    return _moment(returned.saved if by is Precedence.SAVED_LAST else returned.received)


def _moment(saved: str) -> datetime:
    """When a file was saved. A stamp without a zone (LibreOffice's) is Taipei time."""
    try:
        moment = datetime.fromisoformat(saved)
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=TAIPEI)


def _named(returned: Return) -> str:
    """A return for a person: versions often come under one file name, so the time tells them apart."""
    moment = _moment(returned.saved)
    if moment == _LONG_AGO:
        return returned.file
    local = moment.astimezone(TAIPEI)
    what = "收到" if returned.clock else "存檔"
    return f"{returned.file}（{roc_date(local.date())} {local:%H:%M} {what}）"


def _of_the_clock(one: Return) -> Finding:
    moment = _moment(one.clock).astimezone(TAIPEI)
    stamp = f"{roc_date(moment.date())} {moment:%H:%M}" if moment.year > ROC_OFFSET else one.clock
    return finding("C427", Address(one.file), stamp)


def _why_not(one: Return, counts: Return, by: Precedence) -> str:
    """The finding for a return that does not count because another one does."""
    day, other_day = _day_saved(one), _day_saved(counts)
    if day and day == other_day and one.said != counts.said:
        return "F126"
    came_later = _moment(one.received) > _moment(counts.received)
    return "F127" if by is Precedence.SAVED_LAST and came_later else "F110"


def _day_saved(returned: Return) -> date | None:
    moment = _moment(returned.saved)
    return None if moment == _LONG_AGO else moment.astimezone(TAIPEI).date()


def _late(returned: Return, plan: Plan) -> Mapping[str, str]:
    """For a unit's return saved after its form's last day (its stage's deadline, or the supplement's):
    both days, as the findings name them; else nothing."""
    last = last_day(FORMS[returned.form], plan)
    saved = _day_saved(returned)
    if not returned.unit or saved is None or last is None or saved <= last:
        return {}
    if returned.clock:  # nobody knows when it was saved: it may have lain somewhere since
        return {}
    return {"value": roc_date(saved), "due": roc_date(last)}


def filings(
    by_form: Mapping[str, Sequence[Submission]],
    late: Sequence[Return],
    items: Sequence[Item],
    plan: Plan,
) -> Iterator[Filing]:
    """Every unit of the plan for every form that units owe: filed, nil, late, or 未繳."""
    came_late = {(s.form, s.unit): s.file for s in late}
    with_items = {item.unit for item in items}
    nil_units = {s.unit for s in by_form.get(ENROLMENT.key, ()) if s.nil}
    for unit in plan.units:
        for form in UNIT_FORMS:
            returns = [s for s in by_form.get(form.key, ()) if s.unit == unit.code]
            # A unit that takes part with nothing leaves its member nothing to give an opinion on.
            nothing = form.filer is Filer.MEMBER and unit.code in nil_units - with_items
            too_late = "" if returns or nothing else came_late.get((form.key, unit.code), "")
            yield Filing(
                unit=unit.code,
                form=form.key,
                filed=bool(returns) or nothing,
                nil=any(s.nil for s in returns) or (nothing and not returns),
                file="、".join(s.file for s in returns) or too_late,
                late=bool(too_late),
            )
