"""A roster that was written may have been signed: it is a record, with a number, kept and compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cases.test_several_contest_forms import entry, person, send
from tests.support.returns import Person, issued
from tests.support.settings import reward_worth
from xltool.faces.cli import main
from xltool.findings import Finding
from xltool.steps.new import new
from xltool.steps.rosters import rosters
from xltool.steps.write import rewards
from xltool.store.workspace import Workspace

PEOPLE = "王小明", "林小華", "張美玲"


@pytest.fixture
def year(tmp_path: Path) -> Workspace:
    """A year with three people in an entry, and its first roster."""
    new(tmp_path / "114", 114)
    year = Workspace.open(tmp_path / "114")
    send(year, "1.xlsx", entry("A1"), *(person(name, "A1") for name in PEOPLE))
    rewards(year)
    return year


def told(findings: tuple[Finding, ...], code: str = "F145") -> list[str]:
    return [one.message for one in findings if one.code == code]


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by its headings, from the first row that names a person."""
    rows = [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]
    head = next(n for n, row in enumerate(rows) if any(str(c).startswith("姓名") for c in row))
    titles = [str(title).split("\n")[0] for title in rows[head]]
    return [dict(zip(titles, row, strict=True)) for row in rows[head + 1 :] if row[2]]


def write_beside(path: Path, name: str, **marks: str) -> None:
    """The coordinator writes into the row of a person."""
    book = openpyxl.load_workbook(path)
    sheet = book["名冊"]
    rows = {str(row[2].value): row for row in sheet.iter_rows() if row[2].value}
    head = next(row for row in sheet.iter_rows() if row[0].value == "項次")
    columns = {str(cell.value).split("\n")[0]: cell.column - 1 for cell in head if cell.value}
    for label, text in marks.items():
        label = next(one for one in columns if one.startswith(label))
        rows[name][columns[label]].value = text
    book.save(path)


def withhold(year: Workspace, name: str) -> None:
    (year.inbox / name).rename(year.withheld / name)


def send_again(year: Workspace, who: str, /, **values: str) -> None:
    """Another form in place of the first, in which something else is said of one person."""
    withhold(year, "1.xlsx")
    people = [person(one, "A1") for one in PEOPLE]
    at = PEOPLE.index(who)
    people[at] = replace(people[at], values={**people[at].values, **values})
    send(year, "2.xlsx", entry("A1"), *people)


def test_the_first_one_is_number_one_and_says_what_it_was_made_of(year: Workspace) -> None:
    (one,) = rosters(year)
    assert one.number == 1
    said = [c for row in openpyxl.load_workbook(year.roster(114))["來源"].values for c in row if c]
    assert "1.xlsx" in said
    assert any(one.fingerprint[:16] in str(text) for text in said)


def test_nothing_new_is_no_new_roster_and_the_file_is_not_touched(year: Workspace) -> None:
    before = year.roster(114).stat().st_mtime_ns
    assert told(rewards(year).findings) == []
    assert (year.roster(114).stat().st_mtime_ns, len(rosters(year))) == (before, 1)


def test_what_the_coordinator_wrote_beside_the_lines_is_no_reason_to_write_it_anew(
    year: Workspace,
) -> None:
    write_beside(year.roster(114), "林小華", 核定="115.03.02")
    rewards(year)
    rows = {row["姓名"]: row for row in table(year.roster(114), "名冊")}
    assert rows["林小華"]["核定"] == "115.03.02"


def test_a_line_more_makes_a_new_number_and_the_one_before_is_kept_as_it_stood(
    year: Workspace,
) -> None:
    write_beside(year.roster(114), "林小華", 核定="115.03.02", 發布="115.03.05")
    send(year, "2.xlsx", entry("A2"), person("王小明", "A2", "主要承辦人員"))
    (said,) = told(rewards(year).findings)
    assert "第 2 號" in said
    assert [one.number for one in rosters(year)] == [1, 2]
    kept = year.records / "敘獎名冊" / "第001號.xlsx"
    assert {row["姓名"] for row in table(kept, "名冊")} == {*PEOPLE}
    assert {row["核定"] for row in table(kept, "名冊")} == {None, "115.03.02"}
    rows = {row["姓名"]: row for row in table(year.roster(114), "名冊")}
    assert (rows["林小華"]["核定"], rows["林小華"]["發布"]) == ("115.03.02", "115.03.05")


