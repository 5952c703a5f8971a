"""What a check found, to keep and to hand on: a web page that needs nothing else.

It tells, file by file, what stood where and what to do, and explains each code that occurs. It quotes
what units typed: text is only ever text, and it is not for publication.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xltool.findings import CATALOGUE, Finding, Severity, explanation, grouped
from xltool.outputs.celltext import cell_text
from xltool.outputs.checked import STATUS, CheckedFile, form_title, places, summary, unit_name
from xltool.outputs.web.page import text_of, write_html
from xltool.plan import Plan
from xltool.zh import shortened

_ORDER = list(Severity)
_COLUMNS = ("嚴重度", "代碼", "位置", "所填內容", "問題", "怎麼改")
_OTHERS = "彙整與規則"
_INTERNAL = "內部文件：含各單位填報內容，請勿公布。"
_QUOTED = 300  # characters of what was typed


def write_check_page(
    path: Path, files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan
) -> None:
    """Write the page (HTML 5, styles inside, no script). Raises OSError."""
    title, lead = f"{plan.title}：檢核報告", (summary(files, others), _INTERNAL)
    write_html(path, title, lead, _body(files, others, plan))


def _body(files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan) -> Iterator[str]:
    if files:
        yield from _overview(files, plan)
    for number, checked in enumerate(files, 1):
        whose = f"{form_title(checked.form)}　{unit_name(checked.unit, plan)}"
        yield f'<section id="f{number}">'
        yield f"<h2>{text_of(checked.file)}</h2>"
        yield f'<p>{text_of(whose)}　<b class="{checked.status}">{STATUS[checked.status]}</b></p>'
        yield from _findings(checked.findings, checked.file, with_file=False)
        yield "</section>"
    if others:
        yield f'<section id="others"><h2>{_OTHERS}</h2>'
        yield from _findings(others, _OTHERS, with_file=True)
        yield "</section>"
    yield from _codes([f for checked in files for f in checked.findings] + list(others))


def _overview(files: Sequence[CheckedFile], plan: Plan) -> Iterator[str]:
    yield "<section><h2>各檔案</h2>"
    yield '<div class="wide" tabindex="0" role="region" aria-label="各檔案"><table><thead><tr>'
    for label in ("單位", "表單", "檔案", "結果", *_ORDER):
        yield f'<th scope="col">{label}</th>'
    yield "</tr></thead><tbody>"
    for number, checked in enumerate(files, 1):
        count = Counter(found.severity for found in checked.findings)
        yield f"<tr><td>{text_of(unit_name(checked.unit, plan))}</td>"
        yield f"<td>{text_of(form_title(checked.form))}</td>"
        yield f'<th scope="row"><a href="#f{number}">{text_of(checked.file)}</a></th>'
        yield f'<td><b class="{checked.status}">{STATUS[checked.status]}</b></td>'
        yield "".join(f'<td class="n">{count[severity]}</td>' for severity in _ORDER)
        yield "</tr>"
    yield "</tbody></table></div></section>"


def _findings(findings: Sequence[Finding], of: str, *, with_file: bool) -> Iterator[str]:
    if not findings:
        yield "<p>沒有發現問題</p>"
        return
    name = text_of(f"{of} 的檢核結果")
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table><thead><tr>'
    yield from (f'<th scope="col">{label}</th>' for label in _COLUMNS)
    yield "</tr></thead><tbody>"
    for group in sorted(grouped(findings), key=lambda g: _ORDER.index(g.finding.severity)):
        found = group.finding
        where = f"{found.at.file}｜" * with_file + places(group)
        marked = f'<b class="{found.severity.name.lower()}">{found.severity}</b>'
        code = f'<a href="#{found.code}">{found.code}</a>'
        rest = (where, _quoted(found.value), found.message, found.fix)
        cells = "".join(f"<td>{text_of(text)}</td>" for text in rest)
        yield f"<tr><td>{marked}</td><td>{code}</td>{cells}</tr>"
    yield "</tbody></table></div>"


def _codes(findings: Iterable[Finding]) -> Iterator[str]:
    if codes := sorted({found.code for found in findings}):
        yield "<section><h2>代碼說明</h2>"
        for code in codes:
            yield f'<h3 id="{code}">{code}</h3><dl>'
            for heading, words in explanation(CATALOGUE[code])[1:]:
                yield f"<dt>{heading}</dt><dd>{text_of(words)}</dd>"
            yield "</dl>"
        yield "</section>"


def _quoted(text: str) -> str:
    return shortened(cell_text(text), _QUOTED)
