"""What the demo bank holds: keys, units, dates, books that agree with each other, and its blemishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.demo.tables import TABLES

REFERENCES = [
    (table.name, column.name, column.references) for table in TABLES for column in table.columns if column.references
]
STOCKS = ("loan_snapshot", "deposit_snapshot", "card_snapshot", "wealth_holding", "customer_snapshot")


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The single value of a query."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def column(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    """The first column of a query."""
    return [row[0] for row in connection.execute(sql).fetchall()]


def test_size_and_row_counts_keep_the_promise(demo_bank: Path, full: duckdb.DuckDBPyConnection) -> None:
    assert demo_bank.stat().st_size < 300_000_000
    assert one(full, "SELECT count(*) FROM customer") == 50_000
    rows = [one(full, f"SELECT count(*) FROM {table}") for table in STOCKS]
    assert sum(rows) >= 2_000_000


# Documentation and keys


def test_every_table_and_column_has_a_comment_in_both_languages(small: duckdb.DuckDBPyConnection) -> None:
    comments = column(
        small, "SELECT comment FROM duckdb_tables() UNION ALL SELECT comment FROM duckdb_columns() WHERE NOT internal"
    )
    assert len(comments) > 150
    assert all(isinstance(comment, str) and " / " in comment for comment in comments)


def test_every_table_has_its_primary_key(small: duckdb.DuckDBPyConnection) -> None:
    keys = small.execute(
        "SELECT table_name, constraint_column_names FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    ).fetchall()
    assert {name: tuple(columns) for name, columns in keys} == {table.name: table.key for table in TABLES}


@pytest.mark.parametrize(("table", "name", "target"), REFERENCES, ids=[f"{t}.{c}" for t, c, _ in REFERENCES])
def test_every_reference_finds_its_row(small: duckdb.DuckDBPyConnection, table: str, name: str, target: str) -> None:
    other, key = target.split(".")
    keys = f"SELECT {key} FROM {other}"
    assert one(small, f"SELECT count(*) FROM {table} WHERE {name} IS NOT NULL AND {name} NOT IN ({keys})") == 0


# Units


def test_units_make_four_levels(small: duckdb.DuckDBPyConnection) -> None:
    levels = small.execute("SELECT level, count(*) FROM branch GROUP BY level ORDER BY level").fetchall()
    assert levels == [(1, 1), (2, 5), (3, 18), (4, 96)]
    assert one(small, "SELECT count(DISTINCT branch_name) FROM branch") == 120
    wrong = """
        SELECT count(*) FROM branch b LEFT JOIN branch p ON p.branch_id = b.parent_id
        WHERE b.level > 1 AND b.branch_name <> '总行本部' AND p.level IS DISTINCT FROM b.level - 1
           OR b.level = 2 AND b.region_name <> b.branch_name
           OR b.level = 3 AND (b.tier1_name <> b.branch_name OR b.region_name <> p.branch_name)
           OR b.level = 4 AND b.outlet_name <> b.branch_name
           OR b.level = 4 AND b.branch_name <> '总行本部' AND b.tier1_name <> p.branch_name
           OR b.level < 4 AND b.outlet_name IS NOT NULL OR b.level < 3 AND b.tier1_name IS NOT NULL
           OR b.level = 1 AND b.region_name IS NOT NULL"""
    assert one(small, wrong) == 0


FACTS = [
    ("loan_snapshot", "snapshot_date"), ("deposit_snapshot", "snapshot_date"), ("card_snapshot", "snapshot_date"),
    ("wealth_holding", "snapshot_date"), ("customer_snapshot", "snapshot_date"), ("deposit_daily", "balance_date"),
    ("loan_disbursement", "disbursed_on"), ("loan_repayment", "paid_on"), ("card_transaction", "txn_date"),
    ("fee_transaction", "txn_date"), ("gl_monthly", "month_end"), ("gl_balance", "month_end"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "date"), FACTS)
def test_facts_are_booked_on_open_outlets(small: duckdb.DuckDBPyConnection, table: str, date: str) -> None:
    wrong = f"SELECT count(*) FROM {table} JOIN branch USING (branch_id) WHERE level <> 4 OR {date} > closed_on"
    assert one(small, wrong) == 0
    assert column(small, f"SELECT min(last_day({date})) FROM {table}") <= column(small, "SELECT DATE '2025-07-31'")
    assert one(small, f"SELECT max({date}) FROM {table}") == one(small, "SELECT DATE '2026-06-30'") or table in (
        "loan_disbursement", "loan_repayment", "card_transaction", "fee_transaction",
    )  # fmt: skip


def test_closed_outlet_hands_its_book_to_its_successor(full: duckdb.DuckDBPyConnection) -> None:
    closed, successor, closed_on = full.execute(
        "SELECT branch_id, merged_into, closed_on FROM branch WHERE closed_on IS NOT NULL"
    ).fetchall()[0]
    assert str(closed_on) == "2024-09-30"
    assert one(full, f"SELECT count(DISTINCT tier1_name) FROM branch WHERE branch_id IN ({closed}, {successor})") == 1
    for table in STOCKS:
        share = f"""
            SELECT avg((after.branch_id = {successor})::INT) FROM {table} before JOIN {table} after
            ON after.{_id(table)} = before.{_id(table)} AND after.snapshot_date = DATE '2024-10-31'
            WHERE before.branch_id = {closed} AND before.snapshot_date = DATE '2024-09-30'"""
        assert one(full, share) == 1
    assert one(full, f"SELECT count(*) FROM loan WHERE branch_id = {closed} AND settled_on IS NULL") == 0


def _id(table: str) -> str:
    return next(table_.key[1] for table_ in TABLES if table_.name == table)


# Dates


def test_months_and_days_are_all_there(small: duckdb.DuckDBPyConnection) -> None:
    for table in STOCKS:
        month_ends = (
            f"SELECT count(DISTINCT snapshot_date), bool_and(snapshot_date = last_day(snapshot_date)) FROM {table}"
        )
        assert small.execute(month_ends).fetchall() == [(42, True)]
    missing = column(
        small,
        """SELECT strftime(day, '%Y-%m-%d')
           FROM (SELECT unnest(generate_series(DATE '2025-07-01', DATE '2026-06-30', INTERVAL 1 DAY))::DATE AS day)
           WHERE day NOT IN (SELECT balance_date FROM deposit_daily) ORDER BY day""",
    )
    assert missing == ["2025-10-03", "2026-02-18"]
    assert one(small, "SELECT count(*) FROM fx_rate") == 43 * 6
    yuan = "SELECT bool_and(rate_to_cny = 1 AND avg_rate_to_cny = 1) FROM fx_rate WHERE currency_code = 'CNY'"
    assert one(small, yuan) is True
    assert str(one(small, "SELECT min(rate_date) FROM fx_rate")) == "2022-12-31"


def test_load_calendar_tells_what_is_there(small: duckdb.DuckDBPyConnection) -> None:
    counts = dict(small.execute("SELECT table_name, count(*) FROM load_calendar GROUP BY ALL").fetchall())
    assert counts.pop("deposit_daily") == 363
    assert counts == dict.fromkeys((table for table, _ in FACTS if table != "deposit_daily"), 42)
    rows = dict(small.execute("SELECT table_name, sum(row_count) FROM load_calendar GROUP BY ALL").fetchall())
    for table, _ in FACTS:
        assert rows[table] == one(small, f"SELECT count(*) FROM {table}")


# Books that agree with each other


def test_daily_deposits_meet_the_snapshots(full: duckdb.DuckDBPyConnection) -> None:
    differences = """
        SELECT count(*) FROM (SELECT * FROM deposit_daily WHERE balance_date = last_day(balance_date)) d
        FULL JOIN (SELECT snapshot_date AS balance_date, branch_id, product_id, currency_code, sum(balance) AS balance
                   FROM deposit_snapshot WHERE snapshot_date > DATE '2025-07-01' GROUP BY ALL) s
          USING (balance_date, branch_id, product_id, currency_code)
        WHERE d.balance IS DISTINCT FROM s.balance"""
    assert one(full, differences) == 0


def test_loan_balances_move_by_what_was_paid(full: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        WITH moved AS (
          SELECT loan_id, last_day(disbursed_on) AS month_end, amount FROM loan_disbursement
          UNION ALL SELECT loan_id, last_day(paid_on), -principal FROM loan_repayment),
        flows AS (SELECT loan_id, month_end, sum(amount) AS amount FROM moved GROUP BY ALL)
        SELECT count(*) FROM loan_snapshot s
        JOIN loan_snapshot before ON before.loan_id = s.loan_id AND last_day(before.snapshot_date + 1) = s.snapshot_date
        LEFT JOIN flows f ON f.loan_id = s.loan_id AND f.month_end = s.snapshot_date
        WHERE s.balance <> before.balance + coalesce(f.amount, 0)"""
    assert one(full, wrong) == 0


