"""The check's result to keep and to hand on: one web page that needs nothing else, one workbook.

Both tell, file by file, what stood where and what to do, and explain each code that occurs. They
quote what units typed: text is only ever text, and neither is for publication.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xltool.findings import CATALOGUE, Finding, Severity, explanation, grouped
from xltool.outputs.celltext import cell_text, lines
from xltool.outputs.checked import STATUS, CheckedFile, form_title, places, summary, unit_name
from xltool.outputs.lists.listing import HEAD, LOOK, frame
from xltool.outputs.style import new_book, row_height
from xltool.outputs.web.page import text_of, write_html
from xltool.plan import Plan
from xltool.zh import shortened

_ORDER = list(Severity)
_COLUMNS = ("嚴重度", "代碼", "位置", "所填內容", "問題", "怎麼改")
_OTHERS = "彙整與規則"
_INTERNAL = "內部文件：含各單位填報內容，請勿公布。"
_QUOTED = 300  # characters of what was typed


def write_page(
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


def write_book(
    path: Path, files: Sequence[CheckedFile], others: Sequence[Finding], plan: Plan
) -> None:
    """Write the workbook: 各檔案, 檢核結果 (one row a place, to sort and filter), 代碼說明. Raises OSError."""
    with new_book(path, "檢核報告", plan.year) as book:
        base = {**LOOK, "valign": "top"}
        text = book.add_format({**base, "text_wrap": True})
        head = book.add_format({**base, **HEAD})

        def page(
            title: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str | int]]
        ) -> None:
            sheet = book.add_worksheet(title)
            row = 0
            for row, cells in enumerate(rows, 1):
                for col, cell in enumerate(cells):
                    if isinstance(cell, int):
                        sheet.write_number(row, col, cell, text)
                    else:
                        sheet.write_string(row, col, cell_text(cell), text)
                high = max(lines(str(c), columns[n][1]) for n, c in enumerate(cells))
                sheet.set_row(row, row_height(high))
            frame(sheet, columns, row, head)
            sheet.set_header(f"&C{_INTERNAL}")

        page("各檔案", _FILE_COLUMNS, (_file_row(checked, plan) for checked in files))
        every: list[tuple[CheckedFile | None, Finding]] = [
            (checked, f) for checked in files for f in checked.findings
        ]
        every += [(None, f) for f in others]
        every.sort(key=lambda pair: _ORDER.index(pair[1].severity))
        page("檢核結果", _FINDING_COLUMNS, (_finding_row(*pair, plan) for pair in every))
        codes = sorted({found.code for _, found in every})
        told = ([code, *(w for _, w in explanation(CATALOGUE[code])[1:4])] for code in codes)
        page("代碼說明", _CODE_COLUMNS, told)


_FILE_COLUMNS = (
    *(("單位", 24.0), ("表單", 18.0), ("檔案", 48.0), ("結果", 12.0)),
    *((str(severity), 9.0) for severity in _ORDER),
)
_FINDING_COLUMNS = (
    *(("單位", 16.0), ("表單", 14.0), ("檔案", 24.0), ("嚴重度", 9.0), ("代碼", 8.0)),
    *(("工作表", 13.0), ("儲存格", 9.0), ("所填內容", 22.0), ("問題", 32.0), ("怎麼改", 32.0)),
)
_CODE_COLUMNS = (("代碼", 9.0), ("問題", 36.0), ("為什麼", 50.0), ("怎麼改", 40.0))


def _file_row(checked: CheckedFile, plan: Plan) -> tuple[str | int, ...]:
    count = Counter(found.severity for found in checked.findings)
    whose = unit_name(checked.unit, plan), form_title(checked.form)
    return (*whose, checked.file, STATUS[checked.status], *(count[s] for s in _ORDER))


def _finding_row(checked: CheckedFile | None, found: Finding, plan: Plan) -> tuple[str, ...]:
    unit = unit_name(checked.unit, plan) if checked else ""
    form = form_title(checked.form) if checked else _OTHERS
    at = found.at
    said = (_quoted(found.value), found.message, found.fix)
    return (unit, form, at.file, str(found.severity), found.code, at.sheet, at.cell, *said)
