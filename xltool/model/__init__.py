"""The nouns of one year: who files, what comes back, what counts, what follows from it.

Standard library only. Everything here is a frozen value; nothing here reads, writes or decides.
Amounts and scores are `Decimal`. Text is as a person would read it (繁體中文).
"""

from xltool.model.answers import Address, Answer, Answers, Noun, Typed, Value
from xltool.model.returns import (
    COUNTS,
    Fate,
    Issued,
    Lateness,
    Load,
    Picture,
    Precedence,
    Receipt,
    Record,
    Return,
    Spot,
    Submission,
)
from xltool.model.terms import NO_REWARD, Bound, Category, ContestStage, Role
from xltool.model.year import (
    Attendance,
    Dataset,
    Entry,
    Filing,
    FilingState,
    HeldBack,
    Item,
    Meeting,
    Member,
    Metric,
    Motion,
    Person,
    Review,
    Score,
)

__all__ = [
    "COUNTS",
    "NO_REWARD",
    "Address",
    "Answer",
    "Answers",
    "Attendance",
    "Bound",
    "Category",
    "ContestStage",
    "Dataset",
    "Entry",
    "Fate",
    "Filing",
    "FilingState",
    "HeldBack",
    "Issued",
    "Item",
    "Lateness",
    "Load",
    "Meeting",
    "Member",
    "Metric",
    "Motion",
    "Noun",
    "Person",
    "Picture",
    "Precedence",
    "Receipt",
    "Record",
    "Return",
    "Review",
    "Role",
    "Score",
    "Spot",
    "Submission",
    "Typed",
    "Value",
]
