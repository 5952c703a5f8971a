"""A year as tables: the dataset, what the rules conclude, what was found."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.model import Address
from xltool.outputs.data.export import Export, exports
from xltool.outputs.data.found import Found, findings_table
from xltool.steps.year import Year, loading


def tables_of(year: Year) -> tuple[Export, ...]:
    """All tables of a year, by their names those of `xltool export`. Raises WorkspaceError."""
    tables = exports(year.dataset, year.plan, year.outcomes)
    return (*tables, findings_table(_found(year)))


def _found(year: Year) -> Iterator[Found]:
    """The year's findings, each with whose return it is of and, where it is an error, of which field."""
    returns = {one.file: one.returned for one in year.readings if one.returned is not None}
    fields = dict(_fields(year))
    for finding in year.findings:
        returned = returns.get(finding.at.file)
        whose = (returned.form, returned.unit) if returned else ("", "")
        yield Found(finding, *whose, fields.get(finding.at, ""))


def _fields(year: Year) -> Iterator[tuple[Address, str]]:
    """The cells at which errors stand, and the fields that they are."""
    faulty = [one.returned for one in year.readings if one.returned is not None and one.errors]
    with loading(year) as load:
        for returned in faulty:
            for at, spot in load(returned).faulty:
                yield at, f"{spot.section}.{spot.field}"
