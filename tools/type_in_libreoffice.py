"""Types into workbooks as a person would, in LibreOffice itself, and saves them from there.

    /usr/bin/python3 tools/type_in_libreoffice.py JOBS.json

Needs the Python that Debian's `python3-uno` belongs to, hence no import of ours. A job names the
workbook to open, the cells to type into, the photos to insert, rows to insert above, and the name and
format to save under.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uno
from com.sun.star.awt import Size
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE = 300  # seconds for LibreOffice to start, or to end
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}


def main() -> None:
    """Start LibreOffice, do every job, end it."""
    jobs = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    with office() as (desktop, photos):
        for number, job in enumerate(jobs, 1):
            print(f"{number}/{len(jobs)} {Path(job['target']).name}", flush=True)
            _do(desktop, photos, job)


@contextmanager
def office() -> Iterator[tuple[Any, Any]]:
    """LibreOffice without a window and with a profile of its own: its desktop, what reads photos."""
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"xltool{time.monotonic_ns()}"
        process = subprocess.Popen(
            [  # noqa: S607
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--norestore",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stderr=subprocess.DEVNULL,  # it grumbles about a missing Java
        )
        try:
            context = _connect(pipe)
            desktop = _service(context, "com.sun.star.frame.Desktop")
            yield desktop, _service(context, "com.sun.star.graphic.GraphicProvider")
            desktop.terminate()
        finally:
            process.wait(PATIENCE)


def _connect(pipe: str) -> Any:
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", context
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
    raise SystemExit("LibreOffice did not answer")


def _service(context: Any, name: str) -> Any:
    return context.ServiceManager.createInstanceWithContext(name, context)


def option(name: str, value: object) -> Any:
    """One of the named values that LibreOffice takes instead of arguments."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _do(desktop: Any, photos: Any, job: dict[str, Any]) -> None:
    url = uno.systemPathToFileUrl(job["source"])
    book = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", True),))  # noqa: FBT003
    try:
        for sheet, row, col, value in job["cells"]:
            cell = book.Sheets.getByName(sheet).getCellByPosition(col, row)
            if isinstance(value, (int, float)):
                cell.Value = value
            else:
                cell.String = value
        for sheet, row, col, photo in job["photos"]:
            _insert(photos, book, book.Sheets.getByName(sheet).getCellByPosition(col, row), photo)
        for sheet, row in job["insert_above"]:
            page = book.Sheets.getByName(sheet)
            page.unprotect("")
            page.Rows.insertByIndex(row, 1)
        if job.get("recalculate"):  # else only what depends on the cells typed into
            book.calculateAll()
        target = Path(job["target"])
        filter_name = option("FilterName", FILTERS[target.suffix])
        book.storeToURL(uno.systemPathToFileUrl(str(target)), (filter_name,))
    finally:
        book.close(True)  # noqa: FBT003


def _insert(photos: Any, book: Any, place: Any, photo: str) -> None:
    """A photo over a cell, as large as fits, like Insert → Image and a pull at its corner."""
    page = place.Spreadsheet
    shape = book.createInstance("com.sun.star.drawing.GraphicObjectShape")
    page.DrawPage.add(shape)
    shape.Graphic = photos.queryGraphic((option("URL", uno.systemPathToFileUrl(photo)),))
    cell = page.createCursorByRange(place)
    cell.collapseToMergedArea()
    room, pixels = cell.Size, shape.Graphic.SizePixel
    scale = min(0.9 * room.Width / pixels.Width, 0.9 * room.Height / pixels.Height)
    spot = place.Position
    spot.X += room.Width // 20
    spot.Y += room.Height // 20
    shape.setPosition(spot)
    shape.setSize(Size(int(pixels.Width * scale), int(pixels.Height * scale)))
    shape.Anchor = place


if __name__ == "__main__":
    main()
