"""Press every button of workbooks in LibreOffice, as a person would; run by a Python that has uno.

    python3 press_buttons.py SOFFICE PROFILE WORKBOOK …

Prints a JSON list: for each workbook, caption → what the status cell said afterwards. Errors in VBA
are silent in LibreOffice without a window, so only effects are reported.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

PATIENCE = 300  # seconds for LibreOffice to start, or to answer a button


def main(program: str, profile: str, *workbooks: str) -> None:
    """Start LibreOffice, press, print, end it."""
    pipe = f"press{time.monotonic_ns()}"
    office = subprocess.Popen(
        [
            program,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            *("--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # soffice is a script: what it starts must end with it
    )
    try:
        desktop = _desktop(pipe)
        print(json.dumps([_press_all(desktop, path) for path in workbooks]))
        with contextlib.suppress(DisposedException):
            desktop.terminate()
        office.wait(PATIENCE)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(office.pid, signal.SIGKILL)


def _desktop(pipe: str) -> Any:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", here
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return there.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", there
            )


def _press_all(desktop: Any, path: str) -> dict[str, str]:
    macros_without_asking = PropertyValue()
    macros_without_asking.Name = "MacroExecutionMode"
    macros_without_asking.Value = 4
    # Not hidden: a hidden document has no view, and so no controls to press.
    url = uno.systemPathToFileUrl(path)
    document = desktop.loadComponentFromURL(url, "_blank", 0, (macros_without_asking,))
    status = document.NamedRanges.getByName("console_status").getReferredCells()
    cell = status.getCellByPosition(0, 0)
    form = document.Sheets.getByIndex(0).DrawPage.Forms.getByIndex(0)
    said = {}
    for number in range(form.Count):
        button = form.getByIndex(number)
        cell.String = ""
        control = document.CurrentController.getControl(button)
        control.getAccessibleContext().doAccessibleAction(0)
        until = time.monotonic() + PATIENCE
        while not cell.String and time.monotonic() < until:
            time.sleep(0.05)
        said[button.Label] = cell.String
    document.close(True)
    return said


if __name__ == "__main__":
    main(*sys.argv[1:])
