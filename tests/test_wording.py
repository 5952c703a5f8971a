"""What the plan calls things, and where it says what, is said once: everything that a person reads
follows the year's own words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xltool
from tests.support.returns import FILLED, PLAN, content, issued, read
from xltool.findings import CATALOGUE
from xltool.forms import REVIEW
from xltool.rules.clauses import clauses
from xltool.wording import as_issued, placed, say, shipped_words, the, use

ROOT = Path(xltool.__file__).parent
PLACE = re.compile(
    r"(?:[壹貳參肆伍陸柒捌]|附件[1-3])(?:、(?:[一二三四五六七八九十](?!類)|\([一二三四五六七八九十]\)))+"
)
EXAMPLES = {"forms/settings.py", "findings/catalogue/p_settings.py"}
"""Where a person is shown how a place is typed."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module that are no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES)
def test_no_text_types_a_place_of_the_plan(module: str) -> None:
    found = [(line, text) for line, text in texts(ROOT / module) if PLACE.search(text)]
    assert not found or module in EXAMPLES


@pytest.mark.parametrize("module", MODULES)
def test_every_word_that_a_text_asks_for_is_known(module: str) -> None:
    source = (ROOT / module).read_text("utf-8")
    asked = (
        set(re.findall(r"\bthe\.([a-z_]+)\b(?!\()", source))
        if "wording import" in source
        else set()
    )
    for _, text in texts(ROOT / module):
        asked |= set(re.findall(r"\$([a-z_]+)", text)) if not module.endswith("inbox.py") else set()
    assert asked <= {*shipped_words(), "known", "words"}


def test_every_place_is_one_of_the_plan() -> None:
    known = [f"{clause.locator}、" for clause in clauses(114)]
    for place in (word for word in shipped_words().values() if word[0] in "壹貳參肆伍陸柒捌附"):
        assert any(one.startswith(f"{place}、") for one in known), place


@pytest.mark.parametrize(
    ("place", "own"),
    [
        ("柒、二、(五)", "伍、三、(五)"),  # what stands under a place that moved moves with it
        ("柒、二", "伍、三"),
        ("柒、一", "柒、一"),
        ("附件2、四、(二)", "附件3、二"),
        ("附件2、四、(一)", "附件2、四、(一)"),
    ],
)
def test_a_place_that_the_agency_moved_is_told_where_it_is(place: str, own: str) -> None:
    assert placed(place, {"柒、二": "伍、三", "附件2、四、(二)": "附件3、二"}) == own


def test_what_is_declared_and_what_is_composed_follow_the_words_in_use() -> None:
    use({**shipped_words(), "contest": "金質獎", "quorum": "附件3、二"})
    assert "是否參加金質獎" in REVIEW.purpose
    assert REVIEW.field("review", "recommend").label == "建議參加金質獎"
    assert CATALOGUE["R501"].why.startswith("附件3、二：")
    assert (the.contest, say("參加$contest，$無")) == ("金質獎", "參加金質獎，$無")


def test_a_form_is_read_in_the_words_in_which_it_was_issued(tmp_path: Path) -> None:
    use({**shipped_words(), "contest": "金質獎"})
    path = issued(tmp_path, "meeting", FILLED["meeting"])
    use({**shipped_words(), "contest": "銅質獎"})
    reading = read(path)
    assert [one.code for one in reading.findings] == []
    assert the.contest == PLAN.words["contest"]  # what is said afterwards is the year's again
    assert reading.submission is not None
    assert content(reading.submission.records) == content(FILLED["meeting"])


def test_what_a_form_says_that_it_calls_so_is_not_believed_beyond_the_words_of_a_year() -> None:
    said = {"contest": "金質獎", "quorum": "附件9", "units": "組" * 21, "convener": ""}
    assert as_issued(said) == {**shipped_words(), "contest": "金質獎"}
