"""How a rule is described: the same words make docs/rules.md and the reasons in the code."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.wording import worded


@worded("text")
@dataclass(frozen=True)
class Choice:
    """Something the plan leaves open and how it is decided here. `setting` names the field of
    年度設定 (form `settings`, card `options`) that changes it; empty when it is a simplification."""

    text: str
    setting: str = ""


@worded("title")
@dataclass(frozen=True)
class Rule:
    """One rule of the plan: its key (R1 …), title, the keys of its clauses (`wording`), what it reads,
    what it may find."""

    key: str
    title: str
    clauses: tuple[str, ...]
    module: str
    settings: tuple[str, ...]
    findings: tuple[str, ...]
    choices: tuple[Choice, ...]
