"""Fixtures shared by all tests: the demo bank, its catalog and rights, and what is loaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_loads
from t2sql.flow import Load, Loads
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Policies
from t2sql.settings import Settings, load
from t2sql.warehouse.duckdb import DuckDbWarehouse

from bank_copies import copy_to_mariadb, copy_to_parquet, copy_to_postgres
from built_bank import built_bank
from servers import running_mariadb, running_postgres, running_spark, scratch_database, scratch_mariadb

ROOT = Path(__file__).parent.parent
METRICS = ROOT / "metrics" / "bank"
SMALL = 0.05


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The checkout's own settings."""
    return load(ROOT / "t2sql.toml")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The demo bank's definitions, whole."""
    return read_catalog(METRICS)


@pytest.fixture(scope="session")
def policies(catalog: Catalog) -> Policies:
    """The demo bank's rights."""
    return Policies.read(METRICS, catalog)


@pytest.fixture(scope="session")
def head_office(catalog: Catalog, policies: Policies) -> Narrowed:
    """The catalog as head office sees it."""
    return policies.narrow(catalog, policies.principal("hq"))


@pytest.fixture(scope="session")
def locked_bank(demo_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo bank at a path of its own: one process cannot hold one path open both locked down and plainly."""
    path = tmp_path_factory.mktemp("locked") / "bank.duckdb"
    shutil.copyfile(demo_bank, path)
    return path


@pytest.fixture(scope="session")
def warehouse(locked_bank: Path) -> Iterator[DuckDbWarehouse]:
    """The demo bank, locked down as in production."""
    with DuckDbWarehouse(locked_bank, memory_limit="2GB") as opened:
        yield opened


@pytest.fixture(scope="session")
def loads(catalog: Catalog, warehouse: DuckDbWarehouse) -> Loads:
    """The demo bank's load calendars."""
    found = {name: warehouse.rows(query, timeout_seconds=30) for name, query in compile_loads(catalog).items()}
    return Loads({name: tuple(Load(*row) for row in rows) for name, rows in found.items()})


@pytest.fixture(scope="session")
def demo_bank() -> Path:
    """Path of the demo bank at scale 1; read it only."""
    return built_bank()


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Connection string of a PostgreSQL server of this run, without a database."""
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def postgres(postgres_address: str) -> Iterator[Any]:
    """A psycopg connection as owner to an empty database of its own, each statement committed."""
    import psycopg

    with scratch_database(postgres_address, "scratch") as address, psycopg.connect(address, autocommit=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def mariadb_socket() -> Iterator[Path]:
    """Socket of a MariaDB server of this run."""
    with running_mariadb() as socket:
        yield socket


@pytest.fixture(scope="session")
def small_bank() -> Path:
    """Path of the demo bank at one twentieth: 2,500 customers, every table and every kind of row."""
    return built_bank(SMALL)


@pytest.fixture(scope="session")
def small_bank_in_postgres(
    postgres_address: str, small_bank: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Connection string of a PostgreSQL database with the rows of `small_bank`."""
    with scratch_database(postgres_address, "small_bank") as address:
        copy_to_postgres(small_bank, address, tmp_path_factory.mktemp("csv"))
        yield address


@pytest.fixture(scope="session")
def small_bank_in_mariadb(
    mariadb_socket: Path, small_bank: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a MariaDB database `small_bank` with the rows of `small_bank`."""
    with scratch_mariadb(mariadb_socket, "small_bank") as address:
        copy_to_mariadb(small_bank, mariadb_socket, "small_bank", tmp_path_factory.mktemp("csv"))
        yield address


@pytest.fixture(scope="session")
def small_bank_in_parquet(small_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one Parquet file for each table of `small_bank`."""
    folder = tmp_path_factory.mktemp("small_bank")
    copy_to_parquet(small_bank, folder)
    return folder


@pytest.fixture(scope="session")
def spark(pytestconfig: pytest.Config) -> Iterator[Any]:
    """The one SparkSession of this run; `spark.newSession()` keeps temporary views and settings apart."""
    with running_spark(is_compiled=pytestconfig.getoption("markexpr") == "nightly") as session:
        yield session