def test_loans_end_when_settled(small: duckdb.DuckDBPyConnection) -> None:
    late = "SELECT count(*) FROM loan_snapshot JOIN loan USING (loan_id) WHERE settled_on <= snapshot_date"
    assert one(small, late) == 0
    lost = """SELECT count(*) FROM loan WHERE settled_on IS NULL
              AND loan_id NOT IN (SELECT loan_id FROM loan_snapshot WHERE snapshot_date = DATE '2026-06-30')"""
    assert one(small, lost) == 0
    odd = """SELECT count(*) FROM loan_snapshot
             WHERE balance <= 0 OR provision_balance > balance OR overdue_balance > balance
             OR (overdue_days IS NULL) <> (overdue_balance = 0) OR overdue_days < 1"""
    assert one(small, odd) == 0


def test_facts_belong_to_customers_on_the_books(small: duckdb.DuckDBPyConnection) -> None:
    for table in STOCKS:
        gone = "opened_on > snapshot_date OR closed_on <= snapshot_date"
        assert one(small, f"SELECT count(*) FROM {table} JOIN customer USING (customer_id) WHERE {gone}") == 0


STARTS = [
    ("loan", "originated_on"), ("deposit_account", "a.opened_on"), ("card", "a.opened_on"),
    ("card_transaction", "txn_date"), ("fee_transaction", "txn_date"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "date"), STARTS)
