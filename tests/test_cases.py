"""Every case file: semantic SQL and hand-written check SQL over the raw tables give the same rows on the demo bank."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import QueryError
from t2sql.flow import Certified, Loads
from t2sql.policy import Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse

FOLDER = Path(__file__).parent / "cases"
RELATIVE = 1e-6


def read_cases() -> list[Any]:
    """One pytest parameter a case, named by file and case."""
    cases = []
    for path in sorted(FOLDER.rglob("*.yml")):
        for case in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            cases.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return cases


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


def difference(rows: Sequence[Sequence[Any]], expected: Sequence[Sequence[Any]], is_ordered: bool) -> str:
    """ "" when both hold the same rows; else the first that differs."""
    if len(rows) != len(expected):
        return f"{len(rows)} rows instead of {len(expected)}: {rows[:3]} … against {expected[:3]} …"
    left, right = (rows, expected) if is_ordered else (sorted(rows, key=_sort_key), sorted(expected, key=_sort_key))
    for index, (row, wanted) in enumerate(zip(left, right, strict=True)):
        if len(row) != len(wanted) or not all(same(a, b) for a, b in zip(row, wanted, strict=True)):
            return f"row {index}: {tuple(row)} instead of {tuple(wanted)}"
    return ""


def same(a: Any, b: Any) -> bool:
    """Equal values; numbers within a relative 1e-6."""
    if isinstance(a, (int, float, Decimal)) and isinstance(b, (int, float, Decimal)) and not isinstance(a, bool):
        return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=1e-9)
    return bool(a == b)


def _sort_key(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple((value is None, _rounded(value)) for value in row)


def _rounded(value: Any) -> Any:
    if isinstance(value, (int, float, Decimal)):
        return ("", float(f"{float(value):.5g}"))
    return (str(value) if isinstance(value, (str, date)) else "", 0.0)
