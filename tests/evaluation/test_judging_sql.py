"""What is read off SQL as evidence: days, physical columns, conditions, and the parts of semantic SQL."""

from __future__ import annotations

from datetime import date

import pytest
import sqlglot
from sqlglot import exp

from t2sql.evaluation.cases.raw_sql import read_raw
from t2sql.evaluation.judging.leaves import outputs_of
from t2sql.evaluation.judging.semantic_parts import read_parts
from t2sql.evaluation.judging.spans import read_days
from t2sql.evaluation.judging.sql_profile import profile_of, read_profile

TODAY = date(2026, 7, 10)
DAYS = [
    ("d = DATE '2025-12-31'", "2025-12-01", "2025-12-31"),
    ("d = '2026-06-15'", "2026-06-15", "2026-06-15"),
    ("d BETWEEN DATE '2025-01-31' AND DATE '2025-06-30'", "2025-01-01", "2025-06-30"),
    ("d >= DATE '2025-01-01' AND d < DATE '2026-01-01'", "2025-01-01", "2025-12-31"),
    ("DATE '2025-01-01' <= d AND d <= DATE '2025-03-31'", "2025-01-01", "2025-03-31"),
    ("d > DATE '2024-12-31' AND d <= DATE '2025-12-31'", "2025-01-01", "2025-12-31"),
    ("d IN (DATE '2025-06-30', DATE '2026-06-30')", "2025-06-01", "2026-06-30"),
    ("year(d) = 2025", "2025-01-01", "2025-12-31"),
    ("extract(year FROM d) = 2025 AND quarter(d) = 2", "2025-04-01", "2025-06-30"),
    ("date_part('year', d) = 2025 AND month(d) = 2", "2025-02-01", "2025-02-28"),
    ("year(d) BETWEEN 2023 AND 2025", "2023-01-01", "2025-12-31"),
    ("year(d) > 2023", "2024-01-01", None),
    ("year(d) = year(current_date) - 1", "2025-01-01", "2025-12-31"),
    ("year(d) = year(current_date - INTERVAL '2' YEAR)", "2024-01-01", "2024-12-31"),
    ("d >= date_trunc('month', current_date) - INTERVAL 1 MONTH", "2026-06-01", None),
    ("d = last_day(current_date - INTERVAL 1 MONTH)", "2026-06-01", "2026-06-30"),
    ("strftime(d, '%Y-%m') = '2025-06'", "2025-06-01", "2025-06-30"),
    ("date_trunc('quarter', d) = DATE '2025-04-01'", "2025-04-01", "2025-06-30"),
    ("d >= current_date - 30", None, None),
    ("d = (SELECT MAX(d) FROM t)", None, None),
    ("name = 'x' AND amount > 2025", None, None),
]


@pytest.mark.parametrize(("condition", "first", "last"), DAYS)
def test_days_of_conditions(condition: str, first: str | None, last: str | None) -> None:
    span = read_days(read_raw(f"SELECT 1 FROM t WHERE {condition}", TODAY).tree).span()
    assert span == tuple(date.fromisoformat(day) if day else None for day in (first, last))


MADE = [
    ("SELECT SUM(a * b) FROM t", {"a", "b"}, {"sum"}, {"t"}),
    ("SELECT COUNT(*) FROM t", set(), {"count"}, {"t"}),
    ("SELECT COUNT(k) FROM t", set(), {"count"}, {"t"}),
    ("SELECT COUNT(DISTINCT k) FROM t", {"k"}, {"count distinct"}, {"t"}),
    ("SELECT SUM(CASE WHEN ok THEN 1 ELSE 0 END) FROM t", set(), {"count"}, {"t"}),
    ("SELECT SUM(x.v) FROM (SELECT a AS v, k FROM t) AS x JOIN u ON u.k = x.k", {"a"}, {"sum"}, {"t"}),
    ("WITH x AS (SELECT k, SUM(a) AS v FROM t GROUP BY k) SELECT v FROM x", {"a"}, {"sum"}, {"t"}),
    ("WITH x AS (SELECT SUM(a) AS v FROM t), y AS (SELECT v FROM x) SELECT y.v / 2 FROM y", {"a"}, {"sum"}, {"t"}),
    ("SELECT (SELECT SUM(a) FROM t) / (SELECT SUM(b) FROM u)", {"a", "b"}, {"sum"}, {"t", "u"}),
    ("SELECT SUM(a) AS n, n / 2 FROM t", {"a"}, {"sum"}, {"t"}),
    ("SELECT a FROM t UNION ALL SELECT b FROM u", {"a", "b"}, set(), {"t", "u"}),
    ("SELECT upper(name) FROM t", {"name"}, set(), {"t"}),
    ("SELECT MAX(v) FROM (SELECT SUM(a) AS v FROM t GROUP BY k) AS x", {"a"}, {"sum"}, {"t"}),
    ("SELECT SUM(a) FILTER (WHERE b > 1) FROM t", {"a"}, {"sum"}, {"t"}),
    ("SELECT SUM(v * CASE WHEN c = 'CNY' THEN 1 ELSE rate END) FROM t", {"v", "rate"}, {"sum"}, {"t"}),
]


