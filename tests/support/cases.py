"""The plan's sentences as cases, as they stand in tests/rules/cases/*.toml: one file for each clause."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "rules" / "cases"

Case = dict[str, Any]
FILES = {path: tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("*.toml"))}
