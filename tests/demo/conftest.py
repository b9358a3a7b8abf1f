"""Banks for the tests of the demo itself: a small one, and the frozen one with views to read figures from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from t2sql.demo import build_bank

SMALL_SCALE = 0.05


@pytest.fixture(scope="session")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Path of a bank at a twentieth of the scale, built anew."""
    path = tmp_path_factory.mktemp("bank") / "small.duckdb"
    build_bank(path, scale=SMALL_SCALE)
    return path


@pytest.fixture
def small(small_bank: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the small bank."""
    with duckdb.connect(str(small_bank), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def full(demo_bank: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the bank at scale 1, with balances in CNY prepared once."""
    with duckdb.connect(str(demo_bank), read_only=True) as connection:
        connection.execute((Path(__file__).parent / "views.sql").read_text(encoding="utf-8"))
        yield connection
