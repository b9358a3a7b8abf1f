"""Aggregates that the demo bank's definitions do not use: MIN, MAX, AVG, COUNT(*), two currencies, daily rates."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from t2sql.catalog import Metric
from t2sql.compiler import compile_sql
from t2sql.errors import ConfigError, NotComputable
from t2sql.flow import Certified, Loads
from t2sql.policy import Narrowed
from t2sql.warehouse.duckdb import DuckDbWarehouse

from row_sets import difference


def with_metric(narrowed: Narrowed, expression: str, **changes: str) -> Narrowed:
    """`narrowed` with one more metric, called `probe`."""
    metric: Metric = replace(
        narrowed.catalog.metrics["loan_balance"], name="probe", expression=expression, default_period="ytd", **changes
    )
    catalog = replace(narrowed.catalog, metrics={**narrowed.catalog.metrics, "probe": metric})
    return replace(narrowed, catalog=catalog)


IN_CNY = "s.balance * f.rate_to_cny"
AGGREGATES = [
    ("MAX(loans.days_overdue)", "", "MAX(s.overdue_days)"),
    ("MIN(loans.balance)", "", f"MIN({IN_CNY})"),
    ("AVG(loans.balance)", "", f"SUM({IN_CNY}) / COUNT(*)"),
    ("AVG(loans.balance)", "loans.risk_class = '次级'", f"AVG({IN_CNY}) FILTER (WHERE s.risk_class = '次级')"),
    ("MAX(loans.balance)", "loans.balance > 1000000", f"MAX({IN_CNY}) FILTER (WHERE {IN_CNY} > 1000000)"),
    ("COUNT(loans.days_overdue)", "", "COUNT(s.overdue_days)"),
    (
        "COUNT(DISTINCT loans.customer_id)",
        "loans.days_overdue > 0",
        "COUNT(DISTINCT CASE WHEN s.overdue_days > 0 THEN s.customer_id END)",
    ),
    (
        "SUM(loans.balance)",
        "branches.region <> '华东区'",
        f"SUM(CASE WHEN b.region_name <> '华东区' THEN {IN_CNY} ELSE 0 END)",
    ),
]


@pytest.mark.parametrize(("expression", "filter_", "aggregate"), AGGREGATES)
def test_an_aggregate(
    expression: str,
    filter_: str,
    aggregate: str,
    head_office: Narrowed,
    loads: Loads,
    warehouse: DuckDbWarehouse,
) -> None:
    """By segment, beside a metric that gives every group its row."""
    narrowed = with_metric(head_office, expression, filter=filter_)
    plan = compile_sql("SELECT segment, loan_count, probe FROM bank WHERE month = '2025-12'", narrowed, loads)
    rows = warehouse.run(plan.physical, plan.columns, timeout_seconds=30).rows
    check = f"""
        SELECT c.segment, COUNT(*) FILTER (WHERE s.balance > 0), {aggregate}
        FROM loan_snapshot s JOIN customer c USING (customer_id) JOIN branch b ON b.branch_id = s.branch_id
        JOIN fx_rate f ON f.rate_date = s.snapshot_date AND f.currency_code = s.currency_code
        WHERE s.snapshot_date = DATE '2025-12-31' GROUP BY 1"""
    expected = warehouse.rows(Certified(check, "duckdb", 100_000), timeout_seconds=30)
    assert difference(list(rows), expected, False) == ""


@pytest.mark.parametrize("expression", ["AVG(loans.balance)", "MAX(loans.balance)", "COUNT(DISTINCT loans.loan_id)"])
def test_what_does_not_add_up_has_no_share(expression: str, head_office: Narrowed, loads: Loads) -> None:
    """Nor an average over loads."""
    with pytest.raises(NotComputable, match="does not add up"):
        compile_sql("SELECT branch, share(probe) FROM bank", with_metric(head_office, expression), loads)
    averaged = with_metric(head_office, expression, window_choice="avg")
    with pytest.raises(ConfigError, match="only a SUM or COUNT"):
        compile_sql("SELECT probe FROM bank", averaged, loads)


def test_a_currency_of_another_dataset_is_a_defect(head_office: Narrowed, loads: Loads) -> None:
    """A contract's amount compared as if every currency were one."""
    narrowed = with_metric(head_office, "SUM(loans.balance)", filter="loan_contracts.contract_amount > 1000000")
    with pytest.raises(ConfigError, match="in several currencies is read from another dataset"):
        compile_sql("SELECT probe FROM bank", narrowed, loads)


def test_rates_recorded_every_day_count_an_amount_once(head_office: Narrowed, loads: Loads, demo_bank: object) -> None:
    """A flow takes its month's mean rate, however many days recorded one."""
    plan = compile_sql("SELECT currency, new_loans FROM bank WHERE month = '2025-12'", head_office, loads)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{demo_bank}' AS whole (READ_ONLY)")
        for table in ("loan_disbursement", "currency", "fx_rate"):
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM whole.{table}")
        once = connection.execute(plan.physical.sql).fetchall()
        connection.execute(
            "INSERT INTO fx_rate SELECT rate_date - 1, currency_code, rate_to_cny, avg_rate_to_cny FROM fx_rate"
        )
        assert difference(connection.execute(plan.physical.sql).fetchall(), once, False) == ""
        assert len(once) > 3


@pytest.mark.parametrize("spoiled", ["currency_code = NULL", "currency_code = 'XXX'"])
def test_an_amount_without_a_rate_is_found(
    spoiled: str, head_office: Narrowed, loads: Loads, demo_bank: object
) -> None:
    """One row whose currency is missing or unknown: the guard finds it, though SUM would skip it."""
    plan = compile_sql("SELECT new_loans FROM bank WHERE month = '2025-12'", head_office, loads)
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{demo_bank}' AS whole (READ_ONLY)")
        for table in ("loan_disbursement", "fx_rate"):
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM whole.{table}")
        assert [connection.execute(g.physical.sql).fetchall() for g in plan.guards] == [[]]
        connection.execute(
            f"UPDATE loan_disbursement SET {spoiled} WHERE disbursement_id ="
            " (SELECT MAX(disbursement_id) FROM loan_disbursement WHERE strftime(disbursed_on, '%Y-%m') = '2025-12')"
        )
        assert all(len(connection.execute(g.physical.sql).fetchall()) == 1 for g in plan.guards)
