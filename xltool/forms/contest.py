"""參選結果表: how far each entry got in the 政府服務獎, and its people (柒、二)."""

from __future__ import annotations

from xltool.forms.parts import item_id, person
from xltool.forms.schema import Choices, Field, Filer, Form, Kind, Sheet, Table
from xltool.model import ContestStage, Role

TERM = "第{n}屆"
"""How a term of the contest is said."""

_ENTRIES = Table(
    "entries",
    "參選案",
    (
        Field("entry", "參選編號", Kind.CODE, example="A1", required=True, max_length=10),
        Field(
            "name", "參選案名稱", example="用電申辦一站通", required=True, max_length=60, lines=2
        ),
        Field(
            "term",
            "屆別",
            Kind.CODE,
            example="第8屆",
            required=True,
            max_length=10,
            counted=TERM,
        ),
        Field(
            "unit",
            "主辦單位",
            Kind.CHOICE,
            example="電力發展及管理組",
            required=True,
            choices=Choices.UNITS,
        ),
        item_id("相關業務"),
        Field(
            "stage",
            "參選結果",
            Kind.CHOICE,
            "以最高階段登錄",
            example=ContestStage.SHORTLISTED,
            required=True,
            choices=tuple(ContestStage),
            clause="$won~(三)",
        ),
    ),
    rows=10,
    example=True,
)

_PEOPLE = Table(
    "people",
    "人員",
    (
        Field(
            "entry",
            "參選編號",
            Kind.CODE,
            "填「參選案」的參選編號",
            example="A1",
            required=True,
            max_length=10,
        ),
        Field(
            "term",
            "屆別",
            Kind.CODE,
            "同一參選編號有兩屆時必填",
            example="第8屆",
            max_length=10,
            counted=TERM,
            since=2,
        ),
        Field(
            "unit",
            "單位",
            Kind.CHOICE,
            example="電力發展及管理組",
            required=True,
            choices=Choices.UNITS,
        ),
        *person(
            roles=tuple(Role),
            reward_label="建議獎勵",
            reward_prompt="主要承辦人員依固定額度；其他人員不得高於最高額度，留白則依最高額度",
        ),
    ),
    rows=40,
    example=True,
)

CONTEST = Form(
    key="contest",
    title="參選結果表",
    version=2,
    filer=Filer.COORDINATOR,
    stage="$contest參選",
    purpose="登錄$contest各參選案的結果與有功人員，作為敘獎依據。",
    steps=(
        "在「參選案」登錄各案結果；屆別為$contest的屆次，與計畫年度不同",
        "在「人員」逐人登錄角色與建議獎勵；標示「最高」者可低不可高",
        "存檔後放入收件匣",
    ),
    clause="$rewards",
    sheets=(
        Sheet("參選案", (12, 40, 14, 26, 14, 20), (_ENTRIES,), landscape=True),
        Sheet(
            "人員", (10, 9, 18, 11, 12, 13, 12, 14, 14, 12, 30, 19, 13), (_PEOPLE,), landscape=True
        ),
    ),
)
