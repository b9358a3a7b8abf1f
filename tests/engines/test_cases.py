"""Every case file on PostgreSQL, MariaDB and Spark: the rows equal the check SQL's, run on DuckDB over the same bank.

On MariaDB and Spark each form runs every time through its warehouse: tests/warehouse.
"""

from __future__ import annotations

from typing import Any

import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import NotComputable
from t2sql.flow import Loads
from t2sql.policy import Policies

from case_files import answered, read_cases
from row_sets import difference

CASES = answered(read_cases())


@pytest.mark.parametrize("case", CASES)
def test_on_postgres(
    case: dict[str, Any], catalog: Catalog, policies: Policies, small_loads: Loads, request: pytest.FixtureRequest
) -> None:
    """Every case, each time."""
    assert _difference("postgres", case, catalog, policies, small_loads, request) == ""


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASES)
def test_all_on_mysql(
    case: dict[str, Any], catalog: Catalog, policies: Policies, small_loads: Loads, request: pytest.FixtureRequest
) -> None:
    """Every case, which takes minutes."""
    assert _difference("mysql", case, catalog, policies, small_loads, request) == ""


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASES)
def test_all_on_spark(
    case: dict[str, Any], catalog: Catalog, policies: Policies, small_loads: Loads, request: pytest.FixtureRequest
) -> None:
    """Every case, with plans compiled to bytecode as in production, which takes minutes."""
    assert _difference("spark", case, catalog, policies, small_loads, request) == ""


def _difference(
    dialect: str,
    case: dict[str, Any],
    catalog: Catalog,
    policies: Policies,
    loads: Loads,
    request: pytest.FixtureRequest,
) -> str:
    """ "" for the same rows, with the physical SQL else."""
    engine, oracle = request.getfixturevalue(f"{dialect}_bank"), request.getfixturevalue("small_duckdb")
    narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
    if dialect in case.get("refused_on", ()):
        with pytest.raises(NotComputable, match=f"cannot be computed on {dialect}"):
            compile_sql(case["sql"], narrowed, loads, dialect=dialect)
        return ""
    plan = compile_sql(case["sql"], narrowed, loads, dialect=dialect)
    assert plan.physical.dialect == dialect
    for guard in plan.guards:
        assert guard.physical.dialect == dialect
        assert engine.rows(guard.physical.sql) == []
    rows, expected = engine.rows(plan.physical.sql), oracle.rows(case["check_sql"])
    found = difference(rows, expected, case.get("ordered", False))
    return found and f"{found}\n{plan.physical.sql}"