def test_what_belongs_to_a_line_that_is_gone_is_kept_and_named(year: Workspace) -> None:
    write_beside(year.roster(114), "張美玲", 核定="115.03.02", 確認="115.06.01")
    withhold(year, "1.xlsx")
    send(year, "2.xlsx", entry("A1"), *(person(name, "A1") for name in PEOPLE[:2]))
    assert any("張美玲" in one for one in told(rewards(year).findings, "F143"))
    for again in range(2):
        (gone,) = table(year.roster(114), "已不在名冊")
        assert (gone["姓名"], gone["核定"], gone["確認（三個月內）"]) == (
            "張美玲", "115.03.02", "115.06.01",
        ), again  # fmt: skip
        send(year, f"{again + 3}.xlsx", entry(f"B{again}"), person("王小明", f"B{again}"))
        rewards(year)


def test_a_line_is_another_one_in_another_entry(year: Workspace) -> None:
    write_beside(year.roster(114), "王小明", 核定="115.03.02")
    send(year, "2.xlsx", entry("A2", "獲獎"), person("王小明", "A2", "主要承辦人員"))
    rewards(year)
    rows = {row["姓名"]: row for row in table(year.roster(114), "名冊")}
    assert (rows["王小明"]["參選編號"], rows["王小明"]["核定"]) == ("A2", None)
    assert [row["參選編號"] for row in table(year.roster(114), "已不在名冊")] == ["A1"]


def test_a_setting_that_bears_on_it_makes_a_new_number(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    reward_worth(year.settings, "記功2次", 5)
    rewards(year)
    one, other = rosters(year)
    assert one.fingerprint != other.fingerprint
    assert main(["diff", "敘獎", "--folder", str(year.root)]) == 0
    assert (
        "設定「獎度表 記功2次」：順序 4、折算嘉獎 6 次 → 順序 4、折算嘉獎 5 次"
        in capsys.readouterr().out
    )


def test_two_rosters_are_compared_by_name(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    withhold(year, "1.xlsx")
    send(
        year, "2.xlsx", entry("A1", "獲獎"), *(person(name, "A1") for name in PEOPLE[:2]),
        entry("A2"), person("張美玲", "A2", "主要承辦人員"),
    )  # fmt: skip
    rewards(year)
    capsys.readouterr()
    assert main(["diff", "敘獎", "--folder", str(year.root)]) == 0
    said = capsys.readouterr().out
    assert "第 1 號" in said and "第 2 號" in said
    assert "增加：電力發展及管理組 張美玲　記功1次" in said
    assert "減少：電力發展及管理組 張美玲　嘉獎2次" in said


def test_a_comparison_of_one_says_that_there_is_none(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "敘獎", "--folder", str(year.root)]) == 2
    assert "只有第 1 號" in capsys.readouterr().err
    assert main(["diff", "敘獎", "1", "7", "--folder", str(year.root)]) == 2
    assert "沒有第 7 號" in capsys.readouterr().err


def test_a_roster_that_was_taken_away_comes_again_under_its_number(year: Workspace) -> None:
    year.roster(114).unlink()
    rewards(year)
    assert year.roster(114).is_file()
    assert [one.number for one in rosters(year)] == [1]


def test_a_roster_that_cannot_be_read_is_kept_as_it_stands(year: Workspace) -> None:
    year.roster(114).write_bytes(b"no workbook")
    send(year, "2.xlsx", entry("A2"), person("王小明", "A2"))
    rewards(year)
    assert (year.records / "敘獎名冊" / "第001號.xlsx").read_bytes() == b"no workbook"
    assert {row["姓名"] for row in table(year.roster(114), "名冊")} == {*PEOPLE}


def test_a_reward_that_changed_under_what_was_written_beside_it_is_told(year: Workspace) -> None:
    write_beside(year.roster(114), "林小華", 核定="115.03.02", 發布="115.03.05")
    send_again(year, "林小華", proposed="嘉獎1次")
    [one] = told(rewards(year).findings, "F146")
    assert "林小華 已填「核定 115.03.02、發布 115.03.05」" in one
    assert "由「嘉獎2次」改為「嘉獎1次」" in one
    assert told(rewards(year).findings, "F146") == []  # once


def test_a_unit_that_must_correct_its_form_is_in_the_head_and_makes_no_new_number(
    year: Workspace,
) -> None:
    assert len(rosters(year)) == 1
    path = issued(year.root, "enrolment")
    filed = Person(path)
    filed.card("填報資料", "填報日期", "x")
    filed.save(year.inbox / path.name)
    assert told(rewards(year).findings) == []
    assert [one.number for one in rosters(year)] == [1]
    said = [str(c) for row in openpyxl.load_workbook(year.roster(114))["名冊"].values for c in row]
    [head] = [text for text in said if text.startswith("參與業務調查表未繳")]
    assert "參與業務調查表待修正：電力發展及管理組" in head


def test_words_written_beside_a_name_make_nobody_fewer(year: Workspace) -> None:
    send_again(year, "林小華", name="林小華（已調職）")
    assert told(rewards(year).findings, "F143") == []
