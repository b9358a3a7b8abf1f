"""Relations that hold whatever the figures are: parts sum to the whole, rights equal deleted rows, spelling is nothing.

They need no hand-written answer, and so reach every metric over every dimension.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog, Metric
from t2sql.compiler import compile_sql
from t2sql.errors import NotComputable
from t2sql.flow import Loads
from t2sql.paths import joins_to
from t2sql.policy import Narrowed, Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse

from row_sets import difference, same

MONTH = "month = '2025-12'"
PERIOD = "quarter = '2025-Q4'"
# Where a row of each table is booked; tables that are not named here have no such column and are seen whole.
BOOKED = {
    **dict.fromkeys(
        (
            "card card_snapshot card_transaction customer_snapshot deposit_account deposit_daily deposit_snapshot"
            " fee_transaction gl_balance gl_monthly loan loan_disbursement loan_repayment loan_snapshot wealth_holding"
        ).split(),
        "branch_id",
    ),
    "customer": "home_branch_id",
    "branch": "branch_id",
}


def dataset_of(metric: Metric) -> str:
    """The fact that a simple metric aggregates."""
    column = sqlglot.parse_one(metric.expression, read="duckdb").find(exp.Column)
    assert column is not None
    return column.table


def additive_metrics(catalog: Catalog) -> dict[str, list[str]]:
    """Dataset -> its metrics that are sums or counts of rows."""
    found: dict[str, list[str]] = {}
    for metric in catalog.metrics.values():
        if metric.type == "simple":
            tree = sqlglot.parse_one(metric.expression, read="duckdb")
            if isinstance(tree, (exp.Sum, exp.Count)) and not isinstance(tree.this, exp.Distinct):
                found.setdefault(dataset_of(metric), []).append(metric.name)
    return found


class Bank:
    """Semantic SQL to rows."""

    def __init__(self, narrowed: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> None:
        self.narrowed, self.loads, self.warehouse = narrowed, loads, warehouse

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        plan = compile_sql(sql, self.narrowed, self.loads)
        return list(self.warehouse.run(plan.physical, plan.columns, timeout_seconds=30).rows)


@pytest.fixture(scope="module")
def bank(head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> Bank:
    """The demo bank as head office asks it."""
    return Bank(head_office, loads, warehouse)


@pytest.fixture(scope="module")
def east_alone(demo_bank: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo bank after somebody deleted every row that is not booked in the east."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{demo_bank}' AS whole (READ_ONLY)")
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'whole'"
        ).fetchall()
        for (table,) in tables:
            where = (
                f"WHERE {BOOKED[table]} IN (SELECT branch_id FROM whole.branch WHERE region_name = '华东区')"
                if table in BOOKED
                else ""
            )
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM whole.{table} {where}")
        connection.execute("DETACH whole")
        yield connection


def reached(catalog: Catalog, dataset: str) -> list[str]:
    """Dimensions of a fact, without personal ones."""
    found = []
    for dimension in catalog.dimensions.values():
        with contextlib.suppress(NotComputable):
            is_reached = joins_to(catalog, dataset, dimension) is not None
            if (is_reached or catalog.conforming_field(dataset, dimension)) and not catalog.field_of(
                dimension
            ).sensitivity:
                found.append(dimension.name)
    return found


def test_parts_sum_to_the_whole(bank: Bank) -> None:
    """Every additive metric over every dimension that its fact has, two at a time, orphans under NULL included."""
    compared = 0
    for dataset, metrics in additive_metrics(bank.narrowed.catalog).items():
        names = ", ".join(metrics)
        (whole,) = bank.rows(f"SELECT {names} FROM bank WHERE {MONTH}")
        dimensions = reached(bank.narrowed.catalog, dataset)
        half = (len(dimensions) + 1) // 2
        for pair in itertools.zip_longest(dimensions[:half], dimensions[half:]):
            asked = [name for name in pair if name]
            rows = bank.rows(f"SELECT {', '.join(asked)}, {names} FROM bank WHERE {MONTH}")
            for index, metric in enumerate(metrics):
                parts = sum(float(row[len(asked) + index] or 0) for row in rows)
                assert same(parts, float(whole[index] or 0)), (metric, asked)
                compared += len(asked)
    assert compared > 500


@pytest.mark.parametrize(
    ("first", "second", "metrics"),
    [
        ("branch", "segment", "loan_balance, loan_count, npl_balance, overdue_balance"),
        ("region", "industry", "new_loans, new_loan_count"),
        ("managing_branch", "risk_class", "loan_balance"),
        ("home_region", "product", "deposit_balance"),
        ("currency", "deposit_term", "deposit_balance, foreign_deposit_balance"),
        ("merchant_category", "channel", "card_spend, card_txn_count"),
        ("account_group", "region", "interest_income, fee_income"),
        ("loan_term_band", "collateral", "loan_balance_avg"),
    ],
)
def test_a_second_dimension_sums_back(bank: Bank, first: str, second: str, metrics: str) -> None:
    """A finer grouping, added up outside, gives the coarser one."""
    coarse = bank.rows(f"SELECT {first}, {metrics} FROM bank WHERE {PERIOD}")
    fine = bank.rows(f"SELECT {first}, {second}, {metrics} FROM bank WHERE {PERIOD}")
    assert len(fine) > len(coarse) > 1
    added = [
        (name, *(sum(float(v or 0) for v in column) for column in list(zip(*group, strict=True))[2:]))
        for name, rows in itertools.groupby(sorted(fine, key=lambda r: str(r[0])), key=lambda r: r[0])
        for group in [list(rows)]
    ]
    assert difference(added, [(r[0], *(float(v or 0) for v in r[1:])) for r in coarse], False) == ""


@pytest.mark.parametrize(
    "metric",
    ["new_loans", "card_spend", "fee_amount", "interest_income", "new_customers", "net_profit", "principal_repaid"],
)
def test_months_sum_to_their_year(bank: Bank, metric: str) -> None:
    """A flow adds up over time, a period's last and first day included."""
    months = bank.rows(f"SELECT month, {metric} FROM bank WHERE year = '2025'")
    quarters = bank.rows(f"SELECT quarter, {metric} FROM bank WHERE year = '2025'")
    days = bank.rows(f"SELECT {metric} FROM bank WHERE month BETWEEN '2025-01' AND '2025-12'")
    ((year,),) = bank.rows(f"SELECT {metric} FROM bank WHERE year = '2025'")
    assert len(months) == 12 and len(quarters) == 4
    assert same(sum(row[1] for row in months), year)
    assert same(sum(row[1] for row in quarters), year)
    assert same(days[0][0], year)


