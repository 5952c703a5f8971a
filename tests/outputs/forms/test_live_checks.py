"""What a form tells while it is filled agrees with what the check says of it when it comes back.

LibreOffice is the spreadsheet: a person types, it recalculates, and its counts are held against the
findings of the check on the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.conftest import LibreOffice
from tests.support.returns import FILLED, ITEMS, PLAN, read, unit_of
from xltool.forms import FORMS, schema
from xltool.forms.layout import COVER, LIVE, is_live_text, lay_out
from xltool.forms.lists import Lists
from xltool.forms.schema import Field, Kind, Pattern
from xltool.intake.grid import Cell
from xltool.intake.values import Known, read_value
from xltool.model import Record
from xltool.outputs.forms import FormCopy, write_form
from xltool.outputs.forms.live_checks import Tally, faulty

Typed = tuple[str, int, str, object]  # section, row from 0, field, what is typed


@dataclass(frozen=True)
class Case:
    """A form, blank or filled, and what a person types into it."""

    form: str
    filled: bool
    typed: tuple[Typed, ...] = ()
    of: str = ITEMS[0]


def one(form: str, section: str, field: str, value: object, row: int = 0) -> Case:
    return Case(form, True, ((section, row, field, value),))


CASES: Mapping[str, Case] = {
    **{f"{key} blank": Case(key, False) for key in FORMS if key != "settings"},
    **{f"{key} filled": Case(key, True) for key in FORMS if key != "settings"},
    "a required answer rubbed out": one("report", "report", "result", ""),
    "a required answer of a dash": one("report", "report", "next_steps", "－"),
    "a name of spaces": one("enrolment", "filing", "filler", "   "),
    "a score rubbed out": one("report", "scores", "score", "", 2),
    "a score above the scale": one("report", "scores", "score", 100.5),
    "the highest score": one("report", "scores", "score", 100),
    "a score below the scale": one("report", "scores", "score", -1),
    "a score in words": one("report", "scores", "score", "很高"),
    "an optional score beyond the scale": one("review", "scores", "score", 101),
    "a date on the calendar": one("report", "filing", "day", "114.11.30"),
    "a date with single digits": one("report", "filing", "day", "114/1/5"),
    "a date in words": one("report", "filing", "day", "中華民國114年11月3日"),
    "a western date": one("report", "filing", "day", "2025-11-30"),
    "a date without marks": one("report", "filing", "day", "1141130"),
    "a day that is not": one("report", "filing", "day", "114.2.30"),
    "the thirteenth month": one("report", "filing", "day", "114.13.1"),
    "a month alone": one("report", "filing", "day", "114年11月"),
    "no date": one("report", "filing", "day", "月底"),
    "a leap day": one("report", "filing", "day", "113.2.29"),
    "no leap day": one("report", "filing", "day", "114.2.29"),
    "stamped without a day": one("report", "filing", "stamp_day", ""),
    "not stamped, hence no day": Case(
        "report", True, (("filing", 0, "stamp", "尚未核章"), ("filing", 0, "stamp_day", ""))
    ),
    "no such choice": one("enrolment", "items", "category", "其他類"),
    "an answer as long as may be": one("report", "report", "result", "字" * 1000),
    "an answer too long": one("report", "report", "result", "字" * 1001),
    "a deed over two lines": one("report", "people", "deed", "第一行\n第二行"),
    "a phone": one("enrolment", "filing", "phone", "(02)2772-1370 #12"),
    "no phone": one("enrolment", "filing", "phone", "分機六一二三"),
    "a phone too short": one("enrolment", "filing", "phone", "6123"),
    "an e-mail": one("enrolment", "member", "email", "a.b-c@moea.gov.tw"),
    "an e-mail without a dot": one("enrolment", "member", "email", "chen@moea"),
    "an e-mail with two marks": one("enrolment", "member", "email", "chen@@moea.gov.tw"),
    "an e-mail that ends with a dot": one("enrolment", "member", "email", "chen@moea."),
    "an e-mail with a space": one("enrolment", "member", "email", "chen da@moea.gov.tw"),
    "a staff number": one("report", "people", "staff_id", "e-10234"),
    "a staff number in Chinese": one("report", "people", "staff_id", "編號一"),
    "a row half filled": one("report", "people", "name", "新人", 4),
    "a row that says only 無": one("report", "people", "name", "無", 4),
    "a row far below the prepared ones": one("enrolment", "items", "name", "另一項業務", 9),
    "two items of one name": one("enrolment", "items", "name", "偏鄉微電網關懷服務"),
    "partners unnamed": one("enrolment", "items", "partners", ""),
    "no measurable result": Case(
        "report",
        True,
        tuple(("metrics", 0, key, "") for key in ["name", "unit", "target", "actual", "note"]),
    ),
    "nothing to report, yet something reported": one(
        "report", "filing", "status", "本年度無執行成果"
    ),
    "nothing to report, and nothing else": Case(
        "enrolment",
        False,
        tuple(
            (
                "filing" if key in ["status", "filler", "phone", "day", "stamp"] else "member",
                0,
                key,
                value,
            )
            for key, value in {
                "status": "本年度無參與業務",
                "filler": "王小明",
                "phone": "02-27721370",
                "day": "114.3.20",
                "stamp": "尚未核章",
                "name": "陳大文",
                "title": "副組長",
                "level": "單位業務主管",
                "email": "a@b.tw",
            }.items()
        ),
    ),
    "ditto": one("report", "report", "follow_up", "同上"),
    "a meeting without a subject": one("meeting", "motions", "subject", ""),
    "a reward that is none": one("contest", "people", "proposed", "記功九次"),
}


LAXER = {"an e-mail with two marks"}
"""What the form lets pass and the check does not: a formula that knew it would be slow."""


def given(form: str) -> tuple[Record, ...]:
    """What is prefilled: an item's sheet appears only for an item."""
    keep = {"report", "review"}
    fields = {f.key for s in keep if s == form for f in FORMS[form].section(s).fields if f.given}
    return tuple(
        Record(r.section, {k: v for k, v in r.values.items() if k in fields}, r.of)
        for r in FILLED[form]
        if r.section in keep and r.section == form
    )


