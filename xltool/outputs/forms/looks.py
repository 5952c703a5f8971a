"""How each kind of place on a form looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xltool.forms.layout import Place, Style
from xltool.forms.schema import Field, Kind
from xltool.outputs.style import Colour, Looks

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

TYPED_AS_TEXT = {Kind.CODE, Kind.DATE, Kind.TEXT, Kind.LONG, Kind.CHOICE, Kind.YES_NO}
_CENTRED = {Kind.CODE, Kind.DATE, Kind.CHOICE, Kind.YES_NO, Kind.INTEGER, Kind.DECIMAL}
_TEXT = 49  # Excel's own number of the format "@"
_BOX = {"border": 1, "border_color": Colour.EDGE, "text_wrap": True}
_SMALL = {"font_size": 10, "font_color": Colour.QUIET}
_OF_STYLE: Mapping[Style, Mapping[str, Any]] = {
    Style.TITLE: {"bold": True, "font_size": 16, "align": "center"},
    Style.SUBTITLE: {"font_size": 12, "align": "center", "text_wrap": True},
    Style.HEADING: {
        "bold": True,
        "font_size": 12,
        "font_color": Colour.WHITE,
        "bg_color": Colour.HEAD,
        "indent": 1,
    },
    Style.NOTE: {**_SMALL, "text_wrap": True, "indent": 1},
    Style.LABEL: {**_BOX, "bold": True, "bg_color": Colour.LABEL, "indent": 1},
    Style.HEADER: {**_BOX, "bold": True, "bg_color": Colour.LABEL, "align": "center"},
    Style.TEXT: {**_BOX, "indent": 1},
    Style.GUIDE: {**_SMALL, "italic": True, "text_wrap": True, "indent": 1},
    Style.EXAMPLE: {**_BOX, **_SMALL, "italic": True, "indent": 1},
    Style.PROGRESS: {**_BOX, "bold": True, "indent": 1},
    Style.TOTAL: {"bold": True, "align": "right", "indent": 1},
    Style.LINK: {**_BOX, "font_color": Colour.LINK, "underline": 1, "indent": 1},
    Style.GIVEN: {**_BOX, "bg_color": Colour.GIVEN},  # open where the unit may change it
    Style.INPUT: {**_BOX, "bg_color": Colour.TO_FILL, "locked": False},
    Style.PHOTO: {"border": 3, "border_color": Colour.EDGE, "locked": False},
    Style.STAMP: _BOX,
}


class FormLooks:
    """The formats of one form's workbook."""

    def __init__(self, book: Workbook) -> None:
        self._look = Looks(book, font_scheme="none", font_color=Colour.INK, valign="vcenter")
        # For conditional formats, which leave alone whatever they do not name.
        edge = {"border": 1, "border_color": Colour.FAULT_INK}
        self.fault = book.add_format({"bg_color": Colour.FAULT, **edge})
        self.done = book.add_format({"bg_color": Colour.DONE, "font_color": Colour.DONE_INK})
        self.open = book.add_format({"bg_color": Colour.OPEN, "font_color": Colour.OPEN_INK})

    def of(self, place: Place, *, in_table: bool, faulty: bool = False) -> Format:
        """A place's look: a long answer from the top, short values of a table centred, all else off the
        edge."""
        look = dict(_OF_STYLE[place.style])
        if place.style in (Style.INPUT, Style.GIVEN) and place.field:
            look |= _of_content(place.field, in_table=in_table)
            look |= {"locked": False} if place.field.may_change else {}
        if place.style is Style.LABEL and place.cols > 1:  # above a box for 核章
            look |= {"align": "center", "indent": 0}
        if faulty:  # what is to be corrected can be, also where it was given
            look |= {
                "locked": False,
                "bg_color": Colour.FAULT,
                "border": 2,
                "border_color": Colour.FAULT_INK,
            }
        return self._look(**look)

    def plain(self, style: Style) -> Format:
        """A look by itself."""
        return self._look(**_OF_STYLE[style])

    def spare(self, field: Field) -> Format:
        """An open cell below a table: like an input, but unseen, and nothing to print."""
        return self._look(locked=False, text_wrap=True, **_of_content(field, in_table=True))


def _of_content(field: Field, *, in_table: bool) -> dict[str, Any]:
    look: dict[str, Any] = {}
    if field.kind in TYPED_AS_TEXT:
        look["num_format"] = _TEXT
    if not in_table and field.kind is Kind.LONG and not field.given:
        look["valign"] = "top"
    centred = in_table and (field.kind in _CENTRED or bool(field.numbered))
    return look | ({"align": "center"} if centred else {"align": "left", "indent": 1})