@pytest.mark.parametrize("function", ["yoy", "yoy_diff", "mom", "qoq_diff", "prev", "prior_year", "vs_year_start"])
def test_a_comparison_is_that_of_two_answers(bank: Bank, function: str) -> None:
    """What a function says follows from the two figures asked alone."""
    base_period = {"yoy": "2024-12", "yoy_diff": "2024-12", "prior_year": "2024-12", "vs_year_start": "2024-12"}
    base_period |= {"mom": "2025-11", "prev": "2025-11", "qoq_diff": "2025-09"}
    asked = bank.rows(f"SELECT branch, {function}(loan_balance) FROM bank WHERE month = '2025-12'")
    now = dict(bank.rows("SELECT branch, loan_balance FROM bank WHERE month = '2025-12'"))
    base = dict(bank.rows(f"SELECT branch, loan_balance FROM bank WHERE month = '{base_period[function]}'"))
    assert len(asked) == len(now) > 10
    for branch, value in asked:
        wanted = now[branch] - base[branch] if function.endswith("_diff") else base[branch]
        wanted = wanted if function in ("prev", "prior_year", "yoy_diff", "qoq_diff") else now[branch] / wanted - 1
        assert same(value, wanted), branch


EAST = [
    "SELECT loan_balance, npl_ratio, loan_customers, provision_coverage FROM bank WHERE month = '2025-12'",
    "SELECT region, managing_region, home_region, loan_balance FROM bank WHERE month = '2025-12'",
    "SELECT segment, industry, loan_count FROM bank WHERE month = '2025-12'",
    "SELECT month, branch, deposit_balance, loan_to_deposit FROM bank WHERE quarter = '2025-Q4'",
    "SELECT branch, share(loan_balance), yoy_diff(share(loan_balance)) FROM bank WHERE month = '2025-12'",
    "SELECT branch, rank(npl_ratio) FROM bank WHERE month = '2025-12' HAVING rank(npl_ratio) <= 3",
    "SELECT product, share(deposit_balance, branch) FROM bank WHERE month = '2025-12' AND branch = '上海分行'",
    "SELECT loan_count FROM bank WHERE month = '2025-12' AND NOT region = '西南区'",
    "SELECT loan_count FROM bank WHERE month = '2025-12' AND (region = '西南区' OR region <> '西南区')",
    "SELECT currency, new_loans, yoy(new_loans) FROM bank WHERE year = '2026'",
    "SELECT half, nim, roe, cost_to_income FROM bank WHERE year = '2025'",
    "SELECT branch, customers, new_customers, churned_customers, aum_per_customer FROM bank WHERE year = '2025'",
    "SELECT merchant_category, card_spend, ytd(card_spend) FROM bank WHERE month = '2025-06'",
    "SELECT month, deposit_daily_avg, deposit_daily_balance FROM bank WHERE half = '2026-H1'",
    "SELECT fee_type, fee_amount FROM bank WHERE quarter = '2025-Q4'",
    "SELECT month(card_opened_on), card_count FROM bank WHERE month = '2025-12' AND year(card_opened_on) = '2025'",
    "SELECT product, wealth_balance, wealth_customers FROM bank WHERE month = '2025-12'",
    "SELECT branch FROM bank",
    "SELECT sub_branch, region FROM bank WHERE region <> '华南区'",
    "SELECT home_branch, segment, customer_type FROM bank",
    "SELECT customer_no FROM bank WHERE segment = '大型'",
    "SELECT year(originated_on), collateral FROM bank",
    "SELECT product FROM bank",
]


