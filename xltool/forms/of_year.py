"""A form as a year asks it: on the scale of that year's 評獎實施計畫 (陸、一、(三)), with the coordinator's
own questions (加問欄位) after what its cards ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from xltool.findings import Finding, finding
from xltool.forms import FORMS, REPORT, SETTINGS
from xltool.forms.layout import shown
from xltool.forms.schema import Card, Field, Form, Kind, Section
from xltool.model import Address, Record
from xltool.plan import Options, Plan, Question, QuestionKind, choices_of
from xltool.wording import the
from xltool.zh import same, unnoted

_KINDS = {
    QuestionKind.TEXT: Kind.TEXT,
    QuestionKind.LONG: Kind.LONG,
    QuestionKind.NUMBER: Kind.DECIMAL,
    QuestionKind.DAY: Kind.DATE,
    QuestionKind.YES_NO: Kind.YES_NO,
    QuestionKind.CHOICE: Kind.CHOICE,
}
_LENGTHS = {QuestionKind.TEXT: 60, QuestionKind.LONG: 300}  # characters, where nobody says
_LINES = {QuestionKind.LONG: 3}
PUBLISHED_ON = REPORT.key, "report"
"""The card whose questions may be published in Annex 3: what is said of an item."""


def of_year(form: Form, plan: Plan | None) -> Form:
    """The form as the plan's year asks it; as declared where it asks nothing else, or there is no plan."""
    if plan is None or form.key == SETTINGS.key:
        return form
    own = tuple(one for one in plan.questions if one.form == form.title)
    full = plan.options.full_score
    if not own and full == Options.full_score:
        return form
    return _made(form.key, full, own, tuple(the.known.items()))


def forms_of(plan: Plan | None) -> Mapping[str, Form]:
    """All forms of a year by key, as it asks them."""
    return {key: of_year(form, plan) for key, form in FORMS.items()}


@lru_cache(maxsize=32)
def _made(
    key: str, full: Decimal, own: tuple[Question, ...], _words: tuple[tuple[str, str], ...]
) -> Form:
    form = FORMS[key]
    scored = full != Options.full_score and any(one.field.scored for one in form.asked.values())
    if not (own or scored):
        return form
    sheets = tuple(
        replace(sheet, sections=tuple(_section(section, full, own) for section in sheet.sections))
        for sheet in form.sheets
    )
    return replace(form, sheets=sheets)


def _section(section: Section, full: Decimal, own: tuple[Question, ...]) -> Section:
    fields = tuple(_scaled(field, full) for field in section.fields)
    if isinstance(section, Card):
        fields += tuple(map(_field, (one for one in own if one.section == section.title)))
    return replace(section, fields=fields)


def _scaled(field: Field, full: Decimal) -> Field:
    if not field.scored or field.maximum is None or full == field.maximum:
        return field
    example = Decimal(field.example) * full / field.maximum
    return replace(
        field,
        maximum=full,
        prompt=field.prompt.replace(f"{field.maximum:f}", f"{full:f}"),
        example=f"{example.normalize():f}",
    )


def _field(one: Question) -> Field:
    return Field(
        one.key,
        one.label,
        _KINDS[one.kind],
        one.hint,
        one.example,
        required=one.required,
        choices=one.choices if one.kind is QuestionKind.CHOICE else (),
        max_length=(one.length or _LENGTHS[one.kind]) if one.kind in _LENGTHS else None,
        lines=_LINES.get(one.kind, 1),
        personal=one.personal,
        public=one.published,
        added=True,
    )


# --- What is wrong with a question -------------------------------------------------------------


def question_findings(records: Iterable[Record], file: str) -> Iterator[Finding]:
    """What keeps a row of 加問欄位 from being asked: a card that its form has not, a label that would be
    taken for another, a list without a choice, a publication that may not be. Each at its cell."""
    taken: dict[tuple[str, str], set[str]] = {}
    rows = (record for record in records if record.section == "questions")
    for row, record in enumerate(rows, 1):
        number = record.text("number") or f"Q{row}"
        yield from _misplaced(record, number, taken, Address(file))
        yield from _unanswerable(record, number, Address(file))


def _misplaced(
    record: Record, number: str, taken: dict[tuple[str, str], set[str]], file: Address
) -> Iterator[Finding]:
    form = next((one for one in FORMS.values() if one.title == record.text("form")), None)
    title, label = record.text("section"), record.text("label")
    if form is None or not title:
        return  # the form's own check tells
    cards = [one for _, one in form.sections() if isinstance(one, Card)]
    card = next((one for one in cards if one.title == title), None)
    if card is None:
        words = {"number": number, "form": form.title, "known": "、".join(c.title for c in cards)}
        yield finding("P624", record.at.get("section", file), title, **words)
        return
    known = taken.setdefault((form.key, card.key), _names(form, card))
    if {same(label), unnoted(label)} & known:
        words = {"number": number, "section": card.title}
        yield finding("P623", record.at.get("label", file), label, **words)
    known.add(same(label))
    if record.flag("published"):
        why = (
            f"不在「{REPORT.title}」的「{REPORT.titles[PUBLISHED_ON[1]]}」"
            if (form.key, card.key) != PUBLISHED_ON
            else "未註明不是個資"
            if record.flag("personal") is not False
            else ""
        )
        if why:
            at = record.at.get("published", file)
            yield finding("P626", at, label, number=number, reason=why)


def _names(form: Form, card: Card) -> set[str]:
    """The words by which what a form already has is found on its sheets: of the card, and titles."""
    titles = {same(section.title) for _, section in form.sections()}
    labels = {word for one in card.fields for word in (same(one.label), unnoted(one.label))}
    return titles | labels


def _unanswerable(record: Record, number: str, file: Address) -> Iterator[Finding]:
    chosen = record.text("kind") == QuestionKind.CHOICE
    if chosen and len(choices_of(record)) < 2:
        at = record.at.get("choices", record.at.get("kind", file))
        yield finding("P625", at, record.text("choices"), number=number)
    kind = record.text("kind")
    long = kind in (QuestionKind.TEXT, QuestionKind.LONG)
    for key, meant in (("choices", chosen), ("length", long)):
        if kind and not meant and record.values.get(key) is not None:
            label = SETTINGS.field("questions", key).label
            words = {"number": number, "field": label, "kind": kind}
            yield finding("P627", record.at.get(key, file), shown(record.values[key]), **words)
