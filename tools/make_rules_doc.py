"""Write docs/rules.md: clause ↔ rule ↔ settings ↔ findings ↔ cases ↔ choices, all from data.

    python tools/make_rules_doc.py

The rules describe themselves (`xltool.rules.RULES`), their cases are tests/rules/cases/*.toml, the
settings' names and values those of the shipped plan. A test holds the file equal to `render()`.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xltool.findings import CATALOGUE
from xltool.forms import SETTINGS
from xltool.plan import Plan, deadline_text, shipped_plan
from xltool.rules import RULES, Rule
from xltool.rules.clauses import clauses
from xltool.rules.scoring import plain
from xltool.wording import shipped_words

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "rules.md"
CASES = ROOT / "tests" / "rules" / "cases"
PROVED_BY = ROOT / "tests" / "rules" / "proved_by.toml"

HEAD = """# 規則 The rules

由 `python tools/make_rules_doc.py` 依程式、年度設定與測試案例產生，請勿直接修改。
This file is generated: do not edit it.

每一項結果都帶著條款與計算步驟；金額與分數一律以十進位計算。計畫未明定之處，一律列在「本署自訂」，能改的都是年度設定的欄位。
條款為「經濟部能源署114年提升服務效能執行計畫」的點次。

明年計畫修正時：金額、權重、日期與單位改年度設定；條文與額度改 `xltool/data/115/` 的 `clauses.toml`、`plan.toml`（只寫不同之處）；規則本身改變時另寫
一版，由 `xltool/rules/__init__.py` 的 `EDITIONS` 依計畫年度選用，114 年的結果不受影響。
"""


def render() -> str:
    """The whole of docs/rules.md."""
    plan = shipped_plan(114)
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("*.toml"))]
    lines = [HEAD, *_overview(files), "", *_clauses(proofs())]
    for rule in RULES:
        lines += ["", f"## {rule.key} {rule.title}", ""]
        lines += _settings(rule, plan)
        lines += _choices(rule)
        lines += _findings(rule)
        for clause in _cited(rule):
            for file in files:
                if (file["rule"], file["clause"]) == (rule.key, clause):
                    lines += _cases(file)
    return "\n".join(lines) + "\n"


def _overview(files: Iterable[dict[str, Any]]) -> Iterator[str]:
    count = {(file["rule"], file["clause"]): len(file["case"]) for file in files}
    rows = [
        (f"{rule.key} {rule.title}", clause, f"`rules/{rule.module}.py`", count[rule.key, clause])
        for rule in RULES
        for clause in _cited(rule)
    ]
    yield from _table(("規則", "條款", "程式", "案例數"), rows)


def _cited(rule: Rule) -> tuple[str, ...]:
    """The places in the plan that a rule goes by."""
    return tuple(shipped_words()[key] for key in rule.clauses)


def proofs() -> Mapping[str, Sequence[str]]:
    """By place in the plan the tests that show that it is carried out: its cases, and those named."""
    told = defaultdict(list)
    for path in sorted(CASES.glob("*.toml")):
        told[tomllib.loads(path.read_text("utf-8"))["clause"]].append(f"rules/cases/{path.name}")
    for place, tests in tomllib.loads(PROVED_BY.read_text("utf-8")).items():
        told[place] += tests
    return told


def _clauses(proved_by: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every clause of the plan: who carries it out, or why nobody does, and which tests show it."""
    yield "## 計畫各點的辦理方式"
    yield ""
    yield "「測試」是 `tests/` 中的檔案與測試名稱；`cases` 的案例全部列在各規則之下。"
    yield ""
    rows = [
        (
            clause.locator,
            clause.says,
            "、".join(clause.rules) or "－",
            "；".join(clause.done_in) or "－",
            clause.reason or "－",
            "、".join(f"`{test}`" for test in proved_by.get(clause.locator, ())) or "－",
        )
        for clause in clauses(114)
    ]
    yield from _table(
        ("條款", "內容", "規則", "其他辦理方式", "未寫成程式的部分與理由", "測試"), rows
    )


def _settings(rule: Rule, plan: Plan) -> Iterator[str]:
    if not rule.settings:
        return
    yield "### 年度設定"
    yield ""
    for name in rule.settings:
        section, _, key = name.partition(".")
        title = SETTINGS.section(section).title
        label = f"「{title}」" + (f"的「{SETTINGS.field(section, key).label}」" if key else "")
        yield f"- {label}（`{name}`）：{_shipped(section, key, plan)}"
    yield ""
    if "entitlements" in rule.settings:
        yield from _table(
            ("條款", "參選結果", "角色", "額度"),
            [
                (
                    right.clause,
                    right.stage or "不論結果",
                    right.role,
                    f"{right.bound} {right.reward.name}",
                )
                for right in plan.entitlements
            ],
        )
        yield ""


def _shipped(section: str, key: str, plan: Plan) -> str:
    """The value that 114 ships with, in words."""
    if section == "options":
        value = getattr(plan.options, key)
        if isinstance(value, bool):
            return "是" if value else "否"
        return value if isinstance(value, str) else plain(value)
    if section == "criteria":
        return "、".join(f"{c.name} {plain(c.weight)}%" for c in plan.criteria)
    if section == "ladder":
        return "＜".join(f"{reward.name}（{reward.points}）" for reward in plan.ladder)
    if section == "units":
        return f"{len(plan.units)} 個單位"
    if section == "calendar":
        return "、".join(f"{stage.name} {deadline_text(stage)}" for stage in plan.calendar)
    if section == "restrictions":
        return "預設無，由承辦人依當年評獎實施計畫填寫"
    return "如下表"


def _choices(rule: Rule) -> Iterator[str]:
    yield "### 本署自訂與簡化"
    yield ""
    for choice in rule.choices:
        yield f"- {choice.text}" + (f"（設定 `{choice.setting}`）" if choice.setting else "")
    yield ""


def _findings(rule: Rule) -> Iterator[str]:
    if not rule.findings:
        return
    yield "### 會提出的檢核結果"
    yield ""
    codes = [CATALOGUE[code] for code in rule.findings]
    yield from _table(
        ("代碼", "嚴重度", "問題", "怎麼改"),
        [(c.code, c.severity, c.message, c.fix) for c in codes],
    )
    yield ""


def _cases(file: dict[str, Any]) -> Iterator[str]:
    yield f"### {file['clause']} 的案例"
    yield ""
    yield f"> {file['text']}"
    yield ""
    yield from _table(
        ("案例", "In English"), [(case["title"], case["en"]) for case in file["case"]]
    )
    yield ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '｜') for cell in row)} |"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8", newline="\n")
