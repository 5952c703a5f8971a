"""What a check found, to keep and to hand on: a web page that needs nothing else.

It tells, file by file, what stood where and what to do, and explains each code that occurs. It quotes
what units typed: text is only ever text, and it is not for publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xltool.findings import Finding, Severity
from xltool.outputs.checked import (
    NOT_OF_A_FILE,
    PRIVATE,
    STATUS,
    CheckedFile,
    Head,
    Words,
    code_rows,
    file_row,
    finding_rows,
    form_title,
    summary,
    unit_name,
)
from xltool.outputs.web.page import text_of, write_html
from xltool.plan import Plan


def write_check_page(
    path: Path, files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan
) -> None:
    """Write the page (HTML 5, styles inside, no script). Raises OSError."""
    title, lead = f"{plan.title}：檢核報告", (summary(files, others), PRIVATE)
    write_html(path, title, lead, _body(files, others, plan))


def _body(files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan) -> Iterator[str]:
    if files:
        yield from _overview(files, plan)
    for number, checked in enumerate(files, 1):
        whose = f"{form_title(checked.form)}　{unit_name(checked.unit, plan)}"
        yield f'<section id="f{number}">'
        yield f"<h2>{text_of(checked.file)}</h2>"
        yield f"<p>{text_of(whose)}　{_result(checked)}</p>"
        yield from _findings(finding_rows(checked.findings), checked.file)
        yield "</section>"
    if others:
        yield f'<section id="others"><h2>{NOT_OF_A_FILE}</h2>'
        yield from _findings(finding_rows(others, with_file=True), NOT_OF_A_FILE)
        yield "</section>"
    yield from _codes(code_rows(files, others))


def _overview(files: Sequence[CheckedFile], plan: Plan) -> Iterator[str]:
    rows = [file_row(checked, plan) for checked in files]
    yield "<section><h2>各檔案</h2>"
    yield from _head("各檔案", rows[0])
    for number, (checked, row) in enumerate(zip(files, rows, strict=True), 1):
        yield f"<tr><td>{text_of(str(row[Head.UNIT]))}</td>"
        yield f"<td>{text_of(str(row[Head.FORM]))}</td>"
        yield f'<th scope="row"><a href="#f{number}">{text_of(checked.file)}</a></th>'
        yield f"<td>{_result(checked)}</td>"
        yield "".join(f'<td class="n">{row[severity]}</td>' for severity in Severity)
        yield "</tr>"
    yield "</tbody></table></div></section>"


def _result(checked: CheckedFile) -> str:
    return f'<b class="{checked.status}">{STATUS[checked.status]}</b>'


def _findings(rows: Sequence[Words], of: str) -> Iterator[str]:
    if not rows:
        yield "<p>沒有發現問題</p>"
        return
    yield from _head(f"{of} 的檢核結果", rows[0])
    for row in rows:
        severity, code, *words = row.values()
        marked = f'<b class="{Severity(severity).name.lower()}">{severity}</b>'
        cells = "".join(f"<td>{text_of(text)}</td>" for text in words)
        yield f'<tr><td>{marked}</td><td><a href="#{code}">{code}</a></td>{cells}</tr>'
    yield "</tbody></table></div>"


def _head(name: str, headings: Iterable[str]) -> Iterator[str]:
    """The beginning of a table, which can be scrolled where the page is narrow."""
    region = f'role="region" aria-label="{text_of(name)}"'
    yield f'<div class="wide" tabindex="0" {region}><table><thead><tr>'
    yield from (f'<th scope="col">{heading}</th>' for heading in headings)
    yield "</tr></thead><tbody>"


def _codes(rows: Sequence[Words]) -> Iterator[str]:
    if rows:
        yield "<section><h2>代碼說明</h2>"
        for row in rows:
            yield f'<h3 id="{row[Head.CODE]}">{row[Head.CODE]}</h3><dl>'
            for heading, words in row.items():
                if heading != Head.CODE:
                    yield f"<dt>{heading}</dt><dd>{text_of(words)}</dd>"
            yield "</dl>"
        yield "</section>"
