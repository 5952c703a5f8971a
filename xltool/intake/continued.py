"""Tables that go on elsewhere: below a second header, beside the first, on a sheet of their own.

People copy a sheet when its rows are full, or paste a second table under the first. A header tells them:
a row with half of the table's labels that no section's heading has claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xltool.forms.schema import Form, Kind, Table
from xltool.intake.draft import Block, Line
from xltool.intake.grid import Grid
from xltool.zh import clean, same

Words = Mapping[str, Sequence[tuple[int, int]]]
"""Where each short text of a sheet stands, by its comparing key."""

HEADER_REACH = 8  # rows below its heading in which a table's header may stand
_LEAST = 4  # labels of a table from which they are known among others
_HEADING_REACH = 4  # rows above a header in which its heading may stand
_BEHIND = 6  # characters behind a title that still make it one


def continued(
    form: Form,
    blocks: Sequence[Block],
    grids: Sequence[tuple[int, Grid]],
    words: Mapping[int, Words],
) -> Iterator[Block]:
    """The further blocks of the form's tables whose rows the unit makes, each with its header's place."""
    begun = {block.section.key for block in blocks}
    for sheet, section in form.sections():
        labels = {same(entry.label) for entry in section.fields}
        if not isinstance(section, Table) or section.rows_from or len(labels) < _LEAST:
            continue
        if section.key not in begun or any(one.kind is Kind.PHOTO for one in section.fields):
            continue
        need = max(_LEAST - 1, len(labels) // 2)
        for place, grid in grids:
            here = [block for block in blocks if block.place == place]
            own = next((block for block in here if block.section is section), None)
            for header, left, right in _headers(words[place], labels, need):
                if _is_known(own, here, words[place], header, left):
                    continue
                row = _start(words[place], same(section.title), header)
                yield Block(section, sheet, grid, place, row, left, header=(header, left, right))


def is_beside(block: Block, row: int, more: Iterable[Block], words: Words) -> bool:
    """Whether what begins on a row of the block's sheet is only tables beside the block's own, which do
    not end it."""
    starts = [one.header for one in more if (one.place, one.row) == (block.place, row)]
    own = block.header or _first_header(block, words)
    return bool(starts) and own is not None and all(at and at[1] > own[2] for at in starts)


def leave_out_twice(blocks: Sequence[Block]) -> None:
    """Take rows out of a further block that say the very same as one before: the sheet was copied."""
    for number, block in enumerate(blocks):
        if not block.more:
            continue
        before = {
            said
            for one in blocks[:number]
            if block.goes_on_with(one)
            for line in one.lines
            if (said := _said(line))
        }
        kept = tuple(line for line in block.lines if _said(line) not in before)
        block.twice, block.lines = len(block.lines) - len(kept), kept


def _said(line: Line) -> frozenset[tuple[str, str]]:
    """What somebody typed into a row, its number with it; nothing where only the number stands."""
    typed = {
        (key, clean(slot.cell.text))
        for key, slot in line.slots.items()
        if slot.cell is not None and not slot.inherited and not slot.field.given
    }
    if not typed:
        return frozenset()
    number = {(k, clean(s.cell.text)) for k, s in line.slots.items() if s.cell and s.field.given}
    return frozenset(typed | number)


def _headers(
    words: Words, labels: Iterable[str], need: int, only: int | None = None
) -> Iterator[tuple[int, int, int]]:
    """The rows (or the `only` one) on which so many of the labels stand: row, first and last column; two
    on a row where labels stand twice."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for label in labels:
        for row, col in words.get(label, ()):
            if only in (None, row):
                rows.setdefault(row, []).append((col, label))
    for row in sorted(rows):
        if len(rows[row]) < need:
            continue
        run: dict[str, int] = {}
        for col, label in [*sorted(rows[row]), (-1, "")]:
            if label in run or not label:
                if len(run) >= need:
                    yield row, min(run.values()), max(run.values())
                run = {}
            run[label] = col


def _is_known(
    own: Block | None, here: Iterable[Block], words: Words, header: int, left: int
) -> bool:
    """Whether a header is that of a section whose heading was found. Once more below the first, in its
    columns and without a heading of its own, it is the same table's: pasted for a second page."""
    above = [block for block in here if block.row < header]
    nearest = max(above, key=lambda block: block.row, default=None)
    if nearest is not None and nearest is not own:
        theirs = (same(entry.label) for entry in nearest.section.fields)
        if sum(any(row == header for row, _ in words.get(one, ())) for one in theirs) >= _LEAST:
            return True
    if own is None:
        return False
    first = _first_header(own, words)
    if first is None or header < first[0]:
        return True
    if header == first[0]:
        return left == first[1]
    titles = _titles(words, same(own.section.title))
    return left == first[1] and not any(first[0] < row < header for row in titles)


def _first_header(block: Block, words: Words) -> tuple[int, int, int] | None:
    """Row, first and last column of the header below a table's heading."""
    labels = [same(entry.label) for entry in block.section.fields]
    reach = range(block.row + 1, block.row + HEADER_REACH + 1)
    rows = Counter(row for one in labels for row in {at[0] for at in words.get(one, ())})
    best = max(reach, key=lambda row: (rows[row], -row))
    return next(_headers(words, labels, max(1, rows[best]), best), None)


def _titles(words: Words, title: str) -> Iterator[int]:
    """The rows on which a section's title stands, also with a word behind it: （續）, (2)."""
    for word, places in words.items():
        if word.startswith(title) and len(word) <= len(title) + _BEHIND:
            yield from (row for row, _ in places)


def _start(words: Words, title: str, header: int) -> int:
    """The row of the section's title right above a header, else the header's own."""
    rows = [row for row in _titles(words, title) if header - _HEADING_REACH <= row < header]
    return max(rows, default=header)
