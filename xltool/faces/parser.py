"""The grammar of a command line, declared as data, and argparse made to speak Chinese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn

from xltool.faces.screen import Screen

Action = Callable[[argparse.Namespace, Screen], int]
"""What a command does with what was asked, telling it on the screen; returns the exit code."""


class Option(NamedTuple):
    """Something that a command takes: `--name` where it may be left out, else a bare name.

    Without `metavar` it is a switch. `nargs` and `dest` are argparse's own.
    """

    name: str
    help: str
    metavar: str | None = None
    type: Callable[[str], Any] = str
    choices: Sequence[str] | None = None
    nargs: str | None = None
    dest: str | None = None

    @property
    def left_out(self) -> Any:
        """What the action finds when the option is left out: nothing, of its type."""
        if self.nargs in ("*", "+"):
            return ()
        return "" if self.type is str else None


class Command(NamedTuple):
    """One command: its name, what it does, what its help says, and what it takes."""

    name: str
    action: Action
    text: str
    examples: tuple[str, ...]
    options: tuple[Option, ...]


def parser_of(
    commands: Iterable[Command], *, program: str, text: str, epilog: str, version: str
) -> argparse.ArgumentParser:
    """The parser of a program. What it parses carries the `action` of the command asked for."""
    parser = _Parser(prog=program, description=text, epilog=epilog)
    parser.add_argument(
        "--version", action="version", version=f"{program} {version}", help="顯示版本"
    )
    names = parser.add_subparsers(title="指令", metavar="指令", dest="command", required=True)
    for command in commands:
        sub = names.add_parser(
            command.name,
            help=command.text,
            description=command.text,
            epilog=listed_examples(command.examples),
        )
        sub.set_defaults(action=command.action, command=command.name, json=False)
        for option in command.options:
            _add(sub, option)
    return parser


def listed_examples(examples: Iterable[str]) -> str:
    """Examples as the help shows them, a line each."""
    return "\n".join(("範例：", *(f"  {example}" for example in examples)))


def _add(parser: argparse.ArgumentParser, option: Option) -> None:
    how: dict[str, Any] = {"help": option.help}
    if option.dest:
        how["dest"] = option.dest
    if option.metavar is None:
        parser.add_argument(option.name, action="store_true", **how)
        return
    parser.add_argument(
        option.name,
        metavar=option.metavar,
        type=option.type,
        choices=option.choices,
        nargs=option.nargs,
        default=option.left_out,
        **how,
    )


class UsageError(Exception):
    """What was typed is no command; the message says what to do."""


# --- Types of options --------------------------------------------------------------------------


def roc_year(text: str) -> int:
    """A ROC year of three digits."""
    year = int(text) if text.strip().isdecimal() else 0
    if not 100 <= year <= 200:
        raise argparse.ArgumentTypeError(f"請填三位數的民國年，例如 114：{text!r}")
    return year


def roc_day(text: str) -> date:
    """A day as people write it: 114.12.31."""
    from xltool.zh import parse_date

    day = parse_date(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"請填日期，例如 114.12.31：{text!r}")
    return day


# --- argparse in Chinese -----------------------------------------------------------------------


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help whose own words are Chinese."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=100)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser that complains in Chinese."""

    def __init__(self, **kwargs: Any) -> None:
        own: dict[str, Any] = {"formatter_class": _Help, "add_help": False, "allow_abbrev": False}
        super().__init__(**{**own, **kwargs})
        self._positionals.title = "參數"
        self._optionals.title = "選項"
        self.add_argument("-h", "--help", action="help", help="顯示說明")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            from xltool.zh import nearest, or_rather

            known = [str(one) for one in action.choices if one != ""]
            meant = or_rather(nearest(str(value), known), known)
            raise argparse.ArgumentError(action, f"沒有「{value}」{meant}")

    def error(self, message: str) -> NoReturn:
        for english, chinese in _COMPLAINTS:
            message = message.replace(english, chinese)
        message = re.sub(r"（可用：(.*)\)$", r"（可用：\1）", message)
        raise UsageError(f"{message}\n請執行 {self.prog} --help 看說明與範例")


_COMPLAINTS = (
    ("the following arguments are required: ", "缺少必要的參數："),
    ("unrecognized arguments: ", "無法辨識的參數："),
    ("argument ", "參數 "),
    ("invalid choice: ", "沒有這個選擇："),
    (" (choose from ", "（可用："),
    ("expected one argument", "後面要接一個值"),
    ("expected at least one argument", "後面至少要接一個值"),
    ("not allowed with argument ", "不能同時使用 "),
)
