"""The forms as workbooks: issued, prefilled, given back."""

from xltool.outputs.forms.copies import FormCopy, Point
from xltool.outputs.forms.way_back import TO_CORRECT
from xltool.outputs.forms.workbook import file_name, write_form

__all__ = ["TO_CORRECT", "FormCopy", "Point", "file_name", "write_form"]
