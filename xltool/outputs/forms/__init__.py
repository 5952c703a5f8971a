"""The forms as workbooks: issued, prefilled, given back."""

from xltool.outputs.forms.copies import WHOLE_FILE, FormCopy, LaidOut, Point
from xltool.outputs.forms.way_back import TO_CORRECT
from xltool.outputs.forms.workbook import file_name, write_form

__all__ = ["TO_CORRECT", "WHOLE_FILE", "FormCopy", "LaidOut", "Point", "file_name", "write_form"]
