"""Metrics whose words stand apart: what is left after costs, a part of its whole, what is counted, and whose it is."""

# One case a line.
from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

NAMED = (
    ("branch", "上海分行", "Shanghai Branch"),
    ("region", "华东区", "East China"),
    ("product", "金卡", "gold cards"),
    ("product", "个人住房贷款", "mortgages"),
    ("product", "个人消费贷款", "personal consumer loans"),
    ("product", "个人消费贷款", "consumer loans"),
)
CODED = ("segment", "customer_type", "product_type", "deposit_term", "collateral", "rate_type", "channel")

NAMES = """
Commissions for 2025, net of what was paid away | net_fee_income
What did we make in fees in 2025 after paying out commissions? | net_fee_income
Interest earned in 2025 less interest paid | net_interest_income
2024年手续费，扣除付出去的还剩多少 | net_fee_income
利息收入扣掉支出后净剩多少 | net_interest_income
cost/income by region | cost_to_income
成本/收入，各区域 | cost_to_income
What proportion of card spend in 2025 was online? | online_spend_share
How much of card spend in May 2026 was online, in percent? | online_spend_share
How much of their credit limit on gold cards are customers using? | card_limit_usage
What percentage of operating income in 2025 came from fees? | fee_income_share
What percentage of loans in East China was secured? | secured_loan_ratio
past due loans over 90 days | overdue_90_balance
delinquent loans by more than three months | overdue_90_balance
How much of the NPLs is covered by our provisions? | provision_coverage
坏账准备占贷款的比例 | loan_provision_ratio
What did operations cost us in 2025? | operating_expense
average value of a card purchase | card_avg_ticket
Average amount per card transaction by channel | card_avg_ticket
How much does every depositor hold on average? | deposit_per_customer
What does the typical borrower owe us? | loan_per_customer
amount newly lent in 2025 | new_loans
How many mortgages were made in 2025? | new_loan_count
How many fixed-rate mortgages do we have? | loan_count
How many unsecured personal consumer loans are outstanding? | loan_count
How many customers have mortgages? | loan_customers
How many people hold consumer loans with us? | loan_customers
How many gold cards are in issue? | card_count
客户手里有多少理财 | wealth_balance
有多少客户持有理财 | wealth_customers
which category do clients spend the most on by card | card_spend
"""
WHOSE = """
NPL ratio on retail customers' loans | npl_ratio | 个人
loan balance and NPL ratio for retail customers | loan_balance npl_ratio | 个人
daily average deposits, corporate deposits only | deposit_daily_avg | 公司存款
日均存款，只看个人存款 | deposit_daily_avg | 个人存款
What share of deposits at Shanghai Branch is in time deposits? | deposit_balance | 定期
"""
TOLD = """
fee income after tax in 2025
fee income after provisions
loans net of provisions
deposits per branch
每个网点存款
loans/deposits by region
NPL/loans by region
yield on loans in 2025
What share of deposits in Shanghai Branch is in time deposits?
written-off loans in 2025
prepaid loans
restructured loans by region
去年核销的贷款
"""
KEPT_APART = """
number of retail customers and deposit balance | retail_customers deposit_balance
loan balance and time deposits by region | loan_balance time_deposit_balance
interest income/interest expense by region | interest_income interest_expense
overdue loans above 90 million by region | overdue_balance
deposits per outlet by region | deposit_per_branch
average deposits per branch by region | deposit_per_branch
card spend by card tier | card_spend
"""


def _lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, CODED)


def _named(grounding: Grounding, text: str) -> set[str]:
    return {m.name for m in ground(grounding, text).metrics if m.span}


@pytest.mark.parametrize(("text", "metric"), _lines(NAMES))
def test_words_that_stand_apart_name_one_metric(grounding: Grounding, text: str, metric: str) -> None:
    assert _named(grounding, text) == {metric}


@pytest.mark.parametrize(("text", "metrics", "value"), _lines(WHOSE))
def test_a_name_that_only_says_whose_is_a_condition(grounding: Grounding, text: str, metrics: str, value: str) -> None:
    context = ground(grounding, text)
    assert {m.name for m in context.metrics if m.span} == set(metrics.split())
    assert value in {v.value for v in context.values}


@pytest.mark.parametrize("text", TOLD.strip().splitlines())
def test_what_makes_another_figure_or_two_is_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    context = ground(grounding, text)
    likeliest = next(iter(readings(context, catalog)), None)
    assert context.ungrounded or likeliest is None or leftovers(context, likeliest.semantic_sql, catalog)


@pytest.mark.parametrize(("text", "metrics"), _lines(KEPT_APART))
def test_names_side_by_side_stay_two(grounding: Grounding, text: str, metrics: str) -> None:
    assert _named(grounding, text) == set(metrics.split())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("which two put out the most new loans by branch", 2),
        ("which three have the lowest NPL ratio, by branch", 3),
        ("which 4 products have the highest loan balance", 4),
    ],
)
def test_which_two_are_as_many_rows(grounding: Grounding, text: str, count: int) -> None:
    assert [q.value for q in ground(grounding, text).quantities if q.kind == "limit"] == [float(count)]
