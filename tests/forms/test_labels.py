"""A label that a form declares is typed nowhere else: what repeats it asks the declaration."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from xltool.forms import FORMS

PACKAGE = Path(__file__).parents[2] / "xltool"
MARK = "\n（個資）"  # below the heading of a column with personal data
LABELS = {
    label
    for form in FORMS.values()
    for label in (*form.titles.values(), *(asked.field.label for asked in form.asked.values()))
    if len(label) > 1
}

REASONS: Mapping[tuple[str, str], str] = {
    ("faces/commands.py", "代碼"): "what to type in a call: of a finding as well as of a unit",
    ("faces/commands.py", "姓名"): "who accepts a finding",
    ("faces/commands.py", "日期"): "the day to count from",
    ("columns.py", "日期"): "a type of value",
    ("plan/settings.py", "日期"): "a kind of answer",
    ("findings/code.py", "代碼"): "the code of a finding, not of a unit",
    ("findings/code.py", "說明"): "a severity",
    ("outputs/checked.py", "代碼"): "the code of a finding, not of a unit",
    ("outputs/checked.py", "單位"): "whose file it is; nobody answered that",
    ("outputs/data/export.py", "說明"): "what a column of the export is",
    ("outputs/lists/issue_log.py", "單位"): "to whom a form was issued; nobody answered that",
    ("outputs/lists/issue_log.py", "截止日"): "the day as issued, moved past rest days; not as set",
    ("outputs/tracker/files.py", "代碼"): "the code of a finding, not of a unit",
    ("outputs/tracker/files.py", "說明"): "why a file has the fate that it has",
    ("outputs/tracker/rewards.py", "依據條款"): "the clause that a reward rests on, not a setting",
    ("outputs/tracker/scores.py", "評分"): "the title of a sheet",
    ("outputs/tracker/scores.py", "評分說明"): "the title of a sheet, of both forms' evidence",
    ("outputs/tracker/shown.py", "備註"): "the coordinator's own notes",
    ("outputs/tracker/sources.py", "承辦人"): "the coordinator, whose returns no unit files",
    ("outputs/tracker/supervision.py", "依據"): "consensus or ruling, not the plan's documents",
    ("outputs/lists/roster.py", "代碼"): "the code of a finding, not of a unit",
    ("outputs/lists/roster.py", "填報情形"): "who has not filed; not a unit's answer",
    ("outputs/lists/roster.py", "承辦人"): "who signs",
    ("outputs/web/status_page.py", "單位"): "heads the names of those that must file",
    ("outputs/word/annex3.py", "辦理方式"): "a heading of Annex 3, as the plan names it",
    ("outputs/word/annex3.py", "未來精進方向"): "a part of Annex 3, as the plan names it",
    ("outputs/word/packet.py", "依據"): "what a motion is decided by, not a restriction's basis",
    ("outputs/word/packet.py", "順序"): "the place in the proposal",
    ("outputs/word/document.py", "照片"): "a style of the Word template",
    ("outputs/why.py", "評分"): "the title of what is said of an item's scores",
    (
        "rules/quorum.py",
        "召集人裁示",
    ): "what decided a motion, the other being 共識; not the ruling's text",
    (
        "rules/rewards.py",
        "自行考核獎勵建議",
    ): "the title of a rule; the plan's words for what R5 lists",
    ("steps/ask.py", "說明"): "the title of what `why` says",
    ("steps/write.py", "會議資料"): "the title of what `packet` did",
    ("steps/write.py", "評分"): "the title of what `score` did",
    **dict.fromkeys((("zh.py", "出席"), ("zh.py", "達成共識")), "what people type for yes"),
}
"""Labels that a module may type, because it means something else by the same word."""


def literals(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, without its docstrings and comments."""
    tree = ast.parse(source)
    prose = {
        id(node.value)
        for body in ast.walk(tree)
        if isinstance(body, ast.Module | ast.ClassDef | ast.FunctionDef)
        for node in body.body
        if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def typed_again(source: str) -> list[tuple[int, str]]:
    """The declared labels among a module's strings, with their lines."""
    words = ((line, text.removesuffix(MARK)) for line, text in literals(source))
    return sorted((line, word) for line, word in words if word in LABELS)


SOURCES = {
    name: path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
    if not (name := path.relative_to(PACKAGE).as_posix()).startswith("forms/")
}
TYPED = {name: typed_again(source) for name, source in SOURCES.items()}


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_a_declared_label_is_typed_nowhere_else(module: str) -> None:
    found = [one for one in TYPED.get(module, ()) if (module, one[1]) not in REASONS]
    listed = "".join(f"\n  {module}:{line} {word}" for line, word in found)
    assert not found, f"take these from the declaration:{listed}"


def test_few_labels_have_a_reason_to_be_typed() -> None:
    assert (
        sum((module, word) in REASONS for module, words in TYPED.items() for _, word in words) <= 40
    )


@pytest.mark.parametrize(("module", "label"), REASONS)
def test_a_label_with_a_reason_is_still_typed_there(module: str, label: str) -> None:
    assert label in [word for _, word in TYPED[module]]


def test_a_label_is_found_however_it_is_typed() -> None:
    source = '"""業務編號"""\nHEADINGS = ("業務編號", "姓名\\n（個資）", f"{n}個", "業務編號：")  # 業務編號\n'
    assert typed_again(source) == [(2, "姓名"), (2, "業務編號")]
