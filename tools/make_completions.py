"""What a shell needs to complete `xltool` with the tab key: for bash, zsh and PowerShell, by shtab.

    python -m tools.make_completions [FOLDER]    without one: build/completion

The build of a wheel makes them anew (`hatch_build`), so that they are always those of its commands.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import shtab

from xltool.faces.cli import grammar
from xltool.faces.commands import FORM_KEYS

FILES: Mapping[str, str] = {"bash": "xltool.bash", "zsh": "_xltool", "powershell": "xltool.ps1"}
"""Each shell's file, named as the shell looks for it."""


def make(folder: Path) -> list[Path]:
    """Write the files into a folder and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for shell, name in FILES.items():
        path = folder / name
        path.write_text(shtab.complete(_parser(), shell=shell), encoding="utf-8", newline="\n")
        made.append(path)
    return made


def _parser() -> argparse.ArgumentParser:
    """The grammar, with what it takes told to a shell: files where a path is meant, the forms' keys."""
    parser = grammar()
    for action in _actions(parser):
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.dest == "form":
            action.choices = FORM_KEYS
    return parser


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from _actions(sub)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build", "completion")
    print("\n".join(map(str, make(target))))