def type_in(soffice: LibreOffice, cases: Mapping[str, Case], folder: Path) -> dict[str, Path]:
    """Let a person type in LibreOffice; the files as saved from there."""
    jobs, targets = [], {}
    for number, (name, case) in enumerate(cases.items()):
        form = FORMS[case.form]
        records = FILLED[case.form] if case.filled else given(case.form)
        source, target = folder / f"{number}.xlsx", folder / f"saved-{number}.xlsx"
        write_form(source, FormCopy(form, PLAN, unit=unit_of(form), records=records, items=ITEMS))
        sheets = lay_out(form, PLAN, Lists.of(PLAN, ITEMS), records, unit_of(form))
        cells = []
        for section, row, key, value in case.typed:
            sheet, place = next(
                (sheet, place)
                for sheet in sheets
                for place in sheet.places
                if place.field and sheet.of in ("", case.of)
                if (place.section, place.index, place.field.key) == (section, row, key)
                if place.style in ("input", "given")
            )
            cells.append((sheet.title, place.row, place.col, value))
        jobs.append({
            "source": str(source),
            "target": str(target),
            "cells": cells,
            "recalculate": not cells,
        })
        targets[name] = target
    soffice.type_in(folder, jobs)
    return targets


@pytest.fixture(scope="module")
def saved(soffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every case's file as LibreOffice saved it."""
    return type_in(soffice, CASES, tmp_path_factory.mktemp("live"))


@pytest.mark.parametrize("name", CASES)
def test_the_form_counts_what_the_check_finds(name: str, saved: dict[str, Path]) -> None:
    blocking = [f"{f.at.cell} {f.message}" for f in read(saved[name]).findings if f.blocks]
    book = openpyxl.load_workbook(saved[name], data_only=True)
    counts = [
        (str(label), int(str(missing)), int(str(wrong)))
        for label, missing, wrong, _ in book[LIVE].iter_rows(values_only=True)
        if label
    ]
    told = [one for one in counts if one[1] or one[2]]
    if name in LAXER:
        assert blocking and not told
        return
    assert sum(missing + wrong for _, missing, wrong in counts) == len(blocking), (told, blocking)
    shown = [str(c.value) for row in book[COVER].iter_rows() for c in row if c.value]
    ready = any(text in ("✓ 可以繳回", "✓ 填寫完成") for text in shown)
    assert ready == (not blocking)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.typed])
