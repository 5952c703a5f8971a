"""One file read, all its way from the guard to the checks (see `xltool.intake`)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from xltool.findings import Finding, finding
from xltool.forms.layout import LISTS, LIVE, OUTSIDE
from xltool.forms.lists import Lists
from xltool.forms.of_year import of_year
from xltool.forms.schema import Choices
from xltool.intake.checks import check
from xltool.intake.content import Content, Load, Store, Words, own_lists, read_content
from xltool.intake.draft import Draft
from xltool.intake.formats.whole import refuse_incomplete
from xltool.intake.gate import through_the_gate
from xltool.intake.grid import Book, a1
from xltool.intake.guard import MB, USUAL, Admitted, Format, Refusal, admit
from xltool.intake.identify import Stamp, as_asked, identify
from xltool.intake.locate import locate
from xltool.intake.names import name_findings
from xltool.intake.pictures import Photo, load
from xltool.intake.reading import Reading
from xltool.intake.second import second_forms, told
from xltool.intake.withheld import withhold
from xltool.model import Address, Picture, Submission
from xltool.plan import Limits, Plan
from xltool.rules.filing import brief
from xltool.store.faults import trace
from xltool.store.workspace import WorkspaceError
from xltool.wording import as_issued, speaking, the, use

Items = Mapping[str, Sequence[str]]
"""Enrolled items (業務編號) by unit code; empty when not known: any well-formed one is accepted."""

_log = logging.getLogger(__name__)


def read_file(
    path: Path,
    plan: Plan | None,
    *,
    name: str = "",
    store: Store | None = None,
    items: Items | None = None,
    whole: bool = False,
) -> Reading:
    """Read one file in this process; never raises for bad input, WorkspaceError where `store` does.

    `plan` is the year's; None only when 年度設定 itself is read. `name` is the sender's file name,
    where `path` is named otherwise. Photos are only described when there is no `store`. `whole`: with
    all that was typed or laid anywhere, as only a file that goes back needs it.

    A reader that crashes takes this process along: for what comes from outside use `intake.read_files`.
    """
    if plan is not None:  # a process of its own begins without the year's words
        use(plan.words)
    file = name or path.name
    sha256 = ""
    limits = plan.limits if plan else USUAL
    try:
        data = _bytes(path, limits)
        sha256 = hashlib.sha256(data).hexdigest()
        store, items = store or _digest, items or {}
        return _read(admit(data, limits), file, sha256, plan, store, items, whole=whole)
    except Refusal as refusal:
        words = refusal.words
        found = finding(refusal.code, Address(file), refusal.value, **words)
    except MemoryError:
        found = finding("F105", Address(file), reason=f"讀取需要超過 {limits.memory_mb} MB 記憶體")
    except WorkspaceError:  # a photo could not be kept: that is no fault of the file
        raise
    except Exception as error:  # noqa: BLE001 - one file's trouble must not keep the others out
        _log.info("reading failed: %s", trace(error))
        of_the_moment = isinstance(error, OSError) and error.errno
        found = finding("F117" if of_the_moment else "F107", Address(file))
    return Reading(file, sha256, None, (found,))


def _bytes(path: Path, limits: Limits) -> bytes:
    most = limits.file_mb * MB
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError as error:
        raise Refusal("F113") from error
    except OSError as error:
        raise Refusal("F117") from error
    if len(data) > most:
        raise Refusal("F105", reason=f"檔案大於 {limits.file_mb} MB")
    return data


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_UNREAD = {LISTS, LIVE}
"""Hidden sheets of ours that say nothing of what was filled: half of a form's cells."""


def _book(admitted: Admitted) -> Book:
    """The grid of a file. Each format's reader is imported only where it is needed."""
    if admitted.package is not None:
        refuse_incomplete(admitted.package, admitted.format)
    if admitted.format is Format.XLSX and admitted.package is not None:
        from xltool.intake.formats.xlsx import read_xlsx

        return read_xlsx(admitted.package, admitted.limits.cells, _UNREAD)
    if admitted.format is Format.ODS and admitted.package is not None:
        from xltool.intake.formats.ods import read_ods

        return read_ods(admitted.package, admitted.limits.cells)
    from xltool.intake.formats.legacy import read_legacy

    return read_legacy(admitted)


