"""Dates kept as text or as numbers become dates, on every engine alike; what one row contradicts stays as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.check import check
from t2sql.compiler import compile_loads, compile_sql
from t2sql.flow import Load, Loads
from t2sql.onboarding.date_texts import date_expression, days_among, marks_among
from t2sql.onboarding.initiating import initiate
from t2sql.ossie import read_catalog
from t2sql.policy import Policies
from t2sql.settings import Settings
from t2sql.warehouse import open_source
from t2sql.warehouse.sources import parse_source

from servers import mariadb_connection, scratch_database, scratch_mariadb

SETTINGS = {"metrics": ".", "principal": "owner"}
CHOSEN = Settings(memory_limit="1GB", warehouse_threads=1)


@pytest.mark.parametrize(
    ("form", "values", "marks"),
    [
        ("%Y%m%d", ["20240131", "20240229"], ()),
        ("%Y%m%d", [20240131, 0, None], ("0",)),
        ("%Y%m%d", ["20240131", "", "00000000"], ("", "00000000")),
        ("%Y%m%d", ["20240131", "99991231"], ()),
        ("%Y%m%d", ["20240131", "20240230"], None),
        ("%Y%m%d", ["20240131", "unknown"], None),
        ("%Y%m%d", ["20240131", " 20240131"], None),
        ("%Y-%m-%d", ["2024-01-31", "2024-2-3"], ()),
        ("%Y-%m-%d", ["2024-01-31", "2024-01-31 "], None),
        ("%Y/%m/%d", ["2024/01/31"], ()),
        ("%Y/%m/%d", ["2024/1/31"], None),
        ("%Y-%m-%d %H:%M:%S", ["2024-01-31 23:59:59", ""], ("",)),
        ("%Y年%m月%d日", ["2024年01月31日"], ()),
        ("%d/%m/%Y", ["31/01/2024"], ()),
        ("%Y-%m", ["2024-01"], None),
        ("%Y%m", [202401], None),
    ],
)
def test_what_every_row_must_hold(form: str, values: list[Any], marks: tuple[str, ...] | None) -> None:
    assert marks_among(values, form) == marks
    if marks is None:
        return
    kind: Any = "integer" if isinstance(values[0], int) else "text"
    expression = date_expression("v", kind, form, marks)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t (v {'INTEGER' if kind == 'integer' else 'VARCHAR'})")
        connection.executemany("INSERT INTO t VALUES (?)", [[value] for value in values])
        found = {row[0] for row in connection.execute(f"SELECT {expression} FROM t").fetchall()} - {None}
    assert found == days_among([value for value in values if value is not None], form)


BOOK = """
SELECT i AS deal_id, i * 1.5 AS amount, CAST(strftime(day, '%Y%m%d') AS INTEGER) AS deal_date,
    strftime(day, '%Y%m%d') AS booked_date, strftime(day, '%Y/%m/%d') AS paid_date,
    strftime(day, '%Y-%m-%d') || ' 12:30:00' AS seen_time,
    CASE WHEN i % 10 = 0 THEN '' ELSE strftime(day, '%Y%m%d') END AS closed_date,
    CASE WHEN i = 11990 THEN 'soon' ELSE strftime(day, '%Y%m%d') END AS promised_date,
    CAST(strftime(day, '%Y%m') AS INTEGER) AS deal_month
FROM (SELECT i, DATE '2024-01-01' + CAST(i % 500 AS INTEGER) AS day FROM range(12000) AS r(i))
"""
DATED = ("deal_date", "booked_date", "paid_date", "seen_time", "closed_date")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one table of more rows than a sample has; the one bad value may lie outside it."""
    folder = tmp_path_factory.mktemp("lake")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({BOOK}) TO '{folder / 'deals.parquet'}' (FORMAT parquet)")
    return folder


@pytest.fixture(scope="module")
def rows(lake: Path) -> list[tuple[Any, ...]]:
    """Its rows."""
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM '{lake / 'deals.parquet'}'").fetchall()


COLUMNS = (
    "deal_id INTEGER PRIMARY KEY, amount DECIMAL(18, 2), deal_date INTEGER, booked_date VARCHAR(20),"
    " paid_date VARCHAR(20), seen_time VARCHAR(20), closed_date VARCHAR(20), promised_date VARCHAR(20),"
    " deal_month INTEGER"
)


@pytest.mark.parametrize("engine", ["folder", "spark", "postgres", "mariadb"])
def test_a_table_is_dated_by_such_a_column(
    engine: str, lake: Path, rows: list[tuple[Any, ...]], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Its rows of one month are those of that month; the column with one bad value among thousands is no date."""
    if engine == "postgres":
        import psycopg

        with scratch_database(request.getfixturevalue("postgres_address"), "dated") as address:
            with psycopg.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE deals ({COLUMNS})")
                with cursor.copy("COPY deals FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            said = dict(part.split("=", 1) for part in address.split())
            _is_dated(f"postgresql://{said['user']}@/dated?host={said['host']}", "", tmp_path)
    elif engine == "mariadb":
        socket = request.getfixturevalue("mariadb_socket")
        with scratch_mariadb(socket, "dated") as address:
            with mariadb_connection(socket, "dated") as connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE deals ({COLUMNS})")
                cursor.executemany(f"INSERT INTO deals VALUES ({', '.join(['%s'] * 9)})", rows)
            _is_dated(address, "", tmp_path)
    else:
        if engine == "spark":
            request.getfixturevalue("spark")
        _is_dated(str(lake), f"spark://local{lake}" if engine == "spark" else "", tmp_path)


def _is_dated(source: str, asked: str, folder: Path) -> None:
    """Drafts from `source`, and asks `asked`, which holds the same rows; "" for `source` itself."""
    initiate(parse_source(source), folder / "drafted", settings=SETTINGS)
    catalog = read_catalog(folder / "drafted")
    deals = catalog.datasets["deals"]
    assert {name for name, item in deals.fields.items() if item.is_time and item.type == "date"} == set(DATED)
    assert deals.time_dimension in ("deal_date", "booked_date") and deals.fields["deal_month"].type == "integer"
    assert not any("month" in metric.expression for metric in catalog.metrics.values()), "a month is never summed"
    policies = Policies.read(folder / "drafted", catalog)
    narrowed = policies.narrow(catalog, policies.principal("owner"))
    with open_source(parse_source(asked or source), CHOSEN) as warehouse:
        if not asked:
            assert [f.message for f in check(folder / "drafted", warehouse) if f.level == "error"] == []
        loads = {
            name: tuple(Load(*row) for row in warehouse.rows(query, timeout_seconds=60))
            for name, query in compile_loads(catalog, dialect=warehouse.dialect).items()
        }
        assert loads["deals"][0] == Load(date(2024, 1, 1), 24) and len(loads["deals"]) == 500

        def answer(sql: str) -> list[tuple[Any, ...]]:
            plan = compile_sql(sql, narrowed, Loads(loads), dialect=warehouse.dialect)
            return list(warehouse.run(plan.physical, plan.columns, timeout_seconds=60).rows)

        assert answer("SELECT deal_count FROM drafted WHERE month = '2024-02'") == [(29 * 24,)]
        (first,) = answer(
            f"SELECT {', '.join(DATED)} FROM deals WHERE deal_id = 10 AND month = '2024-01'",
        )
        assert first[:-1] == (date(2024, 1, 11),) * 4 and first[-1] is None
