"""The copies hold what the scaled-down bank holds, and that holds every kind of row of the bank."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_values
from t2sql.flow import Loads
from t2sql.policy import Narrowed

from row_sets import difference

ENGINES = ["postgres", "mysql", "spark"]
KINDS = {
    "an orphan": "SELECT COUNT(*) FROM loan_snapshot LEFT JOIN customer USING (customer_id) WHERE customer_no IS NULL",
    "a closed outlet": "SELECT COUNT(*) FROM branch WHERE merged_into IS NOT NULL",
    "a foreign currency": "SELECT COUNT(DISTINCT currency_code) FROM loan_snapshot",
    "a thin load": "SELECT COUNT(*) FROM load_calendar WHERE row_count = 0",
}


def test_every_kind_of_row_is_in_the_small_bank(demo_bank: Path, small_bank: Path) -> None:
    """Columns hold NULL in the small bank where they do in the whole one, and oddities are in both or in neither."""
    assert _kinds(small_bank) == _kinds(demo_bank)


def _kinds(bank: Path) -> set[str]:
    with duckdb.connect(str(bank), read_only=True) as connection:
        read = connection.execute
        columns = read("SELECT table_name, column_name FROM information_schema.columns").fetchall()
        nulls = {f"{t}.{c}" for t, c in columns if read(f"SELECT 1 FROM {t} WHERE {c} IS NULL LIMIT 1").fetchall()}
        return nulls | {name for name, sql in KINDS.items() if read(sql).fetchall()[0][0] > 0}


@pytest.mark.parametrize("dialect", ["postgres", "mysql", pytest.param("spark", marks=pytest.mark.nightly)])
def test_copies_hold_the_same_rows(dialect: str, request: pytest.FixtureRequest) -> None:
    """As many rows, as many values in each column, and the same ends."""
    engine, oracle = request.getfixturevalue(f"{dialect}_bank"), request.getfixturevalue("small_duckdb")
    columns = oracle.rows("SELECT table_name, column_name, data_type FROM information_schema.columns")
    for table in {table for table, _column, _kind in columns}:
        asked = [f"COUNT({column})" for t, column, _kind in columns if t == table]
        asked += [f"{end}({c})" for t, c, kind in columns if t == table and kind != "BOOLEAN" for end in ("MIN", "MAX")]
        sql = f"SELECT COUNT(*), {', '.join(asked)} FROM {table}"
        assert engine.rows(sql) == oracle.rows(sql), table


@pytest.mark.parametrize("dialect", ENGINES)
def test_load_calendars(dialect: str, catalog: Catalog, small_loads: Loads, request: pytest.FixtureRequest) -> None:
    """compile_loads says the same on every engine."""
    from t2sql.compiler import compile_loads

    engine = request.getfixturevalue(f"{dialect}_bank")
    for name, query in compile_loads(catalog, dialect=dialect).items():
        expected = [(load.as_of, load.rows) for load in small_loads.by_dataset[name]]
        assert difference(engine.rows(query.sql), expected, True) == ""


@pytest.mark.parametrize("dialect", ENGINES)
def test_values_of_dimensions(dialect: str, head_office: Narrowed, request: pytest.FixtureRequest) -> None:
    """compile_values says the same, in the same order: text is compared byte by byte."""
    engine, oracle = request.getfixturevalue(f"{dialect}_bank"), request.getfixturevalue("small_duckdb")
    asked = [d for d in head_office.catalog.dimensions.values() if not d.role and not d.grain]
    assert asked
    for dimension in asked:
        expected = oracle.rows(compile_values(head_office, dimension).sql)
        found = engine.rows(compile_values(head_office, dimension, dialect=dialect).sql)
        assert difference(found, expected, True) == "", dimension.name
