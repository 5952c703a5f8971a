"""What changed from one return to the next, cell by cell; in the first, of what the form was issued with.

Returns of one unit and form follow each other by the stated order (`rules.filing.in_order`). Rows are
matched by what names them (業務編號, a criterion, a name), then by order: an inserted row is one
row more, not all rows changed. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.forms import FORMS
from xltool.forms.layout import shown
from xltool.forms.of_year import of_year
from xltool.forms.schema import Field, Form, Section, Table
from xltool.model import Address, Load, Picture, Record, Return, Submission
from xltool.plan import Plan
from xltool.rules.compared import Difference, Result, goes_by
from xltool.rules.filing import by_return, in_order

AS_ISSUED = "發出時"
"""What a first return is compared with, named where a file's name would stand."""


@dataclass(frozen=True)
class Change:
    """One value that differs between two returns that follow each other, or in the first one from what
    its form was issued with (`earlier` is then `AS_ISSUED`).

    `id` is the field's, with its section's (report.next_steps), whatever it is called. `row` names the
    table's row, empty for a card; `before` and `after` are text as a person reads
    it, empty where there was nothing. `at` is where it stands, or stood if it is gone.
    """

    form: str
    unit: str
    id: str
    section: str
    of: str
    row: str
    field: str
    before: str
    after: str
    at: Address
    earlier: str
    later: str


@dataclass(frozen=True)
class Amended:
    """What was changed in the year's settings after returns had come in: first seen on that `day` (as
    shown), and all that it changed in the results; None where that cannot be told any more."""

    day: str
    changes: tuple[Change, ...]
    effects: tuple[Difference, ...] | None

    def effects_of(self, change: Change) -> tuple[Difference, ...] | None:
        """Those of one of the changes: of the results that go by that setting, or by none of them."""
        if self.effects is None:
            return None
        of = {one: [c for c in self.changes if goes_by(one, c.id)] for one in Result}
        return tuple(one for one in self.effects if change in (of[one.result] or self.changes))


def changes(returns: Iterable[Return], plan: Plan, load: Load) -> Iterator[Change]:
    """Every change between consecutive returns of each unit's form, by form and unit; before them
    what the first one changed of what it was issued with. `plan`: which return counts, and what its year
    asks.

    Each return is loaded once, and never more than two are held.
    """
    for group in by_return(returns):
        versions = in_order(group, plan.options.precedence)
        form = of_year(FORMS[versions[0].form], plan)
        if len(versions) < 2 and not versions[0].typed_over:
            continue
        earlier = load(versions[0])
        yield from between(_as_issued(earlier), earlier, form)
        for version in versions[1:]:
            later = load(version)
            yield from between(earlier, later, form)
            earlier = later


def between(earlier: Submission, later: Submission, form: Form) -> Iterator[Change]:
    """What differs between two returns of the same unit and form, in the order of that form as the year
    asks it."""
    items = dict.fromkeys(r.of for one in (earlier, later) for r in one.records)
    for _, section in form.sections():
        for of in items:
            before = earlier.section(section.key, of)
            after = later.section(section.key, of)
            for row, old, new in _matched(section, before, after):
                yield from _of_records(form, section, of, row, old, new, earlier, later)
    yield from _photos(form, earlier, later)


def _as_issued(first: Submission) -> Submission:
    """A return with its given cells as they were issued; where the file does not tell, as they are."""
    records = (replace(one, values={**one.values, **one.issued}) for one in first.records)
    return replace(first, file=AS_ISSUED, records=tuple(records))


def _of_records(
    form: Form,
    section: Section,
    of: str,
    row: str,
    old: Record | None,
    new: Record | None,
    earlier: Submission,
    later: Submission,
) -> Iterator[Change]:
    for field in section.fields:
        before, after = _text(old, field), _text(new, field)
        reissued = later.baseline and _as_issued_in_both(field, old, new)
        if before != after and not reissued:
            at = _at(new, field) or _at(old, field) or Address(later.file)
            yield Change(
                *(form.key, later.unit, f"{section.key}.{field.key}", section.title, of, row),
                *(field.label, before, after, at, earlier.file, later.file),
            )


def _as_issued_in_both(field: Field, old: Record | None, new: Record | None) -> bool:
    """Whether neither return typed over a given cell: what differs then is what we knew when the forms
    went out."""
    if not field.echo or old is None or new is None:
        return False
    return field.key not in old.issued.keys() | new.issued.keys()


def _text(record: Record | None, field: Field) -> str:
    """The value as shown; what was typed, where it could not be understood."""
    if record is None:
        return ""
    value = record.values.get(field.key)
    return shown(value) if value is not None else record.raw.get(field.key, "")


def _at(record: Record | None, field: Field) -> Address | None:
    return record.at.get(field.key) if record else None


def _matched(
    section: Section, before: Sequence[Record], after: Sequence[Record]
) -> Iterator[tuple[str, Record | None, Record | None]]:
    """Rows that are the same row, with their name: the later order first, then what is gone."""
    if not isinstance(section, Table):
        if before or after:
            yield "", next(iter(before), None), next(iter(after), None)
        return
    olds, news = _named(section, before), _named(section, after)
    for name in dict.fromkeys((*news, *olds)):
        yield name, olds.get(name), news.get(name)


def _named(table: Table, records: Sequence[Record]) -> Mapping[str, Record]:
    """Records by what names their row; 王小明 (2) where a name comes twice."""
    naming = [one for one in table.fields if one.key in table.named_by] or [_key(table)]
    count: Counter[str] = Counter()
    rows: dict[str, Record] = {}
    for record in records:
        name = " ".join(filter(None, (_text(record, one) for one in naming)))
        count[name] += 1
        rows[name if count[name] == 1 else f"{name} ({count[name]})"] = record
    return rows


def _key(table: Table) -> Field:
    """The field that names a row: given by a list, numbered, unique, a person's name, else the first."""
    if table.rows_from is not None:
        return table.fields[0]
    for wanted in (
        next((f for f in table.fields if f.numbered and not f.given), None),
        next((f for f in table.fields if f.unique), None),
        next((f for f in table.fields if f.key == "name"), None),
    ):
        if wanted is not None:
            return wanted
    return table.fields[0]


def _photos(form: Form, earlier: Submission, later: Submission) -> Iterator[Change]:
    """Photos by their bytes: gone or new. Captions are fields like others."""
    olds, news = (_by_bytes(one.pictures) for one in (earlier, later))
    for key in dict.fromkeys((*news, *olds)):
        old, new = olds.get(key), news.get(key)
        picture = new or old
        if picture is None or (old and new):
            continue
        before, after = (f"有（{p.caption or '無圖說'}）" if p else "" for p in (old, new))
        title = form.titles["photos"]
        yield Change(
            *(form.key, later.unit, "photos.photo", title, picture.of, key[1][:8], title),
            *(before, after, picture.at, earlier.file, later.file),
        )


def _by_bytes(pictures: Iterable[Picture]) -> Mapping[tuple[str, str], Picture]:
    return {(picture.of, picture.blob): picture for picture in pictures}