def test_a_form_as_issued_already_shows_what_a_spreadsheet_calculates(
    name: str, saved: dict[str, Path]
) -> None:
    def told(path: Path) -> list[tuple[str, str, object]]:
        book = openpyxl.load_workbook(path, data_only=True)
        return [
            (sheet.title, cell.coordinate, cell.value)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if sheet.title == LIVE or (isinstance(cell.value, str) and is_live_text(cell.value))
        ]

    assert told(saved[name].with_name(saved[name].name.removeprefix("saved-"))) == told(saved[name])


def test_the_total_above_the_scores_is_the_weighted_one(saved: dict[str, Path]) -> None:
    scores = [
        r.number("score") for r in FILLED["report"] if (r.section, r.of) == ("scores", "03-01")
    ]
    total = sum((n or Decimal(0) for n in scores), Decimal(0)) * Decimal("0.25")
    page = openpyxl.load_workbook(saved["report filled"], data_only=True)["業務 03-01"]
    texts = [str(c.value) for row in page.iter_rows() for c in row if c.value]
    assert f"加權總分：{total:.2f} 分" in texts
    page = openpyxl.load_workbook(saved["a score rubbed out"], data_only=True)["業務 03-01"]
    texts = [str(c.value) for row in page.iter_rows() for c in row if c.value]
    assert "加權總分：未評（尚缺 1 個構面）" in texts


PATTERNS = {name: one for name, one in vars(schema).items() if isinstance(one, Pattern)}
CODES = (
    *("name@agency.gov.tw", "a@b.c", "@b.c", "a@.c", "a@b.", "a b@c.d", "a@b@c.d", "a.b@c"),
    *(
        "ａ＠ｂ．ｃ",
        "甲 <a@b.c>",
        "０２－２７７２１３７０",
        "02-27721370 分機 6123",
        "Ｅ１０２３４",
        "3－1",
    ),
    *("02-27721370#6123", "1234", "12345", "(02) 2772+1#2", "電話12345", "1" * 30, "1" * 31),
    *("E10234", "e-1", "E", "A" * 20, "A" * 21, "E_1", "員1"),
    "甲乙",
    *("03-01", "3-1", "03-1a", "0301", "03--1", "03", "3", "003", "ab", "-03-0"),
)


REFUSED = {
    "EMAIL": ("@b.c", "a@b.", "甲乙", "a@.c"),
    "PHONE": ("ab", "3", "03", "甲乙"),
    "STAFF_ID": ("E", "甲乙", "3"),
    "ITEM_ID": ("ab", "3", "甲乙", "E"),
    "UNIT_CODE": ("ab", "甲乙", "E"),
}
"""What neither takes."""


def test_a_pattern_s_formula_takes_what_the_reader_takes(
    soffice: LibreOffice, tmp_path: Path
) -> None:
    path = tmp_path / "patterns.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row, code in enumerate(CODES, 1):
        page.cell(row, 1, code).number_format = "@"
        for col, pattern in enumerate(PATTERNS.values(), 2):
            page.cell(row, col, f"=1*({pattern.formula.format(a=f'$A{row}')}>0)")
    book.save(path)
    page = openpyxl.load_workbook(soffice.convert(path, "xlsx"), data_only=True).active
    assert page is not None
    for row, code in enumerate(CODES, 1):
        for col, (name, pattern) in enumerate(PATTERNS.items(), 2):
            taken = bool(page.cell(row, col).value)
            if _is_taken(pattern, code):
                assert taken, (name, code)
            if code in REFUSED[name]:
                assert not taken, (name, code)


def _is_taken(pattern: Pattern, code: str) -> bool:
    entry = Field("one", "欄位", Kind.CODE, pattern=pattern)
    known = Known(PLAN, Lists.of(PLAN, ITEMS), "03")
    return not read_value(entry, Cell(0, 0, code), known).problem