def _read(
    admitted: Admitted,
    file: str,
    sha256: str,
    plan: Plan | None,
    store: Store,
    items: Items,
    *,
    whole: bool,
) -> Reading:
    nowhere = Address(file)
    book = through_the_gate(_book(admitted))
    withhold(book)
    findings = [finding(code, nowhere) for code in admitted.warnings]
    findings += name_findings(file, admitted.format)
    stamp = identify(book, file, plan)
    if stamp is None:
        return Reading(file, sha256, None, (*findings, finding("S201", nowhere)))
    with speaking(the.known if stamp.said is None else as_issued(stamp.said)):
        form, late = as_asked(of_year(stamp.form, plan), stamp, book)
        findings += [finding("S227", nowhere, one.label) for one in late]
        stamp = replace(stamp, form=form)
        given = _Given(admitted, book, stamp, file, sha256, plan)
        return _of_form(given, findings, store, items, whole=whole)


class _Given(NamedTuple):
    """A file that is one of our forms, as it was given to be read."""

    admitted: Admitted
    book: Book
    stamp: Stamp
    file: str
    sha256: str
    plan: Plan | None


def _of_form(
    given: _Given, findings: list[Finding], store: Store, items: Items, *, whole: bool
) -> Reading:
    """What a form says, read in the words in which it was issued."""
    admitted, book, stamp, file, sha256, plan = given
    nowhere = Address(file)
    seconds = second_forms(book, stamp, plan)
    findings += told(seconds, stamp, plan, file)
    draft = locate(book, stamp, plan, {name for one in seconds for name in one.sheets})
    read = book.blobs.__getitem__ if admitted.package is None else admitted.package.read
    content = read_content(
        *(draft, stamp, file, plan, _lists(draft, stamp, plan, items)),
        load=None if book.pictures_skipped else partial(load, read),
        store=store,
        hides_photos=str(admitted.format) if book.pictures_skipped else "",
        saved=book.saved,
    )
    year = stamp.year or (plan.year if plan else 0)
    submission = Submission(
        form=stamp.form.key,
        year=year,
        unit=stamp.unit,
        file=file,
        sha256=sha256,
        records=content.records(),
        pictures=content.pictures(),
        version=stamp.version,
        issue=stamp.issue,
        saved=book.saved,
        nil=content.nil,
        baseline=stamp.given is not None,
    )
    returned = brief(submission)
    if plan is not None and year != plan.year:
        # Another year's form meets another year's lists: more findings would only mislead.
        findings.append(finding("S202", nowhere, year, year=plan.year))
        return Reading(file, sha256, returned, tuple(findings), submission)
    findings += check(content)
    if faulty := {one.at for one in findings if one.blocks}:
        spots = ((at, spot) for at, spot in content.spots().items() if at in faulty)
        submission = replace(submission, records=content.records(faulty), faulty=tuple(spots))
    reading = Reading(file, sha256, returned, tuple(findings), submission)
    if not whole:
        return reading
    strays = (
        () if book.pictures_skipped else tuple(_strays(book, content, partial(load, read), store))
    )
    typed = (*content.typed(), *_carried(book, file))
    return replace(reading, spots=content.spots(), typed=typed, strays=strays)


def _carried(book: Book, file: str) -> Iterator[Words]:
    """What already went back once on a sheet of its own, because no field had taken it."""
    for grid in book.sheets:
        rows = sorted(row for row, col in grid.cells if col == 1) if grid.name == OUTSIDE else ()
        for row in rows[1:]:
            place = grid.cells.get((row, 0))
            yield Words(Address(file, place.text if place else OUTSIDE), grid.cells[row, 1].text)


def _strays(book: Book, content: Content, load: Load, store: Store) -> Iterator[Picture]:
    """The pictures that are none of the form's photos, of those that can be used."""
    photos = {
        (album.block.grid.name, laid.anchor) for album in content.albums for laid in album.laid
    }
    for grid in book.sheets:
        for anchor in grid.pictures:
            photo = None if (grid.name, anchor) in photos else load(anchor)
            if isinstance(photo, Photo):
                at = Address(content.file, grid.name, a1(anchor.row or 0, anchor.col))
                size = photo.kind, photo.width, photo.height
                yield Picture(store(photo.data), *size, at=at)


def _lists(draft: Draft, stamp: Stamp, plan: Plan | None, items: Items) -> Lists:
    """The year's lists; a form that declares lists of its own (年度設定) is checked by those."""
    own = own_lists(draft)
    if plan is None or any(own.known.values()):
        return own
    if stamp.unit:
        mine: Iterable[str] = items.get(stamp.unit, ())
    else:
        mine = chain.from_iterable(items.values())
    lists = Lists.of(plan, mine)
    if not items:
        known = dict(lists.known)
        del known[Choices.ITEMS]
        return Lists(known)
    return lists
