"""MySQL, Oracle, Trino and Hive get text that sqlglot reads back. Nothing here has run on them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.compiler.engines.dialects import RENDERED, transpile
from t2sql.errors import CertifyError, NotComputable
from t2sql.flow import Certified, Loads
from t2sql.policy import Policies

from case_files import answered, cross_section, read_cases

CASES = answered(read_cases())


@pytest.mark.parametrize("case", cross_section(CASES))
def test_each_form_is_rendered(case: dict[str, Any], catalog: Catalog, policies: Policies, loads: Loads) -> None:
    """Text for each of the three, which their own dialect reads back with the same tables and outputs."""
    _check_rendered(case, catalog, policies, loads)


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASES)
def test_every_case_is_rendered(case: dict[str, Any], catalog: Catalog, policies: Policies, loads: Loads) -> None:
    """The same for all."""
    _check_rendered(case, catalog, policies, loads)


def _check_rendered(case: dict[str, Any], catalog: Catalog, policies: Policies, loads: Loads) -> None:
    narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
    plan = compile_sql(case["sql"], narrowed, loads)
    proven = sqlglot.parse_one(plan.physical.sql, read="duckdb")
    for dialect in RENDERED:
        text = transpile(plan.physical, dialect)
        (tree,) = sqlglot.parse(text, read=dialect)
        assert isinstance(tree, exp.Select | exp.SetOperation)
        assert _tables(tree) == _tables(proven), dialect
        assert [name.lower() for name in tree.named_selects] == [name.lower() for name in proven.named_selects], dialect


def _tables(tree: exp.Expr) -> set[str]:
    return {table.name.lower() for table in tree.find_all(exp.Table)}


def test_only_proven_sql_is_rendered() -> None:
    """What was proven for another engine is not rendered, nor is anything for an engine that has a proof."""
    with pytest.raises(CertifyError, match="certified for 'postgres' is not rendered for 'oracle'"):
        transpile(Certified("SELECT 1", "postgres", 1), "oracle")
    with pytest.raises(CertifyError, match="is not rendered for 'spark'"):
        transpile(Certified("SELECT 1", "duckdb", 1), "spark")


@pytest.mark.parametrize("dialect", RENDERED)
def test_what_an_engine_cannot_say_is_refused(dialect: str) -> None:
    """Never left out, never handed on as it is."""
    with pytest.raises(NotComputable, match=f"cannot be computed on {dialect}"):
        transpile(Certified("SELECT STRFTIME(d, '%G') FROM t", "duckdb", 1), dialect)


@pytest.mark.parametrize(
    ("dialect", "expression", "expected"),
    [
        ("oracle", "DATE_TRUNC('day', d)", "CAST(TRUNC(d, 'DD') AS DATE)"),
        ("oracle", "DATE_TRUNC('week', d)", "CAST(TRUNC(d, 'IW') AS DATE)"),
        ("oracle", "SUBSTRING(CAST(d AS TEXT), 1, 4)", "SUBSTR(CAST(d AS VARCHAR2(4000)), 1, 4)"),
        ("trino", r"s LIKE 'a\_b'", r"s LIKE 'a\_b'"),
        ("hive", "CAST(x AS INTEGER)", "CAST(CAST(x AS DECIMAL(38, 0)) AS INT)"),
        ("hive", "n / r", "CAST(n AS DOUBLE) / r"),
    ],
)
def test_rules_for_engines_that_nobody_ran(dialect: str, expression: str, expected: str) -> None:
    """What their manuals say, as text."""
    text = transpile(Certified(f"SELECT {expression} FROM t", "duckdb", 1), dialect)
    assert expected in " ".join(text.split())
