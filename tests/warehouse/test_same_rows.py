"""The same hundred semantic SQL statements give the same rows on every engine, each through its own warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from t2sql.catalog import Catalog
from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import NotComputable
from t2sql.flow import Load, Loads, Result
from t2sql.policy import Policies
from t2sql.warehouse import Warehouse

from case_files import answered, cross_section, read_cases
from row_sets import difference

HOW_MANY = 100
KINDS: dict[str, set[type]] = {
    "text": {str},
    "integer": {int, Decimal},
    "number": {int, float, Decimal},
    "date": {date},
    "boolean": {bool},
}
"""Type of a column -> the Python types that its values may have."""
CASES = answered(read_cases())


def chosen() -> list[Any]:
    """Each form once, and others at even steps up to a hundred: by rule, so that nobody picks those that pass."""
    forms = cross_section(CASES)
    rest = [case for case in CASES if case not in forms]
    wanted = HOW_MANY - len(forms)
    step = len(rest) / wanted
    return forms + [rest[int(place * step)] for place in range(wanted)]


def _pairs() -> Iterator[Any]:
    """(engine, case)."""
    for engine in ("parquet", "postgres", "mariadb", "spark"):
        for case in chosen():
            yield pytest.param(engine, case.values[0], id=f"{engine}-{case.id}")


@pytest.fixture(scope="session")
def bank_loads(catalog: Catalog, bank_on: Any) -> Any:
    """`bank_loads(engine)`: the load calendars, as that engine gives them."""
    known: dict[str, Loads] = {}

    def loads(engine: str) -> Loads:
        if engine not in known:
            warehouse: Warehouse = bank_on(engine)
            asked = compile_loads(catalog, dialect=warehouse.dialect)
            rows = {name: warehouse.rows(query, timeout_seconds=30) for name, query in asked.items()}
            known[engine] = Loads({name: tuple(Load(*row) for row in found) for name, found in rows.items()})
        return known[engine]

    return loads


@pytest.fixture(scope="session")
def expected() -> dict[str, Result]:
    """What DuckDB answered, by case; each is asked once."""
    return {}


def test_there_are_a_hundred() -> None:
    """And no two alike."""
    assert len({case.id for case in chosen()}) == HOW_MANY


@pytest.mark.parametrize(("engine", "case"), list(_pairs()))
def test_same_rows(
    engine: str,
    case: dict[str, Any],
    catalog: Catalog,
    policies: Policies,
    bank_on: Any,
    bank_loads: Any,
    expected: dict[str, Result],
) -> None:
    """Texts, dates and NULLs exactly, numbers within a millionth, and in the same order where one is asked."""
    key = f"{case['name']} {case['sql']}"
    if key not in expected:
        expected[key] = _ask("duckdb", case, catalog, policies, bank_on, bank_loads)
    if bank_on(engine).dialect in case.get("refused_on", ()):
        with pytest.raises(NotComputable):
            _ask(engine, case, catalog, policies, bank_on, bank_loads)
        return
    found = _ask(engine, case, catalog, policies, bank_on, bank_loads)
    assert found.columns == expected[key].columns
    assert difference(found.rows, expected[key].rows, case.get("ordered", False)) == ""
    for column, values in zip(found.columns, zip(*found.rows, strict=True), strict=False):
        kinds = {type(value) for value in values if value is not None}
        assert kinds <= KINDS[column.type], (column.name, kinds)


@pytest.mark.parametrize("engine", ["parquet", "postgres", "mariadb", "spark"])
def test_same_loads(engine: str, bank_loads: Any) -> None:
    """Each engine says the same of what is loaded."""
    assert bank_loads(engine) == bank_loads("duckdb")


def _ask(
    engine: str, case: dict[str, Any], catalog: Catalog, policies: Policies, bank_on: Any, bank_loads: Any
) -> Result:
    warehouse: Warehouse = bank_on(engine)
    narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
    plan = compile_sql(case["sql"], narrowed, bank_loads(engine), dialect=warehouse.dialect)
    for guard in plan.guards:
        assert warehouse.rows(guard.physical, timeout_seconds=60) == []
    return warehouse.run(plan.physical, plan.columns, timeout_seconds=60)
