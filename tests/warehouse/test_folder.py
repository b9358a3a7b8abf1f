"""A folder of Parquet or CSV as a database: every file a table, nothing else reached, changes seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from t2sql.errors import WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified
from t2sql.warehouse.folder import FolderWarehouse, connect_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A CSV, a Parquet file, and a folder of Parquet files by part."""
    place = tmp_path / "lake"
    place.mkdir()
    (place / "branch.csv").write_text(
        'id,name,opened\n1,"上海, 浦东",2001-02-03\n2,,\n3,"",2010-01-01\n', encoding="utf-8"
    )
    with duckdb.connect() as made:
        made.execute(
            f"COPY (SELECT x AS id, CAST(x * 1.25 AS DECIMAL(18, 2)) AS amount FROM range(100) AS r(x))"
            f" TO '{place / 'loan.parquet'}' (FORMAT parquet)"
        )
        made.execute(
            f"COPY (SELECT x AS id, x % 3 AS part FROM range(30) AS r(x)) TO '{place / 'parts'}'"
            " (FORMAT parquet, PARTITION_BY (part))"
        )
    (place / "notes.txt").write_text("no table")
    return place


@pytest.fixture
def warehouse(folder: Path) -> Iterator[FolderWarehouse]:
    """It, opened as in production."""
    with FolderWarehouse(folder, memory_limit="512MB", threads=1) as opened:
        yield opened


def _ask(warehouse: FolderWarehouse, sql: str) -> list[tuple[object, ...]]:
    return warehouse.rows(Certified(sql, "duckdb", 1000), timeout_seconds=20)


def test_every_file_is_a_table_with_its_types(warehouse: FolderWarehouse) -> None:
    """Texts with commas, an empty text and NULL apart, decimals exact, folders named by a column."""
    branch = _ask(warehouse, "SELECT id, name, opened FROM branch ORDER BY id")
    assert branch == [(1, "上海, 浦东", date(2001, 2, 3)), (2, None, None), (3, "", date(2010, 1, 1))]
    assert _ask(warehouse, "SELECT amount FROM loan WHERE id = 3") == [(Decimal("3.75"),)]
    assert _ask(warehouse, "SELECT part, COUNT(*) FROM parts GROUP BY part ORDER BY part") == [
        (0, 10),
        (1, 10),
        (2, 10),
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY loan TO '{folder}/stolen.csv'",
        "CREATE TABLE made AS SELECT 1 AS x",
        "DROP VIEW loan",
        "ATTACH '{folder}/other.duckdb'",
        "SELECT * FROM '{folder}/loan.parquet'",
        "SELECT * FROM read_text('{folder}/notes.txt')",
        "SET enable_external_access = true",
        "SELECT 1; SELECT 2",
        "INSTALL httpfs",
    ],
)
def test_a_forged_certificate_reaches_nothing(sql: str, warehouse: FolderWarehouse, folder: Path) -> None:
    """Neither the files by another way, nor any file."""
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    with pytest.raises(WarehouseError):
        _ask(warehouse, sql.replace("{folder}", str(folder)))
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


def test_a_changed_file_is_seen(warehouse: FolderWarehouse, folder: Path) -> None:
    """At the next call, and told by the version."""
    before = warehouse.version()
    assert _ask(warehouse, "SELECT COUNT(*) FROM branch") == [(3,)]
    (folder / "branch.csv").write_text("id,name\n1,a\n", encoding="utf-8")
    assert warehouse.version() != before
    assert _ask(warehouse, "SELECT COUNT(*) FROM branch") == [(1,)]
    (folder / "branch.csv").unlink()
    with pytest.raises(WarehouseError, match="lacks a table"):
        _ask(warehouse, "SELECT COUNT(*) FROM branch")


def test_what_is_wrong_with_a_folder_is_told(tmp_path: Path) -> None:
    """Nothing in it, two tables of one name, two kinds of file in one table, a file that is none."""
    for files, told in (
        ({}, "holds no Parquet or CSV"),
        ({"a.csv": "x\n1\n", "A.parquet": ""}, "both named"),
        ({"t/a.csv": "x\n1\n", "t/b.parquet": ""}, "two kinds"),
        ({"a.parquet": "no parquet"}, "cannot be read"),
    ):
        place = tmp_path / told.replace(" ", "_")
        place.mkdir()
        for name, text in files.items():
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(text)
        with FolderWarehouse(place, memory_limit="512MB") as warehouse, pytest.raises(WarehouseUnavailable, match=told):
            _ask(warehouse, "SELECT 1")


def test_a_survey_reads_the_tables(folder: Path) -> None:
    """With their columns and types."""
    with connect_folder(folder, memory_limit="512MB") as connection:
        found = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall()
        assert [name for (name,) in found] == ["branch", "loan", "parts"]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"SELECT * FROM '{folder}/loan.parquet'")
