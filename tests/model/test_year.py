"""A year tells of nouns, and these of others."""

from __future__ import annotations

from tests.support import nouns
from xltool.model import Dataset


def test_a_year_gives_every_noun_and_what_each_holds() -> None:
    score = nouns.score("創新性")
    review = nouns.review("陳大文", scores=(score,))
    metric = nouns.metric("使用率")
    item = nouns.item("03-01", "03", metrics=(metric,), reviews=(review,))
    seat, motion = nouns.attendance("03", "陳大文"), nouns.motion("1")
    meeting = nouns.meeting("第1次", attendance=(seat,), motions=(motion,))
    member, filing = nouns.member("03", "陳大文"), nouns.filing("03", "report")
    person, entry = nouns.person("03-01", "03", "王小明"), nouns.entry("A1")
    winner = nouns.person("A1", "03", "林有功")
    year = Dataset(114, (item,), (member,), (person,), (meeting,), (entry,), (winner,), (filing,))
    assert [id(noun) for noun in year.nouns()] == [
        id(noun)
        for noun in (
            *(item, metric, review, score),
            *(member, person),
            *(meeting, seat, motion),
            *(entry, winner, filing),
        )
    ]
