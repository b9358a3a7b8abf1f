"""Rows dated by a calendar that they look up: flows, stocks, rates and comparisons, against SQL by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.check import check
from t2sql.compiler import compile_loads, compile_sql
from t2sql.flow import Load, Loads
from t2sql.ossie import read_catalog
from t2sql.policy import Policies

from row_sets import difference

MODEL = """\
version: 0.1.1
semantic_model:
  - name: books
    t2sql:
      rates:
        source: fx
        date_column: on_day
        currency_column: code
        period_end_column: at_close
        average_column: on_average
        reporting_currency: CNY
    datasets:
      - name: calendar
        source: calendar
        primary_key: [day_key]
        fields:
          - name: day
            expression: CAST(day_text AS DATE)
            dimension: {is_time: true}
            t2sql: {flat_name: calendar_day}
          - {name: weekday, expression: weekday, dimension: {}}
      - name: sales
        source: sale
        primary_key: [sale_id]
        fields:
          - {name: amount, expression: amount, t2sql: {currency_field: currency_code}}
          - {name: currency_code, expression: currency}
          - {name: kind, expression: kind, dimension: {}}
        t2sql: {time_dimension: calendar.day}
      - name: accounts
        source: account
        primary_key: [account_id, day_key]
        fields:
          - {name: balance, expression: balance, t2sql: {currency_field: currency_code}}
          - {name: currency_code, expression: currency}
        t2sql: {time_dimension: calendar.day, snapshot_grain: month}
    relationships:
      - {name: sale_day, from: sales, to: calendar, from_columns: [day_key], to_columns: [day_key]}
      - {name: account_day, from: accounts, to: calendar, from_columns: [day_key], to_columns: [day_key]}
    metrics:
      - {name: turnover, expression: SUM(sales.amount), t2sql: {default_period: all}}
      - {name: largest, expression: MAX(sales.amount), t2sql: {default_period: all}}
      - {name: held, expression: SUM(accounts.balance)}
      - {name: held_avg, expression: SUM(accounts.balance), t2sql: {window_choice: avg, default_period: ytd}}
"""
TABLES = """
CREATE TABLE calendar AS
SELECT 1000 + i AS day_key, (DATE '2024-01-01' + i::INTEGER)::VARCHAR AS day_text,
       dayname(DATE '2024-01-01' + i::INTEGER) AS weekday
FROM range(120) AS r(i);
CREATE TABLE sale AS
SELECT i AS sale_id, 1000 + (i * 13) % 120 AS day_key, (i % 17)::DECIMAL(12, 2) AS amount,
       ['CNY', 'USD', 'EUR'][1 + i % 3] AS currency, ['a', 'b'][1 + i % 2] AS kind
