"""Nothing typed is lost: whatever people do to a form, each value stands in a record, in a caption or
in a finding.

What is typed are tokens that occur nowhere else, so that they need only be looked for.
"""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conftest import LibreOffice
from tests.support.effort import PROVE
from tests.support.mangled import EDITS, KEYS, MOST, NUMBERS, STORIES, Story, mangled
from tests.support.returns import PLAN
from xltool.forms.layout import shown
from xltool.intake import Reading
from xltool.intake.one import read_file
from xltool.zh import same


def told(reading: Reading) -> str:
    """Everything that a reading says, for comparing."""
    texts = [text for found in reading.findings for text in (found.value, found.message)]
    if reading.submission is not None:
        for record in reading.submission.records:
            texts += [shown(value) for value in record.values.values()]
            texts += record.raw.values()
        texts += [picture.caption for picture in reading.submission.pictures]
    return "\n".join(same(text) for text in texts)


def lost(path: Path, tokens: dict[str, str]) -> dict[str, str]:
    """The tokens that a file's reading does not tell, by the place where they stand."""
    reading = read_file(path, PLAN, items={"03": ("03-01", "03-02")})
    assert reading.submission is not None, reading.findings
    text = told(reading)
    return {place: key for key, place in tokens.items() if same(key) not in text}


# --- the promise ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
@settings(
    max_examples=PROVE * 4 or 60,
    derandomize=not PROVE,
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@given(edits=STORIES)
def test_whatever_is_done_to_a_form_nothing_typed_is_lost(key: str, edits: Story) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        tokens = mangled(key, edits, path)
        assert lost(path, tokens) == {}


@pytest.mark.parametrize("to", ["xlsx:Calc MS Excel 2007 XML", "ods"])
def test_nor_when_libreoffice_saves_it_again(to: str, soffice: LibreOffice, tmp_path: Path) -> None:
    dice = random.Random(1)
    forms = {}
    for number in range(20):
        edits = [
            (dice.choice(EDITS), [dice.randrange(MOST) for _ in range(NUMBERS)]) for _ in range(6)
        ]
        path = tmp_path / f"{number:02}.xlsx"
        forms[path.stem] = edits, mangled(KEYS[number % len(KEYS)], edits, path)
    saved = tmp_path / "saved"
    soffice.run("--convert-to", to, "--outdir", str(saved), *map(str, tmp_path.glob("*.xlsx")))
    for stem, (edits, tokens) in forms.items():
        path = saved / f"{stem}.{to.partition(':')[0]}"
        assert lost(path, tokens) == {}, (stem, edits)
