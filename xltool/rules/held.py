"""What an error holds back of a row, as the rules say it."""

from __future__ import annotations

from xltool.model import FilingState, Noun


def to_correct(noun: Noun) -> str:
    """What is wrong with a row, and where, so that it counts for nothing yet."""
    told = (f"{one.fault}（{one.at}）" if one.at else one.fault for one in noun.faults)
    return f"{FilingState.TO_CORRECT}：{'；'.join(told)}"
