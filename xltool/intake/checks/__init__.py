"""What may be wrong with a form, each kind of fault a class that names its codes.

Every check derives from the declared form; none names a form. Who is asked when:
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from xltool.findings import Finding
from xltool.forms.schema import Table
from xltool.intake.checks.cells import (
    BeyondLimits,
    Doubtful,
    Missing,
    NoSuchChoice,
    OtherUnit,
    ReadOtherwise,
    Simplified,
    Unreadable,
)
from xltool.intake.checks.drawn import Beside
from xltool.intake.checks.looks import Looks, StruckOut
from xltool.intake.checks.people import OnePerson, Withheld
from xltool.intake.checks.photos import Hidden, Misplaced, Photos
from xltool.intake.checks.repaired import Repaired
from xltool.intake.checks.rows import (
    Alike,
    Conditional,
    Gone,
    LeftExample,
    NoRow,
    NothingElse,
    Renumbered,
    Repeated,
    RowCount,
    TypedOver,
    Unexplained,
    Unfounded,
)
from xltool.intake.checks.structure import Absent, Identity, NoCharacter, Outside, Whose
from xltool.intake.content import Content, Part, Placed, Row
from xltool.intake.draft import Slot
from xltool.intake.values import ReadAs

LINE_CHECKS: tuple[Callable[[Content, Row], Iterator[Placed]], ...] = (
    ReadOtherwise.line,
    Outside.line,
    TypedOver.line,
)
"""Of every line, also where nobody filled it, or nothing is asked."""

PROBLEMS: Mapping[str, Callable[[Content, Row, Slot, ReadAs], Placed]] = {
    code: check.problem
    for check in (Missing, Unreadable, BeyondLimits, NoSuchChoice)
    for code in check.codes
}
"""Who tells that a field could not be read, by what came in the way."""

CELL_CHECKS: tuple[Callable[[Content, Row, Slot, ReadAs], Iterable[Placed]], ...] = (
    ReadOtherwise.cell,
    Doubtful.cell,
    Simplified.cell,
    Looks.cell,
    OnePerson.cell,
)
"""Of each field of a card, or of a row that somebody filled."""

RECORD_CHECKS: tuple[Callable[[Content, Row], Iterator[Placed]], ...] = (
    NoSuchChoice.record,
    OtherUnit.record,
    Conditional.record,
    Unfounded.record,
    Unexplained.record,
)
"""Of such a card or row, after its fields."""

TABLE_CHECKS: tuple[Callable[[Content, Part], Iterator[Placed]], ...] = (
    Repeated.section,
    Renumbered.section,
    LeftExample.section,
    Alike.section,
    Missing.section,
    RowCount.section,
)
"""Of a table, after its rows."""

EXCUSED_CHECKS: tuple[Callable[[Content, Part], Iterator[Placed]], ...] = (NothingElse.section,)
"""Of a section that a unit with nothing to report leaves alone, in place of the three above."""

FORM_CHECKS: tuple[Callable[[Content], Iterator[Placed]], ...] = (
    Identity.form,
    Hidden.form,
    Absent.form,
    Whose.form,
    Missing.form,
    NoRow.form,
    ReadOtherwise.form,
    Repeated.form,
    Alike.form,
    Gone.form,
    Photos.form,
    Misplaced.form,
    Beside.form,
    StruckOut.form,
    Repaired.form,
    Withheld.form,
    Outside.form,
    NoCharacter.form,
)
"""Of the whole form, after its sections."""


def check(content: Content) -> tuple[Finding, ...]:
    """All findings on a form as one reads it: by sheet, row and column."""
    return tuple(told for _, told in sorted(_found(content), key=lambda placed: placed[0]))


def _found(content: Content) -> Iterator[Placed]:
    for part in content.parts:
        if part.excused:
            for of_excused in EXCUSED_CHECKS:
                yield from of_excused(content, part)
        for row in part.rows:
            for of_line in LINE_CHECKS:
                yield from of_line(content, row)
            if row.filled and not part.excused:
                yield from _in_row(content, row)
        if isinstance(part.block.section, Table) and not part.excused:
            for of_table in TABLE_CHECKS:
                yield from of_table(content, part)
    for of_form in FORM_CHECKS:
        yield from of_form(content)


def _in_row(content: Content, row: Row) -> Iterator[Placed]:
    slots = row.slots
    for key, read in row.read.items():
        slot = slots[key]
        if read.problem:
            yield PROBLEMS[read.problem](content, row, slot, read)
        for of_cell in CELL_CHECKS:
            yield from of_cell(content, row, slot, read)
    for of_record in RECORD_CHECKS:
        yield from of_record(content, row)
