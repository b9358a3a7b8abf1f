"""The scaled-down demo bank behind the warehouse of every engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from t2sql.settings import Settings
from t2sql.warehouse import Warehouse, open_source
from t2sql.warehouse.sources import parse_source

from servers import CONNECT_PORT

SETTINGS = Settings(memory_limit="1GB", warehouse_threads=2)
Open = Callable[[str], Warehouse]


@pytest.fixture(scope="session")
def bank_source(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """`bank_source(engine)`: what `source` of the settings would say; starts no engine that is not asked."""

    def source(engine: str) -> str:
        get = request.getfixturevalue
        if engine == "duckdb":
            # One process cannot hold one path open both locked down and plainly.
            return str(shutil.copyfile(get("small_bank"), get("tmp_path_factory").mktemp("locked") / "bank.duckdb"))
        if engine == "postgres":
            return postgres_url(get("small_bank_in_postgres"))
        if engine == "mariadb":
            return str(get("small_bank_in_mariadb"))
        if engine == "parquet":
            return str(get("small_bank_in_parquet"))
        folder: Path = get("small_bank_in_parquet")
        if engine == "spark":
            get("spark")
            return f"spark://local{folder}"
        return f"sc://127.0.0.1:{get('spark').conf.get(CONNECT_PORT)}"

    return source


@pytest.fixture(scope="session")
def bank_on(bank_source: Callable[[str], str]) -> Iterator[Open]:
    """`bank_on(engine)`: its warehouse, opened once in a run."""
    with ExitStack() as stack:
        opened: dict[str, Warehouse] = {}

        def on(engine: str) -> Warehouse:
            if engine not in opened:
                made: Any = open_source(parse_source(bank_source(engine)), SETTINGS)
                opened[engine] = stack.enter_context(made)
            return opened[engine]

        yield on


def postgres_url(address: str) -> str:
    """The address that a connection string of psycopg means."""
    parts = dict(part.split("=", 1) for part in address.split())
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
