"""Gather a year: take in what lies in the inbox, read what is new, merge what counts, apply the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from xltool import merge as merging
from xltool.findings import Finding, Waiver, finding, waived
from xltool.forms import FORMS, SETTINGS
from xltool.forms.schema import Filer
from xltool.merge.held import held_back
from xltool.model import (
    Address,
    Dataset,
    Fate,
    Filing,
    HeldBack,
    Load,
    Precedence,
    Receipt,
    Return,
)
from xltool.plan import Limits, Plan
from xltool.rules import conclude
from xltool.rules.filing import as_versions, by_return, received, replaces
from xltool.rules.outcomes import Outcomes
from xltool.steps.amended import amended_findings, noting
from xltool.steps.aside import apart, may_fail
from xltool.steps.done import Progress
from xltool.steps.settings import read_settings
from xltool.steps.year import Year, fingerprint, load_from
from xltool.store.faults import of_one_file, place
from xltool.store.inbox import Lying, lying_in, open_elsewhere
from xltool.store.ledger import Kept, Ledger, Received, keep, open_ledger, packed
from xltool.store.workspace import Workspace
from xltool.zh import TAIPEI, same

if TYPE_CHECKING:
    from xltool.changes import Amended
    from xltool.intake import Reading


def gather(
    workspace: Workspace, progress: Progress | None = None, *, telling: bool = False
) -> Year:
    """Take the inbox into the ledger, read what is new, merge what counts, apply the rules.

    Every file ever received takes part, also when it has since left the inbox. `telling`: whoever calls
    tells a person what is new of the settings (`Year.news`). Raises SettingsError,
    and WorkspaceError when the ledger cannot be used.
    """
    settings, plan = read_settings(workspace.settings)
    workspace.sweep()
    with open_ledger(workspace) as ledger:
        at_hand = _receive(ledger, workspace, plan.limits)
        lying_there = at_hand.lying_there
        withheld = _withheld(workspace, plan.limits)
        came, waivers = ledger.received(), ledger.waivers()
        files = [file for file in came if file.sha256 not in withheld]
        left_out = tuple(file for file in came if file.sha256 in withheld)

        def under(plan: Plan) -> _Under:
            read = _readings(ledger, workspace, files, plan, progress)
            everything = [with_waivers(reading, waivers) for reading in read]
            load = load_from(ledger, plan)
            remember = partial(_remember_fault, ledger, fingerprint(plan))
            concluded = partial(_concluded, plan=plan, waivers=waivers, here=lying_there, load=load)
            return apart(everything, concluded, remember)[1]

        year = noting(ledger, workspace, settings, plan, under) if came else under(plan)
        amended = ledger.amended()
        news = ledger.amended(untold=True) if telling else ()
    of_settings = (*settings.findings, *amended_findings(amended))
    settings = replace(
        settings, findings=tuple(waived(f, "", SETTINGS.key, waivers) for f in of_settings)
    )
    told = _Gathered(
        workspace, settings, plan, at_hand, left_out, tuple(waivers), tuple(amended), tuple(news)
    )
    return _year_of(told, year)


@dataclass(frozen=True)
class _Gathered:
    """What a year is made of beside its readings: its folder, settings and plan, what lies in the inbox,
    what was `left_out`, what the coordinator has accepted, what was changed in the settings."""

    workspace: Workspace
    settings: Reading
    plan: Plan
    at_hand: _Came
    left_out: tuple[Received, ...]
    waivers: tuple[Waiver, ...]
    amended: tuple[Amended, ...]
    news: tuple[Amended, ...]


@dataclass(frozen=True)
class _Under:
    """What the returns make under a plan: what each file gave, what counts, what follows."""

    everything: Sequence[Reading]
    merged: merging.Merged
    settled: Mapping[int, str]
    dataset: Dataset
    outcomes: Outcomes


def _concluded(
    of: Sequence[Reading],
    plan: Plan,
    waivers: Sequence[Waiver],
    here: Container[tuple[str, str]],
    load: Load,
) -> _Under:
    """Merge what counts of the files read, apply the rules. `here`: what lies in the inbox."""
    able = (r for r in of if not r.errors or (r.file, r.sha256) in here)
    merged = merge_usable(able, plan, waivers, load)
    settled = _settled(of, merged, here, plan.options.precedence)
    dataset = _with_held(merged, [r for r in of if id(r) not in settled], plan)
    return _Under(of, merged, settled, dataset, conclude(dataset, plan))


def _year_of(gathered: _Gathered, made: _Under) -> Year:
    """The year, of what its readings make."""
    plan, at_hand, everything = gathered.plan, gathered.at_hand, tuple(made.everything)
    out_of_reach, settled, merged = at_hand.out_of_reach, made.settled, made.merged
    readings = [*(one for one in everything if id(one) not in settled), *out_of_reach]
    findings = (
        *gathered.settings.findings,
        *(one for reading in readings for one in reading.findings),
        *at_hand.told,
        *merged.findings,
        *made.outcomes.findings,
    )
    receipts = (
        *_receipts([*everything, *out_of_reach], merged, settled, plan.options.precedence),
        *(Receipt(one.name, one.sha256, "", "", 0, Fate.WITHHELD) for one in gathered.left_out),
    )
    return Year(
        gathered.workspace,
        plan,
        gathered.settings,
        tuple(readings),
        receipts,
        made.dataset,
        made.outcomes,
        findings,
        len(settled),
        gathered.waivers,
        tuple(
            r.returned
            for r in everything
            if r.returned and may_fail(r) and r.returned.year == plan.year
        ),
        at_hand.lying_there,
        gathered.amended,
        gathered.news,
        partial(_made_again, gathered, everything),
    )


def _made_again(
    gathered: _Gathered, everything: Sequence[Reading], use: Callable[[Year], object]
) -> Year:
    """The year without the returns on which `use` of it fails, which are set aside for good."""
    plan = gathered.plan

    def made(of: Sequence[Reading]) -> Year:
        with open_ledger(gathered.workspace) as ledger:
            here, load = gathered.at_hand.lying_there, load_from(ledger, plan)
            year = _year_of(gathered, _concluded(of, plan, gathered.waivers, here, load))
        use(year)
        return year

    def remember(reading: Reading, fault: Finding) -> None:
        with open_ledger(gathered.workspace) as ledger:
            _remember_fault(ledger, fingerprint(plan), reading, fault)

    return apart(everything, made, remember)[1]


@dataclass(frozen=True)
class _Came:
    """What lies in the inbox: each file by name and SHA-256, those out of reach, and what else there is
    to say of what lies there."""

    lying_there: Mapping[tuple[str, str], Path]
    out_of_reach: Sequence[Reading]
    told: Sequence[Finding]


def _receive(ledger: Ledger, workspace: Workspace, limits: Limits) -> _Came:
    """Take in what lies in the inbox. What fails at one file is told of that file."""
    seen_at = datetime.now(TAIPEI).isoformat(timespec="seconds")
    lying_there: dict[tuple[str, str], Path] = {}
    told = [finding("F120", Address(name)) for name in sorted(open_elsewhere(workspace.inbox))]
    for lying, one in _opened(workspace.inbox, limits, told):
        try:
            if isinstance(one, Path):
                file = ledger.receive(one, seen_at, lying.name)
            else:
                file = ledger.receive_bytes(*one, seen_at)
            lying_there.setdefault((file.name, file.sha256), lying.path)
        except OSError:  # gone since: the others go on
            told.append(finding("F117", Address(lying.name)))
        except Exception as error:
            if not of_one_file(error):
                raise
            told.append(finding("F132", Address(lying.name), place(error)))
    unread = [unread_file(one) for one in told if one.blocks]
    return _Came(lying_there, unread, [one for one in told if not one.blocks])


def _opened(
    folder: Path, limits: Limits, told: list[Finding]
) -> Iterator[tuple[Lying, Path | tuple[str, bytes]]]:
    """Each file that is to be read in a folder, those in bundles too, with what lies there; what is to
    say of it is added to `told`."""
    from xltool.intake.bundle import opened

    for lying in lying_in(folder):
        told += lying.findings
        if not lying.to_read:
            continue
        try:
            for one in opened(lying.path, limits, lying.name):
                if isinstance(one, Finding):
                    told.append(one)
                else:
                    yield lying, one
        except OSError:  # open elsewhere, or gone since: the others go on
            told.append(finding("F117", Address(lying.name)))
        except Exception as error:
            if not of_one_file(error):
                raise
            told.append(finding("F132", Address(lying.name), place(error)))


def _withheld(workspace: Workspace, limits: Limits) -> set[str]:
    """SHA-256 of the files that the coordinator has put into 不採用; what is unreadable there does not
    count as put aside."""
    hashes = set()
    for _, one in _opened(workspace.withheld, limits, []):
        try:
            if isinstance(one, Path):
                with one.open("rb") as data:
                    hashes.add(hashlib.file_digest(data, "sha256").hexdigest())
            else:
                hashes.add(hashlib.sha256(one[1]).hexdigest())
        except OSError:
            continue
    return hashes


def _settled(
    readings: Iterable[Reading],
    merged: merging.Merged,
    lying_there: Container[tuple[str, str]],
    by: Precedence,
) -> dict[int, str]:
    """Faulty returns that need nobody's attention any more, by `id`, with the reason: a corrected
    one has come, or a later one that counts as far as it can, or the coordinator has taken the file
    out of the inbox."""
    settled = {}
    counted = _counted(merged)
    for reading in readings:
        if reading.status == "accepted" or (reading.file, reading.sha256) in counted:
            continue
        faulty = reading.returned
        later = next((s for s in merged.adopted if faulty and replaces(s, faulty, by)), None)
        if later is not None:
            settled[id(reading)] = f"已由 {later.file} {'取代' if later.faulty else '更正'}"
        elif (reading.file, reading.sha256) not in lying_there:
            settled[id(reading)] = "已自收件匣移除"
    return settled


def _counted(merged: merging.Merged) -> set[tuple[str, str]]:
    return {(one.file, one.sha256) for one in merged.adopted}


def _readings(
    ledger: Ledger,
    workspace: Workspace,
    files: Sequence[Received],
    plan: Plan,
    progress: Progress | None,
) -> Iterator[Reading]:
    """What each received file gives, in order: as kept, else read now and kept.

    What a file says goes from the process that reads it into the ledger, and is held by nobody here.
    """
    from xltool.intake import Job, Reading, read_each

    settings = fingerprint(plan)
    issued = _first_issued(ledger)
    kept = [ledger.kept(file, settings) for file in files]
    new = (file for file, known in zip(files, kept, strict=True) if known is None)
    jobs = (Job(workspace.blob(file.sha256), file.name) for file in new)
    read = read_each(jobs, plan, _for_the_ledger, store=partial(keep, workspace))
    for done, (file, known) in enumerate(zip(files, kept, strict=True), 1):
        if known is None:
            known, said = next(read)
            if not _PASSING & {one.code for one in known.findings}:
                known = _remembered(ledger, file, settings, known, said)
                ledger.save()
        returned = known.returned and _received(known.returned, file.at, plan, issued)
        yield Reading(file.name, file.sha256, returned, known.findings)
        if progress:
            progress(done, len(files), file.name)


def _remembered(
    ledger: Ledger, file: Received, settings: str, known: Kept, said: str | None
) -> Kept:
    """Keep what a file was read as. What the ledger cannot hold is that file's fault (F132)."""
    try:
        ledger.remember(file, settings, known, said)
    except Exception as error:
        if not of_one_file(error):
            raise
        known = Kept(None, (finding("F132", Address(file.name), place(error)),))
        ledger.remember(file, settings, known, None)
    return known


