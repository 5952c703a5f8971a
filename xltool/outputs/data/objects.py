"""What `check` and `rewards` say to programs: plain objects, printed as JSON.

They are a published interface: `docs/schema/check.schema.json`, `rewards.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from xltool.findings import Finding
from xltool.forms import CONTEST, REPORT, Form
from xltool.model import HeldBack
from xltool.outputs.checked import CheckedFile
from xltool.outputs.reward_words import claim_text
from xltool.plan import Plan
from xltool.rules.outcomes import Outcomes


def check_objects(
    files: Sequence[CheckedFile], others: Sequence[Finding] = ()
) -> list[dict[str, Any]]:
    """One object per file, as `check --json` prints them (docs/schema/check.schema.json).

    `others` are findings at no file read: they stand under what they are about, or under no name.
    """
    elsewhere: dict[str, list[Finding]] = {}
    for one in others:
        elsewhere.setdefault(one.at.file, []).append(one)
    loose = (CheckedFile(at, "", "", 0, "other", tuple(own)) for at, own in elsewhere.items())
    return [
        {
            "file": checked.file,
            "form": checked.form,
            "unit": checked.unit,
            "version": checked.version,
            "status": checked.status,
            "findings": [_of_file(found) for found in checked.findings],
        }
        for checked in (*files, *loose)
    ]


def _of_file(found: Finding) -> dict[str, str]:
    return {key: said for key, said in finding_object(found).items() if key != "file"}


def finding_object(found: Finding) -> dict[str, str]:
    """A finding, with where it is and what to do, as every answer lists it."""
    return {
        "code": found.code,
        "severity": str(found.severity),
        "file": found.at.file,
        "sheet": found.at.sheet,
        "cell": found.at.cell,
        "value": found.value,
        "message": found.message,
        "fix": found.fix,
    }


def reward_objects(outcomes: Outcomes, plan: Plan, held: Iterable[HeldBack] = ()) -> dict[str, Any]:
    """R4 and R5 as `rewards --json` prints them (docs/schema/rewards.schema.json): a line for each person
    with its steps, who is not to be rewarded, who waits, what is held back, so that an empty roster is
    told from one that waits, and the units' own proposals. Personal data: never for publication (R7).
    """
    return {
        "lines": _reward_lines(outcomes, plan),
        "declined": [
            {
                "unit": one.person.unit,
                "unit_name": plan.unit_name(one.person.unit),
                "id": one.person.staff_id,
                "name": one.person.name,
                "entry": one.entry,
                "clause": one.worth.clause if one.worth else "",
                "reward": one.worth.reward.name if one.worth else "",
                "reason": one.reason,
            }
            for one in outcomes.rewards.declined
        ],
        "held_back": held_objects(held, (CONTEST, REPORT), ("entries", "people")),
        "unsettled": [
            {
                "unit": one.person.unit,
                "unit_name": plan.unit_name(one.person.unit),
                "id": one.person.staff_id,
                "name": one.person.name,
                "entry": one.person.entry,
                "reasons": list(one.reasons),
                "at_most": one.potential.name if one.potential else "",
            }
            for one in outcomes.rewards.pending
        ],
        "proposals": [
            {
                "unit": one.person.unit,
                "unit_name": plan.unit_name(one.person.unit),
                "id": one.person.staff_id,
                "name": one.person.name,
                "item": one.item,
                "item_name": one.item_name,
                "clause": one.cites,
                "proposed": one.reward.name if one.reward else one.person.proposed,
                "deed": one.person.deed,
                "also_in_contest": one.also_in_contest,
            }
            for one in outcomes.rewards.proposals
        ],
    }


def held_objects(
    held: Iterable[HeldBack], forms: Iterable[Form], sections: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """What is held back of these forms, or of these sections of theirs, and where the error stands."""
    keys = {form.key for form in forms}
    return [
        {
            "form": one.form,
            "unit": one.unit,
            "file": one.at.file,
            "sheet": one.at.sheet,
            "cell": one.at.cell,
            "whole": one.whole,
            "errors": one.errors,
            "message": one.message,
        }
        for one in held
        if one.form in keys and (not sections or one.touches(*sections))
    ]


def _reward_lines(outcomes: Outcomes, plan: Plan) -> list[dict[str, Any]]:
    """A line for each person; `reward` is empty on a blocked one."""
    return [
        {
            "unit": line.person.unit,
            "unit_name": plan.unit_name(line.person.unit),
            "id": line.person.staff_id,
            "name": line.person.name,
            "title": line.person.title,
            "staff_kind": line.person.staff_kind,
            "grade": line.person.grade,
            "role": str(line.claim.entitlement.role),
            "reward": line.reward.name if line.reward and not line.blocked else "",
            "proposed": line.person.proposed,
            "clause": line.clause,
            "entry": line.claim.entry,
            "entry_name": line.claim.entry_name,
            "term": line.claim.term,
            "stage": str(line.claim.stage or ""),
            "deed": line.person.deed,
            "steps": list(line.claim.steps),
            "notes": list(line.notes),
            "absorbed": [
                {
                    "entry": claim.entry,
                    "clause": claim.entitlement.clause,
                    "reward": (claim.granted or claim.entitlement.reward).name,
                    "text": claim_text(claim),
                }
                for claim in line.absorbed
            ],
            "bound": str(line.claim.entitlement.bound),
            "at_most": line.claim.entitlement.reward.name,
            "major": line.major,
            "like": line.like,
            "blocked": line.blocked,
        }
        for line in outcomes.rewards.lines
    ]