@pytest.mark.parametrize("sql", EAST)
def test_a_row_filter_equals_deleted_rows(
    sql: str,
    catalog: Catalog,
    policies: Policies,
    loads: Loads,
    warehouse: DuckDbWarehouse,
    head_office: Narrowed,
    east_alone: duckdb.DuckDBPyConnection,
) -> None:
    """The east's analyst sees what head office would see in a bank that is the east alone."""
    narrowed = policies.narrow(catalog, policies.principal("analyst_east"))
    seen = Bank(narrowed, loads, warehouse).rows(sql)
    left = east_alone.execute(compile_sql(sql, head_office, loads).physical.sql).fetchall()
    assert seen and difference(seen, left, False) == ""


SPELLINGS = [
    "SELECT branch, loan_balance, npl_ratio FROM bank WHERE month = '2025-12' AND segment = '小微'",
    "SELECT month, region, yoy(new_loans), new_loans FROM bank WHERE quarter = '2025-Q4'",
    "SELECT year(originated_on), share(loan_count), loan_count FROM bank WHERE month = '2025-12'",
    "SELECT branch, customers, card_spend FROM bank WHERE month = '2025-12' AND card_spend > 0",
    "SELECT quarter, nim, yoy_diff(nim), prior_year(net_profit) FROM bank WHERE year = '2025'",
]


@pytest.mark.parametrize("sql", SPELLINGS)
def test_spelling_changes_nothing(bank: Bank, sql: str) -> None:
    """Order of columns, case of names and aliases leave every figure as it is."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    asked = bank.rows(sql)
    turned = tree.copy()
    turned.set("expressions", list(reversed(tree.expressions)))
    assert difference([row[::-1] for row in bank.rows(turned.sql("duckdb"))], asked, False) == ""
    loud = tree.copy()
    for identifier in loud.find_all(exp.Identifier):
        identifier.set("this", identifier.this.upper())
    assert bank.rows(loud.sql("duckdb")) == asked
    named = tree.copy()
    named.set("expressions", [exp.alias_(e.copy(), f"列{i}", quoted=True) for i, e in enumerate(tree.expressions)])
    assert bank.rows(named.sql("duckdb")) == asked


@pytest.mark.parametrize("sql", [*EAST[:12], *SPELLINGS, "SELECT loan_balance FROM bank", "SELECT new_loans FROM bank"])
def test_the_normalised_text_means_the_same(sql: str, head_office: Narrowed, loads: Loads) -> None:
    """What is stored of an answer compiles to the same physical SQL."""
    plan = compile_sql(sql, head_office, loads)
    again = compile_sql(plan.semantic_sql, head_office, loads)
    assert again.physical.sql == plan.physical.sql
    assert again.semantic_sql == plan.semantic_sql
