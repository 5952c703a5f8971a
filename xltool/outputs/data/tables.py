"""What the dataset's tables hold: one for each noun, its columns from the one vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from xltool.columns import Column, Row, Type, added, asked, derived, not_shown, section
from xltool.forms import CONTEST, ENROLMENT, FORMS, MEETING, REPORT, REVIEW, SETTINGS, Form
from xltool.forms.of_year import forms_of
from xltool.model import Attendance, Dataset, Item, Meeting, Picture
from xltool.plan import Plan


@dataclass(frozen=True)
class Frame:
    """A table of the dataset: name (of its file), title, columns, and a year's rows for them."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Dataset, Plan], Iterable[Row]]
    cards: tuple[tuple[Form, str], ...] = ()

    def of_year(self, plan: Plan) -> Frame:
        """With the columns of what the coordinator asks of her own on its `cards`."""
        if not self.cards:
            return self
        return replace(self, columns=(*self.columns, *added(forms_of(plan), *self.cards)))


# --- Columns that no field is -------------------------------------------------------------------


def _item_id(item: Item, *_: object) -> str:
    return item.id


def _photo_count(item: Item) -> int:
    return len(item.pictures)


def _criterion(*row: Any) -> str:
    return str(row[-1].criterion)


def _attending(_: Meeting, seat: Attendance) -> str:
    return seat.unit


def _origin(_: object, origin: str) -> str:
    return origin


def _caption(_: Item, picture: Picture) -> str:
    return picture.caption


def _place(_: Item, picture: Picture) -> str:
    return str(picture.at)


def _is(
    name: str,
    label: str,
    type: Type = Type.TEXT,  # noqa: A002
    *shows: str,
    of: str = "",
) -> Column:
    """What the row's first noun is, rather than says: its attribute `of`, or of the same name."""

    def read(noun: object, *_: object) -> object:
        return getattr(noun, of or name)

    return derived(name, label, read, *shows, type=type)


_CODE = asked("last_year.unit").label
_ITEM = derived("item", asked("items.item").label, _item_id)
_UNIT = _is("unit", _CODE)
_REVIEWER = asked("reviewer.name", name="reviewer", label="督導成員")
_CRITERION = derived("criterion", asked("scores.criterion").label, _criterion)
_MEETING = asked("meeting.no", name="meeting")
_ATTENDING = derived("unit", _CODE, _attending)


# --- Rows ----------------------------------------------------------------------------------------


def _units(_: Dataset, plan: Plan) -> Iterator[Row]:
    return ((unit,) for unit in plan.units)


