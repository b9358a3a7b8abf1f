"""What a composed statement tells about itself, and the metamorphic rules that its rows obey."""

from __future__ import annotations

import re
from typing import Any

import pytest

from t2sql.compiler import compile_sql
from t2sql.compiler.relation import Names
from t2sql.errors import NotComputable
from t2sql.explain import explain
from t2sql.flow import Loads, Plan
from t2sql.policy import Narrowed
from t2sql.warehouse.duckdb import DuckDbWarehouse

YEAR = "WHERE year = '2025'"


def rows(sql: str, narrowed: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> list[tuple[Any, ...]]:
    """Rows of semantic SQL, after its guards found nothing."""
    plan = compile_sql(sql, narrowed, loads)
    for guard in plan.guards:
        assert not warehouse.rows(guard.physical, timeout_seconds=30)
    return [*warehouse.run(plan.physical, plan.columns, timeout_seconds=30).rows]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT branch, card_balance FROM bank WHERE month = '2025-12'",
        f"SELECT month, region, fee_amount FROM bank {YEAR} AND region IS NOT NULL",
        "SELECT segment, npl_ratio, loan_customers FROM bank WHERE month = '2025-12' AND npl_ratio > 0.01",
        "SELECT region, yoy(card_balance), rank(card_balance) FROM bank WHERE month = '2025-12'",
    ],
)
@pytest.mark.parametrize(
    "form", ["WITH t AS ({}) SELECT * FROM t", "SELECT * FROM ({}) AS t", "SELECT DISTINCT * FROM ({}) AS t"]
)
def test_standing_around_changes_nothing(
    sql: str, form: str, head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    """A star over a SELECT is the SELECT."""
    plain = sorted(map(str, rows(sql, head_office, loads, warehouse)))
    assert plain
    assert sorted(map(str, rows(form.format(sql), head_office, loads, warehouse))) == plain


@pytest.mark.parametrize("metric", ["card_balance", "fee_amount", "loan_count", "aum", "new_loans"])
@pytest.mark.parametrize("group", ["branch", "region", "segment"])
def test_parts_sum_to_the_whole(
    metric: str, group: str, head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    """Adding a group and summing it back changes nothing."""
    whole = rows(f"SELECT {metric} FROM bank WHERE month = '2025-12'", head_office, loads, warehouse)
    inner = f"SELECT {group}, {metric} FROM bank WHERE month = '2025-12'"
    summed = rows(f"SELECT SUM({metric}) FROM ({inner}) AS t", head_office, loads, warehouse)
    assert float(summed[0][0]) == pytest.approx(float(whole[0][0]), rel=1e-9)


def plan_of(sql: str, narrowed: Narrowed, loads: Loads) -> Plan:
    return compile_sql(sql, narrowed, loads)


def test_each_part_states_its_own_period(head_office: Narrowed, loads: Loads) -> None:
    """The default period stands in the SELECT that reads the metric, and the text means the same again."""
    sql = "WITH t AS (SELECT branch, loan_balance FROM bank), u AS (SELECT branch, card_spend FROM bank) "
    plan = plan_of(
        sql + "SELECT t.branch, t.loan_balance, u.card_spend FROM t JOIN u USING (branch)", head_office, loads
    )
    assert "FROM bank WHERE month = '2026-06')" in plan.semantic_sql
    assert "FROM bank WHERE half = '2026-H1')" in plan.semantic_sql
    assert plan.understood.is_default_period
    assert plan.understood.periods == ("2026-06", "2026-H1")
    again = plan_of(plan.semantic_sql, head_office, loads)
    assert again.physical == plan.physical
    assert not again.understood.is_default_period


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT branch, loan_count FROM bank WHERE month = '2026-06' ORDER BY loan_count DESC LIMIT 5 OFFSET 3",
        "SELECT region, SUM(n) AS k FROM (SELECT region, branch, loan_count AS n FROM bank) GROUP BY region "
        "ORDER BY k LIMIT 5 OFFSET 3",
        "SELECT loan_id FROM loans WHERE month = '2026-06' ORDER BY risk_class LIMIT 5 OFFSET 3",
        "SELECT branch FROM bank UNION SELECT region FROM bank ORDER BY branch LIMIT 5 OFFSET 3",
        "WITH t AS (SELECT branch, loan_count AS n FROM bank) SELECT branch FROM t ORDER BY n LIMIT 5 OFFSET 3",
    ],
)
def test_rows_left_out_are_understood(sql: str, head_office: Narrowed, loads: Loads) -> None:
    understood = plan_of(sql, head_office, loads).understood
    assert (understood.limit, understood.offset) == (5, 3)
    assert plan_of(sql.removesuffix(" OFFSET 3"), head_office, loads).understood.offset == 0


