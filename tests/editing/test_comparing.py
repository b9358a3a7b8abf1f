"""What an edit changed: columns, rows by their keys, and figures with their difference, told in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from t2sql.compiler import compile_sql
from t2sql.editing.comparing import MOST_LISTED, Comparison, compare_results
from t2sql.editing.telling import changes_table, tell_comparison
from t2sql.flow import Column, Loads, Result
from t2sql.policy import Narrowed
from t2sql.warehouse.duckdb import DuckDbWarehouse

BRANCH = Column("branch", "dimension", "text", "", "", "", "分行", "branch")
MONTH = Column("month", "period", "text", "", "", "", "月", "month")
RATIO = Column("npl_ratio", "metric", "number", "ratio", "npl_ratio", "", "不良贷款率", "NPL ratio")
LOANS = Column("loan_balance", "metric", "number", "CNY", "loan_balance", "", "贷款余额", "loan balance")
COUNT = Column("customers", "metric", "integer", "count", "customers", "", "客户数", "customers")


def result(columns: tuple[Column, ...], *rows: tuple[Any, ...], truncated: bool = False) -> Result:
    return Result(columns, rows, truncated, 1.0)


def both(found: Comparison) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tell_comparison(found, "zh"), tell_comparison(found, "en")


@pytest.fixture(scope="module")
def ask(head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse) -> Any:
    """Semantic SQL, run over the real bank."""

    def run(sql: str) -> Result:
        plan = compile_sql(sql, head_office, loads)
        return warehouse.run(plan.physical, plan.columns, timeout_seconds=30)

    return run


def test_the_same_is_told_as_the_same(ask: Any) -> None:
    text = "SELECT branch, npl_ratio, loan_balance FROM bank WHERE month = '2026-06'"
    found = compare_results(ask(text), ask(text))
    assert found.is_same
    assert both(found) == (
        ("与原结果完全相同：18 行，36 个数值都一致。",),
        ("The same as before: 18 rows, 36 figures, all equal.",),
    )


def test_another_month_changes_figures_row_by_row(ask: Any) -> None:
    sql = "SELECT branch, npl_ratio FROM bank WHERE month = '{}'"
    old, new = ask(sql.format("2026-05")), ask(sql.format("2026-06"))
    found = compare_results(old, new)
    assert found.counts == (0, 0, len(found.changed)) and found.changed
    for change in found.changed:
        was, now = dict(old.rows)[change.key[0]], dict(new.rows)[change.key[0]]
        assert (change.first, change.second) == (was, now)
        assert change.difference == pytest.approx(float(now) - float(was))
        assert change.relative is None
    assert found.largest is not None
    assert abs(found.largest.difference or 0) == max(abs(change.difference or 0) for change in found.changed)


def test_a_condition_takes_rows_away_and_a_limit_reorders(ask: Any) -> None:
    first = ask("SELECT branch, npl_ratio FROM bank WHERE month = '2026-06'")
    second = ask("SELECT branch, npl_ratio AS bad FROM bank WHERE month = '2026-06' ORDER BY npl_ratio DESC LIMIT 5")
    found = compare_results(first, second)
    assert found.counts == (0, 13, 0) and found.unchanged == 5
    assert not found.columns_added and not found.columns_removed, "another heading is no other figure"
    assert found.is_reordered and not found.is_same
    zh, en = both(found)
    assert zh[1:] == ("两边都有的 5 个数值没有变化。", "行的顺序变了。")
    assert en[0].startswith("13 rows fewer: ") and re.search(r" and \d+ more\.$", en[0])


def test_another_grouping_is_not_compared_row_by_row(ask: Any) -> None:
    first = ask("SELECT branch, npl_ratio, loan_balance FROM bank WHERE month = '2026-06'")
    second = ask("SELECT region, npl_ratio FROM bank WHERE month = '2026-06'")
    found = compare_results(first, second)
    assert not found.are_rows_matched and not found.is_same and found.changed == ()
    assert both(found) == (
        ("增加了列：区域。", "去掉了列：分行和贷款余额。", "分组不同，逐行不可比：原 18 行，现 5 行。"),
        (
            "Column added: region.",
            "Columns removed: branch and loan balance.",
            "Grouped differently, so rows cannot be compared one by one: 18 rows before, 5 now.",
        ),
    )


@pytest.mark.parametrize(
    ("column", "first", "second", "zh", "en"),
    [
        (RATIO, 0.012, 0.0132, "+0.12 个百分点", "+0.12 pp"),
        (RATIO, 0.012, 0.01200001, "不到 0.01 个百分点", "under 0.01 pp"),
        (LOANS, Decimal("1000000000.00"), Decimal("1100000000.00"), "+1.00 亿元（+10.00%）", "CNY +100.00 M (+10.00%)"),
        (LOANS, Decimal("-100"), Decimal("-150"), "-50.00 元（-50.00%）", "CNY -50.00 (-50.00%)"),
        (LOANS, Decimal(0), Decimal(50), "+50.00 元", "CNY +50.00"),
        (COUNT, 10, 12, "+2（+20.00%）", "+2 (+20.00%)"),
        (COUNT, None, 12, "—", "—"),
        (COUNT, float("nan"), 12.0, "—", "—"),
    ],
)
def test_a_difference_is_told_in_the_figures_own_terms(
    column: Column, first: Any, second: Any, zh: str, en: str
) -> None:
    columns = (BRANCH, column)
    found = compare_results(result(columns, ("上海分行", first)), result(columns, ("上海分行", second)))
    assert len(found.changed) == 1
    assert changes_table(found, "zh")[1][-1] == zh
    assert changes_table(found, "en")[1][-1] == en


def test_one_change_is_told_whole() -> None:
    columns = (MONTH, RATIO)
    found = compare_results(result(columns, ("2026-06", 0.0104)), result(columns, ("2026-06", 0.0092)))
    assert both(found) == (
        ("1 个数值都变了：2026年6月 不良贷款率 1.04% → 0.92%，-0.12 个百分点。",),
        ("1 figure changed: June 2026 NPL ratio 1.04% → 0.92%, -0.12 pp.",),
    )


def test_equal_but_for_the_last_digit_is_equal() -> None:
    columns = (BRANCH, RATIO)
    found = compare_results(
        result(columns, ("a", 0.1 + 0.2), ("b", float("nan")), ("c", Decimal("1.50"))),
        result(columns, ("a", 0.3), ("b", float("nan")), ("c", 1.5)),
    )
    assert found.is_same and found.unchanged == 3


def test_rows_that_are_alike_are_counted_and_none_is_lost() -> None:
    columns = (BRANCH,)
    found = compare_results(result(columns, ("a",), ("a",), (None,)), result(columns, ("a",), (None,), (None,)))
    assert found.counts == (1, 1, 0)
    assert found.added == ((None,),) and found.removed == (("a",),)


def test_figures_without_keys_are_compared_as_one_row() -> None:
    found = compare_results(result((COUNT,), (10,)), result((COUNT, LOANS), (11, Decimal(5))))
    assert found.columns_added == (LOANS,) and found.changed[0].key == ()
    assert tell_comparison(found, "en") == (
        "Column added: loan balance.",
        "1 figure changed: customers 10 → 11, +1 (+10.00%).",
    )


def test_an_empty_result_loses_every_row() -> None:
    columns = (BRANCH, COUNT)
    found = compare_results(result(columns, ("a", 1)), result(columns))
    assert both(found) == (("少了 1 行：a。",), ("1 row fewer: a.",))


def test_another_figure_under_the_same_name_is_another_column() -> None:
    other = Column("npl_ratio", "metric", "number", "points", "npl_ratio", "yoy_diff", "同比变化", "change")
    found = compare_results(result((BRANCH, RATIO), ("a", 0.1)), result((BRANCH, other), ("a", 0.1)))
    assert (found.columns_removed, found.columns_added) == ((RATIO,), (other,))
    assert found.changed == () and not found.is_same


def test_a_large_result_is_counted_whole_and_listed_in_part() -> None:
    columns = (BRANCH, COUNT)
    old = result(columns, *((f"b{i}", i) for i in range(20_000)))
    new = result(columns, *((f"b{i}", i + 1) for i in range(10_000, 30_000)), truncated=True)
    found = compare_results(old, new)
    assert found.counts == (10_000, 10_000, 10_000)
    assert len(found.added) == len(found.removed) == len(found.changed) == MOST_LISTED
    assert "被截断" in tell_comparison(found, "zh")[-1]
    assert "row limit" in tell_comparison(found, "en")[-1]


def test_texts_of_the_data_stay_text() -> None:
    columns = (BRANCH, COUNT)
    found = compare_results(result(columns), result(columns, ("<b>\x1b[31m\u202e", 1)))
    assert tell_comparison(found, "en") == ("1 row more: <b>\\x1b[31m\\u202e.",)
