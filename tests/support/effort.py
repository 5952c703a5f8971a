"""How long something may take: processor time, which other programs do not lengthen, or no hang."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

HANG = 1_800
"""Seconds after which a process that a test waits for hangs, however busy the machine is."""

PROVE = int(os.environ.get("XLTOOL_PROVE", "0"))
"""How many examples `make prove` asks of each property; 0 in the ordinary tests, which try a fixed few."""

SEED = int(os.environ.get("XLTOOL_SEED", "114"))
"""The first of the seeds of what is made at random without hypothesis."""


def spent() -> float:
    """Seconds of the processor that this process and those it has waited for took so far."""
    return sum(os.times()[:4])


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What is done inside takes no more than that of the processor."""
    begin = spent()
    yield
    took = spent() - begin
    assert took <= seconds, f"took {took:.1f} s of the processor"
