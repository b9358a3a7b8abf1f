"""Every case file: semantic SQL and hand-written check SQL over the raw tables give the same rows on the demo bank."""

from __future__ import annotations

import re
from typing import Any

import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import QueryError
from t2sql.flow import Certified, Loads
from t2sql.policy import Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse

from case_files import read_cases
from row_sets import difference


@pytest.mark.parametrize("case", read_cases())
def test_case(
    case: dict[str, Any], catalog: Catalog, policies: Policies, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    """Equal rows, or the refusal that the case expects."""
    narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
    if "refused" in case:
        with pytest.raises(QueryError, match=case["refused"]):
            compile_sql(case["sql"], narrowed, loads)
        return
    plan = compile_sql(case["sql"], narrowed, loads)
    for guard in plan.guards:
        assert warehouse.rows(guard.physical, timeout_seconds=30) == []
    rows = list(warehouse.run(plan.physical, plan.columns, timeout_seconds=30).rows)
    expected = warehouse.rows(Certified(case["check_sql"], "duckdb", 100_000), timeout_seconds=30)
    is_ordered = case.get("ordered", False)
    assert difference(rows, expected, is_ordered) == ""


def test_every_metric_and_plain_dimension_has_a_case(catalog: Catalog) -> None:
    """No definition without a second way to compute it."""
    asked = " ".join(str(parameter.values[0].get("sql", "")) for parameter in read_cases())
    words = set(re.findall(r"\w+", asked))
    assert set(catalog.metrics) - words == set()
    assert {name for name, d in catalog.dimensions.items() if not d.role} - words == set()
