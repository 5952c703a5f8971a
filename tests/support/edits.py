"""Edits: what a person does to a filled form, one stroke each, as `returns.returned` takes them."""

from __future__ import annotations

from pathlib import Path

from tests.support.returns import Edit, Person, codes, photo, read, returned
from xltool.findings import CATALOGUE, Severity

ITEM = "業務 03-01"


def card(sheet: str, label: str, value: object) -> Edit:
    return lambda person: person.card(sheet, label, value)


def table(sheet: str, heading: str, row: int, label: str, value: object) -> Edit:
    return lambda person: person.table(sheet, heading, row, label, value)


def filing(label: str, value: object) -> Edit:
    return card("填報資料", label, value)


def item(row: int, label: str, value: object) -> Edit:
    # 參與業務 is its sheet's heading and stands below the title, so the first find is right
    return table("參與業務", "參與業務", row, label, value)


def people(row: int, label: str, value: object) -> Edit:
    return table("有功人員", "有功人員", row, label, value)


def score(row: int, value: object) -> Edit:
    return table(ITEM, "四構面自評", row, "評分", value)


def photo_row(person: Person, row: int, column: str = "D") -> str:
    return f"{column}{person.find(ITEM, '照片').row + 2 + row}"


def caption(row: int, text: str) -> Edit:
    return table(ITEM, "照片", row, "圖說", text)


def picture(row: int, data: bytes | None = None, column: str = "D") -> Edit:
    return lambda person: person.picture(ITEM, photo_row(person, row, column), data or photo())


def one_fault_is_one_finding(key: str, edit: Edit, code: str, folder: Path) -> None:
    """The edited form gives that finding and no other, at the cell that was edited."""
    changed: list[str] = []
    path = returned(folder, key, lambda person: changed.append(edit(person).coordinate))  # type: ignore[attr-defined]
    reading = read(path)
    assert codes(reading) == [code]
    if code != "C402":
        assert reading.findings[0].at.cell == changed[0]
    assert reading.status == (
        "blocked" if CATALOGUE[code].severity is Severity.ERROR else "accepted"
    )


def copied(sheet: str, title: str = "") -> Edit:
    """A sheet once more, named as Excel names copies unless told otherwise."""

    def edit(person: Person) -> None:
        person.book.copy_worksheet(person.sheet(sheet)).title = title or f"{sheet} (2)"

    return edit


def renamed(sheet: str, title: str) -> Edit:
    def edit(person: Person) -> None:
        person.sheet(sheet).title = title

    return edit


def moved(sheet: str, heading: str, rows: int, to: str, *, below: int = 2, right: int = 0) -> Edit:
    """A section's rows cut and pasted below what stands on another sheet, which may be a new one."""

    def edit(person: Person) -> None:
        source, top = person.sheet(sheet), person.find(sheet, heading).row
        for merged in [m for m in source.merged_cells.ranges if top <= m.min_row < top + rows]:
            source.unmerge_cells(merged.coord)
        if to not in person.book.sheetnames:
            person.book.create_sheet(to)
        start = person.sheet(to).max_row + below
        for row in range(rows):
            for col in range(1, 9):
                there = person.put(to, start + row, col + right, source.cell(top + row, col).value)
                there.number_format = "@"
                person.put(sheet, top + row, col, None)

    return edit
