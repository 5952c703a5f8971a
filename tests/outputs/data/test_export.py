"""The dataset for other programs: nothing rounded, nothing a formula, every column explained."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from tests.support import nouns
from tests.support.year import DATASET, PLAN
from xltool.columns import Column, Type, not_shown
from xltool.forms import FORMS, SETTINGS
from xltool.outputs.data.export import Export, dictionary, exports
from xltool.outputs.data.frames import as_frame, write_csv, write_json, write_parquet

TABLES = exports(DATASET, PLAN)


def table(name: str, tables: tuple[Export, ...] = TABLES) -> Export:
    return next(one for one in tables if one.name == name)


def test_every_row_has_a_value_for_every_column() -> None:
    for one in TABLES:
        assert all(len(row) == len(one.columns) for row in one.rows), one.name
        assert len({column.name for column in one.columns}) == len(one.columns), one.name


@pytest.mark.parametrize("name", [one.name for one in TABLES])
def test_csv_opens_in_excel_as_it_was(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, as_frame(table(name), personal=True))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == [column.name for column in table(name).columns]
    assert len(rows) == len(table(name).rows)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_in_a_csv_is_a_formula(text: str, tmp_path: Path) -> None:
    hostile = replace(DATASET, items=(nouns.changed(DATASET.items[0], result=text),))
    path = tmp_path / "a.csv"
    write_csv(path, as_frame(table("items", exports(hostile, PLAN))))
    with path.open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["result"] == f"'{text}"


def test_json_holds_all_tables_and_rounds_no_score(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, [(one.name, as_frame(one, personal=True)) for one in TABLES], 114)
    plain = json.loads(path.read_text("utf-8"))
    assert plain["year"] == 114
    assert set(plain) == {"year", *(one.name for one in TABLES)}
    scores = [s for item in DATASET.items for s in item.scores]
    assert [one["score"] for one in plain["scores"]] == [
        None if s.value is None else str(s.value) for s in scores
    ]


@pytest.mark.parametrize("name", [one.name for one in TABLES])
def test_parquet_reads_back_equal(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, as_frame(table(name), personal=True))
    rows = [tuple(row.values()) for row in parquet.read_table(path).to_pylist()]
    assert rows == [
        tuple(Decimal(v) if isinstance(v, Decimal) else v for v in row) for row in table(name).rows
    ]


def test_the_dictionary_tells_every_column_and_marks_personal_data() -> None:
    told = {(row[0], row[2]): row for row in dictionary(TABLES).rows}
    assert set(told) == {(t.name, c.name) for t in TABLES for c in t.columns}
    assert told["people", "staff_id"][5] == "是"
    assert told["items", "result"][5] == ""
    assert all(row[3] for row in told.values())


def test_every_answer_of_every_form_stands_in_a_table() -> None:
    forms = [form for form in FORMS.values() if form is not SETTINGS]
    columns = [column for one in TABLES for column in one.columns]
    assert not_shown(forms, columns) == ()


def test_a_number_of_any_size_and_fineness_goes_into_parquet_exactly(tmp_path: Path) -> None:
    numbers = [Decimal("123456789.5"), Decimal("0.1234567"), None]
    column = Column("rate", "rate", "預算執行率", Type.NUMBER)
    path = tmp_path / "a.parquet"
    write_parquet(
        path, as_frame(Export("rates", "執行率", (column,), tuple((one,) for one in numbers)))
    )
    assert [row["rate"] for row in parquet.read_table(path).to_pylist()] == numbers
