"""What check and rewards say to programs keeps to the published schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.support.checked import FILES
from tests.support.year import FINDINGS, OUTCOMES, PLAN
from xltool.findings import CATALOGUE, finding
from xltool.forms import FORMS
from xltool.model import Address
from xltool.outputs.data.objects import check_objects, reward_objects

SCHEMAS = Path(__file__).parents[3] / "docs" / "schema"


def schema(name: str) -> Draft202012Validator:
    content = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def test_check_json_keeps_its_published_schema() -> None:
    objects = json.loads(json.dumps(check_objects(FILES)))
    schema("check.schema.json").validate(objects)
    assert [o["status"] for o in objects] == ["blocked", "accepted", "unreadable"]
    assert objects[0]["findings"] == [
        {
            "code": "V301",
            "severity": "錯誤",
            "sheet": "業務 05-01",
            "cell": "C12",
            "value": "",
            "message": "「辦理情形」未填",
            "fix": "請填寫辦理情形",
        }
    ]


def test_what_is_said_of_no_file_that_was_read_is_there_too() -> None:
    link = finding("F135", Address("連結.xlsx"), "指不到檔案的連結")
    year = replace(FINDINGS[0], at=Address(""))
    *_, at_link, of_year = json.loads(json.dumps(check_objects(FILES, [link, year])))
    schema("check.schema.json").validate([at_link, of_year])
    assert (at_link["file"], at_link["status"]) == ("連結.xlsx", "other")
    assert [one["code"] for one in at_link["findings"]] == ["F135"]
    assert (of_year["file"], of_year["status"]) == ("", "other")


def test_the_schema_refuses_what_was_not_published() -> None:
    (first, *_) = check_objects(FILES)
    for wrong in ({**first, "status": "ok"}, {**first, "extra": 1}, {"file": "a.xlsx"}):
        with pytest.raises(ValidationError):
            schema("check.schema.json").validate([wrong])


def test_the_schema_knows_every_form_and_every_code() -> None:
    content = json.loads((SCHEMAS / "check.schema.json").read_text(encoding="utf-8"))
    assert set(content["items"]["properties"]["form"]["enum"]) == {"", *FORMS}
    found = [
        replace(FINDINGS[0], code=code, severity=entry.severity)
        for code, entry in CATALOGUE.items()
    ]
    file = replace(FILES[0], findings=tuple(found))
    schema("check.schema.json").validate(json.loads(json.dumps(check_objects([file]))))


def test_rewards_json_keeps_its_published_schema() -> None:
    objects = json.loads(json.dumps(reward_objects(OUTCOMES, PLAN)))
    schema("rewards.schema.json").validate(objects)
    main, *_, blocked = objects["lines"]
    assert objects["held_back"] == objects["declined"] == []
    assert (main["unit"], main["id"], main["name"]) == ("03", "E10234", "王小明")
    assert (main["reward"], main["clause"], main["entry"]) == ("記大功1次", "柒、二、(一)", "A1")
    assert [(a["entry"], a["clause"]) for a in main["absorbed"]] == [("A2", "柒、二、(三)")]
    assert (blocked["reward"], blocked["blocked"]) == ("", True)