def _filings(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((filing,) for filing in dataset.filings)


def _of_items(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((item,) for item in dataset.items)


def _metrics(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((item, metric) for item in dataset.items for metric in item.metrics)


def _photos(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((item, picture) for item in dataset.items for picture in item.pictures)


def _scores(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((item, score) for item in dataset.items for score in item.scores)


def _reviews(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((item, review) for item in dataset.items for review in item.reviews)


def _review_scores(dataset: Dataset, plan: Plan) -> Iterator[Row]:
    return ((*row, score) for row in _reviews(dataset, plan) for score in row[-1].scores)


def _members(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((member,) for member in dataset.members)


def _meetings(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((meeting,) for meeting in dataset.meetings)


def _attendance(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((meeting, seat) for meeting in dataset.meetings for seat in meeting.attendance)


def _listed(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((meeting, listed) for meeting in dataset.meetings for listed in meeting.listed)


def _motions(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((meeting, motion) for meeting in dataset.meetings for motion in meeting.motions)


def _entries(dataset: Dataset, _: Plan) -> Iterator[Row]:
    return ((entry,) for entry in dataset.entries)


def _people(dataset: Dataset, _: Plan) -> Iterator[Row]:
    yield from ((person, CONTEST.titles["entries"]) for person in dataset.entry_people)
    yield from ((person, "業務") for person in dataset.people)


# --- The tables, in the order of the year -------------------------------------------------------

FRAMES = (
    Frame(
        "units",
        SETTINGS.titles["units"],
        (
            _is("unit", _CODE, of="code"),
            _is("unit_name", asked("units.name").label, of="name"),
            _is("kind", asked("units.kind").label),
        ),
        _units,
    ),
    Frame(
        "filings",
        "繳交情形",
        (
            _UNIT,
            _is("form", "表單代號"),
            _is("filed", "已繳", Type.FLAG),
            _is("nil", "無辦理", Type.FLAG, "filing.status"),
            _is("blocked", "待修正", Type.FLAG),
            _is("late", "逾期未採用", Type.FLAG),
            _is("file", "檔名"),
            *section(ENROLMENT, "filing", "status", alone=False),
        ),
        _filings,
        ((ENROLMENT, "filing"), (REPORT, "filing")),
    ),
    Frame(
        "items",
        ENROLMENT.titles["items"],
        (
            _ITEM,
            _UNIT,
            *section(ENROLMENT, "items", "last_item"),
            _is("enrolled", "已調查", Type.FLAG),
            _is("reported", "已填報", Type.FLAG),
            *section(REPORT, "report", "follow_up"),
            asked("items.last_item"),
            asked("report.last_year"),
            asked("report.follow_up"),
            derived("photos", "照片張數", _photo_count, type=Type.COUNT),
        ),
        _of_items,
        ((REPORT, "report"),),
    ),
    Frame("metrics", REPORT.titles["metrics"], (_ITEM, *section(REPORT, "metrics")), _metrics),
    Frame("scores", "自評", (_ITEM, _CRITERION, *section(REPORT, "scores")), _scores),
    Frame(
        "photos",
        REPORT.titles["photos"],
        (
            _ITEM,
            derived("caption", asked("photos.caption").label, _caption, "photos.caption"),
            derived("place", "所在儲存格", _place, "photos.photo"),
        ),
        _photos,
    ),
    Frame(
        "reviews",
        "督導意見",
        (
            _ITEM,
            _REVIEWER,
            *section(REVIEW, "review"),
            asked("reviewer.day"),
            asked("reviewer.title"),
        ),
        _reviews,
        ((REVIEW, "review"), (REVIEW, "reviewer")),
    ),
    Frame(
        "review_scores",
        "督導評分",
        (_ITEM, _REVIEWER, _CRITERION, *section(REVIEW, "scores")),
        _review_scores,
    ),
    Frame(
        "members",
        ENROLMENT.titles["member"],
        (_UNIT, *section(ENROLMENT, "member")),
        _members,
        ((ENROLMENT, "member"),),
    ),
    Frame(
        "meetings",
        "督導小組會議",
        (_MEETING, *section(MEETING, "meeting", "no")),
        _meetings,
        ((MEETING, "meeting"),),
    ),
    Frame(
        "attendance",
        MEETING.titles["attendance"],
        (
            _MEETING,
            _ATTENDING,
            asked("attendance.name"),
            asked("attendance.title"),
            *section(MEETING, "attendance"),
        ),
        _attendance,
    ),
    Frame(
        "motions",
        "會議議案",
        (
            _MEETING,
            asked("meeting.day"),
            asked("motions.no", name="motion"),
            *section(MEETING, "motions", "no", "item"),
            asked("motions.item"),
        ),
        _motions,
    ),
    Frame(
        "confirmed",
        "小組確認之業務項目及目標",
        (_MEETING, *section(MEETING, "confirmed")),
        _listed,
    ),
    Frame(
        "entries",
        CONTEST.titles["entries"],
        (
            asked("entries.entry"),
            asked("entries.name"),
            asked("entries.term"),
            _is("unit", _CODE, Type.TEXT, "entries.unit"),
            asked("entries.item"),
            asked("entries.stage"),
        ),
        _entries,
    ),
    Frame(
        "people",
        REPORT.titles["people"],
        (
            derived("source", "來源（參選案或業務）", _origin),
            _is("entry", "參選編號或業務編號", Type.TEXT, "people.entry", "people.item"),
            asked("people.term"),
            _is("unit", _CODE, Type.TEXT, "people.unit"),
            asked("people.name"),
            asked("people.title"),
            asked("people.staff_id"),
            asked("people.staff_kind"),
            asked("people.grade"),
            asked("people.role"),
            asked("people.proposed", label=asked("people.proposed", CONTEST).label),
            asked("people.deed"),
            asked("people.ground"),
            asked("people.note"),
        ),
        _people,
    ),
)
"""Every field that a person fills stands in one of them: `not_shown` tells what does not."""

if _LOST := not_shown(
    [form for form in FORMS.values() if form is not SETTINGS],
    [column for table in FRAMES for column in table.columns],
):
    raise LookupError("no table of the export shows " + ", ".join(f"{f} {i}" for f, i in _LOST))