def _remember_fault(ledger: Ledger, settings: str, reading: Reading, fault: Finding) -> None:
    """Keep with a file's bytes that it cannot be merged, so that the next run knows."""
    file = Received(reading.file, reading.sha256, "")
    if known := ledger.kept(file, settings):
        ledger.tell(file, (*known.findings, fault))


def _first_issued(ledger: Ledger) -> Mapping[tuple[str, str], str]:
    """When each form first went out to each unit."""
    first: dict[tuple[str, str], str] = {}
    for one in ledger.issued():
        first.setdefault((one.form, one.unit), one.at)
    return first


def _received(
    returned: Return, at: str, plan: Plan, issued: Mapping[tuple[str, str], str]
) -> Return:
    return received(returned, at, plan, issued.get((returned.form, returned.unit), ""))


def _for_the_ledger(reading: Reading) -> tuple[Kept, str | None]:
    said = None if reading.submission is None else packed(reading.submission)
    return Kept(reading.returned, reading.findings), said


_PASSING = {"F113", "F117"}
"""Findings of the moment, not of the file: the next run looks again."""


def with_waivers(reading: Reading, waivers: Sequence[Waiver]) -> Reading:
    """The reading, its findings marked that the coordinator has accepted."""
    returned = reading.returned
    if returned is None or not waivers:
        return reading
    unit, form = returned.unit, returned.form
    found = tuple(waived(one, unit, form, waivers) for one in reading.findings)
    return replace(reading, findings=found)


