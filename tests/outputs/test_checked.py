"""What check and rewards say, to people and to programs."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.support.year import FINDINGS, OUTCOMES, PLAN, RECEIPTS, UNSURE
from xltool.findings import CATALOGUE, finding
from xltool.forms import FORMS
from xltool.model import Address
from xltool.outputs.checked import (
    ACCEPTED,
    BLOCKED,
    UNREADABLE,
    CheckedFile,
    check_objects,
    print_report,
    rewards_json,
    summary,
)

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
FILES = (
    CheckedFile("再生組.xlsx", "report", "05", 1, BLOCKED, FINDINGS[:1]),
    CheckedFile("電力組[red].xlsx", "report", "03", 1, ACCEPTED, FINDINGS[1:3]),
    CheckedFile("照片.xlsx", "", "", 0, UNREADABLE, (finding("F103", Address("照片.xlsx")),)),
)


def schema(name: str) -> Draft202012Validator:
    content = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def printed(**more: Any) -> str:
    stream = io.StringIO()
    print_report(FILES, RECEIPTS, plan=PLAN, stream=stream, **more)
    return stream.getvalue()


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
    objects = json.loads(json.dumps(rewards_json(OUTCOMES, PLAN)))
    schema("rewards.schema.json").validate(objects)
    main, *_, blocked = objects
    assert (main["unit"], main["id"], main["name"]) == ("03", "E10234", "王小明")
    assert (main["reward"], main["clause"], main["entry"]) == ("記大功1次", "柒.二.(一)", "A1")
    assert [(a["entry"], a["clause"]) for a in main["absorbed"]] == [("A2", "柒.二.(三)")]
    assert (blocked["reward"], blocked["blocked"]) == ("", True)


def test_a_file_is_told_with_its_form_unit_and_status() -> None:
    told = printed()
    assert "再生組.xlsx　執行成果填報表　再生與前瞻能源發展組　【待修正】" in told
    assert "照片.xlsx　無法判斷的表單　（無單位）　【無法讀取】" in told


def test_a_finding_is_told_with_severity_place_problem_and_remedy() -> None:
    told = printed()
    for heading in ("嚴重度", "位置", "問題", "怎麼改"):
        assert heading in told
    assert "錯誤 V301" in told
    assert "「辦理情形」未填" in told
    assert "請填寫辦理情形" in told


def test_file_names_are_never_read_as_markup() -> None:
    assert "電力組[red].xlsx" in printed()


def test_control_characters_of_a_file_never_reach_the_terminal() -> None:
    stream = io.StringIO()
    hostile = replace(FILES[0], file="a\x1b]0;x\x07.xlsx")
    found = finding("S207", Address("a.xlsx", "表\x1b[2J"), "\x1b[31m紅")
    print_report([replace(hostile, findings=(found,))], stream=stream)
    assert "\x1b" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()


def test_findings_of_the_rules_name_their_file() -> None:
    assert "參選結果表" in printed(others=(UNSURE,))


def test_files_that_were_not_taken_say_why() -> None:
    told = printed()
    assert "電力組(舊).xlsx　未採用（被較新版取代）：改採電力組.xlsx" in told
    assert "電力組.xlsx　採用" not in told


def test_one_line_sums_up() -> None:
    assert printed(others=(UNSURE,)).rstrip().endswith(summary(FILES, (UNSURE,)))
    assert summary(FILES, (UNSURE,)) == (
        "共 3 個檔案：可採用 1、待修正 1、無法讀取 1；檢核結果：錯誤 3 項、提醒 1 項、說明 1 項"
    )
