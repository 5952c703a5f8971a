"""The year's plan: its settings as typed values, made of the records of the form 年度設定.

The records come from whoever supplies them: the shipped values of a year (`shipped_records`) or the
coordinator's workbook. `read_plan` never raises for bad settings: it returns what is wrong as findings.
"""

from xltool.plan.checks import CONTACT, PLACEHOLDER, stage_findings
from xltool.plan.reading import choices_of, read_plan, shipped_plan
from xltool.plan.rolling import HANDED_ON, records_for, rest_day_records, shipped_records
from xltool.plan.settings import (
    OFF,
    WORKED,
    Carried,
    Criterion,
    Entitlement,
    LastMember,
    Limits,
    Options,
    Plan,
    Question,
    QuestionKind,
    RestDays,
    Restriction,
    Reward,
    Rewarded,
    Stage,
    Unit,
    Winner,
    contact_text,
    deadline_text,
)

__all__ = [
    "CONTACT",
    "HANDED_ON",
    "OFF",
    "PLACEHOLDER",
    "WORKED",
    "Carried",
    "Criterion",
    "Entitlement",
    "LastMember",
    "Limits",
    "Options",
    "Plan",
    "Question",
    "QuestionKind",
    "RestDays",
    "Restriction",
    "Reward",
    "Rewarded",
    "Stage",
    "Unit",
    "Winner",
    "choices_of",
    "contact_text",
    "deadline_text",
    "read_plan",
    "records_for",
    "rest_day_records",
    "shipped_plan",
    "shipped_records",
    "stage_findings",
]