@pytest.mark.parametrize(("sql", "leaves", "aggregates", "tables"), MADE)
def test_columns_are_followed_to_where_they_are_stored(
    sql: str, leaves: set[str], aggregates: set[str], tables: set[str]
) -> None:
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Query)
    made = outputs_of(tree)[-1]
    assert (made.leaves, made.aggregates, made.tables) == (leaves, aggregates, tables)


def test_conditions_are_read_with_their_signs() -> None:
    profile = read_profile(
        "SELECT b, COUNT(*) AS n, SUM(CASE WHEN kind = 'in' THEN amount END) FROM t WHERE x NOT IN ('a', 'b')"
        " AND y IS DISTINCT FROM 'c' AND NOT closed AND 5 < amount AND name LIKE '%q' AND year(d) = 2025"
        " GROUP BY 1 HAVING n >= 50 ORDER BY n DESC LIMIT 5"
    )
    assert profile is not None
    assert profile.texts == {("=", "in"), ("<>", "a"), ("<>", "b"), ("<>", "c"), ("like", "%q")}
    assert profile.measure_texts == {"in"}
    assert profile.numbers == {(">", 5.0), (">=", 50.0)}
    assert profile.flags == {("closed", False)}
    assert (profile.limit, profile.order, profile.keys) == (5, ("measure", True), (0,))


def test_what_cannot_be_read_is_no_evidence() -> None:
    assert read_profile("SELECT FROM WHERE (") is None
    assert read_profile("DELETE FROM t") is None
    assert read_parts("SELECT FROM WHERE (", ()) is None


def test_a_safety_limit_is_no_limit() -> None:
    tree = sqlglot.parse_one("SELECT a FROM t LIMIT 100001", read="duckdb")
    assert isinstance(tree, exp.Query) and profile_of(tree).limit is None


def test_parts_of_semantic_sql() -> None:
    parts = read_parts(
        "SELECT branch, bank.month, npl_ratio, yoy_diff(npl_ratio) * 100, ROUND(rank(loan_balance), 1) FROM bank"
        " WHERE month >= '2025-01' AND month <= '2025-06' AND segment IN ('小微') AND npl_ratio > 0.02"
        " ORDER BY npl_ratio DESC LIMIT 5",
        {"npl_ratio", "loan_balance"},
    )
    assert parts is not None
    assert parts.measures == {"npl_ratio", "YOY_DIFF(npl_ratio)", "RANK(loan_balance)"}
    assert parts.groups == {"branch", "month"}
    assert parts.periods == {"month >= '2025-01'", "month <= '2025-06'"}
    assert parts.conditions == {"segment = '小微'", "npl_ratio > 0.02"}
    assert (parts.order, parts.limit) == (("npl_ratio DESC",), 5)


def test_one_way_to_write_a_condition() -> None:
    one = read_parts("SELECT npl_ratio FROM bank WHERE branch IN ('b', 'a') AND (segment = 'x')", {"npl_ratio"})
    other = read_parts("SELECT npl_ratio FROM bank WHERE segment = 'x' AND bank.branch IN ('a', 'b')", {"npl_ratio"})
    assert one is not None and one == other
