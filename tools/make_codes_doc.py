"""Write docs/codes/: a page for each kind of finding, from the one catalogue.

    python tools/make_codes_doc.py

A test holds the pages equal to `render()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xltool.findings import CATALOGUE, explanation

TARGET = Path(__file__).parent.parent / "docs" / "codes"
KINDS = {
    "F": "檔案",
    "S": "表單與結構",
    "V": "欄位內容",
    "C": "欄位、表單、單位之間",
    "R": "規則須由人決定者",
    "P": "年度設定",
}


def render() -> Mapping[str, str]:
    """Every page's text by file name."""
    pages = {"README.md": _index()}
    for letter, kind in KINDS.items():
        codes = [code for code in CATALOGUE.values() if code.code.startswith(letter)]
        lines = [
            f"# {letter} {kind}",
            "",
            "由 `python tools/make_codes_doc.py` 產生，請勿直接修改。",
        ]
        for code in sorted(codes, key=lambda one: one.code):
            lines += ["", f"## {code.code}", ""]
            lines += [f"- **{heading}** {words}" for heading, words in explanation(code)]
        pages[f"{letter}.md"] = "\n".join(lines) + "\n"
    return pages


def _index() -> str:
    lines = [
        "# 檢核代碼 Codes of findings",
        "",
        "由 `python tools/make_codes_doc.py` 依程式產生，請勿直接修改。This folder is generated.",
        "",
        "畫面上可執行 `xltool explain V301`。代碼一經使用不再改作他用。",
        "",
        "| 代碼 | 嚴重度 | 問題 |",
        "|---|---|---|",
    ]
    for code in sorted(
        CATALOGUE.values(), key=lambda one: (list(KINDS).index(one.code[0]), one.code)
    ):
        said = dict(explanation(code))["問題"]
        link = f"[{code.code}]({code.code[0]}.md#{code.code.lower()})"
        lines.append(f"| {link} | {code.severity} | {said} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the pages."""
    TARGET.mkdir(exist_ok=True)
    for name, text in render().items():
        (TARGET / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
