"""Readings offered in a question back, the most probable first: with one thing changed, by a metric that says what is left, as a change."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.flow import Context
from t2sql.grounding import Grounding
from t2sql.reading.weighed import weighed

NAMED = (
    ("branch", "厦门分行", "Xiamen branch"),
    ("branch", "深圳分行", "Shenzhen branch"),
    ("region", "华东区", "East China"),
)

# question | the likeliest reading | one that must be offered beside it
OFFERED = """
贷款余额搭不良贷款余额，6月末 | SELECT loan_balance, npl_balance FROM bank WHERE month = '2026-06' | SELECT npl_balance FROM bank WHERE month = '2026-06'
贷款余额搭不良贷款余额，6月末 | SELECT loan_balance, npl_balance FROM bank WHERE month = '2026-06' | SELECT loan_balance FROM bank WHERE month = '2026-06'
zorp tickets of new lending in 2025 | SELECT new_loans FROM bank WHERE year = '2025' | SELECT new_loan_avg_size FROM bank WHERE year = '2025'
operating income 2025, some growth zorp | SELECT operating_income FROM bank WHERE year = '2025' | SELECT yoy(operating_income) FROM bank WHERE year = '2025'
zorp percentage of deposits, East China | SELECT deposit_balance FROM bank WHERE region = '华东区' | SELECT share(deposit_balance, region) FROM bank WHERE region = '华东区'
zorp average of the NPL ratio by branch over 2025 | SELECT branch, npl_ratio FROM bank WHERE year = '2025' | SELECT branch, AVG(npl_ratio) AS average_npl_ratio FROM (SELECT month, branch, npl_ratio FROM bank WHERE year = '2025') AS each_month GROUP BY branch
zorp swing in cost to income, top branch | SELECT branch, cost_to_income FROM bank ORDER BY cost_to_income DESC LIMIT 1 | SELECT branch, yoy_diff(cost_to_income) FROM bank ORDER BY yoy_diff(cost_to_income) DESC LIMIT 1
2025年手续费及佣金收入、支出与净收入分季度报表 | SELECT quarter, fee_income, fee_expense FROM bank WHERE year = '2025' | SELECT quarter, fee_income, fee_expense, net_fee_income FROM bank WHERE year = '2025'
zorp loan balance by region | SELECT loan_balance FROM bank | SELECT region, loan_balance FROM bank
zorp move in coverage ratio on last quarter end | SELECT provision_coverage FROM bank | SELECT qoq_diff(provision_coverage) FROM bank WHERE month = '2026-06'
By how much does Xiamen branch's loan balance exceed Shenzhen branch's? | SELECT branch, loan_balance FROM bank WHERE branch IN ('厦门分行', '深圳分行') | SELECT loan_balance - (SELECT loan_balance FROM bank WHERE branch = '深圳分行') AS gap FROM bank WHERE branch = '厦门分行'
深分今年放了几笔贷款 | SELECT new_loan_count FROM bank WHERE year = '2026' | SELECT new_loan_count FROM bank WHERE year = '2026' AND branch = '深圳分行'
Xiamen branch loan balance zorp, not new lending | SELECT loan_balance, new_loans FROM bank WHERE branch = '厦门分行' | SELECT loan_balance FROM bank WHERE branch = '厦门分行'
NIM growth zorp in 2025 | SELECT nim FROM bank WHERE year = '2025' | SELECT yoy_diff(nim) FROM bank WHERE year = '2025'
"""


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ("collateral",))


def offered(grounding: Grounding, catalog: Catalog, context: Context) -> list[str]:
    """What may be offered, the first before the next."""
    bases = list(dict.fromkeys((context, grounding.supposed(context))))
    return [one.semantic_sql for one in weighed(bases, grounding.besides(context), catalog, grounding.explains)]


@pytest.mark.parametrize("line", OFFERED.strip().splitlines())
def test_it_is_offered(grounding: Grounding, catalog: Catalog, line: str) -> None:
    text, likeliest, expected = line.split(" | ")
    found = [sql for sql in offered(grounding, catalog, ground(grounding, text)) if sql != likeliest]
    assert expected in found[:3]


def test_each_of_two_periods_is_offered_alone(grounding: Grounding, catalog: Catalog) -> None:
    context = ground(grounding, "存款余额 2025年末 zorp 2026年6月末")
    assert len(context.periods) == 2
    found = offered(grounding, catalog, context)
    assert {f"SELECT deposit_balance FROM bank WHERE month = '{m}'" for m in ("2025-12", "2026-06")} <= set(found)


def test_a_metric_that_says_nothing_of_the_question_is_not_offered(grounding: Grounding, catalog: Catalog) -> None:
    context = ground(grounding, "zorp NPL ratio by branch")
    found = offered(grounding, catalog, context)[:3]
    assert not any("deposit" in sql or "card" in sql for sql in found)


def test_what_may_be_misread_is_left_out_after_all_else_as_near(grounding: Grounding, catalog: Catalog) -> None:
    context = ground(grounding, "loan balance zorp by quarter in May 2026")
    assert context.grains
    found = offered(grounding, catalog, context)
    without, other = "loan_balance FROM bank WHERE month = '2026-05'", "npl_balance FROM bank WHERE month = '2026-05'"
    assert found.index(f"SELECT {without}") > found.index(f"SELECT quarter, {other}")


def test_a_count_of_groups_that_nobody_asked_by_is_offered_without_them(grounding: Grounding, catalog: Catalog) -> None:
    context = ground(grounding, "Customers with more than 50 million in deposits at end June, how many?")
    assert offered(grounding, catalog, context)
