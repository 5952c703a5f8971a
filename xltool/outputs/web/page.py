"""A web page that needs nothing else: HTML 5, styles inside, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from xltool.outputs.celltext import cell_text
from xltool.outputs.style import WEB_FONTS, Colour


def write_html(path: Path, title: str, lead: Sequence[str], body: Iterable[str]) -> None:
    """Write a page: title and lead are text, `body` is HTML already. Raises OSError."""
    paragraphs = "\n".join(f"<p>{text_of(text)}</p>" for text in lead)
    page = f"""<!doctype html>
<html lang="zh-Hant-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{text_of(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{text_of(title)}</h1>
{paragraphs}
</header>
<main>
{chr(10).join(body)}
</main>
</body>
</html>
"""
    path.write_text(page, encoding="utf-8")


def text_of(text: str) -> str:
    """Text as HTML: no tag in it is one, and no character that XML forbids."""
    return escape(cell_text(text))


_STYLE = f"""
:root{{--ink:{Colour.INK};--quiet:{Colour.QUIET};--edge:{Colour.EDGE};--label:{Colour.LABEL};
--link:{Colour.LINK};--fault:{Colour.FAULT_INK};--open:{Colour.OPEN_INK};--done:{Colour.DONE_INK}}}
body{{font:16px/1.6 {WEB_FONTS};color:var(--ink);
background:{Colour.WHITE};max-width:75rem;margin:0 auto;padding:1rem}}
h1{{font-size:1.5rem}}h2{{font-size:1.2rem;margin:2rem 0 .3rem;overflow-wrap:anywhere}}
h3{{font-size:1rem;margin:1rem 0 0}}
.wide{{overflow-x:auto}}
table{{border-collapse:collapse;width:100%;font-size:.9rem}}
th,td{{border:1px solid var(--edge);padding:.3rem .5rem;text-align:left;vertical-align:top;
overflow-wrap:anywhere;white-space:pre-line}}
thead th{{background:var(--label);white-space:nowrap}}tbody th{{font-weight:normal}}
td.n{{text-align:right}}td:first-child{{white-space:nowrap}}
a{{color:var(--link)}}dt{{font-weight:bold}}dd{{margin:0 0 .3rem 1.5rem}}
.error,.unreadable{{color:var(--fault)}}.warning,.blocked{{color:var(--open)}}
.waived,.note{{color:var(--quiet)}}.accepted{{color:var(--done)}}
@media print{{.wide{{overflow:visible}}thead{{display:table-header-group}}tr{{break-inside:avoid}}}}
"""
