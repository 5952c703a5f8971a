"""Make templates/forms/: every form as issued for the shipped plan, with nothing filled in.

    python -m tools.make_templates

The files are committed so that a form can be looked at without running anything. A test holds them
equal to what the code issues.
"""

from __future__ import annotations

from pathlib import Path

from xltool.forms import FORMS, SETTINGS
from xltool.forms.schema import Filer, Form
from xltool.model import Record
from xltool.outputs.forms import FormCopy, file_name, write_form
from xltool.plan import shipped_plan, shipped_records

TARGET = Path(__file__).parent.parent / "templates" / "forms"
YEAR, UNIT, ITEM = 114, "01", "01-01"


def main() -> None:
    """Write the committed forms anew; forms that are no longer issued go."""
    TARGET.mkdir(parents=True, exist_ok=True)
    made = set(make(TARGET))
    for path in set(TARGET.iterdir()) - made:
        path.unlink()


def make(folder: Path) -> list[Path]:
    """Write all six forms into `folder`; return their paths."""
    return [_make(folder, form) for form in FORMS.values()]


def _make(folder: Path, form: Form) -> Path:
    plan = shipped_plan(YEAR)
    unit = "" if form.filer is Filer.COORDINATOR else UNIT
    path = folder / file_name(form, plan, unit)
    per_item = [sheet.sections[0].key for sheet in form.sheets if sheet.per_item]
    records = [Record(key, {"item": ITEM}, of=ITEM) for key in per_item]
    write_form(
        path,
        FormCopy(
            form,
            plan,
            unit=unit,
            records=shipped_records(YEAR) if form.key == SETTINGS.key else records,
            items=[ITEM],
            issue=f"{YEAR}-{form.key}-{unit or '00'}-0",
        ),
    )
    return path


if __name__ == "__main__":
    main()