def test_subqueries_are_told_as_they_were_written(head_office: Narrowed, loads: Loads) -> None:
    """No name of a CTE that the person did not give leaves the compiler."""
    plan = plan_of(
        "SELECT branch, loan_count FROM bank WHERE branch IN (SELECT branch FROM bank WHERE npl_ratio > 0.02) "
        "AND loan_count > (SELECT loan_count FROM bank WHERE branch = '杭州分行')",
        head_office,
        loads,
    )
    told = " ".join(plan.understood.conditions)
    assert "SELECT branch FROM bank WHERE npl_ratio > 0.02" in told
    assert "chosen" not in told and "figure" not in told
    assert "chosen" not in explain(plan, head_office, "zh")


def test_an_average_of_groups_is_told(head_office: Narrowed, loads: Loads) -> None:
    """AVG outside weighs a small branch as a large one."""
    plan = plan_of("SELECT AVG(npl_ratio) FROM (SELECT branch, npl_ratio FROM bank) AS t", head_office, loads)
    assert [note.code for note in plan.notes] == ["simple_average"]
    assert plan.columns[0].label_zh == "平均不良贷款率"
    assert plan.columns[0].unit == "ratio"


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("loan_balance - deposit_balance", "CNY"),
        ("loan_balance / deposit_balance", "ratio"),
        ("npl_ratio - overdue_ratio", "points"),
        ("1 - npl_ratio", "ratio"),
        ("loan_balance / 10000", ""),
        ("npl_ratio * 100", ""),
        ("loan_balance / loan_count", "CNY"),
        ("loan_balance * npl_ratio", "CNY"),
        ("ROUND(loan_balance, 2)", "CNY"),
        ("COALESCE(loan_count, 0)", "count"),
        ("LAG(loan_balance) OVER (ORDER BY loan_balance)", "CNY"),
        ("RANK() OVER (ORDER BY loan_balance)", "count"),
        ("SUM(loan_balance) OVER ()", "CNY"),
    ],
)
def test_units_of_calculations(expression: str, unit: str, head_office: Narrowed, loads: Loads) -> None:
    """A scaled amount shows no unit: 12 ten-thousands are not 12 yuan."""
    plan = plan_of(f"SELECT branch, {expression} AS x FROM bank", head_office, loads)
    assert plan.columns[1].unit == unit
    assert plan.columns[1].kind == "metric"


