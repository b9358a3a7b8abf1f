"""A guard finds a currency without a rate on every engine, and nothing where all rates are there."""

from __future__ import annotations

import pytest

from t2sql.compiler import compile_sql
from t2sql.flow import Loads
from t2sql.policy import Narrowed


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "spark"])
@pytest.mark.parametrize("metric", ["loan_balance", "new_loans"])
def test_missing_rate(
    dialect: str, metric: str, head_office: Narrowed, small_loads: Loads, request: pytest.FixtureRequest
) -> None:
    """A stock at its last rate, a flow at its period's average."""
    engine = request.getfixturevalue(f"{dialect}_bank")
    plan = compile_sql(f"SELECT {metric} FROM bank WHERE month = '2025-12'", head_office, small_loads, dialect=dialect)
    assert plan.guards
    found = [row for guard in plan.guards for row in engine.rows(guard.physical.sql)]
    assert found == []
    with engine.hiding("fx_rate", "currency_code = 'USD'"):
        found = [row for guard in plan.guards for row in engine.rows(guard.physical.sql)]
    assert found == [("USD",)]
