"""Tables and columns with spaces, marks or keywords in their names get plain ones, and are asked on each engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.check import check
from t2sql.compiler import compile_sql
from t2sql.flow import Loads
from t2sql.onboarding.initiating import initiate
from t2sql.ossie import read_catalog
from t2sql.policy import Policies
from t2sql.settings import Settings
from t2sql.warehouse import open_source
from t2sql.warehouse.sources import parse_source

from servers import mariadb_connection, scratch_database, scratch_mariadb

SETTINGS = {"metrics": ".", "principal": "owner"}
CHOSEN = Settings(memory_limit="1GB", warehouse_threads=1)
TABLES = (
    'CREATE TABLE "Order Details" ("Order ID" INTEGER PRIMARY KEY, "Customer #" INTEGER NOT NULL,'
    ' "Net Amount (EUR)" DECIMAL(10, 2), "select" VARCHAR(20), "100% sure" VARCHAR(20))',
    'CREATE TABLE "Customer-Master" ("Customer #" INTEGER PRIMARY KEY, "Region/Area" VARCHAR(20))',
    'CREATE TABLE "Group" (id INTEGER PRIMARY KEY, "单价（元）" DECIMAL(10, 2))',
    'CREATE TABLE "dotted.name" (id INTEGER PRIMARY KEY)',
)
ROWS = {
    "Order Details": [(i, i % 40, i * 1.5, "AB"[i % 2], "y") for i in range(600)],
    "Customer-Master": [(i, "North" if i % 2 else "South") for i in range(40)],
    "Group": [(i, i) for i in range(5)],
}


def _filled(run: Callable[[str], Any], quote: str = '"') -> None:
    for text in TABLES:
        run(text.replace('"', quote))
    for name, rows in ROWS.items():
        run(f"INSERT INTO {quote}{name}{quote} VALUES {', '.join(map(str, rows))}")


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "mariadb"])
def test_names_that_need_quotes(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """They are drafted, checked, joined and answered; what no quote can say is told."""
    if engine == "duckdb":
        with duckdb.connect(str(tmp_path / "odd.duckdb")) as connection:
            _filled(connection.execute)
        _answers(str(tmp_path / "odd.duckdb"), tmp_path)
    elif engine == "postgres":
        import psycopg

        with scratch_database(request.getfixturevalue("postgres_address"), "odd") as address:
            with psycopg.connect(address, autocommit=True) as owner:
                _filled(lambda text: owner.execute(text.encode()))
            said = dict(part.split("=", 1) for part in address.split())
            _answers(f"postgresql://{said['user']}@/odd?host={said['host']}", tmp_path)
    else:
        socket = request.getfixturevalue("mariadb_socket")
        with scratch_mariadb(socket, "odd") as address:
            with mariadb_connection(socket, "odd") as connection, connection.cursor() as cursor:
                _filled(cursor.execute, "`")
            _answers(address, tmp_path)


def _answers(source: str, folder: Path) -> None:
    outcome = initiate(parse_source(source), folder / "drafted", settings=SETTINGS)
    assert ["dotted.name" in note.en for note in outcome.notes] == [True], outcome.notes
    catalog = read_catalog(folder / "drafted")
    # A name of SQL's own is no name here; the engine's schema, where it has one, tells it apart.
    (group,) = catalog.datasets.keys() - {"order_details", "customer_master"}
    orders = catalog.datasets["order_details"]
    assert (orders.source, orders.primary_key) == ("Order Details", ("Order ID",))
    assert [(r.from_dataset, r.to_dataset) for r in catalog.relationships] == [("order_details", "customer_master")]
    policies = Policies.read(folder / "drafted", catalog)
    narrowed = policies.narrow(catalog, policies.principal("owner"))
    with open_source(parse_source(source), CHOSEN) as warehouse:
        assert [f.message for f in check(folder / "drafted", warehouse) if f.level == "error"] == []

        def answer(sql: str) -> list[tuple[Any, ...]]:
            plan = compile_sql(sql, narrowed, Loads({}), dialect=warehouse.dialect)
            return list(warehouse.run(plan.physical, plan.columns, timeout_seconds=60).rows)

        total = next(m for m in catalog.metrics.values() if m.expression.startswith("SUM(order_details."))
        region = next(d.name for d in catalog.dimensions.values() if d.field == "region_area")
        found = answer(f"SELECT {region}, order_detail_count, {total.name} FROM drafted ORDER BY {region}")
        assert [(name, count, float(amount)) for name, count, amount in found] == [
            ("North", 300, sum(i * 1.5 for i in range(600) if i % 2)),
            ("South", 300, sum(i * 1.5 for i in range(600) if not i % 2)),
        ]
        select, sure = (
            next(name for name, item in orders.fields.items() if held in item.expression) for held in ("select", "100%")
        )
        assert answer(f"SELECT {select}, {sure} FROM order_details WHERE order_id = 7") == [("B", "y")]
        assert len(answer(f"SELECT 单价_元 FROM {group}")) == 5


def test_a_table_called_like_the_catalog_keeps_its_words(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "vet.duckdb")) as connection:
        connection.execute("CREATE TABLE vet (vet_id INTEGER PRIMARY KEY, hired_on DATE)")
        connection.execute("INSERT INTO vet SELECT i, DATE '2024-01-01' + i::INTEGER FROM range(40) AS r(i)")
    initiate(parse_source(str(tmp_path / "vet.duckdb")), tmp_path / "vet", settings=SETTINGS)
    (dataset,) = read_catalog(tmp_path / "vet").datasets.values()
    assert dataset.name == "vet_rows"
    assert dataset.display.en == "vet"
    assert "main" not in (tmp_path / "vet" / "model.yml").read_text(encoding="utf-8")
