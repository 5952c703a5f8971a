"""The year's own words: what the agency calls the award, its units, its convener and itself, and where
its plan says what.

A declared text (a form's prompt, a finding's fix) names them by key, `$contest`, `$once`, and is read in
the words of the year that a command is about (`worded`, `say`); a text that is composed asks `the`:
`{the.contest}`. Like a language they are chosen once, when 年度設定 has been read (`use`); until then they
are those of the newest plan that is shipped, `data/114/clauses.toml`, where every key stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from xltool.data import shipped
from xltool.patterns import pattern

T = TypeVar("T")


def use(words: Mapping[str, str] | None) -> None:
    """Say everything from now on in these words; None: in those that are shipped."""
    the.words = words


def say(text: str) -> str:
    """A declared text in the words in use."""
    return _in(the.known, text) if "$" in text else text


def said_in(words: Mapping[str, str], declared: object, name: str) -> str:
    """That text of a declaration in the words of a plan that is not in use (yet)."""
    return _in(words, declared.__dict__[name])


@contextmanager
def speaking(words: Mapping[str, str] | None) -> Iterator[None]:
    """Say everything in these words for a while, as a form that was issued in them is read."""
    before = the.words
    use(words)
    try:
        yield
    finally:
        use(before)


_LONGEST = 20  # characters that 年度設定 lets a word have
_KEY = pattern(r"\$([a-z_]+)")


def _in(words: Mapping[str, str], text: str) -> str:
    return _KEY.sub(lambda key: words.get(key[1], key[0]), text)


def otherwise() -> Mapping[str, str]:
    """What is called otherwise now than usual, by key: what a form remembers that is issued now."""
    return {key: the.known[key] for key, word in _usual().items() if the.known[key] != word}


def as_issued(said: Mapping[str, str]) -> Mapping[str, str]:
    """The words in use, but what a form calls otherwise that was issued when things were called so.
    `said` is what stands in the form: what is no word of a year is left out."""
    fit = {key: word for key, word in said.items() if key in _usual() and 0 < len(word) <= _LONGEST}
    return {**the.known, **_usual(), **fit}


@lru_cache
def _usual() -> Mapping[str, str]:
    said = shipped("clauses.toml")["words"]
    return MappingProxyType(said)


@lru_cache
def shipped_words(year: int | None = None) -> Mapping[str, str]:
    """The words of the plan that is shipped for a ROC year, without one of the newest."""
    said = shipped("clauses.toml", year)
    return MappingProxyType({**said["words"], **said["places"]})


def placed(locator: str, own: Mapping[str, str]) -> str:
    """A place in the plan as an agency numbers it that moved some: with 柒、二 moved, so is what
    stands under it."""
    for moved in sorted(own, key=len, reverse=True):
        if locator == moved or locator.startswith(f"{moved}、"):
            return own[moved] + locator.removeprefix(moved)
    return locator


class _The:
    """The words in use as members, for texts that are composed."""

    words: Mapping[str, str] | None = None

    @property
    def known(self) -> Mapping[str, str]:
        """The words in use, by key."""
        return shipped_words() if self.words is None else self.words

    def __getattr__(self, key: str) -> str:
        try:
            return self.known[key]
        except KeyError as error:
            raise AttributeError(key) from error


the = _The()


def worded(*names: str) -> Callable[[type[T]], type[T]]:
    """Have these texts of a dataclass always read in the words in use, however they were declared."""

    def with_words(declared: type[T]) -> type[T]:
        for name in names:
            setattr(declared, name, _Said(name))
        return declared

    return with_words


class _Said:
    """A text of a declaration: kept as declared, read in the words in use."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, declared: object, owner: type) -> str:
        text: str = declared.__dict__[self._name]
        return say(text) if "$" in text else text

    def __set__(self, declared: object, text: str) -> None:
        declared.__dict__[self._name] = text
