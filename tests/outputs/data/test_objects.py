"""What check and rewards say to programs keeps to the published schemas."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.support import build
from tests.support.checked import FILES
from tests.support.year import FINDINGS, OUTCOMES, PLAN
from xltool.findings import CATALOGUE, finding
from xltool.forms import FORMS
from xltool.model import Address, Dataset, Presence, Verdict, Voice
from xltool.outputs.data.concluded import meeting_objects, recommend_objects, score_objects
from xltool.outputs.data.objects import check_objects, reward_objects
from xltool.plan import Plan
from xltool.rules import conclude
from xltool.rules.outcomes import Outcomes

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


def concluded(**options: object) -> tuple[Dataset, Outcomes, Plan]:
    """A year in which a deputy came, 推薦 was chosen and a reviewer recused himself."""
    item = build.item(
        reviews=[
            build.review("陳大文", ("80",) * 4),
            build.review("李督導", ("90",) * 4, voice=Voice.RECUSED),
        ],
        handler="成員03",
    )
    seat = {"state": Presence.DEPUTY, "deputy": "李代理", "deputy_title": "科長"}
    motion = build.motion(item="03-01", verdict=Verdict.ENTER, resolution="同意推薦")
    held = build.meeting(motions=[motion], seats={"07": seat})
    dataset, plan = build.dataset(items=[item], meetings=[held]), build.plan(**options)
    return dataset, conclude(dataset, plan), plan


DID = {"title": "", "summary": [], "outputs": [], "blocking": 0, "findings": 0}


@pytest.mark.parametrize(
    ("name", "objects"),
    [
        ("score", score_objects),
        ("recommend", recommend_objects),
        ("meeting", meeting_objects),
    ],
)
def test_what_rules_conclude_keeps_its_published_schema(
    name: str, objects: Callable[..., dict[str, Any]]
) -> None:
    plain = json.loads(json.dumps({**DID, **objects(*concluded())}))
    schema(f"{name}.schema.json").validate(plain)
    with pytest.raises(ValidationError):
        schema(f"{name}.schema.json").validate({**plain, "held_back": None})


def test_scores_say_what_they_are_made_of_and_who_recused_himself() -> None:
    [item] = score_objects(*concluded())["items"]
    assert item["clause"] == "陸、一、(三)"
    assert [one["voice"] for one in item["inputs"]["reviews"]] == ["是", "迴避"]
    assert item["review"]["value"] == "80.00"
    assert "迴避，不計入平均：李督導" in item["review"]["steps"]
    assert [(one["who"], one["declared"]) for one in item["recusals"]] == [("李督導", True)]


def test_the_proposal_says_what_the_meeting_chose() -> None:
    [item] = recommend_objects(*concluded())["items"]
    assert (item["verdict"], item["decision"], item["clause"]) == (
        "推薦",
        "同意推薦",
        "附件2、三、(三)",
    )
    assert item["inputs"] == {
        "recommended_by": 1,
        "reviewers": 1,
        "self": "80.00",
        "review": "80.00",
    }
    assert item["reasons"] == ["李督導已迴避，不列計"]


def test_a_meeting_says_who_came_for_whom_and_who_has_a_part_in_the_item() -> None:
    [meeting] = meeting_objects(*concluded())["meetings"]
    assert (meeting["present"], meeting["needed"], meeting["quorate"]) == (11, 7, True)
    assert meeting["deputies"] == ["秘書室 成員07（代理人 科長 李代理）"]
    assert "代理出席 1 人，不計入出席人數（本署自訂）" in meeting["steps"]
    [motion] = meeting["motions"]
    assert (motion["verdict"], motion["basis"], motion["clause"]) == (
        "推薦",
        "共識",
        "附件2、四、(二)",
    )
    assert motion["reasons"] == ["成員03（承辦人）未註明迴避，請確認"]
    assert meeting_objects(*concluded(deputy_counts=True))["meetings"][0]["present"] == 12
