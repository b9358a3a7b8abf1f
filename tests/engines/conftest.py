"""The scaled-down demo bank on every engine that physical SQL is proven on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_loads
from t2sql.flow import Load, Loads

from bank_copies import copy_to_mariadb, copy_to_parquet, copy_to_postgres, show_in_spark
from servers import mariadb_connection, scratch_database, scratch_mariadb

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine that holds a bank."""

    dialect: str
    rows: Callable[[str], Rows]
    """Runs SQL of its dialect."""
    hiding: Callable[[str, str], AbstractContextManager[None]] | None = None
    """`hiding(table, condition)`: for a while, the table without the rows of the condition."""


@pytest.fixture(scope="session")
def small_duckdb(small_bank: Path) -> Iterator[Engine]:
    """The oracle: check SQL runs here."""
    yield from _duckdb(small_bank)


@pytest.fixture(scope="session")
def postgres_bank(small_bank_in_postgres: str) -> Iterator[Engine]:
    """PostgreSQL with the rows of `small_bank`."""
    yield from _postgres(small_bank_in_postgres)


@pytest.fixture(scope="session")
def mysql_bank(mariadb_socket: Path, small_bank_in_mariadb: str) -> Iterator[Engine]:
    """MariaDB with the rows of `small_bank`."""
    yield from _mariadb(mariadb_socket, "small_bank")


@pytest.fixture(scope="session")
def spark_bank(spark: Any, small_bank_in_parquet: Path) -> Engine:
    """Spark with the rows of `small_bank`."""
    return _filled_spark(spark, small_bank_in_parquet)


@pytest.fixture(scope="session")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file with one table of values that engines read differently."""
    path = tmp_path_factory.mktemp("awkward") / "awkward.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((Path(__file__).parent / "awkward.sql").read_text(encoding="utf-8"))
    return path


@pytest.fixture(scope="session")
def awkward_duckdb(awkward: Path) -> Iterator[Engine]:
    """The awkward values in DuckDB."""
    yield from _duckdb(awkward)


@pytest.fixture(scope="session")
def postgres_awkward(
    postgres_address: str, awkward: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The awkward values in PostgreSQL."""
    yield from _filled_postgres(postgres_address, awkward, tmp_path_factory)


@pytest.fixture(scope="session")
def mysql_awkward(mariadb_socket: Path, awkward: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The awkward values in MariaDB."""
    yield from _filled_mariadb(mariadb_socket, awkward, tmp_path_factory)


@pytest.fixture(scope="session")
def spark_awkward(spark: Any, awkward: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The awkward values in Spark."""
    folder = tmp_path_factory.mktemp("parquet")
    copy_to_parquet(awkward, folder)
    return _filled_spark(spark, folder)


@pytest.fixture(scope="session")
def small_loads(catalog: Catalog, small_duckdb: Engine) -> Loads:
    """The load calendars of `small_bank`."""
    return read_loads(catalog, small_duckdb)


def _duckdb(path: Path) -> Iterator[Engine]:
    with duckdb.connect(str(path), read_only=True) as connection:
        yield Engine("duckdb", lambda sql: connection.execute(sql).fetchall())


def _filled_postgres(server: str, path: Path, folders: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database of its own with the rows of the DuckDB file at `path`."""
    with scratch_database(server, path.stem) as address:
        copy_to_postgres(path, address, folders.mktemp("csv"))
        yield from _postgres(address)


def _filled_mariadb(socket: Path, path: Path, folders: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database of its own with the rows of the DuckDB file at `path`."""
    folder = folders.mktemp("csv")
    with scratch_mariadb(socket, path.stem):
        copy_to_mariadb(path, socket, path.stem, folder)
        yield from _mariadb(socket, path.stem)


def _filled_spark(spark: Any, folder: Path) -> Engine:
    """A session of its own with the Parquet files in `folder`."""
    session = spark.newSession()
    show_in_spark(folder, session)
    return _spark(session)


def read_loads(catalog: Catalog, engine: Engine) -> Loads:
    """The load calendars as `engine` gives them."""
    asked = compile_loads(catalog, dialect=engine.dialect)
    return Loads({name: tuple(Load(*row) for row in engine.rows(query.sql)) for name, query in asked.items()})


def _postgres(address: str) -> Iterator[Engine]:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")

        def rows(sql: str) -> Rows:
            return connection.execute(sql.encode()).fetchall()

        @contextmanager
        def hiding(table: str, condition: str) -> Iterator[None]:
            # A temporary view is found before the table of its name.
            view = f"CREATE TEMP VIEW {table} AS SELECT * FROM public.{table} WHERE NOT ({condition})"
            with connection.transaction(force_rollback=True):
                connection.execute("SET TRANSACTION READ WRITE")
                connection.execute(view.encode())
                yield

        yield Engine("postgres", rows, hiding)


def _mariadb(socket: Path, database: str) -> Iterator[Engine]:
    from t2sql.warehouse.mariadb import MariaDb

    driver = MariaDb()
    with mariadb_connection(socket, database) as connection, connection.cursor() as cursor:
        driver.settle(connection)

        def rows(sql: str) -> Rows:
            cursor.execute(sql)
            return list(cursor.fetchall())

        @contextmanager
        def hiding(table: str, condition: str) -> Iterator[None]:
            # A temporary table is found before the table of its name.
            cursor.execute("SET SESSION TRANSACTION READ WRITE")
            cursor.execute(f"CREATE TEMPORARY TABLE `{table}` AS SELECT * FROM `{table}` WHERE NOT ({condition})")
            yield
            cursor.execute(f"DROP TEMPORARY TABLE `{table}`")

        yield Engine("mysql", rows, hiding)


def _spark(session: Any) -> Engine:
    @contextmanager
    def hiding(table: str, condition: str) -> Iterator[None]:
        whole = session.table(table)
        whole.where(f"NOT ({condition})").createOrReplaceTempView(table)
        yield
        whole.createOrReplaceTempView(table)

    return Engine("spark", lambda sql: [tuple(row) for row in session.sql(sql).collect()], hiding)