def test_nothing_starts_before_the_customer_came(small: duckdb.DuckDBPyConnection, table: str, date: str) -> None:
    early = f"SELECT count(*) FROM {table} a JOIN customer c USING (customer_id) WHERE {date} < c.opened_on"
    assert one(small, early) == 0


def test_cards_are_used_while_open(small: duckdb.DuckDBPyConnection) -> None:
    outside = "txn_date < opened_on OR txn_date > closed_on"
    assert one(small, f"SELECT count(*) FROM card_transaction JOIN card USING (card_id) WHERE {outside}") == 0


def test_latest_segments_are_the_customers_of_today(small: duckdb.DuckDBPyConnection) -> None:
    wrong = """SELECT count(*) FROM customer_snapshot s JOIN customer c USING (customer_id)
               WHERE snapshot_date = DATE '2026-06-30'
                 AND (s.segment IS DISTINCT FROM c.segment OR s.branch_id <> c.home_branch_id
                      OR s.customer_type <> c.customer_type)"""
    assert one(small, wrong) == 0
    kinds = "SELECT count(DISTINCT segment) AS kinds FROM customer_snapshot GROUP BY customer_id"
    assert 0.01 < one(small, f"SELECT avg((kinds > 1)::INT) FROM ({kinds})") < 0.15


# Blemishes


BLEMISHES = [
    ("exactly one customer has no segment", "SELECT count(*) = 1 FROM customer WHERE segment IS NULL"),
    (
        "that customer has deposits",
        """SELECT count(d.snapshot_date) > 0 FROM customer_snapshot s
           LEFT JOIN deposit_snapshot d USING (customer_id, snapshot_date) WHERE s.segment IS NULL""",
    ),
    ("retail customers have no industry", "SELECT count(industry) = 0 FROM customer WHERE customer_type = '个人'"),
    (
        "some firms have no industry",
        "SELECT count(industry) BETWEEN 1 AND count(*) - 1 FROM customer WHERE customer_type = '对公'",
    ),
    (
        "firms have no birthday",
        "SELECT count(birth_date) + count(gender) = 0 FROM customer WHERE customer_type = '对公'",
    ),
    ("some fees have no customer", "SELECT avg((customer_id IS NULL)::INT) BETWEEN 0.01 AND 0.1 FROM fee_transaction"),
    ("some names are shared", "SELECT count(*) > count(DISTINCT customer_name) FROM customer"),
    (
        "some bad loans are not overdue",
        "SELECT count(*) > count(overdue_days) FROM loan_snapshot WHERE risk_class = '次级'",
    ),
    ("some overdue loans are not bad", "SELECT count(overdue_days) > 0 FROM loan_snapshot WHERE risk_class = '关注'"),
    ("all currencies are in use", "SELECT count(DISTINCT currency_code) = 6 FROM deposit_account"),
]


@pytest.mark.parametrize(("what", "sql"), BLEMISHES, ids=[what for what, _ in BLEMISHES])
def test_blemishes_are_there(small: duckdb.DuckDBPyConnection, what: str, sql: str) -> None:
    assert one(small, sql) is True, what


def test_one_firm_carries_a_place_in_its_name(full: duckdb.DuckDBPyConnection) -> None:
    namesakes = """
        SELECT c.customer_name
        FROM customer c JOIN branch b ON contains(c.customer_name, replace(b.branch_name, '支行', ''))
        WHERE b.level = 4 AND b.branch_name LIKE '%支行'"""
    assert len(column(full, namesakes)) == 1
