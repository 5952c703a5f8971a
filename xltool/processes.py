"""How the processes begin that returned files are read in.

They are forked from one that has loaded what reading takes. A command that is sure to read has it
loaded on the other core while it gets ready itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

_LOADED = [
    "xltool.intake.formats.xlsx",
    "xltool.intake.formats.ods",
    "xltool.intake.one",
    "PIL.Image",
    "pebble",
]


def fresh() -> BaseContext:
    """Fresh processes everywhere: forking a program with threads may hang."""
    import multiprocessing

    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def load_ahead() -> None:
    """Have what reading takes loaded from now on, where the system can (not on Windows)."""
    if fresh().get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        ensure_running()
