"""Make the pictures of docs/guide/: the real forms, as LibreOffice shows them.

    python -m tools.make_guide_pictures

Needs LibreOffice and pdftoppm. Run after a change of a form's layout.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.worksheet.header_footer import HeaderFooter
from PIL import Image, ImageChops

from xltool.forms import ENROLMENT, REPORT, Form
from xltool.forms.layout import COVER
from xltool.intake.one import read_file
from xltool.model import Record
from xltool.outputs.forms import FormCopy, write_form
from xltool.plan import shipped_plan

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "guide" / "pictures"
RETURNS = ROOT / "workbooks" / "sample-114" / "returns" / "first"
PLAN = shipped_plan(114)
UNIT = "03"
DPI, MARGIN, TALLEST = 110, 12, 1100


def main() -> None:
    """Draw every picture anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        enrolled = _records("enrolment", ENROLMENT)
        reported = _records("report", REPORT)
        begun = tuple(r for r in reported if r.section in {"filing", "report"})
        _draw(out, "cover", REPORT, begun, COVER)
        _draw(out, "done", REPORT, reported, COVER)
        _draw(out, "filing", ENROLMENT, (), "填報資料")
        _draw(out, "items", ENROLMENT, enrolled, "參與業務")
        _draw(out, "card", REPORT, reported, f"業務 {UNIT}-01")


def _records(folder: str, form: Form) -> tuple[Record, ...]:
    """What the sample's unit returned, by content and not by name."""
    for path in sorted((RETURNS / folder).iterdir()):
        returned = read_file(path, PLAN).submission
        if returned and (returned.form, returned.unit) == (form.key, UNIT):
            return returned.records
    raise SystemExit(f"the sample has no {folder} of {UNIT}")


def _draw(out: Path, name: str, form: Form, records: tuple[Record, ...], sheet: str) -> None:
    """One sheet as on the screen: with the guidance that is not printed, without margins."""
    path = out / f"{name}.xlsx"
    write_form(path, FormCopy(form, PLAN, unit=UNIT, records=records, items=[f"{UNIT}-01"]))
    book = openpyxl.load_workbook(path)
    for page in book:
        page.print_area = None
        page.HeaderFooter = HeaderFooter()
        if page.title != sheet:
            page.sheet_state = "hidden"
    book.active = book.index(book[sheet])
    shown = out / f"{name}-shown.xlsx"
    # openpyxl saves formulas without their values: what they show is put in their place.
    values = openpyxl.load_workbook(path, data_only=True)[sheet]
    for row in book[sheet].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.value = values[cell.coordinate].value
    book.save(shown)
    _run("soffice", f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(out), str(shown))  # fmt: skip
    _run("pdftoppm", "-r", str(DPI), "-f", "1", "-l", "1", "-png", "-singlefile",
         str(shown.with_suffix(".pdf")), str(out / name))  # fmt: skip
    with Image.open(out / f"{name}.png") as image:
        page_image = image.convert("RGB")
    blank = Image.new("RGB", page_image.size, "white")
    box = ImageChops.difference(page_image, blank).getbbox()
    assert box is not None, f"{name} is empty"
    left, top, right, bottom = box
    bottom = min(bottom, top + TALLEST)
    cut = page_image.crop((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN))
    cut.quantize(64).save(TARGET / f"{name}.png", optimize=True)


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if not found:
        raise SystemExit(f"{program} is not installed")
    subprocess.run([found, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main()
