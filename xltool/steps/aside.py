"""A return on which merging, the rules or an output fail is set aside, and all others go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from xltool.findings import Finding, finding
from xltool.model import Address
from xltool.store.faults import of_one_file, place

if TYPE_CHECKING:
    from xltool.intake import Reading
    from xltool.steps.year import Year

Made = TypeVar("Made")
_CODE = "F132"


def apart(
    readings: Sequence[Reading],
    make: Callable[[Sequence[Reading]], Made],
    remember: Callable[[Reading, Finding], None] = lambda _reading, _fault: None,
) -> tuple[list[Reading], Made]:
    """What `make` makes of the readings, and these; each on which it fails has F132, which blocks.

    `remember` is told of one on which it fails also when that is alone: then it is its own fault,
    whatever else comes. Raises what `make` raises where no single reading is to blame.
    """
    left = list(readings)
    while True:
        try:
            return left, make(left)
        except Exception as error:
            if not of_one_file(error):
                raise
            at, fault = _to_blame(left, make, error)
            if _failure(make, [left[at]]) is not None:
                remember(left[at], fault)
            left[at] = replace(left[at], findings=(*left[at].findings, fault))


def safely(
    year: Year, use: Callable[[Year], Made], rehearse: Callable[[Year], object] | None = None
) -> tuple[Year, Made]:
    """What `use` makes of a year, and the year: without the returns on which `use` fails.

    Which they are is found with `rehearse`, which does the same without leaving anything behind.
    """
    try:
        return year, use(year)
    except Exception as error:
        if year.again is None or not of_one_file(error):
            raise
        year = year.again(rehearse or use)
    return year, use(year)


def may_fail(reading: Reading) -> bool:
    """Whether a reading says something on which something might fail, and is not yet set aside."""
    return reading.returned is not None and all(one.code != _CODE for one in reading.findings)


def _to_blame(
    readings: Sequence[Reading], make: Callable[[Sequence[Reading]], object], error: Exception
) -> tuple[int, Finding]:
    """Which reading makes it fail, added to those before it, and the finding on it.

    Halving finds one: it is well without any, and fails with all.
    """
    counted = [at for at, one in enumerate(readings) if may_fail(one)]

    def failure(count: int) -> Exception | None:
        left_out = set(counted[count:])
        return _failure(make, [one for at, one in enumerate(readings) if at not in left_out])

    well, ill = 0, len(counted)
    if not ill or failure(well) is not None:
        raise error
    while ill - well > 1:
        middle = (well + ill) // 2
        failed = failure(middle)
        if failed is None:
            well = middle
        else:
            ill, error = middle, failed
    at = counted[well]
    return at, finding(_CODE, Address(readings[at].file), place(error))


def _failure(
    make: Callable[[Sequence[Reading]], object], readings: Sequence[Reading]
) -> Exception | None:
    try:
        make(readings)
    except Exception as error:
        if not of_one_file(error):
            raise
        return error
    return None