def usable(reading: Reading, plan: Plan) -> bool:
    """Whether it is known whose return it is, so that what no error touches counts."""
    returned = reading.returned
    if returned is None or any(one.blocks_all for one in reading.findings):
        return False
    return reading.status == "accepted" or (
        returned.year == plan.year
        and (FORMS[returned.form].filer is Filer.COORDINATOR or bool(plan.unit(returned.unit)))
    )


def merge_usable(
    readings: Iterable[Reading], plan: Plan, waivers: Sequence[Waiver], load: Load
) -> merging.Merged:
    """What the returns make, as far as they can be used, the conflicts marked that the coordinator has
    accepted."""
    errors = {}
    returns = []
    for one in readings:
        if one.returned is None or not usable(one, plan):
            continue
        if one.errors:
            errors[one.file, one.sha256] = one.errors
        returns.append(replace(one.returned, faulty=bool(one.errors)))
    merged = merging.merge(returns, plan, load, errors)
    whose = {one.file: (one.unit, one.form) for one in returns}
    found = (waived(f, *whose.get(f.at.file, ("", "")), waivers) for f in merged.findings)
    return replace(merged, findings=tuple(found))


def _with_held(merged: merging.Merged, readings: Iterable[Reading], plan: Plan) -> Dataset:
    """Add the returns of which nothing counts to what is held back, and mark as 待修正 the filings of
    units whose returns have errors."""
    counted = _counted(merged)
    whole = [
        held_back(*of_what, one.errors)
        for one in readings
        if one.errors
        and (one.file, one.sha256) not in counted
        and (of_what := _of_what(one, plan)) is not None
    ]
    dataset = replace(merged.dataset, held=(*merged.dataset.held, *whole))
    filings = (_marked(one, dataset.held_back(one.form, one.unit)) for one in dataset.filings)
    return replace(dataset, filings=tuple(filings))