FROM range(300) AS r(i);
INSERT INTO sale VALUES (900, NULL, 500, 'CNY', 'a'), (901, 5, 700, 'USD', 'a');
CREATE TABLE account AS
SELECT i % 5 AS account_id, 1000 + [30, 59, 90, 119][1 + i // 5] AS day_key, (i % 7)::DECIMAL(12, 2) AS balance,
       ['CNY', 'USD'][1 + i % 2] AS currency
FROM range(20) AS r(i);
CREATE TABLE fx AS
SELECT (DATE '2024-02-01' + to_months(i::INTEGER) - INTERVAL 1 DAY)::DATE AS on_day, code, 2.0 + i AS at_close,
       3.0 + i AS on_average
FROM range(5) AS r(i), (VALUES ('USD'), ('EUR')) AS v(code);
"""
POLICIES = "roles: {all: {}}\nprincipals: {me: {roles: [all]}}\n"
SALES = """
(SELECT kind, day_text::DATE AS d, weekday,
        amount * CASE currency WHEN 'CNY' THEN 1 ELSE (SELECT on_average FROM fx
            WHERE code = currency AND date_trunc('month', on_day) = date_trunc('month', day_text::DATE)) END AS v
 FROM sale JOIN calendar USING (day_key))
"""
HELD = """
(SELECT day_text::DATE AS d,
        SUM(balance * CASE currency WHEN 'CNY' THEN 1 ELSE (SELECT arg_max(at_close, on_day) FROM fx
            WHERE code = currency AND on_day <= day_text::DATE) END) AS v
 FROM account JOIN calendar USING (day_key) GROUP BY 1)
"""
ANSWERS = {
    "all there is": ("SELECT turnover FROM books", f"SELECT SUM(v) FROM {SALES}"),
    "months and kinds": (
        "SELECT month, kind, turnover, largest FROM books WHERE month BETWEEN '2024-01' AND '2024-03'",
        f"SELECT strftime(d, '%Y-%m'), kind, SUM(v), MAX(v) FROM {SALES} WHERE d < '2024-04-01' GROUP BY 1, 2",
    ),
    "the month before": (
        "SELECT prev_diff(turnover) FROM books WHERE month = '2024-03'",
        f"SELECT SUM(CASE WHEN month(d) = 3 THEN v ELSE -v END) FROM {SALES} WHERE month(d) IN (2, 3)",
    ),
    "a column of the calendar beside its date": (
        "SELECT weekday, turnover FROM books WHERE month = '2024-02' AND kind = 'a'",
        f"SELECT weekday, SUM(v) FROM {SALES} WHERE month(d) = 2 AND kind = 'a' GROUP BY 1",
    ),
    "balances at each close": ("SELECT month, held FROM books", f"SELECT strftime(d, '%Y-%m'), v FROM {HELD}"),
    "an average of balances": (
        "SELECT held_avg FROM books WHERE quarter = '2024-Q1'",
        f"SELECT AVG(v) FROM {HELD} WHERE d < '2024-04-01'",
    ),
    "growth of balances": (
        "SELECT mom(held) FROM books WHERE month = '2024-03'",
        f"SELECT (SELECT v FROM {HELD} WHERE month(d) = 3)::DOUBLE / (SELECT v FROM {HELD} WHERE month(d) = 2) - 1",
    ),
    "flows and balances in one table": (
        "SELECT month, turnover, held FROM books WHERE quarter = '2024-Q1'",
        f"SELECT strftime(d, '%Y-%m'), (SELECT SUM(v) FROM {SALES} s WHERE month(s.d) = month(h.d)), v FROM {HELD} AS h"
        " WHERE d < '2024-04-01'",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_rows_are_dated_by_what_they_look_up(name: str, tmp_path: Path) -> None:
    (tmp_path / "model.yml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "policies.yml").write_text(POLICIES, encoding="utf-8")
    catalog = read_catalog(tmp_path)
    policies = Policies.read(tmp_path, catalog)
    sql, check_sql = ANSWERS[name]
    with duckdb.connect() as connection:

        def rows(text: str) -> list[tuple[Any, ...]]:
            return connection.execute(text).fetchall()

        connection.execute(TABLES)
        found = {name: rows(query.sql) for name, query in compile_loads(catalog).items()}
        loads = Loads({name: tuple(Load(*row) for row in days) for name, days in found.items()})
        plan = compile_sql(sql, policies.narrow(catalog, policies.principal("me")), loads)
        assert [rows(guard.physical.sql) for guard in plan.guards if rows(guard.physical.sql)] == []
        assert difference(rows(plan.physical.sql), rows(check_sql), False) == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "      - {name: sale_day,",
            "      - {name: other_day, from: sales, to: calendar, from_columns: [other], "
            "to_columns: [day_key]}\n      - {name: sale_day,",
            "which it does not look up in one way",
        ),
        (
            "to_columns: [day_key]}\n      - {name: account_day",
            "to_columns: [day_key], t2sql: {role: sold}}\n      - {name: account_day",
            "which it does not look up in one way",
        ),
    ],
)
def test_a_date_that_is_not_reached_in_one_way_is_found_by_check(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    assert old in MODEL
    (tmp_path / "model.yml").write_text(MODEL.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "policies.yml").write_text(POLICIES, encoding="utf-8")
    assert words in " ".join(finding.message for finding in check(tmp_path))
