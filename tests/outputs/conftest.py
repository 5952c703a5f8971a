"""What the tests of outputs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.trackers import write


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "總表.xlsx"
    assert write(path) == []
    return path
