"""What is asked: six forms, each declared once. Everything else is derived from here."""

from xltool.forms.contest import CONTEST
from xltool.forms.enrolment import ENROLMENT
from xltool.forms.meeting import MEETING
from xltool.forms.report import REPORT
from xltool.forms.review import REVIEW
from xltool.forms.schema import Asked, Filer, Form
from xltool.forms.settings import SETTINGS

FORMS: dict[str, Form] = {
    form.key: form for form in (SETTINGS, ENROLMENT, REPORT, REVIEW, MEETING, CONTEST)
}
"""All forms of a year by key, in the order in which the year needs them."""

UNIT_FORMS: tuple[Form, ...] = tuple(
    form for form in FORMS.values() if form.filer is not Filer.COORDINATOR
)
"""What every unit must file (R8); a 督導意見表 only where there is something to review."""

ASKED: dict[str, Asked] = {
    asked.id: asked for form in FORMS.values() for asked in form.asked.values()
}
"""Every field by its id, "section.field"; of one that several forms ask, as the last of them does."""

__all__ = [
    "ASKED",
    "CONTEST",
    "ENROLMENT",
    "FORMS",
    "MEETING",
    "REPORT",
    "REVIEW",
    "SETTINGS",
    "UNIT_FORMS",
    "Form",
]
