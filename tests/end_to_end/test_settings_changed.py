"""Settings changed after returns came in are listed with what they changed, and told once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from tests.support.returns import Person
from tests.support.sample import RETURNS, year_of_114
from tests.support.trackers import head
from xltool.faces.cli import main
from xltool.findings import Severity
from xltool.steps.gather import gather
from xltool.store.workspace import Workspace

SHEET = "設定變更"


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample year, merged once."""
    workspace = year_of_114(tmp_path_factory.mktemp("merged"), "enrolment", "report", "contest")
    for path in RETURNS.parent.joinpath("corrected").rglob("*.*"):
        (workspace.inbox / path.name).write_bytes(path.read_bytes())
    merge(workspace)
    return workspace


@pytest.fixture
def year(merged: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, for one test to change."""
    return Workspace(shutil.copytree(merged.root, tmp_path / "114"))


def merge(workspace: Workspace, command: str = "merge") -> None:
    assert main([command, "--folder", str(workspace.root)]) in (0, 1)


def weigh(workspace: Workspace, **weights: int) -> None:
    """The coordinator gives criteria other weights."""
    person = Person(workspace.settings)
    for name, weight in weights.items():
        at = person.find("評核構面", name)
        person.put("評核構面", at.row, at.column + 1, weight)
    person.save()


def option(workspace: Workspace, label: str, value: object) -> None:
    person = Person(workspace.settings)
    person.card("基本資料", label, value)
    person.save()


def listed(workspace: Workspace) -> list[Mapping[str, str]]:
    """The rows of 設定變更 on the tracker."""
    page = openpyxl.load_workbook(workspace.tracker(114))[SHEET]
    titles = [str(cell.value) for cell in page[head(page)]]
    rows = page.iter_rows(min_row=head(page) + 1, values_only=True)
    return [dict(zip(titles, map(str, row), strict=True)) for row in rows if row[1]]


def told(workspace: Workspace) -> list[str]:
    return [one.message for one in gather(workspace).findings if one.code == "P621"]


def score(workspace: Workspace, item: str) -> str:
    scored = gather(workspace).outcomes.scoring.items
    return next(str(one.self_total.value) for one in scored if one.item == item)


def test_while_nothing_was_changed_nothing_is_listed(year: Workspace) -> None:
    assert listed(year) == []
    assert told(year) == []


def test_weights_changed_after_returns_say_then_and_now_and_whose_scores_changed(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = score(year, "03-01")
    weigh(year, 創新性=40, 擴散應用=10)
    capsys.readouterr()
    merge(year)
    said = capsys.readouterr().out
    assert "收到回傳以後改了 2 項設定，影響業務分數或名次" in said
    assert "評核構面 創新性 權重（%）　25→40" in said
    after = score(year, "03-01")
    assert before != after
    first, second = listed(year)
    assert (first["列"], first["原設定"], first["現設定"]) == ("創新性", "25", "40")
    assert (second["列"], second["原設定"], second["現設定"]) == ("擴散應用", "25", "10")
    assert f"03-01 {before}→{after}" in first["影響的結果"]
    assert "全署名次：" in first["影響的結果"]
    assert "敘獎" not in first["影響的結果"], "a score gives no reward"
    messages = told(year)
    assert len(messages) == 2
    assert "「評核構面 創新性 權重（%）」：原為「25」，現為「40」；影響業務" in messages[0]


def test_it_is_told_on_the_screen_once_and_stays_among_the_findings(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    weigh(year, 創新性=40, 擴散應用=10)
    for command in ("status", "check"):  # these tell of other things
        merge(year, command)
    capsys.readouterr()
    merge(year, "rewards")
    assert "改了 2 項設定" in capsys.readouterr().out
    merge(year)
    assert "改了 2 項設定" not in capsys.readouterr().out
    assert len(told(year)) == len(listed(year)) == 2


def test_a_setting_put_back_is_no_finding_any_more_but_stays_listed(year: Workspace) -> None:
    weigh(year, 創新性=40, 擴散應用=10)
    merge(year)
    weigh(year, 創新性=25, 擴散應用=25)
    merge(year)
    assert told(year) == []
    assert [(row["原設定"], row["現設定"]) for row in listed(year)] == [
        ("25", "40"), ("25", "10"), ("40", "25"), ("10", "25"),
    ]  # fmt: skip


def test_a_full_score_that_returns_no_longer_fit_says_which_results_it_took(
    year: Workspace,
) -> None:
    option(year, "各構面評分的滿分（分）", 10)
    option(year, "自評與督導評分差距提醒（分）", 2)
    merge(year)
    [row] = [row for row in listed(year) if row["欄位"] == "各構面評分的滿分（分）"]
    assert (row["原設定"], row["現設定"]) == ("100", "10")
    assert "自評總分：" in row["影響的結果"]
    assert "→未評" in row["影響的結果"] or "→無" in row["影響的結果"]


def test_an_entitlement_changed_afterwards_names_the_lines_of_the_roster_on_the_tracker_alone(
    year: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    [line, *_] = gather(year).outcomes.rewards.lines
    option(year, "同一人多案只敘獎一次", "否")
    person = Person(year.settings)
    meant = str(line.claim.stage), str(line.claim.entitlement.role)
    rows_of_plan = enumerate(person.sheet("敘獎原則").iter_rows(values_only=True), 1)
    for number in [number for number, row in rows_of_plan if row[1:3] == meant]:
        person.put("敘獎原則", number, 5, "嘉獎1次")
    person.save()
    capsys.readouterr()
    merge(year)
    names = [one.person.name for one in gather(year).outcomes.rewards.lines]
    rows = listed(year)
    assert all(line.person.name in row["影響的結果"] for row in rows)
    assert [row["列"] for row in rows if row["欄位"] == "獎度"] == [
        f"{line.claim.stage} {line.claim.entitlement.role}"
    ]
    said = "".join(told(year)) + capsys.readouterr().out.partition("讀取")[0]
    assert "同一人多案只敘獎一次　是→否" in said
    assert not [name for name in names if name in said]
    assert "敘獎" in said


def test_each_setting_tells_of_the_results_that_go_by_it(year: Workspace) -> None:
    weigh(year, 創新性=40, 擴散應用=10)
    option(year, "同一人多案只敘獎一次", "否")
    merge(year)
    effects = {row["欄位"]: row["影響的結果"] for row in listed(year)}
    assert "自評總分：" in effects["權重（%）"] and "敘獎：" not in effects["權重（%）"]
    assert effects["同一人多案只敘獎一次"].startswith("敘獎：")


def test_a_change_may_be_accepted_with_a_reason_as_it_stands(year: Workspace) -> None:
    def waived() -> list[bool]:
        found = gather(year).findings
        return [one.severity is Severity.WAIVED for one in found if one.code == "P621"]

    weigh(year, 創新性=40, 擴散應用=10)
    said = ["--reason", "會議決議調整", "--by", "王承辦", "--folder", str(year.root)]
    assert main(["waive", "P621", *said]) == 0
    assert waived() == [True, True]
    weigh(year, 創新性=45, 擴散應用=5)
    assert waived() == [False, False], "these are other weights"


def test_words_that_no_rule_reads_are_listed_but_ask_nothing(year: Workspace) -> None:
    person = Person(year.settings)
    place = person.find("評核構面", "創新性")
    person.put("評核構面", place.row, place.column + 2, "有別於現行作法")
    person.save()
    option(year, "承辦人", "林新任")
    merge(year)
    assert [row["現設定"] for row in listed(year)] == ["林新任", "有別於現行作法"]
    assert told(year) == []


def test_only_what_came_in_meanwhile_is_no_effect_of_the_settings(tmp_path: Path) -> None:
    year = year_of_114(tmp_path, "enrolment", "report")
    late = sorted(year.inbox.glob("*_03_*"))
    aside = [(path, path.read_bytes()) for path in late]
    for path in late:
        path.unlink()
    merge(year)
    for path, data in aside:
        path.write_bytes(data)
    option(year, "召集人計入應出席人數", "是")
    merge(year)
    [row] = listed(year)
    assert row["欄位"] == "召集人計入應出席人數"
    assert row["影響的結果"] == "（沒有不同）"


def test_whatever_is_changed_before_the_first_return_is_not_listed(tmp_path: Path) -> None:
    year = year_of_114(tmp_path / "a", "none")
    assert not any(year.inbox.iterdir())
    merge(year)
    weigh(year, 創新性=40, 擴散應用=10)
    merge(year)
    assert listed(year) == []
