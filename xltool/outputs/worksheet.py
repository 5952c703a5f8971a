"""The worksheet of every workbook that we issue."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class IssuedSheet(Worksheet):
    """A worksheet whose formulas are written as they stand.

    XlsxWriter looks through each formula for a hundred functions newer than Excel 2007, to put the file
    format's prefix before them: half the time of issuing a form. Our formulas call none, which a test
    holds by having XlsxWriter's own sheet write the same forms.
    """

    def _prepare_formula(self, formula: str, *_: object) -> str:
        return formula.removeprefix("=")
