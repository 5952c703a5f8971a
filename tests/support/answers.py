"""What a command printed for programs, held against its published schema."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


@lru_cache(maxsize=1)
def published() -> Draft202012Validator:
    """The schema of an answer, with those of the results."""
    known = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.iterdir()}
    for schema in known.values():
        Draft202012Validator.check_schema(schema)
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in known.items()
    )
    return Draft202012Validator(known["answer.schema.json"], registry=registry)


def answer_in(printed: str) -> dict[str, Any]:
    """The answer, which keeps to the schema."""
    answer: dict[str, Any] = json.loads(printed)
    published().validate(answer)
    return answer


def result_in(printed: str) -> Any:
    """The command's own part of it."""
    return answer_in(printed)["result"]