EVERYDAY: Mapping[tuple[str, str, str], tuple[str, ...]] = {
    ("report", "filing", "day"): (
        *("11月28日", "11/28", "一一四年十一月廿八日", "114.11.28止", "114、11、28", "113.11.28"),
        *(
            "１１４．１１．２８",
            "114.11.28（五）",
            "約114.11.28",
            "114.11.27、114.11.28",
            "114 年 11 月 28 日",
        ),
    ),
    ("report", "scores", "score"): (
        *("90分", "90/100", "90(優)", "八十五", "約90", "85~90", "85%", "９０", "18/20"),
    ),
    ("report", "people", "role"): ("首長", "首長(主管)", "首長、主管", "主 管", "承辦人"),
    ("contest", "people", "proposed"): ("記功一次", "嘉獎 2 次", "小功一次", "嘉獎乙次", "大功1次"),
    ("report", "people", "proposed"): ("無", "嘉獎二支"),
    ("report", "people", "staff_kind"): ("約聘人員", "工友"),
    ("enrolment", "items", "cross_agency"): ("✓", "v", "有", "N", "無"),
    ("report", "people", "item"): ("03-01 用電申辦", "3-1", "03–01", "０３－０１"),
    ("contest", "entries", "unit"): ("03", "電力發展 及管理組"),
    ("enrolment", "filing", "phone"): (
        *(
            "02-27721370 分機 6123",
            "02-27721370轉6123、0912-345678",
            "０２－２７７２１３７０＃６１２３",
        ),
        *("\u202d02-27721370#6123\u202c", "02\xad-27721370", "6123", "02-27721370（王小姐）"),
    ),
    ("enrolment", "member", "email"): (
        *("chen\u200d@example.gov.tw", "chen＠example．gov．tw", "陳大文 <chen@example.gov.tw>"),
        *("a@b.tw；c@d.tw", "chen da@example.gov.tw"),
    ),
    ("report", "people", "staff_id"): ("Ｅ１０２３４", "E–10234", "E 10 234", "無"),
    ("report", "filing", "stamp"): ("已用印", "核章中"),
}
"""What people write every day, by form, section and field."""


def test_the_form_takes_whatever_the_reader_takes(soffice: LibreOffice, tmp_path: Path) -> None:
    lists, known = Lists.of(PLAN, ITEMS), Known(PLAN, Lists.of(PLAN, ITEMS), "03")
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    told: list[tuple[str, str]] = []
    for col, ((form, section, key), texts) in enumerate(EVERYDAY.items()):
        field = FORMS[form].field(section, key)
        accepted = lists.accepted(field)
        for row, word in enumerate(accepted, 1):
            page.cell(row, 50 + col, word).number_format = "@"
        letter = get_column_letter(50 + col)
        options = f"${letter}$1:${letter}${len(accepted)}" if accepted else ""
        for text in texts:
            row = len(told) + 1
            assert read_value(field, Cell(0, 0, text), known).problem in ("", "V328"), text
            page.cell(row, 1, text).number_format = "@"
            page.cell(row, 2, f"=SUMPRODUCT(1*(({faulty(field, f'$A{row}:$A{row}', options)})>0))")
            told.append((key, text))
    book.save(tmp_path / "everyday.xlsx")
    path = soffice.convert(tmp_path / "everyday.xlsx", "xlsx")
    page = openpyxl.load_workbook(path, data_only=True).active
    assert page is not None
    refused = [one for row, one in enumerate(told, 1) if page.cell(row, 2).value != 0]
    assert not refused


def test_no_formula_is_longer_than_a_cell_can_hold() -> None:
    for form in FORMS.values():
        records = FILLED[form.key]
        sheets = lay_out(form, PLAN, Lists.of(PLAN, ITEMS), records, unit_of(form))
        names = dict.fromkeys(
            {Lists.of(PLAN, ITEMS).options(f) for _, s in form.sections() for f in s.fields}, "l_1"
        )
        titles = [sheet.title for sheet in sheets]
        counter = Tally(form, Lists.of(PLAN, ITEMS), sheets, titles, names)
        for sheet in sheets:
            for count in counter.counts(sheet, sheet.title, {}):
                assert max(len(count.missing.text), len(count.wrong.text)) < 8_000