def test_columns_of_one_metric_are_told_apart(head_office: Narrowed, loads: Loads) -> None:
    """Two year-ends of one metric would have one heading."""
    plan = plan_of(
        "WITH a AS (SELECT branch, card_count FROM bank WHERE month = '2025-12'), "
        "b AS (SELECT branch, card_count AS before FROM bank WHERE month = '2024-12') "
        "SELECT a.branch, a.card_count, b.before FROM a JOIN b USING (branch)",
        head_office,
        loads,
    )
    assert len({column.label_zh for column in plan.columns}) == 3
    assert [c.metric for c in plan.columns] == ["", "card_count", "card_count"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT month, LAG(fee_amount) OVER (ORDER BY month) AS p FROM bank WHERE month IN ('2025-01', '2025-03')",
        "SELECT month, customer_no, LEAD(card_spend) OVER (PARTITION BY customer_no ORDER BY month) AS n "
        f"FROM bank {YEAR}",
        "SELECT month, AVG(fee_amount) OVER (ORDER BY month ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS m "
        f"FROM (SELECT month, fee_amount FROM bank {YEAR}) AS t WHERE month <> '2025-06'",
    ],
)
def test_a_missing_period_is_found(sql: str, head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> None:
    """The row before is shown only where it is the period before."""
    plan = compile_sql(sql, head_office, loads)
    found = [guard for guard in plan.guards if warehouse.rows(guard.physical, timeout_seconds=30)]
    assert len(found) == 1
    assert "is missing in some groups" in found[0].message
    assert "prev(metric)" in found[0].hint
    assert found[0].zh and "{!r}" in found[0].zh[0]


def test_names_of_parts_are_legible(head_office: Narrowed, loads: Loads) -> None:
    """One CTE a fact, named after it and the part it serves; one WITH, no name twice."""
    text = plan_of(
        "WITH best AS (SELECT branch, loan_count FROM bank ORDER BY loan_count DESC LIMIT 3) "
        "SELECT branch, card_count FROM bank WHERE branch IN (SELECT branch FROM best)",
        head_office,
        loads,
    ).physical.sql
    names = re.findall(r"(?m)^(?:WITH |\), )(\w+) AS \($", text)
    assert len(set(names)) == len(names)
    assert text.count("WITH ") == 1
    assert {"best_loans_now", "card_balances_now"} <= set(names)


def test_new_names_are_free_and_plain() -> None:
    """CTE names are ASCII, and no two are alike but for case."""
    names = Names(["loan_snapshot"])
    assert [names.new(n) for n in ("t", "T", "loan_snapshot", "各行", "各行")] == [
        "t",
        "T_2",
        "loan_snapshot_2",
        "part",
        "part_2",
    ]


def test_parts_read_many_times_over_are_refused(head_office: Narrowed, loads: Loads) -> None:
    """Joining a part with itself doubles what is read, and that ten times."""
    parts = ["t0 AS (SELECT branch, loan_count FROM bank)"]
    parts += [f"t{n} AS (SELECT x.branch FROM t{n - 1} x JOIN t{n - 1} y USING (branch))" for n in range(1, 11)]
    with pytest.raises(NotComputable, match="too many times over"):
        compile_sql(f"WITH {', '.join(parts)} SELECT COUNT(*) FROM t10", head_office, loads)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT branch, card_count FROM bank UNION ALL SELECT region, card_count FROM bank ORDER BY 2 DESC",
        "SELECT CASE WHEN branch = '上海分行' THEN 'a' ELSE 'b' END AS made, card_count FROM bank "
        "QUALIFY RANK() OVER (ORDER BY card_count) = 1",
        "SELECT region, SUM(card_count) FROM (SELECT region, branch, card_count FROM bank) AS t "
        "GROUP BY region HAVING SUM(card_count) > 5 ORDER BY 2",
    ],
)
def test_the_explanation_says_something(sql: str, language: Any, head_office: Narrowed, loads: Loads) -> None:
    """Composed plans are told in a sentence that names no CTE of the compiler's."""
    told = explain(compile_sql(sql, head_office, loads), head_office, language)
    assert told.endswith(("。", "."))
    assert not re.search(r"shown|grouped(?! by)|qualified|_now", told)


def test_one_row_more_than_the_limit_is_asked(head_office: Narrowed, loads: Loads) -> None:
    """So that whoever runs it sees that there is more."""
    plan = compile_sql("SELECT sub_branch, loan_count FROM bank", head_office, loads, row_limit=7)
    assert plan.physical.sql.rstrip().endswith("LIMIT 8")
    assert plan.physical.row_limit == 7
