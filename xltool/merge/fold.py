"""From a return's records to answers: every declared field, by the year's form, with its cell.

One fold for all forms: it takes whatever a form declares, so that a field added to a form is an answer
from the next merge on. A given cell is no answer: what it repeats stands where it was asked. But one
that a unit typed over is the unit's new value, where the declaration lets it change, or a finding:
`Record.issued` says what stood there. Nothing is compared with the year as it stands now, since an
enrolment corrected after the forms went out is no edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from xltool.findings import Finding, finding
from xltool.forms import ASKED, Form
from xltool.forms.layout import shown
from xltool.forms.schema import Asked, Choices
from xltool.model import Address, Answer, Answers, Record, Submission, Value
from xltool.plan import Plan
from xltool.zh import is_blank_mark, same


@dataclass(frozen=True)
class Fold:
    """What one return says, as answers. `form` is the year's; `faults` tells the cells that are held
    back, each with what is wrong there; `lacking`: something is wrong with whole sections of it."""

    form: Form
    submission: Submission
    plan: Plan
    faults: Mapping[Address, str] = field(default_factory=dict)
    lacking: bool = False

    def answers(self, *records: Record) -> Answers:
        """The answers of records that tell of one thing: a member's card and his card on an item.

        A blank or unreadable cell is an answer without a value: its place is known all the same.
        """
        return {
            asked.id: self._answer(record, asked)
            for record in records
            for key in dict.fromkeys((*record.values, *record.at))
            if (asked := self.form.asked.get((record.section, key)))
            if not (asked.field.echo or asked.field.placeholder)
        }

    def rows(self, section: str, of: str | None = None) -> Iterator[tuple[Record, Answers]]:
        """Each record of a section with its answers; only those on item `of`'s sheet when given. A
        return that says 「無」 has none."""
        for record in () if self.submission.nil else self.submission.section(section, of):
            yield record, self.answers(record)

    def first(self, record: Record) -> Address:
        """Where a record stands: its first cell, or the file."""
        places = record.at.values()
        return min(places, key=lambda at: at.reading_order, default=Address(self.submission.file))

    def left_out(self, code: str, record: Record, value: str, **words: str) -> Finding:
        """What is said of a record that is not taken: at its first cell, with all that stands in it but
        the data of staff, which no message repeats (R7)."""
        told = finding(code, self.first(record), value, **words)
        said = (
            shown(value)
            for key, value in record.values.items()
            if (asked := self.form.asked.get((record.section, key))) and not asked.field.personal
        )
        return replace(told, value="；".join(filter(None, said)))

    def items(self, section: str) -> Sequence[str]:
        """The items that were filled, in the order of their sheets; `section` is the card on each.

        A sheet counts as filled by what a person did to it, not by what we had prefilled.
        """
        records = self.submission.records
        named = (r.of or (r.text("item") if r.section == section else "") for r in records)
        touched = {photo.of for photo in self.submission.pictures}
        touched |= {record.of for record in records if self._is_touched(record)}
        return [number for number in dict.fromkeys(named) if number and number in touched]

    def repeated(self, record: Record, section: str) -> Answers:
        """What the given cells of a record repeat of another form's section, as they were issued: all
        that is known of a thing whose own form has not come."""
        echoes = {
            key: asked.field.echo
            for key in record.values.keys() | record.issued.keys()
            if (asked := self.form.asked.get((record.section, key)))
            if asked.field.echo.startswith(f"{section}.")
        }
        return {
            echo: Answer(
                self._value(ASKED[echo], record.issued.get(key, record.values.get(key)) or None),
                record.at.get(key),
            )
            for key, echo in sorted(echoes.items())
        }

    def changed(self, record: Record, known: Answers) -> tuple[Answers, tuple[Finding, ...]]:
        """The answers that a unit gave by typing over given cells that may change, by the id of what these
        repeat, and what is said of each. `known`: what the forms that ask these say by now.

        C421 (of weight, or 「無」) and C422 tell a new answer, C423 that it
        cannot be one, C424 that it was changed on both sides: there the newer answer of the form that asks stands. Of a file that does
        not tell what it was issued with nothing is taken; C426 tells what differs from what is known.
        """
        if not self.submission.baseline:
            return {}, tuple(self._unlike(record, known))
        new: dict[str, Answer] = {}
        found: list[Finding] = []
        for key, issued in record.issued.items():
            field = self.form.asked[record.section, key].field
            if not field.may_change:
                continue  # told when the form was read
            typed, now = shown(record.values.get(key)), known.get(field.echo, Answer())
            if now.value is not None and same(shown(now.value)) == same(typed):
                continue  # the form that asks has been corrected likewise
            value = self._meant(field.echo, record.values.get(key))
            if value is None:
                found.append(self._typed_over("C423", record, key))
            elif now.value is not None and same(shown(now.value)) != same(issued):
                found.append(self._typed_over("C424", record, key, now=shown(now.value)))
            else:
                was = now if now.value is not None else Answer(issued)
                new[field.echo] = Answer(value, record.at.get(key, self.first(record)), was)
                code = "C421" if field.weighty or is_blank_mark(typed) else "C422"
                found.append(self._typed_over(code, record, key))
        return new, tuple(found)

    def unheeded(self) -> Iterator[Finding]:
        """Every given cell that was typed over as it may be, where the return says 「無」 and so nothing is
        taken."""
        for record in self.submission.records:
            for key in record.issued:
                if self.form.asked[record.section, key].field.may_change:
                    yield self._typed_over("C423", record, key)

    def _typed_over(self, code: str, record: Record, key: str, **words: str) -> Finding:
        """What is said of a given cell that no longer holds what was issued."""
        return finding(
            code,
            record.at.get(key, self.first(record)),
            shown(record.values.get(key)) or "（清空）",
            field=self.form.asked[record.section, key].field.label,
            issued=record.issued[key] or "（空白）",
            **words,
        )

    def _unlike(self, record: Record, known: Answers) -> Iterator[Finding]:
        """One finding for all that a record says otherwise than the forms that ask it. Nobody can tell
        whether the unit wrote that, or what it got has been corrected since."""
        keys = [
            key
            for key, value in record.values.items()
            if (asked := self.form.asked.get((record.section, key)))
            if asked.field.may_change and known
            if same(shown(value)) != same(shown(known.get(asked.field.echo, Answer()).value))
        ]
        if keys:
            at = [record.at.get(key, self.first(record)) for key in keys]
            labels = [self.form.asked[record.section, key].field.label for key in keys]
            fields = "、".join(f"{label} {one.cell}" for label, one in zip(labels, at, strict=True))
            typed = "；".join(shown(record.values[key]) for key in keys)
            yield finding("C426", at[0], typed, fields=fields)

    def _answer(self, record: Record, asked: Asked) -> Answer:
        key = asked.field.key
        if fault := self.fault(record, key):
            return Answer(at=record.at[key], fault=fault)
        value, at = self._value(asked, record.values.get(key)), record.at.get(key)
        if key not in record.issued:
            return Answer(value, at)
        issued = Answer(record.issued[key] or None)
        # One that nobody may type over stands as it was issued.
        return Answer(value, at, issued) if asked.field.offered else issued

    def fault(self, record: Record, key: str) -> str:
        """What is wrong with a record's cell, so that its value is held back; empty where nothing is."""
        at = record.at.get(key) if self.faults else None
        return self.faults.get(at, "") if at else ""

    def _value(self, asked: Asked, value: Value) -> Value:
        """A value as the rules have it: of a list's word what was chosen, of a unit its code."""
        if not isinstance(value, str):
            return value
        if asked.choices is Choices.UNITS:
            return self._codes.get(same(value), value)
        if isinstance(asked.choices, tuple) and asked.choices:
            chosen = _chosen(asked.choices, value)
            is_named = any(isinstance(option, StrEnum) for option in asked.choices)
            return chosen if chosen is not None or is_named else value
        return value

    def _meant(self, echo: str, value: Value) -> Value:
        """What was typed into a given cell, as the field that it repeats takes it; None where it is
        blank, or none of those to choose from."""
        choices = ASKED[echo].choices
        if isinstance(choices, tuple) and choices:
            return _chosen(choices, shown(value))
        return value or None

    def _is_touched(self, record: Record) -> bool:
        asked = self.form.asked
        return bool(record.issued) or any(
            not (one := asked.get((record.section, key))) or not one.field.given
            for key in record.values
        )

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        return {same(unit.name): unit.code for unit in self.plan.units}


Folds = Mapping[str, Sequence[Fold]]
"""The returns that count, by form."""


def _chosen(choices: Sequence[str], text: str) -> str | None:
    return next((option for option in choices if same(option) == same(text)), None)
