"""What is shipped for the plan, by the ROC year from which it holds: `114/plan.toml`, `114/clauses.toml`.

The first year's folder states the whole, a later one only what differs: a value, a row, a row that is
gone (`gone = true`). A row is the earlier one's that has the same name (`NAMED_BY`); a new one stands
where `after` says, else last. Each later file says since when and by what (`[edition]`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NAMED_BY: Mapping[str, Sequence[str]] = {
    "clause": ("locator",),
    "units": ("code",),
    "titles": ("rank",),
    "criteria": ("name",),
    "calendar": ("stage",),
    "ladder": ("name",),
    "entitlements": ("stage", "role"),
    "rest_days": ("day",),
    "restrictions": ("text",),
}
"""By what a row of a list is known again in a later year's file."""
MARKS = frozenset({"gone", "after"})
"""What a row of a later file says of itself."""


def folder() -> Traversable:
    """Where the years' folders lie."""
    from importlib import resources

    return resources.files(__name__)


def editions(name: str, year: int | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The files of that name that hold for a ROC year, each with the year from which it does, the
    earliest first: at least that one. Without a year, all."""
    import tomllib

    files = {
        int(one.name): one.joinpath(name)
        for one in folder().iterdir()
        if one.name.isdecimal() and one.joinpath(name).is_file()
    }
    first = min(files)
    for since in sorted(files):
        if since == first or year is None or since <= year:
            content = tomllib.loads(files[since].read_text("utf-8"))
            content.pop("edition", None)
            yield since, content


def shipped(name: str, year: int | None = None) -> dict[str, Any]:
    """The file of that name as it holds for a ROC year; without one, as it holds now."""
    whole: dict[str, Any] = {}
    for _, content in editions(name, year):
        for section, said in content.items():
            before = whole.get(section)
            whole[section] = said if before is None else laid_over(section, before, said)
    return whole


def laid_over(section: str, before: Any, later: Any) -> Any:
    """A section as a later file has it, which says only what differs."""
    if isinstance(before, dict):
        return {**before, **later}
    return rows_laid_over(section, before, later)


def rows_laid_over(
    section: str, before: Iterable[dict[str, Any]], later: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A section's rows with the later ones in their places."""
    rows = [dict(row) for row in before]

    def place(of: Mapping[str, Any]) -> int | None:
        names = [of.get(key) for key in NAMED_BY[section]]
        there = ([row.get(key) for key in NAMED_BY[section]] for row in rows)
        return next((at for at, one in enumerate(there) if one == names), None)

    for row in later:
        new = {key: value for key, value in row.items() if key not in MARKS}
        at = place(row)
        if at is not None:
            rows[at : at + 1] = [] if row.get("gone") else [{**rows[at], **new}]
            continue
        key = NAMED_BY[section][0]
        behind = next((n for n, one in enumerate(rows) if one.get(key) == row.get("after")), None)
        rows.insert(len(rows) if behind is None else behind + 1, new)
    return rows
