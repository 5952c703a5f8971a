"""Who has filed what, as a page to look at or to print: units × forms, with days left or overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xltool.outputs.web.page import text_of, write_html

_TONES = {"已繳": "accepted", "無辦理": "note", "待修正": "blocked", "未繳": "unreadable"}


def write_status_page(
    path: Path,
    title: str,
    day: str,
    forms: Sequence[str],
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]],
) -> None:
    """Write the page: `forms` head the columns; each row is a unit and, for each form, its state and
    what is left. Raises OSError."""
    states = [state for _, cells in rows for state, _ in cells]
    count = "、".join(f"{state} {states.count(state)}" for state in _TONES)
    write_html(path, title, (f"{day}　{count}",), _table(forms, rows))


def _table(
    forms: Sequence[str], rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
) -> Iterator[str]:
    yield '<div class="wide" tabindex="0" role="region" aria-label="繳交情形"><table><thead><tr>'
    yield from (f'<th scope="col">{text_of(form)}</th>' for form in ("單位", *forms))
    yield "</tr></thead><tbody>"
    for unit, cells in rows:
        yield f'<tr><th scope="row">{text_of(unit)}</th>'
        for state, left in cells:
            tone = _TONES.get(state, "note")
            yield f'<td><b class="{tone}">{text_of(state)}</b>　{text_of(left)}</td>'
        yield "</tr>"
    yield "</tbody></table></div>"