def _of_what(reading: Reading, plan: Plan) -> tuple[str, str] | None:
    """The form and the unit that a file with errors is a return of; of one that cannot be read, as its
    name says, None where that says no form."""
    if reading.returned is not None:
        return reading.returned.form, reading.returned.unit
    name = same(reading.file)
    forms = (one for one in FORMS.values() if one is not SETTINGS)
    form = next((one for one in forms if same(one.title.removesuffix("表")) in name), None)
    if form is None:
        return None
    units = (one.code for one in plan.units if same(one.name) in name)
    return form.key, "" if form.filer is Filer.COORDINATOR else next(units, "")


def _marked(filing: Filing, held: Sequence[HeldBack]) -> Filing:
    """A filing of which something is held back; a faulty return beside one that counts changes nothing."""
    if not held or (filing.filed and all(one.at.file not in filing.file for one in held)):
        return filing
    file = filing.file if filing.filed else held[-1].at.file
    errors = sum(one.errors for one in held)
    return replace(filing, blocked=True, file=file, errors=errors)


def _receipts(
    readings: Sequence[Reading],
    merged: merging.Merged,
    settled: Mapping[int, str],
    by: Precedence,
) -> tuple[Receipt, ...]:
    counted = _counted(merged)
    adopted_bytes = _in_other_words(readings, {one.sha256 for one in merged.adopted}, by)
    too_late = {one.sha256 for one in merged.late}
    versions = _versions((r.returned for r in readings if r.returned), by)
    receipts = []
    for reading in readings:
        returned = reading.returned
        if returned is None:
            fate = Fate.UNREADABLE
        elif (reading.file, reading.sha256) in counted:
            fate = Fate.PARTLY if reading.errors else Fate.ADOPTED
        elif reading.status == "blocked":
            fate = Fate.REJECTED
        elif reading.sha256 in adopted_bytes:
            fate = Fate.DUPLICATE
        elif reading.sha256 in too_late:
            fate = Fate.LATE
        else:
            fate = Fate.SUPERSEDED
        first = next((one.message for one in reading.findings if one.blocks), "")
        note = "；".join(part for part in (first, settled.get(id(reading), "")) if part)
        receipts.append(
            Receipt(
                reading.file,
                reading.sha256,
                returned.form if returned else "",
                returned.unit if returned else "",
                returned.year if returned else 0,
                fate,
                note,
                versions.get(reading.sha256, 0),
            )
        )
    return tuple(receipts)


def _in_other_words(
    readings: Iterable[Reading], adopted: Collection[str], by: Precedence
) -> set[str]:
    """The SHA-256 of what was adopted, and of every file that says the same."""
    accepted = [r.returned for r in readings if r.returned and r.status == "accepted"]
    versions = chain.from_iterable(as_versions(group, by) for group in by_return(accepted))
    return {
        one.sha256
        for version in versions
        if any(one.sha256 in adopted for one in version)
        for one in version
    }


def _versions(returns: Iterable[Return], by: Precedence) -> Mapping[str, int]:
    """Which return of its unit's form each file is, from 1, by SHA-256."""
    return {
        one.sha256: number
        for group in by_return(returns)
        for number, version in enumerate(as_versions(group, by), 1)
        for one in version
    }


def unread_file(why: Finding) -> Reading:
    """A reading of a file that could not be had, with the finding that says why."""
    from xltool.intake import Reading

    return Reading(why.at.file, "", None, (why,))
